// Cells without references that their maker fills: text and the like is not cleared first only to be written over.
#pragma once
#include "vm/heap.h"

namespace krait {

struct Bytes;

// As Heap::allocateCell(), but only the first `clear` bytes are sure to be zero.
void* allocateLeafCell(Thread& thread, size_t bytes, size_t clear);

// As allocate<T>(), for kinds that the collector does not look into: T is zero, the `extraBytes` behind it may be
// anything. The maker writes them all before anyone sees the cell.
template <class T>
KRAIT_INLINE Fallible<T*> allocateLeaf(Thread& thread, Kind kind, const Shape* shape, size_t extraBytes) {
  T* cell = static_cast<T*>(allocateLeafCell(thread, sizeof(T) + extraBytes, sizeof(T)));
  if (cell == nullptr) [[unlikely]]
    return raiseMemoryError(thread);
  cell->setShape(shape);
  cell->kind = kind;
  return cell;
}

// A bytes object, followed by its zero byte. Nobody else may see it before all of it is written.
Fallible<Bytes*> makeBytesToFill(Thread& thread, uint64_t length);

}  // namespace krait
