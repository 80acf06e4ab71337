// enumerate, zip, map, filter and reversed: the iterators over other iterators.
#include "vm/builtins/generic_alias.h"
#include "vm/builtins/int.h"
#include "vm/builtins/iterators_internal.h"
#include "vm/builtins/sequence.h"
#include "vm/builtins/str.h"
#include "vm/builtins/tuple.h"

namespace krait {

static Fallible<Value> pack(Thread& thread, std::initializer_list<Value> items) {
  return Value::of(TRY(makeTuple(thread, items)));
}

// --- enumerate -------------------------------------------------------------------------------------------------------

KRAIT_COLD static Raised raiseInvalidKeyword(Thread& thread, const Arguments& arguments, uint32_t i,
                                             const char* function) {
  fmt::memory_buffer buffer;
  return raiseTypeError(thread, "'{}' is an invalid keyword argument for {}()",
                        textOf(toStr(arguments.keywordNames->items[i]), buffer), function);
}

static Fallible<Value> enumerateNew(Thread& thread, Value self, const Arguments& arguments) {
  uint32_t keywords = arguments.keywordCount(), given = arguments.positional + keywords;
  if (given > 2) return raiseTypeError(thread, "enumerate() takes at most 2 arguments ({} given)", given);
  if (given == 0) return raiseTypeError(thread, "enumerate() missing required argument 'iterable'");
  Value iterable = arguments.positional > 0 ? arguments[0] : Value::unbound();
  Value start = arguments.positional > 1 ? arguments[1] : Value::unbound();
  for (uint32_t i = 0; i < keywords; i++) {
    Str* name = toStr(arguments.keywordNames->items[i]);
    Value value = arguments[arguments.positional + i];
    if (strEqualsUtf8(name, "start") && given == 2) {
      start = value;
    } else if (strEqualsUtf8(name, "iterable") && arguments.positional == 0) {
      iterable = value;
    } else {
      return raiseInvalidKeyword(thread, arguments, i, "enumerate");
    }
  }
  Value first = start.isUnbound() ? Value::inlineInt(0) : TRY(index(thread, start));
  Value iterator = TRY(iterate(thread, iterable));
  Iterator* result =
      TRY(allocateIterator(thread, self.as<Type>(), types.enumerate, IteratorCode::kEnumerate, iterator));
  if (std::optional<int64_t> small = toInt64(first)) {
    result->index = *small;
  } else {
    result->extra.set(first);
  }
  return Value::of(result);
}

// The count to give out next: `extra` once it no longer fits 64 bits.
static bool hasLargeCount(const Iterator* iterator) { return isKind(iterator->extra, Kind::kInt); }
static Fallible<Value> currentCount(Thread& thread, Iterator* iterator) {
  return hasLargeCount(iterator) ? Fallible<Value>(iterator->extra.get()) : makeInt(thread, iterator->index);
}

Fallible<Value> advanceCount(Thread& thread, Iterator* iterator) {
  Value count = TRY(currentCount(thread, iterator));
  if (!hasLargeCount(iterator) && iterator->index < INT64_MAX) [[likely]] {
    iterator->index++;
  } else {
    iterator->extra.set(TRY(intAdd(thread, count, Value::inlineInt(1))));
  }
  return count;
}

Fallible<Value> advanceEnumerate(Thread& thread, Iterator* iterator) {
  KRAIT_CHECK_NATIVE_STACK(thread, " while calling a Python object");
  Value item = TRY(nextOf(thread, iterator->source));
  if (item.isUnbound()) return item;
  Value count = TRY(advanceCount(thread, iterator));
  return makePair(thread, count, item);
}

static Fallible<Value> enumerateReduce(Thread& thread, Value self) {
  Iterator* iterator = self.as<Iterator>();
  Value count = TRY(currentCount(thread, iterator));
  Value arguments = TRY(pack(thread, {iterator->source, count}));
  return pack(thread, {Value::of(typeOf(self)), arguments});
}

// --- zip -------------------------------------------------------------------------------------------------------------

static Fallible<Tuple*> iterateAll(Thread& thread, std::span<const Value> iterables) {
  Tuple* iterators = TRY(makeTupleUninitialised(thread, iterables.size()));
  for (size_t i = 0; i < iterables.size(); i++) iterators->items[i].set(TRY(iterate(thread, iterables[i])));
  return iterators;
}

static Fallible<Value> zipNew(Thread& thread, Value self, const Arguments& arguments) {
  bool strict = false;
  uint32_t keywords = arguments.keywordCount();
  if (keywords > 1) return raiseTypeError(thread, "zip() takes at most 1 keyword argument ({} given)", keywords);
  if (keywords == 1) {
    Value value = arguments.keyword("strict");
    if (value.isUnbound()) return raiseInvalidKeyword(thread, arguments, 0, "zip");
    strict = TRY(isTrue(thread, value));
  }
  Tuple* iterators = TRY(iterateAll(thread, arguments.positionals()));
  Iterator* result =
      TRY(allocateIterator(thread, self.as<Type>(), types.zip, IteratorCode::kZip, Value::of(iterators)));
  result->stop = strict;
  return Value::of(result);
}

KRAIT_COLD static Raised raiseUnequal(Thread& thread, uint64_t i, const char* relation) {
  return raiseValueError(thread, "zip() argument {} is {} than argument{}{}", i + 1, relation, i == 1 ? " " : "s 1-",
                         i);
}

// The iterators have come to an end at number `ended`.
KRAIT_COLD static Fallible<Value> checkStrict(Thread& thread, Tuple* iterators, uint64_t ended) {
  if (ended > 0) return raiseUnequal(thread, ended, "shorter");
  for (uint64_t i = 1; i < iterators->length; i++) {
    Value item = TRY(next(thread, iterators->items[i]));
    if (!item.isUnbound()) return raiseUnequal(thread, i, "longer");
  }
  return Value::unbound();
}

Fallible<Value> finishZip(Thread& thread, Iterator* iterator, uint64_t ended) {
  return iterator->stop ? checkStrict(thread, iterator->source.get().as<Tuple>(), ended) : Value::unbound();
}

Fallible<Value> advanceZip(Thread& thread, Iterator* iterator) {
  KRAIT_CHECK_NATIVE_STACK(thread, " while calling a Python object");
  Tuple* iterators = iterator->source.get().as<Tuple>();
  if (iterators->length == 0) return Value::unbound();
  Tuple* items = TRY(makeTupleUninitialised(thread, iterators->length));
  for (uint64_t i = 0; i < iterators->length; i++) {
    Value item = TRY(nextOf(thread, iterators->items[i]));
    if (item.isUnbound()) return finishZip(thread, iterator, i);
    items->items[i].set(item);
  }
  return Value::of(items);
}

static Fallible<Value> zipReduce(Thread& thread, Value self) {
  Iterator* iterator = self.as<Iterator>();
  if (iterator->stop) return pack(thread, {Value::of(typeOf(self)), iterator->source, Value::boolean(true)});
  return pack(thread, {Value::of(typeOf(self)), iterator->source});
}

static Fallible<Value> zipSetState(Thread& thread, Value self, Value state) {
  self.as<Iterator>()->stop = TRY(isTrue(thread, state));
  return Value::none();
}

// --- map -------------------------------------------------------------------------------------------------------------

static Fallible<Value> mapNew(Thread& thread, Value self, const Arguments& arguments) {
  Type* type = self.as<Type>();
  if (!overridesInit(type, types.map)) TRY(arguments.noKeywords(thread, "map"));
  if (arguments.positional < 2) return raiseTypeError(thread, "map() must have at least two arguments.");
  Tuple* iterators = TRY(iterateAll(thread, arguments.positionals().subspan(1)));
  Iterator* result = TRY(allocateIterator(thread, type, types.map, IteratorCode::kMap, Value::of(iterators)));
  result->extra.set(arguments[0]);
  return Value::of(result);
}

Fallible<Value> advanceMap(Thread& thread, Iterator* iterator) {
  KRAIT_CHECK_NATIVE_STACK(thread, " while calling a Python object");
  Tuple* iterators = iterator->source.get().as<Tuple>();
  Value function = iterator->extra;
  if (iterators->length == 1) [[likely]] {
    Value item = TRY(next(thread, iterators->items[0]));
    return item.isUnbound() ? Fallible<Value>(item) : call(thread, function, item);
  }
  Tuple* items = TRY(makeTupleUninitialised(thread, iterators->length));
  for (uint64_t i = 0; i < iterators->length; i++) {
    Value item = TRY(next(thread, iterators->items[i]));
    if (item.isUnbound()) return item;
    items->items[i].set(item);
  }
  return call(thread, function, items->values());
}

static Fallible<Value> mapReduce(Thread& thread, Value self) {
  Iterator* iterator = self.as<Iterator>();
  Tuple* iterators = iterator->source.get().as<Tuple>();
  Tuple* arguments = TRY(makeTupleUninitialised(thread, iterators->length + 1));
  arguments->items[0].set(iterator->extra);
  for (uint64_t i = 0; i < iterators->length; i++) arguments->items[i + 1].set(iterators->items[i]);
  return pack(thread, {Value::of(typeOf(self)), Value::of(arguments)});
}

// --- filter ----------------------------------------------------------------------------------------------------------

static Fallible<Value> filterNew(Thread& thread, Value self, const Arguments& arguments) {
  Type* type = self.as<Type>();
  if (!overridesInit(type, types.filter)) TRY(arguments.noKeywords(thread, "filter"));
  TRY(arguments.count(thread, "filter", 2, 2));
  Value iterator = TRY(iterate(thread, arguments[1]));
  Iterator* result = TRY(allocateIterator(thread, type, types.filter, IteratorCode::kFilter, iterator));
  result->extra.set(arguments[0]);
  return Value::of(result);
}

Fallible<Value> advanceFilter(Thread& thread, Iterator* iterator) {
  KRAIT_CHECK_NATIVE_STACK(thread, " while calling a Python object");
  Value function = iterator->extra, source = iterator->source;
  bool askItem = function.isNone() || function.is(Value::of(types.bool_));
  for (uint32_t steps = 1;; steps++) {
    Value item = TRY(next(thread, source));
    if (item.isUnbound()) return item;
    Value verdict = askItem ? item : TRY(call(thread, function, item));
    if (TRY(isTrue(thread, verdict))) return item;
    if ((steps & 0xfff) == 0) TRY(pollEvalBreaker(thread));
  }
}

static Fallible<Value> filterReduce(Thread& thread, Value self) {
  Iterator* iterator = self.as<Iterator>();
  Value arguments = TRY(pack(thread, {iterator->extra, iterator->source}));
  return pack(thread, {Value::of(typeOf(self)), arguments});
}

// --- reversed --------------------------------------------------------------------------------------------------------

static Fallible<Value> reversedNew(Thread& thread, Value self, const Arguments& arguments) {
  Type* type = self.as<Type>();
  if (!overridesInit(type, types.reversed)) TRY(arguments.noKeywords(thread, "reversed"));
  TRY(arguments.count(thread, "reversed", 1, 1));
  Value sequence = arguments[0], method = specialMethod(sequence, Special::k__reversed__);
  if (!method.isUnbound() && !method.isNone()) return callSpecial(thread, method, sequence);
  bool isSequence = method.isUnbound() && !isKind(sequence, Kind::kDict) && !isKind(sequence, Kind::kMappingProxy) &&
                    !specialMethod(sequence, Special::k__getitem__).isUnbound();
  if (!isSequence) return raiseTypeError(thread, "'{}' object is not reversible", nameOf(sequence));
  int64_t count = TRY(length(thread, sequence));
  Iterator* result = TRY(allocateIterator(thread, type, types.reversed, IteratorCode::kReversed, sequence));
  result->index = count - 1;
  return Value::of(result);
}

// --- the types -------------------------------------------------------------------------------------------------------

void initialiseAdaptors(Thread& thread) {
  auto declare = [&](const char* name, NativeVariadic make, Native1 reduce, const char* doc) {
    TypeBuilder builder(thread, name, types.object, Kind::kIterator);
    builder.flags(Type::kBaseType | Type::kInstantiable)
        .doc(doc)
        .constructor(make)
        .special("__iter__", iteratorSelf)
        .next(iteratorNextMethod)
        .method("__reduce__", reduce);
    return builder;
  };
  types.enumerate = declare("enumerate", enumerateNew, enumerateReduce,
                            "enumerate(iterable, start=0): every item with its number before it.")
                        .classMethod("__class_getitem__", classGetItemAlias)
                        .build();
  types.zip = declare("zip", zipNew, zipReduce,
                      "zip(*iterables, strict=False): tuples of one item each, until one of the iterables ends.\n\n"
                      ">>> list(zip('ab', range(9)))\n[('a', 0), ('b', 1)]")
                  .method("__setstate__", zipSetState)
                  .build();
  types.map =
      declare(
          "map", mapNew, mapReduce,
          "map(function, *iterables): what the function returns for the next items, until one of the iterables ends.")
          .build();
  types.filter =
      declare("filter", filterNew, filterReduce,
              "filter(function or None, iterable): the items that the function, or their own truth, accepts.")
          .build();
  types.reversed =
      declare("reversed", reversedNew, iteratorReduce, "reversed(sequence): the items from the last to the first.")
          .method("__length_hint__", iteratorLengthHint)
          .method("__setstate__", iteratorSetState)
          .build();
}

}  // namespace krait
