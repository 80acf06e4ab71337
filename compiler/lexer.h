// Source text to tokens, all of them at once: Python's tokens depend on nothing the parser knows.
#pragma once

#include <cstdint>
#include <string_view>

#include "compiler/token.h"

namespace krait {

struct LexerOptions {
  // compile(..., 'exec') supplies the newline of an unfinished last line; the other modes do not.
  bool finishLastLine = true;
  // 'single': the end of the text ends the line and, unless dontImplyDedent, the blocks.
  bool interactive = false;
  bool dontImplyDedent = false;
  // Before 3.7 `async` and `await` were keywords only in an `async def`.
  bool asyncIsName = false;
  bool typeComments = false;    // `# type:` comments are tokens
  bool columnsInBytes = false;  // Source::columnsInBytes()
  bool isFile = false;          // Source::isFile()
  bool hasByteOrderMark = false;
  // For the expression of an f-string, whose text is a copy: what to add to line numbers, and to columns of line 1.
  int32_t lineShift = 0;
  int32_t columnShift = 0;
};

// `text` must be followed by a NUL and contain none. An error ends the stream with an Error token, so that it is
// met only when the parser gets there, as CPython's tokenizer would report it.
TokenStream tokenize(std::string_view text, const LexerOptions& options);

// Invalid bytes become U+FFFD.
std::string replaceInvalidUtf8(std::string_view text);

}  // namespace krait
