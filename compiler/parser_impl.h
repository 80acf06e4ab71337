// The recursive-descent parser's state and helpers, shared by parser_*.cpp.
//
// It decides from the next token or two and stops at the first token that fits nothing; it does not care what to
// say then. syntax_error.cpp looks at the failing statement again, slowly, the way CPython's PEG parser would.
#pragma once

#include <boost/container/small_vector.hpp>
#include <cstdint>
#include <string>
#include <string_view>

#include "compiler/error_place.h"
#include "compiler/parser.h"
#include "compiler/token.h"

namespace krait {

// Thrown inside the parser only: the tokens fit no rule of the grammar.
struct SyntaxFailure {};
// Thrown inside the parser only: an error that is known, whatever the rest of the text holds.
struct KnownError {
  Diagnostic diagnostic;
};

template <typename T>
using NodeVector = boost::container::small_vector<T, 8>;

struct StringToken;

class Parser {
 public:
  // `text` is what `stream` was made from.
  Parser(Arena& arena, std::string_view text, TokenStream& stream, const ParseOptions& options, WarningList& warnings,
         int depth = 0)
      : arena_(arena),
        text_(text),
        tokens_(stream.tokens.data()),
        stream_(stream),
        options_(options),
        warnings_(warnings),
        firstWarning_(warnings.size()),
        statementWarnings_(warnings.size()),
        depth_(depth) {}

  ast::Mod* parseModule(ParseMode mode);
  // The parenthesised expression of an f-string.
  ast::Expr* parseFormattedExpression();

  void setErrorSettings(const ErrorPlace::Settings& settings) { errorSettings_ = settings; }

  // ---- for syntax_error.cpp, which looks at a failed parse again
  // The first token of the top-level statement that failed.
  size_t statementStart() const { return statementStart_; }
  // Where the second reading may find a mistake first: at that statement, or at the beginning of the text when an
  // earlier one might be taken for the print statement of Python 2, like `print -1`.
  size_t statementToReadFrom();
  // The node that tokens [from, to) are, or null when they are none.
  ast::Expr* reparse(size_t from, size_t to);
  // The last expression in the `for ... in ... if ...` clauses that the tokens are.
  ast::Expr* reparseClauses(size_t from, size_t to);
  struct CallShape {
    size_t positional = 0;
    const ast::Expr* lastPositional = nullptr;
    bool unpacksMapping = false;
  };
  // The arguments of a call that the tokens are.
  CallShape reparseArguments(size_t from, size_t to);
  ast::Expr* parseStringsAt(size_t token) {
    at_ = token;
    return strings();
  }
  size_t position() const { return at_; }
  // CPython reads the whole text twice before it says what is wrong, and warns twice. Before each time that the failing
  // statement is read again: what its first, quick reading gave is forgotten; what came before it is said once more.
  void forgetWarningsOfStatement();
  void repeatWarningsBeforeStatement();
  // Passes on the lexer's warnings up to a token. It goes only that far with what is to be `last`.
  void passOnLexerWarnings(size_t token, bool last = false);
  bool hasMoreStatements() const;
  // At the last token used: for what is wrong only after a whole statement.
  Diagnostic errorHere(std::string message) const {
    return errorPlace().here(std::move(message), at_ == 0 ? 0 : at_ - 1);
  }
  std::string_view text() const { return text_; }
  const TokenStream& stream() const { return stream_; }
  ErrorPlace errorPlace() const { return ErrorPlace(text_, stream_, errorSettings_); }
  const ParseOptions& options() const { return options_; }

 private:
  friend class FStringParser;
  class DepthGuard;

  // CPython's parser gives up at this many nested rules, with a MemoryError.
  static constexpr int kMaxDepth = 6000;
  // What a pair of brackets is reckoned to cost; the lexer allows 200 of them.
  static constexpr int kBracketDepth = 15;

  // ---- tokens
  const Token& token() const { return tokens_[at_]; }
  TokenKind kind() const { return tokens_[at_].kind; }
  // Beyond the last token there is nothing to see: EndMarker and Error are never passed.
  TokenKind kindAfter(size_t ahead) const {
    size_t index = at_ + ahead;
    return index < stream_.tokens.size() ? tokens_[index].kind : TokenKind::EndMarker;
  }
  std::string_view textOf(const Token& token) const { return text_.substr(token.start, token.end - token.start); }
  bool at(TokenKind expected) const { return kind() == expected; }
  bool accept(TokenKind expected) {
    if (kind() != expected) return false;
    at_++;
    return true;
  }
  void expect(TokenKind expected) {
    if (!accept(expected)) fail();
  }
  bool atSoftKeyword(std::string_view word) const { return at(TokenKind::Name) && textOf(token()) == word; }

  // Also where the stream's own error surfaces, when the failing token is its Error token.
  [[noreturn]] void fail();
  // Without a place.
  [[noreturn]] void raise(DiagnosticKind kind, std::string message);
  // At a place of the text; columns as in ast.
  [[noreturn]] void raiseAt(ast::Location location, std::string message);
  // At the token after the ones used so far: where CPython's parser has read to.
  [[noreturn]] void raiseHere(std::string message);

  void beginStatement();
  void functionType(ast::Mod& module);

  // Errors in the expression of an f-string say so, each time anew where f-strings nest.
  std::string prefixed(std::string message) const;
  // What `feature_version` of ast.parse() is for; `what` as in "Pattern matching is".
  void requireVersion(int minor, const char* what) {
    if (options_.featureVersion < minor) refuseVersion(minor, what, at_);
  }
  // For what ends with a block, behind which nothing has been looked at.
  void requireVersionOfBlock(int minor, const char* what) {
    if (options_.featureVersion < minor) refuseVersion(minor, what, at_ - 1);
  }
  [[noreturn]] void refuseVersion(int minor, const char* what, size_t farthest);

  // ---- nodes
  ast::Location since(const Token& first) const;
  ast::Location since(const ast::Location& first) const;
  template <typename Node>
  Node* make(ast::Location location) {
    return ast::makeNode<Node>(arena_, location);
  }
  Identifier identifierOf(const Token& token);
  Identifier expectName();
  // The text of a type comment here; none, without data, where there is none.
  std::string_view typeComment();
  std::string_view functionTypeComment();

  // ---- literals (parser_string.cpp, parser_fstring.cpp)
  ast::Expr* strings();
  ast::Expr* formattedStrings(size_t begin, size_t end, ast::Location location, bool isBytes, bool isUnicode);
  std::string decodeLiteral(std::string_view body, bool isRaw, bool isBytes, const Token& token,
                            bool isFormatted = false);
  void checkBytes(const StringToken& literal, const Token& token);
  void warnInvalidEscape(std::string_view escape, const Token& token);

  // ---- statements (parser_statement.cpp, parser_compound.cpp)
  void statement(NodeVector<ast::Stmt*>& out);
  void simpleStatements(NodeVector<ast::Stmt*>& out);
  ast::Stmt* simpleStatement();
  ast::Stmt* expressionStatement();
  ast::Stmt* assignment(ast::Expr* first, const Token& start);
  ast::Stmt* annotatedAssignment(ast::Expr* target, const Token& start);
  ast::Stmt* deleteStatement();
  ast::Stmt* importStatement();
  ast::Stmt* importFromStatement();
  Identifier dottedName();
  ast::Stmt* raiseStatement();
  ast::Stmt* assertStatement();
  ast::Stmt* scopeStatement();
  ast::StmtList block();
  ast::Stmt* compoundStatement();
  ast::Stmt* ifStatement();
  ast::Stmt* whileStatement();
  ast::Stmt* forStatement(const Token& start, bool isAsync);
  ast::Stmt* withStatement(const Token& start, bool isAsync);
  bool parenthesizedWithItems(NodeVector<ast::WithItem>& items);
  ast::WithItem withItem();
  ast::Stmt* tryStatement();
  ast::Stmt* asyncStatement(ast::ExprList decorators);
  ast::Stmt* decorated();
  ast::Stmt* functionDefinition(const Token& start, bool isAsync, ast::ExprList decorators);
  ast::Stmt* classDefinition(ast::ExprList decorators);
  ast::StmtList elseBlock();
  ast::Arguments* parameters(bool isLambda);
  ast::Arg parameter(bool annotated, bool starAnnotated);

  // ---- patterns (parser_pattern.cpp)
  bool atMatchStatement() const;
  ast::Stmt* matchStatement();
  ast::MatchCase matchCase();
  ast::Pattern* topPattern();
  ast::Pattern* asPattern();
  ast::Pattern* orPattern();
  ast::Pattern* closedPattern();
  ast::Pattern* maybeStarPattern();
  ast::Pattern* literalPattern();
  ast::Pattern* namePattern();
  ast::Pattern* classPattern(ast::Expr* cls, const Token& start);
  ast::Pattern* groupOrSequencePattern();
  ast::Pattern* mappingPattern();
  void sequenceElements(NodeVector<ast::Pattern*>& out, TokenKind close);
  ast::Expr* signedNumber(bool allowComplex);
  ast::Expr* dottedValue();
  Identifier captureTarget();

  // ---- expressions (parser_expression.cpp)
  ast::Expr* starExpressions();
  ast::Expr* expressions();
  ast::Expr* starExpression();
  ast::Expr* starNamedExpression();
  ast::Expr* namedExpression();
  ast::Expr* yieldOrStarExpressions();
  ast::Expr* yieldExpression();
  ast::Expr* expression();
  ast::Expr* lambda();
  ast::Expr* disjunction();
  ast::Expr* conjunction();
  ast::Expr* inversion();
  ast::Expr* comparison();
  ast::Expr* binary(int precedence);
  ast::Expr* factor();
  ast::Expr* power();
  ast::Expr* finishTuple(ast::Expr* first, const Token& start, bool named);

  // ---- primaries (parser_atom.cpp)
  ast::Expr* primary();
  ast::Expr* trailers(ast::Expr* value, const Token& start);
  ast::Expr* atom();
  ast::Expr* number();
  ast::Expr* parenthesized();
  ast::Expr* listDisplay();
  ast::Expr* braceDisplay();
  ast::Expr* dictDisplay(const Token& start, ast::Expr* firstKey);
  ast::Expr* call(ast::Expr* callee, const Token& start);
  struct CallArguments {
    NodeVector<ast::Expr*> positional;
    NodeVector<ast::Keyword> keywords;
  };
  // Up to the closing parenthesis, which stays. `generator` allows the bare one of `f(x for x in y)`.
  void callArguments(CallArguments& out, bool generator);
  ast::Expr* subscript();
  ast::Expr* sliceOrExpression();
  bool atComprehension() const {
    return at(TokenKind::For) || (at(TokenKind::Async) && kindAfter(1) == TokenKind::For);
  }
  ArenaSpan<ast::Comprehension> comprehensions();

  // ---- targets (parser_target.cpp)
  enum class TargetRule : uint8_t { Star, Single, Delete };
  ast::Expr* starTargets();
  ast::Expr* starTarget();
  // Whether the expression is a target of that rule; if so it becomes one.
  bool becomeTarget(ast::Expr* expr, TargetRule rule);
  static bool isTarget(const ast::Expr* expr, TargetRule rule);
  static void setContext(ast::Expr* expr, ast::ExprContext context);

  Arena& arena_;
  std::string_view text_;
  const Token* tokens_;
  TokenStream& stream_;
  const ParseOptions& options_;
  WarningList& warnings_;
  size_t firstWarning_;       // those before are the outer parser's, of an f-string
  size_t lexerWarnings_ = 0;  // how many of the lexer's have been passed on
  size_t statementWarnings_;  // how many warnings there were before the statement; how many of them were the lexer's
  size_t statementLexerWarnings_ = 0;
  size_t at_ = 0;
  size_t statementStart_ = 0;
  ErrorPlace::Settings errorSettings_;
  int depth_ = 0;
};

// Counts nested rules, and watches the native stack itself in case a frame is larger than reckoned.
class Parser::DepthGuard {
 public:
  DepthGuard(Parser& parser, int cost) : parser_(parser), cost_(cost) {
    parser_.depth_ += cost;
    if (parser_.depth_ > kMaxDepth || stackIsLow()) {
      parser_.depth_ -= cost;
      parser_.raise(DiagnosticKind::MemoryError, "");
    }
  }
  ~DepthGuard() { parser_.depth_ -= cost_; }
  DepthGuard(const DepthGuard&) = delete;
  DepthGuard& operator=(const DepthGuard&) = delete;

  static bool stackIsLow();

 private:
  Parser& parser_;
  int cost_;
};

// The start of the native stack that must stay free, for this thread.
uintptr_t nativeStackLimit();

}  // namespace krait
