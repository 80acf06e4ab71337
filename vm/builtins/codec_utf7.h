// The codec utf_7.
#pragma once
#include "vm/builtins/bytes.h"
#include "vm/builtins/str.h"

namespace krait {
void encodeUtf7(const Str* s, ByteBuilder& out);
Fallible<void> decodeUtf7(Thread& thread, std::string_view bytes, std::string_view errors, bool final, StrBuilder& out,
                          uint64_t& consumed);
// How many bytes come before a base64 sequence that is still open at the end.
uint64_t completeUtf7(std::string_view bytes);
}  // namespace krait
