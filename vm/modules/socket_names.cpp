// Module _socket: names of hosts, services, protocols and interfaces, and the functions without a socket object.
#include <arpa/inet.h>
#include <fcntl.h>
#include <net/if.h>
#include <unistd.h>

#include <climits>
#include <cstring>
#include <mutex>

#include "vm/builtins/list.h"
#include "vm/modules/posix_internal.h"
#include "vm/modules/socket_internal.h"

namespace krait {
namespace {

// --- addresses of hosts -----------------------------------------------------------------------------------------------

Fallible<Value> socketGetaddrinfo(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{"getaddrinfo", {"host", "port", "family", "type", "proto", "flags"}, 2};
  Value v[6];
  TRY(kParameters.bind(thread, arguments, v));
  int numbers[4];
  for (int i = 0; i < 4; i++) numbers[i] = v[i + 2].isUnbound() ? 0 : TRY(formatIntArgument(thread, v[i + 2]));
  std::string host, port;
  bool hasHost = !v[0].isNone(), hasPort = !v[1].isNone();
  if (hasHost) {
    if (toStr(v[0]) == nullptr && toBytes(v[0]) == nullptr) {
      return raise(thread, exceptions.TypeError, "getaddrinfo() argument 1 must be string or None");
    }
    host = TRY(hostArgument(thread, v[0], "getaddrinfo() argument 1 must be string or None"));
  }
  if (isInt(v[1])) {
    port = std::to_string(TRY(longArgument(thread, v[1])));
  } else if (toStr(v[1]) != nullptr) {
    port = TRY(utf8Argument(thread, v[1], "getaddrinfo() argument 2"));
  } else if (Bytes* bytes = toBytes(v[1])) {
    port = viewOf(bytes);
  } else if (hasPort) {
    return raise(thread, exceptions.OSError, "Int or String expected");
  }
  addrinfo hints{};
  hints.ai_family = numbers[0];
  hints.ai_socktype = numbers[1];
  hints.ai_protocol = numbers[2];
  hints.ai_flags = numbers[3];
  addrinfo* found = nullptr;
  int error = withoutLock(thread, [&] {
    return getaddrinfo(hasHost ? host.c_str() : nullptr, hasPort ? port.c_str() : nullptr, &hints, &found);
  });
  if (error != 0) return raiseAddressError(thread, error);
  auto collect = [&]() -> Fallible<Value> {
    List* result = TRY(makeListWithCapacity(thread, 0));
    for (addrinfo* entry = found; entry != nullptr; entry = entry->ai_next) {
      Address address;
      std::memcpy(&address.storage, entry->ai_addr, entry->ai_addrlen);
      address.length = entry->ai_addrlen;
      Value place = TRY(makeAddress(thread, address, -1));
      Value name = TRY(makeFilename(thread, entry->ai_canonname == nullptr ? "" : entry->ai_canonname));
      Value item =
          Value::of(TRY(makeTuple(thread, {Value::inlineInt(entry->ai_family), Value::inlineInt(entry->ai_socktype),
                                           Value::inlineInt(entry->ai_protocol), name, place})));
      TRY(listAppend(thread, result, item));
    }
    return Value::of(result);
  };
  Fallible<Value> result = collect();
  freeaddrinfo(found);
  return result;
}

Fallible<Value> socketGetnameinfo(Thread& thread, Value given, Value givenFlags) {
  int flags = TRY(formatIntArgument(thread, givenFlags));
  Tuple* parts = toTuple(given);
  if (parts == nullptr) return raise(thread, exceptions.TypeError, "getnameinfo() argument 1 must be a tuple");
  if (parts->length < 2 || parts->length > 4) {
    return raise(thread, exceptions.TypeError, "getnameinfo(): illegal sockaddr argument");
  }
  std::string host = TRY(utf8Argument(thread, parts->items[0], "getnameinfo(): host"));
  int port = TRY(formatIntArgument(thread, parts->items[1]));
  uint64_t flow = parts->length > 2 ? TRY(maskArgument(thread, parts->items[2])) : 0;
  uint64_t scope = parts->length > 3 ? TRY(maskArgument(thread, parts->items[3])) : 0;
  if (static_cast<uint32_t>(flow) > 0xfffff) {
    return raise(thread, exceptions.OverflowError, "getnameinfo(): flowinfo must be 0-1048575.");
  }
  addrinfo hints{};
  hints.ai_socktype = SOCK_DGRAM;  // numeric ports need a type
  hints.ai_flags = AI_NUMERICHOST;
  addrinfo* found = nullptr;
  std::string service = std::to_string(port);
  int error = withoutLock(thread, [&] { return getaddrinfo(host.c_str(), service.c_str(), &hints, &found); });
  if (error != 0) return raiseAddressError(thread, error);
  Address address;
  std::memcpy(&address.storage, found->ai_addr, found->ai_addrlen);
  address.length = found->ai_addrlen;
  bool several = found->ai_next != nullptr;
  freeaddrinfo(found);
  if (several) return raise(thread, exceptions.OSError, "sockaddr resolved to multiple addresses");
  if (address.storage.ss_family == AF_INET && parts->length != 2) {
    return raise(thread, exceptions.OSError, "IPv4 sockaddr must be 2 tuple");
  }
  if (address.storage.ss_family == AF_INET6) {
    auto* in = reinterpret_cast<sockaddr_in6*>(&address.storage);
    in->sin6_flowinfo = htonl(static_cast<uint32_t>(flow));
    in->sin6_scope_id = static_cast<uint32_t>(scope);
  }
  char name[NI_MAXHOST], portName[NI_MAXSERV];
  error = withoutLock(thread, [&] {
    return getnameinfo(address.get(), address.length, name, sizeof name, portName, sizeof portName, flags);
  });
  if (error != 0) return raiseAddressError(thread, error);
  return Value::of(TRY(makeTuple(thread, {TRY(makeFilename(thread, name)), TRY(makeFilename(thread, portName))})));
}

Fallible<std::string> namedHost(Thread& thread, Value v, const char* function) {
  return hostArgument(thread, v, fmt::format("{}() argument 1 must be str, bytes or bytearray", function).c_str());
}
Fallible<Value> socketGethostbyname(Thread& thread, Value given) {
  std::string name = TRY(namedHost(thread, given, "gethostbyname"));
  Address address;
  TRY(resolveHost(thread, name, AF_INET, address));
  char text[INET_ADDRSTRLEN];
  inet_ntop(AF_INET, &reinterpret_cast<sockaddr_in*>(&address.storage)->sin_addr, text, sizeof text);
  return makeStrValue(thread, text);
}

// (name, aliases, addresses); addresses of the family that was asked for only.
Fallible<Value> hostEntry(Thread& thread, const hostent* entry, int error) {
  if (entry == nullptr) return raiseHostError(thread, error);
  List* aliases = TRY(makeListWithCapacity(thread, 0));
  for (char** alias = entry->h_aliases; alias != nullptr && *alias != nullptr; alias++) {
    TRY(listAppend(thread, aliases, TRY(makeFilename(thread, *alias))));
  }
  List* addresses = TRY(makeListWithCapacity(thread, 0));
  for (char** address = entry->h_addr_list; address != nullptr && *address != nullptr; address++) {
    char text[INET6_ADDRSTRLEN];
    if (inet_ntop(entry->h_addrtype, *address, text, sizeof text) == nullptr) continue;
    TRY(listAppend(thread, addresses, TRY(makeStrValue(thread, text))));
  }
  Value name = TRY(makeFilename(thread, entry->h_name));
  return Value::of(TRY(makeTuple(thread, {name, Value::of(aliases), Value::of(addresses)})));
}
Fallible<Value> socketGethostbynameEx(Thread& thread, Value given) {
  std::string name = TRY(namedHost(thread, given, "gethostbyname_ex"));
  Address address;
  TRY(resolveHost(thread, name, AF_INET, address));
  hostent entry, *found = nullptr;
  std::string buffer(16384, '\0');
  int error = 0;
  withoutLock(thread,
              [&] { return gethostbyname_r(name.c_str(), &entry, buffer.data(), buffer.size(), &found, &error); });
  return hostEntry(thread, found, error);
}
Fallible<Value> socketGethostbyaddr(Thread& thread, Value given) {
  std::string name = TRY(namedHost(thread, given, "gethostbyaddr"));
  Address address;
  TRY(resolveHost(thread, name, AF_UNSPEC, address));
  int family = address.storage.ss_family;
  const void* number = nullptr;
  socklen_t size = 0;
  if (family == AF_INET) {
    number = &reinterpret_cast<sockaddr_in*>(&address.storage)->sin_addr;
    size = sizeof(in_addr);
  } else if (family == AF_INET6) {
    number = &reinterpret_cast<sockaddr_in6*>(&address.storage)->sin6_addr;
    size = sizeof(in6_addr);
  } else {
    return raise(thread, exceptions.OSError, "unsupported address family");
  }
  hostent entry, *found = nullptr;
  std::string buffer(16384, '\0');
  int error = 0;
  withoutLock(thread, [&] {
    return gethostbyaddr_r(number, size, family, &entry, buffer.data(), buffer.size(), &found, &error);
  });
  return hostEntry(thread, found, error);
}

Fallible<Value> socketGethostname(Thread& thread) {
  char name[1024];
  if (withoutLock(thread, [&] { return gethostname(name, sizeof name - 1); }) < 0) return raiseErrno(thread, errno);
  name[sizeof name - 1] = '\0';
  return makeFilename(thread, {name, strlen(name)});
}
Fallible<Value> socketSethostname(Thread& thread, Value given) {
  std::string name;
  if (Bytes* bytes = toBytes(given)) {
    name = viewOf(bytes);
  } else {
    name = TRY(filenameArgument(thread, given));
  }
  return noneOrErrno(thread, sethostname(name.data(), name.size()));
}

// --- services and protocols -------------------------------------------------------------------------------------------

// These functions of the C library share one static answer.
std::mutex& databaseMutex() {
  static std::mutex mutex;
  return mutex;
}

Fallible<Value> socketGetservbyname(Thread& thread, Value, const Arguments& arguments) {
  TRY(arguments.noKeywords(thread, "_socket.getservbyname"));
  TRY(arguments.count(thread, "getservbyname", 1, 2));
  std::string name = TRY(utf8Argument(thread, arguments[0], "getservbyname() argument 1")), protocol;
  bool hasProtocol = arguments.positional == 2;
  if (hasProtocol) protocol = TRY(utf8Argument(thread, arguments[1], "getservbyname() argument 2"));
  int port = withoutLock(thread, [&] {
    std::lock_guard<std::mutex> guard(databaseMutex());
    servent* entry = getservbyname(name.c_str(), hasProtocol ? protocol.c_str() : nullptr);
    return entry == nullptr ? -1 : static_cast<int>(ntohs(static_cast<uint16_t>(entry->s_port)));
  });
  if (port < 0) return raise(thread, exceptions.OSError, "service/proto not found");
  return Value::inlineInt(port);
}
Fallible<Value> socketGetservbyport(Thread& thread, Value, const Arguments& arguments) {
  TRY(arguments.noKeywords(thread, "_socket.getservbyport"));
  TRY(arguments.count(thread, "getservbyport", 1, 2));
  int port = TRY(formatIntArgument(thread, arguments[0]));
  std::string protocol, name;
  bool hasProtocol = arguments.positional == 2;
  if (hasProtocol) protocol = TRY(utf8Argument(thread, arguments[1], "getservbyport() argument 2"));
  if (port < 0 || port > 0xffff) {
    return raise(thread, exceptions.OverflowError, "getservbyport: port must be 0-65535.");
  }
  bool found = withoutLock(thread, [&] {
    std::lock_guard<std::mutex> guard(databaseMutex());
    servent* entry = getservbyport(htons(static_cast<uint16_t>(port)), hasProtocol ? protocol.c_str() : nullptr);
    if (entry != nullptr) name = entry->s_name;
    return entry != nullptr;
  });
  if (!found) return raise(thread, exceptions.OSError, "port/proto not found");
  return makeFilename(thread, name);
}
Fallible<Value> socketGetprotobyname(Thread& thread, Value given) {
  std::string name = TRY(utf8Argument(thread, given, "getprotobyname() argument"));
  int number = withoutLock(thread, [&] {
    std::lock_guard<std::mutex> guard(databaseMutex());
    protoent* entry = getprotobyname(name.c_str());
    return entry == nullptr ? -1 : entry->p_proto;
  });
  if (number < 0) return raise(thread, exceptions.OSError, "protocol not found");
  return Value::inlineInt(number);
}

// --- byte order and text of addresses ---------------------------------------------------------------------------------

Fallible<uint16_t> shortArgument(Thread& thread, Value v, const char* function) {
  int64_t number = TRY(formatIntArgument(thread, v));
  if (number < 0) {
    return raiseFormat(thread, exceptions.OverflowError,
                       "{}: can't convert negative Python int to C 16-bit unsigned integer", function);
  }
  if (number > 0xffff) {
    return raiseFormat(thread, exceptions.OverflowError,
                       "{}: Python int too large to convert to C 16-bit unsigned integer", function);
  }
  return static_cast<uint16_t>(number);
}
Fallible<Value> socketHtons(Thread& thread, Value v) {
  return Value::inlineInt(htons(TRY(shortArgument(thread, v, "htons"))));
}
Fallible<Value> socketNtohs(Thread& thread, Value v) {
  return Value::inlineInt(ntohs(TRY(shortArgument(thread, v, "ntohs"))));
}
Fallible<Value> swapLong(Thread& thread, Value v) {
  std::optional<Value> number = toInt(v);
  if (!number) return raiseTypeError(thread, "expected int, {} found", nameOf(v));
  std::optional<int64_t> i = toInt64(*number);
  if (i ? *i < 0 : number->as<BigInt>()->isNegative()) {
    return raise(thread, exceptions.OverflowError, "can't convert negative value to unsigned int");
  }
  if (!i) return raise(thread, exceptions.OverflowError, "Python int too large to convert to C unsigned long");
  if (*i > int64_t{UINT32_MAX}) return raise(thread, exceptions.OverflowError, "int larger than 32 bits");
  return Value::inlineInt(htonl(static_cast<uint32_t>(*i)));  // its own inverse
}

Fallible<Value> socketInetAton(Thread& thread, Value given) {
  std::string text = TRY(utf8Argument(thread, given, "inet_aton() argument 1"));
  in_addr address;
  if (inet_aton(text.c_str(), &address) == 0) {
    return raise(thread, exceptions.OSError, "illegal IP address string passed to inet_aton");
  }
  return makeBytesValue(thread, {reinterpret_cast<const char*>(&address), sizeof address});
}
Fallible<Value> socketInetNtoa(Thread& thread, Value given) {
  std::string_view bytes = TRY(requireBuffer(thread, given));
  if (bytes.size() != sizeof(in_addr)) {
    return raise(thread, exceptions.OSError, "packed IP wrong length for inet_ntoa");
  }
  char text[INET_ADDRSTRLEN];
  inet_ntop(AF_INET, bytes.data(), text, sizeof text);
  return makeStrValue(thread, text);
}
Fallible<Value> socketInetPton(Thread& thread, Value givenFamily, Value given) {
  int family = TRY(formatIntArgument(thread, givenFamily));
  std::string text = TRY(utf8Argument(thread, given, "inet_pton() argument 2"));
  char address[sizeof(in6_addr)];
  int result = inet_pton(family, text.c_str(), address);
  if (result < 0) return raiseErrno(thread, errno);
  if (result == 0) return raise(thread, exceptions.OSError, "illegal IP address string passed to inet_pton");
  return makeBytesValue(thread, {address, family == AF_INET ? sizeof(in_addr) : sizeof(in6_addr)});
}
Fallible<Value> socketInetNtop(Thread& thread, Value givenFamily, Value given) {
  int family = TRY(formatIntArgument(thread, givenFamily));
  std::string_view bytes = TRY(requireBuffer(thread, given));
  if (family != AF_INET && family != AF_INET6) return raiseValueError(thread, "unknown address family {}", family);
  if (bytes.size() != (family == AF_INET ? sizeof(in_addr) : sizeof(in6_addr))) {
    return raise(thread, exceptions.ValueError, "invalid length of packed IP address string");
  }
  char text[INET6_ADDRSTRLEN];
  if (inet_ntop(family, bytes.data(), text, sizeof text) == nullptr) return raiseErrno(thread, errno);
  return makeStrValue(thread, text);
}

// --- descriptors ------------------------------------------------------------------------------------------------------

Fallible<Value> socketPair(Thread& thread, Value, const Arguments& arguments) {
  TRY(arguments.noKeywords(thread, "socketpair"));
  if (arguments.positional > 3) {
    return raiseTypeError(thread, "socketpair() takes at most 3 arguments ({} given)", arguments.positional);
  }
  int numbers[3] = {AF_UNIX, SOCK_STREAM, 0};
  for (uint32_t i = 0; i < arguments.positional; i++) numbers[i] = TRY(formatIntArgument(thread, arguments[i]));
  int ends[2];
  if (withoutLock(thread, [&] { return socketpair(numbers[0], numbers[1] | SOCK_CLOEXEC, numbers[2], ends); }) < 0) {
    return raiseErrno(thread, errno);
  }
  Value sockets[2];
  for (int i = 0; i < 2; i++) {
    Value values[] = {Value::inlineInt(numbers[0]), Value::inlineInt(numbers[1]), Value::inlineInt(numbers[2]),
                      Value::inlineInt(ends[i])};
    Fallible<Value> made = call(thread, Value::of(socketTypes.socket), std::span<const Value>(values));
    if (made.isRaised()) {
      for (int k = i; k < 2; k++) close(ends[k]);
      return Raised{};
    }
    sockets[i] = made.value();
  }
  return Value::of(TRY(makeTuple(thread, sockets)));
}
Fallible<Value> socketDup(Thread& thread, Value fd) {
  int descriptor = TRY(intArgument(thread, fd));
  int copy = withoutLock(thread, [&] { return fcntl(descriptor, F_DUPFD_CLOEXEC, 0); });
  if (copy < 0) return raiseErrno(thread, errno);
  return Value::inlineInt(copy);
}
Fallible<Value> socketCloseDescriptor(Thread& thread, Value fd) {
  int descriptor = TRY(intArgument(thread, fd));
  int result = withoutLock(thread, [&] { return close(descriptor); });
  if (result < 0 && errno != ECONNRESET) return raiseErrno(thread, errno);
  return Value::none();
}

Fallible<Value> socketIfNameindex(Thread& thread) {
  struct if_nameindex* interfaces = if_nameindex();
  if (interfaces == nullptr) return raiseErrno(thread, errno);
  auto collect = [&]() -> Fallible<Value> {
    List* result = TRY(makeListWithCapacity(thread, 0));
    for (auto* entry = interfaces; entry->if_index != 0; entry++) {
      Value name = TRY(makeFilename(thread, entry->if_name));
      TRY(listAppend(thread, result, Value::of(TRY(makeTuple(thread, {Value::inlineInt(entry->if_index), name})))));
    }
    return Value::of(result);
  };
  Fallible<Value> result = collect();
  if_freenameindex(interfaces);
  return result;
}
Fallible<Value> socketIfNametoindex(Thread& thread, Value given) {
  unsigned number = if_nametoindex(TRY(filenameArgument(thread, given)).c_str());
  if (number == 0) return raise(thread, exceptions.OSError, "no interface with this name");
  return Value::inlineInt(number);
}
Fallible<Value> socketIfIndextoname(Thread& thread, Value given) {
  uint64_t number = TRY(unsignedArgument(thread, given));
  char name[IF_NAMESIZE];
  if (number > UINT_MAX || if_indextoname(static_cast<unsigned>(number), name) == nullptr) {
    return raiseErrno(thread, number > UINT_MAX ? ENXIO : errno);
  }
  return makeFilename(thread, {name, strlen(name)});
}

Fallible<Value> controlLength(Thread& thread, Value given, const char* function, bool padded) {
  int64_t length = TRY(ssizeArgument(thread, given));
  if (length < 0 || length > INT32_MAX - 64) {
    return raiseFormat(thread, exceptions.OverflowError, "{}() argument out of range", function);
  }
  auto size = static_cast<size_t>(length);
  return Value::inlineInt(static_cast<int64_t>(padded ? CMSG_SPACE(size) : CMSG_LEN(size)));
}
Fallible<Value> socketCmsgLen(Thread& thread, Value v) { return controlLength(thread, v, "CMSG_LEN", false); }
Fallible<Value> socketCmsgSpace(Thread& thread, Value v) { return controlLength(thread, v, "CMSG_SPACE", true); }

}  // namespace

void addSocketNames(Thread&, ModuleBuilder& builder) {
  builder.variadic("getaddrinfo", socketGetaddrinfo)
      .function("getnameinfo", socketGetnameinfo)
      .function("gethostbyname", socketGethostbyname)
      .function("gethostbyname_ex", socketGethostbynameEx)
      .function("gethostbyaddr", socketGethostbyaddr)
      .variadic("gethostname", nullary<"_socket.gethostname", socketGethostname>)
      .function("sethostname", socketSethostname)
      .variadic("getservbyname", socketGetservbyname)
      .variadic("getservbyport", socketGetservbyport)
      .function("getprotobyname", socketGetprotobyname)
      .function("htons", socketHtons)
      .function("ntohs", socketNtohs)
      .function("htonl", swapLong)
      .function("ntohl", swapLong)
      .function("inet_aton", socketInetAton)
      .function("inet_ntoa", socketInetNtoa)
      .function("inet_pton", socketInetPton)
      .function("inet_ntop", socketInetNtop)
      .variadic("socketpair", socketPair)
      .function("dup", socketDup)
      .function("close", socketCloseDescriptor)
      .variadic("if_nameindex", nullary<"_socket.if_nameindex", socketIfNameindex>)
      .function("if_nametoindex", socketIfNametoindex)
      .function("if_indextoname", socketIfIndextoname)
      .function("CMSG_LEN", socketCmsgLen)
      .function("CMSG_SPACE", socketCmsgSpace);
}

}  // namespace krait
