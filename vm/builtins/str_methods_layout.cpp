// Methods of str that lay text out or map it character by character: center, zfill, expandtabs, translate, encode.
#include <algorithm>

#include "vm/builtins/bytes.h"
#include "vm/builtins/codecs.h"
#include "vm/builtins/dict.h"
#include "vm/builtins/int.h"
#include "vm/builtins/str_methods.h"
#include "vm/builtins/text.h"

namespace krait {
namespace {

Fallible<Str*> pad(Thread& thread, Str* s, uint64_t left, uint32_t fill, uint64_t right) {
  if (left == 0 && right == 0) return s;
  if (left > kMaxStrLength || right > kMaxStrLength) return raiseMemoryError(thread);
  uint32_t width = std::max(s->width, widthOf(fill));
  uint64_t length = left + s->length + right;
  if (length == 1 && fill < 256) return makeStrOfCharacter(thread, fill);
  Str* padded = TRY(allocateStr(thread, length, width, s->isAscii() && fill < 0x80));
  auto put = [fill](auto* to, uint64_t count) {
    for (uint64_t i = 0; i < count; i++) to[i] = static_cast<std::remove_reference_t<decltype(*to)>>(fill);
  };
  for (auto [at, count] : {std::pair{uint64_t{0}, left}, std::pair{left + s->length, right}}) {
    uint8_t* to = padded->inlineText + at * width;
    if (width == 1) {
      put(to, count);
    } else if (width == 2) {
      put(reinterpret_cast<uint16_t*>(to), count);
    } else {
      put(reinterpret_cast<uint32_t*>(to), count);
    }
  }
  copyInto(padded, left, s);
  return padded;
}

Fallible<uint32_t> fillCharacter(Thread& thread, Value fill) {
  if (fill.isUnbound()) return uint32_t{' '};
  const Str* s = toStr(fill);
  if (s == nullptr) {
    return raiseTypeError(thread, "The fill character must be a unicode character, not {}", nameOf(fill));
  }
  if (s->length != 1) {
    return raise(thread, exceptions.TypeError, "The fill character must be exactly one character long");
  }
  return s->at(0);
}

enum class Side : uint8_t { kLeft, kCenter, kRight };
Fallible<Value> justify(Thread& thread, Value self, Value widthValue, Value fillValue, Side side) {
  Str* s = toStr(self);
  int64_t width = TRY(sizeArgument(thread, widthValue));
  uint32_t fill = TRY(fillCharacter(thread, fillValue));
  auto length = static_cast<int64_t>(s->length);
  if (width <= length) return Value::of(s);
  auto padding = static_cast<uint64_t>(width - length);
  // An odd margin's extra column goes left when the width is odd, too.
  uint64_t left = side == Side::kLeft    ? 0
                  : side == Side::kRight ? padding
                                         : padding / 2 + (padding & static_cast<uint64_t>(width) & 1);
  return Value::of(TRY(pad(thread, s, left, fill, padding - left)));
}
Fallible<Value> strLjust(Thread& thread, Value self, Value width, Value fill) {
  return justify(thread, self, width, fill, Side::kLeft);
}
Fallible<Value> strRjust(Thread& thread, Value self, Value width, Value fill) {
  return justify(thread, self, width, fill, Side::kRight);
}
Fallible<Value> strCenter(Thread& thread, Value self, Value width, Value fill) {
  return justify(thread, self, width, fill, Side::kCenter);
}

Fallible<Value> strZfill(Thread& thread, Value self, Value widthValue) {
  Str* s = toStr(self);
  int64_t width = TRY(sizeArgument(thread, widthValue));
  auto length = static_cast<int64_t>(s->length);
  if (width <= length) return Value::of(s);
  Str* padded = TRY(pad(thread, s, static_cast<uint64_t>(width - length), '0', 0));
  if (length != 0 && (s->at(0) == '+' || s->at(0) == '-')) {  // the sign comes first
    uint32_t sign = s->at(0);
    auto at = static_cast<uint64_t>(width - length);
    auto swap = [at, sign](auto* text) {
      text[0] = static_cast<std::remove_reference_t<decltype(*text)>>(sign);
      text[at] = '0';
    };
    switch (padded->width) {
      case 1: swap(padded->inlineText); break;
      case 2: swap(reinterpret_cast<uint16_t*>(padded->inlineText)); break;
      default: swap(reinterpret_cast<uint32_t*>(padded->inlineText));
    }
  }
  return Value::of(padded);
}

constexpr Parameters kExpandtabs{"expandtabs", {"tabsize"}, 0};
Fallible<Value> strExpandtabs(Thread& thread, Value self, const Arguments& arguments) {
  Value given;
  TRY(kExpandtabs.bind(thread, arguments, &given));
  int64_t size = given.isUnbound() ? 8 : TRY(sizeArgument(thread, given));
  if (size > INT32_MAX || size < INT32_MIN) {
    return raise(thread, exceptions.OverflowError, "Python int too large to convert to C int");
  }
  const Str* s = toStr(self);
  StrBuilder out;
  int64_t column = 0;
  uint64_t copied = 0;  // what lies before this has been put out
  for (uint64_t i = 0; i < s->length; i++) {
    uint32_t c = s->at(i);
    if (c == '\t') {
      out.append(s, copied, i);
      copied = i + 1;
      if (size > 0) {
        int64_t spaces = size - column % size;
        out.appendRepeated(' ', static_cast<uint64_t>(spaces));
        column += spaces;
      }
      continue;
    }
    column = c == '\n' || c == '\r' ? 0 : column + 1;
  }
  if (copied == 0) return Value::of(TRY(substring(thread, toStr(self), 0, s->length)));
  out.append(s, copied, s->length);
  return Value::of(TRY(out.build(thread)));
}

// --- translate
// -------------------------------------------------------------------------------------------------------- What
// table[c] is; unbound where the table has none.
Fallible<Value> lookUpCharacter(Thread& thread, Value table, uint32_t c) {
  Value key = Value::inlineInt(c);
  if (typeOf(table) == types.dict) return dictGet(thread, table.as<Dict>(), key);
  auto found = getItem(thread, table, key);
  if (!found.isRaised()) return found;
  if (!pendingMatches(thread, exceptions.LookupError)) return Raised{};
  clearException(thread);
  return Value::unbound();
}

// What takes a character's place: another one, none, or a text.
struct Replacement {
  static constexpr uint32_t kNone = UINT32_MAX;
  uint32_t character = kNone;
  const Str* text = nullptr;
};
Fallible<Replacement> replacementOf(Thread& thread, Value table, uint32_t c) {
  Value mapped = TRY(lookUpCharacter(thread, table, c));
  if (mapped.isUnbound()) return Replacement{c};
  if (mapped.isNone()) return Replacement{};
  if (const Str* text = toStr(mapped)) {
    if (text->length == 1) return Replacement{text->at(0)};
    return Replacement{Replacement::kNone, text};
  }
  if (!isInt(mapped)) return raise(thread, exceptions.TypeError, "character mapping must return integer, None or str");
  auto code = toInt64(mapped);
  if (!code || *code < 0 || *code > 0x10ffff)
    return raise(thread, exceptions.ValueError, "character mapping must be in range(0x110000)");
  return Replacement{static_cast<uint32_t>(*code)};
}

Fallible<Value> strTranslate(Thread& thread, Value self, Value table) {
  Str* s = toStr(self);
  StrBuilder out;
  // Of ASCII characters met before: the one that takes its place.
  constexpr uint32_t kUnknown = UINT32_MAX - 1, kDeleted = Replacement::kNone;
  uint32_t known[128];
  std::fill(std::begin(known), std::end(known), kUnknown);
  for (uint64_t i = 0; i < s->length;) {
    // A stretch of those whose place an ASCII character takes, or none.
    uint8_t stretch[256];
    uint64_t length = 0, first = i;
    withText(s, [&](const auto* text, uint64_t all) {
      for (uint64_t end = std::min<uint64_t>(all, i + sizeof stretch); i < end && text[i] < 128; i++) {
        uint32_t to = known[text[i]];
        if (to >= 128 && to != kDeleted) break;
        stretch[length] = static_cast<uint8_t>(to);
        length += to != kDeleted;
      }
    });
    out.appendLatin1(stretch, length);
    if (i != first) continue;
    uint32_t c = s->at(i++);
    if (c < 128 && known[c] != kUnknown) {
      out.appendCharacter(known[c]);
      continue;
    }
    Replacement replacement = TRY(replacementOf(thread, table, c));
    if (replacement.text != nullptr) {
      out.append(replacement.text);
      continue;
    }
    if (replacement.character != kDeleted) out.appendCharacter(replacement.character);
    if (c < 128) known[c] = replacement.character;
  }
  return Value::of(TRY(out.build(thread)));
}

Fallible<Value> tableFromDict(Thread& thread, Value mapping) {
  Dict* source = toDict(mapping);
  if (source == nullptr) {
    return raise(thread, exceptions.TypeError, "if you give only one argument to maketrans it must be a dict");
  }
  Dict* table = TRY(makeDict(thread));
  uint64_t position = 0;
  Value key, value;
  while (dictNext(source, position, key, value)) {
    if (const Str* s = toStr(key)) {
      if (s->length != 1) {
        return raise(thread, exceptions.ValueError, "string keys in translate table must be of length 1");
      }
      key = Value::inlineInt(s->at(0));
    } else if (!isInt(key)) {
      return raise(thread, exceptions.TypeError, "keys in translate table must be strings or integers");
    }
    TRY(dictSet(thread, table, key, value));
  }
  return Value::of(table);
}

Fallible<Value> strMaketrans(Thread& thread, Value, const Arguments& arguments) {
  TRY(arguments.noKeywords(thread, "str.maketrans"));
  TRY(arguments.count(thread, "maketrans", 1, 3));
  if (arguments.positional == 1) return tableFromDict(thread, arguments[0]);
  const Str* from = toStr(arguments[0]);
  const Str* to = TRY(strArgument(thread, arguments[1], "maketrans", 2));
  const Str* deleted = arguments.positional < 3 ? nullptr : TRY(strArgument(thread, arguments[2], "maketrans", 3));
  if (from == nullptr) {
    return raise(thread, exceptions.TypeError,
                 "first maketrans argument must be a string if there is a second argument");
  }
  if (from->length != to->length) {
    return raise(thread, exceptions.ValueError, "the first two maketrans arguments must have equal length");
  }
  Dict* table = TRY(makeDict(thread));
  for (uint64_t i = 0; i < from->length; i++) {
    TRY(dictSet(thread, table, Value::inlineInt(from->at(i)), Value::inlineInt(to->at(i))));
  }
  for (uint64_t i = 0; deleted != nullptr && i < deleted->length; i++) {
    TRY(dictSet(thread, table, Value::inlineInt(deleted->at(i)), Value::none()));
  }
  return Value::of(table);
}

constexpr Parameters kEncode{"encode", {"encoding", "errors"}, 0};
Fallible<Value> strEncode(Thread& thread, Value self, const Arguments& arguments) {
  if (arguments.positional == 0 && arguments.keywordCount() == 0) {
    return encodeStr(thread, toStr(self), "utf-8", "strict");
  }
  if (arguments.positional == 1 && arguments.keywordCount() == 0) {  // most often the name of a codec that is built in
    const Str* name = toStr(arguments[0]);
    if (name != nullptr && name->isAscii() && namesBuiltInCodec(name->asciiView()))
      return encodeStr(thread, toStr(self), name->asciiView(), "strict");
  }
  Value bound[2];
  TRY(kEncode.bind(thread, arguments, bound));
  std::string encoding = TRY(textArgument(thread, bound[0], "encode", "encoding", "utf-8"));
  std::string errors = TRY(textArgument(thread, bound[1], "encode", "errors", "strict"));
  return encodeStr(thread, toStr(self), encoding, errors);
}

}  // namespace

void declareStrLayoutMethods(TypeBuilder& type) {
  type.method("ljust", strLjust, 1)
      .method("rjust", strRjust, 1)
      .method("center", strCenter, 1)
      .method("zfill", strZfill)
      .variadic("expandtabs", strExpandtabs)
      .method("translate", strTranslate)
      .staticMethod("maketrans", strMaketrans)
      .variadic("encode", strEncode);
}

}  // namespace krait
