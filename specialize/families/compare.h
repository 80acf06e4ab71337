// COMPARE_OP: ints, floats, text, identity where the class says no more, and comparisons that are Python functions.
#pragma once
#include "specialize/families/operator_frame.h"

namespace krait {
namespace operands {

  // Two numbers whose difference a double can tell: floats of any kind, ints up to 2**53.
  KRAIT_INLINE bool isComparable(Value v) {
    if (v.isInlineInt()) return static_cast<uint64_t>(v.asInlineInt() + (int64_t{1} << 53)) <= uint64_t{1} << 54;
    return isExactFloat(v);
  }
  // strCompare and strEquals, with what single characters and names need inline.
  KRAIT_INLINE int orderOf(const Str* a, const Str* b) {
    if (a->length == 1 && b->length == 1 && a->width == 1 && b->width == 1) return a->data()[0] - b->data()[0];
    return strCompare(a, b);
  }
  KRAIT_INLINE bool areSame(const Str* a, const Str* b) {
    if (a == b) return true;
    return a->length == b->length && !(a->flags & b->flags & Str::kInterned) && strEquals(a, b);
  }
  // A value whose == is identity, or answers None with False: nothing in it is Python's.
  KRAIT_INLINE bool isPlain(Value v) {
    return !v.isCell() || v.asCell()->kind == Kind::kStr || v.asCell()->kind == Kind::kInt ||
           v.asCell()->kind == Kind::kTuple || isExact(v, exactShapes.list) || isExact(v, exactShapes.dict);
  }
  // The class's own comparison in C++.
  template <Comparison comparison>
  Fallible<Value> compareBuiltins(Thread& thread, Value left, Value right) {
    KRAIT_CHECK_NATIVE_STACK(thread, " in comparison");
    auto* method = left.asCell()->shape()->type->special(methodOf(comparison)).as<Builtin>();
    Value result = TRY(reinterpret_cast<Native2>(method->function)(thread, left, right));
    if (!result.isNotImplemented()) [[likely]]
      return result;
    return compareAfter(thread, comparison, left, right);
  }
  // Whether two of a class can be compared so.
  inline bool comparesInNative(const Type* type, Special special) {
    Value method = type->special(special);
    if ((type->typeFlags & Type::kHeapType) || !isKind(method, Kind::kBuiltin)) return false;
    const Builtin* builtin = method.as<Builtin>();
    return builtin->signature == Builtin::kFixed && builtin->minArguments == 2 && builtin->maxArguments == 2;
  }
  // Pushes the frame of the left operand's own comparison.
  KRAIT_INLINE Guarded<Transfer<2, 1>> enterComparison(Thread& thread, Registers& r, Comparison comparison) {
    Value left = r.sp[-2];
    return enterOperator(thread, r, methodAt(left, cacheOf(const_cast<Unit*>(r.pc)).slot), left, r.sp[-1],
                         askedBy(comparison));
  }

}  // namespace operands

#define KRAIT_COMPARE_FORMS(NAME, OPERATOR, COMPARISON, STR)                                                      \
  template <>                                                                                                     \
  struct Instr<ops::COMPARE_OP_##NAME##_INT> {                                                                    \
    KRAIT_INLINE static bool guard(Value left, Value right) { return operands::areInts(left, right); }            \
    KRAIT_INLINE static Value run(Value left, Value right) {                                                      \
      return Value::boolean(static_cast<int64_t>(left.bits()) OPERATOR static_cast<int64_t>(right.bits()));       \
    }                                                                                                             \
  };                                                                                                              \
  template <>                                                                                                     \
  struct Instr<ops::COMPARE_OP_##NAME##_FLOAT> {                                                                  \
    KRAIT_INLINE static bool guard(Value left, Value right) { return operands::areFloats(left, right); }          \
    KRAIT_INLINE static Value run(Value left, Value right) {                                                      \
      return Value::boolean(left.asInlineFloat() OPERATOR right.asInlineFloat());                                 \
    }                                                                                                             \
  };                                                                                                              \
  template <>                                                                                                     \
  struct Instr<ops::COMPARE_OP_##NAME##_NUMBER> {                                                                 \
    KRAIT_INLINE static bool guard(Value left, Value right) {                                                     \
      return operands::areFloats(left, right) || (operands::isComparable(left) && operands::isComparable(right)); \
    }                                                                                                             \
    KRAIT_INLINE static Value run(Value left, Value right) {                                                      \
      if (operands::areFloats(left, right)) [[likely]]                                                            \
        return Value::boolean(left.asInlineFloat() OPERATOR right.asInlineFloat());                               \
      return Value::boolean(operands::numberOf(left) OPERATOR operands::numberOf(right));                         \
    }                                                                                                             \
  };                                                                                                              \
  template <>                                                                                                     \
  struct Instr<ops::COMPARE_OP_##NAME##_STR> {                                                                    \
    KRAIT_INLINE static bool guard(Value left, Value right) { return operands::areStrs(left, right); }            \
    KRAIT_INLINE static Value run(Value left, Value right) {                                                      \
      const Str *a = left.as<Str>(), *b = right.as<Str>();                                                        \
      return Value::boolean(STR);                                                                                 \
    }                                                                                                             \
  };                                                                                                              \
  template <>                                                                                                     \
  struct Instr<ops::COMPARE_OP_##NAME##_BIG_INT> {                                                                \
    KRAIT_INLINE static bool guard(Value left, Value right) {                                                     \
      return operands::isExactInt(left) && operands::isExactInt(right);                                           \
    }                                                                                                             \
    static Value run(Value left, Value right) { return Value::boolean(intCompare(left, right) OPERATOR 0); }      \
  };                                                                                                              \
  template <>                                                                                                     \
  struct Instr<ops::COMPARE_OP_##NAME##_BUILTIN> {                                                                \
    KRAIT_INLINE static bool guard(Value left, Value right, const ShapeCache& cache) {                            \
      return shapes::has(left, cache) && shapes::has(right, cache);                                               \
    }                                                                                                             \
    static Fallible<Value> run(Thread& thread, Value left, Value right) {                                         \
      return operands::compareBuiltins<Comparison::COMPARISON>(thread, left, right);                              \
    }                                                                                                             \
  };                                                                                                              \
  template <>                                                                                                     \
  struct Instr<ops::COMPARE_OP_##NAME##_PY> {                                                                     \
    KRAIT_INLINE static bool guard(Value left, Value right, const ShapeCache& cache) {                            \
      return shapes::has(left, cache) && operands::leftComesFirst(left, right);                                   \
    }                                                                                                             \
    KRAIT_INLINE static Guarded<Transfer<2, 1>> run(Thread& thread, Registers& r) {                               \
      return operands::enterComparison(thread, r, Comparison::COMPARISON);                                        \
    }                                                                                                             \
  };
KRAIT_COMPARE_FORMS(LT, <, kLess, operands::orderOf(a, b) < 0)
KRAIT_COMPARE_FORMS(LE, <=, kLessEqual, operands::orderOf(a, b) <= 0)
KRAIT_COMPARE_FORMS(EQ, ==, kEqual, operands::areSame(a, b))
KRAIT_COMPARE_FORMS(NE, !=, kNotEqual, !operands::areSame(a, b))
KRAIT_COMPARE_FORMS(GT, >, kGreater, operands::orderOf(a, b) > 0)
KRAIT_COMPARE_FORMS(GE, >=, kGreaterEqual, operands::orderOf(a, b) >= 0)
#undef KRAIT_COMPARE_FORMS

// The left operand's class has object's __eq__ and __ne__, and so has the right one's: it is the same, or None's.
#define KRAIT_IDENTITY_FORMS(NAME, OPERATOR)                                                             \
  template <>                                                                                            \
  struct Instr<ops::COMPARE_OP_##NAME##_IDENTITY> {                                                      \
    KRAIT_INLINE static bool guard(Value left, Value right, const ShapeCache& cache) {                   \
      return shapes::has(left, cache) && (right.isNone() || shapes::has(right, cache));                  \
    }                                                                                                    \
    KRAIT_INLINE static Value run(Value left, Value right) {                                             \
      return Value::boolean(left.bits() OPERATOR right.bits());                                          \
    }                                                                                                    \
  };                                                                                                     \
  template <>                                                                                            \
  struct Instr<ops::COMPARE_OP_##NAME##_NONE> {                                                          \
    KRAIT_INLINE static bool guard(Value left, Value right) {                                            \
      return (right.isNone() && operands::isPlain(left)) || (left.isNone() && operands::isPlain(right)); \
    }                                                                                                    \
    KRAIT_INLINE static Value run(Value left, Value right) {                                             \
      return Value::boolean(left.bits() OPERATOR right.bits());                                          \
    }                                                                                                    \
  };                                                                                                     \
  template <>                                                                                            \
  struct Instr<ops::COMPARE_OP_##NAME##_BOOL> {                                                          \
    KRAIT_INLINE static bool guard(Value left, Value right) { return left.isBool() && right.isBool(); }  \
    KRAIT_INLINE static Value run(Value left, Value right) {                                             \
      return Value::boolean(left.bits() OPERATOR right.bits());                                          \
    }                                                                                                    \
  };
KRAIT_IDENTITY_FORMS(EQ, ==)
KRAIT_IDENTITY_FORMS(NE, !=)
#undef KRAIT_IDENTITY_FORMS

namespace operands {

  struct ComparisonForms {
    Op integer, floating, number, str, bigInt, builtin, python, identity, none, boolean;
    Comparison comparison;
  };
#define KRAIT_FORMS(NAME, COMPARISON, IDENTITY, NONE, BOOL)                                               \
  {                                                                                                       \
    ops::COMPARE_OP_##NAME##_INT, ops::COMPARE_OP_##NAME##_FLOAT, ops::COMPARE_OP_##NAME##_NUMBER,        \
        ops::COMPARE_OP_##NAME##_STR, ops::COMPARE_OP_##NAME##_BIG_INT, ops::COMPARE_OP_##NAME##_BUILTIN, \
        ops::COMPARE_OP_##NAME##_PY, IDENTITY, NONE, BOOL, Comparison::COMPARISON                         \
  }
  inline ComparisonForms comparisonFormsOf(Op generic) {
    switch (generic) {
      case Op::COMPARE_OP_LT: return KRAIT_FORMS(LT, kLess, Op::kCount, Op::kCount, Op::kCount);
      case Op::COMPARE_OP_LE: return KRAIT_FORMS(LE, kLessEqual, Op::kCount, Op::kCount, Op::kCount);
      case Op::COMPARE_OP_EQ:
        return KRAIT_FORMS(EQ, kEqual, ops::COMPARE_OP_EQ_IDENTITY, ops::COMPARE_OP_EQ_NONE, ops::COMPARE_OP_EQ_BOOL);
      case Op::COMPARE_OP_NE:
        return KRAIT_FORMS(NE, kNotEqual, ops::COMPARE_OP_NE_IDENTITY, ops::COMPARE_OP_NE_NONE,
                           ops::COMPARE_OP_NE_BOOL);
      case Op::COMPARE_OP_GT: return KRAIT_FORMS(GT, kGreater, Op::kCount, Op::kCount, Op::kCount);
      default: return KRAIT_FORMS(GE, kGreaterEqual, Op::kCount, Op::kCount, Op::kCount);
    }
  }
#undef KRAIT_FORMS

  // == and != of this class are object's.
  inline bool comparesByIdentity(const Type* type) {
    return type->special(Special::k__eq__).is(types.object->special(Special::k__eq__)) &&
           type->special(Special::k__ne__).is(types.object->special(Special::k__ne__));
  }

}  // namespace operands

inline Observation observeComparison(Site site) {
  Value left = site.top(2), right = site.top();
  operands::ComparisonForms forms = operands::comparisonFormsOf(site.generic);
  if (operands::areInts(left, right)) return forms.integer;
  if (operands::areFloats(left, right)) return forms.floating;
  if (operands::isComparable(left) && operands::isComparable(right)) return forms.number;
  if (operands::areStrs(left, right)) return forms.str;
  if (operands::isExactInt(left) && operands::isExactInt(right)) return forms.bigInt;
  bool isEquality = forms.identity != Op::kCount;
  if (isEquality && ((right.isNone() && operands::isPlain(left)) || (left.isNone() && operands::isPlain(right))))
    return forms.none;
  if (isEquality && left.isBool() && right.isBool()) return forms.boolean;
  if (!left.isCell()) return Failure::kOperandTypes;
  Type* type = typeOf(left);
  Special special = methodOf(forms.comparison);
  Op form = Op::kCount;
  if (isSimpleFunction(type->special(special), 2) && operands::leftComesFirst(left, right))
    form = forms.python;
  else if (isEquality && operands::comparesByIdentity(type) &&
           (right.isNone() || (right.isCell() && right.asCell()->shape_ == left.asCell()->shape_)))
    form = forms.identity;
  else if (right.isCell() && right.asCell()->shape_ == left.asCell()->shape_ &&
           operands::comparesInNative(type, special))
    form = forms.builtin;
  if (form == Op::kCount) return Failure::kOperandTypes;
  if (!relyOn(type)) return Failure::kClassChanges;
  auto& cache = site.cache<ShapeCache>();
  cache.shape = left.asCell()->shape_;
  cache.slot = static_cast<uint16_t>(special);
  return form;
}

}  // namespace krait
