// Decimal coefficients: counting digits, powers of ten, dropping digits, rounding and fitting numbers to a context.
#include "vm/modules/decimal_number.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <utility>

namespace krait::decimal {

// --- powers of ten ----------------------------------------------------------------------------------------------------
static constexpr std::array<Wide, kWideDigits + 1> kPowers = [] {
  std::array<Wide, kWideDigits + 1> powers{};
  Wide p = 1;
  for (auto& power : powers) {
    power = p;
    p *= 10;
  }
  return powers;
}();
Wide powerOfTenWide(int n) { return kPowers[static_cast<size_t>(n)]; }

int digitCount(Wide c) {
  if (c == 0) return 1;
  auto high = static_cast<uint64_t>(c >> 64), low = static_cast<uint64_t>(c);
  int bits = high != 0 ? 128 - __builtin_clzll(high) : 64 - __builtin_clzll(low);
  int digits = bits * 1233 >> 12;  // log10(2), rounded down: the count, or one less
  return digits + (digits > kWideDigits || c >= kPowers[static_cast<size_t>(digits)] ? 1 : 0);
}

mpz_srcptr powerOfTen(uint64_t n) {
  constexpr uint64_t kKept = 1024;
  constexpr size_t kRecent = 8;
  static mpz_t kept[kKept];
  static struct {
    uint64_t n;
    mpz_t value;
    bool used;
  } recent[kRecent];
  static size_t turn = 0;
  if (n < kKept) {
    if (kept[n]->_mp_d == nullptr) {
      mpz_init(kept[n]);
      mpz_ui_pow_ui(kept[n], 10, n);
    }
    return kept[n];
  }
  for (auto& entry : recent)
    if (entry.used && entry.n == n) return entry.value;
  auto& entry = recent[turn++ % kRecent];
  if (!entry.used) mpz_init(entry.value);
  entry.used = true;
  entry.n = n;
  mpz_ui_pow_ui(entry.value, 5, n);
  mpz_mul_2exp(entry.value, entry.value, n);
  return entry.value;
}

int64_t digitCount(mpz_srcptr c) {
  size_t size = mpz_size(c);
  if (size == 0) return 1;
  const mp_limb_t* limbs = mpz_limbs_read(c);
  if (size <= 2) return digitCount(size == 1 ? Wide{limbs[0]} : Wide{limbs[1]} << 64 | limbs[0]);
  long exponent;
  double mantissa = mpz_get_d_2exp(&exponent, c);
  constexpr long double kLog = 0.30102999566398119521L;
  long double logarithm = static_cast<long double>(exponent) * kLog + std::log10(static_cast<long double>(mantissa));
  auto whole = std::floor(logarithm);
  long double fraction = logarithm - whole;
  auto count = static_cast<int64_t>(whole) + 1;
  constexpr long double kUnsure = 1e-8L;
  if (fraction > kUnsure && fraction < 1 - kUnsure) return count;
  if (fraction > 0.5L) count++;  // next to a power of ten: 10^(count-1) decides
  return mpz_cmp(c, powerOfTen(static_cast<uint64_t>(count - 1))) < 0 ? count - 1 : count;
}

bool haveRoom(int64_t digits, uint32_t& status) {
  constexpr int64_t kSmall = 1000000, kMost = 12000000000;
  if (digits <= kSmall) return true;
  if (digits <= kMost) {
    void* probe = std::malloc(static_cast<size_t>(digits) * 4);  // several temporaries of the size
    std::free(probe);
    if (probe != nullptr) return true;
  }
  status |= kNoMemory;
  return false;
}

// --- numbers ----------------------------------------------------------------------------------------------------------
Number& Number::operator=(const Number& other) {
  if (this == &other) return *this;
  form = other.form;
  negative = other.negative;
  exponent = other.exponent;
  digits_ = other.digits_;
  mpz_set(coefficient_, other.coefficient_);
  return *this;
}
void Number::swap(Number& other) {
  std::swap(form, other.form);
  std::swap(negative, other.negative);
  std::swap(exponent, other.exponent);
  std::swap(digits_, other.digits_);
  std::swap(owned_, other.owned_);
  mpz_swap(coefficient_, other.coefficient_);
}
void Number::set(bool isNegative, Wide c, int64_t e) {
  form = Form::kFinite;
  negative = isNegative;
  exponent = e;
  digits_ = 0;
  mpz_set_ui(coefficient_, static_cast<uint64_t>(c >> 64));
  if (mpz_sgn(coefficient_) != 0) mpz_mul_2exp(coefficient_, coefficient_, 64);
  mpz_add_ui(coefficient_, coefficient_, static_cast<uint64_t>(c));
}
void Number::setInfinity(bool isNegative) {
  form = Form::kInfinite;
  negative = isNegative;
  exponent = 0;
  mpz_set_ui(edit(), 0);
}
void Number::setNan() {
  form = Form::kQuiet;
  negative = false;
  exponent = 0;
  mpz_set_ui(edit(), 0);
}
bool Number::isInteger() const {
  if (!isFinite()) return false;
  if (exponent >= 0 || isZeroCoefficient()) return true;
  if (digits() <= -exponent) return false;
  if (mpz_scan1(coefficient_, 0) < static_cast<uint64_t>(-exponent)) return false;
  return mpz_divisible_p(coefficient_, powerOfTen(static_cast<uint64_t>(-exponent))) != 0;
}
bool Number::isOddInteger() const {
  if (exponent > 0 || isZeroCoefficient()) return false;
  if (exponent == 0) return mpz_odd_p(coefficient_) != 0;
  Number whole;
  mpz_tdiv_q(whole.edit(), coefficient_, powerOfTen(static_cast<uint64_t>(-exponent)));
  return mpz_odd_p(whole.coefficient()) != 0;
}

// --- rounding ---------------------------------------------------------------------------------------------------------
Lost dropDigits(mpz_ptr c, int64_t digits, int64_t n) {
  if (n <= 0 || mpz_sgn(c) == 0) return Lost::kNothing;
  if (n > digits) {
    mpz_set_ui(c, 0);
    return Lost::kBelowHalf;
  }
  mpz_srcptr divisor = powerOfTen(static_cast<uint64_t>(n));
  mpz_t rest;
  mpz_init(rest);
  mpz_tdiv_qr(c, rest, c, divisor);
  Lost lost = Lost::kNothing;
  if (mpz_sgn(rest) != 0) {
    mpz_mul_2exp(rest, rest, 1);
    int order = mpz_cmp(rest, divisor);
    lost = order < 0 ? Lost::kBelowHalf : order == 0 ? Lost::kHalf : Lost::kAboveHalf;
  }
  mpz_clear(rest);
  return lost;
}

bool roundsAway(Rounding rounding, bool negative, Lost lost, bool isOdd, unsigned lastDigit) {
  if (lost == Lost::kNothing) return false;
  switch (rounding) {
    case Rounding::kUp: return true;
    case Rounding::kDown: return false;
    case Rounding::kCeiling: return !negative;
    case Rounding::kFloor: return negative;
    case Rounding::kHalfUp: return lost >= Lost::kHalf;
    case Rounding::kHalfDown: return lost > Lost::kHalf;
    case Rounding::kHalfEven: return lost > Lost::kHalf || (lost == Lost::kHalf && isOdd);
    default: return lastDigit % 5 == 0;
  }
}

// Rounds what dropDigits() has left.
static void roundLost(Number& r, Lost lost, Rounding rounding) {
  if (lost == Lost::kNothing) return;
  mpz_srcptr c = r.coefficient();
  unsigned last = rounding == Rounding::k05Up ? static_cast<unsigned>(mpz_fdiv_ui(c, 10)) : 0;
  if (roundsAway(rounding, r.negative, lost, mpz_odd_p(c) != 0, last)) mpz_add_ui(r.edit(), r.coefficient(), 1);
}

bool rescale(Number& r, int64_t exponent, Rounding rounding, Lost& lost, uint32_t& status) {
  lost = Lost::kNothing;
  if (r.isZeroCoefficient()) {
    r.exponent = exponent;
    return true;
  }
  int64_t by = exponent - r.exponent;
  if (by > 0) {
    int64_t digits = r.digits();
    lost = dropDigits(r.edit(), digits, by);
    roundLost(r, lost, rounding);
  } else if (by < 0) {
    if (!haveRoom(r.digits() - by, status)) return false;
    mpz_mul(r.edit(), r.coefficient(), powerOfTen(static_cast<uint64_t>(-by)));
  }
  r.exponent = exponent;
  return true;
}

void fixNan(Number& r, const Settings& settings) {
  int64_t most = settings.precision - (settings.clamp ? 1 : 0);
  if (r.isZeroCoefficient() || r.digits() <= most) return;
  if (most == 0)
    mpz_set_ui(r.edit(), 0);
  else
    mpz_tdiv_r(r.edit(), r.coefficient(), powerOfTen(static_cast<uint64_t>(most)));
}

static void overflow(Number& r, const Settings& settings, uint32_t& status) {
  status |= kOverflow | kInexact | kRounded;
  bool largest = false;  // ... finite number instead of infinity
  switch (settings.rounding) {
    case Rounding::kHalfUp:
    case Rounding::kHalfEven:
    case Rounding::kHalfDown:
    case Rounding::kUp: break;
    case Rounding::kDown:
    case Rounding::k05Up: largest = true; break;
    case Rounding::kCeiling: largest = r.negative; break;
    default: largest = !r.negative; break;
  }
  if (!largest) return r.setInfinity(r.negative);
  if (!haveRoom(settings.precision, status)) return r.setNan();
  mpz_sub_ui(r.edit(), powerOfTen(static_cast<uint64_t>(settings.precision)), 1);
  r.exponent = settings.etop();
}

void finalise(Number& r, const Settings& settings, uint32_t& status) {
  if (!r.isFinite()) {
    if (r.isNan()) fixNan(r, settings);
    return;
  }
  int64_t etiny = settings.etiny();
  if (r.isZeroCoefficient()) {
    int64_t most = settings.clamp ? settings.etop() : settings.emax;
    int64_t fitting = r.exponent < etiny ? etiny : r.exponent > most ? most : r.exponent;
    if (fitting != r.exponent) status |= kClamped;
    r.exponent = fitting;
    return;
  }
  int64_t digits = r.digits(), adjusted = r.exponent + digits - 1;
  if (adjusted > settings.emax) return overflow(r, settings, status);
  if (adjusted < settings.emin) {
    status |= kSubnormal;
    if (r.exponent < etiny) {
      Lost lost = dropDigits(r.edit(), digits, etiny - r.exponent);
      roundLost(r, lost, settings.rounding);
      r.exponent = etiny;
      status |= kRounded;
      if (lost != Lost::kNothing) status |= kInexact | kUnderflow;
      if (r.isZeroCoefficient()) status |= kClamped;
      return;
    }
  } else if (digits > settings.precision) {
    int64_t excess = digits - settings.precision;
    Lost lost = dropDigits(r.edit(), digits, excess);
    roundLost(r, lost, settings.rounding);
    r.exponent += excess;
    status |= kRounded;
    if (lost != Lost::kNothing) {
      status |= kInexact;
      if (r.digits() > settings.precision) {
        mpz_divexact_ui(r.edit(), r.coefficient(), 10);
        r.exponent++;
        if (r.adjusted() > settings.emax) return overflow(r, settings, status);
      }
    }
  }
  if (settings.clamp && r.exponent > settings.etop()) {
    status |= kClamped;
    mpz_mul(r.edit(), r.coefficient(), powerOfTen(static_cast<uint64_t>(r.exponent - settings.etop())));
    r.exponent = settings.etop();
  }
}

void stripZeroes(Number& r, int64_t most) {
  if (most <= 0 || r.isZeroCoefficient()) return;
  auto twos = static_cast<int64_t>(mpz_scan1(r.coefficient(), 0));
  most = std::min(most, twos);
  if (most == 0) return;
  int64_t step = 1;
  while (step * 2 <= most) step *= 2;
  for (; step > 0; step /= 2) {
    while (step <= most) {
      mpz_srcptr divisor = powerOfTen(static_cast<uint64_t>(step));
      if (mpz_divisible_p(r.coefficient(), divisor) == 0) break;
      mpz_divexact(r.edit(), r.coefficient(), divisor);
      r.exponent += step;
      most -= step;
    }
  }
}

void makeExact(Number& r, uint32_t& status) {
  uint32_t found = 0;
  finalise(r, kWidest, found);
  status |= found & kNoMemory;
  if (found & (kInexact | kRounded | kClamped)) r.setInvalid(kInvalidOperation, status);
}

}  // namespace krait::decimal
