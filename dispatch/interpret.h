// What a dispatch loop offers to the rest: one of loop_switch, loop_goto, loop_direct, loop_tail is linked.
#pragma once
#include "vm/thread.h"

namespace krait {

// Runs thread.frame (flag kEntry, pc at its next word, thread.sp at its stack) until it returns; its value, or the
// error immediate with the exception pending and the frame gone.
Value interpret(Thread& thread, Frame* frame);

extern "C" const char* kraitDispatchName();  // "switch", "goto", "direct" or "tail"

}  // namespace krait
