// object.__reduce_ex__ and __getstate__: the constructor's arguments, the attributes, the slots, the items.
#include "vm/builtins/object_reduce.h"

#include "vm/builtins/dict.h"
#include "vm/builtins/function.h"
#include "vm/builtins/interned.h"
#include "vm/builtins/list.h"
#include "vm/builtins/module.h"
#include "vm/builtins/str.h"
#include "vm/builtins/struct_sizes.h"
#include "vm/builtins/tuple.h"
#include "vm/builtins/type_internal.h"
#include "vm/import.h"
#include "vm/names.h"
#include "vm/runtime.h"

namespace krait {
namespace {

Fallible<Value> fromCopyreg(Thread& thread, const char* function) {
  static Str* const name = startUp(internForever(thread, "copyreg"));
  Value module = dictGetStr(runtime.modules, name);
  if (isKind(module, Kind::kModule)) {  // once it is there nothing else needs asking
    Value found = dictGetStr(module.as<Module>()->dict, TRY(intern(thread, function)));
    if (!found.isUnbound()) return found;
  }
  module = TRY(importModule(thread, name));
  return getAttribute(thread, module, function);
}

KRAIT_COLD Raised raiseCannotPickle(Thread& thread, const Type* type) {
  return raiseTypeError(thread, "cannot pickle '{}' object", nameOf(type));
}

// The names of all __slots__, mangled: copyreg finds them and remembers them on the class. Null: none.
Fallible<List*> slotNamesOf(Thread& thread, Type* type) {
  Value known = dictGetStr(type->dict, TRY(intern(thread, "__slotnames__")));
  if (!known.isUnbound()) {
    if (!known.isNone() && toList(known) == nullptr)
      return raiseTypeError(thread, "{}.__slotnames__ should be a list or None, not {}", nameOf(type), nameOf(known));
  } else {
    known = TRY(call(thread, TRY(fromCopyreg(thread, "_slotnames")), Value::of(type)));
    if (!known.isNone() && toList(known) == nullptr)
      return raise(thread, exceptions.TypeError, "copyreg._slotnames didn't return a list or None");
  }
  return toList(known);
}

// `isRequired`: the state is all there is, so a layout with more in it than attributes and slots cannot be restored.
Fallible<Value> defaultState(Thread& thread, Value self, bool isRequired) {
  Type* type = typeOf(self);
  Value state = Value::none();
  Cell* cell = self.isCell() ? self.asCell() : nullptr;
  if (cell != nullptr && hasAttributes(cell) && cell->kind != Kind::kType) {
    Dict* dict = TRY(attributeDict(thread, cell));
    if (dict->length > 0) state = Value::of(dict);
  }
  bool isPlain = (type->instanceKind == Kind::kInstance && type->payloadKind == Kind::kFree) || type == types.none;
  if (isRequired && structSizeOf(type).item != 0)
    return raiseTypeError(thread, "cannot pickle {} objects", nameOf(type));
  if (isRequired && !isPlain) return raiseCannotPickle(thread, type);
  List* slotNames = TRY(slotNamesOf(thread, type));
  if (slotNames == nullptr || slotNames->length == 0) return state;
  Dict* slots = TRY(makeDict(thread));
  for (uint64_t i = 0; i < slotNames->length; i++) {
    Str* name = toStr(slotNames->storage->slots[i]);
    if (name == nullptr)
      return raiseTypeError(thread, "attribute name must be string, not '{}'", nameOf(slotNames->storage->slots[i]));
    name = TRY(intern(thread, name));
    Value held = TRY(getAttributeOrUnbound(thread, self, name));
    if (!held.isUnbound()) TRY(dictSetStr(thread, slots, name, held));
  }
  if (slots->length == 0) return state;
  return Value::of(TRY(makeTuple(thread, {state, Value::of(slots)})));
}

Fallible<Value> stateOf(Thread& thread, Value self, bool isRequired) {
  static Str* const name = startUp(internForever(thread, "__getstate__"));
  Value onType = lookupOnType(typeOf(self), name);
  bool isDefault = onType.is(dictGetStr(types.object->dict, name)) &&
                   (!self.isCell() || !hasAttributes(self.asCell()) || isKind(self, Kind::kType) ||
                    ownAttribute(self.asCell(), name).isUnbound());
  if (isDefault) return defaultState(thread, self, isRequired);
  return call(thread, TRY(getAttribute(thread, self, name)));
}

struct NewArguments {
  Tuple* positional = nullptr;  // null: the class does not say
  Dict* keywords = nullptr;
};
Fallible<NewArguments> newArgumentsOf(Thread& thread, Value self) {
  NewArguments result;
  static Str* const exName = startUp(internForever(thread, "__getnewargs_ex__"));
  static Str* const plainName = startUp(internForever(thread, "__getnewargs__"));
  Value method = lookupOnType(typeOf(self), exName);  // as special methods: an instance's attributes do not count
  if (!method.isUnbound()) {
    Value given = TRY(callSpecial(thread, method, self));
    Tuple* pair = toTuple(given);
    if (pair == nullptr)
      return raiseTypeError(thread, "__getnewargs_ex__ should return a tuple, not '{}'", nameOf(given));
    if (pair->length != 2)
      return raiseValueError(thread, "__getnewargs_ex__ should return a tuple of length 2, not {}", pair->length);
    result.positional = toTuple(pair->items[0]);
    if (result.positional == nullptr)
      return raiseTypeError(thread, "first item of the tuple returned by __getnewargs_ex__ must be a tuple, not '{}'",
                            nameOf(pair->items[0].get()));
    result.keywords = toDict(pair->items[1]);
    if (result.keywords == nullptr)
      return raiseTypeError(thread, "second item of the tuple returned by __getnewargs_ex__ must be a dict, not '{}'",
                            nameOf(pair->items[1].get()));
    return result;
  }
  method = lookupOnType(typeOf(self), plainName);
  if (method.isUnbound()) return result;
  Value given = TRY(callSpecial(thread, method, self));
  result.positional = toTuple(given);
  if (result.positional == nullptr)
    return raiseTypeError(thread, "__getnewargs__ should return a tuple, not '{}'", nameOf(given));
  return result;
}

// Protocols 2 and up: cls.__new__(cls, *args), then the state, the list items and the dict items.
Fallible<Value> reduceNew(Thread& thread, Value self) {
  Type* type = typeOf(self);
  if (!(type->typeFlags & Type::kInstantiable) && type != types.object && type != types.code)
    return raiseCannotPickle(thread, type);
  NewArguments given = TRY(newArgumentsOf(thread, self));
  bool isList = isKind(self, Kind::kList), isDict = isKind(self, Kind::kDict);
  bool hasKeywords = given.keywords != nullptr && given.keywords->length > 0;
  Value make, arguments;
  if (hasKeywords) {
    make = TRY(fromCopyreg(thread, "__newobj_ex__"));
    arguments =
        Value::of(TRY(makeTuple(thread, {Value::of(type), Value::of(given.positional), Value::of(given.keywords)})));
  } else {
    make = TRY(fromCopyreg(thread, "__newobj__"));
    uint64_t count = given.positional == nullptr ? 0 : given.positional->length;
    Tuple* all = TRY(makeTupleUninitialised(thread, count + 1));
    all->items[0] = Value::of(type);
    for (uint64_t i = 0; i < count; i++) all->items[i + 1] = given.positional->items[i].get();
    arguments = Value::of(all);
  }
  Value state = TRY(stateOf(thread, self, given.positional == nullptr && !isList && !isDict));
  Value listItems = isList ? TRY(iterate(thread, self)) : Value::none();
  Value dictItems = Value::none();
  if (isDict) dictItems = TRY(iterate(thread, TRY(callMethod(thread, self, names.items, {}))));
  return Value::of(TRY(makeTuple(thread, {make, arguments, state, listItems, dictItems})));
}

Fallible<Value> reduceByProtocol(Thread& thread, Value self, int64_t protocol) {
  if (protocol >= 2) return reduceNew(thread, self);
  return call(thread, TRY(fromCopyreg(thread, "_reduce_ex")), self, Value::inlineInt(protocol));
}

}  // namespace

Fallible<Value> objectReduce(Thread& thread, Value self) { return reduceByProtocol(thread, self, 0); }

Fallible<Value> objectReduceEx(Thread& thread, Value self, Value protocol) {
  int64_t number = TRY(indexAsInt64(thread, protocol, exceptions.OverflowError));
  Str* name = specialName(Special::k__reduce__);
  Value reduce = TRY(getAttributeOrUnbound(thread, self, name));
  if (!reduce.isUnbound()) {  // a __reduce__ of the class's own goes first
    Value onClass = TRY(getAttribute(thread, Value::of(typeOf(self)), name));
    if (!onClass.is(dictGetStr(types.object->dict, name))) return call(thread, reduce);
  }
  return reduceByProtocol(thread, self, number);
}

Fallible<Value> objectGetstate(Thread& thread, Value self) { return defaultState(thread, self, false); }

}  // namespace krait
