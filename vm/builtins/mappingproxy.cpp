// mappingproxy: the read-only view that a class shows as its __dict__.
#include "vm/builtins/mappingproxy.h"

#include "vm/builtins/generic_alias.h"
#include "vm/builtins/sequence.h"
#include "vm/builtins/str.h"
#include "vm/names.h"

namespace krait {

Fallible<Value> makeMappingProxy(Thread& thread, Value mapping) {
  MappingProxy* proxy = TRY(allocate<MappingProxy>(thread, Kind::kMappingProxy, types.mappingproxy->instanceShape));
  proxy->mapping.set(mapping);
  return Value::of(proxy);
}

static Value mappingOf(Value self) { return self.as<MappingProxy>()->mapping; }
static Value unwrap(Value v) { return isKind(v, Kind::kMappingProxy) ? mappingOf(v) : v; }

static Fallible<Value> proxyNew(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{"mappingproxy", {"mapping"}, 1};
  Value mapping;
  TRY(kParameters.bind(thread, arguments, &mapping));
  if (specialMethod(mapping, Special::k__getitem__).isUnbound() || isInstanceOf(mapping, types.list) ||
      isInstanceOf(mapping, types.tuple)) {
    return raiseTypeError(thread, "mappingproxy() argument must be a mapping, not {}", nameOf(mapping));
  }
  return makeMappingProxy(thread, mapping);
}

static Fallible<Value> proxyRepr(Thread& thread, Value self) {
  KRAIT_CHECK_NATIVE_STACK(thread, " while getting the repr of an object");
  StrBuilder text;
  text.append("mappingproxy(").append(TRY(repr(thread, mappingOf(self)))).append(")");
  return Value::of(TRY(text.build(thread)));
}
static Fallible<Value> proxyStr(Thread& thread, Value self) { return Value::of(TRY(str(thread, mappingOf(self)))); }

template <Comparison comparison>
static Fallible<Value> proxyCompare(Thread& thread, Value self, Value other) {
  return compare(thread, comparison, mappingOf(self), other);
}

static Fallible<Value> proxyIter(Thread& thread, Value self) { return iterate(thread, mappingOf(self)); }
static Fallible<Value> proxyLength(Thread& thread, Value self) {
  return Value::inlineInt(TRY(length(thread, mappingOf(self))));
}
static Fallible<Value> proxyGetItem(Thread& thread, Value self, Value key) {
  return getItem(thread, mappingOf(self), key);
}
static Fallible<Value> proxyContains(Thread& thread, Value self, Value key) {
  return Value::boolean(TRY(contains(thread, mappingOf(self), key)));
}
static Fallible<Value> proxyOr(Thread& thread, Value self, Value other) {
  return binaryOperation(thread, BinaryOperator::kOr, unwrap(self), unwrap(other));
}
static Fallible<Value> proxyReflectedOr(Thread& thread, Value self, Value other) {
  return binaryOperation(thread, BinaryOperator::kOr, unwrap(other), unwrap(self));
}
static Fallible<Value> proxyInplaceOr(Thread& thread, Value, Value) {
  return raiseTypeError(thread, "'|=' is not supported by mappingproxy; use '|' instead");
}

static Fallible<Value> proxyGet(Thread& thread, Value self, Value key, Value defaultOrUnbound) {
  Value arguments[] = {key, defaultOrUnbound.isUnbound() ? Value::none() : defaultOrUnbound};
  return callMethod(thread, mappingOf(self), names.get, arguments);
}
static Fallible<Value> proxyKeys(Thread& thread, Value self) {
  return callMethod(thread, mappingOf(self), names.keys, {});
}
static Fallible<Value> proxyValues(Thread& thread, Value self) {
  return callMethod(thread, mappingOf(self), names.values, {});
}
static Fallible<Value> proxyItems(Thread& thread, Value self) {
  return callMethod(thread, mappingOf(self), names.items, {});
}
static Fallible<Value> proxyCopy(Thread& thread, Value self) {
  return callMethod(thread, mappingOf(self), TRY(intern(thread, "copy")), {});
}
static Fallible<Value> proxyReversed(Thread& thread, Value self) {
  return callMethod(thread, mappingOf(self), specialName(Special::k__reversed__), {});
}

void initialiseMappingProxy(Thread& thread) {
  types.mappingproxy = TypeBuilder(thread, "mappingproxy", types.object, Kind::kMappingProxy)
                           .flags(Type::kInstantiable | Type::kMappingPattern)
                           .constructor(proxyNew)
                           .special("__repr__", proxyRepr)
                           .special("__str__", proxyStr)
                           .unhashable()
                           .special("__lt__", proxyCompare<Comparison::kLess>)
                           .special("__le__", proxyCompare<Comparison::kLessEqual>)
                           .special("__eq__", proxyCompare<Comparison::kEqual>)
                           .special("__ne__", proxyCompare<Comparison::kNotEqual>)
                           .special("__gt__", proxyCompare<Comparison::kGreater>)
                           .special("__ge__", proxyCompare<Comparison::kGreaterEqual>)
                           .special("__iter__", proxyIter)
                           .special("__or__", proxyOr)
                           .special("__ror__", proxyReflectedOr)
                           .special("__ior__", proxyInplaceOr)
                           .special("__len__", proxyLength)
                           .special("__getitem__", proxyGetItem)
                           .special("__contains__", proxyContains)
                           .method("get", proxyGet, 1)
                           .method("keys", proxyKeys)
                           .method("values", proxyValues)
                           .method("items", proxyItems)
                           .method("copy", proxyCopy)
                           .classMethod("__class_getitem__", classGetItemAlias)
                           .method("__reversed__", proxyReversed)
                           .build();
}

}  // namespace krait
