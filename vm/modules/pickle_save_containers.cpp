// Writing pickles: tuples, lists, dicts and sets, which may hold themselves and may change meanwhile.
#include "vm/builtins/dict.h"
#include "vm/builtins/list.h"
#include "vm/builtins/set.h"
#include "vm/builtins/tuple.h"
#include "vm/modules/pickle_saver.h"
#include "vm/names.h"

namespace krait {

using namespace pickle_code;

Fallible<void> PickleSaver::saveTuple(Value v, const Tuple* tuple) {
  uint64_t length = tuple->length;
  if (length == 0) {
    if (pickler_->protocol != 0) {
      out_.put(kEmptyTuple);
    } else {
      out_.put(kMark, kTuple);
    }
    return {};
  }
  bool isShort = length <= 3 && pickler_->protocol >= 2;
  if (!isShort) out_.put(kMark);
  for (uint64_t i = 0; i < length; i++) TRY(save(tuple->items[i].get()));
  // A tuple that holds itself has been written by now: what lies on the stack is thrown away.
  if (int64_t number = picklerMemoFind(pickler_, v); number >= 0) {
    if (!isShort && pickler_->bin) {
      out_.put(kPopMark);
    } else {
      for (uint64_t pops = isShort ? length : length + 1; pops > 0; pops--) out_.put(kPop);
    }
    return writeGet(number);
  }
  out_.put(isShort ? static_cast<uint8_t>(kTuple1 + length - 1) : uint8_t{kTuple});
  return memoize(v);
}

// --- lists ------------------------------------------------------------------------------------------------------------
Fallible<void> PickleSaver::saveList(Value v, List* list) {
  FastGuard guard(*this, v);
  if (pickler_->fast) TRY(guard.check());
  if (pickler_->bin) {
    out_.put(kEmptyList);
  } else {
    out_.put(kMark, kList);
  }
  TRY(memoize(v));
  if (list->length == 0) return {};
  PickleDepth depth(thread_);
  if (pickler_->protocol == 0) return appendItems(TRY(iterate(thread_, v)));
  if (list->length == 1) {
    TRY(save(list->storage->slots[0]));
    out_.put(kAppend);
    return {};
  }
  uint64_t i = 0;
  do {
    out_.put(kMark);
    for (uint64_t batch = 0; i < list->length && batch < kPickleBatch; batch++) TRY(save(list->storage->slots[i++]));
    out_.put(kAppends);
    TRY(pollEvalBreaker(thread_));
  } while (i < list->length);
  return {};
}

// For any iterator: whether a batch has more than one item is known when the second one has come.
Fallible<void> PickleSaver::appendItems(Value iterator) {
  for (uint64_t count = kPickleBatch; count == kPickleBatch;) {
    TRY(pollEvalBreaker(thread_));
    Value first = TRY(next(thread_, iterator));
    if (first.isUnbound()) return {};
    if (pickler_->protocol == 0) {
      TRY(save(first));
      out_.put(kAppend);
      continue;
    }
    Value item = TRY(next(thread_, iterator));
    if (item.isUnbound()) {
      TRY(save(first));
      out_.put(kAppend);
      return {};
    }
    out_.put(kMark);
    TRY(save(first));
    for (count = 1; !item.isUnbound();) {
      TRY(save(item));
      if (++count == kPickleBatch) break;
      item = TRY(next(thread_, iterator));
    }
    out_.put(kAppends);
  }
  return {};
}

// --- dicts ------------------------------------------------------------------------------------------------------------
Fallible<void> PickleSaver::saveDict(Value v, Dict* dict) {
  FastGuard guard(*this, v);
  if (pickler_->fast) TRY(guard.check());
  if (pickler_->bin) {
    out_.put(kEmptyDict);
  } else {
    out_.put(kMark, kDict);
  }
  TRY(memoize(v));
  if (dict->length == 0) return {};
  PickleDepth depth(thread_);
  if (pickler_->protocol == 0) {
    Value items = TRY(callMethod(thread_, v, names.items, {}));
    return setItems(TRY(iterate(thread_, items)));
  }
  uint64_t length = dict->length, position = 0;
  Value key, value;
  if (length == 1) {
    if (!dictNext(dict, position, key, value)) return {};
    TRY(save(key));
    TRY(save(value));
    out_.put(kSetItem);
    return {};
  }
  uint64_t batch;
  do {
    out_.put(kMark);
    for (batch = 0; batch < kPickleBatch && dictNext(dict, position, key, value); batch++) {
      TRY(save(key));
      TRY(save(value));
    }
    out_.put(kSetItems);
    if (dict->length != length)
      return raise(thread_, exceptions.RuntimeError, "dictionary changed size during iteration");
    TRY(pollEvalBreaker(thread_));
  } while (batch == kPickleBatch);
  return {};
}

Fallible<void> PickleSaver::saveTwo(Value pair) {
  const Tuple* tuple = toTuple(pair);
  if (tuple == nullptr || tuple->length != 2)
    return raise(thread_, exceptions.TypeError, "dict items iterator must return 2-tuples");
  TRY(save(tuple->items[0]));
  return save(tuple->items[1]);
}

Fallible<void> PickleSaver::setItems(Value iterator) {
  for (uint64_t count = kPickleBatch; count == kPickleBatch;) {
    TRY(pollEvalBreaker(thread_));
    Value first = TRY(next(thread_, iterator));
    if (first.isUnbound()) return {};
    if (pickler_->protocol == 0) {
      TRY(saveTwo(first));
      out_.put(kSetItem);
      continue;
    }
    if (const Tuple* t = toTuple(first); t == nullptr || t->length != 2) return saveTwo(first);
    Value item = TRY(next(thread_, iterator));
    if (item.isUnbound()) {
      TRY(saveTwo(first));
      out_.put(kSetItem);
      return {};
    }
    out_.put(kMark);
    TRY(saveTwo(first));
    for (count = 1; !item.isUnbound();) {
      TRY(saveTwo(item));
      if (++count == kPickleBatch) break;
      item = TRY(next(thread_, iterator));
    }
    out_.put(kSetItems);
  }
  return {};
}

// --- sets -------------------------------------------------------------------------------------------------------------
Fallible<void> PickleSaver::saveSet(Value v, Set* set) {
  if (pickler_->protocol < 4) {
    Value items = Value::of(TRY(listFromIterable(thread_, v)));
    return saveCall(Value::of(types.set), Value::of(TRY(makeTuple(thread_, {items}))), v);
  }
  out_.put(kEmptySet);
  TRY(memoize(v));
  uint64_t length = set->used, position = 0, batch;
  if (length == 0) return {};
  do {
    out_.put(kMark);
    Value key;
    for (batch = 0; batch < kPickleBatch && setNext(set, position, key); batch++) TRY(save(key));
    out_.put(kAddItems);
    if (set->used != length) return raise(thread_, exceptions.RuntimeError, "set changed size during iteration");
    TRY(pollEvalBreaker(thread_));
  } while (batch == kPickleBatch);
  return {};
}

Fallible<void> PickleSaver::saveFrozenset(Value v, Set* set) {
  FastGuard guard(*this, v);
  if (pickler_->fast) TRY(guard.check());
  if (pickler_->protocol < 4) {
    Value items = Value::of(TRY(listFromIterable(thread_, v)));
    return saveCall(Value::of(types.frozenset), Value::of(TRY(makeTuple(thread_, {items}))), v);
  }
  out_.put(kMark);
  uint64_t position = 0;
  Value key;
  while (setNext(set, position, key)) TRY(save(key));
  if (int64_t number = picklerMemoFind(pickler_, v); number >= 0) {  // it holds itself, by way of something else
    out_.put(kPopMark);
    return writeGet(number);
  }
  out_.put(kFrozenSet);
  return memoize(v);
}

}  // namespace krait
