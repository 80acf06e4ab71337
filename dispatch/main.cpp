// The program: wires the folders together, runs what the command line names, and reports what goes wrong.
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <random>

#include "compiler/materialise.h"
#include "dispatch/interpret.h"
#include "dispatch/options.h"
#include "specialize/adapt.h"
#include "specialize/policy.h"
#include "specialize/profile.h"
#include "specialize/report.h"
#include "specialize/statistics.h"
#include "specialize/word_view.h"
#include "vm/builtins/dict.h"
#include "vm/builtins/exception.h"
#include "vm/builtins/file.h"
#include "vm/builtins/int.h"
#include "vm/builtins/list.h"
#include "vm/builtins/str.h"
#include "vm/builtins/traceback.h"
#include "vm/crash.h"
#include "vm/import.h"
#include "vm/modules/sys.h"
#include "vm/names.h"
#include "vm/prepared.h"
#include "vm/runtime.h"

namespace krait {
namespace {

int fatal(const std::string& message, int code) {
  std::fputs(message.c_str(), stderr);
  return code;
}

std::string absolutePath(const std::string& path) {
  if (!path.empty() && path[0] == '/') return path;
  char buffer[PATH_MAX];
  if (getcwd(buffer, sizeof buffer) == nullptr) return path;
  return std::string(buffer) + "/" + path;
}

std::string executablePath() {
  char buffer[PATH_MAX];
  ssize_t n = readlink("/proc/self/exe", buffer, sizeof buffer);
  return n > 0 ? std::string(buffer, static_cast<size_t>(n)) : "";
}

// The directory of the script, symbolic links of the script itself resolved: sys.path[0].
std::string scriptDirectory(const std::string& path) {
  char resolved[PATH_MAX];
  std::string real = realpath(path.c_str(), resolved) != nullptr ? resolved : absolutePath(path);
  size_t slash = real.rfind('/');
  return slash == 0 ? "/" : real.substr(0, slash);
}

std::string standardLibrary(const CommandLine& line) {
  if (const char* path = environmentVariable(line, "KRAIT_STDLIB")) return path;
  return "/usr/lib/python3.11";
}

std::vector<std::string> searchPath(const CommandLine& line) {
  std::vector<std::string> path;
  if (!line.safePath) {
    if (line.source == CommandLine::kFile)
      path.push_back(scriptDirectory(line.target));
    else if (line.source == CommandLine::kModule)
      path.push_back(absolutePath("."));
    else
      path.emplace_back("");
    if (line.source == CommandLine::kModule) path[0].resize(path[0].size() - 2);  // the directory itself, without "/."
  }
  if (const char* extra = environmentVariable(line, "PYTHONPATH")) {
    std::string text = extra;
    for (size_t at = 0;;) {
      size_t colon = text.find(':', at);
      path.push_back(text.substr(at, colon == std::string::npos ? colon : colon - at));
      if (colon == std::string::npos) break;
      at = colon + 1;
    }
  }
  path.push_back(standardLibrary(line));
  return path;
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

void writeCounts(const CommandLine& line, const Thread& thread) {
  const char* path = line.xOption("counts");
  if (path == nullptr) path = std::getenv("KRAIT_COUNTS");
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

// --- running ----------------------------------------------------------------------------------------------------------
struct Outcome {
  int exitCode = 0;
  bool interrupted = false;  // dies of SIGINT, so that a shell sees it
};

// Heap kept back for the traceback of a MemoryError, which must be formatted while all that filled the heap is still
// reachable. Its pages are never touched.
RootVector& memoryReserve() {
  static auto* reserve = new RootVector;
  return *reserve;
}
Fallible<void> keepMemoryReserve(Thread& thread) {
  constexpr uint64_t kBytes = 512 * 1024;
  if (!memoryReserve().push(Value::of(TRY(allocateBytes(thread, kBytes))))) return raiseMemoryError(thread);
  return {};
}

// The end of a program by an exception: SystemExit decides the exit code, anything else is shown.
Outcome handleUncaught(Thread& thread) {
  Value exception = takeException(thread);
  if (isInstanceOf(exception, exceptions.SystemExit)) {
    Value code = exception.as<Exception>()->fields[ExceptionField::kValue].get();
    if (code.isUnbound() || code.isNone()) return {};
    if (std::optional<Value> number = toInt(code)) {
      std::optional<int64_t> value = toInt64(*number);
      return {value ? static_cast<int>(*value & 0xff) : 255, false};
    }
    Fallible<Str*> text = str(thread, code);
    flushAllFiles();
    if (!text.isRaised()) fatal(strToUtf8(text.value()) + "\n", 1);
    return {1, false};
  }
  bool interrupted = isInstanceOf(exception, exceptions.KeyboardInterrupt);
  if (isInstanceOf(exception, exceptions.MemoryError)) {
    memoryReserve().clear();
    heap.collect(thread);
  }
  auto show = [&]() -> Fallible<void> {
    Value hook = TRY(dictGet(thread, runtime.sys, Value::of(names.excepthook)));
    Value traceback = exception.as<Exception>()->traceback.get();
    if (!hook.isUnbound()) {
      Fallible<Value> called = call(thread, hook, Value::of(typeOf(exception)), exception,
                                    traceback.isUnbound() ? Value::none() : traceback);
      if (!called.isRaised()) return {};
      if (pendingMatches(thread, exceptions.SystemExit)) return Raised{};
      Value second = takeException(thread);
      flushAllFiles();
      fatal("Error in sys.excepthook:\n", 1);
      fatal(strToUtf8(TRY(formatException(thread, second))), 1);
      fatal("\nOriginal exception was:\n", 1);
    }
    flushAllFiles();
    fatal(strToUtf8(TRY(formatException(thread, exception))), 1);
    return {};
  };
  if (show().isRaised()) {
    if (isPending(thread) && pendingMatches(thread, exceptions.SystemExit)) return handleUncaught(thread);
    clearException(thread);
  }
  return {1, interrupted};
}

Fallible<Dict*> makeMainModule(Thread& thread) {
  Module* module = TRY(makeModule(thread, "__main__"));
  Dict* dict = module->dict;
  TRY(dictSetStr(thread, dict, names.dunder_annotations, Value::of(TRY(makeDict(thread)))));
  TRY(dictSetStr(thread, dict, names.dunder_builtins, Value::of(runtime.builtinsModule)));
  TRY(dictSet(thread, runtime.modules, Value::of(names.dunder_main), Value::of(module)));
  return dict;
}

Fallible<void> runSource(Thread& thread, Dict* globals, const std::string& source, const std::string& filename,
                         bool isText, bool isFile) {
  CompileRequest request{};
  request.source = source;
  request.isText = isText;
  request.isFile = isFile;
  request.filename = TRY(makeStr(thread, filename));
  request.mode = CompileRequest::kExec;
  request.optimise = -1;
  Code* code = TRY(compileSource(thread, request));
  TRY(runCode(thread, code, globals, Value::of(globals)));
  return {};
}

Fallible<void> setMainFile(Thread& thread, Dict* globals, const std::string& path) {
  TRY(dictSetStr(thread, globals, names.dunder_file, Value::of(TRY(makeStr(thread, path)))));
  return dictSetStr(thread, globals, names.dunder_cached, Value::none());
}

// Runs a script, or the __main__.py of a directory. `outcome` is set when there is nothing to run.
Fallible<void> runFile(Thread& thread, const CommandLine& line, Dict* globals, Outcome& outcome) {
  std::string path = absolutePath(line.target);
  struct stat info {};
  const std::string& program = line.original.empty() ? line.target : line.original[0];
  if (stat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode)) {
    std::string main = path + "/__main__.py";
    if (stat(main.c_str(), &info) != 0) {
      outcome.exitCode = fatal(program + ": can't find '__main__' module in '" + path + "'\n", 1);
      return {};
    }
    path = main;
  }
  if (access(path.c_str(), R_OK) != 0) {
    int error = errno;
    outcome.exitCode =
        fatal(fmt::format("{}: can't open file '{}': [Errno {}] {}\n", program, path, error, std::strerror(error)), 2);
    return {};
  }
  std::string source;
  TRY(readWholeFile(thread, path, source));
  TRY(setMainFile(thread, globals, path));
  return runSource(thread, globals, source, path, false, true);
}

Fallible<void> runModule(Thread& thread, const CommandLine& line, Dict* globals, Outcome& outcome) {
  const std::string& program = line.original[0];
  ModuleFile found;
  TRY(findMainModule(thread, line.target, found));
  if (found.path.empty()) {
    if (found.package.empty())
      outcome.exitCode = fatal(program + ": No module named " + line.target + "\n", 1);
    else
      outcome.exitCode =
          fatal(fmt::format("{}: No module named {}.__main__; '{}' is a package and cannot be directly executed\n",
                            program, line.target, line.target),
                1);
    return {};
  }
  std::string source;
  TRY(readWholeFile(thread, found.path, source));
  TRY(setMainFile(thread, globals, found.path));
  TRY(dictSetStr(thread, globals, names.dunder_package, Value::of(TRY(makeStr(thread, found.package)))));
  Value argv = TRY(dictGet(thread, runtime.sys, Value::of(names.argv)));
  if (List* list = toList(argv); list != nullptr && list->length > 0)
    list->storage->slots[0] = Value::of(TRY(makeStr(thread, found.path)));
  return runSource(thread, globals, source, found.path, false, true);
}

Fallible<void> runMain(Thread& thread, const CommandLine& line, Outcome& outcome) {
  Dict* globals = TRY(makeMainModule(thread));
  switch (line.source) {
    case CommandLine::kFile: return runFile(thread, line, globals, outcome);
    case CommandLine::kCommand: return runSource(thread, globals, line.target + "\n", "<string>", true, false);
    case CommandLine::kModule: return runModule(thread, line, globals, outcome);
    case CommandLine::kStandardInput: {
      std::string source;
      TRY(readWholeFile(thread, "/dev/stdin", source));
      return runSource(thread, globals, source, "<stdin>", false, true);
    }
  }
  return {};
}

Fallible<void> startInterpreter(Thread& thread, const CommandLine& line) {
  TRY(initialiseRuntime(thread));
  SysOptions options;
  options.argv[0] = line.source == CommandLine::kCommand  ? "-c"
                    : line.source == CommandLine::kModule ? "-m"
                                                          : line.target;
  options.argv.insert(options.argv.end(), line.arguments.begin(), line.arguments.end());
  options.originalArgv = line.original;
  options.path = searchPath(line);
  options.executable = executablePath();
  options.stdlib = standardLibrary(line);
  options.warnOptions = line.warningOptions;
  for (const auto& [name, value] : line.xOptions) options.xOptions.push_back(value.empty() ? name : name + "=" + value);
  options.debug = line.debug;
  options.inspect = options.interactive = line.inspect;
  options.optimise = line.optimise;
  options.verbose = line.verbose;
  options.bytesWarning = line.bytesWarning;
  options.quiet = line.quiet;
  options.dontWriteBytecode = line.dontWriteBytecode;
  options.noUserSite = line.noUserSite;
  options.noSite = line.noSite;
  options.ignoreEnvironment = line.ignoreEnvironment;
  options.isolated = line.isolated;
  options.safePath = line.safePath;
  options.unbuffered = line.unbuffered;
  return initialiseSys(thread, options);
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
  if (!setHashSeed(line, problem)) return fatal("Fatal Python error: config_init_hash_seed: " + problem + "\n", 1);
  Thread* main = initialiseMainThread();
  if (main == nullptr) return 1;
  Thread& thread = *main;
  installCrashHandlers();
  thread.optimisationLevel = line.optimise > 2 ? 2 : line.optimise;
  thread.hooks = {interpret, compileSource, prepareAdaptive, kraitDispatchName(), forgetDeadCaches, classChanged};
  const char* digits = line.xOption("int_max_str_digits");
  if (digits == nullptr) digits = environmentVariable(line, "PYTHONINTMAXSTRDIGITS");
  if (digits != nullptr) thread.intMaxStrDigits = std::atoll(digits);
  if (startInterpreter(thread, line).isRaised() || keepMemoryReserve(thread).isRaised())
    return fatal("krait: not enough memory to start\n", 1);
  setCollectorStress(line);
  installSignalHandlers();
  installAdaptiveView();
  if (statistics.isInstrumented && installStatistics(thread).isRaised())
    return fatal("krait: not enough memory to start\n", 1);
  if (line.xOption("statistics") != nullptr) statistics.start(thread);

  Outcome outcome;
  if (runMain(thread, line, outcome).isRaised()) outcome = handleUncaught(thread);
  outcome.exitCode = flushStandardStreams(thread, outcome.exitCode);
  flushAllFiles();
  writeCounts(line, thread);
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
