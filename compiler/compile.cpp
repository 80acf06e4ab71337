// Drives the whole compiler: parse, fold, build the symbol table, generate.
#include "compiler/compile.h"

#include <new>

#include "compiler/codegen.h"
#include "compiler/compile_failure.h"
#include "compiler/fold.h"
#include "compiler/future.h"
#include "compiler/symtable.h"

namespace krait {

namespace {

Diagnostic outOfMemory() {
  Diagnostic diagnostic;
  diagnostic.kind = DiagnosticKind::MemoryError;
  return diagnostic;
}

ParseMode parseMode(CompileMode mode) {
  switch (mode) {
    case CompileMode::Exec: return ParseMode::Exec;
    case CompileMode::Eval: return ParseMode::Eval;
    case CompileMode::Single: return ParseMode::Single;
  }
  return ParseMode::Exec;
}

void compileInto(CompileResult& result, Arena& arena, ast::Mod& module, std::string_view filename,
                 const CompileOptions& options) {
  bool generating = false;
  try {
    codegen::FutureFeatures future = codegen::findFutures(module);
    future.flags |= options.futureFlags & kCodeFutureMask;
    result.futureFlags = future.flags;
    codegen::foldConstants(arena, module, options.optimizationLevel, future.flags);
    codegen::SymbolTable symbols;
    codegen::buildSymbolTable(arena, module, future, symbols);
    generating = true;
    codegen::CodeGenerator generator(arena, symbols, future, arena.copyText(filename), options, result.warnings);
    result.code = generator.generate(module);
  } catch (codegen::CompileFailure& failure) {
    result.error = std::move(failure.diagnostic);
    result.error->isPlacedLater = !generating;
  } catch (const std::bad_alloc&) {
    result.error = outOfMemory();
  }
}

}  // namespace

CompileResult compile(Arena& arena, const Source& source, std::string_view filename, const CompileOptions& options) {
  ParseOptions parseOptions = options.parse;
  parseOptions.barryAsBdfl = (options.futureFlags & kCodeFutureBarryAsBdfl) != 0;
  ParseResult parsed = parse(arena, source, parseMode(options.mode), parseOptions);
  CompileResult result;
  result.warnings = std::move(parsed.warnings);
  if (parsed.module == nullptr) {
    result.error = std::move(parsed.error);
    return result;
  }
  compileInto(result, arena, *parsed.module, filename, options);
  return result;
}

CompileResult compile(Arena& arena, std::string_view utf8, std::string_view filename, const CompileOptions& options) {
  return compile(arena, Source::fromText(utf8), filename, options);
}

CompileResult compileModule(Arena& arena, ast::Mod& module, std::string_view filename, const CompileOptions& options) {
  CompileResult result;
  compileInto(result, arena, module, filename, options);
  return result;
}

}  // namespace krait
