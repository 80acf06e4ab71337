// Names and string literals: where they end, and which characters may stand in them.
#include "compiler/lexer_impl.h"
#include "vm/unicode.h"
#include "vm/wtf8.h"

namespace krait {

bool Lexer::isStringPrefix(std::string_view text) {
  if (text.size() > 2) return false;
  bool b = false, u = false, r = false, f = false;
  for (char c : text) {
    switch (c | 0x20) {
      case 'b':
        if (b || u || f) return false;
        b = true;
        break;
      case 'u':
        if (b || u || r || f) return false;
        u = true;
        break;
      case 'r':
        if (r || u) return false;
        r = true;
        break;
      case 'f':
        if (f || b || u) return false;
        f = true;
        break;
      default: return false;
    }
  }
  return true;
}

// A name with bytes above 127: PEP 3131 decides, character by character.
bool Lexer::lexHighName(size_t start) {
  const char* data = text_.data();
  size_t end = start;
  while (isAsciiNamePart(data[end]) || static_cast<signed char>(data[end]) < 0) end++;
  position_ = end;
  std::string_view name = text_.substr(start, end - start);
  const char* reason = nullptr;
  size_t length = 0;
  if (size_t bad = findInvalidUtf8(name, reason, length); bad != name.npos) {
    Diagnostic& undecodable = stream_.undecodable.emplace();
    undecodable.kind = DiagnosticKind::UnicodeDecodeError;
    undecodable.message = describeInvalidUtf8(name, bad, reason, length);
    undecodable.text = name;
    undecodable.column = static_cast<int64_t>(bad);
    undecodable.endColumn = static_cast<int64_t>(bad + length);
    failPlaced(DiagnosticKind::SyntaxError, "(unicode error) " + undecodable.message, 0, -1);
    stream_.error->column = static_cast<int64_t>(position_ - lineStart_);
    return false;
  }
  for (size_t i = 0; i < name.size();) {
    size_t first = i;
    uint32_t character = nextWtf8(name, i);
    // The ASCII ones are name characters; where they may stand has been decided already.
    bool fits =
        character < 0x80 || (first == 0 ? unicode::isIdentifierStart(character) : unicode::isIdentifierPart(character));
    if (!fits) {
      position_ = start + i;
      constexpr char kDigits[] = "0123456789ABCDEF";
      std::string hex;
      for (int shift = character > 0xFFFFF ? 20 : character > 0xFFFF ? 16 : 12; shift >= 0; shift -= 4) {
        hex += kDigits[character >> shift & 15];
      }
      if (unicode::isPrintable(character)) {
        return failHere("invalid character '" + std::string(name.substr(first, i - first)) + "' (U+" + hex + ")");
      }
      return failHere("invalid non-printable character U+" + hex);
    }
  }
  push(TokenKind::Name, start, end).hasHighBytes = true;
  return true;
}

// `start` is at the prefix, position_ at it or already at the quote.
bool Lexer::lexString(size_t start) {
  const char* data = text_.data();
  while (data[position_] != '"' && data[position_] != '\'') position_++;
  char quote = data[position_];
  bool triple = data[position_ + 1] == quote && data[position_ + 2] == quote;
  int32_t firstLine = line_;
  size_t firstLineStart = lineStart_;
  position_ += triple ? 3 : 1;
  unsigned char bits = 0;
  bool endsInBackslash = false;
  for (;;) {
    char c = data[position_];
    bits |= static_cast<unsigned char>(c);
    if (c == quote && (!triple || (data[position_ + 1] == quote && data[position_ + 2] == quote))) break;
    bool atEnd = c == '\0' && position_ >= text_.size();
    if (atEnd || (c == '\n' && !triple)) {
      std::string message = std::string("unterminated ") + (triple ? "triple-quoted " : "") +
                            "string literal (detected at line " + std::to_string(line_ + options_.lineShift) + ")";
      // A backslash takes the last newline, which may be the supplied one.
      stream_.errorIsAtEnd = atEnd && (triple || !options_.finishLastLine || endsInBackslash);
      stream_.endsInString = atEnd && triple;
      line_ = firstLine;
      lineStart_ = firstLineStart;
      position_ = start + 1;
      return failHere(std::move(message));
    }
    position_++;
    if (c == '\\') {
      bool isLast = position_ >= text_.size();
      if (!isLast) {
        c = data[position_];
        bits |= static_cast<unsigned char>(c);
        position_++;
      }
      endsInBackslash = isLast || (c == '\n' && position_ >= text_.size());
    }
    if (c == '\n') nextLine(true);
  }
  position_ += triple ? 3 : 1;
  Token& token = push(TokenKind::String, start, position_);
  token.hasHighBytes = bits >= 0x80;
  token.location.line = firstLine + options_.lineShift;
  token.location.column = static_cast<int32_t>(start - firstLineStart) + (firstLine == 1 ? options_.columnShift : 0);
  return true;
}

}  // namespace krait
