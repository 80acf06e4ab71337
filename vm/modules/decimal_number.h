// Decimal numbers apart from Python: coefficients of any size in GMP's mpz, and the operations of the General Decimal
// Arithmetic Specification on them.
//
// A finite number is (-1)^negative * coefficient * 10^exponent. Operations note what happened as bits of a status word;
// whoever calls them decides which of those are raised. Powers of ten are never made larger than a result needs: sums
// of numbers that lie far apart keep only a digit that decides the rounding.
#pragma once
#include <gmp.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace krait::decimal {

__extension__ typedef unsigned __int128 Wide;

// Conditions and signals; kInvalidOperation, as a signal, covers all of kInvalid.
enum Status : uint32_t {
  kClamped = 1,
  kConversionSyntax = 2,
  kDivisionByZero = 4,
  kDivisionImpossible = 8,
  kDivisionUndefined = 0x10,
  kInexact = 0x40,
  kInvalidContext = 0x80,
  kInvalidOperation = 0x100,
  kNoMemory = 0x200,
  kOverflow = 0x800,
  kRounded = 0x1000,
  kSubnormal = 0x2000,
  kUnderflow = 0x4000,
  kFloatOperation = 0x400,
  kInvalid =
      kConversionSyntax | kDivisionImpossible | kDivisionUndefined | kInvalidContext | kInvalidOperation | kNoMemory,
};

enum class Rounding : uint8_t { kUp, kDown, kCeiling, kFloor, kHalfUp, kHalfDown, kHalfEven, k05Up, kCount };
enum class Form : uint8_t { kFinite, kInfinite, kQuiet, kSignalling };

inline constexpr int64_t kMaxPrecision = 999999999999999999, kMaxExponent = 999999999999999999;
inline constexpr int64_t kMinExponent = -999999999999999999, kMinEtiny = kMinExponent - (kMaxPrecision - 1);

struct Settings {
  int64_t precision, emax, emin;
  Rounding rounding;
  bool clamp;
  bool capitals;
  int64_t etiny() const { return emin - (precision - 1); }
  int64_t etop() const { return emax - (precision - 1); }
};
// Everything that can be represented is.
inline constexpr Settings kWidest{kMaxPrecision, kMaxExponent, kMinExponent, Rounding::kHalfEven, false, true};

// --- coefficients -----------------------------------------------------------------------------------------------------
inline constexpr int kWideDigits = 38;  // every number of so many digits fits a Wide
Wide powerOfTenWide(int n);             // n <= 38
int digitCount(Wide c);                 // 1 for zero
int64_t digitCount(mpz_srcptr c);       // 1 for zero
// Valid until eight other powers have been asked for.
mpz_srcptr powerOfTen(uint64_t n);
// Whether a coefficient of so many digits may be attempted; kNoMemory in the status when not.
bool haveRoom(int64_t digits, uint32_t& status);

class Number {
 public:
  Number() { mpz_init(coefficient_); }
  // Borrows the limbs, which must outlive it.
  Number(Form form, bool negative, int64_t exponent, const mp_limb_t* limbs, size_t size)
      : form(form), negative(negative), exponent(exponent), owned_(false) {
    mpz_roinit_n(coefficient_, limbs, static_cast<mp_size_t>(size));
  }
  explicit Number(Wide c, int64_t exponent = 0, bool negative = false) : Number() { set(negative, c, exponent); }
  ~Number() {
    if (owned_) mpz_clear(coefficient_);
  }
  Number(const Number& other) : Number() { *this = other; }
  Number& operator=(const Number& other);
  void swap(Number& other);

  Form form = Form::kFinite;
  bool negative = false;
  int64_t exponent = 0;

  mpz_srcptr coefficient() const { return coefficient_; }
  mpz_ptr edit() {
    digits_ = 0;
    return coefficient_;
  }
  bool isFinite() const { return form == Form::kFinite; }
  bool isInfinite() const { return form == Form::kInfinite; }
  bool isNan() const { return form >= Form::kQuiet; }
  bool isZeroCoefficient() const { return mpz_sgn(coefficient_) == 0; }
  bool isZero() const { return isFinite() && isZeroCoefficient(); }
  int64_t digits() const { return digits_ != 0 ? digits_ : (digits_ = digitCount(coefficient_)); }
  int64_t adjusted() const { return exponent + digits() - 1; }
  bool isInteger() const;
  bool isOddInteger() const;  // requires isInteger()

  void set(bool negative, Wide c, int64_t exponent);
  void setInfinity(bool negative);
  void setNan();
  void setInvalid(uint32_t condition, uint32_t& status) {
    status |= condition;
    setNan();
  }

 private:
  bool owned_ = true;
  mutable int64_t digits_ = 0;  // 0: not counted
  mpz_t coefficient_;
};

// --- rounding ---------------------------------------------------------------------------------------------------------
enum class Lost : uint8_t { kNothing, kBelowHalf, kHalf, kAboveHalf };
// Drops the last n digits of c.
Lost dropDigits(mpz_ptr c, int64_t digits, int64_t n);
bool roundsAway(Rounding rounding, bool negative, Lost lost, bool isOdd, unsigned lastDigit);
// Gives the number this exponent; false for want of memory. `lost` says what was rounded off.
bool rescale(Number& r, int64_t exponent, Rounding rounding, Lost& lost, uint32_t& status);
// Makes the number one of those that the settings allow.
void finalise(Number& r, const Settings& settings, uint32_t& status);
// A NaN's payload is cut to what fits.
void fixNan(Number& r, const Settings& settings);
// Takes up to `most` trailing zeroes off.
void stripZeroes(Number& r, int64_t most);

// --- text -------------------------------------------------------------------------------------------------------------
// The digits; MemoryError is the caller's (std::bad_alloc).
std::string digitsOf(mpz_srcptr c);
std::string toText(const Number& a, bool capitals, bool engineering = false);
// ASCII, no spaces and underscores. Not finalised.
void parse(Number& r, std::string_view text, uint32_t& status);
// As the precision and the exponents allow, or exactly: then what does not fit is an invalid operation.
void parseExactly(Number& r, std::string_view text, uint32_t& status);
void makeExact(Number& r, uint32_t& status);

// --- arithmetic -------------------------------------------------------------------------------------------------------
// The result is none of the operands.
using Unary = void (*)(Number& r, const Number& a, const Settings&, uint32_t& status);
using Binary = void (*)(Number& r, const Number& a, const Number& b, const Settings&, uint32_t& status);
// True when one is a NaN: the result has been set then.
bool takeNan(Number& r, const Number& a, const Number* b, const Settings&, uint32_t& status);

void plus(Number& r, const Number& a, const Settings&, uint32_t& status);
void minus(Number& r, const Number& a, const Settings&, uint32_t& status);
void absolute(Number& r, const Number& a, const Settings&, uint32_t& status);
void add(Number& r, const Number& a, const Number& b, const Settings&, uint32_t& status);
void subtract(Number& r, const Number& a, const Number& b, const Settings&, uint32_t& status);
void multiply(Number& r, const Number& a, const Number& b, const Settings&, uint32_t& status);
void fusedMultiplyAdd(Number& r, const Number& a, const Number& b, const Number& c, const Settings&, uint32_t& status);
void divide(Number& r, const Number& a, const Number& b, const Settings&, uint32_t& status);
void divideInteger(Number& r, const Number& a, const Number& b, const Settings&, uint32_t& status);
void remainder(Number& r, const Number& a, const Number& b, const Settings&, uint32_t& status);
void divideBoth(Number& q, Number& r, const Number& a, const Number& b, const Settings&, uint32_t& status);
void remainderNear(Number& r, const Number& a, const Number& b, const Settings&, uint32_t& status);
void squareRoot(Number& r, const Number& a, const Settings&, uint32_t& status);
void quantize(Number& r, const Number& a, const Number& b, const Settings&, uint32_t& status);
void toIntegralExact(Number& r, const Number& a, const Settings&, uint32_t& status);
void toIntegralValue(Number& r, const Number& a, const Settings&, uint32_t& status);
void normalize(Number& r, const Number& a, const Settings&, uint32_t& status);

// --- comparison -------------------------------------------------------------------------------------------------------
int compareValues(const Number& a, const Number& b);  // no NaNs: -1, 0, 1
int compareTotally(const Number& a, const Number& b);
void compare(Number& r, const Number& a, const Number& b, const Settings&, uint32_t& status);
void compareSignal(Number& r, const Number& a, const Number& b, const Settings&, uint32_t& status);
void compareTotal(Number& r, const Number& a, const Number& b, const Settings&, uint32_t& status);
void compareTotalMagnitude(Number& r, const Number& a, const Number& b, const Settings&, uint32_t& status);
void maximum(Number& r, const Number& a, const Number& b, const Settings&, uint32_t& status);
void minimum(Number& r, const Number& a, const Number& b, const Settings&, uint32_t& status);
void maximumMagnitude(Number& r, const Number& a, const Number& b, const Settings&, uint32_t& status);
void minimumMagnitude(Number& r, const Number& a, const Number& b, const Settings&, uint32_t& status);
bool sameQuantum(const Number& a, const Number& b);
void nextMinus(Number& r, const Number& a, const Settings&, uint32_t& status);
void nextPlus(Number& r, const Number& a, const Settings&, uint32_t& status);
void nextToward(Number& r, const Number& a, const Number& b, const Settings&, uint32_t& status);

// --- digits -----------------------------------------------------------------------------------------------------------
void logb(Number& r, const Number& a, const Settings&, uint32_t& status);
void scaleb(Number& r, const Number& a, const Number& b, const Settings&, uint32_t& status);
void shift(Number& r, const Number& a, const Number& b, const Settings&, uint32_t& status);
void rotate(Number& r, const Number& a, const Number& b, const Settings&, uint32_t& status);
void logicalAnd(Number& r, const Number& a, const Number& b, const Settings&, uint32_t& status);
void logicalOr(Number& r, const Number& a, const Number& b, const Settings&, uint32_t& status);
void logicalXor(Number& r, const Number& a, const Number& b, const Settings&, uint32_t& status);
void logicalInvert(Number& r, const Number& a, const Settings&, uint32_t& status);
const char* numberClass(const Number& a, const Settings&);

// --- functions: correctly rounded, half even --------------------------------------------------------------------------
void exponential(Number& r, const Number& a, const Settings&, uint32_t& status);
void naturalLogarithm(Number& r, const Number& a, const Settings&, uint32_t& status);
void decimalLogarithm(Number& r, const Number& a, const Settings&, uint32_t& status);
void power(Number& r, const Number& a, const Number& b, const Settings&, uint32_t& status);
void powerModulo(Number& r, const Number& a, const Number& b, const Number& modulus, const Settings&, uint32_t& status);

}  // namespace krait::decimal
