// Superinstructions are chosen from shares, leaving out the program that is then quoted.
#include "bench/lab/specialisation.h"

#include <catch2/catch.hpp>

using namespace krait::lab;
using nlohmann::json;

TEST_CASE("Pairs are shares of dispatches, and only those that a superinstruction could run") {
  const json statistics = {{"dispatches", 200},
                           {"ops",
                            {{"A", {{"may_begin_superinstruction", true}, {"may_end_superinstruction", true}}},
                             {"JUMP", {{"may_begin_superinstruction", false}, {"may_end_superinstruction", true}}},
                             {"WAITS", {{"may_begin_superinstruction", false}, {"may_end_superinstruction", false}}}}},
                           {"pairs", {{"A", "A", 50}, {"A", "JUMP", 20}, {"JUMP", "A", 90}, {"A", "WAITS", 70}}}};
  const PairShares shares = pairShares(statistics);
  CHECK(shares == PairShares{{{"A", "A"}, 0.25}, {{"A", "JUMP"}, 0.1}});
}

TEST_CASE("A program's saving without it does not know the program's own pairs") {
  const PairShares common = {{{"A", "B"}, 0.2}, {{"B", "C"}, 0.1}};
  PairShares odd = {{{"X", "Y"}, 0.9}, {{"A", "B"}, 0.05}};
  const PairChoice choice = choosePairs({common, common, odd}, 2);
  REQUIRE(choice.chosen.size() == 2);
  CHECK(choice.chosen[0].pair == Pair{"X", "Y"});  // 0.3 on average
  CHECK(choice.chosen[0].choosers == 2);           // both others choose it, the odd one's own absence does not
  CHECK(choice.chosen[1].pair == Pair{"A", "B"});
  CHECK(choice.chosen[1].share == Approx(0.15));
  CHECK(choice.chosen[1].choosers == 3);
  CHECK(choice.savings[2].leftOut == Approx(0.05));
  CHECK(choice.savings[2].all == Approx(0.95));
  CHECK(choice.savings[0].leftOut == Approx(0.2));
}
