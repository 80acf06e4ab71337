// The import system: native modules, then modules and packages in files along sys.path.
#include "vm/import.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "vm/builtins/bytes.h"
#include "vm/builtins/exception.h"
#include "vm/builtins/function.h"
#include "vm/builtins/list.h"
#include "vm/builtins/str.h"
#include "vm/builtins/tuple.h"
#include "vm/names.h"
#include "vm/runtime.h"
#include "vm/semantics.h"

namespace krait {

Fallible<void> readWholeFile(Thread& thread, const std::string& path, std::string& content) {
  auto fail = [&](int error) -> Raised {
    Fallible<Str*> name = makeStr(thread, path);
    return name.isRaised() ? Raised{} : raiseErrno(thread, error, Value::of(name.value()));
  };
  int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return fail(errno);
  struct stat info {};
  if (fstat(file, &info) == 0 && S_ISDIR(info.st_mode)) {
    close(file);
    return fail(EISDIR);
  }
  try {
    content.clear();
    if (S_ISREG(info.st_mode)) content.reserve(static_cast<size_t>(info.st_size) + 1);
    char buffer[65536];
    while (true) {
      ssize_t n;
      int error;
      {
        AllowThreads allow(thread);
        n = read(file, buffer, sizeof buffer);
        error = errno;
      }
      if (n == 0) break;
      if (n > 0) {
        content.append(buffer, static_cast<size_t>(n));
      } else if (error == EINTR) {
        if (handleEvalBreaker(thread).isRaised()) {
          close(file);
          return Raised{};
        }
      } else {
        close(file);
        return fail(error);
      }
    }
  } catch (const std::bad_alloc&) {
    close(file);
    return raiseMemoryError(thread);
  }
  close(file);
  return {};
}

Fallible<Dict*> builtinsOf(Thread& thread, Dict* globals) {
  Value found = TRY(dictGet(thread, globals, Value::of(names.dunder_builtins)));
  if (isKind(found, Kind::kModule)) return found.as<Module>()->dict.get();
  if (isKind(found, Kind::kDict)) return found.as<Dict>();
  TRY(dictSetStr(thread, globals, names.dunder_builtins, Value::of(runtime.builtinsModule)));
  return runtime.builtins;
}

Fallible<Value> runCode(Thread& thread, Code* code, Dict* globals, Value locals, Value closure) {
  KRAIT_CHECK_NATIVE_STACK(thread, " while calling a Python object");
  Dict* builtins = TRY(builtinsOf(thread, globals));
  Function* function = TRY(makeFunction(thread, code, globals, Value::of(code->qualname.get())));
  function->builtins = builtins;
  function->closure = closure;
  Value* base = thread.sp;
  if (base + 1 > thread.stackLimit) return raiseRecursionError(thread);
  *base = Value::of(function);
  thread.sp = base + 1;
  Fallible<void> pushed = pushFrame(thread, function, base + 1, 0, nullptr, base, Frame::kEntry);
  if (pushed.isRaised()) {
    thread.sp = base;
    return Raised{};
  }
  thread.frame->locals = locals;
  Value value = thread.hooks.interpret(thread, thread.frame);
  thread.sp = base;
  return value;
}

namespace {

bool isFile(const std::string& path) {
  struct stat info {};
  return stat(path.c_str(), &info) == 0 && S_ISREG(info.st_mode);
}
bool isDirectory(const std::string& path) {
  struct stat info {};
  return stat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode);
}

struct Found {
  std::string file;       // empty: a namespace package
  std::string directory;  // of a package, else empty
  bool exists = false;
};

// Looks for `tail` (the last part of the name) along `path`.
Fallible<void> find(Thread& thread, const std::string& tail, Value path, Found& found) {
  return forEach(thread, path, [&](Value entry) -> Fallible<bool> {
    Str* directory = toStr(entry);
    if (directory == nullptr) return true;
    std::string base = strToUtf8(directory);
    base = base.empty() ? tail : base.back() == '/' ? base + tail : base + "/" + tail;
    if (isDirectory(base)) {
      if (isFile(base + "/__init__.py")) {
        found = {base + "/__init__.py", base, true};
        return false;
      }
      if (!found.exists) found = {"", base, true};  // a namespace package, unless something better follows
    }
    if (isFile(base + ".py")) {
      found = {base + ".py", "", true};
      return false;
    }
    return true;
  });
}

Fallible<void> setText(Thread& thread, Dict* dict, Str* name, const std::string& text) {
  return dictSetStr(thread, dict, name, Value::of(TRY(makeStr(thread, text))));
}

Fallible<Value> loadFile(Thread& thread, Str* fullName, const Found& found) {
  std::string name = strToUtf8(fullName);
  Module* module = TRY(makeModule(thread, name.c_str()));
  Dict* dict = module->dict;
  bool isPackage = !found.directory.empty();
  size_t dot = name.rfind('.');
  TRY(setText(thread, dict, names.dunder_package,
              isPackage                  ? name
              : dot == std::string::npos ? ""
                                         : name.substr(0, dot)));
  if (isPackage) {
    List* path = TRY(makeList(thread, {}));
    TRY(listAppend(thread, path, Value::of(TRY(makeStr(thread, found.directory)))));
    TRY(dictSetStr(thread, dict, names.dunder_path, Value::of(path)));
  }
  if (found.file.empty()) {
    TRY(dictSet(thread, runtime.modules, Value::of(fullName), Value::of(module)));
    return Value::of(module);
  }
  TRY(setText(thread, dict, names.dunder_file, found.file));
  TRY(dictSetStr(thread, dict, names.dunder_cached, Value::none()));
  TRY(dictSetStr(thread, dict, names.dunder_builtins, Value::of(runtime.builtinsModule)));
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

Fallible<Value> importModule(Thread& thread, Str* name) {
  KRAIT_CHECK_NATIVE_STACK(thread, "");
  Value loaded = TRY(dictGet(thread, runtime.modules, Value::of(name)));
  if (loaded.isNone()) {
    (void)raiseFormat(thread, exceptions.ModuleNotFoundError, "import of {} halted; None in sys.modules",
                      strToUtf8(name));
    return Raised{};
  }
  if (!loaded.isUnbound()) return loaded;
  std::string text = strToUtf8(name);
  size_t dot = text.rfind('.');
  Value parent = Value::unbound();
  Value path = TRY(dictGet(thread, runtime.sys, Value::of(names.path)));
  if (dot != std::string::npos) {
    Str* parentName = TRY(intern(thread, text.substr(0, dot)));
    parent = TRY(importModule(thread, parentName));
    loaded = TRY(dictGet(thread, runtime.modules, Value::of(name)));  // the parent may have imported it
    if (!loaded.isUnbound()) return loaded;
    path = TRY(getAttributeOrUnbound(thread, parent, names.dunder_path));
    if (path.isUnbound()) return raiseNotFound(thread, name, "; '" + text.substr(0, dot) + "' is not a package");
  } else if (ModuleInitialiser make = findNativeModule(text)) {
    Module* module = make(thread);
    if (module == nullptr) return Raised{};
    TRY(dictSet(thread, runtime.modules, Value::of(name), Value::of(module)));
    return Value::of(module);
  }
  Found found;
  if (!path.isUnbound()) TRY(find(thread, dot == std::string::npos ? text : text.substr(dot + 1), path, found));
  if (!found.exists) return raiseNotFound(thread, name, "");
  Value module = TRY(loadFile(thread, name, found));
  if (!parent.isUnbound()) TRY(setAttribute(thread, parent, TRY(intern(thread, text.substr(dot + 1))), module));
  return module;
}

namespace {

// The absolute name that `level` dots and `name` mean inside a module with these globals.
Fallible<Str*> resolveRelative(Thread& thread, Str* name, Value globals, int64_t level) {
  Dict* dict = toDict(globals);
  if (dict == nullptr) return raise(thread, exceptions.KeyError, "'__name__' not in globals");
  Value package = TRY(dictGet(thread, dict, Value::of(names.dunder_package)));
  std::string base;
  if (!package.isUnbound() && !package.isNone()) {
    if (toStr(package) == nullptr) return raiseTypeError(thread, "package must be a string");
    base = strToUtf8(toStr(package));
  } else {
    Value own = TRY(dictGet(thread, dict, Value::of(names.dunder_name)));
    if (own.isUnbound() || toStr(own) == nullptr)
      return raise(thread, exceptions.KeyError, "'__name__' not in globals");
    base = strToUtf8(toStr(own));
    if (TRY(dictGet(thread, dict, Value::of(names.dunder_path))).isUnbound()) {
      size_t dot = base.rfind('.');
      base = dot == std::string::npos ? "" : base.substr(0, dot);
    }
  }
  if (base.empty())
    return raise(thread, exceptions.ImportError, "attempted relative import with no known parent package");
  for (int64_t i = 1; i < level; i++) {
    size_t dot = base.rfind('.');
    if (dot == std::string::npos)
      return raise(thread, exceptions.ImportError, "attempted relative import beyond top-level package");
    base.resize(dot);
  }
  if (name->length > 0) base += "." + strToUtf8(name);
  return intern(thread, base);
}

}  // namespace

Fallible<Value> importBuiltin(Thread& thread, Str* name, Value globals, Value fromList, int64_t level) {
  if (level < 0) return raiseValueError(thread, "level must be >= 0");
  if (level == 0 && name->length == 0) return raiseValueError(thread, "Empty module name");
  Str* absolute = level == 0 ? TRY(intern(thread, name)) : TRY(resolveRelative(thread, name, globals, level));
  Value module = TRY(importModule(thread, absolute));
  bool wantsNames = !fromList.isUnbound() && !fromList.isNone() && TRY(isTrue(thread, fromList));
  if (!wantsNames) {
    std::string text = strToUtf8(name);
    size_t dot = text.find('.');
    if (dot == std::string::npos) return module;
    if (level == 0) return importModule(thread, TRY(intern(thread, text.substr(0, dot))));
    std::string full = strToUtf8(absolute);
    return importModule(thread, TRY(intern(thread, full.substr(0, full.size() - (text.size() - dot)))));
  }
  // `from package import submodule`: what is not an attribute may be a file.
  if (TRY(getAttributeOrUnbound(thread, module, names.dunder_path)).isUnbound()) return module;
  auto importNames = [&](Value list, auto&& again) -> Fallible<void> {
    return forEach(thread, list, [&](Value each) -> Fallible<bool> {
      Str* item = toStr(each);
      if (item == nullptr) return raiseTypeError(thread, "Item in ``from list'' must be str, not {}", nameOf(each));
      if (strEqualsUtf8(item, "*")) {
        Value all = TRY(getAttributeOrUnbound(thread, module, names.dunder_all));
        if (!all.isUnbound()) TRY(again(all, again));
        return true;
      }
      if (!TRY(getAttributeOrUnbound(thread, module, TRY(intern(thread, item)))).isUnbound()) return true;
      Str* full = TRY(intern(thread, strToUtf8(absolute) + "." + strToUtf8(item)));
      Fallible<Value> imported = importModule(thread, full);
      if (!imported.isRaised()) return true;
      if (pendingMatches(thread, exceptions.ModuleNotFoundError)) {
        Value missing = thread.exception.as<Exception>()->fields[ExceptionField::kImportName].get();
        if (toStr(missing) != nullptr && strEquals(toStr(missing), full)) {
          clearException(thread);  // IMPORT_FROM will say what is missing
          return true;
        }
      }
      return Raised{};
    });
  };
  TRY(importNames(fromList, importNames));
  return module;
}

Fallible<void> findMainModule(Thread& thread, const std::string& name, ModuleFile& result) {
  size_t dot = name.rfind('.');
  Value path = TRY(dictGet(thread, runtime.sys, Value::of(names.path)));
  if (dot != std::string::npos) {
    Value parent = TRY(importModule(thread, TRY(intern(thread, name.substr(0, dot)))));
    path = TRY(getAttributeOrUnbound(thread, parent, names.dunder_path));
  }
  Found found;
  if (!path.isUnbound()) TRY(find(thread, dot == std::string::npos ? name : name.substr(dot + 1), path, found));
  if (!found.exists) {
    result = {};
    return {};
  }
  if (found.directory.empty()) {
    result = {found.file, dot == std::string::npos ? "" : name.substr(0, dot)};
    return {};
  }
  TRY(importModule(thread, TRY(intern(thread, name))));
  if (isFile(found.directory + "/__main__.py"))
    result = {found.directory + "/__main__.py", name};
  else
    result = {"", name};
  return {};
}

}  // namespace krait
