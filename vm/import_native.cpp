// The import system of a start without a standard library: native modules, then .py files along sys.path.
#include <sys/stat.h>

#include "vm/builtins/dict.h"
#include "vm/builtins/exception.h"
#include "vm/builtins/list.h"
#include "vm/builtins/str.h"
#include "vm/code.h"
#include "vm/import.h"
#include "vm/names.h"
#include "vm/runtime.h"

namespace krait {
namespace {

bool isFile(const std::string& path) {
  struct stat info {};
  return stat(path.c_str(), &info) == 0 && S_ISREG(info.st_mode);
}

struct Found {
  std::string file;       // empty: there is none
  std::string directory;  // of a package, else empty
};

// Looks for `tail` (the last part of the name) along `path`.
Fallible<void> find(Thread& thread, const std::string& tail, Value path, Found& found) {
  return forEach(thread, path, [&](Value entry) -> Fallible<bool> {
    Str* directory = toStr(entry);
    if (directory == nullptr) return true;
    std::string base = strToUtf8(directory);
    base = base.empty() ? tail : base.back() == '/' ? base + tail : base + "/" + tail;
    if (isFile(base + "/__init__.py"))
      found = {base + "/__init__.py", base};
    else if (isFile(base + ".py"))
      found = {base + ".py", ""};
    return found.file.empty();
  });
}

Fallible<void> setText(Thread& thread, Dict* dict, Str* name, const std::string& text) {
  return dictSetStr(thread, dict, name, Value::of(TRY(makeStr(thread, text))));
}

Fallible<Value> loadFile(Thread& thread, Str* fullName, const Found& found) {
  std::string name = strToUtf8(fullName);
  Module* module = TRY(makeModule(thread, name.c_str()));
  Dict* dict = module->dict;
  size_t dot = name.rfind('.');
  std::string package = dot == std::string::npos ? "" : name.substr(0, dot);
  TRY(setText(thread, dict, names.dunder_package, found.directory.empty() ? package : name));
  if (!found.directory.empty()) {
    Value directory = Value::of(TRY(makeStr(thread, found.directory)));
    TRY(dictSetStr(thread, dict, names.dunder_path, Value::of(TRY(makeList(thread, {&directory, 1})))));
  }
  TRY(setText(thread, dict, names.dunder_file, found.file));
  TRY(dictSetStr(thread, dict, names.dunder_cached, Value::none()));
  std::string source;
  TRY(readWholeFile(thread, found.file, source));
  CompileRequest request{};
  request.source = source;
  request.filename = TRY(makeStr(thread, found.file));
  request.mode = CompileRequest::kExec;
  request.optimise = -1;
  Code* code = TRY(thread.hooks.compile(thread, request));
  TRY(dictSet(thread, runtime.modules, Value::of(fullName), Value::of(module)));
  TRY(dictSet(thread, runtime.importing.as<Dict>(), Value::of(fullName), Value::boolean(true)));
  Fallible<Value> ran = runCode(thread, code, dict, Value::of(dict));
  Value pending = thread.exception;
  thread.exception = Value::unbound();
  (void)TRY(dictDelete(thread, runtime.importing.as<Dict>(), Value::of(fullName)));
  if (ran.isRaised()) {
    (void)TRY(dictDelete(thread, runtime.modules, Value::of(fullName)));
    thread.exception = pending;
    return Raised{};
  }
  // The module may have put something else into sys.modules.
  Value final = TRY(dictGet(thread, runtime.modules, Value::of(fullName)));
  if (final.isUnbound()) return raiseWithArgument(thread, exceptions.KeyError, Value::of(fullName));
  return final;
}

Raised raiseNotFound(Thread& thread, Str* fullName, const std::string& extra) {
  (void)raiseFormat(thread, exceptions.ModuleNotFoundError, "No module named '{}'{}", strToUtf8(fullName), extra);
  if (isException(thread.exception))
    thread.exception.as<Exception>()->fields[ExceptionField::kImportName] = Value::of(fullName);
  return {};
}

}  // namespace

Fallible<Value> importWithoutLibrary(Thread& thread, Str* name) {
  std::string text = strToUtf8(name);
  size_t dot = text.rfind('.');
  Value path = TRY(dictGet(thread, runtime.sys, Value::of(names.path)));
  Found found;
  if (dot == std::string::npos) {
    Value native = TRY(loadNativeModule(thread, name));
    if (!native.isUnbound()) return native;
    if (!path.isUnbound()) TRY(find(thread, text, path, found));
    if (found.file.empty()) return raiseNotFound(thread, name, "");
    return loadFile(thread, name, found);
  }
  std::string parentName = text.substr(0, dot), tail = text.substr(dot + 1);
  Value parent = TRY(importModule(thread, TRY(intern(thread, parentName))));
  Value loaded = TRY(dictGet(thread, runtime.modules, Value::of(name)));  // the parent may have imported it
  if (!loaded.isUnbound()) return loaded;
  path = TRY(getAttributeOrUnbound(thread, parent, names.dunder_path));
  if (path.isUnbound()) return raiseNotFound(thread, name, "; '" + parentName + "' is not a package");
  TRY(find(thread, tail, path, found));
  if (found.file.empty()) return raiseNotFound(thread, name, "");
  Value module = TRY(loadFile(thread, name, found));
  TRY(setAttribute(thread, parent, TRY(intern(thread, tail)), module));
  return module;
}

}  // namespace krait
