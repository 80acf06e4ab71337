// A running interpreter inside a micro-benchmark: starts the VM once and compiles Python functions by source.
#pragma once
#include <string>

#include "vm/builtins/function.h"
#include "vm/thread.h"

namespace krait::micro {

// The main thread, with the runtime up; ends the process with a message when it cannot start.
Thread& startInterpreter();

// Executes the source as a module and returns its function `f`, kept alive until the process ends. Ends the process
// with the exception's text when the source is wrong.
Function* compileFunction(Thread& thread, const std::string& source);

// Words, that is dispatches, from `entry` to the end of the function's prepared code.
uint64_t wordsOf(const Function* function);

// Calls it with one int: its result. Ends the process when it raises.
Value callWith(Thread& thread, Function* function, int64_t argument);

}  // namespace krait::micro
