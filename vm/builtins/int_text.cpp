// Ints from and to text in the bases 2 to 36; both directions are subquadratic through mpn.
#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>
#include <memory>
#include <new>

#include "vm/builtins/bytes.h"
#include "vm/builtins/int.h"
#include "vm/builtins/int_limbs.h"
#include "vm/builtins/number_text.h"
#include "vm/builtins/str.h"

namespace krait {

// Below this length the digit limit is not looked at, whatever it is set to.
static constexpr int64_t kDigitLimitThreshold = 640;

static int digitValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'z') return c - 'a' + 10;
  if (c >= 'A' && c <= 'Z') return c - 'A' + 10;
  return 99;
}

// --- from text ------------------------------------------------------------------------------------------------------

namespace {
// What a literal consists of, before its digits are converted.
struct Literal {
  bool valid = false, negative = false;
  int base = 10;
  std::string_view digits;  // with underscores
  uint64_t digitCount = 0;
};
}  // namespace

static Literal readLiteral(std::string_view text, int base) {
  Literal literal;
  text = trimAsciiSpace(text);
  if (!text.empty() && (text[0] == '+' || text[0] == '-')) {
    literal.negative = text[0] == '-';
    text.remove_prefix(1);
  }
  int prefixBase = 0;
  if (text.size() >= 2 && text[0] == '0') {
    char letter = text[1] | 0x20;
    prefixBase = letter == 'x' ? 16 : letter == 'o' ? 8 : letter == 'b' ? 2 : 0;
  }
  bool zeroOnly = false;
  if (base == 0) {
    // "0", "00", "0_0" are zero; "012" is an error in Python 3.
    zeroOnly = prefixBase == 0 && !text.empty() && text[0] == '0';
    base = prefixBase != 0 ? prefixBase : 10;
  }
  if (prefixBase != 0 && prefixBase == base) {
    text.remove_prefix(2);
    if (!text.empty() && text[0] == '_') text.remove_prefix(1);
  }
  literal.base = base;
  literal.digits = text;
  bool previousIsDigit = false;
  for (char c : text) {
    if (c == '_') {
      if (!previousIsDigit) return literal;
      previousIsDigit = false;
      continue;
    }
    if (digitValue(c) >= base || (zeroOnly && c != '0')) return literal;
    previousIsDigit = true;
    literal.digitCount++;
  }
  literal.valid = previousIsDigit;  // at least one digit, no underscore at the end
  return literal;
}

KRAIT_COLD static Fallible<Value> convertLong(Thread& thread, const Literal& literal) {
  if (!std::has_single_bit(static_cast<unsigned>(literal.base)) && thread.intMaxStrDigits > 0 &&
      literal.digitCount > static_cast<uint64_t>(kDigitLimitThreshold) &&
      literal.digitCount > static_cast<uint64_t>(thread.intMaxStrDigits)) {
    return raiseValueError(thread,
                           "Exceeds the limit ({} digits) for integer string conversion: value has {} digits; use "
                           "sys.set_int_max_str_digits() to increase the limit",
                           thread.intMaxStrDigits, literal.digitCount);
  }
  constexpr uint64_t kShort = 128;
  bool isShort = literal.digitCount <= kShort;
  unsigned char few[kShort];
  std::unique_ptr<unsigned char[]> many(isShort ? nullptr : new (std::nothrow) unsigned char[literal.digitCount]);
  unsigned char* values = isShort ? few : many.get();
  if (values == nullptr) return raiseMemoryError(thread);
  uint64_t count = 0;
  for (char c : literal.digits) {
    if (c == '_' || (c == '0' && count == 0)) continue;
    values[count++] = static_cast<unsigned char>(digitValue(c));
  }
  if (count == 0) return Value::inlineInt(0);
  // One limb more is mpn_set_str's wish.
  double bitsPerDigit =
      isShort ? std::bit_width(static_cast<unsigned>(literal.base - 1)) : std::log2(static_cast<double>(literal.base));
  uint64_t limbs = static_cast<uint64_t>(static_cast<double>(count) * bitsPerDigit / 64) + 3;
  TRY(reserveScratch(thread, limbs * 2));
  BigInt* result = TRY(allocateInt(thread, limbs));
  mp_size_t size = mpn_set_str(result->limbs, values, count, literal.base);
  return finishInt(result, static_cast<uint64_t>(size), literal.negative);
}

static Fallible<Value> convertLiteral(Thread& thread, const Literal& literal) {
  uint64_t value = 0;
  for (char c : literal.digits) {
    if (c == '_') continue;
    if (__builtin_mul_overflow(value, static_cast<uint64_t>(literal.base), &value) ||
        __builtin_add_overflow(value, static_cast<uint64_t>(digitValue(c)), &value)) {
      return convertLong(thread, literal);
    }
  }
  if (value > static_cast<uint64_t>(INT64_MAX)) return convertLong(thread, literal);
  return makeInt(thread, literal.negative ? -static_cast<int64_t>(value) : static_cast<int64_t>(value));
}

// CPython shows at most 200 characters of the repr of what it could not read.
KRAIT_COLD static Raised raiseInvalidLiteral(Thread& thread, int base, Value shown) {
  Str* text = TRY(repr(thread, shown));
  if (text->length > 200) text = TRY(substring(thread, text, 0, 200));
  fmt::memory_buffer buffer;
  return raiseValueError(thread, "invalid literal for int() with base {}: {}", base, textOf(text, buffer));
}

Fallible<Value> parseInt(Thread& thread, std::string_view text, int base) {
  Literal literal = readLiteral(text, base);
  if (literal.valid) [[likely]]
    return convertLiteral(thread, literal);
  Str* shown = TRY(makeStr(thread, text));
  return raiseInvalidLiteral(thread, base, Value::of(shown));
}

Fallible<Value> parseIntValue(Thread& thread, Value textOrBytes, std::string_view content, int base) {
  Literal literal = readLiteral(content, base);
  if (literal.valid) [[likely]]
    return convertLiteral(thread, literal);
  if (!toStr(textOrBytes)) {
    Bytes* copy = TRY(makeBytes(thread, content));  // a bytearray is shown as bytes
    return raiseInvalidLiteral(thread, base, Value::of(copy));
  }
  return raiseInvalidLiteral(thread, base, textOrBytes);
}

// --- to text --------------------------------------------------------------------------------------------------------

static constexpr char kDigits[] = "0123456789abcdefghijklmnopqrstuvwxyz";

static const char* prefixOf(int base) { return base == 16 ? "0x" : base == 8 ? "0o" : base == 2 ? "0b" : ""; }

// Digits of an inline int, written backwards from `end`; returns their start. At most 64 digits, sign and prefix.
static char* writeInline(int64_t i, int base, bool prefix, char* end) {
  uint64_t magnitude = i < 0 ? -static_cast<uint64_t>(i) : static_cast<uint64_t>(i);
  char* p = end;
  if (base == 10) {
    do {
      *--p = static_cast<char>('0' + magnitude % 10);
      magnitude /= 10;
    } while (magnitude != 0);
  } else {
    do {
      *--p = kDigits[magnitude % static_cast<unsigned>(base)];
      magnitude /= static_cast<unsigned>(base);
    } while (magnitude != 0);
  }
  if (prefix) {
    const char* letters = prefixOf(base);
    for (size_t n = std::strlen(letters); n > 0; n--) *--p = letters[n - 1];
  }
  if (i < 0) *--p = '-';
  return p;
}

KRAIT_COLD static Raised raiseDigitLimit(Thread& thread) {
  return raiseValueError(thread,
                         "Exceeds the limit ({} digits) for integer string conversion; use "
                         "sys.set_int_max_str_digits() to increase the limit",
                         thread.intMaxStrDigits);
}

// The text is produced in a ByteArray cell, so that its memory is the heap's and accounted for.
KRAIT_COLD static Fallible<ByteArray*> bigToText(Thread& thread, Value value, int base, bool prefix, uint64_t& length) {
  LimbView view(value);
  double bitsPerDigit = std::log2(static_cast<double>(base));
  uint64_t bound = static_cast<uint64_t>(static_cast<double>(view.bits()) / bitsPerDigit) + 3;
  int64_t limit = base == 10 ? thread.intMaxStrDigits : 0;
  // Far beyond the limit the number is not converted at all; near it the digits are counted.
  if (limit > 0 && bound > static_cast<uint64_t>(std::max(limit, kDigitLimitThreshold)) + 8)
    return raiseDigitLimit(thread);
  TRY(reserveScratch(thread, view.size * 2));
  ByteArray* text = TRY(allocateBytes(thread, bound + 4));
  BigInt* copy = TRY(allocateInt(thread, view.size + 1));  // mpn_get_str destroys its operand
  mpn_copyi(copy->limbs, view.limbs, static_cast<mp_size_t>(view.size));
  unsigned char* digits = text->bytes + 3;  // room for sign and prefix
  uint64_t count = mpn_get_str(digits, base, copy->limbs, static_cast<mp_size_t>(view.size));
  while (count > 1 && *digits == 0) digits++, count--;
  if (limit > 0 && count > static_cast<uint64_t>(kDigitLimitThreshold) && count > static_cast<uint64_t>(limit)) {
    return raiseDigitLimit(thread);
  }
  for (uint64_t i = 0; i < count; i++) digits[i] = static_cast<unsigned char>(kDigits[digits[i]]);
  unsigned char* start = digits;
  if (prefix) {
    const char* letters = prefixOf(base);
    for (size_t n = std::strlen(letters); n > 0; n--) *--start = static_cast<unsigned char>(letters[n - 1]);
  }
  if (view.negative) *--start = '-';
  length = static_cast<uint64_t>(digits + count - start);
  std::memmove(text->bytes, start, length);
  return text;
}

Fallible<Str*> intToText(Thread& thread, Value value, int base, bool prefix) {
  if (value.isInlineInt()) [[likely]] {
    if (base == 10) {
      char digits[24];
      char* last = std::to_chars(digits, digits + sizeof digits, value.asInlineInt()).ptr;
      return makeStrAscii(thread, {digits, static_cast<size_t>(last - digits)});
    }
    char buffer[72];
    char* end = buffer + sizeof buffer;
    char* start = writeInline(value.asInlineInt(), base, prefix, end);
    return makeStrLatin1(thread, reinterpret_cast<const uint8_t*>(start), static_cast<uint64_t>(end - start));
  }
  uint64_t length;
  ByteArray* text = TRY(bigToText(thread, value, base, prefix, length));
  return makeStrLatin1(thread, text->bytes, length);
}

Fallible<std::string_view> intToAscii(Thread& thread, Value value, int base, IntTextBuffer& buffer) {
  if (value.isInlineInt()) [[likely]] {
    char* end = buffer.small + sizeof buffer.small;
    char* start = writeInline(value.asInlineInt(), base, false, end);
    return std::string_view(start, static_cast<size_t>(end - start));
  }
  uint64_t length;
  buffer.large = TRY(bigToText(thread, value, base, false, length));
  return std::string_view(reinterpret_cast<const char*>(buffer.large->bytes), length);
}

}  // namespace krait
