// Generators' frames: copied out of the VM stack at yield, in again at resume; throw, close and delegation.
#include "vm/builtins/async_generator.h"
#include "vm/builtins/descriptors.h"
#include "vm/builtins/exception.h"
#include "vm/builtins/frame.h"
#include "vm/builtins/function.h"
#include "vm/builtins/generator_finaliser.h"
#include "vm/builtins/str.h"
#include "vm/builtins/traceback.h"
#include "vm/builtins/tuple.h"
#include "vm/lifetimes.h"
#include "vm/modules/asyncio.h"
#include "vm/names.h"
#include "vm/operator_frames.h"
#include "vm/resume_generator.h"
#include "vm/semantics.h"
#include "vm/tracing.h"

namespace krait {

namespace {

// cr_origin: (filename, line, function) of the frames that were making the coroutine, innermost first.
Fallible<Value> originOf(Thread& thread, Frame* frame) {
  uint64_t depth = 0, most = static_cast<uint64_t>(thread.coroutineOriginDepth);
  for (Frame* f = frame; f != nullptr && depth < most; f = f->previous) depth++;
  Tuple* origin = TRY(makeTupleUninitialised(thread, depth));
  for (uint64_t i = 0; i < depth; i++, frame = frame->previous) {
    Code* code = frame->code;
    Value line = Value::inlineInt(lineAt(code, canonicalOffset(code->prepared, frame->pc)));
    origin->items[i] =
        Value::of(TRY(makeTuple(thread, {Value::of(code->filename.get()), line, Value::of(code->name.get())})));
  }
  return Value::of(origin);
}

}  // namespace

Fallible<Generator*> makeGenerator(Thread& thread, Frame* frame) {
  Code* code = frame->code;
  Type* type = code->codeFlags & Code::kCoroutine        ? types.coroutine
               : code->codeFlags & Code::kAsyncGenerator ? types.asyncGenerator
                                                         : types.generator;
  Generator* generator = TRY(allocate<Generator>(thread, Kind::kGenerator, type->instanceShape));
  generator->handled.exception = Value::none();
  generator->origin = Value::none();
  generator->function = frame->function;
  generator->code = code;
  generator->name = toStr(frame->function->name.get());
  generator->qualname = toStr(frame->function->qualname.get());
  generator->saved = TRY(allocateArray(thread, uint64_t{frame->localCount} + code->stackSize));
  Value* locals = frame->locals0();
  for (uint32_t i = 0; i < frame->localCount; i++) generator->saved->slots[i] = locals[i];
  generator->pc = frame->pc;
  generator->state = Generator::kCreated;
  if (thread.coroutineOriginDepth > 0 && type == types.coroutine) [[unlikely]]
    generator->origin = TRY(originOf(thread, frame->previous));
  if (mayNeedFinalising(generator)) TRY(registerFinalisable(thread, generator));
  return generator;
}

Next returnGenerator(Thread& thread, Frame* frame) {
  Fallible<Generator*> made = makeGenerator(thread, frame);
  if (made.isRaised()) return Next::kRaise;
  if (frame->object != nullptr) {
    made.value()->frameObject = frame->object;
    frame->object->generator = made.value();
    frame->object->live = nullptr;
    frame->object = nullptr;
  }
  return leaveFrame(thread, frame, Value::of(made.value()));
}

KRAIT_COLD static Raised refuseResumption(Thread& thread, const Generator* generator) {
  if (generator->state == Generator::kRunning)
    return raiseValueError(thread, "{} already executing", kindOfGenerator(generator));
  if (typeOf(Value::of(generator)) == types.coroutine)
    return raise(thread, exceptions.RuntimeError, "cannot reuse already awaited coroutine");
  return raise(thread, exceptions.StopIteration, "");
}

Fallible<void> pushGeneratorFrame(Thread& thread, Generator* generator, Value sent, Value* result, uint16_t flags) {
  if (generator->state > Generator::kSuspended) [[unlikely]]
    return refuseResumption(thread, generator);
  if (generator->state == Generator::kCreated && !sent.isNone()) [[unlikely]]
    return raiseTypeError(thread, "can't send non-None value to a just-started {}", kindOfGenerator(generator));
  Code* code = generator->code;
  const PreparedCode* prepared = code->prepared;
  Value* locals = thread.sp;
  if (locals + prepared->frameWords + kFrameWords > thread.stackLimit || thread.recursionRemaining <= 0)
    return raiseRecursionError(thread);
  thread.recursionRemaining--;
  uint32_t localCount = prepared->localCount;
  const Value* saved = generator->saved->slots;
  copyFewWords(locals, saved, localCount);
  Frame* frame = reinterpret_cast<Frame*>(locals + localCount);
  *frame = Frame{thread.frame,
                 generator->pc,
                 result,
                 generator->function,
                 code,
                 Value::of(generator),
                 generator->frameObject,
                 localCount,
                 static_cast<uint16_t>(flags | Frame::kGenerator),
                 0};
  if (frame->object != nullptr) frame->object->live = frame;
  Value* sp = copyFewWords(frame->stackBase(), saved + localCount, generator->savedDepth);
  *sp++ = sent;
  thread.sp = sp;
  thread.frame = frame;
  generator->state = Generator::kRunning;
  generator->handled.previous = thread.handled;
  thread.handled = &generator->handled;
  return {};
}

Next yieldValue(Thread& thread, Frame* frame, Value value) {
  Generator* generator = frame->generator();
  uint32_t localCount = frame->localCount;
  Value* saved = copyFewWords(generator->saved->slots, frame->locals0(), localCount);
  uint32_t depth = static_cast<uint32_t>(thread.sp - frame->stackBase());
  copyFewWords(saved, frame->stackBase(), depth);
  generator->savedDepth = depth;
  generator->pc = frame->pc;
  generator->state = Generator::kSuspended;
  thread.handled = generator->handled.previous;
  thread.recursionRemaining++;
  if (frame->object != nullptr) {  // it now reads the generator's saved locals
    frame->object->live = nullptr;
    frame->object->generator = generator;
    generator->frameObject = frame->object;
    frame->object->lasti = canonicalOffset(frame->code->prepared, frame->pc);
  }
  Value* result = frame->result;
  thread.frame = frame->previous;
  *result = value;
  if (frame->flags & Frame::kEntry) {
    thread.sp = result;
    return Next::kHalt;
  }
  thread.sp = result + 1;
  return Next::kReload;
}

// --- from C++ ---------------------------------------------------------------------------------------------------------
namespace {

// Runs the pushed entry frame; afterwards: unbound = returned, with its value in `returned`.
Fallible<Value> runPushed(Thread& thread, Generator* generator, Value* base, bool thrown, Value& returned) {
  if (thrown && !unwind(thread)) {
    thread.sp = base;
    return Raised{};
  }
  Value value = thread.hooks.interpret(thread, thread.frame);
  thread.sp = base;
  if (value.isError()) return Raised{};
  if (generator->state == Generator::kFinished) {
    returned = value;
    return Value::unbound();
  }
  return value;
}

// What a generator suspended in `yield from` or `await` delegates to, or unbound. The word it will continue at is the
// RESUME behind SEND's YIELD_VALUE.
Value delegateOf(Generator* generator) {
  if (generator->state != Generator::kSuspended || generator->savedDepth == 0) return Value::unbound();
  Pc pc = generator->pc;
  if (baseOpAt(pc) != Op::RESUME || (pc[1].operand & 3) < 2) return Value::unbound();
  return generator->saved->slots[generator->code->localCount + generator->savedDepth - 1];
}

// The delegate has returned `value`: the generator goes on behind its SEND.
void finishDelegate(Generator* generator) {
  generator->savedDepth--;
  Pc send = generator->pc - 2 * kHeadUnits;
  if (baseOpAt(send) == Op::SEND) generator->pc = send + send[1].offset;
}

}  // namespace

Fallible<Value> resumeGenerator(Thread& thread, Generator* generator, Value sent, Value& returned) {
  if (nativeStackExhausted(thread)) [[unlikely]]
    return raiseRecursionError(thread);
  if (generator->state == Generator::kFinished && typeOf(Value::of(generator)) != types.coroutine) {
    returned = Value::none();
    return Value::unbound();
  }
  Value* base = thread.sp;
  thread.sp = base + 1;
  *base = Value::of(generator);
  if (pushGeneratorFrame(thread, generator, sent, base, Frame::kEntry).isRaised()) {
    thread.sp = base;
    return Raised{};
  }
  return runPushed(thread, generator, base, false, returned);
}

namespace {

// The exception instance that throw() means. What a class's constructor raises is thrown in its stead.
Fallible<Value> instanceOf(Thread& thread, const Thrown& thrown) {
  auto [type, value, traceback] = thrown;
  if (!traceback.isUnbound() && !traceback.isNone() && !isKind(traceback, Kind::kTraceback))
    return raiseTypeError(thread, "throw() third argument must be a traceback object");
  bool hasValue = !value.isUnbound() && !value.isNone();
  Value exception = type;
  if (isKind(type, Kind::kType) && (type.as<Type>()->typeFlags & Type::kIsException)) {
    Fallible<Value> made = value;
    if (!hasValue)
      made = call(thread, type);
    else if (Tuple* arguments = toTuple(value))
      made = call(thread, type, arguments->values());
    else if (!isException(value) || !isInstanceOf(value, type.as<Type>()))
      made = call(thread, type, value);
    if (!made.isRaised() && !isException(made.value()))
      made = raiseTypeError(thread, "calling {} should have returned an instance of BaseException, not {}",
                            strToUtf8(TRY(repr(thread, type))), nameOf(made.value()));
    exception = made.isRaised() ? takeException(thread) : made.value();
  } else if (!isException(type)) {
    return raiseTypeError(thread, "exceptions must be classes or instances deriving from BaseException, not {}",
                          nameOf(type));
  } else if (hasValue) {
    return raiseTypeError(thread, "instance exception may not have a separate value");
  }
  if (isKind(traceback, Kind::kTraceback)) exception.as<Exception>()->traceback = traceback;
  return exception;
}

bool isGeneratorExit(Value type) {
  if (isKind(type, Kind::kType)) return isSubtype(type.as<Type>(), exceptions.GeneratorExit);
  return isInstanceOf(type, exceptions.GeneratorExit);
}

Fallible<void> closeDelegate(Thread& thread, Value delegate) {
  if (isKind(delegate, Kind::kGenerator)) return closeGenerator(thread, delegate.as<Generator>());
  Value close = TRY(getAttributeOrUnbound(thread, delegate, names.close));
  if (!close.isUnbound()) TRY(call(thread, close));
  return {};
}

// delegate.throw(...) with the arguments as they were given; unbound = it has returned `returned`. `hasThrow` is false,
// and nothing happened, when it has no such method.
Fallible<Value> throwIntoDelegate(Thread& thread, Value delegate, const Thrown& thrown, Value& returned,
                                  bool closeInner, bool& hasThrow) {
  if (isKind(delegate, Kind::kGenerator))
    return throwIntoGenerator(thread, delegate.as<Generator>(), thrown, returned, closeInner);
  Value method = TRY(getAttributeOrUnbound(thread, delegate, TRY(intern(thread, "throw"))));
  hasThrow = !method.isUnbound();
  if (!hasThrow) return Value::unbound();
  Value arguments[] = {thrown.type, thrown.value, thrown.traceback};
  size_t count = !thrown.traceback.isUnbound() ? 3 : !thrown.value.isUnbound() ? 2 : 1;
  Fallible<Value> result = call(thread, method, std::span<const Value>(arguments, count));
  if (!result.isRaised() || !pendingMatches(thread, exceptions.StopIteration)) return result;
  returned = takeException(thread).as<Exception>()->fields[ExceptionField::kValue].get();
  return Value::unbound();
}

}  // namespace

Fallible<Value> throwIntoGenerator(Thread& thread, Generator* generator, const Thrown& thrown, Value& returned,
                                   bool closesDelegate) {
  if (nativeStackExhausted(thread)) [[unlikely]]
    return raiseRecursionError(thread);
  Value exception = Value::unbound();
  Value delegate = delegateOf(generator);
  if (!delegate.isUnbound()) {
    generator->state = Generator::kRunning;  // visible as such meanwhile; guards against re-entry
    if (closesDelegate && isGeneratorExit(thrown.type)) {
      if (closeDelegate(thread, delegate).isRaised()) exception = takeException(thread);  // thrown in its stead
      generator->state = Generator::kSuspended;
    } else {
      Value inner = Value::unbound();
      bool hasThrow = true;
      Fallible<Value> result = throwIntoDelegate(thread, delegate, thrown, inner, closesDelegate, hasThrow);
      generator->state = Generator::kSuspended;
      if (result.isRaised()) {
        exception = takeException(thread);
      } else if (!result.value().isUnbound()) {
        return result;
      } else if (hasThrow) {
        finishDelegate(generator);
        return resumeGenerator(thread, generator, inner, returned);
      }
    }
  }
  if (exception.isUnbound()) exception = TRY(instanceOf(thread, thrown));
  if (generator->state == Generator::kFinished) {
    if (typeOf(Value::of(generator)) == types.coroutine)
      return raise(thread, exceptions.RuntimeError, "cannot reuse already awaited coroutine");
    thread.exception = exception;
    return Raised{};
  }
  Value* base = thread.sp;
  thread.sp = base + 1;
  *base = Value::of(generator);
  if (pushGeneratorFrame(thread, generator, Value::none(), base, Frame::kEntry).isRaised()) {
    thread.sp = base;
    return Raised{};
  }
  thread.sp--;  // nothing is sent
  // Its context is what the generator is handling. What the caller is handling is not.
  if (tracingThreads == 0 || !traceEntry(thread, thread.frame).isRaised()) {
    if (generator->handled.exception.isNone())
      thread.exception = exception;
    else
      (void)raiseInstance(thread, exception);
  }
  return runPushed(thread, generator, base, true, returned);
}

Fallible<void> closeGenerator(Thread& thread, Generator* generator) {
  if (generator->state == Generator::kFinished) return {};
  if (generator->state == Generator::kCreated) {
    generator->state = Generator::kFinished;
    generator->saved = nullptr;
    return {};
  }
  Value returned = Value::unbound();
  (void)raiseWithoutArguments(thread, exceptions.GeneratorExit);
  Thrown exit{takeException(thread)};  // with its context: unlike throw(), close() raises it here
  Fallible<Value> result = throwIntoGenerator(thread, generator, exit, returned);
  if (!result.isRaised()) {
    if (result.value().isUnbound()) return {};
    return raiseFormat(thread, exceptions.RuntimeError, "{} ignored GeneratorExit", kindOfGenerator(generator));
  }
  if (pendingMatches(thread, exceptions.GeneratorExit) || pendingMatches(thread, exceptions.StopIteration)) {
    clearException(thread);
    return {};
  }
  return Raised{};
}

Value generatorDelegate(Generator* generator) { return delegateOf(generator); }

// --- SEND, yield from, await ------------------------------------------------------------------------------------------
static Fallible<Value> sendUntraced(Thread& thread, Value receiver, Value sent, Value& returned) {
  if (isKind(receiver, Kind::kGenerator)) return resumeGenerator(thread, receiver.as<Generator>(), sent, returned);
  if (FutureIterator* iterator = toFutureIterator(receiver)) return sendToFutureIterator(thread, iterator, returned);
  if (AsyncStep* step = asyncStep(receiver)) return sendToStep(thread, step, sent, returned);
  Fallible<Value> result = Value::unbound();
  if (sent.isNone()) {
    Value method = specialMethod(receiver, Special::k__next__);
    if (method.isUnbound()) return raiseTypeError(thread, "'{}' object is not an iterator", nameOf(receiver));
    result = callSpecial(thread, method, receiver);
    if (!result.isRaised() && result.value().isUnbound()) {  // a built-in iterator at its end
      returned = Value::none();
      return Value::unbound();
    }
  } else {
    result = callMethod(thread, receiver, names.send, std::span<const Value>(&sent, 1));
  }
  if (result.isRaised() && pendingMatches(thread, exceptions.StopIteration)) {
    returned = takeException(thread).as<Exception>()->fields[0].get();
    if (returned.isUnbound()) returned = Value::none();
    return Value::unbound();
  }
  return result;
}

Fallible<Value> sendTo(Thread& thread, Value receiver, Value sent, Value& returned) {
  Fallible<Value> result = sendUntraced(thread, receiver, sent, returned);
  if (tracingThreads == 0 || result.isRaised() || !result.value().isUnbound()) return result;
  // The iterators that return None without a StopIteration: generators and those in C++, when nothing is sent.
  bool isSilent =
      sent.isNone() && returned.isNone() && asyncStep(receiver) == nullptr &&
      (typeOf(receiver) == types.generator || !isKind(specialMethod(receiver, Special::k__next__), Kind::kFunction)) &&
      typeOf(receiver) != types.coroutine;
  if (!isSilent && !traceStop(thread, thread.frame, returned)) return Raised{};
  return result;
}

Fallible<Value> getYieldFromIter(Thread& thread, Frame* frame, Value iterable) {
  if (typeOf(iterable) == types.coroutine) {
    if (!(frame->code->codeFlags & (Code::kCoroutine | Code::kIterableCoroutine)))
      return raiseTypeError(thread, "cannot 'yield from' a coroutine object in a non-coroutine generator");
    return iterable;
  }
  if (typeOf(iterable) == types.generator) return iterable;
  return iterate(thread, iterable);
}

namespace {

bool isCoroutine(Value v) {
  if (typeOf(v) == types.coroutine) return true;
  return typeOf(v) == types.generator && (v.as<Generator>()->code->codeFlags & Code::kIterableCoroutine);
}

}  // namespace

namespace {

// `enters`: a method in Python is not called, its frame is pushed, and unbound is returned.
Fallible<Value> awaitableOf(Thread& thread, Value object, uint32_t oparg, bool enters) {
  if (typeOf(object) == types.coroutine) {
    if (!delegateOf(object.as<Generator>()).isUnbound())
      return raise(thread, exceptions.RuntimeError, "coroutine is being awaited already");
    return object;
  }
  if (isCoroutine(object)) return object;
  if (isExactFuture(object) && !object.as<Future>()->loop.get().isUnbound())
    return makeFutureIterator(thread, object.as<Future>());
  Value method = specialMethod(object, Special::k__await__);
  if (method.isUnbound()) {
    if (oparg == 1)
      return raiseTypeError(thread,
                            "'async with' received an object from __aenter__ that does not implement __await__: {}",
                            nameOf(object));
    if (oparg == 2)
      return raiseTypeError(thread,
                            "'async with' received an object from __aexit__ that does not implement __await__: {}",
                            nameOf(object));
    return raiseTypeError(thread, "object {} can't be used in 'await' expression", nameOf(object));
  }
  if (enters && isKind(method, Kind::kFunction))
    return enterSpecial(thread, method, object, thread.sp - 1, kAnswersAwaitable);
  return iteratorOfAwait(thread, TRY(callSpecial(thread, method, object)));
}

}  // namespace

Fallible<Value> getAwaitable(Thread& thread, Value object, uint32_t oparg) {
  return awaitableOf(thread, object, oparg, false);
}
Fallible<Value> enterAwaitable(Thread& thread, Value object, uint32_t oparg) {
  return awaitableOf(thread, object, oparg, true);
}
Fallible<Value> iteratorOfAwait(Thread& thread, Value iterator) {
  if (isCoroutine(iterator)) return raise(thread, exceptions.TypeError, "__await__() returned a coroutine");
  if (!isIterator(iterator))
    return raiseTypeError(thread, "__await__() returned non-iterator of type '{}'", nameOf(iterator));
  return iterator;
}

Fallible<Value> getAiter(Thread& thread, Value object) {
  Value method = specialMethod(object, Special::k__aiter__);
  if (method.isUnbound())
    return raiseTypeError(thread, "'async for' requires an object with __aiter__ method, got {}", nameOf(object));
  Value iterator = TRY(callSpecial(thread, method, object));
  if (specialMethod(iterator, Special::k__anext__).isUnbound())
    return raiseTypeError(thread, "'async for' received an object from __aiter__ that does not implement __anext__: {}",
                          nameOf(iterator));
  return iterator;
}

Fallible<Value> enterAnext(Thread& thread, Value iterator) {
  if (typeOf(iterator) == types.asyncGenerator) return nextOfAsyncGenerator(thread, iterator.as<Generator>());
  Value method = specialMethod(iterator, Special::k__anext__);
  if (method.isUnbound())
    return raiseTypeError(thread, "'async for' requires an iterator with __anext__ method, got {}", nameOf(iterator));
  if (isKind(method, Kind::kFunction)) return enterSpecial(thread, method, iterator, thread.sp, kAnswersAwaitable);
  return awaitableOfNext(thread, TRY(callSpecial(thread, method, iterator)));
}

Fallible<Value> awaitableOfNext(Thread& thread, Value awaitable) {
  Fallible<Value> awaited = getAwaitable(thread, awaitable, 0);
  if (!awaited.isRaised()) return awaited;
  return raiseFromPending(thread, exceptions.TypeError,
                          fmt::format("'async for' received an invalid object from __anext__: {}", nameOf(awaitable)));
}

}  // namespace krait
