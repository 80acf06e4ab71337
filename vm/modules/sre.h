// Regular expressions: the program that a code list of re/_compiler.py becomes, and the matcher that runs it.
//
// re/_compiler.py hands over a list of 32-bit words (re/_constants.py names them). compileProgram() checks every word
// of it and writes a program of its own: jumps become indices, runs of literals one comparison, character sets a table
// for Latin-1 and a question for the rest, and each place where the matcher can choose learns which characters can
// follow. Running the words as they are was rejected: each of them would have to be doubted at every step.
//
//   a(?:b|cd)*e      0 literal a      loop 0: body 2, tail 7      branch 0: {3: b, 5: c}
//                    1 enter loop 0
//                    2 branch 0
//                    3 literal b;  4 jump 6
//                    5 string "cd"
//                    6 until loop 0
//                    7 literal e;  8 match
#pragma once
#include <cstdint>
#include <memory>
#include <vector>

#include "vm/builtins/type.h"
#include "vm/heap.h"

namespace krait {
struct List;
struct Tuple;
}  // namespace krait

namespace krait::sre {

// The words of the code lists, in the order of re/_constants.py.
enum class Code : uint32_t {
  kFailure,
  kSuccess,
  kAny,
  kAnyAll,
  kAssert,
  kAssertNot,
  kAt,
  kBranch,
  kCategory,
  kCharset,
  kBigCharset,
  kGroupref,
  kGrouprefExists,
  kIn,
  kInfo,
  kJump,
  kLiteral,
  kMark,
  kMaxUntil,
  kMinUntil,
  kNotLiteral,
  kNegate,
  kRange,
  kRepeat,
  kRepeatOne,
  kSubpattern,
  kMinRepeatOne,
  kAtomicGroup,
  kPossessiveRepeat,
  kPossessiveRepeatOne,
  kGrouprefIgnore,
  kInIgnore,
  kLiteralIgnore,
  kNotLiteralIgnore,
  kGrouprefLocIgnore,
  kInLocIgnore,
  kLiteralLocIgnore,
  kNotLiteralLocIgnore,
  kGrouprefUniIgnore,
  kInUniIgnore,
  kLiteralUniIgnore,
  kNotLiteralUniIgnore,
  kRangeUniIgnore,
};
enum class At : uint32_t {
  kBeginning,
  kBeginningLine,
  kBeginningString,
  kBoundary,
  kNonBoundary,
  kEnd,
  kEndLine,
  kEndString,
  kLocBoundary,
  kLocNonBoundary,
  kUniBoundary,
  kUniNonBoundary,
  kCount,
};
enum class Category : uint32_t {
  kDigit,
  kNotDigit,
  kSpace,
  kNotSpace,
  kWord,
  kNotWord,
  kLinebreak,
  kNotLinebreak,
  kLocWord,
  kLocNotWord,
  kUniDigit,
  kUniNotDigit,
  kUniSpace,
  kUniNotSpace,
  kUniWord,
  kUniNotWord,
  kUniLinebreak,
  kUniNotLinebreak,
  kCount,
};
inline constexpr uint32_t kMagic = 20220615, kMaxRepeat = 0xffffffff, kMaxGroups = 0x3fffffff;
enum Flag : uint32_t {
  kTemplate = 1,
  kIgnoreCase = 2,
  kLocale = 4,
  kMultiline = 8,
  kDotAll = 16,
  kUnicode = 32,
  kVerbose = 64,
  kDebug = 128,
  kAscii = 256,
};

// --- characters -------------------------------------------------------------------------------------------------------
inline uint32_t lowerAscii(uint32_t c) { return c >= 'A' && c <= 'Z' ? c + 32 : c; }
uint32_t lowerUnicode(uint32_t c);
uint32_t upperUnicode(uint32_t c);
uint32_t lowerLocale(uint32_t c);  // asks the C library's locale, as the LOCALE flag promises
uint32_t upperLocale(uint32_t c);
bool isInCategory(Category category, uint32_t c);
// Whether the set whose words begin at `set` and end with FAILURE contains c. The words have been checked.
bool isInCharset(const uint32_t* set, uint32_t c);

// What matches one character.
struct Single {
  enum Kind : uint8_t { kAny, kAnyAll, kLiteral, kNotLiteral, kSet, kDynamic };
  Kind kind;           // kDynamic depends on the locale of the moment
  uint32_t character;  // kLiteral, kNotLiteral
  uint32_t set;        // kSet, kDynamic: index into Program::sets
};
struct CharacterSet {
  enum Meaning : uint8_t {
    kCodes,             // contains(words, c)
    kCodesAsciiIgnore,  // contains(words, lower(c))
    kCodesUnicodeIgnore,
    kCodesLocaleIgnore,  // contains(words, lower(c)) or contains(words, upper(c))
    kCategory,
    kAsciiIgnore,  // lower(c) == value
    kUnicodeIgnore,
    kLocaleIgnore,
  };
  Meaning meaning;
  bool isNegated;
  uint32_t value;       // where the words begin in Program::words; a category; a character
  uint8_t latin1[256];  // 1: contained. Not for kDynamic.
};

// Which characters a match from some place on can begin with: never too few.
struct FirstSet {
  uint64_t latin1[4];
  bool others;   // characters from 256 on
  bool nothing;  // it may also match without a character
  bool has(uint32_t c) const { return c < 256 ? latin1[c >> 6] >> (c & 63) & 1 : others; }
};

// --- programs ---------------------------------------------------------------------------------------------------------
enum class Op : uint32_t {
  kFail,
  kMatch,
  kSingle,      // a: singles
  kLiteral,     // a: character
  kSet,         // a: sets
  kString,      // a: start in Program::text, b: length
  kAt,          // a: At
  kMark,        // a: mark
  kJump,        // a: to
  kBranch,      // a: branches
  kRepeat,      // a: repeats; greedy
  kRepeatLazy,  // a: repeats
  kRepeatOnly,  // a: repeats; possessive
  kLoop,        // a: loops: enters it
  kUntil,       // a: loops: end of its body, greedy
  kUntilLazy,   // a: loops
  kLoopOnly,    // a: loops: enters a possessive one
  kUntilOnly,   // a: loops: end of its body
  kAssert,      // a: where to go on, b: characters to step back, c: 1 when it must not match
  kAssertEnd,   // end of what kAssert looks for
  kAtomic,      // begins an atomic group; a: what follows it
  kAtomicEnd,
  kGroupref,       // a: group
  kGrouprefAscii,  // a: group; without regard to case
  kGrouprefUnicode,
  kGrouprefLocale,
  kGrouprefExists,  // a: group, b: where to go when it has not matched
};
struct Instruction {
  Op op;
  uint32_t a, b, c;
};
struct Repeat {  // of one character
  Single single;
  uint32_t min, max;
  bool neverGivesBack;  // what follows cannot begin with a character that this matches
  bool tailIsKnown;     // `tail` says something: it has to begin with a character
  uint8_t tail[256];    // 1: what follows can begin with it
  bool tailOthers;
};
struct Loop {
  uint32_t min, max, body, tail;
};
struct Branch {  // of at most 64 alternatives; longer ones are chains
  std::vector<uint32_t> alternatives;
  uint64_t latin1[256];  // alternatives that may match from this character on
  uint64_t others, end;  // ... from characters above, and where the text ends
};
struct Program {
  std::vector<uint32_t> words;  // the code list, as it came
  std::vector<Instruction> instructions;
  std::vector<Single> singles;
  std::vector<CharacterSet> sets;
  std::vector<Repeat> repeats;
  std::vector<Loop> loops;
  std::vector<Branch> branches;
  std::vector<uint32_t> text;
  uint32_t groups = 0;
  // How searching goes ahead.
  enum Start : uint8_t { kEverywhere, kOnlyBeginning, kOneCharacter, kFirstSet, kPrefix };
  Start start = kEverywhere;
  bool isLiteral = false;                      // nothing but the prefix
  uint32_t prefixStart = 0, prefixLength = 0;  // in `text`
  bool prefixIsLatin1 = false;
  std::vector<uint8_t> prefixBytes;  // then, the same as bytes
  uint32_t firstCharacter = 0;
  uint8_t first[256] = {};
  bool firstOthers = false;
};
// Null with RuntimeError when the words make no sense, or MemoryError.
Fallible<Program*> compileProgram(Thread& thread, std::vector<uint32_t>&& words, uint32_t groups);
bool isInSet(const Program& program, const CharacterSet& set, uint32_t c);
// The analysis that compileProgram ends with.
void findFirstSets(Program& program);

// --- matching ---------------------------------------------------------------------------------------------------------
struct Entry {  // a way back, or what to undo on it
  uint32_t kind, index;
  int64_t a, b;
};
// One text being searched with one program. Results stay valid until the next call.
struct Matcher {
  const Program* program = nullptr;
  const void* text = nullptr;  // `length` characters of `width` bytes
  uint32_t width = 1;
  int64_t length = 0;
  int64_t start = 0, end = 0;  // characters: where to begin, where the text counts as ended
  bool isFullMatch = false;
  bool mustAdvance = false;  // an empty match at `start` does not count
  int64_t matchStart = 0, matchEnd = 0;
  int64_t lastIndex = -1;
  int64_t* marks = nullptr;  // two a group, -1: not set
  ~Matcher();
  Matcher() = default;
  Matcher(const Matcher&) = delete;
  Matcher& operator=(const Matcher&) = delete;
  // Once, after the fields above are set.
  Fallible<void> prepare(Thread& thread);
  Fallible<bool> match(Thread& thread);   // at `start`
  Fallible<bool> search(Thread& thread);  // from `start` on
  // Goes on behind the match that was found.
  void advance() {
    mustAdvance = matchEnd == matchStart;
    start = matchEnd;
  }
  bool groupSpan(uint32_t group, int64_t& from, int64_t& to) const;  // false: has not matched; 0 is the whole

  // The matcher's own.
  Entry* entries = small_;
  size_t capacity = kSmallEntries;
  int64_t* counts = nullptr;  // two a loop: count, where the last round began
  bool grow();

 private:
  template <class C>
  Fallible<bool> searchIn(Thread& thread, const C* text);
  void clearMarks();
  static constexpr size_t kSmallEntries = 48, kSmallMarks = 24;
  Entry small_[kSmallEntries];
  int64_t smallMarks_[kSmallMarks];
  int64_t* numbers_ = nullptr;
};
// The end of a match at `start`, or -1; `isFirst`: mustAdvance counts here.
template <class C>
Fallible<int64_t> runProgram(Thread& thread, Matcher& matcher, const C* text, int64_t start, bool isFirst);

// --- objects ----------------------------------------------------------------------------------------------------------
struct Pattern : NativeObject {
  Field<Value> pattern;  // str, bytes or None
  Field<Dict*> groupIndex;
  Field<Tuple*> indexGroup;
  Program* program;
  uint32_t patternFlags;
  int8_t isBytes;  // -1: takes both
};
struct Match : NativeObject {
  Field<Pattern*> pattern;
  Field<Value> string, regs;
  int64_t pos, endpos, lastIndex;
  uint32_t groups;  // the whole match included
  int64_t spans[];  // two a group
};
struct Classes {
  Type *pattern, *match, *scanner;
};
inline Classes classes;  // roots

// The text of a str or a bytes-like object; while it is open, the memory of the object cannot move.
class Subject {
 public:
  // TypeError when it is neither, or not what the pattern wants.
  Fallible<void> open(Thread& thread, const Pattern* pattern, Value string);
  ~Subject();
  Subject() = default;
  Subject(const Subject&) = delete;
  Subject& operator=(const Subject&) = delete;
  const void* text = nullptr;
  uint32_t width = 1;
  int64_t length = 0;
  Value string = Value::none();
  bool isBytes = false;

 private:
  Value guard_ = Value::unbound();
};
// string[from:to] as matches give it: str or bytes.
Fallible<Value> slice(Thread& thread, Value string, int64_t from, int64_t to);
// Sets a matcher to work on string[pos:endpos].
Fallible<void> aim(Thread& thread, Matcher& matcher, const Pattern* pattern, const Subject& subject, int64_t pos,
                   int64_t endpos);
Fallible<Value> makeMatch(Thread& thread, Pattern* pattern, const Matcher& matcher, Value string, int64_t pos,
                          int64_t endpos);
Fallible<Value> makeScanner(Thread& thread, Pattern* pattern, Value string, int64_t pos, int64_t endpos);
void addPatternType(Thread& thread);
void addMatchType(Thread& thread);
void addScannerType(Thread& thread);

}  // namespace krait::sre
