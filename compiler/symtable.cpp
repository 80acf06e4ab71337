// Walks the AST once and records in every scope how it mentions each name; says which bindings are illegal.
#include "compiler/symtable.h"

#include <string>

#include "compiler/code_unit.h"
#include "compiler/compile_failure.h"

namespace krait::codegen {

Identifier mangleSlowly(Arena& arena, Identifier className, Identifier name) {
  std::string_view text = name.view();
  if (text.ends_with("__") || text.find('.') != text.npos) return name;
  std::string_view owner = className.view();
  size_t start = owner.find_first_not_of('_');
  if (start == owner.npos) return name;
  std::string mangled = "_";
  mangled += owner.substr(start);
  mangled += text;
  return arena.intern(mangled);
}

class SymbolTableBuilder {
 public:
  SymbolTableBuilder(Arena& arena, const FutureFeatures& future, SymbolTable& table)
      : arena_(arena),
        table_(table),
        annotationsAreStrings_((future.flags & kCodeFutureAnnotations) != 0),
        super_(arena.intern("super")),
        classCell_(arena.intern("__class__")) {}

  void build(const ast::Mod& module) {
    enter(BlockKind::Module, arena_.intern("top"), &module, {0, 0, 0, 0});
    table_.top_ = current_;
    visit(module.body);
    if (module.expression != nullptr) visit(module.expression);
    leave();
  }

 private:
  // ---- scopes
  void enter(BlockKind kind, Identifier name, const void* node, const ast::Location& location) {
    SymbolBlock& block = *arena_.make<SymbolBlock>(arena_);
    block.kind = kind;
    block.name = name;
    block.location = location;
    block.node = node;
    if (current_ != nullptr) {
      block.isNested = current_->isNested || current_->isFunctionLike();
      block.iterableDepth = current_->iterableDepth;
      // An annotation that stays a string defines nothing that the program can see.
      if (kind != BlockKind::Annotation) current_->children.push_back(&block);
    }
    table_.blocks_[node] = &block;
    stack_.push_back(&block);
    current_ = &block;
  }
  void leave() {
    stack_.pop_back();
    current_ = stack_.empty() ? nullptr : stack_.back();
  }

  // ---- definitions
  void define(Identifier plain, uint32_t flag, const ast::Location& at) { define(plain, flag, at, *current_); }

  void define(Identifier plain, uint32_t flag, const ast::Location& at, SymbolBlock& block) {
    Identifier name = mangle(arena_, className_, plain);
    Symbol& symbol = block.findOrAdd(name);
    if ((flag & symbol.flags & kDefParameter) != 0) {
      failAt(at, "duplicate argument '" + std::string(plain.view()) + "' in function definition");
    }
    symbol.flags |= flag;
    if (block.isIterationTarget) {
      if ((symbol.flags & (kDefGlobal | kDefNonlocal)) != 0) {
        failAt(at, "comprehension inner loop cannot rebind assignment expression target '" + std::string(plain.view()) +
                       "'");
      }
      symbol.flags |= kDefIteration;
    }
    if ((flag & kDefParameter) != 0) {
      block.parameters.push_back(name);
    } else if ((flag & kDefGlobal) != 0 && &block != table_.top_) {
      table_.top_->findOrAdd(name).flags |= flag;
    }
  }

  uint32_t flagsHere(Identifier name) const { return current_->flagsOf(mangle(arena_, className_, name)); }

  void declare(const ast::Stmt* statement, const ast::IdentifierList& names, uint32_t flag, std::string_view word) {
    for (Identifier name : names) {
      uint32_t flags = flagsHere(name);
      std::string text = "'" + std::string(name.view()) + "'";
      std::string kind(word);
      if ((flags & kDefParameter) != 0) failAt(statement->location, "name " + text + " is parameter and " + kind);
      if ((flags & kUse) != 0) {
        failAt(statement->location, "name " + text + " is used prior to " + kind + " declaration");
      }
      if ((flags & kDefAnnotation) != 0) {
        failAt(statement->location, "annotated name " + text + " can't be " + kind);
      }
      if ((flags & kDefLocal) != 0) {
        failAt(statement->location, "name " + text + " is assigned to before " + kind + " declaration");
      }
      define(name, flag, statement->location);
      current_->directives.push_back({mangle(arena_, className_, name), statement->location});
    }
  }

  void refuseInAnnotation(std::string_view what, const ast::Location& at) {
    if (current_->kind == BlockKind::Annotation) {
      failAt(at, "'" + std::string(what) + "' can not be used within an annotation");
    }
  }

  // ---- lists
  template <typename Node>
  void visit(ArenaSpan<Node*> nodes) {
    for (Node* node : nodes) {
      if (node != nullptr) visit(node);
    }
  }
  void visit(const ArenaSpan<ast::Keyword>& keywords) {
    for (const ast::Keyword& keyword : keywords) visit(keyword.value);
  }

  // ---- statements
  void visit(ast::Stmt* statement);
  void visitFunction(ast::FunctionDef* function);
  void visitClass(ast::ClassDef* node);
  void visitAnnotatedAssignment(ast::AnnAssign* node);
  void visitAlias(const ast::Alias& alias, const ast::Location& at);
  void visitParameters(const ast::Arguments* arguments);
  void visitAnnotation(ast::Expr* annotation);
  void visitSignatureAnnotations(const ast::FunctionDef* function);
  void visit(ast::Pattern* pattern);

  // ---- expressions
  void visit(ast::Expr* expression);
  void visitLambda(ast::Lambda* lambda);
  void visitComprehension(ast::Expr* expression, std::string_view name, ComprehensionKind kind,
                          const ArenaSpan<ast::Comprehension>& generators, ast::Expr* element, ast::Expr* value);
  void visitNamedExpression(ast::NamedExpr* expression);
  void bindOutsideComprehensions(const ast::Name* target);
  void visitYield(ast::Expr* yield, ast::Expr* value);

  Arena& arena_;
  SymbolTable& table_;
  bool annotationsAreStrings_;
  Identifier super_;
  Identifier classCell_;
  Identifier className_;  // of the innermost class, for mangling
  SymbolBlock* current_ = nullptr;
  std::vector<SymbolBlock*> stack_;
  int nesting_ = 0;
};

// ---- statements ----------------------------------------------------------------------------------------------------

void SymbolTableBuilder::visit(ast::Stmt* statement) {
  NestingGuard guard(nesting_);
  switch (statement->kind) {
    case ast::StmtKind::FunctionDef:
    case ast::StmtKind::AsyncFunctionDef: visitFunction(statement->as<ast::FunctionDef>()); break;
    case ast::StmtKind::ClassDef: visitClass(statement->as<ast::ClassDef>()); break;
    case ast::StmtKind::Return:
      if (ast::Expr* value = statement->as<ast::Return>()->value; value != nullptr) visit(value);
      break;
    case ast::StmtKind::Delete: visit(statement->as<ast::Delete>()->targets); break;
    case ast::StmtKind::Assign: {
      auto* node = statement->as<ast::Assign>();
      visit(node->targets);
      visit(node->value);
      break;
    }
    case ast::StmtKind::AugAssign: {
      auto* node = statement->as<ast::AugAssign>();
      visit(node->target);
      visit(node->value);
      break;
    }
    case ast::StmtKind::AnnAssign: visitAnnotatedAssignment(statement->as<ast::AnnAssign>()); break;
    case ast::StmtKind::For:
    case ast::StmtKind::AsyncFor: {
      auto* node = statement->as<ast::For>();
      visit(node->target);
      visit(node->iter);
      visit(node->body);
      visit(node->orElse);
      break;
    }
    case ast::StmtKind::While: {
      auto* node = statement->as<ast::While>();
      visit(node->test);
      visit(node->body);
      visit(node->orElse);
      break;
    }
    case ast::StmtKind::If: {
      auto* node = statement->as<ast::If>();
      visit(node->test);
      visit(node->body);
      visit(node->orElse);
      break;
    }
    case ast::StmtKind::With:
    case ast::StmtKind::AsyncWith: {
      auto* node = statement->as<ast::With>();
      for (const ast::WithItem& item : node->items) {
        visit(item.contextExpr);
        if (item.optionalVars != nullptr) visit(item.optionalVars);
      }
      visit(node->body);
      break;
    }
    case ast::StmtKind::Match: {
      auto* node = statement->as<ast::Match>();
      visit(node->subject);
      for (const ast::MatchCase& match : node->cases) {
        visit(match.pattern);
        if (match.guard != nullptr) visit(match.guard);
        visit(match.body);
      }
      break;
    }
    case ast::StmtKind::Raise: {
      auto* node = statement->as<ast::Raise>();
      if (node->exc != nullptr) visit(node->exc);
      if (node->cause != nullptr) visit(node->cause);
      break;
    }
    case ast::StmtKind::Try:
    case ast::StmtKind::TryStar: {
      auto* node = statement->as<ast::Try>();
      visit(node->body);
      visit(node->orElse);
      for (const ast::ExceptHandler& handler : node->handlers) {
        if (handler.type != nullptr) visit(handler.type);
        if (handler.name) define(handler.name, kDefLocal, handler.location);
        visit(handler.body);
      }
      visit(node->finalBody);
      break;
    }
    case ast::StmtKind::Assert: {
      auto* node = statement->as<ast::Assert>();
      visit(node->test);
      if (node->msg != nullptr) visit(node->msg);
      break;
    }
    case ast::StmtKind::Import:
      for (const ast::Alias& alias : statement->as<ast::Import>()->names) visitAlias(alias, alias.location);
      break;
    case ast::StmtKind::ImportFrom:
      for (const ast::Alias& alias : statement->as<ast::ImportFrom>()->names) visitAlias(alias, alias.location);
      break;
    case ast::StmtKind::Global: declare(statement, statement->as<ast::Global>()->names, kDefGlobal, "global"); break;
    case ast::StmtKind::Nonlocal:
      declare(statement, statement->as<ast::Nonlocal>()->names, kDefNonlocal, "nonlocal");
      break;
    case ast::StmtKind::Expr: visit(statement->as<ast::ExprStmt>()->value); break;
    case ast::StmtKind::Pass:
    case ast::StmtKind::Break:
    case ast::StmtKind::Continue: break;
  }
}

void SymbolTableBuilder::visitFunction(ast::FunctionDef* function) {
  define(function->name, kDefLocal, function->location);
  visit(function->args->defaults);
  visit(function->args->kwDefaults);
  visitSignatureAnnotations(function);
  visit(function->decoratorList);
  enter(BlockKind::Function, function->name, function, function->location);
  current_->isCoroutine = function->isAsync();
  visitParameters(function->args);
  visit(function->body);
  leave();
}

void SymbolTableBuilder::visitClass(ast::ClassDef* node) {
  define(node->name, kDefLocal, node->location);
  visit(node->bases);
  visit(node->keywords);
  visit(node->decoratorList);
  enter(BlockKind::Class, node->name, node, node->location);
  Identifier outer = className_;
  className_ = node->name;
  visit(node->body);
  className_ = outer;
  leave();
}

void SymbolTableBuilder::visitAnnotatedAssignment(ast::AnnAssign* node) {
  if (const auto* target = node->target->tryAs<ast::Name>(); target != nullptr) {
    uint32_t flags = flagsHere(target->id);
    if ((flags & (kDefGlobal | kDefNonlocal)) != 0 && current_ != table_.top_ && node->simple) {
      failAt(node->location, "annotated name '" + std::string(target->id.view()) + "' can't be " +
                                 ((flags & kDefGlobal) != 0 ? "global" : "nonlocal"));
    }
    if (node->simple) {
      define(target->id, kDefAnnotation | kDefLocal, target->location);
    } else if (node->value != nullptr) {
      define(target->id, kDefLocal, target->location);
    }
  } else {
    visit(node->target);
  }
  visitAnnotation(node->annotation);
  if (node->value != nullptr) visit(node->value);
}

void SymbolTableBuilder::visitAlias(const ast::Alias& alias, const ast::Location& at) {
  Identifier name = alias.asName ? alias.asName : alias.name;
  std::string_view text = name.view();
  if (text == "*") {
    if (current_->kind != BlockKind::Module) failAt(at, "import * only allowed at module level");
    return;
  }
  size_t dot = text.find('.');
  define(dot == text.npos ? name : arena_.intern(text.substr(0, dot)), kDefImport, at);
}

void SymbolTableBuilder::visitParameters(const ast::Arguments* arguments) {
  auto parameter = [this](const ast::Arg& arg) { define(arg.name, kDefParameter, arg.location); };
  for (const ast::Arg& arg : arguments->posOnlyArgs) parameter(arg);
  for (const ast::Arg& arg : arguments->args) parameter(arg);
  for (const ast::Arg& arg : arguments->kwOnlyArgs) parameter(arg);
  if (arguments->varArg != nullptr) {
    parameter(*arguments->varArg);
    current_->hasVarArgs = true;
  }
  if (arguments->kwArg != nullptr) {
    parameter(*arguments->kwArg);
    current_->hasVarKeywords = true;
  }
}

void SymbolTableBuilder::visitAnnotation(ast::Expr* annotation) {
  if (annotationsAreStrings_)
    enter(BlockKind::Annotation, arena_.intern("_annotation"), annotation, annotation->location);
  visit(annotation);
  if (annotationsAreStrings_) leave();
}

void SymbolTableBuilder::visitSignatureAnnotations(const ast::FunctionDef* function) {
  if (annotationsAreStrings_) enter(BlockKind::Annotation, arena_.intern("_annotation"), function, function->location);
  auto annotation = [this](const ast::Arg& arg) {
    if (arg.annotation != nullptr) visit(arg.annotation);
  };
  const ast::Arguments* arguments = function->args;
  for (const ast::Arg& arg : arguments->posOnlyArgs) annotation(arg);
  for (const ast::Arg& arg : arguments->args) annotation(arg);
  if (arguments->varArg != nullptr) annotation(*arguments->varArg);
  if (arguments->kwArg != nullptr) annotation(*arguments->kwArg);
  for (const ast::Arg& arg : arguments->kwOnlyArgs) annotation(arg);
  if (annotationsAreStrings_) leave();
  if (function->returns != nullptr) visitAnnotation(function->returns);
}

void SymbolTableBuilder::visit(ast::Pattern* pattern) {
  NestingGuard guard(nesting_);
  switch (pattern->kind) {
    case ast::PatternKind::MatchValue: visit(pattern->as<ast::MatchValue>()->value); break;
    case ast::PatternKind::MatchSingleton: break;
    case ast::PatternKind::MatchSequence: visit(pattern->as<ast::MatchSequence>()->patterns); break;
    case ast::PatternKind::MatchMapping: {
      auto* node = pattern->as<ast::MatchMapping>();
      visit(node->keys);
      visit(node->patterns);
      if (node->rest) define(node->rest, kDefLocal, pattern->location);
      break;
    }
    case ast::PatternKind::MatchClass: {
      auto* node = pattern->as<ast::MatchClass>();
      visit(node->cls);
      visit(node->patterns);
      visit(node->kwdPatterns);
      break;
    }
    case ast::PatternKind::MatchStar:
      if (Identifier name = pattern->as<ast::MatchStar>()->name; name) define(name, kDefLocal, pattern->location);
      break;
    case ast::PatternKind::MatchAs: {
      auto* node = pattern->as<ast::MatchAs>();
      if (node->pattern != nullptr) visit(node->pattern);
      if (node->name) define(node->name, kDefLocal, pattern->location);
      break;
    }
    case ast::PatternKind::MatchOr: visit(pattern->as<ast::MatchOr>()->patterns); break;
  }
}

// ---- expressions ---------------------------------------------------------------------------------------------------

void SymbolTableBuilder::visit(ast::Expr* expression) {
  NestingGuard guard(nesting_);
  switch (expression->kind) {
    case ast::ExprKind::NamedExpr: visitNamedExpression(expression->as<ast::NamedExpr>()); break;
    case ast::ExprKind::BoolOp: visit(expression->as<ast::BoolOp>()->values); break;
    case ast::ExprKind::BinOp: {
      auto* node = expression->as<ast::BinOp>();
      visit(node->left);
      visit(node->right);
      break;
    }
    case ast::ExprKind::UnaryOp: visit(expression->as<ast::UnaryOp>()->operand); break;
    case ast::ExprKind::Lambda: visitLambda(expression->as<ast::Lambda>()); break;
    case ast::ExprKind::IfExp: {
      auto* node = expression->as<ast::IfExp>();
      visit(node->test);
      visit(node->body);
      visit(node->orElse);
      break;
    }
    case ast::ExprKind::Dict: {
      auto* node = expression->as<ast::Dict>();
      visit(node->keys);
      visit(node->values);
      break;
    }
    case ast::ExprKind::Set: visit(expression->as<ast::Set>()->elts); break;
    case ast::ExprKind::ListComp: {
      auto* node = expression->as<ast::ListComp>();
      visitComprehension(expression, "listcomp", ComprehensionKind::List, node->generators, node->elt, nullptr);
      break;
    }
    case ast::ExprKind::SetComp: {
      auto* node = expression->as<ast::SetComp>();
      visitComprehension(expression, "setcomp", ComprehensionKind::Set, node->generators, node->elt, nullptr);
      break;
    }
    case ast::ExprKind::DictComp: {
      auto* node = expression->as<ast::DictComp>();
      visitComprehension(expression, "dictcomp", ComprehensionKind::Dict, node->generators, node->key, node->value);
      break;
    }
    case ast::ExprKind::GeneratorExp: {
      auto* node = expression->as<ast::GeneratorExp>();
      visitComprehension(expression, "genexpr", ComprehensionKind::Generator, node->generators, node->elt, nullptr);
      break;
    }
    case ast::ExprKind::Await:
      refuseInAnnotation("await expression", expression->location);
      visit(expression->as<ast::Await>()->value);
      current_->isCoroutine = true;
      break;
    case ast::ExprKind::Yield: visitYield(expression, expression->as<ast::Yield>()->value); break;
    case ast::ExprKind::YieldFrom: visitYield(expression, expression->as<ast::YieldFrom>()->value); break;
    case ast::ExprKind::Compare: {
      auto* node = expression->as<ast::Compare>();
      visit(node->left);
      visit(node->comparators);
      break;
    }
    case ast::ExprKind::Call: {
      auto* node = expression->as<ast::Call>();
      visit(node->func);
      visit(node->args);
      visit(node->keywords);
      break;
    }
    case ast::ExprKind::FormattedValue: {
      auto* node = expression->as<ast::FormattedValue>();
      visit(node->value);
      if (node->formatSpec != nullptr) visit(node->formatSpec);
      break;
    }
    case ast::ExprKind::JoinedStr: visit(expression->as<ast::JoinedStr>()->values); break;
    case ast::ExprKind::Constant: break;
    case ast::ExprKind::Attribute: visit(expression->as<ast::Attribute>()->value); break;
    case ast::ExprKind::Subscript: {
      auto* node = expression->as<ast::Subscript>();
      visit(node->value);
      visit(node->slice);
      break;
    }
    case ast::ExprKind::Starred: visit(expression->as<ast::Starred>()->value); break;
    case ast::ExprKind::Slice: {
      auto* node = expression->as<ast::Slice>();
      if (node->lower != nullptr) visit(node->lower);
      if (node->upper != nullptr) visit(node->upper);
      if (node->step != nullptr) visit(node->step);
      break;
    }
    case ast::ExprKind::Name: {
      auto* node = expression->as<ast::Name>();
      bool loads = node->ctx == ast::ExprContext::Load;
      define(node->id, loads ? kUse : kDefLocal, node->location);
      // A plain super() finds its class in the cell `__class__`.
      if (loads && current_->isFunctionLike() && node->id == super_) define(classCell_, kUse, node->location);
      break;
    }
    case ast::ExprKind::List: visit(expression->as<ast::List>()->elts); break;
    case ast::ExprKind::Tuple: visit(expression->as<ast::Tuple>()->elts); break;
  }
}

void SymbolTableBuilder::visitLambda(ast::Lambda* lambda) {
  visit(lambda->args->defaults);
  visit(lambda->args->kwDefaults);
  enter(BlockKind::Function, arena_.intern("lambda"), lambda, lambda->location);
  visitParameters(lambda->args);
  visit(lambda->body);
  leave();
}

void SymbolTableBuilder::visitYield(ast::Expr* yield, ast::Expr* value) {
  refuseInAnnotation("yield expression", yield->location);
  if (value != nullptr) visit(value);
  current_->isGenerator = true;
  switch (current_->comprehension) {
    case ComprehensionKind::None: break;
    case ComprehensionKind::List: failAt(yield->location, "'yield' inside list comprehension");
    case ComprehensionKind::Set: failAt(yield->location, "'yield' inside set comprehension");
    case ComprehensionKind::Dict: failAt(yield->location, "'yield' inside dict comprehension");
    case ComprehensionKind::Generator: failAt(yield->location, "'yield' inside generator expression");
  }
}

void SymbolTableBuilder::visitComprehension(ast::Expr* expression, std::string_view name, ComprehensionKind kind,
                                            const ArenaSpan<ast::Comprehension>& generators, ast::Expr* element,
                                            ast::Expr* value) {
  // The outermost iterable is evaluated outside and handed over as argument `.0`.
  const ast::Comprehension& outermost = generators.front();
  current_->iterableDepth++;
  visit(outermost.iter);
  current_->iterableDepth--;
  enter(BlockKind::Function, arena_.intern(name), expression, expression->location);
  current_->comprehension = kind;
  if (outermost.isAsync) current_->isCoroutine = true;
  define(arena_.intern(".0"), kDefParameter, expression->location);
  bool isFirst = true;
  for (const ast::Comprehension& generator : generators) {
    current_->isIterationTarget = true;
    visit(generator.target);
    current_->isIterationTarget = false;
    if (!isFirst) {
      current_->iterableDepth++;
      visit(generator.iter);
      current_->iterableDepth--;
    }
    visit(generator.ifs);
    if (generator.isAsync) current_->isCoroutine = true;
    isFirst = false;
  }
  if (value != nullptr) visit(value);
  visit(element);
  bool isGenerator = kind == ComprehensionKind::Generator;
  current_->isGenerator = isGenerator;
  bool isAsync = current_->isCoroutine && !isGenerator;
  leave();
  if (isAsync) current_->isCoroutine = true;
}

void SymbolTableBuilder::visitNamedExpression(ast::NamedExpr* expression) {
  refuseInAnnotation("named expression", expression->location);
  if (current_->iterableDepth > 0) {
    failAt(expression->location, "assignment expression cannot be used in a comprehension iterable expression");
  }
  if (current_->comprehension != ComprehensionKind::None) {  // a tree made by hand may have any target
    if (!expression->target->is<ast::Name>())
      failAt(expression->location, "cannot use assignment expressions with that target");
    bindOutsideComprehensions(expression->target->as<ast::Name>());
  }
  visit(expression->value);
  visit(expression->target);
}

// `[y := f(x) for x in xs]` binds y in the function or module around all comprehensions.
void SymbolTableBuilder::bindOutsideComprehensions(const ast::Name* target) {
  Identifier mangled = mangle(arena_, className_, target->id);
  auto bind = [&](uint32_t here, SymbolBlock& there, uint32_t flag) {
    define(target->id, here, target->location);
    current_->directives.push_back({mangled, target->location});
    define(target->id, flag, target->location, there);
  };
  for (size_t i = stack_.size(); i-- > 0;) {
    SymbolBlock& block = *stack_[i];
    if (block.comprehension != ComprehensionKind::None) {
      if ((block.flagsOf(mangled) & kDefIteration) != 0) {
        failAt(target->location, "assignment expression cannot rebind comprehension iteration variable '" +
                                     std::string(target->id.view()) + "'");
      }
      continue;
    }
    switch (block.kind) {
      case BlockKind::Function:
        return bind((block.flagsOf(mangled) & kDefGlobal) != 0 ? kDefGlobal : kDefNonlocal, block, kDefLocal);
      case BlockKind::Module: return bind(kDefGlobal, block, kDefGlobal);
      case BlockKind::Class:
        failAt(target->location, "assignment expression within a comprehension cannot be used in a class body");
      case BlockKind::Annotation: break;
    }
  }
}

void buildSymbolTable(Arena& arena, const ast::Mod& module, const FutureFeatures& future, SymbolTable& table) {
  SymbolTableBuilder(arena, future, table).build(module);
  resolveScopes(arena, *table.top());
  for (const Symbol& symbol : table.top()->symbols) {
    if ((symbol.flags & kDefImport) != 0) symbol.name.setImported();
  }
}

}  // namespace krait::codegen
