// The hooks of dispatch/instrument_cold.h with nothing in them.
#pragma once
#include "dispatch/step.h"

namespace krait {
using WordBefore = int;
KRAIT_INLINE int instrumentMiss(Thread&, Pc, Value*, Frame*) { return 0; }
KRAIT_INLINE void instrumentMissed(Pc, int) {}
KRAIT_INLINE int instrumentWarm(Pc) { return 0; }
KRAIT_INLINE void instrumentWarmed(Pc, Value*, int) {}
}  // namespace krait
