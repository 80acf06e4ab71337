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
// The same where no __index__ method needs to be called: bounds of inline ints or None. False: the general way.
KRAIT_INLINE bool quickSlice(const Slice* slice, uint64_t sequenceLength, SliceBounds& bounds) {
  Value start = slice->start, stop = slice->stop, step = slice->step;
  if (!(start.isNone() || start.isInlineInt()) || !(stop.isNone() || stop.isInlineInt())) return false;
  int64_t length = static_cast<int64_t>(sequenceLength), lowest = 0, highest = length;
  bounds.step = 1;
  if (!step.isNone()) [[unlikely]] {
    if (!step.isInlineInt() || step.bits() == 0) return false;
    bounds.step = step.asInlineInt();
    if (bounds.step < 0) lowest = -1, highest = length - 1;
  }
  auto clip = [&](Value bound) __attribute__((always_inline)) {
    int64_t at = bound.asInlineInt();
    if (at < 0) return at + length < lowest ? lowest : at + length;
    return at < highest ? at : highest;
  };
  bool isDescending = bounds.step < 0;
  bounds.start = start.isNone() ? (isDescending ? highest : lowest) : clip(start);
  bounds.stop = stop.isNone() ? (isDescending ? lowest : highest) : clip(stop);
  int64_t distance = isDescending ? bounds.start - bounds.stop : bounds.stop - bounds.start;
  if (bounds.step == 1 || bounds.step == -1)
    bounds.length = distance > 0 ? distance : 0;
  else
    bounds.length = distance > 0 ? (distance - 1) / (isDescending ? -bounds.step : bounds.step) + 1 : 0;
  return true;
}
// For ranges: the same over ints of any size. `length` is an int >= 0; start, stop and step receive ints.
Fallible<void> resolveSliceOfInts(Thread& thread, const Slice* slice, Value length, Value& start, Value& stop,
                                  Value& step);
void initialiseSlice(Thread&);
}  // namespace krait
