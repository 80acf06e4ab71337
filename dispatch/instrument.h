// Counting what is executed, in instrumented programs only: canonical instructions, dispatches, a hash of the trace,
// and the adaptive layer's statistics. Elsewhere nothing of this is left in the loops, which is a test
// (tests/statistics).
#pragma once
#include "specialize/adapt.h"
#ifdef KRAIT_INSTRUMENT
#include "specialize/statistics.h"
#include "vm/builtins/bytes.h"
#endif
#include "vm/prepared.h"

namespace krait {

#ifdef KRAIT_INSTRUMENT
[[gnu::used]] static const bool kAnnounced = (statistics.isInstrumented = true);

// The canonical trace: every instruction that the word stands for (CACHE units excepted), with its oparg byte, in
// order. FNV-1a over (opcode, oparg), so that it depends neither on dispatch nor on the prepared form.
template <Op op>
inline void instrument(Thread& thread, const Registers& r) {
  // A generic instruction that stands in for a form whose guard did not hold: the form has been counted.
  if constexpr (kIsFamily<op>) {
    if (statistics.continues) {
      statistics.continues = false;
      return;
    }
  }
  const PreparedCode* prepared = r.fp->code->prepared;
  auto unit = r.pc - prepared->entry;
  const uint8_t* code = r.fp->code->code->data;
  uint32_t last = prepared->canonicalOf[unit];
  for (uint32_t at = last - 2u * prepared->foldedUnits[unit]; at <= last; at += 2) {
    if (code[at] == 0) continue;  // CACHE
    thread.canonicalInstructions++;
    thread.traceHash = (thread.traceHash ^ (code[at] | uint32_t{code[at + 1]} << 8)) * 0x100000001b3u;
    if (statistics.recording) statistics.executesCanonical(code[at]);
  }
  thread.dispatches++;
  if (statistics.recording) statistics.executes<op>(r.pc);
}
// The second half of a superinstruction is no dispatch.
inline void instrumentFusion(Thread& thread) { thread.dispatches--; }
#else
template <Op op>
KRAIT_INLINE void instrument(Thread&, const Registers&) {}
KRAIT_INLINE void instrumentFusion(Thread&) {}
#endif

}  // namespace krait
