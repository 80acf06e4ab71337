// When all else fails: what is printed before the process dies of a fatal signal.
#pragma once
#include <string>

#include "vm/thread.h"

namespace krait {

// SIGSEGV, SIGBUS, SIGILL, SIGFPE and SIGABRT print the mixed native and Python stack to stderr and then take their
// default course. They run on a stack of their own.
void installCrashHandlers();
// One line per frame, innermost first: native functions, and below each dispatch loop the Python frames that it runs.
std::string mixedBacktrace(Thread& thread);

}  // namespace krait
