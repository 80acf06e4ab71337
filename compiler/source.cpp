// Reads program text: byte order mark, PEP 263 cookie, newlines.
#include "compiler/source.h"

#include <algorithm>
#include <cstring>

#include "compiler/icu.h"

namespace krait {

namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

bool isCookieCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
}

// The encoding a line declares, `# -*- coding: latin-1 -*-`; empty if none.
std::string_view cookieOfLine(std::string_view line) {
  size_t at = line.find_first_not_of(" \t\f");
  if (at == line.npos || line[at] != '#') return {};
  for (;;) {
    at = line.find("coding", at);
    if (at == line.npos) return {};
    at += 6;
    if (at >= line.size() || (line[at] != ':' && line[at] != '=')) continue;
    size_t begin = line.find_first_not_of(" \t", at + 1);
    if (begin == line.npos) continue;
    size_t end = begin;
    while (end < line.size() && isCookieCharacter(line[end])) end++;
    if (end > begin) return line.substr(begin, end - begin);
  }
}

// A cookie counts on the first line, or on the second when the first holds nothing but a comment.
std::string_view findCookie(std::string_view bytes) {
  for (int number = 0; number < 2; number++) {
    size_t end = bytes.find_first_of("\r\n");
    std::string_view line = bytes.substr(0, end);
    std::string_view cookie = cookieOfLine(line);
    if (!cookie.empty()) return cookie;
    size_t first = line.find_first_not_of(" \t\f");
    if ((first != line.npos && line[first] != '#') || end == bytes.npos) return {};
    bytes.remove_prefix(end + (bytes.substr(end).starts_with("\r\n") ? 2 : 1));
  }
  return {};
}

// `UTF_8`, `latin_1_unix` and their like, as CPython folds them; any other name is returned unchanged.
std::string normalEncodingName(std::string_view name) {
  std::string folded;
  for (char c : name.substr(0, 12)) {
    folded += c == '_' ? '-' : c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  auto matches = [&](std::string_view base) { return folded == base || folded.starts_with(std::string(base) + "-"); };
  if (matches("utf-8")) return "utf-8";
  if (matches("latin-1") || matches("iso-8859-1") || matches("iso-latin-1")) return "iso-8859-1";
  return std::string(name);
}

std::string simplified(std::string_view name) {
  std::string out;
  for (char c : name) {
    if (c == '-' || c == '_' || c == ' ' || c == '.') continue;
    out += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return out;
}

std::string latin1ToUtf8(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size() + bytes.size() / 8);
  for (char raw : bytes) {
    unsigned char c = static_cast<unsigned char>(raw);
    if (c < 0x80) {
      out += raw;
    } else {
      out += static_cast<char>(0xC0 | c >> 6);
      out += static_cast<char>(0x80 | (c & 63));
    }
  }
  return out;
}

// CPython reads scripts by lines that end at their first null byte, and so lose the rest and the newline.
std::string withoutNulls(std::string_view bytes) {
  std::string out;
  for (;;) {
    size_t null = bytes.find('\0');
    out += bytes.substr(0, null);
    if (null == bytes.npos) return out;
    bytes.remove_prefix(std::min(bytes.find('\n', null), bytes.size() - 1) + 1);
  }
}

std::string hexByte(unsigned char byte) {
  constexpr char kDigits[] = "0123456789abcdef";
  return {kDigits[byte >> 4], kDigits[byte & 15]};
}

}  // namespace

Source Source::fromText(std::string_view utf8) {
  Source source;
  source.adopt(utf8);
  return source;
}

Source Source::fromBytes(std::string_view bytes) {
  Source source;
  source.decode(bytes, {});
  return source;
}

Source Source::fromFile(std::string_view bytes, std::string_view path) {
  Source source;
  source.isFile_ = true;
  source.decode(bytes, path);
  return source;
}

void Source::fail(DiagnosticKind kind, std::string message) {
  error_.emplace();
  error_->kind = kind;
  error_->message = std::move(message);
  error_->column = -1;
  error_->hasEnd = false;
  error_->hasPlace = !isFile_;
}

bool Source::decode(std::string_view bytes, std::string_view path) {
  std::string kept;
  if (isFile_ && bytes.find('\0') != bytes.npos) bytes = kept = withoutNulls(bytes);
  if (bytes.find('\0') != bytes.npos) {
    fail(DiagnosticKind::ValueError, "source code string cannot contain null bytes");
    return false;
  }
  hasByteOrderMark_ = bytes.starts_with(kByteOrderMark);
  if (hasByteOrderMark_) bytes.remove_prefix(kByteOrderMark.size());
  std::string_view cookie = findCookie(bytes);
  std::string encoding = cookie.empty() ? "" : normalEncodingName(cookie);
  if (hasByteOrderMark_ && !cookie.empty() && encoding != "utf-8") {
    fail(DiagnosticKind::SyntaxError, "encoding problem: " + encoding + " with BOM");
    return false;
  }
  columnsInBytes_ = !hasByteOrderMark_ && encoding.empty();
  if (encoding.empty() || encoding == "utf-8") {
    const char* reason = nullptr;
    size_t length = 0;
    size_t bad =
        isFile_ && encoding.empty() && !hasByteOrderMark_ ? findInvalidUtf8(bytes, reason, length) : bytes.npos;
    if (bad != bytes.npos) {
      auto line = 1 + std::count(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(bad), '\n');
      fail(DiagnosticKind::SyntaxError, "Non-UTF-8 code starting with '\\x" +
                                            hexByte(static_cast<unsigned char>(bytes[bad])) + "' in file " +
                                            std::string(path) + " on line " + std::to_string(line) +
                                            ", but no encoding declared; see https://peps.python.org/pep-0263/ for "
                                            "details");
      return false;
    }
    adopt(bytes);
    return true;
  }
  std::string name = simplified(encoding);
  auto cannotDecode = [&](std::string_view codec, size_t position, std::string_view why) {
    fail(DiagnosticKind::SyntaxError,
         isFile_ ? "encoding problem: " + encoding
                 : "'" + std::string(codec) + "' codec can't decode byte 0x" +
                       hexByte(static_cast<unsigned char>(position < bytes.size() ? bytes[position] : 0)) +
                       " in position " + std::to_string(position) + ": " + std::string(why));
    return false;
  };
  if (name == "iso88591" || name == "latin1" || name == "latin" || name == "l1" || name == "8859") {
    adopt(latin1ToUtf8(bytes));
    return true;
  }
  if (name == "ascii" || name == "usascii" || name == "646") {
    auto high = std::find_if(bytes.begin(), bytes.end(), [](char c) { return static_cast<signed char>(c) < 0; });
    if (high != bytes.end()) {
      return cannotDecode("ascii", static_cast<size_t>(high - bytes.begin()), "ordinal not in range(128)");
    }
    adopt(bytes);
    return true;
  }
  if (name == "utf8" || name == "u8" || name == "utf" || name == "cp65001" || name == "utf8ucs4") {
    const char* reason = nullptr;
    size_t length = 0;
    size_t bad = findInvalidUtf8(bytes, reason, length);
    if (bad != bytes.npos) return cannotDecode("utf-8", bad, reason);
    adopt(bytes);
    return true;
  }
  std::string utf8;
  size_t position = 0;
  switch (icu::toUtf8(bytes, encoding, utf8, position)) {
    case icu::ConversionError::UnknownEncoding:
      fail(DiagnosticKind::SyntaxError, (isFile_ ? "encoding problem: " : "unknown encoding: ") + encoding);
      return false;
    case icu::ConversionError::Malformed:
      return cannotDecode(name.starts_with("cp") || name.starts_with("iso") ? "charmap" : encoding, position,
                          "character maps to <undefined>");
    case icu::ConversionError::None: break;
  }
  // ICU reads the bytes that these code pages leave undefined as control characters.
  if (name.starts_with("cp125")) {
    for (size_t at = 0; (at = utf8.find('\xC2', at)) != utf8.npos; at++) {
      if (static_cast<unsigned char>(utf8[at + 1]) < 0xA0) {
        return cannotDecode("charmap", static_cast<size_t>(countCharacters(utf8, at)), "character maps to <undefined>");
      }
    }
  }
  adopt(utf8);
  return true;
}

void Source::adopt(std::string_view utf8) {
  if (utf8.find('\0') != utf8.npos) {
    fail(DiagnosticKind::ValueError, "source code string cannot contain null bytes");
    return;
  }
  if (utf8.size() >= INT32_MAX) {
    fail(DiagnosticKind::OverflowError, "source code is too long");
    return;
  }
  if (utf8.find('\r') == utf8.npos) {
    text_.assign(utf8);
    return;
  }
  text_.reserve(utf8.size());
  for (size_t i = 0; i < utf8.size(); i++) {
    if (utf8[i] != '\r') {
      text_ += utf8[i];
      continue;
    }
    text_ += '\n';
    if (i + 1 < utf8.size() && utf8[i + 1] == '\n') i++;
  }
}

std::string_view Source::line(int64_t number) const {
  std::string_view rest = text_;
  for (int64_t i = 1; i < number; i++) {
    size_t end = rest.find('\n');
    if (end == rest.npos) return {};
    rest.remove_prefix(end + 1);
  }
  return rest.substr(0, rest.find('\n'));
}

int64_t countCharacters(std::string_view text, size_t bytes) {
  bytes = std::min(bytes, text.size());
  const char* reason = nullptr;
  size_t length = 0;
  int64_t count = 0;
  // Each ill-formed part is shown as one replacement character.
  for (std::string_view rest = text.substr(0, bytes);;) {
    size_t bad = findInvalidUtf8(rest, reason, length);
    std::string_view good = rest.substr(0, bad);
    count += std::count_if(good.begin(), good.end(), [](char c) { return (c & 0xC0) != 0x80; });
    if (bad == rest.npos) return count;
    count++;
    rest.remove_prefix(bad + length);
  }
}

int64_t characterColumn(std::string_view shownText, int64_t byteColumn) {
  auto size = static_cast<int64_t>(shownText.size());
  if (byteColumn > size) return countCharacters(shownText, shownText.size()) + 1;
  return byteColumn <= 0 ? byteColumn : countCharacters(shownText, static_cast<size_t>(byteColumn));
}

size_t findInvalidUtf8(std::string_view text, const char*& reason, size_t& length) {
  const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
  size_t size = text.size();
  size_t i = 0;
  while (i < size) {
    if (size - i >= 8) {
      uint64_t word;
      std::memcpy(&word, bytes + i, 8);
      if ((word & 0x8080808080808080u) == 0) {
        i += 8;
        continue;
      }
    }
    unsigned char lead = bytes[i];
    if (lead < 0x80) {
      i++;
      continue;
    }
    size_t need = lead >= 0xC2 && lead <= 0xDF   ? 1
                  : lead >= 0xE0 && lead <= 0xEF ? 2
                  : lead >= 0xF0 && lead <= 0xF4 ? 3
                                                 : 0;
    if (need == 0) {
      reason = "invalid start byte";
      length = 1;
      return i;
    }
    for (size_t k = 1; k <= need; k++) {
      if (i + k >= size) {
        reason = "unexpected end of data";
        length = k;
        return i;
      }
      unsigned char next = bytes[i + k];
      bool fits = (next & 0xC0) == 0x80;
      if (k == 1 && fits) {
        if (lead == 0xE0) fits = next >= 0xA0;
        if (lead == 0xED) fits = next < 0xA0;
        if (lead == 0xF0) fits = next >= 0x90;
        if (lead == 0xF4) fits = next < 0x90;
      }
      if (!fits) {
        reason = "invalid continuation byte";
        length = k;
        return i;
      }
    }
    i += need + 1;
  }
  return text.npos;
}

std::string describeInvalidUtf8(std::string_view text, size_t position, const char* reason, size_t length) {
  std::string out = "'utf-8' codec can't decode byte";
  if (length == 1) {
    out += " 0x" + hexByte(static_cast<unsigned char>(text[position])) + " in position " + std::to_string(position);
  } else {
    out += "s in position " + std::to_string(position) + "-" + std::to_string(position + length - 1);
  }
  return out + ": " + reason;
}

}  // namespace krait
