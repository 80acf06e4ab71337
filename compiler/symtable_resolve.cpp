// Decides for every name of every scope whether it is local, a cell, free, or global, once all scopes are known.
#include <string>
#include <vector>

#include "compiler/compile_failure.h"
#include "compiler/symtable.h"

namespace krait::codegen {

namespace {

// What a scope sees around it is kept in one table that scopes change on entering and restore on leaving, so that the
// cost is that of the names mentioned, however deeply scopes nest and whatever they enclose.
class ScopeResolver {
 public:
  explicit ScopeResolver(Arena& arena) : classCell_(arena.intern("__class__")), views_(arena.identifierCount()) {}

  // Afterwards `free_` ends in the names that `block` wants from outside.
  void resolve(SymbolBlock& block, bool isTop) {
    size_t undoStart = undo_.size();
    size_t freeStart = free_.size();
    // Names that `block` itself finds bound around it wait here: those of its children come first.
    std::vector<Identifier> wanted;
    for (Symbol& symbol : block.symbols) resolveName(block, symbol, isTop, wanted);
    if (block.kind == BlockKind::Class) {
      // A class body passes on what is around it, not what it binds itself.
      change(classCell_, {.isBound = true, .isGlobal = viewOf(classCell_).isGlobal});
    }
    for (SymbolBlock* child : block.children) {
      resolve(*child, false);
      if (child->hasFree || child->childHasFree) block.childHasFree = true;
    }
    while (undo_.size() > undoStart) {
      views_[undo_.back().name.number()] = undo_.back().view;
      undo_.pop_back();
    }
    size_t freeEnd = dropRepeated(freeStart);
    settleFreeNames(block, isTop, freeStart, freeEnd);
    for (Identifier name : wanted) free_.push_back(name);
  }

 private:
  struct View {
    bool isBound = false;   // by an enclosing function
    bool isGlobal = false;  // declared so in an enclosing scope
  };
  struct Change {
    Identifier name;
    View view;  // the one before
  };

  View viewOf(Identifier name) const { return views_[name.number()]; }
  void change(Identifier name, View view) {
    undo_.push_back({name, viewOf(name)});
    views_[name.number()] = view;
  }

  static void setScope(Symbol& symbol, NameScope scope) {
    symbol.flags = (symbol.flags & ~(kScopeMask << kScopeShift)) | static_cast<uint32_t>(scope) << kScopeShift;
  }

  [[noreturn]] static void failAtDirective(const SymbolBlock& block, const Symbol& symbol, std::string message) {
    for (const SymbolBlock::Directive& directive : block.directives) {
      if (directive.name == symbol.name) failAt(directive.location, std::move(message));
    }
    failAt(block.location, std::move(message));
  }
  static std::string quoted(const Symbol& symbol) { return "'" + std::string(symbol.name.view()) + "'"; }

  void resolveName(SymbolBlock& block, Symbol& symbol, bool isTop, std::vector<Identifier>& wanted) {
    View around = viewOf(symbol.name);
    bool isFunction = block.isFunctionLike();
    if ((symbol.flags & kDefGlobal) != 0) {
      if ((symbol.flags & kDefNonlocal) != 0) {
        failAtDirective(block, symbol, "name " + quoted(symbol) + " is nonlocal and global");
      }
      setScope(symbol, NameScope::GlobalExplicit);
      if (block.kind != BlockKind::Class) change(symbol.name, {.isBound = false, .isGlobal = true});
    } else if ((symbol.flags & kDefNonlocal) != 0) {
      if (isTop) failAtDirective(block, symbol, "nonlocal declaration not allowed at module level");
      if (!around.isBound) failAtDirective(block, symbol, "no binding for nonlocal " + quoted(symbol) + " found");
      setScope(symbol, NameScope::Free);
      block.hasFree = true;
      wanted.push_back(symbol.name);
    } else if ((symbol.flags & kDefBound) != 0) {
      setScope(symbol, NameScope::Local);
      if (isFunction) {
        change(symbol.name, {.isBound = true, .isGlobal = false});
      } else if (block.kind != BlockKind::Class && around.isGlobal) {
        change(symbol.name, {.isBound = around.isBound, .isGlobal = false});
      }
    } else if (around.isBound) {
      setScope(symbol, NameScope::Free);
      block.hasFree = true;
      wanted.push_back(symbol.name);
    } else {
      if (block.isNested && !around.isGlobal) block.hasFree = true;
      setScope(symbol, NameScope::GlobalImplicit);
    }
  }

  // Among the names from `start` on; answers where they end.
  size_t dropRepeated(size_t start) {
    uint64_t owner = Identifier::newMemoOwner();
    size_t kept = start;
    for (size_t i = start; i < free_.size(); i++) {
      if (free_[i].memoOf(owner) != nullptr) continue;
      free_[i].setMemo(owner, 0);
      free_[kept++] = free_[i];
    }
    return kept;
  }

  // Takes out of the children's free names those that this scope itself has. A name that it does not know is free here
  // too, on its way up.
  void settleFreeNames(SymbolBlock& block, bool isTop, size_t start, size_t end) {
    size_t kept = start;
    for (size_t i = start; i < end; i++) {
      Identifier name = free_[i];
      if (block.kind == BlockKind::Class && name == classCell_) {
        block.needsClassCell = true;
        continue;
      }
      Symbol* symbol = block.find(name);
      if (symbol == nullptr) {
        if (isTop || viewOf(name).isBound) setScope(block.findOrAdd(name), NameScope::Free);
      } else if (block.isFunctionLike() && symbol->scope() == NameScope::Local) {
        setScope(*symbol, NameScope::Cell);
        continue;
      } else if (block.kind == BlockKind::Class && (symbol->flags & (kDefBound | kDefGlobal)) != 0) {
        symbol->flags |= kDefFreeClass;
      }
      free_[kept++] = name;
    }
    free_.resize(kept);
  }

  Identifier classCell_;
  std::vector<View> views_;  // by the name's number
  std::vector<Change> undo_;
  std::vector<Identifier> free_;
};

}  // namespace

void resolveScopes(Arena& arena, SymbolBlock& top) { ScopeResolver(arena).resolve(top, true); }

}  // namespace krait::codegen
