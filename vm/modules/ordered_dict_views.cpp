// The views and iterators of collections.OrderedDict.
#include "vm/builtins/functions.h"
#include "vm/builtins/iterators_internal.h"
#include "vm/builtins/tuple.h"
#include "vm/modules/ordered_dict.h"

namespace krait {
namespace {

// kOrderedDict: source: the dict; index: the next entry; stop: the dict's keysVersion; step: what, kBackwards included.
constexpr int64_t kBackwards = 4;
Type* viewTypes[3];

OrderedWhat whatOf(Value view) {
  for (int64_t i = 0; i < 3; i++)
    if (isInstanceOf(view, viewTypes[i])) return static_cast<OrderedWhat>(i);
  return OrderedWhat::kKeys;
}
Fallible<Value> viewIter(Thread& thread, Value self) {
  return makeOrderedIterator(thread, Value::of(self.as<DictView>()->dict.get()), whatOf(self), false);
}
Fallible<Value> viewReversed(Thread& thread, Value self) {
  return makeOrderedIterator(thread, Value::of(self.as<DictView>()->dict.get()), whatOf(self), true);
}

Fallible<Value> iteratorReduceOrdered(Thread& thread, Value self) {
  Iterator* iterator = self.as<Iterator>();
  Iterator* copy = TRY(allocate<Iterator>(thread, Kind::kIterator, iterator->shape()));
  copy->aux = iterator->aux;
  copy->source.set(iterator->source);
  copy->extra.set(iterator->extra);
  copy->index = iterator->index;
  copy->stop = iterator->stop;
  copy->step = iterator->step;
  Value rest = Value::of(TRY(listFromIterable(thread, Value::of(copy))));
  Value arguments = Value::of(TRY(makeTuple(thread, {rest})));
  return Value::of(TRY(makeTuple(thread, {builtinIter(), arguments})));
}

}  // namespace

Fallible<Value> makeOrderedIterator(Thread& thread, Value dict, OrderedWhat what, bool reversed) {
  Type* type = moduleIteratorType(IteratorCode::kOrderedDict);
  Iterator* iterator = TRY(allocateIterator(thread, type, type, IteratorCode::kOrderedDict, dict));
  Dict* content = dict.as<Dict>();
  int64_t entries = content->keys == nullptr ? 0 : int64_t{content->keys->entryCount};
  iterator->index = reversed ? entries - 1 : orderedDictFirst(dict);
  iterator->stop = dictKeysVersion(content);
  iterator->step = static_cast<int64_t>(what) + (reversed ? kBackwards : 0);
  return Value::of(iterator);
}

Fallible<Value> makeOrderedView(Thread& thread, Value dict, OrderedWhat what) {
  return makeDictView(thread, viewTypes[static_cast<int64_t>(what)], dict.as<Dict>());
}

Fallible<Value> advanceOrderedDict(Thread& thread, Iterator* iterator) {
  Dict* dict = iterator->source.get().as<Dict>();
  if (iterator->stop != int64_t{dict->keysVersion}) [[unlikely]] {
    bool isCleared = dict->keys == nullptr;
    return raiseFormat(thread, exceptions.RuntimeError, "OrderedDict {} during iteration",
                       isCleared ? "changed size" : "mutated");
  }
  const DictKeys* keys = dict->keys;
  int64_t i = iterator->index, count = keys == nullptr ? 0 : int64_t{keys->entryCount};
  int64_t way = iterator->step & kBackwards ? -1 : 1;
  while (i >= 0 && i < count && keys->entries[i].key.get().isUnbound()) i += way;
  if (i < 0 || i >= count) {
    iterator->source.set(Value::unbound());
    return Value::unbound();
  }
  iterator->index = i + way;
  const DictEntry& entry = keys->entries[i];
  switch (static_cast<OrderedWhat>(iterator->step & ~kBackwards)) {
    case OrderedWhat::kKeys: return entry.key.get();
    case OrderedWhat::kValues: return entry.value.get();
    default: return makePair(thread, entry.key, entry.value);
  }
}

void declareOrderedViews(Thread& thread) {
  Type* bases[] = {types.dictKeys, types.dictValues, types.dictItems};
  const char* names[] = {"odict_keys", "odict_values", "odict_items"};
  for (int i = 0; i < 3; i++) {
    viewTypes[i] = TypeBuilder(thread, names[i], bases[i], Kind::kDictView)
                       .special("__iter__", viewIter)
                       .method("__reversed__", viewReversed)
                       .build();
  }
  moduleIteratorType(IteratorCode::kOrderedDict) = TypeBuilder(thread, "odict_iterator", types.object, Kind::kIterator)
                                                       .special("__iter__", iteratorSelf)
                                                       .next(iteratorNextMethod)
                                                       .method("__reduce__", iteratorReduceOrdered)
                                                       .build();
}

}  // namespace krait
