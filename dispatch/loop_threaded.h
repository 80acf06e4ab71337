// The threaded loops, goto and direct: labels as values, a dispatch at the end of every step. KRAIT_JUMP is how they
// differ: through the table by the token's number, or straight to the token's address.
#pragma once
#include "dispatch/cold.h"
#include "dispatch/interpret.h"
#include "dispatch/pinned_thread.h"
#include "dispatch/step.h"
#include "dispatch/topology.h"

namespace krait {

extern "C" {
[[gnu::used, gnu::visibility("default")]] const void* kraitDispatchTable[kAllOpCount];
}

// Called with a null frame once, it publishes the labels' addresses.
[[gnu::noinline]] static uint64_t loop(Thread* thread, Frame* frame) {
  static const void* const kLabels[] = {
#define OPERATION(name) &&L_##name,
#include "specialize/operations.def"
#undef OPERATION
  };
  if (frame == nullptr) {
    for (unsigned i = 0; i < kAllOpCount; i++) kraitDispatchTable[i] = kLabels[i];
    return 0;
  }
  Thread& t = *thread;
  Registers r{frame->pc, t.sp, frame};
  KRAIT_JUMP;

#define KRAIT_LABEL(name)                                \
  L_##name : switch (step<ops::name>(KRAIT_THREAD, r)) { \
    case Next::kNext:                                    \
    case Next::kReload:                                  \
      [[likely]] {                                       \
        KRAIT_DISTINCT(name);                            \
        KRAIT_JUMP;                                      \
      }                                                  \
    case Next::kRaise: goto raise;                       \
    case Next::kUnbound: goto unbound;                   \
    case Next::kBreak: goto breaker;                     \
    case Next::kDeopt: goto deoptimise;                  \
    case Next::kWarm: goto warm;                         \
    case Next::kTrace: goto trace;                       \
    case Next::kHalt: goto halt;                         \
  }                                                      \
  __builtin_unreachable();
#define OPERATION(name) KRAIT_LABEL(name)
#include "specialize/operations.def"
#undef OPERATION
#undef KRAIT_LABEL

raise:
  if (!cold::raise(KRAIT_THREAD)) return Value::error().bits();
  goto reload;
unbound:
  if (!cold::unbound(KRAIT_THREAD, r.pc, r.sp, r.fp)) return Value::error().bits();
  goto reload;
breaker:
  if (!cold::breakAt(KRAIT_THREAD, r.pc, r.sp, r.fp)) return Value::error().bits();
  goto reload;
deoptimise:
  goto* kLabels[static_cast<unsigned>(cold::deoptimise(KRAIT_THREAD, r.pc, r.sp, r.fp))];
warm:
  cold::warm(KRAIT_THREAD, r.pc, r.sp, r.fp);
  KRAIT_JUMP;
trace : {
  Op op = cold::trace(KRAIT_THREAD, r.pc, r.sp, r.fp);
  if (op == Op::kCount) return Value::error().bits();
  r.fp = KRAIT_THREAD.frame;
  r.sp = KRAIT_THREAD.sp;
  r.pc = r.fp->pc - 1;
  goto* kLabels[static_cast<unsigned>(op)];
}
reload:
  r.fp = KRAIT_THREAD.frame;
  r.sp = KRAIT_THREAD.sp;
  r.pc = r.fp->pc;
  KRAIT_JUMP;
halt:
  return KRAIT_THREAD.sp->bits();
}

Value interpret(Thread& thread, Frame* frame) { return Value(loop(&thread, frame)); }

}  // namespace krait
