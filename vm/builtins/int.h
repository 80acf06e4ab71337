// int: inline 63-bit words, and BigInt cells over GMP's mpn layer.
#pragma once
#include <optional>
#include <string_view>

#include "vm/operations.h"

namespace krait {

// Sign and magnitude; the magnitude is normalised (no leading zero limb) and never fits an inline int: one number, one
// representation. flags: kNegative.
struct BigInt : Cell {
  static constexpr uint8_t kNegative = 1;
  uint64_t size;     // limbs
  uint64_t limbs[];  // least significant first
  bool isNegative() const { return flags & kNegative; }
};

// Any int64/uint64 as an int Value (allocates only outside the inline range).
Fallible<Value> makeInt(Thread& thread, int64_t i);
Fallible<Value> makeIntUnsigned(Thread& thread, uint64_t i);
Fallible<Value> makeIntFromDouble(Thread& thread, double truncated);  // finite; OverflowError / ValueError otherwise
// Little-endian magnitude limbs (need not be normalised).
Fallible<Value> makeIntFromLimbs(Thread& thread, const uint64_t* limbs, size_t size, bool negative);
// Text as int(text, base) takes it: base 0 or 2..36, underscores, sign, white space. ValueError in CPython's wording.
Fallible<Value> parseInt(Thread& thread, std::string_view text, int base);

// What int(v) gives: __int__, __index__, __trunc__, text.
Fallible<Value> intFromObject(Thread& thread, Value v);
// int(text, base) for a str, bytes or bytearray; the base is valid.
Fallible<Value> intFromText(Thread& thread, Value text, int base);

// An int, a bool, or an instance of a subclass: unwraps to inline int or BigInt; nothing for other objects.
std::optional<Value> toInt(Value v);
inline bool isInt(Value v) { return v.isInlineInt() || toInt(v).has_value(); }
// The value when it is an int that fits.
std::optional<int64_t> toInt64(Value v);
Fallible<double> intToDouble(Thread& thread, Value intValue);  // OverflowError: int too large to convert to float

// Arithmetic on ints (results of toInt: inline or BigInt). MemoryError before GMP could run out.
Fallible<Value> intAdd(Thread&, Value, Value);
Fallible<Value> intSubtract(Thread&, Value, Value);
Fallible<Value> intMultiply(Thread&, Value, Value);
Fallible<Value> intFloorDivide(Thread&, Value, Value);
Fallible<Value> intRemainder(Thread&, Value, Value);
Fallible<Value> intTrueDivide(Thread&, Value, Value);  // correctly rounded
Fallible<Value> intPower(Thread&, Value, Value);       // exponent >= 0 gives an int, else a float
Fallible<Value> intPowerModulo(Thread&, Value, Value, Value);
Fallible<Value> intLeftShift(Thread&, Value, Value);
Fallible<Value> intRightShift(Thread&, Value, Value);
Fallible<Value> intAnd(Thread&, Value, Value);
Fallible<Value> intOr(Thread&, Value, Value);
Fallible<Value> intXor(Thread&, Value, Value);
Fallible<Value> intNegate(Thread&, Value);
Fallible<Value> intInvert(Thread&, Value);
Fallible<Value> intAbsolute(Thread&, Value);
Fallible<void> intDivmod(Thread&, Value, Value, Value& quotient, Value& remainder);
Fallible<Value> intGcd(Thread&, Value, Value);
Fallible<Value> intSquareRoot(Thread&, Value);  // floor of the root; requires value >= 0
int intCompare(Value, Value);                   // -1, 0, 1
int intCompareDouble(Value intValue, double);   // exact; NaN gives 2
int64_t intHash(Value);
Fallible<Str*> intToText(Thread&, Value, int base = 10,
                         bool prefix = false);  // the 4300-digit limit applies to base 10

void initialiseInt(Thread&);
void initialiseBool(Thread&);
}  // namespace krait
