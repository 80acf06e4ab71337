// repr and ascii of text and of bytes.
#include "vm/builtins/str_repr.h"

#include <algorithm>

#include "vm/builtins/text.h"
#include "vm/unicode.h"

namespace krait {
namespace {

void appendHex(StrBuilder& out, uint32_t c, int digits) {
  for (int shift = (digits - 1) * 4; shift >= 0; shift -= 4) {
    out.appendCharacter(static_cast<uint32_t>("0123456789abcdef"[(c >> shift) & 15]));
  }
}

// One character as a literal shows it. `quote`: the quotation mark around it.
void appendEscaped(StrBuilder& out, uint32_t c, uint32_t quote, bool asciiOnly) {
  if (c == quote || c == '\\') {
    out.appendCharacter('\\').appendCharacter(c);
  } else if (c >= ' ' && c < 0x7f) {
    out.appendCharacter(c);
  } else if (c == '\n' || c == '\r' || c == '\t') {
    out.appendCharacter('\\').appendCharacter(c == '\n' ? 'n' : c == '\r' ? 'r' : 't');
  } else if (c >= 0x80 && !asciiOnly && unicode::isPrintable(c)) {
    out.appendCharacter(c);
  } else {
    appendBackslashEscape(out, c);
  }
}

Fallible<Str*> represent(Thread& thread, const Str* s, bool asciiOnly) {
  bool hasSingle = false, hasDouble = false, plain = true;
  for (uint64_t i = 0; i < s->length; i++) {
    uint32_t c = s->at(i);
    hasSingle = hasSingle || c == '\'';
    hasDouble = hasDouble || c == '"';
    plain = plain && c >= ' ' && c < 0x7f && c != '\\' && c != '\'';
  }
  uint32_t quote = hasSingle && !hasDouble ? '"' : '\'';
  if (plain) {
    Str* quoted = TRY(allocateStr(thread, s->length + 2, 1, true));
    quoted->inlineText[0] = quoted->inlineText[s->length + 1] = '\'';
    copyCharacters(quoted->inlineText + 1, 1, s->data(), 1, s->length);
    return quoted;
  }
  StrBuilder out;
  out.appendCharacter(quote);
  for (uint64_t i = 0; i < s->length; i++) appendEscaped(out, s->at(i), quote, asciiOnly);
  out.appendCharacter(quote);
  return out.build(thread);
}

}  // namespace

void appendBackslashEscape(StrBuilder& out, uint32_t c) {
  out.appendCharacter('\\').appendCharacter(c < 0x100 ? 'x' : c < 0x10000 ? 'u' : 'U');
  appendHex(out, c, c < 0x100 ? 2 : c < 0x10000 ? 4 : 8);
}

Fallible<Str*> strRepr(Thread& thread, const Str* s) { return represent(thread, s, false); }

Fallible<Str*> asciiOnly(Thread& thread, Str* s) {
  if (s->isAscii()) return s;
  StrBuilder out;
  for (uint64_t i = 0; i < s->length; i++) {
    uint32_t c = s->at(i);
    if (c < 0x80) {
      out.appendCharacter(c);
    } else {
      appendBackslashEscape(out, c);
    }
  }
  return out.build(thread);
}

Fallible<Str*> bytesRepr(Thread& thread, std::string_view bytes, std::string_view before, std::string_view after) {
  bool hasSingle = bytes.find('\'') != bytes.npos, hasDouble = bytes.find('"') != bytes.npos;
  uint32_t quote = hasSingle && !hasDouble ? '"' : '\'';
  StrBuilder out;
  out.append(before).appendCharacter('b').appendCharacter(quote);
  bool isBytearray = !before.empty();  // its repr escapes a single quote even between double ones
  for (char byte : bytes) {
    if (isBytearray && byte == '\'' && quote == '"') out.appendCharacter('\\');
    appendEscaped(out, static_cast<uint8_t>(byte), quote, true);
  }
  out.appendCharacter(quote).append(after);
  return out.build(thread);
}

}  // namespace krait
