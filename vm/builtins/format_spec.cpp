// Reads format specifications and lays text out: fill, alignment, digit groups; and formats str.
#include "vm/builtins/format_spec.h"

#include <algorithm>
#include <exception>

namespace krait {

// --- reading --------------------------------------------------------------------------------------------------------

static bool isAlign(uint32_t c) { return c == '<' || c == '>' || c == '=' || c == '^'; }

// Reads digits at `position`; -1 when there are none.
static Fallible<int64_t> readNumber(Thread& thread, const Str* text, uint64_t& position) {
  int64_t number = -1;
  for (; position < text->length; position++) {
    uint32_t c = text->at(position);
    if (c < '0' || c > '9') break;
    if (number < 0) number = 0;
    if (__builtin_mul_overflow(number, int64_t{10}, &number) ||
        __builtin_add_overflow(number, static_cast<int64_t>(c - '0'), &number)) {
      return raise(thread, exceptions.ValueError, "Too many decimal digits in format string");
    }
  }
  return number;
}

KRAIT_COLD static Raised raiseGrouping(Thread& thread, char grouping, uint32_t type) {
  if (type > 32 && type < 128) {
    return raiseValueError(thread, "Cannot specify '{}' with '{}'.", grouping, static_cast<char>(type));
  }
  return raiseValueError(thread, "Cannot specify '{}' with '\\x{:x}'.", grouping, type);
}

Raised raiseUnknownFormatCode(Thread& thread, Value object, uint32_t type) {
  if (type > 32 && type < 128) {
    return raiseValueError(thread, "Unknown format code '{}' for object of type '{}'", static_cast<char>(type),
                           nameOf(object));
  }
  return raiseValueError(thread, "Unknown format code '\\x{:x}' for object of type '{}'", type, nameOf(object));
}

static bool allowsGrouping(char grouping, uint32_t type) {
  switch (type) {
    case 0:
    case 'd':
    case 'e':
    case 'E':
    case 'f':
    case 'F':
    case 'g':
    case 'G':
    case '%': return true;
    case 'b':
    case 'o':
    case 'x':
    case 'X': return grouping == '_';
    default: return false;
  }
}

Fallible<FormatSpec> parseFormatSpec(Thread& thread, Value object, const Str* text, char defaultType,
                                     char defaultAlign) {
  FormatSpec spec;
  spec.type = static_cast<unsigned char>(defaultType);
  spec.align = defaultAlign;
  uint64_t position = 0;
  auto peek = [&] { return position < text->length ? text->at(position) : 0; };
  bool fillGiven = false, alignGiven = false;
  if (text->length >= 2 && isAlign(text->at(1))) {
    spec.fill = text->at(0);
    spec.align = static_cast<char>(text->at(1));
    fillGiven = alignGiven = true;
    position = 2;
  } else if (isAlign(peek())) {
    spec.align = static_cast<char>(peek());
    alignGiven = true;
    position = 1;
  }
  if (uint32_t c = peek(); c == '+' || c == '-' || c == ' ') spec.sign = static_cast<char>(c), position++;
  if (peek() == 'z') spec.noNegativeZero = true, position++;
  if (peek() == '#') spec.alternate = true, position++;
  if (!fillGiven && peek() == '0') {
    spec.fill = '0';
    if (!alignGiven && defaultAlign == '>') spec.align = '=';
    position++;
  }
  spec.width = TRY(readNumber(thread, text, position));
  if (peek() == ',') spec.grouping = ',', position++;
  if (peek() == '_') {
    if (spec.grouping) return raise(thread, exceptions.ValueError, "Cannot specify both ',' and '_'.");
    spec.grouping = '_';
    position++;
  }
  if (spec.grouping == '_' && peek() == ',') {
    return raise(thread, exceptions.ValueError, "Cannot specify both ',' and '_'.");
  }
  if (peek() == '.') {
    position++;
    spec.precision = TRY(readNumber(thread, text, position));
    if (spec.precision < 0) return raise(thread, exceptions.ValueError, "Format specifier missing precision");
  }
  if (text->length - position > 1) {
    fmt::memory_buffer buffer;
    return raiseValueError(thread, "Invalid format specifier '{}' for object of type '{}'", textOf(text, buffer),
                           nameOf(object));
  }
  if (position < text->length) spec.type = text->at(position);
  if (spec.grouping && !allowsGrouping(spec.grouping, spec.type))
    return raiseGrouping(thread, spec.grouping, spec.type);
  return spec;
}

// --- laying out -----------------------------------------------------------------------------------------------------

std::string groupDigits(std::string_view digits, char separator, int groupSize, int64_t minimumWidth) {
  // From the right; zeroes continue the digits while there is width to fill, and a separator is never first.
  std::string reversed;
  int64_t remaining = static_cast<int64_t>(digits.size());
  for (;;) {
    int64_t wanted = std::max({remaining, minimumWidth, int64_t{1}});
    int64_t length = separator ? std::min<int64_t>(groupSize, wanted) : wanted;
    for (int64_t i = 0; i < length; i++) reversed += remaining > 0 ? digits[static_cast<size_t>(--remaining)] : '0';
    minimumWidth -= length;
    if (remaining <= 0 && minimumWidth <= 0) break;
    reversed += separator;
    minimumWidth--;
  }
  return {reversed.rbegin(), reversed.rend()};
}

namespace {
struct Padding {
  int64_t left = 0, inner = 0, right = 0;
};
}  // namespace

static Padding padding(const FormatSpec& spec, int64_t length) {
  Padding result;
  int64_t missing = spec.width - length;
  if (missing <= 0) return result;
  switch (spec.align) {
    case '<': result.right = missing; break;
    case '^':
      result.left = missing / 2;
      result.right = missing - result.left;
      break;
    case '=': result.inner = missing; break;
    default: result.left = missing;
  }
  return result;
}

static Fallible<Str*> layOut(Thread& thread, const NumberParts& parts, const FormatSpec& spec, int groupSize) {
  int64_t fixed = static_cast<int64_t>(parts.sign.size() + parts.prefix.size() + parts.rest.size());
  std::string grouped;
  std::string_view digits = parts.digits;
  bool zeroFill = spec.fill == '0' && spec.align == '=';
  if (!digits.empty() && (spec.grouping || (zeroFill && spec.width > fixed))) {
    grouped = groupDigits(digits, spec.grouping, groupSize, zeroFill ? spec.width - fixed : 0);
    digits = grouped;
  }
  int64_t length = fixed + static_cast<int64_t>(digits.size());
  Padding pad = padding(spec, length);
  if (pad.left + pad.inner + pad.right == 0 || spec.fill < 256) {
    std::string text;
    text.reserve(static_cast<size_t>(length + pad.left + pad.inner + pad.right));
    char fill = static_cast<char>(spec.fill);
    text.append(static_cast<size_t>(pad.left), fill).append(parts.sign).append(parts.prefix);
    text.append(static_cast<size_t>(pad.inner), fill).append(digits).append(parts.rest);
    text.append(static_cast<size_t>(pad.right), fill);
    return makeStrLatin1(thread, reinterpret_cast<const uint8_t*>(text.data()), text.size());
  }
  std::u32string text;
  auto append = [&](std::string_view ascii) { text.append(ascii.begin(), ascii.end()); };
  text.append(static_cast<size_t>(pad.left), spec.fill);
  append(parts.sign);
  append(parts.prefix);
  text.append(static_cast<size_t>(pad.inner), spec.fill);
  append(digits);
  append(parts.rest);
  text.append(static_cast<size_t>(pad.right), spec.fill);
  return makeStrUcs4(thread, reinterpret_cast<const uint32_t*>(text.data()), text.size());
}

Fallible<Str*> layOutNumber(Thread& thread, const NumberParts& parts, const FormatSpec& spec, int groupSize) {
  try {
    return layOut(thread, parts, spec, groupSize);
  } catch (const std::exception&) {  // bad_alloc, length_error
    return raiseMemoryError(thread);
  }
}

static Fallible<Str*> pad(Thread& thread, const Str* body, const FormatSpec& spec) {
  Padding pad = padding(spec, static_cast<int64_t>(body->length));
  pad.left += pad.inner;
  uint64_t length = body->length + static_cast<uint64_t>(pad.left + pad.right);
  if (body->width == 1 && spec.fill < 256) {
    std::string text(static_cast<size_t>(pad.left), static_cast<char>(spec.fill));
    text.append(reinterpret_cast<const char*>(body->data()), body->length);
    text.append(static_cast<size_t>(pad.right), static_cast<char>(spec.fill));
    return makeStrLatin1(thread, reinterpret_cast<const uint8_t*>(text.data()), length);
  }
  std::u32string text(static_cast<size_t>(pad.left), spec.fill);
  text.reserve(length);
  for (uint64_t i = 0; i < body->length; i++) text += body->at(i);
  text.append(static_cast<size_t>(pad.right), spec.fill);
  return makeStrUcs4(thread, reinterpret_cast<const uint32_t*>(text.data()), length);
}

Fallible<Str*> padText(Thread& thread, const Str* body, const FormatSpec& spec) {
  try {
    return pad(thread, body, spec);
  } catch (const std::exception&) {
    return raiseMemoryError(thread);
  }
}

// --- str ------------------------------------------------------------------------------------------------------------

Fallible<Str*> formatStr(Thread& thread, Str* s, Str* specification) {
  if (specification->length == 0) return s;
  FormatSpec spec = TRY(parseFormatSpec(thread, Value::of(s), specification, 's', '<'));
  if (spec.type != 's') return raiseUnknownFormatCode(thread, Value::of(s), spec.type);
  if (spec.sign == ' ') return raise(thread, exceptions.ValueError, "Space not allowed in string format specifier");
  if (spec.sign) return raise(thread, exceptions.ValueError, "Sign not allowed in string format specifier");
  if (spec.noNegativeZero) {
    return raise(thread, exceptions.ValueError, "Negative zero coercion (z) not allowed in string format specifier");
  }
  if (spec.alternate) {
    return raise(thread, exceptions.ValueError, "Alternate form (#) not allowed in string format specifier");
  }
  if (spec.align == '=') {
    return raise(thread, exceptions.ValueError, "'=' alignment not allowed in string format specifier");
  }
  if (spec.precision >= 0 && static_cast<uint64_t>(spec.precision) < s->length) {
    s = TRY(substring(thread, s, 0, static_cast<uint64_t>(spec.precision)));
  }
  if (spec.width <= static_cast<int64_t>(s->length)) return s;
  return padText(thread, s, spec);
}

}  // namespace krait
