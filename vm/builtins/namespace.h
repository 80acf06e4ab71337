// types.SimpleNamespace: attributes and a repr; sys.implementation and the like.
#pragma once
#include "vm/operations.h"

namespace krait {
struct Dict;
// A namespace with the attributes of `content` (str keys).
Fallible<Value> makeNamespace(Thread& thread, Dict* content);
void initialiseNamespace(Thread& thread);
}  // namespace krait
