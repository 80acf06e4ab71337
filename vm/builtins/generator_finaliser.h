// What becomes of generators and coroutines that nobody will resume.
#pragma once
#include "vm/builtins/generator.h"

namespace krait {

// Whether anything is lost when it just goes: a `finally` or `with` it is suspended in, the warning that it was never
// awaited, an event loop that wants to close it. Does not allocate: the collector asks.
bool needsFinalising(const Generator* generator);
// Whether it may ever need that, asked when it is made.
bool mayNeedFinalising(const Generator* generator);
// Closes it, or hands it to the event loop, or warns. Errors go to sys.unraisablehook.
void finaliseGenerator(Thread& thread, Generator* generator);

}  // namespace krait
