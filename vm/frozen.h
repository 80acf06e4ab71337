// The modules that run before there is an import system, or as if they had been compiled into the interpreter: files of
// the standard library whose code is kept in a cache.
#pragma once
#include <span>
#include <string>

#include "vm/code.h"

namespace krait {

// sys.implementation.cache_tag: part of the names of compiled files. CPython's, because the bytecode is the same.
inline constexpr const char* kCacheTag = "cpython-311";

struct FrozenModule {
  const char* name;
  const char* origin;  // the module whose source it is; null: a line that is part of the interpreter
  bool isPackage;
  bool isEssential;  // importable from here even with -X frozen_modules=off
};

// Where the standard library lies, and what may be written; set before the first import.
struct FrozenSettings {
  std::string library;  // empty: there is none
  bool enabled = true;  // -X frozen_modules
  bool writeCaches = true;
  std::string cachePrefix;  // PYTHONPYCACHEPREFIX, or empty
};
inline FrozenSettings frozenSettings;

std::span<const FrozenModule> frozenModules();
// Null when there is none of that name or its source is not in the library.
const FrozenModule* findFrozen(std::string_view name);
// The module's code, from the cache or compiled. Raises whatever compiling raises.
Fallible<Code*> frozenCode(Thread& thread, const FrozenModule& module);
// co_filename of this code and of all code in its constants becomes `path` where it was the same as this code's.
void setFilename(Code* code, Str* path);

}  // namespace krait
