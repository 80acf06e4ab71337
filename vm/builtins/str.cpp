// Making, sharing, hashing and comparing strings; the methods are in str_methods*.cpp.
#include "vm/builtins/str.h"

#include "vm/builtins/interned.h"
#include "vm/builtins/single_characters.h"

#include <sys/random.h>
#include <unistd.h>

#include <algorithm>
#include <new>

#include "vm/builtins/text.h"
#include "vm/leaf_cells.h"
#include "vm/siphash.h"

namespace krait {

Str* singleCharacters[256];
namespace {

// --- the keys of siphash13, as PYTHONHASHSEED says
// --------------------------------------------------------------------
uint64_t hashKey0, hashKey1;
bool randomised;

// --- interned strings
// ------------------------------------------------------------------------------------------------- Open addressing;
// the table does not keep its strings (interned.h), but for those that C++ code holds.
//
// A slot is the address of its Str (48 bits; Strs never move) below 16 bits of the hash that do not choose the slot, so
// that a search follows a pointer only where it will very likely end.
struct InternTable {
  RootVector forever;
  uint64_t* index = nullptr;
  uint64_t indexSize = 0;  // power of two
  uint64_t used = 0, removed = 0;

  static constexpr int kHashShift = 48;
  static constexpr uint64_t kAddressMask = (uint64_t{1} << kHashShift) - 1;
  static constexpr uint64_t kEmpty = 0, kRemoved = 1;  // a search goes on behind a removed one
  uint64_t firstProbe(int64_t hash) const { return static_cast<uint64_t>(hash) & (indexSize - 1); }
  static uint64_t slotOf(const Str* s) {
    return reinterpret_cast<uint64_t>(s) | static_cast<uint64_t>(s->hash_) >> kHashShift << kHashShift;
  }
  static Str* strOf(uint64_t slot) { return reinterpret_cast<Str*>(slot & kAddressMask); }

  // Makes room for one more.
  bool grow() {
    uint64_t size = 4096;
    while (size < (used + 1) * 3) size *= 2;
    auto* fresh = static_cast<uint64_t*>(calloc(size, sizeof(uint64_t)));
    if (fresh == nullptr) return false;
    uint64_t* old = index;
    uint64_t oldSize = indexSize;
    index = fresh;
    indexSize = size;
    used = removed = 0;
    for (uint64_t i = 0; i < oldSize; i++)
      if (old[i] > kRemoved) insert(strOf(old[i]));
    free(old);
    return true;
  }
  void insert(const Str* s) {
    uint64_t i = firstProbe(s->hash_);
    while (index[i] > kRemoved) i = (i + 1) & (indexSize - 1);
    removed -= index[i] == kRemoved;
    index[i] = slotOf(s);
    used++;
  }
  template <class Equals>
  Str* find(int64_t hash, Equals isEqual) const {
    if (indexSize == 0) return nullptr;
    for (uint64_t i = firstProbe(hash); index[i] != kEmpty; i = (i + 1) & (indexSize - 1)) {
      if ((index[i] ^ static_cast<uint64_t>(hash)) >> kHashShift != 0 || index[i] == kRemoved) continue;
      Str* candidate = strOf(index[i]);
      if (candidate->hash_ == hash && isEqual(candidate)) return candidate;
    }
    return nullptr;
  }
  // Requires a hashed Str that is not in the table.
  Fallible<Str*> add(Thread& thread, Str* s) {
    if ((used + removed + 1) * 2 > indexSize && !grow()) return raiseMemoryError(thread);
    s->flags |= Str::kInterned;
    insert(s);
    return s;
  }
  Fallible<Str*> keep(Thread& thread, Str* s) {
    if (!forever.push(Value::of(s))) return raiseMemoryError(thread);
    return s;
  }
  void forgetDead() {
    for (uint64_t i = 0; i < indexSize; i++) {
      if (index[i] <= kRemoved || heap.isMarked(strOf(index[i]))) continue;
      index[i] = kRemoved;
      used--;
      removed++;
    }
  }
};

// Made at first use: roots may only be registered once the heap exists.
InternTable& interned() {
  static InternTable* const table = new InternTable;
  return *table;
}

Str* theEmptyStr;

template <class C>
Fallible<Str*> makeNarrowed(Thread& thread, const C* text, uint64_t length) {
  if (length == 0) return emptyStr();
  uint32_t all = allCharacters(text, length);
  if (length == 1 && all < 0x100) return makeStrOfCharacter(thread, all);
  Str* s = TRY(allocateStr(thread, length, widthOf(all), all < 0x80));
  switch (s->width) {
    case 1:
      for (uint64_t i = 0; i < length; i++) s->inlineText[i] = static_cast<uint8_t>(text[i]);
      break;
    case 2: {
      auto* to = reinterpret_cast<uint16_t*>(s->inlineText);
      for (uint64_t i = 0; i < length; i++) to[i] = static_cast<uint16_t>(text[i]);
      break;
    }
    default: memcpy(s->inlineText, text, length * sizeof(C));
  }
  return s;
}

bool isAsciiText(std::string_view text) {
  return !hasHighBytes(reinterpret_cast<const uint8_t*>(text.data()), text.size());
}

}  // namespace

// --- making
// -----------------------------------------------------------------------------------------------------------
Fallible<Str*> allocateStr(Thread& thread, uint64_t length, uint32_t width, bool ascii) {
  if (length > kMaxStrLength) return raiseMemoryError(thread);
  Str* s = TRY(allocate<Str>(thread, Kind::kStr, types.str->instanceShape, length * width));
  s->width = width;
  s->length = length;
  s->flags = ascii ? Str::kAscii : 0;
  return s;
}

// For text of one byte a character that the caller copies into it at once.
static Fallible<Str*> allocateUnfilled(Thread& thread, uint64_t length, bool ascii) {
  if (length > kMaxStrLength) return raiseMemoryError(thread);
  Str* s = TRY(allocateLeaf<Str>(thread, Kind::kStr, types.str->instanceShape, length));
  s->width = 1;
  s->length = length;
  s->flags = ascii ? Str::kAscii : 0;
  return s;
}

Fallible<Str*> makeStrAscii(Thread& thread, std::string_view ascii) {
  if (ascii.empty()) return emptyStr();
  if (ascii.size() == 1) return makeStrOfCharacter(thread, static_cast<uint8_t>(ascii[0]));
  Str* s = TRY(allocateUnfilled(thread, ascii.size(), true));
  memcpy(s->inlineText, ascii.data(), ascii.size());
  return s;
}

Fallible<Str*> makeStr(Thread& thread, std::string_view utf8) {
  if (isAsciiText(utf8)) return makeStrAscii(thread, utf8);
  uint64_t length = 0;
  uint32_t all = 0;
  for (size_t i = 0; i < utf8.size(); length++) all |= nextWtf8(utf8, i);
  if (length == 1 && all < 0x100) return makeStrOfCharacter(thread, all);
  Str* s = TRY(allocateStr(thread, length, widthOf(all), false));
  auto fill = [&](auto* to) {
    for (size_t i = 0; i < utf8.size();) {
      *to++ = static_cast<std::remove_reference_t<decltype(*to)>>(nextWtf8(utf8, i));
    }
  };
  switch (s->width) {
    case 1: fill(s->inlineText); break;
    case 2: fill(reinterpret_cast<uint16_t*>(s->inlineText)); break;
    default: fill(reinterpret_cast<uint32_t*>(s->inlineText));
  }
  return s;
}

Fallible<Str*> makeStrLatin1(Thread& thread, const uint8_t* text, uint64_t length) {
  if (length <= 1) return length == 0 ? Fallible<Str*>(emptyStr()) : makeStrOfCharacter(thread, text[0]);
  Str* s = TRY(allocateUnfilled(thread, length, !hasHighBytes(text, length)));
  memcpy(s->inlineText, text, length);
  return s;
}
Fallible<Str*> makeStrUcs2(Thread& thread, const uint16_t* text, uint64_t length) {
  return makeNarrowed(thread, text, length);
}
Fallible<Str*> makeStrUcs4(Thread& thread, const uint32_t* text, uint64_t length) {
  return makeNarrowed(thread, text, length);
}
Fallible<Str*> makeStrOf(Thread& thread, const uint8_t* text, uint64_t length) {
  return makeStrLatin1(thread, text, length);
}
Fallible<Str*> makeStrOf(Thread& thread, const uint16_t* text, uint64_t length) {
  return makeNarrowed(thread, text, length);
}
Fallible<Str*> makeStrOf(Thread& thread, const uint32_t* text, uint64_t length) {
  return makeNarrowed(thread, text, length);
}

Fallible<Str*> makeStrOfCharacter(Thread& thread, uint32_t codePoint) {
  if (codePoint < 256) {
    if (Str* s = singleCharacters[codePoint]) [[likely]]
      return s;
    Str* s = TRY(allocateStr(thread, 1, 1, codePoint < 0x80));
    s->inlineText[0] = static_cast<uint8_t>(codePoint);
    strHash(s);
    return singleCharacters[codePoint] = TRY(interned().add(thread, TRY(interned().keep(thread, s))));
  }
  Str* s = TRY(allocateStr(thread, 1, widthOf(codePoint), false));
  if (s->width == 2) {
    *reinterpret_cast<uint16_t*>(s->inlineText) = static_cast<uint16_t>(codePoint);
  } else {
    *reinterpret_cast<uint32_t*>(s->inlineText) = codePoint;
  }
  return s;
}

Str* emptyStr() {
  if (theEmptyStr == nullptr) [[unlikely]] {
    Thread& thread = currentThread();  // lint: passes_the_thread because the constant is made once, at start-up
    auto made = allocateStr(thread, 0, 1, true);
    if (made.isRaised()) abort();  // the first string of the process: memory is too small to start
    strHash(made.value());
    if (interned().keep(thread, made.value()).isRaised()) abort();
    auto added = interned().add(thread, made.value());
    if (added.isRaised()) abort();
    theEmptyStr = added.value();
  }
  return theEmptyStr;
}

Fallible<Str*> intern(Thread& thread, std::string_view utf8) {
  if (!isAsciiText(utf8)) return intern(thread, TRY(makeStr(thread, utf8)));
  if (utf8.size() <= 1) return makeStrAscii(thread, utf8);
  int64_t hash = hashBytes(utf8.data(), utf8.size());
  Str* found = interned().find(hash, [&](const Str* s) { return s->isAscii() && s->asciiView() == utf8; });
  if (found != nullptr) return found;
  Str* s = TRY(makeStrAscii(thread, utf8));
  s->hash_ = hash;
  s->flags |= Str::kHashed;
  return interned().add(thread, s);
}

Fallible<Str*> intern(Thread& thread, Str* s) {
  if (s->isInterned()) return s;
  if (s->length == 0) return emptyStr();
  if (s->length == 1 && s->width == 1) return makeStrOfCharacter(thread, s->at(0));
  int64_t hash = strHash(s);
  Str* found = interned().find(hash, [s](const Str* candidate) { return strEquals(candidate, s); });
  if (found != nullptr) return found;
  if (s->flags & Str::kInBuffer) {  // a name must not keep a big buffer alive
    Str* copy = TRY(allocateStr(thread, s->length, s->width, s->isAscii()));
    memcpy(copy->inlineText, s->data(), s->length * s->width);
    strHash(copy);
    s = copy;
  }
  return interned().add(thread, s);
}

Fallible<Str*> internForever(Thread& thread, std::string_view utf8) {
  return interned().keep(thread, TRY(intern(thread, utf8)));
}

void forgetDeadInterned() { interned().forgetDead(); }

Fallible<Str*> substring(Thread& thread, Str* s, uint64_t start, uint64_t end) {
  if (start >= end) return emptyStr();
  if (start == 0 && end == s->length) return s;
  uint64_t length = end - start;
  if (s->width == 1) {
    const uint8_t* text = s->data() + start;
    if (length == 1) return makeStrOfCharacter(thread, *text);
    Str* part = TRY(allocateStr(thread, length, 1, s->isAscii() || !hasHighBytes(text, length)));
    memcpy(part->inlineText, text, length);
    return part;
  }
  if (s->width == 2) return makeNarrowed(thread, reinterpret_cast<const uint16_t*>(s->data()) + start, length);
  return makeNarrowed(thread, reinterpret_cast<const uint32_t*>(s->data()) + start, length);
}

// --- StrBuilder
// -------------------------------------------------------------------------------------------------------
bool StrBuilder::reserve(uint64_t extra, uint32_t width) {
  if (failed_) return false;
  uint32_t newWidth = std::max(width_, width);
  if (extra > kMaxStrLength || length_ + extra > kMaxStrLength) return !(failed_ = true);
  uint64_t needed = (length_ + extra) * newWidth;
  if (newWidth == width_ && needed <= capacity_) return true;
  uint64_t capacity = needed <= capacity_ ? capacity_ : std::max(needed, capacity_ * 2);
  auto* text = static_cast<uint8_t*>(malloc(capacity));
  if (text == nullptr) return !(failed_ = true);
  copyCharacters(text, newWidth, text_, width_, length_);
  if (text_ != small_) free(text_);
  text_ = text;
  capacity_ = capacity;
  width_ = newWidth;
  return true;
}

StrBuilder& StrBuilder::append(std::string_view utf8) {
  if (isAsciiText(utf8)) return appendLatin1(reinterpret_cast<const uint8_t*>(utf8.data()), utf8.size());
  for (size_t i = 0; i < utf8.size();) appendCharacter(nextWtf8(utf8, i));
  return *this;
}
StrBuilder& StrBuilder::appendLatin1(const uint8_t* text, uint64_t length) {
  if (length == 0 || !reserve(length, 1)) return *this;
  if (ascii_ && hasHighBytes(text, length)) ascii_ = false;
  copyCharacters(text_ + length_ * width_, width_, text, 1, length);
  length_ += length;
  return *this;
}
StrBuilder& StrBuilder::append(const Str* s) {
  if (s->length == 0 || !reserve(s->length, s->width)) return *this;
  ascii_ = ascii_ && s->isAscii();
  copyCharacters(text_ + length_ * width_, width_, s->data(), s->width, s->length);
  length_ += s->length;
  return *this;
}
StrBuilder& StrBuilder::append(const Str* s, uint64_t start, uint64_t end) {
  if (start >= end) return *this;
  if (s->width == 1) return appendLatin1(s->data() + start, end - start);
  uint32_t all = s->width == 2 ? allCharacters(reinterpret_cast<const uint16_t*>(s->data()) + start, end - start)
                               : allCharacters(reinterpret_cast<const uint32_t*>(s->data()) + start, end - start);
  if (widthOf(all) < s->width) {
    for (uint64_t i = start; i < end; i++) appendCharacter(s->at(i));
    return *this;
  }
  if (!reserve(end - start, s->width)) return *this;
  ascii_ = false;
  copyCharacters(text_ + length_ * width_, width_, s->data() + start * s->width, s->width, end - start);
  length_ += end - start;
  return *this;
}
StrBuilder& StrBuilder::appendWide(uint32_t codePoint) {
  if (!reserve(1, widthOf(codePoint))) return *this;
  if (codePoint >= 0x80) ascii_ = false;
  switch (width_) {
    case 1: text_[length_++] = static_cast<uint8_t>(codePoint); break;
    case 2: reinterpret_cast<uint16_t*>(text_)[length_++] = static_cast<uint16_t>(codePoint); break;
    default: reinterpret_cast<uint32_t*>(text_)[length_++] = codePoint;
  }
  return *this;
}
StrBuilder& StrBuilder::appendRepeated(uint32_t codePoint, uint64_t times) {
  if (!reserve(times, widthOf(codePoint))) return *this;
  for (uint64_t i = 0; i < times; i++) appendCharacter(codePoint);
  return *this;
}
Fallible<Str*> StrBuilder::build(Thread& thread) {
  if (failed_) return raiseMemoryError(thread);
  if (length_ == 0) return emptyStr();
  if (length_ == 1 && width_ == 1) return makeStrOfCharacter(thread, text_[0]);
  Str* s = TRY(allocateStr(thread, length_, width_, ascii_));
  memcpy(s->inlineText, text_, length_ * width_);
  return s;
}

// --- reading
// ----------------------------------------------------------------------------------------------------------
void setHashSecret(bool random, uint32_t seed) {
  randomised = random || seed != 0;
  hashKey0 = hashKey1 = 0;
  uint8_t key[16] = {};
  if (random) {
    if (getrandom(key, sizeof key, 0) != sizeof key) {  // no entropy source: still not the same in every process
      uint64_t address = reinterpret_cast<uint64_t>(&key) ^ static_cast<uint64_t>(getpid()) << 32;
      memcpy(key, &address, sizeof address);
    }
  } else if (seed != 0) {
    for (uint8_t& byte : key) {  // the generator that PYTHONHASHSEED is defined by
      seed = seed * 214013 + 2531011;
      byte = static_cast<uint8_t>(seed >> 16);
    }
  }
  memcpy(&hashKey0, key, 8);
  memcpy(&hashKey1, key + 8, 8);
}

bool hashIsRandomised() { return randomised; }

int64_t hashBytes(const void* data, size_t length) {
  if (length == 0) return 0;
  auto hash = static_cast<int64_t>(siphash13(hashKey0, hashKey1, static_cast<const uint8_t*>(data), length));
  return hash == -1 ? -2 : hash;
}

int64_t strHash(Str* s) {
  if (s->flags & Str::kHashed) [[likely]]
    return s->hash_;
  s->hash_ = hashBytes(s->data(), s->length * s->width);
  s->flags |= Str::kHashed;
  return s->hash_;
}

template <class Word>
KRAIT_INLINE static bool sameWord(const uint8_t* a, const uint8_t* b) {
  Word x, y;
  memcpy(&x, a, sizeof x);
  memcpy(&y, b, sizeof y);
  return x == y;
}
// Names and words are short: two loads, which may overlap, cost less than a call.
KRAIT_INLINE static bool sameBytes(const uint8_t* a, const uint8_t* b, uint64_t n) {
  if (n > 16) return memcmp(a, b, n) == 0;
  if (n >= 8) return sameWord<uint64_t>(a, b) && sameWord<uint64_t>(a + n - 8, b + n - 8);
  if (n >= 4) return sameWord<uint32_t>(a, b) && sameWord<uint32_t>(a + n - 4, b + n - 4);
  return n == 0 || (a[0] == b[0] && a[n / 2] == b[n / 2] && a[n - 1] == b[n - 1]);
}

bool strEquals(const Str* a, const Str* b) {
  if (a == b) return true;
  if (a->length != b->length || a->width != b->width) return false;
  if ((a->flags & b->flags & Str::kInterned) != 0) return false;
  if ((a->flags & b->flags & Str::kHashed) != 0 && a->hash_ != b->hash_) return false;
  return sameBytes(a->data(), b->data(), a->length * a->width);
}

bool strEqualsUtf8(const Str* a, std::string_view utf8) {
  if (a->isAscii()) return a->asciiView() == utf8;
  uint64_t at = 0;
  for (size_t i = 0; i < utf8.size(); at++) {
    if (at == a->length || nextWtf8(utf8, i) != a->at(at)) return false;
  }
  return at == a->length;
}

int strCompare(const Str* a, const Str* b) {
  uint64_t common = std::min(a->length, b->length);
  if (a->width == 1 && b->width == 1) {
    int order = memcmp(a->data(), b->data(), common);
    if (order != 0) return order < 0 ? -1 : 1;
  } else {
    for (uint64_t i = 0; i < common; i++) {
      uint32_t x = a->at(i), y = b->at(i);
      if (x != y) return x < y ? -1 : 1;
    }
  }
  return a->length == b->length ? 0 : a->length < b->length ? -1 : 1;
}

std::string strToUtf8(const Str* s) {
  if (s->isAscii()) return std::string(s->asciiView());
  std::string out;
  out.reserve(s->length + s->length / 2);
  withText(s, [&out](const auto* text, uint64_t length) {
    for (uint64_t i = 0; i < length; i++) appendWtf8(out, text[i]);
  });
  return out;
}

}  // namespace krait
