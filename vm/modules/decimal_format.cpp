// format(Decimal, specification): the mini-language as decimals understand it, in the locale's manner for type n.
#include <algorithm>
#include <clocale>
#include <vector>

#include "vm/builtins/dict.h"
#include "vm/modules/decimal_object.h"

namespace krait::decimal {
namespace {

struct Specification {
  uint32_t fill = ' ';
  char align = '>';
  char sign = '-';
  bool noNegativeZero = false, zeroPadding = false;
  int64_t width = 0;
  int64_t precision = -1;  // not given
  char type = 0;
  std::string point = ".", separator, grouping;
};

// False for what is no specification. The locale is left to the caller.
bool parseSpecification(const Str* text, Specification& spec) {
  uint64_t at = 0, end = text->length;
  auto peek = [&](uint64_t i) { return i < end ? text->at(i) : 0; };
  auto isAlignment = [](uint32_t c) { return c == '<' || c == '>' || c == '=' || c == '^'; };
  bool hasAlignment = true;
  if (end >= 2 && isAlignment(peek(1))) {
    spec.fill = peek(0);
    spec.align = static_cast<char>(peek(1));
    at = 2;
  } else if (isAlignment(peek(0))) {
    spec.align = static_cast<char>(peek(0));
    at = 1;
  } else {
    hasAlignment = false;
  }
  if (uint32_t c = peek(at); c == '+' || c == '-' || c == ' ') {
    spec.sign = static_cast<char>(c);
    at++;
  }
  if (peek(at) == 'z') {
    spec.noNegativeZero = true;
    at++;
  }
  if (peek(at) == '0') {
    if (hasAlignment) return false;
    spec.zeroPadding = true;
    spec.align = '=';
    at++;
  }
  auto number = [&](int64_t& out) {
    constexpr int64_t kMost = INT64_MAX / 2;
    out = 0;
    for (; peek(at) >= '0' && peek(at) <= '9'; at++) {
      if (out > kMost / 10) return false;
      out = out * 10 + static_cast<int64_t>(peek(at) - '0');
    }
    return true;
  };
  if (!number(spec.width)) return false;
  bool hasComma = peek(at) == ',';
  if (hasComma) {
    spec.separator = ",";
    spec.grouping = "\3";
    at++;
  }
  if (peek(at) == '.') {
    at++;
    if (peek(at) < '0' || peek(at) > '9') return false;
    if (!number(spec.precision) || spec.precision > kMaxPrecision) return false;
  }
  if (at < end) {
    uint32_t c = peek(at++);
    if (c >= 0x80 || std::string_view("eEfFgG%nN").find(static_cast<char>(c)) == std::string_view::npos || at != end)
      return false;
    spec.type = static_cast<char>(c);
  }
  bool isLocal = spec.type == 'n' || spec.type == 'N';
  return !(isLocal && hasComma);
}

Fallible<std::string> overridden(Thread& thread, Dict* dict, const char* key, std::string byDefault, bool& isGiven) {
  Value v = TRY(dictGet(thread, dict, Value::of(TRY(intern(thread, key)))));
  if (v.isUnbound()) return byDefault;
  Str* text = toStr(v);
  if (text == nullptr) return raiseTypeError(thread, "bad argument type for built-in operation");
  isGiven = true;
  std::string bytes = strToUtf8(text);
  return bytes;
}

uint64_t characterCount(std::string_view utf8) {
  uint64_t count = 0;
  for (char c : utf8) count += (static_cast<uint8_t>(c) & 0xc0) != 0x80;
  return count;
}

// The digits in groups, with zeroes in front up to `least` characters.
std::string grouped(std::string digits, const Specification& spec, int64_t least) {
  auto size = [&] { return static_cast<int64_t>(digits.size()); };
  std::string result;
  auto put = [&](int64_t length) {  // the last digits, in front of what is there
    std::string part = size() >= length ? digits.substr(digits.size() - static_cast<size_t>(length)) : digits;
    part.insert(0, static_cast<size_t>(length) - part.size(), '0');
    digits.resize(digits.size() - std::min(digits.size(), static_cast<size_t>(length)));
    result = result.empty() ? part : part + spec.separator + result;
  };
  auto separatorWidth = static_cast<int64_t>(characterCount(spec.separator));
  size_t group = 0;
  if (!spec.grouping.empty() && !spec.separator.empty()) {
    std::vector<std::string> parts;
    bool isDone = false;
    while (!isDone) {
      auto length = static_cast<int64_t>(static_cast<signed char>(spec.grouping[group]));
      if (length <= 0 || length == 127) break;  // no more groups
      length = std::min(std::max({size(), least, int64_t{1}}), length);
      std::string part = size() >= length ? digits.substr(digits.size() - static_cast<size_t>(length)) : digits;
      part.insert(0, static_cast<size_t>(length) - part.size(), '0');
      digits.resize(digits.size() - std::min(digits.size(), static_cast<size_t>(length)));
      parts.push_back(std::move(part));
      least -= length;
      isDone = digits.empty() && least <= 0;
      least -= separatorWidth;
      if (group + 1 < spec.grouping.size() && spec.grouping[group + 1] != 0) group++;
    }
    for (auto part = parts.rbegin(); part != parts.rend(); ++part) {
      if (!result.empty()) result += spec.separator;
      result += *part;
    }
    if (isDone) return result;
  }
  put(std::max({size(), least, int64_t{1}}));
  return result;
}

// sign + body in the width.
Fallible<Value> align(Thread& thread, const Specification& spec, const std::string& sign, const std::string& body) {
  auto length = static_cast<int64_t>(characterCount(sign) + characterCount(body));
  int64_t padding = std::max<int64_t>(0, spec.width - length);
  if (padding > int64_t{1} << 36) return raiseMemoryError(thread);
  auto total = static_cast<uint64_t>(padding);
  StrBuilder text;
  switch (spec.align) {
    case '<': text.append(sign).append(body).appendRepeated(spec.fill, total); break;
    case '>': text.appendRepeated(spec.fill, total).append(sign).append(body); break;
    case '=': text.append(sign).appendRepeated(spec.fill, total).append(body); break;
    default:
      text.appendRepeated(spec.fill, total / 2).append(sign).append(body);
      text.appendRepeated(spec.fill, total - total / 2);
      break;
  }
  return Value::of(TRY(text.build(thread)));
}

// To `places` significant digits.
bool roundTo(Number& n, int64_t places, Rounding rounding, uint32_t& status) {
  if (n.isZeroCoefficient()) return true;
  Lost lost;
  int64_t before = n.adjusted();
  if (!rescale(n, before + 1 - places, rounding, lost, status)) return false;
  return n.adjusted() == before || rescale(n, n.adjusted() + 1 - places, rounding, lost, status);
}

Fallible<Value> layOut(Thread& thread, Number& n, Specification& spec, const Settings& settings) {
  char type = spec.type;
  bool isUpper = type == 'E' || type == 'G' || type == 'N' || type == 'F' || (type == 0 && settings.capitals);
  char style = type == 0 || type == 'n' || type == 'N' || type == 'G' ? 'g'
               : type == 'E'                                          ? 'e'
               : type == 'F'                                          ? 'f'
                                                                      : type;
  auto signOf = [&](bool negative) -> std::string {
    return negative ? "-" : spec.sign == '-' ? "" : std::string(1, spec.sign);
  };
  if (!n.isFinite()) {
    if (spec.zeroPadding) spec.align = '>';
    bool negative = n.negative;
    n.negative = false;
    std::string body = toText(n, true);
    if (type == '%') body += '%';
    return align(thread, spec, signOf(negative), body);
  }
  Rounding rounding = settings.rounding;
  uint32_t status = 0;
  Lost lost;
  int64_t precision = spec.precision;
  bool wasZero = n.isZeroCoefficient(), isFixed = style == 'f' || style == '%';
  if (style == '%') n.exponent += 2;
  if (precision >= 0) {
    bool fits = true;
    if (style == 'e') fits = roundTo(n, precision + 1, rounding, status);
    if (isFixed) fits = rescale(n, -precision, rounding, lost, status);
    if (style == 'g' && n.digits() > std::max<int64_t>(precision, 1))
      fits = roundTo(n, std::max<int64_t>(precision, 1), rounding, status);
    if (!fits) return raiseMemoryError(thread);
  }
  if (n.isZeroCoefficient() && n.exponent > 0 && isFixed) n.exponent = 0;
  // Type F, alone among the types, keeps the sign of what rounding has made zero, as CPython's C module does.
  if (spec.noNegativeZero && n.isZeroCoefficient() && (wasZero || type != 'F')) n.negative = false;
  std::string digits = digitsOf(n.coefficient());
  auto count = static_cast<int64_t>(digits.size());
  int64_t left = n.exponent + count, point = 1;
  if (style == 'e') {
    if (n.isZeroCoefficient() && precision >= 0) point = 1 - precision;
  } else if (isFixed || (n.exponent <= 0 && left > -6)) {
    point = left;
  }
  if (!haveRoom(std::max(std::abs(point), count), status)) return raiseMemoryError(thread);
  std::string whole, fraction;
  if (point < 0) {
    whole = "0";
    fraction = std::string(static_cast<size_t>(-point), '0') + digits;
  } else if (point > count) {
    whole = digits + std::string(static_cast<size_t>(point - count), '0');
  } else {
    whole = point == 0 ? "0" : digits.substr(0, static_cast<size_t>(point));
    fraction = digits.substr(static_cast<size_t>(point));
  }
  std::string rest = fraction.empty() ? "" : spec.point + fraction;
  if (left != point || style == 'e') rest += fmt::format("{}{:+}", isUpper ? 'E' : 'e', left - point);
  if (style == '%') rest += '%';
  std::string sign = signOf(n.negative);
  int64_t least = spec.zeroPadding ? spec.width - static_cast<int64_t>(characterCount(rest) + characterCount(sign)) : 0;
  if (least > int64_t{1} << 34) return raiseMemoryError(thread);
  return align(thread, spec, sign, grouped(whole, spec, least) + rest);
}

}  // namespace

Fallible<Value> formatDecimal(Thread& thread, Value self, const Arguments& arguments) {
  TRY(arguments.noKeywords(thread, "__format__"));
  if (arguments.positional == 0) return raiseTypeError(thread, "function takes at least 1 argument (0 given)");
  if (arguments.positional > 2)
    return raiseTypeError(thread, "function takes at most 2 arguments ({} given)", arguments.positional);
  Context* context = TRY(currentContext(thread));
  Str* text = toStr(arguments[0]);
  if (text == nullptr) return raiseTypeError(thread, "format arg must be str");
  Dict* override = nullptr;
  if (arguments.positional == 2) {
    override = toDict(arguments[1]);
    if (override == nullptr) return raiseTypeError(thread, "optional argument must be a dict");
  }
  for (uint64_t i = 0; !text->isAscii() && i < text->length; i++)
    if (text->at(i) >= 0xd800 && text->at(i) < 0xe000)
      TRY(callMethod(thread, Value::of(text), TRY(intern(thread, "encode")), {}));  // raises
  try {
    Specification spec;
    if (!parseSpecification(text, spec)) return raiseValueError(thread, "invalid format string");
    if (spec.type == 'n' || spec.type == 'N') {
      const lconv* conventions = localeconv();
      std::string grouping = conventions->grouping;
      Value point = TRY(makeFilename(thread, conventions->decimal_point));
      Value separator = TRY(makeFilename(thread, conventions->thousands_sep));
      spec.point = strToUtf8(point.as<Str>());
      spec.separator = strToUtf8(separator.as<Str>());
      spec.grouping = grouping;
    }
    if (override != nullptr) {
      bool isGiven = false;
      spec.point = TRY(overridden(thread, override, "decimal_point", spec.point, isGiven));
      spec.separator = TRY(overridden(thread, override, "thousands_sep", spec.separator, isGiven));
      spec.grouping = TRY(overridden(thread, override, "grouping", spec.grouping, isGiven));
      constexpr size_t kMost = 4;  // bytes
      bool isNegative = std::any_of(spec.grouping.begin(), spec.grouping.end(), [](char c) { return (c & 0x80) != 0; });
      if (isGiven && (isNegative || spec.point.empty() || spec.point.size() > kMost || spec.separator.size() > kMost))
        return raiseValueError(thread, "invalid override dict");
    }
    Number borrowed = toDecimal(self)->number(), number(borrowed);
    return layOut(thread, number, spec, context->settings);
  } catch (const std::exception&) {
    return raiseMemoryError(thread);
  }
}

}  // namespace krait::decimal
