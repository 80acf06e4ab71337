// What the published intervals promise: that they cover, that they find what is there, and that a seed repeats them.
#include "bench/lab/statistics.h"

#include <catch2/catch.hpp>
#include <cmath>

using namespace krait::lab;

namespace {

// A standard normal variate from our own generator (Box & Muller), so that these tests are the same everywhere.
double normal(Random& random) {
  const double u = (static_cast<double>(random.below(1u << 30)) + 0.5) / (1u << 30);
  const double v = static_cast<double>(random.below(1u << 30)) / (1u << 30);
  return std::sqrt(-2 * std::log(u)) * std::cos(6.283185307179586 * v);
}

// Times of two arms whose true ratio is `ratio`, with 1 % of noise.
Ratio experiment(Random& random, double ratio, int blocks) {
  std::vector<double> a, b;
  for (int i = 0; i < blocks; ++i) {
    a.push_back(ratio * std::exp(0.01 * normal(random)));
    b.push_back(std::exp(0.01 * normal(random)));
  }
  return pairedRatio(a, b, random);
}

}  // namespace

TEST_CASE("The same seed repeats the same order and another seed does not") {
  const auto order = [](uint64_t seed) {
    Random random(seed);
    std::vector<int> items{0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
    random.shuffle(items);
    return items;
  };
  CHECK(order(1) == order(1));
  CHECK(order(1) != order(2));
}

TEST_CASE("Random numbers below a bound are uniform") {
  Random random(3);
  std::vector<int> seen(7);
  for (int i = 0; i < 70000; ++i) ++seen[random.below(7)];
  for (int count : seen) CHECK(std::abs(count - 10000) < 400);
}

TEST_CASE("Quantiles interpolate between the order statistics") {
  const std::vector<double> values{4, 1, 3, 2};
  CHECK(median(values) == Approx(2.5));
  CHECK(quantile(values, 0) == 1);
  CHECK(quantile(values, 1) == 4);
  CHECK(quantile(values, 0.25) == Approx(1.75));
  CHECK(std::isnan(median({})));
}

TEST_CASE("The geometric mean of a ratio and its inverse is one") {
  const std::vector<double> values{4, 0.25};
  CHECK(geometricMean(values) == Approx(1));
}

TEST_CASE("The normal quantile inverts the normal distribution") {
  for (double p : {0.001, 0.025, 0.3, 0.5, 0.8, 0.975, 0.9999}) CHECK(normalCdf(normalQuantile(p)) == Approx(p));
  CHECK(normalQuantile(0.975) == Approx(1.959964).epsilon(1e-6));
}

TEST_CASE("The interval of constant values is that value") {
  Random random(1);
  for (size_t n : {1, 3, 20}) {
    const std::vector<double> values(n, 5.0);
    const Interval interval = intervalOfMean(values, random);
    CHECK(interval.low == 5);
    CHECK(interval.high == 5);
  }
}

TEST_CASE("95 % intervals of two equal arms contain 1 about 95 times of 100") {
  for (int blocks : {5, 12, 30}) {
    Random random(7);
    int covered = 0;
    for (int i = 0; i < 400; ++i) covered += experiment(random, 1, blocks).interval.contains(1);
    INFO(blocks << " blocks: " << covered << " of 400");
    CHECK(covered >= 360);
    CHECK(covered <= 396);
  }
}

TEST_CASE("Thirty-five paired blocks find a difference of 1 % nine times of ten") {
  Random random(11);
  int found = 0;
  for (int i = 0; i < 200; ++i) found += experiment(random, 0.99, 35).interval.high < 1;
  CHECK(found >= 180);
}

TEST_CASE("Resampling programs too widens the interval of the geometric mean") {
  Random random(5);
  std::vector<std::vector<double>> logs;
  for (int p = 0; p < 12; ++p) {
    logs.emplace_back();
    for (int b = 0; b < 8; ++b) logs.back().push_back(-0.3 + 0.02 * p + 0.005 * normal(random));
  }
  const Overall overall = overallRatio(logs, random);
  CHECK(overall.estimate == Approx(std::exp(-0.19)).epsilon(0.01));
  CHECK(overall.overBlocks.contains(overall.estimate));
  CHECK(overall.overPrograms.high - overall.overPrograms.low > overall.overBlocks.high - overall.overBlocks.low);
}

TEST_CASE("A decision needs the whole interval on one side") {
  CHECK(decide({0.90, 0.95}, 0.01) == Verdict::kFaster);
  CHECK(decide({1.05, 1.10}, 0.01) == Verdict::kSlower);
  CHECK(decide({0.995, 1.005}, 0.01) == Verdict::kSame);
  CHECK(decide({0.98, 1.005}, 0.01) == Verdict::kInconclusive);
  CHECK(decide({0.985, 0.995}, 0.01) == Verdict::kInconclusive);
}
