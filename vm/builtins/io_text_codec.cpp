// How a text file decodes and encodes: with the codecs in C++, whose state between pieces lies in the file itself, or
// with the library's incremental ones; and universal newlines.
#include <cstdlib>
#include <cstring>

#include "vm/builtins/codec_quick.h"
#include "vm/builtins/int.h"
#include "vm/builtins/io_internal.h"
#include "vm/builtins/str.h"
#include "vm/builtins/text.h"
#include "vm/builtins/tuple.h"
#include "vm/locale_text.h"
#include "vm/names.h"

namespace krait {

// --- newlines ---------------------------------------------------------------------------------------------------------
Fallible<Value> newlinesSeen(Thread& thread, uint8_t seen) {
  static constexpr const char* kNewlines[] = {"\r", "\n", "\r\n"};
  Value found[3];
  size_t count = 0;
  for (unsigned i = 0; i < 3; i++) {
    if (seen >> i & 1) found[count++] = Value::of(TRY(intern(thread, kNewlines[i])));
  }
  if (count == 0) return Value::none();
  if (count == 1) return found[0];
  return Value::of(TRY(makeTuple(thread, std::span<const Value>(found, count))));
}

Fallible<Newline> newlineOf(Thread& thread, Value newline, const char* function) {
  if (newline.isNone() || newline.isUnbound()) return Newline::kUniversal;
  const Str* s = toStr(newline);
  if (s == nullptr) {
    return raiseTypeError(thread, "{}() argument 'newline' must be str or None, not {}", function,
                          argumentTypeName(newline));
  }
  if (s->length == 0) return Newline::kUntranslated;
  if (strEqualsUtf8(s, "\n")) return Newline::kLf;
  if (strEqualsUtf8(s, "\r")) return Newline::kCr;
  if (strEqualsUtf8(s, "\r\n")) return Newline::kCrLf;
  fmt::memory_buffer buffer;
  return raiseValueError(thread, "illegal newline value: {}", textOf(s, buffer));
}

static bool hasReturn(const Str* s) {
  if (s->width == 1) return s->length != 0 && memchr(s->data(), '\r', s->length) != nullptr;
  return withText(s, [](auto* text, uint64_t length) {
    for (uint64_t i = 0; i < length; i++) {
      if (text[i] == '\r') return true;
    }
    return false;
  });
}

static bool hasNewline(const Str* s) {
  if (s->length == 0) return false;
  if (s->at(s->length - 1) == '\n') return true;
  if (s->width == 1) return memchr(s->data(), '\n', s->length) != nullptr;
  return withText(s, [](auto* text, uint64_t length) {
    for (uint64_t i = 0; i < length; i++) {
      if (text[i] == '\n') return true;
    }
    return false;
  });
}

Fallible<Str*> decodeNewlines(Thread& thread, NewlineState& state, Str* text, bool final) {
  bool startsWithReturn = state.pendingReturn && (text->length != 0 || final);
  if (!startsWithReturn && !hasReturn(text)) {
    if (!(state.seen & 2) && hasNewline(text)) state.seen |= 2;
    return text;
  }
  uint64_t length = text->length;
  if (startsWithReturn) state.pendingReturn = false;
  if (!final && length != 0 && text->at(length - 1) == '\r') {  // perhaps the first half of a \r\n
    length--;
    state.pendingReturn = true;
  }
  StrBuilder out;
  auto at = [&](uint64_t i) { return startsWithReturn ? (i == 0 ? uint32_t{'\r'} : text->at(i - 1)) : text->at(i); };
  uint64_t total = length + startsWithReturn;
  for (uint64_t i = 0; i < total; i++) {
    uint32_t c = at(i);
    bool pair = c == '\r' && i + 1 < total && at(i + 1) == '\n';
    if (c == '\n') state.seen |= 2;
    if (c == '\r') state.seen |= pair ? 4 : 1;
    if (c == '\r' && state.translates) {
      if (pair) i++;
      c = '\n';
    } else if (pair) {
      out.appendCharacter('\r');
      c = '\n';
      i++;
    }
    out.appendCharacter(c);
  }
  return out.build(thread);
}

// --- which codec ------------------------------------------------------------------------------------------------------
Fallible<Str*> localeEncoding(Thread& thread) {
  if (utf8Mode) return intern(thread, "utf-8");
  static const std::string name = localeCodeset();
  return intern(thread, name);
}
Fallible<Str*> defaultEncoding(Thread& thread) {
  if (warnsOfDefaultEncoding) TRY(warn(thread, exceptions.EncodingWarning, "'encoding' argument not specified"));
  return localeEncoding(thread);
}

namespace {

bool isMarked(Codec codec) { return codec == Codec::kUtf16 || codec == Codec::kUtf32 || codec == Codec::kUtf8Sig; }

Fallible<Value> incrementalCodec(Thread& thread, TextFile* t, const char* name) {
  Value make = TRY(getAttribute(thread, t->codecInfo, name));
  return call(thread, make, Value::of(t->errors.get()));
}

}  // namespace

Fallible<void> setTextCodec(Thread& thread, TextFile* t, Str* encoding, Str* errors, Newline newline) {
  std::string name = strToUtf8(encoding);
  if (name.find('\0') != std::string::npos) return raise(thread, exceptions.ValueError, "embedded null character");
  Codec codec = findCodec(name);
  if (codec == Codec::kUnicodeEscape || codec == Codec::kRawUnicodeEscape) codec = Codec::kOther;
  t->codecInfo = Value::unbound();
  t->encoder = t->decoder = Value::unbound();
  if (codec == Codec::kOther) {
    Value info = TRY(lookUpCodec(thread, name));
    TRY(requireTextCodec(thread, info, name, "codecs.open()"));
    t->codecInfo = info;
  }
  t->codec = codec;
  t->encoding = encoding;
  t->errors = errors;
  t->newline = newline;
  t->newlines = NewlineState{};
  t->newlines.translates = newline == Newline::kUniversal;
  t->decoderMade = false;
  t->pendingSize = 0;
  t->order = isMarked(codec) ? 2 : 0;
  t->marksNext = isMarked(codec);
  if (codec == Codec::kOther && t->canEncode) {
    t->encoder = TRY(incrementalCodec(thread, t, "incrementalencoder"));
  }
  if (codec == Codec::kOther && t->canDecode) {
    t->decoder = TRY(incrementalCodec(thread, t, "incrementaldecoder"));
  }
  return {};
}

Fallible<void> prepareDecoder(Thread& thread, TextFile* t) {
  if (!t->canDecode) return raiseUnsupported(thread, "not readable");
  t->decoderMade = true;
  return {};
}

// --- decoding ---------------------------------------------------------------------------------------------------------
namespace {

// At the start of marked text: the codec that the mark says, and the bytes behind it. Incomplete: kOther.
Fallible<Codec> readMark(Thread& thread, TextFile* t, std::string_view& bytes, bool final) {
  std::string_view mark, otherMark;
  if (t->codec == Codec::kUtf8Sig) {
    mark = "\xef\xbb\xbf";
    if (bytes.size() < 3 && mark.starts_with(bytes) && !final) return Codec::kOther;
    if (bytes.starts_with(mark)) bytes.remove_prefix(3);
    t->order = 0;
    return Codec::kUtf8;
  }
  bool isWide = t->codec == Codec::kUtf32;
  mark = isWide ? std::string_view("\xff\xfe\0\0", 4) : std::string_view("\xff\xfe", 2);
  otherMark = isWide ? std::string_view("\0\0\xfe\xff", 4) : std::string_view("\xfe\xff", 2);
  if (bytes.size() < mark.size()) return Codec::kOther;
  if (bytes.starts_with(mark)) {
    t->order = 0;
  } else if (bytes.starts_with(otherMark)) {
    t->order = 1;
  } else {
    return raiseFormat(thread, exceptions.UnicodeError, "UTF-{} stream does not start with BOM", isWide ? 32 : 16);
  }
  bytes.remove_prefix(mark.size());
  return isWide ? (t->order ? Codec::kUtf32Be : Codec::kUtf32Le) : (t->order ? Codec::kUtf16Be : Codec::kUtf16Le);
}

Codec byteCodec(const TextFile* t) {
  switch (t->codec) {
    case Codec::kUtf8Sig: return Codec::kUtf8;
    case Codec::kUtf16: return t->order == 1 ? Codec::kUtf16Be : Codec::kUtf16Le;
    case Codec::kUtf32: return t->order == 1 ? Codec::kUtf32Be : Codec::kUtf32Le;
    default: return t->codec;
  }
}

Fallible<Str*> decodeNatively(Thread& thread, TextFile* t, std::string_view bytes, bool final) {
  auto* data = reinterpret_cast<const uint8_t*>(bytes.data());
  if (t->pendingSize == 0 && t->codec <= Codec::kLatin1 && t->codec != Codec::kUtf8Sig) {
    if (!hasHighBytes(data, bytes.size())) return makeStrAscii(thread, bytes);
    if (t->codec == Codec::kLatin1) return makeStrLatin1(thread, data, bytes.size());
  }
  std::string joined;
  if (t->pendingSize != 0) {
    joined.assign(t->pending, t->pendingSize);
    joined.append(bytes);
    bytes = joined;
    t->pendingSize = 0;
  }
  auto holdBack = [t](std::string_view rest) {
    t->pendingSize = static_cast<uint8_t>(std::min(rest.size(), sizeof t->pending));
    memcpy(t->pending, rest.data(), t->pendingSize);
  };
  Codec codec = byteCodec(t);
  if (t->order == 2) {
    auto marked = readMark(thread, t, bytes, final);
    if (marked.isRaised()) return Raised{};
    if (marked.value() == Codec::kOther && final && !bytes.empty()) {
      codec = t->codec == Codec::kUtf32 ? Codec::kUtf32Le : Codec::kUtf16Le;  // says that the data is truncated
    } else if (marked.value() == Codec::kOther) {
      holdBack(bytes);
      return emptyStr();
    } else {
      codec = marked.value();
    }
  }
  size_t complete = codec == Codec::kUtf8 && !final ? completeUtf8(bytes) : bytes.size();
  Value quick = TRY(decodeQuickly(thread, bytes.substr(0, complete), codec));
  if (!quick.isUnbound()) {
    holdBack(bytes.substr(complete));
    return quick.as<Str>();
  }
  StrBuilder out;
  uint64_t consumed = 0;
  std::string errors = strToUtf8(t->errors);
  TRY(decodeText(thread, bytes, codec, errors, final, out, consumed));
  if (!final) holdBack(bytes.substr(consumed));
  return out.build(thread);
}

bool isUniversal(const TextFile* t) {
  return t->newline == Newline::kUniversal || t->newline == Newline::kUntranslated;
}

}  // namespace

Fallible<Str*> decodeChunk(Thread& thread, TextFile* t, std::string_view bytes, bool final) {
  Str* text;
  if (t->codec == Codec::kOther) {
    Value arguments[] = {Value::of(TRY(makeBytes(thread, bytes))), Value::boolean(final)};
    Value made = TRY(callNamed(thread, t->decoder, "decode", arguments));
    text = toStr(made);
    if (text == nullptr) {
      return raiseTypeError(thread, "decoder should return a string result, not '{}'", nameOf(made));
    }
  } else {
    text = TRY(decodeNatively(thread, t, bytes, final));
  }
  return isUniversal(t) ? decodeNewlines(thread, t->newlines, text, final) : Fallible<Str*>(text);
}

Fallible<void> decoderState(Thread& thread, TextFile* t, DecoderState& out) {
  if (t->codec == Codec::kOther) {
    Value state = TRY(callNamed(thread, t->decoder, "getstate"));
    Tuple* pair = toTuple(state);
    if (pair == nullptr || pair->length != 2) return raise(thread, exceptions.TypeError, "illegal decoder state");
    std::string_view held;
    if (!bufferView(pair->items[0], held)) {
      return raiseTypeError(thread, "illegal decoder state: the first item should be a bytes object, not '{}'",
                            nameOf(pair->items[0].get()));
    }
    out.bytes = std::string(held);
    out.flags = TRY(sizeArgument(thread, pair->items[1]));
  } else {
    out.bytes.assign(t->pending, t->pendingSize);
    out.flags = t->codec == Codec::kUtf8Sig ? t->order == 2 : t->order;
  }
  if (isUniversal(t)) out.flags = out.flags << 1 | t->newlines.pendingReturn;
  return {};
}

Fallible<void> setDecoderState(Thread& thread, TextFile* t, std::string_view bytes, int64_t flags) {
  if (isUniversal(t)) {
    t->newlines.pendingReturn = flags & 1;
    flags >>= 1;
  }
  if (t->codec == Codec::kOther) {
    Value held = Value::of(TRY(makeBytes(thread, bytes)));
    Value state = Value::of(TRY(makeTuple(thread, {held, TRY(makeInt(thread, flags))})));
    TRY(callNamed(thread, t->decoder, "setstate", {&state, 1}));
    return {};
  }
  t->pendingSize = static_cast<uint8_t>(std::min(bytes.size(), sizeof t->pending));
  if (t->pendingSize > 0) memcpy(t->pending, bytes.data(), t->pendingSize);
  if (t->codec == Codec::kUtf8Sig) {
    t->order = flags != 0 ? 2 : 0;
  } else if (isMarked(t->codec)) {
    t->order = flags == 1 ? 1 : flags == 2 ? 2 : 0;
  }
  return {};
}

Fallible<void> resetDecoder(Thread& thread, TextFile* t) {
  t->newlines.pendingReturn = false;
  t->newlines.seen = 0;
  t->pendingSize = 0;
  t->order = isMarked(t->codec) ? 2 : 0;
  if (t->codec == Codec::kOther) TRY(callNamed(thread, t->decoder, "reset"));
  return {};
}

Fallible<void> resetEncoder(Thread& thread, TextFile* t, bool atStart) {
  if (!t->canEncode) return {};
  if (t->codec != Codec::kOther) {
    t->marksNext = atStart && isMarked(t->codec);
    return {};
  }
  Value zero = Value::inlineInt(0);
  TRY(atStart ? callNamed(thread, t->encoder, "reset") : callNamed(thread, t->encoder, "setstate", {&zero, 1}));
  return {};
}

}  // namespace krait
