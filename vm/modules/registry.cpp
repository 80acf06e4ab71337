// Finds native modules by name.
#include "vm/modules/registry.h"

namespace krait {
namespace {

struct NativeModule {
  const char* name;
  ModuleInitialiser make;
};

std::vector<NativeModule>& registry() {
  static std::vector<NativeModule> modules = {
#define MODULE(name, function) {name, function},
#include "vm/modules/modules.def"
#undef MODULE
  };
  return modules;
}

}  // namespace

void registerNativeModule(const char* name, ModuleInitialiser make) { registry().push_back({name, make}); }

ModuleInitialiser findNativeModule(std::string_view name) {
  for (const NativeModule& module : registry())
    if (name == module.name) return module.make;
  return nullptr;
}

std::vector<const char*> nativeModuleNames() {
  std::vector<const char*> result;
  for (const NativeModule& module : registry()) result.push_back(module.name);
  return result;
}

}  // namespace krait
