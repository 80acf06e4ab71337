// krait-lab's command line: compare, counts, statistics, pairs.
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "bench/lab/chart.h"
#include "bench/lab/compare.h"
#include "bench/lab/counts.h"
#include "bench/lab/pyperf.h"
#include "bench/lab/report.h"
#include "bench/lab/specialisation.h"

namespace {

using namespace krait::lab;

void write(const std::string& path, const std::string& text) {
  if (path.empty()) return;
  const auto folder = std::filesystem::path(path).parent_path();
  if (!folder.empty()) std::filesystem::create_directories(folder);
  std::ofstream file(path);
  file << text;
  if (!file.flush()) throw std::runtime_error("cannot write " + path);
}

std::vector<Arm> parseArms(const std::vector<std::string>& texts) {
  std::vector<Arm> arms;
  for (const auto& text : texts) arms.push_back(parseArm(text));
  return arms;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{
      "Measures interpreters against each other: interleaved, in randomised blocks, as ratios with intervals."};
  app.require_subcommand(1);

  std::vector<std::string> arms;
  std::string programs = "bench/programs/programs.json", jsonPath;
  std::vector<std::string> only;

  CompareOptions compareOptions;
  compareOptions.seed = static_cast<uint64_t>(std::chrono::system_clock::now().time_since_epoch().count()) & 0xffffffff;
  std::string chartPath, pyperfFolder;
  bool noControl = false;
  auto* compareCommand = app.add_subcommand("compare", "CPU time and peak memory of every arm on every program");
  compareCommand->add_option("--arm", arms, "NAME=COMMAND; the program's path and size are appended")
      ->required()
      ->take_all();
  compareCommand->add_option("--programs", programs, "the list of programs")->capture_default_str();
  compareCommand->add_option("--only", only, "these programs, by name")->delimiter(',');
  compareCommand->add_option("--size", compareOptions.size, "small or default")->capture_default_str();
  compareCommand->add_option("--blocks", compareOptions.blocks, "at most this many")
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
  compareCommand->add_option("--budget", compareOptions.budgetSeconds,
                             "seconds: start no block that would end later (0: no limit)");
  compareCommand->add_option("--timeout", compareOptions.timeoutSeconds, "seconds for one run")->capture_default_str();
  compareCommand->add_option("--baseline", compareOptions.baseline,
                             "the arm that ratios are against (default: the first)");
  compareCommand->add_option("--reference", compareOptions.reference,
                             "a second arm to compare with, such as python3.11");
  compareCommand
      ->add_option("--factor", compareOptions.factors, "what the arms may differ in: dispatch, compiler, flags, policy")
      ->delimiter(',')
      ->capture_default_str();
  compareCommand->add_option("--delta", compareOptions.delta, "the smallest relative difference that matters")
      ->capture_default_str();
  compareCommand->add_option("--seed", compareOptions.seed, "of the order and the paddings; logged");
  compareCommand->add_flag("--no-control", noControl, "leave out the A/A arm");
  compareCommand->add_option("--json", jsonPath, "write everything observed and derived here");
  compareCommand->add_option("--chart", chartPath, "write a picture (SVG) here");
  compareCommand->add_option("--pyperf", pyperfFolder, "write a pyperf JSON file per arm into this folder");

  CountsOptions countsOptions;
  auto* countsCommand =
      app.add_subcommand("counts", "instructions, dispatches and trace hash of instrumented programs");
  countsCommand->add_option("--arm", arms, "NAME=COMMAND of an instrumented program (krait-*-counts)")
      ->required()
      ->take_all();
  countsCommand->add_option("--programs", programs, "the list of programs")->capture_default_str();
  countsCommand->add_option("--only", only, "these programs, by name")->delimiter(',');
  countsCommand->add_option("--size", countsOptions.size, "small or default")->capture_default_str();
  countsCommand->add_option("--timeout", countsOptions.timeoutSeconds, "seconds for one run")->capture_default_str();
  countsCommand->add_option("--json", jsonPath, "write the counts here");

  SpecialisationOptions specialisationOptions;
  size_t pairCount = 16;
  auto* statisticsCommand =
      app.add_subcommand("statistics", "what the adaptive layer of instrumented programs did: hits, misses, ...");
  auto* pairsCommand = app.add_subcommand("pairs", "pairs of instructions for specialize/superinstructions.def");
  for (auto* command : {statisticsCommand, pairsCommand}) {
    command->add_option("--arm", arms, "NAME=COMMAND of an instrumented program (krait-*-counts -X specialize=...)")
        ->required()
        ->take_all();
    command->add_option("--programs", programs, "the list of programs")->capture_default_str();
    command->add_option("--only,only", only, "these programs, by name")->delimiter(',');
    command->add_option("--size", specialisationOptions.size, "small or default")->capture_default_str();
    command->add_option("--timeout", specialisationOptions.timeoutSeconds, "seconds for one run")
        ->capture_default_str();
    command->add_option("--json", jsonPath, "write the statistics of every run here");
  }
  pairsCommand->add_option("--count", pairCount, "how many superinstructions")->capture_default_str();

  CLI11_PARSE(app, argc, argv);
  try {
    if (*compareCommand) {
      compareOptions.arms = parseArms(arms);
      compareOptions.programsFile = programs;
      compareOptions.only = only;
      compareOptions.control = !noControl;
      const Comparison comparison = compare(compareOptions);
      const Summary summary = summarise(comparison);
      fmt::print("{}", table(comparison, summary));
      write(jsonPath, jsonPath.empty() ? "" : toJson(comparison, summary).dump(1) + "\n");
      write(chartPath, chartPath.empty() ? "" : chart(comparison, summary));
      if (!pyperfFolder.empty())
        for (size_t arm = 0; arm < comparison.arms.size(); ++arm) {
          std::string name = comparison.arms[arm].name;
          for (char& c : name)
            if (!std::isalnum(static_cast<unsigned char>(c)) && c != '-' && c != '.' && c != '+') c = '_';
          write(pyperfFolder + "/" + name + ".json", pyperfSuite(comparison, arm).dump(1) + "\n");
        }
      return 0;
    }
    if (*statisticsCommand || *pairsCommand) {
      specialisationOptions.arms = parseArms(arms);
      specialisationOptions.programsFile = programs;
      specialisationOptions.only = only;
      const Specialisation seen = observe(specialisationOptions);
      if (*statisticsCommand) fmt::print("{}", table(seen));
      if (*pairsCommand) {
        std::vector<PairShares> shares;
        for (const auto& row : seen.runs) shares.push_back(pairShares(row.front()));
        fmt::print("{}", table(seen, choosePairs(shares, pairCount)));
      }
      nlohmann::json runs = nlohmann::json::object();
      for (size_t p = 0; p < seen.programs.size(); ++p)
        for (size_t arm = 0; arm < seen.arms.size(); ++arm)
          runs[seen.programs[p].name][seen.arms[arm].name] = seen.runs[p][arm];
      write(jsonPath, jsonPath.empty() ? "" : runs.dump(1) + "\n");
      return 0;
    }
    countsOptions.arms = parseArms(arms);
    countsOptions.programsFile = programs;
    countsOptions.only = only;
    const CountsTable counts = count(countsOptions);
    fmt::print("{}", table(counts));
    write(jsonPath, jsonPath.empty() ? "" : toJson(counts).dump(1) + "\n");
    return counts.differences.empty() ? 0 : 1;
  } catch (const std::exception& error) {
    std::fflush(stdout);
    fmt::print(stderr, "krait-lab: {}\n", error.what());
    return 2;
  }
}
