// Module _signal: installing handlers, sending, blocking and waiting for signals, interval timers.
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#include <cerrno>
#include <cmath>
#include <cstring>

#include "vm/builtins/dict.h"
#include "vm/builtins/float.h"
#include "vm/builtins/int.h"
#include "vm/builtins/set.h"
#include "vm/builtins/str.h"
#include "vm/builtins/struct_sequence.h"
#include "vm/builtins/tuple.h"
#include "vm/modules/native_arguments.h"
#include "vm/modules/registry.h"
#include "vm/modules/time_internal.h"
#include "vm/names.h"
#include "vm/signals.h"

#ifndef SYS_pidfd_send_signal
#define SYS_pidfd_send_signal 424
#endif

namespace krait {
namespace {

Fallible<int> signalArgument(Thread& thread, Value v) {
  int number = TRY(intArgument(thread, v));
  if (number >= 1 && number < kSignalNumbers) return number;
  return raise(thread, exceptions.ValueError, "signal number out of range");
}
Fallible<Value> noneAfterSignals(Thread& thread) {
  TRY(pollEvalBreaker(thread));
  return Value::none();
}

// --- handlers ---------------------------------------------------------------------------------------------------------
Fallible<Value> signalSignal(Thread& thread, Value signal, Value handler) {
  int number = TRY(intArgument(thread, signal));
  if (&thread != &mainThread())
    return raise(thread, exceptions.ValueError, "signal only works in main thread of the main interpreter");
  if (number < 1 || number >= kSignalNumbers) return raise(thread, exceptions.ValueError, "signal number out of range");
  struct sigaction action {};
  sigemptyset(&action.sa_mask);
  action.sa_flags = SA_ONSTACK;
  if (handler.is(Value::inlineInt(0))) {
    action.sa_handler = SIG_DFL;
  } else if (handler.is(Value::inlineInt(1))) {
    action.sa_handler = SIG_IGN;
  } else if (isCallable(handler)) {
    action.sa_handler = onSignal;
  } else {
    return raiseTypeError(thread, "signal handler must be signal.SIG_IGN, signal.SIG_DFL, or a callable object");
  }
  TRY(pollEvalBreaker(thread));  // what has arrived so far is the old handler's
  if (sigaction(number, &action, nullptr) != 0) return raiseErrno(thread, errno);
  Value old = signalHandler(number);
  setSignalHandler(number, handler);
  return old;
}
Fallible<Value> signalGet(Thread& thread, Value signal) { return signalHandler(TRY(signalArgument(thread, signal))); }

Fallible<Value> signalInterrupt(Thread& thread, Value signal, Value flag) {
  int number = TRY(intArgument(thread, signal));
  bool interrupts = TRY(intArgument(thread, flag)) != 0;
  if (number < 1 || number >= kSignalNumbers) return raise(thread, exceptions.ValueError, "signal number out of range");
  struct sigaction action {};
  if (sigaction(number, nullptr, &action) != 0) return raiseErrno(thread, errno);
  if (interrupts)
    action.sa_flags &= ~SA_RESTART;
  else
    action.sa_flags |= SA_RESTART;
  if (sigaction(number, &action, nullptr) != 0) return raiseErrno(thread, errno);
  return Value::none();
}

Fallible<Value> signalSetWakeup(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{"set_wakeup_fd", {"fd", "/", "*", "warn_on_full_buffer"}, 1};
  Value bound[2];
  if (arguments.positional == 0)
    return raiseTypeError(thread, "set_wakeup_fd() takes exactly 1 positional argument (0 given)");
  TRY(kParameters.bind(thread, arguments, bound));
  std::optional<int64_t> given = toInt64(TRY(index(thread, bound[0])));
  if (!given || *given > INT32_MAX)
    return raise(thread, exceptions.OverflowError, "signed integer is greater than maximum");
  if (*given < INT32_MIN) return raise(thread, exceptions.OverflowError, "signed integer is less than minimum");
  bool warns = bound[1].isUnbound() || TRY(isTrue(thread, bound[1]));
  int descriptor = static_cast<int>(*given);
  if (&thread != &mainThread())
    return raise(thread, exceptions.ValueError, "set_wakeup_fd only works in main thread of the main interpreter");
  if (descriptor != -1) {
    struct stat information {};
    if (fstat(descriptor, &information) != 0) return raiseErrno(thread, errno);
    int flags = fcntl(descriptor, F_GETFL);
    if (flags < 0) return raiseErrno(thread, errno);
    if (!(flags & O_NONBLOCK)) return raiseValueError(thread, "the fd {} must be in non-blocking mode", descriptor);
  }
  return Value::inlineInt(setWakeupDescriptor(descriptor, warns));
}

// --- sending ----------------------------------------------------------------------------------------------------------
Fallible<Value> signalRaise(Thread& thread, Value signal) {
  int number = TRY(intArgument(thread, signal));
  int error;
  {
    AllowThreads allow(thread);
    error = ::raise(number) == 0 ? 0 : errno;
  }
  if (error != 0) return raiseErrno(thread, error);
  return noneAfterSignals(thread);
}
Fallible<Value> signalKillThread(Thread& thread, Value identity, Value signal) {
  if (!toInt(identity))
    return raiseTypeError(thread, "pthread_kill() argument 1 must be int, not {}", nameOf(identity));
  auto target = static_cast<pthread_t>(TRY(indexAsInt64(thread, identity)));
  int number = TRY(intArgument(thread, signal));
  if (int error = pthread_kill(target, number)) return raiseErrno(thread, error);
  return noneAfterSignals(thread);
}
Fallible<Value> signalSendPidfd(Thread& thread, Value descriptor, Value signal, Value information, Value flags) {
  int fd = TRY(intArgument(thread, descriptor));
  int number = TRY(intArgument(thread, signal));
  int flagBits = flags.isUnbound() ? 0 : TRY(intArgument(thread, flags));
  if (!information.isUnbound() && !information.isNone()) return raiseTypeError(thread, "siginfo must be None");
  if (syscall(SYS_pidfd_send_signal, fd, number, nullptr, flagBits) < 0) return raiseErrno(thread, errno);
  return Value::none();
}

// --- masks and waiting ------------------------------------------------------------------------------------------------
Fallible<void> fillMask(Thread& thread, Value iterable, sigset_t& mask) {
  sigemptyset(&mask);
  Value iterator = TRY(iterate(thread, iterable));
  for (;;) {
    Value item = TRY(next(thread, iterator));
    if (item.isUnbound()) return {};
    std::optional<int64_t> number = toInt64(TRY(index(thread, item)));
    if (!number || *number < 1 || *number >= kSignalNumbers)
      return raiseValueError(thread, "signal number {} out of range [1; {}]", number ? *number : -1,
                             kSignalNumbers - 1);
    if (sigaddset(&mask, static_cast<int>(*number)) == 0) continue;
    if (errno != EINVAL) return raiseErrno(thread, errno);
    TRY(warn(thread, exceptions.RuntimeWarning,
             fmt::format("invalid signal number {}, please use valid_signals()", *number)));
  }
}
Fallible<Value> setOfMask(Thread& thread, const sigset_t& mask) {
  Set* set = TRY(makeSet(thread, types.set, Value::unbound()));
  for (int number = 1; number < kSignalNumbers; number++)
    if (sigismember(&mask, number) == 1) TRY(setAdd(thread, set, Value::inlineInt(number)));
  return Value::of(set);
}
Fallible<Value> signalMask(Thread& thread, Value how, Value given) {
  int action = TRY(intArgument(thread, how));
  sigset_t mask, old;
  TRY(fillMask(thread, given, mask));
  if (int error = pthread_sigmask(action, &mask, &old)) return raiseErrno(thread, error);
  TRY(pollEvalBreaker(thread));
  return setOfMask(thread, old);
}
Fallible<Value> signalPending(Thread& thread, Value, const Arguments& arguments) {
  TRY(refuseArguments(thread, "_signal.sigpending", arguments));
  sigset_t mask;
  if (sigpending(&mask) != 0) return raiseErrno(thread, errno);
  return setOfMask(thread, mask);
}
Fallible<Value> signalValid(Thread& thread, Value, const Arguments& arguments) {
  TRY(refuseArguments(thread, "_signal.valid_signals", arguments));
  sigset_t mask;
  sigfillset(&mask);
  return setOfMask(thread, mask);
}
Fallible<Value> signalPause(Thread& thread, Value, const Arguments& arguments) {
  TRY(refuseArguments(thread, "_signal.pause", arguments));
  {
    AllowThreads allow(thread);
    pause();
  }
  return noneAfterSignals(thread);
}
Fallible<Value> signalWait(Thread& thread, Value given) {
  sigset_t mask;
  TRY(fillMask(thread, given, mask));
  int number = 0, error;
  {
    AllowThreads allow(thread);
    error = sigwait(&mask, &number);
  }
  if (error != 0) return raiseErrno(thread, error);
  return Value::inlineInt(number);
}

constexpr const char* kInformationFields[] = {"si_signo", "si_code",   "si_errno", "si_pid",
                                              "si_uid",   "si_status", "si_band"};
constexpr StructSequence kInformation{"signal", "struct_siginfo",
                                      "What sigwaitinfo() and sigtimedwait() tell of a signal.", kInformationFields, 7};
Type* informationType;

Fallible<Value> informationOf(Thread& thread, const siginfo_t& information) {
  Value fields[] = {Value::inlineInt(information.si_signo),   Value::inlineInt(information.si_code),
                    Value::inlineInt(information.si_errno),   Value::inlineInt(information.si_pid),
                    Value::inlineInt(information.si_uid),     Value::inlineInt(information.si_status),
                    TRY(makeInt(thread, information.si_band))};
  return makeStructSequence(thread, informationType, fields);
}
// Waits until `deadline` (CLOCK_MONOTONIC nanoseconds; negative: for ever); None when it has passed.
Fallible<Value> waitForInformation(Thread& thread, const sigset_t& mask, int64_t deadline) {
  siginfo_t information;
  for (;;) {
    timespec rest{};
    if (deadline >= 0) {
      timespec now;
      clock_gettime(CLOCK_MONOTONIC, &now);
      int64_t left = std::max<int64_t>(deadline - (now.tv_sec * kNanosecondsPerSecond + now.tv_nsec), 0);
      rest.tv_sec = left / kNanosecondsPerSecond;
      rest.tv_nsec = left % kNanosecondsPerSecond;
    }
    int error = 0;
    {
      AllowThreads allow(thread);
      if (sigtimedwait(&mask, &information, deadline < 0 ? nullptr : &rest) < 0) error = errno;
    }
    if (error == 0) return informationOf(thread, information);
    if (error == EAGAIN) return Value::none();
    if (error != EINTR) return raiseErrno(thread, error);
    TRY(pollEvalBreaker(thread));
  }
}
Fallible<Value> signalWaitInformation(Thread& thread, Value given) {
  sigset_t mask;
  TRY(fillMask(thread, given, mask));
  return waitForInformation(thread, mask, -1);
}
Fallible<Value> signalTimedWait(Thread& thread, Value given, Value timeout) {
  int64_t nanoseconds = TRY(nanosecondsArgument(thread, timeout));
  if (nanoseconds < 0) return raise(thread, exceptions.ValueError, "timeout must be non-negative");
  sigset_t mask;
  TRY(fillMask(thread, given, mask));
  timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  int64_t deadline;
  if (__builtin_add_overflow(now.tv_sec * kNanosecondsPerSecond + now.tv_nsec, nanoseconds, &deadline))
    deadline = INT64_MAX;
  return waitForInformation(thread, mask, deadline);
}

Fallible<Value> signalName(Thread& thread, Value signal) {
  int number = TRY(signalArgument(thread, signal));
  const char* text = ::strsignal(number);
  if (text == nullptr || std::strstr(text, "Unknown signal") != nullptr) return Value::none();
  return Value::of(TRY(makeStr(thread, text)));
}

// --- timers -----------------------------------------------------------------------------------------------------------
Type* timerError;

Fallible<Value> signalAlarm(Thread& thread, Value seconds) {
  return makeInt(thread, alarm(static_cast<unsigned>(TRY(intArgument(thread, seconds)))));
}
Raised raiseTimerError(Thread& thread, int error) {
  Value text = Value::of(TRY(makeStr(thread, std::strerror(error))));
  return raiseInstance(thread, TRY(call(thread, Value::of(timerError), Value::inlineInt(error), text)));
}
Fallible<timeval> timeArgument(Thread& thread, Value seconds) {
  if (seconds.isUnbound()) return timeval{};
  int64_t nanoseconds = TRY(nanosecondsArgument(thread, seconds));
  int64_t microseconds = nanoseconds / 1000 + (nanoseconds % 1000 > 0) - (nanoseconds % 1000 < 0);
  timeval time;
  time.tv_sec = microseconds / 1000000;
  time.tv_usec = microseconds % 1000000;
  if (time.tv_usec < 0) time.tv_sec--, time.tv_usec += 1000000;
  return time;
}
Fallible<Value> pairOf(Thread& thread, const itimerval& timer) {
  auto seconds = [](const timeval& t) { return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6; };
  Value value = TRY(makeFloat(thread, seconds(timer.it_value)));
  Value interval = TRY(makeFloat(thread, seconds(timer.it_interval)));
  return Value::of(TRY(makeTuple(thread, {value, interval})));
}
Fallible<Value> signalSetTimer(Thread& thread, Value which, Value seconds, Value interval) {
  int timer = TRY(intArgument(thread, which));
  itimerval wanted{}, old{};
  wanted.it_value = TRY(timeArgument(thread, seconds));
  wanted.it_interval = TRY(timeArgument(thread, interval));
  if (setitimer(static_cast<__itimer_which_t>(timer), &wanted, &old) != 0) return raiseTimerError(thread, errno);
  return pairOf(thread, old);
}
Fallible<Value> signalGetTimer(Thread& thread, Value which) {
  itimerval timer{};
  if (getitimer(static_cast<__itimer_which_t>(TRY(intArgument(thread, which))), &timer) != 0)
    return raiseTimerError(thread, errno);
  return pairOf(thread, timer);
}
Fallible<Type*> makeTimerError(Thread& thread) {
  Dict* ns = TRY(makeDict(thread));
  TRY(dictSetStr(thread, ns, names.dunder_module, Value::of(TRY(makeStr(thread, "signal")))));
  Tuple* bases = TRY(makeTuple(thread, {Value::of(exceptions.OSError)}));
  Value type = TRY(makeClass(thread, types.type, TRY(intern(thread, "itimer_error")), bases, ns, nullptr, nullptr));
  return type.as<Type>();
}

}  // namespace

Module* moduleSignal(Thread& thread) {
  auto error = makeTimerError(thread);
  if (error.isRaised()) return nullptr;
  timerError = error.value();
  informationType = makeStructSequenceType(thread, kInformation);
  ModuleBuilder module(
      thread, "_signal",
      "Handlers of signals: which function runs when one arrives, which are held back, and timers that send them.");
  module.constant("default_int_handler", defaultInterruptHandler())
      .function("signal", signalSignal)
      .function("getsignal", signalGet)
      .function("siginterrupt", signalInterrupt)
      .variadic("set_wakeup_fd", signalSetWakeup)
      .function("raise_signal", signalRaise)
      .function("pthread_kill", signalKillThread)
      .function("pidfd_send_signal", signalSendPidfd, 2)
      .function("pthread_sigmask", signalMask)
      .variadic("sigpending", signalPending)
      .variadic("valid_signals", signalValid)
      .variadic("pause", signalPause)
      .function("sigwait", signalWait)
      .function("sigwaitinfo", signalWaitInformation)
      .function("sigtimedwait", signalTimedWait)
      .function("strsignal", signalName)
      .function("alarm", signalAlarm)
      .function("setitimer", signalSetTimer, 1)
      .function("getitimer", signalGetTimer)
      .constant("struct_siginfo", Value::of(informationType))
      .constant("ItimerError", Value::of(timerError));
  const struct {
    const char* name;
    int value;
  } constants[] = {
      {"NSIG", kSignalNumbers},
      {"SIG_DFL", 0},
      {"SIG_IGN", 1},
      {"SIG_BLOCK", SIG_BLOCK},
      {"SIG_UNBLOCK", SIG_UNBLOCK},
      {"SIG_SETMASK", SIG_SETMASK},
      {"ITIMER_REAL", ITIMER_REAL},
      {"ITIMER_VIRTUAL", ITIMER_VIRTUAL},
      {"ITIMER_PROF", ITIMER_PROF},
      {"SIGHUP", SIGHUP},
      {"SIGINT", SIGINT},
      {"SIGQUIT", SIGQUIT},
      {"SIGILL", SIGILL},
      {"SIGTRAP", SIGTRAP},
      {"SIGIOT", SIGIOT},
      {"SIGABRT", SIGABRT},
      {"SIGFPE", SIGFPE},
      {"SIGKILL", SIGKILL},
      {"SIGBUS", SIGBUS},
      {"SIGSEGV", SIGSEGV},
      {"SIGSYS", SIGSYS},
      {"SIGPIPE", SIGPIPE},
      {"SIGALRM", SIGALRM},
      {"SIGTERM", SIGTERM},
      {"SIGUSR1", SIGUSR1},
      {"SIGUSR2", SIGUSR2},
      {"SIGCLD", SIGCHLD},
      {"SIGCHLD", SIGCHLD},
      {"SIGPWR", SIGPWR},
      {"SIGIO", SIGIO},
      {"SIGURG", SIGURG},
      {"SIGWINCH", SIGWINCH},
      {"SIGPOLL", SIGPOLL},
      {"SIGSTOP", SIGSTOP},
      {"SIGTSTP", SIGTSTP},
      {"SIGCONT", SIGCONT},
      {"SIGTTIN", SIGTTIN},
      {"SIGTTOU", SIGTTOU},
      {"SIGVTALRM", SIGVTALRM},
      {"SIGPROF", SIGPROF},
      {"SIGXCPU", SIGXCPU},
      {"SIGXFSZ", SIGXFSZ},
      {"SIGRTMIN", SIGRTMIN},
      {"SIGRTMAX", SIGRTMAX},
#ifdef SIGSTKFLT
      {"SIGSTKFLT", SIGSTKFLT},
#endif
  };
  for (auto [name, value] : constants) module.constant(name, Value::inlineInt(value));
  return module.build();
}

}  // namespace krait
