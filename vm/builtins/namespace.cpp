// types.SimpleNamespace: an object that is nothing but its attributes.
#include "vm/builtins/namespace.h"

#include "vm/builtins/dict.h"
#include "vm/builtins/str.h"
#include "vm/builtins/tuple.h"
#include "vm/builtins/type_internal.h"

namespace krait {

static Fallible<Dict*> attributesOf(Thread& thread, Value self) { return attributeDict(thread, self.asCell()); }

Fallible<Value> makeNamespace(Thread& thread, Dict* content) {
  Value made = TRY(allocateInstance(thread, types.simpleNamespace));
  TRY(dictUpdate(thread, TRY(attributesOf(thread, made)), Value::of(content)));
  return made;
}

static Fallible<Value> namespaceNew(Thread& thread, Value self, const Arguments&) {
  return allocateInstance(thread, self.as<Type>());
}

static Fallible<Value> namespaceInit(Thread& thread, Value self, const Arguments& arguments) {
  if (arguments.positional != 0) return raiseTypeError(thread, "no positional arguments expected");
  for (uint32_t i = 0; i < arguments.keywordCount(); i++) {
    Str* name = toStr(arguments.keywordNames->items[i]);
    if (name == nullptr) return raiseTypeError(thread, "keywords must be strings");
    TRY(setOwnAttribute(thread, self.asCell(), TRY(intern(thread, name)), arguments[i]));
  }
  return Value::none();
}

// "namespace(a=1, b=2)"; a derived class shows its own name.
static Fallible<Value> namespaceRepr(Thread& thread, Value self) {
  StrBuilder text;
  text.append(typeOf(self) == types.simpleNamespace ? std::string_view("namespace") : nameOf(self));
  ReprGuard guard(thread, self);
  if (!guard.entered()) {
    text.append("(...)");
    return Value::of(TRY(text.build(thread)));
  }
  KRAIT_CHECK_NATIVE_STACK(thread, " while getting the repr of an object");
  text.append("(");
  Dict* attributes = TRY(attributesOf(thread, self));
  uint64_t position = 0;
  Value key, value;
  bool first = true;
  while (dictNext(attributes, position, key, value)) {
    Str* name = toStr(key);
    if (name == nullptr || name->length == 0) continue;
    if (!first) text.append(", ");
    first = false;
    text.append(name).append("=");
    text.append(TRY(repr(thread, value)));
  }
  text.append(")");
  return Value::of(TRY(text.build(thread)));
}

template <Comparison comparison>
static Fallible<Value> namespaceCompare(Thread& thread, Value self, Value other) {
  if (!isInstanceOf(self, types.simpleNamespace) || !isInstanceOf(other, types.simpleNamespace))
    return Value::notImplemented();
  Dict* mine = TRY(attributesOf(thread, self));
  Dict* theirs = TRY(attributesOf(thread, other));
  return compare(thread, comparison, Value::of(mine), Value::of(theirs));
}

static Fallible<Value> namespaceReduce(Thread& thread, Value self) {
  Dict* attributes = TRY(attributesOf(thread, self));
  return Value::of(TRY(makeTuple(thread, {Value::of(typeOf(self)), Value::of(emptyTuple()), Value::of(attributes)})));
}

void initialiseNamespace(Thread& thread) {
  types.simpleNamespace =
      TypeBuilder(thread, "SimpleNamespace", types.object, Kind::kNamespace)
          .module("types")
          .flags(Type::kBaseType | Type::kInstantiable | Type::kHasDict | Type::kDefaultGetattribute |
                 Type::kDefaultSetattr)
          .doc("SimpleNamespace(**attributes): an object with these attributes and a repr that shows them.")
          .constructor(namespaceNew)
          .specialVariadic("__init__", namespaceInit)
          .special("__repr__", namespaceRepr)
          .unhashable()
          .special("__lt__", namespaceCompare<Comparison::kLess>)
          .special("__le__", namespaceCompare<Comparison::kLessEqual>)
          .special("__eq__", namespaceCompare<Comparison::kEqual>)
          .special("__ne__", namespaceCompare<Comparison::kNotEqual>)
          .special("__gt__", namespaceCompare<Comparison::kGreater>)
          .special("__ge__", namespaceCompare<Comparison::kGreaterEqual>)
          .method("__reduce__", namespaceReduce)
          .getter("__dict__", getInstanceDict, refuseAssignment)
          .build();
}

}  // namespace krait
