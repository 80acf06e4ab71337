// Dispatch `switch`: one shared site; the reference that the others are measured against.
#include "dispatch/cold.h"
#include "dispatch/interpret.h"
#include "dispatch/pinned_thread.h"
#include "dispatch/step.h"
#include "dispatch/topology.h"

namespace krait {

Value interpret(Thread& thread, Frame* frame) {
  Thread& t = thread;
  Registers r{frame->pc, t.sp, frame};
  [[gnu::used]] static const void* const kraitDispatchTable[] = {
#define OPERATION(name) KRAIT_TOPOLOGY_ADDRESS(name),
#include "specialize/operations.def"
#undef OPERATION
  };
  uintptr_t token;
dispatch:
  token = r.pc->token;
dispatchOn:
  switch (static_cast<detail::AllOps>(token)) {
#define KRAIT_CASE(name)                            \
  case detail::AllOps::name:                        \
    KRAIT_TOPOLOGY_ENTRY(name)                      \
    switch (step<ops::name>(KRAIT_THREAD, r)) {     \
      case Next::kNext:                             \
      case Next::kReload: [[likely]] goto dispatch; \
      case Next::kRaise: goto raise;                \
      case Next::kUnbound: goto unbound;            \
      case Next::kBreak: goto breaker;              \
      case Next::kDeopt: goto deoptimise;           \
      case Next::kWarm: goto warm;                  \
      case Next::kTrace: goto trace;                \
      case Next::kHalt: goto halt;                  \
    }                                               \
    __builtin_unreachable();
#define OPERATION(name) KRAIT_CASE(name)
#include "specialize/operations.def"
#undef OPERATION
#undef KRAIT_CASE
    case detail::AllOps::kCount: break;
  }
  __builtin_unreachable();

raise:
  if (!cold::raise(KRAIT_THREAD)) return Value::error();
  goto reload;
unbound:
  if (!cold::unbound(KRAIT_THREAD, r.pc, r.sp, r.fp)) return Value::error();
  goto reload;
breaker:
  if (!cold::breakAt(KRAIT_THREAD, r.pc, r.sp, r.fp)) return Value::error();
  goto reload;
deoptimise:
  token = static_cast<uintptr_t>(cold::deoptimise(KRAIT_THREAD, r.pc, r.sp, r.fp));
  goto dispatchOn;
warm:
  cold::warm(KRAIT_THREAD, r.pc, r.sp, r.fp);
  goto dispatch;
trace:
  token = static_cast<uintptr_t>(cold::trace(KRAIT_THREAD, r.pc, r.sp, r.fp));
  if (token == static_cast<uintptr_t>(Op::kCount)) return Value::error();
  r.fp = KRAIT_THREAD.frame;
  r.sp = KRAIT_THREAD.sp;
  r.pc = r.fp->pc - 1;
  goto dispatchOn;
reload:
  r.fp = KRAIT_THREAD.frame;
  r.sp = KRAIT_THREAD.sp;
  r.pc = r.fp->pc;
  goto dispatch;
halt:
  return *KRAIT_THREAD.sp;
}

extern "C" {
uintptr_t kraitTokenOf(unsigned op) { return op; }
const char* kraitDispatchName() { return "switch"; }
}

}  // namespace krait
