// The module _socket: the class socket.
#include <fcntl.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>

#include "vm/builtins/float.h"
#include "vm/builtins/type_internal.h"
#include "vm/modules/registry.h"
#include "vm/modules/socket_internal.h"
#include "vm/modules/transfer_memory.h"

namespace krait {

SocketTypes socketTypes;
int64_t defaultSocketTimeout = -1;

Fallible<int64_t> timeoutArgument(Thread& thread, Value v) {
  if (v.isNone()) return -1;
  if (!isFloat(v) && !isInt(v)) TRY(index(thread, v));
  int64_t timeout = TRY(waitArgument(thread, v, 1'000'000'000, "timeout must be a number or None"));
  if (timeout < 0) return raise(thread, exceptions.ValueError, "Timeout value out of range");
  return timeout;
}

Fallible<bool> waitForSocket(Thread& thread, int descriptor, short events, int64_t deadline) {
  for (;;) {
    pollfd entry{descriptor, events, 0};
    int left = millisecondsOf(leftUntil(deadline));
    int count = withoutLock(thread, [&] { return poll(&entry, 1, left); });
    if (count > 0) return true;
    if (count == 0) return false;
    if (errno != EINTR) return raiseErrno(thread, errno);
    TRY(pollEvalBreaker(thread));
  }
}

namespace {

void finishSocket(Cell* cell) {
  auto* socket = static_cast<Socket*>(cell);
  if (socket->descriptor >= 0) close(socket->descriptor);
  socket->descriptor = -1;
}
constexpr NativeTraits kTraits{"socket", nullptr, finishSocket};

// --- making and closing -----------------------------------------------------------------------------------------------

Fallible<Value> socketNew(Thread& thread, Value type, const Arguments&) {
  auto* socket = TRY(allocate<Socket>(thread, Kind::kNative, type.as<Type>()->instanceShape));
  socket->traits = &kTraits;
  socket->descriptor = -1;
  socket->timeout = defaultSocketTimeout;
  if (!heap.registerFinaliser(thread, socket)) return raiseMemoryError(thread);
  return Value::of(socket);
}

Fallible<void> setDescriptorBlocking(Thread& thread, int descriptor, bool blocking) {
  int flags = fcntl(descriptor, F_GETFL);
  if (flags < 0) return raiseErrno(thread, errno);
  int wanted = blocking ? flags & ~O_NONBLOCK : flags | O_NONBLOCK;
  if (wanted != flags && fcntl(descriptor, F_SETFL, wanted) < 0) return raiseErrno(thread, errno);
  return {};
}

// What an open descriptor is, where the caller does not say.
Fallible<int> identify(Thread& thread, Value fileno, int& family, int& type, int& protocol) {
  int descriptor = TRY(intArgument(thread, fileno));
  if (descriptor < 0) return raise(thread, exceptions.ValueError, "negative file descriptor");
  Address address;
  address.length = sizeof address.storage;
  if (getsockname(descriptor, address.get(), &address.length) < 0) {
    if (family == -1) return raiseErrno(thread, errno);
    if (errno == EBADF || errno == ENOTSOCK) return raiseErrno(thread, errno);
  } else if (family == -1) {
    family = address.storage.ss_family;
  }
  socklen_t size = sizeof(int);
  if (type == -1 && getsockopt(descriptor, SOL_SOCKET, SO_TYPE, &type, &size) < 0) return raiseErrno(thread, errno);
  if (protocol == -1 && getsockopt(descriptor, SOL_SOCKET, SO_PROTOCOL, &protocol, &size) < 0) {
    return raiseErrno(thread, errno);
  }
  return descriptor;
}

Fallible<Value> socketInit(Thread& thread, Value self, const Arguments& arguments) {
  static constexpr Parameters kParameters{"socket", {"family", "type", "proto", "fileno"}, 0};
  Value v[4];
  TRY(kParameters.bind(thread, arguments, v));
  int family = TRY(intArgumentOr(thread, v[0], -1)), type = TRY(intArgumentOr(thread, v[1], -1));
  int protocol = TRY(intArgumentOr(thread, v[2], -1));
  int descriptor;
  if (!v[3].isUnbound() && !v[3].isNone()) {
    descriptor = TRY(identify(thread, v[3], family, type, protocol));
  } else {
    if (family == -1) family = AF_INET;
    if (type == -1) type = SOCK_STREAM;
    if (protocol == -1) protocol = 0;
    auto open = [&] { return socket(family, type | SOCK_CLOEXEC, protocol); };
    descriptor = withoutLock(thread, open);
    if (descriptor < 0 && (errno == EMFILE || errno == ENFILE)) {
      heap.collect(thread);  // sockets that nothing refers to any more are closed by their finalisers
      descriptor = withoutLock(thread, open);
    }
    if (descriptor < 0) return raiseErrno(thread, errno);
  }
  Socket* object = socketOf(self);
  object->descriptor = descriptor;
  object->family = family;
  object->type = type & ~(SOCK_CLOEXEC | SOCK_NONBLOCK);
  object->protocol = protocol;
  if ((type & SOCK_NONBLOCK) != 0) {
    object->timeout = 0;
  } else {
    object->timeout = defaultSocketTimeout;
    if (defaultSocketTimeout >= 0) TRY(setDescriptorBlocking(thread, descriptor, false));
  }
  return Value::none();
}

// A connection that was reset by the other side is closed all the same.
Fallible<Value> socketClose(Thread& thread, Value self) {
  int descriptor = socketOf(self)->descriptor;
  if (descriptor < 0) return Value::none();
  socketOf(self)->descriptor = -1;
  int result = withoutLock(thread, [&] { return close(descriptor); });
  if (result < 0 && errno != ECONNRESET) return raiseErrno(thread, errno);
  return Value::none();
}
Fallible<Value> socketDetach(Thread&, Value self) {
  int descriptor = socketOf(self)->descriptor;
  socketOf(self)->descriptor = -1;
  return Value::inlineInt(descriptor);
}
Fallible<Value> socketFileno(Thread&, Value self) { return Value::inlineInt(socketOf(self)->descriptor); }
Fallible<Value> socketRepr(Thread& thread, Value self) {
  const Socket* s = socketOf(self);
  return makeStrValue(thread, fmt::format("<socket object, fd={}, family={}, type={}, proto={}>", s->descriptor,
                                          s->family, s->type, s->protocol));
}
Fallible<Value> socketDelete(Thread& thread, Value self) {
  if (socketOf(self)->descriptor < 0) return Value::none();
  fmt::memory_buffer buffer;
  Str* shown = TRY(repr(thread, self));
  std::string message = fmt::format("unclosed {}", textOf(shown, buffer));
  Fallible<void> warned = warn(thread, exceptions.ResourceWarning, message);
  finishSocket(self.asCell());
  TRY(warned);
  return Value::none();
}

// --- timeouts ---------------------------------------------------------------------------------------------------------

Fallible<Value> socketSettimeout(Thread& thread, Value self, Value given) {
  int64_t timeout = TRY(timeoutArgument(thread, given));
  socketOf(self)->timeout = timeout;
  TRY(setDescriptorBlocking(thread, socketOf(self)->descriptor, timeout < 0));
  return Value::none();
}
Fallible<Value> timeoutValue(Thread& thread, int64_t timeout) {
  if (timeout < 0) return Value::none();
  return makeFloat(thread, static_cast<double>(timeout) / 1e9);
}
Fallible<Value> socketGettimeout(Thread& thread, Value self) { return timeoutValue(thread, socketOf(self)->timeout); }
Fallible<Value> socketSetblocking(Thread& thread, Value self, Value blocking) {
  bool on = TRY(isTrue(thread, blocking));
  socketOf(self)->timeout = on ? -1 : 0;
  TRY(setDescriptorBlocking(thread, socketOf(self)->descriptor, on));
  return Value::none();
}
Fallible<Value> socketGetblocking(Thread&, Value self) { return Value::boolean(socketOf(self)->timeout != 0); }
Fallible<Value> getDefaultTimeout(Thread& thread) { return timeoutValue(thread, defaultSocketTimeout); }
Fallible<Value> setDefaultTimeout(Thread& thread, Value given) {
  defaultSocketTimeout = TRY(timeoutArgument(thread, given));
  return Value::none();
}

// --- connections ------------------------------------------------------------------------------------------------------

Fallible<Value> socketBind(Thread& thread, Value self, Value given) {
  Address address;
  TRY(addressArgument(thread, socketOf(self), given, "bind", address));
  int descriptor = socketOf(self)->descriptor;
  return noneOrErrno(thread, withoutLock(thread, [&] { return bind(descriptor, address.get(), address.length); }));
}
Fallible<Value> socketListen(Thread& thread, Value self, const Arguments& arguments) {
  TRY(arguments.noKeywords(thread, "_socket.socket.listen"));
  TRY(arguments.count(thread, "listen", 0, 1));
  int backlog = arguments.positional == 0 ? std::min(SOMAXCONN, 128) : TRY(intArgument(thread, arguments[0]));
  int descriptor = socketOf(self)->descriptor;
  return noneOrErrno(thread, withoutLock(thread, [&] { return listen(descriptor, std::max(backlog, 0)); }));
}
Fallible<Value> socketAccept(Thread& thread, Value self) {
  Socket* s = socketOf(self);
  Address address;
  int connection = TRY(socketCall(thread, s, POLLIN, [&] {
    address.length = sizeof address.storage;
    return accept4(s->descriptor, address.get(), &address.length, SOCK_CLOEXEC);
  }));
  Fallible<Value> peer = makeAddress(thread, address, s->protocol);
  if (peer.isRaised()) {
    close(connection);
    return Raised{};
  }
  return Value::of(TRY(makeTuple(thread, {Value::inlineInt(connection), peer.value()})));
}

// 0, or the error's number. An interrupted or unfinished connection goes on by itself: wait until it is writable.
Fallible<int> connectSocket(Thread& thread, Socket* s, Address& address) {
  int descriptor = s->descriptor;
  if (withoutLock(thread, [&] { return connect(descriptor, address.get(), address.length); }) == 0) return 0;
  int error = errno;
  bool interrupted = error == EINTR;
  if (interrupted) TRY(pollEvalBreaker(thread));
  bool waits = interrupted ? s->timeout != 0 : s->timeout > 0 && error == EINPROGRESS;
  if (!waits) return error;
  if (!TRY(waitForSocket(thread, descriptor, POLLOUT, deadlineAfter(s->timeout)))) return ETIMEDOUT + 1'000'000;
  socklen_t size = sizeof error;
  if (getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &size) < 0) return errno;
  return error == EISCONN ? 0 : error;
}
constexpr int kTimedOut = ETIMEDOUT + 1'000'000;  // our own timeout, not the system's
Fallible<Value> socketConnect(Thread& thread, Value self, Value given) {
  Address address;
  TRY(addressArgument(thread, socketOf(self), given, "connect", address));
  int error = TRY(connectSocket(thread, socketOf(self), address));
  if (error == kTimedOut) return raise(thread, exceptions.TimeoutError, "timed out");
  if (error != 0) return raiseErrno(thread, error);
  return Value::none();
}
Fallible<Value> socketConnectEx(Thread& thread, Value self, Value given) {
  Address address;
  TRY(addressArgument(thread, socketOf(self), given, "connect_ex", address));
  int error = TRY(connectSocket(thread, socketOf(self), address));
  return Value::inlineInt(error == kTimedOut ? EWOULDBLOCK : error);
}
Fallible<Value> socketShutdown(Thread& thread, Value self, Value given) {
  int how = TRY(intArgument(thread, given)), descriptor = socketOf(self)->descriptor;
  return noneOrErrno(thread, withoutLock(thread, [&] { return shutdown(descriptor, how); }));
}
template <int (*f)(int, sockaddr*, socklen_t*)>
Fallible<Value> nameOfSocket(Thread& thread, Value self) {
  Address address;
  address.length = sizeof address.storage;
  int descriptor = socketOf(self)->descriptor;
  if (withoutLock(thread, [&] { return f(descriptor, address.get(), &address.length); }) < 0) {
    return raiseErrno(thread, errno);
  }
  return makeAddress(thread, address, socketOf(self)->protocol);
}
int socketName(int descriptor, sockaddr* address, socklen_t* length) {
  return getsockname(descriptor, address, length);
}
int peerName(int descriptor, sockaddr* address, socklen_t* length) { return getpeername(descriptor, address, length); }

// --- options ----------------------------------------------------------------------------------------------------------

// Methods that read their arguments by format count them in these words.
Fallible<void> countByFormat(Thread& thread, const char* name, const Arguments& arguments, uint32_t least,
                             uint32_t most) {
  TRY(arguments.noKeywords(thread, name));
  uint32_t given = arguments.positional;
  if (given >= least && given <= most) return {};
  uint32_t wanted = given < least ? least : most;
  return raiseTypeError(thread, "{}() takes {} {} argument{} ({} given)", name,
                        least == most   ? "exactly"
                        : given < least ? "at least"
                                        : "at most",
                        wanted, wanted == 1 ? "" : "s", given);
}

Fallible<Value> socketGetsockopt(Thread& thread, Value self, const Arguments& arguments) {
  TRY(countByFormat(thread, "getsockopt", arguments, 2, 3));
  int level = TRY(formatIntArgument(thread, arguments[0])), option = TRY(formatIntArgument(thread, arguments[1]));
  int size = arguments.positional == 3 ? TRY(formatIntArgument(thread, arguments[2])) : 0;
  int descriptor = socketOf(self)->descriptor;
  if (size == 0) {
    int value = 0;
    socklen_t length = sizeof value;
    if (getsockopt(descriptor, level, option, &value, &length) < 0) return raiseErrno(thread, errno);
    return Value::inlineInt(value);
  }
  if (size < 0 || size > 1024) return raise(thread, exceptions.OSError, "getsockopt buflen out of range");
  char buffer[1024];
  auto length = static_cast<socklen_t>(size);
  if (getsockopt(descriptor, level, option, buffer, &length) < 0) return raiseErrno(thread, errno);
  return makeBytesValue(thread, {buffer, length});
}
Fallible<Value> socketSetsockopt(Thread& thread, Value self, const Arguments& arguments) {
  TRY(arguments.noKeywords(thread, "setsockopt"));
  bool hasLength = arguments.positional == 4 && arguments[2].isNone();
  if (arguments.positional != 3 && !hasLength) {
    return raiseTypeError(thread, "setsockopt() takes exactly 3 arguments ({} given)", arguments.positional);
  }
  int level = TRY(formatIntArgument(thread, arguments[0])), option = TRY(formatIntArgument(thread, arguments[1]));
  int descriptor = socketOf(self)->descriptor;
  if (hasLength) {
    auto length = static_cast<socklen_t>(TRY(maskArgument(thread, arguments[3])));
    return noneOrErrno(thread, setsockopt(descriptor, level, option, nullptr, length));
  }
  if (std::optional<int64_t> number = isInt(arguments[2]) ? toInt64(arguments[2]) : std::nullopt;
      number && *number >= INT32_MIN && *number <= INT32_MAX) {
    int value = static_cast<int>(*number);
    return noneOrErrno(thread, setsockopt(descriptor, level, option, &value, sizeof value));
  }
  std::string_view bytes = TRY(requireBuffer(thread, arguments[2]));
  return noneOrErrno(thread, setsockopt(descriptor, level, option, bytes.data(), static_cast<socklen_t>(bytes.size())));
}

// --- sending and receiving --------------------------------------------------------------------------------------------

Fallible<int> flagsArgument(Thread& thread, const Arguments& arguments, uint32_t position) {
  return position < arguments.positional ? TRY(formatIntArgument(thread, arguments[position])) : 0;
}

Fallible<Value> socketRecv(Thread& thread, Value self, const Arguments& arguments) {
  TRY(countByFormat(thread, "recv", arguments, 1, 2));
  int64_t size = TRY(ssizeArgument(thread, arguments[0]));
  int flags = TRY(flagsArgument(thread, arguments, 1));
  if (size < 0) return raise(thread, exceptions.ValueError, "negative buffersize in recv");
  TransferMemory memory;
  TRY(memory.ask(thread, static_cast<uint64_t>(size)));
  const Socket* s = socketOf(self);
  ssize_t n =
      TRY(socketCall(thread, s, POLLIN, [&] { return recv(s->descriptor, memory.data(), memory.size(), flags); }));
  return memory.take(thread, static_cast<uint64_t>(n));
}

// The part of a buffer that a *_into method fills.
Fallible<std::span<uint8_t>> target(Thread& thread, const char* name, Value buffer, Value count, const char* tooSmall) {
  std::span<uint8_t> memory = TRY(writableArgument(thread, buffer, fmt::format("{}() argument 1", name)));
  int64_t wanted = count.isUnbound() ? 0 : TRY(ssizeArgument(thread, count));
  if (wanted < 0) return raiseValueError(thread, "negative buffersize in {}", name);
  if (wanted > static_cast<int64_t>(memory.size())) return raise(thread, exceptions.ValueError, tooSmall);
  return memory.first(wanted == 0 ? memory.size() : static_cast<size_t>(wanted));
}
Fallible<Value> socketRecvInto(Thread& thread, Value self, const Arguments& arguments) {
  static constexpr Parameters kParameters{"recv_into", {"buffer", "nbytes", "flags"}, 1};
  Value v[3];
  TRY(kParameters.bind(thread, arguments, v));
  int flags = v[2].isUnbound() ? 0 : TRY(formatIntArgument(thread, v[2]));
  std::span<uint8_t> memory = TRY(target(thread, "recv_into", v[0], v[1], "buffer too small for requested bytes"));
  if (memory.empty()) return Value::inlineInt(0);
  const Socket* s = socketOf(self);
  return Value::inlineInt(
      TRY(socketCall(thread, s, POLLIN, [&] { return recv(s->descriptor, memory.data(), memory.size(), flags); })));
}

Fallible<Value> socketRecvfrom(Thread& thread, Value self, const Arguments& arguments) {
  TRY(countByFormat(thread, "recvfrom", arguments, 1, 2));
  int64_t size = TRY(ssizeArgument(thread, arguments[0]));
  int flags = TRY(flagsArgument(thread, arguments, 1));
  if (size < 0) return raise(thread, exceptions.ValueError, "negative buffersize in recvfrom");
  TransferMemory memory;
  TRY(memory.ask(thread, static_cast<uint64_t>(size)));
  const Socket* s = socketOf(self);
  Address address;
  ssize_t n = TRY(socketCall(thread, s, POLLIN, [&] {
    address.length = sizeof address.storage;
    return recvfrom(s->descriptor, memory.data(), memory.size(), flags, address.get(), &address.length);
  }));
  Value peer = TRY(makeAddress(thread, address, s->protocol));
  Value bytes = TRY(memory.take(thread, static_cast<uint64_t>(n)));
  return Value::of(TRY(makeTuple(thread, {bytes, peer})));
}
Fallible<Value> socketRecvfromInto(Thread& thread, Value self, const Arguments& arguments) {
  static constexpr Parameters kParameters{"recvfrom_into", {"buffer", "nbytes", "flags"}, 1};
  Value v[3];
  TRY(kParameters.bind(thread, arguments, v));
  int flags = v[2].isUnbound() ? 0 : TRY(formatIntArgument(thread, v[2]));
  std::span<uint8_t> memory =
      TRY(target(thread, "recvfrom_into", v[0], v[1], "nbytes is greater than the length of the buffer"));
  const Socket* s = socketOf(self);
  Address address;
  ssize_t n = TRY(socketCall(thread, s, POLLIN, [&] {
    address.length = sizeof address.storage;
    return recvfrom(s->descriptor, memory.data(), memory.size(), flags, address.get(), &address.length);
  }));
  Value peer = TRY(makeAddress(thread, address, s->protocol));
  return Value::of(TRY(makeTuple(thread, {Value::inlineInt(n), peer})));
}

Fallible<Value> socketSend(Thread& thread, Value self, const Arguments& arguments) {
  TRY(countByFormat(thread, "send", arguments, 1, 2));
  std::string_view bytes = TRY(requireBuffer(thread, arguments[0]));
  int flags = TRY(flagsArgument(thread, arguments, 1));
  const Socket* s = socketOf(self);
  return Value::inlineInt(
      TRY(socketCall(thread, s, POLLOUT, [&] { return send(s->descriptor, bytes.data(), bytes.size(), flags); })));
}
Fallible<Value> socketSendall(Thread& thread, Value self, const Arguments& arguments) {
  TRY(countByFormat(thread, "sendall", arguments, 1, 2));
  std::string_view bytes = TRY(requireBuffer(thread, arguments[0]));
  int flags = TRY(flagsArgument(thread, arguments, 1));
  const Socket* s = socketOf(self);
  int64_t deadline = deadlineAfter(s->timeout);  // of the whole, not of every part
  while (!bytes.empty()) {
    ssize_t n = TRY(socketCall(
        thread, s, POLLOUT, [&] { return send(s->descriptor, bytes.data(), bytes.size(), flags); }, deadline));
    bytes.remove_prefix(static_cast<size_t>(n));
    TRY(pollEvalBreaker(thread));
  }
  return Value::none();
}
Fallible<Value> socketSendto(Thread& thread, Value self, const Arguments& arguments) {
  TRY(arguments.noKeywords(thread, "sendto"));
  if (arguments.positional < 2 || arguments.positional > 3) {
    return raiseTypeError(thread, "sendto() takes 2 or 3 arguments ({} given)", arguments.positional);
  }
  std::string_view bytes = TRY(requireBuffer(thread, arguments[0]));
  int flags = arguments.positional == 3 ? TRY(formatIntArgument(thread, arguments[1])) : 0;
  const Socket* s = socketOf(self);
  Address address;
  TRY(addressArgument(thread, s, arguments[arguments.positional - 1], "sendto", address));
  return Value::inlineInt(TRY(socketCall(thread, s, POLLOUT, [&] {
    return sendto(s->descriptor, bytes.data(), bytes.size(), flags, address.get(), address.length);
  })));
}

Fallible<Value> getFamily(Thread&, Value self) { return Value::inlineInt(socketOf(self)->family); }
Fallible<Value> getType(Thread&, Value self) { return Value::inlineInt(socketOf(self)->type); }
Fallible<Value> getProtocol(Thread&, Value self) { return Value::inlineInt(socketOf(self)->protocol); }

}  // namespace

Module* moduleSocket(Thread& thread) {
  socketTypes.hostError = makeExceptionClass(thread, "socket", "herror", exceptions.OSError);
  socketTypes.addressError = makeExceptionClass(thread, "socket", "gaierror", exceptions.OSError);
  TypeBuilder type(thread, "socket", types.object, Kind::kNative);
  type.module("_socket")
      .flags(Type::kBaseType)
      .constructor(socketNew)
      .specialVariadic("__init__", socketInit)
      .special("__repr__", socketRepr)
      .method("__del__", socketDelete)
      .method("_accept", socketAccept)
      .method("bind", socketBind)
      .method("close", socketClose)
      .method("connect", socketConnect)
      .method("connect_ex", socketConnectEx)
      .method("detach", socketDetach)
      .method("fileno", socketFileno)
      .method("getpeername", nameOfSocket<peerName>)
      .method("getsockname", nameOfSocket<socketName>)
      .variadic("getsockopt", socketGetsockopt)
      .variadic("setsockopt", socketSetsockopt)
      .variadic("listen", socketListen)
      .variadic("recv", socketRecv)
      .variadic("recv_into", socketRecvInto)
      .variadic("recvfrom", socketRecvfrom)
      .variadic("recvfrom_into", socketRecvfromInto)
      .variadic("send", socketSend)
      .variadic("sendall", socketSendall)
      .variadic("sendto", socketSendto)
      .method("setblocking", socketSetblocking)
      .method("getblocking", socketGetblocking)
      .method("settimeout", socketSettimeout)
      .method("gettimeout", socketGettimeout)
      .method("shutdown", socketShutdown)
      .getter("family", getFamily)
      .getter("type", getType)
      .getter("proto", getProtocol)
      .getter("timeout", socketGettimeout);
  addSocketMessages(type);
  socketTypes.socket = keepType(type.build());
  ModuleBuilder builder(thread, "_socket", "Sockets, as the system has them; programs import socket.");
  addSocketConstants(thread, builder);
  addSocketNames(thread, builder);
  return builder.constant("socket", Value::of(socketTypes.socket))
      .constant("SocketType", Value::of(socketTypes.socket))
      .constant("error", Value::of(exceptions.OSError))
      .constant("herror", Value::of(socketTypes.hostError))
      .constant("gaierror", Value::of(socketTypes.addressError))
      .constant("timeout", Value::of(exceptions.TimeoutError))
      .constant("has_ipv6", Value::boolean(true))
      .variadic("getdefaulttimeout", nullary<"_socket.getdefaulttimeout", getDefaultTimeout>)
      .function("setdefaulttimeout", setDefaultTimeout)
      .build();
}

}  // namespace krait
