// Module _socket: addresses of every family between Python and the system.
#include <arpa/inet.h>
#include <linux/if_alg.h>
#include <linux/if_packet.h>
#include <linux/netlink.h>
#include <linux/vm_sockets.h>
#include <net/if.h>
#include <sys/un.h>

#include <cstddef>
#include <cstring>

#include "vm/builtins/bytearray.h"
#include "vm/builtins/codecs.h"
#include "vm/builtins/exception.h"
#include "vm/modules/socket_internal.h"

namespace krait {

Raised raiseAddressError(Thread& thread, int error) {
  if (error == EAI_SYSTEM) return raiseErrno(thread, errno);
  Value text = TRY(makeStrValue(thread, gai_strerror(error)));
  return raiseInstance(thread, TRY(call(thread, Value::of(socketTypes.addressError), Value::inlineInt(error), text)));
}
Raised raiseHostError(Thread& thread, int error) {
  Value text = TRY(makeStrValue(thread, hstrerror(error)));
  return raiseInstance(thread, TRY(call(thread, Value::of(socketTypes.hostError), Value::inlineInt(error), text)));
}

// --- host names -------------------------------------------------------------------------------------------------------

// What IDNA leaves as it is: ASCII labels that are neither empty nor too long.
static bool isPlainHost(const Str* text) {
  if (!text->isAscii()) return false;
  std::string_view rest = text->asciiView();
  if (!rest.empty() && rest.back() == '.') rest.remove_suffix(1);
  size_t label = 0;
  for (char c : rest) {
    if (c != '.') {
      if (++label > 63) return false;
    } else {
      if (label == 0) return false;
      label = 0;
    }
  }
  return label > 0 || text->length == 0;
}

Fallible<std::string> hostArgument(Thread& thread, Value v, const char* otherwise) {
  std::string name;
  if (Str* text = toStr(v)) {
    if (isPlainHost(text)) {
      name = text->asciiView();
    } else {
      Value encoded = TRY(encodeStr(thread, text, "idna", "strict"));
      name = viewOf(toBytes(encoded));
    }
  } else if (Bytes* bytes = toBytes(v)) {
    name = viewOf(bytes);
  } else if (Bytearray* array = toBytearray(v)) {
    name = viewOf(array);
  } else {
    return raiseTypeError(thread, "{}, not {}", otherwise, nameOf(v));
  }
  if (name.find('\0') != std::string::npos) {
    return raise(thread, exceptions.TypeError, "host name must not contain null character");
  }
  return name;
}

Fallible<void> resolveHost(Thread& thread, const std::string& name, int family, Address& out) {
  auto set4 = [&](in_addr_t address) {
    auto* in = reinterpret_cast<sockaddr_in*>(&out.storage);
    in->sin_family = AF_INET;
    in->sin_addr.s_addr = address;
    out.length = sizeof *in;
  };
  if (name == "<broadcast>" || name == "255.255.255.255") {
    if (family != AF_INET && family != AF_UNSPEC) {
      return raise(thread, exceptions.OSError, "address family mismatched");
    }
    set4(INADDR_BROADCAST);
    return {};
  }
  if (family == AF_INET || family == AF_UNSPEC) {
    in_addr address;
    if (!name.empty() && inet_pton(AF_INET, name.c_str(), &address) > 0) {
      set4(address.s_addr);
      return {};
    }
  }
  if (family == AF_INET6 || family == AF_UNSPEC) {
    auto* in = reinterpret_cast<sockaddr_in6*>(&out.storage);
    if (!name.empty() && name.find('%') == std::string::npos && inet_pton(AF_INET6, name.c_str(), &in->sin6_addr) > 0) {
      in->sin6_family = AF_INET6;
      out.length = sizeof *in;
      return {};
    }
  }
  addrinfo hints{};
  hints.ai_family = family;
  if (name.empty()) {
    hints.ai_flags = AI_PASSIVE;
    hints.ai_socktype = SOCK_DGRAM;
  }
  addrinfo* found = nullptr;
  int error = withoutLock(thread, [&] {
    return getaddrinfo(name.empty() ? nullptr : name.c_str(), name.empty() ? "0" : nullptr, &hints, &found);
  });
  if (error != 0) return raiseAddressError(thread, error);
  if (name.empty() && found->ai_next != nullptr) {
    freeaddrinfo(found);
    return raise(thread, exceptions.OSError, "wildcard resolved to multiple address");
  }
  std::memcpy(&out.storage, found->ai_addr, found->ai_addrlen);
  out.length = found->ai_addrlen;
  freeaddrinfo(found);
  return {};
}

// --- Python to system -------------------------------------------------------------------------------------------------

namespace {

constexpr const char* kHostTypes = "str, bytes or bytearray expected";

Fallible<Tuple*> addressTuple(Thread& thread, Value v, const char* function, const char* family) {
  if (Tuple* tuple = toTuple(v)) return tuple;
  return raiseTypeError(thread, "{}(): {} address must be tuple, not {}", function, family, nameOf(v));
}
Fallible<uint16_t> portArgument(Thread& thread, Value v, const char* function) {
  int port = TRY(formatIntArgument(thread, v));
  if (port < 0 || port > 0xffff) {
    return raiseFormat(thread, exceptions.OverflowError, "{}(): port must be 0-65535.", function);
  }
  return static_cast<uint16_t>(port);
}

Fallible<void> unixAddress(Thread& thread, Value v, Address& out) {
  auto* un = reinterpret_cast<sockaddr_un*>(&out.storage);
  std::string path;
  if (Str* text = toStr(v)) {
    Value encoded = TRY(encodeStr(thread, text, "utf-8", "surrogateescape"));
    path = viewOf(toBytes(encoded));
  } else {
    path = TRY(requireBuffer(thread, v));
  }
  bool isAbstract = !path.empty() && path[0] == '\0';  // Linux: a name that is no file
  if (path.size() > sizeof un->sun_path || (!isAbstract && path.size() == sizeof un->sun_path)) {
    return raise(thread, exceptions.OSError, "AF_UNIX path too long");
  }
  un->sun_family = AF_UNIX;
  std::memcpy(un->sun_path, path.data(), path.size());
  size_t size = offsetof(sockaddr_un, sun_path) + path.size() + (isAbstract || path.empty() ? 0 : 1);
  out.length = static_cast<socklen_t>(size);
  return {};
}

Fallible<void> inetAddress(Thread& thread, Value v, const char* function, Address& out) {
  Tuple* pair = TRY(addressTuple(thread, v, function, "AF_INET"));
  if (pair->length != 2) return raise(thread, exceptions.TypeError, "AF_INET address must be a pair (host, port)");
  std::string host = TRY(hostArgument(thread, pair->items[0], kHostTypes));
  int port = TRY(formatIntArgument(thread, pair->items[1]));
  TRY(resolveHost(thread, host, AF_INET, out));
  uint16_t number = TRY(portArgument(thread, Value::inlineInt(port), function));
  reinterpret_cast<sockaddr_in*>(&out.storage)->sin_port = htons(number);
  return {};
}

Fallible<void> inet6Address(Thread& thread, Value v, const char* function, Address& out) {
  Tuple* parts = TRY(addressTuple(thread, v, function, "AF_INET6"));
  if (parts->length < 2 || parts->length > 4) {
    return raise(thread, exceptions.TypeError, "AF_INET6 address must be a tuple (host, port[, flowinfo[, scopeid]])");
  }
  std::string host = TRY(hostArgument(thread, parts->items[0], kHostTypes));
  int port = TRY(formatIntArgument(thread, parts->items[1]));
  uint64_t flow = parts->length > 2 ? TRY(maskArgument(thread, parts->items[2])) : 0;
  uint64_t scope = parts->length > 3 ? TRY(maskArgument(thread, parts->items[3])) : 0;
  TRY(resolveHost(thread, host, AF_INET6, out));
  uint16_t number = TRY(portArgument(thread, Value::inlineInt(port), function));
  if (static_cast<uint32_t>(flow) > 0xfffff) {
    return raiseFormat(thread, exceptions.OverflowError, "{}(): flowinfo must be 0-1048575.", function);
  }
  auto* in = reinterpret_cast<sockaddr_in6*>(&out.storage);
  in->sin6_family = AF_INET6;
  in->sin6_port = htons(number);
  in->sin6_flowinfo = htonl(static_cast<uint32_t>(flow));
  if (parts->length > 3) in->sin6_scope_id = static_cast<uint32_t>(scope);
  out.length = sizeof *in;
  return {};
}

Fallible<void> netlinkAddress(Thread& thread, Value v, const char* function, Address& out) {
  Tuple* pair = TRY(addressTuple(thread, v, function, "AF_NETLINK"));
  if (pair->length != 2) return raise(thread, exceptions.TypeError, "AF_NETLINK address must be a pair (pid, groups)");
  auto* nl = reinterpret_cast<sockaddr_nl*>(&out.storage);
  nl->nl_family = AF_NETLINK;
  nl->nl_pid = static_cast<uint32_t>(TRY(maskArgument(thread, pair->items[0])));
  nl->nl_groups = static_cast<uint32_t>(TRY(maskArgument(thread, pair->items[1])));
  out.length = sizeof *nl;
  return {};
}

Fallible<void> vsockAddress(Thread& thread, Value v, Address& out) {
  Tuple* pair = toTuple(v);
  if (pair == nullptr) {
    return raiseTypeError(thread, "getsockaddrarg: AF_VSOCK address must be tuple, not {}", nameOf(v));
  }
  if (pair->length != 2) return raise(thread, exceptions.TypeError, "AF_VSOCK address must be a pair (CID, port)");
  auto* vm = reinterpret_cast<sockaddr_vm*>(&out.storage);
  vm->svm_family = AF_VSOCK;
  vm->svm_cid = static_cast<uint32_t>(TRY(maskArgument(thread, pair->items[0])));
  vm->svm_port = static_cast<uint32_t>(TRY(maskArgument(thread, pair->items[1])));
  out.length = sizeof *vm;
  return {};
}

Fallible<void> packetAddress(Thread& thread, const Socket* socket, Value v, const char* function, Address& out) {
  Tuple* parts = TRY(addressTuple(thread, v, function, "AF_PACKET"));
  if (parts->length < 2 || parts->length > 5) {
    return raise(thread, exceptions.TypeError, "AF_PACKET address must be a tuple of two to five elements");
  }
  std::string interface = TRY(utf8Argument(thread, parts->items[0], "argument 1"));
  int protocol = TRY(formatIntArgument(thread, parts->items[1]));
  int kind = parts->length > 2 ? TRY(formatIntArgument(thread, parts->items[2])) : 0;
  int hardware = parts->length > 3 ? TRY(formatIntArgument(thread, parts->items[3])) : 0;
  std::string_view physical;
  if (parts->length > 4) physical = TRY(requireBuffer(thread, parts->items[4]));
  if (physical.size() > 8) return raise(thread, exceptions.ValueError, "hardware address must be 8 bytes or less");
  if (protocol < 0 || protocol > 0xffff) {
    return raiseFormat(thread, exceptions.OverflowError, "{}(): proto must be 0-65535.", function);
  }
  ifreq request{};
  std::strncpy(request.ifr_name, interface.c_str(), sizeof request.ifr_name - 1);
  unsigned number = if_nametoindex(request.ifr_name);
  if (number == 0) return raiseErrno(thread, errno);
  (void)socket;
  auto* ll = reinterpret_cast<sockaddr_ll*>(&out.storage);
  ll->sll_family = AF_PACKET;
  ll->sll_protocol = htons(static_cast<uint16_t>(protocol));
  ll->sll_ifindex = static_cast<int>(number);
  ll->sll_pkttype = static_cast<unsigned char>(kind);
  ll->sll_hatype = static_cast<unsigned short>(hardware);
  std::memcpy(ll->sll_addr, physical.data(), physical.size());
  ll->sll_halen = static_cast<unsigned char>(physical.size());
  out.length = sizeof *ll;
  return {};
}

Fallible<void> algorithmAddress(Thread& thread, Value v, Address& out) {
  Tuple* parts = toTuple(v);
  if (parts == nullptr || parts->length < 2 || parts->length > 4) {
    return raise(thread, exceptions.TypeError, "AF_ALG address must be a tuple (type, name [, feat [, mask]])");
  }
  std::string type = TRY(utf8Argument(thread, parts->items[0], "argument 1"));
  std::string name = TRY(utf8Argument(thread, parts->items[1], "argument 2"));
  auto* alg = reinterpret_cast<sockaddr_alg*>(&out.storage);
  if (type.size() >= sizeof alg->salg_type) return raise(thread, exceptions.ValueError, "AF_ALG type too long.");
  if (name.size() >= sizeof alg->salg_name) return raise(thread, exceptions.ValueError, "AF_ALG name too long.");
  alg->salg_family = AF_ALG;
  std::memcpy(alg->salg_type, type.data(), type.size());
  std::memcpy(alg->salg_name, name.data(), name.size());
  if (parts->length > 2) alg->salg_feat = static_cast<uint32_t>(TRY(maskArgument(thread, parts->items[2])));
  if (parts->length > 3) alg->salg_mask = static_cast<uint32_t>(TRY(maskArgument(thread, parts->items[3])));
  out.length = sizeof *alg;
  return {};
}

}  // namespace

Fallible<void> addressArgument(Thread& thread, const Socket* socket, Value v, const char* function, Address& out) {
  switch (socket->family) {
    case AF_UNIX: return unixAddress(thread, v, out);
    case AF_INET: return inetAddress(thread, v, function, out);
    case AF_INET6: return inet6Address(thread, v, function, out);
    case AF_NETLINK: return netlinkAddress(thread, v, function, out);
    case AF_VSOCK: return vsockAddress(thread, v, out);
    case AF_PACKET: return packetAddress(thread, socket, v, function, out);
    case AF_ALG: return algorithmAddress(thread, v, out);
    default: return raiseFormat(thread, exceptions.OSError, "{}(): bad family", function);
  }
}

// --- system to Python -------------------------------------------------------------------------------------------------

// The scope of an IPv6 address is a number of its own behind it, not a part of the text ("fe80::1%lo").
static Fallible<Value> numericHost(Thread& thread, const Address& address) {
  if (address.storage.ss_family == AF_INET6) {
    char text[INET6_ADDRSTRLEN];
    auto* in = reinterpret_cast<const sockaddr_in6*>(&address.storage);
    if (inet_ntop(AF_INET6, &in->sin6_addr, text, sizeof text) == nullptr) return raiseErrno(thread, errno);
    return makeStrValue(thread, text);
  }
  char host[NI_MAXHOST];
  int error = getnameinfo(reinterpret_cast<const sockaddr*>(&address.storage), address.length, host, sizeof host,
                          nullptr, 0, NI_NUMERICHOST);
  if (error != 0) return raiseAddressError(thread, error);
  return makeStrValue(thread, host);
}

Fallible<Value> makeAddress(Thread& thread, const Address& address, int) {
  if (address.length == 0) return Value::none();
  switch (address.storage.ss_family) {
    case AF_INET: {
      auto* in = reinterpret_cast<const sockaddr_in*>(&address.storage);
      Value host = TRY(numericHost(thread, address));
      return Value::of(TRY(makeTuple(thread, {host, Value::inlineInt(ntohs(in->sin_port))})));
    }
    case AF_INET6: {
      auto* in = reinterpret_cast<const sockaddr_in6*>(&address.storage);
      Value host = TRY(numericHost(thread, address));
      return Value::of(
          TRY(makeTuple(thread, {host, Value::inlineInt(ntohs(in->sin6_port)),
                                 Value::inlineInt(ntohl(in->sin6_flowinfo)), Value::inlineInt(in->sin6_scope_id)})));
    }
    case AF_UNIX: {
      auto* un = reinterpret_cast<const sockaddr_un*>(&address.storage);
      constexpr size_t kHeader = offsetof(sockaddr_un, sun_path);
      size_t size = address.length > kHeader ? address.length - kHeader : 0;
      if (size > 0 && un->sun_path[0] == '\0') return makeBytesValue(thread, {un->sun_path, size});
      return makeFilename(thread, {un->sun_path, strnlen(un->sun_path, size)});
    }
    case AF_NETLINK: {
      auto* nl = reinterpret_cast<const sockaddr_nl*>(&address.storage);
      return Value::of(TRY(makeTuple(thread, {Value::inlineInt(nl->nl_pid), Value::inlineInt(nl->nl_groups)})));
    }
    case AF_VSOCK: {
      auto* vm = reinterpret_cast<const sockaddr_vm*>(&address.storage);
      return Value::of(TRY(makeTuple(thread, {Value::inlineInt(vm->svm_cid), Value::inlineInt(vm->svm_port)})));
    }
    case AF_PACKET: {
      auto* ll = reinterpret_cast<const sockaddr_ll*>(&address.storage);
      char name[IF_NAMESIZE] = "";
      if (ll->sll_ifindex != 0 && if_indextoname(static_cast<unsigned>(ll->sll_ifindex), name) == nullptr) name[0] = 0;
      Value interface = TRY(makeFilename(thread, name));
      Value physical = TRY(makeBytesValue(thread, {reinterpret_cast<const char*>(ll->sll_addr), ll->sll_halen}));
      return Value::of(
          TRY(makeTuple(thread, {interface, Value::inlineInt(ntohs(ll->sll_protocol)),
                                 Value::inlineInt(ll->sll_pkttype), Value::inlineInt(ll->sll_hatype), physical})));
    }
    default: {
      size_t size = address.length > sizeof(sa_family_t) ? address.length - sizeof(sa_family_t) : 0;
      const char* data = reinterpret_cast<const sockaddr*>(&address.storage)->sa_data;
      Value bytes = TRY(makeBytesValue(thread, {data, size}));
      return Value::of(TRY(makeTuple(thread, {Value::inlineInt(address.storage.ss_family), bytes})));
    }
  }
}

}  // namespace krait
