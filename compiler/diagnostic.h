// What the compiler says about a program it rejects or frowns upon; the caller turns it into a Python exception.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace krait {

enum class DiagnosticKind : uint8_t {
  SyntaxError,
  IndentationError,
  TabError,
  ValueError,
  MemoryError,
  RecursionError,
  OverflowError,
  SystemError,
  UnicodeDecodeError,
};

struct Diagnostic {
  DiagnosticKind kind = DiagnosticKind::SyntaxError;
  std::string message;
  // The values of SyntaxError's lineno, offset, end_lineno and end_offset. Lines and columns count from 1, columns in
  // characters; CPython's odd 0 and -1 (an end it does not know) are kept.
  int64_t line = 0;
  int64_t column = 0;
  int64_t endLine = 0;
  int64_t endColumn = 0;
  bool hasEnd = true;              // false: end_lineno and end_offset are None
  bool hasEndColumn = true;        // false: end_offset is None
  bool hasPlace = true;            // false: the message is all there is
  bool isPlacedLater = false;      // the place is not among the arguments of the exception, only in its attributes
  bool isAboutCharacters = false;  // found by the lexer, and so of more weight than what the parser found before it
  bool isAboutOpenBracket = false;
  // SyntaxError.text: absent when CPython would look the line up in the file (errors after parsing).
  std::optional<std::string> text;
};

enum class WarningCategory : uint8_t { SyntaxWarning, DeprecationWarning };

struct CompileWarning {
  WarningCategory category = WarningCategory::SyntaxWarning;
  // What it becomes when a filter turns it into an exception; its message and line are the warning's.
  Diagnostic asError;
};

using WarningList = std::vector<CompileWarning>;

}  // namespace krait
