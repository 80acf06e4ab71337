// Modules, and how native ones are declared.
#pragma once
#include "vm/operations.h"

namespace krait {
struct Dict;

struct Module : Object {
  Field<Dict*> dict;
};
Fallible<Module*> makeModule(Thread& thread, const char* name, const char* doc = nullptr);
// module.name with __getattr__ of the module; AttributeError otherwise. `name` is interned.
Fallible<Value> getModuleAttribute(Thread& thread, Module* module, Str* name);

// Declares a native module; `moduleX` functions in vm/modules/*.cpp use it.
class ModuleBuilder {
 public:
  ModuleBuilder(Thread& thread, const char* name, const char* doc = nullptr);
  ModuleBuilder& function(const char* name, Native1 f, int optional = 0);
  ModuleBuilder& function(const char* name, Native2 f, int optional = 0);
  ModuleBuilder& function(const char* name, Native3 f, int optional = 0);
  ModuleBuilder& function(const char* name, Native4 f, int optional = 0);
  ModuleBuilder& variadic(const char* name, NativeVariadic f);
  ModuleBuilder& constant(const char* name, Value value);
  Module* build() { return module_; }

 private:
  void add(const char* name, Value value);
  Thread& thread_;
  Module* module_;
};
// The list of native modules (vm/modules/registry.cpp): null when there is none of that name.
using ModuleInitialiser = Module* (*)(Thread&);
ModuleInitialiser findNativeModule(std::string_view name);
void initialiseModule(Thread&);
}  // namespace krait
