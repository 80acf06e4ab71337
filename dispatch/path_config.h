// Where this Python is: the executable, the standard library and its prefix, and sys.path before site adds to it.
#pragma once
#include <string>
#include <vector>

#include "dispatch/options.h"

namespace krait {

struct PathConfig {
  std::string executable;      // as started, absolute; symbolic links kept
  std::string baseExecutable;  // that of the installation, where `executable` belongs to a virtual environment
  std::string library;         // the standard library's folder; empty when it holds none
  std::string prefix;
  std::vector<std::string> path;  // PYTHONPATH, the library's zip file, the library
};
PathConfig findPaths(const CommandLine& line);

std::string absolutePath(const std::string& path);
// The folder of a script, symbolic links of the script itself followed: what sys.path begins with.
std::string scriptDirectory(const std::string& path);

}  // namespace krait
