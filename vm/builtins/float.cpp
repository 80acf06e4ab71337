// The representation of floats beyond the self-tagged words, their arithmetic where it differs from C's, and hashing.
#include "vm/builtins/float.h"

#include <bit>
#include <cerrno>
#include <cmath>

#include "vm/builtins/exception.h"
#include "vm/builtins/int.h"
#include "vm/builtins/str.h"

namespace krait {

Fallible<Value> makeFloatSlow(Thread& thread, double d) {
  if (d == 0) return Value::floatZero(std::signbit(d));
  HeapFloat* cell = TRY(allocate<HeapFloat>(thread, Kind::kFloat, types.float_->instanceShape));
  cell->value = d;
  return Value::of(cell);
}

Fallible<bool> floatOperand(Thread& thread, Value v, double& out) {
  if (isFloat(v)) {
    out = floatValue(v);
    return true;
  }
  std::optional<Value> i = toInt(v);
  if (!i) return false;
  out = TRY(intToDouble(thread, *i));
  return true;
}

// --- arithmetic -----------------------------------------------------------------------------------------------------

// The remainder has the sign of the divisor, also when it is zero.
double floatRemainder(double a, double b) {
  double remainder = std::fmod(a, b);
  if (remainder == 0) return std::copysign(0.0, b);
  return (b < 0) != (remainder < 0) ? remainder + b : remainder;
}

// floor(a / b) computed through the remainder, so that (a // b) * b + a % b is near a; the division is then nearly
// exact and only has to be snapped to an integer.
double floatFloorDivide(double a, double b) {
  double remainder = std::fmod(a, b);
  double quotient = (a - remainder) / b;
  if (remainder != 0 && (b < 0) != (remainder < 0)) quotient -= 1.0;
  if (quotient == 0) return std::copysign(0.0, a / b);
  double floored = std::floor(quotient);
  return quotient - floored > 0.5 ? floored + 1.0 : floored;
}

Raised raiseFloatRange(Thread& thread) {
  Str* text = TRY(makeStr(thread, "Numerical result out of range"));
  Value arguments[] = {Value::inlineInt(ERANGE), Value::of(text)};
  Exception* exception = TRY(makeException(thread, exceptions.OverflowError, arguments));
  return raiseInstance(thread, Value::of(exception));
}

Fallible<double> floatPower(Thread& thread, double base, double exponent) {
  if (exponent == 0 || base == 1) return 1.0;
  if (base == 0 && exponent < 0 && std::isfinite(exponent)) {
    return raise(thread, exceptions.ZeroDivisionError, "0.0 cannot be raised to a negative power");
  }
  double result = std::pow(base, exponent);
  if (std::isinf(result) && std::isfinite(base) && std::isfinite(exponent)) return raiseFloatRange(thread);
  return result;
}

// --- hashing --------------------------------------------------------------------------------------------------------

// CPython's: the residue modulo 2^61 - 1 of the rational number that the double is, so that 2.0 and 2 agree.
// Multiplying by 2^e is rotating the 61 bits.
int64_t floatHash(double d, Value identity) {
  constexpr unsigned kBits = 61;
  constexpr uint64_t kModulus = (uint64_t{1} << kBits) - 1;
  if (!std::isfinite(d)) {
    if (std::isinf(d)) return d > 0 ? 314159 : -314159;
    int64_t address = static_cast<int64_t>(std::rotr(identity.bits() - 1, 4));
    return address == -1 ? -2 : address;
  }
  if (d == 0) return 0;
  int exponent;
  uint64_t mantissa = static_cast<uint64_t>(std::ldexp(std::frexp(std::fabs(d), &exponent), 53));
  int rotation = (exponent - 53) % static_cast<int>(kBits);
  unsigned turn = static_cast<unsigned>(rotation < 0 ? rotation + static_cast<int>(kBits) : rotation);
  uint64_t residue = ((mantissa << turn) & kModulus) | (turn == 0 ? 0 : mantissa >> (kBits - turn));
  if (residue == kModulus) residue = 0;
  int64_t hash = d < 0 ? -static_cast<int64_t>(residue) : static_cast<int64_t>(residue);
  return hash == -1 ? -2 : hash;
}

}  // namespace krait
