// Hash objects: md5, sha1 and their kind, each over a function of a C library.
#include "vm/modules/hash_objects.h"

#include <algorithm>

#include "vm/builtins/type_internal.h"

namespace krait {

Fallible<std::string_view> hashedArgument(Thread& thread, Value v) {
  if (toStr(v) != nullptr) return raise(thread, exceptions.TypeError, "Strings must be encoded before hashing");
  std::string_view bytes;
  if (bufferView(v, bytes)) return bytes;
  return raise(thread, exceptions.TypeError, "object supporting the buffer API required");
}

Fallible<Value> hexadecimal(Thread& thread, std::string_view bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  Str* text = TRY(allocateStr(thread, bytes.size() * 2, 1, true));
  uint8_t* out = text->inlineText;
  for (char c : bytes) {
    auto byte = static_cast<uint8_t>(c);
    *out++ = static_cast<uint8_t>(kDigits[byte >> 4]);
    *out++ = static_cast<uint8_t>(kDigits[byte & 15]);
  }
  return Value::of(text);
}

namespace {

struct HashObject : NativeObject {
  const HashClass* hash;
  alignas(16) uint8_t state[];
};
constexpr NativeTraits kTraits{"hash", nullptr, nullptr};
HashObject* hashOf(Value v) { return v.as<HashObject>(); }
constexpr size_t kMostState = 512, kMostDigest = 64;

Fallible<HashObject*> allocateHash(Thread& thread, const HashClass& hash) {
  auto* object = TRY(allocate<HashObject>(thread, Kind::kNative, hash.type->instanceShape, hash.function->stateBytes));
  object->traits = &kTraits;
  object->hash = &hash;
  return object;
}

Fallible<Value> hashUpdate(Thread& thread, Value self, Value data) {
  std::string_view bytes = TRY(hashedArgument(thread, data));
  hashOf(self)->hash->function->update(hashOf(self)->state, bytes.size(),
                                       reinterpret_cast<const uint8_t*>(bytes.data()));
  return Value::none();
}
Fallible<Value> hashCopy(Thread& thread, Value self) {
  HashObject* copy = TRY(allocateHash(thread, *hashOf(self)->hash));
  std::copy_n(hashOf(self)->state, copy->hash->function->stateBytes, copy->state);
  return Value::of(copy);
}
// The digest of what was given so far; more may follow.
std::string_view finish(Value self, uint8_t* digest) {
  const HashFunction& function = *hashOf(self)->hash->function;
  alignas(16) uint8_t state[kMostState];
  std::copy_n(hashOf(self)->state, function.stateBytes, state);
  function.digest(state, digest);
  return {reinterpret_cast<const char*>(digest), function.digestBytes};
}
Fallible<Value> hashDigest(Thread& thread, Value self) {
  uint8_t digest[kMostDigest];
  return makeBytesValue(thread, finish(self, digest));
}
Fallible<Value> hashHexdigest(Thread& thread, Value self) {
  uint8_t digest[kMostDigest];
  return hexadecimal(thread, finish(self, digest));
}
Fallible<Value> hashName(Thread& thread, Value self) {
  return makeStrValue(thread, hashOf(self)->hash->function->name);
}
Fallible<Value> hashDigestSize(Thread&, Value self) {
  return Value::inlineInt(hashOf(self)->hash->function->digestBytes);
}
Fallible<Value> hashBlockSize(Thread&, Value self) {
  return Value::inlineInt(hashOf(self)->hash->function->blockBytes);
}
Fallible<Value> refuseHash(Thread& thread, Value type, const Arguments&) {
  fmt::memory_buffer buffer;
  return raiseTypeError(thread, "cannot create '{}' instances",
                        textOf(TRY(typeFullName(thread, type.as<Type>())), buffer));
}

}  // namespace

Fallible<Value> makeHash(Thread& thread, const HashClass& hash, const Arguments& arguments) {
  Parameters parameters{hash.function->name, {"string", "*", "usedforsecurity"}, 0};
  Value v[2];
  TRY(parameters.bind(thread, arguments, v));
  TRY(truthOr(thread, v[1], true));
  std::string_view bytes;
  if (!v[0].isUnbound()) bytes = TRY(hashedArgument(thread, v[0]));
  HashObject* object = TRY(allocateHash(thread, hash));
  hash.function->start(object->state);
  if (!v[0].isUnbound()) TRY(hashUpdate(thread, Value::of(object), v[0]));
  return Value::of(object);
}

void addHash(Thread& thread, ModuleBuilder& builder, const char* module, const char* typeName, HashClass& hash,
             NativeVariadic make) {
  if (hash.function->stateBytes > kMostState || hash.function->digestBytes > kMostDigest) failStartUp();
  hash.type = keepType(TypeBuilder(thread, typeName, types.object, Kind::kNative)
                           .module(module)
                           .constructor(refuseHash)
                           .method("update", hashUpdate)
                           .method("copy", hashCopy)
                           .method("digest", hashDigest)
                           .method("hexdigest", hashHexdigest)
                           .getter("name", hashName)
                           .getter("digest_size", hashDigestSize)
                           .getter("block_size", hashBlockSize)
                           .build());
  builder.variadic(hash.function->name, make);
}

}  // namespace krait
