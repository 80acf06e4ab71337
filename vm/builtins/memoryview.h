// memoryview: a window on the memory of bytes, bytearray and other buffers.
#pragma once
#include <span>
#include <string_view>

#include "vm/operations.h"

namespace krait {
class ByteBuilder;
struct Tuple;

// The bytes are looked up anew at every use, because a bytearray may move them. Views of more than one dimension, or of
// none, have a `shape`. Only the first dimension can be sliced: within one of its entries the items lie side by side in
// C's order.
struct Memoryview : NativeObject {
  Field<Value> object;  // what exports the memory; unbound once released
  int64_t offset;       // bytes from the start of the object's memory to item 0
  Field<Tuple*> shape;  // null for one dimension
  int64_t length;       // items of all dimensions
  int64_t stride;       // bytes between neighbours along the first dimension; may be negative
  int32_t itemSize;
  char format;  // as in module struct: 'B' unless cast
  bool readOnly;
};
Fallible<Value> makeMemoryview(Thread& thread, Value object);
// view[i] for a walk from the start: unbound at its end.
Fallible<Value> memoryviewIterated(Thread& thread, Value view, int64_t i);
// Whether a memoryview that has not been released looks at `object`; the heap is searched.
bool hasLiveViews(Value object);
// The bytes under a memoryview whose items lie side by side; false for everything else.
bool memoryviewBytes(Value v, std::string_view& out);
bool memoryviewMutableBytes(Value v, std::span<uint8_t>& out);
// Appends the items of a memoryview, wherever they lie, as bytes; false for everything else.
Fallible<bool> appendMemoryview(Thread& thread, Value v, ByteBuilder& out);
void initialiseMemoryview(Thread&);
}  // namespace krait
