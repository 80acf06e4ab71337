// The modules _md5, _sha1, _sha256 and _sha512, over Nettle.
#include <nettle/md5.h>
#include <nettle/sha1.h>
#include <nettle/sha2.h>

#include "vm/modules/hash_objects.h"
#include "vm/modules/registry.h"

namespace krait {
namespace {

template <class State, void (*f)(State*)>
void start(void* state) {
  f(static_cast<State*>(state));
}
template <class State, void (*f)(State*, size_t, const uint8_t*)>
void update(void* state, size_t length, const uint8_t* data) {
  f(static_cast<State*>(state), length, data);
}
template <class State, size_t size, void (*f)(State*, size_t, uint8_t*)>
void digest(void* state, uint8_t* out) {
  f(static_cast<State*>(state), size, out);
}

#define KRAIT_NETTLE_HASH(name, state, begin, step, end, digestBytes, blockBytes)  \
  constexpr HashFunction k_##name{#name,                                           \
                                  sizeof(state),                                   \
                                  digestBytes,                                     \
                                  blockBytes,                                      \
                                  start<state, begin>,                             \
                                  update<state, step>,                             \
                                  digest<state, digestBytes, end>};                \
  HashClass name##Class{&k_##name, nullptr};                                       \
  Fallible<Value> make_##name(Thread& thread, Value, const Arguments& arguments) { \
    return makeHash(thread, name##Class, arguments);                               \
  }
KRAIT_NETTLE_HASH(md5, md5_ctx, md5_init, md5_update, md5_digest, MD5_DIGEST_SIZE, MD5_BLOCK_SIZE)
KRAIT_NETTLE_HASH(sha1, sha1_ctx, sha1_init, sha1_update, sha1_digest, SHA1_DIGEST_SIZE, SHA1_BLOCK_SIZE)
KRAIT_NETTLE_HASH(sha224, sha256_ctx, sha224_init, sha256_update, sha224_digest, SHA224_DIGEST_SIZE, SHA256_BLOCK_SIZE)
KRAIT_NETTLE_HASH(sha256, sha256_ctx, sha256_init, sha256_update, sha256_digest, SHA256_DIGEST_SIZE, SHA256_BLOCK_SIZE)
KRAIT_NETTLE_HASH(sha384, sha512_ctx, sha384_init, sha512_update, sha384_digest, SHA384_DIGEST_SIZE, SHA512_BLOCK_SIZE)
KRAIT_NETTLE_HASH(sha512, sha512_ctx, sha512_init, sha512_update, sha512_digest, SHA512_DIGEST_SIZE, SHA512_BLOCK_SIZE)

}  // namespace

Module* moduleMd5(Thread& thread) {
  ModuleBuilder builder(thread, "_md5");
  addHash(thread, builder, "_md5", "md5", md5Class, make_md5);
  return builder.constant("MD5Type", Value::of(md5Class.type)).build();
}
Module* moduleSha1(Thread& thread) {
  ModuleBuilder builder(thread, "_sha1");
  addHash(thread, builder, "_sha1", "sha1", sha1Class, make_sha1);
  return builder.constant("SHA1Type", Value::of(sha1Class.type)).build();
}
Module* moduleSha256(Thread& thread) {
  ModuleBuilder builder(thread, "_sha256");
  addHash(thread, builder, "_sha256", "sha224", sha224Class, make_sha224);
  addHash(thread, builder, "_sha256", "sha256", sha256Class, make_sha256);
  return builder.constant("SHA224Type", Value::of(sha224Class.type))
      .constant("SHA256Type", Value::of(sha256Class.type))
      .build();
}
Module* moduleSha512(Thread& thread) {
  ModuleBuilder builder(thread, "_sha512");
  addHash(thread, builder, "_sha512", "sha384", sha384Class, make_sha384);
  addHash(thread, builder, "_sha512", "sha512", sha512Class, make_sha512);
  return builder.constant("SHA384Type", Value::of(sha512Class.type)).build();
}

}  // namespace krait
