// What the adaptive layer does, counted: in instrumented programs only (dispatch/instrument.h); elsewhere `recording`
// is never set, and the dispatch loops contain nothing of this.
//
// Of every execution of a family's instruction exactly one of these is true, which is a test (tests/statistics):
//   hit              a form's guard held
//   miss             a form's guard did not hold; the generic instruction then ran in its place and counts no more
//   unspecialisable  the word's last attempt found no form, and the next one is not due yet
//                    or never due again: the place changed its mind too often
//   deferred         the word has not been asked yet: its code is not warm, or it waits for an attempt
#pragma once
#include <array>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "specialize/adapt.h"
#include "specialize/observe.h"

namespace krait {

enum class Miss : uint8_t {
#define MISS(name, text) name,
#include "specialize/misses.def"
#undef MISS
  kCount
};
inline constexpr unsigned kMissCount = static_cast<unsigned>(Miss::kCount);
extern const char* const kMissTexts[];
inline constexpr unsigned kFailureCount = static_cast<unsigned>(Failure::kCount);

enum class Deferral : uint8_t { kNotWarm, kWaiting, kAfterDeopt, kCount };
inline constexpr unsigned kDeferralCount = static_cast<unsigned>(Deferral::kCount);
// Why a form was given up.
enum class Deopt : uint8_t { kMissBudget, kMegamorphic, kClassChanged, kShapeDied, kCount };
inline constexpr unsigned kDeoptCount = static_cast<unsigned>(Deopt::kCount);
extern const char* const kDeferralTexts[];
extern const char* const kDeoptTexts[];

// What happens to words, in the order of canonical instructions.
enum class Transition : uint8_t { kQuickened, kSpecialised, kExtended, kFailed, kDeoptimised, kCount };
inline constexpr unsigned kTransitionCount = static_cast<unsigned>(Transition::kCount);
extern const char* const kTransitionNames[kTransitionCount];

// Transitions over time: as many equal spans as there is room for, each twice as wide whenever the room is used up.
class Timeline {
 public:
  static constexpr unsigned kSpans = 64;
  static constexpr uint64_t kFirstWidth = 10000;  // canonical instructions
  void add(uint64_t at, Transition what);
  uint64_t width() const { return width_; }
  uint64_t at(unsigned span, Transition what) const { return counts_[span][static_cast<unsigned>(what)]; }
  unsigned used() const { return used_; }
  uint64_t last(Transition what) const { return last_[static_cast<unsigned>(what)]; }  // canonical instructions until

 private:
  std::array<std::array<uint64_t, kTransitionCount>, kSpans> counts_{};
  std::array<uint64_t, kTransitionCount> last_{};
  uint64_t width_ = kFirstWidth;
  unsigned used_ = 0;
};

struct Counters {
  uint64_t executed[kAllOpCount];            // by the op that ran; a missed form, not the generic op that continued
  uint64_t canonical[256];                   // by canonical opcode, read from co_code
  uint64_t hits[kAllOpCount];                // by form
  uint64_t misses[kAllOpCount][kMissCount];  // by form
  uint64_t unspecialisable[kAllOpCount][kFailureCount];      // by generic op
  uint64_t deferred[kAllOpCount][kDeferralCount];            // by generic op
  uint64_t successes[kAllOpCount], extensions[kAllOpCount];  // by form
  uint64_t failures[kAllOpCount][kFailureCount];             // by generic op
  uint64_t deopts[kAllOpCount][kDeoptCount];                 // by form
  uint64_t canonicalInstructions, dispatches, cells, bytes, collections;
  Timeline timeline;
};

class Statistics {
 public:
  bool isInstrumented = false;  // the program's loop calls what follows
  bool recording = false;
  // The generic op runs next in place of a form whose guard did not hold.
  bool continues = false;

  // An op begins. Inlined into every handler of the instrumented loops.
  template <Op op>
  void executes(Pc pc) {
    counters_->executed[static_cast<unsigned>(op)]++;
    if (pc == follows_) pairs_[static_cast<unsigned>(previous_) * kAllOpCount + static_cast<unsigned>(op)]++;
    previous_ = op;
    follows_ = pc + wordUnits(op);
    if constexpr (IsForm<op>) {
      counters_->hits[static_cast<unsigned>(op)]++;
    } else if constexpr (kIsFamily<op>) {
      waits(op, pc);
    }
  }
  void executesCanonical(uint8_t opcode) { counters_->canonical[opcode]++; }

  // Guard of the form that ran last did not hold: `guardHeld` when it was the operation itself that gave up.
  void missed(Pc word, Value* sp, Frame* frame, bool guardHeld);
  Op lastOp() const { return previous_; }
  // A counter ran out or a guard did not hold, and the word was `before`, with so many entries.
  struct Before {
    Op own;
    uint16_t entries;
  };
  static Before look(Pc word);
  void warmed(Pc word, Value* sp, Before before);
  void adapted(Pc word, Before before);
  // The word's form was dropped because its class changed, or a shape died.
  void cleared(Pc word, Deopt why);

  void start(Thread& thread);
  void stop(Thread& thread);
  void clear(Thread& thread);
  // What has been counted until now.
  const Counters& counters(Thread& thread);
  // The executions that were unspecialisable, by what the last attempt at the word saw: "BINARY_SUBSCR(list, slice)".
  const std::map<std::string, uint64_t>& unservedOperands() const { return unserved_; }
  uint64_t pair(Op first, Op second) const {
    return pairs_ == nullptr ? 0 : pairs_[static_cast<unsigned>(first) * kAllOpCount + static_cast<unsigned>(second)];
  }

 private:
  void waits(Op generic, Pc word);
  void mark(Transition what) { counters_->timeline.add(thread_->canonicalInstructions - began_, what); }
  void settle();

  Counters* counters_ = nullptr;  // made by start()
  uint64_t* pairs_ = nullptr;     // [first][second]: executed one after the other, the second by falling through
  const Thread* thread_ = nullptr;
  std::map<std::string, uint64_t> unserved_;
  std::unordered_map<Pc, uint64_t*> unservedAt_;  // into unserved_, for words whose last attempt failed
  Op previous_ = Op::kCount;
  Pc follows_ = nullptr;
  uint64_t began_ = 0;  // canonical instructions when recording began, less what was recorded before
  uint64_t settledInstructions_ = 0, settledDispatches_ = 0, settledCells_ = 0, settledBytes_ = 0,
           settledCollections_ = 0;
};
inline Statistics statistics;

// Sums over a canonical instruction: all its operand forms and their specialised forms.
struct FamilyCounts {
  Op base;
  uint64_t executed = 0, hit = 0, miss = 0, deferred = 0, unspecialisable = 0;
  uint64_t successes = 0, extensions = 0, deopts = 0;
  std::array<uint64_t, kMissCount> misses{};
  std::array<uint64_t, kFailureCount> unspecialisableBy{}, failures{};
  std::array<uint64_t, kDeferralCount> deferredBy{};
  std::array<uint64_t, kDeoptCount> deoptsBy{};
};
// Every family that was executed, most often first.
std::vector<FamilyCounts> familyCounts(const Counters& counters);
FamilyCounts total(const std::vector<FamilyCounts>& families);

// Shares of a whole in tenths of a per cent, which add up to exactly 1000 (largest remainder; 0s when all are 0).
std::vector<unsigned> tenths(const std::vector<uint64_t>& parts);

// The table for a terminal, JSON, and the lines that CPython's pystats builds write.
std::string statisticsTable(const Counters& counters);
std::string statisticsJson(const Counters& counters);
std::string statisticsPystats(const Counters& counters);

// sys._stats_on() and its relatives; in instrumented programs only.
Fallible<void> installStatistics(Thread& thread);
// Writes what was counted to the file that -X statistics= names (.json, .txt; else the table), or the table to stderr.
void writeStatistics(Thread& thread, const std::string& path);
inline std::string statisticsPath;

// What an attempt sees: the family, its operands' types, the name it looks up, and why there is no form.
std::string describeAttempt(Pc word, Value* sp);
// Why the guard of `form` at this word did not hold (specialize/miss_reasons.cpp).
Miss missReason(Op form, Pc word, Value* sp, Frame* frame, bool guardHeld);

}  // namespace krait
