// Program text as the lexer wants it: UTF-8, newlines all '\n', the last line ended, a NUL after the end.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "diagnostic.h"

namespace krait {

class Source {
 public:
  // Bytes of a file or a bytes object: honours a byte order mark and a PEP 263 cookie. A source that cannot be
  // decoded is remembered as such; parse() reports it.
  static Source fromBytes(std::string_view bytes);
  // Characters of a str object, already UTF-8: a cookie is ignored, and so is nothing else.
  static Source fromText(std::string_view utf8);

  // text().data()[text().size()] is a NUL.
  std::string_view text() const { return text_; }
  const std::optional<Diagnostic>& error() const { return error_; }
  // Whether the last line lacked its newline before it was given one.
  bool addedNewline() const { return addedNewline_; }

  // Lines count from 1; without the newline; empty past the end.
  std::string_view line(int64_t number) const;
  int64_t lineCount() const { return static_cast<int64_t>(lineStarts_.size()); }
  uint32_t lineStart(int64_t number) const { return lineStarts_[static_cast<size_t>(number - 1)]; }
  // The 1-based character column of a 0-based byte column, as SyntaxError.offset counts.
  int64_t characterColumn(int64_t line, int64_t byteColumn) const;

 private:
  void adopt(std::string_view utf8, int64_t firstErrorLine);
  void indexLines();

  std::string text_;
  std::vector<uint32_t> lineStarts_;
  std::optional<Diagnostic> error_;
  bool addedNewline_ = false;
};

}  // namespace krait
