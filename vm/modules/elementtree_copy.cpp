// Elements: copying and pickling.
#include "vm/builtins/dict.h"
#include "vm/builtins/int.h"
#include "vm/builtins/list.h"
#include "vm/import.h"
#include "vm/modules/elementtree_internal.h"

namespace krait {
namespace {

Element* self_(Value v) { return v.as<Element>(); }

Fallible<Value> makeSimilar(Thread& thread, Value, const Arguments& arguments) {
  TRY(arguments.noKeywords(thread, "Element.makeelement"));
  TRY(arguments.count(thread, "makeelement", 2, 2));
  Dict* attributes = toDict(arguments[1]);
  if (attributes == nullptr)
    return raiseTypeError(thread, "makeelement() argument 2 must be dict, not {}",
                          arguments[1].isNone() ? "None" : nameOf(arguments[1]));
  Value copy = Value::of(TRY(dictCopy(thread, attributes)));
  return Value::of(TRY(makeElement(thread, arguments[0], copy)));
}

Fallible<Value> shallowCopy(Thread& thread, Value self) {
  Element* e = self_(self);
  Element* made = TRY(makeElement(thread, e->tag, e->attributes));
  Value result = Value::of(made);
  made->text = e->text.get();
  made->tail = e->tail.get();
  if (e->count > 0) TRY(reserveChildren(thread, made, e->count));
  for (uint64_t i = 0; i < e->count; i++) TRY(appendChild(thread, made, e->children->slots[i]));
  return result;
}

Fallible<Value> deepCopy(Thread& thread, Value self, Value memo);

// The key of an object in a memo: id(v).
Fallible<Value> memoKey(Thread& thread, Value v) {
  return makeInt(thread, static_cast<int64_t>(reinterpret_cast<uintptr_t>(v.asCell())));
}

// copy.deepcopy(v, memo), with less ado for what elements usually hold.
Fallible<Value> deepCopyOf(Thread& thread, Value v, Value memo) {
  if (!v.isCell() || isKind(v, Kind::kStr)) return v;
  if (typeOf(v) == elementTypes.element) {
    Value known = TRY(dictGet(thread, memo.as<Dict>(), TRY(memoKey(thread, v))));
    return known.isUnbound() ? deepCopy(thread, v, memo) : known;
  }
  if (typeOf(v) == types.dict) {
    uint64_t position = 0;
    Value key, value;
    bool simple = true;
    while (simple && dictNext(v.as<Dict>(), position, key, value))
      simple = isKind(key, Kind::kStr) && isKind(value, Kind::kStr);
    if (simple) return Value::of(TRY(dictCopy(thread, v.as<Dict>())));
  }
  Value module = TRY(importModule(thread, TRY(intern(thread, "copy"))));
  return call(thread, TRY(getAttribute(thread, module, "deepcopy")), v, memo);
}

Fallible<Value> deepCopy(Thread& thread, Value self, Value memo) {
  KRAIT_CHECK_NATIVE_STACK(thread, " while calling a Python object");
  if (toDict(memo) == nullptr)
    return raiseTypeError(thread, "__deepcopy__() argument must be dict, not {}",
                          memo.isNone() ? "None" : nameOf(memo));
  Element* e = self_(self);
  Value tag = TRY(deepCopyOf(thread, e->tag, memo));
  Value attributes = e->attributes;
  if (!attributes.isUnbound()) attributes = TRY(deepCopyOf(thread, attributes, memo));
  Element* made = TRY(makeElement(thread, tag, attributes));
  Value result = Value::of(made);
  made->text = TRY(deepCopyOf(thread, e->text, memo));
  made->tail = TRY(deepCopyOf(thread, e->tail, memo));
  if (e->count > 0) TRY(reserveChildren(thread, made, e->count));
  for (uint64_t i = 0; i < e->count; i++) {
    Value child = TRY(deepCopyOf(thread, e->children->slots[i], memo));
    (void)TRY(requireElement(thread, child));
    TRY(appendChild(thread, made, child));
  }
  TRY(dictSet(thread, memo.as<Dict>(), TRY(memoKey(thread, self)), result));
  return result;
}

// --- pickling ---------------------------------------------------------------------------------------------------------

constexpr const char* kStateNames[] = {"tag", "_children", "attrib", "text", "tail"};

Fallible<Value> getState(Thread& thread, Value self) {
  Element* e = self_(self);
  List* children = TRY(makeListWithCapacity(thread, e->count));
  for (uint64_t i = 0; i < e->count; i++) TRY(listAppend(thread, children, e->children->slots[i]));
  Value attributes = e->attributes;
  if (attributes.isUnbound()) attributes = Value::of(TRY(makeDict(thread)));
  Value values[] = {e->tag, Value::of(children), attributes, e->text, e->tail};
  Dict* state = TRY(makeDict(thread, 5));
  for (size_t i = 0; i < std::size(values); i++)
    TRY(dictSetStr(thread, state, TRY(intern(thread, kStateNames[i])), values[i]));
  return Value::of(state);
}

Fallible<Value> setState(Thread& thread, Value self, Value stateValue) {
  Dict* state = toDict(stateValue);
  if (state == nullptr) {
    fmt::memory_buffer buffer;
    return raiseTypeError(thread, "Don't know how to unpickle \"{}\" as an Element",
                          textOf(TRY(repr(thread, stateValue)), buffer).substr(0, 200));
  }
  if (state->length > std::size(kStateNames))
    return raiseTypeError(thread, "function takes at most 5 keyword arguments ({} given)", state->length);
  Value v[std::size(kStateNames)];
  uint64_t known = 0;
  for (size_t i = 0; i < std::size(kStateNames); i++) {
    v[i] = dictGetStr(state, TRY(intern(thread, kStateNames[i])));
    known += !v[i].isUnbound();
  }
  uint64_t position = 0;
  Value key, value;
  while (known < state->length && dictNext(state, position, key, value)) {
    if (toStr(key) == nullptr) return raise(thread, exceptions.TypeError, "keywords must be strings");
    bool isKnown = false;
    for (const char* name : kStateNames) isKnown |= strEqualsUtf8(toStr(key), name);
    if (isKnown) continue;
    fmt::memory_buffer buffer;
    return raiseTypeError(thread, "'{}' is an invalid keyword argument for this function", textOf(toStr(key), buffer));
  }
  Element* e = self_(self);
  if (v[0].isUnbound()) return raise(thread, exceptions.TypeError, "tag may not be NULL");
  e->tag = v[0];
  e->text = v[3].isUnbound() ? Value::none() : v[3];
  e->tail = v[4].isUnbound() ? Value::none() : v[4];
  if (v[1].isUnbound() && v[2].isUnbound()) return Value::none();
  List* children = nullptr;
  if (!v[1].isUnbound()) {
    children = toList(v[1]);
    if (children == nullptr) return raise(thread, exceptions.TypeError, "'_children' is not a list");
    for (const Value& child : children->values()) (void)TRY(requireElement(thread, child));
  }
  e->children = nullptr;
  e->count = e->capacity = 0;
  if (children != nullptr && children->length > 0) {
    TRY(reserveChildren(thread, e, children->length));
    for (uint64_t i = 0; i < children->length; i++) TRY(appendChild(thread, e, children->storage->slots[i]));
  }
  e->attributes = v[2];
  e->hasExtra = true;
  return Value::none();
}

}  // namespace

void declareElementCopies(TypeBuilder& type) {
  type.variadic("makeelement", makeSimilar)
      .method("__copy__", shallowCopy)
      .method("__deepcopy__", deepCopy)
      .method("__getstate__", getState)
      .method("__setstate__", setState);
}

}  // namespace krait
