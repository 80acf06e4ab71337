// The virtual machine's data must not know the compiler: it reaches it through hooks on the thread.
// view: vm
// expect: compiler/compile\.h.*(No such file|file not found)
#ifdef WRONG
#include "compiler/compile.h"
#endif
