// Pickles know classes and functions by name: finding the name of an object, and the object of a name.
#include "vm/builtins/dict.h"
#include "vm/builtins/list.h"
#include "vm/builtins/str.h"
#include "vm/builtins/tuple.h"
#include "vm/import.h"
#include "vm/modules/pickle_internal.h"
#include "vm/modules/sys.h"
#include "vm/names.h"
#include "vm/runtime.h"

namespace krait {
namespace {

constexpr std::string_view kLocals = "<locals>";

uint64_t findDot(const Str* name, uint64_t from) {
  uint64_t i = from;
  while (i < name->length && name->at(i) != '.') i++;
  return i;
}

KRAIT_COLD Raised raiseMissing(Thread& thread, Value module, Str* name) {
  std::string what = strToUtf8(TRY(repr(thread, Value::of(name))));
  return raiseFormat(thread, exceptions.AttributeError, "Can't get attribute {} on {}", what,
                     strToUtf8(TRY(repr(thread, module))));
}

}  // namespace

Fallible<void> refuseLocalName(Thread& thread, Value module, Str* name) {
  if (findDot(name, 0) == name->length && !strEqualsUtf8(name, kLocals)) return {};
  for (uint64_t start = 0; start <= name->length;) {
    uint64_t end = findDot(name, start);
    if (strEqualsUtf8(TRY(substring(thread, name, start, end)), kLocals)) {
      std::string what = strToUtf8(TRY(repr(thread, Value::of(name))));
      if (module.isUnbound())
        return raiseFormat(thread, exceptions.AttributeError, "Can't pickle local object {}", what);
      return raiseFormat(thread, exceptions.AttributeError, "Can't pickle local attribute {} on {}", what,
                         strToUtf8(TRY(repr(thread, module))));
    }
    start = end + 1;
  }
  return {};
}

Fallible<DottedName> findDotted(Thread& thread, Value module, Str* name) {
  DottedName found{module, module, name};
  for (uint64_t start = 0; start <= name->length;) {
    uint64_t end = findDot(name, start);
    if (start != 0 || end != name->length) found.last = TRY(substring(thread, name, start, end));
    found.parent = found.object;
    found.object = TRY(getAttributeOrUnbound(thread, found.parent, TRY(intern(thread, found.last))));
    if (found.object.isUnbound()) return raiseMissing(thread, module, name);
    start = end + 1;
  }
  return found;
}

// The object's __module__; else that of the first module which has the object under this name.
Fallible<Value> moduleNameOf(Thread& thread, Value object, Str* name) {
  Value known = TRY(getAttributeOrUnbound(thread, object, names.dunder_module));
  if (!known.isUnbound() && !known.isNone()) return known;
  Value main = Value::of(names.dunder_main);
  Value modules = dictGetStr(runtime.sys, names.modules);
  if (modules.isUnbound()) return raise(thread, exceptions.RuntimeError, "unable to get sys.modules");
  Value items = TRY(callMethod(thread, modules, names.items, {}));
  List* pairs = TRY(listFromIterable(thread, items));
  for (uint64_t i = 0; i < pairs->length; i++) {
    const Tuple* pair = toTuple(pairs->storage->slots[i]);
    if (pair == nullptr || pair->length != 2) continue;
    Value key = pair->items[0], module = pair->items[1];
    if (module.isNone()) continue;
    if (const Str* text = toStr(key)) {
      if (strEqualsUtf8(text, "__main__") || strEqualsUtf8(text, "__mp_main__")) continue;
    }
    Fallible<DottedName> found = findDotted(thread, module, name);
    if (found.isRaised()) {
      if (!pendingMatches(thread, exceptions.AttributeError)) return Raised{};
      clearException(thread);
    } else if (found.value().object.is(object)) {
      return key;
    }
  }
  return main;
}

Fallible<Value> findPickledClass(Thread& thread, const UnpicklerObject* u, Value module, Value name) {
  if (auditing()) {
    Value arguments[] = {module, name};
    TRY(audit(thread, "pickle.find_class", arguments));
  }
  if (u->protocol < 3 && u->fixesImports) {  // the names of Python 2
    Value key = Value::of(TRY(makeTuple(thread, {module, name})));
    Value mapped = TRY(dictGet(thread, pickleLibrary.nameMapping, key));
    if (!mapped.isUnbound()) {
      const Tuple* pair = toTuple(mapped);
      if (pair == nullptr || pair->length != 2) {
        return raise(thread, exceptions.RuntimeError, "_compat_pickle.NAME_MAPPING values should be 2-tuples");
      }
      module = pair->items[0];
      name = pair->items[1];
      if (toStr(module) == nullptr || toStr(name) == nullptr) {
        return raise(thread, exceptions.RuntimeError, "_compat_pickle.NAME_MAPPING values should be pairs of str");
      }
    } else {
      mapped = TRY(dictGet(thread, pickleLibrary.importMapping, module));
      if (!mapped.isUnbound()) {
        if (toStr(mapped) == nullptr)
          return raise(thread, exceptions.RuntimeError, "_compat_pickle.IMPORT_MAPPING values should be strings");
        module = mapped;
      }
    }
  }
  Str* moduleName = toStr(module);
  if (moduleName == nullptr) return raise(thread, exceptions.TypeError, "module name must be a string");
  if (moduleName->length == 0) return raiseValueError(thread, "Empty module name");
  Value imported = TRY(importModule(thread, TRY(intern(thread, moduleName))));
  Str* attribute = toStr(name);
  if (attribute == nullptr) return raiseTypeError(thread, "attribute name must be string, not '{}'", nameOf(name));
  if (u->protocol >= 4) {
    TRY(refuseLocalName(thread, imported, attribute));
    return TRY(findDotted(thread, imported, attribute)).object;
  }
  Value found = TRY(getAttributeOrUnbound(thread, imported, TRY(intern(thread, attribute))));
  if (found.isUnbound()) return raiseMissing(thread, imported, attribute);
  return found;
}

}  // namespace krait
