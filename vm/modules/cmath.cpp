// Module cmath: the C library's complex functions, with Python's errors for poles, overflow and meaningless arguments.
#include "vm/builtins/complex.h"

#include <cmath>
#include <complex>
#include <limits>

#include "vm/builtins/float.h"
#include "vm/builtins/module.h"
#include "vm/builtins/tuple.h"
#include "vm/builtins/type_internal.h"
#include "vm/modules/math_internal.h"
#include "vm/modules/registry.h"

namespace krait {
namespace {

using Number = std::complex<double>;

Fallible<Number> argument(Thread& thread, Value v) {
  if (const Complex* z = toComplex(v)) return Number(z->real, z->imaginary);
  Value method = specialMethod(v, Special::k__complex__);
  if (!method.isUnbound() && !v.isInlineInt() && !v.isInlineFloat()) {
    Value made = TRY(callSpecial(thread, method, v));
    if (const Complex* z = toComplex(made)) return Number(z->real, z->imaginary);
    return raiseTypeError(thread, "__complex__() should return complex, not {}", nameOf(made));
  }
  return Number(TRY(realArgument(thread, v)), 0.0);
}

bool isFinite(Number z) { return std::isfinite(z.real()) && std::isfinite(z.imag()); }
bool isInfinite(Number z) { return std::isinf(z.real()) || std::isinf(z.imag()); }

// Where a function has no value at an infinite argument.
using Undefined = bool (*)(Number);
bool nowhere(Number) { return false; }
bool expUndefined(Number z) {
  return std::isinf(z.imag()) && (std::isfinite(z.real()) || (std::isinf(z.real()) && z.real() > 0));
}
bool coshUndefined(Number z) { return std::isinf(z.imag()) && !std::isnan(z.real()); }
bool tanhUndefined(Number z) { return std::isinf(z.imag()) && std::isfinite(z.real()); }
bool cosUndefined(Number z) { return std::isinf(z.real()) && !std::isnan(z.imag()); }
bool tanUndefined(Number z) { return std::isinf(z.real()) && std::isfinite(z.imag()); }

// What an infinite result of a finite argument is.
enum class Infinity { kOverflow, kPole };

template <Number (*function)(const Number&), Undefined undefined, Infinity infinity>
Fallible<Value> apply(Thread& thread, Value v) {
  Number z = TRY(argument(thread, v));
  if (undefined(z)) return raiseMathDomain(thread);
  Number result = function(z);
  if (isFinite(z) && isInfinite(result))
    return infinity == Infinity::kPole ? raiseMathDomain(thread) : raiseMathRange(thread);
  return makeComplex(thread, result.real(), result.imag());
}

// glibc's sqrt, log and the inverse functions keep the sign of zero on the branch cuts, as C99's annex G asks.
Number squareRoot(const Number& z) { return std::sqrt(z); }
Number arcCosine(const Number& z) { return std::acos(z); }
Number arcSine(const Number& z) { return std::asin(z); }
Number arcTangent(const Number& z) { return std::atan(z); }
Number areaCosine(const Number& z) { return std::acosh(z); }
Number areaSine(const Number& z) { return std::asinh(z); }
Number areaTangent(const Number& z) { return std::atanh(z); }
Number cosine(const Number& z) { return std::cos(z); }
Number hyperbolicCosine(const Number& z) { return std::cosh(z); }
// Where C leaves open what becomes of infinities and NaN, as Python decides.
Number hyperbolicSine(const Number& z) {
  if (z.real() == 0.0 && std::isnan(z.imag())) return {0.0, z.imag()};
  return std::sinh(z);
}
Number hyperbolicTangent(const Number& z) {
  if (z.real() == 0.0 && std::isnan(z.imag())) return {z.imag(), z.imag()};
  if (std::isinf(z.real()) && !std::isfinite(z.imag())) return {std::copysign(1.0, z.real()), 0.0};
  return std::tanh(z);
}
Number sine(const Number& z) {  // -i sinh(iz)
  Number turned = hyperbolicSine({-z.imag(), z.real()});
  return {turned.imag(), -turned.real()};
}
Number tangent(const Number& z) {  // -i tanh(iz)
  Number turned = hyperbolicTangent({-z.imag(), z.real()});
  return {turned.imag(), -turned.real()};
}
Number exponential(const Number& z) { return std::exp(z); }
Number decimalLogarithm(const Number& z) {
  Number natural = std::log(z);
  return {natural.real() / M_LN10, natural.imag() / M_LN10};
}

Fallible<Value> logFunction(Thread& thread, Value v, Value baseOrUnbound) {
  Number z = TRY(argument(thread, v));
  Number result = std::log(z);
  if (isFinite(z) && isInfinite(result)) return raiseMathDomain(thread);
  if (!baseOrUnbound.isUnbound()) {
    Number base = TRY(argument(thread, baseOrUnbound));
    Number divisor = std::log(base);
    if (divisor == Number(0, 0) || (isFinite(base) && isInfinite(divisor))) return raiseMathDomain(thread);
    result /= divisor;
  }
  return makeComplex(thread, result.real(), result.imag());
}

Fallible<Value> phase(Thread& thread, Value v) {
  Number z = TRY(argument(thread, v));
  return makeFloat(thread, std::atan2(z.imag(), z.real()));
}

Fallible<Value> polar(Thread& thread, Value v) {
  Number z = TRY(argument(thread, v));
  double r = std::hypot(z.real(), z.imag());
  if (isFinite(z) && std::isinf(r)) return raiseMathRange(thread);
  Value radius = TRY(makeFloat(thread, r)), angle = TRY(makeFloat(thread, std::atan2(z.imag(), z.real())));
  return Value::of(TRY(makeTuple(thread, {radius, angle})));
}

Fallible<Value> rect(Thread& thread, Value first, Value second) {
  double r = TRY(realArgument(thread, first)), phi = TRY(realArgument(thread, second));
  if (r != 0.0 && std::isinf(phi)) return raiseMathDomain(thread);
  if (phi == 0.0) return makeComplex(thread, r, r * phi);
  if (r == 0.0 && !std::isfinite(phi)) return makeComplex(thread, 0.0, 0.0);
  double c = std::cos(phi), s = std::sin(phi);
  if (std::isinf(r)) {  // each part by its sign alone: no product of infinity and zero
    double infinity = std::numeric_limits<double>::infinity();
    if (r < 0) c = -c, s = -s;
    return makeComplex(thread, std::copysign(infinity, c), std::copysign(infinity, s));
  }
  return makeComplex(thread, r * c, r * s);
}

Fallible<Value> isFiniteFunction(Thread& thread, Value v) { return Value::boolean(isFinite(TRY(argument(thread, v)))); }
Fallible<Value> isInfiniteFunction(Thread& thread, Value v) {
  return Value::boolean(isInfinite(TRY(argument(thread, v))));
}
Fallible<Value> isNanFunction(Thread& thread, Value v) {
  Number z = TRY(argument(thread, v));
  return Value::boolean(std::isnan(z.real()) || std::isnan(z.imag()));
}

Fallible<Value> isClose(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{"isclose", {"a", "b", "*", "rel_tol", "abs_tol"}, 2};
  Value values[4];
  TRY(kParameters.bind(thread, arguments, values));
  Number a = TRY(argument(thread, values[0])), b = TRY(argument(thread, values[1]));
  double relative = values[2].isUnbound() ? 1e-09 : TRY(realArgument(thread, values[2]));
  double absolute = values[3].isUnbound() ? 0.0 : TRY(realArgument(thread, values[3]));
  if (relative < 0.0 || absolute < 0.0) return raiseValueError(thread, "tolerances must be non-negative");
  if (a == b) return Value::boolean(true);
  if (isInfinite(a) || isInfinite(b)) return Value::boolean(false);
  double difference = std::abs(a - b);
  return Value::boolean(difference <= relative * std::abs(b) || difference <= relative * std::abs(a) ||
                        difference <= absolute);
}

}  // namespace

Module* moduleCmath(Thread& thread) {
  using enum Infinity;
  const double infinity = std::numeric_limits<double>::infinity(), nan = std::numeric_limits<double>::quiet_NaN();
  return ModuleBuilder(thread, "cmath", "Elementary functions of complex numbers.")
      .function("acos", apply<arcCosine, nowhere, kOverflow>)
      .function("acosh", apply<areaCosine, nowhere, kOverflow>)
      .function("asin", apply<arcSine, nowhere, kOverflow>)
      .function("asinh", apply<areaSine, nowhere, kOverflow>)
      .function("atan", apply<arcTangent, nowhere, kPole>)
      .function("atanh", apply<areaTangent, nowhere, kPole>)
      .function("cos", apply<cosine, cosUndefined, kOverflow>)
      .function("cosh", apply<hyperbolicCosine, coshUndefined, kOverflow>)
      .function("exp", apply<exponential, expUndefined, kOverflow>)
      .function("log", logFunction, 1)
      .function("log10", apply<decimalLogarithm, nowhere, kPole>)
      .function("sin", apply<sine, cosUndefined, kOverflow>)
      .function("sinh", apply<hyperbolicSine, coshUndefined, kOverflow>)
      .function("sqrt", apply<squareRoot, nowhere, kOverflow>)
      .function("tan", apply<tangent, tanUndefined, kOverflow>)
      .function("tanh", apply<hyperbolicTangent, tanhUndefined, kOverflow>)
      .function("phase", phase)
      .function("polar", polar)
      .function("rect", rect)
      .function("isfinite", isFiniteFunction)
      .function("isinf", isInfiniteFunction)
      .function("isnan", isNanFunction)
      .variadic("isclose", isClose)
      .constant("pi", startUp(makeFloat(thread, M_PI)))
      .constant("e", startUp(makeFloat(thread, M_E)))
      .constant("tau", startUp(makeFloat(thread, 2 * M_PI)))
      .constant("inf", startUp(makeFloat(thread, infinity)))
      .constant("infj", startUp(makeComplex(thread, 0.0, infinity)))
      .constant("nan", startUp(makeFloat(thread, nan)))
      .constant("nanj", startUp(makeComplex(thread, 0.0, nan)))
      .build();
}

}  // namespace krait
