// The memory of one compilation: a bump arena for AST nodes, their arrays and their interned names, freed all at once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory_resource>
#include <new>
#include <string_view>
#include <type_traits>
#include <utility>

namespace krait {

// An immutable-length array that lives in an arena; copying it copies the view, never the elements.
template <typename T>
class ArenaSpan {
 public:
  constexpr ArenaSpan() = default;
  constexpr ArenaSpan(T* data, size_t size) : data_(data), size_(static_cast<uint32_t>(size)) {}

  constexpr T* begin() const { return data_; }
  constexpr T* end() const { return data_ + size_; }
  constexpr T* data() const { return data_; }
  constexpr size_t size() const { return size_; }
  constexpr bool empty() const { return size_ == 0; }
  constexpr T& operator[](size_t index) const { return data_[index]; }
  constexpr T& front() const { return data_[0]; }
  constexpr T& back() const { return data_[size_ - 1]; }
  // The elements from `first` on; `first` may equal size().
  constexpr ArenaSpan dropFirst(size_t first) const { return ArenaSpan(data_ + first, size_ - first); }

 private:
  T* data_ = nullptr;
  uint32_t size_ = 0;
};

// Where one user of names keeps a number per name: valid for the user who wrote it last. See Identifier::memoOf.
struct IdentifierRecord {
  std::string_view text;
  uint32_t number = 0;  // in the order of interning
  mutable uint32_t memo = 0;
  mutable uint64_t memoOwner = 0;
  mutable bool isImported = false;
};

// A name, NFKC-normalised UTF-8. Two identifiers of the same arena are equal exactly when their pointers are.
// A default-constructed one is absent (`except E:` has no name).
class Identifier {
 public:
  constexpr Identifier() = default;

  std::string_view view() const { return record_ ? record_->text : std::string_view(); }
  explicit operator bool() const { return record_ != nullptr; }
  friend bool operator==(Identifier a, Identifier b) { return a.record_ == b.record_; }
  bool is(std::string_view text) const { return record_ && record_->text == text; }
  // Counts the distinct names of the arena from 0: suits as an index and as a hash.
  uint32_t number() const { return record_->number; }

  // A table of names remembers in the name itself where it has it, so that asking again costs no hashing. Tables take
  // turns: `owner`, from newMemoOwner(), tells whose number it is.
  static uint64_t newMemoOwner();
  const uint32_t* memoOf(uint64_t owner) const { return record_->memoOwner == owner ? &record_->memo : nullptr; }
  void setMemo(uint64_t owner, uint32_t memo) const {
    record_->memoOwner = owner;
    record_->memo = memo;
  }
  // Whether the compiled module imports it, at any place of its top level.
  bool isImported() const { return record_->isImported; }
  void setImported() const { record_->isImported = true; }

 private:
  friend class Arena;
  explicit constexpr Identifier(const IdentifierRecord* record) : record_(record) {}
  const IdentifierRecord* record_ = nullptr;
};

// Of any text; equal texts only have equal hashes within the process.
uint64_t hashText(std::string_view text);

// Nothing allocated here is ever destroyed on its own, so only trivially destructible types may live in it.
// std::bad_alloc leaves the arena usable; parse() turns it into a MemoryError diagnostic.
class Arena {
 public:
  Arena() = default;
  ~Arena();
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;

  void* allocateBytes(size_t size, size_t alignment) {
    uintptr_t start = (cursor_ + alignment - 1) & ~(static_cast<uintptr_t>(alignment) - 1);
    if (start + size > limit_ || start + size < start) return allocateSlowly(size, alignment);
    cursor_ = start + size;
    return reinterpret_cast<void*>(start);
  }

  template <typename T, typename... Arguments>
  T* make(Arguments&&... arguments) {
    static_assert(std::is_trivially_destructible_v<T>);
    return ::new (allocateBytes(sizeof(T), alignof(T))) T{std::forward<Arguments>(arguments)...};
  }

  template <typename T>
  ArenaSpan<T> makeArray(size_t size) {
    static_assert(std::is_trivially_destructible_v<T>);
    if (size == 0) return {};
    if (size > UINT32_MAX || size > SIZE_MAX / sizeof(T)) throw std::bad_alloc();
    T* data = static_cast<T*>(allocateBytes(size * sizeof(T), alignof(T)));
    for (size_t i = 0; i < size; i++) ::new (data + i) T();
    return {data, size};
  }

  template <typename T>
  ArenaSpan<T> copyArray(const T* from, size_t size) {
    static_assert(std::is_trivially_copyable_v<T>);
    if (size == 0) return {};
    if (size > UINT32_MAX || size > SIZE_MAX / sizeof(T)) throw std::bad_alloc();
    T* data = static_cast<T*>(allocateBytes(size * sizeof(T), alignof(T)));
    std::memcpy(static_cast<void*>(data), from, size * sizeof(T));
    return {data, size};
  }
  template <typename Container>
  auto copyOf(const Container& from) {
    return copyArray<typename Container::value_type>(from.data(), from.size());
  }

  // The copy is followed by a NUL byte that is not part of it.
  std::string_view copyText(std::string_view text) {
    char* data = static_cast<char*>(allocateBytes(text.size() + 1, 1));
    if (!text.empty()) std::memcpy(data, text.data(), text.size());
    data[text.size()] = '\0';
    return {data, text.size()};
  }

  // `text` is taken as it is: whoever reads source text normalises first.
  Identifier intern(std::string_view text);
  uint32_t identifierCount() const { return identifierCount_; }

 private:
  static constexpr size_t kFirstBlock = 16 * 1024;
  static constexpr size_t kLargestBlock = 1024 * 1024;

  struct BlockHeader {
    BlockHeader* previous;
    size_t size;  // of the whole block
  };

  void* allocateSlowly(size_t size, size_t alignment);
  uintptr_t newBlock(size_t size);
  void growIdentifiers();

  uintptr_t cursor_ = 0;
  uintptr_t limit_ = 0;
  size_t nextBlock_ = kFirstBlock;
  BlockHeader* blocks_ = nullptr;

  // Open addressing; the hash is kept beside the name so that growing rehashes nothing.
  struct IdentifierSlot {
    uint64_t hash = 0;
    const IdentifierRecord* record = nullptr;
  };
  ArenaSpan<IdentifierSlot> identifiers_;
  uint32_t identifierCount_ = 0;
};

// A vector that grows in an arena: what it outgrows stays there until the arena goes.
template <typename T>
class ArenaVector {
 public:
  static_assert(std::is_trivially_copyable_v<T> && std::is_trivially_destructible_v<T>);
  explicit ArenaVector(Arena& arena) : arena_(&arena) {}

  void push_back(const T& value) {
    if (size_ == capacity_) grow();
    ::new (data_ + size_++) T(value);
  }
  T* begin() const { return data_; }
  T* end() const { return data_ + size_; }
  T* data() const { return data_; }
  size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  T& operator[](size_t index) const { return data_[index]; }
  T& back() const { return data_[size_ - 1]; }
  void shrink(size_t size) { size_ = static_cast<uint32_t>(size); }
  // The elements as they are now; a later push_back may leave them behind, unchanged.
  ArenaSpan<const T> all() const { return {data_, size_}; }

 private:
  void grow() {
    if (capacity_ > UINT32_MAX / 2) throw std::bad_alloc();
    uint32_t larger = capacity_ == 0 ? 8 : capacity_ * 2;
    T* data = static_cast<T*>(arena_->allocateBytes(larger * sizeof(T), alignof(T)));
    if (size_ != 0) std::memcpy(static_cast<void*>(data), data_, size_ * sizeof(T));
    data_ = data;
    capacity_ = larger;
  }

  Arena* arena_;
  T* data_ = nullptr;
  uint32_t size_ = 0;
  uint32_t capacity_ = 0;
};

// Finds a name among many: the position of each is what its user gave it.
class IdentifierIndex {
 public:
  explicit IdentifierIndex(Arena& arena) : arena_(&arena), owner_(Identifier::newMemoOwner()) {}

  static constexpr uint32_t kAbsent = UINT32_MAX;
  uint32_t find(Identifier name) const {
    if (const uint32_t* memo = name.memoOf(owner_)) return *memo;
    if (slots_.empty()) return kAbsent;
    const Slot& slot = slotOf(name);
    if (!slot.name) return kAbsent;
    name.setMemo(owner_, slot.position);
    return slot.position;
  }
  // The name must be absent.
  void add(Identifier name, uint32_t position) {
    if ((count_ + 1) * 2 > slots_.size()) grow();
    slotOf(name) = {name, position};
    count_++;
    name.setMemo(owner_, position);
  }

 private:
  struct Slot {
    Identifier name;
    uint32_t position = 0;
  };
  Slot& slotOf(Identifier name) const {
    size_t mask = slots_.size() - 1;
    size_t index = name.number() & mask;
    while (slots_[index].name && !(slots_[index].name == name)) index = (index + 1) & mask;
    return slots_[index];
  }
  void grow();

  Arena* arena_;
  uint64_t owner_;
  ArenaSpan<Slot> slots_;
  uint32_t count_ = 0;
};

}  // namespace krait
