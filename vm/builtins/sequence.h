// What tuple and list share: indexes, comparison, repr, repetition counts, searching.
#pragma once
#include "vm/operations.h"

namespace krait {
struct List;
struct Tuple;

inline constexpr uint64_t kMaxSequenceLength = Heap::kMaxCellBytes / sizeof(Value) - 16;

// The items of a list or tuple as they are now; a list's may change whenever Python code runs.
struct SequenceView {
  const Value* items;
  uint64_t length;
};
SequenceView viewSequence(Value listOrTuple);

Fallible<int64_t> hashTuple(Thread& thread, const Tuple* tuple);
// Rich comparison of two tuples, of two lists: lexicographic, elements compared by identity first.
Fallible<Value> compareTuples(Thread& thread, Comparison comparison, const Tuple* left, const Tuple* right);
Fallible<Value> compareLists(Thread& thread, Comparison comparison, List* left, List* right);
// `sequence[key]` for an integer key: IndexError when __index__ does not fit. "list indices must be integers or slices,
// not str" for keys that are no integers.
Fallible<int64_t> sequenceIndex(Thread& thread, Value key, const char* typeName);
// The factor of `sequence * factor`: negative becomes 0; MemoryError when the product is too long, but
// OverflowError with the text `tooLong`, if any, when no index could reach it.
Fallible<uint64_t> repetitionCount(Thread& thread, Value factor, uint64_t length, const char* tooLong = nullptr);
// start/stop of index(): negative values count from the end; clipped.
Fallible<int64_t> searchBound(Thread& thread, Value boundOrUnbound, int64_t defaultValue, uint64_t length);
Fallible<bool> sequenceContains(Thread& thread, Value sequence, Value element);
Fallible<int64_t> sequenceCount(Thread& thread, Value sequence, Value element);
// Index of the first element equal to `element` in [start, stop), or -1.
Fallible<int64_t> sequenceFind(Thread& thread, Value sequence, Value element, int64_t start, int64_t stop);
// The text between the brackets: "1, 'a', [2]".
Fallible<Str*> reprItems(Thread& thread, Value sequence, const char* open, const char* close);
// Whether a class (or one it derives from, before `base`) has an __init__ of its own; keywords are then its affair.
bool overridesInit(const Type* type, const Type* base);
bool overridesNew(const Type* type, const Type* base);

}  // namespace krait
