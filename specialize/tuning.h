// Every threshold and back-off of the adaptive layer, a line each; all can be changed at run time:
// -X specialize=inline-cache,warm-up=2,miss-budget=8
#pragma once
#include <cstdint>

namespace krait {

// TUNABLE(member, name on the command line, default)
#define KRAIT_TUNABLES(TUNABLE)                                                                                      \
  TUNABLE(warmUp, "warm-up", 8)              /* calls and backward jumps before a code object's words observe */     \
  TUNABLE(firstAttempt, "first-attempt", 1)  /* executions of an adaptive word before its first observation */       \
  TUNABLE(missBudget, "miss-budget", 52)     /* misses that a specialised word survives */                           \
  TUNABLE(afterDeopt, "after-deopt", 16)     /* executions before a deoptimised word observes again */               \
  TUNABLE(deoptLimit, "deopt-limit", 6)      /* deoptimisations after which a place stays generic */                 \
  TUNABLE(backoffFirst, "back-off-first", 4) /* after a failed attempt: 2^this executions, then twice as many ... */ \
  TUNABLE(backoffLast, "back-off-last", 12)  /* ... up to 2^this */                                                  \
  TUNABLE(classBudget, "class-budget", 64)   /* changes of a class that inline caches survive; then it is left alone */

struct SpecializeTuning {
#define KRAIT_TUNABLE(member, name, value) uint32_t member = value;
  KRAIT_TUNABLES(KRAIT_TUNABLE)
#undef KRAIT_TUNABLE
};
inline SpecializeTuning specializeTuning;

}  // namespace krait
