// The loops' shared cold paths. They communicate through the thread: a reference to the registers would spill them.
#pragma once
#include "dispatch/instrument_cold.h"
#include "specialize/adapt.h"
#include "vm/prepared.h"
#include "vm/semantics.h"

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

}  // namespace krait::cold
