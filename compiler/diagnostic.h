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
  IncompleteInput,  // _IncompleteInputError: only with ParseOptions::allowIncompleteInput
};

struct Diagnostic {
  DiagnosticKind kind = DiagnosticKind::SyntaxError;
  std::string message;
  // Positions have the meaning of SyntaxError's attributes. Lines and columns count from 1, columns in characters;
  // 0 means the position is unknown. An end of 0 is what CPython gives where it knows only a start.
  int64_t line = 0;
  int64_t column = 0;
  int64_t endLine = 0;
  int64_t endColumn = 0;
  // SyntaxError.text: absent when CPython would look the line up in the file (errors after parsing).
  std::optional<std::string> text;
};

enum class WarningCategory : uint8_t { SyntaxWarning, DeprecationWarning };

struct CompileWarning {
  WarningCategory category = WarningCategory::SyntaxWarning;
  std::string message;
  int64_t line = 0;
  // What the error becomes when a filter turns the warning into an exception.
  int64_t column = 0;
  int64_t endLine = 0;
  int64_t endColumn = 0;
};

using WarningList = std::vector<CompileWarning>;

}  // namespace krait
