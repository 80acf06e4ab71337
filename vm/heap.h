// The heap: where cells live, how they are allocated, marked and swept, and the contract that makes that safe.
//
// Contract (enforced by types and by tests/lint):
//  - A Value or cell pointer lives only in a heap cell (as a Field), on the VM stack, in native locals and registers
//    (scanned conservatively, interior pointers included), or in a RootVector / Root. Never in a std or boost
//    container.
//  - allocate() needs Thread&: only a function that takes Thread& can reach a collection.
//  - Cells never move. A fresh cell is all zero (every Value in it is the int 0, every pointer null), so it may be
//    traced at any moment.
//  - The memory a fresh cell's size asks for is checked first; failure is MemoryError, never an abort.
//
// Structure: a reserved region cut into 64 KiB blocks. A block holds cells of one size class; larger cells take a run
// of blocks. Each block has a `live` and a `mark` bitmap (one bit per 16 bytes). Allocation bumps through a run of free
// cells that was zeroed when it was taken; collecting marks from the roots, and live := mark block by block is the
// whole sweep. Shapes have blocks of their own in a region below 4 GiB (cell.h).
#pragma once
#include <cstdint>
#include <type_traits>

#include "vm/cell.h"

namespace krait {

// Raw storage of Values, traced up to `length`.
struct ValueArray : Cell {
  uint64_t length;  // slots that are traced
  Value slots[];
};
// Raw storage without Values.
struct ByteArray : Cell {
  uint64_t capacity;  // bytes
  uint8_t bytes[];
};

class Marker;
// A cell that brings its own functions: for native modules' objects. Subclass it; `traits` is static. It begins as an
// Object does, so that classes derived from its type may carry attributes.
struct NativeTraits {
  const char* name;
  void (*trace)(Cell*, Marker&);  // may be null: holds no references
  void (*finalise)(Cell*);        // runs once when the cell dies or at exit; must not touch other cells; may be null
};
struct NativeObject : Cell {
  Field<Cell*> overflow;  // see object.h; traced for it
  const NativeTraits* traits;
};

// Calls back for every reference of a traced cell.
class Marker {
 public:
  void mark(Value v);
  void mark(const Cell* cell);  // may be null
  void markRange(const Value* first, uint64_t count);
  template <class T>
  void mark(const Field<T>& field) {
    mark(field.get());
  }
  void markConservatively(const void* first, const void* last);  // [first, last), 8-byte aligned words
  // Keeps the cell, not what it refers to. False when it was marked already.
  bool markAlone(const Cell* cell);
  void drain();            // traces everything that has been marked
  uint32_t lastShape = 0;  // the shape marked last, for traceCell

  // Shows each reference of `cell` to `visit` and marks nothing: a reference that occurs twice is shown twice.
  using Visit = void (*)(Cell* reference, void* context);
  static void visitReferences(Cell* cell, Visit visit, void* context);

 private:
  Visit visit_ = nullptr;
  void* context_ = nullptr;
};

// A set of Values outside the heap that the collector sees. Movable, not copyable.
class RootVector {
 public:
  RootVector();
  ~RootVector();
  RootVector(const RootVector&) = delete;
  RootVector& operator=(const RootVector&) = delete;
  // False when memory is exhausted; nothing was changed then (the caller raises MemoryError).
  [[nodiscard]] bool push(Value v);
  Value pop() { return items_[--size_]; }
  Value& operator[](size_t i) { return items_[i]; }
  Value operator[](size_t i) const { return items_[i]; }
  Value& back() { return items_[size_ - 1]; }
  size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  void clear() { size_ = 0; }
  void truncate(size_t n) { size_ = n; }
  Value* begin() { return items_; }
  Value* end() { return items_ + size_; }

 private:
  friend struct RootVectorAccess;
  Value* items_ = nullptr;
  size_t size_ = 0, capacity_ = 0;
  RootVector* next_;
  RootVector* previous_;
};

struct CollectorStatistics {
  uint64_t collections, allocatedBytes, allocatedCells, liveBytes, markNanoseconds, longestNanoseconds, reservedBytes;
};

class Heap {
 public:
  // Reserves the regions (less under RLIMIT_AS). False with errno when not even the minimum can be had.
  bool initialise();
  // `bytes` >= sizeof(Cell). Null when memory is exhausted (no exception is set); may collect. See allocate<T>().
  KRAIT_INLINE void* allocateCell(Thread& thread, size_t bytes) {
    if (bytes <= kSmallLimit) [[likely]] {
      FreeRun& run = runs_[(bytes + 15) >> 4];
      uintptr_t cell = run.next;
      uintptr_t next = cell + run.cellSize;
      if (next <= run.end) [[likely]] {
        run.next = next;
        return reinterpret_cast<void*>(cell);
      }
    }
    return allocateSlow(thread, bytes);
  }
  void* allocateShapeCell(Thread& thread, size_t bytes);
  // Full collection now. Safe wherever Thread& is in hand.
  void collect(Thread& thread);
  // Whether a collection is between marking and its end: what is not marked then is about to be reused.
  bool isCollecting() const;
  // Memory held outside the heap by a cell (file buffers, prepared code): counts towards the next collection.
  void accountExternal(int64_t bytes);
  // Asks for finalise() of `cell` when it dies (NativeObject, File, Code).
  bool registerFinaliser(Thread& thread, Cell* cell);
  void runAllFinalisers();  // at exit
  // Collect at every allocation (n = 1) or at a seeded one in n; 0 = never on purpose. Freed cells are poisoned then.
  void setStress(uint32_t n, uint64_t seed);
  const CollectorStatistics& statistics();
  bool isEnabled() const { return enabled_; }
  void setEnabled(bool on) { enabled_ = on; }
  // The start of the live cell that contains this address, or null.
  Cell* cellContaining(const void* address) const;
  // Between marking and sweeping (Hooks::forgetDeadCaches): whether the cell is reachable.
  bool isMarked(const Cell* cell) const;
  // Calls visit(cell) for every live cell (gc.get_objects, heap censuses, tests). Must not allocate.
  void forEachCell(void (*visit)(Cell*, void*), void* context);

  static constexpr size_t kSmallLimit = 512;  // bytes: one size class per 16 bytes up to here
  static constexpr size_t kBlockBytes = 64 * 1024;
  static constexpr uint64_t kMaxCellBytes = uint64_t{1} << 40;

 private:
  friend class Marker;
  struct FreeRun {
    uintptr_t next, end;  // addresses; 0 and 0 when there is no run
    size_t cellSize;      // rounded bytes
  };
  void* allocateSlow(Thread& thread, size_t bytes);
  FreeRun runs_[kSmallLimit / 16 + 1];
  bool enabled_ = true;
  struct Implementation;
  Implementation* implementation_ = nullptr;
};

inline Heap heap;

// Raises MemoryError on the thread (from a preallocated instance).
KRAIT_COLD Raised raiseMemoryError(Thread& thread);

// A zeroed cell of struct T (plus `extraBytes` behind it), with kind and shape set. Raises MemoryError.
template <class T>
KRAIT_INLINE Fallible<T*> allocate(Thread& thread, Kind kind, const Shape* shape, size_t extraBytes = 0) {
  T* cell = static_cast<T*>(heap.allocateCell(thread, sizeof(T) + extraBytes));
  if (cell == nullptr) [[unlikely]]
    return raiseMemoryError(thread);
  cell->setShape(shape);
  cell->kind = kind;
  return cell;
}
// `length` slots, zeroed (each the int 0); the caller fills them. Raises MemoryError, also when too large.
Fallible<ValueArray*> allocateArray(Thread& thread, uint64_t length);
Fallible<ByteArray*> allocateBytes(Thread& thread, uint64_t capacity);

}  // namespace krait
