// Instances: cells that carry Python attributes.
#pragma once
#include "vm/heap.h"
#include "vm/shape.h"

namespace krait {

// Every mutable built-in that may be subclassed or carries attributes begins like this: list, dict, set, exceptions,
// functions, modules, properties ... The overflow field is null, a ValueArray (shape's slots beyond inlineCapacity), or
// the attribute Dict (dictionary shape).
struct Object : Cell {
  Field<Cell*> overflow;
};

// An instance of a class written in Python (and of object).
//
//   header 8 | overflow 8 | slot 0 | slot 1 | ... inlineCapacity
//
// Subclasses of the immutable built-ins int, float, complex, str, bytes and tuple are also Instances: the underlying
// value is their `payload` (flag kHasPayload), kept in slots[inlineCapacity]. exactOrPayload(v) unwraps.
struct Instance : Object {
  Field<Value> slots[];
  static constexpr uint8_t kHasPayload = 1;
  Field<Value>& payload() { return slots[shape()->inlineCapacity]; }
};

// v itself, or the built-in value inside an instance of a subclass of int/float/complex/str/bytes/tuple.
KRAIT_INLINE Value exactOrPayload(Value v) {
  if (v.isCell() && v.asCell()->kind == Kind::kInstance && (v.asCell()->flags & Instance::kHasPayload)) [[unlikely]]
    return v.as<Instance>()->payload();
  return v;
}

// --- attribute storage, below descriptors and classes (see operations.h for getAttribute)
// ----------------------------- The instance's own attribute `name` (interned), or unbound. No allocation.
Value ownAttribute(const Cell* cell, const Str* name);
// Adds or replaces. The cell must have attribute storage (hasAttributes).
Fallible<void> setOwnAttribute(Thread& thread, Cell* cell, Str* name, Value value);
// False when there was none.
Fallible<bool> deleteOwnAttribute(Thread& thread, Cell* cell, Str* name);
// The instance's __dict__, switching it to dictionary mode.
Fallible<Dict*> attributeDict(Thread& thread, Cell* cell);
Fallible<void> setAttributeDict(Thread& thread, Cell* cell, Dict* dict);
// Whether instances of this cell's class take arbitrary attributes.
bool hasAttributes(const Cell* cell);
// A __slots__ entry: in the cell for Instances, else at the start of the overflow array. Unbound when not set.
Value slotValue(const Cell* cell, uint32_t slot);
Fallible<void> setSlotValue(Thread& thread, Cell* cell, uint32_t slot, Value valueOrUnbound);

}  // namespace krait
