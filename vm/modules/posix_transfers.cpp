// posix: moving bytes between memory and descriptors.
#include <fcntl.h>
#include <sys/random.h>
#include <sys/sendfile.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <memory>

#include "vm/builtins/list.h"
#include "vm/builtins/sequence.h"
#include "vm/modules/posix_internal.h"
#include "vm/modules/transfer_memory.h"

namespace krait {
namespace {

constexpr int64_t kMostBytes = INT64_MAX / 2;

// bytes of what `fill` writes into `length` bytes; -1 from it is an error.
template <class F>
Fallible<Value> bytesFilled(Thread& thread, int64_t length, F fill) {
  if (length < 0) return raiseErrno(thread, EINVAL);
  TransferMemory memory;
  TRY(memory.ask(thread, static_cast<uint64_t>(std::min(length, kMostBytes))));
  ssize_t n = TRY(retrying(thread, [&] { return fill(memory.data(), memory.size()); }));
  if (n < 0) return raiseErrno(thread, errno);
  return memory.take(thread, static_cast<uint64_t>(n));
}

Fallible<Value> countOrErrno(Thread& thread, ssize_t n) {
  if (n < 0) return raiseErrno(thread, errno);
  return makeInt(thread, n);
}

Fallible<Value> posixRead(Thread& thread, Value fd, Value length) {
  int descriptor = TRY(intArgument(thread, fd));
  int64_t size = TRY(ssizeArgument(thread, length));
  return bytesFilled(thread, size, [&](uint8_t* to, size_t n) { return read(descriptor, to, n); });
}
Fallible<Value> posixPread(Thread& thread, Value fd, Value length, Value offset) {
  int descriptor = TRY(intArgument(thread, fd));
  int64_t size = TRY(intArgument(thread, length)), start = TRY(longArgument(thread, offset));
  return bytesFilled(thread, size, [&](uint8_t* to, size_t n) { return pread(descriptor, to, n, start); });
}
Fallible<Value> posixWrite(Thread& thread, Value fd, Value data) {
  int descriptor = TRY(intArgument(thread, fd));
  std::string_view bytes = TRY(requireBuffer(thread, data));
  return countOrErrno(thread, TRY(retrying(thread, [&] { return write(descriptor, bytes.data(), bytes.size()); })));
}
Fallible<Value> posixPwrite(Thread& thread, Value fd, Value data, Value offset) {
  int descriptor = TRY(intArgument(thread, fd));
  std::string_view bytes = TRY(requireBuffer(thread, data));
  int64_t start = TRY(longArgument(thread, offset));
  return countOrErrno(thread,
                      TRY(retrying(thread, [&] { return pwrite(descriptor, bytes.data(), bytes.size(), start); })));
}

// --- scattered memory -------------------------------------------------------------------------------------------------

// The memory of a sequence of buffers. Nothing here is a Value: the buffers stay reachable through `items`.
struct Buffers {
  std::unique_ptr<iovec[]> parts;
  int count = 0;
  Tuple* items = nullptr;
};
Fallible<void> buffersArgument(Thread& thread, Value v, const char* function, bool writable, Buffers& out) {
  if (specialMethod(v, Special::k__getitem__).isUnbound() || isKind(v, Kind::kDict)) {
    return raiseTypeError(thread, "{}() arg 2 must be a sequence", function);
  }
  out.items = TRY(tupleFromIterable(thread, v));
  uint64_t count = out.items->length;
  if (count > INT32_MAX) return raiseErrno(thread, EINVAL);
  out.parts.reset(new (std::nothrow) iovec[count + 1]);
  if (out.parts == nullptr) return raiseMemoryError(thread);
  out.count = static_cast<int>(count);
  for (uint64_t i = 0; i < count; i++) {
    if (writable) {
      std::span<uint8_t> memory;
      if (!mutableBufferView(out.items->items[i], memory)) {
        TRY(requireBuffer(thread, out.items->items[i]));
        return raise(thread, exceptions.BufferError, "Object is not writable.");
      }
      out.parts[i] = {memory.data(), memory.size()};
    } else {
      std::string_view memory = TRY(requireBuffer(thread, out.items->items[i]));
      out.parts[i] = {const_cast<char*>(memory.data()), memory.size()};
    }
  }
  return {};
}

Fallible<Value> posixReadv(Thread& thread, Value fd, Value buffers) {
  int descriptor = TRY(intArgument(thread, fd));
  Buffers to;
  TRY(buffersArgument(thread, buffers, "readv", true, to));
  return countOrErrno(thread, TRY(retrying(thread, [&] { return readv(descriptor, to.parts.get(), to.count); })));
}
Fallible<Value> posixWritev(Thread& thread, Value fd, Value buffers) {
  int descriptor = TRY(intArgument(thread, fd));
  Buffers from;
  TRY(buffersArgument(thread, buffers, "writev", false, from));
  return countOrErrno(thread, TRY(retrying(thread, [&] { return writev(descriptor, from.parts.get(), from.count); })));
}
Fallible<Value> posixPreadv(Thread& thread, Value fd, Value buffers, Value offset, Value flags) {
  int descriptor = TRY(intArgument(thread, fd));
  Buffers to;
  TRY(buffersArgument(thread, buffers, "preadv", true, to));
  int64_t start = TRY(longArgument(thread, offset));
  int how = TRY(intArgumentOr(thread, flags, 0));
  return countOrErrno(thread,
                      TRY(retrying(thread, [&] { return preadv2(descriptor, to.parts.get(), to.count, start, how); })));
}
Fallible<Value> posixPwritev(Thread& thread, Value fd, Value buffers, Value offset, Value flags) {
  int descriptor = TRY(intArgument(thread, fd));
  Buffers from;
  TRY(buffersArgument(thread, buffers, "pwritev", false, from));
  int64_t start = TRY(longArgument(thread, offset));
  int how = TRY(intArgumentOr(thread, flags, 0));
  return countOrErrno(
      thread, TRY(retrying(thread, [&] { return pwritev2(descriptor, from.parts.get(), from.count, start, how); })));
}

// --- from file to file ------------------------------------------------------------------------------------------------

Fallible<Value> posixSendfile(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{"sendfile", {"out_fd", "in_fd", "offset", "count"}, 4};
  Value v[4];
  TRY(kParameters.bind(thread, arguments, v));
  int to = TRY(intArgument(thread, v[0])), from = TRY(intArgument(thread, v[1]));
  bool hasOffset = !v[2].isNone();
  off_t offset = hasOffset ? TRY(longArgument(thread, v[2])) : 0;
  int64_t count = TRY(ssizeArgument(thread, v[3]));
  return countOrErrno(thread, TRY(retrying(thread, [&] {
                        return sendfile(to, from, hasOffset ? &offset : nullptr, static_cast<size_t>(count));
                      })));
}

struct Range {
  int from, to;
  int64_t count;
  off64_t sourceOffset = 0, targetOffset = 0;
  bool hasSource = false, hasTarget = false;
};
Fallible<void> rangeArguments(Thread& thread, const Value* v, Range& range) {
  range.from = TRY(intArgument(thread, v[0]));
  range.to = TRY(intArgument(thread, v[1]));
  range.count = TRY(ssizeArgument(thread, v[2]));
  range.hasSource = !v[3].isUnbound() && !v[3].isNone();
  range.hasTarget = !v[4].isUnbound() && !v[4].isNone();
  if (range.hasSource) range.sourceOffset = TRY(longArgument(thread, v[3]));
  if (range.hasTarget) range.targetOffset = TRY(longArgument(thread, v[4]));
  if (range.count < 0) return raise(thread, exceptions.ValueError, "negative value for 'count' not allowed");
  return {};
}

Fallible<Value> posixCopyFileRange(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{"copy_file_range", {"src", "dst", "count", "offset_src", "offset_dst"}, 3};
  Value v[5];
  TRY(kParameters.bind(thread, arguments, v));
  Range r;
  TRY(rangeArguments(thread, v, r));
  return countOrErrno(thread, TRY(retrying(thread, [&] {
                        return copy_file_range(r.from, r.hasSource ? &r.sourceOffset : nullptr, r.to,
                                               r.hasTarget ? &r.targetOffset : nullptr, static_cast<size_t>(r.count),
                                               0);
                      })));
}

Fallible<Value> posixSplice(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{"splice", {"src", "dst", "count", "offset_src", "offset_dst", "flags"}, 3};
  Value v[6];
  TRY(kParameters.bind(thread, arguments, v));
  Range r;
  TRY(rangeArguments(thread, v, r));
  unsigned flags = v[5].isUnbound() ? 0 : static_cast<unsigned>(TRY(maskArgument(thread, v[5])));
  return countOrErrno(thread, TRY(retrying(thread, [&] {
                        return splice(r.from, r.hasSource ? &r.sourceOffset : nullptr, r.to,
                                      r.hasTarget ? &r.targetOffset : nullptr, static_cast<size_t>(r.count), flags);
                      })));
}

// --- randomness -------------------------------------------------------------------------------------------------------

Fallible<Value> posixUrandom(Thread& thread, Value size) {
  int64_t length = TRY(ssizeArgument(thread, size));
  if (length < 0) return raise(thread, exceptions.ValueError, "negative argument not allowed");
  Bytes* result = TRY(makeBytesUninitialised(thread, static_cast<uint64_t>(length)));
  uint64_t done = 0;
  while (done < result->length) {
    ssize_t n = TRY(retrying(thread, [&] { return getrandom(result->data + done, result->length - done, 0); }));
    if (n < 0) return raiseErrno(thread, errno);
    done += static_cast<uint64_t>(n);
  }
  return Value::of(result);
}
Fallible<Value> posixGetrandom(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{"getrandom", {"size", "flags"}, 1};
  Value v[2];
  TRY(kParameters.bind(thread, arguments, v));
  int64_t size = TRY(ssizeArgument(thread, v[0]));
  int flags = TRY(intArgumentOr(thread, v[1], 0));
  return bytesFilled(thread, size,
                     [&](uint8_t* to, size_t n) { return getrandom(to, n, static_cast<unsigned>(flags)); });
}

}  // namespace

void addPosixTransfers(Thread&, ModuleBuilder& builder) {
  builder.function("read", posixRead)
      .function("pread", posixPread)
      .function("write", posixWrite)
      .function("pwrite", posixPwrite)
      .function("readv", posixReadv)
      .function("writev", posixWritev)
      .function("preadv", posixPreadv, 1)
      .function("pwritev", posixPwritev, 1)
      .variadic("sendfile", posixSendfile)
      .variadic("copy_file_range", posixCopyFileRange)
      .variadic("splice", posixSplice)
      .function("urandom", posixUrandom)
      .variadic("getrandom", posixGetrandom);
}

}  // namespace krait
