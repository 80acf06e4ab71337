// range: arithmetic progressions of ints.
#pragma once
#include "vm/operations.h"

namespace krait {
struct Range : Cell {
  Field<Value> start, stop, step, length;  // ints of any size
};
Fallible<Value> makeRange(Thread& thread, Value start, Value stop, Value step);
void initialiseRange(Thread&);
}  // namespace krait
