// Expressions from `yield` and tuples down to `**`, by precedence climbing.
#include <array>

#include "compiler/parser_impl.h"

namespace krait {

using namespace ast;

namespace {

bool startsExpression(TokenKind kind) {
  switch (kind) {
    case TokenKind::Name:
    case TokenKind::Number:
    case TokenKind::String:
    case TokenKind::False:
    case TokenKind::None:
    case TokenKind::True:
    case TokenKind::Await:
    case TokenKind::Lambda:
    case TokenKind::Not:
    case TokenKind::LeftParen:
    case TokenKind::LeftBracket:
    case TokenKind::LeftBrace:
    case TokenKind::Plus:
    case TokenKind::Minus:
    case TokenKind::Tilde:
    case TokenKind::Ellipsis: return true;
    default: return false;
  }
}

bool startsStarExpression(TokenKind kind) { return kind == TokenKind::Star || startsExpression(kind); }

struct BinaryOperator {
  int8_t precedence = 0;  // 0: none
  Operator op = Operator::Add;
};

constexpr std::array<BinaryOperator, 256> makeBinaryOperators() {
  std::array<BinaryOperator, 256> table{};
  auto set = [&](TokenKind kind, int8_t precedence, Operator op) {
    table[static_cast<size_t>(kind)] = {precedence, op};
  };
  set(TokenKind::VerticalBar, 1, Operator::BitOr);
  set(TokenKind::Circumflex, 2, Operator::BitXor);
  set(TokenKind::Ampersand, 3, Operator::BitAnd);
  set(TokenKind::LeftShift, 4, Operator::LShift);
  set(TokenKind::RightShift, 4, Operator::RShift);
  set(TokenKind::Plus, 5, Operator::Add);
  set(TokenKind::Minus, 5, Operator::Sub);
  set(TokenKind::Star, 6, Operator::Mult);
  set(TokenKind::Slash, 6, Operator::Div);
  set(TokenKind::DoubleSlash, 6, Operator::FloorDiv);
  set(TokenKind::Percent, 6, Operator::Mod);
  set(TokenKind::At, 6, Operator::MatMult);
  return table;
}
constexpr std::array<BinaryOperator, 256> kBinaryOperators = makeBinaryOperators();

constexpr int kBitOrPrecedence = 1;

// What ends an expression whatever it is, so that an atom in front of it is all there is to read.
constexpr std::array<bool, 256> makeExpressionEnds() {
  std::array<bool, 256> table{};
  for (TokenKind kind : {TokenKind::Comma, TokenKind::RightParen, TokenKind::RightBracket, TokenKind::RightBrace,
                         TokenKind::Colon, TokenKind::Newline, TokenKind::Equal, TokenKind::Semicolon}) {
    table[static_cast<size_t>(kind)] = true;
  }
  return table;
}
constexpr std::array<bool, 256> kExpressionEnds = makeExpressionEnds();

constexpr bool isAtomOfOneToken(TokenKind kind) {
  return kind == TokenKind::Name || kind == TokenKind::Number || kind == TokenKind::String || kind == TokenKind::None ||
         kind == TokenKind::True || kind == TokenKind::False;
}

constexpr bool startsComparison(TokenKind kind) {
  switch (kind) {
    case TokenKind::EqualEqual:
    case TokenKind::NotEqual:
    case TokenKind::Less:
    case TokenKind::LessEqual:
    case TokenKind::Greater:
    case TokenKind::GreaterEqual:
    case TokenKind::In:
    case TokenKind::Not:
    case TokenKind::Is: return true;
    default: return false;
  }
}

}  // namespace

// `a, *b` after its first element: more elements make a tuple, and so does a comma alone.
Expr* Parser::finishTuple(Expr* first, const Token& start, bool named) {
  if (!at(TokenKind::Comma)) return first;
  NodeVector<Expr*> elements = {first};
  while (accept(TokenKind::Comma)) {
    if (!startsStarExpression(kind())) break;
    elements.push_back(named ? starNamedExpression() : starExpression());
  }
  auto* tuple = make<Tuple>(since(start));
  tuple->elts = arena_.copyOf(elements);
  return tuple;
}

Expr* Parser::starExpressions() {
  const Token& start = token();
  return finishTuple(starExpression(), start, false);
}

// As starExpressions(), without stars.
Expr* Parser::expressions() {
  const Token& start = token();
  Expr* first = expression();
  if (!at(TokenKind::Comma)) return first;
  NodeVector<Expr*> elements = {first};
  while (accept(TokenKind::Comma) && startsExpression(kind())) elements.push_back(expression());
  auto* tuple = make<Tuple>(since(start));
  tuple->elts = arena_.copyOf(elements);
  return tuple;
}

Expr* Parser::starExpression() {
  if (!at(TokenKind::Star)) return expression();
  const Token& start = token();
  at_++;
  Expr* value = binary(kBitOrPrecedence);
  auto* starred = make<Starred>(since(start));
  starred->value = value;
  return starred;
}

Expr* Parser::starNamedExpression() { return at(TokenKind::Star) ? starExpression() : namedExpression(); }

Expr* Parser::namedExpression() {
  if (at(TokenKind::Name) && kindAfter(1) == TokenKind::ColonEqual) {
    const Token& start = token();
    auto* target = make<Name>(start.location);
    target->id = identifierOf(start);
    target->ctx = ExprContext::Store;
    at_ += 2;
    Expr* value = expression();
    requireVersion(8, "Assignment expressions are");
    auto* named = make<NamedExpr>(since(start));
    named->target = target;
    named->value = value;
    return named;
  }
  Expr* value = expression();
  if (at(TokenKind::ColonEqual)) fail();
  return value;
}

Expr* Parser::yieldOrStarExpressions() { return at(TokenKind::Yield) ? yieldExpression() : starExpressions(); }

Expr* Parser::yieldExpression() {
  const Token& start = token();
  expect(TokenKind::Yield);
  if (accept(TokenKind::From)) {
    Expr* value = expression();
    auto* node = make<YieldFrom>(since(start));
    node->value = value;
    return node;
  }
  Expr* value = startsStarExpression(kind()) ? starExpressions() : nullptr;
  auto* node = make<Yield>(since(start));
  node->value = value;
  return node;
}

Expr* Parser::expression() {
  const Token& start = token();
  // Another token follows: none of these is a stream's last.
  if (isAtomOfOneToken(start.kind) && kExpressionEnds[static_cast<size_t>(tokens_[at_ + 1].kind)]) return atom();
  if (start.kind == TokenKind::Lambda) return lambda();
  Expr* body = disjunction();
  if (!accept(TokenKind::If)) return body;
  Expr* test = disjunction();
  expect(TokenKind::Else);
  DepthGuard guard(*this, 1);
  Expr* orElse = expression();
  auto* node = make<IfExp>(since(start));
  node->test = test;
  node->body = body;
  node->orElse = orElse;
  return node;
}

Expr* Parser::lambda() {
  DepthGuard guard(*this, 2);
  const Token& start = token();
  expect(TokenKind::Lambda);
  Arguments* args = parameters(true);
  expect(TokenKind::Colon);
  Expr* body = expression();
  auto* node = make<Lambda>(since(start));
  node->args = args;
  node->body = body;
  return node;
}

Expr* Parser::disjunction() {
  const Token& start = token();
  Expr* first = conjunction();
  if (!at(TokenKind::Or)) return first;
  NodeVector<Expr*> values = {first};
  while (accept(TokenKind::Or)) values.push_back(conjunction());
  auto* node = make<BoolOp>(since(start));
  node->op = BoolOperator::Or;
  node->values = arena_.copyOf(values);
  return node;
}

Expr* Parser::conjunction() {
  const Token& start = token();
  Expr* first = inversion();
  if (!at(TokenKind::And)) return first;
  NodeVector<Expr*> values = {first};
  while (accept(TokenKind::And)) values.push_back(inversion());
  auto* node = make<BoolOp>(since(start));
  node->op = BoolOperator::And;
  node->values = arena_.copyOf(values);
  return node;
}

Expr* Parser::inversion() {
  if (!at(TokenKind::Not)) return comparison();
  DepthGuard guard(*this, 1);
  const Token& start = token();
  at_++;
  Expr* operand = inversion();
  auto* node = make<UnaryOp>(since(start));
  node->op = UnaryOperator::Not;
  node->operand = operand;
  return node;
}

Expr* Parser::comparison() {
  const Token& start = token();
  Expr* left = binary(kBitOrPrecedence);
  if (!startsComparison(kind())) return left;
  NodeVector<CompareOperator> ops;
  NodeVector<Expr*> comparators;
  for (;;) {
    CompareOperator op;
    size_t length = 1;
    switch (kind()) {
      case TokenKind::EqualEqual: op = CompareOperator::Eq; break;
      case TokenKind::NotEqual:
        // `<>` and `!=` are the same token; which of the two is an operator is a matter of the future.
        if ((text_[token().start] == '<') != options_.barryAsBdfl) {
          // Under barry_as_FLUFL CPython refuses `!=` with words of its own.
          if (options_.barryAsBdfl) raiseHere("with Barry as BDFL, use '<>' instead of '!='");
          fail();
        }
        op = CompareOperator::NotEq;
        break;
      case TokenKind::Less: op = CompareOperator::Lt; break;
      case TokenKind::LessEqual: op = CompareOperator::LtE; break;
      case TokenKind::Greater: op = CompareOperator::Gt; break;
      case TokenKind::GreaterEqual: op = CompareOperator::GtE; break;
      case TokenKind::In: op = CompareOperator::In; break;
      case TokenKind::Not:
        if (kindAfter(1) != TokenKind::In) fail();
        op = CompareOperator::NotIn;
        length = 2;
        break;
      case TokenKind::Is:
        op = kindAfter(1) == TokenKind::Not ? CompareOperator::IsNot : CompareOperator::Is;
        length = op == CompareOperator::IsNot ? 2 : 1;
        break;
      default:
        if (ops.empty()) return left;
        auto* node = make<Compare>(since(start));
        node->left = left;
        node->ops = arena_.copyOf(ops);
        node->comparators = arena_.copyOf(comparators);
        return node;
    }
    at_ += length;
    ops.push_back(op);
    comparators.push_back(binary(kBitOrPrecedence));
  }
}

// Left-associative operators of at least this precedence; a chain is built by the loop, so its length is free.
Expr* Parser::binary(int precedence) {
  const Token& start = token();
  Expr* left = factor();
  for (;;) {
    BinaryOperator op = kBinaryOperators[static_cast<size_t>(kind())];
    if (op.precedence < precedence || op.precedence == 0) return left;
    at_++;
    Expr* right = binary(op.precedence + 1);
    if (op.op == Operator::MatMult) requireVersion(5, "The '@' operator is");
    auto* node = make<BinOp>(since(start));
    node->left = left;
    node->op = op.op;
    node->right = right;
    left = node;
  }
}

Expr* Parser::factor() {
  UnaryOperator op;
  switch (kind()) {
    case TokenKind::Plus: op = UnaryOperator::UAdd; break;
    case TokenKind::Minus: op = UnaryOperator::USub; break;
    case TokenKind::Tilde: op = UnaryOperator::Invert; break;
    default: return power();
  }
  DepthGuard guard(*this, 1);
  const Token& start = token();
  at_++;
  Expr* operand = factor();
  auto* node = make<UnaryOp>(since(start));
  node->op = op;
  node->operand = operand;
  return node;
}

Expr* Parser::power() {
  const Token& start = token();
  Expr* left;
  if (at(TokenKind::Await)) {
    at_++;
    Expr* value = primary();
    requireVersion(5, "Await expressions are");
    auto* node = make<Await>(since(start));
    node->value = value;
    left = node;
  } else {
    left = primary();
  }
  if (!accept(TokenKind::DoubleStar)) return left;
  DepthGuard guard(*this, 2);
  Expr* right = factor();
  auto* node = make<BinOp>(since(start));
  node->left = left;
  node->op = Operator::Pow;
  node->right = right;
  return node;
}

}  // namespace krait
