// LOAD_METHOD: pushes [function, self] without making a bound method, or [NULL, callable].
#pragma once
#include "specialize/families/attribute.h"
#include "vm/builtins/descriptors.h"
#include "vm/builtins/super.h"
#include "vm/builtins/tuple.h"

namespace krait {

template <>
struct Instr<ops::LOAD_METHOD_CACHED> {
  KRAIT_INLINE static bool guard(Value owner, const AttributeCache& cache) { return shapes::has(owner, cache); }
  KRAIT_INLINE static Pair run(Value owner, const AttributeCache& cache) { return {cache.location->get(), owner}; }
};
template <>
struct Instr<ops::LOAD_METHOD_INSTANCE_VALUE> {
  KRAIT_INLINE static bool guard(Value owner, const AttributeCache& cache) { return shapes::has(owner, cache); }
  KRAIT_INLINE static Pair run(Value owner, const AttributeCache& cache) {
    return {Value::unbound(), shapes::inlineSlot(owner, cache.slot).get()};
  }
};
// self.staticmethod(), self.classmethod(): found on the class and bound at compile time, so to speak.
template <>
struct Instr<ops::LOAD_METHOD_STATIC> {
  KRAIT_INLINE static bool guard(Value owner, const AttributeCache& cache) { return shapes::has(owner, cache); }
  KRAIT_INLINE static Pair run(Value, const AttributeCache& cache) {
    return {Value::unbound(), cache.location->get().as<Wrapper>()->callable.get()};
  }
};
template <>
struct Instr<ops::LOAD_METHOD_INSTANCE_CLASS_METHOD> {
  KRAIT_INLINE static bool guard(Value owner, const AttributeCache& cache) { return shapes::has(owner, cache); }
  KRAIT_INLINE static Pair run(Value owner, const AttributeCache& cache) {
    return {cache.location->get().as<Wrapper>()->callable.get(), Value::of(typeOf(owner))};
  }
};
template <>
struct Instr<ops::LOAD_METHOD_MODULE> {
  KRAIT_INLINE static bool guard(Value owner, const GlobalCache& cache) { return shapes::isModuleWith(owner, cache); }
  KRAIT_INLINE static Pair run(Value, const GlobalCache& cache) { return {Value::unbound(), cache.location->get()}; }
};
template <>
struct Instr<ops::LOAD_METHOD_CLASS> {
  KRAIT_INLINE static bool guard(Value owner, const AttributeCache& cache) { return shapes::isClassOf(owner, cache); }
  KRAIT_INLINE static Pair run(Value, const AttributeCache& cache) { return {Value::unbound(), cache.location->get()}; }
};
template <>
struct Instr<ops::LOAD_METHOD_CLASS_STATIC> {
  KRAIT_INLINE static bool guard(Value owner, const AttributeCache& cache) { return shapes::isClassOf(owner, cache); }
  KRAIT_INLINE static Pair run(Value, const AttributeCache& cache) {
    return {Value::unbound(), cache.location->get().as<Wrapper>()->callable.get()};
  }
};
template <>
struct Instr<ops::LOAD_METHOD_CLASS_METHOD> {
  KRAIT_INLINE static bool guard(Value owner, const AttributeCache& cache) { return shapes::isClassOf(owner, cache); }
  KRAIT_INLINE static Pair run(Value owner, const AttributeCache& cache) {
    return {cache.location->get().as<Wrapper>()->callable.get(), owner};
  }
};
// super().function: the cached shape is that of the instance that super() is bound to; the search began after the class
// at place `slot` of the method resolution order.
template <>
struct Instr<ops::LOAD_METHOD_SUPER> {
  KRAIT_INLINE static bool guard(Value owner, const AttributeCache& cache) {
    if (!isExact(owner, exactShapes.super)) return false;
    const auto* super = owner.as<Super>();
    if (!shapes::has(super->self, cache)) return false;
    const Type* type = super->self.get().asCell()->shape()->type;
    return super->selfType.get() == type && type->mro->items[cache.slot].get().is(Value::of(super->start.get()));
  }
  KRAIT_INLINE static Pair run(Value owner, const AttributeCache& cache) {
    return {cache.location->get(), owner.as<Super>()->self};
  }
};
template <>
struct Instr<ops::LOAD_METHOD_POLYMORPHIC> {
  KRAIT_INLINE static bool guard(Value, const PolymorphicCache&) { return true; }
  KRAIT_INLINE static Guarded<Pair> run(Value owner, const PolymorphicCache& cache) {
    const PolymorphicEntry* entry = shapes::find(owner, cache);
    if (entry == nullptr) return {{Value::none(), Value::none()}, false};
    if (entry->action == PolymorphicEntry::kClass) return {{entry->location->get(), owner}, true};
    return {{Value::unbound(), shapes::inlineSlot(owner, entry->slot).get()}, true};
  }
};

inline Observation observeLoadMethodOfSuper(const Site& site, const Super* super) {
  Value self = super->self;
  if (!self.isCell() || isKind(self, Kind::kType) || super->selfType.get() != typeOf(self))
    return Failure::kOperandTypes;
  SuperLocation found = locateOnSuper(super, site.name());
  if (found.location == nullptr) return Failure::kNotFound;
  if (found.startIndex > UINT16_MAX) return Failure::kOutOfRange;
  if (roleOf(found.location->get()) != Role::kMethod) return Failure::kDescriptor;
  Observation seen = shapes::observeOnClass(site, self.asCell(), found.location, ops::LOAD_METHOD_SUPER);
  if (seen.form != Op::kCount) site.cache<AttributeCache>().slot = static_cast<uint16_t>(found.startIndex);
  return seen;
}

inline Observation observeLoadMethod(Site site) {
  Value owner = site.top();
  if (!owner.isCell()) return Failure::kOperandTypes;
  if (isExact(owner, exactShapes.super)) return observeLoadMethodOfSuper(site, owner.as<Super>());
  if (isExact(owner, exactShapes.module))
    return shapes::observeModule(site, owner.as<Module>(), ops::LOAD_METHOD_MODULE);
  if (isKind(owner, Kind::kType)) {
    const Field<Value>* location = shapes::classLocation(site, owner.as<Type>());
    if (location == nullptr) return Failure::kNotFound;
    Value found = location->get();
    Role role = roleOf(found);
    Op form = role == Role::kPlain || role == Role::kMethod ? ops::LOAD_METHOD_CLASS
              : typeOf(found) == types.staticmethod         ? ops::LOAD_METHOD_CLASS_STATIC
              : typeOf(found) == types.classmethod && isKind(found.as<Wrapper>()->callable, Kind::kFunction)
                  ? ops::LOAD_METHOD_CLASS_METHOD
                  : Op::kCount;
    if (form == Op::kCount) return Failure::kDescriptor;
    return shapes::observeOnClassObject(site, owner.as<Type>(), location, form);
  }
  Cell* cell = owner.asCell();
  Type* type = cell->shape()->type;
  if (!shapes::looksUpByDefault(type)) return Failure::kOverridden;
  const Field<Value>* location = lookupLocation(type, site.name());
  Value onType = location->get();
  Role role = onType.isUnbound() ? Role::kPlain : roleOf(onType);
  if (role == Role::kData) return Failure::kDescriptor;
  if (hasAttributes(cell)) {
    if (cell->shape()->isDictionary || cell->kind == Kind::kModule) return Failure::kDictionary;
    if (shapes::OwnSlot own = shapes::ownSlot(cell, site.name()); own.found) {
      if (own.action != PolymorphicEntry::kInline) return Failure::kOutOfRange;
      return shapes::observeOwn(site, cell, own, ops::LOAD_METHOD_INSTANCE_VALUE, ops::LOAD_METHOD_INSTANCE_VALUE);
    }
  }
  if (onType.isUnbound()) return Failure::kNotFound;
  if (role == Role::kMethod) return shapes::observeOnClass(site, cell, location, ops::LOAD_METHOD_CACHED);
  if (typeOf(onType) == types.staticmethod)
    return shapes::observeOnClass(site, cell, location, ops::LOAD_METHOD_STATIC);
  if (typeOf(onType) == types.classmethod && isKind(onType.as<Wrapper>()->callable, Kind::kFunction))
    return shapes::observeOnClass(site, cell, location, ops::LOAD_METHOD_INSTANCE_CLASS_METHOD);
  return Failure::kDescriptor;
}

}  // namespace krait
