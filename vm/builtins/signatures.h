// The signatures of functions and classes written in C++, as inspect reads them.
#pragma once
#include "vm/builtins/builtin.h"

namespace krait {

// "($module, obj, /)" for len; null where Python 3.11 says none.
const char* signatureOf(const Builtin* builtin);
const char* signatureOf(const Type* type);

}  // namespace krait
