// A running interpreter for unit tests: `TEST_CASE_METHOD(VmFixture, "…")` has `thread`.
#pragma once
#include "bench/micro/session.h"

namespace krait {

class VmFixture {
 protected:
  Thread& thread = micro::startInterpreter();

  // Executes the source as a module and returns its function `f`.
  Function* compileFunction(const std::string& source) { return micro::compileFunction(thread, source); }
};

}  // namespace krait
