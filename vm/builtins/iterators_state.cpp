// How much is left of a built-in iterator, and how it is pickled and restored.
#include <algorithm>

#include "vm/builtins/bytearray.h"
#include "vm/builtins/bytes.h"
#include "vm/builtins/dict.h"
#include "vm/builtins/functions.h"
#include "vm/builtins/int.h"
#include "vm/builtins/iterators_internal.h"
#include "vm/builtins/list.h"
#include "vm/builtins/range.h"
#include "vm/builtins/set.h"
#include "vm/builtins/str.h"
#include "vm/builtins/tuple.h"

namespace krait {

// Length of the container of an iterator that walks it by index.
static int64_t sourceLength(const Iterator* iterator) {
  Value source = iterator->source;
  switch (iterator->code()) {
    case IteratorCode::kList:
    case IteratorCode::kListReverse: return static_cast<int64_t>(source.as<List>()->length);
    case IteratorCode::kTuple: return static_cast<int64_t>(source.as<Tuple>()->length);
    case IteratorCode::kStr: return static_cast<int64_t>(source.as<Str>()->length);
    case IteratorCode::kBytes: return static_cast<int64_t>(source.as<Bytes>()->length);
    case IteratorCode::kBytearray: return static_cast<int64_t>(source.as<Bytearray>()->length);
    default: return 0;
  }
}

Fallible<Value> iteratorLengthHint(Thread& thread, Value self) {
  Iterator* iterator = self.as<Iterator>();
  if (iterator->isExhausted()) return Value::inlineInt(0);
  Value source = iterator->source;
  switch (iterator->code()) {
    case IteratorCode::kRange: return makeInt(thread, iterator->stop);
    case IteratorCode::kLongRange: return intSubtract(thread, source.as<Range>()->length, iterator->extra);
    case IteratorCode::kSet:
      return Value::inlineInt(iterator->stop == static_cast<int64_t>(source.as<Set>()->used) ? iterator->step : 0);
    case IteratorCode::kDictKey:
    case IteratorCode::kDictValue:
    case IteratorCode::kDictItem:
    case IteratorCode::kDictReverseKey:
    case IteratorCode::kDictReverseValue:
    case IteratorCode::kDictReverseItem:
      return Value::inlineInt(iterator->stop == static_cast<int64_t>(source.as<Dict>()->length) ? iterator->step : 0);
    case IteratorCode::kSequence: {
      if (specialMethod(source, Special::k__len__).isUnbound()) return Value::notImplemented();
      return Value::inlineInt(std::max<int64_t>(0, TRY(length(thread, source)) - iterator->index));
    }
    case IteratorCode::kReversed: {
      if (iterator->index < 0) return Value::inlineInt(0);
      int64_t left = iterator->index + 1;
      return Value::inlineInt(TRY(length(thread, source)) < left ? 0 : left);
    }
    case IteratorCode::kListReverse: {
      int64_t left = iterator->index + 1;
      return Value::inlineInt(sourceLength(iterator) < left ? 0 : left);
    }
    default: return Value::inlineInt(std::max<int64_t>(0, sourceLength(iterator) - iterator->index));
  }
}

// --- __reduce__ ------------------------------------------------------------------------------------------------------

static Fallible<Value> reduceTo(Thread& thread, Value callable, std::initializer_list<Value> arguments,
                                Value stateOrUnbound = Value::unbound()) {
  Value packed = Value::of(TRY(makeTuple(thread, arguments)));
  if (stateOrUnbound.isUnbound()) return Value::of(TRY(makeTuple(thread, {callable, packed})));
  return Value::of(TRY(makeTuple(thread, {callable, packed, stateOrUnbound})));
}

// What is left, as a list; the iterator itself does not move.
static Fallible<List*> remaining(Thread& thread, const Iterator* iterator) {
  Iterator* copy = TRY(allocate<Iterator>(thread, Kind::kIterator, iterator->shape()));
  copy->aux = iterator->aux;
  copy->source.set(iterator->source);
  copy->extra.set(iterator->extra);
  copy->index = iterator->index;
  copy->stop = iterator->stop;
  copy->step = iterator->step;
  List* items = TRY(makeList(thread, {}));
  for (;;) {
    Value item = TRY(advance(thread, copy));
    if (item.isUnbound()) return items;
    TRY(listAppend(thread, items, item));
  }
}

// An exhausted iterator is pickled as the iterator of something empty.
static Fallible<Value> reduceExhausted(Thread& thread, IteratorCode code, Value iter) {
  switch (code) {
    case IteratorCode::kList:
    case IteratorCode::kListReverse: return reduceTo(thread, iter, {Value::of(TRY(makeList(thread, {})))});
    case IteratorCode::kStr: return reduceTo(thread, iter, {Value::of(emptyStr())});
    case IteratorCode::kReversed: return reduceTo(thread, Value::of(types.reversed), {Value::of(emptyTuple())});
    default: return reduceTo(thread, iter, {Value::of(emptyTuple())});
  }
}

Fallible<Value> iteratorReduce(Thread& thread, Value self) {
  Iterator* iterator = self.as<Iterator>();
  Value iter = builtinIter(), source = iterator->source;
  switch (iterator->code()) {
    case IteratorCode::kDictKey:
    case IteratorCode::kDictValue:
    case IteratorCode::kDictItem:
    case IteratorCode::kDictReverseKey:
    case IteratorCode::kDictReverseValue:
    case IteratorCode::kDictReverseItem:
    case IteratorCode::kSet: return reduceTo(thread, iter, {Value::of(TRY(remaining(thread, iterator)))});
    default: break;
  }
  if (iterator->isExhausted()) return reduceExhausted(thread, iterator->code(), iter);
  switch (iterator->code()) {
    case IteratorCode::kRange: {
      int64_t consumed = *toInt64(source.as<Range>()->length) - iterator->stop;
      return reduceTo(thread, iter, {source}, TRY(makeInt(thread, consumed)));
    }
    case IteratorCode::kLongRange: return reduceTo(thread, iter, {source}, iterator->extra);
    case IteratorCode::kCallable: return reduceTo(thread, iter, {source, iterator->extra});
    case IteratorCode::kListReverse:
    case IteratorCode::kReversed:
      return reduceTo(thread, Value::of(types.reversed), {source}, Value::inlineInt(iterator->index));
    default: return reduceTo(thread, iter, {source}, TRY(makeInt(thread, iterator->index)));
  }
}

// --- __setstate__ ----------------------------------------------------------------------------------------------------

static Fallible<int64_t> stateIndex(Thread& thread, Value state) {
  if (!isInt(state) && specialMethod(state, Special::k__index__).isUnbound())
    return raiseTypeError(thread, "an integer is required");
  std::optional<int64_t> i = toInt64(TRY(index(thread, state)));
  if (!i) return raise(thread, exceptions.OverflowError, "Python int too large to convert to C ssize_t");
  return *i;
}

static Fallible<void> setLongRangeState(Thread& thread, Iterator* iterator, Value state) {
  if (!isInt(state)) return raiseTypeError(thread, "state must be an int, not {}", nameOf(state));
  Value i = *toInt(state), length = iterator->source.get().as<Range>()->length;
  if (intCompare(i, Value::inlineInt(0)) < 0) i = Value::inlineInt(0);
  iterator->extra.set(intCompare(i, length) > 0 ? length : i);
  return {};
}

Fallible<Value> iteratorSetState(Thread& thread, Value self, Value state) {
  Iterator* iterator = self.as<Iterator>();
  if (iterator->code() == IteratorCode::kLongRange) {
    TRY(setLongRangeState(thread, iterator, state));
    return Value::none();
  }
  int64_t i = TRY(stateIndex(thread, state));
  if (iterator->isExhausted()) return Value::none();
  switch (iterator->code()) {
    case IteratorCode::kRange: {
      Range* range = iterator->source.get().as<Range>();
      int64_t all = *toInt64(range->length);
      i = std::clamp<int64_t>(i, 0, all);
      iterator->stop = all - i;
      iterator->index = static_cast<int64_t>(static_cast<uint64_t>(*toInt64(range->start)) +
                                             static_cast<uint64_t>(i) * static_cast<uint64_t>(iterator->step));
      break;
    }
    case IteratorCode::kListReverse: iterator->index = std::clamp<int64_t>(i, -1, sourceLength(iterator) - 1); break;
    case IteratorCode::kReversed:
      iterator->index = std::clamp<int64_t>(i, -1, TRY(length(thread, iterator->source)) - 1);
      break;
    case IteratorCode::kList:
    case IteratorCode::kSequence:
    case IteratorCode::kBytearray: iterator->index = std::max<int64_t>(i, 0); break;
    default: iterator->index = std::clamp<int64_t>(i, 0, sourceLength(iterator)); break;
  }
  return Value::none();
}

}  // namespace krait
