// A form without a guard would be taken for granted whatever comes.
// view: specialize
// expect: a specialised form has a guard
#include "specialize/forms.h"

namespace krait {
template <>
struct Instr<Op::LOAD_ATTR> {
  using Cache = AttributeCache;
  static Fallible<Value> run(Thread&, Name, Value owner);
};
template <>
struct Instr<ops::LOAD_ATTR_SLOT> {
#ifndef WRONG
  static bool guard(Value owner, const AttributeCache&);
#endif
  static Value run(Value owner, const AttributeCache&);
};
template struct CheckSpecialised<ops::LOAD_ATTR_SLOT, Op::LOAD_ATTR>;
}  // namespace krait
