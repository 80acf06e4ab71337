// The exception classes that carry a value, a name or a place: StopIteration, ImportError, NameError, SyntaxError ...
#include "vm/builtins/dict.h"
#include "vm/builtins/exception_internal.h"
#include "vm/builtins/int.h"
#include "vm/builtins/str.h"
#include "vm/builtins/tuple.h"
#include "vm/names.h"

namespace krait {
namespace {

using F = ExceptionField;

// Keyword-only attributes of an exception: anything else is refused in the name of its built-in class.
Fallible<void> takeKeywords(Thread& thread, Exception* e, const Arguments& arguments, const char* type,
                            std::initializer_list<std::pair<const char*, unsigned>> known) {
  for (uint32_t i = 0, n = arguments.keywordCount(); i < n; i++) {
    Str* keyword = toStr(arguments.keywordNames->items[i]);
    bool taken = false;
    for (auto [name, field] : known) {
      if (!strEqualsUtf8(keyword, name)) continue;
      e->fields[field] = arguments[arguments.positional + i];
      taken = true;
    }
    fmt::memory_buffer buffer;
    if (!taken)
      return raiseTypeError(thread, "'{}' is an invalid keyword argument for {}()", textOf(keyword, buffer), type);
  }
  return {};
}

// --- StopIteration, SystemExit ----------------------------------------------------------------------------------------
Fallible<Value> stopIterationInit(Thread& thread, Value self, const Arguments& arguments) {
  TRY(refuseKeywords(thread, typeOf(self), arguments));
  TRY(keepArguments(thread, exceptionOf(self), arguments));
  exceptionOf(self)->fields[F::kValue] = arguments.positional > 0 ? arguments[0] : Value::none();
  return Value::none();
}
Fallible<Value> systemExitInit(Thread& thread, Value self, const Arguments& arguments) {
  TRY(refuseKeywords(thread, typeOf(self), arguments));
  auto* e = exceptionOf(self);
  TRY(keepArguments(thread, e, arguments));
  if (arguments.positional == 1) e->fields[F::kValue] = arguments[0];
  if (arguments.positional > 1) e->fields[F::kValue] = Value::of(e->arguments.get());
  return Value::none();
}

// --- NameError, AttributeError ----------------------------------------------------------------------------------------
Fallible<Value> nameErrorInit(Thread& thread, Value self, const Arguments& arguments) {
  TRY(keepArguments(thread, exceptionOf(self), arguments));
  TRY(takeKeywords(thread, exceptionOf(self), arguments, "NameError", {{"name", F::kName}}));
  return Value::none();
}
Fallible<Value> attributeErrorInit(Thread& thread, Value self, const Arguments& arguments) {
  TRY(keepArguments(thread, exceptionOf(self), arguments));
  TRY(takeKeywords(thread, exceptionOf(self), arguments, "AttributeError", {{"name", F::kName}, {"obj", F::kObject}}));
  return Value::none();
}

// --- ImportError ------------------------------------------------------------------------------------------------------
Fallible<Value> importErrorInit(Thread& thread, Value self, const Arguments& arguments) {
  auto* e = exceptionOf(self);
  TRY(keepArguments(thread, e, arguments));
  TRY(takeKeywords(thread, e, arguments, "ImportError", {{"name", F::kImportName}, {"path", F::kImportPath}}));
  if (arguments.positional == 1) e->fields[F::kImportMessage] = arguments[0];
  return Value::none();
}
Fallible<Value> importErrorStr(Thread& thread, Value self) {
  Value message = exceptionOf(self)->fields[F::kImportMessage];
  if (!message.isUnbound() && toStr(message) != nullptr && typeOf(message) == types.str) return message;
  return baseExceptionStr(thread, self);
}
Fallible<Value> importErrorReduce(Thread& thread, Value self) {
  auto* e = exceptionOf(self);
  Value result = TRY(baseExceptionReduce(thread, self));
  Value name = e->fields[F::kImportName], path = e->fields[F::kImportPath];
  if (name.isUnbound() && path.isUnbound()) return result;
  Dict* state = TRY(makeDict(thread));
  if (result.as<Tuple>()->length == 3) TRY(dictUpdate(thread, state, result.as<Tuple>()->items[2]));
  if (!name.isUnbound()) TRY(dictSetStr(thread, state, names.name, name));
  if (!path.isUnbound()) TRY(dictSetStr(thread, state, names.path, path));
  return Value::of(TRY(makeTuple(thread, {Value::of(typeOf(self)), Value::of(e->arguments.get()), Value::of(state)})));
}

// --- SyntaxError ------------------------------------------------------------------------------------------------------
Fallible<Value> syntaxErrorInit(Thread& thread, Value self, const Arguments& arguments) {
  TRY(refuseKeywords(thread, typeOf(self), arguments));
  auto* e = exceptionOf(self);
  TRY(keepArguments(thread, e, arguments));
  if (arguments.positional >= 1) e->fields[F::kMessage] = arguments[0];
  if (arguments.positional != 2) return Value::none();
  Tuple* place = TRY(tupleFromIterable(thread, arguments[1]));
  uint64_t n = place->length;
  if (n < 4 || n > 6)
    return raiseTypeError(thread, "function takes at {} arguments ({} given)", n < 4 ? "least 4" : "most 6", n);
  if (n == 5) return raiseTypeError(thread, "end_offset must be provided when end_lineno is provided");
  constexpr unsigned kOrder[] = {F::kSyntaxFilename, F::kLine, F::kOffset, F::kText, F::kEndLine, F::kEndOffset};
  for (uint64_t i = 0; i < n; i++) e->fields[kOrder[i]] = place->items[i].get();
  return Value::none();
}
Fallible<Value> syntaxErrorStr(Thread& thread, Value self) {
  auto* e = exceptionOf(self);
  StrBuilder builder;
  builder.append(TRY(str(thread, fieldOrNone(e, F::kMessage))));
  Value filename = e->fields[F::kSyntaxFilename], line = e->fields[F::kLine];
  Str* path = filename.isUnbound() ? nullptr : toStr(filename);
  bool hasLine = !line.isUnbound() && typeOf(line) == types.int_;
  if (path == nullptr && !hasLine) return Value::of(TRY(builder.build(thread)));
  builder.append(" (");
  if (path != nullptr) {
    uint64_t start = path->length;
    while (start > 0 && path->at(start - 1) != '/') start--;
    builder.append(TRY(substring(thread, path, start, path->length)));
    if (hasLine) builder.append(", ");
  }
  if (hasLine) builder.append("line ").append(TRY(str(thread, line)));
  return Value::of(TRY(builder.append(")").build(thread)));
}

// --- KeyError ---------------------------------------------------------------------------------------------------------
// A key is shown as it is written, so that an empty one is not invisible.
Fallible<Value> keyErrorStr(Thread& thread, Value self) {
  Tuple* arguments = exceptionOf(self)->arguments;
  if (arguments->length == 1) return Value::of(TRY(repr(thread, arguments->items[0])));
  return baseExceptionStr(thread, self);
}

}  // namespace

void declareValueExceptions(Thread& thread) {
  TypeBuilder(thread, exceptions.StopIteration)
      .specialVariadic("__init__", stopIterationInit)
      .getter("value", getField<F::kValue>, setField<F::kValue>)
      .build();
  TypeBuilder(thread, exceptions.SystemExit)
      .specialVariadic("__init__", systemExitInit)
      .getter("code", getField<F::kValue>, setField<F::kValue>)
      .build();
  TypeBuilder(thread, exceptions.NameError)
      .specialVariadic("__init__", nameErrorInit)
      .special("__str__", baseExceptionStr)
      .getter("name", getField<F::kName>, setField<F::kName>)
      .build();
  TypeBuilder(thread, exceptions.AttributeError)
      .specialVariadic("__init__", attributeErrorInit)
      .getter("name", getField<F::kName>, setField<F::kName>)
      .getter("obj", getField<F::kObject>, setField<F::kObject>)
      .build();
  TypeBuilder(thread, exceptions.ImportError)
      .specialVariadic("__init__", importErrorInit)
      .special("__str__", importErrorStr)
      .method("__reduce__", importErrorReduce)
      .getter("msg", getField<F::kImportMessage>, setField<F::kImportMessage>)
      .getter("name", getField<F::kImportName>, setField<F::kImportName>)
      .getter("path", getField<F::kImportPath>, setField<F::kImportPath>)
      .build();
  TypeBuilder(thread, exceptions.SyntaxError)
      .specialVariadic("__init__", syntaxErrorInit)
      .special("__str__", syntaxErrorStr)
      .getter("msg", getField<F::kMessage>, setField<F::kMessage>)
      .getter("filename", getField<F::kSyntaxFilename>, setField<F::kSyntaxFilename>)
      .getter("lineno", getField<F::kLine>, setField<F::kLine>)
      .getter("offset", getField<F::kOffset>, setField<F::kOffset>)
      .getter("text", getField<F::kText>, setField<F::kText>)
      .getter("end_lineno", getField<F::kEndLine>, setField<F::kEndLine>)
      .getter("end_offset", getField<F::kEndOffset>, setField<F::kEndOffset>)
      .getter("print_file_and_line", getField<F::kPrintFileAndLine>, setField<F::kPrintFileAndLine>)
      .build();
  TypeBuilder(thread, exceptions.KeyError).special("__str__", keyErrorStr).build();
}

}  // namespace krait
