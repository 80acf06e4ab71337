// open(): from a mode string to a File, and the three standard files.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "vm/builtins/file_state.h"
#include "vm/builtins/int.h"
#include "vm/builtins/str.h"
#include "vm/builtins/text.h"
#include "vm/names.h"

namespace krait {
namespace {

struct Mode {
  bool reading = false, writing = false, appending = false, creating = false, updating = false;
  bool text = false, binary = false;
};

Fallible<Mode> parseMode(Thread& thread, std::string_view text) {
  Mode mode;
  for (size_t i = 0; i < text.size(); i++) {
    char c = text[i];
    bool repeated = text.find(c, i + 1) != std::string_view::npos;
    switch (c) {
      case 'r': mode.reading = true; break;
      case 'w': mode.writing = true; break;
      case 'a': mode.appending = true; break;
      case 'x': mode.creating = true; break;
      case '+': mode.updating = true; break;
      case 't': mode.text = true; break;
      case 'b': mode.binary = true; break;
      default: repeated = true;
    }
    if (repeated) return raiseValueError(thread, "invalid mode: '{}'", text);
  }
  if (mode.text && mode.binary) {
    return raise(thread, exceptions.ValueError, "can't have text and binary mode at once");
  }
  int ways = mode.reading + mode.writing + mode.appending + mode.creating;
  if (ways > 1) {
    return raise(thread, exceptions.ValueError, "must have exactly one of create/read/write/append mode");
  }
  if (ways == 0) {
    return raise(thread, exceptions.ValueError,
                 "Must have exactly one of create/read/write/append mode and at most one plus");
  }
  return mode;
}

int openFlags(const Mode& mode) {
  int flags = mode.updating ? O_RDWR : mode.reading ? O_RDONLY : O_WRONLY;
  if (mode.writing) flags |= O_CREAT | O_TRUNC;
  if (mode.creating) flags |= O_CREAT | O_EXCL;
  if (mode.appending) flags |= O_CREAT | O_APPEND;
  return flags | O_CLOEXEC;
}

// Descriptors that unreachable files hold are freed by a collection, after which one more attempt is made.
Fallible<int> openPath(Thread& thread, const OpenRequest& request, int flags) {
  std::string path = TRY(encodeFilename(thread, request.file));
  if (!request.closesDescriptor) {
    return raise(thread, exceptions.ValueError, "Cannot use closefd=False with file name");
  }
  if (!request.opener.isNone()) {
    Value opened = TRY(call(thread, request.opener, request.file, TRY(makeInt(thread, flags))));
    auto descriptor = isInt(opened) ? toInt64(opened) : std::nullopt;
    if (!descriptor) return raise(thread, exceptions.TypeError, "expected integer from opener");
    if (*descriptor < 0) return raiseValueError(thread, "opener returned {}", *descriptor);
    fcntl(static_cast<int>(*descriptor), F_SETFD, FD_CLOEXEC);
    return static_cast<int>(*descriptor);
  }
  flushAllFiles();  // what was written to this very file through another object must be in it
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
      heap.collect(thread);
      collected = true;
    } else {
      return raiseErrno(thread, error, request.file);
    }
  }
}

Fallible<int> descriptorOf(Thread& thread, const OpenRequest& request, int flags) {
  if (!isInt(request.file)) return openPath(thread, request, flags);
  auto given = toInt64(request.file);
  if (!given || *given > INT32_MAX || *given < INT32_MIN) {
    return raise(thread, exceptions.OverflowError, "Python int too large to convert to C int");
  }
  if (*given < 0) return raise(thread, exceptions.ValueError, "negative file descriptor");
  return static_cast<int>(*given);
}

// Checks what was opened; on failure the descriptor is closed unless it was given.
Fallible<size_t> checkDescriptor(Thread& thread, const OpenRequest& request, int descriptor) {
  struct stat info;
  int error = fstat(descriptor, &info) < 0 ? errno : S_ISDIR(info.st_mode) ? EISDIR : 0;
  if (error == 0) return info.st_blksize > 1 ? static_cast<size_t>(info.st_blksize) : size_t{8192};
  bool isOurs = !isInt(request.file);
  if (isOurs) close(descriptor);
  return error == EISDIR || isOurs ? raiseErrno(thread, error, request.file) : raiseErrno(thread, error);
}

Fallible<void> checkCombination(Thread& thread, const OpenRequest& request, const Mode& mode) {
  if (!mode.binary) return {};
  const char* refused = request.encoding != nullptr ? "an encoding"
                        : request.errors != nullptr ? "an errors"
                        : !request.newline.isNone() ? "a newline"
                                                    : nullptr;
  if (refused != nullptr) return raiseValueError(thread, "binary mode doesn't take {} argument", refused);
  return {};
}

}  // namespace

Fallible<Value> openFile(Thread& thread, const OpenRequest& request) {
  bool isPath = toStr(request.file) != nullptr || toBytes(request.file) != nullptr || isInt(request.file) ||
                !lookupOnType(typeOf(request.file), TRY(intern(thread, "__fspath__"))).isUnbound();
  if (!isPath) {
    return raiseTypeError(thread, "expected str, bytes or os.PathLike object, not {}", nameOf(request.file));
  }
  Mode mode = TRY(parseMode(thread, request.mode));
  TRY(checkCombination(thread, request, mode));
  int descriptor = TRY(descriptorOf(thread, request, openFlags(mode)));
  size_t blockSize = TRY(checkDescriptor(thread, request, descriptor));
  FileState* state = newFileState(descriptor);
  if (state == nullptr) {
    if (!isInt(request.file)) close(descriptor);
    return raiseMemoryError(thread);
  }
  state->readable = mode.reading || mode.updating;
  state->writable = !mode.reading || mode.updating;
  state->appending = mode.appending;
  state->closesDescriptor = request.closesDescriptor;
  state->bufferSize =
      request.buffering > 1 ? static_cast<size_t>(request.buffering) : std::max<size_t>(blockSize, 8192);
  state->references++;  // ours, until a File holds it: every failure below closes
  if (mode.appending) lseek(descriptor, 0, SEEK_END);
  auto made = [&]() -> Fallible<File*> {
    if (request.buffering == 0) {
      if (!mode.binary) return raise(thread, exceptions.ValueError, "can't have unbuffered text I/O");
      state->isUnbuffered = true;
      return makeFileCell(thread, fileTypes.fileIO, File::kRaw, state, request.file,
                          TRY(binaryMode(thread, state, mode.creating)));
    }
    if (mode.binary) {
      return makeFileCell(thread, binaryTypeOf(state), File::kBuffered, state, request.file,
                          TRY(binaryMode(thread, state, mode.creating)));
    }
    File* file =
        TRY(makeFileCell(thread, types.textFile, File::kText, state, request.file, TRY(makeStr(thread, request.mode))));
    state->newline = TRY(newlineOf(thread, request.newline));
    TRY(setTextEncoding(thread, file, request.encoding, request.errors));
    state->lineBuffered = request.buffering == 1 || (request.buffering < 0 && isatty(descriptor) != 0);
    return file;
  }();
  releaseFileState(state);
  return Value::of(TRY(made));
}

Fallible<Value> makeStandardFile(Thread& thread, int descriptor, const char* name, bool writable) {
  if (fcntl(descriptor, F_GETFD) < 0) return Value::none();  // closed by who started us, as `krait <&-` does
  FileState* state = newFileState(descriptor);
  if (state == nullptr) return raiseMemoryError(thread);
  state->readable = !writable;
  state->writable = writable;
  state->closesDescriptor = false;
  File* file = TRY(makeFileCell(thread, types.textFile, File::kText, state, Value::of(TRY(makeStr(thread, name))),
                                TRY(intern(thread, writable ? "w" : "r"))));
  bool isError = descriptor == STDERR_FILENO;
  TRY(setTextEncoding(thread, file, TRY(intern(thread, "utf-8")),
                      isError ? TRY(intern(thread, "backslashreplace")) : names.strict));
  // stdin translates newlines; the others write them as they are.
  state->newline = writable ? Newline::kLf : Newline::kUniversal;
  state->lineBuffered = isError || isatty(descriptor) != 0;
  return Value::of(file);
}

}  // namespace krait
