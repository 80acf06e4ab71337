// The class int: its constructor, special methods and methods.
#include <bit>
#include <cstring>

#include "vm/builtins/bytearray.h"
#include "vm/builtins/bytes.h"
#include "vm/builtins/comparison_result.h"
#include "vm/builtins/float.h"
#include "vm/builtins/format_spec.h"
#include "vm/builtins/int.h"
#include "vm/builtins/int_limbs.h"
#include "vm/builtins/number_text.h"
#include "vm/builtins/str.h"
#include "vm/builtins/tuple.h"

namespace krait {

using IntOperation = Fallible<Value> (*)(Thread&, Value, Value);

// Left and reflected forms of a binary operator; other operands are somebody else's.
template <IntOperation operation>
static Fallible<Value> binary(Thread& thread, Value self, Value other) {
  std::optional<Value> a = toInt(self), b = toInt(other);
  if (!a || !b) return Value::notImplemented();
  return operation(thread, *a, *b);
}
template <IntOperation operation>
static Fallible<Value> reflected(Thread& thread, Value self, Value other) {
  return binary<operation>(thread, other, self);
}

static Fallible<Value> divmodPair(Thread& thread, Value left, Value right) {
  Value quotient, remainder;
  TRY(intDivmod(thread, left, right, quotient, remainder));
  return Value::of(TRY(makeTuple(thread, {quotient, remainder})));
}

static Fallible<Value> intPow(Thread& thread, Value self, Value exponent, Value modulus) {
  std::optional<Value> base = toInt(self), power = toInt(exponent);
  if (!base || !power) return Value::notImplemented();
  if (modulus.isUnbound() || modulus.isNone()) return intPower(thread, *base, *power);
  std::optional<Value> modulo = toInt(modulus);
  if (!modulo) return Value::notImplemented();
  return intPowerModulo(thread, *base, *power, *modulo);
}
static Fallible<Value> intReflectedPow(Thread& thread, Value self, Value base, Value modulus) {
  return intPow(thread, base, self, modulus);
}

template <Comparison comparison>
static Fallible<Value> compareInts(Thread&, Value self, Value other) {
  std::optional<Value> a = toInt(self), b = toInt(other);
  if (!a || !b) return Value::notImplemented();
  return comparisonResult(comparison, intCompare(*a, *b));
}

template <Fallible<Value> (*operation)(Thread&, Value)>
static Fallible<Value> unary(Thread& thread, Value self) {
  return operation(thread, *toInt(self));
}
// int(self): what __int__, __index__, __trunc__, real … all give, subclasses excluded.
static Fallible<Value> plainInt(Thread&, Value self) { return *toInt(self); }
static Fallible<Value> intImaginary(Thread&, Value) { return Value::inlineInt(0); }
static Fallible<Value> intDenominator(Thread&, Value) { return Value::inlineInt(1); }

static Fallible<Value> intBool(Thread&, Value self) { return Value::boolean(toInt(self)->bits() != 0); }
static Fallible<Value> intFloat(Thread& thread, Value self) {
  return makeFloat(thread, TRY(intToDouble(thread, *toInt(self))));
}
static Fallible<Value> intHashMethod(Thread& thread, Value self) { return makeInt(thread, intHash(*toInt(self))); }
static Fallible<Value> intRepr(Thread& thread, Value self) {
  return Value::of(TRY(intToText(thread, *toInt(self), 10)));
}

static Fallible<Value> intBitLength(Thread& thread, Value self) {
  return makeIntUnsigned(thread, LimbView(*toInt(self)).bits());
}
static Fallible<Value> intBitCount(Thread& thread, Value self) {
  LimbView view(*toInt(self));
  return makeIntUnsigned(thread, view.size == 0 ? 0 : mpn_popcount(view.limbs, static_cast<mp_size_t>(view.size)));
}
// CPython's digits have 30 bits.
static Fallible<Value> intSizeof(Thread& thread, Value self) {
  constexpr uint64_t kHeader = 24, kDigit = 4, kDigitBits = 30;
  uint64_t digits = (LimbView(*toInt(self)).bits() + kDigitBits - 1) / kDigitBits;
  return makeIntUnsigned(thread, kHeader + kDigit * (digits == 0 ? 1 : digits));
}
static Fallible<Value> intAsIntegerRatio(Thread& thread, Value self) {
  return Value::of(TRY(makeTuple(thread, {*toInt(self), Value::inlineInt(1)})));
}
static Fallible<Value> intGetNewArguments(Thread& thread, Value self) {
  return Value::of(TRY(makeTuple(thread, {*toInt(self)})));
}

static Fallible<Value> intFormat(Thread& thread, Value self, Value specification) {
  Str* text = toStr(specification);
  if (!text) return raiseTypeError(thread, "__format__() argument must be str, not {}", nameOf(specification));
  if (text->length == 0) return Value::of(TRY(str(thread, self)));
  return Value::of(TRY(formatIntFor(thread, self, *toInt(self), text)));
}

// round(n, digits): to the nearest multiple of 10**-digits, halves to even multiples.
static Fallible<Value> intRound(Thread& thread, Value self, Value digits) {
  Value n = *toInt(self);
  if (digits.isUnbound()) return n;
  Value places = TRY(index(thread, digits));
  if (intCompare(places, Value::inlineInt(0)) >= 0) return n;
  Value unit = TRY(intPower(thread, Value::inlineInt(10), TRY(intNegate(thread, places))));
  Value quotient, remainder;
  TRY(intDivmod(thread, n, unit, quotient, remainder));
  Value twice = TRY(intLeftShift(thread, remainder, Value::inlineInt(1)));
  int order = intCompare(twice, unit);
  bool isOdd = (quotient.isInlineInt() ? quotient.bits() >> 1 : quotient.as<BigInt>()->limbs[0]) & 1;
  n = TRY(intSubtract(thread, n, remainder));
  return order > 0 || (order == 0 && isOdd) ? intAdd(thread, n, unit) : n;
}

// --- bytes ----------------------------------------------------------------------------------------------------------

// True for "little"; ValueError for anything but "little" and "big".
static Fallible<bool> isLittleEndian(Thread& thread, const char* function, Value byteorder) {
  if (byteorder.isUnbound()) return false;
  Str* text = toStr(byteorder);
  if (!text) {
    return raiseTypeError(thread, "{}() argument 'byteorder' must be str, not {}", function, nameOf(byteorder));
  }
  if (strEqualsUtf8(text, "little")) return true;
  if (strEqualsUtf8(text, "big")) return false;
  return raise(thread, exceptions.ValueError, "byteorder must be either 'little' or 'big'");
}

static Fallible<Value> intToBytes(Thread& thread, Value self, const Arguments& arguments) {
  static constexpr const char* kFunction = "to_bytes";
  static constexpr Parameters kParameters{kFunction, {"length", "byteorder", "*", "signed"}, 0};
  Value given[3];
  TRY(kParameters.bind(thread, arguments, given));
  int64_t length = given[0].isUnbound() ? 1 : TRY(indexAsInt64(thread, given[0], exceptions.OverflowError));
  bool little = TRY(isLittleEndian(thread, kFunction, given[1]));
  bool isSigned = !given[2].isUnbound() && TRY(isTrue(thread, given[2]));
  if (length < 0) return raise(thread, exceptions.ValueError, "length argument must be non-negative");
  LimbView view(*toInt(self));
  if (view.negative && !isSigned) {
    return raise(thread, exceptions.OverflowError, "can't convert negative int to unsigned");
  }
  // Bits needed: for signed ones a sign bit, which -2^k does without.
  uint64_t bits = view.bits();
  if (isSigned) {
    bool isPowerOfTwo = view.size > 0 && mpn_scan1(view.limbs, 0) == bits - 1;
    if (!(view.negative && isPowerOfTwo)) bits++;
    if (view.size == 0) bits = 0;
  }
  if (bits > static_cast<uint64_t>(length) * 8 && bits > 0) {
    return raise(thread, exceptions.OverflowError, "int too big to convert");
  }
  Bytes* result = TRY(makeBytesUninitialised(thread, static_cast<uint64_t>(length)));
  unsigned carry = view.negative;
  for (int64_t i = 0; i < length; i++) {
    uint64_t limb = static_cast<uint64_t>(i) / 8;
    unsigned byte = limb < view.size ? static_cast<uint8_t>(view.limbs[limb] >> (i % 8 * 8)) : 0;
    if (view.negative) {
      byte = (byte ^ 0xff) + carry;
      carry = byte >> 8;
    }
    result->data[little ? i : length - 1 - i] = static_cast<uint8_t>(byte);
  }
  return Value::of(result);
}

// The bytes that from_bytes reads: a bytes-like object, or what bytes(x) makes of other iterables.
static Fallible<Value> bytesForConversion(Thread& thread, Value v) {
  if (toBytes(v) || isKind(v, Kind::kByteBuffer)) return v;
  bool hasBytes = !specialMethod(v, Special::k__bytes__).isUnbound();
  bool isIterable =
      !specialMethod(v, Special::k__iter__).isUnbound() || !specialMethod(v, Special::k__getitem__).isUnbound();
  if (isInt(v) || toStr(v) || (!hasBytes && !isIterable)) {
    return raiseTypeError(thread, "cannot convert '{}' object to bytes", nameOf(v));
  }
  return call(thread, Value::of(types.bytes), v);
}

static Fallible<Value> intFromBytes(Thread& thread, Value type, const Arguments& arguments) {
  static constexpr const char* kFunction = "from_bytes";
  static constexpr Parameters kParameters{kFunction, {"bytes", "byteorder", "*", "signed"}, 1};
  Value given[3];
  TRY(kParameters.bind(thread, arguments, given));
  bool little = TRY(isLittleEndian(thread, kFunction, given[1]));
  bool isSigned = !given[2].isUnbound() && TRY(isTrue(thread, given[2]));
  Value source = TRY(bytesForConversion(thread, given[0]));
  const uint8_t* data = nullptr;
  uint64_t length;
  if (Bytes* bytes = toBytes(source)) {
    data = bytes->data;
    length = bytes->length;
  } else {
    Bytearray* array = source.as<Bytearray>();
    length = array->length;
    if (length > 0) data = array->storage->bytes;
  }
  uint64_t size = length / 8 + 1;
  BigInt* result = TRY(allocateInt(thread, size));
  for (uint64_t i = 0; i < length; i++) {
    result->limbs[i / 8] |= static_cast<uint64_t>(data[little ? i : length - 1 - i]) << (i % 8 * 8);
  }
  bool negative = isSigned && length > 0 && (data[little ? length - 1 : 0] & 0x80);
  if (negative) {
    for (uint64_t i = length; i < size * 8; i++) result->limbs[i / 8] |= uint64_t{0xff} << (i % 8 * 8);
    mpn_neg(result->limbs, result->limbs, static_cast<mp_size_t>(size));
  }
  Value value = finishInt(result, size, negative);
  return type.is(Value::of(types.int_)) ? Fallible<Value>(value) : call(thread, type, value);
}

// --- constructor ----------------------------------------------------------------------------------------------------

// The result of __int__ or __index__ as a plain int.
static Fallible<Value> checkedResult(Thread& thread, Value result, const char* method) {
  std::optional<Value> plain = toInt(result);
  if (!plain) return raiseTypeError(thread, "{} returned non-int (type {})", method, nameOf(result));
  if (typeOf(result) != types.int_) {
    fmt::memory_buffer text;
    fmt::format_to(std::back_inserter(text),
                   "{} returned non-int (type {}).  The ability to return an instance of a strict subclass of int is "
                   "deprecated, and may not be supported in a future version of Python.",
                   method, nameOf(result));
    TRY(warn(thread, exceptions.DeprecationWarning, std::string_view(text.data(), text.size())));
  }
  return *plain;
}

static Fallible<Value> fromTrunc(Thread& thread, Value v, Value method) {
  TRY(warn(thread, exceptions.DeprecationWarning, "The delegation of int() to __trunc__ is deprecated."));
  Value result = TRY(callSpecial(thread, method, v));
  if (std::optional<Value> plain = toInt(result)) return *plain;
  if (specialMethod(result, Special::k__index__).isUnbound()) {
    return raiseTypeError(thread, "__trunc__ returned non-Integral (type {})", nameOf(result));
  }
  return index(thread, result);
}

Fallible<Value> intFromObject(Thread& thread, Value v) {
  if (v.isInlineInt() || typeOf(v) == types.int_) return v;
  if (isFloat(v) && typeOf(v) == types.float_) return makeIntFromDouble(thread, __builtin_trunc(floatValue(v)));
  if (Value method = specialMethod(v, Special::k__int__); !method.isUnbound()) {
    return checkedResult(thread, TRY(callSpecial(thread, method, v)), "__int__");
  }
  if (Value method = specialMethod(v, Special::k__index__); !method.isUnbound()) {
    return checkedResult(thread, TRY(callSpecial(thread, method, v)), "__index__");
  }
  if (Value method = specialMethod(v, Special::k__trunc__); !method.isUnbound()) return fromTrunc(thread, v, method);
  if (toStr(v) || toBytes(v) || isKind(v, Kind::kByteBuffer)) return intFromText(thread, v, 10);
  return raiseTypeError(thread, "int() argument must be a string, a bytes-like object or a real number, not '{}'",
                        nameOf(v));
}

Fallible<Value> intFromText(Thread& thread, Value text, int base) {
  if (Str* s = toStr(text)) {
    std::string storage;
    return parseIntValue(thread, text, numericText(s, storage), base);
  }
  if (Bytes* bytes = toBytes(text)) {
    return parseIntValue(thread, text, {reinterpret_cast<const char*>(bytes->data), bytes->length}, base);
  }
  Bytearray* array = text.as<Bytearray>();
  std::string_view content;
  if (array->length > 0) content = {reinterpret_cast<const char*>(array->storage->bytes), array->length};
  return parseIntValue(thread, text, content, base);
}

static Fallible<Value> intNew(Thread& thread, Value type, const Arguments& arguments) {
  Value value = Value::inlineInt(0);
  if (arguments.positional == 1 && arguments.keywordNames == nullptr) [[likely]] {
    value = TRY(intFromObject(thread, arguments[0]));
  } else {
    static constexpr Parameters kParameters{"int", {"x", "/", "base"}, 0};
    Value given[2];
    TRY(kParameters.bind(thread, arguments, given));
    Value x = given[0];
    if (x.isUnbound()) {
      if (!given[1].isUnbound()) return raise(thread, exceptions.TypeError, "int() missing string argument");
    } else if (given[1].isUnbound()) {
      value = TRY(intFromObject(thread, x));
    } else {
      int64_t base = TRY(indexAsInt64(thread, given[1]));
      if (base != 0 && (base < 2 || base > 36)) {
        return raise(thread, exceptions.ValueError, "int() base must be >= 2 and <= 36, or 0");
      }
      if (!toStr(x) && !toBytes(x) && !isKind(x, Kind::kByteBuffer)) {
        return raise(thread, exceptions.TypeError, "int() can't convert non-string with explicit base");
      }
      value = TRY(intFromText(thread, x, static_cast<int>(base)));
    }
  }
  if (type.is(Value::of(types.int_))) return value;
  return allocatePayloadInstance(thread, type.as<Type>(), value);
}

void initialiseInt(Thread& thread) {
  types.int_ = TypeBuilder(thread, "int", types.object, Kind::kInt)
                   .flags(Type::kBaseType | Type::kInstantiable)
                   .constructor(intNew)
                   .special("__repr__", intRepr)
                   .special("__hash__", intHashMethod)
                   .special("__lt__", compareInts<Comparison::kLess>)
                   .special("__le__", compareInts<Comparison::kLessEqual>)
                   .special("__eq__", compareInts<Comparison::kEqual>)
                   .special("__ne__", compareInts<Comparison::kNotEqual>)
                   .special("__gt__", compareInts<Comparison::kGreater>)
                   .special("__ge__", compareInts<Comparison::kGreaterEqual>)
                   .special("__add__", binary<intAdd>)
                   .special("__radd__", reflected<intAdd>)
                   .special("__sub__", binary<intSubtract>)
                   .special("__rsub__", reflected<intSubtract>)
                   .special("__mul__", binary<intMultiply>)
                   .special("__rmul__", reflected<intMultiply>)
                   .special("__mod__", binary<intRemainder>)
                   .special("__rmod__", reflected<intRemainder>)
                   .special("__divmod__", binary<divmodPair>)
                   .special("__rdivmod__", reflected<divmodPair>)
                   .special("__pow__", intPow, 1)
                   .special("__rpow__", intReflectedPow, 1)
                   .special("__neg__", unary<intNegate>)
                   .special("__pos__", plainInt)
                   .special("__abs__", unary<intAbsolute>)
                   .special("__bool__", intBool)
                   .special("__invert__", unary<intInvert>)
                   .special("__lshift__", binary<intLeftShift>)
                   .special("__rlshift__", reflected<intLeftShift>)
                   .special("__rshift__", binary<intRightShift>)
                   .special("__rrshift__", reflected<intRightShift>)
                   .special("__and__", binary<intAnd>)
                   .special("__rand__", reflected<intAnd>)
                   .special("__xor__", binary<intXor>)
                   .special("__rxor__", reflected<intXor>)
                   .special("__or__", binary<intOr>)
                   .special("__ror__", reflected<intOr>)
                   .special("__int__", plainInt)
                   .special("__float__", intFloat)
                   .special("__floordiv__", binary<intFloorDivide>)
                   .special("__rfloordiv__", reflected<intFloorDivide>)
                   .special("__truediv__", binary<intTrueDivide>)
                   .special("__rtruediv__", reflected<intTrueDivide>)
                   .special("__index__", plainInt)
                   .method("conjugate", plainInt)
                   .method("bit_length", intBitLength)
                   .method("bit_count", intBitCount)
                   .variadic("to_bytes", intToBytes)
                   .classMethod("from_bytes", intFromBytes)
                   .method("as_integer_ratio", intAsIntegerRatio)
                   .method("__trunc__", plainInt)
                   .method("__floor__", plainInt)
                   .method("__ceil__", plainInt)
                   .method("__round__", intRound, 1)
                   .method("__getnewargs__", intGetNewArguments)
                   .method("__format__", intFormat)
                   .method("__sizeof__", intSizeof)
                   .getter("real", plainInt)
                   .getter("imag", intImaginary)
                   .getter("numerator", plainInt)
                   .getter("denominator", intDenominator)
                   .doc(
                       "A whole number of any size; int(x) cuts numbers towards zero, int(text, base) reads "
                       "digits.\n\n>>> int(-2.9), int('ff', 16)\n(-2, 255)")
                   .build();
}

}  // namespace krait
