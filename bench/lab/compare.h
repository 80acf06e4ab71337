// Runs arms against each other in randomised blocks and keeps every observation.
#pragma once
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "bench/lab/programs.h"
#include "bench/lab/statistics.h"

namespace krait::lab {

struct CompareOptions {
  std::vector<Arm> arms;
  std::string programsFile, size = "default";
  std::vector<std::string> only;
  std::string baseline;   // an arm's name; empty: the first arm
  std::string reference;  // an arm's name, usually python3.11; empty: none
  std::vector<std::string> factors{"dispatch"};
  int blocks = 5;               // at most so many
  double budgetSeconds = 0;     // start no block that would end later than this; 0: no limit
  double timeoutSeconds = 120;  // of one run
  double delta = 0.01;          // the smallest relative difference that matters
  bool control = true;          // add a second copy of the baseline: the A/A arm
  uint64_t seed = 0;
};

struct Observation {
  int block, position;  // position: the order within the block
  int program, arm;
  int padding;  // bytes of environment added, so that stack alignment is a random factor
  double cpuSeconds, wallSeconds;
  uint64_t peakKib;
};

struct Comparison {
  CompareOptions options;
  std::vector<Program> programs;
  std::vector<Arm> arms;  // the options' arms, then the control
  std::vector<nlohmann::json> armDescriptions;
  nlohmann::json environment;
  std::vector<Observation> observations;
  int blocks = 0;  // complete ones; all observations belong to them
  size_t baseline = 0;
  int reference = -1, control = -1;

  std::vector<double> cpuTimes(size_t program, size_t arm) const;  // by block
  std::vector<double> peaks(size_t program, size_t arm) const;     // KiB, by block
};

// Throws std::runtime_error when a run fails, outputs differ, or the arms differ in more than the declared factors.
Comparison compare(const CompareOptions& options);

nlohmann::json toJson(const Comparison& comparison);

// Runs one program once on an arm; throws with the program's own words when it fails.
struct RunResult runProgram(const Arm& arm, const Program& program, int padding, double timeoutSeconds);

}  // namespace krait::lab
