// The class complex: arithmetic on pairs of doubles, its text, constructor and methods.
#include "vm/builtins/complex.h"

#include <cmath>
#include <optional>

#include "vm/builtins/float.h"
#include "vm/builtins/format_spec.h"
#include "vm/builtins/int.h"
#include "vm/builtins/number_operators.h"
#include "vm/builtins/number_text.h"
#include "vm/builtins/str.h"
#include "vm/builtins/tuple.h"
#include "vm/builtins/type_internal.h"

namespace krait {

Fallible<Value> makeComplex(Thread& thread, double real, double imaginary) {
  Complex* cell = TRY(allocate<Complex>(thread, Kind::kComplex, types.complex->instanceShape));
  cell->real = real;
  cell->imaginary = imaginary;
  return Value::of(cell);
}

const Complex* toComplex(Value v) {
  v = exactOrPayload(v);
  return isKind(v, Kind::kComplex) ? v.as<Complex>() : nullptr;
}

// --- arithmetic -----------------------------------------------------------------------------------------------------

namespace {
struct Pair {
  double real, imaginary;
};
}  // namespace

static Fallible<Value> make(Thread& thread, Pair p) { return makeComplex(thread, p.real, p.imaginary); }
static Pair pairOf(Value self) {
  const Complex* c = toComplex(self);
  return {c->real, c->imaginary};
}

// complex, float or int operand; false for other objects.
static Fallible<bool> operand(Thread& thread, Value v, Pair& out) {
  if (const Complex* c = toComplex(v)) {
    out = {c->real, c->imaginary};
    return true;
  }
  out.imaginary = 0;
  return floatOperand(thread, v, out.real);
}

using Operators = NumberOperators<Pair, operand>;

static Pair product(Pair a, Pair b) {
  return {a.real * b.real - a.imaginary * b.imaginary, a.real * b.imaginary + a.imaginary * b.real};
}

// Smith's algorithm (CACM 5, 1962): scales by the larger part of the divisor, so that its square is never formed.
static Pair quotient(Pair a, Pair b) {
  double absReal = std::fabs(b.real), absImaginary = std::fabs(b.imaginary);
  if (absReal >= absImaginary) {
    double ratio = b.imaginary / b.real, denominator = b.real + b.imaginary * ratio;
    return {(a.real + a.imaginary * ratio) / denominator, (a.imaginary - a.real * ratio) / denominator};
  }
  if (absImaginary >= absReal) {
    double ratio = b.real / b.imaginary, denominator = b.real * ratio + b.imaginary;
    return {(a.real * ratio + a.imaginary) / denominator, (a.imaginary * ratio - a.real) / denominator};
  }
  return {std::nan(""), std::nan("")};
}

Fallible<Value> complexQuotient(Thread& thread, double real, double imaginary, double byReal, double byImaginary) {
  return make(thread, quotient({real, imaginary}, {byReal, byImaginary}));
}

static Pair wholePower(Pair base, unsigned n) {
  Pair result{1, 0};
  for (; n != 0; n >>= 1) {
    if (n & 1) result = product(result, base);
    if (n > 1) base = product(base, base);
  }
  return result;
}

// False where the phase is infinite: such a power has no direction.
static bool polarPower(Pair a, Pair b, Pair& result) {
  result = {0, 0};
  if (a.real == 0 && a.imaginary == 0) return true;
  double magnitude = std::hypot(a.real, a.imaginary);
  double length = std::pow(magnitude, b.real);
  double angle = std::atan2(a.imaginary, a.real);
  double phase = angle * b.real;
  if (b.imaginary != 0) {
    length /= std::exp(angle * b.imaginary);
    phase += b.imaginary * std::log(magnitude);
  }
  result = {length * std::cos(phase), length * std::sin(phase)};
  return !std::isinf(phase);
}

static Fallible<Value> add(Thread& thread, Pair a, Pair b) {
  return makeComplex(thread, a.real + b.real, a.imaginary + b.imaginary);
}
static Fallible<Value> subtract(Thread& thread, Pair a, Pair b) {
  return makeComplex(thread, a.real - b.real, a.imaginary - b.imaginary);
}
static Fallible<Value> multiply(Thread& thread, Pair a, Pair b) { return make(thread, product(a, b)); }
static Fallible<Value> divide(Thread& thread, Pair a, Pair b) {
  if (b.real == 0 && b.imaginary == 0) {
    return raise(thread, exceptions.ZeroDivisionError, "complex division by zero");
  }
  return make(thread, quotient(a, b));
}

static Fallible<Value> powerOf(Thread& thread, Pair a, Pair b) {
  if (b.real == 0 && b.imaginary == 0) return makeComplex(thread, 1, 0);
  bool isDefined = !(a.real == 0 && a.imaginary == 0 && (b.imaginary != 0 || b.real < 0));
  Pair result{0, 0};
  if (isDefined) {
    if (b.imaginary == 0 && b.real == std::floor(b.real) && std::fabs(b.real) <= 100) {
      int n = static_cast<int>(b.real);
      result = wholePower(a, static_cast<unsigned>(n > 0 ? n : -n));
      if (n < 0) {
        isDefined = result.real != 0 || result.imaginary != 0;  // it may have become too small
        result = quotient({1, 0}, result);
      }
    } else {
      isDefined = polarPower(a, b, result);
    }
  }
  if (!isDefined) return raise(thread, exceptions.ZeroDivisionError, "0.0 to a negative or complex power");
  if (std::isinf(result.real) || std::isinf(result.imaginary)) {
    return raise(thread, exceptions.OverflowError, "complex exponentiation");
  }
  return make(thread, result);
}
static Fallible<Value> complexPow(Thread& thread, Value self, Value exponent, Value modulus) {
  if (!modulus.isUnbound() && !modulus.isNone()) return raise(thread, exceptions.ValueError, "complex modulo");
  return Operators::binary<powerOf>(thread, self, exponent);
}
static Fallible<Value> complexReflectedPow(Thread& thread, Value self, Value base, Value modulus) {
  return complexPow(thread, base, self, modulus);
}

static Fallible<Value> plainComplex(Thread& thread, Value self) {
  return typeOf(self) == types.complex ? Fallible<Value>(self) : make(thread, pairOf(self));
}
static Fallible<Value> negate(Thread& thread, Value self) {
  Pair p = pairOf(self);
  return makeComplex(thread, -p.real, -p.imaginary);
}
static Fallible<Value> conjugate(Thread& thread, Value self) {
  Pair p = pairOf(self);
  return makeComplex(thread, p.real, -p.imaginary);
}
static Fallible<Value> absoluteOf(Thread& thread, Value self) {
  Pair p = pairOf(self);
  double length = std::hypot(p.real, p.imaginary);
  if (std::isinf(length) && std::isfinite(p.real) && std::isfinite(p.imaginary)) {
    return raise(thread, exceptions.OverflowError, "absolute value too large");
  }
  return makeFloat(thread, length);
}
static Fallible<Value> boolOf(Thread&, Value self) {
  Pair p = pairOf(self);
  return Value::boolean(p.real != 0 || p.imaginary != 0);
}
static Fallible<Value> realOf(Thread& thread, Value self) { return makeFloat(thread, pairOf(self).real); }
static Fallible<Value> imaginaryOf(Thread& thread, Value self) { return makeFloat(thread, pairOf(self).imaginary); }

// --- comparison, hashing --------------------------------------------------------------------------------------------

// 1 equal, 0 not, -1 not comparable.
static int equality(Value self, Value other) {
  Pair p = pairOf(self);
  if (const Complex* c = toComplex(other)) return p.real == c->real && p.imaginary == c->imaginary;
  if (isFloat(other)) return p.imaginary == 0 && p.real == floatValue(other);
  if (std::optional<Value> i = toInt(other)) return p.imaginary == 0 && intCompareDouble(*i, p.real) == 0;
  return -1;
}
static Fallible<Value> equalTo(Thread&, Value self, Value other) {
  int equal = equality(self, other);
  return equal < 0 ? Value::notImplemented() : Value::boolean(equal);
}
static Fallible<Value> unequalTo(Thread&, Value self, Value other) {
  int equal = equality(self, other);
  return equal < 0 ? Value::notImplemented() : Value::boolean(!equal);
}
static Fallible<Value> unordered(Thread&, Value, Value) { return Value::notImplemented(); }

int64_t complexHash(double real, double imaginary, Value identity) {
  constexpr uint64_t kImaginaryFactor = 1000003;
  uint64_t hash = static_cast<uint64_t>(floatHash(real, identity)) +
                  kImaginaryFactor * static_cast<uint64_t>(floatHash(imaginary, identity));
  return hash == UINT64_MAX ? -2 : static_cast<int64_t>(hash);
}
static Fallible<Value> hashOf(Thread& thread, Value self) {
  Pair p = pairOf(self);
  return makeInt(thread, complexHash(p.real, p.imaginary, self));
}

// --- text -----------------------------------------------------------------------------------------------------------

static Fallible<Value> reprOf(Thread& thread, Value self) {
  Pair p = pairOf(self);
  std::string imaginary = doubleToText(p.imaginary, {.code = 'r'});
  std::string text;
  if (p.real == 0 && !std::signbit(p.real)) {
    text = imaginary + "j";
  } else {
    text = "(" + doubleToText(p.real, {.code = 'r'});
    if (imaginary[0] != '-') text += '+';
    text += imaginary + "j)";
  }
  return Value::of(TRY(makeStr(thread, text)));
}

static Fallible<Value> formatOf(Thread& thread, Value self, Value specification) {
  Str* text = toStr(specification);
  if (!text) return raiseTypeError(thread, "__format__() argument must be str, not {}", nameOf(specification));
  if (text->length == 0) return Value::of(TRY(str(thread, self)));
  Pair p = pairOf(self);
  return Value::of(TRY(formatComplex(thread, self, p.real, p.imaginary, text)));
}

// Length of the longest number at the start of the text, sign included; 0 when there is none.
static size_t numberLength(std::string_view text) {
  size_t i = 0;
  auto skipDigits = [&] {
    size_t start = i;
    while (i < text.size() && ((text[i] >= '0' && text[i] <= '9') || text[i] == '_')) i++;
    return i > start;
  };
  if (i < text.size() && (text[i] == '+' || text[i] == '-')) i++;
  auto word = [&](std::string_view lower) {
    if (text.size() - i < lower.size()) return false;
    for (size_t k = 0; k < lower.size(); k++) {
      if ((text[i + k] | 0x20) != lower[k]) return false;
    }
    i += lower.size();
    return true;
  };
  if (word("infinity") || word("inf") || word("nan")) return i;
  bool digits = skipDigits();
  if (i < text.size() && text[i] == '.') {
    i++;
    digits |= skipDigits();
  }
  if (!digits) return 0;
  if (i < text.size() && (text[i] | 0x20) == 'e') {
    size_t mark = i++;
    if (i < text.size() && (text[i] == '+' || text[i] == '-')) i++;
    if (!skipDigits()) i = mark;
  }
  return i;
}

static bool isImaginaryUnit(std::string_view text) { return text == "j" || text == "J"; }

// "1", "2j", "1+2j", "-j" … after white space and parentheses are gone.
static std::optional<Pair> parseParts(std::string_view text) {
  auto signOnly = [](std::string_view t) { return t.starts_with('-') ? -1.0 : 1.0; };
  auto signLength = [](std::string_view t) { return size_t{t.starts_with('+') || t.starts_with('-')}; };
  size_t length = numberLength(text);
  if (length == 0) {
    double unit = signOnly(text);
    text.remove_prefix(signLength(text));
    if (!isImaginaryUnit(text)) return std::nullopt;
    return Pair{0, unit};
  }
  std::optional<double> first = parseFloat(text.substr(0, length));
  if (!first) return std::nullopt;
  text.remove_prefix(length);
  if (text.empty()) return Pair{*first, 0};
  if (isImaginaryUnit(text)) return Pair{0, *first};
  if (signLength(text) == 0) return std::nullopt;
  length = numberLength(text);
  double second;
  if (length == 0) {
    second = signOnly(text);
    text.remove_prefix(1);
  } else {
    std::optional<double> parsed = parseFloat(text.substr(0, length));
    if (!parsed) return std::nullopt;
    second = *parsed;
    text.remove_prefix(length);
  }
  if (!isImaginaryUnit(text)) return std::nullopt;
  return Pair{*first, second};
}

static std::optional<Pair> parseComplex(std::string_view text) {
  text = trimAsciiSpace(text);
  if (text.starts_with('(')) {
    if (text.size() < 2 || !text.ends_with(')')) return std::nullopt;
    text = trimAsciiSpace(text.substr(1, text.size() - 2));
  }
  return parseParts(text);
}

// --- constructor ----------------------------------------------------------------------------------------------------

static Fallible<Value> finish(Thread& thread, Value type, Pair p) {
  Value value = TRY(make(thread, p));
  if (type.is(Value::of(types.complex))) return value;
  return allocatePayloadInstance(thread, type.as<Type>(), value);
}

// What v.__complex__() gives, v itself when there is no such method.
static Fallible<Value> convertByMethod(Thread& thread, Value v) {
  if (typeOf(v) == types.complex) return v;
  Value method = specialMethod(v, Special::k__complex__);
  if (method.isUnbound()) return v;
  Value result = TRY(callSpecial(thread, method, v));
  if (!toComplex(result)) {
    return raiseTypeError(thread, "__complex__ returned non-complex (type {})", nameOf(result));
  }
  if (typeOf(result) != types.complex) {
    fmt::memory_buffer text;
    fmt::format_to(std::back_inserter(text),
                   "__complex__ returned non-complex (type {}).  The ability to return an instance of a strict "
                   "subclass of complex is deprecated, and may not be supported in a future version of Python.",
                   nameOf(result));
    TRY(warn(thread, exceptions.DeprecationWarning, std::string_view(text.data(), text.size())));
  }
  return result;
}

static bool isConvertible(Value v) {
  return toComplex(v) || !specialMethod(v, Special::k__float__).isUnbound() ||
         !specialMethod(v, Special::k__index__).isUnbound();
}

static Fallible<Pair> partsOf(Thread& thread, Value v) {
  if (const Complex* c = toComplex(v)) return Pair{c->real, c->imaginary};
  return Pair{TRY(asDouble(thread, v)), 0};
}

static Fallible<Value> newComplex(Thread& thread, Value type, const Arguments& arguments) {
  static constexpr Parameters kParameters{"complex", {"real", "imag"}, 0};
  Value given[2];
  TRY(kParameters.bind(thread, arguments, given));
  Value real = given[0].isUnbound() ? Value::inlineInt(0) : given[0], imaginary = given[1];
  if (imaginary.isUnbound() && typeOf(real) == types.complex && type.is(Value::of(types.complex))) return real;
  if (Str* text = toStr(real)) {
    if (!imaginary.isUnbound()) {
      return raise(thread, exceptions.TypeError, "complex() can't take second arg if first is a string");
    }
    std::string storage;
    std::optional<Pair> parsed = parseComplex(numericText(text, storage));
    if (!parsed) return raise(thread, exceptions.ValueError, "complex() arg is a malformed string");
    return finish(thread, type, *parsed);
  }
  if (!imaginary.isUnbound() && toStr(imaginary)) {
    return raise(thread, exceptions.TypeError, "complex() second arg can't be a string");
  }
  real = TRY(convertByMethod(thread, real));
  if (!isConvertible(real)) {
    return raiseTypeError(thread, "complex() first argument must be a string or a number, not '{}'", nameOf(real));
  }
  if (!imaginary.isUnbound() && !isConvertible(imaginary)) {
    return raiseTypeError(thread, "complex() second argument must be a number, not '{}'", nameOf(imaginary));
  }
  Pair first = TRY(partsOf(thread, real));
  if (imaginary.isUnbound()) return finish(thread, type, first);
  Pair second = TRY(partsOf(thread, imaginary));
  // first + second * 1j, without touching signs of zeroes that nobody gave.
  Pair result{first.real, second.real};
  if (toComplex(imaginary)) result.real -= second.imaginary;
  if (toComplex(real)) result.imaginary += first.imaginary;
  return finish(thread, type, result);
}

static Fallible<Value> newArguments(Thread& thread, Value self) {
  Value real = TRY(realOf(thread, self)), imaginary = TRY(imaginaryOf(thread, self));
  return Value::of(TRY(makeTuple(thread, {real, imaginary})));
}

void initialiseComplex(Thread& thread) {
  TypeBuilder builder(thread, "complex", types.object, Kind::kComplex);
  builder.flags(Type::kBaseType | Type::kInstantiable).constructor(newComplex);
  addNumberBasics(builder, reprOf, hashOf, {unordered, unordered, equalTo, unequalTo, unordered, unordered});
  Operators::add<add>(builder, "__add__", "__radd__");
  Operators::add<subtract>(builder, "__sub__", "__rsub__");
  Operators::add<multiply>(builder, "__mul__", "__rmul__");
  builder.special("__pow__", complexPow, 1)
      .special("__rpow__", complexReflectedPow, 1)
      .special("__neg__", negate)
      .special("__pos__", plainComplex)
      .special("__abs__", absoluteOf)
      .special("__bool__", boolOf);
  Operators::add<divide>(builder, "__truediv__", "__rtruediv__");
  types.complex =
      builder.method("conjugate", conjugate)
          .method("__complex__", plainComplex)
          .method("__getnewargs__", newArguments)
          .method("__format__", formatOf)
          .doc("complex(real=0, imag=0): a number with a real and an imaginary part, or the one that a text names.")
          .build();
  TypeBuilder(thread, types.complex)
      .constant("real", makeReadOnlyMember(thread, types.complex, "real", realOf))
      .constant("imag", makeReadOnlyMember(thread, types.complex, "imag", imaginaryOf))
      .build();
}

}  // namespace krait
