// The threaded loops, goto and direct: labels as values, a dispatch at the end of every step. KRAIT_JUMP is how they
// differ: through the table by the token's number, or straight to the token's address.
#pragma once
#include "dispatch/cold.h"
#include "dispatch/interpret.h"
#include "dispatch/step.h"
#include "dispatch/topology.h"

namespace krait {

extern "C" {
[[gnu::used, gnu::visibility("default")]] const void* kraitDispatchTable[kOpCount];
}

// Called with a null frame once, it publishes the labels' addresses.
[[gnu::noinline]] static uint64_t loop(Thread* thread, Frame* frame) {
  static const void* const kLabels[] = {
#define INSTRUCTION(name, number) &&L_##name,
#include "vm/instructions.def"
#undef INSTRUCTION
#define OPERAND_FORM(name, base) &&L_##name,
#include "vm/operand_forms.def"
#undef OPERAND_FORM
  };
  if (frame == nullptr) {
    for (unsigned i = 0; i < kOpCount; i++) kraitDispatchTable[i] = kLabels[i];
    return 0;
  }
  Thread& t = *thread;
  Registers r{frame->pc, t.sp, frame};
  KRAIT_JUMP;

#define KRAIT_LABEL(name)                    \
  L_##name : switch (step<Op::name>(t, r)) { \
    case Next::kNext:                        \
    case Next::kReload:                      \
      [[likely]] {                           \
        KRAIT_DISTINCT(name);                \
        KRAIT_JUMP;                          \
      }                                      \
    case Next::kRaise: goto raise;           \
    case Next::kUnbound: goto unbound;       \
    case Next::kBreak: goto breaker;         \
    case Next::kDeopt:                       \
    case Next::kWarm: goto deoptimise;       \
    case Next::kHalt: goto halt;             \
  }                                          \
  __builtin_unreachable();
#define INSTRUCTION(name, number) KRAIT_LABEL(name)
#include "vm/instructions.def"
#undef INSTRUCTION
#define OPERAND_FORM(name, base) KRAIT_LABEL(name)
#include "vm/operand_forms.def"
#undef OPERAND_FORM
#undef KRAIT_LABEL

raise:
  if (!cold::raise(t)) return Value::error().bits();
  goto reload;
unbound:
  if (!cold::unbound(t, r.pc, r.sp, r.fp)) return Value::error().bits();
  goto reload;
breaker:
  if (!cold::breakAt(t, r.pc, r.sp, r.fp)) return Value::error().bits();
  goto reload;
deoptimise:
  cold::deoptimise(r.pc);
  KRAIT_JUMP;
reload:
  r.fp = t.frame;
  r.sp = t.sp;
  r.pc = r.fp->pc;
  KRAIT_JUMP;
halt:
  return t.sp->bits();
}

Value interpret(Thread& thread, Frame* frame) { return Value(loop(&thread, frame)); }

}  // namespace krait
