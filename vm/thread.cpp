// Threads: the VM stack, the interpreter lock, signals and the eval-breaker.
#include "vm/thread.h"

#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include <chrono>
#include <condition_variable>
#include <csignal>
#include <cstdio>
#include <mutex>

#include "vm/builtins/generator.h"
#include "vm/errors.h"
#include "vm/lifetimes.h"
#include "vm/running_thread.h"
#include "vm/trace.h"
#include "vm/tuning.h"

namespace krait {

constinit thread_local Thread* runningThread = nullptr;
namespace {

Thread mainThread;
Thread* allThreads = nullptr;
volatile std::sig_atomic_t interruptArrived = 0;

// The interpreter lock: a holder that is asked through its eval-breaker gives way at the next bytecode boundary.
struct InterpreterLock {
  std::mutex mutex;
  std::condition_variable released;
  Thread* holder = nullptr;
  uint32_t waiting = 0;

  void acquire(Thread& thread) {
    std::unique_lock<std::mutex> guard(mutex);
    waiting++;
    while (holder != nullptr) {
      if (released.wait_for(guard, tuning::kSwitchInterval) == std::cv_status::timeout && holder != nullptr)
        holder->evalBreaker.fetch_or(Thread::kLockRequest, std::memory_order_relaxed);
    }
    waiting--;
    holder = &thread;
    runningThread = &thread;
  }
  void release() {
    {
      std::lock_guard<std::mutex> guard(mutex);
      holder = nullptr;
    }
    released.notify_one();
  }
};
InterpreterLock interpreterLock;

extern "C" void onInterrupt(int) {
  interruptArrived = 1;
  mainThread.evalBreaker.fetch_or(Thread::kSignal, std::memory_order_relaxed);
}

void findNativeStack(Thread& thread) {
  pthread_attr_t attributes;
  void* lowest = nullptr;
  size_t size = 0;
  if (pthread_getattr_np(pthread_self(), &attributes) == 0) {
    pthread_attr_getstack(&attributes, &lowest, &size);
    pthread_attr_destroy(&attributes);
  }
  uintptr_t bottom = reinterpret_cast<uintptr_t>(lowest) + size;
  // An unlimited main stack still shares the address space with everything else: count on 64 MiB at most.
  size = std::min<size_t>(size, size_t{64} << 20);
  thread.nativeStackBottom = reinterpret_cast<const void*>(bottom);
  thread.nativeStackLimit = bottom - size + tuning::kNativeStackReserve;
}

bool reserveVmStack(Thread& thread) {
  uint64_t bytes = tuning::kVmStackBytes;
  rlimit limit{};
  if (getrlimit(RLIMIT_AS, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY)
    bytes = std::min<uint64_t>(bytes, limit.rlim_cur / 16);
  for (; bytes >= (uint64_t{256} << 10); bytes /= 2) {
    void* memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) continue;
    thread.stack = static_cast<Value*>(memory);
    thread.stackBytes = bytes;
    thread.sp = thread.stack;
    // A margin for the few slots that C++ code pushes without asking.
    thread.stackLimit = thread.stack + bytes / sizeof(Value) - 256;
    return true;
  }
  return false;
}

}  // namespace

Thread* initialiseMainThread() {
  Thread& thread = mainThread;
  if (!heap.initialise() || !reserveVmStack(thread)) {
    std::fputs("krait: not enough memory to start\n", stderr);
    return nullptr;
  }
  findNativeStack(thread);
  thread.handled = &thread.bottomHandled;
  thread.recursionLimit = thread.recursionRemaining = tuning::kRecursionLimit;
  allThreads = &thread;
  interpreterLock.acquire(thread);
  return &thread;
}

Thread& currentThread() { return *runningThread; }

void installSignalHandlers() {
  struct sigaction action {};
  action.sa_handler = onInterrupt;
  sigemptyset(&action.sa_mask);
  struct sigaction old {};
  if (sigaction(SIGINT, nullptr, &old) == 0 && old.sa_handler != SIG_IGN) sigaction(SIGINT, &action, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
}

bool interruptPending() { return interruptArrived != 0; }

Fallible<void> handleEvalBreaker(Thread& thread) {
  uint32_t bits = thread.evalBreaker.exchange(0, std::memory_order_relaxed);
  if (bits & Thread::kStressProbe) heap.collect(thread);
  if (bits & Thread::kCollect) heap.collect(thread);
  if (bits & Thread::kLockRequest) {
    AllowThreads giveWay(thread);
  }
  if (bits & Thread::kFinalisers) runPendingLifetimes(thread);
  if ((bits & Thread::kSignal) && interruptArrived) {
    interruptArrived = 0;
    return raiseWithoutArguments(thread, exceptions.KeyboardInterrupt);
  }
  return {};
}

// --- the lock around blocking calls -----------------------------------------------------------------------------------
[[gnu::noinline]] void AllowThreads::release() {
  thread_.nativeStackTop = __builtin_frame_address(0);  // below all of the caller's frame
  interpreterLock.release();
}
AllowThreads::~AllowThreads() {
  interpreterLock.acquire(thread_);
  thread_.nativeStackTop = nullptr;
}

// --- roots ------------------------------------------------------------------------------------------------------------
const void* nativeStackBottom(const Thread& thread) { return thread.nativeStackBottom; }

void traceThreads(Marker& marker) {
  for (Thread* thread = allThreads; thread != nullptr; thread = thread->nextThread) {
    marker.markConservatively(thread->stack, thread->sp);
    for (const Frame* frame = thread->frame; frame != nullptr; frame = frame->previous)
      if (Generator* generator = frame->generator()) generator->flags |= Generator::kOnStack;
    marker.mark(thread->exception);
    for (HandledException* level = thread->handled; level != nullptr; level = level->previous)
      marker.mark(level->exception);
    if (thread != runningThread && thread->nativeStackTop != nullptr)
      marker.markConservatively(thread->nativeStackTop, thread->nativeStackBottom);
  }
}

}  // namespace krait
