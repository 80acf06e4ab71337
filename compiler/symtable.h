// The symbol table: which names each scope of a program uses and binds, and where each of them lives.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>

#include "compiler/arena.h"
#include "compiler/ast.h"
#include "compiler/diagnostic.h"
#include "compiler/future.h"

namespace krait::codegen {

// How a scope mentions a name; the values are those of Python's `_symtable` module.
enum SymbolFlags : uint32_t {
  kDefGlobal = 1,  // global statement
  kDefLocal = 2,   // assigned
  kDefParameter = 4,
  kDefNonlocal = 8,  // nonlocal statement
  kUse = 16,
  kDefFree = 32,
  kDefFreeClass = 64,  // free in a method, and bound in the class body for itself
  kDefImport = 128,
  kDefAnnotation = 256,
  kDefIteration = 512,  // target of a comprehension's `for`
  kDefBound = kDefLocal | kDefParameter | kDefImport,
};
inline constexpr uint32_t kScopeShift = 11;
inline constexpr uint32_t kScopeMask = 15;

enum class NameScope : uint8_t { Unknown, Local, GlobalExplicit, GlobalImplicit, Free, Cell };

enum class BlockKind : uint8_t { Function, Class, Module, Annotation };

enum class ComprehensionKind : uint8_t { None, List, Dict, Set, Generator };

struct Symbol {
  Identifier name;  // mangled
  uint32_t flags;   // SymbolFlags, and from kScopeShift on a NameScope
  // While code is generated for its scope: where the code object has it, once it is known.
  int32_t slot = -1;
  NameScope scope() const { return static_cast<NameScope>(flags >> kScopeShift & kScopeMask); }
};

// One scope: a module, class or function body, a lambda or a comprehension.
struct SymbolBlock {
  explicit SymbolBlock(Arena& arena)
      : symbols(arena), parameters(arena), children(arena), directives(arena), index_(arena) {}

  BlockKind kind = BlockKind::Module;
  Identifier name;
  ast::Location location;
  const void* node = nullptr;   // the AST node whose scope this is
  ArenaVector<Symbol> symbols;  // in order of first mention
  ArenaVector<Identifier> parameters;
  ArenaVector<SymbolBlock*> children;

  bool isNested = false;  // in a function, at whatever distance
  bool hasFree = false;
  bool childHasFree = false;
  bool isGenerator = false;
  bool isCoroutine = false;
  bool hasVarArgs = false;
  bool hasVarKeywords = false;
  bool needsClassCell = false;
  bool isIterationTarget = false;  // while the target of a comprehension's `for` is visited
  int iterableDepth = 0;           // > 0 while the iterable of a comprehension is visited
  ComprehensionKind comprehension = ComprehensionKind::None;

  bool isFunctionLike() const { return kind == BlockKind::Function; }
  Symbol* find(Identifier name) const {
    uint32_t position = index_.find(name);
    return position != IdentifierIndex::kAbsent ? &symbols[position] : nullptr;
  }
  uint32_t flagsOf(Identifier name) const {
    const Symbol* symbol = find(name);
    return symbol != nullptr ? symbol->flags : 0;
  }
  NameScope scopeOf(Identifier name) const {
    const Symbol* symbol = find(name);
    return symbol != nullptr ? symbol->scope() : NameScope::Unknown;
  }
  Symbol& findOrAdd(Identifier name) {
    if (Symbol* symbol = find(name); symbol != nullptr) return *symbol;
    index_.add(name, static_cast<uint32_t>(symbols.size()));
    symbols.push_back({name, 0});
    return symbols.back();
  }

  struct Directive {
    Identifier name;
    ast::Location location;
  };
  ArenaVector<Directive> directives;  // global and nonlocal statements, for errors

 private:
  IdentifierIndex index_;
};

class SymbolTable {
 public:
  SymbolTable() = default;
  SymbolTable(const SymbolTable&) = delete;
  SymbolTable& operator=(const SymbolTable&) = delete;

  SymbolBlock* top() const { return top_; }
  // The scope that `node` opens.
  SymbolBlock* blockOf(const void* node) const { return blocks_.at(node); }

 private:
  friend class SymbolTableBuilder;
  boost::unordered_flat_map<const void*, SymbolBlock*> blocks_;
  SymbolBlock* top_ = nullptr;
};

// Fills `table` from the module and resolves every name. Throws CompileFailure.
void buildSymbolTable(Arena& arena, const ast::Mod& module, const FutureFeatures& future, SymbolTable& table);

// Gives every name of the finished tree its NameScope. Throws CompileFailure.
void resolveScopes(Arena& arena, SymbolBlock& top);

// `__name` inside class `className` is `_className__name`.
Identifier mangleSlowly(Arena& arena, Identifier className, Identifier name);
inline Identifier mangle(Arena& arena, Identifier className, Identifier name) {
  return className && name.view().starts_with("__") ? mangleSlowly(arena, className, name) : name;
}

}  // namespace krait::codegen
