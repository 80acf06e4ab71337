// A form whose cache is larger than its family's would write into the next word.
// view: specialize
// expect: members of a family share their cache size
#include "specialize/forms.h"

namespace krait {
template <>
struct Instr<Op::LOAD_ATTR> {
#ifdef WRONG
  using Cache = InlineCache;
#else
  using Cache = AttributeCache;
#endif
  static Fallible<Value> run(Thread&, Name, Value owner);
};
template <>
struct Instr<ops::LOAD_ATTR_SLOT> {
  static bool guard(Value owner, const AttributeCache&);
  static Value run(Value owner, const AttributeCache&);
};
template struct CheckSpecialised<ops::LOAD_ATTR_SLOT, Op::LOAD_ATTR>;
}  // namespace krait
