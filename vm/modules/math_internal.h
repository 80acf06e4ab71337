// What the sources of the module math share.
#pragma once
#include "vm/builtins/float.h"
#include "vm/builtins/int.h"
#include "vm/operations.h"

namespace krait {

// The argument as a double; quick for inline numbers.
KRAIT_INLINE Fallible<double> realArgument(Thread& thread, Value v) {
  if (v.isInlineFloat()) [[likely]]
    return v.asInlineFloat();
  if (v.isInlineInt()) return static_cast<double>(v.asInlineInt());
  return asDouble(thread, v);
}
KRAIT_COLD Raised raiseMathDomain(Thread& thread);  // ValueError: math domain error
KRAIT_COLD Raised raiseMathRange(Thread& thread);   // OverflowError: math range error

double gammaFunction(double x, bool& domainError, bool& rangeError);
double logGammaFunction(double x, bool& domainError, bool& rangeError);

Fallible<Value> mathFactorial(Thread&, Value);
Fallible<Value> mathGcd(Thread&, Value module, const Arguments&);
Fallible<Value> mathLcm(Thread&, Value module, const Arguments&);
Fallible<Value> mathComb(Thread&, Value n, Value k);
Fallible<Value> mathPerm(Thread&, Value n, Value k);
Fallible<Value> mathIsqrt(Thread&, Value);

Fallible<Value> mathFsum(Thread&, Value iterable);
Fallible<Value> mathProd(Thread&, Value module, const Arguments&);
Fallible<Value> mathHypot(Thread&, Value module, const Arguments&);
Fallible<Value> mathDist(Thread&, Value p, Value q);

}  // namespace krait
