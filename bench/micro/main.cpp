// The micro-benchmarks' entrance: starts the VM, then prints the small tables or lets Google Benchmark measure.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <string_view>

#include "bench/micro/figures.h"
#include "bench/micro/session.h"

int main(int argc, char** argv) {
  krait::micro::startInterpreter();
  const std::string_view first = argc > 1 ? argv[1] : "";
  const int number = argc > 2 ? std::atoi(argv[2]) : 0;
  if (first == "--figures") return krait::micro::printFigures(number > 0 ? number : 9, 5) ? 0 : 1;
  if (first == "--dispatch-samples") {
    krait::micro::printDispatchSamples(number > 0 ? number : 5);
    return 0;
  }
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}
