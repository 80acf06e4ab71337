// What the assembler must know about each instruction: operand, kind of jump, inline cache size, stack effect.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "vm/opcode.h"

namespace krait::codegen {

// The canonical instructions and, from 256 on, those that exist only until assembly: block markers that become the
// exception table, and jumps whose direction is not known yet.
enum class Op : uint16_t {
#define INSTRUCTION(name, number) name = number,
#include "vm/instructions.def"
#undef INSTRUCTION
  SETUP_FINALLY = 256,  // until the matching POP_BLOCK, errors go to the target, which finds the error on the stack
  SETUP_CLEANUP,        // as SETUP_FINALLY, and the target finds the index of the failing instruction below the error
  SETUP_WITH,           // as SETUP_CLEANUP, and the topmost item, the result of __enter__, does not reach the target
  POP_BLOCK,
  JUMP,
  JUMP_NO_INTERRUPT,
  POP_JUMP_IF_FALSE,
  POP_JUMP_IF_TRUE,
  POP_JUMP_IF_NONE,
  POP_JUMP_IF_NOT_NONE,
};
inline constexpr size_t kOpCount = static_cast<size_t>(Op::POP_JUMP_IF_NOT_NONE) + 1;

// Asked for several times per instruction emitted.
struct OpFacts {
  uint8_t cacheSize : 4;
  bool jumps : 1;
  bool exits : 1;
  bool marksBlock : 1;     // a block set-up or POP_BLOCK
  bool isImprovable : 1;   // the peephole optimiser has rules that begin with it
  bool effectIsFixed : 1;  // whatever the operand, and whichever way a jump goes
  int8_t effect;           // on the stack, where it is fixed
};
extern const std::array<OpFacts, kOpCount> kOpFacts;

constexpr bool isBlockSetup(Op op) {
  return op == Op::SETUP_FINALLY || op == Op::SETUP_CLEANUP || op == Op::SETUP_WITH;
}
constexpr bool hasArgument(Op op) { return static_cast<int>(op) >= kHaveArgument; }

// Whether the instruction may go to its target; block set-ups do not count.
inline bool isJump(Op op) { return kOpFacts[static_cast<size_t>(op)].jumps; }

// Whether control never reaches the next instruction, jumps aside.
constexpr bool isExit(Op op) { return op == Op::RETURN_VALUE || op == Op::RAISE_VARARGS || op == Op::RERAISE; }
constexpr bool isUnconditionalJump(Op op) {
  return op == Op::JUMP || op == Op::JUMP_NO_INTERRUPT || op == Op::JUMP_FORWARD || op == Op::JUMP_BACKWARD ||
         op == Op::JUMP_BACKWARD_NO_INTERRUPT;
}

// In 16-bit units behind the instruction.
inline int inlineCacheSize(Op op) { return kOpFacts[static_cast<size_t>(op)].cacheSize; }

// Items pushed minus items popped; `jumps` tells which of the two ways is meant.
int variableStackEffect(Op op, int oparg, bool jumps);
inline int stackEffect(Op op, int oparg, bool jumps) {
  OpFacts facts = kOpFacts[static_cast<size_t>(op)];
  return facts.effectIsFixed ? facts.effect : variableStackEffect(op, oparg, jumps);
}

}  // namespace krait::codegen
