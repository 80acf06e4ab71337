// Tuples of two, which loops over dicts, enumerate and zip make at every step.
#pragma once
#include "vm/builtins/tuple.h"

namespace krait {

KRAIT_INLINE Fallible<Value> makePair(Thread& thread, Value first, Value second) {
  Tuple* pair = TRY(allocate<Tuple>(thread, Kind::kTuple, types.tuple->instanceShape, 2 * sizeof(Value)));
  pair->length = 2;
  pair->items[0].set(first);
  pair->items[1].set(second);
  return Value::of(pair);
}

}  // namespace krait
