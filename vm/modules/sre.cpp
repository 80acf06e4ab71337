// Module _sre: what the package re builds on.
#include <limits>
#include <new>

#include "vm/builtins/bytes.h"
#include "vm/builtins/dict.h"
#include "vm/builtins/int.h"
#include "vm/builtins/list.h"
#include "vm/builtins/module.h"
#include "vm/builtins/str.h"
#include "vm/builtins/text.h"
#include "vm/builtins/tuple.h"
#include "vm/builtins/type_internal.h"
#include "vm/modules/registry.h"
#include "vm/modules/sre.h"

namespace krait::sre {
namespace {

// --- scanners ---------------------------------------------------------------------------------------------------------
// Finds one match after the other. The text is opened anew each time, so that a bytearray is free between two calls.
struct Scanner : NativeObject {
  Field<Pattern*> pattern;
  Field<Value> string;
  int64_t pos, endpos, next;
  bool mustAdvance, isOver, isBusy;
};
void traceScanner(Cell* cell, Marker& marker) {
  marker.mark(static_cast<Scanner*>(cell)->pattern);
  marker.mark(static_cast<Scanner*>(cell)->string);
}
constexpr NativeTraits kScannerTraits{"SRE_Scanner", traceScanner, nullptr};

Fallible<Value> scan(Thread& thread, Value self, bool searches) {
  auto* scanner = self.as<Scanner>();
  if (scanner->isBusy) return raise(thread, exceptions.ValueError, "regular expression scanner already executing");
  if (scanner->isOver) return Value::none();
  Subject subject;
  TRY(subject.open(thread, scanner->pattern, scanner->string));
  Matcher matcher;
  TRY(aim(thread, matcher, scanner->pattern, subject, scanner->next, scanner->endpos));
  matcher.mustAdvance = scanner->mustAdvance;
  scanner->isBusy = true;
  auto outcome = searches ? matcher.search(thread) : matcher.match(thread);
  scanner->isBusy = false;
  if (!TRY(outcome)) {
    scanner->isOver = true;
    return Value::none();
  }
  matcher.advance();
  scanner->next = matcher.start;
  scanner->mustAdvance = matcher.mustAdvance;
  return makeMatch(thread, scanner->pattern, matcher, scanner->string, scanner->pos, scanner->endpos);
}
Fallible<Value> scannerMatch(Thread& thread, Value self) { return scan(thread, self, false); }
Fallible<Value> scannerSearch(Thread& thread, Value self) { return scan(thread, self, true); }
Fallible<Value> scannerPattern(Thread&, Value self) { return Value::of(self.as<Scanner>()->pattern.get()); }

// --- compile ----------------------------------------------------------------------------------------------------------
void tracePattern(Cell* cell, Marker& marker) {
  auto* pattern = static_cast<Pattern*>(cell);
  marker.mark(pattern->pattern);
  marker.mark(pattern->groupIndex);
  marker.mark(pattern->indexGroup);
}
int64_t bytesOf(const Program& program) {
  return static_cast<int64_t>(sizeof program + program.words.size() * 4 + program.instructions.size() * 16 +
                              program.sets.size() * sizeof(CharacterSet) + program.repeats.size() * sizeof(Repeat) +
                              program.branches.size() * sizeof(Branch));
}
void finalisePattern(Cell* cell) {
  auto* pattern = static_cast<Pattern*>(cell);
  if (pattern->program == nullptr) return;
  heap.accountExternal(-bytesOf(*pattern->program));
  delete pattern->program;
  pattern->program = nullptr;
}
constexpr NativeTraits kPatternTraits{"Pattern", tracePattern, finalisePattern};

Fallible<std::vector<uint32_t>> wordsOf(Thread& thread, const List* code) {
  try {
    std::vector<uint32_t> words;
    words.reserve(code->length);
    for (uint64_t i = 0; i < code->length; i++) {
      auto word = toInt64(code->storage->slots[i]);
      if (!word || *word < 0 || *word > std::numeric_limits<uint32_t>::max()) {
        return raise(thread, exceptions.OverflowError, "regular expression code size limit exceeded");
      }
      words.push_back(static_cast<uint32_t>(*word));
    }
    return words;
  } catch (const std::bad_alloc&) {
    return raiseMemoryError(thread);
  }
}

Raised raiseWrongType(Thread& thread, const char* parameter, const char* wanted, Value given) {
  return raiseTypeError(thread, "compile() argument '{}' must be {}, not {}", parameter, wanted,
                        argumentTypeName(given));
}

Fallible<Value> sreCompile(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{
      "compile", {"pattern", "flags", "code", "groups", "groupindex", "indexgroup"}, 6};
  Value bound[6];
  TRY(kParameters.bind(thread, arguments, bound));
  int64_t flags = TRY(indexAsInt64(thread, bound[1], exceptions.OverflowError));
  if (flags < INT32_MIN || flags > INT32_MAX)
    return raise(thread, exceptions.OverflowError, "Python int too large to convert to C int");
  const List* code = toList(bound[2]);
  if (code == nullptr) return raiseWrongType(thread, "code", "list", bound[2]);
  int64_t groups = TRY(sizeArgument(thread, bound[3]));
  Dict* groupIndex = toDict(bound[4]);
  if (groupIndex == nullptr) return raiseWrongType(thread, "groupindex", "dict", bound[4]);
  Tuple* indexGroup = toTuple(bound[5]);
  if (indexGroup == nullptr) return raiseWrongType(thread, "indexgroup", "tuple", bound[5]);
  int8_t isBytes = -1;
  std::string_view bytes;
  if (toStr(bound[0]) != nullptr) {
    isBytes = 0;
  } else if (!bound[0].isNone()) {
    if (!bufferView(bound[0], bytes))
      return raiseTypeError(thread, "expected string or bytes-like object, got '{}'", nameOf(bound[0]));
    isBytes = 1;
  }
  std::vector<uint32_t> words = TRY(wordsOf(thread, code));
  if (groups < 0 || groups > kMaxGroups) return raise(thread, exceptions.RuntimeError, "invalid SRE code");
  auto* pattern = TRY(allocate<Pattern>(thread, Kind::kNative, classes.pattern->instanceShape));
  pattern->traits = &kPatternTraits;
  pattern->pattern = bound[0];
  pattern->groupIndex = groupIndex;
  pattern->indexGroup = indexGroup;
  pattern->patternFlags = static_cast<uint32_t>(flags);
  pattern->isBytes = isBytes;
  pattern->program = TRY(compileProgram(thread, std::move(words), static_cast<uint32_t>(groups)));
  heap.accountExternal(bytesOf(*pattern->program));
  if (!heap.registerFinaliser(thread, pattern)) {
    finalisePattern(pattern);
    return raiseMemoryError(thread);
  }
  return Value::of(pattern);
}

// --- characters -------------------------------------------------------------------------------------------------------
Fallible<uint32_t> characterArgument(Thread& thread, Value v) {
  int64_t c = TRY(indexAsInt64(thread, v, exceptions.OverflowError));
  if (c < INT32_MIN || c > INT32_MAX) {
    return raise(thread, exceptions.OverflowError,
                 c < 0 ? "signed integer is less than minimum" : "Python int too large to convert to C int");
  }
  return static_cast<uint32_t>(c);
}
// The word as a signed C int, which is what tolower gives back for what is no character.
Value asInt(uint32_t c) { return Value::inlineInt(static_cast<int32_t>(c)); }
Fallible<Value> unicodeIscased(Thread& thread, Value v) {
  uint32_t c = TRY(characterArgument(thread, v));
  return Value::boolean(c != lowerUnicode(c) || c != upperUnicode(c));
}
Fallible<Value> asciiIscased(Thread& thread, Value v) {
  uint32_t c = TRY(characterArgument(thread, v));
  return Value::boolean((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'));
}
Fallible<Value> unicodeTolower(Thread& thread, Value v) {
  return asInt(lowerUnicode(TRY(characterArgument(thread, v))));
}
Fallible<Value> asciiTolower(Thread& thread, Value v) { return asInt(lowerAscii(TRY(characterArgument(thread, v)))); }
Fallible<Value> getCodesize(Thread& thread, Value, const Arguments& arguments) {
  TRY(arguments.count(thread, "getcodesize", 0, 0));
  return Value::inlineInt(sizeof(uint32_t));
}

}  // namespace

Fallible<Value> makeScanner(Thread& thread, Pattern* pattern, Value string, int64_t pos, int64_t endpos) {
  auto* scanner = TRY(allocate<Scanner>(thread, Kind::kNative, classes.scanner->instanceShape));
  scanner->traits = &kScannerTraits;
  scanner->pattern = pattern;
  scanner->string = string;
  scanner->pos = scanner->next = pos;
  scanner->endpos = endpos;
  return Value::of(scanner);
}

void addScannerType(Thread& thread) {
  classes.scanner = TypeBuilder(thread, "SRE_Scanner", types.object, Kind::kNative)
                        .module("_sre")
                        .method("match", scannerMatch)
                        .method("search", scannerSearch)
                        .build();
  TypeBuilder(thread, classes.scanner)
      .constant("pattern", makeReadOnlyMember(thread, classes.scanner, "pattern", scannerPattern))
      .build();
}

}  // namespace krait::sre

namespace krait {

Module* moduleSre(Thread& thread) {
  sre::addPatternType(thread);
  sre::addMatchType(thread);
  sre::addScannerType(thread);
  Value copyright = Value::of(makeStr(thread, " SRE 2.2.2 Copyright (c) 1997-2002 by Secret Labs AB ").value());
  return ModuleBuilder(thread, "_sre")
      .variadic("compile", sre::sreCompile)
      .variadic("getcodesize", sre::getCodesize)
      .function("ascii_iscased", sre::asciiIscased)
      .function("unicode_iscased", sre::unicodeIscased)
      .function("ascii_tolower", sre::asciiTolower)
      .function("unicode_tolower", sre::unicodeTolower)
      .constant("MAGIC", Value::inlineInt(sre::kMagic))
      .constant("CODESIZE", Value::inlineInt(sizeof(uint32_t)))
      .constant("MAXREPEAT", Value::inlineInt(sre::kMaxRepeat))
      .constant("MAXGROUPS", Value::inlineInt(sre::kMaxGroups))
      .constant("copyright", copyright)
      .build();
}

}  // namespace krait
