// Colours source lines by the state of their hot instructions: text for a terminal, or a page of HTML.
#include "specialize/report.h"

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <map>
#include <set>
#include <vector>

#include "specialize/policy.h"
#include "specialize/word_view.h"
#include "vm/builtins/str.h"
#include "vm/code.h"

namespace krait {
namespace {

constexpr unsigned kStates = static_cast<unsigned>(WordState::kCount);
struct Look {
  char letter;         // beside the line, the worst of its states
  const char* ansi;    // SGR colour
  const char* colour;  // CSS background
};
constexpr Look kLooks[kStates] = {{' ', "", ""},          {' ', "", ""},          {'w', "36", "#d8eef5"},
                                  {'s', "32", "#d3f0d0"}, {'p', "33", "#fbeebc"}, {'d', "35", "#eed6f5"},
                                  {'u', "31", "#f9d3d0"}};
const Look& lookOf(WordState state) { return kLooks[static_cast<unsigned>(state)]; }
bool isHot(WordState state) { return state > WordState::kGeneric; }

struct Mark {  // one instruction
  SourcePosition at;
  WordState state;
  std::string what, why;  // "LOAD_ATTR name"; the cache or the reason
  int64_t size() const { return int64_t{at.endLine - at.line} * 100000 + at.endColumn - at.column; }
};

struct Page {  // one source file
  std::vector<std::string> lines;
  std::set<int> shown;
  std::vector<Mark> marks;
  std::array<uint64_t, kStates> counts{};
};

std::vector<std::string> readLines(const std::string& path) {
  std::ifstream in(path);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    lines.push_back(line);
  }
  return lines;
}

std::map<std::string, Page> collectPages() {
  std::map<std::string, Page> pages;
  RootVector codes;
  findCalledCode(codes);
  for (Value each : codes) {
    Code* code = each.as<Code>();
    Page found;
    forEachWord(code->prepared, [&](Pc word) {
      SourcePosition at = positionAt(code, offsetOf(code, word));
      if (at.line <= 0) return;
      found.shown.insert(at.line);
      WordState state = stateOf(word);
      if (!isHot(state)) return;
      found.counts[static_cast<unsigned>(state)]++;
      std::string operand = operandText(code, word);
      std::string what = kOpNames[static_cast<unsigned>(ownOpAt(word))];
      found.marks.push_back({at, state, operand.empty() ? what : what + " " + operand, cacheText(word)});
    });
    if (found.marks.empty()) continue;
    Page& page = pages[strToUtf8(code->filename)];
    page.shown.merge(found.shown);
    page.shown.insert(static_cast<int>(code->firstLine));
    page.marks.insert(page.marks.end(), found.marks.begin(), found.marks.end());
    for (unsigned s = 0; s < kStates; s++) page.counts[s] += found.counts[s];
  }
  for (auto& [path, page] : pages) {
    page.lines = readLines(path);
    std::sort(page.marks.begin(), page.marks.end(), [](const Mark& a, const Mark& b) {
      return std::tuple(a.at.line, a.at.column, a.size(), a.what) <
             std::tuple(b.at.line, b.at.column, b.size(), b.what);
    });
  }
  return pages;
}

// For every byte of the line, the smallest mark that covers it, or null.
std::vector<const Mark*> paint(const Page& page, int line, size_t width) {
  std::vector<const Mark*> bytes(width, nullptr);
  for (const Mark& mark : page.marks) {
    if (mark.at.line > line || mark.at.endLine < line || mark.at.column < 0) continue;
    size_t first = mark.at.line == line ? static_cast<size_t>(mark.at.column) : 0;
    size_t last = mark.at.endLine == line ? static_cast<size_t>(std::max(mark.at.endColumn, 0)) : width;
    for (size_t i = first; i < std::min(last, width); i++)
      if (bytes[i] == nullptr || mark.size() < bytes[i]->size()) bytes[i] = &mark;
  }
  return bytes;
}

std::vector<const Mark*> marksOf(const Page& page, int line) {
  std::vector<const Mark*> marks;
  for (const Mark& mark : page.marks)
    if (mark.at.line == line) marks.push_back(&mark);
  return marks;
}

WordState worst(const std::vector<const Mark*>& marks) {
  WordState state = WordState::kPlain;
  for (const Mark* mark : marks) state = std::max(state, mark->state);
  return state;
}

std::string summary(const std::array<uint64_t, kStates>& counts) {
  std::string text;
  for (unsigned s = static_cast<unsigned>(WordState::kWaiting); s < kStates; s++)
    if (counts[s] != 0) text += fmt::format("{}{} {}", text.empty() ? "" : ", ", counts[s], kWordStateNames[s]);
  return text;
}

// Calls text(from, to, mark) for each stretch of the line under one mark.
template <class Visit>
void stretches(const std::vector<const Mark*>& bytes, Visit visit) {
  for (size_t from = 0, to; from < bytes.size(); from = to) {
    for (to = from; to < bytes.size() && bytes[to] == bytes[from];) to++;
    visit(from, to, bytes[from]);
  }
}

// Marks that need a word: all but plain monomorphic ones.
bool needsReason(const Mark& mark) { return mark.state != WordState::kSpecialised; }

template <class Line, class Gap>
void forEachShownLine(const Page& page, Line line, Gap gap) {
  int before = 0;
  for (int number : page.shown) {
    if (number < 1 || static_cast<size_t>(number) > page.lines.size()) continue;
    if (before != 0 && number > before + 1) {
      bool isBlank = number == before + 2 && page.lines[static_cast<size_t>(before)].empty();
      if (!isBlank) gap();
    }
    line(number, page.lines[static_cast<size_t>(number - 1)]);
    before = number;
  }
}

// --- a terminal -------------------------------------------------------------------------------------------------------
std::string inColour(bool colour, WordState state, const std::string& text) {
  const Look& look = lookOf(state);
  if (!colour || *look.ansi == '\0') return text;
  return fmt::format("\x1b[{}m{}\x1b[0m", look.ansi, text);
}

std::string textReport(bool colour) {
  std::string out = fmt::format("specialisation under {}:", policyName());
  for (unsigned s = static_cast<unsigned>(WordState::kWaiting); s < kStates; s++)
    out += fmt::format(" {} {}", kLooks[s].letter, inColour(colour, static_cast<WordState>(s), kWordStateNames[s]));
  out += "\n";
  for (const auto& [path, page] : collectPages()) {
    out += fmt::format("\n{}: {}\n", path, summary(page.counts));
    auto line = [&](int number, const std::string& source) {
      auto marks = marksOf(page, number);
      out += fmt::format("{:>6} {} ", number, lookOf(worst(marks)).letter);
      stretches(paint(page, number, source.size()), [&](size_t from, size_t to, const Mark* mark) {
        std::string part = source.substr(from, to - from);
        out += mark == nullptr ? part : inColour(colour, mark->state, part);
      });
      out += "\n";
      for (const Mark* mark : marks)
        if (needsReason(*mark))
          out += fmt::format(
              "{:>9}{}{}\n", "", std::string(static_cast<size_t>(std::max(mark->at.column, 0)), ' '),
              inColour(colour, mark->state,
                       fmt::format("^ {}: {}{}{}", mark->what, kWordStateNames[static_cast<unsigned>(mark->state)],
                                   mark->why.empty() ? "" : ": ", mark->why)));
    };
    forEachShownLine(page, line, [&] { out += "   ...\n"; });
  }
  return out;
}

// --- HTML -------------------------------------------------------------------------------------------------------------
std::string escaped(const std::string& text) {
  std::string out;
  for (char c : text) switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      default: out += c;
    }
  return out;
}

std::string htmlReport() {
  std::string out =
      "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Specialisation</title>\n<style>\n"
      "body { font-family: sans-serif; margin: 2em; } pre { line-height: 1.4; }\n"
      ".n { color: #888; } .r { color: #666; font-size: 85%; } span[title] { border-radius: 2px; }\n";
  for (unsigned s = static_cast<unsigned>(WordState::kWaiting); s < kStates; s++)
    out += fmt::format(".{} {{ background: {}; }}\n", kLooks[s].letter, kLooks[s].colour);
  out += fmt::format("</style></head><body>\n<h1>Specialisation under {}</h1>\n<p>", escaped(policyName()));
  for (unsigned s = static_cast<unsigned>(WordState::kWaiting); s < kStates; s++)
    out += fmt::format("<span class=\"{}\">{}</span> ", kLooks[s].letter, kWordStateNames[s]);
  out += "</p>\n";
  for (const auto& [path, page] : collectPages()) {
    out += fmt::format("<h2>{}</h2>\n<p>{}</p>\n<pre>\n", escaped(path), summary(page.counts));
    auto line = [&](int number, const std::string& source) {
      out += fmt::format("<span class=\"n\">{:>6}</span> ", number);
      stretches(paint(page, number, source.size()), [&](size_t from, size_t to, const Mark* mark) {
        std::string part = escaped(source.substr(from, to - from));
        if (mark == nullptr) {
          out += part;
          return;
        }
        out += fmt::format("<span class=\"{}\" title=\"{}: {}{}{}\">{}</span>", lookOf(mark->state).letter,
                           escaped(mark->what), kWordStateNames[static_cast<unsigned>(mark->state)],
                           mark->why.empty() ? "" : ": ", escaped(mark->why), part);
      });
      out += "\n";
      for (const Mark* mark : marksOf(page, number))
        if (needsReason(*mark))
          out += fmt::format("{:>7}{}<span class=\"r\">^ {}: {}{}{}</span>\n", "",
                             std::string(static_cast<size_t>(std::max(mark->at.column, 0)), ' '), escaped(mark->what),
                             kWordStateNames[static_cast<unsigned>(mark->state)], mark->why.empty() ? "" : ": ",
                             escaped(mark->why));
    };
    forEachShownLine(page, line, [&] { out += "   ...\n"; });
    out += "</pre>\n";
  }
  return out + "</body></html>\n";
}

}  // namespace

bool writeReport(const std::string& path, std::string& problem) {
  if (path.empty()) {
    std::fputs(textReport(isatty(STDOUT_FILENO) != 0).c_str(), stdout);
    return true;
  }
  std::ofstream out(path);
  out << htmlReport();
  if (out.flush()) return true;
  problem = fmt::format("cannot write the report '{}': {}", path, std::strerror(errno));
  return false;
}

}  // namespace krait
