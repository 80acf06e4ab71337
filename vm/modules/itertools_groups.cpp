// Module itertools: groupby with its groups, and tee with the blocks that its iterators share.
#include "vm/builtins/functions.h"
#include "vm/builtins/generic_alias.h"
#include "vm/builtins/str.h"
#include "vm/modules/itertools_internal.h"
#include "vm/names.h"

namespace krait {
namespace {

// --- groupby ---------------------------------------------------------------------------------------------------------

// groupby's state array.
enum GroupState { kKeyFunction, kTargetKey, kCurrentKey, kCurrentValue, kCurrentGrouper, kGroupStateSize };

// Reads one item ahead; false at the end.
Fallible<bool> stepGroup(Thread& thread, Iterator* groups) {
  Value value = TRY(nextOf(thread, groups->source));
  if (value.isUnbound()) return false;
  Value function = stateOf(groups)[kKeyFunction];
  Value key = function.isNone() ? value : TRY(call(thread, function, value));
  Value* state = stateOf(groups);
  state[kCurrentValue] = value;
  state[kCurrentKey] = key;
  return true;
}

Fallible<Value> makeGrouper(Thread& thread, Value groups, Value key) {
  Type* type = moduleIteratorType(IteratorCode::kGrouper);
  Iterator* made = TRY(makeItertool(thread, Value::of(type), IteratorCode::kGrouper, groups));
  made->extra.set(key);
  stateOf(groups.as<Iterator>())[kCurrentGrouper] = Value::of(made);
  return Value::of(made);
}

Fallible<Value> groupByNew(Thread& thread, Value self, const Arguments& arguments) {
  static constexpr Parameters kParameters{"groupby", {"iterable", "key"}, 1};
  Value values[2];
  TRY(kParameters.bind(thread, arguments, values));
  Value iterator = TRY(iterate(thread, values[0]));
  Value unbound = Value::unbound(), key = values[1].isUnbound() ? Value::none() : values[1];
  Value state = TRY(makeState(thread, {key, unbound, unbound, unbound, unbound}));
  Iterator* made = TRY(makeItertool(thread, self, IteratorCode::kGroupBy, iterator));
  made->extra.set(state);
  return Value::of(made);
}

Fallible<Value> groupByReduce(Thread& thread, Value self) {
  Iterator* groups = self.as<Iterator>();
  Value* state = stateOf(groups);
  Value arguments = TRY(packTuple(thread, {groups->source, state[kKeyFunction]}));
  Value type = Value::of(typeOf(self));
  if (state[kTargetKey].isUnbound() || state[kCurrentKey].isUnbound() || state[kCurrentValue].isUnbound())
    return packTuple(thread, {type, arguments});
  Value rest = TRY(packTuple(thread, {state[kCurrentKey], state[kCurrentValue], state[kTargetKey]}));
  return packTuple(thread, {type, arguments, rest});
}

Fallible<Value> groupBySetState(Thread& thread, Value self, Value given) {
  Tuple* tuple = TRY(stateTuple(thread, given));
  TRY(checkStateLength(thread, tuple, 3, 3));
  Value* state = stateOf(self.as<Iterator>());
  state[kCurrentKey] = tuple->items[0];
  state[kCurrentValue] = tuple->items[1];
  state[kTargetKey] = tuple->items[2];
  return Value::none();
}

Fallible<Value> grouperNew(Thread& thread, Value, const Arguments& arguments) {
  TRY(arguments.noKeywords(thread, "_grouper"));
  TRY(arguments.count(thread, "_grouper", 2, 2));
  if (!isInstanceOf(arguments[0], moduleIteratorType(IteratorCode::kGroupBy)))
    return raiseTypeError(thread, "_grouper() argument 1 must be itertools.groupby, not {}", nameOf(arguments[0]));
  return makeGrouper(thread, arguments[0], arguments[1]);
}

Fallible<Value> grouperReduce(Thread& thread, Value self) {
  Iterator* grouper = self.as<Iterator>();
  if (!stateOf(grouper->source.get().as<Iterator>())[kCurrentGrouper].is(self)) {
    Value nothing = Value::of(emptyTuple());
    return packTuple(thread, {builtinIter(), TRY(packTuple(thread, {nothing}))});
  }
  Value arguments = TRY(packTuple(thread, {grouper->source, grouper->extra}));
  return packTuple(thread, {Value::of(typeOf(self)), arguments});
}

// --- tee -------------------------------------------------------------------------------------------------------------

// A stretch of what the shared iterator has given; the tees of one family walk along the chain of them, and what all
// have passed is garbage.
struct TeeBlock : NativeObject {
  static constexpr int64_t kCapacity = 57;  // as in CPython, whose __reduce__ shows it
  Field<Value> iterator;
  Field<Cell*> next;  // TeeBlock, or null
  int64_t count;
  bool running;
  Field<Value> values[kCapacity];
};
Type* blockType;

void traceBlock(Cell* cell, Marker& marker) {
  auto* block = static_cast<TeeBlock*>(cell);
  marker.mark(block->iterator);
  marker.mark(block->next.get());
  marker.markRange(reinterpret_cast<const Value*>(block->values), static_cast<uint64_t>(block->count));
}
constexpr NativeTraits kBlockTraits{"itertools._tee_dataobject", traceBlock, nullptr};

Fallible<TeeBlock*> makeBlock(Thread& thread, Value iterator) {
  auto* block = TRY(allocate<TeeBlock>(thread, Kind::kNative, blockType->instanceShape));
  block->traits = &kBlockTraits;
  block->iterator.set(iterator);
  return block;
}

Fallible<TeeBlock*> nextBlock(Thread& thread, TeeBlock* block) {
  if (block->next == nullptr) {
    TeeBlock* made = TRY(makeBlock(thread, block->iterator));
    block->next.set(made);
  }
  return static_cast<TeeBlock*>(block->next.get());
}

Fallible<Value> makeTee(Thread& thread, Value block, int64_t index) {
  Type* type = moduleIteratorType(IteratorCode::kTee);
  Iterator* made = TRY(makeItertool(thread, Value::of(type), IteratorCode::kTee, block));
  made->index = index;
  return Value::of(made);
}

Fallible<Value> teeOf(Thread& thread, Value iterable) {
  Value iterator = TRY(iterate(thread, iterable));
  if (isIterator(iterator, IteratorCode::kTee))
    return makeTee(thread, iterator.as<Iterator>()->source, iterator.as<Iterator>()->index);
  return makeTee(thread, Value::of(TRY(makeBlock(thread, iterator))), 0);
}

Fallible<Value> teeNew(Thread& thread, Value, const Arguments& arguments) {
  TRY(arguments.noKeywords(thread, "_tee"));
  TRY(arguments.count(thread, "_tee", 1, 1));
  return teeOf(thread, arguments[0]);
}

Fallible<Value> teeCopy(Thread& thread, Value self) {
  return makeTee(thread, self.as<Iterator>()->source, self.as<Iterator>()->index);
}

Fallible<Value> teeReduce(Thread& thread, Value self) {
  Iterator* tee = self.as<Iterator>();
  Value arguments = TRY(packTuple(thread, {Value::of(emptyTuple())}));
  Value state = TRY(packTuple(thread, {tee->source, Value::inlineInt(tee->index)}));
  return packTuple(thread, {Value::of(typeOf(self)), arguments, state});
}

Fallible<Value> teeSetState(Thread& thread, Value self, Value state) {
  Tuple* tuple = TRY(stateTuple(thread, state));
  TRY(checkStateLength(thread, tuple, 2, 2));
  Value block = tuple->items[0];
  if (typeOf(block) != blockType)
    return raiseTypeError(thread, "argument 1 must be itertools._tee_dataobject, not {}", nameOf(block));
  int64_t index = TRY(indexAsInt64(thread, tuple->items[1], exceptions.OverflowError));
  if (index < 0 || index > TeeBlock::kCapacity) return raiseValueError(thread, "Index out of range");
  self.as<Iterator>()->source.set(block);
  self.as<Iterator>()->index = index;
  return Value::none();
}

Fallible<Value> blockNew(Thread& thread, Value, const Arguments& arguments) {
  TRY(arguments.noKeywords(thread, "_tee_dataobject"));
  TRY(arguments.count(thread, "teedataobject", 3, 3));
  List* values = toList(arguments[1]);
  if (values == nullptr)
    return raiseTypeError(thread, "teedataobject() argument 2 must be list, not {}", nameOf(arguments[1]));
  TeeBlock* block = TRY(makeBlock(thread, arguments[0]));
  bool isLast = arguments[2].isNone();
  bool fits = values->length <= static_cast<uint64_t>(TeeBlock::kCapacity);
  bool isFull = values->length == static_cast<uint64_t>(TeeBlock::kCapacity);
  if (!fits || (!isLast && (!isFull || typeOf(arguments[2]) != blockType)))
    return raiseValueError(thread, "Invalid arguments");
  for (uint64_t i = 0; i < values->length; i++) block->values[i].set(values->storage->slots[i]);
  block->count = static_cast<int64_t>(values->length);
  if (!isLast) block->next.set(arguments[2].asCell());
  return Value::of(block);
}

Fallible<Value> blockReduce(Thread& thread, Value self) {
  auto* block = self.as<TeeBlock>();
  Value values = Value::of(
      TRY(makeList(thread, {reinterpret_cast<const Value*>(block->values), static_cast<size_t>(block->count)})));
  Value following = block->next == nullptr ? Value::none() : Value::of(block->next.get());
  Value arguments = TRY(packTuple(thread, {block->iterator, values, following}));
  return packTuple(thread, {Value::of(typeOf(self)), arguments});
}

}  // namespace

Fallible<Value> advanceGroupBy(Thread& thread, Iterator* iterator) {
  stateOf(iterator)[kCurrentGrouper] = Value::unbound();
  for (uint32_t steps = 1;; steps++) {  // pass what is left of the group before
    Value* state = stateOf(iterator);
    if (!state[kCurrentKey].isUnbound()) {
      if (state[kTargetKey].isUnbound()) break;
      if (!TRY(equals(thread, state[kTargetKey], state[kCurrentKey]))) break;
    }
    if (!TRY(stepGroup(thread, iterator))) return Value::unbound();
    if ((steps & 0xfff) == 0) TRY(pollEvalBreaker(thread));
  }
  Value* state = stateOf(iterator);
  Value key = state[kCurrentKey];
  state[kTargetKey] = key;
  Value grouper = TRY(makeGrouper(thread, Value::of(iterator), key));
  return makePair(thread, key, grouper);
}

Fallible<Value> advanceGrouper(Thread& thread, Iterator* iterator) {
  Iterator* groups = iterator->source.get().as<Iterator>();
  if (!stateOf(groups)[kCurrentGrouper].is(Value::of(iterator))) return Value::unbound();
  if (stateOf(groups)[kCurrentValue].isUnbound() && !TRY(stepGroup(thread, groups))) return Value::unbound();
  if (!TRY(equals(thread, iterator->extra, stateOf(groups)[kCurrentKey]))) return Value::unbound();
  Value* state = stateOf(groups);
  Value value = state[kCurrentValue];
  state[kCurrentValue] = Value::unbound();
  state[kCurrentKey] = Value::unbound();
  return value;
}

Fallible<Value> advanceTee(Thread& thread, Iterator* iterator) {
  auto* block = iterator->source.get().as<TeeBlock>();
  if (iterator->index >= TeeBlock::kCapacity) {
    block = TRY(nextBlock(thread, block));
    iterator->source.set(Value::of(block));
    iterator->index = 0;
  }
  if (iterator->index < block->count) return block->values[iterator->index++].get();
  if (block->running) return raise(thread, exceptions.RuntimeError, "cannot re-enter the tee iterator");
  block->running = true;
  Fallible<Value> item = nextOf(thread, block->iterator);
  block->running = false;
  if (item.isRaised() || item.value().isUnbound()) return item;
  if (block->count == TeeBlock::kCapacity) return Value::unbound();
  block->values[block->count++].set(item.value());
  iterator->index++;
  return item;
}

Fallible<Value> itertoolsTee(Thread& thread, Value, const Arguments& arguments) {
  TRY(arguments.noKeywords(thread, "itertools.tee"));
  TRY(arguments.count(thread, "tee", 1, 2));
  int64_t n = arguments.positional == 2 ? TRY(ssizeArgument(thread, arguments[1])) : 2;
  if (n < 0) return raiseValueError(thread, "n must be >= 0");
  if (static_cast<uint64_t>(n) > kMaxSequenceLength) return raiseMemoryError(thread);
  Tuple* result = TRY(makeTupleUninitialised(thread, static_cast<uint64_t>(n)));
  if (n == 0) return Value::of(result);
  Value iterator = TRY(iterate(thread, arguments[0]));
  Str* copyName = TRY(intern(thread, "__copy__"));
  Value copy = TRY(getAttributeOrUnbound(thread, iterator, copyName));
  if (copy.isUnbound()) {
    iterator = TRY(teeOf(thread, iterator));
    copy = TRY(getAttribute(thread, iterator, copyName));
  }
  result->items[0].set(iterator);
  for (int64_t i = 1; i < n; i++) result->items[i].set(TRY(call(thread, copy)));
  return Value::of(result);
}

Type* teeBlockType() { return blockType; }

void declareGroups(Thread& thread) {
  TypeBuilder groups =
      declareItertool(thread, "groupby", IteratorCode::kGroupBy, groupByNew, groupByReduce,
                      "groupby(iterable, key=None): each run of items with the same key, behind that key.");
  groups.method("__setstate__", groupBySetState);
  finishItertool(groups, IteratorCode::kGroupBy);
  TypeBuilder grouper =
      declareItertool(thread, "_grouper", IteratorCode::kGrouper, grouperNew, grouperReduce, nullptr, false);
  finishItertool(grouper, IteratorCode::kGrouper);
  TypeBuilder tee = declareItertool(thread, "_tee", IteratorCode::kTee, teeNew, teeReduce,
                                    "One of the iterators that tee() makes; copying it keeps its place.", false);
  tee.flags(Type::kHasWeakref).method("__copy__", teeCopy).method("__setstate__", teeSetState);
  finishItertool(tee, IteratorCode::kTee);
  blockType = TypeBuilder(thread, "_tee_dataobject", types.object, Kind::kNative)
                  .module("itertools")
                  .doc("The items that the iterators of one tee() share.")
                  .constructor(blockNew)
                  .method("__reduce__", blockReduce)
                  .build();
}

}  // namespace krait
