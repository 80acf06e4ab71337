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
// The same in two steps, for sequences that the __index__ methods may change: unpack, look at the length, adjust.
Fallible<SliceBounds> unpackSlice(Thread& thread, const Slice* slice);
void adjustSlice(SliceBounds& bounds, int64_t length);
// For ranges: the same over ints of any size. `length` is an int >= 0; start, stop and step receive ints.
Fallible<void> resolveSliceOfInts(Thread& thread, const Slice* slice, Value length, Value& start, Value& stop,
                                  Value& step);
void initialiseSlice(Thread&);
}  // namespace krait
