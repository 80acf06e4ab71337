// The module _random: the Mersenne Twister (MT19937 by Matsumoto and Nishimura, 2002), as class Random builds on it.
#include <sys/random.h>

#include <cstring>
#include <vector>

#include "vm/builtins/float.h"
#include "vm/builtins/type_internal.h"
#include "vm/modules/native_arguments.h"

namespace krait {
namespace {

// The generator by itself.
struct Twister {
  static constexpr uint32_t kWords = 624, kMiddle = 397;
  uint32_t words[kWords];
  uint32_t next;  // kWords: all have been used

  void seed(uint32_t s) {
    words[0] = s;
    for (uint32_t i = 1; i < kWords; i++) words[i] = 1812433253u * (words[i - 1] ^ (words[i - 1] >> 30)) + i;
    next = kWords;
  }
  void seed(const uint32_t* key, size_t length) {
    seed(19650218u);
    uint32_t i = 1;
    size_t j = 0;
    auto advance = [&] {
      if (++i >= kWords) {
        words[0] = words[kWords - 1];
        i = 1;
      }
    };
    for (size_t k = std::max<size_t>(kWords, length); k > 0; k--) {
      words[i] = (words[i] ^ ((words[i - 1] ^ (words[i - 1] >> 30)) * 1664525u)) + key[j] + static_cast<uint32_t>(j);
      advance();
      if (++j >= length) j = 0;
    }
    for (uint32_t k = kWords - 1; k > 0; k--) {
      words[i] = (words[i] ^ ((words[i - 1] ^ (words[i - 1] >> 30)) * 1566083941u)) - i;
      advance();
    }
    words[0] = 0x80000000u;
  }
  [[gnu::noinline]] void refill() {
    auto mix = [](uint32_t high, uint32_t low) {
      uint32_t y = (high & 0x80000000u) | (low & 0x7fffffffu);
      return (y >> 1) ^ ((low & 1u) != 0 ? 0x9908b0dfu : 0u);
    };
    uint32_t i = 0;
    for (; i < kWords - kMiddle; i++) words[i] = words[i + kMiddle] ^ mix(words[i], words[i + 1]);
    for (; i < kWords - 1; i++) words[i] = words[i + kMiddle - kWords] ^ mix(words[i], words[i + 1]);
    words[kWords - 1] = words[kMiddle - 1] ^ mix(words[kWords - 1], words[0]);
    next = 0;
  }
  uint32_t draw() {
    if (next >= kWords) refill();
    uint32_t y = words[next++];
    y ^= y >> 11;
    y ^= (y << 7) & 0x9d2c5680u;
    y ^= (y << 15) & 0xefc60000u;
    return y ^ (y >> 18);
  }
};

struct Generator : NativeObject {
  Twister twister;
};
constexpr NativeTraits kTraits{"Random", nullptr, nullptr};
Type* generatorType = nullptr;
Twister& twisterOf(Value self) { return self.as<Generator>()->twister; }

Fallible<void> seedFromSystem(Thread& thread, Twister& twister) {
  uint32_t key[Twister::kWords];
  size_t done = 0;
  while (done < sizeof key) {
    ssize_t n =
        TRY(retrying(thread, [&] { return getrandom(reinterpret_cast<char*>(key) + done, sizeof key - done, 0); }));
    if (n < 0) return raiseErrno(thread, errno);
    done += static_cast<size_t>(n);
  }
  twister.seed(key, Twister::kWords);
  return {};
}

// An int's magnitude, or the hash of anything else, in words of 32 bits from the lowest on.
Fallible<void> seedFrom(Thread& thread, Twister& twister, Value v) {
  if (v.isUnbound() || v.isNone()) return seedFromSystem(thread, twister);
  if (!isInt(v)) {
    v = TRY(makeIntUnsigned(thread, static_cast<uint64_t>(TRY(hash(thread, v)))));
  } else {
    v = TRY(intAbsolute(thread, *toInt(v)));
  }
  uint64_t single = 0;
  const uint64_t* limbs = &single;
  size_t count = 1;
  if (v.isInlineInt()) {
    single = static_cast<uint64_t>(v.asInlineInt());
  } else {
    limbs = v.as<BigInt>()->limbs;
    count = v.as<BigInt>()->size;
  }
  std::vector<uint32_t> key;
  for (size_t i = 0; i < count; i++) {
    key.push_back(static_cast<uint32_t>(limbs[i]));
    key.push_back(static_cast<uint32_t>(limbs[i] >> 32));
  }
  while (key.size() > 1 && key.back() == 0) key.pop_back();
  twister.seed(key.data(), key.size());
  return {};
}

// All zero until __init__ seeds it.
Fallible<Value> randomNew(Thread& thread, Value type, const Arguments&) {
  auto* generator = TRY(allocate<Generator>(thread, Kind::kNative, type.as<Type>()->instanceShape));
  generator->traits = &kTraits;
  return Value::of(generator);
}
Fallible<Value> randomInit(Thread& thread, Value self, const Arguments& arguments) {
  if (typeOf(self) == generatorType) TRY(arguments.noKeywords(thread, "Random"));
  if (arguments.positional > 1) {
    return raise(thread, exceptions.TypeError, "Random() requires 0 or 1 argument");
  }
  TRY(seedFrom(thread, twisterOf(self), arguments.positional == 0 ? Value::none() : arguments[0]));
  return Value::none();
}

Fallible<Value> randomSeed(Thread& thread, Value self, Value seed) {
  TRY(seedFrom(thread, twisterOf(self), seed));
  return Value::none();
}

// 53 random bits as a fraction.
Fallible<Value> randomRandom(Thread& thread, Value self) {
  Twister& twister = twisterOf(self);
  uint32_t high = twister.draw() >> 5, low = twister.draw() >> 6;
  return makeFloat(thread, (high * 67108864.0 + low) * (1.0 / 9007199254740992.0));
}

Fallible<Value> randomGetrandbits(Thread& thread, Value self, Value bits) {
  int k = TRY(intArgument(thread, bits));
  if (k < 0) return raise(thread, exceptions.ValueError, "number of bits must be non-negative");
  if (k == 0) return Value::inlineInt(0);
  Twister& twister = twisterOf(self);
  if (k <= 32) return Value::inlineInt(twister.draw() >> (32 - k));
  size_t words = (static_cast<size_t>(k) + 31) / 32;
  Bytes* limbs = TRY(makeBytesUninitialised(thread, (words + 1) / 2 * 8));  // memory that is ours and counted
  std::memset(limbs->data, 0, limbs->length);
  for (size_t i = 0; i < words; i++, k -= 32) {
    uint32_t word = twister.draw();
    if (k < 32) word >>= 32 - k;
    std::memcpy(limbs->data + i * 4, &word, 4);
  }
  return makeIntFromLimbs(thread, reinterpret_cast<const uint64_t*>(limbs->data), (words + 1) / 2, false);
}

Fallible<Value> randomGetstate(Thread& thread, Value self) {
  const Twister& twister = twisterOf(self);
  Tuple* state = TRY(makeTupleUninitialised(thread, Twister::kWords + 1));
  for (uint32_t i = 0; i < Twister::kWords; i++) state->items[i] = Value::inlineInt(twister.words[i]);
  state->items[Twister::kWords] = Value::inlineInt(twister.next);
  return Value::of(state);
}

Fallible<Value> randomSetstate(Thread& thread, Value self, Value given) {
  Tuple* state = toTuple(given);
  if (state == nullptr) return raise(thread, exceptions.TypeError, "state vector must be a tuple");
  if (state->length != Twister::kWords + 1) {
    return raise(thread, exceptions.ValueError, "state vector is the wrong size");
  }
  Twister fresh;
  for (uint32_t i = 0; i <= Twister::kWords; i++) {
    std::optional<Value> item = toInt(state->items[i]);
    if (!item) return raise(thread, exceptions.TypeError, "an integer is required");
    bool isPosition = i == Twister::kWords;
    std::optional<int64_t> word = toInt64(*item);
    bool negative = word ? *word < 0 : item->as<BigInt>()->isNegative();
    if (negative && !isPosition) {
      return raise(thread, exceptions.OverflowError, "can't convert negative value to unsigned int");
    }
    if (negative || !word || *word > (isPosition ? int64_t{Twister::kWords} : int64_t{UINT32_MAX})) {
      return raise(thread, exceptions.ValueError, "invalid state");
    }
    (isPosition ? fresh.next : fresh.words[i]) = static_cast<uint32_t>(*word);
  }
  twisterOf(self) = fresh;
  return Value::none();
}

}  // namespace

Module* moduleRandom(Thread& thread) {
  generatorType = keepType(TypeBuilder(thread, "Random", types.object, Kind::kNative)
                               .module("_random")
                               .flags(Type::kBaseType)
                               .doc("Random(seed=None): a generator with a state of its own.")
                               .constructor(randomNew)
                               .specialVariadic("__init__", randomInit)
                               .method("seed", randomSeed, 1)
                               .method("random", randomRandom)
                               .method("getrandbits", randomGetrandbits)
                               .method("getstate", randomGetstate)
                               .method("setstate", randomSetstate)
                               .build());
  return ModuleBuilder(thread, "_random", "The Mersenne Twister.").constant("Random", Value::of(generatorType)).build();
}

}  // namespace krait
