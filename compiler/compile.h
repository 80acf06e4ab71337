// The entrance to the whole compiler: source text or an AST in, a code unit or a diagnostic out.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "compiler/arena.h"
#include "compiler/ast.h"
#include "compiler/code_unit.h"
#include "compiler/diagnostic.h"
#include "compiler/parser.h"
#include "compiler/source.h"

namespace krait {

enum class CompileMode : uint8_t { Exec, Eval, Single };

struct CompileOptions {
  CompileMode mode = CompileMode::Exec;
  // 0: keep asserts and `__debug__`; 1 (-O): drop them; 2 (-OO): drop docstrings too.
  int optimizationLevel = 0;
  // kCodeFuture… flags in force where compile() is called; 0 for dont_inherit. The module may add its own.
  uint32_t futureFlags = 0;
  bool allowTopLevelAwait = false;  // PyCF_ALLOW_TOP_LEVEL_AWAIT
  // Taken over by the parser; its barryAsBdfl is derived from futureFlags.
  ParseOptions parse;
};

struct CompileResult {
  const CodeUnit* code = nullptr;  // null exactly when `error` is set
  std::optional<Diagnostic> error;
  WarningList warnings;
  uint32_t futureFlags = 0;  // those given and those the module's own `from __future__ import` added
};

// Everything reachable from the result lives in `arena`. Total: never throws, bounded native stack.
CompileResult compile(Arena& arena, const Source& source, std::string_view filename, const CompileOptions& options);

// As above for UTF-8 text that no cookie may redefine.
CompileResult compile(Arena& arena, std::string_view utf8, std::string_view filename, const CompileOptions& options);

// The second half alone. Folding rewrites nodes of `module` in place; options.mode and options.parse are not consulted.
CompileResult compileModule(Arena& arena, ast::Mod& module, std::string_view filename, const CompileOptions& options);

}  // namespace krait
