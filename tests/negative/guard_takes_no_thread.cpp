// A guard that could run Python would have effects before the form gives up.
// view: specialize
// expect: a guard takes no Thread&
#include "specialize/forms.h"

namespace krait {
#ifdef WRONG
using Guard = bool (*)(Thread&, Value owner, const AttributeCache&);
#else
using Guard = bool (*)(Value owner, const AttributeCache&);
#endif
static_assert(sizeof(GuardRules<Guard>) > 0);
}  // namespace krait
