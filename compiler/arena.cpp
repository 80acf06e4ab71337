// The rare paths of the arena: a new block, and the table of interned names.
#include "compiler/arena.h"

#include <atomic>
#include <cstdlib>

namespace krait {

namespace {

uint64_t mix(uint64_t a, uint64_t b) {
  auto product = static_cast<unsigned __int128>(a) * b;
  return static_cast<uint64_t>(product) ^ static_cast<uint64_t>(product >> 64);
}

template <typename Word>
uint64_t load(const char* at) {
  Word word;
  std::memcpy(&word, at, sizeof word);
  return word;
}

}  // namespace

// After wyhash: overlapping loads spare the tail, one wide multiplication mixes sixteen bytes.
uint64_t hashText(std::string_view text) {
  constexpr uint64_t kFirst = 0xa0761d6478bd642fu, kSecond = 0xe7037ed1a0b428dbu;
  const char* at = text.data();
  size_t size = text.size();
  uint64_t seed = size * kFirst;
  uint64_t a = 0, b = 0;
  if (size > 16) {
    const char* const last = at + size - 16;
    for (; at < last; at += 16) seed = mix(load<uint64_t>(at) ^ kFirst, load<uint64_t>(at + 8) ^ seed);
    a = load<uint64_t>(last);
    b = load<uint64_t>(last + 8);
  } else if (size >= 8) {
    a = load<uint64_t>(at);
    b = load<uint64_t>(at + size - 8);
  } else if (size >= 4) {
    a = load<uint32_t>(at);
    b = load<uint32_t>(at + size - 4);
  } else if (size > 0) {
    a = load<uint8_t>(at) << 16 | load<uint8_t>(at + size / 2) << 8 | load<uint8_t>(at + size - 1);
  }
  return mix(a ^ kFirst, b ^ seed ^ kSecond);
}

// Of the whole process, so that nobody takes another's memo for its own, whatever the arena.
uint64_t Identifier::newMemoOwner() {
  static std::atomic<uint64_t> last = 0;
  return last.fetch_add(1, std::memory_order_relaxed) + 1;
}

Arena::~Arena() {
  while (blocks_ != nullptr) {
    BlockHeader* block = blocks_;
    blocks_ = block->previous;
    std::free(block);
  }
}

// Answers where its free part begins.
uintptr_t Arena::newBlock(size_t size) {
  size += sizeof(BlockHeader);
  auto* block = static_cast<BlockHeader*>(std::malloc(size));
  if (block == nullptr) throw std::bad_alloc();
  *block = {blocks_, size};
  blocks_ = block;
  return reinterpret_cast<uintptr_t>(block + 1);
}

void* Arena::allocateSlowly(size_t size, size_t alignment) {
  if (size > SIZE_MAX / 2) throw std::bad_alloc();
  static_assert(sizeof(BlockHeader) % alignof(std::max_align_t) == 0);
  // A large object gets a block of its own, so that the current one is not thrown away half full.
  if (size > kLargestBlock / 4) return reinterpret_cast<void*>(newBlock(size));
  size_t block = nextBlock_ < size + alignment ? size + alignment : nextBlock_;
  cursor_ = newBlock(block);
  limit_ = cursor_ + block;
  if (nextBlock_ < kLargestBlock) nextBlock_ *= 2;
  return allocateBytes(size, alignment);
}

Identifier Arena::intern(std::string_view text) {
  if ((size_t{identifierCount_} + 1) * 2 > identifiers_.size()) growIdentifiers();
  uint64_t hash = hashText(text);
  size_t mask = identifiers_.size() - 1;
  size_t index = hash & mask;
  while (identifiers_[index].record != nullptr) {
    const IdentifierSlot& slot = identifiers_[index];
    if (slot.hash == hash && slot.record->text == text) return Identifier(slot.record);
    index = (index + 1) & mask;
  }
  std::string_view copy = copyText(text);
  auto* record = make<IdentifierRecord>(copy, identifierCount_);
  identifiers_[index] = {hash, record};
  identifierCount_++;
  return Identifier(record);
}

void Arena::growIdentifiers() {
  auto larger = makeArray<IdentifierSlot>(identifiers_.empty() ? 128 : identifiers_.size() * 2);
  size_t mask = larger.size() - 1;
  for (const IdentifierSlot& slot : identifiers_) {
    if (slot.record == nullptr) continue;
    size_t index = slot.hash & mask;
    while (larger[index].record != nullptr) index = (index + 1) & mask;
    larger[index] = slot;
  }
  identifiers_ = larger;
}

void IdentifierIndex::grow() {
  ArenaSpan<Slot> old = slots_;
  slots_ = arena_->makeArray<Slot>(old.empty() ? 16 : old.size() * 2);
  for (const Slot& slot : old) {
    if (slot.name) slotOf(slot.name) = slot;
  }
}

}  // namespace krait
