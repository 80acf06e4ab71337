// faulthandler: what the command line needs of it.
#pragma once
#include "vm/thread.h"

namespace krait {

// -X faulthandler, PYTHONFAULTHANDLER: tracebacks on stderr when the program crashes.
void enableFaultHandler(Thread& thread);

}  // namespace krait
