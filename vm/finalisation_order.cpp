// Strongly connected components of what dying objects reach, without recursion.
#include "vm/finalisation_order.h"

#include <algorithm>

#include "vm/builtins/type.h"
#include "vm/trace.h"

namespace krait {
namespace {

// Through these everything refers to everything, which would make one cycle of the program.
bool saysNothingOfUse(const Cell* cell) {
  switch (cell->kind) {
    case Kind::kType:
    case Kind::kFunction:
    case Kind::kModule:
    case Kind::kCode:
    case Kind::kBuiltin:
    case Kind::kShape: return true;
    default: return false;
  }
}

}  // namespace

FinalisationOrder::~FinalisationOrder() {
  numbers_.release();
  std::free(nodes_.items);
  std::free(steps_.items);
  std::free(edges_.items);
  std::free(path_.items);
  std::free(members_.items);
  std::free(arranged_.items);
}

FinalisationOrder::Node* FinalisationOrder::find(const Cell* cell) const {
  const char* number = numbers_.find(cell);
  return number == nullptr ? nullptr : &nodes_.items[reinterpret_cast<uintptr_t>(number) - 1];
}

uint32_t FinalisationOrder::positionOf(const Cell* cell) const {
  return static_cast<uint32_t>(reinterpret_cast<uintptr_t>(positions_->find(cell)));
}

void FinalisationOrder::addEdge(Cell* to, void* order) {
  auto* self = static_cast<FinalisationOrder*>(order);
  if (isAtom(to)) return;  // not worth a node
  if (self->atExit_ ? saysNothingOfUse(to) : heap.isMarked(to)) return;
  if (!self->edges_.push(to)) self->isComplete_ = false;
}

// A cell that is met for the first time.
bool FinalisationOrder::enter(Cell* cell) {
  uint32_t number = static_cast<uint32_t>(nodes_.size);
  constexpr uint32_t kMostCells = uint32_t{1} << 21;  // a pause of a second, 100 MB of nodes: order is not worth more
  if (number == kMostCells) return false;
  if (!nodes_.push({cell, number, positionOf(cell), true, false}) || !path_.push(number)) return false;
  if (!numbers_.set(cell, reinterpret_cast<char*>(uintptr_t{number} + 1))) return false;
  if (!steps_.push({number, edges_.size})) return false;
  Marker::visitReferences(cell, addEdge, this);
  return isComplete_;
}

// All nodes of the component that `node` is the first of leave the path; those that are dying are next in line.
bool FinalisationOrder::close(uint32_t node) {
  bool isCyclic = path_.items[path_.size - 1] != node || nodes_.items[node].isCyclic;
  members_.size = 0;
  uint32_t number;
  do {
    number = path_.items[--path_.size];
    Node& member = nodes_.items[number];
    member.isOnPath = false;
    member.isCyclic = isCyclic;
    if (member.order != 0 && !members_.push(number)) return false;
  } while (number != node);
  // Components close from the inside out, and the whole is turned round in the end.
  std::sort(members_.items, members_.items + members_.size,
            [this](uint32_t a, uint32_t b) { return nodes_.items[a].order > nodes_.items[b].order; });
  for (size_t i = 0; i < members_.size; i++)
    if (!arranged_.push(nodes_.items[members_.items[i]].cell)) return false;
  return true;
}

bool FinalisationOrder::walk(Cell* root) {
  if (!enter(root)) return false;
  while (steps_.size > 0) {
    Step step = steps_.items[steps_.size - 1];
    if (edges_.size > step.firstEdge) {
      Cell* to = edges_.items[--edges_.size];
      Node* known = find(to);
      if (known == nullptr) {
        if (!enter(to)) return false;
      } else if (known->isOnPath) {
        Node& from = nodes_.items[step.node];
        uint32_t number = static_cast<uint32_t>(known - nodes_.items);
        from.low = std::min(from.low, number);
        if (number == step.node) from.isCyclic = true;
      }
      continue;
    }
    steps_.size--;
    uint32_t low = nodes_.items[step.node].low;
    if (low == step.node && !close(step.node)) return false;
    if (steps_.size > 0) {
      Node& parent = nodes_.items[steps_.items[steps_.size - 1].node];
      parent.low = std::min(parent.low, low);
    }
  }
  return true;
}

// What a cycle keeps alive dies with it.
bool FinalisationOrder::spreadCycles() {
  path_.size = 0;
  for (size_t i = 0; i < nodes_.size; i++)
    if (nodes_.items[i].isCyclic && !path_.push(static_cast<uint32_t>(i))) return false;
  while (path_.size > 0) {
    edges_.size = 0;
    Marker::visitReferences(nodes_.items[path_.items[--path_.size]].cell, addEdge, this);
    for (size_t i = 0; i < edges_.size; i++) {
      Node* node = find(edges_.items[i]);
      if (node == nullptr || node->isCyclic) continue;
      node->isCyclic = true;
      if (!path_.push(static_cast<uint32_t>(node - nodes_.items))) return false;
    }
  }
  return isComplete_;
}

// Whether a cell reaches nothing that dies but strings, numbers and the arrays that are part of itself.
namespace {
struct Reach {
  bool isAlone = true;
  int depth = 0;
};
void lookAt(Cell* to, void* context) {
  auto* reach = static_cast<Reach*>(context);
  if (!reach->isAlone || isAtom(to) || heap.isMarked(to)) return;
  constexpr int kDeepest = 3;  // dictionary, its table
  switch (to->kind) {
    case Kind::kDict:
      if (typeOf(Value::of(to)) != types.dict) break;  // may have a __del__ itself
      [[fallthrough]];
    case Kind::kValueArray:
    case Kind::kDictKeys:
      if (reach->depth == kDeepest) break;
      reach->depth++;
      Marker::visitReferences(to, lookAt, context);
      reach->depth--;
      return;
    default: break;
  }
  reach->isAlone = false;
}
// Each once, with all that it reaches.
void markEach(Marker& marker, WordVector<Cell*>& dying) {
  size_t count = 0;
  for (size_t i = 0; i < dying.size; i++) {
    if (heap.isMarked(dying.items[i])) continue;  // registered twice
    dying.items[count++] = dying.items[i];
    marker.mark(dying.items[i]);
  }
  dying.size = count;
  marker.drain();
}
bool allAreAlone(const WordVector<Cell*>& dying) {
  Reach reach;
  for (size_t i = 0; i < dying.size && reach.isAlone; i++) Marker::visitReferences(dying.items[i], lookAt, &reach);
  return reach.isAlone;
}
}  // namespace

bool FinalisationOrder::arrange(Marker& marker, WordVector<Cell*>& dying, bool atExit) {
  atExit_ = atExit;
  if (!atExit && allAreAlone(dying)) {  // mostly: they are in order already
    markEach(marker, dying);
    return true;
  }
  CellTable<char> positions;
  positions_ = &positions;
  bool isWhole = true;
  size_t count = 0;
  for (size_t i = 0; i < dying.size && isWhole; i++) {
    if (positions.find(dying.items[i]) != nullptr) continue;  // registered twice
    dying.items[count++] = dying.items[i];
    isWhole = positions.set(dying.items[count - 1], reinterpret_cast<char*>(count));
  }
  dying.size = isWhole ? count : dying.size;
  // From the last to the first, because all is turned round in the end.
  for (size_t i = dying.size; i-- > 0 && isWhole;)
    if (find(dying.items[i]) == nullptr) isWhole = walk(dying.items[i]);
  positions.release();
  if (isWhole) {
    for (size_t i = 0; i < dying.size; i++) dying.items[i] = arranged_.items[dying.size - 1 - i];
    isWhole = atExit || spreadCycles();
  }
  if (!atExit) markEach(marker, dying);
  isComplete_ = isWhole;
  return isWhole;
}

bool FinalisationOrder::isInCycle(const Cell* cell) const {
  const Node* node = isComplete_ ? find(cell) : nullptr;
  return node != nullptr && node->isCyclic;
}

}  // namespace krait
