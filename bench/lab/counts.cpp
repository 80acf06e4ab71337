// Runs instrumented programs under fixed conditions and compares what they counted for equality.
#include "bench/lab/counts.h"

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "bench/lab/environment.h"
#include "bench/lab/process.h"

namespace krait::lab {

namespace {

Counts countOne(const Arm& arm, const Program& program, const std::string& file, double timeoutSeconds) {
  std::filesystem::remove(file);
  RunOptions options;
  options.command = arm.command;
  options.command.push_back(program.path);
  options.command.push_back(program.argument);
  options.environment = {{"PYTHONHASHSEED", "0"}, {"PYTHONDONTWRITEBYTECODE", "1"}, {"KRAIT_COUNTS", file}};
  options.randomiseAddresses = false;
  options.timeoutSeconds = timeoutSeconds;
  const RunResult result = run(options);
  if (!result.ok())
    throw std::runtime_error(fmt::format("{} on {} failed with status {}:\n{}", program.name, arm.name, result.exitCode,
                                         result.errors.substr(0, 2000)));
  std::ifstream stream(file);
  const auto json = nlohmann::json::parse(stream, nullptr, false);
  if (!json.is_object()) throw std::runtime_error(arm.name + " wrote no counts: is it an instrumented program?");
  return {json.at("canonicalInstructions"), json.at("dispatches"), json.at("traceHash")};
}

// The first arm that specialises as this one does.
size_t firstOfPolicy(const std::vector<Arm>& arms, const Arm& arm) {
  const auto same = [&](const Arm& other) { return policyOf(other) == policyOf(arm); };
  return static_cast<size_t>(std::find_if(arms.begin(), arms.end(), same) - arms.begin());
}

}  // namespace

CountsTable count(const CountsOptions& options) {
  if (options.arms.empty()) throw std::runtime_error("nothing to count: give at least one --arm NAME=COMMAND");
  CountsTable result{readPrograms(options.programsFile, options.size, options.only), options.arms, {}, {}};
  const std::string file =
      (std::filesystem::temp_directory_path() / fmt::format("krait-counts-{}.json", static_cast<int>(getpid())))
          .string();
  for (const Program& program : result.programs) {
    auto& row = result.counts.emplace_back();
    for (const Arm& arm : result.arms) {
      if (isInteractive()) fmt::print(stderr, "\r\033[Kcounting {} on {}", program.name, arm.name);
      row.push_back(countOne(arm, program, file, options.timeoutSeconds));
      if (row.back().canonicalInstructions != row.front().canonicalInstructions)
        result.differences.push_back(fmt::format("{}: {} canonical instructions on {}, {} on {}", program.name,
                                                 row.front().canonicalInstructions, result.arms.front().name,
                                                 row.back().canonicalInstructions, arm.name));
      // Superinstructions save dispatches: only arms of one policy must agree.
      const size_t peer = firstOfPolicy(result.arms, arm);
      if (row.back().dispatches != row[peer].dispatches)
        result.differences.push_back(fmt::format("{}: {} dispatches on {}, {} on {}", program.name,
                                                 row[peer].dispatches, result.arms[peer].name, row.back().dispatches,
                                                 arm.name));
      if (row.back().traceHash != row.front().traceHash)
        result.differences.push_back(
            fmt::format("{}: the traces of {} and {} differ", program.name, result.arms.front().name, arm.name));
    }
  }
  if (isInteractive()) fmt::print(stderr, "\r\033[K");
  std::filesystem::remove(file);
  return result;
}

std::string table(const CountsTable& counts) {
  std::string text = fmt::format("\nExecuted, equal on {}: {}\n{:<16}{:>22}{:>16}{:>24}  {}\n", counts.arms.size(),
                                 counts.differences.empty() ? "every dispatch" : "NOT every dispatch", "program",
                                 "canonical instructions", "dispatches", "dispatches/instruction", "trace hash");
  for (size_t p = 0; p < counts.programs.size(); ++p) {
    for (size_t arm = 0; arm < counts.arms.size(); ++arm) {
      if (firstOfPolicy(counts.arms, counts.arms[arm]) != arm) continue;
      const Counts& c = counts.counts[p][arm];
      text += fmt::format(
          "{:<16}{:>22}{:>16}{:>24.3f}  {}  {}\n", counts.programs[p].name, c.canonicalInstructions, c.dispatches,
          static_cast<double>(c.dispatches) / static_cast<double>(std::max<uint64_t>(1, c.canonicalInstructions)),
          c.traceHash, policyOf(counts.arms[arm]));
    }
  }
  for (const auto& difference : counts.differences) text += "DIFFERENT: " + difference + "\n";
  return text;
}

nlohmann::json toJson(const CountsTable& counts) {
  nlohmann::json programs = nlohmann::json::object();
  for (size_t p = 0; p < counts.programs.size(); ++p)
    for (size_t arm = 0; arm < counts.arms.size(); ++arm) {
      const Counts& c = counts.counts[p][arm];
      programs[counts.programs[p].name][counts.arms[arm].name] = {{"canonical_instructions", c.canonicalInstructions},
                                                                  {"dispatches", c.dispatches},
                                                                  {"trace_hash", c.traceHash}};
    }
  return {{"format", "krait-lab counts 1"}, {"programs", programs}, {"differences", counts.differences}};
}

}  // namespace krait::lab
