// Program text as the lexer wants it: UTF-8 whose newlines are all '\n', followed by a NUL.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "compiler/diagnostic.h"

namespace krait {

class Source {
 public:
  // Bytes given to compile(): honours a byte order mark and a PEP 263 cookie. Bytes that are not UTF-8 are an error
  // only inside a string or a name, as in CPython.
  static Source fromBytes(std::string_view bytes);
  // A script: as fromBytes, but the whole of it has to be UTF-8 when it names no encoding. `path` is for the message.
  static Source fromFile(std::string_view bytes, std::string_view path);
  // Characters of a str object, already UTF-8: a cookie is only a comment.
  static Source fromText(std::string_view utf8);

  // text().data()[text().size()] is a NUL, the only one. A last line without newline stays without.
  std::string_view text() const { return text_; }
  // CPython counts columns in bytes when it was given bytes that declare no encoding.
  bool columnsInBytes() const { return columnsInBytes_; }
  // A script, of which CPython shows the lines as they stand in the file.
  bool isFile() const { return isFile_; }
  bool hasByteOrderMark() const { return hasByteOrderMark_; }
  // Why this source cannot even be read; parse() reports it.
  const std::optional<Diagnostic>& error() const { return error_; }

  // Lines count from 1 and come without their newline; empty past the end. Linear in the text: for messages.
  std::string_view line(int64_t number) const;

 private:
  void adopt(std::string_view utf8);
  void fail(DiagnosticKind kind, std::string message);
  // Whether a byte order mark and cookie were understood; `decoded` then holds UTF-8, or nothing: use the rest as is.
  bool decode(std::string_view bytes, std::string_view path);

  std::string text_;
  std::optional<Diagnostic> error_;
  bool columnsInBytes_ = false;
  bool isFile_ = false;
  bool hasByteOrderMark_ = false;
};

// The number of characters in the first `bytes` bytes of `text`; a byte that starts no character counts as one.
int64_t countCharacters(std::string_view text, size_t bytes);

// The characters in the first `byteColumn` bytes of a line shown with an error, as CPython counts them.
int64_t characterColumn(std::string_view shownText, int64_t byteColumn);

// The first byte that is not part of well-formed UTF-8 (surrogates are refused), or npos. `reason` then becomes
// CPython's words for it, `length` the number of bytes it blames.
size_t findInvalidUtf8(std::string_view text, const char*& reason, size_t& length);

// "'utf-8' codec can't decode byte 0xff in position 3: invalid start byte", for what findInvalidUtf8 found.
std::string describeInvalidUtf8(std::string_view text, size_t position, const char* reason, size_t length);

}  // namespace krait
