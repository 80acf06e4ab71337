// Which characters can follow at each place of a program where the matcher has a choice.
//
// The answer may name too many characters, never too few: a path that cannot begin with the character at hand is not
// tried at all. It stops where atomic groups and assertions end, because what follows must not influence what they
// take.
#include "vm/modules/sre.h"

namespace krait::sre {
namespace {

class Analysis {
 public:
  explicit Analysis(const Program& program) : program_(program), seen_(program.instructions.size(), 0) {}
  FirstSet from(uint32_t place) {
    FirstSet set{};
    stamp_++;
    budget_ = 300;
    collect(place, set, 0);
    return set;
  }
  void add(FirstSet& set, const Single& single) const {
    if (single.kind == Single::kLiteral) return add(set, single.character);
    for (uint32_t c = 0; c < 256; c++) {
      bool is = single.kind == Single::kSet          ? program_.sets[single.set].latin1[c] != 0
                : single.kind == Single::kAny        ? c != '\n'
                : single.kind == Single::kNotLiteral ? c != single.character
                                                     : true;
      if (is) add(set, c);
    }
    if (single.kind != Single::kSet || mayHaveOthers(program_.sets[single.set])) set.others = true;
  }

 private:
  static void everything(FirstSet& set) {
    for (uint64_t& bits : set.latin1) bits = ~uint64_t{0};
    set.others = set.nothing = true;
  }
  static void add(FirstSet& set, uint32_t c) {
    if (c < 256)
      set.latin1[c >> 6] |= uint64_t{1} << (c & 63);
    else
      set.others = true;
  }
  bool mayHaveOthers(const CharacterSet& set) const {
    if (set.isNegated) return true;
    if (set.meaning == CharacterSet::kAsciiIgnore) return set.value >= 256;
    if (set.meaning == CharacterSet::kCategory) {
      auto category = static_cast<Category>(set.value);
      return category != Category::kDigit && category != Category::kSpace && category != Category::kWord;
    }
    if (set.meaning != CharacterSet::kCodes && set.meaning != CharacterSet::kCodesAsciiIgnore) return true;
    for (const uint32_t* word = program_.words.data() + set.value;;) {
      switch (static_cast<Code>(*word)) {
        case Code::kLiteral:
          if (word[1] >= 256) return true;
          word += 2;
          break;
        case Code::kRange:
          if (word[2] >= 256) return true;
          word += 3;
          break;
        case Code::kCharset: word += 9; break;
        case Code::kCategory: {
          auto category = static_cast<Category>(word[1]);
          if (category != Category::kDigit && category != Category::kSpace && category != Category::kWord) return true;
          word += 2;
          break;
        }
        case Code::kFailure: return false;
        default: return true;
      }
    }
  }

  void collect(uint32_t place, FirstSet& set, int depth) {
    for (;;) {
      if (seen_[place] == stamp_) return;
      if (--budget_ <= 0 || depth > 40) return everything(set);
      seen_[place] = stamp_;
      const Instruction& i = program_.instructions[place];
      switch (i.op) {
        case Op::kFail: return;
        case Op::kMatch:
        case Op::kAssertEnd:
        case Op::kAtomicEnd:
        case Op::kUntilOnly: set.nothing = true; return;
        case Op::kSingle: return add(set, program_.singles[i.a]);
        case Op::kSet: return add(set, Single{Single::kSet, 0, i.a});
        case Op::kLiteral: return add(set, i.a);
        case Op::kString: return add(set, program_.text[i.a]);
        case Op::kAt:
        case Op::kMark: place++; break;
        case Op::kJump:
        case Op::kAssert: place = i.a; break;
        case Op::kBranch:
          for (uint32_t alternative : program_.branches[i.a].alternatives) collect(alternative, set, depth + 1);
          return;
        case Op::kRepeat:
        case Op::kRepeatLazy:
        case Op::kRepeatOnly:
          add(set, program_.repeats[i.a].single);
          if (program_.repeats[i.a].min > 0) return;
          place++;
          break;
        case Op::kLoop:
          if (program_.loops[i.a].min == 0) collect(program_.loops[i.a].tail, set, depth + 1);
          place = program_.loops[i.a].body;
          break;
        case Op::kUntil:
        case Op::kUntilLazy:
          collect(program_.loops[i.a].body, set, depth + 1);
          place = program_.loops[i.a].tail;
          break;
        case Op::kLoopOnly:
        case Op::kAtomic: {
          FirstSet inner{};
          collect(place + 1, inner, depth + 1);
          for (int k = 0; k < 4; k++) set.latin1[k] |= inner.latin1[k];
          set.others |= inner.others;
          bool isOptional = i.op == Op::kLoopOnly && program_.loops[i.a].min == 0;
          if (!inner.nothing && !isOptional) return;
          place = i.op == Op::kAtomic ? i.a : program_.loops[i.a].tail;
          break;
        }
        case Op::kGroupref:
        case Op::kGrouprefAscii:
        case Op::kGrouprefUnicode:
        case Op::kGrouprefLocale: return everything(set);
        case Op::kGrouprefExists:
          collect(i.b, set, depth + 1);
          place++;
          break;
      }
    }
  }

  const Program& program_;
  std::vector<uint32_t> seen_;
  uint32_t stamp_ = 0;
  int budget_ = 0;
};

bool areDisjoint(const FirstSet& a, const FirstSet& b) {
  for (int k = 0; k < 4; k++) {
    if ((a.latin1[k] & b.latin1[k]) != 0) return false;
  }
  return !(a.others && b.others);
}

}  // namespace

void findFirstSets(Program& program) {
  Analysis analysis(program);
  for (uint32_t place = 0; place < program.instructions.size(); place++) {
    const Instruction& i = program.instructions[place];
    if (i.op == Op::kBranch) {
      Branch& branch = program.branches[i.a];
      for (size_t k = 0; k < branch.alternatives.size(); k++) {
        FirstSet set = analysis.from(branch.alternatives[k]);
        uint64_t bit = uint64_t{1} << k;
        for (uint32_t c = 0; c < 256; c++) {
          if (set.nothing || set.has(c)) branch.latin1[c] |= bit;
        }
        if (set.nothing || set.others) branch.others |= bit;
        if (set.nothing) branch.end |= bit;
      }
    } else if (i.op == Op::kRepeat || i.op == Op::kRepeatLazy) {
      Repeat& repeat = program.repeats[i.a];
      FirstSet tail = analysis.from(place + 1);
      if (tail.nothing) continue;
      repeat.tailIsKnown = true;
      repeat.tailOthers = tail.others;
      for (uint32_t c = 0; c < 256; c++) repeat.tail[c] = tail.has(c);
      FirstSet own{};
      analysis.add(own, repeat.single);
      repeat.neverGivesBack = areDisjoint(own, tail);
    }
  }
  if (program.start != Program::kEverywhere) return;
  FirstSet first = analysis.from(0);
  if (first.nothing) return;
  uint32_t count = 0;
  for (uint32_t c = 0; c < 256; c++) {
    program.first[c] = first.has(c);
    if (first.has(c)) {
      program.firstCharacter = c;
      count++;
    }
  }
  program.firstOthers = first.others;
  program.start = count == 1 && !first.others ? Program::kOneCharacter : Program::kFirstSet;
}

}  // namespace krait::sre
