// How the adaptive layer shows a code object's words to those who cannot see it; main() installs it.
#pragma once
#include "vm/operations.h"

namespace krait {

struct AdaptiveView {
  // _co_code_adaptive: co_code with the specialised opcodes and inline caches that CPython would show.
  Fallible<Value> (*code)(Thread&, Code*) = nullptr;
  // _krait.listing(): every word's form, cache and counters as text.
  Fallible<Value> (*listing)(Thread&, Code*) = nullptr;
};
inline AdaptiveView adaptiveView;

}  // namespace krait
