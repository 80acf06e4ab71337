// The measuring tool measures what it says: processes, arms, refusals and the files it writes.
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "bench/lab/chart.h"
#include "bench/lab/compare.h"
#include "bench/lab/environment.h"
#include "bench/lab/process.h"
#include "bench/lab/pyperf.h"
#include "bench/lab/report.h"

using namespace krait::lab;
using nlohmann::json;

namespace {

RunOptions shell(const std::string& script) {
  RunOptions options;
  options.command = {"/bin/sh", "-c", script};
  return options;
}

// A folder with one program: a shell script that takes its size as argument.
class ProgramFolder {
 public:
  explicit ProgramFolder(const std::string& script)
      : folder_(std::filesystem::temp_directory_path() / ("krait-lab-test-" + std::to_string(getpid()))) {
    std::filesystem::create_directories(folder_);
    std::ofstream(folder_ / "work.sh") << script;
    std::ofstream(folder_ / "programs.json")
        << R"([{"name": "work", "file": "work.sh", "default": 2000, "small": 1, "category": "test", "description": ""}])";
  }
  ~ProgramFolder() { std::filesystem::remove_all(folder_); }
  std::string list() const { return (folder_ / "programs.json").string(); }

 private:
  std::filesystem::path folder_;
};

CompareOptions twoShells(const std::string& list) {
  CompareOptions options;
  options.arms = {parseArm("one=/bin/sh"), parseArm("two=/bin/sh -u")};
  options.programsFile = list;
  options.reference = "two";
  options.blocks = 3;
  options.seed = 9;
  return options;
}

json arm(const std::string& name, const std::string& dispatch, const std::string& compiler, const std::string& topology,
         const std::string& policy = "") {
  return {{"name", name},
          {"dispatch", dispatch},
          {"policy", policy},
          {"build", {{"compiler", compiler}, {"compiler_version", "1"}}},
          {"topology", {{"topology", topology}}}};
}

}  // namespace

TEST_CASE("A run reports output, errors and exit status") {
  const RunResult result = run(shell("echo out; echo err >&2; exit 3"));
  CHECK(result.output == "out\n");
  CHECK(result.errors == "err\n");
  CHECK(result.exitCode == 3);
  CHECK_FALSE(result.ok());
}

TEST_CASE("A run that outlives its limit is killed and says so") {
  RunOptions options = shell("sleep 60");
  options.timeoutSeconds = 0.1;
  const RunResult result = run(options);
  CHECK(result.timedOut);
  CHECK(result.wallSeconds < 20);
}

TEST_CASE("A run counts CPU time, not waiting") {
  const RunResult result = run(shell("sleep 0.2"));
  CHECK(result.wallSeconds >= 0.2);
  CHECK(result.cpuSeconds < 0.1);
}

TEST_CASE("A signal is reported as 128 plus its number") { CHECK(run(shell("kill -9 $$")).exitCode == 137); }

TEST_CASE("An arm's command is split at blanks outside quotes") {
  const Arm parsed = parseArm("a b=/bin/x -c 'two words' \"\" z");
  CHECK(parsed.name == "a b");
  CHECK(parsed.command == std::vector<std::string>{"/bin/x", "-c", "two words", "", "z"});
  CHECK_THROWS(parseArm("no command"));
  CHECK_THROWS(parseArm("name="));
  CHECK_THROWS(parseArm("name='open"));
}

TEST_CASE("Programs that print different things are refused") {
  const ProgramFolder folder("echo $-");
  CHECK_THROWS_WITH(compare(twoShells(folder.list())), Catch::Contains("prints something else"));
}

TEST_CASE("Binaries that differ in more than the declared factor are refused") {
  const auto reasons = [](const json& a, const json& b, std::vector<std::string> factors) {
    return reasonsToRefuse({a, b}, factors).size();
  };
  const json gcc = arm("g", "goto", "GNU", "own"), sw = arm("s", "switch", "GNU", "shared");
  const json clang = arm("c", "goto", "Clang", "own"), merged = arm("m", "goto", "GNU", "shared");
  CHECK(reasons(gcc, sw, {"dispatch"}) == 0);
  CHECK(reasons(gcc, sw, {}) == 1);
  CHECK(reasons(gcc, clang, {"dispatch"}) == 1);
  CHECK(reasons(gcc, clang, {"dispatch", "compiler"}) == 0);
  CHECK(reasons(sw, merged, {"dispatch"}) == 1);
  const json none = arm("n", "goto", "GNU", "own", "none");
  CHECK(reasons(gcc, none, {}) == 1);
  CHECK(reasons(gcc, none, {"policy"}) == 0);
}

TEST_CASE("An arm's policy is what its -X specialize option says") {
  CHECK(policyOf(parseArm("a=krait -B -X specialize=none")) == "none");
  CHECK(policyOf(parseArm("a=krait -Xspecialize=eager -X dev -X specialize=polymorphic:4")) == "polymorphic:4");
  CHECK(policyOf(parseArm("a=krait -X dev")).empty());
}

TEST_CASE("A comparison measures every arm in every block and writes what it saw") {
  const ProgramFolder folder("i=0; while [ $i -lt $1 ]; do i=$((i+1)); done; echo $1");
  const Comparison comparison = compare(twoShells(folder.list()));
  CHECK(comparison.blocks == 3);
  CHECK(comparison.arms.size() == 3);
  CHECK(comparison.observations.size() == 9);
  const Summary summary = summarise(comparison);
  const std::string text = table(comparison, summary);
  CHECK_THAT(text, Catch::Contains("geometric mean") && Catch::Contains("A/A check"));
  const json saved = toJson(comparison, summary);
  CHECK(saved.at("observations").size() == 9);
  CHECK(saved.at("seed") == 9);
  CHECK(saved.at("summary").at("overall").contains("two"));
  const std::string picture = chart(comparison, summary);
  CHECK_THAT(picture, Catch::StartsWith("<svg") && Catch::EndsWith("</svg>\n"));
  const json suite = pyperfSuite(comparison, 0);
  CHECK(suite.at("version") == "1.0");
  CHECK(suite.at("benchmarks").at(0).at("runs").size() == 3);
  CHECK(suite.at("benchmarks").at(0).at("metadata").at("name") == "work");
}
