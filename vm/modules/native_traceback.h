// Entries in tracebacks for functions of C, as CPython adds them by hand in a few modules.
#pragma once
#include "vm/operations.h"

namespace krait {

// Puts an entry in front of the pending exception's traceback. What goes wrong meanwhile is forgotten.
void addNativeTraceback(Thread& thread, const char* function, const char* file, int line);

}  // namespace krait
