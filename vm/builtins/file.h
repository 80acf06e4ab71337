// Files as the rest of the interpreter uses them: open(), print's way of writing, the standard streams.
#pragma once
#include "vm/builtins/io_state.h"
#include "vm/operations.h"

namespace krait {
struct Str;

struct OpenRequest {
  Value file;  // path or descriptor
  std::string_view mode = "r";
  int64_t buffering = -1;
  Value encoding = Value::none(), errors = Value::none(), newline = Value::none();
  bool closesDescriptor = true;
  Value opener = Value::none();
};
Fallible<Value> openFile(Thread& thread, const OpenRequest& request);

// sys.stdin, stdout, stderr. `encoding` and `errors` as PYTHONIOENCODING gave them, or empty.
struct StandardFile {
  int descriptor;
  const char* name;
  bool writable, unbuffered;
  std::string_view encoding, errors;
};
Fallible<Value> makeStandardFile(Thread& thread, const StandardFile& request);

// file.write(text): text files of our own are written to directly, others through their method.
Fallible<void> writeToFile(Thread& thread, Value file, Str* text);
Fallible<Value> readLine(Thread& thread, Value file);  // file.readline()
Fallible<void> flushFile(Thread& thread, Value file);  // file.flush()

// io.UnsupportedOperation, io's classes beside types.textFile (TextIOWrapper) and types.binaryFile (BufferedReader).
// Roots are the types' subclass lists.
struct FileTypes {
  Type* unsupportedOperation;
  Type* ioBase;
  Type* rawIOBase;
  Type* bufferedIOBase;
  Type* textIOBase;
  Type* bufferedWriter;
  Type* bufferedRandom;
  Type* bufferedPair;
  Type* fileIO;
  Type* stringIO;
  Type* bytesIO;
  Type* newlineDecoder;
};
inline FileTypes fileTypes;
void initialiseFile(Thread&);
// Whether the UTF-8 mode is on (-X utf8, PYTHONUTF8, or the C and POSIX locales). Set before the streams are made.
inline bool utf8Mode = false;
inline bool warnsOfDefaultEncoding = false;  // -X warn_default_encoding
}  // namespace krait
