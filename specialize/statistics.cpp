// Counts what happens to words, and sums it by canonical instruction.
#include "specialize/statistics.h"

#include <algorithm>
#include <cstdlib>
#include <new>
#include <numeric>

#include "specialize/policy.h"

namespace krait {

const char* const kMissTexts[] = {
#define MISS(name, text) text,
#include "specialize/misses.def"
#undef MISS
};
const char* const kDeferralTexts[] = {"the code is not warm", "waiting for an attempt",
                                      "waiting after a deoptimisation"};
const char* const kDeoptTexts[] = {"miss budget used up", "megamorphic", "its class changed", "its shape died"};
const char* const kTransitionNames[kTransitionCount] = {"quickened", "specialised", "extended", "failed",
                                                        "deoptimised"};
static_assert(std::size(kDeferralTexts) == kDeferralCount && std::size(kDeoptTexts) == kDeoptCount &&
              std::size(kTransitionNames) == kTransitionCount);

namespace {
unsigned index(Op op) { return static_cast<unsigned>(op); }
}  // namespace

void Timeline::add(uint64_t at, Transition what) {
  while (at / width_ >= kSpans) {
    for (unsigned span = 0; span < kSpans; span++) {
      std::array<uint64_t, kTransitionCount> sum{};
      for (unsigned half = 2 * span; half < 2 * span + 2 && half < kSpans; half++)
        for (unsigned t = 0; t < kTransitionCount; t++) sum[t] += counts_[half][t];
      counts_[span] = sum;
    }
    width_ *= 2;
    used_ = (used_ + 1) / 2;
  }
  auto span = static_cast<unsigned>(at / width_);
  counts_[span][static_cast<unsigned>(what)]++;
  last_[static_cast<unsigned>(what)] = at;
  used_ = std::max(used_, span + 1);
}

// --- recording --------------------------------------------------------------------------------------------------------
void Statistics::waits(Op generic, Pc word) {
  unsigned failure = failureAt(word);
  bool isAdaptive = kRelations[index(ownOpAt(word))].kind == OpClass::kAdaptive;
  if (failure == 0 && !isAdaptive)
    counters_->deferred[index(generic)][static_cast<unsigned>(Deferral::kNotWarm)]++;
  else if (failure != 0) {
    counters_->unspecialisable[index(generic)][failure]++;
    auto known = unservedAt_.find(word);
    ++(known != unservedAt_.end()
           ? *known->second
           : unserved_[std::string(kOpNames[index(kBaseOp[index(generic)])]) + ": " + kFailureTexts[failure]]);
  } else
    counters_->deferred[index(generic)]
                       [static_cast<unsigned>(backoffAt(word) == 0 ? Deferral::kWaiting : Deferral::kAfterDeopt)]++;
}

void Statistics::missed(Pc word, Value* sp, Frame* frame, bool guardHeld) {
  Op form = previous_;
  counters_->hits[index(form)]--;
  counters_->misses[index(form)][static_cast<unsigned>(missReason(form, word, sp, frame, guardHeld))]++;
}

Statistics::Before Statistics::look(Pc word) {
  Op own = ownOpAt(word);
  return {own, word[kHeadUnits].slot};
}

void Statistics::warmed(Pc word, Value* sp, Before before) {
  const OpRelation& was = kRelations[index(before.own)];
  if (was.kind == OpClass::kWarmUp) {
    mark(Transition::kQuickened);
  } else if (Op now = ownOpAt(word); kRelations[index(now)].kind == OpClass::kForm) {
    counters_->successes[index(now)]++;
    mark(Transition::kSpecialised);
  } else {
    counters_->failures[index(was.generic)][failureAt(word)]++;
    unservedAt_[word] = &unserved_[describeAttempt(word, sp)];
    mark(Transition::kFailed);
  }
}

void Statistics::adapted(Pc word, Before before) {
  Op now = ownOpAt(word);
  if (kRelations[index(before.own)].kind != OpClass::kForm) return;
  if (kRelations[index(now)].kind == OpClass::kForm) {
    if (now == before.own && word[kHeadUnits].slot == before.entries) return;
    counters_->extensions[index(now)]++;
    mark(Transition::kExtended);
    return;
  }
  bool isMegamorphic = failureAt(word) == static_cast<unsigned>(Failure::kMegamorphic);
  counters_
      ->deopts[index(before.own)][static_cast<unsigned>(isMegamorphic ? Deopt::kMegamorphic : Deopt::kMissBudget)]++;
  mark(Transition::kDeoptimised);
}

void Statistics::cleared(Pc word, Deopt why) {
  Op own = ownOpAt(word);
  if (kRelations[index(own)].kind != OpClass::kForm) return;
  counters_->deopts[index(own)][static_cast<unsigned>(why)]++;
  mark(Transition::kDeoptimised);
}

void Statistics::start(Thread& thread) {
  if (!isInstrumented || recording) return;
  if (counters_ == nullptr) {
    counters_ = static_cast<Counters*>(std::calloc(1, sizeof(Counters)));
    pairs_ = static_cast<uint64_t*>(std::calloc(size_t{kAllOpCount} * kAllOpCount, sizeof(uint64_t)));
    if (counters_ == nullptr || pairs_ == nullptr) std::abort();
    counters_->timeline = Timeline{};
  }
  thread_ = &thread;
  began_ = thread.canonicalInstructions - counters_->canonicalInstructions;
  settledInstructions_ = thread.canonicalInstructions;
  settledDispatches_ = thread.dispatches;
  const CollectorStatistics& heapNow = heap.statistics();
  settledCells_ = heapNow.allocatedCells;
  settledBytes_ = heapNow.allocatedBytes;
  settledCollections_ = heapNow.collections;
  follows_ = nullptr;
  recording = true;
}

// Adds what the thread and the heap have counted since.
void Statistics::settle() {
  if (!recording) return;
  const CollectorStatistics& heapNow = heap.statistics();
  auto add = [](uint64_t& sum, uint64_t now, uint64_t& then) {
    sum += now - then;
    then = now;
  };
  add(counters_->canonicalInstructions, thread_->canonicalInstructions, settledInstructions_);
  add(counters_->dispatches, thread_->dispatches, settledDispatches_);
  add(counters_->cells, heapNow.allocatedCells, settledCells_);
  add(counters_->bytes, heapNow.allocatedBytes, settledBytes_);
  add(counters_->collections, heapNow.collections, settledCollections_);
}

void Statistics::stop(Thread&) {
  settle();
  recording = false;
}

void Statistics::clear(Thread& thread) {
  if (counters_ == nullptr) return;
  bool was = recording;
  recording = false;
  std::memset(static_cast<void*>(counters_), 0, sizeof(Counters));
  counters_->timeline = Timeline{};
  unserved_.clear();
  unservedAt_.clear();
  std::fill_n(pairs_, size_t{kAllOpCount} * kAllOpCount, 0);
  if (was) start(thread);
}

const Counters& Statistics::counters(Thread& thread) {
  if (counters_ == nullptr) {
    start(thread);
    stop(thread);
  }
  settle();
  return *counters_;
}

// --- sums -------------------------------------------------------------------------------------------------------------
std::vector<FamilyCounts> familyCounts(const Counters& counters) {
  std::array<FamilyCounts, kOpCount> sums{};
  std::array<bool, kOpCount> isFamily{};
#define FAMILY(generic) isFamily[index(kBaseOp[index(ops::generic)])] = true;
#include "specialize/families.def"
#undef FAMILY
  for (unsigned op = 0; op < kAllOpCount; op++) {
    OpClass kind = kRelations[op].kind;
    if (kind == OpClass::kFused || !isFamily[index(kBaseOp[op])]) continue;
    FamilyCounts& sum = sums[index(kBaseOp[op])];
    sum.executed += counters.executed[op];
    sum.hit += counters.hits[op];
    sum.successes += counters.successes[op];
    sum.extensions += counters.extensions[op];
    auto add = [](auto& parts, const uint64_t* more) {
      uint64_t all = 0;
      for (size_t i = 0; i < parts.size(); i++) {
        parts[i] += more[i];
        all += more[i];
      }
      return all;
    };
    sum.miss += add(sum.misses, counters.misses[op]);
    sum.unspecialisable += add(sum.unspecialisableBy, counters.unspecialisable[op]);
    sum.deferred += add(sum.deferredBy, counters.deferred[op]);
    sum.deopts += add(sum.deoptsBy, counters.deopts[op]);
    add(sum.failures, counters.failures[op]);
  }
  std::vector<FamilyCounts> families;
  for (unsigned op = 0; op < kOpCount; op++) {
    sums[op].base = static_cast<Op>(op);
    if (sums[op].executed != 0) families.push_back(sums[op]);
  }
  std::sort(families.begin(), families.end(), [](const FamilyCounts& a, const FamilyCounts& b) {
    return a.executed != b.executed ? a.executed > b.executed : a.base < b.base;
  });
  return families;
}

FamilyCounts total(const std::vector<FamilyCounts>& families) {
  FamilyCounts sum{};
  sum.base = Op::kCount;
  auto add = [](auto& parts, const auto& more) {
    for (size_t i = 0; i < parts.size(); i++) parts[i] += more[i];
  };
  for (const FamilyCounts& family : families) {
    sum.executed += family.executed;
    sum.hit += family.hit;
    sum.miss += family.miss;
    sum.deferred += family.deferred;
    sum.unspecialisable += family.unspecialisable;
    sum.successes += family.successes;
    sum.extensions += family.extensions;
    sum.deopts += family.deopts;
    add(sum.misses, family.misses);
    add(sum.unspecialisableBy, family.unspecialisableBy);
    add(sum.failures, family.failures);
    add(sum.deferredBy, family.deferredBy);
    add(sum.deoptsBy, family.deoptsBy);
  }
  return sum;
}

std::vector<unsigned> tenths(const std::vector<uint64_t>& parts) {
  std::vector<unsigned> shares(parts.size(), 0);
  auto whole = std::accumulate(parts.begin(), parts.end(), static_cast<unsigned __int128>(0));
  if (whole == 0) return shares;
  std::vector<std::pair<unsigned __int128, size_t>> remainders;
  unsigned given = 0;
  for (size_t i = 0; i < parts.size(); i++) {
    unsigned __int128 scaled = static_cast<unsigned __int128>(parts[i]) * 1000;
    shares[i] = static_cast<unsigned>(scaled / whole);
    given += shares[i];
    remainders.emplace_back(scaled % whole, i);
  }
  std::sort(remainders.begin(), remainders.end(),
            [](const auto& a, const auto& b) { return a.first != b.first ? a.first > b.first : a.second < b.second; });
  for (size_t i = 0; given < 1000; i++, given++) shares[remainders[i].second]++;
  return shares;
}

}  // namespace krait
