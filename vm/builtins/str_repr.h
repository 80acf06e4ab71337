// Showing text and bytes as literals.
#pragma once
#include "vm/builtins/str.h"

namespace krait {
// \xe9, \u20ac or \U0001f600, whichever is the shortest that fits.
void appendBackslashEscape(StrBuilder& out, uint32_t c);
// What ascii() makes of a repr: everything beyond ASCII as an escape.
Fallible<Str*> asciiOnly(Thread& thread, Str* s);
// b'...' between `before` and `after` (bytearray(b'...')).
Fallible<Str*> bytesRepr(Thread& thread, std::string_view bytes, std::string_view before, std::string_view after);
}  // namespace krait
