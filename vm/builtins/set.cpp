// The hash table of set and frozenset, and the algebra on it, arranged so that iteration order equals CPython's.
//
// Probing: up to kLinearProbes neighbours of a slot, then the next slot of the perturbed sequence. A table is rebuilt
// when three fifths are filled, four times (large ones two times) as large as its live keys ask for.
#include "vm/builtins/set.h"

#include <cstring>
#include <utility>

#include "vm/builtins/dict.h"
#include "vm/builtins/str.h"
#include "vm/leaf_cells.h"

namespace krait {

static constexpr uint64_t kLinearProbes = 9;
static constexpr int kPerturbShift = 5;
static constexpr int64_t kDummyHash = -1;  // no key hashes to it
static constexpr uint64_t kMaximumSize = uint64_t{1} << 35;

// --- tables ----------------------------------------------------------------------------------------------------------

static uint64_t maskOf(const Set* set) { return set->table == nullptr ? Set::kMinimumSize - 1 : set->table->size - 1; }

static Fallible<SetTable*> makeTable(Thread& thread, uint64_t size) {
  if (size > kMaximumSize) return raiseMemoryError(thread);
  // Nothing is allocated before every entry is written: that they are traced does not matter.
  SetTable* table = TRY(allocateLeaf<SetTable>(thread, Kind::kSetTable, nullptr, size * sizeof(SetEntry)));
  table->size = size;
  for (SetEntry *entry = table->entries, *end = entry + size; entry != end; entry++) {
    entry->hash = 0;
    entry->key.set(Value::unbound());
  }
  return table;
}

// Puts a key that is not there into a table without dummies.
static void insertClean(SetTable* table, Value key, int64_t hash) {
  uint64_t mask = table->size - 1, perturb = static_cast<uint64_t>(hash), i = perturb & mask;
  for (;;) {
    SetEntry* entry = table->entries + i;
    uint64_t probes = i + kLinearProbes <= mask ? kLinearProbes : 0;
    for (uint64_t n = 0; n <= probes; n++, entry++) {
      if (!entry->key.get().isUnbound()) continue;
      entry->hash = hash;
      entry->key.set(key);
      return;
    }
    perturb >>= kPerturbShift;
    i = (i * 5 + 1 + perturb) & mask;
  }
}

Fallible<void> setResize(Thread& thread, Set* set, uint64_t minimum) {
  uint64_t size = Set::kMinimumSize;
  while (size <= minimum) {
    if (size >= kMaximumSize) return raiseMemoryError(thread);
    size *= 2;
  }
  SetTable* fresh = TRY(makeTable(thread, size));
  if (SetTable* old = set->table) {
    for (uint64_t i = 0; i < old->size; i++)
      if (old->entries[i].isLive()) insertClean(fresh, old->entries[i].key, old->entries[i].hash);
  }
  set->table.set(fresh);
  set->fill = set->used;
  return {};
}

void setClear(Set* set) {
  set->table.set(nullptr);
  set->used = set->fill = 0;
  set->finger = 0;
  set->hash_ = -1;
}

// --- lookup ----------------------------------------------------------------------------------------------------------

enum class Match { kNo, kYes, kRaised, kChanged };

// Requires equal hashes.
static Match matches(Thread& thread, Set* set, SetTable* table, SetEntry* entry, Value key) {
  Value stored = entry->key;
  if (stored.is(key)) return Match::kYes;
  if (Value::bothInlineInts(stored, key)) return Match::kNo;
  if (isKind(stored, Kind::kStr) && isKind(key, Kind::kStr))
    return strEquals(stored.as<Str>(), key.as<Str>()) ? Match::kYes : Match::kNo;
  Fallible<bool> equal = equals(thread, stored, key);
  if (equal.isRaised()) return Match::kRaised;
  if (equal.value()) return Match::kYes;
  if (set->table.get() != table || !entry->key.get().is(stored)) return Match::kChanged;
  return Match::kNo;
}

struct Place {
  SetEntry* entry;  // the key's; or where it belongs: the last dummy passed, else the unused one that ended the search
  bool isPresent;
};

// Requires a table. __eq__ may change the set: then the search starts again.
static Fallible<Place> find(Thread& thread, Set* set, Value key, int64_t hash) {
restart:
  SetTable* table = set->table;
  if (table == nullptr) {  // cleared meanwhile
    TRY(setResize(thread, set, 0));
    table = set->table;
  }
  uint64_t mask = table->size - 1, perturb = static_cast<uint64_t>(hash), i = perturb & mask;
  SetEntry* dummy = nullptr;
  for (;;) {
    SetEntry* entry = table->entries + i;
    uint64_t probes = i + kLinearProbes <= mask ? kLinearProbes : 0;
    for (uint64_t n = 0; n <= probes; n++, entry++) {
      if (entry->hash != hash) {
        if (entry->key.get().isUnbound()) return Place{dummy != nullptr ? dummy : entry, false};
        if (entry->hash == kDummyHash) dummy = entry;
        continue;
      }
      if (entry->key.get().isUnbound()) return Place{dummy != nullptr ? dummy : entry, false};  // hash 0
      switch (matches(thread, set, table, entry, key)) {
        case Match::kNo: break;
        case Match::kYes: return Place{entry, true};
        case Match::kRaised: return Raised{};
        case Match::kChanged: goto restart;
      }
    }
    perturb >>= kPerturbShift;
    i = (i * 5 + 1 + perturb) & mask;
  }
}

// Where most searches end: the first slot, which has the very key or has never been used.
KRAIT_INLINE static SetEntry* firstSlot(SetTable* table, int64_t hash) {
  return table->entries + (static_cast<uint64_t>(hash) & (table->size - 1));
}
KRAIT_INLINE static bool isKeyOf(const SetEntry* entry, Value key, int64_t hash) {
  return entry->key.get().is(key) && entry->hash == hash;
}

Fallible<void> setAddHashed(Thread& thread, Set* set, Value key, int64_t hash) {
  if (set->table == nullptr) TRY(setResize(thread, set, 0));
  Place place{firstSlot(set->table, hash), false};
  if (isKeyOf(place.entry, key, hash)) return {};
  if (!place.entry->key.get().isUnbound()) {
    place = TRY(find(thread, set, key, hash));
    if (place.isPresent) return {};
  }
  bool wasDummy = place.entry->key.get().isError();
  place.entry->key.set(key);
  place.entry->hash = hash;
  set->used++;
  if (wasDummy) return {};
  set->fill++;
  if (set->fill * 5 < maskOf(set) * 3) return {};
  return setResize(thread, set, set->used > 50000 ? set->used * 2 : set->used * 4);
}

Fallible<bool> setContainsHashed(Thread& thread, Set* set, Value key, int64_t hash) {
  if (set->table == nullptr) return false;
  const SetEntry* first = firstSlot(set->table, hash);
  if (isKeyOf(first, key, hash)) return true;
  if (first->key.get().isUnbound()) return false;
  return TRY(find(thread, set, key, hash)).isPresent;
}

Fallible<bool> setDiscardHashed(Thread& thread, Set* set, Value key, int64_t hash) {
  if (set->table == nullptr) return false;
  Place place{firstSlot(set->table, hash), true};
  if (!isKeyOf(place.entry, key, hash)) {
    if (place.entry->key.get().isUnbound()) return false;
    place = TRY(find(thread, set, key, hash));
  }
  if (!place.isPresent) return false;
  place.entry->key.set(Value::error());
  place.entry->hash = kDummyHash;
  set->used--;
  return true;
}

// The hash for lookups and removals: an unhashable set is looked for as the frozenset of its keys.
struct LookupKey {
  Value key;
  int64_t hash;
};
static Fallible<LookupKey> lookupKey(Thread& thread, Value key) {
  Fallible<int64_t> keyHash = hash(thread, key);
  if (!keyHash.isRaised()) return LookupKey{key, keyHash.value()};
  if (!isKind(key, Kind::kSet) || !pendingMatches(thread, exceptions.TypeError)) return Raised{};
  clearException(thread);
  Set* frozen = TRY(makeSet(thread, types.frozenset, key));
  return LookupKey{Value::of(frozen), frozensetHash(frozen)};
}

Fallible<void> setAdd(Thread& thread, Set* set, Value key) {
  int64_t keyHash = TRY(hash(thread, key));
  return setAddHashed(thread, set, key, keyHash);
}

Fallible<bool> setContains(Thread& thread, Set* set, Value key) {
  LookupKey wanted = TRY(lookupKey(thread, key));
  return setContainsHashed(thread, set, wanted.key, wanted.hash);
}

Fallible<bool> setDiscard(Thread& thread, Set* set, Value key) {
  LookupKey wanted = TRY(lookupKey(thread, key));
  return setDiscardHashed(thread, set, wanted.key, wanted.hash);
}

bool setNextEntry(const Set* set, uint64_t& position, SetEntry*& entry) {
  SetTable* table = set->table;
  if (table == nullptr) return false;
  for (uint64_t i = position; i < table->size; i++) {
    if (!table->entries[i].isLive()) continue;
    entry = table->entries + i;
    position = i + 1;
    return true;
  }
  position = table->size;
  return false;
}

bool setNext(const Set* set, uint64_t& position, Value& key) {
  SetEntry* entry;
  if (!setNextEntry(set, position, entry)) return false;
  key = entry->key;
  return true;
}

// --- union -----------------------------------------------------------------------------------------------------------

static Fallible<void> merge(Thread& thread, Set* set, Set* other) {
  if (other == set || other->used == 0) return {};
  if ((set->fill + other->used) * 5 >= maskOf(set) * 3) TRY(setResize(thread, set, (set->used + other->used) * 2));
  if (set->table == nullptr) TRY(setResize(thread, set, 0));
  if (set->fill == 0) {
    SetTable *to = set->table, *from = other->table;
    if (to->size == from->size && other->fill == other->used) {
      std::memcpy(static_cast<void*>(to->entries), from->entries, from->size * sizeof(SetEntry));
    } else {
      for (uint64_t i = 0; i < from->size; i++)
        if (from->entries[i].isLive()) insertClean(to, from->entries[i].key, from->entries[i].hash);
    }
    set->used = set->fill = other->used;
    return {};
  }
  uint64_t position = 0;
  SetEntry* entry;
  while (setNextEntry(other, position, entry)) TRY(setAddHashed(thread, set, entry->key, entry->hash));
  return {};
}

Fallible<void> setUpdate(Thread& thread, Set* set, Value iterable) {
  if (Set* other = toSet(iterable)) return merge(thread, set, other);
  if (typeOf(iterable) == types.dict) {
    Dict* dict = iterable.as<Dict>();
    if ((set->fill + dict->length) * 5 >= maskOf(set) * 3) TRY(setResize(thread, set, (set->used + dict->length) * 2));
    uint64_t position = 0;
    DictEntry* entry;
    while (dictNextEntry(dict, position, entry)) TRY(setAddHashed(thread, set, entry->key, entry->hash));
    return {};
  }
  return forEach(thread, iterable, [&](Value key) -> Fallible<bool> {
    TRY(setAdd(thread, set, key));
    return true;
  });
}

Fallible<Set*> makeSet(Thread& thread, Type* type, Value iterableOrUnbound) {
  Set* set = TRY(allocate<Set>(thread, Kind::kSet, type->instanceShape));
  set->hash_ = -1;
  if (!iterableOrUnbound.isUnbound()) TRY(setUpdate(thread, set, iterableOrUnbound));
  return set;
}

// The plain type of an operation's result.
static Type* plainType(const Set* set) {
  return isSubtype(set->shape()->type, types.frozenset) ? types.frozenset : types.set;
}

Fallible<Set*> setCopy(Thread& thread, Set* set) { return makeSet(thread, plainType(set), Value::of(set)); }

// --- intersection, difference ----------------------------------------------------------------------------------------

Fallible<Set*> setIntersection(Thread& thread, Set* set, Value other) {
  if (Value::of(set).is(other)) return setCopy(thread, set);
  Set* result = TRY(makeSet(thread, plainType(set), Value::unbound()));
  if (Set* walked = toSet(other)) {
    Set* asked = set;
    if (walked->used > asked->used) std::swap(walked, asked);
    uint64_t position = 0;
    SetEntry* entry;
    while (setNextEntry(walked, position, entry)) {
      Value key = entry->key;
      int64_t keyHash = entry->hash;
      if (TRY(setContainsHashed(thread, asked, key, keyHash))) TRY(setAddHashed(thread, result, key, keyHash));
    }
    return result;
  }
  TRY(forEach(thread, other, [&](Value key) -> Fallible<bool> {
    int64_t keyHash = TRY(hash(thread, key));
    if (TRY(setContainsHashed(thread, set, key, keyHash))) TRY(setAddHashed(thread, result, key, keyHash));
    return true;
  }));
  return result;
}

Fallible<void> setDifferenceUpdate(Thread& thread, Set* set, Value other) {
  if (Value::of(set).is(other)) {
    setClear(set);
    return {};
  }
  if (Set* removed = toSet(other)) {
    // Of a much larger set only the common keys matter.
    if ((removed->used >> 3) > set->used) removed = TRY(setIntersection(thread, set, other));
    uint64_t position = 0;
    SetEntry* entry;
    while (setNextEntry(removed, position, entry)) TRY(setDiscardHashed(thread, set, entry->key, entry->hash));
  } else {
    TRY(forEach(thread, other, [&](Value key) -> Fallible<bool> {
      int64_t keyHash = TRY(hash(thread, key));
      TRY(setDiscardHashed(thread, set, key, keyHash));
      return true;
    }));
  }
  // More than a quarter of dummies: rebuild without them.
  if (set->fill - set->used <= maskOf(set) / 4) return {};
  return setResize(thread, set, set->used > 50000 ? set->used * 2 : set->used * 4);
}

Fallible<Set*> setDifference(Thread& thread, Set* set, Value other) {
  Set* otherSet = toSet(other);
  Dict* otherDict = typeOf(other) == types.dict ? other.as<Dict>() : nullptr;
  uint64_t otherLength = otherSet != nullptr ? otherSet->used : otherDict != nullptr ? otherDict->length : 0;
  if ((otherSet == nullptr && otherDict == nullptr) || (set->used >> 2) > otherLength) {
    Set* result = TRY(setCopy(thread, set));
    TRY(setDifferenceUpdate(thread, result, other));
    return result;
  }
  Set* result = TRY(makeSet(thread, plainType(set), Value::unbound()));
  uint64_t position = 0;
  SetEntry* entry;
  while (setNextEntry(set, position, entry)) {
    Value key = entry->key;
    int64_t keyHash = entry->hash;
    bool isCommon = otherSet != nullptr ? TRY(setContainsHashed(thread, otherSet, key, keyHash))
                                        : !TRY(dictGetHashed(thread, otherDict, key, keyHash)).isUnbound();
    if (!isCommon) TRY(setAddHashed(thread, result, key, keyHash));
  }
  return result;
}

static Fallible<void> toggle(Thread& thread, Set* set, Value key, int64_t hash) {
  if (TRY(setDiscardHashed(thread, set, key, hash))) return {};
  return setAddHashed(thread, set, key, hash);
}

Fallible<void> setSymmetricDifferenceUpdate(Thread& thread, Set* set, Value other) {
  if (Value::of(set).is(other)) {
    setClear(set);
    return {};
  }
  if (typeOf(other) == types.dict) {
    uint64_t position = 0;
    DictEntry* entry;
    while (dictNextEntry(other.as<Dict>(), position, entry)) TRY(toggle(thread, set, entry->key, entry->hash));
    return {};
  }
  // Through a set, so that a key that comes twice counts once.
  Set* keys = isKind(other, Kind::kSet) ? other.as<Set>() : TRY(makeSet(thread, plainType(set), other));
  uint64_t position = 0;
  SetEntry* entry;
  while (setNextEntry(keys, position, entry)) TRY(toggle(thread, set, entry->key, entry->hash));
  return {};
}

Fallible<bool> setIsSubset(Thread& thread, Set* set, Set* other) {
  if (set->used > other->used) return false;
  uint64_t position = 0;
  SetEntry* entry;
  while (setNextEntry(set, position, entry))
    if (!TRY(setContainsHashed(thread, other, entry->key, entry->hash))) return false;
  return true;
}

// --- hash ------------------------------------------------------------------------------------------------------------

// Independent of order: the shuffled hashes are combined with exclusive or.
int64_t frozensetHash(const Set* set) {
  uint64_t combined = 0, position = 0;
  SetEntry* entry;
  while (setNextEntry(set, position, entry)) {
    uint64_t h = static_cast<uint64_t>(entry->hash);
    combined ^= ((h ^ 89869747u) ^ (h << 16)) * 3644798167u;
  }
  combined ^= (set->used + 1) * 1927868237u;
  combined ^= (combined >> 11) ^ (combined >> 25);
  combined = combined * 69069u + 907133923u;
  return combined == UINT64_MAX ? 590923713 : static_cast<int64_t>(combined);
}

}  // namespace krait
