// The % operator of str and bytes. Bytes are formatted as text of the characters 0..255.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>
#include <memory>

#include "vm/builtins/bytes.h"
#include "vm/builtins/dict.h"
#include "vm/builtins/float.h"
#include "vm/builtins/int.h"
#include "vm/builtins/str.h"
#include "vm/builtins/text.h"
#include "vm/builtins/tuple.h"

namespace krait {
namespace {

// %[(key)][flags][width][.precision][hlL]conversion
struct PercentField {
  bool left = false, plus = false, space = false, alternate = false, zero = false;
  int64_t width = -1, precision = -1;
  uint32_t conversion = 0;
  uint64_t conversionAt = 0;
};

class PercentFormatter {
 public:
  PercentFormatter(Thread& thread, Str* format, Value arguments, bool isBytes)
      : thread_(thread), format_(format), arguments_(arguments), isBytes_(isBytes) {
    tuple_ = toTuple(arguments);
    bool isText = toStr(arguments) != nullptr ||
                  (isBytes && (toBytes(arguments) != nullptr || isKind(arguments, Kind::kByteBuffer)));
    hasMapping_ = tuple_ == nullptr && !isText && !specialMethod(arguments, Special::k__getitem__).isUnbound();
  }

  Fallible<Str*> run() {
    uint64_t length = format_->length;
    while (position_ < length) {
      uint64_t start = position_;
      if (format_->width == 1) {
        const uint8_t* text = format_->data();
        const void* percent = std::memchr(text + start, '%', length - start);
        position_ = percent == nullptr ? length : static_cast<uint64_t>(static_cast<const uint8_t*>(percent) - text);
      } else {
        while (position_ < length && format_->at(position_) != '%') position_++;
      }
      out_.append(format_, start, position_);
      if (position_ == length) break;
      position_++;
      if (formatPlainField()) continue;
      TRY(formatField());
    }
    if (!usedMapping_ && !hasMapping_ && next_ < argumentCount()) {
      return raiseTypeError(thread_, "not all arguments converted during {} formatting", isBytes_ ? "bytes" : "string");
    }
    return out_.build(thread_);
  }

 private:
  // "%s" of a str, "%s" and "%d" of an inline int: what most fields are. False: nothing has happened.
  bool formatPlainField() {
    if (tuple_ == nullptr || next_ >= tuple_->length || position_ >= format_->length || isBytes_ || hasKey_)
      return false;
    uint32_t conversion = format_->at(position_);
    Value v = tuple_->items[next_].get();
    if (conversion == 's' && isKind(v, Kind::kStr)) {
      out_.append(v.as<Str>());
    } else if ((conversion == 's' || conversion == 'd') && v.isInlineInt()) {
      char digits[24];
      char* end = std::to_chars(digits, digits + sizeof digits, v.asInlineInt()).ptr;
      out_.appendLatin1(reinterpret_cast<const uint8_t*>(digits), static_cast<uint64_t>(end - digits));
    } else {
      return false;
    }
    position_++;
    next_++;
    return true;
  }

  uint64_t argumentCount() const { return tuple_ != nullptr ? tuple_->length : 1; }

  Fallible<Value> nextArgument() {
    if (hasKey_) {
      hasKey_ = false;
      return keyed_;
    }
    if (tuple_ == nullptr && next_ == 0 && !usedMapping_) {
      next_ = 1;
      return arguments_;
    }
    if (tuple_ != nullptr && next_ < tuple_->length) return tuple_->items[next_++].get();
    return raise(thread_, exceptions.TypeError, "not enough arguments for format string");
  }

  Raised raiseIncomplete() { return raise(thread_, exceptions.ValueError, "incomplete format"); }

  Fallible<uint32_t> nextCharacter() {
    if (position_ >= format_->length) return raiseIncomplete();
    return format_->at(position_++);
  }

  // "(key)" has been begun: looks it up.
  Fallible<void> readKey() {
    if (!hasMapping_) return raise(thread_, exceptions.TypeError, "format requires a mapping");
    uint64_t start = position_;
    for (int depth = 1; depth > 0; position_++) {
      if (position_ >= format_->length) return raise(thread_, exceptions.ValueError, "incomplete format key");
      uint32_t c = format_->at(position_);
      depth += c == '(' ? 1 : c == ')' ? -1 : 0;
    }
    Str* name = TRY(substring(thread_, format_, start, position_ - 1));
    Value key = Value::of(name);
    if (isBytes_) {
      key = Value::of(TRY(makeBytes(thread_, {reinterpret_cast<const char*>(name->data()), name->length})));
    }
    keyed_ = TRY(getItem(thread_, arguments_, key));
    hasKey_ = usedMapping_ = true;
    return {};
  }

  // A number in digits, or '*' for the next argument. `c` is the character at hand and afterwards the one behind.
  Fallible<int64_t> readNumber(uint32_t& c, int64_t limit, const char* what) {
    if (c == '*') {
      Value v = TRY(nextArgument());
      if (!isInt(v)) return raise(thread_, exceptions.TypeError, "* wants int");
      auto number = toInt64(v);
      if (!number || *number > limit || *number < -limit) {
        return raiseFormat(thread_, exceptions.OverflowError, "Python int too large to convert to C {}",
                           limit == INT32_MAX ? "int" : "ssize_t");
      }
      c = TRY(nextCharacter());
      return *number;
    }
    int64_t number = 0;
    while (c >= '0' && c <= '9') {
      if (number > (limit - static_cast<int64_t>(c - '0')) / 10) return raiseValueError(thread_, "{} too big", what);
      number = number * 10 + static_cast<int64_t>(c - '0');
      c = TRY(nextCharacter());
    }
    return number;
  }

  Fallible<void> readField(PercentField& field) {
    uint32_t c = TRY(nextCharacter());
    if (c == '(') {
      TRY(readKey());
      c = TRY(nextCharacter());
    }
    for (bool more = true; more;) {
      switch (c) {
        case '-': field.left = true; break;
        case '+': field.plus = true; break;
        case ' ': field.space = true; break;
        case '#': field.alternate = true; break;
        case '0': field.zero = true; break;
        default: more = false;
      }
      if (more) c = TRY(nextCharacter());
    }
    if (c == '*' || (c >= '0' && c <= '9')) {
      field.width = TRY(readNumber(c, INT64_MAX, "width"));
      if (field.width < 0) {
        field.left = true;
        field.width = -field.width;
      }
    }
    if (c == '.') {
      c = TRY(nextCharacter());
      field.precision = std::max<int64_t>(0, TRY(readNumber(c, INT32_MAX, isBytes_ ? "prec" : "precision")));
    }
    if (c == 'h' || c == 'l' || c == 'L') c = TRY(nextCharacter());
    field.conversion = c;
    field.conversionAt = position_ - 1;
    return {};
  }

  Fallible<void> formatField() {
    if (position_ < format_->length && format_->at(position_) == '%') {
      position_++;
      out_.appendCharacter('%');
      return {};
    }
    PercentField field;
    TRY(readField(field));
    Value v = TRY(nextArgument());
    if (!isConversion(field.conversion)) {
      char shown = field.conversion > 31 && field.conversion < 127 ? static_cast<char>(field.conversion) : '?';
      return raiseValueError(thread_, "unsupported format character '{}' (0x{:x}) at index {}", shown, field.conversion,
                             field.conversionAt);
    }
    switch (field.conversion) {
      case 'd':
      case 'i':
      case 'u':
      case 'o':
      case 'x':
      case 'X': return formatInteger(field, v);
      case 'e':
      case 'E':
      case 'f':
      case 'F':
      case 'g':
      case 'G': return formatReal(field, v);
      case 'c': return formatCharacter(field, v);
      default: return formatObject(field, v);
    }
  }

  bool isConversion(uint32_t c) const {
    return c < 128 && c != 0 &&
           strchr(isBytes_ ? "diuoxXeEfFgGcrsab" : "diuoxXeEfFgGcrsa", static_cast<int>(c)) != nullptr;
  }

  // --- conversions ------------------------------------------------------------------------------------------------
  Fallible<Value> integerOf(const PercentField& field, Value v) {
    char conversion = static_cast<char>(field.conversion);
    if (auto i = toInt(v)) return *i;
    if (conversion == 'd' || conversion == 'i' || conversion == 'u') {
      if (isFloat(v)) return makeIntFromDouble(thread_, std::trunc(floatValue(v)));
      for (Special s : {Special::k__int__, Special::k__index__}) {
        Value method = specialMethod(v, s);
        if (method.isUnbound()) continue;
        auto made = callSpecial(thread_, method, v);
        if (made.isRaised()) {
          if (!pendingMatches(thread_, exceptions.TypeError)) return Raised{};
          clearException(thread_);
          break;
        }
        if (auto i = toInt(made.value())) return *i;
        break;
      }
      return raiseTypeError(thread_, "%{} format: a real number is required, not {}", conversion, nameOf(v));
    }
    if (!specialMethod(v, Special::k__index__).isUnbound()) {
      auto made = index(thread_, v);
      if (!made.isRaised()) return *toInt(made.value());
      if (!pendingMatches(thread_, exceptions.TypeError)) return Raised{};
      clearException(thread_);
    }
    return raiseTypeError(thread_, "%{} format: an integer is required, not {}", conversion, nameOf(v));
  }

  Fallible<void> formatInteger(const PercentField& field, Value v) {
    Value number = TRY(integerOf(field, v));
    int base = field.conversion == 'o' ? 8 : (field.conversion | 32) == 'x' ? 16 : 10;
    const Str* digits = TRY(intToText(thread_, number, base));
    std::string_view text = digits->asciiView();
    bool negative = text[0] == '-';
    if (negative) text.remove_prefix(1);
    uint64_t zeros = 0;
    if (field.precision > static_cast<int64_t>(text.size()))
      zeros = static_cast<uint64_t>(field.precision) - text.size();
    std::string_view prefix;
    if (field.alternate && base != 10) {
      prefix = base == 8 ? "0o" : field.conversion == 'x' ? "0x" : "0X";
    }
    fmt::memory_buffer upper;
    if (field.conversion == 'X') {
      for (char c : text) upper.push_back(c >= 'a' ? static_cast<char>(c - 32) : c);
      text = {upper.data(), upper.size()};
    }
    appendNumber(field, negative, prefix, zeros, text);
    return {};
  }

  Fallible<void> formatReal(const PercentField& field, Value v) {
    double d = TRY(asDouble(thread_, v));
    bool negative = std::signbit(d) && !std::isnan(d);
    int precision = field.precision < 0 ? 6 : static_cast<int>(field.precision);
    char quick[64];
    if (!field.alternate && field.conversion == 'f' && precision <= 20 && std::fabs(d) < 1e20) {
      char* end = std::to_chars(quick, quick + sizeof quick, std::fabs(d), std::chars_format::fixed, precision).ptr;
      appendNumber(field, negative, {}, 0, {quick, static_cast<size_t>(end - quick)});
      return {};
    }
    char pattern[] = {'%', '#', '.', '*', static_cast<char>(field.conversion), 0};
    if (!field.alternate) {
      memmove(pattern + 1, pattern + 2, 4);
    }
    char small[128];
    int needed = snprintf(small, sizeof small, pattern, precision, std::fabs(d));
    if (needed < 0) return raiseMemoryError(thread_);
    std::unique_ptr<char, void (*)(void*)> large(nullptr, free);
    const char* text = small;
    if (needed >= static_cast<int>(sizeof small)) {
      large.reset(static_cast<char*>(malloc(static_cast<size_t>(needed) + 1)));
      if (large == nullptr) return raiseMemoryError(thread_);
      snprintf(large.get(), static_cast<size_t>(needed) + 1, pattern, precision, std::fabs(d));
      text = large.get();
    }
    appendNumber(field, negative, {}, 0, {text, static_cast<size_t>(needed)});
    return {};
  }

  // Padding zeros stand between sign or prefix and digits, spaces in front of everything.
  void appendNumber(const PercentField& field, bool negative, std::string_view prefix, uint64_t zeros,
                    std::string_view digits) {
    uint32_t sign = negative ? '-' : field.plus ? '+' : field.space ? ' ' : 0;
    uint64_t length = (sign != 0) + prefix.size() + zeros + digits.size();
    uint64_t padding = field.width > static_cast<int64_t>(length) ? static_cast<uint64_t>(field.width) - length : 0;
    bool zeroPadded = field.zero && !field.left;
    if (!zeroPadded && !field.left) out_.appendRepeated(' ', padding);
    if (sign != 0) out_.appendCharacter(sign);
    out_.append(prefix).appendRepeated('0', zeros + (zeroPadded ? padding : 0)).append(digits);
    if (field.left) out_.appendRepeated(' ', padding);
  }

  void appendText(const PercentField& field, const Str* text) {
    uint64_t length = text->length;
    if (field.precision >= 0) length = std::min(length, static_cast<uint64_t>(field.precision));
    uint64_t padding = field.width > static_cast<int64_t>(length) ? static_cast<uint64_t>(field.width) - length : 0;
    if (!field.left) out_.appendRepeated(' ', padding);
    out_.append(text, 0, length);
    if (field.left) out_.appendRepeated(' ', padding);
  }

  Fallible<void> formatCharacter(PercentField field, Value v) {
    field.precision = -1;
    if (const Str* s = isBytes_ ? nullptr : toStr(v)) {
      if (s->length != 1) return raise(thread_, exceptions.TypeError, "%c requires int or char");
      appendText(field, s);
      return {};
    }
    std::string_view bytes;
    if (isBytes_ && bufferView(v, bytes) && bytes.size() == 1) {
      appendText(field, TRY(makeStrOfCharacter(thread_, static_cast<uint8_t>(bytes[0]))));
      return {};
    }
    auto code = toInt(v);
    if (!code && !isFloat(v) && !specialMethod(v, Special::k__index__).isUnbound()) code = TRY(index(thread_, v));
    if (!code) {
      return raise(thread_, exceptions.TypeError,
                   isBytes_ ? "%c requires an integer in range(256) or a single byte" : "%c requires int or char");
    }
    auto c = toInt64(*code);
    if (!c || *c < 0 || *c > (isBytes_ ? 255 : 0x10ffff)) {
      return raise(thread_, exceptions.OverflowError,
                   isBytes_ ? "%c arg not in range(256)" : "%c arg not in range(0x110000)");
    }
    appendText(field, TRY(makeStrOfCharacter(thread_, static_cast<uint32_t>(*c))));
    return {};
  }

  Fallible<void> formatObject(const PercentField& field, Value v) {
    const Str* text;
    if (field.conversion == 'a' || (isBytes_ && field.conversion == 'r')) {
      text = TRY(ascii(thread_, v));
    } else if (field.conversion == 'r') {
      text = TRY(repr(thread_, v));
    } else if (isBytes_) {
      text = TRY(bytesText(v));
    } else {
      text = typeOf(v) == types.str ? v.as<Str>() : TRY(str(thread_, v));
    }
    if (field.width < 0 && field.precision < 0) {
      out_.append(text);
    } else {
      appendText(field, text);
    }
    return {};
  }

  // %s of bytes: the bytes of a bytes-like object, or what __bytes__ returns.
  Fallible<Str*> bytesText(Value v) {
    std::string_view bytes;
    if (!bufferView(v, bytes)) {
      Value method = specialMethod(v, Special::k__bytes__);
      if (method.isUnbound()) {
        return raiseTypeError(
            thread_, "%b requires a bytes-like object, or an object that implements __bytes__, not '{}'", nameOf(v));
      }
      v = TRY(callSpecial(thread_, method, v));
      if (toBytes(v) == nullptr) {
        return raiseTypeError(thread_, "__bytes__ returned non-bytes (type {})", nameOf(v));
      }
      bytes = viewOf(toBytes(v));
    }
    return makeStrLatin1(thread_, reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size());
  }

  Thread& thread_;
  Str* format_;
  Value arguments_;
  const bool isBytes_;
  Tuple* tuple_;
  bool hasMapping_;
  bool usedMapping_ = false, hasKey_ = false;
  Value keyed_ = Value::none();
  uint64_t position_ = 0, next_ = 0;
  StrBuilder out_;
};

}  // namespace

Fallible<Str*> formatPercent(Thread& thread, Str* format, Value arguments) {
  return PercentFormatter(thread, format, arguments, false).run();
}

Fallible<Value> formatBytesPercent(Thread& thread, std::string_view format, Value arguments) {
  Str* text = TRY(makeStrLatin1(thread, reinterpret_cast<const uint8_t*>(format.data()), format.size()));
  Str* formatted = TRY(PercentFormatter(thread, text, arguments, true).run());
  return Value::of(TRY(makeBytes(thread, {reinterpret_cast<const char*>(formatted->data()), formatted->length})));
}

}  // namespace krait
