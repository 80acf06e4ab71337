// Powers, modular powers, true division, roots and greatest common divisors of ints.
#include <bit>
#include <cmath>
#include <cstring>

#include "vm/builtins/float.h"
#include "vm/builtins/int.h"
#include "vm/builtins/int_limbs.h"

namespace krait {

// --- true division --------------------------------------------------------------------------------------------------

// The quotient of two ints, correctly rounded: an integer quotient with two bits more than a double holds (fewer for
// subnormal results) and a sticky bit, rounded once to even.
Fallible<Value> intTrueDivide(Thread& thread, Value left, Value right) {
  if (right.bits() == 0) [[unlikely]]
    return raise(thread, exceptions.ZeroDivisionError, "division by zero");
  constexpr int64_t kExact = int64_t{1} << 53;
  if (Value::bothInlineInts(left, right)) [[likely]] {
    int64_t a = left.asInlineInt(), b = right.asInlineInt();
    if (a >= -kExact && a <= kExact && b >= -kExact && b <= kExact) [[likely]]
      return makeFloat(thread, static_cast<double>(a) / static_cast<double>(b));
  }
  LimbView a(left), b(right);
  bool negative = a.negative != b.negative;
  if (a.size == 0) return makeFloat(thread, negative ? -0.0 : 0.0);
  int64_t difference = static_cast<int64_t>(a.bits()) - static_cast<int64_t>(b.bits());
  if (difference > 1024)
    return raise(thread, exceptions.OverflowError, "integer division result too large for a float");
  if (difference < -1076) return makeFloat(thread, negative ? -0.0 : 0.0);
  // quotient = |a| / (|b| * 2^shift), at most 56 bits.
  int64_t shift = (difference > -1021 ? difference : -1021) - 55;
  Value numerator = TRY(intAbsolute(thread, left)), denominator = TRY(intAbsolute(thread, right));
  if (shift <= 0) {
    numerator = TRY(intLeftShift(thread, numerator, Value::inlineInt(-shift)));
  } else {
    denominator = TRY(intLeftShift(thread, denominator, Value::inlineInt(shift)));
  }
  Value quotient, remainder;
  TRY(intDivmod(thread, numerator, denominator, quotient, remainder));
  uint64_t bits = static_cast<uint64_t>(quotient.asInlineInt()) | (remainder.bits() != 0 ? 1 : 0);
  int64_t width = 64 - std::countl_zero(bits);
  int64_t extra = (width > -1021 - shift ? width : -1021 - shift) - 53;
  uint64_t half = uint64_t{1} << (extra - 1);
  // Round half to even; the sticky bit is below `half`.
  if ((bits & half) && (bits & (3 * half - 1))) bits += half;
  bits &= ~(2 * half - 1);
  double result = std::ldexp(static_cast<double>(bits), static_cast<int>(shift));
  if (std::isinf(result))
    return raise(thread, exceptions.OverflowError, "integer division result too large for a float");
  return makeFloat(thread, negative ? -result : result);
}

// --- powers ---------------------------------------------------------------------------------------------------------

// odd^exponent for large results: left to right, squaring in two buffers of the final size.
static Fallible<Value> powerBig(Thread& thread, const LimbView& base, uint64_t exponent, bool negative) {
  // bits(result) <= bits(base) * exponent
  uint64_t bits;
  if (__builtin_mul_overflow(base.bits(), exponent, &bits) || bits / 64 + 2 > kMaxLimbs)
    return raiseMemoryError(thread);
  uint64_t capacity = bits / 64 + 2 + base.size;
  TRY(reserveScratch(thread, capacity));
  BigInt* current = TRY(allocateInt(thread, capacity));
  BigInt* other = TRY(allocateInt(thread, capacity));
  mpn_copyi(current->limbs, base.limbs, static_cast<mp_size_t>(base.size));
  uint64_t size = base.size;
  for (int bit = 62 - std::countl_zero(exponent); bit >= 0; bit--) {
    mpn_sqr(other->limbs, current->limbs, static_cast<mp_size_t>(size));
    size *= 2;
    size -= other->limbs[size - 1] == 0;
    std::swap(current, other);
    if (exponent >> bit & 1) {
      mpn_mul(other->limbs, current->limbs, static_cast<mp_size_t>(size), base.limbs,
              static_cast<mp_size_t>(base.size));
      size += base.size;
      size -= other->limbs[size - 1] == 0;
      std::swap(current, other);
    }
    if (size > 1000) TRY(pollEvalBreaker(thread));
  }
  return finishInt(current, size, negative);
}

Fallible<Value> intPower(Thread& thread, Value base, Value exponent) {
  bool negativeExponent = exponent.isInlineInt() ? exponent.asInlineInt() < 0 : exponent.as<BigInt>()->isNegative();
  if (negativeExponent) {
    double x = TRY(intToDouble(thread, base)), y = TRY(intToDouble(thread, exponent));
    return makeFloat(thread, TRY(floatPower(thread, x, y)));
  }
  if (!exponent.isInlineInt()) {
    if (base.bits() == 0 || base.is(Value::inlineInt(1))) return base;
    if (base.is(Value::inlineInt(-1))) {
      return Value::inlineInt(exponent.as<BigInt>()->limbs[0] & 1 ? -1 : 1);
    }
    return raiseMemoryError(thread);
  }
  uint64_t n = static_cast<uint64_t>(exponent.asInlineInt());
  if (base.isInlineInt()) {
    int64_t factor = base.asInlineInt(), result = 1;
    if (n == 0 || factor == 1) return Value::inlineInt(1);
    if (factor == 0) return base;
    if (factor == -1) return Value::inlineInt(n & 1 ? -1 : 1);
    bool fits = true;
    for (uint64_t rest = n;;) {
      if ((rest & 1) && __builtin_mul_overflow(result, factor, &result)) fits = false;
      rest >>= 1;
      if (rest == 0 || !fits) break;
      if (__builtin_mul_overflow(factor, factor, &factor)) fits = false;
    }
    if (fits) return makeInt(thread, result);
  } else if (n == 0) {
    return Value::inlineInt(1);
  } else if (n == 1) {
    return base;
  }
  // Powers of two leave the base first: 10**n is 5**n shifted.
  LimbView view(base);
  bool negative = view.negative && (n & 1);
  uint64_t zeroLimbs = 0;
  while (view.limbs[zeroLimbs] == 0) zeroLimbs++;
  uint64_t zeroes = zeroLimbs * 64 + static_cast<uint64_t>(std::countr_zero(view.limbs[zeroLimbs]));
  if (zeroes == 0) return powerBig(thread, view, n, negative);
  Value odd =
      TRY(intRightShift(thread, TRY(intAbsolute(thread, base)), Value::inlineInt(static_cast<int64_t>(zeroes))));
  uint64_t shift;
  if (__builtin_mul_overflow(zeroes, n, &shift) || shift / 64 > kMaxLimbs) return raiseMemoryError(thread);
  LimbView oddView(odd);
  Value result =
      odd.is(Value::inlineInt(1)) ? Value::inlineInt(negative ? -1 : 1) : TRY(powerBig(thread, oddView, n, negative));
  return intLeftShift(thread, result, Value::inlineInt(static_cast<int64_t>(shift)));
}

static int64_t powerModuloInline(int64_t base, int64_t exponent, int64_t modulus) {
  uint64_t m = static_cast<uint64_t>(modulus < 0 ? -modulus : modulus);
  int64_t reduced = base % static_cast<int64_t>(m);
  uint64_t factor = static_cast<uint64_t>(reduced < 0 ? reduced + static_cast<int64_t>(m) : reduced);
  uint64_t result = 1 % m;
  for (uint64_t rest = static_cast<uint64_t>(exponent); rest != 0; rest >>= 1) {
    if (rest & 1) result = static_cast<uint64_t>(static_cast<unsigned __int128>(result) * factor % m);
    factor = static_cast<uint64_t>(static_cast<unsigned __int128>(factor) * factor % m);
  }
  int64_t signedResult = static_cast<int64_t>(result);
  return modulus < 0 && signedResult != 0 ? signedResult + modulus : signedResult;
}

Fallible<Value> intPowerModulo(Thread& thread, Value base, Value exponent, Value modulus) {
  if (modulus.bits() == 0) return raise(thread, exceptions.ValueError, "pow() 3rd argument cannot be 0");
  LimbView e(exponent), m(modulus);
  if (Value::bothInlineInts(base, exponent) && modulus.isInlineInt() && !e.negative) {
    return Value::inlineInt(powerModuloInline(base.asInlineInt(), exponent.asInlineInt(), modulus.asInlineInt()));
  }
  // The base is reduced first: the scratch memory then depends on the modulus alone.
  base = TRY(intRemainder(thread, base, modulus));
  LimbView b(base);
  TRY(reserveScratch(thread, (m.size + 1) * 16 + e.size));
  mpz_t bHeader, eHeader, mHeader;
  mpz_srcptr bMpz = borrowMpz(bHeader, b), eMpz = borrowMpz(eHeader, e), mMpz = borrowMpz(mHeader, m);
  OwnedMpz result;
  if (m.size == 1 && m.limbs[0] == 1) return Value::inlineInt(0);
  if (e.negative) {
    if (mpz_invert(result, bMpz, mMpz) == 0) {
      return raise(thread, exceptions.ValueError, "base is not invertible for the given modulus");
    }
    OwnedMpz positive;
    mpz_neg(positive, eMpz);
    mpz_powm(result, result, positive, mMpz);
  } else {
    mpz_powm(result, bMpz, eMpz, mMpz);
  }
  Value value = TRY(result.toInt(thread));
  // GMP's result is not negative; Python's has the sign of the modulus.
  return m.negative && value.bits() != 0 ? intAdd(thread, value, modulus) : value;
}

// --- number theory --------------------------------------------------------------------------------------------------

Fallible<Value> intGcd(Thread& thread, Value left, Value right) {
  if (Value::bothInlineInts(left, right)) {
    uint64_t a = static_cast<uint64_t>(std::llabs(left.asInlineInt()));
    uint64_t b = static_cast<uint64_t>(std::llabs(right.asInlineInt()));
    while (b != 0) {
      uint64_t rest = a % b;
      a = b;
      b = rest;
    }
    return makeIntUnsigned(thread, a);
  }
  LimbView a(left), b(right);
  TRY(reserveScratch(thread, (a.size + b.size) * 4));
  mpz_t aHeader, bHeader;
  OwnedMpz result;
  mpz_gcd(result, borrowMpz(aHeader, a), borrowMpz(bHeader, b));
  return result.toInt(thread);
}

Fallible<Value> intSquareRoot(Thread& thread, Value value) {
  if (value.isInlineInt()) {
    uint64_t n = static_cast<uint64_t>(value.asInlineInt());
    uint64_t root = static_cast<uint64_t>(std::sqrt(static_cast<double>(n)));
    while (root * root > n) root--;
    while ((root + 1) * (root + 1) <= n) root++;
    return Value::inlineInt(static_cast<int64_t>(root));
  }
  LimbView view(value);
  TRY(reserveScratch(thread, view.size * 2));
  uint64_t size = (view.size + 1) / 2;
  BigInt* root = TRY(allocateInt(thread, size));
  BigInt* remainder = TRY(allocateInt(thread, view.size));
  mpn_sqrtrem(root->limbs, remainder->limbs, view.limbs, static_cast<mp_size_t>(view.size));
  return finishInt(root, size, false);
}

}  // namespace krait
