// Codecs by table (cp1252 and its like) and the escapes of bytes literals.
#include "vm/modules/codecs_charmap.h"

#include <cstring>

#include "vm/builtins/codec_escape.h"
#include "vm/builtins/codecs.h"
#include "vm/builtins/dict.h"
#include "vm/builtins/int.h"
#include "vm/builtins/text.h"
#include "vm/builtins/tuple.h"

namespace krait {
namespace {

Fallible<Value> withLength(Thread& thread, Value result, uint64_t length) {
  return Value::of(TRY(makeTuple(thread, {result, TRY(makeInt(thread, static_cast<int64_t>(length)))})));
}
Fallible<std::string> errorsArgument(Thread& thread, const Arguments& arguments, const char* function) {
  if (arguments.positional < 2 || arguments[1].isNone()) return std::string("strict");
  return textArgument(thread, arguments[1], function, "errors", "strict");
}

// mapping[key]; unbound where there is none.
Fallible<Value> lookUp(Thread& thread, Value mapping, int64_t key) {
  Value k = Value::inlineInt(key);
  if (typeOf(mapping) == types.dict) return dictGet(thread, mapping.as<Dict>(), k);
  auto found = getItem(thread, mapping, k);
  if (!found.isRaised()) return found;
  if (!pendingMatches(thread, exceptions.LookupError)) return Raised{};
  clearException(thread);
  return Value::unbound();
}

// False when the character has no byte in the table.
Fallible<bool> encodeCharacter(Thread& thread, Value mapping, uint32_t c, ByteBuilder& out) {
  if (mapping.isNone()) {
    if (c > 255) return false;
    out.appendByte(c);
    return true;
  }
  Value mapped = TRY(lookUp(thread, mapping, c));
  if (mapped.isUnbound() || mapped.isNone()) return false;
  if (const Bytes* bytes = toBytes(mapped)) {
    out.append(viewOf(bytes));
    return true;
  }
  auto byte = isInt(mapped) ? toInt64(mapped) : std::nullopt;
  if (!isInt(mapped)) {
    return raiseTypeError(thread, "character mapping must return integer, bytes or None, not {}", nameOf(mapped));
  }
  if (!byte || *byte < 0 || *byte > 255) {
    return raise(thread, exceptions.TypeError, "character mapping must be in range(256)");
  }
  out.appendByte(static_cast<uint32_t>(*byte));
  return true;
}

// Bytes that are all in a table; unbound when one is not.
Fallible<Value> decodeByTable(Thread& thread, std::string_view bytes, const Str* table) {
  uint32_t characters[256], all = 0;
  for (uint64_t i = 0; i < 256; i++) characters[i] = i < table->length ? table->at(i) : 0xfffe;
  bool isComplete = true;
  for (char c : bytes) {
    uint32_t character = characters[static_cast<uint8_t>(c)];
    isComplete = isComplete && character != 0xfffe;
    all |= character;
  }
  if (!isComplete) return Value::unbound();
  if (bytes.empty()) return Value::of(emptyStr());
  uint32_t width = all < 0x100 ? 1 : all < 0x10000 ? 2 : 4;
  Str* s = TRY(allocateStr(thread, bytes.size(), width, all < 0x80));
  auto fill = [&](auto* to) {
    for (char c : bytes)
      *to++ = static_cast<std::remove_reference_t<decltype(*to)>>(characters[static_cast<uint8_t>(c)]);
  };
  if (width == 1) fill(s->inlineText);
  if (width == 2) fill(reinterpret_cast<uint16_t*>(s->inlineText));
  if (width == 4) fill(reinterpret_cast<uint32_t*>(s->inlineText));
  return Value::of(s);
}

Fallible<bool> decodeByte(Thread& thread, Value mapping, uint8_t byte, StrBuilder& out) {
  if (mapping.isNone()) {
    out.appendCharacter(byte);
    return true;
  }
  if (const Str* table = toStr(mapping)) {
    if (byte >= table->length || table->at(byte) == 0xfffe) return false;
    out.appendCharacter(table->at(byte));
    return true;
  }
  Value mapped = TRY(lookUp(thread, mapping, byte));
  if (mapped.isUnbound() || mapped.isNone()) return false;
  if (const Str* text = toStr(mapped)) {
    if (text->length == 1 && text->at(0) == 0xfffe) return false;
    out.append(text);
    return true;
  }
  if (!isInt(mapped)) return raise(thread, exceptions.TypeError, "character mapping must return integer, None or str");
  auto code = toInt64(mapped);
  if (code && *code == 0xfffe) return false;
  if (!code || *code < 0 || *code > 0x10ffff) {
    return raise(thread, exceptions.TypeError, "character mapping must be in range(0x110000)");
  }
  out.appendCharacter(static_cast<uint32_t>(*code));
  return true;
}

}  // namespace

Fallible<Value> charmapEncode(Thread& thread, Value, const Arguments& arguments) {
  TRY(arguments.count(thread, "charmap_encode", 1, 3));
  const Str* text = TRY(strArgument(thread, arguments[0], "charmap_encode", 1));
  std::string errors = TRY(errorsArgument(thread, arguments, "charmap_encode"));
  Value mapping = arguments.positional < 3 ? Value::none() : arguments[2];
  const char* codec = mapping.isNone() ? "latin-1" : "charmap";
  const char* reason = mapping.isNone() ? "ordinal not in range(256)" : "character maps to <undefined>";
  ByteBuilder out;
  // In long text the common characters are looked up once: 0 not yet, else the byte plus one.
  constexpr uint32_t kRemembered = 0x500;
  uint16_t memory[kRemembered];
  bool remembers = text->length > kRemembered && typeOf(mapping) == types.dict;
  if (remembers) memset(memory, 0, sizeof memory);
  for (uint64_t i = 0; i < text->length;) {
    if (remembers && text->at(i) < kRemembered) {
      uint16_t& byte = memory[text->at(i)];
      if (byte == 0) {
        Value mapped = TRY(dictGet(thread, mapping.as<Dict>(), Value::inlineInt(text->at(i))));
        if (mapped.isInlineInt() && mapped.asInlineInt() >= 0 && mapped.asInlineInt() < 256) {
          byte = static_cast<uint16_t>(mapped.asInlineInt() + 1);
        }
      }
      if (byte != 0) {
        out.appendByte(byte - 1U);
        i++;
        continue;
      }
    }
    if (TRY(encodeCharacter(thread, mapping, text->at(i), out))) {
      i++;
      continue;
    }
    uint64_t end = i + 1;
    for (ByteBuilder scratch; end < text->length; end++) {
      if (TRY(encodeCharacter(thread, mapping, text->at(end), scratch))) break;
    }
    EncodeError error{text, codec, i, end, reason};
    StrBuilder replacement;
    i = TRY(handleEncodeError(thread, error, errors, replacement, out));
    for (uint64_t k = 0; k < replacement.length(); k++) {
      if (!TRY(encodeCharacter(thread, mapping, replacement.at(k), out))) return raiseEncodeError(thread, error);
    }
  }
  return withLength(thread, Value::of(TRY(out.build(thread))), text->length);
}

Fallible<Value> charmapDecode(Thread& thread, Value, const Arguments& arguments) {
  TRY(arguments.count(thread, "charmap_decode", 1, 3));
  std::string errors = TRY(errorsArgument(thread, arguments, "charmap_decode"));
  Value mapping = arguments.positional < 3 ? Value::none() : arguments[2];
  std::string_view bytes = TRY(requireBuffer(thread, arguments[0]));
  if (const Str* table = toStr(mapping)) {
    Value quick = TRY(decodeByTable(thread, bytes, table));
    if (!quick.isUnbound()) return withLength(thread, quick, bytes.size());
  }
  std::string copy(bytes);  // a mapping may run Python code
  StrBuilder out;
  for (uint64_t i = 0; i < copy.size();) {
    if (TRY(decodeByte(thread, mapping, static_cast<uint8_t>(copy[i]), out))) {
      i++;
    } else {
      i = TRY(handleDecodeError(thread, {copy, "charmap", i, i + 1, "character maps to <undefined>"}, errors, out));
    }
  }
  return withLength(thread, Value::of(TRY(out.build(thread))), copy.size());
}

// The inverse of a decoding table.
Fallible<Value> charmapBuild(Thread& thread, Value table) {
  const Str* text = TRY(strArgument(thread, table, "charmap_build", 0));
  Dict* map = TRY(makeDict(thread, text->length));
  for (uint64_t i = 0; i < text->length && i < 256; i++) {
    if (text->at(i) == 0xfffe) continue;
    TRY(dictSet(thread, map, Value::inlineInt(text->at(i)), Value::inlineInt(static_cast<int64_t>(i))));
  }
  return Value::of(map);
}

Fallible<Value> escapeEncode(Thread& thread, Value, const Arguments& arguments) {
  TRY(arguments.count(thread, "escape_encode", 1, 2));
  const Bytes* bytes = toBytes(arguments[0]);
  if (bytes == nullptr) {
    return raiseTypeError(thread, "escape_encode() argument 1 must be bytes, not {}", argumentTypeName(arguments[0]));
  }
  ByteBuilder out;
  for (char c : viewOf(bytes)) {
    auto byte = static_cast<uint8_t>(c);
    if (c == '\'' || c == '\\') {
      out.append({"\\", 1}).appendByte(byte);
    } else if (c == '\t' || c == '\n' || c == '\r') {
      out.append(c == '\t' ? "\\t" : c == '\n' ? "\\n" : "\\r");
    } else if (byte < ' ' || byte >= 0x7f) {
      fmt::memory_buffer hex;
      fmt::format_to(std::back_inserter(hex), "\\x{:02x}", byte);
      out.append({hex.data(), hex.size()});
    } else {
      out.appendByte(byte);
    }
  }
  return withLength(thread, Value::of(TRY(out.build(thread))), bytes->length);
}

Fallible<Value> escapeDecode(Thread& thread, Value, const Arguments& arguments) {
  TRY(arguments.count(thread, "escape_decode", 1, 2));
  std::string errors = TRY(errorsArgument(thread, arguments, "escape_decode"));
  std::string utf8;
  std::string_view bytes;
  if (const Str* s = toStr(arguments[0])) {
    utf8 = strToUtf8(s);
    bytes = utf8;
  } else {
    bytes = TRY(requireBuffer(thread, arguments[0]));
  }
  static constexpr std::string_view kNames = "abfnrtv\\'\"", kBytes = "\a\b\f\n\r\t\v\\'\"";
  auto hexAt = [bytes](size_t i) {
    char c = i < bytes.size() ? bytes[i] : ' ';
    if (c >= '0' && c <= '9') return c - '0';
    c = static_cast<char>(c | 32);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
  };
  ByteBuilder out;
  for (size_t i = 0; i < bytes.size();) {
    if (bytes[i] != '\\') {
      out.push_back(bytes[i++]);
      continue;
    }
    if (i + 1 == bytes.size()) return raise(thread, exceptions.ValueError, "Trailing \\ in string");
    char kind = bytes[i + 1];
    size_t known = kNames.find(kind);
    if (known != std::string_view::npos) {
      out.push_back(kBytes[known]);
      i += 2;
    } else if (kind == '\n') {
      i += 2;
    } else if (kind >= '0' && kind <= '7') {
      uint32_t byte = 0;
      i++;
      for (int k = 0; k < 3 && i < bytes.size() && bytes[i] >= '0' && bytes[i] <= '7'; k++, i++) {
        byte = byte << 3 | static_cast<uint32_t>(bytes[i] - '0');
      }
      out.appendByte(byte & 0xff);
    } else if (kind == 'x') {
      int high = hexAt(i + 2), low = hexAt(i + 3);
      if (high >= 0 && low >= 0) {
        out.appendByte(static_cast<uint32_t>(high << 4 | low));
        i += 4;
      } else if (errors == "strict") {
        return raiseValueError(thread, "invalid \\x escape at position {}", i);
      } else if (errors == "ignore" || errors == "replace") {
        if (errors == "replace") out.push_back('?');
        i += high >= 0 ? 3 : 2;
      } else {
        return raiseValueError(thread, "decoding error; unknown error handling code: {}", errors);
      }
    } else {
      out.push_back('\\');
      out.push_back(kind);
      i += 2;
    }
  }
  Value decoded = Value::of(TRY(out.build(thread)));
  TRY(warnOfEscapes(thread, std::string(bytes), false));
  return withLength(thread, decoded, bytes.size());
}

}  // namespace krait
