// The methods and attributes that class objects have, and how calling a class makes an instance.
#include <algorithm>

#include "vm/builtins/builtin.h"
#include "vm/builtins/descriptors.h"
#include "vm/builtins/dict.h"
#include "vm/builtins/function.h"
#include "vm/builtins/generic_alias.h"
#include "vm/builtins/int.h"
#include "vm/builtins/list.h"
#include "vm/builtins/mappingproxy.h"
#include "vm/builtins/signatures.h"
#include "vm/builtins/str.h"
#include "vm/builtins/struct_sizes.h"
#include "vm/builtins/tuple.h"
#include "vm/builtins/type_internal.h"
#include "vm/lifetimes.h"
#include "vm/lookup_cache.h"
#include "vm/names.h"

namespace krait {

Fallible<void> PrependedArguments::set(Thread& thread, Value self, const Arguments& arguments) {
  count_ = 1 + arguments.positional + arguments.keywordCount();
  if (count_ > std::size(inline_)) {
    Tuple* spilled = TRY(makeTupleUninitialised(thread, count_));
    values_ = reinterpret_cast<Value*>(spilled->items);
  }
  values_[0] = self;
  std::copy_n(arguments.first, count_ - 1, values_ + 1);
  return {};
}

// --- making instances -------------------------------------------------------------------------------------------------
namespace {

// `function` is the raw entry of the class dictionary.
Fallible<Value> callNew(Thread& thread, Type* type, Value function, const Arguments& arguments) {
  if (isKind(function, Kind::kBuiltin) && function.as<Builtin>()->face == Builtin::kConstructor &&
      isSubtype(type, function.as<Builtin>()->owner.get().as<Type>()))
    return reinterpret_cast<NativeVariadic>(function.as<Builtin>()->function)(thread, Value::of(type), arguments);
  PrependedArguments all;
  TRY(all.set(thread, Value::of(type), arguments));
  if (isKind(function, Kind::kStaticMethod)) {
    function = function.as<Wrapper>()->callable;
  } else {
    function = TRY(getTypeAttribute(thread, type, specialName(Special::k__new__)));
  }
  return call(thread, function, all.values(), arguments.keywordNames);
}

Fallible<void> callInit(Thread& thread, Value instance, const Arguments& arguments) {
  Type* type = typeOf(instance);
  Value init = type->special(Special::k__init__);
  if (init.is(types.object->special(Special::k__init__)) && (type->typeFlags & Type::kDefaultInit)) return {};
  Value result;
  if (isKind(init, Kind::kBuiltin) && init.as<Builtin>()->signature == Builtin::kVariadic &&
      acceptsSelf(init.as<Builtin>(), instance)) {
    result = TRY(reinterpret_cast<NativeVariadic>(init.as<Builtin>()->function)(thread, instance, arguments));
  } else if (isKind(init, Kind::kFunction) || isKind(init, Kind::kBuiltin)) {
    PrependedArguments all;
    TRY(all.set(thread, instance, arguments));
    result = TRY(call(thread, init, all.values(), arguments.keywordNames));
  } else {
    Value bound = TRY(bindDescriptor(thread, init, instance, type));
    uint64_t count = arguments.positional + arguments.keywordCount();
    result = TRY(call(thread, bound, {arguments.first, count}, arguments.keywordNames));
  }
  if (!result.isNone()) return raiseTypeError(thread, "__init__() should return None, not '{}'", nameOf(result));
  return {};
}

}  // namespace

Fallible<Value> instantiate(Thread& thread, Type* type, const Arguments& arguments) {
  if (type == types.type) {  // type(x) asks, it does not make
    if (arguments.positional == 1 && arguments.keywordCount() == 0) return Value::of(typeOf(arguments[0]));
    if (arguments.positional == 1) return raiseTypeError(thread, "type() takes no keyword arguments");
    if (arguments.positional != 3) return raiseTypeError(thread, "type() takes 1 or 3 arguments");
  }
  if (!(type->typeFlags & Type::kInstantiable))
    return raiseTypeError(thread, "cannot create '{}' instances", nameOf(type));
  Value instance = TRY(callNew(thread, type, type->special(Special::k__new__), arguments));
  TRY(registerMade(thread, instance));
  if (!isInstanceOf(instance, type)) return instance;
  TRY(callInit(thread, instance, arguments));
  return instance;
}

// --- attributes of classes --------------------------------------------------------------------------------------------
Fallible<Value> findTypeAttribute(Thread& thread, Type* type, Str* name) {
  Value object = Value::of(type);
  Type* metatype = typeOf(object);
  Value onMeta = lookupOnType(metatype, name);
  if (!onMeta.isUnbound() && isDataDescriptor(onMeta) && !typeOf(onMeta)->special(Special::k__get__).isUnbound())
    return bindDescriptor(thread, onMeta, object, metatype);
  Value attribute = lookupOnType(type, name);
  if (!attribute.isUnbound()) {
    if (!attribute.isCell() || isKind(attribute, Kind::kFunction)) return attribute;
    if (typeOf(attribute)->special(Special::k__get__).isUnbound()) return attribute;
    return bindDescriptor(thread, attribute, Value::unbound(), type);
  }
  if (!onMeta.isUnbound()) {
    if (typeOf(onMeta)->special(Special::k__get__).isUnbound()) return onMeta;
    return bindDescriptor(thread, onMeta, object, metatype);
  }
  return Value::unbound();
}
Fallible<Value> getTypeAttribute(Thread& thread, Type* type, Str* name) {
  Value found = TRY(findTypeAttribute(thread, type, name));
  if (found.isUnbound()) return raiseNoAttribute(thread, Value::of(type), name);
  return found;
}

namespace {

Fallible<Str*> attributeName(Thread& thread, Value name) {
  Str* text = toStr(name);
  if (text == nullptr) return raiseTypeError(thread, "attribute name must be string, not '{}'", nameOf(name));
  return intern(thread, text);
}

Fallible<Value> typeGetattribute(Thread& thread, Value self, Value name) {
  return getTypeAttribute(thread, self.as<Type>(), TRY(attributeName(thread, name)));
}

Fallible<void> setOrDelete(Thread& thread, Type* type, Str* name, Value valueOrUnbound) {
  if (!(type->typeFlags & Type::kHeapType)) {
    fmt::memory_buffer buffer;
    return raiseTypeError(thread, "cannot set '{}' attribute of immutable type '{}'", textOf(name, buffer),
                          nameOf(type));
  }
  Value onMeta = lookupOnType(typeOf(Value::of(type)), name);
  if (!onMeta.isUnbound() && isDataDescriptor(onMeta))
    return genericSetAttribute(thread, Value::of(type), name, valueOrUnbound);
  if (!valueOrUnbound.isUnbound()) return setTypeAttribute(thread, type, name, valueOrUnbound);
  if (dictFindStr(type->dict, name) == nullptr) {
    fmt::memory_buffer buffer;
    return raiseFormat(thread, exceptions.AttributeError, "type object '{}' has no attribute '{}'", nameOf(type),
                       textOf(name, buffer));
  }
  return deleteTypeAttribute(thread, type, name);
}
Fallible<Value> typeSetattr(Thread& thread, Value self, Value name, Value value) {
  TRY(setOrDelete(thread, self.as<Type>(), TRY(attributeName(thread, name)), value));
  return Value::none();
}
Fallible<Value> typeDelattr(Thread& thread, Value self, Value name) {
  TRY(setOrDelete(thread, self.as<Type>(), TRY(attributeName(thread, name)), Value::unbound()));
  return Value::none();
}

Fallible<Value> typeCall(Thread& thread, Value self, const Arguments& arguments) {
  return instantiate(thread, self.as<Type>(), arguments);
}

Fallible<Value> typeNew(Thread& thread, Value self, const Arguments& arguments) {
  if (arguments.positional != 3)
    return raiseTypeError(thread, "type.__new__() takes exactly 3 arguments ({} given)", arguments.positional);
  Str* name = toStr(arguments[0]);
  if (name == nullptr)
    return raiseTypeError(thread, "type.__new__() argument 1 must be str, not {}", nameOf(arguments[0]));
  for (uint64_t i = 0; i < name->length; i++)
    if (name->at(i) == 0) return raiseValueError(thread, "type name must not contain null characters");
  Tuple* bases = toTuple(arguments[1]);
  if (bases == nullptr)
    return raiseTypeError(thread, "type.__new__() argument 2 must be tuple, not {}", nameOf(arguments[1]));
  Dict* ns = toDict(arguments[2]);
  if (ns == nullptr)
    return raiseTypeError(thread, "type.__new__() argument 3 must be dict, not {}", nameOf(arguments[2]));
  return makeClass(thread, self.as<Type>(), name, bases, ns, const_cast<Value*>(arguments.first) + 3,
                   arguments.keywordCount() == 0 ? nullptr : arguments.keywordNames);
}

Fallible<Value> typeInit(Thread& thread, Value, const Arguments& arguments) {
  if (arguments.positional == 1 && arguments.keywordCount() != 0)
    return raiseTypeError(thread, "type.__init__() takes no keyword arguments");
  if (arguments.positional != 1 && arguments.positional != 3)
    return raiseTypeError(thread, "type.__init__() takes 1 or 3 arguments");
  return Value::none();
}

Fallible<Value> typeRepr(Thread& thread, Value self) {
  Type* type = self.as<Type>();
  Value module = type->typeFlags & Type::kHeapType ? dictGetStr(type->dict, names.dunder_module) : type->module.get();
  Str* text = toStr(module);
  StrBuilder builder;
  builder.append("<class '");
  if (text != nullptr && !strEqualsUtf8(text, "builtins"))
    builder.append(text).append(".").append(type->qualname);
  else
    builder.append(type->name);
  return Value::of(TRY(builder.append("'>").build(thread)));
}

Fallible<Value> typeMro(Thread& thread, Value self) {
  Type* type = self.as<Type>();
  Tuple* bases = type->bases == nullptr ? emptyTuple() : type->bases.get();
  Tuple* order = bases->length == 0 ? type->mro.get() : TRY(linearise(thread, type, bases));
  return Value::of(TRY(makeList(thread, order->values())));
}

Fallible<Value> typeSubclasses(Thread& thread, Value self) {
  return Value::of(TRY(listSubclasses(thread, self.as<Type>())));
}

Fallible<Value> typePrepare(Thread& thread, Value, const Arguments&) { return Value::of(TRY(makeDict(thread))); }

Fallible<Value> typeInstancecheck(Thread& thread, Value self, Value object) {
  Type* type = self.as<Type>();
  if (isInstanceOf(object, type)) return Value::boolean(true);
  // A proxy may claim a class through __class__.
  Value claimed = TRY(getAttributeOrUnbound(thread, object, names.dunder_class));
  return Value::boolean(isKind(claimed, Kind::kType) && !claimed.is(Value::of(typeOf(object))) &&
                        isSubtype(claimed.as<Type>(), type));
}
Fallible<Value> typeSubclasscheck(Thread& thread, Value self, Value derived) {
  if (isKind(derived, Kind::kType)) return Value::boolean(isSubtype(derived.as<Type>(), self.as<Type>()));
  Value bases = TRY(getAttributeOrUnbound(thread, derived, names.dunder_bases));
  Tuple* tuple = bases.isUnbound() ? nullptr : toTuple(bases);
  if (tuple == nullptr) return raiseTypeError(thread, "issubclass() arg 1 must be a class");
  for (uint64_t i = 0; i < tuple->length; i++)
    if (TRY(typeSubclasscheck(thread, self, tuple->items[i])).isTrue()) return Value::boolean(true);
  return Value::boolean(false);
}

Fallible<Value> typeDir(Thread& thread, Value self) {
  Type* type = self.as<Type>();
  Dict* all = TRY(makeDict(thread));
  for (uint64_t i = type->mro->length; i-- > 0;)
    TRY(dictUpdate(thread, all, Value::of(type->mro->items[i].get().as<Type>()->dict.get())));
  return Value::of(TRY(listFromIterable(thread, Value::of(all))));
}

Fallible<Value> typeOr(Thread& thread, Value self, Value other) { return makeUnion(thread, self, other); }
Fallible<Value> typeRor(Thread& thread, Value self, Value other) { return makeUnion(thread, other, self); }
Fallible<Value> typeSizeof(Thread& thread, Value self) {
  // A static structure, or one with the table of attribute names that instances share.
  constexpr int64_t kStatic = 424, kSharedNames = 768;
  const Type* type = self.as<Type>();
  if (!(type->typeFlags & Type::kHeapType)) return makeInt(thread, kStatic);
  bool shares = structSizeOf(type).dictionary < -8;
  return makeInt(thread, structSizeOf(types.type).basic + (shares ? kSharedNames : 0));
}

// --- getters and setters ----------------------------------------------------------------------------------------------
Fallible<void> checkAssignable(Thread& thread, Type* type, const char* attribute, Value valueOrUnbound) {
  if (!(type->typeFlags & Type::kHeapType))
    return raiseTypeError(thread, "cannot set '{}' attribute of immutable type '{}'", attribute, nameOf(type));
  if (valueOrUnbound.isUnbound())
    return raiseTypeError(thread, "cannot delete '{}' attribute of immutable type '{}'", attribute, nameOf(type));
  return {};
}

Fallible<Value> getName(Thread&, Value self) { return Value::of(self.as<Type>()->name.get()); }
Fallible<void> setName(Thread& thread, Value self, Value value) {
  Type* type = self.as<Type>();
  TRY(checkAssignable(thread, type, "__name__", value));
  Str* text = toStr(value);
  if (text == nullptr)
    return raiseTypeError(thread, "can only assign string to {}.__name__, not '{}'", nameOf(type), nameOf(value));
  for (uint64_t i = 0; i < text->length; i++)
    if (text->at(i) == 0) return raiseValueError(thread, "type name must not contain null characters");
  type->name = text;
  return {};
}
Fallible<Value> getQualname(Thread&, Value self) { return Value::of(self.as<Type>()->qualname.get()); }
Fallible<void> setQualname(Thread& thread, Value self, Value value) {
  Type* type = self.as<Type>();
  TRY(checkAssignable(thread, type, "__qualname__", value));
  Str* text = toStr(value);
  if (text == nullptr)
    return raiseTypeError(thread, "can only assign string to {}.__qualname__, not '{}'", nameOf(type), nameOf(value));
  type->qualname = text;
  return {};
}
Fallible<Value> getModule(Thread& thread, Value self) {
  Type* type = self.as<Type>();
  Value module = type->typeFlags & Type::kHeapType ? dictGetStr(type->dict, names.dunder_module) : type->module.get();
  if (module.isUnbound()) return raiseWithArgument(thread, exceptions.AttributeError, Value::of(names.dunder_module));
  return module;
}
Fallible<void> setModule(Thread& thread, Value self, Value value) {
  TRY(checkAssignable(thread, self.as<Type>(), "__module__", value));
  return setTypeAttribute(thread, self.as<Type>(), names.dunder_module, value);
}
Fallible<Value> getDoc(Thread& thread, Value self) {
  Type* type = self.as<Type>();
  Value doc = dictGetStr(type->dict, names.dunder_doc);
  if (doc.isUnbound()) return Value::none();
  if (typeOf(doc)->special(Special::k__get__).isUnbound()) return doc;
  return bindDescriptor(thread, doc, Value::unbound(), type);
}
Fallible<void> setDoc(Thread& thread, Value self, Value value) {
  TRY(checkAssignable(thread, self.as<Type>(), "__doc__", value));
  return setTypeAttribute(thread, self.as<Type>(), names.dunder_doc, value);
}
Fallible<Value> getBases(Thread&, Value self) {
  Tuple* bases = self.as<Type>()->bases;
  return Value::of(bases == nullptr ? emptyTuple() : bases);
}
Fallible<Value> getMro(Thread&, Value self) { return Value::of(self.as<Type>()->mro.get()); }
Fallible<Value> getBase(Thread&, Value self) {
  Type* base = self.as<Type>()->base;
  return base == nullptr ? Value::none() : Value::of(base);
}
Fallible<Value> getDict(Thread& thread, Value self) {
  return makeMappingProxy(thread, Value::of(self.as<Type>()->dict.get()));
}
Fallible<Value> getAnnotations(Thread& thread, Value self) {
  Type* type = self.as<Type>();
  if (!(type->typeFlags & Type::kHeapType)) return raiseNoAttribute(thread, self, names.dunder_annotations);
  Value annotations = dictGetStr(type->dict, names.dunder_annotations);
  if (!annotations.isUnbound()) {
    if (typeOf(annotations)->special(Special::k__get__).isUnbound()) return annotations;
    return bindDescriptor(thread, annotations, Value::unbound(), type);
  }
  annotations = Value::of(TRY(makeDict(thread)));
  TRY(setTypeAttribute(thread, type, names.dunder_annotations, annotations));
  return annotations;
}
Fallible<void> setAnnotations(Thread& thread, Value self, Value value) {
  Type* type = self.as<Type>();
  if (!(type->typeFlags & Type::kHeapType))
    return raiseTypeError(thread, "cannot set '__annotations__' attribute of immutable type '{}'", nameOf(type));
  if (!value.isUnbound()) return setTypeAttribute(thread, type, names.dunder_annotations, value);
  if (dictFindStr(type->dict, names.dunder_annotations) == nullptr)
    return raiseWithArgument(thread, exceptions.AttributeError, Value::of(names.dunder_annotations));
  return deleteTypeAttribute(thread, type, names.dunder_annotations);
}

Fallible<Value> getAbstractMethods(Thread& thread, Value self) {
  Type* type = self.as<Type>();
  Value methods = type == types.type ? Value::unbound() : dictGetStr(type->dict, names.dunder_abstractmethods);
  if (methods.isUnbound())
    return raiseWithArgument(thread, exceptions.AttributeError, Value::of(names.dunder_abstractmethods));
  return methods;
}
Fallible<void> setAbstractMethods(Thread& thread, Value self, Value value) {
  Type* type = self.as<Type>();
  bool abstract = false;
  if (!value.isUnbound()) {
    abstract = TRY(isTrue(thread, value));
    TRY(setTypeAttribute(thread, type, names.dunder_abstractmethods, value));
  } else {
    if (dictFindStr(type->dict, names.dunder_abstractmethods) == nullptr)
      return raiseWithArgument(thread, exceptions.AttributeError, Value::of(names.dunder_abstractmethods));
    TRY(deleteTypeAttribute(thread, type, names.dunder_abstractmethods));
  }
  type->typeFlags = abstract ? type->typeFlags | Type::kAbstract : type->typeFlags & ~Type::kAbstract;
  return {};
}

// New orders for the class and everything below, all or nothing.
Fallible<void> relinearise(Thread& thread, Type* type) {
  type->mro = TRY(computeMro(thread, type, type->bases));
  List* subclasses = TRY(listSubclasses(thread, type));
  for (uint64_t i = 0; i < subclasses->length; i++) TRY(relinearise(thread, subclasses->storage->slots[i].as<Type>()));
  return {};
}

Fallible<void> setBases(Thread& thread, Value self, Value value) {
  Type* type = self.as<Type>();
  TRY(checkAssignable(thread, type, "__bases__", value));
  Tuple* bases = toTuple(value);
  if (bases == nullptr)
    return raiseTypeError(thread, "can only assign tuple to {}.__bases__, not {}", nameOf(type), nameOf(value));
  if (bases->length == 0)
    return raiseTypeError(thread, "can only assign non-empty tuple to {}.__bases__, not ()", nameOf(type));
  for (uint64_t i = 0; i < bases->length; i++) {
    Value base = bases->items[i];
    if (!isKind(base, Kind::kType))
      return raiseTypeError(thread, "{}.__bases__ must be tuple of classes, not '{}'", nameOf(type), nameOf(base));
    bool isCycle = isSubtype(base.as<Type>(), type);
    // While an mro() is running, the bases may know more than the order does.
    for (const Type* t = base.as<Type>(); t != nullptr && !isCycle; t = t->base) isCycle = t == type;
    if (isCycle) return raiseTypeError(thread, "a __bases__ item causes an inheritance cycle");
  }
  Type* base = TRY(bestBase(thread, bases));
  if ((base->typeFlags ^ type->base->typeFlags) & Type::kHeapType)
    return raiseTypeError(thread, "__bases__ assignment: '{}' deallocator differs from '{}'", nameOf(base),
                          nameOf(type->base));
  auto layoutOf = [](const Type* t) { return std::tuple(t->instanceKind, t->payloadKind, t->slotCount); };
  if (layoutOf(base) != layoutOf(type->base) &&
      !(base->instanceKind == Kind::kInstance && base->payloadKind == type->base->payloadKind &&
        base->slotCount == type->base->slotCount))
    return raiseTypeError(thread, "__bases__ assignment: '{}' object layout differs from '{}'", nameOf(base),
                          nameOf(type->base));
  Tuple* oldBases = type->bases;
  Type* oldBase = type->base;
  type->bases = bases;
  type->base = base;
  if (relinearise(thread, type).isRaised()) {
    if (type->bases.get() != bases) return Raised{};
    Value error = takeException(thread);
    type->bases = oldBases;
    type->base = oldBase;
    TRY(relinearise(thread, type));
    thread.exception = error;
    return Raised{};
  }
  if (type->bases.get() != bases) return {};  // an mro() has assigned others meanwhile
  for (uint64_t i = 0; i < oldBases->length; i++) removeSubclass(oldBases->items[i].get().as<Type>(), type);
  for (uint64_t i = 0; i < bases->length; i++) TRY(addSubclass(thread, bases->items[i].get().as<Type>(), type));
  bool hadFinaliser = !type->special(Special::k__del__).isUnbound();
  refreshSpecialMethods(type);
  invalidateLookups(type);
  if (!hadFinaliser && !type->special(Special::k__del__).isUnbound()) TRY(registerInstances(thread, type));
  return {};
}

// CPython's Py_TPFLAGS bits, for inspect and pickle.
Fallible<Value> getFlags(Thread& thread, Value self) {
  Type* type = self.as<Type>();
  int64_t flags = (1 << 12) | (1 << 18);  // ready, has a version tag
  if (type->typeFlags & Type::kHeapType)
    flags |= (1 << 9) | (1 << 14);
  else
    flags |= 1 << 8;
  if (type->typeFlags & Type::kBaseType) flags |= 1 << 10;
  if (type->typeFlags & Type::kAbstract) flags |= 1 << 20;
  if (type->typeFlags & Type::kSequencePattern) flags |= 1 << 5;
  if (type->typeFlags & Type::kMappingPattern) flags |= 1 << 6;
  Type* const families[] = {
      types.int_, types.list, types.tuple, types.bytes, types.str, types.dict, exceptions.BaseException, types.type};
  for (unsigned i = 0; i < std::size(families); i++)
    if (isSubtype(type, families[i])) flags |= int64_t{1} << (24 + i);
  return makeInt(thread, flags);
}
Fallible<Value> getBasicsize(Thread&, Value self) { return Value::inlineInt(structSizeOf(self.as<Type>()).basic); }
Fallible<Value> getItemsize(Thread&, Value self) { return Value::inlineInt(structSizeOf(self.as<Type>()).item); }
Fallible<Value> getDictoffset(Thread&, Value self) {
  return Value::inlineInt(structSizeOf(self.as<Type>()).dictionary);
}
Fallible<Value> getWeakrefoffset(Thread&, Value self) {
  int32_t offset = structSizeOf(self.as<Type>()).weakrefs;
  bool isListed = offset != 0 || !(self.as<Type>()->typeFlags & Type::kHasWeakref);
  return Value::inlineInt(isListed ? offset : 16);
}
Fallible<Value> getSignature(Thread& thread, Value self) {
  const char* text = signatureOf(self.as<Type>());
  return text == nullptr ? Value::none() : Value::of(TRY(makeStr(thread, text)));
}

}  // namespace

void initialiseType(Thread& thread) {
  TypeBuilder(thread, types.type)
      .flags(Type::kBaseType | Type::kHasWeakref)
      .constructor(typeNew)
      .special("__repr__", typeRepr)
      .specialVariadic("__call__", typeCall)
      .special("__getattribute__", typeGetattribute)
      .special("__setattr__", typeSetattr)
      .special("__delattr__", typeDelattr)
      .specialVariadic("__init__", typeInit)
      .special("__or__", typeOr)
      .special("__ror__", typeRor)
      .method("mro", typeMro)
      .method("__subclasses__", typeSubclasses)
      .classMethod("__prepare__", typePrepare)
      .method("__instancecheck__", typeInstancecheck)
      .method("__subclasscheck__", typeSubclasscheck)
      .method("__dir__", typeDir)
      .method("__sizeof__", typeSizeof)
      .getter("__basicsize__", getBasicsize, refuseAssignment)
      .getter("__itemsize__", getItemsize, refuseAssignment)
      .getter("__flags__", getFlags, refuseAssignment)
      .getter("__weakrefoffset__", getWeakrefoffset, refuseAssignment)
      .getter("__base__", getBase, refuseAssignment)
      .getter("__dictoffset__", getDictoffset, refuseAssignment)
      .getter("__mro__", getMro, refuseAssignment)
      .getter("__name__", getName, setName)
      .getter("__qualname__", getQualname, setQualname)
      .getter("__bases__", getBases, setBases)
      .getter("__module__", getModule, setModule)
      .getter("__abstractmethods__", getAbstractMethods, setAbstractMethods)
      .getter("__dict__", getDict)
      .getter("__doc__", getDoc, setDoc)
      .getter("__text_signature__", getSignature)
      .getter("__annotations__", getAnnotations, setAnnotations)
      .build();
}

}  // namespace krait
