// Start-up of the interpreter: from nothing to the moment before the program runs.
#pragma once
#include "dispatch/options.h"
#include "vm/thread.h"

namespace krait {

// Types, sys, importlib, encodings, io, __main__, warnings, site: in CPython's order. Raises whatever those modules
// raise.
Fallible<void> startInterpreter(Thread& thread, const CommandLine& line);

}  // namespace krait
