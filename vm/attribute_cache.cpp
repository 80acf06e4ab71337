// Fills the global attribute cache: what an instance's shape and its class say about a name.
#include "vm/attribute_cache.h"

#include <cstring>

#include "vm/attribute_role.h"
#include "vm/builtins/descriptors.h"
#include "vm/exact_shapes.h"

namespace krait {
namespace {

// A __slots__ entry of this cell, or null.
const Member* slotMember(const Cell* cell, Value onType) {
  if (!isKind(onType, Kind::kMember) || cell->kind != Kind::kInstance) return nullptr;
  const Member* member = onType.as<Member>();
  if (!member->isSlot || member->slot >= cell->shape()->inlineCapacity) return nullptr;
  return isSubtype(cell->shape()->type, member->owner) ? member : nullptr;
}

bool hasSlots(const Cell* cell) {
  return hasAttributes(cell) && !cell->shape()->isDictionary && cell->kind != Kind::kModule &&
         cell->kind != Kind::kType;
}

// kNone when there is no slot of that name.
AttributeEntry ownEntry(const Cell* cell, const Str* name) {
  AttributeEntry entry{name, cell->shape_, lookupEpoch, AttributeEntry::kNone, 0, 0, nullptr};
  const Shape* shape = cell->shape();
  int64_t slot = findSlot(shape, name);
  if (slot < 0 || slot > UINT16_MAX) return entry;
  bool isInline = slot < shape->inlineCapacity;
  entry.kind = isInline ? AttributeEntry::kInline : AttributeEntry::kOverflow;
  entry.slot = static_cast<uint16_t>(isInline ? slot : slot - shape->inlineCapacity);
  return entry;
}

}  // namespace

void rememberAttributeLoad(Value owner, const Str* name) {
  if (!owner.isCell()) return;
  const Cell* cell = owner.asCell();
  const Type* type = cell->shape()->type;
  if (!(type->typeFlags & Type::kDefaultGetattribute) || cell->kind == Kind::kType || cell->kind == Kind::kModule)
    return;
  const Field<Value>* location = lookupLocation(type, name);
  Value onType = location->get();
  Role role = onType.isUnbound() ? Role::kPlain : roleOf(onType);
  AttributeEntry entry{name, cell->shape_, lookupEpoch, AttributeEntry::kNone, 0, 0, location};
  if (role == Role::kData) {
    const Member* member = slotMember(cell, onType);
    if (member == nullptr) return;
    entry.kind = AttributeEntry::kInline;
    entry.slot = static_cast<uint16_t>(member->slot);
  } else {
    if (hasAttributes(cell)) {
      if (!hasSlots(cell)) return;
      AttributeEntry own = ownEntry(cell, name);
      if (own.kind != AttributeEntry::kNone) entry = own;
    }
    if (entry.kind == AttributeEntry::kNone) {
      if (onType.isUnbound() || role == Role::kDescriptor) return;
      entry.kind = role == Role::kMethod ? AttributeEntry::kMethod : AttributeEntry::kClassValue;
    }
  }
  attributeEntry(attributeLoads, cell->shape_, name) = entry;
}

void rememberAttributeStore(Value owner, const Str* name) {
  if (!owner.isCell()) return;
  const Cell* cell = owner.asCell();
  const Shape* shape = cell->shape();
  const Type* type = shape->type;
  if (!(type->typeFlags & Type::kDefaultSetattr)) return;
  Value onType = lookupLocation(type, name)->get();
  AttributeEntry entry{name, cell->shape_, lookupEpoch, AttributeEntry::kNone, 0, 0, nullptr};
  if (const Member* member = slotMember(cell, onType)) {
    entry.kind = AttributeEntry::kInline;
    entry.slot = static_cast<uint16_t>(member->slot);
  } else {
    if (isDataDescriptor(onType) || !hasSlots(cell)) return;  // also one with __set__ alone
    entry = ownEntry(cell, name);
    if (entry.kind == AttributeEntry::kNone) {
      const Shape* next = knownTransition(shape, name);
      if (next == nullptr || cell->kind != Kind::kInstance || shape->slotCount >= shape->inlineCapacity) return;
      entry.kind = AttributeEntry::kTransition;
      entry.slot = static_cast<uint16_t>(shape->slotCount);
      entry.next = static_cast<uint32_t>(reinterpret_cast<uintptr_t>(next));
    }
  }
  attributeEntry(attributeStores, cell->shape_, name) = entry;
}

void clearAttributeCache() {
  std::memset(static_cast<void*>(attributeLoads), 0, sizeof(attributeLoads));
  std::memset(static_cast<void*>(attributeStores), 0, sizeof(attributeStores));
}

}  // namespace krait
