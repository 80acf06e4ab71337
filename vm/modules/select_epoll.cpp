// The class epoll of the module select: waiting for descriptors whose set the kernel keeps.
#include <sys/epoll.h>
#include <unistd.h>

#include <vector>

#include "vm/builtins/list.h"
#include "vm/builtins/type_internal.h"
#include "vm/modules/select_internal.h"
#include "vm/modules/transfer_memory.h"

namespace krait {
namespace {

struct Epoll : NativeObject {
  int descriptor;  // -1: closed
};
void finishEpoll(Cell* cell) {
  auto* epoll = static_cast<Epoll*>(cell);
  if (epoll->descriptor >= 0) close(epoll->descriptor);
  epoll->descriptor = -1;
}
constexpr NativeTraits kTraits{"epoll", nullptr, finishEpoll};
Epoll* epollOf(Value v) { return v.as<Epoll>(); }

Fallible<Value> makeEpoll(Thread& thread, Type* type, int descriptor) {
  auto* epoll = TRY(allocate<Epoll>(thread, Kind::kNative, type->instanceShape));
  epoll->traits = &kTraits;
  epoll->descriptor = -1;
  if (!heap.registerFinaliser(thread, epoll)) return raiseMemoryError(thread);
  epoll->descriptor = descriptor >= 0 ? descriptor : withoutLock(thread, [] { return epoll_create1(EPOLL_CLOEXEC); });
  if (epoll->descriptor < 0) return raiseErrno(thread, errno);
  return Value::of(epoll);
}

Fallible<Value> epollNew(Thread& thread, Value type, const Arguments& arguments) {
  static constexpr Parameters kParameters{"epoll", {"sizehint", "flags"}, 0};
  Value v[2];
  TRY(kParameters.bind(thread, arguments, v));
  int size = TRY(intArgumentOr(thread, v[0], -1)), flags = TRY(intArgumentOr(thread, v[1], 0));
  if (size == 0 || size < -1) return raise(thread, exceptions.ValueError, "negative sizehint");
  if ((flags & ~EPOLL_CLOEXEC) != 0) return raise(thread, exceptions.OSError, "invalid flags");
  return makeEpoll(thread, type.as<Type>(), -1);
}
Fallible<Value> epollFromfd(Thread& thread, Value type, const Arguments& arguments) {
  TRY(arguments.noKeywords(thread, "epoll.fromfd"));
  if (arguments.positional != 1) {
    return raiseTypeError(thread, "epoll.fromfd() takes exactly one argument ({} given)", arguments.positional);
  }
  return makeEpoll(thread, type.as<Type>(), TRY(intArgument(thread, arguments[0])));
}

Fallible<Epoll*> openEpoll(Thread& thread, Value self) {
  if (epollOf(self)->descriptor >= 0) return epollOf(self);
  return raise(thread, exceptions.ValueError, "I/O operation on closed epoll object");
}

Fallible<Value> control(Thread& thread, Value self, int operation, Value fd, uint64_t mask) {
  int descriptor = TRY(descriptorArgument(thread, fd)), own = TRY(openEpoll(thread, self))->descriptor;
  epoll_event event{};
  event.events = static_cast<uint32_t>(mask);
  event.data.fd = descriptor;
  return noneOrErrno(thread, withoutLock(thread, [&] { return epoll_ctl(own, operation, descriptor, &event); }));
}
Fallible<Value> epollRegister(Thread& thread, Value self, const Arguments& arguments) {
  static constexpr Parameters kParameters{"register", {"fd", "eventmask"}, 1};
  Value v[2];
  TRY(kParameters.bind(thread, arguments, v));
  uint64_t mask = v[1].isUnbound() ? uint64_t{EPOLLIN | EPOLLPRI | EPOLLOUT} : TRY(maskArgument(thread, v[1]));
  return control(thread, self, EPOLL_CTL_ADD, v[0], mask);
}
Fallible<Value> epollModify(Thread& thread, Value self, const Arguments& arguments) {
  static constexpr Parameters kParameters{"modify", {"fd", "eventmask"}, 2};
  Value v[2];
  TRY(kParameters.bind(thread, arguments, v));
  return control(thread, self, EPOLL_CTL_MOD, v[0], TRY(maskArgument(thread, v[1])));
}
Fallible<Value> epollUnregister(Thread& thread, Value self, const Arguments& arguments) {
  static constexpr Parameters kParameters{"unregister", {"fd"}, 1};
  Value v[1];
  TRY(kParameters.bind(thread, arguments, v));
  return control(thread, self, EPOLL_CTL_DEL, v[0], 0);
}

Fallible<Value> epollPoll(Thread& thread, Value self, const Arguments& arguments) {
  static constexpr Parameters kParameters{"poll", {"timeout", "maxevents"}, 0};
  Value v[2];
  TRY(kParameters.bind(thread, arguments, v));
  int most = TRY(intArgumentOr(thread, v[1], -1));
  int own = TRY(openEpoll(thread, self))->descriptor;
  int64_t wait = TRY(waitArgument(thread, v[0], 1'000'000'000, "timeout must be an integer or None"));
  if (wait > int64_t{INT32_MAX} * 1'000'000) return raise(thread, exceptions.OverflowError, "timeout is too large");
  if (most == -1) {
    most = FD_SETSIZE - 1;
  } else if (most < 1) {
    return raiseValueError(thread, "maxevents must be greater than 0, got {}", most);
  }
  TransferMemory memory;
  TRY(memory.ask(thread, static_cast<uint64_t>(most) * sizeof(epoll_event)));
  auto* events = reinterpret_cast<epoll_event*>(memory.data());
  int64_t deadline = deadlineAfter(wait < 0 ? -1 : wait);
  int count;
  for (;;) {
    int left = millisecondsOf(leftUntil(deadline));
    count = withoutLock(thread, [&] { return epoll_wait(own, events, most, left); });
    if (count >= 0) break;
    if (errno != EINTR) return raiseErrno(thread, errno);
    TRY(pollEvalBreaker(thread));
  }
  List* result = TRY(makeListWithCapacity(thread, static_cast<uint64_t>(count)));
  for (int i = 0; i < count; i++) {
    Value pair = Value::of(TRY(makeTuple(
        thread, {Value::inlineInt(events[i].data.fd), Value::inlineInt(static_cast<int64_t>(events[i].events))})));
    TRY(listAppend(thread, result, pair));
  }
  return Value::of(result);
}

Fallible<Value> epollClose(Thread& thread, Value self) {
  int own = epollOf(self)->descriptor;
  if (own < 0) return Value::none();
  epollOf(self)->descriptor = -1;
  return noneOrErrno(thread, withoutLock(thread, [&] { return close(own); }));
}
Fallible<Value> epollFileno(Thread& thread, Value self) {
  return Value::inlineInt(TRY(openEpoll(thread, self))->descriptor);
}
Fallible<Value> epollEnter(Thread& thread, Value self) {
  TRY(openEpoll(thread, self));
  return self;
}
Fallible<Value> epollExit(Thread& thread, Value self, const Arguments&) { return epollClose(thread, self); }
Fallible<Value> epollClosed(Thread&, Value self) { return Value::boolean(epollOf(self)->descriptor < 0); }

constexpr NamedNumber kNumbers[] = {
    {"EPOLLIN", EPOLLIN},          {"EPOLLOUT", EPOLLOUT},         {"EPOLLPRI", EPOLLPRI},
    {"EPOLLERR", EPOLLERR},        {"EPOLLHUP", EPOLLHUP},         {"EPOLLRDHUP", EPOLLRDHUP},
    {"EPOLLET", int64_t{EPOLLET}}, {"EPOLLONESHOT", EPOLLONESHOT}, {"EPOLLEXCLUSIVE", EPOLLEXCLUSIVE},
    {"EPOLLRDNORM", EPOLLRDNORM},  {"EPOLLRDBAND", EPOLLRDBAND},   {"EPOLLWRNORM", EPOLLWRNORM},
    {"EPOLLWRBAND", EPOLLWRBAND},  {"EPOLLMSG", EPOLLMSG},         {"EPOLL_CLOEXEC", EPOLL_CLOEXEC},
};

}  // namespace

void addEpoll(Thread& thread, ModuleBuilder& builder) {
  Type* type = keepType(TypeBuilder(thread, "epoll", types.object, Kind::kNative)
                            .module("select")
                            .constructor(epollNew)
                            .classMethod("fromfd", epollFromfd)
                            .method("close", epollClose)
                            .getter("closed", epollClosed)
                            .method("fileno", epollFileno)
                            .variadic("register", epollRegister)
                            .variadic("modify", epollModify)
                            .variadic("unregister", epollUnregister)
                            .variadic("poll", epollPoll)
                            .method("__enter__", epollEnter)
                            .variadic("__exit__", epollExit)
                            .build());
  builder.constant("epoll", Value::of(type));
  addNumbers(thread, builder, kNumbers);
}

}  // namespace krait
