// A guard that may run Python could have effects before it fails.
// view: vm
// expect: a Guarded handler must not take Thread
#include "vm/facts.h"

namespace krait {
#ifdef WRONG
Guarded<Value> handler(Thread& thread, Value operand);
#else
Guarded<Value> handler(Value operand);
#endif
static_assert(derive::factsOf(&handler, false).pushes >= 0);
}  // namespace krait
