// Adapting: what happens when a counter runs out, a guard does not hold, a class changes or a shape dies.
//
//   X ─quicken─→ X_ADAPTIVE ─counter 0→ observe ─form found→ form ─guard fails→ miss ─budget gone→ X_ADAPTIVE, at last
//   X
//                   └──────── back-off ←── no form ──┘        └ X runs once, the form stays
//
// Field `c` of a word's head is the adaptive layer's. Low nibble: the back-off exponent of failed attempts, or how
// often the place has been deoptimised; next nibble: why the last attempt failed (0: it did not); high byte: the
// distance in units to the word before, 0 for the first one.
#pragma once
#include "specialize/forms.h"
#include "vm/prepared.h"

namespace krait {

// Hooks::prepare: the code's words, ready for the policy.
Fallible<void> prepareAdaptive(Thread& thread, Code* code);
// A counter ran out at `word`, whose inputs lie below sp. The word may be another form afterwards; dispatch it again.
void warm(Thread& thread, Unit* word, Value* sp, Frame* frame);
// A guard did not hold at `word`. The op to run once in its place; the word may be another form afterwards.
Op miss(Thread& thread, Unit* word, Value* sp, Frame* frame);
// Hooks::forgetDeadCaches, Hooks::classChanged.
void forgetDeadCaches();
void classChanged(Type* type);

// The word's own op, without what it is fused with.
KRAIT_INLINE Op ownOpAt(Pc word) { return kRelations[word[1].op].first; }
// Whether the form knows several shapes, in entries outside the word.
bool isPolymorphic(Op op);

KRAIT_INLINE unsigned failureAt(Pc word) { return word[1].c >> 4 & 15; }
KRAIT_INLINE unsigned backoffAt(Pc word) { return word[1].c & 15; }
KRAIT_INLINE unsigned distanceBack(Pc word) { return word[1].c >> 8; }

// Visits the words of a prepared code object.
template <class Visit>
void forEachWord(PreparedCode* prepared, Visit visit) {
  Unit* entry = const_cast<Unit*>(prepared->entry);
  for (uint32_t unit = 0; unit < prepared->unitCount;) {
    Unit* word = entry + unit;
    unit += static_cast<uint32_t>(wordUnits(opAt(word)));
    visit(word);
  }
}

}  // namespace krait
