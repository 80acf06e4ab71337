// Reading text: chunk by chunk from the buffer, line by line out of the chunk.
#include <algorithm>
#include <cstring>

#include "vm/builtins/int.h"
#include "vm/builtins/io_internal.h"
#include "vm/builtins/str.h"
#include "vm/builtins/text.h"
#include "vm/names.h"

namespace krait {

void forgetDecoded(TextFile* t) {
  t->decoded = nullptr;
  t->used = 0;
  t->hasSnapshot = false;
}

namespace {

uint64_t unreadCharacters(const TextFile* t) { return t->decoded == nullptr ? 0 : t->decoded->length - t->used; }

// The next chunk of bytes from the buffer; valid until the next operation on it. `keep` holds what is not the buffer's.
Fallible<std::string_view> readBytes(Thread& thread, TextFile* t, Value& keep) {
  if (BufferedFile* b = exactBuffered(t->buffer); b != nullptr && b->readable) {
    if (TRY(bufferedIsClosed(thread, b))) return raise(thread, exceptions.ValueError, "read of closed file");
    return bufferedTake(thread, b, t->chunkSize);
  }
  const char* method = t->hasRead1 ? "read1" : "read";
  Value size = Value::inlineInt(static_cast<int64_t>(t->chunkSize));
  keep = TRY(callNamed(thread, t->buffer, method, {&size, 1}));
  std::string_view bytes;
  if (!bufferView(keep, bytes)) {
    return raiseTypeError(thread, "underlying {}() should have returned a bytes-like object, not '{}'", method,
                          nameOf(keep));
  }
  return bytes;
}

// Decodes the next chunk; false at the end of the file, where `decoded` may hold what the decoder still had.
Fallible<bool> readChunk(Thread& thread, TextFile* t) {
  if (!t->decoderMade) TRY(prepareDecoder(thread, t));
  DecoderState before;
  bool tells = t->telling;
  if (tells) TRY(decoderState(thread, t, before));
  Value keep = Value::unbound();
  std::string_view bytes = TRY(readBytes(thread, t, keep));
  bool isEnd = bytes.empty();
  size_t count = bytes.size();
  if (tells) {
    t->chunk->size = 0;
    if (!t->chunk->append(before.bytes) || !t->chunk->append(bytes)) return raiseMemoryError(thread);
    bytes = t->chunk->view().substr(before.bytes.size());
    t->snapshotFlags = before.flags;
  }
  std::string copy;  // a decoder written in Python may use the file meanwhile
  if (t->codec == Codec::kOther) {
    copy = std::string(bytes);
    bytes = copy;
  }
  Str* text = TRY(decodeChunk(thread, t, bytes, isEnd));
  t->decoded = text;
  t->used = 0;
  t->bytesPerCharacter = text->length == 0 ? 0 : static_cast<double>(count) / static_cast<double>(text->length);
  t->hasSnapshot = tells;
  return !isEnd || text->length != 0;
}

// --- lines ------------------------------------------------------------------------------------------------------------
constexpr uint64_t kNowhere = UINT64_MAX;

template <class C>
uint64_t findCharacter(const C* text, uint64_t from, uint64_t length, C c) {
  if constexpr (sizeof(C) == 1) {
    const void* at = from == length ? nullptr : memchr(text + from, c, length - from);
    return at == nullptr ? kNowhere : static_cast<uint64_t>(static_cast<const C*>(at) - text);
  }
  for (uint64_t i = from; i < length; i++) {
    if (text[i] == c) return i;
  }
  return kNowhere;
}

// Where the line that begins at `start` ends, looking from `from` on; kNowhere when there is no end yet.
template <class C>
uint64_t lineEnd(const C* text, uint64_t from, uint64_t length, Newline newline) {
  switch (newline) {
    case Newline::kUniversal:
    case Newline::kLf: {
      uint64_t at = findCharacter(text, from, length, static_cast<C>('\n'));
      return at == kNowhere ? kNowhere : at + 1;
    }
    case Newline::kCr: {
      uint64_t at = findCharacter(text, from, length, static_cast<C>('\r'));
      return at == kNowhere ? kNowhere : at + 1;
    }
    case Newline::kUntranslated:
      for (uint64_t i = from; i < length; i++) {
        if (text[i] == '\n') return i + 1;
        if (text[i] == '\r') return i + 1 < length && text[i + 1] == '\n' ? i + 2 : i + 1;
      }
      return kNowhere;
    case Newline::kCrLf:
      for (uint64_t i = from; i + 1 < length; i++) {
        if (text[i] == '\r' && text[i + 1] == '\n') return i + 2;
      }
      return kNowhere;
  }
  return kNowhere;
}
uint64_t lineEndIn(const Str* s, uint64_t from, Newline newline) {
  return withText(s, [&](auto* text, uint64_t length) { return lineEnd(text, from, length, newline); });
}

Fallible<Str*> takeText(Thread& thread, TextFile* t, uint64_t count) {
  uint64_t start = t->used;
  t->used += count;
  Str* s = t->decoded;
  if (s->isAscii()) [[likely]]
    return makeStrAscii(thread, s->asciiView().substr(start, count));
  return substring(thread, s, start, start + count);
}

}  // namespace

Fallible<Str*> readTextLine(Thread& thread, TextFile* t, int64_t limitValue) {
  uint64_t limit = limitValue < 0 ? kNowhere : static_cast<uint64_t>(limitValue);
  if (unreadCharacters(t) != 0) [[likely]] {  // the whole line is there, mostly
    uint64_t end = lineEndIn(t->decoded, t->used, t->newline);
    if (end != kNowhere) return takeText(thread, t, std::min(end - t->used, limit));
    if (unreadCharacters(t) >= limit) return takeText(thread, t, limit);
  }
  if (limit == 0) return emptyStr();
  Str* line = unreadCharacters(t) == 0 ? emptyStr() : TRY(takeText(thread, t, unreadCharacters(t)));
  for (;;) {
    bool gotText = false;
    while (TRY(readChunk(thread, t))) {
      if ((gotText = unreadCharacters(t) != 0)) break;
    }
    if (!gotText) {
      forgetDecoded(t);
      return line;
    }
    bool splitsPair = t->newline == Newline::kCrLf && line->length != 0 && line->at(line->length - 1) == '\r' &&
                      t->decoded->at(0) == '\n';
    uint64_t end = splitsPair ? 1 : lineEndIn(t->decoded, 0, t->newline);
    uint64_t room = limit == kNowhere ? kNowhere : limit - line->length;
    uint64_t count = std::min({end, room, t->decoded->length});
    bool isOver = end != kNowhere || count == room;
    Str* part = TRY(takeText(thread, t, count));
    line = line->length == 0 ? part : TRY(concatenate(thread, line, part));
    if (isOver) return line;
  }
}

namespace {

Fallible<TextFile*> readable(Thread& thread, Value self) {
  TextFile* t = TRY(openText(thread, self));
  TRY(flushTextOutput(thread, t));
  if (!t->canDecode) return raiseUnsupported(thread, "not readable");
  return t;
}

Fallible<Value> textReadline(Thread& thread, Value self, Value limitValue) {
  TRY(readyText(thread, self));
  int64_t limit = -1;
  if (!limitValue.isUnbound()) {
    if (!isInt(limitValue) && specialMethod(limitValue, Special::k__index__).isUnbound()) {
      return raiseTypeError(thread, "'{}' object cannot be interpreted as an integer", nameOf(limitValue));
    }
    limit = TRY(sizeArgument(thread, limitValue));
  }
  TextFile* t = TRY(openText(thread, self));
  TRY(flushTextOutput(thread, t));
  if (!t->canDecode) return raiseUnsupported(thread, "not readable");
  return Value::of(TRY(readTextLine(thread, t, limit)));
}

Fallible<Value> textNext(Thread& thread, Value self) {
  TextFile* t = TRY(readyText(thread, self));
  t->telling = false;
  Str* line;
  if (typeOf(self) == types.textFile) {
    TRY(openText(thread, self));
    TRY(flushTextOutput(thread, t));
    if (!t->canDecode) return raiseUnsupported(thread, "not readable");
    line = TRY(readTextLine(thread, t, -1));
  } else {
    Value made = TRY(callMethod(thread, self, names.readline, {}));
    line = toStr(made);
    if (line == nullptr) {
      return raiseFormat(thread, exceptions.OSError, "readline() should have returned a str object, not '{}'",
                         nameOf(made));
    }
  }
  if (line->length != 0) return Value::of(line);
  t->hasSnapshot = false;
  t->telling = t->seekable;
  return Value::unbound();
}

Fallible<Value> readAll(Thread& thread, TextFile* t) {
  if (!t->decoderMade) TRY(prepareDecoder(thread, t));
  Str* rest;
  if (BufferedFile* b = exactBuffered(t->buffer); b != nullptr && b->readable) {
    if (TRY(bufferedIsClosed(thread, b))) return raise(thread, exceptions.ValueError, "read of closed file");
    ByteBuilder bytes;
    bool wouldBlock;
    {
      BufferedLock lock(thread, b);
      TRY(lock.entered());
      TRY(bufferedReadAll(thread, b, bytes, wouldBlock));
    }
    if (bytes.failed()) return raiseMemoryError(thread);
    rest = TRY(decodeChunk(thread, t, bytes.view(), true));
  } else {
    Value data = TRY(callMethod(thread, t->buffer, names.read, {}));
    std::string_view bytes;
    if (!bufferView(data, bytes)) {
      return raiseTypeError(thread, "underlying read() should have returned a bytes-like object, not '{}'",
                            nameOf(data));
    }
    rest = TRY(decodeChunk(thread, t, bytes, true));
  }
  Str* result = rest;
  if (unreadCharacters(t) != 0) {
    Str* before = TRY(takeText(thread, t, unreadCharacters(t)));
    result = TRY(concatenate(thread, before, rest));
  }
  forgetDecoded(t);
  return Value::of(result);
}

Fallible<Value> textRead(Thread& thread, Value self, Value sizeValue) {
  TRY(readyText(thread, self));
  int64_t size = TRY(sizeOrAll(thread, sizeValue));
  TextFile* t = TRY(readable(thread, self));
  if (size < 0) return readAll(thread, t);
  auto wanted = static_cast<uint64_t>(size);
  if (unreadCharacters(t) >= wanted) {
    return Value::of(wanted == 0 ? emptyStr() : TRY(takeText(thread, t, wanted)));
  }
  StrBuilder out;
  for (;;) {
    uint64_t count = std::min(unreadCharacters(t), wanted - out.length());
    if (count != 0) out.append(t->decoded, t->used, t->used + count);
    t->used += count;
    if (out.length() >= wanted) break;
    if (!TRY(readChunk(thread, t))) break;
  }
  return Value::of(TRY(out.build(thread)));
}

}  // namespace

void declareTextReading(TypeBuilder& type) {
  type.method("read", textRead, 1).method("readline", textReadline, 1).next(textNext);
}

}  // namespace krait
