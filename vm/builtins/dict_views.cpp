// dict.keys(), dict.values() and dict.items(): live views with the set operations.
#include <utility>

#include "vm/builtins/dict.h"
#include "vm/builtins/iterators.h"
#include "vm/builtins/mappingproxy.h"
#include "vm/builtins/sequence.h"
#include "vm/builtins/set.h"
#include "vm/builtins/str.h"
#include "vm/builtins/tuple.h"

namespace krait {

Fallible<Value> makeDictView(Thread& thread, Type* type, Dict* dict) {
  DictView* view = TRY(allocate<DictView>(thread, Kind::kDictView, type->instanceShape));
  view->dict.set(dict);
  return Value::of(view);
}

static Dict* dictOf(Value view) { return view.as<DictView>()->dict; }
static int64_t lengthOf(Value view) { return static_cast<int64_t>(dictOf(view)->length); }
// OrderedDict's views derive from dict's.
static bool isView(Value v, const Type* type) { return isKind(v, Kind::kDictView) && isInstanceOf(v, type); }
// Keys and items views are sets; values views are not.
static bool isSetView(Value v) { return isKind(v, Kind::kDictView) && !isInstanceOf(v, types.dictValues); }

// --- what all views do -----------------------------------------------------------------------------------------------

static Fallible<Value> viewLength(Thread&, Value self) { return Value::inlineInt(lengthOf(self)); }

static Fallible<Value> viewMapping(Thread& thread, Value self) {
  return makeMappingProxy(thread, Value::of(dictOf(self)));
}

static Fallible<Value> viewIter(Thread& thread, Value self) {
  Type* type = typeOf(self);
  Type* iterator = type == types.dictKeys     ? types.dictKeyIterator
                   : type == types.dictValues ? types.dictValueIterator
                                              : types.dictItemIterator;
  return makeIterator(thread, iterator, Value::of(dictOf(self)));
}

static Fallible<Value> viewReversed(Thread& thread, Value self) {
  Type* type = typeOf(self);
  Type* iterator = type == types.dictKeys     ? types.dictReverseKeyIterator
                   : type == types.dictValues ? types.dictReverseValueIterator
                                              : types.dictReverseItemIterator;
  return makeIterator(thread, iterator, Value::of(dictOf(self)));
}

// "dict_keys(['a', 'b'])"
static Fallible<Value> viewRepr(Thread& thread, Value self) {
  ReprGuard guard(thread, self);
  if (!guard.entered()) return Value::of(TRY(makeStr(thread, "...")));
  Tuple* items = TRY(tupleFromIterable(thread, self));
  StrBuilder text;
  text.append(nameOf(self)).append("(");
  text.append(TRY(reprItems(thread, Value::of(items), "[", "]"))).append(")");
  return Value::of(TRY(text.build(thread)));
}

// --- membership and comparison ---------------------------------------------------------------------------------------

static Fallible<bool> viewHas(Thread& thread, Value view, Value element) {
  if (isView(view, types.dictKeys)) return dictContains(thread, dictOf(view), element);
  Tuple* pair = toTuple(element);
  if (pair == nullptr || pair->length != 2) return false;
  Value found = TRY(dictGet(thread, dictOf(view), pair->items[0]));
  if (found.isUnbound()) return false;
  return equals(thread, found, pair->items[1]);
}

static Fallible<Value> viewContains(Thread& thread, Value self, Value element) {
  return Value::boolean(TRY(viewHas(thread, self, element)));
}

// Whether every element of `inner` is in `outer`.
static Fallible<bool> allContained(Thread& thread, Value inner, Value outer) {
  bool all = true;
  TRY(forEach(thread, inner, [&](Value element) -> Fallible<bool> {
    all = TRY(contains(thread, outer, element));
    return all;
  }));
  return all;
}

template <Comparison comparison>
static Fallible<Value> viewCompare(Thread& thread, Value self, Value other) {
  if (!isSetView(self) || !(isSetView(other) || isKind(other, Kind::kSet))) return Value::notImplemented();
  int64_t mine = lengthOf(self), theirs = TRY(length(thread, other));
  switch (comparison) {
    case Comparison::kEqual: return Value::boolean(mine == theirs && TRY(allContained(thread, self, other)));
    case Comparison::kNotEqual: return Value::boolean(!(mine == theirs && TRY(allContained(thread, self, other))));
    case Comparison::kLess: return Value::boolean(mine < theirs && TRY(allContained(thread, self, other)));
    case Comparison::kLessEqual: return Value::boolean(mine <= theirs && TRY(allContained(thread, self, other)));
    case Comparison::kGreater: return Value::boolean(mine > theirs && TRY(allContained(thread, other, self)));
    case Comparison::kGreaterEqual: return Value::boolean(mine >= theirs && TRY(allContained(thread, other, self)));
  }
  return Value::notImplemented();
}

static Fallible<Value> viewIsDisjoint(Thread& thread, Value self, Value other) {
  if (self.is(other)) return Value::boolean(lengthOf(self) == 0);
  Value walked = other, asked = self;
  if ((isSetView(other) || typeOf(other) == types.set || typeOf(other) == types.frozenset) &&
      TRY(length(thread, other)) > lengthOf(self)) {
    std::swap(walked, asked);
  }
  bool disjoint = true;
  TRY(forEach(thread, walked, [&](Value element) -> Fallible<bool> {
    disjoint = !TRY(contains(thread, asked, element));
    return disjoint;
  }));
  return Value::boolean(disjoint);
}

// The set of what `v` yields. A keys view goes by its dict, whose length sizes the table: that decides the order.
static Fallible<Set*> setOf(Thread& thread, Value v) {
  if (isKind(v, Kind::kDictView) && typeOf(v) == types.dictKeys && dictOf(v)->shape()->type == types.dict)
    return makeSet(thread, types.set, Value::of(dictOf(v)));
  return makeSet(thread, types.set, v);
}

// --- set operations: always give a set -------------------------------------------------------------------------------

static Fallible<Value> intersect(Thread& thread, Value view, Value other) {
  if (typeOf(other) == types.set && lengthOf(view) <= static_cast<int64_t>(other.as<Set>()->used))
    return Value::of(TRY(setIntersection(thread, other.as<Set>(), view)));
  // Of two views the smaller one is walked.
  if (isSetView(other) && lengthOf(other) > lengthOf(view)) std::swap(view, other);
  Set* result = TRY(makeSet(thread, types.set, Value::unbound()));
  TRY(forEach(thread, other, [&](Value element) -> Fallible<bool> {
    if (TRY(viewHas(thread, view, element))) TRY(setAdd(thread, result, element));
    return true;
  }));
  return Value::of(result);
}

static Fallible<Value> viewAnd(Thread& thread, Value self, Value other) { return intersect(thread, self, other); }

static Fallible<Value> unite(Thread& thread, Value left, Value right) {
  Set* result = TRY(setOf(thread, left));
  TRY(setUpdate(thread, result, right));
  return Value::of(result);
}
static Fallible<Value> viewOr(Thread& thread, Value self, Value other) { return unite(thread, self, other); }
static Fallible<Value> viewReflectedOr(Thread& thread, Value self, Value other) { return unite(thread, other, self); }

static Fallible<Value> subtract(Thread& thread, Value left, Value right) {
  Set* result = TRY(setOf(thread, left));
  TRY(setDifferenceUpdate(thread, result, right));
  return Value::of(result);
}
static Fallible<Value> viewSubtract(Thread& thread, Value self, Value other) { return subtract(thread, self, other); }
static Fallible<Value> viewReflectedSubtract(Thread& thread, Value self, Value other) {
  return subtract(thread, other, self);
}

static Fallible<Value> symmetricDifference(Thread& thread, Value left, Value right) {
  Set* result = TRY(setOf(thread, left));
  TRY(setSymmetricDifferenceUpdate(thread, result, right));
  return Value::of(result);
}
static Fallible<Value> viewXor(Thread& thread, Value self, Value other) {
  return symmetricDifference(thread, self, other);
}
static Fallible<Value> viewReflectedXor(Thread& thread, Value self, Value other) {
  return symmetricDifference(thread, other, self);
}

static Type* buildSetView(Thread& thread, const char* name) {
  return TypeBuilder(thread, name, types.object, Kind::kDictView)
      .special("__repr__", viewRepr)
      .unhashable()
      .special("__lt__", viewCompare<Comparison::kLess>)
      .special("__le__", viewCompare<Comparison::kLessEqual>)
      .special("__eq__", viewCompare<Comparison::kEqual>)
      .special("__ne__", viewCompare<Comparison::kNotEqual>)
      .special("__gt__", viewCompare<Comparison::kGreater>)
      .special("__ge__", viewCompare<Comparison::kGreaterEqual>)
      .special("__iter__", viewIter)
      .special("__sub__", viewSubtract)
      .special("__rsub__", viewReflectedSubtract)
      .special("__and__", viewAnd)
      .special("__rand__", viewAnd)
      .special("__xor__", viewXor)
      .special("__rxor__", viewReflectedXor)
      .special("__or__", viewOr)
      .special("__ror__", viewReflectedOr)
      .special("__len__", viewLength)
      .special("__contains__", viewContains)
      .method("isdisjoint", viewIsDisjoint)
      .method("__reversed__", viewReversed)
      .getter("mapping", viewMapping)
      .build();
}

void initialiseDictViews(Thread& thread) {
  types.dictKeys = buildSetView(thread, "dict_keys");
  types.dictItems = buildSetView(thread, "dict_items");
  types.dictValues = TypeBuilder(thread, "dict_values", types.object, Kind::kDictView)
                         .special("__repr__", viewRepr)
                         .special("__iter__", viewIter)
                         .special("__len__", viewLength)
                         .method("__reversed__", viewReversed)
                         .getter("mapping", viewMapping)
                         .build();
}

}  // namespace krait
