// Dispatch `switch`: one shared site; the reference that the others are measured against.
#include "dispatch/cold.h"
#include "dispatch/interpret.h"
#include "dispatch/step.h"
#include "dispatch/topology.h"

namespace krait {

Value interpret(Thread& thread, Frame* frame) {
  Thread& t = thread;
  Registers r{frame->pc, t.sp, frame};
  [[gnu::used]] static const void* const kraitDispatchTable[] = {
#define INSTRUCTION(name, number) KRAIT_TOPOLOGY_ADDRESS(name),
#include "vm/instructions.def"
#undef INSTRUCTION
#define OPERAND_FORM(name, base) KRAIT_TOPOLOGY_ADDRESS(name),
#include "vm/operand_forms.def"
#undef OPERAND_FORM
  };
dispatch:
  switch (static_cast<Op>(r.pc->token)) {
#define KRAIT_CASE(name)                            \
  case Op::name:                                    \
    KRAIT_TOPOLOGY_ENTRY(name)                      \
    switch (step<Op::name>(t, r)) {                 \
      case Next::kNext:                             \
      case Next::kReload: [[likely]] goto dispatch; \
      case Next::kRaise: goto raise;                \
      case Next::kUnbound: goto unbound;            \
      case Next::kBreak: goto breaker;              \
      case Next::kDeopt:                            \
      case Next::kWarm: goto deoptimise;            \
      case Next::kHalt: goto halt;                  \
    }                                               \
    __builtin_unreachable();
#define INSTRUCTION(name, number) KRAIT_CASE(name)
#include "vm/instructions.def"
#undef INSTRUCTION
#define OPERAND_FORM(name, base) KRAIT_CASE(name)
#include "vm/operand_forms.def"
#undef OPERAND_FORM
#undef KRAIT_CASE
    case Op::kCount: break;
  }
  __builtin_unreachable();

raise:
  if (!cold::raise(t)) return Value::error();
  goto reload;
unbound:
  if (!cold::unbound(t, r.pc, r.sp, r.fp)) return Value::error();
  goto reload;
breaker:
  if (!cold::breakAt(t, r.pc, r.sp, r.fp)) return Value::error();
  goto reload;
deoptimise:
  cold::deoptimise(r.pc);
  goto dispatch;
reload:
  r.fp = t.frame;
  r.sp = t.sp;
  r.pc = r.fp->pc;
  goto dispatch;
halt:
  return *t.sp;
}

extern "C" {
uintptr_t kraitTokenOf(unsigned op) { return op; }
const char* kraitDispatchName() { return "switch"; }
}

}  // namespace krait
