// A handler's parameters come from the vocabulary.
// view: vm
// expect: parameters come from the vocabulary
#include "vm/facts.h"

namespace krait {
#ifdef WRONG
Nothing handler(Value operand, double temperature);
#else
Nothing handler(Value operand);
#endif
static_assert(derive::factsOf(&handler, false).pushes >= 0);
}  // namespace krait
