// The native modules: those of modules.def, and those that the folders above vm add before the first import.
#pragma once
#include <string_view>
#include <vector>

#include "vm/builtins/module.h"

namespace krait {

#define MODULE(name, function) Module* function(Thread& thread);
#include "vm/modules/modules.def"
#undef MODULE

// Adds a module that lives above vm (_ast, _symtable): main() calls it. `name` must outlive the process.
void registerNativeModule(const char* name, ModuleInitialiser make);
// _imp.check_hash_based_pycs: "default", "always" or "never".
inline const char* checkHashBasedPycs = "default";
// The names of all native modules but builtins and sys, in no order.
std::vector<const char*> nativeModuleNames();

}  // namespace krait
