// super: attribute lookup that begins after a class in the method resolution order.
#include "vm/builtins/super.h"

#include "vm/builtins/bytes.h"
#include "vm/builtins/descriptors.h"
#include "vm/builtins/dict.h"
#include "vm/builtins/function.h"
#include "vm/builtins/str.h"
#include "vm/builtins/tuple.h"
#include "vm/builtins/type_internal.h"
#include "vm/names.h"

namespace krait {
namespace {

// The class whose order is searched for `object`: its own, or itself when it is a subclass of `start`.
Fallible<Type*> checkObject(Thread& thread, Type* start, Value object) {
  if (isKind(object, Kind::kType) && isSubtype(object.as<Type>(), start)) return object.as<Type>();
  if (isInstanceOf(object, start)) return typeOf(object);
  Value claimed = TRY(getAttributeOrUnbound(thread, object, names.dunder_class));
  if (isKind(claimed, Kind::kType) && isSubtype(claimed.as<Type>(), start)) return claimed.as<Type>();
  return raiseTypeError(thread, "super(type, obj): obj must be an instance or subtype of type");
}

// super() inside a method: the first local is the object, the cell of the free variable __class__ the class.
Fallible<void> findInFrame(Thread& thread, Type*& start, Value& object) {
  Frame* frame = thread.frame;
  if (frame == nullptr) return raise(thread, exceptions.RuntimeError, "super(): no current frame");
  const Code* code = frame->function->code;
  if (code->argumentCount == 0) return raise(thread, exceptions.RuntimeError, "super(): no arguments");
  const uint8_t* kinds = reinterpret_cast<const uint8_t*>(code->localsplusKinds->data);
  Value* locals = frame->locals0();
  object = locals[0];
  if (isKind(object, Kind::kCellvar) && (kinds[0] & Code::kCell)) object = object.as<Cellvar>()->content;
  if (object.isUnbound()) return raise(thread, exceptions.RuntimeError, "super(): arg[0] deleted");
  for (uint32_t i = code->localCount - code->freeCount; i < code->localCount; i++) {
    if (!code->localsplusNames->items[i].get().is(Value::of(names.dunder_class))) continue;
    Value cell = locals[i];
    if (!isKind(cell, Kind::kCellvar)) return raise(thread, exceptions.RuntimeError, "super(): bad __class__ cell");
    Value type = cell.as<Cellvar>()->content;
    if (type.isUnbound()) return raise(thread, exceptions.RuntimeError, "super(): empty __class__ cell");
    if (!isKind(type, Kind::kType))
      return raiseFormat(thread, exceptions.RuntimeError, "super(): __class__ is not a type ({})", nameOf(type));
    start = type.as<Type>();
    return {};
  }
  return raise(thread, exceptions.RuntimeError, "super(): __class__ cell not found");
}

Fallible<Value> superNew(Thread& thread, Value self, const Arguments&) {
  auto* s = TRY(allocate<Super>(thread, Kind::kSuper, self.as<Type>()->instanceShape));
  s->self = Value::none();
  return Value::of(s);
}

Fallible<Value> superInit(Thread& thread, Value self, const Arguments& arguments) {
  TRY(arguments.noKeywords(thread, "super"));
  if (arguments.positional > 2)
    return raiseTypeError(thread, "super() expected at most 2 arguments, got {}", arguments.positional);
  Type* start = nullptr;
  Value object = Value::none();
  if (arguments.positional == 0) {
    TRY(findInFrame(thread, start, object));
  } else {
    if (!isKind(arguments[0], Kind::kType))
      return raiseTypeError(thread, "super() argument 1 must be a type, not {}", nameOf(arguments[0]));
    start = arguments[0].as<Type>();
    if (arguments.positional == 2) object = arguments[1];
  }
  auto* s = self.as<Super>();
  s->start = start;
  s->self = object;
  s->selfType = nullptr;
  if (!object.isNone() || arguments.positional == 0) s->selfType = TRY(checkObject(thread, start, object));
  return Value::none();
}

Fallible<Value> superRepr(Thread& thread, Value self) {
  auto* s = self.as<Super>();
  StrBuilder builder;
  builder.append("<super: <class '").append(s->start == nullptr ? "NULL" : nameOf(s->start.get())).append("'>, ");
  if (s->selfType == nullptr)
    builder.append("NULL>");
  else
    builder.append("<").append(nameOf(s->selfType.get())).append(" object>>");
  return Value::of(TRY(builder.build(thread)));
}

Fallible<Value> superGetattribute(Thread& thread, Value self, Value name) {
  Str* text = toStr(name);
  if (text == nullptr) return raiseTypeError(thread, "attribute name must be string, not '{}'", nameOf(name));
  text = TRY(intern(thread, text));
  auto* s = self.as<Super>();
  Value found = lookupOnSuper(s, text);
  if (found.isUnbound()) return genericGetAttribute(thread, self, text);
  // super(C, C).f: the class itself is searched, there is no instance.
  bool bindsClass = isKind(s->self, Kind::kType) && s->self.get().as<Type>() == s->selfType.get();
  return bindDescriptor(thread, found, bindsClass ? Value::unbound() : s->self.get(), s->selfType);
}

Fallible<Value> superGet(Thread& thread, Value self, Value instance, Value) {
  auto* s = self.as<Super>();
  if (instance.isUnbound() || instance.isNone() || s->selfType != nullptr) return self;
  if (typeOf(self) != types.super) return call(thread, Value::of(typeOf(self)), Value::of(s->start.get()), instance);
  Type* selfType = TRY(checkObject(thread, s->start, instance));
  auto* bound = TRY(allocate<Super>(thread, Kind::kSuper, types.super->instanceShape));
  bound->start = s->start.get();
  bound->self = instance;
  bound->selfType = selfType;
  return Value::of(bound);
}

Fallible<Value> getThisClass(Thread&, Value self) {
  Type* start = self.as<Super>()->start;
  return start == nullptr ? Value::none() : Value::of(start);
}
Fallible<Value> getSelf(Thread&, Value self) { return self.as<Super>()->self.get(); }
Fallible<Value> getSelfClass(Thread&, Value self) {
  Type* type = self.as<Super>()->selfType;
  return type == nullptr ? Value::none() : Value::of(type);
}

}  // namespace

SuperLocation locateOnSuper(const Super* s, const Str* name) {
  if (s->selfType == nullptr || name == names.dunder_class) return {nullptr, 0};
  const Tuple* mro = s->selfType->mro;
  uint64_t start = 0;
  while (start < mro->length && !mro->items[start].get().is(Value::of(s->start.get()))) start++;
  for (uint64_t i = start + 1; i < mro->length; i++)
    if (DictEntry* entry = dictFindStr(mro->items[i].get().as<Type>()->dict, name)) return {&entry->value, start};
  return {nullptr, start};
}

Value lookupOnSuper(const Super* s, const Str* name) {
  const Field<Value>* location = locateOnSuper(s, name).location;
  return location == nullptr ? Value::unbound() : location->get();
}

void initialiseSuper(Thread& thread) {
  types.super = TypeBuilder(thread, "super", types.object, Kind::kSuper)
                    .flags(Type::kBaseType)
                    .constructor(superNew)
                    .special("__repr__", superRepr)
                    .special("__getattribute__", superGetattribute)
                    .special("__get__", superGet, 1)
                    .specialVariadic("__init__", superInit)
                    .getter("__thisclass__", getThisClass, refuseAssignment)
                    .getter("__self__", getSelf, refuseAssignment)
                    .getter("__self_class__", getSelfClass, refuseAssignment)
                    .build();
}

}  // namespace krait
