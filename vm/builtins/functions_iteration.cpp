// The built-in functions over iterables: len, iter, next, sorted, sum, min, max, any, all.
#include <cstdlib>

#include "vm/builtins/async_generator.h"
#include "vm/builtins/bytes.h"
#include "vm/builtins/dict.h"
#include "vm/builtins/float.h"
#include "vm/builtins/functions.h"
#include "vm/builtins/int.h"
#include "vm/builtins/iterators.h"
#include "vm/builtins/list.h"
#include "vm/builtins/str.h"

namespace krait {

static RootVector& iterRoot() {
  static RootVector root;
  return root;
}

Value builtinIter() { return iterRoot()[0]; }

// --- len, iter, next -------------------------------------------------------------------------------------------------

static Fallible<Value> builtinLen(Thread& thread, Value container) {
  return makeInt(thread, TRY(length(thread, container)));
}

static Fallible<Value> iterFunction(Thread& thread, Value, const Arguments& arguments) {
  TRY(arguments.noKeywords(thread, "iter"));
  TRY(arguments.count(thread, "iter", 1, 2));
  if (arguments.positional == 1) return iterate(thread, arguments[0]);
  if (!isCallable(arguments[0])) return raiseTypeError(thread, "iter(v, w): v must be callable");
  return makeCallableIterator(thread, arguments[0], arguments[1]);
}

// Unlike next() of operations.h it lets a StopIteration through as it is: with the generator's return value.
static Fallible<Value> builtinNext(Thread& thread, Value, const Arguments& arguments) {
  TRY(arguments.noKeywords(thread, "next"));
  TRY(arguments.count(thread, "next", 1, 2));
  Value iterator = arguments[0], fallback = arguments.positional == 2 ? arguments[1] : Value::unbound();
  if (!isIterator(iterator)) return raiseTypeError(thread, "'{}' object is not an iterator", nameOf(iterator));
  Fallible<Value> item = callSpecial(thread, specialMethod(iterator, Special::k__next__), iterator);
  if (!item.isRaised() || fallback.isUnbound() || !pendingMatches(thread, exceptions.StopIteration)) return item;
  clearException(thread);
  return fallback;
}

// --- sorted ----------------------------------------------------------------------------------------------------------

static Fallible<Value> builtinSorted(Thread& thread, Value, const Arguments& arguments) {
  TRY(arguments.count(thread, "sorted", 1, 1));
  List* list = TRY(listFromIterable(thread, arguments[0]));
  static constexpr Parameters kSort{"sort", {"*", "key", "reverse"}, 0};
  Arguments keywords{arguments.first + 1, 0, arguments.keywordNames};
  Value bound[2];
  TRY(kSort.bind(thread, keywords, bound));
  bool reverse = false;
  if (!bound[1].isUnbound()) {
    Value flag = TRY(index(thread, bound[1]));
    reverse = intCompare(flag, Value::inlineInt(0)) != 0;
  }
  TRY(listSort(thread, list, bound[0].isUnbound() ? Value::none() : bound[0], reverse));
  return Value::of(list);
}

// --- sum -------------------------------------------------------------------------------------------------------------

// A running total: an int64 or a double as long as the items allow, else any object. Floats are added one by one,
// without compensation, as CPython 3.11 does.
class Total {
 public:
  Total(Thread& thread, Value start) : thread_(thread), object_(start) { unbox(); }

  Fallible<void> add(Value item) {
    if (mode_ == kInt) {
      if (item.isInlineInt() && !__builtin_add_overflow(int_, item.asInlineInt(), &int_)) return {};
      if (item.isFalse() || (item.isTrue() && !__builtin_add_overflow(int_, 1, &int_))) return {};
    } else if (mode_ == kFloat) {
      if (item.isInlineFloat() || item.isFloatZero() || isKind(item, Kind::kFloat)) {
        float_ += floatValue(item);
        return {};
      }
      if (item.isInlineInt()) {
        float_ += static_cast<double>(item.asInlineInt());
        return {};
      }
    }
    Value left = TRY(value());
    object_ = TRY(binaryOperation(thread_, BinaryOperator::kAdd, left, item));
    unbox();
    return {};
  }

  Fallible<Value> value() {
    if (mode_ == kInt) return makeInt(thread_, int_);
    if (mode_ == kFloat) return makeFloat(thread_, float_);
    return object_;
  }

 private:
  void unbox() {
    if (object_.isInlineInt()) {
      mode_ = kInt;
      int_ = object_.asInlineInt();
    } else if (typeOf(object_) == types.float_) {
      mode_ = kFloat;
      float_ = floatValue(object_);
    } else {
      mode_ = kObject;
    }
  }

  Thread& thread_;
  Value object_;
  enum { kInt, kFloat, kObject } mode_ = kObject;
  int64_t int_ = 0;
  double float_ = 0;
};

static Fallible<Value> builtinSum(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kSum{"sum", {"iterable", "/", "start"}, 1};
  if (arguments.positional == 0) return raiseTypeError(thread, "sum() takes at least 1 positional argument (0 given)");
  Value bound[2];
  TRY(kSum.bind(thread, arguments, bound));
  Value start = bound[1].isUnbound() ? Value::inlineInt(0) : bound[1];
  const char* refused = isInstanceOf(start, types.str)         ? "strings [use ''.join(seq) instead]"
                        : isInstanceOf(start, types.bytes)     ? "bytes [use b''.join(seq) instead]"
                        : isInstanceOf(start, types.bytearray) ? "bytearray [use b''.join(seq) instead]"
                                                               : nullptr;
  if (refused != nullptr) {
    TRY(iterate(thread, bound[0]));  // what is not iterable is reported first
    return raiseTypeError(thread, "sum() can't sum {}", refused);
  }
  Value iterable = bound[0];
  if (start.isInlineInt() && (typeOf(iterable) == types.bytes || typeOf(iterable) == types.bytearray)) {
    std::string_view bytes;
    bufferView(iterable, bytes);
    int64_t sum = 0;  // as wide as it can become: 2^47 bytes of 255 and an inline int
    for (char byte : bytes) sum += static_cast<uint8_t>(byte);
    return makeInt(thread, start.asInlineInt() + sum);
  }
  Total total(thread, start);
  TRY(forEach(thread, iterable, [&](Value item) -> Fallible<bool> {
    TRY(total.add(item));
    return true;
  }));
  return total.value();
}

// --- min, max --------------------------------------------------------------------------------------------------------

static Fallible<Value> extreme(Thread& thread, const Arguments& arguments, const char* name, Comparison wins) {
  if (arguments.positional == 0) TRY(arguments.count(thread, name, 1, UINT32_MAX));
  Parameters parameters{name, {"*", "key", "default"}, 0};
  Arguments keywords{arguments.first + arguments.positional, 0, arguments.keywordNames};
  Value bound[2];
  TRY(parameters.bind(thread, keywords, bound));
  Value key = bound[0].isUnbound() ? Value::none() : bound[0], fallback = bound[1];
  if (arguments.positional > 1 && !fallback.isUnbound()) {
    return raiseTypeError(thread, "Cannot specify a default for {}() with multiple positional arguments", name);
  }
  Value best = Value::unbound(), bestKey = Value::unbound();
  auto consider = [&](Value item) -> Fallible<bool> {
    Value itemKey = key.isNone() ? item : TRY(call(thread, key, item));
    if (best.isUnbound() || TRY(compareTruth(thread, wins, itemKey, bestKey))) {
      best = item;
      bestKey = itemKey;
    }
    return true;
  };
  if (arguments.positional == 1) {
    TRY(forEach(thread, arguments[0], consider));
  } else {
    for (Value item : arguments.positionals()) TRY(consider(item));
  }
  if (!best.isUnbound()) return best;
  if (!fallback.isUnbound()) return fallback;
  return raiseValueError(thread, "{}() arg is an empty sequence", name);
}

static Fallible<Value> builtinMin(Thread& thread, Value, const Arguments& arguments) {
  return extreme(thread, arguments, "min", Comparison::kLess);
}
static Fallible<Value> builtinMax(Thread& thread, Value, const Arguments& arguments) {
  return extreme(thread, arguments, "max", Comparison::kGreater);
}

// --- any, all --------------------------------------------------------------------------------------------------------

static Fallible<Value> builtinAny(Thread& thread, Value iterable) {
  bool found = false;
  TRY(forEach(thread, iterable, [&](Value item) -> Fallible<bool> {
    found = TRY(isTrue(thread, item));
    return !found;
  }));
  return Value::boolean(found);
}
static Fallible<Value> builtinAll(Thread& thread, Value iterable) {
  bool all = true;
  TRY(forEach(thread, iterable, [&](Value item) -> Fallible<bool> {
    all = TRY(isTrue(thread, item));
    return all;
  }));
  return Value::boolean(all);
}

void registerIterationFunctions(Thread& thread, Dict* builtins) {
  Fallible<Builtin*> iter = makeBuiltin(thread, "iter", iterFunction);
  if (iter.isRaised() || !iterRoot().push(Value::of(iter.value()))) std::abort();
  BuiltinFunctions(thread, builtins)
      .add("len", builtinLen)
      .put(iter)
      .add("next", builtinNext)
      .add("aiter", builtinAiter)
      .add("anext", builtinAnext)
      .add("sorted", builtinSorted)
      .add("sum", builtinSum)
      .add("min", builtinMin)
      .add("max", builtinMax)
      .add("any", builtinAny)
      .add("all", builtinAll);
}

}  // namespace krait
