// The bytes of a pickle as they are written: growing memory, and the frames of protocol 4 in it.
#pragma once
#include <cstdlib>
#include <cstring>

#include "vm/modules/pickle_internal.h"

namespace krait {

// A frame begins with the first byte written after the last one ended. Its header is filled in at its end:
//   80 04 | 95 <8 bytes: length> | ...   and nothing of it is left when the frame is too short for one
class PickleOutput {
 public:
  PickleOutput() = default;
  ~PickleOutput() {
    if (bytes_ != small_) free(bytes_);
  }
  PickleOutput(const PickleOutput&) = delete;
  PickleOutput& operator=(const PickleOutput&) = delete;

  KRAIT_INLINE void put(uint8_t byte) {
    if (uint8_t* at = room(1)) *at = byte;
  }
  KRAIT_INLINE void put(uint8_t code, uint8_t argument) {
    if (uint8_t* at = room(2)) {
      at[0] = code;
      at[1] = argument;
    }
  }
  KRAIT_INLINE void put2(uint8_t code, uint16_t argument) {
    if (uint8_t* at = room(3)) {
      at[0] = code;
      memcpy(at + 1, &argument, 2);
    }
  }
  KRAIT_INLINE void put4(uint8_t code, uint32_t argument) {
    if (uint8_t* at = room(5)) {
      at[0] = code;
      memcpy(at + 1, &argument, 4);
    }
  }
  KRAIT_INLINE void put8(uint8_t code, uint64_t argument) {
    if (uint8_t* at = room(9)) {
      at[0] = code;
      memcpy(at + 1, &argument, 8);
    }
  }
  KRAIT_INLINE void append(const void* from, uint64_t size) {
    if (uint8_t* at = room(size)) memcpy(at, from, size);
  }
  void append(std::string_view text) { append(text.data(), text.size()); }
  // Room for `size` more bytes, which count as written; null when memory is exhausted.
  KRAIT_INLINE uint8_t* room(uint64_t size) {
    if (frameStart_ == kBetweenFrames || size > capacity_ - length_) [[unlikely]] {
      if (!prepare(size)) return nullptr;
    }
    uint8_t* at = bytes_ + length_;
    length_ += size;
    return at;
  }

  void startFraming() { frameStart_ = kBetweenFrames; }
  void stopFraming() {
    endFrame();
    frameStart_ = kUnframed;
  }
  bool isFraming() const { return frameStart_ != kUnframed; }
  KRAIT_INLINE bool isFrameFull() const { return frameStart_ >= 0 && length_ - payloadStart() >= kFrameTarget; }
  void endFrame() {
    if (frameStart_ < 0) return;
    uint8_t* header = bytes_ + frameStart_;
    uint64_t size = length_ - payloadStart();
    if (size >= kFrameMinimum) {
      header[0] = pickle_code::kFrame;
      memcpy(header + 1, &size, sizeof size);
    } else {
      memmove(header, header + kFrameHeader, size);
      length_ -= kFrameHeader;
    }
    frameStart_ = kBetweenFrames;
  }
  bool failed() const { return failed_; }
  std::string_view view() const { return {reinterpret_cast<const char*>(bytes_), length_}; }
  void clear() { length_ = 0; }  // between frames only

 private:
  static constexpr int64_t kUnframed = -2, kBetweenFrames = -1;
  static constexpr uint64_t kMost = uint64_t{1} << 39;
  uint64_t payloadStart() const { return static_cast<uint64_t>(frameStart_) + kFrameHeader; }
  KRAIT_COLD bool prepare(uint64_t size) {
    uint64_t header = frameStart_ == kBetweenFrames ? kFrameHeader : 0;
    if (failed_ || size > kMost || length_ > kMost) return !(failed_ = true);
    if (size + header > capacity_ - length_) {
      uint64_t capacity = (length_ + size + header) * 2;
      auto* bytes = static_cast<uint8_t*>(bytes_ == small_ ? malloc(capacity) : realloc(bytes_, capacity));
      if (bytes == nullptr) return !(failed_ = true);
      if (bytes_ == small_) memcpy(bytes, small_, length_);
      bytes_ = bytes;
      capacity_ = capacity;
    }
    if (header != 0) frameStart_ = static_cast<int64_t>(length_);
    length_ += header;
    return true;
  }

  uint8_t* bytes_ = small_;
  uint64_t length_ = 0, capacity_ = sizeof small_;
  int64_t frameStart_ = kUnframed;
  bool failed_ = false;
  uint8_t small_[480];
};

}  // namespace krait
