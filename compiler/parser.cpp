// From source to module: runs the lexer and the parser, and turns what they throw into diagnostics.
#include "compiler/parser.h"

#include <pthread.h>

#include "compiler/icu.h"
#include "compiler/lexer.h"
#include "compiler/parser_impl.h"
#include "compiler/syntax_error.h"

namespace krait {

using namespace ast;

// ---- the native stack ------------------------------------------------------------------------------------------

uintptr_t nativeStackLimit() {
  static thread_local const uintptr_t limit = [] {
    constexpr uintptr_t kReserve = 192 * 1024;
    pthread_attr_t attributes;
    if (pthread_getattr_np(pthread_self(), &attributes) != 0) return uintptr_t{0};
    void* low = nullptr;
    size_t size = 0;
    pthread_attr_getstack(&attributes, &low, &size);
    pthread_attr_destroy(&attributes);
    auto top = reinterpret_cast<uintptr_t>(low) + size;
    // With an unlimited stack the reported size is no promise; keep to what is customary.
    constexpr uintptr_t kMost = 64 * 1024 * 1024;
    if (size > kMost) size = kMost;
    return top - size + (size > 2 * kReserve ? kReserve : size / 2);
  }();
  return limit;
}

bool Parser::DepthGuard::stackIsLow() {
  return reinterpret_cast<uintptr_t>(__builtin_frame_address(0)) < nativeStackLimit();
}

// ---- helpers ---------------------------------------------------------------------------------------------------

void Parser::fail() {
  if (at(TokenKind::Error)) throw KnownError{*stream_.error};
  throw SyntaxFailure{};
}

void Parser::raise(DiagnosticKind kind, std::string message) {
  KnownError error;
  error.diagnostic.kind = kind;
  error.diagnostic.message = std::move(message);
  throw error;
}

void Parser::raiseAt(Location location, std::string message) {
  throw KnownError{errorPlace().at(location, prefixed(std::move(message)), at_ + 1)};
}

void Parser::raiseHere(std::string message) { throw KnownError{errorPlace().here(prefixed(std::move(message)), at_)}; }

std::string Parser::prefixed(std::string message) const {
  return errorSettings_.isFormattedExpression ? "f-string: " + message : message;
}

void Parser::refuseVersion(int minor, const char* what, size_t farthest) {
  std::string message = std::string(what) + " only supported in Python 3." + std::to_string(minor) + " and greater";
  throw KnownError{errorPlace().here(prefixed(std::move(message)), farthest)};
}

// From a token to the last one used that is not about lines.
Location Parser::since(const Token& first) const { return since(first.location); }

Location Parser::since(const Location& first) const {
  size_t last = at_ - 1;
  while (last > 0 && tokens_[last].kind <= TokenKind::Dedent) last--;
  return {first.line, first.column, tokens_[last].location.endLine, tokens_[last].location.endColumn};
}

Identifier Parser::identifierOf(const Token& token) {
  if (!token.hasHighBytes) return arena_.intern(textOf(token));
  return arena_.intern(icu::normalizeNfkc(textOf(token)));
}

Identifier Parser::expectName() {
  if (!at(TokenKind::Name)) fail();
  Identifier name = identifierOf(token());
  at_++;
  return name;
}

std::string_view Parser::typeComment() {
  if (!at(TokenKind::TypeComment)) return {};
  std::string_view text = arena_.copyText(textOf(token()));
  at_++;
  return text;
}

// ---- modules ---------------------------------------------------------------------------------------------------

Mod* Parser::parseModule(ParseMode mode) {
  auto* module = arena_.make<Mod>();
  NodeVector<Stmt*> body;
  switch (mode) {
    case ParseMode::Exec:
      module->kind = ModKind::Module;
      while (!at(TokenKind::EndMarker)) {
        beginStatement();
        statement(body);
      }
      break;
    case ParseMode::Single:
      module->kind = ModKind::Interactive;
      // A lone newline is a statement of nothing, which `single` refuses elsewhere.
      if (Stmt* compound = compoundStatement()) {
        body.push_back(compound);
        expect(TokenKind::Newline);
      } else {
        simpleStatements(body);
      }
      break;
    case ParseMode::Eval:
      module->kind = ModKind::Expression;
      module->expression = expressions();
      while (accept(TokenKind::Newline)) {}
      expect(TokenKind::EndMarker);
      break;
    case ParseMode::FunctionType: functionType(*module); break;
  }
  module->body = arena_.copyOf(body);
  if (mode == ParseMode::Exec) {
    for (TypeIgnore& ignore : stream_.typeIgnores) ignore.tag = arena_.copyText(ignore.tag);
    module->typeIgnores = arena_.copyOf(stream_.typeIgnores);
  }
  return module;
}

void Parser::beginStatement() {
  statementStart_ = at_;
  statementWarnings_ = warnings_.size();
  statementLexerWarnings_ = lexerWarnings_;
}

void Parser::forgetWarningsOfStatement() {
  warnings_.resize(statementWarnings_);
  lexerWarnings_ = statementLexerWarnings_;
  if (errorSettings_.isFormattedExpression) passOnLexerWarnings(stream_.tokens.size());
}

void Parser::repeatWarningsBeforeStatement() {
  for (size_t i = firstWarning_; i < statementWarnings_; i++) {
    // Tokens are read only once.
    if (warnings_[i].category == WarningCategory::DeprecationWarning) warnings_.push_back(warnings_[i]);
  }
}

void Parser::passOnLexerWarnings(size_t token, bool last) {
  while (lexerWarnings_ < stream_.warnings.size() && stream_.warningTokens[lexerWarnings_] <= token) {
    warnings_.push_back(stream_.warnings[lexerWarnings_++]);
  }
  if (last) lexerWarnings_ = stream_.warnings.size();
}

// `(int, *str, **Any) -> float`
void Parser::functionType(Mod& module) {
  module.kind = ModKind::FunctionType;
  expect(TokenKind::LeftParen);
  NodeVector<Expr*> types;
  bool starred = false;
  while (!at(TokenKind::RightParen)) {
    if (at(TokenKind::Star) || at(TokenKind::DoubleStar)) {
      // At most one of each, `**` last.
      if (starred && at(TokenKind::Star)) fail();
      starred = true;
      bool last = at(TokenKind::DoubleStar);
      at_++;
      types.push_back(expression());
      if (last) break;
    } else {
      if (starred) fail();
      types.push_back(expression());
    }
    if (!accept(TokenKind::Comma)) break;
    if (at(TokenKind::RightParen)) fail();
  }
  expect(TokenKind::RightParen);
  expect(TokenKind::Arrow);
  module.expression = expression();
  while (accept(TokenKind::Newline)) {}
  expect(TokenKind::EndMarker);
  module.argumentTypes = arena_.copyOf(types);
}

// `single` takes one statement; what may follow it is blank lines and comments.
bool Parser::hasMoreStatements() const {
  for (size_t i = at_; i < stream_.tokens.size(); i++) {
    TokenKind kind = stream_.tokens[i].kind;
    if (kind > TokenKind::Dedent && kind != TokenKind::TypeComment) return true;
  }
  return false;
}

namespace {

GrammarStart grammarStartOf(ParseMode mode) {
  switch (mode) {
    case ParseMode::Exec: return GrammarStart::File;
    case ParseMode::Single: return GrammarStart::Interactive;
    case ParseMode::Eval: return GrammarStart::Eval;
    case ParseMode::FunctionType: return GrammarStart::FunctionType;
  }
  return GrammarStart::File;
}

}  // namespace

ParseResult parse(Arena& arena, const Source& source, ParseMode mode, const ParseOptions& options) {
  ParseResult result;
  if (source.error()) {
    result.error = source.error();
    return result;
  }
  try {
    LexerOptions lexing;
    lexing.finishLastLine = mode == ParseMode::Exec;
    lexing.interactive = mode == ParseMode::Single;
    lexing.dontImplyDedent = options.dontImplyDedent;
    lexing.typeComments = options.typeComments;
    lexing.asyncIsName = options.featureVersion < 7;
    lexing.columnsInBytes = source.columnsInBytes();
    lexing.isFile = source.isFile();
    lexing.hasByteOrderMark = source.hasByteOrderMark();
    TokenStream stream = tokenize(source.text(), lexing);
    Parser parser(arena, source.text(), stream, options, result.warnings);
    ErrorPlace::Settings settings;
    settings.columnsInBytes = lexing.columnsInBytes;
    settings.finishLastLine = lexing.finishLastLine;
    settings.isFile = source.isFile();
    settings.hasByteOrderMark = source.hasByteOrderMark();
    parser.setErrorSettings(settings);
    try {
      Mod* module = parser.parseModule(mode);
      if (mode == ParseMode::Single && parser.hasMoreStatements()) {
        result.error = parser.errorHere("multiple statements found while compiling a single statement");
        parser.passOnLexerWarnings(parser.position() - 1, true);
      } else {
        result.module = module;
      }
    } catch (const SyntaxFailure&) {
      result.error = explainSyntaxError(parser, grammarStartOf(mode));
    } catch (KnownError& error) {
      result.error = isIncompleteInput(parser, parser.position())
                         ? parser.errorPlace().here("incomplete input", parser.position())
                         : preferLexerError(stream, std::move(error.diagnostic), parser.position());
    }
    parser.passOnLexerWarnings(stream.tokens.size());
  } catch (const std::bad_alloc&) {
    result.module = nullptr;
    result.error.emplace();
    result.error->kind = DiagnosticKind::MemoryError;
  }
  return result;
}

}  // namespace krait
