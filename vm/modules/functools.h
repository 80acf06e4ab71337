// functools.partial, which calls see into.
#pragma once
#include "vm/operations.h"

namespace krait {
struct Dict;

struct Partial : NativeObject {
  Field<Value> function;
  Field<Tuple*> arguments;
  Field<Dict*> keywords;  // never null
};
extern const NativeTraits partialTraits;
KRAIT_INLINE Partial* toPartial(Value v) {
  bool is = isKind(v, Kind::kNative) && v.as<NativeObject>()->traits == &partialTraits;
  return is ? v.as<Partial>() : nullptr;
}
// [NULL, partial, arguments...] on top of the stack becomes [NULL, its function, its arguments, arguments...]; `count`
// and `keywordNames` change with it.
Fallible<void> expandPartial(Thread& thread, Value* base, uint32_t& count, Tuple*& keywordNames);
// Whether calling this object is calling partial's own __call__.
bool callsAsPartial(Value v);

Type* declareCache(Thread& thread);  // _lru_cache_wrapper

}  // namespace krait
