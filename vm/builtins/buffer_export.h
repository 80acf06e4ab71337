// How native objects (array, mmap ...) lend their memory to memoryview and to everything that takes bytes-like objects.
#pragma once
#include "vm/operations.h"

namespace krait {

struct ExportedBuffer {
  uint8_t* data;  // may be null when there are no bytes
  uint64_t bytes;
  char format = 'B';  // as in module struct
  int32_t itemSize = 1;
  bool readOnly = false;
};
// The memory as it is now; false when the object has none any more.
using BufferExporter = bool (*)(Cell*, ExportedBuffer& out);
// All objects with these traits lend their memory. At most a dozen kinds do.
void registerBufferExporter(const NativeTraits* traits, BufferExporter exporter);
// False for objects that do not export in this way (bytes, bytearray and memoryview do it in theirs).
bool exportedBuffer(Value v, ExportedBuffer& out);

// Objects that hold a memoryview and stand for it (pickle.PickleBuffer). `viewOf` gives unbound once it is released,
// for which the message is.
using HeldView = Value (*)(Cell*);
void registerViewHolder(const NativeTraits* traits, HeldView viewOf, const char* released);
bool standsForView(Value v);
// The memoryview; ValueError when it has been released. Requires standsForView(v).
Fallible<Value> heldView(Thread& thread, Value v);

// Cell::flags of an exporter: a memoryview has been made of it.
inline constexpr uint8_t kExportedFlag = 1;
// BufferError while a memoryview looks at the object: its memory may not change its size.
Fallible<void> checkNoViews(Thread& thread, Cell* exporter,
                            const char* message = "Existing exports of data: object cannot be re-sized");

}  // namespace krait
