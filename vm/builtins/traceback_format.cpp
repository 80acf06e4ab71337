// The text of an uncaught exception as CPython prints it.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "vm/builtins/bytes.h"
#include "vm/builtins/dict.h"
#include "vm/builtins/exception.h"
#include "vm/builtins/function.h"
#include "vm/builtins/str.h"
#include "vm/builtins/traceback.h"
#include "vm/builtins/tuple.h"
#include "vm/names.h"
#include "vm/prepared.h"
#include "vm/runtime.h"

namespace krait {
namespace {

// Source lines by file; one file is kept, as tracebacks repeat it.
class SourceLines {
 public:
  // Line `number` (1-based) without its end, or empty.
  std::string line(const std::string& path, int number) {
    if (path != path_) load(path);
    if (number < 1 || static_cast<size_t>(number) > starts_.size()) return "";
    size_t start = starts_[static_cast<size_t>(number) - 1];
    size_t end = text_.find_first_of("\r\n", start);
    return text_.substr(start, end == std::string::npos ? end : end - start);
  }

 private:
  void load(const std::string& path) {
    path_ = path;
    text_.clear();
    starts_.clear();
    struct stat info {};
    if (path.empty() || path[0] == '<' || stat(path.c_str(), &info) != 0 || !S_ISREG(info.st_mode) ||
        info.st_size > (64 << 20))
      return;
    int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) return;
    text_.resize(static_cast<size_t>(info.st_size));
    size_t got = 0;
    while (got < text_.size()) {
      ssize_t n = read(file, text_.data() + got, text_.size() - got);
      if (n <= 0) break;
      got += static_cast<size_t>(n);
    }
    close(file);
    text_.resize(got);
    starts_.push_back(text_.compare(0, 3, "\xef\xbb\xbf") == 0 ? 3 : 0);
    for (size_t i = 0; i < got; i++)
      if (text_[i] == '\n' || (text_[i] == '\r' && (i + 1 == got || text_[i + 1] != '\n'))) starts_.push_back(i + 1);
  }
  std::string path_ = "\n", text_;
  std::vector<size_t> starts_;
};

size_t characters(std::string_view utf8) {
  size_t count = 0;
  for (char c : utf8) count += (c & 0xc0) != 0x80;
  return count;
}

// What CPython marks with ^ inside the marked text (the rest gets ~): the operator of a binary operation, the brackets
// of a subscript. Found in the text itself, which is one expression.
struct Anchor {
  size_t start, end;  // bytes within the marked text
};

// Walks an expression's text; tells of each place outside strings.
class ExpressionText {
 public:
  explicit ExpressionText(const std::string& text) : text_(text), open_(text.size(), std::string::npos) {
    std::vector<size_t> brackets;
    bool operand = false;  // an operand ends here: what follows may be a binary operator, call or subscript
    for (size_t i = 0; i < text.size(); i++) {
      char c = text[i];
      if (c == ' ' || c == '\t' || c == '\\') continue;
      if (c == '\'' || c == '"') {
        for (i++; i < text.size() && text[i] != c; i++)
          if (text[i] == '\\') i++;
        operand = true;
      } else if (c == '(' || c == '[' || c == '{') {
        brackets.push_back(i);
        // () and (a, b) are expressions with brackets of their own, as calls are.
        if (operand || (i + 1 < text.size() && text[i + 1] == ')')) own_.push_back(i);
        operand = false;
      } else if (c == ')' || c == ']' || c == '}') {
        if (!brackets.empty()) {
          open_[i] = brackets.back();
          brackets.pop_back();
        }
        operand = true;
      } else if (int precedence = precedenceOf(c); precedence != 0 && operand) {
        size_t length =
            i + 1 < text.size() && text[i + 1] == c && (c == '*' || c == '/' || c == '<' || c == '>') ? 2 : 1;
        if (c == '*' && length == 2) precedence = 7;
        if (brackets.empty()) note(i, precedence, i + length < text.size() && text[i + length] == '=');
        i += length - 1;
        operand = false;
      } else if (precedence == 0) {
        operand = c != ',' && c != ':' && c != '=';
        bool isGenerator = c == 'f' && text.compare(i, 4, "for ") == 0;
        if ((c == ',' || isGenerator) && !brackets.empty()) own_.push_back(brackets.back());
      }
    }
  }
  // The outermost operator: lowest precedence, rightmost (leftmost for **). CPython marks one or two characters after
  // the left operand's own text, parentheses around it not counted.
  bool findOperator(Anchor& anchor) const {
    if (best_ == std::string::npos || augmented_) return false;
    size_t end = skipSpacesBack(best_);
    while (end > 0 && text_[end - 1] == ')' && open_[end - 1] != std::string::npos && !belongs(open_[end - 1]))
      end = skipSpacesBack(end - 1);
    size_t start = end;
    while (start < text_.size() && isSpace(text_[start])) start++;
    size_t right = best_ + 1;  // the second character may not be the right operand's
    if (right < text_.size() && text_[right] == text_[best_]) right++;
    while (right < text_.size() && (isSpace(text_[right]) || (text_[right] == '(' && !belongs(right)))) right++;
    bool two = start + 1 < right && !isSpace(text_[start + 1]);
    anchor = {start, start + (two ? 2 : 1)};
    return true;
  }
  bool findSubscript(Anchor& anchor) const {
    if (text_.empty() || text_.back() != ']' || open_.back() == std::string::npos) return false;
    anchor = {open_.back(), text_.size()};
    return true;
  }

 private:
  static bool isSpace(char c) { return c == ' ' || c == '\t'; }
  static int precedenceOf(char c) {
    switch (c) {
      case '|': return 1;
      case '^': return 2;
      case '&': return 3;
      case '<':
      case '>': return 4;
      case '+':
      case '-': return 5;
      case '*':
      case '/':
      case '%':
      case '@': return 6;
      default: return 0;
    }
  }
  void note(size_t at, int precedence, bool augmented) {
    augmented_ = augmented_ || augmented;
    if (best_ != std::string::npos &&
        (precedence > bestPrecedence_ || (precedence == bestPrecedence_ && precedence == 7)))
      return;
    best_ = at;
    bestPrecedence_ = precedence;
  }
  size_t skipSpacesBack(size_t end) const {
    while (end > 0 && isSpace(text_[end - 1])) end--;
    return end;
  }
  bool belongs(size_t open) const { return std::find(own_.begin(), own_.end(), open) != own_.end(); }

  const std::string& text_;
  std::vector<size_t> open_;  // closing bracket -> its opening one
  std::vector<size_t> own_;   // opening brackets of calls, subscripts and displays: not around an expression, but in it
  size_t best_ = std::string::npos;
  int bestPrecedence_ = 100;
  bool augmented_ = false;
};

class Formatter {
 public:
  explicit Formatter(Thread& thread) : thread_(thread) {}

  Fallible<std::string> run(Value exception) {
    TRY(show(exception, 0));
    return out_;
  }

 private:
  void put(std::string_view text) { out_ += text; }
  void putLine(int indent, std::string_view text) {
    if (indent > 0) out_ += std::string(static_cast<size_t>(indent), ' ');
    out_ += text;
    out_ += '\n';
  }

  Fallible<void> show(Value exception, int depth) {
    KRAIT_CHECK_NATIVE_STACK(thread_, "");
    for (const Value& shown : seen_)
      if (shown.is(exception)) return {};
    if (!seen_.push(exception)) return raiseMemoryError(thread_);
    Exception* error = exception.as<Exception>();
    if (isException(error->cause.get()) && !wasShown(error->cause.get())) {
      TRY(show(error->cause.get(), depth));
      put(margin() + "\n" + margin() + "The above exception was the direct cause of the following exception:\n" +
          margin() + "\n");
    } else if (isException(error->context.get()) && !error->suppressContext && !wasShown(error->context.get())) {
      TRY(show(error->context.get(), depth));
      put(margin() + "\n" + margin() + "During handling of the above exception, another exception occurred:\n" +
          margin() + "\n");
    }
    if (isInstanceOf(exception, exceptions.BaseExceptionGroup)) return showGroup(exception);
    TRY(showTraceback(error, margin()));
    return showException(exception, margin());
  }
  bool wasShown(Value exception) {
    for (const Value& shown : seen_)
      if (shown.is(exception)) return true;
    return false;
  }

  // Exception groups are drawn as a tree.
  std::string margin() const {
    return groupDepth_ == 0 ? "" : std::string(static_cast<size_t>(groupDepth_) * 2, ' ') + "| ";
  }

  Fallible<void> showGroup(Value exception) {
    constexpr int kMaxWidth = 15, kMaxDepth = 10;
    if (groupDepth_ > kMaxDepth) {
      put(margin() + "... (max_group_depth is " + std::to_string(kMaxDepth) + ")\n");
      return {};
    }
    Exception* error = exception.as<Exception>();
    bool outermost = groupDepth_ == 0;
    if (outermost) groupDepth_ = 1;
    bool hasTraceback = isKind(error->traceback.get(), Kind::kTraceback);
    if (hasTraceback) {
      put(std::string(static_cast<size_t>(groupDepth_) * 2, ' ') + (outermost ? "+ " : "| ") +
          "Exception Group Traceback (most recent call last):\n");
      TRY(showEntries(error->traceback.get().as<Traceback>(), margin()));
    }
    TRY(showException(exception, margin()));
    Tuple* parts = toTuple(error->fields[1].get());
    uint64_t count = parts == nullptr ? 0 : parts->length;
    uint64_t shown = count > kMaxWidth ? kMaxWidth : count;
    for (uint64_t i = 0; i < shown + (count > shown ? 1 : 0); i++) {
      bool last = i + 1 == shown + (count > shown ? 1 : 0);
      std::string label = i < shown ? std::to_string(i + 1) : "...";
      put(std::string(static_cast<size_t>(groupDepth_) * 2, ' ') + (i == 0 ? "+-" : "  ") +
          std::string("+---------------- ") + label + " ----------------\n");
      groupDepth_++;
      if (i < shown)
        TRY(show(parts->items[i].get(), 0));
      else
        put(margin() + "and " + std::to_string(count - shown) + " more exception" + (count - shown == 1 ? "" : "s") +
            "\n");
      bool nestedGroup = i < shown && isInstanceOf(parts->items[i].get(), exceptions.BaseExceptionGroup);
      if (last && !nestedGroup)
        put(std::string(static_cast<size_t>(groupDepth_) * 2, ' ') + "+------------------------------------\n");
      groupDepth_--;
    }
    if (outermost) groupDepth_ = 0;
    return {};
  }

  Fallible<void> showTraceback(Exception* error, const std::string& prefix) {
    if (!isKind(error->traceback.get(), Kind::kTraceback)) return {};
    put(prefix + "Traceback (most recent call last):\n");
    return showEntries(error->traceback.get().as<Traceback>(), prefix);
  }

  Fallible<void> showEntries(Traceback* traceback, const std::string& prefix) {
    // sys.tracebacklimit's default
    uint64_t count = 0;
    for (Traceback* t = traceback; t != nullptr; t = t->next) count++;
    for (; count > 1000; count--) traceback = traceback->next;
    std::string lastFile, lastName;
    int lastLine = -1;
    uint64_t repeated = 0;
    auto flush = [&] {
      if (repeated <= 3) return;
      uint64_t more = repeated - 3;
      put(prefix + "  [Previous line repeated " + std::to_string(more) + " more time" + (more == 1 ? "" : "s") + "]\n");
    };
    for (Traceback* t = traceback; t != nullptr; t = t->next) {
      Code* code = t->frame->code;
      std::string file = strToUtf8(code->filename), name = strToUtf8(code->name);
      if (file != lastFile || name != lastName || tracebackLine(t) != lastLine) {
        flush();
        lastFile = file;
        lastName = name;
        lastLine = tracebackLine(t);
        repeated = 0;
      }
      repeated++;
      if (repeated > 3) continue;
      put(prefix + "  File \"" + file + "\", line " + std::to_string(tracebackLine(t)) + ", in " + name + "\n");
      showSource(t, file, prefix);
      TRY(pollEvalBreaker(thread_));
    }
    flush();
    return {};
  }

  void showSource(Traceback* t, const std::string& file, const std::string& prefix) {
    std::string line = sources_.line(file, tracebackLine(t));
    size_t indent = line.find_first_not_of(" \t\f");
    if (indent == std::string::npos) return;
    size_t last = line.find_last_not_of(" \t\f");
    std::string stripped = line.substr(indent, last - indent + 1);
    put(prefix + "    " + stripped + "\n");
    SourcePosition position = positionAt(t->frame->code, t->lasti);
    if (position.line != tracebackLine(t) || position.column < 0) return;
    size_t start = static_cast<size_t>(position.column);
    size_t end = position.endLine == position.line && position.endColumn >= 0 ? static_cast<size_t>(position.endColumn)
                                                                              : last + 1;
    if (start < indent || end > line.size() || end <= start) return;
    bool oneLine = position.endLine == position.line;
    std::string marked = line.substr(start, end - start);
    std::string before = line.substr(indent, start - indent);
    Anchor anchor{};
    bool anchored = false;
    if (oneLine) {
      Op op = opOfCanonical(t->frame->code->code->data[t->lasti]);
      ExpressionText expression(marked);
      if (op == Op::BINARY_OP) anchored = expression.findOperator(anchor);
      if (op == Op::BINARY_SUBSCR || op == Op::STORE_SUBSCR || op == Op::DELETE_SUBSCR)
        anchored = expression.findSubscript(anchor);
    }
    size_t total = characters(marked);
    // The whole line marked says nothing.
    if (!anchored && before.empty() && total == characters(stripped)) return;
    std::string markers(characters(before), ' ');
    if (anchored) {
      size_t a = characters(std::string_view(marked).substr(0, anchor.start));
      size_t b = characters(std::string_view(marked).substr(0, anchor.end));
      markers += std::string(a, '~') + std::string(b - a, '^') + std::string(total - b, '~');
    } else {
      markers += std::string(total, '^');
    }
    put(prefix + "    " + markers + "\n");
  }

  // "KeyError: 'x'" with notes; SyntaxErrors with their line and caret.
  Fallible<void> showException(Value exception, const std::string& prefix) {
    Type* type = typeOf(exception);
    bool hasPlace = isInstanceOf(exception, exceptions.SyntaxError) && TRY(showPlaceOfSyntaxError(exception, prefix));
    std::string name;
    Str* module = toStr(type->module.get());
    if (module != nullptr && !strEqualsUtf8(module, "builtins") && !strEqualsUtf8(module, "__main__"))
      name = strToUtf8(module) + ".";
    name += strToUtf8(type->qualname);
    Value shown = exception;
    std::string text;
    if (hasPlace) {
      shown = exception.as<Exception>()->fields[ExceptionField::kMessage].get();
      if (shown.isUnbound() || shown.isNone()) {
        put(prefix + name + "\n");
        return showNotes(exception, prefix);
      }
    }
    Fallible<Str*> converted = str(thread_, shown);
    if (converted.isRaised()) {
      clearException(thread_);
      text = "<exception str() failed>";
    } else {
      text = strToUtf8(converted.value());
    }
    TRY(appendSuggestion(exception, text));
    put(prefix + name);
    if (!text.empty()) {
      put(": ");
      for (size_t at = 0;;) {  // further lines keep the group's margin
        size_t end = text.find('\n', at);
        put(std::string_view(text).substr(at, end == std::string::npos ? end : end - at + 1));
        if (end == std::string::npos) break;
        at = end + 1;
        put(prefix);
      }
    }
    put("\n");
    return showNotes(exception, prefix);
  }

  Fallible<void> showNotes(Value exception, const std::string& prefix) {
    Value notes = TRY(getAttributeOrUnbound(thread_, exception, names.dunder_notes));
    if (notes.isUnbound()) return {};
    if (!isKind(notes, Kind::kList) && toTuple(notes) == nullptr) {
      put(prefix + strToUtf8(TRY(repr(thread_, notes))) + "\n");
      return {};
    }
    return forEach(thread_, notes, [&](Value note) -> Fallible<bool> {
      Str* text = toStr(note);
      std::string line = text != nullptr ? strToUtf8(text) : strToUtf8(TRY(str(thread_, note)));
      size_t at = 0;
      while (true) {
        size_t end = line.find('\n', at);
        put(prefix + line.substr(at, end == std::string::npos ? end : end - at) + "\n");
        if (end == std::string::npos) break;
        at = end + 1;
      }
      return true;
    });
  }

  // The file, line, text and markers of a SyntaxError. False, and nothing shown, when its attributes are no place.
  Fallible<bool> showPlaceOfSyntaxError(Value exception, const std::string& prefix) {
    Exception* error = exception.as<Exception>();
    bool isPlace = true;
    auto number = [&](unsigned i, bool required) -> std::optional<int64_t> {
      Value field = error->fields[i].get();
      if (field.isInlineInt()) return field.asInlineInt();
      if (field.isBool()) return field.isTrue();
      isPlace &= !required && (field.isNone() || field.isUnbound());
      return std::nullopt;
    };
    std::optional<int64_t> line = number(ExceptionField::kLine, true), offset = number(ExceptionField::kOffset, false);
    std::optional<int64_t> endLine = number(ExceptionField::kEndLine, false),
                           endOffset = number(ExceptionField::kEndOffset, false);
    if (!isPlace) return false;
    Value filename = error->fields[ExceptionField::kSyntaxFilename].get();
    std::string file = "<string>";
    if (!filename.isNone() && !filename.isUnbound()) file = strToUtf8(TRY(str(thread_, filename)));
    put(prefix + "  File \"" + file + "\", line " + std::to_string(*line) + "\n");
    Str* textField = toStr(error->fields[ExceptionField::kText].get());
    if (textField == nullptr) return true;
    // Only a SyntaxError itself marks a range, its subclasses mark one place.
    int64_t end = endLine && *endLine > *line ? kWholeLine : endOffset.value_or(-1);
    showMarkedLine(strToUtf8(textField), offset.value_or(-1), typeOf(exception) == exceptions.SyntaxError ? end : -1,
                   prefix);
    return true;
  }

  static constexpr int64_t kWholeLine = INT64_MIN;

  // CPython counts bytes here, though the columns are in characters more often than not.
  void showMarkedLine(const std::string& text, int64_t column, int64_t endColumn, const std::string& prefix) {
    auto size = static_cast<int64_t>(text.size());
    column = std::min(column, size - (text.ends_with('\n') ? 1 : 0) + 1);
    endColumn = endColumn == kWholeLine ? size : std::min(endColumn, size + 1);
    int64_t width = std::max<int64_t>(endColumn - column, 1);
    std::string_view shown = text;
    auto drop = [&](size_t count) {
      shown.remove_prefix(count);
      column -= static_cast<int64_t>(count);
    };
    drop(std::min(shown.find_first_not_of(" \t\f"), shown.size()));
    // Of several lines the one that the column is in.
    for (size_t end; (end = shown.find('\n')) != shown.npos && static_cast<int64_t>(end) + 1 < column;) drop(end + 1);
    if (shown.ends_with('\n')) shown.remove_suffix(1);
    put(prefix + "    " + std::string(shown) + "\n");
    if (column < 1) return;
    put(prefix + "    " + std::string(static_cast<size_t>(column - 1), ' ') +
        std::string(static_cast<size_t>(width), '^') + "\n");
  }

  Fallible<void> appendSuggestion(Value exception, std::string& text);

  Thread& thread_;
  std::string out_;
  SourceLines sources_;
  RootVector seen_;
  int groupDepth_ = 0;
};

// --- "Did you mean: 'x'?" ---------------------------------------------------------------------------------------------
// Edit distance in which a change of case costs 1 and everything else 2; more than `limit` is reported as limit + 1.
int editDistance(std::string_view a, std::string_view b, int limit) {
  constexpr int kMove = 2, kCase = 1;
  while (!a.empty() && !b.empty() && a.front() == b.front()) a.remove_prefix(1), b.remove_prefix(1);
  while (!a.empty() && !b.empty() && a.back() == b.back()) a.remove_suffix(1), b.remove_suffix(1);
  if (a.empty() || b.empty()) return static_cast<int>(a.size() + b.size()) * kMove;
  if (a.size() > 40 || b.size() > 40) return limit + 1;
  auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  std::vector<int> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); j++) row[j] = static_cast<int>(j) * kMove;
  for (size_t i = 1; i <= a.size(); i++) {
    int diagonal = row[0];
    row[0] = static_cast<int>(i) * kMove;
    for (size_t j = 1; j <= b.size(); j++) {
      int change = a[i - 1] == b[j - 1] ? 0 : lower(a[i - 1]) == lower(b[j - 1]) ? kCase : kMove;
      int best = std::min({diagonal + change, row[j] + kMove, row[j - 1] + kMove});
      diagonal = row[j];
      row[j] = best;
    }
  }
  return row[b.size()] > limit ? limit + 1 : row[b.size()];
}

class Suggestion {
 public:
  explicit Suggestion(std::string wanted) : wanted_(std::move(wanted)) {}
  void consider(const std::string& candidate) {
    if (candidate == wanted_ || ++considered_ > 750) return;
    int limit = static_cast<int>(wanted_.size() + candidate.size() + 3) * 2 / 6;
    if (best_ >= 0 && best_ - 1 < limit) limit = best_ - 1;
    int distance = editDistance(wanted_, candidate, limit);
    if (distance > limit) return;
    best_ = distance;
    found_ = candidate;
  }
  const std::string& found() const { return found_; }

 private:
  std::string wanted_, found_;
  int best_ = -1, considered_ = 0;
};

Fallible<void> Formatter::appendSuggestion(Value exception, std::string& text) {
  Exception* error = exception.as<Exception>();
  bool isName = typeOf(exception) == exceptions.NameError;
  bool isAttribute = typeOf(exception) == exceptions.AttributeError;
  if (!isName && !isAttribute) return {};
  Str* wanted = toStr(error->fields[0].get());
  if (wanted == nullptr) return {};
  Suggestion suggestion(strToUtf8(wanted));
  auto considerAll = [&](Value iterable) -> Fallible<void> {
    return forEach(thread_, iterable, [&](Value each) -> Fallible<bool> {
      if (Str* name = toStr(each)) suggestion.consider(strToUtf8(name));
      return true;
    });
  };
  Fallible<void> searched = [&]() -> Fallible<void> {
    if (isAttribute) {
      Value object = error->fields[1].get();
      if (object.isUnbound()) return {};
      Value dir = TRY(dictGet(thread_, runtime.builtins, Value::of(TRY(intern(thread_, "dir")))));
      if (dir.isUnbound()) return {};
      return considerAll(TRY(call(thread_, dir, object)));
    }
    if (!isKind(error->traceback.get(), Kind::kTraceback)) return {};
    Traceback* t = error->traceback.get().as<Traceback>();
    while (t->next.get() != nullptr) t = t->next;
    FrameObject* frame = t->frame;
    // Every name of co_varnames, set or not; not the variables of enclosing functions, nor of a class body.
    Value code = Value::of(frame->function->code.get());
    TRY(considerAll(TRY(getAttribute(thread_, code, "co_varnames"))));
    if (suggestion.found().empty()) TRY(considerAll(Value::of(frame->function->globals.get())));
    if (suggestion.found().empty()) TRY(considerAll(Value::of(frame->function->builtins.get())));
    return {};
  }();
  if (searched.isRaised()) clearException(thread_);
  if (!suggestion.found().empty()) text += ". Did you mean: '" + suggestion.found() + "'?";
  return {};
}

}  // namespace

Fallible<Str*> formatException(Thread& thread, Value exception) {
  if (!isException(exception)) {
    return makeStr(thread, fmt::format("TypeError: print_exception(): Exception expected for value, {} found\n",
                                       nameOf(exception)));
  }
  Formatter formatter(thread);
  Fallible<std::string> text = formatter.run(exception);
  if (text.isRaised()) return Raised{};
  return makeStr(thread, text.value());
}

}  // namespace krait
