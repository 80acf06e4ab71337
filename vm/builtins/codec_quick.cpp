// The quick ways of UTF-8, UTF-16 and UTF-32.
#include "vm/builtins/codec_quick.h"

#include <algorithm>
#include <cstring>

#include "vm/builtins/text.h"

namespace krait {
namespace {

bool isSurrogate(uint32_t c) { return (c & ~0x7ffU) == 0xd800; }

// --- UTF-8 ------------------------------------------------------------------------------------------------------------
template <class C>
bool utf8Length(const C* text, uint64_t length, uint64_t& bytes) {
  bytes = length;
  C hasSurrogate = 0;
  // Sums of the characters' own width, in stretches too short for them to overflow: what vector units are best at.
  constexpr uint64_t kStretch = sizeof(C) == 1 ? 255 : 16384;
  for (uint64_t i = 0; i < length;) {
    uint64_t end = std::min(length, i + kStretch);
    C more = 0;
    for (; i < end; i++) {
      C c = text[i];
      more = static_cast<C>(more + (c >= 0x80));
      if constexpr (sizeof(C) > 1) {
        more = static_cast<C>(more + (c >= 0x800));
        hasSurrogate = static_cast<C>(hasSurrogate | ((c & ~0x7ffU) == 0xd800));
      }
      if constexpr (sizeof(C) > 2) more += c >= 0x10000;
    }
    bytes += more;
  }
  return hasSurrogate == 0;
}

uint8_t* putUtf8(uint8_t* to, uint32_t c) {
  if (c < 0x80) {
    *to++ = static_cast<uint8_t>(c);
  } else if (c < 0x800) {
    *to++ = static_cast<uint8_t>(0xc0 | c >> 6);
    *to++ = static_cast<uint8_t>(0x80 | (c & 0x3f));
  } else if (c < 0x10000) {
    *to++ = static_cast<uint8_t>(0xe0 | c >> 12);
    *to++ = static_cast<uint8_t>(0x80 | (c >> 6 & 0x3f));
    *to++ = static_cast<uint8_t>(0x80 | (c & 0x3f));
  } else {
    *to++ = static_cast<uint8_t>(0xf0 | c >> 18);
    *to++ = static_cast<uint8_t>(0x80 | (c >> 12 & 0x3f));
    *to++ = static_cast<uint8_t>(0x80 | (c >> 6 & 0x3f));
    *to++ = static_cast<uint8_t>(0x80 | (c & 0x3f));
  }
  return to;
}

// Encodes text without surrogates to where there is room for exactly that.
template <class C>
void putAllUtf8(uint8_t* to, const C* text, uint64_t length) {
  uint64_t i = 0;
  while (i < length) {
    if constexpr (sizeof(C) == 1) {
      for (uint64_t word; length - i >= 8; i += 8, to += 8) {
        memcpy(&word, text + i, 8);
        if (word & 0x8080808080808080u) break;
        memcpy(to, &word, 8);
      }
      // Without branches: the second byte is overwritten where there is none, but for the last character.
      for (uint64_t end = std::min(i + 8, length - 1); i < end; i++) {
        uint32_t c = text[i];
        bool isLong = c >= 0x80;
        to[0] = static_cast<uint8_t>(isLong ? 0xc0 | c >> 6 : c);
        to[1] = static_cast<uint8_t>(0x80 | (c & 0x3f));
        to += 1 + isLong;
      }
      if (i + 1 == length) to = putUtf8(to, text[i++]);
    } else {
      uint32_t c = text[i++];
      if (c >= 0x800 && c < 0x10000 && i < length) {  // another byte follows: four are stored at once
        uint32_t bytes = 0x8080e0 | c >> 12 | (c >> 6 & 0x3f) << 8 | (c & 0x3f) << 16;
        memcpy(to, &bytes, 4);
        to += 3;
      } else {
        to = putUtf8(to, c);
      }
    }
  }
}

// Reads one sequence of two bytes or more; 0 when it is not well formed.
KRAIT_INLINE uint32_t readSequence(const uint8_t* p, const uint8_t* end, unsigned& size) {
  uint32_t lead = *p;
  auto follows = [p](unsigned i) { return (p[i] & 0xc0) == 0x80; };
  if (lead < 0xe0) {
    if (lead < 0xc2 || end - p < 2 || !follows(1)) return 0;
    size = 2;
    return (lead & 0x1f) << 6 | (p[1] & 0x3f);
  }
  if (lead < 0xf0) {
    if (end - p < 3 || !follows(1) || !follows(2)) return 0;
    size = 3;
    uint32_t c = (lead & 0xf) << 12 | (p[1] & 0x3fU) << 6 | (p[2] & 0x3f);
    return c < 0x800 || isSurrogate(c) ? 0 : c;
  }
  if (lead > 0xf4 || end - p < 4 || !follows(1) || !follows(2) || !follows(3)) return 0;
  size = 4;
  uint32_t c = (lead & 7) << 18 | (p[1] & 0x3fU) << 12 | (p[2] & 0x3fU) << 6 | (p[3] & 0x3f);
  return c < 0x10000 || c > 0x10ffff ? 0 : c;
}

// False when the bytes are not well formed. There is room for a character per byte that continues none.
template <class C>
bool fillFromUtf8(std::string_view bytes, C* to) {
  auto* p = reinterpret_cast<const uint8_t*>(bytes.data());
  const uint8_t* end = p + bytes.size();
  while (p < end) {
    if (*p < 0x80) {
      for (uint64_t word; end - p >= 8; p += 8, to += 8) {
        memcpy(&word, p, 8);
        if (word & 0x8080808080808080u) break;
        for (int i = 0; i < 8; i++) to[i] = p[i];
      }
      while (p < end && *p < 0x80) *to++ = *p++;
      continue;
    }
    unsigned size = 0;
    uint32_t c = readSequence(p, end, size);
    if (c == 0) return false;
    *to++ = static_cast<C>(c);
    p += size;
    // Letters of one alphabet stand together.
    while (size == 2 && end - p >= 2 && static_cast<uint8_t>(p[0] - 0xc2) < 0xe0 - 0xc2 && (p[1] & 0xc0) == 0x80) {
      *to++ = static_cast<C>((p[0] & 0x1f) << 6 | (p[1] & 0x3f));
      p += 2;
    }
    while (size == 3 && end - p >= 3 && static_cast<uint8_t>(p[0] - 0xe1) < 0xed - 0xe1 && (p[1] & 0xc0) == 0x80 &&
           (p[2] & 0xc0) == 0x80) {
      *to++ = static_cast<C>((p[0] & 0xf) << 12 | (p[1] & 0x3f) << 6 | (p[2] & 0x3f));
      p += 3;
    }
  }
  return true;
}

// What the first bytes of characters say of well-formed text.
struct Utf8Census {
  uint64_t characters = 0;
  bool hasHigh = false;   // beyond U+007F
  bool isWide = false;    // beyond U+00FF
  bool isWidest = false;  // beyond U+FFFF
};
Utf8Census takeCensus(const uint8_t* p, uint64_t length) {
  constexpr uint64_t kOnes = 0x0101010101010101, kHighs = kOnes * 0x80;
  uint64_t continuing = 0, high = 0, wide = 0, widest = 0;
  auto look = [&](uint64_t word) {
    uint64_t twoHighs = word & word << 1;  // the high bit of each byte: its two highest are set
    continuing += ((word & ~(word << 1) & kHighs) >> 7) * kOnes >> 56;
    high |= word;
    wide |= twoHighs & (word << 2 | word << 3 | word << 4 | word << 5);
    widest |= twoHighs & word << 2 & word << 3;
  };
  uint64_t i = 0, word;
  for (; i + 8 <= length; i += 8) {
    memcpy(&word, p + i, 8);
    look(word);
  }
  word = 0;
  memcpy(&word, p + i, length - i);
  look(word);
  return {length - continuing, (high & kHighs) != 0, (wide & kHighs) != 0, (widest & kHighs) != 0};
}

Fallible<Value> decodeUtf8(Thread& thread, std::string_view bytes) {
  Utf8Census census = takeCensus(reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size());
  if (census.characters == 0) return bytes.empty() ? Value::of(emptyStr()) : Value::unbound();
  uint32_t width = census.isWidest ? 4 : census.isWide ? 2 : 1;
  if (census.characters == 1 && width == 1) return Value::unbound();  // one of those that there is only one of
  Str* s = TRY(allocateStr(thread, census.characters, width, !census.hasHigh));
  bool isWellFormed = width == 1   ? fillFromUtf8(bytes, s->inlineText)
                      : width == 2 ? fillFromUtf8(bytes, reinterpret_cast<uint16_t*>(s->inlineText))
                                   : fillFromUtf8(bytes, reinterpret_cast<uint32_t*>(s->inlineText));
  return isWellFormed ? Value::of(s) : Value::unbound();
}

// --- UTF-16, UTF-32 ---------------------------------------------------------------------------------------------------
template <class Unit>
Unit ordered(uint32_t unit, bool swaps) {
  if constexpr (sizeof(Unit) == 2) return swaps ? __builtin_bswap16(static_cast<Unit>(unit)) : static_cast<Unit>(unit);
  return swaps ? static_cast<Unit>(__builtin_bswap32(unit)) : static_cast<Unit>(unit);
}

// Of text without surrogates; the characters that take two units are counted.
template <class C>
bool hasSurrogates(const C* text, uint64_t length, uint64_t& astral) {
  if constexpr (sizeof(C) == 1) return false;
  bool found = false;
  for (uint64_t i = 0; i < length; i++) {
    found |= isSurrogate(text[i]);
    if constexpr (sizeof(C) == 4) astral += text[i] >= 0x10000;
  }
  return found;
}

template <class Unit>
Fallible<Value> encodeUnits(Thread& thread, const Str* s, bool marked, bool swaps) {
  uint64_t astral = 0;
  bool refused = withText(s, [&](auto* text, uint64_t length) { return hasSurrogates(text, length, astral); });
  if (refused) return Value::unbound();
  uint64_t units = s->length + marked + (sizeof(Unit) == 2 ? astral : 0);
  Bytes* out = TRY(makeBytesUninitialised(thread, units * sizeof(Unit)));
  uint8_t* to = out->data;
  auto put = [&to, swaps](uint32_t unit) {
    Unit value = ordered<Unit>(unit, swaps);
    memcpy(to, &value, sizeof value);
    to += sizeof value;
  };
  if (marked) put(0xfeff);
  withText(s, [&](auto* text, uint64_t length) {
    for (uint64_t i = 0; i < length; i++) {
      uint32_t c = text[i];
      if (sizeof(Unit) == 2 && c >= 0x10000) {
        put(0xd7c0 + (c >> 10));
        put(0xdc00 + (c & 0x3ff));
      } else {
        put(c);
      }
    }
  });
  return Value::of(out);
}

template <class Unit>
Fallible<Value> decodeUnits(Thread& thread, std::string_view bytes, bool swaps) {
  if (bytes.size() % sizeof(Unit) != 0) return Value::unbound();
  uint64_t count = bytes.size() / sizeof(Unit);
  auto at = [&](uint64_t i) -> uint32_t {
    Unit unit;
    memcpy(&unit, bytes.data() + i * sizeof(Unit), sizeof unit);
    return ordered<Unit>(unit, swaps);
  };
  uint32_t all = 0;
  bool refused = false;
  for (uint64_t i = 0; i < count; i++) {
    uint32_t c = at(i);
    all |= c;
    refused |= isSurrogate(c) || c > 0x10ffff;
  }
  if (refused) return Value::unbound();
  if (count == 0) return Value::of(emptyStr());
  uint32_t width = all < 0x100 ? 1 : all < 0x10000 ? 2 : 4;
  Str* s = TRY(allocateStr(thread, count, width, all < 0x80));
  auto fill = [&](auto* to) {
    for (uint64_t i = 0; i < count; i++) to[i] = static_cast<std::remove_reference_t<decltype(*to)>>(at(i));
  };
  if (width == 1) fill(s->inlineText);
  if (width == 2) fill(reinterpret_cast<uint16_t*>(s->inlineText));
  if (width == 4) fill(reinterpret_cast<uint32_t*>(s->inlineText));
  return Value::of(s);
}

}  // namespace

bool appendUtf8(const Str* s, ByteBuilder& out) {
  return withText(s, [&](auto* text, uint64_t length) {
    uint8_t buffer[1024];
    uint8_t* to = buffer;
    for (uint64_t i = 0; i < length; i++) {
      uint32_t c = text[i];
      if (isSurrogate(c)) return false;
      to = putUtf8(to, c);
      if (to > buffer + sizeof buffer - 4) {
        out.append({reinterpret_cast<char*>(buffer), static_cast<size_t>(to - buffer)});
        to = buffer;
      }
    }
    out.append({reinterpret_cast<char*>(buffer), static_cast<size_t>(to - buffer)});
    return true;
  });
}

size_t completeUtf8(std::string_view bytes) {
  for (size_t back = 1; back <= 3 && back <= bytes.size(); back++) {
    auto c = static_cast<uint8_t>(bytes[bytes.size() - back]);
    if ((c & 0xc0) == 0x80) continue;
    size_t needed = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : c >= 0xc0 ? 2 : 1;
    return needed > back ? bytes.size() - back : bytes.size();
  }
  return bytes.size();
}

Fallible<Value> encodeQuickly(Thread& thread, const Str* s, Codec codec) {
  switch (codec) {
    case Codec::kUtf8: {
      uint64_t size = 0;
      bool fits = withText(s, [&](auto* text, uint64_t length) { return utf8Length(text, length, size); });
      if (!fits) return Value::unbound();
      Bytes* out = TRY(makeBytesUninitialised(thread, size));
      uint8_t* to = out->data;
      withText(s, [&](auto* text, uint64_t length) { putAllUtf8(to, text, length); });
      return Value::of(out);
    }
    case Codec::kUtf16: return encodeUnits<uint16_t>(thread, s, true, false);
    case Codec::kUtf16Le: return encodeUnits<uint16_t>(thread, s, false, false);
    case Codec::kUtf16Be: return encodeUnits<uint16_t>(thread, s, false, true);
    case Codec::kUtf32: return encodeUnits<uint32_t>(thread, s, true, false);
    case Codec::kUtf32Le: return encodeUnits<uint32_t>(thread, s, false, false);
    case Codec::kUtf32Be: return encodeUnits<uint32_t>(thread, s, false, true);
    default: return Value::unbound();
  }
}

Fallible<Value> decodeQuickly(Thread& thread, std::string_view bytes, Codec codec) {
  switch (codec) {
    case Codec::kUtf8: return decodeUtf8(thread, bytes);
    case Codec::kUtf16:
      if (!bytes.starts_with("\xff\xfe")) return Value::unbound();
      return decodeUnits<uint16_t>(thread, bytes.substr(2), false);
    case Codec::kUtf16Le: return decodeUnits<uint16_t>(thread, bytes, false);
    case Codec::kUtf16Be: return decodeUnits<uint16_t>(thread, bytes, true);
    case Codec::kUtf32:
      if (!bytes.starts_with(std::string_view("\xff\xfe\0\0", 4))) return Value::unbound();
      return decodeUnits<uint32_t>(thread, bytes.substr(4), false);
    case Codec::kUtf32Le: return decodeUnits<uint32_t>(thread, bytes, false);
    case Codec::kUtf32Be: return decodeUnits<uint32_t>(thread, bytes, true);
    default: return Value::unbound();
  }
}

}  // namespace krait
