// Working on the characters of a Str without caring whether they take one, two or four bytes.
#pragma once
#include <cstring>

#include "vm/builtins/str.h"
#include "vm/wtf8.h"

namespace krait {

inline constexpr uint64_t kMaxStrLength = uint64_t{1} << 38;  // characters

// The smallest width that holds this character.
KRAIT_INLINE constexpr uint32_t widthOf(uint32_t codePoint) {
  return codePoint < 0x100 ? 1 : codePoint < 0x10000 ? 2 : 4;
}

// Calls f(pointer to the characters, length) with the pointer's type by width.
template <class F>
KRAIT_INLINE decltype(auto) withText(const Str* s, F f) {
  const uint8_t* text = s->data();
  switch (s->width) {
    case 1: return f(text, s->length);
    case 2: return f(reinterpret_cast<const uint16_t*>(text), s->length);
    default: return f(reinterpret_cast<const uint32_t*>(text), s->length);
  }
}

// Copies `count` characters, making each as wide as the target's. Requires targetWidth >= sourceWidth.
inline void copyCharacters(void* target, uint32_t targetWidth, const void* source, uint32_t sourceWidth,
                           uint64_t count) {
  if (targetWidth == sourceWidth) {
    memcpy(target, source, count * targetWidth);
    return;
  }
  auto widen = [count](auto* to, const auto* from) {
    for (uint64_t i = 0; i < count; i++) to[i] = from[i];
  };
  if (targetWidth == 2) {
    widen(static_cast<uint16_t*>(target), static_cast<const uint8_t*>(source));
  } else if (sourceWidth == 1) {
    widen(static_cast<uint32_t*>(target), static_cast<const uint8_t*>(source));
  } else {
    widen(static_cast<uint32_t*>(target), static_cast<const uint16_t*>(source));
  }
}

// Copies the whole of `s` to character `at` of a fresh Str that is being filled.
KRAIT_INLINE void copyInto(Str* target, uint64_t at, const Str* s) {
  copyCharacters(target->inlineText + at * target->width, target->width, s->data(), s->width, s->length);
}

// One of the bytes has its top bit set.
inline bool hasHighBytes(const uint8_t* text, uint64_t length) {
  uint64_t i = 0;
  for (; i + 8 <= length; i += 8) {
    uint64_t word;
    memcpy(&word, text + i, 8);
    if (word & 0x8080808080808080u) return true;
  }
  for (; i < length; i++) {
    if (text[i] & 0x80) return true;
  }
  return false;
}

// The bitwise or of all characters: enough to know the width and whether the text is ASCII.
template <class C>
inline uint32_t allCharacters(const C* text, uint64_t length) {
  uint32_t all = 0;
  for (uint64_t i = 0; i < length; i++) all |= text[i];
  return all;
}

// A Str of these characters, whatever their width, in the minimal width.
Fallible<Str*> makeStrOf(Thread& thread, const uint8_t* text, uint64_t length);
Fallible<Str*> makeStrOf(Thread& thread, const uint16_t* text, uint64_t length);
Fallible<Str*> makeStrOf(Thread& thread, const uint32_t* text, uint64_t length);

// start, end of s[start:end] as find, count, startswith ... take them: None or missing mean the ends; clipped.
struct TextRange {
  int64_t start, end;
  bool isReversed() const { return start > end; }  // then nothing is found in it, not even the empty string
};
Fallible<TextRange> textRange(Thread& thread, Value start, Value end, int64_t length);

// An int argument that must fit: "Python int too large to convert to C ssize_t".
Fallible<int64_t> sizeArgument(Thread& thread, Value v);
// "replace() argument 1 must be str, not int"; position 0 leaves the number out.
Fallible<const Str*> strArgument(Thread& thread, Value v, const char* function, int position);

// An optional text parameter such as `encoding`: "encode() argument 'encoding' must be str, not int".
Fallible<std::string> textArgument(Thread& thread, Value v, const char* function, const char* parameter,
                                   const char* otherwise);
// What argument errors call the type of `v`: "None" for None.
std::string_view argumentTypeName(Value v);

}  // namespace krait
