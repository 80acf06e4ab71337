// Conversions of arbitrary integers for constant folding.
#include "compiler/fold_integer.h"

#include <cmath>
#include <vector>

namespace krait::codegen {

BigInt toBigInt(const Constant& constant) {
  if (constant.is(ConstantKind::True)) return 1;
  if (constant.is(ConstantKind::False)) return 0;
  if (constant.isSmallInt()) return constant.smallInt();
  BigInt value;
  boost::multiprecision::import_bits(value, constant.limbs(), constant.limbs() + constant.limbCount(), 64, false);
  return constant.isNegative() ? BigInt(-value) : value;
}

Constant fromBigInt(Arena& arena, const BigInt& value) {
  bool isNegative = value < 0;
  std::vector<mp_limb_t> limbs;
  BigInt magnitude = abs(value);
  boost::multiprecision::export_bits(magnitude, std::back_inserter(limbs), 64, false);
  ArenaSpan<mp_limb_t> copy = arena.copyOf(limbs);
  return Constant::bigInteger(copy.data(), copy.size(), isNegative);
}

size_t bitLength(const BigInt& value) {
  if (value == 0) return 0;
  return boost::multiprecision::msb(BigInt(abs(value))) + 1;
}

double quotientToDouble(const BigInt& left, const BigInt& right) {
  if (left == 0) return right < 0 ? -0.0 : 0.0;
  bool isNegative = (left < 0) != (right < 0);
  BigInt numerator = abs(left), denominator = abs(right);
  // Scale so that the quotient has at least 66 bits; what the division leaves over becomes one sticky bit below them.
  int64_t shift = static_cast<int64_t>(bitLength(denominator)) - static_cast<int64_t>(bitLength(numerator)) + 66;
  if (shift > 0) {
    numerator <<= static_cast<size_t>(shift);
  } else {
    denominator <<= static_cast<size_t>(-shift);
  }
  BigInt quotient, remainder;
  boost::multiprecision::divide_qr(numerator, denominator, quotient, remainder);
  int64_t exponent = -shift;
  int64_t bits = static_cast<int64_t>(bitLength(quotient));
  // Keep 53 bits, fewer for subnormal results, and round to even by hand.
  int64_t lowest = std::max<int64_t>(bits - 53, -1074 - exponent);
  if (lowest > bits + 1) return isNegative ? -0.0 : 0.0;
  BigInt kept = quotient >> static_cast<size_t>(lowest);
  BigInt dropped = quotient - (kept << static_cast<size_t>(lowest));
  BigInt half = BigInt(1) << static_cast<size_t>(lowest - 1);
  bool isOdd = bit_test(kept, 0);
  if (dropped > half || (dropped == half && (remainder != 0 || isOdd))) kept += 1;
  double value = std::ldexp(static_cast<double>(static_cast<uint64_t>(kept)), static_cast<int>(exponent + lowest));
  return isNegative ? -value : value;
}

double toDouble(const BigInt& value) { return quotientToDouble(value, 1); }

}  // namespace krait::codegen
