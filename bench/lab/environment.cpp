// Reads the machine from /proc, the commit from git, and an arm's build from the files beside its executable.
#include "bench/lab/environment.h"

#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "bench/lab/process.h"

namespace krait::lab {

namespace fs = std::filesystem;
using nlohmann::json;

namespace {

RunResult outputOf(std::vector<std::string> command) {
  RunOptions options;
  options.command = std::move(command);
  return run(options);
}

std::string firstLineOf(const RunResult& result) {
  return result.ok() ? result.output.substr(0, result.output.find('\n')) : "";
}

std::string processorModel() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);)
    if (line.rfind("model name", 0) == 0) return line.substr(line.find(':') + 2);
  return "unknown";
}

fs::path executableOf(const Arm& arm) {
  const std::string& name = arm.command.front();
  if (name.find('/') != std::string::npos) return fs::absolute(name);
  std::stringstream path(std::getenv("PATH") ? std::getenv("PATH") : "");
  for (std::string folder; std::getline(path, folder, ':');)
    if (access((folder + "/" + name).c_str(), X_OK) == 0) return fs::path(folder) / name;
  return name;
}

json readJson(const fs::path& path) {
  std::ifstream file(path);
  return file ? json::parse(file, nullptr, false) : json(nullptr);
}

// krait-goto-counts and krait-goto have the same loop shape certified once.
std::string strategyOf(const fs::path& executable, const json& build) {
  std::string name = executable.filename().string();
  if (name == "krait" && build.is_object()) return build.value("default_dispatch", "");
  if (name.rfind("krait-", 0) != 0) return "";
  name.erase(0, 6);
  return name.substr(0, name.find('-'));
}

}  // namespace

std::string policyOf(const Arm& arm) {
  constexpr std::string_view kOption = "specialize=";
  std::string policy;
  for (size_t i = 1; i < arm.command.size(); ++i) {
    std::string_view word = arm.command[i];
    if (word == "-X" && i + 1 < arm.command.size())
      word = arm.command[++i];
    else if (word.substr(0, 2) == "-X")
      word.remove_prefix(2);
    if (word.substr(0, kOption.size()) == kOption) policy = word.substr(kOption.size());
  }
  return policy;
}

json describeEnvironment() {
  utsname system{};
  uname(&system);
  char date[32];
  const std::time_t now = std::time(nullptr);
  std::strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%SZ", std::gmtime(&now));
  double load[1] = {0};
  (void)!getloadavg(load, 1);
  const std::string commit = firstLineOf(outputOf({"git", "rev-parse", "HEAD"}));
  const bool modified = !outputOf({"git", "status", "--porcelain", "-uno"}).output.empty();
  return {{"date", date},
          {"processor", processorModel()},
          {"cores", sysconf(_SC_NPROCESSORS_ONLN)},
          {"machine", system.nodename},
          {"kernel", system.release},
          {"architecture", system.machine},
          {"load_at_start", load[0]},
          {"hardware_counters", access("/sys/bus/event_source/devices/cpu", F_OK) == 0},
          {"commit", commit},
          {"modified", modified}};
}

json describeArm(const Arm& arm) {
  const fs::path executable = executableOf(arm);
  const json build = readJson(executable.parent_path() / "build.json");
  const std::string strategy = strategyOf(executable, build);
  std::error_code error;
  const auto size = fs::file_size(executable, error);
  return {
      {"name", arm.name},
      {"command", arm.command},
      {"executable", executable.string()},
      {"bytes", error ? 0 : size},
      {"dispatch", strategy},
      {"policy", policyOf(arm)},
      {"build", strategy.empty() ? json(nullptr) : build},
      {"topology", strategy.empty() ? json(nullptr)
                                    : readJson(executable.parent_path() / ("krait-" + strategy + ".topology.json"))}};
}

std::vector<std::string> reasonsToRefuse(const std::vector<json>& arms, const std::vector<std::string>& factors) {
  const auto declared = [&](const char* factor) {
    return std::find(factors.begin(), factors.end(), factor) != factors.end();
  };
  std::vector<std::string> reasons;
  const json* first = nullptr;
  for (const json& arm : arms) {
    const json& build = arm.at("build");
    if (!build.is_object()) continue;
    const std::string name = arm.at("name"), strategy = arm.at("dispatch");
    if (const json& topology = arm.at("topology"); topology.is_object()) {
      const std::string expected = strategy == "switch" ? "shared" : "own";
      if (topology.at("topology") != expected)
        reasons.push_back(name + " is called " + strategy + " and its dispatch sites are " +
                          topology.at("topology").get<std::string>() + ", not " + expected);
    } else {
      reasons.push_back(name + " has no topology certificate beside it");
    }
    if (!first) {
      first = &arm;
      continue;
    }
    const json& other = first->at("build");
    const std::string pair = first->at("name").get<std::string>() + " and " + name;
    const auto differs = [&](std::initializer_list<const char*> keys) {
      return std::any_of(keys.begin(), keys.end(),
                         [&](const char* key) { return build.value(key, "") != other.value(key, ""); });
    };
    if (differs({"compiler", "compiler_version"}) && !declared("compiler"))
      reasons.push_back(pair + " come from different compilers; declare --factor compiler to compare them");
    if (differs({"build_type", "lto", "pie", "sanitize", "pgo"}) && !declared("flags"))
      reasons.push_back(pair + " were built with different flags; declare --factor flags to compare them");
    if (strategy != first->at("dispatch").get<std::string>() && !declared("dispatch"))
      reasons.push_back(pair + " dispatch differently; declare --factor dispatch to compare them");
    if (arm.at("policy") != first->at("policy") && !declared("policy"))
      reasons.push_back(pair + " specialise differently; declare --factor policy to compare them");
  }
  return reasons;
}

bool isInteractive() { return isatty(STDERR_FILENO) != 0; }

}  // namespace krait::lab
