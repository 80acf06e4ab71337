// Reference counts of the dead among themselves: who has none falls away and takes its references along; what is left
// is in cycles, or was kept by one.
#include "vm/garbage_count.h"

#include <sys/mman.h>

#include <algorithm>

#include "vm/builtins/dict.h"
#include "vm/builtins/frame.h"
#include "vm/builtins/tuple.h"
#include "vm/word_vector.h"

namespace krait {
namespace {

class DeadCells {
 public:
  ~DeadCells() {
    if (counts_ != nullptr) munmap(counts_, bytes_);
    std::free(cells_.items);
    std::free(free_.items);
  }
  bool gather() {
    heap.forEachCell(
        [](Cell* cell, void* self) {
          auto* dead = static_cast<DeadCells*>(self);
          if (!heap.isMarked(cell) && !dead->cells_.push(cell)) dead->isComplete_ = false;
        },
        this);
    if (!isComplete_ || cells_.size == 0) return false;
    auto [first, last] = std::minmax_element(cells_.items, cells_.items + cells_.size);
    first_ = *first;
    // One count for every 16 bytes of the heap in between; only pages with dead cells are ever touched.
    bytes_ = ((reinterpret_cast<uintptr_t>(*last) - reinterpret_cast<uintptr_t>(first_)) / 16 + 1) * sizeof(uint32_t);
    void* memory = mmap(nullptr, bytes_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) return false;
    counts_ = static_cast<uint32_t*>(memory);
    return true;
  }
  uint64_t countCyclic(Marker& marker, RootVector* saved) {
    for (size_t i = 0; i < cells_.size; i++) Marker::visitReferences(cells_.items[i], addReference, this);
    for (size_t i = 0; i < cells_.size; i++)
      if (countOf(cells_.items[i]) == 0 && !free_.push(cells_.items[i])) return 0;
    while (free_.size > 0 && isComplete_) Marker::visitReferences(free_.items[--free_.size], dropReference, this);
    if (!isComplete_) return 0;
    uint64_t cyclic = 0;
    for (size_t i = 0; i < cells_.size; i++) {
      if (countOf(cells_.items[i]) == 0 || !isTracked(Value::of(cells_.items[i]))) continue;
      cyclic++;
      if (saved != nullptr && saved->push(Value::of(cells_.items[i]))) marker.mark(cells_.items[i]);
    }
    marker.drain();
    return cyclic;
  }

 private:
  uint32_t& countOf(const Cell* cell) {
    return counts_[(reinterpret_cast<uintptr_t>(cell) - reinterpret_cast<uintptr_t>(first_)) / 16];
  }
  static bool isDead(const Cell* cell) {
    return cell->kind != Kind::kShape && !heap.isMarked(cell) && cell->kind != Kind::kFree;
  }
  static void addReference(Cell* to, void* self) {
    if (isDead(to)) static_cast<DeadCells*>(self)->countOf(to)++;
  }
  static void dropReference(Cell* to, void* self) {
    auto* dead = static_cast<DeadCells*>(self);
    if (isDead(to) && --dead->countOf(to) == 0 && !dead->free_.push(to)) dead->isComplete_ = false;
  }
  WordVector<Cell*> cells_, free_;
  Cell* first_ = nullptr;
  uint32_t* counts_ = nullptr;
  size_t bytes_ = 0;
  bool isComplete_ = true;
};

}  // namespace

bool isContainer(const Cell* cell) {
  switch (cell->kind) {
    case Kind::kFree:
    case Kind::kValueArray:
    case Kind::kByteArray:
    case Kind::kStrBuffer:
    case Kind::kDictKeys:
    case Kind::kSetTable:
    case Kind::kShape:
    case Kind::kInt:
    case Kind::kFloat:
    case Kind::kComplex:
    case Kind::kStr:
    case Kind::kBytes:
    case Kind::kByteBuffer:
    case Kind::kRange:
    case Kind::kCode: return false;
    default: return cell->shape_ != 0;
  }
}

// Dicts and tuples that hold nothing that could be in a cycle are let go by CPython's collector.
static bool isTracked(Value v, int depth);
static bool holdsTracked(std::span<const Value> items, int depth) {
  for (Value item : items) {
    if (!item.isCell() || !isContainer(item.asCell())) continue;
    bool isExactTuple = isKind(item, Kind::kTuple) && typeOf(item) == types.tuple;
    if (!isExactTuple || isTracked(item, depth + 1)) return true;
  }
  return false;
}
static bool isTracked(Value v, int depth) {
  constexpr int kMostDepth = 100;  // one level a collection in CPython
  if (!v.isCell() || !isContainer(v.asCell())) return false;
  if (depth > kMostDepth) return true;
  const Type* type = typeOf(v);
  switch (v.asCell()->kind) {
    case Kind::kType: return v.as<Type>()->typeFlags & Type::kHeapType;
    case Kind::kTuple: return holdsTracked(v.as<Tuple>()->values(), depth);
    case Kind::kDict: {
      if (type != types.dict) return true;
      uint64_t position = 0;
      Value pair[2];
      while (dictNext(v.as<Dict>(), position, pair[0], pair[1]))
        if (holdsTracked(pair, depth)) return true;
      return false;
    }
    case Kind::kInstance:
      if (type->typeFlags & Type::kHeapType) return true;
      return type->payloadKind == Kind::kTuple && holdsTracked(toTuple(v)->values(), depth);
    case Kind::kFrame: return v.as<FrameObject>()->live == nullptr;
    case Kind::kIterator: return type != types.rangeIterator && type != types.longRangeIterator;
    default: return true;
  }
}
bool isTracked(Value v) { return isTracked(v, 0); }

uint64_t countCyclicGarbage(Marker& marker, RootVector* saved) {
  DeadCells dead;
  return dead.gather() ? dead.countCyclic(marker, saved) : 0;
}

}  // namespace krait
