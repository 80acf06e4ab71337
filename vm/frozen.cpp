// Finds, compiles and caches the modules that CPython has frozen.
#include "vm/frozen.h"

#include <sys/stat.h>

#include "vm/builtins/str.h"
#include "vm/builtins/tuple.h"
#include "vm/import.h"

namespace krait {
namespace {

constexpr FrozenModule kModules[] = {
    {"_frozen_importlib", "importlib._bootstrap", false, true},
    {"_frozen_importlib_external", "importlib._bootstrap_external", false, true},
    {"zipimport", "zipimport", false, true},
    {"abc", "abc", false, false},
    {"codecs", "codecs", false, false},
    {"io", "io", false, false},
    {"_collections_abc", "_collections_abc", false, false},
    {"_sitebuiltins", "_sitebuiltins", false, false},
    {"genericpath", "genericpath", false, false},
    {"ntpath", "ntpath", false, false},
    {"posixpath", "posixpath", false, false},
    {"os.path", "posixpath", false, false},
    {"os", "os", false, false},
    {"site", "site", false, false},
    {"stat", "stat", false, false},
    {"importlib.util", "importlib.util", false, false},
    {"importlib.machinery", "importlib.machinery", false, false},
    {"runpy", "runpy", false, false},
    {"__hello__", "__hello__", false, false},
    {"__hello_alias__", "__hello__", false, false},
    {"__phello_alias__", "__hello__", true, false},
    {"__phello_alias__.spam", "__hello__", false, false},
    {"__phello__", "__phello__", true, false},
    {"__phello__.__init__", "<__phello__", false, false},
    {"__phello__.ham", "__phello__.ham", true, false},
    {"__phello__.ham.__init__", "<__phello__.ham", false, false},
    {"__phello__.ham.eggs", "__phello__.ham.eggs", false, false},
    {"__phello__.spam", "__phello__.spam", false, false},
    {"__hello_only__", nullptr, false, false},
};
constexpr const char* kOnlySource = "initialized = True\nprint('Hello world!')\n";

// The module's source file; "<" in front of an origin says that it is the __init__.py of that package.
std::string sourcePath(const FrozenModule& module) {
  std::string name = module.origin;
  bool isPackage = name[0] == '<' || (module.isPackage && std::string_view(module.name) == module.origin);
  if (name[0] == '<') name.erase(0, 1);
  for (char& c : name)
    if (c == '.') c = '/';
  return frozenSettings.library + "/" + name + (isPackage ? "/__init__.py" : ".py");
}

// "<frozen importlib._bootstrap>": what tracebacks show.
std::string shownFilename(const FrozenModule& module) {
  std::string_view name = module.origin == nullptr ? "frozen_only" : module.origin;
  if (name[0] == '<') name.remove_prefix(1);
  return "<frozen " + std::string(name) + ">";
}

}  // namespace

std::span<const FrozenModule> frozenModules() { return kModules; }

const FrozenModule* findFrozen(std::string_view name) {
  if (frozenSettings.library.empty()) return nullptr;
  for (const FrozenModule& module : kModules) {
    if (name != module.name) continue;
    if (module.origin == nullptr) return &module;
    struct stat info {};
    return stat(sourcePath(module).c_str(), &info) == 0 ? &module : nullptr;
  }
  return nullptr;
}

void setFilename(Code* code, Str* path) {
  Str* old = code->filename;
  code->filename = path;
  Tuple* constants = code->constants;
  for (uint64_t i = 0; i < constants->length; i++) {
    Value constant = constants->items[i];
    if (!isKind(constant, Kind::kCode)) continue;
    Code* inner = constant.as<Code>();
    if (inner->filename.get() == old || strEquals(inner->filename, old)) setFilename(inner, path);
  }
}

Fallible<Code*> frozenCode(Thread& thread, const FrozenModule& module) {
  std::string source = kOnlySource;
  if (module.origin != nullptr) TRY(readWholeFile(thread, sourcePath(module), source));
  CompileRequest request{};
  request.source = source;
  request.filename = TRY(makeStr(thread, shownFilename(module)));
  request.mode = CompileRequest::kExec;
  request.optimise = -1;
  return thread.hooks.compile(thread, request);
}

}  // namespace krait
