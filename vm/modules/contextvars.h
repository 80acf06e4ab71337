// Context variables for C++ code: the module decimal keeps its current context in one, tasks and callbacks of asyncio
// run in copies of the current one.
#pragma once
#include "vm/operations.h"

namespace krait {

// Changes whenever a variable is set or reset and whenever a context is made: what has been read from the same
// thread.context under the same number is still there.
inline uint64_t contextVersion = 1;

Fallible<Value> makeContextVariable(Thread& thread, const char* name);
// The value in the thread's current context, or unbound.
Fallible<Value> contextVariableValue(Thread& thread, Value variable);
Fallible<void> setContextVariable(Thread& thread, Value variable, Value value);
// contextvars.copy_context()
Fallible<Value> copyCurrentContext(Thread& thread);

}  // namespace krait
