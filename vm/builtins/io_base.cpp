// The abstract classes of module io: what a class written in Python inherits from RawIOBase, BufferedIOBase,
// TextIOBase.
#include <algorithm>
#include <cstring>

#include "vm/builtins/bytearray.h"
#include "vm/builtins/exception.h"
#include "vm/builtins/int.h"
#include "vm/builtins/io_internal.h"
#include "vm/builtins/list.h"
#include "vm/builtins/str.h"
#include "vm/builtins/text.h"
#include "vm/builtins/tuple.h"
#include "vm/builtins/type_internal.h"
#include "vm/names.h"

namespace krait {

Raised raiseUnsupported(Thread& thread, std::string_view message) {
  return raise(thread, fileTypes.unsupportedOperation, message);
}

Fallible<Value> callNamed(Thread& thread, Value object, const char* name, std::span<const Value> arguments) {
  return callMethod(thread, object, TRY(intern(thread, name)), arguments);
}

Fallible<int64_t> sizeOrAll(Thread& thread, Value size) {
  if (size.isUnbound() || size.isNone()) return int64_t{-1};
  if (size.isInlineInt()) return size.asInlineInt();
  if (!isInt(size) && specialMethod(size, Special::k__index__).isUnbound()) {
    return raiseTypeError(thread, "argument should be integer or None, not '{}'", nameOf(size));
  }
  return sizeArgument(thread, isInt(size) ? size : TRY(index(thread, size)));
}

Fallible<void> requireAbility(Thread& thread, Value object, const char* method, const char* message) {
  Value able = TRY(callNamed(thread, object, method));
  if (!able.isTrue()) return raiseUnsupported(thread, message);
  return {};
}

Fallible<bool> isClosed(Thread& thread, Value file) {
  return isTrue(thread, TRY(getAttribute(thread, file, "closed")));
}

Fallible<void> afterFailure(Thread& thread, Fallible<void> first, Fallible<void> second) {
  static_cast<void>(second);
  return first.isRaised() || isPending(thread) ? Fallible<void>(Raised{}) : Fallible<void>();
}

Fallible<Value> refusePickling(Thread& thread, Value self, const Arguments&) {
  return raiseTypeError(thread, "cannot pickle '{}' object", nameOf(self));
}

Fallible<std::span<uint8_t>> writableBuffer(Thread& thread, Value target, const char* function) {
  std::span<uint8_t> room;
  if (mutableBufferView(target, room)) return room;
  return raiseTypeError(thread, "{}() argument must be read-write bytes-like object, not {}", function,
                        argumentTypeName(target));
}

namespace {

Fallible<void> checkOpen(Thread& thread, Value self) {
  Value closed = TRY(getAttribute(thread, self, "closed"));
  if (TRY(isTrue(thread, closed))) return raise(thread, exceptions.ValueError, "I/O operation on closed file.");
  return {};
}

// --- _IOBase ----------------------------------------------------------------------------------------------------------
constexpr const char* kClosedMark = "__IOBase_closed";

Fallible<Value> ioClosed(Thread& thread, Value self) {
  return Value::boolean(!TRY(getAttributeOrUnbound(thread, self, TRY(intern(thread, kClosedMark)))).isUnbound());
}
Fallible<Value> ioClose(Thread& thread, Value self) {
  if (TRY(ioClosed(thread, self)).isTrue()) return Value::none();
  auto flushed = callMethod(thread, self, names.flush, {});
  Value error = flushed.isRaised() ? takeException(thread) : Value::unbound();
  TRY(setAttribute(thread, self, TRY(intern(thread, kClosedMark)), Value::boolean(true)));
  if (!error.isUnbound()) return raiseInstance(thread, error);
  return Value::none();
}
// What happens when a file dies that was not closed. Errors are lost, as in CPython's release builds.
Fallible<Value> ioDel(Thread& thread, Value self) {
  auto closed = isClosed(thread, self);
  if (closed.isRaised()) {  // never made whole
    clearException(thread);
    return Value::none();
  }
  if (closed.value()) return Value::none();
  Str* mark = TRY(intern(thread, "_finalizing"));
  if (setAttribute(thread, self, mark, Value::boolean(true)).isRaised()) clearException(thread);
  if (callMethod(thread, self, names.close, {}).isRaised()) clearException(thread);
  return Value::none();
}
Fallible<Value> ioCheckClosed(Thread& thread, Value self) {
  TRY(checkOpen(thread, self));
  return Value::none();
}
Fallible<Value> ioEnter(Thread& thread, Value self) {
  TRY(checkOpen(thread, self));
  return self;
}
Fallible<Value> ioExit(Thread& thread, Value self, const Arguments&) {
  return callMethod(thread, self, names.close, {});
}
Fallible<Value> ioFlush(Thread& thread, Value self) {
  TRY(checkOpen(thread, self));
  return Value::none();
}
Fallible<Value> ioFalse(Thread& thread, Value self) {
  TRY(checkOpen(thread, self));
  return Value::boolean(false);
}
Fallible<Value> ioUnable(Thread&, Value) { return Value::boolean(false); }
template <const char* const& kMethod, const char* const& kMessage>
Fallible<Value> ioRequire(Thread& thread, Value self) {
  Value able = TRY(callNamed(thread, self, kMethod));
  if (!able.isTrue()) return raiseUnsupported(thread, kMessage);
  return able;
}
constexpr const char* kReadable = "readable";
constexpr const char* kWritable = "writable";
constexpr const char* kSeekable = "seekable";
constexpr const char* kNotReadable = "File or stream is not readable.";
constexpr const char* kNotWritable = "File or stream is not writable.";
constexpr const char* kNotSeekable = "File or stream is not seekable.";

Fallible<Value> ioNext(Thread& thread, Value self) {
  Value line = TRY(callMethod(thread, self, names.readline, {}));
  return TRY(length(thread, line)) == 0 ? Value::unbound() : line;
}
// Byte by byte, or as far as peek() shows.
Fallible<Value> ioReadline(Thread& thread, Value self, Value sizeValue) {
  int64_t limit = TRY(sizeOrAll(thread, sizeValue));
  Value peek = TRY(getAttributeOrUnbound(thread, self, TRY(intern(thread, "peek"))));
  ByteBuilder line;
  while (limit < 0 || line.view().size() < static_cast<uint64_t>(limit)) {
    int64_t wanted = 1;
    if (!peek.isUnbound()) {
      Value ahead = TRY(call(thread, peek, Value::inlineInt(1)));
      if (toBytes(ahead) == nullptr) {
        return raiseFormat(thread, exceptions.OSError, "peek() should have returned a bytes object, not '{}'",
                           nameOf(ahead));
      }
      std::string_view view = viewOf(toBytes(ahead));
      size_t newline = view.find('\n');
      if (!view.empty()) wanted = static_cast<int64_t>(newline == std::string_view::npos ? view.size() : newline + 1);
      if (limit >= 0) wanted = std::min(wanted, limit - static_cast<int64_t>(line.view().size()));
    }
    Value size = Value::inlineInt(wanted);
    Value part = TRY(callMethod(thread, self, names.read, {&size, 1}));
    if (toBytes(part) == nullptr) {
      return raiseFormat(thread, exceptions.OSError, "read() should have returned a bytes object, not '{}'",
                         nameOf(part));
    }
    if (toBytes(part)->length == 0) break;
    line.append(viewOf(toBytes(part)));
    if (line.view().ends_with('\n')) break;
  }
  return Value::of(TRY(line.build(thread)));
}

// Lines until their total length exceeds the hint.
Fallible<Value> ioReadlines(Thread& thread, Value self, Value hint) {
  int64_t limit = -1;
  if (!hint.isUnbound() && !hint.isNone()) {
    if (!isInt(hint) && specialMethod(hint, Special::k__index__).isUnbound()) {
      return raiseTypeError(thread, "argument should be integer or None, not '{}'", nameOf(hint));
    }
    limit = TRY(sizeArgument(thread, hint));
  }
  Value iterator = TRY(iterate(thread, self));
  List* lines = TRY(makeListWithCapacity(thread, 0));
  int64_t total = 0;
  for (;;) {
    Value line = TRY(next(thread, iterator));
    if (line.isUnbound()) break;
    TRY(listAppend(thread, lines, line));
    total += TRY(length(thread, line));
    if (limit > 0 && total > limit) break;
  }
  return Value::of(lines);
}

Fallible<Value> ioWritelines(Thread& thread, Value self, Value lines) {
  TRY(checkOpen(thread, self));
  TRY(forEach(thread, lines, [&](Value line) -> Fallible<bool> {
    TRY(callMethod(thread, self, names.write, {&line, 1}));
    return true;
  }));
  return Value::none();
}

Fallible<Value> ioTell(Thread& thread, Value self) {
  Value arguments[] = {Value::inlineInt(0), Value::inlineInt(1)};
  return callNamed(thread, self, "seek", arguments);
}

#define KRAIT_UNSUPPORTED(function, operation) \
  Fallible<Value> function(Thread& thread, Value, const Arguments&) { return raiseUnsupported(thread, operation); }
KRAIT_UNSUPPORTED(noSeek, "seek")
KRAIT_UNSUPPORTED(noTruncate, "truncate")
KRAIT_UNSUPPORTED(noFileno, "fileno")
KRAIT_UNSUPPORTED(noRead, "read")
KRAIT_UNSUPPORTED(noRead1, "read1")
KRAIT_UNSUPPORTED(noReadline, "readline")
KRAIT_UNSUPPORTED(noWrite, "write")
KRAIT_UNSUPPORTED(noDetach, "detach")
#undef KRAIT_UNSUPPORTED

// What a raw class has to bring itself.
Fallible<Value> notImplemented(Thread& thread, Value, const Arguments&) {
  return raiseWithoutArguments(thread, exceptions.NotImplementedError);
}

// --- _RawIOBase -------------------------------------------------------------------------------------------------------
Fallible<Value> rawReadall(Thread& thread, Value self) {
  ByteBuilder all;
  Value size = Value::inlineInt(8192);
  for (bool first = true;; first = false) {
    Value part = TRY(callMethod(thread, self, names.read, {&size, 1}));
    if (part.isNone()) {
      if (first) return part;
      break;
    }
    if (toBytes(part) == nullptr) return raise(thread, exceptions.TypeError, "read() should return bytes");
    if (toBytes(part)->length == 0) break;
    all.append(viewOf(toBytes(part)));
  }
  return Value::of(TRY(all.build(thread)));
}
Fallible<Value> rawRead(Thread& thread, Value self, Value sizeValue) {
  int64_t size = TRY(sizeOrAll(thread, sizeValue));
  if (size < 0) return callNamed(thread, self, "readall");
  Bytearray* buffer = TRY(makeBytearray(thread, {}));
  TRY(bytearrayResize(thread, buffer, static_cast<uint64_t>(size)));
  Value argument = Value::of(buffer);
  Value count = TRY(callNamed(thread, self, "readinto", {&argument, 1}));
  if (count.isNone()) return count;
  int64_t got = TRY(sizeArgument(thread, count));
  if (got < 0 || static_cast<uint64_t>(got) > buffer->length) {
    return raiseValueError(thread, "readinto returned {} outside buffer size {}", got, buffer->length);
  }
  return Value::of(TRY(makeBytes(thread, viewOf(buffer).substr(0, static_cast<size_t>(got)))));
}

// --- _BufferedIOBase --------------------------------------------------------------------------------------------------
Fallible<Value> bufferedReadinto(Thread& thread, Value self, Value target, const char* method) {
  std::span<uint8_t> room;
  if (!mutableBufferView(target, room)) {
    return raiseTypeError(thread, "readinto() argument must be read-write bytes-like object, not {}",
                          argumentTypeName(target));
  }
  Value size = Value::inlineInt(static_cast<int64_t>(room.size()));
  Value data = TRY(callNamed(thread, self, method, {&size, 1}));
  if (toBytes(data) == nullptr) return raise(thread, exceptions.TypeError, "read() should return bytes");
  std::string_view bytes = viewOf(toBytes(data));
  if (!mutableBufferView(target, room) || bytes.size() > room.size()) {
    return raiseValueError(thread, "read() returned too much data: {} bytes requested, {} returned", room.size(),
                           bytes.size());
  }
  if (!bytes.empty()) memcpy(room.data(), bytes.data(), bytes.size());
  return makeInt(thread, static_cast<int64_t>(bytes.size()));
}
Fallible<Value> bufferedReadintoAll(Thread& thread, Value self, Value target) {
  return bufferedReadinto(thread, self, target, "read");
}
Fallible<Value> bufferedReadinto1(Thread& thread, Value self, Value target) {
  return bufferedReadinto(thread, self, target, "read1");
}

Fallible<Value> textNone(Thread&, Value) { return Value::none(); }

TypeBuilder base(Thread& thread, const char* name, Type* of) {
  TypeBuilder type(thread, name, of, Kind::kInstance);
  type.flags(Type::kBaseType | Type::kHasDict | Type::kInstantiable | Type::kHasWeakref).module("_io");
  return type;
}

}  // namespace

void initialiseIoBases(Thread& thread) {
  fileTypes.ioBase = base(thread, "_IOBase", types.object)
                         .getter("closed", ioClosed)
                         .getter("__dict__", getInstanceDict, setInstanceDict)
                         .special("__del__", ioDel)
                         .method("close", ioClose)
                         .method("_checkClosed", ioCheckClosed)
                         .method("_checkReadable", ioRequire<kReadable, kNotReadable>)
                         .method("_checkWritable", ioRequire<kWritable, kNotWritable>)
                         .method("_checkSeekable", ioRequire<kSeekable, kNotSeekable>)
                         .method("__enter__", ioEnter)
                         .variadic("__exit__", ioExit)
                         .special("__iter__", ioEnter)
                         .next(ioNext)
                         .method("flush", ioFlush)
                         .method("isatty", ioFalse)
                         .method("readable", ioUnable)
                         .method("writable", ioUnable)
                         .method("seekable", ioUnable)
                         .method("readline", ioReadline, 1)
                         .method("readlines", ioReadlines, 1)
                         .method("writelines", ioWritelines)
                         .method("tell", ioTell)
                         .variadic("seek", noSeek)
                         .variadic("truncate", noTruncate)
                         .variadic("fileno", noFileno)
                         .build();
  fileTypes.rawIOBase = base(thread, "_RawIOBase", fileTypes.ioBase)
                            .method("read", rawRead, 1)
                            .method("readall", rawReadall)
                            .variadic("readinto", notImplemented)
                            .variadic("write", notImplemented)
                            .build();
  fileTypes.bufferedIOBase = base(thread, "_BufferedIOBase", fileTypes.ioBase)
                                 .variadic("read", noRead)
                                 .variadic("read1", noRead1)
                                 .variadic("write", noWrite)
                                 .variadic("detach", noDetach)
                                 .method("readinto", bufferedReadintoAll)
                                 .method("readinto1", bufferedReadinto1)
                                 .build();
  fileTypes.textIOBase = base(thread, "_TextIOBase", fileTypes.ioBase)
                             .variadic("read", noRead)
                             .variadic("readline", noReadline)
                             .variadic("write", noWrite)
                             .variadic("detach", noDetach)
                             .getter("encoding", textNone)
                             .getter("errors", textNone)
                             .getter("newlines", textNone)
                             .build();
}

}  // namespace krait
