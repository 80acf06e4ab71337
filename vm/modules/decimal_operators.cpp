// Decimal's operators. Numbers of up to 37 digits, the usual ones, are computed in machine words, rounding included;
// what is longer, special or near the ends of the exponents goes to the general operations.
#include "vm/builtins/comparison_result.h"
#include "vm/builtins/complex.h"
#include "vm/builtins/float.h"
#include "vm/builtins/int_limbs.h"
#include "vm/modules/decimal_object.h"
#include "vm/names.h"

namespace krait::decimal {
namespace {

// --- words ------------------------------------------------------------------------------------------------------------
constexpr int kFastDigits = 37;  // sums of two such fit a Wide

struct Small {
  Wide c;
  int64_t exponent;
  bool negative;
};
KRAIT_INLINE bool readSmall(Value v, Small& out) {
  if (v.isInlineInt()) {
    int64_t i = v.asInlineInt();
    out = {static_cast<uint64_t>(i < 0 ? -i : i), 0, i < 0};
    return true;
  }
  const Decimal* d = toDecimal(v);
  if (d == nullptr || d->form != Form::kFinite || d->size > 2) return false;
  out = {Wide{d->small[1]} << 64 | d->small[0], d->exponent, d->negative};
  return d->small[1] == 0 || out.c < powerOfTenWide(kFastDigits);
}

// The quotient; a division of words where it is one.
KRAIT_INLINE Wide divideWide(Wide a, Wide b) {
  if ((a >> 64) == 0) return (b >> 64) != 0 ? 0 : static_cast<uint64_t>(a) / static_cast<uint64_t>(b);
  return a / b;
}
// 2^64 leaves 1 when divided by 5.
KRAIT_INLINE bool isDivisibleByFive(Wide c) {
  return (static_cast<uint64_t>(c) % 5 + static_cast<uint64_t>(c >> 64) % 5) % 5 == 0;
}
// The last digit, as far as the rounding asks for it.
KRAIT_INLINE unsigned lastDigit(Wide c, Rounding rounding) {
  return rounding == Rounding::k05Up && isDivisibleByFive(c) ? 0 : 1;
}

// A result whose excess digits are gone already. Unbound: the general operation must do it again.
KRAIT_INLINE Fallible<Value> finishRounded(Thread& thread, Context* context, bool negative, Wide c, int64_t exponent,
                                           Lost lost, uint32_t status) {
  const Settings& settings = context->settings;
  if (lost != Lost::kNothing) {
    status |= kInexact;
    if (roundsAway(settings.rounding, negative, lost, c & 1, lastDigit(c, settings.rounding))) {
      c++;
      if (c == powerOfTenWide(static_cast<int>(settings.precision))) {
        c = powerOfTenWide(static_cast<int>(settings.precision) - 1);
        exponent++;
      }
    }
  }
  if (c == 0) {
    if (exponent < settings.etiny() || exponent > (settings.clamp ? settings.etop() : settings.emax))
      return Value::unbound();
  } else {
    int64_t adjusted = exponent + digitCount(c) - 1;
    if (adjusted > settings.emax || adjusted < settings.emin || (settings.clamp && exponent > settings.etop()))
      return Value::unbound();
  }
  if (status != 0) TRY(noteStatus(thread, context, status));
  return makeSmall(thread, state.decimal, negative, c, exponent);
}

KRAIT_INLINE Fallible<Value> finishSmall(Thread& thread, Context* context, bool negative, Wide c, int64_t exponent) {
  int64_t precision = context->settings.precision;
  int digits = digitCount(c);
  if (digits <= precision) return finishRounded(thread, context, negative, c, exponent, Lost::kNothing, 0);
  if (exponent + digits - 1 < context->settings.emin) return Value::unbound();  // subnormal, even if rounded up
  auto drop = static_cast<int>(digits - precision);
  Wide divisor = powerOfTenWide(drop), kept = divideWide(c, divisor), rest = c - kept * divisor, half = divisor / 2;
  Lost lost = rest == 0      ? Lost::kNothing
              : rest < half  ? Lost::kBelowHalf
              : rest == half ? Lost::kHalf
                             : Lost::kAboveHalf;
  return finishRounded(thread, context, negative, kept, exponent + drop, lost, kRounded);
}

// The same for up to eight limbs.
Fallible<Value> finishLimbs(Thread& thread, Context* context, bool negative, mp_limb_t* limbs, mp_size_t size,
                            int64_t exponent) {
  while (size > 0 && limbs[size - 1] == 0) size--;
  if (size <= 2) {
    Wide c = size == 0 ? 0 : size == 1 ? Wide{limbs[0]} : Wide{limbs[1]} << 64 | limbs[0];
    return finishSmall(thread, context, negative, c, exponent);
  }
  mpz_t header;
  int64_t precision = context->settings.precision, digits = digitCount(mpz_roinit_n(header, limbs, size));
  int64_t drop = digits - precision;
  if (drop <= 0 || precision > kFastDigits || exponent + digits - 1 < context->settings.emin) return Value::unbound();
  mpz_srcptr divisor = powerOfTen(static_cast<uint64_t>(drop));
  auto divisorSize = static_cast<mp_size_t>(mpz_size(divisor));
  mp_limb_t kept[9] = {0, 0}, rest[9], other[9];
  mpn_tdiv_qr(kept, rest, 0, limbs, size, mpz_limbs_read(divisor), divisorSize);
  Lost lost = Lost::kNothing;
  if (mpn_zero_p(rest, divisorSize) == 0) {
    mpn_sub_n(other, mpz_limbs_read(divisor), rest, divisorSize);
    int order = mpn_cmp(rest, other, divisorSize);
    lost = order < 0 ? Lost::kBelowHalf : order == 0 ? Lost::kHalf : Lost::kAboveHalf;
  }
  Wide c = Wide{kept[0]};
  if (size - divisorSize >= 1) c |= Wide{kept[1]} << 64;
  return finishRounded(thread, context, negative, c, exponent + drop, lost, kRounded);
}

// high * 10^by + low; both are not zero and high is the larger one, or nothing is decided.
Fallible<Value> addLimbs(Thread& thread, Context* context, Small high, Small low, int64_t by) {
  constexpr int64_t kMost = 76;  // 10^by has four limbs
  if (by > kMost || digitCount(high.c) + by <= digitCount(low.c)) return Value::unbound();
  mpz_srcptr scale = powerOfTen(static_cast<uint64_t>(by));
  mp_limb_t x[2] = {static_cast<uint64_t>(high.c), static_cast<uint64_t>(high.c >> 64)};
  mp_limb_t y[2] = {static_cast<uint64_t>(low.c), static_cast<uint64_t>(low.c >> 64)};
  mp_limb_t sum[8] = {};
  auto scaleSize = static_cast<mp_size_t>(mpz_size(scale));
  if (scaleSize >= 2) {
    mpn_mul(sum, mpz_limbs_read(scale), scaleSize, x, 2);
  } else {
    sum[2] = mpn_mul_1(sum, x, 2, mpz_limbs_read(scale)[0]);
  }
  mp_size_t size = scaleSize + 2;
  if (high.negative == low.negative) {
    sum[size] = mpn_add(sum, sum, size, y, 2);
    size++;
  } else {
    mpn_sub(sum, sum, size, y, 2);
  }
  return finishLimbs(thread, context, high.negative, sum, size, low.exponent);
}

// --- the four operations in words: unbound when they do not fit ------------------------------------------------------
Fallible<Value> addSmall(Thread& thread, Context* context, Small a, Small b) {
  if (a.exponent != b.exponent) {
    Small &high = a.exponent > b.exponent ? a : b, &low = a.exponent > b.exponent ? b : a;
    int64_t by = high.exponent - low.exponent;
    if (high.c == 0 || low.c == 0) return Value::unbound();
    if (by > kFastDigits || digitCount(high.c) + by > kFastDigits) return addLimbs(thread, context, high, low, by);
    high.c *= powerOfTenWide(static_cast<int>(by));
    high.exponent = low.exponent;
  }
  if (a.negative == b.negative) return finishSmall(thread, context, a.negative, a.c + b.c, a.exponent);
  if (a.c == b.c) return finishSmall(thread, context, context->settings.rounding == Rounding::kFloor, 0, a.exponent);
  bool first = a.c > b.c;
  return finishSmall(thread, context, first ? a.negative : b.negative, first ? a.c - b.c : b.c - a.c, a.exponent);
}
Fallible<Value> subtractSmall(Thread& thread, Context* context, Small a, Small b) {
  b.negative = !b.negative;
  return addSmall(thread, context, a, b);
}
Fallible<Value> multiplySmall(Thread& thread, Context* context, Small a, Small b) {
  bool negative = a.negative != b.negative;
  int64_t exponent = a.exponent + b.exponent;
  if (((a.c | b.c) >> 64) == 0)
    return finishSmall(thread, context, negative,
                       static_cast<Wide>(static_cast<uint64_t>(a.c)) * static_cast<uint64_t>(b.c), exponent);
  mp_limb_t x[2] = {static_cast<uint64_t>(a.c), static_cast<uint64_t>(a.c >> 64)};
  mp_limb_t y[2] = {static_cast<uint64_t>(b.c), static_cast<uint64_t>(b.c >> 64)};
  mp_limb_t product[4];
  mpn_mul_n(product, x, y, 2);
  return finishLimbs(thread, context, negative, product, 4, exponent);
}

// Takes zeroes off the end, at most `most`.
void stripSmall(Wide& c, int64_t& exponent, int64_t most) {
  for (int step : {16, 8, 4, 2, 1}) {
    Wide divisor = powerOfTenWide(step);
    while (most >= step && (c & ((Wide{1} << step) - 1)) == 0) {
      Wide kept = divideWide(c, divisor);
      if (kept * divisor != c) break;
      c = kept;
      exponent += step;
      most -= step;
    }
  }
}

Fallible<Value> divideSmall(Thread& thread, Context* context, Small a, Small b) {
  int64_t precision = context->settings.precision;
  if (a.c == 0 || b.c == 0 || precision > kFastDigits - 1) return Value::unbound();
  bool negative = a.negative != b.negative;
  int64_t ideal = a.exponent - b.exponent;
  if (((a.c | b.c) >> 64) == 0) {  // an exact quotient needs no more
    auto x = static_cast<uint64_t>(a.c), y = static_cast<uint64_t>(b.c);
    if (x % y == 0) return finishSmall(thread, context, negative, x / y, ideal);
  }
  int64_t shift = digitCount(b.c) - digitCount(a.c) + precision + 1;
  if (shift < 0) return Value::unbound();
  if (digitCount(a.c) + shift <= kWideDigits) {
    Wide scaled = a.c * powerOfTenWide(static_cast<int>(shift)), c = divideWide(scaled, b.c);
    int64_t exponent = ideal - shift;
    if (c * b.c == scaled) {
      stripSmall(c, exponent, shift);
    } else if (isDivisibleByFive(c)) {
      c++;  // something follows: no tie
    }
    return finishSmall(thread, context, negative, c, exponent);
  }
  mpz_srcptr scale = powerOfTen(static_cast<uint64_t>(shift));
  mp_limb_t x[2] = {static_cast<uint64_t>(a.c), static_cast<uint64_t>(a.c >> 64)};
  mp_limb_t y[2] = {static_cast<uint64_t>(b.c), static_cast<uint64_t>(b.c >> 64)};
  mp_limb_t scaled[9], quotient[9], rest[2] = {0, 0};
  auto scaleSize = static_cast<mp_size_t>(mpz_size(scale));
  mp_size_t xSize = x[1] != 0 ? 2 : 1, ySize = y[1] != 0 ? 2 : 1, size = xSize + scaleSize;
  if (scaleSize >= xSize)
    mpn_mul(scaled, mpz_limbs_read(scale), scaleSize, x, xSize);
  else
    mpn_mul(scaled, x, xSize, mpz_limbs_read(scale), scaleSize);
  while (scaled[size - 1] == 0) size--;
  if (size < ySize) return Value::unbound();
  if (ySize == 1) {
    rest[0] = mpn_divrem_1(quotient, 0, scaled, size, y[0]);
  } else {
    mpn_tdiv_qr(quotient, rest, 0, scaled, size, y, ySize);
  }
  mp_size_t quotientSize = size - ySize + 1;
  while (quotientSize > 0 && quotient[quotientSize - 1] == 0) quotientSize--;
  if (quotientSize > 2) return Value::unbound();
  Wide c = quotientSize == 2 ? Wide{quotient[1]} << 64 | quotient[0] : Wide{quotient[0]};
  int64_t exponent = ideal - shift;
  if ((rest[0] | rest[1]) == 0) {
    stripSmall(c, exponent, shift);
  } else if (isDivisibleByFive(c)) {
    c++;  // something follows: no tie
  }
  return finishSmall(thread, context, negative, c, exponent);
}

Fallible<Value> floorDivideSmall(Thread& thread, Context* context, Small a, Small b, bool wantsRemainder) {
  if (b.c == 0 || a.c == 0) return Value::unbound();
  int64_t by = a.exponent - b.exponent, exponent = by > 0 ? b.exponent : a.exponent;
  if (by > 0) {
    if (by > kFastDigits || digitCount(a.c) + by > kFastDigits) return Value::unbound();
    a.c *= powerOfTenWide(static_cast<int>(by));
  } else if (by < 0) {
    if (-by > kFastDigits || digitCount(b.c) - by > kFastDigits) return Value::unbound();
    b.c *= powerOfTenWide(static_cast<int>(-by));
  }
  Wide q = ((a.c | b.c) >> 64) == 0 ? static_cast<uint64_t>(a.c) / static_cast<uint64_t>(b.c) : a.c / b.c;
  if (digitCount(q) > context->settings.precision) return Value::unbound();
  if (wantsRemainder) return finishSmall(thread, context, a.negative, a.c - q * b.c, exponent);
  return finishSmall(thread, context, a.negative != b.negative, q, 0);
}
Fallible<Value> quotientSmall(Thread& thread, Context* context, Small a, Small b) {
  return floorDivideSmall(thread, context, a, b, false);
}
Fallible<Value> remainderSmall(Thread& thread, Context* context, Small a, Small b) {
  return floorDivideSmall(thread, context, a, b, true);
}

Fallible<Value> quantizeSmall(Thread& thread, Context* context, Small a, Small b) {
  const Settings& settings = context->settings;
  if (b.exponent < settings.etiny() || b.exponent > settings.emax || a.c == 0) return Value::unbound();
  int64_t by = b.exponent - a.exponent;
  int digits = digitCount(a.c);
  Lost lost = Lost::kNothing;
  if (by < 0) {
    if (digits - by > kFastDigits || digits - by > settings.precision) return Value::unbound();
    a.c *= powerOfTenWide(static_cast<int>(-by));
  } else if (by > 0) {
    if (by > kFastDigits || digits - by >= settings.precision || settings.precision > kFastDigits)
      return Value::unbound();
    Wide divisor = powerOfTenWide(static_cast<int>(by)), kept = divideWide(a.c, divisor), rest = a.c - kept * divisor,
         half = divisor / 2;
    lost = rest == 0 ? Lost::kNothing : rest < half ? Lost::kBelowHalf : rest == half ? Lost::kHalf : Lost::kAboveHalf;
    if (roundsAway(settings.rounding, a.negative, lost, kept & 1, lastDigit(kept, settings.rounding))) kept++;
    a.c = kept;
    uint32_t status = kRounded | (lost != Lost::kNothing ? uint32_t{kInexact} : 0);
    if (a.c == 0 ? settings.clamp : b.exponent + digitCount(a.c) - 1 < settings.emin) return Value::unbound();
    if (settings.clamp || b.exponent + digitCount(a.c) - 1 > settings.emax) return Value::unbound();
    TRY(noteStatus(thread, context, status));
    return makeSmall(thread, state.decimal, a.negative, a.c, b.exponent);
  }
  if (digitCount(a.c) > settings.precision) return Value::unbound();
  return finishRounded(thread, context, a.negative, a.c, b.exponent, Lost::kNothing, 0);
}

using FastBinary = Fallible<Value> (*)(Thread&, Context*, Small, Small);
template <FastBinary fast, Binary slow>
KRAIT_INLINE Fallible<Value> applyFast(Thread& thread, Context* context, Value a, Value b) {
  Small x, y;
  if (readSmall(a, x) && readSmall(b, y)) [[likely]] {
    Value made = TRY(fast(thread, context, x, y));
    if (!made.isUnbound()) [[likely]]
      return made;
  }
  a = TRY(operandOrUnbound(thread, a));
  b = TRY(operandOrUnbound(thread, b));
  if (a.isUnbound() || b.isUnbound()) return Value::notImplemented();
  return applyBinary(thread, context, slow, a, b);
}

template <FastBinary fast, Binary slow>
struct Operator {
  static Fallible<Value> forward(Thread& thread, Value self, Value other) {
    return applyFast<fast, slow>(thread, TRY(currentContext(thread)), self, other);
  }
  static Fallible<Value> reflected(Thread& thread, Value self, Value other) { return forward(thread, other, self); }
};

}  // namespace

Fallible<Value> applyUnary(Thread& thread, Context* context, Unary operation, Value a) {
  uint32_t status = 0;
  Number result;
  operation(result, toDecimal(a)->number(), context->settings, status);
  TRY(noteStatus(thread, context, status));
  return makeDecimal(thread, result);
}
Fallible<Value> applyBinary(Thread& thread, Context* context, Binary operation, Value a, Value b) {
  uint32_t status = 0;
  Number result;
  operation(result, toDecimal(a)->number(), toDecimal(b)->number(), context->settings, status);
  TRY(noteStatus(thread, context, status));
  return makeDecimal(thread, result);
}
Fallible<Value> addDecimals(Thread& thread, Context* context, Value a, Value b) {
  return applyFast<addSmall, add>(thread, context, a, b);
}
Fallible<Value> subtractDecimals(Thread& thread, Context* context, Value a, Value b) {
  return applyFast<subtractSmall, subtract>(thread, context, a, b);
}
Fallible<Value> multiplyDecimals(Thread& thread, Context* context, Value a, Value b) {
  return applyFast<multiplySmall, multiply>(thread, context, a, b);
}
Fallible<Value> divideDecimals(Thread& thread, Context* context, Value a, Value b) {
  return applyFast<divideSmall, divide>(thread, context, a, b);
}
Fallible<Value> quantizeDecimals(Thread& thread, Context* context, Value a, Value b) {
  return applyFast<quantizeSmall, quantize>(thread, context, a, b);
}

Fallible<Value> divmodDecimals(Thread& thread, Context* context, Value a, Value b) {
  a = TRY(operandOrUnbound(thread, a));
  b = TRY(operandOrUnbound(thread, b));
  if (a.isUnbound() || b.isUnbound()) return Value::notImplemented();
  uint32_t status = 0;
  Number quotient, rest;
  divideBoth(quotient, rest, toDecimal(a)->number(), toDecimal(b)->number(), context->settings, status);
  TRY(noteStatus(thread, context, status));
  Value first = TRY(makeDecimal(thread, quotient)), second = TRY(makeDecimal(thread, rest));
  return Value::of(TRY(makeTuple(thread, {first, second})));
}

Fallible<Value> powerDecimals(Thread& thread, Context* context, Value a, Value b, Value modulus) {
  uint32_t status = 0;
  Number result;
  if (modulus.isUnbound()) {
    power(result, toDecimal(a)->number(), toDecimal(b)->number(), context->settings, status);
  } else {
    powerModulo(result, toDecimal(a)->number(), toDecimal(b)->number(), toDecimal(modulus)->number(), context->settings,
                status);
  }
  TRY(noteStatus(thread, context, status));
  return makeDecimal(thread, result);
}

// --- special methods --------------------------------------------------------------------------------------------------
namespace {

Fallible<Value> divmodForward(Thread& thread, Value self, Value other) {
  return divmodDecimals(thread, TRY(currentContext(thread)), self, other);
}
Fallible<Value> divmodReflected(Thread& thread, Value self, Value other) { return divmodForward(thread, other, self); }

Fallible<Value> powerForward(Thread& thread, Value self, Value other, Value modulus) {
  Context* context = TRY(currentContext(thread));
  Value a = TRY(operandOrUnbound(thread, self)), b = TRY(operandOrUnbound(thread, other));
  Value m = Value::unbound();
  bool hasModulus = !modulus.isUnbound() && !modulus.isNone();
  if (hasModulus) m = TRY(operandOrUnbound(thread, modulus));
  if (a.isUnbound() || b.isUnbound() || (hasModulus && m.isUnbound())) return Value::notImplemented();
  return powerDecimals(thread, context, a, b, m);
}
Fallible<Value> powerReflected(Thread& thread, Value self, Value other, Value modulus) {
  return powerForward(thread, other, self, modulus);
}

template <Unary operation>
Fallible<Value> unaryOperator(Thread& thread, Value self) {
  return applyUnary(thread, TRY(currentContext(thread)), operation, self);
}
enum class SignChange { kKeep, kFlip, kDrop };
template <SignChange change, Unary slow>
Fallible<Value> signOperator(Thread& thread, Value self) {
  Context* context = TRY(currentContext(thread));
  Small a;
  if (readSmall(self, a)) {
    bool negative = change == SignChange::kKeep ? a.negative : change == SignChange::kFlip ? !a.negative : false;
    if (a.c == 0) negative = negative && context->settings.rounding == Rounding::kFloor;
    Value made = TRY(finishSmall(thread, context, negative, a.c, a.exponent));
    if (!made.isUnbound()) return made;
  }
  return applyUnary(thread, context, slow, self);
}

Fallible<Value> decimalBool(Thread&, Value self) {
  const Decimal* d = toDecimal(self);
  return Value::boolean(d->form != Form::kFinite || d->size != 0);
}

Fallible<Value> decimalInt(Thread& thread, Value self) { return decimalToInt(thread, self, Rounding::kDown); }

Fallible<Value> decimalFloat(Thread& thread, Value self) {
  const Decimal* d = toDecimal(self);
  if (d->form == Form::kSignalling) return raiseValueError(thread, "cannot convert signaling NaN to float");
  if (d->form == Form::kQuiet) return makeFloat(thread, d->negative ? -__builtin_nan("") : __builtin_nan(""));
  if (d->form == Form::kFinite && d->size <= 1 && d->small[0] < (uint64_t{1} << 53) && d->exponent <= 0 &&
      d->exponent >= -22) {  // both parts are exact doubles
    double value =
        static_cast<double>(d->small[0]) / static_cast<double>(powerOfTenWide(static_cast<int>(-d->exponent)));
    return makeFloat(thread, d->negative ? -value : value);
  }
  Number number = d->number();
  try {
    return makeFloat(thread, parseFloat(toText(number, true)).value_or(0));
  } catch (const std::exception&) {
    return raiseMemoryError(thread);
  }
}
Fallible<Value> decimalComplex(Thread& thread, Value self) {
  double real = floatValue(TRY(decimalFloat(thread, self)));
  return call(thread, Value::of(types.complex), TRY(makeFloat(thread, real)));
}

Fallible<Value> decimalRepr(Thread& thread, Value self) {
  Context* context = TRY(currentContext(thread));
  Str* text = TRY(decimalText(thread, self, context, false)).as<Str>();
  StrBuilder builder;
  return Value::of(TRY(builder.append("Decimal('").append(text).append("')").build(thread)));
}
Fallible<Value> decimalStr(Thread& thread, Value self) {
  return decimalText(thread, self, TRY(currentContext(thread)), false);
}
template <Comparison comparison>
Fallible<Value> decimalCompare(Thread& thread, Value self, Value other) {
  return compareDecimals(thread, comparison, self, other);
}

template <class Operation>
void addOperator(TypeBuilder& builder, const char* name, const char* reflected) {
  builder.special(name, Operation::forward).special(reflected, Operation::reflected);
}

}  // namespace

// --- comparison -------------------------------------------------------------------------------------------------------
// self and a Rational, as self * denominator and numerator.
static Fallible<bool> againstRational(Thread& thread, Value& self, Value& other) {
  Value numerator = TRY(getAttribute(thread, other, "numerator"));
  Value denominator = TRY(getAttribute(thread, other, "denominator"));
  std::optional<Value> n = toInt(numerator), d = toInt(denominator);
  if (!n || !d) return raiseTypeError(thread, "numerator and denominator must be integers");
  Value right = TRY(decimalFromInt(thread, *n));
  const Decimal* left = toDecimal(self);
  if (left->form != Form::kFinite) {
    other = right;
    return true;
  }
  Value scale = TRY(decimalFromInt(thread, *d));
  Number product, a = toDecimal(self)->number(), b = toDecimal(scale)->number();
  product.negative = a.negative != b.negative;
  product.exponent = a.exponent;
  mpz_mul(product.edit(), a.coefficient(), b.coefficient());
  self = TRY(makeDecimal(thread, product));
  other = right;
  return true;
}

Fallible<Value> compareDecimals(Thread& thread, Comparison comparison, Value self, Value other) {
  Small x, y;
  auto aligned = [&] {
    if (x.exponent == y.exponent) return true;
    Small &high = x.exponent > y.exponent ? x : y, &low = x.exponent > y.exponent ? y : x;
    int64_t by = high.exponent - low.exponent;
    if (by > kFastDigits || digitCount(high.c) + by > kFastDigits) return false;
    high.c *= powerOfTenWide(static_cast<int>(by));
    return true;
  };
  if (readSmall(self, x) && readSmall(other, y) && aligned()) [[likely]] {
    int sign = x.c == 0 ? 0 : x.negative ? -1 : 1, otherSign = y.c == 0 ? 0 : y.negative ? -1 : 1;
    if (sign != otherSign) return comparisonResult(comparison, sign - otherSign);
    int order = (x.c > y.c) - (x.c < y.c);
    return comparisonResult(comparison, sign < 0 ? -order : order);
  }
  bool asksEquality = comparison == Comparison::kEqual || comparison == Comparison::kNotEqual;
  if (toDecimal(other) == nullptr) {
    Value operand = TRY(operandOrUnbound(thread, other));
    if (!operand.isUnbound()) {
      other = operand;
    } else if (isFloat(other)) {
      Context* context = TRY(currentContext(thread));
      if (asksEquality) {
        context->status |= kFloatOperation;
      } else {
        TRY(noteStatus(thread, context, kFloatOperation));
      }
      Number number;
      setFromDouble(number, floatValue(other));
      other = TRY(makeDecimal(thread, number));
    } else if (asksEquality && isKind(exactOrPayload(other), Kind::kComplex)) {
      auto* complex = exactOrPayload(other).as<Complex>();
      if (complex->imaginary != 0) return Value::notImplemented();
      Number number;
      setFromDouble(number, complex->real);
      other = TRY(makeDecimal(thread, number));
    } else {
      if (!TRY(isInstance(thread, other, Value::of(state.rational)))) return Value::notImplemented();
      TRY(againstRational(thread, self, other));
    }
  }
  Number a = toDecimal(self)->number(), b = toDecimal(other)->number();
  if (a.isNan() || b.isNan()) {
    if (!asksEquality || a.form == Form::kSignalling || b.form == Form::kSignalling)
      TRY(noteStatus(thread, TRY(currentContext(thread)), kInvalidOperation));
    return Value::boolean(comparison == Comparison::kNotEqual);
  }
  return comparisonResult(comparison, compareValues(a, b));
}

// --- hash -------------------------------------------------------------------------------------------------------------
Fallible<Value> hashDecimal(Thread& thread, Value self) {
  constexpr uint64_t kPrime = (uint64_t{1} << 61) - 1, kTenInverse = 2075258708292324556u;  // 10 * it % kPrime == 1
  const Decimal* d = toDecimal(self);
  if (d->form == Form::kSignalling) return raiseTypeError(thread, "Cannot hash a signaling NaN value");
  if (d->form == Form::kQuiet) return callSpecial(thread, types.object->special(Special::k__hash__), self);
  if (d->form == Form::kInfinite) return Value::inlineInt(d->negative ? -314159 : 314159);
  auto product = [](uint64_t a, uint64_t b) { return static_cast<uint64_t>(static_cast<Wide>(a) * b % kPrime); };
  uint64_t h = d->size == 0 ? 0 : mpn_mod_1(d->limbs(), d->size, kPrime);
  uint64_t base = d->exponent < 0 ? kTenInverse : 10;
  for (auto e = static_cast<uint64_t>(std::abs(d->exponent)); e != 0; e >>= 1) {
    if (e & 1) h = product(h, base);
    base = product(base, base);
  }
  auto signedHash = static_cast<int64_t>(h);
  if (d->negative) signedHash = -signedHash;
  return Value::inlineInt(signedHash == -1 ? -2 : signedHash);
}

// --- integers ---------------------------------------------------------------------------------------------------------
Fallible<Value> decimalToInt(Thread& thread, Value self, Rounding rounding) {
  const Decimal* d = toDecimal(self);
  if (d->form >= Form::kQuiet) return raiseValueError(thread, "cannot convert NaN to integer");
  if (d->form == Form::kInfinite) return raise(thread, exceptions.OverflowError, "cannot convert Infinity to integer");
  Small a;
  if (readSmall(self, a) && a.exponent == 0 && (a.c >> 62) == 0) {
    auto i = static_cast<int64_t>(a.c);
    return Value::inlineInt(a.negative ? -i : i);
  }
  Number borrowed = d->number(), number(borrowed);
  Lost lost;
  uint32_t status = 0;
  if (!rescale(number, 0, rounding, lost, status)) return raiseMemoryError(thread);
  mpz_srcptr c = number.coefficient();
  return makeIntFromLimbs(thread, mpz_limbs_read(c), mpz_size(c), number.negative);
}

Fallible<Value> decimalText(Thread& thread, Value self, const Context* context, bool engineering) {
  Number number = toDecimal(self)->number();
  try {
    return Value::of(TRY(makeStrAscii(thread, toText(number, context->settings.capitals, engineering))));
  } catch (const std::exception&) {
    return raiseMemoryError(thread);
  }
}

void declareOperators(TypeBuilder& builder) {
  builder.special("__repr__", decimalRepr)
      .special("__hash__", hashDecimal)
      .special("__str__", decimalStr)
      .special("__lt__", decimalCompare<Comparison::kLess>)
      .special("__le__", decimalCompare<Comparison::kLessEqual>)
      .special("__eq__", decimalCompare<Comparison::kEqual>)
      .special("__ne__", decimalCompare<Comparison::kNotEqual>)
      .special("__gt__", decimalCompare<Comparison::kGreater>)
      .special("__ge__", decimalCompare<Comparison::kGreaterEqual>);
  addOperator<Operator<addSmall, add>>(builder, "__add__", "__radd__");
  addOperator<Operator<subtractSmall, subtract>>(builder, "__sub__", "__rsub__");
  addOperator<Operator<multiplySmall, multiply>>(builder, "__mul__", "__rmul__");
  addOperator<Operator<remainderSmall, remainder>>(builder, "__mod__", "__rmod__");
  builder.special("__divmod__", divmodForward)
      .special("__rdivmod__", divmodReflected)
      .special("__pow__", powerForward, 1)
      .special("__rpow__", powerReflected, 1)
      .special("__neg__", signOperator<SignChange::kFlip, minus>)
      .special("__pos__", signOperator<SignChange::kKeep, plus>)
      .special("__abs__", signOperator<SignChange::kDrop, absolute>)
      .special("__bool__", decimalBool)
      .special("__int__", decimalInt)
      .special("__float__", decimalFloat);
  addOperator<Operator<quotientSmall, divideInteger>>(builder, "__floordiv__", "__rfloordiv__");
  addOperator<Operator<divideSmall, divide>>(builder, "__truediv__", "__rtruediv__");
  builder.method("__complex__", decimalComplex);
}

}  // namespace krait::decimal
