// bytes: immutable byte strings.
#pragma once
#include <cstdlib>
#include <span>
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
// The same, to write into; false also for objects that cannot be written.
bool mutableBufferView(Value v, std::span<uint8_t>& out);
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
// Collects bytes outside the heap.
class ByteBuilder {
 public:
  ByteBuilder() = default;
  ~ByteBuilder() {
    if (bytes_ != small_) free(bytes_);
  }
  ByteBuilder(const ByteBuilder&) = delete;
  ByteBuilder& operator=(const ByteBuilder&) = delete;
  KRAIT_INLINE ByteBuilder& appendByte(uint32_t byte) {
    if (length_ < capacity_ || reserve(1)) [[likely]]
      bytes_[length_++] = static_cast<char>(byte);
    return *this;
  }
  void push_back(char c) { appendByte(static_cast<uint8_t>(c)); }
  ByteBuilder& append(std::string_view bytes);
  ByteBuilder& appendRepeated(uint32_t byte, uint64_t times);
  bool reserve(uint64_t extra);
  bool failed() const { return failed_; }
  std::string_view view() const { return {bytes_, length_}; }
  Fallible<Bytes*> build(Thread& thread) const;  // MemoryError when any append failed

 private:
  char* bytes_ = small_;
  uint64_t length_ = 0, capacity_ = sizeof small_;
  bool failed_ = false;
  char small_[240];
};

// bytes % arguments.
Fallible<Value> formatBytesPercent(Thread& thread, std::string_view format, Value arguments);
void initialiseBytes(Thread&);
}  // namespace krait
