// The module _blake2: BLAKE2b and BLAKE2s (RFC 7693) with all parameters, over libb2.
#include <blake2.h>

#include <algorithm>
#include <cstring>

#include "vm/builtins/type_internal.h"
#include "vm/modules/hash_objects.h"
#include "vm/modules/registry.h"

namespace krait {
namespace {

struct B {
  using State = blake2b_state;
  using Parameters = blake2b_param;
  static constexpr const char* kName = "blake2b";
  static constexpr uint32_t kDigest = BLAKE2B_OUTBYTES, kKey = BLAKE2B_KEYBYTES, kSalt = BLAKE2B_SALTBYTES,
                            kPerson = BLAKE2B_PERSONALBYTES, kBlock = BLAKE2B_BLOCKBYTES;
  static constexpr uint64_t kMostOffset = UINT64_MAX;
  static void setOffset(Parameters& p, uint64_t offset) { p.node_offset = offset; }
  static int start(State* s, const Parameters* p) { return blake2b_init_param(s, p); }
  static void update(State* s, const uint8_t* data, size_t n) { blake2b_update(s, data, n); }
  static void finish(State* s, uint8_t* out, size_t n) { blake2b_final(s, out, n); }
};
struct S {
  using State = blake2s_state;
  using Parameters = blake2s_param;
  static constexpr const char* kName = "blake2s";
  static constexpr uint32_t kDigest = BLAKE2S_OUTBYTES, kKey = BLAKE2S_KEYBYTES, kSalt = BLAKE2S_SALTBYTES,
                            kPerson = BLAKE2S_PERSONALBYTES, kBlock = BLAKE2S_BLOCKBYTES;
  static constexpr uint64_t kMostOffset = (uint64_t{1} << 48) - 1;
  static void setOffset(Parameters& p, uint64_t offset) { std::memcpy(p.node_offset, &offset, 6); }
  static int start(State* s, const Parameters* p) { return blake2s_init_param(s, p); }
  static void update(State* s, const uint8_t* data, size_t n) { blake2s_update(s, data, n); }
  static void finish(State* s, uint8_t* out, size_t n) { blake2s_final(s, out, n); }
};

constexpr size_t kAlignment = 64;  // of the library's states

template <class V>
struct Blake2 : NativeObject {
  uint32_t digestBytes;
  uint8_t room[sizeof(typename V::State) + kAlignment];
  typename V::State* state() {
    auto address = (reinterpret_cast<uintptr_t>(room) + kAlignment - 1) & ~(kAlignment - 1);
    return reinterpret_cast<typename V::State*>(address);
  }
};
constexpr NativeTraits kTraits{"blake2", nullptr, nullptr};
template <class V>
Type* type = nullptr;
template <class V>
Blake2<V>* objectOf(Value v) {
  return v.as<Blake2<V>>();
}

template <class V>
Fallible<Blake2<V>*> allocateObject(Thread& thread, Type* of) {
  auto* object = TRY(allocate<Blake2<V>>(thread, Kind::kNative, of->instanceShape));
  object->traits = &kTraits;
  return object;
}

Fallible<uint64_t> unsignedLong(Thread& thread, Value v) {
  std::optional<Value> number = toInt(v);
  if (!number) return raise(thread, exceptions.TypeError, "an integer is required");
  if (std::optional<int64_t> i = toInt64(*number)) {
    if (*i < 0) return raise(thread, exceptions.ValueError, "value must be positive");
    return static_cast<uint64_t>(*i);
  }
  auto* big = number->as<BigInt>();
  if (big->isNegative()) return raise(thread, exceptions.ValueError, "value must be positive");
  if (big->size > 1) return raise(thread, exceptions.OverflowError, "int too big to convert");
  return big->limbs[0];
}

Fallible<uint8_t> smallNumber(Thread& thread, Value v, uint32_t otherwise, uint32_t least, uint32_t most,
                              const char* name, const char* end) {
  int64_t number = TRY(intArgumentOr(thread, v, static_cast<int>(otherwise)));
  if (number < least || number > most) {
    return raiseValueError(thread, "{} must be between {} and {}{}", name, least, end, most);
  }
  return static_cast<uint8_t>(number);
}

Fallible<std::string_view> shortBytes(Thread& thread, Value v, uint32_t most, const char* name) {
  if (v.isUnbound()) return std::string_view();
  std::string_view bytes = TRY(requireBuffer(thread, v));
  if (bytes.size() > most) return raiseValueError(thread, "maximum {} length is {} bytes", name, most);
  return bytes;
}

template <class V>
Fallible<Value> blakeNew(Thread& thread, Value of, const Arguments& arguments) {
  static constexpr Parameters kParameters{
      V::kName,
      {"data", "/", "*", "digest_size", "key", "salt", "person", "fanout", "depth", "leaf_size", "node_offset",
       "node_depth", "inner_size", "last_node", "usedforsecurity"},
      0};
  Value v[13];
  TRY(kParameters.bind(thread, arguments, v));
  typename V::Parameters p{};
  int64_t digestBytes = TRY(intArgumentOr(thread, v[1], static_cast<int>(V::kDigest)));
  if (digestBytes < 1 || digestBytes > V::kDigest) {
    return raiseValueError(thread, "digest_size must be between 1 and {} bytes", V::kDigest);
  }
  p.digest_length = static_cast<uint8_t>(digestBytes);
  std::string_view salt = TRY(shortBytes(thread, v[3], V::kSalt, "salt"));
  std::string_view person = TRY(shortBytes(thread, v[4], V::kPerson, "person"));
  p.fanout = TRY(smallNumber(thread, v[5], 1, 0, 255, "fanout", ""));
  p.depth = TRY(smallNumber(thread, v[6], 1, 1, 255, "depth", ""));
  uint64_t leafBytes = v[7].isUnbound() ? 0 : TRY(unsignedLong(thread, v[7]));
  if (leafBytes > UINT32_MAX) return raise(thread, exceptions.OverflowError, "leaf_size is too large");
  p.leaf_length = static_cast<uint32_t>(leafBytes);
  uint64_t offset = v[8].isUnbound() ? 0 : TRY(unsignedLong(thread, v[8]));
  if (offset > V::kMostOffset) return raise(thread, exceptions.OverflowError, "node_offset is too large");
  V::setOffset(p, offset);
  p.node_depth = TRY(smallNumber(thread, v[9], 0, 0, 255, "node_depth", ""));
  p.inner_length = TRY(smallNumber(thread, v[10], 0, 0, V::kDigest, "inner_size", "is "));
  std::string_view key = TRY(shortBytes(thread, v[2], V::kKey, "key"));
  p.key_length = static_cast<uint8_t>(key.size());
  bool isLastNode = TRY(truthOr(thread, v[11], false));
  TRY(truthOr(thread, v[12], true));
  std::copy(salt.begin(), salt.end(), reinterpret_cast<char*>(p.salt));
  std::copy(person.begin(), person.end(), reinterpret_cast<char*>(p.personal));
  if (!v[0].isUnbound()) TRY(hashedArgument(thread, v[0]));
  auto* object = TRY(allocateObject<V>(thread, of.as<Type>()));
  object->digestBytes = p.digest_length;
  if (V::start(object->state(), &p) != 0)
    return raise(thread, exceptions.RuntimeError, "error initializing hash state");
  object->state()->last_node = isLastNode ? 1 : 0;
  if (!key.empty()) {  // a whole block of its own
    uint8_t block[V::kBlock] = {};
    std::memcpy(block, key.data(), key.size());
    V::update(object->state(), block, sizeof block);
    explicit_bzero(block, sizeof block);
  }
  if (!v[0].isUnbound()) {
    std::string_view bytes = TRY(hashedArgument(thread, v[0]));
    V::update(object->state(), reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size());
  }
  return Value::of(object);
}

template <class V>
Fallible<Value> blakeUpdate(Thread& thread, Value self, Value data) {
  std::string_view bytes = TRY(hashedArgument(thread, data));
  V::update(objectOf<V>(self)->state(), reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size());
  return Value::none();
}
template <class V>
Fallible<Value> blakeCopy(Thread& thread, Value self) {
  auto* copy = TRY(allocateObject<V>(thread, typeOf(self)));
  copy->digestBytes = objectOf<V>(self)->digestBytes;
  std::memcpy(copy->state(), objectOf<V>(self)->state(), sizeof(typename V::State));
  return Value::of(copy);
}
template <class V>
std::string_view digestOf(Value self, uint8_t* out) {
  alignas(kAlignment) typename V::State state;
  std::memcpy(&state, objectOf<V>(self)->state(), sizeof state);
  V::finish(&state, out, objectOf<V>(self)->digestBytes);
  return {reinterpret_cast<const char*>(out), objectOf<V>(self)->digestBytes};
}
template <class V>
Fallible<Value> blakeDigest(Thread& thread, Value self) {
  uint8_t out[V::kDigest];
  return makeBytesValue(thread, digestOf<V>(self, out));
}
template <class V>
Fallible<Value> blakeHexdigest(Thread& thread, Value self) {
  uint8_t out[V::kDigest];
  return hexadecimal(thread, digestOf<V>(self, out));
}
template <class V>
Fallible<Value> getName(Thread& thread, Value) {
  return makeStrValue(thread, V::kName);
}
template <class V>
Fallible<Value> getDigestSize(Thread&, Value self) {
  return Value::inlineInt(objectOf<V>(self)->digestBytes);
}
template <class V>
Fallible<Value> getBlockSize(Thread&, Value) {
  return Value::inlineInt(V::kBlock);
}

template <class V>
void addBlake(Thread& thread, ModuleBuilder& builder, const std::string& prefix) {
  type<V> = keepType(TypeBuilder(thread, V::kName, types.object, Kind::kNative)
                         .module("_blake2")
                         .flags(Type::kBaseType)
                         .constructor(blakeNew<V>)
                         .method("update", blakeUpdate<V>)
                         .method("copy", blakeCopy<V>)
                         .method("digest", blakeDigest<V>)
                         .method("hexdigest", blakeHexdigest<V>)
                         .getter("name", getName<V>)
                         .getter("digest_size", getDigestSize<V>)
                         .getter("block_size", getBlockSize<V>)
                         .constant("SALT_SIZE", Value::inlineInt(V::kSalt))
                         .constant("PERSON_SIZE", Value::inlineInt(V::kPerson))
                         .constant("MAX_KEY_SIZE", Value::inlineInt(V::kKey))
                         .constant("MAX_DIGEST_SIZE", Value::inlineInt(V::kDigest))
                         .build());
  builder.constant(V::kName, Value::of(type<V>))
      .constant((prefix + "_SALT_SIZE").c_str(), Value::inlineInt(V::kSalt))
      .constant((prefix + "_PERSON_SIZE").c_str(), Value::inlineInt(V::kPerson))
      .constant((prefix + "_MAX_KEY_SIZE").c_str(), Value::inlineInt(V::kKey))
      .constant((prefix + "_MAX_DIGEST_SIZE").c_str(), Value::inlineInt(V::kDigest));
}

}  // namespace

Module* moduleBlake2(Thread& thread) {
  ModuleBuilder builder(thread, "_blake2", "The hash functions BLAKE2b and BLAKE2s, for hashlib.");
  addBlake<B>(thread, builder, "BLAKE2B");
  addBlake<S>(thread, builder, "BLAKE2S");
  return builder.build();
}

}  // namespace krait
