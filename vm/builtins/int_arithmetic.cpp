// Addition, multiplication, division, shifts and bit operations of ints: words where they fit, GMP's mpn elsewhere.
#include <cstring>
#include <utility>

#include "vm/builtins/int.h"
#include "vm/builtins/int_limbs.h"

namespace krait {

// --- sums and products ----------------------------------------------------------------------------------------------

static Fallible<Value> addMagnitudes(Thread& thread, const LimbView& a, const LimbView& b, bool negative) {
  const LimbView& longer = a.size >= b.size ? a : b;
  const LimbView& shorter = a.size >= b.size ? b : a;
  BigInt* result = TRY(allocateInt(thread, longer.size + 1));
  mp_limb_t carry = shorter.size == 0 ? (mpn_copyi(result->limbs, longer.limbs, static_cast<mp_size_t>(longer.size)), 0)
                                      : mpn_add(result->limbs, longer.limbs, static_cast<mp_size_t>(longer.size),
                                                shorter.limbs, static_cast<mp_size_t>(shorter.size));
  result->limbs[longer.size] = carry;
  return finishInt(result, longer.size + 1, negative);
}

// |a| - |b|, negated when `negative`.
static Fallible<Value> subtractMagnitudes(Thread& thread, const LimbView& a, const LimbView& b, bool negative) {
  bool swapped = a.size != b.size ? a.size < b.size : mpn_cmp(a.limbs, b.limbs, static_cast<mp_size_t>(a.size)) < 0;
  const LimbView& larger = swapped ? b : a;
  const LimbView& smaller = swapped ? a : b;
  BigInt* result = TRY(allocateInt(thread, larger.size));
  if (smaller.size == 0) {
    mpn_copyi(result->limbs, larger.limbs, static_cast<mp_size_t>(larger.size));
  } else {
    mpn_sub(result->limbs, larger.limbs, static_cast<mp_size_t>(larger.size), smaller.limbs,
            static_cast<mp_size_t>(smaller.size));
  }
  return finishInt(result, larger.size, negative != swapped);
}

KRAIT_COLD static Fallible<Value> addBig(Thread& thread, Value left, Value right, bool subtract) {
  LimbView a(left), b(right);
  bool bNegative = b.negative != subtract;
  if (a.negative == bNegative) return addMagnitudes(thread, a, b, a.negative);
  return subtractMagnitudes(thread, a, b, a.negative);
}

Fallible<Value> intAdd(Thread& thread, Value left, Value right) {
  if (Value::bothInlineInts(left, right)) [[likely]]
    return makeInt(thread, left.asInlineInt() + right.asInlineInt());  // 63-bit operands: no overflow of 64
  return addBig(thread, left, right, false);
}

Fallible<Value> intSubtract(Thread& thread, Value left, Value right) {
  if (Value::bothInlineInts(left, right)) [[likely]]
    return makeInt(thread, left.asInlineInt() - right.asInlineInt());
  return addBig(thread, left, right, true);
}

KRAIT_COLD static Fallible<Value> multiplyBig(Thread& thread, Value left, Value right) {
  LimbView a(left), b(right);
  if (a.size == 0 || b.size == 0) return Value::inlineInt(0);
  const LimbView& longer = a.size >= b.size ? a : b;
  const LimbView& shorter = a.size >= b.size ? b : a;
  uint64_t size = longer.size + shorter.size;
  TRY(reserveScratch(thread, size));
  BigInt* result = TRY(allocateInt(thread, size));
  if (longer.limbs == shorter.limbs && longer.size == shorter.size) {
    mpn_sqr(result->limbs, longer.limbs, static_cast<mp_size_t>(longer.size));
  } else {
    mpn_mul(result->limbs, longer.limbs, static_cast<mp_size_t>(longer.size), shorter.limbs,
            static_cast<mp_size_t>(shorter.size));
  }
  return finishInt(result, size, a.negative != b.negative);
}

Fallible<Value> intMultiply(Thread& thread, Value left, Value right) {
  int64_t product;
  if (Value::bothInlineInts(left, right) && !__builtin_mul_overflow(left.asInlineInt(), right.asInlineInt(), &product))
      [[likely]]
    return makeInt(thread, product);
  return multiplyBig(thread, left, right);
}

Fallible<Value> intNegate(Thread& thread, Value value) {
  if (value.isInlineInt()) [[likely]]
    return makeInt(thread, -value.asInlineInt());
  BigInt* big = value.as<BigInt>();
  return makeIntFromLimbs(thread, big->limbs, big->size, !big->isNegative());
}

Fallible<Value> intAbsolute(Thread& thread, Value value) {
  bool negative = value.isInlineInt() ? value.asInlineInt() < 0 : value.as<BigInt>()->isNegative();
  return negative ? intNegate(thread, value) : value;
}

// --- division -------------------------------------------------------------------------------------------------------

// Quotient and remainder towards negative infinity of operands of which one is large; either result may be unwanted.
KRAIT_COLD static Fallible<void> divideBig(Thread& thread, Value left, Value right, Value* quotient, Value* remainder) {
  LimbView a(left), b(right);
  bool unequalSigns = a.negative != b.negative;
  if (a.size < b.size) {  // |a| < |b|
    bool floors = unequalSigns && a.size > 0;
    if (quotient) *quotient = Value::inlineInt(floors ? -1 : 0);
    if (remainder) *remainder = floors ? TRY(intAdd(thread, left, right)) : left;
    return {};
  }
  uint64_t quotientSize = a.size - b.size + 1;
  TRY(reserveScratch(thread, a.size + b.size));
  BigInt* q = TRY(allocateInt(thread, quotientSize + 1));  // one more for the step down
  BigInt* r = TRY(allocateInt(thread, b.size));
  mpn_tdiv_qr(q->limbs, r->limbs, 0, a.limbs, static_cast<mp_size_t>(a.size), b.limbs, static_cast<mp_size_t>(b.size));
  bool isExact = mpn_zero_p(r->limbs, static_cast<mp_size_t>(b.size));
  if (unequalSigns && !isExact) {
    mpn_sub_n(r->limbs, b.limbs, r->limbs, static_cast<mp_size_t>(b.size));
    q->limbs[quotientSize] = mpn_add_1(q->limbs, q->limbs, static_cast<mp_size_t>(quotientSize), 1);
  }
  if (quotient) *quotient = finishInt(q, quotientSize + 1, unequalSigns);
  if (remainder) *remainder = finishInt(r, b.size, b.negative);
  return {};
}

KRAIT_INLINE static int64_t floorDivide(int64_t a, int64_t b) {
  int64_t quotient = a / b;
  return quotient - ((a % b != 0) & ((a < 0) != (b < 0)));
}
KRAIT_INLINE static int64_t floorRemainder(int64_t a, int64_t b) {
  int64_t remainder = a % b;
  return remainder != 0 && ((remainder < 0) != (b < 0)) ? remainder + b : remainder;
}

Fallible<Value> intFloorDivide(Thread& thread, Value left, Value right) {
  if (right.bits() == 0) [[unlikely]]
    return raise(thread, exceptions.ZeroDivisionError, "integer division or modulo by zero");
  if (Value::bothInlineInts(left, right)) [[likely]]
    return makeInt(thread, floorDivide(left.asInlineInt(), right.asInlineInt()));
  Value quotient;
  TRY(divideBig(thread, left, right, &quotient, nullptr));
  return quotient;
}

Fallible<Value> intRemainder(Thread& thread, Value left, Value right) {
  if (right.bits() == 0) [[unlikely]]
    return raise(thread, exceptions.ZeroDivisionError, "integer modulo by zero");
  if (Value::bothInlineInts(left, right)) [[likely]]
    return Value::inlineInt(floorRemainder(left.asInlineInt(), right.asInlineInt()));
  Value remainder;
  TRY(divideBig(thread, left, right, nullptr, &remainder));
  return remainder;
}

Fallible<void> intDivmod(Thread& thread, Value left, Value right, Value& quotient, Value& remainder) {
  if (right.bits() == 0) [[unlikely]]
    return raise(thread, exceptions.ZeroDivisionError, "integer division or modulo by zero");
  if (Value::bothInlineInts(left, right)) [[likely]] {
    int64_t a = left.asInlineInt(), b = right.asInlineInt();
    quotient = TRY(makeInt(thread, floorDivide(a, b)));
    remainder = Value::inlineInt(floorRemainder(a, b));
    return {};
  }
  return divideBig(thread, left, right, &quotient, &remainder);
}

// --- shifts ---------------------------------------------------------------------------------------------------------

static bool isNegativeInt(Value v) { return v.isInlineInt() ? v.asInlineInt() < 0 : v.as<BigInt>()->isNegative(); }

Fallible<Value> intLeftShift(Thread& thread, Value left, Value right) {
  if (isNegativeInt(right)) [[unlikely]]
    return raise(thread, exceptions.ValueError, "negative shift count");
  if (left.bits() == 0) return left;
  if (!right.isInlineInt()) [[unlikely]] {
    // Beyond every memory. Where CPython could not even count its 30-bit digits, it says so.
    LimbView count(right);
    bool countable = count.size == 1 || (count.size == 2 && count.limbs[1] < 15);
    if (countable) return raiseMemoryError(thread);
    return raise(thread, exceptions.OverflowError, "too many digits in integer");
  }
  uint64_t shift = static_cast<uint64_t>(right.asInlineInt());
  if (left.isInlineInt() && shift < 62) [[likely]] {
    int64_t i = left.asInlineInt();
    int64_t shifted = static_cast<int64_t>(static_cast<uint64_t>(i) << shift);
    if (shifted >> shift == i) return makeInt(thread, shifted);
  }
  LimbView a(left);
  uint64_t whole = shift / 64;
  unsigned rest = shift % 64;
  BigInt* result = TRY(allocateInt(thread, whole + a.size + 1));  // zeroed below the operand
  if (rest == 0) {
    mpn_copyi(result->limbs + whole, a.limbs, static_cast<mp_size_t>(a.size));
  } else {
    result->limbs[whole + a.size] = mpn_lshift(result->limbs + whole, a.limbs, static_cast<mp_size_t>(a.size), rest);
  }
  return finishInt(result, whole + a.size + 1, a.negative);
}

Fallible<Value> intRightShift(Thread& thread, Value left, Value right) {
  if (isNegativeInt(right)) [[unlikely]]
    return raise(thread, exceptions.ValueError, "negative shift count");
  if (Value::bothInlineInts(left, right)) [[likely]] {
    int64_t shift = right.asInlineInt();
    return Value::inlineInt(left.asInlineInt() >> (shift > 63 ? 63 : shift));
  }
  LimbView a(left);
  uint64_t shift = right.isInlineInt() ? static_cast<uint64_t>(right.asInlineInt()) : UINT64_MAX;
  uint64_t whole = shift / 64;
  unsigned rest = shift % 64;
  if (whole >= a.size) return Value::inlineInt(a.negative ? -1 : 0);
  uint64_t size = a.size - whole;
  BigInt* result = TRY(allocateInt(thread, size + 1));
  mp_limb_t lost = 0;
  if (rest == 0) {
    mpn_copyi(result->limbs, a.limbs + whole, static_cast<mp_size_t>(size));
  } else {
    lost = mpn_rshift(result->limbs, a.limbs + whole, static_cast<mp_size_t>(size), rest);
  }
  if (a.negative) {  // towards negative infinity: the magnitude rounds up
    if (lost != 0 || (whole > 0 && !mpn_zero_p(a.limbs, static_cast<mp_size_t>(whole)))) {
      result->limbs[size] = mpn_add_1(result->limbs, result->limbs, static_cast<mp_size_t>(size), 1);
    }
  }
  return finishInt(result, size + 1, a.negative);
}

// --- bit operations -------------------------------------------------------------------------------------------------

// Delivers the limbs of a number in two's complement, least significant first, without end.
class TwosComplement {
 public:
  explicit TwosComplement(const LimbView& view) : view_(view), carry_(view.negative) {}
  KRAIT_INLINE mp_limb_t next() {
    mp_limb_t limb = index_ < view_.size ? view_.limbs[index_] : 0;
    index_++;
    if (!view_.negative) return limb;
    limb = ~limb + carry_;
    carry_ = carry_ & (limb == 0);
    return limb;
  }

 private:
  const LimbView& view_;
  uint64_t index_ = 0;
  mp_limb_t carry_;
};

template <class Operation>
static Fallible<Value> combineBits(Thread& thread, Value left, Value right, Operation operation) {
  LimbView a(left), b(right);
  bool negative = operation(mp_limb_t{a.negative}, mp_limb_t{b.negative}) & 1;
  uint64_t size = (a.size > b.size ? a.size : b.size) + 1;
  BigInt* result = TRY(allocateInt(thread, size));
  TwosComplement x(a), y(b);
  for (uint64_t i = 0; i < size; i++) result->limbs[i] = operation(x.next(), y.next());
  if (negative) mpn_neg(result->limbs, result->limbs, static_cast<mp_size_t>(size));
  return finishInt(result, size, negative);
}

Fallible<Value> intAnd(Thread& thread, Value left, Value right) {
  if (Value::bothInlineInts(left, right)) [[likely]]
    return Value(left.bits() & right.bits());
  return combineBits(thread, left, right, [](mp_limb_t x, mp_limb_t y) { return x & y; });
}
Fallible<Value> intOr(Thread& thread, Value left, Value right) {
  if (Value::bothInlineInts(left, right)) [[likely]]
    return Value(left.bits() | right.bits());
  return combineBits(thread, left, right, [](mp_limb_t x, mp_limb_t y) { return x | y; });
}
Fallible<Value> intXor(Thread& thread, Value left, Value right) {
  if (Value::bothInlineInts(left, right)) [[likely]]
    return Value(left.bits() ^ right.bits());
  return combineBits(thread, left, right, [](mp_limb_t x, mp_limb_t y) { return x ^ y; });
}

Fallible<Value> intInvert(Thread& thread, Value value) {
  if (value.isInlineInt()) [[likely]]
    return Value::inlineInt(~value.asInlineInt());
  return intSubtract(thread, Value::inlineInt(-1), value);
}

}  // namespace krait
