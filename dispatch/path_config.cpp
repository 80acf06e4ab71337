// Computes the paths of an installation, in the way CPython's getpath.py does for an installed interpreter.
#include "dispatch/path_config.h"

#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>

namespace krait {
namespace {

constexpr const char* kDefaultLibrary = "/usr/lib/python3.11";
constexpr std::string_view kLibraryTail = "/lib/python3.11";

bool isExecutableFile(const std::string& path) {
  struct stat info {};
  return stat(path.c_str(), &info) == 0 && S_ISREG(info.st_mode) && access(path.c_str(), X_OK) == 0;
}
bool exists(const std::string& path) { return access(path.c_str(), F_OK) == 0; }

std::string directoryOf(const std::string& path) {
  size_t slash = path.rfind('/');
  return slash == std::string::npos ? "" : slash == 0 ? "/" : path.substr(0, slash);
}

std::vector<std::string> splitAtColons(const std::string& text) {
  std::vector<std::string> parts;
  for (size_t at = 0;;) {
    size_t colon = text.find(':', at);
    parts.push_back(text.substr(at, colon == std::string::npos ? colon : colon - at));
    if (colon == std::string::npos) return parts;
    at = colon + 1;
  }
}

std::string findExecutable(const std::string& program) {
  if (program.find('/') != std::string::npos) return absolutePath(program);
  if (const char* search = std::getenv("PATH"); search != nullptr && !program.empty()) {
    for (const std::string& folder : splitAtColons(search)) {
      std::string candidate = absolutePath(folder.empty() ? program : folder + "/" + program);
      if (isExecutableFile(candidate)) return candidate;
    }
  }
  char buffer[PATH_MAX];
  ssize_t n = readlink("/proc/self/exe", buffer, sizeof buffer);
  return n > 0 ? std::string(buffer, static_cast<size_t>(n)) : "";
}

// The interpreter that a virtual environment was made with: `home = …` of the pyvenv.cfg beside or above.
std::string baseOf(const std::string& executable) {
  std::string folder = directoryOf(executable);
  for (const std::string& place : {folder, directoryOf(folder)}) {
    std::ifstream file(place + "/pyvenv.cfg");
    for (std::string text; std::getline(file, text);) {
      size_t equals = text.find('=');
      if (equals == std::string::npos) continue;
      auto trimmed = [](std::string part) {
        size_t first = part.find_first_not_of(" \t\r"), last = part.find_last_not_of(" \t\r");
        return first == std::string::npos ? std::string() : part.substr(first, last - first + 1);
      };
      if (trimmed(text.substr(0, equals)) != "home") continue;
      return trimmed(text.substr(equals + 1)) + executable.substr(executable.rfind('/'));
    }
  }
  return executable;
}

}  // namespace

std::string absolutePath(const std::string& path) {
  if (!path.empty() && path[0] == '/') return path;
  char buffer[PATH_MAX];
  if (getcwd(buffer, sizeof buffer) == nullptr) return path;
  std::string folder = buffer;
  std::string_view rest = path;
  while (rest.starts_with("./")) rest.remove_prefix(2);
  return (folder == "/" ? "" : folder) + "/" + std::string(rest);
}

std::string scriptDirectory(const std::string& path) {
  char resolved[PATH_MAX];
  std::string real = realpath(path.c_str(), resolved) != nullptr ? resolved : absolutePath(path);
  return directoryOf(real);
}

PathConfig findPaths(const CommandLine& line) {
  PathConfig paths;
  paths.executable = findExecutable(line.original.empty() ? "" : line.original[0]);
  paths.baseExecutable = baseOf(paths.executable);
  // A property of the installation, not of the user's environment: -E does not hide it.
  const char* given = std::getenv("KRAIT_STDLIB");
  const char* home = environmentVariable(line, "PYTHONHOME");
  std::string library = given != nullptr && *given != '\0' ? absolutePath(given)
                        : home != nullptr ? absolutePath(splitAtColons(home)[0]) + std::string(kLibraryTail)
                                          : kDefaultLibrary;
  while (library.size() > 1 && library.back() == '/') library.pop_back();
  paths.prefix = library.ends_with(kLibraryTail) ? library.substr(0, library.size() - kLibraryTail.size())
                                                 : directoryOf(directoryOf(library));
  if (paths.prefix.empty()) paths.prefix = "/";
  if (const char* extra = environmentVariable(line, "PYTHONPATH")) paths.path = splitAtColons(extra);
  paths.path.push_back(directoryOf(library) == "/" ? "/python311.zip" : directoryOf(library) + "/python311.zip");
  paths.path.push_back(library);
  if (exists(library + "/importlib/_bootstrap.py")) paths.library = library;
  return paths;
}

}  // namespace krait
