// What the lexer hands to the parser.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "compiler/ast.h"
#include "compiler/diagnostic.h"

namespace krait {

// Every token with a fixed spelling, once: the keyword and operator tables, the parser's names and the messages
// ("expected ':'") all come from these two lists.
#define KRAIT_KEYWORDS(X) \
  X(False, "False")       \
  X(None, "None")         \
  X(True, "True")         \
  X(And, "and")           \
  X(As, "as")             \
  X(Assert, "assert")     \
  X(Async, "async")       \
  X(Await, "await")       \
  X(Break, "break")       \
  X(Class, "class")       \
  X(Continue, "continue") \
  X(Def, "def")           \
  X(Del, "del")           \
  X(Elif, "elif")         \
  X(Else, "else")         \
  X(Except, "except")     \
  X(Finally, "finally")   \
  X(For, "for")           \
  X(From, "from")         \
  X(Global, "global")     \
  X(If, "if")             \
  X(Import, "import")     \
  X(In, "in")             \
  X(Is, "is")             \
  X(Lambda, "lambda")     \
  X(Nonlocal, "nonlocal") \
  X(Not, "not")           \
  X(Or, "or")             \
  X(Pass, "pass")         \
  X(Raise, "raise")       \
  X(Return, "return")     \
  X(Try, "try")           \
  X(While, "while")       \
  X(With, "with")         \
  X(Yield, "yield")

#define KRAIT_OPERATORS(X)   \
  X(LeftParen, "(")          \
  X(RightParen, ")")         \
  X(LeftBracket, "[")        \
  X(RightBracket, "]")       \
  X(LeftBrace, "{")          \
  X(RightBrace, "}")         \
  X(Colon, ":")              \
  X(Comma, ",")              \
  X(Semicolon, ";")          \
  X(Plus, "+")               \
  X(Minus, "-")              \
  X(Star, "*")               \
  X(Slash, "/")              \
  X(VerticalBar, "|")        \
  X(Ampersand, "&")          \
  X(Less, "<")               \
  X(Greater, ">")            \
  X(Equal, "=")              \
  X(Dot, ".")                \
  X(Percent, "%")            \
  X(EqualEqual, "==")        \
  X(NotEqual, "!=")          \
  X(LessEqual, "<=")         \
  X(GreaterEqual, ">=")      \
  X(Tilde, "~")              \
  X(Circumflex, "^")         \
  X(LeftShift, "<<")         \
  X(RightShift, ">>")        \
  X(DoubleStar, "**")        \
  X(PlusEqual, "+=")         \
  X(MinusEqual, "-=")        \
  X(StarEqual, "*=")         \
  X(SlashEqual, "/=")        \
  X(PercentEqual, "%=")      \
  X(AmpersandEqual, "&=")    \
  X(VerticalBarEqual, "|=")  \
  X(CircumflexEqual, "^=")   \
  X(LeftShiftEqual, "<<=")   \
  X(RightShiftEqual, ">>=")  \
  X(DoubleStarEqual, "**=")  \
  X(DoubleSlash, "//")       \
  X(DoubleSlashEqual, "//=") \
  X(At, "@")                 \
  X(AtEqual, "@=")           \
  X(Arrow, "->")             \
  X(Ellipsis, "...")         \
  X(ColonEqual, ":=")

enum class TokenKind : uint8_t {
  EndMarker,
  Newline,
  Indent,
  Dedent,
  Name,
  Number,
  String,
  TypeComment,  // only where they are asked for
#define X(name, text) name,
  KRAIT_KEYWORDS(X) KRAIT_OPERATORS(X)
#undef X
      Unknown,  // a character that is no token: `$`, `?`, `!`
  Error,        // the last token of a stream that ends in TokenStream::error
};

inline bool isKeyword(TokenKind kind) { return kind >= TokenKind::False && kind <= TokenKind::Yield; }

// The fixed spelling, or what the token is called.
std::string_view spellingOf(TokenKind kind);
// The keyword of this spelling, or Name.
TokenKind keywordOf(std::string_view text);

struct Token {
  TokenKind kind = TokenKind::EndMarker;
  bool hasHighBytes = false;  // a Name or String that is not pure ASCII
  uint32_t start = 0;         // offsets into the text that was lexed
  uint32_t end = 0;
  // Indent, Dedent and EndMarker have column and endColumn -1: CPython gives them no place.
  ast::Location location;
};

struct TokenStream {
  std::vector<Token> tokens;
  // Set exactly when the last token is Error.
  std::optional<Diagnostic> error;
  // The error is a name that is not UTF-8: where it outranks the parser's, CPython forgets to make it a SyntaxError.
  // Its `text` is the name, its columns are where the bad bytes begin and end in that.
  std::optional<Diagnostic> undecodable;
  // Where the text ends if it lacks a newline and is not given one: what ends there has been read together with the
  // end.
  size_t unfinishedEnd = SIZE_MAX;
  bool endsInString = false;  // of several lines, all of which CPython then has in its buffer
  bool errorIsAtEnd = false;  // more text might have mended it
  // What to say of the innermost bracket still open where the stream ends.
  std::optional<Diagnostic> neverClosed;
  WarningList warnings;
  std::vector<ast::TypeIgnore> typeIgnores;  // the tags lie in the text
  std::vector<uint32_t> warningTokens;       // of each warning, the token it is about
  // CPython reads lines into a buffer that it cannot let go while a token or a backslash goes on: the lines that
  // stand in it behind others, with the offset of the first of those. Errors show the buffer.
  struct JoinedLines {
    int32_t first;
    int32_t last;
    uint32_t bufferStart;
  };
  std::vector<JoinedLines> joinedLines;
  // The line whose start was looked for last, so that many warnings do not each search from the first line.
  struct LineStart {
    int32_t line = 1;
    size_t offset = 0;
  };
  mutable LineStart lastLineStart;
};

}  // namespace krait
