// Specialised forms must not mention dispatch.
// view: specialize
// expect: dispatch/step\.h.*(No such file|file not found)
#ifdef WRONG
#include "dispatch/step.h"
#endif
