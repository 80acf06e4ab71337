// What a task does each time the event loop comes to it: one step of its coroutine, and waiting for what that awaits.
#include "vm/builtins/exception.h"
#include "vm/builtins/generator.h"
#include "vm/builtins/type_internal.h"
#include "vm/lifetimes.h"
#include "vm/modules/asyncio.h"
#include "vm/names.h"
#include "vm/semantics.h"

namespace krait {
namespace {

// What the loop calls for a step. A task has one of its own; one that throws is made for the occasion.
struct TaskStep : NativeObject {
  Field<Task*> task;
  Field<Value> exception;  // unbound: none
};
void traceTaskStep(Cell* cell, Marker& marker) {
  marker.mark(static_cast<TaskStep*>(cell)->task);
  marker.mark(static_cast<TaskStep*>(cell)->exception);
}
constexpr NativeTraits kStepTraits{"TaskStepMethWrapper", traceTaskStep, nullptr};

Fallible<Value> makeStep(Thread& thread, Task* task, Value exception) {
  auto* step = TRY(allocate<TaskStep>(thread, Kind::kNative, asyncioTypes.taskStep->instanceShape));
  step->traits = &kStepTraits;
  step->task = task;
  step->exception = exception;
  return Value::of(step);
}

Fallible<Value> wakeUp(Thread& thread, Value self, const Arguments& arguments);

// The callback that a future the task waits for gets.
Fallible<Value> wakeUpOf(Thread& thread, Task* task) {
  if (task->wakeUp.get().isUnbound()) {
    Builtin* function = TRY(makeBuiltin(thread, "task_wakeup", wakeUp));
    function->self = Value::of(task);
    function->doc = Value::none();
    function->owner = Value::unbound();
    task->wakeUp = Value::of(function);
  }
  return task->wakeUp.get();
}

// --- what the coroutine yielded ---------------------------------------------------------------------------------------
template <class... A>
Fallible<void> scheduleError(Thread& thread, Task* task, fmt::format_string<A...> format, A&&... arguments) {
  Value message = TRY(makeStrValue(thread, fmt::format(format, std::forward<A>(arguments)...)));
  return scheduleStep(thread, task, TRY(call(thread, Value::of(exceptions.RuntimeError), message)));
}
Fallible<std::string> shown(Thread& thread, Value v) { return strToUtf8(TRY(repr(thread, v))); }

Fallible<void> refuseOtherLoop(Thread& thread, Task* task, Value awaited) {
  std::string text = TRY(shown(thread, Value::of(task)));
  return scheduleError(thread, task, "Task {} got Future {} attached to a different loop", text,
                       TRY(shown(thread, awaited)));
}
Fallible<void> refusePlainYield(Thread& thread, Task* task, Value yielded) {
  std::string text = TRY(shown(thread, Value::of(task)));
  return scheduleError(thread, task, "yield was used instead of yield from in task {} with {}", text,
                       TRY(shown(thread, yielded)));
}

Fallible<void> waitForNative(Thread& thread, Task* task, Future* awaited) {
  Value value = Value::of(awaited);
  if (!awaited->loop.get().is(task->loop)) return refuseOtherLoop(thread, task, value);
  if (!awaited->isBlocking) return refusePlainYield(thread, task, value);
  awaited->isBlocking = false;
  TRY(addCallback(thread, awaited, TRY(wakeUpOf(thread, task)), task->taskContext));
  task->waiter = value;
  if (!task->mustCancel) return {};
  bool isTask = typeOf(value) == asyncioTypes.task;
  Value message = task->cancelMessage.get().isUnbound() ? Value::none() : task->cancelMessage.get();
  if (TRY(isTask ? cancelTask(thread, taskOf(value), message) : cancelFuture(thread, awaited, message)))
    task->mustCancel = false;
  return {};
}

// Anything that says by `_asyncio_future_blocking` that it is like a future.
Fallible<void> waitForOther(Thread& thread, Task* task, Value awaited, Value blocking) {
  bool isBlocking = TRY(isTrue(thread, blocking));
  Value getLoop = TRY(getAttributeOrUnbound(thread, awaited, asyncioNames.getLoop));
  Value loop = getLoop.isUnbound() ? TRY(getAttribute(thread, awaited, asyncioNames.loop)) : TRY(call(thread, getLoop));
  if (!loop.is(task->loop)) return refuseOtherLoop(thread, task, awaited);
  if (!isBlocking) return refusePlainYield(thread, task, awaited);
  TRY(setAttribute(thread, awaited, asyncioNames.blocking, Value::boolean(false)));
  Value add = TRY(getAttribute(thread, awaited, asyncioNames.addDoneCallback));
  Value arguments[] = {TRY(wakeUpOf(thread, task)), task->taskContext};
  TRY(call(thread, add, std::span<const Value>(arguments), asyncioNames.contextKeyword));
  task->waiter = awaited;
  if (!task->mustCancel) return {};
  Value message = task->cancelMessage.get().isUnbound() ? Value::none() : task->cancelMessage.get();
  Value cancel = TRY(getAttribute(thread, awaited, asyncioNames.cancel));
  Value answer = TRY(call(thread, cancel, std::span<const Value>(&message, 1), asyncioNames.msgKeyword));
  if (TRY(isTrue(thread, answer))) task->mustCancel = false;
  return {};
}

Fallible<void> afterYield(Thread& thread, Task* task, Value yielded) {
  if (yielded.is(Value::of(task))) {
    return scheduleError(thread, task, "Task cannot await on itself: {}", TRY(shown(thread, yielded)));
  }
  if (isExactFuture(yielded)) return waitForNative(thread, task, futureOf(yielded));
  if (yielded.isNone()) return scheduleStep(thread, task, Value::unbound());
  Value blocking = TRY(getAttributeOrUnbound(thread, yielded, asyncioNames.blocking));
  if (!blocking.isUnbound() && !blocking.isNone()) return waitForOther(thread, task, yielded, blocking);
  if (typeOf(yielded) == types.generator) {
    std::string text = TRY(shown(thread, Value::of(task)));
    return scheduleError(thread, task, "yield was used instead of yield from for generator in task {} with {}", text,
                         TRY(shown(thread, yielded)));
  }
  return scheduleError(thread, task, "Task got bad yield: {}", TRY(shown(thread, yielded)));
}

// --- a step -----------------------------------------------------------------------------------------------------------
// What the coroutine yields next; unbound when it has returned `returned`.
Fallible<Value> advance(Thread& thread, Value coroutine, Value exception, Value& returned) {
  bool isNative = isKind(coroutine, Kind::kGenerator) && typeOf(coroutine) != types.asyncGenerator;
  if (exception.isUnbound()) {
    if (isNative) return resumeGenerator(thread, coroutine.as<Generator>(), Value::none(), returned);
    if (!specialMethod(coroutine, Special::k__next__).isUnbound())
      return sendTo(thread, coroutine, Value::none(), returned);
  } else if (isNative) {
    return throwIntoGenerator(thread, coroutine.as<Generator>(), Thrown{exception}, returned);
  }
  Value argument = exception.isUnbound() ? Value::none() : exception;
  Str* method = exception.isUnbound() ? names.send : asyncioNames.throw_;
  Fallible<Value> result = callMethod(thread, coroutine, method, std::span<const Value>(&argument, 1));
  if (!result.isRaised() || !pendingMatches(thread, exceptions.StopIteration)) return result;
  returned = takeException(thread).as<Exception>()->fields[ExceptionField::kValue].get();
  if (returned.isUnbound()) returned = Value::none();
  return Value::unbound();
}

// The coroutine has raised: so ends the task. What would end the program goes on to the loop, too.
Fallible<void> afterRaise(Thread& thread, Task* task) {
  Value exception = takeException(thread);
  Value cancelledError = TRY(asyncioHelper(thread, AsyncioHelper::kCancelledError));
  if (isKind(cancelledError, Kind::kType) && isInstanceOf(exception, cancelledError.as<Type>())) {
    task->cancelledException = exception;
    TRY(cancelFuture(thread, task, Value::none()));
    return {};
  }
  bool endsProgram =
      isInstanceOf(exception, exceptions.KeyboardInterrupt) || isInstanceOf(exception, exceptions.SystemExit);
  TRY(setFutureException(thread, task, exception));
  if (!endsProgram) return {};
  thread.exception = exception;
  return Raised{};
}

Fallible<void> stepOnce(Thread& thread, Task* task, Value exception) {
  if (task->mustCancel) {
    bool isCancellation = false;
    if (!exception.isUnbound())
      isCancellation = TRY(isInstance(thread, exception, TRY(asyncioHelper(thread, AsyncioHelper::kCancelledError))));
    if (!isCancellation) exception = TRY(makeCancelledError(thread, task));
    task->mustCancel = false;
  }
  task->waiter = Value::unbound();
  Value returned = Value::unbound();
  Fallible<Value> yielded = advance(thread, task->coroutine, exception, returned);
  if (yielded.isRaised()) return afterRaise(thread, task);
  if (!yielded.value().isUnbound()) return afterYield(thread, task, yielded.value());
  if (!task->mustCancel) return setFutureResult(thread, task, returned);
  task->mustCancel = false;  // cancelled right before it returned
  Value message = task->cancelMessage.get().isUnbound() ? Value::none() : task->cancelMessage.get();
  TRY(cancelFuture(thread, task, message));
  return {};
}

Fallible<Value> runStep(Thread& thread, Task* task, Value exception) {
  Value self = Value::of(task), loop = task->loop;
  if (task->state != Future::kPending) {
    std::string text = TRY(shown(thread, self));
    return raiseInvalidState(thread, fmt::format("_step(): already done: {} {}", text,
                                                 exception.isUnbound() ? "None" : TRY(shown(thread, exception))));
  }
  if (loop.isUnbound() || task->coroutine.get().isUnbound())
    return raise(thread, exceptions.RuntimeError, "Future object is not initialized.");
  KRAIT_CHECK_NATIVE_STACK(thread, " while calling a Python object");
  TRY(enterTask(thread, loop, self));
  if (!stepOnce(thread, task, exception).isRaised()) {
    TRY(leaveTask(thread, loop, self));
    return Value::none();
  }
  Value pending = takeException(thread);
  Fallible<void> left = leaveTask(thread, loop, self);
  if (left.isRaised()) return Raised{};
  thread.exception = pending;
  return Raised{};
}

Fallible<Value> stepCall(Thread& thread, Value self, const Arguments& arguments) {
  if (arguments.keywordCount() > 0) return raiseTypeError(thread, "function takes no keyword arguments");
  if (arguments.positional > 0) return raiseTypeError(thread, "function takes no positional arguments");
  auto* step = self.as<TaskStep>();
  return runStep(thread, step->task, step->exception);
}
Fallible<Value> stepSelf(Thread&, Value self) { return Value::of(self.as<TaskStep>()->task.get()); }

Fallible<Value> wakeUp(Thread& thread, Value self, const Arguments& arguments) {
  if (arguments.keywordCount() > 0)
    return raiseTypeError(thread, "{}.task_wakeup() takes no keyword arguments", strToUtf8(typeOf(self)->name));
  if (arguments.positional != 1)
    return raiseTypeError(thread, "{}.task_wakeup() takes exactly one argument ({} given)",
                          strToUtf8(typeOf(self)->name), arguments.positional);
  Value future = arguments[0], raised = Value::unbound();
  Fallible<Value> result = isExactFuture(future) ? futureOutcome(thread, futureOf(future), raised)
                                                 : callMethod(thread, future, asyncioNames.result, {});
  if (result.isRaised()) raised = takeException(thread);
  return runStep(thread, taskOf(self), raised);
}

}  // namespace

Fallible<void> scheduleStep(Thread& thread, Task* task, Value exception) {
  Value step;
  if (!exception.isUnbound()) {
    step = TRY(makeStep(thread, task, exception));
  } else {
    if (task->step.get().isUnbound()) task->step = TRY(makeStep(thread, task, exception));
    step = task->step;
  }
  return callSoon(thread, task->loop, step, Value::unbound(), task->taskContext);
}

void declareTaskSteps(Thread& thread) {
  asyncioTypes.taskStep = keepType(TypeBuilder(thread, "TaskStepMethWrapper", types.object, Kind::kNative)
                                       .specialVariadic("__call__", stepCall)
                                       .getter("__self__", stepSelf)
                                       .build());
}

}  // namespace krait
