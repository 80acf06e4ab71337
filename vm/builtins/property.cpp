// property, staticmethod and classmethod: the descriptors that programs make themselves.
#include "vm/builtins/descriptors.h"
#include "vm/builtins/dict.h"
#include "vm/builtins/function.h"
#include "vm/builtins/str.h"
#include "vm/builtins/type_internal.h"
#include "vm/names.h"

namespace krait {
namespace {

// --- property ---------------------------------------------------------------------------------------------------------
Fallible<Value> propertyNew(Thread& thread, Value self, const Arguments&) {
  auto* p = TRY(allocate<Property>(thread, Kind::kProperty, self.as<Type>()->instanceShape));
  p->get = p->set = p->del = p->doc = p->name = Value::none();
  return Value::of(p);
}

Value noneIfMissing(Value v) { return v.isUnbound() ? Value::none() : v; }

Fallible<Value> propertyInit(Thread& thread, Value self, const Arguments& arguments) {
  static constexpr Parameters kParameters{"property", {"fget", "fset", "fdel", "doc"}, 0};
  Value values[4];
  TRY(kParameters.bind(thread, arguments, values));
  auto* p = self.as<Property>();
  p->get = noneIfMissing(values[0]);
  p->set = noneIfMissing(values[1]);
  p->del = noneIfMissing(values[2]);
  p->doc = noneIfMissing(values[3]);
  p->name = Value::none();
  p->flags = 0;
  if (p->doc.get().isNone() && !p->get.get().isNone()) {
    Value doc = TRY(getAttributeOrUnbound(thread, p->get, names.dunder_doc));
    if (!doc.isUnbound() && !doc.isNone()) {
      p->doc = doc;
      p->flags = 1;  // the getter's, replaced with the getter
    }
  }
  return Value::none();
}

// A copy with one function replaced, of the same class.
Fallible<Value> copyWith(Thread& thread, Value self, Value get, Value set, Value del) {
  auto* p = self.as<Property>();
  if (get.isUnbound() || get.isNone()) get = p->get;
  if (set.isUnbound() || set.isNone()) set = p->set;
  if (del.isUnbound() || del.isNone()) del = p->del;
  Value doc = (p->flags & 1) && !get.isNone() ? Value::none() : p->doc.get();
  Value arguments[] = {get, set, del, doc};
  Value copy = TRY(call(thread, Value::of(typeOf(self)), arguments));
  if (isKind(copy, Kind::kProperty)) copy.as<Property>()->name = p->name.get();
  return copy;
}
Fallible<Value> propertyGetter(Thread& thread, Value self, Value f) {
  return copyWith(thread, self, f, Value::none(), Value::none());
}
Fallible<Value> propertySetter(Thread& thread, Value self, Value f) {
  return copyWith(thread, self, Value::none(), f, Value::none());
}
Fallible<Value> propertyDeleter(Thread& thread, Value self, Value f) {
  return copyWith(thread, self, Value::none(), Value::none(), f);
}
Fallible<Value> propertySetName(Thread& thread, Value self, const Arguments& arguments) {
  if (arguments.positional != 2)
    return raiseTypeError(thread, "__set_name__() takes 2 positional arguments but {} were given",
                          arguments.positional);
  self.as<Property>()->name = arguments[1];
  return Value::none();
}
Fallible<Value> propertyFget(Thread&, Value self) { return self.as<Property>()->get.get(); }
Fallible<Value> propertyFset(Thread&, Value self) { return self.as<Property>()->set.get(); }
Fallible<Value> propertyFdel(Thread&, Value self) { return self.as<Property>()->del.get(); }
Fallible<Value> propertyDoc(Thread&, Value self) { return self.as<Property>()->doc.get(); }
Fallible<void> setPropertyDoc(Thread&, Value self, Value doc) {
  self.as<Property>()->doc = noneIfMissing(doc);
  return {};
}

Fallible<bool> isAbstract(Thread& thread, Value function) {
  if (!function.isCell()) return false;
  Value flag = TRY(getAttributeOrUnbound(thread, function, TRY(intern(thread, "__isabstractmethod__"))));
  if (flag.isUnbound()) return false;
  return isTrue(thread, flag);
}
Fallible<Value> propertyAbstract(Thread& thread, Value self) {
  auto* p = self.as<Property>();
  return Value::boolean(TRY(isAbstract(thread, p->get)) || TRY(isAbstract(thread, p->set)) ||
                        TRY(isAbstract(thread, p->del)));
}

Fallible<Value> propertySet(Thread& thread, Value self, Value instance, Value value) {
  TRY(setThroughDescriptor(thread, self, instance, value));
  return Value::none();
}
Fallible<Value> propertyDelete(Thread& thread, Value self, Value instance) {
  TRY(setThroughDescriptor(thread, self, instance, Value::unbound()));
  return Value::none();
}

// --- staticmethod, classmethod ----------------------------------------------------------------------------------------
Fallible<Value> makeWrapper(Thread& thread, Type* type, Kind kind, Value callable) {
  auto* w = TRY(allocate<Wrapper>(thread, kind, type->instanceShape));
  w->callable = callable;
  return Value::of(w);
}
Fallible<Value> wrapperNew(Thread& thread, Value self, const Arguments&) {
  Type* type = self.as<Type>();
  return makeWrapper(thread, type, type->instanceKind, Value::none());
}

// As functools.wraps: the wrapper shows its function's name and documentation.
Fallible<Value> wrapperInit(Thread& thread, Value self, const Arguments& arguments) {
  const char* name = isKind(self, Kind::kStaticMethod) ? "staticmethod" : "classmethod";
  TRY(arguments.noKeywords(thread, name));
  TRY(arguments.count(thread, name, 1, 1));
  Value callable = arguments[0];
  self.as<Wrapper>()->callable = callable;
  for (Str* attribute :
       {names.dunder_module, names.dunder_name, names.dunder_qualname, names.dunder_doc, names.dunder_annotations}) {
    // A Python function makes its annotations on demand; there is no need to ask for an empty dictionary.
    if (attribute == names.dunder_annotations && isKind(callable, Kind::kFunction) &&
        callable.as<Function>()->annotations.get().isUnbound())
      continue;
    Value value = TRY(getAttributeOrUnbound(thread, callable, attribute));
    if (!value.isUnbound()) TRY(setOwnAttribute(thread, self.asCell(), attribute, value));
  }
  return Value::none();
}
Fallible<Value> wrapperFunction(Thread&, Value self) { return self.as<Wrapper>()->callable.get(); }
Fallible<Value> wrapperAbstract(Thread& thread, Value self) {
  return Value::boolean(TRY(isAbstract(thread, self.as<Wrapper>()->callable)));
}
Fallible<Value> wrapperRepr(Thread& thread, Value self) {
  StrBuilder builder;
  builder.append(isKind(self, Kind::kStaticMethod) ? "<staticmethod(" : "<classmethod(");
  builder.append(TRY(repr(thread, self.as<Wrapper>()->callable))).append(")>");
  return Value::of(TRY(builder.build(thread)));
}
Fallible<Value> staticCall(Thread& thread, Value self, const Arguments& arguments) {
  uint64_t count = arguments.positional + arguments.keywordCount();
  return call(thread, self.as<Wrapper>()->callable, {arguments.first, count}, arguments.keywordNames);
}

TypeBuilder& declareWrapper(TypeBuilder& builder) {
  return builder.flags(Type::kBaseType | Type::kHasDict)
      .constructor(wrapperNew)
      .special("__repr__", wrapperRepr)
      .special("__get__", descriptorGet, 1)
      .specialVariadic("__init__", wrapperInit)
      .getter("__func__", wrapperFunction, refuseAssignment)
      .getter("__wrapped__", wrapperFunction, refuseAssignment)
      .getter("__isabstractmethod__", wrapperAbstract)
      .getter("__dict__", getInstanceDict, setInstanceDict);
}

}  // namespace

Fallible<Value> makeStaticMethod(Thread& thread, Value callable) {
  return makeWrapper(thread, types.staticmethod, Kind::kStaticMethod, callable);
}
Fallible<Value> makeClassMethod(Thread& thread, Value callable) {
  return makeWrapper(thread, types.classmethod, Kind::kClassMethod, callable);
}

void initialiseProperty(Thread& thread) {
  types.property = TypeBuilder(thread, "property", types.object, Kind::kProperty)
                       .flags(Type::kBaseType)
                       .constructor(propertyNew)
                       .special("__get__", descriptorGet, 1)
                       .special("__set__", propertySet)
                       .special("__delete__", propertyDelete)
                       .specialVariadic("__init__", propertyInit)
                       .method("getter", propertyGetter)
                       .method("setter", propertySetter)
                       .method("deleter", propertyDeleter)
                       .variadic("__set_name__", propertySetName)
                       .getter("fget", propertyFget, refuseAssignment)
                       .getter("fset", propertyFset, refuseAssignment)
                       .getter("fdel", propertyFdel, refuseAssignment)
                       .getter("__doc__", propertyDoc, setPropertyDoc)
                       .getter("__isabstractmethod__", propertyAbstract)
                       .build();
  TypeBuilder staticBuilder(thread, "staticmethod", types.object, Kind::kStaticMethod);
  types.staticmethod = declareWrapper(staticBuilder).specialVariadic("__call__", staticCall).build();
  TypeBuilder classBuilder(thread, "classmethod", types.object, Kind::kClassMethod);
  types.classmethod = declareWrapper(classBuilder).build();
}

}  // namespace krait
