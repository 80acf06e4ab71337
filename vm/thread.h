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
  Thread* nextThread = nullptr;

  // eval-breaker bits
  static constexpr uint32_t kSignal = 1, kLockRequest = 2, kFinalisers = 4, kCollect = 8, kStressProbe = 16;
};

// The main thread's Thread; creates stack and types. Null with a message on stderr when memory is too small.
Thread* initialiseMainThread();
Thread& currentThread();

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

// Installs the handlers that only set the eval-breaker: SIGINT; SIGPIPE is ignored, as in CPython.
void installSignalHandlers();
// Whether SIGINT arrived and has not become KeyboardInterrupt yet.
bool interruptPending();

// The one interpreter lock. A blocking call in C++ is wrapped:  { AllowThreads allow(thread); read(…); }
// Inside, no Value may be touched.
class AllowThreads {
 public:
  // Inline, so that the registers are the caller's.
  [[gnu::always_inline]] explicit AllowThreads(Thread& thread) : thread_(thread) { release(); }
  ~AllowThreads();
  AllowThreads(const AllowThreads&) = delete;
  AllowThreads& operator=(const AllowThreads&) = delete;

 private:
  void release();
  Thread& thread_;
  SpilledRegisters registers_;  // in the caller's frame, which the collector scans meanwhile
};

}  // namespace krait
