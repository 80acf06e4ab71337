// Every built-in iterator: list, tuple, range, str, dict, set ... iterators, enumerate, zip, map, filter, reversed.
#pragma once
#include "vm/operations.h"

namespace krait {
// One layout for all; the shape tells which. What the fields hold is stated beside each type in iterators.cpp. Hot
// ones:
//   list/tuple:  source = the sequence (unbound when exhausted), index = next index
//   range:       index = next value, stop = remaining count, step = step (int64; huge ranges use longRangeIterator)
struct Iterator : Object {
  Field<Value> source;
  Field<Value> extra;
  int64_t index, stop, step;
};
// Native __next__ of the exact built-in iterator types, used by FOR_ITER: unbound when exhausted.
Fallible<Value> iteratorNext(Thread& thread, Iterator* iterator);
Fallible<Value> makeIterator(Thread& thread, Type* type, Value source);
void initialiseIterators(Thread&);
}  // namespace krait
