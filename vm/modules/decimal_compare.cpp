// Decimal comparison and order, neighbours, and the operations that treat a coefficient as a row of digits.
#include <algorithm>

#include "vm/modules/decimal_number.h"

namespace krait::decimal {

// --- comparison -------------------------------------------------------------------------------------------------------
// Of two finite coefficients that are not zero, scaled.
static int compareMagnitudes(const Number& a, const Number& b) {
  int64_t first = a.adjusted(), second = b.adjusted();
  if (first != second) return first < second ? -1 : 1;
  int64_t by = a.exponent - b.exponent;  // as small as the longer coefficient
  if (by == 0) return mpz_cmp(a.coefficient(), b.coefficient());
  Number scaled;
  const Number &high = by > 0 ? a : b, &low = by > 0 ? b : a;
  mpz_mul(scaled.edit(), high.coefficient(), powerOfTen(static_cast<uint64_t>(std::abs(by))));
  int order = mpz_cmp(scaled.coefficient(), low.coefficient());
  return by > 0 ? order : -order;
}

int compareValues(const Number& a, const Number& b) {
  auto signOf = [](const Number& n) { return n.isZero() ? 0 : n.negative ? -1 : 1; };
  int first = signOf(a), second = signOf(b);
  if (first != second) return first < second ? -1 : 1;
  if (first == 0) return 0;
  if (a.isInfinite() || b.isInfinite()) return (a.isInfinite() - b.isInfinite()) * first;
  int order = compareMagnitudes(a, b);
  return (order > 0) - (order < 0) == 0 ? 0 : (order > 0 ? first : -first);
}

static int totalMagnitude(const Number& a, const Number& b) {
  auto rank = [](const Number& n) { return n.form == Form::kQuiet ? 3 : n.form == Form::kSignalling ? 2 : 0; };
  if (rank(a) != rank(b)) return rank(a) < rank(b) ? -1 : 1;
  if (a.isNan()) {
    int order = mpz_cmp(a.coefficient(), b.coefficient());
    return (order > 0) - (order < 0);
  }
  Number x = a, y = b;
  x.negative = y.negative = false;
  if (int order = compareValues(x, y); order != 0) return order;
  return (a.exponent > b.exponent) - (a.exponent < b.exponent);
}
int compareTotally(const Number& a, const Number& b) {
  if (a.negative != b.negative) return a.negative ? -1 : 1;
  return a.negative ? -totalMagnitude(a, b) : totalMagnitude(a, b);
}

static void setOrder(Number& r, int order) { r.set(order < 0, order != 0 ? 1 : 0, 0); }

void compare(Number& r, const Number& a, const Number& b, const Settings& settings, uint32_t& status) {
  if (!takeNan(r, a, &b, settings, status)) setOrder(r, compareValues(a, b));
}
void compareSignal(Number& r, const Number& a, const Number& b, const Settings& settings, uint32_t& status) {
  if (takeNan(r, a, &b, settings, status)) {
    status |= kInvalidOperation;
  } else {
    setOrder(r, compareValues(a, b));
  }
}
void compareTotal(Number& r, const Number& a, const Number& b, const Settings&, uint32_t&) {
  setOrder(r, compareTotally(a, b));
}
void compareTotalMagnitude(Number& r, const Number& a, const Number& b, const Settings&, uint32_t&) {
  setOrder(r, totalMagnitude(a, b));
}

static void extreme(Number& r, const Number& a, const Number& b, bool wantsLarger, bool byMagnitude,
                    const Settings& settings, uint32_t& status) {
  bool signals = a.form == Form::kSignalling || b.form == Form::kSignalling;
  if (a.isNan() != b.isNan() && !signals) {  // a quiet NaN gives way to a number
    r = a.isNan() ? b : a;
    return finalise(r, settings, status);
  }
  if (takeNan(r, a, &b, settings, status)) return;
  int order;
  if (byMagnitude) {
    Number x = a, y = b;
    x.negative = y.negative = false;
    order = compareValues(x, y);
  } else {
    order = compareValues(a, b);
  }
  if (order == 0) order = compareTotally(a, b);
  r = (order < 0) == wantsLarger ? b : a;
  finalise(r, settings, status);
}
void maximum(Number& r, const Number& a, const Number& b, const Settings& settings, uint32_t& status) {
  extreme(r, a, b, true, false, settings, status);
}
void minimum(Number& r, const Number& a, const Number& b, const Settings& settings, uint32_t& status) {
  extreme(r, a, b, false, false, settings, status);
}
void maximumMagnitude(Number& r, const Number& a, const Number& b, const Settings& settings, uint32_t& status) {
  extreme(r, a, b, true, true, settings, status);
}
void minimumMagnitude(Number& r, const Number& a, const Number& b, const Settings& settings, uint32_t& status) {
  extreme(r, a, b, false, true, settings, status);
}

bool sameQuantum(const Number& a, const Number& b) {
  if (a.isFinite() && b.isFinite()) return a.exponent == b.exponent;
  return (a.isNan() && b.isNan()) || (a.isInfinite() && b.isInfinite());
}

// --- neighbours -------------------------------------------------------------------------------------------------------
static bool setLargest(Number& r, bool negative, const Settings& settings, uint32_t& status) {
  if (!haveRoom(settings.precision, status)) {
    r.setNan();
    return false;
  }
  r.set(negative, 0, settings.etop());
  mpz_sub_ui(r.edit(), powerOfTen(static_cast<uint64_t>(settings.precision)), 1);
  return true;
}

// The next number in the direction of infinity of this sign.
static void next(Number& r, const Number& a, bool down, const Settings& given, uint32_t& status) {
  if (takeNan(r, a, nullptr, given, status)) return;
  if (a.isInfinite()) {
    if (a.negative == down) return r.setInfinity(down);
    (void)setLargest(r, a.negative, given, status);
    return;
  }
  Settings settings = given;
  settings.rounding = down ? Rounding::kFloor : Rounding::kCeiling;
  uint32_t quiet = 0;
  r = a;
  finalise(r, settings, quiet);
  status |= quiet & kNoMemory;
  if (r.isInfinite() || compareValues(r, a) != 0) return;
  Number least(Wide{1}, settings.etiny() - 1, down), sum;
  quiet = 0;
  add(sum, r, least, settings, quiet);
  status |= quiet & kNoMemory;
  r.swap(sum);
}
void nextMinus(Number& r, const Number& a, const Settings& settings, uint32_t& status) {
  next(r, a, true, settings, status);
}
void nextPlus(Number& r, const Number& a, const Settings& settings, uint32_t& status) {
  next(r, a, false, settings, status);
}
void nextToward(Number& r, const Number& a, const Number& b, const Settings& settings, uint32_t& status) {
  if (takeNan(r, a, &b, settings, status)) return;
  int order = compareValues(a, b);
  if (order == 0) {
    r = a;
    r.negative = b.negative;
    return;
  }
  next(r, a, order > 0, settings, status);
  if (r.isInfinite()) {
    status |= kOverflow | kInexact | kRounded;
  } else if (r.isFinite() && r.adjusted() < settings.emin) {
    status |= kUnderflow | kSubnormal | kInexact | kRounded;
    if (r.isZeroCoefficient()) status |= kClamped;
  }
}

// --- exponents --------------------------------------------------------------------------------------------------------
void logb(Number& r, const Number& a, const Settings& settings, uint32_t& status) {
  if (takeNan(r, a, nullptr, settings, status)) return;
  if (a.isInfinite()) return r.setInfinity(false);
  if (a.isZeroCoefficient()) {
    status |= kDivisionByZero;
    return r.setInfinity(true);
  }
  int64_t e = a.adjusted();
  r.set(e < 0, static_cast<uint64_t>(std::abs(e)), 0);
  finalise(r, settings, status);
}

// An operand that must be an int of at most `most`; false when it is not.
static bool countOf(const Number& b, int64_t most, int64_t& count) {
  if (!b.isFinite() || b.exponent != 0 || b.digits() > 19) return false;
  mpz_srcptr c = b.coefficient();
  if (mpz_cmp_ui(c, static_cast<unsigned long>(most)) > 0) return false;
  count = static_cast<int64_t>(mpz_get_ui(c));
  if (b.negative) count = -count;
  return true;
}

void scaleb(Number& r, const Number& a, const Number& b, const Settings& settings, uint32_t& status) {
  if (takeNan(r, a, &b, settings, status)) return;
  int64_t by, most = 2 * (settings.emax + settings.precision);
  if (!countOf(b, most, by)) return r.setInvalid(kInvalidOperation, status);
  r = a;
  if (a.isInfinite()) return;
  r.exponent += by;
  finalise(r, settings, status);
}

// Cuts or keeps the last `precision` digits.
static void keepLast(Number& r, int64_t precision) {
  if (r.digits() > precision) mpz_tdiv_r(r.edit(), r.coefficient(), powerOfTen(static_cast<uint64_t>(precision)));
}

void shift(Number& r, const Number& a, const Number& b, const Settings& settings, uint32_t& status) {
  if (takeNan(r, a, &b, settings, status)) return;
  int64_t by;
  if (!countOf(b, settings.precision, by)) return r.setInvalid(kInvalidOperation, status);
  r = a;
  if (a.isInfinite()) return;
  if (by < 0) {
    keepLast(r, settings.precision);
    int64_t digits = r.digits();
    (void)dropDigits(r.edit(), digits, -by);
  } else if (!r.isZeroCoefficient()) {
    keepLast(r, settings.precision - by);
    if (!haveRoom(r.digits() + by, status)) return r.setNan();
    mpz_mul(r.edit(), r.coefficient(), powerOfTen(static_cast<uint64_t>(by)));
  }
}

void rotate(Number& r, const Number& a, const Number& b, const Settings& settings, uint32_t& status) {
  if (takeNan(r, a, &b, settings, status)) return;
  int64_t by;
  if (!countOf(b, settings.precision, by)) return r.setInvalid(kInvalidOperation, status);
  r = a;
  if (a.isInfinite()) return;
  keepLast(r, settings.precision);
  if (by < 0) by += settings.precision;  // to the left
  if (by == 0 || by == settings.precision || r.isZeroCoefficient()) return;
  if (!haveRoom(settings.precision, status)) return r.setNan();
  Number high;  // the digits that leave at the left come back at the right
  mpz_tdiv_qr(high.edit(), r.edit(), r.coefficient(), powerOfTen(static_cast<uint64_t>(settings.precision - by)));
  mpz_mul(r.edit(), r.coefficient(), powerOfTen(static_cast<uint64_t>(by)));
  mpz_add(r.edit(), r.coefficient(), high.coefficient());
}

// --- logic on rows of 0 and 1 -----------------------------------------------------------------------------------------
// The last `precision` digits, all of which are 0 or 1.
static bool logicalDigits(const Number& a, const Settings& settings, std::string& digits) {
  if (!a.isFinite() || a.negative || a.exponent != 0) return false;
  digits = digitsOf(a.coefficient());
  bool isLogical = std::all_of(digits.begin(), digits.end(), [](char c) { return c == '0' || c == '1'; });
  if (static_cast<int64_t>(digits.size()) > settings.precision)
    digits.erase(0, digits.size() - static_cast<size_t>(settings.precision));
  return isLogical;
}
template <class F>
static void logical(Number& r, const Number& a, const Number& b, const Settings& settings, uint32_t& status, F f) {
  std::string x, y;
  if (!logicalDigits(a, settings, x) || !logicalDigits(b, settings, y)) return r.setInvalid(kInvalidOperation, status);
  size_t length = std::max(x.size(), y.size());
  x.insert(0, length - x.size(), '0');
  y.insert(0, length - y.size(), '0');
  for (size_t i = 0; i < length; i++) x[i] = static_cast<char>('0' + (f(x[i] - '0', y[i] - '0') & 1));
  r.set(false, 0, 0);
  mpz_set_str(r.edit(), x.c_str(), 10);
}
void logicalAnd(Number& r, const Number& a, const Number& b, const Settings& settings, uint32_t& status) {
  logical(r, a, b, settings, status, [](int x, int y) { return x & y; });
}
void logicalOr(Number& r, const Number& a, const Number& b, const Settings& settings, uint32_t& status) {
  logical(r, a, b, settings, status, [](int x, int y) { return x | y; });
}
void logicalXor(Number& r, const Number& a, const Number& b, const Settings& settings, uint32_t& status) {
  logical(r, a, b, settings, status, [](int x, int y) { return x ^ y; });
}
void logicalInvert(Number& r, const Number& a, const Settings& settings, uint32_t& status) {
  std::string digits;
  if (!logicalDigits(a, settings, digits)) return r.setInvalid(kInvalidOperation, status);
  if (!haveRoom(settings.precision, status)) return r.setNan();
  r.set(false, 0, 0);  // 111...1 - a
  mpz_sub_ui(r.edit(), powerOfTen(static_cast<uint64_t>(settings.precision)), 1);
  mpz_divexact_ui(r.edit(), r.coefficient(), 9);
  Number kept;
  mpz_set_str(kept.edit(), digits.c_str(), 10);
  mpz_sub(r.edit(), r.coefficient(), kept.coefficient());
}

const char* numberClass(const Number& a, const Settings& settings) {
  if (a.form == Form::kSignalling) return "sNaN";
  if (a.form == Form::kQuiet) return "NaN";
  if (a.isInfinite()) return a.negative ? "-Infinity" : "+Infinity";
  if (a.isZeroCoefficient()) return a.negative ? "-Zero" : "+Zero";
  bool isNormal = a.adjusted() >= settings.emin;
  if (a.negative) return isNormal ? "-Normal" : "-Subnormal";
  return isNormal ? "+Normal" : "+Subnormal";
}

}  // namespace krait::decimal
