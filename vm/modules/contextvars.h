// What C++ code needs of contexts: the current one's copy, for callbacks that run later.
#pragma once
#include "vm/operations.h"

namespace krait {

// contextvars.copy_context()
Fallible<Value> copyCurrentContext(Thread& thread);

}  // namespace krait
