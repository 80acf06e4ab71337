// Module _collections: defaultdict, namedtuple's attribute, counting; deque and OrderedDict have files of their own.
#include "vm/builtins/descriptors.h"
#include "vm/builtins/dict_places.h"
#include "vm/builtins/functions.h"
#include "vm/builtins/generic_alias.h"
#include "vm/builtins/int.h"
#include "vm/builtins/iterators_internal.h"
#include "vm/builtins/module.h"
#include "vm/builtins/str.h"
#include "vm/builtins/tuple.h"
#include "vm/builtins/type_internal.h"
#include "vm/modules/deque.h"
#include "vm/modules/ordered_dict.h"
#include "vm/modules/registry.h"
#include "vm/names.h"

namespace krait {
namespace {

Fallible<Value> pack(Thread& thread, std::initializer_list<Value> items) {
  return Value::of(TRY(makeTuple(thread, items)));
}

// --- defaultdict -----------------------------------------------------------------------------------------------------
// A dict whose first slot is the factory.

Type* defaultDictType;

Value factoryOf(Value self) {
  Value factory = slotValue(self.asCell(), 0);
  return factory.isUnbound() ? Value::none() : factory;
}
Fallible<Value> getFactory(Thread&, Value self) { return factoryOf(self); }
Fallible<void> setFactory(Thread& thread, Value self, Value valueOrUnbound) {
  return setSlotValue(thread, self.asCell(), 0, valueOrUnbound);
}

Fallible<Value> defaultDictInit(Thread& thread, Value self, const Arguments& arguments) {
  Arguments rest = arguments;
  Value factory = Value::none();
  if (arguments.positional > 0) {
    factory = arguments[0];
    if (!factory.isNone() && !isCallable(factory))
      return raiseTypeError(thread, "first argument must be callable or None");
    rest.first++;
    rest.positional--;
  }
  TRY(setFactory(thread, self, factory));
  Value init = types.dict->special(Special::k__init__);
  return reinterpret_cast<NativeVariadic>(init.as<Builtin>()->function)(thread, self, rest);
}

Fallible<Value> defaultDictMissing(Thread& thread, Value self, Value key) {
  Value factory = factoryOf(self);
  if (factory.isNone()) return raiseWithArgument(thread, exceptions.KeyError, key);
  Value value = TRY(call(thread, factory));
  TRY(setItem(thread, self, key, value));
  return value;
}

Fallible<Value> defaultDictRepr(Thread& thread, Value self) {
  Value show = types.dict->special(Special::k__repr__);
  Value content = TRY(callSpecial(thread, show, self)), factory = factoryOf(self);
  StrBuilder text;
  text.append(typeOf(self)->name).append("(");
  {
    ReprGuard guard(thread, factory);
    if (guard.entered())
      text.append(TRY(repr(thread, factory)));
    else
      text.append("...");
  }
  text.append(", ").append(toStr(content)).append(")");
  return Value::of(TRY(text.build(thread)));
}

Fallible<Value> defaultDictCopy(Thread& thread, Value self) {
  return call(thread, Value::of(typeOf(self)), factoryOf(self), self);
}

Fallible<Value> defaultDictReduce(Thread& thread, Value self) {
  Value factory = factoryOf(self), none = Value::none();
  Value arguments = factory.isNone() ? Value::of(emptyTuple()) : TRY(pack(thread, {factory}));
  Value items = TRY(iterate(thread, TRY(callMethod(thread, self, names.items, {}))));
  return pack(thread, {Value::of(typeOf(self)), arguments, none, none, items});
}

Fallible<Value> unite(Thread& thread, Value self, Value left, Value right) {
  if (!isKind(left, Kind::kDict) || !isKind(right, Kind::kDict)) return Value::notImplemented();
  Value result = TRY(call(thread, Value::of(typeOf(self)), factoryOf(self), left));
  if (!isKind(result, Kind::kDict)) return raiseTypeError(thread, "a dict is required, not '{}'", nameOf(result));
  TRY(dictUpdate(thread, result.as<Dict>(), right));
  return result;
}
Fallible<Value> defaultDictOr(Thread& thread, Value self, Value other) { return unite(thread, self, self, other); }
Fallible<Value> defaultDictReflectedOr(Thread& thread, Value self, Value other) {
  return unite(thread, self, other, self);
}

void declareDefaultDict(Thread& thread) {
  TypeBuilder builder(thread, "defaultdict", types.dict, Kind::kDict);
  builder.module("collections")
      .flags(Type::kBaseType | Type::kInstantiable)
      .doc(
          "defaultdict(default_factory=None, /, ...): a dict in which a missing key gets what default_factory() "
          "returns.")
      .specialVariadic("__init__", defaultDictInit)
      .special("__repr__", defaultDictRepr)
      .special("__or__", defaultDictOr)
      .special("__ror__", defaultDictReflectedOr)
      .method("__missing__", defaultDictMissing)
      .method("copy", defaultDictCopy)
      .method("__copy__", defaultDictCopy)
      .method("__reduce__", defaultDictReduce)
      .getter("default_factory", getFactory, setFactory)
      .classMethod("__class_getitem__", classGetItemAlias);
  defaultDictType = builder.build();
  defaultDictType->slotCount = 1;
  defaultDictType->instanceShape = startUp(makeRootShape(thread, defaultDictType, 0));
}

// --- _tuplegetter: an attribute of a namedtuple ----------------------------------------------------------------------

struct TupleGetter : NativeObject {
  Field<Value> doc;
  int64_t index;
};
void traceGetter(Cell* cell, Marker& marker) { marker.mark(static_cast<TupleGetter*>(cell)->doc); }
constexpr NativeTraits kGetterTraits{"_collections._tuplegetter", traceGetter, nullptr};

Fallible<Value> getterNew(Thread& thread, Value self, const Arguments& arguments) {
  TRY(arguments.noKeywords(thread, "_tuplegetter"));
  TRY(arguments.count(thread, "_tuplegetter", 2, 2));
  int64_t index = TRY(indexAsInt64(thread, arguments[0], exceptions.OverflowError));
  auto* getter = TRY(allocate<TupleGetter>(thread, Kind::kNative, self.as<Type>()->instanceShape));
  getter->traits = &kGetterTraits;
  getter->index = index;
  getter->doc.set(arguments[1]);
  return Value::of(getter);
}

Fallible<Value> getterGet(Thread& thread, Value self, Value instance, Value) {
  auto* getter = self.as<TupleGetter>();
  const Tuple* tuple = toTuple(instance);
  if (tuple == nullptr) {
    if (instance.isNone() || instance.isUnbound()) return self;
    return raiseTypeError(thread, "descriptor for index '{}' for tuple subclasses doesn't apply to '{}' object",
                          getter->index, nameOf(instance));
  }
  if (static_cast<uint64_t>(getter->index) >= tuple->length)
    return raise(thread, exceptions.IndexError, "tuple index out of range");
  return tuple->items[getter->index].get();
}
Fallible<Value> getterSet(Thread& thread, Value, Value, Value) {
  return raise(thread, exceptions.AttributeError, "can't set attribute");
}
Fallible<Value> getterDelete(Thread& thread, Value, Value) {
  return raise(thread, exceptions.AttributeError, "can't delete attribute");
}
Fallible<Value> getterReduce(Thread& thread, Value self) {
  auto* getter = self.as<TupleGetter>();
  Value arguments = TRY(pack(thread, {TRY(makeInt(thread, getter->index)), getter->doc}));
  return pack(thread, {Value::of(typeOf(self)), arguments});
}
Fallible<Value> getterRepr(Thread& thread, Value self) {
  auto* getter = self.as<TupleGetter>();
  StrBuilder text;
  text.append("_tuplegetter(").append(std::to_string(getter->index)).append(", ");
  text.append(TRY(repr(thread, getter->doc))).append(")");
  return Value::of(TRY(text.build(thread)));
}
Fallible<Value> getterDoc(Thread&, Value self) { return self.as<TupleGetter>()->doc.get(); }
Fallible<void> setGetterDoc(Thread&, Value self, Value valueOrUnbound) {
  self.as<TupleGetter>()->doc.set(valueOrUnbound.isUnbound() ? Value::none() : valueOrUnbound);
  return {};
}

Type* declareTupleGetter(Thread& thread) {
  return TypeBuilder(thread, "_tuplegetter", types.object, Kind::kNative)
      .module("_collections")
      .constructor(getterNew)
      .special("__get__", getterGet, 1)
      .special("__set__", getterSet)
      .special("__delete__", getterDelete)
      .special("__repr__", getterRepr)
      .method("__reduce__", getterReduce)
      .getter("__doc__", getterDoc, setGetterDoc)
      .build();
}

// --- _count_elements -------------------------------------------------------------------------------------------------

// Whether get and __setitem__ of this mapping are dict's own.
bool countsAsDict(Value mapping, Str* get) {
  if (!isKind(mapping, Kind::kDict)) return false;
  const Type* type = typeOf(mapping);
  return lookupOnType(type, get).is(lookupOnType(types.dict, get)) &&
         type->special(Special::k__setitem__).is(types.dict->special(Special::k__setitem__));
}

Fallible<Value> countElements(Thread& thread, Value, const Arguments& arguments) {
  TRY(arguments.noKeywords(thread, "_collections._count_elements"));
  TRY(arguments.count(thread, "_count_elements", 2, 2));
  Value mapping = arguments[0], one = Value::inlineInt(1);
  if (countsAsDict(mapping, names.get)) {
    Dict* dict = mapping.as<Dict>();
    TRY(forEach(thread, arguments[1], [&](Value element) -> Fallible<bool> {
      int64_t elementHash = TRY(hash(thread, element));
      DictEntry* entry = TRY(dictFindHashed(thread, dict, element, elementHash)).entry;
      Value before = entry == nullptr ? Value::unbound() : entry->value.get();
      if (before.isInlineInt()) {
        entry->value = TRY(makeInt(thread, before.asInlineInt() + 1));
        return true;
      }
      Value after = one;
      if (entry != nullptr) after = TRY(binaryOperation(thread, BinaryOperator::kAdd, before, one));
      TRY(dictSetHashed(thread, dict, element, elementHash, after));
      return true;
    }));
    return Value::none();
  }
  Value get = TRY(getAttribute(thread, mapping, names.get));
  TRY(forEach(thread, arguments[1], [&](Value element) -> Fallible<bool> {
    Value before = TRY(call(thread, get, element, Value::inlineInt(0)));
    TRY(setItem(thread, mapping, element, TRY(binaryOperation(thread, BinaryOperator::kAdd, before, one))));
    return true;
  }));
  return Value::none();
}

}  // namespace

Module* moduleCollections(Thread& thread) {
  declareDeque(thread);
  declareDefaultDict(thread);
  Type* getter = declareTupleGetter(thread);
  ModuleBuilder builder(thread, "_collections", "What collections is built from: deque, defaultdict, OrderedDict.");
  return builder.constant("OrderedDict", Value::of(declareOrderedDict(thread)))
      .constant("deque", Value::of(dequeType))
      .constant("defaultdict", Value::of(defaultDictType))
      .constant("_deque_iterator", Value::of(moduleIteratorType(IteratorCode::kDeque)))
      .constant("_deque_reverse_iterator", Value::of(moduleIteratorType(IteratorCode::kDequeReverse)))
      .constant("_tuplegetter", Value::of(getter))
      .variadic("_count_elements", countElements)
      .build();
}

}  // namespace krait
