// The matcher: runs a program over text, with a stack of its own for the ways back.
//
// Everything that changes while matching (marks, loop counts) leaves an entry that undoes it, so a failure is: take the
// newest entry, do what it says, go on. Nothing recurs natively, whatever the pattern. An assertion, an atomic group
// and a round of a possessive loop stand on a *barrier*: when they have matched, the ways back above it are dropped and
// only what undoes marks is kept.
#include <algorithm>
#include <bit>
#include <cstdlib>
#include <cstring>

#include "vm/errors.h"
#include "vm/modules/sre.h"

namespace krait::sre {
namespace {

constexpr size_t kMaxEntries = size_t{1} << 26;  // 1.5 GiB; then MemoryError
constexpr uint32_t kPollEvery = 1 << 14;         // steps back between two looks at the eval breaker

enum EntryKind : uint32_t {
  kMarkUndo,       // index: mark, a: its old value, b: old lastIndex
  kLoopUndo,       // index: loop, b: old start of the last round; the count goes down by one
  kLoopLeave,      // index: loop, a: old count, b: old start
  kBranchRest,     // index: branch, a: position, b: alternatives left
  kRepeatBack,     // index: instruction, a: lowest position, b: position
  kRepeatMore,     // index: instruction, a: position, b: how many more characters may be taken
  kUntilTail,      // index: loop, a: position, b: old start: the round was not to be; what follows is
  kUntilMore,      // index: loop, a: position: what follows was not to be; another round is
  kAssertBarrier,  // index: instruction, a: position, b: outer barrier
  kAtomicBarrier,  // b: outer barrier
  kRoundBarrier,   // index: loop, a: position, b: outer barrier: a possessive loop that may end here
};

template <class C>
struct Characters {
  const Program& program;
  KRAIT_INLINE bool inSet(uint32_t set, uint32_t c) const {
    const CharacterSet& s = program.sets[set];
    if (sizeof(C) == 1 || c < 256) return s.latin1[c & 255] != 0;
    return isInSet(program, s, c);
  }
  KRAIT_INLINE bool matches(const Single& single, uint32_t c) const {
    switch (single.kind) {
      case Single::kAny: return c != '\n';
      case Single::kAnyAll: return true;
      case Single::kLiteral: return c == single.character;
      case Single::kNotLiteral: return c != single.character;
      case Single::kSet: return inSet(single.set, c);
      case Single::kDynamic: return isInSet(program, program.sets[single.set], c);
    }
    return false;
  }
  static const C* findCharacter(const C* p, const C* limit, uint32_t character) {
    if constexpr (sizeof(C) == 1) {
      if (character > 255 || p >= limit) return limit;
      const void* found = memchr(p, static_cast<int>(character), static_cast<size_t>(limit - p));
      return found == nullptr ? limit : static_cast<const C*>(found);
    } else {
      while (p < limit && *p != character) p++;
      return p;
    }
  }
  // Behind the last of the characters from p on that match one by one.
  const C* run(const Single& single, const C* p, const C* limit) const {
    switch (single.kind) {
      case Single::kAny: return findCharacter(p, limit, '\n');
      case Single::kAnyAll: return limit;
      case Single::kNotLiteral: return findCharacter(p, limit, single.character);
      case Single::kLiteral:
        while (p < limit && *p == single.character) p++;
        return p;
      case Single::kSet: {
        const CharacterSet& set = program.sets[single.set];
        if constexpr (sizeof(C) == 1) {
          while (p < limit && set.latin1[*p]) p++;
        } else {
          while (p < limit && (*p < 256 ? set.latin1[*p] != 0 : isInSet(program, set, *p))) p++;
        }
        return p;
      }
      case Single::kDynamic:
        while (p < limit && matches(single, *p)) p++;
        return p;
    }
    return p;
  }
  // What follows the repeat can begin at p.
  KRAIT_INLINE static bool canFollow(const Repeat& repeat, const C* p, const C* end) {
    if (p >= end) return false;
    if (sizeof(C) == 1 || *p < 256) return repeat.tail[*p & 255];
    return repeat.tailOthers;
  }
};

template <class C>
bool isAt(At at, const C* p, const C* begin, const C* end) {
  auto boundary = [&](Category word) -> int {
    if (begin == end) return -1;  // neither \b nor \B
    bool before = p > begin && isInCategory(word, p[-1]);
    bool behind = p < end && isInCategory(word, *p);
    return before != behind;
  };
  switch (at) {
    case At::kBeginning:
    case At::kBeginningString: return p == begin;
    case At::kBeginningLine: return p == begin || p[-1] == '\n';
    case At::kEnd: return p == end || (end - p == 1 && *p == '\n');
    case At::kEndLine: return p == end || *p == '\n';
    case At::kEndString: return p == end;
    case At::kBoundary: return boundary(Category::kWord) == 1;
    case At::kNonBoundary: return boundary(Category::kWord) == 0;
    case At::kLocBoundary: return boundary(Category::kLocWord) == 1;
    case At::kLocNonBoundary: return boundary(Category::kLocWord) == 0;
    case At::kUniBoundary: return boundary(Category::kUniWord) == 1;
    case At::kUniNonBoundary: return boundary(Category::kUniWord) == 0;
    case At::kCount: break;
  }
  return false;
}

uint32_t withoutCase(Op op, uint32_t c) {
  return op == Op::kGroupref          ? c
         : op == Op::kGrouprefAscii   ? lowerAscii(c)
         : op == Op::kGrouprefUnicode ? lowerUnicode(c)
                                      : lowerLocale(c);
}

// Drops the ways back above the barrier, and the barrier; gives the new number of entries.
size_t dropWaysBack(Entry* entries, size_t barrier, size_t count) {
  size_t kept = barrier;
  for (size_t i = barrier + 1; i < count; i++) {
    if (entries[i].kind == kMarkUndo) entries[kept++] = entries[i];
  }
  return kept;
}

}  // namespace

bool Matcher::grow() {
  if (capacity >= kMaxEntries) return false;
  bool isSmall = entries == small_;
  auto* grown = static_cast<Entry*>(realloc(isSmall ? nullptr : entries, capacity * 2 * sizeof(Entry)));
  if (grown == nullptr) return false;
  if (isSmall) memcpy(grown, small_, sizeof small_);
  entries = grown;
  capacity *= 2;
  return true;
}

// Position, program counter and entries are the state; `fail` pops entries until one says where to go on.
template <class C>
Fallible<int64_t> runProgram(Thread& thread, Matcher& m, const C* text, int64_t start, bool isFirst) {
  const Program& program = *m.program;
  const Characters<C> characters{program};
  const Instruction* const code = program.instructions.data();
  const Instruction* i = code;
  const C* const end = text + m.end;
  const C* p = text + start;
  Entry *top = m.entries, *limit = m.entries + m.capacity;
  ptrdiff_t barrier = -1;
  uint32_t budget = kPollEvery;
  int64_t* const counts = m.counts;

  auto place = [](const C* where) { return static_cast<int64_t>(reinterpret_cast<intptr_t>(where)); };
  auto pointer = [](int64_t where) { return reinterpret_cast<const C*>(static_cast<intptr_t>(where)); };
#define KRAIT_PUSH(...)                               \
  do {                                                \
    if (top == limit) [[unlikely]] {                  \
      size_t used = m.capacity;                       \
      if (!m.grow()) return raiseMemoryError(thread); \
      top = m.entries + used;                         \
      limit = m.entries + m.capacity;                 \
    }                                                 \
    *top++ = Entry{__VA_ARGS__};                      \
  } while (false)

  for (;;) {
    switch (i->op) {
      case Op::kFail: goto fail;
      case Op::kMatch:
        if (m.isFullMatch && p != end) goto fail;
        if (isFirst && m.mustAdvance && p == text + start) goto fail;
        return static_cast<int64_t>(p - text);
      case Op::kSingle:
        if (p >= end || !characters.matches(program.singles[i->a], *p)) goto fail;
        p++, i++;
        continue;
      case Op::kLiteral:
        if (p >= end || *p != i->a) goto fail;
        p++, i++;
        continue;
      case Op::kSet:
        if (p >= end || !characters.inSet(i->a, *p)) goto fail;
        p++, i++;
        continue;
      case Op::kString: {
        const uint32_t* wanted = program.text.data() + i->a;
        if (end - p < static_cast<ptrdiff_t>(i->b)) goto fail;
        for (uint32_t k = 0; k < i->b; k++) {
          if (p[k] != wanted[k]) goto fail;
        }
        p += i->b;
        i++;
        continue;
      }
      case Op::kAt:
        if (!isAt(static_cast<At>(i->a), p, text, end)) goto fail;
        i++;
        continue;
      case Op::kMark:
        KRAIT_PUSH(kMarkUndo, i->a, m.marks[i->a], m.lastIndex);
        m.marks[i->a] = p - text;
        if (i->a & 1) m.lastIndex = i->a / 2 + 1;
        i++;
        continue;
      case Op::kJump: i = code + i->a; continue;
      case Op::kBranch: {
        const Branch& branch = program.branches[i->a];
        uint64_t open = p >= end ? branch.end : sizeof(C) == 1 || *p < 256 ? branch.latin1[*p & 255] : branch.others;
        if (open == 0) goto fail;
        uint64_t rest = open & (open - 1);
        if (rest != 0) KRAIT_PUSH(kBranchRest, i->a, place(p), static_cast<int64_t>(rest));
        i = code + branch.alternatives[static_cast<size_t>(std::countr_zero(open))];
        continue;
      }
      case Op::kRepeat: {
        const Repeat& repeat = program.repeats[i->a];
        if (end - p < static_cast<ptrdiff_t>(repeat.min)) goto fail;
        const C* last = end - p > static_cast<ptrdiff_t>(repeat.max) ? p + repeat.max : end;
        const C* q = characters.run(repeat.single, p, last);
        if (q - p < static_cast<ptrdiff_t>(repeat.min)) goto fail;
        const C* lowest = p + repeat.min;
        if (repeat.tailIsKnown) {
          if (repeat.neverGivesBack) lowest = q;
          while (!characters.canFollow(repeat, q, end)) {
            if (q == lowest) goto fail;
            q--;
          }
        }
        if (q > lowest) KRAIT_PUSH(kRepeatBack, static_cast<uint32_t>(i - code), place(lowest), place(q - 1));
        p = q;
        i++;
        continue;
      }
      case Op::kRepeatLazy: {
        const Repeat& repeat = program.repeats[i->a];
        if (end - p < static_cast<ptrdiff_t>(repeat.min)) goto fail;
        if (repeat.min > 0 && characters.run(repeat.single, p, p + repeat.min) != p + repeat.min) goto fail;
        p += repeat.min;
        int64_t more = std::min<int64_t>(repeat.max - repeat.min, end - p);
        if (repeat.tailIsKnown) {
          while (!characters.canFollow(repeat, p, end)) {
            if (more == 0 || !characters.matches(repeat.single, *p)) goto fail;
            p++, more--;
          }
        }
        if (more > 0) KRAIT_PUSH(kRepeatMore, static_cast<uint32_t>(i - code), place(p), more);
        i++;
        continue;
      }
      case Op::kRepeatOnly: {
        const Repeat& repeat = program.repeats[i->a];
        if (end - p < static_cast<ptrdiff_t>(repeat.min)) goto fail;
        const C* last = end - p > static_cast<ptrdiff_t>(repeat.max) ? p + repeat.max : end;
        const C* q = characters.run(repeat.single, p, last);
        if (q - p < static_cast<ptrdiff_t>(repeat.min)) goto fail;
        p = q;
        i++;
        continue;
      }
      case Op::kLoop: {
        int64_t* count = counts + 2 * i->a;
        KRAIT_PUSH(kLoopLeave, i->a, count[0], count[1]);
        count[0] = -1;
        count[1] = 0;
        i = code + program.loops[i->a].tail - 1;  // kUntil or kUntilLazy
        continue;
      }
      case Op::kUntil: {
        const Loop& loop = program.loops[i->a];
        int64_t* count = counts + 2 * i->a;
        int64_t rounds = count[0] + 1;
        if (rounds < loop.min) {
          KRAIT_PUSH(kLoopUndo, i->a, 0, count[1]);
          count[0] = rounds;
          i = code + loop.body;
        } else if ((rounds < loop.max || loop.max == kMaxRepeat) && place(p) != count[1]) {
          KRAIT_PUSH(kUntilTail, i->a, place(p), count[1]);
          count[0] = rounds;
          count[1] = place(p);
          i = code + loop.body;
        } else {
          i++;
        }
        if (--budget == 0) [[unlikely]] {
          budget = kPollEvery;
          TRY(pollEvalBreaker(thread));
        }
        continue;
      }
      case Op::kUntilLazy: {
        const Loop& loop = program.loops[i->a];
        int64_t* count = counts + 2 * i->a;
        if (count[0] + 1 < loop.min) {
          KRAIT_PUSH(kLoopUndo, i->a, 0, count[1]);
          count[0]++;
          i = code + loop.body;
          continue;
        }
        KRAIT_PUSH(kUntilMore, i->a, place(p), 0);
        i++;
        continue;
      }
      case Op::kLoopOnly:
        counts[2 * i->a] = 0;
        counts[2 * i->a + 1] = 0;
        goto nextRound;
      case Op::kUntilOnly: {
        const Entry& base = m.entries[barrier];
        size_t outer = static_cast<size_t>(barrier);
        barrier = static_cast<ptrdiff_t>(base.b);
        top = m.entries + dropWaysBack(m.entries, outer, static_cast<size_t>(top - m.entries));
        counts[2 * i->a]++;
        if (--budget == 0) [[unlikely]] {
          budget = kPollEvery;
          TRY(pollEvalBreaker(thread));
        }
      }
      nextRound : {
        const Loop& loop = program.loops[i->a];
        int64_t* count = counts + 2 * i->a;
        if (count[0] < loop.min) {
          KRAIT_PUSH(kAtomicBarrier, 0, 0, barrier);
        } else if ((count[0] < loop.max || loop.max == kMaxRepeat) && place(p) != count[1]) {
          KRAIT_PUSH(kRoundBarrier, i->a, place(p), barrier);
          count[1] = place(p);
        } else {
          i = code + loop.tail;
          continue;
        }
        barrier = top - m.entries - 1;
        i = code + loop.body;
        continue;
      }
      case Op::kAssert:
        if (p - text < static_cast<ptrdiff_t>(i->b)) {
          if (i->c == 0) goto fail;
          i = code + i->a;
          continue;
        }
        KRAIT_PUSH(kAssertBarrier, static_cast<uint32_t>(i - code), place(p), barrier);
        barrier = top - m.entries - 1;
        p -= i->b;
        i++;
        continue;
      case Op::kAssertEnd: {
        Entry base = m.entries[barrier];
        size_t outer = static_cast<size_t>(barrier);
        barrier = static_cast<ptrdiff_t>(base.b);
        const Instruction& assertion = code[base.index];
        if (assertion.c != 0) {  // it must not match: as if nothing of it had been
          for (Entry* entry = top - 1; entry > m.entries + outer; entry--) {
            if (entry->kind == kMarkUndo) {
              m.marks[entry->index] = entry->a;
              m.lastIndex = entry->b;
            }
          }
          top = m.entries + outer;
          goto fail;
        }
        top = m.entries + dropWaysBack(m.entries, outer, static_cast<size_t>(top - m.entries));
        p = pointer(base.a);
        i = code + assertion.a;
        continue;
      }
      case Op::kAtomic:
        KRAIT_PUSH(kAtomicBarrier, 0, 0, barrier);
        barrier = top - m.entries - 1;
        i++;
        continue;
      case Op::kAtomicEnd: {
        size_t outer = static_cast<size_t>(barrier);
        barrier = static_cast<ptrdiff_t>(m.entries[outer].b);
        top = m.entries + dropWaysBack(m.entries, outer, static_cast<size_t>(top - m.entries));
        i++;
        continue;
      }
      case Op::kGroupref:
      case Op::kGrouprefAscii:
      case Op::kGrouprefUnicode:
      case Op::kGrouprefLocale: {
        int64_t from = m.marks[2 * i->a], to = m.marks[2 * i->a + 1];
        if (from < 0 || to < from || end - p < to - from) goto fail;
        const C* group = text + from;
        if (i->op == Op::kGroupref) {
          if (memcmp(group, p, static_cast<size_t>(to - from) * sizeof(C)) != 0) goto fail;
        } else {
          for (int64_t k = 0; k < to - from; k++) {
            if (withoutCase(i->op, group[k]) != withoutCase(i->op, p[k])) goto fail;
          }
        }
        p += to - from;
        i++;
        continue;
      }
      case Op::kGrouprefExists: {
        int64_t from = m.marks[2 * i->a], to = m.marks[2 * i->a + 1];
        i = from < 0 || to < from ? code + i->b : i + 1;
        continue;
      }
    }
  fail:
    if (--budget == 0) [[unlikely]] {
      budget = kPollEvery;
      TRY(pollEvalBreaker(thread));
    }
    if (top == m.entries) return int64_t{-1};
    Entry& entry = *--top;
    switch (entry.kind) {
      case kMarkUndo:
        m.marks[entry.index] = entry.a;
        m.lastIndex = entry.b;
        goto fail;
      case kLoopUndo:
        counts[2 * entry.index]--;
        counts[2 * entry.index + 1] = entry.b;
        goto fail;
      case kLoopLeave:
        counts[2 * entry.index] = entry.a;
        counts[2 * entry.index + 1] = entry.b;
        goto fail;
      case kBranchRest: {
        auto open = static_cast<uint64_t>(entry.b), rest = open & (open - 1);
        p = pointer(entry.a);
        i = code + program.branches[entry.index].alternatives[static_cast<size_t>(std::countr_zero(open))];
        if (rest != 0) {
          entry.b = static_cast<int64_t>(rest);
          top++;
        }
        continue;
      }
      case kRepeatBack: {
        i = code + entry.index;
        const Repeat& repeat = program.repeats[i->a];
        const C *lowest = pointer(entry.a), *q = pointer(entry.b);
        if (repeat.tailIsKnown) {
          while (!characters.canFollow(repeat, q, end)) {
            if (q == lowest) goto fail;
            q--;
          }
        }
        if (q > lowest) {
          entry.b = place(q - 1);
          top++;
        }
        p = q;
        i++;
        continue;
      }
      case kRepeatMore: {
        i = code + entry.index;
        const Repeat& repeat = program.repeats[i->a];
        int64_t more = entry.b;
        p = pointer(entry.a);
        do {
          if (more == 0 || !characters.matches(repeat.single, *p)) goto fail;
          p++, more--;
        } while (repeat.tailIsKnown && !characters.canFollow(repeat, p, end));
        if (more > 0) {
          entry.a = place(p);
          entry.b = more;
          top++;
        }
        i++;
        continue;
      }
      case kUntilTail:
        counts[2 * entry.index]--;
        counts[2 * entry.index + 1] = entry.b;
        p = pointer(entry.a);
        i = code + program.loops[entry.index].tail;
        continue;
      case kUntilMore: {
        const Loop& loop = program.loops[entry.index];
        int64_t* count = counts + 2 * entry.index;
        int64_t rounds = count[0] + 1;
        if ((rounds >= loop.max && loop.max != kMaxRepeat) || entry.a == count[1]) goto fail;
        p = pointer(entry.a);
        entry = Entry{kLoopUndo, entry.index, 0, count[1]};
        top++;
        count[0] = rounds;
        count[1] = place(p);
        i = code + loop.body;
        continue;
      }
      case kAssertBarrier: {
        barrier = static_cast<ptrdiff_t>(entry.b);
        const Instruction& assertion = code[entry.index];
        if (assertion.c == 0) goto fail;
        p = pointer(entry.a);
        i = code + assertion.a;
        continue;
      }
      case kAtomicBarrier: barrier = static_cast<ptrdiff_t>(entry.b); goto fail;
      case kRoundBarrier:
        barrier = static_cast<ptrdiff_t>(entry.b);
        p = pointer(entry.a);
        i = code + program.loops[entry.index].tail;
        continue;
      default: goto fail;
    }
  }
#undef KRAIT_PUSH
}

// --- searching --------------------------------------------------------------------------------------------------------
namespace {

// The first place from p on where the text goes on as the program's prefix does, or null.
template <class C>
const C* findPrefix(const Program& program, const C* p, const C* end) {
  size_t length = program.prefixLength;
  if (static_cast<size_t>(end - p) < length) return nullptr;
  if constexpr (sizeof(C) == 1) {
    if (!program.prefixIsLatin1) return nullptr;
    return static_cast<const C*>(memmem(p, static_cast<size_t>(end - p), program.prefixBytes.data(), length));
  } else {
    const uint32_t* prefix = program.text.data() + program.prefixStart;
    for (const C* last = end - length; p <= last; p++) {
      p = Characters<C>::findCharacter(p, last + 1, prefix[0]);
      if (p > last) return nullptr;
      size_t k = 1;
      while (k < length && p[k] == prefix[k]) k++;
      if (k == length) return p;
    }
    return nullptr;
  }
}

}  // namespace

template <class C>
Fallible<bool> Matcher::searchIn(Thread& thread, const C* in) {
  const Program& program = *this->program;
  const C *begin = in + start, *p = begin, *limit = in + end;
  if (program.isLiteral) {
    p = findPrefix(program, p, limit);
    if (p == nullptr) return false;
    matchStart = p - in;
    matchEnd = matchStart + program.prefixLength;
    return true;
  }
  uint32_t budget = kPollEvery;
  for (;; p++) {
    switch (program.start) {
      case Program::kEverywhere:
        if (p > limit) return false;
        break;
      case Program::kOnlyBeginning:
        if (p != in) return false;
        break;
      case Program::kOneCharacter:
        p = Characters<C>::findCharacter(p, limit, program.firstCharacter);
        if (p >= limit) return false;
        break;
      case Program::kFirstSet:
        if constexpr (sizeof(C) == 1) {
          while (p < limit && !program.first[*p]) p++;
        } else {
          while (p < limit && !(*p < 256 ? program.first[*p] != 0 : program.firstOthers)) p++;
        }
        if (p >= limit) return false;
        break;
      case Program::kPrefix:
        if (p > limit) return false;
        p = findPrefix(program, p, limit);
        if (p == nullptr) return false;
        break;
    }
    int64_t found = TRY(runProgram(thread, *this, in, p - in, p == begin));
    if (found >= 0) {
      matchStart = p - in;
      matchEnd = found;
      return true;
    }
    if (--budget == 0) {
      budget = kPollEvery;
      TRY(pollEvalBreaker(thread));
    }
  }
}

void Matcher::clearMarks() {
  lastIndex = -1;
  for (uint32_t k = 0; k < program->groups * 2; k++) marks[k] = -1;
}

Fallible<void> Matcher::prepare(Thread& thread) {
  size_t groups = program->groups * size_t{2}, loops = program->loops.size() * 2;
  int64_t* numbers = smallMarks_;
  if (groups + loops > kSmallMarks) {
    numbers_ = static_cast<int64_t*>(calloc(groups + loops, sizeof(int64_t)));
    if (numbers_ == nullptr) return raiseMemoryError(thread);
    numbers = numbers_;
  } else {
    memset(smallMarks_, 0, sizeof smallMarks_);
  }
  marks = numbers;
  counts = numbers + groups;
  return {};
}

Matcher::~Matcher() {
  if (entries != small_) free(entries);
  free(numbers_);
}

Fallible<bool> Matcher::match(Thread& thread) {
  clearMarks();
  if (start > end) {
    if (isFullMatch) return false;
    end = start;
  }
  auto at = [&](const auto* in) { return runProgram(thread, *this, in, start, true); };
  int64_t found = TRY(width == 1   ? at(static_cast<const uint8_t*>(text))
                      : width == 2 ? at(static_cast<const uint16_t*>(text))
                                   : at(static_cast<const uint32_t*>(text)));
  matchStart = start;
  matchEnd = found;
  return found >= 0;
}

Fallible<bool> Matcher::search(Thread& thread) {
  clearMarks();
  if (start > end) return false;
  switch (width) {
    case 1: return searchIn(thread, static_cast<const uint8_t*>(text));
    case 2: return searchIn(thread, static_cast<const uint16_t*>(text));
    default: return searchIn(thread, static_cast<const uint32_t*>(text));
  }
}

bool Matcher::groupSpan(uint32_t group, int64_t& from, int64_t& to) const {
  if (group == 0) {
    from = matchStart;
    to = matchEnd;
    return true;
  }
  from = marks[2 * group - 2];
  to = marks[2 * group - 1];
  if (from >= 0 && to >= from) return true;
  from = to = -1;
  return false;
}

}  // namespace krait::sre
