// Shapes: the tree of attribute layouts that instances of a class move along as they gain attributes.
#include "vm/shape.h"

#include "vm/builtins/dict.h"
#include "vm/builtins/int.h"
#include "vm/builtins/type.h"
#include "vm/lookup_cache.h"

namespace krait {
namespace {

constexpr uint64_t kFirstNames = 8;

// Makes room for `count` names, shared with the parents when nobody else continued their list.
Fallible<void> extendNames(Thread& thread, Shape* child, const Shape* parent, Str* name) {
  uint32_t slot = parent->slotCount;
  ValueArray* names = parent->names;
  bool free = names != nullptr && slot < names->length && names->slots[slot].is(Value::inlineInt(0));
  if (!free) {
    bool full = names != nullptr && slot >= names->length;
    ValueArray* copy = TRY(allocateArray(thread, names == nullptr ? kFirstNames : slot < 4 ? kFirstNames : slot * 2));
    for (uint32_t i = 0; i < slot; i++) copy->slots[i] = names->slots[i];
    child->index = full ? parent->index.get() : nullptr;  // numbers stay the same when a list only grows
    names = copy;
  } else {
    child->index = parent->index.get();
  }
  child->names = names;
  if (slot + 1 > Shape::kLinearSearch) {
    if (child->index == nullptr) {
      Dict* index = TRY(makeDict(thread, (slot + 1) * 2));
      for (uint32_t i = 0; i < slot; i++)
        if (!names->slots[i].isUnbound())
          TRY(dictSetStr(thread, index, names->slots[i].as<Str>(), Value::inlineInt(i)));
      child->index = index;
    }
    TRY(dictSetStr(thread, child->index, name, Value::inlineInt(slot)));
  }
  names->slots[slot] = Value::of(name);
  return {};
}

}  // namespace

Fallible<Shape*> makeRootShape(Thread& thread, Type* type, uint32_t inlineCapacity, bool isDictionary) {
  auto* shape = static_cast<Shape*>(heap.allocateShapeCell(thread, sizeof(Shape)));
  if (shape == nullptr) return raiseMemoryError(thread);
  shape->kind = Kind::kShape;
  shape->type = type;
  shape->inlineCapacity = inlineCapacity;
  shape->isDictionary = isDictionary;
  // The slots of __slots__ come first. They have no name here: only their descriptors reach them.
  if (type != nullptr && type->slotCount != 0 && !isDictionary) {
    ValueArray* names = TRY(allocateArray(thread, type->slotCount + kFirstNames));
    for (uint32_t i = 0; i < type->slotCount; i++) names->slots[i] = Value::unbound();
    shape->names = names;
    shape->slotCount = type->slotCount;
  }
  return shape;
}

int64_t findSlot(const Shape* shape, const Str* name) {
  uint32_t count = shape->slotCount;
  if (count == 0) return -1;
  Value wanted = Value::of(name);
  const Value* names = shape->names->slots;
  if (count <= Shape::kLinearSearch) {
    for (uint32_t i = 0; i < count; i++)
      if (names[i].is(wanted)) return i;
    return -1;
  }
  // Reserved slots alone (many __slots__) make no index.
  if (shape->index == nullptr) return -1;
  Value slot = dictGetStr(shape->index, name);
  if (slot.isUnbound() || slot.asInlineInt() >= count) return -1;
  return names[slot.asInlineInt()].is(wanted) ? slot.asInlineInt() : -1;
}

Shape* knownTransition(const Shape* shape, const Str* name) {
  if (shape->onlyChild != nullptr && shape->onlyChildName.get() == name) return shape->onlyChild.get();
  if (shape->transitions == nullptr) return nullptr;
  Value known = dictGetStr(shape->transitions, name);
  return known.isUnbound() ? nullptr : reinterpret_cast<Shape*>(known.asCell());
}

Fallible<Shape*> transition(Thread& thread, Shape* shape, Str* name) {
  if (Shape* known = knownTransition(shape, name)) return known;
  auto* child = static_cast<Shape*>(heap.allocateShapeCell(thread, sizeof(Shape)));
  if (child == nullptr) return raiseMemoryError(thread);
  child->kind = Kind::kShape;
  child->type = shape->type.get();
  child->parent = shape;
  child->name = name;
  child->inlineCapacity = shape->inlineCapacity;
  TRY(extendNames(thread, child, shape, name));
  child->slotCount = shape->slotCount + 1;
  if (shape->onlyChild == nullptr && shape->transitions == nullptr) {
    shape->onlyChildName = name;
    shape->onlyChild = child;
    return child;
  }
  if (shape->transitions == nullptr) {
    Dict* transitions = TRY(makeDict(thread, 4));
    TRY(dictSetStr(thread, transitions, shape->onlyChildName, Value::of(shape->onlyChild.get())));
    shape->transitions = transitions;
  }
  TRY(dictSetStr(thread, shape->transitions, name, Value::of(child)));
  return child;
}

// Dictionary shapes of one class that differ in inline capacity are linked through onlyChild.
Fallible<Shape*> dictionaryShapeOf(Thread& thread, Type* type, uint32_t inlineCapacity) {
  for (Shape* shape = type->dictionaryShape; shape != nullptr; shape = shape->onlyChild)
    if (shape->inlineCapacity == inlineCapacity) return shape;
  Shape* shape = TRY(makeRootShape(thread, type, inlineCapacity, true));
  shape->onlyChild = type->dictionaryShape.get();
  type->dictionaryShape = shape;
  return shape;
}

}  // namespace krait
