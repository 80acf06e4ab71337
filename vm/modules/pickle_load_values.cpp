// Reading pickles: numbers, text and bytes.
#include <bit>
#include <charconv>
#include <cmath>
#include <string>

#include "vm/builtins/bytearray.h"
#include "vm/builtins/bytes.h"
#include "vm/builtins/codec_quick.h"
#include "vm/builtins/float.h"
#include "vm/builtins/int.h"
#include "vm/builtins/memoryview.h"
#include "vm/builtins/str.h"
#include "vm/builtins/text.h"
#include "vm/modules/codecs_charmap.h"
#include "vm/modules/pickle_loader.h"

namespace krait {

using namespace pickle_code;

namespace {

std::string_view viewOf(const uint8_t* bytes, uint64_t n) { return {reinterpret_cast<const char*>(bytes), n}; }

// int(text, 0), but zeros in front mean octal, as they did in Python 2 and do in C.
Fallible<Value> parseOldInt(Thread& thread, const std::string& line) {
  char* end;
  errno = 0;
  long number = strtol(line.c_str(), &end, 0);
  if (errno == 0 && end != line.c_str() && *end == '\n') return makeInt(thread, number);
  Fallible<Value> parsed = parseInt(thread, line, 0);
  if (!parsed.isRaised()) return parsed;
  clearException(thread);
  return raise(thread, exceptions.ValueError, "could not convert string to int");
}

// Text without its line feed where an L ends it; the message shows the base that the digits were taken in.
Fallible<Value> parseLong(Thread& thread, std::string text) {
  Fallible<Value> parsed = parseInt(thread, text, 0);
  if (!parsed.isRaised() || !pendingMatches(thread, exceptions.ValueError)) return parsed;
  clearException(thread);
  size_t start = text.find_first_not_of(" \t\n\r\f\v+-");
  int base = 10;
  if (start != std::string::npos && text[start] == '0' && start + 1 < text.size()) {
    char prefix = static_cast<char>(text[start + 1] | 0x20);
    base = prefix == 'x' ? 16 : prefix == 'o' ? 8 : prefix == 'b' ? 2 : 10;
  }
  Value shown = TRY(decodeBytes(thread, text, "utf-8", "replace"));
  return raiseValueError(thread, "invalid literal for int() with base {}: {}", base,
                         strToUtf8(TRY(repr(thread, shown))));
}

Fallible<Value> parseOldFloat(Thread& thread, std::string_view line) {
  bool startsWell = !line.empty() && strchr(" \t\n\r\f\v_", line[0]) == nullptr;
  std::string_view text = line.substr(0, line.size() - 1);
  bool endsWell = !text.empty() && strchr(" \t\r\f\v", text.back()) == nullptr;
  std::optional<double> d;
  if (startsWell && endsWell && text.find('_') == std::string_view::npos) d = parseFloat(text);
  if (!d) {
    double ignored;  // what begins like a number is refused in other words
    const char* first = line.data() + (startsWell && (line[0] == '+' || line[0] == '-') ? 1 : 0);
    auto result = std::from_chars(first, line.data() + line.size(), ignored);
    if (!startsWell || result.ptr == first) {
      return raiseFormat(thread, exceptions.ValueError, "could not convert string to float: '{}'", line);
    }
    return raise(thread, exceptions.ValueError, "could not convert string to float");
  }
  bool isNamed = text.find_first_of("iInN") != std::string_view::npos;
  if (std::isinf(*d) && !isNamed) {
    return raiseFormat(thread, exceptions.OverflowError, "value too large to convert to float: '{}'", line);
  }
  return makeFloat(thread, *d);
}

}  // namespace

// --- numbers ----------------------------------------------------------------------------------------------------------
Fallible<void> PickleLoader::loadNumber(uint8_t code) {
  switch (code) {
    case kLong1: return loadTwosComplement(*TRY(readPickle(thread_, u_, 1)));
    case kLong4: {
      auto n = TRY(number<int32_t>());
      if (n < 0) return raiseUnpickling(thread_, "LONG pickle has negative byte count");
      return loadTwosComplement(static_cast<uint64_t>(n));
    }
    case kBinFloat: {
      uint64_t bits = __builtin_bswap64(TRY(number<uint64_t>()));
      return push(TRY(makeFloat(thread_, std::bit_cast<double>(bits))));
    }
    default: break;
  }
  std::string_view line = TRY(readPickleLine(thread_, u_));
  if (line.size() < 2) return raiseTruncated(thread_);
  if (code == kFloat) return push(TRY(parseOldFloat(thread_, line)));
  std::string text(line);
  if (code == kLong) {
    if (text[text.size() - 2] == 'L') text.resize(text.size() - 2);
    return push(TRY(parseLong(thread_, std::move(text))));
  }
  Value parsed = TRY(parseOldInt(thread_, text));
  bool isBool = text == "00\n" || text == "01\n";
  return push(isBool ? Value::boolean(text[1] == '1') : parsed);
}

Fallible<void> PickleLoader::loadTwosComplement(uint64_t n) {
  const uint8_t* bytes = TRY(readPickle(thread_, u_, n));
  if (n == 0) return push(Value::inlineInt(0));
  bool negative = (bytes[n - 1] & 0x80) != 0;
  if (n <= 8) {
    uint64_t word = negative ? ~uint64_t{0} : 0;
    memcpy(&word, bytes, n);
    return push(TRY(makeInt(thread_, static_cast<int64_t>(word))));
  }
  uint64_t size = (n + 7) / 8;
  uint64_t few[32];
  uint64_t* limbs = few;
  if (size > 32) limbs = reinterpret_cast<uint64_t*>(TRY(allocateBytes(thread_, size * 8))->bytes);
  limbs[size - 1] = negative ? ~uint64_t{0} : 0;
  memcpy(limbs, bytes, n);
  if (negative) {
    uint64_t carry = 1;
    for (uint64_t i = 0; i < size; i++) {
      limbs[i] = ~limbs[i] + carry;
      carry = carry != 0 && limbs[i] == 0 ? 1 : 0;
    }
  }
  return push(TRY(makeIntFromLimbs(thread_, limbs, size, negative)));
}

// --- text -------------------------------------------------------------------------------------------------------------
Fallible<void> PickleLoader::pushUtf8(uint64_t n) {
  const uint8_t* bytes = TRY(readPickle(thread_, u_, n));
  if (!hasHighBytes(bytes, n)) [[likely]] {
    if (n == 1) return push(Value::of(TRY(makeStrOfCharacter(thread_, bytes[0]))));
    return push(Value::of(TRY(makeStrAscii(thread_, viewOf(bytes, n)))));
  }
  Value quick = TRY(decodeQuickly(thread_, viewOf(bytes, n), Codec::kUtf8));
  if (!quick.isUnbound()) return push(quick);
  return push(TRY(decodeBytes(thread_, viewOf(bytes, n), "utf-8", "surrogatepass")));
}

Fallible<void> PickleLoader::pushString(std::string_view bytes) {
  std::string encoding = strToUtf8(toStr(u_->encoding)), errors = strToUtf8(toStr(u_->errors));
  if (encoding == "bytes") return push(Value::of(TRY(makeBytes(thread_, bytes))));
  return push(TRY(decodeBytes(thread_, bytes, encoding, errors)));
}

Fallible<void> PickleLoader::loadText(uint8_t code) {
  switch (code) {
    case kBinUnicode: return pushUtf8(TRY(number<uint32_t>()));
    case kBinUnicode8: {
      auto n = TRY(number<uint64_t>());
      if (n > INT64_MAX) {
        return raiseFormat(thread_, exceptions.OverflowError, "BINUNICODE exceeds system's maximum size of {} bytes",
                           INT64_MAX);
      }
      return pushUtf8(n);
    }
    case kBinString: {
      auto n = static_cast<uint32_t>(TRY(number<int32_t>()));
      return pushString(viewOf(TRY(readPickle(thread_, u_, n)), n));
    }
    case kShortBinString: {
      uint64_t n = *TRY(readPickle(thread_, u_, 1));
      return pushString(viewOf(TRY(readPickle(thread_, u_, n)), n));
    }
    default: break;
  }
  std::string_view line = TRY(readPickleLine(thread_, u_));
  line.remove_suffix(1);
  if (code == kUnicode) return push(TRY(decodeBytes(thread_, line, "raw-unicode-escape", "strict")));
  bool isQuoted = line.size() >= 2 && line.front() == line.back() && (line[0] == '\'' || line[0] == '"');
  if (!isQuoted) return raiseUnpickling(thread_, "the STRING opcode argument must be quoted");
  line = line.substr(1, line.size() - 2);
  if (line.find('\\') == std::string_view::npos) return pushString(line);
  Value argument = Value::of(TRY(makeBytes(thread_, line)));
  Value decoded = TRY(escapeDecode(thread_, Value::none(), Arguments{&argument, 1, nullptr}));
  Value content = toTuple(decoded)->items[0];
  return pushString(krait::viewOf(toBytes(content)));
}

// --- bytes ------------------------------------------------------------------------------------------------------------
Fallible<void> PickleLoader::loadBytes(uint8_t code) {
  uint64_t n = code == kShortBinBytes ? *TRY(readPickle(thread_, u_, 1))
               : code == kBinBytes    ? TRY(number<uint32_t>())
                                      : TRY(number<uint64_t>());
  if (n > INT64_MAX) {
    return raiseFormat(thread_, exceptions.OverflowError, "BINBYTES exceeds system's maximum size of {} bytes",
                       INT64_MAX);
  }
  if (n <= u_->size - u_->position) {
    const uint8_t* bytes = TRY(readPickle(thread_, u_, n));
    return push(Value::of(TRY(makeBytes(thread_, viewOf(bytes, n)))));
  }
  if (n > INT64_MAX - 64) return raise(thread_, exceptions.OverflowError, "byte string is too large");
  if (u_->read.get().isUnbound()) return raiseTruncated(thread_);
  Bytes* made = TRY(makeBytesUninitialised(thread_, n));
  TRY(readPickleInto(thread_, u_, Value::of(made), made->data, n));
  return push(Value::of(made));
}

Fallible<void> PickleLoader::loadBytearray() {
  auto n = TRY(number<uint64_t>());
  if (n > INT64_MAX) {
    return raiseFormat(thread_, exceptions.OverflowError, "BYTEARRAY8 exceeds system's maximum size of {} bytes",
                       INT64_MAX);
  }
  if (n <= u_->size - u_->position) {
    const uint8_t* bytes = TRY(readPickle(thread_, u_, n));
    return push(Value::of(TRY(makeBytearray(thread_, viewOf(bytes, n)))));
  }
  Bytearray* made = TRY(makeBytearray(thread_, {}));
  TRY(bytearrayResize(thread_, made, n));
  TRY(readPickleInto(thread_, u_, Value::of(made), made->storage->bytes, n));
  return push(Value::of(made));
}

Fallible<void> PickleLoader::loadBuffer(uint8_t code) {
  if (code == kReadonlyBuffer) {
    TRY(need(1));
    Value view = TRY(makeMemoryview(thread_, top()));
    if (!view.as<Memoryview>()->readOnly) {
      view.as<Memoryview>()->readOnly = true;
      top() = view;
    }
    return {};
  }
  if (u_->buffers.get().isUnbound()) {
    return raiseUnpickling(thread_, "pickle stream refers to out-of-band data but no *buffers* argument was given");
  }
  Value buffer = TRY(next(thread_, u_->buffers));
  if (buffer.isUnbound()) return raiseUnpickling(thread_, "not enough out-of-band buffers");
  return push(buffer);
}

}  // namespace krait
