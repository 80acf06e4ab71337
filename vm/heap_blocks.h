// Blocks of the heap and their bitmaps: the part of the collector that knows addresses (used by heap.cpp only).
#pragma once
#include <sys/mman.h>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>

#include "vm/heap.h"
#include "vm/tuning.h"

namespace krait {

// What is known of one 64 KiB block. Bit i of the bitmaps stands for the 16 bytes at offset 16 * i.
struct BlockInfo {
  enum State : uint8_t { kFree, kSmall, kLargeHead, kLargeTail };
  static constexpr uint32_t kUnits = Heap::kBlockBytes / 16;
  State state;
  bool isDirty;         // has been handed out before: not zero any more
  uint32_t cellBytes;   // kSmall
  uint32_t liveCells;   // kSmall: after the last collection
  uint32_t blockCount;  // kLargeHead: blocks of the cell; kLargeTail: distance back to the head
  uint64_t largeBytes;  // kLargeHead: bytes asked for
  uint64_t live[kUnits / 64], mark[kUnits / 64];
  uint64_t permanent[kUnits / 64];  // kSmall: cells that are always marked (permanent.h)

  bool isSmall() const { return state == kSmall; }
  bool isLive(uint32_t unit) const { return live[unit / 64] >> (unit % 64) & 1; }
  void setLive(uint32_t unit) { live[unit / 64] |= uint64_t{1} << (unit % 64); }
  // Every `step`th unit of [first, last).
  void setLive(uint32_t first, uint32_t last, uint32_t step) {
    for (uint32_t unit = first; unit < last;) {
      uint32_t word = unit / 64;
      uint64_t bits = 0;
      for (; unit < last && unit / 64 == word; unit += step) bits |= uint64_t{1} << (unit % 64);
      live[word] |= bits;
    }
  }
  void clearLive(uint32_t unit) { live[unit / 64] &= ~(uint64_t{1} << (unit % 64)); }
  // The first live unit from `unit` on, kUnits when there is none.
  uint32_t nextLive(uint32_t unit) const {
    uint64_t bits = live[unit / 64] >> (unit % 64);
    if (bits != 0) return unit + static_cast<uint32_t>(std::countr_zero(bits));
    for (uint32_t word = unit / 64 + 1; word < kUnits / 64; word++)
      if (live[word] != 0) return word * 64 + static_cast<uint32_t>(std::countr_zero(live[word]));
    return kUnits;
  }
  bool isMarked(uint32_t unit) const { return mark[unit / 64] >> (unit % 64) & 1; }
  bool isPermanent(uint32_t unit) const { return permanent[unit / 64] >> (unit % 64) & 1; }
  void clearPermanent(uint32_t unit) { permanent[unit / 64] &= ~(uint64_t{1} << (unit % 64)); }
  bool testAndSetMark(uint32_t unit) {  // true when it was clear
    uint64_t bit = uint64_t{1} << (unit % 64);
    if (mark[unit / 64] & bit) return false;
    mark[unit / 64] |= bit;
    return true;
  }
  void makeSmall(uint32_t bytes) {
    state = kSmall;
    cellBytes = bytes;
    liveCells = 0;
  }
};

// One reserved range of addresses and its blocks.
class Space {
 public:
  // `at` is a wish, or (exact) a demand.
  bool reserve(uint64_t bytes, uint64_t at, bool exact) {
    uint64_t blocks = bytes / Heap::kBlockBytes;
    uint64_t padded = (blocks + 1) * Heap::kBlockBytes;
    int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | (exact ? MAP_FIXED_NOREPLACE : 0);
    void* memory = mmap(reinterpret_cast<void*>(at), padded, PROT_READ | PROT_WRITE, flags, -1, 0);
    if (memory == MAP_FAILED) return false;
    if (exact && reinterpret_cast<uint64_t>(memory) != at) {
      munmap(memory, padded);
      return false;
    }
    void* table = mmap(nullptr, blocks * sizeof(BlockInfo), PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (table == MAP_FAILED) {
      munmap(memory, padded);
      return false;
    }
    base_ = (reinterpret_cast<uintptr_t>(memory) + Heap::kBlockBytes - 1) & ~(uintptr_t{Heap::kBlockBytes} - 1);
    blocks_ = blocks;
    infos_ = static_cast<BlockInfo*>(table);
    // A large heap in large pages has fewer faults and the collector fewer misses; a small one would be rounded up.
    uint64_t small = tuning::kSmallPageBytes;
    if (bytes > small) (void)madvise(address(0) + small, bytes - small, MADV_HUGEPAGE);
    return true;
  }
  bool isReserved() const { return blocks_ != 0; }
  bool contains(const void* address) const {
    return reinterpret_cast<uintptr_t>(address) - base_ < blocks_ * Heap::kBlockBytes;
  }
  BlockInfo& info(uint32_t index) { return infos_[index]; }
  char* address(uint32_t index) const { return reinterpret_cast<char*>(base_ + index * uint64_t{Heap::kBlockBytes}); }
  BlockInfo& infoOf(const void* address) { return infos_[(reinterpret_cast<uintptr_t>(address) - base_) >> 16]; }
  uint32_t unitOf(const void* address) const {
    return static_cast<uint32_t>((reinterpret_cast<uintptr_t>(address) - base_) & (Heap::kBlockBytes - 1)) / 16;
  }

  void clearLive(uintptr_t cell) {
    const void* address = reinterpret_cast<const void*>(cell);
    infoOf(address).clearLive(unitOf(address));
  }

  // Index of the first of `count` adjacent free blocks, or -1. First fit: low addresses stay dense.
  int64_t takeBlocks(uint64_t count) {
    uint64_t found = 0;
    for (uint64_t i = firstFree_; i < blocks_; i++) {
      if (i == used_) {  // everything from here on is untouched
        uint64_t start = i - found;
        if (start + count > blocks_) return -1;
        return claim(start, count);
      }
      found = infos_[i].state == BlockInfo::kFree ? found + 1 : 0;
      if (found == count) return claim(i + 1 - count, count);
    }
    return -1;
  }
  // The first `clear` bytes will be zero.
  void makeLarge(uint32_t index, uint32_t count, uint64_t bytes, uint64_t clear) {
    for (uint32_t i = 0; i < count; i++) {
      BlockInfo& block = infos_[index + i];
      block.state = i == 0 ? BlockInfo::kLargeHead : BlockInfo::kLargeTail;
      block.blockCount = i == 0 ? count : i;
    }
    BlockInfo& head = infos_[index];
    head.largeBytes = bytes;
    head.setLive(0);
    // Fresh pages are zero, used ones are cleared: giving them back, to have them zero again, costs a page fault each.
    uint64_t dirty = 0;
    for (uint32_t i = 0; i < count; i++) dirty += infos_[index + i].isDirty ? Heap::kBlockBytes : 0;
    if (dirty > tuning::kSpareBytes && clear > tuning::kSpareBytes) {
      madvise(address(index), count * uint64_t{Heap::kBlockBytes}, MADV_DONTNEED);
      dirty = 0;
    }
    for (uint32_t i = 0; i < count; i++) {
      uint64_t part = std::min<uint64_t>(clear, Heap::kBlockBytes);
      clear -= part;
      if (dirty != 0 && part != 0 && infos_[index + i].isDirty) std::memset(address(index + i), 0, part);
      infos_[index + i].isDirty = true;
    }
  }

  Cell* cellContaining(const void* pointer) {
    uint64_t offset = reinterpret_cast<uintptr_t>(pointer) - base_;
    if (offset >> 16 >= used_) return nullptr;
    uint32_t index = static_cast<uint32_t>(offset >> 16);
    BlockInfo* block = &infos_[index];
    if (block->state == BlockInfo::kSmall) {
      uint32_t cell = static_cast<uint32_t>(offset & (Heap::kBlockBytes - 1)) / block->cellBytes * block->cellBytes;
      if (cell + block->cellBytes > Heap::kBlockBytes || !block->isLive(cell / 16)) return nullptr;
      return reinterpret_cast<Cell*>(address(index) + cell);
    }
    if (block->state == BlockInfo::kLargeTail) {
      index -= block->blockCount;
      block = &infos_[index];
    }
    if (block->state != BlockInfo::kLargeHead || !block->isLive(0)) return nullptr;
    return reinterpret_cast<Cell*>(address(index));
  }

  template <class F>
  void forEachMarked(F visit) {
    forEach([](const BlockInfo& block, uint32_t unit) { return block.isMarked(unit); }, visit);
  }
  template <class F>
  void forEachLive(F visit) {
    forEach([](const BlockInfo& block, uint32_t unit) { return block.isLive(unit); }, visit);
  }
  template <class F>
  void forEachPermanent(F visit) {
    forEach([](const BlockInfo& block, uint32_t unit) { return block.isPermanent(unit); }, visit);
  }
  // Whether a sweep would find anything dead.
  bool hasDead() const {
    for (uint64_t i = 0; i < used_; i++) {
      const BlockInfo& block = infos_[i];
      if (block.state != BlockInfo::kSmall && block.state != BlockInfo::kLargeHead) continue;
      if (std::memcmp(block.live, block.mark, sizeof block.live) != 0) return true;
    }
    return false;
  }
  // What lives in small cells now may become permanent.
  void proposePermanent() {
    for (uint64_t i = 0; i < used_; i++)
      if (infos_[i].isSmall()) std::memcpy(infos_[i].permanent, infos_[i].live, sizeof infos_[i].live);
  }

  // live := mark for every block, mark := permanent; bytes that stay live. `poison` fills what died.
  uint64_t sweep(bool poison) {
    uint64_t liveBytes = 0;
    uint64_t spare = tuning::kSpareBytes / Heap::kBlockBytes;  // blocks that may be kept although they are free
    firstFree_ = used_;
    for (uint64_t i = 0; i < used_; i++) {
      BlockInfo& block = infos_[i];
      if (block.state == BlockInfo::kSmall) {
        if (poison) poisonDead(static_cast<uint32_t>(i), block);
        uint64_t cells = 0;
        for (uint32_t w = 0; w < BlockInfo::kUnits / 64; w++) {
          cells += static_cast<uint64_t>(__builtin_popcountll(block.mark[w]));
          block.live[w] = block.mark[w];
          block.mark[w] = block.permanent[w];
        }
        block.liveCells = static_cast<uint32_t>(cells);
        liveBytes += cells * block.cellBytes;
        if (cells == 0) block.state = BlockInfo::kFree;
      } else if (block.state == BlockInfo::kLargeHead) {
        uint32_t count = block.blockCount;
        if (block.isMarked(0)) {
          block.mark[0] = 0;
          liveBytes += count * uint64_t{Heap::kBlockBytes};
          i += count - 1;
          continue;
        }
        if (poison) std::memset(address(static_cast<uint32_t>(i)), kPoison, block.largeBytes);
        block.live[0] = 0;
        for (uint32_t k = 0; k < count; k++) infos_[i + k].state = BlockInfo::kFree;
        if (count <= spare) {
          spare -= count;
        } else if (count > 16) {  // return big ones to the system: peak memory matters more than a page fault
          madvise(address(static_cast<uint32_t>(i)), count * uint64_t{Heap::kBlockBytes}, MADV_DONTNEED);
          for (uint32_t k = 0; k < count; k++) infos_[i + k].isDirty = false;
        }
        if (i < firstFree_) firstFree_ = i;
        i += count - 1;
        continue;
      }
      if (block.state == BlockInfo::kFree && i < firstFree_) firstFree_ = i;
    }
    return liveBytes;
  }

 private:
  static constexpr int kPoison = 0xdb;
  int64_t claim(uint64_t start, uint64_t count) {
    if (start + count > used_) used_ = start + count;
    if (start == firstFree_) firstFree_ = start + count;
    for (uint64_t i = start; i < start + count; i++) infos_[i].state = BlockInfo::kLargeTail;
    return static_cast<int64_t>(start);
  }
  void poisonDead(uint32_t index, BlockInfo& block) {
    for (uint32_t at = 0; at + block.cellBytes <= Heap::kBlockBytes; at += block.cellBytes)
      if (block.isLive(at / 16) && !block.isMarked(at / 16)) std::memset(address(index) + at, kPoison, block.cellBytes);
  }
  template <class Wanted, class F>
  void forEach(Wanted isWanted, F visit) {
    for (uint64_t i = 0; i < used_; i++) {
      BlockInfo& block = infos_[i];
      uint32_t step = block.state == BlockInfo::kSmall ? block.cellBytes : uint32_t{Heap::kBlockBytes};
      if (block.state != BlockInfo::kSmall && block.state != BlockInfo::kLargeHead) continue;
      for (uint32_t at = 0; at + step <= Heap::kBlockBytes; at += step)
        if (isWanted(block, at / 16)) visit(reinterpret_cast<Cell*>(address(static_cast<uint32_t>(i)) + at));
    }
  }

  uintptr_t base_ = 0;
  uint64_t blocks_ = 0;
  uint64_t used_ = 0;       // blocks from here on have never been handed out
  uint64_t firstFree_ = 0;  // none below is free
  BlockInfo* infos_ = nullptr;
};

// RootVector's links, for the collector.
struct RootVectorAccess {
  static RootVector* next(RootVector* roots) { return roots->next_; }
};

}  // namespace krait
