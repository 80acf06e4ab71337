// Code objects from fields that somebody else put together: marshal, types.CodeType(...) and code.replace().
#pragma once
#include "vm/code.h"

namespace krait {

// Everything a code object is made of, before it is known to be sound. The objects must stay reachable.
struct CodeFields {
  int64_t argumentCount = 0, positionalOnlyCount = 0, keywordOnlyCount = 0, stackSize = 0, codeFlags = 0;
  int64_t firstLine = 0;
  Value code, constants, names, localsplusNames, localsplusKinds, filename, name, qualname, lineTable, exceptionTable;
};

// Checks types, sizes and counts, as CPython does, interns the names and the constants that look like names, and makes
// the object. What the bytecode does is looked at before it first runs (verify.h). SystemError for a field of a wrong
// type, ValueError for numbers that do not fit together.
Fallible<Code*> makeCode(Thread& thread, const CodeFields& fields);

// -X no_debug_ranges: code objects say the lines of their instructions, but no columns.
inline bool dropsColumns = false;
// The line table that a new code object keeps of this one: the same, or one without columns.
Fallible<Bytes*> keptLineTable(Thread& thread, Bytes* table);

// Interns the strings of a tuple of names in place; SystemError: non-string found in code slot.
Fallible<void> internNames(Thread& thread, Tuple* tuple);
// Interns the strings among constants that look like identifiers, in nested tuples and frozensets too.
Fallible<void> internConstants(Thread& thread, Tuple* tuple);
// Whether CPython would intern a string constant of this text.
bool looksLikeName(const Str* text);

}  // namespace krait
