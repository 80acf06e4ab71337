// The lexer: a loop over character classes that knows lines, indentation and brackets; numbers are in lexer_number.cpp,
// names and strings in lexer_text.cpp.
#include "compiler/lexer_impl.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace krait {

namespace {

constexpr int kTabSize = 8;

constexpr std::array<TokenKind, 128> makeSingleCharacterTokens() {
  std::array<TokenKind, 128> table{};
  for (TokenKind& kind : table) kind = TokenKind::Unknown;
  constexpr struct {
    TokenKind kind;
    std::string_view text;
  } kOperators[] = {
#define X(name, text) {TokenKind::name, text},
    KRAIT_OPERATORS(X)
#undef X
  };
  for (const auto& op : kOperators) {
    if (op.text.size() == 1) table[static_cast<size_t>(op.text[0])] = op.kind;
  }
  return table;
}
constexpr std::array<TokenKind, 128> kSingleCharacterTokens = makeSingleCharacterTokens();

constexpr std::string_view kSpellings[] = {
    "end of file",
    "newline",
    "indent",
    "dedent",
    "name",
    "number",
    "string",
    "type comment",
#define X(name, text) text,
    KRAIT_KEYWORDS(X) KRAIT_OPERATORS(X)
#undef X
        "unknown",
    "error",
};

}  // namespace

std::string_view spellingOf(TokenKind kind) { return kSpellings[static_cast<size_t>(kind)]; }

namespace {

// The first letter, the last and the length tell keywords apart; the multipliers spread them over the table.
constexpr size_t kKeywordSlots = 128;
constexpr size_t keywordSlot(std::string_view text, size_t a, size_t b) {
  return (static_cast<unsigned char>(text.front()) * a + static_cast<unsigned char>(text.back()) * b + text.size()) %
         kKeywordSlots;
}

struct KeywordTable {
  std::array<TokenKind, kKeywordSlots> kinds{};
  size_t a = 0;
  size_t b = 0;
};

constexpr KeywordTable makeKeywordTable() {
  for (size_t a = 1; a < kKeywordSlots; a++) {
    for (size_t b = 1; b < kKeywordSlots; b++) {
      KeywordTable table;
      table.a = a;
      table.b = b;
      for (TokenKind& kind : table.kinds) kind = TokenKind::Name;
      bool collides = false;
      for (auto kind = static_cast<size_t>(TokenKind::False); kind <= static_cast<size_t>(TokenKind::Yield); kind++) {
        TokenKind& slot = table.kinds[keywordSlot(kSpellings[kind], a, b)];
        if (slot != TokenKind::Name) {
          collides = true;
          break;
        }
        slot = static_cast<TokenKind>(kind);
      }
      if (!collides) return table;
    }
  }
  return {};
}
constexpr KeywordTable kKeywords = makeKeywordTable();
static_assert(kKeywords.a != 0, "no multipliers tell the keywords apart");

}  // namespace

TokenKind keywordOf(std::string_view text) {
  if (text.size() < 2 || text.size() > 8) return TokenKind::Name;
  TokenKind kind = kKeywords.kinds[keywordSlot(text, kKeywords.a, kKeywords.b)];
  return kind != TokenKind::Name && text == spellingOf(kind) ? kind : TokenKind::Name;
}

std::string replaceInvalidUtf8(std::string_view text) {
  std::string out;
  const char* reason = nullptr;
  size_t length = 0;
  for (;;) {
    size_t bad = findInvalidUtf8(text, reason, length);
    out += text.substr(0, bad);
    if (bad == text.npos) return out;
    out += "\xEF\xBF\xBD";
    text.remove_prefix(bad + length);
  }
}

TokenStream tokenize(std::string_view text, const LexerOptions& options) { return Lexer(text, options).run(); }

// ---- errors ----------------------------------------------------------------------------------------------------

bool Lexer::failAt(std::string message, int64_t column, int64_t endColumn) {
  failHere(std::move(message));
  stream_.error->column = column;
  stream_.error->endColumn = endColumn;
  return false;
}

bool Lexer::failHere(std::string message) {
  stream_.error = characterError(std::move(message));
  return false;
}

Diagnostic Lexer::characterError(std::string message) const {
  Diagnostic error;
  error.isAboutCharacters = true;
  error.message = std::move(message);
  error.line = error.endLine = line_ + options_.lineShift;
  error.column = error.endColumn = countCharacters(text_.substr(lineStart_), position_ - lineStart_);
  error.text = replaceInvalidUtf8(text_.substr(lineStart_, lineEnd() - lineStart_));
  return error;
}

bool Lexer::failPlaced(DiagnosticKind kind, std::string message, int64_t byteColumn, int64_t endColumn) {
  size_t end = lineEnd();
  std::string shown = shownText(bufferStart_, end, true);
  Diagnostic& error = stream_.error.emplace();
  error.kind = kind;
  error.message = std::move(message);
  error.line = error.endLine = line_ + options_.lineShift;
  error.column = options_.columnsInBytes ? byteColumn : characterColumn(shown, byteColumn);
  error.endColumn = endColumn;
  error.text = std::move(shown);
  return false;
}

// The text of an error that CPython's parser reports: of a script the line in the file.
std::string Lexer::shownText(size_t start, size_t end, bool isLastRead) const {
  if (options_.isFile) {
    size_t newline = text_.rfind('\n', end == 0 ? 0 : end - 1);
    start = newline == text_.npos || newline < start ? start : newline + 1;
  }
  std::string shown = start == 0 && options_.isFile && options_.hasByteOrderMark ? "\xEF\xBB\xBF" : "";
  shown += replaceInvalidUtf8(text_.substr(start, end - start));
  if (end < text_.size() ? options_.isFile || isLastRead : !options_.isFile && isLastRead && options_.finishLastLine) {
    shown += '\n';
  }
  return shown;
}

size_t Lexer::lineEnd() const {
  size_t end = text_.find('\n', lineStart_);
  return end == text_.npos ? text_.size() : end;
}

// ---- tokens ----------------------------------------------------------------------------------------------------

Token& Lexer::push(TokenKind kind, size_t start, size_t end) {
  Token& token = stream_.tokens.emplace_back();
  token.kind = kind;
  token.start = static_cast<uint32_t>(start);
  token.end = static_cast<uint32_t>(end);
  int32_t shift = line_ == 1 ? options_.columnShift : 0;
  token.location.line = token.location.endLine = line_ + options_.lineShift;
  token.location.column = static_cast<int32_t>(start - lineStart_) + shift;
  token.location.endColumn = static_cast<int32_t>(end - lineStart_) + shift;
  return token;
}

void Lexer::pushWithoutPlace(TokenKind kind) {
  Token& token = push(kind, position_, position_);
  token.location.column = token.location.endColumn = -1;
}

// A comment belongs to the newline behind it.
void Lexer::pushNewline(size_t at) {
  bool commented = commentStart_ >= lineStart_ && commentStart_ < at;
  Token& token = push(TokenKind::Newline, at, at);
  if (commented) token.location.column -= static_cast<int32_t>(at - commentStart_);
}

void Lexer::nextLine(bool isJoined) {
  // The end of the text starts no line: its tokens belong to the last one.
  if (position_ >= text_.size()) return;
  line_++;
  lineStart_ = position_;
  if (isJoined) {
    auto& joins = stream_.joinedLines;
    if (joins.empty() || joins.back().bufferStart != bufferStart_ || joins.back().last != line_ - 1) {
      joins.push_back({line_, line_, static_cast<uint32_t>(bufferStart_)});
    } else {
      joins.back().last = line_;
    }
  } else {
    bufferStart_ = position_;
  }
}

TokenStream Lexer::run() {
  if (!options_.finishLastLine) stream_.unfinishedEnd = text_.size();
  stream_.tokens.reserve(text_.size() / 3 + 16);  // seldom more; memory that is not touched costs nothing
  bool complete = lexAll();
  if (!complete) pushWithoutPlace(TokenKind::Error);
  if (!brackets_.empty()) stream_.neverClosed = neverClosed();
  return std::move(stream_);
}

bool Lexer::lexAll() {
  if (!text_.empty()) line_ = 1;
  bool atLineStart = true;
  for (;;) {
    if (atLineStart && brackets_.empty()) {
      bool blank = false;
      if (!readIndentation(blank)) return false;
      if (blank) continue;
    }
    atLineStart = false;
    if (!lexLine(atLineStart)) return false;
    if (!atLineStart) return true;  // the end of the text
  }
}

// Measures the indentation of a line and emits what it means. `blank` lines are consumed whole.
bool Lexer::readIndentation(bool& blank) {
  int column = 0;
  int alternate = 0;  // with tabs worth one: both must order the same way, or the line means different things
  int firstColumn = -1;
  int firstAlternate = 0;
  for (;; position_++) {
    char c = text_.data()[position_];
    if (c == ' ') {
      column++;
      alternate++;
    } else if (c == '\t') {
      column = (column / kTabSize + 1) * kTabSize;
      alternate++;
    } else if (c == '\f') {
      column = alternate = 0;
    } else if (c == '\\') {
      // Of a split indentation the first line counts.
      if (firstColumn <= 0) {
        firstColumn = column;
        firstAlternate = alternate;
      }
      if (!continueLine(true)) return false;
      position_--;
    } else {
      break;
    }
  }
  char c = text_.data()[position_];
  // A line of its own does not take its indentation from a type comment, but it is a line.
  if (c == '#' && options_.typeComments) {
    readComment();
    if (!stream_.tokens.empty() && stream_.tokens.back().kind == TokenKind::TypeComment) return true;
  }
  if (c == '#' || c == '\n' || (c == '\0' && options_.finishLastLine && position_ > lineStart_)) {
    position_ = lineEndFrom(position_);
    if (position_ < text_.size()) {
      position_++;
      nextLine(false);
      blank = true;
      return true;
    }
    if (!options_.finishLastLine) {
      // The text ends in the comment: no indentation is ever seen.
      endsInComment_ = true;
      return true;
    }
  }
  if (position_ >= text_.size() && options_.finishLastLine) column = alternate = 0;
  if (firstColumn > 0 && position_ < text_.size()) {
    column = firstColumn;
    alternate = firstAlternate;
  }
  if (!changeIndentation(column, alternate)) return false;
  if (asyncLineEnded_ && indentation_.size() <= asyncDepth_) asyncDepth_ = 0;
  return true;
}

TokenKind Lexer::asyncKeywordOf(TokenKind keyword) {
  if (asyncDepth_ != 0) return keyword;
  if (keyword == TokenKind::Async || keyword == TokenKind::Await) return TokenKind::Name;
  if (keyword == TokenKind::Def && !stream_.tokens.empty()) {
    Token& last = stream_.tokens.back();
    if (last.kind == TokenKind::Name && text_.substr(last.start, last.end - last.start) == "async") {
      last.kind = TokenKind::Async;
      asyncDepth_ = indentation_.size();
      asyncLineEnded_ = false;
    }
  }
  return keyword;
}

void Lexer::readComment() {
  size_t start = position_;
  position_ = lineEndFrom(start);
  std::optional<std::string_view> type = options_.typeComments ? typeCommentAt(start) : std::nullopt;
  if (!type) {
    commentStart_ = start;
    return;
  }
  constexpr std::string_view kIgnore = "ignore";
  if (type->starts_with(kIgnore)) {
    std::string_view tag = type->substr(kIgnore.size());
    auto goesOn = [](char c) { return static_cast<signed char>(c) < 0 || (isAsciiNamePart(c) && c != '_'); };
    if (tag.empty() || !goesOn(tag[0])) {
      stream_.typeIgnores.push_back({line_ + options_.lineShift, tag});
      return;
    }
  }
  push(TokenKind::TypeComment, position_ - type->size(), position_);
}

// What a comment says after `# type:`, with any blanks before and behind the word.
std::optional<std::string_view> Lexer::typeCommentAt(size_t start) const {
  std::string_view rest = text_.substr(start + 1, lineEndFrom(start) - start - 1);
  auto skipBlanks = [&rest] { rest.remove_prefix(std::min(rest.find_first_not_of(" \t"), rest.size())); };
  constexpr std::string_view kWord = "type:";
  skipBlanks();
  if (!rest.starts_with(kWord)) return std::nullopt;
  rest.remove_prefix(kWord.size());
  // CPython wants to see what follows; an unfinished line has nothing.
  if (rest.empty() && rest.data() == text_.data() + text_.size() && !options_.finishLastLine) return std::nullopt;
  skipBlanks();
  return rest;
}

bool Lexer::changeIndentation(int column, int alternate) {
  auto inconsistent = [this] {
    return failPlaced(DiagnosticKind::TabError, "inconsistent use of tabs and spaces in indentation", 1, 0);
  };
  if (column == indentation_.back().column) {
    return alternate == indentation_.back().alternate || inconsistent();
  }
  if (column > indentation_.back().column) {
    if (indentation_.size() >= kMaxIndentation) {
      return failPlaced(DiagnosticKind::IndentationError, "too many levels of indentation", 1, 0);
    }
    if (alternate <= indentation_.back().alternate) return inconsistent();
    indentation_.push_back({column, alternate});
    pushWithoutPlace(TokenKind::Indent);
    return true;
  }
  size_t dedents = 0;
  while (indentation_.size() > 1 && column < indentation_.back().column) {
    indentation_.pop_back();
    dedents++;
  }
  if (column != indentation_.back().column) {
    size_t end = lineEnd();
    auto length = static_cast<int64_t>(end - lineStart_) + (end < text_.size() || options_.finishLastLine ? 1 : 0);
    return failPlaced(DiagnosticKind::IndentationError, "unindent does not match any outer indentation level", length,
                      -1);
  }
  if (alternate != indentation_.back().alternate) return inconsistent();
  for (; dedents > 0; dedents--) pushWithoutPlace(TokenKind::Dedent);
  return true;
}

// At a backslash: the line goes on in the next one, in the same buffer unless it is indentation that is split.
bool Lexer::continueLine(bool inIndentation) {
  position_++;
  char c = text_.data()[position_];
  bool atEnd = position_ >= text_.size();
  if (c != '\n' && !(atEnd && options_.finishLastLine)) {
    if (!atEnd) position_++;
    return failPlaced(DiagnosticKind::SyntaxError, "unexpected character after line continuation character",
                      static_cast<int64_t>(position_ - bufferStart_), 0);
  }
  if (!atEnd) position_++;
  if (position_ >= text_.size()) {
    auto column = static_cast<int64_t>(position_ - lineStart_) + (atEnd ? 1 : 0);
    stream_.errorIsAtEnd = true;
    if (!brackets_.empty()) {
      stream_.error = neverClosed();
      return false;
    }
    return failPlaced(DiagnosticKind::SyntaxError, "unexpected EOF while parsing", column, -1);
  }
  nextLine(!inIndentation);
  return true;
}

// What to say of the innermost open bracket. The newline is shown only on the line read last.
Diagnostic Lexer::neverClosed() const {
  const Bracket& open = brackets_.back();
  size_t from = open.line == line_ ? bufferStart_ : open.lineStart;
  size_t end = lineEndFrom(open.lineStart);
  Diagnostic error;
  error.isAboutOpenBracket = true;
  error.message = std::string("'") + open.character + "' was never closed";
  std::string shown = shownText(from, end, open.line == line_);
  auto byteColumn = static_cast<int64_t>(open.offset - open.lineStart) + 1;
  error.line = error.endLine = open.line + options_.lineShift;
  error.column = options_.columnsInBytes ? byteColumn : characterColumn(shown, byteColumn);
  error.text = std::move(shown);
  return error;
}

bool Lexer::endText() {
  if (!brackets_.empty()) {
    stream_.error = neverClosed();
    stream_.errorIsAtEnd = true;
    return false;
  }
  if (options_.interactive) {
    // The end of the text is a NEWLINE, which closes the blocks as well when the last line had no newline.
    bool unfinished = endsInComment_ || needsNewline();
    if (!stream_.tokens.empty()) pushWithoutPlace(TokenKind::Newline);
    if (unfinished && indentation_.size() > 1 && !options_.dontImplyDedent) {
      for (; indentation_.size() > 1; indentation_.pop_back()) pushWithoutPlace(TokenKind::Dedent);
      pushWithoutPlace(TokenKind::Newline);
    }
  }
  pushWithoutPlace(TokenKind::EndMarker);
  return true;
}

// Tokens up to and including a NEWLINE (then `atLineStart`) or the end of the text.
bool Lexer::lexLine(bool& atLineStart) {
  const char* const data = text_.data();
  size_t tokensBeforeLine = SIZE_MAX;  // inside brackets, how many tokens there were when the line began
  for (;;) {
    while (data[position_] == ' ' || data[position_] == '\t' || data[position_] == '\f') position_++;
    size_t start = position_;
    unsigned char c = static_cast<unsigned char>(data[start]);
    switch (kCharacterClasses[c]) {
      case CharacterClass::Letter: {
        size_t end = start + 1;
        while (isAsciiNamePart(data[end])) end++;
        position_ = end;
        if (static_cast<signed char>(data[end]) < 0) {
          if (!lexHighName(start)) return false;
          break;
        }
        if ((data[end] == '"' || data[end] == '\'') && isStringPrefix({data + start, end - start})) {
          if (!lexString(start)) return false;
          break;
        }
        TokenKind kind = keywordOf({data + start, end - start});
        if (options_.asyncIsName && kind != TokenKind::Name) kind = asyncKeywordOf(kind);
        push(kind, start, end);
        break;
      }
      case CharacterClass::High:
        if (!lexHighName(start)) return false;
        break;
      case CharacterClass::Digit:
        if (!lexNumber()) return false;
        break;
      case CharacterClass::Quote:
        if (!lexString(start)) return false;
        break;
      case CharacterClass::Comment: readComment(); break;
      case CharacterClass::Newline:
        position_++;
        if (brackets_.empty()) {
          pushNewline(start);
          atLineStart = true;
          asyncLineEnded_ = true;
        }
        nextLine(false);
        if (atLineStart) return true;
        tokensBeforeLine = stream_.tokens.size();
        break;
      case CharacterClass::Backslash:
        // A line inside brackets may be split before its first token too.
        if (!continueLine(tokensBeforeLine == stream_.tokens.size())) return false;
        break;
      case CharacterClass::End:
        if (options_.finishLastLine && brackets_.empty() && needsNewline()) {
          pushNewline(start);
          atLineStart = true;
          return true;
        }
        return endText();
      case CharacterClass::Operator:
        if (c == '.' && data[start + 1] >= '0' && data[start + 1] <= '9') {
          if (!lexNumber()) return false;
        } else if (!lexOperator()) {
          return false;
        }
        break;
      case CharacterClass::Control: {
        position_++;
        constexpr char kDigits[] = "0123456789ABCDEF";
        return failHere(std::string("invalid non-printable character U+00") + kDigits[c >> 4] + kDigits[c & 15]);
      }
    }
  }
}

bool Lexer::needsNewline() const {
  if (stream_.tokens.empty()) return false;
  TokenKind last = stream_.tokens.back().kind;
  return last != TokenKind::Newline && last != TokenKind::Indent && last != TokenKind::Dedent;
}

size_t Lexer::lineEndFrom(size_t from) const {
  const void* found = std::memchr(text_.data() + from, '\n', text_.size() - from);
  return found == nullptr ? text_.size() : static_cast<size_t>(static_cast<const char*>(found) - text_.data());
}

bool Lexer::lexOperator() {
  const char* at = text_.data() + position_;
  size_t start = position_;
  TokenKind kind = kSingleCharacterTokens[static_cast<size_t>(at[0])];
  size_t length = 1;
  auto take = [&](TokenKind longer, size_t size) {
    kind = longer;
    length = size;
  };
  switch (at[0]) {
    case '(':
    case '[':
    case '{':
      if (brackets_.size() >= kMaxBrackets) {
        position_++;
        return failHere("too many nested parentheses");
      }
      brackets_.push_back({at[0], line_, start, lineStart_});
      break;
    case ')':
    case ']':
    case '}':
      if (!closeBracket(at[0])) return false;
      break;
    case ':':
      if (at[1] == '=') take(TokenKind::ColonEqual, 2);
      break;
    case '+':
      if (at[1] == '=') take(TokenKind::PlusEqual, 2);
      break;
    case '-':
      if (at[1] == '=') take(TokenKind::MinusEqual, 2);
      if (at[1] == '>') take(TokenKind::Arrow, 2);
      break;
    case '*':
      if (at[1] == '=') take(TokenKind::StarEqual, 2);
      if (at[1] == '*') at[2] == '=' ? take(TokenKind::DoubleStarEqual, 3) : take(TokenKind::DoubleStar, 2);
      break;
    case '/':
      if (at[1] == '=') take(TokenKind::SlashEqual, 2);
      if (at[1] == '/') at[2] == '=' ? take(TokenKind::DoubleSlashEqual, 3) : take(TokenKind::DoubleSlash, 2);
      break;
    case '|':
      if (at[1] == '=') take(TokenKind::VerticalBarEqual, 2);
      break;
    case '&':
      if (at[1] == '=') take(TokenKind::AmpersandEqual, 2);
      break;
    case '^':
      if (at[1] == '=') take(TokenKind::CircumflexEqual, 2);
      break;
    case '%':
      if (at[1] == '=') take(TokenKind::PercentEqual, 2);
      break;
    case '@':
      if (at[1] == '=') take(TokenKind::AtEqual, 2);
      break;
    case '=':
      if (at[1] == '=') take(TokenKind::EqualEqual, 2);
      break;
    case '!':
      if (at[1] == '=') take(TokenKind::NotEqual, 2);
      break;
    case '<':
      if (at[1] == '=') take(TokenKind::LessEqual, 2);
      if (at[1] == '>') take(TokenKind::NotEqual, 2);
      if (at[1] == '<') at[2] == '=' ? take(TokenKind::LeftShiftEqual, 3) : take(TokenKind::LeftShift, 2);
      break;
    case '>':
      if (at[1] == '=') take(TokenKind::GreaterEqual, 2);
      if (at[1] == '>') at[2] == '=' ? take(TokenKind::RightShiftEqual, 3) : take(TokenKind::RightShift, 2);
      break;
    case '.':
      if (at[1] == '.' && at[2] == '.') take(TokenKind::Ellipsis, 3);
      break;
    default: break;
  }
  position_ = start + length;
  push(kind, start, position_);
  return true;
}

bool Lexer::closeBracket(char closing) {
  position_++;
  if (brackets_.empty()) return failHere(std::string("unmatched '") + closing + "'");
  Bracket open = brackets_.back();
  brackets_.pop_back();
  char expected = open.character == '(' ? ')' : open.character == '[' ? ']' : '}';
  if (closing == expected) return true;
  std::string message =
      std::string("closing parenthesis '") + closing + "' does not match opening parenthesis '" + open.character + "'";
  if (open.line != line_) message += " on line " + std::to_string(open.line + options_.lineShift);
  return failHere(std::move(message));
}

}  // namespace krait
