// The start of importlib: its two bootstrap files become modules, and they take over from there.
#include <cstdio>

#include "vm/builtins/dict.h"
#include "vm/builtins/list.h"
#include "vm/builtins/str.h"
#include "vm/frozen.h"
#include "vm/import.h"
#include "vm/modules/registry.h"
#include "vm/modules/sys.h"
#include "vm/names.h"
#include "vm/runtime.h"

namespace krait {
namespace {

enum Root : size_t { kImport, kImportlib, kRootCount };
RootVector& roots() {
  static auto* const values = new RootVector;
  return *values;
}

// Every native module that was made, by name: a second import after `del sys.modules[name]` shares its content, so that
// classes stay what they are.
Fallible<Dict*> nativeModules(Thread& thread) {
  static auto* const holder = new RootVector;
  if (holder->empty() && !holder->push(Value::of(TRY(makeDict(thread))))) return raiseMemoryError(thread);
  return (*holder)[0].as<Dict>();
}

// What -v says of the steps that no Python code takes.
void note(const char* text) {
  if (verboseImports) std::fprintf(stderr, "%s\n", text);
}

}  // namespace

Value originalImport() { return roots().empty() ? Value::none() : roots()[kImport]; }
Module* importlibModule() {
  return roots().empty() || !isKind(roots()[kImportlib], Kind::kModule) ? nullptr : roots()[kImportlib].as<Module>();
}

Fallible<Value> loadNativeModule(Thread& thread, Str* name) {
  std::string text = strToUtf8(name);
  Dict* made = TRY(nativeModules(thread));
  Value known = TRY(dictGet(thread, made, Value::of(name)));
  Module* module;
  if (text == "sys" || text == "builtins") {
    module = text == "builtins" ? runtime.builtinsModule : sysModule();
  } else if (!known.isUnbound()) {
    module = TRY(makeModule(thread, text.c_str()));
    TRY(dictUpdate(thread, module->dict, Value::of(known.as<Module>()->dict.get())));
  } else {
    ModuleInitialiser make = findNativeModule(text);
    if (make == nullptr) return Value::unbound();
    module = make(thread);
    if (module == nullptr) return Raised{};
    TRY(dictSet(thread, made, Value::of(name), Value::of(module)));
  }
  TRY(dictSet(thread, runtime.modules, Value::of(name), Value::of(module)));
  return Value::of(module);
}

Fallible<void> startImportlib(Thread& thread) {
  Value import = dictGetStr(runtime.builtins, names.dunder_import);
  if (!roots().push(import) || !roots().push(Value::none())) return raiseMemoryError(thread);
  const FrozenModule* bootstrap = findFrozen("_frozen_importlib");
  if (bootstrap == nullptr) return {};
  Code* code = TRY(frozenCode(thread, *bootstrap));
  Module* module = TRY(makeModule(thread, bootstrap->name));
  Value self = Value::of(module);
  TRY(dictSetStr(thread, runtime.modules, TRY(intern(thread, bootstrap->name)), self));
  Value origin = Value::of(TRY(intern(thread, bootstrap->origin)));
  TRY(dictSetStr(thread, module->dict, TRY(intern(thread, "__origname__")), origin));
  TRY(runCode(thread, code, module->dict, Value::of(module->dict.get())));
  note("import _frozen_importlib # frozen");
  Value imp = TRY(loadNativeModule(thread, TRY(intern(thread, "_imp"))));
  note("import _imp # builtin");
  Value arguments[] = {Value::of(sysModule()), imp};
  TRY(callMethod(thread, self, TRY(intern(thread, "_install")), arguments));
  // sys._stdlib_dir is known earlier here than in CPython, so it was found; it is not to show.
  (void)TRY(dictDeleteStr(thread, module->dict, names.dunder_file));
  roots()[kImportlib] = self;
  TRY(callMethod(thread, self, TRY(intern(thread, "_install_external_importers")), {}));
  note("# installing zipimport hook");
  // Before zipimport, as there: the module that has the clock.
  TRY(importModule(thread, TRY(intern(thread, "time"))));
  Value zipimport = TRY(importModule(thread, TRY(intern(thread, "zipimport"))));
  Value importer = TRY(getAttribute(thread, zipimport, "zipimporter"));
  Value hooks = sysAttribute(TRY(intern(thread, "path_hooks")));
  Value first[] = {Value::inlineInt(0), importer};
  TRY(callMethod(thread, hooks, TRY(intern(thread, "insert")), first));
  note("# installed zipimport hook");
  return {};
}

}  // namespace krait
