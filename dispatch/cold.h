// The loops' shared cold paths. They communicate through the thread: a reference to the registers would spill them.
#pragma once
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

// A guard failed: the word goes back to its family's generic form (policies come with specialize/).
KRAIT_COLD inline void deoptimise(Pc pc) {
  Op op = opAt(pc);
  rewrite(const_cast<Unit*>(pc), kBaseOp[static_cast<unsigned>(op)]);
}

}  // namespace krait::cold
