// Every built-in iterator: list, tuple, range, str, dict, set ... iterators, enumerate, zip, map, filter, reversed.
#pragma once
#include "vm/operations.h"

namespace krait {

// Cell::aux of every Iterator says which one it is (flags: kSubclassed for instances of a Python class).
//   what              source                  extra              index             stop            step
//   kList, kTuple     the sequence            -                  next index        -               -
//   kStr, kBytes ...  the text or bytes       -                  next index        -               -
//   kRange            the range               -                  next value        remaining       step
//   kLongRange        the range               next index (int)   -                 -               -
//   kDict…            the dict                a spare pair       next entry        its length      remaining
//   kSet              the set                 -                  next slot         its length      remaining
//   kListReverse, kReversed  the sequence     -                  next index        -               -
//   kSequence         any sequence            -                  next index        -               -
//   kCallable         the callable            the sentinel       -                 -               -
//   kEnumerate        an iterator             huge count, or pair  next count      -               -
//   kZip              tuple of iterators      a spare pair       -                 strict?         -
//   kMap              tuple of iterators      the function       -                 -               -
//   kFilter           an iterator             the function       -                 -               -
// From kFirstOfModules on they belong to native modules, whose files say what the fields hold.
// An exhausted one has source unbound (a range's keeps it, with stop = 0).
enum class IteratorCode : uint16_t {
  kList,
  kTuple,
  kRange,
  kDictKey,
  kDictValue,
  kDictItem,
  kSet,
  kStr,
  kBytes,
  kBytearray,
  kLongRange,
  kListReverse,
  kReversed,
  kSequence,
  kCallable,
  kEnumerate,
  kZip,
  kMap,
  kFilter,
  kDictReverseKey,
  kDictReverseValue,
  kDictReverseItem,
  kFirstOfModules,
  kAccumulate = kFirstOfModules,
  kChain,
  kCombinations,
  kCombinationsWithReplacement,
  kCompress,
  kCount,
  kCycle,
  kDropWhile,
  kFilterFalse,
  kGroupBy,
  kGrouper,
  kSlice,
  kPairwise,
  kPermutations,
  kProduct,
  kRepeat,
  kStarMap,
  kTakeWhile,
  kTee,
  kZipLongest,
  kLastOfItertools = kZipLongest,
  kDeque,
  kDequeReverse,
  kOrderedDict,
};
inline constexpr unsigned kModuleIteratorCount =
    static_cast<unsigned>(IteratorCode::kOrderedDict) - static_cast<unsigned>(IteratorCode::kFirstOfModules) + 1;
struct Iterator : Object {
  Field<Value> source;
  Field<Value> extra;
  int64_t index, stop, step;
  static constexpr uint8_t kSubclassed = 1;
  KRAIT_INLINE IteratorCode code() const { return static_cast<IteratorCode>(aux); }
  bool isExhausted() const { return source.get().isUnbound(); }
};
// __next__ of a built-in iterator (or of an instance of a subclass of one): unbound when exhausted.
Fallible<Value> iteratorNext(Thread& thread, Iterator* iterator);
// The iterator of this built-in type over `source`, at its beginning. For a range too large for 64 bits and for text of
// ASCII the type made is longRangeIterator or strAsciiIterator.
Fallible<Value> makeIterator(Thread& thread, Type* type, Value source);
// The types of the iterators of native modules, by code; null until the module is imported.
inline Type* moduleIteratorTypes[kModuleIteratorCount];
KRAIT_INLINE Type*& moduleIteratorType(IteratorCode code) {
  return moduleIteratorTypes[static_cast<unsigned>(code) - static_cast<unsigned>(IteratorCode::kFirstOfModules)];
}
// iter(callable, sentinel)
Fallible<Value> makeCallableIterator(Thread& thread, Value callable, Value sentinel);
void initialiseIterators(Thread&);
}  // namespace krait
