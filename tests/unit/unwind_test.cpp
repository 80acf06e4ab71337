// Every handler of every dispatch unwinds: a stack walk that starts anywhere in the loop reaches the loop's caller.
#define UNW_LOCAL_ONLY
#include <libunwind.h>
#include <signal.h>
#include <sys/time.h>

#include <atomic>
#include <catch2/catch.hpp>

#include "tests/unit/vm_fixture.h"

namespace krait {
namespace {

std::atomic<int> samples, complete;
unw_word_t marker;

// Walks from where the program was interrupted; a walk is complete when it meets the marked function.
void onTimer(int, siginfo_t*, void* context) {
  unw_cursor_t cursor;
  if (unw_init_local2(&cursor, static_cast<unw_context_t*>(context), UNW_INIT_SIGNAL_FRAME) != 0) return;
  samples++;
  for (int frames = 0; frames < 200; frames++) {
    unw_proc_info_t info;
    if (unw_get_proc_info(&cursor, &info) == 0 && info.start_ip == marker) {
      complete++;
      return;
    }
    if (unw_step(&cursor) <= 0) return;
  }
}

[[gnu::noinline]] void runMarked(Thread& thread, Function* function) {
  micro::callWith(thread, function, 40);
  asm volatile("");  // not a tail call: the frame must be there to be found
}

}  // namespace

TEST_CASE_METHOD(VmFixture, "A walk from any instruction reaches the caller of the dispatch loop") {
  // Arithmetic, calls, attributes, containers, generators, exceptions: most handlers are on the stack at some time.
  Function* function = compileFunction(
      "class P:\n"
      "  def __init__(self, x): self.x = x\n"
      "  def get(self): return self.x\n"
      "def gen(n):\n"
      "  for i in range(n): yield i\n"
      "def g(n):\n"
      "  total, d, l = 0, {}, []\n"
      "  for i in gen(n):\n"
      "    p = P(i)\n"
      "    total += p.get() * 2 - (i ^ 3)\n"
      "    d[i] = total; l.append(d[i]); a, b = l[-1], i / 2.0\n"
      "    if i % 50 == 7:\n"
      "      try: l[n * n]\n"
      "      except IndexError: pass\n"
      "  return total\n"
      "def f(n):\n"
      "  while n:\n"
      "    n -= 1\n"
      "    g(2000)\n");
  marker = reinterpret_cast<unw_word_t>(&runMarked);
  samples = complete = 0;
  struct sigaction action {
  }, before{};
  action.sa_sigaction = onTimer;
  action.sa_flags = SA_SIGINFO | SA_RESTART;
  REQUIRE(sigaction(SIGPROF, &action, &before) == 0);
  const itimerval every{{0, 1000}, {0, 1000}}, never{};
  setitimer(ITIMER_PROF, &every, nullptr);
  for (int round = 0; round < 50 && samples < 100; round++) runMarked(thread, function);
  setitimer(ITIMER_PROF, &never, nullptr);
  sigaction(SIGPROF, &before, nullptr);
  CHECK(samples >= 20);
  CHECK(complete == samples);
}

}  // namespace krait
