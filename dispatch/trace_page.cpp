// The trace of executed instructions as one page of HTML without references to other files: the data as JSON, and a
// script that steps through it (trace_page.inc).
#include <fmt/core.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <map>
#include <nlohmann/json.hpp>
#include <unordered_map>

#include "dispatch/trace_exec.h"
#include "vm/builtins/bytes.h"
#include "vm/opcode.h"

namespace krait {
namespace {

using nlohmann::ordered_json;

constexpr const char* kPage[] = {
#include "dispatch/trace_page.inc"
};
constexpr const char* kOutcomes[] = {"", "jumps ", "calls ", "", "raises "};

// Every text once; steps refer to texts by number.
class Texts {
 public:
  size_t number(const std::string& text) {
    auto [place, isNew] = numbers_.try_emplace(text, all_.size());
    if (isNew) all_.push_back(text);
    return place->second;
  }
  ordered_json numbers(const std::vector<std::string>& texts) {
    ordered_json result = ordered_json::array();
    for (const std::string& text : texts) result.push_back(number(text));
    return result;
  }
  const std::vector<std::string>& all() const { return all_; }

 private:
  std::unordered_map<std::string, size_t> numbers_;
  std::vector<std::string> all_;
};

class PageView final : public TraceView {
 public:
  explicit PageView(std::string path) : path_(std::move(path)) {}
  bool wantsVariables() const override { return true; }

  void enter(const TracedFrame& frame, const Code* code) override {
    if (frame.code->number >= codes_.size()) codes_.push_back(described(*frame.code, code));
    frames_.push_back(
        {{"code", frame.code->number},
         {"parent", frame.parent},
         {"title", frame.thread == 1 ? frame.title : fmt::format("{} (thread {})", frame.title, frame.thread)},
         {"from", static_cast<int64_t>(steps_.size()) - 1}});
    variables_.emplace_back();
    note(frame, "> " + frame.title);
  }

  void step(const TracedStep& step) override {
    const TracedFrame& frame = *step.frame;
    ordered_json after = nullptr;
    if (step.outcome <= TracedStep::kJumps) after = texts_.numbers(step.after);
    steps_.push_back({frame.number, step.instruction.offset, step.instruction.line, texts_.numbers(step.before), after,
                      texts_.number(kOutcomes[step.outcome] + step.detail), changes(frame.number, step.variables)});
  }
  void caught(const TracedFrame& frame, const std::string& text) override { note(frame, "! " + text); }
  void leave(const TracedFrame& frame, const std::string& how) override {
    note(frame, "< " + frame.code->name + " " + how);
    variables_[frame.number].clear();
  }

  void finish(const std::string& remark) override {
    ordered_json data = {{"remark", remark}, {"texts", texts_.all()}, {"files", files_},
                         {"codes", codes_},  {"frames", frames_},     {"steps", steps_}};
    data["notes"] = notes_;
    // Text in a script element ends at "</"; the program may hold anything, so no "<" remains.
    std::string json = data.dump(-1, ' ', false, ordered_json::error_handler_t::replace), text;
    for (char c : json) text += c == '<' ? std::string("\\u003c") : std::string(1, c);
    std::FILE* out = std::fopen(path_.c_str(), "w");
    bool good = out != nullptr;
    for (const char* part : kPage) good = good && std::fputs(*part == '\0' ? text.c_str() : part, out) >= 0;
    if (out != nullptr) good = std::fclose(out) == 0 && good;
    if (!good) std::fprintf(stderr, "krait: cannot write '%s': %s\n", path_.c_str(), std::strerror(errno));
  }

 private:
  void note(const TracedFrame& frame, const std::string& text) {
    notes_.push_back({static_cast<int64_t>(steps_.size()) - 1, frame.depth, texts_.number(text)});
  }

  // Pairs of texts: the variables whose value is another one than at the frame's step before; unbound ones without.
  ordered_json changes(uint32_t frame, const std::vector<std::pair<std::string, std::string>>& now) {
    std::map<size_t, size_t>& known = variables_[frame];
    ordered_json result = ordered_json::array();
    std::map<size_t, size_t> current;
    for (const auto& [name, value] : now) current.emplace(texts_.number(name), texts_.number(value));
    for (const auto& [name, value] : current) {
      auto place = known.find(name);
      if (place == known.end() || place->second != value) result.push_back({name, value});
    }
    for (const auto& [name, value] : known)
      if (current.find(name) == current.end()) result.push_back({name, -1});
    known = std::move(current);
    return result;
  }

  size_t fileNumber(const std::string& name) {
    auto [place, isNew] = fileNumbers_.try_emplace(name, files_.size());
    if (isNew) files_.push_back({{"name", name}, {"lines", sourceLines(name)}});
    return place->second;
  }

  ordered_json described(const TracedCode& traced, const Code* code) {
    ordered_json instructions = ordered_json::array(), table = ordered_json::array();
    uint32_t argument = 0;
    for (int offset = 0; offset < static_cast<int>(code->code->length); offset = nextOffset(code, offset)) {
      argument = argument << 8 | code->code->data[offset + 1];
      TracedInstruction instruction = describeInstruction(code, offset, argument);
      if (static_cast<Opcode>(code->code->data[offset]) != Opcode::EXTENDED_ARG) argument = 0;
      instructions.push_back({offset, instruction.line, instruction.name, instruction.argument});
    }
    for (const TableEntry& entry : exceptionTable(code)) table.push_back(textOf(entry));
    return {{"name", traced.name},
            {"file", fileNumber(traced.filename)},
            {"first", traced.firstLine},
            {"instructions", instructions},
            {"table", table}};
  }

  std::string path_;
  Texts texts_;
  ordered_json files_ = ordered_json::array(), codes_ = ordered_json::array(), frames_ = ordered_json::array(),
               steps_ = ordered_json::array(), notes_ = ordered_json::array();
  std::unordered_map<std::string, size_t> fileNumbers_;
  std::vector<std::map<size_t, size_t>> variables_;  // by frame: what the last step showed
};

}  // namespace

TraceView* makePageView(std::string path) { return new PageView(std::move(path)); }

}  // namespace krait
