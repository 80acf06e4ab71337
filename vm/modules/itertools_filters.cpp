// Module itertools: compress, dropwhile, takewhile, filterfalse and starmap, which ask a function or a selector; count
// and repeat, which need no iterable.
#include "vm/builtins/str.h"
#include "vm/modules/itertools_internal.h"

namespace krait {
namespace {

Fallible<Value> makeWithFunction(Thread& thread, Value type, IteratorCode code, const Arguments& arguments,
                                 const char* name) {
  TRY(refuseKeywords(thread, type, code, arguments, name));
  TRY(arguments.count(thread, name, 2, 2));
  Value iterator = TRY(iterate(thread, arguments[1]));
  Iterator* made = TRY(makeItertool(thread, type, code, iterator));
  made->extra.set(arguments[0]);
  return Value::of(made);
}
Fallible<Value> dropWhileNew(Thread& thread, Value self, const Arguments& arguments) {
  return makeWithFunction(thread, self, IteratorCode::kDropWhile, arguments, "dropwhile");
}
Fallible<Value> takeWhileNew(Thread& thread, Value self, const Arguments& arguments) {
  return makeWithFunction(thread, self, IteratorCode::kTakeWhile, arguments, "takewhile");
}
Fallible<Value> filterFalseNew(Thread& thread, Value self, const Arguments& arguments) {
  return makeWithFunction(thread, self, IteratorCode::kFilterFalse, arguments, "filterfalse");
}
Fallible<Value> starMapNew(Thread& thread, Value self, const Arguments& arguments) {
  return makeWithFunction(thread, self, IteratorCode::kStarMap, arguments, "starmap");
}

Fallible<Value> reduceFunction(Thread& thread, Value self) {
  Iterator* iterator = self.as<Iterator>();
  Value arguments = TRY(packTuple(thread, {iterator->extra, iterator->source}));
  return packTuple(thread, {Value::of(typeOf(self)), arguments});
}
Fallible<Value> reduceDecided(Thread& thread, Value self) {
  Iterator* iterator = self.as<Iterator>();
  Value arguments = TRY(packTuple(thread, {iterator->extra, iterator->source}));
  return packTuple(thread, {Value::of(typeOf(self)), arguments, Value::inlineInt(iterator->index)});
}
Fallible<Value> setDecided(Thread& thread, Value self, Value state) {
  self.as<Iterator>()->index = TRY(isTrue(thread, state));
  return Value::none();
}

Fallible<Value> compressNew(Thread& thread, Value self, const Arguments& arguments) {
  static constexpr Parameters kParameters{"compress", {"data", "selectors"}, 2};
  Value values[2];
  TRY(kParameters.bind(thread, arguments, values));
  Value data = TRY(iterate(thread, values[0])), selectors = TRY(iterate(thread, values[1]));
  Iterator* made = TRY(makeItertool(thread, self, IteratorCode::kCompress, data));
  made->extra.set(selectors);
  return Value::of(made);
}
Fallible<Value> compressReduce(Thread& thread, Value self) {
  Iterator* iterator = self.as<Iterator>();
  Value arguments = TRY(packTuple(thread, {iterator->source, iterator->extra}));
  return packTuple(thread, {Value::of(typeOf(self)), arguments});
}

// --- count -----------------------------------------------------------------------------------------------------------

bool isNumber(Value v) {
  if (isInt(v)) return true;
  for (Special s : {Special::k__index__, Special::k__int__, Special::k__float__})
    if (!specialMethod(v, s).isUnbound()) return true;
  return isInstanceOf(v, types.complex);
}
bool isPlainInt(Value v) { return typeOf(v) == types.int_ && toInt64(v).has_value(); }

Fallible<Value> countNew(Thread& thread, Value self, const Arguments& arguments) {
  static constexpr Parameters kParameters{"count", {"start", "step"}, 0};
  Value values[2];
  TRY(kParameters.bind(thread, arguments, values));
  Value start = values[0].isUnbound() ? Value::inlineInt(0) : values[0];
  Value step = values[1].isUnbound() ? Value::inlineInt(1) : values[1];
  if (!isNumber(start) || !isNumber(step)) return raiseTypeError(thread, "a number is required");
  bool byOne = isInt(step) && toInt64(step) == std::optional<int64_t>(1);
  bool isQuick = byOne ? toInt64(start).has_value() : isPlainInt(start) && isPlainInt(step);
  Value state = isQuick ? Value::unbound() : TRY(makeState(thread, {start, byOne ? Value::inlineInt(1) : step}));
  Iterator* made = TRY(makeItertool(thread, self, IteratorCode::kCount, Value::none()));
  made->extra.set(state);
  if (isQuick) {
    made->index = *toInt64(start);
    made->step = *toInt64(step);
  }
  return Value::of(made);
}

Fallible<Value> countReduce(Thread& thread, Value self) {
  Iterator* iterator = self.as<Iterator>();
  Value type = Value::of(typeOf(self));
  if (!iterator->extra.get().isUnbound()) {
    Value* state = stateOf(iterator);
    return packTuple(thread, {type, TRY(packTuple(thread, {state[0], state[1]}))});
  }
  Value count = TRY(makeInt(thread, iterator->index)), step = TRY(makeInt(thread, iterator->step));
  bool isLast = iterator->index == INT64_MAX;  // where CPython's own quick way ends
  if (iterator->step == 1 && !isLast) return packTuple(thread, {type, TRY(packTuple(thread, {count}))});
  return packTuple(thread, {type, TRY(packTuple(thread, {count, step}))});
}

Fallible<Value> countRepr(Thread& thread, Value self) {
  Iterator* iterator = self.as<Iterator>();
  bool isQuick = iterator->extra.get().isUnbound();
  Value count = isQuick ? TRY(makeInt(thread, iterator->index)) : stateOf(iterator)[0];
  Value step = isQuick ? TRY(makeInt(thread, iterator->step)) : stateOf(iterator)[1];
  StrBuilder text;
  text.append(typeOf(self)->name).append("(").append(TRY(repr(thread, count)));
  bool isOne = isInt(step) && toInt64(step) == std::optional<int64_t>(1);
  if (!isOne) text.append(", ").append(TRY(repr(thread, step)));
  return Value::of(TRY(text.append(")").build(thread)));
}

// --- repeat ----------------------------------------------------------------------------------------------------------

Fallible<Value> repeatNew(Thread& thread, Value self, const Arguments& arguments) {
  static constexpr Parameters kParameters{"repeat", {"object", "times"}, 1};
  Value values[2];
  TRY(kParameters.bind(thread, arguments, values));
  int64_t times = -1;
  if (!values[1].isUnbound()) times = std::max<int64_t>(0, TRY(ssizeArgument(thread, values[1])));
  Iterator* made = TRY(makeItertool(thread, self, IteratorCode::kRepeat, values[0]));
  made->index = times;
  return Value::of(made);
}

Fallible<Value> repeatReduce(Thread& thread, Value self) {
  Iterator* iterator = self.as<Iterator>();
  Value type = Value::of(typeOf(self)), object = iterator->source;
  if (iterator->index < 0) return packTuple(thread, {type, TRY(packTuple(thread, {object}))});
  Value left = TRY(makeInt(thread, iterator->index));
  return packTuple(thread, {type, TRY(packTuple(thread, {object, left}))});
}

Fallible<Value> repeatRepr(Thread& thread, Value self) {
  Iterator* iterator = self.as<Iterator>();
  StrBuilder text;
  text.append(typeOf(self)->name).append("(").append(TRY(repr(thread, iterator->source)));
  if (iterator->index >= 0) text.append(", ").append(std::to_string(iterator->index));
  return Value::of(TRY(text.append(")").build(thread)));
}

Fallible<Value> repeatLengthHint(Thread& thread, Value self) {
  if (self.as<Iterator>()->index < 0) return raiseTypeError(thread, "len() of unsized object");
  return makeInt(thread, self.as<Iterator>()->index);
}

}  // namespace

void declareFilters(Thread& thread) {
  struct Declaration {
    const char* name;
    IteratorCode code;
    NativeVariadic make;
    Native1 reduce;
    const char* doc;
  };
  const Declaration declarations[] = {
      {"compress", IteratorCode::kCompress, compressNew, compressReduce,
       "compress(data, selectors): the items whose selector is true."},
      {"dropwhile", IteratorCode::kDropWhile, dropWhileNew, reduceDecided,
       "Drop items from the iterable while predicate(item) is true; afterwards, return every element."},
      {"takewhile", IteratorCode::kTakeWhile, takeWhileNew, reduceDecided,
       "takewhile(predicate, iterable): the items before the first that fails."},
      {"filterfalse", IteratorCode::kFilterFalse, filterFalseNew, reduceFunction,
       "filterfalse(function or None, iterable): the items that the function, or their own truth, refuses."},
      {"starmap", IteratorCode::kStarMap, starMapNew, reduceFunction,
       "starmap(function, iterable): function(*item) for every item."},
  };
  for (const Declaration& d : declarations) {
    TypeBuilder builder = declareItertool(thread, d.name, d.code, d.make, d.reduce, d.doc);
    if (d.reduce == reduceDecided) builder.method("__setstate__", setDecided);
    finishItertool(builder, d.code);
  }
}

void declareCounters(Thread& thread) {
  TypeBuilder count = declareItertool(thread, "count", IteratorCode::kCount, countNew, countReduce,
                                      "count(start=0, step=1): start, start + step, and so on for ever.");
  count.special("__repr__", countRepr);
  finishItertool(count, IteratorCode::kCount);
  TypeBuilder repeat = declareItertool(thread, "repeat", IteratorCode::kRepeat, repeatNew, repeatReduce,
                                       "repeat(object[, times]): the object, for the given number of times or "
                                       "endlessly.");
  repeat.special("__repr__", repeatRepr).method("__length_hint__", repeatLengthHint);
  finishItertool(repeat, IteratorCode::kRepeat);
}

}  // namespace krait
