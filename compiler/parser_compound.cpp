// Compound statements and the parameters of functions.
#include "compiler/parser_impl.h"

namespace krait {

using namespace ast;

void Parser::statement(NodeVector<Stmt*>& out) {
  if (Stmt* compound = compoundStatement()) {
    out.push_back(compound);
  } else {
    simpleStatements(out);
  }
}

// Null, with nothing consumed, where a simple statement stands.
Stmt* Parser::compoundStatement() {
  switch (kind()) {
    case TokenKind::If: return ifStatement();
    case TokenKind::While: return whileStatement();
    case TokenKind::For: return forStatement(token(), false);
    case TokenKind::With: return withStatement(token(), false);
    case TokenKind::Try: return tryStatement();
    case TokenKind::Def: return functionDefinition(token(), false, {});
    case TokenKind::Class: return classDefinition({});
    case TokenKind::Async: return asyncStatement({});
    case TokenKind::At: return decorated();
    case TokenKind::Name: return atMatchStatement() ? matchStatement() : nullptr;
    default: return nullptr;
  }
}

StmtList Parser::block() {
  NodeVector<Stmt*> body;
  if (!accept(TokenKind::Newline)) {
    simpleStatements(body);
    return arena_.copyOf(body);
  }
  expect(TokenKind::Indent);
  DepthGuard guard(*this, kBracketDepth);
  do {
    statement(body);
  } while (!accept(TokenKind::Dedent));
  return arena_.copyOf(body);
}

StmtList Parser::elseBlock() {
  if (!accept(TokenKind::Else)) return {};
  expect(TokenKind::Colon);
  return block();
}

// A chain of `elif` is read in a loop and then nested from its end, where all its parts end.
Stmt* Parser::ifStatement() {
  struct Arm {
    const Token* start;
    Expr* test;
    StmtList body;
  };
  boost::container::small_vector<Arm, 4> arms;
  do {
    if (static_cast<int>(arms.size()) + depth_ > kMaxDepth) raise(DiagnosticKind::MemoryError, "");
    const Token& start = token();
    at_++;
    Expr* test = namedExpression();
    expect(TokenKind::Colon);
    StmtList body = block();
    arms.push_back({&start, test, body});
  } while (at(TokenKind::Elif));
  StmtList orElse = elseBlock();
  for (size_t i = arms.size();;) {
    i--;
    auto* node = make<If>(since(*arms[i].start));
    node->test = arms[i].test;
    node->body = arms[i].body;
    node->orElse = orElse;
    if (i == 0) return node;
    Stmt* nested = node;
    orElse = arena_.copyArray(&nested, 1);
  }
}

Stmt* Parser::whileStatement() {
  const Token& start = token();
  at_++;
  Expr* test = namedExpression();
  expect(TokenKind::Colon);
  StmtList body = block();
  StmtList orElse = elseBlock();
  auto* node = make<While>(since(start));
  node->test = test;
  node->body = body;
  node->orElse = orElse;
  return node;
}

Stmt* Parser::forStatement(const Token& start, bool isAsync) {
  expect(TokenKind::For);
  Expr* target = starTargets();
  expect(TokenKind::In);
  Expr* iter = starExpressions();
  expect(TokenKind::Colon);
  std::string_view comment = typeComment();
  StmtList body = block();
  StmtList orElse = elseBlock();
  auto* node = make<For>(since(start));
  if (isAsync) {
    requireVersion(5, "Async for loops are");
    node->kind = StmtKind::AsyncFor;
  }
  node->target = target;
  node->iter = iter;
  node->typeComment = comment;
  node->body = body;
  node->orElse = orElse;
  return node;
}

Stmt* Parser::withStatement(const Token& start, bool isAsync) {
  expect(TokenKind::With);
  NodeVector<WithItem> items;
  bool parenthesized = at(TokenKind::LeftParen) && parenthesizedWithItems(items);
  if (!parenthesized) {
    do {
      items.push_back(withItem());
    } while (accept(TokenKind::Comma));
  }
  expect(TokenKind::Colon);
  std::string_view comment = typeComment();
  StmtList body = block();
  if (isAsync) requireVersionOfBlock(5, "Async with statements are");
  if (parenthesized && !isAsync) requireVersionOfBlock(9, "Parenthesized context managers are");
  auto* node = make<With>(since(start));
  if (isAsync) node->kind = StmtKind::AsyncWith;
  node->items = arena_.copyOf(items);
  node->typeComment = comment;
  node->body = body;
  return node;
}

// `with (a as b, c):`. The bracket may as well open an expression: `with (a, b) as c:`, `with (yield):`. So it is
// tried only when a colon follows the bracket's end, and given up when the contents are no items.
bool Parser::parenthesizedWithItems(NodeVector<WithItem>& items) {
  size_t open = at_;
  size_t close = at_;
  for (int level = 0;; close++) {
    TokenKind here = tokens_[close].kind;
    if (here == TokenKind::LeftParen || here == TokenKind::LeftBracket || here == TokenKind::LeftBrace) level++;
    if (here == TokenKind::RightParen || here == TokenKind::RightBracket || here == TokenKind::RightBrace) level--;
    if (level == 0) break;
    if (here == TokenKind::EndMarker || here == TokenKind::Error) return false;
  }
  if (tokens_[close + 1].kind != TokenKind::Colon) return false;
  // Only without brackets of its own does the statement have one.
  if (tokens_[close + 2].kind == TokenKind::TypeComment) return false;
  try {
    at_++;
    do {
      if (!items.empty() && at(TokenKind::RightParen)) break;
      items.push_back(withItem());
    } while (accept(TokenKind::Comma));
    if (at_ == close) {
      at_++;
      return true;
    }
  } catch (const SyntaxFailure&) {
    // Not items; then an expression, or an error that the caller meets again.
  }
  items.clear();
  at_ = open;
  return false;
}

WithItem Parser::withItem() {
  Expr* context = expression();
  if (!accept(TokenKind::As)) return {context, nullptr};
  Expr* target = starTarget();
  if (!at(TokenKind::Comma) && !at(TokenKind::RightParen) && !at(TokenKind::Colon)) fail();
  return {context, target};
}

Stmt* Parser::tryStatement() {
  const Token& start = token();
  at_++;
  expect(TokenKind::Colon);
  StmtList body = block();
  NodeVector<ExceptHandler> handlers;
  bool isStar = at(TokenKind::Except) && kindAfter(1) == TokenKind::Star;
  while (at(TokenKind::Except)) {
    const Token& first = token();
    at_++;
    if (accept(TokenKind::Star) != isStar) fail();
    ExceptHandler handler{};
    if (isStar || !at(TokenKind::Colon)) {
      // A bare except is the last one, but that is not for the grammar to say.
      handler.type = expression();
      if (accept(TokenKind::As)) handler.name = expectName();
    }
    expect(TokenKind::Colon);
    handler.body = block();
    handler.location = since(first);
    handlers.push_back(handler);
  }
  StmtList orElse = handlers.empty() ? StmtList() : elseBlock();
  StmtList finalBody;
  if (accept(TokenKind::Finally)) {
    expect(TokenKind::Colon);
    finalBody = block();
  } else if (handlers.empty()) {
    fail();
  }
  auto* node = make<Try>(since(start));
  if (isStar) {
    requireVersion(11, "Exception groups are");
    node->kind = StmtKind::TryStar;
  }
  node->body = body;
  node->handlers = arena_.copyOf(handlers);
  node->orElse = orElse;
  node->finalBody = finalBody;
  return node;
}

Stmt* Parser::asyncStatement(ExprList decorators) {
  const Token& start = token();
  at_++;
  if (at(TokenKind::Def)) return functionDefinition(start, true, decorators);
  if (!decorators.empty()) fail();
  if (at(TokenKind::For)) return forStatement(start, true);
  if (at(TokenKind::With)) return withStatement(start, true);
  fail();
}

Stmt* Parser::decorated() {
  NodeVector<Expr*> decorators;
  while (accept(TokenKind::At)) {
    decorators.push_back(namedExpression());
    expect(TokenKind::Newline);
  }
  ExprList list = arena_.copyOf(decorators);
  if (at(TokenKind::Def)) return functionDefinition(token(), false, list);
  if (at(TokenKind::Class)) return classDefinition(list);
  if (at(TokenKind::Async)) return asyncStatement(list);
  fail();
}

Stmt* Parser::functionDefinition(const Token& start, bool isAsync, ExprList decorators) {
  expect(TokenKind::Def);
  Identifier name = expectName();
  expect(TokenKind::LeftParen);
  Arguments* args = parameters(false);
  expect(TokenKind::RightParen);
  Expr* returns = accept(TokenKind::Arrow) ? expression() : nullptr;
  expect(TokenKind::Colon);
  std::string_view comment = functionTypeComment();
  StmtList body = block();
  auto* node = make<FunctionDef>(since(start));
  if (isAsync) {
    requireVersionOfBlock(5, "Async functions are");
    node->kind = StmtKind::AsyncFunctionDef;
  }
  node->name = name;
  node->args = args;
  node->body = body;
  node->decoratorList = decorators;
  node->returns = returns;
  node->typeComment = comment;
  return node;
}

// Behind the colon or on a line of its own; not both.
std::string_view Parser::functionTypeComment() {
  auto isAloneAt = [this](size_t ahead) {
    return kindAfter(ahead) == TokenKind::Newline && kindAfter(ahead + 1) == TokenKind::TypeComment &&
           kindAfter(ahead + 2) == TokenKind::Newline && kindAfter(ahead + 3) == TokenKind::Indent;
  };
  if (isAloneAt(0)) at_++;
  if (at(TokenKind::TypeComment) && isAloneAt(1)) fail();
  return typeComment();
}

Stmt* Parser::classDefinition(ExprList decorators) {
  const Token& start = token();
  expect(TokenKind::Class);
  Identifier name = expectName();
  CallArguments arguments;
  if (accept(TokenKind::LeftParen)) {
    callArguments(arguments, false);
    expect(TokenKind::RightParen);
  }
  expect(TokenKind::Colon);
  StmtList body = block();
  auto* node = make<ClassDef>(since(start));
  node->name = name;
  node->bases = arena_.copyOf(arguments.positional);
  node->keywords = arena_.copyOf(arguments.keywords);
  node->body = body;
  node->decoratorList = decorators;
  return node;
}

// ---- parameters ------------------------------------------------------------------------------------------------

Arg Parser::parameter(bool annotated, bool starAnnotated) {
  const Token& start = token();
  Identifier name = expectName();
  Expr* annotation = nullptr;
  if (annotated && accept(TokenKind::Colon)) annotation = starAnnotated ? starExpression() : expression();
  return {since(start), name, annotation, {}};
}

// Up to the closing parenthesis, or the colon of a lambda, which stays.
Arguments* Parser::parameters(bool isLambda) {
  TokenKind close = isLambda ? TokenKind::Colon : TokenKind::RightParen;
  NodeVector<Arg> positionalOnly;
  NodeVector<Arg> positional;
  NodeVector<Arg> keywordOnly;
  NodeVector<Expr*> defaults;
  NodeVector<Expr*> keywordDefaults;
  Arg* varArg = nullptr;
  Arg* kwArg = nullptr;
  bool sawSlash = false;
  bool sawStar = false;
  auto keep = [this](Arg arg) { return arena_.make<Arg>(arg); };
  while (!at(close)) {
    if (accept(TokenKind::DoubleStar)) {
      kwArg = keep(parameter(!isLambda, false));
      bool comma = accept(TokenKind::Comma);
      kwArg->typeComment = typeComment();
      if (!comma && !at(close)) fail();
      if (!at(close)) fail();
      break;
    }
    Arg* latest = nullptr;
    if (at(TokenKind::Star)) {
      if (sawStar) fail();
      at_++;
      sawStar = true;
      if (at(TokenKind::Comma)) {
        // A bare star needs a name after it.
        at_++;
        if (!at(TokenKind::Name)) fail();
        continue;
      }
      latest = varArg = keep(parameter(!isLambda, true));
    } else if (at(TokenKind::Slash)) {
      if (sawSlash || sawStar || positional.empty()) fail();
      at_++;
      sawSlash = true;
      positionalOnly.swap(positional);
    } else {
      Arg arg = parameter(!isLambda, false);
      Expr* value = accept(TokenKind::Equal) ? expression() : nullptr;
      if (sawStar) {
        keywordOnly.push_back(arg);
        latest = &keywordOnly.back();
        keywordDefaults.push_back(value);
      } else {
        if (value == nullptr && !defaults.empty()) fail();
        if (value != nullptr) defaults.push_back(value);
        positional.push_back(arg);
        latest = &positional.back();
      }
    }
    bool comma = accept(TokenKind::Comma);
    if (latest != nullptr && !isLambda) latest->typeComment = typeComment();
    if (!comma) break;
  }
  if (sawStar && varArg == nullptr && keywordOnly.empty()) fail();
  if (sawSlash) requireVersion(8, "Positional-only parameters are");
  auto* node = arena_.make<Arguments>();
  node->posOnlyArgs = arena_.copyOf(positionalOnly);
  node->args = arena_.copyOf(positional);
  node->varArg = varArg;
  node->kwOnlyArgs = arena_.copyOf(keywordOnly);
  node->kwDefaults = arena_.copyOf(keywordDefaults);
  node->kwArg = kwArg;
  node->defaults = arena_.copyOf(defaults);
  return node;
}

}  // namespace krait
