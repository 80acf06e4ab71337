// Exceptions that nobody can catch: sys.unraisablehook, by default and as it is called.
#include "vm/builtins/exception.h"
#include "vm/builtins/file.h"
#include "vm/builtins/str.h"
#include "vm/builtins/struct_sequence.h"
#include "vm/builtins/traceback.h"
#include "vm/modules/sys.h"
#include "vm/names.h"
#include "vm/runtime.h"

namespace krait {
namespace {

constexpr const char* kFields[] = {"exc_type", "exc_value", "exc_traceback", "err_msg", "object"};
constexpr StructSequence kUnraisable{"sys", "UnraisableHookArgs", nullptr, kFields, 5};
Type* argsType;  // of C++: its base keeps it

Fallible<Str*> textOf(Thread& thread, Value exception, Value message, Value object) {
  StrBuilder out;
  if (!object.isNone()) {
    if (const Str* text = toStr(message)) {
      out.append(text).append(": ");
    } else {
      out.append("Exception ignored in: ");
    }
    Fallible<Str*> shown = repr(thread, object);
    if (shown.isRaised()) {
      clearException(thread);
      out.append("<object repr() failed>");
    } else {
      out.append(shown.value());
    }
    out.append("\n");
  } else if (const Str* text = toStr(message)) {
    out.append(text).append(":\n");
  }
  if (isException(exception)) out.append(TRY(formatException(thread, exception)));
  return out.build(thread);
}

Fallible<void> show(Thread& thread, Value exception, Value message, Value object) {
  Value file = runtime.sys == nullptr ? Value::unbound() : sysAttribute(names.stderr);
  if (file.isUnbound() || file.isNone()) return {};
  TRY(writeToFile(thread, file, TRY(textOf(thread, exception, message, object))));
  TRY(callMethod(thread, file, names.flush, {}));
  return {};
}

Fallible<Value> unraisableHook(Thread& thread, Value arguments) {
  if (typeOf(arguments) != argsType)
    return raise(thread, exceptions.TypeError, "sys.unraisablehook argument type must be UnraisableHookArgs");
  Value object = TRY(getAttribute(thread, arguments, "object"));
  Value message = TRY(getAttribute(thread, arguments, "err_msg"));
  Value exception = TRY(getAttribute(thread, arguments, "exc_value"));
  TRY(show(thread, exception, message, object));
  return Value::none();
}

// The hook that is set: unbound when it is the default one, which needs no call.
Fallible<Value> hookInUse(Thread& thread) {
  if (runtime.sys == nullptr || argsType == nullptr) return Value::unbound();
  Value hook = sysAttribute(TRY(intern(thread, "unraisablehook")));
  bool isDefault = hook.isNone() || (isKind(hook, Kind::kBuiltin) &&
                                     hook.as<Builtin>()->function == reinterpret_cast<void*>(unraisableHook));
  return isDefault ? Value::unbound() : hook;
}

Fallible<void> report(Thread& thread, Value exception, Value message, Value object) {
  Value hook = TRY(hookInUse(thread));
  if (hook.isUnbound()) return show(thread, exception, message, object);
  Value traceback = exception.as<Exception>()->traceback.get();
  Value fields[] = {Value::of(typeOf(exception)), exception, traceback.isUnbound() ? Value::none() : traceback, message,
                    object};
  Value arguments = TRY(makeStructSequence(thread, argsType, fields));
  if (!call(thread, hook, arguments).isRaised()) return {};
  return show(thread, takeException(thread), Value::of(TRY(makeStr(thread, "Exception ignored in sys.unraisablehook"))),
              hook);
}

}  // namespace

Fallible<Builtin*> makeUnraisableHook(Thread& thread) {
  argsType = makeStructSequenceType(thread, kUnraisable);
  return makeBuiltin(thread, "unraisablehook", unraisableHook);
}
Type* unraisableHookArgs() { return argsType; }

void writeUnraisable(Thread& thread, Value where) { writeUnraisable(thread, where, nullptr); }

void writeUnraisable(Thread& thread, Value where, const char* message) {
  Value exception = takeException(thread);
  // Where C++ code raised outside any Python function, the place that was running is shown.
  if (isException(exception) && exception.as<Exception>()->traceback.get().isUnbound() && thread.frame != nullptr &&
      addTraceback(thread, exception, thread.frame).isRaised())
    clearException(thread);
  Value text = Value::none();
  if (message != nullptr) {
    Fallible<Str*> made = makeStr(thread, message);
    if (made.isRaised())
      clearException(thread);
    else
      text = Value::of(made.value());
  }
  if (report(thread, exception, text, where.isUnbound() ? Value::none() : where).isRaised()) clearException(thread);
}

}  // namespace krait
