// Binary files: BufferedReader, BufferedWriter, BufferedRandom and the unbuffered FileIO.
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "vm/builtins/file_state.h"
#include "vm/builtins/int.h"
#include "vm/builtins/text.h"
#include "vm/names.h"

namespace krait {
namespace {

File* self_(Value v) { return v.as<File>(); }

// The size parameter of read(): -1 for everything.
Fallible<int64_t> sizeOrAll(Thread& thread, Value size) {
  if (size.isUnbound() || size.isNone()) return int64_t{-1};
  if (!isInt(size) && specialMethod(size, Special::k__index__).isUnbound()) {
    return raiseTypeError(thread, "argument should be integer or None, not '{}'", nameOf(size));
  }
  return sizeArgument(thread, size);
}

// `count` bytes, fewer only at the end of the file.
Fallible<void> readExactly(Thread& thread, FileState* state, uint64_t count, ByteBuilder& out) {
  for (;;) {
    size_t take = std::min<uint64_t>(count, state->unread());
    out.append(state->pending().substr(0, take));
    state->inputStart += take;
    count -= take;
    if (count == 0 || !TRY(fillInput(thread, state))) return {};
  }
}

Fallible<Value> binaryRead(Thread& thread, Value self, Value sizeValue) {
  File* file = self_(self);
  FileState* state = TRY(readableState(thread, file, "read"));
  int64_t size = TRY(sizeOrAll(thread, sizeValue));
  if (size < -1 && file->role() == File::kBuffered) {
    return raise(thread, exceptions.ValueError, "read length must be non-negative or -1");
  }
  ByteBuilder out;
  if (size < 0) {
    TRY(readToEnd(thread, state, out));
  } else if (file->role() == File::kRaw) {
    if (!out.reserve(static_cast<uint64_t>(size))) return raiseMemoryError(thread);
    if (state->unread() == 0 && size != 0) TRY(fillInput(thread, state));
    size_t take = std::min<uint64_t>(static_cast<uint64_t>(size), state->unread());
    out.append(state->pending().substr(0, take));
    state->inputStart += take;
  } else {
    TRY(readExactly(thread, state, static_cast<uint64_t>(size), out));
  }
  return Value::of(TRY(out.build(thread)));
}

Fallible<Value> binaryRead1(Thread& thread, Value self, Value sizeValue) {
  FileState* state = TRY(readableState(thread, self_(self), "read"));
  int64_t size = sizeValue.isUnbound() ? -1 : TRY(sizeArgument(thread, sizeValue));
  uint64_t wanted = size < 0 ? state->bufferSize : static_cast<uint64_t>(size);
  if (wanted == 0) return Value::of(TRY(makeBytes(thread, {})));
  if (state->unread() == 0) TRY(fillInput(thread, state));
  size_t take = std::min<uint64_t>(wanted, state->unread());
  Value bytes = Value::of(TRY(makeBytes(thread, state->pending().substr(0, take))));
  state->inputStart += take;
  return bytes;
}

Fallible<Value> binaryPeek(Thread& thread, Value self, Value) {
  FileState* state = TRY(readableState(thread, self_(self), "peek"));
  if (state->unread() == 0) TRY(fillInput(thread, state));
  return Value::of(TRY(makeBytes(thread, state->pending())));
}

template <bool kOnce>
Fallible<Value> binaryReadinto(Thread& thread, Value self, Value target) {
  File* file = self_(self);
  FileState* state = TRY(readableState(thread, file, "readinto"));
  std::span<uint8_t> room;
  if (!mutableBufferView(target, room)) {
    return raiseTypeError(thread, "readinto() argument must be read-write bytes-like object, not {}",
                          argumentTypeName(target));
  }
  ByteBuilder out;
  if (kOnce || file->role() == File::kRaw) {
    if (state->unread() == 0 && !room.empty()) TRY(fillInput(thread, state));
    size_t take = std::min<size_t>(room.size(), state->unread());
    out.append(state->pending().substr(0, take));
    state->inputStart += take;
  } else {
    TRY(readExactly(thread, state, room.size(), out));
  }
  if (out.failed()) return raiseMemoryError(thread);
  if (!mutableBufferView(target, room) || room.size() < out.view().size()) {
    return raise(thread, exceptions.BufferError, "the buffer changed while it was being filled");
  }
  memcpy(room.data(), out.view().data(), out.view().size());
  return Value::inlineInt(static_cast<int64_t>(out.view().size()));
}

// A line with its '\n'; empty at the end of the file.
Fallible<Value> readLineBytes(Thread& thread, FileState* state, int64_t limit) {
  ByteBuilder out;
  uint64_t left = limit < 0 ? UINT64_MAX : static_cast<uint64_t>(limit);
  while (left != 0) {
    if (state->unread() == 0 && !TRY(fillInput(thread, state))) break;
    std::string_view pending = state->pending().substr(0, left);
    size_t newline = pending.find('\n');
    size_t take = newline == std::string_view::npos ? pending.size() : newline + 1;
    out.append(pending.substr(0, take));
    state->inputStart += take;
    left -= take;
    if (newline != std::string_view::npos) break;
  }
  return Value::of(TRY(out.build(thread)));
}
Fallible<Value> binaryReadline(Thread& thread, Value self, Value limit) {
  FileState* state = TRY(readableState(thread, self_(self), "readline"));
  return readLineBytes(thread, state, TRY(sizeOrAll(thread, limit)));
}
Fallible<Value> binaryNext(Thread& thread, Value self) {
  FileState* state = TRY(readableState(thread, self_(self), "readline"));
  Value line = TRY(readLineBytes(thread, state, -1));
  return toBytes(line)->length == 0 ? Value::unbound() : line;
}

Fallible<Value> binaryWrite(Thread& thread, Value self, Value data) {
  File* file = self_(self);
  FileState* state = TRY(writableState(thread, file, "write"));
  std::string_view bytes = TRY(requireBuffer(thread, data));
  if (file->role() != File::kRaw) {
    TRY(writeBytes(thread, state, bytes));
    return Value::inlineInt(static_cast<int64_t>(bytes.size()));
  }
  TRY(flushOutput(thread, state));
  if (state->unread() != 0) TRY(seekFile(thread, state, 0, SEEK_CUR));
  size_t written = TRY(writeDescriptor(thread, state, bytes.data(), bytes.size()));
  return Value::inlineInt(static_cast<int64_t>(written));
}

Fallible<Value> binarySeek(Thread& thread, Value self, Value offsetValue, Value whenceValue) {
  File* file = self_(self);
  FileState* state = TRY(openState(thread, file, file->role() == File::kBuffered ? "seek of closed file" : nullptr));
  int64_t offset = TRY(sizeArgument(thread, offsetValue));
  int64_t whence = whenceValue.isUnbound() ? 0 : TRY(sizeArgument(thread, whenceValue));
  if (file->role() == File::kBuffered && (whence < 0 || whence > 4)) {
    return raiseValueError(thread, "whence value {} unsupported", whence);
  }
  if (file->role() == File::kBuffered && !isSeekable(state)) {
    return raiseUnsupported(thread, "File or stream is not seekable.");
  }
  return makeInt(thread, TRY(seekFile(thread, state, offset, static_cast<int>(whence))));
}
Fallible<Value> binaryTell(Thread& thread, Value self) {
  return makeInt(thread, TRY(tellFile(thread, TRY(openState(thread, self_(self))))));
}

Fallible<Value> binaryRaw(Thread& thread, Value self) {
  File* file = self_(self);
  if (file->state == nullptr) return Value::none();
  if (file->buffer.get().isUnbound()) file->buffer = Value::of(TRY(makeLayer(thread, file, File::kRaw)));
  return file->buffer.get();
}
Fallible<Value> binaryDetach(Thread& thread, Value self) {
  File* file = self_(self);
  FileState* state = TRY(openState(thread, file));
  TRY(flushOutput(thread, state));
  Value raw = TRY(binaryRaw(thread, self));
  file->state = nullptr;
  releaseFileState(state);
  return raw;
}
Fallible<Value> binaryClosefd(Thread& thread, Value self) {
  File* file = self_(self);
  if (file->state == nullptr) TRY(openState(thread, file));
  return Value::boolean(file->state->closesDescriptor);
}

// FileIO(name, mode='r', closefd=True, opener=None); BufferedReader(raw, buffer_size) and the like over such a file.
Fallible<Value> binaryNew(Thread& thread, Value self, const Arguments& arguments) {
  static constexpr Parameters kRaw{"FileIO", {"file", "mode", "closefd", "opener"}, 1};
  static constexpr Parameters kBuffered{"BufferedReader", {"raw", "buffer_size"}, 1};
  Type* type = self.as<Type>();
  Value bound[4];
  if (isSubtype(type, fileTypes.fileIO)) {
    TRY(kRaw.bind(thread, arguments, bound));
    std::string mode = TRY(textArgument(thread, bound[1], "FileIO", "mode", "r"));
    if (mode.find('b') == std::string::npos) mode += 'b';
    OpenRequest request{bound[0], mode};
    request.buffering = 0;
    request.closesDescriptor = bound[2].isUnbound() || TRY(isTrue(thread, bound[2]));
    if (!bound[3].isUnbound()) request.opener = bound[3];
    File* opened = TRY(openFile(thread, request)).as<File>();
    if (type == fileTypes.fileIO) return Value::of(opened);
    return Value::of(TRY(makeFileCell(thread, type, File::kRaw, opened->state, opened->name, opened->mode)));
  }
  TRY(kBuffered.bind(thread, arguments, bound));
  File* raw = toFile(bound[0]);
  if (raw == nullptr || raw->state == nullptr) {
    return raiseTypeError(thread, "{}() needs a file opened by its name or descriptor, not {}", nameOf(type),
                          nameOf(bound[0]));
  }
  File* file = TRY(makeFileCell(thread, type, File::kBuffered, raw->state, raw->name, raw->mode));
  file->buffer = Value::of(raw);
  return Value::of(file);
}
Fallible<Value> binaryInit(Thread&, Value, const Arguments&) { return Value::none(); }

}  // namespace

void declareBinaryFile(TypeBuilder& type) {
  type.constructor(binaryNew)
      .specialVariadic("__init__", binaryInit)
      .method("read", binaryRead, 1)
      .method("read1", binaryRead1, 1)
      .method("readall", [](Thread& thread, Value self) { return binaryRead(thread, self, Value::none()); })
      .method("peek", binaryPeek, 1)
      .method("readinto", binaryReadinto<false>)
      .method("readinto1", binaryReadinto<true>)
      .method("readline", binaryReadline, 1)
      .next(binaryNext)
      .method("write", binaryWrite)
      .method("seek", binarySeek, 1)
      .method("tell", binaryTell)
      .method("detach", binaryDetach)
      .getter("raw", binaryRaw)
      .getter("closefd", binaryClosefd);
}

}  // namespace krait
