// Where the innermost dispatch loop of this native thread was entered: below it on the native stack lies what C++ code
// holds, above it only what also lies on the VM stack, as long as the loop is not inside a call to C++ that holds more.
#pragma once
#include "vm/native_stack.h"
#include "vm/thread.h"

namespace krait {

struct LoopEntry {
  SpilledRegisters registers;  // the entering code's, which the loop is about to save above
  LoopEntry* outer;
};
extern constinit thread_local LoopEntry* innermostLoop;

// Hooks::interpret: records the entry, then runs the loop.
using Loop = Value (*)(Thread&, Frame*);
template <Loop loop>
Value enterLoop(Thread& thread, Frame* frame) {
  LoopEntry entry;
  entry.outer = innermostLoop;
  innermostLoop = &entry;
  Value result = loop(thread, frame);
  innermostLoop = entry.outer;
  return result;
}

// Inside, where no Python code may run: collections of this thread pass over the native stack above the innermost loop.
// gc.collect() is promised that what died is found, and registers and the gaps in native frames remember values that
// are no longer in use.
//   del x; gc.collect()      the handler of DELETE_NAME had x in a register, and the call saved that register
class IgnoreLoopStack {
 public:
  IgnoreLoopStack();
  ~IgnoreLoopStack();
  // Where to begin instead; null outside.
  static const void* scanStart();
};

// Whether the running Python frame is at a CALL of this C++ function itself: nothing stands in between.
bool isCalledFromLoop(const Thread& thread, const void* function);

}  // namespace krait
