// The named methods of Decimal, and those of Context that compute with decimals.
#include "vm/builtins/list.h"
#include "vm/modules/decimal_object.h"

namespace krait::decimal {
namespace {

// "function takes exactly 2 arguments (1 given)": functions that read their arguments by a format without a name.
Fallible<void> countExactly(Thread& thread, const Arguments& arguments, const char* name, uint32_t wanted) {
  TRY(arguments.noKeywords(thread, name));
  if (arguments.positional == wanted) [[likely]]
    return {};
  return raiseTypeError(thread, "function takes exactly {} argument{} ({} given)", wanted, wanted == 1 ? "" : "s",
                        arguments.positional);
}
Fallible<void> countAtMost(Thread& thread, const Arguments& arguments, const char* name, uint32_t most) {
  TRY(arguments.noKeywords(thread, name));
  if (arguments.positional <= most) return {};
  return raiseTypeError(thread, "function takes at most {} argument{} ({} given)", most, most == 1 ? "" : "s",
                        arguments.positional);
}

// --- operations as (Context, operands) --------------------------------------------------------------------------------
using On1 = Fallible<Value> (*)(Thread&, Context*, Value);
using On2 = Fallible<Value> (*)(Thread&, Context*, Value, Value);

template <Unary operation>
Fallible<Value> on1(Thread& thread, Context* context, Value a) {
  return applyUnary(thread, context, operation, a);
}
template <Binary operation>
Fallible<Value> on2(Thread& thread, Context* context, Value a, Value b) {
  return applyBinary(thread, context, operation, a, b);
}

Fallible<Value> resign(Thread& thread, Value a, bool negative) {
  Value made = TRY(copyDecimal(thread, toDecimal(a)));
  toDecimal(made)->negative = negative;
  return made;
}
Fallible<Value> copyAbsolute(Thread& thread, Context*, Value a) { return resign(thread, a, false); }
Fallible<Value> copyNegated(Thread& thread, Context*, Value a) { return resign(thread, a, !toDecimal(a)->negative); }
Fallible<Value> copySign(Thread& thread, Context*, Value a, Value b) {
  return resign(thread, a, toDecimal(b)->negative);
}
Fallible<Value> itself(Thread&, Context*, Value a) { return a; }
Fallible<Value> sameQuantumOf(Thread&, Context*, Value a, Value b) {
  return Value::boolean(sameQuantum(toDecimal(a)->number(), toDecimal(b)->number()));
}
Fallible<Value> numberClassOf(Thread& thread, Context* context, Value a) {
  return Value::of(TRY(makeStrAscii(thread, numberClass(toDecimal(a)->number(), context->settings))));
}
Fallible<Value> scientificText(Thread& thread, Context* context, Value a) {
  return decimalText(thread, a, context, false);
}
Fallible<Value> engineeringText(Thread& thread, Context* context, Value a) {
  return decimalText(thread, a, context, true);
}

enum class Is { kCanonical, kFinite, kInfinite, kNan, kQuiet, kSignalling, kSigned, kZero, kNormal, kSubnormal };
template <Is what>
Fallible<Value> is(Thread&, Context* context, Value a) {
  const Decimal* d = toDecimal(a);
  bool isFinite = d->form == Form::kFinite;
  switch (what) {
    case Is::kCanonical: return Value::boolean(true);
    case Is::kFinite: return Value::boolean(isFinite);
    case Is::kInfinite: return Value::boolean(d->form == Form::kInfinite);
    case Is::kNan: return Value::boolean(d->form >= Form::kQuiet);
    case Is::kQuiet: return Value::boolean(d->form == Form::kQuiet);
    case Is::kSignalling: return Value::boolean(d->form == Form::kSignalling);
    case Is::kSigned: return Value::boolean(d->negative);
    case Is::kZero: return Value::boolean(isFinite && d->size == 0);
    default: {
      if (!isFinite || d->size == 0) return Value::boolean(false);
      bool isNormal = d->number().adjusted() >= context->settings.emin;
      return Value::boolean(isNormal == (what == Is::kNormal));
    }
  }
}

// --- the same as methods of Decimal -----------------------------------------------------------------------------------
template <On1 f>
Fallible<Value> method1(Thread& thread, Value self, const Arguments& arguments) {
  static constexpr Parameters kParameters{nullptr, {"context"}, 0};
  Value given;
  TRY(kParameters.bind(thread, arguments, &given));
  return f(thread, TRY(contextArgument(thread, given)), self);
}
template <On2 f>
Fallible<Value> method2(Thread& thread, Value self, const Arguments& arguments) {
  static constexpr Parameters kParameters{nullptr, {"other", "context"}, 1};
  Value given[2];
  TRY(kParameters.bind(thread, arguments, given));
  Context* context = TRY(contextArgument(thread, given[1]));
  return f(thread, context, self, TRY(operandOrRaise(thread, given[0])));
}
template <On1 f>
Fallible<Value> plain(Thread& thread, Value self) {  // without parameters; the context does not matter
  return f(thread, nullptr, self);
}
template <Unary operation>
Fallible<Value> integralMethod(Thread& thread, Value self, const Arguments& arguments) {
  static constexpr Parameters kParameters{nullptr, {"rounding", "context"}, 0};
  Value given[2];
  TRY(kParameters.bind(thread, arguments, given));
  Context* context = TRY(contextArgument(thread, given[1]));
  Settings settings = context->settings;
  if (!given[0].isUnbound() && !given[0].isNone()) settings.rounding = TRY(roundingArgument(thread, given[0]));
  uint32_t status = 0;
  Number result;
  operation(result, toDecimal(self)->number(), settings, status);
  TRY(noteStatus(thread, context, status));
  return makeDecimal(thread, result);
}
Fallible<Value> quantizeMethod(Thread& thread, Value self, const Arguments& arguments) {
  static constexpr Parameters kParameters{nullptr, {"exp", "rounding", "context"}, 1};
  Value given[3];
  TRY(kParameters.bind(thread, arguments, given));
  Context* context = TRY(contextArgument(thread, given[2]));
  Rounding rounding = context->settings.rounding, before = rounding;
  if (!given[1].isUnbound() && !given[1].isNone()) rounding = TRY(roundingArgument(thread, given[1]));
  Value other = TRY(operandOrRaise(thread, given[0]));
  context->settings.rounding = rounding;  // nothing runs in between that could see it
  Fallible<Value> result = quantizeDecimals(thread, context, self, other);
  context->settings.rounding = before;
  return result;
}
Fallible<Value> fmaMethod(Thread& thread, Value self, const Arguments& arguments) {
  static constexpr Parameters kParameters{nullptr, {"other", "third", "context"}, 2};
  Value given[3];
  TRY(kParameters.bind(thread, arguments, given));
  Context* context = TRY(contextArgument(thread, given[2]));
  Value other = TRY(operandOrRaise(thread, given[0])), third = TRY(operandOrRaise(thread, given[1]));
  uint32_t status = 0;
  Number result;
  fusedMultiplyAdd(result, toDecimal(self)->number(), toDecimal(other)->number(), toDecimal(third)->number(),
                   context->settings, status);
  TRY(noteStatus(thread, context, status));
  return makeDecimal(thread, result);
}

Fallible<Value> radix(Thread& thread, Value) { return makeSmall(thread, state.decimal, false, 10, 0); }
Fallible<Value> adjusted(Thread& thread, Value self) {
  const Decimal* d = toDecimal(self);
  return makeInt(thread, d->form == Form::kFinite ? d->number().adjusted() : 0);
}
Fallible<Value> conjugate(Thread&, Value self) { return self; }
Fallible<Value> deepCopy(Thread&, Value self, Value) { return self; }
Fallible<Value> imaginaryPart(Thread& thread, Value) { return makeSmall(thread, state.decimal, false, 0, 0); }

Fallible<Value> fromFloat(Thread& thread, Value type, const Arguments& arguments) {
  TRY(arguments.noKeywords(thread, "Decimal.from_float"));
  if (arguments.positional != 1)
    return raiseTypeError(thread, "Decimal.from_float() takes exactly one argument ({} given)", arguments.positional);
  Context* context = TRY(currentContext(thread));
  Value made = TRY(decimalFromFloat(thread, state.decimal, arguments[0], context, true));
  if (type.as<Type>() == state.decimal) return made;
  return call(thread, type, made);
}

Fallible<Value> asTuple(Thread& thread, Value self) {
  Number number = toDecimal(self)->number();
  Value exponent = Value::unbound();
  std::string digits;
  try {
    switch (number.form) {
      case Form::kFinite: exponent = TRY(makeInt(thread, number.exponent)); break;
      case Form::kInfinite: exponent = Value::of(TRY(makeStrAscii(thread, "F"))); break;
      case Form::kQuiet: exponent = Value::of(TRY(makeStrAscii(thread, "n"))); break;
      default: exponent = Value::of(TRY(makeStrAscii(thread, "N"))); break;
    }
    if (!number.isNan() || !number.isZeroCoefficient()) digits = digitsOf(number.coefficient());
  } catch (const std::exception&) {
    return raiseMemoryError(thread);
  }
  Tuple* items = TRY(makeTupleUninitialised(thread, digits.size()));
  for (size_t i = 0; i < digits.size(); i++) items->items[i] = Value::inlineInt(digits[i] - '0');
  Value parts[] = {Value::inlineInt(number.negative), Value::of(items), exponent};
  return call(thread, Value::of(state.decimalTuple), std::span<const Value>(parts, 3));
}

Fallible<Value> intOf(Thread& thread, const Number& number, bool negative) {
  mpz_srcptr c = number.coefficient();
  return makeIntFromLimbs(thread, mpz_limbs_read(c), mpz_size(c), negative);
}
Fallible<Value> asIntegerRatio(Thread& thread, Value self) {
  Number number = toDecimal(self)->number();
  if (number.isNan()) return raiseValueError(thread, "cannot convert NaN to integer ratio");
  if (number.isInfinite()) return raise(thread, exceptions.OverflowError, "cannot convert Infinity to integer ratio");
  Number numerator(number), denominator(Wide{1});
  uint32_t status = 0;
  if (number.isZeroCoefficient()) {
    numerator.exponent = 0;
  } else {
    if (!haveRoom(number.digits() + std::abs(number.exponent), status)) return raiseMemoryError(thread);
    mpz_srcptr scale = powerOfTen(static_cast<uint64_t>(std::abs(number.exponent)));
    if (number.exponent >= 0) {
      mpz_mul(numerator.edit(), number.coefficient(), scale);
    } else {
      Number common;
      mpz_gcd(common.edit(), number.coefficient(), scale);
      mpz_divexact(denominator.edit(), scale, common.coefficient());
      mpz_divexact(numerator.edit(), number.coefficient(), common.coefficient());
    }
  }
  Value top = TRY(intOf(thread, numerator, number.negative && !number.isZeroCoefficient()));
  Value bottom = TRY(intOf(thread, denominator, false));
  return Value::of(TRY(makeTuple(thread, {top, bottom})));
}

Fallible<Value> reduce(Thread& thread, Value self) {
  Value text = Value::of(TRY(str(thread, self)));
  Value arguments = Value::of(TRY(makeTuple(thread, {text})));
  return Value::of(TRY(makeTuple(thread, {Value::of(typeOf(self)), arguments})));
}

template <Rounding rounding>
Fallible<Value> toInteger(Thread& thread, Value self) {
  return decimalToInt(thread, self, rounding);
}
Fallible<Value> roundMethod(Thread& thread, Value self, const Arguments& arguments) {
  TRY(countAtMost(thread, arguments, "__round__", 1));
  if (arguments.positional == 0) return decimalToInt(thread, self, Rounding::kHalfEven);
  if (!isInt(arguments[0])) return raiseTypeError(thread, "optional arg must be an integer");
  int64_t places = TRY(ssizeArgument(thread, arguments[0]));
  Value exponent = TRY(makeSmall(thread, state.decimal, false, 1, places == INT64_MIN ? INT64_MAX : -places));
  return quantizeDecimals(thread, TRY(currentContext(thread)), self, exponent);
}
Fallible<Value> sizeOf(Thread&, Value self) {
  const Decimal* d = toDecimal(self);
  constexpr int64_t kBase = 104, kInline = 4;
  auto words = static_cast<int64_t>(d->size);
  return Value::inlineInt(words > kInline ? kBase + words * 8 : kBase);
}

// --- ... and as methods of Context ------------------------------------------------------------------------------------
template <On1 f>
Fallible<Value> context1(Thread& thread, Value self, Value a) {
  return f(thread, toContext(self), TRY(operandOrRaise(thread, a)));
}
template <On2 f, FunctionName name>
Fallible<Value> context2(Thread& thread, Value self, const Arguments& arguments) {
  TRY(countExactly(thread, arguments, name.text, 2));
  Value a = TRY(operandOrRaise(thread, arguments[0]));
  return f(thread, toContext(self), a, TRY(operandOrRaise(thread, arguments[1])));
}
Fallible<Value> contextFma(Thread& thread, Value self, const Arguments& arguments) {
  TRY(countExactly(thread, arguments, "fma", 3));
  Context* context = toContext(self);
  Value a = TRY(operandOrRaise(thread, arguments[0])), b = TRY(operandOrRaise(thread, arguments[1]));
  Value c = TRY(operandOrRaise(thread, arguments[2]));
  uint32_t status = 0;
  Number result;
  fusedMultiplyAdd(result, toDecimal(a)->number(), toDecimal(b)->number(), toDecimal(c)->number(), context->settings,
                   status);
  TRY(noteStatus(thread, context, status));
  return makeDecimal(thread, result);
}
Fallible<Value> contextPower(Thread& thread, Value self, const Arguments& arguments) {
  static constexpr Parameters kParameters{nullptr, {"a", "b", "modulo"}, 2};
  Value given[3];
  TRY(kParameters.bind(thread, arguments, given));
  Value a = TRY(operandOrRaise(thread, given[0])), b = TRY(operandOrRaise(thread, given[1])), m = Value::unbound();
  if (!given[2].isUnbound() && !given[2].isNone()) m = TRY(operandOrRaise(thread, given[2]));
  return powerDecimals(thread, toContext(self), a, b, m);
}
Fallible<Value> contextCanonical(Thread& thread, Value, Value a) {
  if (toDecimal(a) == nullptr) return raiseTypeError(thread, "argument must be a Decimal");
  return a;
}
Fallible<Value> contextIsCanonical(Thread& thread, Value self, Value a) {
  TRY(contextCanonical(thread, self, a));
  return Value::boolean(true);
}
Fallible<Value> contextApply(Thread& thread, Value self, Value a) {
  a = TRY(operandOrRaise(thread, a));
  Number borrowed = toDecimal(a)->number(), number(borrowed);
  uint32_t status = 0;
  finalise(number, toContext(self)->settings, status);
  TRY(noteStatus(thread, toContext(self), status));
  return makeDecimal(thread, number);
}
Fallible<Value> createDecimal(Thread& thread, Value self, const Arguments& arguments) {
  TRY(countAtMost(thread, arguments, "create_decimal", 1));
  if (arguments.positional == 0) return makeSmall(thread, state.decimal, false, 0, 0);
  return decimalFromObject(thread, state.decimal, arguments[0], toContext(self), false);
}
Fallible<Value> createDecimalFromFloat(Thread& thread, Value self, Value v) {
  return decimalFromFloat(thread, state.decimal, v, toContext(self), false);
}

}  // namespace

void declareDecimalMethods(TypeBuilder& builder) {
  builder.variadic("exp", method1<on1<exponential>>)
      .variadic("ln", method1<on1<naturalLogarithm>>)
      .variadic("log10", method1<on1<decimalLogarithm>>)
      .variadic("next_minus", method1<on1<nextMinus>>)
      .variadic("next_plus", method1<on1<nextPlus>>)
      .variadic("normalize", method1<on1<normalize>>)
      .variadic("to_integral", integralMethod<toIntegralValue>)
      .variadic("to_integral_exact", integralMethod<toIntegralExact>)
      .variadic("to_integral_value", integralMethod<toIntegralValue>)
      .variadic("sqrt", method1<on1<squareRoot>>)
      .variadic("compare", method2<on2<compare>>)
      .variadic("compare_signal", method2<on2<compareSignal>>)
      .variadic("max", method2<on2<maximum>>)
      .variadic("max_mag", method2<on2<maximumMagnitude>>)
      .variadic("min", method2<on2<minimum>>)
      .variadic("min_mag", method2<on2<minimumMagnitude>>)
      .variadic("next_toward", method2<on2<nextToward>>)
      .variadic("quantize", quantizeMethod)
      .variadic("remainder_near", method2<on2<remainderNear>>)
      .variadic("fma", fmaMethod)
      .method("is_canonical", plain<is<Is::kCanonical>>)
      .method("is_finite", plain<is<Is::kFinite>>)
      .method("is_infinite", plain<is<Is::kInfinite>>)
      .method("is_nan", plain<is<Is::kNan>>)
      .method("is_qnan", plain<is<Is::kQuiet>>)
      .method("is_snan", plain<is<Is::kSignalling>>)
      .method("is_signed", plain<is<Is::kSigned>>)
      .method("is_zero", plain<is<Is::kZero>>)
      .variadic("is_normal", method1<is<Is::kNormal>>)
      .variadic("is_subnormal", method1<is<Is::kSubnormal>>)
      .method("adjusted", adjusted)
      .method("canonical", conjugate)
      .method("conjugate", conjugate)
      .method("radix", radix)
      .method("copy_abs", plain<copyAbsolute>)
      .method("copy_negate", plain<copyNegated>)
      .variadic("logb", method1<on1<logb>>)
      .variadic("logical_invert", method1<on1<logicalInvert>>)
      .variadic("number_class", method1<numberClassOf>)
      .variadic("to_eng_string", method1<engineeringText>)
      .variadic("compare_total", method2<on2<compareTotal>>)
      .variadic("compare_total_mag", method2<on2<compareTotalMagnitude>>)
      .variadic("copy_sign", method2<copySign>)
      .variadic("same_quantum", method2<sameQuantumOf>)
      .variadic("logical_and", method2<on2<logicalAnd>>)
      .variadic("logical_or", method2<on2<logicalOr>>)
      .variadic("logical_xor", method2<on2<logicalXor>>)
      .variadic("rotate", method2<on2<rotate>>)
      .variadic("scaleb", method2<on2<scaleb>>)
      .variadic("shift", method2<on2<shift>>)
      .classMethod("from_float", fromFloat)
      .method("as_tuple", asTuple)
      .method("as_integer_ratio", asIntegerRatio)
      .method("__copy__", conjugate)
      .method("__deepcopy__", deepCopy)
      .variadic("__format__", formatDecimal)
      .method("__reduce__", reduce)
      .variadic("__round__", roundMethod)
      .method("__ceil__", toInteger<Rounding::kCeiling>)
      .method("__floor__", toInteger<Rounding::kFloor>)
      .method("__trunc__", toInteger<Rounding::kDown>)
      .method("__sizeof__", sizeOf)
      .getter("real", conjugate)
      .getter("imag", imaginaryPart);
}

void declareContextMethods(TypeBuilder& builder) {
  builder.method("abs", context1<on1<absolute>>)
      .method("exp", context1<on1<exponential>>)
      .method("ln", context1<on1<naturalLogarithm>>)
      .method("log10", context1<on1<decimalLogarithm>>)
      .method("minus", context1<on1<minus>>)
      .method("next_minus", context1<on1<nextMinus>>)
      .method("next_plus", context1<on1<nextPlus>>)
      .method("normalize", context1<on1<normalize>>)
      .method("plus", context1<on1<plus>>)
      .method("to_integral", context1<on1<toIntegralValue>>)
      .method("to_integral_exact", context1<on1<toIntegralExact>>)
      .method("to_integral_value", context1<on1<toIntegralValue>>)
      .method("sqrt", context1<on1<squareRoot>>)
      .variadic("add", context2<addDecimals, "add">)
      .variadic("compare", context2<on2<compare>, "compare">)
      .variadic("compare_signal", context2<on2<compareSignal>, "compare_signal">)
      .variadic("divide", context2<divideDecimals, "divide">)
      .variadic("divide_int", context2<on2<divideInteger>, "divide_int">)
      .variadic("divmod", context2<divmodDecimals, "divmod">)
      .variadic("max", context2<on2<maximum>, "max">)
      .variadic("max_mag", context2<on2<maximumMagnitude>, "max_mag">)
      .variadic("min", context2<on2<minimum>, "min">)
      .variadic("min_mag", context2<on2<minimumMagnitude>, "min_mag">)
      .variadic("multiply", context2<multiplyDecimals, "multiply">)
      .variadic("next_toward", context2<on2<nextToward>, "next_toward">)
      .variadic("quantize", context2<quantizeDecimals, "quantize">)
      .variadic("remainder", context2<on2<remainder>, "remainder">)
      .variadic("remainder_near", context2<on2<remainderNear>, "remainder_near">)
      .variadic("subtract", context2<subtractDecimals, "subtract">)
      .variadic("power", contextPower)
      .variadic("fma", contextFma)
      .method("radix", radix)
      .method("is_canonical", contextIsCanonical)
      .method("is_finite", context1<is<Is::kFinite>>)
      .method("is_infinite", context1<is<Is::kInfinite>>)
      .method("is_nan", context1<is<Is::kNan>>)
      .method("is_normal", context1<is<Is::kNormal>>)
      .method("is_qnan", context1<is<Is::kQuiet>>)
      .method("is_signed", context1<is<Is::kSigned>>)
      .method("is_snan", context1<is<Is::kSignalling>>)
      .method("is_subnormal", context1<is<Is::kSubnormal>>)
      .method("is_zero", context1<is<Is::kZero>>)
      .method("_apply", contextApply)
      .method("canonical", contextCanonical)
      .method("copy_abs", context1<copyAbsolute>)
      .method("copy_decimal", context1<itself>)
      .method("copy_negate", context1<copyNegated>)
      .method("logb", context1<on1<logb>>)
      .method("logical_invert", context1<on1<logicalInvert>>)
      .method("number_class", context1<numberClassOf>)
      .method("to_sci_string", context1<scientificText>)
      .method("to_eng_string", context1<engineeringText>)
      .variadic("compare_total", context2<on2<compareTotal>, "compare_total">)
      .variadic("compare_total_mag", context2<on2<compareTotalMagnitude>, "compare_total_mag">)
      .variadic("copy_sign", context2<copySign, "copy_sign">)
      .variadic("logical_and", context2<on2<logicalAnd>, "logical_and">)
      .variadic("logical_or", context2<on2<logicalOr>, "logical_or">)
      .variadic("logical_xor", context2<on2<logicalXor>, "logical_xor">)
      .variadic("rotate", context2<on2<rotate>, "rotate">)
      .variadic("same_quantum", context2<sameQuantumOf, "same_quantum">)
      .variadic("scaleb", context2<on2<scaleb>, "scaleb">)
      .variadic("shift", context2<on2<shift>, "shift">)
      .variadic("create_decimal", createDecimal)
      .method("create_decimal_from_float", createDecimalFromFloat);
}

}  // namespace krait::decimal
