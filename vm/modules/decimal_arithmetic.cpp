// Decimal arithmetic: sums, products, quotients, remainders, roots, and what rounds to a given exponent.
#include <algorithm>

#include "vm/modules/decimal_number.h"

namespace krait::decimal {

bool takeNan(Number& r, const Number& a, const Number* b, const Settings& settings, uint32_t& status) {
  bool second = b != nullptr && b->isNan();
  if (!a.isNan() && !second) [[likely]]
    return false;
  const Number* taken = &a;
  if (a.form != Form::kSignalling && second && (b->form == Form::kSignalling || !a.isNan())) taken = b;
  if (taken->form == Form::kSignalling) status |= kInvalidOperation;
  r = *taken;
  r.form = Form::kQuiet;
  fixNan(r, settings);
  return true;
}

// --- sums -------------------------------------------------------------------------------------------------------------
// Both coefficients for the same exponent. A number that is too small to be seen becomes a digit that is just as small.
static bool align(Number& a, Number& b, int64_t precision, uint32_t& status) {
  Number &high = a.exponent < b.exponent ? b : a, &low = a.exponent < b.exponent ? a : b;
  if (high.exponent == low.exponent) return true;
  int64_t visible = high.exponent + std::min<int64_t>(-1, high.digits() - precision - 2);
  if (low.adjusted() < visible) low.set(low.negative, 1, visible);
  int64_t by = high.exponent - low.exponent;
  if (!haveRoom(high.digits() + by, status)) return false;
  mpz_mul(high.edit(), high.coefficient(), powerOfTen(static_cast<uint64_t>(by)));
  high.exponent = low.exponent;
  return true;
}

static void addSigned(Number& r, const Number& a, const Number& b, bool flip, const Settings& settings,
                      uint32_t& status) {
  if (takeNan(r, a, &b, settings, status)) return;
  bool negative = b.negative != flip;
  if (a.isInfinite() || b.isInfinite()) {
    if (a.isInfinite() && b.isInfinite() && a.negative != negative) return r.setInvalid(kInvalidOperation, status);
    return r.setInfinity(a.isInfinite() ? a.negative : negative);
  }
  bool zeroSign = a.negative == negative ? a.negative : settings.rounding == Rounding::kFloor;
  if (a.isZeroCoefficient() || b.isZeroCoefficient()) {
    int64_t least = std::min(a.exponent, b.exponent);
    if (a.isZeroCoefficient() && b.isZeroCoefficient()) {
      r.set(zeroSign, 0, least);
      return finalise(r, settings, status);
    }
    r = a.isZeroCoefficient() ? b : a;
    if (a.isZeroCoefficient()) r.negative = negative;
    Lost lost;
    int64_t wanted = std::max(least, r.exponent + std::min<int64_t>(0, r.digits() - settings.precision - 1));
    if (!rescale(r, wanted, settings.rounding, lost, status)) return r.setNan();
    return finalise(r, settings, status);
  }
  Number x = a, y = b;
  y.negative = negative;
  if (!align(x, y, settings.precision, status)) return r.setNan();
  r.form = Form::kFinite;
  r.exponent = x.exponent;
  if (x.negative == y.negative) {
    r.negative = x.negative;
    mpz_add(r.edit(), x.coefficient(), y.coefficient());
  } else {
    mpz_sub(r.edit(), x.coefficient(), y.coefficient());
    int sign = mpz_sgn(r.coefficient());
    r.negative = sign == 0 ? settings.rounding == Rounding::kFloor : sign > 0 ? x.negative : y.negative;
    mpz_abs(r.edit(), r.coefficient());
  }
  finalise(r, settings, status);
}

void add(Number& r, const Number& a, const Number& b, const Settings& settings, uint32_t& status) {
  addSigned(r, a, b, false, settings, status);
}
void subtract(Number& r, const Number& a, const Number& b, const Settings& settings, uint32_t& status) {
  addSigned(r, a, b, true, settings, status);
}

static void withSign(Number& r, const Number& a, bool negative, const Settings& settings, uint32_t& status) {
  if (takeNan(r, a, nullptr, settings, status)) return;
  r = a;
  r.negative = r.isZero() ? negative && settings.rounding == Rounding::kFloor : negative;
  finalise(r, settings, status);
}
void plus(Number& r, const Number& a, const Settings& settings, uint32_t& status) {
  withSign(r, a, a.negative, settings, status);
}
void minus(Number& r, const Number& a, const Settings& settings, uint32_t& status) {
  withSign(r, a, !a.negative, settings, status);
}
void absolute(Number& r, const Number& a, const Settings& settings, uint32_t& status) {
  withSign(r, a, false, settings, status);
}

// --- products ---------------------------------------------------------------------------------------------------------
static bool multiplyExactly(Number& r, const Number& a, const Number& b, uint32_t& status) {
  bool negative = a.negative != b.negative;
  if (a.isInfinite() || b.isInfinite()) {
    if (a.isZero() || b.isZero()) {
      r.setInvalid(kInvalidOperation, status);
    } else {
      r.setInfinity(negative);
    }
    return false;
  }
  if (!haveRoom(a.digits() + b.digits(), status)) {
    r.setNan();
    return false;
  }
  r.form = Form::kFinite;
  r.negative = negative;
  r.exponent = a.exponent + b.exponent;
  mpz_mul(r.edit(), a.coefficient(), b.coefficient());
  return true;
}

void multiply(Number& r, const Number& a, const Number& b, const Settings& settings, uint32_t& status) {
  if (takeNan(r, a, &b, settings, status) || !multiplyExactly(r, a, b, status)) return;
  finalise(r, settings, status);
}

void fusedMultiplyAdd(Number& r, const Number& a, const Number& b, const Number& c, const Settings& settings,
                      uint32_t& status) {
  if (a.form == Form::kSignalling || b.form == Form::kSignalling || a.isNan() || b.isNan()) {
    bool third = c.form == Form::kSignalling && a.form != Form::kSignalling && b.form != Form::kSignalling;
    takeNan(r, third ? c : a, third ? nullptr : &b, settings, status);
    return;
  }
  Number product;
  uint32_t found = 0;
  multiplyExactly(product, a, b, found);
  status |= found;
  if (product.isNan()) return r.setNan();
  if (takeNan(r, c, nullptr, settings, status)) return;
  addSigned(r, product, c, false, settings, status);
}

// --- quotients --------------------------------------------------------------------------------------------------------
// The quotient of coefficients when it is finite, whatever the precision: true, with the exponent relative to theirs.
static bool divideExactly(Number& r, const Number& a, const Number& b, uint32_t& status) {
  Number common, x, y;
  mpz_gcd(common.edit(), a.coefficient(), b.coefficient());
  mpz_divexact(x.edit(), a.coefficient(), common.coefficient());
  mpz_divexact(y.edit(), b.coefficient(), common.coefficient());
  auto twos = static_cast<int64_t>(mpz_scan1(y.coefficient(), 0));
  mpz_tdiv_q_2exp(y.edit(), y.coefficient(), static_cast<mp_bitcnt_t>(twos));
  Number five(Wide{5});
  auto fives = static_cast<int64_t>(mpz_remove(y.edit(), y.coefficient(), five.coefficient()));
  if (mpz_cmp_ui(y.coefficient(), 1) != 0) return false;
  int64_t shift = std::max(twos, fives);
  if (!haveRoom(x.digits() + shift, status)) return false;
  mpz_ui_pow_ui(y.edit(), 5, static_cast<unsigned long>(shift - fives));
  mpz_mul(r.edit(), x.coefficient(), y.coefficient());
  mpz_mul_2exp(r.edit(), r.coefficient(), static_cast<mp_bitcnt_t>(shift - twos));
  r.exponent = -shift;
  return true;
}

void divide(Number& r, const Number& a, const Number& b, const Settings& settings, uint32_t& status) {
  if (takeNan(r, a, &b, settings, status)) return;
  bool negative = a.negative != b.negative;
  if (a.isInfinite()) return b.isInfinite() ? r.setInvalid(kInvalidOperation, status) : r.setInfinity(negative);
  if (b.isInfinite()) {
    r.set(negative, 0, settings.etiny());
    status |= kClamped;
    return;
  }
  if (b.isZeroCoefficient()) {
    if (a.isZeroCoefficient()) return r.setInvalid(kDivisionUndefined, status);
    status |= kDivisionByZero;
    return r.setInfinity(negative);
  }
  int64_t ideal = a.exponent - b.exponent;
  if (a.isZeroCoefficient()) {
    r.set(negative, 0, ideal);
    return finalise(r, settings, status);
  }
  r.form = Form::kFinite;
  r.negative = negative;
  int64_t shift = b.digits() - a.digits() + settings.precision + 1;
  constexpr int64_t kLarge = 100000;  // from here on it pays to ask whether the quotient is finite first
  if (shift > kLarge && shift > 8 * (a.digits() + b.digits()) && divideExactly(r, a, b, status)) {
    r.exponent += ideal;
    return finalise(r, settings, status);
  }
  if (!haveRoom(std::max(settings.precision, std::max(a.digits(), b.digits())), status)) return r.setNan();
  Number scaled, rest;
  mpz_srcptr x = a.coefficient(), y = b.coefficient();
  if (shift > 0) {
    mpz_mul(scaled.edit(), x, powerOfTen(static_cast<uint64_t>(shift)));
    x = scaled.coefficient();
  } else if (shift < 0) {
    mpz_mul(scaled.edit(), y, powerOfTen(static_cast<uint64_t>(-shift)));
    y = scaled.coefficient();
  }
  mpz_tdiv_qr(r.edit(), rest.edit(), x, y);
  r.exponent = ideal - shift;
  if (mpz_sgn(rest.coefficient()) == 0) {
    stripZeroes(r, shift);
  } else if (mpz_fdiv_ui(r.coefficient(), 5) == 0) {
    mpz_add_ui(r.edit(), r.coefficient(), 1);  // something follows: this is no tie, and not exact
  }
  finalise(r, settings, status);
}

// Integer quotient and remainder, not finalised; false when both have been set otherwise.
static bool divideWhole(Number& q, Number& r, const Number& a, const Number& b, const Settings& settings,
                        uint32_t& status) {
  q.form = r.form = Form::kFinite;
  bool negative = a.negative != b.negative;
  int64_t ideal = b.isInfinite() ? a.exponent : std::min(a.exponent, b.exponent);
  int64_t difference = b.isInfinite() ? 0 : a.adjusted() - b.adjusted();
  Lost lost;
  if (a.isZeroCoefficient() || b.isInfinite() || difference <= -2) {
    q.set(negative, 0, 0);
    r = a;
    if (!rescale(r, ideal, settings.rounding, lost, status)) {
      q.setNan(), r.setNan();
      return false;
    }
    return true;
  }
  if (difference <= settings.precision) {
    Number x = a, y = b;
    if (!rescale(x, ideal, settings.rounding, lost, status) || !rescale(y, ideal, settings.rounding, lost, status)) {
      q.setNan(), r.setNan();
      return false;
    }
    mpz_tdiv_qr(q.edit(), r.edit(), x.coefficient(), y.coefficient());
    q.negative = negative, q.exponent = 0;
    r.negative = a.negative, r.exponent = ideal;
    if (q.digits() <= settings.precision) return true;
  }
  status |= kDivisionImpossible;
  q.setNan(), r.setNan();
  return false;
}

void divideInteger(Number& r, const Number& a, const Number& b, const Settings& settings, uint32_t& status) {
  if (takeNan(r, a, &b, settings, status)) return;
  bool negative = a.negative != b.negative;
  if (a.isInfinite()) return b.isInfinite() ? r.setInvalid(kInvalidOperation, status) : r.setInfinity(negative);
  if (b.isZero()) {
    if (a.isZero()) return r.setInvalid(kDivisionUndefined, status);
    status |= kDivisionByZero;
    return r.setInfinity(negative);
  }
  Number rest;
  if (divideWhole(r, rest, a, b, settings, status) && !b.isInfinite()) finalise(r, settings, status);
}
void remainder(Number& r, const Number& a, const Number& b, const Settings& settings, uint32_t& status) {
  if (takeNan(r, a, &b, settings, status)) return;
  if (a.isInfinite()) return r.setInvalid(kInvalidOperation, status);
  if (b.isZero()) return r.setInvalid(a.isZero() ? kDivisionUndefined : kInvalidOperation, status);
  Number quotient;
  if (divideWhole(quotient, r, a, b, settings, status)) finalise(r, settings, status);
}
void divideBoth(Number& q, Number& r, const Number& a, const Number& b, const Settings& settings, uint32_t& status) {
  if (takeNan(q, a, &b, settings, status)) {
    r = q;
    return;
  }
  bool negative = a.negative != b.negative;
  if (a.isInfinite()) {
    status |= kInvalidOperation;
    r.setNan();
    return b.isInfinite() ? q.setNan() : q.setInfinity(negative);
  }
  if (b.isZero()) {
    r.setNan();
    if (a.isZero()) return q.setInvalid(kDivisionUndefined, status);
    status |= kDivisionByZero | kInvalidOperation;
    return q.setInfinity(negative);
  }
  if (!divideWhole(q, r, a, b, settings, status)) return;
  if (!b.isInfinite()) finalise(q, settings, status);
  finalise(r, settings, status);
}

void remainderNear(Number& r, const Number& a, const Number& b, const Settings& settings, uint32_t& status) {
  if (takeNan(r, a, &b, settings, status)) return;
  if (a.isInfinite()) return r.setInvalid(kInvalidOperation, status);
  if (b.isZero()) return r.setInvalid(a.isZero() ? kDivisionUndefined : kInvalidOperation, status);
  if (b.isInfinite()) {
    r = a;
    return finalise(r, settings, status);
  }
  int64_t ideal = std::min(a.exponent, b.exponent), difference = a.adjusted() - b.adjusted();
  Lost lost;
  if (a.isZeroCoefficient()) {
    r.set(a.negative, 0, ideal);
    return finalise(r, settings, status);
  }
  if (difference > settings.precision) return r.setInvalid(kDivisionImpossible, status);
  if (difference <= -2) {
    r = a;
    if (!rescale(r, ideal, settings.rounding, lost, status)) return r.setNan();
    return finalise(r, settings, status);
  }
  Number x = a, y = b, q;
  if (!rescale(x, ideal, settings.rounding, lost, status) || !rescale(y, ideal, settings.rounding, lost, status))
    return r.setNan();
  mpz_tdiv_qr(q.edit(), r.edit(), x.coefficient(), y.coefficient());
  r.form = Form::kFinite;
  r.negative = a.negative;
  r.exponent = ideal;
  Number twice;
  mpz_mul_2exp(twice.edit(), r.coefficient(), 1);
  if (mpz_odd_p(q.coefficient()) != 0) mpz_add_ui(twice.edit(), twice.coefficient(), 1);
  if (mpz_cmp(twice.coefficient(), y.coefficient()) > 0) {
    mpz_sub(r.edit(), y.coefficient(), r.coefficient());
    r.negative = !r.negative;
    mpz_add_ui(q.edit(), q.coefficient(), 1);
  }
  if (q.digits() > settings.precision) return r.setInvalid(kDivisionImpossible, status);
  finalise(r, settings, status);
}

// --- roots ------------------------------------------------------------------------------------------------------------
void squareRoot(Number& r, const Number& a, const Settings& given, uint32_t& status) {
  Settings settings = given;
  settings.rounding = Rounding::kHalfEven;
  if (takeNan(r, a, nullptr, settings, status)) return;
  int64_t half = a.exponent >> 1;
  if (a.isZero()) {
    r.set(a.negative, 0, half);
    return finalise(r, settings, status);
  }
  if (a.negative) return r.setInvalid(kInvalidOperation, status);
  if (a.isInfinite()) return r.setInfinity(false);
  Number c;
  bool isOdd = (a.exponent & 1) != 0;
  mpz_mul_ui(c.edit(), a.coefficient(), isOdd ? 10 : 1);
  int64_t length = (c.digits() + 1) >> 1, shift = settings.precision + 1 - length;
  r.form = Form::kFinite;
  r.negative = false;
  r.exponent = half;
  if (shift >= 0 && mpz_perfect_square_p(c.coefficient()) != 0) {
    mpz_sqrt(r.edit(), c.coefficient());
    return finalise(r, settings, status);
  }
  if (!haveRoom(2 * settings.precision, status)) return r.setNan();
  bool exact = true;
  Number rest;
  if (shift >= 0) {
    mpz_mul(c.edit(), c.coefficient(), powerOfTen(static_cast<uint64_t>(2 * shift)));
  } else {
    mpz_tdiv_qr(c.edit(), rest.edit(), c.coefficient(), powerOfTen(static_cast<uint64_t>(-2 * shift)));
    exact = mpz_sgn(rest.coefficient()) == 0;
  }
  mpz_sqrtrem(r.edit(), rest.edit(), c.coefficient());
  r.exponent -= shift;
  if (exact && mpz_sgn(rest.coefficient()) == 0) {
    if (shift >= 0) {
      stripZeroes(r, shift);
    } else {
      mpz_mul(r.edit(), r.coefficient(), powerOfTen(static_cast<uint64_t>(-shift)));
      r.exponent += shift;
    }
  } else if (mpz_fdiv_ui(r.coefficient(), 5) == 0) {
    mpz_add_ui(r.edit(), r.coefficient(), 1);
  }
  finalise(r, settings, status);
}

// --- to an exponent ---------------------------------------------------------------------------------------------------
void quantize(Number& r, const Number& a, const Number& b, const Settings& settings, uint32_t& status) {
  if (takeNan(r, a, &b, settings, status)) return;
  if (a.isInfinite() || b.isInfinite()) {
    if (!a.isInfinite() || !b.isInfinite()) return r.setInvalid(kInvalidOperation, status);
    return r.setInfinity(a.negative);
  }
  int64_t exponent = b.exponent;
  if (exponent < settings.etiny() || exponent > settings.emax) return r.setInvalid(kInvalidOperation, status);
  if (a.isZeroCoefficient()) {
    r.set(a.negative, 0, exponent);
    return finalise(r, settings, status);
  }
  if (a.adjusted() > settings.emax || a.adjusted() - exponent + 1 > settings.precision)
    return r.setInvalid(kInvalidOperation, status);
  r = a;
  Lost lost;
  if (!rescale(r, exponent, settings.rounding, lost, status)) return r.setNan();
  if (!r.isZeroCoefficient() && (r.adjusted() > settings.emax || r.digits() > settings.precision))
    return r.setInvalid(kInvalidOperation, status);
  if (exponent > a.exponent) status |= kRounded | (lost != Lost::kNothing ? uint32_t{kInexact} : 0);
  uint32_t found = 0;
  finalise(r, settings, found);
  status |= found;
}

static void toIntegral(Number& r, const Number& a, const Settings& settings, uint32_t& status, bool tells) {
  if (takeNan(r, a, nullptr, settings, status)) return;
  r = a;
  if (a.isInfinite() || a.exponent >= 0) return;
  if (a.isZeroCoefficient()) {
    r.exponent = 0;
    return;
  }
  Lost lost;
  (void)rescale(r, 0, settings.rounding, lost, status);
  if (tells) status |= kRounded | (lost != Lost::kNothing ? uint32_t{kInexact} : 0);
}
void toIntegralExact(Number& r, const Number& a, const Settings& settings, uint32_t& status) {
  toIntegral(r, a, settings, status, true);
}
void toIntegralValue(Number& r, const Number& a, const Settings& settings, uint32_t& status) {
  toIntegral(r, a, settings, status, false);
}

void normalize(Number& r, const Number& a, const Settings& settings, uint32_t& status) {
  if (takeNan(r, a, nullptr, settings, status)) return;
  r = a;
  finalise(r, settings, status);
  if (!r.isFinite()) return;
  if (r.isZeroCoefficient()) return r.set(r.negative, 0, 0);
  int64_t most = settings.clamp ? settings.etop() : settings.emax;
  stripZeroes(r, most - r.exponent);
}

}  // namespace krait::decimal
