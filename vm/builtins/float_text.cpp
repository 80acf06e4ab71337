// Floats from and to text: shortest round-trip digits, fixed numbers of digits, parsing, hexadecimal notation.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <string>

#include "vm/builtins/float.h"
#include "vm/builtins/number_text.h"
#include "vm/builtins/str.h"
#include "vm/unicode.h"

namespace krait {

// --- digits ---------------------------------------------------------------------------------------------------------

namespace {
// 0.DIGITS * 10^point
struct Decimal {
  std::string digits;  // at least one
  int point;
};
}  // namespace

// No double has more significant decimal digits than 767, none more behind the point than 1074.
static constexpr int kMaxExactDigits = 1100;

// Reads "d.ddde[+-]xx", as std::to_chars writes it.
static Decimal readScientific(const char* first, const char* last) {
  Decimal decimal;
  const char* e = static_cast<const char*>(std::memchr(first, 'e', static_cast<size_t>(last - first)));
  for (const char* p = first; p < e; p++) {
    if (*p != '.') decimal.digits += *p;
  }
  int exponent = 0;
  const char* number = e + 1;
  if (*number == '+') number++;
  std::from_chars(number, last, exponent);
  decimal.point = exponent + 1;
  return decimal;
}

static Decimal shortestDigits(double d) {
  char buffer[64];
  auto end = std::to_chars(buffer, buffer + sizeof buffer, d, std::chars_format::scientific).ptr;
  return readScientific(buffer, end);
}

// `count` significant digits, correctly rounded.
static Decimal significantDigits(double d, int count) {
  char buffer[kMaxExactDigits + 32];
  int exact = count < kMaxExactDigits ? count : kMaxExactDigits;
  auto end = std::to_chars(buffer, buffer + sizeof buffer, d, std::chars_format::scientific, exact - 1).ptr;
  Decimal decimal = readScientific(buffer, end);
  decimal.digits.append(static_cast<size_t>(count - exact), '0');
  return decimal;
}

static void appendExponent(std::string& text, int exponent) {
  text += exponent < 0 ? "e-" : "e+";
  unsigned magnitude = static_cast<unsigned>(exponent < 0 ? -exponent : exponent);
  if (magnitude < 10) text += '0';
  text += std::to_string(magnitude);
}

static void appendScientific(std::string& text, const Decimal& decimal, bool alternate) {
  text += decimal.digits[0];
  if (decimal.digits.size() > 1 || alternate) text += '.';
  text.append(decimal.digits, 1);
  appendExponent(text, decimal.point - 1);
}

static void appendPositional(std::string& text, const Decimal& decimal, bool alternate, bool addPointZero) {
  int count = static_cast<int>(decimal.digits.size());
  if (decimal.point <= 0) {
    text += "0.";
    text.append(static_cast<size_t>(-decimal.point), '0');
    text += decimal.digits;
  } else if (decimal.point >= count) {
    text += decimal.digits;
    text.append(static_cast<size_t>(decimal.point - count), '0');
    if (addPointZero) {
      text += ".0";
    } else if (alternate) {
      text += '.';
    }
  } else {
    text.append(decimal.digits, 0, static_cast<size_t>(decimal.point));
    text += '.';
    text.append(decimal.digits, static_cast<size_t>(decimal.point));
  }
}

static void stripTrailingZeroes(Decimal& decimal) {
  size_t end = decimal.digits.find_last_not_of('0');
  decimal.digits.resize(end == std::string::npos ? 1 : end + 1);
}

static void appendFixed(std::string& text, double magnitude, int precision, bool alternate) {
  char buffer[kMaxExactDigits + 320];
  int exact = precision < kMaxExactDigits ? precision : kMaxExactDigits;
  auto end = std::to_chars(buffer, buffer + sizeof buffer, magnitude, std::chars_format::fixed, exact).ptr;
  text.append(buffer, end);
  text.append(static_cast<size_t>(precision - exact), '0');
  if (precision == 0 && alternate) text += '.';
}

std::string doubleToText(double d, DoubleStyle style) {
  std::string text;
  char code = style.code | 0x20;
  bool upper = !(style.code & 0x20);
  if (std::signbit(d) && !std::isnan(d)) text += '-';
  double magnitude = std::fabs(d);
  if (std::isnan(d)) {
    text += "nan";
  } else if (std::isinf(d)) {
    text += "inf";
  } else if (code == 'f') {
    appendFixed(text, magnitude, style.precision, style.alternate);
  } else if (code == 'e') {
    appendScientific(text, significantDigits(magnitude, style.precision + 1), style.alternate);
  } else {
    // g and r: positional for exponents in [-4, precision), repr's precision being 16 here.
    int precision = code == 'r' ? 16 : style.precision == 0 ? 1 : style.precision;
    Decimal decimal = code == 'r' ? shortestDigits(magnitude) : significantDigits(magnitude, precision);
    if (magnitude == 0) decimal.point = 1;
    int point = decimal.point;
    if (code == 'g' && !style.alternate) stripTrailingZeroes(decimal);
    // With a forced ".0" the whole part must leave a digit for it: %.12g-like styles switch one earlier.
    int limit = code == 'g' && style.addPointZero ? precision - 1 : precision;
    if (point > -4 && point <= limit) {
      appendPositional(text, decimal, style.alternate, style.addPointZero);
    } else {
      appendScientific(text, decimal, style.alternate);
    }
  }
  if (upper) {
    for (char& c : text) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  }
  return text;
}

std::string floatRepr(double d) { return doubleToText(d, {.code = 'r', .addPointZero = true}); }

// --- parsing --------------------------------------------------------------------------------------------------------

std::string_view numericText(const Str* text, std::string& storage) {
  if (text->isAscii()) [[likely]]
    return text->asciiView();
  storage.reserve(text->length);
  for (uint64_t i = 0; i < text->length; i++) {
    uint32_t c = text->at(i);
    if (c < 128) {
      storage += static_cast<char>(c);
    } else if (unicode::isSpace(c)) {
      storage += ' ';
    } else {
      int digit = unicode::decimalValue(c);
      storage += digit >= 0 ? static_cast<char>('0' + digit) : '?';
    }
  }
  return storage;
}

static bool isDigit(char c) { return c >= '0' && c <= '9'; }

// Underscores are allowed between digits only.
static bool removeUnderscores(std::string_view text, std::string& without) {
  for (size_t i = 0; i < text.size(); i++) {
    if (text[i] != '_') {
      without += text[i];
    } else if (i == 0 || i + 1 == text.size() || !isDigit(text[i - 1]) || !isDigit(text[i + 1])) {
      return false;
    }
  }
  return true;
}

static bool equalsIgnoringCase(std::string_view text, std::string_view lower) {
  if (text.size() != lower.size()) return false;
  for (size_t i = 0; i < text.size(); i++) {
    if ((text[i] | 0x20) != lower[i]) return false;
  }
  return true;
}

std::optional<double> parseFloat(std::string_view text) {
  text = trimAsciiSpace(text);
  std::string without;
  if (text.find('_') != std::string_view::npos) {
    if (!removeUnderscores(text, without)) return std::nullopt;
    text = without;
  }
  bool negative = false;
  if (!text.empty() && (text[0] == '+' || text[0] == '-')) {
    negative = text[0] == '-';
    text.remove_prefix(1);
  }
  if (text.empty()) return std::nullopt;
  double result;
  if (!isDigit(text[0]) && text[0] != '.') {
    if (equalsIgnoringCase(text, "inf") || equalsIgnoringCase(text, "infinity")) {
      result = HUGE_VAL;
    } else if (equalsIgnoringCase(text, "nan")) {
      result = std::nan("");
    } else {
      return std::nullopt;
    }
    return negative ? -result : result;
  }
  const char* end = text.data() + text.size();
  auto [stop, error] = std::from_chars(text.data(), end, result);
  if (error == std::errc::result_out_of_range) {
    // Too large or too small; strtod says which.
    result = std::strtod(std::string(text).c_str(), nullptr);
  } else if (error != std::errc()) {
    return std::nullopt;
  }
  if (stop != end) return std::nullopt;
  return negative ? -result : result;
}

// --- hexadecimal ----------------------------------------------------------------------------------------------------

std::string floatToHex(double d) {
  if (!std::isfinite(d)) return floatRepr(d);
  std::string text = std::signbit(d) ? "-0x" : "0x";
  if (d == 0) return text + "0.0p+0";
  int exponent;
  double mantissa = std::frexp(std::fabs(d), &exponent);
  int shift = 1 - std::max(-1021 - exponent, 0);  // subnormals keep the exponent -1022 and begin with 0
  uint64_t bits = static_cast<uint64_t>(std::ldexp(mantissa, 52 + shift));
  exponent -= shift;
  text += static_cast<char>('0' + (bits >> 52));
  text += '.';
  for (int position = 48; position >= 0; position -= 4) text += "0123456789abcdef"[bits >> position & 15];
  text += exponent < 0 ? "p-" : "p+";
  return text + std::to_string(exponent < 0 ? -exponent : exponent);
}

static int hexDigit(char c) {
  if (isDigit(c)) return c - '0';
  c |= 0x20;
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

namespace {
// The value of hexadecimal digits without a binary exponent: 64 leading bits, a sticky bit, and their exponent.
struct HexMantissa {
  uint64_t bits = 0;
  int64_t exponent = 0;
  bool sticky = false, any = false;
  void add(int digit, bool fraction) {
    any = true;
    if (bits >> 60 == 0) {
      bits = bits << 4 | static_cast<unsigned>(digit);
      if (fraction) exponent -= 4;
    } else {
      sticky |= digit != 0;
      if (!fraction) exponent += 4;
    }
  }
};
}  // namespace

// Rounds mantissa * 2^exponent once, to even; infinity when too large.
static double roundHex(HexMantissa m, int64_t exponent) {
  if (m.bits == 0) return 0;
  int leading = __builtin_clzll(m.bits);
  m.bits <<= leading;
  exponent += m.exponent - leading;
  if (exponent > 1024) return HUGE_VAL;
  if (exponent < -1074 - 66) return 0;
  // Bits that the result cannot hold: 11, more for subnormal results.
  int64_t drop = std::max<int64_t>(11, -1074 - exponent);
  if (drop > 64) return 0;
  uint64_t kept = drop == 64 ? 0 : m.bits >> drop;
  uint64_t half = uint64_t{1} << (drop - 1);
  uint64_t below = m.bits & (half - 1);
  if ((m.bits & half) && (below != 0 || m.sticky || (kept & 1))) kept++;
  return std::ldexp(static_cast<double>(kept), static_cast<int>(exponent + drop));
}

std::optional<double> parseHexFloat(std::string_view text) {
  text = trimAsciiSpace(text);
  bool negative = false;
  if (!text.empty() && (text[0] == '+' || text[0] == '-')) {
    negative = text[0] == '-';
    text.remove_prefix(1);
  }
  double result;
  if (equalsIgnoringCase(text, "inf") || equalsIgnoringCase(text, "infinity")) {
    result = HUGE_VAL;
    return negative ? -result : result;
  }
  if (equalsIgnoringCase(text, "nan")) return std::nan("");
  if (text.size() >= 2 && text[0] == '0' && (text[1] | 0x20) == 'x') text.remove_prefix(2);
  HexMantissa mantissa;
  bool fraction = false;
  size_t i = 0;
  for (; i < text.size(); i++) {
    if (text[i] == '.' && !fraction) {
      fraction = true;
      continue;
    }
    int digit = hexDigit(text[i]);
    if (digit < 0) break;
    mantissa.add(digit, fraction);
  }
  if (!mantissa.any) return std::nullopt;
  int64_t exponent = 0;
  if (i < text.size()) {
    if ((text[i] | 0x20) != 'p') return std::nullopt;
    i++;
    bool minus = i < text.size() && text[i] == '-';
    if (i < text.size() && (text[i] == '+' || text[i] == '-')) i++;
    if (i == text.size()) return std::nullopt;
    for (; i < text.size(); i++) {
      if (!isDigit(text[i])) return std::nullopt;
      if (exponent < INT64_MAX / 16) exponent = exponent * 10 + (text[i] - '0');
    }
    if (minus) exponent = -exponent;
  }
  result = roundHex(mantissa, exponent);
  return negative ? -result : result;
}

}  // namespace krait
