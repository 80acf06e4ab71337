// Decimal exponentials, logarithms and powers, correctly rounded: computed in binary fixed point by GMP with some
// digits to spare, and with more of them as long as those do not decide the rounding (Ziv's strategy).
#include <algorithm>
#include <cmath>

#include "vm/modules/decimal_number.h"

namespace krait::decimal {
namespace {

constexpr int64_t kGuardDigits = 10;
uint64_t bitsFor(int64_t digits) { return static_cast<uint64_t>(digits) * 3322 / 1000 + 8; }

// --- fixed point: x stands for x / 2^bits -----------------------------------------------------------------------------

// The sum over k >= 0 of 1 / ((2k+1) q^(2k+1)), that is atanh(1/q), by binary splitting.
struct Series {
  mpz_t numerator, odd, power;
  Series() { mpz_inits(numerator, odd, power, nullptr); }
  ~Series() { mpz_clears(numerator, odd, power, nullptr); }
  Series(const Series&) = delete;
  Series& operator=(const Series&) = delete;
  // Terms from..to-1: numerator / (odd * power).
  void sum(uint64_t from, uint64_t to, unsigned long square) {
    if (to - from == 1) {
      mpz_set_ui(numerator, 1);
      mpz_set_ui(odd, 2 * from + 1);
      mpz_set_ui(power, square);
      return;
    }
    uint64_t middle = from + (to - from) / 2;
    Series rest;
    sum(from, middle, square);
    rest.sum(middle, to, square);
    mpz_mul(numerator, numerator, rest.odd);
    mpz_mul(numerator, numerator, rest.power);
    mpz_addmul(numerator, rest.numerator, odd);
    mpz_mul(odd, odd, rest.odd);
    mpz_mul(power, power, rest.power);
  }
};
void addInverseHyperbolicTangent(mpz_ptr r, unsigned long factor, unsigned long q, uint64_t bits) {
  Series series;
  auto terms = static_cast<uint64_t>(static_cast<double>(bits) / (2 * std::log2(static_cast<double>(q)))) + 2;
  series.sum(0, terms, q * q);
  mpz_mul_2exp(series.numerator, series.numerator, bits);
  mpz_mul_ui(series.numerator, series.numerator, q * factor);
  mpz_mul(series.odd, series.odd, series.power);
  mpz_tdiv_q(series.numerator, series.numerator, series.odd);
  mpz_add(r, r, series.numerator);
}

// ln(10), kept at the largest precision so far.
void lnTen(mpz_ptr r, uint64_t bits) {
  static mpz_t kept;
  static uint64_t keptBits = 0;
  if (keptBits < bits) {
    if (keptBits == 0) mpz_init(kept);
    uint64_t wanted = std::max<uint64_t>(bits + bits / 4, 512), working = wanted + 16;
    mpz_set_ui(kept, 0);
    addInverseHyperbolicTangent(kept, 46, 31, working);
    addInverseHyperbolicTangent(kept, 34, 49, working);
    addInverseHyperbolicTangent(kept, 20, 161, working);
    mpz_tdiv_q_2exp(kept, kept, 16);
    keptBits = wanted;
  }
  mpz_tdiv_q_2exp(r, kept, keptBits - bits);
}

// e^x for |x| < 4; an error of a few units in the last place.
void exponentialFixed(mpz_ptr r, mpz_srcptr x, uint64_t bits) {
  auto halvings = static_cast<uint64_t>(std::sqrt(static_cast<double>(bits)) * 0.8) + 3;
  uint64_t working = bits + 2 * halvings + 10;
  Number small, term;
  mpz_mul_2exp(small.edit(), x, working - bits - halvings);  // x / 2^halvings at the working precision
  mpz_set_ui(r, 1);
  mpz_mul_2exp(r, r, working);
  mpz_set(term.edit(), r);
  for (unsigned long k = 1;; k++) {
    mpz_mul(term.edit(), term.coefficient(), small.coefficient());
    mpz_tdiv_q_2exp(term.edit(), term.coefficient(), working);
    mpz_tdiv_q_ui(term.edit(), term.coefficient(), k);
    if (mpz_sgn(term.coefficient()) == 0) break;
    mpz_add(r, r, term.coefficient());
  }
  for (uint64_t i = 0; i < halvings; i++) {
    mpz_mul(r, r, r);
    mpz_tdiv_q_2exp(r, r, working);
  }
  mpz_tdiv_q_2exp(r, r, working - bits);
}

// ln(x) for 0.3 < x < 4, by Halley's iteration on e^y = x: each step trebles the digits.
void logarithmFixed(mpz_ptr r, mpz_srcptr x, uint64_t bits) {
  long exponent;
  double mantissa = mpz_get_d_2exp(&exponent, x);
  double start = std::log(std::ldexp(mantissa, static_cast<int>(exponent - static_cast<long>(bits))));
  uint64_t steps[64];
  size_t count = 0;
  constexpr uint64_t kDouble = 48;
  for (uint64_t wanted = bits; wanted > kDouble; wanted = wanted / 3 + 4) steps[count++] = wanted;
  uint64_t at = kDouble + 16;
  mpz_set_d(r, std::ldexp(start, static_cast<int>(at)));
  Number e, scaled, sum;
  while (count > 0) {
    uint64_t next = std::min(bits, steps[--count] + 8);
    if (next > at) {
      mpz_mul_2exp(r, r, next - at);
    } else {
      mpz_tdiv_q_2exp(r, r, at - next);
    }
    at = next;
    exponentialFixed(e.edit(), r, at);
    mpz_tdiv_q_2exp(scaled.edit(), x, bits - at);
    mpz_add(sum.edit(), scaled.coefficient(), e.coefficient());
    mpz_sub(scaled.edit(), scaled.coefficient(), e.coefficient());
    mpz_mul_2exp(scaled.edit(), scaled.coefficient(), at + 1);
    mpz_tdiv_q(scaled.edit(), scaled.coefficient(), sum.coefficient());
    mpz_add(r, r, scaled.coefficient());
  }
}

// --- decimals into fixed point and back -------------------------------------------------------------------------------
// |a| * 2^bits, rounded down.
void toFixed(mpz_ptr r, const Number& a, uint64_t bits) {
  mpz_mul_2exp(r, a.coefficient(), bits);
  if (a.exponent > 0) {
    mpz_mul(r, r, powerOfTen(static_cast<uint64_t>(a.exponent)));
  } else if (a.exponent < 0) {
    mpz_tdiv_q(r, r, powerOfTen(static_cast<uint64_t>(-a.exponent)));
  }
}

// Whether the digits beyond the precision leave no doubt about the rounding: the value is not within 100 units of a
// number of `precision` digits or of the middle between two.
bool isDecided(const Number& r, int64_t precision) {
  constexpr unsigned kError = 100;
  int64_t excess = r.digits() - precision;
  Number rest, half;
  mpz_mul_ui(half.edit(), powerOfTen(static_cast<uint64_t>(excess - 1)), 5);
  mpz_tdiv_r(rest.edit(), r.coefficient(), half.coefficient());
  if (mpz_cmp_ui(rest.coefficient(), kError) < 0) return false;
  mpz_sub(rest.edit(), half.coefficient(), rest.coefficient());
  return mpz_cmp_ui(rest.coefficient(), kError) >= 0;
}

// Computes with more and more digits until the rounding is decided: compute(r, digits) gives at least so many, less
// two.
template <class F>
void untilDecided(Number& r, const Settings& settings, uint32_t& status, F compute) {
  for (int64_t guard = kGuardDigits;; guard *= 2) {
    int64_t digits = settings.precision + guard;
    if (!haveRoom(4 * digits, status)) return r.setNan();
    compute(r, digits);
    if (isDecided(r, settings.precision)) return finalise(r, settings, status);
  }
}

// ln(a) in fixed point; a > 0. `bits` stand behind the point.
void logarithmOf(mpz_ptr r, const Number& a, uint64_t bits) {
  int64_t digits = a.digits(), exponent = a.adjusted();
  Number mantissa;
  mpz_set(mantissa.edit(), a.coefficient());
  mantissa.exponent = 1 - digits;
  Number fixed;
  uint64_t working = bits + 72;  // room for an exponent's share
  toFixed(fixed.edit(), mantissa, working);
  Number root(Wide{3});
  mpz_mul_2exp(root.edit(), root.coefficient(), working);
  if (mpz_cmp(fixed.coefficient(), root.coefficient()) > 0) {  // 3 < m < 10
    mpz_tdiv_q_ui(fixed.edit(), fixed.coefficient(), 10);
    exponent++;
  }
  logarithmFixed(r, fixed.coefficient(), working);
  if (exponent != 0) {
    Number ten;
    lnTen(ten.edit(), working);
    mpz_mul_si(ten.edit(), ten.coefficient(), exponent);
    mpz_add(r, r, ten.coefficient());
  }
  mpz_tdiv_q_2exp(r, r, working - bits);
}

// How many digits ln(a) begins after the point: for a close to 1.
int64_t closeness(const Number& a) {
  if (a.adjusted() < -1 || a.adjusted() > 0) return 0;
  Number one(Wide{1}), distance;
  uint32_t ignored = 0;
  Settings settings = kWidest;
  subtract(distance, a, one, settings, ignored);
  return std::max<int64_t>(0, -distance.adjusted());
}

// The fixed-point number as a decimal with `digits` digits or one or two more.
void fromFixed(Number& r, mpz_ptr x, uint64_t bits, int64_t digits) {
  r.form = Form::kFinite;
  r.negative = mpz_sgn(x) < 0;
  mpz_abs(x, x);
  auto size = static_cast<int64_t>(mpz_sizeinbase(x, 2)) - static_cast<int64_t>(bits);  // x < 2^size
  auto shift = digits - static_cast<int64_t>(std::floor(static_cast<double>(size - 1) * 0.30102999566398120));
  if (shift >= 0) {
    mpz_mul(r.edit(), x, powerOfTen(static_cast<uint64_t>(shift)));
  } else {
    mpz_tdiv_q(r.edit(), x, powerOfTen(static_cast<uint64_t>(-shift)));
  }
  mpz_tdiv_q_2exp(r.edit(), r.coefficient(), bits);
  r.exponent = -shift;
}

Settings halfEven(const Settings& given) {
  Settings settings = given;
  settings.rounding = Rounding::kHalfEven;
  return settings;
}

int decimalLength(int64_t n) { return digitCount(static_cast<Wide>(static_cast<uint64_t>(n))); }

}  // namespace

// --- exponential ------------------------------------------------------------------------------------------------------
void exponential(Number& r, const Number& a, const Settings& given, uint32_t& status) {
  Settings settings = halfEven(given);
  if (takeNan(r, a, nullptr, settings, status)) return;
  if (a.isInfinite()) return a.negative ? r.set(false, 0, 0) : r.setInfinity(false);
  if (a.isZeroCoefficient()) return r.set(false, 1, 0);
  int64_t adjusted = a.adjusted(), precision = settings.precision;
  if (!a.negative && adjusted > decimalLength((settings.emax + 1) * 3)) {
    r.set(false, 1, settings.emax + 1);
    return finalise(r, settings, status);
  }
  if (a.negative && adjusted > decimalLength((1 - settings.etiny()) * 3)) {
    r.set(false, 1, settings.etiny() - 1);
    return finalise(r, settings, status);
  }
  if (adjusted < -precision - 1) {  // 1 and next to nothing
    if (!haveRoom(precision, status)) return r.setNan();
    r.set(false, 0, -precision - 2);
    mpz_set(r.edit(), powerOfTen(static_cast<uint64_t>(precision + 2)));
    if (a.negative)
      mpz_sub_ui(r.edit(), r.coefficient(), 1);
    else
      mpz_add_ui(r.edit(), r.coefficient(), 1);
    return finalise(r, settings, status);
  }
  untilDecided(r, settings, status, [&](Number& result, int64_t digits) {
    digits += std::max<int64_t>(0, -adjusted);  // e^0.00001 has its news behind the zeroes
    uint64_t bits = bitsFor(digits) + 16, working = bits + 80;
    Number x, ten, tens;
    toFixed(x.edit(), a, working);
    if (a.negative) mpz_neg(x.edit(), x.coefficient());
    lnTen(ten.edit(), working);
    mpz_fdiv_qr(tens.edit(), x.edit(), x.coefficient(), ten.coefficient());
    mpz_tdiv_q_2exp(x.edit(), x.coefficient(), working - bits);
    Number y;
    exponentialFixed(y.edit(), x.coefficient(), bits);
    fromFixed(result, y.edit(), bits, digits);
    result.exponent += mpz_get_si(tens.coefficient());
  });
}

// --- logarithms -------------------------------------------------------------------------------------------------------
// What both say of special operands and 0; true when nothing is left to do.
static bool logarithmOfSpecial(Number& r, const Number& a, const Settings& settings, uint32_t& status) {
  if (takeNan(r, a, nullptr, settings, status)) return true;
  if (a.isZero()) {
    r.setInfinity(true);
    return true;
  }
  if (a.negative) {
    r.setInvalid(kInvalidOperation, status);
    return true;
  }
  if (a.isInfinite()) r.setInfinity(false);
  return a.isInfinite();
}

void naturalLogarithm(Number& r, const Number& a, const Settings& given, uint32_t& status) {
  Settings settings = halfEven(given);
  if (logarithmOfSpecial(r, a, settings, status)) return;
  Number one(Wide{1});
  if (compareValues(a, one) == 0) return r.set(false, 0, 0);
  int64_t close = closeness(a);
  untilDecided(r, settings, status, [&](Number& result, int64_t digits) {
    uint64_t bits = bitsFor(digits + close) + 16;
    Number fixed;
    logarithmOf(fixed.edit(), a, bits);
    fromFixed(result, fixed.edit(), bits, digits);
  });
}

void decimalLogarithm(Number& r, const Number& a, const Settings& given, uint32_t& status) {
  Settings settings = halfEven(given);
  if (logarithmOfSpecial(r, a, settings, status)) return;
  Number stripped = a;
  stripZeroes(stripped, stripped.digits());
  if (mpz_cmp_ui(stripped.coefficient(), 1) == 0) {
    int64_t e = stripped.exponent;
    r.set(e < 0, static_cast<uint64_t>(std::abs(e)), 0);
    return finalise(r, settings, status);
  }
  int64_t close = closeness(a);
  untilDecided(r, settings, status, [&](Number& result, int64_t digits) {
    uint64_t bits = bitsFor(digits + close) + 20;
    Number fixed, ten;
    logarithmOf(fixed.edit(), a, bits);
    lnTen(ten.edit(), bits);
    mpz_mul_2exp(fixed.edit(), fixed.coefficient(), bits);
    mpz_tdiv_q(fixed.edit(), fixed.coefficient(), ten.coefficient());
    fromFixed(result, fixed.edit(), bits, digits);
  });
}

// --- powers -----------------------------------------------------------------------------------------------------------
// 1 to the power of b: ±1 with as many zeroes as fit.
static void powerOfOne(Number& r, const Number& a, const Number& b, bool negative, const Settings& settings,
                       uint32_t& status) {
  int64_t exponent = 1 - settings.precision;
  if (b.isInteger()) {
    int64_t times = 0;
    if (!b.negative) {
      Number limit(static_cast<uint64_t>(settings.precision));
      Number whole = b;
      Lost lost;
      uint32_t ignored = 0;
      if (compareValues(b, limit) > 0) {
        times = settings.precision;
      } else if (rescale(whole, 0, Rounding::kDown, lost, ignored)) {
        times = static_cast<int64_t>(mpz_get_ui(whole.coefficient()));
      }
    }
    Wide shown = static_cast<Wide>(static_cast<uint64_t>(-a.exponent)) * static_cast<uint64_t>(times);
    if (a.exponent >= 0) shown = 0;
    if (shown > static_cast<uint64_t>(settings.precision - 1)) {
      status |= kRounded;
    } else {
      exponent = -static_cast<int64_t>(shown);
    }
  } else {
    status |= kInexact | kRounded;
  }
  if (!haveRoom(-exponent, status)) return r.setNan();
  r.set(negative, 0, exponent);
  mpz_set(r.edit(), powerOfTen(static_cast<uint64_t>(-exponent)));
  finalise(r, settings, status);
}

// A power that is certain not to fit; false when it may.
static bool powerOutOfRange(Number& r, const Number& a, const Number& b, bool negative, const Settings& settings,
                            uint32_t& status) {
  // |log10(a)| >= 10^bound
  int64_t adjusted = a.adjusted(), bound;
  if (adjusted >= 1) {
    bound = decimalLength(adjusted) - 1;
  } else if (adjusted <= -2) {
    bound = decimalLength(-1 - adjusted) - 1;
  } else {
    bound = -closeness(a) - 1;
  }
  bound += b.adjusted();
  if ((adjusted >= 0) == !b.negative) {
    if (bound <= decimalLength(settings.emax)) return false;
    r.set(negative, 1, settings.emax + 1);
  } else {
    if (bound <= decimalLength(-settings.etiny())) return false;
    r.set(negative, 1, settings.etiny() - 1);
  }
  finalise(r, settings, status);
  return true;
}

static void integerPower(Number& r, const Number& a, const Number& b, bool negative, const Settings& given,
                         uint32_t& status) {
  Settings settings = halfEven(given);
  settings.clamp = false;
  settings.precision = std::min(kMaxPrecision, given.precision + b.adjusted() + 1 + 2 + (b.negative ? 1 : 0));
  uint32_t found = 0;
  Number base = a, times = b, square;
  base.negative = false;
  Lost lost;
  if (!rescale(times, 0, Rounding::kDown, lost, status)) return r.setNan();
  if (b.negative) {
    Number one(Wide{1});
    divide(square, one, base, settings, found);
    base.swap(square);
  }
  r = base;
  for (auto bit = static_cast<int64_t>(mpz_sizeinbase(times.coefficient(), 2)) - 2; bit >= 0; bit--) {
    multiply(square, r, r, settings, found);
    r.swap(square);
    if (mpz_tstbit(times.coefficient(), static_cast<mp_bitcnt_t>(bit)) != 0) {
      multiply(square, r, base, settings, found);
      r.swap(square);
    }
    if (!r.isFinite() || (r.isZeroCoefficient() && (found & kClamped))) break;
  }
  r.negative = negative;
  status |= found & ~uint32_t{kDivisionByZero};
  if (r.isInfinite()) r.set(negative, 1, kMaxExponent + 1);  // rounded as the context wants
  finalise(r, given, status);
}

static void realPower(Number& r, const Number& a, const Number& b, const Settings& given, uint32_t& status) {
  Settings settings = halfEven(given);
  settings.clamp = false;
  settings.emax = kMaxExponent;
  settings.emin = kMinExponent;
  settings.precision = std::min(kMaxPrecision, std::max(a.digits(), given.precision) + 4 + 19);
  Number logarithm, product;
  uint32_t found = 0;
  naturalLogarithm(logarithm, a, settings, found);
  multiply(product, logarithm, b, settings, found);
  exponential(r, product, settings, found);
  status |= (found & kNoMemory) | kInexact | kRounded;
  if (r.isInfinite()) r.set(false, 1, kMaxExponent + 1);
  finalise(r, given, status);
}

void power(Number& r, const Number& a, const Number& b, const Settings& settings, uint32_t& status) {
  if (takeNan(r, a, &b, settings, status)) return;
  if (b.isZero()) {
    if (a.isZero()) return r.setInvalid(kInvalidOperation, status);
    return r.set(false, 1, 0);
  }
  bool isInteger = b.isInteger(), negative = a.negative && isInteger && b.isOddInteger();
  if (a.negative && !isInteger && !a.isZero()) return r.setInvalid(kInvalidOperation, status);
  if (a.isZero() || a.isInfinite()) {
    bool isLarge = a.isInfinite() != b.negative;
    return isLarge ? r.setInfinity(negative) : r.set(negative, 0, 0);
  }
  Number magnitude = a, one(Wide{1});
  magnitude.negative = false;
  int order = compareValues(magnitude, one);
  if (order == 0 && !b.isInfinite()) return powerOfOne(r, a, b, negative, settings, status);
  if (b.isInfinite()) {
    if (order == 0) {
      if (!haveRoom(settings.precision, status)) return r.setNan();
      r.set(false, 0, 1 - settings.precision);
      mpz_set(r.edit(), powerOfTen(static_cast<uint64_t>(settings.precision - 1)));
      status |= kInexact | kRounded;
      return;
    }
    return (order > 0) != b.negative ? r.setInfinity(false) : r.set(false, 0, 0);
  }
  if (powerOutOfRange(r, magnitude, b, negative, settings, status)) return;
  if (isInteger) return integerPower(r, a, b, negative, settings, status);
  realPower(r, a, b, settings, status);
}

void powerModulo(Number& r, const Number& a, const Number& b, const Number& m, const Settings& settings,
                 uint32_t& status) {
  if (a.isNan() || b.isNan() || m.isNan()) {
    const Number* taken = nullptr;
    for (const Number* n : {&a, &b, &m})
      if (taken == nullptr && n->form == Form::kSignalling) taken = n;
    for (const Number* n : {&a, &b, &m})
      if (taken == nullptr && n->isNan()) taken = n;
    takeNan(r, *taken, nullptr, settings, status);
    return;
  }
  bool valid = a.isInteger() && b.isInteger() && m.isInteger() && !(b.negative && !b.isZero()) && !m.isZero() &&
               m.adjusted() < settings.precision && !(a.isZero() && b.isZero());
  if (!valid) return r.setInvalid(kInvalidOperation, status);
  bool negative = a.negative && b.isOddInteger();
  Number modulus = m, times = b, base = a;
  Lost lost;
  if (!rescale(modulus, 0, Rounding::kDown, lost, status)) return r.setNan();
  auto below = [&](Number& n) { mpz_mod(n.edit(), n.coefficient(), modulus.coefficient()); };
  if (base.exponent > 0) {
    Number ten(Wide{10}), exponent(static_cast<uint64_t>(base.exponent));
    mpz_powm(ten.edit(), ten.coefficient(), exponent.coefficient(), modulus.coefficient());
    mpz_mul(base.edit(), base.coefficient(), ten.coefficient());
  } else {
    (void)rescale(base, 0, Rounding::kDown, lost, status);
  }
  below(base);
  int64_t tenfold = std::max<int64_t>(0, times.exponent);
  if (times.exponent < 0) (void)rescale(times, 0, Rounding::kDown, lost, status);
  for (; tenfold > 0; tenfold--) mpz_powm_ui(base.edit(), base.coefficient(), 10, modulus.coefficient());
  r.set(negative, 0, 0);
  mpz_powm(r.edit(), base.coefficient(), times.coefficient(), modulus.coefficient());
}

}  // namespace krait::decimal
