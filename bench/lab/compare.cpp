// The experiment itself: check that every arm prints the same, then measure in shuffled blocks.
#include "bench/lab/compare.h"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <stdexcept>

#include "bench/lab/environment.h"
#include "bench/lab/process.h"

namespace krait::lab {

namespace {

constexpr uint64_t kMaxPadding = 4096;  // one page: covers every alignment of the initial stack

size_t indexOf(const std::vector<Arm>& arms, const std::string& name) {
  for (size_t i = 0; i < arms.size(); ++i)
    if (arms[i].name == name) return i;
  throw std::runtime_error("no arm is named '" + name + "'");
}

double secondsSince(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

// A live line on a terminal; elsewhere one line per block, so that a log stays readable.
class Progress {
 public:
  explicit Progress(bool live) : live_(live) {}
  ~Progress() { clear(); }
  void step(const std::string& text) {
    if (!live_) return;
    fmt::print(stderr, "\r\033[K{}", text);
    std::fflush(stderr);
  }
  void line(const std::string& text) {
    clear();
    fmt::print(stderr, "{}\n", text);
    std::fflush(stderr);
  }

 private:
  void clear() {
    if (live_) fmt::print(stderr, "\r\033[K");
  }
  bool live_;
};

std::string minutes(double seconds) {
  return fmt::format("{}:{:02}", static_cast<int>(seconds) / 60, static_cast<int>(seconds) % 60);
}

// Every arm must print what the first prints. It is also the run that brings every file into the page cache.
void requireEqualOutputs(const Comparison& comparison, Progress& progress) {
  const auto small = readPrograms(comparison.options.programsFile, "small", comparison.options.only);
  for (const Program& program : small) {
    std::string expected;
    for (size_t arm = 0; arm < comparison.options.arms.size(); ++arm) {
      progress.step(fmt::format("checking outputs: {} on {}", program.name, comparison.arms[arm].name));
      const RunResult result = runProgram(comparison.arms[arm], program, 0, comparison.options.timeoutSeconds);
      if (arm == 0) expected = result.output;
      if (result.output != expected)
        throw std::runtime_error(
            fmt::format("refused: {} prints something else on {} than on {}:\n--- {}\n{}--- {}\n{}", program.name,
                        comparison.arms[arm].name, comparison.arms[0].name, comparison.arms[0].name,
                        expected.substr(0, 500), comparison.arms[arm].name, result.output.substr(0, 500)));
    }
  }
}

}  // namespace

RunResult runProgram(const Arm& arm, const Program& program, int padding, double timeoutSeconds) {
  RunOptions options;
  options.command = arm.command;
  options.command.push_back(program.path);
  options.command.push_back(program.argument);
  options.environment = {{"PYTHONHASHSEED", "0"}, {"PYTHONDONTWRITEBYTECODE", "1"}};
  if (padding > 0)
    options.environment.emplace_back("KRAIT_LAB_PADDING", std::string(static_cast<size_t>(padding), 'x'));
  options.timeoutSeconds = timeoutSeconds;
  RunResult result = run(options);
  if (result.timedOut)
    throw std::runtime_error(fmt::format("{} on {} did not end within {} s", program.name, arm.name, timeoutSeconds));
  if (result.exitCode == 127 && result.errors.empty())
    throw std::runtime_error(fmt::format("{} cannot be started: is {} there?", arm.name, arm.command.front()));
  if (!result.ok())
    throw std::runtime_error(fmt::format("{} on {} failed with status {}:\n{}", program.name, arm.name, result.exitCode,
                                         result.errors.substr(0, 2000)));
  return result;
}

Comparison compare(const CompareOptions& options) {
  Comparison comparison;
  comparison.options = options;
  comparison.programs = readPrograms(options.programsFile, options.size, options.only);
  comparison.arms = options.arms;
  if (comparison.arms.empty()) throw std::runtime_error("nothing to compare: give at least one --arm NAME=COMMAND");
  comparison.baseline = options.baseline.empty() ? 0 : indexOf(comparison.arms, options.baseline);
  if (!options.reference.empty()) comparison.reference = static_cast<int>(indexOf(comparison.arms, options.reference));
  for (const Arm& arm : comparison.arms) comparison.armDescriptions.push_back(describeArm(arm));
  if (const auto reasons = reasonsToRefuse(comparison.armDescriptions, options.factors); !reasons.empty()) {
    std::string text = "refused:";
    for (const auto& reason : reasons) text += "\n  " + reason;
    throw std::runtime_error(text);
  }
  comparison.environment = describeEnvironment();

  Progress progress(isInteractive());
  requireEqualOutputs(comparison, progress);
  if (options.control) {
    comparison.control = static_cast<int>(comparison.arms.size());
    comparison.arms.push_back(
        {comparison.arms[comparison.baseline].name + " (A/A)", comparison.arms[comparison.baseline].command});
  }

  Random random(options.seed);
  const auto start = std::chrono::steady_clock::now();
  progress.line(fmt::format("seed {}; {} programs, {} arms, at most {} blocks", options.seed,
                            comparison.programs.size(), comparison.arms.size(), options.blocks));
  struct Cell {
    int program, arm;
  };
  for (int block = 0; block < options.blocks; ++block) {
    const double spent = secondsSince(start);
    if (block > 0 && options.budgetSeconds > 0 && spent * (block + 1) / block > options.budgetSeconds) break;
    // Arms of one program run next to each other, in an order of their own: what disturbs one, disturbs its rivals.
    std::vector<int> programs(comparison.programs.size()), arms(comparison.arms.size());
    for (size_t i = 0; i < programs.size(); ++i) programs[i] = static_cast<int>(i);
    random.shuffle(programs);
    std::vector<Cell> cells;
    for (int program : programs) {
      for (size_t i = 0; i < arms.size(); ++i) arms[i] = static_cast<int>(i);
      random.shuffle(arms);
      for (int arm : arms) cells.push_back({program, arm});
    }
    for (size_t i = 0; i < cells.size(); ++i) {
      const Cell cell = cells[i];
      const auto& program = comparison.programs[static_cast<size_t>(cell.program)];
      const auto& arm = comparison.arms[static_cast<size_t>(cell.arm)];
      const double done = block + static_cast<double>(i) / static_cast<double>(cells.size());
      progress.step(fmt::format("block {}/{}  run {}/{}  {}  {} on {}", block + 1, options.blocks, i + 1, cells.size(),
                                done > 0 ? minutes(secondsSince(start)) : "0:00", program.name, arm.name));
      const int padding = static_cast<int>(random.below(kMaxPadding));
      const RunResult result = runProgram(arm, program, padding, options.timeoutSeconds);
      comparison.observations.push_back({block, static_cast<int>(i), cell.program, cell.arm, padding, result.cpuSeconds,
                                         result.wallSeconds, result.peakKib});
    }
    comparison.blocks = block + 1;
    progress.line(
        fmt::format("block {} of at most {} done after {}", block + 1, options.blocks, minutes(secondsSince(start))));
  }
  return comparison;
}

std::vector<double> Comparison::cpuTimes(size_t program, size_t arm) const {
  std::vector<double> times(static_cast<size_t>(blocks));
  for (const auto& o : observations)
    if (o.program == static_cast<int>(program) && o.arm == static_cast<int>(arm))
      times[static_cast<size_t>(o.block)] = o.cpuSeconds;
  return times;
}

std::vector<double> Comparison::peaks(size_t program, size_t arm) const {
  std::vector<double> result(static_cast<size_t>(blocks));
  for (const auto& o : observations)
    if (o.program == static_cast<int>(program) && o.arm == static_cast<int>(arm))
      result[static_cast<size_t>(o.block)] = static_cast<double>(o.peakKib);
  return result;
}

nlohmann::json toJson(const Comparison& comparison) {
  nlohmann::json programs = nlohmann::json::array(), observations = nlohmann::json::array();
  for (const auto& p : comparison.programs)
    programs.push_back({{"name", p.name}, {"category", p.category}, {"argument", p.argument}});
  for (const auto& o : comparison.observations)
    observations.push_back({{"block", o.block},
                            {"position", o.position},
                            {"program", comparison.programs[static_cast<size_t>(o.program)].name},
                            {"arm", comparison.arms[static_cast<size_t>(o.arm)].name},
                            {"padding", o.padding},
                            {"cpu_seconds", o.cpuSeconds},
                            {"wall_seconds", o.wallSeconds},
                            {"peak_kib", o.peakKib}});
  return {{"format", "krait-lab comparison 1"},
          {"environment", comparison.environment},
          {"seed", comparison.options.seed},
          {"size", comparison.options.size},
          {"blocks", comparison.blocks},
          {"delta", comparison.options.delta},
          {"factors", comparison.options.factors},
          {"baseline", comparison.arms[comparison.baseline].name},
          {"reference", comparison.options.reference},
          {"arms", comparison.armDescriptions},
          {"programs", programs},
          {"observations", observations}};
}

}  // namespace krait::lab
