// Bootstrap, quantiles and decisions; see statistics.h for what each estimates and why.
#include "bench/lab/statistics.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

namespace krait::lab {

namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr int kResamples = 2000;

// The mean of as many values drawn with replacement.
double resampledMean(std::span<const double> values, Random& random) {
  double sum = 0;
  for (size_t i = 0; i < values.size(); ++i) sum += values[random.below(values.size())];
  return sum / static_cast<double>(values.size());
}

// The same, with the spread that the sample's variance has without the bias of few values: a bootstrap of n values
// spreads too little by sqrt((n - 1) / n), which shows at three blocks.
double unbiasedResampledMean(std::span<const double> values, Random& random) {
  const double n = static_cast<double>(values.size());
  const double centre = mean(values);
  return n < 2 ? centre : centre + (resampledMean(values, random) - centre) * std::sqrt(n / (n - 1));
}

// How far the jackknife says that the spread changes with the value.
double acceleration(std::span<const double> values) {
  const double n = static_cast<double>(values.size());
  const double total = mean(values) * n;
  const double centre = mean(values);
  double squares = 0, cubes = 0;
  for (double value : values) {
    const double difference = centre - (total - value) / (n - 1);
    squares += difference * difference;
    cubes += difference * difference * difference;
  }
  return squares == 0 ? 0 : cubes / (6 * std::pow(squares, 1.5));
}

Interval exponential(Interval interval) { return {std::exp(interval.low), std::exp(interval.high)}; }

Interval percentiles(const std::vector<double>& values) { return {quantile(values, 0.025), quantile(values, 0.975)}; }

}  // namespace

Random::Random(uint64_t seed) {
  for (uint64_t& word : state_) {
    seed += 0x9e3779b97f4a7c15;
    uint64_t z = seed;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    word = z ^ (z >> 31);
  }
}

uint64_t Random::next() {
  const uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
  const uint64_t shifted = state_[1] << 17;
  state_[2] ^= state_[0];
  state_[3] ^= state_[1];
  state_[1] ^= state_[2];
  state_[0] ^= state_[3];
  state_[2] ^= shifted;
  state_[3] = std::rotl(state_[3], 45);
  return result;
}

uint64_t Random::below(uint64_t bound) {
  const uint64_t excess = (0 - bound) % bound;  // reject the part of the range that would favour small results
  uint64_t value;
  do {
    value = next();
  } while (value < excess);
  return value % bound;
}

double mean(std::span<const double> values) {
  if (values.empty()) return kNaN;
  double sum = 0;
  for (double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

double median(std::span<const double> values) { return quantile(values, 0.5); }

double standardDeviation(std::span<const double> values) {
  if (values.size() < 2) return kNaN;
  const double centre = mean(values);
  double squares = 0;
  for (double value : values) squares += (value - centre) * (value - centre);
  return std::sqrt(squares / static_cast<double>(values.size() - 1));
}

double geometricMean(std::span<const double> values) {
  if (values.empty()) return kNaN;
  double sum = 0;
  for (double value : values) sum += std::log(value);
  return std::exp(sum / static_cast<double>(values.size()));
}

double quantile(std::span<const double> values, double probability) {
  if (values.empty()) return kNaN;
  std::vector<double> sorted(values.begin(), values.end());
  std::sort(sorted.begin(), sorted.end());
  const double position = probability * static_cast<double>(sorted.size() - 1);
  const size_t below = static_cast<size_t>(position);
  if (below + 1 >= sorted.size()) return sorted.back();
  return sorted[below] + (position - static_cast<double>(below)) * (sorted[below + 1] - sorted[below]);
}

double normalCdf(double x) { return 0.5 * std::erfc(-x / std::sqrt(2.0)); }

double normalQuantile(double probability) {
  // Newton's method on the distribution itself from a rational start (Abramowitz & Stegun 26.2.23).
  if (probability <= 0) return -std::numeric_limits<double>::infinity();
  if (probability >= 1) return std::numeric_limits<double>::infinity();
  const double tail = std::min(probability, 1 - probability);
  const double t = std::sqrt(-2 * std::log(tail));
  double x = t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
  if (probability < 0.5) x = -x;
  for (int i = 0; i < 3; ++i) {
    const double density = std::exp(-x * x / 2) / std::sqrt(2 * 3.14159265358979323846);
    if (density == 0) break;
    x -= (normalCdf(x) - probability) / density;
  }
  return x;
}

double studentQuantile975(int degreesOfFreedom) {
  static constexpr double kTable[] = {12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228,
                                      2.201,  2.179, 2.160, 2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086,
                                      2.080,  2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042};
  if (degreesOfFreedom < 1) return kNaN;
  if (degreesOfFreedom <= 30) return kTable[degreesOfFreedom - 1];
  return 1.960 + 2.4 / degreesOfFreedom;
}

Interval intervalOfMean(std::span<const double> values, Random& random) {
  const size_t n = values.size();
  const double centre = mean(values);
  if (n < 2) return {centre, centre};
  if (n < kBootstrapMinimum) {
    const double half =
        studentQuantile975(static_cast<int>(n) - 1) * standardDeviation(values) / std::sqrt(static_cast<double>(n));
    return {centre - half, centre + half};
  }
  std::vector<double> means(kResamples);
  for (double& value : means) value = resampledMean(values, random);
  std::sort(means.begin(), means.end());
  if (means.front() == means.back()) return {centre, centre};
  const double below = static_cast<double>(std::lower_bound(means.begin(), means.end(), centre) - means.begin());
  const double bias = normalQuantile(std::clamp(below / kResamples, 1.0 / kResamples, 1 - 1.0 / kResamples));
  const double skew = acceleration(values);
  const auto bound = [&](double probability) {
    const double z = bias + normalQuantile(probability);
    return quantile(means, normalCdf(bias + z / (1 - skew * z)));
  };
  return {bound(0.025), bound(0.975)};
}

Ratio pairedRatio(std::span<const double> numerator, std::span<const double> denominator, Random& random) {
  std::vector<double> logs(numerator.size());
  for (size_t i = 0; i < logs.size(); ++i) logs[i] = std::log(numerator[i] / denominator[i]);
  return {std::exp(mean(logs)), std::exp(median(logs)), exponential(intervalOfMean(logs, random)), logs.size()};
}

Overall overallRatio(const std::vector<std::vector<double>>& logRatios, Random& random) {
  std::vector<double> means;
  for (const auto& program : logRatios) means.push_back(mean(program));
  Overall overall;
  if (means.empty()) return overall;
  overall.estimate = std::exp(mean(means));
  std::vector<double> blocks(kResamples), both(kResamples);
  const double programs = static_cast<double>(logRatios.size());
  for (int i = 0; i < kResamples; ++i) {
    double sum = 0, mixed = 0;
    for (const auto& program : logRatios) {
      sum += unbiasedResampledMean(program, random);
      mixed += unbiasedResampledMean(logRatios[random.below(logRatios.size())], random);
    }
    blocks[i] = sum / programs;
    both[i] = mixed / programs;
  }
  overall.overBlocks = exponential(percentiles(blocks));
  overall.overPrograms = exponential(percentiles(both));
  return overall;
}

Verdict decide(const Interval& ratio, double delta) {
  if (ratio.high < 1 - delta) return Verdict::kFaster;
  if (ratio.low > 1 + delta) return Verdict::kSlower;
  if (ratio.low >= 1 - delta && ratio.high <= 1 + delta) return Verdict::kSame;
  return Verdict::kInconclusive;
}

std::string_view verdictName(Verdict verdict) {
  switch (verdict) {
    case Verdict::kFaster: return "faster";
    case Verdict::kSame: return "same";
    case Verdict::kSlower: return "slower";
    case Verdict::kInconclusive: return "inconclusive";
  }
  return "";
}

}  // namespace krait::lab
