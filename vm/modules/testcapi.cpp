// Modules _testcapi and _testinternalcapi: what CPython's own tests take from them and makes sense here: functions and
// methods of every calling convention, ways to call, the limits of C's types.
#include <cfloat>
#include <climits>

#include "vm/builtins/dict.h"
#include "vm/builtins/float.h"
#include "vm/builtins/function.h"
#include "vm/builtins/int.h"
#include "vm/builtins/module.h"
#include "vm/builtins/str.h"
#include "vm/builtins/text.h"
#include "vm/builtins/traceback.h"
#include "vm/builtins/tuple.h"
#include "vm/code_make.h"
#include "vm/modules/registry.h"
#include "vm/modules/sys.h"
#include "vm/names.h"
#include "vm/verify.h"

namespace krait {
namespace {

// --- conventions: each function gives back its self and what else it got ----------------------------------------------
Fallible<Value> positionalsOf(Thread& thread, const Arguments& arguments) {
  return Value::of(TRY(makeTuple(thread, arguments.positionals())));
}
Fallible<Value> withoutKeywords(Thread& thread, Value self, const Arguments& arguments, const char* name) {
  TRY(arguments.noKeywords(thread, name));
  return Value::of(TRY(makeTuple(thread, {self, TRY(positionalsOf(thread, arguments))})));
}
Fallible<Value> withKeywords(Thread& thread, Value self, const Arguments& arguments) {
  Value keywords = Value::none();
  if (arguments.keywordCount() != 0) {
    Dict* dict = TRY(makeDict(thread, arguments.keywordCount()));
    for (uint32_t i = 0; i < arguments.keywordCount(); i++) {
      TRY(dictSet(thread, dict, arguments.keywordNames->items[i], arguments[arguments.positional + i]));
    }
    keywords = Value::of(dict);
  }
  return Value::of(TRY(makeTuple(thread, {self, TRY(positionalsOf(thread, arguments)), keywords})));
}
template <bool kIsStatic>
struct Conventions {
  static Value shown(Value self) { return kIsStatic ? Value::none() : self; }
  static Fallible<Value> varargs(Thread& thread, Value self, const Arguments& arguments) {
    return withoutKeywords(thread, shown(self), arguments, "meth_varargs");
  }
  static Fallible<Value> keywords(Thread& thread, Value self, const Arguments& arguments) {
    return withKeywords(thread, shown(self), arguments);
  }
  static Fallible<Value> fastcall(Thread& thread, Value self, const Arguments& arguments) {
    return withoutKeywords(thread, shown(self), arguments, "meth_fastcall");
  }
  static Fallible<Value> one(Thread& thread, Value self, const Arguments& arguments) {
    TRY(arguments.noKeywords(thread, "meth_o"));
    if (arguments.positional != 1) {
      return raiseTypeError(thread, "meth_o() takes exactly one argument ({} given)", arguments.positional);
    }
    return Value::of(TRY(makeTuple(thread, {shown(self), arguments[0]})));
  }
  static Fallible<Value> none(Thread& thread, Value self, const Arguments& arguments) {
    TRY(arguments.noKeywords(thread, "meth_noargs"));
    if (arguments.positional != 0) {
      return raiseTypeError(thread, "meth_noargs() takes no arguments ({} given)", arguments.positional);
    }
    return shown(self);
  }
  // `add(name, function)` for each of them.
  template <class Add>
  static void addAll(Add add) {
    add("meth_varargs", varargs);
    add("meth_varargs_keywords", keywords);
    add("meth_o", one);
    add("meth_noargs", none);
    add("meth_fastcall", fastcall);
    add("meth_fastcall_keywords", keywords);
  }
};

constexpr NativeTraits kPlainTraits{"test object", nullptr, nullptr};
Fallible<Value> plainNew(Thread& thread, Value self, const Arguments&) {
  auto* object = TRY(allocate<NativeObject>(thread, Kind::kNative, self.as<Type>()->instanceShape));
  object->traits = &kPlainTraits;
  return Value::of(object);
}
template <class Add>
Value conventionClass(Thread& thread, const char* name, Add add) {
  TypeBuilder builder(thread, name, types.object, Kind::kNative);
  builder.flags(Type::kInstantiable).constructor(plainNew);
  add(builder);
  return Value::of(builder.build());
}

// --- method descriptors -----------------------------------------------------------------------------------------------
Fallible<Value> descriptorCall(Thread&, Value, const Arguments&) { return Value::boolean(true); }
Fallible<Value> descriptorCallFalse(Thread&, Value, const Arguments&) { return Value::boolean(false); }
Fallible<Value> descriptorCallTuple(Thread& thread, Value, const Arguments& arguments) {
  return positionalsOf(thread, arguments);
}
Fallible<Value> descriptorBind(Thread& thread, Value self, Value instance, Value) {
  if (instance.isUnbound() || instance.isNone()) return self;
  return makeMethod(thread, self, instance);
}
Fallible<Value> descriptorKeep(Thread&, Value self, Value, Value) { return self; }
Value descriptorClass(Thread& thread, const char* name, Type* base, NativeVariadic call, bool binds) {
  return Value::of(TypeBuilder(thread, name, base, Kind::kNative)
                       .flags(Type::kBaseType | Type::kInstantiable)
                       .constructor(plainNew)
                       .specialVariadic("__call__", call)
                       .special("__get__", binds ? descriptorBind : descriptorKeep, 1)
                       .build());
}

// --- ways to call -----------------------------------------------------------------------------------------------------
Fallible<Value> callWith(Thread& thread, Value callable, Value positional, Tuple* keywordNames) {
  if (positional.isNone()) return call(thread, callable, std::span<const Value>(), keywordNames);
  Tuple* all = toTuple(positional);
  if (all == nullptr) return raise(thread, exceptions.TypeError, "args must be None or a tuple");
  return call(thread, callable, all->values(), keywordNames);
}
Fallible<Value> fastcall(Thread& thread, Value callable, Value positional) {
  return callWith(thread, callable, positional, nullptr);
}
Fallible<Value> fastcallDict(Thread& thread, Value callable, Value positional, Value keywords) {
  Dict* dict = toDict(keywords);
  if (dict == nullptr && !keywords.isNone())
    return raise(thread, exceptions.TypeError, "kwnames must be None or a dict");
  if (dict == nullptr || dict->length == 0) return callWith(thread, callable, positional, nullptr);
  Tuple* given = positional.isNone() ? emptyTuple() : toTuple(positional);
  if (given == nullptr) return raise(thread, exceptions.TypeError, "args must be None or a tuple");
  Tuple* all = TRY(makeTupleUninitialised(thread, given->length + dict->length));
  Tuple* keywordNames = TRY(makeTupleUninitialised(thread, dict->length));
  for (uint64_t i = 0; i < given->length; i++) all->items[i] = given->items[i].get();
  uint64_t position = 0, count = 0;
  Value name, value;
  while (dictNext(dict, position, name, value)) {
    keywordNames->items[count] = name;
    all->items[given->length + count++] = value;
  }
  return call(thread, callable, all->values(), keywordNames);
}
Fallible<Value> vectorcall(Thread& thread, Value callable, Value positional, Value keywordNames) {
  Tuple* given = toTuple(keywordNames);
  if (given == nullptr && !keywordNames.isNone())
    return raise(thread, exceptions.TypeError, "kwnames must be None or a tuple");
  const Tuple* all = toTuple(positional);
  if (given != nullptr && given->length > (all == nullptr ? 0 : all->length))
    return raise(thread, exceptions.ValueError, "kwnames longer than args");
  return callWith(thread, callable, positional, given == nullptr || given->length == 0 ? nullptr : given);
}
Fallible<Value> vectorcallCall(Thread& thread, Value callable, Value positional, Value keywords) {
  return fastcallDict(thread, callable, positional, keywords.isUnbound() ? Value::none() : keywords);
}

// --- exceptions -------------------------------------------------------------------------------------------------------
Fallible<Value> raiseException(Thread& thread, Value type, Value count) {
  int64_t arguments = TRY(sizeArgument(thread, count));
  Tuple* values = TRY(makeTupleUninitialised(thread, static_cast<uint64_t>(std::max<int64_t>(0, arguments))));
  for (uint64_t i = 0; i < values->length; i++) values->items[i] = Value::inlineInt(static_cast<int64_t>(i));
  return raiseInstance(thread, TRY(call(thread, type, values->values())));
}
Fallible<Value> exceptionPrint(Thread& thread, Value exception, Value) {
  Value file = TRY(getAttribute(thread, Value::of(sysModule()), "stderr"));
  if (!isInstanceOf(exception, exceptions.BaseException)) {
    return raiseTypeError(thread, "print_exception(): Exception expected for value, {} found", nameOf(exception));
  }
  Value text = Value::of(TRY(formatException(thread, exception)));
  TRY(callMethod(thread, file, names.write, {&text, 1}));
  return Value::none();
}

}  // namespace

Module* moduleTestcapi(Thread& thread) {
  ModuleBuilder module(thread, "_testcapi");
  Conventions<false>::addAll([&](const char* name, NativeVariadic f) { module.variadic(name, f); });
  module.constant("MethInstance", conventionClass(thread, "MethInstance", [](TypeBuilder& builder) {
                    Conventions<false>::addAll([&](const char* name, NativeVariadic f) { builder.variadic(name, f); });
                  }));
  module.constant(
      "MethClass", conventionClass(thread, "MethClass", [](TypeBuilder& builder) {
        Conventions<false>::addAll([&](const char* name, NativeVariadic f) { builder.classMethod(name, f); });
      }));
  module.constant(
      "MethStatic", conventionClass(thread, "MethStatic", [](TypeBuilder& builder) {
        Conventions<true>::addAll([&](const char* name, NativeVariadic f) { builder.staticMethod(name, f); });
      }));
  Value base = descriptorClass(thread, "MethodDescriptorBase", types.object, descriptorCall, true);
  Type* baseType = base.as<Type>();
  module.constant("MethodDescriptorBase", base)
      .constant("MethodDescriptorDerived",
                descriptorClass(thread, "MethodDescriptorDerived", baseType, descriptorCall, true))
      .constant("MethodDescriptorNopGet",
                descriptorClass(thread, "MethodDescriptorNopGet", baseType, descriptorCallTuple, false))
      .constant("MethodDescriptor2", descriptorClass(thread, "MethodDescriptor2", baseType, descriptorCallFalse, true));
  module.function("pyobject_fastcall", fastcall)
      .function("pyobject_fastcalldict", fastcallDict)
      .function("pyobject_vectorcall", vectorcall)
      .function("pyvectorcall_call", vectorcallCall, 1)
      .function("raise_exception", raiseException)
      .function("exception_print", exceptionPrint, 1);
  const struct {
    const char* name;
    int64_t value;
  } limits[] = {{"CHAR_MAX", CHAR_MAX},        {"CHAR_MIN", CHAR_MIN},
                {"UCHAR_MAX", UCHAR_MAX},      {"SHRT_MAX", SHRT_MAX},
                {"SHRT_MIN", SHRT_MIN},        {"USHRT_MAX", USHRT_MAX},
                {"INT_MAX", INT_MAX},          {"INT_MIN", INT_MIN},
                {"UINT_MAX", UINT_MAX},        {"LONG_MAX", LONG_MAX},
                {"LONG_MIN", LONG_MIN},        {"LLONG_MAX", LLONG_MAX},
                {"LLONG_MIN", LLONG_MIN},      {"PY_SSIZE_T_MAX", INT64_MAX},
                {"PY_SSIZE_T_MIN", INT64_MIN}, {"SIZEOF_TIME_T", sizeof(time_t)}};
  for (auto [name, value] : limits) module.constant(name, makeInt(thread, value).value());
  module.constant("ULONG_MAX", makeIntUnsigned(thread, ULONG_MAX).value());
  module.constant("ULLONG_MAX", makeIntUnsigned(thread, ULLONG_MAX).value());
  module.constant("FLT_MAX", makeFloat(thread, FLT_MAX).value());
  module.constant("FLT_MIN", makeFloat(thread, FLT_MIN).value());
  module.constant("DBL_MAX", makeFloat(thread, DBL_MAX).value());
  module.constant("DBL_MIN", makeFloat(thread, DBL_MIN).value());
  return module.build();
}

namespace {

// The part of CPython's configuration that its tests ask for.
Fallible<Value> getConfig(Thread& thread, Value, const Arguments& arguments) {
  TRY(arguments.count(thread, "get_config", 0, 0));
  Dict* config = TRY(makeDict(thread));
  TRY(dictSetStr(thread, config, TRY(intern(thread, "code_debug_ranges")), Value::inlineInt(!dropsColumns)));
  TRY(dictSetStr(thread, config, TRY(intern(thread, "optimization_level")),
                 Value::inlineInt(thread.optimisationLevel)));
  return Value::of(config);
}
Fallible<Value> getRecursionDepth(Thread& thread, Value, const Arguments& arguments) {
  TRY(arguments.count(thread, "get_recursion_depth", 0, 0));
  return Value::inlineInt(thread.recursionLimit - thread.recursionRemaining);
}

// verify_code(code): ValueError when the bytecode is unsound; nested code objects are not looked at. Our compiler's own
// code is verified, too.
Fallible<Value> verifyCode(Thread& thread, Value v) {
  if (!isKind(v, Kind::kCode)) return raiseTypeError(thread, "verify_code() expects a code object, not {}", nameOf(v));
  Code* code = v.as<Code>();
  bool was = code->isVerified;
  code->isVerified = false;
  Fallible<void> verified = verify(thread, code);
  code->isVerified = was;
  TRY(verified);
  return Value::none();
}

}  // namespace

Module* moduleTestinternalcapi(Thread& thread) {
  return ModuleBuilder(thread, "_testinternalcapi")
      .variadic("get_config", getConfig)
      .variadic("get_recursion_depth", getRecursionDepth)
      .function("verify_code", verifyCode)
      .constant("SIZEOF_PYGC_HEAD", Value::inlineInt(16))
      .build();
}

}  // namespace krait
