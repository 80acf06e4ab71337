// Loops that a hand-written interpreter can run, too: each a Python function of one int, its number of passes.
#pragma once
#include "vm/builtins/function.h"
#include "vm/thread.h"

namespace krait::micro {

// NOP, over and over: the bare jump from one word to the next. In the one-to-one form, which keeps them.
Function* compileNopChain(Thread& thread);
// LOAD_FAST, POP_TOP, over and over: any predictor learns it.
Function* compileLoadsAndPops(Thread& thread);
// while i < n: s = s + i * 3 & 1023; i += 1
Function* compileIntegerLoop(Thread& thread);

}  // namespace krait::micro
