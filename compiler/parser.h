// The entrance to the front half of the compiler: source text in, AST or diagnostic out.
#pragma once

#include <cstdint>
#include <optional>

#include "compiler/arena.h"
#include "compiler/ast.h"
#include "compiler/diagnostic.h"
#include "compiler/source.h"

namespace krait {

enum class ParseMode : uint8_t { Exec, Eval, Single, FunctionType };

struct ParseOptions {
  bool barryAsBdfl = false;      // from __future__ import barry_as_FLUFL in force: `<>` for `!=`
  bool dontImplyDedent = false;  // PyCF_DONT_IMPLY_DEDENT: Single mode wants the closing newline
  bool allowIncompleteInput =
      false;                  // PyCF_ALLOW_INCOMPLETE_INPUT: unfinished text is a SyntaxError saying "incomplete input"
  bool typeComments = false;  // PyCF_TYPE_COMMENTS: `# type:` comments become part of the tree
  int featureVersion = 11;    // minor version whose newer syntax is refused
  int64_t maxIntegerDigits = 4300;  // sys.get_int_max_str_digits(); 0: no limit
};

struct ParseResult {
  ast::Mod* module = nullptr;  // null exactly when `error` is set
  std::optional<Diagnostic> error;
  WarningList warnings;
};

// Total: every input gives a module or an error, within a bounded native stack.
ParseResult parse(Arena& arena, const Source& source, ParseMode mode, const ParseOptions& options = {});

}  // namespace krait
