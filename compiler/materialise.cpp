// Builds heap objects from what the compiler produced; the only file of the compiler that knows Values.
#include "compiler/materialise.h"

#include <fcntl.h>
#include <unistd.h>

#include "vm/builtins/bytes.h"
#include "vm/builtins/complex.h"
#include "vm/builtins/exception.h"
#include "vm/builtins/float.h"
#include "vm/builtins/int.h"
#include "vm/builtins/io_state.h"
#include "vm/builtins/list.h"
#include "vm/builtins/set.h"
#include "vm/builtins/str.h"
#include "vm/builtins/tuple.h"
#include "vm/code_make.h"
#include "vm/compile_hooks.h"

namespace krait {
namespace {

static_assert(uint32_t{kCodeGenerator} == Code::kGenerator && uint32_t{kCodeCoroutine} == Code::kCoroutine &&
              uint32_t{kCodeVarArgs} == Code::kVarargs && uint32_t{kCodeVarKeywords} == Code::kVarkeywords &&
              uint32_t{kCodeOptimized} == Code::kOptimized && uint32_t{kCodeAsyncGenerator} == Code::kAsyncGenerator);
static_assert(uint8_t{kLocalKindLocal} == Code::kLocal && uint8_t{kLocalKindCell} == Code::kCell &&
              uint8_t{kLocalKindFree} == Code::kFree);

std::string_view asText(ArenaSpan<const uint8_t> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// CPython interns string constants that look like identifiers.
bool looksLikeName(std::string_view text) {
  for (char c : text)
    if (!((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_')) return false;
  return true;
}

// The code objects of one compilation. A name that many of them share is looked up among the interned strings once.
class Materialiser {
 public:
  explicit Materialiser(Thread& thread) : thread_(thread) {}
  Fallible<Code*> code(const CodeUnit& unit);
  Fallible<Value> constant(const Constant& constant);

 private:
  Fallible<Tuple*> items(ArenaSpan<const Constant> items);
  Fallible<Value> name(Identifier name);

  Thread& thread_;
  RootVector strs_;                              // the file's name, then names in the order of their first use
  uint64_t owner_ = Identifier::newMemoOwner();  // of the names' memos: their places in strs_
};

Fallible<Value> Materialiser::name(Identifier name) {
  if (const uint32_t* place = name.memoOf(owner_)) return strs_[*place];
  Value made = Value::of(TRY(intern(thread_, name.view())));
  name.setMemo(owner_, static_cast<uint32_t>(strs_.size()));
  if (!strs_.push(made)) return raiseMemoryError(thread_);
  return made;
}

Fallible<Tuple*> Materialiser::items(ArenaSpan<const Constant> items) {
  Tuple* tuple = TRY(makeTupleUninitialised(thread_, items.size()));
  for (size_t i = 0; i < items.size(); i++) tuple->items[i] = TRY(constant(items[i]));
  return tuple;
}

Fallible<Value> Materialiser::constant(const Constant& constant) {
  KRAIT_CHECK_NATIVE_STACK(thread_, " during compilation");
  switch (constant.kind()) {
    case ConstantKind::None: return Value::none();
    case ConstantKind::False: return Value::boolean(false);
    case ConstantKind::True: return Value::boolean(true);
    case ConstantKind::Ellipsis: return Value::ellipsis();
    case ConstantKind::Int:
      if (constant.isSmallInt()) return makeInt(thread_, constant.smallInt());
      return makeIntFromLimbs(thread_, reinterpret_cast<const uint64_t*>(constant.limbs()), constant.limbCount(),
                              constant.isNegative());
    case ConstantKind::Float: return makeFloat(thread_, constant.floating());
    case ConstantKind::Complex: return makeComplex(thread_, constant.real(), constant.imaginary());
    case ConstantKind::Str:
      if (looksLikeName(constant.text())) return Value::of(TRY(intern(thread_, constant.text())));
      return Value::of(TRY(makeStr(thread_, constant.text())));
    case ConstantKind::Bytes: return Value::of(TRY(makeBytes(thread_, constant.text())));
    case ConstantKind::Tuple: return Value::of(TRY(items(constant.items())));
    case ConstantKind::FrozenSet:
      return Value::of(TRY(makeSet(thread_, types.frozenset, Value::of(TRY(items(constant.items()))))));
    case ConstantKind::Code: return Value::of(TRY(code(*constant.code())));
  }
  return Value::none();
}

Fallible<Code*> Materialiser::code(const CodeUnit& unit) {
  KRAIT_CHECK_NATIVE_STACK(thread_, " during compilation");
  Code* code = TRY(allocate<Code>(thread_, Kind::kCode, types.code->instanceShape));
  code->code = TRY(makeBytes(thread_, asText(unit.bytecode)));
  code->lineTable = TRY(keptLineTable(thread_, TRY(makeBytes(thread_, asText(unit.lineTable)))));
  code->exceptionTable = TRY(makeBytes(thread_, asText(unit.exceptionTable)));
  if (strs_.empty() && !strs_.push(Value::of(TRY(intern(thread_, unit.filename))))) return raiseMemoryError(thread_);
  code->filename = strs_[0].as<Str>();
  code->name = TRY(name(unit.name)).as<Str>();
  code->qualname = unit.qualName == unit.name.view() ? code->name : TRY(intern(thread_, unit.qualName));
  Tuple* names = TRY(makeTupleUninitialised(thread_, unit.names.size()));
  code->names = names;
  for (size_t i = 0; i < unit.names.size(); i++) names->items[i] = TRY(name(unit.names[i]));
  Tuple* locals = TRY(makeTupleUninitialised(thread_, unit.locals.size()));
  code->localsplusNames = locals;
  Bytes* kinds = TRY(makeBytesUninitialised(thread_, unit.locals.size()));
  code->localsplusKinds = kinds;
  for (size_t i = 0; i < unit.locals.size(); i++) {
    locals->items[i] = TRY(name(unit.locals[i].name));
    kinds->data[i] = unit.locals[i].kinds;
    code->cellCount += (unit.locals[i].kinds & kLocalKindCell) != 0;
    code->freeCount += (unit.locals[i].kinds & kLocalKindFree) != 0;
  }
  code->localCount = static_cast<uint32_t>(unit.locals.size());
  code->argumentCount = static_cast<uint32_t>(unit.argCount);
  code->positionalOnlyCount = static_cast<uint32_t>(unit.posOnlyArgCount);
  code->keywordOnlyCount = static_cast<uint32_t>(unit.kwOnlyArgCount);
  code->codeFlags = unit.flags;
  code->stackSize = static_cast<uint32_t>(unit.stackSize);
  code->firstLine = static_cast<uint32_t>(unit.firstLine);
  code->constants = TRY(items(unit.constants));
  code->isVerified = true;
  return code;
}

}  // namespace

Fallible<Code*> materialise(Thread& thread, const CodeUnit& unit) { return Materialiser(thread).code(unit); }
Fallible<Value> materialiseConstant(Thread& thread, const Constant& constant) {
  return Materialiser(thread).constant(constant);
}

namespace {

Type* exceptionOf(DiagnosticKind kind) {
  switch (kind) {
    case DiagnosticKind::SyntaxError: return exceptions.SyntaxError;
    case DiagnosticKind::IndentationError: return exceptions.IndentationError;
    case DiagnosticKind::TabError: return exceptions.TabError;
    case DiagnosticKind::ValueError: return exceptions.ValueError;
    case DiagnosticKind::MemoryError: return exceptions.MemoryError;
    case DiagnosticKind::RecursionError: return exceptions.RecursionError;
    case DiagnosticKind::OverflowError: return exceptions.OverflowError;
    case DiagnosticKind::SystemError: return exceptions.SystemError;
    case DiagnosticKind::UnicodeDecodeError: return exceptions.UnicodeDecodeError;
  }
  return exceptions.SyntaxError;
}

// Line `number` of a file, for errors that are found after parsing; nothing when the file cannot be read.
std::optional<std::string> lineOfFile(const std::string& path, int64_t number) {
  flushFilesNamed(path.c_str());
  int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return std::nullopt;
  std::string text;
  char buffer[16384];
  for (ssize_t n; (n = read(file, buffer, sizeof buffer)) > 0;) text.append(buffer, static_cast<size_t>(n));
  close(file);
  size_t at = 0;
  for (; number > 1; number--) {
    at = text.find('\n', at);
    if (at == std::string::npos) return std::nullopt;
    at++;
  }
  size_t end = text.find('\n', at);
  return text.substr(at, end == std::string::npos ? end : end - at + 1);
}

}  // namespace

Raised raiseDiagnostic(Thread& thread, const Diagnostic& diagnostic, Str* filename) {
  Type* type = exceptionOf(diagnostic.kind);
  if (type == exceptions.MemoryError && diagnostic.message.empty()) return raiseMemoryError(thread);
  if (!isSubtype(type, exceptions.SyntaxError) && type != exceptions.UnicodeDecodeError)
    return raise(thread, type, diagnostic.message);
  auto build = [&]() -> Fallible<Value> {
    if (type == exceptions.UnicodeDecodeError) {
      std::string_view reason = diagnostic.message;
      reason.remove_prefix(reason.rfind(": ") + 2);
      Value arguments[] = {Value::of(TRY(makeStr(thread, "utf-8"))),
                           Value::of(TRY(makeBytes(thread, *diagnostic.text))), Value::inlineInt(diagnostic.column),
                           Value::inlineInt(diagnostic.endColumn), Value::of(TRY(makeStr(thread, reason)))};
      return call(thread, Value::of(type), arguments);
    }
    Value message = Value::of(TRY(makeStr(thread, diagnostic.message)));
    if (!diagnostic.hasPlace) return call(thread, Value::of(type), message);
    std::optional<std::string> line = diagnostic.text;
    if (!line && filename != nullptr) line = lineOfFile(strToUtf8(filename), diagnostic.line);
    Value text = line ? Value::of(TRY(decodeBytes(thread, *line, "utf-8", "replace")).as<Str>()) : Value::none();
    Value items[] = {filename == nullptr ? Value::none() : Value::of(filename),
                     Value::inlineInt(diagnostic.line),
                     Value::inlineInt(diagnostic.column),
                     text,
                     Value::inlineInt(diagnostic.endLine),
                     diagnostic.hasEndColumn ? Value::inlineInt(diagnostic.endColumn) : Value::none()};
    size_t known = diagnostic.hasEnd ? 6 : 4;
    Value place = Value::of(TRY(makeTuple(thread, std::span<const Value>(items, known))));
    Value error = TRY(call(thread, Value::of(type), message, place));
    if (diagnostic.isPlacedLater) error.as<Exception>()->arguments = TRY(makeTuple(thread, {message}));
    return error;
  };
  Fallible<Value> exception = build();
  if (exception.isRaised()) return {};
  return raiseInstance(thread, exception.value());
}

CompileOptions compileOptions(Thread& thread, const CompileRequest& request) {
  CompileOptions options;
  options.mode = request.mode == CompileRequest::kExec   ? CompileMode::Exec
                 : request.mode == CompileRequest::kEval ? CompileMode::Eval
                                                         : CompileMode::Single;
  options.optimizationLevel = request.optimise < 0 ? thread.optimisationLevel : request.optimise;
  options.futureFlags = request.flags & kCodeFutureMask;
  options.allowTopLevelAwait = request.flags & kAllowTopLevelAwait;
  options.parse.dontImplyDedent = request.flags & 0x200;
  options.parse.allowIncompleteInput = request.flags & kAllowIncompleteInput;
  options.parse.maxIntegerDigits = thread.intMaxStrDigits;
  return options;
}

Fallible<void> issueWarnings(Thread& thread, const WarningList& warnings, const std::optional<Diagnostic>& error,
                             Str* filename) {
  // The parser stops at a warning that becomes an exception, but the rest of the text is still looked at for errors in
  // its characters, which are worse.
  const Diagnostic* stoppedBy = nullptr;
  for (const CompileWarning& warning : warnings) {
    if (stoppedBy != nullptr && !warning.asError.isAboutCharacters) continue;
    Type* category =
        warning.category == WarningCategory::SyntaxWarning ? exceptions.SyntaxWarning : exceptions.DeprecationWarning;
    Fallible<void> issued =
        warnExplicit(thread, category, warning.asError.message, filename, static_cast<int>(warning.asError.line));
    if (!issued.isRaised()) continue;
    if (!pendingMatches(thread, category)) return Raised{};
    clearException(thread);
    stoppedBy = &warning.asError;
    if (stoppedBy->isAboutCharacters) break;
  }
  if (stoppedBy == nullptr) return {};
  bool isOutranked = error && !stoppedBy->isAboutCharacters &&
                     (error->isAboutCharacters || (error->isAboutOpenBracket && stoppedBy->endLine > error->line));
  return raiseDiagnostic(thread, isOutranked ? *error : *stoppedBy, filename);
}

Fallible<Code*> finishCompilation(Thread& thread, const CompileResult& result, const CompileRequest& request) {
  TRY(issueWarnings(thread, result.warnings, result.error, request.filename));
  if (result.error) return raiseDiagnostic(thread, *result.error, request.filename);
  return materialise(thread, *result.code);
}

Fallible<Code*> compileSource(Thread& thread, const CompileRequest& request) {
  Arena arena;
  CompileOptions options = compileOptions(thread, request);
  std::string filename = strToUtf8(request.filename);
  CompileResult result;
  if (request.isText)
    result = compile(arena, request.source, filename, options);
  else if (request.isFile)
    result = compile(arena, Source::fromFile(request.source, filename), filename, options);
  else
    result = compile(arena, Source::fromBytes(request.source), filename, options);
  return finishCompilation(thread, result, request);
}

}  // namespace krait
