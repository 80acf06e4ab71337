// Declaring built-in types, and the skeletons from which the first of them grow.
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "vm/builtins/builtin.h"
#include "vm/builtins/descriptors.h"
#include "vm/builtins/dict.h"
#include "vm/builtins/str.h"
#include "vm/builtins/tuple.h"
#include "vm/builtins/type_internal.h"
#include "vm/errors.h"
#include "vm/lookup_cache.h"

namespace krait {
namespace {

// What must exist before anything can be declared: what namespaces consist of, and what TypeBuilder makes.
struct Skeleton {
  const char* name;
  Type** place;
  Kind kind;
};
const Skeleton kSkeletons[] = {
    {"object", &types.object, Kind::kInstance},
    {"type", &types.type, Kind::kType},
    {"str", &types.str, Kind::kStr},
    {"tuple", &types.tuple, Kind::kTuple},
    {"dict", &types.dict, Kind::kDict},
    {"int", &types.int_, Kind::kInt},
    {"builtin_function_or_method", &types.builtinFunction, Kind::kBuiltin},
    {"method_descriptor", &types.methodDescriptor, Kind::kBuiltin},
    {"wrapper_descriptor", &types.slotWrapper, Kind::kBuiltin},
    {"classmethod_descriptor", &types.classMethodDescriptor, Kind::kBuiltin},
    {"getset_descriptor", &types.getsetDescriptor, Kind::kMember},
    {"member_descriptor", &types.memberDescriptor, Kind::kMember},
    {"staticmethod", &types.staticmethod, Kind::kStaticMethod},
    {"classmethod", &types.classmethod, Kind::kClassMethod},
    {"method", &types.method, Kind::kMethod},
    {"method-wrapper", &types.methodWrapper, Kind::kMethod},
    {"module", &types.module, Kind::kModule},
};

const Skeleton* findSkeleton(const char* name) {
  for (const Skeleton& skeleton : kSkeletons)
    if (std::strcmp(skeleton.name, name) == 0) return &skeleton;
  return nullptr;
}
const Skeleton* findSkeleton(const Type* type) {
  for (const Skeleton& skeleton : kSkeletons)
    if (*skeleton.place == type) return &skeleton;
  return nullptr;
}

// Everything a class has beside its contents. `base` is null for object only.
void complete(Thread& thread, Type* type, const char* name, Type* base) {
  if (base != nullptr && base->mro == nullptr) {
    const Skeleton* skeleton = findSkeleton(base);
    if (skeleton == nullptr) failStartUp();
    complete(thread, base, skeleton->name, base == types.object ? nullptr : types.object);
  }
  nameSpecialMethods(thread);
  type->name = startUp(intern(thread, name));
  type->qualname = type->name.get();
  type->module = Value::of(startUp(intern(thread, "builtins")));
  type->base = base;
  if (type->dict == nullptr) type->dict = startUp(makeDict(thread));
  uint64_t inherited = base == nullptr ? 0 : base->mro->length;
  Tuple* mro = startUp(makeTupleUninitialised(thread, inherited + 1));
  mro->items[0] = Value::of(type);
  for (uint64_t i = 0; i < inherited; i++) mro->items[i + 1] = base->mro->items[i].get();
  type->mro = mro;
  if (base != nullptr) {
    Value only = Value::of(base);
    type->bases = startUp(makeTuple(thread, std::span<const Value>(&only, 1)));
    type->typeFlags |= base->typeFlags & (Type::kAttributeFlags | Type::kSequencePattern | Type::kMappingPattern);
    if (base != types.object) type->typeFlags |= base->typeFlags & Type::kInstantiable;
    startUp(addSubclass(thread, base, type));
  }
  fillSpecialMethods(type);
}

Type* makeSkeleton(Thread& thread, Kind kind, Type* metatype) {
  Type* type = startUp(allocateType(thread, metatype));
  type->instanceKind = kind;
  type->instanceShape = startUp(makeRootShape(thread, type, 0));
  return type;
}

Builtin* makeDescriptor(Thread& thread, Type* owner, const char* name, void* function, Builtin::Signature signature,
                        Builtin::Face face, int min, int max) {
  Type* type = face == Builtin::kSlotWrapper             ? types.slotWrapper
               : face == Builtin::kClassMethodDescriptor ? types.classMethodDescriptor
               : face == Builtin::kMethodDescriptor      ? types.methodDescriptor
                                                         : types.builtinFunction;
  auto* b = startUp(allocate<Builtin>(thread, Kind::kBuiltin, type->instanceShape));
  b->owner = b->self = Value::unbound();
  b->doc = Value::none();
  b->name = startUp(intern(thread, name));
  b->function = function;
  b->signature = signature;
  b->face = face;
  b->minArguments = static_cast<uint8_t>(min);
  b->maxArguments = static_cast<uint8_t>(max);
  b->owner = Value::of(owner);
  return b;
}
template <class F>
Builtin* makeFixed(Thread& thread, Type* owner, const char* name, F f, Builtin::Face face, int parameters,
                   int optional) {
  return makeDescriptor(thread, owner, name, reinterpret_cast<void*>(f), Builtin::kFixed, face, parameters - optional,
                        parameters);
}
Builtin* makeVariadic(Thread& thread, Type* owner, const char* name, NativeVariadic f, Builtin::Face face) {
  return makeDescriptor(thread, owner, name, reinterpret_cast<void*>(f), Builtin::kVariadic, face, 0, 255);
}

}  // namespace

Fallible<void> refuseAssignment(Thread& thread, Value, Value) {
  return raise(thread, exceptions.AttributeError, "readonly attribute");
}

Value makeReadOnlyMember(Thread& thread, Type* owner, const char* name, NativeGetter getter) {
  auto* member = startUp(allocate<Member>(thread, Kind::kMember, types.memberDescriptor->instanceShape));
  member->owner = owner;
  member->getter = getter;
  member->setter = refuseAssignment;
  member->name = startUp(intern(thread, name));
  return Value::of(member);
}

void failStartUp() {
  std::fputs("krait: not enough memory to start\n", stderr);
  std::exit(1);
}

void bootstrapTypes(Thread& thread) {
  types.object = makeSkeleton(thread, Kind::kInstance, nullptr);
  types.type = makeSkeleton(thread, Kind::kType, nullptr);
  types.object->setShape(types.type->instanceShape);
  types.type->setShape(types.type->instanceShape);
  for (const Skeleton& skeleton : kSkeletons)
    if (*skeleton.place == nullptr) *skeleton.place = makeSkeleton(thread, skeleton.kind, types.type);
}

TypeBuilder::TypeBuilder(Thread& thread, const char* name, Type* base, Kind instanceKind, Type* metatype)
    : thread_(thread) {
  const Skeleton* skeleton = findSkeleton(name);
  if (skeleton != nullptr) {
    type_ = *skeleton->place;
  } else {
    type_ = makeSkeleton(thread, instanceKind, metatype == nullptr ? types.type : metatype);
  }
  if (type_->mro == nullptr) complete(thread, type_, name, type_ == types.object ? nullptr : base);
}

TypeBuilder::TypeBuilder(Thread& thread, Type* existing) : thread_(thread), type_(existing) {
  if (type_->mro != nullptr) return;
  const Skeleton* skeleton = findSkeleton(existing);
  complete(thread, type_, skeleton->name, type_ == types.object ? nullptr : types.object);
}

void TypeBuilder::add(const char* name, Value value) {
  startUp(dictSetStr(thread_, type_->dict, startUp(intern(thread_, name)), value));
}

TypeBuilder& TypeBuilder::flags(uint32_t typeFlags) {
  type_->typeFlags |= typeFlags;
  return *this;
}
TypeBuilder& TypeBuilder::module(const char* module) {
  type_->module = Value::of(startUp(intern(thread_, module)));
  return *this;
}

TypeBuilder& TypeBuilder::method(const char* name, Native1 f) {
  add(name, Value::of(makeFixed(thread_, type_, name, f, Builtin::kMethodDescriptor, 1, 0)));
  return *this;
}
TypeBuilder& TypeBuilder::method(const char* name, Native2 f, int optional) {
  add(name, Value::of(makeFixed(thread_, type_, name, f, Builtin::kMethodDescriptor, 2, optional)));
  return *this;
}
TypeBuilder& TypeBuilder::method(const char* name, Native3 f, int optional) {
  add(name, Value::of(makeFixed(thread_, type_, name, f, Builtin::kMethodDescriptor, 3, optional)));
  return *this;
}
TypeBuilder& TypeBuilder::method(const char* name, Native4 f, int optional) {
  add(name, Value::of(makeFixed(thread_, type_, name, f, Builtin::kMethodDescriptor, 4, optional)));
  return *this;
}
TypeBuilder& TypeBuilder::method(const char* name, Native5 f, int optional) {
  add(name, Value::of(makeFixed(thread_, type_, name, f, Builtin::kMethodDescriptor, 5, optional)));
  return *this;
}
TypeBuilder& TypeBuilder::variadic(const char* name, NativeVariadic f) {
  add(name, Value::of(makeVariadic(thread_, type_, name, f, Builtin::kMethodDescriptor)));
  return *this;
}
TypeBuilder& TypeBuilder::special(const char* name, Native1 f) {
  add(name, Value::of(makeFixed(thread_, type_, name, f, Builtin::kSlotWrapper, 1, 0)));
  return *this;
}
TypeBuilder& TypeBuilder::special(const char* name, Native2 f, int optional, bool sequence) {
  Builtin* b = makeFixed(thread_, type_, name, f, Builtin::kSlotWrapper, 2, optional);
  b->isSequenceOperator = sequence;
  add(name, Value::of(b));
  return *this;
}
TypeBuilder& TypeBuilder::special(const char* name, Native3 f, int optional) {
  add(name, Value::of(makeFixed(thread_, type_, name, f, Builtin::kSlotWrapper, 3, optional)));
  return *this;
}
TypeBuilder& TypeBuilder::specialVariadic(const char* name, NativeVariadic f) {
  add(name, Value::of(makeVariadic(thread_, type_, name, f, Builtin::kSlotWrapper)));
  return *this;
}
TypeBuilder& TypeBuilder::next(Native1 f) {
  add("__next__", Value::of(makeDescriptor(thread_, type_, "__next__", reinterpret_cast<void*>(f), Builtin::kNext,
                                           Builtin::kSlotWrapper, 1, 1)));
  return *this;
}
TypeBuilder& TypeBuilder::constructor(NativeVariadic f) {
  type_->typeFlags |= Type::kInstantiable;
  Builtin* b = makeVariadic(thread_, type_, "__new__", f, Builtin::kConstructor);
  b->self = Value::of(type_);
  add("__new__", Value::of(b));
  return *this;
}
TypeBuilder& TypeBuilder::classMethod(const char* name, NativeVariadic f) {
  add(name, Value::of(makeVariadic(thread_, type_, name, f, Builtin::kClassMethodDescriptor)));
  return *this;
}
TypeBuilder& TypeBuilder::staticMethod(const char* name, NativeVariadic f) {
  Builtin* b = makeVariadic(thread_, type_, name, f, Builtin::kFunction);
  b->self = Value::of(type_);
  add(name, startUp(makeStaticMethod(thread_, Value::of(b))));
  return *this;
}
TypeBuilder& TypeBuilder::getter(const char* name, NativeGetter get, NativeSetter set) {
  const Type* type = set == refuseAssignment ? types.memberDescriptor : types.getsetDescriptor;
  auto* member = startUp(allocate<Member>(thread_, Kind::kMember, type->instanceShape));
  member->owner = type_;
  member->getter = get;
  member->setter = set;
  member->name = startUp(intern(thread_, name));
  add(name, Value::of(member));
  return *this;
}
TypeBuilder& TypeBuilder::constant(const char* name, Value value) {
  add(name, value);
  return *this;
}
TypeBuilder& TypeBuilder::doc(const char* text) {
  if (text == nullptr) return *this;
  add("__doc__", Value::of(startUp(makeStr(thread_, text))));
  return *this;
}
TypeBuilder& TypeBuilder::unhashable() {
  add("__hash__", Value::none());
  return *this;
}

// CPython's static classes name their __getattribute__ even when it is object's; these do not.
static bool showsGetattribute(const Type* type) {
  constexpr const char* kSilent[] = {"NoneType",
                                     "NotImplementedType",
                                     "staticmethod",
                                     "classmethod",
                                     "function",
                                     "_tee",
                                     "_tuplegetter",
                                     "dict_reversekeyiterator",
                                     "dict_reversevalueiterator",
                                     "dict_reverseitemiterator"};
  if (type->base != types.object) return false;
  for (const char* name : kSilent)
    if (strEqualsUtf8(type->name, name)) return false;
  return true;
}

Type* TypeBuilder::build() {
  Str* getattribute = specialName(Special::k__getattribute__);
  if (showsGetattribute(type_) && dictGetStr(type_->dict, getattribute).isUnbound())
    special("__getattribute__", objectGetattribute);
  if (dictGetStr(type_->dict, startUp(intern(thread_, "__doc__"))).isUnbound()) add("__doc__", Value::none());
  refreshSpecialMethods(type_);
  invalidateLookups(type_);
  return type_;
}

}  // namespace krait
