// How module struct reads a format string: a list of items with their places, and what packs and unpacks one of them.
#pragma once
#include <cstdlib>

#include "vm/operations.h"

namespace krait {

struct StructItem {
  char format;     // 'x' items are not listed
  bool bigEndian;  // most significant byte first
  bool native;     // '@': sizes and alignment of C
  uint8_t size;    // bytes of one value; of 's' and 'p' 1
  int64_t offset;  // of the first value
  int64_t count;   // values side by side; the length of an 's' or 'p'
};

// Shared by a Struct and the calls that use it, which a new __init__ must not disturb.
struct StructLayout {
  int references = 1;
  int64_t size = 0;    // bytes
  int64_t values = 0;  // how many Python values
  size_t items = 0, capacity = 0;
  StructItem* item = nullptr;
  void release() {
    if (--references > 0) return;
    free(item);
    delete this;
  }
};

// `text` has no zero byte. Raises struct.error in CPython's wording.
Fallible<StructLayout*> parseStructFormat(Thread& thread, std::string_view text);
// Values are read from `memory`, which does not change meanwhile, into `out`.
Fallible<void> unpackStruct(Thread& thread, const StructLayout* layout, const uint8_t* memory, Value* out);
// Writes layout->size bytes; the gaps become zero.
Fallible<void> packStruct(Thread& thread, const StructLayout* layout, const Value* values, uint8_t* memory);

inline Type* structError = nullptr;  // struct.error; a root of its module

}  // namespace krait
