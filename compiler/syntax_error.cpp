// Reads a failing statement as CPython's parser does: first for how far it gets, then for mistakes it knows by name.
#include "compiler/syntax_error.h"

#include <algorithm>
#include <array>
#include <vector>

#include "compiler/peg.h"
#include "compiler/syntax_grammar.h"

namespace krait {

using namespace ast;

namespace {

constexpr int kMaxDepth = 6000;
// Beyond this a single statement is not worth a second reading.
constexpr size_t kMaxTokens = 500'000;

const PegGrammar& grammar() {
  static const PegGrammar read(kSyntaxGrammar);
  return read;
}

// What an expression is called in "cannot assign to ...".
std::string_view nameOfExpression(const Expr* expr) {
  switch (expr->kind) {
    case ExprKind::Attribute: return "attribute";
    case ExprKind::Subscript: return "subscript";
    case ExprKind::Starred: return "starred";
    case ExprKind::Name: return "name";
    case ExprKind::List: return "list";
    case ExprKind::Tuple: return "tuple";
    case ExprKind::Lambda: return "lambda";
    case ExprKind::Call: return "function call";
    case ExprKind::BoolOp:
    case ExprKind::BinOp:
    case ExprKind::UnaryOp: return "expression";
    case ExprKind::GeneratorExp: return "generator expression";
    case ExprKind::Yield:
    case ExprKind::YieldFrom: return "yield expression";
    case ExprKind::Await: return "await expression";
    case ExprKind::ListComp: return "list comprehension";
    case ExprKind::SetComp: return "set comprehension";
    case ExprKind::DictComp: return "dict comprehension";
    case ExprKind::Dict: return "dict literal";
    case ExprKind::Set: return "set display";
    case ExprKind::JoinedStr:
    case ExprKind::FormattedValue: return "f-string expression";
    case ExprKind::Compare: return "comparison";
    case ExprKind::IfExp: return "conditional expression";
    case ExprKind::NamedExpr: return "named expression";
    case ExprKind::Slice: return "slice";
    case ExprKind::Constant:
      switch (expr->as<ConstantExpr>()->value.kind()) {
        case ConstantKind::None: return "None";
        case ConstantKind::False: return "False";
        case ConstantKind::True: return "True";
        case ConstantKind::Ellipsis: return "ellipsis";
        default: return "literal";
      }
  }
  return "expression";
}

enum class TargetUse : uint8_t { Assign, Delete, For };

// The part of a would-be target that cannot be one, or null.
const Expr* findBadTarget(const Expr* expr, TargetUse use) {
  auto firstOf = [use](ExprList elements) -> const Expr* {
    for (const Expr* element : elements) {
      if (const Expr* bad = findBadTarget(element, use)) return bad;
    }
    return nullptr;
  };
  switch (expr->kind) {
    case ExprKind::List: return firstOf(expr->as<List>()->elts);
    case ExprKind::Tuple: return firstOf(expr->as<Tuple>()->elts);
    case ExprKind::Starred: return use == TargetUse::Delete ? expr : findBadTarget(expr->as<Starred>()->value, use);
    case ExprKind::Compare:
      // `for x() in y` has been read as the comparison `x() in y`.
      if (use != TargetUse::For) return expr;
      if (expr->as<Compare>()->ops[0] != CompareOperator::In) return nullptr;
      return findBadTarget(expr->as<Compare>()->left, use);
    case ExprKind::Name:
    case ExprKind::Subscript:
    case ExprKind::Attribute: return nullptr;
    default: return expr;
  }
}

class Explainer {
 public:
  Explainer(Parser& parser, GrammarStart start)
      : parser_(parser),
        tokens_(parser.stream().tokens),
        place_(parser.errorPlace()),
        start_(start),
        first_(parser.statementToReadFrom()),
        memo_(tokens_.size() - first_),
        farthest_(first_) {
    levels_.reserve(tokens_.size() - first_);
    int level = 0;
    for (size_t i = first_; i < tokens_.size(); i++) {
      TokenKind kind = tokens_[i].kind;
      if (kind == TokenKind::LeftParen || kind == TokenKind::LeftBracket || kind == TokenKind::LeftBrace) level++;
      if (kind == TokenKind::RightParen || kind == TokenKind::RightBracket || kind == TokenKind::RightBrace) level--;
      levels_.push_back(level);
    }
  }

  Diagnostic explain() {
    size_t reached = first_;
    bool isSecondReading = false;
    parser_.forgetWarningsOfStatement();
    try {
      run();
      if (isIncompleteInput(parser_, farthest_)) return place_.here("incomplete input", farthest_);
      reached = farthest_;
      // What has been read stays read, so `farthest_` goes on from here.
      forget(static_cast<int32_t>(first_), static_cast<int32_t>(tokens_.size()));
      isSecondReading = lookingForMistakes_ = true;
      parser_.repeatWarningsBeforeStatement();
      run();
    } catch (KnownError& error) {
      if (!isSecondReading && isIncompleteInput(parser_, farthest_)) {
        return place_.here("incomplete input", farthest_);
      }
      return preferLexer(std::move(error.diagnostic));
    }
    return generic(reached);
  }

 private:
  static constexpr int32_t kUnknown = -2;
  static constexpr int32_t kFails = -1;

  struct Capture {
    int32_t from = -1;
    int32_t to = -1;
    const PegElement* element = nullptr;
  };
  struct Captures {
    std::array<Capture, 4> items;
    Capture& operator[](char label) { return items[static_cast<size_t>(label - 'a')]; }
  };

  void run() {
    constexpr const char* kStarts[] = {"file", "interactive", "eval", "func_type", "fstring"};
    parseRule(grammar().indexOf(kStarts[static_cast<size_t>(start_)]), static_cast<int32_t>(first_));
  }

  // ---- the answer

  Diagnostic generic(size_t reached) {
    const Token& last = tokens_[reached];
    if (last.kind == TokenKind::Indent || last.kind == TokenKind::Dedent) {
      Diagnostic error =
          place_.here(last.kind == TokenKind::Indent ? "unexpected indent" : "unexpected unindent", farthest_);
      error.kind = DiagnosticKind::IndentationError;
      parser_.passOnLexerWarnings(reached, true);
      return error;
    }
    Diagnostic error = place_.at(last, prefixed("invalid syntax"), farthest_);
    return preferLexerError(parser_.stream(), std::move(error), farthest_, true);
  }

  Diagnostic preferLexer(Diagnostic error) const {
    return preferLexerError(parser_.stream(), std::move(error), farthest_);
  }

  // ---- matching: each function answers where the match ends, or kFails

  const Token& look(int32_t at) {
    auto index = static_cast<size_t>(at);
    if (index > farthest_) farthest_ = index;
    if (tokens_[index].kind == TokenKind::Error) throw KnownError{*parser_.stream().error};
    return tokens_[index];
  }

  int32_t parseRule(uint16_t index, int32_t at) {
    const PegRule& rule = grammar().rule(index);
    uint32_t key = memoKey(index, rule.sharesMemo);
    int32_t known = remembered(key, at);
    if (known != kUnknown) return known;
    if (++depth_ > kMaxDepth || reinterpret_cast<uintptr_t>(__builtin_frame_address(0)) < nativeStackLimit()) {
      KnownError error;
      error.diagnostic.kind = DiagnosticKind::MemoryError;
      throw error;
    }
    bool hides = lookingForMistakes_ && rule.name == "expression_without_mistakes";
    if (hides) lookingForMistakes_ = false;
    int32_t end = parseAlternatives(rule.alternatives, at);
    if (hides) lookingForMistakes_ = true;
    depth_--;
    memo_[static_cast<size_t>(at) - first_].push_back({key, end});
    // A statement once read is not asked for again, except as part of its block.
    if (end != kFails && rule.name == "statement") forget(at, end);
    return end;
  }

  // Most rules are never tried at most tokens, so each token has a short list instead of a row for all rules.
  struct MemoEntry {
    uint32_t key;
    int32_t end;
  };
  uint32_t memoKey(uint16_t rule, bool shared) const { return rule * 2u + (lookingForMistakes_ && !shared ? 1u : 0u); }
  int32_t remembered(uint32_t key, int32_t at) const {
    for (const MemoEntry& entry : memo_[static_cast<size_t>(at) - first_]) {
      if (entry.key == key) return entry.end;
    }
    return kUnknown;
  }

  void forget(int32_t from, int32_t to) {
    for (int32_t at = from; at < to; at++) std::vector<MemoEntry>().swap(memo_[static_cast<size_t>(at) - first_]);
  }

  int32_t parseAlternatives(const std::vector<PegAlternative>& alternatives, int32_t at) {
    for (const PegAlternative& alternative : alternatives) {
      if (alternative.isMistake && !lookingForMistakes_) continue;
      bool cut = false;
      Captures captures;
      int32_t end = parseElements(alternative, at, captures, cut);
      if (end != kFails) {
        if (alternative.action.name.empty()) return end;
        act(alternative.action, captures, end);
      }
      if (cut) return kFails;
    }
    return kFails;
  }

  int32_t parseElements(const PegAlternative& alternative, int32_t at, Captures& captures, bool& cut) {
    for (const PegElement& element : alternative.elements) {
      if (element.kind == PegElement::Kind::Cut) {
        cut = true;
        continue;
      }
      int32_t end = parseElement(element, at);
      if (end == kFails) return kFails;
      if (element.label != 0) captures[element.label] = {at, end, &element};
      at = end;
    }
    return at;
  }

  int32_t parseElement(const PegElement& element, int32_t at) {
    using Modifier = PegElement::Modifier;
    switch (element.modifier) {
      case Modifier::None: return parseItem(element, at);
      case Modifier::Optional: {
        int32_t end = parseItem(element, at);
        return end == kFails ? at : end;
      }
      case Modifier::And: return parseItem(element, at) == kFails ? kFails : at;
      case Modifier::Not: return parseItem(element, at) == kFails ? at : kFails;
      case Modifier::Forced: {
        int32_t end = parseItem(element, at);
        if (end == kFails) {
          std::string message = "expected '" + std::string(element.text) + "'";
          throw KnownError{place_.at(tokens_[static_cast<size_t>(at)], prefixed(std::move(message)), farthest_)};
        }
        return end;
      }
      case Modifier::Plus:
      case Modifier::Star: {
        int32_t end = parseItem(element, at);
        if (end == kFails) return element.modifier == Modifier::Star ? at : kFails;
        while (end > at) {
          at = end;
          end = parseItem(element, at);
        }
        return at;
      }
      case Modifier::Gather: {
        int32_t end = parseItem(element, at);
        if (end == kFails) return kFails;
        for (;;) {
          if (look(end).kind != element.separator) return end;
          int32_t further = parseItem(element, end + 1);
          if (further == kFails) return end;
          end = further;
        }
      }
    }
    return kFails;
  }

  int32_t parseItem(const PegElement& element, int32_t at) {
    switch (element.kind) {
      case PegElement::Kind::Token: return look(at).kind == element.token ? at + 1 : kFails;
      case PegElement::Kind::SoftKeyword:
        return look(at).kind == TokenKind::Name && textOf(at) == element.text ? at + 1 : kFails;
      case PegElement::Kind::AnySoftKeyword:
        if (look(at).kind != TokenKind::Name) return kFails;
        return startsSoftKeyword(textOf(at)) ? at + 1 : kFails;
      case PegElement::Kind::NotEqual:
        return look(at).kind == TokenKind::NotEqual && (textOf(at) == "<>") == parser_.options().barryAsBdfl ? at + 1
                                                                                                             : kFails;
      case PegElement::Kind::Strings: return parseStrings(at);
      case PegElement::Kind::Rule: return parseRule(element.target, at);
      case PegElement::Kind::Group: return parseAlternatives(grammar().group(element.target), at);
      case PegElement::Kind::Cut: break;
    }
    return at;
  }

  // CPython compares only as many letters as the name has, so `c` and `ma` count as well.
  static bool startsSoftKeyword(std::string_view name) {
    constexpr std::string_view kSoftKeywords[] = {"_", "case", "match"};
    return std::any_of(std::begin(kSoftKeywords), std::end(kSoftKeywords),
                       [name](std::string_view word) { return word.starts_with(name); });
  }

  // Literals that the first parser did not get to may be wrong in themselves.
  int32_t parseStrings(int32_t at) {
    int32_t end = at;
    while (look(end).kind == TokenKind::String) end++;
    if (end == at) return kFails;
    parser_.parseStringsAt(static_cast<size_t>(at));
    return end;
  }

  std::string_view textOf(int32_t at) const {
    const Token& token = tokens_[static_cast<size_t>(at)];
    return parser_.text().substr(token.start, token.end - token.start);
  }

  // ---- what alternatives for mistakes do

  std::string prefixed(std::string message) const {
    return start_ == GrammarStart::FormattedExpression ? "f-string: " + message : message;
  }

  const Expr* nodeOf(const Capture& capture) {
    return parser_.reparse(static_cast<size_t>(capture.from), static_cast<size_t>(capture.to));
  }

  Parser::CallShape argumentsOf(const Capture& capture) {
    return parser_.reparseArguments(static_cast<size_t>(capture.from), static_cast<size_t>(capture.to));
  }

  Location locationOf(const Capture& capture) {
    const PegElement& element = *capture.element;
    bool single = element.modifier == PegElement::Modifier::None;
    if (single && element.kind == PegElement::Kind::Rule) {
      if (grammar().rule(element.target).isExpression) {
        if (const Expr* node = nodeOf(capture)) return node->location;
      }
      if (element.text == "for_if_clauses") {
        // The last thing in it: a condition or what is iterated over.
        if (const Expr* last =
                parser_.reparseClauses(static_cast<size_t>(capture.from), static_cast<size_t>(capture.to)))
          return last->location;
      }
    }
    auto last = static_cast<size_t>(capture.to - 1);
    // A parameter is matched with the comma behind it.
    bool isParameter = element.text == "param_no_default" || element.text == "lambda_param_no_default";
    if (isParameter && tokens_[last].kind == TokenKind::TypeComment) last--;
    if (isParameter && tokens_[last].kind == TokenKind::Comma) last--;
    // So are the elements that a display may end with.
    if (element.text == "star_named_expressions" && tokens_[last].kind == TokenKind::Comma) last--;
    Location location = tokens_[static_cast<size_t>(capture.from)].location;
    location.endLine = tokens_[last].location.endLine;
    location.endColumn = tokens_[last].location.endColumn;
    return location;
  }

  static Location join(Location from, const Location& to) {
    from.endLine = to.endLine;
    from.endColumn = to.endColumn;
    return from;
  }

  [[noreturn]] void raiseAt(Location location, std::string message) {
    throw KnownError{place_.at(location, prefixed(std::move(message)), farthest_)};
  }
  [[noreturn]] void raiseHere(std::string message) {
    throw KnownError{place_.here(prefixed(std::move(message)), farthest_)};
  }

  void act(const PegAction& action, Captures& captures, int32_t end) {
    std::string message = action.message;
    if (size_t hole = message.find("{a}"); hole != message.npos) {
      const Capture& capture = captures['a'];
      const Expr* node = nodeOf(capture);
      message.replace(hole, 3, node != nullptr ? nameOfExpression(node) : textOf(capture.from));
    }
    if (action.name == "at") raiseAt(locationOf(captures[action.first]), message);
    if (action.name == "here") raiseHere(message);
    if (action.name == "range") {
      raiseAt(join(locationOf(captures[action.first]), locationOf(captures[action.second])), message);
    }
    if (action.name == "from") {
      throw KnownError{place_.startingAt(locationOf(captures[action.first]), prefixed(message), farthest_)};
    }
    if (action.name == "block" || action.name == "block_here") {
      if (action.name == "block") {
        message = "expected an indented block after " + message + " on line " +
                  std::to_string(tokens_[static_cast<size_t>(captures[action.first].from)].location.line);
      } else {
        message = "expected an indented block";
      }
      KnownError error{place_.here(message, farthest_)};
      error.diagnostic.kind = DiagnosticKind::IndentationError;
      throw error;
    }
    if (action.name == "target") return badTarget(captures['a'], TargetUse::Assign);
    if (action.name == "delete_target") return badTarget(captures['a'], TargetUse::Delete);
    if (action.name == "for_target") return badTarget(captures['a'], TargetUse::For);
    if (action.name == "forgotten_comma") return forgottenComma(captures, end);
    if (action.name == "legacy_statement") return legacyStatement(captures);
    if (action.name == "missing_colon") return missingColon(captures['a']);
    if (action.name == "bare_generator") return bareGenerator(captures);
    if (action.name == "positional_after_keyword") return positionalAfterKeyword(captures['a']);
  }

  void badTarget(const Capture& capture, TargetUse use) {
    const Expr* node = nodeOf(capture);
    const Expr* bad = node != nullptr ? findBadTarget(node, use) : nullptr;
    if (bad == nullptr) return;
    raiseAt(bad->location, std::string(use == TargetUse::Delete ? "cannot delete " : "cannot assign to ") +
                               std::string(nameOfExpression(bad)));
  }

  static bool isLegacyStatement(std::string_view name) { return name == "print" || name == "exec"; }

  // Two expressions side by side in brackets.
  void forgottenComma(Captures& captures, int32_t end) {
    const Capture& first = captures['a'];
    if (first.to == first.from + 1 && tokens_[static_cast<size_t>(first.from)].kind == TokenKind::Name &&
        isLegacyStatement(textOf(first.from))) {
      return;
    }
    if (levels_[static_cast<size_t>(end) - 1 - first_] == 0) return;
    raiseAt(join(locationOf(first), locationOf(captures['b'])), "invalid syntax. Perhaps you forgot a comma?");
  }

  void legacyStatement(Captures& captures) {
    std::string name(textOf(captures['a'].from));
    if (!isLegacyStatement(name)) return;
    raiseAt(join(locationOf(captures['a']), locationOf(captures['b'])),
            "Missing parentheses in call to '" + name + "'. Did you mean " + name + "(...)?");
  }

  void missingColon(const Capture& key) {
    Location location = locationOf(key);
    location.column = location.endColumn - 1;
    location.endColumn = -1;
    raiseAt(location, "':' expected after dictionary key");
  }

  // `f(a, b for c in d)`: with one argument it would be fine, so then the mistake is another.
  void bareGenerator(Captures& captures) {
    Parser::CallShape shape = argumentsOf(captures['a']);
    if (shape.positional <= 1 || shape.lastPositional == nullptr) return;
    raiseAt(join(shape.lastPositional->location, locationOf(captures['b'])),
            "Generator expression must be parenthesized");
  }

  void positionalAfterKeyword(const Capture& arguments) {
    Parser::CallShape shape = argumentsOf(arguments);
    raiseHere(shape.unpacksMapping ? "positional argument follows keyword argument unpacking"
                                   : "positional argument follows keyword argument");
  }

  Parser& parser_;
  const std::vector<Token>& tokens_;
  ErrorPlace place_;
  GrammarStart start_;
  size_t first_;
  std::vector<std::vector<MemoEntry>> memo_;
  std::vector<int> levels_;  // open brackets behind each token
  size_t farthest_;
  int depth_ = 0;
  bool lookingForMistakes_ = false;
};

}  // namespace

namespace {

// CPython's tokenizer looks one character beyond most tokens, but not beyond a closing quote.
bool looksBeyond(const Token& token) { return token.kind != TokenKind::String || token.end - token.start == 2; }

}  // namespace

Diagnostic preferLexerError(const TokenStream& stream, Diagnostic error, size_t farthest, bool isGeneric) {
  bool isSyntax = error.kind == DiagnosticKind::SyntaxError || error.kind == DiagnosticKind::IndentationError;
  farthest = std::min(farthest, stream.tokens.size() - 1);
  if (!isSyntax || !stream.error || stream.tokens[farthest].kind == TokenKind::Error) return error;
  if (stream.error->isAboutCharacters) return *stream.error;
  if (stream.undecodable) return *stream.undecodable;
  const Token& last = stream.tokens[farthest];
  if (!isGeneric && last.end == stream.unfinishedEnd && looksBeyond(last)) return error;
  if (stream.neverClosed && last.location.line > stream.neverClosed->line) return *stream.neverClosed;
  return error;
}

bool isIncompleteInput(const Parser& parser, size_t farthest) {
  if (!parser.options().allowIncompleteInput) return false;
  const std::vector<Token>& tokens = parser.stream().tokens;
  const Token& last = tokens[std::min(farthest, tokens.size() - 1)];
  if (last.kind == TokenKind::Error) return parser.stream().errorIsAtEnd;
  if (last.end < parser.text().size()) return false;
  if (last.location.column == -1) return true;
  return last.end == parser.stream().unfinishedEnd && looksBeyond(last);
}

Diagnostic explainSyntaxError(Parser& parser, GrammarStart start) {
  if (parser.stream().tokens.size() - parser.statementStart() > kMaxTokens) return parser.errorHere("invalid syntax");
  Explainer explainer(parser, start);
  return explainer.explain();
}

}  // namespace krait
