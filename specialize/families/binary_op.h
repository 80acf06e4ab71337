// BINARY_OP: ints, floats, complex numbers, text, sequences, sets, and classes whose operators are Python functions.
#pragma once
#include "specialize/families/operator_frame.h"
#include "vm/builtins/complex.h"
#include "vm/builtins/tuple.h"
#include "vm/handlers/arithmetic.h"

namespace krait {

// --- inline ints: what the generic instruction's fast path does, without asking about floats ---------------------------
#define KRAIT_INT_FORM(OPERATOR)                                                                       \
  template <>                                                                                          \
  struct Instr<ops::BINARY_OP_##OPERATOR##_INT> {                                                      \
    KRAIT_INLINE static bool guard(Value left, Value right) { return operands::areInts(left, right); } \
    KRAIT_INLINE static Guarded<Value> run(Value left, Value right) {                                  \
      return Instr<Op::BINARY_OP_##OPERATOR>::fast(left, right);                                       \
    }                                                                                                  \
  };
KRAIT_INT_FORM(ADD)
KRAIT_INT_FORM(SUBTRACT)
KRAIT_INT_FORM(MULTIPLY)
KRAIT_INT_FORM(AND)
KRAIT_INT_FORM(OR)
KRAIT_INT_FORM(XOR)
KRAIT_INT_FORM(LSHIFT)
KRAIT_INT_FORM(RSHIFT)
#undef KRAIT_INT_FORM

// bools: the immediates False and True differ in one bit.
#define KRAIT_BOOL_FORM(OPERATOR, BITS)                                                                 \
  template <>                                                                                           \
  struct Instr<ops::BINARY_OP_##OPERATOR##_BOOL> {                                                      \
    KRAIT_INLINE static bool guard(Value left, Value right) { return left.isBool() && right.isBool(); } \
    KRAIT_INLINE static Value run(Value left, Value right) { return Value(BITS); }                      \
  };
KRAIT_BOOL_FORM(AND, left.bits() & right.bits())
KRAIT_BOOL_FORM(OR, left.bits() | right.bits())
KRAIT_BOOL_FORM(XOR, (left.bits() ^ right.bits()) | Value::kFalse)
#undef KRAIT_BOOL_FORM
// A bool counts as 0 or 1 beside an int.
namespace operands {

  KRAIT_INLINE bool isBoolOrInt(Value v) { return v.isInlineInt() || v.isBool(); }
  KRAIT_INLINE int64_t countOf(Value v) { return v.isInlineInt() ? v.asInlineInt() : v.isTrue(); }

}  // namespace operands
template <>
struct Instr<ops::BINARY_OP_ADD_BOOL_INT> {
  KRAIT_INLINE static bool guard(Value left, Value right) {
    return operands::isBoolOrInt(left) && operands::isBoolOrInt(right);
  }
  KRAIT_INLINE static Guarded<Value> run(Value left, Value right) {
    int64_t sum = operands::countOf(left) + operands::countOf(right);  // of two 63-bit numbers
    return {Value::inlineInt(sum), Value::fitsInlineInt(sum)};
  }
};
template <>
struct Instr<ops::BINARY_OP_OR_BOOL_INT> {
  KRAIT_INLINE static bool guard(Value left, Value right) {
    return operands::isBoolOrInt(left) && operands::isBoolOrInt(right) && !(left.isBool() && right.isBool());
  }
  KRAIT_INLINE static Value run(Value left, Value right) {
    return Value::inlineInt(operands::countOf(left) | operands::countOf(right));
  }
};

// Divisors may be negative: -7 // -2 is 3, -7 % -2 is -1.
template <>
struct Instr<ops::BINARY_OP_FLOOR_DIVIDE_INT> {
  KRAIT_INLINE static bool guard(Value left, Value right) {
    return operands::areInts(left, right) && right.bits() != 0;
  }
  KRAIT_INLINE static Guarded<Value> run(Value left, Value right) {
    int64_t a = left.asInlineInt(), b = right.asInlineInt(), quotient = a / b;
    if (quotient * b != a && (a ^ b) < 0) quotient--;
    return {Value::inlineInt(quotient), Value::fitsInlineInt(quotient)};  // -2**62 // -1 does not
  }
};
template <>
struct Instr<ops::BINARY_OP_REMAINDER_INT> {
  KRAIT_INLINE static bool guard(Value left, Value right) {
    return operands::areInts(left, right) && right.bits() != 0;
  }
  KRAIT_INLINE static Value run(Value left, Value right) {
    int64_t b = right.asInlineInt(), remainder = left.asInlineInt() % b;
    if (remainder != 0 && (remainder ^ b) < 0) remainder += b;
    return Value::inlineInt(remainder);
  }
};
// Exact operands divide to the nearest float; larger ones need more digits than a double has.
template <>
struct Instr<ops::BINARY_OP_TRUE_DIVIDE_INT> {
  KRAIT_INLINE static bool isExact(Value v) {
    return static_cast<uint64_t>(v.asInlineInt() + (int64_t{1} << 53)) <= uint64_t{1} << 54;
  }
  KRAIT_INLINE static bool guard(Value left, Value right) {
    return operands::areInts(left, right) && right.bits() != 0 && isExact(left) && isExact(right);
  }
  KRAIT_INLINE static Guarded<Value> run(Value left, Value right) {
    return operands::inlineFloat(static_cast<double>(left.asInlineInt()) / static_cast<double>(right.asInlineInt()));
  }
};

// --- floats: both inline; a number and a float, zeroes and extreme magnitudes included ---------------------------------
#define KRAIT_FLOAT_FORMS(OPERATOR, EXPRESSION, DIVIDES)                                                      \
  template <>                                                                                                 \
  struct Instr<ops::BINARY_OP_##OPERATOR##_FLOAT> {                                                           \
    KRAIT_INLINE static bool guard(Value left, Value right) { return operands::areFloats(left, right); }      \
    KRAIT_INLINE static Guarded<Value> run(Value left, Value right) {                                         \
      double a = left.asInlineFloat(), b = right.asInlineFloat();                                             \
      return operands::inlineFloat(EXPRESSION);                                                               \
    }                                                                                                         \
  };                                                                                                          \
  template <>                                                                                                 \
  struct Instr<ops::BINARY_OP_##OPERATOR##_NUMBER> {                                                          \
    KRAIT_INLINE static bool guard(Value left, Value right) {                                                 \
      if (operands::areFloats(left, right)) [[likely]]                                                        \
        return true;                                                                                          \
      return operands::areNumbers(left, right) && (!DIVIDES || operands::numberOf(right) != 0.0);             \
    }                                                                                                         \
    KRAIT_INLINE static Guarded<Value> fast(Value left, Value right) {                                        \
      double a, b;                                                                                            \
      return krait::fast::operands(left, right, a, b) ? operands::inlineFloat(EXPRESSION) : krait::fast::kNo; \
    }                                                                                                         \
    static Fallible<Value> run(Thread& thread, Value left, Value right) {                                     \
      double a = operands::numberOf(left), b = operands::numberOf(right);                                     \
      return makeFloat(thread, EXPRESSION);                                                                   \
    }                                                                                                         \
  };
KRAIT_FLOAT_FORMS(ADD, a + b, false)
KRAIT_FLOAT_FORMS(SUBTRACT, a - b, false)
KRAIT_FLOAT_FORMS(MULTIPLY, a* b, false)
KRAIT_FLOAT_FORMS(TRUE_DIVIDE, a / b, true)
KRAIT_FLOAT_FORMS(FLOOR_DIVIDE, floatFloorDivide(a, b), true)
KRAIT_FLOAT_FORMS(REMAINDER, floatRemainder(a, b), true)
#undef KRAIT_FLOAT_FORMS

// --- ints of any size --------------------------------------------------------------------------------------------------
#define KRAIT_BIG_INT_FORM(OPERATOR, FUNCTION)                                         \
  template <>                                                                          \
  struct Instr<ops::BINARY_OP_##OPERATOR##_BIG_INT> {                                  \
    KRAIT_INLINE static bool guard(Value left, Value right) {                          \
      return operands::isExactInt(left) && operands::isExactInt(right);                \
    }                                                                                  \
    KRAIT_INLINE static Fallible<Value> run(Thread& thread, Value left, Value right) { \
      return FUNCTION(thread, left, right);                                            \
    }                                                                                  \
  };
KRAIT_BIG_INT_FORM(ADD, intAdd)
KRAIT_BIG_INT_FORM(SUBTRACT, intSubtract)
KRAIT_BIG_INT_FORM(MULTIPLY, intMultiply)
KRAIT_BIG_INT_FORM(FLOOR_DIVIDE, intFloorDivide)
KRAIT_BIG_INT_FORM(REMAINDER, intRemainder)
KRAIT_BIG_INT_FORM(TRUE_DIVIDE, intTrueDivide)
KRAIT_BIG_INT_FORM(AND, intAnd)
KRAIT_BIG_INT_FORM(OR, intOr)
KRAIT_BIG_INT_FORM(XOR, intXor)
KRAIT_BIG_INT_FORM(LSHIFT, intLeftShift)
KRAIT_BIG_INT_FORM(RSHIFT, intRightShift)
#undef KRAIT_BIG_INT_FORM

// --- complex numbers ---------------------------------------------------------------------------------------------------
namespace operands {

  KRAIT_INLINE bool isComplexOrNumber(Value v) { return isKind(v, Kind::kComplex) || isNumber(v); }
  // One of the two is complex, the other one too, or a float, or an int in a word.
  KRAIT_INLINE bool areComplex(Value left, Value right) {
    return (isKind(left, Kind::kComplex) && isComplexOrNumber(right)) ||
           (isKind(right, Kind::kComplex) && isNumber(left));
  }
  struct Parts {
    double real, imaginary;
  };
  KRAIT_INLINE Parts partsOf(Value v) {
    if (!isKind(v, Kind::kComplex)) return {numberOf(v), 0.0};
    return {v.as<Complex>()->real, v.as<Complex>()->imaginary};
  }

}  // namespace operands

#define KRAIT_COMPLEX_FORM(OPERATOR, MADE, DIVIDES)                              \
  template <>                                                                    \
  struct Instr<ops::BINARY_OP_##OPERATOR##_COMPLEX> {                            \
    KRAIT_INLINE static bool guard(Value left, Value right) {                    \
      if (!operands::areComplex(left, right)) return false;                      \
      if (!DIVIDES) return true;                                                 \
      operands::Parts by = operands::partsOf(right);                             \
      return by.real != 0.0 || by.imaginary != 0.0;                              \
    }                                                                            \
    static Fallible<Value> run(Thread& thread, Value left, Value right) {        \
      operands::Parts a = operands::partsOf(left), b = operands::partsOf(right); \
      return MADE;                                                               \
    }                                                                            \
  };
KRAIT_COMPLEX_FORM(ADD, makeComplex(thread, a.real + b.real, a.imaginary + b.imaginary), false)
KRAIT_COMPLEX_FORM(SUBTRACT, makeComplex(thread, a.real - b.real, a.imaginary - b.imaginary), false)
KRAIT_COMPLEX_FORM(MULTIPLY,
                   makeComplex(thread, a.real* b.real - a.imaginary * b.imaginary,
                               a.real* b.imaginary + a.imaginary * b.real),
                   false)
KRAIT_COMPLEX_FORM(TRUE_DIVIDE, complexQuotient(thread, a.real, a.imaginary, b.real, b.imaginary), true)
#undef KRAIT_COMPLEX_FORM

// --- power -------------------------------------------------------------------------------------------------------------
template <>
struct Instr<ops::BINARY_OP_POWER_INT> {
  KRAIT_INLINE static bool guard(Value left, Value right) {
    return operands::isExactInt(left) && right.isInlineInt() && right.asInlineInt() >= 0;
  }
  KRAIT_INLINE static Fallible<Value> run(Thread& thread, Value left, Value right) {
    int64_t square;
    if (right.asInlineInt() == 2 && left.isInlineInt() &&
        !__builtin_mul_overflow(left.asInlineInt(), static_cast<int64_t>(left.bits()), &square))
      return Value(static_cast<uint64_t>(square));
    return intPower(thread, left, right);
  }
};
template <>
struct Instr<ops::BINARY_OP_POWER_FLOAT> {  // negative bases may give complex numbers: not here
  KRAIT_INLINE static bool guard(Value left, Value right) {
    return operands::areNumbers(left, right) && (right.isInlineInt() || operands::numberOf(left) > 0.0) &&
           operands::numberOf(left) != 0.0;
  }
  static Fallible<Value> run(Thread& thread, Value left, Value right) {
    return makeFloat(thread, TRY(floatPower(thread, operands::numberOf(left), operands::numberOf(right))));
  }
};

// --- text, sequences, sets, dicts --------------------------------------------------------------------------------------
template <>
struct Instr<ops::BINARY_OP_ADD_UNICODE> {
  KRAIT_INLINE static bool guard(Value left, Value right) { return operands::areStrs(left, right); }
  KRAIT_INLINE static Fallible<Value> run(Thread& thread, Value left, Value right) {
    return Value::of(TRY(concatenate(thread, left.as<Str>(), right.as<Str>())));
  }
};
template <>
struct Instr<ops::BINARY_OP_REMAINDER_STR> {  // str % values
  KRAIT_INLINE static bool guard(Value left, Value right) {
    return isKind(left, Kind::kStr) && operands::isBuiltin(right);
  }
  static Fallible<Value> run(Thread& thread, Value left, Value right) {
    return Value::of(TRY(formatPercent(thread, left.as<Str>(), right)));
  }
};

namespace operands {

  // The operator's function in C++ of an exact built-in class.
  template <Special method, Special inPlace>
  KRAIT_INLINE Fallible<Value> callBuiltin(Thread& thread, Value left, Value right, Oparg operation) {
    const Type* type = left.asCell()->shape()->type;
    Value function = Value::unbound();
    if (isInPlace(static_cast<BinaryOperator>(operation.n))) function = type->special(inPlace);
    if (function.isUnbound()) function = type->special(method);
    return reinterpret_cast<Native2>(function.as<Builtin>()->function)(thread, left, right);
  }
  KRAIT_INLINE bool areSets(Value left, Value right) {
    return (isExact(left, exactShapes.set) && isExact(right, exactShapes.set)) ||
           (isExact(left, exactShapes.frozenset) && isExact(right, exactShapes.frozenset));
  }
  KRAIT_INLINE bool areLists(Value left, Value right) {
    return isExact(left, exactShapes.list) && isExact(right, exactShapes.list);
  }
  KRAIT_INLINE bool areTuples(Value left, Value right) {
    return isKind(left, Kind::kTuple) && isKind(right, Kind::kTuple);
  }
  KRAIT_INLINE bool areDicts(Value left, Value right) {
    return isExact(left, exactShapes.dict) && isExact(right, exactShapes.dict);
  }
  KRAIT_INLINE bool isSequenceTimesInt(Value left, Value right) {
    return isBoolOrInt(right) &&
           (isExact(left, exactShapes.list) || isKind(left, Kind::kStr) || isKind(left, Kind::kTuple));
  }

}  // namespace operands

#define KRAIT_BUILTIN_FORM(FORM, FITS, METHOD, IN_PLACE)                                                \
  template <>                                                                                           \
  struct Instr<ops::BINARY_OP_##FORM> {                                                                 \
    KRAIT_INLINE static bool guard(Value left, Value right) { return operands::FITS(left, right); }     \
    static Fallible<Value> run(Thread& thread, Value left, Value right, Oparg operation) {              \
      return operands::callBuiltin<Special::METHOD, Special::IN_PLACE>(thread, left, right, operation); \
    }                                                                                                   \
  };
KRAIT_BUILTIN_FORM(ADD_LIST, areLists, k__add__, k__iadd__)
KRAIT_BUILTIN_FORM(ADD_TUPLE, areTuples, k__add__, k__iadd__)
KRAIT_BUILTIN_FORM(MULTIPLY_SEQUENCE, isSequenceTimesInt, k__mul__, k__imul__)
KRAIT_BUILTIN_FORM(AND_SET, areSets, k__and__, k__iand__)
KRAIT_BUILTIN_FORM(OR_SET, areSets, k__or__, k__ior__)
KRAIT_BUILTIN_FORM(XOR_SET, areSets, k__xor__, k__ixor__)
KRAIT_BUILTIN_FORM(SUBTRACT_SET, areSets, k__sub__, k__isub__)
KRAIT_BUILTIN_FORM(OR_DICT, areDicts, k__or__, k__ior__)
#undef KRAIT_BUILTIN_FORM

// --- methods in Python: cache.slot is the Special of the method --------------------------------------------------------
#define KRAIT_PYTHON_FORMS(OPERATOR)                                                                                \
  template <>                                                                                                       \
  struct Instr<ops::BINARY_OP_##OPERATOR##_PY> {                                                                    \
    KRAIT_INLINE static bool guard(Value left, Value right, const ShapeCache& cache) {                              \
      return shapes::has(left, cache) && operands::leftComesFirst(left, right);                                     \
    }                                                                                                               \
    KRAIT_INLINE static Guarded<Transfer<2, 1>> run(Thread& thread, Registers& r) {                                 \
      return operands::enterLeft(thread, r, kLeftAsked);                                                            \
    }                                                                                                               \
  };                                                                                                                \
  template <>                                                                                                       \
  struct Instr<ops::BINARY_OP_##OPERATOR##_PY_IN_PLACE> {                                                           \
    KRAIT_INLINE static bool guard(Value left, Value, const ShapeCache& cache) { return shapes::has(left, cache); } \
    KRAIT_INLINE static Guarded<Transfer<2, 1>> run(Thread& thread, Registers& r) {                                 \
      return operands::enterLeft(thread, r, kInPlaceAsked);                                                         \
    }                                                                                                               \
  };                                                                                                                \
  template <>                                                                                                       \
  struct Instr<ops::BINARY_OP_##OPERATOR##_PY_REFLECTED> {                                                          \
    KRAIT_INLINE static bool guard(Value left, Value right, const ShapeCache& cache) {                              \
      return (left.isInlineInt() || left.isInlineFloat()) && shapes::has(right, cache);                             \
    }                                                                                                               \
    KRAIT_INLINE static Guarded<Transfer<2, 1>> run(Thread& thread, Registers& r) {                                 \
      Value right = r.sp[-1];                                                                                       \
      return operands::enterOperator(thread, r, operands::methodAt(right, cacheOf(const_cast<Unit*>(r.pc)).slot),   \
                                     right, r.sp[-2], kReflectedAsked);                                             \
    }                                                                                                               \
  };
namespace operands {
  KRAIT_INLINE Guarded<Transfer<2, 1>> enterLeft(Thread& thread, Registers& r, uint16_t asked) {
    Value left = r.sp[-2];
    return enterOperator(thread, r, methodAt(left, cacheOf(const_cast<Unit*>(r.pc)).slot), left, r.sp[-1], asked);
  }
}  // namespace operands
KRAIT_PYTHON_FORMS(ADD)
KRAIT_PYTHON_FORMS(SUBTRACT)
KRAIT_PYTHON_FORMS(MULTIPLY)
KRAIT_PYTHON_FORMS(TRUE_DIVIDE)
KRAIT_PYTHON_FORMS(FLOOR_DIVIDE)
KRAIT_PYTHON_FORMS(REMAINDER)
KRAIT_PYTHON_FORMS(AND)
KRAIT_PYTHON_FORMS(OR)
KRAIT_PYTHON_FORMS(XOR)
KRAIT_PYTHON_FORMS(LSHIFT)
KRAIT_PYTHON_FORMS(RSHIFT)
KRAIT_PYTHON_FORMS(POWER)  // ** and @
#undef KRAIT_PYTHON_FORMS

// --- observing ---------------------------------------------------------------------------------------------------------
namespace operands {

  // The forms of one operator; kCount where there is none.
  struct BinaryForms {
    Op integer, floating, number, bigInt, left, inPlace, reflected;
  };
#define KRAIT_ARITHMETIC(OPERATOR)                                                                                    \
  {                                                                                                                   \
    ops::BINARY_OP_##OPERATOR##_INT, ops::BINARY_OP_##OPERATOR##_FLOAT, ops::BINARY_OP_##OPERATOR##_NUMBER,           \
        ops::BINARY_OP_##OPERATOR##_BIG_INT, ops::BINARY_OP_##OPERATOR##_PY, ops::BINARY_OP_##OPERATOR##_PY_IN_PLACE, \
        ops::BINARY_OP_##OPERATOR##_PY_REFLECTED                                                                      \
  }
#define KRAIT_BITWISE(OPERATOR)                                                                   \
  {                                                                                               \
    ops::BINARY_OP_##OPERATOR##_INT, Op::kCount, Op::kCount, ops::BINARY_OP_##OPERATOR##_BIG_INT, \
        ops::BINARY_OP_##OPERATOR##_PY, ops::BINARY_OP_##OPERATOR##_PY_IN_PLACE,                  \
        ops::BINARY_OP_##OPERATOR##_PY_REFLECTED                                                  \
  }
  inline BinaryForms formsOf(Op generic) {
    switch (generic) {
      case Op::BINARY_OP_ADD: return KRAIT_ARITHMETIC(ADD);
      case Op::BINARY_OP_SUBTRACT: return KRAIT_ARITHMETIC(SUBTRACT);
      case Op::BINARY_OP_MULTIPLY: return KRAIT_ARITHMETIC(MULTIPLY);
      case Op::BINARY_OP_TRUE_DIVIDE: return KRAIT_ARITHMETIC(TRUE_DIVIDE);
      case Op::BINARY_OP_FLOOR_DIVIDE: return KRAIT_ARITHMETIC(FLOOR_DIVIDE);
      case Op::BINARY_OP_REMAINDER: return KRAIT_ARITHMETIC(REMAINDER);
      case Op::BINARY_OP_AND: return KRAIT_BITWISE(AND);
      case Op::BINARY_OP_OR: return KRAIT_BITWISE(OR);
      case Op::BINARY_OP_XOR: return KRAIT_BITWISE(XOR);
      case Op::BINARY_OP_LSHIFT: return KRAIT_BITWISE(LSHIFT);
      case Op::BINARY_OP_RSHIFT: return KRAIT_BITWISE(RSHIFT);
      default:
        return {Op::kCount,
                Op::kCount,
                Op::kCount,
                Op::kCount,
                ops::BINARY_OP_POWER_PY,
                ops::BINARY_OP_POWER_PY_IN_PLACE,
                ops::BINARY_OP_POWER_PY_REFLECTED};
    }
  }
#undef KRAIT_ARITHMETIC
#undef KRAIT_BITWISE

  // A site that has given up a form before takes the more general one.
  inline bool hasGivenUp(const Site& site) { return (site.word[1].c & 15) != 0; }

  inline Op numericForm(const Site& site, const BinaryForms& forms, Value left, Value right, BinaryOperator plain) {
    bool isPower = plain == BinaryOperator::kPower;
    if (areInts(left, right)) {
      if (isPower) return right.asInlineInt() >= 0 ? ops::BINARY_OP_POWER_INT : Op::kCount;
      bool divides = plain == BinaryOperator::kFloorDivide || plain == BinaryOperator::kRemainder ||
                     plain == BinaryOperator::kTrueDivide;
      if (divides && right.bits() == 0) return Op::kCount;
      return hasGivenUp(site) ? forms.bigInt : forms.integer;
    }
    if (isExactInt(left) && isExactInt(right))
      return isPower && right.isInlineInt() && right.asInlineInt() >= 0 ? ops::BINARY_OP_POWER_INT : forms.bigInt;
    if (!areNumbers(left, right)) return Op::kCount;
    if (isPower) return Instr<ops::BINARY_OP_POWER_FLOAT>::guard(left, right) ? ops::BINARY_OP_POWER_FLOAT : Op::kCount;
    return areFloats(left, right) && !hasGivenUp(site) ? forms.floating : forms.number;
  }
  inline Op complexForm(Value left, Value right, BinaryOperator plain) {
    if (!areComplex(left, right)) return Op::kCount;
    switch (plain) {
      case BinaryOperator::kAdd: return ops::BINARY_OP_ADD_COMPLEX;
      case BinaryOperator::kSubtract: return ops::BINARY_OP_SUBTRACT_COMPLEX;
      case BinaryOperator::kMultiply: return ops::BINARY_OP_MULTIPLY_COMPLEX;
      case BinaryOperator::kTrueDivide:
        return Instr<ops::BINARY_OP_TRUE_DIVIDE_COMPLEX>::guard(left, right) ? ops::BINARY_OP_TRUE_DIVIDE_COMPLEX
                                                                             : Op::kCount;
      default: return Op::kCount;
    }
  }
  inline Op boolForm(BinaryOperator plain) {
    return plain == BinaryOperator::kAnd   ? ops::BINARY_OP_AND_BOOL
           : plain == BinaryOperator::kOr  ? ops::BINARY_OP_OR_BOOL
           : plain == BinaryOperator::kXor ? ops::BINARY_OP_XOR_BOOL
                                           : Op::kCount;
  }
  inline Op containerForm(Value left, Value right, BinaryOperator plain) {
    if (isBoolOrInt(left) && isBoolOrInt(right)) {
      if (plain == BinaryOperator::kAdd) return ops::BINARY_OP_ADD_BOOL_INT;
      if (left.isBool() && right.isBool()) return boolForm(plain);
      return plain == BinaryOperator::kOr ? ops::BINARY_OP_OR_BOOL_INT : Op::kCount;
    }
    switch (plain) {
      case BinaryOperator::kAdd:
        return areStrs(left, right)     ? ops::BINARY_OP_ADD_UNICODE
               : areLists(left, right)  ? ops::BINARY_OP_ADD_LIST
               : areTuples(left, right) ? ops::BINARY_OP_ADD_TUPLE
                                        : Op::kCount;
      case BinaryOperator::kMultiply:
        return isSequenceTimesInt(left, right) ? ops::BINARY_OP_MULTIPLY_SEQUENCE : Op::kCount;
      case BinaryOperator::kRemainder:
        return isKind(left, Kind::kStr) && isBuiltin(right) ? ops::BINARY_OP_REMAINDER_STR : Op::kCount;
      case BinaryOperator::kAnd: return areSets(left, right) ? ops::BINARY_OP_AND_SET : Op::kCount;
      case BinaryOperator::kXor: return areSets(left, right) ? ops::BINARY_OP_XOR_SET : Op::kCount;
      case BinaryOperator::kSubtract: return areSets(left, right) ? ops::BINARY_OP_SUBTRACT_SET : Op::kCount;
      case BinaryOperator::kOr:
        return areSets(left, right)    ? ops::BINARY_OP_OR_SET
               : areDicts(left, right) ? ops::BINARY_OP_OR_DICT
                                       : Op::kCount;
      default: return Op::kCount;
    }
  }
  inline Observation observePython(const Site& site, Value owner, Special method, Op form) {
    if (!relyOn(owner.asCell()->shape()->type)) return Failure::kClassChanges;
    auto& cache = site.cache<ShapeCache>();
    cache.shape = owner.asCell()->shape_;
    cache.slot = static_cast<uint16_t>(method);
    return form;
  }

}  // namespace operands

inline Observation observeBinaryOperation(Site site) {
  Value left = site.top(2), right = site.top();
  auto operation = static_cast<BinaryOperator>(site.oparg());
  bool inPlace = isInPlace(operation);
  auto plain = static_cast<BinaryOperator>(static_cast<int>(operation) -
                                           (inPlace ? static_cast<int>(BinaryOperator::kInplaceAdd) : 0));
  operands::BinaryForms forms = operands::formsOf(site.generic);
  Op form = operands::numericForm(site, forms, left, right, plain);
  if (form == Op::kCount) form = operands::complexForm(left, right, plain);
  if (form == Op::kCount) form = operands::containerForm(left, right, plain);
  if (form != Op::kCount) return form;
  OperatorMethods methods = methodsOf(operation);
  if (left.isCell()) {
    const Type* type = typeOf(left);
    Value first = inPlace ? type->special(methods.inPlace) : Value::unbound();
    if (isSimpleFunction(first, 2)) return operands::observePython(site, left, methods.inPlace, forms.inPlace);
    if (first.isUnbound() && isSimpleFunction(type->special(methods.method), 2) &&
        operands::leftComesFirst(left, right))
      return operands::observePython(site, left, methods.method, forms.left);
  }
  if ((left.isInlineInt() || left.isInlineFloat()) && isKind(right, Kind::kInstance) &&
      !(right.asCell()->flags & Instance::kHasPayload) &&
      isSimpleFunction(typeOf(right)->special(methods.reflected), 2))
    return operands::observePython(site, right, methods.reflected, forms.reflected);
  return Failure::kOperandTypes;
}

}  // namespace krait
