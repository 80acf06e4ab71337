// Positions in text files: cookies that say where to seek to and what to decode there to be at the same character.
//
// The way is the one that the library's _pyio describes: from the last snapshot (a place where the decoder held nothing
// back) a safe starting point near the position is looked for, and the cookie says what to decode from there.
#include <algorithm>

#include "vm/builtins/int.h"
#include "vm/builtins/io_internal.h"
#include "vm/builtins/str.h"
#include "vm/builtins/text.h"
#include "vm/names.h"

namespace krait {
namespace {

struct Cookie {
  uint64_t position = 0;
  uint32_t flags = 0, bytesToFeed = 0, charactersToSkip = 0;
  bool needsEnd = false;
};

Fallible<Value> packCookie(Thread& thread, const Cookie& cookie) {
  uint64_t limbs[3] = {cookie.position, cookie.flags | static_cast<uint64_t>(cookie.bytesToFeed) << 32,
                       cookie.charactersToSkip | static_cast<uint64_t>(cookie.needsEnd) << 32};
  return makeIntFromLimbs(thread, limbs, 3, false);
}
// False when the int is too large for one.
bool unpackCookie(Value number, Cookie& cookie) {
  uint64_t limbs[3] = {};
  if (number.isInlineInt()) {
    limbs[0] = static_cast<uint64_t>(number.asInlineInt());
  } else {
    auto* big = number.as<BigInt>();
    if (big->size > 3) return false;
    std::copy_n(big->limbs, big->size, limbs);
  }
  if (limbs[2] >> 33 != 0) return false;
  cookie.position = limbs[0];
  cookie.flags = static_cast<uint32_t>(limbs[1]);
  cookie.bytesToFeed = static_cast<uint32_t>(limbs[1] >> 32);
  cookie.charactersToSkip = static_cast<uint32_t>(limbs[2]);
  cookie.needsEnd = limbs[2] >> 32 & 1;
  return true;
}

Fallible<int64_t> bufferPosition(Thread& thread, TextFile* t) {
  if (BufferedFile* b = exactBuffered(t->buffer)) return bufferedTell(thread, b);
  return sizeArgument(thread, TRY(callNamed(thread, t->buffer, "tell")));
}

Fallible<void> flushAll(Thread& thread, TextFile* t) {
  TRY(flushTextOutput(thread, t));
  TRY(callMethod(thread, t->buffer, names.flush, {}));
  return {};
}

// The decoder's state is put back however the search for a cookie ends.
Fallible<Value> findCookie(Thread& thread, TextFile* t, Cookie cookie) {
  // A decoder written in Python may use the file meanwhile.
  std::string copy(t->codec == Codec::kOther ? t->chunk->view() : std::string_view());
  std::string_view input = t->codec == Codec::kOther ? std::string_view(copy) : t->chunk->view();
  uint64_t skip = t->used;
  size_t start = static_cast<size_t>(t->bytesPerCharacter * static_cast<double>(skip)), back = 1;
  start = std::min(start, input.size());
  int64_t flags = t->snapshotFlags;
  DecoderState state;
  auto decoded = [&](std::string_view bytes, bool final) -> Fallible<uint64_t> {
    return TRY(decodeChunk(thread, t, bytes, final))->length;
  };
  bool found = false;
  while (start > 0) {
    TRY(setDecoderState(thread, t, {}, t->snapshotFlags));
    uint64_t count = TRY(decoded(input.substr(0, start), false));
    if (count <= skip) {
      TRY(decoderState(thread, t, state));
      if (state.bytes.empty()) {
        flags = state.flags;
        skip -= count;
        found = true;
        break;
      }
      start -= std::min(start, state.bytes.size());
      back = 1;
    } else {
      start -= std::min(start, back);
      back *= 2;
    }
  }
  if (!found) {
    start = 0;
    TRY(setDecoderState(thread, t, {}, t->snapshotFlags));
  }
  cookie.position += start;
  cookie.flags = static_cast<uint32_t>(flags);
  if (skip == 0) return packCookie(thread, cookie);
  // Byte by byte; the last place where the decoder held nothing back is the best one.
  uint64_t fed = 0, count = 0;
  size_t i = start;
  for (; i < input.size(); i++) {
    fed++;
    count += TRY(decoded(input.substr(i, 1), false));
    TRY(decoderState(thread, t, state));
    if (state.bytes.empty() && count <= skip) {
      cookie.position += fed;
      skip -= count;
      cookie.flags = static_cast<uint32_t>(state.flags);
      fed = count = 0;
    }
    if (count >= skip) break;
  }
  if (i == input.size()) {
    count += TRY(decoded({}, true));
    cookie.needsEnd = true;
    if (count < skip) {
      return raise(thread, exceptions.OSError, "can't reconstruct logical file position");
    }
  }
  cookie.bytesToFeed = static_cast<uint32_t>(fed);
  cookie.charactersToSkip = static_cast<uint32_t>(skip);
  return packCookie(thread, cookie);
}

Fallible<Value> textTell(Thread& thread, Value self) {
  TextFile* t = TRY(openText(thread, self));
  if (!t->seekable) return raiseUnsupported(thread, "underlying stream is not seekable");
  if (!t->telling) return raise(thread, exceptions.OSError, "telling position disabled by next() call");
  TRY(flushTextOutput(thread, t));
  TRY(callMethod(thread, self, names.flush, {}));
  int64_t position = TRY(bufferPosition(thread, t));
  if (!t->decoderMade || !t->hasSnapshot) return makeInt(thread, position);
  Cookie cookie;
  cookie.position = static_cast<uint64_t>(position) - t->chunk->size;
  cookie.flags = static_cast<uint32_t>(t->snapshotFlags);
  if (t->used == 0) return packCookie(thread, cookie);
  DecoderState saved;
  TRY(decoderState(thread, t, saved));
  uint8_t seen = t->newlines.seen;
  auto result = findCookie(thread, t, cookie);
  Value error = result.isRaised() ? takeException(thread) : Value::unbound();
  TRY(setDecoderState(thread, t, saved.bytes, saved.flags));
  t->newlines.seen = seen;
  if (!error.isUnbound()) return raiseInstance(thread, error);
  return result;
}

Fallible<Value> seekBuffer(Thread& thread, TextFile* t, Value position, int whence) {
  Value arguments[] = {position, Value::inlineInt(whence)};
  return callNamed(thread, t->buffer, "seek", {arguments, whence == 0 ? size_t{1} : size_t{2}});
}

Fallible<Value> seekToEnd(Thread& thread, TextFile* t) {
  TRY(flushAll(thread, t));
  forgetDecoded(t);
  if (t->decoderMade) TRY(resetDecoder(thread, t));
  Value position = TRY(seekBuffer(thread, t, Value::inlineInt(0), 2));
  TRY(resetEncoder(thread, t, position.isInlineInt() && position.asInlineInt() == 0));
  return position;
}

Fallible<Value> textSeek(Thread& thread, Value self, Value cookieValue, Value whenceValue) {
  TextFile* t = TRY(openText(thread, self));
  int64_t whence = whenceValue.isUnbound() ? 0 : TRY(sizeArgument(thread, whenceValue));
  if (!t->seekable) return raiseUnsupported(thread, "underlying stream is not seekable");
  bool isZero = cookieValue.isInlineInt() && cookieValue.asInlineInt() == 0;
  if (whence == 1) {
    if (!isZero) return raiseUnsupported(thread, "can't do nonzero cur-relative seeks");
    cookieValue = TRY(callNamed(thread, self, "tell"));
  } else if (whence == 2) {
    if (!isZero) return raiseUnsupported(thread, "can't do nonzero end-relative seeks");
    return seekToEnd(thread, t);
  } else if (whence != 0) {
    return raiseValueError(thread, "invalid whence ({}, should be 0, 1 or 2)", whence);
  }
  if (!isInt(cookieValue)) {
    if (specialMethod(cookieValue, Special::k__index__).isUnbound()) {
      return raiseTypeError(thread, "'{}' object cannot be interpreted as an integer", nameOf(cookieValue));
    }
    cookieValue = TRY(index(thread, cookieValue));
  }
  Value number = *toInt(cookieValue);
  if (intCompare(number, Value::inlineInt(0)) < 0) {
    return raiseValueError(thread, "negative seek position {}", TRY(repr(thread, cookieValue))->asciiView());
  }
  TRY(callMethod(thread, self, names.flush, {}));
  Cookie cookie;
  if (!unpackCookie(number, cookie)) {
    return raise(thread, exceptions.OverflowError, "int too big to convert");
  }
  Value position = TRY(makeIntUnsigned(thread, cookie.position));
  TRY(seekBuffer(thread, t, position, 0));
  forgetDecoded(t);
  bool isStart = number.isInlineInt() && number.asInlineInt() == 0;
  if (t->canDecode && (t->decoderMade || cookie.flags != 0 || cookie.charactersToSkip != 0)) {
    if (!t->decoderMade) TRY(prepareDecoder(thread, t));
    if (isStart) {
      TRY(resetDecoder(thread, t));
    } else {
      TRY(setDecoderState(thread, t, {}, cookie.flags));
    }
    t->snapshotFlags = cookie.flags;
    t->chunk->size = 0;
    t->hasSnapshot = true;
  }
  if (cookie.charactersToSkip != 0) {
    Value size = TRY(makeInt(thread, cookie.bytesToFeed));
    Value data = TRY(callMethod(thread, t->buffer, names.read, {&size, 1}));
    std::string_view bytes;
    if (!bufferView(data, bytes)) {
      return raiseTypeError(thread, "underlying read() should have returned a bytes object, not '{}'", nameOf(data));
    }
    if (!t->chunk->append(bytes)) return raiseMemoryError(thread);
    t->decoded = TRY(decodeChunk(thread, t, bytes, cookie.needsEnd));
    if (t->decoded->length < cookie.charactersToSkip) {
      return raise(thread, exceptions.OSError, "can't restore logical file position");
    }
    t->used = cookie.charactersToSkip;
  }
  TRY(resetEncoder(thread, t, isStart));
  return cookieValue;
}

Fallible<Value> textTruncate(Thread& thread, Value self, Value size) {
  TextFile* t = TRY(openText(thread, self));
  TRY(callMethod(thread, self, names.flush, {}));
  if (size.isUnbound()) size = Value::none();
  return callNamed(thread, t->buffer, "truncate", {&size, 1});
}

}  // namespace

void declareTextPosition(TypeBuilder& type) {
  type.method("tell", textTell).method("seek", textSeek, 1).method("truncate", textTruncate, 1);
}

}  // namespace krait
