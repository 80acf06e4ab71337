// Module _elementtree: elements, their construction and their attributes.
#include <cinttypes>

#include "vm/builtins/dict.h"
#include "vm/builtins/int.h"
#include "vm/builtins/list.h"
#include "vm/builtins/sequence.h"
#include "vm/builtins/tuple.h"
#include "vm/builtins/type_internal.h"
#include "vm/modules/elementtree_internal.h"
#include "vm/modules/native_arguments.h"

namespace krait {
namespace {

Element* self_(Value v) { return v.as<Element>(); }

void traceElement(Cell* cell, Marker& marker) {
  auto* e = static_cast<Element*>(cell);
  marker.mark(e->tag);
  marker.mark(e->text);
  marker.mark(e->tail);
  marker.mark(e->attributes);
  marker.mark(e->children);
}

Fallible<Element*> allocateElement(Thread& thread, Type* type) {
  auto* e = TRY(allocate<Element>(thread, Kind::kNative, type->instanceShape));
  e->traits = &kElementTraits;
  e->tag = e->text = e->tail = Value::none();
  e->attributes = Value::unbound();
  return e;
}

}  // namespace

const NativeTraits kElementTraits{"xml.etree.ElementTree.Element", traceElement, nullptr};

Fallible<Element*> makeElement(Thread& thread, Value tag, Value attributes) {
  Element* e = TRY(allocateElement(thread, elementTypes.element));
  e->tag = tag;
  e->attributes = attributes;
  if (!attributes.isUnbound()) e->hasExtra = true;
  return e;
}

Fallible<Element*> requireElement(Thread& thread, Value child) {
  if (Element* e = toElement(child)) return e;
  return raiseTypeError(thread, "expected an Element, not \"{}\"", nameOf(child));
}

Fallible<Value> attributesOf(Thread& thread, Element* element) {
  if (element->attributes.get().isUnbound()) {
    element->attributes = Value::of(TRY(makeDict(thread)));
    element->hasExtra = true;
  }
  return element->attributes.get();
}

// --- children ---------------------------------------------------------------------------------------------------------

Fallible<void> reserveChildren(Thread& thread, Element* parent, uint64_t capacity) {
  parent->hasExtra = true;
  if (capacity <= parent->capacity) return {};
  // As CPython grows them, which sizeof shows: four, then an eighth more and some.
  uint64_t wanted = capacity <= 4 ? 4 : capacity + (capacity >> 3) + (capacity < 9 ? 3 : 6);
  if (wanted > kMaxSequenceLength) return raiseMemoryError(thread);
  ValueArray* children = TRY(allocateArray(thread, wanted));
  for (uint64_t i = 0; i < parent->count; i++) children->slots[i] = parent->children->slots[i];
  parent->children = children;
  parent->capacity = wanted;
  return {};
}

Fallible<void> appendChild(Thread& thread, Element* parent, Value child) {
  if (parent->count == parent->capacity) [[unlikely]]
    TRY(reserveChildren(thread, parent, parent->count + 1));
  parent->children->slots[parent->count++] = child;
  return {};
}

Fallible<void> insertChild(Thread& thread, Element* parent, uint64_t at, Value child) {
  TRY(appendChild(thread, parent, child));
  Value* slots = parent->children->slots;
  for (uint64_t i = parent->count - 1; i > at; i--) slots[i] = slots[i - 1];
  slots[at] = child;
  return {};
}

void eraseChild(Element* parent, uint64_t at) {
  Value* slots = parent->children->slots;
  parent->count--;
  for (uint64_t i = at; i < parent->count; i++) slots[i] = slots[i + 1];
  slots[parent->count] = Value::inlineInt(0);
}

namespace {

// --- construction -----------------------------------------------------------------------------------------------------

// attrib={...} among the keyword arguments, or an argument of its own, and all other keywords: one dict, or unbound
// when that is empty.
Fallible<Value> gatherAttributes(Thread& thread, const char* function, Value positional, unsigned number,
                                 const Arguments& arguments) {
  Dict* made = nullptr;
  uint32_t keywords = arguments.keywordCount();
  Value given = positional;
  if (!given.isUnbound()) {
    if (toDict(given) == nullptr)
      return raiseTypeError(thread, "{}() argument {} must be dict, not {}", function, number,
                            given.isNone() ? "None" : nameOf(given));
  } else if (keywords > 0) {
    given = arguments.keyword("attrib");
    if (!given.isUnbound() && toDict(given) == nullptr)
      return raiseTypeError(thread, "attrib must be dict, not {}", nameOf(given));
  }
  if (!given.isUnbound() && given.as<Dict>()->length > 0) made = TRY(dictCopy(thread, given.as<Dict>()));
  for (uint32_t k = 0; k < keywords; k++) {
    Value name = arguments.keywordNames->items[k];
    if (positional.isUnbound() && strEqualsUtf8(toStr(name), "attrib")) continue;
    if (made == nullptr) made = TRY(makeDict(thread));
    TRY(dictSet(thread, made, name, arguments[arguments.positional + k]));
  }
  return made == nullptr ? Value::unbound() : Value::of(made);
}

Fallible<void> countPositional(Thread& thread, const char* function, const Arguments& arguments, uint32_t least,
                               uint32_t most) {
  if (arguments.positional >= least && arguments.positional <= most) return {};
  bool few = arguments.positional < least;
  uint32_t bound = few ? least : most;
  return raiseTypeError(thread, "{}() takes {} {} argument{} ({} given)", function, few ? "at least" : "at most", bound,
                        bound == 1 ? "" : "s", arguments.positional);
}

Fallible<Value> elementNew(Thread& thread, Value type, const Arguments&) {
  return Value::of(TRY(allocateElement(thread, type.as<Type>())));
}
Fallible<Value> elementInit(Thread& thread, Value self, const Arguments& arguments) {
  TRY(countPositional(thread, "Element", arguments, 1, 2));
  Value positional = arguments.positional == 2 ? arguments[1] : Value::unbound();
  Value attributes = TRY(gatherAttributes(thread, "Element", positional, 2, arguments));
  Element* e = self_(self);
  if (!attributes.isUnbound()) {
    e->attributes = attributes;
    e->hasExtra = true;
  }
  e->tag = arguments[0];
  e->text = e->tail = Value::none();
  return Value::none();
}

Fallible<Value> subElement(Thread& thread, Value, const Arguments& arguments) {
  TRY(countPositional(thread, "SubElement", arguments, 2, 3));
  Element* parent = toElement(arguments[0]);
  if (parent == nullptr)
    return raiseTypeError(thread, "SubElement() argument 1 must be xml.etree.ElementTree.Element, not {}",
                          arguments[0].isNone() ? "None" : nameOf(arguments[0]));
  Value positional = arguments.positional == 3 ? arguments[2] : Value::unbound();
  Value attributes = TRY(gatherAttributes(thread, "SubElement", positional, 3, arguments));
  Value made = Value::of(TRY(makeElement(thread, arguments[1], attributes)));
  TRY(appendChild(thread, parent, made));
  return made;
}

Fallible<Value> elementRepr(Thread& thread, Value self) {
  ReprGuard guard(thread, self);
  if (!guard.entered())
    return raiseFormat(thread, exceptions.RuntimeError, "reentrant call inside {}.__repr__", nameOf(self));
  KRAIT_CHECK_NATIVE_STACK(thread, " while getting the repr of an object");
  StrBuilder text;
  text.append("<Element ").append(TRY(repr(thread, self_(self)->tag)));
  text.append(fmt::format(" at {:#x}>", reinterpret_cast<uintptr_t>(self.asCell())));
  return Value::of(TRY(text.build(thread)));
}

// --- attributes -------------------------------------------------------------------------------------------------------

Raised refuseDeletion(Thread& thread) {
  return raise(thread, exceptions.AttributeError, "can't delete element attribute");
}
template <auto kField>
Fallible<Value> getField(Thread&, Value self) {
  return (self_(self)->*kField).get();
}
template <auto kField>
Fallible<void> setField(Thread& thread, Value self, Value value) {
  if (value.isUnbound()) return refuseDeletion(thread);
  self_(self)->*kField = value;
  return {};
}
Fallible<Value> getAttributes(Thread& thread, Value self) { return attributesOf(thread, self_(self)); }
Fallible<void> setAttributes(Thread& thread, Value self, Value value) {
  if (value.isUnbound()) return refuseDeletion(thread);
  if (toDict(value) == nullptr) return raiseTypeError(thread, "attrib must be dict, not {}", nameOf(value));
  self_(self)->attributes = value;
  self_(self)->hasExtra = true;
  return {};
}

// The attributes for a method: __setstate__ may have put anything there.
Fallible<Dict*> attributeDictOf(Thread& thread, Element* e) {
  if (Dict* dict = toDict(e->attributes)) return dict;
  return raiseTypeError(thread, "attrib must be dict, not {}", nameOf(e->attributes.get()));
}
Fallible<Value> attributeFor(Thread& thread, Element* e, Value key, Value otherwise) {
  if (e->attributes.get().isUnbound()) return otherwise;
  Dict* dict = TRY(attributeDictOf(thread, e));
  Value found =
      isKind(key, Kind::kStr) && dict->allStrings ? dictGetStr(dict, key.as<Str>()) : TRY(dictGet(thread, dict, key));
  return found.isUnbound() ? otherwise : found;
}
Fallible<Value> elementGet(Thread& thread, Value self, const Arguments& arguments) {
  Value v[2] = {Value::unbound(), Value::unbound()};
  if (arguments.keywordNames == nullptr && arguments.positional >= 1 && arguments.positional <= 2) [[likely]] {
    v[0] = arguments[0];
    if (arguments.positional == 2) v[1] = arguments[1];
  } else {
    static constexpr Parameters kParameters{"get", {"key", "default"}, 1};
    TRY(kParameters.bind(thread, arguments, v));
  }
  return attributeFor(thread, self_(self), v[0], v[1].isUnbound() ? Value::none() : v[1]);
}
Fallible<Value> elementSet(Thread& thread, Value self, const Arguments& arguments) {
  TRY(arguments.noKeywords(thread, "Element.set"));
  TRY(arguments.count(thread, "set", 2, 2));
  (void)TRY(attributesOf(thread, self_(self)));
  TRY(dictSet(thread, TRY(attributeDictOf(thread, self_(self))), arguments[0], arguments[1]));
  return Value::none();
}
Fallible<Value> elementKeys(Thread& thread, Value self) {
  Element* e = self_(self);
  List* list = TRY(makeListWithCapacity(thread, 0));
  if (e->attributes.get().isUnbound()) return Value::of(list);
  uint64_t position = 0;
  Value key, value;
  Dict* dict = TRY(attributeDictOf(thread, e));
  while (dictNext(dict, position, key, value)) TRY(listAppend(thread, list, key));
  return Value::of(list);
}
Fallible<Value> elementItems(Thread& thread, Value self) {
  Element* e = self_(self);
  List* list = TRY(makeListWithCapacity(thread, 0));
  if (e->attributes.get().isUnbound()) return Value::of(list);
  uint64_t position = 0;
  Value key, value;
  Dict* dict = TRY(attributeDictOf(thread, e));
  while (dictNext(dict, position, key, value))
    TRY(listAppend(thread, list, Value::of(TRY(makeTuple(thread, {key, value})))));
  return Value::of(list);
}

Fallible<Value> elementClear(Thread&, Value self) {
  Element* e = self_(self);
  e->attributes = Value::unbound();
  e->children = nullptr;
  e->count = e->capacity = 0;
  e->hasExtra = false;
  e->text = e->tail = Value::none();
  return Value::none();
}
Fallible<Value> elementSizeof(Thread&, Value self) {
  Element* e = self_(self);
  uint64_t bytes = 56;
  if (e->hasExtra) bytes += 64;
  if (e->capacity > 4) bytes += e->capacity * sizeof(Value);
  return Value::inlineInt(static_cast<int64_t>(bytes));
}

Fallible<Value> setFactories(Thread& thread, Value, const Arguments& arguments) {
  TRY(arguments.noKeywords(thread, "_elementtree._set_factories"));
  TRY(arguments.count(thread, "_set_factories", 2, 2));
  return setElementFactories(thread, arguments[0], arguments[1]);
}

void declareElement(Thread& thread) {
  TypeBuilder type(thread, "Element", types.object, Kind::kNative);
  type.module("xml.etree.ElementTree")
      .flags(Type::kBaseType | Type::kInstantiable | Type::kHasWeakref)
      .constructor(elementNew)
      .special("__repr__", elementRepr)
      .specialVariadic("__init__", elementInit);
  declareElementSequence(type);
  type.method("clear", elementClear).variadic("get", elementGet).variadic("set", elementSet);
  declareElementSearch(type);
  type.method("items", elementItems).method("keys", elementKeys);
  declareElementCopies(type);
  elementTypes.element = keepType(type.method("__sizeof__", elementSizeof)
                                      .getter("tag", getField<&Element::tag>, setField<&Element::tag>)
                                      .getter("text", getField<&Element::text>, setField<&Element::text>)
                                      .getter("tail", getField<&Element::tail>, setField<&Element::tail>)
                                      .getter("attrib", getAttributes, setAttributes)
                                      .build());
}

}  // namespace

Module* moduleElementtree(Thread& thread) {
  elementTypes.parseError = makeExceptionClass(thread, "xml.etree.ElementTree", "ParseError", exceptions.SyntaxError);
  declareElement(thread);
  declareElementIterator(thread);
  declareTreeBuilder(thread);
  declareElementParser(thread);
  return ModuleBuilder(thread, "_elementtree")
      .constant("Element", Value::of(elementTypes.element))
      .constant("TreeBuilder", Value::of(elementTypes.builder))
      .constant("XMLParser", Value::of(elementTypes.parser))
      .constant("ParseError", Value::of(elementTypes.parseError))
      .variadic("SubElement", subElement)
      .variadic("_set_factories", setFactories)
      .build();
}

}  // namespace krait
