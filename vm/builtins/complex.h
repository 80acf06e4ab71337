// complex: a pair of doubles.
#pragma once
#include <complex>

#include "vm/operations.h"

namespace krait {
struct Complex : Cell {
  double real, imaginary;
};
Fallible<Value> makeComplex(Thread& thread, double real, double imaginary);
void initialiseComplex(Thread&);
}  // namespace krait
