// Inline caches: what a word of a family carries behind its head. The first unit is alike in all of them.
//
// `shape`, where a form says that it relies on one (kHoldsShape), is the address of a Shape: when that shape dies, or
// when its class changes in a way that lookups notice, the word goes back to its adaptive form. What else a cache
// holds (locations in class dictionaries, other shapes) lives as long as that shape. Everything that may die on its own
// is recognised by a number that is never given twice (Dict::keysVersion, Code::version) or is not a cell at all.
#pragma once
#include "vm/word.h"

namespace krait {

struct InlineCache {  // 1 unit
  uint32_t shape;
  uint16_t slot;
  uint16_t counter;  // adaptive form: executions until the next attempt; specialised form: misses until it gives up
  static constexpr bool kIsCache = true, kHoldsShape = false;
};

// LOAD_ATTR, LOAD_METHOD, STORE_ATTR and everything else that is decided by a shape: 2 units.
struct AttributeCache : InlineCache {
  union {
    const Field<Value>* location;  // where the class dictionary holds the attribute
    uint64_t next;                 // STORE_ATTR: the shape after the attribute has been added
    void* native;                  // a C++ function that is known to serve this shape
  };
  static constexpr bool kHoldsShape = true;
};
// A module's or global dictionary's entry: `shape` is the dictionary's keysVersion.
struct GlobalCache : InlineCache {
  union {
    const Field<Value>* location;
    uint64_t builtinsVersion;  // the entry is number `slot` of the built-in namespace
  };
};
// Several shapes: an array outside the word, owned by it.
struct PolymorphicEntry;
struct PolymorphicCache : InlineCache {  // `slot`: number of entries
  PolymorphicEntry* entries;
};
// CALL: what is known about the callee. `shape` is a Code::version, or a Shape where the form says so.
struct CallCache : InlineCache {
  union {
    uint64_t payload;
    void* native;
    const Field<Value>* location;
  };
};
struct CallShapeCache : CallCache {
  static constexpr bool kHoldsShape = true;
};

static_assert(sizeof(InlineCache) == sizeof(Unit) && sizeof(AttributeCache) == 2 * sizeof(Unit) &&
              sizeof(GlobalCache) == 2 * sizeof(Unit) && sizeof(PolymorphicCache) == 2 * sizeof(Unit) &&
              sizeof(CallCache) == 2 * sizeof(Unit));
template <class C>
inline constexpr int kCacheUnits = static_cast<int>(sizeof(C) / sizeof(Unit));

// Words whose length vm's frames must know: where FOR_ITER's and CALL_KW's next words begin.
inline constexpr int kForIterUnits = kHeadUnits + kCacheUnits<InlineCache>;
inline constexpr int kKeywordNamesUnit = kHeadUnits + kCacheUnits<CallCache>;  // behind CALL_KW's cache

KRAIT_INLINE InlineCache& cacheOf(Unit* word) { return *reinterpret_cast<InlineCache*>(word + kHeadUnits); }
template <class C>
KRAIT_INLINE C& cacheAs(Unit* word) {
  return *reinterpret_cast<C*>(word + kHeadUnits);
}

}  // namespace krait
