// _asyncio.Task: a future that drives a coroutine; its construction, attributes and methods.
#include "vm/builtins/dict.h"
#include "vm/builtins/exception.h"
#include "vm/builtins/type_internal.h"
#include "vm/lifetimes.h"
#include "vm/modules/asyncio.h"
#include "vm/modules/contextvars.h"

namespace krait {

static void traceTask(Cell* cell, Marker& marker) {
  traceFuture(cell, marker);
  auto* task = static_cast<Task*>(cell);
  for (const Field<Value>* field :
       {&task->coroutine, &task->taskContext, &task->waiter, &task->name, &task->step, &task->wakeUp})
    marker.mark(*field);
}
const NativeTraits taskTraits{"_asyncio.Task", traceTask, nullptr};

Fallible<bool> cancelTask(Thread& thread, Task* task, Value message) {
  task->logsTraceback = false;
  noteFinaliser(task);
  if (task->state != Future::kPending) return false;
  task->cancelRequests++;
  if (Value waiter = task->waiter; !waiter.isUnbound()) {
    bool isCancelled;
    if (waiter.isCell() && typeOf(waiter) == asyncioTypes.future) {
      isCancelled = TRY(cancelFuture(thread, futureOf(waiter), message));
    } else if (waiter.isCell() && typeOf(waiter) == asyncioTypes.task) {
      KRAIT_CHECK_NATIVE_STACK(thread, "");
      isCancelled = TRY(cancelTask(thread, taskOf(waiter), message));
    } else {
      Value cancel = TRY(getAttribute(thread, waiter, asyncioNames.cancel));
      Value answer = TRY(call(thread, cancel, std::span<const Value>(&message, 1), asyncioNames.msgKeyword));
      isCancelled = TRY(isTrue(thread, answer));
    }
    if (isCancelled) return true;
  }
  task->mustCancel = true;
  task->cancelMessage = message;
  return true;
}

namespace {

uint64_t tasksMade = 0;

Value orNone(Value v) { return v.isUnbound() ? Value::none() : v; }

Fallible<Value> taskNew(Thread& thread, Value type, const Arguments&) {
  auto* task = TRY(allocate<Task>(thread, Kind::kNative, type.as<Type>()->instanceShape));
  task->traits = &taskTraits;
  for (Field<Value>* field :
       {&task->loop, &task->result, &task->exception, &task->exceptionTraceback, &task->sourceTraceback,
        &task->cancelMessage, &task->cancelledException, &task->callback, &task->context, &task->coroutine,
        &task->taskContext, &task->waiter, &task->step, &task->wakeUp})
    field->set(Value::unbound());
  task->name = Value::none();
  noteFinaliser(task);
  return Value::of(task);
}

Fallible<Value> taskInit(Thread& thread, Value self, const Arguments& arguments) {
  static constexpr Parameters kParameters{"Task", {"coro", "*", "loop", "name", "context"}, 1};
  Value bound[4];
  TRY(kParameters.bind(thread, arguments, bound));
  auto [coroutine, loop, name, context] = bound;
  Task* task = taskOf(self);
  TRY(initialiseFuture(thread, task, loop));
  bool isCoroutine = typeOf(coroutine) == types.coroutine;
  if (!isCoroutine) {
    Value check = TRY(asyncioHelper(thread, AsyncioHelper::kIsCoroutine));
    isCoroutine = TRY(isTrue(thread, TRY(call(thread, check, coroutine))));
  }
  if (!isCoroutine) {
    task->logsDestroyPending = false;
    noteFinaliser(task);
    return raiseTypeError(thread, "a coroutine was expected, got {}", strToUtf8(TRY(repr(thread, coroutine))));
  }
  task->taskContext = context.isUnbound() || context.isNone() ? TRY(copyCurrentContext(thread)) : context;
  task->waiter = Value::unbound();
  task->mustCancel = false;
  task->logsDestroyPending = true;
  task->cancelRequests = 0;
  task->coroutine = coroutine;
  noteFinaliser(task);
  if (name.isUnbound() || name.isNone()) {
    task->number = ++tasksMade;
    task->name = Value::unbound();
  } else {
    task->name = typeOf(name) == types.str ? name : Value::of(TRY(str(thread, name)));
  }
  TRY(scheduleStep(thread, task, Value::unbound()));
  TRY(registerTask(thread, self));
  return Value::none();
}

// --- methods ----------------------------------------------------------------------------------------------------------
Fallible<Value> cancel(Thread& thread, Value self, const Arguments& arguments) {
  static constexpr Parameters kParameters{"cancel", {"msg"}, 0};
  Value message = Value::none();
  if (arguments.positional + arguments.keywordCount() > 0) TRY(kParameters.bind(thread, arguments, &message));
  return Value::boolean(TRY(cancelTask(thread, taskOf(self), message)));
}
Fallible<Value> cancelling(Thread& thread, Value self) { return makeInt(thread, taskOf(self)->cancelRequests); }
Fallible<Value> uncancel(Thread& thread, Value self) {
  Task* task = taskOf(self);
  if (task->cancelRequests > 0) task->cancelRequests--;
  return makeInt(thread, task->cancelRequests);
}
Fallible<Value> setResult(Thread& thread, Value, Value) {
  return raise(thread, exceptions.RuntimeError, "Task does not support set_result operation");
}
Fallible<Value> setException(Thread& thread, Value, Value) {
  return raise(thread, exceptions.RuntimeError, "Task does not support set_exception operation");
}
Fallible<Value> noPositionals(Thread& thread, const char* function, const Arguments& arguments) {
  if (arguments.positional > 0) return raiseTypeError(thread, "{}() takes no positional arguments", function);
  return Value::none();
}
Fallible<Value> getStack(Thread& thread, Value self, const Arguments& arguments) {
  static constexpr Parameters kParameters{"get_stack", {"*", "limit"}, 0};
  TRY(noPositionals(thread, "get_stack", arguments));
  Value limit;
  TRY(kParameters.bind(thread, arguments, &limit));
  return call(thread, TRY(asyncioHelper(thread, AsyncioHelper::kTaskGetStack)), self, orNone(limit));
}
Fallible<Value> printStack(Thread& thread, Value self, const Arguments& arguments) {
  static constexpr Parameters kParameters{"print_stack", {"*", "limit", "file"}, 0};
  TRY(noPositionals(thread, "print_stack", arguments));
  Value bound[2];
  TRY(kParameters.bind(thread, arguments, bound));
  Value print = TRY(asyncioHelper(thread, AsyncioHelper::kTaskPrintStack));
  return call(thread, print, self, orNone(bound[0]), orNone(bound[1]));
}
Fallible<Value> getName(Thread& thread, Value self) {
  Task* task = taskOf(self);
  if (task->name.get().isUnbound()) task->name = TRY(makeStrValue(thread, fmt::format("Task-{}", task->number)));
  return task->name.get();
}
Fallible<Value> setName(Thread& thread, Value self, Value name) {
  Value text = typeOf(name) == types.str ? name : Value::of(TRY(str(thread, name)));
  taskOf(self)->name = text;
  return Value::none();
}
Fallible<Value> getCoroutine(Thread&, Value self) { return orNone(taskOf(self)->coroutine); }
Fallible<Value> getLoop(Thread& thread, Value self) {
  if (futureOf(self)->loop.get().isUnbound())
    return raise(thread, exceptions.RuntimeError, "Future object is not initialized.");
  return futureOf(self)->loop.get();
}
Fallible<Value> representation(Thread& thread, Value self) {
  TRY(getLoop(thread, self));
  return call(thread, TRY(asyncioHelper(thread, AsyncioHelper::kTaskRepr)), self);
}

// --- attributes -------------------------------------------------------------------------------------------------------
Fallible<Value> getMustCancel(Thread&, Value self) { return Value::boolean(taskOf(self)->mustCancel); }
Fallible<Value> getWaiter(Thread&, Value self) { return orNone(taskOf(self)->waiter); }
Fallible<Value> getLogs(Thread&, Value self) { return Value::boolean(taskOf(self)->logsDestroyPending); }
Fallible<void> setLogs(Thread& thread, Value self, Value value) {
  if (value.isUnbound()) return raise(thread, exceptions.AttributeError, "cannot delete attribute");
  taskOf(self)->logsDestroyPending = TRY(isTrue(thread, value));
  noteFinaliser(taskOf(self));
  return {};
}

// A task that nobody will ever resume goes to the loop's handler, as does an exception that nobody has looked at.
Fallible<Value> finaliseTask(Thread& thread, Value self) {
  Task* task = taskOf(self);
  if (task->state == Future::kPending && task->logsDestroyPending && !task->loop.get().isUnbound()) {
    Dict* report = TRY(makeDict(thread));
    TRY(dictSetStr(thread, report, TRY(intern(thread, "message")),
                   TRY(makeStrValue(thread, "Task was destroyed but it is pending!"))));
    TRY(dictSetStr(thread, report, TRY(intern(thread, "task")), self));
    if (Value stack = task->sourceTraceback; !stack.isUnbound())
      TRY(dictSetStr(thread, report, TRY(intern(thread, "source_traceback")), stack));
    tellExceptionHandler(thread, task->loop, report);
  }
  return finaliseFuture(thread, self);
}

}  // namespace

void declareTask(Thread& thread) {
  TypeBuilder builder(thread, "Task", asyncioTypes.future, Kind::kNative);
  builder.module("_asyncio")
      .flags(Type::kBaseType | Type::kInstantiable | Type::kHasDict | Type::kHasWeakref)
      .doc("A future that drives a coroutine to its result.")
      .constructor(taskNew)
      .specialVariadic("__init__", taskInit)
      .special("__del__", finaliseTask)
      .special("__repr__", representation);
  declareFutureMethods(builder);
  asyncioTypes.task = keepType(builder.method("set_result", setResult)
                                   .method("set_exception", setException)
                                   .variadic("cancel", cancel)
                                   .method("cancelling", cancelling)
                                   .method("uncancel", uncancel)
                                   .variadic("get_stack", getStack)
                                   .variadic("print_stack", printStack)
                                   .method("get_name", getName)
                                   .method("set_name", setName)
                                   .method("get_coro", getCoroutine)
                                   .getter("_log_destroy_pending", getLogs, setLogs)
                                   .getter("_must_cancel", getMustCancel)
                                   .getter("_coro", getCoroutine)
                                   .getter("_fut_waiter", getWaiter)
                                   .build());
  declareTaskSteps(thread);
}

}  // namespace krait
