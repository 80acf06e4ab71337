// Decimal numbers as text: the numeric strings of the specification, both ways.
#include <algorithm>

#include "vm/modules/decimal_number.h"

namespace krait::decimal {

std::string digitsOf(mpz_srcptr c) {
  size_t size = mpz_size(c);
  if (size == 0) return "0";
  if (size <= 2) {
    const mp_limb_t* limbs = mpz_limbs_read(c);
    Wide value = limbs[0];
    if (size == 2) value |= Wide{limbs[1]} << 64;
    char buffer[40];
    char* end = buffer + sizeof buffer;
    char* at = end;
    auto put = [&](uint64_t part, int least) {
      for (int i = 0; i < least || part != 0; i++) {
        *--at = static_cast<char>('0' + part % 10);
        part /= 10;
      }
    };
    constexpr uint64_t kPart = 10000000000000000000u;  // 10^19
    while ((value >> 64) != 0) {
      put(static_cast<uint64_t>(value % kPart), 19);
      value /= kPart;
    }
    put(static_cast<uint64_t>(value), 0);
    return std::string(at, end);
  }
  std::string text(mpz_sizeinbase(c, 10) + 2, '\0');
  mpz_get_str(text.data(), 10, c);
  text.resize(text.find('\0'));
  return text;
}

std::string toText(const Number& a, bool capitals, bool engineering) {
  std::string text = a.negative ? "-" : "";
  if (a.isInfinite()) return text + "Infinity";
  if (a.isNan()) {
    text += a.form == Form::kSignalling ? "sNaN" : "NaN";
    return a.isZeroCoefficient() ? text : text + digitsOf(a.coefficient());
  }
  std::string digits = digitsOf(a.coefficient());
  auto count = static_cast<int64_t>(digits.size());
  int64_t left = a.exponent + count, point = 1;  // digits before the point: of the number, and as shown
  if (a.exponent <= 0 && left > -6) {
    point = left;
  } else if (engineering) {
    auto below = [](int64_t n) { return ((n % 3) + 3) % 3; };
    point = a.isZeroCoefficient() ? below(left + 1) - 1 : below(left - 1) + 1;
  }
  if (point <= 0) {
    text.append("0.").append(static_cast<size_t>(-point), '0').append(digits);
  } else if (point >= count) {
    text.append(digits).append(static_cast<size_t>(point - count), '0');
  } else {
    text.append(digits, 0, static_cast<size_t>(point)).append(1, '.').append(digits, static_cast<size_t>(point));
  }
  if (left != point) {
    text += capitals ? 'E' : 'e';
    if (left > point) text += '+';
    text += std::to_string(left - point);
  }
  return text;
}

static bool isDigit(char c) { return c >= '0' && c <= '9'; }
static bool equalsIgnoringCase(std::string_view text, std::string_view lower) {
  return text.size() == lower.size() &&
         std::equal(text.begin(), text.end(), lower.begin(), [](char a, char b) { return (a | 0x20) == b; });
}

static void setDigits(Number& r, const std::string& digits) {
  if (digits.size() > static_cast<size_t>(kWideDigits)) {
    mpz_set_str(r.edit(), digits.c_str(), 10);
    return;
  }
  Wide value = 0;
  for (char c : digits) value = value * 10 + static_cast<unsigned>(c - '0');
  r.set(r.negative, value, r.exponent);
}

// "123.45e6" and the like.
static bool parseFinite(Number& r, std::string_view text) {
  size_t at = 0;
  auto run = [&] {
    size_t start = at;
    while (at < text.size() && isDigit(text[at])) at++;
    return text.substr(start, at - start);
  };
  std::string digits(run());
  int64_t exponent = 0;
  if (at < text.size() && text[at] == '.') {
    at++;
    std::string_view fraction = run();
    digits.append(fraction);
    exponent = -static_cast<int64_t>(fraction.size());
  }
  if (digits.empty()) return false;
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    at++;
    bool isNegative = at < text.size() && text[at] == '-';
    if (at < text.size() && (text[at] == '-' || text[at] == '+')) at++;
    std::string_view given = run();
    if (given.empty()) return false;
    int64_t value = 0;
    constexpr int64_t kMost = 4000000000000000000;  // out of every range, far from the end of the words
    for (char c : given) value = std::min(kMost, value >= kMost / 10 ? kMost : value * 10 + (c - '0'));
    exponent += isNegative ? -value : value;
  }
  if (at != text.size()) return false;
  r.exponent = exponent;
  setDigits(r, digits);
  return true;
}

void parse(Number& r, std::string_view text, uint32_t& status) {
  r.form = Form::kFinite;
  r.negative = !text.empty() && text[0] == '-';
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) text.remove_prefix(1);
  if (equalsIgnoringCase(text, "inf") || equalsIgnoringCase(text, "infinity")) return r.setInfinity(r.negative);
  bool isSignalling = !text.empty() && (text[0] | 0x20) == 's';
  std::string_view rest = isSignalling ? text.substr(1) : text;
  if (equalsIgnoringCase(rest.substr(0, 3), "nan") && std::all_of(rest.begin() + 3, rest.end(), isDigit)) {
    bool negative = r.negative;
    r.setNan();
    r.negative = negative;
    setDigits(r, std::string(rest.substr(3)));
    r.form = isSignalling ? Form::kSignalling : Form::kQuiet;
    return;
  }
  if (!parseFinite(r, text)) r.setInvalid(kConversionSyntax, status);
}

void parseExactly(Number& r, std::string_view text, uint32_t& status) {
  uint32_t found = 0;
  parse(r, text, found);
  status |= found;
  if (found == 0) makeExact(r, status);
}

}  // namespace krait::decimal
