// The representation of ints: inline words and cells, conversions from and to C++ numbers, comparison, hashing.
#include "vm/builtins/int.h"

#include <cmath>
#include <cstdlib>
#include <cstring>

#include "vm/builtins/float.h"
#include "vm/builtins/int_limbs.h"

namespace krait {

// --- making ---------------------------------------------------------------------------------------------------------

Fallible<BigInt*> allocateInt(Thread& thread, uint64_t limbs) {
  if (limbs > kMaxLimbs) [[unlikely]]
    return raiseMemoryError(thread);
  BigInt* cell = TRY(allocate<BigInt>(thread, Kind::kInt, types.int_->instanceShape, limbs * sizeof(mp_limb_t)));
  cell->size = limbs;
  return cell;
}

Value finishInt(BigInt* cell, uint64_t size, bool negative) {
  while (size > 0 && cell->limbs[size - 1] == 0) size--;
  if (size <= 1) {
    constexpr uint64_t kMax = static_cast<uint64_t>(Value::kMaxInlineInt);
    uint64_t magnitude = size == 0 ? 0 : cell->limbs[0];
    if (magnitude <= kMax + negative) {
      return Value::inlineInt(negative ? -static_cast<int64_t>(magnitude) : static_cast<int64_t>(magnitude));
    }
  }
  cell->size = size;
  cell->flags = negative ? BigInt::kNegative : 0;
  return Value::of(cell);
}

static Fallible<Value> makeOneLimb(Thread& thread, uint64_t magnitude, bool negative) {
  BigInt* cell = TRY(allocateInt(thread, 1));
  cell->limbs[0] = magnitude;
  cell->flags = negative ? BigInt::kNegative : 0;
  return Value::of(cell);
}

Fallible<Value> makeInt(Thread& thread, int64_t i) {
  if (Value::fitsInlineInt(i)) [[likely]]
    return Value::inlineInt(i);
  return makeOneLimb(thread, i < 0 ? -static_cast<uint64_t>(i) : static_cast<uint64_t>(i), i < 0);
}

Fallible<Value> makeIntUnsigned(Thread& thread, uint64_t i) {
  if (i <= static_cast<uint64_t>(Value::kMaxInlineInt)) [[likely]]
    return Value::inlineInt(static_cast<int64_t>(i));
  return makeOneLimb(thread, i, false);
}

Fallible<Value> makeIntFromLimbs(Thread& thread, const uint64_t* limbs, size_t size, bool negative) {
  while (size > 0 && limbs[size - 1] == 0) size--;
  if (size == 0) return Value::inlineInt(0);
  if (size == 1 && limbs[0] <= static_cast<uint64_t>(Value::kMaxInlineInt)) {
    int64_t i = static_cast<int64_t>(limbs[0]);
    return Value::inlineInt(negative ? -i : i);
  }
  BigInt* cell = TRY(allocateInt(thread, size));
  std::memcpy(cell->limbs, limbs, size * sizeof(mp_limb_t));
  return finishInt(cell, size, negative);
}

Fallible<Value> makeIntFromDouble(Thread& thread, double truncated) {
  // 2^62 is exact, so the comparison is.
  if (truncated >= static_cast<double>(Value::kMinInlineInt) &&
      truncated < -static_cast<double>(Value::kMinInlineInt)) {
    return Value::inlineInt(static_cast<int64_t>(truncated));
  }
  if (std::isnan(truncated)) return raise(thread, exceptions.ValueError, "cannot convert float NaN to integer");
  if (std::isinf(truncated)) return raise(thread, exceptions.OverflowError, "cannot convert float infinity to integer");
  int exponent;
  uint64_t mantissa = static_cast<uint64_t>(std::ldexp(std::frexp(std::fabs(truncated), &exponent), 53));
  unsigned shift = static_cast<unsigned>(exponent - 53);  // at least 9: the value is beyond 2^62
  uint64_t size = shift / 64 + 2;
  BigInt* cell = TRY(allocateInt(thread, size));
  cell->limbs[shift / 64] = mantissa << (shift % 64);
  cell->limbs[shift / 64 + 1] = shift % 64 == 0 ? 0 : mantissa >> (64 - shift % 64);
  return finishInt(cell, size, truncated < 0);
}

Fallible<void> reserveScratchSlow(Thread& thread, uint64_t limbs) {
  if (limbs > kMaxLimbs) return raiseMemoryError(thread);
  void* probe = std::malloc(limbs * sizeof(mp_limb_t) * 4);
  // The compiler must not remove the pair.
  asm volatile("" : "+r"(probe));
  if (probe == nullptr) return raiseMemoryError(thread);
  std::free(probe);
  return {};
}

// --- reading --------------------------------------------------------------------------------------------------------

std::optional<Value> toInt(Value v) {
  if (v.isInlineInt()) [[likely]]
    return v;
  if (v.isBool()) return Value::inlineInt(v.isTrue());
  v = exactOrPayload(v);
  if (v.isInlineInt() || isKind(v, Kind::kInt)) return v;
  return std::nullopt;
}

std::optional<int64_t> toInt64(Value v) {
  std::optional<Value> i = toInt(v);
  if (!i) return std::nullopt;
  if (i->isInlineInt()) return i->asInlineInt();
  const BigInt* big = i->as<BigInt>();
  if (big->size > 1) return std::nullopt;
  constexpr uint64_t kMax = static_cast<uint64_t>(INT64_MAX);
  if (big->limbs[0] > kMax + big->isNegative()) return std::nullopt;
  return static_cast<int64_t>(big->isNegative() ? -big->limbs[0] : big->limbs[0]);
}

// The magnitude as mantissa * 2^exponent with 2^63 <= mantissa; `inexact` when lower bits were cut off.
static uint64_t topBits(const LimbView& view, int64_t& exponent, bool& inexact) {
  unsigned leading = static_cast<unsigned>(__builtin_clzll(view.limbs[view.size - 1]));
  uint64_t mantissa = view.limbs[view.size - 1] << leading;
  inexact = false;
  if (view.size > 1) {
    uint64_t below = view.limbs[view.size - 2];
    if (leading != 0) mantissa |= below >> (64 - leading);
    inexact = (below << leading) != 0;
    for (uint64_t i = view.size - 2; !inexact && i > 0; i--) inexact = view.limbs[i - 1] != 0;
  }
  exponent = static_cast<int64_t>((view.size - 1) * 64) - leading;
  return mantissa;
}

Fallible<double> intToDouble(Thread& thread, Value intValue) {
  if (intValue.isInlineInt()) [[likely]]
    return static_cast<double>(intValue.asInlineInt());
  LimbView view(intValue);
  double result = HUGE_VAL;
  if (view.size <= 16) {
    int64_t exponent;
    bool inexact;
    uint64_t mantissa = topBits(view, exponent, inexact);
    // A sticky bit far below the rounding position makes the one conversion round correctly.
    result = std::ldexp(static_cast<double>(mantissa | (inexact ? 1 : 0)), static_cast<int>(exponent));
  }
  if (std::isinf(result)) return raise(thread, exceptions.OverflowError, "int too large to convert to float");
  return view.negative ? -result : result;
}

int intCompare(Value left, Value right) {
  if (Value::bothInlineInts(left, right)) {
    int64_t a = left.asInlineInt(), b = right.asInlineInt();
    return (a > b) - (a < b);
  }
  LimbView a(left), b(right);
  if (a.negative != b.negative) return a.negative ? -1 : 1;
  int magnitudes =
      a.size != b.size ? (a.size < b.size ? -1 : 1) : mpn_cmp(a.limbs, b.limbs, static_cast<mp_size_t>(a.size));
  magnitudes = (magnitudes > 0) - (magnitudes < 0);
  return a.negative ? -magnitudes : magnitudes;
}

int intCompareDouble(Value intValue, double d) {
  if (std::isnan(d)) return 2;
  if (std::isinf(d)) return d < 0 ? 1 : -1;
  if (intValue.isInlineInt()) {
    int64_t i = intValue.asInlineInt();
    double whole = std::trunc(d);
    if (whole >= 0x1p63) return -1;
    if (whole < -0x1p63) return 1;
    int64_t truncated = static_cast<int64_t>(whole);
    if (i != truncated) return i < truncated ? -1 : 1;
    return (whole > d) - (whole < d);
  }
  LimbView view(intValue);
  if (view.negative != (d < 0)) return view.negative ? -1 : 1;
  int magnitudes;
  int exponent;
  double fraction = std::frexp(std::fabs(d), &exponent);
  int64_t bits = static_cast<int64_t>(view.bits());
  if (exponent != bits) {
    magnitudes = bits < exponent ? -1 : 1;
  } else {
    int64_t unused;
    bool inexact;
    uint64_t mine = topBits(view, unused, inexact);
    uint64_t other = static_cast<uint64_t>(std::ldexp(fraction, 53)) << 11;
    magnitudes = mine != other ? (mine < other ? -1 : 1) : (inexact ? 1 : 0);
  }
  return view.negative ? -magnitudes : magnitudes;
}

// CPython's: the residue modulo the prime 2^61 - 1, with the sign of the number; -1 is reserved for errors.
int64_t intHash(Value intValue) {
  constexpr uint64_t kModulus = (uint64_t{1} << 61) - 1;
  int64_t hash;
  if (intValue.isInlineInt()) {
    hash = intValue.asInlineInt() % static_cast<int64_t>(kModulus);
  } else {
    LimbView view(intValue);
    hash = static_cast<int64_t>(mpn_mod_1(view.limbs, static_cast<mp_size_t>(view.size), kModulus));
    if (view.negative) hash = -hash;
  }
  return hash == -1 ? -2 : hash;
}

}  // namespace krait
