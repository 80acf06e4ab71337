// memoryview: a window on the memory of bytes, bytearray and other buffers.
#pragma once
#include <span>
#include <string_view>

#include "vm/operations.h"

namespace krait {

// A one-dimensional view. The bytes are looked up anew at every use, because a bytearray may move them.
struct Memoryview : NativeObject {
  Field<Value> object;  // what exports the memory; unbound once released
  int64_t offset;       // bytes from the start of the object's memory to item 0
  int64_t length;       // items
  int64_t stride;       // bytes between items; may be negative
  int32_t itemSize;
  char format;  // as in module struct: 'B' unless cast
  bool readOnly;
};
Fallible<Value> makeMemoryview(Thread& thread, Value object);
// The bytes under a memoryview whose items lie side by side; false for everything else.
bool memoryviewBytes(Value v, std::string_view& out);
bool memoryviewMutableBytes(Value v, std::span<uint8_t>& out);
void initialiseMemoryview(Thread&);
}  // namespace krait
