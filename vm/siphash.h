// SipHash-1-3 (Aumasson & Bernstein): the hash of str and bytes, and of sources in hash-based .pyc files.
#pragma once
#include <bit>
#include <cstdint>
#include <cstring>

namespace krait {

inline uint64_t siphash13(uint64_t key0, uint64_t key1, const uint8_t* data, size_t length) {
  uint64_t v0 = key0 ^ 0x736f6d6570736575u, v1 = key1 ^ 0x646f72616e646f6du;
  uint64_t v2 = key0 ^ 0x6c7967656e657261u, v3 = key1 ^ 0x7465646279746573u;
  auto round = [&] {
    v0 += v1, v2 += v3;
    v1 = std::rotl(v1, 13) ^ v0, v3 = std::rotl(v3, 16) ^ v2;
    v0 = std::rotl(v0, 32);
    v2 += v1, v0 += v3;
    v1 = std::rotl(v1, 17) ^ v2, v3 = std::rotl(v3, 21) ^ v0;
    v2 = std::rotl(v2, 32);
  };
  uint64_t last = static_cast<uint64_t>(length) << 56;
  const uint8_t* end = data + (length & ~size_t{7});
  for (; data != end; data += 8) {
    uint64_t word;
    memcpy(&word, data, 8);
    v3 ^= word;
    round();
    v0 ^= word;
  }
  uint64_t tail = 0;
  memcpy(&tail, data, length & 7);
  last |= tail;
  v3 ^= last;
  round();
  v0 ^= last;
  v2 ^= 0xff;
  round();
  round();
  round();
  return v0 ^ v1 ^ v2 ^ v3;
}

}  // namespace krait
