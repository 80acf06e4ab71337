// The hooks of dispatch/instrument.h with nothing in them: what a loop without statistics is compared with.
#pragma once
#include "specialize/adapt.h"
#include "vm/prepared.h"

namespace krait {
template <Op op>
KRAIT_INLINE void instrument(Thread&, const Registers&) {}
KRAIT_INLINE void instrumentFusion(Thread&) {}
}  // namespace krait
