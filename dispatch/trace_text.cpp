// The trace of executed instructions as text: one instruction a line, indented by the depth of calls.
//
//   > f(n=2)  program.py:3
//     4 |     return n + 1
//          2 LOAD_FAST              0 (n)              [] -> [2]
//          4 LOAD_CONST             1 (1)              [2] -> [2, 1]
//          6 BINARY_OP              0 (+)              [2, 1] -> [3]
//         10 RETURN_VALUE                              [3]
//   < f returns 3
#include <fmt/core.h>
#include <unistd.h>

#include <cerrno>

#include "dispatch/trace_exec.h"

namespace krait {
namespace {

constexpr uint32_t kDeepestIndent = 24;  // levels
constexpr size_t kStackShown = 8;        // values
constexpr size_t kLineLength = 110;      // characters of source

class TextView final : public TraceView {
 public:
  TextView(int descriptor, bool colours) : descriptor_(descriptor), colours_(colours) {}

  void enter(const TracedFrame& frame, const Code*) override {
    showThread(frame);
    std::string file = frame.code->filename.substr(frame.code->filename.rfind('/') + 1);
    std::string deep = frame.depth > kDeepestIndent ? fmt::format("  depth {}", frame.depth) : "";
    put(indent(frame) + paint("1;34", "> " + frame.title) + "  " +
        paint("2", fmt::format("{}:{}{}", file, frame.code->firstLine, deep)) + "\n");
    shownFrame_ = -1;
  }

  void step(const TracedStep& step) override {
    showThread(*step.frame);
    showLine(*step.frame, step.instruction.line);
    std::string text = indent(*step.frame) + fmt::format("    {:>6} ", step.instruction.offset) +
                       paint("36", padded(std::string(step.instruction.name), 22)) + " " +
                       padded(step.instruction.argument, 18) + " " + paint("32", stackText(step.before));
    switch (step.outcome) {
      case TracedStep::kContinues: text += " -> " + paint("32", stackText(step.after)); break;
      case TracedStep::kJumps:
        text += " -> " + paint("32", stackText(step.after)) + "  " + paint("33", "jumps " + step.detail);
        break;
      case TracedStep::kCalls: text += "  " + paint("34", "calls " + step.detail); break;
      case TracedStep::kRaises: text += "  " + paint("31", "raises " + step.detail); break;
      case TracedStep::kLeaves: break;
    }
    put(text + "\n");
  }

  void caught(const TracedFrame& frame, const std::string& text) override {
    showThread(frame);
    put(indent(frame) + "  " + paint(text.starts_with("jumps") ? "33" : "31", "! " + text) + "\n");
  }

  void leave(const TracedFrame& frame, const std::string& how) override {
    showThread(frame);
    put(indent(frame) + paint(how.starts_with("raises") ? "31" : "1;34", "< " + frame.code->name + " " + how) + "\n");
    shownFrame_ = -1;
  }

  void finish(const std::string& remark) override {
    if (!remark.empty()) put("... " + remark + "\n");
  }

 private:
  static std::string indent(const TracedFrame& frame) {
    return std::string(2 * (frame.depth < kDeepestIndent ? frame.depth : kDeepestIndent), ' ');
  }
  // Width in characters, as far as characters are code points.
  static std::string padded(std::string text, size_t width) {
    size_t characters = 0;
    for (char c : text) characters += (c & 0xc0) != 0x80;
    if (characters < width) text.append(width - characters, ' ');
    return text;
  }
  static std::string stackText(const std::vector<std::string>& stack) {
    std::string text;
    size_t from = stack.size() > kStackShown ? stack.size() - kStackShown : 0;
    if (from > 0) text = "...";
    for (size_t i = from; i < stack.size(); i++) text += (text.empty() ? "" : ", ") + stack[i];
    return "[" + text + "]";
  }
  std::string paint(const char* colour, const std::string& text) const {
    return colours_ ? fmt::format("\x1b[{}m{}\x1b[0m", colour, text) : text;
  }

  void showThread(const TracedFrame& frame) {
    if (shownThread_ == frame.thread) return;
    shownThread_ = frame.thread;
    shownFrame_ = -1;
    put(paint("2", fmt::format("--- thread {}", frame.thread)) + "\n");
  }

  // The source line, where it is another one than the line above belongs to.
  void showLine(const TracedFrame& frame, int line) {
    if (shownFrame_ == frame.number && shownLine_ == line) return;
    shownFrame_ = frame.number;
    shownLine_ = line;
    if (line <= 0) return;
    const std::vector<std::string>& lines = sourceLines(frame.code->filename);
    std::string source = static_cast<size_t>(line) <= lines.size() ? lines[static_cast<size_t>(line) - 1] : "";
    if (source.size() > kLineLength) {
      size_t end = kLineLength;
      while (end > 0 && (source[end] & 0xc0) == 0x80) end--;
      source = source.substr(0, end) + "...";
    }
    put(indent(frame) + paint("1", fmt::format("{:>4} |{}{}", line, source.empty() ? "" : " ", source)) + "\n");
  }

  // Unbuffered: what is written stays in order with what the program writes, and survives whatever ends it.
  void put(const std::string& text) {
    const char* at = text.data();
    size_t left = text.size();
    while (left > 0 && !isBroken) {
      ssize_t written = write(descriptor_, at, left);
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) {
        isBroken = true;
        return;
      }
      at += written;
      left -= static_cast<size_t>(written);
    }
  }

  int descriptor_;
  bool colours_;
  uint64_t shownThread_ = 1;
  int64_t shownFrame_ = -1;
  int shownLine_ = 0;
};

}  // namespace

TraceView* makeTextView(int descriptor, bool colours) { return new TextView(descriptor, colours); }

}  // namespace krait
