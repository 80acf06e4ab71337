// Simple statements: assignments, imports and the one-keyword ones.
#include <array>
#include <optional>

#include "compiler/parser_impl.h"

namespace krait {

using namespace ast;

namespace {

std::optional<Operator> augmentedOperator(TokenKind kind) {
  switch (kind) {
    case TokenKind::PlusEqual: return Operator::Add;
    case TokenKind::MinusEqual: return Operator::Sub;
    case TokenKind::StarEqual: return Operator::Mult;
    case TokenKind::AtEqual: return Operator::MatMult;
    case TokenKind::SlashEqual: return Operator::Div;
    case TokenKind::PercentEqual: return Operator::Mod;
    case TokenKind::AmpersandEqual: return Operator::BitAnd;
    case TokenKind::VerticalBarEqual: return Operator::BitOr;
    case TokenKind::CircumflexEqual: return Operator::BitXor;
    case TokenKind::LeftShiftEqual: return Operator::LShift;
    case TokenKind::RightShiftEqual: return Operator::RShift;
    case TokenKind::DoubleStarEqual: return Operator::Pow;
    case TokenKind::DoubleSlashEqual: return Operator::FloorDiv;
    default: return std::nullopt;
  }
}

}  // namespace

// One line: statements between semicolons.
void Parser::simpleStatements(NodeVector<Stmt*>& out) {
  for (;;) {
    out.push_back(simpleStatement());
    if (accept(TokenKind::Newline)) return;
    expect(TokenKind::Semicolon);
    if (accept(TokenKind::Newline)) return;
  }
}

Stmt* Parser::simpleStatement() {
  const Token& start = token();
  switch (start.kind) {
    case TokenKind::Pass: at_++; return make<Pass>(start.location);
    case TokenKind::Break: at_++; return make<Break>(start.location);
    case TokenKind::Continue: at_++; return make<Continue>(start.location);
    case TokenKind::Return: {
      at_++;
      Expr* value = at(TokenKind::Newline) || at(TokenKind::Semicolon) ? nullptr : starExpressions();
      auto* node = make<Return>(since(start));
      node->value = value;
      return node;
    }
    case TokenKind::Raise: return raiseStatement();
    case TokenKind::Global:
    case TokenKind::Nonlocal: return scopeStatement();
    case TokenKind::Del: return deleteStatement();
    case TokenKind::Assert: return assertStatement();
    case TokenKind::Import: return importStatement();
    case TokenKind::From: return importFromStatement();
    default: return expressionStatement();
  }
}

Stmt* Parser::expressionStatement() {
  const Token& start = token();
  bool isYield = at(TokenKind::Yield);
  Expr* value = yieldOrStarExpressions();
  if (!isYield) {
    if (at(TokenKind::Equal)) return assignment(value, start);
    if (at(TokenKind::Colon)) return annotatedAssignment(value, start);
    if (auto op = augmentedOperator(kind())) {
      if (!becomeTarget(value, TargetRule::Single)) fail();
      if (*op == Operator::MatMult) requireVersion(5, "The '@' operator is");
      at_++;
      Expr* operand = yieldOrStarExpressions();
      auto* node = make<AugAssign>(since(start));
      node->target = value;
      node->op = *op;
      node->value = operand;
      return node;
    }
  }
  auto* node = make<ExprStmt>(since(start));
  node->value = value;
  return node;
}

// `a = b, c = d`: all but the last are targets.
Stmt* Parser::assignment(Expr* first, const Token& start) {
  NodeVector<Expr*> targets;
  Expr* value = first;
  bool isYield = false;
  do {
    // What is no target ends the parse here, whatever is wrong further on.
    if (isYield || !becomeTarget(value, TargetRule::Star)) fail();
    targets.push_back(value);
    at_++;
    isYield = at(TokenKind::Yield);
    value = yieldOrStarExpressions();
  } while (at(TokenKind::Equal));
  std::string_view comment = typeComment();
  auto* node = make<Assign>(since(start));
  node->typeComment = comment;
  node->targets = arena_.copyOf(targets);
  node->value = value;
  return node;
}

Stmt* Parser::annotatedAssignment(Expr* target, const Token& start) {
  // A name in brackets is annotated but not declared; a tuple is neither.
  bool simple = target->is<Name>() && start.kind == TokenKind::Name;
  if (!becomeTarget(target, TargetRule::Single)) fail();
  at_++;
  Expr* annotation = expression();
  Expr* value = accept(TokenKind::Equal) ? yieldOrStarExpressions() : nullptr;
  requireVersion(
      6, start.kind == TokenKind::Name && simple ? "Variable annotation syntax is" : "Variable annotations syntax is");
  auto* node = make<AnnAssign>(since(start));
  node->target = target;
  node->annotation = annotation;
  node->value = value;
  node->simple = simple;
  return node;
}

Stmt* Parser::deleteStatement() {
  const Token& start = token();
  at_++;
  NodeVector<Expr*> targets;
  do {
    if (!targets.empty() && (at(TokenKind::Newline) || at(TokenKind::Semicolon))) break;
    Expr* target = primary();
    if (!becomeTarget(target, TargetRule::Delete)) fail();
    targets.push_back(target);
  } while (accept(TokenKind::Comma));
  if (!at(TokenKind::Newline) && !at(TokenKind::Semicolon)) fail();
  auto* node = make<Delete>(since(start));
  node->targets = arena_.copyOf(targets);
  return node;
}

Stmt* Parser::raiseStatement() {
  const Token& start = token();
  at_++;
  Expr* exc = nullptr;
  Expr* cause = nullptr;
  if (!at(TokenKind::Newline) && !at(TokenKind::Semicolon)) {
    exc = expression();
    if (accept(TokenKind::From)) cause = expression();
  }
  auto* node = make<Raise>(since(start));
  node->exc = exc;
  node->cause = cause;
  return node;
}

Stmt* Parser::assertStatement() {
  const Token& start = token();
  at_++;
  Expr* test = expression();
  Expr* msg = accept(TokenKind::Comma) ? expression() : nullptr;
  auto* node = make<Assert>(since(start));
  node->test = test;
  node->msg = msg;
  return node;
}

Stmt* Parser::scopeStatement() {
  const Token& start = token();
  at_++;
  NodeVector<Identifier> names;
  do {
    names.push_back(expectName());
  } while (accept(TokenKind::Comma));
  if (start.kind == TokenKind::Global) {
    auto* node = make<Global>(since(start));
    node->names = arena_.copyOf(names);
    return node;
  }
  auto* node = make<Nonlocal>(since(start));
  node->names = arena_.copyOf(names);
  return node;
}

Identifier Parser::dottedName() {
  Identifier first = expectName();
  if (!at(TokenKind::Dot)) return first;
  std::string text(first.view());
  while (accept(TokenKind::Dot)) {
    text += '.';
    text += expectName().view();
  }
  return arena_.intern(text);
}

Stmt* Parser::importStatement() {
  const Token& start = token();
  at_++;
  NodeVector<Alias> names;
  do {
    const Token& first = token();
    Identifier name = dottedName();
    Identifier asName = accept(TokenKind::As) ? expectName() : Identifier();
    names.push_back({since(first), name, asName});
  } while (accept(TokenKind::Comma));
  auto* node = make<Import>(since(start));
  node->names = arena_.copyOf(names);
  return node;
}

Stmt* Parser::importFromStatement() {
  const Token& start = token();
  at_++;
  int32_t level = 0;
  for (; at(TokenKind::Dot) || at(TokenKind::Ellipsis); at_++) level += at(TokenKind::Dot) ? 1 : 3;
  Identifier module = level == 0 || !at(TokenKind::Import) ? dottedName() : Identifier();
  expect(TokenKind::Import);
  NodeVector<Alias> names;
  if (at(TokenKind::Star)) {
    names.push_back({token().location, arena_.intern("*"), Identifier()});
    at_++;
  } else {
    bool parenthesized = accept(TokenKind::LeftParen);
    do {
      if (parenthesized && !names.empty() && at(TokenKind::RightParen)) break;
      const Token& first = token();
      Identifier name = expectName();
      Identifier asName = accept(TokenKind::As) ? expectName() : Identifier();
      names.push_back({since(first), name, asName});
    } while (accept(TokenKind::Comma));
    if (parenthesized) expect(TokenKind::RightParen);
  }
  auto* node = make<ImportFrom>(since(start));
  node->module = module;
  node->names = arena_.copyOf(names);
  node->level = level;
  return node;
}

}  // namespace krait
