// Expressions back to source text, for annotations that stay strings.
#pragma once

#include <string>

#include "compiler/ast.h"

namespace krait {

// The text that `from __future__ import annotations` stores; it need not be the original one.
std::string unparse(const ast::Expr* expression);

}  // namespace krait
