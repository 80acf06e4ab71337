// The profile policy: which instructions of an earlier run ended specialised, so that a later one can start there and
// warm-up is told apart from steady state.
#pragma once
#include <string>
#include <vector>

namespace krait {

struct Code;

// Writes, as JSON in an order that depends on nothing but the program, every code object that was called (by file,
// first line, qualified name and a hash of co_code) and the form of each specialised word. False: `problem` says why.
bool saveProfile(const std::string& path, std::string& problem);
// Reads what saveProfile wrote; the policy becomes the one that was in force then. False: `problem` says why.
bool loadProfile(const std::string& path, std::string& problem);
// Byte offsets in co_code, in order, of the instructions that ended specialised; null when the profile has none.
const std::vector<int>* profiledOffsets(const Code* code);
// What -v says at the end: entries whose code has changed, or was never called.
std::string profileNotes();

}  // namespace krait
