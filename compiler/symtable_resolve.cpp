// Decides for every name of every scope whether it is local, a cell, free, or global, once all scopes are known.
#include <string>
#include <unordered_set>

#include "compiler/compile_failure.h"
#include "compiler/symtable.h"

namespace krait::codegen {

namespace {

using NameSet = std::unordered_set<const void*>;

class ScopeResolver {
 public:
  explicit ScopeResolver(Arena& arena) : classCell_(arena.intern("__class__")) {}

  // `bound` holds what enclosing functions bind (null for the module), `global` what they declare global. Adds to
  // `free` the names that `block` wants from outside. Takes its sets by value where children must not see each other's
  // changes.
  void resolve(SymbolBlock& block, NameSet* bound, NameSet& free, NameSet& global) {
    NameSet local, boundForChildren, globalForChildren, freeInChildren;
    // A class body passes on what is around it, not what it binds itself.
    if (block.kind == BlockKind::Class) {
      globalForChildren = global;
      if (bound != nullptr) boundForChildren = *bound;
    }
    for (Symbol& symbol : block.symbols) resolveName(block, symbol, bound, local, free, global);
    if (block.kind == BlockKind::Class) {
      boundForChildren.insert(classCell_.key());
    } else {
      if (block.isFunctionLike()) boundForChildren = local;
      if (bound != nullptr) boundForChildren.insert(bound->begin(), bound->end());
      globalForChildren = global;
    }
    for (SymbolBlock* child : block.children) {
      NameSet childBound = boundForChildren, childFree, childGlobal = globalForChildren;
      resolve(*child, &childBound, childFree, childGlobal);
      freeInChildren.insert(childFree.begin(), childFree.end());
      if (child->hasFree || child->childHasFree) block.childHasFree = true;
      noteFreeNames(*child, freeInChildren);
    }
    if (block.isFunctionLike()) {
      for (Symbol& symbol : block.symbols) {
        if (symbol.scope() == NameScope::Local && freeInChildren.erase(symbol.name.key()) != 0) {
          setScope(symbol, NameScope::Cell);
        }
      }
    } else if (block.kind == BlockKind::Class && freeInChildren.erase(classCell_.key()) != 0) {
      block.needsClassCell = true;
    }
    passFreeNamesUp(block, bound, freeInChildren);
    free.insert(freeInChildren.begin(), freeInChildren.end());
  }

 private:
  static void setScope(Symbol& symbol, NameScope scope) {
    symbol.flags = (symbol.flags & ~(kScopeMask << kScopeShift)) | static_cast<uint32_t>(scope) << kScopeShift;
  }

  [[noreturn]] static void failAtDirective(const SymbolBlock& block, const Symbol& symbol, std::string message) {
    for (const SymbolBlock::Directive& directive : block.directives) {
      if (directive.name == symbol.name) failAt(directive.location, std::move(message));
    }
    failAt(block.location, std::move(message));
  }

  static void resolveName(SymbolBlock& block, Symbol& symbol, NameSet* bound, NameSet& local, NameSet& free,
                          NameSet& global) {
    const void* name = symbol.name.key();
    std::string quoted = "'" + std::string(symbol.name.view()) + "'";
    if ((symbol.flags & kDefGlobal) != 0) {
      if ((symbol.flags & kDefNonlocal) != 0) {
        failAtDirective(block, symbol, "name " + quoted + " is nonlocal and global");
      }
      setScope(symbol, NameScope::GlobalExplicit);
      global.insert(name);
      if (bound != nullptr) bound->erase(name);
    } else if ((symbol.flags & kDefNonlocal) != 0) {
      if (bound == nullptr) failAtDirective(block, symbol, "nonlocal declaration not allowed at module level");
      if (!bound->contains(name)) failAtDirective(block, symbol, "no binding for nonlocal " + quoted + " found");
      setScope(symbol, NameScope::Free);
      block.hasFree = true;
      free.insert(name);
    } else if ((symbol.flags & kDefBound) != 0) {
      setScope(symbol, NameScope::Local);
      local.insert(name);
      global.erase(name);
    } else if (bound != nullptr && bound->contains(name)) {
      setScope(symbol, NameScope::Free);
      block.hasFree = true;
      free.insert(name);
    } else {
      if (block.isNested && !global.contains(name)) block.hasFree = true;
      setScope(symbol, NameScope::GlobalImplicit);
    }
  }

  // Remembers the Identifier behind each key, for passFreeNamesUp.
  void noteFreeNames(const SymbolBlock& child, const NameSet& free) {
    for (const Symbol& symbol : child.symbols) {
      if (free.contains(symbol.name.key())) names_.try_emplace(symbol.name.key(), symbol.name);
    }
  }

  // A name that a child wants and this scope does not know is free here too, on its way up.
  void passFreeNamesUp(SymbolBlock& block, const NameSet* bound, const NameSet& free) {
    for (const void* key : free) {
      Identifier name = names_.at(key);
      if (Symbol* symbol = block.find(name); symbol != nullptr) {
        if (block.kind == BlockKind::Class && (symbol->flags & (kDefBound | kDefGlobal)) != 0) {
          symbol->flags |= kDefFreeClass;
        }
        continue;
      }
      if (bound != nullptr && !bound->contains(key)) continue;
      setScope(block.findOrAdd(name), NameScope::Free);
    }
  }

  Identifier classCell_;
  boost::unordered_flat_map<const void*, Identifier> names_;
};

}  // namespace

void resolveScopes(Arena& arena, SymbolBlock& top) {
  NameSet free, global;
  ScopeResolver(arena).resolve(top, nullptr, free, global);
}

}  // namespace krait::codegen
