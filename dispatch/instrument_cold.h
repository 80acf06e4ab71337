// Counting what the shared cold paths do to words, in instrumented programs only.
#pragma once
#include "dispatch/step.h"

namespace krait {

#ifdef KRAIT_INSTRUMENT
namespace detail {
using GuardAgain = bool (*)(Thread&, Registers&);
template <Op op>
consteval GuardAgain guardAgain() {
  if constexpr (IsForm<op>) {
    if constexpr (derive::hasGuard<op>())
      return [](Thread& t, Registers& r) { return static_cast<bool>(Invoke<&Instr<op>::guard>::from(t, r)); };
  }
  return nullptr;
}
// Of the forms, their guards, to ask them once more: a guard that holds now was not what failed.
inline constexpr GuardAgain kGuardsAgain[kAllOpCount] = {
#define OPERATION(name) guardAgain<ops::name>(),
#include "specialize/operations.def"
#undef OPERATION
};
}  // namespace detail

using WordBefore = Statistics::Before;

// A guard did not hold at pc; the word is still the form.
inline WordBefore instrumentMiss(Thread& thread, Pc pc, Value* sp, Frame* fp) {
  if (statistics.recording) {
    detail::GuardAgain guard = detail::kGuardsAgain[static_cast<unsigned>(statistics.lastOp())];
    Registers r{pc, sp, fp};
    statistics.missed(pc, sp, fp, guard == nullptr || guard(thread, r));
  }
  return Statistics::look(pc);
}
inline void instrumentMissed(Pc pc, WordBefore before) {
  statistics.continues = true;
  if (statistics.recording) statistics.adapted(pc, before);
}
// A counter ran out at pc.
inline WordBefore instrumentWarm(Pc pc) { return Statistics::look(pc); }
inline void instrumentWarmed(Pc pc, Value* sp, WordBefore before) {
  if (statistics.recording) statistics.warmed(pc, sp, before);
}
#else
struct WordBefore {};
KRAIT_INLINE WordBefore instrumentMiss(Thread&, Pc, Value*, Frame*) { return {}; }
KRAIT_INLINE void instrumentMissed(Pc, WordBefore) {}
KRAIT_INLINE WordBefore instrumentWarm(Pc) { return {}; }
KRAIT_INLINE void instrumentWarmed(Pc, Value*, WordBefore) {}
#endif

}  // namespace krait
