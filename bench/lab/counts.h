// The deterministic tier: what the instrumented programs count, which must not depend on the dispatch.
#pragma once
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "bench/lab/programs.h"

namespace krait::lab {

struct CountsOptions {
  std::vector<Arm> arms;  // instrumented programs
  std::string programsFile, size = "small";
  std::vector<std::string> only;
  double timeoutSeconds = 300;
};

struct Counts {
  uint64_t canonicalInstructions = 0, dispatches = 0;
  std::string traceHash;
  bool operator==(const Counts&) const = default;
};

struct CountsTable {
  std::vector<Program> programs;
  std::vector<Arm> arms;
  std::vector<std::vector<Counts>> counts;  // [program][arm]
  std::vector<std::string> differences;     // as sentences; empty when every arm agrees
};

// Runs every program on every arm with addresses and hash seed fixed. The environment variable KRAIT_COUNTS names the
// file an instrumented program writes at its end: {"canonicalInstructions": n, "dispatches": n, "traceHash": "hex"}.
CountsTable count(const CountsOptions& options);
std::string table(const CountsTable& counts);
nlohmann::json toJson(const CountsTable& counts);

}  // namespace krait::lab
