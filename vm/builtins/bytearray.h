// bytearray: mutable byte strings.
#pragma once
#include <string_view>

#include "vm/operations.h"

namespace krait {
struct Bytearray : Object {
  static constexpr uint8_t kExported = 1;  // flags: a memoryview has been made of it
  Field<ByteArray*> storage;               // may be null
  uint64_t length;
};
Fallible<Bytearray*> makeBytearray(Thread& thread, std::string_view content);
// BufferError while a memoryview looks at it: its memory may not change its size.
Fallible<void> checkResizable(Thread& thread, Bytearray* b);
// Makes room for `length` bytes and sets the length; new bytes are zero.
Fallible<void> bytearrayResize(Thread& thread, Bytearray* b, uint64_t length);
std::string_view viewOf(const Bytearray* b);
KRAIT_INLINE Bytearray* toBytearray(Value v) { return isKind(v, Kind::kByteBuffer) ? v.as<Bytearray>() : nullptr; }
void initialiseBytearray(Thread&);
}  // namespace krait
