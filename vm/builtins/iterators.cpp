// The iterators over built-in containers, and how every built-in iterator advances.
#include "vm/builtins/iterators.h"

#include "vm/builtins/bytearray.h"
#include "vm/builtins/bytes.h"
#include "vm/builtins/dict.h"
#include "vm/builtins/int.h"
#include "vm/builtins/iterators_internal.h"
#include "vm/builtins/list.h"
#include "vm/builtins/memoryview.h"
#include "vm/builtins/range.h"
#include "vm/builtins/set.h"
#include "vm/builtins/single_characters.h"
#include "vm/builtins/str.h"
#include "vm/builtins/tuple.h"
#include "vm/modules/elementtree.h"

namespace krait {

// --- making ----------------------------------------------------------------------------------------------------------

Fallible<Iterator*> allocateIterator(Thread& thread, Type* type, Type* builtin, IteratorCode code, Value source) {
  Iterator* iterator;
  if (type == builtin) [[likely]] {
    iterator = TRY(allocate<Iterator>(thread, Kind::kIterator, type->instanceShape));
  } else {
    iterator = TRY(allocateInstance(thread, type)).as<Iterator>();
    iterator->flags |= Iterator::kSubclassed;
  }
  iterator->aux = static_cast<uint16_t>(code);
  iterator->source.set(source);
  iterator->extra.set(Value::unbound());
  return iterator;
}

static Fallible<Value> makeRangeIterator(Thread& thread, Value source) {
  Range* range = source.as<Range>();
  std::optional<int64_t> start = toInt64(range->start), stop = toInt64(range->stop), step = toInt64(range->step),
                         length = toInt64(range->length);
  if (!start || !stop || !step || !length) {
    Type* type = types.longRangeIterator;
    Iterator* iterator = TRY(allocateIterator(thread, type, type, IteratorCode::kLongRange, source));
    iterator->extra.set(Value::inlineInt(0));
    return Value::of(iterator);
  }
  Type* type = types.rangeIterator;
  Iterator* iterator = TRY(allocateIterator(thread, type, type, IteratorCode::kRange, source));
  iterator->index = *start;
  iterator->stop = *length;
  iterator->step = *step;
  return Value::of(iterator);
}

static Fallible<Value> makeDictIterator(Thread& thread, Type* type, Value source) {
  IteratorCode code = type == types.dictKeyIterator            ? IteratorCode::kDictKey
                      : type == types.dictValueIterator        ? IteratorCode::kDictValue
                      : type == types.dictItemIterator         ? IteratorCode::kDictItem
                      : type == types.dictReverseKeyIterator   ? IteratorCode::kDictReverseKey
                      : type == types.dictReverseValueIterator ? IteratorCode::kDictReverseValue
                                                               : IteratorCode::kDictReverseItem;
  Iterator* iterator = TRY(allocateIterator(thread, type, type, code, source));
  Dict* dict = source.as<Dict>();
  iterator->stop = iterator->step = static_cast<int64_t>(dict->length);
  if (code >= IteratorCode::kDictReverseKey)
    iterator->index = dict->keys == nullptr ? -1 : int64_t{dict->keys->entryCount} - 1;
  return Value::of(iterator);
}

Fallible<Value> makeIterator(Thread& thread, Type* type, Value source) {
  auto make = [&](Type* made, IteratorCode code) -> Fallible<Value> {
    return Value::of(TRY(allocateIterator(thread, made, made, code, source)));
  };
  if (type == types.listIterator) return make(type, IteratorCode::kList);
  if (type == types.rangeIterator || type == types.longRangeIterator) return makeRangeIterator(thread, source);
  if (type == types.tupleIterator) {
    source = exactOrPayload(source);
    return make(type, IteratorCode::kTuple);
  }
  if (type == types.strIterator || type == types.strAsciiIterator) {
    source = exactOrPayload(source);
    return make(source.as<Str>()->isAscii() ? types.strAsciiIterator : types.strIterator, IteratorCode::kStr);
  }
  if (type == types.setIterator) {
    Iterator* iterator = TRY(allocateIterator(thread, type, type, IteratorCode::kSet, source));
    iterator->stop = iterator->step = static_cast<int64_t>(source.as<Set>()->used);
    return Value::of(iterator);
  }
  if (type == types.bytesIterator) {
    source = exactOrPayload(source);
    return make(type, IteratorCode::kBytes);
  }
  if (type == types.bytearrayIterator) return make(type, IteratorCode::kBytearray);
  if (type == types.sequenceIterator) return make(type, IteratorCode::kSequence);
  if (type == types.listReverseIterator) {
    Iterator* iterator = TRY(allocateIterator(thread, type, type, IteratorCode::kListReverse, source));
    iterator->index = static_cast<int64_t>(source.as<List>()->length) - 1;
    return Value::of(iterator);
  }
  return makeDictIterator(thread, type, source);
}

Fallible<Value> makeCallableIterator(Thread& thread, Value callable, Value sentinel) {
  Type* type = types.callableIterator;
  Iterator* iterator = TRY(allocateIterator(thread, type, type, IteratorCode::kCallable, callable));
  iterator->extra.set(sentinel);
  return Value::of(iterator);
}

// --- advancing -------------------------------------------------------------------------------------------------------

static Value finish(Iterator* iterator) {
  iterator->source.set(Value::unbound());
  return Value::unbound();
}

static Fallible<Value> advanceDict(Thread& thread, Iterator* iterator) {
  Dict* dict = iterator->source.get().as<Dict>();
  if (iterator->stop != static_cast<int64_t>(dict->length)) [[unlikely]] {
    iterator->stop = -1;  // it stays broken
    return raise(thread, exceptions.RuntimeError, "dictionary changed size during iteration");
  }
  DictKeys* keys = dict->keys;
  uint64_t count = keys == nullptr ? 0 : keys->entryCount, i = static_cast<uint64_t>(iterator->index);
  while (i < count && keys->entries[i].key.get().isUnbound()) i++;
  if (i >= count) return finish(iterator);
  if (iterator->step == 0) [[unlikely]]
    return raise(thread, exceptions.RuntimeError, "dictionary keys changed during iteration");
  iterator->index = static_cast<int64_t>(i) + 1;
  iterator->step--;
  const DictEntry& entry = keys->entries[i];
  if (iterator->code() == IteratorCode::kDictKey) return entry.key.get();
  if (iterator->code() == IteratorCode::kDictValue) return entry.value.get();
  return makePair(thread, entry.key, entry.value);
}

static Fallible<Value> advanceDictBackwards(Thread& thread, Iterator* iterator) {
  Dict* dict = iterator->source.get().as<Dict>();
  if (iterator->stop != static_cast<int64_t>(dict->length)) [[unlikely]] {
    iterator->stop = -1;
    return raise(thread, exceptions.RuntimeError, "dictionary changed size during iteration");
  }
  DictKeys* keys = dict->keys;
  int64_t i = keys == nullptr ? -1 : std::min<int64_t>(iterator->index, int64_t{keys->entryCount} - 1);
  while (i >= 0 && keys->entries[i].key.get().isUnbound()) i--;
  if (i < 0) return finish(iterator);
  iterator->index = i - 1;
  iterator->step--;
  const DictEntry& entry = keys->entries[i];
  if (iterator->code() == IteratorCode::kDictReverseKey) return entry.key.get();
  if (iterator->code() == IteratorCode::kDictReverseValue) return entry.value.get();
  return Value::of(TRY(makeTuple(thread, {entry.key.get(), entry.value.get()})));
}

static Fallible<Value> advanceSet(Thread& thread, Iterator* iterator) {
  Set* set = iterator->source.get().as<Set>();
  if (iterator->stop != static_cast<int64_t>(set->used)) [[unlikely]] {
    iterator->stop = -1;
    return raise(thread, exceptions.RuntimeError, "Set changed size during iteration");
  }
  uint64_t position = static_cast<uint64_t>(iterator->index);
  Value key;
  if (!setNext(set, position, key)) return finish(iterator);
  iterator->index = static_cast<int64_t>(position);
  iterator->step--;
  return key;
}

static Fallible<Value> advanceLongRange(Thread& thread, Iterator* iterator) {
  Range* range = iterator->source.get().as<Range>();
  Value i = iterator->extra;
  if (intCompare(i, range->length) >= 0) return Value::unbound();
  Value item = TRY(rangeItem(thread, range, i));
  iterator->extra.set(TRY(intAdd(thread, i, Value::inlineInt(1))));
  return item;
}

static Fallible<Value> advanceCallable(Thread& thread, Iterator* iterator) {
  Value callable = iterator->source, sentinel = iterator->extra;
  Fallible<Value> result = call(thread, callable);
  if (result.isRaised()) {
    if (!pendingMatches(thread, exceptions.StopIteration)) return Raised{};
    clearException(thread);
    return finish(iterator);
  }
  if (TRY(equals(thread, sentinel, result.value()))) return finish(iterator);
  return result.value();
}

Fallible<Value> itemOrEnd(Thread& thread, Value source, int64_t i) {
  Value position = TRY(makeInt(thread, i));
  Fallible<Value> item = getItem(thread, source, position);
  if (!item.isRaised()) return item;
  if (!pendingMatches(thread, exceptions.IndexError) && !pendingMatches(thread, exceptions.StopIteration))
    return Raised{};
  clearException(thread);
  return Value::unbound();
}

static Fallible<Value> advanceSequence(Thread& thread, Iterator* iterator) {
  if (iterator->index == INT64_MAX) return raise(thread, exceptions.OverflowError, "iter index too large");
  Value source = iterator->source, item;
  if (typeOf(source) == types.memoryview)
    item = TRY(memoryviewIterated(thread, source, iterator->index));
  else if (isKind(source, Kind::kNative) && isPlainElement(source))
    item = elementChild(source, static_cast<uint64_t>(iterator->index));
  else
    item = TRY(itemOrEnd(thread, source, iterator->index));
  if (item.isUnbound()) return finish(iterator);
  iterator->index++;
  return item;
}

static Fallible<Value> advanceReversed(Thread& thread, Iterator* iterator) {
  if (iterator->index < 0) return finish(iterator);
  Value item = TRY(itemOrEnd(thread, iterator->source, iterator->index));
  if (item.isUnbound()) return finish(iterator);
  iterator->index--;
  return item;
}

Fallible<Value> advance(Thread& thread, Iterator* iterator) {
  if (iterator->isExhausted()) [[unlikely]]
    return Value::unbound();
  Value source = iterator->source;
  uint64_t i = static_cast<uint64_t>(iterator->index);
  switch (iterator->code()) {
    case IteratorCode::kList: {
      List* list = source.as<List>();
      if (i >= list->length) return finish(iterator);
      iterator->index++;
      return list->storage->slots[i];
    }
    case IteratorCode::kTuple: {
      Tuple* tuple = source.as<Tuple>();
      if (i >= tuple->length) return finish(iterator);
      iterator->index++;
      return tuple->items[i].get();
    }
    case IteratorCode::kRange: {
      if (iterator->stop <= 0) return Value::unbound();
      iterator->stop--;
      iterator->index = static_cast<int64_t>(i + static_cast<uint64_t>(iterator->step));  // may wrap after the last
      return makeInt(thread, static_cast<int64_t>(i));
    }
    case IteratorCode::kDictKey:
    case IteratorCode::kDictValue:
    case IteratorCode::kDictItem: return advanceDict(thread, iterator);
    case IteratorCode::kSet: return advanceSet(thread, iterator);
    case IteratorCode::kStr: {
      Str* text = source.as<Str>();
      if (i >= text->length) return finish(iterator);
      iterator->index++;
      return characterAt(thread, text, i);
    }
    case IteratorCode::kBytes: {
      Bytes* bytes = source.as<Bytes>();
      if (i >= bytes->length) return finish(iterator);
      iterator->index++;
      return Value::inlineInt(bytes->data[i]);
    }
    case IteratorCode::kBytearray: {
      Bytearray* bytes = source.as<Bytearray>();
      if (i >= bytes->length) return finish(iterator);
      iterator->index++;
      return Value::inlineInt(bytes->storage->bytes[i]);
    }
    case IteratorCode::kListReverse: {
      List* list = source.as<List>();
      if (iterator->index < 0 || i >= list->length) return finish(iterator);
      iterator->index--;
      return list->storage->slots[i];
    }
    case IteratorCode::kLongRange: return advanceLongRange(thread, iterator);
    case IteratorCode::kReversed: return advanceReversed(thread, iterator);
    case IteratorCode::kSequence: return advanceSequence(thread, iterator);
    case IteratorCode::kCallable: return advanceCallable(thread, iterator);
    case IteratorCode::kEnumerate: return advanceEnumerate(thread, iterator);
    case IteratorCode::kZip: return advanceZip(thread, iterator);
    case IteratorCode::kMap: return advanceMap(thread, iterator);
    case IteratorCode::kFilter: return advanceFilter(thread, iterator);
    case IteratorCode::kDictReverseKey:
    case IteratorCode::kDictReverseValue:
    case IteratorCode::kDictReverseItem: return advanceDictBackwards(thread, iterator);
    case IteratorCode::kDeque:
    case IteratorCode::kDequeReverse: return advanceDeque(thread, iterator);
    case IteratorCode::kOrderedDict: return advanceOrderedDict(thread, iterator);
    default: return advanceItertool(thread, iterator);
  }
}

static Type* builtinOf(IteratorCode code) {
  if (code >= IteratorCode::kFirstOfModules) return moduleIteratorType(code);
  switch (code) {
    case IteratorCode::kEnumerate: return types.enumerate;
    case IteratorCode::kZip: return types.zip;
    case IteratorCode::kMap: return types.map;
    case IteratorCode::kFilter: return types.filter;
    default: return types.reversed;
  }
}

// An instance of a Python class derived from enumerate, zip ...: its own __next__ goes first.
KRAIT_COLD static Fallible<Value> nextOfSubclass(Thread& thread, Iterator* iterator) {
  Value self = Value::of(iterator), method = specialMethod(self, Special::k__next__);
  if (method.is(builtinOf(iterator->code())->special(Special::k__next__))) return advance(thread, iterator);
  Fallible<Value> result = callSpecial(thread, method, self);
  if (!result.isRaised() || !pendingMatches(thread, exceptions.StopIteration)) return result;
  clearException(thread);
  return Value::unbound();
}

Fallible<Value> iteratorNext(Thread& thread, Iterator* iterator) {
  if (iterator->flags & Iterator::kSubclassed) [[unlikely]]
    return nextOfSubclass(thread, iterator);
  Fallible<Value> item = advance(thread, iterator);
  if (!item.isRaised() || !pendingMatches(thread, exceptions.StopIteration)) return item;
  clearException(thread);  // map(f, ...) ends when f raises StopIteration
  return Value::unbound();
}

Fallible<Value> iteratorSelf(Thread&, Value self) { return self; }
Fallible<Value> iteratorNextMethod(Thread& thread, Value self) { return advance(thread, self.as<Iterator>()); }

// --- the types -------------------------------------------------------------------------------------------------------

void initialiseIterators(Thread& thread) {
  struct Declaration {
    Type*& type;
    const char* name;
    bool hasSetState;
  };
  const Declaration declarations[] = {
      {types.sequenceIterator, "iterator", true},
      {types.listIterator, "list_iterator", true},
      {types.listReverseIterator, "list_reverseiterator", true},
      {types.tupleIterator, "tuple_iterator", true},
      {types.rangeIterator, "range_iterator", true},
      {types.longRangeIterator, "longrange_iterator", true},
      {types.strIterator, "str_iterator", true},
      {types.strAsciiIterator, "str_ascii_iterator", true},
      {types.bytesIterator, "bytes_iterator", true},
      {types.bytearrayIterator, "bytearray_iterator", true},
      {types.dictKeyIterator, "dict_keyiterator", false},
      {types.dictValueIterator, "dict_valueiterator", false},
      {types.dictItemIterator, "dict_itemiterator", false},
      {types.dictReverseKeyIterator, "dict_reversekeyiterator", false},
      {types.dictReverseValueIterator, "dict_reversevalueiterator", false},
      {types.dictReverseItemIterator, "dict_reverseitemiterator", false},
      {types.setIterator, "set_iterator", false},
  };
  for (const Declaration& declaration : declarations) {
    TypeBuilder builder(thread, declaration.name, types.object, Kind::kIterator);
    builder.special("__iter__", iteratorSelf)
        .next(iteratorNextMethod)
        .method("__length_hint__", iteratorLengthHint)
        .method("__reduce__", iteratorReduce);
    if (declaration.hasSetState) builder.method("__setstate__", iteratorSetState);
    declaration.type = builder.build();
  }
  types.callableIterator = TypeBuilder(thread, "callable_iterator", types.object, Kind::kIterator)
                               .special("__iter__", iteratorSelf)
                               .next(iteratorNextMethod)
                               .method("__reduce__", iteratorReduce)
                               .build();
  initialiseAdaptors(thread);
}

}  // namespace krait
