// The module _bz2: compression by libbz2.
#include <bzlib.h>

#include <climits>
#include <new>

#include "vm/builtins/type_internal.h"
#include "vm/modules/compression.h"
#include "vm/modules/registry.h"

namespace krait {
namespace {

constexpr int64_t kStreamBytes = 4 << 20;  // what a stream holds outside the heap, about

struct Bz2 : NativeObject {
  Field<Value> unusedData;  // bytes, of a decompressor
  bz_stream* stream;
  std::string* waiting;  // input that a limit left over, of a decompressor
  bool inflates, isFinished, needsInput;
};
void traceBz2(Cell* cell, Marker& marker) { marker.mark(static_cast<Bz2*>(cell)->unusedData); }
void endBz2(Cell* cell) {
  auto* object = static_cast<Bz2*>(cell);
  if (object->stream != nullptr) {
    (object->inflates ? BZ2_bzDecompressEnd : BZ2_bzCompressEnd)(object->stream);
    delete object->stream;
    heap.accountExternal(-kStreamBytes);
  }
  delete object->waiting;
  object->stream = nullptr;
  object->waiting = nullptr;
}
constexpr NativeTraits kTraits{"bz2", traceBz2, endBz2};
Bz2* bz2Of(Value v) { return v.as<Bz2>(); }

KRAIT_COLD Raised raiseBz2(Thread& thread, int error) {
  switch (error) {
    case BZ_PARAM_ERROR:
      return raise(thread, exceptions.ValueError, "Internal error - invalid parameters passed to libbzip2");
    case BZ_MEM_ERROR: return raiseMemoryError(thread);
    case BZ_DATA_ERROR:
    case BZ_DATA_ERROR_MAGIC: return raise(thread, exceptions.OSError, "Invalid data stream");
    case BZ_IO_ERROR: return raise(thread, exceptions.OSError, "Unknown I/O error");
    case BZ_UNEXPECTED_EOF:
      return raise(thread, exceptions.EOFError, "Compressed file ended before the logical end-of-stream was detected");
    case BZ_SEQUENCE_ERROR:
      return raise(thread, exceptions.RuntimeError, "Internal error - Invalid sequence of commands sent to libbzip2");
    default: return raiseFormat(thread, exceptions.OSError, "Unrecognized error from libbzip2: {}", error);
  }
}

Fallible<Bz2*> allocateBz2(Thread& thread, Type* type, bool inflates) {
  auto* object = TRY(allocate<Bz2>(thread, Kind::kNative, type->instanceShape));
  object->traits = &kTraits;
  object->inflates = inflates;
  object->unusedData = TRY(makeBytesValue(thread, {}));
  object->needsInput = true;
  if (!heap.registerFinaliser(thread, object)) return raiseMemoryError(thread);
  return object;
}
// Starts the object's stream; a failure leaves it without one.
template <class F>
Fallible<void> startBz2(Thread& thread, Bz2* object, F start) {
  auto* stream = new (std::nothrow) bz_stream{};
  if (stream == nullptr) return raiseMemoryError(thread);
  int error = start(stream);
  if (error != BZ_OK) {
    delete stream;
    return raiseBz2(thread, error);
  }
  object->stream = stream;
  heap.accountExternal(kStreamBytes);
  return {};
}

// --- compressing ------------------------------------------------------------------------------------------------------

Fallible<Value> compressorNew(Thread& thread, Value type, const Arguments& arguments) {
  TRY(arguments.noKeywords(thread, "BZ2Compressor"));
  TRY(arguments.count(thread, "BZ2Compressor", 0, 1));
  int level = arguments.positional == 0 ? 9 : TRY(intArgument(thread, arguments[0]));
  if (level < 1 || level > 9) {
    return raise(thread, exceptions.ValueError, "compresslevel must be between 1 and 9");
  }
  Bz2* object = TRY(allocateBz2(thread, type.as<Type>(), false));
  TRY(startBz2(thread, object, [&](bz_stream* stream) { return BZ2_bzCompressInit(stream, level, 0, 0); }));
  return Value::of(object);
}

Fallible<Value> compressMore(Thread& thread, bz_stream* stream, std::string_view input, int action) {
  GrowingOutput output(UINT64_MAX / 4);
  const char* from = input.data();
  uint64_t left = input.size();
  for (;;) {
    auto portion = static_cast<unsigned>(std::min<uint64_t>(left, UINT_MAX));
    uint8_t* next;
    uint64_t room;
    if (!output.offer(next, room)) return raiseMemoryError(thread);
    auto space = static_cast<unsigned>(std::min<uint64_t>(room, UINT_MAX));
    stream->next_in = const_cast<char*>(from);
    stream->avail_in = portion;
    stream->next_out = reinterpret_cast<char*>(next);
    stream->avail_out = space;
    int status = action == BZ_RUN && portion == 0 ? BZ_RUN_OK : BZ2_bzCompress(stream, action);
    from += portion - stream->avail_in;
    left -= portion - stream->avail_in;
    output.taken(space - stream->avail_out);
    if (status < 0) return raiseBz2(thread, status);
    if (action == BZ_RUN ? left == 0 : status == BZ_STREAM_END) break;
    TRY(pollEvalBreaker(thread));
  }
  return output.build(thread);
}
Fallible<Value> compressorCompress(Thread& thread, Value self, Value data) {
  std::string_view bytes = TRY(requireBuffer(thread, data));
  if (bz2Of(self)->isFinished) return raise(thread, exceptions.ValueError, "Compressor has been flushed");
  return compressMore(thread, bz2Of(self)->stream, bytes, BZ_RUN);
}
Fallible<Value> compressorFlush(Thread& thread, Value self) {
  if (bz2Of(self)->isFinished) return raise(thread, exceptions.ValueError, "Repeated call to flush()");
  bz2Of(self)->isFinished = true;
  return compressMore(thread, bz2Of(self)->stream, {}, BZ_FINISH);
}
KRAIT_COLD Fallible<Value> refusePickle(Thread& thread, Value self) {
  return raiseTypeError(thread, "cannot pickle '{}' object", nameOf(self));
}

// --- decompressing ----------------------------------------------------------------------------------------------------

Fallible<Value> decompressorNew(Thread& thread, Value type, const Arguments& arguments) {
  TRY(arguments.noKeywords(thread, "BZ2Decompressor"));
  if (arguments.positional != 0) {
    return raise(thread, exceptions.TypeError, "BZ2Decompressor() takes no positional arguments");
  }
  Bz2* object = TRY(allocateBz2(thread, type.as<Type>(), true));
  object->waiting = new std::string();
  TRY(startBz2(thread, object, [](bz_stream* stream) { return BZ2_bzDecompressInit(stream, 0, 0); }));
  return Value::of(object);
}

Fallible<Value> decompressorDecompress(Thread& thread, Value self, const Arguments& arguments) {
  static constexpr Parameters kParameters{"decompress", {"data", "max_length"}, 1};
  Value v[2];
  TRY(kParameters.bind(thread, arguments, v));
  std::string_view data = TRY(requireBuffer(thread, v[0]));
  int64_t most = v[1].isUnbound() ? -1 : TRY(ssizeArgument(thread, v[1]));
  Bz2* object = bz2Of(self);
  if (object->isFinished) return raise(thread, exceptions.EOFError, "End of stream already reached");
  std::string input = std::move(*object->waiting);
  object->waiting->clear();
  input.append(data);
  bz_stream* stream = object->stream;
  GrowingOutput output(most < 0 ? UINT64_MAX / 4 : static_cast<uint64_t>(most));
  const char* from = input.data();
  uint64_t left = input.size();
  bool ended = false, moreWaits = false;
  while (!output.isFull()) {
    auto portion = static_cast<unsigned>(std::min<uint64_t>(left, UINT_MAX));
    uint8_t* next;
    uint64_t room;
    if (!output.offer(next, room)) return raiseMemoryError(thread);
    auto space = static_cast<unsigned>(std::min<uint64_t>(room, UINT_MAX));
    stream->next_in = const_cast<char*>(from);
    stream->avail_in = portion;
    stream->next_out = reinterpret_cast<char*>(next);
    stream->avail_out = space;
    int status = BZ2_bzDecompress(stream);
    from += portion - stream->avail_in;
    left -= portion - stream->avail_in;
    output.taken(space - stream->avail_out);
    moreWaits = stream->avail_out == 0;
    if (status != BZ_OK && status != BZ_STREAM_END) return raiseBz2(thread, status);
    if (status == BZ_STREAM_END) {
      ended = true;
      break;
    }
    if (!moreWaits && left == 0) break;
    TRY(pollEvalBreaker(thread));
  }
  if (ended) {
    object->isFinished = true;
    object->needsInput = false;
    if (left > 0) object->unusedData = TRY(makeBytesValue(thread, {from, left}));
  } else {
    object->waiting->assign(from, left);
    object->needsInput = left == 0 && !(moreWaits && output.isFull());
  }
  return output.build(thread);
}

Fallible<Value> getEof(Thread&, Value self) { return Value::boolean(bz2Of(self)->isFinished); }
Fallible<Value> getNeedsInput(Thread&, Value self) { return Value::boolean(bz2Of(self)->needsInput); }
Fallible<Value> getUnusedData(Thread&, Value self) { return bz2Of(self)->unusedData.get(); }

}  // namespace

Module* moduleBz2(Thread& thread) {
  Type* compressor = keepType(TypeBuilder(thread, "BZ2Compressor", types.object, Kind::kNative)
                                  .module("_bz2")
                                  .flags(Type::kBaseType)
                                  .constructor(compressorNew)
                                  .method("compress", compressorCompress)
                                  .method("flush", compressorFlush)
                                  .method("__reduce__", refusePickle)
                                  .build());
  Type* decompressor = keepType(TypeBuilder(thread, "BZ2Decompressor", types.object, Kind::kNative)
                                    .module("_bz2")
                                    .flags(Type::kBaseType)
                                    .constructor(decompressorNew)
                                    .variadic("decompress", decompressorDecompress)
                                    .method("__reduce__", refusePickle)
                                    .getter("eof", getEof)
                                    .getter("needs_input", getNeedsInput)
                                    .getter("unused_data", getUnusedData)
                                    .build());
  return ModuleBuilder(thread, "_bz2")
      .constant("BZ2Compressor", Value::of(compressor))
      .constant("BZ2Decompressor", Value::of(decompressor))
      .build();
}

}  // namespace krait
