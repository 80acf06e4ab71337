// Threads: the VM stack, the interpreter lock, starting and ending, and the eval-breaker.
#include "vm/thread.h"

#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <mutex>
#include <new>

#include "vm/builtins/generator.h"
#include "vm/errors.h"
#include "vm/lifetimes.h"
#include "vm/running_thread.h"
#include "vm/signals.h"
#include "vm/trace.h"
#include "vm/tracing.h"
#include "vm/tuning.h"

namespace krait {

constinit thread_local Thread* runningThread = nullptr;
namespace {

Thread firstOfAll;
Thread* mainOne = &firstOfAll;
Thread* allThreads = nullptr;
uint64_t threadsMade = 0;
uint32_t startedThreads = 0;
size_t nativeStackBytes = 0;  // for new threads; 0: the system's choice
std::atomic<int64_t> switchMicroseconds{tuning::kSwitchInterval.count()};
std::atomic<Thread*> lastThread{nullptr};  // the one that ends the program

// The interpreter lock. Whoever waits longer than the switch interval asks the holder through its eval-breaker; that
// one gives way at the next bytecode boundary and does not come back before somebody else has had the lock.
struct InterpreterLock {
  std::mutex mutex;
  std::condition_variable released, taken;
  Thread* holder = nullptr;
  uint32_t waiting = 0, givingWay = 0;
  uint64_t handovers = 0;

  void acquire(Thread& thread) {
    std::unique_lock<std::mutex> guard(mutex);
    if (holder != nullptr) {
      waiting++;
      while (holder != nullptr) {
        uint64_t seen = handovers;
        auto patience = std::chrono::microseconds(switchMicroseconds.load(std::memory_order_relaxed));
        if (released.wait_for(guard, patience) == std::cv_status::timeout && holder != nullptr && handovers == seen)
          holder->evalBreaker.fetch_or(Thread::kLockRequest, std::memory_order_relaxed);
      }
      waiting--;
    }
    if (Thread* last = lastThread.load(std::memory_order_relaxed); last != nullptr && last != &thread) {
      // The program ends: what is left of its data must not be touched any more.
      guard.unlock();
      released.notify_one();
      for (;;) pause();
    }
    holder = &thread;
    handovers++;
    thread.evalBreaker.fetch_and(~Thread::kLockRequest, std::memory_order_relaxed);
    if (givingWay > 0) taken.notify_all();
  }
  void release() {
    {
      std::lock_guard<std::mutex> guard(mutex);
      holder = nullptr;
    }
    released.notify_one();
  }
  // Lets a waiting thread have its turn.
  void giveWay(Thread& thread) {
    {
      std::unique_lock<std::mutex> guard(mutex);
      holder = nullptr;
      released.notify_one();
      uint64_t before = handovers;
      givingWay++;
      while (waiting > 0 && handovers == before && lastThread.load(std::memory_order_relaxed) == nullptr)
        taken.wait(guard);
      givingWay--;
    }
    acquire(thread);
  }
  // The child of a fork has one thread, which holds the lock.
  void reinitialise(Thread* only) {
    new (&mutex) std::mutex;
    new (&released) std::condition_variable;
    new (&taken) std::condition_variable;
    holder = only;
    waiting = givingWay = 0;
  }
};
InterpreterLock interpreterLock;

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
    bytes = std::min<uint64_t>(bytes, limit.rlim_cur / (&thread == &firstOfAll ? 16 : 512));
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

void link(Thread& thread) {
  thread.number = ++threadsMade;
  thread.nextThread = allThreads;
  if (allThreads != nullptr) allThreads->previousThread = &thread;
  allThreads = &thread;
}
void unlink(Thread& thread) {
  (thread.previousThread == nullptr ? allThreads : thread.previousThread->nextThread) = thread.nextThread;
  if (thread.nextThread != nullptr) thread.nextThread->previousThread = thread.previousThread;
}
void destroy(Thread* thread) {
  if (thread->stack != nullptr) munmap(static_cast<void*>(thread->stack), thread->stackBytes);
  if (thread != &firstOfAll) delete thread;
}

// fork(): nobody else is inside the lock meanwhile, and the child's other threads are gone with all that they hold.
void beforeFork() { interpreterLock.mutex.lock(); }
void afterForkInParent() { interpreterLock.mutex.unlock(); }
void afterForkInChild() {
  Thread* only = runningThread;
  interpreterLock.reinitialise(only);
  if (only == nullptr) return;
  for (Thread* thread = allThreads; thread != nullptr;) {
    Thread* next = thread->nextThread;
    if (thread != only) destroy(thread);
    thread = next;
  }
  only->nextThread = only->previousThread = nullptr;
  allThreads = mainOne = only;
  startedThreads = 0;
}

struct Start {
  Thread* thread;
  void (*body)(Thread&);
};

void* runThread(void* given) {
  Start start = *static_cast<Start*>(given);
  delete static_cast<Start*>(given);
  Thread* thread = start.thread;
  runningThread = thread;
  thread->identity = static_cast<uint64_t>(pthread_self());
  findNativeStack(*thread);
  interpreterLock.acquire(*thread);
  start.body(*thread);
  setTraceFunction(*thread, Value::unbound());
  setProfileFunction(*thread, Value::unbound());
  startedThreads--;
  unlink(*thread);
  interpreterLock.release();
  runningThread = nullptr;
  destroy(thread);
  return nullptr;
}

}  // namespace

Thread* initialiseMainThread() {
  Thread& thread = firstOfAll;
  if (!heap.initialise() || !reserveVmStack(thread)) {
    std::fputs("krait: not enough memory to start\n", stderr);
    return nullptr;
  }
  findNativeStack(thread);
  thread.handled = &thread.bottomHandled;
  thread.recursionLimit = thread.recursionRemaining = tuning::kRecursionLimit;
  thread.identity = static_cast<uint64_t>(pthread_self());
  link(thread);
  runningThread = &thread;
  interpreterLock.acquire(thread);
  pthread_atfork(beforeFork, afterForkInParent, afterForkInChild);
  return &thread;
}

Thread& currentThread() { return *runningThread; }
Thread& mainThread() { return *mainOne; }
Thread* firstThread() { return allThreads; }
uint32_t runningThreadCount() { return startedThreads; }
size_t threadStackSize() { return nativeStackBytes; }
void setSwitchInterval(int64_t microseconds) { switchMicroseconds.store(microseconds, std::memory_order_relaxed); }
int64_t switchInterval() { return switchMicroseconds.load(std::memory_order_relaxed); }
bool isFinalising() { return lastThread.load(std::memory_order_relaxed) != nullptr; }
void stopOtherThreads(Thread& thread) { lastThread.store(&thread, std::memory_order_relaxed); }

bool setThreadStackSize(size_t bytes) {
  constexpr size_t kLeast = 32 * 1024;
  pthread_attr_t attributes;
  if (bytes != 0 && bytes < kLeast) return false;
  if (pthread_attr_init(&attributes) != 0) return false;
  bool accepted = bytes == 0 || pthread_attr_setstacksize(&attributes, bytes) == 0;
  pthread_attr_destroy(&attributes);
  if (accepted) nativeStackBytes = bytes;
  return accepted;
}

uint64_t startThread(Thread& parent, void (*body)(Thread&), const Value (&arguments)[3]) {
  auto* thread = new (std::nothrow) Thread;
  auto* start = new (std::nothrow) Start{thread, body};
  if (thread == nullptr || start == nullptr || !reserveVmStack(*thread)) {
    delete thread;
    delete start;
    return 0;
  }
  for (Value argument : arguments) *thread->sp++ = argument;
  thread->handled = &thread->bottomHandled;
  thread->recursionLimit = thread->recursionRemaining = parent.recursionLimit;
  thread->hooks = parent.hooks;
  thread->optimisationLevel = parent.optimisationLevel;
  thread->intMaxStrDigits = parent.intMaxStrDigits;
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  // What Krait keeps free for C++ code comes on top of what the program asks for.
  if (nativeStackBytes != 0) pthread_attr_setstacksize(&attributes, nativeStackBytes + 2 * tuning::kNativeStackReserve);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  link(*thread);
  startedThreads++;
  pthread_t identity;
  int error = pthread_create(&identity, &attributes, runThread, start);
  pthread_attr_destroy(&attributes);
  if (error == 0) {
    thread->identity = static_cast<uint64_t>(identity);  // the thread itself waits for the lock that we hold
    return thread->identity;
  }
  startedThreads--;
  unlink(*thread);
  destroy(thread);
  delete start;
  return 0;
}

void setRecursionLimit(int32_t limit) {
  for (Thread* thread = allThreads; thread != nullptr; thread = thread->nextThread) {
    thread->recursionRemaining += limit - thread->recursionLimit;
    thread->recursionLimit = limit;
  }
}

Fallible<void> handleEvalBreaker(Thread& thread) {
  uint32_t bits = thread.evalBreaker.exchange(0, std::memory_order_relaxed);
  if (bits & Thread::kStressProbe) heap.collect(thread);
  if (bits & Thread::kCollect) heap.collect(thread);
  if (bits & Thread::kLockRequest) AllowThreads giveWay(thread, AllowThreads::kGiveWay);
  if ((bits & Thread::kFinalisers) && !deferLifetimes) runPendingLifetimes(thread);
  if (bits & Thread::kSignal) return runSignalHandlers(thread);
  return {};
}

// --- the lock around blocking calls -----------------------------------------------------------------------------------
[[gnu::noinline]] void AllowThreads::release() {
  thread_.nativeStackTop = __builtin_frame_address(0);  // below all of the caller's frame
  if (mode_ == kGiveWay)
    interpreterLock.giveWay(thread_);
  else
    interpreterLock.release();
}
AllowThreads::~AllowThreads() {
  int error = errno;  // of the call that blocked
  if (mode_ != kGiveWay) interpreterLock.acquire(thread_);
  thread_.nativeStackTop = nullptr;
  errno = error;
}

// --- roots ------------------------------------------------------------------------------------------------------------
const void* nativeStackBottom(const Thread& thread) { return thread.nativeStackBottom; }

void traceThreads(Marker& marker) {
  for (Thread* thread = allThreads; thread != nullptr; thread = thread->nextThread) {
    marker.markConservatively(thread->stack, thread->sp);
    for (const Frame* frame = thread->frame; frame != nullptr; frame = frame->previous)
      if (Generator* generator = frame->generator()) generator->flags |= Generator::kOnStack;
    for (Value v : {thread->exception, thread->sentinel, thread->context, thread->asyncHooks[0], thread->asyncHooks[1],
                    thread->traceFunction, thread->profileFunction})
      marker.mark(v);
    for (HandledException* level = thread->handled; level != nullptr; level = level->previous)
      marker.mark(level->exception);
    if (thread != runningThread && thread->nativeStackTop != nullptr)
      marker.markConservatively(thread->nativeStackTop, thread->nativeStackBottom);
  }
}

}  // namespace krait
