// The last passes over the control-flow graph: source positions, stack depth, exception handlers, jump directions.
#include <algorithm>
#include <deque>
#include <utility>
#include <vector>

#include "compiler/flowgraph.h"

namespace krait::codegen {

bool isExitWithoutLocation(const Block& block) {
  return block.exits && block.isUnlocated &&
         std::none_of(block.instructions.begin(), block.instructions.end(),
                      [](const Instruction& instruction) { return instruction.location.line >= 0; });
}

// An exit that belongs to no line, reached by jumps from several, is copied per jump, so that each return is on the
// line from which it is reached.
void FlowGraph::duplicateExitsWithoutLocation() {
  // Youngest blocks come first, so that the copies end up in the order in which CPython has them.
  for (Block* block = youngest_; block != nullptr; block = block->older) {
    if (block->empty() || !isJump(block->last().op)) continue;
    Block* target = block->last().target;
    if (!isExitWithoutLocation(*target) || target->predecessors <= 1) continue;
    Block* copy = newBlock();
    append(copy, *target);
    copy->exits = true;
    copy->neverFallsThrough = true;
    copy->instructions.front().location = block->last().location;
    copy->predecessors = 1;
    copy->next = target->next;
    target->next = copy;
    target->predecessors--;
    block->last().target = copy;
  }
  removeEmptyBlocks();
  for (Block* block = entry_; block != nullptr; block = block->next) {
    if (block->neverFallsThrough || block->next == nullptr || block->empty()) continue;
    if (isExitWithoutLocation(*block->next)) block->next->instructions.front().location = block->last().location;
  }
}

void FlowGraph::propagateLocations() {
  for (Block* block = entry_; block != nullptr; block = block->next) {
    if (block->empty()) continue;
    if (block->isUnlocated) {
      Location previous = kNoLocation;
      for (Instruction& instruction : block->instructions) {
        if (instruction.location.line < 0) {
          instruction.location = previous;
        } else {
          previous = instruction.location;
        }
      }
    }
    const Location& previous = block->last().location;
    auto passOn = [&previous](Block* to) {
      if (to->predecessors == 1 && !to->empty() && to->instructions.front().location.line < 0) {
        to->instructions.front().location = previous;
      }
    };
    if (!block->neverFallsThrough && block->next != nullptr) passOn(block->next);
    if (isJump(block->last().op)) passOn(block->last().target);
  }
}

void FlowGraph::settleLocations(int32_t firstLine) {
  duplicateExitsWithoutLocation();
  propagateLocations();
  int32_t line = firstLine;
  for (Block* block = entry_; block != nullptr; block = block->next) {
    if (block->empty()) continue;
    if (block->last().location.line >= 0) {
      line = block->last().location.line;
    } else if (block->last().op == Op::RETURN_VALUE) {
      for (Instruction& instruction : block->instructions) instruction.location.line = line;
    }
  }
}

int32_t FlowGraph::computeStackDepth(bool isGenerator) {
  int32_t deepest = 0;
  std::vector<Block*> pending;
  auto enter = [&pending](Block* block, int32_t depth) {
    if (block->startDepth >= depth) return;
    block->startDepth = depth;
    pending.push_back(block);
  };
  enter(entry_, isGenerator ? 1 : 0);
  while (!pending.empty()) {
    Block* block = pending.back();
    pending.pop_back();
    // A block that falls through is followed at once.
    for (bool fallsThrough = true; fallsThrough;) {
      int32_t depth = block->startDepth;
      for (const Instruction& instruction : block->instructions) {
        OpFacts facts = kOpFacts[static_cast<size_t>(instruction.op)];
        if (facts.effectIsFixed && !facts.jumps) {
          depth += facts.effect;
          deepest = std::max(deepest, depth);
          continue;
        }
        int32_t after = depth + stackEffect(instruction.op, instruction.oparg, false);
        deepest = std::max(deepest, after);
        if (facts.jumps || isBlockSetup(instruction.op)) {
          int32_t atTarget = depth + stackEffect(instruction.op, instruction.oparg, true);
          deepest = std::max(deepest, atTarget);
          enter(instruction.target, atTarget);
        }
        depth = after;
      }
      fallsThrough = block->empty() || !(isExit(block->last().op) || isUnconditionalJump(block->last().op));
      if (!fallsThrough || block->next == nullptr || block->next->startDepth >= depth) break;
      block = block->next;
      block->startDepth = depth;
    }
  }
  return deepest;
}

namespace {

// The handlers around an instruction, innermost first; blocks share what they have in common.
struct HandlerScope {
  Block* handler;
  const HandlerScope* outer;
};

}  // namespace

void FlowGraph::labelHandlers() {
  findHandlers();
  // Positions have been settled since the last time.
  for (Block* block = entry_; block != nullptr; block = block->next) removeRedundantNops(block);
}

void FlowGraph::findHandlers() {
  hasHandlers_ = false;
  for (Block* block = entry_; block != nullptr; block = block->next) {
    block->visited = false;
    hasHandlers_ |= block->hasSetups;
  }
  if (!hasHandlers_) return;
  // Which handlers surround a block's first instruction; all ways into a block agree on it, so any first one will do.
  std::deque<HandlerScope> scopes;
  std::vector<std::pair<Block*, const HandlerScope*>> pending;
  auto enter = [&pending](Block* block, const HandlerScope* handlers) {
    if (block->visited) return;
    block->visited = true;
    pending.emplace_back(block, handlers);
  };
  enter(entry_, nullptr);
  while (!pending.empty()) {
    auto [block, handlers] = pending.back();
    pending.pop_back();
    if (handlers != nullptr || block->hasSetups) {
      for (Instruction& instruction : block->instructions) {
        if (isBlockSetup(instruction.op)) {
          enter(instruction.target, handlers);
          if (instruction.op != Op::SETUP_FINALLY) instruction.target->keepsFailingIndex = true;
          handlers = &scopes.emplace_back(HandlerScope{instruction.target, handlers});
          instruction.op = Op::NOP;
          instruction.target = nullptr;
          block->hasNops = true;
        } else if (instruction.op == Op::POP_BLOCK) {
          handlers = handlers->outer;
          instruction.op = Op::NOP;
          block->hasNops = true;
        } else {
          instruction.handler = handlers == nullptr ? nullptr : handlers->handler;
        }
      }
    }
    bool fallsThrough = true;
    if (!block->empty()) {
      const Instruction& last = block->last();
      if (isJump(last.op)) enter(last.target, handlers);
      fallsThrough = !isUnconditionalJump(last.op) && !isExit(last.op);
    }
    if (fallsThrough && block->next != nullptr) enter(block->next, handlers);
  }
}

void FlowGraph::directJumps() {
  for (Block* block = entry_; block != nullptr; block = block->next) block->visited = false;
  for (Block* block = entry_; block != nullptr; block = block->next) {
    block->visited = true;
    if (block->empty()) continue;
    Instruction& last = block->last();
    if (!isJump(last.op)) continue;
    bool forward = !last.target->visited;
    switch (last.op) {
      case Op::JUMP: last.op = forward ? Op::JUMP_FORWARD : Op::JUMP_BACKWARD; break;
      case Op::JUMP_NO_INTERRUPT: last.op = forward ? Op::JUMP_FORWARD : Op::JUMP_BACKWARD_NO_INTERRUPT; break;
      case Op::POP_JUMP_IF_FALSE:
        last.op = forward ? Op::POP_JUMP_FORWARD_IF_FALSE : Op::POP_JUMP_BACKWARD_IF_FALSE;
        break;
      case Op::POP_JUMP_IF_TRUE:
        last.op = forward ? Op::POP_JUMP_FORWARD_IF_TRUE : Op::POP_JUMP_BACKWARD_IF_TRUE;
        break;
      case Op::POP_JUMP_IF_NONE:
        last.op = forward ? Op::POP_JUMP_FORWARD_IF_NONE : Op::POP_JUMP_BACKWARD_IF_NONE;
        break;
      case Op::POP_JUMP_IF_NOT_NONE:
        last.op = forward ? Op::POP_JUMP_FORWARD_IF_NOT_NONE : Op::POP_JUMP_BACKWARD_IF_NOT_NONE;
        break;
      default: break;
    }
  }
}

}  // namespace krait::codegen
