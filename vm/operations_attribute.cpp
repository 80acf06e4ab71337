// Reading, setting and deleting attributes of values of any type.
#include "vm/attribute_role.h"
#include "vm/builtins/descriptors.h"
#include "vm/builtins/function.h"
#include "vm/builtins/module.h"
#include "vm/builtins/str.h"
#include "vm/builtins/super.h"
#include "vm/builtins/type_internal.h"
#include "vm/lookup_cache.h"
#include "vm/names.h"
#include "vm/operations.h"

namespace krait {
namespace {

KRAIT_INLINE Value ownAttributeOf(Value object, const Str* name) {
  if (!object.isCell()) return Value::unbound();
  const Cell* cell = object.asCell();
  if (cell->kind == Kind::kType) return Value::unbound();  // its dictionary is for its instances
  return ownAttribute(cell, name);
}

// The default look-up; unbound instead of AttributeError when nothing is found.
KRAIT_INLINE Fallible<Value> findAttribute(Thread& thread, Value object, Str* name) {
  Type* type = typeOf(object);
  Value onType = lookupLocation(type, name)->get();
  if (onType.isUnbound()) return ownAttributeOf(object, name);
  Role role = roleOf(onType);
  if (role == Role::kData) return bindDescriptor(thread, onType, object, type);
  Value own = ownAttributeOf(object, name);
  if (!own.isUnbound()) return own;
  if (role == Role::kPlain) return onType;
  return bindDescriptor(thread, onType, object, type);
}

// A class whose metaclass looks attributes up as `type` does.
KRAIT_INLINE bool isOrdinaryClass(Value object) {
  return isKind(object, Kind::kType) &&
         typeOf(object)->special(Special::k__getattribute__).is(types.type->special(Special::k__getattribute__));
}

// object's class overrides __getattribute__ or has __getattr__.
[[gnu::noinline]] Fallible<Value> customGetAttribute(Thread& thread, Value object, Str* name) {
  Type* type = typeOf(object);
  Value method = type->special(Special::k__getattribute__);
  Value fallback = type->special(Special::k__getattr__);
  bool isClass = isOrdinaryClass(object);
  if (isClass && fallback.isUnbound()) return getTypeAttribute(thread, object.as<Type>(), name);
  if (!fallback.isUnbound() && (isClass || isSameNative(method, types.object->special(Special::k__getattribute__)))) {
    // Only __getattr__: no need to make an AttributeError just to drop it.
    Fallible<Value> found =
        isClass ? findTypeAttribute(thread, object.as<Type>(), name) : findAttribute(thread, object, name);
    if (!found.isRaised() && !found.value().isUnbound()) return found;
    if (found.isRaised()) {
      if (!pendingMatches(thread, exceptions.AttributeError)) return Raised{};
      clearException(thread);
    }
    return callSpecial(thread, fallback, object, Value::of(name));
  }
  Fallible<Value> found = callSpecial(thread, method, object, Value::of(name));
  if (!found.isRaised() || fallback.isUnbound() || !pendingMatches(thread, exceptions.AttributeError)) return found;
  clearException(thread);
  return callSpecial(thread, fallback, object, Value::of(name));
}

}  // namespace

Fallible<Value> genericGetAttribute(Thread& thread, Value object, Str* name) {
  Value found = TRY(findAttribute(thread, object, name));
  if (found.isUnbound()) [[unlikely]]
    return raiseNoAttribute(thread, object, name);
  return found;
}

Fallible<Value> getAttribute(Thread& thread, Value object, Str* name) {
  const Type* type = typeOf(object);
  if (type->typeFlags & Type::kDefaultGetattribute) [[likely]]
    return genericGetAttribute(thread, object, name);
  if (type == types.type) return getTypeAttribute(thread, object.as<Type>(), name);
  if (type == types.module) return getModuleAttribute(thread, object.as<Module>(), name);
  return customGetAttribute(thread, object, name);
}

Fallible<Value> getAttribute(Thread& thread, Value object, const char* name) {
  return getAttribute(thread, object, TRY(intern(thread, name)));
}

Fallible<Value> getAttributeOrUnbound(Thread& thread, Value object, Str* name) {
  const Type* type = typeOf(object);
  Fallible<Value> found = type->typeFlags & Type::kDefaultGetattribute ? findAttribute(thread, object, name)
                          : isOrdinaryClass(object) && type->special(Special::k__getattr__).isUnbound()
                              ? findTypeAttribute(thread, object.as<Type>(), name)
                              : getAttribute(thread, object, name);
  if (!found.isRaised() || !pendingMatches(thread, exceptions.AttributeError)) return found;
  clearException(thread);
  return Value::unbound();
}

// --- methods ----------------------------------------------------------------------------------------------------------
namespace {

// Cls.f(...) and super().f(...): class methods and functions are handed over unbound, with their first argument.
Fallible<MethodLookup> methodOfClass(Thread& thread, Type* type, Str* name) {
  Value onType = lookupOnType(type, name);
  if (isKind(onType, Kind::kClassMethod) && typeOf(onType) == types.classmethod &&
      lookupOnType(typeOf(Value::of(type)), name).isUnbound()) {
    Value function = onType.as<Wrapper>()->callable;
    if (isKind(function, Kind::kFunction)) return MethodLookup{function, Value::of(type)};
  }
  return MethodLookup{TRY(getTypeAttribute(thread, type, name)), Value::unbound()};
}
Fallible<MethodLookup> methodOfSuper(Thread& thread, Super* super, Str* name) {
  Value found = lookupOnSuper(super, name);
  bool bindsClass = isKind(super->self, Kind::kType) && super->self.get().as<Type>() == super->selfType.get();
  if (isKind(found, Kind::kFunction) && !bindsClass) return MethodLookup{found, super->self.get()};
  if (isKind(found, Kind::kBuiltin) && roleOf(found) == Role::kMethod && !bindsClass)
    return MethodLookup{found, super->self.get()};
  return MethodLookup{TRY(customGetAttribute(thread, Value::of(super), name)), Value::unbound()};
}

}  // namespace

Fallible<MethodLookup> loadMethod(Thread& thread, Value object, Str* name) {
  const Type* type = typeOf(object);
  if (!(type->typeFlags & Type::kDefaultGetattribute)) {
    if (type == types.type) return methodOfClass(thread, object.as<Type>(), name);
    if (type == types.super) return methodOfSuper(thread, object.as<Super>(), name);
    return MethodLookup{TRY(getAttribute(thread, object, name)), Value::unbound()};
  }
  Value onType = lookupLocation(type, name)->get();
  if (!onType.isUnbound() && roleOf(onType) == Role::kMethod) {
    Value own = ownAttributeOf(object, name);
    if (own.isUnbound()) return MethodLookup{onType, object};
    return MethodLookup{own, Value::unbound()};
  }
  return MethodLookup{TRY(genericGetAttribute(thread, object, name)), Value::unbound()};
}

// --- setting ----------------------------------------------------------------------------------------------------------
// Unlike a failed look-up, a failed store or deletion leaves the error's `name` and `obj` alone, as CPython does.
KRAIT_COLD static Raised raiseNothingToChange(Thread& thread, Value object, Str* name, bool isReadOnly) {
  fmt::memory_buffer buffer;
  if (isReadOnly)
    return raiseFormat(thread, exceptions.AttributeError, "'{}' object attribute '{}' is read-only", nameOf(object),
                       textOf(name, buffer));
  return raiseFormat(thread, exceptions.AttributeError, "'{}' object has no attribute '{}'", nameOf(object),
                     textOf(name, buffer));
}

Fallible<void> genericSetAttribute(Thread& thread, Value object, Str* name, Value valueOrUnbound) {
  Type* type = typeOf(object);
  Value onType = lookupLocation(type, name)->get();
  if (onType.isCell() && isDataDescriptor(onType)) return setThroughDescriptor(thread, onType, object, valueOrUnbound);
  if (!object.isCell() || !hasAttributes(object.asCell()))
    return raiseNothingToChange(thread, object, name, !onType.isUnbound());
  if (!valueOrUnbound.isUnbound()) return setOwnAttribute(thread, object.asCell(), name, valueOrUnbound);
  if (!TRY(deleteOwnAttribute(thread, object.asCell(), name))) return raiseNothingToChange(thread, object, name, false);
  return {};
}

Fallible<void> setAttribute(Thread& thread, Value object, Str* name, Value value) {
  const Type* type = typeOf(object);
  if (type->typeFlags & Type::kDefaultSetattr) [[likely]]
    return genericSetAttribute(thread, object, name, value);
  TRY(callSpecial(thread, type->special(Special::k__setattr__), object, Value::of(name), value));
  return {};
}

Fallible<void> deleteAttribute(Thread& thread, Value object, Str* name) {
  const Type* type = typeOf(object);
  if (type->typeFlags & Type::kDefaultSetattr) [[likely]]
    return genericSetAttribute(thread, object, name, Value::unbound());
  TRY(callSpecial(thread, type->special(Special::k__delattr__), object, Value::of(name)));
  return {};
}

}  // namespace krait
