// slice objects and the arithmetic of slicing.
#pragma once
#include "vm/operations.h"

namespace krait {
struct Slice : Cell {
  Field<Value> start, stop, step;
};
Fallible<Value> makeSlice(Thread& thread, Value start, Value stop, Value step);
struct SliceBounds {
  int64_t start, stop, step, length;  // length: elements selected
};
// As slice.indices(length); raises "slice step cannot be zero", "slice indices must be integers or None or have an
// __index__ method".
Fallible<SliceBounds> resolveSlice(Thread& thread, const Slice* slice, int64_t length);
void initialiseSlice(Thread&);
}  // namespace krait
