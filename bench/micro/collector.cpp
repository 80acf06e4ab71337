// What the collector costs: allocating, marking what lives, and giving back what does not.
#include <benchmark/benchmark.h>

#include "bench/micro/session.h"
#include "vm/builtins/tuple.h"
#include "vm/heap.h"

namespace krait::micro {
namespace {

// Cells of one size that die at once, collections included.
void Allocate(benchmark::State& state) {
  Thread& thread = startInterpreter();
  const auto bytes = static_cast<size_t>(state.range(0));
  const CollectorStatistics before = heap.statistics();
  for (auto _ : state) benchmark::DoNotOptimize(heap.allocateCell(thread, bytes));
  const CollectorStatistics& after = heap.statistics();
  state.SetBytesProcessed(static_cast<int64_t>(bytes) * state.iterations());
  state.counters["collections"] = static_cast<double>(after.collections - before.collections);
}
BENCHMARK(Allocate)->Arg(32)->Arg(64)->Arg(256);

// One collection while a chain of pairs lives.
void Collect(benchmark::State& state) {
  Thread& thread = startInterpreter();
  const int64_t length = state.range(0);
  RootVector root;
  Value chain = Value::none();
  for (int64_t i = 0; i < length; i++) {
    Fallible<Tuple*> pair = makeTuple(thread, {Value::inlineInt(i), chain});
    if (pair.isRaised()) {
      state.SkipWithError("out of memory");
      return;
    }
    chain = Value::of(pair.value());
  }
  if (!root.push(chain)) {
    state.SkipWithError("out of memory");
    return;
  }
  for (auto _ : state) heap.collect(thread);
  state.counters["per live cell"] = benchmark::Counter(
      static_cast<double>(length), benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}
BENCHMARK(Collect)->Arg(1000)->Arg(100000)->Arg(1000000)->Unit(benchmark::kMicrosecond);

// Binary trees of depth 14, one after the other: allocation, tracing and sweeping in the proportions of a program.
void TreesBuiltAndDropped(benchmark::State& state) {
  Thread& thread = startInterpreter();
  Function* function = compileFunction(thread,
                                       "def tree(depth):\n"
                                       "  return (tree(depth - 1), tree(depth - 1)) if depth else (None, None)\n"
                                       "def f(n):\n"
                                       "  while n:\n"
                                       "    n -= 1\n"
                                       "    tree(14)\n");
  const uint64_t before = heap.statistics().markNanoseconds;
  for (auto _ : state) callWith(thread, function, 1);
  const CollectorStatistics& after = heap.statistics();
  state.counters["marking ms/tree"] = benchmark::Counter(static_cast<double>(after.markNanoseconds - before) * 1e-6,
                                                         benchmark::Counter::kAvgIterations);
  state.counters["longest pause ms"] = static_cast<double>(after.longestNanoseconds) * 1e-6;
}
BENCHMARK(TreesBuiltAndDropped)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace krait::micro
