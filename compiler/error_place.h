// Turns a place in the token stream into the line, columns and text that CPython's SyntaxError would carry.
#pragma once

#include <string>
#include <string_view>

#include "compiler/ast.h"
#include "compiler/diagnostic.h"
#include "compiler/token.h"

namespace krait {

class ErrorPlace {
 public:
  struct Settings {
    bool columnsInBytes = false;
    bool finishLastLine = true;
    int32_t lineShift = 0;    // of the expression of an f-string, as in LexerOptions
    int32_t columnShift = 0;  // what CPython takes for the shift, which errors then lack
    bool isFormattedExpression = false;
    bool isFile = false;  // the lines of a script are shown as they stand in the file
    bool hasByteOrderMark = false;
  };
  ErrorPlace(std::string_view text, const TokenStream& stream, const Settings& settings)
      : text_(text), stream_(stream), settings_(settings) {}

  const Settings& settings() const { return settings_; }

  // A known place; `farthest` is the last token the parser has looked at.
  Diagnostic at(ast::Location place, std::string message, size_t farthest) const;
  Diagnostic at(const Token& token, std::string message, size_t farthest) const {
    return at(token.location, std::move(message), farthest);
  }
  // From a place to where the parser has looked.
  Diagnostic startingAt(ast::Location place, std::string message, size_t farthest) const;
  // "Here": the last token the parser has looked at. Indents and the like have no place of their own, so the place
  // the lexer had reached stands for it.
  Diagnostic here(std::string message, size_t farthest) const;

 private:
  // What is shown for `line`: when the lexer has not gone beyond it, the buffer with all that was joined to it.
  std::string shownText(int32_t line, size_t farthest) const;
  size_t lineStart(int32_t line) const;
  int32_t lineOf(size_t tokenIndex) const;

  std::string_view text_;
  const TokenStream& stream_;
  Settings settings_;
};

}  // namespace krait
