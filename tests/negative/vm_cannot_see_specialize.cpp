// The base semantics must not know the specialised forms.
// view: vm
// expect: specialize/tuning\.h.*(No such file|file not found)
#ifdef WRONG
#include "specialize/tuning.h"
#endif
