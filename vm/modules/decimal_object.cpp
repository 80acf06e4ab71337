// Decimals as objects: made from ints, floats, text and tuples.
#include "vm/modules/decimal_object.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "vm/builtins/float.h"
#include "vm/builtins/int_limbs.h"
#include "vm/builtins/list.h"
#include "vm/unicode.h"

namespace krait::decimal {

static void traceDecimal(Cell* cell, Marker& marker) { marker.mark(static_cast<Decimal*>(cell)->large.get()); }
const NativeTraits decimalTraits{"decimal.Decimal", traceDecimal, nullptr};

Fallible<Value> makeDecimal(Thread& thread, const Number& number, Type* type) {
  size_t size = mpz_size(number.coefficient());
  const mp_limb_t* limbs = mpz_limbs_read(number.coefficient());
  ByteArray* large = nullptr;
  if (size > UINT32_MAX) return raiseMemoryError(thread);
  if (size > 2) {
    large = TRY(allocateBytes(thread, size * sizeof(mp_limb_t)));
    std::memcpy(large->bytes, limbs, size * sizeof(mp_limb_t));
  }
  Decimal* decimal = TRY(allocateDecimal(thread, type));
  if (large == nullptr) {
    for (size_t i = 0; i < size; i++) decimal->small[i] = limbs[i];
  } else {
    decimal->large = large;
  }
  decimal->size = static_cast<uint32_t>(size);
  decimal->form = number.form;
  decimal->negative = number.negative;
  decimal->exponent = number.exponent;
  return Value::of(decimal);
}

Fallible<Value> copyDecimal(Thread& thread, const Decimal* from, Type* type) {
  Decimal* decimal = TRY(allocateDecimal(thread, type));
  decimal->exponent = from->exponent;
  decimal->large = from->large.get();
  decimal->small[0] = from->small[0];
  decimal->small[1] = from->small[1];
  decimal->size = from->size;
  decimal->form = from->form;
  decimal->negative = from->negative;
  return Value::of(decimal);
}

Fallible<Value> decimalFromInt(Thread& thread, Value intValue, Type* type) {
  if (intValue.isInlineInt()) {
    int64_t i = intValue.asInlineInt();
    return makeSmall(thread, type, i < 0, static_cast<uint64_t>(i < 0 ? -i : i), 0);
  }
  LimbView view(intValue);
  Number number(Form::kFinite, view.negative, 0, view.limbs, view.size);
  return makeDecimal(thread, number, type);
}

void setFromDouble(Number& r, double d) {
  if (std::isnan(d)) {
    r.setNan();
    r.negative = std::signbit(d);
    return;
  }
  if (std::isinf(d)) return r.setInfinity(d < 0);
  int exponent;
  double mantissa = std::frexp(std::fabs(d), &exponent);
  auto whole = static_cast<uint64_t>(std::ldexp(mantissa, 53));
  exponent -= 53;
  r.set(std::signbit(d), whole, 0);
  if (whole == 0) return;
  int zeroes = __builtin_ctzll(whole);
  whole >>= zeroes;
  exponent += zeroes;
  r.set(std::signbit(d), whole, 0);
  if (exponent >= 0) {
    mpz_mul_2exp(r.edit(), r.coefficient(), static_cast<mp_bitcnt_t>(exponent));
  } else {  // m / 2^k = m * 5^k / 10^k
    Number fives;
    mpz_ui_pow_ui(fives.edit(), 5, static_cast<unsigned long>(-exponent));
    mpz_mul(r.edit(), r.coefficient(), fives.coefficient());
    r.exponent = exponent;
  }
}

// The number as the context has it, or exactly.
static Fallible<Value> finished(Thread& thread, Type* type, Number& number, uint32_t status, Context* context,
                                bool exactly) {
  if ((status & kInvalid) == 0) {
    if (exactly) {
      makeExact(number, status);
    } else {
      finalise(number, context->settings, status);
    }
  }
  TRY(noteStatus(thread, context, status));
  return makeDecimal(thread, number, type);
}

// Text without spaces around it and underscores in it (where the context does not round), with its digits in ASCII.
// False when a character cannot be part of a number.
static bool plainText(const Str* text, bool lenient, std::string& plain) {
  uint64_t start = 0, end = text->length;
  if (lenient) {
    while (start < end && unicode::isSpace(text->at(start))) start++;
    while (end > start && unicode::isSpace(text->at(end - 1))) end--;
  }
  plain.reserve(end - start);
  for (uint64_t i = start; i < end; i++) {
    uint32_t c = text->at(i);
    if (c > 0 && c < 0x80) {
      if (c != '_' || !lenient) plain.push_back(static_cast<char>(c));
      continue;
    }
    int digit = c < 0x80 ? -1 : unicode::decimalValue(c);
    if (digit < 0) return false;
    plain.push_back(static_cast<char>('0' + digit));
  }
  return true;
}

// "-123.45" of up to 18 digits, without more ado.
static bool parseShort(const Str* text, bool& negative, uint64_t& c, int64_t& exponent) {
  if (!text->isAscii() || text->length > 20 || text->length == 0) return false;
  const uint8_t* at = text->data();
  const uint8_t* end = at + text->length;
  negative = *at == '-';
  if (negative) at++;
  if (end - at > 19) return false;
  const uint8_t* point = nullptr;
  const uint8_t* first = at;
  c = 0;
  for (; at < end; at++) {
    unsigned digit = *at - '0';
    if (digit < 10) {
      c = c * 10 + digit;
    } else if (*at == '.' && point == nullptr) {
      point = at;
    } else {
      return false;
    }
  }
  if (end - first - (point != nullptr ? 1 : 0) <= 0) return false;
  exponent = point == nullptr ? 0 : point + 1 - end;
  return true;
}

static Fallible<Value> decimalFromText(Thread& thread, Type* type, const Str* text, Context* context, bool exactly) {
  bool negative;
  uint64_t c;
  int64_t exponent;
  if (exactly && parseShort(text, negative, c, exponent)) return makeSmall(thread, type, negative, c, exponent);
  uint32_t status = 0;
  Number number;
  try {
    std::string plain;
    if (!plainText(text, exactly, plain)) {
      number.setInvalid(kConversionSyntax, status);
    } else {
      parse(number, plain, status);
    }
  } catch (const std::exception&) {
    return raiseMemoryError(thread);
  }
  if (number.isNan() && !number.isZeroCoefficient() && !exactly) {
    if (number.digits() > context->settings.precision - (context->settings.clamp ? 1 : 0))
      number.setInvalid(kConversionSyntax, status);
  }
  return finished(thread, type, number, status, context, exactly);
}

// (sign, digits, exponent)
static Fallible<Value> decimalFromTuple(Thread& thread, Type* type, Value v, Context* context, bool exactly) {
  Tuple* parts = TRY(tupleFromIterable(thread, v));
  if (parts->length != 3) return raiseValueError(thread, "argument must be a sequence of length 3");
  std::optional<Value> sign = toInt(parts->items[0]);
  if (!sign || !sign->isInlineInt() || sign->asInlineInt() < 0 || sign->asInlineInt() > 1)
    return raiseValueError(thread, "sign must be an integer with the value 0 or 1");
  Form form = Form::kFinite;
  int64_t exponent = 0;
  if (Str* kind = toStr(parts->items[2]); kind != nullptr) {
    if (strEqualsUtf8(kind, "F")) {
      form = Form::kInfinite;
    } else if (strEqualsUtf8(kind, "n")) {
      form = Form::kQuiet;
    } else if (strEqualsUtf8(kind, "N")) {
      form = Form::kSignalling;
    } else {
      return raiseValueError(thread, "string argument in the third position must be 'F', 'n' or 'N'");
    }
  } else {
    if (!isInt(parts->items[2])) return raiseValueError(thread, "exponent must be an integer");
    exponent = TRY(ssizeArgument(thread, parts->items[2]));
  }
  Value digitsGiven = parts->items[1];
  if (!isKind(exactOrPayload(digitsGiven), Kind::kTuple) && !isKind(digitsGiven, Kind::kList))
    return raiseValueError(thread, "coefficient must be a tuple of digits");
  Tuple* digits = TRY(tupleFromIterable(thread, digitsGiven));
  Number number;
  uint32_t status = 0;
  try {
    std::string text;
    for (uint64_t i = 0; i < digits->length; i++) {
      std::optional<Value> digit = toInt(digits->items[i]);
      if (!digit || !digit->isInlineInt() || digit->asInlineInt() < 0 || digit->asInlineInt() > 9)
        return raiseValueError(thread, "coefficient must be a tuple of digits");
      text.push_back(static_cast<char>('0' + digit->asInlineInt()));
    }
    if (form == Form::kInfinite) {
      number.setInfinity(false);
    } else if (!text.empty()) {
      mpz_set_str(number.edit(), text.c_str(), 10);
    }
  } catch (const std::exception&) {
    return raiseMemoryError(thread);
  }
  number.form = form;
  number.negative = sign->asInlineInt() == 1;
  constexpr int64_t kMost = 4000000000000000000;
  number.exponent = std::clamp(exponent, -kMost, kMost);
  if (number.isNan() && !exactly && !number.isZeroCoefficient() &&
      number.digits() > context->settings.precision - (context->settings.clamp ? 1 : 0))
    number.setInvalid(kConversionSyntax, status);
  return finished(thread, type, number, status, context, exactly);
}

Fallible<Value> decimalFromFloat(Thread& thread, Type* type, Value v, Context* context, bool exactly) {
  if (std::optional<Value> i = toInt(v); i) {
    if (exactly || i->bits() == Value::inlineInt(0).bits()) return decimalFromInt(thread, *i, type);
    Value made = TRY(decimalFromInt(thread, *i, type));
    Number borrowed = toDecimal(made)->number(), result(borrowed);
    return finished(thread, type, result, 0, context, false);
  }
  if (!isFloat(v)) return raiseTypeError(thread, "argument must be int or float");
  Number number;
  setFromDouble(number, floatValue(v));
  return finished(thread, type, number, 0, context, exactly);
}

Fallible<Value> decimalFromObject(Thread& thread, Type* type, Value v, Context* context, bool exactly) {
  if (const Decimal* given = toDecimal(v); given != nullptr) {
    if (exactly) {
      if (type == state.decimal && typeOf(v) == state.decimal) return v;
      return copyDecimal(thread, given, type);
    }
    uint32_t status = 0;
    const Settings& settings = context->settings;
    if (given->form >= Form::kQuiet && given->size != 0) {
      Number number = given->number();
      if (number.digits() > settings.precision - (settings.clamp ? 1 : 0)) {
        Number invalid;
        invalid.setInvalid(kConversionSyntax, status);
        TRY(noteStatus(thread, context, status));
        return makeDecimal(thread, invalid, type);
      }
    }
    Number borrowed = given->number(), result(borrowed);
    return finished(thread, type, result, status, context, false);
  }
  if (v.isInlineInt() && exactly) return decimalFromInt(thread, v, type);
  if (Str* text = toStr(v); text != nullptr) return decimalFromText(thread, type, text, context, exactly);
  if (isInt(v)) return decimalFromFloat(thread, type, v, context, exactly);
  if (toTuple(v) != nullptr || isKind(v, Kind::kList)) return decimalFromTuple(thread, type, v, context, exactly);
  if (isFloat(v)) {
    TRY(noteStatus(thread, context, kFloatOperation));
    return decimalFromFloat(thread, type, v, context, exactly);
  }
  return raiseNoConversion(thread, v);
}

Raised raiseNoConversion(Thread& thread, Value v) {
  return raiseTypeError(thread, "conversion from {} to Decimal is not supported", nameOf(v));
}

Fallible<Value> operandOrUnbound(Thread& thread, Value v) {
  if (toDecimal(v) != nullptr) return v;
  if (std::optional<Value> i = toInt(v); i) return decimalFromInt(thread, *i);
  return Value::unbound();
}
Fallible<Value> operandOrRaise(Thread& thread, Value v) {
  Value operand = TRY(operandOrUnbound(thread, v));
  if (operand.isUnbound()) return raiseNoConversion(thread, v);
  return operand;
}

}  // namespace krait::decimal
