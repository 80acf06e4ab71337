// Only main.cpp sees every folder: the loops must not know the compiler.
// view: dispatch
// expect: compiler/compile\.h.*(No such file|file not found)
#ifdef WRONG
#include "compiler/compile.h"
#endif
