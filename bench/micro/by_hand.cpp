// Direct-threaded code as one would write it by hand for a dozen instructions: no generator, no shared step, no frame.
//
// It does what the VM does for the same bytecode, no less: 16-byte words, tagged ints with their type and overflow
// checks, the unbound check, the evaluation stack in memory, the poll at backward jumps. What the VM takes more than
// this is what its generality costs. Every handler is a function that jumps to the address in the next word, and begins
// a cache line. Rejected: computed gotos in one function. g++ lets the handlers of so small a function share their
// jumps (2.8 ns a dispatch instead of 0.7), and clang cannot align labels (0.6 to 1.2 ns, by the luck of the layout).
#include "bench/micro/by_hand.h"

#include <cstdio>
#include <cstdlib>

#include "vm/builtins/bytes.h"
#include "vm/builtins/tuple.h"
#include "vm/opcode.h"
#include "vm/semantics.h"

namespace krait::micro {
namespace {

constexpr ptrdiff_t kWordUnits = 2;
using Breaker = const std::atomic<uint32_t>&;

#if defined(__clang__)
#define HAND_DISPATCH(pc, sp) [[clang::musttail]] return (pc)->handler(pc, sp, fp, breaker)
#else  // g++ turns it into a jump, too: every argument is in a register (this file is always optimised)
#define HAND_DISPATCH(pc, sp) return (pc)->handler(pc, sp, fp, breaker)
#endif

Value nop(const HandUnit* pc, Value* sp, Value* fp, Breaker breaker) { HAND_DISPATCH(pc + kWordUnits, sp); }
Value loadFast(const HandUnit* pc, Value* sp, Value* fp, Breaker breaker) {
  Value value = fp[pc[1].offset];
  if (value.isUnbound()) [[unlikely]]
    return Value::error();
  *sp = value;
  HAND_DISPATCH(pc + kWordUnits, sp + 1);
}
Value loadConst(const HandUnit* pc, Value* sp, Value* fp, Breaker breaker) {
  *sp = pc[pc[1].offset].value;
  HAND_DISPATCH(pc + kWordUnits, sp + 1);
}
Value storeFast(const HandUnit* pc, Value* sp, Value* fp, Breaker breaker) {
  fp[pc[1].offset] = sp[-1];
  HAND_DISPATCH(pc + kWordUnits, sp - 1);
}
Value popTop(const HandUnit* pc, Value* sp, Value* fp, Breaker breaker) { HAND_DISPATCH(pc + kWordUnits, sp - 1); }
Value add(const HandUnit* pc, Value* sp, Value* fp, Breaker breaker) {
  Value left = sp[-2], right = sp[-1];
  int64_t sum;
  if (!Value::bothInlineInts(left, right)) [[unlikely]]
    return Value::error();
  if (__builtin_add_overflow(static_cast<int64_t>(left.bits()), static_cast<int64_t>(right.bits()), &sum)) [[unlikely]]
    return Value::error();
  sp[-2] = Value(static_cast<uint64_t>(sum));
  HAND_DISPATCH(pc + kWordUnits, sp - 1);
}
Value subtract(const HandUnit* pc, Value* sp, Value* fp, Breaker breaker) {
  Value left = sp[-2], right = sp[-1];
  int64_t difference;
  if (!Value::bothInlineInts(left, right)) [[unlikely]]
    return Value::error();
  if (__builtin_sub_overflow(static_cast<int64_t>(left.bits()), static_cast<int64_t>(right.bits()), &difference))
      [[unlikely]]
    return Value::error();
  sp[-2] = Value(static_cast<uint64_t>(difference));
  HAND_DISPATCH(pc + kWordUnits, sp - 1);
}
Value multiply(const HandUnit* pc, Value* sp, Value* fp, Breaker breaker) {
  Value left = sp[-2], right = sp[-1];
  int64_t product;
  if (!Value::bothInlineInts(left, right)) [[unlikely]]
    return Value::error();
  if (__builtin_mul_overflow(left.asInlineInt(), static_cast<int64_t>(right.bits()), &product)) [[unlikely]]
    return Value::error();
  sp[-2] = Value(static_cast<uint64_t>(product));
  HAND_DISPATCH(pc + kWordUnits, sp - 1);
}
Value bitAnd(const HandUnit* pc, Value* sp, Value* fp, Breaker breaker) {
  Value left = sp[-2], right = sp[-1];
  if (!Value::bothInlineInts(left, right)) [[unlikely]]
    return Value::error();
  sp[-2] = Value(left.bits() & right.bits());
  HAND_DISPATCH(pc + kWordUnits, sp - 1);
}
Value less(const HandUnit* pc, Value* sp, Value* fp, Breaker breaker) {
  Value left = sp[-2], right = sp[-1];
  if (!Value::bothInlineInts(left, right)) [[unlikely]]
    return Value::error();
  sp[-2] = Value::boolean(static_cast<int64_t>(left.bits()) < static_cast<int64_t>(right.bits()));
  HAND_DISPATCH(pc + kWordUnits, sp - 1);
}
Value popJumpForwardIfFalse(const HandUnit* pc, Value* sp, Value* fp, Breaker breaker) {
  Value condition = sp[-1];
  if (!condition.isBool()) [[unlikely]]
    return Value::error();
  if (condition.isTrue()) HAND_DISPATCH(pc + kWordUnits, sp - 1);
  HAND_DISPATCH(pc + pc[1].offset, sp - 1);
}
Value popJumpBackwardIfTrue(const HandUnit* pc, Value* sp, Value* fp, Breaker breaker) {
  Value condition = sp[-1];
  if (!condition.isBool()) [[unlikely]]
    return Value::error();
  if (condition.isFalse()) [[unlikely]]
    HAND_DISPATCH(pc + kWordUnits, sp - 1);
  if (breaker.load(std::memory_order_relaxed) != 0) [[unlikely]]
    return Value::error();
  HAND_DISPATCH(pc + pc[1].offset, sp - 1);
}
Value returnValue(const HandUnit*, Value* sp, Value*, Breaker) { return sp[-1]; }
#undef HAND_DISPATCH

[[noreturn]] void unknown(const char* what, int number) {
  std::fprintf(stderr, "the loop written by hand has no %s %d\n", what, number);
  std::exit(2);
}

HandHandler operatorOf(int argument) {
  switch (static_cast<BinaryOperator>(argument % 13)) {  // += is +
    case BinaryOperator::kAdd: return add;
    case BinaryOperator::kSubtract: return subtract;
    case BinaryOperator::kMultiply: return multiply;
    case BinaryOperator::kAnd: return bitAnd;
    default: unknown("operator", argument);
  }
}

}  // namespace

HandProgram::HandProgram(const Function* function) : localCount_(function->code->localCount) {
  const Code* code = function->code;
  for (uint64_t i = 0; i < code->constants->length; i++) {
    HandUnit unit;
    unit.value = code->constants->items[i].get();
    units_.push_back(unit);
  }
  entry_ = units_.size();
  std::vector<size_t> wordOf(code->code->length / 2);  // code unit -> its word's first unit
  for (size_t at = 0; at < wordOf.size(); at++) {
    const auto op = static_cast<Opcode>(code->code->data[2 * at]);
    const int argument = code->code->data[2 * at + 1];
    wordOf[at] = units_.size();
    HandHandler handler = nop;
    ptrdiff_t offset = 0;
    const auto here = static_cast<ptrdiff_t>(units_.size());
    switch (op) {
      case Opcode::CACHE: continue;  // the word ahead is not this one's: nothing jumps to a cache
      case Opcode::RESUME:
      case Opcode::NOP: break;
      case Opcode::LOAD_FAST:
        handler = loadFast;
        offset = argument;
        break;
      case Opcode::STORE_FAST:
        handler = storeFast;
        offset = argument;
        break;
      case Opcode::LOAD_CONST:
        handler = loadConst;
        offset = argument - here;
        break;
      case Opcode::POP_TOP: handler = popTop; break;
      case Opcode::BINARY_OP: handler = operatorOf(argument); break;
      case Opcode::COMPARE_OP:
        if (argument != 0) unknown("comparison", argument);
        handler = less;
        break;
      case Opcode::POP_JUMP_FORWARD_IF_FALSE:
        handler = popJumpForwardIfFalse;
        offset = static_cast<ptrdiff_t>(at) + 1 + argument;  // resolved below: the target's word is not known yet
        break;
      case Opcode::POP_JUMP_BACKWARD_IF_TRUE:
        handler = popJumpBackwardIfTrue;
        offset = static_cast<ptrdiff_t>(wordOf[at + 1 - static_cast<size_t>(argument)]) - here;
        wordsPerPass_ = static_cast<uint64_t>(-offset / kWordUnits + 1);
        break;
      case Opcode::RETURN_VALUE: handler = returnValue; break;
      default: unknown("instruction", static_cast<int>(op));
    }
    HandUnit head, operand;
    head.handler = handler;
    operand.unused = 0;
    operand.offset = static_cast<int32_t>(offset);
    units_.push_back(head);
    units_.push_back(operand);
  }
  for (size_t unit = entry_; unit < units_.size(); unit += kWordUnits)
    if (units_[unit].handler == popJumpForwardIfFalse)
      units_[unit + 1].offset = static_cast<int32_t>(
          static_cast<ptrdiff_t>(wordOf[static_cast<size_t>(units_[unit + 1].offset)]) - static_cast<ptrdiff_t>(unit));
}

Value HandProgram::run(Thread& thread, Value argument) {
  for (Value& slot : frame_) slot = Value::unbound();
  frame_[0] = argument;
  const HandUnit* pc = &units_[entry_];
  return pc->handler(pc, frame_ + localCount_, frame_, thread.evalBreaker);
}

}  // namespace krait::micro
