// The inlined way into a generator: what SEND and the form of FOR_ITER for generators share.
#pragma once
#include "vm/builtins/generator.h"
#include "vm/exact_shapes.h"
#include "vm/prepared.h"

namespace krait {

// Copies `count` words that do not overlap; returns the word behind the last one written. A frame has a handful: vector
// code would cost more in its preamble than it copies.
KRAIT_INLINE Value* copyFewWords(Value* to, const Value* from, uint32_t count) {
#if defined(__clang__)
#pragma clang loop vectorize(disable) unroll(disable)
#else
#pragma GCC unroll 1
#endif
  for (const Value* end = from + count; from != end;) *to++ = *from++;
  return to;
}

// One whose frames SEND, next() and send() resume: an asynchronous generator has awaitables for that.
KRAIT_INLINE bool isResumable(Value v) {
  return isExact(v, exactShapes.generator) || isExact(v, exactShapes.coroutine);
}
// Copies the suspended generator's frame to the top of the stack, pushes `sent`, and moves the registers into it. Its
// values go to *result; the running frame continues at `next`. False, and nothing has happened, where the general way
// raises or has more to do.
KRAIT_INLINE bool resumeInline(Thread& thread, Registers& r, Value receiver, Value sent, Value* result, uint16_t flags,
                               Pc next) {
  Generator* generator = receiver.as<Generator>();
  if (generator->state > Generator::kSuspended || generator->frameObject != nullptr) [[unlikely]]
    return false;
  if (!sent.isNone() && generator->state == Generator::kCreated) [[unlikely]]
    return false;
  Code* code = generator->code;
  const PreparedCode* prepared = code->prepared;
  Value* locals = r.sp;
  if (locals + prepared->frameWords + kFrameWords > thread.stackLimit || thread.recursionRemaining <= 0) [[unlikely]]
    return false;
  thread.recursionRemaining--;
  const Value* saved = generator->saved->slots;
  uint32_t localCount = prepared->localCount;
  Frame* frame = reinterpret_cast<Frame*>(copyFewWords(locals, saved, localCount));
  frame->previous = r.fp;
  frame->result = result;
  frame->function = generator->function;
  frame->code = code;
  frame->locals = receiver;
  frame->object = nullptr;
  frame->localCount = localCount;
  frame->flags = static_cast<uint16_t>(Frame::kGenerator | flags);
  Value* sp = copyFewWords(frame->stackBase(), saved + localCount, generator->savedDepth);
  *sp++ = sent;
  generator->state = Generator::kRunning;
  generator->handled.previous = thread.handled;
  thread.handled = &generator->handled;
  thread.frame = frame;
  r.fp->pc = next;
  r.fp = frame;
  r.sp = sp;
  r.pc = frame->pc = generator->pc;
  return true;
}

}  // namespace krait
