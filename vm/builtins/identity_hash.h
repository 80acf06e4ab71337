// The hash of objects that hash by identity, without the detour through object.__hash__ and an int.
#pragma once
#include <bit>

#include "vm/value.h"

namespace krait {

// For a cell. Addresses are multiples of 16.
KRAIT_INLINE int64_t identityHash(Value v) {
  int64_t hash = static_cast<int64_t>(std::rotr(v.bits() - 1, 4));
  return hash == -1 ? -2 : hash;
}

}  // namespace krait
