// The table of native objects that lend their memory.
#include "vm/builtins/buffer_export.h"

#include "vm/builtins/memoryview.h"

namespace krait {
namespace {

struct Entry {
  const NativeTraits* traits;
  BufferExporter exporter;
};
// There is one kind of these.
struct Holder {
  const NativeTraits* traits;
  HeldView viewOf;
  const char* released;
};
Holder holder;
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
  if (standsForView(v)) {
    Value view = holder.viewOf(v.asCell());
    std::string_view bytes;
    if (view.isUnbound() || !memoryviewBytes(view, bytes)) return false;
    const auto* m = view.as<Memoryview>();
    out = {reinterpret_cast<uint8_t*>(const_cast<char*>(bytes.data())), bytes.size(), m->format, m->itemSize,
           m->readOnly};
    return true;
  }
  const NativeTraits* traits = v.as<NativeObject>()->traits;
  for (size_t i = 0; i < entryCount; i++) {
    if (entries[i].traits == traits) return entries[i].exporter(v.asCell(), out);
  }
  return false;
}

void registerViewHolder(const NativeTraits* traits, HeldView viewOf, const char* released) {
  holder = {traits, viewOf, released};
}
bool standsForView(Value v) {
  return holder.traits != nullptr && isKind(v, Kind::kNative) && v.as<NativeObject>()->traits == holder.traits;
}
Fallible<Value> heldView(Thread& thread, Value v) {
  Value view = holder.viewOf(v.asCell());
  if (view.isUnbound()) return raise(thread, exceptions.ValueError, holder.released);
  return view;
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
