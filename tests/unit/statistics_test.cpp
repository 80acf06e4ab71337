// The statistics' own arithmetic: percentages that add up, spans of time that widen.
#include "specialize/statistics.h"

#include <catch2/catch.hpp>
#include <numeric>

using namespace krait;

TEST_CASE("Tenths of a per cent add up to a thousand by largest remainder") {
  CHECK(tenths({1, 1, 1}) == std::vector<unsigned>{334, 333, 333});
  CHECK(tenths({2, 1}) == std::vector<unsigned>{667, 333});
  CHECK(tenths({0, 0, 0}) == std::vector<unsigned>{0, 0, 0});
  CHECK(tenths({5}) == std::vector<unsigned>{1000});
  CHECK(tenths({999999, 1}) == std::vector<unsigned>{1000, 0});
  CHECK(tenths({UINT64_MAX, UINT64_MAX}) == std::vector<unsigned>{500, 500});
  for (uint64_t a = 0; a < 40; a++) {
    auto shares = tenths({a, 7, 13 * a, 29});
    CHECK(std::accumulate(shares.begin(), shares.end(), 0u) == 1000);
  }
}

TEST_CASE("A timeline widens its spans and loses nothing") {
  Timeline timeline;
  uint64_t step = Timeline::kFirstWidth / 2, events = 1000;
  for (uint64_t i = 0; i < events; i++)
    timeline.add(i * step, i % 3 == 0 ? Transition::kFailed : Transition::kSpecialised);
  uint64_t failed = 0, specialised = 0;
  for (unsigned span = 0; span < timeline.used(); span++) {
    failed += timeline.at(span, Transition::kFailed);
    specialised += timeline.at(span, Transition::kSpecialised);
  }
  CHECK(failed == (events + 2) / 3);
  CHECK(failed + specialised == events);
  CHECK(timeline.width() == 8 * Timeline::kFirstWidth);  // 500 first spans in 64
  CHECK(timeline.used() == 63);
  CHECK(timeline.at(0, Transition::kFailed) + timeline.at(0, Transition::kSpecialised) == 16);
  CHECK(timeline.last(Transition::kFailed) == 999 * step);
}
