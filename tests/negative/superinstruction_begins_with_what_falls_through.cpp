// Behind a jump there is no second half.
// view: specialize
// expect: a superinstruction's first half falls through to the second
#include "specialize/forms.h"

namespace krait {
template <>
struct Instr<Op::JUMP_FORWARD> {
  static Branch run(Target);
};
template <>
struct Instr<Op::POP_TOP> {
  static Nothing run(Value);
};
#ifdef WRONG
template struct CheckFused<Op::JUMP_FORWARD>;
#else
template struct CheckFused<Op::POP_TOP>;
#endif
}  // namespace krait
