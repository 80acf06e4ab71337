// Rewrites within one block of the control-flow graph: superfluous NOPs, SWAP runs, tuples of constants.
#include <algorithm>
#include <vector>

#include "compiler/flowgraph.h"

namespace krait::codegen {

void removeRedundantNops(Block* block) {
  if (!block->hasNops) return;
  block->hasNops = false;
  InstructionList& code = block->instructions;
  size_t kept = 0;
  while (kept < code.size() && code[kept].op != Op::NOP) kept++;
  int32_t previousLine = kept > 0 ? code[kept - 1].location.line : -1;
  for (size_t i = kept; i < code.size(); i++) {
    int32_t line = code[i].location.line;
    if (code[i].op == Op::NOP) {
      if (line < 0 || previousLine == line) continue;
      if (i + 1 < code.size()) {
        int32_t nextLine = code[i + 1].location.line;
        if (nextLine == line) continue;
        if (nextLine < 0) {
          code[i + 1].location = code[i].location;
          continue;
        }
      } else {
        Block* next = block->next;
        while (next != nullptr && next->empty()) next = next->next;
        if (next != nullptr && next->instructions.front().location.line == line) continue;
      }
    }
    block->hasNops |= code[i].op == Op::NOP;
    if (kept != i) code[kept] = code[i];
    kept++;
    previousLine = line;
  }
  code.shrink(kept);
}

namespace {

constexpr bool isSwappable(Op op) { return op == Op::STORE_FAST || op == Op::POP_TOP; }

// The next store after `index`, over NOPs only and, unless `line` is negative, on that line; or npos.
constexpr size_t kNone = static_cast<size_t>(-1);
size_t nextSwappable(const InstructionList& code, size_t index, int32_t line) {
  while (++index < code.size()) {
    if (line >= 0 && code[index].location.line != line) return kNone;
    if (code[index].op == Op::NOP) continue;
    return isSwappable(code[index].op) ? index : kNone;
  }
  return kNone;
}

// A SWAP in front of as many stores as it reaches is spared by exchanging the stores. Walks back from `index`, because
// a spared SWAP may uncover the one before it.
void applyStaticSwaps(const InstructionList& code, size_t index) {
  for (size_t i = index + 1; i-- > 0;) {
    if (code[i].op != Op::SWAP) {
      if (code[i].op == Op::NOP || isSwappable(code[i].op)) continue;
      return;
    }
    size_t first = nextSwappable(code, i, -1);
    if (first == kNone) return;
    size_t second = first;
    int32_t line = code[first].location.line;
    for (int32_t count = code[i].oparg - 1; count > 0; count--) {
      second = nextSwappable(code, second, line);
      if (second == kNone) return;
    }
    code[i].op = Op::NOP;
    std::swap(code[first], code[second]);
  }
}

// Replaces the run of SWAPs that starts at `index` by a shortest one: each cycle of the permutation they compose costs
// its length in swaps with the top of the stack, one more unless it contains the top. `index` moves to the run's end.
void shortenSwaps(const InstructionList& code, size_t& index) {
  size_t length = 0;
  int32_t depth = code[index].oparg;
  bool several = false;
  while (index + ++length < code.size()) {
    const Instruction& instruction = code[index + length];
    if (instruction.op == Op::SWAP) {
      depth = std::max(depth, instruction.oparg);
      several = true;
    } else if (instruction.op != Op::NOP) {
      break;
    }
  }
  if (!several) return;
  std::vector<int32_t> stack(static_cast<size_t>(depth));
  for (size_t i = 0; i < stack.size(); i++) stack[i] = static_cast<int32_t>(i);
  for (size_t i = 0; i < length; i++) {
    if (code[index + i].op == Op::SWAP) std::swap(stack[0], stack[static_cast<size_t>(code[index + i].oparg - 1)]);
  }
  constexpr int32_t kVisited = -1;
  size_t unused = length;  // the run is filled from its end
  for (int32_t i = 0; i < depth; i++) {
    if (stack[static_cast<size_t>(i)] == kVisited || stack[static_cast<size_t>(i)] == i) continue;
    int32_t j = i;
    while (true) {
      if (j != 0) {
        Instruction& instruction = code[index + --unused];
        instruction.op = Op::SWAP;
        instruction.oparg = j + 1;
      }
      if (stack[static_cast<size_t>(j)] == kVisited) break;
      int32_t next = stack[static_cast<size_t>(j)];
      stack[static_cast<size_t>(j)] = kVisited;
      j = next;
    }
  }
  while (unused > 0) code[index + --unused].op = Op::NOP;
  index += length - 1;
}

}  // namespace

void optimizeSwaps(Block* block, size_t& index) {
  shortenSwaps(block->instructions, index);
  applyStaticSwaps(block->instructions, index);
}

bool foldTuple(Block* block, size_t index, Arena& arena, ConstantTable& constants) {
  const InstructionList& code = block->instructions;
  size_t count = static_cast<size_t>(code[index].oparg);
  if (index < count) return false;
  for (size_t i = index - count; i < index; i++) {
    if (code[i].op != Op::LOAD_CONST) return false;
  }
  std::vector<Constant> items;
  items.reserve(count);
  for (size_t i = index - count; i < index; i++) {
    items.push_back(constants[static_cast<size_t>(code[i].oparg)]);
    code[i].op = Op::NOP;
  }
  ArenaSpan<Constant> copy = arena.copyOf(items);
  code[index].op = Op::LOAD_CONST;
  code[index].oparg = constants.add(Constant::tuple({copy.data(), copy.size()}));
  return true;
}

}  // namespace krait::codegen
