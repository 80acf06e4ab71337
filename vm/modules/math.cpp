// The module math: the functions of one and two reals over the C library, and the table of all of them.
#include <cmath>

#include "vm/builtins/int_limbs.h"
#include "vm/builtins/module.h"
#include "vm/builtins/tuple.h"
#include "vm/modules/math_internal.h"

namespace krait {

Raised raiseMathDomain(Thread& thread) { return raise(thread, exceptions.ValueError, "math domain error"); }
Raised raiseMathRange(Thread& thread) { return raise(thread, exceptions.OverflowError, "math range error"); }

// --- one real -------------------------------------------------------------------------------------------------------

// A NaN or an infinity that the argument does not explain is an error.
template <double (*function)(double), bool mayOverflow = false>
static Fallible<Value> real(Thread& thread, Value v) {
  double x = TRY(realArgument(thread, v));
  double result = function(x);
  if (!std::isfinite(result)) [[unlikely]] {
    if (std::isnan(result) && !std::isnan(x)) return raiseMathDomain(thread);
    if (std::isinf(result) && std::isfinite(x)) return mayOverflow ? raiseMathRange(thread) : raiseMathDomain(thread);
  }
  return makeFloat(thread, result);
}

template <double (*function)(double, bool&, bool&)>
static Fallible<Value> gammaLike(Thread& thread, Value v) {
  double x = TRY(realArgument(thread, v));
  bool domainError = false, rangeError = false;
  double result = function(x, domainError, rangeError);
  if (domainError) return raiseMathDomain(thread);
  if (rangeError) return raiseMathRange(thread);
  return makeFloat(thread, result);
}

static double degreesOf(double x) { return x * (180.0 / M_PI); }
static double radiansOf(double x) { return x * (M_PI / 180.0); }
template <double (*function)(double)>
static Fallible<Value> plainReal(Thread& thread, Value v) {
  return makeFloat(thread, function(TRY(realArgument(thread, v))));
}

static double ulpOf(double x) {
  if (std::isnan(x)) return x;
  x = std::fabs(x);
  if (std::isinf(x)) return x;
  double next = std::nextafter(x, HUGE_VAL);
  return std::isinf(next) ? x - std::nextafter(x, -HUGE_VAL) : next - x;
}

static Fallible<Value> isFiniteReal(Thread& thread, Value v) {
  return Value::boolean(std::isfinite(TRY(realArgument(thread, v))));
}
static Fallible<Value> isInfiniteReal(Thread& thread, Value v) {
  return Value::boolean(std::isinf(TRY(realArgument(thread, v))));
}
static Fallible<Value> isNanReal(Thread& thread, Value v) {
  return Value::boolean(std::isnan(TRY(realArgument(thread, v))));
}

// --- logarithms -----------------------------------------------------------------------------------------------------

// Any positive int has a logarithm, also one that no double holds: log(m * 2^e) = log(m) + e * log(2).
template <double (*function)(double)>
static Fallible<double> logarithm(Thread& thread, Value v) {
  if (std::optional<Value> i = toInt(v); i && !i->isInlineInt()) {
    LimbView view(*i);
    if (view.negative) return raiseMathDomain(thread);
    int64_t exponent = 0;
    Value mantissa = *i;
    if (view.bits() > 1023) {
      exponent = static_cast<int64_t>(view.bits()) - 1000;
      // A sticky bit keeps the rounding of the mantissa right.
      bool sticky = mpn_scan1(view.limbs, 0) < static_cast<mp_bitcnt_t>(exponent);
      mantissa = TRY(intRightShift(thread, mantissa, Value::inlineInt(exponent)));
      if (sticky) mantissa = TRY(intOr(thread, mantissa, Value::inlineInt(1)));
    }
    double x = TRY(intToDouble(thread, mantissa));
    if (exponent == 0) return function(x);
    int binary;
    x = std::frexp(x, &binary);
    return function(x) + function(2.0) * static_cast<double>(exponent + binary);
  }
  double x = TRY(realArgument(thread, v));
  if (x <= 0) return raiseMathDomain(thread);
  return function(x);
}
template <double (*function)(double)>
static Fallible<Value> logarithmValue(Thread& thread, Value v) {
  return makeFloat(thread, TRY(logarithm<function>(thread, v)));
}

static Fallible<Value> mathLog(Thread& thread, Value, const Arguments& arguments) {
  TRY(arguments.noKeywords(thread, "math.log"));
  if (arguments.positional < 1 || arguments.positional > 2) {
    return raise(thread, exceptions.TypeError, "math.log requires 1 to 2 arguments");
  }
  double numerator = TRY(logarithm<std::log>(thread, arguments[0]));
  if (arguments.positional == 1) return makeFloat(thread, numerator);
  double denominator = TRY(logarithm<std::log>(thread, arguments[1]));
  if (denominator == 0) return raise(thread, exceptions.ZeroDivisionError, "float division by zero");
  return makeFloat(thread, numerator / denominator);
}

// --- two reals ------------------------------------------------------------------------------------------------------

static Fallible<Value> mathPow(Thread& thread, Value base, Value exponent) {
  double x = TRY(realArgument(thread, base)), y = TRY(realArgument(thread, exponent));
  double result = std::pow(x, y);
  if (!std::isfinite(result) && std::isfinite(x) && std::isfinite(y)) {
    return std::isnan(result) || x == 0 ? raiseMathDomain(thread) : raiseMathRange(thread);
  }
  return makeFloat(thread, result);
}

static Fallible<Value> mathFmod(Thread& thread, Value dividend, Value divisor) {
  double x = TRY(realArgument(thread, dividend)), y = TRY(realArgument(thread, divisor));
  double result = std::fmod(x, y);
  if (std::isnan(result) && !std::isnan(x) && !std::isnan(y)) return raiseMathDomain(thread);
  return makeFloat(thread, result);
}

static Fallible<Value> mathRemainder(Thread& thread, Value dividend, Value divisor) {
  double x = TRY(realArgument(thread, dividend)), y = TRY(realArgument(thread, divisor));
  double result = std::remainder(x, y);
  if (std::isnan(result) && !std::isnan(x) && !std::isnan(y)) return raiseMathDomain(thread);
  return makeFloat(thread, result);
}

template <double (*function)(double, double)>
static Fallible<Value> twoReals(Thread& thread, Value first, Value second) {
  double x = TRY(realArgument(thread, first)), y = TRY(realArgument(thread, second));
  return makeFloat(thread, function(x, y));
}

static Fallible<Value> mathLdexp(Thread& thread, Value v, Value exponent) {
  double x = TRY(realArgument(thread, v));
  std::optional<Value> i = toInt(exponent);
  if (!i) return raise(thread, exceptions.TypeError, "Expected an int as second argument to ldexp.");
  if (x == 0 || !std::isfinite(x)) return makeFloat(thread, x);
  int64_t places = toInt64(*i).value_or(intCompare(*i, Value::inlineInt(0)) < 0 ? INT64_MIN : INT64_MAX);
  if (places > INT32_MAX) return raiseMathRange(thread);
  if (places < INT32_MIN) return makeFloat(thread, std::copysign(0.0, x));
  double result = std::ldexp(x, static_cast<int>(places));
  if (std::isinf(result)) return raiseMathRange(thread);
  return makeFloat(thread, result);
}

static Fallible<Value> pairOf(Thread& thread, double first, Value second) {
  Value number = TRY(makeFloat(thread, first));
  return Value::of(TRY(makeTuple(thread, {number, second})));
}

static Fallible<Value> mathFrexp(Thread& thread, Value v) {
  double x = TRY(realArgument(thread, v));
  int exponent = 0;
  double mantissa = std::isfinite(x) ? std::frexp(x, &exponent) : x;
  return pairOf(thread, mantissa, Value::inlineInt(exponent));
}

static Fallible<Value> mathModf(Thread& thread, Value v) {
  double x = TRY(realArgument(thread, v));
  double whole;
  double fraction = std::modf(x, &whole);
  Value second = TRY(makeFloat(thread, whole));
  return pairOf(thread, fraction, second);
}

static Fallible<Value> mathIsclose(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{"isclose", {"a", "b", "*", "rel_tol", "abs_tol"}, 2};
  Value given[4];
  TRY(kParameters.bind(thread, arguments, given));
  double a = TRY(realArgument(thread, given[0])), b = TRY(realArgument(thread, given[1]));
  double relative = given[2].isUnbound() ? 1e-9 : TRY(realArgument(thread, given[2]));
  double absolute = given[3].isUnbound() ? 0.0 : TRY(realArgument(thread, given[3]));
  if (relative < 0 || absolute < 0) {
    return raise(thread, exceptions.ValueError, "tolerances must be non-negative");
  }
  if (a == b) return Value::boolean(true);
  if (std::isinf(a) || std::isinf(b)) return Value::boolean(false);
  double difference = std::fabs(b - a);
  return Value::boolean(difference <= std::fabs(relative * b) || difference <= std::fabs(relative * a) ||
                        difference <= absolute);
}

// --- to integers ----------------------------------------------------------------------------------------------------

template <Special special, double (*function)(double)>
static Fallible<Value> toWhole(Thread& thread, Value v) {
  if (typeOf(v) != types.float_) {
    if (v.isInlineInt()) return v;
    if (Value method = specialMethod(v, special); !method.isUnbound()) return callSpecial(thread, method, v);
  }
  return makeIntFromDouble(thread, function(TRY(realArgument(thread, v))));
}

static Fallible<Value> mathTrunc(Thread& thread, Value v) {
  if (typeOf(v) == types.float_) return makeIntFromDouble(thread, std::trunc(floatValue(v)));
  Value method = specialMethod(v, Special::k__trunc__);
  if (method.isUnbound()) return raiseTypeError(thread, "type {} doesn't define __trunc__ method", nameOf(v));
  return callSpecial(thread, method, v);
}

// --- the module -----------------------------------------------------------------------------------------------------

Module* moduleMath(Thread& thread) {
  ModuleBuilder builder(thread, "math", "Elementary functions of real numbers and of integers.");
  builder.function("acos", real<std::acos>)
      .function("acosh", real<std::acosh>)
      .function("asin", real<std::asin>)
      .function("asinh", real<std::asinh>)
      .function("atan", real<std::atan>)
      .function("atan2", twoReals<std::atan2>)
      .function("atanh", real<std::atanh>)
      .function("cbrt", real<std::cbrt>)
      .function("ceil", toWhole<Special::k__ceil__, std::ceil>)
      .function("copysign", twoReals<std::copysign>)
      .function("cos", real<std::cos>)
      .function("cosh", real<std::cosh, true>)
      .function("degrees", plainReal<degreesOf>)
      .function("dist", mathDist)
      .function("erf", plainReal<std::erf>)
      .function("erfc", plainReal<std::erfc>)
      .function("exp", real<std::exp, true>)
      .function("exp2", real<std::exp2, true>)
      .function("expm1", real<std::expm1, true>)
      .function("fabs", real<std::fabs>)
      .function("factorial", mathFactorial)
      .function("floor", toWhole<Special::k__floor__, std::floor>)
      .function("fmod", mathFmod)
      .function("frexp", mathFrexp)
      .function("fsum", mathFsum)
      .function("gamma", gammaLike<gammaFunction>)
      .variadic("gcd", mathGcd)
      .variadic("hypot", mathHypot)
      .variadic("isclose", mathIsclose)
      .function("isfinite", isFiniteReal)
      .function("isinf", isInfiniteReal)
      .function("isnan", isNanReal)
      .function("isqrt", mathIsqrt)
      .variadic("lcm", mathLcm)
      .function("ldexp", mathLdexp)
      .function("lgamma", gammaLike<logGammaFunction>)
      .variadic("log", mathLog)
      .function("log1p", real<std::log1p>)
      .function("log10", logarithmValue<std::log10>)
      .function("log2", logarithmValue<std::log2>)
      .function("modf", mathModf)
      .function("pow", mathPow)
      .function("radians", plainReal<radiansOf>)
      .function("remainder", mathRemainder)
      .function("sin", real<std::sin>)
      .function("sinh", real<std::sinh, true>)
      .function("sqrt", real<std::sqrt>)
      .function("tan", real<std::tan>)
      .function("tanh", real<std::tanh>)
      .function("trunc", mathTrunc)
      .variadic("prod", mathProd)
      .function("perm", mathPerm, 1)
      .function("comb", mathComb)
      .function("nextafter", twoReals<std::nextafter>)
      .function("ulp", plainReal<ulpOf>);
  auto constant = [&](const char* name, double value) {
    Fallible<Value> made = makeFloat(thread, value);
    if (!made.isRaised()) builder.constant(name, made.value());
    return !made.isRaised();
  };
  bool complete = constant("pi", M_PI) && constant("e", M_E) && constant("tau", 2 * M_PI) &&
                  constant("inf", HUGE_VAL) && constant("nan", std::nan(""));
  return complete ? builder.build() : nullptr;
}

}  // namespace krait
