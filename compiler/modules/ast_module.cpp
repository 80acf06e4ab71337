// Module _ast, and the hooks by which compile() gives and takes syntax trees.
#include "compiler/modules/ast_module.h"

#include "compiler/materialise.h"
#include "compiler/modules/ast_tables.h"
#include "vm/builtins/dict.h"
#include "vm/builtins/int.h"
#include "vm/builtins/str.h"
#include "vm/compile_hooks.h"

namespace krait {
namespace astModule {
namespace {

Fallible<bool> isTree(Thread& thread, Value v) {
  TRY(makeClasses(thread));
  return isInstance(thread, v, Value::of(classes.ast));
}

ParseMode modeOf(const CompileRequest& request) {
  switch (request.mode) {
    case CompileRequest::kExec: return ParseMode::Exec;
    case CompileRequest::kEval: return ParseMode::Eval;
    case CompileRequest::kSingle: return ParseMode::Single;
  }
  return ParseMode::Exec;
}

Fallible<Code*> compileTree(Thread& thread, Value tree, const CompileRequest& request) {
  try {
    Arena arena;
    Imported imported;
    TRY(fromPython(thread, arena, tree, modeOf(request), imported));
    TRY(validate(thread, imported));
    CompileResult result =
        compileModule(arena, *imported.module, strToUtf8(request.filename), compileOptions(thread, request));
    return finishCompilation(thread, result, request);
  } catch (const std::bad_alloc&) {
    return raiseMemoryError(thread);
  }
}

Fallible<Value> parseTree(Thread& thread, const CompileRequest& request, bool isFunctionType, int featureVersion) {
  try {
    Arena arena;
    ParseOptions options = compileOptions(thread, request).parse;
    options.barryAsBdfl = (request.flags & kCodeFutureBarryAsBdfl) != 0;
    options.typeComments = (request.flags & kTypeComments) != 0;
    if (featureVersion >= 0) options.featureVersion = featureVersion;
    ParseMode mode = isFunctionType ? ParseMode::FunctionType : modeOf(request);
    ParseResult parsed = parse(
        arena, request.isText ? Source::fromText(request.source) : Source::fromBytes(request.source), mode, options);
    TRY(issueWarnings(thread, parsed.warnings, parsed.error, request.filename));
    if (parsed.module == nullptr) return raiseDiagnostic(thread, *parsed.error, request.filename);
    return toPython(thread, *parsed.module);
  } catch (const std::bad_alloc&) {
    return raiseMemoryError(thread);
  }
}

}  // namespace
}  // namespace astModule

void installAstHooks() { compileHooks = {astModule::isTree, astModule::compileTree, astModule::parseTree}; }

Module* moduleAst(Thread& thread) {
  ModuleBuilder builder(thread, "_ast");
  if (astModule::makeClasses(thread).isRaised()) return nullptr;
  builder.constant("AST", Value::of(astModule::classes.ast));
  for (unsigned i = 0; i < astModule::kNodeCount; i++)
    builder.constant(astModule::kNodes[i].name, Value::of(astModule::classes.of[i]));
  builder.constant("PyCF_ONLY_AST", Value::inlineInt(kOnlyAst));
  builder.constant("PyCF_TYPE_COMMENTS", Value::inlineInt(kTypeComments));
  builder.constant("PyCF_ALLOW_TOP_LEVEL_AWAIT", Value::inlineInt(kAllowTopLevelAwait));
  return builder.build();
}

}  // namespace krait
