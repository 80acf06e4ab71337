// Tracing: what sys.settrace and sys.setprofile ask for.
//
// A traced word carries the tracing token in place of its own: every dispatch then comes to one handler first, which
// calls the trace functions and goes on with the op that the word still names (word.h). Words of all code objects are
// traced as soon as one thread asks for it, and each code object loses the tokens when it runs and nobody asks any
// more. So the words, their caches and every frame stay where they are, a C++ call in progress returns into traced
// words at once, and untraced execution has nothing to check. What `prepare` folded into a word (NOP, EXTENDED_ARG,
// PRECALL, KW_NAMES) has its events one after the other in front of the word.
//
// Rejected: a second prepared form with one word for each canonical instruction, and frames that switch between the
// forms. The loop that called C++ holds its place in registers, so a frame could switch at polls of the eval-breaker
// only, and a debugger that a function starts (pdb.set_trace) would miss the rest of it.
#pragma once
#include "vm/prepared.h"
#include "vm/thread.h"

namespace krait {

struct FrameObject;

enum class Traced : uint8_t {
  kRun,    // run the word at thread.frame->pc - 1
  kAgain,  // the same, with its events before it
  kRaised
};
// The events of the word at `pc`, before it runs. Registers are the thread's afterwards.
Traced traceStep(Thread& thread, Pc pc, Value* sp, Frame* frame);

// Threads that have a trace or a profile function; one more while execution is watched.
inline uint32_t tracingThreads = 0;
KRAIT_INLINE bool isTracing(const Thread& thread) {
  return thread.insideTrace == 0 && (!thread.traceFunction.isUnbound() || !thread.profileFunction.isUnbound());
}
// None, or unbound: off.
void setTraceFunction(Thread& thread, Value function);
void setProfileFunction(Thread& thread, Value function);

// The words of a fresh code object are traced from the start when anybody asks.
void traceWords(PreparedCode* prepared);

// While an exception passes a frame (vm/unwind.cpp): its "exception" event, and its "return" when it leaves the frame.
// What the trace function raises takes the exception's place.
void traceException(Thread& thread, Frame* frame);
void traceLeaving(Thread& thread, Frame* frame);
// The frame goes on elsewhere than its pc says: what came before, for the line events.
void keepPlace(Frame* frame, int offset);
// An iterator that `frame` goes over has returned `value`: the StopIteration is an event there. False: raised.
bool traceStop(Thread& thread, Frame* frame, Value value);
// The "call" event of a generator that is entered by throw().
Fallible<void> traceEntry(Thread& thread, Frame* frame);
// next(iterator) for a loop: the StopIteration that ends it is an event, too.
Fallible<Value> nextInLoop(Thread& thread, Value iterator);

// What sees every instruction, whoever runs it (-X trace-exec: dispatch/trace_exec.cpp). Neither function may run
// Python code nor allocate in the heap.
struct ExecutionWatcher {
  // The word at `pc` is next; the canonical instructions from byte offset `first` to `at` are in it. The stack ends at
  // thread.sp.
  void (*instruction)(Thread& thread, Frame* frame, Pc pc, int first, int at);
  // The pending exception has stopped the instruction at `offset`. It goes to `handler`, or, without one, leaves the
  // frame.
  void (*exception)(Thread& thread, Frame* frame, int offset, const ExceptionHandler* handler);
};
inline const ExecutionWatcher* executionWatcher = nullptr;
// Null: nobody watches any more.
void watchExecution(const ExecutionWatcher* watcher);
// The line of an instruction of prepared code, from a table made at the first question.
int tracedLine(const Code* code, int offset);

// Thread::insideTrace while a function runs for an event.
enum class TraceEvent : uint32_t { kNone, kCall, kLine, kReturn, kException, kOpcode, kCCall, kCReturn, kCException };

}  // namespace krait
