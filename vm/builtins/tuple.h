// tuple: immutable sequences with their items inline.
#pragma once
#include <initializer_list>
#include <span>

#include "vm/builtins/type.h"
#include "vm/thread.h"

namespace krait {
struct Tuple : Cell {
  uint64_t length;
  Field<Value> items[];
  std::span<const Value> values() const { return {reinterpret_cast<const Value*>(items), length}; }
};
Fallible<Tuple*> makeTuple(Thread& thread, std::span<const Value> items);  // copies
Fallible<Tuple*> makeTuple(Thread& thread, std::initializer_list<Value> items);
Fallible<Tuple*> makeTupleUninitialised(Thread& thread, uint64_t length);  // items are the int 0; the caller fills them
Fallible<Tuple*> tupleFromIterable(Thread& thread, Value iterable);
KRAIT_INLINE Tuple* toTuple(Value v) {
  v = exactOrPayload(v);
  return isKind(v, Kind::kTuple) ? v.as<Tuple>() : nullptr;
}
Tuple* emptyTuple();
void initialiseTuple(Thread&);
}  // namespace krait

#include "vm/operations.h"  // last: its templates walk lists and tuples
