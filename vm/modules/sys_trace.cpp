// What module sys offers to debuggers and profilers: trace functions, and a look at all threads.
#include "vm/builtins/dict.h"
#include "vm/builtins/exception.h"
#include "vm/builtins/frame.h"
#include "vm/builtins/int.h"
#include "vm/builtins/tuple.h"
#include "vm/modules/native_arguments.h"
#include "vm/modules/sys.h"
#include "vm/tracing.h"

namespace krait {
namespace {

Value orNone(Value v) { return v.isUnbound() ? Value::none() : v; }

Fallible<Value> sysSetTrace(Thread& thread, Value function) {
  setTraceFunction(thread, function);
  return Value::none();
}
Fallible<Value> sysSetProfile(Thread& thread, Value function) {
  setProfileFunction(thread, function);
  return Value::none();
}
Fallible<Value> sysGetTrace(Thread& thread, Value, const Arguments& arguments) {
  TRY(refuseArguments(thread, "sys.gettrace", arguments));
  return orNone(thread.traceFunction);
}
Fallible<Value> sysGetProfile(Thread& thread, Value, const Arguments& arguments) {
  TRY(refuseArguments(thread, "sys.getprofile", arguments));
  return orNone(thread.profileFunction);
}
// Calls a function from within a trace function so that it is traced itself.
Fallible<Value> sysCallTracing(Thread& thread, Value function, Value arguments) {
  Tuple* positional = toTuple(arguments);
  if (positional == nullptr) {
    return raiseTypeError(thread, "call_tracing() argument 2 must be tuple, not {}", nameOf(arguments));
  }
  uint32_t before = thread.insideTrace;
  thread.insideTrace = 0;
  Fallible<Value> result = call(thread, function, positional->values());
  thread.insideTrace = before;
  return result;
}

Fallible<Value> sysCurrentFrames(Thread& thread, Value, const Arguments& arguments) {
  TRY(refuseArguments(thread, "sys._current_frames", arguments));
  Dict* result = TRY(makeDict(thread));
  for (Thread* each = firstThread(); each != nullptr; each = each->nextThread) {
    if (each->frame == nullptr) continue;
    Value key = TRY(makeIntUnsigned(thread, each->identity));
    TRY(dictSet(thread, result, key, Value::of(TRY(frameObjectOf(thread, each->frame)))));
  }
  return Value::of(result);
}
Fallible<Value> sysCurrentExceptions(Thread& thread, Value, const Arguments& arguments) {
  TRY(refuseArguments(thread, "sys._current_exceptions", arguments));
  Dict* result = TRY(makeDict(thread));
  for (Thread* each = firstThread(); each != nullptr; each = each->nextThread) {
    Value exception = Value::none();
    for (const HandledException* level = each->handled; level != nullptr && exception.isNone(); level = level->previous)
      exception = level->exception;
    Value type = Value::none(), traceback = Value::none();
    if (isException(exception)) {
      type = Value::of(typeOf(exception));
      traceback = orNone(exception.as<Exception>()->traceback);
    }
    Value key = TRY(makeIntUnsigned(thread, each->identity));
    TRY(dictSet(thread, result, key, Value::of(TRY(makeTuple(thread, {type, exception, traceback})))));
  }
  return Value::of(result);
}
Fallible<Value> sysIsFinalizing(Thread& thread, Value, const Arguments& arguments) {
  TRY(refuseArguments(thread, "sys.is_finalizing", arguments));
  return Value::boolean(isFinalising());
}

}  // namespace

Fallible<void> addSysTracing(Thread& thread, Dict* sys) {
  TRY(addSysFunction(thread, sys, "settrace", TRY(makeBuiltin(thread, "settrace", sysSetTrace))));
  TRY(addSysFunction(thread, sys, "setprofile", TRY(makeBuiltin(thread, "setprofile", sysSetProfile))));
  TRY(addSysFunction(thread, sys, "call_tracing", TRY(makeBuiltin(thread, "call_tracing", sysCallTracing))));
  const struct {
    const char* name;
    NativeVariadic function;
  } variadic[] = {{"gettrace", sysGetTrace},
                  {"getprofile", sysGetProfile},
                  {"_current_frames", sysCurrentFrames},
                  {"_current_exceptions", sysCurrentExceptions},
                  {"is_finalizing", sysIsFinalizing}};
  for (auto [name, function] : variadic)
    TRY(addSysFunction(thread, sys, name, TRY(makeBuiltin(thread, name, function))));
  return {};
}

}  // namespace krait
