// From cells to pointers, outside the heap: the collector's side tables, so that no cell pays for what few need.
#pragma once
#include <cstdlib>

#include "vm/cell.h"

namespace krait {

// Open addressing with linear probing. Values are not null.
template <class T>
class CellTable {
 public:
  T* find(const Cell* key) const {
    if (count_ == 0) return nullptr;
    return place(key)->value;
  }
  [[nodiscard]] bool set(const Cell* key, T* value) {
    if ((count_ + 1) * 2 > capacity() && !grow()) return false;
    Entry* entry = place(key);
    if (entry->key == nullptr) count_++;
    *entry = {key, value};
    return true;
  }
  void erase(const Cell* key) {
    if (count_ == 0) return;
    Entry* entry = place(key);
    if (entry->key != nullptr) eraseAt(static_cast<size_t>(entry - entries_));
  }
  // keep(key, value&) says which entries stay; it may change their values.
  template <class F>
  void filter(F keep) {
    bool dropped = false;
    for (size_t i = 0; i < capacity(); i++) {
      if (entries_[i].key == nullptr || keep(entries_[i].key, entries_[i].value)) continue;
      entries_[i].value = nullptr;
      dropped = true;
    }
    for (size_t i = 0; dropped && i < capacity(); i++)
      while (entries_[i].key != nullptr && entries_[i].value == nullptr) eraseAt(i);
  }
  size_t size() const { return count_; }
  // The next entry from `position` on, in no order; false at the end.
  bool next(size_t& position, const Cell*& key) const {
    while (position < capacity() && entries_[position].key == nullptr) position++;
    if (position == capacity()) return false;
    key = entries_[position++].key;
    return true;
  }
  void release() {
    std::free(entries_);
    entries_ = nullptr;
    mask_ = count_ = 0;
  }

 private:
  struct Entry {
    const Cell* key;
    T* value;
  };
  size_t capacity() const { return entries_ == nullptr ? 0 : mask_ + 1; }
  size_t slotOf(const Cell* key) const {
    return static_cast<size_t>((reinterpret_cast<uintptr_t>(key) >> 4) * 0x9e3779b97f4a7c15u >> 20) & mask_;
  }
  Entry* place(const Cell* key) const {
    size_t i = slotOf(key);
    while (entries_[i].key != nullptr && entries_[i].key != key) i = (i + 1) & mask_;
    return &entries_[i];
  }
  // What was pushed on by the entry moves back.
  void eraseAt(size_t hole) {
    count_--;
    for (size_t i = (hole + 1) & mask_; entries_[i].key != nullptr; i = (i + 1) & mask_) {
      if (((i - slotOf(entries_[i].key)) & mask_) < ((i - hole) & mask_)) continue;
      entries_[hole] = entries_[i];
      hole = i;
    }
    entries_[hole] = {};
  }
  bool grow() {
    size_t wanted = capacity() == 0 ? 64 : capacity() * 2;
    auto* fresh = static_cast<Entry*>(std::calloc(wanted, sizeof(Entry)));
    if (fresh == nullptr) return false;
    Entry* old = entries_;
    size_t oldCapacity = capacity();
    entries_ = fresh;
    mask_ = wanted - 1;
    for (size_t i = 0; i < oldCapacity; i++)
      if (old[i].key != nullptr) *place(old[i].key) = old[i];
    std::free(old);
    return true;
  }
  Entry* entries_ = nullptr;
  size_t mask_ = 0, count_ = 0;
};

}  // namespace krait
