// Module sys: the interpreter's state and the functions that read and change it.
#include "vm/modules/sys.h"
#include "vm/locale_text.h"

#include <unistd.h>
#include <cstdlib>

#include <algorithm>

#include "vm/builtins/async_generator.h"
#include "vm/builtins/codecs.h"
#include "vm/builtins/dict.h"
#include "vm/builtins/exception.h"
#include "vm/builtins/file.h"
#include "vm/builtins/float.h"
#include "vm/builtins/frame.h"
#include "vm/builtins/int.h"
#include "vm/builtins/list.h"
#include "vm/builtins/module.h"
#include "vm/builtins/str.h"
#include "vm/builtins/struct_sequence.h"
#include "vm/builtins/struct_sizes.h"
#include "vm/builtins/text.h"
#include "vm/builtins/tuple.h"
#include "vm/names.h"
#include "vm/runtime.h"

namespace krait {

Value sysAttribute(const Str* name) {
  return runtime.sys == nullptr ? Value::unbound() : dictGetStr(runtime.sys, name);
}
Module* sysModule() {
  static auto* const holder = new RootVector;
  if (holder->empty() && runtime.sys != nullptr) {
    Value module = dictGetStr(runtime.modules, names.sys);
    if (isKind(module, Kind::kModule) && !holder->push(module)) return nullptr;
  }
  return holder->empty() ? nullptr : (*holder)[0].as<Module>();
}
Fallible<void> setSysAttribute(Thread& thread, Str* name, Value value) {
  return dictSetStr(thread, runtime.sys, name, value);
}
Fallible<void> addSysValue(Thread& thread, Dict* sys, const char* name, Value value) {
  return dictSetStr(thread, sys, TRY(intern(thread, name)), value);
}
Fallible<void> addSysFunction(Thread& thread, Dict* sys, const char* name, Builtin* function) {
  function->owner = Value::of(TRY(intern(thread, "sys")));
  return addSysValue(thread, sys, name, Value::of(function));
}

namespace {

// --- leaving, exceptions ----------------------------------------------------------------------------------------------
Fallible<Value> sysExit(Thread& thread, Value, const Arguments& arguments) {
  TRY(arguments.noKeywords(thread, "sys.exit"));
  TRY(arguments.count(thread, "exit", 0, 1));
  if (arguments.positional == 0 || arguments[0].isNone()) return raiseWithoutArguments(thread, exceptions.SystemExit);
  if (typeOf(arguments[0]) == types.tuple) {
    Tuple* values = arguments[0].as<Tuple>();
    return raiseInstance(thread, TRY(call(thread, Value::of(exceptions.SystemExit), values->values())));
  }
  return raiseWithArgument(thread, exceptions.SystemExit, arguments[0]);
}

Value handledException(const Thread& thread) {
  for (HandledException* level = thread.handled; level != nullptr; level = level->previous) {
    if (!level->exception.isNone()) return level->exception;
  }
  return Value::none();
}
Fallible<Value> sysException(Thread& thread) { return handledException(thread); }
Fallible<Value> sysExcInfo(Thread& thread) {
  Value exception = handledException(thread);
  Value none = Value::none();
  if (exception.isNone()) return Value::of(TRY(makeTuple(thread, {none, none, none})));
  Value traceback = exception.as<Exception>()->traceback;
  if (traceback.isUnbound()) traceback = none;
  return Value::of(TRY(makeTuple(thread, {Value::of(typeOf(exception)), exception, traceback})));
}

// --- limits and settings ----------------------------------------------------------------------------------------------
Fallible<int64_t> intArgument(Thread& thread, Value v) {
  auto i = toInt64(v.isInlineInt() ? v : TRY(index(thread, v)));
  if (!i || *i > INT32_MAX || *i < INT32_MIN) {
    return raise(thread, exceptions.OverflowError, "Python int too large to convert to C int");
  }
  return *i;
}
Fallible<Value> sysGetRecursionLimit(Thread& thread) { return Value::inlineInt(thread.recursionLimit); }
Fallible<Value> sysSetRecursionLimit(Thread& thread, Value v) {
  int64_t limit = TRY(intArgument(thread, v));
  if (limit < 1) return raise(thread, exceptions.ValueError, "recursion limit must be greater or equal than 1");
  int64_t depth = thread.recursionLimit - thread.recursionRemaining;
  if (depth >= limit) {
    return raiseFormat(thread, exceptions.RecursionError,
                       "cannot set the recursion limit to {} at the recursion depth {}: the limit is too low", limit,
                       depth);
  }
  setRecursionLimit(static_cast<int32_t>(limit));
  return Value::none();
}
Fallible<Value> sysGetIntMaxStrDigits(Thread& thread) { return Value::inlineInt(thread.intMaxStrDigits); }
Fallible<Value> sysSetIntMaxStrDigits(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{"set_int_max_str_digits", {"maxdigits"}, 1};
  Value given;
  TRY(kParameters.bind(thread, arguments, &given));
  int64_t digits = TRY(intArgument(thread, given));
  if (digits != 0 && digits < 640) {
    return raise(thread, exceptions.ValueError, "maxdigits must be 0 or larger than 640");
  }
  for (Thread* each = firstThread(); each != nullptr; each = each->nextThread) each->intMaxStrDigits = digits;
  return Value::none();
}
Fallible<Value> sysGetSwitchInterval(Thread& thread) {
  return makeFloat(thread, static_cast<double>(switchInterval()) / 1e6);
}
Fallible<Value> sysSetSwitchInterval(Thread& thread, Value v) {
  double interval = TRY(asDouble(thread, v));
  if (!(interval > 0)) return raise(thread, exceptions.ValueError, "switch interval must be strictly positive");
  setSwitchInterval(static_cast<int64_t>(std::clamp(interval * 1e6, 1.0, 0x1p52)));
  return Value::none();
}
int dlopenFlags = 2;
Fallible<Value> sysGetDlopenFlags(Thread&) { return Value::inlineInt(dlopenFlags); }
Fallible<Value> sysSetDlopenFlags(Thread& thread, Value v) {
  dlopenFlags = static_cast<int>(TRY(intArgument(thread, v)));
  return Value::none();
}
Fallible<Value> sysGetOriginTrackingDepth(Thread& thread) { return Value::inlineInt(thread.coroutineOriginDepth); }
Fallible<Value> sysSetOriginTrackingDepth(Thread& thread, Value v) {
  int64_t depth = TRY(intArgument(thread, v));
  if (depth < 0) return raise(thread, exceptions.ValueError, "depth must be >= 0");
  thread.coroutineOriginDepth = depth;
  return Value::none();
}

// --- objects ----------------------------------------------------------------------------------------------------------
Fallible<Value> sysIntern(Thread& thread, Value v) {
  if (toStr(v) == nullptr) return raiseTypeError(thread, "intern() argument must be str, not {}", argumentTypeName(v));
  if (typeOf(v) != types.str) return raiseTypeError(thread, "can't intern {}", nameOf(v));
  return Value::of(TRY(intern(thread, v.as<Str>())));
}
// There are no reference counts; this is the number CPython shows for an object that one variable refers to.
Fallible<Value> sysGetRefcount(Thread&, Value) { return Value::inlineInt(2); }

Fallible<Value> sysGetSizeof(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{"getsizeof", {"object", "default"}, 1};
  Value bound[2];
  TRY(kParameters.bind(thread, arguments, bound));
  Value method = specialMethod(bound[0], Special::k__sizeof__);
  auto computed = [&]() -> Fallible<Value> {
    if (method.isUnbound()) {
      return raiseTypeError(thread, "Type {} doesn't define __sizeof__", nameOf(bound[0]));
    }
    Value size = TRY(callSpecial(thread, method, bound[0]));
    if (!isInt(size)) return raise(thread, exceptions.TypeError, "an integer is required");
    auto bytes = toInt64(size);
    if (bytes && *bytes < 0) return raise(thread, exceptions.ValueError, "__sizeof__() should return >= 0");
    return intAdd(thread, *toInt(size), Value::inlineInt(headerSizeOf(bound[0])));
  }();
  if (computed.isRaised() && !bound[1].isUnbound() && pendingMatches(thread, exceptions.TypeError)) {
    clearException(thread);
    return bound[1];
  }
  return computed;
}

Fallible<Value> sysGetFrame(Thread& thread, Value, const Arguments& arguments) {
  TRY(arguments.noKeywords(thread, "sys._getframe"));
  TRY(arguments.count(thread, "_getframe", 0, 1));
  int64_t depth = arguments.positional == 0 ? 0 : TRY(intArgument(thread, arguments[0]));
  Frame* frame = thread.frame;
  while (frame != nullptr && depth-- > 0) frame = frame->previous;
  if (frame == nullptr) return raise(thread, exceptions.ValueError, "call stack is not deep enough");
  return Value::of(TRY(frameObjectOf(thread, frame)));
}

// --- tracing: there is none, and none is claimed ----------------------------------------------------------------------
Fallible<Value> returnNone(Thread&) { return Value::none(); }

Fallible<Value> sysGetAllocatedBlocks(Thread&) {
  return Value::inlineInt(static_cast<int64_t>(heap.statistics().allocatedCells));
}
Fallible<Value> sysDefaultEncoding(Thread& thread) { return Value::of(TRY(intern(thread, "utf-8"))); }
Fallible<Value> sysFilesystemErrors(Thread& thread) { return Value::of(TRY(intern(thread, "surrogateescape"))); }

// --- asynchronous generators ------------------------------------------------------------------------------------------
constexpr const char* kAsyncHookFields[] = {"firstiter", "finalizer"};
constexpr StructSequence kAsyncHooks{"builtins", "asyncgen_hooks", nullptr, kAsyncHookFields, 2};
Fallible<Value> sysGetAsyncHooks(Thread& thread) {
  static Type* const type = makeStructSequenceType(thread, kAsyncHooks);
  Value fields[] = {thread.asyncHooks[0], thread.asyncHooks[1]};
  return makeStructSequence(thread, type, fields);
}
Fallible<Value> sysSetAsyncHooks(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{nullptr, {"firstiter", "finalizer"}, 0};
  Value bound[2];
  TRY(kParameters.bind(thread, arguments, bound));
  for (int i = 1; i >= 0; i--) {
    if (bound[i].isUnbound()) continue;
    if (!bound[i].isNone() && !isCallable(bound[i])) {
      return raiseTypeError(thread, "callable {} expected, got {}", kAsyncHookFields[i], nameOf(bound[i]));
    }
    thread.asyncHooks[i] = bound[i];
  }
  return Value::none();
}

// --- making the module ------------------------------------------------------------------------------------------------
Fallible<Value> listOfTexts(Thread& thread, const std::vector<std::string>& texts) {
  List* list = TRY(makeListWithCapacity(thread, texts.size()));
  for (const std::string& text : texts) {
    TRY(listAppend(thread, list, Value::of(TRY(decodeFilename(thread, text)))));
  }
  return Value::of(list);
}

Fallible<Value> xOptionsDict(Thread& thread, const std::vector<std::string>& options) {
  Dict* dict = TRY(makeDict(thread));
  for (const std::string& option : options) {
    size_t equals = option.find('=');
    Str* name = TRY(decodeFilename(thread, std::string_view(option).substr(0, equals)));
    Value value = equals == std::string::npos
                      ? Value::boolean(true)
                      : Value::of(TRY(decodeFilename(thread, std::string_view(option).substr(equals + 1))));
    TRY(dictSetStr(thread, dict, name, value));
  }
  return Value::of(dict);
}

using Native0 = Fallible<Value> (*)(Thread&);
Fallible<Builtin*> makeNullary(Thread& thread, const char* name, Native0 f) {
  Builtin* builtin = TRY(makeBuiltin(thread, name, static_cast<NativeVariadic>(nullptr)));
  builtin->signature = Builtin::kFixed;
  builtin->minArguments = builtin->maxArguments = 0;
  builtin->function = reinterpret_cast<void*>(f);
  return builtin;
}

Fallible<void> addFunctions(Thread& thread, Dict* sys) {
  const struct {
    const char* name;
    Native0 function;
  } nullary[] = {{"exception", sysException},
                 {"exc_info", sysExcInfo},
                 {"getrecursionlimit", sysGetRecursionLimit},
                 {"get_int_max_str_digits", sysGetIntMaxStrDigits},
                 {"getswitchinterval", sysGetSwitchInterval},
                 {"getdlopenflags", sysGetDlopenFlags},
                 {"get_coroutine_origin_tracking_depth", sysGetOriginTrackingDepth},
                 {"getallocatedblocks", sysGetAllocatedBlocks},
                 {"_clear_type_cache", returnNone},
                 {"getdefaultencoding", sysDefaultEncoding},
                 {"getfilesystemencoding", sysDefaultEncoding},
                 {"getfilesystemencodeerrors", sysFilesystemErrors},
                 {"get_asyncgen_hooks", sysGetAsyncHooks}};
  for (auto [name, function] : nullary) {
    TRY(addSysFunction(thread, sys, name, TRY(makeNullary(thread, name, function))));
  }
  const struct {
    const char* name;
    Native1 function;
  } unary[] = {{"setrecursionlimit", sysSetRecursionLimit},
               {"setswitchinterval", sysSetSwitchInterval},
               {"setdlopenflags", sysSetDlopenFlags},
               {"set_coroutine_origin_tracking_depth", sysSetOriginTrackingDepth},
               {"intern", sysIntern},
               {"getrefcount", sysGetRefcount}};
  for (auto [name, function] : unary) {
    TRY(addSysFunction(thread, sys, name, TRY(makeBuiltin(thread, name, function))));
  }
  const struct {
    const char* name;
    NativeVariadic function;
  } variadic[] = {{"exit", sysExit},
                  {"set_int_max_str_digits", sysSetIntMaxStrDigits},
                  {"getsizeof", sysGetSizeof},
                  {"_getframe", sysGetFrame},
                  {"set_asyncgen_hooks", sysSetAsyncHooks}};
  for (auto [name, function] : variadic) {
    TRY(addSysFunction(thread, sys, name, TRY(makeBuiltin(thread, name, function))));
  }
  return {};
}

// PYTHONIOENCODING=encoding:errors, and what the locale asks for.
struct StreamText {
  std::string encoding, errors;
};
// As exceptions name a codec: "utf-8", "iso8859-1".
std::string canonicalEncoding(std::string_view name) {
  switch (findCodec(name)) {
    case Codec::kUtf8: return "utf-8";
    case Codec::kAscii: return "ascii";
    case Codec::kLatin1: return "iso8859-1";
    default: break;
  }
  std::string lower(name);
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return lower;
}

StreamText streamText(const SysOptions& options) {
  utf8Mode = options.utf8Mode != 0;
  warnsOfDefaultEncoding = options.warnDefaultEncoding;
  StreamText text;
  text.encoding = utf8Mode ? "utf-8" : canonicalEncoding(localeCodeset());
  if (utf8Mode || localeIsLenient()) text.errors = "surrogateescape";
  const char* given = options.ignoreEnvironment != 0 ? nullptr : std::getenv("PYTHONIOENCODING");
  if (given == nullptr || *given == 0) return text;
  std::string_view view(given);
  size_t colon = view.find(':');
  bool hasEncoding = colon != 0, hasErrors = colon != std::string_view::npos && colon + 1 < view.size();
  if (hasEncoding) text.encoding = canonicalEncoding(view.substr(0, colon));
  if (hasErrors) {
    text.errors = std::string(view.substr(colon + 1));
  } else if (hasEncoding) {
    text.errors = "strict";
  }
  return text;
}

Fallible<void> openStreams(Thread& thread, Dict* sys, const SysOptions& options) {
  const struct {
    int descriptor;
    const char* name;
    const char* attribute;
    const char* dunder;
  } streams[] = {{STDIN_FILENO, "<stdin>", "stdin", "__stdin__"},
                 {STDOUT_FILENO, "<stdout>", "stdout", "__stdout__"},
                 {STDERR_FILENO, "<stderr>", "stderr", "__stderr__"}};
  StreamText text = streamText(options);
  for (const auto& stream : streams) {
    StandardFile request{stream.descriptor,  stream.name,   stream.descriptor != STDIN_FILENO,
                         options.unbuffered, text.encoding, text.errors};
    Value file = TRY(makeStandardFile(thread, request));
    TRY(addSysValue(thread, sys, stream.attribute, file));
    TRY(addSysValue(thread, sys, stream.dunder, file));
  }
  return {};
}

}  // namespace

Fallible<void> initialiseSys(Thread& thread, const SysOptions& options) {
  Module* module = TRY(makeModule(thread, "sys", "The interpreter itself: its settings, its modules, its streams."));
  Dict* sys = module->dict;
  runtime.sys = sys;
  TRY(addSysValue(thread, sys, "modules", Value::of(runtime.modules)));
  TRY(dictSetStr(thread, runtime.modules, names.sys, Value::of(module)));
  if (sysModule() == nullptr) return raiseMemoryError(thread);
  // sys.modules begins with sys.
  (void)TRY(dictDeleteStr(thread, runtime.modules, names.builtins));
  TRY(dictSetStr(thread, runtime.modules, names.builtins, Value::of(runtime.builtinsModule)));
  TRY(openStreams(thread, sys, options));
  TRY(addFunctions(thread, sys));
  TRY(addSysHooks(thread, sys));
  TRY(addSysTracing(thread, sys));
  TRY(addSysInformation(thread, sys, options));
  TRY(addSysValue(thread, sys, "argv", TRY(listOfTexts(thread, options.argv))));
  TRY(addSysValue(thread, sys, "orig_argv", TRY(listOfTexts(thread, options.originalArgv))));
  TRY(addSysValue(thread, sys, "path", TRY(listOfTexts(thread, options.path))));
  TRY(addSysValue(thread, sys, "warnoptions", TRY(listOfTexts(thread, options.warnOptions))));
  TRY(addSysValue(thread, sys, "_xoptions", TRY(xOptionsDict(thread, options.xOptions))));
  for (const char* name : {"meta_path", "path_hooks"}) {
    TRY(addSysValue(thread, sys, name, Value::of(TRY(makeListWithCapacity(thread, 0)))));
  }
  TRY(addSysValue(thread, sys, "path_importer_cache", Value::of(TRY(makeDict(thread)))));
  if (options.intMaxStrDigits >= 0) thread.intMaxStrDigits = options.intMaxStrDigits;
  return {};
}

int flushStandardStreams(Thread& thread, int code) {
  for (Str* name : {names.stdout, names.stderr}) {
    Value file = sysAttribute(name);
    if (file.isUnbound() || file.isNone()) continue;
    Value closed = Value::boolean(false);
    if (auto asked = getAttribute(thread, file, "closed"); !asked.isRaised()) {
      closed = asked.value();
    } else {
      clearException(thread);
    }
    if (closed.isTrue()) continue;
    if (callMethod(thread, file, names.flush, {}).isRaised()) {
      if (name == names.stdout) {
        writeUnraisable(thread, file);
      } else {
        clearException(thread);
      }
      code = 120;
    }
  }
  return code;
}

}  // namespace krait
