// FileIO: a descriptor as a raw file.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstring>

#include "vm/builtins/int.h"
#include "vm/builtins/io_internal.h"
#include "vm/builtins/sequence.h"
#include "vm/builtins/str.h"
#include "vm/builtins/text.h"
#include "vm/lifetimes.h"
#include "vm/names.h"

namespace krait {
namespace {

RawFile* self_(Value v) { return v.as<RawFile>(); }

void finaliseRaw(Cell* cell) {
  auto* file = static_cast<RawFile*>(cell);
  releaseFileState(file->state);
  file->state = nullptr;
}
constexpr NativeTraits kTraits{"FileIO", nullptr, finaliseRaw};

Fallible<RawFile*> openSelf(Thread& thread, Value self) {
  if (self_(self)->descriptor() < 0) return raise(thread, exceptions.ValueError, "I/O operation on closed file");
  return self_(self);
}
Fallible<RawFile*> readableSelf(Thread& thread, Value self) {
  RawFile* file = TRY(openSelf(thread, self));
  if (!file->readable) return raiseUnsupported(thread, "File not open for reading");
  return file;
}
Fallible<RawFile*> writableSelf(Thread& thread, Value self) {
  RawFile* file = TRY(openSelf(thread, self));
  if (!file->writable) return raiseUnsupported(thread, "File not open for writing");
  return file;
}

// --- opening ----------------------------------------------------------------------------------------------------------
struct Mode {
  bool created = false, readable = false, writable = false, appending = false;
  int flags = O_CLOEXEC;
};
Fallible<Mode> parseMode(Thread& thread, std::string_view text) {
  constexpr const char* kOneWay = "Must have exactly one of create/read/write/append mode and at most one plus";
  Mode mode;
  bool hasWay = false, hasPlus = false;
  for (char c : text) {
    bool isWay = c == 'x' || c == 'r' || c == 'w' || c == 'a';
    if ((isWay && hasWay) || (c == '+' && hasPlus)) return raise(thread, exceptions.ValueError, kOneWay);
    if (isWay) hasWay = true;
    switch (c) {
      case 'x':
        mode.created = mode.writable = true;
        mode.flags |= O_EXCL | O_CREAT;
        break;
      case 'r': mode.readable = true; break;
      case 'w':
        mode.writable = true;
        mode.flags |= O_CREAT | O_TRUNC;
        break;
      case 'a':
        mode.writable = mode.appending = true;
        mode.flags |= O_APPEND | O_CREAT;
        break;
      case 'b': break;
      case '+': hasPlus = mode.readable = mode.writable = true; break;
      default: return raiseValueError(thread, "invalid mode: {}", text);
    }
  }
  if (!hasWay) return raise(thread, exceptions.ValueError, kOneWay);
  mode.flags |= mode.readable && mode.writable ? O_RDWR : mode.readable ? O_RDONLY : O_WRONLY;
  return mode;
}

Fallible<int> openWithOpener(Thread& thread, const RawRequest& request, int flags) {
  Value opened = TRY(call(thread, request.opener, request.file, Value::inlineInt(flags)));
  auto descriptor = isInt(opened) ? toInt64(opened) : std::nullopt;
  if (!isInt(opened)) return raise(thread, exceptions.TypeError, "expected integer from opener");
  if (!descriptor || *descriptor > INT_MAX || *descriptor < INT_MIN) {
    return raise(thread, exceptions.OverflowError, "Python int too large to convert to C int");
  }
  if (*descriptor < 0) return raiseValueError(thread, "opener returned {}", *descriptor);
  fcntl(static_cast<int>(*descriptor), F_SETFD, FD_CLOEXEC);
  return static_cast<int>(*descriptor);
}

// Descriptors that unreachable files hold are freed by a collection, after which one more attempt is made.
Fallible<int> openPath(Thread& thread, const RawRequest& request, const std::string& path, int flags) {
  flushFilesNamed(path.c_str());  // what was written to this very file through another object must be in it
  for (bool collected = false;;) {
    int descriptor, error;
    {
      AllowThreads allow(thread);
      descriptor = open(path.c_str(), flags, 0666);
      error = errno;
    }
    if (descriptor >= 0) return descriptor;
    if (error == EINTR) {
      TRY(handleEvalBreaker(thread));
    } else if ((error == EMFILE || error == ENFILE) && !collected) {
      collectEverything(thread);  // unreachable files are finalised, which closes them
      collected = true;
    } else {
      return raiseErrno(thread, error, request.file);
    }
  }
}

Fallible<void> openInto(Thread& thread, RawFile* file, const RawRequest& request) {
  int descriptor = -1;
  bool isGiven = false;
  std::string path;
  if (isInt(request.file)) {
    auto number = toInt64(request.file);
    isGiven = number && *number <= INT_MAX && *number >= INT_MIN;
    if (isGiven && *number < 0) return raise(thread, exceptions.ValueError, "negative file descriptor");
    if (isGiven) descriptor = static_cast<int>(*number);
  }
  if (!isGiven) path = TRY(encodeFilename(thread, request.file));
  Mode mode = TRY(parseMode(thread, request.mode));
  if (!isGiven) {
    if (!request.closesDescriptor) {
      return raise(thread, exceptions.ValueError, "Cannot use closefd=False with file name");
    }
    descriptor = request.opener.isNone() ? TRY(openPath(thread, request, path, mode.flags))
                                         : TRY(openWithOpener(thread, request, mode.flags));
  }
  struct stat info;
  int error = fstat(descriptor, &info) < 0 ? errno : S_ISDIR(info.st_mode) ? EISDIR : 0;
  if (error != 0 && (error == EBADF || error == EISDIR)) {
    if (!isGiven && error == EISDIR) close(descriptor);
    return error == EISDIR ? raiseErrno(thread, error, request.file) : raiseErrno(thread, error);
  }
  FileState* state = newFileState(descriptor);
  if (state == nullptr) {
    if (!isGiven) close(descriptor);
    return raiseMemoryError(thread);
  }
  state->closesDescriptor = request.closesDescriptor;
  if (error == 0) {
    state->device = info.st_dev;
    state->inode = info.st_ino;
  }
  file->state = state;
  file->created = mode.created;
  file->readable = mode.readable;
  file->writable = mode.writable;
  file->appending = mode.appending;
  file->seekable = -1;
  file->blockSize = error == 0 && info.st_blksize > 1 ? static_cast<uint32_t>(info.st_blksize) : 8192;
  if (mode.appending && lseek(descriptor, 0, SEEK_END) < 0 && errno != ESPIPE) return raiseErrno(thread, errno);
  auto named = setAttribute(thread, Value::of(file), names.name, request.file);
  if (named.isRaised() && isGiven) detachDescriptor(state);  // who gave it keeps it
  return named;
}

Fallible<RawFile*> allocateRaw(Thread& thread, Type* type) {
  auto* file = TRY(allocate<RawFile>(thread, Kind::kNative, type->instanceShape));
  file->traits = &kTraits;
  file->seekable = -1;
  if (!heap.registerFinaliser(thread, file)) return raiseMemoryError(thread);
  return file;
}

Fallible<Value> rawNew(Thread& thread, Value self, const Arguments&) {
  return Value::of(TRY(allocateRaw(thread, self.as<Type>())));
}
Fallible<Value> rawInit(Thread& thread, Value self, const Arguments& arguments) {
  static constexpr Parameters kParameters{"FileIO", {"file", "mode", "closefd", "opener"}, 1};
  Value bound[4];
  TRY(kParameters.bind(thread, arguments, bound));
  std::string mode = TRY(textArgument(thread, bound[1], "FileIO", "mode", "r"));
  RawRequest request{bound[0], mode};
  if (!bound[2].isUnbound()) request.closesDescriptor = TRY(isTrue(thread, bound[2]));
  if (!bound[3].isUnbound()) request.opener = bound[3];
  RawFile* file = self_(self);
  if (file->state != nullptr) {  // __init__ again
    if (file->descriptor() >= 0 && file->state->closesDescriptor) {
      TRY(rawClose(thread, file));
    }
    releaseFileState(file->state);
    file->state = nullptr;
  }
  TRY(openInto(thread, file, request));
  return Value::none();
}

}  // namespace

Fallible<RawFile*> openRaw(Thread& thread, Type* type, const RawRequest& request) {
  RawFile* file = TRY(allocateRaw(thread, type));
  TRY(openInto(thread, file, request));
  return file;
}

// --- system calls -----------------------------------------------------------------------------------------------------
Fallible<int64_t> rawRead(Thread& thread, RawFile* file, char* to, size_t count) {
  count = std::min<size_t>(count, SSIZE_MAX / 2);
  for (;;) {
    if (file->descriptor() < 0) return raise(thread, exceptions.ValueError, "I/O operation on closed file");
    int descriptor = file->descriptor(), error;
    ssize_t got;
    {
      AllowThreads allow(thread);
      got = read(descriptor, to, count);
      error = errno;
    }
    if (got >= 0) return static_cast<int64_t>(got);
    if (error == EAGAIN) return int64_t{-1};
    if (error != EINTR) return raiseErrno(thread, error);
    TRY(handleEvalBreaker(thread));
  }
}

Fallible<int64_t> rawWrite(Thread& thread, RawFile* file, const char* from, size_t count) {
  count = std::min<size_t>(count, SSIZE_MAX / 2);
  for (;;) {
    if (file->descriptor() < 0) return raise(thread, exceptions.ValueError, "I/O operation on closed file");
    int descriptor = file->descriptor(), error;
    ssize_t written;
    {
      AllowThreads allow(thread);
      written = write(descriptor, from, count);
      error = errno;
    }
    if (written >= 0) return static_cast<int64_t>(written);
    if (error == EAGAIN) return int64_t{-1};
    if (error != EINTR) return raiseErrno(thread, error);
    TRY(handleEvalBreaker(thread));
  }
}

Fallible<int64_t> rawSeek(Thread& thread, RawFile* file, int64_t offset, int whence) {
  if (file->descriptor() < 0) return raise(thread, exceptions.ValueError, "I/O operation on closed file");
  off_t position = lseek(file->descriptor(), offset, whence);
  if (file->seekable < 0) file->seekable = position >= 0;
  if (position < 0) return raiseErrno(thread, errno);
  return static_cast<int64_t>(position);
}

bool rawIsSeekable(RawFile* file) {
  if (file->seekable < 0) file->seekable = lseek(file->descriptor(), 0, SEEK_CUR) >= 0;
  return file->seekable == 1;
}

Fallible<void> rawReadAll(Thread& thread, RawFile* file, ByteBuilder& out, bool& wouldBlock) {
  wouldBlock = false;
  struct stat info;
  size_t expected = 0;
  if (file->descriptor() >= 0 && fstat(file->descriptor(), &info) == 0 && S_ISREG(info.st_mode)) {
    off_t position = lseek(file->descriptor(), 0, SEEK_CUR);
    if (position >= 0 && info.st_size > position) expected = static_cast<size_t>(info.st_size - position);
  }
  if (expected != 0 && !out.reserve(expected + 1)) return raiseMemoryError(thread);
  char chunk[32768];
  bool isFirst = out.view().empty();
  for (;;) {
    int64_t got = TRY(rawRead(thread, file, chunk, sizeof chunk));
    if (got < 0) {
      wouldBlock = isFirst;
      return {};
    }
    if (got == 0) return {};
    isFirst = false;
    out.append({chunk, static_cast<size_t>(got)});
    if (out.failed()) return raiseMemoryError(thread);
  }
}

Fallible<void> rawClose(Thread& thread, RawFile* file) {
  FileState* state = file->state;
  if (state == nullptr || state->descriptor < 0) return {};
  int descriptor = state->descriptor;
  detachDescriptor(state);
  if (!state->closesDescriptor) return {};
  int result, error;
  {
    AllowThreads allow(thread);
    result = close(descriptor);
    error = errno;
  }
  if (result < 0 && error != EINTR) return raiseErrno(thread, error);
  return {};
}

const char* rawMode(const RawFile* file) {
  if (file->created) return file->readable ? "xb+" : "xb";
  if (file->appending) return file->readable ? "ab+" : "ab";
  if (file->readable) return file->writable ? "rb+" : "rb";
  return "wb";
}

// --- methods ----------------------------------------------------------------------------------------------------------
namespace {

Fallible<Value> rawReadMethod(Thread& thread, Value self, Value sizeValue) {
  TRY(readableSelf(thread, self));
  int64_t size = TRY(sizeOrAll(thread, sizeValue));
  if (size < 0) return callNamed(thread, self, "readall");
  RawFile* file = TRY(openSelf(thread, self));
  if (size > static_cast<int64_t>(kMaxStrLength)) return raiseMemoryError(thread);
  char small[8192];
  if (size <= static_cast<int64_t>(sizeof small)) {
    int64_t got = TRY(rawRead(thread, file, small, static_cast<size_t>(size)));
    if (got < 0) return Value::none();
    return Value::of(TRY(makeBytes(thread, {small, static_cast<size_t>(got)})));
  }
  ByteArray* room = TRY(allocateBytes(thread, static_cast<uint64_t>(size)));
  int64_t got = TRY(rawRead(thread, file, reinterpret_cast<char*>(room->bytes), static_cast<size_t>(size)));
  if (got < 0) return Value::none();
  return Value::of(TRY(makeBytes(thread, {reinterpret_cast<char*>(room->bytes), static_cast<size_t>(got)})));
}
Fallible<Value> rawReadallMethod(Thread& thread, Value self) {
  RawFile* file = TRY(openSelf(thread, self));
  ByteBuilder out;
  bool wouldBlock;
  TRY(rawReadAll(thread, file, out, wouldBlock));
  if (wouldBlock) return Value::none();
  return Value::of(TRY(out.build(thread)));
}
Fallible<Value> rawReadintoMethod(Thread& thread, Value self, Value target) {
  RawFile* file = TRY(readableSelf(thread, self));
  std::span<uint8_t> room = TRY(writableBuffer(thread, target, "readinto"));
  // Through a place of its own when others might move the target meanwhile.
  size_t done = 0;
  if (room.empty()) return Value::inlineInt(0);
  char small[8192];
  size_t wanted = room.size();
  ByteArray* large = wanted > sizeof small ? TRY(allocateBytes(thread, wanted)) : nullptr;
  char* to = large != nullptr ? reinterpret_cast<char*>(large->bytes) : small;
  int64_t got = TRY(rawRead(thread, file, to, wanted));
  if (got < 0) return Value::none();
  done = static_cast<size_t>(got);
  if (!mutableBufferView(target, room) || room.size() < done) {
    return raise(thread, exceptions.BufferError, "Existing exports of data: object cannot be re-sized");
  }
  memcpy(room.data(), to, done);
  return Value::inlineInt(got);
}
Fallible<Value> rawWriteMethod(Thread& thread, Value self, Value data) {
  RawFile* file = TRY(writableSelf(thread, self));
  std::string_view bytes = TRY(requireBuffer(thread, data));
  int64_t written;
  if (toBytes(data) != nullptr) {
    written = TRY(rawWrite(thread, file, bytes.data(), bytes.size()));
  } else {
    ByteBuilder copy;
    copy.append(bytes);
    if (copy.failed()) return raiseMemoryError(thread);
    written = TRY(rawWrite(thread, file, copy.view().data(), copy.view().size()));
  }
  return written < 0 ? Value::none() : Value::inlineInt(written);
}

Fallible<Value> rawSeekMethod(Thread& thread, Value self, Value offset, Value whenceValue) {
  RawFile* file = TRY(openSelf(thread, self));
  int64_t whence = whenceValue.isUnbound() ? 0 : TRY(sizeArgument(thread, whenceValue));
  if (!isInt(offset) && specialMethod(offset, Special::k__index__).isUnbound()) {
    return raiseTypeError(thread, "'{}' object cannot be interpreted as an integer", nameOf(offset));
  }
  int64_t to = TRY(sizeArgument(thread, offset));
  return makeInt(thread, TRY(rawSeek(thread, file, to, static_cast<int>(whence))));
}
Fallible<Value> rawTell(Thread& thread, Value self) {
  return makeInt(thread, TRY(rawSeek(thread, TRY(openSelf(thread, self)), 0, SEEK_CUR)));
}
Fallible<Value> rawTruncate(Thread& thread, Value self, Value sizeValue) {
  RawFile* file = TRY(openSelf(thread, self));
  if (!file->writable) return raiseUnsupported(thread, "File not open for writing");
  int64_t size = sizeValue.isUnbound() || sizeValue.isNone() ? TRY(rawSeek(thread, file, 0, SEEK_CUR))
                                                             : TRY(sizeArgument(thread, sizeValue));
  if (ftruncate(file->descriptor(), size) < 0) return raiseErrno(thread, errno);
  return makeInt(thread, size);
}

Fallible<Value> rawFileno(Thread& thread, Value self) {
  return Value::inlineInt(TRY(openSelf(thread, self))->descriptor());
}
Fallible<Value> rawIsatty(Thread& thread, Value self) {
  return Value::boolean(isatty(TRY(openSelf(thread, self))->descriptor()) != 0);
}
Fallible<Value> rawReadable(Thread& thread, Value self) {
  return Value::boolean(TRY(openSelf(thread, self))->readable);
}
Fallible<Value> rawWritable(Thread& thread, Value self) {
  return Value::boolean(TRY(openSelf(thread, self))->writable);
}
Fallible<Value> rawSeekable(Thread& thread, Value self) {
  return Value::boolean(rawIsSeekable(TRY(openSelf(thread, self))));
}
Fallible<Value> rawClosed(Thread&, Value self) { return Value::boolean(self_(self)->descriptor() < 0); }
Fallible<Value> rawClosefd(Thread&, Value self) {
  return Value::boolean(self_(self)->state == nullptr || self_(self)->state->closesDescriptor);
}
Fallible<Value> rawModeGetter(Thread& thread, Value self) {
  return Value::of(TRY(intern(thread, rawMode(self_(self)))));
}
Fallible<Value> rawBlockSize(Thread&, Value self) { return Value::inlineInt(self_(self)->blockSize); }
Fallible<void> rawSetBlockSize(Thread& thread, Value self, Value size) {
  self_(self)->blockSize = static_cast<uint32_t>(TRY(sizeArgument(thread, size)));
  return {};
}
Fallible<Value> rawFinalizing(Thread&, Value self) { return Value::boolean(self_(self)->finalizing); }
Fallible<void> rawSetFinalizing(Thread& thread, Value self, Value v) {
  self_(self)->finalizing = TRY(isTrue(thread, v));
  return {};
}

Fallible<Value> rawDeallocWarn(Thread& thread, Value self, Value source) {
  RawFile* file = self_(self);
  if (file->descriptor() < 0 || !file->state->closesDescriptor) return Value::none();
  Str* shown = TRY(repr(thread, source));
  fmt::memory_buffer buffer, message;
  fmt::format_to(std::back_inserter(message), "unclosed file {}", textOf(shown, buffer));
  if (warn(thread, exceptions.ResourceWarning, {message.data(), message.size()}).isRaised()) {
    writeUnraisable(thread, self);
  }
  return Value::none();
}

Fallible<Value> rawCloseMethod(Thread& thread, Value self) {
  RawFile* file = self_(self);
  if (typeOf(self) != fileTypes.fileIO || file->finalizing) {  // what RawIOBase.close does: flush, mark as closed
    Value base = lookupOnType(fileTypes.ioBase, names.close);
    Value error = Value::unbound();
    if (file->finalizing) {
      TRY(rawDeallocWarn(thread, self, self));
      if (file->state != nullptr) flushFileState(file->state);
    }
    if (call(thread, base, self).isRaised()) error = takeException(thread);
    TRY(rawClose(thread, file));
    if (!error.isUnbound()) return raiseInstance(thread, error);
    return Value::none();
  }
  TRY(rawClose(thread, file));
  return Value::none();
}

Fallible<Value> rawRepr(Thread& thread, Value self) {
  RawFile* file = self_(self);
  StrBuilder out;
  out.append("<").append(nameOf(fileTypes.fileIO));
  if (file->descriptor() < 0) return Value::of(TRY(out.append(" [closed]>").build(thread)));
  Value name = TRY(getAttributeOrUnbound(thread, self, names.name));
  if (name.isUnbound()) {
    out.append(" fd=").append(std::to_string(file->descriptor()));
  } else {
    ReprGuard guard(thread, self);
    if (!guard.entered()) {
      return raiseFormat(thread, exceptions.RuntimeError, "reentrant call inside {}.__repr__", nameOf(self));
    }
    out.append(" name=").append(TRY(repr(thread, name)));
  }
  out.append(" mode='").append(rawMode(file)).append("' closefd=");
  return Value::of(TRY(out.append(file->state->closesDescriptor ? "True>" : "False>").build(thread)));
}

}  // namespace

void initialiseRawFile(Thread& thread) {
  TypeBuilder type(thread, "FileIO", fileTypes.rawIOBase, Kind::kNative);
  fileTypes.fileIO = type.module("_io")
                         .flags(Type::kBaseType | Type::kHasDict | Type::kInstantiable | Type::kHasWeakref)
                         .constructor(rawNew)
                         .specialVariadic("__init__", rawInit)
                         .method("read", rawReadMethod, 1)
                         .method("readall", rawReadallMethod)
                         .method("readinto", rawReadintoMethod)
                         .method("write", rawWriteMethod)
                         .method("seek", rawSeekMethod, 1)
                         .method("tell", rawTell)
                         .method("truncate", rawTruncate, 1)
                         .method("close", rawCloseMethod)
                         .method("seekable", rawSeekable)
                         .method("readable", rawReadable)
                         .method("writable", rawWritable)
                         .method("fileno", rawFileno)
                         .method("isatty", rawIsatty)
                         .method("_dealloc_warn", rawDeallocWarn)
                         .variadic("__reduce_ex__", refusePickling)
                         .special("__repr__", rawRepr)
                         .getter("closed", rawClosed)
                         .getter("closefd", rawClosefd)
                         .getter("mode", rawModeGetter)
                         .getter("_blksize", rawBlockSize, rawSetBlockSize)
                         .getter("_finalizing", rawFinalizing, rawSetFinalizing)
                         .build();
}

}  // namespace krait
