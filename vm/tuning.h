// Every threshold of the VM in one place, a line each.
#pragma once
#include <chrono>
#include <cstdint>

namespace krait::tuning {

// --- heap ---------------------------------------------------------------------------------------------------------------
inline constexpr uint64_t kHeapReserveBytes = uint64_t{64} << 30;    // address space asked for; never committed at once
inline constexpr uint64_t kHeapMinimumBytes = uint64_t{16} << 20;    // less than this and we do not start
inline constexpr uint64_t kShapeReserveBytes = uint64_t{256} << 20;  // below 4 GiB
inline constexpr uint64_t kSmallPageBytes = uint64_t{48} << 20;      // of the heap; large pages are asked for beyond
inline constexpr uint64_t kHeapAddressHint = uint64_t{0x20} << 40;   // the same place in every run, where it is free
inline constexpr uint64_t kFirstCollectionBytes = uint64_t{8} << 20;  // allocated: more than start-up needs
inline constexpr uint64_t kLeastCollectionBytes = uint64_t{4} << 20;  // allocated since the last collection, at least
inline constexpr double kHeapGrowth = 0.65;                           // ... and at least this share of the live bytes
inline constexpr uint64_t kSpareBytes = uint64_t{8} << 20;            // of dead large cells, kept for the next ones
inline constexpr uint64_t kLibrarySpareBytes = uint64_t{2} << 20;     // of the memory that malloc gives to libraries
inline constexpr uint64_t kLeafBytes = 128;  // ... where text and the like count as no more than this, however long

// --- stacks -------------------------------------------------------------------------------------------------------------
inline constexpr uint64_t kVmStackBytes = uint64_t{512} << 20;  // address space of a thread's VM stack
inline constexpr uint64_t kNativeStackReserve = 192 * 1024;     // bytes kept free for C++ code that does not ask
inline constexpr int32_t kRecursionLimit = 1000;                // Python frames; sys.setrecursionlimit changes it

// --- threads ------------------------------------------------------------------------------------------------------------
inline constexpr std::chrono::milliseconds kSwitchInterval{5};  // how long a thread waits before it asks for the lock

}  // namespace krait::tuning
