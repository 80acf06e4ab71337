// Module _opcode: stack effects of canonical instructions, for the library's opcode and dis.
#pragma once
#include "vm/builtins/module.h"

namespace krait {

Module* moduleOpcode(Thread& thread);

}  // namespace krait
