// _asyncio.Future: a result that will be there later, and whom to tell.
#include "vm/builtins/dict.h"
#include "vm/builtins/exception.h"
#include "vm/builtins/generic_alias.h"
#include "vm/builtins/list.h"
#include "vm/builtins/type_internal.h"
#include "vm/lifetimes.h"
#include "vm/modules/asyncio.h"
#include "vm/modules/contextvars.h"

namespace krait {

void traceFuture(Cell* cell, Marker& marker) {
  auto* future = static_cast<Future*>(cell);
  for (const Field<Value>* field :
       {&future->loop, &future->result, &future->exception, &future->exceptionTraceback, &future->sourceTraceback,
        &future->cancelMessage, &future->cancelledException, &future->callback, &future->context})
    marker.mark(*field);
  marker.mark(future->more);
}
const NativeTraits futureTraits{"_asyncio.Future", traceFuture, nullptr};

void noteFinaliser(Future* future) {
  Type* type = typeOf(Value::of(future));
  bool isNeeded = future->logsTraceback;
  if (type == asyncioTypes.task) {
    auto* task = static_cast<Task*>(future);
    isNeeded = isNeeded || (task->state == Future::kPending && task->logsDestroyPending);
  } else if (type != asyncioTypes.future) {
    return;  // a class in Python may have a __del__ of its own
  }
  future->flags = isNeeded ? 0 : kNothingToFinalise;
}

// --- states -----------------------------------------------------------------------------------------------------------
namespace {

Raised raiseUninitialised(Thread& thread) {
  return raise(thread, exceptions.RuntimeError, "Future object is not initialized.");
}
Fallible<void> requireLoop(Thread& thread, const Future* future) {
  if (future->loop.get().isUnbound()) [[unlikely]]
    return raiseUninitialised(thread);
  return {};
}

void forgetCallbacks(Future* future) {
  future->callback = Value::unbound();
  future->context = Value::unbound();
  future->more = nullptr;
  future->moreCount = 0;
}

// All callbacks are called soon, with the future.
Fallible<void> scheduleCallbacks(Thread& thread, Future* future) {
  Value loop = future->loop, self = Value::of(future);
  if (future->callback.get().isUnbound()) return {};
  Fallible<void> first = callSoon(thread, loop, future->callback, self, future->context);
  ValueArray* more = future->more;
  uint32_t count = future->moreCount;
  forgetCallbacks(future);
  TRY(first);
  for (uint32_t i = 0; i < count; i += 2) TRY(callSoon(thread, loop, more->slots[i], self, more->slots[i + 1]));
  return {};
}

}  // namespace

Fallible<void> initialiseFuture(Thread& thread, Future* future, Value loop) {
  for (Field<Value>* field : {&future->loop, &future->result, &future->exception, &future->exceptionTraceback,
                              &future->sourceTraceback, &future->cancelMessage, &future->cancelledException})
    field->set(Value::unbound());
  forgetCallbacks(future);
  future->state = Future::kPending;
  future->isBlocking = future->logsTraceback = false;
  noteFinaliser(future);
  if (loop.isUnbound() || loop.isNone()) loop = TRY(eventLoop(thread));
  future->loop = loop;
  Value debug = TRY(callMethod(thread, loop, asyncioNames.getDebug, {}));
  if (TRY(isTrue(thread, debug))) {
    Value stack = TRY(call(thread, TRY(asyncioHelper(thread, AsyncioHelper::kExtractStack))));
    future->sourceTraceback = stack;
  }
  return {};
}

Fallible<bool> cancelFuture(Thread& thread, Future* future, Value message) {
  future->logsTraceback = false;
  if (future->state != Future::kPending) {
    noteFinaliser(future);
    return false;
  }
  future->state = Future::kCancelled;
  future->cancelMessage = message;
  noteFinaliser(future);
  TRY(scheduleCallbacks(thread, future));
  return true;
}

Fallible<void> setFutureResult(Thread& thread, Future* future, Value result) {
  TRY(requireLoop(thread, future));
  if (future->state != Future::kPending) return raiseInvalidState(thread, "invalid state");
  future->result = result;
  future->state = Future::kFinished;
  noteFinaliser(future);
  return scheduleCallbacks(thread, future);
}

Fallible<void> setFutureException(Thread& thread, Future* future, Value exception) {
  TRY(requireLoop(thread, future));
  if (future->state != Future::kPending) return raiseInvalidState(thread, "invalid state");
  if (isKind(exception, Kind::kType) && (exception.as<Type>()->typeFlags & Type::kIsException)) {
    exception = TRY(call(thread, exception));
    if (future->state != Future::kPending) return raiseInvalidState(thread, "invalid state");
  }
  if (!isException(exception)) return raiseTypeError(thread, "invalid exception object");
  if (typeOf(exception) == exceptions.StopIteration) {
    return raiseTypeError(thread, "StopIteration interacts badly with generators and cannot be raised into a Future");
  }
  future->exception = exception;
  future->exceptionTraceback = exception.as<Exception>()->traceback;
  future->state = Future::kFinished;
  noteFinaliser(future);
  TRY(scheduleCallbacks(thread, future));
  future->logsTraceback = true;
  noteFinaliser(future);
  return {};
}

Fallible<Value> makeCancelledError(Thread& thread, Future* future) {
  if (Value saved = future->cancelledException; !saved.isUnbound()) {
    future->cancelledException = Value::unbound();
    return saved;
  }
  Value type = TRY(asyncioHelper(thread, AsyncioHelper::kCancelledError)), message = future->cancelMessage;
  if (message.isUnbound() || message.isNone()) return call(thread, type);
  return call(thread, type, message);
}

Fallible<Value> futureOutcome(Thread& thread, Future* future, Value& raised) {
  if (future->state == Future::kCancelled) {
    raised = TRY(makeCancelledError(thread, future));
    return Value::unbound();
  }
  if (future->loop.get().isUnbound()) return raiseInvalidState(thread, "Future object is not initialized.");
  if (future->state == Future::kPending) return raiseInvalidState(thread, "Result is not set.");
  if (future->logsTraceback) {
    future->logsTraceback = false;
    noteFinaliser(future);
  }
  Value exception = future->exception;
  if (exception.isUnbound()) [[likely]]
    return future->result.get();
  exception.as<Exception>()->traceback = future->exceptionTraceback;
  raised = exception;
  return Value::unbound();
}

// --- callbacks --------------------------------------------------------------------------------------------------------
Fallible<void> addCallback(Thread& thread, Future* future, Value callback, Value context) {
  if (context.isUnbound()) context = TRY(copyCurrentContext(thread));
  if (future->state != Future::kPending) return callSoon(thread, future->loop, callback, Value::of(future), context);
  if (future->callback.get().isUnbound()) {
    future->callback = callback;
    future->context = context;
    return {};
  }
  ValueArray* more = future->more;
  if (more == nullptr || future->moreCount + 2 > more->length) {
    ValueArray* larger = TRY(allocateArray(thread, more == nullptr ? 4 : more->length * 2));
    for (uint32_t i = 0; i < future->moreCount; i++) larger->slots[i] = more->slots[i];
    future->more = more = larger;
  }
  more->slots[future->moreCount++] = callback;
  more->slots[future->moreCount++] = context;
  return {};
}

namespace {

uint32_t callbackCount(const Future* future) {
  return future->callback.get().isUnbound() ? 0 : 1 + future->moreCount / 2;
}
void callbackAt(const Future* future, uint32_t i, Value& callback, Value& context) {
  callback = i == 0 ? future->callback.get() : future->more->slots[2 * i - 2];
  context = i == 0 ? future->context.get() : future->more->slots[2 * i - 1];
}

// What == of a callback does to the list while we look at it is taken as it comes: what is there is compared.
Fallible<Value> removeDoneCallback(Thread& thread, Value self, Value callback) {
  Future* future = futureOf(self);
  TRY(requireLoop(thread, future));
  List* kept = TRY(makeList(thread, {}));
  int64_t removed = 0;
  for (uint32_t i = 0; i < callbackCount(future); i++) {
    Value candidate, context;
    callbackAt(future, i, candidate, context);
    if (TRY(equals(thread, candidate, callback))) {
      removed++;
      continue;
    }
    TRY(listAppend(thread, kept, candidate));
    TRY(listAppend(thread, kept, context));
  }
  if (removed == 0) return Value::inlineInt(0);
  bool isEmpty = callbackCount(future) == 0;
  forgetCallbacks(future);
  if (isEmpty) return Value::inlineInt(removed);  // they have been scheduled meanwhile
  uint64_t count = kept->length;
  if (count > 2) {
    ValueArray* more = TRY(allocateArray(thread, count - 2));
    for (uint64_t i = 2; i < count; i++) more->slots[i - 2] = kept->storage->slots[i];
    future->more = more;
    future->moreCount = static_cast<uint32_t>(count - 2);
  }
  if (count > 0) {
    future->callback = kept->storage->slots[0];
    future->context = kept->storage->slots[1];
  }
  return Value::inlineInt(removed);
}

Fallible<Value> addDoneCallback(Thread& thread, Value self, const Arguments& arguments) {
  static constexpr Parameters kParameters{"add_done_callback", {"fn", "/", "*", "context"}, 1};
  uint32_t given = arguments.positional + arguments.keywordCount();
  if (given > 2) return raiseTypeError(thread, "add_done_callback() takes at most 2 arguments ({} given)", given);
  if (arguments.positional != 1)
    return raiseTypeError(thread, "add_done_callback() takes exactly 1 positional argument ({} given)",
                          arguments.positional);
  Value bound[2] = {arguments[0], Value::unbound()};
  if (given == 2) TRY(kParameters.bind(thread, arguments, bound));
  if (futureOf(self)->loop.get().isUnbound())
    return raise(thread, exceptions.RuntimeError, "uninitialized Future object");
  TRY(addCallback(thread, futureOf(self), bound[0], bound[1]));
  return Value::none();
}

// --- methods ----------------------------------------------------------------------------------------------------------
Fallible<Value> futureNew(Thread& thread, Value type, const Arguments&) {
  auto* future = TRY(allocate<Future>(thread, Kind::kNative, type.as<Type>()->instanceShape));
  future->traits = &futureTraits;
  for (Field<Value>* field :
       {&future->loop, &future->result, &future->exception, &future->exceptionTraceback, &future->sourceTraceback,
        &future->cancelMessage, &future->cancelledException, &future->callback, &future->context})
    field->set(Value::unbound());
  noteFinaliser(future);
  return Value::of(future);
}
Fallible<Value> futureInit(Thread& thread, Value self, const Arguments& arguments) {
  static constexpr Parameters kParameters{"Future", {"*", "loop"}, 0};
  Value loop = Value::unbound();
  if (arguments.positional + arguments.keywordCount() > 0) TRY(kParameters.bind(thread, arguments, &loop));
  TRY(initialiseFuture(thread, futureOf(self), loop));
  return Value::none();
}

Fallible<Value> result(Thread& thread, Value self) {
  Value raised = Value::unbound(), value = TRY(futureOutcome(thread, futureOf(self), raised));
  if (value.isUnbound()) return raiseInstance(thread, raised);
  return value;
}
Fallible<Value> exceptionOfFuture(Thread& thread, Value self) {
  Future* future = futureOf(self);
  if (future->loop.get().isUnbound()) return raiseInvalidState(thread, "Future object is not initialized.");
  if (future->state == Future::kCancelled) return raiseInstance(thread, TRY(makeCancelledError(thread, future)));
  if (future->state != Future::kFinished) return raiseInvalidState(thread, "Exception is not set.");
  future->logsTraceback = false;
  noteFinaliser(future);
  return future->exception.get().isUnbound() ? Value::none() : future->exception.get();
}
Fallible<Value> setResult(Thread& thread, Value self, Value value) {
  TRY(setFutureResult(thread, futureOf(self), value));
  return Value::none();
}
Fallible<Value> setException(Thread& thread, Value self, Value exception) {
  TRY(setFutureException(thread, futureOf(self), exception));
  return Value::none();
}
Fallible<Value> cancel(Thread& thread, Value self, const Arguments& arguments) {
  static constexpr Parameters kParameters{"cancel", {"msg"}, 0};
  Value message = Value::none();
  if (arguments.positional + arguments.keywordCount() > 0) TRY(kParameters.bind(thread, arguments, &message));
  TRY(requireLoop(thread, futureOf(self)));
  return Value::boolean(TRY(cancelFuture(thread, futureOf(self), message)));
}
Fallible<Value> cancelled(Thread&, Value self) { return Value::boolean(futureOf(self)->state == Future::kCancelled); }
Fallible<Value> done(Thread&, Value self) { return Value::boolean(futureOf(self)->state != Future::kPending); }
Fallible<Value> getLoop(Thread& thread, Value self) {
  TRY(requireLoop(thread, futureOf(self)));
  return futureOf(self)->loop.get();
}
Fallible<Value> cancelledError(Thread& thread, Value self) { return makeCancelledError(thread, futureOf(self)); }
Fallible<Value> futureIter(Thread& thread, Value self) {
  TRY(requireLoop(thread, futureOf(self)));
  return makeFutureIterator(thread, futureOf(self));
}
Fallible<Value> representation(Thread& thread, Value self) {
  TRY(requireLoop(thread, futureOf(self)));
  return call(thread, TRY(asyncioHelper(thread, AsyncioHelper::kFutureRepr)), self);
}

// --- attributes -------------------------------------------------------------------------------------------------------
Value orNone(Value v) { return v.isUnbound() ? Value::none() : v; }

Fallible<Value> getState(Thread& thread, Value self) {
  TRY(requireLoop(thread, futureOf(self)));
  return asyncioNames.states[futureOf(self)->state];
}
Fallible<Value> getBlocking(Thread&, Value self) { return Value::boolean(futureOf(self)->isBlocking); }
Fallible<void> setBlocking(Thread& thread, Value self, Value value) {
  if (value.isUnbound()) return raise(thread, exceptions.AttributeError, "cannot delete attribute");
  futureOf(self)->isBlocking = TRY(isTrue(thread, value));
  return {};
}
template <Field<Value> Future::*member>
Fallible<Value> getField(Thread&, Value self) {
  return orNone(futureOf(self)->*member);
}
template <Field<Value> Future::*member>
Fallible<Value> getReady(Thread& thread, Value self) {
  TRY(requireLoop(thread, futureOf(self)));
  return orNone(futureOf(self)->*member);
}
Fallible<Value> getCallbacks(Thread& thread, Value self) {
  Future* future = futureOf(self);
  TRY(requireLoop(thread, future));
  uint32_t count = callbackCount(future);
  if (count == 0) return Value::none();
  List* list = TRY(makeList(thread, {}));
  for (uint32_t i = 0; i < count; i++) {
    Value callback, context;
    callbackAt(future, i, callback, context);
    TRY(listAppend(thread, list, Value::of(TRY(makeTuple(thread, {callback, context})))));
  }
  return Value::of(list);
}
Fallible<Value> getLogs(Thread& thread, Value self) {
  TRY(requireLoop(thread, futureOf(self)));
  return Value::boolean(futureOf(self)->logsTraceback);
}
Fallible<void> setLogs(Thread& thread, Value self, Value value) {
  if (value.isUnbound()) return raise(thread, exceptions.AttributeError, "cannot delete attribute");
  if (TRY(isTrue(thread, value))) return raiseValueError(thread, "_log_traceback can only be set to False");
  futureOf(self)->logsTraceback = false;
  noteFinaliser(futureOf(self));
  return {};
}
Fallible<void> setMessage(Thread& thread, Value self, Value value) {
  if (value.isUnbound()) return raise(thread, exceptions.AttributeError, "cannot delete attribute");
  futureOf(self)->cancelMessage = value;
  return {};
}

}  // namespace

void tellExceptionHandler(Thread& thread, Value loop, Dict* report) {
  Fallible<Value> handler = getAttribute(thread, loop, asyncioNames.callExceptionHandler);
  if (handler.isRaised()) return clearException(thread);  // a loop without one does not want to know
  if (call(thread, handler.value(), Value::of(report)).isRaised()) writeUnraisable(thread, handler.value());
}

// The exception that nobody has looked at goes to the loop's handler.
Fallible<Value> finaliseFuture(Thread& thread, Value self) {
  Future* future = futureOf(self);
  if (!future->logsTraceback) return Value::none();
  future->logsTraceback = false;
  noteFinaliser(future);
  Dict* report = TRY(makeDict(thread));
  auto add = [&](const char* key, Value value) -> Fallible<void> {
    return dictSetStr(thread, report, TRY(intern(thread, key)), value);
  };
  std::string message = strToUtf8(typeOf(self)->name) + " exception was never retrieved";
  TRY(add("message", TRY(makeStrValue(thread, message))));
  TRY(add("exception", orNone(future->exception)));
  TRY(add("future", self));
  if (!future->sourceTraceback.get().isUnbound()) TRY(add("source_traceback", future->sourceTraceback));
  tellExceptionHandler(thread, future->loop, report);
  return Value::none();
}

void declareFutureMethods(TypeBuilder& builder) {
  builder.special("__iter__", futureIter)
      .special("__await__", futureIter)
      .method("result", result)
      .method("exception", exceptionOfFuture)
      .variadic("add_done_callback", addDoneCallback)
      .method("remove_done_callback", removeDoneCallback)
      .method("cancelled", cancelled)
      .method("done", done)
      .method("_make_cancelled_error", cancelledError)
      .classMethod("__class_getitem__", classGetItemAlias)
      .getter("_state", getState)
      .getter("_asyncio_future_blocking", getBlocking, setBlocking)
      .getter("_loop", getField<&Future::loop>)
      .getter("_callbacks", getCallbacks)
      .getter("_result", getReady<&Future::result>)
      .getter("_exception", getReady<&Future::exception>)
      .getter("_log_traceback", getLogs, setLogs)
      .getter("_source_traceback", getField<&Future::sourceTraceback>)
      .getter("_cancel_message", getField<&Future::cancelMessage>, setMessage);
}

void declareFuture(Thread& thread) {
  TypeBuilder builder(thread, "Future", types.object, Kind::kNative);
  builder.module("_asyncio")
      .flags(Type::kBaseType | Type::kInstantiable | Type::kHasDict | Type::kHasWeakref)
      .doc("A result that will be there later: concurrent.futures.Future for coroutines of one event loop.")
      .constructor(futureNew)
      .specialVariadic("__init__", futureInit)
      .special("__del__", finaliseFuture)
      .special("__repr__", representation);
  declareFutureMethods(builder);
  asyncioTypes.future = keepType(builder.method("set_result", setResult)
                                     .method("set_exception", setException)
                                     .variadic("cancel", cancel)
                                     .method("get_loop", getLoop)
                                     .build());
}

// --- awaiting ---------------------------------------------------------------------------------------------------------
namespace {

void traceIterator(Cell* cell, Marker& marker) { marker.mark(static_cast<FutureIterator*>(cell)->future); }

Fallible<Value> iteratorSend(Thread& thread, Value self, Value) {
  Value returned = Value::unbound(), value = TRY(sendToFutureIterator(thread, self.as<FutureIterator>(), returned));
  if (!value.isUnbound()) return value;
  if (returned.isNone()) return raiseWithoutArguments(thread, exceptions.StopIteration);
  // One argument, whatever it is: a tuple, too.
  return raiseInstance(thread, TRY(call(thread, Value::of(exceptions.StopIteration), returned)));
}
Fallible<Value> iteratorNextOrEnd(Thread& thread, Value self) {
  Value returned = Value::unbound(), value = TRY(sendToFutureIterator(thread, self.as<FutureIterator>(), returned));
  if (!value.isUnbound() || returned.isNone()) return value;
  return raiseInstance(thread, TRY(call(thread, Value::of(exceptions.StopIteration), returned)));
}
Fallible<Value> iteratorClose(Thread&, Value self) {
  self.as<FutureIterator>()->future = nullptr;
  return Value::none();
}
Fallible<Value> iteratorSelf(Thread&, Value self) { return self; }

Fallible<Value> iteratorThrow(Thread& thread, Value self, const Arguments& arguments) {
  TRY(arguments.noKeywords(thread, "FutureIter.throw"));
  TRY(arguments.count(thread, "throw", 1, 3));
  Value type = arguments[0];
  Value value = arguments.positional > 1 ? arguments[1] : Value::none();
  Value traceback = arguments.positional > 2 ? arguments[2] : Value::none();
  if (!traceback.isNone() && !isKind(traceback, Kind::kTraceback))
    return raiseTypeError(thread, "throw() third argument must be a traceback");
  Value exception = type;
  if (isKind(type, Kind::kType) && (type.as<Type>()->typeFlags & Type::kIsException)) {
    if (value.isNone())
      exception = TRY(call(thread, type));
    else if (Tuple* tuple = toTuple(value))
      exception = TRY(call(thread, type, tuple->values()));
    else if (isException(value) && isInstanceOf(value, type.as<Type>()))
      exception = value;
    else
      exception = TRY(call(thread, type, value));
    if (!isException(exception))
      return raiseTypeError(thread, "calling {} should have returned an instance of BaseException, not {}",
                            strToUtf8(TRY(repr(thread, type))), nameOf(exception));
  } else if (!isException(type)) {
    return raiseTypeError(thread, "exceptions must be classes deriving BaseException or instances of such a class");
  } else if (!value.isNone()) {
    return raiseTypeError(thread, "instance exception may not have a separate value");
  }
  if (!traceback.isNone()) exception.as<Exception>()->traceback = traceback;
  self.as<FutureIterator>()->future = nullptr;
  thread.exception = exception;  // as it is, without the context of what the caller handles
  return Raised{};
}

}  // namespace

const NativeTraits futureIteratorTraits{"_asyncio.FutureIter", traceIterator, nullptr};

Fallible<Value> makeFutureIterator(Thread& thread, Future* future) {
  auto* iterator = TRY(allocate<FutureIterator>(thread, Kind::kNative, asyncioTypes.futureIterator->instanceShape));
  iterator->traits = &futureIteratorTraits;
  iterator->future = future;
  return Value::of(iterator);
}

Fallible<Value> sendToFutureIterator(Thread& thread, FutureIterator* iterator, Value& returned) {
  Future* future = iterator->future;
  if (future == nullptr) {
    returned = Value::none();
    return Value::unbound();
  }
  if (future->state == Future::kPending) {
    if (future->isBlocking) return raise(thread, exceptions.RuntimeError, "await wasn't used with future");
    future->isBlocking = true;
    return Value::of(future);
  }
  iterator->future = nullptr;
  Value raised = Value::unbound();
  returned = TRY(futureOutcome(thread, future, raised));
  if (returned.isUnbound()) return raiseInstance(thread, raised);
  return Value::unbound();
}

void declareFutureIterator(Thread& thread) {
  asyncioTypes.futureIterator = keepType(TypeBuilder(thread, "FutureIter", types.object, Kind::kNative)
                                             .module("_asyncio")
                                             .special("__iter__", iteratorSelf)
                                             .next(iteratorNextOrEnd)
                                             .method("send", iteratorSend)
                                             .variadic("throw", iteratorThrow)
                                             .method("close", iteratorClose)
                                             .build());
}

}  // namespace krait
