// Iteration over the children of an element, which would otherwise take an index a child and an IndexError at the end.
#pragma once
#include "vm/operations.h"

namespace krait {

// Whether v is an element whose class does not index in a way of its own.
bool isPlainElement(Value v);
// Child number i of a plain element; unbound when there is none.
Value elementChild(Value element, uint64_t i);

}  // namespace krait
