// super: attribute lookup that starts behind a given class of the linearisation.
#pragma once
#include "vm/operations.h"

namespace krait {
struct Super : Object {
  Field<Type*> start;  // the class after which the search begins
  Field<Value> self;   // or None when unbound
  Field<Type*> selfType;
};
// Where the order after `start` holds `name` (interned), and which place of selfType's order `start` has. The location
// is null when there is nothing.
struct SuperLocation {
  const Field<Value>* location;
  uint64_t startIndex;
};
SuperLocation locateOnSuper(const Super* super, const Str* name);
// What the order after `start` holds for `name` (interned), not bound yet; unbound when nothing.
Value lookupOnSuper(const Super* super, const Str* name);
void initialiseSuper(Thread&);
}  // namespace krait
