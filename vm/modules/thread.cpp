// Module _thread: threads, locks and thread-local data, what threading is built on.
#include <signal.h>
#include <unistd.h>

#include "vm/builtins/dict.h"
#include "vm/builtins/exception.h"
#include "vm/builtins/file.h"
#include "vm/builtins/float.h"
#include "vm/builtins/int.h"
#include "vm/builtins/str.h"
#include "vm/builtins/struct_sequence.h"
#include "vm/builtins/text.h"
#include "vm/builtins/traceback.h"
#include "vm/builtins/tuple.h"
#include "vm/modules/native_arguments.h"
#include "vm/modules/registry.h"
#include "vm/modules/sys.h"
#include "vm/modules/thread_internal.h"
#include "vm/names.h"
#include "vm/runtime.h"
#include "vm/signals.h"

namespace krait {
namespace {

// --- starting and ending ----------------------------------------------------------------------------------------------
// The body of every thread: its stack holds the function, its positional arguments and its keyword dict or None.
void runFunction(Thread& thread) {
  Value function = thread.stack[0];
  auto called = [&]() -> Fallible<void> {
    Tuple* positional = toTuple(thread.stack[1]);
    if (Dict* keywords = toDict(thread.stack[2]); keywords != nullptr && keywords->length > 0) {
      Tuple* names = TRY(makeTupleUninitialised(thread, keywords->length));
      Tuple* all = TRY(makeTupleUninitialised(thread, positional->length + keywords->length));
      uint64_t at = 0, position = 0;
      for (; at < positional->length; at++) all->items[at] = positional->items[at].get();
      Value key, value;
      for (uint64_t i = 0; dictNext(keywords, position, key, value); i++) {
        if (toStr(key) == nullptr) return raise(thread, exceptions.TypeError, "keywords must be strings");
        names->items[i] = key;
        all->items[at++] = value;
      }
      TRY(call(thread, function, all->values(), names));
    } else {
      TRY(call(thread, function, positional->values()));
    }
    return {};
  }();
  if (called.isRaised()) {
    if (pendingMatches(thread, exceptions.SystemExit))
      clearException(thread);
    else
      writeUnraisable(thread, function, "Exception ignored in thread started by");
  }
  if (!thread.sentinel.isUnbound()) {
    releaseLock(thread.sentinel);
    thread.sentinel = Value::unbound();
  }
  forgetThreadLocals(thread);
}

Fallible<Value> startNewThread(Thread& thread, Value, const Arguments& arguments) {
  TRY(arguments.noKeywords(thread, "start_new_thread"));
  TRY(arguments.count(thread, "start_new_thread", 2, 3));
  if (!isCallable(arguments[0])) return raiseTypeError(thread, "first arg must be callable");
  if (toTuple(arguments[1]) == nullptr) return raiseTypeError(thread, "2nd arg must be a tuple");
  Value keywords = arguments.positional == 3 ? arguments[2] : Value::none();
  if (arguments.positional == 3) {
    if (toDict(keywords) == nullptr) return raiseTypeError(thread, "optional 3rd arg must be a dictionary");
    keywords = Value::of(TRY(dictCopy(thread, toDict(keywords))));
  }
  uint64_t identity = startThread(thread, runFunction, {arguments[0], arguments[1], keywords});
  if (identity == 0) return raise(thread, exceptions.RuntimeError, "can't start new thread");
  return makeIntUnsigned(thread, identity);
}

Fallible<Value> exitThread(Thread& thread, Value, const Arguments& arguments) {
  TRY(refuseArguments(thread, "_thread.exit", arguments));
  return raiseWithoutArguments(thread, exceptions.SystemExit);
}

Fallible<Value> interruptMain(Thread& thread, Value, const Arguments& arguments) {
  TRY(arguments.noKeywords(thread, "signum"));
  if (arguments.positional > 1) {
    return raiseTypeError(thread, "signum() takes at most 1 argument ({} given)", arguments.positional);
  }
  int64_t number = arguments.positional == 0 ? SIGINT : TRY(indexAsInt64(thread, arguments[0]));
  if (number < 1 || number >= kSignalNumbers) {
    return raise(thread, exceptions.ValueError, "signal number out of range");
  }
  Value handler = signalHandler(static_cast<int>(number));
  if (!handler.isNone() && !handler.isInlineInt()) tripSignal(static_cast<int>(number));
  return Value::none();
}

// --- asking -----------------------------------------------------------------------------------------------------------
Fallible<Value> allocateLock(Thread& thread, Value, const Arguments& arguments) {
  TRY(refuseArguments(thread, "_thread.allocate_lock", arguments));
  return makeLock(thread);
}
Fallible<Value> getIdent(Thread& thread, Value, const Arguments& arguments) {
  TRY(refuseArguments(thread, "_thread.get_ident", arguments));
  return makeIntUnsigned(thread, thread.identity);
}
Fallible<Value> getNativeId(Thread& thread, Value, const Arguments& arguments) {
  TRY(refuseArguments(thread, "_thread.get_native_id", arguments));
  return makeInt(thread, gettid());
}
Fallible<Value> count(Thread& thread, Value, const Arguments& arguments) {
  TRY(refuseArguments(thread, "_thread._count", arguments));
  return Value::inlineInt(runningThreadCount());
}
Fallible<Value> stackSize(Thread& thread, Value, const Arguments& arguments) {
  TRY(arguments.noKeywords(thread, "stack_size"));
  TRY(arguments.count(thread, "stack_size", 0, 1));
  auto old = static_cast<int64_t>(threadStackSize());
  if (arguments.positional == 0) return makeInt(thread, old);
  std::optional<int64_t> size = toInt64(TRY(index(thread, arguments[0])));
  if (!size) return raise(thread, exceptions.OverflowError, "Python int too large to convert to C ssize_t");
  if (*size < 0) return raise(thread, exceptions.ValueError, "size must be 0 or a positive value");
  if (!setThreadStackSize(static_cast<size_t>(*size)))
    return raiseValueError(thread, "size not valid: {} bytes", *size);
  return makeInt(thread, old);
}
// A lock that is released when this thread ends: how threading learns of it.
Fallible<Value> setSentinel(Thread& thread, Value, const Arguments& arguments) {
  TRY(refuseArguments(thread, "_thread._set_sentinel", arguments));
  Value lock = TRY(makeLock(thread));
  thread.sentinel = lock;
  return lock;
}

// --- threading.excepthook ---------------------------------------------------------------------------------------------
constexpr const char* kHookFields[] = {"exc_type", "exc_value", "exc_traceback", "thread"};
constexpr StructSequence kHookArguments{"_thread", "_ExceptHookArgs", nullptr, kHookFields, 4};
Type* hookArgumentsType;

// "Exception in thread Thread-1:" and the traceback, on sys.stderr or, when that has gone, where the thread had it.
Fallible<Value> exceptHook(Thread& thread, Value given) {
  if (typeOf(given) != hookArgumentsType) {
    return raiseTypeError(thread, "_thread.excepthook argument type must be ExceptHookArgs");
  }
  Tuple* fields = toTuple(given);
  Value type = fields->items[0], exception = fields->items[1], traceback = fields->items[2], source = fields->items[3];
  if (type.is(Value::of(exceptions.SystemExit))) return Value::none();
  Value file = sysAttribute(names.stderr);
  if (file.isUnbound() || file.isNone()) {
    if (source.isNone()) return Value::none();
    file = TRY(getAttributeOrUnbound(thread, source, TRY(intern(thread, "_stderr"))));
    if (file.isUnbound() || file.isNone()) return Value::none();
  }
  StrBuilder out;
  out.append("Exception in thread ");
  Value name = source.isNone() ? Value::unbound() : TRY(getAttributeOrUnbound(thread, source, names.name));
  if (name.isUnbound())
    out.append(std::to_string(thread.identity));
  else
    out.append(TRY(str(thread, name)));
  out.append(":\n");
  TRY(writeToFile(thread, file, TRY(out.build(thread))));
  if (isException(exception)) {
    auto* error = exception.as<Exception>();
    if (!traceback.isNone() && error->traceback.get().isUnbound()) error->traceback = traceback;
    TRY(writeToFile(thread, file, TRY(formatException(thread, exception))));
  }
  TRY(callMethod(thread, file, names.flush, {}));
  return Value::none();
}

}  // namespace

void waitForThreads(Thread& thread) {
  auto waited = [&]() -> Fallible<void> {
    Value module = dictGetStr(runtime.modules, TRY(intern(thread, "threading")));
    if (module.isUnbound() || module.isNone()) return {};
    TRY(callMethod(thread, module, TRY(intern(thread, "_shutdown")), {}));
    return {};
  }();
  if (waited.isRaised()) {
    Fallible<Str*> name = intern(thread, "threading");
    writeUnraisable(thread, name.isRaised() ? Value::none() : dictGetStr(runtime.modules, name.value()));
  }
}

Module* moduleThread(Thread& thread) {
  LockTypes locks = makeLockTypes(thread);
  auto longest = makeFloat(thread, kTimeoutMax);
  if (longest.isRaised()) return nullptr;
  hookArgumentsType = makeStructSequenceType(thread, kHookArguments);
  return ModuleBuilder(thread, "_thread", "Threads and locks; the threading module builds on it.")
      .variadic("start_new_thread", startNewThread)
      .variadic("start_new", startNewThread)
      .variadic("allocate_lock", allocateLock)
      .variadic("allocate", allocateLock)
      .variadic("exit", exitThread)
      .variadic("exit_thread", exitThread)
      .variadic("interrupt_main", interruptMain)
      .variadic("get_ident", getIdent)
      .variadic("get_native_id", getNativeId)
      .variadic("_count", count)
      .variadic("stack_size", stackSize)
      .variadic("_set_sentinel", setSentinel)
      .function("_excepthook", exceptHook)
      .constant("_ExceptHookArgs", Value::of(hookArgumentsType))
      .constant("LockType", Value::of(locks.lock))
      .constant("RLock", Value::of(locks.recursiveLock))
      .constant("_local", Value::of(makeLocalType(thread)))
      .constant("error", Value::of(exceptions.RuntimeError))
      .constant("TIMEOUT_MAX", longest.value())
      .build();
}

}  // namespace krait
