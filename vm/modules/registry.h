// The native modules.
#pragma once
#include "vm/builtins/module.h"

namespace krait {

// X(name, function)
#define KRAIT_NATIVE_MODULES(X) \
  X("_codecs", moduleCodecs)    \
  X("_io", moduleIo)            \
  X("_krait", moduleKrait)      \
  X("_string", moduleString)    \
  X("math", moduleMath)         \
  X("time", moduleTime)

#define KRAIT_MODULE(name, function) Module* function(Thread& thread);
KRAIT_NATIVE_MODULES(KRAIT_MODULE)
#undef KRAIT_MODULE

}  // namespace krait
