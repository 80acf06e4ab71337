// The objects of module io as they lie in memory, and what the files that implement them call of each other.
#pragma once
#include <span>
#include <string>
#include <string_view>

#include "vm/builtins/bytes.h"
#include "vm/builtins/codecs.h"
#include "vm/builtins/file.h"
#include "vm/builtins/io_state.h"

namespace krait {

// --- what all share (io_base.cpp) -------------------------------------------------------------------------------------
KRAIT_COLD Raised raiseUnsupported(Thread& thread, std::string_view message);
Fallible<Value> callNamed(Thread& thread, Value object, const char* name, std::span<const Value> arguments = {});
// A size argument: None and missing are -1. "argument should be integer or None, not 'str'".
Fallible<int64_t> sizeOrAll(Thread& thread, Value size);
// object._checkReadable() and its like, whatever class it is of.
Fallible<void> requireAbility(Thread& thread, Value object, const char* method, const char* message);
Fallible<bool> isClosed(Thread& thread, Value file);  // file.closed
// Does `second` although `first` failed; an exception of it gets the first one as its context.
Fallible<void> afterFailure(Thread& thread, Fallible<void> first, Fallible<void> second);
// TypeError: cannot pickle '_io.FileIO' object.
Fallible<Value> refusePickling(Thread& thread, Value self, const Arguments&);
Fallible<std::span<uint8_t>> writableBuffer(Thread& thread, Value target, const char* function);

// --- FileIO (io_raw.cpp) ----------------------------------------------------------------------------------------------
struct RawFile : NativeObject {
  FileState* state;  // null before __init__
  bool created, readable, writable, appending, finalizing;
  int8_t seekable;  // -1: not known yet
  uint32_t blockSize;
  int descriptor() const { return state == nullptr ? -1 : state->descriptor; }
};
struct RawRequest {
  Value file;  // path or descriptor
  std::string_view mode = "r";
  bool closesDescriptor = true;
  Value opener = Value::none();
};
KRAIT_INLINE RawFile* exactRaw(Value v) {
  return isKind(v, Kind::kNative) && typeOf(v) == fileTypes.fileIO ? v.as<RawFile>() : nullptr;
}
Fallible<RawFile*> openRaw(Thread& thread, Type* type, const RawRequest& request);
// Bytes read or written at once; -1 when the descriptor does not block and is not ready.
Fallible<int64_t> rawRead(Thread& thread, RawFile* file, char* to, size_t count);
Fallible<int64_t> rawWrite(Thread& thread, RawFile* file, const char* from, size_t count);
Fallible<int64_t> rawSeek(Thread& thread, RawFile* file, int64_t offset, int whence);
bool rawIsSeekable(RawFile* file);
Fallible<void> rawReadAll(Thread& thread, RawFile* file, ByteBuilder& out, bool& wouldBlock);
Fallible<void> rawClose(Thread& thread, RawFile* file);
const char* rawMode(const RawFile* file);

// --- BufferedReader, BufferedWriter, BufferedRandom (io_buffered*.cpp) ------------------------------------------------
struct BufferedFile : NativeObject {
  Field<Value> raw;   // unbound: detached or never initialised
  FileState* state;   // the raw file's when that is a FileIO
  WaitingBytes* out;  // in `state`
  char* input;        // bytes read ahead: [inputStart, inputEnd); none while output waits
  uint64_t inputStart, inputEnd, size;
  int64_t position;  // the raw file's, as far as known; else -1
  void* owner;       // the thread that is inside
  bool ready, detached, readable, writable, finalizing;
  uint64_t unread() const { return inputEnd - inputStart; }
  std::string_view ahead() const { return {input + inputStart, unread()}; }
};
bool isBuffered(Value v);              // an instance of one of the three classes
BufferedFile* exactBuffered(Value v);  // ... and of none derived from them; else null
Fallible<Value> makeBuffered(Thread& thread, Type* type, Value raw, int64_t size);
Fallible<bool> bufferedIsClosed(Thread& thread, BufferedFile* b);
Fallible<void> bufferedWrite(Thread& thread, BufferedFile* b, std::string_view bytes);
Fallible<void> bufferedFlush(Thread& thread, BufferedFile* b);
// One piece as read1() gives it: what is there, or one read of the raw file. Empty at the end. Valid until the next
// operation; it has been taken out.
Fallible<std::string_view> bufferedTake(Thread& thread, BufferedFile* b, size_t most);
Fallible<void> bufferedReadAll(Thread& thread, BufferedFile* b, ByteBuilder& out, bool& wouldBlock);
Fallible<int64_t> bufferedTell(Thread& thread, BufferedFile* b);
// What the three source files of it share.
class BufferedLock {
 public:
  BufferedLock(Thread& thread, BufferedFile* b) : b_(b) { failed_ = enter(thread); }
  ~BufferedLock() {
    if (!failed_) b_->owner = nullptr;
  }
  BufferedLock(const BufferedLock&) = delete;
  BufferedLock& operator=(const BufferedLock&) = delete;
  Fallible<void> entered() const { return failed_ ? Fallible<void>(Raised{}) : Fallible<void>(); }

 private:
  bool enter(Thread& thread);
  BufferedFile* b_;
  bool failed_;
};
Fallible<BufferedFile*> readyBuffered(Thread& thread, Value self);
Fallible<BufferedFile*> openBuffered(Thread& thread, Value self, const char* operation);
Fallible<void> flushOutput(Thread& thread, BufferedFile* b);  // inside the lock
Fallible<void> forgetInput(Thread& thread, BufferedFile* b);  // ... seeks back over what was read ahead
Fallible<bool> fillInput(Thread& thread, BufferedFile* b, bool& wouldBlock);
Fallible<int64_t> rawReadOf(Thread& thread, BufferedFile* b, char* to, size_t count);
Fallible<int64_t> rawTellOf(Thread& thread, BufferedFile* b);
Fallible<int64_t> rawSeekOf(Thread& thread, BufferedFile* b, int64_t offset, int whence);
void declareBufferedReading(TypeBuilder& type);
void declareBufferedWriting(TypeBuilder& type);

// --- TextIOWrapper (io_text*.cpp) -------------------------------------------------------------------------------------
enum class Newline : uint8_t { kUniversal, kUntranslated, kLf, kCr, kCrLf };

// Which line ends were met: 1 \r, 2 \n, 4 \r\n.
Fallible<Value> newlinesSeen(Thread& thread, uint8_t seen);
Fallible<Newline> newlineOf(Thread& thread, Value newline, const char* function);
// Line ends as universal newlines want them. A \r at the end is held back unless `final`: it may be half of a \r\n.
struct NewlineState {
  bool translates = false, pendingReturn = false;
  uint8_t seen = 0;
};
Fallible<Str*> decodeNewlines(Thread& thread, NewlineState& state, Str* text, bool final);

struct TextFile : NativeObject {
  Field<Value> buffer;  // unbound: detached or never initialised
  Field<Str*> encoding, errors;
  Field<Value> encoder, decoder;  // the library's incremental ones, for codecs that are not C++; else unbound
  Field<Str*> decoded;            // text decoded but not read yet begins at character `used`
  Field<Value> codecInfo;         // of the library's codec
  FileState* state;
  WaitingBytes* out;    // in `state`: encoded, not written to the buffer yet
  WaitingBytes* chunk;  // the bytes since the snapshot, which `decoded` came from
  bool hasSnapshot;
  uint64_t used, chunkSize;  // chunkSize: bytes that are read and decoded at once
  int64_t snapshotFlags;     // of the decoder before `chunk`
  double bytesPerCharacter;
  Codec codec;
  Newline newline;
  NewlineState newlines;
  // The state of a decoder in C++: an incomplete sequence, and what the byte order mark said.
  uint8_t pendingSize, order;  // order: 0 little or no mark expected, 1 big, 2 not known yet
  char pending[8];
  bool ready, detached, finalizing, lineBuffering, writeThrough, seekable, telling, hasRead1;
  bool canDecode, canEncode, decoderMade, marksNext;  // marksNext: a byte order mark comes before the next text
};
KRAIT_INLINE TextFile* toText(Value v) { return v.as<TextFile>(); }
struct TextRequest {
  Value buffer, encoding = Value::none(), errors = Value::none(), newline = Value::none();
  bool lineBuffering = false, writeThrough = false;
};
Fallible<Value> makeText(Thread& thread, Type* type, const TextRequest& request);
Fallible<TextFile*> readyText(Thread& thread, Value self);
Fallible<TextFile*> openText(Thread& thread, Value self);
Fallible<void> flushTextOutput(Thread& thread, TextFile* t);  // to the buffer, not beyond
Fallible<void> setTextCodec(Thread& thread, TextFile* t, Str* encoding, Str* errors, Newline newline);
Fallible<void> prepareDecoder(Thread& thread, TextFile* t);
struct DecoderState {
  std::string bytes;  // held back
  int64_t flags;
};
Fallible<Str*> decodeChunk(Thread& thread, TextFile* t, std::string_view bytes, bool final);
Fallible<void> decoderState(Thread& thread, TextFile* t, DecoderState& out);
Fallible<void> setDecoderState(Thread& thread, TextFile* t, std::string_view bytes, int64_t flags);
Fallible<void> resetDecoder(Thread& thread, TextFile* t);
Fallible<void> resetEncoder(Thread& thread, TextFile* t, bool atStart);
void forgetDecoded(TextFile* t);
Fallible<void> writeText(Thread& thread, TextFile* t, Str* text);
Fallible<Str*> readTextLine(Thread& thread, TextFile* t, int64_t limit);
void declareTextReading(TypeBuilder& type);   // io_text_read.cpp
void declareTextPosition(TypeBuilder& type);  // io_text_seek.cpp
// The encoding that None stands for: the locale's, or UTF-8.
Fallible<Str*> defaultEncoding(Thread& thread);
Fallible<Str*> localeEncoding(Thread& thread);

// --- making the classes -----------------------------------------------------------------------------------------------
void initialiseIoBases(Thread& thread);
void initialiseRawFile(Thread& thread);
void initialiseBuffered(Thread& thread);
void initialiseTextFile(Thread& thread);
void initialiseBytesIO(Thread& thread);
void initialiseStringIO(Thread& thread);
void initialiseNewlineDecoder(Thread& thread);

}  // namespace krait
