// Shapes (hidden classes): what the header of a cell points to; one compare with it guards class and slot layout.
//
//   class P: pass            P's root shape {}            type P, 0 slots
//   p.x = 1                  {} --x--> {x}                slot 0
//   p.y = 2                  {x} --y--> {x, y}            slot 1
//
// Slots below `inlineCapacity` lie in the cell itself (Instance), the others in its overflow ValueArray. Deleting an
// attribute, a non-string key in __dict__, more than kMaxSlots attributes, or asking for `__dict__` switches the
// instance to its class's *dictionary shape*: the overflow field then holds the Dict that has all attributes.
// Class changes that matter for lookups (a key comes or goes, a descriptor replaces a plain value) bump `lookupEpoch`;
// plain value changes do not, because lookups are cached as the *location* of the class-dict entry.
#pragma once
#include "vm/cell.h"
#include "vm/heap.h"

namespace krait {

struct Str;
struct Dict;

struct Shape : Cell {
  static constexpr uint32_t kMaxSlots = 1024;
  Field<Type*> type;
  Field<Shape*> parent;      // null for a root
  Field<Str*> name;          // the attribute this shape added to its parent
  Field<ValueArray*> names;  // slot index -> interned name; shared along a chain: only [0, slotCount) is ours
  Field<Dict*> transitions;  // name -> Shape (as Value), made at the second child
  Field<Str*> onlyChildName;
  Field<Shape*> onlyChild;
  Field<Dict*> index;  // name -> slot as int, made when slotCount > kLinearSearch and asked for
  uint32_t slotCount;
  uint32_t inlineCapacity;
  uint32_t version;   // reserved for the inline caches
  bool isDictionary;  // attributes live in a Dict in the overflow field
  static constexpr uint32_t kLinearSearch = 8;
};

// Root shape for instances of `type` with room for `inlineCapacity` slots in the cell.
Fallible<Shape*> makeRootShape(Thread& thread, Type* type, uint32_t inlineCapacity, bool isDictionary = false);
// Slot of `name` (interned) in `shape`, or -1. Never fails; may not allocate.
int64_t findSlot(const Shape* shape, const Str* name);
// The shape after adding `name` if there is one already, else null. No allocation.
Shape* knownTransition(const Shape* shape, const Str* name);
// The shape after adding `name`; memoised, so that equal histories give equal shapes. Null is never returned without
// an exception.
Fallible<Shape*> transition(Thread& thread, Shape* shape, Str* name);

}  // namespace krait
