// What the files of the module itertools share.
#pragma once
#include "vm/builtins/int.h"
#include "vm/builtins/iterators_internal.h"
#include "vm/builtins/sequence.h"
#include "vm/builtins/tuple.h"
#include "vm/modules/native_arguments.h"

namespace krait {

// The iterators of itertools: what the fields of an Iterator hold (vm/builtins/iterators.h).
//
//   what                source              extra                            index         stop        step
//   kAccumulate         an iterator         array: function, total, initial  -             -           -
//   kChain              iterator of those   the one at work, or unbound      -             -           -
//   kCombinations…      tuple of the pool   ByteArray: indices               has begun?    is over?    r
//   kPermutations       tuple of the pool   ByteArray: indices, cycles       has begun?    is over?    r
//   kProduct            tuple of tuples     ByteArray: indices               has begun?    is over?    -
//   kCompress           the data            the selectors                    -             -           -
//   kCount              not unbound         array: count, step; or unbound   count         -           step
//   kCycle              iterator, or list   list of what was seen            next in list  seen all?   in the list?
//   kDropWhile, …       an iterator         the function                     decided?      -           -
//   kGroupBy            an iterator         array: see GroupBy               -             -           -
//   kGrouper            the groupby         its key                          -             -           -
//   kSlice              an iterator         position of the next, an int     position      or -1       step
//   kPairwise           an iterator         the previous item, or unbound    -             -           -
//   kRepeat             the object          -                                left, or -1   -           -
//   kStarMap            an iterator         the function                     -             -           -
//   kTee                a TeeBlock          -                                index in it   -           -
//   kZipLongest         tuple of iterators  what fills                       still active  -           -

KRAIT_INLINE Value* stateOf(const Iterator* iterator) { return iterator->extra.get().as<ValueArray>()->slots; }
KRAIT_INLINE int64_t* indicesOf(const Iterator* iterator) {
  return reinterpret_cast<int64_t*>(iterator->extra.get().as<ByteArray>()->bytes);
}
inline Fallible<Value> packTuple(Thread& thread, std::initializer_list<Value> items) {
  return Value::of(TRY(makeTuple(thread, items)));
}
// A blank iterator of a class that is, or derives from, the built-in one of this code.
inline Fallible<Iterator*> makeItertool(Thread& thread, Value type, IteratorCode code, Value source) {
  return allocateIterator(thread, type.as<Type>(), moduleIteratorType(code), code, source);
}
// An array of these Values, as `extra` holds it.
Fallible<Value> makeState(Thread& thread, std::initializer_list<Value> values);
// Keywords are an error unless a subclass has its own __init__ to take them.
Fallible<void> refuseKeywords(Thread& thread, Value type, IteratorCode code, const Arguments& arguments,
                              const char* function);
// The items of a state tuple: "state is not a tuple", "function takes exactly 3 arguments (1 given)".
Fallible<Tuple*> stateTuple(Thread& thread, Value state);
Fallible<void> checkStateLength(Thread& thread, const Tuple* state, uint64_t min, uint64_t max);
// An int in a state: "an integer is required".
Fallible<int64_t> stateInt(Thread& thread, Value v);

Fallible<Value> advanceCombinatoric(Thread& thread, Iterator* iterator);
Fallible<Value> advanceGroupBy(Thread& thread, Iterator* iterator);
Fallible<Value> advanceGrouper(Thread& thread, Iterator* iterator);
Fallible<Value> advanceTee(Thread& thread, Iterator* iterator);

// A TypeBuilder with what every type of the module has; next() stands for advancing by code.
TypeBuilder declareItertool(Thread& thread, const char* name, IteratorCode code, NativeVariadic make, Native1 reduce,
                            const char* doc, bool mayBeBase = true);
Type* finishItertool(TypeBuilder& builder, IteratorCode code);
void declareChains(Thread& thread);         // accumulate, chain, islice, pairwise, zip_longest, cycle
void declareFilters(Thread& thread);        // compress, dropwhile, takewhile, filterfalse, starmap
void declareCounters(Thread& thread);       // count, repeat
void declareCombinatorics(Thread& thread);  // combinations …, permutations, product
void declareGroups(Thread& thread);         // groupby, tee
Fallible<Value> itertoolsTee(Thread& thread, Value module, const Arguments& arguments);
Type* teeBlockType();

}  // namespace krait
