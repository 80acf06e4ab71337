// The module _lzma: compression by liblzma.
#include <new>

#include "vm/builtins/type_internal.h"
#include "vm/modules/compression.h"
#include "vm/modules/lzma_internal.h"
#include "vm/modules/registry.h"

namespace krait {

Type* lzmaError = nullptr;

Fallible<void> checkLzma(Thread& thread, lzma_ret status) {
  switch (status) {
    case LZMA_OK:
    case LZMA_GET_CHECK:
    case LZMA_NO_CHECK:
    case LZMA_STREAM_END: return {};
    case LZMA_UNSUPPORTED_CHECK: return raise(thread, lzmaError, "Unsupported integrity check");
    case LZMA_MEM_ERROR: return raiseMemoryError(thread);
    case LZMA_MEMLIMIT_ERROR: return raise(thread, lzmaError, "Memory usage limit exceeded");
    case LZMA_FORMAT_ERROR: return raise(thread, lzmaError, "Input format not supported by decoder");
    case LZMA_OPTIONS_ERROR: return raise(thread, lzmaError, "Invalid or unsupported options");
    case LZMA_DATA_ERROR: return raise(thread, lzmaError, "Corrupt input data");
    case LZMA_BUF_ERROR: return raise(thread, lzmaError, "Insufficient buffer space");
    case LZMA_PROG_ERROR: return raise(thread, lzmaError, "Internal error");
    default: return raiseFormat(thread, lzmaError, "Unrecognized error from liblzma: {}", static_cast<int>(status));
  }
}

namespace {

enum Format { kAuto, kXz, kAlone, kRaw };
constexpr int kUnknownCheck = LZMA_CHECK_ID_MAX + 1;
constexpr int64_t kStreamBytes = 8 << 20;  // what a stream holds outside the heap, about

struct Lzma : NativeObject {
  Field<Value> unusedData;  // bytes, of a decompressor
  lzma_stream* stream;
  std::string* waiting;  // input that a limit left over, of a decompressor
  int check;
  bool isFinished, needsInput;
};
void traceLzma(Cell* cell, Marker& marker) { marker.mark(static_cast<Lzma*>(cell)->unusedData); }
void endLzma(Cell* cell) {
  auto* object = static_cast<Lzma*>(cell);
  if (object->stream != nullptr) {
    lzma_end(object->stream);
    delete object->stream;
    heap.accountExternal(-kStreamBytes);
  }
  delete object->waiting;
  object->stream = nullptr;
  object->waiting = nullptr;
}
constexpr NativeTraits kTraits{"lzma", traceLzma, endLzma};
Lzma* lzmaOf(Value v) { return v.as<Lzma>(); }

Fallible<Lzma*> allocateLzma(Thread& thread, Type* type) {
  auto* object = TRY(allocate<Lzma>(thread, Kind::kNative, type->instanceShape));
  object->traits = &kTraits;
  object->unusedData = TRY(makeBytesValue(thread, {}));
  object->needsInput = true;
  object->check = kUnknownCheck;
  if (!heap.registerFinaliser(thread, object)) return raiseMemoryError(thread);
  object->stream = new (std::nothrow) lzma_stream LZMA_STREAM_INIT;
  if (object->stream == nullptr) return raiseMemoryError(thread);
  heap.accountExternal(kStreamBytes);
  return object;
}

// --- compressing ------------------------------------------------------------------------------------------------------

Fallible<lzma_ret> startCompressor(Thread& thread, lzma_stream* stream, int format, int check, uint32_t preset,
                                   Value filters) {
  FilterChain chain;
  bool hasChain = !filters.isNone();
  if (hasChain) TRY(filterChainArgument(thread, filters, chain));
  switch (format) {
    case kXz:
      return hasChain ? lzma_stream_encoder(stream, chain.filters, static_cast<lzma_check>(check))
                      : lzma_easy_encoder(stream, preset, static_cast<lzma_check>(check));
    case kAlone: {
      if (!hasChain) {
        lzma_options_lzma options;
        if (lzma_lzma_preset(&options, preset)) {
          return raiseFormat(thread, lzmaError, "Invalid compression preset: {}", preset);
        }
        return lzma_alone_encoder(stream, &options);
      }
      if (chain.filters[0].id != LZMA_FILTER_LZMA1 || chain.filters[1].id != LZMA_VLI_UNKNOWN) {
        return raise(thread, exceptions.ValueError,
                     "Invalid filter chain for FORMAT_ALONE - must be a single LZMA1 filter");
      }
      return lzma_alone_encoder(stream, static_cast<lzma_options_lzma*>(chain.filters[0].options));
    }
    default: return lzma_raw_encoder(stream, chain.filters);
  }
}

Fallible<Value> compressorNew(Thread& thread, Value type, const Arguments& arguments) {
  static constexpr Parameters kParameters{"LZMACompressor", {"format", "check", "preset", "filters"}, 0};
  Value v[4];
  TRY(kParameters.bind(thread, arguments, v));
  int format = TRY(intArgumentOr(thread, v[0], kXz)), check = TRY(intArgumentOr(thread, v[1], -1));
  bool hasPreset = !v[2].isUnbound() && !v[2].isNone(), hasFilters = !v[3].isUnbound() && !v[3].isNone();
  if (hasPreset && hasFilters) {
    return raise(thread, exceptions.ValueError, "Cannot specify both preset and filter chain");
  }
  uint64_t preset = hasPreset ? TRY(unsignedArgument(thread, v[2])) : uint64_t{LZMA_PRESET_DEFAULT};
  if (preset > UINT32_MAX) return raise(thread, exceptions.OverflowError, "Value too large for uint32_t type");
  if (format < kXz || format > kRaw) return raiseValueError(thread, "Invalid container format: {}", format);
  if (format != kXz && check != -1 && check != LZMA_CHECK_NONE) {
    return raise(thread, exceptions.ValueError, "Integrity checks are only supported by FORMAT_XZ");
  }
  if (format == kRaw && !hasFilters) {
    return raise(thread, exceptions.ValueError, "Must specify filters for FORMAT_RAW");
  }
  if (check == -1) check = LZMA_CHECK_CRC64;
  Lzma* object = TRY(allocateLzma(thread, type.as<Type>()));
  lzma_ret status = TRY(startCompressor(thread, object->stream, format, check, static_cast<uint32_t>(preset),
                                        hasFilters ? v[3] : Value::none()));
  TRY(checkLzma(thread, status));
  return Value::of(object);
}

Fallible<Value> compressMore(Thread& thread, lzma_stream* stream, std::string_view input, lzma_action action) {
  GrowingOutput output(UINT64_MAX / 4);
  stream->next_in = reinterpret_cast<const uint8_t*>(input.data());
  stream->avail_in = input.size();
  for (;;) {
    uint8_t* next;
    uint64_t room;
    if (!output.offer(next, room)) return raiseMemoryError(thread);
    stream->next_out = next;
    stream->avail_out = room;
    lzma_ret status = lzma_code(stream, action);
    output.taken(room - stream->avail_out);
    bool stalls = status == LZMA_BUF_ERROR && stream->avail_in == 0 && stream->avail_out > 0;
    if (!stalls) TRY(checkLzma(thread, status));
    if (action == LZMA_RUN ? stream->avail_in == 0 && stream->avail_out > 0 : status == LZMA_STREAM_END) break;
    TRY(pollEvalBreaker(thread));
  }
  return output.build(thread);
}
Fallible<Value> compressorCompress(Thread& thread, Value self, Value data) {
  std::string_view bytes = TRY(requireBuffer(thread, data));
  if (lzmaOf(self)->isFinished) return raise(thread, exceptions.ValueError, "Compressor has been flushed");
  return compressMore(thread, lzmaOf(self)->stream, bytes, LZMA_RUN);
}
Fallible<Value> compressorFlush(Thread& thread, Value self) {
  if (lzmaOf(self)->isFinished) return raise(thread, exceptions.ValueError, "Repeated call to flush()");
  lzmaOf(self)->isFinished = true;
  return compressMore(thread, lzmaOf(self)->stream, {}, LZMA_FINISH);
}
KRAIT_COLD Fallible<Value> refusePickle(Thread& thread, Value self) {
  return raiseTypeError(thread, "cannot pickle '{}' object", nameOf(self));
}

// --- decompressing ----------------------------------------------------------------------------------------------------

Fallible<Value> decompressorNew(Thread& thread, Value type, const Arguments& arguments) {
  static constexpr Parameters kParameters{"LZMADecompressor", {"format", "memlimit", "filters"}, 0};
  Value v[3];
  TRY(kParameters.bind(thread, arguments, v));
  int format = TRY(intArgumentOr(thread, v[0], kAuto));
  uint64_t limit = UINT64_MAX;
  bool hasFilters = !v[2].isUnbound() && !v[2].isNone();
  if (!v[1].isUnbound() && !v[1].isNone()) {
    if (format == kRaw) return raise(thread, exceptions.ValueError, "Cannot specify memory limit with FORMAT_RAW");
    limit = TRY(unsignedArgument(thread, v[1]));
  }
  if (format == kRaw && !hasFilters) {
    return raise(thread, exceptions.ValueError, "Must specify filters for FORMAT_RAW");
  }
  if (format != kRaw && hasFilters) {
    return raise(thread, exceptions.ValueError, "Cannot specify filters except with FORMAT_RAW");
  }
  if (format < kAuto || format > kRaw) return raiseValueError(thread, "Invalid container format: {}", format);
  Lzma* object = TRY(allocateLzma(thread, type.as<Type>()));
  object->waiting = new std::string();
  constexpr uint32_t kFlags = LZMA_TELL_ANY_CHECK | LZMA_TELL_NO_CHECK;
  lzma_ret status;
  if (format == kRaw) {
    FilterChain chain;
    TRY(filterChainArgument(thread, v[2], chain));
    status = lzma_raw_decoder(object->stream, chain.filters);
    object->check = LZMA_CHECK_NONE;
  } else if (format == kXz) {
    status = lzma_stream_decoder(object->stream, limit, kFlags);
  } else if (format == kAlone) {
    status = lzma_alone_decoder(object->stream, limit);
    object->check = LZMA_CHECK_NONE;
  } else {
    status = lzma_auto_decoder(object->stream, limit, kFlags);
  }
  TRY(checkLzma(thread, status));
  return Value::of(object);
}

Fallible<Value> decompressorDecompress(Thread& thread, Value self, const Arguments& arguments) {
  static constexpr Parameters kParameters{"decompress", {"data", "max_length"}, 1};
  Value v[2];
  TRY(kParameters.bind(thread, arguments, v));
  std::string_view data = TRY(requireBuffer(thread, v[0]));
  int64_t most = v[1].isUnbound() ? -1 : TRY(ssizeArgument(thread, v[1]));
  Lzma* object = lzmaOf(self);
  if (object->isFinished) return raise(thread, exceptions.EOFError, "Already at end of stream");
  std::string input = std::move(*object->waiting);
  object->waiting->clear();
  input.append(data);
  lzma_stream* stream = object->stream;
  stream->next_in = reinterpret_cast<const uint8_t*>(input.data());
  stream->avail_in = input.size();
  GrowingOutput output(most < 0 ? UINT64_MAX / 4 : static_cast<uint64_t>(most));
  bool ended = false, moreWaits = false;
  while (!output.isFull()) {
    uint8_t* next;
    uint64_t room;
    if (!output.offer(next, room)) return raiseMemoryError(thread);
    stream->next_out = next;
    stream->avail_out = room;
    lzma_ret status = lzma_code(stream, LZMA_RUN);
    output.taken(room - stream->avail_out);
    moreWaits = stream->avail_out == 0;
    bool stalls = status == LZMA_BUF_ERROR && stream->avail_in == 0 && !moreWaits;
    if (!stalls) TRY(checkLzma(thread, status));
    if (status == LZMA_GET_CHECK || status == LZMA_NO_CHECK) object->check = lzma_get_check(stream);
    if (status == LZMA_STREAM_END) {
      ended = true;
      break;
    }
    if (!moreWaits && stream->avail_in == 0) break;
    TRY(pollEvalBreaker(thread));
  }
  const char* rest = reinterpret_cast<const char*>(stream->next_in);
  if (ended) {
    object->isFinished = true;
    object->needsInput = false;
    if (stream->avail_in > 0) object->unusedData = TRY(makeBytesValue(thread, {rest, stream->avail_in}));
  } else {
    object->waiting->assign(rest, stream->avail_in);
    object->needsInput = stream->avail_in == 0 && !(moreWaits && output.isFull());
  }
  stream->next_in = nullptr;
  stream->avail_in = 0;
  return output.build(thread);
}

Fallible<Value> getCheck(Thread&, Value self) { return Value::inlineInt(lzmaOf(self)->check); }
Fallible<Value> getEof(Thread&, Value self) { return Value::boolean(lzmaOf(self)->isFinished); }
Fallible<Value> getNeedsInput(Thread&, Value self) { return Value::boolean(lzmaOf(self)->needsInput); }
Fallible<Value> getUnusedData(Thread&, Value self) { return lzmaOf(self)->unusedData.get(); }

Fallible<Value> isCheckSupported(Thread& thread, Value check) {
  return Value::boolean(lzma_check_is_supported(static_cast<lzma_check>(TRY(intArgument(thread, check)))) != 0);
}

constexpr NamedNumber kNumbers[] = {
    {"FORMAT_AUTO", kAuto},
    {"FORMAT_XZ", kXz},
    {"FORMAT_ALONE", kAlone},
    {"FORMAT_RAW", kRaw},
    {"CHECK_NONE", LZMA_CHECK_NONE},
    {"CHECK_CRC32", LZMA_CHECK_CRC32},
    {"CHECK_CRC64", LZMA_CHECK_CRC64},
    {"CHECK_SHA256", LZMA_CHECK_SHA256},
    {"CHECK_ID_MAX", LZMA_CHECK_ID_MAX},
    {"CHECK_UNKNOWN", kUnknownCheck},
    {"FILTER_LZMA1", static_cast<int64_t>(LZMA_FILTER_LZMA1)},
    {"FILTER_LZMA2", LZMA_FILTER_LZMA2},
    {"FILTER_DELTA", LZMA_FILTER_DELTA},
    {"FILTER_X86", LZMA_FILTER_X86},
    {"FILTER_POWERPC", LZMA_FILTER_POWERPC},
    {"FILTER_IA64", LZMA_FILTER_IA64},
    {"FILTER_ARM", LZMA_FILTER_ARM},
    {"FILTER_ARMTHUMB", LZMA_FILTER_ARMTHUMB},
    {"FILTER_SPARC", LZMA_FILTER_SPARC},
    {"MF_HC3", LZMA_MF_HC3},
    {"MF_HC4", LZMA_MF_HC4},
    {"MF_BT2", LZMA_MF_BT2},
    {"MF_BT3", LZMA_MF_BT3},
    {"MF_BT4", LZMA_MF_BT4},
    {"MODE_FAST", LZMA_MODE_FAST},
    {"MODE_NORMAL", LZMA_MODE_NORMAL},
    {"PRESET_DEFAULT", LZMA_PRESET_DEFAULT},
    {"PRESET_EXTREME", int64_t{LZMA_PRESET_EXTREME}},
};

}  // namespace

Module* moduleLzma(Thread& thread) {
  lzmaError = makeExceptionClass(thread, "_lzma", "LZMAError", exceptions.Exception);
  Type* compressor = keepType(TypeBuilder(thread, "LZMACompressor", types.object, Kind::kNative)
                                  .module("_lzma")
                                  .flags(Type::kBaseType)
                                  .constructor(compressorNew)
                                  .method("compress", compressorCompress)
                                  .method("flush", compressorFlush)
                                  .method("__reduce__", refusePickle)
                                  .build());
  Type* decompressor = keepType(TypeBuilder(thread, "LZMADecompressor", types.object, Kind::kNative)
                                    .module("_lzma")
                                    .flags(Type::kBaseType)
                                    .constructor(decompressorNew)
                                    .variadic("decompress", decompressorDecompress)
                                    .method("__reduce__", refusePickle)
                                    .getter("check", getCheck)
                                    .getter("eof", getEof)
                                    .getter("needs_input", getNeedsInput)
                                    .getter("unused_data", getUnusedData)
                                    .build());
  ModuleBuilder builder(thread, "_lzma");
  addNumbers(thread, builder, kNumbers);
  addLzmaFilters(thread, builder);
  return builder.constant("LZMAError", Value::of(lzmaError))
      .constant("LZMACompressor", Value::of(compressor))
      .constant("LZMADecompressor", Value::of(decompressor))
      .function("is_check_supported", isCheckSupported)
      .build();
}

}  // namespace krait
