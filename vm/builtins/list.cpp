// list: the growable array itself: making, growing, slicing and its special methods.
#include "vm/builtins/list.h"

#include <algorithm>
#include <cstring>

#include "vm/builtins/dict.h"
#include "vm/builtins/int.h"
#include "vm/builtins/iterators.h"
#include "vm/builtins/list_internal.h"
#include "vm/builtins/sequence.h"
#include "vm/builtins/slice.h"
#include "vm/builtins/str.h"
#include "vm/builtins/struct_sizes.h"
#include "vm/builtins/tuple.h"
#include "vm/exact_shapes.h"
#include "vm/modules/elementtree.h"

namespace krait {

// --- making and growing ----------------------------------------------------------------------------------------------

static Fallible<List*> allocateList(Thread& thread) {
  return allocate<List>(thread, Kind::kList, types.list->instanceShape);
}

Fallible<List*> makeListWithCapacity(Thread& thread, uint64_t capacity) {
  List* list = TRY(allocateList(thread));
  if (capacity > 0) {
    list->storage.set(TRY(allocateArray(thread, capacity)));
    list->capacity = capacity;
  }
  return list;
}

Fallible<List*> makeList(Thread& thread, std::span<const Value> items) {
  List* list = TRY(makeListWithCapacity(thread, items.size()));
  if (!items.empty()) std::memcpy(list->storage->slots, items.data(), items.size_bytes());
  list->length = items.size();
  return list;
}

Fallible<void> listReserve(Thread& thread, List* list, uint64_t capacity) {
  list->flags &= ~kListSorting;
  if (capacity <= list->capacity) return {};
  if (capacity > kMaxSequenceLength) return raiseMemoryError(thread);
  // CPython's over-allocation: an eighth, and a little.
  uint64_t room = (capacity + (capacity >> 3) + 6) & ~uint64_t{3};
  if (capacity - list->length > room - capacity) room = (capacity + 3) & ~uint64_t{3};
  ValueArray* storage = TRY(allocateArray(thread, room));
  if (list->length > 0) std::memcpy(storage->slots, list->storage->slots, list->length * sizeof(Value));
  list->storage.set(storage);
  list->capacity = room;
  return {};
}

Fallible<void> listAppendSlow(Thread& thread, List* list, Value item) {
  // Storage does not grow in place as CPython's does: by an eighth, every item would be copied eight times.
  uint64_t wanted = list->length + 1;
  if (list->length > 64) wanted += list->length >> 1;
  TRY(listReserve(thread, list, wanted));
  list->storage->slots[list->length++] = item;
  return {};
}

void listClear(List* list) {
  list->flags &= ~kListSorting;
  list->length = 0;
  list->capacity = 0;
  list->storage.set(nullptr);
}

// Cuts the list to `length` items and gives memory back when less than half of it is in use.
static void truncate(Thread& thread, List* list, uint64_t length) {
  std::fill(list->storage->slots + length, list->storage->slots + list->length, Value::inlineInt(0));
  list->length = length;
  if (length >= list->capacity / 2 || list->capacity <= 16) return;
  if (length == 0) return listClear(list);
  uint64_t room = (length + (length >> 3) + 6) & ~uint64_t{3};
  Fallible<ValueArray*> smaller = allocateArray(thread, room);
  if (smaller.isRaised()) return clearException(thread);  // it stays as large as it is
  std::memcpy(smaller.value()->slots, list->storage->slots, length * sizeof(Value));
  list->storage.set(smaller.value());
  list->capacity = room;
}

Fallible<void> listReplaceRange(Thread& thread, List* list, uint64_t start, uint64_t stop,
                                std::span<const Value> items) {
  uint64_t removed = stop - start, tail = list->length - stop, length = list->length - removed + items.size();
  if (items.size() > removed) TRY(listReserve(thread, list, length));
  if (list->capacity == 0) return {};
  Value* slots = list->storage->slots;
  std::memmove(slots + start + items.size(), slots + stop, tail * sizeof(Value));
  if (!items.empty()) std::memcpy(slots + start, items.data(), items.size_bytes());
  if (length < list->length) {
    truncate(thread, list, length);
  } else {
    list->length = length;
  }
  return {};
}

static Fallible<void> extendWithItems(Thread& thread, List* list, Value sequence) {
  uint64_t count = viewSequence(sequence).length;
  if (count == 0) return {};
  TRY(listReserve(thread, list, list->length + count));
  // Looked at only now: the sequence may be the list itself.
  std::memcpy(list->storage->slots + list->length, viewSequence(sequence).items, count * sizeof(Value));
  list->length += count;
  return {};
}

Fallible<void> listExtend(Thread& thread, List* list, Value iterable) {
  Type* type = typeOf(iterable);
  if (type == types.list || type == types.tuple) return extendWithItems(thread, list, iterable);
  if (type == types.dict) {
    Dict* dict = iterable.as<Dict>();
    TRY(listReserve(thread, list, list->length + dict->length));
    uint64_t position = 0;
    Value key, value;
    while (dictNext(dict, position, key, value)) TRY(listAppend(thread, list, key));
    return {};
  }
  if (isKind(iterable, Kind::kNative) && isPlainElement(iterable) &&
      specialMethod(iterable, Special::k__iter__).isUnbound()) {
    for (uint64_t i = 0;; i++) {
      Value child = elementChild(iterable, i);
      if (child.isUnbound()) return {};
      TRY(listAppend(thread, list, child));
    }
  }
  Value iterator = TRY(iterate(thread, iterable));
  int64_t hint = TRY(lengthHint(thread, iterable, 8));
  if (hint > 0 && static_cast<uint64_t>(hint) < kMaxSequenceLength - list->length) {
    // A hint that cannot be granted is no reason to fail: the iterator may be shorter.
    if (listReserve(thread, list, list->length + static_cast<uint64_t>(hint)).isRaised()) clearException(thread);
  }
  for (uint32_t steps = 1;; steps++) {
    Value item = TRY(next(thread, iterator));
    if (item.isUnbound()) break;
    TRY(listAppend(thread, list, item));
    if ((steps & 0xfff) == 0) TRY(pollEvalBreaker(thread));
  }
  if (list->length < list->capacity / 2 && list->capacity > 16) truncate(thread, list, list->length);
  return {};
}

Fallible<List*> listFromIterable(Thread& thread, Value iterable) {
  List* list = TRY(allocateList(thread));
  TRY(listExtend(thread, list, iterable));
  return list;
}

// --- items and slices ------------------------------------------------------------------------------------------------

Fallible<List*> listSlice(Thread& thread, List* list, const SliceBounds& bounds) {
  uint64_t length = static_cast<uint64_t>(bounds.length);
  List* result = TRY(allocateList(thread));
  if (length == 0) return result;
  ValueArray* storage = TRY(allocateArray(thread, length));
  const Value* from = list->storage->slots;
  Value* to = storage->slots;
  uint64_t at = static_cast<uint64_t>(bounds.start);
  if (bounds.step == 1) {
    std::memcpy(to, from + at, length * sizeof(Value));
  } else {  // unsigned: the step past the last element may lead anywhere
    for (uint64_t step = static_cast<uint64_t>(bounds.step); length > 0; length--, at += step) *to++ = from[at];
  }
  result->storage.set(storage);
  result->length = result->capacity = static_cast<uint64_t>(bounds.length);
  return result;
}

// The slice's bounds in the list as it is after the __index__ methods have run.
static Fallible<SliceBounds> boundsIn(Thread& thread, List* list, Value slice) {
  SliceBounds quick;
  if (quickSlice(slice.as<Slice>(), list->length, quick)) [[likely]]
    return quick;
  SliceBounds bounds = TRY(unpackSlice(thread, slice.as<Slice>()));
  adjustSlice(bounds, static_cast<int64_t>(list->length));
  return bounds;
}

static Fallible<Value> listGetItem(Thread& thread, Value self, Value key) {
  List* list = self.as<List>();
  if (isKind(key, Kind::kSlice)) {
    SliceBounds bounds = TRY(boundsIn(thread, list, key));
    return Value::of(TRY(listSlice(thread, list, bounds)));
  }
  int64_t i = TRY(sequenceIndex(thread, key, "list"));
  if (i < 0) i += static_cast<int64_t>(list->length);
  if (static_cast<uint64_t>(i) >= list->length) return raise(thread, exceptions.IndexError, "list index out of range");
  return list->storage->slots[i];
}

Fallible<void> listAssignSlice(Thread& thread, List* list, Value slice, Value iterable) {
  if (SliceBounds quick; isExact(iterable, exactShapes.list) && quickSlice(slice.as<Slice>(), list->length, quick)) {
    const List* items = iterable.as<List>();
    if (quick.step == 1 && items != list && quick.length == static_cast<int64_t>(items->length)) {
      if (quick.length > 0)
        std::memcpy(list->storage->slots + quick.start, items->storage->slots, items->length * sizeof(Value));
      return {};
    }
  }
  SliceBounds bounds = TRY(unpackSlice(thread, slice.as<Slice>()));
  bool isIterable = isKind(iterable, Kind::kList) || isKind(iterable, Kind::kTuple) ||
                    !specialMethod(iterable, Special::k__iter__).isUnbound() ||
                    !specialMethod(iterable, Special::k__getitem__).isUnbound();
  if (!isIterable) {
    return raiseTypeError(thread, "{}",
                          bounds.step == 1 ? "can only assign an iterable" : "must assign iterable to extended slice");
  }
  Value items = iterable;  // a snapshot when it is the list itself or produced by an iterator
  if (typeOf(iterable) != types.list && typeOf(iterable) != types.tuple) {
    items = Value::of(TRY(listFromIterable(thread, iterable)));
  } else if (iterable.is(Value::of(list))) {
    items = Value::of(TRY(makeList(thread, list->values())));
  }
  SequenceView view = viewSequence(items);
  adjustSlice(bounds, static_cast<int64_t>(list->length));
  if (bounds.step == 1) {
    uint64_t start = bounds.start, stop = std::max(bounds.start, bounds.stop);
    return listReplaceRange(thread, list, start, stop, {view.items, view.length});
  }
  if (view.length != static_cast<uint64_t>(bounds.length)) {
    return raiseValueError(thread, "attempt to assign sequence of size {} to extended slice of size {}", view.length,
                           bounds.length);
  }
  for (uint64_t i = 0, at = static_cast<uint64_t>(bounds.start); i < static_cast<uint64_t>(bounds.length);
       i++, at += static_cast<uint64_t>(bounds.step))
    list->storage->slots[at] = view.items[i];
  return {};
}

static Fallible<Value> listSetItem(Thread& thread, Value self, Value key, Value item) {
  List* list = self.as<List>();
  if (isKind(key, Kind::kSlice)) {
    TRY(listAssignSlice(thread, list, key, item));
    return Value::none();
  }
  int64_t i = TRY(sequenceIndex(thread, key, "list"));
  if (i < 0) i += static_cast<int64_t>(list->length);
  if (static_cast<uint64_t>(i) >= list->length)
    return raise(thread, exceptions.IndexError, "list assignment index out of range");
  list->storage->slots[i] = item;
  return Value::none();
}

static Fallible<void> deleteSlice(Thread& thread, List* list, Value slice) {
  SliceBounds bounds = TRY(boundsIn(thread, list, slice));
  if (bounds.length == 0) return {};
  if (bounds.step < 0) {  // the same items in ascending order
    bounds.start += (bounds.length - 1) * bounds.step;
    bounds.step = -bounds.step;
  }
  if (bounds.step == 1) return listReplaceRange(thread, list, bounds.start, bounds.start + bounds.length, {});
  Value* slots = list->storage->slots;
  uint64_t out = bounds.start, skip = bounds.start;
  int64_t left = bounds.length;
  for (uint64_t i = bounds.start; i < list->length; i++) {
    if (left > 0 && i == skip) {
      left--;
      skip += bounds.step;
    } else {
      slots[out++] = slots[i];
    }
  }
  truncate(thread, list, out);
  return {};
}

static Fallible<Value> listDeleteItem(Thread& thread, Value self, Value key) {
  List* list = self.as<List>();
  if (isKind(key, Kind::kSlice)) {
    TRY(deleteSlice(thread, list, key));
    return Value::none();
  }
  int64_t i = TRY(sequenceIndex(thread, key, "list"));
  if (i < 0) i += static_cast<int64_t>(list->length);
  if (static_cast<uint64_t>(i) >= list->length)
    return raise(thread, exceptions.IndexError, "list assignment index out of range");
  TRY(listReplaceRange(thread, list, i, i + 1, {}));
  return Value::none();
}

// --- special methods -------------------------------------------------------------------------------------------------

static Fallible<Value> listNew(Thread& thread, Value self, const Arguments&) {
  return allocateInstance(thread, self.as<Type>());
}

static Fallible<Value> listInit(Thread& thread, Value self, const Arguments& arguments) {
  if (!overridesNew(typeOf(self), types.list)) TRY(arguments.noKeywords(thread, "list"));
  TRY(arguments.count(thread, "list", 0, 1));
  List* list = self.as<List>();
  listClear(list);
  if (arguments.positional == 1) TRY(listExtend(thread, list, arguments[0]));
  return Value::none();
}

static Fallible<Value> listRepr(Thread& thread, Value self) {
  if (self.as<List>()->length == 0) return Value::of(TRY(makeStr(thread, "[]")));
  ReprGuard guard(thread, self);
  if (!guard.entered()) return Value::of(TRY(makeStr(thread, "[...]")));
  return Value::of(TRY(reprItems(thread, self, "[", "]")));
}

template <Comparison comparison>
static Fallible<Value> listCompare(Thread& thread, Value self, Value other) {
  if (!isKind(self, Kind::kList) || !isKind(other, Kind::kList)) return Value::notImplemented();
  return compareLists(thread, comparison, self.as<List>(), other.as<List>());
}

static Fallible<Value> listIter(Thread& thread, Value self) { return makeIterator(thread, types.listIterator, self); }

static Fallible<Value> listReversed(Thread& thread, Value self) {
  return makeIterator(thread, types.listReverseIterator, self);
}

static Fallible<Value> listLength(Thread&, Value self) {
  return Value::inlineInt(static_cast<int64_t>(self.as<List>()->length));
}

static Fallible<Value> listConcatenate(Thread& thread, Value self, Value other) {
  List *a = self.as<List>(), *b = toList(other);
  if (b == nullptr) return raiseTypeError(thread, "can only concatenate list (not \"{}\") to list", nameOf(other));
  List* result = TRY(makeListWithCapacity(thread, a->length + b->length));
  if (a->length > 0) std::memcpy(result->storage->slots, a->storage->slots, a->length * sizeof(Value));
  if (b->length > 0) std::memcpy(result->storage->slots + a->length, b->storage->slots, b->length * sizeof(Value));
  result->length = a->length + b->length;
  return Value::of(result);
}

static Fallible<Value> listInplaceConcatenate(Thread& thread, Value self, Value other) {
  TRY(listExtend(thread, self.as<List>(), other));
  return self;
}

static void repeatInto(Value* out, const Value* items, uint64_t length, uint64_t count) {
  if (length == 1) {
    std::fill(out, out + count, items[0]);
    return;
  }
  for (uint64_t n = 0; n < count; n++, out += length) std::memmove(out, items, length * sizeof(Value));
}

static Fallible<Value> listRepeat(Thread& thread, Value self, Value factor) {
  List* list = self.as<List>();
  uint64_t count = TRY(repetitionCount(thread, factor, list->length)), length = list->length;
  if (length == 0) count = 0;
  List* result = TRY(makeListWithCapacity(thread, length * count));
  if (count > 0) repeatInto(result->storage->slots, list->storage->slots, length, count);
  result->length = length * count;
  return Value::of(result);
}

static Fallible<Value> listInplaceRepeat(Thread& thread, Value self, Value factor) {
  List* list = self.as<List>();
  uint64_t count = TRY(repetitionCount(thread, factor, list->length)), length = list->length;
  if (count == 0) {
    listClear(list);
  } else if (count > 1 && length > 0) {
    TRY(listReserve(thread, list, length * count));
    Value* slots = list->storage->slots;
    repeatInto(slots + length, slots, length, count - 1);
    list->length = length * count;
  }
  return self;
}

static Fallible<Value> listContains(Thread& thread, Value self, Value element) {
  return Value::boolean(TRY(sequenceContains(thread, self, element)));
}

static Fallible<Value> listSizeOf(Thread&, Value self) {
  return Value::inlineInt(structSizeOf(typeOf(self)).basic +
                          static_cast<int64_t>(self.as<List>()->capacity * sizeof(Value)));
}

void initialiseList(Thread& thread) {
  TypeBuilder builder(thread, "list", types.object, Kind::kList);
  builder.flags(Type::kBaseType | Type::kInstantiable | Type::kSequencePattern)
      .doc("list(iterable=()): a sequence that can be changed in place.")
      .constructor(listNew)
      .specialVariadic("__init__", listInit)
      .special("__repr__", listRepr)
      .unhashable()
      .special("__lt__", listCompare<Comparison::kLess>)
      .special("__le__", listCompare<Comparison::kLessEqual>)
      .special("__eq__", listCompare<Comparison::kEqual>)
      .special("__ne__", listCompare<Comparison::kNotEqual>)
      .special("__gt__", listCompare<Comparison::kGreater>)
      .special("__ge__", listCompare<Comparison::kGreaterEqual>)
      .special("__iter__", listIter)
      .special("__len__", listLength)
      .method("__getitem__", listGetItem)
      .special("__setitem__", listSetItem)
      .special("__delitem__", listDeleteItem)
      .special("__add__", listConcatenate, 0, true)
      .special("__mul__", listRepeat, 0, true)
      .special("__rmul__", listRepeat, 0, true)
      .special("__iadd__", listInplaceConcatenate, 0, true)
      .special("__imul__", listInplaceRepeat, 0, true)
      .special("__contains__", listContains)
      .method("__reversed__", listReversed)
      .method("__sizeof__", listSizeOf);
  declareListMethods(builder);
  types.list = builder.build();
}

}  // namespace krait
