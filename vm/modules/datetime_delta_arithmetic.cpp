// timedelta's arithmetic, on microseconds: 67 bits are enough for every timedelta, ints of any size take the slow way.
#include <cmath>

#include "vm/builtins/float.h"
#include "vm/modules/datetime_internal.h"

namespace krait {

Fallible<Value> subtractDeltas(Thread& thread, const DeltaObject* left, const DeltaObject* right) {
  return makeDelta(thread, int64_t{left->days} - right->days, int64_t{left->seconds} - right->seconds,
                   int64_t{left->microseconds} - right->microseconds);
}

namespace {

// --- division ---------------------------------------------------------------------------------------------------------
enum class Rounding { kFloor, kHalfEven };

// Requires b != 0; |a|, |b| < 2^126.
Wide divide(Wide a, Wide b, Rounding rounding) {
  if (b < 0) {
    a = -a;
    b = -b;
  }
  Wide quotient = a / b, rest = a % b;
  if (rest < 0) {
    rest += b;
    quotient--;
  }
  if (rounding == Rounding::kHalfEven && (rest > b - rest || (rest == b - rest && (quotient & 1) != 0))) quotient++;
  return quotient;
}

// The same of ints of any size.
Fallible<Value> divideInts(Thread& thread, Value a, Value b, Rounding rounding) {
  if (intCompare(b, Value::inlineInt(0)) < 0) {
    a = TRY(intNegate(thread, a));
    b = TRY(intNegate(thread, b));
  }
  Value quotient, rest;
  TRY(intDivmod(thread, a, b, quotient, rest));
  if (rounding == Rounding::kFloor) return quotient;
  int order = intCompare(TRY(intAdd(thread, rest, rest)), b);
  bool isOdd = !TRY(intAnd(thread, quotient, Value::inlineInt(1))).is(Value::inlineInt(0));
  if (order > 0 || (order == 0 && isOdd)) return intAdd(thread, quotient, Value::inlineInt(1));
  return quotient;
}

KRAIT_COLD Raised raiseDivision(Thread& thread, const char* message) {
  return raise(thread, exceptions.ZeroDivisionError, message);
}
constexpr const char* kNoDivision = "integer division or modulo by zero";

Fallible<Value> divideByInt(Thread& thread, const DeltaObject* delta, Value divisor, Rounding rounding) {
  Wide total = microsecondsOf(delta);
  if (std::optional<int64_t> narrow = toInt64(divisor)) {
    if (*narrow == 0) return raiseDivision(thread, kNoDivision);
    return deltaOfMicroseconds(thread, divide(total, *narrow, rounding), datetimeTypes.delta);
  }
  Value quotient = TRY(divideInts(thread, TRY(makeWideInt(thread, total)), *toInt(divisor), rounding));
  return deltaOfInt(thread, quotient, datetimeTypes.delta);
}

// --- floats -----------------------------------------------------------------------------------------------------------
// A float is mantissa * 2^exponent exactly; the mantissa is odd, or 0.
struct Ratio {
  int64_t mantissa;
  int exponent;
};
Fallible<Ratio> ratioOf(Thread& thread, double value) {
  if (std::isnan(value)) return raiseValueError(thread, "cannot convert NaN to integer ratio");
  if (std::isinf(value)) {
    return raise(thread, exceptions.OverflowError, "cannot convert Infinity to integer ratio");
  }
  if (value == 0) return Ratio{0, 0};
  int exponent;
  auto mantissa = static_cast<int64_t>(std::ldexp(std::frexp(value, &exponent), 53));
  int zeroes = __builtin_ctzll(static_cast<uint64_t>(mantissa));
  return Ratio{mantissa >> zeroes, exponent - 53 + zeroes};
}

// Floats of other classes are asked for their ratio: total * ratio, or total / ratio.
Fallible<Value> scaledByRatio(Thread& thread, Wide total, Value number, bool divides) {
  Value ratio = TRY(callMethod(thread, number, TRY(intern(thread, "as_integer_ratio")), {}));
  const Tuple* parts = toTuple(ratio);
  if (parts == nullptr) {
    return raiseTypeError(thread, "unexpected return type from as_integer_ratio(): expected tuple, got '{}'",
                          nameOf(ratio));
  }
  if (parts->length != 2) return raiseValueError(thread, "as_integer_ratio() must return a 2-tuple");
  Value factor = parts->items[divides ? 1 : 0], divisor = parts->items[divides ? 0 : 1];
  Value product = TRY(binaryOperation(thread, BinaryOperator::kMultiply, TRY(makeWideInt(thread, total)), factor));
  if (!isInt(product) || !isInt(divisor)) return raiseTypeError(thread, "non-integer arguments in division");
  divisor = *toInt(divisor);
  if (divisor.is(Value::inlineInt(0))) return raiseDivision(thread, kNoDivision);
  Value quotient = TRY(divideInts(thread, *toInt(product), divisor, Rounding::kHalfEven));
  return deltaOfInt(thread, quotient, datetimeTypes.delta);
}

// total * 2^up * factor / (divisor * 2^down), rounded half to even.
Fallible<Value> scaled(Thread& thread, Wide total, int64_t factor, int64_t divisor, int up, int down) {
  constexpr int kTotalBits = 67, kMostBits = 126;
  auto bits = [](int64_t i) { return 64 - __builtin_clzll(static_cast<uint64_t>(i < 0 ? -i : i) | 1); };
  if (kTotalBits + bits(factor) + up <= kMostBits && bits(divisor) + down <= kMostBits) [[likely]] {
    Wide numerator = total * factor * (Wide{1} << up), denominator = divisor * (Wide{1} << down);
    return deltaOfMicroseconds(thread, divide(numerator, denominator, Rounding::kHalfEven), datetimeTypes.delta);
  }
  Value numerator = TRY(intMultiply(thread, TRY(makeWideInt(thread, total)), TRY(makeInt(thread, factor))));
  numerator = TRY(intLeftShift(thread, numerator, Value::inlineInt(up)));
  Value denominator = TRY(intLeftShift(thread, TRY(makeInt(thread, divisor)), Value::inlineInt(down)));
  return deltaOfInt(thread, TRY(divideInts(thread, numerator, denominator, Rounding::kHalfEven)), datetimeTypes.delta);
}

// --- operators --------------------------------------------------------------------------------------------------------
Fallible<Value> add(Thread& thread, Value left, Value right) {
  const DeltaObject *a = toDelta(left), *b = toDelta(right);
  if (a == nullptr || b == nullptr) return Value::notImplemented();
  return makeDelta(thread, int64_t{a->days} + b->days, int64_t{a->seconds} + b->seconds,
                   int64_t{a->microseconds} + b->microseconds);
}
Fallible<Value> subtract(Thread& thread, Value left, Value right) {
  const DeltaObject *a = toDelta(left), *b = toDelta(right);
  if (a == nullptr || b == nullptr) return Value::notImplemented();
  return subtractDeltas(thread, a, b);
}
Fallible<Value> multiply(Thread& thread, Value self, Value other) {
  const auto* delta = self.as<DeltaObject>();
  Wide total = microsecondsOf(delta), product;
  if (std::optional<int64_t> narrow = toInt64(other)) {
    if (__builtin_mul_overflow(total, static_cast<Wide>(*narrow), &product)) product = Wide{1} << 126;  // out of range
    return deltaOfMicroseconds(thread, product, datetimeTypes.delta);
  }
  if (isFloat(other)) {
    if (typeOf(other) != types.float_) return scaledByRatio(thread, total, other, false);
    Ratio ratio = TRY(ratioOf(thread, floatValue(other)));
    return scaled(thread, total, ratio.mantissa, 1, std::max(ratio.exponent, 0), std::max(-ratio.exponent, 0));
  }
  std::optional<Value> big = toInt(other);
  if (!big) return Value::notImplemented();
  return deltaOfInt(thread, TRY(intMultiply(thread, TRY(makeWideInt(thread, total)), *big)), datetimeTypes.delta);
}

Fallible<Value> trueDivide(Thread& thread, Value left, Value right) {
  const DeltaObject* a = toDelta(left);
  if (a == nullptr) return Value::notImplemented();
  if (const DeltaObject* b = toDelta(right)) {
    Wide x = microsecondsOf(a), y = microsecondsOf(b);
    if (y == 0) return raiseDivision(thread, "division by zero");
    constexpr int64_t kExact = int64_t{1} << 53;
    if (x > -kExact && x < kExact && y > -kExact && y < kExact) [[likely]]
      return makeFloat(thread,
                       static_cast<double>(static_cast<int64_t>(x)) / static_cast<double>(static_cast<int64_t>(y)));
    return intTrueDivide(thread, TRY(makeWideInt(thread, x)), TRY(makeWideInt(thread, y)));
  }
  if (isInt(right)) return divideByInt(thread, a, right, Rounding::kHalfEven);
  if (!isFloat(right)) return Value::notImplemented();
  if (typeOf(right) != types.float_) return scaledByRatio(thread, microsecondsOf(a), right, true);
  Ratio ratio = TRY(ratioOf(thread, floatValue(right)));
  if (ratio.mantissa == 0) return raiseDivision(thread, kNoDivision);
  return scaled(thread, microsecondsOf(a), 1, ratio.mantissa, std::max(-ratio.exponent, 0),
                std::max(ratio.exponent, 0));
}

Fallible<Value> floorDivide(Thread& thread, Value left, Value right) {
  const DeltaObject* a = toDelta(left);
  if (a == nullptr) return Value::notImplemented();
  if (const DeltaObject* b = toDelta(right)) {
    if (isZeroDelta(b)) return raiseDivision(thread, kNoDivision);
    return makeWideInt(thread, divide(microsecondsOf(a), microsecondsOf(b), Rounding::kFloor));
  }
  if (!isInt(right)) return Value::notImplemented();
  return divideByInt(thread, a, right, Rounding::kFloor);
}
Fallible<Value> remainder(Thread& thread, Value left, Value right) {
  const DeltaObject *a = toDelta(left), *b = toDelta(right);
  if (a == nullptr || b == nullptr) return Value::notImplemented();
  if (isZeroDelta(b)) return raiseDivision(thread, "integer modulo by zero");
  Wide x = microsecondsOf(a), y = microsecondsOf(b);
  return deltaOfMicroseconds(thread, x - divide(x, y, Rounding::kFloor) * y, datetimeTypes.delta);
}
Fallible<Value> divideBoth(Thread& thread, Value left, Value right) {
  const DeltaObject *a = toDelta(left), *b = toDelta(right);
  if (a == nullptr || b == nullptr) return Value::notImplemented();
  if (isZeroDelta(b)) return raiseDivision(thread, kNoDivision);
  Wide x = microsecondsOf(a), y = microsecondsOf(b), quotient = divide(x, y, Rounding::kFloor);
  Value rest = TRY(deltaOfMicroseconds(thread, x - quotient * y, datetimeTypes.delta));
  return Value::of(TRY(makeTuple(thread, {TRY(makeWideInt(thread, quotient)), rest})));
}
template <Fallible<Value> (*operation)(Thread&, Value, Value)>
Fallible<Value> reflected(Thread& thread, Value self, Value other) {
  return operation(thread, other, self);
}

Fallible<Value> negate(Thread& thread, Value self) {
  const auto* delta = self.as<DeltaObject>();
  return makeDelta(thread, -int64_t{delta->days}, -int64_t{delta->seconds}, -int64_t{delta->microseconds});
}
Fallible<Value> plus(Thread& thread, Value self) {
  const auto* delta = self.as<DeltaObject>();
  return makeDelta(thread, delta->days, delta->seconds, delta->microseconds);
}
Fallible<Value> magnitude(Thread& thread, Value self) {
  return self.as<DeltaObject>()->days < 0 ? negate(thread, self) : plus(thread, self);
}

Fallible<Value> totalSeconds(Thread& thread, Value self) {
  Wide total = microsecondsOf(self.as<DeltaObject>());
  constexpr int64_t kExact = int64_t{1} << 53;
  if (total > -kExact && total < kExact) [[likely]]
    return makeFloat(thread, static_cast<double>(static_cast<int64_t>(total)) / 1e6);
  return intTrueDivide(thread, TRY(makeWideInt(thread, total)), Value::inlineInt(kMicrosecondsPerSecond));
}

}  // namespace

void declareDeltaArithmetic(TypeBuilder& builder) {
  builder.special("__add__", add)
      .special("__radd__", reflected<add>)
      .special("__sub__", subtract)
      .special("__rsub__", reflected<subtract>)
      .special("__mul__", multiply)
      .special("__rmul__", multiply)
      .special("__mod__", remainder)
      .special("__rmod__", reflected<remainder>)
      .special("__divmod__", divideBoth)
      .special("__rdivmod__", reflected<divideBoth>)
      .special("__neg__", negate)
      .special("__pos__", plus)
      .special("__abs__", magnitude)
      .special("__floordiv__", floorDivide)
      .special("__rfloordiv__", reflected<floorDivide>)
      .special("__truediv__", trueDivide)
      .special("__rtruediv__", reflected<trueDivide>)
      .method("total_seconds", totalSeconds);
}

}  // namespace krait
