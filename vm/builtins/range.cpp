// range: arithmetic progressions of ints of any size, with fast paths for the sizes that occur.
#include "vm/builtins/range.h"

#include "vm/builtins/int.h"
#include "vm/builtins/iterators.h"
#include "vm/builtins/slice.h"
#include "vm/builtins/str.h"
#include "vm/builtins/tuple.h"
#include "vm/builtins/type_internal.h"

namespace krait {

static const Value kZero = Value::inlineInt(0), kOne = Value::inlineInt(1);

static bool isNegative(Value i) { return intCompare(i, kZero) < 0; }

// --- making ----------------------------------------------------------------------------------------------------------

static Fallible<Value> progressionLength(Thread& thread, Value start, Value stop, Value step) {
  if (start.isInlineInt() && stop.isInlineInt() && step.isInlineInt()) [[likely]] {
    int64_t a = start.asInlineInt(), b = stop.asInlineInt(), s = step.asInlineInt();
    if (s > 0 ? a >= b : a <= b) return kZero;
    // Differences of inline ints fit 64 bits.
    uint64_t distance = s > 0 ? static_cast<uint64_t>(b - a) : static_cast<uint64_t>(a - b);
    uint64_t stride = s > 0 ? static_cast<uint64_t>(s) : -static_cast<uint64_t>(s);
    return makeIntUnsigned(thread, (distance - 1) / stride + 1);
  }
  Value low = start, high = stop, stride = step;
  if (isNegative(step)) {
    low = stop, high = start;
    stride = TRY(intNegate(thread, step));
  }
  if (intCompare(low, high) >= 0) return kZero;
  Value last = TRY(intSubtract(thread, TRY(intSubtract(thread, high, low)), kOne));
  return intAdd(thread, TRY(intFloorDivide(thread, last, stride)), kOne);
}

KRAIT_INLINE static Fallible<Value> newRange(Thread& thread, Value start, Value stop, Value step, Value length) {
  Range* range = TRY(allocate<Range>(thread, Kind::kRange, types.range->instanceShape));
  range->start.set(start);
  range->stop.set(stop);
  range->step.set(step);
  range->length.set(length);
  return Value::of(range);
}

Fallible<Value> makeRange(Thread& thread, Value start, Value stop, Value step) {
  // Upwards by one, as nearly all go: differences of inline ints fit 64 bits.
  if (Value::bothInlineInts(start, stop) && step.is(kOne)) [[likely]] {
    int64_t distance = stop.asInlineInt() - start.asInlineInt();
    if (distance < 0) distance = 0;
    if (Value::fitsInlineInt(distance)) [[likely]]
      return newRange(thread, start, stop, step, Value::inlineInt(distance));
  }
  if (intCompare(step, kZero) == 0) return raiseValueError(thread, "range() arg 3 must not be zero");
  return newRange(thread, start, stop, step, TRY(progressionLength(thread, start, stop, step)));
}

Fallible<Value> rangeItem(Thread& thread, const Range* range, Value i) {
  Value start = range->start, step = range->step;
  if (start.isInlineInt() && step.isInlineInt() && i.isInlineInt()) [[likely]] {
    int64_t offset, item;
    if (!__builtin_mul_overflow(i.asInlineInt(), step.asInlineInt(), &offset) &&
        !__builtin_add_overflow(start.asInlineInt(), offset, &item)) {
      return makeInt(thread, item);
    }
  }
  return intAdd(thread, start, TRY(intMultiply(thread, i, step)));
}

static Fallible<Value> rangeNew(Thread& thread, Value, const Arguments& arguments) {
  TRY(arguments.noKeywords(thread, "range"));
  TRY(arguments.count(thread, "range", 1, 3));
  if (arguments.positional == 1) {
    Value stop = TRY(index(thread, arguments[0]));
    return makeRange(thread, kZero, stop, kOne);
  }
  Value start = TRY(index(thread, arguments[0])), stop = TRY(index(thread, arguments[1]));
  Value step = arguments.positional == 3 ? TRY(index(thread, arguments[2])) : kOne;
  return makeRange(thread, start, stop, step);
}

// --- special methods -------------------------------------------------------------------------------------------------

static Fallible<Value> rangeRepr(Thread& thread, Value self) {
  Range* range = self.as<Range>();
  StrBuilder text;
  text.append("range(").append(TRY(repr(thread, range->start))).append(", ");
  text.append(TRY(repr(thread, range->stop)));
  if (!range->step.get().is(kOne)) text.append(", ").append(TRY(repr(thread, range->step)));
  text.append(")");
  return Value::of(TRY(text.build(thread)));
}

// What decides equality and hash: length, and as much of start and step as the length makes matter.
static Fallible<Tuple*> identityOf(Thread& thread, const Range* range) {
  Value start = Value::none(), step = Value::none();
  if (intCompare(range->length, kZero) != 0) start = range->start;
  if (intCompare(range->length, kOne) > 0) step = range->step;
  return makeTuple(thread, {range->length, start, step});
}

static Fallible<Value> rangeHash(Thread& thread, Value self) {
  Tuple* identity = TRY(identityOf(thread, self.as<Range>()));
  return makeInt(thread, TRY(hash(thread, Value::of(identity))));
}

static bool rangesEqual(const Range* a, const Range* b) {
  if (a == b) return true;
  if (intCompare(a->length, b->length) != 0) return false;
  if (intCompare(a->length, kZero) == 0) return true;
  if (intCompare(a->start, b->start) != 0) return false;
  return intCompare(a->length, kOne) == 0 || intCompare(a->step, b->step) == 0;
}

static Fallible<Value> rangeEqual(Thread&, Value self, Value other) {
  if (!isKind(other, Kind::kRange)) return Value::notImplemented();
  return Value::boolean(rangesEqual(self.as<Range>(), other.as<Range>()));
}
static Fallible<Value> rangeNotEqual(Thread&, Value self, Value other) {
  if (!isKind(other, Kind::kRange)) return Value::notImplemented();
  return Value::boolean(!rangesEqual(self.as<Range>(), other.as<Range>()));
}
static Fallible<Value> rangeUnordered(Thread&, Value, Value) { return Value::notImplemented(); }

static Fallible<Value> rangeBool(Thread&, Value self) {
  return Value::boolean(intCompare(self.as<Range>()->length, kZero) != 0);
}

static Fallible<Value> rangeLength(Thread& thread, Value self) {
  Value length = self.as<Range>()->length;
  if (!toInt64(length).has_value())
    return raise(thread, exceptions.OverflowError, "Python int too large to convert to C ssize_t");
  return length;
}

static Fallible<Value> rangeIter(Thread& thread, Value self) { return makeIterator(thread, types.rangeIterator, self); }

static Fallible<Value> rangeReversed(Thread& thread, Value self) {
  Range* range = self.as<Range>();
  Value last = TRY(rangeItem(thread, range, TRY(intSubtract(thread, range->length, kOne))));
  Value stop = TRY(intSubtract(thread, range->start, range->step));
  Value step = TRY(intNegate(thread, range->step));
  Value backwards = TRY(makeRange(thread, last, stop, step));
  return makeIterator(thread, types.rangeIterator, backwards);
}

static Fallible<Value> rangeSlice(Thread& thread, const Range* range, const Slice* slice) {
  Value start, stop, step;
  TRY(resolveSliceOfInts(thread, slice, range->length, start, stop, step));
  Value first = TRY(rangeItem(thread, range, start)), end = TRY(rangeItem(thread, range, stop));
  Value stride = TRY(intMultiply(thread, range->step, step));
  return makeRange(thread, first, end, stride);
}

static Fallible<Value> rangeGetItem(Thread& thread, Value self, Value key) {
  Range* range = self.as<Range>();
  if (isKind(key, Kind::kSlice)) return rangeSlice(thread, range, key.as<Slice>());
  if (!isInt(key) && specialMethod(key, Special::k__index__).isUnbound())
    return raiseTypeError(thread, "range indices must be integers or slices, not {}", nameOf(key));
  Value i = TRY(index(thread, key));
  if (isNegative(i)) i = TRY(intAdd(thread, i, range->length));
  if (isNegative(i) || intCompare(i, range->length) >= 0)
    return raise(thread, exceptions.IndexError, "range object index out of range");
  return rangeItem(thread, range, i);
}

// Position of an int in the progression, or -1.
static Fallible<Value> positionOf(Thread& thread, const Range* range, Value i) {
  Value none = Value::inlineInt(-1);
  bool isDescending = isNegative(range->step);
  Value low = isDescending ? range->stop : range->start, high = isDescending ? range->start : range->stop;
  int fromLow = intCompare(i, low), toHigh = intCompare(i, high);
  if (isDescending ? (fromLow <= 0 || toHigh > 0) : (fromLow < 0 || toHigh >= 0)) return none;
  Value distance = TRY(intSubtract(thread, i, range->start));
  if (intCompare(TRY(intRemainder(thread, distance, range->step)), kZero) != 0) return none;
  return intFloorDivide(thread, distance, range->step);
}

// Exact ints and bools are looked up by arithmetic; anything else may define ==.
static bool isPlainInt(Value v) { return v.isInlineInt() || v.isBool() || isKind(v, Kind::kInt); }

static Fallible<Value> rangeContains(Thread& thread, Value self, Value element) {
  if (isPlainInt(element)) {
    Value at = TRY(positionOf(thread, self.as<Range>(), *toInt(element)));
    return Value::boolean(!isNegative(at));
  }
  bool found = false;
  TRY(forEach(thread, self, [&](Value item) -> Fallible<bool> {
    found = TRY(equals(thread, item, element));
    return !found;
  }));
  return Value::boolean(found);
}

static Fallible<Value> rangeCount(Thread& thread, Value self, Value element) {
  if (isPlainInt(element)) {
    Value at = TRY(positionOf(thread, self.as<Range>(), *toInt(element)));
    return isNegative(at) ? kZero : kOne;
  }
  int64_t count = 0;
  TRY(forEach(thread, self, [&](Value item) -> Fallible<bool> {
    count += TRY(equals(thread, item, element));
    return true;
  }));
  return Value::inlineInt(count);
}

static Fallible<Value> rangeIndex(Thread& thread, Value self, Value element) {
  if (isPlainInt(element)) {
    Value at = TRY(positionOf(thread, self.as<Range>(), *toInt(element)));
    if (!isNegative(at)) return at;
    Str* text = TRY(repr(thread, element));
    fmt::memory_buffer buffer;
    return raiseValueError(thread, "{} is not in range", textOf(text, buffer));
  }
  int64_t position = -1;
  bool found = false;
  TRY(forEach(thread, self, [&](Value item) -> Fallible<bool> {
    position++;
    found = TRY(equals(thread, item, element));
    return !found;
  }));
  if (!found) return raiseValueError(thread, "sequence.index(x): x not in sequence");
  return Value::inlineInt(position);
}

static Fallible<Value> rangeReduce(Thread& thread, Value self) {
  Range* range = self.as<Range>();
  Tuple* arguments = TRY(makeTuple(thread, {range->start, range->stop, range->step}));
  return Value::of(TRY(makeTuple(thread, {Value::of(types.range), Value::of(arguments)})));
}

static Fallible<Value> rangeStart(Thread&, Value self) { return self.as<Range>()->start.get(); }
static Fallible<Value> rangeStop(Thread&, Value self) { return self.as<Range>()->stop.get(); }
static Fallible<Value> rangeStep(Thread&, Value self) { return self.as<Range>()->step.get(); }

void initialiseRange(Thread& thread) {
  types.range = TypeBuilder(thread, "range", types.object, Kind::kRange)
                    .flags(Type::kInstantiable | Type::kSequencePattern)
                    .doc("range(stop), range(start, stop, step=1): the integers from start to before stop.")
                    .constructor(rangeNew)
                    .special("__repr__", rangeRepr)
                    .special("__hash__", rangeHash)
                    .special("__lt__", rangeUnordered)
                    .special("__le__", rangeUnordered)
                    .special("__eq__", rangeEqual)
                    .special("__ne__", rangeNotEqual)
                    .special("__gt__", rangeUnordered)
                    .special("__ge__", rangeUnordered)
                    .special("__iter__", rangeIter)
                    .special("__bool__", rangeBool)
                    .special("__len__", rangeLength)
                    .special("__getitem__", rangeGetItem)
                    .special("__contains__", rangeContains)
                    .method("__reversed__", rangeReversed)
                    .method("__reduce__", rangeReduce)
                    .method("count", rangeCount)
                    .method("index", rangeIndex)
                    .getter("start", rangeStart, refuseAssignment)
                    .getter("stop", rangeStop, refuseAssignment)
                    .getter("step", rangeStep, refuseAssignment)
                    .build();
}

}  // namespace krait
