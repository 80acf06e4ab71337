// What the modules _bz2 and _lzma share: output that grows, and input that waits for the next call.
#pragma once
#include <algorithm>
#include <cstdlib>
#include <string>

#include "vm/modules/native_arguments.h"

namespace krait {

// Bytes made piece by piece, at most `most` of them.
class GrowingOutput {
 public:
  explicit GrowingOutput(uint64_t most) : most_(most) {}
  ~GrowingOutput() { free(bytes_); }
  GrowingOutput(const GrowingOutput&) = delete;
  GrowingOutput& operator=(const GrowingOutput&) = delete;
  // Room for more; false when memory is exhausted. Requires !isFull().
  bool offer(uint8_t*& next, uint64_t& room) {
    if (size_ == capacity_) {
      uint64_t wanted = std::min(most_, capacity_ == 0 ? uint64_t{32768} : capacity_ * 2);
      void* larger = realloc(bytes_, std::max<uint64_t>(wanted, 1));
      if (larger == nullptr) return false;
      bytes_ = static_cast<uint8_t*>(larger);
      capacity_ = wanted;
    }
    next = bytes_ + size_;
    room = capacity_ - size_;
    return true;
  }
  void taken(uint64_t bytes) { size_ += bytes; }
  bool isFull() const { return size_ == most_; }
  Fallible<Value> build(Thread& thread) const {
    return makeBytesValue(thread, {reinterpret_cast<const char*>(bytes_), size_});
  }

 private:
  uint8_t* bytes_ = nullptr;
  uint64_t size_ = 0, capacity_ = 0, most_;
};

}  // namespace krait
