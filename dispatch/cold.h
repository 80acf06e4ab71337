// The loops' shared cold paths. They communicate through the thread: a reference to the registers would spill them.
#pragma once
#include "dispatch/instrument_cold.h"
#include "specialize/adapt.h"
#include "vm/prepared.h"
#include "vm/semantics.h"
#include "vm/tracing.h"

namespace krait::cold {

// After kRaise (pc and sp are published already, or by the caller): true when a handler was found; registers come from
// the thread then. False: leave the loop with the error.
KRAIT_COLD inline bool raise(Thread& thread) { return unwind(thread); }

KRAIT_COLD inline bool unbound(Thread& thread, Pc pc, Value* sp, Frame* fp) {
  thread.sp = sp;
  fp->pc = publishedPc(pc);
  raiseUnbound(thread, fp);
  return unwind(thread);
}

// The eval-breaker asked before the instruction at pc. True: go on where the thread says.
KRAIT_COLD inline bool breakAt(Thread& thread, Pc pc, Value* sp, Frame* fp) {
  thread.sp = sp;
  if (tracingThreads != 0 && fp->code->prepared->isTraced) keepPlace(fp, canonicalOffset(fp->code->prepared, fp->pc));
  fp->pc = publishedPc(pc);
  if (handleEvalBreaker(thread).isRaised()) return unwind(thread);
  fp->pc = pc;
  return true;
}

// A guard did not hold: the op to run in place of the word's own.
KRAIT_COLD inline Op deoptimise(Thread& thread, Pc pc, Value* sp, Frame* fp) {
  WordBefore before = instrumentMiss(thread, pc, sp, fp);
  Op op = miss(thread, const_cast<Unit*>(pc), sp, fp);
  instrumentMissed(pc, before);
  return op;
}
// A counter ran out: the word at pc may be another one now.
KRAIT_COLD inline void warm(Thread& thread, Pc pc, Value* sp, Frame* fp) {
  WordBefore before = instrumentWarm(pc);
  krait::warm(thread, const_cast<Unit*>(pc), sp, fp);
  instrumentWarmed(pc, sp, before);
}

// A traced word: its events, and the op to run then; kCount: leave the loop with the error. The registers come from the
// thread, the pc being the one published in the frame.
KRAIT_COLD inline Op trace(Thread& thread, Pc pc, Value* sp, Frame* fp) {
  switch (traceStep(thread, pc, sp, fp)) {
    case Traced::kRun: {
      // Adaptive and warm-up forms would have the word dispatched once more, with its events, and forms that enter a
      // function would pass its first word, which has one.
      Op op = ownOpAt(thread.frame->pc - 1);
      const OpRelation& relation = kRelations[static_cast<unsigned>(op)];
      bool counts = relation.kind == OpClass::kAdaptive || relation.kind == OpClass::kWarmUp;
      bool enters = relation.kind == OpClass::kForm && kFacts[static_cast<unsigned>(op)].takesRegisters;
      return counts || enters ? relation.generic : op;
    }
    case Traced::kAgain: return ops::TRACE;
    case Traced::kRaised: break;
  }
  if (!unwind(thread)) return Op::kCount;
  thread.frame->pc = publishedPc(thread.frame->pc);
  return ops::TRACE;
}

}  // namespace krait::cold
