// The collector's own tables: what grows while no exception can be raised and no cell may be allocated.
#pragma once
#include <cstddef>
#include <cstdlib>
#include <type_traits>

namespace krait {

// A growable array of plain words outside the heap; reports exhaustion instead of throwing.
template <class T>
struct WordVector {
  static_assert(std::is_trivially_copyable_v<T>);
  T* items = nullptr;
  size_t size = 0, capacity = 0;
  bool push(T item) {
    if (size == capacity) {
      size_t wanted = capacity == 0 ? 256 : capacity * 2;
      void* grown = std::realloc(items, wanted * sizeof(T));
      if (grown == nullptr) return false;
      items = static_cast<T*>(grown);
      capacity = wanted;
    }
    items[size++] = item;
    return true;
  }
};

}  // namespace krait
