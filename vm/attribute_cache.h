// The global cache of attribute look-ups: (shape, name) -> where an instance of that shape has the attribute. What the
// generic instructions go through, and all that is left to a place that has seen too many shapes.
//
// An entry is good while no class changes (lookupEpoch) and no shape dies (cleared before every sweep).
#pragma once
#include "vm/instruction.h"
#include "vm/lookup_cache.h"
#include "vm/object.h"

namespace krait {

struct AttributeEntry {
  enum Kind : uint16_t {
    kNone,
    kInline,      // slot in the cell
    kOverflow,    // slot in the overflow array
    kClassValue,  // a plain value of the class
    kMethod,      // a function of the class, bound to the instance when it is loaded
    kTransition,  // stores: a new attribute in the cell, whose shape becomes `next`
  };
  const Str* name;
  uint32_t shape, epoch;
  uint16_t kind, slot;
  uint32_t next;
  const Field<Value>* location;
};
static_assert(sizeof(AttributeEntry) == 32);

inline constexpr unsigned kAttributeCacheEntries = 2048;
inline AttributeEntry attributeLoads[kAttributeCacheEntries];
inline AttributeEntry attributeStores[kAttributeCacheEntries];

KRAIT_INLINE AttributeEntry& attributeEntry(AttributeEntry* table, uint32_t shape, const Str* name) {
  uintptr_t mixed = (shape >> 4) * 3 ^ reinterpret_cast<uintptr_t>(name) >> 4;
  return table[mixed % kAttributeCacheEntries];
}
// The entry for this cell and name, or null.
KRAIT_INLINE const AttributeEntry* cachedAttribute(AttributeEntry* table, Value owner, const Str* name) {
  if (!owner.isCell()) return nullptr;
  uint32_t shape = owner.asCell()->shape_;
  const AttributeEntry& entry = attributeEntry(table, shape, name);
  bool good = entry.name == name && entry.shape == shape && entry.epoch == lookupEpoch;
  return good ? &entry : nullptr;
}
KRAIT_INLINE Field<Value>& inlineSlotOf(Value owner, uint32_t slot) { return owner.as<Instance>()->slots[slot]; }
KRAIT_INLINE Value& overflowSlotOf(Value owner, uint32_t slot) {
  return static_cast<ValueArray*>(owner.as<Object>()->overflow.get())->slots[slot];
}

// The attribute's value without binding anything; holds only for slots and plain values.
KRAIT_INLINE Guarded<Value> loadCachedAttribute(Value owner, const Str* name) {
  const AttributeEntry* entry = cachedAttribute(attributeLoads, owner, name);
  if (entry == nullptr) return {Value::none(), false};
  if (entry->kind == AttributeEntry::kInline) {
    Value value = inlineSlotOf(owner, entry->slot).get();
    return {value, !value.isUnbound()};
  }
  if (entry->kind == AttributeEntry::kClassValue) return {entry->location->get(), true};
  if (entry->kind == AttributeEntry::kOverflow) return {overflowSlotOf(owner, entry->slot), true};
  return {Value::none(), false};
}
// [function, self] or [NULL, value], as LOAD_METHOD pushes them.
KRAIT_INLINE Guarded<Pair> loadCachedMethod(Value owner, const Str* name) {
  const AttributeEntry* entry = cachedAttribute(attributeLoads, owner, name);
  if (entry == nullptr) return {{}, false};
  if (entry->kind == AttributeEntry::kMethod) return {{entry->location->get(), owner}, true};
  if (entry->kind == AttributeEntry::kInline) {
    Value value = inlineSlotOf(owner, entry->slot).get();
    return {{Value::unbound(), value}, !value.isUnbound()};
  }
  return {{}, false};
}
KRAIT_INLINE bool storeCachedAttribute(Value owner, const Str* name, Value value) {
  const AttributeEntry* entry = cachedAttribute(attributeStores, owner, name);
  if (entry == nullptr) return false;
  if (entry->kind == AttributeEntry::kOverflow) {
    overflowSlotOf(owner, entry->slot) = value;
    return true;
  }
  inlineSlotOf(owner, entry->slot) = value;
  if (entry->kind == AttributeEntry::kTransition) owner.asCell()->shape_ = entry->next;
  return true;
}

// Look up the slow way and remember the outcome; called when the cache has no entry. No allocation.
void rememberAttributeLoad(Value owner, const Str* name);
void rememberAttributeStore(Value owner, const Str* name);
void clearAttributeCache();

}  // namespace krait
