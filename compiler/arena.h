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
#include <vector>

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

// A name, NFKC-normalised UTF-8. Two identifiers of the same arena are equal exactly when their pointers are.
// A default-constructed one is absent (`except E:` has no name).
class Identifier {
 public:
  constexpr Identifier() = default;

  std::string_view view() const { return text_ ? *text_ : std::string_view(); }
  explicit operator bool() const { return text_ != nullptr; }
  friend bool operator==(Identifier a, Identifier b) { return a.text_ == b.text_; }
  bool is(std::string_view text) const { return text_ && *text_ == text; }
  // Stable for the life of the arena; suits as a hash key.
  const void* key() const { return text_; }

 private:
  friend class Arena;
  explicit constexpr Identifier(const std::string_view* text) : text_(text) {}
  const std::string_view* text_ = nullptr;
};

// Nothing allocated here is ever destroyed on its own, so only trivially destructible types may live in it.
// std::bad_alloc leaves the arena usable; parse() turns it into a MemoryError diagnostic.
class Arena {
 public:
  Arena() = default;
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

 private:
  static constexpr size_t kFirstBlock = 16 * 1024;
  static constexpr size_t kLargestBlock = 1024 * 1024;

  void* allocateSlowly(size_t size, size_t alignment);
  void growIdentifiers();

  uintptr_t cursor_ = 0;
  uintptr_t limit_ = 0;
  size_t nextBlock_ = kFirstBlock;
  std::pmr::monotonic_buffer_resource blocks_;

  // Open addressing; the hash is kept beside the name so that growing rehashes nothing.
  struct IdentifierSlot {
    size_t hash;
    const std::string_view* text;
  };
  std::vector<IdentifierSlot> identifiers_;
  size_t identifierCount_ = 0;
};

}  // namespace krait
