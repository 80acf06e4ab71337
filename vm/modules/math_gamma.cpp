// Gamma and log-gamma by Lanczos' approximation: C libraries differ in these by many units in the last place.
#include <cmath>

#include "vm/modules/math_internal.h"

namespace krait {

// Lanczos' rational approximation for doubles, G = 6.02468..., with the coefficients of Boost.Math's lanczos13m53
// (John Maddock 2006, Boost Software License).
static constexpr double kG = 6.024680040776729583740234375, kGMinusHalf = 5.524680040776729583740234375;
static constexpr int kTerms = 13;
static constexpr double kNumerator[kTerms] = {
    23531376880.410759688572007674451636754734846804940, 42919803642.649098768957899047001988850926355848959,
    35711959237.355668049440185451547166705960488635843, 17921034426.037209699919755754458931112671403265390,
    6039542586.3520280050642916443072979210699388420708, 1439720407.3117216736632230727949123939715485786372,
    248874557.86205415651146038641322942321632125127801, 31426415.585400194380614231628318205362874684987640,
    2876370.6289353724412254090516208496135991145378768, 186056.26539522349504029498971604569928220784236328,
    8071.6720023658162106380029022722506138218516325024, 210.82427775157934587250973392071336271166969580291,
    2.5066282746310002701649081771338373386264310793408};
static constexpr double kDenominator[kTerms] = {0.0,        39916800.0, 120543840.0, 150917976.0, 105258076.0,
                                                45995730.0, 13339535.0, 2637558.0,   357423.0,    32670.0,
                                                1925.0,     66.0,       1.0};

static double lanczosSum(double x) {
  double numerator = 0, denominator = 0;
  if (x < 5) {
    for (int i = kTerms - 1; i >= 0; i--) {
      numerator = numerator * x + kNumerator[i];
      denominator = denominator * x + kDenominator[i];
    }
  } else {  // in powers of 1/x: those of x would overflow
    for (int i = 0; i < kTerms; i++) {
      numerator = numerator / x + kNumerator[i];
      denominator = denominator / x + kDenominator[i];
    }
  }
  return numerator / denominator;
}

static constexpr double kPi = 3.141592653589793238462643383279502884197;

// sin(pi * x) without the error of rounding pi * x.
static double sinPi(double x) {
  double y = std::fmod(std::fabs(x), 2.0), result;
  switch (static_cast<int>(std::round(2.0 * y))) {
    case 0: result = std::sin(kPi * y); break;
    case 1: result = std::cos(kPi * (y - 0.5)); break;
    case 2: result = std::sin(kPi * (1.0 - y)); break;
    case 3: result = -std::cos(kPi * (y - 1.5)); break;
    default: result = std::sin(kPi * (y - 2.0));
  }
  return std::copysign(1.0, x) * result;
}

double gammaFunction(double x, bool& domainError, bool& rangeError) {
  if (!std::isfinite(x)) {
    if (std::isnan(x) || x > 0) return x;
    domainError = true;
    return std::nan("");
  }
  if (x == 0) {
    domainError = true;
    return std::copysign(HUGE_VAL, x);
  }
  if (x == std::floor(x)) {
    if (x < 0) {
      domainError = true;
      return std::nan("");
    }
    if (x <= 23) {  // (x-1)! is exact
      double factorial = 1;
      for (double i = 2; i < x; i++) factorial *= i;
      return factorial;
    }
  }
  double magnitude = std::fabs(x);
  if (magnitude < 1e-20) {
    double result = 1.0 / x;
    rangeError = std::isinf(result);
    return result;
  }
  if (magnitude > 200) {
    if (x < 0) return 0.0 / sinPi(x);
    rangeError = true;
    return HUGE_VAL;
  }
  // y = magnitude + g - 1/2, and z its rounding error relative to y times g, by which the result is corrected.
  double y = magnitude + kGMinusHalf, z;
  if (magnitude > kGMinusHalf) {
    double q = y - magnitude;
    z = q - kGMinusHalf;
  } else {
    double q = y - kGMinusHalf;
    z = q - magnitude;
  }
  z = z * kG / y;
  double result;
  if (x < 0) {  // reflection
    result = -kPi / sinPi(magnitude) / magnitude * std::exp(y) / lanczosSum(magnitude);
    result -= z * result;
    if (magnitude < 140) {
      result /= std::pow(y, magnitude - 0.5);
    } else {
      double root = std::pow(y, magnitude / 2.0 - 0.25);
      result /= root;
      result /= root;
    }
  } else {
    result = lanczosSum(magnitude) / std::exp(y);
    result += z * result;
    if (magnitude < 140) {
      result *= std::pow(y, magnitude - 0.5);
    } else {
      double root = std::pow(y, magnitude / 2.0 - 0.25);
      result *= root;
      result *= root;
    }
  }
  rangeError = std::isinf(result);
  return result;
}

double logGammaFunction(double x, bool& domainError, bool& rangeError) {
  if (!std::isfinite(x)) return std::isnan(x) ? x : HUGE_VAL;
  if (x == std::floor(x) && x <= 2) {
    if (x <= 0) {
      domainError = true;
      return HUGE_VAL;
    }
    return 0;
  }
  double magnitude = std::fabs(x);
  if (magnitude < 1e-20) return -std::log(magnitude);
  double result = std::log(lanczosSum(magnitude)) - kG;
  result += (magnitude - 0.5) * (std::log(magnitude + kG - 0.5) - 1);
  if (x < 0) {
    constexpr double kLogPi = 1.144729885849400174143427351353058711647;
    result = kLogPi - std::log(std::fabs(sinPi(magnitude))) - std::log(magnitude) - result;
  }
  rangeError = std::isinf(result);
  return result;
}

}  // namespace krait
