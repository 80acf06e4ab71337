// The search of str_search.h, over glibc's memchr and two-way memmem; short distances and short needles, which are
// most, are looked for here.
#include "vm/builtins/str_search.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include <algorithm>
#include <bit>
#include <cstring>

#include "vm/builtins/text.h"

namespace krait {

namespace {

// A byte that is likely to be near: the first eight are looked at as one word.
KRAIT_INLINE const uint8_t* findByte(const uint8_t* from, size_t length, uint8_t byte) {
  constexpr uint64_t kOnes = 0x0101010101010101, kHighs = kOnes * 0x80;
  if (length >= 8) {
    uint64_t word;
    memcpy(&word, from, 8);
    word ^= kOnes * byte;
    // The lowest byte that is zero has its high bit set (Lamport 1975; higher ones may be wrong).
    if (uint64_t found = (word - kOnes) & ~word & kHighs) return from + std::countr_zero(found) / 8;
    from += 8;
    length -= 8;
  }
  return static_cast<const uint8_t*>(memchr(from, byte, length));
}

// At least two bytes among others: places where the first and the last byte fit, sixteen at a time. False ones cost;
// when they have cost too much, the rest is left to an algorithm that is linear whatever the text.
const uint8_t* findBytes(const uint8_t* from, size_t length, const uint8_t* needle, size_t needleLength) {
#ifdef __SSE2__
  const uint8_t* end = from + length;
  __m128i first = _mm_set1_epi8(static_cast<char>(needle[0]));
  __m128i last = _mm_set1_epi8(static_cast<char>(needle[needleLength - 1]));
  size_t budget = 64 + length / 4;
  for (; static_cast<size_t>(end - from) >= needleLength + 15; from += 16) {
    __m128i starts = _mm_loadu_si128(reinterpret_cast<const __m128i*>(from));
    __m128i ends = _mm_loadu_si128(reinterpret_cast<const __m128i*>(from + needleLength - 1));
    auto fits = static_cast<unsigned>(
        _mm_movemask_epi8(_mm_and_si128(_mm_cmpeq_epi8(starts, first), _mm_cmpeq_epi8(ends, last))));
    for (; fits != 0; fits &= fits - 1) {
      const uint8_t* candidate = from + std::countr_zero(fits);
      if (memcmp(candidate, needle, needleLength) == 0) return candidate;
      if (budget < needleLength)
        return static_cast<const uint8_t*>(memmem(from, static_cast<size_t>(end - from), needle, needleLength));
      budget -= needleLength;
    }
  }
  length = static_cast<size_t>(end - from);
#endif
  return static_cast<const uint8_t*>(memmem(from, length, needle, needleLength));
}

}  // namespace

int64_t findText(TextView haystack, TextView needle) {
  if (needle.length == 0) return 0;
  if (needle.length > haystack.length) return -1;
  uint32_t width = haystack.width;
  if (width == 1) {
    const uint8_t* found = needle.length == 1 ? findByte(haystack.data, haystack.length, needle.data[0])
                                              : findBytes(haystack.data, haystack.length, needle.data, needle.length);
    return found == nullptr ? -1 : found - haystack.data;
  }
  // Wider text as bytes: a match that straddles characters is none.
  const uint8_t* from = haystack.data;
  const uint8_t* end = haystack.data + haystack.length * width;
  size_t needleBytes = needle.length * width;
  while (static_cast<size_t>(end - from) >= needleBytes) {
    const uint8_t* found = findBytes(from, static_cast<size_t>(end - from), needle.data, needleBytes);
    if (found == nullptr) return -1;
    auto offset = static_cast<uint64_t>(found - haystack.data);
    if (offset % width == 0) return static_cast<int64_t>(offset / width);
    from = haystack.data + (offset / width + 1) * width;
  }
  return -1;
}

bool textMatchesAt(TextView haystack, uint64_t at, TextView needle) {
  return at <= haystack.length && needle.length <= haystack.length - at &&
         memcmp(haystack.data + at * haystack.width, needle.data, needle.length * needle.width) == 0;
}

int64_t findTextFromEnd(TextView haystack, TextView needle) {
  if (needle.length > haystack.length) return -1;
  if (needle.length == 0) return static_cast<int64_t>(haystack.length);
  if (haystack.width == 1 && needle.length == 1) {
    const void* found = memrchr(haystack.data, needle.data[0], haystack.length);
    return found == nullptr ? -1 : static_cast<const uint8_t*>(found) - haystack.data;
  }
  size_t bytes = needle.length * haystack.width;
  uint8_t first = needle.data[0], last = needle.data[bytes - 1];
  for (uint64_t at = haystack.length - needle.length + 1; at-- > 0;) {
    const uint8_t* candidate = haystack.data + at * haystack.width;
    if (candidate[0] == first && candidate[bytes - 1] == last && memcmp(candidate, needle.data, bytes) == 0) {
      return static_cast<int64_t>(at);
    }
  }
  return -1;
}

uint64_t countText(TextView haystack, TextView needle, uint64_t limit) {
  uint64_t count = 0;
  if (haystack.width == 1 && needle.length == 1) {
    for (uint64_t i = 0; i < haystack.length;) {  // in stretches whose counts fit a byte, for vector units
      uint64_t end = std::min<uint64_t>(haystack.length, i + 255);
      uint8_t some = 0;
      for (; i < end; i++) some = static_cast<uint8_t>(some + (haystack.data[i] == needle.data[0]));
      count += some;
    }
    return count < limit ? count : limit;
  }
  for (uint64_t from = 0; count < limit; count++) {
    int64_t found = findText(haystack.part(from, haystack.length), needle);
    if (found < 0) break;
    from += static_cast<uint64_t>(found) + needle.length;
  }
  return count;
}

Needle::Needle(const Str* needle, uint32_t haystackWidth)
    : view_(viewOf(needle)), possible_(needle->width <= haystackWidth || needle->length == 0) {
  if (!possible_ || needle->width == haystackWidth) return;
  uint64_t bytes = needle->length * haystackWidth;
  void* widened = small_;
  if (bytes > sizeof small_ && (widened = widened_ = malloc(bytes)) == nullptr) {
    possible_ = false;
    outOfMemory_ = true;
    return;
  }
  if (needle->width < haystackWidth) {
    copyCharacters(widened, haystackWidth, needle->data(), needle->width, needle->length);
  }
  view_ = {static_cast<const uint8_t*>(widened), needle->length, haystackWidth};
}

}  // namespace krait
