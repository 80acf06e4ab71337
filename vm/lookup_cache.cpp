// The slow side of class-attribute lookups: the walk along the method resolution order.
#include "vm/lookup_cache.h"

#include <cstring>

#include "vm/builtins/dict.h"
#include "vm/builtins/tuple.h"
#include "vm/thread.h"

namespace krait {
namespace {

struct UnboundLocation {
  Field<Value> value;
  UnboundLocation() { value.set(Value::unbound()); }
};
const UnboundLocation kNowhere;

const Field<Value>* findInDict(const Type* type, const Str* name) {
  if (type->dict == nullptr) return nullptr;
  DictEntry* entry = dictFindStr(type->dict, name);
  return entry == nullptr ? nullptr : &entry->value;
}

bool isInlineCached(const Type* type) {
  if (type->typeFlags & Type::kInlineCached) return true;
  const ValueArray* subclasses = type->subclasses;
  for (uint64_t i = 0; subclasses != nullptr && i < subclasses->length; i++)
    if (subclasses->slots[i].isCell() && isInlineCached(subclasses->slots[i].as<Type>())) return true;
  return false;
}

}  // namespace

const Field<Value>* lookupLocationSlow(const Type* type, const Str* name, LookupCacheEntry& entry) {
  const Field<Value>* location = nullptr;
  if (type->mro == nullptr) {  // a class that is still being made: its bases form a line
    for (const Type* t = type; t != nullptr && location == nullptr; t = t->base) location = findInDict(t, name);
    return location == nullptr ? &kNowhere.value : location;
  }
  const Tuple* mro = type->mro;
  for (uint64_t i = 0; i < mro->length && location == nullptr; i++)
    location = findInDict(mro->items[i].get().as<Type>(), name);
  if (location == nullptr) location = &kNowhere.value;
  entry = {type, name, location, lookupEpoch};
  return location;
}

Value lookupOnType(const Type* type, const Str* name) { return lookupLocation(type, name)->get(); }

void invalidateLookups(Type* type) {
  if (++lookupEpoch == 0) {
    clearLookupCache();
    lookupEpoch = 1;
  }
  Thread& thread = currentThread();
  if (thread.hooks.classChanged != nullptr && isInlineCached(type)) thread.hooks.classChanged(type);
}

void clearLookupCache() { std::memset(static_cast<void*>(lookupCache), 0, sizeof(lookupCache)); }

}  // namespace krait
