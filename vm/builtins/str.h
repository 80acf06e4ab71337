// str: immutable text in 1, 2 or 4 bytes a character, with cached hash, interning, and shared append-only buffers.
#pragma once
#include <cstdlib>
#include <string>
#include <string_view>

#include "vm/operations.h"

namespace krait {

// Without reference counts uniqueness is unknowable, so `s += x` shares: a string whose text ends at buffer->used may
// be extended in place by a new Str over the same buffer; 10^6 appends are linear.
struct StrBuffer : Cell {
  uint64_t used, capacity;  // bytes
  uint8_t bytes[];
};

// Text is `length` characters of `width` bytes at data(): behind the header (inline) or in a StrBuffer.
// Width is minimal: 1 = Latin-1, 2 = BMP, 4 = all; surrogates are allowed, as in CPython.
struct Str : Cell {
  static constexpr uint8_t kAscii = 1, kInterned = 2, kInBuffer = 4, kHashed = 8;  // flags
  int64_t hash_;                                                                   // valid with kHashed
  uint32_t width;                                                                  // 1, 2, 4
  uint32_t reserved;
  uint64_t length;                  // characters
  alignas(8) uint8_t inlineText[];  // or, with kInBuffer, the StrBuffer* whose bytes begin with this text
  KRAIT_INLINE StrBuffer* buffer() const { return *reinterpret_cast<StrBuffer* const*>(inlineText); }
  KRAIT_INLINE const uint8_t* data() const { return (flags & kInBuffer) ? buffer()->bytes : inlineText; }
  KRAIT_INLINE bool isAscii() const { return flags & kAscii; }
  KRAIT_INLINE bool isInterned() const { return flags & kInterned; }
  KRAIT_INLINE uint32_t at(uint64_t i) const {  // code point
    const uint8_t* d = data();
    return width == 1   ? d[i]
           : width == 2 ? reinterpret_cast<const uint16_t*>(d)[i]
                        : reinterpret_cast<const uint32_t*>(d)[i];
  }
  std::string_view asciiView() const { return {reinterpret_cast<const char*>(data()), length}; }  // requires isAscii()
};

// --- making
// -----------------------------------------------------------------------------------------------------------
Fallible<Str*> makeStr(Thread& thread, std::string_view utf8);  // WTF-8: surrogates allowed; must be well formed
Fallible<Str*> makeStrLatin1(Thread& thread, const uint8_t* text, uint64_t length);
Fallible<Str*> makeStrUcs4(Thread& thread, const uint32_t* text, uint64_t length);  // narrowed to the minimal width
Fallible<Str*> makeStrOfCharacter(Thread& thread, uint32_t codePoint);              // Latin-1 ones are shared
// The interned string of this text / equal to this one.
Fallible<Str*> intern(Thread& thread, std::string_view utf8);
Fallible<Str*> intern(Thread& thread, Str* s);
Str* emptyStr();
Fallible<Str*> concatenate(Thread& thread, Str* left, Str* right);  // amortised O(right) when left was just appended to
Fallible<Str*> substring(Thread& thread, Str* s, uint64_t start, uint64_t end);
Fallible<Str*> joinStrs(Thread& thread, Str* separator, std::span<const Value> parts);  // all Str; BUILD_STRING uses it

// A fresh Str whose text the caller fills in: its width must turn out minimal, `ascii` true. MemoryError when too
// large.
Fallible<Str*> allocateStr(Thread& thread, uint64_t length, uint32_t width, bool ascii);
Fallible<Str*> makeStrAscii(Thread& thread, std::string_view ascii);                // every byte < 0x80
Fallible<Str*> makeStrUcs2(Thread& thread, const uint16_t* text, uint64_t length);  // narrowed to the minimal width
Fallible<Str*> repeatStr(Thread& thread, Str* s, int64_t times);

// Builds text piece by piece outside the heap, widened when needed. Text only: no Values inside.
class StrBuilder {
 public:
  StrBuilder() = default;
  ~StrBuilder() {
    if (text_ != small_) free(text_);
  }
  StrBuilder(const StrBuilder&) = delete;
  StrBuilder& operator=(const StrBuilder&) = delete;
  StrBuilder& append(std::string_view utf8);  // WTF-8
  StrBuilder& append(const Str* s);
  StrBuilder& append(const Str* s, uint64_t start, uint64_t end);
  StrBuilder& appendLatin1(const uint8_t* text, uint64_t length);
  StrBuilder& appendRepeated(uint32_t codePoint, uint64_t times);
  KRAIT_INLINE StrBuilder& appendCharacter(uint32_t codePoint) {
    if (codePoint < 0x80 && width_ == 1 && length_ < capacity_) [[likely]] {
      text_[length_++] = static_cast<uint8_t>(codePoint);
      return *this;
    }
    return appendWide(codePoint);
  }
  uint64_t length() const { return length_; }
  uint32_t at(uint64_t i) const {
    return width_ == 1   ? text_[i]
           : width_ == 2 ? reinterpret_cast<const uint16_t*>(text_)[i]
                         : reinterpret_cast<const uint32_t*>(text_)[i];
  }
  void clear() { length_ = 0, width_ = 1, ascii_ = true, failed_ = false; }
  Fallible<Str*> build(Thread& thread);  // MemoryError when any append failed

 private:
  StrBuilder& appendWide(uint32_t codePoint);
  // Makes room for `extra` more characters of at least `width` bytes each; false when memory is exhausted.
  bool reserve(uint64_t extra, uint32_t width);
  uint8_t* text_ = small_;
  uint64_t length_ = 0;              // characters
  uint64_t capacity_ = kSmallBytes;  // bytes
  uint32_t width_ = 1;
  bool ascii_ = true, failed_ = false;
  static constexpr uint64_t kSmallBytes = 240;
  alignas(8) uint8_t small_[kSmallBytes];
};

// --- reading
// ---------------------------------------------------------------------------------------------------------- A str or
// an instance of a subclass: its Str; null for other objects.
KRAIT_INLINE Str* toStr(Value v) {
  v = exactOrPayload(v);
  return isKind(v, Kind::kStr) ? v.as<Str>() : nullptr;
}
int64_t strHash(Str* s);  // siphash13 keyed by PYTHONHASHSEED; cached
bool strEquals(const Str* a, const Str* b);
bool strEqualsUtf8(const Str* a, std::string_view utf8);
int strCompare(const Str* a, const Str* b);
std::string strToUtf8(const Str* s);  // surrogates as WTF-8; for paths use surrogateescape, see encodeFilename
Fallible<Str*> strRepr(Thread&, const Str*);
int64_t hashBytes(const void* data, size_t length);  // CPython's hash of a byte string; also bytes.__hash__
void setHashSecret(bool random, uint32_t seed);
bool hashIsRandomised();  // false only for PYTHONHASHSEED=0

// format(value, spec) of the numeric types and str: the format mini-language (builtins/format_spec.cpp).
Fallible<Str*> formatInt(Thread&, Value intValue, Str* spec);
Fallible<Str*> formatFloat(Thread&, double, Str* spec);
Fallible<Str*> formatStr(Thread&, Str*, Str* spec);
Fallible<Str*> formatPercent(Thread&, Str* format, Value arguments);  // str % args

void initialiseStr(Thread&);
}  // namespace krait
