// Syntax trees as Python objects: the module _ast, and compile() from and to such trees.
#pragma once
#include <string>
#include <unordered_map>

#include "compiler/ast.h"
#include "compiler/parser.h"
#include "vm/builtins/module.h"

namespace krait {

Module* moduleAst(Thread& thread);
// Lets compile() take and give trees (vm/compile_hooks.h).
void installAstHooks();

namespace astModule {

// The tree as instances of the ast module's classes. RecursionError when it is too deep.
Fallible<Value> toPython(Thread& thread, ast::Mod& module);

// A tree that Python code may have built: what Constant nodes hold that is no constant is remembered by node, for
// validate().
struct Imported {
  ast::Mod* module = nullptr;
  std::unordered_map<const void*, std::string> badConstants;  // the type's name
};
// TypeError, ValueError in CPython's wording when the objects have not the form of a tree.
Fallible<void> fromPython(Thread& thread, Arena& arena, Value tree, ParseMode mode, Imported& out);
// What the grammar cannot express: ValueError "empty body on While" ...
Fallible<void> validate(Thread& thread, const Imported& tree);

}  // namespace astModule
}  // namespace krait
