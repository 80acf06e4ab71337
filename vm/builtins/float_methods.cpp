// The class float: its constructor, special methods and methods.
#include <bit>
#include <charconv>
#include <cmath>

#include "vm/builtins/bytearray.h"
#include "vm/builtins/bytes.h"
#include "vm/builtins/float.h"
#include "vm/builtins/format_spec.h"
#include "vm/builtins/int.h"
#include "vm/builtins/number_operators.h"
#include "vm/builtins/number_text.h"
#include "vm/builtins/str.h"
#include "vm/builtins/tuple.h"

namespace krait {

// --- operators ------------------------------------------------------------------------------------------------------

using Operators = NumberOperators<double, floatOperand>;

static Fallible<Value> add(Thread& thread, double a, double b) { return makeFloat(thread, a + b); }
static Fallible<Value> subtract(Thread& thread, double a, double b) { return makeFloat(thread, a - b); }
static Fallible<Value> multiply(Thread& thread, double a, double b) { return makeFloat(thread, a * b); }
static Fallible<Value> divide(Thread& thread, double a, double b) {
  if (b == 0) return raise(thread, exceptions.ZeroDivisionError, "float division by zero");
  return makeFloat(thread, a / b);
}
static Fallible<Value> floorDivide(Thread& thread, double a, double b) {
  if (b == 0) return raise(thread, exceptions.ZeroDivisionError, "float floor division by zero");
  return makeFloat(thread, floatFloorDivide(a, b));
}
static Fallible<Value> remainder(Thread& thread, double a, double b) {
  if (b == 0) return raise(thread, exceptions.ZeroDivisionError, "float modulo");
  return makeFloat(thread, floatRemainder(a, b));
}
static Fallible<Value> divmodPair(Thread& thread, double a, double b) {
  if (b == 0) return raise(thread, exceptions.ZeroDivisionError, "float divmod()");
  Value quotient = TRY(makeFloat(thread, floatFloorDivide(a, b)));
  Value rest = TRY(makeFloat(thread, floatRemainder(a, b)));
  return Value::of(TRY(makeTuple(thread, {quotient, rest})));
}

// A negative number to a fractional power is complex.
static Fallible<Value> powerOf(Thread& thread, double a, double b) {
  if (a < 0 && std::isfinite(a) && std::isfinite(b) && b != std::floor(b)) {
    Value base = TRY(call(thread, Value::of(types.complex), TRY(makeFloat(thread, a))));
    Value exponent = TRY(call(thread, Value::of(types.complex), TRY(makeFloat(thread, b))));
    return power(thread, base, exponent, Value::none());
  }
  return makeFloat(thread, TRY(floatPower(thread, a, b)));
}
static Fallible<Value> floatPow(Thread& thread, Value self, Value exponent, Value modulus) {
  if (!modulus.isUnbound() && !modulus.isNone()) {
    return raise(thread, exceptions.TypeError, "pow() 3rd argument not allowed unless all arguments are integers");
  }
  return Operators::binary<powerOf>(thread, self, exponent);
}
static Fallible<Value> floatReflectedPow(Thread& thread, Value self, Value base, Value modulus) {
  return floatPow(thread, base, self, modulus);
}

static Fallible<Value> floatCompare(Value self, Value other, Comparison comparison) {
  double a = floatValue(self);
  int order;  // -1, 0, 1; 2 for unordered
  if (isFloat(other)) {
    double b = floatValue(other);
    order = a < b ? -1 : a > b ? 1 : a == b ? 0 : 2;
  } else if (std::optional<Value> i = toInt(other)) {
    order = intCompareDouble(*i, a);
    if (order != 2) order = -order;
  } else {
    return Value::notImplemented();
  }
  switch (comparison) {
    case Comparison::kLess: return Value::boolean(order == -1);
    case Comparison::kLessEqual: return Value::boolean(order == -1 || order == 0);
    case Comparison::kEqual: return Value::boolean(order == 0);
    case Comparison::kNotEqual: return Value::boolean(order != 0);
    case Comparison::kGreater: return Value::boolean(order == 1);
    default: return Value::boolean(order == 1 || order == 0);
  }
}
template <Comparison comparison>
static Fallible<Value> compareFloats(Thread&, Value self, Value other) {
  return floatCompare(self, other, comparison);
}

static Fallible<Value> floatNegative(Thread& thread, Value self) { return makeFloat(thread, -floatValue(self)); }
static Fallible<Value> plainFloat(Thread& thread, Value self) {
  return typeOf(self) == types.float_ ? Fallible<Value>(self) : makeFloat(thread, floatValue(self));
}
static Fallible<Value> floatAbsolute(Thread& thread, Value self) {
  return makeFloat(thread, std::fabs(floatValue(self)));
}
static Fallible<Value> floatBool(Thread&, Value self) { return Value::boolean(floatValue(self) != 0); }
static Fallible<Value> floatImaginary(Thread& thread, Value) { return makeFloat(thread, 0.0); }
static Fallible<Value> floatHashMethod(Thread& thread, Value self) {
  return makeInt(thread, floatHash(floatValue(self), self));
}
static Fallible<Value> floatReprMethod(Thread& thread, Value self) {
  std::string text = floatRepr(floatValue(self));
  return Value::of(TRY(makeStrLatin1(thread, reinterpret_cast<const uint8_t*>(text.data()), text.size())));
}

// --- rounding -------------------------------------------------------------------------------------------------------

static Fallible<Value> floatTrunc(Thread& thread, Value self) {
  return makeIntFromDouble(thread, std::trunc(floatValue(self)));
}
static Fallible<Value> floatFloor(Thread& thread, Value self) {
  return makeIntFromDouble(thread, std::floor(floatValue(self)));
}
static Fallible<Value> floatCeil(Thread& thread, Value self) {
  return makeIntFromDouble(thread, std::ceil(floatValue(self)));
}

// Rounds |d| to a multiple of 10^places, halves to even, on the exact decimal digits of its whole part.
static double roundToTens(double magnitude, int places) {
  char digits[400];
  double whole = std::trunc(magnitude);
  char* end = std::to_chars(digits, digits + sizeof digits, whole, std::chars_format::fixed, 0).ptr;
  int count = static_cast<int>(end - digits);
  int keep = count - places;
  if (keep < 0) return 0;
  bool below = whole != magnitude;
  for (const char* p = digits + keep + 1; p < end; p++) below |= *p != '0';
  char first = keep < count ? digits[keep] : '0';
  bool lastIsOdd = keep > 0 && ((digits[keep - 1] - '0') & 1);
  bool up = first > '5' || (first == '5' && (below || lastIsOdd));
  std::string text(digits, static_cast<size_t>(keep));
  if (up) {
    int i = keep - 1;
    while (i >= 0 && text[static_cast<size_t>(i)] == '9') text[static_cast<size_t>(i--)] = '0';
    if (i >= 0) {
      text[static_cast<size_t>(i)]++;
    } else {
      text.insert(text.begin(), '1');
    }
  }
  if (text.empty()) return 0;
  text += 'e';
  text += std::to_string(places);
  double result = HUGE_VAL;  // stays when out of range
  std::from_chars(text.data(), text.data() + text.size(), result);
  return result;
}

static Fallible<Value> floatRound(Thread& thread, Value self, Value digits) {
  double d = floatValue(self);
  if (digits.isUnbound() || digits.isNone()) return makeIntFromDouble(thread, std::nearbyint(d));
  int64_t places = TRY(indexAsInt64(thread, digits));
  // Beyond these there is nothing to round, or nothing left.
  if (!std::isfinite(d) || d == 0 || places > 323) return makeFloat(thread, d);
  if (places < -308) return makeFloat(thread, 0.0 * d);
  double result;
  if (places >= 0) {
    char text[700];
    char* end =
        std::to_chars(text, text + sizeof text, std::fabs(d), std::chars_format::fixed, static_cast<int>(places)).ptr;
    result = 0;  // stays when the text is too small for a double: it is zero then
    std::from_chars(text, end, result);
  } else {
    result = roundToTens(std::fabs(d), static_cast<int>(-places));
    if (std::isinf(result)) return raise(thread, exceptions.OverflowError, "rounded value too large to represent");
  }
  return makeFloat(thread, std::copysign(result, d));
}

// --- other methods --------------------------------------------------------------------------------------------------

static Fallible<Value> floatIsInteger(Thread&, Value self) {
  double d = floatValue(self);
  return Value::boolean(std::isfinite(d) && d == std::floor(d));
}

static Fallible<Value> floatAsIntegerRatio(Thread& thread, Value self) {
  double d = floatValue(self);
  if (std::isinf(d)) return raise(thread, exceptions.OverflowError, "cannot convert Infinity to integer ratio");
  if (std::isnan(d)) return raise(thread, exceptions.ValueError, "cannot convert NaN to integer ratio");
  int exponent;
  double fraction = std::frexp(d, &exponent);
  auto digits = static_cast<int64_t>(std::ldexp(fraction, 53));  // all of a double's
  if (digits != 0) {
    int zeros = std::countr_zero(static_cast<uint64_t>(digits));
    digits >>= zeros;
    exponent += zeros - 53;
  }
  Value numerator = TRY(makeInt(thread, digits)), denominator = Value::inlineInt(1);
  Value shift = Value::inlineInt(std::abs(exponent));
  if (d == 0) shift = Value::inlineInt(0);
  if (exponent > 0) {
    numerator = TRY(intLeftShift(thread, numerator, shift));
  } else {
    denominator = TRY(intLeftShift(thread, denominator, shift));
  }
  return Value::of(TRY(makeTuple(thread, {numerator, denominator})));
}

static Fallible<Value> floatHexMethod(Thread& thread, Value self) {
  return Value::of(TRY(makeStr(thread, floatToHex(floatValue(self)))));
}

// Infinity that was not spelt as a word.
static bool textHasDigits(std::string_view text) { return text.find_first_of("0123456789") != std::string_view::npos; }

static Fallible<Value> floatFromHex(Thread& thread, Value type, const Arguments& arguments) {
  TRY(arguments.noKeywords(thread, "float.fromhex"));
  if (arguments.positional != 1) {
    return raiseTypeError(thread, "float.fromhex() takes exactly one argument ({} given)", arguments.positional);
  }
  Str* text = toStr(arguments[0]);
  if (!text) return raise(thread, exceptions.TypeError, "bad argument type for built-in operation");
  // Foreign digits and blanks are not accepted here: a character that is no digit stands for them.
  std::optional<double> parsed = parseHexFloat(text->isAscii() ? text->asciiView() : std::string_view("?"));
  if (!parsed) return raise(thread, exceptions.ValueError, "invalid hexadecimal floating-point string");
  if (std::isinf(*parsed) && textHasDigits(text->asciiView())) {
    return raise(thread, exceptions.OverflowError, "hexadecimal value too large to represent as a float");
  }
  Value value = TRY(makeFloat(thread, *parsed));
  return type.is(Value::of(types.float_)) ? Fallible<Value>(value) : call(thread, type, value);
}

static Fallible<Value> floatGetFormat(Thread& thread, Value, const Arguments& arguments) {
  TRY(arguments.noKeywords(thread, "float.__getformat__"));
  if (arguments.positional != 1) {
    return raiseTypeError(thread, "float.__getformat__() takes exactly one argument ({} given)", arguments.positional);
  }
  Str* text = toStr(arguments[0]);
  if (!text) return raiseTypeError(thread, "__getformat__() argument must be str, not {}", nameOf(arguments[0]));
  if (!strEqualsUtf8(text, "double") && !strEqualsUtf8(text, "float")) {
    return raise(thread, exceptions.ValueError, "__getformat__() argument 1 must be 'double' or 'float'");
  }
  return Value::of(TRY(makeStr(thread, "IEEE, little-endian")));
}

static Fallible<Value> floatGetNewArguments(Thread& thread, Value self) {
  Value plain = TRY(plainFloat(thread, self));
  return Value::of(TRY(makeTuple(thread, {plain})));
}

static Fallible<Value> floatFormat(Thread& thread, Value self, Value specification) {
  Str* text = toStr(specification);
  if (!text) return raiseTypeError(thread, "__format__() argument must be str, not {}", nameOf(specification));
  if (text->length == 0) return Value::of(TRY(str(thread, self)));
  return Value::of(TRY(formatFloatFor(thread, self, floatValue(self), text)));
}

// --- constructor ----------------------------------------------------------------------------------------------------

KRAIT_COLD static Raised raiseUnreadable(Thread& thread, Value v) {
  Str* text = TRY(repr(thread, v));
  fmt::memory_buffer buffer;
  return raiseValueError(thread, "could not convert string to float: {}", textOf(text, buffer));
}

static Fallible<Value> floatFromText(Thread& thread, Value v) {
  std::string storage;
  std::string_view content;
  if (Str* text = toStr(v)) {
    content = numericText(text, storage);
  } else if (Bytes* bytes = toBytes(v)) {
    content = {reinterpret_cast<const char*>(bytes->data), bytes->length};
  } else if (uint64_t length = v.as<Bytearray>()->length) {
    content = {reinterpret_cast<const char*>(v.as<Bytearray>()->storage->bytes), length};
  }
  std::optional<double> parsed = parseFloat(content);
  if (!parsed) return raiseUnreadable(thread, v);
  return makeFloat(thread, *parsed);
}

Fallible<Value> floatFromObject(Thread& thread, Value v) {
  if (typeOf(v) == types.float_) return v;
  if (toStr(v) || toBytes(v) || isKind(v, Kind::kByteBuffer)) return floatFromText(thread, v);
  if (Value method = specialMethod(v, Special::k__float__); !method.isUnbound()) {
    Value result = TRY(callSpecial(thread, method, v));
    if (!isFloat(result)) {
      return raiseTypeError(thread, "{}.__float__ returned non-float (type {})", nameOf(v), nameOf(result));
    }
    if (typeOf(result) == types.float_) return result;
    fmt::memory_buffer text;
    fmt::format_to(std::back_inserter(text),
                   "{}.__float__ returned non-float (type {}).  The ability to return an instance of a strict subclass "
                   "of float is deprecated, and may not be supported in a future version of Python.",
                   nameOf(v), nameOf(result));
    TRY(warn(thread, exceptions.DeprecationWarning, std::string_view(text.data(), text.size())));
    return makeFloat(thread, floatValue(result));
  }
  if (!specialMethod(v, Special::k__index__).isUnbound()) {
    return makeFloat(thread, TRY(intToDouble(thread, TRY(index(thread, v)))));
  }
  return raiseTypeError(thread, "float() argument must be a string or a real number, not '{}'", nameOf(v));
}

static Fallible<Value> floatNew(Thread& thread, Value type, const Arguments& arguments) {
  bool isExact = type.is(Value::of(types.float_));
  if (isExact || arguments.positional > 1) TRY(arguments.noKeywords(thread, "float"));
  TRY(arguments.count(thread, "float", 0, 1));
  Value value = arguments.positional == 0 ? TRY(makeFloat(thread, 0.0)) : TRY(floatFromObject(thread, arguments[0]));
  if (isExact) return value;
  return allocatePayloadInstance(thread, type.as<Type>(), value);
}

void initialiseFloat(Thread& thread) {
  TypeBuilder builder(thread, "float", types.object, Kind::kFloat);
  builder.flags(Type::kBaseType | Type::kInstantiable).constructor(floatNew);
  addNumberBasics(builder, floatReprMethod, floatHashMethod,
                  {compareFloats<Comparison::kLess>, compareFloats<Comparison::kLessEqual>,
                   compareFloats<Comparison::kEqual>, compareFloats<Comparison::kNotEqual>,
                   compareFloats<Comparison::kGreater>, compareFloats<Comparison::kGreaterEqual>});
  Operators::add<add>(builder, "__add__", "__radd__");
  Operators::add<subtract>(builder, "__sub__", "__rsub__");
  Operators::add<multiply>(builder, "__mul__", "__rmul__");
  Operators::add<remainder>(builder, "__mod__", "__rmod__");
  Operators::add<divmodPair>(builder, "__divmod__", "__rdivmod__");
  builder.special("__pow__", floatPow, 1)
      .special("__rpow__", floatReflectedPow, 1)
      .special("__neg__", floatNegative)
      .special("__pos__", plainFloat)
      .special("__abs__", floatAbsolute)
      .special("__bool__", floatBool)
      .special("__int__", floatTrunc)
      .special("__float__", plainFloat);
  Operators::add<floorDivide>(builder, "__floordiv__", "__rfloordiv__");
  Operators::add<divide>(builder, "__truediv__", "__rtruediv__");
  types.float_ = builder.method("conjugate", plainFloat)
                     .method("__trunc__", floatTrunc)
                     .method("__floor__", floatFloor)
                     .method("__ceil__", floatCeil)
                     .method("__round__", floatRound, 1)
                     .method("as_integer_ratio", floatAsIntegerRatio)
                     .classMethod("fromhex", floatFromHex)
                     .method("hex", floatHexMethod)
                     .method("is_integer", floatIsInteger)
                     .method("__getnewargs__", floatGetNewArguments)
                     .classMethod("__getformat__", floatGetFormat)
                     .method("__format__", floatFormat)
                     .getter("real", plainFloat)
                     .getter("imag", floatImaginary)
                     .doc("float(x=0): a floating-point number, made from a number or a text.")
                     .build();
  types.ofImmediate[Value::floatZero(false).immediateIndex()] = types.float_;
  types.ofImmediate[Value::floatZero(true).immediateIndex()] = types.float_;
}

}  // namespace krait
