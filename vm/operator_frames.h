// Operators whose method is a Python function: its frame is pushed as a call's is, and when it returns NotImplemented,
// what is left of the operator's protocol follows.
//
//   a + b    pushes a.__add__'s frame, flag kLeftAsked; NotImplemented: b.__radd__, then TypeError
//
// The operands stay on the caller's stack, at the frame's `result` and above, until it returns.
#pragma once
#include "vm/frame.h"
#include "vm/operations.h"

namespace krait {

// Frame flags beside those of vm/frame.h: which method the frame is.
inline constexpr uint16_t kInPlaceAsked = 32;     // a.__iadd__
inline constexpr uint16_t kLeftAsked = 64;        // a.__add__, a.__lt__
inline constexpr uint16_t kReflectedAsked = 128;  // b.__radd__, after a's method has refused
inline constexpr uint16_t kOperatorFrame = kInPlaceAsked | kLeftAsked | kReflectedAsked;
inline constexpr uint16_t kResultUnused = 256;  // __setitem__: what it returns is dropped
// kLeftAsked by a comparison: which one, plus 1, from this bit on.
inline constexpr int kComparisonShift = 9;
KRAIT_INLINE constexpr uint16_t askedBy(Comparison comparison) {
  return static_cast<uint16_t>(kLeftAsked | (static_cast<unsigned>(comparison) + 1) << kComparisonShift);
}

struct OperatorMethods {
  Special method, reflected, inPlace;
};
OperatorMethods methodsOf(BinaryOperator op);  // in-place operators included
KRAIT_INLINE bool isInPlace(BinaryOperator op) { return op >= BinaryOperator::kInplaceAdd; }
Special methodOf(Comparison comparison);

// What the operator does once the method that `asked` names has returned NotImplemented.
Fallible<Value> binaryOperationAfter(Thread& thread, BinaryOperator op, Value left, Value right, uint16_t asked);
Fallible<Value> compareAfter(Thread& thread, Comparison comparison, Value left, Value right);

}  // namespace krait
