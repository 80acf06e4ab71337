// Handlers of jumps and iteration.
#pragma once
#include "vm/builtins/generator.h"
#include "vm/builtins/iterators.h"
#include "vm/builtins/list.h"
#include "vm/exact_shapes.h"
#include "vm/semantics.h"
#include "vm/tracing.h"

namespace krait {

template <>
struct Instr<Op::RESUME> {  // The start of a function and the continuation of a generator: a safe place for signals.
  KRAIT_INLINE static Transfer<0, 0> run(Thread& thread, Registers& r, Oparg) {
    r.pc += kHeadUnits;
    if (thread.evalBreaker.load(std::memory_order_relaxed) != 0) [[unlikely]]
      return {Next::kBreak};
    return {Next::kNext};
  }  // namespace krait
};
template <>
struct Instr<Op::JUMP_FORWARD> {
  KRAIT_INLINE static Branch run(Target) { return {true}; }
};
template <>
struct Instr<Op::JUMP_BACKWARD> {
  KRAIT_INLINE static Branch run(BackTarget) { return {true}; }
};
template <>
struct Instr<Op::JUMP_BACKWARD_NO_INTERRUPT> {
  static constexpr bool kJumpsBackward = true;
  KRAIT_INLINE static Branch run(Target) { return {true}; }
};

#define KRAIT_POP_JUMP(name, TARGET, WANTED)                               \
  template <>                                                              \
  struct Instr<Op::name> {                                                 \
    using Cache = InlineCache;                                             \
    KRAIT_INLINE static Guarded<Branch> fast(Value condition, TARGET) {    \
      return {{condition.is(Value::boolean(WANTED))}, condition.isBool()}; \
    }                                                                      \
    static Fallible<Branch> run(Thread& thread, Value condition, TARGET) { \
      return Branch{TRY(isTrue(thread, condition)) == WANTED};             \
    }                                                                      \
  };
KRAIT_POP_JUMP(POP_JUMP_FORWARD_IF_FALSE, Target, false)
KRAIT_POP_JUMP(POP_JUMP_FORWARD_IF_TRUE, Target, true)
KRAIT_POP_JUMP(POP_JUMP_BACKWARD_IF_FALSE, BackTarget, false)
KRAIT_POP_JUMP(POP_JUMP_BACKWARD_IF_TRUE, BackTarget, true)
#undef KRAIT_POP_JUMP
template <>
struct Instr<Op::POP_JUMP_FORWARD_IF_NONE> {
  KRAIT_INLINE static Branch run(Value v, Target) { return {v.isNone()}; }
};
template <>
struct Instr<Op::POP_JUMP_FORWARD_IF_NOT_NONE> {
  KRAIT_INLINE static Branch run(Value v, Target) { return {!v.isNone()}; }
};
template <>
struct Instr<Op::POP_JUMP_BACKWARD_IF_NONE> {
  KRAIT_INLINE static Branch run(Value v, BackTarget) { return {v.isNone()}; }
};
template <>
struct Instr<Op::POP_JUMP_BACKWARD_IF_NOT_NONE> {
  KRAIT_INLINE static Branch run(Value v, BackTarget) { return {!v.isNone()}; }
};
template <>
struct Instr<Op::JUMP_IF_FALSE_OR_POP> {
  using Cache = InlineCache;
  static Fallible<BranchOrPop> run(Thread& thread, Value condition, Target) {
    return BranchOrPop{!TRY(isTrue(thread, condition))};
  }
};
template <>
struct Instr<Op::JUMP_IF_TRUE_OR_POP> {
  using Cache = InlineCache;
  static Fallible<BranchOrPop> run(Thread& thread, Value condition, Target) {
    return BranchOrPop{TRY(isTrue(thread, condition))};
  }
};

template <>
struct Instr<Op::GET_ITER> {
  static Fallible<Value> run(Thread& thread, Value iterable) { return iterate(thread, iterable); }
};

// Exhausted: the iterator is popped and the loop is left. A generator's frame is pushed instead of recursing; it comes
// back through YIELD_VALUE (pushes) or RETURN_VALUE (leaves the loop; unwinding knows Frame::kForIter).
template <>
struct Instr<Op::FOR_ITER> {
  using Cache = InlineCache;
  using Result = Transfer<0, 1, 0, 1, 0>;
  // The iterators of nearly all loops: ranges and lists.
  KRAIT_INLINE static Guarded<Result> fast(Registers& r, Target) {
    Value iterator = r.sp[-1];
    if (!iterator.isCell() || iterator.asCell()->kind != Kind::kIterator) [[unlikely]]
      return {{}, false};
    Iterator* it = iterator.as<Iterator>();
    if (it->shape_ == exactShapes.rangeIterator) {
      if (it->stop <= 0) return {exhausted(r), true};
      if (!Value::fitsInlineInt(it->index)) [[unlikely]]
        return {{}, false};
      Value element = Value::inlineInt(it->index);
      it->index += it->step;
      it->stop--;
      return {produced(r, element), true};
    }
    if (it->shape_ != exactShapes.listIterator || !it->source.get().isCell()) return {{}, false};
    List* list = it->source.get().as<List>();
    uint64_t index = static_cast<uint64_t>(it->index);
    if (index >= list->length) [[unlikely]]
      return {{}, false};
    it->index++;
    return {produced(r, list->storage->slots[index]), true};
  }
  KRAIT_INLINE static Result run(Thread& thread, Registers& r, Target) {
    Value iterator = r.sp[-1];
    thread.sp = r.sp;
    r.fp->pc = r.pc + kForIterUnits;  // where the generator returns to; `published` for everything else
    Fallible<Value> result = forIterSlow(thread, iterator, r.sp);
    if (result.isRaised()) [[unlikely]]
      return {Next::kRaise};
    Value element = result.value();
    if (element.isUnbound()) return thread.frame == r.fp ? exhausted(r) : Result{Next::kReload};
    return produced(r, element);
  }

 private:
  KRAIT_INLINE static Result produced(Registers& r, Value element) {
    *r.sp++ = element;
    r.pc += kForIterUnits;
    return {Next::kNext};
  }
  KRAIT_INLINE static Result exhausted(Registers& r) {
    r.sp--;
    r.pc += r.pc[1].offset;
    return {Next::kNext};
  }
  // The element; unbound: exhausted, or (t.frame changed) a generator's frame was pushed.
  [[gnu::noinline]] static Fallible<Value> forIterSlow(Thread& thread, Value iterator, Value* sp) {
    if (isKind(iterator, Kind::kIterator)) return iteratorNext(thread, iterator.as<Iterator>());
    if (isExact(iterator, exactShapes.generator)) {
      if (iterator.as<Generator>()->state == Generator::kFinished) return Value::unbound();
      TRY(pushGeneratorFrame(thread, iterator.as<Generator>(), Value::none(), sp, Frame::kForIter));
      return Value::unbound();
    }
    return tracingThreads == 0 ? next(thread, iterator) : nextInLoop(thread, iterator);
  }
};

}  // namespace krait
