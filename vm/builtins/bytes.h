// bytes: immutable byte strings.
#pragma once
#include <string_view>

#include "vm/operations.h"

namespace krait {
struct Str;
struct Bytes : Cell {
  static constexpr uint8_t kHashed = 1;  // flags
  int64_t hash_;                         // valid when flags & 1
  uint64_t length;
  uint8_t data[];  // followed by a zero byte
};
Fallible<Bytes*> makeBytes(Thread& thread, std::string_view content);
Fallible<Bytes*> makeBytesUninitialised(Thread& thread, uint64_t length);
std::string_view viewOf(const Bytes* b);
// What a bytes-like object (bytes, bytearray, memoryview and their subclasses) holds at this moment; false for other
// objects. Valid until Python code runs.
bool bufferView(Value v, std::string_view& out);
// ... or TypeError: a bytes-like object is required, not 'int'.
Fallible<std::string_view> requireBuffer(Thread& thread, Value v);
int64_t bytesHash(Bytes* b);
KRAIT_INLINE Bytes* toBytes(Value v) {
  v = exactOrPayload(v);
  return isKind(v, Kind::kBytes) ? v.as<Bytes>() : nullptr;
}
// str.encode / bytes.decode: "utf-8", "latin-1", "ascii", "utf-16/32" with the error handlers strict, ignore, replace,
// backslashreplace, surrogateescape, surrogatepass, namereplace-free. LookupError: unknown encoding: x.
Fallible<Value> encodeStr(Thread& thread, Str* s, std::string_view encoding, std::string_view errors);
Fallible<Value> decodeBytes(Thread& thread, std::string_view bytes, std::string_view encoding, std::string_view errors);
// bytes % arguments.
Fallible<Value> formatBytesPercent(Thread& thread, std::string_view format, Value arguments);
void initialiseBytes(Thread&);
}  // namespace krait
