// What __import__ means: names resolved, sys.modules asked, the rest left to importlib; and how code runs as a module.
#include "vm/import.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdio>

#include "vm/builtins/dict.h"
#include "vm/builtins/exception.h"
#include "vm/builtins/function.h"
#include "vm/builtins/list.h"
#include "vm/builtins/str.h"
#include "vm/builtins/traceback.h"
#include "vm/builtins/tuple.h"
#include "vm/code.h"
#include "vm/modules/sys.h"
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

// --- frames of importlib in tracebacks --------------------------------------------------------------------------------
bool isImportlibFrame(const Traceback* entry) {
  Str* file = entry->frame->code->filename;
  return strEqualsUtf8(file, "<frozen importlib._bootstrap>") ||
         strEqualsUtf8(file, "<frozen importlib._bootstrap_external>");
}

// Hides importlib's own frames from the pending exception's traceback: each run of them, up to the last call of
// _call_with_frames_removed in it, or all of it when the exception says that nothing could be imported.
void removeImportlibFrames(Thread& thread) {
  if (!isException(thread.exception) || verboseImports) return;
  bool always = isInstanceOf(thread.exception, exceptions.ImportError);
  Field<Value>& root = thread.exception.as<Exception>()->traceback;
  auto link = [&](Traceback* before, Traceback* next) {
    if (before != nullptr)
      before->next = next;
    else
      root = next == nullptr ? Value::unbound() : Value::of(next);
  };
  Value first = root;
  Traceback* entry = isKind(first, Kind::kTraceback) ? first.as<Traceback>() : nullptr;
  Traceback* kept = nullptr;  // the last entry outside importlib or not to be hidden
  Traceback* outside = nullptr;
  bool inside = false;
  for (; entry != nullptr; entry = entry->next) {
    bool isImportlib = isImportlibFrame(entry);
    if (isImportlib && !inside) outside = kept;
    inside = isImportlib;
    if (isImportlib && (always || strEqualsUtf8(entry->frame->code->name, "_call_with_frames_removed"))) {
      link(outside, entry->next);
      kept = outside;
    } else {
      kept = entry;
    }
  }
}

// --- finding ----------------------------------------------------------------------------------------------------------
Fallible<Value> callImportlib(Thread& thread, const char* function, std::span<const Value> arguments) {
  Value found = TRY(getAttribute(thread, Value::of(importlibModule()), TRY(intern(thread, function))));
  return call(thread, found, arguments);
}

// One line of -X importtime: what the import took itself, and with the imports inside it.
class ImportTimer {
 public:
  explicit ImportTimer(Str* name) : name_(strToUtf8(name)), outer_(inside), start_(std::chrono::steady_clock::now()) {
    if (!headed) std::fputs("import time: self [us] | cumulative | imported package\n", stderr);
    headed = true;
    inside = {};
    depth++;
  }
  ~ImportTimer() {
    depth--;
    auto total = std::chrono::steady_clock::now() - start_;
    auto microseconds = [](Duration d) {
      return static_cast<long>(std::chrono::round<std::chrono::microseconds>(d).count());
    };
    std::fprintf(stderr, "import time: %9ld | %10ld | %*s%s\n", microseconds(total - inside), microseconds(total),
                 depth * 2, "", name_.c_str());
    inside = outer_ + total;
  }
  ImportTimer(const ImportTimer&) = delete;
  ImportTimer& operator=(const ImportTimer&) = delete;

 private:
  using Duration = std::chrono::steady_clock::duration;
  static inline Duration inside{};  // of imports that ended within the one that is running
  static inline int depth = 0;
  static inline bool headed = false;
  std::string name_;
  Duration outer_;
  std::chrono::steady_clock::time_point start_;
};

Fallible<Value> findAndLoad(Thread& thread, Str* name) {
  KRAIT_CHECK_NATIVE_STACK(thread, "");
  if (importlibModule() == nullptr) {
    Value halted = TRY(dictGet(thread, runtime.modules, Value::of(name)));
    if (!halted.isNone()) return importWithoutLibrary(thread, name);
    (void)raiseFormat(thread, exceptions.ModuleNotFoundError, "import of {} halted; None in sys.modules",
                      strToUtf8(name));
    if (isException(thread.exception))
      thread.exception.as<Exception>()->fields[ExceptionField::kImportName] = Value::of(name);
    return Raised{};
  }
  if (auditing()) {
    auto attribute = [&](const char* what) -> Fallible<Value> {
      Value found = sysAttribute(TRY(intern(thread, what)));
      return found.isUnbound() ? Value::none() : found;
    };
    Value arguments[] = {Value::of(name), Value::none(), TRY(attribute("path")), TRY(attribute("meta_path")),
                         TRY(attribute("path_hooks"))};
    TRY(audit(thread, "import", arguments));
  }
  Value arguments[] = {Value::of(name), originalImport()};
  if (timeImports) {
    ImportTimer timer(name);
    return callImportlib(thread, "_find_and_load", arguments);
  }
  return callImportlib(thread, "_find_and_load", arguments);
}

// The module of an absolute name, fully initialised unless this very thread is at it.
Fallible<Value> importAbsolute(Thread& thread, Str* name) {
  Value loaded = TRY(dictGet(thread, runtime.modules, Value::of(name)));
  if (loaded.isUnbound() || loaded.isNone()) return findAndLoad(thread, name);
  if (importlibModule() != nullptr && TRY(isInitialising(thread, loaded))) {
    Value argument = Value::of(name);
    TRY(callImportlib(thread, "_lock_unlock_module", {&argument, 1}));
  }
  return loaded;
}

// The package that relative names inside a module with these globals are relative to.
Fallible<Str*> packageOf(Thread& thread, Dict* globals) {
  Value package = TRY(dictGet(thread, globals, Value::of(names.dunder_package)));
  Value spec = TRY(dictGet(thread, globals, Value::of(names.dunder_spec)));
  bool hasSpec = !spec.isUnbound() && !spec.isNone();
  if (!package.isUnbound() && !package.isNone()) {
    if (toStr(package) == nullptr) return raiseTypeError(thread, "package must be a string");
    if (hasSpec) {
      Value parent = TRY(getAttribute(thread, spec, names.parent));
      if (!TRY(equals(thread, package, parent)))
        TRY(warn(thread, exceptions.ImportWarning, "__package__ != __spec__.parent"));
    }
    return toStr(package);
  }
  if (hasSpec) {
    Value parent = TRY(getAttribute(thread, spec, names.parent));
    if (toStr(parent) == nullptr) return raiseTypeError(thread, "__spec__.parent must be a string");
    return toStr(parent);
  }
  TRY(warn(thread, exceptions.ImportWarning,
           "can't resolve package from __spec__ or __package__, falling back on __name__ and __path__"));
  Value own = TRY(dictGet(thread, globals, Value::of(names.dunder_name)));
  if (own.isUnbound()) return raise(thread, exceptions.KeyError, "'__name__' not in globals");
  if (toStr(own) == nullptr) return raiseTypeError(thread, "__name__ must be a string");
  if (!TRY(dictGet(thread, globals, Value::of(names.dunder_path))).isUnbound()) return toStr(own);
  std::string text = strToUtf8(toStr(own));
  size_t dot = text.rfind('.');
  return makeStr(thread, dot == std::string::npos ? "" : text.substr(0, dot));
}

// The absolute name that `level` dots and `name` mean inside a module with these globals.
Fallible<Str*> resolveRelative(Thread& thread, Str* name, Value globals, int64_t level) {
  if (globals.isUnbound() || globals.isNone()) return raise(thread, exceptions.KeyError, "'__name__' not in globals");
  Dict* dict = toDict(globals);
  if (dict == nullptr) return raiseTypeError(thread, "globals must be a dict");
  std::string base = strToUtf8(TRY(packageOf(thread, dict)));
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

// module.name, unbound where there is none. Most modules that are asked for __path__ have none, so that it must not
// take an AttributeError to find out.
Fallible<Value> attributeOf(Thread& thread, Value module, Str* name) {
  if (typeOf(module) == types.module) {
    Dict* dict = module.as<Module>()->dict;
    Value found = dictGetStr(dict, name);
    if (!found.isUnbound()) return found;
    bool hasHook = !dictGetStr(dict, specialName(Special::k__getattr__)).isUnbound();
    if (!hasHook && lookupOnType(types.module, name).isUnbound()) return Value::unbound();
  }
  return getAttributeOrUnbound(thread, module, name);
}

// `from package import submodule`: what is not an attribute yet may be a module that importlib finds. Names that are
// there already, which is the common case, need no Python call.
Fallible<void> importNames(Thread& thread, Value module, Value fromList) {
  Tuple* wanted = toTuple(fromList);
  bool complete = wanted != nullptr;
  for (uint64_t i = 0; complete && i < wanted->length; i++) {
    Str* name = toStr(wanted->items[i]);
    complete = name != nullptr && !strEqualsUtf8(name, "*") &&
               !TRY(attributeOf(thread, module, TRY(intern(thread, name)))).isUnbound();
  }
  if (complete) return {};
  if (importlibModule() != nullptr) {
    Value arguments[] = {module, fromList, originalImport()};
    TRY(callImportlib(thread, "_handle_fromlist", arguments));
    return {};
  }
  Value package = TRY(getAttribute(thread, module, names.dunder_name));
  return forEach(thread, fromList, [&](Value each) -> Fallible<bool> {
    Str* item = toStr(each);
    if (item == nullptr) return raiseTypeError(thread, "Item in ``from list'' must be str, not {}", nameOf(each));
    if (strEqualsUtf8(item, "*")) return true;
    if (!TRY(getAttributeOrUnbound(thread, module, TRY(intern(thread, item)))).isUnbound()) return true;
    Str* full = TRY(intern(thread, strToUtf8(TRY(str(thread, package))) + "." + strToUtf8(item)));
    if (!importAbsolute(thread, full).isRaised()) return true;
    if (!pendingMatches(thread, exceptions.ModuleNotFoundError)) return Raised{};
    Value missing = thread.exception.as<Exception>()->fields[ExceptionField::kImportName].get();
    if (toStr(missing) == nullptr || !strEquals(toStr(missing), full)) return Raised{};
    clearException(thread);  // IMPORT_FROM will say what is missing
    return true;
  });
}

Fallible<Value> importLevel(Thread& thread, Str* name, Value globals, Value fromList, int64_t level) {
  if (level < 0) return raiseValueError(thread, "level must be >= 0");
  if (level == 0 && name->length == 0) return raiseValueError(thread, "Empty module name");
  Str* absolute = level == 0 ? TRY(intern(thread, name)) : TRY(resolveRelative(thread, name, globals, level));
  Value module = TRY(importAbsolute(thread, absolute));
  bool wantsNames = !fromList.isUnbound() && !fromList.isNone() && TRY(isTrue(thread, fromList));
  if (wantsNames) {
    if (!TRY(attributeOf(thread, module, names.dunder_path)).isUnbound()) TRY(importNames(thread, module, fromList));
    return module;
  }
  if (level > 0 && name->length == 0) return module;
  std::string text = strToUtf8(name);
  size_t dot = text.find('.');
  if (dot == std::string::npos) return module;
  if (level == 0) return importAbsolute(thread, TRY(intern(thread, text.substr(0, dot))));
  std::string full = strToUtf8(absolute);
  Str* front = TRY(intern(thread, full.substr(0, full.size() - (text.size() - dot))));
  Value found = TRY(dictGet(thread, runtime.modules, Value::of(front)));
  if (!found.isUnbound()) return found;
  return raiseFormat(thread, exceptions.KeyError, "{} not in sys.modules as expected",
                     strToUtf8(TRY(repr(thread, Value::of(front)))));
}

}  // namespace

Fallible<bool> isInitialising(Thread& thread, Value module) {
  Value spec = typeOf(module) == types.module ? dictGetStr(module.as<Module>()->dict, names.dunder_spec)
                                              : TRY(getAttributeOrUnbound(thread, module, names.dunder_spec));
  if (!spec.isUnbound() && !spec.isNone()) {
    Value flag = TRY(getAttributeOrUnbound(thread, spec, names._initializing));
    return !flag.isUnbound() && TRY(isTrue(thread, flag));
  }
  Dict* importing = toDict(runtime.importing);
  if (importing == nullptr || importing->length == 0) return false;
  Value name = TRY(getAttributeOrUnbound(thread, module, names.dunder_name));
  return toStr(name) != nullptr && TRY(dictContains(thread, importing, name));
}

Fallible<Value> importModule(Thread& thread, Str* name) {
  Fallible<Value> module = importAbsolute(thread, name);
  if (module.isRaised()) removeImportlibFrames(thread);
  return module;
}

Fallible<Value> importBuiltin(Thread& thread, Str* name, Value globals, Value fromList, int64_t level) {
  Fallible<Value> module = importLevel(thread, name, globals, fromList, level);
  if (module.isRaised()) removeImportlibFrames(thread);
  return module;
}

}  // namespace krait
