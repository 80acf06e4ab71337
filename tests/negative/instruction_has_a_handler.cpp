// An instruction in the list without a handler is a compile error that names it.
// view: vm
// expect: every instruction in the list has a handler
#include "vm/facts.h"

namespace krait {
#ifndef WRONG
template <>
struct Instr<Op::NOP> {
  static Nothing run() { return {}; }
};
#endif
static_assert(Check<Op::NOP>::facts.pops == 0);
}  // namespace krait
