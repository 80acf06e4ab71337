// CPython's rules for the place of a syntax error, quirks included.
#include "compiler/error_place.h"

#include <algorithm>

#include "compiler/lexer.h"
#include "compiler/source.h"

namespace krait {

// `line` counts in this text, without the shift.
size_t ErrorPlace::lineStart(int32_t line) const {
  TokenStream::LineStart at = stream_.lastLineStart;
  if (line < at.line) at = {};
  for (; at.line < line; at.line++) {
    size_t end = text_.find('\n', at.offset);
    if (end == text_.npos) return text_.size();
    at.offset = end + 1;
  }
  stream_.lastLineStart = at;
  return at.offset;
}

// The line the lexer was on after it had read that token.
int32_t ErrorPlace::lineOf(size_t tokenIndex) const {
  const std::vector<Token>& tokens = stream_.tokens;
  if (tokens.empty()) return 0;
  return tokens[std::min(tokenIndex, tokens.size() - 1)].location.endLine - settings_.lineShift;
}

std::string ErrorPlace::shownText(int32_t line, size_t farthest) const {
  size_t start = lineStart(line);
  size_t end = std::min(text_.find('\n', start), text_.size());
  if (settings_.isFile) {
    std::string shown = replaceInvalidUtf8(text_.substr(start, end - start));
    if (end < text_.size()) shown += '\n';
    return settings_.hasByteOrderMark && line == 1 ? "\xEF\xBB\xBF" + shown : shown;
  }
  bool isCurrent = line >= lineOf(farthest);
  if (isCurrent) {
    auto joined = std::lower_bound(stream_.joinedLines.begin(), stream_.joinedLines.end(), line,
                                   [](const TokenStream::JoinedLines& a, int32_t b) { return a.last < b; });
    if (joined != stream_.joinedLines.end() && joined->first <= line) start = joined->bufferStart;
  }
  size_t last = std::min(farthest, stream_.tokens.size() - 1);
  if (isCurrent && stream_.endsInString && !stream_.tokens.empty() && stream_.tokens[last].kind == TokenKind::Error) {
    end = text_.size() - (text_.ends_with('\n') ? 1 : 0);
  }
  std::string shown = replaceInvalidUtf8(text_.substr(start, end - start));
  if (isCurrent && (end < text_.size() || settings_.finishLastLine) && !text_.empty()) shown += '\n';
  return shown;
}

Diagnostic ErrorPlace::at(ast::Location place, std::string message, size_t farthest) const {
  Diagnostic error;
  error.message = std::move(message);
  int32_t line = place.line - settings_.lineShift;
  std::string shown = shownText(line, farthest);
  int64_t column = place.column + 1;
  int64_t endColumn = place.endColumn + 1;
  if (settings_.isFormattedExpression) {
    column -= settings_.columnShift;
    endColumn -= settings_.columnShift;
  }
  error.line = place.line;
  error.endLine = place.endLine;
  bool convert = !settings_.columnsInBytes && !settings_.isFormattedExpression;
  error.column = convert ? characterColumn(shown, column) : column;
  error.endColumn = convert ? characterColumn(shown, endColumn) : endColumn;
  error.text = std::move(shown);
  return error;
}

Diagnostic ErrorPlace::startingAt(ast::Location place, std::string message, size_t farthest) const {
  Diagnostic error = at(place, std::move(message), farthest);
  const Token& last = stream_.tokens[std::min(farthest, stream_.tokens.size() - 1)];
  int32_t line = last.location.endLine - settings_.lineShift;
  int64_t column = static_cast<int64_t>(last.end) - static_cast<int64_t>(lineStart(line));
  if (last.kind == TokenKind::Newline) column++;
  error.endLine = last.location.endLine;
  error.endColumn =
      settings_.columnsInBytes || settings_.isFormattedExpression ? column : characterColumn(*error.text, column);
  return error;
}

Diagnostic ErrorPlace::here(std::string message, size_t farthest) const {
  const Token& token = stream_.tokens[std::min(farthest, stream_.tokens.size() - 1)];
  if (token.location.column != -1) return at(token, std::move(message), farthest);
  Diagnostic error = at(token, std::move(message), farthest);
  auto column =
      static_cast<int64_t>(token.end) - static_cast<int64_t>(lineStart(token.location.line - settings_.lineShift));
  // The newline that an unfinished last line was given counts as read.
  bool atEnd = token.end == text_.size() && !text_.ends_with('\n') && settings_.finishLastLine && !text_.empty();
  if (atEnd) column++;
  // Of a script nothing is left in the buffer by then.
  if (settings_.isFile && token.end == text_.size()) column = 0;
  error.column = settings_.columnsInBytes ? column : characterColumn(*error.text, column);
  error.endColumn = -1;
  return error;
}

}  // namespace krait
