// set and frozenset: CPython's open addressing with linear probes, so that iteration order is CPython's.
#pragma once
#include "vm/operations.h"

namespace krait {
struct SetEntry {
  int64_t hash;
  Field<Value> key;  // unbound: never used; error: deleted (a dummy); anything else: live
};
struct SetTable : Cell {
  uint64_t size;  // power of two
  SetEntry entries[];
};
struct Set : Object {      // set or frozenset by type
  uint64_t used;           // live keys
  uint64_t fill;           // live + deleted
  int64_t hash_;           // frozenset: cached; -1 unknown
  Field<SetTable*> table;  // null while empty
};
Fallible<Set*> makeSet(Thread& thread, Type* type, Value iterableOrUnbound);
Fallible<void> setAdd(Thread& thread, Set* set, Value key);
Fallible<bool> setContains(Thread& thread, Set* set, Value key);
Fallible<bool> setDiscard(Thread& thread, Set* set, Value key);
Fallible<void> setUpdate(Thread& thread, Set* set, Value iterable);
bool setNext(const Set* set, uint64_t& position, Value& key);
KRAIT_INLINE Set* toSet(Value v) { return isKind(v, Kind::kSet) ? v.as<Set>() : nullptr; }
void initialiseSet(Thread&);
}  // namespace krait
