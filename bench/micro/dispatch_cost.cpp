// What one dispatch costs: instructions that do next to nothing, in orders that are easy and hard to predict.
#include <benchmark/benchmark.h>

#include "bench/micro/by_hand.h"
#include "bench/micro/loops.h"
#include "bench/micro/session.h"

namespace krait::micro {
namespace {

constexpr int64_t kRounds = 2000;  // passes over the body in one call, so that the call itself does not count

// def f(n): a loop of n passes over the statements.
std::string loopOver(const std::string& statements) {
  return "def f(n):\n  a = b = c = d = 1\n  while n:\n    n -= 1\n" + statements;
}

void measure(benchmark::State& state, const std::string& statements) {
  Thread& thread = startInterpreter();
  Function* empty = compileFunction(thread, loopOver("    pass\n"));
  Function* full = compileFunction(thread, loopOver(statements));
  callWith(thread, empty, 1);
  callWith(thread, full, 1);
  const uint64_t words = wordsOf(full) - wordsOf(empty);
  for (auto _ : state) callWith(thread, full, kRounds);
  state.counters["per dispatch"] =
      benchmark::Counter(static_cast<double>(words * kRounds),
                         benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
  state.counters["words"] = static_cast<double>(words);
}

// The loops of loops.h, in the VM and in the loop written by hand. The two beside each other: --figures.
void measureLoop(benchmark::State& state, Function* (*compile)(Thread&), bool isByHand) {
  Thread& thread = startInterpreter();
  Function* function = compile(thread);
  HandProgram byHand(function);
  callWith(thread, function, 1);
  for (auto _ : state) {
    if (isByHand)
      benchmark::DoNotOptimize(byHand.run(thread, Value::inlineInt(kRounds)));
    else
      callWith(thread, function, kRounds);
  }
  state.counters["per dispatch"] =
      benchmark::Counter(static_cast<double>(byHand.wordsPerPass() * kRounds),
                         benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
  state.counters["words"] = static_cast<double>(byHand.wordsPerPass());
}
BENCHMARK_CAPTURE(measureLoop, NopChain, compileNopChain, false);
BENCHMARK_CAPTURE(measureLoop, NopChainByHand, compileNopChain, true);
BENCHMARK_CAPTURE(measureLoop, LoadsAndPops, compileLoadsAndPops, false);
BENCHMARK_CAPTURE(measureLoop, LoadsAndPopsByHand, compileLoadsAndPops, true);
BENCHMARK_CAPTURE(measureLoop, IntegerLoop, compileIntegerLoop, false);
BENCHMARK_CAPTURE(measureLoop, IntegerLoopByHand, compileIntegerLoop, true);

// Statements of a few kinds in a fixed pseudo-random order: the same site goes to many targets, and only a long history
// tells them apart. Arguments: how many statements until the order repeats.
void Shuffled(benchmark::State& state) {
  static const char* const kStatements[] = {"a\n",         "b = a\n",      "a; b\n",
                                            "c = d = b\n", "a is b\n",     "b, c = c, b\n",
                                            "d = c\n",     "not a is b\n", "a, b, c = b, c, a\n"};
  std::string statements;
  uint64_t random = 88172645463325252u;  // xorshift64 (Marsaglia 2003)
  for (int64_t i = 0; i < state.range(0); i++) {
    random ^= random << 13;
    random ^= random >> 7;
    random ^= random << 17;
    statements += std::string("    ") + kStatements[random % std::size(kStatements)];
  }
  measure(state, statements);
}
BENCHMARK(Shuffled)->Arg(16)->Arg(128)->Arg(1024);

// A call and a return of a function that does nothing.
void CallAndReturn(benchmark::State& state) {
  Thread& thread = startInterpreter();
  Function* function = compileFunction(thread, "def g():\n  pass\ndef f(n):\n  while n:\n    n -= 1\n    g()\n");
  Function* empty = compileFunction(thread, "def f(n):\n  while n:\n    n -= 1\n");
  callWith(thread, function, 1);
  callWith(thread, empty, 1);
  for (auto _ : state) callWith(thread, function, kRounds);
  state.counters["per call"] = benchmark::Counter(
      static_cast<double>(kRounds), benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}
BENCHMARK(CallAndReturn);

}  // namespace
}  // namespace krait::micro
