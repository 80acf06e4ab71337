// Python functions, bound methods and closure cells as objects; running them is the interpreter's business.
#include "vm/builtins/function.h"

#include <bit>

#include "vm/builtins/descriptors.h"
#include "vm/builtins/dict.h"
#include "vm/builtins/int.h"
#include "vm/builtins/module.h"
#include "vm/builtins/str.h"
#include "vm/builtins/tuple.h"
#include "vm/builtins/type_internal.h"
#include "vm/names.h"
#include "vm/runtime.h"

namespace krait {
namespace {

// What `__builtins__` of the globals names; else the caller's.
Dict* builtinsFor(Thread& thread, const Dict* globals) {
  Value named = dictGetStr(globals, names.dunder_builtins);
  if (isKind(named, Kind::kModule)) return named.as<Module>()->dict;
  if (isKind(named, Kind::kDict)) return named.as<Dict>();
  if (thread.frame != nullptr) return thread.frame->function->builtins;
  return runtime.builtins;
}

}  // namespace

Fallible<Cellvar*> makeCellvar(Thread& thread, Value content) {
  auto* cell = TRY(allocate<Cellvar>(thread, Kind::kCellvar, types.cell->instanceShape));
  cell->content = content;
  return cell;
}

Fallible<Function*> makeFunction(Thread& thread, Code* code, Dict* globals, Value qualname) {
  auto* f = TRY(allocate<Function>(thread, Kind::kFunction, types.function->instanceShape));
  f->code = code;
  f->globals = globals;
  f->builtins = builtinsFor(thread, globals);
  f->closure = f->defaults = f->kwdefaults = f->doc = Value::none();
  f->annotations = Value::unbound();
  f->name = Value::of(code->name.get());
  f->qualname = qualname.isUnbound() || qualname.isNone() ? Value::of(code->qualname.get()) : qualname;
  Value module = dictGetStr(globals, names.dunder_name);
  f->module = module.isUnbound() ? Value::none() : module;
  if (code->constants->length > 0 && isKind(code->constants->items[0], Kind::kStr))
    f->doc = code->constants->items[0].get();
  return f;
}

// --- function ---------------------------------------------------------------------------------------------------------
namespace {

Fallible<Value> functionNew(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{"function", {"code", "globals", "name", "argdefs", "closure"}, 2};
  Value given[5];
  TRY(kParameters.bind(thread, arguments, given));
  for (Value& v : given)
    if (v.isUnbound()) v = Value::none();
  if (!isKind(given[0], Kind::kCode))
    return raiseTypeError(thread, "function() argument 'code' must be code, not {}", nameOf(given[0]));
  if (!isKind(given[1], Kind::kDict))
    return raiseTypeError(thread, "function() argument 'globals' must be dict, not {}", nameOf(given[1]));
  if (!given[2].isNone() && toStr(given[2]) == nullptr)
    return raiseTypeError(thread, "arg 3 (name) must be None or string");
  if (!given[3].isNone() && toTuple(given[3]) == nullptr)
    return raiseTypeError(thread, "arg 4 (defaults) must be None or tuple");
  auto* code = given[0].as<Code>();
  Tuple* closure = toTuple(given[4]);
  if (closure == nullptr && code->freeCount != 0 && given[4].isNone())
    return raiseTypeError(thread, "arg 5 (closure) must be tuple");
  if (closure == nullptr && !given[4].isNone()) return raiseTypeError(thread, "arg 5 (closure) must be None or tuple");
  uint64_t cells = closure == nullptr ? 0 : closure->length;
  fmt::memory_buffer buffer;
  if (cells != code->freeCount)
    return raiseValueError(thread, "{} requires closure of length {}, not {}", textOf(code->name, buffer),
                           code->freeCount, cells);
  for (uint64_t i = 0; i < cells; i++)
    if (!isKind(closure->items[i], Kind::kCellvar))
      return raiseTypeError(thread, "arg 5 (closure) expected cell, found {}", nameOf(closure->items[i].get()));
  Function* f = TRY(makeFunction(thread, code, given[1].as<Dict>(), Value::unbound()));
  if (!given[2].isNone()) f->name = given[2];
  f->defaults = given[3].isNone() ? Value::none() : Value::of(toTuple(given[3]));
  if (cells > 0) f->closure = Value::of(closure);
  return Value::of(f);
}

Fallible<Value> functionRepr(Thread& thread, Value self) {
  StrBuilder builder;
  builder.append("<function ").append(toStr(self.as<Function>()->qualname));
  builder.append(fmt::format(" at {:#x}>", self.bits() - 1));
  return Value::of(TRY(builder.build(thread)));
}
Fallible<Value> functionCall(Thread& thread, Value self, const Arguments& arguments) {
  uint64_t count = arguments.positional + arguments.keywordCount();
  return call(thread, self, {arguments.first, count}, arguments.keywordNames);
}

Function* functionOf(Value self) { return self.as<Function>(); }

Fallible<Value> getCode(Thread&, Value self) { return Value::of(functionOf(self)->code.get()); }
Fallible<void> setCode(Thread& thread, Value self, Value value) {
  if (!isKind(value, Kind::kCode)) return raiseTypeError(thread, "__code__ must be set to a code object");
  Function* f = functionOf(self);
  uint64_t cells = f->closure.get().isNone() ? 0 : f->closure.get().as<Tuple>()->length;
  fmt::memory_buffer buffer;
  if (value.as<Code>()->freeCount != cells)
    return raiseValueError(thread, "{}() requires a code object with {} free vars, not {}",
                           textOf(toStr(f->name), buffer), cells, value.as<Code>()->freeCount);
  f->version = 0;
  f->code = value.as<Code>();
  return {};
}
Fallible<Value> getDefaults(Thread&, Value self) { return functionOf(self)->defaults.get(); }
Fallible<void> setDefaults(Thread& thread, Value self, Value value) {
  if (!value.isUnbound() && !value.isNone() && toTuple(value) == nullptr)
    return raiseTypeError(thread, "__defaults__ must be set to a tuple object");
  functionOf(self)->version = 0;
  functionOf(self)->defaults = value.isUnbound() || value.isNone() ? Value::none() : Value::of(toTuple(value));
  return {};
}
Fallible<Value> getKwdefaults(Thread&, Value self) { return functionOf(self)->kwdefaults.get(); }
Fallible<void> setKwdefaults(Thread& thread, Value self, Value value) {
  if (!value.isUnbound() && !value.isNone() && !isKind(value, Kind::kDict))
    return raiseTypeError(thread, "__kwdefaults__ must be set to a dict object");
  functionOf(self)->version = 0;
  functionOf(self)->kwdefaults = value.isUnbound() ? Value::none() : value;
  return {};
}
Fallible<Value> getClosure(Thread&, Value self) { return functionOf(self)->closure.get(); }
Fallible<Value> getGlobals(Thread&, Value self) { return Value::of(functionOf(self)->globals.get()); }
Fallible<Value> getBuiltins(Thread&, Value self) { return Value::of(functionOf(self)->builtins.get()); }
// MAKE_FUNCTION leaves name, value, name, value ...; most functions never show them.
Fallible<Value> getAnnotations(Thread& thread, Value self) {
  Function* f = functionOf(self);
  Value annotations = f->annotations;
  if (isKind(annotations, Kind::kDict)) return annotations;
  Dict* dict = TRY(makeDict(thread));
  if (isKind(annotations, Kind::kTuple)) {
    auto* pairs = annotations.as<Tuple>();
    for (uint64_t i = 0; i + 1 < pairs->length; i += 2)
      TRY(dictSet(thread, dict, pairs->items[i], pairs->items[i + 1]));
  }
  f->annotations = Value::of(dict);
  return Value::of(dict);
}
Fallible<void> setAnnotations(Thread& thread, Value self, Value value) {
  if (!value.isUnbound() && !value.isNone() && !isKind(value, Kind::kDict))
    return raiseTypeError(thread, "__annotations__ must be set to a dict object");
  functionOf(self)->annotations = value.isNone() ? Value::unbound() : value;
  return {};
}
Fallible<Value> getName(Thread&, Value self) { return functionOf(self)->name.get(); }
Fallible<void> setName(Thread& thread, Value self, Value value) {
  if (value.isUnbound() || toStr(value) == nullptr)
    return raiseTypeError(thread, "__name__ must be set to a string object");
  functionOf(self)->name = value;
  return {};
}
Fallible<Value> getQualname(Thread&, Value self) { return functionOf(self)->qualname.get(); }
Fallible<void> setQualname(Thread& thread, Value self, Value value) {
  if (value.isUnbound() || toStr(value) == nullptr)
    return raiseTypeError(thread, "__qualname__ must be set to a string object");
  functionOf(self)->qualname = value;
  return {};
}
Fallible<Value> getDoc(Thread&, Value self) { return functionOf(self)->doc.get(); }
Fallible<void> setDoc(Thread&, Value self, Value value) {
  functionOf(self)->doc = value.isUnbound() ? Value::none() : value;
  return {};
}
Fallible<Value> getModule(Thread&, Value self) { return functionOf(self)->module.get(); }
Fallible<void> setModule(Thread&, Value self, Value value) {
  functionOf(self)->module = value.isUnbound() ? Value::none() : value;
  return {};
}
Fallible<void> setFunctionDict(Thread& thread, Value self, Value value) {
  if (value.isUnbound()) return raiseTypeError(thread, "cannot delete __dict__");
  return setInstanceDict(thread, self, value);
}

// --- method -----------------------------------------------------------------------------------------------------------
Fallible<Value> methodNew(Thread& thread, Value, const Arguments& arguments) {
  TRY(arguments.noKeywords(thread, "method"));
  TRY(arguments.count(thread, "method", 2, 2));
  if (!isCallable(arguments[0])) return raiseTypeError(thread, "first argument must be callable");
  if (arguments[1].isNone()) return raiseTypeError(thread, "instance must not be None");
  auto* m = TRY(allocate<Method>(thread, Kind::kMethod, types.method->instanceShape));
  m->function = arguments[0];
  m->self = arguments[1];
  return Value::of(m);
}

Method* methodOf(Value self) { return self.as<Method>(); }

Fallible<Value> methodRepr(Thread& thread, Value self) {
  Value name = TRY(getAttributeOrUnbound(thread, methodOf(self)->function, names.dunder_qualname));
  if (name.isUnbound() || toStr(name) == nullptr)
    name = TRY(getAttributeOrUnbound(thread, methodOf(self)->function, names.dunder_name));
  StrBuilder builder;
  builder.append("<bound method ");
  if (!name.isUnbound() && toStr(name) != nullptr)
    builder.append(toStr(name));
  else
    builder.append("?");
  builder.append(" of ").append(TRY(repr(thread, methodOf(self)->self))).append(">");
  return Value::of(TRY(builder.build(thread)));
}

int64_t identityHash(Value v) { return static_cast<int64_t>(std::rotr(v.isCell() ? v.bits() - 1 : v.bits(), 4)); }

Fallible<Value> methodHash(Thread& thread, Value self) {
  int64_t h = identityHash(methodOf(self)->self) ^ TRY(hash(thread, methodOf(self)->function));
  return makeInt(thread, h == -1 ? -2 : h);
}
Fallible<Value> methodEqual(Thread& thread, Value self, Value other) {
  if (!isKind(other, Kind::kMethod) || typeOf(other) != types.method) return Value::notImplemented();
  bool same = TRY(equals(thread, methodOf(self)->function, methodOf(other)->function)) &&
              methodOf(self)->self.get().is(methodOf(other)->self);
  return Value::boolean(same);
}
Fallible<Value> methodNotEqual(Thread& thread, Value self, Value other) {
  Value equal = TRY(methodEqual(thread, self, other));
  return equal.isNotImplemented() ? equal : Value::boolean(!equal.isTrue());
}
Fallible<Value> methodCall(Thread& thread, Value self, const Arguments& arguments) {
  PrependedArguments all;
  TRY(all.set(thread, methodOf(self)->self, arguments));
  return call(thread, methodOf(self)->function, all.values(), arguments.keywordNames);
}
// What the method object itself does not have, the function has.
Fallible<Value> methodGetattribute(Thread& thread, Value self, Value name) {
  Str* text = toStr(name);
  if (text == nullptr) return raiseTypeError(thread, "attribute name must be string, not '{}'", nameOf(name));
  text = TRY(intern(thread, text));
  Value onType = lookupOnType(types.method, text);
  if (!onType.isUnbound()) return bindDescriptor(thread, onType, self, types.method);
  return getAttribute(thread, methodOf(self)->function, text);
}
Fallible<Value> methodReduce(Thread& thread, Value self) {
  Value name = TRY(getAttribute(thread, methodOf(self)->function, names.dunder_name));
  Value getattr = dictGetStr(runtime.builtins, TRY(intern(thread, "getattr")));
  Value arguments = Value::of(TRY(makeTuple(thread, {methodOf(self)->self.get(), name})));
  return Value::of(TRY(makeTuple(thread, {getattr, arguments})));
}
Fallible<Value> methodFunction(Thread&, Value self) { return methodOf(self)->function.get(); }
Fallible<Value> methodSelf(Thread&, Value self) { return methodOf(self)->self.get(); }
Fallible<Value> methodDoc(Thread& thread, Value self) {
  Value doc = TRY(getAttributeOrUnbound(thread, methodOf(self)->function, names.dunder_doc));
  return doc.isUnbound() ? Value::none() : doc;
}

// --- cell -------------------------------------------------------------------------------------------------------------
Fallible<Value> cellNew(Thread& thread, Value, const Arguments& arguments) {
  TRY(arguments.noKeywords(thread, "cell"));
  TRY(arguments.count(thread, "cell", 0, 1));
  return Value::of(TRY(makeCellvar(thread, arguments.positional == 0 ? Value::unbound() : arguments[0])));
}
Fallible<Value> cellRepr(Thread& thread, Value self) {
  Value content = self.as<Cellvar>()->content;
  StrBuilder builder;
  builder.append(fmt::format("<cell at {:#x}: ", self.bits() - 1));
  if (content.isUnbound())
    builder.append("empty>");
  else
    builder.append(
        fmt::format("{} object at {:#x}>", nameOf(content), content.isCell() ? content.bits() - 1 : content.bits()));
  return Value::of(TRY(builder.build(thread)));
}
Fallible<Value> cellCompare(Thread& thread, Value self, Value other, Comparison comparison) {
  if (!isKind(other, Kind::kCellvar)) return Value::notImplemented();
  Value a = self.as<Cellvar>()->content, b = other.as<Cellvar>()->content;
  if (!a.isUnbound() && !b.isUnbound()) return compare(thread, comparison, a, b);
  // An empty cell comes before every other.
  return compare(thread, comparison, Value::inlineInt(b.isUnbound()), Value::inlineInt(a.isUnbound()));
}
template <Comparison comparison>
Fallible<Value> compareCells(Thread& thread, Value self, Value other) {
  return cellCompare(thread, self, other, comparison);
}
Fallible<Value> getContents(Thread& thread, Value self) {
  Value content = self.as<Cellvar>()->content;
  if (content.isUnbound()) return raiseValueError(thread, "Cell is empty");
  return content;
}
Fallible<void> setContents(Thread&, Value self, Value value) {
  self.as<Cellvar>()->content = value;
  return {};
}

}  // namespace

void initialiseFunction(Thread& thread) {
  types.function = TypeBuilder(thread, "function", types.object, Kind::kFunction)
                       .flags(Type::kHasDict | Type::kHasWeakref)
                       .constructor(functionNew)
                       .special("__repr__", functionRepr)
                       .specialVariadic("__call__", functionCall)
                       .special("__get__", descriptorGet, 1)
                       .getter("__closure__", getClosure, refuseAssignment)
                       .getter("__doc__", getDoc, setDoc)
                       .getter("__globals__", getGlobals, refuseAssignment)
                       .getter("__module__", getModule, setModule)
                       .getter("__builtins__", getBuiltins, refuseAssignment)
                       .getter("__code__", getCode, setCode)
                       .getter("__defaults__", getDefaults, setDefaults)
                       .getter("__kwdefaults__", getKwdefaults, setKwdefaults)
                       .getter("__annotations__", getAnnotations, setAnnotations)
                       .getter("__dict__", getInstanceDict, setFunctionDict)
                       .getter("__name__", getName, setName)
                       .getter("__qualname__", getQualname, setQualname)
                       .build();
  types.method = TypeBuilder(thread, "method", types.object, Kind::kMethod)
                     .flags(Type::kHasWeakref)
                     .constructor(methodNew)
                     .special("__repr__", methodRepr)
                     .special("__hash__", methodHash)
                     .specialVariadic("__call__", methodCall)
                     .special("__getattribute__", methodGetattribute)
                     .special("__eq__", methodEqual)
                     .special("__ne__", methodNotEqual)
                     .special("__get__", descriptorGet, 1)
                     .method("__reduce__", methodReduce)
                     .getter("__func__", methodFunction, refuseAssignment)
                     .getter("__self__", methodSelf, refuseAssignment)
                     .getter("__doc__", methodDoc)
                     .build();
  types.cell = TypeBuilder(thread, "cell", types.object, Kind::kCellvar)
                   .constructor(cellNew)
                   .special("__repr__", cellRepr)
                   .special("__lt__", compareCells<Comparison::kLess>)
                   .special("__le__", compareCells<Comparison::kLessEqual>)
                   .special("__eq__", compareCells<Comparison::kEqual>)
                   .special("__ne__", compareCells<Comparison::kNotEqual>)
                   .special("__gt__", compareCells<Comparison::kGreater>)
                   .special("__ge__", compareCells<Comparison::kGreaterEqual>)
                   .unhashable()
                   .getter("cell_contents", getContents, setContents)
                   .build();
}

}  // namespace krait
