// Generators' frames: copied out of the VM stack at yield, in again at resume; throw, close and delegation.
#include "vm/builtins/descriptors.h"
#include "vm/builtins/exception.h"
#include "vm/builtins/frame.h"
#include "vm/builtins/function.h"
#include "vm/builtins/generator.h"
#include "vm/builtins/str.h"
#include "vm/names.h"
#include "vm/semantics.h"

namespace krait {

Fallible<Generator*> makeGenerator(Thread& thread, Frame* frame) {
  Code* code = frame->code;
  Type* type = code->codeFlags & Code::kCoroutine        ? types.coroutine
               : code->codeFlags & Code::kAsyncGenerator ? types.asyncGenerator
                                                         : types.generator;
  Generator* generator = TRY(allocate<Generator>(thread, Kind::kGenerator, type->instanceShape));
  generator->handled.exception = Value::none();
  generator->yieldFrom = Value::none();
  generator->function = frame->function;
  generator->code = code;
  generator->name = toStr(frame->function->name.get());
  generator->qualname = toStr(frame->function->qualname.get());
  generator->saved = TRY(allocateArray(thread, uint64_t{frame->localCount} + code->stackSize));
  Value* locals = frame->locals0();
  for (uint32_t i = 0; i < frame->localCount; i++) generator->saved->slots[i] = locals[i];
  generator->pc = frame->pc;
  generator->state = Generator::kCreated;
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

Fallible<void> pushGeneratorFrame(Thread& thread, Generator* generator, Value sent, Value* result, uint16_t flags) {
  bool isCoroutine = typeOf(Value::of(generator)) == types.coroutine;
  if (generator->state == Generator::kRunning)
    return raiseValueError(thread, "{} already executing", isCoroutine ? "coroutine" : "generator");
  if (generator->state == Generator::kFinished) {
    if (isCoroutine) return raise(thread, exceptions.RuntimeError, "cannot reuse already awaited coroutine");
    return raise(thread, exceptions.StopIteration, "");
  }
  if (generator->state == Generator::kCreated && !sent.isNone())
    return raiseTypeError(thread, "can't send non-None value to a just-started {}",
                          isCoroutine ? "coroutine" : "generator");
  Code* code = generator->code;
  const PreparedCode* prepared = code->prepared;
  Value* locals = thread.sp;
  if (locals + prepared->frameWords + kFrameWords > thread.stackLimit || thread.recursionRemaining <= 0)
    return raiseRecursionError(thread);
  thread.recursionRemaining--;
  uint32_t localCount = prepared->localCount;
  const Value* saved = generator->saved->slots;
  for (uint32_t i = 0; i < localCount; i++) locals[i] = saved[i];
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
  Value* sp = frame->stackBase();
  for (uint32_t i = 0; i < generator->savedDepth; i++) *sp++ = saved[localCount + i];
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
  Value* saved = generator->saved->slots;
  Value* locals = frame->locals0();
  for (uint32_t i = 0; i < localCount; i++) saved[i] = locals[i];
  uint32_t depth = static_cast<uint32_t>(thread.sp - frame->stackBase());
  for (uint32_t i = 0; i < depth; i++) saved[localCount + i] = frame->stackBase()[i];
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

// Async generators have no protocol objects yet: values pass through as they are.
Fallible<Value> asyncGenWrap(Thread&, Value value) { return value; }

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

Fallible<Value> throwIntoGenerator(Thread& thread, Generator* generator, Value exception, Value& returned) {
  if (nativeStackExhausted(thread)) [[unlikely]]
    return raiseRecursionError(thread);
  if (generator->state == Generator::kRunning)
    return raiseValueError(thread, "{} already executing",
                           typeOf(Value::of(generator)) == types.coroutine ? "coroutine" : "generator");
  if (generator->state == Generator::kFinished) {
    if (typeOf(Value::of(generator)) == types.coroutine)
      return raise(thread, exceptions.RuntimeError, "cannot reuse already awaited coroutine");
    return raiseInstance(thread, exception);
  }
  Value delegate = delegateOf(generator);
  if (!delegate.isUnbound()) {
    bool isExit = isInstanceOf(exception, exceptions.GeneratorExit);
    Value inner = Value::unbound();
    Fallible<Value> result = Value::unbound();
    bool delegated = false;
    generator->state = Generator::kRunning;  // visible as such meanwhile; guards against re-entry
    if (isExit) {
      Fallible<void> closed = isKind(delegate, Kind::kGenerator) ? closeGenerator(thread, delegate.as<Generator>())
                                                                 : [&]() -> Fallible<void> {
        Value close = TRY(getAttributeOrUnbound(thread, delegate, names.close));
        if (!close.isUnbound()) TRY(call(thread, close));
        return {};
      }();
      generator->state = Generator::kSuspended;
      if (closed.isRaised()) exception = takeException(thread);  // thrown into the generator instead
    } else if (isKind(delegate, Kind::kGenerator)) {
      delegated = true;
      result = throwIntoGenerator(thread, delegate.as<Generator>(), exception, inner);
    } else {
      Str* throwName = TRY(intern(thread, "throw"));
      Value method = TRY(getAttributeOrUnbound(thread, delegate, throwName));
      if (!method.isUnbound()) {
        delegated = true;
        result = call(thread, method, exception);
        if (result.isRaised() && pendingMatches(thread, exceptions.StopIteration)) {
          inner = takeException(thread).as<Exception>()->fields[0].get();
          result = Value::unbound();
        }
      }
    }
    generator->state = Generator::kSuspended;
    if (delegated) {
      if (result.isRaised()) {
        exception = takeException(thread);
      } else if (result.value().isUnbound()) {
        finishDelegate(generator);
        return resumeGenerator(thread, generator, inner, returned);
      } else {
        return result;
      }
    }
  }
  Value* base = thread.sp;
  thread.sp = base + 1;
  *base = Value::of(generator);
  if (pushGeneratorFrame(thread, generator, Value::none(), base, Frame::kEntry).isRaised()) {
    thread.sp = base;
    return Raised{};
  }
  thread.sp--;  // nothing is sent
  (void)raiseInstance(thread, exception);
  return runPushed(thread, generator, base, true, returned);
}

Fallible<void> closeGenerator(Thread& thread, Generator* generator) {
  if (generator->state == Generator::kFinished) return {};
  if (generator->state == Generator::kCreated) {
    generator->state = Generator::kFinished;
    generator->saved = nullptr;
    return {};
  }
  Value exit = Value::of(TRY(makeException(thread, exceptions.GeneratorExit, {})));
  Value returned = Value::unbound();
  Fallible<Value> result = throwIntoGenerator(thread, generator, exit, returned);
  if (!result.isRaised()) {
    if (result.value().isUnbound()) return {};
    return raiseFormat(thread, exceptions.RuntimeError, "{} ignored GeneratorExit",
                       typeOf(Value::of(generator)) == types.coroutine ? "coroutine" : "generator");
  }
  if (pendingMatches(thread, exceptions.GeneratorExit) || pendingMatches(thread, exceptions.StopIteration)) {
    clearException(thread);
    return {};
  }
  return Raised{};
}

Value generatorDelegate(Generator* generator) { return delegateOf(generator); }

// --- SEND, yield from, await ------------------------------------------------------------------------------------------
Fallible<Value> sendTo(Thread& thread, Value receiver, Value sent, Value& returned) {
  if (isKind(receiver, Kind::kGenerator)) return resumeGenerator(thread, receiver.as<Generator>(), sent, returned);
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

Fallible<Value> getYieldFromIter(Thread& thread, Frame* frame, Value iterable) {
  if (typeOf(iterable) == types.coroutine) {
    if (!(frame->code->codeFlags & (Code::kCoroutine | Code::kIterableCoroutine)))
      return raiseTypeError(thread, "cannot 'yield from' a coroutine object in a non-coroutine generator");
    return iterable;
  }
  if (typeOf(iterable) == types.generator) return iterable;
  return iterate(thread, iterable);
}

Fallible<Value> getAwaitable(Thread& thread, Value object, uint32_t oparg) {
  if (typeOf(object) == types.coroutine) {
    if (!delegateOf(object.as<Generator>()).isUnbound())
      return raise(thread, exceptions.RuntimeError, "coroutine is being awaited already");
    return object;
  }
  if (typeOf(object) == types.generator && (object.as<Generator>()->code->codeFlags & Code::kIterableCoroutine))
    return object;
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
  Value iterator = TRY(callSpecial(thread, method, object));
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

Fallible<Value> getAnext(Thread& thread, Value iterator) {
  Value method = specialMethod(iterator, Special::k__anext__);
  if (method.isUnbound())
    return raiseTypeError(thread, "'async for' requires an iterator with __anext__ method, got {}", nameOf(iterator));
  Value awaitable = TRY(callSpecial(thread, method, iterator));
  Fallible<Value> awaited = getAwaitable(thread, awaitable, 0);
  if (awaited.isRaised()) {
    clearException(thread);
    return raiseTypeError(thread, "'async for' received an invalid object from __anext__: {}", nameOf(awaitable));
  }
  return awaited;
}

}  // namespace krait
