// The module binascii: base64, hexadecimal digits and checksums.
#include "vm/modules/binascii.h"

#include <libdeflate.h>

#include <array>

#include "vm/builtins/type_internal.h"
#include "vm/modules/hash_objects.h"
#include "vm/modules/registry.h"

namespace krait {

Type* binasciiError = nullptr;

Fallible<std::string_view> asciiArgument(Thread& thread, Value v) {
  if (Str* text = toStr(v)) {
    if (text->isAscii()) return text->asciiView();
    return raise(thread, exceptions.ValueError, "string argument should contain only ASCII characters");
  }
  std::string_view bytes;
  if (bufferView(v, bytes)) return bytes;
  return raiseTypeError(thread, "argument should be bytes, buffer or ASCII string, not '{}'", nameOf(v));
}

namespace {

// --- base64 -----------------------------------------------------------------------------------------------------------

constexpr char kAlphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr uint8_t kNoDigit = 64;
constexpr std::array<uint8_t, 256> digitValues() {
  std::array<uint8_t, 256> values{};
  for (auto& value : values) value = kNoDigit;
  for (uint8_t i = 0; i < 64; i++) values[static_cast<uint8_t>(kAlphabet[i])] = i;
  return values;
}
constexpr auto kDigitValues = digitValues();

Fallible<Value> b2aBase64(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{"b2a_base64", {"data", "/", "*", "newline"}, 1};
  Value v[2];
  TRY(kParameters.bind(thread, arguments, v));
  std::string_view bytes = TRY(requireBuffer(thread, v[0]));
  bool newline = TRY(truthOr(thread, v[1], true));
  Bytes* result = TRY(makeBytesUninitialised(thread, (bytes.size() + 2) / 3 * 4 + (newline ? 1 : 0)));
  auto* from = reinterpret_cast<const uint8_t*>(bytes.data());
  uint8_t* to = result->data;
  size_t left = bytes.size();
  for (; left >= 3; left -= 3, from += 3) {
    uint32_t group = uint32_t{from[0]} << 16 | uint32_t{from[1]} << 8 | from[2];
    *to++ = static_cast<uint8_t>(kAlphabet[group >> 18]);
    *to++ = static_cast<uint8_t>(kAlphabet[group >> 12 & 63]);
    *to++ = static_cast<uint8_t>(kAlphabet[group >> 6 & 63]);
    *to++ = static_cast<uint8_t>(kAlphabet[group & 63]);
  }
  if (left > 0) {
    uint32_t group = uint32_t{from[0]} << 16 | (left == 2 ? uint32_t{from[1]} << 8 : 0);
    *to++ = static_cast<uint8_t>(kAlphabet[group >> 18]);
    *to++ = static_cast<uint8_t>(kAlphabet[group >> 12 & 63]);
    *to++ = static_cast<uint8_t>(left == 2 ? kAlphabet[group >> 6 & 63] : '=');
    *to++ = '=';
  }
  if (newline) *to++ = '\n';
  return Value::of(result);
}

Fallible<Value> a2bBase64(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{"a2b_base64", {"data", "/", "*", "strict_mode"}, 1};
  Value v[2];
  TRY(kParameters.bind(thread, arguments, v));
  std::string_view text = TRY(asciiArgument(thread, v[0]));
  bool strict = TRY(truthOr(thread, v[1], false));
  auto fail = [&](std::string_view message) { return raise(thread, binasciiError, message); };
  if (strict && !text.empty() && text[0] == '=') return fail("Leading padding not allowed");
  ByteBuilder out;
  out.reserve((text.size() + 3) / 4 * 3);
  int place = 0, pads = 0;  // digits of the group so far; '=' signs in a row
  uint8_t left = 0;
  bool padded = false;
  for (size_t i = 0; i < text.size(); i++) {
    auto character = static_cast<uint8_t>(text[i]);
    if (character == '=') {
      padded = true;
      if (place >= 2 && place + ++pads >= 4) {
        if (strict && i + 1 < text.size()) return fail("Excess data after padding");
        if (out.failed()) return raiseMemoryError(thread);
        return Value::of(TRY(out.build(thread)));
      }
      continue;
    }
    uint8_t digit = kDigitValues[character];
    if (digit == kNoDigit) {
      if (strict) return fail("Only base64 data is allowed");
      continue;
    }
    if (strict && padded) return fail("Discontinuous padding not allowed");
    pads = 0;
    switch (place) {
      case 0:
        place = 1;
        left = digit;
        break;
      case 1:
        place = 2;
        out.appendByte(static_cast<uint8_t>(left << 2 | digit >> 4));
        left = digit & 15;
        break;
      case 2:
        place = 3;
        out.appendByte(static_cast<uint8_t>(left << 4 | digit >> 2));
        left = digit & 3;
        break;
      default:
        place = 0;
        out.appendByte(static_cast<uint8_t>(left << 6 | digit));
        left = 0;
    }
  }
  if (place == 1) {
    uint64_t digits = out.view().size() / 3 * 4 + 1;
    return fail(
        fmt::format("Invalid base64-encoded string: number of data characters ({}) cannot be 1 more than a "
                    "multiple of 4",
                    digits));
  }
  if (place != 0) return fail("Incorrect padding");
  if (out.failed()) return raiseMemoryError(thread);
  return Value::of(TRY(out.build(thread)));
}

// --- hexadecimal ------------------------------------------------------------------------------------------------------

Fallible<Value> hexlify(Thread& thread, const Parameters& parameters, const Arguments& arguments) {
  Value v[3];
  TRY(parameters.bind(thread, arguments, v));
  std::string_view bytes = TRY(requireBuffer(thread, v[0]));
  int group = TRY(intArgumentOr(thread, v[2], 1));
  char separator = 0;
  if (!v[1].isUnbound()) {
    if (TRY(length(thread, v[1])) != 1) return raise(thread, exceptions.ValueError, "sep must be length 1.");
    if (Str* text = toStr(v[1])) {
      if (text->at(0) > 0xff) return raise(thread, exceptions.ValueError, "sep must be ASCII.");
      separator = static_cast<char>(text->at(0));
    } else if (Bytes* byte = toBytes(v[1])) {
      separator = static_cast<char>(byte->data[0]);
    } else {
      return raise(thread, exceptions.TypeError, "sep must be str or bytes.");
    }
  } else {
    group = 0;
  }
  static constexpr char kDigits[] = "0123456789abcdef";
  size_t size = bytes.size();
  size_t every = group < 0 ? -static_cast<size_t>(group) : static_cast<size_t>(group);
  size_t separators = every == 0 || size == 0 ? 0 : (size - 1) / every;
  Bytes* result = TRY(makeBytesUninitialised(thread, size * 2 + separators));
  uint8_t* to = result->data;
  for (size_t i = 0; i < size; i++) {
    // Positive groups are counted from the right.
    if (i > 0 && every != 0 && (group > 0 ? size - i : i) % every == 0) *to++ = static_cast<uint8_t>(separator);
    auto byte = static_cast<uint8_t>(bytes[i]);
    *to++ = static_cast<uint8_t>(kDigits[byte >> 4]);
    *to++ = static_cast<uint8_t>(kDigits[byte & 15]);
  }
  return Value::of(result);
}
Fallible<Value> binasciiHexlify(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{"hexlify", {"data", "sep", "bytes_per_sep"}, 1};
  return hexlify(thread, kParameters, arguments);
}
Fallible<Value> binasciiB2aHex(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{"b2a_hex", {"data", "sep", "bytes_per_sep"}, 1};
  return hexlify(thread, kParameters, arguments);
}

int hexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  c = static_cast<char>(c | 0x20);
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}
Fallible<Value> unhexlify(Thread& thread, Value digits) {
  std::string_view text = TRY(asciiArgument(thread, digits));
  if (text.size() % 2 != 0) return raise(thread, binasciiError, "Odd-length string");
  Bytes* result = TRY(makeBytesUninitialised(thread, text.size() / 2));
  for (size_t i = 0; i < text.size(); i += 2) {
    int high = hexDigit(text[i]), low = hexDigit(text[i + 1]);
    if (high < 0 || low < 0) return raise(thread, binasciiError, "Non-hexadecimal digit found");
    result->data[i / 2] = static_cast<uint8_t>(high << 4 | low);
  }
  return Value::of(result);
}

// --- checksums --------------------------------------------------------------------------------------------------------

Fallible<Value> crcHqx(Thread& thread, Value data, Value start) {
  std::string_view bytes = TRY(requireBuffer(thread, data));
  auto crc = static_cast<uint32_t>(TRY(maskArgument(thread, start)) & 0xffff);
  for (char c : bytes) {
    crc ^= static_cast<uint32_t>(static_cast<uint8_t>(c)) << 8;
    for (int bit = 0; bit < 8; bit++) crc = (crc << 1 ^ ((crc & 0x8000) != 0 ? 0x1021u : 0u)) & 0xffff;
  }
  return Value::inlineInt(crc);
}
Fallible<Value> binasciiCrc32(Thread& thread, Value data, Value start) {
  std::string_view bytes = TRY(requireBuffer(thread, data));
  uint32_t crc = start.isUnbound() ? 0 : static_cast<uint32_t>(TRY(maskArgument(thread, start)));
  return Value::inlineInt(bytes.empty() ? crc : libdeflate_crc32(crc, bytes.data(), bytes.size()));
}

}  // namespace

Module* moduleBinascii(Thread& thread) {
  binasciiError = makeExceptionClass(thread, "binascii", "Error", exceptions.ValueError);
  Type* incomplete = makeExceptionClass(thread, "binascii", "Incomplete", exceptions.Exception);
  ModuleBuilder builder(
      thread, "binascii",
      "Bytes written as text and read back: hexadecimal, base64, quoted-printable, uuencode; checksums.");
  builder.constant("Error", Value::of(binasciiError))
      .constant("Incomplete", Value::of(incomplete))
      .variadic("b2a_base64", b2aBase64)
      .variadic("a2b_base64", a2bBase64)
      .variadic("hexlify", binasciiHexlify)
      .variadic("b2a_hex", binasciiB2aHex)
      .function("unhexlify", unhexlify)
      .function("a2b_hex", unhexlify)
      .function("crc_hqx", crcHqx)
      .function("crc32", binasciiCrc32, 1);
  addTextEncodings(builder);
  return builder.build();
}

}  // namespace krait
