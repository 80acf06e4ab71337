// Where an unpickler's bytes come from: memory, or a file that can read, and perhaps read into memory or peek.
#include <algorithm>
#include <cstring>

#include "vm/builtins/bytes.h"
#include "vm/builtins/memoryview.h"
#include "vm/modules/native_arguments.h"
#include "vm/modules/pickle_internal.h"

namespace krait {
namespace {

constexpr uint64_t kPeek = 128 * 1024;  // bytes asked for, of which the file shows as many as it likes

// One read of the file, or a look at what it has; `size` is then how much there is.
Fallible<void> fetch(Thread& thread, UnpicklerObject* u, uint64_t n) {
  TRY(skipPeeked(thread, u));
  if (!u->peek.get().isUnbound() && n < kPeek) {
    Fallible<Value> shown = call(thread, u->peek, Value::inlineInt(kPeek));
    if (!shown.isRaised()) {
      TRY(setPickleInput(thread, u, shown.value()));
      u->known = 0;
      if (n <= u->size) return {};
    } else if (pendingMatches(thread, exceptions.NotImplementedError)) {
      clearException(thread);
      u->peek = Value::unbound();
    } else {
      return Raised{};
    }
  }
  Value data = TRY(call(thread, u->read, TRY(makeIntUnsigned(thread, n))));
  return setPickleInput(thread, u, data);
}

}  // namespace

KRAIT_COLD Raised raiseTruncated(Thread& thread) { return raiseUnpickling(thread, "pickle data was truncated"); }

// Anything but bytes may change while it is looked at, and is copied.
Fallible<void> setPickleInput(Thread& thread, UnpicklerObject* u, Value data) {
  const Bytes* bytes = toBytes(data);
  if (bytes == nullptr) {
    std::string_view view;
    if (!bufferView(data, view)) {
      if (typeOf(data) == types.memoryview) {
        TRY(getAttribute(thread, data, "nbytes"));  // ValueError when it has been released
        return raise(thread, exceptions.BufferError, "memoryview: underlying buffer is not C-contiguous");
      }
      TRY(requireBuffer(thread, data));
    }
    bytes = TRY(makeBytes(thread, view));
  }
  u->data = Value::of(bytes);
  u->bytes = bytes->data;
  u->known = u->size = bytes->length;
  u->position = 0;
  return {};
}

Fallible<void> skipPeeked(Thread& thread, UnpicklerObject* u) {
  if (u->position <= u->known || u->read.get().isUnbound()) return {};
  uint64_t used = u->position - u->known;
  u->known = u->position;
  TRY(call(thread, u->read, TRY(makeIntUnsigned(thread, used))));
  return {};
}

Fallible<const uint8_t*> readPickle(Thread& thread, UnpicklerObject* u, uint64_t n) {
  if (n > u->size - u->position) {
    if (n > INT64_MAX - u->position) return raiseUnpickling(thread, "read would overflow (invalid bytecode)");
    if (u->read.get().isUnbound()) return raiseTruncated(thread);
    TRY(fetch(thread, u, n));
    if (u->size < n) return raiseTruncated(thread);
  }
  const uint8_t* at = u->bytes + u->position;
  u->position += n;
  return at;
}

Fallible<std::string_view> readPickleLine(Thread& thread, UnpicklerObject* u) {
  const uint8_t* start = u->bytes + u->position;
  uint64_t left = u->size - u->position;
  const void* end = left == 0 ? nullptr : memchr(start, '\n', left);
  if (end == nullptr) {
    if (u->read.get().isUnbound()) return raiseTruncated(thread);
    TRY(skipPeeked(thread, u));
    Value data = TRY(call(thread, u->readline));
    TRY(setPickleInput(thread, u, data));
    if (u->size == 0 || u->bytes[u->size - 1] != '\n') return raiseTruncated(thread);
    u->position = u->size;
    return std::string_view(reinterpret_cast<const char*>(u->bytes), u->size);
  }
  uint64_t length = static_cast<uint64_t>(static_cast<const uint8_t*>(end) - start) + 1;
  u->position += length;
  return std::string_view(reinterpret_cast<const char*>(start), length);
}

Fallible<void> readPickleInto(Thread& thread, UnpicklerObject* u, Value target, uint8_t* bytes, uint64_t n) {
  uint64_t here = std::min(n, u->size - u->position);
  if (here != 0) memcpy(bytes, u->bytes + u->position, here);
  u->position += here;
  if (here == n) return {};
  if (u->read.get().isUnbound()) return raiseTruncated(thread);
  TRY(skipPeeked(thread, u));
  uint64_t rest = n - here;
  if (u->readinto.get().isUnbound()) {
    Value data = TRY(call(thread, u->read, TRY(makeIntUnsigned(thread, rest))));
    const Bytes* read = toBytes(data);
    if (read == nullptr) {
      return raiseValueError(thread, "read() returned non-bytes object ({})", strToUtf8(TRY(repr(thread, data))));
    }
    if (read->length != rest) return raiseTruncated(thread);
    memcpy(bytes + here, read->data, rest);
    return {};
  }
  // The file writes through a view that can be written, whatever `target` is: nobody else has seen it yet.
  auto* view = TRY(makeMemoryview(thread, target)).as<Memoryview>();
  view->offset += static_cast<int64_t>(here);
  view->length -= static_cast<int64_t>(here);
  view->readOnly = false;
  Fallible<Value> count = call(thread, u->readinto, Value::of(view));
  view->object = Value::unbound();
  if (!isInt(TRY(count))) return raise(thread, exceptions.TypeError, "an integer is required");
  int64_t got = TRY(ssizeArgument(thread, count.value()));
  if (got < 0) return raiseValueError(thread, "readinto() returned negative size");
  if (static_cast<uint64_t>(got) < rest) return raiseTruncated(thread);
  return {};
}

}  // namespace krait
