// Where system calls put what they read before it is known how much that is.
//
// Who asks a socket for 256 KiB gets a line of text most of the time. Were the bytes object made first, every call
// would zero its memory and bring the next collection nearer by all of it. So middling sizes are read into a buffer
// outside the heap, which the next call uses again, and copied to the object that they need.
#pragma once
#include "vm/modules/native_arguments.h"

namespace krait {

class TransferMemory {
 public:
  TransferMemory() = default;
  ~TransferMemory();
  TransferMemory(const TransferMemory&) = delete;
  TransferMemory& operator=(const TransferMemory&) = delete;
  // Room for `size` bytes at data().
  Fallible<void> ask(Thread& thread, uint64_t size);
  uint8_t* data() const { return data_; }
  size_t size() const { return size_; }
  // The first `count` bytes of it, as bytes. Once.
  Fallible<Value> take(Thread& thread, uint64_t count);

 private:
  uint8_t* data_ = nullptr;
  size_t size_ = 0;
  uint8_t* buffer_ = nullptr;  // outside the heap
  Bytes* bytes_ = nullptr;     // in the heap: on the native stack, where the collector sees it
};

}  // namespace krait
