// What Python asks about characters: categories, numeric values and case mappings of Unicode 14.
//
// ASCII is answered from a table; everything else from ICU, whose data is not touched before the first such question.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "vm/value.h"

namespace krait::unicode {

// Facts of ASCII characters.
enum : uint8_t { kUpper = 1, kLower = 2, kDigit = 4, kSpace = 8, kUnderscore = 16, kHex = 32, kPrintable = 64 };
constexpr uint8_t asciiFacts(int c) {
  uint8_t facts = 0;
  if (c >= 'A' && c <= 'Z') facts |= kUpper;
  if (c >= 'a' && c <= 'z') facts |= kLower;
  if (c >= '0' && c <= '9') facts |= kDigit | kHex;
  if ((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F')) facts |= kHex;
  if (c == ' ' || (c >= 9 && c <= 13) || (c >= 28 && c <= 31)) facts |= kSpace;
  if (c == '_') facts |= kUnderscore;
  if (c >= 32 && c < 127) facts |= kPrintable;
  return facts;
}
struct AsciiTable {
  uint8_t facts[128];
  constexpr uint8_t operator[](uint32_t c) const { return facts[c]; }
  constexpr AsciiTable() : facts() {
    for (int c = 0; c < 128; c++) facts[c] = asciiFacts(c);
  }
};
inline constexpr AsciiTable kAsciiFacts;

bool isAlphaSlow(uint32_t c);
bool isDecimalSlow(uint32_t c);
bool isDigitSlow(uint32_t c);
bool isNumericSlow(uint32_t c);
bool isLowerSlow(uint32_t c);
bool isUpperSlow(uint32_t c);
bool isSpaceSlow(uint32_t c);
bool isPrintableSlow(uint32_t c);
bool isIdentifierStartSlow(uint32_t c);
bool isIdentifierPartSlow(uint32_t c);
bool isTitle(uint32_t c);
bool isCased(uint32_t c);
bool isCaseIgnorable(uint32_t c);

#define KRAIT_ASCII_FACT(c, facts, slow) (c) < 128 ? (kAsciiFacts[c] & (facts)) != 0 : slow(c)
inline bool isAlpha(uint32_t c) { return KRAIT_ASCII_FACT(c, kUpper | kLower, isAlphaSlow); }
inline bool isDecimal(uint32_t c) { return KRAIT_ASCII_FACT(c, kDigit, isDecimalSlow); }
inline bool isDigit(uint32_t c) { return KRAIT_ASCII_FACT(c, kDigit, isDigitSlow); }
inline bool isNumeric(uint32_t c) { return KRAIT_ASCII_FACT(c, kDigit, isNumericSlow); }
inline bool isLower(uint32_t c) { return KRAIT_ASCII_FACT(c, kLower, isLowerSlow); }
inline bool isUpper(uint32_t c) { return KRAIT_ASCII_FACT(c, kUpper, isUpperSlow); }
inline bool isSpace(uint32_t c) { return KRAIT_ASCII_FACT(c, kSpace, isSpaceSlow); }
inline bool isPrintable(uint32_t c) { return KRAIT_ASCII_FACT(c, kPrintable, isPrintableSlow); }
inline bool isIdentifierStart(uint32_t c) {
  return KRAIT_ASCII_FACT(c, kUpper | kLower | kUnderscore, isIdentifierStartSlow);
}
inline bool isIdentifierPart(uint32_t c) {
  return KRAIT_ASCII_FACT(c, kUpper | kLower | kUnderscore | kDigit, isIdentifierPartSlow);
}
inline bool isAlphanumeric(uint32_t c) {
  return c < 128 ? (kAsciiFacts[c] & (kUpper | kLower | kDigit)) != 0
                 : isAlphaSlow(c) || isDecimalSlow(c) || isDigitSlow(c) || isNumericSlow(c);
}
#undef KRAIT_ASCII_FACT
// str.splitlines(): \n \v \f \r \x1c-\x1e \x85 U+2028 U+2029.
inline bool isLineBreak(uint32_t c) {
  return c < 32 ? (c >= 10 && c <= 13) || (c >= 28 && c <= 30) : c == 0x85 || c == 0x2028 || c == 0x2029;
}

// 0..9, or -1.
int decimalValue(uint32_t c);

// Full case mappings: one to three characters into `out`; the count is returned.
unsigned toUpper(uint32_t c, uint32_t out[3]);
unsigned toLower(uint32_t c, uint32_t out[3]);
unsigned toTitle(uint32_t c, uint32_t out[3]);
unsigned foldCase(uint32_t c, uint32_t out[3]);
// One character to one character, as regular expressions compare without regard to case: the first of several.
uint32_t simpleLower(uint32_t c);
uint32_t simpleUpper(uint32_t c);

// "LATIN SMALL LETTER A", or empty when the character has no name.
std::string nameOfCharacter(uint32_t c);
// The character of a name in `\N{...}`: Unicode names and aliases in any case, no named sequences; -1 when there is
// none.
int64_t characterOfName(std::string_view name);

}  // namespace krait::unicode
