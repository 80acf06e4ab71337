// The table of native objects that lend their memory.
#include "vm/builtins/buffer_export.h"

#include "vm/builtins/memoryview.h"

namespace krait {
namespace {

struct Entry {
  const NativeTraits* traits;
  BufferExporter exporter;
};
constexpr size_t kMostExporters = 32;
Entry entries[kMostExporters];
size_t entryCount;

}  // namespace

void registerBufferExporter(const NativeTraits* traits, BufferExporter exporter) {
  for (size_t i = 0; i < entryCount; i++) {
    if (entries[i].traits == traits) return;
  }
  if (entryCount < kMostExporters) entries[entryCount++] = {traits, exporter};
}

bool exportedBuffer(Value v, ExportedBuffer& out) {
  if (!isKind(v, Kind::kNative)) return false;
  const NativeTraits* traits = v.as<NativeObject>()->traits;
  for (size_t i = 0; i < entryCount; i++) {
    if (entries[i].traits == traits) return entries[i].exporter(v.asCell(), out);
  }
  return false;
}

Fallible<void> checkNoViews(Thread& thread, Cell* exporter, const char* message) {
  if (!(exporter->flags & kExportedFlag)) [[likely]]
    return {};
  if (hasLiveViews(Value::of(exporter))) {
    heap.collect(thread);
    if (hasLiveViews(Value::of(exporter))) {
      return raise(thread, exceptions.BufferError, message);
    }
  }
  exporter->flags &= static_cast<uint8_t>(~kExportedFlag);
  return {};
}

}  // namespace krait
