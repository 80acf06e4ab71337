// Module _contextvars: variables whose values belong to a context, of which every thread has a current one.
//
// A context's values are a dict that copies share: whoever changes one of them makes a dict of its own first. Copying a
// context, which asyncio does for every callback, costs no more than the object.
#include "vm/modules/contextvars.h"

#include "vm/builtins/dict.h"
#include "vm/builtins/generic_alias.h"
#include "vm/builtins/str.h"
#include "vm/builtins/type_internal.h"
#include "vm/modules/native_arguments.h"
#include "vm/modules/registry.h"

namespace krait {
namespace {

struct ContextVar : NativeObject {
  Field<Str*> name;
  Field<Value> byDefault;  // unbound: none
};
struct Context : NativeObject {
  Field<Dict*> values;
  bool isShared;   // another context, or an iterator, relies on `values`
  bool isEntered;  // a run() of it is under way
};
struct Token : NativeObject {
  Field<Context*> context;
  Field<ContextVar*> variable;
  Field<Value> old;  // unbound: the variable had no value
  bool isUsed;
};
struct Missing : NativeObject {};

struct {
  Type *variable, *context, *token;
  Missing* missing;
} made;

void traceVariable(Cell* cell, Marker& marker) {
  marker.mark(static_cast<ContextVar*>(cell)->name);
  marker.mark(static_cast<ContextVar*>(cell)->byDefault);
}
void traceContext(Cell* cell, Marker& marker) { marker.mark(static_cast<Context*>(cell)->values); }
void traceToken(Cell* cell, Marker& marker) {
  auto* token = static_cast<Token*>(cell);
  marker.mark(token->context);
  marker.mark(token->variable);
  marker.mark(token->old);
}
constexpr NativeTraits kVariableTraits{"ContextVar", traceVariable, nullptr};
constexpr NativeTraits kContextTraits{"Context", traceContext, nullptr};
constexpr NativeTraits kTokenTraits{"Token", traceToken, nullptr};
constexpr NativeTraits kMissingTraits{"Token.MISSING", nullptr, nullptr};

template <class T>
T* nativeOf(Value v, const NativeTraits& traits) {
  return isKind(v, Kind::kNative) && v.as<NativeObject>()->traits == &traits ? v.as<T>() : nullptr;
}
ContextVar* variableOf(Value v) { return v.as<ContextVar>(); }
Context* contextOf(Value v) { return v.as<Context>(); }
Token* tokenOf(Value v) { return v.as<Token>(); }

// --- contexts ---------------------------------------------------------------------------------------------------------
Fallible<Context*> makeContext(Thread& thread, Dict* values, bool isShared) {
  auto* context = TRY(allocate<Context>(thread, Kind::kNative, made.context->instanceShape));
  context->traits = &kContextTraits;
  context->values = values != nullptr ? values : TRY(makeDict(thread));
  context->isShared = isShared;
  contextVersion++;
  return context;
}
Fallible<Context*> currentContext(Thread& thread) {
  if (thread.context.isUnbound()) thread.context = Value::of(TRY(makeContext(thread, nullptr, false)));
  return contextOf(thread.context);
}
Fallible<Dict*> ownValues(Thread& thread, Context* context) {
  if (context->isShared) {
    context->values = TRY(dictCopy(thread, context->values));
    context->isShared = false;
  }
  return context->values.get();
}
Dict* sharedValues(Context* context) {
  context->isShared = true;
  return context->values;
}
Fallible<Value> copyOf(Thread& thread, Context* context) {
  return Value::of(TRY(makeContext(thread, sharedValues(context), true)));
}

Fallible<Value> contextNew(Thread& thread, Value, const Arguments& arguments) {
  if (arguments.positional > 0 || arguments.keywordCount() > 0)
    return raiseTypeError(thread, "Context() does not accept any arguments");
  return Value::of(TRY(makeContext(thread, nullptr, false)));
}
Fallible<Value> contextRun(Thread& thread, Value self, const Arguments& arguments) {
  if (arguments.positional == 0) return raiseTypeError(thread, "run() missing 1 required positional argument");
  Context* context = contextOf(self);
  if (context->isEntered) {
    return raiseFormat(thread, exceptions.RuntimeError, "cannot enter context: {} is already entered",
                       strToUtf8(TRY(repr(thread, self))));
  }
  Value before = thread.context;
  context->isEntered = true;
  thread.context = self;
  std::span<const Value> rest(arguments.first + 1, arguments.positional - 1 + arguments.keywordCount());
  Fallible<Value> result = call(thread, arguments[0], rest, arguments.keywordNames);
  thread.context = before;
  context->isEntered = false;
  return result;
}
Fallible<Value> contextCopy(Thread& thread, Value self) { return copyOf(thread, contextOf(self)); }

Fallible<void> checkKey(Thread& thread, Value key) {
  if (nativeOf<ContextVar>(key, kVariableTraits) != nullptr) return {};
  return raiseTypeError(thread, "a ContextVar key was expected, got {}", strToUtf8(TRY(repr(thread, key))));
}
Fallible<Value> contextGetItem(Thread& thread, Value self, Value key) {
  TRY(checkKey(thread, key));
  Value value = TRY(dictGet(thread, contextOf(self)->values, key));
  if (!value.isUnbound()) return value;
  return raiseInstance(thread, TRY(call(thread, Value::of(exceptions.KeyError), key)));
}
Fallible<Value> contextContains(Thread& thread, Value self, Value key) {
  TRY(checkKey(thread, key));
  return Value::boolean(!TRY(dictGet(thread, contextOf(self)->values, key)).isUnbound());
}
Fallible<Value> contextGet(Thread& thread, Value self, const Arguments& arguments) {
  TRY(arguments.noKeywords(thread, "Context.get"));
  TRY(arguments.count(thread, "get", 1, 2));
  TRY(checkKey(thread, arguments[0]));
  Value value = TRY(dictGet(thread, contextOf(self)->values, arguments[0]));
  if (!value.isUnbound()) return value;
  return arguments.positional == 2 ? arguments[1] : Value::none();
}
Fallible<Value> contextLength(Thread&, Value self) {
  return Value::inlineInt(static_cast<int64_t>(contextOf(self)->values->length));
}
Fallible<Value> iteratorOver(Thread& thread, Value self, const char* view) {
  Value values = Value::of(sharedValues(contextOf(self)));
  return iterate(thread, TRY(callMethod(thread, values, TRY(intern(thread, view)), {})));
}
Fallible<Value> contextKeys(Thread& thread, Value self) { return iteratorOver(thread, self, "keys"); }
Fallible<Value> contextValues(Thread& thread, Value self) { return iteratorOver(thread, self, "values"); }
Fallible<Value> contextItems(Thread& thread, Value self) { return iteratorOver(thread, self, "items"); }

template <Comparison comparison>
Fallible<Value> contextCompare(Thread& thread, Value self, Value other) {
  Context* second = nativeOf<Context>(other, kContextTraits);
  if (second == nullptr) return Value::notImplemented();
  return compare(thread, comparison, Value::of(contextOf(self)->values.get()), Value::of(second->values.get()));
}

// --- variables --------------------------------------------------------------------------------------------------------
Fallible<Value> variableNew(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{"ContextVar", {"name", "/", "*", "default"}, 1};
  if (arguments.positional == 0)
    return raiseTypeError(thread, "ContextVar() takes exactly 1 positional argument (0 given)");
  if (arguments.positional > 1)
    return raiseTypeError(thread, "ContextVar() takes at most 1 positional argument ({} given)", arguments.positional);
  Value bound[2];
  TRY(kParameters.bind(thread, arguments, bound));
  Str* name = toStr(bound[0]);
  if (name == nullptr) return raiseTypeError(thread, "context variable name must be a str");
  auto* variable = TRY(allocate<ContextVar>(thread, Kind::kNative, made.variable->instanceShape));
  variable->traits = &kVariableTraits;
  variable->name = name;
  variable->byDefault = bound[1];
  return Value::of(variable);
}
Fallible<Value> variableGet(Thread& thread, Value self, const Arguments& arguments) {
  TRY(arguments.noKeywords(thread, "ContextVar.get"));
  TRY(arguments.count(thread, "get", 0, 1));
  if (!thread.context.isUnbound()) {
    Value value = TRY(dictGet(thread, contextOf(thread.context)->values, self));
    if (!value.isUnbound()) return value;
  }
  if (arguments.positional == 1) return arguments[0];
  Value byDefault = variableOf(self)->byDefault;
  if (!byDefault.isUnbound()) return byDefault;
  return raiseInstance(thread, TRY(call(thread, Value::of(exceptions.LookupError), self)));
}
Fallible<Value> variableSet(Thread& thread, Value self, Value value) {
  Context* context = TRY(currentContext(thread));
  auto* token = TRY(allocate<Token>(thread, Kind::kNative, made.token->instanceShape));
  token->traits = &kTokenTraits;
  token->context = context;
  token->variable = variableOf(self);
  token->old = TRY(dictGet(thread, context->values, self));
  contextVersion++;
  TRY(dictSet(thread, TRY(ownValues(thread, context)), self, value));
  return Value::of(token);
}
Fallible<Value> variableReset(Thread& thread, Value self, Value given) {
  Token* token = nativeOf<Token>(given, kTokenTraits);
  if (token == nullptr) {
    return raiseTypeError(thread, "expected an instance of Token, got {}", strToUtf8(TRY(repr(thread, given))));
  }
  auto shown = [&]() -> Fallible<std::string> { return strToUtf8(TRY(repr(thread, given))); };
  if (token->isUsed) return raiseFormat(thread, exceptions.RuntimeError, "{} has already been used once", TRY(shown()));
  if (token->variable != variableOf(self))
    return raiseValueError(thread, "{} was created by a different ContextVar", TRY(shown()));
  Context* context = TRY(currentContext(thread));
  if (token->context != context) return raiseValueError(thread, "{} was created in a different Context", TRY(shown()));
  token->isUsed = true;
  contextVersion++;
  Dict* values = TRY(ownValues(thread, context));
  if (token->old.get().isUnbound()) {
    TRY(dictDelete(thread, values, self));
  } else {
    TRY(dictSet(thread, values, self, token->old));
  }
  return Value::none();
}
Fallible<Value> variableName(Thread&, Value self) { return Value::of(variableOf(self)->name.get()); }
Fallible<Value> variableRepr(Thread& thread, Value self) {
  KRAIT_CHECK_NATIVE_STACK(thread, " while getting the repr of an object");
  std::string text = "<ContextVar name=" + strToUtf8(TRY(repr(thread, Value::of(variableOf(self)->name.get()))));
  if (Value byDefault = variableOf(self)->byDefault; !byDefault.isUnbound())
    text += " default=" + strToUtf8(TRY(repr(thread, byDefault)));
  return Value::of(TRY(makeStr(thread, text + fmt::format(" at {:#x}>", self.bits() - 1))));
}

// --- tokens -----------------------------------------------------------------------------------------------------------
Fallible<Value> tokenNew(Thread& thread, Value, const Arguments&) {
  return raise(thread, exceptions.RuntimeError, "Tokens can only be created by ContextVars");
}
Fallible<Value> tokenVariable(Thread&, Value self) { return Value::of(tokenOf(self)->variable.get()); }
Fallible<Value> tokenOld(Thread&, Value self) {
  Value old = tokenOf(self)->old;
  return old.isUnbound() ? Value::of(made.missing) : old;
}
Fallible<Value> tokenRepr(Thread& thread, Value self) {
  std::string variable = strToUtf8(TRY(variableRepr(thread, Value::of(tokenOf(self)->variable.get()))).as<Str>());
  return Value::of(TRY(makeStr(thread, fmt::format("<Token{} var={} at {:#x}>", tokenOf(self)->isUsed ? " used" : "",
                                                   variable, self.bits() - 1))));
}
Fallible<Value> missingRepr(Thread& thread, Value) { return Value::of(TRY(makeStr(thread, "<Token.MISSING>"))); }

Fallible<Value> copyContext(Thread& thread, Value, const Arguments& arguments) {
  TRY(arguments.noKeywords(thread, "_contextvars.copy_context"));
  if (arguments.positional != 0) {
    return raiseTypeError(thread, "_contextvars.copy_context() takes no arguments ({} given)", arguments.positional);
  }
  return copyOf(thread, TRY(currentContext(thread)));
}

}  // namespace

static void declareContextTypes(Thread& thread) {
  if (made.context != nullptr) return;
  made.context = TypeBuilder(thread, "Context", types.object, Kind::kNative)
                     .module("_contextvars")
                     .flags(Type::kHasWeakref)
                     .constructor(contextNew)
                     .variadic("run", contextRun)
                     .method("copy", contextCopy)
                     .variadic("get", contextGet)
                     .method("keys", contextKeys)
                     .method("values", contextValues)
                     .method("items", contextItems)
                     .special("__iter__", contextKeys)
                     .special("__len__", contextLength)
                     .special("__getitem__", contextGetItem)
                     .special("__contains__", contextContains)
                     .special("__eq__", contextCompare<Comparison::kEqual>)
                     .special("__ne__", contextCompare<Comparison::kNotEqual>)
                     .unhashable()
                     .build();
  made.variable = TypeBuilder(thread, "ContextVar", types.object, Kind::kNative)
                      .module("_contextvars")
                      .constructor(variableNew)
                      .variadic("get", variableGet)
                      .method("set", variableSet)
                      .method("reset", variableReset)
                      .getter("name", variableName, refuseAssignment)
                      .special("__repr__", variableRepr)
                      .classMethod("__class_getitem__", classGetItemAlias)
                      .build();
  Type* missing =
      TypeBuilder(thread, "Token.MISSING", types.object, Kind::kNative).special("__repr__", missingRepr).build();
  auto marker = allocate<Missing>(thread, Kind::kNative, missing->instanceShape);
  made.missing = startUp(std::move(marker));
  made.missing->traits = &kMissingTraits;
  made.token = TypeBuilder(thread, "Token", types.object, Kind::kNative)
                   .module("_contextvars")
                   .constructor(tokenNew)
                   .getter("var", tokenVariable)
                   .getter("old_value", tokenOld)
                   .special("__repr__", tokenRepr)
                   .constant("MISSING", Value::of(made.missing))
                   .classMethod("__class_getitem__", classGetItemAlias)
                   .unhashable()
                   .build();
  for (Type* type : {made.context, made.variable, made.token}) keepType(type);
}

Fallible<Value> copyCurrentContext(Thread& thread) {
  declareContextTypes(thread);
  return copyOf(thread, TRY(currentContext(thread)));
}

Fallible<Value> makeContextVariable(Thread& thread, const char* name) {
  declareContextTypes(thread);
  Value given = Value::of(TRY(makeStr(thread, name)));
  return variableNew(thread, Value::of(made.variable), {&given, 1, nullptr});
}
Fallible<Value> contextVariableValue(Thread& thread, Value variable) {
  if (thread.context.isUnbound()) return Value::unbound();
  return dictGet(thread, contextOf(thread.context)->values, variable);
}
Fallible<void> setContextVariable(Thread& thread, Value variable, Value value) {
  TRY(variableSet(thread, variable, value));
  return {};
}

Module* moduleContextvars(Thread& thread) {
  declareContextTypes(thread);
  return ModuleBuilder(thread, "_contextvars", "Context Variables")
      .variadic("copy_context", copyContext)
      .constant("Context", Value::of(made.context))
      .constant("ContextVar", Value::of(made.variable))
      .constant("Token", Value::of(made.token))
      .build();
}

}  // namespace krait
