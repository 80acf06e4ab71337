// Assignment targets: expressions that are read first and become targets when what follows shows that they are.
#include "compiler/parser_impl.h"

namespace krait {

using namespace ast;

// After `for`, `as` and in comprehensions: targets are primaries, so that `in` ends them.
Expr* Parser::starTargets() {
  const Token& start = token();
  Expr* first = starTarget();
  Expr* targets = first;
  if (at(TokenKind::Comma)) {
    NodeVector<Expr*> elements = {first};
    while (accept(TokenKind::Comma)) {
      if (at(TokenKind::In)) break;
      elements.push_back(starTarget());
    }
    auto* tuple = make<Tuple>(since(start));
    tuple->elts = arena_.copyOf(elements);
    tuple->ctx = ExprContext::Store;
    targets = tuple;
  }
  return targets;
}

Expr* Parser::starTarget() {
  const Token& start = token();
  bool starred = accept(TokenKind::Star);
  Expr* target = primary();
  if (!becomeTarget(target, TargetRule::Star)) fail();
  if (!starred) return target;
  auto* node = make<Starred>(since(start));
  node->value = target;
  node->ctx = ExprContext::Store;
  return node;
}

bool Parser::becomeTarget(Expr* expr, TargetRule rule) {
  if (!isTarget(expr, rule)) return false;
  setContext(expr, rule == TargetRule::Delete ? ExprContext::Del : ExprContext::Store);
  return true;
}

bool Parser::isTarget(const Expr* expr, TargetRule rule) {
  auto all = [rule](ExprList elements) {
    for (const Expr* element : elements) {
      if (!isTarget(element, rule)) return false;
    }
    return true;
  };
  switch (expr->kind) {
    case ExprKind::Name:
    case ExprKind::Attribute:
    case ExprKind::Subscript: return true;
    case ExprKind::Starred:
      // `**a` is no star expression, but `*(*a)` would be read as one of a tuple's.
      return rule == TargetRule::Star && !expr->as<Starred>()->value->is<Starred>() &&
             isTarget(expr->as<Starred>()->value, rule);
    case ExprKind::Tuple: return rule != TargetRule::Single && all(expr->as<Tuple>()->elts);
    case ExprKind::List: return rule != TargetRule::Single && all(expr->as<List>()->elts);
    default: return false;
  }
}

void Parser::setContext(Expr* expr, ExprContext context) {
  switch (expr->kind) {
    case ExprKind::Name: expr->as<Name>()->ctx = context; break;
    case ExprKind::Attribute: expr->as<Attribute>()->ctx = context; break;
    case ExprKind::Subscript: expr->as<Subscript>()->ctx = context; break;
    case ExprKind::Starred:
      expr->as<Starred>()->ctx = context;
      setContext(expr->as<Starred>()->value, context);
      break;
    case ExprKind::Tuple:
      expr->as<Tuple>()->ctx = context;
      for (Expr* element : expr->as<Tuple>()->elts) setContext(element, context);
      break;
    case ExprKind::List:
      expr->as<List>()->ctx = context;
      for (Expr* element : expr->as<List>()->elts) setContext(element, context);
      break;
    default: break;
  }
}

}  // namespace krait
