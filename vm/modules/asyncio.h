// Futures and tasks in C++: what _asyncio's files share, and what awaiting asks about them.
#pragma once
#include "vm/modules/native_arguments.h"

namespace krait {
struct Dict;

struct Future : NativeObject {
  enum State : uint8_t { kPending, kCancelled, kFinished };
  Field<Value> loop;  // unbound: __init__ has not run
  Field<Value> result, exception, exceptionTraceback;
  Field<Value> sourceTraceback, cancelMessage, cancelledException;  // unbound where there is none
  // Most futures have one callback: it and its context are here, all others pair by pair in `more`.
  Field<Value> callback, context;  // callback: unbound when there is none
  Field<ValueArray*> more;         // null when there are none
  uint32_t moreCount;              // values in `more` that are in use: two a callback
  State state;
  bool isBlocking;     // _asyncio_future_blocking: it is being awaited, not merely yielded
  bool logsTraceback;  // nobody has looked at the exception
};
struct Task : Future {
  Field<Value> coroutine, taskContext, waiter;  // waiter: what it awaits, or unbound
  Field<Value> name;                            // unbound until asked for: "Task-" and its number
  Field<Value> step, wakeUp;                    // what the loop and futures call; unbound until needed
  uint64_t number;
  int64_t cancelRequests;
  bool mustCancel, logsDestroyPending;
};
// What awaiting a future gives: yields the future once, then ends with its result.
struct FutureIterator : NativeObject {
  Field<Future*> future;  // null at the end
};
extern const NativeTraits futureTraits, taskTraits, futureIteratorTraits;

KRAIT_INLINE bool hasTraits(Value v, const NativeTraits& traits) {
  return isKind(v, Kind::kNative) && v.as<NativeObject>()->traits == &traits;
}
KRAIT_INLINE FutureIterator* toFutureIterator(Value v) {
  return hasTraits(v, futureIteratorTraits) ? v.as<FutureIterator>() : nullptr;
}

// The classes and names of the module; null before it is made. `future` and `task` are exact types.
struct AsyncioTypes {
  Type *future, *task, *futureIterator, *taskStep;
};
inline AsyncioTypes asyncioTypes;
KRAIT_INLINE bool isExactFuture(Value v) {
  return v.isCell() && (typeOf(v) == asyncioTypes.future || typeOf(v) == asyncioTypes.task);
}
Fallible<Value> makeFutureIterator(Thread& thread, Future* future);
// As sendTo(): the future to wait for, or unbound with its result in `returned`.
Fallible<Value> sendToFutureIterator(Thread& thread, FutureIterator* iterator, Value& returned);

// --- for the module's own files ---------------------------------------------------------------------------------------
// Objects that live as long as the process.
struct AsyncioNames {
  Str *callSoon, *cancel, *msg, *add, *discard, *result, *throw_, *getLoop, *loop, *blocking, *addDoneCallback;
  Str *getDebug, *callExceptionHandler, *getEventLoop;
  Tuple *contextKeyword, *msgKeyword;
  Value states[3];
  Dict* currentTasks;
  Value allTasks;
};
inline AsyncioNames asyncioNames;
Value keepForEver(Value v);
// An attribute of a module of the asyncio package, imported when it is first needed and kept then.
enum class AsyncioHelper : uint8_t {
  kCancelledError,
  kInvalidStateError,
  kFutureRepr,
  kTaskRepr,
  kTaskGetStack,
  kTaskPrintStack,
  kIsCoroutine,
  kGetPolicy,
  kExtractStack,
  kCount
};
Fallible<Value> asyncioHelper(Thread& thread, AsyncioHelper helper);
Raised raiseInvalidState(Thread& thread, std::string_view message);

// The running loop of this thread, or unbound.
Value runningLoop(Thread& thread);
Fallible<Value> eventLoop(Thread& thread);  // get_event_loop()
Fallible<void> enterTask(Thread& thread, Value loop, Value task);
Fallible<void> leaveTask(Thread& thread, Value loop, Value task);
Fallible<void> registerTask(Thread& thread, Value task);
// loop.call_soon(callback[, argument][, context=context]); unbound: left out.
Fallible<void> callSoon(Thread& thread, Value loop, Value callback, Value argument, Value context);

KRAIT_INLINE Future* futureOf(Value v) { return v.as<Future>(); }
KRAIT_INLINE Task* taskOf(Value v) { return v.as<Task>(); }
Fallible<void> initialiseFuture(Thread& thread, Future* future, Value loop);
Fallible<bool> cancelFuture(Thread& thread, Future* future, Value message);
Fallible<bool> cancelTask(Thread& thread, Task* task, Value message);
Fallible<void> setFutureResult(Thread& thread, Future* future, Value result);
Fallible<void> setFutureException(Thread& thread, Future* future, Value exception);
Fallible<void> addCallback(Thread& thread, Future* future, Value callback, Value contextOrUnbound);
Fallible<Value> makeCancelledError(Thread& thread, Future* future);
// The result; or unbound, with the exception in `raised`. What cannot be had yet is raised.
Fallible<Value> futureOutcome(Thread& thread, Future* future, Value& raised);
// Whether the collector has to call __del__ when it dies; to be told after every change.
void noteFinaliser(Future* future);
// loop.call_exception_handler(report), from a finaliser: errors go to sys.unraisablehook.
void tellExceptionHandler(Thread& thread, Value loop, Dict* report);
Fallible<Value> finaliseFuture(Thread& thread, Value self);
void traceFuture(Cell* cell, Marker& marker);

// Methods that both classes have.
void declareFutureMethods(TypeBuilder& builder);
void declareFuture(Thread& thread);
void declareFutureIterator(Thread& thread);
void declareTask(Thread& thread);
void declareTaskSteps(Thread& thread);
// The task's next step is due; `exception` (or unbound) is what will be thrown into its coroutine.
Fallible<void> scheduleStep(Thread& thread, Task* task, Value exception);

}  // namespace krait
