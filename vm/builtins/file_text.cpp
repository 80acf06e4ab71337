// Text files: bytes decoded line by line, text encoded as it is written.
//
// Bytes read ahead are decoded only when they are asked for, so that the file position is always known exactly: tell()
// is the position of the next undecoded byte.
#include <unistd.h>

#include <algorithm>
#include <cstring>

#include "vm/builtins/file_state.h"
#include "vm/builtins/int.h"
#include "vm/builtins/str.h"
#include "vm/builtins/text.h"
#include "vm/builtins/tuple.h"
#include "vm/names.h"

namespace krait {
namespace {

File* self_(Value v) { return v.as<File>(); }

size_t unitOf(Codec codec) {
  switch (codec) {
    case Codec::kUtf16:
    case Codec::kUtf16Le:
    case Codec::kUtf16Be: return 2;
    case Codec::kUtf32:
    case Codec::kUtf32Le:
    case Codec::kUtf32Be: return 4;
    default: return 1;
  }
}
bool isBigEndian(Codec codec) { return codec == Codec::kUtf16Be || codec == Codec::kUtf32Be; }

uint32_t unitAt(std::string_view bytes, size_t i, size_t size, bool bigEndian) {
  uint32_t unit = 0;
  for (size_t k = 0; k < size; k++) {
    unit |= static_cast<uint32_t>(static_cast<uint8_t>(bytes[i + k])) << (8 * (bigEndian ? size - 1 - k : k));
  }
  return unit;
}

// At the start of the file a byte order mark settles the order and is skipped.
Fallible<void> skipMark(Thread& thread, FileState* state) {
  if (!state->atStart) return {};
  state->atStart = false;
  bool marked = state->codec == Codec::kUtf8Sig || state->codec == Codec::kUtf16 || state->codec == Codec::kUtf32;
  if (!marked) return {};
  size_t size = state->codec == Codec::kUtf8Sig ? 3 : unitOf(state->codec);
  while (state->unread() < size && TRY(fillInput(thread, state))) {}
  std::string_view pending = state->pending();
  if (state->codec == Codec::kUtf8Sig) {
    state->byteCodec = Codec::kUtf8;
    if (pending.starts_with("\xef\xbb\xbf")) state->inputStart += 3;
    return {};
  }
  bool isWide = size == 4, bigEndian = false;
  if (pending.size() >= size) {
    bigEndian = unitAt(pending, 0, size, true) == 0xfeff;
    if (bigEndian || unitAt(pending, 0, size, false) == 0xfeff) state->inputStart += size;
  }
  state->byteCodec =
      isWide ? (bigEndian ? Codec::kUtf32Be : Codec::kUtf32Le) : (bigEndian ? Codec::kUtf16Be : Codec::kUtf16Le);
  return {};
}

Fallible<void> decodeInto(Thread& thread, FileState* state, std::string_view bytes, StrBuilder& out) {
  if (state->codec != Codec::kOther) {
    uint64_t consumed;
    return decodeText(thread, bytes, state->byteCodec, state->errorsName, true, out, consumed);
  }
  std::string copy(bytes);  // the library's codec runs Python code, which may use this file
  out.append(toStr(TRY(decodeBytes(thread, copy, state->encodingName, state->errorsName))));
  return {};
}

// \r and \r\n become \n, as `newline=None` wants; which were met is remembered.
Fallible<Str*> translate(Thread& thread, FileState* state, Str* text) {
  bool translates = state->newline == Newline::kUniversal;
  if (!translates && state->newline != Newline::kUntranslated) return text;
  bool hasReturn = false;
  for (uint64_t i = 0; i < text->length && !hasReturn; i++) hasReturn = text->at(i) == '\r';
  if (!hasReturn) {
    if (text->length != 0 && text->at(text->length - 1) == '\n') {
      state->newlinesSeen |= 2;
    } else if (!(state->newlinesSeen & 2)) {
      for (uint64_t i = 0; i < text->length; i++) {
        if (text->at(i) == '\n') state->newlinesSeen |= 2;
      }
    }
    return text;
  }
  StrBuilder out;
  for (uint64_t i = 0; i < text->length; i++) {
    uint32_t c = text->at(i);
    if (c == '\n') state->newlinesSeen |= 2;
    if (c == '\r') {
      bool pair = i + 1 < text->length && text->at(i + 1) == '\n';
      state->newlinesSeen |= pair ? 4 : 1;
      if (pair) i++;
      c = '\n';
    }
    out.appendCharacter(c);
  }
  return translates ? out.build(thread) : Fallible<Str*>(text);
}

Fallible<Str*> decodePart(Thread& thread, FileState* state, std::string_view bytes) {
  StrBuilder out;
  TRY(decodeInto(thread, state, bytes, out));
  return translate(thread, state, TRY(out.build(thread)));
}

// --- lines ------------------------------------------------------------------------------------------------------------
struct LineEnd {
  size_t end;      // bytes of the line with its end; 0: not found
  size_t scanned;  // bytes that need not be looked at again
};

// Looks for the end of the first line in `bytes`. `atEnd`: no more bytes will come.
LineEnd findLineEnd(const FileState* state, std::string_view bytes, size_t from, bool atEnd) {
  size_t unit = unitOf(state->byteCodec);
  Newline mode = state->newline;
  if (unit == 1 && mode == Newline::kLf) {
    size_t found = bytes.find('\n', from);
    return found == std::string_view::npos ? LineEnd{0, bytes.size()} : LineEnd{found + 1, 0};
  }
  if (unit == 1 && (mode == Newline::kUniversal || mode == Newline::kUntranslated)) {
    size_t newline = bytes.find('\n', from);
    size_t stop = newline == std::string_view::npos ? bytes.size() : newline;
    const void* cr = stop == from ? nullptr : memchr(bytes.data() + from, '\r', stop - from);
    if (cr == nullptr) return newline == std::string_view::npos ? LineEnd{0, bytes.size()} : LineEnd{newline + 1, 0};
    auto at = static_cast<size_t>(static_cast<const char*>(cr) - bytes.data());
    if (at + 1 == bytes.size() && !atEnd) return {0, at};
    return {at + 1 < bytes.size() && bytes[at + 1] == '\n' ? at + 2 : at + 1, 0};
  }
  bool bigEndian = isBigEndian(state->byteCodec);
  size_t i = from;
  for (; i + unit <= bytes.size(); i += unit) {
    uint32_t c = unitAt(bytes, i, unit, bigEndian);
    if (c == '\n' && mode != Newline::kCr && mode != Newline::kCrLf) return {i + unit, 0};
    if (c != '\r' || mode == Newline::kLf) continue;
    if (mode == Newline::kCr) return {i + unit, 0};
    bool hasNext = i + 2 * unit <= bytes.size();
    if (!hasNext && !atEnd) return {0, i};
    bool pair = hasNext && unitAt(bytes, i + unit, unit, bigEndian) == '\n';
    if (pair) return {i + 2 * unit, 0};
    if (mode != Newline::kCrLf) return {i + unit, 0};
  }
  return {0, i};
}

// How many bytes the first `count` characters take; \r\n counts as one where newlines are translated. Incomplete
// sequences at the end are left out unless no more bytes will come.
size_t bytesOfCharacters(const FileState* state, std::string_view bytes, uint64_t count, bool atEnd) {
  size_t unit = unitOf(state->byteCodec);
  bool bigEndian = isBigEndian(state->byteCodec);
  size_t i = 0;
  for (; count != 0 && i < bytes.size(); count--) {
    size_t size = unit;
    if (state->byteCodec == Codec::kUtf8) {
      auto lead = static_cast<uint8_t>(bytes[i]);
      size_t wanted = lead < 0xc2 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 1;
      size = 1;
      while (size < wanted && i + size < bytes.size() && (bytes[i + size] & 0xc0) == 0x80) size++;
      if (size < wanted && i + size >= bytes.size() && !atEnd) return i;
    } else if (unit > 1 && bytes.size() - i < unit) {
      return atEnd ? bytes.size() : i;
    } else if (unit == 2 && (unitAt(bytes, i, 2, bigEndian) & 0xfc00) == 0xd800) {
      if (bytes.size() - i < 4) return atEnd ? bytes.size() : i;
      size = 4;
    }
    bool isReturn = size == unit && unitAt(bytes, i, unit, bigEndian) == '\r';
    if (isReturn && state->newline == Newline::kUniversal) {
      if (i + 2 * unit > bytes.size()) {
        if (!atEnd) return i;
      } else if (unitAt(bytes, i + unit, unit, bigEndian) == '\n') {
        size = 2 * unit;
      }
    }
    i += size;
  }
  return std::min(i, bytes.size());
}

Fallible<Str*> readLineOf(Thread& thread, FileState* state, int64_t limit) {
  TRY(skipMark(thread, state));
  if (limit == 0) return emptyStr();
  size_t scanned = 0;
  bool atEnd = false;
  for (;;) {
    LineEnd line = findLineEnd(state, state->pending(), scanned, atEnd);
    size_t size = line.end != 0 ? line.end : atEnd ? state->unread() : 0;
    bool isLong = limit > 0 && size == 0 && state->unread() >= static_cast<uint64_t>(limit) * 4 + 8;
    if (size != 0 || atEnd || isLong) {
      if (isLong) size = state->unread();
      if (limit > 0) {
        size = bytesOfCharacters(state, state->pending().substr(0, size), static_cast<uint64_t>(limit), true);
      }
      if (size == 0) return emptyStr();
      std::string_view bytes = state->pending().substr(0, size);
      state->inputStart += size;
      return decodePart(thread, state, bytes);
    }
    scanned = line.scanned;
    atEnd = !TRY(fillInput(thread, state));
  }
}

Fallible<Value> textReadline(Thread& thread, Value self, Value limitValue) {
  FileState* state = TRY(readableState(thread, self_(self), "readline"));
  int64_t limit = limitValue.isUnbound() ? -1 : TRY(sizeArgument(thread, limitValue));
  return Value::of(TRY(readLineOf(thread, state, limit)));
}
Fallible<Value> textNext(Thread& thread, Value self) {
  FileState* state = TRY(readableState(thread, self_(self), "readline"));
  Str* line = TRY(readLineOf(thread, state, -1));
  return line->length == 0 ? Value::unbound() : Value::of(line);
}

Fallible<Value> textRead(Thread& thread, Value self, Value sizeValue) {
  FileState* state = TRY(readableState(thread, self_(self), "read"));
  int64_t size = -1;
  if (!sizeValue.isUnbound() && !sizeValue.isNone()) {
    if (!isInt(sizeValue) && specialMethod(sizeValue, Special::k__index__).isUnbound()) {
      return raiseTypeError(thread, "argument should be integer or None, not '{}'", nameOf(sizeValue));
    }
    size = TRY(sizeArgument(thread, sizeValue));
  }
  TRY(skipMark(thread, state));
  if (size < 0) {
    ByteBuilder bytes;
    TRY(readToEnd(thread, state, bytes));
    if (bytes.failed()) return raiseMemoryError(thread);
    return Value::of(TRY(decodePart(thread, state, bytes.view())));
  }
  StrBuilder out;
  bool atEnd = false;
  while (out.length() < static_cast<uint64_t>(size)) {
    size_t take = bytesOfCharacters(state, state->pending(), static_cast<uint64_t>(size) - out.length(), atEnd);
    if (take != 0) {
      std::string_view bytes = state->pending().substr(0, take);
      state->inputStart += take;
      out.append(TRY(decodePart(thread, state, bytes)));
    } else if (atEnd) {
      break;
    } else {
      atEnd = !TRY(fillInput(thread, state));
    }
  }
  return Value::of(TRY(out.build(thread)));
}

// --- writing ----------------------------------------------------------------------------------------------------------
bool hasCharacter(const Str* s, uint32_t c) {
  if (s->width == 1) return s->length != 0 && memchr(s->data(), static_cast<int>(c), s->length) != nullptr;
  for (uint64_t i = 0; i < s->length; i++) {
    if (s->at(i) == c) return true;
  }
  return false;
}

Fallible<Str*> translateNewlines(Thread& thread, FileState* state, Str* text) {
  if (state->newline != Newline::kCr && state->newline != Newline::kCrLf) return text;
  if (!hasCharacter(text, '\n')) return text;
  StrBuilder out;
  for (uint64_t i = 0; i < text->length; i++) {
    uint32_t c = text->at(i);
    if (c != '\n') {
      out.appendCharacter(c);
    } else {
      out.append(state->newline == Newline::kCr ? "\r" : "\r\n");
    }
  }
  return out.build(thread);
}

Fallible<void> writeEncoded(Thread& thread, FileState* state, Str* text) {
  bool isBytewise = state->codec == Codec::kUtf8 || state->codec == Codec::kAscii || state->codec == Codec::kLatin1;
  if (isBytewise && text->isAscii()) [[likely]] {
    state->atStart = false;
    return writeBytes(thread, state, text->asciiView());
  }
  if (state->codec == Codec::kOther) {
    Value bytes = TRY(encodeStr(thread, text, state->encodingName, state->errorsName));
    return writeBytes(thread, state, viewOf(toBytes(bytes)));
  }
  Codec codec = state->codec;
  bool marked = codec == Codec::kUtf8Sig || codec == Codec::kUtf16 || codec == Codec::kUtf32;
  bool marksNow = false;
  if (marked) {  // the mark stands at the very beginning only
    marksNow = state->atStart && (!isSeekable(state) || TRY(tellFile(thread, state)) == 0);
    if (!marksNow) {
      codec = codec == Codec::kUtf8Sig ? Codec::kUtf8 : codec == Codec::kUtf16 ? Codec::kUtf16Le : Codec::kUtf32Le;
    }
  }
  state->atStart = false;
  ByteBuilder out;
  TRY(encodeText(thread, text, codec, state->errorsName, out));
  if (out.failed()) return raiseMemoryError(thread);
  return writeBytes(thread, state, out.view());
}

Fallible<Value> textWrite(Thread& thread, Value self, Value data) {
  Str* text = toStr(data);
  if (text == nullptr) {
    return raiseTypeError(thread, "write() argument must be str, not {}", argumentTypeName(data));
  }
  TRY(writeText(thread, self_(self), text));
  return makeInt(thread, static_cast<int64_t>(text->length));
}

// --- position ---------------------------------------------------------------------------------------------------------
Fallible<Value> textSeek(Thread& thread, Value self, Value cookieValue, Value whenceValue) {
  FileState* state = TRY(openState(thread, self_(self)));
  int64_t whence = whenceValue.isUnbound() ? 0 : TRY(sizeArgument(thread, whenceValue));
  if (!isSeekable(state)) return raiseUnsupported(thread, "underlying stream is not seekable");
  int64_t cookie = TRY(sizeArgument(thread, cookieValue));
  if (whence == 1 || whence == 2) {
    if (cookie != 0) {
      return raiseUnsupported(
          thread, whence == 1 ? "can't do nonzero cur-relative seeks" : "can't do nonzero end-relative seeks");
    }
  } else if (whence != 0) {
    return raiseValueError(thread, "invalid whence ({}, should be 0, 1 or 2)", whence);
  } else if (cookie < 0) {
    return raiseValueError(thread, "negative seek position {}", cookie);
  }
  return makeInt(thread, TRY(seekFile(thread, state, cookie, static_cast<int>(whence))));
}
Fallible<Value> textTell(Thread& thread, Value self) {
  FileState* state = TRY(openState(thread, self_(self)));
  if (!isSeekable(state)) return raiseUnsupported(thread, "underlying stream is not seekable");
  return makeInt(thread, TRY(tellFile(thread, state)));
}

// --- attributes -------------------------------------------------------------------------------------------------------
Fallible<Value> textEncoding(Thread&, Value self) { return Value::of(self_(self)->encoding.get()); }
Fallible<Value> textErrors(Thread&, Value self) { return Value::of(self_(self)->errors.get()); }
Fallible<Value> textBuffer(Thread& thread, Value self) {
  File* file = self_(self);
  if (file->state == nullptr) TRY(openState(thread, file));
  if (file->buffer.get().isUnbound()) file->buffer = Value::of(TRY(makeLayer(thread, file, File::kBuffered)));
  return file->buffer.get();
}
Fallible<Value> textDetach(Thread& thread, Value self) {
  File* file = self_(self);
  FileState* state = TRY(openState(thread, file));
  TRY(flushOutput(thread, state));
  Value buffer = TRY(textBuffer(thread, self));
  file->state = nullptr;
  releaseFileState(state);
  return buffer;
}
Fallible<Value> textLineBuffering(Thread& thread, Value self) {
  File* file = self_(self);
  if (file->state == nullptr) TRY(openState(thread, file));
  return Value::boolean(file->state->lineBuffered);
}
Fallible<Value> textWriteThrough(Thread& thread, Value self) {
  File* file = self_(self);
  if (file->state == nullptr) TRY(openState(thread, file));
  return Value::boolean(file->state->writeThrough);
}
Fallible<Value> textNewlines(Thread& thread, Value self) {
  File* file = self_(self);
  if (file->state == nullptr) TRY(openState(thread, file));
  return newlinesSeen(thread, file->state);
}

Fallible<Value> textReconfigure(Thread& thread, Value self, const Arguments& arguments) {
  static constexpr Parameters kParameters{
      "reconfigure", {"*", "encoding", "errors", "newline", "line_buffering", "write_through"}, 0};
  Value bound[5];
  TRY(kParameters.bind(thread, arguments, bound));
  auto [encoding, errors, newline, lineBuffering, writeThrough] = bound;
  File* file = self_(self);
  FileState* state = TRY(openState(thread, file));
  bool changesText =
      !(encoding.isUnbound() || encoding.isNone()) || !(errors.isUnbound() || errors.isNone()) || !newline.isUnbound();
  if (changesText && state->unread() != 0) {
    return raiseUnsupported(thread, "It is not possible to set the encoding or newline of stream after the first read");
  }
  TRY(flushOutput(thread, state));
  if (!newline.isUnbound()) state->newline = TRY(newlineOf(thread, newline));
  bool newEncoding = !encoding.isUnbound() && !encoding.isNone();
  if (newEncoding || (!errors.isUnbound() && !errors.isNone())) {
    Str* codec = newEncoding ? toStr(encoding) : file->encoding.get();
    Str* handler = !errors.isUnbound() && !errors.isNone() ? toStr(errors) : newEncoding ? nullptr : file->errors.get();
    TRY(setTextEncoding(thread, file, codec, handler));
  }
  if (!lineBuffering.isUnbound() && !lineBuffering.isNone()) state->lineBuffered = TRY(isTrue(thread, lineBuffering));
  if (!writeThrough.isUnbound() && !writeThrough.isNone()) state->writeThrough = TRY(isTrue(thread, writeThrough));
  return Value::none();
}

// TextIOWrapper(buffer, encoding=None, errors=None, newline=None, line_buffering=False, write_through=False)
Fallible<Value> textNew(Thread& thread, Value self, const Arguments& arguments) {
  static constexpr Parameters kParameters{
      "TextIOWrapper", {"buffer", "encoding", "errors", "newline", "line_buffering", "write_through"}, 1};
  Value bound[6];
  TRY(kParameters.bind(thread, arguments, bound));
  File* binary = toFile(bound[0]);
  if (binary == nullptr || binary->state == nullptr) {
    return raiseTypeError(thread, "TextIOWrapper() needs a file opened by its name or descriptor, not {}",
                          nameOf(bound[0]));
  }
  auto given = [](Value v) { return v.isUnbound() || v.isNone() ? nullptr : toStr(v); };
  FileState* state = binary->state;
  Newline newline = TRY(newlineOf(thread, bound[3].isUnbound() ? Value::none() : bound[3]));
  File* file = TRY(makeFileCell(thread, self.as<Type>(), File::kText, state, binary->name, binary->mode));
  file->buffer = Value::of(binary);
  TRY(setTextEncoding(thread, file, given(bound[1]), given(bound[2])));
  state->newline = newline;
  state->lineBuffered = !bound[4].isUnbound() && TRY(isTrue(thread, bound[4]));
  state->writeThrough = !bound[5].isUnbound() && TRY(isTrue(thread, bound[5]));
  return Value::of(file);
}
Fallible<Value> textInit(Thread&, Value, const Arguments&) { return Value::none(); }

}  // namespace

Fallible<Value> newlinesSeen(Thread& thread, const FileState* state) {
  static constexpr const char* kNewlines[] = {"\r", "\n", "\r\n"};
  Value seen[3];
  size_t count = 0;
  for (unsigned i = 0; i < 3; i++) {
    if (state->newlinesSeen >> i & 1) seen[count++] = Value::of(TRY(intern(thread, kNewlines[i])));
  }
  if (count == 0) return Value::none();
  if (count == 1) return seen[0];
  return Value::of(TRY(makeTuple(thread, std::span<const Value>(seen, count))));
}

Fallible<void> writeText(Thread& thread, File* file, const Str* given) {
  FileState* state = TRY(writableState(thread, file, "write"));
  Str* text = TRY(translateNewlines(thread, state, const_cast<Str*>(given)));
  auto written = writeEncoded(thread, state, text);
  bool endsLine = state->lineBuffered && (hasCharacter(given, '\n') || hasCharacter(given, '\r'));
  bool flushes = endsLine || state->writeThrough || state->isUnbuffered;
  if (!written.isRaised() && flushes) written = flushOutput(thread, state);
  // What could not be written is lost, as in CPython: or a broken pipe would be reported again at exit.
  if (written.isRaised() && pendingMatches(thread, exceptions.OSError)) state->outputSize = 0;
  return written;
}

Fallible<void> writeToFile(Thread& thread, Value file, Str* text) {
  if (typeOf(file) == types.textFile) return writeText(thread, file.as<File>(), text);
  Value argument = Value::of(text);
  TRY(callMethod(thread, file, names.write, {&argument, 1}));
  return {};
}

void setWriteThrough(File* file) { file->state->writeThrough = true; }

Fallible<Str*> readLine(Thread& thread, File* file) {
  return readLineOf(thread, TRY(readableState(thread, file, "readline")), -1);
}

Fallible<void> setTextEncoding(Thread& thread, File* file, Str* encoding, Str* errors) {
  FileState* state = file->state;
  if (encoding != nullptr && strEqualsUtf8(encoding, "locale")) encoding = TRY(intern(thread, "utf-8"));
  state->encodingName = encoding == nullptr ? "utf-8" : strToUtf8(encoding);
  state->errorsName = errors == nullptr ? "strict" : strToUtf8(errors);
  state->codec = state->byteCodec = findCodec(state->encodingName);
  if (state->codec == Codec::kUtf8Sig) state->byteCodec = Codec::kUtf8;
  // An unknown encoding is reported now, not at the first character.
  if (state->codec == Codec::kOther) TRY(encodeStr(thread, emptyStr(), state->encodingName, "strict"));
  file->encoding = encoding != nullptr ? encoding : TRY(intern(thread, "UTF-8"));
  file->errors = errors != nullptr ? errors : names.strict;
  return {};
}

Fallible<Newline> newlineOf(Thread& thread, Value newline) {
  if (newline.isNone()) return Newline::kUniversal;
  const Str* s = toStr(newline);
  if (s == nullptr) {
    return raiseTypeError(thread, "open() argument 'newline' must be str or None, not {}", nameOf(newline));
  }
  if (s->length == 0) return Newline::kUntranslated;
  if (strEqualsUtf8(s, "\n")) return Newline::kLf;
  if (strEqualsUtf8(s, "\r")) return Newline::kCr;
  if (strEqualsUtf8(s, "\r\n")) return Newline::kCrLf;
  fmt::memory_buffer buffer;
  return raiseValueError(thread, "illegal newline value: {}", textOf(s, buffer));
}

void declareTextFile(TypeBuilder& type) {
  type.constructor(textNew)
      .specialVariadic("__init__", textInit)
      .method("read", textRead, 1)
      .method("readline", textReadline, 1)
      .next(textNext)
      .method("write", textWrite)
      .method("seek", textSeek, 1)
      .method("tell", textTell)
      .method("detach", textDetach)
      .variadic("reconfigure", textReconfigure)
      .getter("encoding", textEncoding)
      .getter("errors", textErrors)
      .getter("buffer", textBuffer)
      .getter("line_buffering", textLineBuffering)
      .getter("write_through", textWriteThrough)
      .getter("newlines", textNewlines);
}

}  // namespace krait
