// Reading format strings, and values to and from bytes as they say.
#include "vm/modules/struct_layout.h"

#include <cmath>
#include <cstring>
#include <new>

#include "vm/builtins/bytearray.h"
#include "vm/builtins/bytes.h"
#include "vm/builtins/float.h"
#include "vm/builtins/int.h"

namespace krait {
namespace {

// Bytes of a value; 0 for an unknown format. 'n', 'N' and 'P' exist with '@' only.
uint8_t valueSize(char format, bool native) {
  switch (format) {
    case 'x':
    case 'c':
    case 'b':
    case 'B':
    case '?':
    case 's':
    case 'p': return 1;
    case 'h':
    case 'H':
    case 'e': return 2;
    case 'i':
    case 'I':
    case 'f': return 4;
    case 'l':
    case 'L': return native ? 8 : 4;
    case 'q':
    case 'Q':
    case 'd': return 8;
    case 'n':
    case 'N':
    case 'P': return native ? 8 : 0;
    default: return 0;
  }
}

Raised raiseStructError(Thread& thread, std::string_view message) { return raise(thread, structError, message); }

bool appendItem(StructLayout* layout, const StructItem& item) {
  if (layout->items == layout->capacity) {
    size_t capacity = layout->capacity == 0 ? 8 : layout->capacity * 2;
    auto* grown = static_cast<StructItem*>(realloc(layout->item, capacity * sizeof(StructItem)));
    if (grown == nullptr) return false;
    layout->item = grown;
    layout->capacity = capacity;
  }
  layout->item[layout->items++] = item;
  return true;
}

Fallible<void> parseInto(Thread& thread, std::string_view text, StructLayout* layout) {
  constexpr const char* kTooLong = "total struct size too long";
  bool native = true, bigEndian = false;
  size_t i = 0;
  if (!text.empty() && std::string_view("@=<>!").find(text[0]) != std::string_view::npos) {
    native = text[0] == '@';
    bigEndian = text[0] == '>' || text[0] == '!';
    i = 1;
  }
  while (i < text.size()) {
    char c = text[i++];
    if (c == ' ' || (c >= '\t' && c <= '\r')) continue;
    int64_t count = 1;
    if (c >= '0' && c <= '9') {
      count = c - '0';
      while (i < text.size() && text[i] >= '0' && text[i] <= '9') {
        if (__builtin_mul_overflow(count, int64_t{10}, &count) ||
            __builtin_add_overflow(count, int64_t{text[i] - '0'}, &count)) {
          return raiseStructError(thread, kTooLong);
        }
        i++;
      }
      if (i == text.size()) return raiseStructError(thread, "repeat count given without format specifier");
      c = text[i++];
    }
    uint8_t size = valueSize(c, native);
    if (size == 0) return raiseStructError(thread, "bad char in struct format");
    int64_t offset = layout->size, bytes;
    if (native && size > 1) {
      int64_t gap = -offset & (size - 1);
      if (__builtin_add_overflow(offset, gap, &offset)) return raiseStructError(thread, kTooLong);
    }
    if (__builtin_mul_overflow(count, int64_t{size}, &bytes) || __builtin_add_overflow(offset, bytes, &layout->size)) {
      return raiseStructError(thread, kTooLong);
    }
    if (c == 'x') continue;
    bool isText = c == 's' || c == 'p';
    if (!isText && count == 0) continue;
    if (__builtin_add_overflow(layout->values, isText ? int64_t{1} : count, &layout->values)) {
      return raiseStructError(thread, "overflow in item count");
    }
    if (!appendItem(layout, {c, bigEndian, native, size, offset, count})) return raiseMemoryError(thread);
  }
  return {};
}

uint64_t loadBits(const uint8_t* at, unsigned size, bool bigEndian) {
  uint64_t bits = 0;
  if (bigEndian) {
    for (unsigned i = 0; i < size; i++) bits = bits << 8 | at[i];
  } else {
    memcpy(&bits, at, size);
  }
  return bits;
}
void storeBits(uint8_t* at, unsigned size, bool bigEndian, uint64_t bits) {
  if (bigEndian) {
    for (unsigned i = size; i-- > 0; bits >>= 8) at[i] = static_cast<uint8_t>(bits);
  } else {
    memcpy(at, &bits, size);
  }
}

double halfToDouble(uint64_t half) {
  int exponent = half >> 10 & 31;
  auto mantissa = static_cast<int>(half & 1023);
  double magnitude = exponent == 0    ? mantissa * 0x1p-24
                     : exponent == 31 ? (mantissa == 0 ? __builtin_inf() : __builtin_nan(""))
                                      : std::ldexp(1024 + mantissa, exponent - 25);
  return half & 0x8000 ? -magnitude : magnitude;
}
// Rounds to even; false when the number is too large.
bool doubleToHalf(double d, uint16_t& half) {
  uint16_t sign = std::signbit(d) ? 0x8000 : 0;
  double magnitude = std::fabs(d);
  if (std::isnan(d)) {
    half = sign | 0x7e00;
  } else if (std::isinf(d)) {
    half = sign | 0x7c00;
  } else {
    int exponent;
    std::frexp(magnitude, &exponent);  // magnitude in [2^(exponent-1), 2^exponent)
    int scale = magnitude == 0 || exponent < -13 ? -24 : exponent - 11;
    auto mantissa = static_cast<uint32_t>(std::nearbyint(std::ldexp(magnitude, -scale)));
    uint32_t bits = scale == -24 ? mantissa : (static_cast<uint32_t>(scale + 24) << 10) + mantissa;
    if (bits >= 0x7c00) return false;
    half = static_cast<uint16_t>(sign | bits);
  }
  return true;
}

Raised raiseRange(Thread& thread, const StructItem& item, bool isSigned) {
  int bits = 8 * item.size;
  int64_t low = isSigned ? -(int64_t{1} << (bits - 1)) : 0;
  int64_t high = (int64_t{1} << (isSigned ? bits - 1 : bits)) - 1;
  std::string name;
  switch (item.format) {
    case 'b': name = "byte"; break;
    case 'B': name = "ubyte"; break;
    case 'h': name = item.bigEndian ? "'h'" : "short"; break;
    case 'H': name = item.bigEndian ? "'H'" : "ushort"; break;
    default: name = std::string("'") + item.format + "'";
  }
  return raiseFormat(thread, structError, "{} format requires {} <= number <= {}", name, low, high);
}

Fallible<uint64_t> integerBits(Thread& thread, const StructItem& item, Value v) {
  if (!isInt(v)) {
    if (specialMethod(v, Special::k__index__).isUnbound()) {
      return raiseStructError(thread, "required argument is not an integer");
    }
    v = TRY(index(thread, v));
  }
  Value number = *toInt(v);
  auto small = toInt64(number);
  bool isBig = !small.has_value();
  bool fitsUnsigned = isBig ? number.as<BigInt>()->size == 1 && !number.as<BigInt>()->isNegative() : *small >= 0;
  bool isSigned = std::string_view("bhilqn").find(item.format) != std::string_view::npos;
  if (item.format == 'P') {
    if (isBig && !fitsUnsigned) return raiseStructError(thread, "int too large to convert");
  } else if (item.size == 8) {
    if (isSigned ? isBig : !fitsUnsigned) {
      return raiseStructError(thread, item.bigEndian ? "int too large to convert" : "argument out of range");
    }
  } else {
    bool asLong = isSigned || item.format == 'B' || (item.format == 'H' && !item.bigEndian);
    if (asLong ? isBig : !fitsUnsigned) return raiseStructError(thread, "argument out of range");
    if (isBig) return raiseRange(thread, item, isSigned);
    int bits = 8 * item.size;
    int64_t high = int64_t{1} << (isSigned ? bits - 1 : bits);
    if (*small >= high || *small < (isSigned ? -high : 0)) return raiseRange(thread, item, isSigned);
  }
  return isBig ? number.as<BigInt>()->limbs[0] : static_cast<uint64_t>(*small);
}

Fallible<void> packFloat(Thread& thread, const StructItem& item, Value v, uint8_t* at) {
  double d;
  if (isFloat(v)) {
    d = floatValue(v);
  } else {
    auto converted = asDouble(thread, v);
    if (converted.isRaised()) {
      clearException(thread);
      return raiseStructError(thread, "required argument is not a float");
    }
    d = converted.value();
  }
  if (item.format == 'd') {
    storeBits(at, 8, item.bigEndian, std::bit_cast<uint64_t>(d));
  } else if (item.format == 'f') {
    auto narrow = static_cast<float>(d);
    if (!item.native && std::isinf(narrow) && !std::isinf(d)) {
      return raise(thread, exceptions.OverflowError, "float too large to pack with f format");
    }
    storeBits(at, 4, item.bigEndian, std::bit_cast<uint32_t>(narrow));
  } else {
    uint16_t half;
    if (!doubleToHalf(d, half)) {
      return raise(thread, exceptions.OverflowError, "float too large to pack with e format");
    }
    storeBits(at, 2, item.bigEndian, half);
  }
  return {};
}

Fallible<std::string_view> byteString(Thread& thread, Value v, char format) {
  if (const Bytes* b = toBytes(v)) return viewOf(b);
  if (const Bytearray* b = toBytearray(v)) return viewOf(b);
  return raiseFormat(thread, structError, "argument for '{}' must be a bytes object", format);
}

Fallible<void> packText(Thread& thread, const StructItem& item, Value v, uint8_t* at) {
  std::string_view bytes = TRY(byteString(thread, v, item.format));
  auto room = static_cast<size_t>(item.count);
  if (item.format == 'p') {
    if (room == 0) return {};
    size_t size = std::min(bytes.size(), room - 1);
    at[0] = static_cast<uint8_t>(std::min<size_t>(size, 255));
    memcpy(at + 1, bytes.data(), size);
    return {};
  }
  memcpy(at, bytes.data(), std::min(bytes.size(), room));
  return {};
}

Fallible<void> packValue(Thread& thread, const StructItem& item, Value v, uint8_t* at) {
  switch (item.format) {
    case 'c': {
      const Bytes* b = toBytes(v);
      if (b == nullptr || b->length != 1) {
        return raiseStructError(thread, "char format requires a bytes object of length 1");
      }
      *at = b->data[0];
      return {};
    }
    case '?': *at = TRY(isTrue(thread, v)); return {};
    case 'e':
    case 'f':
    case 'd': return packFloat(thread, item, v, at);
    default: storeBits(at, item.size, item.bigEndian, TRY(integerBits(thread, item, v))); return {};
  }
}

Fallible<Value> unpackValue(Thread& thread, const StructItem& item, const uint8_t* at) {
  uint64_t bits = loadBits(at, item.size, item.bigEndian);
  switch (item.format) {
    case 'c': return Value::of(TRY(makeBytes(thread, {reinterpret_cast<const char*>(at), 1})));
    case '?': return Value::boolean(bits != 0);
    case 'e': return makeFloat(thread, halfToDouble(bits));
    case 'f': return makeFloat(thread, std::bit_cast<float>(static_cast<uint32_t>(bits)));
    case 'd': return makeFloat(thread, std::bit_cast<double>(bits));
    case 'b':
    case 'h':
    case 'i':
    case 'l':
    case 'q':
    case 'n': {
      unsigned unused = 64 - 8 * item.size;
      return makeInt(thread, static_cast<int64_t>(bits << unused) >> unused);
    }
    default: return makeIntUnsigned(thread, bits);
  }
}

}  // namespace

Fallible<StructLayout*> parseStructFormat(Thread& thread, std::string_view text) {
  auto* layout = new (std::nothrow) StructLayout;
  if (layout == nullptr) return raiseMemoryError(thread);
  if (parseInto(thread, text, layout).isRaised()) {
    layout->release();
    return Raised{};
  }
  return layout;
}

Fallible<void> unpackStruct(Thread& thread, const StructLayout* layout, const uint8_t* memory, Value* out) {
  for (size_t i = 0; i < layout->items; i++) {
    const StructItem& item = layout->item[i];
    const uint8_t* at = memory + item.offset;
    if (item.format == 's' || item.format == 'p') {
      auto text = std::string_view(reinterpret_cast<const char*>(at), static_cast<size_t>(item.count));
      if (item.format == 'p' && !text.empty()) text = text.substr(1, static_cast<uint8_t>(text[0]));
      *out++ = Value::of(TRY(makeBytes(thread, text)));
      continue;
    }
    for (int64_t k = 0; k < item.count; k++, at += item.size) *out++ = TRY(unpackValue(thread, item, at));
  }
  return {};
}

Fallible<void> packStruct(Thread& thread, const StructLayout* layout, const Value* values, uint8_t* memory) {
  memset(memory, 0, static_cast<size_t>(layout->size));
  for (size_t i = 0; i < layout->items; i++) {
    const StructItem& item = layout->item[i];
    uint8_t* at = memory + item.offset;
    if (item.format == 's' || item.format == 'p') {
      TRY(packText(thread, item, *values++, at));
      continue;
    }
    for (int64_t k = 0; k < item.count; k++, at += item.size) TRY(packValue(thread, item, *values++, at));
  }
  return {};
}

}  // namespace krait
