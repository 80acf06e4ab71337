// Built-in functions about code and namespaces: compile, eval, exec, globals, locals, __build_class__, __import__.
#include <fmt/format.h>

#include "vm/builtins/bytes.h"
#include "vm/builtins/dict.h"
#include "vm/builtins/exception.h"
#include "vm/builtins/frame.h"
#include "vm/builtins/function.h"
#include "vm/builtins/functions.h"
#include "vm/builtins/list.h"
#include "vm/builtins/str.h"
#include "vm/builtins/tuple.h"
#include "vm/compile_hooks.h"
#include "vm/import.h"
#include "vm/modules/native_arguments.h"
#include "vm/modules/posix_internal.h"
#include "vm/names.h"
#include "vm/runtime.h"
#include "vm/semantics.h"
#include "vm/warnings.h"

namespace krait {

// Source text of compile(), eval(), exec() and symtable(): str or anything bytes-like.
Fallible<void> sourceText(Thread& thread, Value source, const char* function, const char* what, std::string& text,
                          bool& isText) {
  std::string_view bytes;
  isText = false;
  if (Str* s = toStr(source)) {
    text = strToUtf8(s);
    isText = true;
  } else if (bufferView(source, bytes)) {
    text = bytes;
  } else {
    return raiseTypeError(thread, "{}() arg 1 must be a {}", function, what);
  }
  if (text.find('\0') != std::string::npos)
    return raiseValueError(thread, "source code string cannot contain null bytes");
  return {};
}

Fallible<Str*> sourceFilename(Thread& thread, Value path) {
  std::string_view bytes;
  if (toStr(path) == nullptr && toBytes(path) == nullptr && bufferView(path, bytes)) {
    std::string kept(bytes);  // the warning may run Python code
    std::string warning = fmt::format("path should be string, bytes, or os.PathLike, not {}", nameOf(path));
    TRY(warnFrom(thread, Value::of(TRY(makeStr(thread, warning))), Value::of(exceptions.DeprecationWarning), 1,
                 Value::unbound()));
    path = TRY(makeFilename(thread, kept));
  } else {
    path = TRY(fspathOf(thread, path));
    if (Bytes* given = toBytes(path)) path = TRY(makeFilename(thread, viewOf(given)));
  }
  Str* filename = toStr(path);
  if (strToUtf8(filename).find('\0') != std::string::npos) return raiseValueError(thread, "embedded null character");
  return filename;
}

namespace {

constexpr uint32_t kFutureMask = 0x1fe0000;
constexpr uint32_t kKnownCompilerFlags =
    kFutureMask | 0x200 | kOnlyAst | kTypeComments | kAllowTopLevelAwait | kAllowIncompleteInput;

uint32_t inheritedFlags(Thread& thread) {
  return thread.frame == nullptr ? 0 : thread.frame->code->codeFlags & kFutureMask;
}

Fallible<Value> compileFunction(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{
      "compile", {"source", "filename", "mode", "flags", "dont_inherit", "optimize", "*", "_feature_version"}, 3};
  Value v[7];
  TRY(kParameters.bind(thread, arguments, v));
  Str* filename = TRY(sourceFilename(thread, v[1]));
  Str* mode = toStr(v[2]);
  if (mode == nullptr) return raiseTypeError(thread, "compile() argument 'mode' must be str, not {}", nameOf(v[2]));
  if (strToUtf8(mode).find('\0') != std::string::npos) return raiseValueError(thread, "embedded null character");
  int flags = TRY(intArgumentOr(thread, v[3], 0));
  if (flags & ~static_cast<int>(kKnownCompilerFlags)) return raiseValueError(thread, "compile(): unrecognised flags");
  bool dontInherit = TRY(intArgumentOr(thread, v[4], 0)) != 0;
  int optimise = TRY(intArgumentOr(thread, v[5], -1));
  if (optimise < -1 || optimise > 2) return raiseValueError(thread, "compile(): invalid optimize value");
  int featureVersion = TRY(intArgumentOr(thread, v[6], -1));
  bool onlyTree = (flags & kOnlyAst) != 0, isFunctionType = strEqualsUtf8(mode, "func_type");
  CompileRequest request{};
  if (strEqualsUtf8(mode, "exec")) {
    request.mode = CompileRequest::kExec;
  } else if (strEqualsUtf8(mode, "eval")) {
    request.mode = CompileRequest::kEval;
  } else if (strEqualsUtf8(mode, "single")) {
    request.mode = CompileRequest::kSingle;
  } else if (!isFunctionType || !onlyTree) {
    if (isFunctionType) return raiseValueError(thread, "compile() mode 'func_type' requires flag PyCF_ONLY_AST");
    return raise(thread, exceptions.ValueError,
                 onlyTree ? "compile() mode must be 'exec', 'eval', 'single' or 'func_type'"
                          : "compile() mode must be 'exec', 'eval' or 'single'");
  }
  request.filename = filename;
  request.flags = static_cast<uint32_t>(flags) | (dontInherit ? 0 : inheritedFlags(thread));
  request.optimise = static_cast<int>(optimise);
  if (compileHooks.isTree != nullptr && v[0].isCell() && TRY(compileHooks.isTree(thread, v[0]))) {
    if (onlyTree) return v[0];
    return Value::of(TRY(compileHooks.compileTree(thread, v[0], request)));
  }
  std::string text;
  TRY(sourceText(thread, v[0], "compile", "string, bytes or AST object", text, request.isText));
  request.source = text;
  if (onlyTree && compileHooks.parseTree != nullptr)
    return compileHooks.parseTree(thread, request, isFunctionType, featureVersion);
  return Value::of(TRY(thread.hooks.compile(thread, request)));
}

// The namespaces that exec() and eval() work in.
struct Namespaces {
  Dict* globals;
  Value locals;
};
Fallible<void> namespaces(Thread& thread, const char* function, Value globals, Value locals, Namespaces& out) {
  if (globals.isUnbound() || globals.isNone()) {
    if (thread.frame == nullptr) return raise(thread, exceptions.SystemError, "globals and locals cannot be NULL");
    out.globals = thread.frame->function->globals;
    if (locals.isUnbound() || locals.isNone()) {
      FrameObject* frame = TRY(frameObjectOf(thread, thread.frame));
      out.locals = TRY(frameLocals(thread, frame));
    } else {
      out.locals = locals;
    }
  } else {
    out.globals = toDict(globals);
    if (out.globals == nullptr) {
      if (function[1] == 'v')
        return raise(thread, exceptions.TypeError,
                     specialMethod(globals, Special::k__getitem__).isUnbound()
                         ? "globals must be a dict"
                         : "globals must be a real dict; try eval(code, {}, mapping)");
      return raiseTypeError(thread, "exec() globals must be a dict, not {}", nameOf(globals));
    }
    out.locals = locals.isUnbound() || locals.isNone() ? globals : locals;
  }
  if (!isKind(out.locals, Kind::kDict) && specialMethod(out.locals, Special::k__getitem__).isUnbound()) {
    if (function[1] == 'v') return raiseTypeError(thread, "locals must be a mapping");
    return raiseTypeError(thread, "locals must be a mapping or None, not {}", nameOf(out.locals));
  }
  return {};
}

Fallible<Value> runSource(Thread& thread, const char* function, Value source, Value globals, Value locals,
                          Value closure, CompileRequest::Mode mode) {
  Namespaces spaces{};
  TRY(namespaces(thread, function, globals, locals, spaces));
  TRY(builtinsOf(thread, spaces.globals));
  Code* code;
  if (isKind(source, Kind::kCode)) {
    code = source.as<Code>();
    if (closure.isUnbound() && code->freeCount > 0)
      return raiseTypeError(thread, "code object passed to {}() may not contain free variables", function);
    if (!closure.isUnbound()) {
      Tuple* cells = toTuple(closure);
      if (code->freeCount == 0) return raiseTypeError(thread, "cannot use a closure with this code object");
      bool fits = cells != nullptr && cells->length == code->freeCount;
      for (uint64_t i = 0; fits && i < cells->length; i++) fits = isKind(cells->items[i].get(), Kind::kCellvar);
      if (!fits) return raiseTypeError(thread, "code object requires a closure of exactly length {}", code->freeCount);
    }
  } else {
    if (!closure.isUnbound()) return raiseTypeError(thread, "closure can only be used when source is a code object");
    CompileRequest request{};
    std::string text;
    TRY(sourceText(thread, source, function, "string, bytes or code object", text, request.isText));
    size_t start = mode == CompileRequest::kEval ? text.find_first_not_of(" \t") : 0;
    request.source = std::string_view(text).substr(start == std::string::npos ? text.size() : start);
    request.filename = TRY(makeStr(thread, "<string>"));
    request.mode = mode;
    request.flags = inheritedFlags(thread);
    request.optimise = -1;
    code = TRY(thread.hooks.compile(thread, request));
  }
  return runCode(thread, code, spaces.globals, spaces.locals, closure.isUnbound() ? Value::none() : closure);
}

Fallible<Value> evalFunction(Thread& thread, Value, const Arguments& arguments) {
  TRY(arguments.noKeywords(thread, "eval"));
  TRY(arguments.count(thread, "eval", 1, 3));
  return runSource(thread, "eval", arguments[0], arguments.positional > 1 ? arguments[1] : Value::unbound(),
                   arguments.positional > 2 ? arguments[2] : Value::unbound(), Value::unbound(), CompileRequest::kEval);
}
Fallible<Value> execFunction(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{"exec", {"source", "globals", "locals", "/", "*", "closure"}, 1};
  Value v[4];
  TRY(kParameters.bind(thread, arguments, v));
  Value closure = v[3].isNone() ? Value::unbound() : v[3];
  TRY(runSource(thread, "exec", v[0], v[1], v[2], closure, CompileRequest::kExec));
  return Value::none();
}

Fallible<Value> globalsFunction(Thread& thread, Value, const Arguments& arguments) {
  TRY(arguments.count(thread, "globals", 0, 0));
  if (thread.frame == nullptr) return Value::none();
  return Value::of(thread.frame->function->globals.get());
}
Fallible<Value> localsFunction(Thread& thread, Value, const Arguments& arguments) {
  TRY(arguments.count(thread, "locals", 0, 0));
  if (thread.frame == nullptr) return raise(thread, exceptions.SystemError, "frame does not exist");
  return frameLocals(thread, TRY(frameObjectOf(thread, thread.frame)));
}

// --- class statements -------------------------------------------------------------------------------------------------
// Bases that are no classes may say what stands for them (PEP 560).
Fallible<Tuple*> resolveBases(Thread& thread, Tuple* bases) {
  bool changed = false;
  for (uint64_t i = 0; i < bases->length; i++)
    if (!isKind(bases->items[i].get(), Kind::kType) &&
        !TRY(getAttributeOrUnbound(thread, bases->items[i].get(), specialName(Special::k__mro_entries__))).isUnbound())
      changed = true;
  if (!changed) return bases;
  List* list = TRY(makeListWithCapacity(thread, bases->length));
  for (uint64_t i = 0; i < bases->length; i++) {
    Value base = bases->items[i].get();
    Value method = isKind(base, Kind::kType)
                       ? Value::unbound()
                       : TRY(getAttributeOrUnbound(thread, base, specialName(Special::k__mro_entries__)));
    if (method.isUnbound()) {
      TRY(listAppend(thread, list, base));
      continue;
    }
    Value replaced = TRY(call(thread, method, Value::of(bases)));
    Tuple* entries = toTuple(replaced);
    if (entries == nullptr) return raiseTypeError(thread, "__mro_entries__ must return a tuple");
    for (uint64_t k = 0; k < entries->length; k++) TRY(listAppend(thread, list, entries->items[k].get()));
  }
  return makeTuple(thread, list->values());
}

// The most derived metaclass among `metaclass` and those of the bases.
Fallible<Value> calculateMetaclass(Thread& thread, Type* metaclass, Tuple* bases) {
  Type* winner = metaclass;
  for (uint64_t i = 0; i < bases->length; i++) {
    Type* type = typeOf(bases->items[i].get());
    if (isSubtype(winner, type)) continue;
    if (isSubtype(type, winner)) {
      winner = type;
      continue;
    }
    return raiseTypeError(thread,
                          "metaclass conflict: the metaclass of a derived class must be a (non-strict) subclass of the "
                          "metaclasses of all its bases");
  }
  return Value::of(winner);
}

// __build_class__(func, name, *bases, metaclass=None, **kwds)
Fallible<Value> buildClass(Thread& thread, Value, const Arguments& arguments) {
  if (arguments.positional < 2) return raiseTypeError(thread, "__build_class__: not enough arguments");
  Value function = arguments[0];
  if (!isKind(function, Kind::kFunction)) return raiseTypeError(thread, "__build_class__: func must be a function");
  Str* name = toStr(arguments[1]);
  if (name == nullptr) return raiseTypeError(thread, "__build_class__: name is not a string");
  Tuple* original = TRY(makeTuple(thread, arguments.positionals().subspan(2)));
  Tuple* bases = TRY(resolveBases(thread, original));
  // Keywords but metaclass go on to __prepare__, __new__ and __init_subclass__.
  Value metaclass = Value::unbound();
  List* keywordNames = TRY(makeListWithCapacity(thread, arguments.keywordCount()));
  List* keywordValues = TRY(makeListWithCapacity(thread, arguments.keywordCount()));
  for (uint32_t i = 0; i < arguments.keywordCount(); i++) {
    Value key = arguments.keywordNames->items[i].get();
    Value value = arguments[arguments.positional + i];
    if (strEqualsUtf8(toStr(key), "metaclass")) {
      metaclass = value;
    } else {
      TRY(listAppend(thread, keywordNames, key));
      TRY(listAppend(thread, keywordValues, value));
    }
  }
  Tuple* names_ = keywordNames->length == 0 ? nullptr : TRY(makeTuple(thread, keywordNames->values()));
  if (metaclass.isUnbound())
    metaclass = bases->length > 0 ? Value::of(typeOf(bases->items[0].get())) : Value::of(types.type);
  if (isKind(metaclass, Kind::kType)) metaclass = TRY(calculateMetaclass(thread, metaclass.as<Type>(), bases));

  // (name, bases, **keywords) with room for the namespace in third place.
  List* full = TRY(makeListWithCapacity(thread, keywordValues->length + 3));
  TRY(listAppend(thread, full, Value::of(name)));
  TRY(listAppend(thread, full, Value::of(bases)));
  for (uint64_t i = 0; i < keywordValues->length; i++) TRY(listAppend(thread, full, keywordValues->storage->slots[i]));
  Value prepare = TRY(getAttributeOrUnbound(thread, metaclass, specialName(Special::k__prepare__)));
  Value ns =
      prepare.isUnbound() ? Value::of(TRY(makeDict(thread))) : TRY(call(thread, prepare, full->values(), names_));
  if (!isKind(ns, Kind::kDict) && specialMethod(ns, Special::k__getitem__).isUnbound())
    return raiseTypeError(thread, "{}.__prepare__() must return a mapping, not {}",
                          isKind(metaclass, Kind::kType) ? nameOf(metaclass.as<Type>()) : "<metaclass>", nameOf(ns));

  // The body runs as a function whose local namespace is ns; it returns the __class__ cell or None.
  Function* body = function.as<Function>();
  Value* base = thread.sp;
  *base = function;
  thread.sp = base + 1;
  TRY(pushFrame(thread, body, base + 1, 0, nullptr, base, Frame::kEntry));
  thread.frame->locals = ns;
  Value cell = thread.hooks.interpret(thread, thread.frame);
  thread.sp = base;
  if (cell.isError()) return Raised{};
  if (bases != original)
    TRY(setItem(thread, ns, Value::of(TRY(intern(thread, "__orig_bases__"))), Value::of(original)));

  full->length = 2;
  TRY(listAppend(thread, full, ns));
  for (uint64_t i = 0; i < keywordValues->length; i++) TRY(listAppend(thread, full, keywordValues->storage->slots[i]));
  Value made = TRY(call(thread, metaclass, full->values(), names_));
  if (isKind(made, Kind::kType) && isKind(cell, Kind::kCellvar)) {
    Value content = cell.as<Cellvar>()->content.get();
    if (content.isUnbound())
      return raiseFormat(thread, exceptions.RuntimeError,
                         "__class__ not set defining {} as {}. Was __classcell__ propagated to type.__new__?",
                         strToUtf8(TRY(repr(thread, Value::of(name)))), strToUtf8(TRY(repr(thread, made))));
    if (!content.is(made))
      return raiseTypeError(thread, "__class__ set to {} defining {} as {}", strToUtf8(TRY(repr(thread, content))),
                            strToUtf8(TRY(repr(thread, Value::of(name)))), strToUtf8(TRY(repr(thread, made))));
  }
  return made;
}

Fallible<Value> importFunction(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{"__import__", {"name", "globals", "locals", "fromlist", "level"}, 1};
  Value v[5];
  TRY(kParameters.bind(thread, arguments, v));
  Str* name = toStr(v[0]);
  if (name == nullptr) return raiseTypeError(thread, "module name must be a string");
  int64_t level = v[4].isUnbound() ? 0 : TRY(indexAsInt64(thread, v[4], exceptions.OverflowError));
  return importBuiltin(thread, name, v[1], v[3], level);
}

}  // namespace

void registerCodeFunctions(Thread& thread, Dict* builtins) {
  BuiltinFunctions(thread, builtins)
      .add("compile", compileFunction)
      .add("eval", evalFunction)
      .add("exec", execFunction)
      .add("globals", globalsFunction)
      .add("locals", localsFunction)
      .add("__build_class__", buildClass)
      .add("__import__", importFunction);
}

}  // namespace krait
