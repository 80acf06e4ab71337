// set and frozenset: CPython's open addressing with linear probes, so that iteration order is CPython's.
#pragma once
#include "vm/operations.h"

namespace krait {
struct SetEntry {
  int64_t hash;
  Field<Value> key;  // unbound: never used; error: deleted (a dummy); anything else: live
  bool isLive() const { return !key.get().isUnbound() && !key.get().isError(); }
};
struct SetTable : Cell {
  uint64_t size;  // power of two
  SetEntry entries[];
};
struct Set : Object {      // set or frozenset by type
  uint64_t used;           // live keys
  uint64_t fill;           // live + deleted
  int64_t hash_;           // frozenset: cached; 0 or -1 unknown
  uint64_t finger;         // where pop() looks next
  Field<SetTable*> table;  // null while empty: as a table of kMinimumSize
  static constexpr uint64_t kMinimumSize = 8;
};
Fallible<Set*> makeSet(Thread& thread, Type* type, Value iterableOrUnbound);
Fallible<void> setAdd(Thread& thread, Set* set, Value key);
Fallible<bool> setContains(Thread& thread, Set* set, Value key);  // a set as key is looked up as a frozenset
Fallible<bool> setDiscard(Thread& thread, Set* set, Value key);   // likewise
Fallible<void> setUpdate(Thread& thread, Set* set, Value iterable);
bool setNext(const Set* set, uint64_t& position, Value& key);
bool setNextEntry(const Set* set, uint64_t& position, SetEntry*& entry);
void setClear(Set* set);
// The operations with the hash at hand.
Fallible<void> setAddHashed(Thread& thread, Set* set, Value key, int64_t hash);
Fallible<bool> setContainsHashed(Thread& thread, Set* set, Value key, int64_t hash);
Fallible<bool> setDiscardHashed(Thread& thread, Set* set, Value key, int64_t hash);
// Rebuilds the table for more than `minimum` slots.
Fallible<void> setResize(Thread& thread, Set* set, uint64_t minimum);
// Set algebra in CPython's order of insertions. Results are plain sets or frozensets, by the type of the first operand.
Fallible<Set*> setCopy(Thread& thread, Set* set);
Fallible<Set*> setIntersection(Thread& thread, Set* set, Value other);
Fallible<Set*> setDifference(Thread& thread, Set* set, Value other);
Fallible<void> setDifferenceUpdate(Thread& thread, Set* set, Value other);
Fallible<void> setSymmetricDifferenceUpdate(Thread& thread, Set* set, Value other);
Fallible<bool> setIsSubset(Thread& thread, Set* set, Set* other);
int64_t frozensetHash(const Set* set);
KRAIT_INLINE Set* toSet(Value v) { return isKind(v, Kind::kSet) ? v.as<Set>() : nullptr; }
void initialiseSet(Thread&);
}  // namespace krait
