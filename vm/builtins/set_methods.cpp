// set's and frozenset's methods and operators.
#include <utility>

#include "vm/builtins/dict.h"
#include "vm/builtins/generic_alias.h"
#include "vm/builtins/int.h"
#include "vm/builtins/iterators.h"
#include "vm/builtins/list.h"
#include "vm/builtins/sequence.h"
#include "vm/builtins/set.h"
#include "vm/builtins/str.h"
#include "vm/builtins/tuple.h"

namespace krait {

static Set* me(Value self) { return self.as<Set>(); }

static Fallible<void> noKeywords(Thread& thread, Value self, const Arguments& arguments, const char* method) {
  if (arguments.keywordCount() == 0) return {};
  const char* owner = isSubtype(typeOf(self), types.frozenset) ? "frozenset" : "set";
  return raiseTypeError(thread, "{}.{}() takes no keyword arguments", owner, method);
}

// --- construction ----------------------------------------------------------------------------------------------------

static Fallible<Value> setNew(Thread& thread, Value self, const Arguments&) {
  Value set = TRY(allocateInstance(thread, self.as<Type>()));
  me(set)->hash_ = -1;
  return set;
}

static Fallible<Value> setInit(Thread& thread, Value self, const Arguments& arguments) {
  TRY(arguments.noKeywords(thread, "set"));
  TRY(arguments.count(thread, "set", 0, 1));
  setClear(me(self));
  if (arguments.positional == 1) TRY(setUpdate(thread, me(self), arguments[0]));
  return Value::none();
}

static Fallible<Value> frozensetNew(Thread& thread, Value self, const Arguments& arguments) {
  Type* type = self.as<Type>();
  if (!overridesInit(type, types.frozenset)) TRY(arguments.noKeywords(thread, "frozenset"));
  TRY(arguments.count(thread, "frozenset", 0, 1));
  Value iterable = arguments.positional == 1 ? arguments[0] : Value::unbound();
  if (type == types.frozenset) {
    if (arguments.positional == 1 && typeOf(iterable) == types.frozenset) return iterable;
    return Value::of(TRY(makeSet(thread, type, iterable)));
  }
  Value set = TRY(allocateInstance(thread, type));
  me(set)->hash_ = -1;
  if (!iterable.isUnbound()) TRY(setUpdate(thread, me(set), iterable));
  return set;
}

// --- special methods -------------------------------------------------------------------------------------------------

// "{1, 2}", "set()", "frozenset({1})", "Subclass({1})"
static Fallible<Value> setRepr(Thread& thread, Value self) {
  StrBuilder text;
  ReprGuard guard(thread, self);
  if (!guard.entered()) {
    text.append(nameOf(self)).append("(...)");
    return Value::of(TRY(text.build(thread)));
  }
  if (me(self)->used == 0) {
    text.append(nameOf(self)).append("()");
    return Value::of(TRY(text.build(thread)));
  }
  Tuple* keys = TRY(tupleFromIterable(thread, self));
  bool isPlain = typeOf(self) == types.set;
  if (!isPlain) text.append(nameOf(self)).append("(");
  text.append(TRY(reprItems(thread, Value::of(keys), "{", "}")));
  if (!isPlain) text.append(")");
  return Value::of(TRY(text.build(thread)));
}

static Fallible<Value> frozensetHashMethod(Thread& thread, Value self) {
  Set* set = me(self);
  if (set->hash_ == -1 || set->hash_ == 0) set->hash_ = frozensetHash(set);
  return makeInt(thread, set->hash_);
}

static Fallible<bool> setsEqual(Thread& thread, Set* a, Set* b) {
  if (a->used != b->used) return false;
  auto known = [](Set* set) { return set->hash_ != -1 && set->hash_ != 0; };
  if (known(a) && known(b) && a->hash_ != b->hash_) return false;
  return setIsSubset(thread, a, b);
}

template <Comparison comparison>
static Fallible<Value> setCompare(Thread& thread, Value self, Value other) {
  KRAIT_CHECK_NATIVE_STACK(thread, " in comparison");
  Set *a = toSet(self), *b = toSet(other);
  if (a == nullptr || b == nullptr) return Value::notImplemented();
  switch (comparison) {
    case Comparison::kEqual: return Value::boolean(TRY(setsEqual(thread, a, b)));
    case Comparison::kNotEqual: return Value::boolean(!TRY(setsEqual(thread, a, b)));
    case Comparison::kLess: return Value::boolean(a->used < b->used && TRY(setIsSubset(thread, a, b)));
    case Comparison::kLessEqual: return Value::boolean(TRY(setIsSubset(thread, a, b)));
    case Comparison::kGreater: return Value::boolean(a->used > b->used && TRY(setIsSubset(thread, b, a)));
    case Comparison::kGreaterEqual: return Value::boolean(TRY(setIsSubset(thread, b, a)));
  }
  return Value::notImplemented();
}

static Fallible<Value> setIter(Thread& thread, Value self) { return makeIterator(thread, types.setIterator, self); }
static Fallible<Value> setLength(Thread&, Value self) { return Value::inlineInt(static_cast<int64_t>(me(self)->used)); }
static Fallible<Value> setContainsMethod(Thread& thread, Value self, Value key) {
  return Value::boolean(TRY(setContains(thread, me(self), key)));
}

static Fallible<Value> setReduce(Thread& thread, Value self) {
  List* keys = TRY(listFromIterable(thread, self));
  Tuple* arguments = TRY(makeTuple(thread, {Value::of(keys)}));
  Value state = TRY(callMethod(thread, self, TRY(intern(thread, "__getstate__")), {}));
  return Value::of(TRY(makeTuple(thread, {Value::of(typeOf(self)), Value::of(arguments), state})));
}

static Fallible<Value> setSizeOf(Thread&, Value self) {
  SetTable* table = me(self)->table;
  uint64_t large = table == nullptr || table->size == Set::kMinimumSize ? 0 : table->size;
  return Value::inlineInt(static_cast<int64_t>(200 + large * sizeof(SetEntry)));
}

// --- operators -------------------------------------------------------------------------------------------------------

#define KRAIT_BOTH_SETS(left, right) \
  if (!isKind(left, Kind::kSet) || !isKind(right, Kind::kSet)) return Value::notImplemented()

static Fallible<Value> unite(Thread& thread, Value left, Value right) {
  KRAIT_BOTH_SETS(left, right);
  Set* result = TRY(setCopy(thread, me(left)));
  TRY(setUpdate(thread, result, right));
  return Value::of(result);
}
static Fallible<Value> intersect(Thread& thread, Value left, Value right) {
  KRAIT_BOTH_SETS(left, right);
  return Value::of(TRY(setIntersection(thread, me(left), right)));
}
static Fallible<Value> subtract(Thread& thread, Value left, Value right) {
  KRAIT_BOTH_SETS(left, right);
  return Value::of(TRY(setDifference(thread, me(left), right)));
}
// As CPython does it: a set of the right operand, in which the left one's keys are toggled.
static Fallible<Set*> symmetricDifference(Thread& thread, Set* set, Value other) {
  Set* copy = TRY(setCopy(thread, set));
  setClear(copy);
  TRY(setUpdate(thread, copy, other));
  TRY(setSymmetricDifferenceUpdate(thread, copy, Value::of(set)));
  return copy;
}
static Fallible<Value> exclusiveOr(Thread& thread, Value left, Value right) {
  KRAIT_BOTH_SETS(left, right);
  return Value::of(TRY(symmetricDifference(thread, me(left), right)));
}
template <Fallible<Value> (*operation)(Thread&, Value, Value)>
static Fallible<Value> reflected(Thread& thread, Value self, Value other) {
  return operation(thread, other, self);
}

// A temporary's content becomes the set's.
static void takeContent(Set* set, Set* from) {
  set->table.set(from->table);
  set->used = from->used;
  set->fill = from->fill;
  set->hash_ = -1;
}

static Fallible<Value> inplaceOr(Thread& thread, Value self, Value other) {
  KRAIT_BOTH_SETS(self, other);
  TRY(setUpdate(thread, me(self), other));
  return self;
}
static Fallible<Value> inplaceAnd(Thread& thread, Value self, Value other) {
  KRAIT_BOTH_SETS(self, other);
  takeContent(me(self), TRY(setIntersection(thread, me(self), other)));
  return self;
}
static Fallible<Value> inplaceSubtract(Thread& thread, Value self, Value other) {
  KRAIT_BOTH_SETS(self, other);
  TRY(setDifferenceUpdate(thread, me(self), other));
  return self;
}
static Fallible<Value> inplaceXor(Thread& thread, Value self, Value other) {
  KRAIT_BOTH_SETS(self, other);
  TRY(setSymmetricDifferenceUpdate(thread, me(self), other));
  return self;
}

// --- methods of both types -------------------------------------------------------------------------------------------

static Fallible<Value> setCopyMethod(Thread& thread, Value self) {
  if (typeOf(self) == types.frozenset) return self;
  return Value::of(TRY(setCopy(thread, me(self))));
}

static Fallible<Value> setUnionMethod(Thread& thread, Value self, const Arguments& arguments) {
  TRY(noKeywords(thread, self, arguments, "union"));
  Set* result = TRY(setCopy(thread, me(self)));
  for (Value other : arguments.positionals())
    if (!other.is(self)) TRY(setUpdate(thread, result, other));
  return Value::of(result);
}

static Fallible<Set*> intersectAll(Thread& thread, Value self, const Arguments& arguments) {
  if (arguments.positional == 0) return setCopy(thread, me(self));
  Set* result = me(self);
  for (Value other : arguments.positionals()) result = TRY(setIntersection(thread, result, other));
  return result;
}
static Fallible<Value> setIntersectionMethod(Thread& thread, Value self, const Arguments& arguments) {
  TRY(noKeywords(thread, self, arguments, "intersection"));
  return Value::of(TRY(intersectAll(thread, self, arguments)));
}

static Fallible<Value> setDifferenceMethod(Thread& thread, Value self, const Arguments& arguments) {
  TRY(noKeywords(thread, self, arguments, "difference"));
  if (arguments.positional == 0) return Value::of(TRY(setCopy(thread, me(self))));
  Set* result = TRY(setDifference(thread, me(self), arguments[0]));
  for (Value other : arguments.positionals().subspan(1)) TRY(setDifferenceUpdate(thread, result, other));
  return Value::of(result);
}

static Fallible<Value> setSymmetricDifferenceMethod(Thread& thread, Value self, Value other) {
  return Value::of(TRY(symmetricDifference(thread, me(self), other)));
}

static Fallible<Value> setIsDisjoint(Thread& thread, Value self, Value other) {
  Set* set = me(self);
  if (self.is(other)) return Value::boolean(set->used == 0);
  if (Set* walked = toSet(other)) {
    if (walked->used > set->used) std::swap(walked, set);
    uint64_t position = 0;
    SetEntry* entry;
    while (setNextEntry(walked, position, entry))
      if (TRY(setContainsHashed(thread, set, entry->key, entry->hash))) return Value::boolean(false);
    return Value::boolean(true);
  }
  bool disjoint = true;
  TRY(forEach(thread, other, [&](Value key) -> Fallible<bool> {
    int64_t keyHash = TRY(hash(thread, key));
    disjoint = !TRY(setContainsHashed(thread, set, key, keyHash));
    return disjoint;
  }));
  return Value::boolean(disjoint);
}

static Fallible<Value> setIsSubsetMethod(Thread& thread, Value self, Value other) {
  if (isKind(other, Kind::kSet)) return Value::boolean(TRY(setIsSubset(thread, me(self), me(other))));
  Set* common = TRY(setIntersection(thread, me(self), other));
  return Value::boolean(common->used == me(self)->used);
}

static Fallible<Value> setIsSuperset(Thread& thread, Value self, Value other) {
  if (isKind(other, Kind::kSet)) return Value::boolean(TRY(setIsSubset(thread, me(other), me(self))));
  bool all = true;
  TRY(forEach(thread, other, [&](Value key) -> Fallible<bool> {
    all = TRY(setContains(thread, me(self), key));
    return all;
  }));
  return Value::boolean(all);
}

// --- methods of set --------------------------------------------------------------------------------------------------

static Fallible<Value> setAddMethod(Thread& thread, Value self, Value key) {
  TRY(setAdd(thread, me(self), key));
  return Value::none();
}
static Fallible<Value> setDiscardMethod(Thread& thread, Value self, Value key) {
  TRY(setDiscard(thread, me(self), key));
  return Value::none();
}
static Fallible<Value> setRemove(Thread& thread, Value self, Value key) {
  if (!TRY(setDiscard(thread, me(self), key))) return raiseWithArgument(thread, exceptions.KeyError, key);
  return Value::none();
}

// Takes the first key at or after the finger, so that popping everything is linear.
static Fallible<Value> setPop(Thread& thread, Value self) {
  Set* set = me(self);
  if (set->used == 0) return raise(thread, exceptions.KeyError, "pop from an empty set");
  SetTable* table = set->table;
  uint64_t i = set->finger & (table->size - 1);
  while (!table->entries[i].isLive()) i = i + 1 == table->size ? 0 : i + 1;
  Value key = table->entries[i].key;
  table->entries[i].key.set(Value::error());
  table->entries[i].hash = -1;
  set->used--;
  set->finger = i + 1;
  return key;
}

static Fallible<Value> setClearMethod(Thread&, Value self) {
  setClear(me(self));
  return Value::none();
}
static Fallible<Value> setUpdateMethod(Thread& thread, Value self, const Arguments& arguments) {
  TRY(noKeywords(thread, self, arguments, "update"));
  for (Value other : arguments.positionals()) TRY(setUpdate(thread, me(self), other));
  return Value::none();
}
static Fallible<Value> setIntersectionUpdateMethod(Thread& thread, Value self, const Arguments& arguments) {
  TRY(noKeywords(thread, self, arguments, "intersection_update"));
  takeContent(me(self), TRY(intersectAll(thread, self, arguments)));
  return Value::none();
}
static Fallible<Value> setDifferenceUpdateMethod(Thread& thread, Value self, const Arguments& arguments) {
  TRY(noKeywords(thread, self, arguments, "difference_update"));
  for (Value other : arguments.positionals()) TRY(setDifferenceUpdate(thread, me(self), other));
  return Value::none();
}
static Fallible<Value> setSymmetricDifferenceUpdateMethod(Thread& thread, Value self, Value other) {
  TRY(setSymmetricDifferenceUpdate(thread, me(self), other));
  return Value::none();
}

static void declareCommon(TypeBuilder& builder) {
  builder.special("__repr__", setRepr)
      .special("__lt__", setCompare<Comparison::kLess>)
      .special("__le__", setCompare<Comparison::kLessEqual>)
      .special("__eq__", setCompare<Comparison::kEqual>)
      .special("__ne__", setCompare<Comparison::kNotEqual>)
      .special("__gt__", setCompare<Comparison::kGreater>)
      .special("__ge__", setCompare<Comparison::kGreaterEqual>)
      .special("__iter__", setIter)
      .special("__sub__", subtract)
      .special("__rsub__", reflected<subtract>)
      .special("__and__", intersect)
      .special("__rand__", reflected<intersect>)
      .special("__xor__", exclusiveOr)
      .special("__rxor__", reflected<exclusiveOr>)
      .special("__or__", unite)
      .special("__ror__", reflected<unite>)
      .special("__len__", setLength)
      .method("__contains__", setContainsMethod)
      .method("copy", setCopyMethod)
      .variadic("difference", setDifferenceMethod)
      .variadic("intersection", setIntersectionMethod)
      .method("isdisjoint", setIsDisjoint)
      .method("issubset", setIsSubsetMethod)
      .method("issuperset", setIsSuperset)
      .method("__reduce__", setReduce)
      .method("__sizeof__", setSizeOf)
      .method("symmetric_difference", setSymmetricDifferenceMethod)
      .variadic("union", setUnionMethod)
      .classMethod("__class_getitem__", classGetItemAlias);
}

void initialiseSet(Thread& thread) {
  TypeBuilder set(thread, "set", types.object, Kind::kSet);
  set.flags(Type::kBaseType | Type::kInstantiable)
      .doc("set(iterable=()): different objects in no order, to which others can be added.")
      .constructor(setNew)
      .specialVariadic("__init__", setInit)
      .unhashable()
      .special("__isub__", inplaceSubtract)
      .special("__iand__", inplaceAnd)
      .special("__ixor__", inplaceXor)
      .special("__ior__", inplaceOr)
      .method("add", setAddMethod)
      .method("clear", setClearMethod)
      .method("discard", setDiscardMethod)
      .variadic("difference_update", setDifferenceUpdateMethod)
      .variadic("intersection_update", setIntersectionUpdateMethod)
      .method("pop", setPop)
      .method("remove", setRemove)
      .method("symmetric_difference_update", setSymmetricDifferenceUpdateMethod)
      .variadic("update", setUpdateMethod);
  declareCommon(set);
  types.set = set.build();

  TypeBuilder frozenset(thread, "frozenset", types.object, Kind::kSet);
  frozenset.flags(Type::kBaseType | Type::kInstantiable)
      .doc("frozenset(iterable=()): different objects in no order, for good.")
      .constructor(frozensetNew)
      .special("__hash__", frozensetHashMethod);
  declareCommon(frozenset);
  types.frozenset = frozenset.build();
}

}  // namespace krait
