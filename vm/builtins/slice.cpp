// slice objects, and how start, stop and step become positions in a sequence.
#include "vm/builtins/slice.h"

#include <algorithm>

#include "vm/builtins/int.h"
#include "vm/builtins/str.h"
#include "vm/builtins/tuple.h"
#include "vm/builtins/type_internal.h"

namespace krait {

Fallible<Value> makeSlice(Thread& thread, Value start, Value stop, Value step) {
  Slice* slice = TRY(allocate<Slice>(thread, Kind::kSlice, types.slice->instanceShape));
  slice->start.set(start);
  slice->stop.set(stop);
  slice->step.set(step);
  return Value::of(slice);
}

// --- positions -------------------------------------------------------------------------------------------------------

static Fallible<Value> sliceInt(Thread& thread, Value bound) {
  if (bound.isInlineInt()) return bound;
  if (!isInt(bound) && specialMethod(bound, Special::k__index__).isUnbound())
    return raiseTypeError(thread, "slice indices must be integers or None or have an __index__ method");
  return index(thread, bound);
}

static Fallible<int64_t> sliceInt64(Thread& thread, Value bound) {
  if (bound.isInlineInt()) return bound.asInlineInt();
  return indexAsInt64(thread, TRY(sliceInt(thread, bound)));
}

Fallible<SliceBounds> unpackSlice(Thread& thread, const Slice* slice) {
  SliceBounds bounds{0, INT64_MAX, 1, 0};
  if (!slice->step.get().isNone()) {
    bounds.step = TRY(sliceInt64(thread, slice->step));
    if (bounds.step == 0) return raiseValueError(thread, "slice step cannot be zero");
    bounds.step = std::max(bounds.step, -INT64_MAX);  // so that -step is an int64, too
  }
  if (bounds.step < 0) bounds.start = INT64_MAX, bounds.stop = INT64_MIN;
  if (!slice->start.get().isNone()) bounds.start = TRY(sliceInt64(thread, slice->start));
  if (!slice->stop.get().isNone()) bounds.stop = TRY(sliceInt64(thread, slice->stop));
  return bounds;
}

void adjustSlice(SliceBounds& bounds, int64_t length) {
  int64_t lowest = bounds.step < 0 ? -1 : 0, highest = bounds.step < 0 ? length - 1 : length;
  auto clip = [&](int64_t at) {
    if (at < 0) return std::max(at + length, lowest);
    return std::min(at, highest);
  };
  bounds.start = clip(bounds.start);
  bounds.stop = clip(bounds.stop);
  bounds.length = 0;
  if (bounds.step < 0) {
    if (bounds.stop < bounds.start) bounds.length = (bounds.start - bounds.stop - 1) / -bounds.step + 1;
  } else if (bounds.start < bounds.stop) {
    bounds.length = (bounds.stop - bounds.start - 1) / bounds.step + 1;
  }
}

Fallible<SliceBounds> resolveSlice(Thread& thread, const Slice* slice, int64_t length) {
  SliceBounds quick;
  if (quickSlice(slice, static_cast<uint64_t>(length), quick)) [[likely]]
    return quick;
  SliceBounds bounds = TRY(unpackSlice(thread, slice));
  adjustSlice(bounds, length);
  return bounds;
}

Fallible<void> resolveSliceOfInts(Thread& thread, const Slice* slice, Value length, Value& start, Value& stop,
                                  Value& step) {
  Value zero = Value::inlineInt(0), minusOne = Value::inlineInt(-1);
  step = Value::inlineInt(1);
  if (!slice->step.get().isNone()) {
    step = TRY(sliceInt(thread, slice->step));
    if (intCompare(step, zero) == 0) return raiseValueError(thread, "slice step cannot be zero");
  }
  bool isDescending = intCompare(step, zero) < 0;
  Value lowest = isDescending ? minusOne : zero;
  Value highest = isDescending ? TRY(intAdd(thread, length, minusOne)) : length;
  auto clip = [&](Value bound, Value missing) -> Fallible<Value> {
    if (bound.isNone()) return missing;
    Value at = TRY(sliceInt(thread, bound));
    if (intCompare(at, zero) < 0) {
      at = TRY(intAdd(thread, at, length));
      return intCompare(at, lowest) < 0 ? lowest : at;
    }
    return intCompare(at, highest) > 0 ? highest : at;
  };
  start = TRY(clip(slice->start, isDescending ? highest : lowest));
  stop = TRY(clip(slice->stop, isDescending ? lowest : highest));
  return {};
}

// --- the type --------------------------------------------------------------------------------------------------------

static Fallible<Value> sliceNew(Thread& thread, Value, const Arguments& arguments) {
  TRY(arguments.noKeywords(thread, "slice"));
  TRY(arguments.count(thread, "slice", 1, 3));
  Value none = Value::none();
  if (arguments.positional == 1) return makeSlice(thread, none, arguments[0], none);
  return makeSlice(thread, arguments[0], arguments[1], arguments.positional == 3 ? arguments[2] : none);
}

static Fallible<Value> sliceRepr(Thread& thread, Value self) {
  KRAIT_CHECK_NATIVE_STACK(thread, " while getting the repr of an object");
  Slice* slice = self.as<Slice>();
  StrBuilder text;
  text.append("slice(").append(TRY(repr(thread, slice->start)));
  text.append(", ").append(TRY(repr(thread, slice->stop)));
  text.append(", ").append(TRY(repr(thread, slice->step))).append(")");
  return Value::of(TRY(text.build(thread)));
}

// Slices compare as the tuples (start, stop, step) do.
template <Comparison comparison>
static Fallible<Value> sliceCompare(Thread& thread, Value self, Value other) {
  if (!isKind(other, Kind::kSlice)) return Value::notImplemented();
  if (self.is(other)) {
    return Value::boolean(comparison == Comparison::kEqual || comparison == Comparison::kLessEqual ||
                          comparison == Comparison::kGreaterEqual);
  }
  Slice *a = self.as<Slice>(), *b = other.as<Slice>();
  Tuple* left = TRY(makeTuple(thread, {a->start, a->stop, a->step}));
  Tuple* right = TRY(makeTuple(thread, {b->start, b->stop, b->step}));
  return compare(thread, comparison, Value::of(left), Value::of(right));
}

static Fallible<Value> sliceIndices(Thread& thread, Value self, Value lengthValue) {
  Value length = TRY(index(thread, lengthValue));
  if (intCompare(length, Value::inlineInt(0)) < 0) return raiseValueError(thread, "length should not be negative");
  Value start, stop, step;
  TRY(resolveSliceOfInts(thread, self.as<Slice>(), length, start, stop, step));
  return Value::of(TRY(makeTuple(thread, {start, stop, step})));
}

static Fallible<Value> sliceReduce(Thread& thread, Value self) {
  Slice* slice = self.as<Slice>();
  Tuple* arguments = TRY(makeTuple(thread, {slice->start, slice->stop, slice->step}));
  return Value::of(TRY(makeTuple(thread, {Value::of(types.slice), Value::of(arguments)})));
}

static Fallible<Value> sliceStart(Thread&, Value self) { return self.as<Slice>()->start.get(); }
static Fallible<Value> sliceStop(Thread&, Value self) { return self.as<Slice>()->stop.get(); }
static Fallible<Value> sliceStep(Thread&, Value self) { return self.as<Slice>()->step.get(); }

void initialiseSlice(Thread& thread) {
  types.slice =
      TypeBuilder(thread, "slice", types.object, Kind::kSlice)
          .flags(Type::kInstantiable)
          .doc("slice(stop), slice(start, stop, step=None): what stands between the brackets of a[start:stop:step].")
          .constructor(sliceNew)
          .special("__repr__", sliceRepr)
          .unhashable()
          .special("__lt__", sliceCompare<Comparison::kLess>)
          .special("__le__", sliceCompare<Comparison::kLessEqual>)
          .special("__eq__", sliceCompare<Comparison::kEqual>)
          .special("__ne__", sliceCompare<Comparison::kNotEqual>)
          .special("__gt__", sliceCompare<Comparison::kGreater>)
          .special("__ge__", sliceCompare<Comparison::kGreaterEqual>)
          .method("indices", sliceIndices)
          .method("__reduce__", sliceReduce)
          .getter("start", sliceStart, refuseAssignment)
          .getter("stop", sliceStop, refuseAssignment)
          .getter("step", sliceStep, refuseAssignment)
          .build();
}

}  // namespace krait
