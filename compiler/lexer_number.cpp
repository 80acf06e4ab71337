// Numeric literals: where they end, and what CPython says of those that end badly.
#include <algorithm>

#include "compiler/lexer_impl.h"

namespace krait {

bool Lexer::lexNumber() {
  size_t start = position_;
  const char* kind = "decimal";
  bool exponent = false;
  if (peek() == '.') {
    position_++;
    if (!lexFraction()) return false;
    if (!lexExponent(exponent)) return false;
  } else if (peek() == '0' && (peek(1) | 0x20) == 'x') {
    position_ += 2;
    if (!lexRadixNumber(16, "hexadecimal")) return false;
    push(TokenKind::Number, start, position_);
    return true;
  } else if (peek() == '0' && ((peek(1) | 0x20) == 'o' || (peek(1) | 0x20) == 'b')) {
    bool octal = (peek(1) | 0x20) == 'o';
    position_ += 2;
    if (!lexRadixNumber(octal ? 8 : 2, octal ? "octal" : "binary")) return false;
    push(TokenKind::Number, start, position_);
    return true;
  } else {
    bool nonZeroAfterZero = false;
    size_t zerosEnd = start;
    if (peek() == '0') {
      position_++;
      for (;;) {
        if (peek() == '_') {
          position_++;
          if (!isDigit(peek())) return failHere("invalid decimal literal");
        }
        if (peek() != '0') break;
        position_++;
      }
      zerosEnd = position_;
      if (isDigit(peek())) {
        nonZeroAfterZero = true;
        if (!lexDecimalDigits()) return false;
      }
    } else if (!lexDecimalDigits()) {
      return false;
    }
    if (peek() == '.') {
      position_++;
      nonZeroAfterZero = false;
      if (isDigit(peek()) && !lexFraction()) return false;
    }
    if (!lexExponent(exponent)) return false;
    // What begins like an exponent is no octal number of old, whatever comes of it.
    if (exponent || (peek() | 0x20) == 'e') nonZeroAfterZero = false;
    if (nonZeroAfterZero && (peek() | 0x20) != 'j') {
      auto column = [&](size_t offset) { return static_cast<int64_t>(offset - lineStart_) + 1; };
      return failAt("leading zeros in decimal integer literals are not permitted; use an 0o prefix for octal integers",
                    column(start), column(zerosEnd));
    }
  }
  if ((peek() | 0x20) == 'j') {
    position_++;
    kind = "imaginary";
  }
  if (!endNumber(kind)) return false;
  push(TokenKind::Number, start, position_);
  return true;
}

// After `0x`, `0o` or `0b`.
bool Lexer::lexRadixNumber(int base, const char* name) {
  auto isRadixDigit = [base](char c) {
    if (base == 16) return isDigit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
    return c >= '0' && c < '0' + base;
  };
  auto badDigit = [&] {
    char digit = peek();
    position_++;
    return failHere(std::string("invalid digit '") + digit + "' in " + name + " literal");
  };
  do {
    if (peek() == '_') position_++;
    if (!isRadixDigit(peek())) {
      if (base != 16 && isDigit(peek())) return badDigit();
      return failHere(std::string("invalid ") + name + " literal");
    }
    while (isRadixDigit(peek())) position_++;
  } while (peek() == '_');
  if (base != 16 && isDigit(peek())) return badDigit();
  return endNumber(name);
}

// At a digit; single underscores may separate.
bool Lexer::lexDecimalDigits() {
  for (;;) {
    while (isDigit(peek())) position_++;
    if (peek() != '_') return true;
    position_++;
    if (!isDigit(peek())) return failHere("invalid decimal literal");
  }
}

bool Lexer::lexFraction() { return !isDigit(peek()) || lexDecimalDigits(); }

// `1else` is a number and a keyword: an `e` that no digit follows begins no exponent.
bool Lexer::lexExponent(bool& present) {
  if ((peek() | 0x20) != 'e') return true;
  size_t digits = peek(1) == '+' || peek(1) == '-' ? 2 : 1;
  if (isDigit(peek(digits))) {
    position_ += digits;
    present = true;
    return lexDecimalDigits();
  }
  if (digits == 2) {
    position_ += 2;
    return failHere("invalid decimal literal");
  }
  return true;
}

// A keyword may follow a number directly, with a warning; any other letter may not.
bool Lexer::endNumber(const char* kind) {
  if (!isAsciiNamePart(peek()) && static_cast<signed char>(peek()) >= 0) return true;
  std::string_view rest = text_.substr(position_);
  // CPython looks at two letters of `if`, `in` and `is`, at the whole of the longer words.
  constexpr std::string_view kShortKeywords[] = {"if", "in", "is"};
  constexpr std::string_view kLongKeywords[] = {"and", "else", "for", "not", "or"};
  auto isNamePart = [](char c) { return isAsciiNamePart(c) || static_cast<signed char>(c) < 0; };
  bool keyword = std::any_of(std::begin(kShortKeywords), std::end(kShortKeywords),
                             [&](auto word) { return rest.starts_with(word); }) ||
                 std::any_of(std::begin(kLongKeywords), std::end(kLongKeywords), [&](auto word) {
                   return rest.starts_with(word) && (rest.size() == word.size() || !isNamePart(rest[word.size()]));
                 });
  if (keyword) {
    stream_.warningTokens.push_back(static_cast<uint32_t>(stream_.tokens.size()));
    stream_.warnings.push_back(
        {WarningCategory::SyntaxWarning, characterError(std::string("invalid ") + kind + " literal")});
    return true;
  }
  if (isAsciiNamePart(peek()) || static_cast<signed char>(peek()) < 0) {
    return failHere(std::string("invalid ") + kind + " literal");
  }
  return true;
}

}  // namespace krait
