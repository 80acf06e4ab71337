// LOAD_ATTR and STORE_ATTR: an instance's attribute by its shape, a class's or module's by its location.
#pragma once
#include "specialize/families/shapes.h"
#include "vm/attribute_role.h"
#include "vm/builtins/descriptors.h"
#include "vm/builtins/function.h"
#include "vm/enter_function.h"
#include "vm/lookup_cache.h"

namespace krait {

#define KRAIT_SHAPE_GUARD \
  KRAIT_INLINE static bool guard(Value owner, const AttributeCache& cache) { return shapes::has(owner, cache); }

template <>
struct Instr<ops::LOAD_ATTR_INSTANCE_VALUE> {
  KRAIT_SHAPE_GUARD
  KRAIT_INLINE static Value run(Value owner, const AttributeCache& cache) {
    return shapes::inlineSlot(owner, cache.slot).get();
  }
};
template <>
struct Instr<ops::LOAD_ATTR_SLOT> {
  KRAIT_SHAPE_GUARD
  KRAIT_INLINE static Guarded<Value> run(Value owner, const AttributeCache& cache) {
    Value value = shapes::inlineSlot(owner, cache.slot).get();
    return {value, !value.isUnbound()};
  }
};
template <>
struct Instr<ops::LOAD_ATTR_OVERFLOW_VALUE> {
  KRAIT_SHAPE_GUARD
  KRAIT_INLINE static Value run(Value owner, const AttributeCache& cache) {
    return shapes::overflowSlot(owner, cache.slot);
  }
};
template <>
struct Instr<ops::LOAD_ATTR_WITH_HINT> {
  KRAIT_SHAPE_GUARD
  KRAIT_INLINE static Guarded<Value> run(Name name, Value owner, const AttributeCache& cache) {
    Cell* overflow = owner.as<Object>()->overflow;
    if (overflow->kind != Kind::kDict) return {Value::none(), false};
    const DictKeys* keys = static_cast<Dict*>(overflow)->keys;
    if (keys == nullptr || cache.slot >= keys->entryCount) return {Value::none(), false};
    const DictEntry& entry = keys->entries[cache.slot];
    return {entry.value.get(), entry.key.get().is(Value::of(name.name))};
  }
};
template <>
struct Instr<ops::LOAD_ATTR_CLASS_VALUE> {
  KRAIT_SHAPE_GUARD
  KRAIT_INLINE static Value run(Value, const AttributeCache& cache) { return cache.location->get(); }
};
template <>
struct Instr<ops::LOAD_ATTR_METHOD> {
  KRAIT_SHAPE_GUARD
  KRAIT_INLINE static Fallible<Value> run(Thread& thread, Value owner, const AttributeCache& cache) {
    return bindDescriptor(thread, cache.location->get(), owner, typeOf(owner));
  }
};
template <>
struct Instr<ops::LOAD_ATTR_PROPERTY> {
  KRAIT_SHAPE_GUARD
  // The owner becomes the getter's argument, above where its result will lie.
  KRAIT_INLINE static Guarded<Transfer<1, 1>> run(Thread& thread, Registers& r) {
    const AttributeCache& cache = *reinterpret_cast<const AttributeCache*>(r.pc + kHeadUnits);
    Value getter = cache.location->get().as<Property>()->get.get();
    if (!isSimpleFunction(getter, 1)) [[unlikely]]
      return {{}, false};
    r.sp[0] = r.sp[-1];
    return {{Next::kNext}, enterSimpleFunction<AttributeCache>(thread, r, getter, r.sp, 1, r.sp - 1)};
  }
};
template <>
struct Instr<ops::LOAD_ATTR_GETSET> {
  KRAIT_SHAPE_GUARD
  KRAIT_INLINE static Fallible<Value> run(Thread& thread, Value owner, const AttributeCache& cache) {
    return reinterpret_cast<NativeGetter>(cache.native)(thread, owner);
  }
};
template <>
struct Instr<ops::LOAD_ATTR_GETATTR> {
  KRAIT_SHAPE_GUARD
  KRAIT_INLINE static Guarded<Transfer<1, 1>> run(Thread& thread, Registers& r) {
    const AttributeCache& cache = *reinterpret_cast<const AttributeCache*>(r.pc + kHeadUnits);
    Value getattr = cache.location->get();
    if (!isSimpleFunction(getattr, 2)) [[unlikely]]
      return {{}, false};
    r.sp[0] = r.sp[-1];
    r.sp[1] = (r.pc + r.pc[1].offset)->value;
    return {{Next::kNext}, enterSimpleFunction<AttributeCache>(thread, r, getattr, r.sp, 2, r.sp - 1)};
  }
};
template <>
struct Instr<ops::LOAD_ATTR_MODULE> {
  KRAIT_INLINE static bool guard(Value owner, const GlobalCache& cache) { return shapes::isModuleWith(owner, cache); }
  KRAIT_INLINE static Value run(Value, const GlobalCache& cache) { return cache.location->get(); }
};
template <>
struct Instr<ops::LOAD_ATTR_CLASS> {
  KRAIT_INLINE static bool guard(Value owner, const AttributeCache& cache) { return shapes::isClassOf(owner, cache); }
  KRAIT_INLINE static Value run(Value, const AttributeCache& cache) { return cache.location->get(); }
};
template <>
struct Instr<ops::LOAD_ATTR_POLYMORPHIC> {
  KRAIT_INLINE static bool guard(Value, const PolymorphicCache&) { return true; }
  KRAIT_INLINE static Guarded<Value> run(Value owner, const PolymorphicCache& cache) {
    const PolymorphicEntry* entry = shapes::find(owner, cache);
    if (entry == nullptr) return {Value::none(), false};
    if (entry->action == PolymorphicEntry::kInline) {
      Value value = shapes::inlineSlot(owner, entry->slot).get();
      return {value, !value.isUnbound()};
    }
    if (entry->action == PolymorphicEntry::kClass) return {entry->location->get(), true};
    return {shapes::overflowSlot(owner, entry->slot), true};
  }
};

// --- STORE_ATTR: [value, owner] -> [] --------------------------------------------------------------------------------
#define KRAIT_STORE_GUARD \
  KRAIT_INLINE static bool guard(Value, Value owner, const AttributeCache& cache) { return shapes::has(owner, cache); }

template <>
struct Instr<ops::STORE_ATTR_INSTANCE_VALUE> {
  KRAIT_STORE_GUARD
  KRAIT_INLINE static Nothing run(Value value, Value owner, const AttributeCache& cache) {
    shapes::inlineSlot(owner, cache.slot) = value;
    return {};
  }
};
template <>
struct Instr<ops::STORE_ATTR_OVERFLOW_VALUE> {
  KRAIT_STORE_GUARD
  KRAIT_INLINE static Nothing run(Value value, Value owner, const AttributeCache& cache) {
    shapes::overflowSlot(owner, cache.slot) = value;
    return {};
  }
};
template <>
struct Instr<ops::STORE_ATTR_TRANSITION> {
  KRAIT_STORE_GUARD
  KRAIT_INLINE static Nothing run(Value value, Value owner, const AttributeCache& cache) {
    shapes::inlineSlot(owner, cache.slot) = value;
    owner.asCell()->shape_ = static_cast<uint32_t>(cache.next);
    return {};
  }
};
template <>
struct Instr<ops::STORE_ATTR_WITH_HINT> {
  KRAIT_STORE_GUARD
  KRAIT_INLINE static Guarded<Nothing> run(Name name, Value value, Value owner, const AttributeCache& cache) {
    Cell* overflow = owner.as<Object>()->overflow;
    if (overflow->kind != Kind::kDict) return {{}, false};
    DictKeys* keys = static_cast<Dict*>(overflow)->keys;
    if (keys == nullptr || cache.slot >= keys->entryCount) return {{}, false};
    DictEntry& entry = keys->entries[cache.slot];
    if (!entry.key.get().is(Value::of(name.name))) return {{}, false};
    entry.value = value;
    return {{}, true};
  }
};
template <>
struct Instr<ops::STORE_ATTR_POLYMORPHIC> {
  KRAIT_INLINE static bool guard(Value, Value, const PolymorphicCache&) { return true; }
  KRAIT_INLINE static Guarded<Nothing> run(Value value, Value owner, const PolymorphicCache& cache) {
    const PolymorphicEntry* entry = shapes::find(owner, cache);
    if (entry == nullptr) return {{}, false};
    if (entry->action == PolymorphicEntry::kOverflow) {
      shapes::overflowSlot(owner, entry->slot) = value;
      return {{}, true};
    }
    shapes::inlineSlot(owner, entry->slot) = value;
    if (entry->action == PolymorphicEntry::kTransition) owner.asCell()->shape_ = static_cast<uint32_t>(entry->next);
    return {{}, true};
  }
};

// --- observing ---------------------------------------------------------------------------------------------------------
namespace shapes {

  // Slot or dictionary entry of the instance's own attribute; the site's cache is filled.
  inline Observation observeOwn(const Site& site, Cell* cell, const OwnSlot& own, Op inlineForm, Op overflowForm) {
    auto& cache = site.cache<AttributeCache>();
    if (!relyOn(cell->shape()->type)) return Failure::kClassChanges;
    cache.shape = cell->shape_;
    cache.slot = own.slot;
    return own.action == PolymorphicEntry::kInline ? inlineForm : overflowForm;
  }
  // An entry of the dictionary of an instance in dictionary mode.
  inline Observation observeHint(const Site& site, Cell* cell, Op form) {
    Cell* overflow = static_cast<Object*>(cell)->overflow;
    if (overflow == nullptr || overflow->kind != Kind::kDict) return Failure::kDictionary;
    DictEntry* entry = dictFindStr(static_cast<Dict*>(overflow), site.name());
    if (entry == nullptr || !entry->key.get().is(Value::of(site.name()))) return Failure::kDictionary;
    auto number = entry - static_cast<Dict*>(overflow)->keys->entries;
    if (number > UINT16_MAX) return Failure::kOutOfRange;
    if (!relyOn(cell->shape()->type)) return Failure::kClassChanges;
    auto& cache = site.cache<AttributeCache>();
    cache.shape = cell->shape_;
    cache.slot = static_cast<uint16_t>(number);
    return form;
  }
  // Something that the class holds at `location`, for instances of `cell`'s shape.
  inline Observation observeOnClass(const Site& site, const Cell* cell, const Field<Value>* location, Op form) {
    if (!relyOn(cell->shape()->type)) return Failure::kClassChanges;
    auto& cache = site.cache<AttributeCache>();
    cache.shape = cell->shape_;
    cache.location = location;
    return form;
  }
  // Cls.name for a class whose metaclass looks attributes up as `type` does: the location in the linearisation, or
  // null.
  inline const Field<Value>* classLocation(const Site& site, const Type* owner) {
    const Type* meta = typeOf(Value::of(owner));
    if (owner->instanceShape == nullptr ||
        !meta->special(Special::k__getattribute__).is(types.type->special(Special::k__getattribute__)))
      return nullptr;
    Value onMeta = lookupLocation(meta, site.name())->get();
    if (!onMeta.isUnbound() && roleOf(onMeta) == Role::kData) return nullptr;
    const Field<Value>* location = lookupLocation(owner, site.name());
    return location->get().isUnbound() ? nullptr : location;
  }
  inline Observation observeOnClassObject(const Site& site, Type* owner, const Field<Value>* location, Op form) {
    Type* meta = typeOf(Value::of(owner));
    if (!relyOn(owner) || ((meta->typeFlags & Type::kHeapType) && !relyOn(meta))) return Failure::kClassChanges;
    auto& cache = site.cache<AttributeCache>();
    cache.shape = address(owner->instanceShape);
    cache.location = location;
    return form;
  }
  inline Observation observeModule(const Site& site, Module* module, Op form) {
    if (Value onType = lookupLocation(types.module, site.name())->get();
        !onType.isUnbound() && roleOf(onType) == Role::kData)
      return Failure::kDescriptor;
    uint32_t version = 0;
    const Field<Value>* location = moduleLocation(module, site.name(), version);
    if (location == nullptr) return Failure::kNotFound;
    auto& cache = site.cache<GlobalCache>();
    cache.shape = version;
    cache.location = location;
    return form;
  }
  // The default look-up serves this class, except that __getattr__ may follow it.
  inline bool looksUpByDefault(const Type* type) {
    return (type->typeFlags & Type::kDefaultGetattribute) ||
           (!type->special(Special::k__getattr__).isUnbound() &&
            type->special(Special::k__getattribute__).is(types.object->special(Special::k__getattribute__)));
  }

}  // namespace shapes

inline Observation observeMissing(const Site& site, Cell* cell) {
  const Type* type = cell->shape()->type;
  Value getattr = type->special(Special::k__getattr__);
  if (!isKind(getattr, Kind::kFunction) || cell->shape()->isDictionary) return Failure::kNotFound;
  return shapes::observeOnClass(site, cell, lookupLocation(type, specialName(Special::k__getattr__)),
                                ops::LOAD_ATTR_GETATTR);
}

inline Observation observeData(const Site& site, Cell* cell, Value onType, const Field<Value>* location) {
  if (typeOf(onType) == types.property) {
    Value getter = onType.as<Property>()->get.get();
    if (!isKind(getter, Kind::kFunction)) return Failure::kDescriptor;
    return shapes::observeOnClass(site, cell, location, ops::LOAD_ATTR_PROPERTY);
  }
  if (!isKind(onType, Kind::kMember)) return Failure::kDescriptor;
  Member* member = onType.as<Member>();
  if (!isSubtype(cell->shape()->type, member->owner)) return Failure::kDescriptor;
  if (!member->isSlot) {
    Observation seen = shapes::observeOnClass(site, cell, location, ops::LOAD_ATTR_GETSET);
    if (seen.form != Op::kCount) site.cache<AttributeCache>().native = reinterpret_cast<void*>(member->getter);
    return seen;
  }
  if (cell->kind != Kind::kInstance || member->slot >= cell->shape()->inlineCapacity) return Failure::kOutOfRange;
  return shapes::observeOwn(site, cell, {true, static_cast<uint16_t>(member->slot), PolymorphicEntry::kInline},
                            ops::LOAD_ATTR_SLOT, ops::LOAD_ATTR_SLOT);
}

// Cls.__name__, Cls.__mro__: what the metaclass has a descriptor in C++ for.
inline Observation observeOnMetaclass(const Site& site, Type* owner) {
  const Type* meta = typeOf(Value::of(owner));
  if (!meta->special(Special::k__getattribute__).is(types.type->special(Special::k__getattribute__)))
    return Failure::kOverridden;
  const Field<Value>* location = lookupLocation(meta, site.name());
  Value onMeta = location->get();
  if (!isKind(onMeta, Kind::kMember) || onMeta.as<Member>()->isSlot || roleOf(onMeta) != Role::kData)
    return Failure::kDescriptor;
  return observeData(site, owner, onMeta, location);
}

inline Observation observeLoadAttribute(Site site) {
  Value owner = site.top();
  if (!owner.isCell()) return Failure::kOperandTypes;
  if (isExact(owner, exactShapes.module)) return shapes::observeModule(site, owner.as<Module>(), ops::LOAD_ATTR_MODULE);
  if (isKind(owner, Kind::kType)) {
    if (Observation seen = observeOnMetaclass(site, owner.as<Type>()); seen.form != Op::kCount) return seen;
    const Field<Value>* location = shapes::classLocation(site, owner.as<Type>());
    if (location == nullptr) return Failure::kNotFound;
    Role role = roleOf(location->get());
    if (role != Role::kPlain && role != Role::kMethod) return Failure::kDescriptor;
    return shapes::observeOnClassObject(site, owner.as<Type>(), location, ops::LOAD_ATTR_CLASS);
  }
  Cell* cell = owner.asCell();
  Type* type = cell->shape()->type;
  if (!shapes::looksUpByDefault(type)) return Failure::kOverridden;
  const Field<Value>* location = lookupLocation(type, site.name());
  Value onType = location->get();
  Role role = onType.isUnbound() ? Role::kPlain : roleOf(onType);
  if (role == Role::kData) return observeData(site, cell, onType, location);
  bool hasOwn = hasAttributes(cell);
  if (hasOwn && cell->kind == Kind::kModule) return Failure::kDescriptor;
  if (hasOwn && cell->shape()->isDictionary) return shapes::observeHint(site, cell, ops::LOAD_ATTR_WITH_HINT);
  if (shapes::OwnSlot own = shapes::ownSlot(cell, site.name()); own.found)
    return shapes::observeOwn(site, cell, own, ops::LOAD_ATTR_INSTANCE_VALUE, ops::LOAD_ATTR_OVERFLOW_VALUE);
  if (onType.isUnbound()) return observeMissing(site, cell);
  if (role == Role::kPlain) return shapes::observeOnClass(site, cell, location, ops::LOAD_ATTR_CLASS_VALUE);
  if (role == Role::kMethod) return shapes::observeOnClass(site, cell, location, ops::LOAD_ATTR_METHOD);
  return Failure::kDescriptor;
}

inline Observation observeStoreAttribute(Site site) {
  Value owner = site.top();
  if (!owner.isCell() || isKind(owner, Kind::kType)) return Failure::kOperandTypes;
  Cell* cell = owner.asCell();
  Shape* shape = cell->shape();
  Type* type = shape->type;
  if (!(type->typeFlags & Type::kDefaultSetattr)) return Failure::kOverridden;
  Value onType = lookupLocation(type, site.name())->get();
  if (isKind(onType, Kind::kMember) && onType.as<Member>()->isSlot) {
    Member* member = onType.as<Member>();
    if (cell->kind != Kind::kInstance || member->slot >= shape->inlineCapacity || !isSubtype(type, member->owner))
      return Failure::kOutOfRange;
    return shapes::observeOwn(site, cell, {true, static_cast<uint16_t>(member->slot), PolymorphicEntry::kInline},
                              ops::STORE_ATTR_INSTANCE_VALUE, ops::STORE_ATTR_INSTANCE_VALUE);
  }
  if (isDataDescriptor(onType)) return Failure::kDescriptor;  // also one with __set__ alone
  if (!hasAttributes(cell) || cell->kind == Kind::kModule) return Failure::kOperandTypes;
  if (shape->isDictionary) return shapes::observeHint(site, cell, ops::STORE_ATTR_WITH_HINT);
  if (shapes::OwnSlot own = shapes::ownSlot(cell, site.name()); own.found)
    return shapes::observeOwn(site, cell, own, ops::STORE_ATTR_INSTANCE_VALUE, ops::STORE_ATTR_OVERFLOW_VALUE);
  // A new attribute: the shape after it is known when an instance has gone this way before.
  const Shape* next = knownTransition(shape, site.name());
  if (next == nullptr) return Failure::kNotFound;
  if (cell->kind != Kind::kInstance || shape->slotCount >= shape->inlineCapacity) return Failure::kOutOfRange;
  Observation seen =
      shapes::observeOwn(site, cell, {true, static_cast<uint16_t>(shape->slotCount), PolymorphicEntry::kInline},
                         ops::STORE_ATTR_TRANSITION, ops::STORE_ATTR_TRANSITION);
  if (seen.form != Op::kCount) site.cache<AttributeCache>().next = shapes::address(next);
  return seen;
}

}  // namespace krait
