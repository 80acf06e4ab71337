// Module itertools: how its iterators advance, and what its files share.
#include "vm/builtins/module.h"
#include "vm/builtins/str.h"
#include "vm/modules/itertools_internal.h"
#include "vm/modules/registry.h"

namespace krait {
namespace {

Fallible<Value> advanceAccumulate(Thread& thread, Iterator* iterator) {
  Value* state = stateOf(iterator);
  if (!state[2].isNone()) {
    state[1] = state[2];
    state[2] = Value::none();
    return state[1];
  }
  Value item = TRY(nextOf(thread, iterator->source));
  if (item.isUnbound()) return item;
  if (state[1].isUnbound()) {
    state[1] = item;
    return item;
  }
  Value total = state[0].isNone() ? TRY(binaryOperation(thread, BinaryOperator::kAdd, state[1], item))
                                  : TRY(call(thread, state[0], state[1], item));
  state[1] = total;
  return total;
}

Fallible<Value> advanceChain(Thread& thread, Iterator* iterator) {
  for (uint32_t steps = 1;; steps++) {
    Value active = iterator->extra;
    if (active.isUnbound()) {
      Value source = iterator->source;
      if (source.isUnbound()) return source;
      Fallible<Value> iterable = nextOf(thread, source);
      if (!iterable.isRaised() && !iterable.value().isUnbound()) iterable = iterate(thread, iterable.value());
      if (iterable.isRaised() || iterable.value().isUnbound()) {
        iterator->source.set(Value::unbound());
        return iterable;
      }
      active = iterable.value();
      iterator->extra.set(active);
    }
    Value item = TRY(nextOf(thread, active));
    if (!item.isUnbound()) return item;
    iterator->extra.set(Value::unbound());
    if ((steps & 0xfff) == 0) TRY(pollEvalBreaker(thread));
  }
}

Fallible<Value> advanceCompress(Thread& thread, Iterator* iterator) {
  for (uint32_t steps = 1;; steps++) {
    Value item = TRY(nextOf(thread, iterator->source));
    if (item.isUnbound()) return item;
    Value selector = TRY(nextOf(thread, iterator->extra));
    if (selector.isUnbound()) return selector;
    if (TRY(isTrue(thread, selector))) return item;
    if ((steps & 0xfff) == 0) TRY(pollEvalBreaker(thread));
  }
}

Fallible<Value> advanceCycle(Thread& thread, Iterator* iterator) {
  Value seen = iterator->extra;
  if (!iterator->step) {
    Value item = TRY(nextOf(thread, iterator->source));
    if (!item.isUnbound()) {
      if (!iterator->stop) TRY(listAppend(thread, seen.as<List>(), item));
      return item;
    }
    iterator->source.set(seen);
    iterator->step = 1;
    iterator->index = 0;
  }
  const List* list = seen.as<List>();
  if (list->length == 0) return Value::unbound();
  if (static_cast<uint64_t>(iterator->index) >= list->length) iterator->index = 0;
  return list->storage->slots[iterator->index++];
}

Fallible<Value> advanceDropWhile(Thread& thread, Iterator* iterator) {
  Value source = iterator->source;
  for (uint32_t steps = 1;; steps++) {
    Value item = TRY(nextOf(thread, source));
    if (item.isUnbound() || iterator->index) return item;
    Value verdict = TRY(call(thread, iterator->extra, item));
    if (!TRY(isTrue(thread, verdict))) {
      iterator->index = 1;
      return item;
    }
    if ((steps & 0xfff) == 0) TRY(pollEvalBreaker(thread));
  }
}

Fallible<Value> advanceTakeWhile(Thread& thread, Iterator* iterator) {
  if (iterator->index) return Value::unbound();
  Value item = TRY(nextOf(thread, iterator->source));
  if (item.isUnbound()) return item;
  Value verdict = TRY(call(thread, iterator->extra, item));
  if (TRY(isTrue(thread, verdict))) return item;
  iterator->index = 1;
  return Value::unbound();
}

Fallible<Value> advanceFilterFalse(Thread& thread, Iterator* iterator) {
  Value function = iterator->extra, source = iterator->source;
  bool askItem = function.isNone() || function.is(Value::of(types.bool_));
  for (uint32_t steps = 1;; steps++) {
    Value item = TRY(nextOf(thread, source));
    if (item.isUnbound()) return item;
    Value verdict = askItem ? item : TRY(call(thread, function, item));
    if (!TRY(isTrue(thread, verdict))) return item;
    if ((steps & 0xfff) == 0) TRY(pollEvalBreaker(thread));
  }
}

Fallible<Value> advanceStarMap(Thread& thread, Iterator* iterator) {
  Value item = TRY(nextOf(thread, iterator->source));
  if (item.isUnbound()) return item;
  Tuple* arguments = isKind(item, Kind::kTuple) ? item.as<Tuple>() : TRY(tupleFromIterable(thread, item));
  return call(thread, iterator->extra, arguments->values());
}

Fallible<Value> advancePairwise(Thread& thread, Iterator* iterator) {
  Value source = iterator->source, old = iterator->extra;
  auto end = [&](Fallible<Value> result) {
    iterator->source.set(Value::unbound());
    iterator->extra.set(Value::unbound());
    return result;
  };
  if (old.isUnbound()) {
    Fallible<Value> first = nextOf(thread, source);
    if (first.isRaised() || first.value().isUnbound()) return end(first);
    old = first.value();
    iterator->extra.set(old);
    if (iterator->isExhausted()) return end(Value::unbound());  // by a call from within
  }
  Fallible<Value> second = nextOf(thread, source);
  if (second.isRaised() || second.value().isUnbound()) return end(second);
  iterator->extra.set(second.value());
  return makePair(thread, old, second.value());
}

Fallible<Value> advanceSlice(Thread& thread, Iterator* iterator) {
  Value source = iterator->source;
  auto end = [&](Fallible<Value> result) {
    iterator->source.set(Value::unbound());
    return result;
  };
  int64_t wanted = iterator->extra.get().asInlineInt(), stop = iterator->stop;
  while (iterator->index < wanted) {
    Fallible<Value> skipped = nextOf(thread, source);
    if (skipped.isRaised() || skipped.value().isUnbound()) return end(skipped);
    iterator->index++;
    if ((iterator->index & 0xfff) == 0) TRY(pollEvalBreaker(thread));
  }
  if (stop != -1 && iterator->index >= stop) return end(Value::unbound());
  Fallible<Value> item = nextOf(thread, source);
  if (item.isRaised() || item.value().isUnbound()) return end(item);
  iterator->index++;
  int64_t following;
  bool tooFar = __builtin_add_overflow(wanted, iterator->step, &following) || following > Value::kMaxInlineInt;
  if (tooFar || (stop != -1 && following > stop)) following = stop == -1 ? Value::kMaxInlineInt : stop;
  iterator->extra.set(Value::inlineInt(following));
  return item;
}

Fallible<Value> advanceZipLongest(Thread& thread, Iterator* iterator) {
  Tuple* iterators = iterator->source.get().as<Tuple>();
  uint64_t count = iterators->length;
  if (count == 0 || iterator->index == 0) return Value::unbound();
  Tuple* items = TRY(makeTupleUninitialised(thread, count));
  for (uint64_t i = 0; i < count; i++) {
    Value one = iterators->items[i], item = iterator->extra;
    if (!one.isUnbound()) {
      Fallible<Value> got = nextOf(thread, one);
      if (got.isRaised()) {
        iterator->index = 0;
        return got;
      }
      if (!got.value().isUnbound()) {
        item = got.value();
      } else {
        if (--iterator->index <= 0) {
          iterator->index = 0;
          return Value::unbound();
        }
        iterators->items[i].set(Value::unbound());
      }
    }
    items->items[i].set(item);
  }
  return Value::of(items);
}

// Beyond what a word of the iterator holds, or with a step that is no int.
KRAIT_COLD Fallible<Value> advanceAnyCounter(Thread& thread, Iterator* iterator) {
  if (iterator->extra.get().isUnbound()) {
    Value count = TRY(makeInt(thread, iterator->index));
    iterator->extra.set(TRY(makeState(thread, {count, TRY(makeInt(thread, iterator->step))})));
  }
  Value* state = stateOf(iterator);
  Value count = state[0];
  state[0] = TRY(binaryOperation(thread, BinaryOperator::kAdd, count, state[1]));
  return count;
}

KRAIT_INLINE Fallible<Value> advanceCounter(Thread& thread, Iterator* iterator) {
  int64_t count = iterator->index, following;
  if (!iterator->extra.get().isUnbound() || __builtin_add_overflow(count, iterator->step, &following)) [[unlikely]]
    return advanceAnyCounter(thread, iterator);
  iterator->index = following;
  return makeInt(thread, count);
}

KRAIT_INLINE Value advanceRepeat(Iterator* iterator) {
  if (iterator->index == 0) return Value::unbound();
  if (iterator->index > 0) iterator->index--;
  return iterator->source;
}

}  // namespace

// `iterator` has a source.
Fallible<Value> advanceItertool(Thread& thread, Iterator* iterator) {
  switch (iterator->code()) {
    case IteratorCode::kRepeat: return advanceRepeat(iterator);
    case IteratorCode::kCount: return advanceCounter(thread, iterator);
    default: break;
  }
  KRAIT_CHECK_NATIVE_STACK(thread, " while calling a Python object");
  switch (iterator->code()) {
    case IteratorCode::kAccumulate: return advanceAccumulate(thread, iterator);
    case IteratorCode::kChain: return advanceChain(thread, iterator);
    case IteratorCode::kCombinations:
    case IteratorCode::kCombinationsWithReplacement:
    case IteratorCode::kPermutations:
    case IteratorCode::kProduct: return advanceCombinatoric(thread, iterator);
    case IteratorCode::kCompress: return advanceCompress(thread, iterator);
    case IteratorCode::kCycle: return advanceCycle(thread, iterator);
    case IteratorCode::kDropWhile: return advanceDropWhile(thread, iterator);
    case IteratorCode::kFilterFalse: return advanceFilterFalse(thread, iterator);
    case IteratorCode::kGroupBy: return advanceGroupBy(thread, iterator);
    case IteratorCode::kGrouper: return advanceGrouper(thread, iterator);
    case IteratorCode::kSlice: return advanceSlice(thread, iterator);
    case IteratorCode::kPairwise: return advancePairwise(thread, iterator);
    case IteratorCode::kStarMap: return advanceStarMap(thread, iterator);
    case IteratorCode::kTakeWhile: return advanceTakeWhile(thread, iterator);
    case IteratorCode::kTee: return advanceTee(thread, iterator);
    case IteratorCode::kZipLongest: return advanceZipLongest(thread, iterator);
    default: return Value::unbound();
  }
}

// --- shared ----------------------------------------------------------------------------------------------------------

Fallible<Value> makeState(Thread& thread, std::initializer_list<Value> values) {
  ValueArray* array = TRY(allocateArray(thread, values.size()));
  std::copy(values.begin(), values.end(), array->slots);
  return Value::of(array);
}

Fallible<void> refuseKeywords(Thread& thread, Value type, IteratorCode code, const Arguments& arguments,
                              const char* function) {
  if (overridesInit(type.as<Type>(), moduleIteratorType(code))) return {};
  return arguments.noKeywords(thread, function);
}

Fallible<Tuple*> stateTuple(Thread& thread, Value state) {
  if (Tuple* tuple = toTuple(state)) return tuple;
  return raiseTypeError(thread, "state is not a tuple");
}

Fallible<void> checkStateLength(Thread& thread, const Tuple* state, uint64_t min, uint64_t max) {
  uint64_t given = state->length;
  if (given >= min && given <= max) return {};
  uint64_t limit = given < min ? min : max;
  return raiseTypeError(thread, "function takes {} {} argument{} ({} given)",
                        min == max    ? "exactly"
                        : given < min ? "at least"
                                      : "at most",
                        limit, limit == 1 ? "" : "s", given);
}

Fallible<int64_t> stateInt(Thread& thread, Value v) {
  if (!isInt(v)) return raiseTypeError(thread, "an integer is required");
  return ssizeArgument(thread, v);
}

TypeBuilder declareItertool(Thread& thread, const char* name, IteratorCode code, NativeVariadic make, Native1 reduce,
                            const char* doc, bool mayBeBase) {
  TypeBuilder builder(thread, name, types.object, Kind::kIterator);
  builder.module("itertools").flags(mayBeBase ? Type::kBaseType | Type::kInstantiable : Type::kInstantiable).doc(doc);
  builder.constructor(make).special("__iter__", iteratorSelf).next(iteratorNextMethod);
  if (reduce != nullptr) builder.method("__reduce__", reduce);
  moduleIteratorType(code) = nullptr;
  return builder;
}

Type* finishItertool(TypeBuilder& builder, IteratorCode code) { return moduleIteratorType(code) = builder.build(); }

Module* moduleItertools(Thread& thread) {
  declareChains(thread);
  declareFilters(thread);
  declareCounters(thread);
  declareCombinatorics(thread);
  declareGroups(thread);
  ModuleBuilder builder(thread, "itertools", "Iterators made from iterators.");
  for (auto code = static_cast<unsigned>(IteratorCode::kFirstOfModules);
       code <= static_cast<unsigned>(IteratorCode::kLastOfItertools); code++) {
    Type* type = moduleIteratorType(static_cast<IteratorCode>(code));
    builder.constant(strToUtf8(type->name).c_str(), Value::of(type));
  }
  return builder.constant("_tee_dataobject", Value::of(teeBlockType())).variadic("tee", itertoolsTee).build();
}

}  // namespace krait
