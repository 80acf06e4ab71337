// Files as open() returns them: text (UTF-8) and binary, buffered, flushed at exit and before fork, spawn and
// reopening.
#pragma once
#include "vm/operations.h"

namespace krait {
struct FileState;
struct File : Object {
  Field<Str*> name, mode;
  FileState* state;  // owned; outside the heap
};
// sys.stdin, stdout, stderr.
Fallible<Value> makeStandardFile(Thread& thread, int descriptor, const char* name, bool writable);
void flushAllFiles();
void initialiseFile(Thread&);
}  // namespace krait
