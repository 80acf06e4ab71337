// Finds native modules by name.
#include "vm/modules/registry.h"

namespace krait {

ModuleInitialiser findNativeModule(std::string_view name) {
#define KRAIT_MODULE(text, function) \
  if (name == text) return function;
  KRAIT_NATIVE_MODULES(KRAIT_MODULE)
#undef KRAIT_MODULE
  return nullptr;
}

}  // namespace krait
