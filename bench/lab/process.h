// Runs one program once and says what it cost, without disturbing what it measures.
#pragma once
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace krait::lab {

struct RunOptions {
  std::vector<std::string> command;
  std::vector<std::pair<std::string, std::string>> environment;  // added to, or replacing, the caller's
  std::string directory;                                         // empty: the caller's
  double timeoutSeconds = 600;
  bool randomiseAddresses = true;  // off for counting: then every run of a binary is the same
};

struct RunResult {
  int exitCode = -1;  // 128 + n when signal n ended it
  bool timedOut = false;
  double cpuSeconds = 0, wallSeconds = 0;
  uint64_t peakKib = 0;  // largest resident set; never less than this tool's own few MB, which the child inherits
  std::string output, errors;
  bool ok() const { return exitCode == 0 && !timedOut; }
};

RunResult run(const RunOptions& options);

}  // namespace krait::lab
