// The codecs unicode_escape and raw_unicode_escape: text as it stands in a Python literal.
#pragma once
#include "vm/builtins/bytes.h"
#include "vm/builtins/str.h"

namespace krait {
// DeprecationWarning about the first escape that means nothing; `ofText`: \u, \U and \N mean something.
Fallible<void> warnOfEscapes(Thread& thread, std::string_view bytes, bool ofText);
void encodeEscapes(const Str* s, bool raw, ByteBuilder& out);
// The position up to which everything was decoded is returned.
Fallible<uint64_t> decodeUnicodeEscapes(Thread& thread, std::string_view bytes, std::string_view errors, bool final,
                                        StrBuilder& out);
Fallible<uint64_t> decodeRawUnicodeEscapes(Thread& thread, std::string_view bytes, std::string_view errors, bool final,
                                           StrBuilder& out);
}  // namespace krait
