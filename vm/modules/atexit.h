// What main() asks of module atexit.
#pragma once
#include "vm/thread.h"

namespace krait {

// Calls what was registered, the last first; errors go to sys.unraisablehook.
void runExitFunctions(Thread& thread);

}  // namespace krait
