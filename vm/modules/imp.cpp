// Module _imp: what importlib asks of the interpreter. Native modules, frozen modules, the import lock, file names.
#include <condition_variable>
#include <mutex>

#include "vm/builtins/bytes.h"
#include "vm/builtins/dict.h"
#include "vm/builtins/exception.h"
#include "vm/builtins/int.h"
#include "vm/builtins/list.h"
#include "vm/builtins/memoryview.h"
#include "vm/builtins/module.h"
#include "vm/builtins/str.h"
#include "vm/builtins/text.h"
#include "vm/builtins/tuple.h"
#include "vm/frozen.h"
#include "vm/import.h"
#include "vm/modules/registry.h"
#include "vm/names.h"
#include "vm/runtime.h"
#include "vm/siphash.h"

namespace krait {
namespace {

// --- the import lock --------------------------------------------------------------------------------------------------
struct ImportLock {
  std::mutex mutex;
  std::condition_variable released;
  Thread* owner = nullptr;
  int depth = 0;
} importLock;

Fallible<Value> lockHeld(Thread&, Value, const Arguments&) { return Value::boolean(importLock.owner != nullptr); }
Fallible<Value> acquireLock(Thread& thread, Value, const Arguments&) {
  if (importLock.owner != &thread) {
    AllowThreads allow(thread);
    std::unique_lock<std::mutex> guard(importLock.mutex);
    importLock.released.wait(guard, [] { return importLock.owner == nullptr; });
    importLock.owner = &thread;
  }
  importLock.depth++;
  return Value::none();
}
Fallible<Value> releaseLock(Thread& thread, Value, const Arguments&) {
  if (importLock.owner != &thread) return raise(thread, exceptions.RuntimeError, "not holding the import lock");
  if (--importLock.depth == 0) {
    {
      std::lock_guard<std::mutex> guard(importLock.mutex);
      importLock.owner = nullptr;
    }
    importLock.released.notify_one();
  }
  return Value::none();
}

// --- native modules ---------------------------------------------------------------------------------------------------
Fallible<std::string> nameArgument(Thread& thread, Value v, const char* function) {
  Str* name = toStr(v);
  if (name == nullptr)
    return raiseTypeError(thread, "{}() argument must be str, not {}", function, argumentTypeName(v));
  return strToUtf8(name);
}

// -1: a native module that cannot be made again.
Fallible<Value> isBuiltin(Thread& thread, Value given) {
  std::string name = TRY(nameArgument(thread, given, "is_builtin"));
  if (name == "sys" || name == "builtins") return Value::inlineInt(-1);
  return Value::inlineInt(findNativeModule(name) != nullptr);
}
Fallible<Value> createBuiltin(Thread& thread, Value spec) {
  Str* name = toStr(TRY(getAttribute(thread, spec, names.name)));
  if (name == nullptr) return Value::none();
  Value loaded = TRY(dictGet(thread, runtime.modules, Value::of(name)));
  if (isKind(loaded, Kind::kModule) && findNativeModule(strToUtf8(name)) != nullptr) return loaded;
  Value module = TRY(loadNativeModule(thread, TRY(intern(thread, name))));
  return module.isUnbound() ? Value::none() : module;
}
Fallible<Value> execBuiltin(Thread&, Value) { return Value::inlineInt(0); }

// There is no C API, so no file that dlopen() could load would be of use.
Fallible<Value> createDynamic(Thread& thread, Value spec, Value) {
  Value name = TRY(getAttribute(thread, spec, names.name));
  Value origin = TRY(getAttribute(thread, spec, names.origin));
  Str* path = toStr(origin);
  if (path == nullptr)
    return raiseTypeError(thread, "expected str, bytes or os.PathLike object, not {}", nameOf(origin));
  (void)raiseFormat(thread, exceptions.ImportError, "{}: extension modules of CPython cannot be loaded",
                    strToUtf8(path));
  if (isException(thread.exception)) {
    thread.exception.as<Exception>()->fields[ExceptionField::kImportName] = name;
    thread.exception.as<Exception>()->fields[ExceptionField::kImportPath] = origin;
  }
  return Raised{};
}
Fallible<Value> extensionSuffixes(Thread& thread, Value, const Arguments&) {
  return Value::of(TRY(makeList(thread, {})));
}

// --- frozen modules ---------------------------------------------------------------------------------------------------
int frozenOverride = 0;  // -1: off, 1: on, 0: as the command line says

const FrozenModule* usableFrozen(std::string_view name) {
  const FrozenModule* module = findFrozen(name);
  bool enabled = frozenOverride == 0 ? frozenSettings.enabled : frozenOverride > 0;
  return module == nullptr || (!enabled && !module->isEssential) ? nullptr : module;
}
Raised raiseNoFrozen(Thread& thread, const std::string& name, Value given) {
  (void)raiseFormat(thread, exceptions.ImportError, "No such frozen object named '{}'", name);
  if (isException(thread.exception)) thread.exception.as<Exception>()->fields[ExceptionField::kImportName] = given;
  return {};
}

Fallible<Value> isFrozen(Thread& thread, Value given) {
  return Value::boolean(usableFrozen(TRY(nameArgument(thread, given, "is_frozen"))) != nullptr);
}
Fallible<Value> isFrozenPackage(Thread& thread, Value given) {
  std::string name = TRY(nameArgument(thread, given, "is_frozen_package"));
  const FrozenModule* module = usableFrozen(name);
  if (module == nullptr) return raiseNoFrozen(thread, name, given);
  return Value::boolean(module->isPackage);
}
Fallible<Value> findFrozenFunction(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{"find_frozen", {"name", "/", "*", "withdata"}, 1};
  Value v[2];
  TRY(kParameters.bind(thread, arguments, v));
  if (toStr(v[0]) == nullptr)
    return raiseTypeError(thread, "find_frozen() argument 1 must be str, not {}", argumentTypeName(v[0]));
  const FrozenModule* module = usableFrozen(strToUtf8(toStr(v[0])));
  if (module == nullptr) return Value::none();
  Value data = Value::none();
  if (!v[1].isUnbound() && TRY(isTrue(thread, v[1]))) {
    Value code = Value::of(TRY(frozenCode(thread, *module)));
    Value marshal = TRY(importModule(thread, TRY(intern(thread, "marshal"))));
    data = TRY(makeMemoryview(thread, TRY(callMethod(thread, marshal, TRY(intern(thread, "dumps")), {&code, 1}))));
  }
  Value origin = module->origin == nullptr ? Value::none() : Value::of(TRY(makeStr(thread, module->origin)));
  return Value::of(TRY(makeTuple(thread, {data, Value::boolean(module->isPackage), origin})));
}
Fallible<Value> getFrozenObject(Thread& thread, Value given, Value data) {
  Str* text = toStr(given);
  if (text == nullptr)
    return raiseTypeError(thread, "get_frozen_object() argument 1 must be str, not {}", argumentTypeName(given));
  std::string name = strToUtf8(text);
  if (data.isUnbound() || data.isNone()) {
    const FrozenModule* module = usableFrozen(name);
    if (module == nullptr) return raiseNoFrozen(thread, name, given);
    return Value::of(TRY(frozenCode(thread, *module)));
  }
  std::string_view bytes = TRY(requireBuffer(thread, data));
  if (bytes.empty()) return raiseFormat(thread, exceptions.ImportError, "Frozen object named '{}' is invalid", name);
  Value marshal = TRY(importModule(thread, TRY(intern(thread, "marshal"))));
  Fallible<Value> code = callMethod(thread, marshal, TRY(intern(thread, "loads")), {&data, 1});
  if (code.isRaised()) {
    clearException(thread);
    return raiseFormat(thread, exceptions.ImportError, "Frozen object named '{}' is invalid", name);
  }
  if (!isKind(code.value(), Kind::kCode))
    return raiseTypeError(thread, "frozen object '{}' is not a code object", name);
  return code;
}
// Runs the module again if it is known: what the old FrozenImporter.load_module() asked for.
Fallible<Value> initFrozen(Thread& thread, Value given) {
  const FrozenModule* frozen = usableFrozen(TRY(nameArgument(thread, given, "init_frozen")));
  if (frozen == nullptr) return Value::none();
  Code* code = TRY(frozenCode(thread, *frozen));
  Str* name = TRY(intern(thread, toStr(given)));
  Value module = TRY(dictGet(thread, runtime.modules, Value::of(name)));
  if (!isKind(module, Kind::kModule)) {
    module = Value::of(TRY(makeModule(thread, frozen->name)));
    TRY(dictSet(thread, runtime.modules, Value::of(name), module));
  }
  Dict* dict = module.as<Module>()->dict;
  if (frozen->origin != nullptr) {
    Value origin = Value::of(TRY(intern(thread, frozen->origin)));
    TRY(dictSetStr(thread, dict, TRY(intern(thread, "__origname__")), origin));
  }
  if (frozen->isPackage) TRY(dictSetStr(thread, dict, names.dunder_path, Value::of(TRY(makeList(thread, {})))));
  TRY(runCode(thread, code, dict, Value::of(dict)));
  return module;
}
Fallible<Value> frozenModuleNames(Thread& thread, Value, const Arguments&) {
  List* result = TRY(makeListWithCapacity(thread, frozenModules().size()));
  for (const FrozenModule& module : frozenModules())
    TRY(listAppend(thread, result, Value::of(TRY(intern(thread, module.name)))));
  return Value::of(result);
}
Fallible<Value> overrideFrozen(Thread& thread, Value v) {
  frozenOverride = static_cast<int>(TRY(indexAsInt64(thread, v)));
  return Value::none();
}

// --- code and sources -------------------------------------------------------------------------------------------------
Fallible<Value> fixCoFilename(Thread& thread, Value code, Value path) {
  if (!isKind(code, Kind::kCode))
    return raiseTypeError(thread, "_fix_co_filename() argument 1 must be code, not {}", argumentTypeName(code));
  if (toStr(path) == nullptr)
    return raiseTypeError(thread, "_fix_co_filename() argument 2 must be str, not {}", argumentTypeName(path));
  if (!strEquals(code.as<Code>()->filename, toStr(path))) setFilename(code.as<Code>(), toStr(path));
  return Value::none();
}
Fallible<Value> sourceHash(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{"source_hash", {"key", "source"}, 2};
  Value v[2];
  TRY(kParameters.bind(thread, arguments, v));
  int64_t key = TRY(indexAsInt64(thread, v[0], exceptions.OverflowError));
  std::string_view source = TRY(requireBuffer(thread, v[1]));
  uint64_t hash =
      siphash13(static_cast<uint64_t>(key), 0, reinterpret_cast<const uint8_t*>(source.data()), source.size());
  return Value::of(TRY(makeBytes(thread, {reinterpret_cast<const char*>(&hash), sizeof hash})));
}

}  // namespace

Module* moduleImp(Thread& thread) {
  Fallible<Str*> mode = intern(thread, checkHashBasedPycs);
  if (mode.isRaised()) return nullptr;
  return ModuleBuilder(thread, "_imp", "(Extremely) low-level import machinery bits as used by importlib.")
      .variadic("lock_held", lockHeld)
      .variadic("acquire_lock", acquireLock)
      .variadic("release_lock", releaseLock)
      .function("is_builtin", isBuiltin)
      .function("create_builtin", createBuiltin)
      .function("exec_builtin", execBuiltin)
      .function("create_dynamic", createDynamic, 1)
      .function("exec_dynamic", execBuiltin)
      .variadic("extension_suffixes", extensionSuffixes)
      .function("is_frozen", isFrozen)
      .function("is_frozen_package", isFrozenPackage)
      .variadic("find_frozen", findFrozenFunction)
      .function("get_frozen_object", getFrozenObject, 1)
      .function("init_frozen", initFrozen)
      .variadic("_frozen_module_names", frozenModuleNames)
      .function("_override_frozen_modules_for_tests", overrideFrozen)
      .function("_fix_co_filename", fixCoFilename)
      .variadic("source_hash", sourceHash)
      .constant("check_hash_based_pycs", Value::of(mode.value()))
      .build();
}

}  // namespace krait
