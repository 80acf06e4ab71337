// float: self-tagged words for common magnitudes, cells for the others.
#pragma once
#include <optional>
#include <string>

#include "vm/operations.h"

namespace krait {

struct HeapFloat : Cell {
  double value;
};

KRAIT_COLD Fallible<Value> makeFloatSlow(Thread& thread, double d);
KRAIT_INLINE Fallible<Value> makeFloat(Thread& thread, double d) {
  Value v = Value::tagFloat(d);
  if (v.isInlineFloat()) [[likely]]
    return v;
  return makeFloatSlow(thread, d);  // zeroes, extreme magnitudes, infinities, NaN
}
// A float or an instance of a subclass of float; not ints.
KRAIT_INLINE bool isFloat(Value v) {
  v = exactOrPayload(v);
  return v.isInlineFloat() || v.isFloatZero() || isKind(v, Kind::kFloat);
}
// Requires isFloat(v).
KRAIT_INLINE double floatValue(Value v) {
  v = exactOrPayload(v);
  if (v.isInlineFloat()) [[likely]]
    return v.asInlineFloat();
  if (v.isFloatZero()) return v.asFloatZero();
  return v.as<HeapFloat>()->value;
}
// float or int (bool) operand of a float operation; nothing for other types; raises when an int is too large.
Fallible<bool> floatOperand(Thread& thread, Value v, double& out);  // false: not a number of ours

std::string floatRepr(double d);                       // shortest round-trip, as repr()
std::optional<double> parseFloat(std::string_view s);  // as float(text): white space, underscores, inf, nan
int64_t floatHash(double d, Value identity);           // NaN hashes by identity
double floatRemainder(double, double);                 // Python's %
double floatFloorDivide(double, double);
Fallible<double> floatPower(Thread&, double, double);  // ZeroDivisionError; complex results are the caller's

Fallible<Value> floatFromObject(Thread&, Value);  // float(v)
std::string floatToHex(double d);                 // as float.hex()
// As float.fromhex(): infinity for a number that is too large.
std::optional<double> parseHexFloat(std::string_view s);
KRAIT_COLD Raised raiseFloatRange(Thread&);  // OverflowError: (34, 'Numerical result out of range')

void initialiseFloat(Thread&);
}  // namespace krait
