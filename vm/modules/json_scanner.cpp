// json.scanner's c_make_scanner: JSON text to objects.
#include <cstring>

#include "vm/builtins/dict.h"
#include "vm/builtins/float.h"
#include "vm/builtins/int.h"
#include "vm/builtins/list.h"
#include "vm/builtins/str.h"
#include "vm/builtins/text.h"
#include "vm/builtins/tuple.h"
#include "vm/import.h"
#include "vm/modules/json_internal.h"
#include "vm/names.h"

namespace krait {
namespace {

struct Scanner : NativeObject {
  Field<Value> objectHook, pairsHook, parseFloat, parseInt, parseConstant;
  bool strict;
};
void traceScanner(Cell* cell, Marker& marker) {
  auto* s = static_cast<Scanner*>(cell);
  for (Field<Value>* field : {&s->objectHook, &s->pairsHook, &s->parseFloat, &s->parseInt, &s->parseConstant}) {
    marker.mark(*field);
  }
}
constexpr NativeTraits kTraits{"Scanner", traceScanner, nullptr};

Scanner* self_(Value v) { return v.as<Scanner>(); }

// JSONDecodeError(message, document, position)
Raised raiseDecodeError(Thread& thread, const char* message, Str* document, int64_t position) {
  Value module = TRY(importModule(thread, TRY(intern(thread, "json.decoder"))));
  Value type = TRY(getAttribute(thread, module, "JSONDecodeError"));
  Value arguments[] = {Value::of(TRY(makeStr(thread, message))), Value::of(document), TRY(makeInt(thread, position))};
  return raiseInstance(thread, TRY(call(thread, type, arguments)));
}
Raised raiseStop(Thread& thread, uint64_t position) {
  return raiseWithArgument(thread, exceptions.StopIteration, Value::inlineInt(static_cast<int64_t>(position)));
}

// One text being read; the characters are `C`s.
template <class C>
class Reader {
 public:
  Reader(Thread& thread, Str* document, Scanner* scanner, Dict* memo)
      : thread_(thread),
        document_(document),
        text_(reinterpret_cast<const C*>(document->data())),
        length_(document->length),
        scanner_(scanner),
        memo_(memo) {}

  // The value at `i`, which is moved behind it. StopIteration(i) where none begins.
  Fallible<Value> value(uint64_t& i) {
    if (i >= length_) return raiseStop(thread_, i);
    uint64_t start = i;
    switch (text_[i]) {
      case '"': return string(++i, scanner_->strict, false);
      case '{': return object(++i);
      case '[': return array(++i);
      case 'n':
        if (literal(i, "null")) return Value::none();
        break;
      case 't':
        if (literal(i, "true")) return Value::boolean(true);
        break;
      case 'f':
        if (literal(i, "false")) return Value::boolean(false);
        break;
      case 'N':
        if (literal(i, "NaN")) return constant("NaN");
        break;
      case 'I':
        if (literal(i, "Infinity")) return constant("Infinity");
        break;
      case '-':
        if (literal(i, "-Infinity")) return constant("-Infinity");
        break;
      default: break;
    }
    i = start;
    return number(i);
  }

  // The text behind an opening quote up to the closing one, behind which `i` stands then.
  Fallible<Value> string(uint64_t& i, bool strict, bool isKey) {
    uint64_t begin = i - 1, start = i, at = plainEnd(i, strict);
    if (at < length_ && text_[at] == '"') {  // no escapes: mostly
      i = at + 1;
      Str* s = TRY(slice(start, at));
      return isKey ? memoised(s) : Fallible<Value>(Value::of(s));
    }
    StrBuilder out;
    for (;;) {
      appendSlice(out, start, at);
      if (at >= length_) return unterminated(begin);
      C c = text_[at];
      if (c == '"') break;
      if (c != '\\') return raiseDecodeError(thread_, "Invalid control character at", document_, position(at));
      if (at + 1 >= length_) return unterminated(begin);
      start = at = TRY(escape(at + 1, out));
      at = plainEnd(at, strict);
    }
    i = at + 1;
    Str* s = TRY(out.build(thread_));
    return isKey ? memoised(s) : Fallible<Value>(Value::of(s));
  }

 private:
  static int64_t position(uint64_t i) { return static_cast<int64_t>(i); }
  Raised unterminated(uint64_t begin) {
    return raiseDecodeError(thread_, "Unterminated string starting at", document_, position(begin));
  }
  uint64_t plainEnd(uint64_t i, bool strict) const {
    while (i < length_ && text_[i] != '"' && text_[i] != '\\' && (text_[i] >= 32 || !strict)) i++;
    return i;
  }
  Fallible<Str*> slice(uint64_t start, uint64_t end) {
    if (document_->isAscii()) return makeStrAscii(thread_, document_->asciiView().substr(start, end - start));
    return makeStrOf(thread_, text_ + start, end - start);
  }
  void appendSlice(StrBuilder& out, uint64_t start, uint64_t end) {
    for (uint64_t i = start; i < end; i++) out.appendCharacter(text_[i]);
  }
  Fallible<Value> memoised(Str* s) { return dictSetDefault(thread_, memo_, Value::of(s), Value::of(s)); }

  static int hexDigit(uint32_t c) {
    return c >= '0' && c <= '9'   ? static_cast<int>(c - '0')
           : c >= 'a' && c <= 'f' ? static_cast<int>(c - 'a' + 10)
           : c >= 'A' && c <= 'F' ? static_cast<int>(c - 'A' + 10)
                                  : -1;
  }
  // Four digits at `i`; -1 when there are none.
  int64_t fourDigits(uint64_t i) const {
    int64_t unit = 0;
    for (uint64_t k = i; k < i + 4; k++) {
      int digit = k < length_ ? hexDigit(text_[k]) : -1;
      if (digit < 0) return -1;
      unit = unit << 4 | digit;
    }
    return unit;
  }
  // The escape whose letter stands at `i`; the position behind it is returned.
  Fallible<uint64_t> escape(uint64_t i, StrBuilder& out) {
    static constexpr std::string_view kLetters = "\"\\/bfnrt", kMeanings = "\"\\/\b\f\n\r\t";
    C c = text_[i];
    if (c != 'u') {
      size_t which = c < 128 ? kLetters.find(static_cast<char>(c)) : std::string_view::npos;
      if (which == std::string_view::npos) {
        return raiseDecodeError(thread_, "Invalid \\escape", document_, position(i) - 1);
      }
      out.appendCharacter(static_cast<uint8_t>(kMeanings[which]));
      return i + 1;
    }
    constexpr const char* kInvalid = "Invalid \\uXXXX escape";
    int64_t unit = fourDigits(i + 1);
    // A closing quote has to follow: digits at the very end of the text are not enough.
    if (unit < 0 || i + 5 >= length_) return raiseDecodeError(thread_, kInvalid, document_, position(i));
    i += 5;
    bool isHigh = (unit & 0xfc00) == 0xd800;
    if (isHigh && i + 6 < length_ && text_[i] == '\\' && text_[i + 1] == 'u') {
      int64_t low = fourDigits(i + 2);
      if (low < 0) return raiseDecodeError(thread_, kInvalid, document_, position(i) + 1);
      if ((low & 0xfc00) == 0xdc00) {
        out.appendCharacter(static_cast<uint32_t>(0x10000 + ((unit & 0x3ff) << 10) + (low & 0x3ff)));
        return i + 6;
      }
    }
    out.appendCharacter(static_cast<uint32_t>(unit));
    return i;
  }

  bool literal(uint64_t& i, std::string_view word) const {
    if (length_ - i < word.size()) return false;
    for (size_t k = 0; k < word.size(); k++) {
      if (text_[i + k] != static_cast<uint8_t>(word[k])) return false;
    }
    i += word.size();
    return true;
  }
  Fallible<Value> constant(const char* word) {
    return call(thread_, scanner_->parseConstant, Value::of(TRY(intern(thread_, word))));
  }

  bool isDigit(uint64_t i) const { return i < length_ && text_[i] >= '0' && text_[i] <= '9'; }
  Fallible<Value> number(uint64_t& i) {
    uint64_t start = i, at = i;
    bool isFloatText = false;
    if (text_[at] == '-') at++;
    if (!isDigit(at)) return raiseStop(thread_, start);
    if (text_[at] == '0') {
      at++;
    } else {
      while (isDigit(at)) at++;
    }
    if (at + 1 < length_ && text_[at] == '.' && isDigit(at + 1)) {
      isFloatText = true;
      at += 2;
      while (isDigit(at)) at++;
    }
    if (at + 1 < length_ && (text_[at] == 'e' || text_[at] == 'E')) {
      uint64_t exponent = at + 1;
      if (exponent + 1 < length_ && (text_[exponent] == '-' || text_[exponent] == '+')) exponent++;
      if (isDigit(exponent)) {
        isFloatText = true;
        at = exponent;
        while (isDigit(at)) at++;
      }
    }
    i = at;
    if (!isFloatText && at - start <= 18 && scanner_->parseInt.get().is(Value::of(types.int_))) {
      bool isNegative = text_[start] == '-';
      int64_t sum = 0;
      for (uint64_t k = start + isNegative; k < at; k++) sum = sum * 10 + static_cast<int64_t>(text_[k] - '0');
      return Value::inlineInt(isNegative ? -sum : sum);
    }
    std::string digits;
    for (uint64_t k = start; k < at; k++) digits += static_cast<char>(text_[k]);
    if (isFloatText && scanner_->parseFloat.get().is(Value::of(types.float_))) {
      if (auto d = parseFloat(digits)) return makeFloat(thread_, *d);
    }
    Value parse = isFloatText ? scanner_->parseFloat : scanner_->parseInt;
    return call(thread_, parse, Value::of(TRY(makeStrAscii(thread_, digits))));
  }

  void skipSpace(uint64_t& i) const {
    while (i < length_ && (text_[i] == ' ' || text_[i] == '\t' || text_[i] == '\n' || text_[i] == '\r')) i++;
  }

  Fallible<Value> array(uint64_t& i) {
    KRAIT_CHECK_NATIVE_STACK(thread_, " while decoding a JSON array from a unicode string");
    List* list = TRY(makeListWithCapacity(thread_, 0));
    skipSpace(i);
    if (i < length_ && text_[i] == ']') {
      i++;
      return Value::of(list);
    }
    for (;;) {
      TRY(listAppend(thread_, list, TRY(value(i))));
      skipSpace(i);
      if (i < length_ && text_[i] == ']') break;
      if (i >= length_ || text_[i] != ',') {
        return raiseDecodeError(thread_, "Expecting ',' delimiter", document_, position(i));
      }
      i++;
      skipSpace(i);
    }
    i++;
    return Value::of(list);
  }

  Fallible<Value> object(uint64_t& i) {
    KRAIT_CHECK_NATIVE_STACK(thread_, " while decoding a JSON object from a unicode string");
    constexpr const char* kName = "Expecting property name enclosed in double quotes";
    bool asPairs = !scanner_->pairsHook.get().isNone();
    List* pairs = asPairs ? TRY(makeListWithCapacity(thread_, 0)) : nullptr;
    Dict* dict = asPairs ? nullptr : TRY(makeDict(thread_));
    skipSpace(i);
    if (i >= length_ || text_[i] != '}') {
      for (;;) {
        if (i >= length_ || text_[i] != '"') return raiseDecodeError(thread_, kName, document_, position(i));
        Value key = TRY(string(++i, scanner_->strict, true));
        skipSpace(i);
        if (i >= length_ || text_[i] != ':') {
          return raiseDecodeError(thread_, "Expecting ':' delimiter", document_, position(i));
        }
        i++;
        skipSpace(i);
        Value item = TRY(value(i));
        if (asPairs) {
          TRY(listAppend(thread_, pairs, Value::of(TRY(makeTuple(thread_, {key, item})))));
        } else {
          TRY(dictSet(thread_, dict, key, item));
        }
        skipSpace(i);
        if (i < length_ && text_[i] == '}') break;
        if (i >= length_ || text_[i] != ',') {
          return raiseDecodeError(thread_, "Expecting ',' delimiter", document_, position(i));
        }
        i++;
        skipSpace(i);
      }
    }
    i++;
    if (asPairs) return call(thread_, scanner_->pairsHook, Value::of(pairs));
    if (!scanner_->objectHook.get().isNone()) return call(thread_, scanner_->objectHook, Value::of(dict));
    return Value::of(dict);
  }

  Thread& thread_;
  Str* document_;
  const C* text_;
  uint64_t length_;
  Scanner* scanner_;
  Dict* memo_;  // the keys of this text: equal ones are one object
};

Fallible<Value> withEnd(Thread& thread, Value v, uint64_t end) {
  return Value::of(TRY(makeTuple(thread, {v, Value::inlineInt(static_cast<int64_t>(end))})));
}

Fallible<Value> scannerCall(Thread& thread, Value self, const Arguments& arguments) {
  static constexpr Parameters kParameters{"scan_once", {"string", "idx"}, 2};
  Value bound[2];
  TRY(kParameters.bind(thread, arguments, bound));
  int64_t index = TRY(sizeArgument(thread, bound[1]));
  Str* document = toStr(bound[0]);
  if (document == nullptr) {
    return raiseTypeError(thread, "first argument must be a string, not {}", nameOf(bound[0]));
  }
  if (index < 0) return raise(thread, exceptions.ValueError, "idx cannot be negative");
  auto i = static_cast<uint64_t>(index);
  Dict* memo = TRY(makeDict(thread));
  Scanner* scanner = self_(self);
  Value v = TRY(document->width == 1   ? Reader<uint8_t>(thread, document, scanner, memo).value(i)
                : document->width == 2 ? Reader<uint16_t>(thread, document, scanner, memo).value(i)
                                       : Reader<uint32_t>(thread, document, scanner, memo).value(i));
  return withEnd(thread, v, i);
}

Fallible<Value> scannerNew(Thread& thread, Value self, const Arguments& arguments) {
  static constexpr Parameters kParameters{"make_scanner", {"context"}, 1};
  Value context;
  TRY(kParameters.bind(thread, arguments, &context));
  auto* s = TRY(allocate<Scanner>(thread, Kind::kNative, self.as<Type>()->instanceShape));
  s->traits = &kTraits;
  s->strict = TRY(isTrue(thread, TRY(getAttribute(thread, context, "strict"))));
  s->objectHook = TRY(getAttribute(thread, context, "object_hook"));
  s->pairsHook = TRY(getAttribute(thread, context, "object_pairs_hook"));
  s->parseFloat = TRY(getAttribute(thread, context, "parse_float"));
  s->parseInt = TRY(getAttribute(thread, context, "parse_int"));
  s->parseConstant = TRY(getAttribute(thread, context, "parse_constant"));
  return Value::of(s);
}

template <Field<Value> Scanner::*kField>
Fallible<Value> get(Thread&, Value self) {
  return (self_(self)->*kField).get();
}
Fallible<Value> getStrict(Thread&, Value self) { return Value::boolean(self_(self)->strict); }

}  // namespace

Fallible<Value> jsonScanstring(Thread& thread, Value, const Arguments& arguments) {
  TRY(arguments.noKeywords(thread, "scanstring"));
  TRY(arguments.count(thread, "scanstring", 2, 3));
  int64_t end = TRY(sizeArgument(thread, arguments[1]));
  bool strict = arguments.positional < 3 || TRY(isTrue(thread, arguments[2]));
  Str* document = toStr(arguments[0]);
  if (document == nullptr) {
    return raiseTypeError(thread, "first argument must be a string, not {}", nameOf(arguments[0]));
  }
  if (end < 0 || static_cast<uint64_t>(end) > document->length) {
    return raise(thread, exceptions.ValueError, "end is out of bounds");
  }
  auto i = static_cast<uint64_t>(end);
  Value v = TRY(document->width == 1   ? Reader<uint8_t>(thread, document, nullptr, nullptr).string(i, strict, false)
                : document->width == 2 ? Reader<uint16_t>(thread, document, nullptr, nullptr).string(i, strict, false)
                                       : Reader<uint32_t>(thread, document, nullptr, nullptr).string(i, strict, false));
  return withEnd(thread, v, i);
}

void declareJsonScanner(TypeBuilder& type) {
  type.module("_json")
      .doc("JSON scanner object")
      .flags(Type::kBaseType | Type::kInstantiable)
      .constructor(scannerNew)
      .specialVariadic("__call__", scannerCall)
      .getter("strict", getStrict)
      .getter("object_hook", get<&Scanner::objectHook>)
      .getter("object_pairs_hook", get<&Scanner::pairsHook>)
      .getter("parse_float", get<&Scanner::parseFloat>)
      .getter("parse_int", get<&Scanner::parseInt>)
      .getter("parse_constant", get<&Scanner::parseConstant>);
}

}  // namespace krait
