// bytearray: mutable byte strings.
#pragma once
#include "vm/operations.h"

namespace krait {
struct Bytearray : Object {
  Field<ByteArray*> storage;  // may be null
  uint64_t length;
};
void initialiseBytearray(Thread&);
}  // namespace krait
