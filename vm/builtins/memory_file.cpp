// io.StringIO and io.BytesIO: files whose content is in memory.
//
// A StringIO's text lies in its state as four bytes a character, so that any position is reached at once; a BytesIO's
// bytes are a bytearray of its own in `buffer`, which getbuffer() shows.
#include <algorithm>
#include <cstring>

#include "vm/builtins/bytearray.h"
#include "vm/builtins/file_state.h"
#include "vm/builtins/int.h"
#include "vm/builtins/list.h"
#include "vm/builtins/memoryview.h"
#include "vm/builtins/str.h"
#include "vm/builtins/text.h"
#include "vm/names.h"

namespace krait {
namespace {

File* self_(Value v) { return v.as<File>(); }

Fallible<FileState*> openMemory(Thread& thread, Value self, const char* message = "I/O operation on closed file") {
  FileState* state = self_(self)->state;
  if (state == nullptr) return raise(thread, exceptions.ValueError, "I/O operation on uninitialized object");
  if (state->closed) return raise(thread, exceptions.ValueError, message);
  return state;
}

Fallible<int64_t> sizeOrAll(Thread& thread, Value size) {
  if (size.isUnbound() || size.isNone()) return int64_t{-1};
  if (!isInt(size) && specialMethod(size, Special::k__index__).isUnbound()) {
    return raiseTypeError(thread, "argument should be integer or None, not '{}'", nameOf(size));
  }
  return sizeArgument(thread, size);
}

Fallible<Value> newMemoryFile(Thread& thread, Value self, const Arguments&) {
  Type* type = self.as<Type>();
  FileState* state = newMemoryState();
  if (state == nullptr) return raiseMemoryError(thread);
  state->references++;  // ours, until the File holds it
  auto made = makeFileCell(thread, type, File::kMemory, state, Value::unbound(), nullptr);
  releaseFileState(state);
  return Value::of(TRY(made));
}

Fallible<Value> memoryClose(Thread&, Value self) {
  FileState* state = self_(self)->state;
  if (state != nullptr) {
    state->closed = true;
    state->text.clear();
    state->text.shrink_to_fit();
  }
  return Value::none();
}
Fallible<Value> memoryClosed(Thread&, Value self) {
  FileState* state = self_(self)->state;
  return Value::boolean(state == nullptr || state->closed);
}
Fallible<Value> memoryTrue(Thread& thread, Value self) {
  TRY(openMemory(thread, self));
  return Value::boolean(true);
}
Fallible<Value> memoryFalse(Thread& thread, Value self) {
  TRY(openMemory(thread, self));
  return Value::boolean(false);
}
Fallible<Value> memoryFlush(Thread& thread, Value self) {
  TRY(openMemory(thread, self));
  return Value::none();
}
Fallible<Value> memoryTell(Thread& thread, Value self) {
  return makeInt(thread, static_cast<int64_t>(TRY(openMemory(thread, self))->position));
}
Fallible<Value> memoryEnter(Thread& thread, Value self) {
  TRY(openMemory(thread, self));
  return self;
}
Fallible<Value> memoryExit(Thread& thread, Value self, const Arguments&) {
  return callMethod(thread, self, names.close, {});
}

// --- StringIO ---------------------------------------------------------------------------------------------------------
Fallible<Str*> textPart(Thread& thread, FileState* state, uint64_t start, uint64_t end) {
  return makeStrUcs4(thread, reinterpret_cast<const uint32_t*>(state->text.data()) + start, end - start);
}

// Newlines as `newline` wants them in the content.
Fallible<Str*> translateForWriting(Thread& thread, FileState* state, Str* text) {
  if (state->newline == Newline::kLf || state->newline == Newline::kUntranslated) return text;
  StrBuilder out;
  for (uint64_t i = 0; i < text->length; i++) {
    uint32_t c = text->at(i);
    if (state->newline == Newline::kUniversal) {
      if (c == '\r') {
        bool pair = i + 1 < text->length && text->at(i + 1) == '\n';
        state->newlinesSeen |= pair ? 4 : 1;
        if (pair) i++;
        c = '\n';
      } else if (c == '\n') {
        state->newlinesSeen |= 2;
      }
      out.appendCharacter(c);
    } else if (c == '\n') {
      out.append(state->newline == Newline::kCr ? "\r" : "\r\n");
    } else {
      out.appendCharacter(c);
    }
  }
  return out.build(thread);
}

Fallible<void> putText(Thread& thread, FileState* state, Str* given) {
  Str* text = TRY(translateForWriting(thread, state, given));
  if (text->length == 0) return {};
  uint64_t end = state->position + text->length;
  if (end > kMaxStrLength) return raiseMemoryError(thread);
  try {
    if (end > state->text.size()) {
      if (end > state->text.capacity()) state->text.reserve(std::max<uint64_t>(end, state->text.capacity() * 2));
      state->text.resize(end, U'\0');
    }
  } catch (const std::bad_alloc&) {
    return raiseMemoryError(thread);
  }
  copyCharacters(state->text.data() + state->position, 4, text->data(), text->width, text->length);
  state->position = end;
  return {};
}

Fallible<Value> stringInit(Thread& thread, Value self, const Arguments& arguments) {
  static constexpr Parameters kParameters{"StringIO", {"initial_value", "newline"}, 0};
  Value bound[2];
  TRY(kParameters.bind(thread, arguments, bound));
  FileState* state = self_(self)->state;
  state->newline = Newline::kLf;
  if (!bound[1].isUnbound()) {
    if (!bound[1].isNone() && toStr(bound[1]) == nullptr) {
      return raiseTypeError(thread, "newline must be str or None, not {}", nameOf(bound[1]));
    }
    auto newline = newlineOf(thread, bound[1]);
    if (newline.isRaised()) {
      clearException(thread);
      return raiseValueError(thread, "illegal newline value: {}", TRY(repr(thread, bound[1]))->asciiView());
    }
    state->newline = newline.value();
  }
  state->closed = false;
  state->text.clear();
  state->position = 0;
  if (!bound[0].isUnbound() && !bound[0].isNone()) {
    Str* initial = toStr(bound[0]);
    if (initial == nullptr) {
      return raiseTypeError(thread, "initial_value must be str or None, not {}", nameOf(bound[0]));
    }
    TRY(putText(thread, state, initial));
    state->position = 0;
  }
  return Value::none();
}

Fallible<Value> stringWrite(Thread& thread, Value self, Value data) {
  Str* text = toStr(data);
  if (text == nullptr) return raiseTypeError(thread, "string argument expected, got '{}'", nameOf(data));
  TRY(putText(thread, TRY(openMemory(thread, self)), text));
  return makeInt(thread, static_cast<int64_t>(text->length));
}
Fallible<Value> stringGetvalue(Thread& thread, Value self) {
  FileState* state = TRY(openMemory(thread, self));
  return Value::of(TRY(textPart(thread, state, 0, state->text.size())));
}
Fallible<Value> stringRead(Thread& thread, Value self, Value sizeValue) {
  int64_t size = TRY(sizeOrAll(thread, sizeValue));
  FileState* state = TRY(openMemory(thread, self));
  uint64_t start = std::min<uint64_t>(state->position, state->text.size()), end = state->text.size();
  if (size >= 0) end = std::min<uint64_t>(end, start + static_cast<uint64_t>(size));
  if (start < end) state->position = end;
  return Value::of(TRY(textPart(thread, state, start, end)));
}

uint64_t endOfLine(const FileState* state, uint64_t start) {
  const std::u32string& text = state->text;
  for (uint64_t i = start; i < text.size(); i++) {
    char32_t c = text[i];
    bool pair = c == '\r' && i + 1 < text.size() && text[i + 1] == '\n';
    switch (state->newline) {
      case Newline::kUniversal:
      case Newline::kLf:
        if (c == '\n') return i + 1;
        break;
      case Newline::kUntranslated:
        if (c == '\n') return i + 1;
        if (c == '\r') return i + (pair ? 2 : 1);
        break;
      case Newline::kCr:
        if (c == '\r') return i + 1;
        break;
      case Newline::kCrLf:
        if (pair) return i + 2;
        break;
    }
  }
  return text.size();
}
Fallible<Str*> stringLine(Thread& thread, FileState* state, int64_t limit) {
  uint64_t start = std::min<uint64_t>(state->position, state->text.size());
  uint64_t end = endOfLine(state, start);
  if (limit >= 0) end = std::min<uint64_t>(end, start + static_cast<uint64_t>(limit));
  if (start < end) state->position = end;
  return textPart(thread, state, start, end);
}
Fallible<Value> stringReadline(Thread& thread, Value self, Value sizeValue) {
  int64_t limit = TRY(sizeOrAll(thread, sizeValue));
  return Value::of(TRY(stringLine(thread, TRY(openMemory(thread, self)), limit)));
}
Fallible<Value> stringNext(Thread& thread, Value self) {
  Str* line = TRY(stringLine(thread, TRY(openMemory(thread, self)), -1));
  return line->length == 0 ? Value::unbound() : Value::of(line);
}
Fallible<Value> stringTruncate(Thread& thread, Value self, Value sizeValue) {
  FileState* state = TRY(openMemory(thread, self));
  int64_t size = TRY(sizeOrAll(thread, sizeValue));
  if (sizeValue.isUnbound() || sizeValue.isNone()) size = static_cast<int64_t>(state->position);
  if (size < 0) return raiseValueError(thread, "Negative size value {}", size);
  if (static_cast<uint64_t>(size) < state->text.size()) state->text.resize(static_cast<size_t>(size));
  return makeInt(thread, size);
}
Fallible<Value> stringSeek(Thread& thread, Value self, Value offsetValue, Value whenceValue) {
  FileState* state = TRY(openMemory(thread, self));
  int64_t offset = TRY(sizeArgument(thread, offsetValue));
  int64_t whence = whenceValue.isUnbound() ? 0 : TRY(sizeArgument(thread, whenceValue));
  if (whence < 0 || whence > 2) {
    return raiseValueError(thread, "Invalid whence ({}, should be 0, 1 or 2)", whence);
  }
  if (offset < 0 && whence == 0) return raiseValueError(thread, "Negative seek position {}", offset);
  if (whence != 0 && offset != 0) return raise(thread, exceptions.OSError, "Can't do nonzero cur-relative seeks");
  if (whence == 0) state->position = static_cast<uint64_t>(offset);
  if (whence == 2) state->position = state->text.size();
  return makeInt(thread, static_cast<int64_t>(state->position));
}
Fallible<Value> stringNewlines(Thread& thread, Value self) {
  FileState* state = TRY(openMemory(thread, self));
  return newlinesSeen(thread, state);
}
Fallible<Value> stringNone(Thread& thread, Value self) {
  TRY(openMemory(thread, self));
  return Value::none();
}

// --- BytesIO ----------------------------------------------------------------------------------------------------------
Bytearray* contentOf(Value self) { return self_(self)->buffer.get().as<Bytearray>(); }
constexpr const char* kClosedBytes = "I/O operation on closed file.";

Fallible<void> putBytes(Thread& thread, Value self, std::string_view bytes) {
  FileState* state = self_(self)->state;
  if (bytes.empty()) return {};
  Bytearray* content = contentOf(self);
  uint64_t end = state->position + bytes.size();
  if (end > content->length) TRY(bytearrayResize(thread, content, end));
  memmove(content->storage->bytes + state->position, bytes.data(), bytes.size());
  state->position = end;
  return {};
}

Fallible<Value> bytesInit(Thread& thread, Value self, const Arguments& arguments) {
  static constexpr Parameters kParameters{"BytesIO", {"initial_bytes"}, 0};
  Value initial;
  TRY(kParameters.bind(thread, arguments, &initial));
  File* file = self_(self);
  file->buffer = Value::of(TRY(makeBytearray(thread, {})));
  file->state->closed = false;
  file->state->position = 0;
  if (!initial.isUnbound() && !initial.isNone()) {
    TRY(putBytes(thread, self, TRY(requireBuffer(thread, initial))));
    file->state->position = 0;
  }
  return Value::none();
}
Fallible<Value> bytesWrite(Thread& thread, Value self, Value data) {
  TRY(openMemory(thread, self, kClosedBytes));
  std::string_view bytes = TRY(requireBuffer(thread, data));
  auto count = static_cast<int64_t>(bytes.size());
  TRY(putBytes(thread, self, bytes));
  return makeInt(thread, count);
}
Fallible<Value> bytesGetvalue(Thread& thread, Value self) {
  TRY(openMemory(thread, self, kClosedBytes));
  return Value::of(TRY(makeBytes(thread, viewOf(contentOf(self)))));
}
Fallible<Value> bytesGetbuffer(Thread& thread, Value self) {
  TRY(openMemory(thread, self, kClosedBytes));
  return makeMemoryview(thread, Value::of(contentOf(self)));
}

// At most `size` bytes from the position on, which moves.
std::string_view takeBytes(Value self, int64_t size) {
  FileState* state = self_(self)->state;
  std::string_view all = viewOf(contentOf(self));
  all.remove_prefix(std::min<uint64_t>(state->position, all.size()));
  if (size >= 0) all = all.substr(0, static_cast<size_t>(size));
  state->position += all.size();
  return all;
}
Fallible<Value> bytesRead(Thread& thread, Value self, Value sizeValue) {
  int64_t size = TRY(sizeOrAll(thread, sizeValue));
  TRY(openMemory(thread, self, kClosedBytes));
  return Value::of(TRY(makeBytes(thread, takeBytes(self, size))));
}
int64_t lineSize(Value self, int64_t limit) {
  std::string_view rest = viewOf(contentOf(self));
  rest.remove_prefix(std::min<uint64_t>(self_(self)->state->position, rest.size()));
  size_t newline = rest.find('\n');
  auto size = static_cast<int64_t>(newline == std::string_view::npos ? rest.size() : newline + 1);
  return limit >= 0 ? std::min(limit, size) : size;
}
Fallible<Value> bytesReadline(Thread& thread, Value self, Value sizeValue) {
  int64_t limit = TRY(sizeOrAll(thread, sizeValue));
  TRY(openMemory(thread, self, kClosedBytes));
  return Value::of(TRY(makeBytes(thread, takeBytes(self, lineSize(self, limit)))));
}
Fallible<Value> bytesNext(Thread& thread, Value self) {
  TRY(openMemory(thread, self, kClosedBytes));
  std::string_view line = takeBytes(self, lineSize(self, -1));
  if (line.empty()) return Value::unbound();
  return Value::of(TRY(makeBytes(thread, line)));
}
Fallible<Value> bytesReadinto(Thread& thread, Value self, Value target) {
  TRY(openMemory(thread, self, kClosedBytes));
  std::span<uint8_t> room;
  if (!mutableBufferView(target, room)) {
    return raiseTypeError(thread, "readinto() argument must be read-write bytes-like object, not {}",
                          argumentTypeName(target));
  }
  std::string_view bytes = takeBytes(self, static_cast<int64_t>(room.size()));
  if (!bytes.empty()) memmove(room.data(), bytes.data(), bytes.size());
  return makeInt(thread, static_cast<int64_t>(bytes.size()));
}
Fallible<Value> bytesTruncate(Thread& thread, Value self, Value sizeValue) {
  FileState* state = TRY(openMemory(thread, self, kClosedBytes));
  int64_t size = TRY(sizeOrAll(thread, sizeValue));
  if (sizeValue.isUnbound() || sizeValue.isNone()) size = static_cast<int64_t>(state->position);
  if (size < 0) return raiseValueError(thread, "negative size value {}", size);
  Bytearray* content = contentOf(self);
  content->length = std::min<uint64_t>(content->length, static_cast<uint64_t>(size));
  return makeInt(thread, size);
}
Fallible<Value> bytesSeek(Thread& thread, Value self, Value offsetValue, Value whenceValue) {
  FileState* state = TRY(openMemory(thread, self, kClosedBytes));
  int64_t offset = TRY(sizeArgument(thread, offsetValue));
  int64_t whence = whenceValue.isUnbound() ? 0 : TRY(sizeArgument(thread, whenceValue));
  if (whence < 0 || whence > 2) {
    return raiseValueError(thread, "invalid whence ({}, should be 0, 1 or 2)", whence);
  }
  if (offset < 0 && whence == 0) return raiseValueError(thread, "negative seek value {}", offset);
  if (whence == 1) offset += static_cast<int64_t>(state->position);
  if (whence == 2) offset += static_cast<int64_t>(contentOf(self)->length);
  state->position = static_cast<uint64_t>(std::max<int64_t>(0, offset));
  return makeInt(thread, static_cast<int64_t>(state->position));
}

void declareMemoryFile(TypeBuilder& type) {
  type.module("_io")
      .flags(Type::kBaseType | Type::kHasDict)
      .constructor(newMemoryFile)
      .method("close", memoryClose)
      .getter("closed", memoryClosed)
      .method("readable", memoryTrue)
      .method("writable", memoryTrue)
      .method("seekable", memoryTrue)
      .method("isatty", memoryFalse)
      .method("flush", memoryFlush)
      .method("tell", memoryTell)
      .method("__enter__", memoryEnter)
      .variadic("__exit__", memoryExit)
      .special("__iter__", memoryEnter);
}

}  // namespace

void initialiseMemoryFiles(Thread& thread) {
  TypeBuilder text(thread, "StringIO", fileTypes.textIOBase, Kind::kFile);
  declareMemoryFile(text);
  fileTypes.stringIO = text.specialVariadic("__init__", stringInit)
                           .method("write", stringWrite)
                           .method("getvalue", stringGetvalue)
                           .method("read", stringRead, 1)
                           .method("readline", stringReadline, 1)
                           .next(stringNext)
                           .method("truncate", stringTruncate, 1)
                           .method("seek", stringSeek, 1)
                           .getter("newlines", stringNewlines)
                           .getter("line_buffering", memoryFalse)
                           .getter("encoding", stringNone)
                           .getter("errors", stringNone)
                           .build();
  TypeBuilder bytes(thread, "BytesIO", fileTypes.bufferedIOBase, Kind::kFile);
  declareMemoryFile(bytes);
  fileTypes.bytesIO = bytes.specialVariadic("__init__", bytesInit)
                          .method("write", bytesWrite)
                          .method("getvalue", bytesGetvalue)
                          .method("getbuffer", bytesGetbuffer)
                          .method("read", bytesRead, 1)
                          .method("read1", bytesRead, 1)
                          .method("readline", bytesReadline, 1)
                          .next(bytesNext)
                          .method("readinto", bytesReadinto)
                          .method("readinto1", bytesReadinto)
                          .method("truncate", bytesTruncate, 1)
                          .method("seek", bytesSeek, 1)
                          .build();
}

}  // namespace krait
