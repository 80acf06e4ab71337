// isinstance() and issubclass(): classes, tuples of them, unions, and what metaclasses answer.
#include "vm/builtins/generic_alias.h"
#include "vm/builtins/str.h"
#include "vm/builtins/tuple.h"
#include "vm/names.h"
#include "vm/operations.h"

namespace krait {
namespace {

// An object that has a tuple `__bases__` passes for a class.
Fallible<Tuple*> abstractBases(Thread& thread, Value v) {
  Value bases = TRY(getAttributeOrUnbound(thread, v, names.dunder_bases));
  Tuple* tuple = bases.isUnbound() ? nullptr : toTuple(bases);
  return tuple == nullptr ? emptyTuple() : tuple;
}
Fallible<bool> passesForClass(Thread& thread, Value v) {
  if (isKind(v, Kind::kType)) return true;
  Value bases = TRY(getAttributeOrUnbound(thread, v, names.dunder_bases));
  return !bases.isUnbound() && toTuple(bases) != nullptr;
}

Fallible<bool> abstractIsSubclass(Thread& thread, Value derived, Value base) {
  KRAIT_CHECK_NATIVE_STACK(thread, " in __subclasscheck__");
  if (derived.is(base)) return true;
  Tuple* bases = TRY(abstractBases(thread, derived));
  for (uint64_t i = 0; i < bases->length; i++)
    if (TRY(abstractIsSubclass(thread, bases->items[i], base))) return true;
  return false;
}

Fallible<bool> plainIsInstance(Thread& thread, Value object, Value type) {
  if (isKind(type, Kind::kType)) {
    if (isInstanceOf(object, type.as<Type>())) return true;
    const Type* own = typeOf(object);
    bool isPlain = (own->typeFlags & Type::kDefaultGetattribute) &&
                   lookupOnType(own, names.dunder_class).is(lookupOnType(types.object, names.dunder_class));
    if (isPlain) return false;  // __class__ says what the object is
    Value claimed = TRY(getAttributeOrUnbound(thread, object, names.dunder_class));
    return isKind(claimed, Kind::kType) && !claimed.is(Value::of(typeOf(object))) &&
           isSubtype(claimed.as<Type>(), type.as<Type>());
  }
  if (!TRY(passesForClass(thread, type)))
    return raiseTypeError(thread, "isinstance() arg 2 must be a type, a tuple of types, or a union");
  Value claimed = TRY(getAttributeOrUnbound(thread, object, names.dunder_class));
  if (claimed.isUnbound()) return false;
  return abstractIsSubclass(thread, claimed, type);
}

Fallible<bool> plainIsSubclass(Thread& thread, Value derived, Value base) {
  if (isKind(derived, Kind::kType) && isKind(base, Kind::kType)) return isSubtype(derived.as<Type>(), base.as<Type>());
  if (!TRY(passesForClass(thread, derived))) return raiseTypeError(thread, "issubclass() arg 1 must be a class");
  if (!TRY(passesForClass(thread, base)))
    return raiseTypeError(thread, "issubclass() arg 2 must be a class, a tuple of classes, or a union");
  return abstractIsSubclass(thread, derived, base);
}

// type's own __instancecheck__, which needs no call.
bool hasTypesOwn(Value type, Special special) {
  return isKind(type, Kind::kType) && typeOf(type)->special(special).is(types.type->special(special));
}

}  // namespace

Fallible<bool> isInstance(Thread& thread, Value object, Value classOrTuple) {
  if (classOrTuple.is(Value::of(typeOf(object)))) return true;
  if (hasTypesOwn(classOrTuple, Special::k__instancecheck__)) return plainIsInstance(thread, object, classOrTuple);
  KRAIT_CHECK_NATIVE_STACK(thread, " in __instancecheck__");
  if (isUnion(classOrTuple)) {
    Tuple* members = unionMembers(classOrTuple);
    for (uint64_t i = 0; i < members->length; i++) {
      Value member = members->items[i];
      if (!isKind(member, Kind::kType))
        return raiseTypeError(thread, "isinstance() argument 2 cannot be a parameterized generic");
      if (TRY(isInstance(thread, object, member))) return true;
    }
    return false;
  }
  if (Tuple* tuple = toTuple(classOrTuple)) {
    for (uint64_t i = 0; i < tuple->length; i++)
      if (TRY(isInstance(thread, object, tuple->items[i]))) return true;
    return false;
  }
  Value method = specialMethod(classOrTuple, Special::k__instancecheck__);
  if (method.isUnbound() || method.isNone()) return plainIsInstance(thread, object, classOrTuple);
  return isTrue(thread, TRY(callSpecial(thread, method, classOrTuple, object)));
}

Fallible<bool> isSubclass(Thread& thread, Value derived, Value classOrTuple) {
  if (hasTypesOwn(classOrTuple, Special::k__subclasscheck__)) return plainIsSubclass(thread, derived, classOrTuple);
  KRAIT_CHECK_NATIVE_STACK(thread, " in __subclasscheck__");
  if (isUnion(classOrTuple)) {
    Tuple* members = unionMembers(classOrTuple);
    for (uint64_t i = 0; i < members->length; i++) {
      Value member = members->items[i];
      if (!isKind(member, Kind::kType))
        return raiseTypeError(thread, "issubclass() argument 2 cannot be a parameterized generic");
      if (TRY(isSubclass(thread, derived, member))) return true;
    }
    return false;
  }
  if (Tuple* tuple = toTuple(classOrTuple)) {
    for (uint64_t i = 0; i < tuple->length; i++)
      if (TRY(isSubclass(thread, derived, tuple->items[i]))) return true;
    return false;
  }
  Value method = specialMethod(classOrTuple, Special::k__subclasscheck__);
  if (method.isUnbound() || method.isNone()) return plainIsSubclass(thread, derived, classOrTuple);
  return isTrue(thread, TRY(callSpecial(thread, method, classOrTuple, derived)));
}

}  // namespace krait
