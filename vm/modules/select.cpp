// The module select: waiting for descriptors with select() and poll().
#include <limits.h>
#include <poll.h>
#include <sys/select.h>

#include <algorithm>
#include <cmath>
#include <ctime>
#include <vector>

#include "vm/builtins/float.h"
#include "vm/builtins/list.h"
#include "vm/builtins/type_internal.h"
#include "vm/modules/registry.h"
#include "vm/modules/select_internal.h"

namespace krait {

// --- time -------------------------------------------------------------------------------------------------------------

Fallible<int64_t> waitArgument(Thread& thread, Value v, int64_t unit, const char* typeMessage) {
  static constexpr const char* kTooLarge = "timestamp too large to convert to C _PyTime_t";
  if (v.isUnbound() || v.isNone()) return -1;
  if (isFloat(v)) {
    double time = floatValue(v);
    if (std::isnan(time)) return raise(thread, exceptions.ValueError, "Invalid value NaN (not a number)");
    double scaled = time * static_cast<double>(unit);
    scaled = scaled < 0 ? std::floor(scaled) : std::ceil(scaled);
    if (!(scaled >= -0x1p63 && scaled < 0x1p63)) return raise(thread, exceptions.OverflowError, kTooLarge);
    return static_cast<int64_t>(scaled);
  }
  if (!isInt(v) && specialMethod(v, Special::k__index__).isUnbound()) {
    return raise(thread, exceptions.TypeError, typeMessage);
  }
  std::optional<int64_t> time = toInt64(TRY(index(thread, v)));
  int64_t result;
  if (!time || __builtin_mul_overflow(*time, unit, &result)) {
    return raise(thread, exceptions.OverflowError, kTooLarge);
  }
  return result;
}

static int64_t now() {
  timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * int64_t{1'000'000'000} + time.tv_nsec;
}
int64_t deadlineAfter(int64_t nanoseconds) {
  if (nanoseconds < 0) return -1;
  int64_t result;
  return __builtin_add_overflow(now(), nanoseconds, &result) ? INT64_MAX : result;
}
int64_t leftUntil(int64_t deadline) { return deadline < 0 ? -1 : std::max<int64_t>(deadline - now(), 0); }
int millisecondsOf(int64_t nanoseconds) {
  if (nanoseconds < 0) return -1;
  return static_cast<int>(std::min<int64_t>((nanoseconds + 999'999) / 1'000'000, INT_MAX));
}

namespace {

// --- select -----------------------------------------------------------------------------------------------------------

// One of the three lists: objects and, in the same order, their descriptors.
struct Watched {
  Tuple* objects = nullptr;
  std::vector<int> descriptors;
  fd_set set;

  Fallible<void> read(Thread& thread, Value sequence, int& highest) {
    if (specialMethod(sequence, Special::k__iter__).isUnbound() &&
        specialMethod(sequence, Special::k__getitem__).isUnbound()) {
      return raise(thread, exceptions.TypeError, "arguments 1-3 must be sequences");
    }
    objects = TRY(tupleFromIterable(thread, sequence));
    for (uint64_t i = 0; i < objects->length; i++) {
      int descriptor = TRY(descriptorArgument(thread, objects->items[i]));
      if (descriptor >= FD_SETSIZE) {
        return raise(thread, exceptions.ValueError, "filedescriptor out of range in select()");
      }
      if (i >= FD_SETSIZE) return raise(thread, exceptions.ValueError, "too many file descriptors in select()");
      highest = std::max(highest, descriptor);
      descriptors.push_back(descriptor);
    }
    return {};
  }
  void fill() {
    FD_ZERO(&set);
    for (int descriptor : descriptors) FD_SET(descriptor, &set);
  }
  Fallible<Value> ready(Thread& thread, bool any) {
    List* result = TRY(makeListWithCapacity(thread, 0));
    for (size_t i = 0; any && i < descriptors.size(); i++) {
      if (FD_ISSET(descriptors[i], &set)) TRY(listAppend(thread, result, objects->items[i]));
    }
    return Value::of(result);
  }
};

Fallible<Value> selectSelect(Thread& thread, Value reading, Value writing, Value exceptional, Value timeout) {
  int64_t wait = TRY(waitArgument(thread, timeout, 1'000'000'000, "timeout must be a float or None"));
  bool forEver = timeout.isUnbound() || timeout.isNone();
  if (!forEver && wait < 0) return raise(thread, exceptions.ValueError, "timeout must be non-negative");
  Watched lists[3];
  int highest = -1;
  TRY(lists[0].read(thread, reading, highest));
  TRY(lists[1].read(thread, writing, highest));
  TRY(lists[2].read(thread, exceptional, highest));
  int64_t deadline = forEver ? -1 : deadlineAfter(wait);
  int count;
  for (;;) {
    for (Watched& list : lists) list.fill();
    int64_t left = leftUntil(deadline);
    timeval time{left / 1'000'000'000, (left % 1'000'000'000 + 999) / 1000};
    if (time.tv_usec >= 1'000'000) time.tv_sec++, time.tv_usec = 0;
    count = withoutLock(thread, [&] {
      return select(highest + 1, &lists[0].set, &lists[1].set, &lists[2].set, left < 0 ? nullptr : &time);
    });
    if (count >= 0) break;
    if (errno != EINTR) return raiseErrno(thread, errno);
    TRY(pollEvalBreaker(thread));
  }
  Value results[3];
  for (int i = 0; i < 3; i++) results[i] = TRY(lists[i].ready(thread, count > 0));
  return Value::of(TRY(makeTuple(thread, results)));
}

// --- poll -------------------------------------------------------------------------------------------------------------

struct Poll : NativeObject {
  std::vector<pollfd>* entries;  // in the order of registration
  bool running;
};
void finishPoll(Cell* cell) {
  delete static_cast<Poll*>(cell)->entries;
  static_cast<Poll*>(cell)->entries = nullptr;
}
constexpr NativeTraits kPollTraits{"poll", nullptr, finishPoll};
Type* pollType = nullptr;
Poll* pollOf(Value v) { return v.as<Poll>(); }

Fallible<Value> selectPoll(Thread& thread) {
  auto* poll = TRY(allocate<Poll>(thread, Kind::kNative, pollType->instanceShape));
  poll->traits = &kPollTraits;
  if (!heap.registerFinaliser(thread, poll)) return raiseMemoryError(thread);
  poll->entries = new std::vector<pollfd>();
  return Value::of(poll);
}

Fallible<short> eventsArgument(Thread& thread, Value v) {
  if (v.isUnbound()) return static_cast<short>(POLLIN | POLLPRI | POLLOUT);
  std::optional<Value> number = toInt(v);
  if (!number) return raise(thread, exceptions.TypeError, "an integer is required");
  std::optional<int64_t> events = toInt64(*number);
  if (events ? *events < 0 : number->as<BigInt>()->isNegative()) {
    return raise(thread, exceptions.ValueError, "value must be positive");
  }
  if (!events) return raise(thread, exceptions.OverflowError, "Python int too large to convert to C unsigned long");
  if (*events > USHRT_MAX) {
    return raise(thread, exceptions.OverflowError, "Python int too large for C unsigned short");
  }
  return static_cast<short>(*events);
}

pollfd* findEntry(Poll* poll, int descriptor) {
  for (pollfd& entry : *poll->entries) {
    if (entry.fd == descriptor) return &entry;
  }
  return nullptr;
}

Fallible<Value> pollRegister(Thread& thread, Value self, Value fd, Value mask) {
  int descriptor = TRY(descriptorArgument(thread, fd));
  short events = TRY(eventsArgument(thread, mask));
  if (pollfd* entry = findEntry(pollOf(self), descriptor)) {
    entry->events = events;
  } else {
    pollOf(self)->entries->push_back({descriptor, events, 0});
  }
  return Value::none();
}
Fallible<Value> pollModify(Thread& thread, Value self, Value fd, Value mask) {
  int descriptor = TRY(descriptorArgument(thread, fd));
  short events = TRY(eventsArgument(thread, mask));
  pollfd* entry = findEntry(pollOf(self), descriptor);
  if (entry == nullptr) return raiseErrno(thread, ENOENT);
  entry->events = events;
  return Value::none();
}
Fallible<Value> pollUnregister(Thread& thread, Value self, Value fd) {
  int descriptor = TRY(descriptorArgument(thread, fd));
  pollfd* entry = findEntry(pollOf(self), descriptor);
  if (entry == nullptr) return raiseWithArgument(thread, exceptions.KeyError, Value::inlineInt(descriptor));
  pollOf(self)->entries->erase(pollOf(self)->entries->begin() + (entry - pollOf(self)->entries->data()));
  return Value::none();
}

Fallible<Value> pollPoll(Thread& thread, Value self, Value timeout) {
  int64_t wait = TRY(waitArgument(thread, timeout, 1'000'000, "timeout must be an integer or None"));
  if (wait > int64_t{INT_MAX} * 1'000'000) return raise(thread, exceptions.OverflowError, "timeout is too large");
  Poll* poll = pollOf(self);
  if (poll->running) return raise(thread, exceptions.RuntimeError, "concurrent poll() invocation");
  // A copy: handlers of signals may register more meanwhile.
  std::vector<pollfd> entries = *poll->entries;
  int64_t deadline = deadlineAfter(wait < 0 ? -1 : wait);
  poll->running = true;
  int count;
  for (;;) {
    int left = millisecondsOf(leftUntil(deadline));
    count = withoutLock(thread, [&] { return ::poll(entries.data(), entries.size(), left); });
    if (count >= 0 || errno != EINTR) break;
    Fallible<void> polled = pollEvalBreaker(thread);
    if (polled.isRaised()) {
      poll->running = false;
      return Raised{};
    }
    errno = EINTR;
  }
  poll->running = false;
  if (count < 0) return raiseErrno(thread, errno);
  List* result = TRY(makeListWithCapacity(thread, static_cast<uint64_t>(count)));
  for (const pollfd& entry : entries) {
    if (entry.revents == 0) continue;
    Value pair = Value::of(
        TRY(makeTuple(thread, {Value::inlineInt(entry.fd), Value::inlineInt(static_cast<uint16_t>(entry.revents))})));
    TRY(listAppend(thread, result, pair));
  }
  return Value::of(result);
}

Fallible<Value> refusePoll(Thread& thread, Value, const Arguments&) {
  return raise(thread, exceptions.TypeError, "cannot create 'select.poll' instances");
}

constexpr NamedNumber kNumbers[] = {
    {"PIPE_BUF", PIPE_BUF},     {"POLLIN", POLLIN},         {"POLLPRI", POLLPRI},       {"POLLOUT", POLLOUT},
    {"POLLERR", POLLERR},       {"POLLHUP", POLLHUP},       {"POLLNVAL", POLLNVAL},     {"POLLRDNORM", POLLRDNORM},
    {"POLLRDBAND", POLLRDBAND}, {"POLLWRNORM", POLLWRNORM}, {"POLLWRBAND", POLLWRBAND}, {"POLLMSG", POLLMSG},
    {"POLLRDHUP", POLLRDHUP},
};

}  // namespace

Module* moduleSelect(Thread& thread) {
  pollType = keepType(TypeBuilder(thread, "poll", types.object, Kind::kNative)
                          .module("select")
                          .constructor(refusePoll)
                          .method("register", pollRegister, 1)
                          .method("modify", pollModify)
                          .method("unregister", pollUnregister)
                          .method("poll", pollPoll, 1)
                          .build());
  ModuleBuilder builder(thread, "select", "Waiting for any of several file descriptors: select, poll, epoll.");
  addNumbers(thread, builder, kNumbers);
  builder.constant("error", Value::of(exceptions.OSError))
      .function("select", selectSelect, 1)
      .variadic("poll", nullary<"select.poll", selectPoll>);
  addEpoll(thread, builder);
  return builder.build();
}

}  // namespace krait
