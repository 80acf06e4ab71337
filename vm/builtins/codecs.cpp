// The codecs: UTF-8, ASCII, Latin-1, UTF-16, UTF-32. The escape codecs are in codec_escape.cpp.
#include "vm/builtins/codecs.h"

#include <cstring>

#include "vm/builtins/bytearray.h"
#include "vm/builtins/codec_escape.h"
#include "vm/builtins/codec_quick.h"
#include "vm/builtins/memoryview.h"
#include "vm/builtins/text.h"

namespace krait {

Codec findCodec(std::string_view name) {
  if (name == "utf-8") return Codec::kUtf8;
  if (name == "ascii") return Codec::kAscii;
  if (name == "latin-1") return Codec::kLatin1;
  // As the library's codec registry does: case is ignored; runs of anything but letters, digits and '.' are one '_'.
  char key[32];
  size_t length = 0;
  bool gap = false;
  for (char c : name) {
    bool isLetter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (!isLetter && !(c >= '0' && c <= '9') && c != '.') {
      gap = true;
      continue;
    }
    if (length + 2 > sizeof key) return Codec::kOther;
    if (gap && length != 0) key[length++] = '_';
    gap = false;
    key[length++] = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  }
  static constexpr std::pair<std::string_view, Codec> kNames[] = {
      {"utf_8", Codec::kUtf8},
      {"utf8", Codec::kUtf8},
      {"u8", Codec::kUtf8},
      {"utf", Codec::kUtf8},
      {"utf8_ucs2", Codec::kUtf8},
      {"utf8_ucs4", Codec::kUtf8},
      {"cp65001", Codec::kUtf8},
      {"ascii", Codec::kAscii},
      {"us_ascii", Codec::kAscii},
      {"us", Codec::kAscii},
      {"646", Codec::kAscii},
      {"ansi_x3.4_1968", Codec::kAscii},
      {"ansi_x3.4_1986", Codec::kAscii},
      {"cp367", Codec::kAscii},
      {"ibm367", Codec::kAscii},
      {"csascii", Codec::kAscii},
      {"iso646_us", Codec::kAscii},
      {"iso_646.irv_1991", Codec::kAscii},
      {"iso_ir_6", Codec::kAscii},
      {"latin_1", Codec::kLatin1},
      {"latin1", Codec::kLatin1},
      {"latin", Codec::kLatin1},
      {"l1", Codec::kLatin1},
      {"iso_8859_1", Codec::kLatin1},
      {"iso8859_1", Codec::kLatin1},
      {"iso8859", Codec::kLatin1},
      {"8859", Codec::kLatin1},
      {"cp819", Codec::kLatin1},
      {"ibm819", Codec::kLatin1},
      {"csisolatin1", Codec::kLatin1},
      {"iso_8859_1_1987", Codec::kLatin1},
      {"iso_ir_100", Codec::kLatin1},
      {"utf_8_sig", Codec::kUtf8Sig},
      {"utf_16", Codec::kUtf16},
      {"utf16", Codec::kUtf16},
      {"u16", Codec::kUtf16},
      {"utf_16_le", Codec::kUtf16Le},
      {"utf_16le", Codec::kUtf16Le},
      {"unicodelittleunmarked", Codec::kUtf16Le},
      {"utf_16_be", Codec::kUtf16Be},
      {"utf_16be", Codec::kUtf16Be},
      {"unicodebigunmarked", Codec::kUtf16Be},
      {"utf_32", Codec::kUtf32},
      {"utf32", Codec::kUtf32},
      {"u32", Codec::kUtf32},
      {"utf_32_le", Codec::kUtf32Le},
      {"utf_32le", Codec::kUtf32Le},
      {"utf_32_be", Codec::kUtf32Be},
      {"utf_32be", Codec::kUtf32Be},
      {"unicode_escape", Codec::kUnicodeEscape},
      {"unicodeescape", Codec::kUnicodeEscape},
      {"raw_unicode_escape", Codec::kRawUnicodeEscape},
      {"rawunicodeescape", Codec::kRawUnicodeEscape},
  };
  std::string_view wanted(key, length);
  for (auto [known, codec] : kNames) {
    if (known == wanted) return codec;
  }
  return Codec::kOther;
}

const char* codecName(Codec codec) {
  switch (codec) {
    case Codec::kUtf8:
    case Codec::kUtf8Sig: return "utf-8";
    case Codec::kAscii: return "ascii";
    case Codec::kLatin1: return "latin-1";
    case Codec::kUtf16: return "utf-16";
    case Codec::kUtf16Le: return "utf-16-le";
    case Codec::kUtf16Be: return "utf-16-be";
    case Codec::kUtf32: return "utf-32";
    case Codec::kUtf32Le: return "utf-32-le";
    case Codec::kUtf32Be: return "utf-32-be";
    case Codec::kUnicodeEscape: return "unicodeescape";
    case Codec::kRawUnicodeEscape: return "rawunicodeescape";
    case Codec::kOther: break;
  }
  return "";
}

// --- encoding ---------------------------------------------------------------------------------------------------------
namespace {

bool isSurrogate(uint32_t c) { return (c & ~0x7ffU) == 0xd800; }

// One character in one of the codecs; `put` requires `can`.
struct CharacterEncoder {
  Codec codec;
  bool can(uint32_t c) const {
    switch (codec) {
      case Codec::kAscii: return c < 0x80;
      case Codec::kLatin1: return c < 0x100;
      default: return !isSurrogate(c);
    }
  }
  void put(ByteBuilder& out, uint32_t c) const {
    switch (codec) {
      case Codec::kAscii:
      case Codec::kLatin1: out.appendByte(c); break;
      case Codec::kUtf16:
      case Codec::kUtf16Le:
      case Codec::kUtf16Be:
        if (c >= 0x10000) {
          putUnit(out, 0xd800 + ((c - 0x10000) >> 10), 2);
          putUnit(out, 0xdc00 + ((c - 0x10000) & 0x3ff), 2);
        } else {
          putUnit(out, c, 2);
        }
        break;
      case Codec::kUtf32:
      case Codec::kUtf32Le:
      case Codec::kUtf32Be: putUnit(out, c, 4); break;
      default: appendWtf8(out, c);
    }
  }
  void putUnit(ByteBuilder& out, uint32_t unit, int bytes) const {
    bool bigEndian = codec == Codec::kUtf16Be || codec == Codec::kUtf32Be;
    for (int i = 0; i < bytes; i++) out.appendByte(unit >> (8 * (bigEndian ? bytes - 1 - i : i)) & 0xff);
  }
  const char* reason() const {
    return codec == Codec::kAscii    ? "ordinal not in range(128)"
           : codec == Codec::kLatin1 ? "ordinal not in range(256)"
                                     : "surrogates not allowed";
  }
};

Fallible<uint64_t> encodeUnencodable(Thread& thread, const Str* s, uint64_t start, CharacterEncoder encoder,
                                     std::string_view errors, ByteBuilder& out) {
  uint64_t end = start + 1;
  while (end < s->length && !encoder.can(s->at(end))) end++;
  EncodeError error{s, codecName(encoder.codec), start, end, encoder.reason()};
  StrBuilder replacement;
  uint64_t position = TRY(handleEncodeError(thread, error, errors, replacement, out));
  for (uint64_t i = 0; i < replacement.length(); i++) {
    if (!encoder.can(replacement.at(i))) return raiseEncodeError(thread, error);
    encoder.put(out, replacement.at(i));
  }
  return position;
}

}  // namespace

Fallible<void> encodeText(Thread& thread, const Str* s, Codec codec, std::string_view errors, ByteBuilder& out) {
  if (codec == Codec::kUnicodeEscape || codec == Codec::kRawUnicodeEscape) {
    encodeEscapes(s, codec == Codec::kRawUnicodeEscape, out);
    return {};
  }
  CharacterEncoder encoder{codec};
  if (codec == Codec::kUtf16) encoder.putUnit(out, 0xfeff, 2);
  if (codec == Codec::kUtf32) encoder.putUnit(out, 0xfeff, 4);
  if (codec == Codec::kUtf8Sig) out.append("\xef\xbb\xbf");
  bool isBytewise = codec == Codec::kUtf8 || codec == Codec::kUtf8Sig || codec == Codec::kAscii;
  if ((isBytewise && s->isAscii()) || (codec == Codec::kLatin1 && s->width == 1)) {
    out.append({reinterpret_cast<const char*>(s->data()), s->length});
    return {};
  }
  for (uint64_t i = 0; i < s->length;) {
    uint32_t c = s->at(i);
    if (encoder.can(c)) [[likely]] {
      encoder.put(out, c);
      i++;
    } else {
      i = TRY(encodeUnencodable(thread, s, i, encoder, errors, out));
    }
  }
  return {};
}

// --- decoding ---------------------------------------------------------------------------------------------------------
namespace {

struct Decoder {
  Thread& thread;
  std::string_view bytes;
  const char* codec;
  std::string_view errors;
  bool final;
  StrBuilder& out;
  Value replaced = Value::unbound();  // keeps alive what an error handler has put in the place of `bytes`

  uint8_t at(uint64_t i) const { return static_cast<uint8_t>(bytes[i]); }
  Fallible<uint64_t> handle(uint64_t start, uint64_t end, const char* reason) {
    uint64_t next = TRY(handleDecodeError(thread, {bytes, codec, start, end, reason}, errors, out, &replaced));
    if (!replaced.isUnbound()) bytes = viewOf(toBytes(replaced));
    return next;
  }

  Fallible<uint64_t> utf8(uint64_t i) {
    while (i < bytes.size()) {
      uint64_t size = bytes.size();  // an error handler may have put other bytes in their place
      uint8_t lead = at(i);
      if (lead < 0x80) {
        uint64_t run = i;
        while (run < size && at(run) < 0x80) run++;
        out.appendLatin1(reinterpret_cast<const uint8_t*>(bytes.data()) + i, run - i);
        i = run;
        continue;
      }
      uint64_t needed = lead < 0xc2 ? 0 : lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : lead < 0xf5 ? 3 : 0;
      if (needed == 0) {
        i = TRY(handle(i, i + 1, "invalid start byte"));
        continue;
      }
      // The second byte's range excludes overlong forms, surrogates and what lies beyond U+10FFFF.
      uint8_t low = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
      uint8_t high = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
      uint32_t c = lead & (0x3f >> needed);
      uint64_t good = 0;
      while (good < needed && i + 1 + good < size) {
        uint8_t next = at(i + 1 + good);
        if (next < low || next > high) break;
        c = c << 6 | (next & 0x3f);
        low = 0x80, high = 0xbf;
        good++;
      }
      if (good == needed) {
        out.appendCharacter(c);
        i += needed + 1;
      } else if (i + 1 + good >= size) {
        if (!final) return i;
        i = TRY(handle(i, size, "unexpected end of data"));
      } else {
        i = TRY(handle(i, i + 1 + good, "invalid continuation byte"));
      }
    }
    return i;
  }

  Fallible<uint64_t> ascii(uint64_t i) {
    while (i < bytes.size()) {
      uint64_t run = i;
      while (run < bytes.size() && at(run) < 0x80) run++;
      out.appendLatin1(reinterpret_cast<const uint8_t*>(bytes.data()) + i, run - i);
      i = run;
      if (i < bytes.size()) i = TRY(handle(i, i + 1, "ordinal not in range(128)"));
    }
    return i;
  }

  uint32_t unit(uint64_t i, uint64_t size, bool bigEndian) const {
    uint32_t u = 0;
    for (uint64_t k = 0; k < size; k++) u |= static_cast<uint32_t>(at(i + k)) << (8 * (bigEndian ? size - 1 - k : k));
    return u;
  }

  Fallible<uint64_t> utf16(uint64_t i, bool bigEndian) {
    while (i < bytes.size()) {
      uint64_t size = bytes.size();  // an error handler may have put other bytes in their place
      if (size - i < 2) {
        if (!final) return i;
        i = TRY(handle(i, size, "truncated data"));
        continue;
      }
      uint32_t c = unit(i, 2, bigEndian);
      if (!isSurrogate(c)) {
        out.appendCharacter(c);
        i += 2;
      } else if (c >= 0xdc00) {
        i = TRY(handle(i, i + 2, "illegal encoding"));
      } else if (size - i < 4) {
        if (!final) return i;
        i = TRY(handle(i, size, "unexpected end of data"));
      } else {
        uint32_t low = unit(i + 2, 2, bigEndian);
        if ((low & 0xfc00) == 0xdc00) {
          out.appendCharacter(0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00));
          i += 4;
        } else {
          i = TRY(handle(i, i + 2, "illegal UTF-16 surrogate"));
        }
      }
    }
    return i;
  }

  Fallible<uint64_t> utf32(uint64_t i, bool bigEndian) {
    while (i < bytes.size()) {
      uint64_t size = bytes.size();  // an error handler may have put other bytes in their place
      if (size - i < 4) {
        if (!final) return i;
        i = TRY(handle(i, size, "truncated data"));
        continue;
      }
      uint32_t c = unit(i, 4, bigEndian);
      if (isSurrogate(c)) {
        i = TRY(handle(i, i + 4, "code point in surrogate code point range(0xd800, 0xe000)"));
      } else if (c > 0x10ffff) {
        i = TRY(handle(i, i + 4, "code point not in range(0x110000)"));
      } else {
        out.appendCharacter(c);
        i += 4;
      }
    }
    return i;
  }

  // A byte order mark decides; without one the machine's order holds.
  Fallible<uint64_t> marked(uint64_t unitSize) {
    bool bigEndian = false;
    uint64_t start = 0;
    if (bytes.size() < unitSize && !final) return uint64_t{0};
    if (bytes.size() >= unitSize) {
      if (unit(0, unitSize, false) == 0xfeff) {
        start = unitSize;
      } else if (unit(0, unitSize, true) == 0xfeff) {
        start = unitSize;
        bigEndian = true;
      }
    }
    codec = codecName(unitSize == 2 ? (bigEndian ? Codec::kUtf16Be : Codec::kUtf16Le)
                                    : (bigEndian ? Codec::kUtf32Be : Codec::kUtf32Le));
    return unitSize == 2 ? utf16(start, bigEndian) : utf32(start, bigEndian);
  }
};

}  // namespace

Fallible<void> decodeText(Thread& thread, std::string_view bytes, Codec codec, std::string_view errors, bool final,
                          StrBuilder& out, uint64_t& consumed) {
  Decoder decoder{thread, bytes, codecName(codec), errors, final, out};
  switch (codec) {
    case Codec::kUtf8: consumed = TRY(decoder.utf8(0)); break;
    case Codec::kUtf8Sig: {
      std::string_view mark = "\xef\xbb\xbf";
      if (!final && bytes.size() < 3 && mark.starts_with(bytes)) {
        consumed = 0;
      } else if (bytes.starts_with(mark)) {
        decoder.bytes.remove_prefix(3);  // positions in errors count from behind the mark, as CPython's do
        consumed = 3 + TRY(decoder.utf8(0));
      } else {
        consumed = TRY(decoder.utf8(0));
      }
      break;
    }
    case Codec::kAscii: consumed = TRY(decoder.ascii(0)); break;
    case Codec::kLatin1:
      out.appendLatin1(reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size());
      consumed = bytes.size();
      break;
    case Codec::kUtf16: consumed = TRY(decoder.marked(2)); break;
    case Codec::kUtf16Le: consumed = TRY(decoder.utf16(0, false)); break;
    case Codec::kUtf16Be: consumed = TRY(decoder.utf16(0, true)); break;
    case Codec::kUtf32: consumed = TRY(decoder.marked(4)); break;
    case Codec::kUtf32Le: consumed = TRY(decoder.utf32(0, false)); break;
    case Codec::kUtf32Be: consumed = TRY(decoder.utf32(0, true)); break;
    case Codec::kUnicodeEscape:
      consumed = TRY(decodeUnicodeEscapes(thread, bytes, errors, final, out));
      TRY(warnOfEscapes(thread, bytes.substr(0, consumed), true));
      break;
    case Codec::kRawUnicodeEscape: consumed = TRY(decodeRawUnicodeEscapes(thread, bytes, errors, final, out)); break;
    case Codec::kOther: break;
  }
  return {};
}

namespace {

// A codec of the library, from text to bytes or back.
Fallible<Value> callLibraryCodec(Thread& thread, int which, Value object, std::string_view encoding,
                                 std::string_view errors) {
  bool encodes = which == 0;
  Value info = TRY(lookUpCodec(thread, encoding));
  TRY(requireTextCodec(thread, info, encoding, encodes ? "codecs.encode()" : "codecs.decode()"));
  Value input = encodes ? object : TRY(makeMemoryview(thread, object));  // as CPython hands it over
  Value made = TRY(runCodec(thread, input, encoding, errors, which));
  if (encodes && isKind(made, Kind::kByteBuffer)) {
    fmt::memory_buffer message;
    fmt::format_to(std::back_inserter(message),
                   "encoder {} returned bytearray instead of bytes; use codecs.encode() to "
                   "encode to arbitrary types",
                   encoding);
    TRY(warn(thread, exceptions.RuntimeWarning, {message.data(), message.size()}));
    return Value::of(TRY(makeBytes(thread, viewOf(made.as<Bytearray>()))));
  }
  if (encodes && toBytes(made) == nullptr) {
    return raiseTypeError(thread,
                          "'{}' encoder returned '{}' instead of 'bytes'; use codecs.encode() to encode to arbitrary "
                          "types",
                          encoding, nameOf(made));
  }
  if (!encodes && toStr(made) == nullptr) {
    return raiseTypeError(thread,
                          "'{}' decoder returned '{}' instead of 'str'; use codecs.decode() to decode to arbitrary "
                          "types",
                          encoding, nameOf(made));
  }
  return made;
}

}  // namespace

Fallible<Value> encodeStr(Thread& thread, Str* s, std::string_view encoding, std::string_view errors) {
  Codec codec = encoding == "utf-8" ? Codec::kUtf8 : findCodec(encoding);
  if (codec == Codec::kOther) return callLibraryCodec(thread, 0, Value::of(s), encoding, errors);
  if (codec == Codec::kUtf8 && s->isAscii()) return Value::of(TRY(makeBytes(thread, s->asciiView())));
  Value quick = TRY(encodeQuickly(thread, s, codec));
  if (!quick.isUnbound()) return quick;
  ByteBuilder out;
  bool ok = !encodeText(thread, s, codec, errors, out).isRaised();
  if (!ok) return codec == Codec::kUtf8Sig ? explainCodecFailure(thread, encoding, 0) : Raised{};
  return Value::of(TRY(out.build(thread)));
}

Fallible<Value> decodeBytes(Thread& thread, std::string_view bytes, std::string_view encoding,
                            std::string_view errors) {
  if (bytes.empty()) return Value::of(emptyStr());
  Codec codec = encoding == "utf-8" ? Codec::kUtf8 : findCodec(encoding);
  if (codec == Codec::kOther) {
    return callLibraryCodec(thread, 1, Value::of(TRY(makeBytes(thread, bytes))), encoding, errors);
  }
  auto* text = reinterpret_cast<const uint8_t*>(bytes.data());
  bool isAsciiCompatible = codec == Codec::kUtf8 || codec == Codec::kAscii;
  if (codec == Codec::kLatin1) return Value::of(TRY(makeStrLatin1(thread, text, bytes.size())));
  if (isAsciiCompatible && !hasHighBytes(text, bytes.size())) return Value::of(TRY(makeStrAscii(thread, bytes)));
  Value quick = TRY(decodeQuickly(thread, bytes, codec));
  if (!quick.isUnbound()) return quick;
  StrBuilder out;
  uint64_t consumed;
  bool ok = !decodeText(thread, bytes, codec, errors, true, out, consumed).isRaised();
  // utf-8-sig is a codec of the library in CPython, and what it raises is explained as theirs is.
  if (!ok) return codec == Codec::kUtf8Sig ? explainCodecFailure(thread, encoding, 1) : Raised{};
  return Value::of(TRY(out.build(thread)));
}

}  // namespace krait
