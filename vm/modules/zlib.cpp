// The module zlib: compression by the library of that name.
#include <libdeflate.h>
#include <zlib.h>

#include <algorithm>
#include <climits>
#include <new>

#include "vm/builtins/type_internal.h"
#include "vm/modules/native_arguments.h"
#include "vm/modules/registry.h"

namespace krait {
namespace {

Type *zlibError = nullptr, *compressType = nullptr, *decompressType = nullptr;
constexpr int64_t kBufferSize = 16 * 1024;
constexpr int64_t kStreamBytes = 256 * 1024;  // what a stream holds outside the heap, about

KRAIT_COLD Raised raiseZlib(Thread& thread, const z_stream& stream, int error, const char* doing) {
  const char* message = stream.msg;
  if (error == Z_VERSION_ERROR) message = "library version mismatch";
  if (message == nullptr) {
    message = error == Z_BUF_ERROR      ? "incomplete or truncated stream"
              : error == Z_STREAM_ERROR ? "inconsistent stream state"
              : error == Z_DATA_ERROR   ? "invalid input data"
                                        : nullptr;
  }
  if (message == nullptr) return raiseFormat(thread, zlibError, "Error {} {}", error, doing);
  return raiseFormat(thread, zlibError, "Error {} {}: {}", error, doing, message);
}

// Bytes that grow; MemoryError is the caller's.
class Output {
 public:
  ~Output() { free(bytes_); }
  Output() = default;
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;
  // Gives the stream room to write to, at most up to `most` bytes in all.
  bool offer(z_stream& stream, size_t first, size_t most = SIZE_MAX) {
    if (size_ == capacity_) {
      size_t wanted = std::min(most, capacity_ == 0 ? std::max<size_t>(first, 1) : capacity_ * 2);
      void* larger = realloc(bytes_, wanted);
      if (larger == nullptr) return false;
      bytes_ = static_cast<uint8_t*>(larger);
      capacity_ = wanted;
    }
    stream.next_out = bytes_ + size_;
    stream.avail_out = static_cast<uInt>(std::min<size_t>(capacity_ - size_, UINT_MAX));
    return true;
  }
  void taken(const z_stream& stream) { size_ = static_cast<size_t>(stream.next_out - bytes_); }
  size_t size() const { return size_; }
  Fallible<Value> build(Thread& thread) const {
    return makeBytesValue(thread, {reinterpret_cast<const char*>(bytes_), size_});
  }

 private:
  uint8_t* bytes_ = nullptr;
  size_t size_ = 0, capacity_ = 0;
};

// Input in the portions that the stream's 32-bit counters take.
class Input {
 public:
  explicit Input(std::string_view bytes) : next_(reinterpret_cast<const Bytef*>(bytes.data())), left_(bytes.size()) {}
  void offer(z_stream& stream) {
    stream.next_in = const_cast<Bytef*>(next_);
    stream.avail_in = static_cast<uInt>(std::min<size_t>(left_, UINT_MAX));
    offered_ = stream.avail_in;
  }
  void taken(const z_stream& stream) {
    size_t used = offered_ - stream.avail_in;
    next_ += used;
    left_ -= used;
  }
  size_t left() const { return left_; }
  std::string_view rest() const { return {reinterpret_cast<const char*>(next_), left_}; }

 private:
  const Bytef* next_;
  size_t left_, offered_ = 0;
};

// Runs deflate() until all input is used and no output waits.
Fallible<int> deflateAll(Thread& thread, z_stream& stream, Input& input, Output& output, int mode, const char* doing) {
  for (;;) {
    input.offer(stream);
    if (!output.offer(stream, kBufferSize)) return raiseMemoryError(thread);
    bool isLast = stream.avail_in == input.left();
    int error = deflate(&stream, isLast ? mode : Z_NO_FLUSH);
    bool isFull = stream.avail_out == 0;
    output.taken(stream);
    input.taken(stream);
    if (error == Z_STREAM_ERROR) return raiseZlib(thread, stream, error, doing);
    if (error == Z_STREAM_END) return error;
    if (!isFull && input.left() == 0) return error;
    TRY(pollEvalBreaker(thread));
  }
}

// --- at once ----------------------------------------------------------------------------------------------------------

Fallible<Value> zlibCompress(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{"compress", {"data", "/", "level", "wbits"}, 1};
  Value v[3];
  TRY(kParameters.bind(thread, arguments, v));
  std::string_view data = TRY(requireBuffer(thread, v[0]));
  int level = TRY(intArgumentOr(thread, v[1], Z_DEFAULT_COMPRESSION));
  int windowBits = TRY(intArgumentOr(thread, v[2], MAX_WBITS));
  z_stream stream{};
  int error = deflateInit2(&stream, level, Z_DEFLATED, windowBits, MAX_MEM_LEVEL - 1, Z_DEFAULT_STRATEGY);
  if (error == Z_MEM_ERROR) return raise(thread, exceptions.MemoryError, "Out of memory while compressing data");
  if (error == Z_STREAM_ERROR) return raise(thread, zlibError, "Bad compression level");
  if (error != Z_OK) return raiseZlib(thread, stream, error, "while compressing data");
  Input input(data);
  Output output;
  Fallible<int> result = deflateAll(thread, stream, input, output, Z_FINISH, "while compressing data");
  deflateEnd(&stream);
  TRY(result);
  return output.build(thread);
}

Fallible<Value> zlibDecompress(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{"decompress", {"data", "/", "wbits", "bufsize"}, 1};
  Value v[3];
  TRY(kParameters.bind(thread, arguments, v));
  std::string_view data = TRY(requireBuffer(thread, v[0]));
  int windowBits = TRY(intArgumentOr(thread, v[1], MAX_WBITS));
  int64_t size = v[2].isUnbound() ? kBufferSize : TRY(ssizeArgument(thread, v[2]));
  if (size < 0) return raise(thread, exceptions.ValueError, "bufsize must be non-negative");
  z_stream stream{};
  int error = inflateInit2(&stream, windowBits);
  if (error == Z_MEM_ERROR) return raise(thread, exceptions.MemoryError, "Out of memory while decompressing data");
  if (error != Z_OK) return raiseZlib(thread, stream, error, "while preparing to decompress data");
  Input input(data);
  Output output;
  auto run = [&]() -> Fallible<void> {
    int status;
    do {
      input.offer(stream);
      if (!output.offer(stream, static_cast<size_t>(size))) return raiseMemoryError(thread);
      status = inflate(&stream, Z_SYNC_FLUSH);
      bool isFull = stream.avail_out == 0;
      output.taken(stream);
      input.taken(stream);
      if (status == Z_MEM_ERROR) {
        return raise(thread, exceptions.MemoryError, "Out of memory while decompressing data");
      }
      if (status != Z_OK && status != Z_BUF_ERROR && status != Z_STREAM_END) {
        return raiseZlib(thread, stream, status, "while decompressing data");
      }
      TRY(pollEvalBreaker(thread));
      if (status != Z_STREAM_END && !isFull && input.left() == 0) break;
    } while (status != Z_STREAM_END);
    if (status != Z_STREAM_END) return raiseZlib(thread, stream, Z_BUF_ERROR, "while decompressing data");
    return {};
  };
  Fallible<void> result = run();
  inflateEnd(&stream);
  TRY(result);
  return output.build(thread);
}

// --- streams ----------------------------------------------------------------------------------------------------------

struct Stream : NativeObject {
  Field<Value> unusedData, unconsumedTail;  // of a decompressor: bytes
  Field<Value> dictionary;                  // of a decompressor: bytes-like or unbound
  z_stream* stream;                         // null once it has ended
  bool inflates, atEnd;
};
void traceStream(Cell* cell, Marker& marker) {
  marker.mark(static_cast<Stream*>(cell)->unusedData);
  marker.mark(static_cast<Stream*>(cell)->unconsumedTail);
  marker.mark(static_cast<Stream*>(cell)->dictionary);
}
void endStream(Cell* cell) {
  auto* object = static_cast<Stream*>(cell);
  if (object->stream == nullptr) return;
  (object->inflates ? inflateEnd : deflateEnd)(object->stream);
  delete object->stream;
  object->stream = nullptr;
  heap.accountExternal(-kStreamBytes);
}
constexpr NativeTraits kTraits{"zlib stream", traceStream, endStream};
Stream* streamOf(Value v) { return v.as<Stream>(); }

Fallible<Stream*> allocateStream(Thread& thread, bool inflates) {
  auto* object =
      TRY(allocate<Stream>(thread, Kind::kNative, (inflates ? decompressType : compressType)->instanceShape));
  object->traits = &kTraits;
  object->inflates = inflates;
  object->dictionary = Value::unbound();
  Value empty = TRY(makeBytesValue(thread, {}));
  object->unusedData = empty;
  object->unconsumedTail = empty;
  if (!heap.registerFinaliser(thread, object)) return raiseMemoryError(thread);
  return object;
}
// The object takes over a stream that has been initialised.
void adopt(Stream* object, z_stream* stream) {
  object->stream = stream;
  heap.accountExternal(kStreamBytes);
}

KRAIT_COLD Raised raiseInitialisation(Thread& thread, const z_stream& stream, int error, const char* what) {
  if (error == Z_MEM_ERROR) {
    return raiseFormat(thread, exceptions.MemoryError, "Can't allocate memory for {} object", what);
  }
  if (error == Z_STREAM_ERROR) return raise(thread, exceptions.ValueError, "Invalid initialization option");
  return raiseZlib(thread, stream, error, fmt::format("while creating {} object", what).c_str());
}

Fallible<Value> zlibCompressobj(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{
      "compressobj", {"level", "method", "wbits", "memLevel", "strategy", "zdict"}, 0};
  Value v[6];
  TRY(kParameters.bind(thread, arguments, v));
  int level = TRY(intArgumentOr(thread, v[0], Z_DEFAULT_COMPRESSION));
  int method = TRY(intArgumentOr(thread, v[1], Z_DEFLATED));
  int windowBits = TRY(intArgumentOr(thread, v[2], MAX_WBITS));
  int memoryLevel = TRY(intArgumentOr(thread, v[3], MAX_MEM_LEVEL - 1));
  int strategy = TRY(intArgumentOr(thread, v[4], Z_DEFAULT_STRATEGY));
  std::string_view dictionary;
  if (!v[5].isUnbound()) dictionary = TRY(requireBuffer(thread, v[5]));
  if (dictionary.size() > UINT_MAX) {
    return raise(thread, exceptions.OverflowError, "zdict length does not fit in an unsigned int");
  }
  Stream* object = TRY(allocateStream(thread, false));
  auto* stream = new (std::nothrow) z_stream{};
  if (stream == nullptr) return raiseMemoryError(thread);
  int error = deflateInit2(stream, level, method, windowBits, memoryLevel, strategy);
  if (error != Z_OK) {
    z_stream failed = *stream;
    delete stream;
    return raiseInitialisation(thread, failed, error, "compression");
  }
  adopt(object, stream);
  if (v[5].isUnbound()) return Value::of(object);
  error = deflateSetDictionary(stream, reinterpret_cast<const Bytef*>(dictionary.data()),
                               static_cast<uInt>(dictionary.size()));
  if (error == Z_STREAM_ERROR) return raise(thread, exceptions.ValueError, "Invalid dictionary");
  if (error != Z_OK) return raise(thread, exceptions.ValueError, "deflateSetDictionary()");
  return Value::of(object);
}

Fallible<Value> zlibDecompressobj(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{"decompressobj", {"wbits", "zdict"}, 0};
  Value v[2];
  TRY(kParameters.bind(thread, arguments, v));
  int windowBits = TRY(intArgumentOr(thread, v[0], MAX_WBITS));
  std::string_view dictionary;
  if (!v[1].isUnbound() && !bufferView(v[1], dictionary)) {
    return raise(thread, exceptions.TypeError, "zdict argument must support the buffer protocol");
  }
  Stream* object = TRY(allocateStream(thread, true));
  object->dictionary = v[1];
  auto* stream = new (std::nothrow) z_stream{};
  if (stream == nullptr) return raiseMemoryError(thread);
  int error = inflateInit2(stream, windowBits);
  if (error != Z_OK) {
    z_stream failed = *stream;
    delete stream;
    return raiseInitialisation(thread, failed, error, "decompression");
  }
  adopt(object, stream);
  bool isRaw = windowBits < 0;  // such a stream does not say when it needs the dictionary
  if (!v[1].isUnbound() && isRaw) {
    error = inflateSetDictionary(stream, reinterpret_cast<const Bytef*>(dictionary.data()),
                                 static_cast<uInt>(dictionary.size()));
    if (error != Z_OK) return raiseZlib(thread, *stream, error, "while setting zdict");
  }
  return Value::of(object);
}

// A stream that has ended behaves as zlib's own functions do without one.
Fallible<z_stream*> openStream(Thread& thread, Value self, const char* doing) {
  if (streamOf(self)->stream != nullptr) return streamOf(self)->stream;
  return raiseZlib(thread, z_stream{}, Z_STREAM_ERROR, doing);
}

Fallible<Value> compressCompress(Thread& thread, Value self, Value data) {
  Input input(TRY(requireBuffer(thread, data)));
  z_stream* stream = TRY(openStream(thread, self, "while compressing data"));
  Output output;
  TRY(deflateAll(thread, *stream, input, output, Z_NO_FLUSH, "while compressing data"));
  return output.build(thread);
}
Fallible<Value> compressFlush(Thread& thread, Value self, Value givenMode) {
  int mode = TRY(intArgumentOr(thread, givenMode, Z_FINISH));
  if (mode == Z_NO_FLUSH) return makeBytesValue(thread, {});
  z_stream* stream = TRY(openStream(thread, self, "while flushing"));
  Input input({});
  Output output;
  int status = TRY(deflateAll(thread, *stream, input, output, mode, "while flushing"));
  if (status == Z_STREAM_END && mode == Z_FINISH) endStream(self.asCell());
  return output.build(thread);
}

Fallible<Value> copyStream(Thread& thread, Value self) {
  if (streamOf(self)->stream == nullptr) {
    return raise(thread, exceptions.ValueError, "Inconsistent stream state");
  }
  bool inflates = streamOf(self)->inflates;
  Stream* copy = TRY(allocateStream(thread, inflates));
  auto* stream = new (std::nothrow) z_stream{};
  if (stream == nullptr) return raiseMemoryError(thread);
  int error = (inflates ? inflateCopy : deflateCopy)(stream, streamOf(self)->stream);
  if (error != Z_OK) {
    delete stream;
    if (error == Z_MEM_ERROR) return raiseMemoryError(thread);
    return raise(thread, exceptions.ValueError, "Inconsistent stream state");
  }
  adopt(copy, stream);
  copy->unusedData = streamOf(self)->unusedData.get();
  copy->unconsumedTail = streamOf(self)->unconsumedTail.get();
  copy->dictionary = streamOf(self)->dictionary.get();
  copy->atEnd = streamOf(self)->atEnd;
  return Value::of(copy);
}
Fallible<Value> deepcopyStream(Thread& thread, Value self, Value) { return copyStream(thread, self); }

// Input that was not used: behind the end of the data, or because enough has been decompressed.
Fallible<void> keepRest(Thread& thread, Stream* object, const Input& input, int status) {
  if (status == Z_STREAM_END) {
    object->atEnd = true;
    if (input.left() > 0) {
      std::string all(viewOf(toBytes(object->unusedData)));
      all += input.rest();
      object->unusedData = TRY(makeBytesValue(thread, all));
    }
    if (viewOf(toBytes(object->unconsumedTail)).empty()) return {};
    object->unconsumedTail = TRY(makeBytesValue(thread, {}));
    return {};
  }
  if (input.left() == 0 && viewOf(toBytes(object->unconsumedTail)).empty()) return {};
  object->unconsumedTail = TRY(makeBytesValue(thread, input.rest()));
  return {};
}

Fallible<int> inflateInto(Thread& thread, Stream* object, Input& input, Output& output, size_t first, size_t most,
                          int mode, const char* doing) {
  z_stream& stream = *object->stream;
  int status;
  for (;;) {
    if (output.size() >= most) return Z_OK;
    input.offer(stream);
    if (!output.offer(stream, first, most)) return raiseMemoryError(thread);
    status = inflate(&stream, mode);
    bool isFull = stream.avail_out == 0;
    output.taken(stream);
    input.taken(stream);
    std::string_view dictionary;
    if (status == Z_NEED_DICT && !object->dictionary.get().isUnbound() && bufferView(object->dictionary, dictionary)) {
      int error = inflateSetDictionary(&stream, reinterpret_cast<const Bytef*>(dictionary.data()),
                                       static_cast<uInt>(dictionary.size()));
      if (error != Z_OK) return raiseZlib(thread, stream, error, "while setting zdict");
      continue;
    }
    if (status == Z_STREAM_END) return status;
    if (status != Z_OK && status != Z_BUF_ERROR) {
      TRY(keepRest(thread, object, input, status));
      return raiseZlib(thread, stream, status, doing);
    }
    if (!isFull && input.left() == 0) return status;
    TRY(pollEvalBreaker(thread));
  }
}

Fallible<Value> decompressDecompress(Thread& thread, Value self, const Arguments& arguments) {
  static constexpr Parameters kParameters{"decompress", {"data", "/", "max_length"}, 1};
  Value v[2];
  TRY(kParameters.bind(thread, arguments, v));
  Input input(TRY(requireBuffer(thread, v[0])));
  int64_t most = v[1].isUnbound() ? 0 : TRY(ssizeArgument(thread, v[1]));
  if (most < 0) return raise(thread, exceptions.ValueError, "max_length must be non-negative");
  Stream* object = streamOf(self);
  if (object->stream == nullptr) {
    object->unconsumedTail = TRY(makeBytesValue(thread, input.rest()));
    return raiseZlib(thread, z_stream{}, Z_STREAM_ERROR, "while decompressing data");
  }
  size_t limit = most == 0 ? SIZE_MAX : static_cast<size_t>(most);
  Output output;
  size_t first = std::min<size_t>(kBufferSize, limit);
  int status = TRY(inflateInto(thread, object, input, output, first, limit, Z_SYNC_FLUSH, "while decompressing data"));
  TRY(keepRest(thread, object, input, status));
  return output.build(thread);
}

Fallible<Value> decompressFlush(Thread& thread, Value self, Value length) {
  int64_t size = length.isUnbound() ? kBufferSize : TRY(ssizeArgument(thread, length));
  if (size <= 0) return raise(thread, exceptions.ValueError, "length must be greater than zero");
  Stream* object = streamOf(self);
  if (object->stream == nullptr) return makeBytesValue(thread, {});
  Value tail = object->unconsumedTail;
  Input input(viewOf(toBytes(tail)));
  Output output;
  int status =
      TRY(inflateInto(thread, object, input, output, static_cast<size_t>(size), SIZE_MAX, Z_FINISH, "while flushing"));
  TRY(keepRest(thread, object, input, status));
  if (status == Z_STREAM_END) endStream(object);
  return output.build(thread);
}

Fallible<Value> getUnusedData(Thread&, Value self) { return streamOf(self)->unusedData.get(); }
Fallible<Value> getUnconsumedTail(Thread&, Value self) { return streamOf(self)->unconsumedTail.get(); }
Fallible<Value> getEof(Thread&, Value self) { return Value::boolean(streamOf(self)->atEnd); }
template <bool inflates>
Fallible<Value> refuse(Thread& thread, Value, const Arguments&) {
  return raiseTypeError(thread, "cannot create 'zlib.{}' instances", inflates ? "Decompress" : "Compress");
}

// --- checksums --------------------------------------------------------------------------------------------------------

// libdeflate's, which use the processor's wide multiplications: zlib's are several times slower.
uint32_t crc32Of(uint32_t start, std::string_view bytes) {
  return bytes.empty() ? start : libdeflate_crc32(start, bytes.data(), bytes.size());
}
// A start that is no checksum is left to zlib: what it makes of one is what Python shows.
uint32_t adler32Of(uint32_t start, std::string_view bytes) {
  constexpr uint32_t kBase = 65521;
  if (bytes.size() < 16 || (start & 0xffff) >= kBase || start >> 16 >= kBase) {
    return static_cast<uint32_t>(adler32_z(start, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
  }
  return libdeflate_adler32(start, bytes.data(), bytes.size());
}

template <uint32_t (*checksum)(uint32_t, std::string_view), uint32_t initial>
Fallible<Value> checksumOf(Thread& thread, Value data, Value start) {
  std::string_view bytes = TRY(requireBuffer(thread, data));
  uint32_t sum = start.isUnbound() ? initial : static_cast<uint32_t>(TRY(maskArgument(thread, start)));
  return Value::inlineInt(checksum(sum, bytes));
}

constexpr NamedNumber kNumbers[] = {
    {"MAX_WBITS", MAX_WBITS},
    {"DEFLATED", Z_DEFLATED},
    {"DEF_MEM_LEVEL", MAX_MEM_LEVEL - 1},
    {"DEF_BUF_SIZE", kBufferSize},
    {"Z_NO_COMPRESSION", Z_NO_COMPRESSION},
    {"Z_BEST_SPEED", Z_BEST_SPEED},
    {"Z_BEST_COMPRESSION", Z_BEST_COMPRESSION},
    {"Z_DEFAULT_COMPRESSION", Z_DEFAULT_COMPRESSION},
    {"Z_FILTERED", Z_FILTERED},
    {"Z_HUFFMAN_ONLY", Z_HUFFMAN_ONLY},
    {"Z_RLE", Z_RLE},
    {"Z_FIXED", Z_FIXED},
    {"Z_DEFAULT_STRATEGY", Z_DEFAULT_STRATEGY},
    {"Z_NO_FLUSH", Z_NO_FLUSH},
    {"Z_PARTIAL_FLUSH", Z_PARTIAL_FLUSH},
    {"Z_SYNC_FLUSH", Z_SYNC_FLUSH},
    {"Z_FULL_FLUSH", Z_FULL_FLUSH},
    {"Z_FINISH", Z_FINISH},
    {"Z_BLOCK", Z_BLOCK},
    {"Z_TREES", Z_TREES},
};

}  // namespace

Module* moduleZlib(Thread& thread) {
  zlibError = makeExceptionClass(thread, "zlib", "error", exceptions.Exception);
  compressType = keepType(TypeBuilder(thread, "Compress", types.object, Kind::kNative)
                              .module("zlib")
                              .constructor(refuse<false>)
                              .method("compress", compressCompress)
                              .method("flush", compressFlush, 1)
                              .method("copy", copyStream)
                              .method("__copy__", copyStream)
                              .method("__deepcopy__", deepcopyStream)
                              .build());
  decompressType = keepType(TypeBuilder(thread, "Decompress", types.object, Kind::kNative)
                                .module("zlib")
                                .constructor(refuse<true>)
                                .variadic("decompress", decompressDecompress)
                                .method("flush", decompressFlush, 1)
                                .method("copy", copyStream)
                                .method("__copy__", copyStream)
                                .method("__deepcopy__", deepcopyStream)
                                .getter("unused_data", getUnusedData)
                                .getter("unconsumed_tail", getUnconsumedTail)
                                .getter("eof", getEof)
                                .build());
  ModuleBuilder builder(thread, "zlib", "The compression of zlib and gzip, and their checksums.");
  addNumbers(thread, builder, kNumbers);
  return builder.constant("error", Value::of(zlibError))
      .constant("ZLIB_VERSION", startUp(makeStrValue(thread, ZLIB_VERSION)))
      .constant("ZLIB_RUNTIME_VERSION", startUp(makeStrValue(thread, zlibVersion())))
      .constant("__version__", startUp(makeStrValue(thread, "1.0")))
      .variadic("compress", zlibCompress)
      .variadic("decompress", zlibDecompress)
      .variadic("compressobj", zlibCompressobj)
      .variadic("decompressobj", zlibDecompressobj)
      .function("crc32", checksumOf<crc32Of, 0>, 1)
      .function("adler32", checksumOf<adler32Of, 1>, 1)
      .build();
}

}  // namespace krait
