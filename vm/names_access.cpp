// Names: locals mappings, globals, builtins, closures, and the errors for what is not there.
#include "vm/builtins/bytes.h"
#include "vm/builtins/exception.h"
#include "vm/builtins/frame.h"
#include "vm/builtins/list.h"
#include "vm/builtins/module.h"
#include "vm/builtins/str.h"
#include "vm/builtins/tuple.h"
#include "vm/import.h"
#include "vm/names.h"
#include "vm/runtime.h"
#include "vm/semantics.h"

namespace krait {
namespace {

KRAIT_COLD Raised raiseNameError(Thread& thread, Str* name) {
  (void)raiseFormat(thread, exceptions.NameError, "name '{}' is not defined", strToUtf8(name));
  if (isException(thread.exception)) thread.exception.as<Exception>()->fields[0] = Value::of(name);
  return {};
}

// Globals and builtins may be any mapping's dict subclass; exact dicts are the fast case.
Fallible<Value> lookUp(Thread& thread, Dict* dict, Str* name) {
  if (dict->allStrings || dict->length == 0) [[likely]]
    return dictGetStr(dict, name);
  return dictGet(thread, dict, Value::of(name));
}

Fallible<Value> globalOrBuiltin(Thread& thread, Function* function, Str* name) {
  Value found = TRY(lookUp(thread, function->globals, name));
  if (!found.isUnbound()) return found;
  return lookUp(thread, function->builtins, name);
}

// locals[name] for any mapping: KeyError becomes unbound.
Fallible<Value> mappingGet(Thread& thread, Value mapping, Str* name) {
  if (typeOf(mapping) == types.dict) return lookUp(thread, mapping.as<Dict>(), name);
  Fallible<Value> item = getItem(thread, mapping, Value::of(name));
  if (item.isRaised() && pendingMatches(thread, exceptions.KeyError)) {
    clearException(thread);
    return Value::unbound();
  }
  return item;
}

}  // namespace

Fallible<Value> loadGlobal(Thread& thread, Frame* frame, Str* name) {
  Function* function = frame->function;
  Dict* globals = function->globals;
  if (globals->allStrings) [[likely]] {
    Value found = dictGetStr(globals, name);
    if (!found.isUnbound()) return found;
  }
  Value found = TRY(globalOrBuiltin(thread, function, name));
  if (found.isUnbound()) [[unlikely]]
    return raiseNameError(thread, name);
  return found;
}

Fallible<Value> loadName(Thread& thread, Frame* frame, Str* name) {
  Value locals = frame->locals;
  if (!locals.isUnbound() && !locals.is(Value::of(frame->function->globals.get()))) {
    Value found = TRY(mappingGet(thread, locals, name));
    if (!found.isUnbound()) return found;
  }
  Value found = TRY(globalOrBuiltin(thread, frame->function, name));
  if (found.isUnbound()) return raiseNameError(thread, name);
  return found;
}

Fallible<void> storeName(Thread& thread, Frame* frame, Str* name, Value value) {
  Value locals = frame->locals;
  if (locals.isUnbound()) return raise(thread, exceptions.SystemError, "no locals found when storing a name");
  if (typeOf(locals) == types.dict) return dictSetStr(thread, locals.as<Dict>(), name, value);
  return setItem(thread, locals, Value::of(name), value);
}

Fallible<void> deleteName(Thread& thread, Frame* frame, Str* name) {
  Value locals = frame->locals;
  if (locals.isUnbound()) return raise(thread, exceptions.SystemError, "no locals when deleting a name");
  if (typeOf(locals) == types.dict) {
    if (!TRY(dictDelete(thread, locals.as<Dict>(), Value::of(name)))) return raiseNameError(thread, name);
    return {};
  }
  Fallible<void> deleted = deleteItem(thread, locals, Value::of(name));
  if (deleted.isRaised() && pendingMatches(thread, exceptions.KeyError)) {
    clearException(thread);
    return raiseNameError(thread, name);
  }
  return deleted;
}

Fallible<void> storeGlobal(Thread& thread, Frame* frame, Str* name, Value value) {
  return dictSetStr(thread, frame->function->globals, name, value);
}

Fallible<void> deleteGlobal(Thread& thread, Frame* frame, Str* name) {
  if (!TRY(dictDelete(thread, frame->function->globals, Value::of(name)))) return raiseNameError(thread, name);
  return {};
}

Fallible<void> raiseUnboundSlot(Thread& thread, Frame* frame, const Value* slot) {
  Code* code = frame->code;
  auto index = slot - frame->locals0();
  std::string name = strToUtf8(code->localsplusNames->items[index].get().as<Str>());
  if (code->localsplusKinds->data[index] & Code::kFree) {
    (void)raiseFormat(thread, exceptions.NameError,
                      "cannot access free variable '{}' where it is not associated with a value in enclosing scope",
                      name);
    if (isException(thread.exception))
      thread.exception.as<Exception>()->fields[0] = code->localsplusNames->items[index].get();
    return Raised{};
  }
  return raiseFormat(thread, exceptions.UnboundLocalError,
                     "cannot access local variable '{}' where it is not associated with a value", name);
}

void raiseUnbound(Thread& thread, Frame* frame) {
  Pc word = frame->pc - 1;
  (void)raiseUnboundSlot(thread, frame, reinterpret_cast<Value*>(frame) + word[1].offset);
}

Fallible<Value> loadClassDeref(Thread& thread, Frame* frame, Value* slot) {
  Str* name = frame->code->localsplusNames->items[slot - frame->locals0()].get().as<Str>();
  if (!frame->locals.isUnbound()) {
    Value found = TRY(mappingGet(thread, frame->locals, name));
    if (!found.isUnbound()) return found;
  }
  Value content = slot->as<Cellvar>()->content.get();
  if (content.isUnbound()) {
    TRY(raiseUnboundSlot(thread, frame, slot));
  }
  return content;
}

Fallible<void> setupAnnotations(Thread& thread, Frame* frame) {
  if (frame->locals.isUnbound())
    return raise(thread, exceptions.SystemError, "no locals found when setting up annotations");
  if (!TRY(mappingGet(thread, frame->locals, names.dunder_annotations)).isUnbound()) return {};
  Dict* fresh = TRY(makeDict(thread));
  return storeName(thread, frame, names.dunder_annotations, Value::of(fresh));
}

// --- imports ----------------------------------------------------------------------------------------------------------
Fallible<Value> importName(Thread& thread, Frame* frame, Str* name, Value fromList, Value level) {
  Value import = TRY(lookUp(thread, frame->function->builtins, names.dunder_import));
  if (import.isUnbound()) return raise(thread, exceptions.ImportError, "__import__ not found");
  Value globals = Value::of(frame->function->globals.get());
  if (import.is(originalImport()))
    return importBuiltin(thread, name, globals, fromList, TRY(indexAsInt64(thread, level)));
  Value arguments[] = {Value::of(name), globals, frame->locals.isUnbound() ? Value::none() : frame->locals, fromList,
                       level};
  return call(thread, import, std::span<const Value>(arguments));
}

Fallible<Value> importFrom(Thread& thread, Value module, Str* name) {
  Value found = TRY(getAttributeOrUnbound(thread, module, name));
  if (!found.isUnbound()) return found;
  // A submodule that is being imported is in sys.modules before it is an attribute of its package.
  Value packageName = TRY(getAttributeOrUnbound(thread, module, names.dunder_name));
  Str* package = toStr(packageName);
  std::string packageText = "<unknown module name>";
  if (package != nullptr) {
    Str* full = TRY(makeStr(thread, strToUtf8(package) + "." + strToUtf8(name)));
    Value loaded = TRY(dictGet(thread, runtime.modules, Value::of(full)));
    if (!loaded.isUnbound()) return loaded;
    packageText = strToUtf8(TRY(repr(thread, packageName)));
  }
  Value file = TRY(getAttributeOrUnbound(thread, module, names.dunder_file));
  std::string shown = strToUtf8(TRY(repr(thread, Value::of(name))));
  if (toStr(file) == nullptr) {
    (void)raiseFormat(thread, exceptions.ImportError, "cannot import name {} from {} (unknown location)", shown,
                      packageText);
  } else {
    bool isPartial = TRY(isInitialising(thread, module));
    (void)raiseFormat(thread, exceptions.ImportError, "cannot import name {} from {}{} ({})", shown,
                      isPartial ? "partially initialized module " : "",
                      packageText + (isPartial ? " (most likely due to a circular import)" : ""),
                      strToUtf8(toStr(file)));
  }
  if (isException(thread.exception)) {
    auto* fields = thread.exception.as<Exception>()->fields;
    fields[ExceptionField::kImportName] = packageName.isUnbound() ? Value::none() : packageName;
    fields[ExceptionField::kImportPath] = file.isUnbound() ? Value::none() : file;
  }
  return Raised{};
}

Fallible<void> importStar(Thread& thread, Frame* frame, Value module) {
  Value all = TRY(getAttributeOrUnbound(thread, module, names.dunder_all));
  bool skipUnderscores = all.isUnbound();
  if (skipUnderscores) {
    Value dict = TRY(getAttributeOrUnbound(thread, module, names.dunder_dict));
    if (dict.isUnbound())
      return raise(thread, exceptions.ImportError, "from-import-* object has no __dict__ and no __all__");
    all = TRY(callMethod(thread, dict, names.keys, {}));
  }
  // Copied first: storing may change the module's own dict.
  List* list = TRY(listFromIterable(thread, all));
  for (uint64_t i = 0; i < list->length; i++) {
    Str* name = toStr(list->storage->slots[i]);
    if (name == nullptr) {
      Value owner = TRY(getAttributeOrUnbound(thread, module, names.dunder_name));
      Str* text = owner.isUnbound() ? nullptr : toStr(owner);
      if (text == nullptr) return raiseTypeError(thread, "module __name__ must be a string, not {}", nameOf(owner));
      return raiseTypeError(thread, "{} in {}.__{}__ must be str, not {}", skipUnderscores ? "Key" : "Item",
                            strToUtf8(text), skipUnderscores ? "dict" : "all", nameOf(list->storage->slots[i]));
    }
    name = TRY(intern(thread, name));
    if (skipUnderscores && name->length > 0 && name->at(0) == '_') continue;
    Value value = TRY(getAttribute(thread, module, name));
    TRY(storeName(thread, frame, name, value));
  }
  return {};
}

Fallible<Value> loadBuildClass(Thread& thread, Frame* frame) {
  Value found = TRY(lookUp(thread, frame->function->builtins, names.dunder_build_class));
  if (found.isUnbound()) return raise(thread, exceptions.NameError, "__build_class__ not found");
  return found;
}

}  // namespace krait
