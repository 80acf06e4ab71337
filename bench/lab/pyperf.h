// A comparison in the format of Python's pyperf, so that `pyperf compare_to` and pyperformance's tools read it.
#pragma once
#include <nlohmann/json.hpp>

#include "bench/lab/compare.h"

namespace krait::lab {

// pyperf JSON 1.0, one suite per arm: each process is one run with one value, its CPU time in seconds.
nlohmann::json pyperfSuite(const Comparison& comparison, size_t arm);

}  // namespace krait::lab
