// What is behind a File: the descriptor, bytes read ahead, bytes waiting to be written, and how text is encoded.
#pragma once
#include <string>
#include <string_view>

#include "vm/builtins/bytes.h"
#include "vm/builtins/codecs.h"
#include "vm/builtins/file.h"

namespace krait {

enum class Newline : uint8_t { kUniversal, kUntranslated, kLf, kCr, kCrLf };

struct FileState {
  int descriptor = -1;
  int references = 0;  // Files over this state
  bool readable = false, writable = false, appending = false, closed = false, closesDescriptor = true;
  bool isUnbuffered = false;
  int8_t seekable = -1;  // -1: not known yet

  // Bytes read ahead: input[inputStart, inputEnd). There are none while output waits.
  char* input = nullptr;
  size_t inputStart = 0, inputEnd = 0, inputCapacity = 0;
  char* output = nullptr;
  size_t outputSize = 0;
  size_t bufferSize = 8192;

  // text
  Codec codec = Codec::kUtf8;      // as asked for
  Codec byteCodec = Codec::kUtf8;  // with the byte order known
  std::string encodingName = "utf-8", errorsName = "strict";
  Newline newline = Newline::kUniversal;
  bool lineBuffered = false, writeThrough = false;
  bool atStart = true;       // a byte order mark may come next
  uint8_t newlinesSeen = 0;  // 1 \r, 2 \n, 4 \r\n

  // StringIO: the content; StringIO and BytesIO: the position in it
  std::u32string text;
  uint64_t position = 0;

  FileState* next = nullptr;  // all open files
  FileState* previous = nullptr;

  size_t unread() const { return inputEnd - inputStart; }
  std::string_view pending() const { return {input + inputStart, inputEnd - inputStart}; }
};

// Null when memory is exhausted. Linked into the list of open files.
FileState* newFileState(int descriptor);
FileState* newMemoryState();              // of a StringIO or BytesIO: no descriptor, in no list
void releaseFileState(FileState* state);  // one File less; closes after the last

// --- checks -----------------------------------------------------------------------------------------------------------
// The state of an open file: ValueError "I/O operation on closed file" and its variants.
Fallible<FileState*> openState(Thread& thread, File* file, const char* message = nullptr);
Fallible<FileState*> readableState(Thread& thread, File* file, const char* operation);
Fallible<FileState*> writableState(Thread& thread, File* file, const char* operation);
KRAIT_COLD Raised raiseUnsupported(Thread& thread, std::string_view message);

// --- bytes ------------------------------------------------------------------------------------------------------------
// One read() into `to`; 0 at the end. Retries after signals, whose handlers run.
Fallible<size_t> readDescriptor(Thread& thread, FileState* state, char* to, size_t count);
Fallible<size_t> writeDescriptor(Thread& thread, FileState* state, const char* from, size_t count);
// Adds to the bytes read ahead; false at the end of the file.
Fallible<bool> fillInput(Thread& thread, FileState* state);
Fallible<void> writeBytes(Thread& thread, FileState* state, std::string_view bytes);
Fallible<void> flushOutput(Thread& thread, FileState* state);
// Where the next byte is read or written.
Fallible<int64_t> tellFile(Thread& thread, FileState* state);
Fallible<int64_t> seekFile(Thread& thread, FileState* state, int64_t offset, int whence);
bool isSeekable(FileState* state);
// Flushes and closes the descriptor; the error of either is raised after both were tried.
Fallible<void> closeFile(Thread& thread, File* file);
// Reads to the end.
Fallible<void> readToEnd(Thread& thread, FileState* state, ByteBuilder& out);

// --- classes ----------------------------------------------------------------------------------------------------------
void declareTextFile(TypeBuilder& type);    // file_text.cpp
void declareBinaryFile(TypeBuilder& type);  // file_binary.cpp
void declareAnyFile(TypeBuilder& type);     // file.cpp
// Another File over the same state: the layer below `file`.
Fallible<File*> makeLayer(Thread& thread, File* file, File::Role role);
Fallible<File*> makeFileCell(Thread& thread, Type* type, File::Role role, FileState* state, Value name, Str* mode);
Fallible<void> setTextEncoding(Thread& thread, File* file, Str* encodingOrNull, Str* errorsOrNull);
Fallible<Newline> newlineOf(Thread& thread, Value newline);
Fallible<Value> newlinesSeen(Thread& thread, const FileState* state);  // the attribute `newlines`
void initialiseIoBases(Thread& thread);                                // io_base.cpp
void initialiseMemoryFiles(Thread& thread);                            // memory_file.cpp
Type* binaryTypeOf(const FileState* state);
Fallible<Str*> binaryMode(Thread& thread, const FileState* state, bool created);

}  // namespace krait
