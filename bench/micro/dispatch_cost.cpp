// What one dispatch costs: instructions that do next to nothing, in orders that are easy and hard to predict.
#include <benchmark/benchmark.h>

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

// LOAD_FAST, POP_TOP, over and over: any predictor learns it.
void Alternating(benchmark::State& state) {
  std::string statements;
  for (int i = 0; i < 128; i++) statements += "    a\n";
  measure(state, statements);
}
BENCHMARK(Alternating);

// The bar: the same two instructions in a loop written by hand, direct-threaded, over words and a stack of the same
// shape (the unbound check of LOAD_FAST included). What Alternating takes more than this is what the VM's generality
// costs.
struct HandWord {
  const void* token;
  int64_t offset;
};
constexpr size_t kPairs = 128;
HandWord handWords[2 * kPairs + 1];
Value handFrame[16];

// With `fill` it only writes the words; else kRounds passes over them.
[[gnu::noinline]] uint64_t handWrittenLoop(bool fill) {
  if (fill) {
    for (size_t i = 0; i < kPairs; i++) {
      handWords[2 * i] = {&&loadFast, -1};
      handWords[2 * i + 1] = {&&popTop, 0};
    }
    handWords[2 * kPairs] = {&&end, 0};
    return 0;
  }
  const HandWord* pc = handWords;
  Value* fp = handFrame + 8;
  Value* sp = fp + 1;
  int64_t rounds = kRounds;
  Value value = Value::none();
  goto * pc->token;
loadFast:
  value = fp[pc->offset];
  if (value.isUnbound()) [[unlikely]]
    return 1;
  *sp++ = value;
  pc++;
  goto * pc->token;
popTop:
  sp--;
  pc++;
  goto * pc->token;
end:
  if (--rounds == 0) return 0;
  pc = handWords;
  goto * pc->token;
}

void AlternatingByHand(benchmark::State& state) {
  for (Value& slot : handFrame) slot = Value::inlineInt(1);
  handWrittenLoop(true);
  for (auto _ : state) benchmark::DoNotOptimize(handWrittenLoop(false));
  state.counters["per dispatch"] =
      benchmark::Counter(static_cast<double>(2 * kPairs * kRounds),
                         benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}
BENCHMARK(AlternatingByHand);

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
