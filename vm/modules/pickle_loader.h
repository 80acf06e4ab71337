// One run of an Unpickler: the stack of the machine, and what its parts call of each other.
#pragma once
#include <cstdlib>
#include <cstring>

#include "vm/builtins/list.h"
#include "vm/builtins/tuple.h"
#include "vm/modules/pickle_internal.h"

namespace krait {

// Positions on the stack, outside the heap; a few need no memory of their own.
class PickleMarks {
 public:
  PickleMarks() = default;
  ~PickleMarks() {
    if (items_ != small_) free(items_);
  }
  PickleMarks(const PickleMarks&) = delete;
  PickleMarks& operator=(const PickleMarks&) = delete;
  bool empty() const { return size_ == 0; }
  uint64_t back() const { return items_[size_ - 1]; }
  void pop() { size_--; }
  [[nodiscard]] bool push(uint64_t position) {
    if (size_ == capacity_) [[unlikely]] {
      auto* items = static_cast<uint64_t*>(malloc(capacity_ * 2 * sizeof *items_));
      if (items == nullptr) return false;
      memcpy(items, items_, size_ * sizeof *items_);
      if (items_ != small_) free(items_);
      items_ = items;
      capacity_ *= 2;
    }
    items_[size_++] = position;
    return true;
  }

 private:
  static constexpr uint64_t kSmall = 24;
  uint64_t small_[kSmall];
  uint64_t* items_ = small_;
  uint64_t size_ = 0, capacity_ = kSmall;
};

// Marks are positions on the stack, kept apart. Below the newest one nothing may be taken.
class PickleLoader {
 public:
  PickleLoader(Thread& thread, UnpicklerObject* u) : thread_(thread), u_(u) {}
  Fallible<Value> load();

 private:
  // --- the stack ------------------------------------------------------------------------------------------------------
  KRAIT_INLINE Fallible<void> push(Value v) {
    if (size_ == capacity_) [[unlikely]]
      TRY(growStack());
    slots_[size_++] = v;
    return {};
  }
  Fallible<void> growStack();
  Raised raiseUnderflow();
  KRAIT_INLINE Fallible<void> need(uint64_t count) {
    if (size_ < fence_ + count) [[unlikely]]
      return raiseUnderflow();
    return {};
  }
  KRAIT_INLINE Value& top(uint64_t below = 0) { return slots_[size_ - 1 - below]; }
  KRAIT_INLINE Fallible<Value> pop() {
    if (size_ <= fence_) [[unlikely]]
      return raiseUnderflow();
    return slots_[--size_];
  }
  Fallible<void> pushMark();
  Fallible<uint64_t> popMark();  // where it was
  std::span<const Value> above(uint64_t position) const { return {slots_ + position, size_ - position}; }
  Fallible<Tuple*> popTuple(uint64_t from);
  Fallible<List*> popList(uint64_t from);

  // --- the input ------------------------------------------------------------------------------------------------------
  template <class T>
  KRAIT_INLINE Fallible<T> number() {
    T n;
    __builtin_memcpy(&n, TRY(readPickle(thread_, u_, sizeof n)), sizeof n);
    return n;
  }

  // pickle_load.cpp: control, containers, the memo
  Fallible<bool> step(uint8_t code);  // false: the end
  Fallible<void> loadContainer(uint8_t code);
  Fallible<void> loadMemo(uint8_t code);
  Fallible<void> get(uint64_t number);
  Fallible<void> put(uint64_t number);
  Fallible<void> append(uint64_t from);
  Fallible<void> setItems(uint64_t from);
  Fallible<void> addItems();
  Fallible<void> loadFrame();

  // pickle_load_values.cpp
  Fallible<void> loadNumber(uint8_t code);
  Fallible<void> loadTwosComplement(uint64_t n);
  Fallible<void> loadText(uint8_t code);
  Fallible<void> pushUtf8(uint64_t n);
  Fallible<void> loadBytes(uint8_t code);
  Fallible<void> pushString(std::string_view bytes);  // of Python 2
  Fallible<void> loadBytearray();
  Fallible<void> loadBuffer(uint8_t code);

  // pickle_load_objects.cpp
  Fallible<void> loadObject(uint8_t code);
  Fallible<void> loadGlobal();
  Fallible<void> loadStackGlobal();
  Fallible<void> loadExtension(int64_t code);
  Fallible<void> loadPersistent(uint8_t code);
  Fallible<void> loadInstance(uint8_t code);
  Fallible<void> loadReduce();
  Fallible<void> loadNew(bool withKeywords);
  Fallible<void> loadBuild();
  Fallible<bool> setState(Value instance, Dict* state);
  Fallible<Value> findClass(Value module, Value name);
  Fallible<Value> instantiateOld(Value type, Tuple* arguments);

  Thread& thread_;
  UnpicklerObject* u_;
  // The first items lie here, on the native stack, which the collector sees.
  static constexpr uint64_t kSmall = 64;
  Value small_[kSmall];
  ValueArray* storage_ = nullptr;
  Value* slots_ = small_;
  uint64_t size_ = 0, capacity_ = kSmall, fence_ = 0;
  PickleMarks marks_;
};

}  // namespace krait
