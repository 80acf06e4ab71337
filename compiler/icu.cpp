// Python's view of ICU: Unicode 14, and names with their aliases.
#include "compiler/icu.h"

#include <unicode/uchar.h>
#include <unicode/ucnv.h>
#include <unicode/unorm2.h>

#include <algorithm>
#include <charconv>
#include <iterator>
#include <vector>

namespace krait::icu {

namespace {

// Python 3.11 knows Unicode 14; what a newer ICU adds does not exist for it.
bool existsInPython(char32_t character) {
  UVersionInfo age;
  u_charAge(static_cast<UChar32>(character), age);
  return age[0] != 0 && age[0] <= 14;
}

bool hasProperty(char32_t character, UProperty property) {
  return u_hasBinaryProperty(static_cast<UChar32>(character), property) && existsInPython(character);
}

struct CharacterAlias {
  std::string_view name;
  char32_t character;
};

constexpr CharacterAlias kAliases[] = {
#include "compiler/character_aliases.inc"
};
static_assert(std::is_sorted(std::begin(kAliases), std::end(kAliases),
                             [](const CharacterAlias& a, const CharacterAlias& b) { return a.name < b.name; }));

// VS1 is U+FE00, VS17 is U+E0100.
std::optional<char32_t> variationSelector(std::string_view name) {
  if (!name.starts_with("VS") || name.size() < 3 || name[2] == '0') return std::nullopt;
  unsigned number = 0;
  auto [end, error] = std::from_chars(name.data() + 2, name.data() + name.size(), number);
  if (error != std::errc() || end != name.data() + name.size() || number == 0 || number > 256) return std::nullopt;
  return number <= 16 ? 0xFE00 + number - 1 : 0xE0100 + number - 17;
}

void appendUtf8(std::string& out, const UChar* text, size_t size) {
  for (size_t i = 0; i < size; i++) {
    char32_t c = text[i];
    if (c >= 0xD800 && c < 0xDC00 && i + 1 < size && text[i + 1] >= 0xDC00 && text[i + 1] < 0xE000) {
      c = 0x10000 + ((c - 0xD800) << 10) + (text[++i] - 0xDC00);
    }
    if (c < 0x80) {
      out += static_cast<char>(c);
    } else if (c < 0x800) {
      out += static_cast<char>(0xC0 | c >> 6);
      out += static_cast<char>(0x80 | (c & 63));
    } else if (c < 0x10000) {
      out += static_cast<char>(0xE0 | c >> 12);
      out += static_cast<char>(0x80 | (c >> 6 & 63));
      out += static_cast<char>(0x80 | (c & 63));
    } else {
      out += static_cast<char>(0xF0 | c >> 18);
      out += static_cast<char>(0x80 | (c >> 12 & 63));
      out += static_cast<char>(0x80 | (c >> 6 & 63));
      out += static_cast<char>(0x80 | (c & 63));
    }
  }
}

std::vector<UChar> toUtf16(std::string_view utf8) {
  std::vector<UChar> out;
  out.reserve(utf8.size());
  for (size_t i = 0; i < utf8.size();) {
    unsigned char lead = static_cast<unsigned char>(utf8[i]);
    size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    char32_t c = length == 1 ? lead : lead & (0x7F >> length);
    for (size_t k = 1; k < length; k++) c = c << 6 | (static_cast<unsigned char>(utf8[i + k]) & 63);
    i += length;
    if (c >= 0x10000) {
      out.push_back(static_cast<UChar>(0xD800 + ((c - 0x10000) >> 10)));
      out.push_back(static_cast<UChar>(0xDC00 + ((c - 0x10000) & 0x3FF)));
    } else {
      out.push_back(static_cast<UChar>(c));
    }
  }
  return out;
}

}  // namespace

bool isIdentifierStart(char32_t character) { return hasProperty(character, UCHAR_XID_START); }

bool isIdentifierPart(char32_t character) { return hasProperty(character, UCHAR_XID_CONTINUE); }

bool isPrintable(char32_t character) {
  if (character < 0x7F) return character >= 0x20;
  if (!existsInPython(character)) return false;
  switch (u_charType(static_cast<UChar32>(character))) {
    case U_CONTROL_CHAR:
    case U_FORMAT_CHAR:
    case U_SURROGATE:
    case U_PRIVATE_USE_CHAR:
    case U_UNASSIGNED:
    case U_LINE_SEPARATOR:
    case U_PARAGRAPH_SEPARATOR:
    case U_SPACE_SEPARATOR: return false;
    default: return true;
  }
}

std::string normalizeNfkc(std::string_view utf8) {
  UErrorCode status = U_ZERO_ERROR;
  const UNormalizer2* normalizer = unorm2_getNFKCInstance(&status);
  if (U_FAILURE(status)) return std::string(utf8);
  std::vector<UChar> from = toUtf16(utf8);
  std::vector<UChar> to(from.size() * 2 + 16);
  for (;;) {
    status = U_ZERO_ERROR;
    int32_t size = unorm2_normalize(normalizer, from.data(), static_cast<int32_t>(from.size()), to.data(),
                                    static_cast<int32_t>(to.size()), &status);
    if (status == U_BUFFER_OVERFLOW_ERROR) {
      to.resize(static_cast<size_t>(size) + 1);
      continue;
    }
    if (U_FAILURE(status)) return std::string(utf8);
    std::string out;
    appendUtf8(out, to.data(), static_cast<size_t>(size));
    return out;
  }
}

std::optional<char32_t> characterOfName(std::string_view name) {
  // ICU skips nothing, but reads its argument up to a NUL, and knows `<control-0007>` and the like.
  if (name.empty() || name.size() > 255) return std::nullopt;
  std::string upper(name);
  for (char& c : upper) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    bool expected = (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == ' ' || c == '-' || c == '(' || c == ')';
    if (!expected) return std::nullopt;
  }
  // CPython compares these two computed families with case.
  if (upper != name && (upper.starts_with("CJK UNIFIED IDEOGRAPH-") || upper.starts_with("HANGUL SYLLABLE "))) {
    return std::nullopt;
  }
  auto alias = std::lower_bound(std::begin(kAliases), std::end(kAliases), upper,
                                [](const CharacterAlias& entry, const std::string& key) { return entry.name < key; });
  if (alias != std::end(kAliases) && alias->name == upper) return alias->character;
  if (auto selector = variationSelector(upper)) return selector;
  UErrorCode status = U_ZERO_ERROR;
  UChar32 character = u_charFromName(U_UNICODE_CHAR_NAME, upper.c_str(), &status);
  if (U_FAILURE(status) || !existsInPython(static_cast<char32_t>(character))) return std::nullopt;
  return static_cast<char32_t>(character);
}

ConversionError toUtf8(std::string_view bytes, std::string_view encoding, std::string& utf8, size_t& position) {
  UErrorCode status = U_ZERO_ERROR;
  UConverter* converter = ucnv_open(std::string(encoding).c_str(), &status);
  if (U_FAILURE(status)) return ConversionError::UnknownEncoding;
  ucnv_setToUCallBack(converter, UCNV_TO_U_CALLBACK_STOP, nullptr, nullptr, nullptr, &status);
  const char* from = bytes.data();
  const char* end = from + bytes.size();
  std::vector<UChar> buffer(4096);
  std::vector<UChar> whole;  // surrogate pairs may straddle buffers
  bool malformed = false;
  for (;;) {
    UChar* to = buffer.data();
    status = U_ZERO_ERROR;
    ucnv_toUnicode(converter, &to, buffer.data() + buffer.size(), &from, end, nullptr, true, &status);
    whole.insert(whole.end(), buffer.data(), to);
    if (status == U_BUFFER_OVERFLOW_ERROR) continue;
    malformed = U_FAILURE(status);
    break;
  }
  ucnv_close(converter);
  if (malformed) {
    position = static_cast<size_t>(from - bytes.data());
    if (position > 0) position--;
    return ConversionError::Malformed;
  }
  appendUtf8(utf8, whole.data(), whole.size());
  return ConversionError::None;
}

}  // namespace krait::icu
