// Methods of bytes and bytearray that treat them as ASCII text, and their conversions: upper, center, translate, hex.
#include <algorithm>
#include <cstring>

#include "vm/builtins/bytearray.h"
#include "vm/builtins/bytes_methods.h"
#include "vm/builtins/codecs.h"
#include "vm/builtins/int.h"
#include "vm/builtins/str.h"
#include "vm/builtins/text.h"
#include "vm/unicode.h"

namespace krait {
namespace {

using unicode::kAsciiFacts;

bool hasFact(char c, uint8_t facts) {
  auto byte = static_cast<uint8_t>(c);
  return byte < 128 && (kAsciiFacts[byte] & facts) != 0;
}
bool isUpper(char c) { return hasFact(c, unicode::kUpper); }
bool isLower(char c) { return hasFact(c, unicode::kLower); }
bool isLetter(char c) { return hasFact(c, unicode::kUpper | unicode::kLower); }
bool isDigit(char c) { return hasFact(c, unicode::kDigit); }
bool isAlphanumeric(char c) { return hasFact(c, unicode::kUpper | unicode::kLower | unicode::kDigit); }
bool isSpace(char c) { return c == ' ' || (c >= 9 && c <= 13); }
bool isAsciiByte(char c) { return static_cast<uint8_t>(c) < 128; }
char toUpper(char c) { return isLower(c) ? static_cast<char>(c - 32) : c; }
char toLower(char c) { return isUpper(c) ? static_cast<char>(c + 32) : c; }
char toOther(char c) { return isLower(c) ? toUpper(c) : toLower(c); }

// --- case -------------------------------------------------------------------------------------------------------------
// A copy with each byte mapped by map(byte, whether the byte before is a letter, index).
template <class Map>
Fallible<Value> mapBytes(Thread& thread, Value self, Map map) {
  std::string_view view = selfView(self);
  ByteBuilder out;
  if (!out.reserve(view.size())) return raiseMemoryError(thread);
  bool afterLetter = false;
  for (size_t i = 0; i < view.size(); i++) {
    out.push_back(map(view[i], afterLetter, i));
    afterLetter = isLetter(view[i]);
  }
  return makeBytesLike(thread, self, out.view());
}
Fallible<Value> bytesUpper(Thread& thread, Value self) {
  return mapBytes(thread, self, [](char c, bool, size_t) { return toUpper(c); });
}
Fallible<Value> bytesLower(Thread& thread, Value self) {
  return mapBytes(thread, self, [](char c, bool, size_t) { return toLower(c); });
}
Fallible<Value> bytesSwapcase(Thread& thread, Value self) {
  return mapBytes(thread, self, [](char c, bool, size_t) { return toOther(c); });
}
Fallible<Value> bytesCapitalize(Thread& thread, Value self) {
  return mapBytes(thread, self, [](char c, bool, size_t i) { return i == 0 ? toUpper(c) : toLower(c); });
}
Fallible<Value> bytesTitle(Thread& thread, Value self) {
  return mapBytes(thread, self, [](char c, bool afterLetter, size_t) { return afterLetter ? toLower(c) : toUpper(c); });
}

// --- classes of bytes -------------------------------------------------------------------------------------------------
template <bool (*kTest)(char), bool kWhenEmpty>
Fallible<Value> allPass(Thread&, Value self) {
  std::string_view view = selfView(self);
  if (view.empty()) return Value::boolean(kWhenEmpty);
  return Value::boolean(std::all_of(view.begin(), view.end(), kTest));
}
// Some byte passes the first test, none the second.
template <bool (*kSome)(char), bool (*kNone)(char)>
Fallible<Value> someButNone(Thread&, Value self) {
  std::string_view view = selfView(self);
  return Value::boolean(std::any_of(view.begin(), view.end(), kSome) && std::none_of(view.begin(), view.end(), kNone));
}
Fallible<Value> bytesIstitle(Thread&, Value self) {
  bool cased = false, inWord = false;
  for (char c : selfView(self)) {
    if ((isUpper(c) && inWord) || (isLower(c) && !inWord)) return Value::boolean(false);
    inWord = isLetter(c);
    cased = cased || inWord;
  }
  return Value::boolean(cased);
}

// --- layout -----------------------------------------------------------------------------------------------------------
Fallible<Value> pad(Thread& thread, Value self, uint64_t left, char fill, uint64_t right) {
  ByteBuilder out;
  out.appendRepeated(static_cast<uint8_t>(fill), left).append(selfView(self));
  out.appendRepeated(static_cast<uint8_t>(fill), right);
  if (out.failed()) return raiseMemoryError(thread);
  return makeBytesLike(thread, self, out.view());
}

template <int kSide>  // 0: text left, 1: centre, 2: text right
Fallible<Value> justify(Thread& thread, Value self, Value widthValue, Value fillValue) {
  static constexpr const char* kNames[] = {"ljust", "center", "rjust"};
  int64_t width = TRY(sizeArgument(thread, widthValue));
  char fill = ' ';
  if (!fillValue.isUnbound()) {
    std::string_view view;
    bool isByteString = toBytes(fillValue) != nullptr || toBytearray(fillValue) != nullptr;
    if (!isByteString || !bufferView(fillValue, view) || view.size() != 1) {
      return raiseTypeError(thread, "{}() argument 2 must be a byte string of length 1, not {}", kNames[kSide],
                            argumentTypeName(fillValue));
    }
    fill = view[0];
  }
  auto length = static_cast<int64_t>(selfView(self).size());
  uint64_t padding = width > length ? static_cast<uint64_t>(width - length) : 0;
  if (padding == 0 && toBytes(self) != nullptr) return Value::of(toBytes(self));
  uint64_t left = kSide == 0 ? 0 : kSide == 2 ? padding : padding / 2 + (padding & static_cast<uint64_t>(width) & 1);
  return pad(thread, self, left, fill, padding - left);
}

Fallible<Value> bytesZfill(Thread& thread, Value self, Value widthValue) {
  int64_t width = TRY(sizeArgument(thread, widthValue));
  std::string_view view = selfView(self);
  auto length = static_cast<int64_t>(view.size());
  if (width <= length) {
    return toBytes(self) != nullptr ? Fallible<Value>(Value::of(toBytes(self))) : makeBytesLike(thread, self, view);
  }
  ByteBuilder out;
  if (!view.empty() && (view[0] == '+' || view[0] == '-')) {
    out.push_back(view[0]);
    view.remove_prefix(1);
  }
  out.appendRepeated('0', static_cast<uint64_t>(width - length)).append(view);
  if (out.failed()) return raiseMemoryError(thread);
  return makeBytesLike(thread, self, out.view());
}

Fallible<Value> bytesExpandtabs(Thread& thread, Value self, const Arguments& arguments) {
  static constexpr Parameters kParameters{"expandtabs", {"tabsize"}, 0};
  Value given;
  TRY(kParameters.bind(thread, arguments, &given));
  int64_t size = given.isUnbound() ? 8 : TRY(sizeArgument(thread, given));
  if (size > INT32_MAX || size < INT32_MIN) {
    return raise(thread, exceptions.OverflowError, "Python int too large to convert to C int");
  }
  ByteBuilder out;
  int64_t column = 0;
  for (char c : selfView(self)) {
    if (c == '\t') {
      if (size <= 0) continue;
      int64_t spaces = size - column % size;
      out.appendRepeated(' ', static_cast<uint64_t>(spaces));
      column += spaces;
    } else {
      out.push_back(c);
      column = c == '\n' || c == '\r' ? 0 : column + 1;
    }
  }
  if (out.failed()) return raiseMemoryError(thread);
  return makeBytesLike(thread, self, out.view());
}

// --- translate --------------------------------------------------------------------------------------------------------
Fallible<Value> bytesTranslate(Thread& thread, Value self, const Arguments& arguments) {
  static constexpr Parameters kParameters{"translate", {"table", "/", "delete"}, 1};
  Value bound[2];
  TRY(kParameters.bind(thread, arguments, bound));
  std::string_view table, deleted;
  if (!bound[0].isNone()) {
    table = TRY(requireBuffer(thread, bound[0]));
    if (table.size() != 256) {
      return raise(thread, exceptions.ValueError, "translation table must be 256 characters long");
    }
  }
  if (!bound[1].isUnbound()) deleted = TRY(requireBuffer(thread, bound[1]));
  bool isDeleted[256] = {};
  for (char c : deleted) isDeleted[static_cast<uint8_t>(c)] = true;
  ByteBuilder out;
  for (char c : selfView(self)) {
    auto byte = static_cast<uint8_t>(c);
    if (!isDeleted[byte]) out.push_back(table.empty() ? c : table[byte]);
  }
  if (out.failed()) return raiseMemoryError(thread);
  return makeBytesLike(thread, self, out.view());
}

Fallible<Value> bytesMaketrans(Thread& thread, Value, const Arguments& arguments) {
  TRY(arguments.noKeywords(thread, "maketrans"));
  TRY(arguments.count(thread, "maketrans", 2, 2));
  std::string_view from = TRY(requireBuffer(thread, arguments[0])), to = TRY(requireBuffer(thread, arguments[1]));
  if (from.size() != to.size()) {
    return raise(thread, exceptions.ValueError, "maketrans arguments must have same length");
  }
  Bytes* table = TRY(makeBytesUninitialised(thread, 256));
  for (int i = 0; i < 256; i++) table->data[i] = static_cast<uint8_t>(i);
  for (size_t i = 0; i < from.size(); i++) table->data[static_cast<uint8_t>(from[i])] = static_cast<uint8_t>(to[i]);
  return Value::of(table);
}

// --- hex, decode ------------------------------------------------------------------------------------------------------
Fallible<Value> bytesHex(Thread& thread, Value self, const Arguments& arguments) {
  static constexpr Parameters kParameters{"hex", {"sep", "bytes_per_sep"}, 0};
  Value bound[2];
  TRY(kParameters.bind(thread, arguments, bound));
  uint32_t separator = 0;
  int64_t group = 0;
  if (!bound[0].isUnbound()) {
    group = bound[1].isUnbound() ? 1 : TRY(sizeArgument(thread, bound[1]));
    if (TRY(length(thread, bound[0])) != 1) return raise(thread, exceptions.ValueError, "sep must be length 1.");
    std::string_view view;
    if (const Str* s = toStr(bound[0])) {
      separator = s->at(0);
    } else if (bufferView(bound[0], view) && !view.empty()) {
      separator = static_cast<uint8_t>(view[0]);
    } else {
      return raise(thread, exceptions.TypeError, "sep must be str or bytes.");
    }
    if (separator > 127) return raise(thread, exceptions.ValueError, "sep must be ASCII.");
  }
  return Value::of(TRY(hexOfBytes(thread, selfView(self), separator, group)));
}

Fallible<Value> bytesFromhex(Thread& thread, Value self, const Arguments& arguments) {
  TRY(arguments.noKeywords(thread, "fromhex"));
  if (arguments.positional != 1) {
    return raiseTypeError(thread, "{}.fromhex() takes exactly one argument ({} given)", nameOf(self.as<Type>()),
                          arguments.positional);
  }
  const Str* text = TRY(strArgument(thread, arguments[0], "fromhex", 0));
  ByteBuilder out;
  auto digitAt = [text](uint64_t i) -> int {
    if (i >= text->length) return -1;
    uint32_t c = text->at(i);
    if (c >= '0' && c <= '9') return static_cast<int>(c - '0');
    c |= 32;
    return c >= 'a' && c <= 'f' ? static_cast<int>(c - 'a') + 10 : -1;
  };
  for (uint64_t i = 0;;) {
    while (i < text->length && text->at(i) < 128 && isSpace(static_cast<char>(text->at(i)))) i++;
    if (i >= text->length) break;
    int high = digitAt(i), low = digitAt(i + 1);
    if (high < 0 || low < 0) {
      return raiseValueError(thread, "non-hexadecimal number found in fromhex() arg at position {}",
                             high < 0 ? i : i + 1);
    }
    out.appendByte(static_cast<uint32_t>(high << 4 | low));
    i += 2;
  }
  Value bytes = Value::of(TRY(out.build(thread)));
  Type* type = self.as<Type>();
  if (type == types.bytes) return bytes;
  if (type == types.bytearray) return Value::of(TRY(makeBytearray(thread, out.view())));
  return call(thread, self, bytes);
}

Fallible<Value> bytesDecode(Thread& thread, Value self, const Arguments& arguments) {
  static constexpr Parameters kParameters{"decode", {"encoding", "errors"}, 0};
  if (arguments.keywordCount() == 0 && arguments.positional <= 1) {  // most often the name of a codec that is built in
    const Str* name = arguments.positional == 0 ? nullptr : toStr(arguments[0]);
    if (arguments.positional == 0) return decodeBytes(thread, selfView(self), "utf-8", "strict");
    if (name != nullptr && name->isAscii() && namesBuiltInCodec(name->asciiView()))
      return decodeBytes(thread, selfView(self), name->asciiView(), "strict");
  }
  Value bound[2];
  TRY(kParameters.bind(thread, arguments, bound));
  std::string encoding = TRY(textArgument(thread, bound[0], "decode", "encoding", "utf-8"));
  std::string errors = TRY(textArgument(thread, bound[1], "decode", "errors", "strict"));
  return decodeBytes(thread, selfView(self), encoding, errors);
}

}  // namespace

Fallible<Str*> hexOfBytes(Thread& thread, std::string_view bytes, uint32_t separator, int64_t group) {
  static constexpr char kDigits[] = "0123456789abcdef";
  if (separator == 0 && !bytes.empty()) {
    Str* text = TRY(allocateStr(thread, bytes.size() * 2, 1, true));
    uint8_t* to = text->inlineText;
    for (char c : bytes) {
      *to++ = static_cast<uint8_t>(kDigits[static_cast<uint8_t>(c) >> 4]);
      *to++ = static_cast<uint8_t>(kDigits[c & 15]);
    }
    return text;
  }
  StrBuilder out;
  // A positive group counts from the right end, a negative one from the left.
  uint64_t size = group < 0 ? static_cast<uint64_t>(-group) : static_cast<uint64_t>(group);
  for (size_t i = 0; i < bytes.size(); i++) {
    bool boundary = size != 0 && (group > 0 ? (bytes.size() - i) % size == 0 : i % size == 0);
    if (separator != 0 && i != 0 && boundary) out.appendCharacter(separator);
    auto byte = static_cast<uint8_t>(bytes[i]);
    out.appendCharacter(static_cast<uint8_t>(kDigits[byte >> 4]));
    out.appendCharacter(static_cast<uint8_t>(kDigits[byte & 15]));
  }
  return out.build(thread);
}

void declareBytesTextMethods(TypeBuilder& type) {
  type.method("upper", bytesUpper)
      .method("lower", bytesLower)
      .method("swapcase", bytesSwapcase)
      .method("capitalize", bytesCapitalize)
      .method("title", bytesTitle)
      .method("isalpha", allPass<isLetter, false>)
      .method("isalnum", allPass<isAlphanumeric, false>)
      .method("isdigit", allPass<isDigit, false>)
      .method("isspace", allPass<isSpace, false>)
      .method("isascii", allPass<isAsciiByte, true>)
      .method("islower", someButNone<isLower, isUpper>)
      .method("isupper", someButNone<isUpper, isLower>)
      .method("istitle", bytesIstitle)
      .method("ljust", justify<0>, 1)
      .method("center", justify<1>, 1)
      .method("rjust", justify<2>, 1)
      .method("zfill", bytesZfill)
      .variadic("expandtabs", bytesExpandtabs)
      .variadic("translate", bytesTranslate)
      .staticMethod("maketrans", bytesMaketrans)
      .variadic("hex", bytesHex)
      .classMethod("fromhex", bytesFromhex)
      .variadic("decode", bytesDecode);
}

}  // namespace krait
