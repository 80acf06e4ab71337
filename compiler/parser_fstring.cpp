// f-strings: in Python 3.11 they are plain string tokens, taken apart after the fact and their expressions parsed anew.
#include <algorithm>

#include "compiler/lexer.h"
#include "compiler/parser_string.h"
#include "compiler/syntax_error.h"

namespace krait {

using namespace ast;

namespace {

constexpr size_t kMaxNestedBrackets = 200;
constexpr int kMaxNestedSpecs = 2;

bool isBlank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r' || c == '\v'; }

}  // namespace

// Collects the parts of adjacent literals; one more is made for each format specification.
class FStringParser {
 public:
  // Counts lines forward only, so that a long literal is read once.
  struct LineCounter {
    size_t offset = 0;  // from the token's start
    int32_t lines = 0;
    size_t lineStart = 0;

    void advance(std::string_view text, size_t to) {
      for (; offset < to; offset++) {
        if (text[offset] != '\n') continue;
        lines++;
        lineStart = offset + 1;
      }
    }
  };

  FStringParser(Parser& parser, Location location, bool isUnicode, LineCounter& counter)
      : parser_(parser), location_(location), isUnicode_(isUnicode), counter_(counter) {}

  void appendLiteral(std::string_view text) { literal_ += text; }

  // One token, or the format specification in one (level > 0; ends at its closing brace, or at the token's end).
  void parse(const Token& token, std::string_view body, size_t& at, bool isRaw, int level) {
    while (at < body.size()) {
      readLiteral(token, body, at, isRaw, level);
      if (at >= body.size() || body[at] == '}') break;
      readExpression(token, body, at, isRaw, level);
    }
    if (level == 0 && at < body.size()) parser_.raiseHere("f-string: unexpected end of string");
  }

  // Places the whole, and the literal it ends with, at `location`.
  Expr* finish(Location location) {
    location_ = location;
    flushLiteral();
    auto* node = parser_.make<JoinedStr>(location_);
    node->values = parser_.arena_.copyOf(values_);
    return node;
  }

 private:
  void flushLiteral() {
    if (literal_.empty()) return;
    auto* node = parser_.make<ConstantExpr>(location_);
    node->value = Constant::str(parser_.arena_.copyText(literal_));
    node->hasUnicodePrefix = isUnicode_;
    values_.push_back(node);
    literal_.clear();
  }

  // Up to a brace that means something; doubled ones are literal outside of specifications.
  void readLiteral(const Token& token, std::string_view body, size_t& at, bool isRaw, int level) {
    size_t start = at;
    auto take = [&](size_t end) {
      if (end > start) literal_ += parser_.decodeLiteral(body.substr(start, end - start), isRaw, false, token, true);
    };
    while (at < body.size()) {
      char c = body[at];
      if (c == '\\' && !isRaw && at + 1 < body.size()) {
        char escaped = body[at + 1];
        if (escaped == 'N' && at + 2 < body.size() && body[at + 2] == '{') {
          // The braces of \N{...} are its own.
          size_t close = body.find('}', at);
          at = close == body.npos ? body.size() : close + 1;
          continue;
        }
        if (escaped != '{' && escaped != '}') {
          at += 2;
          continue;
        }
        // `\{`: the backslash stays, the brace counts.
        if (escaped == '{') parser_.warnInvalidEscape(body.substr(at, 2), token);
        at++;
        continue;
      }
      if (c == '{' || c == '}') {
        if (level == 0) {
          if (at + 1 < body.size() && body[at + 1] == c) {
            take(at + 1);
            at += 2;
            start = at;
            continue;
          }
          if (c == '}') parser_.raiseHere("f-string: single '}' is not allowed");
        }
        break;
      }
      at++;
    }
    take(at);
  }

  // Where the expression that starts at `at` ends. Strings and brackets in it are skipped, not understood.
  size_t findExpressionEnd(std::string_view body, size_t at) {
    char quote = 0;
    bool triple = false;
    std::string open;
    for (; at < body.size(); at++) {
      char c = body[at];
      if (c == '\\') parser_.raiseHere("f-string expression part cannot include a backslash");
      if (quote != 0) {
        if (c != quote) continue;
        if (triple) {
          if (at + 2 >= body.size() || body[at + 1] != c || body[at + 2] != c) continue;
          at += 2;
        }
        quote = 0;
        continue;
      }
      switch (c) {
        case '\'':
        case '"':
          triple = at + 2 < body.size() && body[at + 1] == c && body[at + 2] == c;
          if (triple) at += 2;
          quote = c;
          continue;
        case '[':
        case '{':
        case '(':
          if (open.size() >= kMaxNestedBrackets) parser_.raiseHere("f-string: too many nested parenthesis");
          open += c;
          continue;
        case '#': parser_.raiseHere("f-string expression part cannot include '#'");
        default: break;
      }
      if (open.empty() && (c == '!' || c == ':' || c == '}' || c == '=' || c == '<' || c == '>')) {
        if (at + 1 < body.size() && body[at + 1] == '=' && (c == '!' || c == '=' || c == '<' || c == '>')) {
          at++;
          continue;
        }
        if (c == '<' || c == '>') continue;
        break;
      }
      if (c == ']' || c == '}' || c == ')') {
        if (open.empty()) parser_.raiseHere(std::string("f-string: unmatched '") + c + "'");
        char opening = open.back();
        open.pop_back();
        if (c != (opening == '(' ? ')' : opening == '[' ? ']' : '}')) {
          parser_.raiseHere(std::string("f-string: closing parenthesis '") + c +
                            "' does not match opening parenthesis '" + opening + "'");
        }
      }
    }
    if (quote != 0) parser_.raiseHere("f-string: unterminated string");
    if (!open.empty()) parser_.raiseHere(std::string("f-string: unmatched '") + open.back() + "'");
    return at;
  }

  // At `{`; leaves `at` behind the `}`.
  void readExpression(const Token& token, std::string_view body, size_t& at, bool isRaw, int level) {
    if (level >= kMaxNestedSpecs) parser_.raiseHere("f-string: expressions nested too deeply");
    size_t brace = at++;
    size_t end = findExpressionEnd(body, at);
    auto expectMore = [&] {
      if (at >= body.size()) parser_.raiseHere("f-string: expecting '}'");
    };
    std::string_view source = body.substr(at, end - at);
    at = end;
    expectMore();
    Expr* value = compile(token, body, brace, source);
    bool showsSource = body[at] == '=';
    std::string_view sourceShown;
    if (showsSource) {
      parser_.requireVersion(8, "f-string: self documenting expressions are");
      at++;
      while (at < body.size() && isBlank(body[at])) at++;
      expectMore();
      sourceShown = body.substr(brace + 1, at - brace - 1);
    }
    int32_t conversion = -1;
    if (body[at] == '!') {
      at++;
      expectMore();
      conversion = body[at++];
      if (conversion != 's' && conversion != 'r' && conversion != 'a') {
        parser_.raiseHere("f-string: invalid conversion character: expected 's', 'r', or 'a'");
      }
    }
    expectMore();
    Expr* spec = nullptr;
    if (body[at] == ':') {
      at++;
      expectMore();
      // CPython places a specification at its own token, but what comes inside it at the whole of adjacent literals.
      FStringParser parts(parser_, location_, isUnicode_, counter_);
      parts.parse(token, body, at, isRaw, level + 1);
      spec = parts.finish(token.location);
    }
    if (at >= body.size() || body[at] != '}') parser_.raiseHere("f-string: expecting '}'");
    at++;
    literal_ += sourceShown;
    flushLiteral();
    if (showsSource && spec == nullptr && conversion == -1) conversion = 'r';
    auto* node = parser_.make<FormattedValue>(location_);
    node->value = value;
    node->conversion = conversion;
    node->formatSpec = spec;
    values_.push_back(node);
  }

  // The expression is parsed as text of its own, in brackets, so that newlines in it do not matter.
  Expr* compile(const Token& token, std::string_view body, size_t brace, std::string_view source) {
    if (std::all_of(source.begin(), source.end(), isBlank)) {
      char next = body[brace + 1 + source.size()];
      if (next == '!' || next == ':' || next == '=') {
        parser_.raiseHere(std::string("f-string: expression required before '") + next + "'");
      }
      parser_.raiseHere("f-string: empty expression not allowed");
    }
    Parser::DepthGuard guard(parser_, 12);
    // Where the brace is: on the token's first line its column counts from the token's.
    std::string_view whole = parser_.textOf(token);
    auto braceOffset = static_cast<size_t>(body.data() - whole.data()) + brace;
    counter_.advance(whole, braceOffset);
    bool firstLine = counter_.lines == 0;
    LexerOptions lexing;
    lexing.lineShift = token.location.line + counter_.lines - 1;
    lexing.columnShift =
        static_cast<int32_t>(braceOffset - counter_.lineStart) + (firstLine ? token.location.column : 0);
    std::string copy;
    copy.reserve(source.size() + 2);
    copy += '(';
    copy += source;
    copy += ')';
    TokenStream stream = tokenize(copy, lexing);
    if (stream.undecodable) {
      stream.error->message.insert(0, "f-string: ");
      if (stream.error->line == lexing.lineShift + 1) stream.error->column = stream.error->endColumn = 0;
    }
    Parser inner(parser_.arena_, copy, stream, parser_.options_, parser_.warnings_, parser_.depth_);
    ErrorPlace::Settings settings;
    settings.lineShift = lexing.lineShift;
    settings.columnShift = lexing.columnShift;
    // After a newline right behind the brace CPython does not count what is before the brace in its line.
    size_t afterBlanks = source.find_first_not_of(" \t\f");
    if (afterBlanks != source.npos && source[afterBlanks] == '\n') {
      settings.columnShift = firstLine ? token.location.column : 0;
    }
    settings.isFormattedExpression = true;
    inner.setErrorSettings(settings);
    inner.passOnLexerWarnings(stream.tokens.size());
    try {
      return inner.parseFormattedExpression();
    } catch (const SyntaxFailure&) {
      Diagnostic error = explainSyntaxError(inner, GrammarStart::FormattedExpression);
      if (error.kind == DiagnosticKind::UnicodeDecodeError) parser_.raiseHere("(unicode error) " + error.message);
      throw KnownError{std::move(error)};
    }
  }

  Parser& parser_;
  Location location_;
  bool isUnicode_;
  LineCounter& counter_;
  std::string literal_;
  NodeVector<Expr*> values_;
};

Expr* Parser::formattedStrings(size_t begin, size_t end, Location location, bool isBytes, bool isUnicode) {
  FStringParser::LineCounter counter;
  FStringParser parts(*this, location, isUnicode, counter);
  for (size_t i = begin; i < end; i++) {
    const Token& part = tokens_[i];
    StringToken literal = StringToken::read(textOf(part), part.start);
    checkBytes(literal, part);
    std::string text;
    if (!literal.isFormatted) text = decodeLiteral(literal.body, literal.isRaw, literal.isBytes, part);
    if (literal.isBytes != isBytes) raiseHere("cannot mix bytes and nonbytes literals");
    if (literal.isFormatted) {
      size_t position = 0;
      counter = {};
      parts.parse(part, literal.body, position, literal.isRaw, 0);
    } else {
      parts.appendLiteral(text);
    }
  }
  return parts.finish(location);
}

Expr* Parser::parseFormattedExpression() { return starExpressions(); }

}  // namespace krait
