// What instrumented programs say about their adaptive layer: shares of hits and misses per program, and the pairs of
// instructions that superinstructions should run.
#pragma once
#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "bench/lab/programs.h"

namespace krait::lab {

struct SpecialisationOptions {
  std::vector<Arm> arms;  // instrumented programs, each under its policy
  std::string programsFile, size = "small";
  std::vector<std::string> only;
  double timeoutSeconds = 600;
};

// The statistics (specialize/statistics.h, as JSON) of every program on every arm.
struct Specialisation {
  std::vector<Program> programs;
  std::vector<Arm> arms;
  std::vector<std::vector<nlohmann::json>> runs;  // [program][arm]
};

// Hash seed and addresses are fixed, so that every run of a binary says the same. Throws std::runtime_error.
Specialisation observe(const SpecialisationOptions& options);
// Hit, miss, deferred and unspecialisable in per cent of all executions of family instructions, and how many words
// changed their form, in all and in the second half of the run.
std::string table(const Specialisation& specialisation);

using Pair = std::pair<std::string, std::string>;
// One program's fall-through pairs that a superinstruction could run, as shares of its dispatches.
using PairShares = std::map<Pair, double>;

struct PairChoice {
  struct Chosen {
    Pair pair;
    double share;     // of dispatches, mean over the programs
    size_t choosers;  // programs without which the pair is chosen, too
  };
  std::vector<Chosen> chosen;
  struct Saving {
    double leftOut, all;  // share of its dispatches that the choice covers: made without the program, made with it
  };
  std::vector<Saving> savings;  // [program]
};
// The `count` pairs with the greatest mean share; and for each program, how well a choice made without it would serve.
PairChoice choosePairs(const std::vector<PairShares>& programs, size_t count);
PairShares pairShares(const nlohmann::json& statistics);
// The savings, then the lines for specialize/superinstructions.def.
std::string table(const Specialisation& specialisation, const PairChoice& choice);

}  // namespace krait::lab
