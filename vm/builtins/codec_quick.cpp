// The quick ways of UTF-8, UTF-16 and UTF-32.
#include "vm/builtins/codec_quick.h"

#include <cstring>

#include "vm/builtins/text.h"

namespace krait {
namespace {

bool isSurrogate(uint32_t c) { return (c & ~0x7ffU) == 0xd800; }

// --- UTF-8 ------------------------------------------------------------------------------------------------------------
template <class C>
bool utf8Length(const C* text, uint64_t length, uint64_t& bytes) {
  uint64_t sum = length;
  bool hasSurrogate = false;
  for (uint64_t i = 0; i < length; i++) {
    uint32_t c = text[i];
    sum += c >= 0x80;
    if constexpr (sizeof(C) > 1) {
      sum += c >= 0x800;
      hasSurrogate |= isSurrogate(c);
    }
    if constexpr (sizeof(C) > 2) sum += c >= 0x10000;
  }
  bytes = sum;
  return !hasSurrogate;
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

struct TextShape {
  uint64_t characters = 0;
  uint32_t all = 0;  // the bitwise or of the characters
};

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

// How many bytes from `p` on are ASCII, in steps of eight.
KRAIT_INLINE size_t asciiRun(const uint8_t* p, const uint8_t* end) {
  const uint8_t* start = p;
  for (; end - p >= 8; p += 8) {
    uint64_t word;
    memcpy(&word, p, 8);
    if (word & 0x8080808080808080u) break;
  }
  return static_cast<size_t>(p - start);
}

bool measureUtf8(std::string_view bytes, TextShape& shape) {
  auto* p = reinterpret_cast<const uint8_t*>(bytes.data());
  const uint8_t* end = p + bytes.size();
  while (p < end) {
    if (*p < 0x80) {
      size_t run = asciiRun(p, end);
      p += run;
      shape.characters += run;
      while (p < end && *p < 0x80) p++, shape.characters++;
      continue;
    }
    unsigned size = 0;
    uint32_t c = readSequence(p, end, size);
    if (c == 0) return false;
    shape.all |= c;
    shape.characters++;
    p += size;
  }
  return true;
}

template <class C>
void fillFromUtf8(std::string_view bytes, C* to) {
  auto* p = reinterpret_cast<const uint8_t*>(bytes.data());
  const uint8_t* end = p + bytes.size();
  while (p < end) {
    if (*p < 0x80) {
      *to++ = *p++;
      continue;
    }
    unsigned size = 0;
    *to++ = static_cast<C>(readSequence(p, end, size));
    p += size;
  }
}

Fallible<Value> decodeUtf8(Thread& thread, std::string_view bytes) {
  TextShape shape;
  if (!measureUtf8(bytes, shape)) return Value::unbound();
  if (shape.characters == 0) return Value::of(emptyStr());
  uint32_t width = shape.all < 0x100 ? 1 : shape.all < 0x10000 ? 2 : 4;
  Str* s = TRY(allocateStr(thread, shape.characters, width, shape.all == 0));
  if (width == 1) {
    fillFromUtf8(bytes, s->inlineText);
  } else if (width == 2) {
    fillFromUtf8(bytes, reinterpret_cast<uint16_t*>(s->inlineText));
  } else {
    fillFromUtf8(bytes, reinterpret_cast<uint32_t*>(s->inlineText));
  }
  return Value::of(s);
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
      withText(s, [&](auto* text, uint64_t length) {
        for (uint64_t i = 0; i < length; i++) to = putUtf8(to, text[i]);
      });
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
