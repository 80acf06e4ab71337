// What the files of collections.OrderedDict share.
#pragma once
#include "vm/builtins/dict.h"

namespace krait {

inline Type* orderedDictType;
// An OrderedDict is a Dict whose order may be changed. Two hidden slots remember where its first entry is: the key
// table meant (a cell) and a number in it.
uint32_t orderedDictFirst(Value self);
Fallible<void> rememberFirst(Thread& thread, Value self, uint32_t first);

enum class OrderedWhat : int64_t { kKeys, kValues, kItems };
Fallible<Value> makeOrderedIterator(Thread& thread, Value dict, OrderedWhat what, bool reversed);
Fallible<Value> makeOrderedView(Thread& thread, Value dict, OrderedWhat what);
void declareOrderedViews(Thread& thread);
Type* declareOrderedDict(Thread& thread);

}  // namespace krait
