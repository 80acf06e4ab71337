// Writing pickles: numbers, text and bytes.
#include <bit>

#include "vm/builtins/bytearray.h"
#include "vm/builtins/bytes.h"
#include "vm/builtins/codec_quick.h"
#include "vm/builtins/float.h"
#include "vm/builtins/int.h"
#include "vm/builtins/str.h"
#include "vm/builtins/text.h"
#include "vm/builtins/tuple.h"
#include "vm/modules/pickle_saver.h"
#include "vm/wtf8.h"

namespace krait {

using namespace pickle_code;

// --- numbers ----------------------------------------------------------------------------------------------------------
namespace {
// Two's complement, least significant byte first, in as few bytes as hold the sign.
void appendTwosComplement(PickleOutput& out, const uint64_t* limbs, uint64_t size, bool negative, bool isLong4) {
  uint64_t bits = size * 64 - static_cast<uint64_t>(std::countl_zero(limbs[size - 1]));
  uint64_t bytes = bits / 8 + 1;
  if (negative && bits % 8 == 0) {  // -128 is one byte: 80
    bool isPower = (limbs[size - 1] & (limbs[size - 1] - 1)) == 0;
    for (uint64_t i = 0; i + 1 < size; i++) isPower = isPower && limbs[i] == 0;
    if (isPower) bytes--;
  }
  if (isLong4) {
    out.put4(kLong4, static_cast<uint32_t>(bytes));
  } else {
    out.put(kLong1, static_cast<uint8_t>(bytes));
  }
  uint8_t* to = out.room(bytes);
  if (to == nullptr) return;
  uint32_t carry = 1;
  for (uint64_t i = 0; i < bytes; i++) {
    auto byte = i / 8 < size ? static_cast<uint8_t>(limbs[i / 8] >> (i % 8 * 8)) : uint8_t{0};
    if (negative) {
      uint32_t inverted = static_cast<uint8_t>(~byte) + carry;
      byte = static_cast<uint8_t>(inverted);
      carry = inverted >> 8;
    }
    to[i] = byte;
  }
}
}  // namespace

void PickleSaver::saveInt(int64_t i) {
  bool fits = i >= INT32_MIN && i <= INT32_MAX;
  if (fits && pickler_->bin) [[likely]] {
    if (i >= 0 && i < 256) return out_.put(kBinInt1, static_cast<uint8_t>(i));
    if (i >= 0 && i < 65536) return out_.put2(kBinInt2, static_cast<uint16_t>(i));
    return out_.put4(kBinInt, static_cast<uint32_t>(i));
  }
  if (fits) return out_.append(fmt::format("I{}\n", i));
  if (pickler_->protocol < 2) return out_.append(fmt::format("L{}L\n", i));
  uint64_t magnitude = i < 0 ? -static_cast<uint64_t>(i) : static_cast<uint64_t>(i);
  appendTwosComplement(out_, &magnitude, 1, i < 0, false);
}

Fallible<void> PickleSaver::saveBigInt(Value v) {
  const auto* big = v.as<BigInt>();
  if (pickler_->protocol < 2) {
    const Str* text = TRY(str(thread_, v));
    out_.put(kLong);
    out_.append(text->asciiView());
    out_.append("L\n");
    return {};
  }
  if (big->size > INT32_MAX / 8) return raise(thread_, exceptions.OverflowError, "int too large to pickle");
  uint64_t bits = big->size * 64 - static_cast<uint64_t>(std::countl_zero(big->limbs[big->size - 1]));
  bool isLong4 = bits / 8 + 1 > 255;
  if (bits == 255 * 8 && big->isNegative()) {  // -2**2039, the one number of so many bits that takes a byte less
    isLong4 = big->limbs[big->size - 1] != uint64_t{1} << 55;
    for (uint64_t i = 0; i + 1 < big->size; i++) isLong4 = isLong4 || big->limbs[i] != 0;
  }
  appendTwosComplement(out_, big->limbs, big->size, big->isNegative(), isLong4);
  return {};
}

void PickleSaver::saveFloat(double d) {
  if (pickler_->bin) return out_.put8(kBinFloat, __builtin_bswap64(std::bit_cast<uint64_t>(d)));
  out_.put(kFloat);
  out_.append(floatRepr(d));
  out_.put('\n');
}

// --- text and bytes ---------------------------------------------------------------------------------------------------
Fallible<void> PickleSaver::writeSized(Value payload, uint8_t code, uint64_t sizeBytes, std::string_view bytes) {
  bool isLarge = bytes.size() >= kFrameTarget, wasFraming = out_.isFraming();
  if (isLarge) out_.stopFraming();
  switch (sizeBytes) {
    case 1: out_.put(code, static_cast<uint8_t>(bytes.size())); break;
    case 4: out_.put4(code, static_cast<uint32_t>(bytes.size())); break;
    default: out_.put8(code, bytes.size());
  }
  if (isLarge && !pickler_->write.get().isUnbound()) {
    TRY(flush());
    if (payload.isUnbound()) payload = Value::of(TRY(makeBytes(thread_, bytes)));
    TRY(call(thread_, pickler_->write, payload));
  } else {
    out_.append(bytes);
  }
  if (isLarge && wasFraming) out_.startFraming();
  return {};
}

namespace {
// As the codec raw_unicode_escape, with what would end the line or the file escaped as well.
void appendRawEscaped(PickleOutput& out, const Str* s) {
  for (uint64_t i = 0; i < s->length; i++) {
    uint32_t c = s->at(i);
    if (c >= 0x10000) {
      out.append(fmt::format("\\U{:08x}", c));
    } else if (c >= 256 || c == '\\' || c == 0 || c == '\n' || c == '\r' || c == 0x1a) {
      out.append(fmt::format("\\u{:04x}", c));
    } else {
      out.put(static_cast<uint8_t>(c));
    }
  }
}
}  // namespace

Fallible<void> PickleSaver::saveStr(Value v, const Str* s) {
  if (!pickler_->bin) {
    out_.put(kUnicode);
    appendRawEscaped(out_, s);
    out_.put('\n');
    return memoize(v);
  }
  ByteBuilder encoded;
  std::string_view text;
  if (s->isAscii()) [[likely]] {
    text = s->asciiView();
    if (text.size() < 256 && pickler_->protocol >= 4) [[likely]] {
      if (uint8_t* at = out_.room(text.size() + 2)) {
        at[0] = kShortBinUnicode;
        at[1] = static_cast<uint8_t>(text.size());
        memcpy(at + 2, text.data(), text.size());
      }
      return memoize(v);
    }
  } else {
    if (s->length > 4096) {
      if (Value quick = TRY(encodeQuickly(thread_, s, Codec::kUtf8)); !quick.isUnbound()) {
        encoded.append(viewOf(toBytes(quick)));
      }
    }
    if (encoded.view().empty()) {  // short, or with surrogates
      withText(s, [&encoded](const auto* text, uint64_t length) {
        if (!encoded.reserve(length * 4)) return;
        for (uint64_t i = 0; i < length; i++) appendWtf8(encoded, text[i]);
      });
    }
    if (encoded.failed()) return raiseMemoryError(thread_);
    text = encoded.view();
  }
  if (text.size() < 256 && pickler_->protocol >= 4) {
    TRY(writeSized(Value::unbound(), kShortBinUnicode, 1, text));
  } else if (text.size() <= UINT32_MAX) {
    TRY(writeSized(Value::unbound(), kBinUnicode, 4, text));
  } else if (pickler_->protocol >= 4) {
    TRY(writeSized(Value::unbound(), kBinUnicode8, 8, text));
  } else {
    return raise(thread_, exceptions.OverflowError,
                 "serializing a string larger than 4 GiB requires pickle protocol 4 or higher");
  }
  return memoize(v);
}

Fallible<void> PickleSaver::saveBytes(Value v, const Bytes* b) {
  std::string_view content = viewOf(b);
  if (pickler_->protocol < 3) {  // Python 2 makes a str of it
    if (content.empty()) return saveCall(Value::of(types.bytes), Value::of(emptyTuple()), v);
    Value text = TRY(decodeBytes(thread_, content, "latin-1", "strict"));
    Tuple* arguments = TRY(makeTuple(thread_, {text, Value::of(pickleLibrary.latin1)}));
    return saveCall(pickleLibrary.encode, Value::of(arguments), v);
  }
  if (content.size() < 256) {
    TRY(writeSized(v, kShortBinBytes, 1, content));
  } else if (content.size() <= UINT32_MAX) {
    TRY(writeSized(v, kBinBytes, 4, content));
  } else if (pickler_->protocol >= 4) {
    TRY(writeSized(v, kBinBytes8, 8, content));
  } else {
    return raise(thread_, exceptions.OverflowError,
                 "serializing a bytes object larger than 4 GiB requires pickle protocol 4 or higher");
  }
  return memoize(v);
}

Fallible<void> PickleSaver::saveBytearray(Value v, const Bytearray* b) {
  std::string_view content = viewOf(b);
  if (pickler_->protocol < 5) {
    Tuple* arguments = emptyTuple();
    if (!content.empty()) {
      arguments = TRY(makeTuple(thread_, {Value::of(TRY(makeBytes(thread_, content)))}));
    }
    return saveCall(Value::of(types.bytearray), Value::of(arguments), v);
  }
  TRY(writeSized(v, kByteArray8, 8, content));
  return memoize(v);
}

Fallible<void> PickleSaver::saveBuffer(Value v) {
  if (pickler_->protocol < 5) return raisePickling(thread_, "PickleBuffer can only pickled with protocol >= 5");
  PickleBufferView view = TRY(pickleBufferBytes(thread_, v));
  bool isInBand = true;
  if (!pickler_->bufferCallback.get().isUnbound()) {
    Value answer = TRY(call(thread_, pickler_->bufferCallback, v));
    isInBand = TRY(isTrue(thread_, answer));
  }
  if (!isInBand) {
    out_.put(kNextBuffer);
    if (view.isReadOnly) out_.put(kReadonlyBuffer);
    return {};
  }
  view = TRY(pickleBufferBytes(thread_, v));  // the callback may have released it
  if (!view.isReadOnly) {
    TRY(writeSized(v, kByteArray8, 8, view.bytes));
  } else if (view.bytes.size() < 256) {
    TRY(writeSized(v, kShortBinBytes, 1, view.bytes));
  } else if (view.bytes.size() <= UINT32_MAX) {
    TRY(writeSized(v, kBinBytes, 4, view.bytes));
  } else {
    TRY(writeSized(v, kBinBytes8, 8, view.bytes));
  }
  return memoize(v);
}

}  // namespace krait
