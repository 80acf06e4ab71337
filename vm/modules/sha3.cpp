// The module _sha3: SHA-3 and SHAKE (FIPS 202) over Nettle's Keccak permutation.
#include <nettle/sha3.h>

#include <cstring>

#include "vm/builtins/type_internal.h"
#include "vm/modules/hash_objects.h"
#include "vm/modules/registry.h"

namespace krait {
namespace {

struct Variant {
  const char* name;
  uint32_t digestBytes, rateBytes;  // digestBytes 0: the caller says how many
  uint8_t suffix;
  bool isExtendable() const { return digestBytes == 0; }
};
constexpr Variant kVariants[] = {
    {"sha3_224", 28, 144, 0x06}, {"sha3_256", 32, 136, 0x06}, {"sha3_384", 48, 104, 0x06},
    {"sha3_512", 64, 72, 0x06},  {"shake_128", 0, 168, 0x1f}, {"shake_256", 0, 136, 0x1f},
};
constexpr size_t kVariantCount = std::size(kVariants);
Type* variantTypes[kVariantCount];

// The sponge: bytes are xored into the state, which is permuted after every `rate` of them.
struct Sponge {
  sha3_state state;
  uint32_t at;  // bytes absorbed since the last permutation

  void absorb(std::string_view bytes, uint32_t rate) {
    auto* from = reinterpret_cast<const uint8_t*>(bytes.data());
    size_t left = bytes.size();
    while (left > 0) {
      if (at == 0 && left >= rate) {
        for (uint32_t i = 0; i < rate / 8; i++) {
          uint64_t word;
          std::memcpy(&word, from + i * 8, 8);
          state.a[i] ^= word;
        }
        from += rate;
        left -= rate;
        nettle_sha3_permute(&state);
        continue;
      }
      xorByte(at, *from++);
      left--;
      if (++at == rate) {
        nettle_sha3_permute(&state);
        at = 0;
      }
    }
  }
  void pad(uint32_t rate, uint8_t suffix) {
    xorByte(at, suffix);
    xorByte(rate - 1, 0x80);
  }
  void squeeze(uint8_t* to, size_t length, uint32_t rate) {
    while (length > 0) {
      nettle_sha3_permute(&state);
      size_t n = std::min<size_t>(length, rate);
      std::memcpy(to, state.a, n);  // little-endian words
      to += n;
      length -= n;
    }
  }
  void xorByte(uint32_t place, uint8_t byte) { state.a[place / 8] ^= uint64_t{byte} << (place % 8 * 8); }
};

struct Keccak : NativeObject {
  const Variant* variant;
  Sponge sponge;
};
constexpr NativeTraits kTraits{"sha3", nullptr, nullptr};
Keccak* keccakOf(Value v) { return v.as<Keccak>(); }

Fallible<Keccak*> allocateKeccak(Thread& thread, const Variant* variant) {
  Type* type = variantTypes[variant - kVariants];
  auto* object = TRY(allocate<Keccak>(thread, Kind::kNative, type->instanceShape));
  object->traits = &kTraits;
  object->variant = variant;
  return object;
}

template <size_t which>
Fallible<Value> keccakNew(Thread& thread, Value, const Arguments& arguments) {
  // Messages give every variant this name, as CPython's do.
  static constexpr Parameters kParameters{"sha3_224", {"data", "/", "*", "usedforsecurity"}, 0};
  Value v[2];
  TRY(kParameters.bind(thread, arguments, v));
  TRY(truthOr(thread, v[1], true));
  std::string_view bytes;
  if (!v[0].isUnbound()) bytes = TRY(hashedArgument(thread, v[0]));
  Keccak* object = TRY(allocateKeccak(thread, &kVariants[which]));
  if (!v[0].isUnbound()) object->sponge.absorb(TRY(hashedArgument(thread, v[0])), kVariants[which].rateBytes);
  return Value::of(object);
}
Fallible<Value> keccakUpdate(Thread& thread, Value self, Value data) {
  keccakOf(self)->sponge.absorb(TRY(hashedArgument(thread, data)), keccakOf(self)->variant->rateBytes);
  return Value::none();
}
Fallible<Value> keccakCopy(Thread& thread, Value self) {
  Keccak* copy = TRY(allocateKeccak(thread, keccakOf(self)->variant));
  copy->sponge = keccakOf(self)->sponge;
  return Value::of(copy);
}
Fallible<Bytes*> digestOf(Thread& thread, Value self, uint64_t length) {
  Bytes* digest = TRY(makeBytesUninitialised(thread, length));
  Sponge sponge = keccakOf(self)->sponge;
  const Variant& variant = *keccakOf(self)->variant;
  sponge.pad(variant.rateBytes, variant.suffix);
  sponge.squeeze(digest->data, length, variant.rateBytes);
  return digest;
}
Fallible<Value> keccakDigest(Thread& thread, Value self) {
  return Value::of(TRY(digestOf(thread, self, keccakOf(self)->variant->digestBytes)));
}
Fallible<Value> keccakHexdigest(Thread& thread, Value self) {
  return hexadecimal(thread, viewOf(TRY(digestOf(thread, self, keccakOf(self)->variant->digestBytes))));
}
Fallible<uint64_t> lengthArgument(Thread& thread, Value v) {
  std::optional<Value> number = toInt(v);
  if (!number) return raise(thread, exceptions.TypeError, "an integer is required");
  std::optional<int64_t> length = toInt64(*number);
  if (length ? *length < 0 : number->as<BigInt>()->isNegative()) {
    return raise(thread, exceptions.ValueError, "value must be positive");
  }
  if (!length) return raise(thread, exceptions.OverflowError, "Python int too large to convert to C unsigned long");
  if (*length >= int64_t{1} << 29) return raise(thread, exceptions.ValueError, "length is too large");
  return static_cast<uint64_t>(*length);
}
Fallible<Value> shakeDigest(Thread& thread, Value self, Value length) {
  return Value::of(TRY(digestOf(thread, self, TRY(lengthArgument(thread, length)))));
}
Fallible<Value> shakeHexdigest(Thread& thread, Value self, Value length) {
  return hexadecimal(thread, viewOf(TRY(digestOf(thread, self, TRY(lengthArgument(thread, length))))));
}
Fallible<Value> getName(Thread& thread, Value self) { return makeStrValue(thread, keccakOf(self)->variant->name); }
Fallible<Value> getDigestSize(Thread&, Value self) { return Value::inlineInt(keccakOf(self)->variant->digestBytes); }
Fallible<Value> getBlockSize(Thread&, Value self) { return Value::inlineInt(keccakOf(self)->variant->rateBytes); }
Fallible<Value> getRate(Thread&, Value self) { return Value::inlineInt(keccakOf(self)->variant->rateBytes * 8); }
Fallible<Value> getCapacity(Thread&, Value self) {
  return Value::inlineInt(1600 - keccakOf(self)->variant->rateBytes * 8);
}
Fallible<Value> getSuffix(Thread& thread, Value self) {
  char suffix = static_cast<char>(keccakOf(self)->variant->suffix);
  return makeBytesValue(thread, {&suffix, 1});
}

template <size_t which>
void addVariant(Thread& thread, ModuleBuilder& builder) {
  const Variant& variant = kVariants[which];
  TypeBuilder type(thread, variant.name, types.object, Kind::kNative);
  type.module("_sha3").constructor(keccakNew<which>).method("update", keccakUpdate).method("copy", keccakCopy);
  if (variant.isExtendable()) {
    type.method("digest", shakeDigest).method("hexdigest", shakeHexdigest);
  } else {
    type.method("digest", keccakDigest).method("hexdigest", keccakHexdigest);
  }
  variantTypes[which] = keepType(type.getter("name", getName)
                                     .getter("digest_size", getDigestSize)
                                     .getter("block_size", getBlockSize)
                                     .getter("_rate_bits", getRate)
                                     .getter("_capacity_bits", getCapacity)
                                     .getter("_suffix", getSuffix)
                                     .build());
  builder.constant(variant.name, Value::of(variantTypes[which]));
}

}  // namespace

Module* moduleSha3(Thread& thread) {
  ModuleBuilder builder(thread, "_sha3");
  addVariant<0>(thread, builder);
  addVariant<1>(thread, builder);
  addVariant<2>(thread, builder);
  addVariant<3>(thread, builder);
  addVariant<4>(thread, builder);
  addVariant<5>(thread, builder);
  static_assert(kVariantCount == 6);
  return builder.constant("implementation", startUp(makeStrValue(thread, "nettle"))).build();
}

}  // namespace krait
