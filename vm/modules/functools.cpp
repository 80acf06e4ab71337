// Module _functools: partial, reduce and cmp_to_key; the cache has a file of its own.
#include "vm/modules/functools.h"

#include "vm/builtins/descriptors.h"
#include "vm/builtins/dict.h"
#include "vm/builtins/generic_alias.h"
#include "vm/builtins/module.h"
#include "vm/builtins/str.h"
#include "vm/builtins/tuple.h"
#include "vm/builtins/type_internal.h"
#include "vm/modules/registry.h"
#include "vm/names.h"

namespace krait {

static void tracePartial(Cell* cell, Marker& marker) {
  auto* partial = static_cast<Partial*>(cell);
  marker.mark(partial->function);
  marker.mark(partial->arguments.get());
  marker.mark(partial->keywords.get());
}
const NativeTraits partialTraits{"functools.partial", tracePartial, nullptr};

static Type* partialType;

bool callsAsPartial(Value v) {
  return toPartial(v) != nullptr && typeOf(v)->special(Special::k__call__).is(partialType->special(Special::k__call__));
}

Fallible<void> expandPartial(Thread& thread, Value* base, uint32_t& count, Tuple*& keywordNames) {
  Partial* partial = base[1].as<Partial>();
  Tuple* stored = partial->arguments;
  Dict* keywords = partial->keywords;
  uint64_t extra = stored->length, named = keywords->length;
  if (base + 2 + count + extra + named + 2 > thread.stackLimit) return raiseRecursionError(thread);
  uint32_t given = keywordNames == nullptr ? 0 : static_cast<uint32_t>(keywordNames->length);
  Value* first = base + 2;
  for (uint32_t i = count; i-- > 0;) first[i + extra] = first[i];
  for (uint64_t i = 0; i < extra; i++) first[i] = stored->items[i];
  base[1] = partial->function;
  count += static_cast<uint32_t>(extra);
  thread.sp = first + count;
  if (named == 0) return {};
  // The stored keywords come first; a given one of the same name replaces the value.
  Tuple* names = TRY(makeTupleUninitialised(thread, named + given));
  Value* values = first + count - given;
  Value* moved = first + count + named - given;
  uint64_t used = 0, position = 0;
  for (uint32_t i = given; i-- > 0;) moved[i] = values[i];
  for (uint64_t i = 0; i < named; i++) values[i] = Value::none();
  thread.sp = moved + given;
  Value key, value;
  while (used < named && dictNext(keywords, position, key, value)) {
    if (toStr(key) == nullptr) return raiseTypeError(thread, "keywords must be strings");
    names->items[used].set(key);
    values[used++] = value;
  }
  for (uint32_t i = 0; i < given; i++) {
    Str* name = toStr(keywordNames->items[i]);
    uint64_t at = 0;
    while (at < named && !strEquals(toStr(names->items[at]), name)) at++;
    if (at == named) at = used++;
    names->items[at].set(Value::of(name));
    values[at] = moved[i];
  }
  count += static_cast<uint32_t>(used) - given;
  thread.sp = first + count;
  keywordNames = used == names->length ? names : TRY(makeTuple(thread, names->values().subspan(0, used)));
  return {};
}

namespace {

Fallible<Value> pack(Thread& thread, std::initializer_list<Value> items) {
  return Value::of(TRY(makeTuple(thread, items)));
}

// --- partial ---------------------------------------------------------------------------------------------------------

bool hasOwnAttributes(Value v) {
  const Shape* shape = v.asCell()->shape();
  return shape->isDictionary || shape->slotCount > typeOf(v)->slotCount;
}

Fallible<Value> partialNew(Thread& thread, Value self, const Arguments& arguments) {
  if (arguments.positional < 1) return raiseTypeError(thread, "type 'partial' takes at least one argument");
  Value function = arguments[0];
  if (!isCallable(function)) return raiseTypeError(thread, "the first argument must be callable");
  Partial* inner = callsAsPartial(function) && !hasOwnAttributes(function) ? toPartial(function) : nullptr;
  uint64_t before = inner == nullptr ? 0 : inner->arguments->length, given = arguments.positional - 1;
  Tuple* stored = TRY(makeTupleUninitialised(thread, before + given));
  for (uint64_t i = 0; i < before; i++) stored->items[i].set(inner->arguments->items[i]);
  for (uint32_t i = 0; i < given; i++) stored->items[before + i].set(arguments[i + 1]);
  Dict* keywords = inner == nullptr ? TRY(makeDict(thread)) : TRY(dictCopy(thread, inner->keywords));
  for (uint32_t i = 0; i < arguments.keywordCount(); i++)
    TRY(dictSet(thread, keywords, arguments.keywordNames->items[i], arguments[arguments.positional + i]));
  auto* partial = TRY(allocate<Partial>(thread, Kind::kNative, self.as<Type>()->instanceShape));
  partial->traits = &partialTraits;
  partial->function.set(inner == nullptr ? function : inner->function.get());
  partial->arguments.set(stored);
  partial->keywords.set(keywords);
  return Value::of(partial);
}

// Calls mostly go through expandPartial(); this is `partial.__call__` by name.
Fallible<Value> partialCall(Thread& thread, Value self, const Arguments& arguments) {
  Value* base = thread.sp;
  uint32_t count = arguments.positional + arguments.keywordCount();
  if (base + 2 + count > thread.stackLimit) return raiseRecursionError(thread);
  for (uint32_t i = 0; i < count; i++) base[2 + i] = arguments[i];
  base[0] = Value::unbound();
  base[1] = self;
  thread.sp = base + 2 + count;
  Tuple* names = arguments.keywordNames;
  Fallible<void> expanded = expandPartial(thread, base, count, names);
  Fallible<Value> result = Raised{};
  if (!expanded.isRaised()) result = call(thread, base[1], std::span<const Value>(base + 2, count), names);
  thread.sp = base;
  return result;
}

Fallible<Value> partialRepr(Thread& thread, Value self) {
  ReprGuard guard(thread, self);
  if (!guard.entered()) return Value::of(TRY(makeStr(thread, "...")));
  KRAIT_CHECK_NATIVE_STACK(thread, " while getting the repr of an object");
  Partial* partial = self.as<Partial>();
  StrBuilder text;
  text.append(nameOf(typeOf(self))).append("(").append(TRY(repr(thread, partial->function)));
  Tuple* stored = partial->arguments;
  for (uint64_t i = 0; i < stored->length; i++) text.append(", ").append(TRY(repr(thread, stored->items[i])));
  uint64_t position = 0;
  Value key, value;
  Dict* keywords = partial->keywords;
  while (dictNext(keywords, position, key, value))
    text.append(", ").append(TRY(str(thread, key))).append("=").append(TRY(repr(thread, value)));
  return Value::of(TRY(text.append(")").build(thread)));
}

Fallible<Value> partialReduce(Thread& thread, Value self) {
  Partial* partial = self.as<Partial>();
  Value attributes = Value::none(), function = partial->function;
  if (hasOwnAttributes(self)) attributes = Value::of(TRY(attributeDict(thread, self.asCell())));
  Value arguments = TRY(pack(thread, {function}));
  Value stored = Value::of(partial->arguments.get()), keywords = Value::of(partial->keywords.get());
  return pack(thread,
              {Value::of(typeOf(self)), arguments, TRY(pack(thread, {function, stored, keywords, attributes}))});
}

Fallible<Value> partialSetState(Thread& thread, Value self, Value state) {
  Tuple* tuple = toTuple(state);
  bool fits = tuple != nullptr && tuple->length == 4 && isCallable(tuple->items[0]) &&
              toTuple(tuple->items[1]) != nullptr &&
              (tuple->items[2].get().isNone() || toDict(tuple->items[2]) != nullptr);
  if (!fits) return raiseTypeError(thread, "invalid partial state");
  Tuple* stored = TRY(tupleFromIterable(thread, tuple->items[1]));
  Value given = tuple->items[2], attributes = tuple->items[3];
  Dict* keywords = given.isNone()                ? TRY(makeDict(thread))
                   : typeOf(given) == types.dict ? given.as<Dict>()
                                                 : TRY(dictCopy(thread, given.as<Dict>()));
  Partial* partial = self.as<Partial>();
  if (toDict(attributes) != nullptr)
    TRY(setAttributeDict(thread, partial, attributes.as<Dict>()));
  else if (hasOwnAttributes(self))
    TRY(setAttributeDict(thread, partial, TRY(makeDict(thread))));
  partial->function.set(tuple->items[0]);
  partial->arguments.set(stored);
  partial->keywords.set(keywords);
  return Value::none();
}

Fallible<Value> getFunction(Thread&, Value self) { return self.as<Partial>()->function.get(); }
Fallible<Value> getStored(Thread&, Value self) { return Value::of(self.as<Partial>()->arguments.get()); }
Fallible<Value> getKeywords(Thread&, Value self) { return Value::of(self.as<Partial>()->keywords.get()); }

void declarePartial(Thread& thread) {
  partialType =
      TypeBuilder(thread, "partial", types.object, Kind::kNative)
          .module("functools")
          .flags(Type::kBaseType | Type::kInstantiable | Type::kHasDict | Type::kHasWeakref)
          .doc("partial(function, *args, **keywords): the function with its first arguments and some keywords given.")
          .constructor(partialNew)
          .specialVariadic("__call__", partialCall)
          .special("__repr__", partialRepr)
          .special("__setattr__", objectSetattr)
          .special("__delattr__", objectDelattr)
          .method("__reduce__", partialReduce)
          .method("__setstate__", partialSetState)
          .classMethod("__class_getitem__", classGetItemAlias)
          .getter("func", getFunction, refuseAssignment)
          .getter("args", getStored, refuseAssignment)
          .getter("keywords", getKeywords, refuseAssignment)
          .getter("__dict__", getInstanceDict, setInstanceDict)
          .build();
}

// --- reduce ----------------------------------------------------------------------------------------------------------

Fallible<Value> reduce(Thread& thread, Value, const Arguments& arguments) {
  TRY(arguments.noKeywords(thread, "reduce"));
  TRY(arguments.count(thread, "reduce", 2, 3));
  Value function = arguments[0], result = arguments.positional == 3 ? arguments[2] : Value::unbound();
  Fallible<Value> iterator = iterate(thread, arguments[1]);
  if (iterator.isRaised()) {
    if (!pendingMatches(thread, exceptions.TypeError)) return Raised{};
    clearException(thread);
    return raiseTypeError(thread, "reduce() arg 2 must support iteration");
  }
  for (uint32_t steps = 1;; steps++) {
    Value item = TRY(next(thread, iterator.value()));
    if (item.isUnbound()) break;
    result = result.isUnbound() ? item : TRY(call(thread, function, result, item));
    if ((steps & 0xfff) == 0) TRY(pollEvalBreaker(thread));
  }
  if (result.isUnbound()) return raiseTypeError(thread, "reduce() of empty iterable with no initial value");
  return result;
}

// --- cmp_to_key ------------------------------------------------------------------------------------------------------

struct KeyWrapper : NativeObject {
  Field<Value> compare, object;  // object: unbound in the wrapper that makes the others
};
Type* keyType;
void traceKey(Cell* cell, Marker& marker) {
  marker.mark(static_cast<KeyWrapper*>(cell)->compare);
  marker.mark(static_cast<KeyWrapper*>(cell)->object);
}
constexpr NativeTraits kKeyTraits{"functools.KeyWrapper", traceKey, nullptr};

Fallible<Value> makeKey(Thread& thread, Value compare, Value object) {
  auto* key = TRY(allocate<KeyWrapper>(thread, Kind::kNative, keyType->instanceShape));
  key->traits = &kKeyTraits;
  key->compare.set(compare);
  key->object.set(object);
  return Value::of(key);
}

Fallible<Value> cmpToKey(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{"cmp_to_key", {"mycmp"}, 1};
  Value compare;
  TRY(kParameters.bind(thread, arguments, &compare));
  return makeKey(thread, compare, Value::unbound());
}
Fallible<Value> keyCall(Thread& thread, Value self, const Arguments& arguments) {
  static constexpr Parameters kParameters{"K", {"obj"}, 1};
  Value object;
  TRY(kParameters.bind(thread, arguments, &object));
  return makeKey(thread, self.as<KeyWrapper>()->compare, object);
}
template <Comparison kComparison>
Fallible<Value> keyCompare(Thread& thread, Value self, Value other) {
  if (typeOf(other) != keyType) return raiseTypeError(thread, "other argument must be K instance");
  Value x = self.as<KeyWrapper>()->object, y = other.as<KeyWrapper>()->object;
  if (x.isUnbound() || y.isUnbound()) return raise(thread, exceptions.AttributeError, "object");
  Value order = TRY(call(thread, self.as<KeyWrapper>()->compare, x, y));
  return compare(thread, kComparison, order, Value::inlineInt(0));
}
Fallible<Value> keyObject(Thread&, Value self) {
  Value object = self.as<KeyWrapper>()->object;
  return object.isUnbound() ? Value::none() : object;
}
Fallible<void> setKeyObject(Thread&, Value self, Value valueOrUnbound) {
  self.as<KeyWrapper>()->object.set(valueOrUnbound);
  return {};
}

void declareKey(Thread& thread) {
  keyType = TypeBuilder(thread, "KeyWrapper", types.object, Kind::kNative)
                .module("functools")
                .specialVariadic("__call__", keyCall)
                .unhashable()
                .special("__lt__", keyCompare<Comparison::kLess>)
                .special("__le__", keyCompare<Comparison::kLessEqual>)
                .special("__eq__", keyCompare<Comparison::kEqual>)
                .special("__ne__", keyCompare<Comparison::kNotEqual>)
                .special("__gt__", keyCompare<Comparison::kGreater>)
                .special("__ge__", keyCompare<Comparison::kGreaterEqual>)
                .getter("obj", keyObject, setKeyObject)
                .build();
}

}  // namespace

Module* moduleFunctools(Thread& thread) {
  declarePartial(thread);
  declareKey(thread);
  return ModuleBuilder(thread, "_functools",
                       "What functools is built from: partial, reduce, caches, keys from comparisons.")
      .constant("partial", Value::of(partialType))
      .constant("_lru_cache_wrapper", Value::of(declareCache(thread)))
      .variadic("reduce", reduce)
      .variadic("cmp_to_key", cmpToKey)
      .build();
}

}  // namespace krait
