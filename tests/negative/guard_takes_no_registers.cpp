// A guard looks at its inputs and its cache; where they lie is the loop's business.
// view: specialize
// expect: a guard takes no Registers&
#include "specialize/forms.h"

namespace krait {
#ifdef WRONG
using Guard = bool (*)(Registers&);
#else
using Guard = bool (*)(Value owner);
#endif
static_assert(sizeof(GuardRules<Guard>) > 0);
}  // namespace krait
