// A handler that transfers control moves the registers itself.
// view: vm
// expect: a Transfer handler takes Registers
#include "vm/facts.h"

namespace krait {
#ifdef WRONG
Transfer<1, 0> handler(Value operand);
#else
Transfer<1, 0> handler(Registers& registers);
#endif
static_assert(derive::factsOf(&handler, false).pushes >= 0);
}  // namespace krait
