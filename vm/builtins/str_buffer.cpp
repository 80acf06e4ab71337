// Putting strings together: s += x in amortised time of x, join, repetition.
//
//     s = "a" * 300        Str (inline text)
//     t = s + "b"          Str -> StrBuffer [aaa...ab.........]   used = 301
//     t += "c"             Str -> same      [aaa...abc........]   used = 302; the old t still reads its 301
//     u = t0 + "d"         t0 ends at 301, used is 302: copied
//
// There is no reference count that could say "nobody else sees this string"; an append-only buffer needs none.
#include <algorithm>
#include <cstring>

#include "vm/builtins/str.h"
#include "vm/builtins/text.h"

namespace krait {
namespace {

// Below this size (bytes of text) a plain copy is cheaper than a buffer with slack.
constexpr uint64_t kBufferThreshold = 256;

KRAIT_INLINE uint8_t* copyBytes(uint8_t* to, const uint8_t* from, uint64_t length) {
  if (length > 16) {
    std::memcpy(to, from, length);
    return to + length;
  }
  for (uint64_t i = 0; i < length; i++) *to++ = from[i];
  return to;
}

Fallible<Str*> strOverBuffer(Thread& thread, StrBuffer* buffer, uint64_t length, uint32_t width, bool ascii) {
  Str* s = TRY(allocate<Str>(thread, Kind::kStr, types.str->instanceShape, sizeof(StrBuffer*)));
  s->flags = static_cast<uint8_t>(Str::kInBuffer | (ascii ? Str::kAscii : 0));
  s->width = width;
  s->length = length;
  *reinterpret_cast<StrBuffer**>(s->inlineText) = buffer;
  return s;
}

}  // namespace

Fallible<Str*> concatenate(Thread& thread, Str* left, Str* right) {
  if (right->length == 0) return left;
  if (left->length == 0) return right;
  uint64_t length = left->length + right->length;
  uint32_t width = std::max(left->width, right->width);
  bool ascii = left->isAscii() && right->isAscii();
  uint64_t bytes = length * width;
  if (bytes < kBufferThreshold) {
    Str* s = TRY(allocateStr(thread, length, width, ascii));
    if (width == 1) {
      uint8_t* end = copyBytes(s->inlineText, left->data(), left->length);
      copyBytes(end, right->data(), right->length);
      return s;
    }
    copyInto(s, 0, left);
    copyInto(s, left->length, right);
    return s;
  }
  if (length > kMaxStrLength) return raiseMemoryError(thread);
  uint64_t leftBytes = left->length * left->width;
  bool appendsToEnd = (left->flags & Str::kInBuffer) && left->buffer()->used == leftBytes;
  if (appendsToEnd && width == left->width && bytes <= left->buffer()->capacity) {
    StrBuffer* buffer = left->buffer();
    Str* s = TRY(strOverBuffer(thread, buffer, length, width, ascii));
    if (buffer->used == leftBytes) {  // a finaliser may have appended while we allocated
      copyCharacters(buffer->bytes + leftBytes, width, right->data(), right->width, right->length);
      buffer->used = bytes;
      return s;
    }
  }
  // Room for as much again once the text has proved to grow, for a quarter more when this may be its only "+".
  uint64_t capacity = appendsToEnd ? bytes * 2 : bytes + bytes / 4;
  auto* buffer = TRY(allocate<StrBuffer>(thread, Kind::kStrBuffer, nullptr, capacity));
  buffer->capacity = capacity;
  buffer->used = bytes;
  copyCharacters(buffer->bytes, width, left->data(), left->width, left->length);
  copyCharacters(buffer->bytes + left->length * width, width, right->data(), right->width, right->length);
  return strOverBuffer(thread, buffer, length, width, ascii);
}

namespace {

// A few exact strs of one byte a character, without separator: f"{x}, {y}". Null, and no exception: the general way.
Fallible<Str*> joinPlain(Thread& thread, std::span<const Value> parts, bool& isPlain) {
  uint64_t length = 0;
  uint8_t ascii = Str::kAscii;
  isPlain = false;
  for (Value part : parts) {
    if (!isKind(part, Kind::kStr)) return Raised{};
    const Str* s = part.as<Str>();
    if (s->width != 1) return Raised{};
    length += s->length;
    ascii &= s->flags;
  }
  if (length <= 1 || length > kMaxStrLength) return Raised{};
  isPlain = true;
  Str* joined = TRY(allocateStr(thread, length, 1, ascii != 0));
  uint8_t* to = joined->inlineText;
  for (Value part : parts) to = copyBytes(to, part.as<Str>()->data(), part.as<Str>()->length);
  return joined;
}

}  // namespace

Fallible<Str*> joinStrs(Thread& thread, Str* separator, std::span<const Value> parts) {
  if (parts.empty()) return emptyStr();
  if (parts.size() == 1) return toStr(parts[0]);
  if (separator == nullptr || separator->length == 0) {
    bool isPlain;
    Fallible<Str*> joined = joinPlain(thread, parts, isPlain);
    if (isPlain) return joined;
  }
  uint64_t length = 0;
  uint32_t width = 1;
  bool ascii = true;
  for (Value part : parts) {
    const Str* s = toStr(part);
    length += s->length;
    if (length > kMaxStrLength) return raiseMemoryError(thread);
    width = std::max(width, s->width);
    ascii = ascii && s->isAscii();
  }
  if (separator != nullptr && separator->length != 0) {
    if (separator->length > kMaxStrLength / parts.size()) return raiseMemoryError(thread);
    length += separator->length * (parts.size() - 1);
    width = std::max(width, separator->width);
    ascii = ascii && separator->isAscii();
  }
  if (length == 0) return emptyStr();
  if (length == 1 && width == 1) {
    for (Value part : parts) {
      if (toStr(part)->length == 1) return toStr(part);
    }
    return makeStrOfCharacter(thread, separator->at(0));
  }
  Str* joined = TRY(allocateStr(thread, length, width, ascii));
  uint64_t at = 0;
  for (size_t i = 0; i < parts.size(); i++) {
    if (i != 0 && separator != nullptr && separator->length != 0) {
      copyInto(joined, at, separator);
      at += separator->length;
    }
    const Str* s = toStr(parts[i]);
    copyInto(joined, at, s);
    at += s->length;
  }
  return joined;
}

Fallible<Str*> repeatStr(Thread& thread, Str* s, int64_t times) {
  if (times <= 0 || s->length == 0) return emptyStr();
  if (times == 1) return s;
  if (static_cast<uint64_t>(times) > kMaxStrLength / s->length) return raiseMemoryError(thread);
  uint64_t bytes = s->length * s->width;
  Str* repeated = TRY(allocateStr(thread, s->length * static_cast<uint64_t>(times), s->width, s->isAscii()));
  if (bytes == 1) {
    memset(repeated->inlineText, *s->data(), static_cast<size_t>(times));
    return repeated;
  }
  uint64_t total = bytes * static_cast<uint64_t>(times);
  memcpy(repeated->inlineText, s->data(), bytes);
  for (uint64_t done = bytes; done < total;) {  // doubling
    uint64_t part = std::min(done, total - done);
    memcpy(repeated->inlineText + done, repeated->inlineText, part);
    done += part;
  }
  return repeated;
}

}  // namespace krait
