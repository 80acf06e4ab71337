// mappingproxy: the read-only view that a class shows as its __dict__.
#pragma once
#include "vm/operations.h"

namespace krait {
struct MappingProxy : Cell {
  Field<Value> mapping;
};
Fallible<Value> makeMappingProxy(Thread& thread, Value mapping);
void initialiseMappingProxy(Thread&);
}  // namespace krait
