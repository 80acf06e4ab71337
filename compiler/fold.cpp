// The walk that folds constants: bottom-up over the whole tree, replacing nodes in their parents' slots.
#include "compiler/fold.h"

#include <algorithm>

#include "compiler/code_unit.h"
#include "compiler/codegen.h"
#include "compiler/compile_failure.h"

namespace krait::codegen {

namespace {

bool hasStarred(ast::ExprList elements) {
  return std::any_of(elements.begin(), elements.end(),
                     [](const ast::Expr* element) { return element->kind == ast::ExprKind::Starred; });
}

const Constant* constantOf(const ast::Expr* expression) {
  const auto* node = expression->tryAs<ast::ConstantExpr>();
  return node != nullptr ? &node->value : nullptr;
}

class Folder {
 public:
  Folder(Arena& arena, int optimizationLevel, uint32_t futureFlags)
      : arena_(arena), debug_(optimizationLevel == 0), foldsAnnotations_((futureFlags & kCodeFutureAnnotations) == 0) {}

  void fold(ast::Mod& module) {
    if (module.kind == ast::ModKind::Module) {
      foldBody(module.body);
    } else {
      fold(module.body);
    }
    if (module.kind == ast::ModKind::Expression) fold(module.expression);
  }

 private:
  void replace(ast::Expr*& slot, const Constant& value) {
    auto* node = ast::makeNode<ast::ConstantExpr>(arena_, slot->location);
    node->value = value;
    if (value.isNan()) node->value.setNodeOfNan(++nanCount_);
    slot = node;
  }

  // ---- expressions
  void fold(ast::ExprList expressions) {
    for (ast::Expr*& expression : expressions) foldOptional(expression);
  }
  void foldOptional(ast::Expr*& slot) {
    if (slot != nullptr) fold(slot);
  }
  void fold(const ArenaSpan<ast::Keyword>& keywords) {
    for (ast::Keyword& keyword : keywords) fold(keyword.value);
  }
  void fold(const ArenaSpan<ast::Comprehension>& generators) {
    for (ast::Comprehension& generator : generators) {
      fold(generator.target);
      fold(generator.iter);
      fold(generator.ifs);
      foldIterable(generator.iter);
    }
  }
  void fold(ast::Expr*& slot);
  void foldBinOp(ast::Expr*& slot);
  void foldUnaryOp(ast::Expr*& slot);
  void foldCompare(ast::Compare* node);
  void foldIterable(ast::Expr*& slot);
  bool foldTuple(ast::Expr*& slot, ast::ExprList elements);
  void fold(ast::Arguments* arguments);
  void foldAnnotation(ast::Arg& arg) {
    if (foldsAnnotations_) foldOptional(arg.annotation);
  }

  // ---- statements
  void fold(ast::StmtList statements) {
    for (ast::Stmt* statement : statements) fold(statement);
  }
  void foldBody(ast::StmtList statements);
  void fold(ast::Stmt* statement);
  void fold(ast::Pattern* pattern);

  Arena& arena_;
  bool debug_;
  bool foldsAnnotations_;
  int nesting_ = 0;
  uint32_t nanCount_ = 0;
};

void Folder::fold(ast::Expr*& slot) {
  NestingGuard guard(nesting_);
  switch (slot->kind) {
    case ast::ExprKind::BoolOp: return fold(slot->as<ast::BoolOp>()->values);
    case ast::ExprKind::NamedExpr: return fold(slot->as<ast::NamedExpr>()->value);
    case ast::ExprKind::BinOp: return foldBinOp(slot);
    case ast::ExprKind::UnaryOp: return foldUnaryOp(slot);
    case ast::ExprKind::Lambda: {
      auto* node = slot->as<ast::Lambda>();
      fold(node->args);
      return fold(node->body);
    }
    case ast::ExprKind::IfExp: {
      auto* node = slot->as<ast::IfExp>();
      fold(node->test);
      fold(node->body);
      return fold(node->orElse);
    }
    case ast::ExprKind::Dict: {
      auto* node = slot->as<ast::Dict>();
      fold(node->keys);
      return fold(node->values);
    }
    case ast::ExprKind::Set: return fold(slot->as<ast::Set>()->elts);
    case ast::ExprKind::ListComp: {
      auto* node = slot->as<ast::ListComp>();
      fold(node->elt);
      return fold(node->generators);
    }
    case ast::ExprKind::SetComp: {
      auto* node = slot->as<ast::SetComp>();
      fold(node->elt);
      return fold(node->generators);
    }
    case ast::ExprKind::DictComp: {
      auto* node = slot->as<ast::DictComp>();
      fold(node->key);
      fold(node->value);
      return fold(node->generators);
    }
    case ast::ExprKind::GeneratorExp: {
      auto* node = slot->as<ast::GeneratorExp>();
      fold(node->elt);
      return fold(node->generators);
    }
    case ast::ExprKind::Await: return fold(slot->as<ast::Await>()->value);
    case ast::ExprKind::Yield: return foldOptional(slot->as<ast::Yield>()->value);
    case ast::ExprKind::YieldFrom: return fold(slot->as<ast::YieldFrom>()->value);
    case ast::ExprKind::Compare: return foldCompare(slot->as<ast::Compare>());
    case ast::ExprKind::Call: {
      auto* node = slot->as<ast::Call>();
      fold(node->func);
      fold(node->args);
      return fold(node->keywords);
    }
    case ast::ExprKind::FormattedValue: {
      auto* node = slot->as<ast::FormattedValue>();
      fold(node->value);
      return foldOptional(node->formatSpec);
    }
    case ast::ExprKind::JoinedStr: return fold(slot->as<ast::JoinedStr>()->values);
    case ast::ExprKind::Constant: return;
    case ast::ExprKind::Attribute: return fold(slot->as<ast::Attribute>()->value);
    case ast::ExprKind::Subscript: {
      auto* node = slot->as<ast::Subscript>();
      fold(node->value);
      fold(node->slice);
      const Constant* container = constantOf(node->value);
      const Constant* index = constantOf(node->slice);
      if (node->ctx != ast::ExprContext::Load || container == nullptr || index == nullptr) return;
      if (auto value = foldSubscript(*container, *index)) replace(slot, *value);
      return;
    }
    case ast::ExprKind::Starred: return fold(slot->as<ast::Starred>()->value);
    case ast::ExprKind::Name: {
      auto* node = slot->as<ast::Name>();
      if (node->ctx == ast::ExprContext::Load && node->id.is("__debug__")) replace(slot, Constant::boolean(debug_));
      return;
    }
    case ast::ExprKind::List: return fold(slot->as<ast::List>()->elts);
    case ast::ExprKind::Tuple: {
      auto* node = slot->as<ast::Tuple>();
      fold(node->elts);
      if (node->ctx == ast::ExprContext::Load) foldTuple(slot, node->elts);
      return;
    }
    case ast::ExprKind::Slice: {
      auto* node = slot->as<ast::Slice>();
      foldOptional(node->lower);
      foldOptional(node->upper);
      return foldOptional(node->step);
    }
  }
}

bool Folder::foldTuple(ast::Expr*& slot, ast::ExprList elements) {
  std::vector<Constant> items;
  for (const ast::Expr* element : elements) {
    const Constant* constant = constantOf(element);
    if (constant == nullptr) return false;
    items.push_back(*constant);
  }
  ArenaSpan<Constant> copy = arena_.copyOf(items);
  replace(slot, Constant::tuple({copy.data(), copy.size()}));
  return true;
}

void Folder::foldBinOp(ast::Expr*& slot) {
  auto* node = slot->as<ast::BinOp>();
  fold(node->left);
  fold(node->right);
  const Constant* left = constantOf(node->left);
  if (left == nullptr) return;
  if (const auto* tuple = node->right->tryAs<ast::Tuple>();
      tuple != nullptr && node->op == ast::Operator::Mod && left->is(ConstantKind::Str) && !hasStarred(tuple->elts)) {
    ast::Expr* joined = foldFormat(arena_, node->location, left->text(), tuple->elts);
    if (joined != nullptr) slot = joined;
    return;
  }
  const Constant* right = constantOf(node->right);
  if (right == nullptr) return;
  if (auto value = foldBinary(arena_, *left, node->op, *right)) replace(slot, *value);
}

void Folder::foldUnaryOp(ast::Expr*& slot) {
  auto* node = slot->as<ast::UnaryOp>();
  fold(node->operand);
  if (const Constant* operand = constantOf(node->operand); operand != nullptr) {
    if (auto value = foldUnary(arena_, node->op, *operand)) replace(slot, *value);
    return;
  }
  // `not x in y` is `x not in y`. Other comparisons have no such law: a < b may be neither true nor false the other
  // way.
  auto* compare = node->operand->tryAs<ast::Compare>();
  if (node->op != ast::UnaryOperator::Not || compare == nullptr || compare->ops.size() != 1) return;
  switch (compare->ops[0]) {
    case ast::CompareOperator::Is: compare->ops[0] = ast::CompareOperator::IsNot; break;
    case ast::CompareOperator::IsNot: compare->ops[0] = ast::CompareOperator::Is; break;
    case ast::CompareOperator::In: compare->ops[0] = ast::CompareOperator::NotIn; break;
    case ast::CompareOperator::NotIn: compare->ops[0] = ast::CompareOperator::In; break;
    default: return;
  }
  slot = compare;
}

void Folder::foldCompare(ast::Compare* node) {
  fold(node->left);
  fold(node->comparators);
  ast::CompareOperator last = node->ops.back();
  if (last == ast::CompareOperator::In || last == ast::CompareOperator::NotIn) foldIterable(node->comparators.back());
}

// Where only the items matter, a list may be a tuple and a set of constants a frozenset.
void Folder::foldIterable(ast::Expr*& slot) {
  if (const auto* list = slot->tryAs<ast::List>(); list != nullptr) {
    if (hasStarred(list->elts)) return;
    auto* tuple = ast::makeNode<ast::Tuple>(arena_, list->location);
    tuple->elts = list->elts;
    tuple->ctx = list->ctx;
    slot = tuple;
    if (tuple->ctx == ast::ExprContext::Load) foldTuple(slot, tuple->elts);
  } else if (const auto* set = slot->tryAs<ast::Set>(); set != nullptr) {
    std::vector<Constant> items;
    for (const ast::Expr* element : set->elts) {
      const Constant* constant = constantOf(element);
      if (constant == nullptr) return;
      items.push_back(*constant);
    }
    replace(slot, distinctFrozenSet(arena_, items));
  }
}

void Folder::fold(ast::Arguments* arguments) {
  for (ast::Arg& arg : arguments->posOnlyArgs) foldAnnotation(arg);
  for (ast::Arg& arg : arguments->args) foldAnnotation(arg);
  if (arguments->varArg != nullptr) foldAnnotation(*arguments->varArg);
  for (ast::Arg& arg : arguments->kwOnlyArgs) foldAnnotation(arg);
  if (arguments->kwArg != nullptr) foldAnnotation(*arguments->kwArg);
  fold(arguments->kwDefaults);
  fold(arguments->defaults);
}

void Folder::foldBody(ast::StmtList statements) {
  bool hadDocstring = docstringOf(statements) != nullptr;
  fold(statements);
  if (hadDocstring || docstringOf(statements) == nullptr) return;
  // What folding made a string is no docstring: hide it in an f-string.
  auto* statement = statements.front()->as<ast::ExprStmt>();
  auto* joined = ast::makeNode<ast::JoinedStr>(arena_, statement->location);
  joined->values = arena_.copyArray(&statement->value, 1);
  statement->value = joined;
}

void Folder::fold(ast::Stmt* statement) {
  NestingGuard guard(nesting_);
  switch (statement->kind) {
    case ast::StmtKind::FunctionDef:
    case ast::StmtKind::AsyncFunctionDef: {
      auto* node = statement->as<ast::FunctionDef>();
      fold(node->args);
      foldBody(node->body);
      fold(node->decoratorList);
      if (foldsAnnotations_) foldOptional(node->returns);
      return;
    }
    case ast::StmtKind::ClassDef: {
      auto* node = statement->as<ast::ClassDef>();
      fold(node->bases);
      fold(node->keywords);
      foldBody(node->body);
      return fold(node->decoratorList);
    }
    case ast::StmtKind::Return: return foldOptional(statement->as<ast::Return>()->value);
    case ast::StmtKind::Delete: return fold(statement->as<ast::Delete>()->targets);
    case ast::StmtKind::Assign: {
      auto* node = statement->as<ast::Assign>();
      fold(node->targets);
      return fold(node->value);
    }
    case ast::StmtKind::AugAssign: {
      auto* node = statement->as<ast::AugAssign>();
      fold(node->target);
      return fold(node->value);
    }
    case ast::StmtKind::AnnAssign: {
      auto* node = statement->as<ast::AnnAssign>();
      fold(node->target);
      if (foldsAnnotations_) fold(node->annotation);
      return foldOptional(node->value);
    }
    case ast::StmtKind::For:
    case ast::StmtKind::AsyncFor: {
      auto* node = statement->as<ast::For>();
      fold(node->target);
      fold(node->iter);
      fold(node->body);
      fold(node->orElse);
      if (!node->isAsync()) foldIterable(node->iter);
      return;
    }
    case ast::StmtKind::While: {
      auto* node = statement->as<ast::While>();
      fold(node->test);
      fold(node->body);
      return fold(node->orElse);
    }
    case ast::StmtKind::If: {
      auto* node = statement->as<ast::If>();
      fold(node->test);
      fold(node->body);
      return fold(node->orElse);
    }
    case ast::StmtKind::With:
    case ast::StmtKind::AsyncWith: {
      auto* node = statement->as<ast::With>();
      for (ast::WithItem& item : node->items) {
        fold(item.contextExpr);
        foldOptional(item.optionalVars);
      }
      return fold(node->body);
    }
    case ast::StmtKind::Match: {
      auto* node = statement->as<ast::Match>();
      fold(node->subject);
      for (ast::MatchCase& match : node->cases) {
        fold(match.pattern);
        foldOptional(match.guard);
        fold(match.body);
      }
      return;
    }
    case ast::StmtKind::Raise: {
      auto* node = statement->as<ast::Raise>();
      foldOptional(node->exc);
      return foldOptional(node->cause);
    }
    case ast::StmtKind::Try:
    case ast::StmtKind::TryStar: {
      auto* node = statement->as<ast::Try>();
      fold(node->body);
      for (ast::ExceptHandler& handler : node->handlers) {
        foldOptional(handler.type);
        fold(handler.body);
      }
      fold(node->orElse);
      return fold(node->finalBody);
    }
    case ast::StmtKind::Assert: {
      auto* node = statement->as<ast::Assert>();
      fold(node->test);
      return foldOptional(node->msg);
    }
    case ast::StmtKind::Expr: return fold(statement->as<ast::ExprStmt>()->value);
    case ast::StmtKind::Import:
    case ast::StmtKind::ImportFrom:
    case ast::StmtKind::Global:
    case ast::StmtKind::Nonlocal:
    case ast::StmtKind::Pass:
    case ast::StmtKind::Break:
    case ast::StmtKind::Continue: return;
  }
}

void Folder::fold(ast::Pattern* pattern) {
  NestingGuard guard(nesting_);
  auto foldAll = [this](ast::PatternList patterns) {
    for (ast::Pattern* part : patterns) fold(part);
  };
  switch (pattern->kind) {
    case ast::PatternKind::MatchValue: return fold(pattern->as<ast::MatchValue>()->value);
    case ast::PatternKind::MatchSequence: return foldAll(pattern->as<ast::MatchSequence>()->patterns);
    case ast::PatternKind::MatchMapping: {
      auto* node = pattern->as<ast::MatchMapping>();
      fold(node->keys);
      return foldAll(node->patterns);
    }
    case ast::PatternKind::MatchClass: {
      auto* node = pattern->as<ast::MatchClass>();
      fold(node->cls);
      foldAll(node->patterns);
      return foldAll(node->kwdPatterns);
    }
    case ast::PatternKind::MatchAs:
      if (auto* inner = pattern->as<ast::MatchAs>()->pattern; inner != nullptr) fold(inner);
      return;
    case ast::PatternKind::MatchOr: return foldAll(pattern->as<ast::MatchOr>()->patterns);
    case ast::PatternKind::MatchSingleton:
    case ast::PatternKind::MatchStar: return;
  }
}

}  // namespace

void foldConstants(Arena& arena, ast::Mod& module, int optimizationLevel, uint32_t futureFlags) {
  Folder(arena, optimizationLevel, futureFlags).fold(module);
}

}  // namespace krait::codegen
