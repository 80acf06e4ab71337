// Strings of one Latin-1 character, of which there is one each.
#pragma once
#include "vm/builtins/str.h"

namespace krait {

// By code point; null until it is first asked for. Kept alive by the table of interned strings.
extern Str* singleCharacters[256];
KRAIT_INLINE Fallible<Value> characterAt(Thread& thread, const Str* text, uint64_t i) {
  uint32_t codePoint = text->at(i);
  if (codePoint < 256 && singleCharacters[codePoint] != nullptr) [[likely]]
    return Value::of(singleCharacters[codePoint]);
  return Value::of(TRY(makeStrOfCharacter(thread, codePoint)));
}

}  // namespace krait
