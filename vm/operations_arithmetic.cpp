// The arithmetic operators on values of any type: fast paths for ints and floats, then the special methods.
#include "vm/builtins/float.h"
#include "vm/builtins/int.h"
#include "vm/builtins/str.h"
#include "vm/operations.h"
#include "vm/operator_frames.h"

namespace krait {
namespace {

constexpr int kOperators = 13;

struct OperatorInfo {
  const char* symbol;
  Special special, reflected, inPlace;
};
constexpr OperatorInfo kInfo[kOperators] = {
    {"+", Special::k__add__, Special::k__radd__, Special::k__iadd__},
    {"&", Special::k__and__, Special::k__rand__, Special::k__iand__},
    {"//", Special::k__floordiv__, Special::k__rfloordiv__, Special::k__ifloordiv__},
    {"<<", Special::k__lshift__, Special::k__rlshift__, Special::k__ilshift__},
    {"@", Special::k__matmul__, Special::k__rmatmul__, Special::k__imatmul__},
    {"*", Special::k__mul__, Special::k__rmul__, Special::k__imul__},
    {"%", Special::k__mod__, Special::k__rmod__, Special::k__imod__},
    {"|", Special::k__or__, Special::k__ror__, Special::k__ior__},
    {"** or pow()", Special::k__pow__, Special::k__rpow__, Special::k__ipow__},
    {">>", Special::k__rshift__, Special::k__rrshift__, Special::k__irshift__},
    {"-", Special::k__sub__, Special::k__rsub__, Special::k__isub__},
    {"/", Special::k__truediv__, Special::k__rtruediv__, Special::k__itruediv__},
    {"^", Special::k__xor__, Special::k__rxor__, Special::k__ixor__},
};

bool isSequenceOperator(Value method) {
  return isKind(method, Kind::kBuiltin) && method.as<Builtin>()->isSequenceOperator;
}

KRAIT_INLINE bool isExactInt(Value v) { return v.isInlineInt() || isKind(v, Kind::kInt); }
// A float, or an inline int, as a double.
KRAIT_INLINE bool asOperand(Value v, double& out) {
  if (v.isInlineFloat()) {
    out = v.asInlineFloat();
  } else if (v.isInlineInt()) {
    out = static_cast<double>(v.asInlineInt());
  } else if (v.isFloatZero()) {
    out = v.asFloatZero();
  } else if (isKind(v, Kind::kFloat)) {
    out = v.as<HeapFloat>()->value;
  } else {
    return false;
  }
  return true;
}

Fallible<Value> intOperation(Thread& thread, BinaryOperator op, Value a, Value b) {
  switch (op) {
    case BinaryOperator::kAdd: return intAdd(thread, a, b);
    case BinaryOperator::kSubtract: return intSubtract(thread, a, b);
    case BinaryOperator::kMultiply: return intMultiply(thread, a, b);
    case BinaryOperator::kFloorDivide: return intFloorDivide(thread, a, b);
    case BinaryOperator::kRemainder: return intRemainder(thread, a, b);
    case BinaryOperator::kTrueDivide: return intTrueDivide(thread, a, b);
    case BinaryOperator::kPower: return intPower(thread, a, b);
    case BinaryOperator::kLeftShift: return intLeftShift(thread, a, b);
    case BinaryOperator::kRightShift: return intRightShift(thread, a, b);
    case BinaryOperator::kAnd: return intAnd(thread, a, b);
    case BinaryOperator::kOr: return intOr(thread, a, b);
    case BinaryOperator::kXor: return intXor(thread, a, b);
    default: return Value::notImplemented();
  }
}

// NotImplemented where floats need more than one instruction or may fail: the methods of float do those.
Fallible<Value> floatOperation(Thread& thread, BinaryOperator op, double a, double b) {
  switch (op) {
    case BinaryOperator::kAdd: return makeFloat(thread, a + b);
    case BinaryOperator::kSubtract: return makeFloat(thread, a - b);
    case BinaryOperator::kMultiply: return makeFloat(thread, a * b);
    case BinaryOperator::kTrueDivide:
      if (b == 0) return Value::notImplemented();
      return makeFloat(thread, a / b);
    case BinaryOperator::kFloorDivide:
      if (b == 0) return Value::notImplemented();
      return makeFloat(thread, floatFloorDivide(a, b));
    case BinaryOperator::kRemainder:
      if (b == 0) return Value::notImplemented();
      return makeFloat(thread, floatRemainder(a, b));
    default: return Value::notImplemented();
  }
}

// x.__add__(y) and y.__radd__(x) in Python's order, without what CPython has as sequence operations:
// a right operand of a subclass that brings its own reflected method is asked first; operands of one class never
// reflect.
Fallible<Value> tryMethods(Thread& thread, Value left, Value right, Special special, Special reflected) {
  const Type *leftType = typeOf(left), *rightType = typeOf(right);
  Value method = leftType->special(special);
  if (isSequenceOperator(method)) method = Value::unbound();
  Value other = Value::unbound();
  if (leftType != rightType) {
    other = rightType->special(reflected);
    if (isSequenceOperator(other)) other = Value::unbound();
    bool subclassFirst =
        !other.isUnbound() && isSubtype(rightType, leftType) && !other.is(leftType->special(reflected));
    if (subclassFirst) {
      Value result = TRY(callSpecial(thread, other, right, left));
      if (!result.isNotImplemented()) return result;
      other = Value::unbound();
    }
  }
  if (!method.isUnbound()) {
    Value result = TRY(callSpecial(thread, method, left, right));
    if (!result.isNotImplemented()) return result;
  }
  if (!other.isUnbound()) return callSpecial(thread, other, right, left);
  return Value::notImplemented();
}

KRAIT_COLD Raised raiseUnsupported(Thread& thread, int op, bool inPlace, Value left, Value right) {
  const OperatorInfo& info = kInfo[op];
  bool isPower = info.special == Special::k__pow__;
  if (info.special == Special::k__rshift__ && isKind(left, Kind::kBuiltin) &&
      strEqualsUtf8(left.as<Builtin>()->name, "print") && !inPlace)
    return raiseTypeError(thread,
                          "unsupported operand type(s) for >>: '{}' and '{}'. Did you mean \"print(<message>, "
                          "file=<output_stream>)\"?",
                          nameOf(left), nameOf(right));
  return raiseTypeError(thread, "unsupported operand type(s) for {}{}: '{}' and '{}'",
                        inPlace && isPower ? "**" : info.symbol, inPlace ? "=" : "", nameOf(left), nameOf(right));
}

// What sequences do with + and *, after every other method has refused.
Fallible<Value> sequenceOperation(Thread& thread, int op, bool inPlace, Value left, Value right) {
  const OperatorInfo& info = kInfo[op];
  bool multiplies = info.special == Special::k__mul__;
  Value method = inPlace ? typeOf(left)->special(info.inPlace) : Value::unbound();
  if (!isSequenceOperator(method)) method = typeOf(left)->special(info.special);
  Value self = left, argument = right;
  // n *= "ab" repeats the right operand, but not where the left one could be a sequence: {} *= "ab", or any class's.
  const Type* type = typeOf(left);
  bool couldRepeat = (type->typeFlags & Type::kHeapType) || !type->special(Special::k__len__).isUnbound() ||
                     !type->special(Special::k__contains__).isUnbound();
  if (!isSequenceOperator(method) && multiplies && !(inPlace && couldRepeat)) {
    method = typeOf(right)->special(info.reflected);
    if (!isSequenceOperator(method)) method = typeOf(right)->special(info.special);
    self = right;
    argument = left;
  }
  if (!isSequenceOperator(method)) return raiseUnsupported(thread, op, inPlace, left, right);
  Value result = TRY(callSpecial(thread, method, self, argument));
  if (!result.isNotImplemented()) return result;
  if (multiplies) return raiseTypeError(thread, "can't multiply sequence by non-int of type '{}'", nameOf(argument));
  return raiseTypeError(thread, "can only concatenate {} (not \"{}\") to {}", nameOf(left), nameOf(right),
                        nameOf(left));
}

// Every method has refused.
Fallible<Value> lastResort(Thread& thread, int op, bool inPlace, Value left, Value right) {
  if (kInfo[op].special == Special::k__add__ || kInfo[op].special == Special::k__mul__)
    return sequenceOperation(thread, op, inPlace, left, right);
  return raiseUnsupported(thread, op, inPlace, left, right);
}

[[gnu::noinline]] Fallible<Value> generalOperation(Thread& thread, int op, bool inPlace, Value left, Value right) {
  const OperatorInfo& info = kInfo[op];
  if (inPlace) {
    Value method = typeOf(left)->special(info.inPlace);
    // A Python class finds the __iadd__ of the list it is derived from as it would its own.
    bool isOwn = !isSequenceOperator(method) || (typeOf(left)->typeFlags & Type::kHeapType);
    if (!method.isUnbound() && isOwn) {
      Value result = TRY(callSpecial(thread, method, left, right));
      if (!result.isNotImplemented()) return result;
    }
  }
  Value result = TRY(tryMethods(thread, left, right, info.special, info.reflected));
  if (!result.isNotImplemented()) return result;
  return lastResort(thread, op, inPlace, left, right);
}

}  // namespace

OperatorMethods methodsOf(BinaryOperator op) {
  const OperatorInfo& info = kInfo[static_cast<int>(op) % kOperators];
  return {info.special, info.reflected, info.inPlace};
}

Fallible<Value> binaryOperationAfter(Thread& thread, BinaryOperator op, Value left, Value right, uint16_t asked) {
  int number = static_cast<int>(op) % kOperators;
  const OperatorInfo& info = kInfo[number];
  Value result = Value::notImplemented();
  if (asked & kInPlaceAsked) {
    result = TRY(tryMethods(thread, left, right, info.special, info.reflected));
  } else if ((asked & kLeftAsked) && typeOf(left) != typeOf(right)) {
    Value other = typeOf(right)->special(info.reflected);
    if (!other.isUnbound() && !isSequenceOperator(other)) result = TRY(callSpecial(thread, other, right, left));
  }
  if (!result.isNotImplemented()) return result;
  return lastResort(thread, number, isInPlace(op), left, right);
}

Fallible<Value> binaryOperation(Thread& thread, BinaryOperator op, Value left, Value right) {
  int number = static_cast<int>(op);
  bool inPlace = number >= kOperators;
  if (inPlace) number -= kOperators;
  auto plain = static_cast<BinaryOperator>(number);
  if (Value::bothInlineInts(left, right)) {
    int64_t a = left.asInlineInt(), b = right.asInlineInt(), result;
    switch (plain) {
      case BinaryOperator::kAdd:
        if (Value::fitsInlineInt(result = a + b)) return Value::inlineInt(result);
        break;
      case BinaryOperator::kSubtract:
        if (Value::fitsInlineInt(result = a - b)) return Value::inlineInt(result);
        break;
      case BinaryOperator::kMultiply:
        if (!__builtin_mul_overflow(a, b, &result) && Value::fitsInlineInt(result)) return Value::inlineInt(result);
        break;
      case BinaryOperator::kAnd: return Value::inlineInt(a & b);
      case BinaryOperator::kOr: return Value::inlineInt(a | b);
      case BinaryOperator::kXor: return Value::inlineInt(a ^ b);
      case BinaryOperator::kFloorDivide:
        if (b > 0) return Value::inlineInt(a >= 0 ? a / b : -((-a + b - 1) / b));
        break;
      case BinaryOperator::kRemainder:
        if (b > 0) {
          result = a % b;
          return Value::inlineInt(result < 0 ? result + b : result);
        }
        break;
      default: break;
    }
  }
  if (isExactInt(left) && isExactInt(right)) {
    Value result = TRY(intOperation(thread, plain, left, right));
    if (!result.isNotImplemented()) return result;
    return generalOperation(thread, number, inPlace, left, right);
  }
  double a, b;
  if (asOperand(left, a) && asOperand(right, b)) {
    Value result = TRY(floatOperation(thread, plain, a, b));
    if (!result.isNotImplemented()) return result;
    return generalOperation(thread, number, inPlace, left, right);
  }
  if (plain == BinaryOperator::kAdd && isKind(left, Kind::kStr) && isKind(right, Kind::kStr))
    return Value::of(TRY(concatenate(thread, left.as<Str>(), right.as<Str>())));
  return generalOperation(thread, number, inPlace, left, right);
}

// --- power, divmod ----------------------------------------------------------------------------------------------------
// Three arguments are never reflected: only the types' own __pow__ see the modulus.
Fallible<Value> power(Thread& thread, Value base, Value exponent, Value modulus) {
  if (modulus.isNone()) return binaryOperation(thread, BinaryOperator::kPower, base, exponent);
  if (isExactInt(base) && isExactInt(exponent) && isExactInt(modulus))
    return intPowerModulo(thread, base, exponent, modulus);
  Value method = specialMethod(base, Special::k__pow__);
  if (!method.isUnbound()) {
    Value result = TRY(callSpecial(thread, method, base, exponent, modulus));
    if (!result.isNotImplemented()) return result;
  }
  if (isKind(exponent, Kind::kNative)) {  // decimal.Decimal
    method = specialMethod(exponent, Special::k__rpow__);
    if (!method.isUnbound()) {
      Value result = TRY(callSpecial(thread, method, exponent, base, modulus));
      if (!result.isNotImplemented()) return result;
    }
  }
  // CPython asks the other operands' classes, too; the built-in ones only refuse, in their own words.
  if (isFloat(exponent) || isFloat(modulus))
    return raise(thread, exceptions.TypeError, "pow() 3rd argument not allowed unless all arguments are integers");
  if (isKind(exactOrPayload(exponent), Kind::kComplex) || isKind(exactOrPayload(modulus), Kind::kComplex))
    return raise(thread, exceptions.ValueError, "complex modulo");
  return raiseTypeError(thread, "unsupported operand type(s) for ** or pow(): '{}', '{}', '{}'", nameOf(base),
                        nameOf(exponent), nameOf(modulus));
}

Fallible<Value> divmod(Thread& thread, Value left, Value right) {
  Value result = TRY(tryMethods(thread, left, right, Special::k__divmod__, Special::k__rdivmod__));
  if (!result.isNotImplemented()) return result;
  return raiseTypeError(thread, "unsupported operand type(s) for divmod(): '{}' and '{}'", nameOf(left), nameOf(right));
}

// --- unary ------------------------------------------------------------------------------------------------------------
static Fallible<Value> unary(Thread& thread, Value v, Special special, const char* what) {
  Value method = specialMethod(v, special);
  if (method.isUnbound()) return raiseTypeError(thread, "bad operand type for {}: '{}'", what, nameOf(v));
  return callSpecial(thread, method, v);
}

Fallible<Value> negative(Thread& thread, Value v) {
  if (v.isInlineInt() && v.asInlineInt() != Value::kMinInlineInt) [[likely]]
    return Value::inlineInt(-v.asInlineInt());
  if (v.isInlineFloat()) return Value::tagFloat(-v.asInlineFloat());
  return unary(thread, v, Special::k__neg__, "unary -");
}
Fallible<Value> positive(Thread& thread, Value v) {
  if (v.isInlineInt() || v.isInlineFloat()) return v;
  return unary(thread, v, Special::k__pos__, "unary +");
}
Fallible<Value> invert(Thread& thread, Value v) {
  if (v.isInlineInt()) return Value::inlineInt(~v.asInlineInt());
  return unary(thread, v, Special::k__invert__, "unary ~");
}
Fallible<Value> absolute(Thread& thread, Value v) {
  if (v.isInlineInt() && v.asInlineInt() >= 0) return v;
  return unary(thread, v, Special::k__abs__, "abs()");
}

}  // namespace krait
