// Methods of str that change case and that classify: upper, title, casefold, isalpha, isidentifier and their like.
#include <utility>

#include "vm/builtins/str_methods.h"
#include "vm/builtins/text.h"
#include "vm/unicode.h"

namespace krait {
namespace {

// --- changing case
// ---------------------------------------------------------------------------------------------------- A copy of ASCII
// text with every byte mapped.
template <class Map>
Fallible<Value> mapAscii(Thread& thread, Str* s, Map map) {
  if (s->length == 0) return Value::of(s);
  if (s->length == 1) return Value::of(TRY(makeStrOfCharacter(thread, map(s->data()[0]))));
  Str* mapped = TRY(allocateStr(thread, s->length, 1, true));
  const uint8_t* from = s->data();
  for (uint64_t i = 0; i < s->length; i++) mapped->inlineText[i] = map(from[i]);
  return Value::of(mapped);
}
uint8_t asciiUpper(uint8_t c) { return static_cast<unsigned>(c - 'a') < 26 ? static_cast<uint8_t>(c - 32) : c; }
uint8_t asciiLower(uint8_t c) { return static_cast<unsigned>(c - 'A') < 26 ? static_cast<uint8_t>(c + 32) : c; }

void appendMapped(StrBuilder& out, uint32_t c, unsigned (*map)(uint32_t, uint32_t*)) {
  uint32_t mapped[3];
  unsigned count = map(c, mapped);
  for (unsigned i = 0; i < count; i++) out.appendCharacter(mapped[i]);
}

// A capital sigma at the end of a word becomes the final form when lowered.
bool isFinalSigma(const Str* s, uint64_t at) {
  uint64_t i = at;
  while (i > 0 && unicode::isCaseIgnorable(s->at(i - 1))) i--;
  if (i == 0 || !unicode::isCased(s->at(i - 1))) return false;
  for (i = at + 1; i < s->length; i++) {
    if (!unicode::isCaseIgnorable(s->at(i))) return !unicode::isCased(s->at(i));
  }
  return true;
}
void appendLowered(StrBuilder& out, const Str* s, uint64_t i) {
  uint32_t c = s->at(i);
  if (c == 0x3a3) {
    out.appendCharacter(isFinalSigma(s, i) ? 0x3c2 : 0x3c3);
  } else {
    appendMapped(out, c, unicode::toLower);
  }
}

Fallible<Value> strUpper(Thread& thread, Value self) {
  Str* s = toStr(self);
  if (s->isAscii()) return mapAscii(thread, s, asciiUpper);
  StrBuilder out;
  for (uint64_t i = 0; i < s->length; i++) appendMapped(out, s->at(i), unicode::toUpper);
  return Value::of(TRY(out.build(thread)));
}
Fallible<Value> strLower(Thread& thread, Value self) {
  Str* s = toStr(self);
  if (s->isAscii()) return mapAscii(thread, s, asciiLower);
  StrBuilder out;
  for (uint64_t i = 0; i < s->length; i++) appendLowered(out, s, i);
  return Value::of(TRY(out.build(thread)));
}
Fallible<Value> strCasefold(Thread& thread, Value self) {
  Str* s = toStr(self);
  if (s->isAscii()) return mapAscii(thread, s, asciiLower);
  StrBuilder out;
  for (uint64_t i = 0; i < s->length; i++) appendMapped(out, s->at(i), unicode::foldCase);
  return Value::of(TRY(out.build(thread)));
}
Fallible<Value> strSwapcase(Thread& thread, Value self) {
  Str* s = toStr(self);
  if (s->isAscii()) {
    return mapAscii(thread, s, [](uint8_t c) { return asciiLower(c) != c ? asciiLower(c) : asciiUpper(c); });
  }
  StrBuilder out;
  for (uint64_t i = 0; i < s->length; i++) {
    uint32_t c = s->at(i);
    if (unicode::isUpper(c)) {
      appendLowered(out, s, i);
    } else if (unicode::isLower(c)) {
      appendMapped(out, c, unicode::toUpper);
    } else {
      out.appendCharacter(c);
    }
  }
  return Value::of(TRY(out.build(thread)));
}
Fallible<Value> strCapitalize(Thread& thread, Value self) {
  Str* s = toStr(self);
  if (s->isAscii()) {
    return mapAscii(thread, s, [isFirst = true](uint8_t c) mutable {
      return std::exchange(isFirst, false) ? asciiUpper(c) : asciiLower(c);
    });
  }
  StrBuilder out;
  for (uint64_t i = 0; i < s->length; i++) {
    if (i == 0) {
      appendMapped(out, s->at(0), unicode::toTitle);
    } else {
      appendLowered(out, s, i);
    }
  }
  return Value::of(TRY(out.build(thread)));
}
Fallible<Value> strTitle(Thread& thread, Value self) {
  Str* s = toStr(self);
  if (s->isAscii()) {
    return mapAscii(thread, s, [inWord = false](uint8_t c) mutable {
      bool isLetter = static_cast<unsigned>((c | 32) - 'a') < 26;
      return std::exchange(inWord, isLetter) ? asciiLower(c) : asciiUpper(c);
    });
  }
  StrBuilder out;
  bool inWord = false;
  for (uint64_t i = 0; i < s->length; i++) {
    if (inWord) {
      appendLowered(out, s, i);
    } else {
      appendMapped(out, s->at(i), unicode::toTitle);
    }
    inWord = unicode::isCased(s->at(i));
  }
  return Value::of(TRY(out.build(thread)));
}

// --- classifying
// ------------------------------------------------------------------------------------------------------ Every
// character passes; empty text does not.
template <class Test>
Fallible<Value> allPass(Value self, Test test) {
  const Str* s = toStr(self);
  return Value::boolean(s->length != 0 && withText(s, [&](const auto* text, uint64_t length) {
                          for (uint64_t i = 0; i < length; i++) {
                            if (!test(text[i])) return false;
                          }
                          return true;
                        }));
}
Fallible<Value> strIsalpha(Thread&, Value self) {
  return allPass(self, [](uint32_t c) { return unicode::isAlpha(c); });
}
Fallible<Value> strIsalnum(Thread&, Value self) {
  return allPass(self, [](uint32_t c) { return unicode::isAlphanumeric(c); });
}
Fallible<Value> strIsdecimal(Thread&, Value self) {
  return allPass(self, [](uint32_t c) { return unicode::isDecimal(c); });
}
Fallible<Value> strIsdigit(Thread&, Value self) {
  return allPass(self, [](uint32_t c) { return unicode::isDigit(c); });
}
Fallible<Value> strIsnumeric(Thread&, Value self) {
  return allPass(self, [](uint32_t c) { return unicode::isNumeric(c); });
}
Fallible<Value> strIsspace(Thread&, Value self) {
  return allPass(self, [](uint32_t c) { return unicode::isSpace(c); });
}
Fallible<Value> strIsprintable(Thread&, Value self) {
  if (toStr(self)->length == 0) return Value::boolean(true);
  return allPass(self, [](uint32_t c) { return unicode::isPrintable(c); });
}
Fallible<Value> strIsascii(Thread&, Value self) { return Value::boolean(toStr(self)->isAscii()); }

// At least one cased character, and none of the other case.
Fallible<Value> strIslower(Thread&, Value self) {
  const Str* s = toStr(self);
  bool cased = false;
  for (uint64_t i = 0; i < s->length; i++) {
    uint32_t c = s->at(i);
    if (unicode::isUpper(c) || unicode::isTitle(c)) return Value::boolean(false);
    cased = cased || unicode::isLower(c);
  }
  return Value::boolean(cased);
}
Fallible<Value> strIsupper(Thread&, Value self) {
  const Str* s = toStr(self);
  bool cased = false;
  for (uint64_t i = 0; i < s->length; i++) {
    uint32_t c = s->at(i);
    if (unicode::isLower(c) || unicode::isTitle(c)) return Value::boolean(false);
    cased = cased || unicode::isUpper(c);
  }
  return Value::boolean(cased);
}
// Capitals start words, small letters continue them.
Fallible<Value> strIstitle(Thread&, Value self) {
  const Str* s = toStr(self);
  bool cased = false, inWord = false;
  for (uint64_t i = 0; i < s->length; i++) {
    uint32_t c = s->at(i);
    if (unicode::isUpper(c) || unicode::isTitle(c)) {
      if (inWord) return Value::boolean(false);
      inWord = cased = true;
    } else if (unicode::isLower(c)) {
      if (!inWord) return Value::boolean(false);
      cased = true;
    } else {
      inWord = false;
    }
  }
  return Value::boolean(cased);
}
Fallible<Value> strIsidentifier(Thread&, Value self) { return Value::boolean(isIdentifier(toStr(self))); }

}  // namespace

bool isIdentifier(const Str* s) {
  if (s->length == 0 || !unicode::isIdentifierStart(s->at(0))) return false;
  for (uint64_t i = 1; i < s->length; i++) {
    if (!unicode::isIdentifierPart(s->at(i))) return false;
  }
  return true;
}

void declareStrCaseMethods(TypeBuilder& type) {
  type.method("upper", strUpper)
      .method("lower", strLower)
      .method("casefold", strCasefold)
      .method("swapcase", strSwapcase)
      .method("capitalize", strCapitalize)
      .method("title", strTitle)
      .method("isalpha", strIsalpha)
      .method("isalnum", strIsalnum)
      .method("isdecimal", strIsdecimal)
      .method("isdigit", strIsdigit)
      .method("isnumeric", strIsnumeric)
      .method("isspace", strIsspace)
      .method("isprintable", strIsprintable)
      .method("isascii", strIsascii)
      .method("islower", strIslower)
      .method("isupper", strIsupper)
      .method("istitle", strIstitle)
      .method("isidentifier", strIsidentifier);
}

}  // namespace krait
