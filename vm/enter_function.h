// The inlined way into a Python function: what CALL and the forms that enter functions share.
#pragma once
#include <bit>
#include <cstddef>
#include <cstring>

#include "vm/builtins/function.h"
#include "vm/prepared.h"

namespace krait {

// Whether a frame of this code may be pushed with its locals at `locals`; where it may not, the general way raises.
KRAIT_INLINE bool hasRoomFor(const Thread& thread, const PreparedCode* prepared, const Value* locals) {
  return locals + prepared->frameWords <= thread.stackLimit && thread.recursionRemaining > 0;
}

// Pushes a frame for `function`, whose parameters are `arguments` values that lie at `locals` already, and moves the
// registers into it, to `entry`. The running frame's pc must be published, and there must be room.
KRAIT_INLINE void enterFrame(Thread& thread, Registers& r, Function* function, Code* code, uint32_t localCount,
                             Pc entry, Value* locals, uint32_t arguments, Value* result, uint16_t flags = 0) {
  thread.recursionRemaining--;
  Value* end = locals + localCount;
#if defined(__clang__)
#pragma clang loop vectorize(disable) unroll(disable)  // few locals: counting them out would cost more than the stores
#endif
  for (Value* slot = locals + arguments; slot < end; slot++) *slot = Value::unbound();
  Frame* frame = reinterpret_cast<Frame*>(end);
  frame->previous = r.fp;
  frame->result = result;
  frame->function = function;
  frame->code = code;
  frame->locals = Value::unbound();
  frame->object = nullptr;
  // localCount and flags are one word: one store.
  static_assert(std::endian::native == std::endian::little &&
                offsetof(Frame, flags) == offsetof(Frame, localCount) + 4);
  uint64_t counts = localCount | uint64_t{flags} << 32;
  std::memcpy(reinterpret_cast<char*>(frame) + offsetof(Frame, localCount), &counts, sizeof counts);
  thread.frame = frame;
  r.fp = frame;
  r.sp = frame->stackBase();
  r.pc = entry;
}

// Both. False, and nothing has happened, when the stack or the recursion limit does not allow it.
KRAIT_INLINE bool enterFunction(Thread& thread, Registers& r, Function* function, Code* code,
                                const PreparedCode* prepared, Value* locals, uint32_t arguments, Value* result,
                                uint16_t flags = 0) {
  if (!hasRoomFor(thread, prepared, locals)) [[unlikely]]
    return false;
  enterFrame(thread, r, function, code, prepared->localCount, prepared->entry, locals, arguments, result, flags);
  return true;
}

// A Python function, prepared, that takes `arguments` positional ones and nothing else.
KRAIT_INLINE bool isSimpleFunction(Value v, uint32_t arguments) {
  if (!isKind(v, Kind::kFunction)) return false;
  const PreparedCode* prepared = v.as<Function>()->code->prepared;
  return prepared != nullptr && prepared->simpleArguments == arguments;
}
// Enters such a function from a word with a cache of type C; the running frame will continue after the word.
template <class C>
KRAIT_INLINE bool enterSimpleFunction(Thread& thread, Registers& r, Value callable, Value* locals, uint32_t arguments,
                                      Value* result, uint16_t flags = 0) {
  Function* function = callable.as<Function>();
  Code* code = function->code;
  r.fp->pc = r.pc + kHeadUnits + kCacheUnits<C>;
  return enterFunction(thread, r, function, code, code->prepared, locals, arguments, result, flags);
}

}  // namespace krait
