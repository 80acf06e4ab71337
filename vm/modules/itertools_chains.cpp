// Module itertools: accumulate, chain, cycle, islice, pairwise and zip_longest, which pass items on.
#include "vm/builtins/functions.h"
#include "vm/builtins/generic_alias.h"
#include "vm/builtins/str.h"
#include "vm/modules/itertools_internal.h"

namespace krait {
namespace {

Fallible<Value> makeChainOver(Thread& thread, Value iterables) {
  Value iterator = TRY(iterate(thread, iterables));
  Type* type = moduleIteratorType(IteratorCode::kChain);
  return Value::of(TRY(makeItertool(thread, Value::of(type), IteratorCode::kChain, iterator)));
}

// chain((value,), iterator)
Fallible<Value> putBefore(Thread& thread, Value value, Value iterator) {
  Value first = TRY(packTuple(thread, {value}));
  return makeChainOver(thread, TRY(packTuple(thread, {first, iterator})));
}

// --- accumulate ------------------------------------------------------------------------------------------------------

Fallible<Value> accumulateNew(Thread& thread, Value self, const Arguments& arguments) {
  static constexpr Parameters kParameters{"accumulate", {"iterable", "func", "*", "initial"}, 1};
  Value values[3];
  TRY(kParameters.bind(thread, arguments, values));
  for (int i = 1; i < 3; i++)
    if (values[i].isUnbound()) values[i] = Value::none();
  Value iterator = TRY(iterate(thread, values[0]));
  Value state = TRY(makeState(thread, {values[1], Value::unbound(), values[2]}));
  Iterator* made = TRY(makeItertool(thread, self, IteratorCode::kAccumulate, iterator));
  made->extra.set(state);
  return Value::of(made);
}

Fallible<Value> accumulateReduce(Thread& thread, Value self) {
  Iterator* iterator = self.as<Iterator>();
  Value* state = stateOf(iterator);
  Value type = Value::of(typeOf(self)), function = state[0], total = state[1];
  if (!state[2].isNone()) {
    Value chained = TRY(putBefore(thread, state[2], iterator->source));
    return packTuple(thread, {type, TRY(packTuple(thread, {chained, function})), Value::none()});
  }
  if (total.isNone()) {  // as a state, None would say that nothing has been summed
    Value chained = TRY(putBefore(thread, total, iterator->source));
    Value again = TRY(call(thread, type, chained, function));
    Value arguments = TRY(packTuple(thread, {again, Value::inlineInt(1), Value::none()}));
    return packTuple(thread, {Value::of(moduleIteratorType(IteratorCode::kSlice)), arguments});
  }
  Value arguments = TRY(packTuple(thread, {iterator->source, function}));
  return packTuple(thread, {type, arguments, total.isUnbound() ? Value::none() : total});
}

Fallible<Value> accumulateSetState(Thread&, Value self, Value state) {
  stateOf(self.as<Iterator>())[1] = state;
  return Value::none();
}

// --- chain -----------------------------------------------------------------------------------------------------------

Fallible<Value> chainNew(Thread& thread, Value self, const Arguments& arguments) {
  TRY(refuseKeywords(thread, self, IteratorCode::kChain, arguments, "chain"));
  Value iterables = Value::of(TRY(makeTuple(thread, arguments.positionals())));
  Value iterator = TRY(iterate(thread, iterables));
  return Value::of(TRY(makeItertool(thread, self, IteratorCode::kChain, iterator)));
}

Fallible<Value> chainFromIterable(Thread& thread, Value self, const Arguments& arguments) {
  TRY(arguments.noKeywords(thread, "chain.from_iterable"));
  if (arguments.positional != 1)
    return raiseTypeError(thread, "chain.from_iterable() takes exactly one argument ({} given)", arguments.positional);
  Value iterator = TRY(iterate(thread, arguments[0]));
  return Value::of(TRY(makeItertool(thread, self, IteratorCode::kChain, iterator)));
}

Fallible<Value> chainReduce(Thread& thread, Value self) {
  Iterator* iterator = self.as<Iterator>();
  Value type = Value::of(typeOf(self)), none = Value::of(emptyTuple());
  if (iterator->isExhausted()) return packTuple(thread, {type, none});
  Value active = iterator->extra;
  Value state = active.isUnbound() ? TRY(packTuple(thread, {iterator->source}))
                                   : TRY(packTuple(thread, {iterator->source, active}));
  return packTuple(thread, {type, none, state});
}

Fallible<Value> chainSetState(Thread& thread, Value self, Value state) {
  Tuple* tuple = TRY(stateTuple(thread, state));
  TRY(checkStateLength(thread, tuple, 1, 2));
  for (uint64_t i = 0; i < tuple->length; i++)
    if (!isIterator(tuple->items[i].get())) return raiseTypeError(thread, "Arguments must be iterators.");
  self.as<Iterator>()->source.set(tuple->items[0]);
  self.as<Iterator>()->extra.set(tuple->length == 2 ? tuple->items[1].get() : Value::unbound());
  return Value::none();
}

// --- cycle -----------------------------------------------------------------------------------------------------------

Fallible<Value> cycleNew(Thread& thread, Value self, const Arguments& arguments) {
  TRY(refuseKeywords(thread, self, IteratorCode::kCycle, arguments, "cycle"));
  TRY(arguments.count(thread, "cycle", 1, 1));
  Value iterator = TRY(iterate(thread, arguments[0]));
  Value seen = Value::of(TRY(makeListWithCapacity(thread, 0)));
  Iterator* made = TRY(makeItertool(thread, self, IteratorCode::kCycle, iterator));
  made->extra.set(seen);
  return Value::of(made);
}

Fallible<Value> cycleReduce(Thread& thread, Value self) {
  Iterator* iterator = self.as<Iterator>();
  Value source = iterator->source, seen = iterator->extra;
  if (iterator->step) {
    source = TRY(iterate(thread, seen));
    source.as<Iterator>()->index = iterator->index;
  }
  Value state = TRY(packTuple(thread, {seen, Value::boolean(iterator->step || iterator->stop)}));
  return packTuple(thread, {Value::of(typeOf(self)), TRY(packTuple(thread, {source})), state});
}

Fallible<Value> cycleSetState(Thread& thread, Value self, Value state) {
  Tuple* tuple = TRY(stateTuple(thread, state));
  TRY(checkStateLength(thread, tuple, 2, 2));
  Value seen = tuple->items[0];
  if (toList(seen) == nullptr) return raiseTypeError(thread, "argument 1 must be list, not {}", nameOf(seen));
  int64_t complete = TRY(indexAsInt64(thread, tuple->items[1], exceptions.OverflowError));
  Iterator* iterator = self.as<Iterator>();
  iterator->extra.set(seen);
  iterator->stop = complete != 0;
  if (iterator->step) iterator->source.set(seen);
  return Value::none();
}

// --- islice ----------------------------------------------------------------------------------------------------------

// None is `missing`; anything that is no index, or too large or negative, is `wrong`.
Fallible<int64_t> sliceIndex(Thread& thread, Value v, int64_t missing) {
  constexpr int64_t kWrong = -2;
  if (v.isNone()) return missing;
  if (!isInt(v) && specialMethod(v, Special::k__index__).isUnbound()) return kWrong;
  Fallible<int64_t> position = ssizeArgument(thread, v);
  if (position.isRaised()) {
    clearException(thread);
    return kWrong;
  }
  return position.value() < 0 ? kWrong : std::min(position.value(), Value::kMaxInlineInt);
}

Fallible<Value> isliceNew(Thread& thread, Value self, const Arguments& arguments) {
  TRY(refuseKeywords(thread, self, IteratorCode::kSlice, arguments, "islice"));
  TRY(arguments.count(thread, "islice", 2, 4));
  int64_t start = 0, stop = -1, step = 1;
  constexpr const char* kBadStop = "Stop argument for islice() must be None or an integer: 0 <= x <= sys.maxsize.";
  if (arguments.positional == 2) {
    stop = TRY(sliceIndex(thread, arguments[1], -1));
    if (stop == -2) return raise(thread, exceptions.ValueError, kBadStop);
  } else {
    start = TRY(sliceIndex(thread, arguments[1], 0));
    stop = TRY(sliceIndex(thread, arguments[2], -1));
    if (stop == -2) return raise(thread, exceptions.ValueError, kBadStop);
    if (start == -2)
      return raiseValueError(thread, "Indices for islice() must be None or an integer: 0 <= x <= sys.maxsize.");
    if (arguments.positional == 4) step = TRY(sliceIndex(thread, arguments[3], 1));
    if (step < 1) return raiseValueError(thread, "Step for islice() must be a positive integer or None.");
  }
  Value iterator = TRY(iterate(thread, arguments[0]));
  Iterator* made = TRY(makeItertool(thread, self, IteratorCode::kSlice, iterator));
  made->extra.set(Value::inlineInt(start));
  made->stop = stop;
  made->step = step;
  return Value::of(made);
}

Fallible<Value> isliceReduce(Thread& thread, Value self) {
  Iterator* iterator = self.as<Iterator>();
  Value type = Value::of(typeOf(self)), zero = Value::inlineInt(0);
  if (iterator->isExhausted()) {
    Value nothing = TRY(iterate(thread, Value::of(TRY(makeListWithCapacity(thread, 0)))));
    return packTuple(thread, {type, TRY(packTuple(thread, {nothing, zero})), zero});
  }
  Value stop = iterator->stop == -1 ? Value::none() : TRY(makeInt(thread, iterator->stop));
  Value step = TRY(makeInt(thread, iterator->step)), position = TRY(makeInt(thread, iterator->index));
  Value arguments = TRY(packTuple(thread, {iterator->source, iterator->extra, stop, step}));
  return packTuple(thread, {type, arguments, position});
}

Fallible<Value> isliceSetState(Thread& thread, Value self, Value state) {
  self.as<Iterator>()->index = TRY(stateInt(thread, state));
  return Value::none();
}

// --- pairwise, zip_longest -------------------------------------------------------------------------------------------

Fallible<Value> pairwiseNew(Thread& thread, Value self, const Arguments& arguments) {
  TRY(refuseKeywords(thread, self, IteratorCode::kPairwise, arguments, "pairwise"));
  TRY(arguments.count(thread, "pairwise", 1, 1));
  Value iterator = TRY(iterate(thread, arguments[0]));
  return Value::of(TRY(makeItertool(thread, self, IteratorCode::kPairwise, iterator)));
}

Fallible<Value> zipLongestNew(Thread& thread, Value self, const Arguments& arguments) {
  Value fill = Value::none();
  if (arguments.keywordCount() > 0) {
    fill = arguments.keyword("fillvalue");
    if (fill.isUnbound() || arguments.keywordCount() > 1)
      return raiseTypeError(thread, "zip_longest() got an unexpected keyword argument");
  }
  Tuple* iterators = TRY(makeTupleUninitialised(thread, arguments.positional));
  for (uint32_t i = 0; i < arguments.positional; i++) iterators->items[i].set(TRY(iterate(thread, arguments[i])));
  Iterator* made = TRY(makeItertool(thread, self, IteratorCode::kZipLongest, Value::of(iterators)));
  made->extra.set(fill);
  made->index = arguments.positional;
  return Value::of(made);
}

Fallible<Value> zipLongestReduce(Thread& thread, Value self) {
  Iterator* iterator = self.as<Iterator>();
  Tuple* iterators = iterator->source.get().as<Tuple>();
  Tuple* arguments = TRY(makeTupleUninitialised(thread, iterators->length));
  for (uint64_t i = 0; i < iterators->length; i++) {
    Value one = iterators->items[i];
    arguments->items[i].set(one.isUnbound() ? Value::of(emptyTuple()) : one);
  }
  return packTuple(thread, {Value::of(typeOf(self)), Value::of(arguments), iterator->extra});
}

Fallible<Value> zipLongestSetState(Thread&, Value self, Value state) {
  self.as<Iterator>()->extra.set(state);
  return Value::none();
}

}  // namespace

void declareChains(Thread& thread) {
  auto build = [&](const char* name, IteratorCode code, NativeVariadic make, Native1 reduce, Native2 setState,
                   const char* doc) {
    TypeBuilder builder = declareItertool(thread, name, code, make, reduce, doc);
    if (setState != nullptr) builder.method("__setstate__", setState);
    if (code == IteratorCode::kChain)
      builder.classMethod("from_iterable", chainFromIterable).classMethod("__class_getitem__", classGetItemAlias);
    finishItertool(builder, code);
  };
  build("accumulate", IteratorCode::kAccumulate, accumulateNew, accumulateReduce, accumulateSetState,
        "Return series of accumulated sums.");
  build("chain", IteratorCode::kChain, chainNew, chainReduce, chainSetState,
        "chain(*iterables): the items of the first iterable, then those of the next, until all are exhausted.");
  build("cycle", IteratorCode::kCycle, cycleNew, cycleReduce, cycleSetState,
        "cycle(iterable): the items over and over again.");
  build("islice", IteratorCode::kSlice, isliceNew, isliceReduce, isliceSetState,
        "islice(iterable, stop) or islice(iterable, start, stop[, step]): selected items of an iterable.");
  build("pairwise", IteratorCode::kPairwise, pairwiseNew, nullptr, nullptr,
        "pairwise(iterable): each item with the one behind it.");
  build("zip_longest", IteratorCode::kZipLongest, zipLongestNew, zipLongestReduce, zipLongestSetState,
        "zip_longest(*iterables, fillvalue=None): as zip, until the longest iterable is exhausted.");
}

}  // namespace krait
