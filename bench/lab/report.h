// A comparison as figures and as the table a person reads.
#pragma once
#include <string>
#include <vector>

#include "bench/lab/compare.h"

namespace krait::lab {

// One program on one arm, against the baseline and the reference (absent: blocks == 0).
struct Figure {
  double cpuSeconds = 0, peakKib = 0;  // medians over blocks
  Ratio toBaseline, toReference;
  double memoryToReference = 0;
  Verdict verdict = Verdict::kInconclusive;
};

struct Summary {
  std::vector<std::vector<Figure>> figures;      // [program][arm]
  std::vector<Overall> toBaseline, toReference;  // [arm]
  std::vector<double> memoryToReference;         // [arm], geometric means
  std::vector<Verdict> verdicts;                 // [arm], of the geometric mean
  double programDelta = 0, overallDelta = 0;     // the smallest differences that this job can tell
};

Summary summarise(const Comparison& comparison);
std::string table(const Comparison& comparison, const Summary& summary);
nlohmann::json toJson(const Comparison& comparison, const Summary& summary);

}  // namespace krait::lab
