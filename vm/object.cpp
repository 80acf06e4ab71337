// Attribute storage: slots in the cell, an overflow array behind it, or a dictionary.
#include "vm/object.h"

#include <algorithm>

#include "vm/builtins/dict.h"
#include "vm/builtins/module.h"
#include "vm/builtins/type.h"

namespace krait {
namespace {

// An instance that needs more slots than its class foresaw teaches the class, up to this many.
constexpr uint32_t kMaxInlineSlots = 30;

bool isInstanceKind(const Cell* cell) { return cell->kind == Kind::kInstance || cell->kind == Kind::kNamespace; }

Value* slotAddress(Cell* cell, uint32_t slot) {
  uint32_t inlineCapacity = cell->shape()->inlineCapacity;
  if (slot < inlineCapacity) return reinterpret_cast<Value*>(static_cast<Instance*>(cell)->slots) + slot;
  auto* overflow = static_cast<ValueArray*>(static_cast<Object*>(cell)->overflow.get());
  return overflow->slots + (slot - inlineCapacity);
}

// How many of the class's __slots__ lie in the overflow array: all of them where the cell itself has a fixed size.
uint32_t reservedOverflow(const Cell* cell) { return isInstanceKind(cell) ? 0 : cell->shape()->type->slotCount; }

// The attribute dictionary of a cell in dictionary mode; it shares the overflow array with __slots__ if there are any.
Dict* dictionaryOf(const Cell* cell) {
  Cell* overflow = static_cast<const Object*>(cell)->overflow;
  if (overflow->kind == Kind::kDict) return static_cast<Dict*>(overflow);
  return static_cast<ValueArray*>(overflow)->slots[reservedOverflow(cell)].as<Dict>();
}

KRAIT_COLD void learnCapacity(Thread& thread, Cell* cell, uint32_t slotsNeeded) {
  Type* type = cell->shape()->type;
  uint32_t current = type->instanceShape->inlineCapacity;
  if (cell->shape()->inlineCapacity != current || current >= kMaxInlineSlots) return;
  if (!(type->typeFlags & Type::kHeapType)) return;
  uint32_t wanted = std::min(std::max(current * 2, slotsNeeded + 1), kMaxInlineSlots);
  Fallible<Shape*> shape = makeRootShape(thread, type, wanted);
  if (shape.isRaised()) {  // only an optimisation
    thread.exception = Value::unbound();
    return;
  }
  type->inlineHint = static_cast<uint8_t>(wanted - type->slotCount);
  type->instanceShape = shape.value();
}

// Makes sure that slot `slot` of a cell exists: `slot` counts from the first inline slot.
Fallible<void> reserveSlot(Thread& thread, Cell* cell, uint32_t slot) {
  uint32_t inlineCapacity = cell->shape()->inlineCapacity;
  if (slot < inlineCapacity) return {};
  uint32_t index = slot - inlineCapacity;
  auto* object = static_cast<Object*>(cell);
  auto* overflow = static_cast<ValueArray*>(object->overflow.get());
  uint64_t length = overflow == nullptr ? 0 : overflow->length;
  if (index < length) return {};
  if (isInstanceKind(cell) && overflow == nullptr) learnCapacity(thread, cell, slot + 1);
  ValueArray* grown = TRY(allocateArray(thread, std::max<uint64_t>(index < 4 ? 4 : index + index / 2 + 2, length)));
  for (uint64_t i = 0; i < length; i++) grown->slots[i] = overflow->slots[i];
  for (uint64_t i = length; i < reservedOverflow(cell); i++) grown->slots[i] = Value::unbound();
  object->overflow = grown;
  return {};
}

Fallible<void> installDictionary(Thread& thread, Cell* cell, Dict* dict) {
  auto* object = static_cast<Object*>(cell);
  Shape* shape = TRY(dictionaryShapeOf(thread, cell->shape()->type, cell->shape()->inlineCapacity));
  if (uint32_t reserved = reservedOverflow(cell); reserved != 0) {
    TRY(reserveSlot(thread, cell, reserved));
    static_cast<ValueArray*>(object->overflow.get())->slots[reserved] = Value::of(dict);
  } else {
    object->overflow = dict;
  }
  if (isInstanceKind(cell)) {  // what the slots held must not live on
    for (uint32_t i = cell->shape()->type->slotCount; i < cell->shape()->inlineCapacity; i++)
      static_cast<Instance*>(cell)->slots[i] = Value::inlineInt(0);
  }
  cell->setShape(shape);
  return {};
}

Fallible<Dict*> switchToDictionary(Thread& thread, Cell* cell) {
  Shape* shape = cell->shape();
  Dict* dict = TRY(makeDict(thread, shape->slotCount));
  for (uint32_t slot = shape->type->slotCount; slot < shape->slotCount; slot++)
    TRY(dictSetStr(thread, dict, shape->names->slots[slot].as<Str>(), *slotAddress(cell, slot)));
  TRY(installDictionary(thread, cell, dict));
  return dict;
}

}  // namespace

Value ownAttribute(const Cell* cell, const Str* name) {
  const Shape* shape = cell->shape();
  if (shape->isDictionary) return dictGetStr(dictionaryOf(cell), name);
  if (cell->kind == Kind::kModule) return dictGetStr(static_cast<const Module*>(cell)->dict, name);
  if (cell->kind == Kind::kType) return dictGetStr(static_cast<const Type*>(cell)->dict, name);
  int64_t slot = findSlot(shape, name);
  if (slot < 0) return Value::unbound();
  return *slotAddress(const_cast<Cell*>(cell), static_cast<uint32_t>(slot));
}

Fallible<void> setOwnAttribute(Thread& thread, Cell* cell, Str* name, Value value) {
  Shape* shape = cell->shape();
  if (shape->isDictionary) return dictSetStr(thread, dictionaryOf(cell), name, value);
  if (cell->kind == Kind::kModule) return dictSetStr(thread, static_cast<Module*>(cell)->dict, name, value);
  if (cell->kind == Kind::kType) return setTypeAttribute(thread, static_cast<Type*>(cell), name, value);
  int64_t known = findSlot(shape, name);
  if (known >= 0) {
    *slotAddress(cell, static_cast<uint32_t>(known)) = value;
    return {};
  }
  if (shape->slotCount >= Shape::kMaxSlots)
    return dictSetStr(thread, TRY(switchToDictionary(thread, cell)), name, value);
  uint32_t slot = shape->slotCount;
  TRY(reserveSlot(thread, cell, slot));
  Shape* next = TRY(transition(thread, shape, name));
  *slotAddress(cell, slot) = value;
  cell->setShape(next);
  return {};
}

Fallible<bool> deleteOwnAttribute(Thread& thread, Cell* cell, Str* name) {
  Shape* shape = cell->shape();
  if (!shape->isDictionary && cell->kind == Kind::kModule)
    return dictDeleteStr(thread, static_cast<Module*>(cell)->dict, name);
  if (!shape->isDictionary && cell->kind == Kind::kType) {
    if (ownAttribute(cell, name).isUnbound()) return false;
    TRY(deleteTypeAttribute(thread, static_cast<Type*>(cell), name));
    return true;
  }
  if (!shape->isDictionary) {
    int64_t slot = findSlot(shape, name);
    if (slot < 0) return false;
    if (slot + 1 == shape->slotCount && shape->parent != nullptr) {  // the last one added: just step back
      *slotAddress(cell, static_cast<uint32_t>(slot)) = Value::inlineInt(0);
      cell->setShape(shape->parent);
      return true;
    }
    TRY(switchToDictionary(thread, cell));
  }
  return dictDeleteStr(thread, dictionaryOf(cell), name);
}

Fallible<Dict*> attributeDict(Thread& thread, Cell* cell) {
  if (cell->shape()->isDictionary) return dictionaryOf(cell);
  if (cell->kind == Kind::kModule) return static_cast<Module*>(cell)->dict.get();
  return switchToDictionary(thread, cell);
}

Fallible<void> setAttributeDict(Thread& thread, Cell* cell, Dict* dict) {
  return installDictionary(thread, cell, dict);
}

bool hasAttributes(const Cell* cell) {
  return (cell->shape()->type->typeFlags & Type::kHasDict) || cell->kind == Kind::kType;
}

Value slotValue(const Cell* cell, uint32_t slot) {
  if (!isInstanceKind(cell)) {
    Cell* overflow = static_cast<const Object*>(cell)->overflow;
    if (overflow == nullptr || overflow->kind == Kind::kDict) return Value::unbound();
    auto* array = static_cast<ValueArray*>(overflow);
    return slot < array->length ? array->slots[slot] : Value::unbound();
  }
  return *slotAddress(const_cast<Cell*>(cell), slot);
}

Fallible<void> setSlotValue(Thread& thread, Cell* cell, uint32_t slot, Value value) {
  if (!isInstanceKind(cell)) TRY(reserveSlot(thread, cell, cell->shape()->type->slotCount));
  *slotAddress(cell, slot) = value;
  return {};
}

}  // namespace krait
