// Module _socket: messages in several buffers with ancillary data.
#include <linux/if_alg.h>
#include <sys/socket.h>

#include <cstring>
#include <memory>
#include <new>

#include "vm/builtins/list.h"
#include "vm/modules/socket_internal.h"

namespace krait {
namespace {

Fallible<int> optionalInt(Thread& thread, const Arguments& arguments, uint32_t i) {
  return i < arguments.positional ? TRY(formatIntArgument(thread, arguments[i])) : 0;
}
Fallible<void> countArguments(Thread& thread, const char* name, const Arguments& arguments, uint32_t least,
                              uint32_t most) {
  TRY(arguments.noKeywords(thread, name));
  uint32_t given = arguments.positional;
  if (given >= least && given <= most) return {};
  uint32_t wanted = given < least ? least : most;
  return raiseTypeError(thread, "{}() takes at {} {} argument{} ({} given)", name, given < least ? "least" : "most",
                        wanted, wanted == 1 ? "" : "s", given);
}
Fallible<Tuple*> iterableArgument(Thread& thread, Value v, const char* name, int position) {
  Fallible<Tuple*> items = tupleFromIterable(thread, v);
  if (!items.isRaised() || !pendingMatches(thread, exceptions.TypeError)) return items;
  clearException(thread);
  return raiseTypeError(thread, "{}() argument {} must be an iterable", name, position);
}

// --- receiving --------------------------------------------------------------------------------------------------------

Fallible<Value> ancillaryItems(Thread& thread, msghdr& message) {
  List* items = TRY(makeListWithCapacity(thread, 0));
  for (cmsghdr* item = CMSG_FIRSTHDR(&message); item != nullptr; item = CMSG_NXTHDR(&message, item)) {
    // What did not fit was cut off; the item's own length does not say so.
    auto* data = reinterpret_cast<const char*>(CMSG_DATA(item));
    const char* end = static_cast<const char*>(message.msg_control) + message.msg_controllen;
    size_t size = item->cmsg_len > CMSG_LEN(0) ? item->cmsg_len - CMSG_LEN(0) : 0;
    if (data >= end) break;
    size = std::min(size, static_cast<size_t>(end - data));
    Value bytes = TRY(makeBytesValue(thread, {data, size}));
    Value triple = Value::of(
        TRY(makeTuple(thread, {Value::inlineInt(item->cmsg_level), Value::inlineInt(item->cmsg_type), bytes})));
    TRY(listAppend(thread, items, triple));
  }
  return Value::of(items);
}

struct Received {
  ssize_t bytes;
  Value ancillary, flags, address;
};
Fallible<bool> receive(Thread& thread, const Socket* s, iovec* parts, size_t count, int64_t control, int flags,
                       Received& out) {
  if (control < 0 || control > int64_t{INT32_MAX}) {
    return raise(thread, exceptions.ValueError, "invalid ancillary data buffer length");
  }
  Bytes* memory = TRY(makeBytesUninitialised(thread, static_cast<uint64_t>(control)));
  Address address;
  msghdr message{};
  out.bytes = TRY(socketCall(thread, s, POLLIN, [&] {
    address = {};
    message = {};
    message.msg_name = address.get();
    message.msg_namelen = sizeof address.storage;
    message.msg_iov = parts;
    message.msg_iovlen = count;
    message.msg_control = control == 0 ? nullptr : memory->data;
    message.msg_controllen = static_cast<size_t>(control);
    return recvmsg(s->descriptor, &message, flags);
  }));
  address.length = message.msg_namelen;
  out.ancillary = TRY(ancillaryItems(thread, message));
  out.flags = Value::inlineInt(message.msg_flags);
  out.address = TRY(makeAddress(thread, address, s->protocol));
  return true;
}

Fallible<Value> socketRecvmsg(Thread& thread, Value self, const Arguments& arguments) {
  TRY(countArguments(thread, "recvmsg", arguments, 1, 3));
  int64_t size = TRY(ssizeArgument(thread, arguments[0]));
  int64_t control = arguments.positional > 1 ? TRY(ssizeArgument(thread, arguments[1])) : 0;
  int flags = TRY(optionalInt(thread, arguments, 2));
  if (size < 0) return raise(thread, exceptions.ValueError, "negative buffer size in recvmsg()");
  Bytes* memory = TRY(makeBytesUninitialised(thread, static_cast<uint64_t>(size)));
  iovec part{memory->data, memory->length};
  Received received;
  TRY(receive(thread, socketOf(self), &part, 1, control, flags, received));
  Value bytes =
      TRY(makeBytesValue(thread, {reinterpret_cast<const char*>(memory->data), static_cast<size_t>(received.bytes)}));
  return Value::of(TRY(makeTuple(thread, {bytes, received.ancillary, received.flags, received.address})));
}

Fallible<Value> socketRecvmsgInto(Thread& thread, Value self, const Arguments& arguments) {
  TRY(countArguments(thread, "recvmsg_into", arguments, 1, 3));
  int64_t control = arguments.positional > 1 ? TRY(ssizeArgument(thread, arguments[1])) : 0;
  int flags = TRY(optionalInt(thread, arguments, 2));
  Tuple* buffers = TRY(iterableArgument(thread, arguments[0], "recvmsg_into", 1));
  if (buffers->length > INT32_MAX) {
    return raise(thread, exceptions.OSError, "recvmsg_into() argument 1 is too long");
  }
  std::unique_ptr<iovec[]> parts(new (std::nothrow) iovec[buffers->length + 1]);
  if (parts == nullptr) return raiseMemoryError(thread);
  for (uint64_t i = 0; i < buffers->length; i++) {
    std::span<uint8_t> memory;
    if (!mutableBufferView(buffers->items[i], memory)) {
      return raise(thread, exceptions.TypeError,
                   "recvmsg_into() argument 1 must be an iterable of single-segment read-write buffers");
    }
    parts[i] = {memory.data(), memory.size()};
  }
  Received received;
  TRY(receive(thread, socketOf(self), parts.get(), buffers->length, control, flags, received));
  return Value::of(
      TRY(makeTuple(thread, {Value::inlineInt(received.bytes), received.ancillary, received.flags, received.address})));
}

// --- sending ----------------------------------------------------------------------------------------------------------

struct Outgoing {
  std::unique_ptr<iovec[]> parts;
  size_t count = 0;
  Tuple* buffers = nullptr;  // keeps the memory
  std::string control;       // ancillary data, laid out for the system
};
Fallible<void> outgoingParts(Thread& thread, Value v, const char* name, Outgoing& out) {
  out.buffers = TRY(iterableArgument(thread, v, name, 1));
  out.count = out.buffers->length;
  if (out.count > INT32_MAX) return raiseFormat(thread, exceptions.OSError, "{}() argument 1 is too long", name);
  out.parts.reset(new (std::nothrow) iovec[out.count + 1]);
  if (out.parts == nullptr) return raiseMemoryError(thread);
  for (size_t i = 0; i < out.count; i++) {
    std::string_view memory = TRY(requireBuffer(thread, out.buffers->items[i]));
    out.parts[i] = {const_cast<char*>(memory.data()), memory.size()};
  }
  return {};
}
void appendControl(std::string& control, int level, int type, std::string_view data) {
  size_t start = control.size();
  control.resize(start + CMSG_SPACE(data.size()), '\0');
  cmsghdr header{};
  header.cmsg_level = level;
  header.cmsg_type = type;
  header.cmsg_len = CMSG_LEN(data.size());
  std::memcpy(control.data() + start, &header, sizeof header);
  std::memcpy(control.data() + start + CMSG_LEN(0), data.data(), data.size());
}
Fallible<void> outgoingControl(Thread& thread, Value v, Outgoing& out) {
  static constexpr const char* kItems = "[sendmsg() ancillary data items]() argument must be";
  Tuple* items = TRY(iterableArgument(thread, v, "sendmsg", 2));
  for (uint64_t i = 0; i < items->length; i++) {
    Value item = items->items[i];
    if (toTuple(item) == nullptr && toList(item) == nullptr) {
      return raiseTypeError(thread, "{} 3-item sequence, not {}", kItems, nameOf(item));
    }
    Tuple* triple = TRY(tupleFromIterable(thread, item));
    if (triple->length != 3) {
      return raiseTypeError(thread, "{} sequence of length 3, not {}", kItems, triple->length);
    }
    int level = TRY(formatIntArgument(thread, triple->items[0])),
        type = TRY(formatIntArgument(thread, triple->items[1]));
    std::string_view data = TRY(requireBuffer(thread, triple->items[2]));
    if (data.size() > INT32_MAX) return raise(thread, exceptions.OSError, "ancillary data item too large");
    appendControl(out.control, level, type, data);
  }
  return {};
}
Fallible<Value> sendMessage(Thread& thread, const Socket* s, Outgoing& out, Address* address, int flags) {
  msghdr message{};
  if (address != nullptr) {
    message.msg_name = address->get();
    message.msg_namelen = address->length;
  }
  message.msg_iov = out.parts.get();
  message.msg_iovlen = out.count;
  message.msg_control = out.control.empty() ? nullptr : out.control.data();
  message.msg_controllen = out.control.size();
  return Value::inlineInt(TRY(socketCall(thread, s, POLLOUT, [&] { return sendmsg(s->descriptor, &message, flags); })));
}

Fallible<Value> socketSendmsg(Thread& thread, Value self, const Arguments& arguments) {
  TRY(countArguments(thread, "sendmsg", arguments, 1, 4));
  int flags = TRY(optionalInt(thread, arguments, 2));
  Outgoing out;
  TRY(outgoingParts(thread, arguments[0], "sendmsg", out));
  if (arguments.positional > 1) TRY(outgoingControl(thread, arguments[1], out));
  Address address;
  bool hasAddress = arguments.positional == 4 && !arguments[3].isNone();
  if (hasAddress) TRY(addressArgument(thread, socketOf(self), arguments[3], "sendmsg", address));
  return sendMessage(thread, socketOf(self), out, hasAddress ? &address : nullptr, flags);
}

Fallible<Value> socketSendmsgAfalg(Thread& thread, Value self, const Arguments& arguments) {
  static constexpr Parameters kParameters{"sendmsg_afalg", {"msg", "*", "op", "iv", "assoclen", "flags"}, 0};
  Value v[5];
  TRY(kParameters.bind(thread, arguments, v));
  const Socket* s = socketOf(self);
  if (s->family != AF_ALG) return raise(thread, exceptions.OSError, "algset is only supported for AF_ALG");
  if (v[1].isUnbound()) {
    return raise(thread, exceptions.TypeError, "missing required argument 'op'");
  }
  int operation = TRY(formatIntArgument(thread, v[1]));
  if (operation < 0) return raise(thread, exceptions.ValueError, "Invalid or missing argument 'op'");
  Outgoing out;
  appendControl(out.control, SOL_ALG, ALG_SET_OP, {reinterpret_cast<const char*>(&operation), sizeof operation});
  if (!v[2].isUnbound() && !v[2].isNone()) {
    std::string_view vector = TRY(requireBuffer(thread, v[2]));
    auto size = static_cast<uint32_t>(vector.size());
    std::string item(reinterpret_cast<const char*>(&size), sizeof size);
    appendControl(out.control, SOL_ALG, ALG_SET_IV, item.append(vector));
  }
  if (!v[3].isUnbound() && !v[3].isNone()) {
    int64_t length = TRY(ssizeArgument(thread, v[3]));
    if (length < 0) return raise(thread, exceptions.TypeError, "assoclen must be positive");
    auto size = static_cast<uint32_t>(length);
    appendControl(out.control, SOL_ALG, ALG_SET_AEAD_ASSOCLEN, {reinterpret_cast<const char*>(&size), sizeof size});
  }
  int flags = v[4].isUnbound() ? 0 : TRY(formatIntArgument(thread, v[4]));
  if (!v[0].isUnbound()) TRY(outgoingParts(thread, v[0], "sendmsg_afalg", out));
  return sendMessage(thread, s, out, nullptr, flags);
}

}  // namespace

void addSocketMessages(TypeBuilder& type) {
  type.variadic("recvmsg", socketRecvmsg)
      .variadic("recvmsg_into", socketRecvmsgInto)
      .variadic("sendmsg", socketSendmsg)
      .variadic("sendmsg_afalg", socketSendmsgAfalg);
}

}  // namespace krait
