// A comparison as one self-contained SVG picture.
#pragma once
#include <string>

#include "bench/lab/report.h"

namespace krait::lab {

// Grouped bars per program with 95 % whiskers: CPU time relative to the reference, or to the baseline without one.
std::string chart(const Comparison& comparison, const Summary& summary);

}  // namespace krait::lab
