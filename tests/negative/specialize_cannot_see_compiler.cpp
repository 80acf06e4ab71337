// The adaptive layer sees executable words, never source text.
// view: specialize
// expect: compiler/compile\.h.*(No such file|file not found)
#ifdef WRONG
#include "compiler/compile.h"
#endif
