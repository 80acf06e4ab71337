// Module _tokenize: TokenizerIter, which hands over the tokens of a program as tuples: text, type, first and last line,
// columns in bytes, and the line as the tokenizer holds it.
#include "compiler/modules/tokenize_module.h"

#include <algorithm>
#include <new>

#include "compiler/lexer.h"
#include "compiler/materialise.h"
#include "compiler/source.h"
#include "vm/builtins/bytes.h"
#include "vm/builtins/str.h"
#include "vm/builtins/text.h"
#include "vm/builtins/tuple.h"
#include "vm/builtins/type_internal.h"
#include "vm/modules/native_arguments.h"

namespace krait {
namespace {

// Numbers of the library's module token.
enum : int { kName = 1, kNumber, kString, kNewline, kIndent, kDedent, kOperator = 54, kAwait, kAsync };

int typeOf(TokenKind kind) {
  switch (kind) {
    case TokenKind::Number: return kNumber;
    case TokenKind::String: return kString;
    case TokenKind::Newline: return kNewline;
    case TokenKind::Indent: return kIndent;
    case TokenKind::Dedent: return kDedent;
    case TokenKind::Unknown: return kOperator;
    case TokenKind::Await: return kAwait;
    case TokenKind::Async: return kAsync;
    case TokenKind::LeftParen: return 7;
    case TokenKind::RightParen: return 8;
    case TokenKind::LeftBracket: return 9;
    case TokenKind::RightBracket: return 10;
    case TokenKind::Colon: return 11;
    case TokenKind::Comma: return 12;
    case TokenKind::Semicolon: return 13;
    case TokenKind::Plus: return 14;
    case TokenKind::Minus: return 15;
    case TokenKind::Star: return 16;
    case TokenKind::Slash: return 17;
    case TokenKind::VerticalBar: return 18;
    case TokenKind::Ampersand: return 19;
    case TokenKind::Less: return 20;
    case TokenKind::Greater: return 21;
    case TokenKind::Equal: return 22;
    case TokenKind::Dot: return 23;
    case TokenKind::Percent: return 24;
    case TokenKind::LeftBrace: return 25;
    case TokenKind::RightBrace: return 26;
    case TokenKind::EqualEqual: return 27;
    case TokenKind::NotEqual: return 28;
    case TokenKind::LessEqual: return 29;
    case TokenKind::GreaterEqual: return 30;
    case TokenKind::Tilde: return 31;
    case TokenKind::Circumflex: return 32;
    case TokenKind::LeftShift: return 33;
    case TokenKind::RightShift: return 34;
    case TokenKind::DoubleStar: return 35;
    case TokenKind::PlusEqual: return 36;
    case TokenKind::MinusEqual: return 37;
    case TokenKind::StarEqual: return 38;
    case TokenKind::SlashEqual: return 39;
    case TokenKind::PercentEqual: return 40;
    case TokenKind::AmpersandEqual: return 41;
    case TokenKind::VerticalBarEqual: return 42;
    case TokenKind::CircumflexEqual: return 43;
    case TokenKind::LeftShiftEqual: return 44;
    case TokenKind::RightShiftEqual: return 45;
    case TokenKind::DoubleStarEqual: return 46;
    case TokenKind::DoubleSlash: return 47;
    case TokenKind::DoubleSlashEqual: return 48;
    case TokenKind::At: return 49;
    case TokenKind::AtEqual: return 50;
    case TokenKind::Arrow: return 51;
    case TokenKind::Ellipsis: return 52;
    case TokenKind::ColonEqual: return 53;
    default: return kName;  // names and the other keywords
  }
}

// The program and how far it has been handed over.
struct Reading {
  explicit Reading(std::string_view utf8) : source(Source::fromText(utf8)) {
    stream = tokenize(source.text(), LexerOptions{.columnsInBytes = true});
  }

  // The place in the text where line `number` starts; lines are asked for in order, nearly.
  size_t lineStart(int32_t number) {
    if (number < line) line = 1, lineOffset = 0;
    for (; line < number; line++) {
      size_t end = source.text().find('\n', lineOffset);
      if (end == std::string_view::npos) break;
      lineOffset = end + 1;
    }
    return lineOffset;
  }
  // What the tokenizer holds when it is at this line: the line, and those before it that a token or a backslash has
  // joined to it. Always with a newline at its end.
  Fallible<Str*> heldLine(Thread& thread, int32_t number) {
    size_t start = lineStart(number);
    size_t end = std::min(source.text().find('\n', start), source.text().size());
    const auto& joined = stream.joinedLines;
    auto found =
        std::lower_bound(joined.begin(), joined.end(), number, [](const auto& j, int32_t n) { return j.last < n; });
    if (found != joined.end() && found->first <= number) start = std::min<size_t>(start, found->bufferStart);
    if (end < source.text().size()) return makeStr(thread, source.text().substr(start, end + 1 - start));
    return makeStr(thread, std::string(source.text().substr(start)) + "\n");
  }

  Source source;
  TokenStream stream;
  size_t next = 0;
  size_t warned = 0;
  int32_t line = 1;
  size_t lineOffset = 0;
};

struct TokenizerIter : NativeObject {
  Reading* reading;
};
void finalise(Cell* cell) { delete static_cast<TokenizerIter*>(cell)->reading; }
constexpr NativeTraits kTraits{"tokenizeriter", nullptr, finalise};
Type* iteratorType;

Fallible<Value> make(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{"tokenizeriter", {"source"}, 1};
  Value given;
  TRY(kParameters.bind(thread, arguments, &given));
  Str* text = toStr(given);
  if (text == nullptr)
    return raiseTypeError(thread, "tokenizeriter() argument 'source' must be str, not {}", argumentTypeName(given));
  Value encoded = TRY(encodeStr(thread, text, "utf-8", "strict"));
  std::string_view utf8 = viewOf(encoded.as<Bytes>());
  if (utf8.find('\0') != std::string_view::npos) return raiseValueError(thread, "embedded null character");
  auto* iterator = TRY(allocate<TokenizerIter>(thread, Kind::kNative, iteratorType->instanceShape));
  iterator->traits = &kTraits;
  try {
    iterator->reading = new Reading(utf8);
  } catch (const std::bad_alloc&) {
    return raiseMemoryError(thread);
  }
  if (!heap.registerFinaliser(thread, iterator)) {
    finalise(iterator);
    return raiseMemoryError(thread);
  }
  return Value::of(iterator);
}

// CPython's tokenizer raises some errors itself; of others it leaves but a code, which this iterator takes for the end.
bool isRaisedByTokenizer(const Diagnostic& error) {
  return error.kind == DiagnosticKind::SyntaxError && !error.isAboutOpenBracket &&
         !error.message.starts_with("unexpected ");
}

Fallible<Value> tokenTuple(Thread& thread, Reading& reading, const Token& token) {
  int type = typeOf(token.kind);
  std::string_view text = reading.source.text();
  size_t start = token.start, end = token.end;
  int32_t line = token.location.line, endLine = token.location.endLine;
  int64_t column = token.location.column, endColumn = token.location.endColumn;
  if (type == kIndent || type == kDedent) {
    // At the end of the text there is no line to be on but the last.
    bool isAtEnd = reading.stream.tokens[reading.next].kind == TokenKind::EndMarker || token.start >= text.size();
    if (isAtEnd) line -= !text.empty() && text.back() == '\n' && reading.lineStart(line) >= text.size();
    endLine = line;
    start = end = 0;
    column = endColumn = -1;
  } else if (type == kNewline) {
    // A comment belongs to the newline behind it.
    size_t lineStart = reading.lineStart(line);
    size_t before = reading.next > 1 ? reading.stream.tokens[reading.next - 2].end : 0;
    size_t newline = std::min(text.find('\n', before), text.size());
    while (text.substr(0, newline).ends_with('\\') && text.substr(before, newline - before).find('#') == text.npos) {
      before = newline + 1;
      newline = std::min(text.find('\n', before), text.size());
    }
    start = std::min(text.substr(0, newline).find('#', before), newline);
    end = newline;
    column = static_cast<int64_t>(start - lineStart);
    endColumn = static_cast<int64_t>(end - lineStart);
    endLine = line;
  }
  Str* held = TRY(reading.heldLine(thread, endLine));
  return Value::of(TRY(makeTuple(thread, {Value::of(TRY(makeStr(thread, text.substr(start, end - start)))),
                                          Value::inlineInt(type), Value::inlineInt(line), Value::inlineInt(endLine),
                                          Value::inlineInt(column), Value::inlineInt(endColumn), Value::of(held)})));
}

Fallible<Value> nextToken(Thread& thread, Value self) {
  Reading& reading = *self.as<TokenizerIter>()->reading;
  try {
    const TokenStream& stream = reading.stream;
    const Token& token = stream.tokens[reading.next];
    while (reading.warned < stream.warnings.size() && stream.warningTokens[reading.warned] <= reading.next) {
      WarningList one{stream.warnings[reading.warned++]};
      TRY(issueWarnings(thread, one, {}, TRY(makeStr(thread, "<string>"))));
    }
    if (token.kind == TokenKind::Error && stream.error && isRaisedByTokenizer(*stream.error))
      return raiseDiagnostic(thread, *stream.error, TRY(makeStr(thread, "<string>")));
    if (token.kind == TokenKind::Error || token.kind == TokenKind::EndMarker)
      return raise(thread, exceptions.StopIteration, "EOF");
    reading.next++;
    return tokenTuple(thread, reading, token);
  } catch (const std::bad_alloc&) {
    return raiseMemoryError(thread);
  }
}

Fallible<Value> itself(Thread&, Value self) { return self; }

}  // namespace

Module* moduleTokenize(Thread& thread) {
  iteratorType = keepType(TypeBuilder(thread, "TokenizerIter", types.object, Kind::kNative)
                              .module("_tokenize")
                              .flags(Type::kInstantiable)
                              .constructor(make)
                              .special("__iter__", itself)
                              .next(nextToken)
                              .build());
  return ModuleBuilder(thread, "_tokenize").constant("TokenizerIter", Value::of(iteratorType)).build();
}

}  // namespace krait
