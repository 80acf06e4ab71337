// The collector: block-structured, non-moving mark-sweep over conservatively scanned stacks (contract: heap.h).
#include "vm/heap.h"

#include <malloc.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "vm/builtins/bytes.h"
#include "vm/builtins/dict.h"
#include "vm/builtins/str.h"
#include "vm/builtins/tuple.h"
#include "vm/heap_blocks.h"
#include "vm/leaf_cells.h"
#include "vm/lifetimes.h"
#include "vm/loop_entry.h"
#include "vm/native_stack.h"
#include "vm/permanent.h"
#include "vm/thread.h"
#include "vm/trace.h"
#include "vm/tuning.h"
#include "vm/word_vector.h"

namespace krait {

namespace {

// --- size classes -----------------------------------------------------------------------------------------------------
constexpr size_t kGranule = 16;
constexpr size_t kSmallClasses = Heap::kSmallLimit / kGranule + 1;
constexpr size_t kMediumLimit = Heap::kBlockBytes / 2;  // larger cells get blocks of their own
constexpr int kMediumSteps = 8;                         // classes per doubling: at most 1/8 is wasted
constexpr int kFirstMediumLog = 9;                      // 512
constexpr size_t kMediumClasses = static_cast<size_t>((15 - kFirstMediumLog) * kMediumSteps + 1);
constexpr size_t kClasses = kSmallClasses + kMediumClasses;

size_t mediumClass(size_t bytes) {  // kSmallLimit < bytes <= kMediumLimit
  int log = std::bit_width(bytes - 1) - 1;
  size_t step = size_t{1} << (log - 3);
  size_t within = (bytes - (size_t{1} << log) + step - 1) / step;  // 1..8
  return kSmallClasses + static_cast<size_t>(log - kFirstMediumLog) * kMediumSteps + within - 1;
}
size_t classBytes(size_t sizeClass) {
  if (sizeClass < kSmallClasses) return sizeClass * kGranule;
  size_t i = sizeClass - kSmallClasses;
  size_t log = kFirstMediumLog + i / kMediumSteps;
  return (size_t{1} << log) + (i % kMediumSteps + 1) * (size_t{1} << (log - 3));
}

struct SizeClass {
  WordVector<uint32_t> blocks;
  size_t cursor = 0;      // index in `blocks` of the block being allocated from
  uint32_t nextCell = 0;  // first cell of that block not looked at yet
};

RootVector* rootVectors = nullptr;

// How much of the next cell that is not small must be zero: what allocateLeafCell() tells allocateSlow().
size_t bytesToClear = SIZE_MAX;

// What noteStartUp() and keepForPermanent() do; set where the heap's implementation is at hand.
void (*proposePermanent)() = nullptr;
void (*rootForPermanent)(const Cell*, Cell*) = nullptr;

}  // namespace

struct Heap::Implementation {
  Space main, low;
  SizeClass classes[kClasses], shapeClasses[kSmallClasses];
  FreeRun mediumRuns[kMediumClasses] = {};
  bool isMediumRunZero[kMediumClasses] = {};  // the others' cells are cleared one by one
  bool isLastRunZero = false;
  FreeRun shapeRuns[kSmallClasses] = {};
  WordVector<Cell*> markStack, finalisable;
  WordVector<Cell*> permanentRoots;  // what permanent cells refer to and is not permanent itself
  enum { kNothingPermanent, kProposed, kPermanent } permanence = kNothingPermanent;
  bool markOverflowed = false;
  bool collecting = false;
  bool collectedForSpace = false;  // the last collection was for lack of space
  uint64_t sinceCollection = 0, threshold = tuning::kFirstCollectionBytes;
  int64_t externalBytes = 0;
  uint64_t leafBytes = 0;                     // of text and the like that marking has come across, beyond kLeafBytes
  uint64_t handedCells = 0, handedBytes = 0;  // ever handed out, and what lies in runs still to be handed out
  uint32_t stressPeriod = 0;
  uint64_t stressState = 0;
  CollectorStatistics statistics{};

  bool takeRun(Space& space, SizeClass& sizeClass, FreeRun& run, size_t cellBytes, bool mayGrow);
  void* allocateLarge(size_t bytes, size_t clear);
  void retireRuns(Heap& heap);
  void markRoots(Marker& marker);
  // Marks, and leaves it to drain() to look at the cell: by then it is in the processor's cache.
  KRAIT_INLINE void markCell(Cell* cell) {
    Space& space = main.contains(cell) ? main : low;
    if (!space.contains(cell) || !space.infoOf(cell).testAndSetMark(space.unitOf(cell))) return;
    if (!markStack.push(cell)) [[unlikely]]
      markOverflowed = true;
  }
  KRAIT_INLINE void markCellOrNull(Cell* cell) {
    if (cell != nullptr) markCell(cell);
  }
  KRAIT_INLINE void markShape(Cell* cell, Marker& marker) {
    if (cell->shape_ == marker.lastShape) return;
    marker.lastShape = cell->shape_;
    markCell(const_cast<Shape*>(cell->shape()));
  }
  KRAIT_INLINE void markValue(Value v) {
    if (v.isCell()) markCell(v.asCell());
  }
  void trace(Cell* cell, Marker& marker);
  // However many bytes it has, marking it takes one step.
  KRAIT_INLINE void noteLeaf(uint64_t bytes) {
    if (bytes > tuning::kLeafBytes) leafBytes += bytes - tuning::kLeafBytes;
  }
  void drain(Marker& marker);
  void rescanMarked(Marker& marker);
  void sweep(Space& space);
  // Programs that allocate little end before it would pay.
  bool isWorthwhile() const { return stressPeriod != 0 || sinceCollection >= tuning::kLeastCollectionBytes / 2; }
  // How much may be allocated until the next collection: in proportion to what that will cost.
  uint64_t nextThreshold() const {
    uint64_t traced = statistics.liveBytes + static_cast<uint64_t>(std::max<int64_t>(externalBytes, 0));
    double share = static_cast<double>(traced - std::min(leafBytes, traced)) * tuning::kHeapGrowth;
    return std::max(tuning::kLeastCollectionBytes, static_cast<uint64_t>(share));
  }
  void choosePermanent();
  bool isPermanent(const Cell* cell) { return main.contains(cell) && main.infoOf(cell).isPermanent(main.unitOf(cell)); }
  void runFinalisers();
  bool stressFires();
  bool collectForSpace(Heap& heap, Thread& thread);
  Space* spaceOf(const void* address) {
    if (main.contains(address)) return &main;
    if (low.contains(address)) return &low;
    return nullptr;
  }
};

// --- reserving --------------------------------------------------------------------------------------------------------
bool Heap::initialise() {
  implementation_ = new (std::nothrow) Implementation;
  if (implementation_ == nullptr) return false;
  // What libraries take and give back over and over, zlib's states for one, must not be paged in each time.
  mallopt(M_MMAP_THRESHOLD, static_cast<int>(tuning::kLibrarySpareBytes / 2));
  mallopt(M_TRIM_THRESHOLD, static_cast<int>(tuning::kLibrarySpareBytes));
  uint64_t wanted = tuning::kHeapReserveBytes;
  uint64_t physical = static_cast<uint64_t>(sysconf(_SC_PHYS_PAGES)) * static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
  wanted = std::min(wanted, std::max<uint64_t>(physical, 256u << 20));
  rlimit limit{};
  if (getrlimit(RLIMIT_AS, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY)
    wanted = std::min<uint64_t>(wanted, limit.rlim_cur / 2);
  while (!implementation_->main.reserve(wanted, tuning::kHeapAddressHint, false)) {
    wanted /= 2;
    if (wanted < tuning::kHeapMinimumBytes) return false;
  }
  implementation_->statistics.reservedBytes = wanted;
  // Shapes: any free place below 4 GiB will do.
  uint64_t lowBytes = std::min<uint64_t>(tuning::kShapeReserveBytes, wanted / 8);
  for (uint64_t at = 0x10000000; at < 0xf0000000; at += 0x4000000)
    if (implementation_->low.reserve(lowBytes, at, true)) break;
  if (!implementation_->low.isReserved()) return false;
  for (size_t i = 0; i < kSmallClasses; i++) runs_[i] = {0, 0, i * kGranule};
  proposePermanent = [] {
    heap.implementation_->retireRuns(heap);
    heap.implementation_->main.proposePermanent();
    heap.implementation_->permanence = Implementation::kProposed;
  };
  rootForPermanent = [](const Cell* holder, Cell* referent) {
    Implementation& h = *heap.implementation_;
    if (h.permanence != Implementation::kNothingPermanent && h.isPermanent(holder) && !h.permanentRoots.push(referent))
      std::abort();  // a word less than what the caller has just allocated
  };
  return true;
}

// --- allocating -------------------------------------------------------------------------------------------------------
// Finds the next run of free cells in the class's blocks, else in a fresh block, and marks it live. It is zeroed when
// its cells are small.
bool Heap::Implementation::takeRun(Space& space, SizeClass& sizeClass, FreeRun& run, size_t cellBytes, bool mayGrow) {
  uint32_t units = static_cast<uint32_t>(cellBytes / kGranule);
  uint32_t cells = static_cast<uint32_t>(kBlockBytes / cellBytes);
  for (; sizeClass.cursor < sizeClass.blocks.size; sizeClass.cursor++, sizeClass.nextCell = 0) {
    uint32_t index = sizeClass.blocks.items[sizeClass.cursor];
    BlockInfo& block = space.info(index);
    uint32_t first = sizeClass.nextCell;
    if (first == 0 && block.liveCells == cells) continue;
    while (first < cells && block.isLive(first * units)) first++;
    if (first == cells) continue;
    // Only cells' first units have bits: the next one set ends the run.
    uint32_t last = std::min(block.nextLive(first * units) / units, cells);
    block.setLive(first * units, last * units, units);
    sizeClass.nextCell = last;
    char* start = space.address(index) + first * cellBytes;
    size_t bytes = (last - first) * cellBytes;
    isLastRunZero = !block.isDirty && first == 0 && last == cells;
    if (!isLastRunZero && cellBytes <= kSmallLimit) std::memset(start, 0, bytes);
    block.isDirty = true;
    run = {reinterpret_cast<uintptr_t>(start), reinterpret_cast<uintptr_t>(start) + bytes, cellBytes};
    sinceCollection += bytes;
    handedCells += last - first;
    handedBytes += bytes;
    return true;
  }
  if (!mayGrow) return false;
  int64_t index = space.takeBlocks(1);
  if (index < 0 || !sizeClass.blocks.push(static_cast<uint32_t>(index))) return false;
  space.info(static_cast<uint32_t>(index)).makeSmall(static_cast<uint32_t>(cellBytes));
  return takeRun(space, sizeClass, run, cellBytes, false);
}

void* Heap::Implementation::allocateLarge(size_t bytes, size_t clear) {
  uint64_t blocks = (bytes + kBlockBytes - 1) / kBlockBytes;
  int64_t index = main.takeBlocks(blocks);
  if (index < 0) return nullptr;
  char* start = main.address(static_cast<uint32_t>(index));
  main.makeLarge(static_cast<uint32_t>(index), static_cast<uint32_t>(blocks), bytes, clear);
  sinceCollection += blocks * kBlockBytes;
  handedCells++;
  handedBytes += blocks * kBlockBytes;
  return start;
}

bool Heap::Implementation::stressFires() {
  if (stressPeriod == 0) return false;
  stressState = stressState * 6364136223846793005u + 1442695040888963407u;
  return (stressState >> 33) % stressPeriod == 0;
}

// Space has run out: collects (also when collections are disabled, the alternative is failure), unless the last such
// collection has only just been: a full heap must fail, not collect for ever.
bool Heap::Implementation::collectForSpace(Heap& owner, Thread& thread) {
  if (collectedForSpace && sinceCollection < tuning::kLeastCollectionBytes) return false;
  owner.collect(thread);
  collectedForSpace = true;
  return true;
}

void* Heap::allocateSlow(Thread& thread, size_t bytes) {
  Implementation& h = *implementation_;
  size_t clear = std::min(bytes, std::exchange(bytesToClear, SIZE_MAX));
  if (bytes > kMaxCellBytes) return nullptr;
  if (h.stressPeriod != 0) {
    if (h.stressFires() && enabled_) collect(thread);
  } else if (h.sinceCollection + bytes > h.threshold && enabled_) {
    collect(thread);
  }
  for (int attempt = 0; attempt < 2; attempt++) {
    if (bytes <= kMediumLimit) {
      bool small = bytes <= kSmallLimit;
      size_t sizeClass = small ? (bytes + kGranule - 1) / kGranule : mediumClass(bytes);
      FreeRun& run = small ? runs_[sizeClass] : h.mediumRuns[sizeClass - kSmallClasses];
      size_t cellBytes = classBytes(sizeClass);
      bool hasRun = run.next != 0 && run.next + cellBytes <= run.end;
      if (hasRun || h.takeRun(h.main, h.classes[sizeClass], run, cellBytes, true)) {
        void* cell = reinterpret_cast<void*>(run.next);
        run.next += cellBytes;
        if (!small) {
          bool& isZero = h.isMediumRunZero[sizeClass - kSmallClasses];
          if (!hasRun) isZero = h.isLastRunZero;
          if (!isZero) std::memset(cell, 0, clear);
        }
        if (h.stressPeriod != 0) {  // one cell a run, so that every allocation comes here
          for (; run.next < run.end; run.next += cellBytes) {
            h.main.clearLive(run.next);
            h.handedCells--;
            h.handedBytes -= cellBytes;
          }
          h.classes[sizeClass].nextCell = h.main.unitOf(cell) * 16 / static_cast<uint32_t>(cellBytes) + 1;
        }
        return cell;
      }
    } else if (void* cell = h.allocateLarge(bytes, clear)) {
      return cell;
    }
    if (attempt == 0 && !h.collectForSpace(*this, thread)) break;
  }
  h.collectedForSpace = false;  // whoever caught the MemoryError may have let go of much
  return nullptr;
}

void* Heap::allocateShapeCell(Thread& thread, size_t bytes) {
  Implementation& h = *implementation_;
  size_t sizeClass = (bytes + kGranule - 1) / kGranule;
  FreeRun& run = h.shapeRuns[sizeClass];
  size_t cellBytes = sizeClass * kGranule;
  if (h.stressFires() && enabled_) collect(thread);
  for (int attempt = 0; attempt < 2; attempt++) {
    if ((run.next != 0 && run.next + cellBytes <= run.end) ||
        h.takeRun(h.low, h.shapeClasses[sizeClass], run, cellBytes, true)) {
      void* cell = reinterpret_cast<void*>(run.next);
      run.next += cellBytes;
      return cell;
    }
    if (attempt == 0 && !h.collectForSpace(*this, thread)) break;
  }
  h.collectedForSpace = false;  // whoever caught the MemoryError may have let go of much
  return nullptr;
}

void Heap::accountExternal(int64_t bytes) {
  implementation_->externalBytes += bytes;
  if (bytes <= 0) return;
  implementation_->sinceCollection += static_cast<uint64_t>(bytes);
  implementation_->handedBytes += static_cast<uint64_t>(bytes);
}

bool Heap::registerFinaliser(Thread&, Cell* cell) { return implementation_->finalisable.push(cell); }

void Heap::setStress(uint32_t n, uint64_t seed) {
  implementation_->stressPeriod = n;
  implementation_->stressState = seed * 2 + 1;
  implementation_->retireRuns(*this);
}

// --- marking ----------------------------------------------------------------------------------------------------------
void Marker::mark(Value v) {
  if (v.isCell()) mark(v.asCell());
}

void Marker::mark(const Cell* cell) {
  if (cell == nullptr) return;
  if (visit_ != nullptr) [[unlikely]] {
    visit_(const_cast<Cell*>(cell), context_);
    return;
  }
  heap.implementation_->markCell(const_cast<Cell*>(cell));
}

bool Marker::markAlone(const Cell* cell) {
  if (visit_ != nullptr) return false;
  Space* space = heap.implementation_->spaceOf(cell);
  return space != nullptr && space->infoOf(cell).testAndSetMark(space->unitOf(cell));
}

void Marker::drain() { heap.implementation_->drain(*this); }

void Marker::visitReferences(Cell* cell, Visit visit, void* context) {
  Marker marker;
  marker.visit_ = visit;
  marker.context_ = context;
  traceCell(cell, marker);
}

void Marker::markRange(const Value* first, uint64_t count) {
  Heap::Implementation& h = *heap.implementation_;
  if (visit_ != nullptr) [[unlikely]] {
    for (uint64_t i = 0; i < count; i++)
      if (first[i].isCell()) visit_(first[i].asCell(), context_);
    return;
  }
  for (const Value *value = first, *end = first + count; value != end; value++) h.markValue(*value);
}

[[gnu::no_sanitize_address]] void Marker::markConservatively(const void* first, const void* last) {
  auto* word = reinterpret_cast<const uintptr_t*>((reinterpret_cast<uintptr_t>(first) + 7) & ~uintptr_t{7});
  for (; word < static_cast<const uintptr_t*>(last); word++) {
    if (Cell* cell = heap.cellContaining(reinterpret_cast<const void*>(*word))) mark(cell);
  }
}

Cell* Heap::cellContaining(const void* address) const {
  Space* space = implementation_->spaceOf(address);
  return space == nullptr ? nullptr : space->cellContaining(address);
}

// traceCell() for the kinds that most cells are of.
KRAIT_INLINE void Heap::Implementation::trace(Cell* cell, Marker& marker) {
  switch (cell->kind) {
    // Their shapes are those of built-in classes, which are roots.
    case Kind::kInt:
    case Kind::kFloat:
    case Kind::kComplex: return;
    case Kind::kBytes: noteLeaf(static_cast<Bytes*>(cell)->length); return;
    case Kind::kByteArray: noteLeaf(static_cast<ByteArray*>(cell)->capacity); return;
    case Kind::kStr:
      noteLeaf(static_cast<Str*>(cell)->length);
      if (cell->flags & Str::kInBuffer) markCell(static_cast<Str*>(cell)->buffer());
      return;
    case Kind::kTuple:
      for (const Value& item : static_cast<Tuple*>(cell)->values()) markValue(item);
      return;
    case Kind::kValueArray: {
      auto* array = static_cast<ValueArray*>(cell);
      for (uint64_t i = 0, n = array->length; i < n; i++) markValue(array->slots[i]);
      return;
    }
    case Kind::kDictKeys: {
      auto* keys = static_cast<DictKeys*>(cell);
      for (uint32_t i = 0, n = keys->entryCount; i < n; i++) {
        markValue(keys->entries[i].key);
        markValue(keys->entries[i].value);
      }
      return;
    }
    case Kind::kInstance: {
      auto* instance = static_cast<Instance*>(cell);
      const Shape* shape = instance->shape();
      if (shape == nullptr) return;  // allocated this moment
      markShape(cell, marker);
      markCellOrNull(instance->overflow);
      uint32_t slots = shape->inlineCapacity + ((instance->flags & Instance::kHasPayload) ? 1 : 0);
      for (uint32_t i = 0; i < slots; i++) markValue(instance->slots[i]);
      return;
    }
    case Kind::kList:
      markShape(cell, marker);
      markCellOrNull(static_cast<List*>(cell)->overflow);
      markCellOrNull(static_cast<List*>(cell)->storage);
      return;
    default: traceCell(cell, marker);
  }
}

// Cells wait for a few others between the stack and their tracing, while the memory that they lie in is fetched: most
// lie across two lines.
void Heap::Implementation::drain(Marker& marker) {
  constexpr size_t kAhead = 16;
  Cell* waiting[kAhead] = {};
  size_t at = 0, count = 0;
  while (true) {
    while (markStack.size > 0 || count > 0) {
      Cell* cell = waiting[at];
      waiting[at] = nullptr;
      if (markStack.size > 0) {
        waiting[at] = markStack.items[--markStack.size];
        __builtin_prefetch(waiting[at]);
        __builtin_prefetch(reinterpret_cast<const char*>(waiting[at]) + 63);
        count++;
      }
      at = (at + 1) % kAhead;
      if (cell == nullptr) continue;
      count--;
      trace(cell, marker);
    }
    if (!markOverflowed) return;
    markOverflowed = false;
    rescanMarked(marker);
  }
}

// The mark stack could not grow: every marked cell is traced again until nothing new is found.
void Heap::Implementation::rescanMarked(Marker& marker) {
  for (Space* space : {&main, &low})
    space->forEachMarked([&](Cell* cell) {
      traceCell(cell, marker);
      while (markStack.size > 0) traceCell(markStack.items[--markStack.size], marker);
    });
}

[[gnu::noinline, gnu::no_sanitize_address]] static void markNativeStack(Marker& marker, const void* bottom) {
  SpilledRegisters registers;
  const void* start = IgnoreLoopStack::scanStart();
  marker.markConservatively(start != nullptr ? start : &registers, bottom);
  asm volatile("" : : "r"(&registers) : "memory");  // still there when the scan returns: no tail call
}

void Heap::Implementation::markRoots(Marker& marker) {
  for (RootVector* roots = rootVectors; roots != nullptr; roots = RootVectorAccess::next(roots))
    marker.markConservatively(roots->begin(), roots->end());
  traceGlobals(marker);
  for (size_t i = 0; i < permanentRoots.size; i++) marker.mark(permanentRoots.items[i]);
}

bool Heap::isMarked(const Cell* cell) const {
  Implementation& h = *implementation_;
  Space& space = reinterpret_cast<uintptr_t>(cell) >> 32 == 0 ? h.low : h.main;
  return !space.contains(cell) || space.infoOf(cell).isMarked(space.unitOf(cell));
}

bool Heap::isCollecting() const { return implementation_->collecting; }

void Heap::collect(Thread& thread) {
  Implementation& h = *implementation_;
  if (h.collecting) return;
  h.collecting = true;
  auto start = std::chrono::steady_clock::now();
  h.retireRuns(*this);
  h.leafBytes = 0;
  Marker marker;
  h.markRoots(marker);
  traceThreads(marker);
  markNativeStack(marker, nativeStackBottom(thread));
  h.drain(marker);
  settleLifetimes(thread, marker);
  h.runFinalisers();
  // What inline caches rely on are shapes.
  if (thread.hooks.forgetDeadCaches != nullptr && h.low.hasDead()) thread.hooks.forgetDeadCaches();
  beforeSweep();
  if (h.permanence == Implementation::kProposed && h.isWorthwhile()) h.choosePermanent();
  h.statistics.liveBytes = 0;
  h.sweep(h.main);
  h.sweep(h.low);
  for (SizeClass& c : h.classes) c.cursor = c.nextCell = 0;
  for (SizeClass& c : h.shapeClasses) c.cursor = c.nextCell = 0;
  h.sinceCollection = 0;
  h.collectedForSpace = false;
  h.threshold = h.nextThreshold();
  uint64_t nanoseconds = static_cast<uint64_t>(
      std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now() - start).count());
  h.statistics.collections++;
  h.statistics.markNanoseconds += nanoseconds;
  h.statistics.longestNanoseconds = std::max(h.statistics.longestNanoseconds, nanoseconds);
  h.collecting = false;
}

// --- permanent cells ---------------------------------------------------------------------------------------------------
void noteStartUp() { proposePermanent(); }
void keepForPermanent(const Cell* holder, Cell* referent) { rootForPermanent(holder, referent); }

// Of the cells proposed, those that are alive and never change. Not worth it when there is no memory for their roots.
void Heap::Implementation::choosePermanent() {
  permanence = kPermanent;
  main.forEachPermanent([&](Cell* cell) {
    BlockInfo& block = main.infoOf(cell);
    if (!block.isMarked(main.unitOf(cell)) || !neverChanges(cell)) block.clearPermanent(main.unitOf(cell));
  });
  // The pair that an iterator hands out again and again is the one tuple that does change.
  main.forEachMarked([&](Cell* cell) {
    auto withdraw = [](Cell* referent, void* context) {
      auto* h = static_cast<Implementation*>(context);
      if (h->main.contains(referent)) h->main.infoOf(referent).clearPermanent(h->main.unitOf(referent));
    };
    if (cell->kind == Kind::kIterator) Marker::visitReferences(cell, withdraw, this);
  });
  bool isComplete = true;
  struct Search {
    Implementation* h;
    bool* isComplete;
  } search{this, &isComplete};
  main.forEachPermanent([&](Cell* cell) {
    Marker::visitReferences(
        cell,
        [](Cell* referent, void* context) {
          auto* s = static_cast<Search*>(context);
          WordVector<Cell*>& roots = s->h->permanentRoots;
          bool isKnown = s->h->isPermanent(referent) || (roots.size > 0 && roots.items[roots.size - 1] == referent);
          if (!isKnown && !roots.push(referent)) *s->isComplete = false;
        },
        &search);
  });
  std::sort(permanentRoots.items, permanentRoots.items + permanentRoots.size);
  permanentRoots.size = static_cast<size_t>(
      std::unique(permanentRoots.items, permanentRoots.items + permanentRoots.size) - permanentRoots.items);
  if (isComplete) return;
  main.forEachPermanent([&](Cell* cell) { main.infoOf(cell).clearPermanent(main.unitOf(cell)); });
  permanentRoots.size = 0;
}

// --- sweeping ---------------------------------------------------------------------------------------------------------
// What a run has not handed out was never allocated.
void Heap::Implementation::retireRuns(Heap& owner) {
  auto retire = [this](Space& space, FreeRun& run) {
    for (; run.next != 0 && run.next + run.cellSize <= run.end; run.next += run.cellSize) {
      space.clearLive(run.next);
      handedCells--;
      handedBytes -= run.cellSize;
    }
    run.next = run.end = 0;
  };
  for (FreeRun& run : owner.runs_) retire(main, run);
  for (FreeRun& run : mediumRuns) retire(main, run);
  for (FreeRun& run : shapeRuns) retire(low, run);
}

void Heap::Implementation::sweep(Space& space) {
  statistics.liveBytes += space.sweep(stressPeriod != 0);
  SizeClass* first = &space == &main ? classes : shapeClasses;
  SizeClass* last = &space == &main ? classes + kClasses : shapeClasses + kSmallClasses;
  for (SizeClass* c = first; c < last; c++) {  // drop blocks that went back to the free ones
    size_t kept = 0;
    for (size_t i = 0; i < c->blocks.size; i++)
      if (space.info(c->blocks.items[i]).isSmall()) c->blocks.items[kept++] = c->blocks.items[i];
    c->blocks.size = kept;
  }
}

void Heap::Implementation::runFinalisers() {
  size_t kept = 0;
  for (size_t i = 0; i < finalisable.size; i++) {
    Cell* cell = finalisable.items[i];
    Space& space = *spaceOf(cell);
    if (space.infoOf(cell).isMarked(space.unitOf(cell)))
      finalisable.items[kept++] = cell;
    else
      finaliseCell(cell);
  }
  finalisable.size = kept;
}

void Heap::runAllFinalisers() {
  Implementation& h = *implementation_;
  while (h.finalisable.size > 0) finaliseCell(h.finalisable.items[--h.finalisable.size]);
}

const CollectorStatistics& Heap::statistics() {
  Implementation& h = *implementation_;
  uint64_t waitingCells = 0, waitingBytes = 0;
  auto wait = [&](const FreeRun& run) {
    if (run.next == 0 || run.cellSize == 0) return;
    waitingCells += (run.end - run.next) / run.cellSize;
    waitingBytes += run.end - run.next;
  };
  for (const FreeRun& run : runs_) wait(run);
  for (const FreeRun& run : h.mediumRuns) wait(run);
  for (const FreeRun& run : h.shapeRuns) wait(run);
  h.statistics.allocatedCells = h.handedCells - waitingCells;
  h.statistics.allocatedBytes = h.handedBytes - waitingBytes;
  return h.statistics;
}

void Heap::forEachCell(void (*visit)(Cell*, void*), void* context) {
  implementation_->retireRuns(*this);
  implementation_->main.forEachLive([&](Cell* cell) { visit(cell, context); });
}

// --- roots outside the heap -------------------------------------------------------------------------------------------
RootVector::RootVector() : next_(rootVectors), previous_(nullptr) {
  if (rootVectors != nullptr) rootVectors->previous_ = this;
  rootVectors = this;
}
RootVector::~RootVector() {
  (previous_ == nullptr ? rootVectors : previous_->next_) = next_;
  if (next_ != nullptr) next_->previous_ = previous_;
  std::free(items_);
}
bool RootVector::push(Value v) {
  if (size_ == capacity_) {
    size_t wanted = capacity_ == 0 ? 16 : capacity_ * 2;
    void* grown = std::realloc(static_cast<void*>(items_), wanted * sizeof(Value));
    if (grown == nullptr) return false;
    items_ = static_cast<Value*>(grown);
    capacity_ = wanted;
  }
  items_[size_++] = v;
  return true;
}

void* allocateLeafCell(Thread& thread, size_t bytes, size_t clear) {
  if (bytes > Heap::kSmallLimit) bytesToClear = clear;
  return heap.allocateCell(thread, bytes);
}

Fallible<ValueArray*> allocateArray(Thread& thread, uint64_t length) {
  if (length > Heap::kMaxCellBytes / sizeof(Value)) return raiseMemoryError(thread);
  ValueArray* array = TRY(allocate<ValueArray>(thread, Kind::kValueArray, nullptr, length * sizeof(Value)));
  array->length = length;
  return array;
}
Fallible<ByteArray*> allocateBytes(Thread& thread, uint64_t capacity) {
  if (capacity > Heap::kMaxCellBytes) return raiseMemoryError(thread);
  ByteArray* array = TRY(allocate<ByteArray>(thread, Kind::kByteArray, nullptr, capacity));
  array->capacity = capacity;
  return array;
}

}  // namespace krait
