// The global cache of class-attribute lookups: (class, name) -> where the class dictionary holds the value.
//
//   class A: x = 1
//   class B(A): pass
//   B().x            looks for B.x: entry {B, "x"} -> &A.__dict__ entry of "x"
//   A.x = 2          stores through the same entry: nothing is invalidated
//   B.x = 3          a new key in B's dictionary: lookupEpoch grows, every older entry is dead
//
// Caching the location instead of the value lets programs count in class attributes for free.
#pragma once
#include "vm/builtins/type.h"

namespace krait {

// Grows whenever a location may have moved or another class in a method resolution order may win.
inline uint32_t lookupEpoch = 1;

struct LookupCacheEntry {
  const Type* type;
  const Str* name;
  const Field<Value>* location;
  uint64_t epoch;
};
inline constexpr unsigned kLookupCacheEntries = 4096;
inline LookupCacheEntry lookupCache[kLookupCacheEntries];

KRAIT_INLINE LookupCacheEntry& lookupCacheEntry(const Type* type, const Str* name) {
  uintptr_t mixed = (reinterpret_cast<uintptr_t>(type) >> 6) * 7 ^ (reinterpret_cast<uintptr_t>(name) >> 4);
  return lookupCache[mixed % kLookupCacheEntries];
}

// Where the class attribute `name` (interned) of `type` lies; it holds unbound when there is none. Good until
// lookupEpoch changes.
const Field<Value>* lookupLocationSlow(const Type* type, const Str* name, LookupCacheEntry& entry);
KRAIT_INLINE const Field<Value>* lookupLocation(const Type* type, const Str* name) {
  LookupCacheEntry& entry = lookupCacheEntry(type, name);
  if (entry.type == type && entry.name == name && entry.epoch == lookupEpoch) [[likely]]
    return entry.location;
  return lookupLocationSlow(type, name, entry);
}

// After a change of `type` that lookups through it or a subclass notice: the cache is stale, and inline caches that
// rely on one of these classes are cleared (Hooks::classChanged).
void invalidateLookups(Type* type);
// Forgets every entry: before cells that entries mention weakly are reused.
void clearLookupCache();

}  // namespace krait
