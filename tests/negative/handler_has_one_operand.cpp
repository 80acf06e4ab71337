// An instruction word holds one operand.
// view: vm
// expect: an instruction has one operand
#include "vm/facts.h"

namespace krait {
#ifdef WRONG
Value handler(Const constant, Local local);
#else
Value handler(Const constant);
#endif
static_assert(derive::factsOf(&handler, false).pushes >= 0);
}  // namespace krait
