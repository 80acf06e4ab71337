// Descriptors: how a value found on a class becomes the attribute of an instance.
#include "vm/builtins/descriptors.h"

#include "vm/builtins/function.h"
#include "vm/builtins/str.h"
#include "vm/builtins/type_internal.h"
#include "vm/names.h"

namespace krait {
namespace {

// True when the class of `descriptor` still has the built-in's own __get__.
bool hasOriginal(Value descriptor, const Type* original, Special special) {
  const Type* type = typeOf(descriptor);
  return type == original || type->special(special).is(original->special(special));
}

KRAIT_COLD Raised raiseForeign(Thread& thread, Str* name, Type* owner, Value instance) {
  fmt::memory_buffer buffer;
  return raiseTypeError(thread, "descriptor '{}' for '{}' objects doesn't apply to a '{}' object", textOf(name, buffer),
                        nameOf(owner), nameOf(instance));
}

Fallible<Value> getMember(Thread& thread, Member* member, Value instance) {
  if (!isInstanceOf(instance, member->owner)) return raiseForeign(thread, member->name, member->owner, instance);
  if (!member->isSlot) return member->getter(thread, instance);
  Value value = slotValue(instance.asCell(), member->slot);
  if (value.isUnbound()) [[unlikely]]
    return raiseNoAttribute(thread, instance, member->name);
  return value;
}

Fallible<void> setMember(Thread& thread, Member* member, Value instance, Value value) {
  if (!isInstanceOf(instance, member->owner)) return raiseForeign(thread, member->name, member->owner, instance);
  if (member->isSlot) {
    if (value.isUnbound() && slotValue(instance.asCell(), member->slot).isUnbound())
      return raiseWithArgument(thread, exceptions.AttributeError, Value::of(member->name.get()));
    return setSlotValue(thread, instance.asCell(), member->slot, value);
  }
  fmt::memory_buffer buffer;
  if (member->setter == nullptr)
    return raiseFormat(thread, exceptions.AttributeError, "attribute '{}' of '{}' objects is not writable",
                       textOf(member->name, buffer), nameOf(member->owner.get()));
  return member->setter(thread, instance, value);
}

KRAIT_COLD Raised raisePropertyMissing(Thread& thread, Property* property, Value instance, const char* what) {
  if (property->name.get().isNone())
    return raiseFormat(thread, exceptions.AttributeError, "property of '{}' object has no {}", nameOf(instance), what);
  Str* shown = TRY(repr(thread, property->name));
  fmt::memory_buffer buffer;
  return raiseFormat(thread, exceptions.AttributeError, "property {} of '{}' object has no {}", textOf(shown, buffer),
                     nameOf(instance), what);
}

Fallible<Value> getProperty(Thread& thread, Property* property, Value instance) {
  if (property->get.get().isNone()) return raisePropertyMissing(thread, property, instance, "getter");
  return call(thread, property->get, instance);
}

Fallible<void> setProperty(Thread& thread, Property* property, Value instance, Value value) {
  if (value.isUnbound()) {
    if (property->del.get().isNone()) return raisePropertyMissing(thread, property, instance, "deleter");
    TRY(call(thread, property->del, instance));
    return {};
  }
  if (property->set.get().isNone()) return raisePropertyMissing(thread, property, instance, "setter");
  TRY(call(thread, property->set, instance, value));
  return {};
}

Fallible<Value> bindBuiltin(Thread& thread, Builtin* builtin, Value instance, Type* type) {
  Value self = Value::of(builtin);
  switch (builtin->face) {
    case Builtin::kFunction:
    case Builtin::kConstructor: return self;
    case Builtin::kClassMethodDescriptor: return makeMethod(thread, self, Value::of(type));
    default: break;
  }
  if (instance.isUnbound()) return self;
  if (!acceptsSelf(builtin, instance))
    return raiseForeign(thread, builtin->name, builtin->owner.get().as<Type>(), instance);
  return makeMethod(thread, self, instance);
}

}  // namespace

Fallible<Value> bindDescriptor(Thread& thread, Value descriptor, Value instance, Type* type) {
  if (!descriptor.isCell()) return descriptor;
  switch (descriptor.asCell()->kind) {
    case Kind::kFunction: return instance.isUnbound() ? descriptor : makeMethod(thread, descriptor, instance);
    case Kind::kBuiltin: return bindBuiltin(thread, descriptor.as<Builtin>(), instance, type);
    case Kind::kMember: return instance.isUnbound() ? descriptor : getMember(thread, descriptor.as<Member>(), instance);
    case Kind::kMethod: return descriptor;
    case Kind::kProperty:
      if (!hasOriginal(descriptor, types.property, Special::k__get__)) break;
      return instance.isUnbound() ? descriptor : getProperty(thread, descriptor.as<Property>(), instance);
    case Kind::kStaticMethod:
      if (!hasOriginal(descriptor, types.staticmethod, Special::k__get__)) break;
      return descriptor.as<Wrapper>()->callable.get();
    case Kind::kClassMethod: {
      if (!hasOriginal(descriptor, types.classmethod, Special::k__get__)) break;
      KRAIT_CHECK_NATIVE_STACK(thread, " while calling a Python object");
      Value callable = descriptor.as<Wrapper>()->callable, self = Value::of(type);
      if (!typeOf(callable)->special(Special::k__get__).isUnbound())
        return bindDescriptor(thread, callable, self, type);
      return makeMethod(thread, callable, self);
    }
    default: break;
  }
  Value get = typeOf(descriptor)->special(Special::k__get__);
  if (get.isUnbound()) return descriptor;
  return callSpecial(thread, get, descriptor, instance.isUnbound() ? Value::none() : instance, Value::of(type));
}

Fallible<void> setThroughDescriptor(Thread& thread, Value descriptor, Value instance, Value valueOrUnbound) {
  if (isKind(descriptor, Kind::kMember)) return setMember(thread, descriptor.as<Member>(), instance, valueOrUnbound);
  Special special = valueOrUnbound.isUnbound() ? Special::k__delete__ : Special::k__set__;
  if (isKind(descriptor, Kind::kProperty) && hasOriginal(descriptor, types.property, special))
    return setProperty(thread, descriptor.as<Property>(), instance, valueOrUnbound);
  Value method = typeOf(descriptor)->special(special);
  if (method.isUnbound()) return raiseWithArgument(thread, exceptions.AttributeError, Value::of(specialName(special)));
  if (valueOrUnbound.isUnbound()) {
    TRY(callSpecial(thread, method, descriptor, instance));
  } else {
    TRY(callSpecial(thread, method, descriptor, instance, valueOrUnbound));
  }
  return {};
}

Fallible<Value> makeSlotMember(Thread& thread, Type* owner, Str* name, uint32_t slot) {
  auto* member = TRY(allocate<Member>(thread, Kind::kMember, types.memberDescriptor->instanceShape));
  member->owner = owner;
  member->name = name;
  member->slot = slot;
  member->isSlot = true;
  return Value::of(member);
}

// --- the methods that make them descriptors for Python ----------------------------------------------------------------
Fallible<Value> descriptorGet(Thread& thread, Value self, Value instance, Value owner) {
  if (instance.isUnbound() || instance.isNone()) {
    if ((owner.isUnbound() || owner.isNone()) && !isKind(self, Kind::kStaticMethod))
      return raiseTypeError(thread, "__get__(None, None) is invalid");
    if (!isKind(owner, Kind::kType)) {
      if (isKind(self, Kind::kClassMethod)) return makeMethod(thread, self.as<Wrapper>()->callable, owner);
      return bindDescriptor(thread, self, Value::unbound(), types.object);
    }
    // None's own class: None is then really the instance.
    Value object = owner.is(Value::of(types.none)) ? Value::none() : Value::unbound();
    return bindDescriptor(thread, self, object, owner.as<Type>());
  }
  return bindDescriptor(thread, self, instance, isKind(owner, Kind::kType) ? owner.as<Type>() : typeOf(instance));
}

namespace {

Fallible<Value> descriptorSet(Thread& thread, Value self, Value instance, Value value) {
  TRY(setThroughDescriptor(thread, self, instance, value));
  return Value::none();
}
Fallible<Value> descriptorDelete(Thread& thread, Value self, Value instance) {
  TRY(setThroughDescriptor(thread, self, instance, Value::unbound()));
  return Value::none();
}

Fallible<Value> memberRepr(Thread& thread, Value self) {
  Member* member = self.as<Member>();
  StrBuilder builder;
  builder.append(typeOf(self) == types.memberDescriptor ? "<member '" : "<attribute '")
      .append(member->name)
      .append("' of '");
  builder.append(nameOf(member->owner.get())).append("' objects>");
  return Value::of(TRY(builder.build(thread)));
}
Fallible<Value> memberName(Thread&, Value self) { return Value::of(self.as<Member>()->name.get()); }
Fallible<Value> memberQualname(Thread& thread, Value self) {
  StrBuilder builder;
  builder.append(self.as<Member>()->owner->qualname).append(".").append(self.as<Member>()->name);
  return Value::of(TRY(builder.build(thread)));
}
Fallible<Value> memberOwner(Thread&, Value self) { return Value::of(self.as<Member>()->owner.get()); }
Fallible<Value> noDoc(Thread&, Value) { return Value::none(); }

void declareMember(Thread& thread, Type** place, const char* name) {
  *place = TypeBuilder(thread, name, types.object, Kind::kMember)
               .special("__repr__", memberRepr)
               .special("__get__", descriptorGet, 1)
               .special("__set__", descriptorSet)
               .special("__delete__", descriptorDelete)
               .getter("__objclass__", memberOwner, refuseAssignment)
               .getter("__name__", memberName, refuseAssignment)
               .getter("__doc__", noDoc)
               .getter("__qualname__", memberQualname)
               .build();
}

}  // namespace

void initialiseDescriptors(Thread& thread) {
  declareMember(thread, &types.getsetDescriptor, "getset_descriptor");
  declareMember(thread, &types.memberDescriptor, "member_descriptor");
  initialiseProperty(thread);
}

}  // namespace krait
