// The built-in functions on objects and classes: isinstance, issubclass, getattr, setattr, delattr, hasattr, callable,
// dir, vars.
#include "vm/builtins/dict.h"
#include "vm/builtins/functions.h"
#include "vm/builtins/list.h"
#include "vm/builtins/str.h"
#include "vm/builtins/type_internal.h"
#include "vm/names.h"
#include "vm/runtime.h"

namespace krait {
namespace {

Fallible<Str*> attributeName(Thread& thread, Value name) {
  Str* text = toStr(name);
  if (text == nullptr) return raiseTypeError(thread, "attribute name must be string, not '{}'", nameOf(name));
  return intern(thread, text);
}

Fallible<Value> builtinIsinstance(Thread& thread, Value object, Value classOrTuple) {
  return Value::boolean(TRY(isInstance(thread, object, classOrTuple)));
}
Fallible<Value> builtinIssubclass(Thread& thread, Value derived, Value classOrTuple) {
  return Value::boolean(TRY(isSubclass(thread, derived, classOrTuple)));
}
Fallible<Value> builtinGetattr(Thread& thread, Value object, Value name, Value otherwise) {
  Str* text = TRY(attributeName(thread, name));
  if (otherwise.isUnbound()) return getAttribute(thread, object, text);
  Value found = TRY(getAttributeOrUnbound(thread, object, text));
  return found.isUnbound() ? otherwise : found;
}
Fallible<Value> builtinHasattr(Thread& thread, Value object, Value name) {
  return Value::boolean(!TRY(getAttributeOrUnbound(thread, object, TRY(attributeName(thread, name)))).isUnbound());
}
Fallible<Value> builtinSetattr(Thread& thread, Value object, Value name, Value value) {
  TRY(setAttribute(thread, object, TRY(attributeName(thread, name)), value));
  return Value::none();
}
Fallible<Value> builtinDelattr(Thread& thread, Value object, Value name) {
  TRY(deleteAttribute(thread, object, TRY(attributeName(thread, name))));
  return Value::none();
}
Fallible<Value> builtinCallable(Thread&, Value object) { return Value::boolean(isCallable(object)); }

// The caller's locals(): native functions have no frame of their own.
Fallible<Value> callersLocals(Thread& thread) {
  return call(thread, dictGetStr(runtime.builtins, TRY(intern(thread, "locals"))));
}

Fallible<Value> builtinDir(Thread& thread, Value, const Arguments& arguments) {
  TRY(arguments.noKeywords(thread, "dir"));
  TRY(arguments.count(thread, "dir", 0, 1));
  Value all;
  if (arguments.positional == 0) {
    all = TRY(callersLocals(thread));
    if (!isKind(all, Kind::kDict)) all = TRY(callMethod(thread, all, names.keys, {}));
  } else {
    Value method = specialMethod(arguments[0], Special::k__dir__);
    if (method.isUnbound()) return raiseTypeError(thread, "object does not provide __dir__");
    all = TRY(callSpecial(thread, method, arguments[0]));
  }
  List* sorted = TRY(listFromIterable(thread, all));
  TRY(listSort(thread, sorted, Value::none(), false));
  return Value::of(sorted);
}

Fallible<Value> builtinVars(Thread& thread, Value, const Arguments& arguments) {
  TRY(arguments.noKeywords(thread, "vars"));
  TRY(arguments.count(thread, "vars", 0, 1));
  if (arguments.positional == 0) return callersLocals(thread);
  Value dict = TRY(getAttributeOrUnbound(thread, arguments[0], names.dunder_dict));
  if (dict.isUnbound()) return raiseTypeError(thread, "vars() argument must have __dict__ attribute");
  return dict;
}

}  // namespace

BuiltinFunctions& BuiltinFunctions::put(Fallible<Builtin*> function) {
  if (function.isRaised()) failStartUp();
  Builtin* made = function.value();
  if (dictSetStr(thread_, builtins_, made->name, Value::of(made)).isRaised()) failStartUp();
  return *this;
}

void registerObjectFunctions(Thread& thread, Dict* builtins) {
  BuiltinFunctions(thread, builtins)
      .add("isinstance", builtinIsinstance)
      .add("issubclass", builtinIssubclass)
      .add("getattr", builtinGetattr, 1)
      .add("hasattr", builtinHasattr)
      .add("setattr", builtinSetattr)
      .add("delattr", builtinDelattr)
      .add("callable", builtinCallable)
      .add("dir", builtinDir)
      .add("vars", builtinVars);
}

}  // namespace krait
