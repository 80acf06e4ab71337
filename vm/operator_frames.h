// Operators whose method is a Python function: its frame is pushed as a call's is, and when it returns NotImplemented,
// what is left of the operator's protocol follows.
//
//   a + b    pushes a.__add__'s frame, flag kLeftAsked; NotImplemented: b.__radd__, then TypeError
//
// The operands stay on the caller's stack, at the frame's `result` and above, until it returns.
#pragma once
#include "vm/frame.h"
#include "vm/inline_cache.h"
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

// Frames whose value is not yet what the caller gets: it is made a truth or a length first, and a jump may follow.
//
//   a in b    pushes b.__contains__'s frame        its value's truth, or the contrary, is the result
//   len(a)    pushes a.__len__'s                   its value must be a length
//   await a   pushes a.__await__'s                 its value must be an iterator; so with __anext__ of async for
//   if a:     pushes a.__bool__'s or a.__len__'s   the caller goes on behind the jump, or where it leads
inline constexpr uint16_t kAnswersContains = 1 << 12;
inline constexpr uint16_t kAnswersContainsNot = 1 << 13;
inline constexpr uint16_t kAnswersLength = 1 << 14;
inline constexpr uint16_t kAnswersAwaitable = kAnswersContains | kAnswersContainsNot;  // GET_AWAITABLE, GET_ANEXT
inline constexpr uint16_t kAnswersJump = 1 << 15;  // kAnswersLength: __len__ answers; further flags:
inline constexpr uint16_t kJumpsIfTrue = 1 << 12;
inline constexpr uint16_t kKeepsOperand = 1
                                          << 13;  // the operand, at the frame's `result`, stays when the jump is taken
inline constexpr uint16_t kAnswerFrame = kAnswersContains | kAnswersContainsNot | kAnswersLength | kAnswersJump;

KRAIT_INLINE bool answersAwaitable(uint16_t flags) {
  return (flags & (kAnswersJump | kAnswersAwaitable)) == kAnswersAwaitable;
}

// What the value says, when it is what such methods nearly always return: a truth in `truth`, or a length.
struct Answer {
  bool holds, truth;
};
KRAIT_INLINE Answer plainAnswer(uint16_t flags, Value value) {
  if (flags & kAnswersLength) return {value.isInlineInt() && value.asInlineInt() >= 0, value.bits() != 0};
  return {value.isBool() && !answersAwaitable(flags), value.isTrue()};
}
// Gives the caller of such a frame its answer. Returns the caller's new stack pointer; `pc` is where it waits.
KRAIT_INLINE Value* deliverAnswer(uint16_t flags, Value value, bool truth, Value* result, Pc& pc) {
  if (flags & kAnswersJump) {
    bool taken = truth == ((flags & kJumpsIfTrue) != 0);
    if (!taken) return result;
    Pc word = pc - kHeadUnits - kCacheUnits<InlineCache>;
    pc = word + word[1].offset;
    return result + ((flags & kKeepsOperand) != 0);
  }
  *result = flags & kAnswersLength ? value : Value::boolean(truth == ((flags & kAnswersContains) != 0));
  return result + 1;
}
// The same for any value, which is made a truth or a length first, as isTrue() and length() do.
Fallible<bool> answerOf(Thread& thread, uint16_t flags, Value& value);

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
