// The templates of operations.h: iterating from C++.
#pragma once
#include "vm/builtins/list.h"
#include "vm/builtins/tuple.h"

namespace krait {

// A list may change while it is walked: it is re-read at every step, as its iterator does.
template <class F>
Fallible<void> forEach(Thread& thread, Value iterable, F each) {
  if (isKind(iterable, Kind::kTuple) && typeOf(iterable) == types.tuple) {
    Tuple* tuple = iterable.as<Tuple>();
    for (uint64_t i = 0; i < tuple->length; i++) {
      if (!TRY(each(tuple->items[i].get()))) return {};
    }
    return {};
  }
  if (isKind(iterable, Kind::kList) && typeOf(iterable) == types.list) {
    List* list = iterable.as<List>();
    for (uint64_t i = 0; i < list->length; i++) {
      if (!TRY(each(list->storage->slots[i]))) return {};
    }
    return {};
  }
  Value iterator = TRY(iterate(thread, iterable));
  for (uint32_t steps = 1;; steps++) {
    Value element = TRY(next(thread, iterator));
    if (element.isUnbound()) return {};
    if (!TRY(each(element))) return {};
    if ((steps & 0xfff) == 0) TRY(pollEvalBreaker(thread));
  }
}

}  // namespace krait
