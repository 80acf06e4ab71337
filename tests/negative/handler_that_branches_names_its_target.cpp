// A handler that branches says where to in its signature.
// view: vm
// expect: a handler that branches names its Target
#include "vm/facts.h"

namespace krait {
#ifdef WRONG
Branch handler(Value condition);
#else
Branch handler(Value condition, Target target);
#endif
static_assert(derive::factsOf(&handler, false).pushes >= 0);
}  // namespace krait
