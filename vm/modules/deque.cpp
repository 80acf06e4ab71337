// collections.deque: the ring, its special methods and its iterators.
#include "vm/modules/deque.h"

#include "vm/builtins/generic_alias.h"
#include "vm/builtins/int.h"
#include "vm/builtins/iterators_internal.h"
#include "vm/builtins/sequence.h"
#include "vm/builtins/str.h"
#include "vm/builtins/tuple.h"
#include "vm/names.h"

namespace krait {

static void traceDeque(Cell* cell, Marker& marker) { marker.mark(static_cast<Deque*>(cell)->storage.get()); }
const NativeTraits dequeTraits{"collections.deque", traceDeque, nullptr};

// --- the ring --------------------------------------------------------------------------------------------------------

Fallible<Deque*> makeDeque(Thread& thread, Type* type, int64_t maxLength) {
  auto* deque = TRY(allocate<Deque>(thread, Kind::kNative, type->instanceShape));
  deque->traits = &dequeTraits;
  deque->maxLength = maxLength;
  return deque;
}

KRAIT_COLD static Fallible<void> grow(Thread& thread, Deque* deque) {
  constexpr uint64_t kSmallest = 8;
  uint64_t capacity = deque->capacity == 0 ? kSmallest : deque->capacity * 2;
  if (capacity > kMaxSequenceLength) return raiseMemoryError(thread);
  ValueArray* storage = TRY(allocateArray(thread, capacity));
  for (uint64_t i = 0; i < deque->length; i++) storage->slots[i] = deque->at(i);
  deque->storage.set(storage);
  deque->capacity = capacity;
  deque->head = 0;
  return {};
}

Fallible<void> dequePush(Thread& thread, Deque* deque, Value item) {
  if (deque->length == deque->capacity) [[unlikely]]
    TRY(grow(thread, deque));
  deque->at(deque->length++) = item;
  deque->version++;
  if (deque->length > static_cast<uint64_t>(deque->maxLength)) (void)dequePopLeft(deque);
  return {};
}

Fallible<void> dequePushLeft(Thread& thread, Deque* deque, Value item) {
  if (deque->length == deque->capacity) [[unlikely]]
    TRY(grow(thread, deque));
  deque->head = (deque->head - 1) & (deque->capacity - 1);
  deque->length++;
  deque->at(0) = item;
  deque->version++;
  if (deque->length > static_cast<uint64_t>(deque->maxLength)) (void)dequePop(deque);
  return {};
}

// What a burst has left behind is given back when a quarter of it would do.
static void shrinkIfEmpty(Deque* deque) {
  constexpr uint64_t kKept = 1024;
  if (deque->length != 0 || deque->capacity <= kKept) return;
  deque->storage.set(nullptr);
  deque->capacity = deque->head = 0;
}

Value dequePop(Deque* deque) {
  Value& slot = deque->at(--deque->length);
  Value item = slot;
  slot = Value::inlineInt(0);
  deque->version++;
  shrinkIfEmpty(deque);
  return item;
}

Value dequePopLeft(Deque* deque) {
  Value& slot = deque->at(0);
  Value item = slot;
  slot = Value::inlineInt(0);
  deque->head = (deque->head + 1) & (deque->capacity - 1);
  deque->length--;
  deque->version++;
  shrinkIfEmpty(deque);
  return item;
}

void dequeClear(Deque* deque) {
  if (deque->length == 0) return;
  deque->storage.set(nullptr);
  deque->length = deque->capacity = deque->head = 0;
  deque->version++;
}

void dequeRotate(Deque* deque, int64_t steps) {
  int64_t length = static_cast<int64_t>(deque->length);
  if (length < 2) return;
  steps %= length;
  if (steps > length / 2) steps -= length;
  if (steps < -(length / 2)) steps += length;
  if (steps == 0) return;
  deque->version++;
  if (deque->length == deque->capacity) {  // the ring is full: it turns as a whole
    deque->head = (deque->head - static_cast<uint64_t>(steps)) & (deque->capacity - 1);
    return;
  }
  for (; steps > 0; steps--) {
    Value& last = deque->at(deque->length - 1);
    Value item = last;
    last = Value::inlineInt(0);
    deque->head = (deque->head - 1) & (deque->capacity - 1);
    deque->at(0) = item;
  }
  for (; steps < 0; steps++) {
    Value& first = deque->at(0);
    Value item = first;
    first = Value::inlineInt(0);
    deque->head = (deque->head + 1) & (deque->capacity - 1);
    deque->at(deque->length - 1) = item;
  }
}

Fallible<void> dequeErase(Thread&, Deque* deque, uint64_t i) {
  if (i < deque->length / 2) {
    for (; i > 0; i--) deque->at(i) = deque->at(i - 1);
    (void)dequePopLeft(deque);
  } else {
    for (; i + 1 < deque->length; i++) deque->at(i) = deque->at(i + 1);
    (void)dequePop(deque);
  }
  return {};
}

Fallible<void> dequeExtend(Thread& thread, Deque* deque, Value iterable, bool left) {
  if (toDeque(iterable) == deque) iterable = Value::of(TRY(listFromIterable(thread, iterable)));
  return forEach(thread, iterable, [&](Value item) -> Fallible<bool> {
    if (left)
      TRY(dequePushLeft(thread, deque, item));
    else
      TRY(dequePush(thread, deque, item));
    return true;
  });
}

Raised raiseDequeMutated(Thread& thread) {
  return raise(thread, exceptions.RuntimeError, "deque mutated during iteration");
}

namespace {

// --- construction ----------------------------------------------------------------------------------------------------

Fallible<Value> dequeNew(Thread& thread, Value self, const Arguments&) {
  return Value::of(TRY(makeDeque(thread, self.as<Type>(), -1)));
}

Fallible<Value> dequeInit(Thread& thread, Value self, const Arguments& arguments) {
  static constexpr Parameters kParameters{"deque", {"iterable", "maxlen"}, 0};
  Value values[2];
  TRY(kParameters.bind(thread, arguments, values));
  Deque* deque = toDeque(self);
  int64_t maxLength = -1;
  if (!values[1].isUnbound() && !values[1].isNone()) {
    if (!isInt(values[1])) return raiseTypeError(thread, "an integer is required");
    std::optional<int64_t> size = toInt64(values[1]);
    if (!size) return raise(thread, exceptions.OverflowError, "Python int too large to convert to C ssize_t");
    if (*size < 0) return raiseValueError(thread, "maxlen must be non-negative");
    maxLength = *size;
  }
  deque->maxLength = maxLength;
  dequeClear(deque);
  if (!values[0].isUnbound()) TRY(dequeExtend(thread, deque, values[0], false));
  return Value::none();
}

// --- special methods -------------------------------------------------------------------------------------------------

Fallible<Value> dequeRepr(Thread& thread, Value self) {
  ReprGuard guard(thread, self);
  if (!guard.entered()) return Value::of(TRY(makeStr(thread, "[...]")));
  KRAIT_CHECK_NATIVE_STACK(thread, " while getting the repr of an object");
  Value items = Value::of(TRY(listFromIterable(thread, self)));
  StrBuilder text;
  text.append(typeOf(self)->name).append("(").append(TRY(repr(thread, items)));
  int64_t maxLength = toDeque(self)->maxLength;
  if (maxLength >= 0) text.append(", maxlen=").append(std::to_string(maxLength));
  return Value::of(TRY(text.append(")").build(thread)));
}

Fallible<Value> dequeLength(Thread&, Value self) {
  return Value::inlineInt(static_cast<int64_t>(self.as<Deque>()->length));
}

Fallible<Value> compareDeques(Thread& thread, Comparison comparison, Value left, Value right) {
  Deque *a = toDeque(left), *b = toDeque(right);
  if (a == nullptr || b == nullptr) return Value::notImplemented();
  KRAIT_CHECK_NATIVE_STACK(thread, " in comparison");
  bool asksEquality = comparison == Comparison::kEqual || comparison == Comparison::kNotEqual;
  if (asksEquality && a == b) return Value::boolean(comparison == Comparison::kEqual);
  if (asksEquality && a->length != b->length) return Value::boolean(comparison == Comparison::kNotEqual);
  uint64_t versionA = a->version, versionB = b->version;
  for (uint64_t i = 0; i < a->length && i < b->length; i++) {
    Value x = a->at(i), y = b->at(i);
    if (!TRY(equals(thread, x, y))) {
      if (asksEquality) return Value::boolean(comparison == Comparison::kNotEqual);
      return compare(thread, comparison, x, y);
    }
    if (a->version != versionA || b->version != versionB) return raiseDequeMutated(thread);
  }
  switch (comparison) {
    case Comparison::kLess: return Value::boolean(a->length < b->length);
    case Comparison::kLessEqual: return Value::boolean(a->length <= b->length);
    case Comparison::kEqual: return Value::boolean(a->length == b->length);
    case Comparison::kNotEqual: return Value::boolean(a->length != b->length);
    case Comparison::kGreater: return Value::boolean(a->length > b->length);
    default: return Value::boolean(a->length >= b->length);
  }
}
template <Comparison kComparison>
Fallible<Value> dequeCompare(Thread& thread, Value self, Value other) {
  return compareDeques(thread, kComparison, self, other);
}

// The position that a key names; IndexError when there is none.
Fallible<uint64_t> position(Thread& thread, const Deque* deque, Value key) {
  int64_t i;
  if (key.isInlineInt()) [[likely]] {
    i = key.asInlineInt();
  } else if (!isInt(key) && specialMethod(key, Special::k__index__).isUnbound()) {
    return raiseTypeError(thread, "sequence index must be integer, not '{}'", nameOf(key));
  } else {
    i = TRY(indexAsInt64(thread, key, exceptions.IndexError));
  }
  if (i < 0) i += static_cast<int64_t>(deque->length);
  if (static_cast<uint64_t>(i) >= deque->length)
    return raise(thread, exceptions.IndexError, "deque index out of range");
  return static_cast<uint64_t>(i);
}

Fallible<Value> dequeGetItem(Thread& thread, Value self, Value key) {
  Deque* deque = self.as<Deque>();
  return deque->at(TRY(position(thread, deque, key)));
}
Fallible<Value> dequeSetItem(Thread& thread, Value self, Value key, Value value) {
  Deque* deque = self.as<Deque>();
  deque->at(TRY(position(thread, deque, key))) = value;
  return Value::none();
}
Fallible<Value> dequeDeleteItem(Thread& thread, Value self, Value key) {
  Deque* deque = self.as<Deque>();
  TRY(dequeErase(thread, deque, TRY(position(thread, deque, key))));
  return Value::none();
}

Fallible<Value> dequeContains(Thread& thread, Value self, Value element) {
  Deque* deque = self.as<Deque>();
  uint64_t version = deque->version;
  for (uint64_t i = 0; i < deque->length; i++) {
    if (TRY(equals(thread, deque->at(i), element))) return Value::boolean(true);
    if (deque->version != version) return raiseDequeMutated(thread);
  }
  return Value::boolean(false);
}

Fallible<void> repeatInto(Thread& thread, Deque* deque, std::span<const Value> items, int64_t times) {
  uint64_t count = items.size();
  if (count == 0 || times <= 0) return {};
  if (static_cast<uint64_t>(times) > kMaxSequenceLength / count) return raiseMemoryError(thread);
  uint64_t total = count * static_cast<uint64_t>(times), skip = 0;
  if (deque->maxLength >= 0 && total > static_cast<uint64_t>(deque->maxLength))
    skip = total - static_cast<uint64_t>(deque->maxLength);
  for (uint64_t i = skip; i < total; i++) {
    TRY(dequePush(thread, deque, items[i % count]));
    if ((i & 0xffff) == 0) TRY(pollEvalBreaker(thread));
  }
  return {};
}

Fallible<int64_t> factorOf(Thread& thread, Value factor) {
  if (!isInt(factor) && specialMethod(factor, Special::k__index__).isUnbound())
    return raiseTypeError(thread, "can't multiply sequence by non-int of type '{}'", nameOf(factor));
  return indexAsInt64(thread, factor, exceptions.OverflowError);
}
Fallible<Value> dequeMultiply(Thread& thread, Value self, Value factor) {
  int64_t times = TRY(factorOf(thread, factor));
  List* items = TRY(listFromIterable(thread, self));
  Value empty = Value::of(TRY(makeDeque(thread, typeOf(self), toDeque(self)->maxLength)));
  TRY(repeatInto(thread, toDeque(empty), items->values(), times));
  return empty;
}
Fallible<Value> dequeInplaceMultiply(Thread& thread, Value self, Value factor) {
  int64_t times = TRY(factorOf(thread, factor));
  Deque* deque = toDeque(self);
  if (times <= 0) {
    dequeClear(deque);
    return self;
  }
  List* items = TRY(listFromIterable(thread, self));
  TRY(repeatInto(thread, deque, items->values(), times - 1));
  return self;
}

Fallible<Value> dequeAdd(Thread& thread, Value self, Value other) {
  if (toDeque(other) == nullptr)
    return raiseTypeError(thread, "can only concatenate deque (not \"{}\") to deque", nameOf(other));
  Value sum = TRY(callMethod(thread, self, TRY(intern(thread, "copy")), {}));
  if (toDeque(sum) == nullptr) return raiseTypeError(thread, "copy() must return a deque, not {}", nameOf(sum));
  TRY(dequeExtend(thread, toDeque(sum), other, false));
  return sum;
}
Fallible<Value> dequeInplaceAdd(Thread& thread, Value self, Value other) {
  TRY(dequeExtend(thread, toDeque(self), other, false));
  return self;
}

// --- iterators: kDeque, kDequeReverse --------------------------------------------------------------------------------
// source: the deque; index: the next position; stop: the deque's version; step: how many are left.

Fallible<Value> makeDequeIterator(Thread& thread, IteratorCode code, Value deque) {
  Type* type = moduleIteratorType(code);
  Iterator* iterator = TRY(allocateIterator(thread, type, type, code, deque));
  iterator->stop = static_cast<int64_t>(toDeque(deque)->version);
  iterator->step = static_cast<int64_t>(toDeque(deque)->length);
  iterator->index = code == IteratorCode::kDeque ? 0 : iterator->step - 1;
  return Value::of(iterator);
}
Fallible<Value> dequeIter(Thread& thread, Value self) { return makeDequeIterator(thread, IteratorCode::kDeque, self); }
Fallible<Value> dequeReversed(Thread& thread, Value self) {
  return makeDequeIterator(thread, IteratorCode::kDequeReverse, self);
}

Fallible<Value> iteratorNew(Thread& thread, IteratorCode code, const Arguments& arguments) {
  if (arguments.positional == 0) return raiseTypeError(thread, "function takes at least 1 argument (0 given)");
  if (arguments.positional > 2)
    return raiseTypeError(thread, "function takes at most 2 arguments ({} given)", arguments.positional);
  if (!isInstanceOf(arguments[0], dequeType))
    return raiseTypeError(thread, "argument 1 must be collections.deque, not {}", nameOf(arguments[0]));
  int64_t skip = arguments.positional == 2 ? TRY(indexAsInt64(thread, arguments[1], exceptions.OverflowError)) : 0;
  Value made = TRY(makeDequeIterator(thread, code, arguments[0]));
  Iterator* iterator = made.as<Iterator>();
  skip = std::max<int64_t>(0, std::min(skip, iterator->step));
  iterator->step -= skip;
  iterator->index += code == IteratorCode::kDeque ? skip : -skip;
  return made;
}
Fallible<Value> forwardNew(Thread& thread, Value, const Arguments& arguments) {
  return iteratorNew(thread, IteratorCode::kDeque, arguments);
}
Fallible<Value> backwardNew(Thread& thread, Value, const Arguments& arguments) {
  return iteratorNew(thread, IteratorCode::kDequeReverse, arguments);
}

Fallible<Value> iteratorLeft(Thread&, Value self) { return Value::inlineInt(self.as<Iterator>()->step); }
Fallible<Value> iteratorReduceDeque(Thread& thread, Value self) {
  Iterator* iterator = self.as<Iterator>();
  int64_t passed = static_cast<int64_t>(toDeque(iterator->source)->length) - iterator->step;
  Value arguments = Value::of(TRY(makeTuple(thread, {iterator->source, Value::inlineInt(passed)})));
  return Value::of(TRY(makeTuple(thread, {Value::of(typeOf(self)), arguments})));
}

void declareIterator(Thread& thread, const char* name, IteratorCode code, NativeVariadic make) {
  moduleIteratorType(code) = TypeBuilder(thread, name, types.object, Kind::kIterator)
                                 .module("_collections")
                                 .constructor(make)
                                 .special("__iter__", iteratorSelf)
                                 .next(iteratorNextMethod)
                                 .method("__length_hint__", iteratorLeft)
                                 .method("__reduce__", iteratorReduceDeque)
                                 .build();
}

}  // namespace

Fallible<Value> advanceDeque(Thread& thread, Iterator* iterator) {
  const Deque* deque = iterator->source.get().as<Deque>();
  if (static_cast<uint64_t>(iterator->stop) != deque->version) [[unlikely]] {
    iterator->step = 0;
    return raiseDequeMutated(thread);
  }
  if (iterator->step == 0) return Value::unbound();
  iterator->step--;
  uint64_t i = static_cast<uint64_t>(iterator->index);
  iterator->index += iterator->code() == IteratorCode::kDeque ? 1 : -1;
  return deque->at(i);
}

void declareDeque(Thread& thread) {
  TypeBuilder builder(thread, "deque", types.object, Kind::kNative);
  builder.module("collections")
      .flags(Type::kBaseType | Type::kInstantiable | Type::kHasWeakref | Type::kSequencePattern)
      .doc("deque(iterable=(), maxlen=None): a sequence that grows and shrinks quickly at both ends.")
      .constructor(dequeNew)
      .specialVariadic("__init__", dequeInit)
      .special("__repr__", dequeRepr)
      .unhashable()
      .special("__lt__", dequeCompare<Comparison::kLess>)
      .special("__le__", dequeCompare<Comparison::kLessEqual>)
      .special("__eq__", dequeCompare<Comparison::kEqual>)
      .special("__ne__", dequeCompare<Comparison::kNotEqual>)
      .special("__gt__", dequeCompare<Comparison::kGreater>)
      .special("__ge__", dequeCompare<Comparison::kGreaterEqual>)
      .special("__iter__", dequeIter)
      .special("__len__", dequeLength)
      .special("__getitem__", dequeGetItem)
      .special("__setitem__", dequeSetItem)
      .special("__delitem__", dequeDeleteItem)
      .special("__contains__", dequeContains)
      .special("__add__", dequeAdd, 0, true)
      .special("__iadd__", dequeInplaceAdd)
      .special("__mul__", dequeMultiply, 0, true)
      .special("__rmul__", dequeMultiply, 0, true)
      .special("__imul__", dequeInplaceMultiply)
      .method("__reversed__", dequeReversed)
      .classMethod("__class_getitem__", classGetItemAlias);
  declareDequeMethods(builder);
  dequeType = builder.build();
  declareIterator(thread, "_deque_iterator", IteratorCode::kDeque, forwardNew);
  declareIterator(thread, "_deque_reverse_iterator", IteratorCode::kDequeReverse, backwardNew);
}

}  // namespace krait
