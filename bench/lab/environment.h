// What a result was measured on and with: without it a number cannot be compared or reproduced.
#pragma once
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "bench/lab/programs.h"

namespace krait::lab {

// Processor, cores, kernel, load, date (UTC, ISO 8601), commit of the working tree and whether it is modified.
nlohmann::json describeEnvironment();

// The value of `-X specialize=` on the arm's command line; empty: the default.
std::string policyOf(const Arm& arm);
// What an arm's executable is: `build` from the build.json and `topology` from the krait-*.topology.json beside it,
// each null where the file does not exist (another interpreter), and the executable's path and size.
nlohmann::json describeArm(const Arm& arm);

// Why these arms must not be compared, as sentences; empty when they may. They may differ in the declared factors
// ("compiler", "flags", "dispatch") and in nothing else; an arm without a build.json is another interpreter and is
// exempt.
std::vector<std::string> reasonsToRefuse(const std::vector<nlohmann::json>& arms,
                                         const std::vector<std::string>& factors);

bool isInteractive();  // standard error is a terminal

}  // namespace krait::lab
