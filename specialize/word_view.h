// What a word says about itself: its state, its cache and its counters, for listings, reports and profiles.
#pragma once
#include <string>

#include "specialize/adapt.h"

namespace krait {

struct Code;

enum class WordState : uint8_t {
  kPlain,    // of no family
  kGeneric,  // its code is not warm, or the policy leaves it alone
  kWaiting,  // adaptive, no attempt yet, or the class that it relied on has changed
  kSpecialised,
  kPolymorphic,      // a form that knows several shapes
  kDeoptimised,      // adaptive again, because its form missed too often
  kUnspecialisable,  // adaptive, and the last attempt found no form; or given up for good
  kCount
};
extern const char* const kWordStateNames[static_cast<unsigned>(WordState::kCount)];

WordState stateOf(Pc word);
// The cache of a specialised word in words, "" where the form has none; else how the word waits, and why.
std::string cacheText(Pc word);
// The operand in words: a name, a constant, a local variable, an offset to jump to.
std::string operandText(const Code* code, Pc word);
// The instruction's canonical offset.
int offsetOf(const Code* code, Pc word);
// Canonical instructions folded into the word lie between this offset and offsetOf().
int firstOffsetOf(const Code* code, Pc word);

// CPython 3.11's opcode for a word, 0 where it has none of its own, and for the PRECALL that was folded into a CALL.
struct CPythonOpcodes {
  uint8_t opcode, precall;
};
CPythonOpcodes cpythonOpcodes(const Code* code, Pc word);

// Every code object that has been called and has not been collected, by file, line, name and code: the same order in
// every run.
void findCalledCode(RootVector& sorted);
// FNV-1a of co_code.
uint64_t codeHash(const Code* code);

std::string listing(const Code* code);
void installAdaptiveView();

}  // namespace krait
