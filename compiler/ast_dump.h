// Writes an AST as Python's ast.dump(tree, include_attributes=True) does: the oracle that the parser is held against.
#pragma once

#include <string>

#include "compiler/ast.h"

namespace krait {

std::string dumpAst(const ast::Mod& module);

}  // namespace krait
