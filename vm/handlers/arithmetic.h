// Handlers of operators: ints and floats inline, everything else through operations.h.
#pragma once
#include "vm/builtins/float.h"
#include "vm/builtins/int.h"
#include "vm/semantics.h"

namespace krait {
namespace fast {

  constexpr Guarded<Value> kNo{Value::none(), false};

  KRAIT_INLINE Guarded<Value> ofDouble(double d) {
    Value v = Value::tagFloat(d);
    return {v, v.isInlineFloat()};  // zeroes and extreme magnitudes go the general way
  }
  // An inline float, or an inline int beside one, as a double.
  KRAIT_INLINE bool operands(Value left, Value right, double& a, double& b) {
    if (left.isInlineFloat()) {
      a = left.asInlineFloat();
      if (right.isInlineFloat()) [[likely]]
        b = right.asInlineFloat();
      else if (right.isInlineInt())
        b = static_cast<double>(right.asInlineInt());
      else
        return false;
      return true;
    }
    if (right.isInlineFloat() && left.isInlineInt()) {
      a = static_cast<double>(left.asInlineInt());
      b = right.asInlineFloat();
      return true;
    }
    return false;
  }

}  // namespace fast

// The general way of an operand form: the operator is still the canonical argument (+= is not +).
#define KRAIT_BINARY_RUN                                                                   \
  using Cache = InlineCache;                                                               \
  static Fallible<Value> run(Thread& thread, Value left, Value right, Oparg operation) {   \
    return binaryOperation(thread, static_cast<BinaryOperator>(operation.n), left, right); \
  }

template <>
struct Instr<Op::BINARY_OP> {
  KRAIT_BINARY_RUN
};

// (a << 1) + (b << 1) = (a + b) << 1: no untagging.
template <>
struct Instr<Op::BINARY_OP_ADD> {
  KRAIT_INLINE static Guarded<Value> fast(Value left, Value right) {
    if (Value::bothInlineInts(left, right)) [[likely]] {
      int64_t sum;
      bool overflow =
          __builtin_add_overflow(static_cast<int64_t>(left.bits()), static_cast<int64_t>(right.bits()), &sum);
      return {Value(static_cast<uint64_t>(sum)), !overflow};
    }  // namespace krait
    double a, b;
    return fast::operands(left, right, a, b) ? fast::ofDouble(a + b) : fast::kNo;
  }
  KRAIT_BINARY_RUN
};
template <>
struct Instr<Op::BINARY_OP_SUBTRACT> {
  KRAIT_INLINE static Guarded<Value> fast(Value left, Value right) {
    if (Value::bothInlineInts(left, right)) [[likely]] {
      int64_t difference;
      bool overflow =
          __builtin_sub_overflow(static_cast<int64_t>(left.bits()), static_cast<int64_t>(right.bits()), &difference);
      return {Value(static_cast<uint64_t>(difference)), !overflow};
    }
    double a, b;
    return fast::operands(left, right, a, b) ? fast::ofDouble(a - b) : fast::kNo;
  }
  KRAIT_BINARY_RUN
};
template <>
struct Instr<Op::BINARY_OP_MULTIPLY> {
  KRAIT_INLINE static Guarded<Value> fast(Value left, Value right) {
    if (Value::bothInlineInts(left, right)) [[likely]] {
      int64_t product;
      bool overflow = __builtin_mul_overflow(left.asInlineInt(), static_cast<int64_t>(right.bits()), &product);
      return {Value(static_cast<uint64_t>(product)), !overflow};
    }
    double a, b;
    return fast::operands(left, right, a, b) ? fast::ofDouble(a * b) : fast::kNo;
  }
  KRAIT_BINARY_RUN
};
template <>
struct Instr<Op::BINARY_OP_TRUE_DIVIDE> {
  KRAIT_INLINE static Guarded<Value> fast(Value left, Value right) {
    double a, b;
    if (!fast::operands(left, right, a, b) || b == 0.0) return fast::kNo;
    return fast::ofDouble(a / b);
  }
  KRAIT_BINARY_RUN
};
template <>
struct Instr<Op::BINARY_OP_FLOOR_DIVIDE> {
  KRAIT_INLINE static Guarded<Value> fast(Value left, Value right) {
    if (!Value::bothInlineInts(left, right)) return fast::kNo;
    int64_t a = left.asInlineInt(), b = right.asInlineInt();
    if (b <= 0) [[unlikely]]
      return fast::kNo;
    int64_t quotient = a / b;
    if (quotient * b > a) quotient--;
    return {Value::inlineInt(quotient), true};
  }
  KRAIT_BINARY_RUN
};
template <>
struct Instr<Op::BINARY_OP_REMAINDER> {
  KRAIT_INLINE static Guarded<Value> fast(Value left, Value right) {
    if (!Value::bothInlineInts(left, right)) return fast::kNo;
    int64_t a = left.asInlineInt(), b = right.asInlineInt();
    if (b <= 0) [[unlikely]]
      return fast::kNo;
    int64_t remainder = a % b;
    if (remainder < 0) remainder += b;
    return {Value::inlineInt(remainder), true};
  }
  KRAIT_BINARY_RUN
};
template <>
struct Instr<Op::BINARY_OP_AND> {
  KRAIT_INLINE static Guarded<Value> fast(Value left, Value right) {
    return {Value(left.bits() & right.bits()), Value::bothInlineInts(left, right)};
  }
  KRAIT_BINARY_RUN
};
template <>
struct Instr<Op::BINARY_OP_OR> {
  KRAIT_INLINE static Guarded<Value> fast(Value left, Value right) {
    return {Value(left.bits() | right.bits()), Value::bothInlineInts(left, right)};
  }
  KRAIT_BINARY_RUN
};
template <>
struct Instr<Op::BINARY_OP_XOR> {
  KRAIT_INLINE static Guarded<Value> fast(Value left, Value right) {
    return {Value(left.bits() ^ right.bits()), Value::bothInlineInts(left, right)};
  }
  KRAIT_BINARY_RUN
};
template <>
struct Instr<Op::BINARY_OP_LSHIFT> {
  KRAIT_INLINE static Guarded<Value> fast(Value left, Value right) {
    if (!Value::bothInlineInts(left, right)) return fast::kNo;
    uint64_t count = right.bits() >> 1;
    if (count > 62) [[unlikely]]
      return fast::kNo;
    int64_t shifted = static_cast<int64_t>(left.bits() << count);
    return {Value(static_cast<uint64_t>(shifted)), shifted >> count == static_cast<int64_t>(left.bits())};
  }
  KRAIT_BINARY_RUN
};
template <>
struct Instr<Op::BINARY_OP_RSHIFT> {
  KRAIT_INLINE static Guarded<Value> fast(Value left, Value right) {
    uint64_t count = right.bits() >> 1;
    if (!Value::bothInlineInts(left, right) || count > 62) [[unlikely]]
      return fast::kNo;
    return {Value(static_cast<uint64_t>(static_cast<int64_t>(left.bits()) >> count) & ~uint64_t{1}), true};
  }
  KRAIT_BINARY_RUN
};
#undef KRAIT_BINARY_RUN

template <>
struct Instr<Op::COMPARE_OP> {
  using Cache = InlineCache;
  static Fallible<Value> run(Thread& thread, Value left, Value right, Oparg comparison) {
    return compare(thread, static_cast<Comparison>(comparison.n), left, right);
  }
};
// Tagged ints compare as they are.
#define KRAIT_COMPARE_FORM(name, OPERATOR, COMPARISON)                                                                \
  template <>                                                                                                         \
  struct Instr<Op::name> {                                                                                            \
    using Cache = InlineCache;                                                                                        \
    KRAIT_INLINE static Guarded<Value> fast(Value left, Value right) {                                                \
      if (Value::bothInlineInts(left, right)) [[likely]]                                                              \
        return {Value::boolean(static_cast<int64_t>(left.bits()) OPERATOR static_cast<int64_t>(right.bits())), true}; \
      if (left.isInlineFloat() && right.isInlineFloat())                                                              \
        return {Value::boolean(left.asInlineFloat() OPERATOR right.asInlineFloat()), true};                           \
      return fast::kNo;                                                                                               \
    }                                                                                                                 \
    static Fallible<Value> run(Thread& thread, Value left, Value right) {                                             \
      return compare(thread, Comparison::COMPARISON, left, right);                                                    \
    }                                                                                                                 \
  };
KRAIT_COMPARE_FORM(COMPARE_OP_LT, <, kLess)
KRAIT_COMPARE_FORM(COMPARE_OP_LE, <=, kLessEqual)
KRAIT_COMPARE_FORM(COMPARE_OP_EQ, ==, kEqual)
KRAIT_COMPARE_FORM(COMPARE_OP_NE, !=, kNotEqual)
KRAIT_COMPARE_FORM(COMPARE_OP_GT, >, kGreater)
KRAIT_COMPARE_FORM(COMPARE_OP_GE, >=, kGreaterEqual)
#undef KRAIT_COMPARE_FORM

template <>
struct Instr<Op::UNARY_POSITIVE> {
  static Fallible<Value> run(Thread& thread, Value v) { return positive(thread, v); }
};
template <>
struct Instr<Op::UNARY_NEGATIVE> {
  KRAIT_INLINE static Guarded<Value> fast(Value v) {
    if (v.isInlineInt()) {
      int64_t negated;
      bool overflow = __builtin_sub_overflow(int64_t{0}, static_cast<int64_t>(v.bits()), &negated);
      return {Value(static_cast<uint64_t>(negated)), !overflow};
    }
    return v.isInlineFloat() ? Guarded<Value>{Value::tagFloat(-v.asInlineFloat()), true} : fast::kNo;
  }
  static Fallible<Value> run(Thread& thread, Value v) { return negative(thread, v); }
};
template <>
struct Instr<Op::UNARY_INVERT> {
  static Fallible<Value> run(Thread& thread, Value v) { return invert(thread, v); }
};
template <>
struct Instr<Op::UNARY_NOT> {
  KRAIT_INLINE static Guarded<Value> fast(Value v) {
    return {Value(v.bits() ^ (Value::kTrue ^ Value::kFalse)), v.isBool()};
  }
  static Fallible<Value> run(Thread& thread, Value v) { return Value::boolean(!TRY(isTrue(thread, v))); }
};
template <>
struct Instr<Op::IS_OP> {
  KRAIT_INLINE static Value run(Value left, Value right, Oparg negated) {
    return Value::boolean(left.is(right) != (negated.n != 0));
  }
};
template <>
struct Instr<Op::CONTAINS_OP> {
  using Cache = InlineCache;
  static Fallible<Value> run(Thread& thread, Value element, Value container, Oparg negated) {
    return Value::boolean(TRY(contains(thread, container, element)) != (negated.n != 0));
  }
};

}  // namespace krait
