// The search of str_search.h, over glibc's memchr and two-way memmem.
#include "vm/builtins/str_search.h"

#include <cstring>

#include "vm/builtins/text.h"

namespace krait {

int64_t findText(TextView haystack, TextView needle) {
  if (needle.length == 0) return 0;
  if (needle.length > haystack.length) return -1;
  uint32_t width = haystack.width;
  if (width == 1) {
    const void* found = needle.length == 1 ? memchr(haystack.data, needle.data[0], haystack.length)
                                           : memmem(haystack.data, haystack.length, needle.data, needle.length);
    return found == nullptr ? -1 : static_cast<const uint8_t*>(found) - haystack.data;
  }
  // Wider text as bytes: a match that straddles characters is none.
  const uint8_t* from = haystack.data;
  const uint8_t* end = haystack.data + haystack.length * width;
  size_t needleBytes = needle.length * width;
  while (static_cast<size_t>(end - from) >= needleBytes) {
    const void* found = memmem(from, static_cast<size_t>(end - from), needle.data, needleBytes);
    if (found == nullptr) return -1;
    auto offset = static_cast<uint64_t>(static_cast<const uint8_t*>(found) - haystack.data);
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
