// The classes of functions written in C++: len, [].append, list.append, int.__add__, (1).__add__, dict.fromkeys.
#include <bit>

#include "vm/builtins/builtin.h"
#include "vm/builtins/descriptors.h"
#include "vm/builtins/dict.h"
#include "vm/builtins/function.h"
#include "vm/builtins/int.h"
#include "vm/builtins/module.h"
#include "vm/builtins/signatures.h"
#include "vm/builtins/str.h"
#include "vm/builtins/tuple.h"
#include "vm/builtins/type_internal.h"
#include "vm/names.h"
#include "vm/runtime.h"

namespace krait {
namespace {

// A bound built-in method is a Method cell over its descriptor, shown as what CPython has: builtin_function_or_method.
// That class so has two layouts and two shapes; the second is kept where instances of other classes have their
// dictionary shape.
Fallible<Shape*> boundShape(Thread& thread) {
  Type* type = types.builtinFunction;
  if (type->dictionaryShape == nullptr) type->dictionaryShape = TRY(makeRootShape(thread, type, 0));
  return type->dictionaryShape.get();
}

Builtin* builtinOf(Value self) {
  return isKind(self, Kind::kMethod) ? self.as<Method>()->function.get().as<Builtin>() : self.as<Builtin>();
}
Value receiverOf(Value self) {
  if (isKind(self, Kind::kMethod)) return self.as<Method>()->self;
  return self.as<Builtin>()->self;
}
uint64_t addressOf(Value v) { return v.isCell() ? v.bits() - 1 : v.bits(); }

// --- len, [].append ---------------------------------------------------------------------------------------------------
Fallible<Value> functionRepr(Thread& thread, Value self) {
  Value receiver = receiverOf(self);
  StrBuilder builder;
  if (receiver.isUnbound() || isKind(receiver, Kind::kModule)) {
    builder.append("<built-in function ").append(builtinOf(self)->name).append(">");
  } else {
    builder.append("<built-in method ").append(builtinOf(self)->name).append(" of ");
    builder.append(fmt::format("{} object at {:#x}>", nameOf(receiver), addressOf(receiver)));
  }
  return Value::of(TRY(builder.build(thread)));
}

Fallible<Value> functionHash(Thread& thread, Value self) {
  uint64_t bits = addressOf(self);
  if (isKind(self, Kind::kMethod))
    bits = addressOf(self.as<Method>()->function) ^ std::rotl(addressOf(receiverOf(self)), 7);
  int64_t hash = static_cast<int64_t>(std::rotr(bits, 4));
  return makeInt(thread, hash == -1 ? -2 : hash);
}
Fallible<Value> functionEqual(Thread&, Value self, Value other) {
  if (typeOf(other) != typeOf(self)) return Value::notImplemented();
  if (self.is(other)) return Value::boolean(true);
  if (!isKind(self, Kind::kMethod) || !isKind(other, Kind::kMethod)) return Value::boolean(false);
  return Value::boolean(self.as<Method>()->function.get().is(other.as<Method>()->function) &&
                        self.as<Method>()->self.get().is(other.as<Method>()->self));
}
Fallible<Value> functionNotEqual(Thread& thread, Value self, Value other) {
  Value equal = TRY(functionEqual(thread, self, other));
  return equal.isNotImplemented() ? equal : Value::boolean(!equal.isTrue());
}

Fallible<Value> functionCall(Thread& thread, Value self, const Arguments& arguments) {
  if (!isKind(self, Kind::kMethod)) return callBuiltin(thread, self.as<Builtin>(), arguments);
  PrependedArguments all;
  TRY(all.set(thread, receiverOf(self), arguments));
  return callBuiltin(thread, builtinOf(self), {all.values().data(), arguments.positional + 1, arguments.keywordNames});
}

Fallible<Value> getName(Thread&, Value self) { return Value::of(builtinOf(self)->name.get()); }
Fallible<Value> functionQualname(Thread& thread, Value self) {
  Builtin* b = builtinOf(self);
  Value owner = receiverOf(self);
  if (owner.isUnbound() || isKind(owner, Kind::kModule)) return Value::of(b->name.get());
  Type* type = isKind(owner, Kind::kType) ? owner.as<Type>() : typeOf(owner);
  StrBuilder builder;
  builder.append(type->qualname).append(".").append(b->name);
  return Value::of(TRY(builder.build(thread)));
}
Fallible<Value> functionModule(Thread&, Value self) {
  if (isKind(self, Kind::kMethod) || isKind(self.as<Builtin>()->owner, Kind::kType)) return Value::none();
  Value module = self.as<Builtin>()->owner, receiver = self.as<Builtin>()->self;
  if (!module.isUnbound()) return module;
  // A function that a C++ class made for one of its objects belongs to no module.
  if (!receiver.isUnbound() && isKind(receiver, Kind::kNative)) return Value::none();
  return Value::of(names.builtins);
}
// The functions that every program sees are registered before their module's name matters.
bool functionIsGlobal(Value self) {
  return isKind(self, Kind::kBuiltin) && self.as<Builtin>()->owner.get().isUnbound() &&
         runtime.builtinsModule != nullptr;
}
Fallible<Value> functionSelf(Thread&, Value self) {
  Value receiver = receiverOf(self);
  if (receiver.isUnbound() && functionIsGlobal(self)) return Value::of(runtime.builtinsModule);
  return receiver.isUnbound() ? Value::none() : receiver;
}
Fallible<Value> getSignature(Thread& thread, Value self) {
  const char* text = signatureOf(builtinOf(self));
  return text == nullptr ? Value::none() : Value::of(TRY(makeStr(thread, text)));
}
// Where there is no text of its own, how it is called: "len(obj, /)".
Fallible<Value> getDoc(Thread& thread, Value self) {
  Builtin* b = builtinOf(self);
  if (!b->doc.get().isNone()) return b->doc.get();
  const char* signature = signatureOf(b);
  if (signature == nullptr) return Value::none();
  std::string text = signature;
  if (text.starts_with("($")) {  // the first parameter is bound
    size_t end = text.find_first_of(",)");
    text.erase(1, text[end] == ',' ? end + 1 : end - 1);
    if (text.starts_with("( /, ")) text.erase(1, 4);
    if (text == "( /)") text = "()";
    if (text.starts_with("( ")) text.erase(1, 1);
  }
  return Value::of(TRY(makeStr(thread, strToUtf8(b->name) + text)));
}

Fallible<Value> reduceAttribute(Thread& thread, Value holder, Str* name) {
  Value getattr = dictGetStr(runtime.builtins, TRY(intern(thread, "getattr")));
  Value arguments = Value::of(TRY(makeTuple(thread, {holder, Value::of(name)})));
  return Value::of(TRY(makeTuple(thread, {getattr, arguments})));
}
Fallible<Value> functionReduce(Thread& thread, Value self) {
  Value receiver = receiverOf(self);
  if (receiver.isUnbound() || isKind(receiver, Kind::kModule)) return Value::of(builtinOf(self)->name.get());
  return reduceAttribute(thread, receiver, builtinOf(self)->name);
}

// --- list.append, int.__add__, dict.fromkeys --------------------------------------------------------------------------
Fallible<Value> descriptorRepr(Thread& thread, Value self) {
  Builtin* b = self.as<Builtin>();
  StrBuilder builder;
  builder.append(b->face == Builtin::kSlotWrapper ? "<slot wrapper '" : "<method '").append(b->name);
  builder.append("' of '").append(nameOf(b->owner.get().as<Type>())).append("' objects>");
  return Value::of(TRY(builder.build(thread)));
}
Fallible<Value> descriptorCall(Thread& thread, Value self, const Arguments& arguments) {
  return callBuiltin(thread, self.as<Builtin>(), arguments);
}
Fallible<Value> descriptorOwner(Thread&, Value self) { return self.as<Builtin>()->owner.get(); }
Fallible<Value> descriptorQualname(Thread& thread, Value self) {
  Builtin* b = self.as<Builtin>();
  StrBuilder builder;
  builder.append(b->owner.get().as<Type>()->qualname).append(".").append(b->name);
  return Value::of(TRY(builder.build(thread)));
}
Fallible<Value> descriptorReduce(Thread& thread, Value self) {
  return reduceAttribute(thread, self.as<Builtin>()->owner, self.as<Builtin>()->name);
}

void declareDescriptor(Thread& thread, Type** place, const char* name) {
  TypeBuilder builder(thread, name, types.object, Kind::kBuiltin);
  if (place != &types.classMethodDescriptor) builder.method("__reduce__", descriptorReduce);
  *place = builder.special("__repr__", descriptorRepr)
               .specialVariadic("__call__", descriptorCall)
               .special("__get__", descriptorGet, 1)
               .getter("__objclass__", descriptorOwner, refuseAssignment)
               .getter("__name__", getName, refuseAssignment)
               .getter("__doc__", getDoc)
               .getter("__qualname__", descriptorQualname)
               .getter("__text_signature__", getSignature)
               .build();
}

// --- (1).__add__ ------------------------------------------------------------------------------------------------------
Fallible<Value> wrapperRepr(Thread& thread, Value self) {
  Value receiver = receiverOf(self);
  StrBuilder builder;
  builder.append("<method-wrapper '").append(builtinOf(self)->name).append("' of ");
  builder.append(fmt::format("{} object at {:#x}>", nameOf(receiver), addressOf(receiver)));
  return Value::of(TRY(builder.build(thread)));
}
Fallible<Value> wrapperOwner(Thread&, Value self) { return builtinOf(self)->owner.get(); }

}  // namespace

Fallible<Value> makeMethod(Thread& thread, Value function, Value self) {
  const Shape* shape = types.method->instanceShape;
  if (isKind(function, Kind::kBuiltin)) {
    shape = function.as<Builtin>()->face == Builtin::kSlotWrapper ? types.methodWrapper->instanceShape.get()
                                                                  : TRY(boundShape(thread));
  }
  auto* m = TRY(allocate<Method>(thread, Kind::kMethod, shape));
  m->function = function;
  m->self = self;
  return Value::of(m);
}

void initialiseBuiltinFunctions(Thread& thread) {
  types.builtinFunction = TypeBuilder(thread, "builtin_function_or_method", types.object, Kind::kBuiltin)
                              .flags(Type::kHasWeakref)
                              .special("__repr__", functionRepr)
                              .special("__hash__", functionHash)
                              .specialVariadic("__call__", functionCall)
                              .special("__eq__", functionEqual)
                              .special("__ne__", functionNotEqual)
                              .special("__lt__", objectUnordered)
                              .special("__le__", objectUnordered)
                              .special("__gt__", objectUnordered)
                              .special("__ge__", objectUnordered)
                              .method("__reduce__", functionReduce)
                              .getter("__module__", functionModule)
                              .getter("__doc__", getDoc)
                              .getter("__name__", getName)
                              .getter("__qualname__", functionQualname)
                              .getter("__self__", functionSelf)
                              .getter("__text_signature__", getSignature)
                              .build();
  declareDescriptor(thread, &types.methodDescriptor, "method_descriptor");
  declareDescriptor(thread, &types.slotWrapper, "wrapper_descriptor");
  declareDescriptor(thread, &types.classMethodDescriptor, "classmethod_descriptor");
  types.methodWrapper = TypeBuilder(thread, "method-wrapper", types.object, Kind::kMethod)
                            .special("__repr__", wrapperRepr)
                            .special("__hash__", functionHash)
                            .specialVariadic("__call__", functionCall)
                            .special("__eq__", functionEqual)
                            .special("__ne__", functionNotEqual)
                            .special("__lt__", objectUnordered)
                            .special("__le__", objectUnordered)
                            .special("__gt__", objectUnordered)
                            .special("__ge__", objectUnordered)
                            .method("__reduce__", functionReduce)
                            .getter("__self__", functionSelf)
                            .getter("__objclass__", wrapperOwner)
                            .getter("__name__", getName)
                            .getter("__qualname__", functionQualname)
                            .getter("__doc__", getDoc)
                            .getter("__text_signature__", getSignature)
                            .build();
}

}  // namespace krait
