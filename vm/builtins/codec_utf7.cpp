// The codec utf_7: ASCII as it is, everything else as base64 of UTF-16 between '+' and '-'.
#include "vm/builtins/codec_utf7.h"

#include "vm/builtins/codecs.h"

namespace krait {
namespace {

constexpr char kDigits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
int digitValue(uint8_t c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  return c == '+' ? 62 : c == '/' ? 63 : -1;
}
bool isEncodedDirectly(uint32_t c) {
  if (c == '\t' || c == '\n' || c == '\r') return true;
  return c >= 32 && c < 126 && c != '+' && c != '\\';
}

}  // namespace

void encodeUtf7(const Str* s, ByteBuilder& out) {
  bool isShifted = false;
  uint64_t buffer = 0;
  int bits = 0;
  auto put = [&](uint32_t unit) {
    buffer = buffer << 16 | unit;
    bits += 16;
    while (bits >= 6) {
      out.appendByte(static_cast<uint8_t>(kDigits[buffer >> (bits - 6) & 63]));
      bits -= 6;
    }
    buffer &= (uint64_t{1} << bits) - 1;
  };
  auto flush = [&] {
    if (bits > 0) out.appendByte(static_cast<uint8_t>(kDigits[buffer << (6 - bits) & 63]));
    buffer = 0;
    bits = 0;
  };
  for (uint64_t i = 0; i < s->length; i++) {
    uint32_t c = s->at(i);
    bool direct = isEncodedDirectly(c);
    if (isShifted && direct) {
      flush();
      isShifted = false;
      if (digitValue(static_cast<uint8_t>(c)) >= 0 || c == '-') out.appendByte('-');
    }
    if (direct) {
      out.appendByte(c);
      continue;
    }
    if (!isShifted) {
      out.appendByte('+');
      if (c == '+') {
        out.appendByte('-');
        continue;
      }
      isShifted = true;
    }
    if (c >= 0x10000) {
      put(0xd7c0 + (c >> 10));
      put(0xdc00 + (c & 0x3ff));
    } else {
      put(c);
    }
  }
  flush();
  if (isShifted) out.appendByte('-');
}

Fallible<void> decodeUtf7(Thread& thread, std::string_view bytes, std::string_view errors, bool final, StrBuilder& out,
                          uint64_t& consumed) {
  bool isShifted = false;
  uint64_t buffer = 0, i = 0, start = 0;
  int bits = 0;
  uint32_t high = 0;                  // a surrogate that waits for its second half
  Value replaced = Value::unbound();  // keeps alive what an error handler has put in the place of `bytes`
  auto fail = [&](uint64_t end, const char* reason) -> Fallible<void> {
    isShifted = false;
    i = TRY(handleDecodeError(thread, {bytes, "utf7", start, end, reason}, errors, out, &replaced));
    if (!replaced.isUnbound()) bytes = viewOf(toBytes(replaced));
    return {};
  };
  auto putUnit = [&](uint32_t unit) {
    if (high != 0) {
      if ((unit & 0xfc00) == 0xdc00) {
        out.appendCharacter(0x10000 + ((high & 0x3ff) << 10) + (unit & 0x3ff));
        high = 0;
        return;
      }
      out.appendCharacter(high);
      high = 0;
    }
    if ((unit & 0xfc00) == 0xd800) {
      high = unit;
    } else {
      out.appendCharacter(unit);
    }
  };
  for (;;) {
    while (i < bytes.size()) {
      auto c = static_cast<uint8_t>(bytes[i]);
      if (isShifted) {
        if (int digit = digitValue(c); digit >= 0) {
          buffer = buffer << 6 | static_cast<uint64_t>(digit);
          bits += 6;
          i++;
          if (bits >= 16) {
            putUnit(static_cast<uint32_t>(buffer >> (bits - 16) & 0xffff));
            bits -= 16;
            buffer &= (uint64_t{1} << bits) - 1;
          }
          continue;
        }
        isShifted = false;
        if (bits >= 6) {
          TRY(fail(i + 1, "partial character in shift sequence"));
          continue;
        }
        if (bits > 0 && buffer != 0) {
          TRY(fail(i + 1, "non-zero padding bits in shift sequence"));
          continue;
        }
        if (high != 0 && c < 0x80 && c != '+') out.appendCharacter(high);
        high = 0;
        if (c == '-') i++;
        continue;
      }
      start = i;
      if (c == '+') {
        i++;
        if (i < bytes.size() && bytes[i] == '-') {
          i++;
          out.appendCharacter('+');
        } else if (i < bytes.size() && digitValue(static_cast<uint8_t>(bytes[i])) < 0) {
          TRY(fail(i + 1, "ill-formed sequence"));
        } else {
          isShifted = true;
          high = 0;
          bits = 0;
          buffer = 0;
        }
      } else if (c < 0x80) {
        i++;
        out.appendCharacter(c);
      } else {
        TRY(fail(i + 1, "unexpected special character"));
      }
    }
    bool isBroken = isShifted && final && (high != 0 || bits >= 6 || (bits > 0 && buffer != 0));
    if (!isBroken) break;
    TRY(fail(bytes.size(), "unterminated shift sequence"));
    if (i >= bytes.size()) break;
  }
  consumed = i;
  return {};
}

uint64_t completeUtf7(std::string_view bytes) {
  // A '+' opens a sequence that lasts as long as there are digits; behind "+-" none is open.
  uint64_t start = 0;
  bool isShifted = false;
  for (uint64_t i = 0; i < bytes.size(); i++) {
    auto c = static_cast<uint8_t>(bytes[i]);
    if (isShifted) {
      isShifted = digitValue(c) >= 0;
      if (!isShifted && c == '+') isShifted = true, start = i;
    } else if (c == '+') {
      isShifted = true;
      start = i;
    }
  }
  return isShifted ? start : bytes.size();
}

}  // namespace krait
