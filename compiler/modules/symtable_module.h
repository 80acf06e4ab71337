// Module _symtable: the compiler's symbol tables as Python objects, for the library's symtable.
#pragma once
#include "vm/builtins/module.h"

namespace krait {

Module* moduleSymtable(Thread& thread);

}  // namespace krait
