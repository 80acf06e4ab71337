// range: arithmetic progressions of ints.
#pragma once
#include "vm/operations.h"

namespace krait {
struct Range : Cell {
  Field<Value> start, stop, step, length;  // ints of any size
};
// From ints (results of index()); "range() arg 3 must not be zero".
Fallible<Value> makeRange(Thread& thread, Value start, Value stop, Value step);
// start + i * step.
Fallible<Value> rangeItem(Thread& thread, const Range* range, Value i);
void initialiseRange(Thread&);
}  // namespace krait
