// The lexer's state, shared by its source files.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/lexer.h"
#include "compiler/source.h"

namespace krait {

enum class CharacterClass : uint8_t {
  Control,
  Letter,
  Digit,
  High,  // part of a character outside ASCII
  Quote,
  Comment,
  Newline,
  Backslash,
  End,
  Operator,
};

constexpr std::array<CharacterClass, 256> makeCharacterClasses() {
  std::array<CharacterClass, 256> table{};
  for (size_t c = 0; c < 256; c++) {
    bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    table[c] = letter                  ? CharacterClass::Letter
               : c >= '0' && c <= '9'  ? CharacterClass::Digit
               : c >= 128              ? CharacterClass::High
               : c == '"' || c == '\'' ? CharacterClass::Quote
               : c == '#'              ? CharacterClass::Comment
               : c == '\n'             ? CharacterClass::Newline
               : c == '\\'             ? CharacterClass::Backslash
               : c == 0                ? CharacterClass::End
               : c > ' ' && c < 127    ? CharacterClass::Operator
                                       : CharacterClass::Control;
  }
  return table;
}
inline constexpr std::array<CharacterClass, 256> kCharacterClasses = makeCharacterClasses();

inline bool isAsciiNamePart(char c) {
  CharacterClass kind = kCharacterClasses[static_cast<unsigned char>(c)];
  return kind == CharacterClass::Letter || kind == CharacterClass::Digit;
}

class Lexer {
 public:
  Lexer(std::string_view text, const LexerOptions& options) : text_(text), options_(options) {}
  TokenStream run();

 private:
  static constexpr size_t kMaxBrackets = 200;
  static constexpr size_t kMaxIndentation = 100;

  struct Indentation {
    int column;
    int alternate;
  };
  struct Bracket {
    char character;
    int32_t line;
    size_t offset;
    size_t lineStart;
  };

  // Each member that answers bool answers false when it has set stream_.error.
  bool lexAll();
  bool lexLine(bool& atLineStart);
  bool readIndentation(bool& blank);
  TokenKind asyncKeywordOf(TokenKind keyword);
  void readComment();
  std::optional<std::string_view> typeCommentAt(size_t start) const;
  bool changeIndentation(int column, int alternate);
  bool continueLine(bool inIndentation);
  bool endText();
  Diagnostic neverClosed() const;
  std::string shownText(size_t start, size_t end, bool isLastRead) const;
  bool lexOperator();
  bool closeBracket(char closing);
  bool lexHighName(size_t start);
  bool lexString(size_t start);
  static bool isStringPrefix(std::string_view text);

  bool lexNumber();
  bool lexRadixNumber(int base, const char* name);
  bool lexDecimalDigits();
  bool lexFraction();
  bool lexExponent(bool& present);
  bool endNumber(const char* kind);

  // An error about characters: it shows the line without its newline and outranks the parser's.
  bool failAt(std::string message, int64_t column, int64_t endColumn);
  // An error that CPython leaves to its parser to report: shows the whole buffer; the column counts bytes.
  bool failPlaced(DiagnosticKind kind, std::string message, int64_t byteColumn, int64_t endColumn);
  // The column is that of the character read last, the one before position_.
  bool failHere(std::string message);
  Diagnostic characterError(std::string message) const;

  Token& push(TokenKind kind, size_t start, size_t end);
  void pushWithoutPlace(TokenKind kind);
  void pushNewline(size_t at);
  // `isJoined`: a token or a backslash goes on in it.
  void nextLine(bool isJoined);
  bool needsNewline() const;
  size_t lineEnd() const;
  size_t lineEndFrom(size_t from) const;
  char peek(size_t ahead = 0) const { return text_.data()[position_ + ahead]; }
  static bool isDigit(char c) { return c >= '0' && c <= '9'; }

  std::string_view text_;
  LexerOptions options_;
  TokenStream stream_;
  size_t position_ = 0;
  size_t lineStart_ = 0;
  size_t bufferStart_ = 0;
  size_t commentStart_ = SIZE_MAX;  // of the last comment
  int32_t line_ = 0;
  bool endsInComment_ = false;
  // The `async def` that the text is in, under LexerOptions::asyncIsName: how deep it stands, and whether its first
  // line has ended. Not in one: zero.
  size_t asyncDepth_ = 0;
  bool asyncLineEnded_ = false;
  std::vector<Indentation> indentation_ = {{0, 0}};
  std::vector<Bracket> brackets_;
};

}  // namespace krait
