// Module unicodedata: what Unicode 14 says of characters, and what Unicode 3.2 said (ucd_3_2_0, for idna).
//
// ICU's data is newer; a character that came after the version asked for is answered as unassigned. What Unicode 3.2
// said differently of characters it knew stands in a table.
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/uset.h>

#include <algorithm>
#include <iterator>
#include <string>

#include "vm/builtins/float.h"
#include "vm/builtins/int.h"
#include "vm/builtins/module.h"
#include "vm/builtins/str.h"
#include "vm/builtins/text.h"
#include "vm/modules/registry.h"
#include "vm/unicode.h"

namespace krait {
namespace {

enum class Fact : uint8_t { kCategory, kBidirectional, kMirrored, kEastAsianWidth, kDecimal };
struct OldFact {
  Fact field;
  uint32_t first, last;
  const char* value;
};
constexpr OldFact kOldFacts[] = {
#include "vm/modules/unicode_3_2.inc"
};
struct NamedSequence {
  std::string_view name;
  std::u16string_view text;
};
constexpr NamedSequence kSequences[] = {
#include "vm/modules/unicode_sequences.inc"
};

struct Ucd : NativeObject {};
constexpr NativeTraits kTraits{"UCD", nullptr, nullptr};
Type* ucdType;
RootVector& roots() {
  static RootVector* const vector = new RootVector;
  return *vector;
}

// Functions of the module have it, or nothing, as self; methods of ucd_3_2_0 have that object.
bool isOld(Value self) { return isKind(self, Kind::kNative); }

bool isAssigned(uint32_t c, bool old) {
  UVersionInfo age;
  u_charAge(static_cast<UChar32>(c), age);
  if (age[0] == 0 || u_charType(static_cast<UChar32>(c)) == U_UNASSIGNED) return false;  // noncharacters have an age
  return old ? age[0] < 3 || (age[0] == 3 && age[1] <= 2) : age[0] <= 14;
}
const char* oldFact(Fact field, uint32_t c) {
  for (const OldFact& fact : kOldFacts) {
    if (fact.field == field && c >= fact.first && c <= fact.last) return fact.value;
  }
  return nullptr;
}

// The one character that an argument is.
Fallible<uint32_t> characterOf(Thread& thread, Value v, const char* function, int position) {
  const Str* s = toStr(v);
  if (s != nullptr && s->length == 1) return s->at(0);
  if (position == 0) {
    return raiseTypeError(thread, "{}() argument must be a unicode character, not {}", function, argumentTypeName(v));
  }
  return raiseTypeError(thread, "{}() argument {} must be a unicode character, not {}", function, position,
                        argumentTypeName(v));
}
Fallible<Value> text(Thread& thread, std::string_view s) { return Value::of(TRY(makeStr(thread, s))); }

// --- properties -------------------------------------------------------------------------------------------------------
Fallible<Value> category(Thread& thread, Value self, Value v) {
  static constexpr const char* kNames[] = {"Cn", "Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Me", "Mc", "Nd",
                                           "Nl", "No", "Zs", "Zl", "Zp", "Cc", "Cf", "Co", "Cs", "Pd",
                                           "Ps", "Pe", "Pc", "Po", "Sm", "Sc", "Sk", "So", "Pi", "Pf"};
  uint32_t c = TRY(characterOf(thread, v, "category", 0));
  bool old = isOld(self);
  if (!isAssigned(c, old)) return text(thread, "Cn");
  const char* before = old ? oldFact(Fact::kCategory, c) : nullptr;
  return text(thread, before != nullptr ? before : kNames[u_charType(static_cast<UChar32>(c))]);
}
Fallible<Value> bidirectional(Thread& thread, Value self, Value v) {
  static constexpr const char* kNames[] = {"L",   "R",   "EN", "ES",  "ET",  "AN",  "CS",  "B",
                                           "S",   "WS",  "ON", "LRE", "LRO", "AL",  "RLE", "RLO",
                                           "PDF", "NSM", "BN", "FSI", "LRI", "RLI", "PDI"};
  uint32_t c = TRY(characterOf(thread, v, "bidirectional", 0));
  bool old = isOld(self);
  if (!isAssigned(c, old)) return Value::of(emptyStr());
  const char* before = old ? oldFact(Fact::kBidirectional, c) : nullptr;
  return text(thread, before != nullptr ? before : kNames[u_charDirection(static_cast<UChar32>(c))]);
}
Fallible<Value> combining(Thread& thread, Value self, Value v) {
  uint32_t c = TRY(characterOf(thread, v, "combining", 0));
  return Value::inlineInt(isAssigned(c, isOld(self)) ? u_getCombiningClass(static_cast<UChar32>(c)) : 0);
}
Fallible<Value> mirrored(Thread& thread, Value self, Value v) {
  uint32_t c = TRY(characterOf(thread, v, "mirrored", 0));
  bool old = isOld(self);
  if (!isAssigned(c, old)) return Value::inlineInt(0);
  const char* before = old ? oldFact(Fact::kMirrored, c) : nullptr;
  return Value::inlineInt(before != nullptr ? before[0] - '0' : u_isMirrored(static_cast<UChar32>(c)));
}
Fallible<Value> eastAsianWidth(Thread& thread, Value self, Value v) {
  static constexpr const char* kNames[] = {"N", "A", "H", "F", "Na", "W"};
  uint32_t c = TRY(characterOf(thread, v, "east_asian_width", 0));
  bool old = isOld(self);
  if (!isAssigned(c, old)) return text(thread, "F");  // so says python3.11
  const char* before = old ? oldFact(Fact::kEastAsianWidth, c) : nullptr;
  if (before != nullptr) return text(thread, before);
  return text(thread, kNames[u_getIntPropertyValue(static_cast<UChar32>(c), UCHAR_EAST_ASIAN_WIDTH)]);
}

// --- numbers ----------------------------------------------------------------------------------------------------------
Fallible<Value> orDefault(Thread& thread, Value otherwise, const char* message) {
  if (!otherwise.isUnbound()) return otherwise;
  return raise(thread, exceptions.ValueError, message);
}
Fallible<Value> decimal(Thread& thread, Value self, Value v, Value otherwise) {
  uint32_t c = TRY(characterOf(thread, v, "decimal", 1));
  bool old = isOld(self);
  if (!isAssigned(c, old)) return orDefault(thread, otherwise, "not a decimal");
  const char* before = old ? oldFact(Fact::kDecimal, c) : nullptr;
  int value = before != nullptr ? before[0] - '0' : unicode::decimalValue(c);
  return value < 0 ? orDefault(thread, otherwise, "not a decimal") : Fallible<Value>(Value::inlineInt(value));
}
Fallible<Value> digit(Thread& thread, Value, Value v, Value otherwise) {
  uint32_t c = TRY(characterOf(thread, v, "digit", 1));
  if (!unicode::isDigit(c)) return orDefault(thread, otherwise, "not a digit");
  return Value::inlineInt(static_cast<int64_t>(u_getNumericValue(static_cast<UChar32>(c))));
}
Fallible<Value> numeric(Thread& thread, Value self, Value v, Value otherwise) {
  uint32_t c = TRY(characterOf(thread, v, "numeric", 1));
  if (!isAssigned(c, isOld(self)) || !unicode::isNumeric(c)) {
    return orDefault(thread, otherwise, "not a numeric character");
  }
  return makeFloat(thread, u_getNumericValue(static_cast<UChar32>(c)));
}

// --- names ------------------------------------------------------------------------------------------------------------
Fallible<Value> name(Thread& thread, Value self, Value v, Value otherwise) {
  uint32_t c = TRY(characterOf(thread, v, "name", 1));
  std::string found = isAssigned(c, isOld(self)) ? unicode::nameOfCharacter(c) : std::string();
  if (found.empty()) return orDefault(thread, otherwise, "no such name");
  return text(thread, found);
}
Fallible<Value> lookup(Thread& thread, Value self, Value v) {
  const Str* s = toStr(v);
  if (s == nullptr) {
    return raiseTypeError(thread, "lookup() argument must be str, not {}", argumentTypeName(v));
  }
  std::string given = strToUtf8(s);
  if (given.size() > 256) return raise(thread, exceptions.KeyError, "name too long");
  int64_t c = unicode::characterOfName(given);
  if (c >= 0 && (!isOld(self) || isAssigned(static_cast<uint32_t>(c), true))) {
    return Value::of(TRY(makeStrOfCharacter(thread, static_cast<uint32_t>(c))));
  }
  std::string upper = given;
  for (char& letter : upper) {
    if (letter >= 'a' && letter <= 'z') letter = static_cast<char>(letter - 32);
  }
  auto sequence = std::lower_bound(std::begin(kSequences), std::end(kSequences), upper,
                                   [](const NamedSequence& entry, const std::string& key) { return entry.name < key; });
  if (!isOld(self) && sequence != std::end(kSequences) && sequence->name == upper) {
    StrBuilder out;
    for (size_t i = 0; i < sequence->text.size();) {
      UChar32 character;
      auto* units = reinterpret_cast<const UChar*>(sequence->text.data());
      U16_NEXT(units, i, sequence->text.size(), character);
      out.appendCharacter(static_cast<uint32_t>(character));
    }
    return Value::of(TRY(out.build(thread)));
  }
  return raiseFormat(thread, exceptions.KeyError, "undefined character name '{}'", given);
}

// --- normalisation ----------------------------------------------------------------------------------------------------
// The normaliser of a form, blind to characters that the version does not know.
const UNormalizer2* normaliser(int form, bool old) {
  static const UNormalizer2* made[4][2];
  if (made[form][old] != nullptr) return made[form][old];
  UErrorCode error = U_ZERO_ERROR;
  const UNormalizer2* plain = form == 0   ? unorm2_getNFCInstance(&error)
                              : form == 1 ? unorm2_getNFDInstance(&error)
                              : form == 2 ? unorm2_getNFKCInstance(&error)
                                          : unorm2_getNFKDInstance(&error);
  if (U_FAILURE(error)) return nullptr;
  USet* known = old ? uset_openPattern(u"[:age=3.2:]", -1, &error) : uset_openPattern(u"[:age=14.0:]", -1, &error);
  if (U_FAILURE(error)) return nullptr;
  uset_freeze(known);
  const UNormalizer2* filtered = unorm2_openFiltered(plain, known, &error);
  return U_SUCCESS(error) ? made[form][old] = filtered : nullptr;
}

// Corrigendum 4 corrected these; Unicode 3.2 decomposed them so.
uint32_t oldDecomposition(uint32_t c) {
  switch (c) {
    case 0x2f868: return 0x2136a;
    case 0x2f874: return 0x5f33;
    case 0x2f91f: return 0x43ab;
    case 0x2f95f: return 0x7aae;
    case 0x2f9bf: return 0x4d57;
    default: return 0;
  }
}

Fallible<int> formOf(Thread& thread, const Str* form) {
  static constexpr std::string_view kForms[] = {"NFC", "NFD", "NFKC", "NFKD"};
  for (int i = 0; i < 4; i++) {
    if (strEqualsUtf8(form, kForms[i])) return i;
  }
  return raise(thread, exceptions.ValueError, "invalid normalization form");
}

bool isSurrogate(uint32_t c) { return (c & ~0x7ffU) == 0xd800; }

// Surrogates stand alone in Python's text; they change nothing around them, so the text is cut there.
Fallible<Str*> normalised(Thread& thread, Str* s, int form, bool old) {
  const UNormalizer2* normal = normaliser(form, old);
  if (normal == nullptr) return raiseMemoryError(thread);
  StrBuilder out;
  std::u16string part, result;
  auto flush = [&]() -> bool {
    if (part.empty()) return true;
    UErrorCode error = U_ZERO_ERROR;
    auto size = static_cast<int32_t>(part.size());
    result.resize(part.size() * 2 + 16);  // it seldom takes more
    int32_t needed =
        unorm2_normalize(normal, part.data(), size, result.data(), static_cast<int32_t>(result.size()), &error);
    if (error == U_BUFFER_OVERFLOW_ERROR) {
      error = U_ZERO_ERROR;
      result.resize(static_cast<size_t>(needed));
      unorm2_normalize(normal, part.data(), size, result.data(), needed, &error);
    }
    if (U_FAILURE(error)) return false;
    for (int32_t i = 0; i < needed;) {
      // Characters of two bytes, which most are, go together.
      int32_t start = i;
      while (i < needed && !U16_IS_SURROGATE(result[static_cast<size_t>(i)])) i++;
      auto run = makeStrUcs2(thread, reinterpret_cast<const uint16_t*>(result.data()) + start,
                             static_cast<uint64_t>(i - start));
      if (run.isRaised()) return false;
      out.append(run.value());
      if (i == needed) break;
      UChar32 c;
      U16_NEXT(result.data(), i, needed, c);
      out.appendCharacter(static_cast<uint32_t>(c));
    }
    part.clear();
    return true;
  };
  for (uint64_t i = 0; i < s->length; i++) {
    uint32_t c = s->at(i);
    if (old && oldDecomposition(c) != 0) c = oldDecomposition(c);
    // A part may be cut before a character that nothing combines with, so that no part grows too large.
    bool cuts =
        isSurrogate(c) || (part.size() > (1U << 20) && unorm2_hasBoundaryBefore(normal, static_cast<UChar32>(c)));
    if (cuts && !flush()) return raiseMemoryError(thread);
    if (isSurrogate(c)) {
      out.appendCharacter(c);
      continue;
    }
    if (c < 0x10000) {
      part += static_cast<char16_t>(c);
    } else {
      part += static_cast<char16_t>(U16_LEAD(c));
      part += static_cast<char16_t>(U16_TRAIL(c));
    }
  }
  if (!flush()) return raiseMemoryError(thread);
  return out.build(thread);
}

Fallible<void> formArguments(Thread& thread, const char* function, Value form, Value unistr) {
  if (toStr(form) == nullptr) {
    return raiseTypeError(thread, "{}() argument 1 must be str, not {}", function, argumentTypeName(form));
  }
  if (toStr(unistr) == nullptr) {
    return raiseTypeError(thread, "{}() argument 2 must be str, not {}", function, argumentTypeName(unistr));
  }
  return {};
}
Fallible<Value> normalize(Thread& thread, Value self, Value form, Value unistr) {
  TRY(formArguments(thread, "normalize", form, unistr));
  Str* s = toStr(unistr);
  if (s->length == 0) return Value::of(s);
  int which = TRY(formOf(thread, toStr(form)));
  if (s->isAscii() || (which == 0 && s->width == 1)) return Value::of(s);
  Str* result = TRY(normalised(thread, s, which, isOld(self)));
  return Value::of(strEquals(result, s) ? s : result);
}
Fallible<Value> isNormalized(Thread& thread, Value self, Value form, Value unistr) {
  TRY(formArguments(thread, "is_normalized", form, unistr));
  Str* s = toStr(unistr);
  if (s->length == 0) return Value::boolean(true);
  int which = TRY(formOf(thread, toStr(form)));
  if (s->isAscii() || (which == 0 && s->width == 1)) return Value::boolean(true);
  return Value::boolean(strEquals(TRY(normalised(thread, s, which, isOld(self))), s));
}

Fallible<Value> decomposition(Thread& thread, Value self, Value v) {
  static constexpr const char* kTags[] = {"",         "",        "compat",   "circle", "final",    "font",
                                          "fraction", "initial", "isolated", "medial", "narrow",   "noBreak",
                                          "small",    "square",  "sub",      "super",  "vertical", "wide"};
  uint32_t c = TRY(characterOf(thread, v, "decomposition", 0));
  bool isHangul = c >= 0xac00 && c <= 0xd7a3;
  if (isHangul || !isAssigned(c, isOld(self))) return Value::of(emptyStr());
  UErrorCode error = U_ZERO_ERROR;
  const UNormalizer2* plain = unorm2_getNFKCInstance(&error);
  UChar parts[64];
  int32_t length =
      U_SUCCESS(error) ? unorm2_getRawDecomposition(plain, static_cast<UChar32>(c), parts, 64, &error) : -1;
  if (U_FAILURE(error) || length < 0) return Value::of(emptyStr());
  fmt::memory_buffer out;
  int32_t type = u_getIntPropertyValue(static_cast<UChar32>(c), UCHAR_DECOMPOSITION_TYPE);
  if (type > 1) fmt::format_to(std::back_inserter(out), "<{}> ", kTags[type]);
  bool first = true;
  for (int32_t i = 0; i < length;) {
    UChar32 part;
    U16_NEXT(parts, i, length, part);
    fmt::format_to(std::back_inserter(out), "{}{:04X}", first ? "" : " ", static_cast<uint32_t>(part));
    first = false;
  }
  return text(thread, {out.data(), out.size()});
}

Fallible<Value> unidataVersion(Thread& thread, Value) { return text(thread, "3.2.0"); }

// The functions of the module are the methods without an object.
template <Fallible<Value> (*kMethod)(Thread&, Value, Value)>
Fallible<Value> ofModule(Thread& thread, Value v) {
  return kMethod(thread, Value::none(), v);
}
template <Fallible<Value> (*kMethod)(Thread&, Value, Value, Value)>
Fallible<Value> ofModule2(Thread& thread, Value v, Value w) {
  return kMethod(thread, Value::none(), v, w);
}

Fallible<void> prepare(Thread& thread) {
  if (!roots().empty()) return {};
  ucdType = TypeBuilder(thread, "UCD", types.object, Kind::kNative)
                .module("unicodedata")
                .method("category", category)
                .method("bidirectional", bidirectional)
                .method("combining", combining)
                .method("mirrored", mirrored)
                .method("east_asian_width", eastAsianWidth)
                .method("decimal", decimal, 1)
                .method("digit", digit, 1)
                .method("numeric", numeric, 1)
                .method("name", name, 1)
                .method("lookup", lookup)
                .method("normalize", normalize)
                .method("is_normalized", isNormalized)
                .method("decomposition", decomposition)
                .getter("unidata_version", unidataVersion)
                .build();
  if (!roots().push(Value::of(ucdType))) return raiseMemoryError(thread);
  auto* old = TRY(allocate<Ucd>(thread, Kind::kNative, ucdType->instanceShape));
  old->traits = &kTraits;
  if (!roots().push(Value::of(old))) return raiseMemoryError(thread);
  return {};
}

}  // namespace

Module* moduleUnicodedata(Thread& thread) {
  if (prepare(thread).isRaised()) return nullptr;
  auto version = makeStr(thread, "14.0.0");
  if (version.isRaised()) return nullptr;
  return ModuleBuilder(thread, "unicodedata", "What Unicode says of its characters.")
      .function("category", ofModule<category>)
      .function("bidirectional", ofModule<bidirectional>)
      .function("combining", ofModule<combining>)
      .function("mirrored", ofModule<mirrored>)
      .function("east_asian_width", ofModule<eastAsianWidth>)
      .function("decimal", ofModule2<decimal>, 1)
      .function("digit", ofModule2<digit>, 1)
      .function("numeric", ofModule2<numeric>, 1)
      .function("name", ofModule2<name>, 1)
      .function("lookup", ofModule<lookup>)
      .function("normalize", ofModule2<normalize>)
      .function("is_normalized", ofModule2<isNormalized>)
      .function("decomposition", ofModule<decomposition>)
      .constant("unidata_version", Value::of(version.value()))
      .constant("UCD", Value::of(ucdType))
      .constant("ucd_3_2_0", roots()[1])
      .build();
}

}  // namespace krait
