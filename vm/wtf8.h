// Characters to and from WTF-8: UTF-8 that may hold surrogates, as Python's strings may.
#pragma once
#include <cstdint>
#include <string_view>

namespace krait {

// The next character of WTF-8 text at `i`, which moves on. Requires well-formed text.
inline uint32_t nextWtf8(std::string_view text, size_t& i) {
  auto byte = [text](size_t k) { return static_cast<uint8_t>(text[k]); };
  uint32_t c = byte(i++);
  if (c < 0x80) return c;
  if (c < 0xe0) {
    c = (c & 0x1f) << 6 | (byte(i) & 0x3f);
    i += 1;
  } else if (c < 0xf0) {
    c = (c & 0xf) << 12 | (byte(i) & 0x3f) << 6 | (byte(i + 1) & 0x3f);
    i += 2;
  } else {
    c = (c & 7) << 18 | (byte(i) & 0x3f) << 12 | (byte(i + 1) & 0x3f) << 6 | (byte(i + 2) & 0x3f);
    i += 3;
  }
  return c;
}

// Appends the WTF-8 form of a character to anything with push_back(char).
template <class Out>
inline void appendWtf8(Out& out, uint32_t c) {
  auto put = [&out](uint32_t byte) { out.push_back(static_cast<char>(byte)); };
  if (c < 0x80) {
    put(c);
  } else if (c < 0x800) {
    put(0xc0 | c >> 6);
    put(0x80 | (c & 63));
  } else if (c < 0x10000) {
    put(0xe0 | c >> 12);
    put(0x80 | (c >> 6 & 63));
    put(0x80 | (c & 63));
  } else {
    put(0xf0 | c >> 18);
    put(0x80 | (c >> 12 & 63));
    put(0x80 | (c >> 6 & 63));
    put(0x80 | (c & 63));
  }
}

}  // namespace krait
