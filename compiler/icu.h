// The few questions the front end asks of ICU; a program in ASCII asks none, and its data stay untouched.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace krait::icu {

bool isIdentifierStart(char32_t character);
bool isIdentifierPart(char32_t character);
// str.isprintable() of one character.
bool isPrintable(char32_t character);
// Well-formed UTF-8 in, its NFKC form out.
std::string normalizeNfkc(std::string_view utf8);
// The character of a name in `\N{...}`: Unicode names and aliases in any case, no named sequences.
std::optional<char32_t> characterOfName(std::string_view name);

enum class ConversionError : uint8_t { None, UnknownEncoding, Malformed };
// `position` is where malformed input was met.
ConversionError toUtf8(std::string_view bytes, std::string_view encoding, std::string& utf8, size_t& position);

}  // namespace krait::icu
