// The buffer outside the heap that reading system calls share.
#include "vm/modules/transfer_memory.h"

#include <cstdlib>

namespace krait {
namespace {

constexpr uint64_t kSmallest = 512;     // below: a cell costs nothing
constexpr uint64_t kLargest = 1 << 18;  // above: who asks for so much mostly gets it
uint8_t* spare = nullptr;               // kLargest bytes that nobody uses; the interpreter lock guards it

}  // namespace

TransferMemory::~TransferMemory() {
  if (buffer_ == nullptr) return;
  if (spare == nullptr)
    spare = buffer_;
  else
    std::free(buffer_);
}

Fallible<void> TransferMemory::ask(Thread& thread, uint64_t size) {
  size_ = size;
  if (size >= kSmallest && size <= kLargest) {
    buffer_ = spare;
    spare = nullptr;
    if (buffer_ == nullptr) buffer_ = static_cast<uint8_t*>(std::malloc(kLargest));
    if (buffer_ == nullptr) return raiseMemoryError(thread);
    data_ = buffer_;
    return {};
  }
  bytes_ = TRY(makeBytesUninitialised(thread, size));
  data_ = bytes_->data;
  return {};
}

Fallible<Value> TransferMemory::take(Thread& thread, uint64_t count) {
  if (bytes_ != nullptr && count == bytes_->length) return Value::of(bytes_);
  return makeBytesValue(thread, {reinterpret_cast<const char*>(data_), count});
}

}  // namespace krait
