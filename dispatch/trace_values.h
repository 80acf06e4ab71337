// Values as short texts, made without running any Python code: for the trace of executed instructions.
#pragma once
#include <string>

#include "vm/value.h"

namespace krait {

// Built-in types by content, cut short; everything else by the name of its type, without an address. Allocates nothing
// in the heap.
std::string shortText(Value v);

}  // namespace krait
