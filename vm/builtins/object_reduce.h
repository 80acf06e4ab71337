// object's part in copying and pickling: what an object is made from again.
#pragma once
#include "vm/operations.h"

namespace krait {

Fallible<Value> objectReduce(Thread& thread, Value self);
Fallible<Value> objectReduceEx(Thread& thread, Value self, Value protocol);
Fallible<Value> objectGetstate(Thread& thread, Value self);

}  // namespace krait
