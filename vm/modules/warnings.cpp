// Module _warnings: the functions that warnings.py imports, over the machinery of vm/warnings.cpp.
#include "vm/warnings.h"

#include "vm/builtins/dict.h"
#include "vm/builtins/exception.h"
#include "vm/builtins/list.h"
#include "vm/builtins/module.h"
#include "vm/builtins/str.h"
#include "vm/builtins/text.h"
#include "vm/modules/registry.h"
#include "vm/names.h"

namespace krait {
namespace {

Fallible<Value> warningsWarn(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{"warn", {"message", "category", "stacklevel", "source"}, 1};
  Value v[4];
  TRY(kParameters.bind(thread, arguments, v));
  int64_t level = v[2].isUnbound() ? 1 : TRY(indexAsInt64(thread, v[2], exceptions.OverflowError));
  Value category = v[1];
  if (isInstanceOf(v[0], exceptions.Warning))
    category = Value::of(typeOf(v[0]));
  else if (category.isUnbound() || category.isNone())
    category = Value::of(exceptions.UserWarning);
  bool isCategory = isKind(category, Kind::kType) && isSubtype(category.as<Type>(), exceptions.Warning);
  if (!isCategory) return raiseTypeError(thread, "category must be a Warning subclass, not '{}'", nameOf(category));
  TRY(warnFrom(thread, v[0], category, level, v[3]));
  return Value::none();
}

// The line that a module's own loader knows: module_globals["__loader__"].get_source(module_globals["__name__"]).
Fallible<Value> lineFromLoader(Thread& thread, Dict* globals, int64_t line) {
  Value loader = TRY(dictGet(thread, globals, Value::of(names.dunder_loader)));
  Value name = TRY(dictGet(thread, globals, Value::of(names.dunder_name)));
  if (loader.isUnbound() || name.isUnbound()) return Value::unbound();
  Value getSource = TRY(getAttributeOrUnbound(thread, loader, TRY(intern(thread, "get_source"))));
  if (getSource.isUnbound()) return getSource;
  Value source = TRY(call(thread, getSource, name));
  if (source.isNone()) return Value::unbound();
  List* lines = toList(TRY(callMethod(thread, source, TRY(intern(thread, "splitlines")), {})));
  if (lines == nullptr) return Value::unbound();
  if (line < 1 || static_cast<uint64_t>(line) > lines->length)
    return raise(thread, exceptions.IndexError, "list index out of range");
  return lines->storage->slots[line - 1];
}

Fallible<Value> warningsWarnExplicit(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{
      "warn_explicit",
      {"message", "category", "filename", "lineno", "module", "registry", "module_globals", "source"},
      4};
  Value v[8];
  TRY(kParameters.bind(thread, arguments, v));
  if (toStr(v[2]) == nullptr)
    return raiseTypeError(thread, "warn_explicit() argument 3 must be str, not {}", argumentTypeName(v[2]));
  WarningPlace place;
  place.filename = v[2];
  place.line = TRY(indexAsInt64(thread, v[3], exceptions.OverflowError));
  place.module = v[4];
  place.registry = v[5];
  if (!v[6].isUnbound() && !v[6].isNone()) {
    Dict* globals = toDict(v[6]);
    if (globals == nullptr) return raiseTypeError(thread, "module_globals must be a dict, not '{}'", nameOf(v[6]));
    place.sourceLine = TRY(lineFromLoader(thread, globals, place.line));
  }
  TRY(warnAt(thread, v[0], v[1], place, v[7]));
  return Value::none();
}

Fallible<Value> filtersMutated(Thread& thread, Value, const Arguments& arguments) {
  TRY(arguments.count(thread, "_filters_mutated", 0, 0));
  warningFiltersChanged();
  return Value::none();
}

}  // namespace

Module* moduleWarnings(Thread& thread) {
  Fallible<WarningDefaults> state = warningDefaults(thread);
  if (state.isRaised()) return nullptr;
  return ModuleBuilder(thread, "_warnings", "Warnings: the filters, and what they decide.")
      .variadic("warn", warningsWarn)
      .variadic("warn_explicit", warningsWarnExplicit)
      .variadic("_filters_mutated", filtersMutated)
      .constant("filters", state.value().filters)
      .constant("_onceregistry", state.value().onceRegistry)
      .constant("_defaultaction", state.value().defaultAction)
      .build();
}

}  // namespace krait
