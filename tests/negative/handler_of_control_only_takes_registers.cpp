// Registers that escape are registers in memory: only control transfers see them.
// view: vm
// expect: only a Transfer handler takes Registers
#include "vm/facts.h"

namespace krait {
#ifdef WRONG
Nothing handler(Registers& registers, Value operand);
#else
Nothing handler(Value operand);
#endif
static_assert(derive::factsOf(&handler, false).pushes >= 0);
}  // namespace krait
