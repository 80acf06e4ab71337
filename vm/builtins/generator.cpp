// The generator and coroutine types.
#include "vm/builtins/generator.h"

#include "vm/builtins/exception.h"
#include "vm/builtins/frame.h"
#include "vm/builtins/str.h"
#include "vm/builtins/tuple.h"
#include "vm/semantics.h"

namespace krait {
namespace {

Generator* self(Value v) { return v.as<Generator>(); }

Fallible<Value> yieldedOrStop(Thread& thread, Fallible<Value> result, Value returned) {
  if (result.isRaised() || !result.value().isUnbound()) return result;
  if (returned.isNone()) return raiseWithoutArguments(thread, exceptions.StopIteration);
  return raiseWithArgument(thread, exceptions.StopIteration, returned);
}

// __next__: as every built-in iterator, unbound at the end, unless there is a return value to carry.
Fallible<Value> nextValue(Thread& thread, Value v) {
  Value returned = Value::unbound();
  Fallible<Value> result = resumeGenerator(thread, self(v), Value::none(), returned);
  if (result.isRaised() || !result.value().isUnbound() || returned.isNone()) return result;
  return yieldedOrStop(thread, result, returned);
}
Fallible<Value> send(Thread& thread, Value v, Value sent) {
  Value returned = Value::unbound();
  Fallible<Value> result = resumeGenerator(thread, self(v), sent, returned);
  return yieldedOrStop(thread, result, returned);
}

// throw(type[, value[, traceback]])
Fallible<Value> throwException(Thread& thread, Value v, Value type, Value value, Value traceback) {
  Value exception = type;
  if (!traceback.isUnbound() && !traceback.isNone() && !isKind(traceback, Kind::kTraceback))
    return raiseTypeError(thread, "throw() third argument must be a traceback object");
  if (isKind(type, Kind::kType) && (type.as<Type>()->typeFlags & Type::kIsException)) {
    if (!value.isUnbound() && isException(value) && isInstanceOf(value, type.as<Type>()))
      exception = value;
    else if (value.isUnbound() || value.isNone())
      exception = TRY(call(thread, type));
    else if (Tuple* arguments = toTuple(value))
      exception = TRY(call(thread, type, arguments->values()));
    else
      exception = TRY(call(thread, type, value));
  } else if (isException(type)) {
    if (!value.isUnbound() && !value.isNone())
      return raiseTypeError(thread, "instance exception may not have a separate value");
  } else {
    return raiseTypeError(thread, "exceptions must be classes or instances deriving from BaseException, not {}",
                          nameOf(type));
  }
  if (isKind(traceback, Kind::kTraceback)) exception.as<Exception>()->traceback = traceback;
  Value returned = Value::unbound();
  Fallible<Value> result = throwIntoGenerator(thread, self(v), exception, returned);
  return yieldedOrStop(thread, result, returned);
}

Fallible<Value> close(Thread& thread, Value v) {
  TRY(closeGenerator(thread, self(v)));
  return Value::none();
}
Fallible<Value> itself(Thread&, Value v) { return v; }

Fallible<Value> frameGetter(Thread& thread, Value v) {
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
  object->function = generator->function.get();
  object->code = generator->code.get();
  object->generator = generator;
  generator->frameObject = object;
  return Value::of(object);
}
Fallible<Value> running(Thread&, Value v) { return Value::boolean(self(v)->state == Generator::kRunning); }
Fallible<Value> suspended(Thread&, Value v) { return Value::boolean(self(v)->state == Generator::kSuspended); }
Fallible<Value> code(Thread&, Value v) { return Value::of(self(v)->code.get()); }
Fallible<Value> delegate(Thread&, Value v) {
  Value d = generatorDelegate(self(v));
  return d.isUnbound() ? Value::none() : d;
}
Fallible<Value> none(Thread&, Value) { return Value::none(); }

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

TypeBuilder& common(TypeBuilder& builder) {
  return builder.method("send", send)
      .method("throw", throwException, 2)
      .method("close", close)
      .special("__repr__", representation)
      .getter("__name__", getName<&Generator::name>, setName<&Generator::name>)
      .getter("__qualname__", getName<&Generator::qualname>, setName<&Generator::qualname>);
}

}  // namespace

void initialiseGenerator(Thread& thread) {
  TypeBuilder generator(thread, "generator", types.object, Kind::kGenerator);
  types.generator = common(generator)
                        .special("__iter__", itself)
                        .next(nextValue)
                        .getter("gi_frame", frameGetter)
                        .getter("gi_running", running)
                        .getter("gi_suspended", suspended)
                        .getter("gi_code", code)
                        .getter("gi_yieldfrom", delegate)
                        .build();
  TypeBuilder coroutine(thread, "coroutine", types.object, Kind::kGenerator);
  types.coroutine = common(coroutine)
                        .special("__await__", itself)
                        .getter("cr_frame", frameGetter)
                        .getter("cr_running", running)
                        .getter("cr_suspended", suspended)
                        .getter("cr_code", code)
                        .getter("cr_await", delegate)
                        .getter("cr_origin", none)
                        .build();
  TypeBuilder async(thread, "async_generator", types.object, Kind::kGenerator);
  types.asyncGenerator = async.special("__repr__", representation)
                             .getter("ag_frame", frameGetter)
                             .getter("ag_running", running)
                             .getter("ag_code", code)
                             .getter("ag_await", delegate)
                             .build();
}

}  // namespace krait
