// list: growable arrays of Values.
#pragma once
#include <span>

#include "vm/builtins/type.h"
#include "vm/thread.h"

namespace krait {
struct List : Object {
  uint64_t length;
  uint64_t capacity;  // slots in storage
  Field<ValueArray*>
      storage;  // null when capacity is 0; traced up to storage->length == capacity, unused slots are int 0
  std::span<const Value> values() const { return {length == 0 ? nullptr : storage->slots, length}; }
};
Fallible<List*> makeList(Thread& thread, std::span<const Value> items);
Fallible<List*> makeListWithCapacity(Thread& thread, uint64_t capacity);
Fallible<void> listAppendSlow(Thread& thread, List* list, Value item);
KRAIT_INLINE Fallible<void> listAppend(Thread& thread, List* list, Value item) {
  if (list->length < list->capacity) [[likely]] {
    list->storage->slots[list->length++] = item;
    return {};
  }
  return listAppendSlow(thread, list, item);
}
Fallible<void> listExtend(Thread& thread, List* list, Value iterable);
Fallible<List*> listFromIterable(Thread& thread, Value iterable);
Fallible<void> listSort(Thread& thread, List* list, Value keyOrNone, bool reverse);  // stable; timsort-grade
KRAIT_INLINE List* toList(Value v) { return isKind(v, Kind::kList) ? v.as<List>() : nullptr; }
void initialiseList(Thread&);
}  // namespace krait

#include "vm/operations.h"  // last: its templates walk lists and tuples
