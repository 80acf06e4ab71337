// dict: insertion-ordered, compact hash tables; also module and class namespaces.
#pragma once
#include "vm/operations.h"

namespace krait {

// Open addressing: an index table of 1-, 2- or 4-byte entry numbers over a dense entry array in insertion order.
//   DictKeys | entries[entryCapacity()] | index[indexSize] (all-ones = empty; deleted entries have key unbound)
// An index slot keeps its entry's number when the entry is deleted: that is its tombstone. A slot that outlives its
// entry (popitem frees entry numbers) may point at a stranger, which costs a comparison and nothing else.
// A module-level `x = 1` is entries[k].value = 1: LOAD_GLOBAL's caches remember k under `keysVersion`.
struct DictEntry {
  int64_t hash;
  Field<Value> key;  // unbound: deleted
  Field<Value> value;
};
struct DictKeys : Cell {
  uint32_t indexSize;   // power of two
  uint32_t usable;      // insertions left before the table is rebuilt
  uint32_t entryCount;  // used entries, deleted ones included
  uint32_t indexWidth;  // bytes: 1, 2, 4
  DictEntry entries[];
  static constexpr uint32_t capacityFor(uint64_t indexSize) { return static_cast<uint32_t>(indexSize * 2 / 3); }
  uint32_t entryCapacity() const { return capacityFor(indexSize); }
};
struct Dict : Object {
  uint64_t length;        // live entries
  uint32_t keysVersion;   // 0, or a number unique to this exact key table (keys, order, location); reset by any change
  uint32_t allStrings;    // 1 while every key is an exact str: lookups compare without calling Python
  Field<DictKeys*> keys;  // null while empty
};

Fallible<Dict*> makeDict(Thread& thread, uint64_t expectedLength = 0);
// Lookups by exact str never run Python code while allStrings; unbound when missing. No allocation.
Value dictGetStr(const Dict* dict, const Str* key);
// The entry of an interned or other str, or null. Stays valid until the key table changes.
DictEntry* dictFindStr(const Dict* dict, const Str* key);
Fallible<void> dictSetStr(Thread& thread, Dict* dict, Str* key, Value value);
Fallible<bool> dictDeleteStr(Thread& thread, Dict* dict, Str* key);
// Any key: may call __hash__ and __eq__. get: unbound when missing.
Fallible<Value> dictGet(Thread& thread, Dict* dict, Value key);
Fallible<void> dictSet(Thread& thread, Dict* dict, Value key, Value value);
Fallible<bool> dictDelete(Thread& thread, Dict* dict, Value key);
Fallible<bool> dictContains(Thread& thread, Dict* dict, Value key);
// The same with the key's hash at hand (sets and dicts pass hashes on, so that __hash__ is not called again).
Fallible<Value> dictGetHashed(Thread& thread, Dict* dict, Value key, int64_t hash);
Fallible<void> dictSetHashed(Thread& thread, Dict* dict, Value key, int64_t hash, Value value);
// Removes the key and gives its value; unbound when missing.
Fallible<Value> dictPop(Thread& thread, Dict* dict, Value key);
// The value of `key`, which is `value` from now on when it was missing.
Fallible<Value> dictSetDefault(Thread& thread, Dict* dict, Value key, Value value);
void dictClear(Dict* dict);
Fallible<Dict*> dictCopy(Thread& thread, Dict* dict);
// Makes room for `count` keys in all.
Fallible<void> dictReserve(Thread& thread, Dict* dict, uint64_t count);
// dict.update from a mapping or an iterable of pairs; `overwrite` false keeps existing keys.
Fallible<void> dictUpdate(Thread& thread, Dict* dict, Value other, bool overwrite = true);
// DICT_MERGE: TypeError "got multiple values for keyword argument 'x'" with the callee's name.
Fallible<void> dictMergeUnique(Thread& thread, Dict* dict, Value other, Value callable);
// Iteration that survives mutation of values: position starts at 0; false at the end.
bool dictNext(const Dict* dict, uint64_t& position, Value& key, Value& value);
bool dictNextEntry(const Dict* dict, uint64_t& position, DictEntry*& entry);
// The newest entry, taken out; false when there is none.
bool dictPopLast(Dict* dict, Value& key, Value& value);
// What OrderedDict adds, in amortised constant time. `from`, `first`: a number below which no entry is live, kept by
// the caller as long as the key table is the same; dictFirst gives the first live entry's, or entryCount.
uint32_t dictFirst(const Dict* dict, uint32_t from);
Fallible<bool> dictMoveToEnd(Thread& thread, Dict* dict, Value key);  // false: missing
Fallible<bool> dictMoveToFront(Thread& thread, Dict* dict, Value key, uint32_t& first);
bool dictPopFirst(Dict* dict, uint32_t& first, Value& key, Value& value);
KRAIT_INLINE Dict* toDict(Value v) { return isKind(v, Kind::kDict) ? v.as<Dict>() : nullptr; }
uint32_t dictKeysVersion(Dict* dict);  // assigns one if it is 0

struct DictView : Cell {  // keys, values, items by shape
  Field<Dict*> dict;
};
Fallible<Value> makeDictView(Thread& thread, Type* type, Dict* dict);
void initialiseDict(Thread&);
void initialiseDictViews(Thread&);  // called by initialiseDict
}  // namespace krait
