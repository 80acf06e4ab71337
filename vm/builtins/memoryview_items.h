// What memoryview knows of item formats; its own files only.
#pragma once
#include "vm/operations.h"

namespace krait {
// Bytes of an item, 0 for a format that memoryview does not know.
int32_t sizeOfFormat(char format);
Fallible<Value> itemAt(Thread& thread, char format, const uint8_t* at);
// The bytes of one item; 8 are always enough.
Fallible<void> packItem(Thread& thread, char format, Value v, uint8_t out[8]);
}  // namespace krait
