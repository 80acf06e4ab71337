// io.BytesIO: a binary file whose content is in memory.
#include <algorithm>
#include <cstring>

#include "vm/builtins/buffer_export.h"
#include "vm/builtins/dict.h"
#include "vm/builtins/int.h"
#include "vm/builtins/io_internal.h"
#include "vm/builtins/list.h"
#include "vm/builtins/memoryview.h"
#include "vm/builtins/str.h"
#include "vm/builtins/text.h"
#include "vm/builtins/tuple.h"
#include "vm/names.h"

namespace krait {
namespace {

struct BytesFile : NativeObject {
  Field<ByteArray*> storage;  // may be null
  Field<Value> exporter;      // what views made by getbuffer() look at; unbound before the first
  uint64_t length, position;
  bool closed;
  std::string_view content() const {
    return {length == 0 ? "" : reinterpret_cast<const char*>(storage->bytes), length};
  }
};
// The object under the memoryviews of getbuffer(): it outlives close() and says whether there are views.
struct BytesExporter : NativeObject {
  Field<Value> file;
};

void traceBytes(Cell* cell, Marker& marker) {
  marker.mark(static_cast<BytesFile*>(cell)->storage);
  marker.mark(static_cast<BytesFile*>(cell)->exporter);
}
void traceExporter(Cell* cell, Marker& marker) { marker.mark(static_cast<BytesExporter*>(cell)->file); }
constexpr NativeTraits kTraits{"BytesIO", traceBytes, nullptr};
constexpr NativeTraits kExporterTraits{"_BytesIOBuffer", traceExporter, nullptr};
Type* exporterType;

BytesFile* self_(Value v) { return v.as<BytesFile>(); }

bool exportBytes(Cell* cell, ExportedBuffer& out) {
  auto* b = self_(static_cast<BytesExporter*>(cell)->file);
  out = {b->length == 0 ? nullptr : b->storage->bytes, b->length};
  return true;
}

Fallible<BytesFile*> open(Thread& thread, Value self) {
  if (self_(self)->closed) return raise(thread, exceptions.ValueError, "I/O operation on closed file.");
  return self_(self);
}
// ... whose content no view looks at.
Fallible<BytesFile*> changeable(Thread& thread, Value self) {
  BytesFile* b = TRY(open(thread, self));
  if (!b->exporter.get().isUnbound()) TRY(checkNoViews(thread, b->exporter.get().asCell()));
  return b;
}

Fallible<void> resize(Thread& thread, BytesFile* b, uint64_t length) {
  uint64_t capacity = b->storage == nullptr ? 0 : b->storage->capacity;
  if (length > capacity) {
    if (length > kMaxStrLength) return raiseMemoryError(thread);
    uint64_t wanted = b->length == 0 ? length : std::max(length, capacity + capacity / 2 + 16);
    ByteArray* storage = TRY(allocateBytes(thread, wanted));
    memcpy(storage->bytes, b->content().data(), b->length);
    b->storage = storage;
  }
  if (length > b->length) memset(b->storage->bytes + b->length, 0, length - b->length);
  b->length = length;
  return {};
}

Fallible<void> put(Thread& thread, BytesFile* b, std::string_view bytes) {
  if (bytes.empty()) return {};
  if (b->position > kMaxStrLength) return raise(thread, exceptions.OverflowError, "new position too large");
  uint64_t end = b->position + bytes.size();
  if (end > b->length) TRY(resize(thread, b, end));
  memmove(b->storage->bytes + b->position, bytes.data(), bytes.size());
  b->position = end;
  return {};
}

// --- making -----------------------------------------------------------------------------------------------------------
Fallible<Value> bytesNew(Thread& thread, Value self, const Arguments&) {
  auto* b = TRY(allocate<BytesFile>(thread, Kind::kNative, self.as<Type>()->instanceShape));
  b->traits = &kTraits;
  b->exporter = Value::unbound();
  return Value::of(b);
}
Fallible<void> setContent(Thread& thread, BytesFile* b, Value initial) {
  b->position = 0;
  b->length = 0;
  b->storage = nullptr;
  if (initial.isNone() || initial.isUnbound()) return {};
  TRY(put(thread, b, TRY(requireBuffer(thread, initial))));
  b->position = 0;
  return {};
}
Fallible<Value> bytesInit(Thread& thread, Value self, const Arguments& arguments) {
  static constexpr Parameters kParameters{"BytesIO", {"initial_bytes"}, 0};
  Value initial;
  TRY(kParameters.bind(thread, arguments, &initial));
  self_(self)->closed = false;
  TRY(changeable(thread, self));
  TRY(setContent(thread, self_(self), initial));
  return Value::none();
}

// --- reading ----------------------------------------------------------------------------------------------------------
// At most `size` bytes from the position on, which moves.
std::string_view take(BytesFile* b, int64_t size) {
  std::string_view all = b->content();
  all.remove_prefix(std::min<uint64_t>(b->position, all.size()));
  if (size >= 0) all = all.substr(0, static_cast<size_t>(size));
  b->position += all.size();
  return all;
}
Fallible<Value> bytesRead(Thread& thread, Value self, Value sizeValue) {
  int64_t size = TRY(sizeOrAll(thread, sizeValue));
  return Value::of(TRY(makeBytes(thread, take(TRY(open(thread, self)), size))));
}
int64_t lineSize(const BytesFile* b, int64_t limit) {
  std::string_view rest = b->content();
  rest.remove_prefix(std::min<uint64_t>(b->position, rest.size()));
  size_t newline = rest.find('\n');
  auto size = static_cast<int64_t>(newline == std::string_view::npos ? rest.size() : newline + 1);
  return limit >= 0 ? std::min(limit, size) : size;
}
Fallible<Value> bytesReadline(Thread& thread, Value self, Value sizeValue) {
  int64_t limit = TRY(sizeOrAll(thread, sizeValue));
  BytesFile* b = TRY(open(thread, self));
  return Value::of(TRY(makeBytes(thread, take(b, lineSize(b, limit)))));
}
Fallible<Value> bytesReadlines(Thread& thread, Value self, Value hint) {
  int64_t limit = TRY(sizeOrAll(thread, hint)), total = 0;
  TRY(open(thread, self));
  List* lines = TRY(makeListWithCapacity(thread, 0));
  for (;;) {
    BytesFile* b = self_(self);
    std::string_view line = take(b, lineSize(b, -1));
    if (line.empty()) break;
    total += static_cast<int64_t>(line.size());
    TRY(listAppend(thread, lines, Value::of(TRY(makeBytes(thread, line)))));
    if (limit > 0 && total >= limit) break;
  }
  return Value::of(lines);
}
Fallible<Value> bytesNext(Thread& thread, Value self) {
  BytesFile* b = TRY(open(thread, self));
  std::string_view line = take(b, lineSize(b, -1));
  if (line.empty()) return Value::unbound();
  return Value::of(TRY(makeBytes(thread, line)));
}
Fallible<Value> bytesReadinto(Thread& thread, Value self, Value target) {
  std::span<uint8_t> room = TRY(writableBuffer(thread, target, "readinto"));
  std::string_view bytes = take(TRY(open(thread, self)), static_cast<int64_t>(room.size()));
  if (!bytes.empty()) memmove(room.data(), bytes.data(), bytes.size());
  return makeInt(thread, static_cast<int64_t>(bytes.size()));
}
Fallible<Value> bytesGetvalue(Thread& thread, Value self) {
  return Value::of(TRY(makeBytes(thread, TRY(open(thread, self))->content())));
}
Fallible<Value> bytesGetbuffer(Thread& thread, Value self) {
  BytesFile* b = TRY(open(thread, self));
  if (b->exporter.get().isUnbound()) {
    auto* exporter = TRY(allocate<BytesExporter>(thread, Kind::kNative, exporterType->instanceShape));
    exporter->traits = &kExporterTraits;
    exporter->file = self;
    b->exporter = Value::of(exporter);
  }
  return makeMemoryview(thread, b->exporter);
}

// --- writing ----------------------------------------------------------------------------------------------------------
Fallible<Value> bytesWrite(Thread& thread, Value self, Value data) {
  BytesFile* b = TRY(changeable(thread, self));
  std::string_view bytes = TRY(requireBuffer(thread, data));
  auto count = static_cast<int64_t>(bytes.size());
  TRY(put(thread, b, bytes));
  return makeInt(thread, count);
}
Fallible<Value> bytesWritelines(Thread& thread, Value self, Value lines) {
  TRY(changeable(thread, self));
  TRY(forEach(thread, lines, [&](Value line) -> Fallible<bool> {
    TRY(bytesWrite(thread, self, line));
    return true;
  }));
  return Value::none();
}
Fallible<Value> bytesTruncate(Thread& thread, Value self, Value sizeValue) {
  BytesFile* b = TRY(changeable(thread, self));
  int64_t size = TRY(sizeOrAll(thread, sizeValue));
  if (sizeValue.isUnbound() || sizeValue.isNone()) size = static_cast<int64_t>(b->position);
  if (size < 0) return raiseValueError(thread, "negative size value {}", size);
  if (static_cast<uint64_t>(size) < b->length) b->length = static_cast<uint64_t>(size);
  return makeInt(thread, size);
}
Fallible<Value> bytesSeek(Thread& thread, Value self, Value offsetValue, Value whenceValue) {
  if (!isInt(offsetValue) && specialMethod(offsetValue, Special::k__index__).isUnbound()) {
    return raiseTypeError(thread, "'{}' object cannot be interpreted as an integer", nameOf(offsetValue));
  }
  int64_t offset = TRY(sizeArgument(thread, offsetValue));
  int64_t whence = whenceValue.isUnbound() ? 0 : TRY(sizeArgument(thread, whenceValue));
  BytesFile* b = TRY(open(thread, self));
  if (offset < 0 && whence == 0) return raiseValueError(thread, "negative seek value {}", offset);
  if (whence < 0 || whence > 2) {
    return raiseValueError(thread, "invalid whence ({}, should be 0, 1 or 2)", whence);
  }
  int64_t from = whence == 0 ? 0 : static_cast<int64_t>(whence == 1 ? b->position : b->length);
  if (__builtin_add_overflow(from, offset, &offset)) {
    return raise(thread, exceptions.OverflowError, "new position too large");
  }
  b->position = static_cast<uint64_t>(std::max<int64_t>(0, offset));
  return makeInt(thread, static_cast<int64_t>(b->position));
}

// --- the rest ---------------------------------------------------------------------------------------------------------
Fallible<Value> bytesClose(Thread& thread, Value self) {
  BytesFile* b = self_(self);
  if (b->closed) return Value::none();
  TRY(changeable(thread, self));
  b->closed = true;
  b->storage = nullptr;
  b->length = 0;
  return Value::none();
}
Fallible<Value> bytesClosed(Thread&, Value self) { return Value::boolean(self_(self)->closed); }
Fallible<Value> bytesTrue(Thread& thread, Value self) {
  TRY(open(thread, self));
  return Value::boolean(true);
}
Fallible<Value> bytesFalse(Thread& thread, Value self) {
  TRY(open(thread, self));
  return Value::boolean(false);
}
Fallible<Value> bytesFlush(Thread& thread, Value self) {
  TRY(open(thread, self));
  return Value::none();
}
Fallible<Value> bytesTell(Thread& thread, Value self) {
  return makeInt(thread, static_cast<int64_t>(TRY(open(thread, self))->position));
}
Fallible<Value> bytesIter(Thread& thread, Value self) {
  TRY(open(thread, self));
  return self;
}
Fallible<Value> bytesGetstate(Thread& thread, Value self) {
  BytesFile* b = TRY(open(thread, self));
  Value value = TRY(bytesGetvalue(thread, self));
  Value position = TRY(makeInt(thread, static_cast<int64_t>(b->position)));
  Value dict = Value::none();
  if (b->overflow.get() != nullptr) dict = Value::of(TRY(dictCopy(thread, TRY(attributeDict(thread, b)))));
  return Value::of(TRY(makeTuple(thread, {value, position, dict})));
}
Fallible<Value> bytesSetstate(Thread& thread, Value self, Value state) {
  Tuple* parts = toTuple(state);
  if (parts == nullptr || parts->length < 3) {
    return raiseTypeError(thread, "{}.__setstate__ argument should be 3-tuple, got {}", nameOf(self), nameOf(state));
  }
  BytesFile* b = self_(self);
  b->closed = false;
  TRY(changeable(thread, self));
  TRY(setContent(thread, b, parts->items[0]));
  if (!isInt(parts->items[1])) {
    return raiseTypeError(thread, "second item of state must be an integer, not {}", nameOf(parts->items[1].get()));
  }
  int64_t position = TRY(sizeArgument(thread, parts->items[1]));
  if (position < 0) return raise(thread, exceptions.ValueError, "position value cannot be negative");
  b->position = static_cast<uint64_t>(position);
  if (parts->items[2].get().isNone()) return Value::none();
  Dict* dict = toDict(parts->items[2]);
  if (dict == nullptr) {
    return raiseTypeError(thread, "third item of state should be a dict, got a {}", nameOf(parts->items[2].get()));
  }
  TRY(dictUpdate(thread, TRY(attributeDict(thread, b)), Value::of(dict)));
  return Value::none();
}
Fallible<Value> bytesSizeof(Thread& thread, Value self) {
  const BytesFile* b = self_(self);
  return makeInt(thread, static_cast<int64_t>(sizeof *b + (b->storage == nullptr ? 0 : b->storage->capacity)));
}

}  // namespace

void initialiseBytesIO(Thread& thread) {
  registerBufferExporter(&kExporterTraits, exportBytes);
  exporterType = TypeBuilder(thread, "_BytesIOBuffer", types.object, Kind::kNative).module("_io").build();
  fileTypes.bytesIO = TypeBuilder(thread, "BytesIO", fileTypes.bufferedIOBase, Kind::kNative)
                          .module("_io")
                          .flags(Type::kBaseType | Type::kHasDict | Type::kInstantiable | Type::kHasWeakref)
                          .constructor(bytesNew)
                          .specialVariadic("__init__", bytesInit)
                          .method("read", bytesRead, 1)
                          .method("read1", bytesRead, 1)
                          .method("readline", bytesReadline, 1)
                          .method("readlines", bytesReadlines, 1)
                          .method("readinto", bytesReadinto)
                          .method("getvalue", bytesGetvalue)
                          .method("getbuffer", bytesGetbuffer)
                          .method("write", bytesWrite)
                          .method("writelines", bytesWritelines)
                          .method("truncate", bytesTruncate, 1)
                          .method("seek", bytesSeek, 1)
                          .method("tell", bytesTell)
                          .method("close", bytesClose)
                          .method("readable", bytesTrue)
                          .method("writable", bytesTrue)
                          .method("seekable", bytesTrue)
                          .method("isatty", bytesFalse)
                          .method("flush", bytesFlush)
                          .method("__getstate__", bytesGetstate)
                          .method("__setstate__", bytesSetstate)
                          .method("__sizeof__", bytesSizeof)
                          .special("__iter__", bytesIter)
                          .next(bytesNext)
                          .getter("closed", bytesClosed)
                          .build();
  static RootVector* const roots = new RootVector;
  if (!roots->push(Value::of(exporterType))) std::abort();  // out of memory at start-up
}

}  // namespace krait
