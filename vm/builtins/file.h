// Files as open() returns them: text (any codec) and binary, buffered, flushed at exit and before fork, spawn and
// reopening.
#pragma once
#include <span>

#include "vm/operations.h"

namespace krait {
struct Str;
struct FileState;  // file_state.h

// A text file, the buffered binary file under it and the raw file under that are three Files over one FileState.
struct File : Object {
  enum Role : uint16_t { kText, kBuffered, kRaw, kMemory };  // in Cell::aux
  Field<Value> name;                                         // as given to open(): str, bytes or int
  Field<Str*> mode;                                          // as given for text, as CPython shows it for binary
  Field<Str*> encoding;                                      // text
  Field<Str*> errors;                                        // text
  Field<Value> buffer;  // text: the binary file beneath, made on demand; buffered: the raw one; else unbound
  FileState* state;     // shared, counted, outside the heap; null when never opened or detached
  Role role() const { return static_cast<Role>(aux); }
};

struct OpenRequest {
  Value file;  // path or descriptor
  std::string_view mode = "r";
  int64_t buffering = -1;
  Str* encoding = nullptr;  // null: UTF-8
  Str* errors = nullptr;    // null: strict
  Value newline = Value::none();
  bool closesDescriptor = true;
  Value opener = Value::none();
};
Fallible<Value> openFile(Thread& thread, const OpenRequest& request);

// sys.stdin, stdout, stderr.
Fallible<Value> makeStandardFile(Thread& thread, int descriptor, const char* name, bool writable);
Fallible<void> writeText(Thread& thread, File* file, const Str* text);  // text.write, for print
// file.write(text): text files of our own are written to directly, others through their method.
Fallible<void> writeToFile(Thread& thread, Value file, Str* text);
Fallible<Str*> readLine(Thread& thread, File* file);  // text.readline(); empty at the end
void setWriteThrough(File* file);                     // every write reaches the descriptor at once (-u)
Fallible<void> flushFile(Thread& thread, File* file);
KRAIT_INLINE File* toFile(Value v) { return isKind(v, Kind::kFile) ? v.as<File>() : nullptr; }

// Writes out everything that waits in any file; errors are ignored. Before fork, exec and spawn, and at exit.
void flushAllFiles();
void finaliseFile(File* file);  // the collector's: closes when this was the last File over its state
// io.UnsupportedOperation, io's abstract bases and the binary classes beside types.binaryFile (BufferedReader). Roots
// are the builtin modules' and this table's.
struct FileTypes {
  Type* unsupportedOperation;
  Type* ioBase;
  Type* rawIOBase;
  Type* bufferedIOBase;
  Type* textIOBase;
  Type* bufferedWriter;
  Type* bufferedRandom;
  Type* fileIO;
  Type* stringIO;
  Type* bytesIO;
};
inline FileTypes fileTypes;
void initialiseFile(Thread&);
}  // namespace krait
