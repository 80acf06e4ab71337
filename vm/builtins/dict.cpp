// dict: the hash table itself, without a word about its methods.
#include "vm/builtins/dict_places.h"

#include <algorithm>
#include <cstring>

#include "vm/builtins/str.h"

namespace krait {

static constexpr uint32_t kMinimumIndexSize = 8;
static constexpr uint64_t kMaximumIndexSize = uint64_t{1} << 31;
static constexpr int kPerturbShift = 5;

// --- the index -------------------------------------------------------------------------------------------------------

static constexpr uint32_t kEmptySlot = UINT32_MAX;

static uint8_t* indexOf(DictKeys* keys) { return reinterpret_cast<uint8_t*>(keys->entries + keys->entryCapacity()); }
static const uint8_t* indexOf(const DictKeys* keys) { return indexOf(const_cast<DictKeys*>(keys)); }

template <class Width>
KRAIT_INLINE uint32_t slotAt(const uint8_t* index, uint64_t i) {
  Width w = reinterpret_cast<const Width*>(index)[i];
  return w == static_cast<Width>(-1) ? kEmptySlot : w;
}

// Walks the probe sequence of `hash`: visit(entry number) is true to stop there. The entry number, or kEmptySlot.
template <class Width, class Visit>
KRAIT_INLINE uint32_t probe(const DictKeys* keys, int64_t hash, Visit visit) {
  const uint8_t* index = indexOf(keys);
  uint64_t mask = keys->indexSize - 1, perturb = static_cast<uint64_t>(hash), i = perturb & mask;
  for (;;) {
    uint32_t at = slotAt<Width>(index, i);
    if (at == kEmptySlot || visit(at)) return at;
    perturb >>= kPerturbShift;
    i = (i * 5 + perturb + 1) & mask;
  }
}
template <class Visit>
KRAIT_INLINE uint32_t probeAny(const DictKeys* keys, int64_t hash, Visit visit) {
  switch (keys->indexWidth) {
    case 1: return probe<uint8_t>(keys, hash, visit);
    case 2: return probe<uint16_t>(keys, hash, visit);
    default: return probe<uint32_t>(keys, hash, visit);
  }
}

template <class Width>
static void putInIndex(DictKeys* keys, int64_t hash, uint32_t number) {
  Width* index = reinterpret_cast<Width*>(indexOf(keys));
  uint64_t mask = keys->indexSize - 1, perturb = static_cast<uint64_t>(hash), i = perturb & mask;
  while (index[i] != static_cast<Width>(-1)) {
    perturb >>= kPerturbShift;
    i = (i * 5 + perturb + 1) & mask;
  }
  index[i] = static_cast<Width>(number);
}
static void putInIndex(DictKeys* keys, int64_t hash, uint32_t number) {
  switch (keys->indexWidth) {
    case 1: return putInIndex<uint8_t>(keys, hash, number);
    case 2: return putInIndex<uint16_t>(keys, hash, number);
    default: return putInIndex<uint32_t>(keys, hash, number);
  }
}

// --- tables ----------------------------------------------------------------------------------------------------------

static Fallible<DictKeys*> makeKeys(Thread& thread, uint64_t indexSize) {
  if (indexSize > kMaximumIndexSize) return raiseMemoryError(thread);
  uint32_t width = indexSize <= 256 ? 1 : indexSize <= 65536 ? 2 : 4;
  uint32_t capacity = DictKeys::capacityFor(indexSize);
  DictKeys* keys = TRY(
      allocate<DictKeys>(thread, Kind::kDictKeys, nullptr, capacity * sizeof(DictEntry) + indexSize * uint64_t{width}));
  keys->indexSize = static_cast<uint32_t>(indexSize);
  keys->indexWidth = width;
  keys->usable = capacity;
  std::memset(indexOf(keys), 0xff, indexSize * width);
  return keys;
}

static uint64_t indexSizeFor(uint64_t length) {
  uint64_t size = kMinimumIndexSize;
  while (DictKeys::capacityFor(size) < length) size *= 2;
  return size;
}

// A new table with the live entries of the old one, deleted ones gone.
static Fallible<void> rebuild(Thread& thread, Dict* dict, uint64_t indexSize) {
  DictKeys* fresh = TRY(makeKeys(thread, indexSize));
  if (DictKeys* old = dict->keys) {
    uint32_t out = 0;
    for (uint32_t i = 0; i < old->entryCount; i++) {
      const DictEntry& entry = old->entries[i];
      if (entry.key.get().isUnbound()) continue;
      fresh->entries[out] = entry;
      putInIndex(fresh, entry.hash, out++);
    }
    fresh->entryCount = out;
    fresh->usable -= out;
  }
  dict->keys.set(fresh);
  dict->keysVersion = 0;
  return {};
}

Fallible<void> dictReserve(Thread& thread, Dict* dict, uint64_t count) {
  if (count <= dict->length || count == 0) return {};
  if (dict->keys != nullptr && count - dict->length <= dict->keys->usable) return {};
  if (count > kMaximumIndexSize / 2) return raiseMemoryError(thread);
  return rebuild(thread, dict, indexSizeFor(count));
}

Fallible<Dict*> makeDict(Thread& thread, uint64_t expectedLength) {
  const Shape* shape = types.dict == nullptr ? nullptr : types.dict->instanceShape.get();
  Dict* dict = TRY(allocate<Dict>(thread, Kind::kDict, shape));
  dict->allStrings = 1;
  if (expectedLength > 0) TRY(dictReserve(thread, dict, expectedLength));
  return dict;
}

KRAIT_INLINE static bool isExactStr(Value v) { return isKind(v, Kind::kStr); }

KRAIT_INLINE static int64_t hashOf(const Str* s) {
  return (s->flags & Str::kHashed) ? s->hash_ : strHash(const_cast<Str*>(s));
}

// Appends an entry for a key known to be missing.
static Fallible<void> insertNew(Thread& thread, Dict* dict, Value key, int64_t hash, Value value) {
  DictKeys* keys = dict->keys;
  if (keys == nullptr || keys->usable == 0) [[unlikely]] {
    uint64_t wanted = dict->length * 3, size = kMinimumIndexSize;
    while (size < wanted) size *= 2;
    TRY(rebuild(thread, dict, size));
    keys = dict->keys;
  }
  if (dict->length == 0) {
    dict->allStrings = isExactStr(key);
  } else if (!isExactStr(key)) {
    dict->allStrings = 0;
  }
  uint32_t number = keys->entryCount++;
  keys->usable--;
  DictEntry& entry = keys->entries[number];
  entry.hash = hash;
  entry.key.set(key);
  entry.value.set(value);
  putInIndex(keys, hash, number);
  dict->length++;
  dict->keysVersion = 0;
  return {};
}

static void removeEntry(Dict* dict, DictEntry* entry) {
  entry->key.set(Value::unbound());
  entry->value.set(Value::unbound());
  entry->hash = 0;
  dict->length--;
  dict->keysVersion = 0;
}

// --- lookup ----------------------------------------------------------------------------------------------------------

// Entry number of an exact str, comparing only with exact strs.
KRAIT_INLINE static uint32_t findStr(const DictKeys* keys, const Str* key, int64_t hash) {
  Value wanted = Value::of(key);
  return probeAny(
      keys, hash, [&](uint32_t at) __attribute__((always_inline)) {
        const DictEntry& entry = keys->entries[at];
        Value stored = entry.key;
        if (stored.is(wanted)) return true;
        return entry.hash == hash && isExactStr(stored) && strEquals(stored.as<Str>(), key);
      });
}

// Entry number of an inline int, as long as no key with its hash is anything else but another one.
KRAIT_INLINE static uint32_t findInlineInt(const DictKeys* keys, Value key, int64_t hash, bool& needsEquals) {
  return probeAny(
      keys, hash, [&](uint32_t at) __attribute__((always_inline)) {
        const DictEntry& entry = keys->entries[at];
        Value stored = entry.key;
        if (stored.is(key)) return true;
        if (entry.hash != hash || stored.isUnbound() || stored.isInlineInt()) return false;
        return needsEquals = true;
      });
}

DictEntry* dictFindStr(const Dict* dict, const Str* key) {
  DictKeys* keys = dict->keys;
  if (keys == nullptr) return nullptr;
  uint32_t at = findStr(keys, key, hashOf(key));
  return at == kEmptySlot ? nullptr : keys->entries + at;
}

Value dictGetStr(const Dict* dict, const Str* key) {
  DictEntry* entry = dictFindStr(dict, key);
  return entry == nullptr ? Value::unbound() : entry->value.get();
}

// Any key. __eq__ may change the dict: then the search starts again.
static Fallible<DictPlace> findAny(Thread& thread, Dict* dict, Value key, int64_t hash) {
  for (;;) {
    DictKeys* keys = dict->keys;
    if (keys == nullptr) return DictPlace{nullptr};
    bool raised = false, changed = false;
    uint32_t at = probeAny(keys, hash, [&](uint32_t number) {
      const DictEntry& entry = keys->entries[number];
      Value stored = entry.key;
      if (stored.is(key)) return true;
      if (entry.hash != hash || stored.isUnbound() || Value::bothInlineInts(stored, key)) return false;
      if (isExactStr(stored) && isExactStr(key)) return strEquals(stored.as<Str>(), key.as<Str>());
      Fallible<bool> equal = equals(thread, stored, key);
      if (equal.isRaised()) return raised = true;
      changed = dict->keys.get() != keys || !entry.key.get().is(stored);
      return changed || equal.value();
    });
    if (raised) return Raised{};
    if (changed) continue;
    return DictPlace{at == kEmptySlot ? nullptr : keys->entries + at};
  }
}

KRAIT_INLINE static Fallible<DictPlace> find(Thread& thread, Dict* dict, Value key, int64_t hash) {
  if (isExactStr(key) && dict->allStrings) [[likely]] {
    DictKeys* keys = dict->keys;
    if (keys == nullptr) return DictPlace{nullptr};
    uint32_t at = findStr(keys, key.as<Str>(), hash);
    return DictPlace{at == kEmptySlot ? nullptr : keys->entries + at};
  }
  if (key.isInlineInt()) {
    DictKeys* keys = dict->keys;
    if (keys == nullptr) return DictPlace{nullptr};
    bool needsEquals = false;
    uint32_t at = findInlineInt(keys, key, hash, needsEquals);
    if (!needsEquals) return DictPlace{at == kEmptySlot ? nullptr : keys->entries + at};
  }
  return findAny(thread, dict, key, hash);
}

KRAIT_INLINE static Fallible<int64_t> hashKey(Thread& thread, Value key) {
  if (isExactStr(key)) [[likely]]
    return hashOf(key.as<Str>());
  return hash(thread, key);
}

// --- operations ------------------------------------------------------------------------------------------------------

Fallible<DictPlace> dictFindHashed(Thread& thread, Dict* dict, Value key, int64_t hash) {
  return find(thread, dict, key, hash);
}

Fallible<Value> dictGetHashed(Thread& thread, Dict* dict, Value key, int64_t hash) {
  DictEntry* entry = TRY(find(thread, dict, key, hash)).entry;
  return entry == nullptr ? Value::unbound() : entry->value.get();
}

Fallible<void> dictSetHashed(Thread& thread, Dict* dict, Value key, int64_t hash, Value value) {
  DictEntry* entry = TRY(find(thread, dict, key, hash)).entry;
  if (entry == nullptr) return insertNew(thread, dict, key, hash, value);
  entry->value.set(value);
  return {};
}

Fallible<Value> dictGet(Thread& thread, Dict* dict, Value key) {
  int64_t hash = TRY(hashKey(thread, key));
  return dictGetHashed(thread, dict, key, hash);
}

Fallible<void> dictSet(Thread& thread, Dict* dict, Value key, Value value) {
  int64_t hash = TRY(hashKey(thread, key));
  return dictSetHashed(thread, dict, key, hash, value);
}

Fallible<void> dictSetStr(Thread& thread, Dict* dict, Str* key, Value value) {
  return dictSetHashed(thread, dict, Value::of(key), hashOf(key), value);
}

Fallible<Value> dictPop(Thread& thread, Dict* dict, Value key) {
  if (dict->length == 0) {  // the key's hash is still asked for: an unhashable key is an error
    TRY(hashKey(thread, key));
    return Value::unbound();
  }
  int64_t hash = TRY(hashKey(thread, key));
  DictEntry* entry = TRY(find(thread, dict, key, hash)).entry;
  if (entry == nullptr) return Value::unbound();
  Value value = entry->value;
  removeEntry(dict, entry);
  return value;
}

Fallible<bool> dictDelete(Thread& thread, Dict* dict, Value key) {
  int64_t hash = TRY(hashKey(thread, key));
  DictEntry* entry = TRY(find(thread, dict, key, hash)).entry;
  if (entry == nullptr) return false;
  removeEntry(dict, entry);
  return true;
}

Fallible<bool> dictDeleteStr(Thread& thread, Dict* dict, Str* key) { return dictDelete(thread, dict, Value::of(key)); }

Fallible<bool> dictContains(Thread& thread, Dict* dict, Value key) {
  int64_t hash = TRY(hashKey(thread, key));
  return TRY(find(thread, dict, key, hash)).entry != nullptr;
}

Fallible<Value> dictSetDefault(Thread& thread, Dict* dict, Value key, Value value) {
  int64_t hash = TRY(hashKey(thread, key));
  DictEntry* entry = TRY(find(thread, dict, key, hash)).entry;
  if (entry != nullptr) return entry->value.get();
  TRY(insertNew(thread, dict, key, hash, value));
  return value;
}

void dictClear(Dict* dict) {
  dict->keys.set(nullptr);
  dict->length = 0;
  dict->keysVersion = 0;
  dict->allStrings = 1;
}

Fallible<Dict*> dictCopy(Thread& thread, Dict* dict) {
  Dict* copy = TRY(makeDict(thread));
  if (dict->length == 0) return copy;
  DictKeys* keys = dict->keys;
  if (dict->length < keys->entryCount) {  // has holes: rebuild without them
    copy->keys.set(keys);
    Fallible<void> rebuilt = rebuild(thread, copy, indexSizeFor(dict->length));
    if (rebuilt.isRaised()) return Raised{};
  } else {
    DictKeys* fresh = TRY(makeKeys(thread, keys->indexSize));
    size_t bytes = reinterpret_cast<const uint8_t*>(indexOf(keys)) + uint64_t{keys->indexSize} * keys->indexWidth -
                   reinterpret_cast<const uint8_t*>(keys->entries);
    std::memcpy(fresh->entries, keys->entries, bytes);
    fresh->entryCount = keys->entryCount;
    fresh->usable = keys->usable;
    copy->keys.set(fresh);
  }
  copy->length = dict->length;
  copy->allStrings = dict->allStrings;
  return copy;
}

bool dictNextEntry(const Dict* dict, uint64_t& position, DictEntry*& entry) {
  DictKeys* keys = dict->keys;
  if (keys == nullptr) return false;
  for (uint64_t i = position; i < keys->entryCount; i++) {
    if (keys->entries[i].key.get().isUnbound()) continue;
    entry = keys->entries + i;
    position = i + 1;
    return true;
  }
  position = keys->entryCount;
  return false;
}

bool dictNext(const Dict* dict, uint64_t& position, Value& key, Value& value) {
  DictEntry* entry;
  if (!dictNextEntry(dict, position, entry)) return false;
  key = entry->key;
  value = entry->value;
  return true;
}

bool dictPopLast(Dict* dict, Value& key, Value& value) {
  DictKeys* keys = dict->keys;
  if (dict->length == 0) return false;
  uint32_t i = keys->entryCount;
  while (keys->entries[i - 1].key.get().isUnbound()) i--;
  DictEntry* entry = keys->entries + (i - 1);
  key = entry->key;
  value = entry->value;
  removeEntry(dict, entry);
  // The entry's number is free again, its index slot is not: `usable` stays, so that the index cannot fill up.
  keys->entryCount = i - 1;
  return true;
}

// The entry's index slot gets another number; the old entry is dead and no slot names it.
template <class Width>
static void renumber(DictKeys* keys, int64_t hash, uint32_t from, uint32_t to) {
  Width* index = reinterpret_cast<Width*>(indexOf(keys));
  uint64_t mask = keys->indexSize - 1, perturb = static_cast<uint64_t>(hash), i = perturb & mask;
  while (index[i] != static_cast<Width>(from)) {
    perturb >>= kPerturbShift;
    i = (i * 5 + perturb + 1) & mask;
  }
  index[i] = static_cast<Width>(to);
}
static void moveEntry(Dict* dict, uint32_t from, uint32_t to) {
  DictKeys* keys = dict->keys;
  DictEntry &source = keys->entries[from], &target = keys->entries[to];
  target = source;
  source.key.set(Value::unbound());
  source.value.set(Value::unbound());
  source.hash = 0;
  switch (keys->indexWidth) {
    case 1: renumber<uint8_t>(keys, target.hash, from, to); break;
    case 2: renumber<uint16_t>(keys, target.hash, from, to); break;
    default: renumber<uint32_t>(keys, target.hash, from, to);
  }
  dict->keysVersion = 0;
}

// A table with `gap` dead entries in front, for keys that move there.
static Fallible<void> rebuildWithGap(Thread& thread, Dict* dict, uint32_t gap) {
  DictKeys* old = dict->keys;
  DictKeys* fresh = TRY(makeKeys(thread, indexSizeFor(dict->length * 2 + gap)));
  for (uint32_t i = 0; i < gap; i++) {
    fresh->entries[i].key.set(Value::unbound());
    fresh->entries[i].value.set(Value::unbound());
  }
  uint32_t out = gap;
  for (uint32_t i = 0; i < old->entryCount; i++) {
    const DictEntry& entry = old->entries[i];
    if (entry.key.get().isUnbound()) continue;
    fresh->entries[out] = entry;
    putInIndex(fresh, entry.hash, out++);
  }
  fresh->entryCount = out;
  fresh->usable -= out;
  dict->keys.set(fresh);
  dict->keysVersion = 0;
  return {};
}

uint32_t dictFirst(const Dict* dict, uint32_t from) {
  const DictKeys* keys = dict->keys;
  if (keys == nullptr) return 0;
  while (from < keys->entryCount && keys->entries[from].key.get().isUnbound()) from++;
  return from;
}

Fallible<bool> dictMoveToEnd(Thread& thread, Dict* dict, Value key) {
  int64_t hash = TRY(hashKey(thread, key));
  DictEntry* entry = TRY(find(thread, dict, key, hash)).entry;
  if (entry == nullptr) return false;
  DictKeys* keys = dict->keys;
  uint32_t number = static_cast<uint32_t>(entry - keys->entries), last = keys->entryCount;
  while (last > 0 && keys->entries[last - 1].key.get().isUnbound()) last--;
  if (number + 1 == last) return true;
  if (keys->usable == 0) {  // without the dead ones there is room again
    TRY(rebuild(thread, dict, indexSizeFor(dict->length + dict->length / 2 + 2)));
    entry = TRY(find(thread, dict, key, hash)).entry;
    if (entry == nullptr) return false;
    keys = dict->keys;
    number = static_cast<uint32_t>(entry - keys->entries);
  }
  keys->usable--;
  moveEntry(dict, number, keys->entryCount++);
  return true;
}

Fallible<bool> dictMoveToFront(Thread& thread, Dict* dict, Value key, uint32_t& first) {
  int64_t hash = TRY(hashKey(thread, key));
  DictEntry* entry = TRY(find(thread, dict, key, hash)).entry;
  if (entry == nullptr) return false;
  first = dictFirst(dict, first);
  if (static_cast<uint32_t>(entry - dict->keys->entries) == first) return true;
  if (first == 0) {
    constexpr uint64_t kMostAtOnce = 1 << 20;
    uint32_t gap = static_cast<uint32_t>(std::min(std::max<uint64_t>(dict->length, 8), kMostAtOnce));
    TRY(rebuildWithGap(thread, dict, gap));
    first = gap;
    entry = TRY(find(thread, dict, key, hash)).entry;
    if (entry == nullptr) return false;
  }
  moveEntry(dict, static_cast<uint32_t>(entry - dict->keys->entries), --first);
  return true;
}

bool dictPopFirst(Dict* dict, uint32_t& first, Value& key, Value& value) {
  if (dict->length == 0) return false;
  first = dictFirst(dict, first);
  if (first == dict->keys->entryCount) first = dictFirst(dict, 0);
  DictEntry* entry = dict->keys->entries + first++;
  key = entry->key;
  value = entry->value;
  removeEntry(dict, entry);
  return true;
}

uint32_t dictKeysVersion(Dict* dict) {
  static uint32_t last = 0;
  // When the numbers have run out every dict keeps 0 for ever: nothing is cached any more.
  if (dict->keysVersion == 0 && last != UINT32_MAX) dict->keysVersion = ++last;
  return dict->keysVersion;
}

}  // namespace krait
