// What the layers of a file share outside the heap: the descriptor and the bytes that wait to be written to it.
//
// The raw, the buffered and the text object over one descriptor die in any order, all in one collection perhaps. So
// what must not be lost lies here: each layer's waiting bytes in a queue of its own, the lowest layer's first. The last
// object to go flushes the queues in this order and closes the descriptor.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace krait {

struct WaitingBytes {
  char* bytes = nullptr;
  size_t size = 0, capacity = 0;
  bool isBusy = false;  // being written by a thread that has let others run
  WaitingBytes* next = nullptr;

  std::string_view view() const { return {bytes, size}; }
  bool append(std::string_view more);  // false when memory is exhausted
  void dropFront(size_t count);
};

struct FileState {
  int descriptor = -1;  // -1: none of ours, or closed
  int references = 0;
  bool closesDescriptor = true;
  uint64_t device = 0, inode = 0;   // of the file, to tell whether two names mean the same one
  WaitingBytes* waiting = nullptr;  // in the order in which they reach the descriptor
  FileState* next = nullptr;        // all that have an open descriptor
  FileState* previous = nullptr;

  bool hasWaiting() const;
  WaitingBytes* addQueue();  // null when memory is exhausted; freed with the state
};

// Null when memory is exhausted. One reference, the caller's. Linked into the list of open files when it has a
// descriptor.
FileState* newFileState(int descriptor);
void retainFileState(FileState* state);
void releaseFileState(FileState* state);  // may be null
// The descriptor has been closed or given up: nothing is flushed to it any more.
void detachDescriptor(FileState* state);

// Writes out everything that waits in any file; errors are ignored. Before fork, exec and spawn, and at exit.
void flushAllFiles();
void flushFileState(FileState* state);  // ... in the layers of one
// ... of the file with this path, before it is opened or looked at under its name.
void flushFilesNamed(const char* path);
// ... of the file that stat() has found. True when something was written, so that its size has changed.
bool flushFilesOf(uint64_t device, uint64_t inode);

}  // namespace krait
