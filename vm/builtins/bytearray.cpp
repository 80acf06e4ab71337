// bytearray: what it has beyond bytes, which is everything that changes it.
#include "vm/builtins/bytearray.h"

#include <algorithm>
#include <cstring>

#include "vm/builtins/bytes.h"
#include "vm/builtins/bytes_methods.h"
#include "vm/builtins/int.h"
#include "vm/builtins/iterators.h"
#include "vm/builtins/memoryview.h"
#include "vm/builtins/sequence.h"
#include "vm/builtins/slice.h"
#include "vm/builtins/str.h"
#include "vm/builtins/str_repr.h"
#include "vm/builtins/text.h"
#include "vm/builtins/tuple.h"
#include "vm/leaf_cells.h"
#include "vm/warnings.h"

namespace krait {

std::string_view viewOf(const Bytearray* b) {
  return {b->length == 0 ? "" : reinterpret_cast<const char*>(b->storage->bytes), b->length};
}

// Views are not counted: they are looked for when it matters, after a collection if need be, so that one that nobody
// can reach any more does not count either.
Fallible<void> checkResizable(Thread& thread, Bytearray* b) {
  if (!(b->flags & Bytearray::kExported)) [[likely]]
    return {};
  if (hasLiveViews(Value::of(b))) {
    heap.collect(thread);
    if (hasLiveViews(Value::of(b))) {
      return raise(thread, exceptions.BufferError, "Existing exports of data: object cannot be re-sized");
    }
  }
  b->flags &= static_cast<uint8_t>(~Bytearray::kExported);
  return {};
}

Fallible<void> bytearrayResize(Thread& thread, Bytearray* b, uint64_t length) {
  if (length != b->length) TRY(checkResizable(thread, b));
  uint64_t capacity = b->storage == nullptr ? 0 : b->storage->capacity;
  if (length > capacity) {
    if (length > kMaxStrLength) return raiseMemoryError(thread);
    uint64_t wanted = b->length == 0 ? length : std::max(length, capacity + capacity / 2 + 16);
    ByteArray* storage = TRY(allocateLeaf<ByteArray>(thread, Kind::kByteArray, nullptr, wanted));
    storage->capacity = wanted;
    memcpy(storage->bytes, viewOf(b).data(), b->length);
    memset(storage->bytes + b->length, 0, length - b->length);
    b->storage = storage;
  } else if (length > b->length) {
    memset(b->storage->bytes + b->length, 0, length - b->length);
  }
  b->length = length;
  return {};
}

Fallible<Bytearray*> makeBytearray(Thread& thread, std::string_view content) {
  auto* b = TRY(allocate<Bytearray>(thread, Kind::kByteBuffer, types.bytearray->instanceShape));
  TRY(bytearrayResize(thread, b, content.size()));
  if (!content.empty()) memcpy(b->storage->bytes, content.data(), content.size());
  return b;
}

namespace {

// Replaces b[start:end] by `content`, which is not part of b.
Fallible<void> replaceRange(Thread& thread, Bytearray* b, uint64_t start, uint64_t end, std::string_view content) {
  uint64_t tail = b->length - end, length = start + content.size() + tail;
  if (length > b->length) TRY(bytearrayResize(thread, b, length));
  if (length < b->length) TRY(checkResizable(thread, b));
  if (tail != 0) memmove(b->storage->bytes + start + content.size(), b->storage->bytes + end, tail);
  if (!content.empty()) memcpy(b->storage->bytes + start, content.data(), content.size());
  b->length = length;
  return {};
}

Fallible<Value> bytearrayNew(Thread& thread, Value self, const Arguments&) {
  return Value::of(TRY(allocate<Bytearray>(thread, Kind::kByteBuffer, self.as<Type>()->instanceShape)));
}
Fallible<Value> bytearrayInit(Thread& thread, Value self, const Arguments& arguments) {
  Bytearray* b = toBytearray(self);
  if (arguments.positional == 0 && arguments.keywordCount() == 0 && b->length == 0) return Value::none();
  if (arguments.positional == 1 && arguments.keywordCount() == 0 && b->length == 0) {
    Value source = arguments[0];
    if (source.isInlineInt() && source.asInlineInt() >= 0) {
      TRY(bytearrayResize(thread, b, static_cast<uint64_t>(source.asInlineInt())));
      return Value::none();
    }
    if (isKind(source, Kind::kBytes) || (typeOf(source) == types.bytearray && source.as<Bytearray>() != b)) {
      std::string_view view;
      bufferView(source, view);
      TRY(replaceRange(thread, b, 0, 0, view));
      return Value::none();
    }
  }
  ByteBuilder content;
  TRY(collectBytes(thread, "bytearray", arguments, content));
  TRY(replaceRange(thread, b, 0, b->length, content.view()));
  return Value::none();
}

Fallible<Value> bytearrayRepr(Thread& thread, Value self) {
  fmt::memory_buffer buffer;
  fmt::format_to(std::back_inserter(buffer), "{}(", nameOf(self));
  return Value::of(TRY(bytesRepr(thread, viewOf(toBytearray(self)), {buffer.data(), buffer.size()}, ")")));
}
Fallible<Value> bytearrayStr(Thread& thread, Value self) {
  if (bytesWarningLevel > 0) TRY(warn(thread, exceptions.BytesWarning, "str() on a bytearray instance"));
  return bytearrayRepr(thread, self);
}
Fallible<Value> bytearrayIter(Thread& thread, Value self) {
  return makeIterator(thread, types.bytearrayIterator, self);
}

// --- items ------------------------------------------------------------------------------------------------------------
Fallible<uint64_t> checkIndex(Thread& thread, Bytearray* b, int64_t i) {
  auto length = static_cast<int64_t>(b->length);
  if (i < 0) i += length;
  if (i < 0 || i >= length) return raise(thread, exceptions.IndexError, "bytearray index out of range");
  return static_cast<uint64_t>(i);
}
Fallible<uint64_t> itemIndex(Thread& thread, Bytearray* b, Value key) {
  return checkIndex(thread, b, TRY(sequenceIndex(thread, key, "bytearray")));
}

// The bytes to assign to a slice, copied, because the source may be the target.
Fallible<void> collectAssigned(Thread& thread, Value source, ByteBuilder& out) {
  std::string_view view;
  if (bufferView(source, view)) {
    out.append(view);
  } else if (toStr(source) != nullptr || !specialMethod(source, Special::k__index__).isUnbound() ||
             !specialMethod(source, Special::k__float__).isUnbound()) {
    return raise(thread, exceptions.TypeError, "can assign only bytes, buffers, or iterables of ints in range(0, 256)");
  } else if (specialMethod(source, Special::k__iter__).isUnbound() &&
             specialMethod(source, Special::k__getitem__).isUnbound()) {
    return raiseTypeError(thread, "cannot convert '{}' object to bytearray", nameOf(source));
  } else {
    TRY(forEach(thread, source, [&](Value item) -> Fallible<bool> {
      out.appendByte(TRY(byteArgument(thread, item)));
      return true;
    }));
  }
  if (out.failed()) return raiseMemoryError(thread);
  return {};
}

Fallible<void> assignSlice(Thread& thread, Bytearray* b, const Slice* slice, std::string_view content, bool isDelete) {
  SliceBounds bounds = TRY(resolveSlice(thread, slice, static_cast<int64_t>(b->length)));
  if (bounds.step == 1) {
    auto start = static_cast<uint64_t>(bounds.start);
    return replaceRange(thread, b, start, start + static_cast<uint64_t>(std::max<int64_t>(0, bounds.length)), content);
  }
  if (isDelete || content.empty()) {
    if (bounds.length <= 0) return {};
    TRY(checkResizable(thread, b));
    int64_t first = bounds.start, step = bounds.step;
    if (step < 0) {
      first = bounds.start + (bounds.length - 1) * step;
      step = -step;
    }
    uint8_t* bytes = b->storage->bytes;
    uint64_t to = static_cast<uint64_t>(first);
    for (uint64_t i = to; i < b->length; i++) {
      auto distance = static_cast<int64_t>(i) - first;
      bool dropped = distance % step == 0 && distance / step < bounds.length;
      if (!dropped) bytes[to++] = bytes[i];
    }
    b->length = to;
    return {};
  }
  if (content.size() != static_cast<uint64_t>(std::max<int64_t>(0, bounds.length))) {
    return raiseValueError(thread, "attempt to assign bytes of size {} to extended slice of size {}", content.size(),
                           bounds.length);
  }
  uint8_t* to = b->storage->bytes + bounds.start;
  const char* from = content.data();
  for (int64_t left = bounds.length, step = bounds.step; left > 0; left--, to += step)
    *to = static_cast<uint8_t>(*from++);
  return {};
}

Fallible<Value> bytearraySetItem(Thread& thread, Value self, Value key, Value value) {
  Bytearray* b = toBytearray(self);
  if (isKind(key, Kind::kSlice)) {
    // The slice speaks first, then what is assigned; then the bounds are those of the length that is left.
    if (toBytearray(value) == nullptr) TRY(resolveSlice(thread, key.as<Slice>(), static_cast<int64_t>(b->length)));
    if (isKind(value, Kind::kBytes)) {
      TRY(assignSlice(thread, b, key.as<Slice>(), viewOf(value.as<Bytes>()), false));
      return Value::none();
    }
    ByteBuilder content;
    TRY(collectAssigned(thread, value, content));
    TRY(assignSlice(thread, b, key.as<Slice>(), content.view(), false));
    return Value::none();
  }
  int64_t index = TRY(sequenceIndex(thread, key, "bytearray"));
  uint8_t byte = TRY(byteArgument(thread, value));
  uint64_t i = TRY(checkIndex(thread, b, index));  // now: __index__ of the value may have changed the length
  b->storage->bytes[i] = byte;
  return Value::none();
}
Fallible<Value> bytearrayDeleteItem(Thread& thread, Value self, Value key) {
  Bytearray* b = toBytearray(self);
  if (isKind(key, Kind::kSlice)) {
    TRY(assignSlice(thread, b, key.as<Slice>(), {}, true));
    return Value::none();
  }
  uint64_t i = TRY(itemIndex(thread, b, key));
  TRY(replaceRange(thread, b, i, i + 1, {}));
  return Value::none();
}

Fallible<Value> bytearrayInplaceAdd(Thread& thread, Value self, Value other) {
  std::string_view view;
  if (!bufferView(other, view)) return raiseTypeError(thread, "can't concat {} to {}", nameOf(other), nameOf(self));
  Bytearray* b = toBytearray(self);
  uint64_t length = b->length;
  TRY(bytearrayResize(thread, b, length + view.size()));  // `view` stays valid: old storage is not overwritten
  if (!view.empty()) memmove(b->storage->bytes + length, view.data(), view.size());
  return self;
}
Fallible<Value> bytearrayInplaceMultiply(Thread& thread, Value self, Value factor) {
  Bytearray* b = toBytearray(self);
  uint64_t times = TRY(repetitionCount(thread, factor, b->length)), length = b->length;
  TRY(bytearrayResize(thread, b, length * times));
  for (uint64_t i = 1; i < times; i++) memcpy(b->storage->bytes + i * length, b->storage->bytes, length);
  return self;
}

// --- methods ----------------------------------------------------------------------------------------------------------
Fallible<Value> bytearrayAppend(Thread& thread, Value self, Value item) {
  uint8_t byte = TRY(byteArgument(thread, item));
  Bytearray* b = toBytearray(self);
  TRY(bytearrayResize(thread, b, b->length + 1));
  b->storage->bytes[b->length - 1] = byte;
  return Value::none();
}
Fallible<Value> bytearrayExtend(Thread& thread, Value self, Value source) {
  std::string_view view;
  if (bufferView(source, view)) {
    TRY(bytearrayInplaceAdd(thread, self, source));
    return Value::none();
  }
  if (specialMethod(source, Special::k__iter__).isUnbound() &&
      specialMethod(source, Special::k__getitem__).isUnbound()) {
    return raiseTypeError(thread, "can't extend bytearray with {}", nameOf(source));
  }
  ByteBuilder content;
  TRY(forEach(thread, source, [&](Value item) -> Fallible<bool> {
    content.appendByte(TRY(byteArgument(thread, item)));
    return true;
  }));
  if (content.failed()) return raiseMemoryError(thread);
  Bytearray* b = toBytearray(self);
  TRY(replaceRange(thread, b, b->length, b->length, content.view()));
  return Value::none();
}
Fallible<Value> bytearrayInsert(Thread& thread, Value self, Value position, Value item) {
  int64_t i = TRY(sizeArgument(thread, position));
  char byte = static_cast<char>(TRY(byteArgument(thread, item)));
  Bytearray* b = toBytearray(self);
  auto length = static_cast<int64_t>(b->length);
  if (i < 0) i = std::max<int64_t>(0, i + length);
  auto at = static_cast<uint64_t>(std::min(i, length));
  TRY(replaceRange(thread, b, at, at, {&byte, 1}));
  return Value::none();
}
Fallible<Value> bytearrayPop(Thread& thread, Value self, Value position) {
  int64_t i = position.isUnbound() ? -1 : TRY(sizeArgument(thread, position));
  Bytearray* b = toBytearray(self);
  auto length = static_cast<int64_t>(b->length);
  if (length == 0) return raise(thread, exceptions.IndexError, "pop from empty bytearray");
  if (i < 0) i += length;
  if (i < 0 || i >= length) return raise(thread, exceptions.IndexError, "pop index out of range");
  auto at = static_cast<uint64_t>(i);
  uint8_t byte = b->storage->bytes[at];
  TRY(replaceRange(thread, b, at, at + 1, {}));
  return Value::inlineInt(byte);
}
Fallible<Value> bytearrayRemove(Thread& thread, Value self, Value item) {
  uint8_t byte = TRY(byteArgument(thread, item));
  Bytearray* b = toBytearray(self);
  size_t at = viewOf(b).find(static_cast<char>(byte));
  if (at == std::string_view::npos) return raise(thread, exceptions.ValueError, "value not found in bytearray");
  TRY(replaceRange(thread, b, at, at + 1, {}));
  return Value::none();
}
Fallible<Value> bytearrayClear(Thread& thread, Value self) {
  TRY(bytearrayResize(thread, toBytearray(self), 0));
  return Value::none();
}
Fallible<Value> bytearrayReverse(Thread&, Value self) {
  Bytearray* b = toBytearray(self);
  if (b->length > 1) std::reverse(b->storage->bytes, b->storage->bytes + b->length);
  return Value::none();
}
Fallible<Value> bytearrayCopy(Thread& thread, Value self) {
  return Value::of(TRY(makeBytearray(thread, viewOf(toBytearray(self)))));
}
Fallible<Value> bytearrayAlloc(Thread&, Value self) {
  Bytearray* b = toBytearray(self);
  return Value::inlineInt(b->length == 0 ? 0 : static_cast<int64_t>(b->storage->capacity) + 1);
}
Fallible<Value> bytearraySizeof(Thread&, Value self) {
  Bytearray* b = toBytearray(self);
  return Value::inlineInt(56 + (b->length == 0 ? 0 : static_cast<int64_t>(b->storage->capacity) + 1));
}
// Pickled as text, so that protocols without bytes can hold it.
Fallible<Value> bytearrayReduce(Thread& thread, Value self) {
  std::string_view view = viewOf(toBytearray(self));
  Value arguments;
  if (view.empty()) {
    arguments = Value::of(emptyTuple());
  } else {
    Str* text = TRY(makeStrLatin1(thread, reinterpret_cast<const uint8_t*>(view.data()), view.size()));
    Str* codec = TRY(intern(thread, "latin-1"));
    arguments = Value::of(TRY(makeTuple(thread, {Value::of(text), Value::of(codec)})));
  }
  Value state = TRY(getAttributeOrUnbound(thread, self, TRY(intern(thread, "__dict__"))));
  if (state.isUnbound()) state = Value::none();
  return Value::of(TRY(makeTuple(thread, {Value::of(typeOf(self)), arguments, state})));
}
Fallible<Value> bytearrayReduceEx(Thread& thread, Value self, Value protocol) {
  int64_t version = TRY(sizeArgument(thread, protocol));
  if (version < 3) return bytearrayReduce(thread, self);
  std::string_view view = viewOf(toBytearray(self));
  Value bytes = Value::of(TRY(makeBytes(thread, view)));
  Tuple* arguments = view.empty() ? emptyTuple() : TRY(makeTuple(thread, {bytes}));
  Value state = TRY(getAttributeOrUnbound(thread, self, TRY(intern(thread, "__dict__"))));
  if (state.isUnbound()) state = Value::none();
  return Value::of(TRY(makeTuple(thread, {Value::of(typeOf(self)), Value::of(arguments), state})));
}

}  // namespace

void initialiseBytearray(Thread& thread) {
  TypeBuilder type(thread, "bytearray", types.object, Kind::kByteBuffer);
  type.flags(Type::kBaseType)
      .doc("bytearray(source=b'', encoding, errors): a sequence of bytes that can be changed in place.")
      .constructor(bytearrayNew)
      .specialVariadic("__init__", bytearrayInit)
      .special("__repr__", bytearrayRepr)
      .special("__str__", bytearrayStr)
      .special("__iter__", bytearrayIter)
      .unhashable();
  declareBytesOperators(type);
  declareBytesSearchMethods(type);
  declareBytesTextMethods(type);
  type.special("__setitem__", bytearraySetItem)
      .special("__delitem__", bytearrayDeleteItem)
      .special("__iadd__", bytearrayInplaceAdd, 0, true)
      .special("__imul__", bytearrayInplaceMultiply, 0, true)
      .method("append", bytearrayAppend)
      .method("extend", bytearrayExtend)
      .method("insert", bytearrayInsert)
      .method("pop", bytearrayPop, 1)
      .method("remove", bytearrayRemove)
      .method("clear", bytearrayClear)
      .method("reverse", bytearrayReverse)
      .method("copy", bytearrayCopy)
      .method("__alloc__", bytearrayAlloc)
      .method("__sizeof__", bytearraySizeof)
      .method("__reduce__", bytearrayReduce)
      .method("__reduce_ex__", bytearrayReduceEx);
  types.bytearray = type.build();
}

}  // namespace krait
