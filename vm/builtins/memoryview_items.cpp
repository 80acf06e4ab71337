// The items of a memoryview: from bytes to objects and back, by the format character that module struct uses.
#include "vm/builtins/memoryview_items.h"

#include <cstring>

#include "vm/builtins/bytes.h"
#include "vm/builtins/float.h"
#include "vm/builtins/int.h"

namespace krait {

int32_t sizeOfFormat(char format) {
  switch (format) {
    case 'b':
    case 'B':
    case 'c':
    case '?': return 1;
    case 'h':
    case 'H':
    case 'e': return 2;
    case 'i':
    case 'I':
    case 'f': return 4;
    case 'l':
    case 'L':
    case 'q':
    case 'Q':
    case 'n':
    case 'N':
    case 'd':
    case 'P': return 8;
    default: return 0;
  }
}

namespace {

double halfToDouble(uint16_t half) {
  int exponent = half >> 10 & 31;
  int mantissa = half & 1023;
  double magnitude = exponent == 0    ? mantissa * 0x1p-24
                     : exponent == 31 ? (mantissa == 0 ? __builtin_inf() : __builtin_nan(""))
                                      : __builtin_ldexp(1024 + mantissa, exponent - 25);
  return half & 0x8000 ? -magnitude : magnitude;
}

template <class T>
T load(const uint8_t* at) {
  T value;
  memcpy(&value, at, sizeof value);
  return value;
}

}  // namespace

Fallible<Value> itemAt(Thread& thread, char format, const uint8_t* at) {
  switch (format) {
    case 'B': return Value::inlineInt(*at);
    case 'b': return Value::inlineInt(load<int8_t>(at));
    case 'c': return Value::of(TRY(makeBytes(thread, {reinterpret_cast<const char*>(at), 1})));
    case '?': return Value::boolean(*at != 0);
    case 'h': return Value::inlineInt(load<int16_t>(at));
    case 'H': return Value::inlineInt(load<uint16_t>(at));
    case 'i': return Value::inlineInt(load<int32_t>(at));
    case 'I': return Value::inlineInt(load<uint32_t>(at));
    case 'l':
    case 'q':
    case 'n': return makeInt(thread, load<int64_t>(at));
    case 'e': return makeFloat(thread, halfToDouble(load<uint16_t>(at)));
    case 'f': return makeFloat(thread, load<float>(at));
    case 'd': return makeFloat(thread, load<double>(at));
    case 'w': return raise(thread, exceptions.NotImplementedError, "memoryview: format w not supported");
    default: return makeIntUnsigned(thread, load<uint64_t>(at));
  }
}

namespace {

Raised raiseBadValue(Thread& thread, char format) {
  return raiseValueError(thread, "memoryview: invalid value for format '{}'", format);
}
Raised raiseBadType(Thread& thread, char format) {
  return raiseTypeError(thread, "memoryview: invalid type for format '{}'", format);
}

}  // namespace

Fallible<void> packItem(Thread& thread, char format, Value v, uint8_t out[8]) {
  if (format == 'c') {
    const Bytes* b = toBytes(v);
    if (b == nullptr) return raiseBadType(thread, format);
    if (b->length != 1) return raiseBadValue(thread, format);
    out[0] = b->data[0];
    return {};
  }
  if (format == '?') {
    out[0] = TRY(isTrue(thread, v));
    return {};
  }
  if (format == 'f' || format == 'd') {
    if (!isFloat(v) && !isInt(v)) return raiseBadType(thread, format);
    double d = TRY(asDouble(thread, v));
    auto narrow = static_cast<float>(d);
    memcpy(out, format == 'f' ? static_cast<const void*>(&narrow) : &d, format == 'f' ? 4 : 8);
    return {};
  }
  if (format == 'e') return raiseFormat(thread, exceptions.NotImplementedError, "memoryview: format e not supported");
  if (!isInt(v) && specialMethod(v, Special::k__index__).isUnbound()) return raiseBadType(thread, format);
  Value number = *toInt(TRY(index(thread, v)));
  int bits = 8 * sizeOfFormat(format);
  bool isSigned = format >= 'a' && format != 'c';
  auto small = toInt64(number);
  if (small && isSigned) {
    int64_t limit = bits == 64 ? INT64_MAX : (int64_t{1} << (bits - 1)) - 1;
    if (*small > limit || *small < -limit - 1) return raiseBadValue(thread, format);
  } else if (small) {
    if (*small < 0 || (bits < 64 && *small >> bits != 0)) return raiseBadValue(thread, format);
  } else if (!isSigned && bits == 64 && isKind(number, Kind::kInt) && !number.as<BigInt>()->isNegative() &&
             number.as<BigInt>()->size == 1) {
    memcpy(out, &number.as<BigInt>()->limbs[0], 8);
    return {};
  } else {
    return raiseBadValue(thread, format);
  }
  int64_t value = *small;
  memcpy(out, &value, 8);
  return {};
}

}  // namespace krait
