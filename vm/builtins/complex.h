// complex: a pair of doubles.
#pragma once
#include <complex>

#include "vm/operations.h"

namespace krait {
struct Complex : Cell {
  double real, imaginary;
};
Fallible<Value> makeComplex(Thread& thread, double real, double imaginary);
const Complex* toComplex(Value v);  // complex or an instance of a subclass; null for other objects
int64_t complexHash(double real, double imaginary, Value identity);
// left / right, neither zero checked nor coerced: for exact parts whose divisor is not 0.
Fallible<Value> complexQuotient(Thread& thread, double real, double imaginary, double byReal, double byImaginary);
void initialiseComplex(Thread&);
}  // namespace krait
