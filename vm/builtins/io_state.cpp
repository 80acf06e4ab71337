// Waiting bytes and the list of open files.
#include "vm/builtins/io_state.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <new>

namespace krait {
namespace {

FileState* openFiles;

// Writes without running Python: at exit, in finalisers, before a fork.
void flushQuietly(FileState* state) {
  for (WaitingBytes* queue = state->waiting; queue != nullptr; queue = queue->next) {
    if (queue->isBusy) return;
    while (queue->size != 0) {
      ssize_t written = write(state->descriptor, queue->bytes, queue->size);
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) return;
      queue->dropFront(static_cast<size_t>(written));
    }
  }
}

void unlinkState(FileState* state) {
  if (state->previous != nullptr) {
    state->previous->next = state->next;
  } else if (openFiles == state) {
    openFiles = state->next;
  }
  if (state->next != nullptr) state->next->previous = state->previous;
  state->next = state->previous = nullptr;
}

}  // namespace

bool WaitingBytes::append(std::string_view more) {
  if (more.empty()) return true;
  if (size + more.size() > capacity) {
    size_t wanted = capacity == 0 ? 8192 : capacity * 2;
    if (wanted < size + more.size()) wanted = size + more.size();
    auto* grown = static_cast<char*>(realloc(bytes, wanted));
    if (grown == nullptr) return false;
    bytes = grown;
    capacity = wanted;
  }
  memcpy(bytes + size, more.data(), more.size());
  size += more.size();
  return true;
}

void WaitingBytes::dropFront(size_t count) {
  if (count >= size) {
    size = 0;
    return;
  }
  memmove(bytes, bytes + count, size - count);
  size -= count;
}

bool FileState::hasWaiting() const {
  for (WaitingBytes* queue = waiting; queue != nullptr; queue = queue->next) {
    if (queue->size != 0) return true;
  }
  return false;
}

WaitingBytes* FileState::addQueue() {
  auto* queue = new (std::nothrow) WaitingBytes;
  if (queue == nullptr) return nullptr;
  WaitingBytes** last = &waiting;
  while (*last != nullptr) last = &(*last)->next;
  return *last = queue;
}

FileState* newFileState(int descriptor) {
  auto* state = new (std::nothrow) FileState;
  if (state == nullptr) return nullptr;
  state->references = 1;
  state->descriptor = descriptor;
  if (descriptor >= 0) {
    state->next = openFiles;
    if (openFiles != nullptr) openFiles->previous = state;
    openFiles = state;
  }
  return state;
}

void retainFileState(FileState* state) { state->references++; }

void detachDescriptor(FileState* state) {
  if (state->descriptor < 0) return;
  state->descriptor = -1;
  unlinkState(state);
}

void releaseFileState(FileState* state) {
  if (state == nullptr || --state->references > 0) return;
  if (state->descriptor >= 0) {
    flushQuietly(state);
    if (state->closesDescriptor) close(state->descriptor);
    detachDescriptor(state);
  }
  while (WaitingBytes* queue = state->waiting) {
    state->waiting = queue->next;
    free(queue->bytes);
    delete queue;
  }
  delete state;
}

void flushFileState(FileState* state) {
  if (state->descriptor >= 0) flushQuietly(state);
}

void flushAllFiles() {
  for (FileState* state = openFiles; state != nullptr; state = state->next) flushQuietly(state);
}

bool flushFilesOf(uint64_t device, uint64_t inode) {
  bool isWritten = false;
  for (FileState* state = openFiles; state != nullptr; state = state->next) {
    if (!state->hasWaiting() || state->device != device || state->inode != inode) continue;
    flushQuietly(state);
    isWritten = true;
  }
  return isWritten;
}

void flushFilesNamed(const char* path) {
  for (const FileState* state = openFiles; state != nullptr; state = state->next) {
    if (!state->hasWaiting()) continue;
    struct stat info;
    if (stat(path, &info) == 0) flushFilesOf(info.st_dev, info.st_ino);
    return;
  }
}

}  // namespace krait
