// Module faulthandler: Python tracebacks when the program crashes, after a time, or at a signal.
//
// The dumps are written by signal handlers and by a watchdog thread that does not hold the interpreter lock: they only
// read, allocate nothing, and believe no pointer that may be stale.
#include "vm/modules/faulthandler.h"

#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <string>

#include "vm/builtins/bytes.h"
#include "vm/builtins/file.h"
#include "vm/builtins/int.h"
#include "vm/builtins/str.h"
#include "vm/modules/native_arguments.h"
#include "vm/modules/registry.h"
#include "vm/modules/sys.h"
#include "vm/modules/time_internal.h"
#include "vm/names.h"
#include "vm/prepared.h"
#include "vm/running_thread.h"
#include "vm/signals.h"

namespace krait {
namespace {

// --- writing without allocating ---------------------------------------------------------------------------------------
class Writer {
 public:
  explicit Writer(int descriptor) : descriptor_(descriptor) {}
  ~Writer() { flush(); }
  void add(const char* text) {
    for (; *text != '\0'; text++) addByte(*text);
  }
  void addDecimal(uint64_t number) {
    char digits[24];
    int count = 0;
    do digits[count++] = static_cast<char>('0' + number % 10);
    while ((number /= 10) != 0);
    while (count > 0) addByte(digits[--count]);
  }
  void addHexadecimal(uint64_t number, int width) {
    for (int shift = (width - 1) * 4; shift >= 0; shift -= 4) addByte("0123456789abcdef"[number >> shift & 15]);
  }
  // Other characters than printable ASCII are escaped; a long text is cut.
  void add(const Str* text) {
    constexpr uint64_t kMost = 500;
    for (uint64_t i = 0; i < text->length && i < kMost; i++) {
      uint32_t c = text->at(i);
      if (c >= ' ' && c < 127) {
        addByte(static_cast<char>(c));
      } else if (c < 256) {
        add("\\x");
        addHexadecimal(c, 2);
      } else if (c < 65536) {
        add("\\u");
        addHexadecimal(c, 4);
      } else {
        add("\\U");
        addHexadecimal(c, 8);
      }
    }
    if (text->length > kMost) add("...");
  }

 private:
  void addByte(char c) {
    if (size_ == sizeof buffer_) flush();
    buffer_[size_++] = c;
  }
  void flush() {
    size_t done = 0;
    while (done < size_) {
      ssize_t n = write(descriptor_, buffer_ + done, size_ - done);
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) break;
      done += static_cast<size_t>(n);
    }
    size_ = 0;
  }
  int descriptor_;
  size_t size_ = 0;
  char buffer_[1024];
};

void addFrame(Writer& out, const Frame* frame) {
  const Code* code = frame->code;
  const PreparedCode* prepared = code->prepared;
  out.add("  File \"");
  out.add(code->filename.get());
  out.add("\", line ");
  // A frame that has published nothing yet holds whatever lay there.
  auto unit = static_cast<uint64_t>(frame->pc - 1 - prepared->entry);
  int line = unit < prepared->unitCount ? lineAt(code, static_cast<int>(prepared->canonicalOf[unit]))
                                        : static_cast<int>(code->firstLine);
  if (line >= 0)
    out.addDecimal(static_cast<uint64_t>(line));
  else
    out.add("???");
  out.add(" in ");
  out.add(code->name.get());
  out.add("\n");
}

void addStack(Writer& out, const Thread* thread) {
  constexpr int kMostFrames = 100;
  const Frame* frame = thread == nullptr ? nullptr : thread->frame;
  if (frame == nullptr) out.add("  <no Python frame>\n");
  for (int depth = 0; frame != nullptr; frame = frame->previous, depth++) {
    if (depth == kMostFrames) {
      out.add("  ...\n");
      return;
    }
    addFrame(out, frame);
  }
}

void addThread(Writer& out, const Thread* thread, const Thread* current) {
  out.add(thread == current ? "Current thread 0x" : "Thread 0x");
  out.addHexadecimal(thread->identity, 16);
  out.add(" (most recent call first):\n");
  addStack(out, thread);
}

void addAllThreads(Writer& out, const Thread* current) {
  constexpr int kMostThreads = 100;
  int count = 0;
  for (const Thread* thread = firstThread(); thread != nullptr; thread = thread->nextThread, count++) {
    if (count > 0) out.add("\n");
    if (count == kMostThreads) {
      out.add("...\n");
      return;
    }
    addThread(out, thread, current);
  }
}

void dump(int descriptor, bool allThreads, const Thread* current) {
  Writer out(descriptor);
  if (allThreads) {
    addAllThreads(out, current);
  } else {
    out.add("Stack (most recent call first):\n");
    addStack(out, current);
  }
}

// --- arguments --------------------------------------------------------------------------------------------------------
RootVector& openFiles() {  // what the handlers write to stays open
  static RootVector* const files = new RootVector;
  return *files;
}

// The descriptor of `file`: an int, an object with fileno(), or sys.stderr where it is left out.
Fallible<int> fileDescriptor(Thread& thread, Value file) {
  if (file.isUnbound() || file.isNone()) {
    file = sysAttribute(names.stderr);
    if (file.isUnbound()) return raise(thread, exceptions.RuntimeError, "unable to get sys.stderr");
    if (file.isNone()) return raise(thread, exceptions.RuntimeError, "sys.stderr is None");
  } else if (std::optional<Value> number = toInt(file)) {
    std::optional<int64_t> descriptor = toInt64(*number);
    if (!descriptor || *descriptor < 0 || *descriptor > INT32_MAX)
      return raise(thread, exceptions.ValueError, "file is not a valid file descripter");
    return static_cast<int>(*descriptor);
  }
  std::optional<int64_t> descriptor = toInt64(TRY(callMethod(thread, file, names.fileno, {})));
  if (!descriptor || *descriptor < 0 || *descriptor > INT32_MAX)
    return raise(thread, exceptions.RuntimeError, "file.fileno() is not a valid file descriptor");
  if (callMethod(thread, file, names.flush, {}).isRaised()) clearException(thread);
  if (!openFiles().push(file)) return raiseMemoryError(thread);
  return static_cast<int>(*descriptor);
}
Fallible<bool> flagArgument(Thread& thread, Value v, bool byDefault) {
  if (v.isUnbound()) return byDefault;
  std::optional<int64_t> number = toInt64(TRY(index(thread, v)));
  if (!number || *number > INT32_MAX || *number < INT32_MIN)
    return raise(thread, exceptions.OverflowError, "Python int too large to convert to C int");
  return *number != 0;
}
// --- crashes ----------------------------------------------------------------------------------------------------------
struct Fault {
  int number;
  const char* name;
  struct sigaction before;
};
Fault faults[] = {{SIGBUS, "Bus error", {}},
                  {SIGILL, "Illegal instruction", {}},
                  {SIGFPE, "Floating point exception", {}},
                  {SIGABRT, "Aborted", {}},
                  {SIGSEGV, "Segmentation fault", {}}};
std::atomic<bool> isEnabled{false};
std::atomic<int> faultDescriptor{2};
std::atomic<bool> faultAllThreads{true};

void disableFaults() {
  if (!isEnabled.exchange(false)) return;
  for (Fault& fault : faults) sigaction(fault.number, &fault.before, nullptr);
}

void onFault(int number) {
  if (!isEnabled.exchange(false)) return;
  const char* name = "";
  for (Fault& fault : faults) {
    // The report is this one; then the program ends as it would have without it.
    std::signal(fault.number, SIG_DFL);
    if (fault.number == number) name = fault.name;
  }
  {
    Writer out(faultDescriptor.load());
    out.add("Fatal Python error: ");
    out.add(name);
    out.add("\n\n");
    if (faultAllThreads.load()) {
      addAllThreads(out, runningThread);
    } else {
      out.add("Stack (most recent call first):\n");
      addStack(out, runningThread);
    }
  }
  ::raise(number);
}

void enableFaults(int descriptor, bool allThreads) {
  faultDescriptor = descriptor;
  faultAllThreads = allThreads;
  if (isEnabled.exchange(true)) return;
  for (Fault& fault : faults) {
    struct sigaction action {};
    action.sa_handler = onFault;
    action.sa_flags = SA_NODEFER | SA_ONSTACK;
    sigemptyset(&action.sa_mask);
    sigaction(fault.number, &action, &fault.before);
  }
}

Fallible<Value> faultEnable(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{"enable", {"file", "all_threads"}, 0};
  Value bound[2];
  TRY(kParameters.bind(thread, arguments, bound));
  bool allThreads = TRY(flagArgument(thread, bound[1], true));
  enableFaults(TRY(fileDescriptor(thread, bound[0])), allThreads);
  return Value::none();
}
Fallible<Value> faultDisable(Thread& thread, Value, const Arguments& arguments) {
  TRY(refuseArguments(thread, "faulthandler.disable", arguments));
  bool was = isEnabled.load();
  disableFaults();
  return Value::boolean(was);
}
Fallible<Value> faultIsEnabled(Thread& thread, Value, const Arguments& arguments) {
  TRY(refuseArguments(thread, "faulthandler.is_enabled", arguments));
  return Value::boolean(isEnabled.load());
}
Fallible<Value> faultDump(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{"dump_traceback", {"file", "all_threads"}, 0};
  Value bound[2];
  TRY(kParameters.bind(thread, arguments, bound));
  bool allThreads = TRY(flagArgument(thread, bound[1], true));
  int descriptor = TRY(fileDescriptor(thread, bound[0]));
  dump(descriptor, allThreads, &thread);
  TRY(pollEvalBreaker(thread));
  return Value::none();
}

// --- after a time -----------------------------------------------------------------------------------------------------
struct Watchdog {
  pthread_t native;
  bool isRunning = false, repeats = false, exits = false;
  int descriptor = 2;
  int64_t nanoseconds = 0;
  std::string header;
  sem_t cancelled;
} watchdog;

void* watch(void*) {
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, nullptr);
  do {
    timespec deadline;
    clock_gettime(CLOCK_MONOTONIC, &deadline);
    int64_t until;
    if (__builtin_add_overflow(deadline.tv_sec * kNanosecondsPerSecond + deadline.tv_nsec, watchdog.nanoseconds,
                               &until))
      until = INT64_MAX;
    deadline.tv_sec = until / kNanosecondsPerSecond;
    deadline.tv_nsec = until % kNanosecondsPerSecond;
    int result;
    do result = sem_clockwait(&watchdog.cancelled, CLOCK_MONOTONIC, &deadline);
    while (result != 0 && errno == EINTR);
    if (result == 0) return nullptr;
    {
      Writer out(watchdog.descriptor);
      out.add(watchdog.header.c_str());
      addAllThreads(out, nullptr);
    }
    if (watchdog.exits) _exit(1);
  } while (watchdog.repeats);
  return nullptr;
}

void cancelWatchdog(Thread& thread) {
  if (!watchdog.isRunning) return;
  sem_post(&watchdog.cancelled);
  {
    AllowThreads allow(thread);
    pthread_join(watchdog.native, nullptr);
  }
  sem_destroy(&watchdog.cancelled);
  watchdog.isRunning = false;
}

// "Timeout (0:00:00.500000)!"
std::string timeoutHeader(int64_t nanoseconds) {
  int64_t microseconds = nanoseconds / 1000;
  int64_t seconds = microseconds / 1000000;
  std::string text = fmt::format("Timeout ({}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
  if (microseconds % 1000000 != 0) text += fmt::format(".{:06}", microseconds % 1000000);
  return text + ")!\n";
}

Fallible<Value> faultLater(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{"dump_traceback_later", {"timeout", "repeat", "file", "exit"}, 1};
  Value bound[4];
  TRY(kParameters.bind(thread, arguments, bound));
  bool repeats = TRY(flagArgument(thread, bound[1], false)), exits = TRY(flagArgument(thread, bound[3], false));
  int64_t nanoseconds = TRY(nanosecondsArgument(thread, bound[0]));
  if (nanoseconds <= 0) return raise(thread, exceptions.ValueError, "timeout must be greater than 0");
  int descriptor = TRY(fileDescriptor(thread, bound[2]));
  cancelWatchdog(thread);
  watchdog.repeats = repeats;
  watchdog.exits = exits;
  watchdog.descriptor = descriptor;
  watchdog.nanoseconds = nanoseconds;
  watchdog.header = timeoutHeader(nanoseconds);
  sem_init(&watchdog.cancelled, 0, 0);
  if (pthread_create(&watchdog.native, nullptr, watch, nullptr) != 0) {
    sem_destroy(&watchdog.cancelled);
    return raise(thread, exceptions.RuntimeError, "unable to start watchdog thread");
  }
  watchdog.isRunning = true;
  return Value::none();
}
Fallible<Value> faultCancel(Thread& thread, Value, const Arguments& arguments) {
  TRY(refuseArguments(thread, "faulthandler.cancel_dump_traceback_later", arguments));
  cancelWatchdog(thread);
  return Value::none();
}

// --- at a signal ------------------------------------------------------------------------------------------------------
struct Registration {
  bool isActive, allThreads, chains;
  int descriptor;
  struct sigaction before;
} registrations[kSignalNumbers];

void onRegistered(int number) {
  Registration& registration = registrations[number];
  if (!registration.isActive) return;
  int error = errno;
  dump(registration.descriptor, registration.allThreads, runningThread);
  if (registration.chains) {
    // A second time, with the handler that was there before.
    struct sigaction own {};
    sigaction(number, &registration.before, &own);
    errno = error;
    ::raise(number);
    sigaction(number, &own, nullptr);
  }
  errno = error;
}

Fallible<int> registrableSignal(Thread& thread, Value v) {
  std::optional<int64_t> number = toInt64(TRY(index(thread, v)));
  if (!number || *number > INT32_MAX || *number < INT32_MIN)
    return raise(thread, exceptions.OverflowError, "Python int too large to convert to C int");
  for (const Fault& fault : faults)
    if (fault.number == *number)
      return raiseFormat(thread, exceptions.RuntimeError, "signal {} cannot be registered, use enable() instead",
                         *number);
  if (*number < 1 || *number >= kSignalNumbers)
    return raise(thread, exceptions.ValueError, "signal number out of range");
  return static_cast<int>(*number);
}

Fallible<Value> faultRegister(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{"register", {"signum", "file", "all_threads", "chain"}, 1};
  Value bound[4];
  TRY(kParameters.bind(thread, arguments, bound));
  int number = TRY(registrableSignal(thread, bound[0]));
  bool allThreads = TRY(flagArgument(thread, bound[2], true)), chains = TRY(flagArgument(thread, bound[3], false));
  int descriptor = TRY(fileDescriptor(thread, bound[1]));
  Registration& registration = registrations[number];
  if (!registration.isActive) {
    struct sigaction action {};
    action.sa_handler = onRegistered;
    // SA_RESTART: a program that is only looked at goes on as if nothing had happened.
    action.sa_flags = SA_RESTART | SA_ONSTACK | (chains ? SA_NODEFER : 0);
    sigemptyset(&action.sa_mask);
    if (sigaction(number, &action, &registration.before) != 0) return raiseErrno(thread, errno);
  }
  registration.descriptor = descriptor;
  registration.allThreads = allThreads;
  registration.chains = chains;
  registration.isActive = true;
  return Value::none();
}
Fallible<Value> faultUnregister(Thread& thread, Value signal) {
  int number = TRY(registrableSignal(thread, signal));
  Registration& registration = registrations[number];
  if (!registration.isActive) return Value::boolean(false);
  registration.isActive = false;
  sigaction(number, &registration.before, nullptr);
  return Value::boolean(true);
}

// --- crashing on purpose, for tests -----------------------------------------------------------------------------------
void withoutCoreFile() {
  rlimit limit{};
  if (getrlimit(RLIMIT_CORE, &limit) != 0) return;
  limit.rlim_cur = 0;
  setrlimit(RLIMIT_CORE, &limit);
}
template <int number>
Fallible<Value> crashBy(Thread&, Value, const Arguments&) {
  withoutCoreFile();
  ::raise(number);
  return Value::none();
}
Fallible<Value> abortProgram(Thread&, Value, const Arguments&) {
  withoutCoreFile();
  std::abort();
}
Fallible<Value> readNull(Thread&, Value, const Arguments&) {
  withoutCoreFile();
  volatile int* nowhere = nullptr;
  return Value::inlineInt(*nowhere);  // NOLINT: that is what it is for
}
[[gnu::noinline]] uintptr_t overflow(uintptr_t depth) {
  if (depth == UINTPTR_MAX) return 0;
  volatile char frame[4096];
  frame[0] = static_cast<char>(depth);
  return overflow(depth + 1) + static_cast<unsigned char>(frame[0]);
}
Fallible<Value> overflowStack(Thread& thread, Value, const Arguments&) {
  withoutCoreFile();
  return makeIntUnsigned(thread, overflow(0));
}
void* failInThread(void*) {
  {
    Writer out(STDERR_FILENO);
    out.add("Fatal Python error: faulthandler_fatal_error_thread: in new thread\n");
    out.add("Python runtime state: initialized\n\n");
    addAllThreads(out, nullptr);
  }
  std::signal(SIGABRT, SIG_DFL);
  std::abort();
}
Fallible<Value> failInNativeThread(Thread& thread, Value, const Arguments&) {
  withoutCoreFile();
  pthread_t native;
  if (pthread_create(&native, nullptr, failInThread, nullptr) == 0) {
    AllowThreads allow(thread);
    pthread_join(native, nullptr);
  }
  return Value::none();
}

}  // namespace

void enableFaultHandler(Thread&) { enableFaults(STDERR_FILENO, true); }

Module* moduleFaulthandler(Thread& thread) {
  return ModuleBuilder(thread, "faulthandler", "faulthandler module.")
      .variadic("enable", faultEnable)
      .variadic("disable", faultDisable)
      .variadic("is_enabled", faultIsEnabled)
      .variadic("dump_traceback", faultDump)
      .variadic("dump_traceback_later", faultLater)
      .variadic("cancel_dump_traceback_later", faultCancel)
      .variadic("register", faultRegister)
      .function("unregister", faultUnregister)
      .variadic("_read_null", readNull)
      .variadic("_sigsegv", crashBy<SIGSEGV>)
      .variadic("_sigfpe", crashBy<SIGFPE>)
      .variadic("_sigabrt", abortProgram)
      .variadic("_stack_overflow", overflowStack)
      .variadic("_fatal_error_c_thread", failInNativeThread)
      .build();
}

}  // namespace krait
