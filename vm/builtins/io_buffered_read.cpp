// Reading from BufferedReader and BufferedRandom.
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>

#include "vm/builtins/int.h"
#include "vm/builtins/io_internal.h"
#include "vm/builtins/str.h"
#include "vm/builtins/text.h"
#include "vm/names.h"

namespace krait {
namespace {

// Before reading: what waits is written.
Fallible<void> beforeReading(Thread& thread, BufferedFile* b) {
  if (b->writable && b->out->size != 0) return flushOutput(thread, b);
  return {};
}

std::string_view takeAhead(BufferedFile* b, size_t most) {
  std::string_view piece = b->ahead().substr(0, most);
  b->inputStart += piece.size();
  return piece;
}

// Up to `size` bytes; fewer only at the end or when the raw file would block.
Fallible<Value> readSized(Thread& thread, BufferedFile* b, size_t size) {
  if (b->unread() >= size) {
    std::string_view piece = b->ahead().substr(0, size);
    b->inputStart += size;
    return Value::of(TRY(makeBytes(thread, piece)));
  }
  ByteBuilder out;
  bool wouldBlock = false;
  out.append(takeAhead(b, size));
  b->inputStart = b->inputEnd = 0;
  TRY(beforeReading(thread, b));
  // Whole multiples of the buffer's size go past it.
  while (size - out.view().size() >= b->size) {
    size_t left = size - out.view().size(), want = left - left % b->size;
    char chunk[16384];
    ByteArray* large = want > sizeof chunk ? TRY(allocateBytes(thread, std::min<size_t>(want, 1 << 20))) : nullptr;
    char* to = large != nullptr ? reinterpret_cast<char*>(large->bytes) : chunk;
    want = large != nullptr ? std::min<size_t>(want, 1 << 20) : want;
    int64_t got = TRY(rawReadOf(thread, b, to, want));
    if (got <= 0) {
      if (got < 0 && out.view().empty()) return Value::none();
      return Value::of(TRY(out.build(thread)));
    }
    out.append({to, static_cast<size_t>(got)});
    if (out.failed()) return raiseMemoryError(thread);
  }
  while (out.view().size() < size) {
    if (!TRY(fillInput(thread, b, wouldBlock))) break;
    out.append(takeAhead(b, size - out.view().size()));
  }
  if (wouldBlock && out.view().empty() && size != 0) return Value::none();
  return Value::of(TRY(out.build(thread)));
}

// The rest of a regular file straight into the bytes that are returned; unbound when the size was no help.
Fallible<Value> readWholeFile(Thread& thread, BufferedFile* b, RawFile* raw) {
  struct stat info;
  if (fstat(raw->descriptor(), &info) != 0 || !S_ISREG(info.st_mode)) return Value::unbound();
  off_t position = lseek(raw->descriptor(), 0, SEEK_CUR);
  if (position < 0 || info.st_size <= position || info.st_size - position > off_t{1} << 36) return Value::unbound();
  uint64_t ahead = b->unread(), room = ahead + static_cast<uint64_t>(info.st_size - position), filled = ahead;
  Bytes* all = TRY(makeBytesUninitialised(thread, room));
  if (ahead > 0) memcpy(all->data, b->ahead().data(), ahead);
  b->inputStart = b->inputEnd = 0;
  b->position = -1;
  while (filled < room) {
    int64_t got = TRY(rawRead(thread, raw, reinterpret_cast<char*>(all->data) + filled, room - filled));
    if (got <= 0) return Value::of(TRY(makeBytes(thread, viewOf(all).substr(0, filled))));
    filled += static_cast<uint64_t>(got);
  }
  ByteBuilder more;  // it may have grown
  bool wouldBlock;
  TRY(rawReadAll(thread, raw, more, wouldBlock));
  if (more.view().empty()) return Value::of(all);
  ByteBuilder both;
  both.append(viewOf(all)).append(more.view());
  return Value::of(TRY(both.build(thread)));
}

Fallible<Value> readAllValue(Thread& thread, BufferedFile* b) {
  if (RawFile* raw = exactRaw(b->raw); raw != nullptr && raw->readable && raw->descriptor() >= 0) {
    TRY(beforeReading(thread, b));
    Value whole = TRY(readWholeFile(thread, b, raw));
    if (!whole.isUnbound()) return whole;
  }
  ByteBuilder out;
  bool wouldBlock;
  TRY(bufferedReadAll(thread, b, out, wouldBlock));
  if (wouldBlock) return Value::none();
  return Value::of(TRY(out.build(thread)));
}

Fallible<Value> bufferedRead(Thread& thread, Value self, Value sizeValue) {
  TRY(readyBuffered(thread, self));
  int64_t size = TRY(sizeOrAll(thread, sizeValue));
  if (size < -1) return raise(thread, exceptions.ValueError, "read length must be non-negative or -1");
  BufferedFile* b = TRY(openBuffered(thread, self, "read of"));
  BufferedLock lock(thread, b);
  TRY(lock.entered());
  if (size < 0) return readAllValue(thread, b);
  return readSized(thread, b, static_cast<size_t>(size));
}

Fallible<Value> bufferedRead1(Thread& thread, Value self, Value sizeValue) {
  BufferedFile* b = TRY(readyBuffered(thread, self));
  if (!sizeValue.isUnbound() && !isInt(sizeValue) && specialMethod(sizeValue, Special::k__index__).isUnbound()) {
    return raiseTypeError(thread, "'{}' object cannot be interpreted as an integer", nameOf(sizeValue));
  }
  int64_t size = sizeValue.isUnbound() ? -1 : TRY(sizeArgument(thread, sizeValue));
  if (size < 0) size = static_cast<int64_t>(b->size);
  TRY(openBuffered(thread, self, "read of"));
  if (size == 0) return Value::of(TRY(makeBytes(thread, {})));
  BufferedLock lock(thread, b);
  TRY(lock.entered());
  if (b->unread() != 0) return Value::of(TRY(makeBytes(thread, takeAhead(b, static_cast<size_t>(size)))));
  TRY(beforeReading(thread, b));
  b->inputStart = b->inputEnd = 0;
  ByteArray* room = TRY(allocateBytes(thread, static_cast<uint64_t>(size)));
  int64_t got = TRY(rawReadOf(thread, b, reinterpret_cast<char*>(room->bytes), static_cast<size_t>(size)));
  return Value::of(
      TRY(makeBytes(thread, {reinterpret_cast<char*>(room->bytes), static_cast<size_t>(std::max<int64_t>(got, 0))})));
}

Fallible<Value> bufferedPeek(Thread& thread, Value self, Value sizeValue) {
  BufferedFile* b = TRY(readyBuffered(thread, self));
  if (!sizeValue.isUnbound() && !isInt(sizeValue) && specialMethod(sizeValue, Special::k__index__).isUnbound()) {
    return raiseTypeError(thread, "'{}' object cannot be interpreted as an integer", nameOf(sizeValue));
  }
  TRY(openBuffered(thread, self, "peek of"));
  BufferedLock lock(thread, b);
  TRY(lock.entered());
  if (b->unread() == 0) {
    TRY(beforeReading(thread, b));
    bool wouldBlock;
    TRY(fillInput(thread, b, wouldBlock));
  }
  return Value::of(TRY(makeBytes(thread, b->ahead())));
}

// One line, or `limit` bytes of it.
Fallible<Value> readLineOf(Thread& thread, BufferedFile* b, int64_t limit) {
  auto most = limit < 0 ? SIZE_MAX : static_cast<size_t>(limit);
  std::string_view ahead = b->ahead().substr(0, most);
  const void* end = ahead.empty() ? nullptr : memchr(ahead.data(), '\n', ahead.size());
  if (end != nullptr || ahead.size() == most) {
    size_t size = end == nullptr ? most : static_cast<size_t>(static_cast<const char*>(end) - ahead.data()) + 1;
    b->inputStart += size;
    return Value::of(TRY(makeBytes(thread, ahead.substr(0, size))));
  }
  ByteBuilder line;
  line.append(takeAhead(b, most));
  TRY(beforeReading(thread, b));
  while (line.view().size() < most) {
    bool wouldBlock;
    if (!TRY(fillInput(thread, b, wouldBlock))) break;
    ahead = b->ahead().substr(0, most - line.view().size());
    end = memchr(ahead.data(), '\n', ahead.size());
    size_t size = end == nullptr ? ahead.size() : static_cast<size_t>(static_cast<const char*>(end) - ahead.data()) + 1;
    line.append(ahead.substr(0, size));
    b->inputStart += size;
    if (line.failed()) return raiseMemoryError(thread);
    if (end != nullptr) break;
  }
  return Value::of(TRY(line.build(thread)));
}

Fallible<Value> bufferedReadline(Thread& thread, Value self, Value sizeValue) {
  TRY(readyBuffered(thread, self));
  int64_t limit = TRY(sizeOrAll(thread, sizeValue));
  BufferedFile* b = TRY(openBuffered(thread, self, "readline of"));
  BufferedLock lock(thread, b);
  TRY(lock.entered());
  return readLineOf(thread, b, limit);
}
Fallible<Value> bufferedNext(Thread& thread, Value self) {
  Value line;
  if (exactBuffered(self) != nullptr) {
    BufferedFile* b = TRY(openBuffered(thread, self, "readline of"));
    BufferedLock lock(thread, b);
    TRY(lock.entered());
    line = TRY(readLineOf(thread, b, -1));
  } else {
    line = TRY(callMethod(thread, self, names.readline, {}));
    if (toBytes(line) == nullptr) {
      return raiseFormat(thread, exceptions.OSError, "readline() should have returned a bytes object, not '{}'",
                         nameOf(line));
    }
  }
  return toBytes(line)->length == 0 ? Value::unbound() : line;
}

Fallible<Value> readInto(Thread& thread, Value self, Value target, bool once) {
  TRY(readyBuffered(thread, self));
  std::span<uint8_t> room = TRY(writableBuffer(thread, target, once ? "readinto1" : "readinto"));
  size_t wanted = room.size(), done = 0;
  BufferedFile* b = TRY(openBuffered(thread, self, "readinto of"));
  BufferedLock lock(thread, b);
  TRY(lock.entered());
  bool wouldBlock = false, wasEmpty = false;
  while (done < wanted) {
    if (b->unread() == 0) {
      if (once && done != 0) break;
      TRY(beforeReading(thread, b));
      if (!TRY(fillInput(thread, b, wouldBlock))) {
        wasEmpty = true;
        break;
      }
      if (!mutableBufferView(target, room) || room.size() < wanted) {
        return raise(thread, exceptions.BufferError, "Existing exports of data: object cannot be re-sized");
      }
    }
    std::string_view piece = takeAhead(b, wanted - done);
    memcpy(room.data() + done, piece.data(), piece.size());
    done += piece.size();
  }
  if (wasEmpty && wouldBlock && done == 0) return Value::none();
  return makeInt(thread, static_cast<int64_t>(done));
}
Fallible<Value> bufferedReadinto(Thread& thread, Value self, Value target) {
  return readInto(thread, self, target, false);
}
Fallible<Value> bufferedReadinto1(Thread& thread, Value self, Value target) {
  return readInto(thread, self, target, true);
}

}  // namespace

Fallible<void> bufferedReadAll(Thread& thread, BufferedFile* b, ByteBuilder& out, bool& wouldBlock) {
  wouldBlock = false;
  out.append(b->ahead());
  bool hadBytes = b->unread() != 0;
  b->inputStart = b->inputEnd = 0;
  TRY(beforeReading(thread, b));
  if (RawFile* raw = exactRaw(b->raw)) {
    b->position = -1;
    if (!raw->readable) return raiseUnsupported(thread, "File not open for reading");
    TRY(rawReadAll(thread, raw, out, wouldBlock));
    return {};
  }
  Value readall = TRY(getAttributeOrUnbound(thread, b->raw, TRY(intern(thread, "readall"))));
  if (!readall.isUnbound()) {
    Value rest = TRY(call(thread, readall));
    b->position = -1;
    if (rest.isNone()) {
      wouldBlock = !hadBytes;
      return {};
    }
    if (toBytes(rest) == nullptr) return raise(thread, exceptions.TypeError, "readall() should return bytes");
    out.append(viewOf(toBytes(rest)));
    return {};
  }
  for (bool isFirst = !hadBytes;; isFirst = false) {
    Value part = TRY(callMethod(thread, b->raw, names.read, {}));
    if (!part.isNone() && toBytes(part) == nullptr) {
      return raise(thread, exceptions.TypeError, "read() should return bytes");
    }
    b->position = -1;
    if (part.isNone() || toBytes(part)->length == 0) {
      wouldBlock = part.isNone() && isFirst;
      return {};
    }
    out.append(viewOf(toBytes(part)));
    if (out.failed()) return raiseMemoryError(thread);
  }
}

Fallible<std::string_view> bufferedTake(Thread& thread, BufferedFile* b, size_t most) {
  BufferedLock lock(thread, b);
  TRY(lock.entered());
  if (b->unread() == 0) {
    TRY(beforeReading(thread, b));
    bool wouldBlock;
    TRY(fillInput(thread, b, wouldBlock));
  }
  return takeAhead(b, most);
}

void declareBufferedReading(TypeBuilder& type) {
  type.method("read", bufferedRead, 1)
      .method("read1", bufferedRead1, 1)
      .method("peek", bufferedPeek, 1)
      .method("readline", bufferedReadline, 1)
      .method("readinto", bufferedReadinto)
      .method("readinto1", bufferedReadinto1)
      .next(bufferedNext);
}

}  // namespace krait
