// The methods that bytes and bytearray share, by topic: the result has the class of what they are called on.
#pragma once
#include "vm/builtins/bytes.h"

namespace krait {
void declareBytesSearchMethods(TypeBuilder& type);  // find, split, replace, strip, join ...
void declareBytesTextMethods(TypeBuilder& type);    // upper, isalpha, center, translate, hex, decode ...
void declareBytesOperators(TypeBuilder& type);      // comparison, +, *, %, in, len, indexing of a copy

// bytes, or bytearray when `self` is one.
Fallible<Value> makeBytesLike(Thread& thread, Value self, std::string_view content);
// The view of a receiver: a bytes or bytearray, or a subclass.
std::string_view selfView(Value self);
// An int in range(256): "byte must be in range(0, 256)".
Fallible<uint8_t> byteArgument(Thread& thread, Value v);
// bytes.hex(): a separator (0: none) every `group` bytes, counted from the right when positive.
Fallible<Str*> hexOfBytes(Thread& thread, std::string_view bytes, uint32_t separator, int64_t group);
// What bytes(...) and bytearray(...) make of their arguments; `className` is for messages.
Fallible<void> collectBytes(Thread& thread, const char* className, const Arguments& arguments, ByteBuilder& out);
}  // namespace krait
