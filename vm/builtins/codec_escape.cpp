// unicode_escape and raw_unicode_escape.
#include "vm/builtins/codec_escape.h"

#include "vm/builtins/codecs.h"
#include "vm/unicode.h"

namespace krait {
namespace {

int hexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  c = static_cast<char>(c | 32);
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

void putHex(ByteBuilder& out, char kind, uint32_t c, int digits) {
  out.push_back('\\');
  out.push_back(kind);
  for (int shift = (digits - 1) * 4; shift >= 0; shift -= 4) out.push_back("0123456789abcdef"[(c >> shift) & 15]);
}

struct EscapeDecoder {
  Thread& thread;
  std::string_view bytes;
  const char* codec;
  std::string_view errors;
  bool final;
  StrBuilder& out;
  Value replaced = Value::unbound();  // keeps alive what an error handler has put in the place of `bytes`

  Fallible<uint64_t> handle(uint64_t start, uint64_t end, const char* reason) {
    uint64_t next = TRY(handleDecodeError(thread, {bytes, codec, start, end, reason}, errors, out, &replaced));
    if (!replaced.isUnbound()) bytes = viewOf(toBytes(replaced));
    return next;
  }

  // Hexadecimal digits behind an escape that began at `start`; `i` is the first digit. nullopt-like: kIncomplete when
  // more input might complete it.
  static constexpr uint64_t kIncomplete = UINT64_MAX;
  Fallible<uint64_t> hexEscape(uint64_t start, uint64_t i, int digits, const char* truncated) {
    uint32_t c = 0;
    for (int k = 0; k < digits; k++, i++) {
      int digit = i < bytes.size() ? hexValue(bytes[i]) : -1;
      if (digit < 0) {
        if (i >= bytes.size() && !final) return kIncomplete;
        return handle(start, i, truncated);
      }
      c = c << 4 | static_cast<uint32_t>(digit);
    }
    if (c > 0x10ffff) {
      return handle(start, i, codec[0] == 'r' ? "\\Uxxxxxxxx out of range" : "illegal Unicode character");
    }
    out.appendCharacter(c);
    return i;
  }

  // \N{name}; `i` is behind the N.
  Fallible<uint64_t> namedEscape(uint64_t start, uint64_t i) {
    uint64_t close = i < bytes.size() && bytes[i] == '{' ? bytes.find('}', i) : std::string_view::npos;
    if (close == std::string_view::npos) {
      if (!final) return kIncomplete;
      return handle(start, i < bytes.size() && bytes[i] == '{' ? bytes.size() : i, "malformed \\N character escape");
    }
    if (close == i + 1) return handle(start, close, "malformed \\N character escape");
    int64_t c = unicode::characterOfName(bytes.substr(i + 1, close - i - 1));
    if (c < 0) return handle(start, close + 1, "unknown Unicode character name");
    out.appendCharacter(static_cast<uint32_t>(c));
    return close + 1;
  }

  Fallible<uint64_t> octalEscape(uint64_t i) {
    uint32_t c = 0;
    for (int k = 0; k < 3 && i < bytes.size() && bytes[i] >= '0' && bytes[i] <= '7'; k++, i++) {
      c = c << 3 | static_cast<uint32_t>(bytes[i] - '0');
    }
    out.appendCharacter(c);
    return i;
  }

  // An escape at `start`, whose backslash is followed by something.
  Fallible<uint64_t> escape(uint64_t start) {
    uint64_t i = start + 2;
    char kind = bytes[start + 1];
    switch (kind) {
      case '\n': return i;
      case '\\':
      case '\'':
      case '"': out.appendCharacter(static_cast<uint8_t>(kind)); return i;
      case 'a': out.appendCharacter(7); return i;
      case 'b': out.appendCharacter(8); return i;
      case 'f': out.appendCharacter(12); return i;
      case 'n': out.appendCharacter(10); return i;
      case 'r': out.appendCharacter(13); return i;
      case 't': out.appendCharacter(9); return i;
      case 'v': out.appendCharacter(11); return i;
      case 'x': return hexEscape(start, i, 2, "truncated \\xXX escape");
      case 'u': return hexEscape(start, i, 4, "truncated \\uXXXX escape");
      case 'U': return hexEscape(start, i, 8, "truncated \\UXXXXXXXX escape");
      case 'N': return namedEscape(start, i);
      default: break;
    }
    if (kind >= '0' && kind <= '7') return octalEscape(start + 1);
    out.appendCharacter('\\').appendCharacter(static_cast<uint8_t>(kind));
    return i;
  }
};

}  // namespace

Fallible<void> warnOfEscapes(Thread& thread, std::string_view bytes, bool ofText) {
  constexpr std::string_view kKnown = "\n\\'\"abfnrtvxuUN";
  std::string_view known = ofText ? kKnown : kKnown.substr(0, kKnown.size() - 3);
  for (size_t i = bytes.find('\\'); i != std::string_view::npos && i + 1 < bytes.size(); i = bytes.find('\\', i)) {
    char kind = bytes[i + 1];
    if (kind >= '0' && kind <= '7') {
      size_t end = i + 1;
      int code = 0;
      for (; end < bytes.size() && end < i + 4 && bytes[end] >= '0' && bytes[end] <= '7'; end++) {
        code = code * 8 + (bytes[end] - '0');
      }
      if (code > 0xff) {
        std::string message = "invalid octal escape sequence '" + std::string(bytes.substr(i, end - i)) + "'";
        return warn(thread, exceptions.DeprecationWarning, message);
      }
      i = end;
      continue;
    }
    if (known.find(kind) == std::string_view::npos) {
      StrBuilder message;  // the byte as a character
      message.append("invalid escape sequence '\\").appendCharacter(static_cast<uint8_t>(kind)).append("'");
      fmt::memory_buffer buffer;
      return warn(thread, exceptions.DeprecationWarning, textOf(TRY(message.build(thread)), buffer));
    }
    i += 2;
  }
  return {};
}

void encodeEscapes(const Str* s, bool raw, ByteBuilder& out) {
  for (uint64_t i = 0; i < s->length; i++) {
    uint32_t c = s->at(i);
    if (raw ? c < 0x100 : c >= 32 && c < 127 && c != '\\') {
      out.appendByte(c);
    } else if (!raw && (c == '\n' || c == '\r' || c == '\t' || c == '\\')) {
      out.push_back('\\');
      out.push_back(c == '\n' ? 'n' : c == '\r' ? 'r' : c == '\t' ? 't' : '\\');
    } else if (c < 0x100) {
      putHex(out, 'x', c, 2);
    } else if (c < 0x10000) {
      putHex(out, 'u', c, 4);
    } else {
      putHex(out, 'U', c, 8);
    }
  }
}

Fallible<uint64_t> decodeUnicodeEscapes(Thread& thread, std::string_view source, std::string_view errors, bool final,
                                        StrBuilder& out) {
  EscapeDecoder decoder{thread, source, "unicodeescape", errors, final, out};
  const std::string_view& bytes = decoder.bytes;  // an error handler may replace them
  uint64_t i = 0;
  while (i < bytes.size()) {
    if (bytes[i] != '\\') {
      out.appendCharacter(static_cast<uint8_t>(bytes[i++]));
    } else if (i + 1 == bytes.size()) {
      if (!final) return i;
      i = TRY(decoder.handle(i, i + 1, "\\ at end of string"));
    } else {
      uint64_t next = TRY(decoder.escape(i));
      if (next == EscapeDecoder::kIncomplete) return i;
      i = next;
    }
  }
  return i;
}

Fallible<uint64_t> decodeRawUnicodeEscapes(Thread& thread, std::string_view source, std::string_view errors, bool final,
                                           StrBuilder& out) {
  EscapeDecoder decoder{thread, source, "rawunicodeescape", errors, final, out};
  const std::string_view& bytes = decoder.bytes;  // an error handler may replace them
  uint64_t i = 0;
  while (i < bytes.size()) {
    if (bytes[i] != '\\') {
      out.appendCharacter(static_cast<uint8_t>(bytes[i++]));
      continue;
    }
    if (i + 1 == bytes.size()) {
      if (!final) return i;
      out.appendCharacter('\\');
      return i + 1;
    }
    char kind = bytes[i + 1];
    if (kind == 'u' || kind == 'U') {
      uint64_t next = TRY(decoder.hexEscape(i, i + 2, kind == 'u' ? 4 : 8,
                                            kind == 'u' ? "truncated \\uXXXX escape" : "truncated \\UXXXXXXXX escape"));
      if (next == EscapeDecoder::kIncomplete) return i;
      i = next;
    } else {
      out.appendCharacter('\\').appendCharacter(static_cast<uint8_t>(kind));
      i += 2;
    }
  }
  return i;
}

}  // namespace krait
