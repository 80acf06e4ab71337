// Elements: find, findtext, findall and their kind; plain tags here, paths in xml.etree.ElementPath.
#include "vm/builtins/list.h"
#include "vm/builtins/text.h"
#include "vm/import.h"
#include "vm/modules/elementtree_internal.h"

namespace krait {
namespace {

Element* self_(Value v) { return v.as<Element>(); }

template <class Character>
bool hasPathCharacters(const Character* text, uint64_t length) {
  if (length >= 3 && text[0] == '{' && (text[1] == '}' || (text[1] == '*' && text[2] == '}'))) return true;
  bool inNamespace = false;
  for (uint64_t i = 0; i < length; i++) {
    Character c = text[i];
    if (c == '{')
      inNamespace = true;
    else if (c == '}')
      inNamespace = false;
    else if (!inNamespace && (c == '/' || c == '*' || c == '[' || c == '@' || c == '.'))
      return true;
  }
  return false;
}
// Whether `path` is more than the tag of a child.
bool isPath(Value path) {
  if (const Str* text = toStr(path))
    return withText(text, [](auto* t, uint64_t length) { return hasPathCharacters(t, length); });
  if (const Bytes* bytes = toBytes(path)) return hasPathCharacters(bytes->data, bytes->length);
  return true;
}

Fallible<Value> callElementPath(Thread& thread, const char* function, std::span<const Value> arguments) {
  Value module = TRY(importModule(thread, TRY(intern(thread, "xml.etree.ElementPath"))));
  return call(thread, TRY(getAttribute(thread, module, function)), arguments);
}

// path and namespaces, with the parameters of `names` in between.
template <size_t kCount>
Fallible<void> bindPath(Thread& thread, const Parameters& parameters, const Arguments& arguments, Value (&v)[kCount]) {
  TRY(parameters.bind(thread, arguments, v));
  for (size_t i = 1; i < kCount; i++)
    if (v[i].isUnbound()) v[i] = Value::none();
  return {};
}

// The first child with this tag from position `i` on; unbound when there is none. `i` moves behind it.
Fallible<Value> nextChild(Thread& thread, Element* e, Value tag, uint64_t& i) {
  while (i < e->count) {
    Value child = e->children->slots[i++];
    const Element* element = toElement(child);
    if (element->tag.get().is(tag) || TRY(equals(thread, element->tag, tag))) return child;
  }
  return Value::unbound();
}

Fallible<Value> find(Thread& thread, Value self, const Arguments& arguments) {
  static constexpr Parameters kParameters{"find", {"path", "namespaces"}, 1};
  Value v[2];
  TRY(bindPath(thread, kParameters, arguments, v));
  if (!v[1].isNone() || isPath(v[0])) {
    Value all[3] = {self, v[0], v[1]};
    return callElementPath(thread, "find", all);
  }
  uint64_t i = 0;
  Value child = TRY(nextChild(thread, self_(self), v[0], i));
  return child.isUnbound() ? Value::none() : child;
}

Fallible<Value> findText(Thread& thread, Value self, const Arguments& arguments) {
  static constexpr Parameters kParameters{"findtext", {"path", "default", "namespaces"}, 1};
  Value v[3];
  TRY(bindPath(thread, kParameters, arguments, v));
  if (!v[2].isNone() || isPath(v[0])) {
    Value all[4] = {self, v[0], v[1], v[2]};
    return callElementPath(thread, "findtext", all);
  }
  uint64_t i = 0;
  Value child = TRY(nextChild(thread, self_(self), v[0], i));
  if (child.isUnbound()) return v[1];
  Value text = self_(child)->text;
  return text.isNone() ? Value::of(emptyStr()) : text;
}

Fallible<Value> findAll(Thread& thread, Value self, const Arguments& arguments) {
  static constexpr Parameters kParameters{"findall", {"path", "namespaces"}, 1};
  Value v[2];
  TRY(bindPath(thread, kParameters, arguments, v));
  if (!v[1].isNone() || isPath(v[0])) {
    Value all[3] = {self, v[0], v[1]};
    return callElementPath(thread, "findall", all);
  }
  List* list = TRY(makeListWithCapacity(thread, 0));
  for (uint64_t i = 0;;) {
    Value child = TRY(nextChild(thread, self_(self), v[0], i));
    if (child.isUnbound()) return Value::of(list);
    TRY(listAppend(thread, list, child));
  }
}

Fallible<Value> iterFind(Thread& thread, Value self, const Arguments& arguments) {
  static constexpr Parameters kParameters{"iterfind", {"path", "namespaces"}, 1};
  Value v[2];
  TRY(bindPath(thread, kParameters, arguments, v));
  Value all[3] = {self, v[0], v[1]};
  return callElementPath(thread, "iterfind", all);
}

Fallible<Value> iter(Thread& thread, Value self, const Arguments& arguments) {
  static constexpr Parameters kParameters{"iter", {"tag"}, 0};
  Value v[1];
  TRY(kParameters.bind(thread, arguments, v));
  Value tag = v[0].isUnbound() ? Value::none() : v[0];
  if (const Str* text = toStr(tag)) {
    if (text->length == 1 && text->at(0) == '*') tag = Value::none();
  } else if (const Bytes* bytes = toBytes(tag)) {
    if (viewOf(bytes) == "*") tag = Value::none();
  }
  return iterateElements(thread, self, tag);
}
Fallible<Value> iterText(Thread& thread, Value self) { return iterateTexts(thread, self); }

}  // namespace

void declareElementSearch(TypeBuilder& type) {
  type.variadic("find", find)
      .variadic("findtext", findText)
      .variadic("findall", findAll)
      .variadic("iterfind", iterFind)
      .variadic("iter", iter)
      .method("itertext", iterText);
}

}  // namespace krait
