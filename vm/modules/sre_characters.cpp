// What regular expressions ask about characters: categories, case, sets.
#include <cctype>
#include <cstring>

#include "vm/modules/sre.h"
#include "vm/unicode.h"

namespace krait::sre {
namespace {

// Answers for the basic plane, a page of 256 characters at a time: ICU is asked once a character, not once a match.
class KnownCategory {
 public:
  explicit constexpr KnownCategory(bool (*ask)(uint32_t)) : ask_(ask) {}
  bool has(uint32_t c) {
    if (c > 0xffff) return ask_(c);
    uint32_t page = c >> 8;
    if (!known_[page]) [[unlikely]] {
      for (uint32_t i = 0; i < 256; i++) {
        if (ask_(page << 8 | i)) bits_[page][i >> 6] |= uint64_t{1} << (i & 63);
      }
      known_[page] = true;
    }
    return bits_[page][c >> 6 & 3] >> (c & 63) & 1;
  }

 private:
  bool (*ask_)(uint32_t);
  bool known_[256] = {};
  uint64_t bits_[256][4] = {};
};
constinit KnownCategory unicodeWord([](uint32_t c) { return unicode::isAlphanumeric(c) || c == '_'; });
constinit KnownCategory unicodeDigit([](uint32_t c) { return unicode::isDecimal(c); });
constinit KnownCategory unicodeSpace([](uint32_t c) { return unicode::isSpace(c); });

bool isAsciiWord(uint32_t c) {
  return c < 128 &&
         (unicode::kAsciiFacts[c] & (unicode::kUpper | unicode::kLower | unicode::kDigit | unicode::kUnderscore)) != 0;
}
bool isLocaleWord(uint32_t c) { return c < 256 && (std::isalnum(static_cast<int>(c)) != 0 || c == '_'); }

}  // namespace

uint32_t lowerUnicode(uint32_t c) { return c < 128 ? lowerAscii(c) : unicode::simpleLower(c); }
uint32_t upperUnicode(uint32_t c) {
  if (c < 128) return c >= 'a' && c <= 'z' ? c - 32 : c;
  return unicode::simpleUpper(c);
}
uint32_t lowerLocale(uint32_t c) { return c < 256 ? static_cast<uint32_t>(std::tolower(static_cast<int>(c))) : c; }
uint32_t upperLocale(uint32_t c) { return c < 256 ? static_cast<uint32_t>(std::toupper(static_cast<int>(c))) : c; }

bool isInCategory(Category category, uint32_t c) {
  switch (category) {
    case Category::kDigit: return c >= '0' && c <= '9';
    case Category::kNotDigit: return !(c >= '0' && c <= '9');
    case Category::kSpace: return c == ' ' || (c >= 9 && c <= 13);
    case Category::kNotSpace: return !(c == ' ' || (c >= 9 && c <= 13));
    case Category::kWord: return isAsciiWord(c);
    case Category::kNotWord: return !isAsciiWord(c);
    case Category::kLinebreak: return c == '\n';
    case Category::kNotLinebreak: return c != '\n';
    case Category::kLocWord: return isLocaleWord(c);
    case Category::kLocNotWord: return !isLocaleWord(c);
    case Category::kUniDigit: return unicodeDigit.has(c);
    case Category::kUniNotDigit: return !unicodeDigit.has(c);
    case Category::kUniSpace: return unicodeSpace.has(c);
    case Category::kUniNotSpace: return !unicodeSpace.has(c);
    case Category::kUniWord: return unicodeWord.has(c);
    case Category::kUniNotWord: return !unicodeWord.has(c);
    case Category::kUniLinebreak: return unicode::isLineBreak(c);
    case Category::kUniNotLinebreak: return !unicode::isLineBreak(c);
    case Category::kCount: break;
  }
  return false;
}

bool isInCharset(const uint32_t* set, uint32_t c) {
  auto bit = [c](const uint32_t* bits) { return (bits[(c & 255) >> 5] >> (c & 31) & 1) != 0; };
  bool found = true;
  for (;;) {
    switch (static_cast<Code>(*set++)) {
      case Code::kNegate: found = !found; break;
      case Code::kLiteral:
        if (c == set[0]) return found;
        set++;
        break;
      case Code::kCategory:
        if (isInCategory(static_cast<Category>(set[0]), c)) return found;
        set++;
        break;
      case Code::kCharset:
        if (c < 256 && bit(set)) return found;
        set += 8;
        break;
      case Code::kRange:
        if (set[0] <= c && c <= set[1]) return found;
        set += 2;
        break;
      case Code::kRangeUniIgnore: {
        uint32_t upper = upperUnicode(c);
        if ((set[0] <= c && c <= set[1]) || (set[0] <= upper && upper <= set[1])) return found;
        set += 2;
        break;
      }
      case Code::kBigCharset: {  // number of blocks, 256 bytes of block numbers, blocks of 256 bits
        uint32_t blocks = *set++;
        if (c < 0x10000) {
          uint8_t block;
          memcpy(&block, reinterpret_cast<const uint8_t*>(set) + (c >> 8), 1);
          if (bit(set + 64 + block * 8)) return found;
        }
        set += 64 + blocks * 8;
        break;
      }
      default: return !found;  // FAILURE
    }
  }
}

}  // namespace krait::sre
