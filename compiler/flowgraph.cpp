// The optimisations of the control-flow graph, which together leave exactly the code that CPython 3.11 emits.
#include "compiler/flowgraph.h"

#include <algorithm>

#include "compiler/code_unit.h"

namespace krait::codegen {

namespace {

// An exit block of at most this many instructions is copied in place of a jump to it.
constexpr size_t kSmallExit = 4;

template <typename T, typename Same>
bool sameSpan(ArenaSpan<T> a, ArenaSpan<T> b, Same same) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), same);
}

bool sameCode(const CodeUnit& a, const CodeUnit& b);

// Inside a code object even NaN equals itself: `finally` bodies are compiled twice from one literal.
bool sameConstant(const Constant& a, const Constant& b) {
  if (a.is(ConstantKind::Code) && b.is(ConstantKind::Code)) return sameCode(*a.code(), *b.code());
  if (a.is(ConstantKind::Float) && b.is(ConstantKind::Float) && a.floating() != a.floating()) {
    return b.floating() != b.floating();
  }
  return sameConstantKey(a, b);
}

bool sameCode(const CodeUnit& a, const CodeUnit& b) {
  auto equal = [](auto x, auto y) { return x == y; };
  return &a == &b || (a.name == b.name && a.argCount == b.argCount && a.posOnlyArgCount == b.posOnlyArgCount &&
                      a.kwOnlyArgCount == b.kwOnlyArgCount && a.flags == b.flags && a.firstLine == b.firstLine &&
                      sameSpan(a.bytecode, b.bytecode, equal) && sameSpan(a.lineTable, b.lineTable, equal) &&
                      sameSpan(a.exceptionTable, b.exceptionTable, equal) && sameSpan(a.names, b.names, equal) &&
                      sameSpan(a.locals, b.locals,
                               [](const LocalVariable& x, const LocalVariable& y) {
                                 return x.name == y.name && x.kinds == y.kinds;
                               }) &&
                      sameSpan(a.constants, b.constants, sameConstant));
}

size_t hashConstant(const Constant& constant) {
  if (!constant.is(ConstantKind::Code)) return hashConstantKey(constant);
  const CodeUnit& unit = *constant.code();
  return static_cast<size_t>(unit.firstLine) * 31 + unit.bytecode.size();
}

}  // namespace

int32_t ConstantTable::add(const Constant& constant) {
  int32_t number = static_cast<int32_t>(constants_.size());
  auto [entry, isNew] = index_.try_emplace(hashConstant(constant), number);
  for (int32_t i = isNew ? -1 : entry->second; i >= 0; i = earlier_[static_cast<size_t>(i)]) {
    const Constant& other = constants_[static_cast<size_t>(i)];
    if (constant.is(ConstantKind::Code) ? other.is(ConstantKind::Code) && sameCode(*constant.code(), *other.code())
                                        : sameConstantKey(constant, other)) {
      return i;
    }
  }
  earlier_.push_back(isNew ? -1 : entry->second);
  entry->second = number;
  constants_.push_back(constant);
  return number;
}

void FlowGraph::emit(Op op, int32_t oparg, Location location, Block* target) {
  if (!current_->empty()) {
    Op before = current_->last().op;
    if (isJump(before) || isExit(before)) useNext(newBlock());
  }
  current_->instructions.push_back({op, oparg, target, nullptr, location});
}

void FlowGraph::normalize() {
  for (Block& block : blocks_) {
    for (Instruction& instruction : block.instructions) {
      if (isExit(instruction.op)) block.exits = block.neverFallsThrough = true;
      if (isUnconditionalJump(instruction.op)) block.neverFallsThrough = true;
      if (isJump(instruction.op)) {
        while (instruction.target->empty()) instruction.target = instruction.target->next;
      }
    }
  }
  inlineSmallExits();
}

// A jump to a short block that returns or raises, and is on no line, becomes a copy of that block. Youngest blocks come
// first: a block that has just become such an exit is itself copied by the older ones that jump to it.
void FlowGraph::inlineSmallExits() {
  for (auto it = blocks_.rbegin(); it != blocks_.rend(); ++it) {
    Block& block = *it;
    if (block.empty() || block.last().op != Op::JUMP) continue;
    const Block* target = block.last().target;
    if (!isExitWithoutLocation(*target) || target->instructions.size() > kSmallExit) continue;
    block.last().op = Op::NOP;
    block.last().target = nullptr;
    block.instructions.insert(block.instructions.end(), target->instructions.begin(), target->instructions.end());
    block.exits = true;
  }
}

// LOAD_CONST followed by a test of it. True when something changed.
bool FlowGraph::optimizeConditionOnConstant(Block* block, size_t index, const ConstantTable& constants) {
  InstructionList& code = block->instructions;
  if (index + 1 >= code.size()) return false;
  const Constant& constant = constants[static_cast<size_t>(code[index].oparg)];
  Instruction& next = code[index + 1];
  switch (next.op) {
    case Op::POP_JUMP_IF_FALSE:
    case Op::POP_JUMP_IF_TRUE:
    case Op::JUMP_IF_FALSE_OR_POP:
    case Op::JUMP_IF_TRUE_OR_POP: {
      bool pops = next.op == Op::POP_JUMP_IF_FALSE || next.op == Op::POP_JUMP_IF_TRUE;
      bool jumpsIfTrue = next.op == Op::POP_JUMP_IF_TRUE || next.op == Op::JUMP_IF_TRUE_OR_POP;
      bool jumps = constant.isTrue() == jumpsIfTrue;
      if (pops || !jumps) code[index].op = Op::NOP;
      if (jumps) {
        next.op = Op::JUMP;
        block->neverFallsThrough = true;
      } else {
        next.op = Op::NOP;
        next.target = nullptr;
      }
      return true;
    }
    case Op::IS_OP: {
      if (!constant.is(ConstantKind::None) || index + 2 >= code.size()) return false;
      Instruction& jump = code[index + 2];
      if (jump.op != Op::POP_JUMP_IF_FALSE && jump.op != Op::POP_JUMP_IF_TRUE) return false;
      bool isNot = next.oparg == 1;
      code[index].op = Op::NOP;
      next.op = Op::NOP;
      jump.op = isNot != (jump.op == Op::POP_JUMP_IF_FALSE) ? Op::POP_JUMP_IF_NOT_NONE : Op::POP_JUMP_IF_NONE;
      return true;
    }
    default: return false;
  }
}

// A jump to a jump goes where that goes, when that loses no line event. True when `jump` changed and wants another
// look.
bool FlowGraph::threadJump(Instruction& jump, const Instruction& target, Op op) {
  if (jump.location.line != target.location.line || jump.target == target.target) return false;
  jump.target = target.target;
  jump.op = op;
  return true;
}

void FlowGraph::optimizeBlock(Block* block, Arena& arena, ConstantTable& constants) {
  static const Instruction kNothing;
  InstructionList& code = block->instructions;
  for (size_t i = 0; i < code.size(); i++) {
    Instruction& instruction = code[i];
    const Instruction* next = i + 1 < code.size() ? &code[i + 1] : &kNothing;
    const Instruction* target = &kNothing;
    if (isJump(instruction.op) || isBlockSetup(instruction.op)) {
      while (instruction.target->empty()) instruction.target = instruction.target->next;
      target = &instruction.target->instructions.front();
    }
    switch (instruction.op) {
      case Op::LOAD_CONST: optimizeConditionOnConstant(block, i, constants); break;

      case Op::BUILD_TUPLE:
        if (next->op == Op::UNPACK_SEQUENCE && next->oparg == instruction.oparg && instruction.oparg >= 1 &&
            instruction.oparg <= 3) {
          instruction.op = Op::NOP;
          code[i + 1].op = instruction.oparg == 1 ? Op::NOP : Op::SWAP;
          break;
        }
        foldTuple(block, i, arena, constants);
        break;

      // Where the target tests the same value again, the outcome is known.
      case Op::JUMP_IF_FALSE_OR_POP:
      case Op::JUMP_IF_TRUE_OR_POP: {
        bool onFalse = instruction.op == Op::JUMP_IF_FALSE_OR_POP;
        Op popJumpSame = onFalse ? Op::POP_JUMP_IF_FALSE : Op::POP_JUMP_IF_TRUE;
        Op popJumpOpposite = onFalse ? Op::POP_JUMP_IF_TRUE : Op::POP_JUMP_IF_FALSE;
        Op keepOpposite = onFalse ? Op::JUMP_IF_TRUE_OR_POP : Op::JUMP_IF_FALSE_OR_POP;
        bool again = false;
        if (target->op == popJumpSame) {
          again = threadJump(instruction, *target, popJumpSame);
        } else if (target->op == Op::JUMP || target->op == instruction.op) {
          again = threadJump(instruction, *target, instruction.op);
        } else if ((target->op == keepOpposite || target->op == popJumpOpposite) &&
                   instruction.location.line == target->location.line) {
          instruction.op = popJumpSame;
          instruction.target = instruction.target->next;
          again = true;
        }
        if (again) i--;
        break;
      }

      case Op::POP_JUMP_IF_FALSE:
      case Op::POP_JUMP_IF_TRUE:
      case Op::POP_JUMP_IF_NONE:
      case Op::POP_JUMP_IF_NOT_NONE:
      case Op::JUMP:
        if (target->op == Op::JUMP && threadJump(instruction, *target, instruction.op)) i--;
        break;

      case Op::SWAP:
        if (instruction.oparg == 1) {
          instruction.op = Op::NOP;
        } else {
          optimizeSwaps(block, i);
        }
        break;

      case Op::PUSH_NULL:
        if (next->op == Op::LOAD_GLOBAL && (next->oparg & 1) == 0) {
          instruction.op = Op::NOP;
          instruction.oparg = 0;
          code[i + 1].oparg |= 1;
        }
        break;

      default: break;
    }
  }
}

void FlowGraph::optimize(Arena& arena, ConstantTable& constants) {
  for (Block* block = entry_; block != nullptr; block = block->next) {
    optimizeBlock(block, arena, constants);
    removeRedundantNops(block);
  }
  inlineSmallExits();
  countPredecessors();
  for (Block* block = entry_; block != nullptr; block = block->next) {
    if (block->predecessors != 0) continue;
    block->instructions.clear();
    block->neverFallsThrough = false;
  }
  for (Block* block = entry_; block != nullptr; block = block->next) removeRedundantNops(block);
  removeEmptyBlocks();
  removeRedundantJumps();
}

void FlowGraph::countPredecessors() {
  std::vector<Block*> pending;
  auto reach = [&pending](Block* block) {
    if (block->predecessors++ == 0) pending.push_back(block);
  };
  reach(entry_);
  while (!pending.empty()) {
    Block* block = pending.back();
    pending.pop_back();
    if (block->next != nullptr && !block->neverFallsThrough) reach(block->next);
    for (Instruction& instruction : block->instructions) {
      if (isJump(instruction.op) || isBlockSetup(instruction.op)) reach(instruction.target);
    }
  }
}

void FlowGraph::removeEmptyBlocks() {
  auto skipEmpty = [](Block* block) {
    while (block != nullptr && block->empty()) block = block->next;
    return block;
  };
  for (Block* block = entry_; block != nullptr; block = block->next) {
    block->next = skipEmpty(block->next);
    for (Instruction& instruction : block->instructions) {
      if (isJump(instruction.op) || isBlockSetup(instruction.op)) instruction.target = skipEmpty(instruction.target);
    }
  }
}

void FlowGraph::removeRedundantJumps() {
  bool changed = false;
  for (Block* block = entry_; block != nullptr; block = block->next) {
    if (block->empty()) continue;
    Instruction& last = block->last();
    if ((last.op == Op::JUMP || last.op == Op::JUMP_NO_INTERRUPT) && last.target == block->next) {
      block->neverFallsThrough = false;
      last.op = Op::NOP;
      last.target = nullptr;
      changed = true;
    }
  }
  if (changed) removeEmptyBlocks();
}

// The numbering of constants stays: only a tail that nothing refers to goes. The first may be a docstring.
void FlowGraph::dropUnusedConstants(ConstantTable& constants) {
  size_t used = 0;
  for (Block* block = entry_; block != nullptr; block = block->next) {
    for (const Instruction& instruction : block->instructions) {
      if (instruction.op == Op::LOAD_CONST || instruction.op == Op::KW_NAMES) {
        used = std::max(used, static_cast<size_t>(instruction.oparg));
      }
    }
  }
  if (used + 1 < constants.size()) constants.shrink(used + 1);
}

}  // namespace krait::codegen
