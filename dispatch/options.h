// The command line and environment, as python3.11 understands them.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace krait {

struct CommandLine {
  enum Source : uint8_t { kFile, kCommand, kModule, kStandardInput } source = kStandardInput;
  std::string target;                  // file name, command text or module name
  std::vector<std::string> arguments;  // sys.argv[1:]
  std::vector<std::string> original;   // sys.orig_argv
  int optimise = 0, bytesWarning = 0, verbose = 0, debug = 0, quiet = 0;
  bool isolated = false, ignoreEnvironment = false, noUserSite = false, noSite = false, dontWriteBytecode = false;
  bool inspect = false, interactive = false;  // -i sets both, PYTHONINSPECT the first
  bool unbuffered = false, safePath = false, skipFirstLine = false;
  bool devMode = false, warnDefaultEncoding = false, importTime = false;
  int utf8Mode = -1;             // -1: as the locale has it
  int64_t intMaxStrDigits = -1;  // -1: not given
  std::string pycachePrefix, checkHashBasedPycs = "default";
  std::vector<std::string> warningOptions;
  std::vector<std::pair<std::string, std::optional<std::string>>> xOptions;  // -X name=value, or -X name
  const char* xOption(std::string_view name) const;                          // null when absent, "" for a plain -X name

  // What is to be done instead of running: text to print (stdout, or stderr when exitCode != 0).
  std::string message;
  int exitCode = -1;  // >= 0: print and leave
};

CommandLine parseCommandLine(int argc, char** argv);

// A PYTHON… variable; null with -E/-I or when it is empty.
const char* environmentVariable(const CommandLine& line, const char* name);

}  // namespace krait
