// Module itertools: combinations, combinations_with_replacement, permutations and product.
#include "vm/builtins/str.h"
#include "vm/modules/itertools_internal.h"

namespace krait {
namespace {

// --- choosing indices; true when there is another choice -------------------------------------------------------------

bool nextCombination(int64_t* indices, int64_t n, int64_t r) {
  int64_t i = r - 1;
  while (i >= 0 && indices[i] == i + n - r) i--;
  if (i < 0) return false;
  indices[i]++;
  for (int64_t j = i + 1; j < r; j++) indices[j] = indices[j - 1] + 1;
  return true;
}

bool nextWithReplacement(int64_t* indices, int64_t n, int64_t r) {
  int64_t i = r - 1;
  while (i >= 0 && indices[i] == n - 1) i--;
  if (i < 0) return false;
  int64_t index = indices[i] + 1;
  for (; i < r; i++) indices[i] = index;
  return true;
}

// indices[n], then cycles[r]: how many turns each place has left.
bool nextPermutation(int64_t* indices, int64_t n, int64_t r) {
  int64_t* cycles = indices + n;
  for (int64_t i = r - 1; i >= 0; i--) {
    if (--cycles[i] == 0) {  // rotate indices[i:] to the left
      int64_t first = indices[i];
      for (int64_t j = i; j < n - 1; j++) indices[j] = indices[j + 1];
      indices[n - 1] = first;
      cycles[i] = n - i;
    } else {
      std::swap(indices[i], indices[n - cycles[i]]);
      return true;
    }
  }
  return false;
}

bool nextProduct(int64_t* indices, const Tuple* pools) {
  for (uint64_t i = pools->length; i-- > 0;) {
    if (++indices[i] < static_cast<int64_t>(pools->items[i].get().as<Tuple>()->length)) return true;
    indices[i] = 0;
  }
  return false;
}

// Room for `count` indices; MemoryError when that is too many.
Fallible<Value> makeIndices(Thread& thread, uint64_t count) {
  if (count > Heap::kMaxCellBytes / sizeof(int64_t)) return raiseMemoryError(thread);
  return Value::of(TRY(allocateBytes(thread, count * sizeof(int64_t))));
}

Fallible<Value> finish(Thread& thread, Value type, IteratorCode code, Tuple* pool, Value indices, int64_t r,
                       bool isOver) {
  Iterator* made = TRY(makeItertool(thread, type, code, Value::of(pool)));
  made->extra.set(indices);
  made->step = r;
  made->stop = isOver;
  return Value::of(made);
}

// --- combinations ----------------------------------------------------------------------------------------------------

Fallible<Value> newCombinations(Thread& thread, Value self, IteratorCode code, const Parameters& parameters,
                                const Arguments& arguments) {
  Value values[2];
  TRY(parameters.bind(thread, arguments, values));
  int64_t r = TRY(ssizeArgument(thread, values[1]));
  Tuple* pool = TRY(tupleFromIterable(thread, values[0]));
  if (r < 0) return raiseValueError(thread, "r must be non-negative");
  Value indices = TRY(makeIndices(thread, static_cast<uint64_t>(r)));
  int64_t n = static_cast<int64_t>(pool->length);
  bool isOver = code == IteratorCode::kCombinations ? r > n : n == 0 && r > 0;
  if (code == IteratorCode::kCombinations)
    for (int64_t i = 0; i < r; i++) reinterpret_cast<int64_t*>(indices.as<ByteArray>()->bytes)[i] = i;
  return finish(thread, self, code, pool, indices, r, isOver);
}
Fallible<Value> combinationsNew(Thread& thread, Value self, const Arguments& arguments) {
  static constexpr Parameters kParameters{"combinations", {"iterable", "r"}, 2};
  return newCombinations(thread, self, IteratorCode::kCombinations, kParameters, arguments);
}
Fallible<Value> withReplacementNew(Thread& thread, Value self, const Arguments& arguments) {
  static constexpr Parameters kParameters{"combinations_with_replacement", {"iterable", "r"}, 2};
  return newCombinations(thread, self, IteratorCode::kCombinationsWithReplacement, kParameters, arguments);
}

Fallible<Value> tupleOfIndices(Thread& thread, const int64_t* indices, int64_t count) {
  Tuple* tuple = TRY(makeTupleUninitialised(thread, static_cast<uint64_t>(count)));
  for (int64_t i = 0; i < count; i++) tuple->items[i].set(Value::inlineInt(indices[i]));
  return Value::of(tuple);
}

// (type, (pool, r)), with the pool forgotten at the end, and with a state in between.
Fallible<Value> reduceChoice(Thread& thread, Value self) {
  Iterator* iterator = self.as<Iterator>();
  Value type = Value::of(typeOf(self)), r = TRY(makeInt(thread, iterator->step)), pool = iterator->source;
  if (iterator->index && iterator->stop) pool = Value::of(emptyTuple());
  Value arguments = TRY(packTuple(thread, {pool, r}));
  if (!iterator->index || iterator->stop) return packTuple(thread, {type, arguments});
  Value state = TRY(tupleOfIndices(thread, indicesOf(iterator), iterator->step));
  if (iterator->code() == IteratorCode::kPermutations) {
    int64_t n = static_cast<int64_t>(pool.as<Tuple>()->length);
    Value all = TRY(tupleOfIndices(thread, indicesOf(iterator), n));
    Value cycles = TRY(tupleOfIndices(thread, indicesOf(iterator) + n, iterator->step));
    state = TRY(packTuple(thread, {all, cycles}));
  }
  return packTuple(thread, {type, arguments, state});
}

Fallible<Value> setChoice(Thread& thread, Value self, Value state) {
  Iterator* iterator = self.as<Iterator>();
  Tuple* tuple = toTuple(state);
  if (tuple == nullptr || static_cast<int64_t>(tuple->length) != iterator->step)
    return raiseValueError(thread, "invalid arguments");
  int64_t n = static_cast<int64_t>(iterator->source.get().as<Tuple>()->length);
  for (int64_t i = 0; i < iterator->step; i++) {
    int64_t most = iterator->code() == IteratorCode::kCombinations ? i + n - iterator->step : n - 1;
    int64_t index = TRY(stateInt(thread, tuple->items[i]));
    indicesOf(iterator)[i] = std::max<int64_t>(0, std::min(index, most));
  }
  iterator->index = 1;
  return Value::none();
}

// --- permutations ----------------------------------------------------------------------------------------------------

Fallible<Value> permutationsNew(Thread& thread, Value self, const Arguments& arguments) {
  static constexpr Parameters kParameters{"permutations", {"iterable", "r"}, 1};
  Value values[2];
  TRY(kParameters.bind(thread, arguments, values));
  Tuple* pool = TRY(tupleFromIterable(thread, values[0]));
  int64_t n = static_cast<int64_t>(pool->length), r = n;
  if (!values[1].isUnbound() && !values[1].isNone()) {
    if (!isInt(values[1])) return raiseTypeError(thread, "Expected int as r");
    r = TRY(ssizeArgument(thread, values[1]));
  }
  if (r < 0) return raiseValueError(thread, "r must be non-negative");
  Value indices = TRY(makeIndices(thread, static_cast<uint64_t>(n) + static_cast<uint64_t>(r)));
  auto* places = reinterpret_cast<int64_t*>(indices.as<ByteArray>()->bytes);
  for (int64_t i = 0; i < n; i++) places[i] = i;
  for (int64_t i = 0; i < r; i++) places[n + i] = n - i;
  return finish(thread, self, IteratorCode::kPermutations, pool, indices, r, r > n);
}

Fallible<Value> setPermutation(Thread& thread, Value self, Value state) {
  Iterator* iterator = self.as<Iterator>();
  Tuple* tuple = TRY(stateTuple(thread, state));
  TRY(checkStateLength(thread, tuple, 2, 2));
  for (int i = 0; i < 2; i++)
    if (toTuple(tuple->items[i]) == nullptr)
      return raiseTypeError(thread, "argument {} must be tuple, not {}", i + 1, nameOf(tuple->items[i].get()));
  const Tuple *all = toTuple(tuple->items[0]), *cycles = toTuple(tuple->items[1]);
  int64_t n = static_cast<int64_t>(iterator->source.get().as<Tuple>()->length), r = iterator->step;
  if (static_cast<int64_t>(all->length) != n || static_cast<int64_t>(cycles->length) != r)
    return raiseValueError(thread, "invalid arguments");
  for (int64_t i = 0; i < n; i++) {
    int64_t index = TRY(stateInt(thread, all->items[i]));
    indicesOf(iterator)[i] = std::max<int64_t>(0, std::min(index, n - 1));
  }
  for (int64_t i = 0; i < r; i++) {
    int64_t index = TRY(stateInt(thread, cycles->items[i]));
    indicesOf(iterator)[n + i] = std::max<int64_t>(1, std::min(index, n - i));
  }
  iterator->index = 1;
  return Value::none();
}

// --- product ---------------------------------------------------------------------------------------------------------

Fallible<Value> productNew(Thread& thread, Value self, const Arguments& arguments) {
  int64_t repeat = 1;
  uint32_t keywords = arguments.keywordCount();
  if (keywords > 1) return raiseTypeError(thread, "product() takes at most 1 keyword argument ({} given)", keywords);
  if (keywords == 1) {
    Value value = arguments.keyword("repeat");
    if (value.isUnbound()) {
      fmt::memory_buffer buffer;
      return raiseTypeError(thread, "'{}' is an invalid keyword argument for product()",
                            textOf(toStr(arguments.keywordNames->items[0]), buffer));
    }
    repeat = TRY(ssizeArgument(thread, value));
    if (repeat < 0) return raiseValueError(thread, "repeat argument cannot be negative");
  }
  int64_t given = repeat == 0 ? 0 : arguments.positional, count;
  if (__builtin_mul_overflow(given, repeat, &count) || count > INT64_MAX / int64_t{sizeof(Value)})
    return raise(thread, exceptions.OverflowError, "repeat argument too large");
  Value indices = TRY(makeIndices(thread, static_cast<uint64_t>(count)));
  Tuple* pools = TRY(makeTupleUninitialised(thread, static_cast<uint64_t>(count)));
  bool isOver = false;
  for (int64_t i = 0; i < count; i++) {
    if (i < given) {
      Tuple* pool = TRY(tupleFromIterable(thread, arguments[static_cast<uint32_t>(i)]));
      if (pool->length == 0) isOver = true;
      pools->items[i].set(Value::of(pool));
    } else {
      pools->items[i].set(pools->items[i - given]);
    }
  }
  return finish(thread, self, IteratorCode::kProduct, pools, indices, count, isOver);
}

Fallible<Value> productReduce(Thread& thread, Value self) {
  Iterator* iterator = self.as<Iterator>();
  Value type = Value::of(typeOf(self)), pools = iterator->source;
  if (!iterator->index) return packTuple(thread, {type, pools});
  if (iterator->stop) return packTuple(thread, {type, TRY(packTuple(thread, {Value::of(emptyTuple())}))});
  Value state = TRY(tupleOfIndices(thread, indicesOf(iterator), iterator->step));
  return packTuple(thread, {type, pools, state});
}

Fallible<Value> setProduct(Thread& thread, Value self, Value state) {
  Iterator* iterator = self.as<Iterator>();
  const Tuple *tuple = toTuple(state), *pools = iterator->source.get().as<Tuple>();
  if (tuple == nullptr || tuple->length != pools->length) return raiseValueError(thread, "invalid arguments");
  for (uint64_t i = 0; i < pools->length; i++) {
    int64_t index = TRY(stateInt(thread, tuple->items[i]));
    int64_t size = static_cast<int64_t>(pools->items[i].get().as<Tuple>()->length);
    if (size == 0) {
      iterator->stop = 1;
      return Value::none();
    }
    indicesOf(iterator)[i] = std::max<int64_t>(0, std::min(index, size - 1));
  }
  iterator->index = 1;
  return Value::none();
}

Fallible<Value> sizeOf(Thread&, Value self) {
  uint64_t indices = self.as<Iterator>()->extra.get().as<ByteArray>()->capacity;
  return Value::inlineInt(static_cast<int64_t>(sizeof(Iterator) + indices));
}

}  // namespace

Fallible<Value> advanceCombinatoric(Thread& thread, Iterator* iterator) {
  if (iterator->stop) return Value::unbound();
  Tuple* pool = iterator->source.get().as<Tuple>();
  int64_t *indices = indicesOf(iterator), n = static_cast<int64_t>(pool->length), r = iterator->step;
  IteratorCode code = iterator->code();
  if (iterator->index) {
    bool goesOn = code == IteratorCode::kCombinations                  ? nextCombination(indices, n, r)
                  : code == IteratorCode::kCombinationsWithReplacement ? nextWithReplacement(indices, n, r)
                  : code == IteratorCode::kPermutations                ? nextPermutation(indices, n, r)
                                                                       : nextProduct(indices, pool);
    if (!goesOn) {
      iterator->stop = 1;
      return Value::unbound();
    }
  }
  iterator->index = 1;
  Tuple* result = TRY(makeTupleUninitialised(thread, static_cast<uint64_t>(r)));
  if (code == IteratorCode::kProduct) {
    for (int64_t i = 0; i < r; i++) result->items[i].set(pool->items[i].get().as<Tuple>()->items[indices[i]]);
  } else {
    for (int64_t i = 0; i < r; i++) result->items[i].set(pool->items[indices[i]]);
  }
  return Value::of(result);
}

void declareCombinatorics(Thread& thread) {
  struct Declaration {
    const char* name;
    IteratorCode code;
    NativeVariadic make;
    Native1 reduce;
    Native2 setState;
    const char* doc;
  };
  const Declaration declarations[] = {
      {"combinations", IteratorCode::kCombinations, combinationsNew, reduceChoice, setChoice,
       "combinations(iterable, r): every choice of r items, in the order of their places."},
      {"combinations_with_replacement", IteratorCode::kCombinationsWithReplacement, withReplacementNew, reduceChoice,
       setChoice,
       "combinations_with_replacement(iterable, r): every choice of r items, in which an item may come again."},
      {"permutations", IteratorCode::kPermutations, permutationsNew, reduceChoice, setPermutation,
       "permutations(iterable, r=None): every arrangement of r of the items."},
      {"product", IteratorCode::kProduct, productNew, productReduce, setProduct,
       "product(*iterables, repeat=1): the Cartesian product of the iterables, as nested for-loops give it."},
  };
  for (const Declaration& d : declarations) {
    TypeBuilder builder = declareItertool(thread, d.name, d.code, d.make, d.reduce, d.doc);
    builder.method("__setstate__", d.setState).method("__sizeof__", sizeOf);
    finishItertool(builder, d.code);
  }
}

}  // namespace krait
