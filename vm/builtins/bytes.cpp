// bytes: making, viewing and the class; the methods it shares with bytearray are in bytes_methods_*.cpp.
#include "vm/builtins/bytes.h"

#include <algorithm>
#include <cstring>

#include "vm/builtins/buffer_export.h"
#include "vm/builtins/bytearray.h"
#include "vm/builtins/bytes_methods.h"
#include "vm/builtins/int.h"
#include "vm/builtins/iterators.h"
#include "vm/builtins/memoryview.h"
#include "vm/builtins/str.h"
#include "vm/builtins/str_repr.h"
#include "vm/builtins/text.h"
#include "vm/leaf_cells.h"
#include "vm/warnings.h"

namespace krait {
namespace {

// b'' and the one-byte objects, which are shared. Made when first asked for: roots need the heap.
RootVector& sharedBytes() {
  static RootVector* const shared = new RootVector;
  return *shared;
}

Fallible<Bytes*> allocateBytesCell(Thread& thread, uint64_t length) {
  if (length > kMaxStrLength) return raiseMemoryError(thread);
  Bytes* b = TRY(allocate<Bytes>(thread, Kind::kBytes, types.bytes->instanceShape, length + 1));
  b->length = length;
  return b;
}

Fallible<Bytes*> sharedBytesOf(Thread& thread, std::string_view content) {
  RootVector& shared = sharedBytes();
  while (shared.size() < 257) {
    if (!shared.push(Value::none())) return raiseMemoryError(thread);
  }
  size_t i = content.empty() ? 256 : static_cast<uint8_t>(content[0]);
  if (shared[i].isNone()) {
    Bytes* b = TRY(allocateBytesCell(thread, content.size()));
    if (!content.empty()) b->data[0] = static_cast<uint8_t>(content[0]);
    shared[i] = Value::of(b);
  }
  return shared[i].as<Bytes>();
}

}  // namespace

// --- making and viewing -----------------------------------------------------------------------------------------------
Fallible<Bytes*> makeBytesUninitialised(Thread& thread, uint64_t length) {
  return length == 0 ? sharedBytesOf(thread, {}) : allocateBytesCell(thread, length);
}

Fallible<Bytes*> makeBytesToFill(Thread& thread, uint64_t length) {
  if (length == 0) return sharedBytesOf(thread, {});
  if (length > kMaxStrLength) return raiseMemoryError(thread);
  Bytes* b = TRY(allocateLeaf<Bytes>(thread, Kind::kBytes, types.bytes->instanceShape, length + 1));
  b->length = length;
  b->data[length] = 0;
  return b;
}

Fallible<Bytes*> makeBytes(Thread& thread, std::string_view content) {
  if (content.size() <= 1) return sharedBytesOf(thread, content);
  Bytes* b = TRY(makeBytesToFill(thread, content.size()));
  memcpy(b->data, content.data(), content.size());
  return b;
}

std::string_view viewOf(const Bytes* b) { return {reinterpret_cast<const char*>(b->data), b->length}; }

bool bufferView(Value v, std::string_view& out) {
  v = exactOrPayload(v);
  if (isKind(v, Kind::kBytes)) {
    out = viewOf(v.as<Bytes>());
    return true;
  }
  if (isKind(v, Kind::kByteBuffer)) {
    out = viewOf(v.as<Bytearray>());
    return true;
  }
  ExportedBuffer exported;
  if (exportedBuffer(v, exported)) {
    out = {reinterpret_cast<const char*>(exported.data), exported.bytes};
    return true;
  }
  return memoryviewBytes(v, out);
}

bool mutableBufferView(Value v, std::span<uint8_t>& out) {
  if (Bytearray* b = toBytearray(v)) {
    out = {b->length == 0 ? nullptr : b->storage->bytes, b->length};
    return true;
  }
  ExportedBuffer exported;
  if (exportedBuffer(v, exported)) {
    out = {exported.data, exported.bytes};
    return !exported.readOnly;
  }
  return memoryviewMutableBytes(v, out);
}

Fallible<std::string_view> requireBuffer(Thread& thread, Value v) {
  std::string_view view;
  if (bufferView(v, view)) return view;
  return raiseTypeError(thread, "a bytes-like object is required, not '{}'", nameOf(v));
}

int64_t bytesHash(Bytes* b) {
  if (!(b->flags & Bytes::kHashed)) {
    b->hash_ = hashBytes(b->data, b->length);
    b->flags |= Bytes::kHashed;
  }
  return b->hash_;
}

bool ByteBuilder::reserve(uint64_t extra) {
  if (failed_) return false;
  if (extra <= capacity_ - length_) return true;
  if (extra > kMaxStrLength || length_ + extra > kMaxStrLength) return !(failed_ = true);
  uint64_t capacity = std::max(length_ + extra, capacity_ * 2);
  auto* bytes = static_cast<char*>(bytes_ == small_ ? malloc(capacity) : realloc(bytes_, capacity));
  if (bytes == nullptr) return !(failed_ = true);
  if (bytes_ == small_) memcpy(bytes, small_, length_);
  bytes_ = bytes;
  capacity_ = capacity;
  return true;
}
ByteBuilder& ByteBuilder::append(std::string_view bytes) {
  if (bytes.empty() || !reserve(bytes.size())) return *this;
  memcpy(bytes_ + length_, bytes.data(), bytes.size());
  length_ += bytes.size();
  return *this;
}
ByteBuilder& ByteBuilder::appendRepeated(uint32_t byte, uint64_t times) {
  if (times == 0 || !reserve(times)) return *this;
  memset(bytes_ + length_, static_cast<int>(byte), times);
  length_ += times;
  return *this;
}
Fallible<Bytes*> ByteBuilder::build(Thread& thread) const {
  if (failed_) return raiseMemoryError(thread);
  return makeBytes(thread, view());
}

// --- construction -----------------------------------------------------------------------------------------------------
Fallible<uint8_t> byteArgument(Thread& thread, Value v) {
  auto i = toInt64(v.isInlineInt() ? v : TRY(index(thread, v)));
  if (!i || *i < 0 || *i > 255) return raise(thread, exceptions.ValueError, "byte must be in range(0, 256)");
  return static_cast<uint8_t>(*i);
}

namespace {

Fallible<void> collectFromIterable(Thread& thread, const char* className, Value source, ByteBuilder& out) {
  bool isBytes = className[4] == 's';  // bytes and bytearray word this differently
  TRY(forEach(thread, source, [&](Value item) -> Fallible<bool> {
    auto i = toInt64(item.isInlineInt() ? item : TRY(index(thread, item)));
    if (!i || *i < 0 || *i > 255) {
      return raiseValueError(thread, "{} must be in range(0, 256)", isBytes ? "bytes" : "byte");
    }
    out.appendByte(static_cast<uint8_t>(*i));
    return true;
  }));
  return {};
}

Fallible<void> collectFromObject(Thread& thread, const char* className, Value source, ByteBuilder& out) {
  std::string_view view;
  Value method = specialMethod(source, Special::k__bytes__);
  if (!method.isUnbound() && typeOf(source) != types.bytes && className[4] == 's') {
    Value made = TRY(callSpecial(thread, method, source));
    if (toBytes(made) == nullptr) return raiseTypeError(thread, "__bytes__ returned non-bytes (type {})", nameOf(made));
    out.append(viewOf(toBytes(made)));
    return {};
  }
  if (toStr(source) != nullptr) return raise(thread, exceptions.TypeError, "string argument without an encoding");
  if (isInt(source) || !specialMethod(source, Special::k__index__).isUnbound()) {
    auto counted = index(thread, source);
    if (!counted.isRaised()) {
      auto count = toInt64(counted.value());
      if (!count) return raise(thread, exceptions.OverflowError, "cannot fit 'int' into an index-sized integer");
      if (*count < 0) return raise(thread, exceptions.ValueError, "negative count");
      out.appendRepeated(0, static_cast<uint64_t>(*count));
      return {};
    }
    if (!pendingMatches(thread, exceptions.TypeError)) return Raised{};
    clearException(thread);
  }
  if (bufferView(source, view)) {
    out.append(view);
    return {};
  }
  if (TRY(appendMemoryview(thread, source, out))) return {};
  if (specialMethod(source, Special::k__iter__).isUnbound() &&
      specialMethod(source, Special::k__getitem__).isUnbound()) {
    return raiseTypeError(thread, "cannot convert '{}' object to {}", nameOf(source), className);
  }
  return collectFromIterable(thread, className, source, out);
}

}  // namespace

Fallible<void> collectBytes(Thread& thread, const char* className, const Arguments& arguments, ByteBuilder& out) {
  Value bound[3];
  Parameters parameters{className, {"source", "encoding", "errors"}, 0};
  TRY(parameters.bind(thread, arguments, bound));
  auto [source, encoding, errors] = bound;
  if (!encoding.isUnbound() || !errors.isUnbound()) {
    std::string codec = TRY(textArgument(thread, encoding, className, "encoding", "utf-8"));
    std::string handler = TRY(textArgument(thread, errors, className, "errors", "strict"));
    Str* text = source.isUnbound() ? nullptr : toStr(source);
    if (text == nullptr) {
      return raiseTypeError(thread, "{} without a string argument", encoding.isUnbound() ? "errors" : "encoding");
    }
    out.append(viewOf(toBytes(TRY(encodeStr(thread, text, codec, handler)))));
  } else if (!source.isUnbound()) {
    TRY(collectFromObject(thread, className, source, out));
  }
  if (out.failed()) return raiseMemoryError(thread);
  return {};
}

namespace {

Fallible<Value> bytesNew(Thread& thread, Value self, const Arguments& arguments) {
  Type* type = self.as<Type>();
  bool isCopy = arguments.positional == 1 && arguments.keywordCount() == 0 && typeOf(arguments[0]) == types.bytes;
  Value made;
  if (isCopy) {
    made = arguments[0];
  } else if (arguments.positional == 1 && arguments.keywordCount() == 0 && arguments[0].isInlineInt() &&
             arguments[0].asInlineInt() >= 0) {
    made = Value::of(TRY(makeBytesUninitialised(thread, static_cast<uint64_t>(arguments[0].asInlineInt()))));
  } else {
    ByteBuilder out;
    TRY(collectBytes(thread, "bytes", arguments, out));
    made = Value::of(TRY(out.build(thread)));
  }
  return type == types.bytes ? Fallible<Value>(made) : allocatePayloadInstance(thread, type, made);
}

Fallible<Value> bytesDunderRepr(Thread& thread, Value self) {
  return Value::of(TRY(bytesRepr(thread, viewOf(toBytes(self)), "", "")));
}
Fallible<Value> bytesStr(Thread& thread, Value self) {
  if (bytesWarningLevel > 0) TRY(warn(thread, exceptions.BytesWarning, "str() on a bytes instance"));
  return bytesDunderRepr(thread, self);
}
Fallible<Value> bytesDunderHash(Thread& thread, Value self) { return makeInt(thread, bytesHash(toBytes(self))); }
Fallible<Value> bytesIter(Thread& thread, Value self) {
  return makeIterator(thread, types.bytesIterator, Value::of(toBytes(self)));
}
Fallible<Value> bytesGetnewargs(Thread& thread, Value self) {
  return Value::of(TRY(makeTuple(thread, {Value::of(toBytes(self))})));
}
Fallible<Value> bytesDunderBytes(Thread&, Value self) { return Value::of(toBytes(self)); }

}  // namespace

void initialiseBytes(Thread& thread) {
  TypeBuilder type(thread, "bytes", types.object, Kind::kBytes);
  type.flags(Type::kBaseType)
      .doc("bytes(source=b'', encoding, errors): a constant sequence of bytes.")
      .constructor(bytesNew)
      .special("__repr__", bytesDunderRepr)
      .special("__str__", bytesStr)
      .special("__hash__", bytesDunderHash)
      .special("__iter__", bytesIter)
      .method("__getnewargs__", bytesGetnewargs)
      .method("__bytes__", bytesDunderBytes);
  declareBytesOperators(type);
  declareBytesSearchMethods(type);
  declareBytesTextMethods(type);
  types.bytes = type.build();
}

}  // namespace krait
