// object: what every value can do unless its class says otherwise.
#include <algorithm>
#include <bit>

#include "vm/builtins/builtin.h"
#include "vm/builtins/bytes.h"
#include "vm/builtins/dict.h"
#include "vm/builtins/identity_hash.h"
#include "vm/builtins/int.h"
#include "vm/builtins/list.h"
#include "vm/builtins/module.h"
#include "vm/builtins/object_reduce.h"
#include "vm/builtins/str.h"
#include "vm/builtins/struct_sizes.h"
#include "vm/builtins/tuple.h"
#include "vm/builtins/type_internal.h"
#include "vm/lifetimes.h"
#include "vm/lookup_cache.h"
#include "vm/names.h"
#include "vm/runtime.h"

namespace krait {
namespace {

// --- making -----------------------------------------------------------------------------------------------------------
KRAIT_COLD Raised raiseAbstract(Thread& thread, Type* type) {
  Value methods = dictGetStr(type->dict, names.dunder_abstractmethods);
  List* sorted = TRY(listFromIterable(thread, methods));
  TRY(listSort(thread, sorted, Value::none(), false));
  Str* comma = TRY(makeStr(thread, ", "));
  for (Value name : sorted->values())
    if (toStr(name) == nullptr)
      return raiseTypeError(thread, "sequence item 0: expected str instance, {} found", nameOf(name));
  Str* joined = TRY(joinStrs(thread, comma, sorted->values()));
  fmt::memory_buffer buffer;
  return raiseTypeError(thread, "Can't instantiate abstract class {} with abstract method{} {}", nameOf(type),
                        sorted->length > 1 ? "s" : "", textOf(joined, buffer));
}

Fallible<Value> objectNew(Thread& thread, Value self, const Arguments& arguments) {
  Type* type = self.as<Type>();
  if (arguments.positional + arguments.keywordCount() != 0) [[unlikely]] {
    if (!type->special(Special::k__new__).is(types.object->special(Special::k__new__)))
      return raiseTypeError(thread, "object.__new__() takes exactly one argument (the type to instantiate)");
    if (type->special(Special::k__init__).is(types.object->special(Special::k__init__)))
      return raiseTypeError(thread, "{}() takes no arguments", nameOf(type));
  }
  if (type->typeFlags & Type::kAbstract) [[unlikely]]
    return raiseAbstract(thread, type);
  if (type->instanceKind != Kind::kInstance || type->payloadKind != Kind::kFree) {
    Type* owner = type;  // the nearest built-in class: its constructor is the right one
    while (owner->typeFlags & Type::kHeapType) owner = owner->base;
    return raiseTypeError(thread, "object.__new__({}) is not safe, use {}.__new__()", nameOf(type), nameOf(owner));
  }
  return allocateInstance(thread, type);
}

Fallible<Value> objectInit(Thread& thread, Value self, const Arguments& arguments) {
  if (arguments.positional + arguments.keywordCount() == 0) return Value::none();
  Type* type = typeOf(self);
  if (!type->special(Special::k__init__).is(types.object->special(Special::k__init__)))
    return raiseTypeError(thread, "object.__init__() takes exactly one argument (the instance to initialize)");
  if (type->special(Special::k__new__).is(types.object->special(Special::k__new__)))
    return raiseTypeError(thread, "{}.__init__() takes exactly one argument (the instance to initialize)",
                          nameOf(type));
  return Value::none();
}

// --- text -------------------------------------------------------------------------------------------------------------
Fallible<Value> objectRepr(Thread& thread, Value self) {
  Str* name = TRY(typeFullName(thread, typeOf(self)));
  StrBuilder builder;
  builder.append("<").append(name).append(
      fmt::format(" object at {:#x}>", self.isCell() ? self.bits() - 1 : self.bits()));
  return Value::of(TRY(builder.build(thread)));
}
Fallible<Value> objectStr(Thread& thread, Value self) { return Value::of(TRY(repr(thread, self))); }
Fallible<Value> objectFormat(Thread& thread, Value self, Value specification) {
  Str* spec = toStr(specification);
  if (spec == nullptr)
    return raiseTypeError(thread, "__format__() argument must be str, not {}", nameOf(specification));
  if (spec->length > 0)
    return raiseTypeError(thread, "unsupported format string passed to {}.__format__", nameOf(self));
  return Value::of(TRY(str(thread, self)));
}

// --- comparison -------------------------------------------------------------------------------------------------------
// None and ... hash by identity, too; sets show it. Their numbers are those of Debian's python3.11, whose addresses are
// fixed, so that {None, 1} has the order there and here.
constexpr int64_t kNoneHash = 611532, kEllipsisHash = 606842;

Fallible<Value> objectHash(Thread& thread, Value self) {
  if (self.isNone()) return Value::inlineInt(kNoneHash);
  if (self.isEllipsis()) return Value::inlineInt(kEllipsisHash);
  return makeInt(thread, identityHash(self));
}
Fallible<Value> objectEqual(Thread&, Value self, Value other) {
  return self.is(other) ? Value::boolean(true) : Value::notImplemented();
}
Fallible<Value> objectNotEqual(Thread& thread, Value self, Value other) {
  Value method = specialMethod(self, Special::k__eq__);
  if (method.isUnbound() || method.isNone()) return Value::notImplemented();
  Value equal = TRY(callSpecial(thread, method, self, other));
  if (equal.isNotImplemented()) return equal;
  return Value::boolean(!TRY(isTrue(thread, equal)));
}
}  // namespace
Fallible<Value> objectUnordered(Thread&, Value, Value) { return Value::notImplemented(); }
namespace {

// --- attributes -------------------------------------------------------------------------------------------------------
Fallible<Str*> attributeName(Thread& thread, Value name) {
  Str* text = toStr(name);
  if (text == nullptr) return raiseTypeError(thread, "attribute name must be string, not '{}'", nameOf(name));
  return intern(thread, text);
}
}  // namespace
Fallible<Value> objectGetattribute(Thread& thread, Value self, Value name) {
  return genericGetAttribute(thread, self, TRY(attributeName(thread, name)));
}
namespace {
// object.__setattr__(int, ...) would go around what classes protect.
Fallible<void> refuseClasses(Thread& thread, Value self, const char* method) {
  if (isKind(self, Kind::kType))
    return raiseTypeError(thread, "can't apply this {} to {} object", method, nameOf(self));
  return {};
}
}  // namespace
Fallible<Value> objectSetattr(Thread& thread, Value self, Value name, Value value) {
  TRY(refuseClasses(thread, self, "__setattr__"));
  TRY(genericSetAttribute(thread, self, TRY(attributeName(thread, name)), value));
  return Value::none();
}
Fallible<Value> objectDelattr(Thread& thread, Value self, Value name) {
  TRY(refuseClasses(thread, self, "__delattr__"));
  TRY(genericSetAttribute(thread, self, TRY(attributeName(thread, name)), Value::unbound()));
  return Value::none();
}

namespace {

Fallible<void> mergeClassNames(Thread& thread, Dict* all, Value type) {
  KRAIT_CHECK_NATIVE_STACK(thread, " while listing attributes");
  Value dict = TRY(getAttributeOrUnbound(thread, type, names.dunder_dict));
  if (!dict.isUnbound()) TRY(dictUpdate(thread, all, dict));
  Value bases = TRY(getAttributeOrUnbound(thread, type, names.dunder_bases));
  if (bases.isUnbound()) return {};
  Tuple* tuple = toTuple(bases);
  for (uint64_t i = 0; tuple != nullptr && i < tuple->length; i++) TRY(mergeClassNames(thread, all, tuple->items[i]));
  return {};
}

Fallible<Value> objectDir(Thread& thread, Value self) {
  Dict* all = TRY(makeDict(thread));
  Value dict = TRY(getAttributeOrUnbound(thread, self, names.dunder_dict));
  if (isKind(dict, Kind::kDict)) TRY(dictUpdate(thread, all, dict));
  Value type = TRY(getAttributeOrUnbound(thread, self, names.dunder_class));
  if (!type.isUnbound()) TRY(mergeClassNames(thread, all, type));
  return Value::of(TRY(listFromIterable(thread, Value::of(all))));
}

Fallible<Value> getClass(Thread&, Value self) { return Value::of(typeOf(self)); }

Fallible<void> setClass(Thread& thread, Value self, Value value) {
  if (value.isUnbound()) return raiseTypeError(thread, "can't delete __class__ attribute");
  if (!isKind(value, Kind::kType))
    return raiseTypeError(thread, "__class__ must be set to a class, not '{}' object", nameOf(value));
  Type *wanted = value.as<Type>(), *current = typeOf(self);
  bool isModule = isSubtype(wanted, types.module) && isSubtype(current, types.module);
  bool mutableBoth = (wanted->typeFlags & Type::kHeapType) && (current->typeFlags & Type::kHeapType);
  if ((!isModule && !mutableBoth) || !self.isCell())
    return raiseTypeError(thread, "__class__ assignment only supported for mutable types or ModuleType subclasses");
  if (!isModule && !sameLayout(wanted, current))
    return raiseTypeError(thread, "__class__ assignment: '{}' object layout differs from '{}'", nameOf(wanted),
                          nameOf(current));
  Cell* cell = self.asCell();
  // A class has got another metaclass, or a class attribute has become a descriptor: nobody who relied on it is asked.
  if (!wanted->special(Special::k__del__).isUnbound()) TRY(registerFinalisable(thread, cell));
  bool describes = !wanted->special(Special::k__get__).isUnbound() || !wanted->special(Special::k__set__).isUnbound() ||
                   !wanted->special(Special::k__delete__).isUnbound();
  if (cell->kind == Kind::kType || describes) invalidateLookups(types.object);
  if (isModule || cell->kind == Kind::kType || !hasAttributes(cell)) {
    cell->setShape(wanted->instanceShape);  // attributes lie elsewhere, or there are only __slots__
    return {};
  }
  TRY(attributeDict(thread, cell));
  cell->setShape(TRY(dictionaryShapeOf(thread, wanted, cell->shape()->inlineCapacity)));
  return {};
}

// --- subclassing hooks ------------------------------------------------------------------------------------------------
Fallible<Value> objectInitSubclass(Thread& thread, Value self, const Arguments& arguments) {
  if (arguments.keywordCount() != 0)
    return raiseTypeError(thread, "{}.__init_subclass__() takes no keyword arguments", nameOf(self.as<Type>()));
  if (arguments.positional != 0)
    return raiseTypeError(thread, "{}.__init_subclass__() takes no arguments ({} given)", nameOf(self.as<Type>()),
                          arguments.positional);
  return Value::none();
}
Fallible<Value> objectSubclasshook(Thread&, Value, const Arguments&) { return Value::notImplemented(); }

Fallible<Value> objectSizeof(Thread& thread, Value self) { return makeInt(thread, sizeOfObject(self)); }

}  // namespace

Fallible<Value> getInstanceDict(Thread& thread, Value self) {
  if (!self.isCell() || !hasAttributes(self.asCell()) || isKind(self, Kind::kType))
    return raiseTypeError(thread, "this __dict__ descriptor does not support '{}' objects", nameOf(self));
  return Value::of(TRY(attributeDict(thread, self.asCell())));
}

Fallible<void> setInstanceDict(Thread& thread, Value self, Value dictOrUnbound) {
  if (!self.isCell() || !hasAttributes(self.asCell()) || isKind(self, Kind::kType) || isKind(self, Kind::kModule))
    return raiseTypeError(thread, "this __dict__ descriptor does not support '{}' objects", nameOf(self));
  Dict* dict = dictOrUnbound.isUnbound() ? TRY(makeDict(thread)) : toDict(dictOrUnbound);
  if (dict == nullptr)
    return raiseTypeError(thread, "__dict__ must be set to a dictionary, not a '{}'", nameOf(dictOrUnbound));
  return setAttributeDict(thread, self.asCell(), dict);
}

void initialiseObject(Thread& thread) {
  TypeBuilder(thread, types.object)
      .flags(Type::kBaseType)
      .constructor(objectNew)
      .special("__repr__", objectRepr)
      .special("__hash__", objectHash)
      .special("__str__", objectStr)
      .special("__getattribute__", objectGetattribute)
      .special("__setattr__", objectSetattr)
      .special("__delattr__", objectDelattr)
      .special("__lt__", objectUnordered)
      .special("__le__", objectUnordered)
      .special("__eq__", objectEqual)
      .special("__ne__", objectNotEqual)
      .special("__gt__", objectUnordered)
      .special("__ge__", objectUnordered)
      .specialVariadic("__init__", objectInit)
      .method("__reduce_ex__", objectReduceEx)
      .method("__reduce__", objectReduce)
      .method("__getstate__", objectGetstate)
      .classMethod("__subclasshook__", objectSubclasshook)
      .classMethod("__init_subclass__", objectInitSubclass)
      .method("__format__", objectFormat)
      .method("__sizeof__", objectSizeof)
      .method("__dir__", objectDir)
      .getter("__class__", getClass, setClass)
      .doc("object(): what every class is derived from; an instance has neither state nor attributes of its own.")
      .build();
}

}  // namespace krait
