// The compiler emits canonical bytecode and knows nothing of what becomes of it.
// view: compiler
// expect: specialize/tuning\.h.*(No such file|file not found)
#ifdef WRONG
#include "specialize/tuning.h"
#endif
