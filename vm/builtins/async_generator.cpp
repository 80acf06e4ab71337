// Asynchronous generators: what awaiting their next value, throwing into them and closing them mean.
#include "vm/builtins/async_generator.h"

#include <cstdlib>

#include "vm/builtins/builtin.h"
#include "vm/builtins/exception.h"
#include "vm/builtins/generic_alias.h"
#include "vm/builtins/str.h"
#include "vm/builtins/tuple.h"
#include "vm/builtins/type_internal.h"
#include "vm/names.h"
#include "vm/semantics.h"

namespace krait {
namespace {

// Kept alive by their base, which lists its subclasses.
Type *asendType, *athrowType, *wrappedType, *anextType;

Generator* self(Value v) { return v.as<Generator>(); }
Fallible<Value> itself(Thread&, Value v) { return v; }

// --- yielded values ---------------------------------------------------------------------------------------------------
// `yield x` in an asynchronous generator wraps x, so that what it yields differs from what its awaits pass upwards.
struct WrappedValue : NativeObject {
  Field<Value> value;
};
void traceWrapped(Cell* cell, Marker& marker) { marker.mark(static_cast<WrappedValue*>(cell)->value); }
constexpr NativeTraits kWrappedTraits{"async_generator_wrapped_value", traceWrapped, nullptr};

bool isNative(Value v, const NativeTraits& traits) {
  return isKind(v, Kind::kNative) && v.as<NativeObject>()->traits == &traits;
}

}  // namespace

Fallible<Value> asyncGenWrap(Thread& thread, Value value) {
  auto* wrapped = TRY(allocate<WrappedValue>(thread, Kind::kNative, wrappedType->instanceShape));
  wrapped->traits = &kWrappedTraits;
  wrapped->value = value;
  return Value::of(wrapped);
}

// --- steps ------------------------------------------------------------------------------------------------------------
namespace {

void traceStep(Cell* cell, Marker& marker) {
  auto* step = static_cast<AsyncStep*>(cell);
  marker.mark(step->generator);
  marker.mark(step->sent);
  marker.mark(step->thrown);
}
constexpr NativeTraits kStepTraits{"async_generator_asend", traceStep, nullptr};

bool isClose(const AsyncStep* step) { return step->isThrow && step->thrown.get() == nullptr; }

Fallible<AsyncStep*> makeStep(Thread& thread, Generator* generator, Type* type) {
  if (!generator->hooksCalled) {
    generator->hooksCalled = true;
    generator->origin = thread.asyncHooks[1];  // to be called when it dies unfinished
    Value firstIteration = thread.asyncHooks[0];
    if (!firstIteration.isNone()) TRY(call(thread, firstIteration, Value::of(generator)));
  }
  auto* step = TRY(allocate<AsyncStep>(thread, Kind::kNative, type->instanceShape));
  step->traits = &kStepTraits;
  step->generator = generator;
  step->sent = Value::none();
  step->isThrow = type == athrowType;
  return step;
}

// The generator has run on. What it yielded itself is the result of the step (unbound, `returned`); at its end that is
// StopAsyncIteration; the rest passes on.
Fallible<Value> outcome(Thread& thread, Generator* generator, Fallible<Value> result, Value& returned) {
  if (!result.isRaised() && result.value().isUnbound())
    result = raiseWithoutArguments(thread, exceptions.StopAsyncIteration);
  if (result.isRaised()) {
    if (pendingMatches(thread, exceptions.StopAsyncIteration) || pendingMatches(thread, exceptions.GeneratorExit))
      generator->closed = true;
    generator->awaited = false;
    return Raised{};
  }
  if (!isNative(result.value(), kWrappedTraits)) return result;
  generator->awaited = false;
  returned = result.value().as<WrappedValue>()->value;
  return Value::unbound();
}

// The same for aclose(): yielding is an error, ending is success.
Fallible<Value> closeOutcome(Thread& thread, AsyncStep* step, Fallible<Value> result, Value& returned) {
  if (!result.isRaised() && isNative(result.value(), kWrappedTraits)) {
    step->generator->awaited = false;
    step->state = AsyncStep::kClosed;
    return raise(thread, exceptions.RuntimeError, "async generator ignored GeneratorExit");
  }
  if (!result.isRaised() && !result.value().isUnbound()) return result;
  if (result.isRaised()) {
    if (!pendingMatches(thread, exceptions.StopAsyncIteration) && !pendingMatches(thread, exceptions.GeneratorExit))
      return result;
    clearException(thread);
  }
  returned = Value::none();
  return Value::unbound();
}

Raised raiseReused(Thread& thread, const AsyncStep* step) {
  return raise(thread, exceptions.RuntimeError,
               step->isThrow ? "cannot reuse already awaited aclose()/athrow()"
                             : "cannot reuse already awaited __anext__()/asend()");
}
Raised raiseRunning(Thread& thread, const char* method) {
  return raiseFormat(thread, exceptions.RuntimeError, "{}(): asynchronous generator is already running", method);
}

Fallible<Value> sendToAsend(Thread& thread, AsyncStep* step, Value sent, Value& returned) {
  Generator* generator = step->generator;
  if (step->state == AsyncStep::kInitial) {
    if (generator->awaited) return raiseRunning(thread, "anext");
    if (sent.isNone()) sent = step->sent;
    step->state = AsyncStep::kIterating;
  }
  generator->awaited = true;
  Value inner = Value::unbound();
  Fallible<Value> result = outcome(thread, generator, resumeGenerator(thread, generator, sent, inner), returned);
  if (result.isRaised() || result.value().isUnbound()) step->state = AsyncStep::kClosed;
  return result;
}

Fallible<Value> sendToAthrow(Thread& thread, AsyncStep* step, Value sent, Value& returned) {
  Generator* generator = step->generator;
  bool closing = isClose(step);
  if (generator->state == Generator::kFinished) {
    step->state = AsyncStep::kClosed;
    returned = Value::none();
    return Value::unbound();
  }
  Value inner = Value::unbound();
  if (step->state == AsyncStep::kInitial) {
    if (generator->awaited) {
      step->state = AsyncStep::kClosed;
      return raiseRunning(thread, closing ? "aclose" : "athrow");
    }
    if (generator->closed) {
      step->state = AsyncStep::kClosed;
      return raiseWithoutArguments(thread, exceptions.StopAsyncIteration);
    }
    if (!sent.isNone())
      return raise(thread, exceptions.RuntimeError, "can't send non-None value to a just-started coroutine");
    step->state = AsyncStep::kIterating;
    generator->awaited = true;
    generator->closed = generator->closed || closing;
    Thrown thrown{Value::of(exceptions.GeneratorExit)};
    if (!closing) {
      std::span<const Value> given = step->thrown->values();
      thrown = TRY(thrownArguments(thread, "athrow", {given.data(), static_cast<uint32_t>(given.size()), nullptr}));
    }
    Fallible<Value> result = throwIntoGenerator(thread, generator, thrown, inner, false);
    result = closing ? closeOutcome(thread, step, result, returned) : outcome(thread, generator, result, returned);
    if (result.isRaised() || result.value().isUnbound()) {
      generator->awaited = false;
      step->state = AsyncStep::kClosed;
    }
    return result;
  }
  Fallible<Value> result = resumeGenerator(thread, generator, sent, inner);
  if (!closing) return outcome(thread, generator, result, returned);
  result = closeOutcome(thread, step, result, returned);
  if (result.isRaised() || result.value().isUnbound()) {
    generator->awaited = false;
    step->state = AsyncStep::kClosed;
  }
  return result;
}

AsyncStep* stepOf(Value v) { return v.as<AsyncStep>(); }

Fallible<Value> stepSend(Thread& thread, Value v, Value sent) {
  Value returned = Value::unbound();
  Fallible<Value> result = sendToStep(thread, stepOf(v), sent, returned);
  return yieldedOrStop(thread, result, returned);
}
Fallible<Value> stepNext(Thread& thread, Value v) { return stepSend(thread, v, Value::none()); }

Fallible<Value> stepThrow(Thread& thread, Value v, const Arguments& arguments) {
  AsyncStep* step = stepOf(v);
  TRY(arguments.noKeywords(thread, step->isThrow ? "async_generator_athrow.throw" : "async_generator_asend.throw"));
  if (step->state == AsyncStep::kClosed) return raiseReused(thread, step);
  Thrown thrown = TRY(thrownArguments(thread, "throw", arguments));
  Value inner = Value::unbound(), returned = Value::unbound();
  Fallible<Value> result = throwIntoGenerator(thread, step->generator, thrown, inner);
  result =
      isClose(step) ? closeOutcome(thread, step, result, returned) : outcome(thread, step->generator, result, returned);
  if (!step->isThrow && (result.isRaised() || result.value().isUnbound())) step->state = AsyncStep::kClosed;
  return yieldedOrStop(thread, result, returned);
}
Fallible<Value> stepClose(Thread&, Value v) {
  stepOf(v)->state = AsyncStep::kClosed;
  return Value::none();
}

// --- async_generator --------------------------------------------------------------------------------------------------
Fallible<Value> asend(Thread& thread, Value v, Value sent) {
  AsyncStep* step = TRY(makeStep(thread, self(v), asendType));
  step->sent = sent;
  return Value::of(step);
}
Fallible<Value> anext(Thread& thread, Value v) { return nextOfAsyncGenerator(thread, self(v)); }
Fallible<Value> athrow(Thread& thread, Value v, const Arguments& arguments) {
  TRY(arguments.noKeywords(thread, "async_generator.athrow"));
  AsyncStep* step = TRY(makeStep(thread, self(v), athrowType));
  step->thrown = TRY(makeTuple(thread, arguments.positionals()));
  return Value::of(step);
}
Fallible<Value> aclose(Thread& thread, Value v) { return Value::of(TRY(makeStep(thread, self(v), athrowType))); }
Fallible<Value> running(Thread&, Value v) { return Value::boolean(self(v)->awaited); }

// --- anext() with a default -------------------------------------------------------------------------------------------
// The awaitable that gives `fallback` when the one it wraps ends with StopAsyncIteration.
struct AnextAwaitable : NativeObject {
  Field<Value> wrapped, fallback;
};
void traceAnext(Cell* cell, Marker& marker) {
  auto* awaitable = static_cast<AnextAwaitable*>(cell);
  marker.mark(awaitable->wrapped);
  marker.mark(awaitable->fallback);
}
constexpr NativeTraits kAnextTraits{"anext_awaitable", traceAnext, nullptr};

// A coroutine is its own iterator here, even while it is being awaited.
Fallible<Value> iteratorOf(Thread& thread, AnextAwaitable* awaitable) {
  if (typeOf(awaitable->wrapped) == types.coroutine) return awaitable->wrapped.get();
  return getAwaitable(thread, awaitable->wrapped, 0);
}
Fallible<Value> orFallback(Thread& thread, AnextAwaitable* awaitable, Fallible<Value> result) {
  if (!result.isRaised() || !pendingMatches(thread, exceptions.StopAsyncIteration)) return result;
  clearException(thread);
  return yieldedOrStop(thread, Value::unbound(), awaitable->fallback);
}
Fallible<Value> anextNext(Thread& thread, Value v) {
  auto* awaitable = v.as<AnextAwaitable>();
  Value iterator = TRY(iteratorOf(thread, awaitable)), returned = Value::unbound();
  Fallible<Value> result = sendTo(thread, iterator, Value::none(), returned);
  return orFallback(thread, awaitable, yieldedOrStop(thread, result, returned));
}
Fallible<Value> callWrapped(Thread& thread, Value v, Str* method, std::span<const Value> arguments) {
  auto* awaitable = v.as<AnextAwaitable>();
  Value iterator = TRY(iteratorOf(thread, awaitable));
  return orFallback(thread, awaitable, callMethod(thread, iterator, method, arguments));
}
Fallible<Value> anextSend(Thread& thread, Value v, Value sent) {
  return callWrapped(thread, v, names.send, std::span<const Value>(&sent, 1));
}
Fallible<Value> anextThrow(Thread& thread, Value v, const Arguments& arguments) {
  TRY(arguments.noKeywords(thread, "anext_awaitable.throw"));
  return callWrapped(thread, v, TRY(intern(thread, "throw")), arguments.positionals());
}
Fallible<Value> anextClose(Thread& thread, Value v) { return callWrapped(thread, v, names.close, {}); }

}  // namespace

AsyncStep* asyncStep(Value v) { return isNative(v, kStepTraits) ? v.as<AsyncStep>() : nullptr; }

Fallible<Value> sendToStep(Thread& thread, AsyncStep* step, Value sent, Value& returned) {
  if (step->state == AsyncStep::kClosed) return raiseReused(thread, step);
  return step->isThrow ? sendToAthrow(thread, step, sent, returned) : sendToAsend(thread, step, sent, returned);
}

Fallible<Value> nextOfAsyncGenerator(Thread& thread, Generator* generator) {
  return Value::of(TRY(makeStep(thread, generator, asendType)));
}

Fallible<Value> builtinAiter(Thread& thread, Value iterable) {
  Value method = specialMethod(iterable, Special::k__aiter__);
  if (method.isUnbound()) return raiseTypeError(thread, "'{}' object is not an async iterable", nameOf(iterable));
  Value iterator = TRY(callSpecial(thread, method, iterable));
  if (specialMethod(iterator, Special::k__anext__).isUnbound())
    return raiseTypeError(thread, "aiter() returned not an async iterator of type '{}'", nameOf(iterator));
  return iterator;
}

Fallible<Value> builtinAnext(Thread& thread, Value, const Arguments& arguments) {
  TRY(arguments.noKeywords(thread, "anext"));
  TRY(arguments.count(thread, "anext", 1, 2));
  Value iterator = arguments[0], method = specialMethod(iterator, Special::k__anext__);
  if (method.isUnbound()) return raiseTypeError(thread, "'{}' object is not an async iterator", nameOf(iterator));
  Value wrapped = TRY(callSpecial(thread, method, iterator));
  if (arguments.positional == 1) return wrapped;
  auto* awaitable = TRY(allocate<AnextAwaitable>(thread, Kind::kNative, anextType->instanceShape));
  awaitable->traits = &kAnextTraits;
  awaitable->wrapped = wrapped;
  awaitable->fallback = arguments[1];
  return Value::of(awaitable);
}

void initialiseAsyncGenerator(Thread& thread) {
  TypeBuilder generator(thread, "async_generator", types.object, Kind::kGenerator);
  types.asyncGenerator = addGeneratorNames(generator)
                             .special("__aiter__", itself)
                             .special("__anext__", anext)
                             .method("asend", asend)
                             .variadic("athrow", athrow)
                             .method("aclose", aclose)
                             .classMethod("__class_getitem__", classGetItemAlias)
                             .getter("ag_frame", generatorFrame)
                             .getter("ag_await", generatorAwaits)
                             .build();
  TypeBuilder(thread, types.asyncGenerator)
      .constant("ag_running", makeReadOnlyMember(thread, types.asyncGenerator, "ag_running", running))
      .constant("ag_code", makeReadOnlyMember(thread, types.asyncGenerator, "ag_code", generatorCode))
      .build();
  auto awaitable = [&thread](const char* name, Native2 send, NativeVariadic throwInto, Native1 close, Native1 next) {
    TypeBuilder builder(thread, name, types.object, Kind::kNative);
    return builder.special("__await__", itself)
        .special("__iter__", itself)
        .next(next)
        .method("send", send)
        .variadic("throw", throwInto)
        .method("close", close)
        .build();
  };
  asendType = awaitable("async_generator_asend", stepSend, stepThrow, stepClose, stepNext);
  athrowType = awaitable("async_generator_athrow", stepSend, stepThrow, stepClose, stepNext);
  anextType = awaitable("anext_awaitable", anextSend, anextThrow, anextClose, anextNext);
  wrappedType = TypeBuilder(thread, "async_generator_wrapped_value", types.object, Kind::kNative).build();
}

}  // namespace krait
