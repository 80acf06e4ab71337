// How large objects are in CPython 3.11 on a 64-bit machine: what __basicsize__, __sizeof__ and their like answer.
//
// Programs compare and add these numbers, and the documentation states some; the sizes of Krait's own cells would mean
// nothing to them.
#pragma once
#include "vm/builtins/type.h"

namespace krait {

struct StructSize {
  int32_t basic, item;
  int32_t dictionary, weakrefs;  // offsets; 0: none; negative as in CPython: counted from the end, or managed
};
StructSize structSizeOf(const Type* type);
// object.__sizeof__: the fixed part and the items.
int64_t sizeOfObject(Value v);
// What sys.getsizeof() adds: the collector's header and that of attributes.
int64_t headerSizeOf(Value v);

}  // namespace krait
