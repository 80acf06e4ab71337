// The module time: clocks and sleeping.
#include <pthread.h>
#include <cerrno>
#include <cmath>
#include <ctime>

#include "vm/builtins/float.h"
#include "vm/builtins/int.h"
#include "vm/builtins/str.h"
#include "vm/builtins/tuple.h"
#include "vm/modules/native_arguments.h"
#include "vm/modules/time_internal.h"

namespace krait {

// --- arguments ------------------------------------------------------------------------------------------------------

KRAIT_COLD static Raised raiseNotANumber(Thread& thread) {
  return raise(thread, exceptions.ValueError, "Invalid value NaN (not a number)");
}

Fallible<int64_t> nanosecondsArgument(Thread& thread, Value v) {
  static constexpr const char* kTooLarge = "timestamp too large to convert to C _PyTime_t";
  if (isFloat(v)) {
    double seconds = floatValue(v);
    if (std::isnan(seconds)) return raiseNotANumber(thread);
    double scaled = seconds < 0 ? std::floor(seconds * 1e9) : std::ceil(seconds * 1e9);
    if (!(scaled >= -0x1p63 && scaled < 0x1p63)) return raise(thread, exceptions.OverflowError, kTooLarge);
    return static_cast<int64_t>(scaled);
  }
  std::optional<int64_t> seconds = toInt64(TRY(index(thread, v)));
  int64_t result;
  if (!seconds || __builtin_mul_overflow(*seconds, kNanosecondsPerSecond, &result)) {
    return raise(thread, exceptions.OverflowError, kTooLarge);
  }
  return result;
}

Fallible<int64_t> wholeSecondsArgument(Thread& thread, Value v) {
  static constexpr const char* kTooLarge = "timestamp out of range for platform time_t";
  if (isFloat(v)) {
    double seconds = floatValue(v);
    if (std::isnan(seconds)) return raiseNotANumber(thread);
    seconds = std::floor(seconds);
    if (!(seconds >= -0x1p63 && seconds < 0x1p63)) return raise(thread, exceptions.OverflowError, kTooLarge);
    return static_cast<int64_t>(seconds);
  }
  std::optional<int64_t> seconds = toInt64(TRY(index(thread, v)));
  if (!seconds) return raise(thread, exceptions.OverflowError, kTooLarge);
  return *seconds;
}

static Fallible<clockid_t> clockArgument(Thread& thread, Value v) {
  int64_t clock = TRY(indexAsInt64(thread, v, exceptions.OverflowError));
  if (clock < INT32_MIN || clock > INT32_MAX) {
    return raise(thread, exceptions.OverflowError, "Python int too large to convert to C int");
  }
  return static_cast<clockid_t>(clock);
}

// --- clocks ---------------------------------------------------------------------------------------------------------

static int64_t nanoseconds(const timespec& time) { return time.tv_sec * kNanosecondsPerSecond + time.tv_nsec; }

// A whole number of seconds stays exact.
static double secondsOf(int64_t nanoseconds) {
  if (nanoseconds % kNanosecondsPerSecond == 0) return static_cast<double>(nanoseconds / kNanosecondsPerSecond);
  return static_cast<double>(nanoseconds) / 1e9;
}

static Fallible<int64_t> readClock(Thread& thread, clockid_t clock) {
  timespec now;
  if (clock_gettime(clock, &now) != 0) return raiseErrno(thread, errno);
  return nanoseconds(now);
}

namespace {
// A name as a template argument.
template <size_t size>
struct Name {
  char text[size];
  consteval Name(const char (&literal)[size]) {
    for (size_t i = 0; i < size; i++) text[i] = literal[i];
  }
};
}  // namespace

template <Name name, clockid_t clock>
static Fallible<Value> clockSeconds(Thread& thread, Value, const Arguments& arguments) {
  TRY(refuseArguments(thread, name.text, arguments));
  return makeFloat(thread, secondsOf(TRY(readClock(thread, clock))));
}
template <Name name, clockid_t clock>
static Fallible<Value> clockNanoseconds(Thread& thread, Value, const Arguments& arguments) {
  TRY(refuseArguments(thread, name.text, arguments));
  return makeInt(thread, TRY(readClock(thread, clock)));
}

static Fallible<Value> clockGettime(Thread& thread, Value clock) {
  return makeFloat(thread, secondsOf(TRY(readClock(thread, TRY(clockArgument(thread, clock))))));
}
static Fallible<Value> clockGettimeNs(Thread& thread, Value clock) {
  return makeInt(thread, TRY(readClock(thread, TRY(clockArgument(thread, clock)))));
}
static Fallible<Value> clockGetres(Thread& thread, Value clock) {
  timespec resolution;
  if (clock_getres(TRY(clockArgument(thread, clock)), &resolution) != 0) return raiseErrno(thread, errno);
  return makeFloat(thread, secondsOf(nanoseconds(resolution)));
}

static Fallible<Value> setClock(Thread& thread, Value clock, int64_t time) {
  clockid_t which = TRY(clockArgument(thread, clock));
  timespec value{};
  value.tv_sec = time / kNanosecondsPerSecond;
  value.tv_nsec = time % kNanosecondsPerSecond;
  if (value.tv_nsec < 0) value.tv_sec--, value.tv_nsec += kNanosecondsPerSecond;
  if (clock_settime(which, &value) != 0) return raiseErrno(thread, errno);
  return Value::none();
}
static Fallible<Value> clockSettime(Thread& thread, Value clock, Value seconds) {
  return setClock(thread, clock, TRY(nanosecondsArgument(thread, seconds)));
}
static Fallible<Value> clockSettimeNs(Thread& thread, Value clock, Value time) {
  return setClock(thread, clock, TRY(indexAsInt64(thread, time, exceptions.OverflowError)));
}

static Fallible<Value> threadClock(Thread& thread, Value identifier) {
  int64_t id = TRY(indexAsInt64(thread, identifier, exceptions.OverflowError));
  clockid_t clock;
  if (int error = pthread_getcpuclockid(static_cast<pthread_t>(id), &clock)) return raiseErrno(thread, error);
  return makeInt(thread, clock);
}

static Fallible<Value> getClockInfo(Thread& thread, Value name) {
  Str* text = toStr(name);
  if (!text) return raiseTypeError(thread, "get_clock_info() argument 1 must be str, not {}", nameOf(name));
  struct Clock {
    const char* name;
    clockid_t id;
    const char* implementation;
    bool adjustable;
  };
  static constexpr Clock kClocks[] = {
      {"time", CLOCK_REALTIME, "clock_gettime(CLOCK_REALTIME)", true},
      {"monotonic", CLOCK_MONOTONIC, "clock_gettime(CLOCK_MONOTONIC)", false},
      {"perf_counter", CLOCK_MONOTONIC, "clock_gettime(CLOCK_MONOTONIC)", false},
      {"process_time", CLOCK_PROCESS_CPUTIME_ID, "clock_gettime(CLOCK_PROCESS_CPUTIME_ID)", false},
      {"thread_time", CLOCK_THREAD_CPUTIME_ID, "clock_gettime(CLOCK_THREAD_CPUTIME_ID)", false},
  };
  for (const Clock& clock : kClocks) {
    if (!strEqualsUtf8(text, clock.name)) continue;
    timespec resolution{};
    clock_getres(clock.id, &resolution);
    Str* implementation = TRY(makeStr(thread, clock.implementation));
    Value values[] = {Value::of(implementation), Value::boolean(!clock.adjustable), Value::boolean(clock.adjustable),
                      TRY(makeFloat(thread, secondsOf(nanoseconds(resolution))))};
    Tuple* keywords = TRY(makeTupleUninitialised(thread, 4));
    const char* keywordNames[] = {"implementation", "monotonic", "adjustable", "resolution"};
    for (int i = 0; i < 4; i++) keywords->items[i] = Value::of(TRY(intern(thread, keywordNames[i])));
    return call(thread, Value::of(types.simpleNamespace), values, keywords);
  }
  return raise(thread, exceptions.ValueError, "unknown clock");
}

// --- sleep ----------------------------------------------------------------------------------------------------------

// Until a deadline: signal handlers written in Python run in between and do not shorten the sleep.
static Fallible<Value> timeSleep(Thread& thread, Value seconds) {
  int64_t duration = TRY(nanosecondsArgument(thread, seconds));
  if (duration < 0) return raise(thread, exceptions.ValueError, "sleep length must be non-negative");
  int64_t deadline = TRY(readClock(thread, CLOCK_MONOTONIC));
  if (__builtin_add_overflow(deadline, duration, &deadline)) deadline = INT64_MAX;
  timespec until;
  until.tv_sec = deadline / kNanosecondsPerSecond;
  until.tv_nsec = deadline % kNanosecondsPerSecond;
  for (;;) {
    int error;
    {
      AllowThreads allow(thread);
      error = clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, nullptr);
    }
    if (error == 0) return Value::none();
    if (error != EINTR) return raiseErrno(thread, error);
    TRY(pollEvalBreaker(thread));
  }
}

// --- the module -----------------------------------------------------------------------------------------------------

Module* moduleTime(Thread& thread) {
  ModuleBuilder builder(thread, "time", "Clocks, calendars, and waiting.");
  builder.variadic("time", clockSeconds<"time.time", CLOCK_REALTIME>)
      .variadic("time_ns", clockNanoseconds<"time.time_ns", CLOCK_REALTIME>)
      .function("clock_gettime", clockGettime)
      .function("clock_gettime_ns", clockGettimeNs)
      .function("clock_settime", clockSettime)
      .function("clock_settime_ns", clockSettimeNs)
      .function("clock_getres", clockGetres)
      .function("pthread_getcpuclockid", threadClock)
      .function("sleep", timeSleep)
      .variadic("monotonic", clockSeconds<"time.monotonic", CLOCK_MONOTONIC>)
      .variadic("monotonic_ns", clockNanoseconds<"time.monotonic_ns", CLOCK_MONOTONIC>)
      .variadic("process_time", clockSeconds<"time.process_time", CLOCK_PROCESS_CPUTIME_ID>)
      .variadic("process_time_ns", clockNanoseconds<"time.process_time_ns", CLOCK_PROCESS_CPUTIME_ID>)
      .variadic("thread_time", clockSeconds<"time.thread_time", CLOCK_THREAD_CPUTIME_ID>)
      .variadic("thread_time_ns", clockNanoseconds<"time.thread_time_ns", CLOCK_THREAD_CPUTIME_ID>)
      .variadic("perf_counter", clockSeconds<"time.perf_counter", CLOCK_MONOTONIC>)
      .variadic("perf_counter_ns", clockNanoseconds<"time.perf_counter_ns", CLOCK_MONOTONIC>)
      .function("get_clock_info", getClockInfo)
      .constant("CLOCK_REALTIME", Value::inlineInt(CLOCK_REALTIME))
      .constant("CLOCK_MONOTONIC", Value::inlineInt(CLOCK_MONOTONIC))
      .constant("CLOCK_MONOTONIC_RAW", Value::inlineInt(CLOCK_MONOTONIC_RAW))
      .constant("CLOCK_PROCESS_CPUTIME_ID", Value::inlineInt(CLOCK_PROCESS_CPUTIME_ID))
      .constant("CLOCK_THREAD_CPUTIME_ID", Value::inlineInt(CLOCK_THREAD_CPUTIME_ID))
      .constant("CLOCK_BOOTTIME", Value::inlineInt(CLOCK_BOOTTIME))
      .constant("CLOCK_TAI", Value::inlineInt(CLOCK_TAI));
  return addCalendar(thread, builder).isRaised() ? nullptr : builder.build();
}

}  // namespace krait
