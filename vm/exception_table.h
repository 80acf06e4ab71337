// Reading co_exceptiontable: entries of four numbers, each in groups of six bits, the highest first (format: CPython
// 3.11's documentation of zero-cost exception handling).
#pragma once
#include "vm/builtins/bytes.h"
#include "vm/code.h"

namespace krait {

struct ExceptionTableEntry {
  uint32_t start, length;  // the code units it covers
  uint32_t target;         // the handler's code unit
  uint32_t depth;          // items of the evaluation stack that stay
  bool pushesLasti;
};

// Any bytes may be read: what is missing at the end counts as zero, and isCut() tells.
class ExceptionTableReader {
 public:
  explicit ExceptionTableReader(const Code* code)
      : at_(code->exceptionTable->data), end_(at_ + code->exceptionTable->length) {}

  // The next entry; false at the end.
  bool next(ExceptionTableEntry& entry) {
    if (at_ == end_) return false;
    entry.start = number();
    entry.length = number();
    entry.target = number();
    uint32_t depthAndLasti = number();
    entry.depth = depthAndLasti >> 1;
    entry.pushesLasti = (depthAndLasti & 1) != 0;
    return true;
  }
  // The last entry lacked bytes, or a number was too long.
  bool isCut() const { return isCut_; }

  // Goes to the last entry that starts at `unit` or before, or some way before it: entries are sorted, and the first
  // byte of each can be told from the others.
  void skipTo(uint32_t unit) {
    constexpr ptrdiff_t kShort = 32;
    constexpr uint8_t kFirstByte = 0x80;
    for (const uint8_t *low = at_, *high = end_; high - low > kShort;) {
      const uint8_t* middle = low + (high - low) / 2;
      while (middle > low && !(*middle & kFirstByte)) middle--;
      if (middle == low) break;
      at_ = middle;
      if (number() <= unit)
        low = middle;
      else
        high = middle;
      at_ = low;
    }
  }

 private:
  uint32_t number() {
    uint32_t value = 0;
    for (int bytes = 0; at_ < end_; bytes++) {
      uint8_t byte = *at_++;
      value = value << 6 | (byte & 0x3f);
      if (!(byte & 0x40)) {
        if (bytes >= 5) isCut_ = true;
        return value;
      }
    }
    isCut_ = true;
    return value;
  }
  const uint8_t* at_;
  const uint8_t* end_;
  bool isCut_ = false;
};

}  // namespace krait
