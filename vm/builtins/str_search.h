// Finding text in text: the one search behind str, bytes and bytearray.
#pragma once
#include <cstdlib>

#include "vm/builtins/str.h"

namespace krait {

// `length` characters of `width` bytes, somewhere.
struct TextView {
  const uint8_t* data;
  uint64_t length;
  uint32_t width;
  TextView part(uint64_t start, uint64_t end) const { return {data + start * width, end - start, width}; }
};
inline TextView viewOf(const Str* s) { return {s->data(), s->length, s->width}; }

// Index of the first / last occurrence, or -1. Both views have the same width. An empty needle is found at the start
// (the end). Linear time for one-byte text.
int64_t findText(TextView haystack, TextView needle);
int64_t findTextFromEnd(TextView haystack, TextView needle);
// Occurrences that do not overlap, at most `limit`. The needle is not empty.
uint64_t countText(TextView haystack, TextView needle, uint64_t limit = UINT64_MAX);
bool textMatchesAt(TextView haystack, uint64_t at, TextView needle);

// A needle made as wide as the haystack it is sought in. `possible` is false when it is wider: then it does not occur.
class Needle {
 public:
  Needle(const Str* needle, uint32_t haystackWidth);
  ~Needle() { free(widened_); }
  Needle(const Needle&) = delete;
  Needle& operator=(const Needle&) = delete;
  bool possible() const { return possible_; }
  bool outOfMemory() const { return outOfMemory_; }
  TextView view() const { return view_; }

 private:
  TextView view_;
  void* widened_ = nullptr;
  bool possible_, outOfMemory_ = false;
  alignas(8) uint8_t small_[64];
};

}  // namespace krait
