// Notes signals as they arrive and runs Python's handlers for them.
#include "vm/signals.h"

#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>

#include "vm/builtins/frame.h"
#include "vm/builtins/int.h"
#include "vm/errors.h"
#include "vm/modules/sys.h"
#include "vm/operations.h"

namespace krait {
namespace {

std::atomic<bool> arrived[kSignalNumbers];
std::atomic<bool> anyArrived{false};
std::atomic<int> wakeupDescriptor{-1}, wakeupError{0};
std::atomic<bool> warnsOnFullBuffer{true};
static_assert(std::atomic<bool>::is_always_lock_free && std::atomic<int>::is_always_lock_free);

Value interruptHandler = Value::unbound();  // kept alive by being a root below
RootVector& handlers() {
  static RootVector* const roots = new RootVector;
  return *roots;
}

Fallible<Value> raiseInterrupt(Thread& thread, Value, const Arguments& arguments) {
  TRY(arguments.noKeywords(thread, "default_int_handler"));
  if (arguments.positional != 2) {
    return raiseTypeError(thread, "default_int_handler expected 2 arguments, got {}", arguments.positional);
  }
  TRY(indexAsInt64(thread, arguments[0]));
  return raiseWithoutArguments(thread, exceptions.KeyboardInterrupt);
}

Value dispositionAtStart(int number) {
  switch (number) {
    case SIGSEGV:
    case SIGBUS:
    case SIGILL:
    case SIGFPE:
    case SIGABRT: return Value::inlineInt(0);  // crash reports, which end in the default action
    default: break;
  }
  struct sigaction action {};
  if (sigaction(number, nullptr, &action) != 0) return Value::none();
  if (action.sa_handler == SIG_DFL) return Value::inlineInt(0);
  return action.sa_handler == SIG_IGN ? Value::inlineInt(1) : Value::none();
}

// The byte for the wakeup descriptor could not be written; told from the main thread.
Fallible<void> reportWakeupError(Thread& thread, int error) {
  (void)raiseErrno(thread, error);
  writeUnraisable(thread, Value::unbound(), "Exception ignored when trying to write to the signal wakeup fd");
  return {};
}

}  // namespace

Fallible<void> installSignalHandlers(Thread& thread) {
  Value handler = Value::of(TRY(makeBuiltin(thread, "default_int_handler", raiseInterrupt)));
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
  for (int number = 0; number < kSignalNumbers; number++) {
    if (!handlers().push(number == 0 ? handler : dispositionAtStart(number))) return raiseMemoryError(thread);
  }
  interruptHandler = handler;
  if (!signalHandler(SIGINT).is(Value::inlineInt(0))) return {};
  struct sigaction action {};
  action.sa_handler = onSignal;
  action.sa_flags = SA_ONSTACK;
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, nullptr);
  setSignalHandler(SIGINT, handler);
  return {};
}

void tripSignal(int number) {
  arrived[number].store(true, std::memory_order_relaxed);
  anyArrived.store(true, std::memory_order_release);
  mainThread().evalBreaker.fetch_or(Thread::kSignal, std::memory_order_release);
  int descriptor = wakeupDescriptor.load(std::memory_order_relaxed);
  if (descriptor < 0) return;
  auto byte = static_cast<unsigned char>(number);
  if (write(descriptor, &byte, 1) >= 0) return;
  if ((errno == EAGAIN || errno == EWOULDBLOCK) && !warnsOnFullBuffer.load(std::memory_order_relaxed)) return;
  wakeupError.store(errno, std::memory_order_relaxed);
}

extern "C" void onSignal(int number) {
  int error = errno;
  tripSignal(number);
  errno = error;
}

bool interruptPending() { return arrived[SIGINT].load(std::memory_order_relaxed); }

Fallible<void> runSignalHandlers(Thread& thread) {
  if (&thread != &mainThread() || !anyArrived.exchange(false, std::memory_order_acquire)) return {};
  if (int error = wakeupError.exchange(0, std::memory_order_relaxed)) TRY(reportWakeupError(thread, error));
  for (int number = 1; number < kSignalNumbers; number++) {
    if (!arrived[number].exchange(false, std::memory_order_relaxed)) continue;
    Value handler = signalHandler(number);
    if (handler.isNone() || handler.isInlineInt()) continue;  // changed since the signal came
    Value frame = Value::none();
    if (thread.frame != nullptr) frame = Value::of(TRY(frameObjectOf(thread, thread.frame)));
    if (!call(thread, handler, Value::inlineInt(number), frame).isRaised()) continue;
    anyArrived.store(true, std::memory_order_relaxed);  // the others' turn comes
    thread.evalBreaker.fetch_or(Thread::kSignal, std::memory_order_relaxed);
    return Raised{};
  }
  return {};
}

Value signalHandler(int number) { return handlers()[static_cast<size_t>(number)]; }
void setSignalHandler(int number, Value handler) { handlers()[static_cast<size_t>(number)] = handler; }
Value defaultInterruptHandler() { return interruptHandler; }

int setWakeupDescriptor(int descriptor, bool warnOnFullBuffer) {
  warnsOnFullBuffer.store(warnOnFullBuffer, std::memory_order_relaxed);
  return wakeupDescriptor.exchange(descriptor, std::memory_order_relaxed);
}

}  // namespace krait
