// BufferedReader, BufferedWriter and BufferedRandom: what they share; making, closing, position, attributes.
//
// The buffer is either bytes read ahead or bytes that wait to be written, never both: writing first seeks back over
// what was read ahead, reading first writes what waits. A raw file that is a FileIO is reached directly, any other
// through its methods.
#include <cerrno>
#include <cstring>
#include <ctime>

#include "vm/builtins/bytearray.h"
#include "vm/builtins/exception.h"
#include "vm/builtins/int.h"
#include "vm/builtins/io_internal.h"
#include "vm/builtins/memoryview.h"
#include "vm/builtins/str.h"
#include "vm/builtins/text.h"
#include "vm/names.h"

namespace krait {
namespace {

BufferedFile* self_(Value v) { return v.as<BufferedFile>(); }

void traceBuffered(Cell* cell, Marker& marker) { marker.mark(static_cast<BufferedFile*>(cell)->raw); }
void finaliseBuffered(Cell* cell) {
  auto* b = static_cast<BufferedFile*>(cell);
  releaseFileState(b->state);
  free(b->input);
  b->state = nullptr;
  b->input = nullptr;
}
constexpr NativeTraits kTraits{"Buffered", traceBuffered, finaliseBuffered};

Fallible<void> checkPosition(Thread& thread, int64_t position) {
  if (position >= 0) return {};
  return raiseFormat(thread, exceptions.OSError, "Raw stream returned invalid position {}", position);
}

}  // namespace

bool isBuffered(Value v) { return isKind(v, Kind::kNative) && v.as<NativeObject>()->traits == &kTraits; }
BufferedFile* exactBuffered(Value v) {
  if (!isBuffered(v)) return nullptr;
  Type* type = typeOf(v);
  bool isExact = type == types.binaryFile || type == fileTypes.bufferedWriter || type == fileTypes.bufferedRandom;
  return isExact && self_(v)->ready ? self_(v) : nullptr;
}

// Another thread that is inside is waited for; coming in a second time, from a signal handler or a method of the raw
// file, is an error.
bool BufferedLock::enter(Thread& thread) {
  while (b_->owner != nullptr) {
    if (b_->owner == &thread) {
      auto shown = repr(thread, Value::of(b_));
      if (shown.isRaised()) return true;
      fmt::memory_buffer buffer;
      static_cast<void>(
          raiseFormat(thread, exceptions.RuntimeError, "reentrant call inside {}", textOf(shown.value(), buffer)));
      return true;
    }
    AllowThreads allow(thread);
    timespec pause{0, 50000};
    nanosleep(&pause, nullptr);
  }
  b_->owner = &thread;
  return false;
}

Fallible<BufferedFile*> readyBuffered(Thread& thread, Value self) {
  BufferedFile* b = self_(self);
  if (b->ready) [[likely]]
    return b;
  return raise(thread, exceptions.ValueError,
               b->detached ? "raw stream has been detached" : "I/O operation on uninitialized object");
}

Fallible<bool> bufferedIsClosed(Thread& thread, BufferedFile* b) {
  if (RawFile* raw = exactRaw(b->raw)) return raw->descriptor() < 0;
  return isClosed(thread, b->raw);
}

Fallible<BufferedFile*> openBuffered(Thread& thread, Value self, const char* operation) {
  BufferedFile* b = TRY(readyBuffered(thread, self));
  if (TRY(bufferedIsClosed(thread, b))) {
    return raiseFormat(thread, exceptions.ValueError, "{} closed file", operation);
  }
  return b;
}

// --- the raw file -----------------------------------------------------------------------------------------------------
Fallible<int64_t> rawReadOf(Thread& thread, BufferedFile* b, char* to, size_t count) {
  int64_t got;
  if (RawFile* raw = exactRaw(b->raw)) {
    got = TRY(rawRead(thread, raw, to, count));
  } else {
    Bytearray* room = TRY(makeBytearray(thread, {}));
    TRY(bytearrayResize(thread, room, count));
    Value view = TRY(makeMemoryview(thread, Value::of(room)));
    Value result = TRY(callNamed(thread, b->raw, "readinto", {&view, 1}));
    if (result.isNone()) return int64_t{-1};
    if (!isInt(result)) {
      auto converted = index(thread, result);
      if (converted.isRaised()) return raiseFromPending(thread, exceptions.OSError, "raw readinto() failed");
      result = converted.value();
    }
    auto number = toInt64(result);
    got = number ? *number : -1;
    if (got < 0 || static_cast<uint64_t>(got) > count || room->length < static_cast<uint64_t>(got)) {
      return raiseFormat(thread, exceptions.OSError,
                         "raw readinto() returned invalid length {} (should have been between 0 and {})", got, count);
    }
    memcpy(to, viewOf(room).data(), static_cast<size_t>(got));
  }
  if (got > 0 && b->position >= 0) b->position += got;
  return got;
}

namespace {

Fallible<int64_t> rawWriteOf(Thread& thread, BufferedFile* b, std::string_view bytes) {
  int64_t written;
  if (RawFile* raw = exactRaw(b->raw)) {
    if (!raw->writable) return raiseUnsupported(thread, "File not open for writing");
    written = TRY(rawWrite(thread, raw, bytes.data(), bytes.size()));
  } else {
    Value copy = Value::of(TRY(makeBytes(thread, bytes)));
    Value view = TRY(makeMemoryview(thread, copy));
    Value result = TRY(callMethod(thread, b->raw, names.write, {&view, 1}));
    if (result.isNone()) return int64_t{-1};
    int64_t number = TRY(sizeArgument(thread, result));
    if (number < 0 || static_cast<uint64_t>(number) > bytes.size()) {
      return raiseFormat(thread, exceptions.OSError,
                         "raw write() returned invalid length {} (should have been between 0 and {})", number,
                         bytes.size());
    }
    written = number;
  }
  if (written > 0 && b->position >= 0) b->position += written;
  return written;
}

Fallible<int64_t> offsetOf(Thread& thread, Value position) {
  if (!isInt(position) && specialMethod(position, Special::k__index__).isUnbound()) {
    return raiseTypeError(thread, "'{}' object cannot be interpreted as an integer", nameOf(position));
  }
  return sizeArgument(thread, isInt(position) ? position : TRY(index(thread, position)));
}

}  // namespace

Fallible<int64_t> rawTellOf(Thread& thread, BufferedFile* b) {
  b->position = -1;
  if (RawFile* raw = exactRaw(b->raw)) return b->position = TRY(rawSeek(thread, raw, 0, SEEK_CUR));
  int64_t position = TRY(offsetOf(thread, TRY(callNamed(thread, b->raw, "tell"))));
  TRY(checkPosition(thread, position));
  return b->position = position;
}

Fallible<int64_t> rawSeekOf(Thread& thread, BufferedFile* b, int64_t offset, int whence) {
  b->position = -1;
  if (RawFile* raw = exactRaw(b->raw)) return b->position = TRY(rawSeek(thread, raw, offset, whence));
  Value arguments[] = {TRY(makeInt(thread, offset)), Value::inlineInt(whence)};
  int64_t position = TRY(offsetOf(thread, TRY(callNamed(thread, b->raw, "seek", arguments))));
  TRY(checkPosition(thread, position));
  return b->position = position;
}

// --- the buffer -------------------------------------------------------------------------------------------------------
Fallible<void> forgetInput(Thread& thread, BufferedFile* b) {
  uint64_t unread = b->unread();
  b->inputStart = b->inputEnd = 0;
  if (unread != 0) TRY(rawSeekOf(thread, b, -static_cast<int64_t>(unread), SEEK_CUR));
  return {};
}

Fallible<bool> fillInput(Thread& thread, BufferedFile* b, bool& wouldBlock) {
  wouldBlock = false;
  if (b->input == nullptr) {
    b->input = static_cast<char*>(malloc(b->size));
    if (b->input == nullptr) return raiseMemoryError(thread);
  }
  if (b->inputStart != 0) {
    memmove(b->input, b->input + b->inputStart, b->unread());
    b->inputEnd -= b->inputStart;
    b->inputStart = 0;
  }
  if (b->inputEnd == b->size) return true;
  int64_t got = TRY(rawReadOf(thread, b, b->input + b->inputEnd, b->size - b->inputEnd));
  if (got < 0) {
    wouldBlock = true;
    return false;
  }
  b->inputEnd += static_cast<uint64_t>(got);
  return got != 0;
}

namespace {

// A raw file that says None itself has set no error number.
Raised raiseWouldBlock(Thread& thread, BufferedFile* b, int64_t written) {
  Value arguments[] = {Value::inlineInt(exactRaw(b->raw) != nullptr ? EAGAIN : 0),
                       Value::of(TRY(makeStr(thread,
                                             "write could not complete without "
                                             "blocking"))),
                       TRY(makeInt(thread, written))};
  return raiseInstance(thread, TRY(call(thread, Value::of(exceptions.BlockingIOError), arguments)));
}

}  // namespace

Fallible<void> flushOutput(Thread& thread, BufferedFile* b) {
  WaitingBytes* out = b->out;
  while (out->size != 0) {
    bool wasBusy = out->isBusy;
    out->isBusy = true;
    auto result = rawWriteOf(thread, b, out->view());
    out->isBusy = wasBusy;
    int64_t written = TRY(result);
    if (written < 0) return raiseWouldBlock(thread, b, 0);
    out->dropFront(static_cast<size_t>(written));
    TRY(pollEvalBreaker(thread));
  }
  return {};
}

// --- writing ----------------------------------------------------------------------------------------------------------
Fallible<void> bufferedWrite(Thread& thread, BufferedFile* b, std::string_view bytes) {
  BufferedLock lock(thread, b);
  TRY(lock.entered());
  if (b->unread() != 0) TRY(forgetInput(thread, b));
  b->inputStart = b->inputEnd = 0;
  WaitingBytes* out = b->out;
  if (bytes.size() <= b->size - std::min<uint64_t>(out->size, b->size)) [[likely]] {
    return out->append(bytes) ? Fallible<void>() : raiseMemoryError(thread);
  }
  // What does not fit although the raw file takes nothing stays out; as much as fits is kept.
  auto keepWhatFits = [&](std::string_view rest, size_t doneBefore) -> Fallible<void> {
    clearException(thread);
    size_t room = b->size - std::min<uint64_t>(out->size, b->size);
    size_t kept = std::min<size_t>(room, rest.size());
    if (!out->append(rest.substr(0, kept))) return raiseMemoryError(thread);
    if (kept == rest.size()) return {};
    return raiseWouldBlock(thread, b, static_cast<int64_t>(doneBefore + kept));
  };
  if (flushOutput(thread, b).isRaised()) {
    if (!pendingMatches(thread, exceptions.BlockingIOError)) return Raised{};
    return keepWhatFits(bytes, 0);
  }
  size_t done = 0;
  while (bytes.size() - done > b->size) {
    int64_t written = TRY(rawWriteOf(thread, b, bytes.substr(done)));
    if (written < 0) return keepWhatFits(bytes.substr(done), done);
    done += static_cast<size_t>(written);
    TRY(pollEvalBreaker(thread));
  }
  return out->append(bytes.substr(done)) ? Fallible<void>() : raiseMemoryError(thread);
}

Fallible<void> bufferedFlush(Thread& thread, BufferedFile* b) {
  BufferedLock lock(thread, b);
  TRY(lock.entered());
  if (b->writable) TRY(flushOutput(thread, b));
  if (b->readable && b->unread() != 0) {
    // The raw position becomes the logical one; a raw file that cannot seek keeps what was read ahead.
    bool isSeekable = exactRaw(b->raw) != nullptr ? rawIsSeekable(b->raw.get().as<RawFile>())
                                                  : TRY(callNamed(thread, b->raw, "seekable")).isTrue();
    if (isSeekable && b->writable) TRY(forgetInput(thread, b));
  }
  return {};
}

Fallible<int64_t> bufferedTell(Thread& thread, BufferedFile* b) {
  int64_t position = TRY(rawTellOf(thread, b));
  position += static_cast<int64_t>(b->out->size) - static_cast<int64_t>(b->unread());
  return std::max<int64_t>(position, 0);
}

// --- making -----------------------------------------------------------------------------------------------------------
namespace {

Fallible<BufferedFile*> allocateBuffered(Thread& thread, Type* type) {
  auto* b = TRY(allocate<BufferedFile>(thread, Kind::kNative, type->instanceShape));
  b->traits = &kTraits;
  b->raw = Value::unbound();
  if (!heap.registerFinaliser(thread, b)) return raiseMemoryError(thread);
  return b;
}

Fallible<void> checkAbilities(Thread& thread, BufferedFile* b, Value raw) {
  if (RawFile* file = exactRaw(raw); file != nullptr && file->descriptor() >= 0) {
    if (b->readable && b->writable && !rawIsSeekable(file)) {
      return raiseUnsupported(thread, "File or stream is not seekable.");
    }
    if (b->readable && !file->readable) return raiseUnsupported(thread, "File or stream is not readable.");
    if (b->writable && !file->writable) return raiseUnsupported(thread, "File or stream is not writable.");
    return {};
  }
  if (b->readable && b->writable) TRY(requireAbility(thread, raw, "seekable", "File or stream is not seekable."));
  if (b->readable) TRY(requireAbility(thread, raw, "readable", "File or stream is not readable."));
  if (b->writable) TRY(requireAbility(thread, raw, "writable", "File or stream is not writable."));
  return {};
}

Fallible<void> prepare(Thread& thread, BufferedFile* b, Value raw, int64_t size) {
  b->ready = false;
  b->detached = false;
  const Type* type = b->shape()->type;
  bool isRandom = isSubtype(type, fileTypes.bufferedRandom);
  b->readable = isRandom || isSubtype(type, types.binaryFile);
  b->writable = isRandom || isSubtype(type, fileTypes.bufferedWriter);
  TRY(checkAbilities(thread, b, raw));
  if (size <= 0) return raise(thread, exceptions.ValueError, "buffer size must be strictly positive");
  if (size > static_cast<int64_t>(kMaxStrLength)) return raiseMemoryError(thread);
  RawFile* file = exactRaw(raw);
  FileState* state = file != nullptr && file->state != nullptr ? file->state : newFileState(-1);
  if (state == nullptr) return raiseMemoryError(thread);
  if (file != nullptr && state == file->state) retainFileState(state);
  WaitingBytes* out = state->addQueue();
  if (out == nullptr) {
    releaseFileState(state);
    return raiseMemoryError(thread);
  }
  releaseFileState(b->state);
  free(b->input);
  b->state = state;
  b->out = out;
  b->input = nullptr;
  b->inputStart = b->inputEnd = 0;
  b->size = static_cast<uint64_t>(size);
  b->raw = raw;
  b->position = -1;
  b->ready = true;
  return {};
}

Fallible<Value> bufferedNew(Thread& thread, Value self, const Arguments&) {
  return Value::of(TRY(allocateBuffered(thread, self.as<Type>())));
}
Fallible<void> initialise(Thread& thread, Value self, const Arguments& arguments, const Parameters& parameters) {
  Value bound[2];
  self_(self)->ready = false;
  self_(self)->detached = false;
  TRY(parameters.bind(thread, arguments, bound));
  int64_t size = bound[1].isUnbound() ? 8192 : TRY(sizeArgument(thread, bound[1]));
  return prepare(thread, self_(self), bound[0], size);
}
Fallible<Value> readerInit(Thread& thread, Value self, const Arguments& arguments) {
  static constexpr Parameters kParameters{"BufferedReader", {"raw", "buffer_size"}, 1};
  TRY(initialise(thread, self, arguments, kParameters));
  return Value::none();
}
Fallible<Value> writerInit(Thread& thread, Value self, const Arguments& arguments) {
  static constexpr Parameters kParameters{"BufferedWriter", {"raw", "buffer_size"}, 1};
  TRY(initialise(thread, self, arguments, kParameters));
  return Value::none();
}
Fallible<Value> randomInit(Thread& thread, Value self, const Arguments& arguments) {
  static constexpr Parameters kParameters{"BufferedRandom", {"raw", "buffer_size"}, 1};
  TRY(initialise(thread, self, arguments, kParameters));
  return Value::none();
}

// --- methods ----------------------------------------------------------------------------------------------------------
Fallible<Value> bufferedClosed(Thread& thread, Value self) {
  return Value::boolean(TRY(bufferedIsClosed(thread, TRY(readyBuffered(thread, self)))));
}
template <const char* const& kMethod>
Fallible<Value> forward(Thread& thread, Value self) {
  return callNamed(thread, TRY(readyBuffered(thread, self))->raw, kMethod);
}
constexpr const char *kReadable = "readable", *kWritable = "writable", *kSeekable = "seekable", *kFileno = "fileno",
                     *kIsatty = "isatty", *kName = "name", *kMode = "mode";
template <const char* const& kAttribute>
Fallible<Value> forwardAttribute(Thread& thread, Value self) {
  return getAttribute(thread, TRY(readyBuffered(thread, self))->raw, kAttribute);
}
Fallible<Value> bufferedRaw(Thread&, Value self) {
  Value raw = self_(self)->raw;
  return raw.isUnbound() ? Value::none() : raw;
}
Fallible<Value> bufferedFinalizing(Thread&, Value self) { return Value::boolean(self_(self)->finalizing); }
Fallible<void> setFinalizing(Thread& thread, Value self, Value v) {
  self_(self)->finalizing = TRY(isTrue(thread, v));
  return {};
}
Fallible<Value> bufferedDeallocWarn(Thread& thread, Value self, Value source) {
  BufferedFile* b = self_(self);
  if (b->ready && !b->raw.get().isUnbound()) {
    if (callNamed(thread, b->raw, "_dealloc_warn", {&source, 1}).isRaised()) clearException(thread);
  }
  return Value::none();
}

// Flushes, then closes the raw file even so.
Fallible<Value> bufferedClose(Thread& thread, Value self) {
  BufferedFile* b = TRY(readyBuffered(thread, self));
  if (TRY(bufferedIsClosed(thread, b))) return Value::none();
  if (b->finalizing) {
    TRY(bufferedDeallocWarn(thread, self, self));
    flushFileState(b->state);  // what a text file above still holds, if it dies too
  }
  Value flushError = Value::unbound();
  if (callMethod(thread, self, names.flush, {}).isRaised()) flushError = takeException(thread);
  auto closed = exactRaw(b->raw) != nullptr ? rawClose(thread, b->raw.get().as<RawFile>()) : [&]() -> Fallible<void> {
    TRY(callMethod(thread, b->raw, names.close, {}));
    return {};
  }();
  if (b->owner == nullptr) {  // nobody is reading into it
    free(b->input);
    b->input = nullptr;
    b->inputStart = b->inputEnd = 0;
  }
  if (closed.isRaised()) {
    if (flushError.isUnbound()) return Raised{};
    Value second = takeException(thread);
    if (isException(second) && second.as<Exception>()->context.get().isUnbound() && !second.is(flushError)) {
      second.as<Exception>()->context = flushError;
    }
    return raiseInstance(thread, second);
  }
  b->out->size = 0;
  if (!flushError.isUnbound()) return raiseInstance(thread, flushError);
  return Value::none();
}

Fallible<Value> bufferedDetach(Thread& thread, Value self) {
  BufferedFile* b = TRY(readyBuffered(thread, self));
  TRY(callMethod(thread, self, names.flush, {}));
  Value raw = b->raw;
  b->raw = Value::unbound();
  b->detached = true;
  b->ready = false;
  return raw;
}

Fallible<Value> readerFlush(Thread& thread, Value self) {  // hands the call on
  return callMethod(thread, TRY(readyBuffered(thread, self))->raw, names.flush, {});
}
Fallible<Value> writerFlush(Thread& thread, Value self) {
  BufferedFile* b = TRY(openBuffered(thread, self, "flush of"));
  TRY(bufferedFlush(thread, b));
  return Value::none();
}

Fallible<Value> bufferedTellMethod(Thread& thread, Value self) {
  return makeInt(thread, TRY(bufferedTell(thread, TRY(readyBuffered(thread, self)))));
}

Fallible<Value> bufferedSeek(Thread& thread, Value self, Value targetValue, Value whenceValue) {
  BufferedFile* b = TRY(readyBuffered(thread, self));
  int64_t whence = whenceValue.isUnbound() ? 0 : TRY(sizeArgument(thread, whenceValue));
  if (whence < 0 || whence > 4 || (whence > 2 && whence != SEEK_DATA && whence != SEEK_HOLE)) {
    return raiseValueError(thread, "whence value {} unsupported", whence);
  }
  TRY(openBuffered(thread, self, "seek of"));
  bool isSeekable = exactRaw(b->raw) != nullptr ? rawIsSeekable(b->raw.get().as<RawFile>())
                                                : TRY(callNamed(thread, b->raw, kSeekable)).isTrue();
  if (!isSeekable) return raiseUnsupported(thread, "File or stream is not seekable.");
  int64_t target = TRY(offsetOf(thread, targetValue));
  BufferedLock lock(thread, b);
  TRY(lock.entered());
  if (whence < 2 && b->readable && b->unread() != 0) {  // perhaps the place is in the buffer
    int64_t raw = b->position >= 0 ? b->position : TRY(rawTellOf(thread, b));
    int64_t current = raw - static_cast<int64_t>(b->unread());
    int64_t offset = whence == 0 ? target - current : target;
    if (offset >= -static_cast<int64_t>(b->inputStart) && offset <= static_cast<int64_t>(b->unread())) {
      b->inputStart = static_cast<uint64_t>(static_cast<int64_t>(b->inputStart) + offset);
      return makeInt(thread, current + offset);
    }
  }
  if (b->writable) TRY(flushOutput(thread, b));
  if (whence == 1) target -= static_cast<int64_t>(b->unread());
  int64_t position = TRY(rawSeekOf(thread, b, target, static_cast<int>(whence)));
  b->inputStart = b->inputEnd = 0;
  return makeInt(thread, position);
}

Fallible<Value> bufferedTruncate(Thread& thread, Value self, Value size) {
  BufferedFile* b = TRY(openBuffered(thread, self, "truncate of"));
  if (!b->writable) return raiseUnsupported(thread, "truncate");
  if (size.isUnbound() || size.isNone()) size = TRY(bufferedTellMethod(thread, self));
  {
    BufferedLock lock(thread, b);
    TRY(lock.entered());
    TRY(flushOutput(thread, b));
    if (b->unread() != 0) TRY(forgetInput(thread, b));
    b->position = -1;
  }
  return callNamed(thread, b->raw, "truncate", {&size, 1});
}

Fallible<Value> bufferedRepr(Thread& thread, Value self) {
  StrBuilder out;
  out.append("<").append(nameOf(self));
  Value name = Value::unbound();
  if (self_(self)->ready) {
    auto found = getAttribute(thread, self, names.name);
    if (found.isRaised()) {
      if (!pendingMatches(thread, exceptions.AttributeError) && !pendingMatches(thread, exceptions.ValueError)) {
        return Raised{};
      }
      clearException(thread);
    } else {
      name = found.value();
    }
  }
  if (name.isUnbound()) return Value::of(TRY(out.append(">").build(thread)));
  ReprGuard guard(thread, self);
  if (!guard.entered()) {
    return raiseFormat(thread, exceptions.RuntimeError, "reentrant call inside {}.__repr__", nameOf(self));
  }
  return Value::of(TRY(out.append(" name=").append(TRY(repr(thread, name))).append(">").build(thread)));
}
Fallible<Value> bufferedSizeof(Thread& thread, Value self) {
  return makeInt(thread, static_cast<int64_t>(sizeof(BufferedFile) + self_(self)->size));
}

Fallible<Value> writerWrite(Thread& thread, Value self, Value data) {
  BufferedFile* b = TRY(readyBuffered(thread, self));
  std::string_view bytes = TRY(requireBuffer(thread, data));
  TRY(openBuffered(thread, self, "write to"));
  auto count = static_cast<int64_t>(bytes.size());
  if (bytes.size() > b->size && toBytes(data) == nullptr) {  // others may change it while the raw file writes
    ByteBuilder copy;
    copy.append(bytes);
    if (copy.failed()) return raiseMemoryError(thread);
    TRY(bufferedWrite(thread, b, copy.view()));
  } else {
    TRY(bufferedWrite(thread, b, bytes));
  }
  return makeInt(thread, count);
}

void declareAny(TypeBuilder& type) {
  type.module("_io")
      .flags(Type::kBaseType | Type::kHasDict | Type::kInstantiable | Type::kHasWeakref)
      .constructor(bufferedNew)
      .method("close", bufferedClose)
      .method("detach", bufferedDetach)
      .method("seekable", forward<kSeekable>)
      .method("fileno", forward<kFileno>)
      .method("isatty", forward<kIsatty>)
      .method("tell", bufferedTellMethod)
      .method("seek", bufferedSeek, 1)
      .method("truncate", bufferedTruncate, 1)
      .method("_dealloc_warn", bufferedDeallocWarn)
      .method("__sizeof__", bufferedSizeof)
      .variadic("__reduce_ex__", refusePickling)
      .special("__repr__", bufferedRepr)
      .getter("closed", bufferedClosed)
      .getter("name", forwardAttribute<kName>)
      .getter("mode", forwardAttribute<kMode>)
      .getter("raw", bufferedRaw)
      .getter("_finalizing", bufferedFinalizing, setFinalizing);
}

}  // namespace

Fallible<Value> makeBuffered(Thread& thread, Type* type, Value raw, int64_t size) {
  BufferedFile* b = TRY(allocateBuffered(thread, type));
  TRY(prepare(thread, b, raw, size));
  return Value::of(b);
}

void declareBufferedWriting(TypeBuilder& type) {
  type.method("write", writerWrite).method("flush", writerFlush).method("writable", forward<kWritable>);
}

void initialiseBuffered(Thread& thread) {
  TypeBuilder reader(thread, "BufferedReader", fileTypes.bufferedIOBase, Kind::kNative);
  declareAny(reader);
  declareBufferedReading(reader);
  types.binaryFile = reader.specialVariadic("__init__", readerInit)
                         .method("flush", readerFlush)
                         .method("readable", forward<kReadable>)
                         .build();
  TypeBuilder writer(thread, "BufferedWriter", fileTypes.bufferedIOBase, Kind::kNative);
  declareAny(writer);
  declareBufferedWriting(writer);
  fileTypes.bufferedWriter = writer.specialVariadic("__init__", writerInit).build();
  TypeBuilder random(thread, "BufferedRandom", fileTypes.bufferedIOBase, Kind::kNative);
  declareAny(random);
  declareBufferedReading(random);
  declareBufferedWriting(random);
  fileTypes.bufferedRandom =
      random.specialVariadic("__init__", randomInit).method("readable", forward<kReadable>).build();
}

}  // namespace krait
