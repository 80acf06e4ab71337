// Primaries: names, literals, displays, and the calls, attributes and subscripts that follow them.
#include <charconv>
#include <cmath>
#include <cstdlib>

#include "compiler/parser_impl.h"

namespace krait {

using namespace ast;

Expr* Parser::primary() {
  const Token& start = token();
  Expr* value = atom();
  switch (kind()) {
    case TokenKind::Dot:
    case TokenKind::LeftParen:
    case TokenKind::LeftBracket: return trailers(value, start);
    default: return value;
  }
}

Expr* Parser::trailers(Expr* value, const Token& start) {
  for (;;) {
    switch (kind()) {
      case TokenKind::Dot: {
        at_++;
        Identifier name = expectName();
        auto* node = make<Attribute>(since(start));
        node->value = value;
        node->attr = name;
        value = node;
        break;
      }
      case TokenKind::LeftParen: value = call(value, start); break;
      case TokenKind::LeftBracket: {
        DepthGuard guard(*this, kBracketDepth);
        at_++;
        Expr* slice = subscript();
        expect(TokenKind::RightBracket);
        auto* node = make<Subscript>(since(start));
        node->value = value;
        node->slice = slice;
        value = node;
        break;
      }
      default: return value;
    }
  }
}

Expr* Parser::atom() {
  const Token& start = token();
  Constant value;
  switch (start.kind) {
    case TokenKind::Name: {
      at_++;
      auto* node = make<Name>(start.location);
      node->id = identifierOf(start);
      return node;
    }
    case TokenKind::Number: return number();
    case TokenKind::String: return strings();
    case TokenKind::LeftParen: return parenthesized();
    case TokenKind::LeftBracket: return listDisplay();
    case TokenKind::LeftBrace: return braceDisplay();
    case TokenKind::None: break;
    case TokenKind::True:
    case TokenKind::False: value = Constant::boolean(start.kind == TokenKind::True); break;
    case TokenKind::Ellipsis: value = Constant::ellipsis(); break;
    default: fail();
  }
  at_++;
  auto* node = make<ConstantExpr>(start.location);
  node->value = value;
  return node;
}

Expr* Parser::number() {
  const Token& start = token();
  std::string_view text = textOf(start);
  std::string plain;
  if (text.find('_') != text.npos) {
    requireVersion(6, "Underscores in numeric literals are");
    for (char c : text) {
      if (c != '_') plain += c;
    }
    text = plain;
  }
  Constant value;
  char prefix = text.size() > 1 && text[0] == '0' ? static_cast<char>(text[1] | 0x20) : ' ';
  if (prefix == 'x' || prefix == 'o' || prefix == 'b') {
    value = integerFromDigits(arena_, text.substr(2), prefix == 'x' ? 16 : prefix == 'o' ? 8 : 2);
  } else if (text.find_first_of(".eEjJ") == text.npos) {
    auto digits = static_cast<int64_t>(text.size());
    if (options_.maxIntegerDigits > 0 && digits > options_.maxIntegerDigits) {
      Location whole = start.location;
      whole.column = whole.endColumn = -1;
      raiseAt(whole, "Exceeds the limit (" + std::to_string(options_.maxIntegerDigits) +
                         " digits) for integer string conversion: value has " + std::to_string(digits) +
                         " digits; use sys.set_int_max_str_digits() to increase the limit - Consider hexadecimal for "
                         "huge integer literals to avoid decimal conversion limits.");
    }
    value = integerFromDigits(arena_, text, 10);
  } else {
    bool imaginary = (text.back() | 0x20) == 'j';
    if (imaginary) text.remove_suffix(1);
    double real = 0;
    auto result = std::from_chars(text.data(), text.data() + text.size(), real);
    if (result.ec == std::errc::result_out_of_range) {
      // from_chars tells neither infinity from zero nor what is nearest to a denormal; strtod does.
      real = std::strtod(std::string(text).c_str(), nullptr);
    }
    value = imaginary ? Constant::complex(0, real) : Constant::floating(real);
  }
  at_++;
  auto* node = make<ConstantExpr>(start.location);
  node->value = value;
  return node;
}

// `()`, a group, a tuple or a generator expression. A group is the expression itself.
Expr* Parser::parenthesized() {
  DepthGuard guard(*this, kBracketDepth);
  const Token& start = token();
  at_++;
  if (accept(TokenKind::RightParen)) return make<Tuple>(since(start));
  if (at(TokenKind::Yield)) {
    Expr* value = yieldExpression();
    expect(TokenKind::RightParen);
    return value;
  }
  Expr* first = starNamedExpression();
  if (atComprehension() && !first->is<Starred>()) {
    ArenaSpan<Comprehension> generators = comprehensions();
    expect(TokenKind::RightParen);
    auto* node = make<GeneratorExp>(since(start));
    node->elt = first;
    node->generators = generators;
    return node;
  }
  if (at(TokenKind::Comma)) {
    NodeVector<Expr*> elements = {first};
    while (accept(TokenKind::Comma)) {
      if (at(TokenKind::RightParen)) break;
      elements.push_back(starNamedExpression());
    }
    expect(TokenKind::RightParen);
    auto* node = make<Tuple>(since(start));
    node->elts = arena_.copyOf(elements);
    return node;
  }
  if (!at(TokenKind::RightParen) || first->is<Starred>()) fail();
  at_++;
  return first;
}

Expr* Parser::listDisplay() {
  DepthGuard guard(*this, kBracketDepth);
  const Token& start = token();
  at_++;
  NodeVector<Expr*> elements;
  if (!at(TokenKind::RightBracket)) {
    Expr* first = starNamedExpression();
    if (atComprehension() && !first->is<Starred>()) {
      ArenaSpan<Comprehension> generators = comprehensions();
      expect(TokenKind::RightBracket);
      auto* node = make<ListComp>(since(start));
      node->elt = first;
      node->generators = generators;
      return node;
    }
    elements.push_back(first);
    while (accept(TokenKind::Comma)) {
      if (at(TokenKind::RightBracket)) break;
      elements.push_back(starNamedExpression());
    }
  }
  expect(TokenKind::RightBracket);
  auto* node = make<List>(since(start));
  node->elts = arena_.copyOf(elements);
  return node;
}

// A dict or a set: the token after the first expression tells.
Expr* Parser::braceDisplay() {
  DepthGuard guard(*this, kBracketDepth);
  const Token& start = token();
  at_++;
  if (at(TokenKind::RightBrace) || at(TokenKind::DoubleStar)) return dictDisplay(start, nullptr);
  Expr* first = starNamedExpression();
  if (at(TokenKind::Colon) && !first->is<Starred>() && !first->is<NamedExpr>()) return dictDisplay(start, first);
  if (at(TokenKind::Colon)) {
    // `{(a := 1): 2}` is fine: the brackets are gone, but the first token still shows them.
    if (first->is<Starred>() || tokens_[&start - tokens_ + 1].kind != TokenKind::LeftParen) fail();
    return dictDisplay(start, first);
  }
  if (atComprehension() && !first->is<Starred>()) {
    ArenaSpan<Comprehension> generators = comprehensions();
    expect(TokenKind::RightBrace);
    auto* node = make<SetComp>(since(start));
    node->elt = first;
    node->generators = generators;
    return node;
  }
  NodeVector<Expr*> elements = {first};
  while (accept(TokenKind::Comma)) {
    if (at(TokenKind::RightBrace)) break;
    elements.push_back(starNamedExpression());
  }
  expect(TokenKind::RightBrace);
  auto* node = make<Set>(since(start));
  node->elts = arena_.copyOf(elements);
  return node;
}

// At the colon after the first key, or, without one, at the closing brace or the first `**`.
Expr* Parser::dictDisplay(const Token& start, Expr* firstKey) {
  NodeVector<Expr*> keys;
  NodeVector<Expr*> values;
  if (firstKey != nullptr) {
    at_++;
    Expr* value = expression();
    if (atComprehension()) {
      ArenaSpan<Comprehension> generators = comprehensions();
      expect(TokenKind::RightBrace);
      auto* node = make<DictComp>(since(start));
      node->key = firstKey;
      node->value = value;
      node->generators = generators;
      return node;
    }
    keys.push_back(firstKey);
    values.push_back(value);
    if (!at(TokenKind::RightBrace)) expect(TokenKind::Comma);
  }
  while (!at(TokenKind::RightBrace)) {
    if (accept(TokenKind::DoubleStar)) {
      keys.push_back(nullptr);
      values.push_back(binary(1));
    } else {
      keys.push_back(expression());
      expect(TokenKind::Colon);
      values.push_back(expression());
    }
    if (!accept(TokenKind::Comma)) break;
  }
  expect(TokenKind::RightBrace);
  auto* node = make<Dict>(since(start));
  node->keys = arena_.copyOf(keys);
  node->values = arena_.copyOf(values);
  return node;
}

Expr* Parser::call(Expr* callee, const Token& start) {
  DepthGuard guard(*this, kBracketDepth);
  const Token& open = token();
  at_++;
  CallArguments arguments;
  callArguments(arguments, true);
  expect(TokenKind::RightParen);
  // The bare generator of `f(x for x in y)` owns the call's parentheses.
  if (arguments.positional.size() == 1 && arguments.positional[0]->is<GeneratorExp>() &&
      arguments.positional[0]->location.line == 0) {
    arguments.positional[0]->location = since(open);
  }
  auto* node = make<Call>(since(start));
  node->func = callee;
  node->args = arena_.copyOf(arguments.positional);
  node->keywords = arena_.copyOf(arguments.keywords);
  return node;
}

void Parser::callArguments(CallArguments& out, bool generator) {
  bool sawKeyword = false;
  bool sawDoubleStar = false;
  while (!at(TokenKind::RightParen)) {
    const Token& start = token();
    if (accept(TokenKind::Star)) {
      if (sawDoubleStar) fail();
      Expr* value = expression();
      auto* node = make<Starred>(since(start));
      node->value = value;
      out.positional.push_back(node);
    } else if (accept(TokenKind::DoubleStar)) {
      sawKeyword = sawDoubleStar = true;
      Expr* value = expression();
      out.keywords.push_back({since(start), Identifier(), value});
    } else if (at(TokenKind::Name) && kindAfter(1) == TokenKind::Equal) {
      sawKeyword = true;
      Identifier name = expectName();
      at_++;
      Expr* value = expression();
      out.keywords.push_back({since(start), name, value});
    } else {
      if (sawKeyword) fail();
      Expr* value = namedExpression();
      if (atComprehension()) {
        if (!generator || !out.positional.empty()) fail();
        auto* node = make<GeneratorExp>(Location());  // the caller knows its place
        node->elt = value;
        node->generators = comprehensions();
        out.positional.push_back(node);
        if (!at(TokenKind::RightParen)) fail();
        return;
      }
      out.positional.push_back(value);
    }
    if (!accept(TokenKind::Comma)) break;
  }
}

Expr* Parser::subscript() {
  const Token& start = token();
  bool starred = at(TokenKind::Star);
  Expr* first = sliceOrExpression();
  if (!at(TokenKind::Comma) && !starred) return first;
  NodeVector<Expr*> elements = {first};
  while (accept(TokenKind::Comma)) {
    if (at(TokenKind::RightBracket)) break;
    elements.push_back(sliceOrExpression());
  }
  auto* tuple = make<Tuple>(since(start));
  tuple->elts = arena_.copyOf(elements);
  return tuple;
}

Expr* Parser::sliceOrExpression() {
  const Token& start = token();
  if (accept(TokenKind::Star)) {
    Expr* value = expression();
    auto* node = make<Starred>(since(start));
    node->value = value;
    return node;
  }
  Expr* lower = nullptr;
  if (!at(TokenKind::Colon)) {
    bool walrus = at(TokenKind::Name) && kindAfter(1) == TokenKind::ColonEqual;
    lower = namedExpression();
    if (!at(TokenKind::Colon)) return lower;
    if (walrus) fail();
  }
  at_++;
  auto atBound = [this] { return !at(TokenKind::Colon) && !at(TokenKind::Comma) && !at(TokenKind::RightBracket); };
  Expr* upper = atBound() ? expression() : nullptr;
  Expr* step = accept(TokenKind::Colon) && atBound() ? expression() : nullptr;
  auto* node = make<Slice>(since(start));
  node->lower = lower;
  node->upper = upper;
  node->step = step;
  return node;
}

ArenaSpan<Comprehension> Parser::comprehensions() {
  NodeVector<Comprehension> out;
  while (atComprehension()) {
    Comprehension part{};
    part.isAsync = accept(TokenKind::Async);
    at_++;
    part.target = starTargets();
    expect(TokenKind::In);
    part.iter = disjunction();
    NodeVector<Expr*> conditions;
    while (accept(TokenKind::If)) conditions.push_back(disjunction());
    part.ifs = arena_.copyOf(conditions);
    if (part.isAsync) requireVersion(6, "Async comprehensions are");
    out.push_back(part);
  }
  return arena_.copyOf(out);
}

}  // namespace krait
