// The layout of array.array and its item types; module array's own files only.
#pragma once
#include "vm/operations.h"

namespace krait {

struct ArrayCode {
  char code;          // as Python writes it
  char viewFormat;    // as memoryview shows it
  uint8_t size;       // bytes of an item
  uint8_t machine;    // the number that pickles name it by, little-endian
  const char* label;  // in range errors; null: the wording of the conversion
};
const ArrayCode* findArrayCode(uint32_t code);

struct ArrayObject : NativeObject {
  Field<ByteArray*> storage;  // may be null
  uint64_t length;            // items
  const ArrayCode* item;
  uint8_t* bytes() const { return storage == nullptr ? nullptr : storage->bytes; }
  uint64_t byteLength() const { return length * item->size; }
  std::string_view view() const { return {reinterpret_cast<const char*>(bytes()), byteLength()}; }
};
inline ArrayObject* arrayOf(Value v) { return v.as<ArrayObject>(); }
inline Type* arrayType = nullptr;
inline bool isArray(Value v) { return isKind(v, Kind::kNative) && isInstanceOf(v, arrayType); }

Fallible<ArrayObject*> makeArray(Thread& thread, Type* type, const ArrayCode* item, uint64_t length);
// Sets the length; the storage grows in proportion. New items are what was there: the caller fills them.
Fallible<void> arrayResize(Thread& thread, ArrayObject* a, uint64_t length);
Fallible<Value> arrayItem(Thread& thread, const ArrayCode* item, const uint8_t* at);
Fallible<void> encodeArrayItem(Thread& thread, const ArrayCode* item, Value v, uint8_t out[8]);
Fallible<void> arrayAppendValue(Thread& thread, ArrayObject* a, Value v);
Fallible<void> arrayAppendBytes(Thread& thread, ArrayObject* a, std::string_view bytes);
Fallible<void> arrayAppendText(Thread& thread, ArrayObject* a, const Str* text);
Fallible<void> arrayExtend(Thread& thread, ArrayObject* a, Value from);  // array.extend

void declareArrayMethods(TypeBuilder& type);  // array_methods.cpp
Fallible<Value> arrayReconstructor(Thread& thread, Value, const Arguments& arguments);

}  // namespace krait
