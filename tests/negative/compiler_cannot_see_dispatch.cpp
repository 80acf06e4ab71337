// The compiler must not depend on how its code is dispatched.
// view: compiler
// expect: dispatch/step\.h.*(No such file|file not found)
#ifdef WRONG
#include "dispatch/step.h"
#endif
