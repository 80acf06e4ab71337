// Module _asyncio: running loops, current tasks, and what the classes Future and Task need of the rest of asyncio.
#include "vm/modules/asyncio.h"

#include <pthread.h>

#include "vm/builtins/dict.h"
#include "vm/builtins/type_internal.h"
#include "vm/import.h"
#include "vm/modules/registry.h"

namespace krait {

Value keepForEver(Value v) {
  static RootVector* const kept = new RootVector;
  if (!kept->push(v)) failStartUp();
  return v;
}

Fallible<Value> asyncioHelper(Thread& thread, AsyncioHelper helper) {
  static constexpr struct {
    const char *module, *name;
  } kPlaces[] = {
      {"asyncio.exceptions", "CancelledError"},
      {"asyncio.exceptions", "InvalidStateError"},
      {"asyncio.base_futures", "_future_repr"},
      {"asyncio.base_tasks", "_task_repr"},
      {"asyncio.base_tasks", "_task_get_stack"},
      {"asyncio.base_tasks", "_task_print_stack"},
      {"asyncio.coroutines", "iscoroutine"},
      {"asyncio.events", "get_event_loop_policy"},
      {"traceback", "extract_stack"},
  };
  constexpr size_t kHelpers = static_cast<size_t>(AsyncioHelper::kCount);
  static_assert(std::size(kPlaces) == kHelpers);
  static Value found[kHelpers];
  static bool isFound[kHelpers];
  auto i = static_cast<size_t>(helper);
  if (isFound[i]) [[likely]]
    return found[i];
  Value module = TRY(importModule(thread, TRY(intern(thread, kPlaces[i].module))));
  Value helperFound = TRY(getAttribute(thread, module, TRY(intern(thread, kPlaces[i].name))));
  found[i] = keepForEver(helperFound);
  isFound[i] = true;
  return helperFound;
}

Raised raiseInvalidState(Thread& thread, std::string_view message) {
  Fallible<Value> type = asyncioHelper(thread, AsyncioHelper::kInvalidStateError);
  if (type.isRaised()) return Raised{};
  if (!isKind(type.value(), Kind::kType)) return raiseTypeError(thread, "exceptions must derive from BaseException");
  return raise(thread, type.value().as<Type>(), message);
}

// --- running loops ----------------------------------------------------------------------------------------------------
namespace {

// Which loop runs in which thread: rarely more than one. A process made by fork() has none running.
struct RunningLoop {
  uint64_t thread;
  uint64_t process;
};
std::vector<RunningLoop> running;  // entry i's loop is runningLoops()[i]
uint64_t processNumber = 0;        // counts forks, in the child
RootVector& runningLoops() {
  static auto* loops = new RootVector;
  return *loops;
}

Fallible<void> setRunningLoop(Thread& thread, Value loop) {
  RootVector& loops = runningLoops();
  for (size_t i = 0; i < running.size(); i++) {
    if (running[i].thread != thread.number) continue;
    if (!loop.isNone()) {
      running[i].process = processNumber;
      loops[i] = loop;
      return {};
    }
    running[i] = running.back();
    loops[i] = loops.back();
    running.pop_back();
    loops.pop();
    return {};
  }
  if (loop.isNone()) return {};
  if (!loops.push(loop)) return raiseMemoryError(thread);
  running.push_back({thread.number, processNumber});
  return {};
}

Fallible<Value> getRunningOrNone(Thread& thread) {
  Value loop = runningLoop(thread);
  return loop.isUnbound() ? Value::none() : loop;
}
Fallible<Value> getRunningOrRaise(Thread& thread) {
  Value loop = runningLoop(thread);
  if (loop.isUnbound()) return raise(thread, exceptions.RuntimeError, "no running event loop");
  return loop;
}
Fallible<Value> getLoop(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{"_get_event_loop", {"stacklevel"}, 0};
  Value level;
  TRY(kParameters.bind(thread, arguments, &level));
  if (!level.isUnbound()) TRY(intArgument(thread, level));
  return eventLoop(thread);
}
Fallible<Value> setLoop(Thread& thread, Value loop) {
  TRY(setRunningLoop(thread, loop));
  return Value::none();
}

}  // namespace

Value runningLoop(Thread& thread) {
  for (size_t i = 0; i < running.size(); i++)
    if (running[i].thread == thread.number)
      return running[i].process == processNumber ? runningLoops()[i] : Value::unbound();
  return Value::unbound();
}

Fallible<Value> eventLoop(Thread& thread) {
  Value loop = runningLoop(thread);
  if (!loop.isUnbound()) return loop;
  Value policy = TRY(call(thread, TRY(asyncioHelper(thread, AsyncioHelper::kGetPolicy))));
  return callMethod(thread, policy, asyncioNames.getEventLoop, {});
}

// --- current tasks ----------------------------------------------------------------------------------------------------
Fallible<void> enterTask(Thread& thread, Value loop, Value task) {
  int64_t key = TRY(hash(thread, loop));
  Value current = TRY(dictGetHashed(thread, asyncioNames.currentTasks, loop, key));
  if (!current.isUnbound()) [[unlikely]] {
    std::string text = strToUtf8(TRY(repr(thread, task)));
    return raiseFormat(thread, exceptions.RuntimeError,
                       "Cannot enter into task {} while another task {} is being executed.", text,
                       strToUtf8(TRY(repr(thread, current))));
  }
  return dictSetHashed(thread, asyncioNames.currentTasks, loop, key, task);
}

Fallible<void> leaveTask(Thread& thread, Value loop, Value task) {
  Value current = TRY(dictGet(thread, asyncioNames.currentTasks, loop));
  if (current.isUnbound() || !current.is(task)) [[unlikely]] {
    std::string text = strToUtf8(TRY(repr(thread, task)));
    return raiseFormat(thread, exceptions.RuntimeError, "Leaving task {} does not match the current task {}.", text,
                       strToUtf8(TRY(repr(thread, current.isUnbound() ? Value::none() : current))));
  }
  TRY(dictDelete(thread, asyncioNames.currentTasks, loop));
  return {};
}

Fallible<void> registerTask(Thread& thread, Value task) {
  TRY(callMethod(thread, asyncioNames.allTasks, asyncioNames.add, std::span<const Value>(&task, 1)));
  return {};
}

Fallible<void> callSoon(Thread& thread, Value loop, Value callback, Value argument, Value context) {
  MethodLookup method = TRY(loadMethod(thread, loop, asyncioNames.callSoon));
  Value arguments[4];
  size_t count = 0;
  if (!method.self.isUnbound()) arguments[count++] = method.self;
  arguments[count++] = callback;
  if (!argument.isUnbound()) arguments[count++] = argument;
  Tuple* keywords = nullptr;
  if (!context.isUnbound()) {
    arguments[count++] = context;
    keywords = asyncioNames.contextKeyword;
  }
  TRY(call(thread, method.callable, std::span<const Value>(arguments, count), keywords));
  return {};
}

// --- the module -------------------------------------------------------------------------------------------------------
namespace {

using LoopAndTask = Fallible<void> (*)(Thread&, Value loop, Value task);
template <FunctionName name, LoopAndTask f>
Fallible<Value> withLoopAndTask(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{name.text, {"loop", "task"}, 2};
  Value bound[2];
  TRY(kParameters.bind(thread, arguments, bound));
  TRY(f(thread, bound[0], bound[1]));
  return Value::none();
}
Fallible<Value> registerFunction(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{"_register_task", {"task"}, 1};
  Value task;
  TRY(kParameters.bind(thread, arguments, &task));
  TRY(registerTask(thread, task));
  return Value::none();
}
Fallible<Value> unregisterFunction(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{"_unregister_task", {"task"}, 1};
  Value task;
  TRY(kParameters.bind(thread, arguments, &task));
  TRY(callMethod(thread, asyncioNames.allTasks, asyncioNames.discard, std::span<const Value>(&task, 1)));
  return Value::none();
}

Fallible<void> makeNames(Thread& thread) {
  auto keepName = [&](const char* text) -> Fallible<Str*> {
    Str* name = TRY(intern(thread, text));
    keepForEver(Value::of(name));
    return name;
  };
  AsyncioNames& n = asyncioNames;
  n.callSoon = TRY(keepName("call_soon"));
  n.cancel = TRY(keepName("cancel"));
  n.msg = TRY(keepName("msg"));
  n.add = TRY(keepName("add"));
  n.discard = TRY(keepName("discard"));
  n.result = TRY(keepName("result"));
  n.throw_ = TRY(keepName("throw"));
  n.getLoop = TRY(keepName("get_loop"));
  n.loop = TRY(keepName("_loop"));
  n.blocking = TRY(keepName("_asyncio_future_blocking"));
  n.addDoneCallback = TRY(keepName("add_done_callback"));
  n.getDebug = TRY(keepName("get_debug"));
  n.callExceptionHandler = TRY(keepName("call_exception_handler"));
  n.getEventLoop = TRY(keepName("get_event_loop"));
  n.contextKeyword = keepForEver(Value::of(TRY(makeTuple(thread, {Value::of(TRY(keepName("context")))})))).as<Tuple>();
  n.msgKeyword = keepForEver(Value::of(TRY(makeTuple(thread, {Value::of(n.msg)})))).as<Tuple>();
  n.states[Future::kPending] = Value::of(TRY(keepName("PENDING")));
  n.states[Future::kCancelled] = Value::of(TRY(keepName("CANCELLED")));
  n.states[Future::kFinished] = Value::of(TRY(keepName("FINISHED")));
  n.currentTasks = keepForEver(Value::of(TRY(makeDict(thread)))).as<Dict>();
  Value weakref = TRY(importModule(thread, TRY(intern(thread, "weakref"))));
  n.allTasks = keepForEver(TRY(callMethod(thread, weakref, TRY(intern(thread, "WeakSet")), {})));
  return {};
}

}  // namespace

Module* moduleAsyncio(Thread& thread) {
  if (asyncioTypes.task == nullptr) {
    if (makeNames(thread).isRaised()) return nullptr;
    pthread_atfork(nullptr, nullptr, [] { processNumber++; });
    declareFuture(thread);
    declareFutureIterator(thread);
    declareTask(thread);
  }
  return ModuleBuilder(thread, "_asyncio", "Futures, tasks and the running loop of asyncio.")
      .constant("Future", Value::of(asyncioTypes.future))
      .constant("Task", Value::of(asyncioTypes.task))
      .constant("_all_tasks", asyncioNames.allTasks)
      .constant("_current_tasks", Value::of(asyncioNames.currentTasks))
      .variadic("get_event_loop", nullary<"_asyncio.get_event_loop", eventLoop>)
      .variadic("_get_event_loop", getLoop)
      .variadic("get_running_loop", nullary<"_asyncio.get_running_loop", getRunningOrRaise>)
      .variadic("_get_running_loop", nullary<"_asyncio._get_running_loop", getRunningOrNone>)
      .function("_set_running_loop", setLoop)
      .variadic("_enter_task", withLoopAndTask<"_enter_task", enterTask>)
      .variadic("_leave_task", withLoopAndTask<"_leave_task", leaveTask>)
      .variadic("_register_task", registerFunction)
      .variadic("_unregister_task", unregisterFunction)
      .build();
}

}  // namespace krait
