// What the sources of the module _socket share: the socket object, addresses, and calls that wait for a timeout.
#pragma once
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include "vm/modules/native_arguments.h"
#include "vm/modules/select_internal.h"

namespace krait {

struct Socket : NativeObject {
  int descriptor;  // -1: closed or not yet open
  int family, type, protocol;
  int64_t timeout;  // nanoseconds; -1: wait for ever, 0: never wait
};
struct SocketTypes {
  Type *socket, *hostError, *addressError;
};
extern SocketTypes socketTypes;
extern int64_t defaultSocketTimeout;
inline Socket* socketOf(Value v) { return v.as<Socket>(); }

// --- addresses (socket_address.cpp) -----------------------------------------------------------------------------------
// Large enough for every family; zeroed.
struct Address {
  sockaddr_storage storage{};
  socklen_t length = 0;
  sockaddr* get() { return reinterpret_cast<sockaddr*>(&storage); }
};
// A Python address of the socket's family; `function` begins the messages ("bind").
Fallible<void> addressArgument(Thread& thread, const Socket* socket, Value v, const char* function, Address& out);
// Python's form of an address; None when there is none.
Fallible<Value> makeAddress(Thread& thread, const Address& address, int protocol);
// Host names: str (IDNA when it is not plain ASCII), bytes or bytearray.
Fallible<std::string> hostArgument(Thread& thread, Value v, const char* otherwise);
// Looks a host name up for one family (AF_UNSPEC: any). "" is every interface, "<broadcast>" IPv4's broadcast address.
Fallible<void> resolveHost(Thread& thread, const std::string& name, int family, Address& out);
KRAIT_COLD Raised raiseAddressError(Thread& thread, int error);  // gaierror
KRAIT_COLD Raised raiseHostError(Thread& thread, int error);     // herror

// --- waiting ----------------------------------------------------------------------------------------------------------
// Whether the descriptor becomes ready before the deadline; errors count as ready.
Fallible<bool> waitForSocket(Thread& thread, int descriptor, short events, int64_t deadline);
// f() until it succeeds, within the socket's timeout (or until `deadline`, when it is not INT64_MIN). -1 is a failure.
template <class F>
auto socketCall(Thread& thread, const Socket* socket, short events, F f, int64_t deadline = INT64_MIN)
    -> Fallible<decltype(f())> {
  bool waits = socket->timeout > 0;
  if (waits && deadline == INT64_MIN) deadline = deadlineAfter(socket->timeout);
  for (;;) {
    if (waits && !TRY(waitForSocket(thread, socket->descriptor, events, deadline))) {
      return raise(thread, exceptions.TimeoutError, "timed out");
    }
    auto result = withoutLock(thread, f);
    if (result >= 0) return result;
    if (errno == EINTR) {
      TRY(pollEvalBreaker(thread));
      continue;
    }
    if (waits && (errno == EAGAIN || errno == EWOULDBLOCK)) continue;
    return raiseErrno(thread, errno);
  }
}
Fallible<int64_t> timeoutArgument(Thread& thread, Value v);

void addSocketMessages(TypeBuilder& type);                    // recvmsg, sendmsg ...
void addSocketNames(Thread& thread, ModuleBuilder& builder);  // getaddrinfo ...
void addSocketConstants(Thread& thread, ModuleBuilder& builder);

}  // namespace krait
