// What the front end asks of ICU beside vm/unicode.h; a program in ASCII asks nothing, and its data stay untouched.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace krait::icu {

// Well-formed UTF-8 in, its NFKC form out.
std::string normalizeNfkc(std::string_view utf8);

enum class ConversionError : uint8_t { None, UnknownEncoding, Malformed };
// `position` is where malformed input was met.
ConversionError toUtf8(std::string_view bytes, std::string_view encoding, std::string& utf8, size_t& position);

}  // namespace krait::icu
