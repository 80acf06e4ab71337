// tuple: immutable sequences with their items inline.
#include "vm/builtins/tuple.h"

#include <algorithm>

#include "vm/builtins/generic_alias.h"
#include "vm/builtins/int.h"
#include "vm/builtins/iterators.h"
#include "vm/builtins/list.h"
#include "vm/builtins/sequence.h"
#include "vm/builtins/slice.h"
#include "vm/builtins/str.h"

namespace krait {

static Tuple* theEmptyTuple = nullptr;  // kept alive by `emptyTupleRoot`

static RootVector& emptyTupleRoot() {
  static RootVector root;
  return root;
}

// --- making ----------------------------------------------------------------------------------------------------------

// Before initialiseTuple there is no shape yet; such tuples get theirs when the type is built.
static Fallible<Tuple*> allocateTuple(Thread& thread, uint64_t length) {
  if (length > kMaxSequenceLength) return raiseMemoryError(thread);
  const Shape* shape = types.tuple == nullptr ? nullptr : types.tuple->instanceShape.get();
  Tuple* tuple = TRY(allocate<Tuple>(thread, Kind::kTuple, shape, length * sizeof(Value)));
  tuple->length = length;
  return tuple;
}

Tuple* emptyTuple() { return theEmptyTuple; }

Fallible<Tuple*> makeTupleUninitialised(Thread& thread, uint64_t length) {
  if (length > 0) [[likely]]
    return allocateTuple(thread, length);
  if (theEmptyTuple == nullptr) {
    Tuple* empty = TRY(allocateTuple(thread, 0));
    if (!emptyTupleRoot().push(Value::of(empty))) return raiseMemoryError(thread);
    theEmptyTuple = empty;
  }
  return theEmptyTuple;
}

Fallible<Tuple*> makeTuple(Thread& thread, std::span<const Value> items) {
  Tuple* tuple = TRY(makeTupleUninitialised(thread, items.size()));
  for (size_t i = 0; i < items.size(); i++) tuple->items[i].set(items[i]);
  return tuple;
}

Fallible<Tuple*> makeTuple(Thread& thread, std::initializer_list<Value> items) {
  return makeTuple(thread, std::span<const Value>(items.begin(), items.size()));
}

Fallible<Tuple*> tupleFromIterable(Thread& thread, Value iterable) {
  if (isKind(iterable, Kind::kTuple)) return iterable.as<Tuple>();
  if (typeOf(iterable) == types.list) return makeTuple(thread, iterable.as<List>()->values());
  List* list = TRY(listFromIterable(thread, iterable));
  return makeTuple(thread, list->values());
}

// --- the type's methods ----------------------------------------------------------------------------------------------

static Fallible<Value> tupleNew(Thread& thread, Value self, const Arguments& arguments) {
  Type* type = self.as<Type>();
  if (!overridesInit(type, types.tuple)) TRY(arguments.noKeywords(thread, "tuple"));
  TRY(arguments.count(thread, "tuple", 0, 1));
  Tuple* tuple = arguments.positional == 0 ? emptyTuple() : TRY(tupleFromIterable(thread, arguments[0]));
  if (type == types.tuple) return Value::of(tuple);
  return allocatePayloadInstance(thread, type, Value::of(tuple));
}

static Fallible<Value> tupleRepr(Thread& thread, Value self) {
  Tuple* tuple = toTuple(self);
  if (tuple->length == 0) return Value::of(TRY(makeStr(thread, "()")));
  ReprGuard guard(thread, self);
  if (!guard.entered()) return Value::of(TRY(makeStr(thread, "(...)")));
  return Value::of(TRY(reprItems(thread, Value::of(tuple), "(", tuple->length == 1 ? ",)" : ")")));
}

// xxHash's lane mixing over the hashes of the items, as CPython's tuples do it.
Fallible<int64_t> hashTuple(Thread& thread, const Tuple* tuple) {
  KRAIT_CHECK_NATIVE_STACK(thread, "");
  static constexpr uint64_t kPrime1 = 11400714785074694791u, kPrime2 = 14029467366897019727u,
                            kPrime5 = 2870177450012600261u;
  uint64_t accumulator = kPrime5;
  for (uint64_t i = 0; i < tuple->length; i++) {
    Value item = tuple->items[i];
    bool isTuple = typeOf(item) == types.tuple;
    uint64_t lane = static_cast<uint64_t>(TRY(isTuple ? hashTuple(thread, item.as<Tuple>()) : hash(thread, item)));
    accumulator = std::rotl(accumulator + lane * kPrime2, 31) * kPrime1;
  }
  accumulator += tuple->length ^ (kPrime5 ^ 3527539u);
  if (accumulator == UINT64_MAX) accumulator = 1546275796;
  return static_cast<int64_t>(accumulator);
}

static Fallible<Value> tupleHash(Thread& thread, Value self) {
  return makeInt(thread, TRY(hashTuple(thread, toTuple(self))));
}

template <Comparison comparison>
static Fallible<Value> tupleCompare(Thread& thread, Value self, Value other) {
  Tuple *a = toTuple(self), *b = toTuple(other);
  if (a == nullptr || b == nullptr) return Value::notImplemented();
  return compareTuples(thread, comparison, a, b);
}

static Fallible<Value> tupleIter(Thread& thread, Value self) {
  return makeIterator(thread, types.tupleIterator, Value::of(toTuple(self)));
}

static Fallible<Value> tupleLength(Thread&, Value self) {
  return Value::inlineInt(static_cast<int64_t>(toTuple(self)->length));
}

static Fallible<Value> tupleGetItem(Thread& thread, Value self, Value key) {
  Tuple* tuple = toTuple(self);
  if (isKind(key, Kind::kSlice)) {
    SliceBounds bounds = TRY(resolveSlice(thread, key.as<Slice>(), static_cast<int64_t>(tuple->length)));
    if (bounds.step == 1) {
      if (bounds.length == static_cast<int64_t>(tuple->length)) return Value::of(tuple);
      return Value::of(
          TRY(makeTuple(thread, tuple->values().subspan(bounds.length == 0 ? 0 : bounds.start, bounds.length))));
    }
    Tuple* result = TRY(makeTupleUninitialised(thread, bounds.length));
    for (uint64_t i = 0, at = static_cast<uint64_t>(bounds.start); i < static_cast<uint64_t>(bounds.length);
         i++, at += static_cast<uint64_t>(bounds.step))
      result->items[i].set(tuple->items[at]);
    return Value::of(result);
  }
  int64_t i = TRY(sequenceIndex(thread, key, "tuple"));
  if (i < 0) i += static_cast<int64_t>(tuple->length);
  if (static_cast<uint64_t>(i) >= tuple->length)
    return raise(thread, exceptions.IndexError, "tuple index out of range");
  return tuple->items[i].get();
}

static Fallible<Value> tupleConcatenate(Thread& thread, Value self, Value other) {
  Tuple *a = toTuple(self), *b = toTuple(other);
  if (b == nullptr) return raiseTypeError(thread, "can only concatenate tuple (not \"{}\") to tuple", nameOf(other));
  if (a->length == 0 && typeOf(other) == types.tuple) return other;
  if (b->length == 0 && typeOf(self) == types.tuple) return self;
  Tuple* result = TRY(makeTupleUninitialised(thread, a->length + b->length));
  for (uint64_t i = 0; i < a->length; i++) result->items[i].set(a->items[i]);
  for (uint64_t i = 0; i < b->length; i++) result->items[a->length + i].set(b->items[i]);
  return Value::of(result);
}

static Fallible<Value> tupleRepeat(Thread& thread, Value self, Value factor) {
  Tuple* tuple = toTuple(self);
  uint64_t count = TRY(repetitionCount(thread, factor, tuple->length));
  if (count == 0) return Value::of(emptyTuple());
  if (count == 1) return Value::of(tuple);
  Tuple* result = TRY(makeTupleUninitialised(thread, count * tuple->length));
  Field<Value>* out = result->items;
  for (uint64_t n = 0; n < count; n++)
    for (uint64_t i = 0; i < tuple->length; i++) (out++)->set(tuple->items[i]);
  return Value::of(result);
}

static Fallible<Value> tupleContains(Thread& thread, Value self, Value element) {
  return Value::boolean(TRY(sequenceContains(thread, self, element)));
}

static Fallible<Value> tupleGetNewArguments(Thread& thread, Value self) {
  return Value::of(TRY(makeTuple(thread, {Value::of(toTuple(self))})));
}

static Fallible<Value> tupleIndex(Thread& thread, Value self, Value element, Value startOrUnbound,
                                  Value stopOrUnbound) {
  uint64_t length = toTuple(self)->length;
  int64_t start = TRY(searchBound(thread, startOrUnbound, 0, length));
  int64_t stop = TRY(searchBound(thread, stopOrUnbound, INT64_MAX, length));
  int64_t i = TRY(sequenceFind(thread, self, element, start, stop));
  if (i < 0) return raiseValueError(thread, "tuple.index(x): x not in tuple");
  return Value::inlineInt(i);
}

static Fallible<Value> tupleCount(Thread& thread, Value self, Value element) {
  return Value::inlineInt(TRY(sequenceCount(thread, self, element)));
}

void initialiseTuple(Thread& thread) {
  TypeBuilder builder(thread, "tuple", types.object, Kind::kTuple);
  types.tuple = builder.flags(Type::kBaseType | Type::kInstantiable | Type::kSequencePattern)
                    .doc("tuple(iterable=()): a constant sequence.")
                    .constructor(tupleNew)
                    .special("__repr__", tupleRepr)
                    .special("__hash__", tupleHash)
                    .special("__lt__", tupleCompare<Comparison::kLess>)
                    .special("__le__", tupleCompare<Comparison::kLessEqual>)
                    .special("__eq__", tupleCompare<Comparison::kEqual>)
                    .special("__ne__", tupleCompare<Comparison::kNotEqual>)
                    .special("__gt__", tupleCompare<Comparison::kGreater>)
                    .special("__ge__", tupleCompare<Comparison::kGreaterEqual>)
                    .special("__iter__", tupleIter)
                    .special("__len__", tupleLength)
                    .special("__getitem__", tupleGetItem)
                    .special("__add__", tupleConcatenate, 0, true)
                    .special("__mul__", tupleRepeat, 0, true)
                    .special("__rmul__", tupleRepeat, 0, true)
                    .special("__contains__", tupleContains)
                    .method("__getnewargs__", tupleGetNewArguments)
                    .method("index", tupleIndex, 2)
                    .method("count", tupleCount)
                    .classMethod("__class_getitem__", classGetItemAlias)
                    .build();
  if (makeTupleUninitialised(thread, 0).isRaised()) std::abort();
  theEmptyTuple->setShape(types.tuple->instanceShape);
}

}  // namespace krait
