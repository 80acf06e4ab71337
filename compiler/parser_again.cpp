// Reading parts of a failed statement once more, for the nodes that an error message needs.
#include "compiler/parser_impl.h"

namespace krait {

using namespace ast;

namespace {

// While it lives the parser sees the end of the text at a token, and its warnings do not count.
class Fence {
 public:
  Fence(Token& stop, WarningList& warnings)
      : stop_(stop), kind_(stop.kind), warnings_(warnings), warningCount_(warnings.size()) {
    stop_.kind = TokenKind::EndMarker;
  }
  ~Fence() {
    stop_.kind = kind_;
    warnings_.resize(warningCount_);
  }
  Fence(const Fence&) = delete;
  Fence& operator=(const Fence&) = delete;

 private:
  Token& stop_;
  TokenKind kind_;
  WarningList& warnings_;
  size_t warningCount_;
};

}  // namespace

size_t Parser::statementToReadFrom() {
  for (size_t i = 0; i < statementStart_; i++) {
    if (tokens_[i].kind != TokenKind::Name) continue;
    TokenKind next = tokens_[i + 1].kind;
    if (next != TokenKind::Minus && next != TokenKind::Plus && next != TokenKind::Star &&
        next != TokenKind::LeftBracket) {
      continue;
    }
    std::string_view name = textOf(tokens_[i]);
    if (name != "print" && name != "exec") continue;
    statementStart_ = 0;
    statementWarnings_ = firstWarning_;
    statementLexerWarnings_ = 0;
    break;
  }
  return statementStart_;
}

Expr* Parser::reparse(size_t from, size_t to) {
  Fence fence(stream_.tokens[to], warnings_);
  using Rule = Expr* (Parser::*)();
  for (Rule rule : {&Parser::yieldOrStarExpressions, &Parser::starNamedExpression}) {
    at_ = from;
    try {
      Expr* node = (this->*rule)();
      if (at_ == to) return node;
    } catch (const SyntaxFailure&) {
      // Then it is the other.
    }
  }
  return nullptr;
}

Expr* Parser::reparseClauses(size_t from, size_t to) {
  Fence fence(stream_.tokens[to], warnings_);
  at_ = from;
  try {
    ArenaSpan<Comprehension> clauses = comprehensions();
    if (clauses.empty()) return nullptr;
    return clauses.back().ifs.empty() ? clauses.back().iter : clauses.back().ifs.back();
  } catch (const SyntaxFailure&) {
    return nullptr;
  }
}

Parser::CallShape Parser::reparseArguments(size_t from, size_t to) {
  Fence fence(stream_.tokens[to], warnings_);
  at_ = from;
  CallArguments arguments;
  try {
    callArguments(arguments, false);
  } catch (const SyntaxFailure&) {
    // At the end that is none.
  }
  CallShape shape;
  shape.positional = arguments.positional.size();
  if (!arguments.positional.empty()) shape.lastPositional = arguments.positional.back();
  for (const Keyword& keyword : arguments.keywords) shape.unpacksMapping |= !keyword.name;
  return shape;
}

}  // namespace krait
