// weakref.ref: making, calling, comparing and showing weak references.
#include "vm/builtins/weakref.h"

#include "vm/builtins/generic_alias.h"
#include "vm/builtins/int.h"
#include "vm/builtins/str.h"
#include "vm/builtins/type_internal.h"
#include "vm/lifetimes.h"
#include "vm/names.h"

namespace krait {
namespace {

// What is strong in a weak reference.
void traceWeakref(Cell* cell, Marker& marker) { marker.mark(static_cast<Weakref*>(cell)->callback); }
constexpr NativeTraits kTraits{"weakref", traceWeakref, nullptr};

bool isPlain(const Weakref* weakref, const Type* type) {
  return weakref->shape()->type == type && weakref->callback.get().isNone();
}

struct Basic {
  Weakref *ref = nullptr, *proxy = nullptr;
  Weakref* last() const { return proxy != nullptr ? proxy : ref; }
};
// The ref and the proxy without callback that everybody shares: they come first, in this order.
Basic basicsOf(const Cell* referent) {
  Basic basic;
  Weakref* weakref = firstWeakref(referent);
  if (weakref != nullptr && isPlain(weakref, weakrefTypes.ref)) {
    basic.ref = weakref;
    weakref = weakref->next;
  }
  if (weakref != nullptr && isWeakProxy(weakref) && weakref->callback.get().isNone()) basic.proxy = weakref;
  return basic;
}

Fallible<void> checkArguments(Thread& thread, const Arguments& arguments, const char* function) {
  return arguments.count(thread, function, 1, 2);
}

Fallible<Value> refNew(Thread& thread, Value self, const Arguments& arguments) {
  Type* type = self.as<Type>();
  Arguments positional = arguments;
  if (arguments.keywordCount() != 0 && type == weakrefTypes.ref) TRY(arguments.noKeywords(thread, "ref"));
  positional.keywordNames = nullptr;  // a subclass's __init__ may want keywords
  TRY(checkArguments(thread, positional, "__new__"));
  return makeWeakref(thread, type, positional[0], positional.positional > 1 ? positional[1] : Value::none());
}

Fallible<Value> refInit(Thread& thread, Value, const Arguments& arguments) {
  TRY(arguments.noKeywords(thread, "ref"));
  TRY(checkArguments(thread, arguments, "__init__"));
  return Value::none();
}

Fallible<Value> refCall(Thread& thread, Value self, const Arguments& arguments) {
  TRY(arguments.noKeywords(thread, "weakref"));
  TRY(arguments.count(thread, "weakref", 0, 0));
  return self.as<Weakref>()->get();
}

Fallible<Value> refHash(Thread& thread, Value self) {
  auto* weakref = self.as<Weakref>();
  if (!weakref->isHashed) {
    if (weakref->referent == nullptr) return raiseTypeError(thread, "weak object has gone away");
    weakref->hash = TRY(hash(thread, weakref->get()));
    weakref->isHashed = true;
  }
  return makeInt(thread, weakref->hash);
}

// References to the living are equal when those are; a reference to the dead is equal to itself only.
template <Comparison comparison>
Fallible<Value> refCompare(Thread& thread, Value self, Value other) {
  const Weakref *a = self.as<Weakref>(), *b = toWeakref(other);
  if (b == nullptr) return Value::notImplemented();
  if (a->referent == nullptr || b->referent == nullptr)
    return Value::boolean((a == b) == (comparison == Comparison::kEqual));
  return compare(thread, comparison, a->get(), b->get());
}

Fallible<Value> refRepr(Thread& thread, Value self) {
  const auto* weakref = self.as<Weakref>();
  if (weakref->referent == nullptr)
    return Value::of(
        TRY(makeStr(thread, fmt::format("<weakref at {:#x}; dead>", reinterpret_cast<uintptr_t>(weakref)))));
  Value referent = weakref->get();
  StrBuilder text;
  text.append(fmt::format("<weakref at {:#x}; to '{}' at {:#x}", reinterpret_cast<uintptr_t>(weakref), nameOf(referent),
                          reinterpret_cast<uintptr_t>(referent.asCell())));
  Str* name = toStr(TRY(getAttributeOrUnbound(thread, referent, names.dunder_name)));
  if (name != nullptr) text.append(" (").append(name).append(")");
  text.append(">");
  return Value::of(TRY(text.build(thread)));
}

Fallible<Value> refCallback(Thread&, Value self) { return self.as<Weakref>()->callback.get(); }

}  // namespace

Weakref* toWeakref(Value v) {
  return isKind(v, Kind::kNative) && v.as<NativeObject>()->traits == &kTraits ? v.as<Weakref>() : nullptr;
}

bool isWeakProxy(const Weakref* weakref) {
  const Type* type = weakref->shape()->type;
  return type == weakrefTypes.proxy || type == weakrefTypes.callableProxy;
}

Fallible<Value> makeWeakref(Thread& thread, Type* type, Value referent, Value callback) {
  if (!referent.isCell() || !(typeOf(referent)->typeFlags & Type::kHasWeakref))
    return raiseTypeError(thread, "cannot create weak reference to '{}' object", nameOf(referent));
  Cell* cell = referent.asCell();
  bool isProxy = type == weakrefTypes.proxy || type == weakrefTypes.callableProxy;
  bool isShared = callback.isNone() && (isProxy || type == weakrefTypes.ref);
  if (isShared) {
    Basic basic = basicsOf(cell);
    Weakref* known = isProxy ? basic.proxy : basic.ref;
    if (known != nullptr && known->shape()->type == type) return Value::of(known);
  }
  auto* weakref = TRY(allocate<Weakref>(thread, Kind::kNative, type->instanceShape));
  weakref->traits = &kTraits;
  weakref->callback = callback;
  weakref->referent = cell;
  Basic basic = basicsOf(cell);  // only now: allocating may have collected
  Weakref* after = !isShared ? basic.last() : isProxy ? basic.ref : nullptr;
  if (!linkWeakref(weakref, after)) {
    weakref->referent = nullptr;
    return raiseMemoryError(thread);
  }
  return Value::of(weakref);
}

Fallible<Value> getWeakrefs(Thread&, Value self) {
  if (!self.isCell()) return Value::none();
  Weakref* first = firstWeakref(self.asCell());
  return first == nullptr ? Value::none() : Value::of(first);
}

void initialiseWeakref(Thread& thread) {
  // Whose instances may be referred to, beside those of classes that say so where they are declared.
  for (Type* type :
       {types.set, types.frozenset, types.builtinFunction, types.function, types.method, types.code, types.generator,
        types.coroutine, types.asyncGenerator, types.module, types.type, types.memoryview, types.genericAlias})
    type->typeFlags |= Type::kHasWeakref;
  weakrefTypes.ref = TypeBuilder(thread, "ReferenceType", types.object, Kind::kNative)
                         .module("weakref")
                         .flags(Type::kBaseType)
                         .constructor(refNew)
                         .specialVariadic("__init__", refInit)
                         .specialVariadic("__call__", refCall)
                         .special("__hash__", refHash)
                         .special("__repr__", refRepr)
                         .special("__lt__", objectUnordered)
                         .special("__le__", objectUnordered)
                         .special("__eq__", refCompare<Comparison::kEqual>)
                         .special("__ne__", refCompare<Comparison::kNotEqual>)
                         .special("__gt__", objectUnordered)
                         .special("__ge__", objectUnordered)
                         .getter("__callback__", refCallback, refuseAssignment)
                         .classMethod("__class_getitem__", classGetItemAlias)
                         .build();
  declareProxies(thread);
}

}  // namespace krait
