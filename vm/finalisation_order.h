// In which order dying objects are finalised: who refers before who is referred to, as reference counts would have it.
#pragma once
#include "vm/cell_table.h"
#include "vm/heap.h"
#include "vm/word_vector.h"

namespace krait {

// Orders a set of unreachable objects over all that they reach: strongly connected components after Tarjan (1972).
//   class Pool:   __del__ closes the connections     a pool is finalised before its connections, whatever the order
//   class Connection: __del__ logs                   in which they were made
// Within a cycle, and among objects that know nothing of each other, the order is that of `dying`.
class FinalisationOrder {
 public:
  ~FinalisationOrder();
  // Everything reached is marked. `atExit`: all is reachable, and order comes from instances alone: what functions,
  // classes and modules refer to says nothing about who uses whom, and nothing is marked. False when memory is short or
  // too much is reached; `dying` keeps its order then.
  bool arrange(Marker& marker, WordVector<Cell*>& dying, bool atExit);
  // Whether reference counts alone would not have found the cell: part of a dead cycle, or reachable from one.
  bool isInCycle(const Cell* cell) const;

 private:
  struct Node {
    Cell* cell;
    uint32_t low;    // the earliest node known to be reachable that is still on the path
    uint32_t order;  // position in `dying` + 1; 0: merely reached
    bool isOnPath, isCyclic;
  };
  struct Step {
    uint32_t node;
    size_t firstEdge;  // edges from here on are its own
  };
  static void addEdge(Cell* to, void* order);
  bool enter(Cell* cell);
  bool walk(Cell* root);
  bool close(uint32_t node);
  bool spreadCycles();
  Node* find(const Cell* cell) const;
  uint32_t positionOf(const Cell* cell) const;

  CellTable<char> numbers_;                     // cell -> its node's number + 1, as a pointer
  const CellTable<char>* positions_ = nullptr;  // cell -> its position in `dying` + 1
  WordVector<Node> nodes_;
  WordVector<Step> steps_;
  WordVector<Cell*> edges_;
  WordVector<uint32_t> path_, members_;
  WordVector<Cell*> arranged_;
  bool atExit_ = false, isComplete_ = true;
};

}  // namespace krait
