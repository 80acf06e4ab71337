// Reading parts of a failed statement once more, for the nodes that an error message needs.
#include "compiler/parser_impl.h"

namespace krait {

using namespace ast;

Expr* Parser::reparse(size_t from, size_t to) {
  size_t warnings = warnings_.size();
  using Rule = Expr* (Parser::*)();
  Expr* node = nullptr;
  for (Rule rule : {&Parser::yieldOrStarExpressions, &Parser::starNamedExpression, &Parser::expression,
                    &Parser::disjunction, &Parser::bitOr, &Parser::primary}) {
    at_ = from;
    try {
      Expr* candidate = (this->*rule)();
      if (at_ != to) continue;
      node = candidate;
      break;
    } catch (const SyntaxFailure&) {
      // Another rule may end earlier.
    }
  }
  warnings_.resize(warnings);
  return node;
}

Expr* Parser::reparseClauses(size_t from) {
  size_t warnings = warnings_.size();
  at_ = from;
  Expr* last = nullptr;
  try {
    ArenaSpan<Comprehension> clauses = comprehensions();
    last = clauses.back().ifs.empty() ? clauses.back().iter : clauses.back().ifs.back();
  } catch (const SyntaxFailure&) {
    // The grammar let through what the parser does not; the tokens' ends must do.
  }
  warnings_.resize(warnings);
  return last;
}

Parser::CallShape Parser::reparseArguments(size_t from) {
  size_t warnings = warnings_.size();
  at_ = from;
  CallArguments arguments;
  try {
    callArguments(arguments, false);
  } catch (const SyntaxFailure&) {
    // What is wrong comes after the part that is asked for.
  }
  warnings_.resize(warnings);
  CallShape shape;
  for (const Expr* argument : arguments.positional) {
    shape.positional++;
    shape.lastPositional = argument;
  }
  for (const Keyword& keyword : arguments.keywords) shape.unpacksMapping |= !keyword.name;
  return shape;
}

}  // namespace krait
