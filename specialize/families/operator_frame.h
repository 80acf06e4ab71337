// What the families of operators share: guards on operands' types, and entering a Python method as a frame.
#pragma once
#include <cmath>

#include "specialize/families/shapes.h"
#include "vm/builtins/builtin.h"
#include "vm/builtins/float.h"
#include "vm/builtins/int.h"
#include "vm/builtins/str.h"
#include "vm/enter_function.h"
#include "vm/operator_frames.h"

namespace krait::operands {

KRAIT_INLINE bool areInts(Value left, Value right) { return Value::bothInlineInts(left, right); }
KRAIT_INLINE bool areFloats(Value left, Value right) { return (left.bits() & right.bits() & 3) == 3; }
KRAIT_INLINE bool areStrs(Value left, Value right) { return isKind(left, Kind::kStr) && isKind(right, Kind::kStr); }
// An int of any size; not an instance of a subclass, nor a bool.
KRAIT_INLINE bool isExactInt(Value v) { return v.isInlineInt() || isKind(v, Kind::kInt); }
KRAIT_INLINE bool isExactFloat(Value v) { return v.isInlineFloat() || v.isFloatZero() || isKind(v, Kind::kFloat); }
// An exact float or an inline int.
KRAIT_INLINE bool isNumber(Value v) { return v.isInlineInt() || isExactFloat(v); }
// ... as a double.
KRAIT_INLINE double numberOf(Value v) {
  if (v.isInlineFloat()) return v.asInlineFloat();
  if (v.isInlineInt()) return static_cast<double>(v.asInlineInt());
  return v.isFloatZero() ? v.asFloatZero() : v.as<HeapFloat>()->value;
}
// Two numbers, one of them a float.
KRAIT_INLINE bool areNumbers(Value left, Value right) {
  return isNumber(left) && isNumber(right) && !Value::bothInlineInts(left, right);
}
// The float d unless it needs a cell.
KRAIT_INLINE Guarded<Value> inlineFloat(double d) {
  Value v = Value::tagFloat(d);
  if (v.isInlineFloat()) [[likely]]
    return {v, true};
  return {Value::floatZero(std::signbit(d)), d == 0.0};
}
// A built-in class's instance, whose operators no reflected method can precede.
KRAIT_INLINE bool isBuiltin(Value v) { return !(typeOf(v)->typeFlags & Type::kHeapType); }

// The left operand's method comes first: the right one's class is not derived from the left one's.
KRAIT_INLINE bool leftComesFirst(Value left, Value right) {
  if (!right.isCell() || right.asCell()->shape_ == left.asCell()->shape_) return true;
  const Type *type = right.asCell()->shape()->type, *leftType = left.asCell()->shape()->type;
  return type == leftType || !(type->typeFlags & Type::kHeapType) || !isSubtype(type, leftType);
}
// Pushes the frame of the operator's method over copies of its two operands, [left, right] being the top of the stack:
// NotImplemented asks for them again.
KRAIT_INLINE Guarded<Transfer<2, 1>> enterOperator(Thread& thread, Registers& r, Value method, Value self, Value other,
                                                   uint16_t asked) {
  if (!isSimpleFunction(method, 2)) [[unlikely]]
    return {{}, false};
  r.sp[0] = self;
  r.sp[1] = other;
  return {{Next::kNext}, enterSimpleFunction<InlineCache>(thread, r, method, r.sp, 2, r.sp - 2, asked)};
}
// The function that an operand's class has for a special method, in C++ or Python.
KRAIT_INLINE Value methodAt(Value v, uint16_t special) {
  return v.asCell()->shape()->type->special(static_cast<Special>(special));
}

}  // namespace krait::operands
