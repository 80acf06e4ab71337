// Module _tokenize: the compiler's own tokens as Python objects.
#pragma once
#include "vm/builtins/module.h"

namespace krait {

Module* moduleTokenize(Thread& thread);

}  // namespace krait
