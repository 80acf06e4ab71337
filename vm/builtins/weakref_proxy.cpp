// Weak proxies: every operation is the referent's, or a ReferenceError once it has died.
#include "vm/builtins/str.h"
#include "vm/builtins/type_internal.h"
#include "vm/builtins/weakref.h"
#include "vm/names.h"

namespace krait {
namespace {

Fallible<Value> referentOf(Thread& thread, Value proxy) {
  const auto* weakref = proxy.as<Weakref>();
  if (weakref->referent == nullptr)
    return raise(thread, exceptions.ReferenceError, "weakly-referenced object no longer exists");
  return weakref->get();
}
// v, or what it stands for.
Fallible<Value> unwrap(Thread& thread, Value v) {
  const Weakref* weakref = toWeakref(v);
  return weakref != nullptr && isWeakProxy(weakref) ? referentOf(thread, v) : Fallible<Value>(v);
}

template <BinaryOperator op>
Fallible<Value> proxyBinary(Thread& thread, Value self, Value other) {
  Value left = TRY(unwrap(thread, self));
  return binaryOperation(thread, op, left, TRY(unwrap(thread, other)));
}
template <BinaryOperator op>
Fallible<Value> proxyReflected(Thread& thread, Value self, Value other) {
  Value left = TRY(unwrap(thread, other));
  return binaryOperation(thread, op, left, TRY(unwrap(thread, self)));
}
Fallible<Value> proxyDivmod(Thread& thread, Value self, Value other) {
  Value left = TRY(unwrap(thread, self));
  return divmod(thread, left, TRY(unwrap(thread, other)));
}
Fallible<Value> proxyReflectedDivmod(Thread& thread, Value self, Value other) {
  Value left = TRY(unwrap(thread, other));
  return divmod(thread, left, TRY(unwrap(thread, self)));
}
Fallible<Value> proxyPower(Thread& thread, Value self, Value exponent, Value modulus) {
  Value base = TRY(unwrap(thread, self)), power = TRY(unwrap(thread, exponent));
  return krait::power(thread, base, power, modulus.isUnbound() ? Value::none() : TRY(unwrap(thread, modulus)));
}
Fallible<Value> proxyReflectedPower(Thread& thread, Value self, Value base, Value modulus) {
  return proxyPower(thread, base, self, modulus);
}

template <Fallible<Value> (*operation)(Thread&, Value)>
Fallible<Value> proxyUnary(Thread& thread, Value self) {
  return operation(thread, TRY(referentOf(thread, self)));
}
Fallible<Value> convertToInt(Thread& thread, Value v) { return call(thread, Value::of(types.int_), v); }
Fallible<Value> convertToFloat(Thread& thread, Value v) { return call(thread, Value::of(types.float_), v); }
Fallible<Value> callBytes(Thread& thread, Value v) {
  return callMethod(thread, v, specialName(Special::k__bytes__), {});
}
Fallible<Value> callReversed(Thread& thread, Value v) {
  return callMethod(thread, v, specialName(Special::k__reversed__), {});
}
Fallible<Value> lengthOf(Thread& thread, Value v) { return Value::inlineInt(TRY(length(thread, v))); }
Fallible<Value> truthOf(Thread& thread, Value v) { return Value::boolean(TRY(isTrue(thread, v))); }
Fallible<Value> textOfReferent(Thread& thread, Value v) { return Value::of(TRY(str(thread, v))); }

template <Comparison comparison>
Fallible<Value> proxyCompare(Thread& thread, Value self, Value other) {
  Value left = TRY(unwrap(thread, self));
  return compare(thread, comparison, left, TRY(unwrap(thread, other)));
}

Fallible<Value> proxyNext(Thread& thread, Value self) {
  Value referent = TRY(referentOf(thread, self));
  if (!isIterator(referent))
    return raiseTypeError(thread, "Weakref proxy referenced a non-iterator '{}' object", nameOf(referent));
  return next(thread, referent);
}

Fallible<Value> proxyGetattribute(Thread& thread, Value self, Value name) {
  Value referent = TRY(referentOf(thread, self));
  Str* text = toStr(name);
  if (text == nullptr) return raiseTypeError(thread, "attribute name must be string, not '{}'", nameOf(name));
  return getAttribute(thread, referent, TRY(intern(thread, text)));
}
Fallible<Value> proxySetattr(Thread& thread, Value self, Value name, Value value) {
  Value referent = TRY(referentOf(thread, self));
  Str* text = toStr(name);
  if (text == nullptr) return raiseTypeError(thread, "attribute name must be string, not '{}'", nameOf(name));
  TRY(setAttribute(thread, referent, TRY(intern(thread, text)), value));
  return Value::none();
}
Fallible<Value> proxyDelattr(Thread& thread, Value self, Value name) {
  Value referent = TRY(referentOf(thread, self));
  Str* text = toStr(name);
  if (text == nullptr) return raiseTypeError(thread, "attribute name must be string, not '{}'", nameOf(name));
  TRY(deleteAttribute(thread, referent, TRY(intern(thread, text))));
  return Value::none();
}

Fallible<Value> proxyGetItem(Thread& thread, Value self, Value key) {
  Value referent = TRY(referentOf(thread, self));
  return getItem(thread, referent, TRY(unwrap(thread, key)));
}
Fallible<Value> proxySetItem(Thread& thread, Value self, Value key, Value value) {
  Value referent = TRY(referentOf(thread, self));
  TRY(setItem(thread, referent, key, value));
  return Value::none();
}
Fallible<Value> proxyDelItem(Thread& thread, Value self, Value key) {
  Value referent = TRY(referentOf(thread, self));
  TRY(deleteItem(thread, referent, key));
  return Value::none();
}
Fallible<Value> proxyContains(Thread& thread, Value self, Value element) {
  Value referent = TRY(referentOf(thread, self));
  return Value::boolean(TRY(contains(thread, referent, element)));
}

Fallible<Value> proxyRepr(Thread& thread, Value self) {
  Value referent = self.as<Weakref>()->get();
  uintptr_t address = referent.isCell() ? reinterpret_cast<uintptr_t>(referent.asCell()) : referent.bits();
  return Value::of(
      TRY(makeStr(thread, fmt::format("<weakproxy at {:#x} to {} at {:#x}>", reinterpret_cast<uintptr_t>(self.asCell()),
                                      nameOf(referent), address))));
}

Fallible<Value> proxyCall(Thread& thread, Value self, const Arguments& arguments) {
  Value referent = TRY(referentOf(thread, self));
  return call(thread, referent, {arguments.first, arguments.positional + arguments.keywordCount()},
              arguments.keywordNames);
}

TypeBuilder& declareOperators(TypeBuilder& type) {
#define KRAIT_OPERATOR(name, op)                                        \
  special("__" #name "__", proxyBinary<BinaryOperator::k##op>)          \
      .special("__r" #name "__", proxyReflected<BinaryOperator::k##op>) \
      .special("__i" #name "__", proxyBinary<BinaryOperator::kInplace##op>)
  return type.KRAIT_OPERATOR(add, Add)
      .KRAIT_OPERATOR(sub, Subtract)
      .KRAIT_OPERATOR(mul, Multiply)
      .KRAIT_OPERATOR(matmul, MatrixMultiply)
      .KRAIT_OPERATOR(truediv, TrueDivide)
      .KRAIT_OPERATOR(floordiv, FloorDivide)
      .KRAIT_OPERATOR(mod, Remainder)
      .KRAIT_OPERATOR(lshift, LeftShift)
      .KRAIT_OPERATOR(rshift, RightShift)
      .KRAIT_OPERATOR(and, And)
      .KRAIT_OPERATOR(xor, Xor)
      .KRAIT_OPERATOR(or, Or)
#undef KRAIT_OPERATOR
      .special("__divmod__", proxyDivmod)
      .special("__rdivmod__", proxyReflectedDivmod)
      .special("__pow__", proxyPower, 1)
      .special("__rpow__", proxyReflectedPower, 1)
      .special("__ipow__", proxyBinary<BinaryOperator::kInplacePower>)
      .special("__neg__", proxyUnary<negative>)
      .special("__pos__", proxyUnary<positive>)
      .special("__abs__", proxyUnary<absolute>)
      .special("__invert__", proxyUnary<invert>)
      .special("__int__", proxyUnary<convertToInt>)
      .special("__float__", proxyUnary<convertToFloat>)
      .special("__index__", proxyUnary<index>)
      .special("__bool__", proxyUnary<truthOf>);
}

Type* declareProxy(Thread& thread, const char* name, bool isCallable) {
  TypeBuilder type(thread, name, types.object, Kind::kNative);
  type.module("weakref")
      .special("__repr__", proxyRepr)
      .special("__str__", proxyUnary<textOfReferent>)
      .special("__getattribute__", proxyGetattribute)
      .special("__setattr__", proxySetattr)
      .special("__delattr__", proxyDelattr)
      .special("__lt__", proxyCompare<Comparison::kLess>)
      .special("__le__", proxyCompare<Comparison::kLessEqual>)
      .special("__eq__", proxyCompare<Comparison::kEqual>)
      .special("__ne__", proxyCompare<Comparison::kNotEqual>)
      .special("__gt__", proxyCompare<Comparison::kGreater>)
      .special("__ge__", proxyCompare<Comparison::kGreaterEqual>)
      .special("__iter__", proxyUnary<iterate>)
      .next(proxyNext)
      .special("__len__", proxyUnary<lengthOf>)
      .special("__getitem__", proxyGetItem)
      .special("__setitem__", proxySetItem)
      .special("__delitem__", proxyDelItem)
      .special("__contains__", proxyContains)
      .unhashable();
  declareOperators(type);
  if (isCallable) {
    type.specialVariadic("__call__", proxyCall);
  } else {
    type.method("__bytes__", proxyUnary<callBytes>).method("__reversed__", proxyUnary<callReversed>);
  }
  return type.build();
}

}  // namespace

void declareProxies(Thread& thread) {
  weakrefTypes.proxy = declareProxy(thread, "ProxyType", false);
  weakrefTypes.callableProxy = declareProxy(thread, "CallableProxyType", true);
}

}  // namespace krait
