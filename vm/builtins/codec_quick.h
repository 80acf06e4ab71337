// Encoding and decoding of text in which nothing is wrong: two passes, one to count and check, one to write.
#pragma once
#include "vm/builtins/codecs.h"

namespace krait {
// Unbound where something is wrong, or the codec has no quick way: the general one deals with it.
Fallible<Value> encodeQuickly(Thread& thread, const Str* s, Codec codec);
Fallible<Value> decodeQuickly(Thread& thread, std::string_view bytes, Codec codec);
// How many bytes there are without a UTF-8 sequence that is incomplete at the end.
size_t completeUtf8(std::string_view bytes);
// One to three bytes of UTF-8 for each character of a text; false at a surrogate.
bool appendUtf8(const Str* s, ByteBuilder& out);
}  // namespace krait
