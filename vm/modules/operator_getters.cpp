// Module _operator: itemgetter, attrgetter and methodcaller.
#include "vm/modules/operator.h"

#include "vm/builtins/dict.h"
#include "vm/builtins/str.h"
#include "vm/builtins/tuple.h"
#include "vm/import.h"

namespace krait {
namespace {

// All three: what was asked for, and how it is done.
struct Getter : NativeObject {
  Field<Tuple*> arguments;  // as given: items, attribute names, or the method's positional arguments
  Field<Tuple*> steps;      // attrgetter: per name a tuple of interned parts
  Field<Str*> name;         // methodcaller
  Field<Tuple*> keywordNames;
  Field<Tuple*> values;  // methodcaller: positional arguments, then those of keywordNames
};
void traceGetter(Cell* cell, Marker& marker) {
  auto* getter = static_cast<Getter*>(cell);
  marker.mark(getter->arguments.get());
  marker.mark(getter->steps.get());
  marker.mark(getter->name.get());
  marker.mark(getter->keywordNames.get());
  marker.mark(getter->values.get());
}
constexpr NativeTraits kTraits{"operator.getter", traceGetter, nullptr};

Fallible<Getter*> makeGetter(Thread& thread, Value type, std::span<const Value> given) {
  Tuple* arguments = TRY(makeTuple(thread, given));
  auto* getter = TRY(allocate<Getter>(thread, Kind::kNative, type.as<Type>()->instanceShape));
  getter->traits = &kTraits;
  getter->arguments.set(arguments);
  return getter;
}
Fallible<Value> pack(Thread& thread, std::initializer_list<Value> items) {
  return Value::of(TRY(makeTuple(thread, items)));
}

Fallible<void> checkNew(Thread& thread, const Arguments& arguments, const char* name) {
  TRY(arguments.noKeywords(thread, name));
  if (arguments.positional < 1) return raiseTypeError(thread, "{} expected 1 argument, got 0", name);
  return {};
}
Fallible<void> checkCall(Thread& thread, const Arguments& arguments, const char* name) {
  TRY(arguments.noKeywords(thread, name));
  return arguments.count(thread, name, 1, 1);
}

// --- itemgetter ------------------------------------------------------------------------------------------------------

Fallible<Value> itemGetterNew(Thread& thread, Value self, const Arguments& arguments) {
  TRY(checkNew(thread, arguments, "itemgetter"));
  return Value::of(TRY(makeGetter(thread, self, arguments.positionals())));
}

Fallible<Value> itemGetterCall(Thread& thread, Value self, const Arguments& arguments) {
  TRY(checkCall(thread, arguments, "itemgetter"));
  Tuple* items = self.as<Getter>()->arguments;
  Value object = arguments[0];
  if (items->length == 1) return getItem(thread, object, items->items[0]);
  Tuple* result = TRY(makeTupleUninitialised(thread, items->length));
  for (uint64_t i = 0; i < items->length; i++) result->items[i].set(TRY(getItem(thread, object, items->items[i])));
  return Value::of(result);
}

// --- attrgetter ------------------------------------------------------------------------------------------------------

Fallible<Tuple*> splitName(Thread& thread, Str* name) {
  uint64_t parts = 1;
  for (uint64_t i = 0; i < name->length; i++) parts += name->at(i) == '.';
  Tuple* result = TRY(makeTupleUninitialised(thread, parts));
  uint64_t start = 0;
  for (uint64_t part = 0; part < parts; part++) {
    uint64_t end = start;
    while (end < name->length && name->at(end) != '.') end++;
    Str* piece = TRY(substring(thread, name, start, end));
    result->items[part].set(Value::of(TRY(intern(thread, piece))));
    start = end + 1;
  }
  return result;
}

Fallible<Value> attrGetterNew(Thread& thread, Value self, const Arguments& arguments) {
  TRY(checkNew(thread, arguments, "attrgetter"));
  Tuple* steps = TRY(makeTupleUninitialised(thread, arguments.positional));
  for (uint32_t i = 0; i < arguments.positional; i++) {
    Str* name = toStr(arguments[i]);
    if (name == nullptr) return raiseTypeError(thread, "attribute name must be a string");
    steps->items[i].set(Value::of(TRY(splitName(thread, name))));
  }
  Getter* getter = TRY(makeGetter(thread, self, arguments.positionals()));
  getter->steps.set(steps);
  return Value::of(getter);
}

Fallible<Value> walk(Thread& thread, Value object, Value steps) {
  Tuple* parts = steps.as<Tuple>();
  for (uint64_t i = 0; i < parts->length; i++)
    object = TRY(getAttribute(thread, object, parts->items[i].get().as<Str>()));
  return object;
}

Fallible<Value> attrGetterCall(Thread& thread, Value self, const Arguments& arguments) {
  TRY(checkCall(thread, arguments, "attrgetter"));
  Tuple* steps = self.as<Getter>()->steps;
  Value object = arguments[0];
  if (steps->length == 1) return walk(thread, object, steps->items[0]);
  Tuple* result = TRY(makeTupleUninitialised(thread, steps->length));
  for (uint64_t i = 0; i < steps->length; i++) result->items[i].set(TRY(walk(thread, object, steps->items[i])));
  return Value::of(result);
}

Fallible<Value> getterReduce(Thread& thread, Value self) {
  return pack(thread, {Value::of(typeOf(self)), Value::of(self.as<Getter>()->arguments.get())});
}

// "operator.itemgetter(1, 'a')"; the recursion of a repr ends in "...".
Fallible<Value> getterRepr(Thread& thread, Value self) {
  StrBuilder text;
  text.append(nameOf(typeOf(self))).append("(");
  ReprGuard guard(thread, self);
  if (!guard.entered()) return Value::of(TRY(text.append("...)").build(thread)));
  KRAIT_CHECK_NATIVE_STACK(thread, " while getting the repr of an object");
  Getter* getter = self.as<Getter>();
  const char* separator = "";
  if (getter->name != nullptr) {
    text.append(TRY(repr(thread, Value::of(getter->name.get()))));
    separator = ", ";
  }
  Tuple* arguments = getter->arguments;
  for (uint64_t i = 0; i < arguments->length; i++, separator = ", ")
    text.append(separator).append(TRY(repr(thread, arguments->items[i])));
  if (Tuple* keywords = getter->keywordNames) {
    for (uint64_t i = 0; i < keywords->length; i++) {
      Value value = getter->values->items[arguments->length + i];
      text.append(", ").append(toStr(keywords->items[i])).append("=").append(TRY(repr(thread, value)));
    }
  }
  return Value::of(TRY(text.append(")").build(thread)));
}

// --- methodcaller ----------------------------------------------------------------------------------------------------

Fallible<Value> methodCallerNew(Thread& thread, Value self, const Arguments& arguments) {
  if (arguments.positional < 1)
    return raiseTypeError(thread, "methodcaller needs at least one argument, the method name");
  Str* name = toStr(arguments[0]);
  if (name == nullptr) return raiseTypeError(thread, "method name must be a string");
  name = TRY(intern(thread, name));
  size_t all = arguments.positional - 1 + size_t{arguments.keywordCount()};
  Tuple* values = TRY(makeTuple(thread, std::span<const Value>(arguments.first + 1, all)));
  Getter* getter = TRY(makeGetter(thread, self, arguments.positionals().subspan(1)));
  getter->name.set(name);
  getter->values.set(values);
  getter->keywordNames.set(arguments.keywordCount() == 0 ? nullptr : arguments.keywordNames);
  return Value::of(getter);
}

Fallible<Value> methodCallerCall(Thread& thread, Value self, const Arguments& arguments) {
  TRY(checkCall(thread, arguments, "methodcaller"));
  Getter* getter = self.as<Getter>();
  if (getter->keywordNames == nullptr) return callMethod(thread, arguments[0], getter->name, getter->values->values());
  Value method = TRY(getAttribute(thread, arguments[0], getter->name));
  return call(thread, method, getter->values->values(), getter->keywordNames);
}

Fallible<Value> methodCallerReduce(Thread& thread, Value self) {
  Getter* getter = self.as<Getter>();
  Value type = Value::of(typeOf(self)), name = Value::of(getter->name.get());
  Tuple* positional = getter->arguments;
  if (getter->keywordNames == nullptr) {
    Tuple* arguments = TRY(makeTupleUninitialised(thread, positional->length + 1));
    arguments->items[0].set(name);
    for (uint64_t i = 0; i < positional->length; i++) arguments->items[i + 1].set(positional->items[i]);
    return pack(thread, {type, Value::of(arguments)});
  }
  Value module = TRY(importModule(thread, TRY(intern(thread, "functools"))));
  Value partial = TRY(getAttribute(thread, module, "partial"));
  Tuple* keywords = getter->keywordNames;
  Tuple* given = TRY(makeTupleUninitialised(thread, 2 + keywords->length));
  given->items[0].set(type);
  given->items[1].set(name);
  for (uint64_t i = 0; i < keywords->length; i++)
    given->items[2 + i].set(getter->values->items[positional->length + i]);
  Value constructor = TRY(call(thread, partial, given->values(), keywords));
  return pack(thread, {constructor, Value::of(positional)});
}

}  // namespace

void declareGetters(Thread& thread, ModuleBuilder& builder) {
  auto declare = [&](const char* name, NativeVariadic make, NativeVariadic call, Native1 reduce, const char* doc) {
    Type* type = TypeBuilder(thread, name, types.object, Kind::kNative)
                     .module("operator")
                     .doc(doc)
                     .constructor(make)
                     .specialVariadic("__call__", call)
                     .special("__repr__", getterRepr)
                     .method("__reduce__", reduce)
                     .build();
    builder.constant(name, Value::of(type));
  };
  declare("itemgetter", itemGetterNew, itemGetterCall, getterReduce,
          "itemgetter(item, /, *items): a function that returns r[item], or a tuple of several.");
  declare("attrgetter", attrGetterNew, attrGetterCall, getterReduce,
          "attrgetter(attr, /, *attrs): a function that returns r.attr, or a tuple of several; names may have dots.");
  declare("methodcaller", methodCallerNew, methodCallerCall, methodCallerReduce,
          "methodcaller(name, /, *args, **kwargs): a function that returns r.name(*args, **kwargs).");
}

}  // namespace krait
