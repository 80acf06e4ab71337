// A handler that may raise needs the thread to raise on.
// view: vm
// expect: a Fallible handler needs Thread
#include "vm/facts.h"

namespace krait {
#ifdef WRONG
Fallible<Value> handler(Value operand);
#else
Fallible<Value> handler(Thread& thread, Value operand);
#endif
static_assert(derive::factsOf(&handler, false).pushes >= 0);
}  // namespace krait
