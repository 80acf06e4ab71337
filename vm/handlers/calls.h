// Handlers of calls, returns, function objects and exceptions: the ones that change frames.
#pragma once
#include "vm/builtins/function.h"
#include "vm/enter_function.h"
#include "vm/exact_shapes.h"
#include "vm/operator_frames.h"
#include "vm/resume_generator.h"
#include "vm/semantics.h"
#include "vm/tracing.h"

namespace krait {

// [NULL, callable, arguments...] or [method, self, arguments...]: a Python function with exactly its positional
// arguments is entered here; its arguments become its locals where they lie. Everything else is enterCall().
template <>
struct Instr<Op::CALL> {
  using Cache = CallCache;
  static constexpr int kUnits = kHeadUnits + kCacheUnits<Cache>;
  KRAIT_INLINE static Transfer<2, 1, 1> run(Thread& thread, Registers& r, Oparg count) {
    Value* base = r.sp - count.n - 2;
    r.fp->pc = r.pc + kUnits;
    bool isMethod = !base[0].isUnbound();
    Value callable = base[!isMethod];
    if (isKind(callable, Kind::kFunction)) [[likely]] {
      Function* function = callable.as<Function>();
      Code* code = function->code;
      const PreparedCode* prepared = code->prepared;
      uint32_t arguments = count.n + isMethod;
      if (prepared != nullptr && prepared->simpleArguments == arguments) [[likely]] {
        if (enterFunction(thread, r, function, code, prepared, base + 2 - isMethod, arguments, base)) [[likely]]
          return {Next::kNext};
      }
    }
    thread.sp = r.sp;
    return finish(thread, r, enterCall(thread, base, count.n, nullptr), base, kUnits);
  }  // namespace krait
  KRAIT_INLINE static Transfer<2, 1, 1> finish(Thread& thread, Registers& r, Fallible<Value> result, Value* base,
                                               int units) {
    (void)thread;
    if (result.isRaised()) [[unlikely]]
      return {Next::kRaise};
    Value value = result.value();
    if (value.isUnbound()) return {Next::kReload};
    *base = value;
    r.sp = base + 1;
    r.pc += units;
    return {Next::kNext};
  }
};
template <>
struct Instr<Op::CALL_KW> {
  using Cache = CallCache;
  static constexpr int kUnits = kHeadUnits + kCacheUnits<Cache> + 1;
  KRAIT_INLINE static Transfer<2, 1, 1> run(Thread& thread, Registers& r, Oparg count, KeywordNames names) {
    Value* base = r.sp - count.n - 2;
    r.fp->pc = r.pc + kUnits;
    thread.sp = r.sp;
    Fallible<Value> result = enterCall(thread, base, count.n, names.names.as<Tuple>());
    return Instr<Op::CALL>::finish(thread, r, result, base, kUnits);
  }
};
template <>
struct Instr<Op::CALL_FUNCTION_EX> {  // [NULL, callable, positional, keywords if oparg & 1]
  KRAIT_INLINE static Transfer<3, 1> run(Thread& thread, Registers& r, FlagValue<1> keywords) {
    bool hasKeywords = !keywords.value.isUnbound();
    Value* base = r.sp - 3 - hasKeywords;
    r.fp->pc = r.pc + kHeadUnits;
    thread.sp = r.sp;
    Transfer<2, 1, 1> t = Instr<Op::CALL>::finish(
        thread, r, enterCallFunctionEx(thread, base, base[1], base[2], keywords.value), base, kHeadUnits);
    return {t.next};
  }
};
template <>
struct Instr<Op::RETURN_VALUE> {
  // To a Python caller, from a frame that nobody else holds; an __init__ leaves the instance where its result would be,
  // an operator's method may refuse, and what answers a question may make the caller jump.
  KRAIT_INLINE static Guarded<Transfer<1, 0>> fast(Thread& thread, Registers& r) {
    Frame* frame = r.fp;
    if (frame->object != nullptr) [[unlikely]]
      return {{}, false};
    Value value = r.sp[-1];
    Value* result = frame->result;
    if (frame->flags == 0) [[likely]]
      *result = value;
    else if (frame->flags & kOperatorFrame) {
      if (value.isNotImplemented()) [[unlikely]]
        return {{}, false};
      *result = value;
    } else if (frame->flags & Frame::kGenerator) {
      return finishGenerator(thread, r, frame, value);
    } else if (frame->flags & kAnswerFrame) {
      Answer answer = plainAnswer(frame->flags, value);
      if (!answer.holds || tracingThreads != 0) [[unlikely]]
        return {{}, false};
      thread.recursionRemaining++;
      Frame* caller = frame->previous;
      thread.frame = caller;
      r.fp = caller;
      r.pc = caller->pc;
      r.sp = deliverAnswer(frame->flags, value, answer.truth, result, r.pc);
      return {{Next::kNext}, true};
    } else if (frame->flags != Frame::kInit || !value.isNone()) {
      return {{}, false};
    }
    thread.recursionRemaining++;
    Frame* caller = frame->previous;
    thread.frame = caller;
    r.fp = caller;
    r.sp = result + 1;
    r.pc = caller->pc;
    return {{Next::kNext}, true};
  }
  KRAIT_INLINE static Transfer<1, 0> run(Thread& thread, Registers& r) {
    thread.sp = r.sp;
    r.fp->pc = publishedPc(r.pc);
    return {leaveFrame(thread, r.fp, r.sp[-1])};
  }

 private:
  // A generator that FOR_ITER or SEND resumed: the caller goes on where that instruction leads.
  KRAIT_INLINE static Guarded<Transfer<1, 0>> finishGenerator(Thread& thread, Registers& r, Frame* frame, Value value) {
    bool isLoop = frame->flags == (Frame::kGenerator | Frame::kForIter);
    if ((!isLoop && frame->flags != (Frame::kGenerator | Frame::kSend)) || tracingThreads != 0) [[unlikely]]
      return {{}, false};
    Generator* generator = frame->locals.as<Generator>();
    thread.handled = generator->handled.previous;
    generator->state = Generator::kFinished;
    generator->saved = nullptr;
    thread.recursionRemaining++;
    Frame* caller = frame->previous;
    Value* result = frame->result;
    thread.frame = caller;
    r.fp = caller;
    if (isLoop) {  // the iterator is popped
      r.sp = result - 1;
      r.pc = caller->pc - kForIterUnits;
    } else {  // [receiver, sent] becomes [value]
      result[-1] = value;
      r.sp = result;
      r.pc = caller->pc - kHeadUnits;
    }
    r.pc += r.pc[1].offset;
    return {{Next::kNext}, true};
  }
};
template <>
struct Instr<Op::MAKE_FUNCTION> {
  static Fallible<Value> run(Thread& thread, Frame* frame, FlagValues<15> parts, Value code) {
    return makeFunctionFromStack(thread, frame, parts.first, parts.flags, code);
  }
};

// --- generators
// -------------------------------------------------------------------------------------------------------
template <>
struct Instr<Op::RETURN_GENERATOR> {
  KRAIT_INLINE static Transfer<0, 1> run(Thread& thread, Registers& r) {
    thread.sp = r.sp;
    r.fp->pc = r.pc + kHeadUnits;
    return {returnGenerator(thread, r.fp)};
  }
};
template <>
struct Instr<Op::YIELD_VALUE> {
  // To a Python frame that is in FOR_ITER or SEND, from a frame that nobody else holds: locals and stack are copied
  // out.
  KRAIT_INLINE static Guarded<Transfer<1, 1>> fast(Thread& thread, Registers& r) {
    Frame* frame = r.fp;
    if ((frame->flags & ~(Frame::kForIter | Frame::kSend)) != Frame::kGenerator || frame->object != nullptr)
        [[unlikely]]
      return {{}, false};
    Generator* generator = frame->locals.as<Generator>();
    Value* saved = copyFewWords(generator->saved->slots, frame->locals0(), frame->localCount);
    const Value* top = r.sp - 1;
    uint32_t depth = static_cast<uint32_t>(top - frame->stackBase());
    copyFewWords(saved, frame->stackBase(), depth);
    generator->savedDepth = depth;
    generator->pc = r.pc + kHeadUnits;
    generator->state = Generator::kSuspended;
    thread.handled = generator->handled.previous;
    thread.recursionRemaining++;
    Frame* caller = frame->previous;
    Value* result = frame->result;
    *result = *top;
    thread.frame = caller;
    r.fp = caller;
    r.sp = result + 1;
    r.pc = caller->pc;
    return {{Next::kNext}, true};
  }
  KRAIT_INLINE static Transfer<1, 1> run(Thread& thread, Registers& r) {
    Value value = r.sp[-1];
    thread.sp = r.sp - 1;
    r.fp->pc = r.pc + kHeadUnits;
    return {yieldValue(thread, r.fp, value)};
  }
};
template <>
struct Instr<Op::ASYNC_GEN_WRAP> {
  static Fallible<Value> run(Thread& thread, Value value) { return asyncGenWrap(thread, value); }
};
// [receiver, value] -> [receiver, yielded], or, when the receiver returns, [returned] and the jump.
template <>
struct Instr<Op::SEND> {
  // `yield from` a generator, `await` of a coroutine, that is suspended.
  KRAIT_INLINE static Guarded<Transfer<1, 1, 0, 2, 1>> fast(Thread& thread, Registers& r, Target) {
    Value receiver = r.sp[-2];
    if (!isResumable(receiver)) return {{}, false};
    return {{Next::kNext}, resumeInline(thread, r, receiver, r.sp[-1], r.sp - 1, Frame::kSend, r.pc + kHeadUnits)};
  }
  KRAIT_INLINE static Transfer<1, 1, 0, 2, 1> run(Thread& thread, Registers& r, Target) {
    Value receiver = r.sp[-2], sent = r.sp[-1];
    thread.sp = r.sp;
    r.fp->pc = r.pc + kHeadUnits;
    if (isResumable(receiver)) {
      if (receiver.as<Generator>()->state == Generator::kFinished && isExact(receiver, exactShapes.generator))
          [[unlikely]] {
        r.sp[-2] = Value::none();
        r.sp--;
        r.pc += r.pc[1].offset;
        return {Next::kNext};
      }
      if (pushGeneratorFrame(thread, receiver.as<Generator>(), sent, r.sp - 1, Frame::kSend).isRaised())
        return {Next::kRaise};
      return {Next::kReload};
    }
    Value returned = Value::unbound();
    Fallible<Value> yielded = sendTo(thread, receiver, sent, returned);
    if (yielded.isRaised()) return {Next::kRaise};
    if (yielded.value().isUnbound()) {
      r.sp[-2] = returned;
      r.sp--;
      r.pc += r.pc[1].offset;
    } else {
      r.sp[-1] = yielded.value();
      r.pc += kHeadUnits;
    }
    return {Next::kNext};
  }
};
template <>
struct Instr<Op::GET_YIELD_FROM_ITER> {
  static Fallible<Value> run(Thread& thread, Frame* frame, Value iterable) {
    return getYieldFromIter(thread, frame, iterable);
  }
};
template <>
struct Instr<Op::GET_AWAITABLE> {  // [object] -> [iterator]
  KRAIT_INLINE static Transfer<1, 1> run(Thread& thread, Registers& r, Oparg where) {
    thread.sp = r.sp;
    r.fp->pc = r.pc + kHeadUnits;
    Fallible<Value> result = enterAwaitable(thread, r.sp[-1], where.n);
    return {Instr<Op::CALL>::finish(thread, r, result, r.sp - 1, kHeadUnits).next};
  }
};
template <>
struct Instr<Op::GET_AITER> {
  static Fallible<Value> run(Thread& thread, Value object) { return getAiter(thread, object); }
};
template <>
struct Instr<Op::GET_ANEXT> {
  KRAIT_INLINE static Transfer<0, 1> run(Thread& thread, Registers& r) {  // [iterator] -> [iterator, awaitable]
    thread.sp = r.sp;
    r.fp->pc = r.pc + kHeadUnits;
    return {Instr<Op::CALL>::finish(thread, r, enterAnext(thread, r.sp[-1]), r.sp, kHeadUnits).next};
  }
};

// --- exceptions
// -------------------------------------------------------------------------------------------------------
template <>
struct Instr<Op::RAISE_VARARGS> {
  static Fallible<Nothing> run(Thread& thread, Values parts) {
    return raiseVarargs(thread, parts.count > 0 ? parts.first[0] : Value::unbound(),
                        parts.count > 1 ? parts.first[1] : Value::unbound());
  }
};
// oparg != 0: the instruction offset saved below the exception stays on the stack.
template <>
struct Instr<Op::RERAISE> {
  static Fallible<Nothing> run(Thread& thread, Value exception, Oparg) { return reraise(thread, exception); }
};
template <>
struct Instr<Op::PUSH_EXC_INFO> {
  static Pair run(Thread& thread, Value exception) { return {pushExcInfo(thread, exception), exception}; }
};
template <>
struct Instr<Op::POP_EXCEPT> {
  static Nothing run(Thread& thread, Value previous) {
    popExcept(thread, previous);
    return {};
  }
};
template <>
struct Instr<Op::CHECK_EXC_MATCH> {
  static Fallible<Value> run(Thread& thread, Peek<1> exception, Value classes) {
    return checkExcMatch(thread, exception.value, classes);
  }
};
template <>
struct Instr<Op::CHECK_EG_MATCH> {
  static Fallible<Pair> run(Thread& thread, Value exception, Value classes) {
    return checkEgMatch(thread, exception, classes);
  }
};
template <>
struct Instr<Op::PREP_RERAISE_STAR> {
  static Fallible<Value> run(Thread& thread, Value original, Value results) {
    return prepReraiseStar(thread, original, results);
  }
};
// [manager] -> [__exit__, what __enter__() returned]
template <Fallible<Pair> (*before)(Thread&, Value)>
struct EnterWith {
  KRAIT_INLINE static Transfer<1, 2> run(Thread& thread, Registers& r) {
    thread.sp = r.sp;
    r.fp->pc = r.pc + kHeadUnits;
    Fallible<Pair> made = before(thread, r.sp[-1]);
    if (made.isRaised()) [[unlikely]]
      return {Next::kRaise};
    Pair pair = made.value();
    if (pair.second.isUnbound()) return {Next::kReload};
    r.sp[-1] = pair.first;
    r.sp[0] = pair.second;
    r.sp++;
    r.pc += kHeadUnits;
    return {Next::kNext};
  }
};
template <>
struct Instr<Op::BEFORE_WITH> : EnterWith<beforeWith> {};
template <>
struct Instr<Op::BEFORE_ASYNC_WITH> : EnterWith<beforeAsyncWith> {};
template <>
struct Instr<Op::WITH_EXCEPT_START> {  // [exit, lasti, previous, exception]
  static Fallible<Value> run(Thread& thread, Peek<4> exit, Peek<1> exception) {
    return withExceptStart(thread, exit.value, exception.value);
  }
};
template <>
struct Instr<Op::END_ASYNC_FOR> {
  static Fallible<Nothing> run(Thread& thread, Value, Value exception) { return endAsyncFor(thread, exception); }
};
template <>
struct Instr<Op::PRINT_EXPR> {
  static Fallible<Nothing> run(Thread& thread, Value value) {
    TRY(printExpression(thread, value));
    return Nothing{};
  }
};

}  // namespace krait
