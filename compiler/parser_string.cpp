// String literals: prefixes, escapes, concatenation.
#include "compiler/parser_string.h"

#include <algorithm>

#include "compiler/source.h"
#include "vm/unicode.h"
#include "vm/wtf8.h"

namespace krait {

using namespace ast;

namespace {

bool isHexDigit(char c) { return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f'); }

uint32_t hexValue(char c) { return static_cast<uint32_t>(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10); }

bool isOctalDigit(char c) { return c >= '0' && c <= '7'; }

// Escapes that str and bytes share; 0 for the rest.
char simpleEscape(char c) {
  switch (c) {
    case '\\':
    case '\'':
    case '"': return c;
    case 'b': return '\b';
    case 'f': return '\f';
    case 't': return '\t';
    case 'n': return '\n';
    case 'r': return '\r';
    case 'v': return '\v';
    case 'a': return '\a';
    default: return 0;
  }
}

}  // namespace

StringToken StringToken::read(std::string_view text, uint32_t offset) {
  StringToken out;
  size_t i = 0;
  for (; text[i] != '\'' && text[i] != '"'; i++) {
    switch (text[i] | 0x20) {
      case 'b': out.isBytes = true; break;
      case 'r': out.isRaw = true; break;
      case 'f': out.isFormatted = true; break;
      default: out.isUnicode = true; break;
    }
  }
  size_t quotes = text.size() >= i + 6 && text[i + 1] == text[i] && text[i + 2] == text[i] ? 3 : 1;
  out.body = text.substr(i + quotes, text.size() - i - 2 * quotes);
  out.bodyOffset = offset + static_cast<uint32_t>(i + quotes);
  return out;
}

std::string StringDecoder::decode(std::string_view body, bool isRaw, bool isBytes, bool& failed) {
  failed = false;
  if (isRaw || (body.find('\\') == body.npos && !isFormatted)) {
    if (!isBytes && !checkUtf8(body)) failed = true;
    return std::string(body);
  }
  return isBytes ? decodeBytes(body, failed) : decodeText(body, failed);
}

bool StringDecoder::checkUtf8(std::string_view body) {
  const char* reason = nullptr;
  size_t length = 0;
  size_t bad = findInvalidUtf8(body, reason, length);
  // Surrogates cannot come from a file; a str object may hold them.
  if (bad == body.npos) return true;
  error = "(unicode error) " + describeInvalidUtf8(body, bad, reason, length);
  return false;
}

std::string StringDecoder::decodeBytes(std::string_view body, bool& failed) {
  std::string out;
  out.reserve(body.size());
  for (size_t i = 0; i < body.size();) {
    if (body[i] != '\\') {
      size_t end = std::min(body.find('\\', i), body.size());
      out.append(body, i, end - i);
      i = end;
      continue;
    }
    char c = body[i + 1];
    size_t start = i;
    i += 2;
    if (c == '\n') continue;
    if (char simple = simpleEscape(c)) {
      out += simple;
    } else if (isOctalDigit(c)) {
      out += static_cast<char>(octal(body, i, c));
    } else if (c == 'x') {
      if (i + 1 >= body.size() || !isHexDigit(body[i]) || !isHexDigit(body[i + 1])) {
        error = "(value error) invalid \\x escape at position " + std::to_string(start);
        failed = true;
        return out;
      }
      out += static_cast<char>(hexValue(body[i]) << 4 | hexValue(body[i + 1]));
      i += 2;
    } else {
      noteInvalidEscape(body.substr(start, 2));
      out += '\\';
      i--;
    }
  }
  return out;
}

// One to three octal digits, the first already read.
uint32_t StringDecoder::octal(std::string_view body, size_t& i, char first) {
  size_t start = i - 2;
  auto value = static_cast<uint32_t>(first - '0');
  for (int k = 0; k < 2 && i < body.size() && isOctalDigit(body[i]); k++) {
    value = value * 8 + static_cast<uint32_t>(body[i++] - '0');
  }
  if (value > 0377) noteInvalidEscape(body.substr(start, 4));
  return value;
}

std::string StringDecoder::decodeText(std::string_view body, bool& failed) {
  std::string out;
  out.reserve(body.size());
  // CPython decodes a copy in which each character outside ASCII is a ten-byte escape, and counts positions there.
  size_t position = 0;
  auto escapeError = [&](size_t length, const char* why) {
    error = "(unicode error) 'unicodeescape' codec can't decode bytes in position " + std::to_string(position) + "-" +
            std::to_string(position + length - 1) + ": " + why;
    failed = true;
  };
  // That copy is made first, so bad bytes are found before bad escapes.
  for (size_t i = 0; i < body.size(); i++) {
    size_t end = i;
    while (end < body.size() && static_cast<signed char>(body[end]) < 0) end++;
    if (end > i && !checkUtf8(body.substr(i, end - i))) {
      failed = true;
      return out;
    }
    i = end;
  }
  for (size_t i = 0; i < body.size();) {
    auto lead = static_cast<unsigned char>(body[i]);
    if (lead >= 0x80) {
      size_t end = i;
      while (end < body.size() && static_cast<signed char>(body[end]) < 0) end++;
      std::string_view run = body.substr(i, end - i);
      out += run;
      position += 10 * static_cast<size_t>(countCharacters(run, run.size()));
      i = end;
      continue;
    }
    if (lead != '\\') {
      size_t end = i + 1;
      while (end < body.size() && body[end] != '\\' && static_cast<signed char>(body[end]) >= 0) end++;
      out.append(body, i, end - i);
      position += end - i;
      i = end;
      continue;
    }
    if (i + 1 >= body.size() || static_cast<signed char>(body[i + 1]) < 0) {
      out += '\\';
      i++;
      position += 6;
      continue;
    }
    char c = body[i + 1];
    size_t start = i;
    i += 2;
    if (c == '\n') {
    } else if (char simple = simpleEscape(c)) {
      out += simple;
    } else if (isOctalDigit(c)) {
      appendWtf8(out, octal(body, i, c));
    } else if (c == 'x' || c == 'u' || c == 'U') {
      size_t digits = c == 'x' ? 2 : c == 'u' ? 4 : 8;
      char32_t value = 0;
      size_t count = 0;
      for (; count < digits && i < body.size() && isHexDigit(body[i]); count++)
        value = value << 4 | hexValue(body[i++]);
      if (count < digits) {
        escapeError(count + 2, c == 'x'   ? "truncated \\xXX escape"
                               : c == 'u' ? "truncated \\uXXXX escape"
                                          : "truncated \\UXXXXXXXX escape");
        return out;
      }
      if (value > 0x10FFFF) {
        escapeError(10, "illegal Unicode character");
        return out;
      }
      appendWtf8(out, value);
    } else if (c == 'N') {
      if (i >= body.size() || body[i] != '{') {
        escapeError(2, "malformed \\N character escape");
        return out;
      }
      size_t close = body.find('}', i);
      if (close == body.npos || close == i + 1) {
        size_t length = std::min(close, body.size()) - start;
        escapeError(length, "malformed \\N character escape");
        return out;
      }
      int64_t character = unicode::characterOfName(body.substr(i + 1, close - i - 1));
      if (character < 0) {
        escapeError(close + 1 - start, "unknown Unicode character name");
        return out;
      }
      appendWtf8(out, static_cast<uint32_t>(character));
      i = close + 1;
    } else {
      noteInvalidEscape(body.substr(start, 2));
      out += '\\';
      i--;
    }
    position += i - start;
  }
  return out;
}

// Only the first of a literal is worth a warning.
void StringDecoder::noteInvalidEscape(std::string_view escape) {
  if (invalidEscape.empty()) invalidEscape = escape;
}

void Parser::warnInvalidEscape(std::string_view escape, const Token& token) {
  passOnLexerWarnings(at_);
  bool octal = escape.size() > 2;
  std::string message =
      std::string("invalid ") + (octal ? "octal " : "") + "escape sequence '" + std::string(escape) + "'";
  warnings_.push_back({WarningCategory::DeprecationWarning, errorPlace().at(token, std::move(message), at_)});
}

std::string Parser::decodeLiteral(std::string_view body, bool isRaw, bool isBytes, const Token& token,
                                  bool isFormatted) {
  StringDecoder decoder;
  decoder.isFormatted = isFormatted;
  bool failed = false;
  std::string out = decoder.decode(body, isRaw, isBytes, failed);
  if (failed) raiseHere(decoder.error);
  if (!decoder.invalidEscape.empty()) warnInvalidEscape(decoder.invalidEscape, token);
  return out;
}

// Adjacent literals are one: text, bytes, or, if any of them is an f-string, a JoinedStr.
Expr* Parser::strings() {
  const Token& first = token();
  size_t begin = at_;
  while (at(TokenKind::String)) at_++;
  // What follows has been looked at before the literals themselves are.
  if (at(TokenKind::Error)) fail();
  size_t end = at_;
  Location location = since(first);
  bool anyFormatted = false;
  bool isBytes = false;
  bool isUnicode = false;
  for (size_t i = begin; i < end; i++) {
    StringToken literal = StringToken::read(textOf(tokens_[i]), tokens_[i].start);
    // What the literals hold is looked at one by one, so that the first bad one is reported.
    if (i == begin) {
      isBytes = literal.isBytes;
      isUnicode = literal.isUnicode;
    }
    anyFormatted |= literal.isFormatted;
  }
  if (anyFormatted) requireVersion(6, "Format strings are");
  if (anyFormatted) return formattedStrings(begin, end, location, isBytes, isUnicode);
  auto* node = make<ConstantExpr>(location);
  node->hasUnicodePrefix = isUnicode;
  if (end - begin == 1) {
    StringToken literal = StringToken::read(textOf(first), first.start);
    checkBytes(literal, first);
    bool plain = literal.body.find('\\') == literal.body.npos && !first.hasHighBytes;
    std::string_view value =
        arena_.copyText(plain ? literal.body : decodeLiteral(literal.body, literal.isRaw, isBytes, first));
    node->value = isBytes ? Constant::bytes(value) : Constant::str(value);
    return node;
  }
  std::string value;
  for (size_t i = begin; i < end; i++) {
    StringToken literal = StringToken::read(textOf(tokens_[i]), tokens_[i].start);
    checkBytes(literal, tokens_[i]);
    if (literal.isBytes != isBytes) {
      // CPython decodes a literal before it looks at what it is next to.
      decodeLiteral(literal.body, literal.isRaw, literal.isBytes, tokens_[i]);
      raiseHere("cannot mix bytes and nonbytes literals");
    }
    value += decodeLiteral(literal.body, literal.isRaw, isBytes, tokens_[i]);
  }
  std::string_view kept = arena_.copyText(value);
  node->value = isBytes ? Constant::bytes(kept) : Constant::str(kept);
  return node;
}

void Parser::checkBytes(const StringToken& literal, const Token& token) {
  if (literal.isBytes && token.hasHighBytes) raiseHere("bytes can only contain ASCII literal characters");
}

}  // namespace krait
