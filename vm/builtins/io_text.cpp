// TextIOWrapper: making, writing, flushing, closing, attributes.
//
// Encoded text waits in the text file itself until a buffer's worth is there, as in CPython: what is written to .buffer
// meanwhile comes before it.
#include <cstring>

#include "vm/builtins/codec_quick.h"
#include "vm/builtins/exception.h"
#include "vm/builtins/int.h"
#include "vm/builtins/io_internal.h"
#include "vm/builtins/str.h"
#include "vm/builtins/text.h"
#include "vm/names.h"

namespace krait {
namespace {

void traceText(Cell* cell, Marker& marker) {
  auto* t = static_cast<TextFile*>(cell);
  marker.mark(t->buffer);
  marker.mark(t->encoding);
  marker.mark(t->errors);
  marker.mark(t->encoder);
  marker.mark(t->decoder);
  marker.mark(t->decoded);
  marker.mark(t->codecInfo);
}
void finaliseText(Cell* cell) {
  auto* t = static_cast<TextFile*>(cell);
  releaseFileState(t->state);
  t->state = nullptr;
  if (t->chunk != nullptr) free(t->chunk->bytes);
  delete t->chunk;
  t->chunk = nullptr;
}
constexpr NativeTraits kTraits{"TextIOWrapper", traceText, finaliseText};

Fallible<bool> textIsClosed(Thread& thread, TextFile* t) {
  if (BufferedFile* b = exactBuffered(t->buffer)) return bufferedIsClosed(thread, b);
  return isClosed(thread, t->buffer);
}

}  // namespace

Fallible<TextFile*> readyText(Thread& thread, Value self) {
  TextFile* t = toText(self);
  if (t->ready) [[likely]]
    return t;
  return raise(thread, exceptions.ValueError,
               t->detached ? "underlying buffer has been detached" : "I/O operation on uninitialized object");
}
Fallible<TextFile*> openText(Thread& thread, Value self) {
  TextFile* t = TRY(readyText(thread, self));
  if (TRY(textIsClosed(thread, t))) return raise(thread, exceptions.ValueError, "I/O operation on closed file.");
  return t;
}

// --- making -----------------------------------------------------------------------------------------------------------
namespace {

Fallible<TextFile*> allocateText(Thread& thread, Type* type) {
  auto* t = TRY(allocate<TextFile>(thread, Kind::kNative, type->instanceShape));
  t->traits = &kTraits;
  t->buffer = t->encoder = t->decoder = t->codecInfo = Value::unbound();
  if (!heap.registerFinaliser(thread, t)) return raiseMemoryError(thread);
  return t;
}

Fallible<Str*> optionalText(Thread& thread, Value v, const char* parameter) {
  if (v.isNone() || v.isUnbound()) return emptyStr();
  if (Str* s = toStr(v)) return s;
  return raiseTypeError(thread, "TextIOWrapper() argument '{}' must be str or None, not {}", parameter,
                        argumentTypeName(v));
}

Fallible<bool> ability(Thread& thread, Value buffer, const char* method) {
  return isTrue(thread, TRY(callNamed(thread, buffer, method)));
}

Fallible<void> prepare(Thread& thread, TextFile* t, const TextRequest& request) {
  t->ready = t->detached = false;
  Str* encoding = TRY(optionalText(thread, request.encoding, "encoding"));
  Str* errors = TRY(optionalText(thread, request.errors, "errors"));
  bool hasEncoding = !request.encoding.isNone() && !request.encoding.isUnbound();
  Newline newline = TRY(newlineOf(thread, request.newline, "TextIOWrapper"));
  if (!hasEncoding) {
    encoding = TRY(defaultEncoding(thread));
  } else if (strEqualsUtf8(encoding, "locale")) {
    encoding = TRY(localeEncoding(thread));
  }
  if (request.errors.isNone() || request.errors.isUnbound()) errors = names.strict;
  BufferedFile* b = exactBuffered(request.buffer);
  RawFile* raw = b == nullptr ? nullptr : exactRaw(b->raw);
  if (raw != nullptr && raw->descriptor() >= 0) {
    t->canDecode = b->readable;
    t->canEncode = b->writable;
    t->seekable = rawIsSeekable(raw);
    t->hasRead1 = b->readable;
  } else {
    // Asked for in this order, and before the codec is made.
    t->canDecode = TRY(ability(thread, request.buffer, "readable"));
    t->canEncode = TRY(ability(thread, request.buffer, "writable"));
    t->seekable = TRY(ability(thread, request.buffer, "seekable"));
    t->hasRead1 = !TRY(getAttributeOrUnbound(thread, request.buffer, TRY(intern(thread, "read1")))).isUnbound();
  }
  TRY(setTextCodec(thread, t, encoding, errors, newline));
  FileState* state = b != nullptr ? b->state : newFileState(-1);
  if (state == nullptr) return raiseMemoryError(thread);
  if (b != nullptr) retainFileState(state);
  WaitingBytes* out = state->addQueue();
  if (t->chunk == nullptr) t->chunk = new (std::nothrow) WaitingBytes;
  if (out == nullptr || t->chunk == nullptr) {
    releaseFileState(state);
    return raiseMemoryError(thread);
  }
  releaseFileState(t->state);
  t->state = state;
  t->out = out;
  t->buffer = request.buffer;
  t->chunkSize = 8192;
  forgetDecoded(t);
  t->lineBuffering = request.lineBuffering;
  t->writeThrough = request.writeThrough;
  t->telling = t->seekable;
  if (t->seekable && t->canEncode && (t->codec == Codec::kOther || t->marksNext)) {
    Value position = TRY(callNamed(thread, t->buffer, "tell"));
    if (TRY(isTrue(thread, position))) TRY(resetEncoder(thread, t, false));
  }
  t->ready = true;
  return {};
}

Fallible<Value> textNew(Thread& thread, Value self, const Arguments&) {
  return Value::of(TRY(allocateText(thread, self.as<Type>())));
}
Fallible<Value> textInit(Thread& thread, Value self, const Arguments& arguments) {
  static constexpr Parameters kParameters{
      "TextIOWrapper", {"buffer", "encoding", "errors", "newline", "line_buffering", "write_through"}, 1};
  Value bound[6];
  toText(self)->ready = false;
  TRY(kParameters.bind(thread, arguments, bound));
  TextRequest request{bound[0], bound[1], bound[2], bound[3]};
  if (!bound[4].isUnbound()) request.lineBuffering = TRY(isTrue(thread, bound[4]));
  if (!bound[5].isUnbound()) request.writeThrough = TRY(isTrue(thread, bound[5]));
  TRY(prepare(thread, toText(self), request));
  return Value::none();
}

// --- writing ----------------------------------------------------------------------------------------------------------
bool contains(const Str* s, char c) {
  if (s->width == 1) return s->length != 0 && memchr(s->data(), c, s->length) != nullptr;
  return withText(s, [c](auto* text, uint64_t length) {
    for (uint64_t i = 0; i < length; i++) {
      if (text[i] == static_cast<uint8_t>(c)) return true;
    }
    return false;
  });
}

Fallible<Str*> translateNewlines(Thread& thread, const TextFile* t, Str* text) {
  StrBuilder out;
  for (uint64_t i = 0; i < text->length; i++) {
    uint32_t c = text->at(i);
    if (c != '\n') {
      out.appendCharacter(c);
    } else {
      out.append(t->newline == Newline::kCr ? "\r" : "\r\n");
    }
  }
  return out.build(thread);
}

// Appends encoded text to what waits, which is written first when both together are more than a chunk.
Fallible<void> appendEncoded(Thread& thread, TextFile* t, std::string_view bytes) {
  if (t->out->size + bytes.size() > t->chunkSize && t->out->size != 0) TRY(flushTextOutput(thread, t));
  return t->out->append(bytes) ? Fallible<void>() : raiseMemoryError(thread);
}

Fallible<void> encodeAndAppend(Thread& thread, TextFile* t, Str* text) {
  if (t->codec == Codec::kOther) {
    Value argument = Value::of(text);
    Value bytes = TRY(callNamed(thread, t->encoder, "encode", {&argument, 1}));
    if (toBytes(bytes) == nullptr) {
      return raiseTypeError(thread, "encoder should return a bytes object, not '{}'", nameOf(bytes));
    }
    return appendEncoded(thread, t, viewOf(toBytes(bytes)));
  }
  Codec codec = t->codec;
  if (!t->marksNext) {
    if (codec == Codec::kUtf8Sig) codec = Codec::kUtf8;
    if (codec == Codec::kUtf16) codec = Codec::kUtf16Le;
    if (codec == Codec::kUtf32) codec = Codec::kUtf32Le;
  }
  if (codec == Codec::kUtf8) {
    ByteBuilder quick;
    if (appendUtf8(text, quick)) {
      if (quick.failed()) return raiseMemoryError(thread);
      return appendEncoded(thread, t, quick.view());
    }
  }
  ByteBuilder out;
  std::string errors = strToUtf8(t->errors);
  TRY(encodeText(thread, text, codec, errors, out));
  if (out.failed()) return raiseMemoryError(thread);
  t->marksNext = false;
  return appendEncoded(thread, t, out.view());
}

}  // namespace

Fallible<void> flushTextOutput(Thread& thread, TextFile* t) {
  if (t->out->size == 0) return {};
  if (BufferedFile* b = exactBuffered(t->buffer)) {
    std::string_view bytes = t->out->view();
    if (bytes.size() <= b->size - std::min<uint64_t>(b->out->size, b->size) && b->owner == nullptr) {
      TRY(bufferedWrite(thread, b, bytes));
      t->out->size = 0;
      return {};
    }
    std::string copy(bytes);
    t->out->size = 0;
    return bufferedWrite(thread, b, copy);
  }
  Value bytes = Value::of(TRY(makeBytes(thread, t->out->view())));
  t->out->size = 0;
  for (;;) {
    auto written = callMethod(thread, t->buffer, names.write, {&bytes, 1});
    if (!written.isRaised()) return {};
    if (!pendingMatches(thread, exceptions.InterruptedError)) return Raised{};
    clearException(thread);
  }
}

Fallible<void> writeText(Thread& thread, TextFile* t, Str* text) {
  if (!t->canEncode) return raiseUnsupported(thread, "not writable");
  bool translates = t->newline == Newline::kCr || t->newline == Newline::kCrLf;
  bool hasLf = (translates || t->lineBuffering) && contains(text, '\n');
  if (translates && hasLf) text = TRY(translateNewlines(thread, t, text));
  bool flushes = t->lineBuffering && (hasLf || contains(text, '\r'));
  bool isBytewise = t->codec == Codec::kUtf8 || t->codec == Codec::kAscii || t->codec == Codec::kLatin1;
  if (isBytewise && text->isAscii()) [[likely]] {
    TRY(appendEncoded(thread, t, text->asciiView()));
  } else {
    TRY(encodeAndAppend(thread, t, text));
  }
  if (t->out->size >= t->chunkSize || flushes || t->writeThrough) TRY(flushTextOutput(thread, t));
  if (flushes) TRY(callMethod(thread, t->buffer, names.flush, {}));
  if (t->decoded != nullptr || t->hasSnapshot) forgetDecoded(t);
  if (t->decoderMade) TRY(resetDecoder(thread, t));
  return {};
}

// --- methods ----------------------------------------------------------------------------------------------------------
namespace {

Fallible<Value> textWrite(Thread& thread, Value self, Value data) {
  Str* text = toStr(data);
  TRY(readyText(thread, self));
  if (text == nullptr) {
    return raiseTypeError(thread, "write() argument must be str, not {}", argumentTypeName(data));
  }
  TextFile* t = TRY(openText(thread, self));
  TRY(writeText(thread, t, text));
  return makeInt(thread, static_cast<int64_t>(text->length));
}

Fallible<Value> textFlush(Thread& thread, Value self) {
  TextFile* t = TRY(openText(thread, self));
  t->telling = t->seekable;
  TRY(flushTextOutput(thread, t));
  return callMethod(thread, t->buffer, names.flush, {});
}

Fallible<Value> textClose(Thread& thread, Value self) {
  TextFile* t = TRY(readyText(thread, self));
  if (TRY(textIsClosed(thread, t))) return Value::none();
  if (t->finalizing) {
    Value source = self;
    if (callNamed(thread, t->buffer, "_dealloc_warn", {&source, 1}).isRaised()) clearException(thread);
  }
  Value flushError = Value::unbound();
  if (callMethod(thread, self, names.flush, {}).isRaised()) flushError = takeException(thread);
  if (callMethod(thread, t->buffer, names.close, {}).isRaised()) {
    if (flushError.isUnbound()) return Raised{};
    Value second = takeException(thread);
    if (isException(second) && second.as<Exception>()->context.get().isUnbound() && !second.is(flushError)) {
      second.as<Exception>()->context = flushError;
    }
    return raiseInstance(thread, second);
  }
  t->out->size = 0;
  if (!flushError.isUnbound()) return raiseInstance(thread, flushError);
  return Value::none();
}

Fallible<Value> textDetach(Thread& thread, Value self) {
  TextFile* t = TRY(readyText(thread, self));
  TRY(callMethod(thread, self, names.flush, {}));
  Value buffer = t->buffer;
  t->buffer = Value::unbound();
  t->detached = true;
  t->ready = false;
  return buffer;
}

Fallible<Value> textReconfigure(Thread& thread, Value self, const Arguments& arguments) {
  static constexpr Parameters kParameters{
      "reconfigure", {"*", "encoding", "errors", "newline", "line_buffering", "write_through"}, 0};
  Value bound[5];
  TRY(kParameters.bind(thread, arguments, bound));
  auto isGiven = [](Value v) { return !v.isUnbound() && !v.isNone(); };
  auto [encoding, errors, newline, lineBuffering, writeThrough] = bound;
  TextFile* t = toText(self);
  bool changesText = isGiven(encoding) || isGiven(errors) || !newline.isUnbound();
  if (t->decoded != nullptr && changesText) {
    return raiseUnsupported(thread, "It is not possible to set the encoding or newline of stream after the first read");
  }
  if (isGiven(encoding) && toStr(encoding) == nullptr) {
    return raiseTypeError(thread, "reconfigure() argument 'encoding' must be str or None, not {}", nameOf(encoding));
  }
  if (isGiven(errors) && toStr(errors) == nullptr) {
    return raiseTypeError(thread, "reconfigure() argument 'errors' must be str or None, not {}", nameOf(errors));
  }
  TRY(openText(thread, self));
  Newline newlines = newline.isUnbound() ? t->newline : TRY(newlineOf(thread, newline, "reconfigure"));
  bool lines = isGiven(lineBuffering) ? TRY(isTrue(thread, lineBuffering)) : t->lineBuffering;
  bool through = isGiven(writeThrough) ? TRY(isTrue(thread, writeThrough)) : t->writeThrough;
  TRY(callMethod(thread, self, names.flush, {}));
  if (changesText) {
    Str* codec = isGiven(encoding) ? toStr(encoding) : t->encoding.get();
    if (isGiven(encoding) && strEqualsUtf8(codec, "locale")) codec = TRY(localeEncoding(thread));
    Str* handler = isGiven(errors) ? toStr(errors) : isGiven(encoding) ? names.strict : t->errors.get();
    TRY(setTextCodec(thread, t, codec, handler, newlines));
    if (t->seekable && t->canEncode && (t->codec == Codec::kOther || t->marksNext)) {
      Value position = TRY(callNamed(thread, t->buffer, "tell"));
      if (TRY(isTrue(thread, position))) TRY(resetEncoder(thread, t, false));
    }
  }
  t->lineBuffering = lines;
  t->writeThrough = through;
  return Value::none();
}

template <const char* const& kMethod>
Fallible<Value> forward(Thread& thread, Value self) {
  return callNamed(thread, TRY(readyText(thread, self))->buffer, kMethod);
}
constexpr const char *kReadable = "readable", *kWritable = "writable", *kSeekable = "seekable", *kFileno = "fileno",
                     *kIsatty = "isatty";

Fallible<Value> textClosed(Thread& thread, Value self) {
  TextFile* t = TRY(readyText(thread, self));
  return getAttribute(thread, t->buffer, "closed");
}
Fallible<Value> textName(Thread& thread, Value self) {
  return getAttribute(thread, TRY(readyText(thread, self))->buffer, names.name);
}
Fallible<Value> textEncoding(Thread&, Value self) {
  Str* encoding = toText(self)->encoding;
  return encoding == nullptr ? Value::none() : Value::of(encoding);
}
Fallible<Value> textErrors(Thread& thread, Value self) { return Value::of(TRY(readyText(thread, self))->errors.get()); }
Fallible<Value> textBuffer(Thread&, Value self) {
  Value buffer = toText(self)->buffer;
  return buffer.isUnbound() ? Value::none() : buffer;
}
Fallible<Value> textLineBuffering(Thread&, Value self) { return Value::boolean(toText(self)->lineBuffering); }
Fallible<Value> textWriteThrough(Thread&, Value self) { return Value::boolean(toText(self)->writeThrough); }
Fallible<Value> textNewlines(Thread& thread, Value self) {
  TextFile* t = TRY(readyText(thread, self));
  bool isUniversal = t->newline == Newline::kUniversal || t->newline == Newline::kUntranslated;
  return isUniversal ? newlinesSeen(thread, t->newlines.seen) : Fallible<Value>(Value::none());
}
Fallible<Value> textFinalizing(Thread&, Value self) { return Value::boolean(toText(self)->finalizing); }
Fallible<void> setFinalizing(Thread& thread, Value self, Value v) {
  toText(self)->finalizing = TRY(isTrue(thread, v));
  return {};
}
Fallible<Value> textChunkSize(Thread& thread, Value self) {
  return makeInt(thread, static_cast<int64_t>(TRY(readyText(thread, self))->chunkSize));
}
Fallible<void> setChunkSize(Thread& thread, Value self, Value size) {
  TextFile* t = TRY(readyText(thread, self));
  if (size.isUnbound()) return raise(thread, exceptions.AttributeError, "cannot delete attribute");
  int64_t number = TRY(sizeArgument(thread, size));
  if (number <= 0) return raise(thread, exceptions.ValueError, "a strictly positive integer is required");
  t->chunkSize = static_cast<uint64_t>(number);
  return {};
}

Fallible<Value> textRepr(Thread& thread, Value self) {
  TextFile* t = toText(self);
  if (!t->ready && !t->detached) TRY(readyText(thread, self));
  ReprGuard guard(thread, self);
  if (!guard.entered()) {
    return raiseFormat(thread, exceptions.RuntimeError, "reentrant call inside {}.__repr__", nameOf(self));
  }
  StrBuilder out;
  out.append("<_io.TextIOWrapper");
  auto name = getAttribute(thread, self, names.name);
  if (name.isRaised()) {
    if (!pendingMatches(thread, exceptions.AttributeError) && !pendingMatches(thread, exceptions.ValueError)) {
      return Raised{};
    }
    clearException(thread);
  } else {
    out.append(" name=").append(TRY(repr(thread, name.value())));
  }
  Value mode = TRY(getAttributeOrUnbound(thread, self, TRY(intern(thread, "mode"))));
  if (!mode.isUnbound()) out.append(" mode=").append(TRY(repr(thread, mode)));
  out.append(" encoding=").append(TRY(strRepr(thread, t->encoding)));
  return Value::of(TRY(out.append(">").build(thread)));
}

}  // namespace

Fallible<Value> makeText(Thread& thread, Type* type, const TextRequest& request) {
  TextFile* t = TRY(allocateText(thread, type));
  TRY(prepare(thread, t, request));
  return Value::of(t);
}

void initialiseTextFile(Thread& thread) {
  TypeBuilder type(thread, "TextIOWrapper", fileTypes.textIOBase, Kind::kNative);
  type.module("_io")
      .flags(Type::kBaseType | Type::kHasDict | Type::kInstantiable | Type::kHasWeakref)
      .constructor(textNew)
      .specialVariadic("__init__", textInit)
      .method("write", textWrite)
      .method("flush", textFlush)
      .method("close", textClose)
      .method("detach", textDetach)
      .variadic("reconfigure", textReconfigure)
      .method("readable", forward<kReadable>)
      .method("writable", forward<kWritable>)
      .method("seekable", forward<kSeekable>)
      .method("fileno", forward<kFileno>)
      .method("isatty", forward<kIsatty>)
      .variadic("__reduce_ex__", refusePickling)
      .special("__repr__", textRepr)
      .getter("closed", textClosed)
      .getter("name", textName)
      .getter("encoding", textEncoding)
      .getter("errors", textErrors)
      .getter("buffer", textBuffer)
      .getter("line_buffering", textLineBuffering)
      .getter("write_through", textWriteThrough)
      .getter("newlines", textNewlines)
      .getter("_finalizing", textFinalizing, setFinalizing)
      .getter("_CHUNK_SIZE", textChunkSize, setChunkSize);
  declareTextReading(type);
  declareTextPosition(type);
  types.textFile = type.build();
}

}  // namespace krait
