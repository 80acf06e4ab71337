// Optimisations on the AST before code generation: constant folding within CPython's size limits.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "compiler/arena.h"
#include "compiler/ast.h"

namespace krait::codegen {

// Rewrites the tree in place. Throws CompileFailure when it is too deep.
void foldConstants(Arena& arena, ast::Mod& module, int optimizationLevel, uint32_t futureFlags);

// What `left op right` gives, unless it raises, is too large to be worth it, or has no meaning for constants.
std::optional<Constant> foldBinary(Arena& arena, const Constant& left, ast::Operator op, const Constant& right);
std::optional<Constant> foldUnary(Arena& arena, ast::UnaryOperator op, const Constant& operand);
std::optional<Constant> foldSubscript(const Constant& container, const Constant& index);

// Python's `a == b`: 1, 1.0 and True are equal.
bool constantsEqual(const Constant& a, const Constant& b);

// The frozenset of `items` without repetitions, compared as Python's == does.
Constant distinctFrozenSet(Arena& arena, const std::vector<Constant>& items);

// `"%s and %r" % (a, b)` as the f-string f"{a!s} and {b!r}"; null when the format is beyond that.
ast::Expr* foldFormat(Arena& arena, const ast::Location& location, std::string_view format, ast::ExprList arguments);

}  // namespace krait::codegen
