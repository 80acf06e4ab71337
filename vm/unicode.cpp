// The questions of unicode.h that reach ICU. ICU is linked statically: its data pages are read when first touched.
#include "vm/unicode.h"

#include <unicode/ucasemap.h>
#include <unicode/uchar.h>
#include <unicode/ustring.h>

#include <algorithm>
#include <charconv>
#include <iterator>

namespace krait::unicode {
namespace {

// ICU knows Unicode 15, Python 3.11 knows 14: a character that came later is unassigned.
bool isAssigned(uint32_t c) {
  UVersionInfo age;
  u_charAge(static_cast<UChar32>(c), age);
  return age[0] != 0 && age[0] <= 14;
}

bool hasProperty(uint32_t c, UProperty property) {
  return u_hasBinaryProperty(static_cast<UChar32>(c), property) && isAssigned(c);
}

int32_t numericType(uint32_t c) {
  int32_t type = u_getIntPropertyValue(static_cast<UChar32>(c), UCHAR_NUMERIC_TYPE);
  return isAssigned(c) ? type : static_cast<int32_t>(U_NT_NONE);
}

int32_t encodeUtf16(uint32_t c, UChar* out) {
  int32_t length = 0;
  U16_APPEND_UNSAFE(out, length, static_cast<UChar32>(c));
  return length;
}

unsigned decodeUtf16(const UChar* text, int32_t length, uint32_t out[3]) {
  unsigned count = 0;
  for (int32_t i = 0; i < length && count < 3;) {
    UChar32 c;
    U16_NEXT(text, i, length, c);
    out[count++] = static_cast<uint32_t>(c);
  }
  return count;
}

bool isSurrogate(uint32_t c) { return (c & ~0x7ffU) == 0xd800; }

// Maps one character by an ICU function from UTF-16 to UTF-16.
template <class Map>
unsigned mapCharacter(uint32_t c, uint32_t out[3], Map map) {
  if (!isSurrogate(c)) {
    UChar source[2], target[8];
    int32_t length = encodeUtf16(c, source);
    UErrorCode error = U_ZERO_ERROR;
    int32_t mapped = map(target, 8, source, length, &error);
    if (U_SUCCESS(error) && mapped > 0 && mapped <= 8) return decodeUtf16(target, mapped, out);
  }
  out[0] = c;
  return 1;
}

struct CharacterAlias {
  std::string_view name;
  uint32_t character;
};

constexpr CharacterAlias kAliases[] = {
#include "vm/character_aliases.inc"
};
static_assert(std::is_sorted(std::begin(kAliases), std::end(kAliases),
                             [](const CharacterAlias& a, const CharacterAlias& b) { return a.name < b.name; }));

// VS1 is U+FE00, VS17 is U+E0100.
int64_t variationSelector(std::string_view name) {
  if (!name.starts_with("VS") || name.size() < 3 || name[2] == '0') return -1;
  unsigned number = 0;
  auto [end, error] = std::from_chars(name.data() + 2, name.data() + name.size(), number);
  if (error != std::errc() || end != name.data() + name.size() || number == 0 || number > 256) return -1;
  return number <= 16 ? 0xFE00 + number - 1 : 0xE0100 + number - 17;
}

}  // namespace

bool isAlphaSlow(uint32_t c) { return u_isalpha(static_cast<UChar32>(c)) && isAssigned(c); }
bool isDecimalSlow(uint32_t c) { return numericType(c) == U_NT_DECIMAL; }
bool isDigitSlow(uint32_t c) {
  int32_t type = numericType(c);
  return type == U_NT_DECIMAL || type == U_NT_DIGIT;
}
bool isNumericSlow(uint32_t c) { return numericType(c) != U_NT_NONE; }
// Modifier letters that became small letters with Unicode 15.
static bool isLowerSince15(uint32_t c) { return c == 0x10fc || (c >= 0xa7f2 && c <= 0xa7f4) || c == 0xab69; }
bool isLowerSlow(uint32_t c) { return hasProperty(c, UCHAR_LOWERCASE) && !isLowerSince15(c); }
bool isUpperSlow(uint32_t c) { return hasProperty(c, UCHAR_UPPERCASE); }
bool isTitle(uint32_t c) { return c >= 128 && u_istitle(static_cast<UChar32>(c)) && isAssigned(c); }
bool isSpaceSlow(uint32_t c) {
  // White space of Python: bidirectional class WS, B or S, or category Zs.
  if (c < 256) return c == 0x85 || c == 0xa0;
  if (c < 0x1680) return false;
  UCharDirection direction = u_charDirection(static_cast<UChar32>(c));
  return direction == U_WHITE_SPACE_NEUTRAL || direction == U_BLOCK_SEPARATOR || direction == U_SEGMENT_SEPARATOR ||
         u_charType(static_cast<UChar32>(c)) == U_SPACE_SEPARATOR;
}
bool isPrintableSlow(uint32_t c) {
  if (c < 256) return c > 0xa0 && c != 0xad;
  constexpr uint32_t kHidden = U_GC_CC_MASK | U_GC_CF_MASK | U_GC_CS_MASK | U_GC_CO_MASK | U_GC_CN_MASK | U_GC_ZL_MASK |
                               U_GC_ZP_MASK | U_GC_ZS_MASK;
  return (U_MASK(u_charType(static_cast<UChar32>(c))) & kHidden) == 0 && isAssigned(c);
}
bool isIdentifierStartSlow(uint32_t c) { return hasProperty(c, UCHAR_XID_START); }
bool isIdentifierPartSlow(uint32_t c) { return hasProperty(c, UCHAR_XID_CONTINUE); }
bool isCased(uint32_t c) { return c < 128 ? isAlpha(c) : hasProperty(c, UCHAR_CASED) && !isLowerSince15(c); }
bool isCaseIgnorable(uint32_t c) { return hasProperty(c, UCHAR_CASE_IGNORABLE); }

int decimalValue(uint32_t c) {
  if (c < 128) return c >= '0' && c <= '9' ? static_cast<int>(c - '0') : -1;
  return isDecimalSlow(c) ? u_charDigitValue(static_cast<UChar32>(c)) : -1;
}

unsigned toUpper(uint32_t c, uint32_t out[3]) {
  if (c < 128) {
    out[0] = kAsciiFacts[c] & kLower ? c - 32 : c;
    return 1;
  }
  return mapCharacter(c, out, [](UChar* to, int32_t room, const UChar* from, int32_t length, UErrorCode* error) {
    return u_strToUpper(to, room, from, length, "", error);
  });
}
unsigned toLower(uint32_t c, uint32_t out[3]) {
  if (c < 128) {
    out[0] = kAsciiFacts[c] & kUpper ? c + 32 : c;
    return 1;
  }
  return mapCharacter(c, out, [](UChar* to, int32_t room, const UChar* from, int32_t length, UErrorCode* error) {
    return u_strToLower(to, room, from, length, "", error);
  });
}
unsigned toTitle(uint32_t c, uint32_t out[3]) {
  if (c < 128) return toUpper(c, out);
  static UCaseMap* const map = [] {
    UErrorCode error = U_ZERO_ERROR;
    UCaseMap* opened = ucasemap_open("", U_TITLECASE_WHOLE_STRING | U_TITLECASE_NO_BREAK_ADJUSTMENT, &error);
    return U_SUCCESS(error) ? opened : nullptr;
  }();
  if (map == nullptr) return toUpper(c, out);
  return mapCharacter(c, out, [](UChar* to, int32_t room, const UChar* from, int32_t length, UErrorCode* error) {
    return ucasemap_toTitle(map, to, room, from, length, error);
  });
}
unsigned foldCase(uint32_t c, uint32_t out[3]) {
  if (c < 128) return toLower(c, out);
  return mapCharacter(c, out, [](UChar* to, int32_t room, const UChar* from, int32_t length, UErrorCode* error) {
    return u_strFoldCase(to, room, from, length, U_FOLD_CASE_DEFAULT, error);
  });
}

uint32_t simpleLower(uint32_t c) {
  auto lower = static_cast<uint32_t>(u_tolower(static_cast<UChar32>(c)));
  return lower == c || isAssigned(c) ? lower : c;
}
uint32_t simpleUpper(uint32_t c) {
  uint32_t full[3];
  toUpper(c, full);
  return full[0];
}

// Python 3.11 computes no names of these.
static bool isUnknownName(std::string_view name) { return name.starts_with("TANGUT IDEOGRAPH-"); }

std::string nameOfCharacter(uint32_t c) {
  char buffer[128];
  UErrorCode error = U_ZERO_ERROR;
  int32_t length =
      isAssigned(c) ? u_charName(static_cast<UChar32>(c), U_UNICODE_CHAR_NAME, buffer, sizeof buffer, &error) : 0;
  if (U_FAILURE(error) || length <= 0) return {};
  std::string name(buffer, static_cast<size_t>(length));
  return isUnknownName(name) ? std::string() : name;
}

int64_t characterOfName(std::string_view name) {
  // ICU skips nothing, but reads its argument up to a NUL, and knows `<control-0007>` and the like.
  if (name.empty() || name.size() > 255) return -1;
  std::string upper(name);
  for (char& c : upper) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    bool expected = (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == ' ' || c == '-' || c == '(' || c == ')';
    if (!expected) return -1;
  }
  // CPython compares these two computed families with case.
  if (upper != name && (upper.starts_with("CJK UNIFIED IDEOGRAPH-") || upper.starts_with("HANGUL SYLLABLE "))) {
    return -1;
  }
  if (isUnknownName(upper)) return -1;
  auto alias = std::lower_bound(std::begin(kAliases), std::end(kAliases), upper,
                                [](const CharacterAlias& entry, const std::string& key) { return entry.name < key; });
  if (alias != std::end(kAliases) && alias->name == upper) return alias->character;
  if (int64_t selector = variationSelector(upper); selector >= 0) return selector;
  UErrorCode status = U_ZERO_ERROR;
  UChar32 character = u_charFromName(U_UNICODE_CHAR_NAME, upper.c_str(), &status);
  return U_SUCCESS(status) && isAssigned(static_cast<uint32_t>(character)) ? character : -1;
}

}  // namespace krait::unicode
