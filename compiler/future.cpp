// Recognises future statements and the order in which they are allowed.
#include "compiler/future.h"

#include <string>

#include "compiler/code_unit.h"
#include "compiler/compile_failure.h"

namespace krait::codegen {

namespace {

// These errors do not know where they end, and their columns are what they are.
[[noreturn]] void failHere(const ast::Location& at, int32_t column, std::string message) {
  Diagnostic diagnostic;
  diagnostic.message = std::move(message);
  diagnostic.line = at.line;
  diagnostic.column = column;
  diagnostic.endLine = at.line;
  diagnostic.hasEndColumn = false;
  throw CompileFailure{std::move(diagnostic)};
}

uint32_t flagOf(std::string_view feature, const ast::Location& at) {
  // Features that are part of the language by now are accepted and mean nothing.
  if (feature == "nested_scopes" || feature == "generators" || feature == "division" || feature == "absolute_import" ||
      feature == "with_statement" || feature == "print_function" || feature == "unicode_literals" ||
      feature == "generator_stop") {
    return 0;
  }
  if (feature == "barry_as_FLUFL") return kCodeFutureBarryAsBdfl;
  if (feature == "annotations") return kCodeFutureAnnotations;
  if (feature == "braces") failHere(at, at.column + 1, "not a chance");
  failHere(at, at.column + 1, "future feature " + std::string(feature.substr(0, 100)) + " is not defined");
}

}  // namespace

FutureFeatures findFutures(const ast::Mod& module) {
  FutureFeatures features;
  if (module.kind != ast::ModKind::Module && module.kind != ast::ModKind::Interactive) return features;
  // Only a docstring and other future statements may stand before one. Later ones are left to the code generator,
  // except on the line where the head of the module ends.
  bool headEnded = false;
  bool mayBeDocstring = true;
  int32_t previousLine = 0;
  for (const ast::Stmt* statement : module.body) {
    if (headEnded && statement->line() > previousLine) break;
    previousLine = statement->line();
    const auto* import = statement->tryAs<ast::ImportFrom>();
    // The dots of `from .__future__ import x` count for nothing here.
    if (import != nullptr && import->module.is("__future__")) {
      if (headEnded) {
        const ast::Location& at = statement->location;
        failHere(at, at.column, "from __future__ imports must occur at the beginning of the file");
      }
      for (const ast::Alias& alias : import->names) features.flags |= flagOf(alias.name.view(), statement->location);
      features.lastLine = statement->line();
      mayBeDocstring = false;
      continue;
    }
    const auto* expression = statement->tryAs<ast::ExprStmt>();
    const auto* constant = expression != nullptr ? expression->value->tryAs<ast::ConstantExpr>() : nullptr;
    bool isDocstring = constant != nullptr && constant->value.is(ConstantKind::Str);
    if (!isDocstring || !mayBeDocstring) headEnded = true;
    mayBeDocstring = false;
  }
  return features;
}

}  // namespace krait::codegen
