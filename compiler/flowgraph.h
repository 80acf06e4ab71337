// The control-flow graph between code generator and assembler: blocks of instructions whose jumps name blocks.
#pragma once

#include <cstdint>

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

// The instructions of one block: a stretch of the graph's memory, to which only the graph can add.
class InstructionList {
 public:
  Instruction* begin() const { return data_; }
  Instruction* end() const { return data_ + size_; }
  size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  Instruction& operator[](size_t index) const { return data_[index]; }
  Instruction& front() const { return data_[0]; }
  Instruction& back() const { return data_[size_ - 1]; }
  void shrink(size_t size) { size_ = static_cast<uint32_t>(size); }

 private:
  friend class FlowGraph;
  Instruction* data_ = nullptr;
  uint32_t size_ = 0;
};

// Straight-line code: a jump or an exit can only be its last instruction. Control enters at the top.
struct Block {
  InstructionList instructions;
  Block* next = nullptr;   // in the order of the code
  Block* older = nullptr;  // the one made before it
  int32_t predecessors = 0;
  int32_t startDepth = -1;
  uint32_t offset = 0;
  uint32_t units = 0;  // its length, in the assembler
  bool visited = false;
  bool exits = false;              // ends in return or raise
  bool neverFallsThrough = false;  // control does not reach `next`
  bool keepsFailingIndex = false;  // as a handler: the index of the failing instruction lies below the error
  bool hasSetups = false;          // may hold block set-ups or POP_BLOCK
  bool hasNops = false;            // may hold NOPs
  bool isUnlocated = false;        // may hold instructions that are on no line

  bool empty() const { return instructions.empty(); }
  Instruction& last() const { return instructions.back(); }
};

// What flow graphs are made of, handed from scope to scope of one compilation.
class FlowGraphMemory {
 public:
  explicit FlowGraphMemory(Arena& arena) : arena_(arena) {}
  FlowGraphMemory(const FlowGraphMemory&) = delete;
  FlowGraphMemory& operator=(const FlowGraphMemory&) = delete;

  struct Chunk {
    Chunk* next;
    uint32_t sizeClass;
    Instruction* instructions() { return reinterpret_cast<Instruction*>(this + 1); }
    size_t capacity() const { return kSmallest << sizeClass; }
  };
  static_assert(sizeof(Chunk) % alignof(Instruction) == 0);

  // For at least so many instructions.
  Chunk* takeChunk(size_t instructions);
  void giveBack(Chunk* chunk) {
    chunk->next = freeChunks_[chunk->sizeClass];
    freeChunks_[chunk->sizeClass] = chunk;
  }
  Block* takeBlock() {
    Block* block = freeBlocks_;
    if (block == nullptr) return arena_.make<Block>();
    freeBlocks_ = block->older;
    *block = Block();
    return block;
  }
  // `youngest` and all that are older.
  void giveBackBlocks(Block* youngest, Block* oldest) {
    oldest->older = freeBlocks_;
    freeBlocks_ = youngest;
  }

 private:
  static constexpr size_t kSmallest = 64;
  static constexpr size_t kSizeClasses = 26;

  Arena& arena_;
  Chunk* freeChunks_[kSizeClasses] = {};
  Block* freeBlocks_ = nullptr;
};

// co_consts under construction: equal constants (by type and value) share an index.
class ConstantTable {
 public:
  explicit ConstantTable(Arena& arena) : arena_(arena), constants_(arena), hashes_(arena) {}

  int32_t add(const Constant& constant);
  const Constant& operator[](size_t index) const { return constants_[index]; }
  size_t size() const { return constants_.size(); }
  void shrink(size_t size) { constants_.shrink(size); }
  ArenaSpan<const Constant> all() const { return constants_.all(); }

 private:
  // So few are found by looking at each.
  static constexpr size_t kFew = 8;
  void grow();

  Arena& arena_;
  ArenaVector<Constant> constants_;
  ArenaVector<uint64_t> hashes_;  // of each constant
  ArenaSpan<uint32_t> slots_;     // open addressing: 1 + the position of a constant, or 0; empty while they are few
};

class FlowGraph {
 public:
  explicit FlowGraph(FlowGraphMemory& memory) : memory_(memory), entry_(newBlock()), current_(entry_) {}
  ~FlowGraph();
  FlowGraph(const FlowGraph&) = delete;
  FlowGraph& operator=(const FlowGraph&) = delete;

  // ---- construction
  Block* newBlock() {
    Block* block = memory_.takeBlock();
    block->older = youngest_;
    youngest_ = block;
    return block;
  }
  // Continues in `block`, which the current block falls through to.
  void useNext(Block* block) {
    current_->next = block;
    current_ = block;
    block->instructions.data_ = cursor_;
  }
  // After a jump or an exit a new block begins by itself.
  void emit(Op op, int32_t oparg, const Location& location, Block* target = nullptr) {
    if (closed_ == current_) useNext(newBlock());
    if (cursor_ == limit_) growCurrent();
    *cursor_++ = {op, oparg, target, nullptr, location};
    current_->instructions.size_++;
    if (OpFacts facts = kOpFacts[static_cast<size_t>(op)]; facts.jumps || facts.exits) {
      closed_ = current_;
    } else if (facts.marksBlock) {
      current_->hasSetups = true;
    } else if (op == Op::NOP) {
      current_->hasNops = true;
    }
    current_->isUnlocated |= location.line < 0;
  }
  bool currentReturns() const { return !current_->empty() && current_->last().op == Op::RETURN_VALUE; }
  // Puts `count` instructions before those of the block.
  void prepend(Block* block, const Instruction* from, size_t count);

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
  bool hasHandlers() const { return hasHandlers_; }

 private:
  void optimizeBlock(Block* block, Arena& arena, ConstantTable& constants);
  bool optimizeConditionOnConstant(Block* block, size_t index, const ConstantTable& constants);
  bool threadJump(Instruction& jump, const Instruction& target, Op op);
  void inlineSmallExits();
  void countPredecessors();
  void removeEmptyBlocks();
  void removeRedundantJumps();
  void duplicateExitsWithoutLocation();
  void findHandlers();
  void propagateLocations();

  // Memory for a stretch of instructions of its own.
  Instruction* allocate(size_t count);
  void growCurrent();
  // A copy of what the other block holds.
  void append(Block* block, const Block& other);

  FlowGraphMemory& memory_;
  FlowGraphMemory::Chunk* chunks_ = nullptr;
  // Where the current block goes on, or the next one starts.
  Instruction* cursor_ = nullptr;
  Instruction* limit_ = nullptr;
  Block* youngest_ = nullptr;
  Block* entry_;
  Block* current_;
  const Block* closed_ = nullptr;  // the last block that ended in a jump or an exit
  bool hasHandlers_ = false;
  bool mayWasteConstants_ = false;  // optimisation took away instructions
};

// The first block from this one on that holds instructions, or null. Shortens the way for whoever asks next.
Block* skipEmpty(Block* block);
// Whether the block leaves the code object by instructions that belong to no line.
bool isExitWithoutLocation(const Block& block);
// Removes NOPs that carry no line of their own.
void removeRedundantNops(Block* block);
// Replaces runs of SWAP by shorter equivalents and by reordered stores. `index` is at a SWAP and moves to the run's
// end.
void optimizeSwaps(Block* block, size_t& index);
// BUILD_TUPLE of constants at `index` becomes one constant; false when it is not one of constants.
bool foldTuple(Block* block, size_t index, Arena& arena, ConstantTable& constants);

}  // namespace krait::codegen
