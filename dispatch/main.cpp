// The program: wires the folders together, runs what the command line names, and reports what goes wrong.
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <random>

#include "compiler/materialise.h"
#include "compiler/modules/ast_module.h"
#include "compiler/modules/opcode_module.h"
#include "compiler/modules/symtable_module.h"
#include "compiler/modules/tokenize_module.h"
#include "dispatch/interpret.h"
#include "dispatch/options.h"
#include "dispatch/run.h"
#include "dispatch/start.h"
#include "dispatch/trace_exec.h"
#include "specialize/adapt.h"
#include "specialize/policy.h"
#include "specialize/profile.h"
#include "specialize/report.h"
#include "specialize/statistics.h"
#include "specialize/word_view.h"
#include "vm/builtins/file.h"
#include "vm/builtins/str.h"
#include "vm/code_make.h"
#include "vm/crash.h"
#include "vm/errors.h"
#include "vm/lifetimes.h"
#include "vm/loop_entry.h"
#include "vm/modules/atexit.h"
#include "vm/modules/registry.h"
#include "vm/modules/sys.h"
#include "vm/permanent.h"
#include "vm/prepared.h"

namespace krait {
namespace {

int fatal(const std::string& message, int code) {
  std::fputs(message.c_str(), stderr);
  return code;
}

bool setHashSeed(const CommandLine& line, std::string& problem) {
  const char* seed = environmentVariable(line, "PYTHONHASHSEED");
  if (seed == nullptr || std::strcmp(seed, "random") == 0) {
    setHashSecret(true, std::random_device{}());
    return true;
  }
  char* end = nullptr;
  errno = 0;
  unsigned long value = std::strtoul(seed, &end, 10);
  if (*end != '\0' || errno != 0 || value > 4294967295UL || seed[0] == '-') {
    problem = "PYTHONHASHSEED must be \"random\" or an integer in range [0; 4294967295]";
    return false;
  }
  setHashSecret(false, static_cast<uint32_t>(value));
  return true;
}

// KRAIT_GC_STRESS=N[:SEED] or -X gc-stress=N[:SEED].
void setCollectorStress(const CommandLine& line) {
  const char* text = line.xOption("gc-stress");
  if (text == nullptr) text = std::getenv("KRAIT_GC_STRESS");
  if (text == nullptr) return;
  char* end = nullptr;
  unsigned long period = std::strtoul(text, &end, 10);
  unsigned long seed = *end == ':' ? std::strtoul(end + 1, nullptr, 10) : 1;
  if (period > 0) heap.setStress(static_cast<uint32_t>(period), seed);
}

const char* countsPath(const CommandLine& line) {
  const char* path = line.xOption("counts");
  return path != nullptr ? path : std::getenv("KRAIT_COUNTS");
}

// What is counted is the program: what start-up leaves behind is finalised before, what outlives the program after.
void finaliseStartUp(Thread& thread) {
  heap.collect(thread);
  if (handleEvalBreaker(thread).isRaised()) clearException(thread);
  deferLifetimes = true;
}
void beginCounts(const CommandLine& line, Thread& thread) {
  if (countsPath(line) == nullptr || thread.dispatches == 0) return;
  finaliseStartUp(thread);
  thread.canonicalInstructions = thread.dispatches = thread.traceHash = 0;
}

void writeCounts(const CommandLine& line, const Thread& thread) {
  const char* path = countsPath(line);
  if (path == nullptr || thread.dispatches == 0) return;
  std::ofstream out(path);
  out << fmt::format("{{\"canonicalInstructions\": {}, \"dispatches\": {}, \"traceHash\": \"{:016x}\"}}\n",
                     thread.canonicalInstructions, thread.dispatches, thread.traceHash);
}

// -X statistics[=FILE]: counts from here on, and writes at the end.
bool wantsStatistics(const CommandLine& line) {
  const char* path = line.xOption("statistics");
  if (path != nullptr) statisticsPath = path;
  return path != nullptr;
}

bool showsSpecialisation(const CommandLine& line) {
  for (const char* option : {"specialize-listing", "specialize-report", "specialize-save"})
    if (line.xOption(option) != nullptr) return true;
  return false;
}

// -X specialize-listing, specialize-report[=FILE.html], specialize-save=FILE, and what -v says about a profile.
void showSpecialisation(const CommandLine& line) {
  if (line.xOption("specialize-listing") != nullptr) {
    RootVector codes;
    findCalledCode(codes);
    for (Value code : codes) std::fputs((listing(code.as<Code>()) + "\n").c_str(), stdout);
  }
  std::string problem;
  if (const char* path = line.xOption("specialize-report"); path != nullptr && !writeReport(path, problem))
    fatal("krait: " + problem + "\n", 1);
  if (const char* path = line.xOption("specialize-save"); path != nullptr && !saveProfile(path, problem))
    fatal("krait: " + problem + "\n", 1);
  if (!policy.profile.empty() && line.verbose > 0) fatal(profileNotes(), 0);
}

int run(int argc, char** argv) {
  CommandLine line = parseCommandLine(argc, argv);
  if (line.exitCode >= 0) {
    std::fputs(line.message.c_str(), line.exitCode == 0 ? stdout : stderr);
    return line.exitCode;
  }
  std::string problem;
  const char* strategy = line.xOption("specialize");
  if (strategy == nullptr) strategy = environmentVariable(line, "KRAIT_SPECIALIZE");
  if (strategy != nullptr && !setPolicy(strategy, problem)) return fatal("krait: " + problem + "\n", 2);
  if (wantsStatistics(line) && !statistics.isInstrumented)
    return fatal("krait: -X statistics needs an instrumented program, such as krait-" +
                     std::string(kraitDispatchName()) + "-counts\n",
                 2);
  if (!policy.profile.empty() && !loadProfile(policy.profile, problem)) return fatal("krait: " + problem + "\n", 2);
  if (!setHashSeed(line, problem))
    return fatal("Fatal Python error: config_init_hash_seed: " + problem + "\nPython runtime state: preinitialized\n\n",
                 1);
  Thread* main = initialiseMainThread();
  if (main == nullptr) return 1;
  Thread& thread = *main;
  installCrashHandlers();
  thread.optimisationLevel = line.optimise > 2 ? 2 : line.optimise;
  tracingToken = kraitTokenOf(static_cast<unsigned>(ops::TRACE));
  thread.hooks = {enterLoop<interpret>, compileSource,    prepareAdaptive,
                  kraitDispatchName(),  forgetDeadCaches, classChanged};
  dropsColumns =
      line.xOption("no_debug_ranges") != nullptr || environmentVariable(line, "PYTHONNODEBUGRANGES") != nullptr;
  if (line.intMaxStrDigits >= 0) thread.intMaxStrDigits = line.intMaxStrDigits;
  registerNativeModule("_ast", moduleAst);
  registerNativeModule("_opcode", moduleOpcode);
  registerNativeModule("_symtable", moduleSymtable);
  registerNativeModule("_tokenize", moduleTokenize);
  installAstHooks();
  if (keepMemoryReserve(thread).isRaised()) return fatal("krait: not enough memory to start\n", 1);
  if (startInterpreter(thread, line).isRaised()) {
    if (!isPending(thread)) return fatal("krait: not enough memory to start\n", 1);
    fatal("Fatal Python error: the interpreter could not be started\n", 1);
    return handleUncaught(thread).exitCode;
  }
  setCollectorStress(line);
  installAdaptiveView();
  if (statistics.isInstrumented && installStatistics(thread).isRaised())
    return fatal("krait: not enough memory to start\n", 1);
  if (line.xOption("statistics") != nullptr) {
    finaliseStartUp(thread);
    statistics.start(thread);
  }

  if (!startExecutionTrace(line, problem)) return fatal("krait: " + problem + "\n", 2);
  beginCounts(line, thread);
  noteStartUp();
  Outcome outcome = runProgram(thread, line);
  writeCounts(line, thread);
  deferLifetimes = false;
  // What runs from here on, finalisers and callbacks, is not the program; its code must outlive what they drop.
  if (line.xOption("statistics") != nullptr) statistics.stop(thread);
  RootVector programCode;
  if (showsSpecialisation(line)) findCalledCode(programCode);
  waitForThreads(thread);
  runExitFunctions(thread);
  finishExecutionTrace();
  stopOtherThreads(thread);
  finaliseAtExit(thread);
  outcome.exitCode = flushStandardStreams(thread, outcome.exitCode);
  flushAllFiles();
  if (line.xOption("statistics") != nullptr) writeStatistics(thread, statisticsPath);
  showSpecialisation(line);
  if (outcome.interrupted) {
    std::signal(SIGINT, SIG_DFL);
    ::raise(SIGINT);
  }
  return outcome.exitCode;
}

}  // namespace
}  // namespace krait

#ifdef KRAIT_PGO_GENERATE
extern "C" int __llvm_profile_write_file();  // the profile runtime's; _exit skips its own exit handler
#endif

int main(int argc, char** argv) {
  int code = krait::run(argc, argv);
#ifdef KRAIT_PGO_GENERATE
  __llvm_profile_write_file();
#endif
  // The heap is the process's: nothing is taken apart. Files have been flushed.
  std::fflush(nullptr);
  _exit(code);
}
