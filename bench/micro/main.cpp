// The micro-benchmarks' entrance: starts the VM before Google Benchmark measures anything.
#include <benchmark/benchmark.h>

#include "bench/micro/session.h"

int main(int argc, char** argv) {
  krait::micro::startInterpreter();
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}
