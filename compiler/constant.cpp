// Making, comparing and printing the compiler's constants.
#include "compiler/constant.h"
#include "vm/unicode.h"
#include "vm/wtf8.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <functional>
#include <vector>

namespace krait {

Constant Constant::integer(int64_t value) {
  Constant constant(ConstantKind::Int);
  constant.integer_ = value;
  return constant;
}

Constant Constant::bigInteger(const mp_limb_t* limbs, size_t count, bool negative) {
  static_assert(sizeof(mp_limb_t) == 8 && GMP_NAIL_BITS == 0);
  while (count > 0 && limbs[count - 1] == 0) count--;
  if (count == 0) return integer(0);
  if (count == 1) {
    if (limbs[0] <= static_cast<uint64_t>(INT64_MAX)) {
      auto magnitude = static_cast<int64_t>(limbs[0]);
      return integer(negative ? -magnitude : magnitude);
    }
    if (negative && limbs[0] == uint64_t{1} << 63) return integer(INT64_MIN);
  }
  Constant constant(ConstantKind::Int);
  constant.big_ = true;
  constant.negative_ = negative;
  constant.limbs_ = limbs;
  constant.size_ = count;
  return constant;
}

Constant Constant::floating(double value) {
  Constant constant(ConstantKind::Float);
  constant.real_ = value;
  return constant;
}

Constant Constant::complex(double real, double imaginary) {
  Constant constant(ConstantKind::Complex);
  constant.real_ = real;
  constant.imaginary_ = imaginary;
  return constant;
}

Constant Constant::str(std::string_view text) {
  Constant constant(ConstantKind::Str);
  constant.text_ = text.data();
  constant.size_ = text.size();
  return constant;
}

Constant Constant::bytes(std::string_view data) {
  Constant constant(ConstantKind::Bytes);
  constant.text_ = data.data();
  constant.size_ = data.size();
  return constant;
}

Constant Constant::tuple(ArenaSpan<const Constant> items) {
  Constant constant(ConstantKind::Tuple);
  constant.items_ = items.data();
  constant.size_ = items.size();
  return constant;
}

Constant Constant::frozenSet(ArenaSpan<const Constant> items) {
  Constant constant = tuple(items);
  constant.kind_ = ConstantKind::FrozenSet;
  return constant;
}

Constant Constant::code(const CodeUnit* unit) {
  Constant constant(ConstantKind::Code);
  constant.code_ = unit;
  return constant;
}

bool Constant::isTrue() const {
  switch (kind_) {
    case ConstantKind::None:
    case ConstantKind::False: return false;
    case ConstantKind::Int: return big_ || integer_ != 0;
    case ConstantKind::Float: return real_ != 0;
    case ConstantKind::Complex: return real_ != 0 || imaginary_ != 0;
    case ConstantKind::Str:
    case ConstantKind::Bytes:
    case ConstantKind::Tuple:
    case ConstantKind::FrozenSet: return size_ != 0;
    case ConstantKind::True:
    case ConstantKind::Ellipsis:
    case ConstantKind::Code: break;
  }
  return true;
}

bool Constant::isNan() const {
  return (is(ConstantKind::Float) && std::isnan(real_)) ||
         (is(ConstantKind::Complex) && (std::isnan(real_) || std::isnan(imaginary_)));
}

namespace {

// 0.0 and -0.0 differ.
bool sameDouble(double a, double b) { return a == b && std::signbit(a) == std::signbit(b); }

bool sameSequence(ArenaSpan<const Constant> a, ArenaSpan<const Constant> b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), sameConstantKey);
}

size_t mixHash(size_t seed, size_t value) { return seed ^ (value + 0x9E3779B97F4A7C15u + (seed << 6) + (seed >> 2)); }

}  // namespace

bool sameConstantKey(const Constant& a, const Constant& b) {
  if (a.kind() != b.kind()) return false;
  switch (a.kind()) {
    case ConstantKind::None:
    case ConstantKind::False:
    case ConstantKind::True:
    case ConstantKind::Ellipsis: return true;
    case ConstantKind::Int:
      if (a.isBigInt() != b.isBigInt()) return false;
      if (a.isSmallInt()) return a.smallInt() == b.smallInt();
      return a.isNegative() == b.isNegative() &&
             std::equal(a.limbs(), a.limbs() + a.limbCount(), b.limbs(), b.limbs() + b.limbCount());
    case ConstantKind::Float:
      if (a.isNan() || b.isNan()) return a.isNan() && b.isNan() && a.nodeOfNan() == b.nodeOfNan();
      return sameDouble(a.floating(), b.floating());
    case ConstantKind::Complex:
      if (a.isNan() || b.isNan()) return a.isNan() && b.isNan() && a.nodeOfNan() == b.nodeOfNan();
      return sameDouble(a.real(), b.real()) && sameDouble(a.imaginary(), b.imaginary());
    case ConstantKind::Str:
    case ConstantKind::Bytes: return a.text() == b.text();
    case ConstantKind::Tuple: return sameSequence(a.items(), b.items());
    case ConstantKind::FrozenSet:
      return a.items().size() == b.items().size() &&
             std::is_permutation(a.items().begin(), a.items().end(), b.items().begin(), sameConstantKey);
    case ConstantKind::Code: return a.code() == b.code();
  }
  return false;
}

size_t hashConstantKey(const Constant& constant) {
  size_t hash = static_cast<size_t>(constant.kind()) * 0x9E3779B97F4A7C15u;
  switch (constant.kind()) {
    case ConstantKind::None:
    case ConstantKind::False:
    case ConstantKind::True:
    case ConstantKind::Ellipsis: break;
    case ConstantKind::Int:
      if (constant.isSmallInt()) return mixHash(hash, static_cast<size_t>(constant.smallInt()));
      for (size_t i = 0; i < constant.limbCount(); i++) hash = mixHash(hash, constant.limbs()[i]);
      break;
    case ConstantKind::Float: return mixHash(hash, std::bit_cast<uint64_t>(constant.floating()));
    case ConstantKind::Complex:
      hash = mixHash(hash, std::bit_cast<uint64_t>(constant.real()));
      return mixHash(hash, std::bit_cast<uint64_t>(constant.imaginary()));
    case ConstantKind::Str:
    case ConstantKind::Bytes: return mixHash(hash, hashText(constant.text()));
    case ConstantKind::Tuple:
      for (const Constant& item : constant.items()) hash = mixHash(hash, hashConstantKey(item));
      break;
    case ConstantKind::FrozenSet: {
      // Order must not matter.
      size_t sum = 0;
      for (const Constant& item : constant.items()) sum += hashConstantKey(item);
      return mixHash(hash, sum);
    }
    case ConstantKind::Code: return mixHash(hash, std::hash<const void*>()(constant.code()));
  }
  return hash;
}

// ---- integer literals ------------------------------------------------------------------------------------------

namespace {

unsigned digitValue(char c) {
  return c <= '9' ? static_cast<unsigned>(c - '0') : static_cast<unsigned>((c | 0x20) - 'a' + 10);
}

// Each digit is a fixed number of bits.
Constant integerFromBits(Arena& arena, std::string_view digits, unsigned bitsPerDigit) {
  size_t count = (digits.size() * bitsPerDigit + 63) / 64;
  ArenaSpan<mp_limb_t> limbs = arena.makeArray<mp_limb_t>(count);
  size_t bit = 0;
  for (size_t i = digits.size(); i-- > 0; bit += bitsPerDigit) {
    mp_limb_t value = digitValue(digits[i]);
    limbs[bit / 64] |= value << (bit % 64);
    // An octal digit may straddle two limbs.
    if (bit % 64 + bitsPerDigit > 64) {
      mp_limb_t high = value >> (64 - bit % 64);
      if (high != 0) limbs[bit / 64 + 1] |= high;
    }
  }
  return Constant::bigInteger(limbs.data(), limbs.size(), false);
}

}  // namespace

Constant integerFromDigits(Arena& arena, std::string_view digits, int base) {
  size_t zeros = std::min(digits.find_first_not_of('0'), digits.size());
  digits.remove_prefix(zeros);
  if (digits.empty()) return Constant::integer(0);
  if (digits.size() <= 15) {
    int64_t value = 0;
    for (char c : digits) value = value * base + static_cast<int64_t>(digitValue(c));
    return Constant::integer(value);
  }
  if (base == 16) return integerFromBits(arena, digits, 4);
  if (base == 8) return integerFromBits(arena, digits, 3);
  if (base == 2) return integerFromBits(arena, digits, 1);
  // Nineteen digits at a time: quadratic, but sys.int_max_str_digits keeps literals to 4300 digits, and unlike
  // mpn_set_str it allocates nothing.
  constexpr size_t kDigitsPerLimb = 19;
  ArenaSpan<mp_limb_t> limbs = arena.makeArray<mp_limb_t>(digits.size() / kDigitsPerLimb + 2);
  size_t used = 0;
  while (!digits.empty()) {
    size_t take = digits.size() % kDigitsPerLimb == 0 ? kDigitsPerLimb : digits.size() % kDigitsPerLimb;
    mp_limb_t chunk = 0;
    mp_limb_t scale = 1;
    for (char c : digits.substr(0, take)) {
      chunk = chunk * 10 + digitValue(c);
      scale *= 10;
    }
    digits.remove_prefix(take);
    mp_limb_t carry = used == 0 ? 0 : mpn_mul_1(limbs.data(), limbs.data(), static_cast<mp_size_t>(used), scale);
    if (carry != 0) limbs[used++] = carry;
    if (used == 0) {
      limbs[used++] = chunk;
    } else if (mpn_add_1(limbs.data(), limbs.data(), static_cast<mp_size_t>(used), chunk) != 0) {
      limbs[used++] = 1;
    }
  }
  return Constant::bigInteger(limbs.data(), used, false);
}

// ---- repr ------------------------------------------------------------------------------------------------------

namespace {

// The decimal digits of a big integer, without asking GMP to allocate.
void appendBigInteger(std::string& out, const Constant& constant) {
  constexpr mp_limb_t kChunk = 10'000'000'000'000'000'000u;
  std::vector<mp_limb_t> limbs(constant.limbs(), constant.limbs() + constant.limbCount());
  std::vector<mp_limb_t> chunks;
  while (!limbs.empty()) {
    chunks.push_back(mpn_divrem_1(limbs.data(), 0, limbs.data(), static_cast<mp_size_t>(limbs.size()), kChunk));
    while (!limbs.empty() && limbs.back() == 0) limbs.pop_back();
  }
  if (constant.isNegative()) out += '-';
  out += std::to_string(chunks.back());
  for (size_t i = chunks.size() - 1; i-- > 0;) {
    std::string digits = std::to_string(chunks[i]);
    out.append(19 - digits.size(), '0');
    out += digits;
  }
}

// float.__repr__: the shortest digits that read back, in scientific form outside 1e-4 <= |x| < 1e16.
void appendFloat(std::string& out, double value, bool addPoint) {
  if (std::isnan(value)) {
    out += "nan";
    return;
  }
  if (std::isinf(value)) {
    out += value < 0 ? "-inf" : "inf";
    return;
  }
  char buffer[64];
  auto scientific = std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::scientific);
  std::string_view text(buffer, static_cast<size_t>(scientific.ptr - buffer));
  int exponent = 0;
  size_t e = text.find('e');
  size_t sign = text[e + 1] == '+' ? e + 2 : e + 1;
  std::from_chars(text.data() + sign, text.data() + text.size(), exponent);
  if (exponent >= -4 && exponent < 16) {
    char fixed[64];
    auto end = std::to_chars(fixed, fixed + sizeof fixed, value, std::chars_format::fixed).ptr;
    std::string_view digits(fixed, static_cast<size_t>(end - fixed));
    out += digits;
    if (addPoint && digits.find('.') == digits.npos) out += ".0";
    return;
  }
  out += text;
}

void appendComplex(std::string& out, double real, double imaginary) {
  if (real == 0 && !std::signbit(real)) {
    appendFloat(out, imaginary, false);
    out += 'j';
    return;
  }
  out += '(';
  appendFloat(out, real, false);
  std::string second;
  appendFloat(second, imaginary, false);
  if (second[0] != '-') out += '+';
  out += second;
  out += "j)";
}

char quoteFor(std::string_view text) {
  return text.find('\'') != text.npos && text.find('"') == text.npos ? '"' : '\'';
}

void appendHex(std::string& out, const char* prefix, uint32_t value, int digits) {
  out += prefix;
  for (int shift = (digits - 1) * 4; shift >= 0; shift -= 4) out += "0123456789abcdef"[value >> shift & 15];
}

bool appendCommonEscape(std::string& out, char c, char quote) {
  switch (c) {
    case '\n': out += "\\n"; return true;
    case '\r': out += "\\r"; return true;
    case '\t': out += "\\t"; return true;
    case '\\': out += "\\\\"; return true;
    default:
      if (c != quote) return false;
      out += '\\';
      out += c;
      return true;
  }
}

void appendBytes(std::string& out, std::string_view data) {
  char quote = quoteFor(data);
  out += 'b';
  out += quote;
  for (char c : data) {
    if (appendCommonEscape(out, c, quote)) continue;
    if (c >= ' ' && c < 127) {
      out += c;
    } else {
      appendHex(out, "\\x", static_cast<unsigned char>(c), 2);
    }
  }
  out += quote;
}

void appendString(std::string& out, std::string_view text) {
  char quote = quoteFor(text);
  out += quote;
  for (size_t i = 0; i < text.size();) {
    auto lead = static_cast<unsigned char>(text[i]);
    if (lead < 0x80) {
      i++;
      if (appendCommonEscape(out, static_cast<char>(lead), quote)) continue;
      if (lead >= ' ' && lead < 127) {
        out += static_cast<char>(lead);
      } else {
        appendHex(out, "\\x", lead, 2);
      }
      continue;
    }
    size_t start = i;
    uint32_t character = nextWtf8(text, i);
    bool surrogate = character >= 0xD800 && character < 0xE000;
    if (!surrogate && unicode::isPrintable(character)) {
      out += text.substr(start, i - start);
    } else if (character < 0x100) {
      appendHex(out, "\\x", character, 2);
    } else if (character < 0x10000) {
      appendHex(out, "\\u", character, 4);
    } else {
      appendHex(out, "\\U", character, 8);
    }
  }
  out += quote;
}

}  // namespace

void appendRepr(std::string& out, const Constant& constant) {
  switch (constant.kind()) {
    case ConstantKind::None: out += "None"; return;
    case ConstantKind::False: out += "False"; return;
    case ConstantKind::True: out += "True"; return;
    case ConstantKind::Ellipsis: out += "Ellipsis"; return;
    case ConstantKind::Int:
      if (constant.isSmallInt()) {
        out += std::to_string(constant.smallInt());
      } else {
        appendBigInteger(out, constant);
      }
      return;
    case ConstantKind::Float: appendFloat(out, constant.floating(), true); return;
    case ConstantKind::Complex: appendComplex(out, constant.real(), constant.imaginary()); return;
    case ConstantKind::Str: appendString(out, constant.text()); return;
    case ConstantKind::Bytes: appendBytes(out, constant.text()); return;
    case ConstantKind::Tuple:
    case ConstantKind::FrozenSet: {
      bool isSet = constant.is(ConstantKind::FrozenSet);
      out += isSet ? "frozenset({" : "(";
      bool first = true;
      for (const Constant& item : constant.items()) {
        if (!first) out += ", ";
        first = false;
        appendRepr(out, item);
      }
      if (!isSet && constant.items().size() == 1) out += ',';
      out += isSet ? "})" : ")";
      return;
    }
    case ConstantKind::Code: out += "<code object>"; return;
  }
}

}  // namespace krait
