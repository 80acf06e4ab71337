// BaseException, and the plain classes below it: arguments, causes, contexts, notes.
#include "vm/builtins/exception.h"

#include "vm/builtins/dict.h"
#include "vm/builtins/exception_internal.h"
#include "vm/builtins/list.h"
#include "vm/builtins/str.h"
#include "vm/builtins/traceback.h"
#include "vm/builtins/tuple.h"
#include "vm/names.h"
#include "vm/runtime.h"

namespace krait {

Fallible<void> refuseKeywords(Thread& thread, Type* type, const Arguments& arguments) {
  if (arguments.keywordCount() != 0) return raiseTypeError(thread, "{}() takes no keyword arguments", nameOf(type));
  return {};
}

Fallible<void> keepArguments(Thread& thread, Exception* e, const Arguments& arguments) {
  // __new__ and __init__ get the same arguments; the second finds what the first kept.
  const Tuple* kept = e->arguments;
  bool same = kept != nullptr && kept->length == arguments.positional;
  for (uint32_t i = 0; same && i < arguments.positional; i++) same = kept->items[i].get().is(arguments[i]);
  if (same) return {};
  e->arguments = arguments.positional == 0 ? emptyTuple() : TRY(makeTuple(thread, arguments.positionals()));
  return {};
}

Fallible<Exception*> makeException(Thread& thread, Type* type, std::span<const Value> arguments) {
  Value made = TRY(instantiate(thread, type, {arguments.data(), static_cast<uint32_t>(arguments.size()), nullptr}));
  if (!isException(made))
    return raiseTypeError(thread, "calling {} should have returned an instance of BaseException, not {}", nameOf(type),
                          nameOf(made));
  return made.as<Exception>();
}

Fallible<bool> exceptionMatches(Thread& thread, Value exception, Value classOrTuple) {
  auto isExceptionClass = [](Value v) {
    return isKind(v, Kind::kType) && (v.as<Type>()->typeFlags & Type::kIsException);
  };
  constexpr const char* kMessage = "catching classes that do not inherit from BaseException is not allowed";
  if (isExceptionClass(classOrTuple)) return isInstanceOf(exception, classOrTuple.as<Type>());
  Tuple* tuple = toTuple(classOrTuple);
  if (tuple == nullptr) return raise(thread, exceptions.TypeError, kMessage);
  for (uint64_t i = 0; i < tuple->length; i++)
    if (!isExceptionClass(tuple->items[i])) return raise(thread, exceptions.TypeError, kMessage);
  for (uint64_t i = 0; i < tuple->length; i++)
    if (isInstanceOf(exception, tuple->items[i].get().as<Type>())) return true;
  return false;
}

// --- BaseException ----------------------------------------------------------------------------------------------------
Fallible<Value> baseExceptionStr(Thread& thread, Value self) {
  Tuple* arguments = exceptionOf(self)->arguments;
  if (arguments->length == 0) return Value::of(emptyStr());
  if (arguments->length == 1) return Value::of(TRY(str(thread, arguments->items[0])));
  return Value::of(TRY(str(thread, Value::of(arguments))));
}

// type, args, and the attributes when there are any.
Fallible<Value> baseExceptionReduce(Thread& thread, Value self) {
  Value type = Value::of(typeOf(self)), arguments = Value::of(exceptionOf(self)->arguments.get());
  if (exceptionOf(self)->overflow == nullptr) return Value::of(TRY(makeTuple(thread, {type, arguments})));
  Dict* dict = TRY(attributeDict(thread, self.asCell()));
  if (dict->length == 0) return Value::of(TRY(makeTuple(thread, {type, arguments})));
  return Value::of(TRY(makeTuple(thread, {type, arguments, Value::of(dict)})));
}

namespace {

Fallible<Value> exceptionNew(Thread& thread, Value self, const Arguments& arguments) {
  Value instance = TRY(allocateInstance(thread, self.as<Type>()));
  TRY(keepArguments(thread, exceptionOf(instance), arguments));
  return instance;
}
Fallible<Value> exceptionInit(Thread& thread, Value self, const Arguments& arguments) {
  TRY(refuseKeywords(thread, typeOf(self), arguments));
  TRY(keepArguments(thread, exceptionOf(self), arguments));
  return Value::none();
}

Fallible<Value> exceptionRepr(Thread& thread, Value self) {
  Tuple* arguments = exceptionOf(self)->arguments;
  StrBuilder builder;
  builder.append(typeOf(self)->name);
  if (arguments->length == 1) {
    builder.append("(").append(TRY(repr(thread, arguments->items[0]))).append(")");
  } else {
    builder.append(TRY(repr(thread, Value::of(arguments))));
  }
  return Value::of(TRY(builder.build(thread)));
}

Fallible<Value> exceptionSetstate(Thread& thread, Value self, Value state) {
  if (state.isNone()) return Value::none();
  Dict* dict = toDict(state);
  if (dict == nullptr) return raiseTypeError(thread, "state is not a dictionary");
  uint64_t position = 0;
  Value key, value;
  while (dictNext(dict, position, key, value)) {
    Str* name = toStr(key);
    if (name == nullptr) return raiseTypeError(thread, "attribute name must be string, not '{}'", nameOf(key));
    TRY(setAttribute(thread, self, TRY(intern(thread, name)), value));
  }
  return Value::none();
}

Fallible<Value> exceptionAddNote(Thread& thread, Value self, Value note) {
  if (toStr(note) == nullptr) return raiseTypeError(thread, "note must be a str, not '{}'", nameOf(note));
  Value notes = TRY(getAttributeOrUnbound(thread, self, names.dunder_notes));
  if (notes.isUnbound()) {
    notes = Value::of(TRY(makeList(thread, {})));
    TRY(setAttribute(thread, self, names.dunder_notes, notes));
  }
  if (!isKind(notes, Kind::kList)) return raiseTypeError(thread, "Cannot add note: __notes__ is not a list");
  TRY(listAppend(thread, notes.as<List>(), note));
  return Value::none();
}

Fallible<Value> getArguments(Thread&, Value self) { return Value::of(exceptionOf(self)->arguments.get()); }
Fallible<void> setArguments(Thread& thread, Value self, Value value) {
  if (value.isUnbound()) return raiseTypeError(thread, "args may not be deleted");
  exceptionOf(self)->arguments = TRY(tupleFromIterable(thread, value));
  return {};
}

Value noneIfUnbound(Value v) { return v.isUnbound() ? Value::none() : v; }

Fallible<Value> getTraceback(Thread&, Value self) { return noneIfUnbound(exceptionOf(self)->traceback); }
Fallible<void> setTraceback(Thread& thread, Value self, Value value) {
  if (value.isUnbound()) return raiseTypeError(thread, "__traceback__ may not be deleted");
  if (!value.isNone() && !isKind(value, Kind::kTraceback))
    return raiseTypeError(thread, "__traceback__ must be a traceback or None");
  exceptionOf(self)->traceback = value.isNone() ? Value::unbound() : value;
  return {};
}
Fallible<Value> exceptionWithTraceback(Thread& thread, Value self, Value traceback) {
  TRY(setTraceback(thread, self, traceback));
  return self;
}
Fallible<Value> getContext(Thread&, Value self) { return noneIfUnbound(exceptionOf(self)->context); }
Fallible<void> setContext(Thread& thread, Value self, Value value) {
  if (value.isUnbound()) return raiseTypeError(thread, "__context__ may not be deleted");
  if (!value.isNone() && !isException(value))
    return raiseTypeError(thread, "exception context must be None or derive from BaseException");
  exceptionOf(self)->context = value.isNone() ? Value::unbound() : value;
  return {};
}
Fallible<Value> getCause(Thread&, Value self) { return noneIfUnbound(exceptionOf(self)->cause); }
Fallible<void> setCause(Thread& thread, Value self, Value value) {
  if (value.isUnbound()) return raiseTypeError(thread, "__cause__ may not be deleted");
  if (!value.isNone() && !isException(value))
    return raiseTypeError(thread, "exception cause must be None or derive from BaseException");
  exceptionOf(self)->cause = value.isNone() ? Value::unbound() : value;
  exceptionOf(self)->suppressContext = true;
  return {};
}
Fallible<Value> getSuppress(Thread&, Value self) { return Value::boolean(exceptionOf(self)->suppressContext); }
Fallible<void> setSuppress(Thread& thread, Value self, Value value) {
  if (value.isUnbound()) return raiseTypeError(thread, "can't delete numeric/char attribute");
  if (!value.isBool()) return raiseTypeError(thread, "attribute value type must be bool");
  exceptionOf(self)->suppressContext = value.isTrue();
  return {};
}

// Most classes name the root's constructor as their own: `ValueError.__new__(int)` speaks of ValueError. Those that
// keep something beside the arguments do not.
bool namesConstructor(std::string_view name, const Type* base) {
  for (std::string_view special :
       {"SystemExit", "AttributeError", "ImportError", "NameError", "StopIteration", "SyntaxError", "KeyError"})
    if (name == special) return false;
  for (const Type* family : {exceptions.ImportError, exceptions.NameError, exceptions.SyntaxError, exceptions.OSError})
    if (family != nullptr && isSubtype(base, family)) return false;
  return true;
}

Type* declarePlain(Thread& thread, const char* name, Type* base) {
  TypeBuilder builder(thread, name, base, Kind::kException);
  builder.flags(Type::kBaseType);
  if (namesConstructor(name, base)) builder.constructor(exceptionNew).specialVariadic("__init__", exceptionInit);
  return builder.build();
}

}  // namespace

void initialiseExceptions(Thread& thread) {
  exceptions.BaseException = TypeBuilder(thread, "BaseException", types.object, Kind::kException)
                                 .flags(Type::kBaseType | Type::kHasDict | Type::kIsException)
                                 .constructor(exceptionNew)
                                 .specialVariadic("__init__", exceptionInit)
                                 .special("__repr__", exceptionRepr)
                                 .special("__str__", baseExceptionStr)
                                 .special("__setattr__", objectSetattr)
                                 .special("__delattr__", objectDelattr)
                                 .method("__reduce__", baseExceptionReduce)
                                 .method("__setstate__", exceptionSetstate)
                                 .method("with_traceback", exceptionWithTraceback)
                                 .method("add_note", exceptionAddNote)
                                 .getter("__suppress_context__", getSuppress, setSuppress)
                                 .getter("__dict__", getInstanceDict, setInstanceDict)
                                 .getter("args", getArguments, setArguments)
                                 .getter("__traceback__", getTraceback, setTraceback)
                                 .getter("__context__", getContext, setContext)
                                 .getter("__cause__", getCause, setCause)
                                 .build();
#define KRAIT_EXCEPTION(name, base) \
  if (exceptions.name == nullptr) exceptions.name = declarePlain(thread, #name, exceptions.base);
// A second name for the root, which is its own base in the list only for the preprocessor.
#define object BaseException
  KRAIT_EXCEPTIONS(KRAIT_EXCEPTION)
#undef object
#undef KRAIT_EXCEPTION
  declareValueExceptions(thread);
  declareOSErrors(thread);
  declareUnicodeErrors(thread);
  declareExceptionGroups(thread);
  runtime.memoryError = startUp(allocateInstance(thread, exceptions.MemoryError));
}

}  // namespace krait
