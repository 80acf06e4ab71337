// Figures that are ratios: their two sides run in turn within one process, so that both see the same machine.
//
// The dispatch is measured in several copies of the program: with the same bytes at the same virtual addresses, one
// copy of a file in 20 took 2.5 ns a dispatch for the integer loop, whenever it was run, the others 0.72 (Zen 4; it
// follows the physical pages). A copy in memory has pages of its own.
#include "bench/micro/figures.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <vector>

#include "bench/micro/by_hand.h"
#include "bench/micro/loops.h"
#include "bench/micro/session.h"
#include "dispatch/interpret.h"
#include "vm/builtins/tuple.h"
#include "vm/heap.h"

namespace krait::micro {
namespace {

double cpuSeconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

// Two sides measured in turn, `repetitions` times; every second time the other side begins. Seconds each.
template <class First, class Second>
void interleave(int repetitions, std::vector<double>& first, std::vector<double>& second, First runFirst,
                Second runSecond) {
  runFirst();
  runSecond();
  for (int i = 0; i < 2 * repetitions; i++) {
    bool isFirst = (i % 2 == 0) == (i / 2 % 2 == 0);
    double start = cpuSeconds();
    if (isFirst)
      runFirst();
    else
      runSecond();
    (isFirst ? first : second).push_back(cpuSeconds() - start);
  }
}

// --- the dispatch -------------------------------------------------------------------------------------------------------
constexpr double kDispatches = 8e6;  // in one measurement
struct Loop {
  const char* name;
  Function* (*compile)(Thread&);
};
constexpr Loop kLoops[] = {
    {"NOP chain", compileNopChain}, {"loads and pops", compileLoadsAndPops}, {"integer loop", compileIntegerLoop}};

struct Samples {  // of one loop: a median for each copy of the program
  std::vector<double> vm, byHand, ratios;
};

// A copy of this program in memory, by a path that can be executed while the descriptor is open. Negative: errno.
int copyProgram() {
  int from = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
  if (from < 0) return -1;
  struct stat status {};
  int to = memfd_create("krait-micro", 0);
  bool isCopied = to >= 0 && fstat(from, &status) == 0;
  for (off_t at = 0; isCopied && at < status.st_size;)
    isCopied = sendfile(to, from, &at, static_cast<size_t>(status.st_size - at)) > 0;
  close(from);
  if (isCopied) return to;
  if (to >= 0) close(to);
  return -1;
}

// Runs a fresh copy of this program and takes the medians of what it prints.
bool measureCopy(int repetitions, Samples (&samples)[std::size(kLoops)]) {
  int copy = copyProgram();
  if (copy < 0) return false;
  std::string command = "/proc/" + std::to_string(getpid()) + "/fd/" + std::to_string(copy) + " --dispatch-samples " +
                        std::to_string(repetitions);
  std::FILE* output = popen(command.c_str(), "r");
  if (output == nullptr) {
    close(copy);
    return false;
  }
  std::vector<double> vm[std::size(kLoops)], byHand[std::size(kLoops)], ratios[std::size(kLoops)];
  unsigned loop;
  double vmTime, handTime;
  while (std::fscanf(output, "%u %lf %lf", &loop, &vmTime, &handTime) == 3 && loop < std::size(kLoops)) {
    vm[loop].push_back(vmTime);
    byHand[loop].push_back(handTime);
    ratios[loop].push_back(vmTime / handTime);
  }
  bool isComplete = pclose(output) == 0;
  close(copy);
  for (size_t i = 0; i < std::size(kLoops); i++) {
    if (!isComplete || vm[i].empty()) return false;
    samples[i].vm.push_back(median(vm[i]));
    samples[i].byHand.push_back(median(byHand[i]));
    samples[i].ratios.push_back(median(ratios[i]));
  }
  return true;
}

void printPair(const char* name, const std::vector<double>& first, const std::vector<double>& second,
               const std::vector<double>& ratios) {
  std::printf("%-16s %8.2f %8.2f %8.2f   %5.2f .. %.2f\n", name, median(first), median(second), median(ratios),
              *std::min_element(ratios.begin(), ratios.end()), *std::max_element(ratios.begin(), ratios.end()));
}

bool printDispatch(int copies, int repetitions) {
  Samples samples[std::size(kLoops)];
  for (int i = 0; i < copies; i++) {
    if (measureCopy(repetitions, samples)) continue;
    std::fprintf(stderr, "a copy of this program cannot be run\n");
    return false;
  }
  std::printf("one dispatch of `%s` beside a loop written by hand, ns: medians of %d copies of the program\n",
              kraitDispatchName(), copies);
  std::printf("%-16s %8s %8s %8s   %s\n", "", "VM", "by hand", "ratio", "lowest .. highest");
  for (size_t i = 0; i < std::size(kLoops); i++)
    printPair(kLoops[i].name, samples[i].vm, samples[i].byHand, samples[i].ratios);
  return true;
}

// --- the collector ------------------------------------------------------------------------------------------------------
constexpr int64_t kDead = 10'000'000;

[[noreturn]] void outOfMemory() {
  std::fprintf(stderr, "out of memory\n");
  std::exit(2);
}

// kDead pairs that die at once while a chain of `live` pairs stays.
void printDead(Thread& thread, int64_t live) {
  RootVector root;
  Value chain = Value::none();
  for (int64_t i = 0; i < live; i++) {
    Fallible<Tuple*> pair = makeTuple(thread, {Value::inlineInt(i), chain});
    if (pair.isRaised()) outOfMemory();
    chain = Value::of(pair.value());
  }
  if (!root.push(chain)) outOfMemory();
  heap.collect(thread);
  const CollectorStatistics before = heap.statistics();
  const auto start = std::chrono::steady_clock::now();  // the collector's own clock
  for (int64_t i = 0; i < kDead; i++)
    if (makeTuple(thread, {Value::inlineInt(i), Value::none()}).isRaised()) outOfMemory();
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  const CollectorStatistics& after = heap.statistics();
  const auto collections = static_cast<double>(after.collections - before.collections);
  const double collecting = static_cast<double>(after.markNanoseconds - before.markNanoseconds) * 1e-6;
  std::printf("%-16lld %8.1f %11.1f %11.0f %13.3f %11.1f %%\n", static_cast<long long>(live),
              seconds * 1e9 / static_cast<double>(kDead), collecting, collections,
              collecting / std::max(collections, 1.0), 100 * collecting / (seconds * 1e3));
}

// --- growth -------------------------------------------------------------------------------------------------------------
// The same number of appends as one object of 10^6, ten of 10^5; and one of 10^7 for 10^6 ten times.
void printGrowth(Thread& thread, const char* name, const std::string& source, int64_t many, int64_t few,
                 int repetitions) {
  Function* function = compileFunction(thread, source);
  std::vector<double> manyTimes, fewTimes, ratios;
  interleave(
      repetitions, manyTimes, fewTimes,
      [&] {
        heap.collect(thread);
        callWith(thread, function, many);
      },
      [&] {
        heap.collect(thread);
        for (int64_t i = 0; i < many / few; i++) callWith(thread, function, few);
      });
  for (size_t i = 0; i < manyTimes.size(); i++) {
    ratios.push_back(manyTimes[i] / fewTimes[i]);
    manyTimes[i] *= 1e9 / static_cast<double>(many);
    fewTimes[i] *= 1e9 / static_cast<double>(many);
  }
  printPair(name, manyTimes, fewTimes, ratios);
}

}  // namespace

void printDispatchSamples(int repetitions) {
  Thread& thread = startInterpreter();
  for (size_t i = 0; i < std::size(kLoops); i++) {
    Function* function = kLoops[i].compile(thread);
    HandProgram byHand(function);
    const auto passes = static_cast<int64_t>(kDispatches / static_cast<double>(byHand.wordsPerPass()));
    const Value argument = Value::inlineInt(passes);
    if (!byHand.run(thread, argument).is(callWith(thread, function, passes))) {
      std::fprintf(stderr, "%s: the loop written by hand computes something else\n", kLoops[i].name);
      std::exit(2);
    }
    std::vector<double> vm, hand;
    interleave(
        repetitions, vm, hand, [&] { callWith(thread, function, passes); }, [&] { byHand.run(thread, argument); });
    const double scale = 1e9 / (static_cast<double>(passes) * static_cast<double>(byHand.wordsPerPass()));
    for (size_t k = 0; k < vm.size(); k++) std::printf("%zu %.6f %.6f\n", i, vm[k] * scale, hand[k] * scale);
  }
}

bool printFigures(int copies, int repetitions) {
  Thread& thread = startInterpreter();
  if (!printDispatch(copies, repetitions)) return false;

  std::printf("\n10^7 pairs that die at once\n");
  std::printf("%-16s %8s %11s %11s %13s %13s\n", "pairs that live", "ns each", "collecting", "collections", "ms each",
              "of the time");
  for (int64_t live : {0, 1'000, 1'000'000}) printDead(thread, live);

  const std::string string = "def f(n):\n  s = ''\n  while 0 < n:\n    s += 'x'\n    n -= 1\n";
  const std::string list = "def f(n):\n  s = []\n  while 0 < n:\n    s.append(n)\n    n -= 1\n";
  for (int64_t few : {100'000, 1'000'000}) {
    const char* sizes = few == 100'000 ? "10^6" : "10^7";
    std::printf("\none append, ns: while %s are made, and while a tenth is made ten times\n", sizes);
    std::printf("%-16s %8s %8s %8s   %s\n", "", sizes, "a tenth", "ratio", "lowest .. highest");
    printGrowth(thread, "str += str", string, 10 * few, few, few == 100'000 ? repetitions : 3);
    printGrowth(thread, "list.append", list, 10 * few, few, few == 100'000 ? repetitions : 3);
  }
  return true;
}

}  // namespace krait::micro
