// The table of interned strings, as start-up and the collector see it; intern() itself is in str.h.
//
// The table does not keep what is in it: a name lives as long as code, a class, a dictionary or a stack refers to it. A
// program that compiles, unpickles or imports a great deal does not keep every name that it has ever met.
#pragma once
#include <string_view>

#include "vm/builtins/str.h"

namespace krait {

// The interned string of this text, for ever: for C++ code that holds it where the collector does not look.
// MemoryError.
Fallible<Str*> internForever(Thread& thread, std::string_view utf8);

// Takes the strings out of the table that the collector has not marked; between marking and sweeping.
void forgetDeadInterned();

}  // namespace krait
