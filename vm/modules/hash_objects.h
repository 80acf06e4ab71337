// What the modules of hash functions share: arguments, hexadecimal digests, and a class made of a few functions.
#pragma once
#include "vm/modules/native_arguments.h"

namespace krait {

// Bytes to hash: "Strings must be encoded before hashing", "object supporting the buffer API required".
Fallible<std::string_view> hashedArgument(Thread& thread, Value v);
Fallible<Value> hexadecimal(Thread& thread, std::string_view bytes);

// A hash function as C libraries offer it: a state without pointers, copied as it is.
struct HashFunction {
  const char* name;
  uint32_t stateBytes, digestBytes, blockBytes;
  void (*start)(void* state);
  void (*update)(void* state, size_t length, const uint8_t* data);
  void (*digest)(void* state, uint8_t* out);  // the state is spoilt
};
// Adds a class to the module, under `typeName`, and the function that makes its instances.
struct HashClass {
  const HashFunction* function;
  Type* type;
};
void addHash(Thread& thread, ModuleBuilder& builder, const char* module, const char* typeName, HashClass& hash,
             NativeVariadic make);
Fallible<Value> makeHash(Thread& thread, const HashClass& hash, const Arguments& arguments);

}  // namespace krait
