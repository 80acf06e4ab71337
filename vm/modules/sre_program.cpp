// From the code list of re/_compiler.py to a checked program.
#include <new>

#include "vm/errors.h"
#include "vm/modules/sre.h"

namespace krait::sre {
namespace {

class Compiler {
 public:
  Compiler(Thread& thread, Program& program) : thread_(thread), program_(program), words_(program.words) {}
  Fallible<void> compile() {
    if (words_.empty() || word(words_.size() - 1) != Code::kSuccess) return invalid();
    size_t last = words_.size() - 1;
    if (TRY(sequence(0, last)) != last) return invalid();
    emit(Op::kMatch);
    return {};
  }

 private:
  Code word(size_t i) const { return static_cast<Code>(words_[i]); }
  Raised invalid() { return raise(thread_, exceptions.RuntimeError, "invalid SRE code"); }
  uint32_t here() const { return static_cast<uint32_t>(program_.instructions.size()); }
  uint32_t emit(Op op, uint32_t a = 0, uint32_t b = 0, uint32_t c = 0) {
    program_.instructions.push_back({op, a, b, c});
    return here() - 1;
  }
  Instruction& at(uint32_t i) { return program_.instructions[i]; }

  // Where the skip in words_[i] leads; it must lie in (i, end].
  Fallible<size_t> target(size_t i, size_t end) {
    if (i >= end || words_[i] == 0 || words_[i] > end - i) return invalid();
    return i + words_[i];
  }

  // Checks the set whose words begin at `from`; its FAILURE is the last word before `to`.
  Fallible<void> checkCharset(size_t from, size_t to) {
    size_t i = from;
    while (i < to) {
      size_t operands = 0;
      switch (word(i)) {
        case Code::kFailure:
          if (i + 1 != to) return invalid();
          return {};
        case Code::kNegate: break;
        case Code::kLiteral: operands = 1; break;
        case Code::kRange:
        case Code::kRangeUniIgnore: operands = 2; break;
        case Code::kCharset: operands = 8; break;
        case Code::kCategory:
          operands = 1;
          if (i + 1 < to && words_[i + 1] >= static_cast<uint32_t>(Category::kCount)) return invalid();
          break;
        case Code::kBigCharset: {
          if (i + 1 >= to || words_[i + 1] > 256) return invalid();
          uint32_t blocks = words_[i + 1];
          operands = 1 + 64 + blocks * size_t{8};
          if (to - i <= operands) return invalid();
          const auto* numbers = reinterpret_cast<const uint8_t*>(&words_[i + 2]);
          for (int k = 0; k < 256; k++) {
            if (numbers[k] >= blocks) return invalid();
          }
          break;
        }
        default: return invalid();
      }
      if (to - i <= operands) return invalid();
      i += operands + 1;
    }
    return invalid();
  }

  bool dependsOnLocale(const CharacterSet& set) const {
    if (set.meaning == CharacterSet::kCodesLocaleIgnore || set.meaning == CharacterSet::kLocaleIgnore) return true;
    auto isLocal = [](uint32_t category) {
      return category == static_cast<uint32_t>(Category::kLocWord) ||
             category == static_cast<uint32_t>(Category::kLocNotWord);
    };
    if (set.meaning == CharacterSet::kCategory) return isLocal(set.value);
    if (set.meaning == CharacterSet::kAsciiIgnore || set.meaning == CharacterSet::kUnicodeIgnore) return false;
    for (size_t i = set.value;;) {
      switch (word(i)) {
        case Code::kNegate: i++; break;
        case Code::kLiteral: i += 2; break;
        case Code::kRange:
        case Code::kRangeUniIgnore: i += 3; break;
        case Code::kCharset: i += 9; break;
        case Code::kBigCharset: i += 66 + words_[i + 1] * size_t{8}; break;
        case Code::kCategory:
          if (isLocal(words_[i + 1])) return true;
          i += 2;
          break;
        default: return false;
      }
    }
  }
  Single makeSet(CharacterSet::Meaning meaning, uint32_t value, bool isNegated = false) {
    CharacterSet set{meaning, isNegated, value, {}};
    Single::Kind kind = dependsOnLocale(set) ? Single::kDynamic : Single::kSet;
    if (kind == Single::kSet) {
      for (uint32_t c = 0; c < 256; c++) set.latin1[c] = isInSet(program_, set, c);
    }
    program_.sets.push_back(set);
    return {kind, 0, static_cast<uint32_t>(program_.sets.size() - 1)};
  }

  // The one-character matcher at words_[i], if there is one; `i` moves behind it.
  Fallible<bool> single(size_t& i, size_t end, Single& out) {
    using Set = CharacterSet;
    auto literal = [&](Single::Kind kind) -> Fallible<bool> {
      if (i + 1 >= end) return invalid();
      out = {kind, words_[i + 1], 0};
      i += 2;
      return true;
    };
    auto ignoring = [&](Set::Meaning meaning, bool isNegated) -> Fallible<bool> {
      if (i + 1 >= end) return invalid();
      out = makeSet(meaning, words_[i + 1], isNegated);
      i += 2;
      return true;
    };
    auto set = [&](Set::Meaning meaning) -> Fallible<bool> {
      size_t next = TRY(target(i + 1, end));
      TRY(checkCharset(i + 2, next));
      out = makeSet(meaning, static_cast<uint32_t>(i + 2));
      i = next;
      return true;
    };
    switch (word(i)) {
      case Code::kAny:
      case Code::kAnyAll:
        out = {word(i) == Code::kAny ? Single::kAny : Single::kAnyAll, 0, 0};
        i++;
        return true;
      case Code::kLiteral: return literal(Single::kLiteral);
      case Code::kNotLiteral: return literal(Single::kNotLiteral);
      case Code::kLiteralIgnore: return ignoring(Set::kAsciiIgnore, false);
      case Code::kNotLiteralIgnore: return ignoring(Set::kAsciiIgnore, true);
      case Code::kLiteralUniIgnore: return ignoring(Set::kUnicodeIgnore, false);
      case Code::kNotLiteralUniIgnore: return ignoring(Set::kUnicodeIgnore, true);
      case Code::kLiteralLocIgnore: return ignoring(Set::kLocaleIgnore, false);
      case Code::kNotLiteralLocIgnore: return ignoring(Set::kLocaleIgnore, true);
      case Code::kIn: return set(Set::kCodes);
      case Code::kInIgnore: return set(Set::kCodesAsciiIgnore);
      case Code::kInUniIgnore: return set(Set::kCodesUnicodeIgnore);
      case Code::kInLocIgnore: return set(Set::kCodesLocaleIgnore);
      case Code::kCategory:
        if (i + 1 >= end || words_[i + 1] >= static_cast<uint32_t>(Category::kCount)) return invalid();
        out = makeSet(Set::kCategory, words_[i + 1]);
        i += 2;
        return true;
      default: return false;
    }
  }

  void emitSingle(const Single& s) {
    if (s.kind == Single::kSet) {
      emit(Op::kSet, s.set);
    } else {
      program_.singles.push_back(s);
      emit(Op::kSingle, static_cast<uint32_t>(program_.singles.size() - 1));
    }
  }
  size_t literals(size_t i, size_t end) {
    size_t count = 0;
    while (i + 2 * count + 1 < end && word(i + 2 * count) == Code::kLiteral) count++;
    if (count == 1) {
      emit(Op::kLiteral, words_[i + 1]);
    } else {
      emit(Op::kString, static_cast<uint32_t>(program_.text.size()), static_cast<uint32_t>(count));
      for (size_t k = 0; k < count; k++) program_.text.push_back(words_[i + 2 * k + 1]);
    }
    return i + 2 * count;
  }

  Fallible<size_t> repeatOne(size_t i, size_t end, Op op) {
    size_t next = TRY(target(i + 1, end));
    if (next - i < 6 || word(next - 1) != Code::kSuccess || words_[i + 2] > words_[i + 3]) return invalid();
    Repeat repeat{};
    repeat.min = words_[i + 2];
    repeat.max = words_[i + 3];
    size_t body = i + 4;
    if (!TRY(single(body, next - 1, repeat.single)) || body != next - 1) return invalid();
    program_.repeats.push_back(repeat);
    emit(op, static_cast<uint32_t>(program_.repeats.size() - 1));
    return next;
  }

  Fallible<size_t> repeat(size_t i, size_t end) {
    size_t next = TRY(target(i + 1, end));
    if (next >= end || next < i + 4 || words_[i + 2] > words_[i + 3]) return invalid();
    bool isOnly = word(i) == Code::kPossessiveRepeat;
    Code until = word(next);
    if (isOnly ? until != Code::kSuccess : until != Code::kMaxUntil && until != Code::kMinUntil) return invalid();
    auto loop = static_cast<uint32_t>(program_.loops.size());
    program_.loops.push_back({words_[i + 2], words_[i + 3], here() + 1, 0});
    emit(isOnly ? Op::kLoopOnly : Op::kLoop, loop);
    if (TRY(sequence(i + 4, next)) != next) return invalid();
    emit(isOnly ? Op::kUntilOnly : until == Code::kMaxUntil ? Op::kUntil : Op::kUntilLazy, loop);
    program_.loops[loop].tail = here();
    return next + 1;
  }

  // The alternatives from the skip in words_[i] on; `finish` is where they all end, 0 for not known yet.
  Fallible<size_t> branch(size_t i, size_t end, std::vector<uint32_t>& jumps) {
    std::vector<std::pair<size_t, size_t>> parts;
    size_t finish = 0;
    while (i < end && words_[i] != 0) {
      size_t next = TRY(target(i, end));
      if (next - i < 3 || word(next - 2) != Code::kJump) return invalid();
      size_t goal = TRY(target(next - 1, end));
      if (finish != 0 && goal != finish) return invalid();
      finish = goal;
      parts.emplace_back(i + 1, next - 2);
      i = next;
    }
    if (i >= end || (finish != 0 && finish != i + 1)) return invalid();
    if (parts.empty()) emit(Op::kFail);
    for (size_t first = 0; first < parts.size();) {
      size_t count = std::min<size_t>(parts.size() - first, 64);
      bool isLast = first + count == parts.size();
      if (!isLast) count = 63;  // the 64th alternative is the rest of them
      auto number = static_cast<uint32_t>(program_.branches.size());
      program_.branches.emplace_back();
      emit(Op::kBranch, number);
      for (size_t k = first; k < first + count; k++) {
        program_.branches[number].alternatives.push_back(here());
        if (TRY(sequence(parts[k].first, parts[k].second)) != parts[k].second) return invalid();
        jumps.push_back(emit(Op::kJump));
      }
      first += count;
      if (!isLast) program_.branches[number].alternatives.push_back(here());
    }
    return i + 1;
  }

  Fallible<size_t> assertion(size_t i, size_t end) {
    size_t next = TRY(target(i + 1, end));
    if (next - i < 4 || word(next - 1) != Code::kSuccess) return invalid();
    if (words_[i + 2] > 0x7fffffff) return invalid();
    uint32_t assertAt = emit(Op::kAssert, 0, words_[i + 2], word(i) == Code::kAssertNot);
    if (TRY(sequence(i + 3, next - 1)) != next - 1) return invalid();
    emit(Op::kAssertEnd);
    at(assertAt).a = here();
    return next;
  }

  Fallible<size_t> condition(size_t i, size_t end) {
    if (i + 2 >= end || words_[i + 1] >= program_.groups) return invalid();
    uint32_t skip = words_[i + 2];
    if (skip < 2 || skip > end - (i + 1)) return invalid();
    size_t otherwise = i + 1 + skip;
    uint32_t test = emit(Op::kGrouprefExists, words_[i + 1]);
    size_t stopped = TRY(sequence(i + 3, otherwise));
    if (stopped == otherwise) {
      at(test).b = here();
      return otherwise;
    }
    if (stopped + 2 != otherwise) return invalid();  // a JUMP over the other branch
    size_t next = TRY(target(stopped + 1, end));
    if (next < otherwise) return invalid();
    uint32_t jump = emit(Op::kJump);
    at(test).b = here();
    if (TRY(sequence(otherwise, next)) != next) return invalid();
    at(jump).a = here();
    return next;
  }

  // Translates words_[i, end); gives where it stopped: at the end or at a JUMP.
  Fallible<size_t> sequence(size_t i, size_t end) {
    KRAIT_CHECK_NATIVE_STACK(thread_, "");
    while (i < end) {
      if (word(i) == Code::kLiteral && i + 1 < end) {
        i = literals(i, end);
        continue;
      }
      Single one;
      if (TRY(single(i, end, one))) {
        emitSingle(one);
        continue;
      }
      switch (word(i)) {
        case Code::kJump: return i;
        case Code::kFailure:
          emit(Op::kFail);
          i++;
          break;
        case Code::kInfo: i = TRY(target(i + 1, end)); break;
        case Code::kAt:
          if (i + 1 >= end || words_[i + 1] >= static_cast<uint32_t>(At::kCount)) return invalid();
          emit(Op::kAt, words_[i + 1]);
          i += 2;
          break;
        case Code::kMark:
          if (i + 1 >= end || words_[i + 1] / 2 >= program_.groups) return invalid();
          emit(Op::kMark, words_[i + 1]);
          i += 2;
          break;
        case Code::kGroupref:
        case Code::kGrouprefIgnore:
        case Code::kGrouprefUniIgnore:
        case Code::kGrouprefLocIgnore: {
          if (i + 1 >= end || words_[i + 1] >= program_.groups) return invalid();
          Op op = word(i) == Code::kGroupref            ? Op::kGroupref
                  : word(i) == Code::kGrouprefIgnore    ? Op::kGrouprefAscii
                  : word(i) == Code::kGrouprefUniIgnore ? Op::kGrouprefUnicode
                                                        : Op::kGrouprefLocale;
          emit(op, words_[i + 1]);
          i += 2;
          break;
        }
        case Code::kGrouprefExists: i = TRY(condition(i, end)); break;
        case Code::kBranch: {
          std::vector<uint32_t> jumps;
          i = TRY(branch(i + 1, end, jumps));
          for (uint32_t jump : jumps) at(jump).a = here();
          break;
        }
        case Code::kRepeatOne: i = TRY(repeatOne(i, end, Op::kRepeat)); break;
        case Code::kMinRepeatOne: i = TRY(repeatOne(i, end, Op::kRepeatLazy)); break;
        case Code::kPossessiveRepeatOne: i = TRY(repeatOne(i, end, Op::kRepeatOnly)); break;
        case Code::kRepeat:
        case Code::kPossessiveRepeat: i = TRY(repeat(i, end)); break;
        case Code::kAssert:
        case Code::kAssertNot: i = TRY(assertion(i, end)); break;
        case Code::kAtomicGroup: {
          size_t next = TRY(target(i + 1, end));
          if (next - i < 3 || word(next - 1) != Code::kSuccess) return invalid();
          uint32_t atomic = emit(Op::kAtomic);
          if (TRY(sequence(i + 2, next - 1)) != next - 1) return invalid();
          emit(Op::kAtomicEnd);
          at(atomic).a = here();
          i = next;
          break;
        }
        default: return invalid();
      }
    }
    return i;
  }

  Thread& thread_;
  Program& program_;
  const std::vector<uint32_t>& words_;
};

// How far a search can look ahead for the beginning of a match.
void planSearch(Program& program) {
  std::vector<uint32_t> prefix;
  bool hasMarks = false;
  for (const Instruction& i : program.instructions) {
    if (i.op == Op::kMark) {
      hasMarks = true;
    } else if (i.op == Op::kLiteral) {
      prefix.push_back(i.a);
    } else if (i.op == Op::kString) {
      prefix.insert(prefix.end(), &program.text[i.a], &program.text[i.a] + i.b);
    } else {
      program.isLiteral = i.op == Op::kMatch && !hasMarks && !prefix.empty();
      if (i.op == Op::kAt && prefix.empty() &&
          (i.a == static_cast<uint32_t>(At::kBeginning) || i.a == static_cast<uint32_t>(At::kBeginningString))) {
        program.start = Program::kOnlyBeginning;
      }
      break;
    }
  }
  if (prefix.size() < 2 && !program.isLiteral) return;
  program.start = Program::kPrefix;
  program.prefixStart = static_cast<uint32_t>(program.text.size());
  program.prefixLength = static_cast<uint32_t>(prefix.size());
  program.text.insert(program.text.end(), prefix.begin(), prefix.end());
  uint32_t all = 0;
  for (uint32_t c : prefix) all |= c;
  program.prefixIsLatin1 = all < 256;
  if (program.prefixIsLatin1) program.prefixBytes.assign(prefix.begin(), prefix.end());
}

}  // namespace

bool isInSet(const Program& program, const CharacterSet& set, uint32_t c) {
  bool found = false;
  const uint32_t* words = program.words.data() + set.value;
  switch (set.meaning) {
    case CharacterSet::kCodes: found = isInCharset(words, c); break;
    case CharacterSet::kCodesAsciiIgnore: found = isInCharset(words, lowerAscii(c)); break;
    case CharacterSet::kCodesUnicodeIgnore: found = isInCharset(words, lowerUnicode(c)); break;
    case CharacterSet::kCodesLocaleIgnore: {
      uint32_t lower = lowerLocale(c), upper = upperLocale(c);
      found = isInCharset(words, lower) || (upper != lower && isInCharset(words, upper));
      break;
    }
    case CharacterSet::kCategory: found = isInCategory(static_cast<Category>(set.value), c); break;
    case CharacterSet::kAsciiIgnore: found = lowerAscii(c) == set.value; break;
    case CharacterSet::kUnicodeIgnore: found = lowerUnicode(c) == set.value; break;
    case CharacterSet::kLocaleIgnore:
      found = c == set.value || lowerLocale(c) == set.value || upperLocale(c) == set.value;
      break;
  }
  return found != set.isNegated;
}

Fallible<Program*> compileProgram(Thread& thread, std::vector<uint32_t>&& words, uint32_t groups) {
  try {
    auto program = std::make_unique<Program>();
    program->words = std::move(words);
    program->groups = groups;
    TRY(Compiler(thread, *program).compile());
    planSearch(*program);
    findFirstSets(*program);
    return program.release();
  } catch (const std::bad_alloc&) {
    return raiseMemoryError(thread);
  }
}

}  // namespace krait::sre
