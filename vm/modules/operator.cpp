// Module _operator: Python's operators as functions; itemgetter, attrgetter and methodcaller have a file of their own.
#include "vm/modules/operator.h"
#include "vm/builtins/bytes.h"
#include "vm/builtins/int.h"
#include "vm/builtins/module.h"
#include "vm/builtins/str.h"
#include "vm/modules/registry.h"

namespace krait {
namespace {

template <BinaryOperator kOperator>
Fallible<Value> binary(Thread& thread, Value left, Value right) {
  return binaryOperation(thread, kOperator, left, right);
}
template <Comparison kComparison>
Fallible<Value> comparison(Thread& thread, Value left, Value right) {
  return compare(thread, kComparison, left, right);
}
template <Fallible<Value> (*operation)(Thread&, Value)>
Fallible<Value> unary(Thread& thread, Value operand) {
  return operation(thread, operand);
}

Fallible<Value> truth(Thread& thread, Value v) { return Value::boolean(TRY(isTrue(thread, v))); }
Fallible<Value> notTrue(Thread& thread, Value v) { return Value::boolean(!TRY(isTrue(thread, v))); }
Fallible<Value> isSame(Thread&, Value left, Value right) { return Value::boolean(left.is(right)); }
Fallible<Value> isOther(Thread&, Value left, Value right) { return Value::boolean(!left.is(right)); }

bool isSequence(Value v) { return !isKind(v, Kind::kDict) && !specialMethod(v, Special::k__getitem__).isUnbound(); }
Fallible<Value> concatenate(Thread& thread, BinaryOperator op, Value left, Value right) {
  bool native = isKind(left, Kind::kList) || isKind(left, Kind::kTuple) || isKind(left, Kind::kStr) ||
                isKind(left, Kind::kBytes) || isKind(left, Kind::kByteBuffer);
  if (!isSequence(left) || (!native && !isSequence(right)))
    return raiseTypeError(thread, "'{}' object can't be concatenated", nameOf(left));
  return binaryOperation(thread, op, left, right);
}
Fallible<Value> concat(Thread& thread, Value left, Value right) {
  return concatenate(thread, BinaryOperator::kAdd, left, right);
}
Fallible<Value> inplaceConcat(Thread& thread, Value left, Value right) {
  return concatenate(thread, BinaryOperator::kInplaceAdd, left, right);
}

Fallible<Value> containsFunction(Thread& thread, Value container, Value element) {
  return Value::boolean(TRY(contains(thread, container, element)));
}
Fallible<Value> iterateForSearch(Thread& thread, Value container) {
  Fallible<Value> iterator = iterate(thread, container);
  if (!iterator.isRaised() || !pendingMatches(thread, exceptions.TypeError)) return iterator;
  clearException(thread);
  return raiseTypeError(thread, "argument of type '{}' is not iterable", nameOf(container));
}
Fallible<Value> countOf(Thread& thread, Value container, Value element) {
  int64_t found = 0;
  TRY(forEach(thread, TRY(iterateForSearch(thread, container)), [&](Value v) -> Fallible<bool> {
    if (TRY(equals(thread, v, element))) found++;
    return true;
  }));
  return Value::inlineInt(found);
}
Fallible<Value> indexOf(Thread& thread, Value container, Value element) {
  int64_t position = 0;
  bool found = false;
  TRY(forEach(thread, TRY(iterateForSearch(thread, container)), [&](Value v) -> Fallible<bool> {
    found = TRY(equals(thread, v, element));
    if (!found) position++;
    return !found;
  }));
  if (!found) return raiseValueError(thread, "sequence.index(x): x not in sequence");
  return Value::inlineInt(position);
}

Fallible<Value> setItemFunction(Thread& thread, Value container, Value key, Value value) {
  TRY(setItem(thread, container, key, value));
  return Value::none();
}
Fallible<Value> deleteItemFunction(Thread& thread, Value container, Value key) {
  TRY(deleteItem(thread, container, key));
  return Value::none();
}
Fallible<Value> powerFunction(Thread& thread, Value base, Value exponent) {
  return power(thread, base, exponent, Value::none());
}

Fallible<Value> lengthHintFunction(Thread& thread, Value object, Value defaultOrUnbound) {
  int64_t missing = 0;
  if (!defaultOrUnbound.isUnbound()) missing = TRY(indexAsInt64(thread, defaultOrUnbound, exceptions.OverflowError));
  return makeInt(thread, TRY(lengthHint(thread, object, missing)));
}

Fallible<Value> callFunction(Thread& thread, Value, const Arguments& arguments) {
  if (arguments.positional < 1) return raiseTypeError(thread, "call expected at least 1 argument, got 0");
  size_t rest = arguments.positional - 1 + size_t{arguments.keywordCount()};
  return call(thread, arguments[0], std::span<const Value>(arguments.first + 1, rest), arguments.keywordNames);
}

// Takes as long for texts that differ early as for those that differ late.
Fallible<Value> compareDigest(Thread& thread, Value left, Value right) {
  std::string_view a, b;
  if (Str* s = toStr(left), *t = toStr(right); s != nullptr && t != nullptr) {
    if (!s->isAscii() || !t->isAscii())
      return raiseTypeError(thread, "comparing strings with non-ASCII characters is not supported");
    a = s->asciiView();
    b = t->asciiView();
  } else if (!bufferView(left, a) && !bufferView(right, b)) {
    return raiseTypeError(thread, "unsupported operand types(s) or combination of types: '{}' and '{}'", nameOf(left),
                          nameOf(right));
  } else {
    a = TRY(requireBuffer(thread, left));
    b = TRY(requireBuffer(thread, right));
  }
  volatile uint8_t difference = a.size() != b.size();
  std::string_view compared = a.size() == b.size() ? a : b;
  for (size_t i = 0; i < b.size(); i++)
    difference = static_cast<uint8_t>(difference | (static_cast<uint8_t>(compared[i]) ^ static_cast<uint8_t>(b[i])));
  return Value::boolean(difference == 0);
}

}  // namespace

Module* moduleOperator(Thread& thread) {
  using B = BinaryOperator;
  ModuleBuilder builder(thread, "_operator", "The operators as functions.");
  const std::pair<const char*, Native2> binaries[] = {
      {"add", binary<B::kAdd>},
      {"sub", binary<B::kSubtract>},
      {"mul", binary<B::kMultiply>},
      {"matmul", binary<B::kMatrixMultiply>},
      {"floordiv", binary<B::kFloorDivide>},
      {"truediv", binary<B::kTrueDivide>},
      {"mod", binary<B::kRemainder>},
      {"pow", powerFunction},
      {"lshift", binary<B::kLeftShift>},
      {"rshift", binary<B::kRightShift>},
      {"and_", binary<B::kAnd>},
      {"xor", binary<B::kXor>},
      {"or_", binary<B::kOr>},
      {"iadd", binary<B::kInplaceAdd>},
      {"isub", binary<B::kInplaceSubtract>},
      {"imul", binary<B::kInplaceMultiply>},
      {"imatmul", binary<B::kInplaceMatrixMultiply>},
      {"ifloordiv", binary<B::kInplaceFloorDivide>},
      {"itruediv", binary<B::kInplaceTrueDivide>},
      {"imod", binary<B::kInplaceRemainder>},
      {"ipow", binary<B::kInplacePower>},
      {"ilshift", binary<B::kInplaceLeftShift>},
      {"irshift", binary<B::kInplaceRightShift>},
      {"iand", binary<B::kInplaceAnd>},
      {"ixor", binary<B::kInplaceXor>},
      {"ior", binary<B::kInplaceOr>},
      {"lt", comparison<Comparison::kLess>},
      {"le", comparison<Comparison::kLessEqual>},
      {"eq", comparison<Comparison::kEqual>},
      {"ne", comparison<Comparison::kNotEqual>},
      {"gt", comparison<Comparison::kGreater>},
      {"ge", comparison<Comparison::kGreaterEqual>},
      {"is_", isSame},
      {"is_not", isOther},
      {"concat", concat},
      {"iconcat", inplaceConcat},
      {"contains", containsFunction},
      {"countOf", countOf},
      {"indexOf", indexOf},
      {"getitem", getItem},
      {"delitem", deleteItemFunction},
      {"_compare_digest", compareDigest},
  };
  for (auto [name, function] : binaries) builder.function(name, function);
  const std::pair<const char*, Native1> unaries[] = {
      {"neg", unary<negative>}, {"pos", unary<positive>},       {"inv", unary<invert>}, {"invert", unary<invert>},
      {"abs", unary<absolute>}, {"index", unary<krait::index>}, {"truth", truth},       {"not_", notTrue},
  };
  for (auto [name, function] : unaries) builder.function(name, function);
  builder.function("setitem", setItemFunction)
      .function("length_hint", lengthHintFunction, 1)
      .variadic("call", callFunction);
  declareGetters(thread, builder);
  return builder.build();
}

}  // namespace krait
