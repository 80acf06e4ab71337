// What the attribute families share: guards on shapes, and where attributes lie.
#pragma once
#include "specialize/forms.h"
#include "specialize/observe.h"
#include "vm/builtins/dict.h"
#include "vm/builtins/module.h"
#include "vm/exact_shapes.h"
#include "vm/object.h"

namespace krait {

// One of several shapes at a place. `action` says how the attribute is reached; `location` as in AttributeCache.
struct PolymorphicEntry {
  enum Action : uint16_t { kInline, kOverflow, kClass, kTransition };
  uint32_t shape;
  uint16_t slot;
  uint16_t action;
  union {
    const Field<Value>* location;
    uint64_t next;
  };
};

// A cache of one unit that is decided by a shape.
struct ShapeCache : InlineCache {
  static constexpr bool kHoldsShape = true;
};

namespace shapes {

  KRAIT_INLINE bool has(Value owner, const InlineCache& cache) {
    return owner.isCell() && owner.asCell()->shape_ == cache.shape;
  }
  KRAIT_INLINE Field<Value>& inlineSlot(Value owner, uint32_t slot) { return owner.as<Instance>()->slots[slot]; }
  KRAIT_INLINE Value& overflowSlot(Value owner, uint32_t slot) {
    return static_cast<ValueArray*>(owner.as<Object>()->overflow.get())->slots[slot];
  }
  KRAIT_INLINE const PolymorphicEntry* find(Value owner, const PolymorphicCache& cache) {
    if (!owner.isCell()) return nullptr;
    uint32_t shape = owner.asCell()->shape_;
    for (const PolymorphicEntry *entry = cache.entries, *end = entry + cache.slot; entry != end; entry++)
      if (entry->shape == shape) return entry;
    return nullptr;
  }
  // Cls.name: the owner is the class whose instances begin with the cached shape.
  KRAIT_INLINE bool isClassOf(Value owner, const InlineCache& cache) {
    return isKind(owner, Kind::kType) &&
           static_cast<uint32_t>(reinterpret_cast<uintptr_t>(owner.as<Type>()->instanceShape.get())) == cache.shape;
  }
  KRAIT_INLINE bool isModuleWith(Value owner, const GlobalCache& cache) {
    return isExact(owner, exactShapes.module) && owner.as<Module>()->dict->keysVersion == cache.shape;
  }
  KRAIT_INLINE uint32_t address(const Shape* shape) {
    return static_cast<uint32_t>(reinterpret_cast<uintptr_t>(shape));
  }

  // Where the instance's own attribute `name` lies, as a polymorphic entry would say; `found` false when it has none.
  struct OwnSlot {
    bool found;
    uint16_t slot;
    PolymorphicEntry::Action action;
  };
  OwnSlot ownSlot(const Cell* cell, const Str* name);
  // Where exact built-in containers keep their length, in bytes; 0: elsewhere.
  uint16_t lengthOffset(Value container);
  KRAIT_INLINE int64_t lengthAt(Value container, uint16_t offset) {
    return *reinterpret_cast<const int64_t*>(reinterpret_cast<const char*>(container.asCell()) + offset);
  }
  // Location in a module's dictionary for GlobalCache; null when it cannot be cached.
  const Field<Value>* moduleLocation(Module* module, const Str* name, uint32_t& version);

}  // namespace shapes
}  // namespace krait
