// super: attribute lookup that starts behind a given class of the linearisation.
#pragma once
#include "vm/operations.h"

namespace krait {
struct Super : Object {
  Field<Type*> start;  // the class after which the search begins
  Field<Value> self;   // or None when unbound
  Field<Type*> selfType;
};
// What the order after `start` holds for `name` (interned), not bound yet; unbound when nothing.
Value lookupOnSuper(const Super* super, const Str* name);
void initialiseSuper(Thread&);
}  // namespace krait
