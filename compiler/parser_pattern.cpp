// The match statement and its patterns.
#include "compiler/parser_impl.h"

namespace krait {

using namespace ast;

// `match` is a name too. It opens a statement exactly when its logical line ends with a colon, which no simple
// statement does; and only then can what follows it be a subject.
bool Parser::atMatchStatement() const {
  if (!atSoftKeyword("match")) return false;
  switch (kindAfter(1)) {
    case TokenKind::Equal:
    case TokenKind::Dot:
    case TokenKind::Newline:
    case TokenKind::Comma:
    case TokenKind::Colon:
    case TokenKind::RightParen: return false;
    default: break;
  }
  size_t end = at_ + 1;
  while (tokens_[end].kind != TokenKind::Newline && tokens_[end].kind != TokenKind::EndMarker &&
         tokens_[end].kind != TokenKind::Error) {
    end++;
  }
  return tokens_[end].kind == TokenKind::Newline && tokens_[end - 1].kind == TokenKind::Colon;
}

Stmt* Parser::matchStatement() {
  const Token& start = token();
  at_++;
  const Token& first = token();
  Expr* subject = starNamedExpression();
  if (subject->is<Starred>() && !at(TokenKind::Comma)) fail();
  subject = finishTuple(subject, first, true);
  expect(TokenKind::Colon);
  expect(TokenKind::Newline);
  expect(TokenKind::Indent);
  DepthGuard guard(*this, kBracketDepth);
  NodeVector<MatchCase> cases;
  do {
    cases.push_back(matchCase());
  } while (!accept(TokenKind::Dedent));
  requireVersion(10, "Pattern matching is");
  auto* node = make<Match>(since(start));
  node->subject = subject;
  node->cases = arena_.copyOf(cases);
  return node;
}

MatchCase Parser::matchCase() {
  if (!atSoftKeyword("case")) fail();
  at_++;
  MatchCase result{};
  result.pattern = topPattern();
  if (accept(TokenKind::If)) result.guard = namedExpression();
  expect(TokenKind::Colon);
  result.body = block();
  return result;
}

// Here alone a sequence needs no brackets.
Pattern* Parser::topPattern() {
  const Token& start = token();
  Pattern* first = maybeStarPattern();
  if (!at(TokenKind::Comma)) {
    if (first->is<MatchStar>()) fail();
    return first;
  }
  NodeVector<Pattern*> elements = {first};
  while (accept(TokenKind::Comma)) {
    if (at(TokenKind::Colon) || at(TokenKind::If)) break;
    elements.push_back(maybeStarPattern());
  }
  auto* node = make<MatchSequence>(since(start));
  node->patterns = arena_.copyOf(elements);
  return node;
}

Pattern* Parser::maybeStarPattern() {
  if (!at(TokenKind::Star)) return asPattern();
  const Token& start = token();
  at_++;
  Identifier name;
  if (atSoftKeyword("_")) {
    at_++;
  } else {
    name = captureTarget();
  }
  auto* node = make<MatchStar>(since(start));
  node->name = name;
  return node;
}

// A name to bind: not the wildcard, and not the beginning of a dotted name, a class pattern or a keyword.
Identifier Parser::captureTarget() {
  if (atSoftKeyword("_")) fail();
  Identifier name = expectName();
  if (at(TokenKind::Dot) || at(TokenKind::LeftParen) || at(TokenKind::Equal)) fail();
  return name;
}

Pattern* Parser::asPattern() {
  const Token& start = token();
  Pattern* pattern = orPattern();
  if (!accept(TokenKind::As)) return pattern;
  Identifier name = captureTarget();
  auto* node = make<MatchAs>(since(start));
  node->pattern = pattern;
  node->name = name;
  return node;
}

Pattern* Parser::orPattern() {
  const Token& start = token();
  Pattern* first = closedPattern();
  if (!at(TokenKind::VerticalBar)) return first;
  NodeVector<Pattern*> patterns = {first};
  while (accept(TokenKind::VerticalBar)) patterns.push_back(closedPattern());
  auto* node = make<MatchOr>(since(start));
  node->patterns = arena_.copyOf(patterns);
  return node;
}

Pattern* Parser::closedPattern() {
  switch (kind()) {
    case TokenKind::Name: return namePattern();
    case TokenKind::LeftParen: return groupOrSequencePattern();
    case TokenKind::LeftBracket: {
      DepthGuard guard(*this, kBracketDepth);
      const Token& start = token();
      at_++;
      NodeVector<Pattern*> elements;
      sequenceElements(elements, TokenKind::RightBracket);
      auto* node = make<MatchSequence>(since(start));
      node->patterns = arena_.copyOf(elements);
      return node;
    }
    case TokenKind::LeftBrace: return mappingPattern();
    default: return literalPattern();
  }
}

void Parser::sequenceElements(NodeVector<Pattern*>& out, TokenKind close) {
  while (!at(close)) {
    out.push_back(maybeStarPattern());
    if (!accept(TokenKind::Comma)) break;
  }
  expect(close);
}

Pattern* Parser::literalPattern() {
  const Token& start = token();
  Constant value;
  switch (kind()) {
    case TokenKind::None: break;
    case TokenKind::True:
    case TokenKind::False: value = Constant::boolean(at(TokenKind::True)); break;
    case TokenKind::String: {
      Expr* text = strings();
      auto* node = make<MatchValue>(since(start));
      node->value = text;
      return node;
    }
    default: {
      Expr* number = signedNumber(true);
      auto* node = make<MatchValue>(since(start));
      node->value = number;
      return node;
    }
  }
  at_++;
  auto* node = make<MatchSingleton>(start.location);
  node->value = value;
  return node;
}

// `-1`, `2.5`, `-1 + 2j`.
Expr* Parser::signedNumber(bool allowComplex) {
  const Token& start = token();
  bool negative = accept(TokenKind::Minus);
  if (!at(TokenKind::Number)) fail();
  const Token& digits = token();
  Expr* value = number();
  Expr* left = value;
  if (negative) {
    auto* node = make<UnaryOp>(since(start));
    node->op = UnaryOperator::USub;
    node->operand = value;
    left = node;
  }
  if (!allowComplex || (!at(TokenKind::Plus) && !at(TokenKind::Minus))) return left;
  if (value->as<ConstantExpr>()->value.is(ConstantKind::Complex)) {
    raiseAt(digits.location, "real number required in complex literal");
  }
  Operator op = at(TokenKind::Plus) ? Operator::Add : Operator::Sub;
  at_++;
  if (!at(TokenKind::Number)) fail();
  const Token& second = token();
  Expr* right = number();
  if (!right->as<ConstantExpr>()->value.is(ConstantKind::Complex)) {
    raiseAt(second.location, "imaginary number required in complex literal");
  }
  auto* node = make<BinOp>(since(start));
  node->left = left;
  node->op = op;
  node->right = right;
  return node;
}

// At a name: `a` or `a.b.c`, to be loaded.
Expr* Parser::dottedValue() {
  const Token& start = token();
  Identifier id = expectName();
  auto* name = make<Name>(start.location);
  name->id = id;
  Expr* value = name;
  while (accept(TokenKind::Dot)) {
    Identifier attr = expectName();
    auto* node = make<Attribute>(since(start));
    node->value = value;
    node->attr = attr;
    value = node;
  }
  return value;
}

Pattern* Parser::namePattern() {
  const Token& start = token();
  // The wildcard is never the start of anything longer.
  switch (atSoftKeyword("_") ? TokenKind::EndMarker : kindAfter(1)) {
    case TokenKind::Dot:
    case TokenKind::LeftParen: {
      Expr* value = dottedValue();
      if (at(TokenKind::LeftParen)) return classPattern(value, start);
      if (at(TokenKind::Equal)) fail();
      auto* node = make<MatchValue>(since(start));
      node->value = value;
      return node;
    }
    default: {
      Identifier name;
      if (atSoftKeyword("_")) {
        at_++;
      } else {
        name = captureTarget();
      }
      auto* node = make<MatchAs>(start.location);
      node->name = name;
      return node;
    }
  }
}

Pattern* Parser::classPattern(Expr* cls, const Token& start) {
  DepthGuard guard(*this, kBracketDepth);
  at_++;
  NodeVector<Pattern*> patterns;
  NodeVector<Identifier> attributes;
  NodeVector<Pattern*> keywordPatterns;
  while (!at(TokenKind::RightParen)) {
    if (at(TokenKind::Name) && kindAfter(1) == TokenKind::Equal) {
      attributes.push_back(expectName());
      at_++;
      keywordPatterns.push_back(asPattern());
    } else {
      if (!attributes.empty()) fail();
      patterns.push_back(asPattern());
    }
    if (!accept(TokenKind::Comma)) break;
  }
  expect(TokenKind::RightParen);
  auto* node = make<MatchClass>(since(start));
  node->cls = cls;
  node->patterns = arena_.copyOf(patterns);
  node->kwdAttrs = arena_.copyOf(attributes);
  node->kwdPatterns = arena_.copyOf(keywordPatterns);
  return node;
}

// `(a)` is `a`; `()`, `(a,)` and `(a, b)` are sequences.
Pattern* Parser::groupOrSequencePattern() {
  DepthGuard guard(*this, kBracketDepth);
  const Token& start = token();
  at_++;
  NodeVector<Pattern*> elements;
  if (!at(TokenKind::RightParen)) {
    Pattern* first = maybeStarPattern();
    if (!at(TokenKind::Comma)) {
      if (first->is<MatchStar>()) fail();
      expect(TokenKind::RightParen);
      return first;
    }
    at_++;
    elements.push_back(first);
  }
  sequenceElements(elements, TokenKind::RightParen);
  auto* node = make<MatchSequence>(since(start));
  node->patterns = arena_.copyOf(elements);
  return node;
}

Pattern* Parser::mappingPattern() {
  DepthGuard guard(*this, kBracketDepth);
  const Token& start = token();
  at_++;
  NodeVector<Expr*> keys;
  NodeVector<Pattern*> patterns;
  Identifier rest;
  while (!at(TokenKind::RightBrace)) {
    if (accept(TokenKind::DoubleStar)) {
      rest = captureTarget();
      accept(TokenKind::Comma);
      break;
    }
    const Token& first = token();
    Expr* key;
    switch (first.kind) {
      case TokenKind::Name:
        if (kindAfter(1) != TokenKind::Dot) fail();
        key = dottedValue();
        break;
      case TokenKind::String: key = strings(); break;
      case TokenKind::None:
      case TokenKind::True:
      case TokenKind::False: key = atom(); break;
      default: key = signedNumber(true); break;
    }
    expect(TokenKind::Colon);
    keys.push_back(key);
    patterns.push_back(asPattern());
    if (!accept(TokenKind::Comma)) break;
  }
  expect(TokenKind::RightBrace);
  auto* node = make<MatchMapping>(since(start));
  node->keys = arena_.copyOf(keys);
  node->patterns = arena_.copyOf(patterns);
  node->rest = rest;
  return node;
}

}  // namespace krait
