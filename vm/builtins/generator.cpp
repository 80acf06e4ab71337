// The generator and coroutine types, and the iterator that a coroutine's __await__ gives.
#include "vm/builtins/generator.h"

#include "vm/builtins/async_generator.h"
#include "vm/builtins/builtin.h"
#include "vm/builtins/frame.h"
#include "vm/builtins/generator_finaliser.h"
#include "vm/builtins/int.h"
#include "vm/builtins/str.h"
#include "vm/builtins/struct_sizes.h"
#include "vm/builtins/type_internal.h"
#include "vm/semantics.h"

namespace krait {

const char* kindOfGenerator(const Generator* generator) {
  Type* type = typeOf(Value::of(generator));
  return type == types.coroutine ? "coroutine" : type == types.asyncGenerator ? "async generator" : "generator";
}

Fallible<Value> yieldedOrStop(Thread& thread, Fallible<Value> result, Value returned) {
  if (result.isRaised() || !result.value().isUnbound()) return result;
  if (returned.isNone()) return raiseWithoutArguments(thread, exceptions.StopIteration);
  return raiseWithArgument(thread, exceptions.StopIteration, returned);
}

Fallible<Thrown> thrownArguments(Thread& thread, const char* function, const Arguments& arguments) {
  TRY(arguments.count(thread, function, 1, 3));
  Thrown thrown{arguments[0]};
  if (arguments.positional > 1) thrown.value = arguments[1];
  if (arguments.positional > 2) thrown.traceback = arguments[2];
  return thrown;
}

namespace {

Generator* self(Value v) { return v.as<Generator>(); }

// __next__: as every built-in iterator, unbound at the end, unless there is a return value to carry.
Fallible<Value> advance(Thread& thread, Generator* generator) {
  Value returned = Value::unbound();
  Fallible<Value> result = resumeGenerator(thread, generator, Value::none(), returned);
  if (result.isRaised() || !result.value().isUnbound() || returned.isNone()) return result;
  return yieldedOrStop(thread, result, returned);
}
Fallible<Value> sendInto(Thread& thread, Generator* generator, Value sent) {
  Value returned = Value::unbound();
  Fallible<Value> result = resumeGenerator(thread, generator, sent, returned);
  return yieldedOrStop(thread, result, returned);
}
Fallible<Value> throwInto(Thread& thread, Generator* generator, const char* function, const Arguments& arguments) {
  TRY(arguments.noKeywords(thread, function));
  Thrown thrown = TRY(thrownArguments(thread, "throw", arguments));
  Value returned = Value::unbound();
  Fallible<Value> result = throwIntoGenerator(thread, generator, thrown, returned);
  return yieldedOrStop(thread, result, returned);
}

Fallible<Value> nextValue(Thread& thread, Value v) { return advance(thread, self(v)); }
Fallible<Value> send(Thread& thread, Value v, Value sent) { return sendInto(thread, self(v), sent); }
Fallible<Value> throwGenerator(Thread& thread, Value v, const Arguments& arguments) {
  return throwInto(thread, self(v), "generator.throw", arguments);
}
Fallible<Value> throwCoroutine(Thread& thread, Value v, const Arguments& arguments) {
  return throwInto(thread, self(v), "coroutine.throw", arguments);
}
Fallible<Value> close(Thread& thread, Value v) {
  TRY(closeGenerator(thread, self(v)));
  return Value::none();
}
Fallible<Value> itself(Thread&, Value v) { return v; }

Fallible<Value> running(Thread&, Value v) { return Value::boolean(self(v)->state == Generator::kRunning); }
Fallible<Value> suspended(Thread&, Value v) { return Value::boolean(self(v)->state == Generator::kSuspended); }
Fallible<Value> origin(Thread&, Value v) { return self(v)->origin.get(); }

template <Field<Str*> Generator::*member>
Fallible<Value> getName(Thread&, Value v) {
  return Value::of((self(v)->*member).get());
}
template <Field<Str*> Generator::*member>
Fallible<void> setName(Thread& thread, Value v, Value value) {
  bool qualified = member == &Generator::qualname;
  if (value.isUnbound() || toStr(value) == nullptr)
    return raiseTypeError(thread, "{} must be set to a string object", qualified ? "__qualname__" : "__name__");
  self(v)->*member = toStr(value);
  return {};
}

Fallible<Value> representation(Thread& thread, Value v) {
  return Value::of(TRY(
      makeStr(thread, fmt::format("<{} object {} at {:#x}>", nameOf(v), strToUtf8(self(v)->qualname), v.bits() - 1))));
}

// --- coroutine_wrapper ------------------------------------------------------------------------------------------------
// An iterator over a coroutine, which is none itself: what __await__ of classes in Python may return.
struct CoroutineWrapper : NativeObject {
  Field<Generator*> coroutine;
};
void traceWrapper(Cell* cell, Marker& marker) { marker.mark(static_cast<CoroutineWrapper*>(cell)->coroutine); }
constexpr NativeTraits kWrapperTraits{"coroutine_wrapper", traceWrapper, nullptr};
Type* wrapperType;  // kept alive by its base, which lists its subclasses

Fallible<Value> coroutineAwait(Thread& thread, Value v) {
  auto* wrapper = TRY(allocate<CoroutineWrapper>(thread, Kind::kNative, wrapperType->instanceShape));
  wrapper->traits = &kWrapperTraits;
  wrapper->coroutine = self(v);
  return Value::of(wrapper);
}
Generator* coroutineOf(Value wrapper) { return wrapper.as<CoroutineWrapper>()->coroutine; }
Fallible<Value> wrapperNext(Thread& thread, Value v) { return advance(thread, coroutineOf(v)); }
Fallible<Value> wrapperSend(Thread& thread, Value v, Value sent) { return sendInto(thread, coroutineOf(v), sent); }
Fallible<Value> wrapperThrow(Thread& thread, Value v, const Arguments& arguments) {
  return throwInto(thread, coroutineOf(v), "coroutine_wrapper.throw", arguments);
}
Fallible<Value> wrapperClose(Thread& thread, Value v) {
  TRY(closeGenerator(thread, coroutineOf(v)));
  return Value::none();
}

}  // namespace

Fallible<Value> generatorFrame(Thread& thread, Value v) {
  Generator* generator = self(v);
  if (generator->state == Generator::kFinished) return Value::none();
  if (generator->frameObject.get() != nullptr) return Value::of(generator->frameObject.get());
  if (generator->state == Generator::kRunning) {
    for (Frame* frame = thread.frame; frame != nullptr; frame = frame->previous)
      if (frame->generator() == generator) return Value::of(TRY(frameObjectOf(thread, frame)));
    return Value::none();
  }
  FrameObject* object = TRY(allocate<FrameObject>(thread, Kind::kFrame, types.frame->instanceShape));
  object->localsDict = Value::unbound();
  object->trace = Value::none();
  object->eventAt = object->placeBefore = object->jumpTo = -1;
  object->function = generator->function.get();
  object->code = generator->code.get();
  object->generator = generator;
  generator->frameObject = object;
  return Value::of(object);
}
Fallible<Value> generatorCode(Thread&, Value v) { return Value::of(self(v)->code.get()); }
Fallible<Value> generatorAwaits(Thread&, Value v) {
  Value d = generatorDelegate(self(v));
  return d.isUnbound() ? Value::none() : d;
}

static Fallible<Value> finalise(Thread& thread, Value v) {
  finaliseGenerator(thread, v.as<Generator>());
  return Value::none();
}
static Fallible<Value> sizeOf(Thread& thread, Value v) { return makeInt(thread, sizeOfObject(v)); }

TypeBuilder& addGeneratorNames(TypeBuilder& builder) {
  return builder.special("__repr__", representation)
      .special("__del__", finalise)
      .method("__sizeof__", sizeOf)
      .getter("__name__", getName<&Generator::name>, setName<&Generator::name>)
      .getter("__qualname__", getName<&Generator::qualname>, setName<&Generator::qualname>);
}

void initialiseGenerator(Thread& thread) {
  TypeBuilder generator(thread, "generator", types.object, Kind::kGenerator);
  types.generator = addGeneratorNames(generator)
                        .method("send", send)
                        .variadic("throw", throwGenerator)
                        .method("close", close)
                        .special("__iter__", itself)
                        .next(nextValue)
                        .getter("gi_frame", generatorFrame)
                        .getter("gi_running", running)
                        .getter("gi_suspended", suspended)
                        .getter("gi_yieldfrom", generatorAwaits)
                        .build();
  TypeBuilder coroutine(thread, "coroutine", types.object, Kind::kGenerator);
  types.coroutine = addGeneratorNames(coroutine)
                        .method("send", send)
                        .variadic("throw", throwCoroutine)
                        .method("close", close)
                        .special("__await__", coroutineAwait)
                        .getter("cr_frame", generatorFrame)
                        .getter("cr_running", running)
                        .getter("cr_suspended", suspended)
                        .getter("cr_await", generatorAwaits)
                        .build();
  TypeBuilder(thread, types.generator)
      .constant("gi_code", makeReadOnlyMember(thread, types.generator, "gi_code", generatorCode))
      .build();
  TypeBuilder(thread, types.coroutine)
      .constant("cr_code", makeReadOnlyMember(thread, types.coroutine, "cr_code", generatorCode))
      .constant("cr_origin", makeReadOnlyMember(thread, types.coroutine, "cr_origin", origin))
      .build();
  wrapperType = TypeBuilder(thread, "coroutine_wrapper", types.object, Kind::kNative)
                    .doc("A wrapper object implementing __await__ for coroutines.")
                    .method("send", wrapperSend)
                    .variadic("throw", wrapperThrow)
                    .method("close", wrapperClose)
                    .special("__iter__", itself)
                    .next(wrapperNext)
                    .build();
  initialiseAsyncGenerator(thread);
  // The collector knows which of them lose something when they die (generator_finaliser.h): it does not ask __del__.
  for (Type* type : {types.generator, types.coroutine, types.asyncGenerator})
    type->special_[static_cast<unsigned>(Special::k__del__)] = Value::unbound();
}

}  // namespace krait
