// format(number, specification) for int, float and complex.
#include <cmath>
#include <exception>

#include "vm/builtins/float.h"
#include "vm/builtins/format_spec.h"
#include "vm/builtins/int.h"
#include "vm/builtins/number_text.h"

namespace krait {

static bool isFloatCode(uint32_t type) {
  switch (type) {
    case 'e':
    case 'E':
    case 'f':
    case 'F':
    case 'g':
    case 'G':
    case '%': return true;
    default: return false;
  }
}

static std::string_view signText(bool negative, char sign) {
  if (negative) return "-";
  return sign == '+' ? "+" : sign == ' ' ? " " : "";
}

// --- int ------------------------------------------------------------------------------------------------------------

static Fallible<Str*> formatCharacter(Thread& thread, Value value, const FormatSpec& spec) {
  if (spec.sign) {
    return raise(thread, exceptions.ValueError, "Sign not allowed with integer format specifier 'c'");
  }
  if (spec.alternate) {
    return raise(thread, exceptions.ValueError, "Alternate form (#) not allowed with integer format specifier 'c'");
  }
  std::optional<int64_t> character = toInt64(value);
  if (!character) return raise(thread, exceptions.OverflowError, "Python int too large to convert to C long");
  if (*character < 0 || *character > 0x10ffff) {
    return raise(thread, exceptions.OverflowError, "%c arg not in range(0x110000)");
  }
  Str* text = TRY(makeStrOfCharacter(thread, static_cast<uint32_t>(*character)));
  return padText(thread, text, spec);
}

static Fallible<Str*> formatFloatWith(Thread& thread, Value object, double d, const FormatSpec& spec);

Fallible<Str*> formatIntFor(Thread& thread, Value object, Value value, Str* specification) {
  if (specification->length == 0) return intToText(thread, value);
  FormatSpec spec = TRY(parseFormatSpec(thread, object, specification, 'd', '>'));
  if (isFloatCode(spec.type)) return formatFloatWith(thread, object, TRY(intToDouble(thread, value)), spec);
  int base = 10, groupSize = 3;
  std::string_view prefix;
  switch (spec.type) {
    case 'b': base = 2, groupSize = 4, prefix = "0b"; break;
    case 'o': base = 8, groupSize = 4, prefix = "0o"; break;
    case 'x': base = 16, groupSize = 4, prefix = "0x"; break;
    case 'X': base = 16, groupSize = 4, prefix = "0X"; break;
    case 'c':
    case 'd':
    case 'n': break;
    default: return raiseUnknownFormatCode(thread, object, spec.type);
  }
  if (spec.precision >= 0) {
    return raise(thread, exceptions.ValueError, "Precision not allowed in integer format specifier");
  }
  if (spec.noNegativeZero) {
    return raise(thread, exceptions.ValueError, "Negative zero coercion (z) not allowed in integer format specifier");
  }
  if (spec.type == 'c') return formatCharacter(thread, value, spec);
  IntTextBuffer buffer;
  std::string_view digits = TRY(intToAscii(thread, value, base, buffer));
  bool negative = digits[0] == '-';
  if (negative) digits.remove_prefix(1);
  if (spec.type == 'X') {
    // The digits are in the buffer, which is ours to change.
    for (char& c : std::span(const_cast<char*>(digits.data()), digits.size())) {
      if (c >= 'a') c = static_cast<char>(c - 32);
    }
  }
  NumberParts parts{signText(negative, spec.sign), spec.alternate ? prefix : std::string_view(), digits, {}};
  return layOutNumber(thread, parts, spec, groupSize);
}

Fallible<Str*> formatInt(Thread& thread, Value value, Str* specification) {
  return formatIntFor(thread, value, value, specification);
}

// --- float ----------------------------------------------------------------------------------------------------------

// The digits of d in the manner of the specification, sign included; `plain` is the style without a type.
static std::string digitsOf(double d, const FormatSpec& spec, bool addPointZero) {
  DoubleStyle style{.alternate = spec.alternate};
  style.precision = spec.precision < 0 ? 6 : static_cast<int>(spec.precision);
  if (spec.type == 0) {
    style.code = spec.precision < 0 ? 'r' : 'g';
    style.addPointZero = addPointZero;
  } else {
    style.code = spec.type == 'n' ? 'g' : spec.type == '%' ? 'f' : static_cast<char>(spec.type);
  }
  std::string text = doubleToText(d, style);
  if (spec.noNegativeZero && text[0] == '-') {
    // -0.0 after rounding: no digit but zero before the exponent.
    size_t end = text.find_first_of("eE");
    size_t nonZero = text.find_first_not_of("-0.");
    if (nonZero == std::string::npos || nonZero == end) text.erase(0, 1);
  }
  if (spec.type == '%') text += '%';
  return text;
}

static NumberParts cut(std::string_view text, char sign) {
  NumberParts parts;
  bool negative = text[0] == '-';
  if (negative) text.remove_prefix(1);
  parts.sign = signText(negative, sign);
  size_t digits = 0;
  while (digits < text.size() && text[digits] >= '0' && text[digits] <= '9') digits++;
  parts.digits = text.substr(0, digits);
  parts.rest = text.substr(digits);
  return parts;
}

KRAIT_COLD static Raised raisePrecisionTooBig(Thread& thread) {
  return raise(thread, exceptions.ValueError, "precision too big");
}

static Fallible<Str*> formatFloatWith(Thread& thread, Value object, double d, const FormatSpec& spec) {
  if (spec.type != 0 && spec.type != 'n' && !isFloatCode(spec.type)) {
    return raiseUnknownFormatCode(thread, object, spec.type);
  }
  if (spec.precision > INT32_MAX) return raisePrecisionTooBig(thread);
  try {
    std::string text = digitsOf(spec.type == '%' ? d * 100 : d, spec, true);
    return layOutNumber(thread, cut(text, spec.sign), spec, 3);
  } catch (const std::exception&) {
    return raiseMemoryError(thread);
  }
}

Fallible<Str*> formatFloatFor(Thread& thread, Value object, double d, Str* specification) {
  FormatSpec spec = TRY(parseFormatSpec(thread, object, specification, 0, '>'));
  return formatFloatWith(thread, object, d, spec);
}

Fallible<Str*> formatFloat(Thread& thread, double d, Str* specification) {
  Value object = TRY(makeFloat(thread, d));
  return formatFloatFor(thread, object, d, specification);
}

// --- complex --------------------------------------------------------------------------------------------------------

// Both parts with their own signs and digit groups, padded as one text.
static std::string complexText(double real, double imaginary, const FormatSpec& spec) {
  auto appendPart = [&](std::string& text, double d, char sign) {
    std::string digits = digitsOf(d, spec, false);
    NumberParts parts = cut(digits, sign);
    text += parts.sign;
    text += spec.grouping && !parts.digits.empty() ? groupDigits(parts.digits, spec.grouping, 3, 0)
                                                   : std::string(parts.digits);
    text += parts.rest;
  };
  std::string text;
  bool skipReal = spec.type == 0 && real == 0 && !std::signbit(real);
  bool parenthesised = spec.type == 0 && !skipReal;
  if (parenthesised) text += '(';
  if (!skipReal) appendPart(text, real, spec.sign);
  appendPart(text, imaginary, skipReal ? spec.sign : '+');
  text += 'j';
  if (parenthesised) text += ')';
  return text;
}

Fallible<Str*> formatComplex(Thread& thread, Value object, double real, double imaginary, Str* specification) {
  FormatSpec spec = TRY(parseFormatSpec(thread, object, specification, 0, '>'));
  if (spec.type != 0 && spec.type != 'n' && (!isFloatCode(spec.type) || spec.type == '%')) {
    return raiseUnknownFormatCode(thread, object, spec.type);
  }
  if (spec.fill == '0') {
    return raise(thread, exceptions.ValueError, "Zero padding is not allowed in complex format specifier");
  }
  if (spec.align == '=') {
    return raise(thread, exceptions.ValueError, "'=' alignment flag is not allowed in complex format specifier");
  }
  if (spec.precision > INT32_MAX) return raisePrecisionTooBig(thread);
  try {
    std::string text = complexText(real, imaginary, spec);
    spec.grouping = 0;
    return layOutNumber(thread, {{}, {}, {}, text}, spec, 3);
  } catch (const std::exception&) {
    return raiseMemoryError(thread);
  }
}

}  // namespace krait
