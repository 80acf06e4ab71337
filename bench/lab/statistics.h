// The arithmetic behind every published ratio: bootstrap intervals over paired log ratios, and the decision rule.
#pragma once
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace krait::lab {

// xoshiro256** (Blackman & Vigna 2018), seeded by SplitMix64: the same on every machine, unlike the standard's
// distributions, so that a logged seed repeats an experiment's order exactly.
class Random {
 public:
  explicit Random(uint64_t seed);
  uint64_t next();
  uint64_t below(uint64_t bound);  // uniform in [0, bound); bound > 0

  template <class T>
  void shuffle(std::vector<T>& items) {
    for (size_t i = items.size(); i > 1; --i) std::swap(items[i - 1], items[below(i)]);
  }

 private:
  uint64_t state_[4];
};

// All of these return NaN for no values.
double mean(std::span<const double> values);
double median(std::span<const double> values);
double standardDeviation(std::span<const double> values);  // of a sample: divides by n - 1
double geometricMean(std::span<const double> values);
double quantile(std::span<const double> values, double probability);  // linear between the order statistics

double normalCdf(double x);
double normalQuantile(double probability);  // Wichura's AS 241 to the accuracy that intervals need
double studentQuantile975(int degreesOfFreedom);

struct Interval {
  double low = 0, high = 0;
  bool contains(double x) const { return low <= x && x <= high; }
};

// 95 % interval of the mean. From kBootstrapMinimum values on: the bias-corrected and accelerated bootstrap (Efron
// 1987); below: Student's t, because a bootstrap of few values is too narrow (12 values: 89 % coverage).
inline constexpr size_t kBootstrapMinimum = 20;
Interval intervalOfMean(std::span<const double> values, Random& random);

// A ratio of times, estimated as the exponential of the mean log ratio over blocks.
struct Ratio {
  double estimate = 1, median = 1;
  Interval interval{1, 1};
  size_t blocks = 0;
};
// Block i of both arms ran next to each other; both spans have the same length.
Ratio pairedRatio(std::span<const double> numerator, std::span<const double> denominator, Random& random);

// The geometric mean over programs. `logRatios[p]` holds program p's log ratio of each block.
struct Overall {
  double estimate = 1;
  Interval overBlocks{1, 1};    // these programs, other runs
  Interval overPrograms{1, 1};  // other runs of other programs: both levels resampled
};
Overall overallRatio(const std::vector<std::vector<double>>& logRatios, Random& random);

enum class Verdict { kFaster, kSame, kSlower, kInconclusive };
// Against the smallest difference that matters: faster (slower) if the whole interval lies beyond delta, the same if it
// lies within, inconclusive otherwise. Never rounds an "insignificant" result to 1.
Verdict decide(const Interval& ratio, double delta);
std::string_view verdictName(Verdict verdict);

}  // namespace krait::lab
