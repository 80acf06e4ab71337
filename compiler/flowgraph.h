// The control-flow graph between code generator and assembler: blocks of instructions whose jumps name blocks.
#pragma once

#include <boost/container/small_vector.hpp>
#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <deque>
#include <vector>

#include "compiler/arena.h"
#include "compiler/ast.h"
#include "compiler/constant.h"
#include "compiler/opcode_facts.h"

namespace krait::codegen {

using ast::Location;

// The position of instructions that no source text stands for.
inline constexpr Location kNoLocation{-1, -1, -1, -1};

struct Block;

struct Instruction {
  Op op = Op::NOP;
  int32_t oparg = 0;
  Block* target = nullptr;   // of jumps and block set-ups
  Block* handler = nullptr;  // where an error goes; filled in by labelHandlers
  Location location = kNoLocation;
};

// Most blocks are short: their instructions lie in the block.
using InstructionList = boost::container::small_vector<Instruction, 6>;

// Straight-line code: a jump or an exit can only be its last instruction. Control enters at the top.
struct Block {
  InstructionList instructions;
  Block* next = nullptr;  // in the order of the code
  int32_t predecessors = 0;
  int32_t startDepth = -1;
  uint32_t offset = 0;
  bool visited = false;
  bool exits = false;              // ends in return or raise
  bool neverFallsThrough = false;  // control does not reach `next`
  bool keepsFailingIndex = false;  // as a handler: the index of the failing instruction lies below the error

  bool empty() const { return instructions.empty(); }
  Instruction& last() { return instructions.back(); }
};

// co_consts under construction: equal constants (by type and value) share an index.
class ConstantTable {
 public:
  int32_t add(const Constant& constant);
  const Constant& operator[](size_t index) const { return constants_[index]; }
  size_t size() const { return constants_.size(); }
  void shrink(size_t size) { constants_.resize(size); }
  const std::vector<Constant>& all() const { return constants_; }

 private:
  std::vector<Constant> constants_;
  boost::unordered_flat_map<size_t, int32_t> index_;  // of the latest constant with that hash
  std::vector<int32_t> earlier_;                      // the one before it with the same hash, or -1
};

class FlowGraph {
 public:
  FlowGraph() : entry_(newBlock()), current_(entry_) {}
  FlowGraph(const FlowGraph&) = delete;
  FlowGraph& operator=(const FlowGraph&) = delete;

  // ---- construction
  Block* newBlock() { return &blocks_.emplace_back(); }
  // Continues in `block`, which the current block falls through to.
  void useNext(Block* block) {
    current_->next = block;
    current_ = block;
  }
  // After a jump or an exit a new block begins by itself.
  void emit(Op op, int32_t oparg, Location location, Block* target = nullptr);
  bool currentReturns() const { return !current_->empty() && current_->last().op == Op::RETURN_VALUE; }

  Block* entry() const { return entry_; }

  // ---- what becomes of it; in this order
  void normalize();
  void optimize(Arena& arena, ConstantTable& constants);
  void dropUnusedConstants(ConstantTable& constants);
  void settleLocations(int32_t firstLine);
  // The greatest depth of the evaluation stack, having set every block's startDepth.
  int32_t computeStackDepth(bool isGenerator);
  // Turns block set-ups into handlers of instructions, and themselves into nothing.
  void labelHandlers();
  // Gives each jump its direction. The blocks' order is final.
  void directJumps();

 private:
  void optimizeBlock(Block* block, Arena& arena, ConstantTable& constants);
  bool optimizeConditionOnConstant(Block* block, size_t index, const ConstantTable& constants);
  bool threadJump(Instruction& jump, const Instruction& target, Op op);
  void inlineSmallExits();
  void countPredecessors();
  void removeEmptyBlocks();
  void removeRedundantJumps();
  void duplicateExitsWithoutLocation();
  void propagateLocations();

  std::deque<Block> blocks_;
  Block* entry_;
  Block* current_;
};

// Whether the block leaves the code object by instructions that belong to no line.
bool isExitWithoutLocation(const Block& block);
// Removes NOPs that carry no line of their own.
void removeRedundantNops(Block* block);
// Replaces runs of SWAP by shorter equivalents and by reordered stores. `index` is at a SWAP and moves to the run's
// end.
void optimizeSwaps(Block* block, size_t& index);
// BUILD_TUPLE of constants at `index` becomes one constant.
void foldTuple(Block* block, size_t index, Arena& arena, ConstantTable& constants);

}  // namespace krait::codegen
