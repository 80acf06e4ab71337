// How the second half of the compiler gives up: an exception that never leaves compile().
#pragma once

#include <string>
#include <utility>

#include "compiler/ast.h"
#include "compiler/diagnostic.h"

namespace krait::codegen {

struct CompileFailure {
  Diagnostic diagnostic;
};

// A SyntaxError at the node's own range; columns count bytes of UTF-8, as CPython's do after parsing.
inline Diagnostic diagnosticAt(const ast::Location& at, std::string message) {
  Diagnostic diagnostic;
  diagnostic.message = std::move(message);
  diagnostic.line = at.line;
  diagnostic.column = at.column + 1;
  diagnostic.endLine = at.endLine;
  diagnostic.endColumn = at.endColumn + 1;
  return diagnostic;
}
[[noreturn]] inline void failAt(const ast::Location& at, std::string message) {
  throw CompileFailure{diagnosticAt(at, std::move(message))};
}

// Counts the nesting of a recursive walk over the AST. Every later walk is no deeper than the first one, so that only
// folding and the symbol table need it.
class NestingGuard {
 public:
  explicit NestingGuard(int& depth) : depth_(depth) {
    if (++depth_ > kDeepest) [[unlikely]]
      giveUp();
  }
  ~NestingGuard() { --depth_; }
  NestingGuard(const NestingGuard&) = delete;
  NestingGuard& operator=(const NestingGuard&) = delete;

 private:
  // Three times the default recursion limit, as in CPython.
  static constexpr int kDeepest = 3000;
  [[noreturn, gnu::noinline, gnu::cold]] void giveUp() {
    Diagnostic diagnostic;
    diagnostic.kind = DiagnosticKind::RecursionError;
    diagnostic.message = "maximum recursion depth exceeded during compilation";
    --depth_;
    throw CompileFailure{std::move(diagnostic)};
  }
  int& depth_;
};

}  // namespace krait::codegen
