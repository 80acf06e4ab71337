// What operators give for constants, as Python computes it; nothing where Python raises or CPython thinks it too large.
#include <cmath>
#include <complex>
#include <string>
#include <unordered_map>

#include "compiler/fold.h"
#include "compiler/fold_integer.h"

namespace krait::codegen {

namespace {

using Result = std::optional<Constant>;

// CPython's limits on folded results.
constexpr size_t kMostIntBits = 128;
constexpr size_t kMostItems = 256;
constexpr size_t kMostCharacters = 4096;
constexpr int64_t kMostNestedItems = 1024;

bool isNumeric(const Constant& constant) { return constant.isNumber() || isIntegral(constant); }

bool isCollection(const Constant& constant) {
  return constant.is(ConstantKind::Str) || constant.is(ConstantKind::Bytes) || constant.is(ConstantKind::Tuple) ||
         constant.is(ConstantKind::FrozenSet);
}

bool isContinuation(char byte) { return (static_cast<unsigned char>(byte) & 0xc0) == 0x80; }

// Of a real number; nothing for ints beyond the range.
std::optional<double> realValue(const Constant& constant) {
  if (constant.is(ConstantKind::Float)) return constant.floating();
  double value = toDouble(toBigInt(constant));
  if (std::isinf(value)) return std::nullopt;
  return value;
}

// ---- integers --------------------------------------------------------------------------------------------------------

BigInt floorDivide(const BigInt& left, const BigInt& right) {
  BigInt quotient, remainder;
  boost::multiprecision::divide_qr(left, right, quotient, remainder);
  if (remainder != 0 && (remainder < 0) != (right < 0)) quotient -= 1;
  return quotient;
}

Result foldFloats(double left, ast::Operator op, double right);

Result foldIntegerPower(Arena& arena, const BigInt& base, const BigInt& exponent) {
  if (exponent < 0) {
    double left = toDouble(base), right = toDouble(exponent);
    if (std::isinf(left) || std::isinf(right)) return std::nullopt;
    return foldFloats(left, ast::Operator::Pow, right);
  }
  if (base != 0 && exponent > 0) {
    if (exponent > kMostIntBits || bitLength(base) > kMostIntBits / static_cast<size_t>(exponent)) return std::nullopt;
  }
  if (exponent == 0) return Constant::integer(1);
  if (base == 0) return Constant::integer(0);
  return fromBigInt(arena, pow(base, static_cast<unsigned>(exponent)));
}

Result foldIntegers(Arena& arena, const Constant& leftConstant, ast::Operator op, const Constant& rightConstant) {
  BigInt left = toBigInt(leftConstant), right = toBigInt(rightConstant);
  bool areBools = !leftConstant.is(ConstantKind::Int) && !rightConstant.is(ConstantKind::Int);
  auto integer = [&arena](const BigInt& value) { return fromBigInt(arena, value); };
  auto bitwise = [&](const BigInt& value) { return areBools ? Constant::boolean(value != 0) : integer(value); };
  switch (op) {
    case ast::Operator::Add: return integer(left + right);
    case ast::Operator::Sub: return integer(left - right);
    case ast::Operator::Mult:
      if (left != 0 && right != 0 && bitLength(left) + bitLength(right) > kMostIntBits) return std::nullopt;
      return integer(left * right);
    case ast::Operator::Div: {
      if (right == 0) return std::nullopt;
      double value = quotientToDouble(left, right);
      if (std::isinf(value)) return std::nullopt;
      return Constant::floating(value);
    }
    case ast::Operator::FloorDiv:
      if (right == 0) return std::nullopt;
      return integer(floorDivide(left, right));
    case ast::Operator::Mod:
      if (right == 0) return std::nullopt;
      return integer(left - floorDivide(left, right) * right);
    case ast::Operator::Pow: return foldIntegerPower(arena, left, right);
    case ast::Operator::LShift:
      if (right < 0) return std::nullopt;
      if (left == 0 || right == 0) return integer(left);
      if (right > kMostIntBits || bitLength(left) > kMostIntBits - static_cast<size_t>(right)) return std::nullopt;
      return integer(left << static_cast<size_t>(right));
    case ast::Operator::RShift:
      if (right < 0) return std::nullopt;
      if (right > bitLength(left)) return Constant::integer(left < 0 ? -1 : 0);
      return integer(floorDivide(left, BigInt(1) << static_cast<size_t>(right)));
    case ast::Operator::BitOr: return bitwise(left | right);
    case ast::Operator::BitXor: return bitwise(left ^ right);
    case ast::Operator::BitAnd: return bitwise(left & right);
    case ast::Operator::MatMult: return std::nullopt;
  }
  return std::nullopt;
}

// ---- floats and complex numbers --------------------------------------------------------------------------------------

Result foldComplex(std::complex<double> left, ast::Operator op, std::complex<double> right);

Result foldFloatPower(double base, double exponent) {
  if (base == 0 && exponent < 0) return std::nullopt;
  if (std::isfinite(base) && std::isfinite(exponent) && base < 0 && exponent != std::floor(exponent)) {
    return foldComplex(base, ast::Operator::Pow, exponent);
  }
  double value = std::pow(base, exponent);
  if (std::isinf(value) && std::isfinite(base) && std::isfinite(exponent)) return std::nullopt;
  return Constant::floating(value);
}

Result foldFloats(double left, ast::Operator op, double right) {
  switch (op) {
    case ast::Operator::Add: return Constant::floating(left + right);
    case ast::Operator::Sub: return Constant::floating(left - right);
    case ast::Operator::Mult: return Constant::floating(left * right);
    case ast::Operator::Div:
      if (right == 0) return std::nullopt;
      return Constant::floating(left / right);
    case ast::Operator::FloorDiv:
    case ast::Operator::Mod: {
      if (right == 0) return std::nullopt;
      double remainder = std::fmod(left, right);
      double quotient = (left - remainder) / right;
      if (remainder != 0) {
        if ((right < 0) != (remainder < 0)) {
          remainder += right;
          quotient -= 1;
        }
      } else {
        remainder = std::copysign(0.0, right);
      }
      if (op == ast::Operator::Mod) return Constant::floating(remainder);
      double floored = 0;
      if (quotient != 0) {
        floored = std::floor(quotient);
        if (quotient - floored > 0.5) floored += 1;
      } else {
        floored = std::copysign(0.0, left / right);
      }
      return Constant::floating(floored);
    }
    case ast::Operator::Pow: return foldFloatPower(left, right);
    default: return std::nullopt;
  }
}

using Complex = std::complex<double>;

// By the textbook: std::complex treats infinities in its own way.
Complex multiply(Complex a, Complex b) {
  return {a.real() * b.real() - a.imag() * b.imag(), a.real() * b.imag() + a.imag() * b.real()};
}

// Smith's algorithm: scales by the larger part of the divisor, so that nothing overflows before the result does.
std::optional<Complex> divide(Complex a, Complex b) {
  if (std::fabs(b.real()) >= std::fabs(b.imag())) {
    if (b.real() == 0) return std::nullopt;
    double ratio = b.imag() / b.real();
    double divisor = b.real() + b.imag() * ratio;
    return Complex((a.real() + a.imag() * ratio) / divisor, (a.imag() - a.real() * ratio) / divisor);
  }
  if (std::fabs(b.imag()) >= std::fabs(b.real())) {
    double ratio = b.real() / b.imag();
    double divisor = b.real() * ratio + b.imag();
    return Complex((a.real() * ratio + a.imag()) / divisor, (a.imag() * ratio - a.real()) / divisor);
  }
  double nan = std::nan("");
  return Complex(nan, nan);
}

Complex powerBySquaring(Complex base, int64_t exponent) {
  Complex result(1, 0);
  for (int64_t mask = 1; mask > 0 && exponent >= mask; mask <<= 1) {
    if ((exponent & mask) != 0) result = multiply(result, base);
    base = multiply(base, base);
  }
  return result;
}

std::optional<Complex> power(Complex base, Complex exponent) {
  constexpr double kSmall = 100;
  double whole = exponent.real();
  if (exponent.imag() == 0 && whole == std::floor(whole) && std::fabs(whole) <= kSmall) {
    auto count = static_cast<int64_t>(whole);
    if (count > 0) return powerBySquaring(base, count);
    return divide(Complex(1, 0), powerBySquaring(base, -count));
  }
  if (exponent.real() == 0 && exponent.imag() == 0) return Complex(1, 0);
  if (base.real() == 0 && base.imag() == 0) {
    if (exponent.imag() != 0 || exponent.real() < 0) return std::nullopt;
    return Complex(0, 0);
  }
  double magnitude = std::hypot(base.real(), base.imag());
  double length = std::pow(magnitude, exponent.real());
  double angle = std::atan2(base.imag(), base.real());
  double phase = angle * exponent.real();
  if (exponent.imag() != 0) {
    length /= std::exp(angle * exponent.imag());
    phase += exponent.imag() * std::log(magnitude);
  }
  if (std::isinf(phase)) return std::nullopt;
  return Complex(length * std::cos(phase), length * std::sin(phase));
}

Result foldComplex(Complex left, ast::Operator op, Complex right) {
  std::optional<Complex> value;
  switch (op) {
    case ast::Operator::Add: value = Complex(left.real() + right.real(), left.imag() + right.imag()); break;
    case ast::Operator::Sub: value = Complex(left.real() - right.real(), left.imag() - right.imag()); break;
    case ast::Operator::Mult: value = multiply(left, right); break;
    case ast::Operator::Div: value = divide(left, right); break;
    case ast::Operator::Pow:
      value = power(left, right);
      if (value && (std::isinf(value->real()) || std::isinf(value->imag()))) value.reset();
      break;
    default: break;
  }
  if (!value) return std::nullopt;
  return Constant::complex(value->real(), value->imag());
}

Result foldNumbers(Arena& arena, const Constant& left, ast::Operator op, const Constant& right) {
  if (isIntegral(left) && isIntegral(right)) return foldIntegers(arena, left, op, right);
  auto complexValue = [](const Constant& constant) -> std::optional<Complex> {
    if (constant.is(ConstantKind::Complex)) return Complex(constant.real(), constant.imaginary());
    std::optional<double> real = realValue(constant);
    if (!real) return std::nullopt;
    return Complex(*real, 0);
  };
  if (left.is(ConstantKind::Complex) || right.is(ConstantKind::Complex)) {
    std::optional<Complex> a = complexValue(left), b = complexValue(right);
    return a && b ? foldComplex(*a, op, *b) : std::nullopt;
  }
  std::optional<double> a = realValue(left), b = realValue(right);
  return a && b ? foldFloats(*a, op, *b) : std::nullopt;
}

// ---- sequences -------------------------------------------------------------------------------------------------------

size_t lengthOf(const Constant& constant) {
  switch (constant.kind()) {
    case ConstantKind::Str: {
      size_t length = 0;
      for (char byte : constant.text()) length += !isContinuation(byte);
      return length;
    }
    case ConstantKind::Bytes: return constant.text().size();
    default: return constant.items().size();
  }
}

// What is left of `limit` after the items of nested tuples; negative when they are more.
int64_t itemsLeft(const Constant& constant, int64_t limit) {
  if (constant.is(ConstantKind::Tuple)) {
    limit -= static_cast<int64_t>(constant.items().size());
    for (const Constant& item : constant.items()) {
      if (limit < 0) break;
      limit = itemsLeft(item, limit);
    }
  } else if (constant.is(ConstantKind::FrozenSet)) {
    limit -= static_cast<int64_t>(constant.items().size());
  }
  return limit;
}

Result repeat(Arena& arena, const Constant& sequence, const Constant& count) {
  BigInt times = toBigInt(count);
  bool isText = sequence.is(ConstantKind::Str) || sequence.is(ConstantKind::Bytes);
  size_t length = lengthOf(sequence);
  if (sequence.is(ConstantKind::FrozenSet)) return std::nullopt;
  if (length > 0) {
    if (times < 0 || times > (isText ? kMostCharacters : kMostItems) / length) return std::nullopt;
    if (!isText && times > 0 && itemsLeft(sequence, kMostNestedItems / static_cast<int64_t>(times)) < 0) {
      return std::nullopt;
    }
  }
  if (times > INT64_MAX || times < INT64_MIN) return std::nullopt;
  size_t repetitions = length == 0 ? 0 : static_cast<size_t>(times);
  if (isText) {
    std::string text;
    for (size_t i = 0; i < repetitions; i++) text += sequence.text();
    std::string_view copy = arena.copyText(text);
    return sequence.is(ConstantKind::Str) ? Constant::str(copy) : Constant::bytes(copy);
  }
  std::vector<Constant> items;
  for (size_t i = 0; i < repetitions; i++) {
    items.insert(items.end(), sequence.items().begin(), sequence.items().end());
  }
  ArenaSpan<Constant> copy = arena.copyOf(items);
  return Constant::tuple({copy.data(), copy.size()});
}

Result concatenate(Arena& arena, const Constant& left, const Constant& right) {
  if (left.kind() != right.kind()) return std::nullopt;
  switch (left.kind()) {
    case ConstantKind::Str:
    case ConstantKind::Bytes: {
      std::string_view copy = arena.copyText(std::string(left.text()) + std::string(right.text()));
      return left.is(ConstantKind::Str) ? Constant::str(copy) : Constant::bytes(copy);
    }
    case ConstantKind::Tuple: {
      std::vector<Constant> items(left.items().begin(), left.items().end());
      items.insert(items.end(), right.items().begin(), right.items().end());
      ArenaSpan<Constant> copy = arena.copyOf(items);
      return Constant::tuple({copy.data(), copy.size()});
    }
    default: return std::nullopt;
  }
}

}  // namespace

std::optional<Constant> foldBinary(Arena& arena, const Constant& left, ast::Operator op, const Constant& right) {
  if (isNumeric(left) && isNumeric(right)) return foldNumbers(arena, left, op, right);
  if (op == ast::Operator::Add) return concatenate(arena, left, right);
  if (op == ast::Operator::Mult && isCollection(left) && isIntegral(right)) return repeat(arena, left, right);
  if (op == ast::Operator::Mult && isIntegral(left) && isCollection(right)) return repeat(arena, right, left);
  return std::nullopt;
}

std::optional<Constant> foldUnary(Arena& arena, ast::UnaryOperator op, const Constant& operand) {
  if (op == ast::UnaryOperator::Not) return Constant::boolean(!operand.isTrue());
  if (isIntegral(operand)) {
    BigInt value = toBigInt(operand);
    switch (op) {
      case ast::UnaryOperator::Invert: return fromBigInt(arena, -value - 1);
      case ast::UnaryOperator::UAdd: return fromBigInt(arena, value);
      default: return fromBigInt(arena, -value);
    }
  }
  bool negates = op == ast::UnaryOperator::USub;
  if (op == ast::UnaryOperator::Invert) return std::nullopt;
  if (operand.is(ConstantKind::Float)) return Constant::floating(negates ? -operand.floating() : operand.floating());
  if (operand.is(ConstantKind::Complex)) {
    if (!negates) return operand;
    return Constant::complex(-operand.real(), -operand.imaginary());
  }
  return std::nullopt;
}

std::optional<Constant> foldSubscript(const Constant& container, const Constant& index) {
  if (!isIntegral(index) || container.is(ConstantKind::FrozenSet) || !isCollection(container)) return std::nullopt;
  BigInt position = toBigInt(index);
  size_t length = lengthOf(container);
  if (position < 0) position += length;
  if (position < 0 || position >= length) return std::nullopt;
  auto at = static_cast<size_t>(position);
  if (container.is(ConstantKind::Tuple)) return container.items()[at];
  std::string_view text = container.text();
  if (container.is(ConstantKind::Bytes)) return Constant::integer(static_cast<unsigned char>(text[at]));
  size_t start = 0;
  for (; at > 0; at--) {
    do start++;
    while (isContinuation(text[start]));
  }
  size_t end = start + 1;
  while (end < text.size() && isContinuation(text[end])) end++;
  return Constant::str(text.substr(start, end - start));
}

// ---- equality --------------------------------------------------------------------------------------------------------

bool constantsEqual(const Constant& a, const Constant& b) {
  if (isNumeric(a) && isNumeric(b)) {
    if (isIntegral(a) && isIntegral(b)) return toBigInt(a) == toBigInt(b);
    double imaginaryA = a.is(ConstantKind::Complex) ? a.imaginary() : 0;
    double imaginaryB = b.is(ConstantKind::Complex) ? b.imaginary() : 0;
    if (imaginaryA != imaginaryB) return false;
    auto real = [](const Constant& constant) {
      return constant.is(ConstantKind::Complex) ? constant.real() : constant.floating();
    };
    if (!isIntegral(a) && !isIntegral(b)) return real(a) == real(b);
    const Constant& integral = isIntegral(a) ? a : b;
    double value = real(isIntegral(a) ? b : a);
    return std::isfinite(value) && value == std::floor(value) && BigInt(value) == toBigInt(integral);
  }
  if (a.kind() != b.kind()) return false;
  if (a.is(ConstantKind::Tuple)) {
    return std::equal(a.items().begin(), a.items().end(), b.items().begin(), b.items().end(), constantsEqual);
  }
  return sameConstantKey(a, b);
}

Constant distinctFrozenSet(Arena& arena, const std::vector<Constant>& items) {
  // Equal constants have equal hashes here; numbers go by their real part, tuples by their length.
  auto hash = [](const Constant& constant) -> size_t {
    if (constant.is(ConstantKind::Complex)) return std::hash<double>()(constant.real());
    if (isNumeric(constant)) return std::hash<double>()(realValue(constant).value_or(0));
    if (constant.is(ConstantKind::Tuple)) return constant.items().size();
    return hashConstantKey(constant);
  };
  std::unordered_multimap<size_t, size_t> seen;
  std::vector<Constant> distinct;
  for (const Constant& item : items) {
    size_t key = hash(item);
    auto [first, last] = seen.equal_range(key);
    bool isNew = std::none_of(first, last, [&](auto& entry) { return constantsEqual(distinct[entry.second], item); });
    if (!isNew) continue;
    seen.emplace(key, distinct.size());
    distinct.push_back(item);
  }
  ArenaSpan<Constant> copy = arena.copyOf(distinct);
  return Constant::frozenSet({copy.data(), copy.size()});
}

}  // namespace krait::codegen
