// The pieces from which string literals are read, shared with the f-string parser.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "compiler/parser_impl.h"

namespace krait {

// A string token taken apart.
struct StringToken {
  bool isBytes = false;
  bool isRaw = false;
  bool isFormatted = false;
  bool isUnicode = false;  // u'' prefix
  std::string_view body;   // between the quotes
  uint32_t bodyOffset = 0;

  static StringToken read(std::string_view text, uint32_t offset);
};

// Resolves the escapes of one literal. Source text given as str may hold surrogates; they pass.
struct StringDecoder {
  bool isFormatted = false;        // part of an f-string, whose bad bytes CPython counts from the run they are in
  std::string error;               // when decode() has failed
  std::string_view invalidEscape;  // the first backslash sequence that means nothing, if any

  std::string decode(std::string_view body, bool isRaw, bool isBytes, bool& failed);

 private:
  bool checkUtf8(std::string_view body);
  std::string decodeBytes(std::string_view body, bool& failed);
  std::string decodeText(std::string_view body, bool& failed);
  uint32_t octal(std::string_view body, size_t& i, char first);
  void noteInvalidEscape(std::string_view escape);
};

}  // namespace krait
