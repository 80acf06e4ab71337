// The shapes of exact built-in classes as 32-bit immediates of the header: `isExact(v, exactShapes.list)` is one
// compare.
#pragma once
#include "vm/cell.h"

namespace krait {

struct ExactShapes {
  uint32_t list, tuple, dict, str, bytes, set, frozenset, module, super, method, rangeIterator, listIterator,
      tupleIterator, generator, coroutine, slice, type;
};
inline ExactShapes exactShapes;
void initialiseExactShapes();

KRAIT_INLINE bool isExact(Value v, uint32_t shape) { return v.isCell() && v.asCell()->shape_ == shape; }

}  // namespace krait
