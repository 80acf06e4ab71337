// collections.OrderedDict: a dict whose order counts in comparisons and can be changed.
#include "vm/modules/ordered_dict.h"

#include "vm/builtins/descriptors.h"
#include "vm/builtins/iterators.h"
#include "vm/builtins/list.h"
#include "vm/builtins/sequence.h"
#include "vm/builtins/str.h"
#include "vm/builtins/tuple.h"
#include "vm/builtins/type_internal.h"
#include "vm/names.h"

namespace krait {

// A slot holds the cell of the key table itself, which Python never sees.
uint32_t orderedDictFirst(Value self) {
  Value table = slotValue(self.asCell(), 0), first = slotValue(self.asCell(), 1);
  const DictKeys* keys = self.as<Dict>()->keys;
  if (keys == nullptr || !table.is(Value::of(keys)) || !first.isInlineInt()) return 0;
  auto number = static_cast<uint32_t>(first.asInlineInt());
  return number <= keys->entryCount ? number : 0;
}

Fallible<void> rememberFirst(Thread& thread, Value self, uint32_t first) {
  const DictKeys* keys = self.as<Dict>()->keys;
  if (keys == nullptr) return {};
  TRY(setSlotValue(thread, self.asCell(), 0, Value::of(keys)));
  return setSlotValue(thread, self.asCell(), 1, Value::inlineInt(first));
}

namespace {

bool isExactOrdered(Value v) { return typeOf(v) == orderedDictType; }
bool hasOwnAttributes(Value v) {
  const Shape* shape = v.asCell()->shape();
  return shape->isDictionary || shape->slotCount > typeOf(v)->slotCount;
}
Fallible<Value> pack(Thread& thread, std::initializer_list<Value> items) {
  return Value::of(TRY(makeTuple(thread, items)));
}

// --- update ----------------------------------------------------------------------------------------------------------

// `self` may define __setitem__ of its own.
Fallible<void> put(Thread& thread, Value self, Value key, Value value) {
  if (isExactOrdered(self)) return dictSet(thread, self.as<Dict>(), key, value);
  return setItem(thread, self, key, value);
}

Fallible<void> putPairs(Thread& thread, Value self, Value pairs) {
  return forEach(thread, pairs, [&](Value pair) -> Fallible<bool> {
    Value iterator = TRY(iterate(thread, pair));
    Value key = TRY(next(thread, iterator));
    if (key.isUnbound()) return raiseValueError(thread, "need more than 0 values to unpack");
    Value value = TRY(next(thread, iterator));
    if (value.isUnbound()) return raiseValueError(thread, "need more than 1 value to unpack");
    Value more = TRY(next(thread, iterator));
    if (!more.isUnbound()) return raiseValueError(thread, "too many values to unpack (expected 2)");
    TRY(put(thread, self, key, value));
    return true;
  });
}

Fallible<void> putAll(Thread& thread, Value self, Value other) {
  if (typeOf(other) == types.dict) return putPairs(thread, self, TRY(callMethod(thread, other, names.items, {})));
  if (!TRY(getAttributeOrUnbound(thread, other, names.keys)).isUnbound()) {
    Value keys = TRY(iterate(thread, TRY(callMethod(thread, other, names.keys, {}))));
    for (;;) {
      Value key = TRY(next(thread, keys));
      if (key.isUnbound()) return {};
      TRY(put(thread, self, key, TRY(getItem(thread, other, key))));
    }
  }
  if (!TRY(getAttributeOrUnbound(thread, other, names.items)).isUnbound())
    return putPairs(thread, self, TRY(callMethod(thread, other, names.items, {})));
  return putPairs(thread, self, other);
}

Fallible<void> updateFrom(Thread& thread, Value self, const Arguments& arguments) {
  if (arguments.positional == 1) TRY(putAll(thread, self, arguments[0]));
  for (uint32_t i = 0; i < arguments.keywordCount(); i++)
    TRY(put(thread, self, arguments.keywordNames->items[i], arguments[arguments.positional + i]));
  return {};
}

Fallible<Value> init(Thread& thread, Value self, const Arguments& arguments) {
  if (arguments.positional > 1)
    return raiseTypeError(thread, "expected at most 1 arguments, got {}", arguments.positional);
  TRY(updateFrom(thread, self, arguments));
  return Value::none();
}
Fallible<Value> update(Thread& thread, Value self, const Arguments& arguments) {
  if (arguments.positional > 1)
    return raiseTypeError(thread, "update() takes at most 1 positional argument ({} given)", arguments.positional);
  TRY(updateFrom(thread, self, arguments));
  return Value::none();
}

Fallible<Value> fromKeys(Thread& thread, Value self, const Arguments& arguments) {
  static constexpr Parameters kParameters{"fromkeys", {"iterable", "value"}, 1};
  Value values[2];
  TRY(kParameters.bind(thread, arguments, values));
  Value made = TRY(call(thread, self)), value = values[1].isUnbound() ? Value::none() : values[1];
  TRY(forEach(thread, values[0], [&](Value key) -> Fallible<bool> {
    TRY(setItem(thread, made, key, value));
    return true;
  }));
  return made;
}

// --- order -----------------------------------------------------------------------------------------------------------

Fallible<Value> moveToEnd(Thread& thread, Value self, const Arguments& arguments) {
  static constexpr Parameters kParameters{"move_to_end", {"key", "last"}, 1};
  Value values[2];
  TRY(kParameters.bind(thread, arguments, values));
  bool last = values[1].isUnbound() || TRY(isTrue(thread, values[1]));
  Dict* dict = self.as<Dict>();
  bool found;
  if (last) {
    found = TRY(dictMoveToEnd(thread, dict, values[0]));
  } else {
    uint32_t first = orderedDictFirst(self);
    found = TRY(dictMoveToFront(thread, dict, values[0], first));
    if (found) TRY(rememberFirst(thread, self, first));
  }
  if (!found) return raiseWithArgument(thread, exceptions.KeyError, values[0]);
  return Value::none();
}

Fallible<Value> popItem(Thread& thread, Value self, const Arguments& arguments) {
  static constexpr Parameters kParameters{"popitem", {"last"}, 0};
  Value value;
  TRY(kParameters.bind(thread, arguments, &value));
  bool last = value.isUnbound() || TRY(isTrue(thread, value));
  Dict* dict = self.as<Dict>();
  Value key, item;
  if (dict->length == 0) return raise(thread, exceptions.KeyError, "dictionary is empty");
  if (last) {
    (void)dictPopLast(dict, key, item);
  } else {
    uint32_t first = orderedDictFirst(self);
    (void)dictPopFirst(dict, first, key, item);
    TRY(rememberFirst(thread, self, first));
  }
  return pack(thread, {key, item});
}

Fallible<Value> pop(Thread& thread, Value self, const Arguments& arguments) {
  static constexpr Parameters kParameters{"pop", {"key", "default"}, 1};
  Value values[2];
  TRY(kParameters.bind(thread, arguments, values));
  Value value = TRY(dictPop(thread, self.as<Dict>(), values[0]));
  if (!value.isUnbound()) return value;
  if (!values[1].isUnbound()) return values[1];
  return raiseWithArgument(thread, exceptions.KeyError, values[0]);
}

Fallible<Value> setDefault(Thread& thread, Value self, const Arguments& arguments) {
  static constexpr Parameters kParameters{"setdefault", {"key", "default"}, 1};
  Value values[2];
  TRY(kParameters.bind(thread, arguments, values));
  Value value = values[1].isUnbound() ? Value::none() : values[1];
  if (isExactOrdered(self)) return dictSetDefault(thread, self.as<Dict>(), values[0], value);
  if (TRY(contains(thread, self, values[0]))) return getItem(thread, self, values[0]);
  TRY(setItem(thread, self, values[0], value));
  return value;
}

// --- comparison, copies ----------------------------------------------------------------------------------------------

Fallible<bool> sameOrder(Thread& thread, Dict* a, Dict* b) {
  uint64_t i = 0, j = 0;
  Value x, y, value;
  while (dictNext(a, i, x, value)) {
    if (!dictNext(b, j, y, value)) return false;
    if (!TRY(equals(thread, x, y))) return false;
  }
  return true;
}
Fallible<Value> equal(Thread& thread, Value self, Value other) {
  Value same = TRY(callSpecial(thread, types.dict->special(Special::k__eq__), self, other));
  if (!same.isTrue() || !isInstanceOf(other, orderedDictType)) return same;
  return Value::boolean(TRY(sameOrder(thread, self.as<Dict>(), other.as<Dict>())));
}
Fallible<Value> notEqual(Thread& thread, Value self, Value other) {
  Value same = TRY(equal(thread, self, other));
  return same.isNotImplemented() ? same : Value::boolean(!same.isTrue());
}
Fallible<Value> unordered(Thread&, Value, Value) { return Value::notImplemented(); }

Fallible<Value> copy(Thread& thread, Value self) {
  Value made = TRY(call(thread, Value::of(typeOf(self))));
  uint64_t position = 0;
  Value key, value;
  Dict* dict = self.as<Dict>();
  bool isExact = isExactOrdered(self);
  while (dictNext(dict, position, key, value)) {
    if (isExact)
      TRY(dictSet(thread, made.as<Dict>(), key, value));
    else
      TRY(setItem(thread, made, key, TRY(getItem(thread, self, key))));
  }
  return made;
}

Fallible<Value> unite(Thread& thread, Value type, Value left, Value right) {
  if (!isKind(left, Kind::kDict) || !isKind(right, Kind::kDict)) return Value::notImplemented();
  Value made = TRY(call(thread, type, left));
  TRY(putAll(thread, made, right));
  return made;
}
Fallible<Value> orOperator(Thread& thread, Value self, Value other) {
  return unite(thread, Value::of(typeOf(self)), self, other);
}
Fallible<Value> reflectedOr(Thread& thread, Value self, Value other) {
  return unite(thread, Value::of(typeOf(self)), other, self);
}
Fallible<Value> inplaceOr(Thread& thread, Value self, Value other) {
  TRY(putAll(thread, self, other));
  return self;
}

Fallible<Value> reprMethod(Thread& thread, Value self) {
  StrBuilder text;
  text.append(typeOf(self)->name).append("(");
  if (self.as<Dict>()->length > 0) {
    ReprGuard guard(thread, self);
    if (!guard.entered()) return Value::of(TRY(makeStr(thread, "...")));
    KRAIT_CHECK_NATIVE_STACK(thread, " while getting the repr of an object");
    Value items = isExactOrdered(self) ? TRY(makeOrderedView(thread, self, OrderedWhat::kItems))
                                       : TRY(callMethod(thread, self, names.items, {}));
    text.append(TRY(repr(thread, Value::of(TRY(listFromIterable(thread, items))))));
  }
  return Value::of(TRY(text.append(")").build(thread)));
}

Fallible<Value> reduce(Thread& thread, Value self) {
  Value none = Value::none(), state = none;
  if (hasOwnAttributes(self)) {
    Dict* attributes = TRY(attributeDict(thread, self.asCell()));
    if (attributes->length > 0) state = Value::of(attributes);
  }
  Value items = TRY(iterate(thread, TRY(callMethod(thread, self, names.items, {}))));
  return pack(thread, {Value::of(typeOf(self)), Value::of(emptyTuple()), state, none, items});
}

Fallible<Value> clear(Thread&, Value self) {
  dictClear(self.as<Dict>());
  return Value::none();
}
Fallible<Value> setItemMethod(Thread& thread, Value self, Value key, Value value) {
  TRY(dictSet(thread, self.as<Dict>(), key, value));
  return Value::none();
}
Fallible<Value> deleteItemMethod(Thread& thread, Value self, Value key) {
  if (!TRY(dictDelete(thread, self.as<Dict>(), key))) return raiseWithArgument(thread, exceptions.KeyError, key);
  return Value::none();
}
Fallible<Value> sizeOf(Thread& thread, Value self) {
  constexpr int64_t kOrder = 2 * sizeof(Value);
  Value method = lookupOnType(types.dict, specialName(Special::k__sizeof__));
  Value bytes = TRY(callSpecial(thread, method, self));
  return binaryOperation(thread, BinaryOperator::kAdd, bytes, Value::inlineInt(kOrder));
}

Fallible<Value> iterMethod(Thread& thread, Value self) {
  return makeOrderedIterator(thread, self, OrderedWhat::kKeys, false);
}
Fallible<Value> reversedMethod(Thread& thread, Value self) {
  return makeOrderedIterator(thread, self, OrderedWhat::kKeys, true);
}
template <OrderedWhat kWhat>
Fallible<Value> view(Thread& thread, Value self) {
  return makeOrderedView(thread, self, kWhat);
}

}  // namespace

Type* declareOrderedDict(Thread& thread) {
  declareOrderedViews(thread);
  TypeBuilder builder(thread, "OrderedDict", types.dict, Kind::kDict);
  builder.module("collections")
      .flags(Type::kBaseType | Type::kInstantiable | Type::kHasDict | Type::kHasWeakref)
      .doc("A dict whose entries can be moved, and whose order counts when two of them are compared.")
      .specialVariadic("__init__", init)
      .special("__repr__", reprMethod)
      .unhashable()
      .special("__lt__", unordered)
      .special("__le__", unordered)
      .special("__eq__", equal)
      .special("__ne__", notEqual)
      .special("__gt__", unordered)
      .special("__ge__", unordered)
      .special("__iter__", iterMethod)
      .special("__or__", orOperator)
      .special("__ror__", reflectedOr)
      .special("__ior__", inplaceOr)
      .special("__setitem__", setItemMethod)
      .special("__delitem__", deleteItemMethod)
      .method("__reversed__", reversedMethod)
      .method("__reduce__", reduce)
      .method("__sizeof__", sizeOf)
      .variadic("update", update)
      .classMethod("fromkeys", fromKeys)
      .variadic("move_to_end", moveToEnd)
      .variadic("pop", pop)
      .variadic("popitem", popItem)
      .variadic("setdefault", setDefault)
      .method("clear", clear)
      .method("copy", copy)
      .method("keys", view<OrderedWhat::kKeys>)
      .method("values", view<OrderedWhat::kValues>)
      .method("items", view<OrderedWhat::kItems>)
      .getter("__dict__", getInstanceDict, setInstanceDict);
  orderedDictType = builder.build();
  orderedDictType->slotCount = 2;
  orderedDictType->instanceShape = startUp(makeRootShape(thread, orderedDictType, 0));
  return orderedDictType;
}

}  // namespace krait
