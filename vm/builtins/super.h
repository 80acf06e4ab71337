// super objects.
#pragma once
#include "vm/operations.h"

namespace krait {
struct Super : Object {
  Field<Type*> start;  // the class after which the search begins
  Field<Value> self;   // or None when unbound
  Field<Type*> selfType;
};
void initialiseSuper(Thread&);
}  // namespace krait
