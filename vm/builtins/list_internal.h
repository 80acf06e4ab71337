// What the files of list share among themselves.
#pragma once
#include "vm/builtins/list.h"
#include "vm/builtins/slice.h"

namespace krait {

// Cell::flags of a list whose items a running sort has taken away; anything that gives it storage again clears it.
inline constexpr uint8_t kListSorting = 1;

// Makes room for `capacity` items in all, over-allocating as CPython does.
Fallible<void> listReserve(Thread& thread, List* list, uint64_t capacity);
// list[start:stop] = items; the items must not lie in this list's own storage.
Fallible<void> listReplaceRange(Thread& thread, List* list, uint64_t start, uint64_t stop,
                                std::span<const Value> items);
// list[start:stop:step], list[slice] = iterable.
Fallible<void> listAssignSlice(Thread& thread, List* list, Value slice, Value iterable);
Fallible<List*> listSlice(Thread& thread, List* list, const SliceBounds& bounds);
void listClear(List* list);
void declareListMethods(TypeBuilder& builder);

}  // namespace krait
