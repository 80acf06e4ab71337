// Collects the adaptive layer's statistics over the programs and chooses superinstructions from them.
#include "bench/lab/specialisation.h"

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <numeric>
#include <set>
#include <stdexcept>

#include "bench/lab/environment.h"
#include "bench/lab/process.h"

namespace krait::lab {

namespace {

nlohmann::json observeOne(const Arm& arm, const Program& program, const std::string& file, double timeoutSeconds) {
  std::filesystem::remove(file);
  RunOptions options;
  options.command = arm.command;
  options.command.insert(options.command.end(), {"-X", "statistics=" + file, program.path, program.argument});
  options.environment = {{"PYTHONHASHSEED", "0"}, {"PYTHONDONTWRITEBYTECODE", "1"}};
  options.randomiseAddresses = false;
  options.timeoutSeconds = timeoutSeconds;
  const RunResult result = run(options);
  if (!result.ok())
    throw std::runtime_error(fmt::format("{} on {} failed with status {}:\n{}", program.name, arm.name, result.exitCode,
                                         result.errors.substr(0, 2000)));
  std::ifstream stream(file);
  auto json = nlohmann::json::parse(stream, nullptr, false);
  if (!json.is_object()) throw std::runtime_error(arm.name + " wrote no statistics: is it an instrumented program?");
  return json;
}

std::string shares(const std::vector<uint64_t>& parts) {
  const double whole = static_cast<double>(std::accumulate(parts.begin(), parts.end(), uint64_t{0}));
  std::string text;
  for (uint64_t part : parts) text += fmt::format("{:>9.2f}", whole == 0 ? 0 : 100 * static_cast<double>(part) / whole);
  return text;
}

// Words that became another form, by spans that begin after this part of the run; failed attempts change nothing.
uint64_t transitions(const nlohmann::json& statistics, double after) {
  const double begin = after * statistics.at("canonical_instructions").get<double>();
  uint64_t sum = 0;
  for (const auto& span : statistics.at("transitions").at("spans")) {
    if (span.at("from").get<double>() < begin) continue;
    for (const char* what : {"specialised", "extended", "deoptimised"}) sum += span.at(what).get<uint64_t>();
  }
  return sum;
}

constexpr const char* kOutcomes[] = {"hit", "miss", "deferred", "unspecialisable"};

}  // namespace

Specialisation observe(const SpecialisationOptions& options) {
  if (options.arms.empty()) throw std::runtime_error("nothing to observe: give at least one --arm NAME=COMMAND");
  Specialisation result{readPrograms(options.programsFile, options.size, options.only), options.arms, {}};
  const std::string file =
      (std::filesystem::temp_directory_path() / fmt::format("krait-statistics-{}.json", static_cast<int>(getpid())))
          .string();
  for (const Program& program : result.programs) {
    auto& row = result.runs.emplace_back();
    for (const Arm& arm : result.arms) {
      if (isInteractive()) fmt::print(stderr, "\r\033[Kobserving {} on {}", program.name, arm.name);
      row.push_back(observeOne(arm, program, file, options.timeoutSeconds));
    }
  }
  if (isInteractive()) fmt::print(stderr, "\r\033[K");
  std::filesystem::remove(file);
  return result;
}

std::string table(const Specialisation& s) {
  std::string text;
  for (size_t arm = 0; arm < s.arms.size(); ++arm) {
    text += fmt::format("\n{}: {}\n{:<16}{:>16}{:>9}{:>9}{:>9}{:>9}{:>13}{:>18}\n", s.arms[arm].name,
                        s.runs.empty() ? "" : s.runs[0][arm].at("policy").get<std::string>(), "program", "executed",
                        "hit %", "miss %", "defer %", "unspec %", "transitions", "in the last half");
    std::vector<uint64_t> sums(std::size(kOutcomes), 0);
    uint64_t executed = 0;
    for (size_t p = 0; p < s.programs.size(); ++p) {
      const auto& total = s.runs[p][arm].at("total");
      std::vector<uint64_t> parts;
      for (size_t i = 0; i < sums.size(); ++i) {
        parts.push_back(total.at(kOutcomes[i]));
        sums[i] += parts[i];
      }
      executed += total.at("executed").get<uint64_t>();
      text += fmt::format("{:<16}{:>16}{}{:>13}{:>18}\n", s.programs[p].name, total.at("executed").get<uint64_t>(),
                          shares(parts), transitions(s.runs[p][arm], 0), transitions(s.runs[p][arm], 0.5));
    }
    text += fmt::format("{:<16}{:>16}{}\n", "all", executed, shares(sums));
  }
  return text;
}

PairShares pairShares(const nlohmann::json& statistics) {
  PairShares found;
  const auto dispatches = static_cast<double>(std::max<uint64_t>(1, statistics.at("dispatches").get<uint64_t>()));
  const auto& ops = statistics.at("ops");
  for (const auto& pair : statistics.at("pairs")) {
    const std::string first = pair.at(0), second = pair.at(1);
    if (!ops.at(first).at("may_begin_superinstruction").get<bool>()) continue;
    if (!ops.at(second).at("may_end_superinstruction").get<bool>()) continue;
    found[{first, second}] = pair.at(2).get<double>() / dispatches;
  }
  return found;
}

namespace {

// The pairs with the greatest sum of shares over the programs but `without`, best first; ties by name.
std::vector<std::pair<Pair, double>> best(const std::vector<PairShares>& programs, size_t without, size_t count) {
  PairShares sums;
  for (size_t p = 0; p < programs.size(); ++p) {
    if (p == without) continue;
    for (const auto& [pair, share] : programs[p]) sums[pair] += share;
  }
  std::vector<std::pair<Pair, double>> order(sums.begin(), sums.end());
  std::sort(order.begin(), order.end(), [](const auto& a, const auto& b) {
    return a.second != b.second ? a.second > b.second : a.first < b.first;
  });
  if (order.size() > count) order.resize(count);
  return order;
}

double covered(const PairShares& program, const std::vector<std::pair<Pair, double>>& chosen) {
  double sum = 0;
  for (const auto& [pair, share] : chosen)
    if (const auto at = program.find(pair); at != program.end()) sum += at->second;
  return sum;
}

}  // namespace

PairChoice choosePairs(const std::vector<PairShares>& programs, size_t count) {
  PairChoice choice;
  const auto all = best(programs, programs.size(), count);
  std::map<Pair, size_t> choosers;
  for (size_t p = 0; p < programs.size(); ++p) {
    const auto others = best(programs, p, count);
    for (const auto& [pair, share] : others) choosers[pair]++;
    choice.savings.push_back({covered(programs[p], others), covered(programs[p], all)});
  }
  for (const auto& [pair, sum] : all)
    choice.chosen.push_back({pair, sum / static_cast<double>(std::max<size_t>(1, programs.size())), choosers[pair]});
  return choice;
}

std::string table(const Specialisation& s, const PairChoice& choice) {
  std::string text = fmt::format(
      "\nDispatches that {} superinstructions would save at most (a word belongs to one pair at a time), in %\n"
      "{:<16}{:>24}{:>24}\n",
      choice.chosen.size(), "program", "chosen without it", "chosen with it");
  double sums[2] = {};
  for (size_t p = 0; p < s.programs.size(); ++p) {
    const auto& saving = choice.savings[p];
    sums[0] += saving.leftOut;
    sums[1] += saving.all;
    text += fmt::format("{:<16}{:>24.2f}{:>24.2f}\n", s.programs[p].name, 100 * saving.leftOut, 100 * saving.all);
  }
  const double n = static_cast<double>(std::max<size_t>(1, s.programs.size()));
  text += fmt::format("{:<16}{:>24.2f}{:>24.2f}\n\n", "mean", 100 * sums[0] / n, 100 * sums[1] / n);
  for (const auto& chosen : choice.chosen)
    text += fmt::format("{:<88}// {:.2f} % of dispatches; chosen by {} of {}\n",
                        fmt::format("SUPERINSTRUCTION({}, {})", chosen.pair.first, chosen.pair.second),
                        100 * chosen.share, chosen.choosers, s.programs.size());
  return text;
}

}  // namespace krait::lab
