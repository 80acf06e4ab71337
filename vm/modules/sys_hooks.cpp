// The hooks of module sys: excepthook, displayhook, unraisablehook, breakpointhook and audit hooks.
#include <cstdlib>

#include "vm/builtins/dict.h"
#include "vm/builtins/exception.h"
#include "vm/builtins/file.h"
#include "vm/builtins/str.h"
#include "vm/builtins/text.h"
#include "vm/builtins/traceback.h"
#include "vm/builtins/tuple.h"
#include "vm/import.h"
#include "vm/modules/sys.h"
#include "vm/names.h"
#include "vm/runtime.h"

namespace krait {
namespace {

// --- excepthook -------------------------------------------------------------------------------------------------------
Fallible<Value> sysExcepthook(Thread& thread, Value, Value exception, Value traceback) {
  if (!isException(exception)) {
    return raiseTypeError(thread, "print_exception(): Exception expected for value, {} found", nameOf(exception));
  }
  if (!traceback.isNone() && exception.as<Exception>()->traceback.get().isUnbound()) {
    exception.as<Exception>()->traceback = traceback;
  }
  TRY(showException(thread, exception));
  return Value::none();
}

// --- displayhook ------------------------------------------------------------------------------------------------------
// What the interactive mode does with the value of an expression.
Fallible<Value> sysDisplayhook(Thread& thread, Value v) {
  if (v.isNone()) return v;
  TRY(dictSetStr(thread, runtime.builtins, names._, Value::none()));
  Value file = sysAttribute(names.stdout);
  if (file.isUnbound() || file.isNone()) return raise(thread, exceptions.RuntimeError, "lost sys.stdout");
  Str* text = TRY(repr(thread, v));
  if (auto written = writeToFile(thread, file, text); written.isRaised()) {
    if (!pendingMatches(thread, exceptions.UnicodeEncodeError)) return Raised{};
    clearException(thread);
    TRY(writeToFile(thread, file, TRY(ascii(thread, v))));
  }
  TRY(writeToFile(thread, file, TRY(makeStrOfCharacter(thread, '\n'))));
  TRY(dictSetStr(thread, runtime.builtins, names._, v));
  return Value::none();
}

// --- breakpointhook ---------------------------------------------------------------------------------------------------
Fallible<Value> sysBreakpointhook(Thread& thread, Value, const Arguments& arguments) {
  const char* setting = getenv("PYTHONBREAKPOINT");
  std::string path = setting == nullptr || *setting == 0 ? "pdb.set_trace" : setting;
  if (path == "0") return Value::none();
  size_t dot = path.rfind('.');
  std::string module = dot == std::string::npos ? "builtins" : path.substr(0, dot);
  std::string name = dot == std::string::npos ? path : path.substr(dot + 1);
  auto found = [&]() -> Fallible<Value> {
    Value imported = TRY(importModule(thread, TRY(intern(thread, module))));
    return getAttribute(thread, imported, TRY(intern(thread, name)));
  }();
  if (found.isRaised()) {
    if (!pendingMatches(thread, exceptions.ImportError) && !pendingMatches(thread, exceptions.AttributeError)) {
      return Raised{};
    }
    clearException(thread);
    TRY(warn(thread, exceptions.RuntimeWarning, "Ignoring unimportable $PYTHONBREAKPOINT: \"" + path + "\""));
    return Value::none();
  }
  return call(thread, found.value(), {arguments.first, arguments.positional + arguments.keywordCount()},
              arguments.keywordNames);
}

// --- auditing ---------------------------------------------------------------------------------------------------------
RootVector& auditHooks() {
  static RootVector* const hooks = new RootVector;
  return *hooks;
}
Fallible<Value> sysAddAuditHook(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{"addaudithook", {"hook"}, 1};
  Value hook;
  TRY(kParameters.bind(thread, arguments, &hook));
  // The hooks that are there may object; whoever asks for another need not know.
  if (audit(thread, "sys.addaudithook", {}).isRaised()) {
    if (!pendingMatches(thread, exceptions.RuntimeError)) return Raised{};
    clearException(thread);
    return Value::none();
  }
  if (!auditHooks().push(hook)) return raiseMemoryError(thread);
  return Value::none();
}
Fallible<Value> sysAudit(Thread& thread, Value, const Arguments& arguments) {
  if (arguments.positional == 0) {
    return raise(thread, exceptions.TypeError, "audit() missing 1 required positional argument: 'event'");
  }
  if (auditHooks().empty()) return Value::none();
  if (toStr(arguments[0]) == nullptr) {
    return raiseTypeError(thread, "expected str for argument 'event', not {}", argumentTypeName(arguments[0]));
  }
  Value rest = Value::of(TRY(makeTuple(thread, arguments.positionals().subspan(1))));
  for (size_t i = 0; i < auditHooks().size(); i++) TRY(call(thread, auditHooks()[i], arguments[0], rest));
  return Value::none();
}

}  // namespace

bool auditing() { return !auditHooks().empty(); }
Fallible<void> audit(Thread& thread, const char* event, std::span<const Value> arguments) {
  if (!auditing()) return {};
  Value name = Value::of(TRY(makeStr(thread, event)));
  Value rest = Value::of(TRY(makeTuple(thread, arguments)));
  for (size_t i = 0; i < auditHooks().size(); i++) TRY(call(thread, auditHooks()[i], name, rest));
  return {};
}

Fallible<void> showException(Thread& thread, Value exception) {
  Value out = sysAttribute(names.stdout);
  if (!out.isUnbound() && !out.isNone()) {  // output before the traceback comes first
    if (flushFile(thread, out).isRaised()) clearException(thread);
  }
  Value file = sysAttribute(names.stderr);
  if (file.isUnbound() || file.isNone()) return {};
  TRY(writeToFile(thread, file, TRY(formatException(thread, exception))));
  return flushFile(thread, file);
}

Fallible<void> addSysHooks(Thread& thread, Dict* sys) {
  const struct {
    const char* name;
    Builtin* function;
  } hooks[] = {{"excepthook", TRY(makeBuiltin(thread, "excepthook", sysExcepthook))},
               {"displayhook", TRY(makeBuiltin(thread, "displayhook", sysDisplayhook))},
               {"unraisablehook", TRY(makeUnraisableHook(thread))},
               {"breakpointhook", TRY(makeBuiltin(thread, "breakpointhook", sysBreakpointhook))}};
  for (auto [name, function] : hooks) {
    TRY(addSysFunction(thread, sys, name, function));
    TRY(addSysValue(thread, sys, (std::string("__") + name + "__").c_str(), Value::of(function)));
  }
  TRY(addSysFunction(thread, sys, "addaudithook", TRY(makeBuiltin(thread, "addaudithook", sysAddAuditHook))));
  return addSysFunction(thread, sys, "audit", TRY(makeBuiltin(thread, "audit", sysAudit)));
}

}  // namespace krait
