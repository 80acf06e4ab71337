// PickleBuffer: bytes of another object that protocol 5 may carry outside the pickle.
#include "vm/builtins/buffer_export.h"
#include "vm/builtins/memoryview.h"
#include "vm/modules/native_arguments.h"
#include "vm/modules/pickle_internal.h"

namespace krait {
namespace {

struct PickleBuffer : NativeObject {
  Field<Value> view;  // a memoryview of the object; unbound once released
};
void traceBuffer(Cell* cell, Marker& marker) { marker.mark(static_cast<PickleBuffer*>(cell)->view); }
constexpr NativeTraits kBufferTraits{"PickleBuffer", traceBuffer, nullptr};

Value viewIn(Cell* cell) { return static_cast<PickleBuffer*>(cell)->view; }

Fallible<Memoryview*> openView(Thread& thread, Value self) {
  Value view = viewIn(self.asCell());
  if (view.isUnbound()) return raiseValueError(thread, "operation forbidden on released PickleBuffer object");
  return view.as<Memoryview>();
}

Fallible<Value> bufferNew(Thread& thread, Value, const Arguments& arguments) {
  uint32_t given = arguments.positional + arguments.keywordCount();
  if (given > 1) return raiseTypeError(thread, "PickleBuffer() takes at most 1 argument ({} given)", given);
  if (arguments.positional != 1) {
    return raiseTypeError(thread, "PickleBuffer() takes exactly 1 positional argument ({} given)",
                          arguments.positional);
  }
  Value object = arguments[0];
  if (!standsForView(object)) {
    std::string_view bytes;
    bool isView = typeOf(object) == types.memoryview;
    if (!isView && !bufferView(object, bytes)) TRY(requireBuffer(thread, object));
  }
  Value view = TRY(makeMemoryview(thread, object));
  auto* buffer = TRY(allocate<PickleBuffer>(thread, Kind::kNative, pickleTypes.buffer->instanceShape));
  buffer->traits = &kBufferTraits;
  buffer->view = view;
  return Value::of(buffer);
}

// The bytes alone, whatever their items are.
Fallible<Value> bufferRaw(Thread& thread, Value self) {
  Memoryview* view = TRY(openView(thread, self));
  std::string_view bytes;
  if (!memoryviewBytes(Value::of(view), bytes)) {
    return raise(thread, exceptions.BufferError, "cannot extract raw buffer from non-contiguous buffer");
  }
  auto* raw = TRY(makeMemoryview(thread, Value::of(view))).as<Memoryview>();
  raw->shape = nullptr;
  raw->length = static_cast<int64_t>(bytes.size());
  raw->stride = raw->itemSize = 1;
  raw->format = 'B';
  return Value::of(raw);
}

Fallible<Value> bufferRelease(Thread&, Value self) {
  auto* buffer = self.as<PickleBuffer>();
  if (!buffer->view.get().isUnbound()) buffer->view.get().as<Memoryview>()->object = Value::unbound();
  buffer->view = Value::unbound();
  return Value::none();
}

}  // namespace

Fallible<PickleBufferView> pickleBufferBytes(Thread& thread, Value buffer) {
  Memoryview* view = TRY(openView(thread, buffer));
  PickleBufferView result{{}, view->readOnly};
  if (!memoryviewBytes(Value::of(view), result.bytes)) {
    return raisePickling(thread, "PickleBuffer can not be pickled when pointing to a non-contiguous buffer");
  }
  return result;
}

void declarePickleBuffer(Thread& thread) {
  registerViewHolder(&kBufferTraits, viewIn, "operation forbidden on released PickleBuffer object");
  pickleTypes.buffer = keepType(TypeBuilder(thread, "PickleBuffer", types.object, Kind::kNative)
                                    .module("pickle")
                                    .flags(Type::kInstantiable | Type::kHasWeakref)
                                    .doc("A buffer that may travel beside the pickle instead of in it.")
                                    .constructor(bufferNew)
                                    .method("raw", bufferRaw)
                                    .method("release", bufferRelease)
                                    .build());
}

}  // namespace krait
