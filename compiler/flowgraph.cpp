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

bool sameConstant(const Constant& a, const Constant& b) {
  if (a.is(ConstantKind::Code) && b.is(ConstantKind::Code)) return sameCode(*a.code(), *b.code());
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

// Mixed once more, because the table takes the lowest bits: keys of whole numbers and of code objects come in runs,
// which would make one long run of occupied slots.
uint64_t hashConstant(const Constant& constant) {
  uint64_t hash = 0;
  if (constant.is(ConstantKind::Code)) {
    const CodeUnit& unit = *constant.code();
    hash = static_cast<uint64_t>(unit.firstLine) * 31 + unit.bytecode.size();
  } else {
    hash = hashConstantKey(constant);
  }
  hash *= 0x9E3779B97F4A7C15u;
  return hash ^ hash >> 32;
}

}  // namespace

int32_t ConstantTable::add(const Constant& constant) {
  auto isSame = [&constant](const Constant& other) {
    return constant.is(ConstantKind::Code) ? other.is(ConstantKind::Code) && sameCode(*constant.code(), *other.code())
                                           : sameConstantKey(constant, other);
  };
  uint64_t hash = hashConstant(constant);
  uint32_t* slot = nullptr;
  if (slots_.empty()) {
    for (size_t i = 0; i < hashes_.size(); i++) {
      if (hashes_[i] == hash && isSame(constants_[i])) return static_cast<int32_t>(i);
    }
  } else {
    size_t mask = slots_.size() - 1;
    size_t index = hash & mask;
    for (; slots_[index] != 0; index = (index + 1) & mask) {
      uint32_t other = slots_[index] - 1;
      if (hashes_[other] == hash && isSame(constants_[other])) return static_cast<int32_t>(other);
    }
    slot = &slots_[index];
  }
  constants_.push_back(constant);
  hashes_.push_back(hash);
  auto count = static_cast<uint32_t>(constants_.size());
  if (slot != nullptr) *slot = count;
  if (count >= kFew && count * 2 >= slots_.size()) grow();
  return static_cast<int32_t>(count - 1);
}

void ConstantTable::grow() {
  slots_ = arena_.makeArray<uint32_t>(slots_.empty() ? 4 * kFew : slots_.size() * 2);
  size_t mask = slots_.size() - 1;
  for (size_t i = 0; i < hashes_.size(); i++) {
    size_t index = hashes_[i] & mask;
    while (slots_[index] != 0) index = (index + 1) & mask;
    slots_[index] = static_cast<uint32_t>(i) + 1;
  }
}

// ---- memory --------------------------------------------------------------------------------------------------------

FlowGraphMemory::Chunk* FlowGraphMemory::takeChunk(size_t instructions) {
  uint32_t sizeClass = 0;
  while (kSmallest << sizeClass < instructions) sizeClass++;
  if (sizeClass >= kSizeClasses) throw std::bad_alloc();
  if (Chunk* chunk = freeChunks_[sizeClass]; chunk != nullptr) {
    freeChunks_[sizeClass] = chunk->next;
    return chunk;
  }
  size_t bytes = sizeof(Chunk) + (kSmallest << sizeClass) * sizeof(Instruction);
  return ::new (arena_.allocateBytes(bytes, alignof(Chunk))) Chunk{nullptr, sizeClass};
}

FlowGraph::~FlowGraph() {
  while (chunks_ != nullptr) {
    FlowGraphMemory::Chunk* chunk = chunks_;
    chunks_ = chunk->next;
    memory_.giveBack(chunk);
  }
  memory_.giveBackBlocks(youngest_, entry_);
}

Instruction* FlowGraph::allocate(size_t count) {
  if (static_cast<size_t>(limit_ - cursor_) < count) {
    // Each chunk is twice as large as the one before it, so that their number stays small.
    size_t wanted = chunks_ == nullptr ? count : std::max(count, chunks_->capacity() * 2);
    FlowGraphMemory::Chunk* chunk = memory_.takeChunk(wanted);
    chunk->next = chunks_;
    chunks_ = chunk;
    cursor_ = chunk->instructions();
    limit_ = cursor_ + chunk->capacity();
  }
  Instruction* start = cursor_;
  cursor_ += count;
  return start;
}

// The current block, whose memory ends where the chunk does, moves to a new chunk.
void FlowGraph::growCurrent() {
  InstructionList& list = current_->instructions;
  Instruction* moved = allocate(list.size_ + 1);
  std::copy(list.begin(), list.end(), moved);
  list.data_ = moved;
  cursor_--;
}

void FlowGraph::append(Block* block, const Block& other) {
  const InstructionList& more = other.instructions;
  InstructionList& list = block->instructions;
  Instruction* both = allocate(list.size_ + more.size_);
  std::copy(list.begin(), list.end(), both);
  std::copy(more.begin(), more.end(), both + list.size_);
  list.data_ = both;
  list.size_ += more.size_;
  block->hasSetups |= other.hasSetups;
  block->hasNops |= other.hasNops;
  block->isUnlocated |= other.isUnlocated;
}

void FlowGraph::prepend(Block* block, const Instruction* from, size_t count) {
  InstructionList& list = block->instructions;
  Instruction* both = allocate(list.size_ + count);
  std::copy(from, from + count, both);
  std::copy(list.begin(), list.end(), both + count);
  list.data_ = both;
  list.size_ += static_cast<uint32_t>(count);
  block->isUnlocated = true;
}

// ---- passes --------------------------------------------------------------------------------------------------------

Block* skipEmpty(Block* block) {
  Block* full = block;
  while (full != nullptr && full->empty()) full = full->next;
  // A chain of ten thousand `elif` ends in as many empty blocks.
  while (block != full) {
    Block* next = block->next;
    block->next = full;
    block = next;
  }
  return full;
}

void FlowGraph::normalize() {
  for (Block* block = youngest_; block != nullptr; block = block->older) {
    if (block->empty()) continue;
    Instruction& last = block->last();
    if (isExit(last.op)) block->exits = block->neverFallsThrough = true;
    if (isUnconditionalJump(last.op)) block->neverFallsThrough = true;
    if (isJump(last.op)) last.target = skipEmpty(last.target);
  }
  inlineSmallExits();
}

// A jump to a short block that returns or raises, and is on no line, becomes a copy of that block. Youngest blocks come
// first: a block that has just become such an exit is itself copied by the older ones that jump to it.
void FlowGraph::inlineSmallExits() {
  for (Block* block = youngest_; block != nullptr; block = block->older) {
    if (block->empty() || block->last().op != Op::JUMP) continue;
    const Block* target = block->last().target;
    if (!isExitWithoutLocation(*target) || target->instructions.size() > kSmallExit) continue;
    block->last().op = Op::NOP;
    block->last().target = nullptr;
    block->hasNops = true;
    append(block, *target);
    block->exits = true;
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
      mayWasteConstants_ = true;
      block->hasNops = true;
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
      mayWasteConstants_ = true;
      block->hasNops = true;
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
  if (block->hasSetups) {
    for (Instruction& instruction : code) {
      if (isBlockSetup(instruction.op)) instruction.target = skipEmpty(instruction.target);
    }
  }
  for (size_t i = 0; i < code.size(); i++) {
    Instruction& instruction = code[i];
    if (!kOpFacts[static_cast<size_t>(instruction.op)].isImprovable) continue;
    const Instruction* next = i + 1 < code.size() ? &code[i + 1] : &kNothing;
    const Instruction* target = &kNothing;
    if (isJump(instruction.op)) {
      instruction.target = skipEmpty(instruction.target);
      target = &instruction.target->instructions.front();
    }
    switch (instruction.op) {
      case Op::LOAD_CONST: optimizeConditionOnConstant(block, i, constants); break;

      case Op::BUILD_TUPLE:
        if (next->op == Op::UNPACK_SEQUENCE && next->oparg == instruction.oparg && instruction.oparg >= 1 &&
            instruction.oparg <= 3) {
          instruction.op = Op::NOP;
          code[i + 1].op = instruction.oparg == 1 ? Op::NOP : Op::SWAP;
          block->hasNops = true;
          break;
        }
        if (foldTuple(block, i, arena, constants)) block->hasNops = mayWasteConstants_ = true;
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
        block->hasNops = true;
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
          block->hasNops = true;
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
    if (block->predecessors != 0 || block->empty()) continue;
    mayWasteConstants_ = true;
    block->instructions.shrink(0);
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
    if (block->hasSetups) {
      for (const Instruction& instruction : block->instructions) {
        if (isBlockSetup(instruction.op)) reach(instruction.target);
      }
    }
    if (!block->empty() && isJump(block->last().op)) reach(block->last().target);
  }
}

void FlowGraph::removeEmptyBlocks() {
  for (Block* block = entry_; block != nullptr; block = block->next) {
    block->next = skipEmpty(block->next);
    if (block->hasSetups) {
      for (Instruction& instruction : block->instructions) {
        if (isBlockSetup(instruction.op)) instruction.target = skipEmpty(instruction.target);
      }
    }
    if (!block->empty() && isJump(block->last().op)) block->last().target = skipEmpty(block->last().target);
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
      block->hasNops = true;
      changed = true;
    }
  }
  if (changed) removeEmptyBlocks();
}

// The numbering of constants stays: only a tail that nothing refers to goes. The first may be a docstring.
void FlowGraph::dropUnusedConstants(ConstantTable& constants) {
  if (!mayWasteConstants_) return;
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
