// The integer functions of math: factorial, gcd, lcm, comb, perm, isqrt.
#include <cmath>

#include "vm/builtins/int_limbs.h"
#include "vm/modules/math_internal.h"

namespace krait {

static bool isNegative(Value v) { return v.isInlineInt() ? v.asInlineInt() < 0 : v.as<BigInt>()->isNegative(); }

Fallible<Value> mathFactorial(Thread& thread, Value v) {
  Value n = TRY(index(thread, v));
  if (isNegative(n)) return raise(thread, exceptions.ValueError, "factorial() not defined for negative values");
  if (!toInt64(n)) {
    return raise(thread, exceptions.OverflowError, "factorial() argument should not exceed 9223372036854775807");
  }
  if (!n.isInlineInt()) return raiseMemoryError(thread);
  int64_t count = n.asInlineInt();
  if (count <= 20) {
    int64_t result = 1;
    for (int64_t i = 2; i <= count; i++) result *= i;
    return makeInt(thread, result);
  }
  double bits = std::lgamma(static_cast<double>(count) + 1) / M_LN2;
  if (bits / 64 > static_cast<double>(kMaxLimbs)) return raiseMemoryError(thread);
  TRY(reserveScratch(thread, static_cast<uint64_t>(bits / 64) + 2));
  OwnedMpz result;
  mpz_fac_ui(result, static_cast<unsigned long>(count));
  return result.toInt(thread);
}

Fallible<Value> mathGcd(Thread& thread, Value, const Arguments& arguments) {
  TRY(arguments.noKeywords(thread, "math.gcd"));
  Value result = Value::inlineInt(0);
  for (Value argument : arguments.positionals()) {
    Value n = TRY(index(thread, argument));
    result = TRY(intGcd(thread, result, n));
  }
  return result;
}

Fallible<Value> mathLcm(Thread& thread, Value, const Arguments& arguments) {
  TRY(arguments.noKeywords(thread, "math.lcm"));
  Value result = Value::inlineInt(1);
  for (Value argument : arguments.positionals()) {
    Value n = TRY(index(thread, argument));
    if (result.bits() == 0) continue;  // later arguments are still checked
    if (n.bits() == 0) {
      result = n;
      continue;
    }
    Value divisor = TRY(intGcd(thread, result, n));
    Value product = TRY(intMultiply(thread, TRY(intFloorDivide(thread, result, divisor)), n));
    result = TRY(intAbsolute(thread, product));
  }
  return result;
}

// Both arguments as ints that are not negative.
static Fallible<void> countArguments(Thread& thread, Value& n, Value& k) {
  n = TRY(index(thread, n));
  k = TRY(index(thread, k));
  if (isNegative(n)) return raise(thread, exceptions.ValueError, "n must be a non-negative integer");
  if (isNegative(k)) return raise(thread, exceptions.ValueError, "k must be a non-negative integer");
  return {};
}

Fallible<Value> mathComb(Thread& thread, Value n, Value k) {
  TRY(countArguments(thread, n, k));
  if (intCompare(k, n) > 0) return Value::inlineInt(0);
  Value other = TRY(intSubtract(thread, n, k));
  if (intCompare(other, k) < 0) k = other;
  std::optional<int64_t> count = toInt64(k);
  if (!count) {
    return raise(thread, exceptions.OverflowError, "min(n - k, k) must not exceed 9223372036854775807");
  }
  LimbView view(n);
  // comb(n, k) < 2^n and < n^k
  double bits = static_cast<double>(*count) * static_cast<double>(view.bits());
  if (view.size == 1) bits = std::min(bits, static_cast<double>(view.limbs[0]));
  if (bits / 64 > static_cast<double>(kMaxLimbs)) return raiseMemoryError(thread);
  TRY(reserveScratch(thread, static_cast<uint64_t>(bits / 64) + 2));
  mpz_t header;
  OwnedMpz result;
  mpz_bin_ui(result, borrowMpz(header, view), static_cast<unsigned long>(*count));
  return result.toInt(thread);
}

// n * (n-1) * ... * (n-count+1), halves first, so that the large products are balanced.
static Fallible<Value> fallingProduct(Thread& thread, Value n, int64_t count) {
  if (count <= 8) {
    Value result = n;
    for (int64_t i = 1; i < count; i++) {
      result = TRY(intMultiply(thread, result, TRY(intSubtract(thread, n, Value::inlineInt(i)))));
    }
    return result;
  }
  TRY(pollEvalBreaker(thread));
  int64_t half = count / 2;
  Value upper = TRY(fallingProduct(thread, n, half));
  Value lower = TRY(fallingProduct(thread, TRY(intSubtract(thread, n, Value::inlineInt(half))), count - half));
  return intMultiply(thread, upper, lower);
}

Fallible<Value> mathPerm(Thread& thread, Value n, Value k) {
  if (k.isUnbound() || k.isNone()) return mathFactorial(thread, n);
  TRY(countArguments(thread, n, k));
  if (intCompare(k, n) > 0) return Value::inlineInt(0);
  std::optional<int64_t> count = toInt64(k);
  if (!count) return raise(thread, exceptions.OverflowError, "k must not exceed 9223372036854775807");
  if (*count > Value::kMaxInlineInt) return raiseMemoryError(thread);
  return *count == 0 ? Fallible<Value>(Value::inlineInt(1)) : fallingProduct(thread, n, *count);
}

Fallible<Value> mathIsqrt(Thread& thread, Value v) {
  Value n = TRY(index(thread, v));
  if (isNegative(n)) return raise(thread, exceptions.ValueError, "isqrt() argument must be nonnegative");
  return intSquareRoot(thread, n);
}

}  // namespace krait
