// The inlined way into a Python function: what CALL and the forms that enter functions share.
#pragma once
#include "vm/builtins/function.h"
#include "vm/prepared.h"

namespace krait {

// Pushes a frame for `function`, whose `arguments` arguments lie at `locals` already and are all it needs
// (prepared->simpleArguments), and moves the registers into it. The running frame's pc must be published. False, and
// nothing has happened, when the stack or the recursion limit does not allow it: the general way raises.
KRAIT_INLINE bool enterFunction(Thread& thread, Registers& r, Function* function, Code* code,
                                const PreparedCode* prepared, Value* locals, uint32_t arguments, Value* result,
                                uint16_t flags = 0) {
  if (locals + prepared->frameWords > thread.stackLimit || thread.recursionRemaining <= 0) [[unlikely]]
    return false;
  thread.recursionRemaining--;
  Value* end = locals + prepared->localCount;
  for (Value* slot = locals + arguments; slot < end; slot++) *slot = Value::unbound();
  Frame* frame = reinterpret_cast<Frame*>(end);
  frame->previous = r.fp;
  frame->result = result;
  frame->function = function;
  frame->code = code;
  frame->locals = Value::unbound();
  frame->object = nullptr;
  frame->localCount = prepared->localCount;
  frame->flags = flags;
  thread.frame = frame;
  r.fp = frame;
  r.sp = frame->stackBase();
  r.pc = prepared->entry;
  return true;
}

}  // namespace krait
