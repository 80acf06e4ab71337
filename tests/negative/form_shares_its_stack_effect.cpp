// A form that leaves another stack than its base would be told apart by more than its speed.
// view: vm
// expect: members of a family share their stack effect
#include "vm/facts.h"

namespace krait {
template <>
struct Instr<Op::BINARY_OP> {
  static Fallible<Value> run(Thread&, Value left, Value right, Oparg);
};
template <>
struct Instr<Op::BINARY_OP_ADD> {
#ifdef WRONG
  static Fallible<Nothing> run(Thread&, Value left, Value right);
#else
  static Fallible<Value> run(Thread&, Value left, Value right);
#endif
};
template struct CheckForm<Op::BINARY_OP_ADD, Op::BINARY_OP>;
}  // namespace krait
