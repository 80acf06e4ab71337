// The prepared form of a code object: words made from co_code at its first call, with a map to and from canonical
// offsets.
#pragma once
#include "vm/code.h"
#include "vm/facts.h"
#include "vm/word.h"

namespace krait {

// Tables over every op, specialised forms included, in Op order: derived from the handlers where all of them are known
// (specialize/tables.cpp).
extern const Facts kFacts[];
extern const char* const kOpNames[];
// The canonical instruction an op stands for, always one of the base list; of a superinstruction, its first one.
extern const Op kBaseOp[];
// Canonical number of a base op, and back. The latter is kCount for numbers CPython 3.11 does not use.
extern const uint8_t kCanonicalNumber[kOpCount];
Op opOfCanonical(uint8_t number);
// Units of an op's word.
KRAIT_INLINE int wordUnits(Op op) { return kHeadUnits + kFacts[static_cast<unsigned>(op)].cacheUnits; }
// The token that dispatch needs for `op`; the one function that the chosen dispatch loop defines (dispatch/loop_*.cpp).
extern "C" uintptr_t kraitTokenOf(unsigned op);

enum class PreparedForm : uint8_t {
  kFast,     // EXTENDED_ARG, KW_NAMES, PRECALL, CACHE and NOP gone
  kOneToOne  // a word for every canonical instruction (tracing, single-stepping, NOP chains)
};

struct PreparedCode {
  Pc entry;                  // first word
  uint32_t unitCount;        // units from `entry` on
  uint32_t simpleArguments;  // argument count when a call needs nothing but positional arguments; else ~0
  uint32_t localCount;
  uint32_t frameWords;  // locals + header + evaluation stack
  PreparedForm form;
  bool isTraced;      // the words carry the tracing token (vm/tracing.h)
  int32_t* lines;     // line of each code unit, made when it is traced; owned
  uint64_t reliesOn;  // a bit per class whose change may clear a word's inline cache, hashed; see specialize/adapt.cpp
  uint32_t heat;      // calls and backward jumps until the words are made adaptive; counts down
  void (*release)(PreparedCode*);  // frees what inline caches own outside the words; null while nothing does
  PreparedCode *next, *previous;   // every prepared code object there is, from preparedCodes on
  uint64_t bytes;                  // of the whole allocation, this struct included
  uint32_t* canonicalOf;           // unit -> byte offset in co_code of its instruction (the last folded one)
  uint32_t* unitOf;                // code unit (offset / 2) -> unit of the word, for jump targets and handlers
  uint8_t* foldedUnits;  // unit of a word's start -> code units from the first instruction folded into it to its own
};

// Makes `code->prepared`; words are made once and live as long as the code object. Raises MemoryError; SystemError for
// bytecode that names no instruction.
inline PreparedCode* preparedCodes = nullptr;
Fallible<void> prepare(Thread& thread, Code* code, PreparedForm form = PreparedForm::kFast);
void releasePrepared(Code* code);  // finaliser

// Byte offset in co_code of the instruction that a published pc lies in (frame.h).
KRAIT_INLINE int canonicalOffset(const PreparedCode* prepared, Pc published) {
  return static_cast<int>(prepared->canonicalOf[published - 1 - prepared->entry]);
}
KRAIT_INLINE Pc pcAt(const PreparedCode* prepared, int offset) {
  return prepared->entry + prepared->unitOf[offset / 2];
}
// The op of a word, whatever the dispatch.
KRAIT_INLINE Op opAt(Pc word) { return static_cast<Op>(word[1].op); }
KRAIT_INLINE Op baseOpAt(Pc word) { return kBaseOp[word[1].op]; }
// The token of a word that is traced, whatever its op; main() sets it.
inline uintptr_t tracingToken = ~uintptr_t{0};
// Makes the word another member of its family.
KRAIT_INLINE void rewrite(Unit* word, Op op) {
  word[1].op = static_cast<uint16_t>(op);
  if (word[0].token != tracingToken) word[0].token = kraitTokenOf(static_cast<unsigned>(op));
}

}  // namespace krait
