// Dispatch `tail`: every op is a function; handlers jump to each other with guaranteed tail calls, the registers being
// the arguments of a calling convention that preserves nothing.
#include "dispatch/cold.h"
#include "dispatch/interpret.h"
#include "dispatch/step.h"
#include "dispatch/topology.h"

#if !defined(__clang__) || __clang_major__ < 19
#error "dispatch 'tail' needs musttail and preserve_none: clang >= 19"
#endif

namespace krait {

#define KRAIT_TAIL_CALL __attribute__((preserve_none))
using Handler = KRAIT_TAIL_CALL uint64_t (*)(Thread*, Pc, Value*, Frame*);
extern "C" const Handler kraitDispatchTable[kAllOpCount];

namespace {

KRAIT_INLINE Handler handlerOf(Pc pc) { return reinterpret_cast<Handler>(pc->token); }
#define KRAIT_DISPATCH(t, pc, sp, fp) [[clang::musttail]] return handlerOf(pc)(t, pc, sp, fp)

KRAIT_COLD KRAIT_TAIL_CALL uint64_t raisePath(Thread* t, Pc, Value*, Frame*) {
  if (!cold::raise(*t)) return Value::error().bits();
  KRAIT_DISPATCH(t, t->frame->pc, t->sp, t->frame);
}
KRAIT_COLD KRAIT_TAIL_CALL uint64_t unboundPath(Thread* t, Pc pc, Value* sp, Frame* fp) {
  if (!cold::unbound(*t, pc, sp, fp)) return Value::error().bits();
  KRAIT_DISPATCH(t, t->frame->pc, t->sp, t->frame);
}
KRAIT_COLD KRAIT_TAIL_CALL uint64_t breakPath(Thread* t, Pc pc, Value* sp, Frame* fp) {
  if (!cold::breakAt(*t, pc, sp, fp)) return Value::error().bits();
  KRAIT_DISPATCH(t, t->frame->pc, t->sp, t->frame);
}
KRAIT_COLD KRAIT_TAIL_CALL uint64_t deoptPath(Thread* t, Pc pc, Value* sp, Frame* fp) {
  Op op = cold::deoptimise(*t, pc, sp, fp);
  [[clang::musttail]] return kraitDispatchTable[static_cast<unsigned>(op)](t, pc, sp, fp);
}
KRAIT_COLD KRAIT_TAIL_CALL uint64_t warmPath(Thread* t, Pc pc, Value* sp, Frame* fp) {
  cold::warm(*t, pc, sp, fp);
  KRAIT_DISPATCH(t, pc, sp, fp);
}

KRAIT_COLD KRAIT_TAIL_CALL uint64_t tracePath(Thread* t, Pc pc, Value* sp, Frame* fp) {
  Op op = cold::trace(*t, pc, sp, fp);
  if (op == Op::kCount) return Value::error().bits();
  [[clang::musttail]] return kraitDispatchTable[static_cast<unsigned>(op)](t, t->frame->pc - 1, t->sp, t->frame);
}

// Leaves a handler as the step's outcome says: always a tail call, so that no handler has a frame of its own.
#define KRAIT_LEAVE(next)                                                             \
  switch (next) {                                                                     \
    case Next::kNext:                                                                 \
    case Next::kReload: [[likely]] KRAIT_DISPATCH(t, r.pc, r.sp, r.fp);               \
    case Next::kRaise: [[clang::musttail]] return raisePath(t, r.pc, r.sp, r.fp);     \
    case Next::kUnbound: [[clang::musttail]] return unboundPath(t, r.pc, r.sp, r.fp); \
    case Next::kBreak: [[clang::musttail]] return breakPath(t, r.pc, r.sp, r.fp);     \
    case Next::kDeopt: [[clang::musttail]] return deoptPath(t, r.pc, r.sp, r.fp);     \
    case Next::kWarm: [[clang::musttail]] return warmPath(t, r.pc, r.sp, r.fp);       \
    case Next::kTrace: [[clang::musttail]] return tracePath(t, r.pc, r.sp, r.fp);     \
    case Next::kHalt: return t->sp->bits();                                           \
  }                                                                                   \
  __builtin_unreachable()

// What a fast path leaves to do. A function of its own: calls inside the handler would make its fast path keep the
// native stack aligned.
template <Op op>
KRAIT_COLD KRAIT_TAIL_CALL uint64_t slowHandler(Thread* t, Pc pc, Value* sp, Frame* fp) {
  Registers r{pc, sp, fp};
  KRAIT_LEAVE(stepSlow<op>(*t, r));
}

template <Op op>
KRAIT_TAIL_CALL uint64_t handler(Thread* t, Pc pc, Value* sp, Frame* fp) {
  Registers r{pc, sp, fp};
  if constexpr (IsAdaptive<op>) {
    if (countsDown(pc)) [[unlikely]]
      [[clang::musttail]] return warmPath(t, pc, sp, fp);
    [[clang::musttail]] return handler<Adaptive<op>::generic_>(t, pc, sp, fp);
  } else if constexpr (IsFused<op>) {
    Next next = stepOwn<Fused<op>::first>(*t, r);
    if (next != Next::kNext) [[unlikely]] {
      KRAIT_LEAVE(next);
    }
    instrumentFusion(*t);
    constexpr Op second = Fused<op>::second;
    if constexpr (HasFastPath<second> && !derive::hasGuard<second>()) {
      instrument<second>(*t, r);
      if (!stepFast<second>(*t, r, next)) [[unlikely]]
        [[clang::musttail]] return slowHandler<second>(t, r.pc, r.sp, r.fp);
      KRAIT_LEAVE(next);
    } else {
      KRAIT_LEAVE(stepOwn<second>(*t, r));
    }
  } else if constexpr (HasFastPath<op>) {
    instrument<op>(*t, r);
    if constexpr (derive::hasGuard<op>()) {
      if (!Invoke<&Instr<op>::guard>::from(*t, r)) [[unlikely]]
        [[clang::musttail]] return deoptPath(t, pc, sp, fp);
    }
    Next next;
    if (!stepFast<op>(*t, r, next)) [[unlikely]]
      [[clang::musttail]] return slowHandler<op>(t, pc, sp, fp);
    KRAIT_LEAVE(next);
  } else {
    KRAIT_LEAVE(step<op>(*t, r));
  }
}

}  // namespace

extern "C" {
[[gnu::used, gnu::visibility("default")]] const Handler kraitDispatchTable[kAllOpCount] = {
#define OPERATION(name) handler<ops::name>,
#include "specialize/operations.def"
#undef OPERATION
};
uintptr_t kraitTokenOf(unsigned op) { return reinterpret_cast<uintptr_t>(kraitDispatchTable[op]); }
const char* kraitDispatchName() { return "tail"; }
}

Value interpret(Thread& thread, Frame* frame) {
  return Value(handlerOf(frame->pc)(&thread, frame->pc, thread.sp, frame));
}

}  // namespace krait
