// The rare paths of the arena: a new block, and the table of interned names.
#include "compiler/arena.h"

#include <functional>

namespace krait {

void* Arena::allocateSlowly(size_t size, size_t alignment) {
  if (size > SIZE_MAX / 2) throw std::bad_alloc();
  // A large object gets a block of its own, so that the current one is not thrown away half full.
  if (size > kLargestBlock / 4) return blocks_.allocate(size, alignment);
  size_t block = nextBlock_ < size + alignment ? size + alignment : nextBlock_;
  cursor_ = reinterpret_cast<uintptr_t>(blocks_.allocate(block, alignof(std::max_align_t)));
  limit_ = cursor_ + block;
  if (nextBlock_ < kLargestBlock) nextBlock_ *= 2;
  return allocateBytes(size, alignment);
}

Identifier Arena::intern(std::string_view text) {
  if ((identifierCount_ + 1) * 2 > identifiers_.size()) growIdentifiers();
  size_t hash = std::hash<std::string_view>()(text);
  size_t mask = identifiers_.size() - 1;
  size_t index = hash & mask;
  while (identifiers_[index].text != nullptr) {
    if (identifiers_[index].hash == hash && *identifiers_[index].text == text) {
      return Identifier(identifiers_[index].text);
    }
    index = (index + 1) & mask;
  }
  const std::string_view* stored = make<std::string_view>(copyText(text));
  identifiers_[index] = {hash, stored};
  identifierCount_++;
  return Identifier(stored);
}

void Arena::growIdentifiers() {
  std::vector<IdentifierSlot> larger(identifiers_.empty() ? 128 : identifiers_.size() * 2, IdentifierSlot{0, nullptr});
  size_t mask = larger.size() - 1;
  for (const IdentifierSlot& slot : identifiers_) {
    if (slot.text == nullptr) continue;
    size_t index = slot.hash & mask;
    while (larger[index].text != nullptr) index = (index + 1) & mask;
    larger[index] = slot;
  }
  identifiers_.swap(larger);
}

}  // namespace krait
