// module objects, and the declaration of native modules.
#include "vm/builtins/module.h"

#include "vm/builtins/descriptors.h"
#include "vm/builtins/dict.h"
#include "vm/builtins/list.h"
#include "vm/builtins/str.h"
#include "vm/builtins/type_internal.h"
#include "vm/names.h"
#include "vm/runtime.h"

namespace krait {
namespace {

constexpr uint8_t kNative = 1;  // Cell::flags: made by C++ code

Fallible<void> fillDict(Thread& thread, Dict* dict, Value name, Value doc) {
  TRY(dictSetStr(thread, dict, names.dunder_name, name));
  TRY(dictSetStr(thread, dict, names.dunder_doc, doc));
  for (Str* key : {names.dunder_package, names.dunder_loader, names.dunder_spec})
    TRY(dictSetStr(thread, dict, key, Value::none()));
  return {};
}

Fallible<Value> moduleNew(Thread& thread, Value self, const Arguments&) {
  auto* m = TRY(allocate<Module>(thread, Kind::kModule, self.as<Type>()->instanceShape));
  m->dict = TRY(makeDict(thread));
  return Value::of(m);
}

Fallible<Value> moduleInit(Thread& thread, Value self, const Arguments& arguments) {
  static constexpr Parameters kParameters{"module", {"name", "doc"}, 1};
  Value values[2];
  TRY(kParameters.bind(thread, arguments, values));
  if (toStr(values[0]) == nullptr)
    return raiseTypeError(thread, "module() argument 'name' must be str, not {}", nameOf(values[0]));
  TRY(fillDict(thread, self.as<Module>()->dict, values[0], values[1].isUnbound() ? Value::none() : values[1]));
  return Value::none();
}

// importlib's rules: the spec's origin, else the file, else the loader.
Fallible<Value> moduleRepr(Thread& thread, Value self) {
  Dict* dict = self.as<Module>()->dict;
  Value name = dictGetStr(dict, names.dunder_name);
  if (name.isUnbound()) name = Value::of(TRY(makeStr(thread, "?")));
  StrBuilder builder;
  Value spec = dictGetStr(dict, names.dunder_spec);
  bool isBuiltin = false;
  Value origin = Value::unbound();
  if (!spec.isUnbound() && !spec.isNone()) {
    Value specName = TRY(getAttributeOrUnbound(thread, spec, names.name));
    if (!specName.isUnbound()) name = specName;
    Value specOrigin = TRY(getAttributeOrUnbound(thread, spec, names.origin));
    Value hasLocation = TRY(getAttributeOrUnbound(thread, spec, names.has_location));
    if (!specOrigin.isUnbound() && !specOrigin.isNone()) {
      isBuiltin = hasLocation.isUnbound() || !TRY(isTrue(thread, hasLocation));
      origin = specOrigin;
    }
  }
  // A spec says all there is: namespace packages have one without an origin, and None for a __file__.
  bool hasSpec = !spec.isUnbound() && !spec.isNone();
  if (origin.isUnbound() && !hasSpec) origin = dictGetStr(dict, names.dunder_file);
  builder.append("<module ").append(TRY(repr(thread, name)));
  if (!origin.isUnbound() && isBuiltin) {
    builder.append(" (").append(TRY(str(thread, origin))).append(")");
  } else if (!origin.isUnbound()) {
    builder.append(" from ").append(TRY(repr(thread, origin)));
  } else if (self.asCell()->flags & kNative) {
    builder.append(" (built-in)");
  } else if (Value loader = dictGetStr(dict, names.dunder_loader); !loader.isUnbound() && !loader.isNone()) {
    builder.append(" (").append(TRY(repr(thread, loader))).append(")");
  }
  return Value::of(TRY(builder.append(">").build(thread)));
}

Fallible<Value> moduleGetattribute(Thread& thread, Value self, Value name) {
  Str* text = toStr(name);
  if (text == nullptr) return raiseTypeError(thread, "attribute name must be string, not '{}'", nameOf(name));
  return getModuleAttribute(thread, self.as<Module>(), TRY(intern(thread, text)));
}

Fallible<Value> moduleDir(Thread& thread, Value self) {
  Dict* dict = self.as<Module>()->dict;
  Value custom = dictGetStr(dict, specialName(Special::k__dir__));
  if (!custom.isUnbound()) return call(thread, custom);
  return Value::of(TRY(listFromIterable(thread, Value::of(dict))));
}

Fallible<Value> getDict(Thread&, Value self) { return Value::of(self.as<Module>()->dict.get()); }
Fallible<Value> getAnnotations(Thread& thread, Value self) {
  Dict* dict = self.as<Module>()->dict;
  Value annotations = dictGetStr(dict, names.dunder_annotations);
  if (!annotations.isUnbound()) return annotations;
  annotations = Value::of(TRY(makeDict(thread)));
  TRY(dictSetStr(thread, dict, names.dunder_annotations, annotations));
  return annotations;
}
Fallible<void> setAnnotations(Thread& thread, Value self, Value value) {
  Dict* dict = self.as<Module>()->dict;
  if (!value.isUnbound()) return dictSetStr(thread, dict, names.dunder_annotations, value);
  if (!TRY(dictDeleteStr(thread, dict, names.dunder_annotations)))
    return raiseWithArgument(thread, exceptions.AttributeError, Value::of(names.dunder_annotations));
  return {};
}

}  // namespace

Fallible<Value> getModuleAttribute(Thread& thread, Module* module, Str* name) {
  Value self = Value::of(module);
  Type* type = typeOf(self);
  Value onType = lookupOnType(type, name);
  if (!onType.isUnbound() && isDataDescriptor(onType)) return bindDescriptor(thread, onType, self, type);
  Value own = dictGetStr(module->dict, name);
  if (!own.isUnbound()) return own;
  if (!onType.isUnbound()) return bindDescriptor(thread, onType, self, type);
  Value fallback = dictGetStr(module->dict, specialName(Special::k__getattr__));  // PEP 562
  if (!fallback.isUnbound()) return call(thread, fallback, Value::of(name));
  Str* shown = toStr(dictGetStr(module->dict, names.dunder_name));
  fmt::memory_buffer b1, b2, message;
  if (shown == nullptr)
    fmt::format_to(std::back_inserter(message), "module has no attribute '{}'", textOf(name, b1));
  else {
    Value spec = dictGetStr(module->dict, names.dunder_spec);
    Value starting = Value::unbound();
    if (!spec.isUnbound() && !spec.isNone()) starting = TRY(getAttributeOrUnbound(thread, spec, names._initializing));
    bool partial = !starting.isUnbound() && TRY(isTrue(thread, starting));
    fmt::format_to(std::back_inserter(message), "{}module '{}' has no attribute '{}'{}",
                   partial ? "partially initialized " : "", textOf(shown, b2), textOf(name, b1),
                   partial ? " (most likely due to a circular import)" : "");
  }
  return raiseAttributeError(thread, self, name, {message.data(), message.size()});
}

Fallible<Module*> makeModule(Thread& thread, const char* name, const char* doc) {
  auto* m = TRY(allocate<Module>(thread, Kind::kModule, types.module->instanceShape));
  m->flags = kNative;
  m->dict = TRY(makeDict(thread));
  Value docValue = doc == nullptr ? Value::none() : Value::of(TRY(makeStr(thread, doc)));
  TRY(fillDict(thread, m->dict, Value::of(TRY(intern(thread, name))), docValue));
  return m;
}

// --- declaring --------------------------------------------------------------------------------------------------------
ModuleBuilder::ModuleBuilder(Thread& thread, const char* name, const char* doc)
    : thread_(thread), module_(startUp(makeModule(thread, name, doc))) {}

void ModuleBuilder::add(const char* name, Value value) {
  if (isKind(value, Kind::kBuiltin)) {
    auto* b = value.as<Builtin>();
    b->self = Value::of(module_);
    b->owner = dictGetStr(module_->dict, names.dunder_name);
  }
  startUp(dictSetStr(thread_, module_->dict, startUp(intern(thread_, name)), value));
}
ModuleBuilder& ModuleBuilder::function(const char* name, Native1 f, int optional) {
  add(name, Value::of(startUp(makeBuiltin(thread_, name, f, optional))));
  return *this;
}
ModuleBuilder& ModuleBuilder::function(const char* name, Native2 f, int optional) {
  add(name, Value::of(startUp(makeBuiltin(thread_, name, f, optional))));
  return *this;
}
ModuleBuilder& ModuleBuilder::function(const char* name, Native3 f, int optional) {
  add(name, Value::of(startUp(makeBuiltin(thread_, name, f, optional))));
  return *this;
}
ModuleBuilder& ModuleBuilder::function(const char* name, Native4 f, int optional) {
  add(name, Value::of(startUp(makeBuiltin(thread_, name, f, optional))));
  return *this;
}
ModuleBuilder& ModuleBuilder::variadic(const char* name, NativeVariadic f) {
  add(name, Value::of(startUp(makeBuiltin(thread_, name, f))));
  return *this;
}
ModuleBuilder& ModuleBuilder::constant(const char* name, Value value) {
  startUp(dictSetStr(thread_, module_->dict, startUp(intern(thread_, name)), value));
  return *this;
}

void initialiseModule(Thread& thread) {
  types.module = TypeBuilder(thread, "module", types.object, Kind::kModule)
                     .flags(Type::kBaseType | Type::kHasDict | Type::kHasWeakref)
                     .constructor(moduleNew)
                     .specialVariadic("__init__", moduleInit)
                     .special("__repr__", moduleRepr)
                     .special("__getattribute__", moduleGetattribute)
                     .special("__setattr__", objectSetattr)
                     .special("__delattr__", objectDelattr)
                     .method("__dir__", moduleDir)
                     .getter("__dict__", getDict, refuseAssignment)
                     .getter("__annotations__", getAnnotations, setAnnotations)
                     .build();
}

}  // namespace krait
