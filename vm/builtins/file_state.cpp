// Descriptors and buffers of files.
#include "vm/builtins/file_state.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <new>

#include "vm/builtins/int.h"
#include "vm/builtins/str.h"

namespace krait {
namespace {

FileState* openFiles;

void unlinkState(FileState* state) {
  if (state->previous != nullptr) {
    state->previous->next = state->next;
  } else if (openFiles == state) {
    openFiles = state->next;
  }
  if (state->next != nullptr) state->next->previous = state->previous;
  state->next = state->previous = nullptr;
}

// Writes without running Python: at exit, in finalisers, before a fork. False when it failed.
bool flushQuietly(FileState* state) {
  size_t done = 0;
  while (done < state->outputSize) {
    ssize_t written = write(state->descriptor, state->output + done, state->outputSize - done);
    if (written < 0) {
      if (errno == EINTR) continue;
      break;
    }
    done += static_cast<size_t>(written);
  }
  bool complete = done == state->outputSize;
  memmove(state->output, state->output + done, state->outputSize - done);
  state->outputSize -= done;
  return complete;
}

}  // namespace

FileState* newFileState(int descriptor) {
  auto* state = new (std::nothrow) FileState;
  if (state == nullptr) return nullptr;
  state->descriptor = descriptor;
  state->next = openFiles;
  if (openFiles != nullptr) openFiles->previous = state;
  openFiles = state;
  return state;
}

FileState* newMemoryState() {
  auto* state = new (std::nothrow) FileState;
  if (state != nullptr) state->closesDescriptor = false;
  return state;
}

void releaseFileState(FileState* state) {
  if (--state->references > 0) return;
  if (!state->closed && state->descriptor >= 0) {
    if (state->outputSize != 0) flushQuietly(state);
    if (state->closesDescriptor) close(state->descriptor);
    unlinkState(state);
  }
  free(state->input);
  free(state->output);
  delete state;
}

void flushAllFiles() {
  for (FileState* state = openFiles; state != nullptr; state = state->next) {
    if (state->outputSize != 0) flushQuietly(state);
  }
}

void finaliseFile(File* file) {
  if (file->state == nullptr) return;
  releaseFileState(file->state);
  file->state = nullptr;
}

// --- checks -----------------------------------------------------------------------------------------------------------
Raised raiseUnsupported(Thread& thread, std::string_view message) {
  return raise(thread, fileTypes.unsupportedOperation, message);
}

Fallible<FileState*> openState(Thread& thread, File* file, const char* message) {
  if (file->state == nullptr) {
    return raise(thread, exceptions.ValueError,
                 file->role() == File::kText ? "underlying buffer has been detached" : "raw stream has been detached");
  }
  if (file->state->closed) {
    if (message == nullptr) {
      message = file->role() == File::kText ? "I/O operation on closed file." : "I/O operation on closed file";
    }
    return raise(thread, exceptions.ValueError, message);
  }
  return file->state;
}

Fallible<FileState*> readableState(Thread& thread, File* file, const char* operation) {
  if (file->role() == File::kBuffered && file->state != nullptr && !file->state->readable) {
    return raiseUnsupported(thread, operation);
  }
  fmt::memory_buffer message;
  if (file->role() == File::kBuffered) fmt::format_to(std::back_inserter(message), "{} of closed file", operation);
  message.push_back('\0');
  FileState* state = TRY(openState(thread, file, message.size() > 1 ? message.data() : nullptr));
  if (!state->readable) {
    return raiseUnsupported(thread, file->role() == File::kText ? "not readable" : "File not open for reading");
  }
  return state;
}

Fallible<FileState*> writableState(Thread& thread, File* file, const char* operation) {
  if (file->role() == File::kBuffered && file->state != nullptr && !file->state->writable) {
    return raiseUnsupported(thread, operation);
  }
  FileState* state = TRY(openState(thread, file, file->role() == File::kBuffered ? "write to closed file" : nullptr));
  if (!state->writable) {
    return raiseUnsupported(thread, file->role() == File::kText ? "not writable" : "File not open for writing");
  }
  return state;
}

// --- bytes ------------------------------------------------------------------------------------------------------------
Fallible<size_t> readDescriptor(Thread& thread, FileState* state, char* to, size_t count) {
  if (count > SSIZE_MAX / 2) count = SSIZE_MAX / 2;
  for (;;) {
    ssize_t got;
    int error;
    {
      AllowThreads allow(thread);
      got = read(state->descriptor, to, count);
      error = errno;
    }
    if (got >= 0) return static_cast<size_t>(got);
    if (error != EINTR) return raiseErrno(thread, error);
    TRY(handleEvalBreaker(thread));
    if (state->closed) return raise(thread, exceptions.ValueError, "I/O operation on closed file");
  }
}

Fallible<size_t> writeDescriptor(Thread& thread, FileState* state, const char* from, size_t count) {
  if (count > SSIZE_MAX / 2) count = SSIZE_MAX / 2;
  for (;;) {
    ssize_t written;
    int error;
    {
      AllowThreads allow(thread);
      written = write(state->descriptor, from, count);
      error = errno;
    }
    if (written >= 0) return static_cast<size_t>(written);
    if (error != EINTR) return raiseErrno(thread, error);
    TRY(handleEvalBreaker(thread));
    if (state->closed) return raise(thread, exceptions.ValueError, "I/O operation on closed file");
  }
}

Fallible<bool> fillInput(Thread& thread, FileState* state) {
  if (state->outputSize != 0) TRY(flushOutput(thread, state));
  if (state->inputStart != 0) {
    memmove(state->input, state->input + state->inputStart, state->unread());
    state->inputEnd -= state->inputStart;
    state->inputStart = 0;
  }
  if (state->inputCapacity - state->inputEnd < state->bufferSize / 2 + 1) {
    size_t capacity = state->inputCapacity == 0 ? state->bufferSize : state->inputCapacity * 2;
    auto* input = static_cast<char*>(realloc(state->input, capacity));
    if (input == nullptr) return raiseMemoryError(thread);
    state->input = input;
    state->inputCapacity = capacity;
  }
  // Into a place of its own: while other threads may run, this state's buffer may be moved by one of them.
  size_t room = state->inputCapacity - state->inputEnd;
  char stackBuffer[8192];
  size_t wanted = room < sizeof stackBuffer ? room : sizeof stackBuffer;
  size_t got = TRY(readDescriptor(thread, state, stackBuffer, wanted));
  if (got > state->inputCapacity - state->inputEnd) {
    auto* input = static_cast<char*>(realloc(state->input, state->inputEnd + got));
    if (input == nullptr) return raiseMemoryError(thread);
    state->input = input;
    state->inputCapacity = state->inputEnd + got;
  }
  memcpy(state->input + state->inputEnd, stackBuffer, got);
  state->inputEnd += got;
  return got != 0;
}

Fallible<void> readToEnd(Thread& thread, FileState* state, ByteBuilder& out) {
  if (state->outputSize != 0) TRY(flushOutput(thread, state));
  out.append(state->pending());
  state->inputStart = state->inputEnd = 0;
  struct stat info;
  if (fstat(state->descriptor, &info) == 0 && S_ISREG(info.st_mode)) {
    off_t position = lseek(state->descriptor, 0, SEEK_CUR);
    if (position >= 0 && info.st_size > position) out.reserve(static_cast<uint64_t>(info.st_size - position) + 1);
  }
  char chunk[65536];
  for (;;) {
    size_t got = TRY(readDescriptor(thread, state, chunk, sizeof chunk));
    if (got == 0) break;
    out.append({chunk, got});
    if (out.failed()) return raiseMemoryError(thread);
  }
  return {};
}

Fallible<void> flushOutput(Thread& thread, FileState* state) {
  while (state->outputSize != 0) {
    size_t written = TRY(writeDescriptor(thread, state, state->output, state->outputSize));
    if (written > state->outputSize) written = state->outputSize;
    memmove(state->output, state->output + written, state->outputSize - written);
    state->outputSize -= written;
  }
  return {};
}

Fallible<void> writeBytes(Thread& thread, FileState* state, std::string_view bytes) {
  if (state->unread() != 0) {  // what was read ahead has not been read
    lseek(state->descriptor, -static_cast<off_t>(state->unread()), SEEK_CUR);
    state->inputStart = state->inputEnd = 0;
  }
  if (state->outputSize + bytes.size() > state->bufferSize) {
    TRY(flushOutput(thread, state));
    while (bytes.size() > state->bufferSize) {
      bytes.remove_prefix(TRY(writeDescriptor(thread, state, bytes.data(), bytes.size())));
    }
  }
  if (bytes.empty()) return {};
  if (state->output == nullptr) {
    state->output = static_cast<char*>(malloc(state->bufferSize));
    if (state->output == nullptr) return raiseMemoryError(thread);
  }
  if (state->outputSize + bytes.size() > state->bufferSize) TRY(flushOutput(thread, state));
  memcpy(state->output + state->outputSize, bytes.data(), bytes.size());
  state->outputSize += bytes.size();
  return {};
}

Fallible<int64_t> tellFile(Thread& thread, FileState* state) {
  off_t position = lseek(state->descriptor, 0, SEEK_CUR);
  if (position < 0) return raiseErrno(thread, errno);
  return static_cast<int64_t>(position) - static_cast<int64_t>(state->unread()) +
         static_cast<int64_t>(state->outputSize);
}

Fallible<int64_t> seekFile(Thread& thread, FileState* state, int64_t offset, int whence) {
  if (state->outputSize != 0) TRY(flushOutput(thread, state));
  if (whence == SEEK_CUR) offset -= static_cast<int64_t>(state->unread());
  off_t position = lseek(state->descriptor, offset, whence);
  if (position < 0) return raiseErrno(thread, errno);
  state->inputStart = state->inputEnd = 0;
  state->atStart = position == 0;
  if (state->atStart) state->byteCodec = state->codec;
  return static_cast<int64_t>(position);
}

bool isSeekable(FileState* state) {
  if (state->seekable < 0) state->seekable = lseek(state->descriptor, 0, SEEK_CUR) >= 0;
  return state->seekable == 1;
}

Fallible<void> closeFile(Thread& thread, File* file) {
  FileState* state = file->state;
  if (state == nullptr || state->closed) return {};
  auto flushed = flushOutput(thread, state);
  Value flushError = flushed.isRaised() ? takeException(thread) : Value::unbound();
  state->closed = true;
  state->outputSize = 0;
  unlinkState(state);
  if (state->closesDescriptor && close(state->descriptor) < 0 && flushError.isUnbound()) {
    return raiseErrno(thread, errno);
  }
  if (!flushError.isUnbound()) return raiseInstance(thread, flushError);
  return {};
}

}  // namespace krait
