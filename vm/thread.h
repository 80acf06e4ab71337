// A thread of Python: its stack, pending exception, handled exceptions, eval-breaker, and the hooks to what lies above
// vm.
#pragma once
#include <atomic>
#include <cstdint>
#include <string_view>

#include "vm/frame.h"
#include "vm/heap.h"
#include "vm/native_stack.h"

namespace krait {

struct Code;
struct Dict;
struct Str;
struct Type;
struct Tuple;
struct Function;

// One level of "the exception being handled" (sys.exc_info()); every generator has its own.
struct HandledException {
  Value exception = Value::none();
  HandledException* previous = nullptr;
};

// What stands above vm is reached only through these; main() installs them.
struct CompileRequest {
  std::string_view source;  // bytes of the file, or UTF-8 text when `isText`
  bool isText;
  bool isFile = false;  // a script: undecodable bytes are an error wherever they stand
  Str* filename;
  enum Mode : uint8_t { kExec, kEval, kSingle } mode;
  uint32_t flags;  // CO_FUTURE_… bits inherited, PyCF_… bits
  int optimise;    // -1: the interpreter's level
};
struct Hooks {
  // Runs the frame on top of the stack (flag kEntry) until it returns.
  Value (*interpret)(Thread&, Frame*);
  Fallible<Code*> (*compile)(Thread&, const CompileRequest&);
  // Canonical bytecode -> prepared words (Code::prepared). Raises MemoryError.
  Fallible<void> (*prepare)(Thread&, Code*);
  const char* dispatchName;  // "switch", "goto", "direct" or "tail"
  // After marking: forget every inline cache whose shape is dead (Heap::isMarked). Must not allocate. May be null.
  void (*forgetDeadCaches)() = nullptr;
  // The class, or one it inherits from, has changed in a way that lookups notice, and inline caches rely on it.
  void (*classChanged)(Type*) = nullptr;
};

struct Thread {
  // hot: the dispatch loops publish into these before anything that takes Thread&
  Value* sp = nullptr;                   // first free slot; what lies below is scanned
  Frame* frame = nullptr;                // innermost frame; its pc is published too
  Value* stackLimit = nullptr;           // no frame may extend beyond
  bool isReraising = false;              // the pending exception passes this frame without a new traceback entry
  std::atomic<uint32_t> evalBreaker{0};  // polled at RESUME and backward jumps; any bit: call handleEvalBreaker
  int32_t recursionRemaining = 1000;     // Python calls left before RecursionError
  uintptr_t nativeStackLimit = 0;        // lowest native stack address that may be used
  Value exception = Value::unbound();    // pending exception instance, or unbound
  HandledException* handled = nullptr;   // innermost level
  Value* stack = nullptr;                // the region's first slot
  size_t stackBytes = 0;
  int32_t recursionLimit = 1000;
  HandledException bottomHandled;
  Hooks hooks{};
  int optimisationLevel = 0;  // -O, -OO
  int64_t intMaxStrDigits = 4300;
  // Instrumented builds count here (dispatch/instrument.h); zero otherwise.
  uint64_t canonicalInstructions = 0, dispatches = 0, traceHash = 0;

  // For the collector: where the native stack begins, and, while the interpreter lock is not ours, where it ends.
  const void* nativeStackBottom = nullptr;
  const void* nativeStackTop = nullptr;
  Thread *nextThread = nullptr, *previousThread = nullptr;  // every thread there is, the main one last

  uint64_t identity = 0;              // pthread_self(): threading.get_ident()
  uint64_t number = 0;                // 1 for the first thread; never given again
  Value sentinel = Value::unbound();  // _thread._set_sentinel(): the lock released when the thread ends
  Value context = Value::unbound();   // contextvars: the current Context; unbound until asked for
  Value asyncHooks[2] = {Value::none(), Value::none()};  // sys.set_asyncgen_hooks(): firstiter, finalizer
  int64_t coroutineOriginDepth = 0;                      // sys.set_coroutine_origin_tracking_depth()

  // sys.settrace(), sys.setprofile(): unbound when off (vm/tracing.h).
  Value traceFunction = Value::unbound(), profileFunction = Value::unbound();
  uint32_t insideTrace = 0;   // a trace or profile function is running: it is not traced itself
  bool leavesAtOnce = false;  // the pending exception came from a "return" event: no handler of this frame

  // eval-breaker bits
  static constexpr uint32_t kSignal = 1, kLockRequest = 2, kFinalisers = 4, kCollect = 8, kStressProbe = 16;
};

// The main thread's Thread; creates stack and types. Null with a message on stderr when memory is too small.
Thread* initialiseMainThread();
Thread& currentThread();
// The thread that runs signal handlers: the first one, or the one that forked.
Thread& mainThread();
// The newest thread; the others follow through nextThread. The interpreter lock must be held.
Thread* firstThread();
// Starts a thread that runs body(thread) under the interpreter lock. Up to three Values wait for it at thread.stack.
// Its identity; 0, with nothing started, when the system has no room for another one.
uint64_t startThread(Thread& parent, void (*body)(Thread&), const Value (&arguments)[3]);
uint32_t runningThreadCount();  // started and not ended, the main thread not counted
// Bytes of native stack for new threads, 0 for the system's choice. False when the system refuses the size.
bool setThreadStackSize(size_t bytes);
size_t threadStackSize();
// How long a thread waits before it asks the running one for the lock.
void setSwitchInterval(int64_t microseconds);
int64_t switchInterval();
// What threading._shutdown() does at exit: waits for the threads that are no daemons (vm/modules/thread.cpp).
void waitForThreads(Thread& thread);
// From now on no other thread takes the interpreter lock again: the program ends.
void stopOtherThreads(Thread& thread);
bool isFinalising();
// sys.setrecursionlimit(): for all threads.
void setRecursionLimit(int32_t limit);

// True (and RecursionError is pending) when less than a safe amount of native stack is left. Every C++ function that
// may call itself through Python objects asks first.
KRAIT_INLINE bool nativeStackExhausted(Thread& thread) {
  return reinterpret_cast<uintptr_t>(__builtin_frame_address(0)) < thread.nativeStackLimit;
}
KRAIT_COLD Raised raiseRecursionError(Thread& thread, const char* where = "");  // " while calling a Python object", …
#define KRAIT_CHECK_NATIVE_STACK(thread, where)  \
  if (nativeStackExhausted(thread)) [[unlikely]] \
  return raiseRecursionError(thread, where)

// Signals, lock requests, finalisers, collection: runs at a bytecode boundary. KeyboardInterrupt comes from here. Long
// C++ loops (sum(range(10**12))) call pollEvalBreaker now and then.
Fallible<void> handleEvalBreaker(Thread& thread);
KRAIT_INLINE Fallible<void> pollEvalBreaker(Thread& thread) {
  if (thread.evalBreaker.load(std::memory_order_relaxed) != 0) [[unlikely]]
    return handleEvalBreaker(thread);
  return {};
}

// The one interpreter lock. A blocking call in C++ is wrapped:  { AllowThreads allow(thread); read(…); }
// Inside, no Value may be touched.
class AllowThreads {
 public:
  enum Mode : uint8_t { kBlocking, kGiveWay };  // giving way: others run, if there are any, before the scope is entered
  // Inline, so that the registers are the caller's. errno survives the end of the scope.
  [[gnu::always_inline]] explicit AllowThreads(Thread& thread, Mode mode = kBlocking) : thread_(thread), mode_(mode) {
    release();
  }
  ~AllowThreads();
  AllowThreads(const AllowThreads&) = delete;
  AllowThreads& operator=(const AllowThreads&) = delete;

 private:
  void release();
  Thread& thread_;
  Mode mode_;
  SpilledRegisters registers_;  // in the caller's frame, which the collector scans meanwhile
};

}  // namespace krait
