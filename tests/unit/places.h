// What unit tests of the adaptive layer share: a policy for the time of a test, and what a place has become.
#pragma once
#include <catch2/catch.hpp>

#include "specialize/adapt.h"
#include "specialize/policy.h"
#include "tests/unit/vm_fixture.h"

namespace krait {

// The policy and thresholds of a test; put back afterwards.
class WithPolicy {
 public:
  explicit WithPolicy(const char* text) : before_(policy), tuning_(specializeTuning) {
    std::string problem;
    REQUIRE(setPolicy(text, problem));
  }
  ~WithPolicy() {
    policy = before_;
    specializeTuning = tuning_;
  }

 private:
  Policy before_;
  SpecializeTuning tuning_;
};

// The name of the op that the function's `nth` word of a canonical instruction has become.
inline std::string opOf(const Function* function, Op base, int nth = 0) {
  std::string name = "none";
  PreparedCode* prepared = function->code->prepared;
  if (prepared == nullptr) return name;
  forEachWord(prepared, [&](Unit* word) {
    if (kBaseOp[static_cast<unsigned>(ownOpAt(word))] == base && nth-- == 0)
      name = kOpNames[static_cast<unsigned>(ownOpAt(word))];
  });
  return name;
}

}  // namespace krait
