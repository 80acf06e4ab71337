// The module mmap: files and anonymous memory as mutable bytes.
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>

#include "vm/builtins/buffer_export.h"
#include "vm/builtins/slice.h"
#include "vm/builtins/type_internal.h"
#include "vm/modules/native_arguments.h"
#include "vm/modules/registry.h"

namespace krait {
namespace {

enum Access { kDefault, kRead, kWrite, kCopy };

struct Mapping : NativeObject {
  uint8_t* data;  // null once closed
  uint64_t size, position;
  int64_t offset;
  int descriptor;  // a copy of the caller's; -1: anonymous
  int access;
};
void unmap(Cell* cell) {
  auto* m = static_cast<Mapping*>(cell);
  if (m->data != nullptr) munmap(m->data, m->size);
  if (m->descriptor >= 0) close(m->descriptor);
  m->data = nullptr;
  m->descriptor = -1;
  m->size = 0;
}
constexpr NativeTraits kTraits{"mmap", nullptr, unmap};
Mapping* mappingOf(Value v) { return v.as<Mapping>(); }

bool exportMapping(Cell* cell, ExportedBuffer& out) {
  auto* m = static_cast<Mapping*>(cell);
  if (m->data == nullptr) return false;
  out.data = m->data;
  out.bytes = m->size;
  out.readOnly = m->access == kRead;
  return true;
}

Fallible<Mapping*> openMapping(Thread& thread, Value self) {
  if (mappingOf(self)->data != nullptr) return mappingOf(self);
  return raise(thread, exceptions.ValueError, "mmap closed or invalid");
}
Fallible<Mapping*> writableMapping(Thread& thread, Value self) {
  Mapping* m = TRY(openMapping(thread, self));
  if (m->access != kRead) return m;
  return raise(thread, exceptions.TypeError, "mmap can't modify a readonly memory map.");
}

// --- making -----------------------------------------------------------------------------------------------------------

Fallible<Value> mmapNew(Thread& thread, Value type, const Arguments& arguments) {
  static constexpr Parameters kParameters{nullptr, {"fileno", "length", "flags", "prot", "access", "offset"}, 2};
  Value v[6];
  TRY(kParameters.bind(thread, arguments, v));
  int descriptor = TRY(formatIntArgument(thread, v[0]));
  int64_t size = TRY(ssizeArgument(thread, v[1]));
  int flags = v[2].isUnbound() ? MAP_SHARED : TRY(formatIntArgument(thread, v[2]));
  int protection = v[3].isUnbound() ? PROT_WRITE | PROT_READ : TRY(formatIntArgument(thread, v[3]));
  int access = v[4].isUnbound() ? int{kDefault} : TRY(formatIntArgument(thread, v[4]));
  int64_t offset = v[5].isUnbound() ? 0 : TRY(longArgument(thread, v[5]));
  if (size < 0) return raise(thread, exceptions.OverflowError, "memory mapped length must be positive");
  if (offset < 0) return raise(thread, exceptions.OverflowError, "memory mapped offset must be positive");
  bool hasFlags = flags != MAP_SHARED || protection != (PROT_WRITE | PROT_READ);
  if (access != kDefault && hasFlags) {
    return raise(thread, exceptions.ValueError, "mmap can't specify both access and flags, prot.");
  }
  switch (access) {
    case kDefault:
      if ((protection & PROT_READ) != 0 && (protection & PROT_WRITE) == 0) access = kRead;
      break;
    case kRead:
      flags = MAP_SHARED;
      protection = PROT_READ;
      break;
    case kWrite:
      flags = MAP_SHARED;
      protection = PROT_READ | PROT_WRITE;
      break;
    case kCopy:
      flags = MAP_PRIVATE;
      protection = PROT_READ | PROT_WRITE;
      break;
    default: return raise(thread, exceptions.ValueError, "mmap invalid access parameter.");
  }
  struct stat info;
  if (descriptor != -1 && fstat(descriptor, &info) == 0 && S_ISREG(info.st_mode)) {
    if (size == 0) {
      if (info.st_size == 0) return raise(thread, exceptions.ValueError, "cannot mmap an empty file");
      if (offset >= info.st_size) {
        return raise(thread, exceptions.ValueError, "mmap offset is greater than file size");
      }
      size = info.st_size - offset;
    } else if (offset > info.st_size || info.st_size - offset < size) {
      return raise(thread, exceptions.ValueError, "mmap length is greater than file size");
    }
  }
  auto* m = TRY(allocate<Mapping>(thread, Kind::kNative, type.as<Type>()->instanceShape));
  m->traits = &kTraits;
  m->descriptor = -1;
  m->offset = offset;
  m->access = access;
  if (!heap.registerFinaliser(thread, m)) return raiseMemoryError(thread);
  if (descriptor == -1) {
    flags |= MAP_ANONYMOUS;
  } else {
    m->descriptor = fcntl(descriptor, F_DUPFD_CLOEXEC, 0);
    if (m->descriptor < 0) return raiseErrno(thread, errno);
  }
  void* data = mmap(nullptr, static_cast<size_t>(size), protection, flags, descriptor, offset);
  if (data == MAP_FAILED) return raiseErrno(thread, errno);
  m->data = static_cast<uint8_t*>(data);
  m->size = static_cast<uint64_t>(size);
  return Value::of(m);
}

Fallible<Value> mmapClose(Thread& thread, Value self) {
  if (mappingOf(self)->data == nullptr) return Value::none();
  TRY(checkNoViews(thread, self.asCell(), "cannot close exported pointers exist"));
  unmap(self.asCell());
  return Value::none();
}
Fallible<Value> mmapEnter(Thread& thread, Value self) {
  TRY(openMapping(thread, self));
  return self;
}
Fallible<Value> mmapExit(Thread& thread, Value self, const Arguments&) { return mmapClose(thread, self); }
Fallible<Value> mmapClosed(Thread&, Value self) { return Value::boolean(mappingOf(self)->data == nullptr); }
Fallible<Value> mmapRepr(Thread& thread, Value self) {
  static constexpr const char* kNames[] = {"ACCESS_DEFAULT", "ACCESS_READ", "ACCESS_WRITE", "ACCESS_COPY"};
  const Mapping* m = mappingOf(self);
  fmt::memory_buffer buffer;
  std::string name(textOf(TRY(typeFullName(thread, typeOf(self))), buffer));
  if (m->data == nullptr) return makeStrValue(thread, fmt::format("<{} closed=True>", name));
  return makeStrValue(thread, fmt::format("<{} closed=False, access={}, length={}, pos={}, offset={}>", name,
                                          kNames[m->access], m->size, m->position, m->offset));
}

// --- as a file --------------------------------------------------------------------------------------------------------

std::string_view rest(const Mapping* m) {
  uint64_t at = std::min(m->position, m->size);
  return {reinterpret_cast<const char*>(m->data) + at, m->size - at};
}
Fallible<Value> mmapRead(Thread& thread, Value self, Value count) {
  TRY(openMapping(thread, self));
  int64_t wanted = -1;
  if (!count.isUnbound() && !count.isNone()) {
    if (!isInt(count) && specialMethod(count, Special::k__index__).isUnbound()) {
      return raiseTypeError(thread, "argument should be integer or None, not '{}'", nameOf(count));
    }
    wanted = TRY(ssizeArgument(thread, count));
  }
  Mapping* m = TRY(openMapping(thread, self));
  std::string_view bytes = rest(m);
  if (wanted >= 0 && static_cast<uint64_t>(wanted) < bytes.size()) bytes = bytes.substr(0, static_cast<size_t>(wanted));
  Value result = TRY(makeBytesValue(thread, bytes));
  m->position += bytes.size();
  return result;
}
Fallible<Value> mmapReadByte(Thread& thread, Value self) {
  Mapping* m = TRY(openMapping(thread, self));
  if (m->position >= m->size) return raise(thread, exceptions.ValueError, "read byte out of range");
  return Value::inlineInt(m->data[m->position++]);
}
Fallible<Value> mmapReadline(Thread& thread, Value self) {
  Mapping* m = TRY(openMapping(thread, self));
  std::string_view bytes = rest(m);
  size_t newline = bytes.find('\n');
  if (newline != std::string_view::npos) bytes = bytes.substr(0, newline + 1);
  Value result = TRY(makeBytesValue(thread, bytes));
  m->position += bytes.size();
  return result;
}
Fallible<Value> mmapWrite(Thread& thread, Value self, Value data) {
  TRY(openMapping(thread, self));
  std::string_view bytes = TRY(requireBuffer(thread, data));
  Mapping* m = TRY(writableMapping(thread, self));
  if (m->position > m->size || m->size - m->position < bytes.size()) {
    return raise(thread, exceptions.ValueError, "data out of range");
  }
  std::memmove(m->data + m->position, bytes.data(), bytes.size());
  m->position += bytes.size();
  return Value::inlineInt(static_cast<int64_t>(bytes.size()));
}
Fallible<Value> mmapWriteByte(Thread& thread, Value self, Value given) {
  TRY(openMapping(thread, self));
  int64_t byte = TRY(longArgument(thread, given));
  if (byte < 0) return raise(thread, exceptions.OverflowError, "unsigned byte integer is less than minimum");
  if (byte > 255) return raise(thread, exceptions.OverflowError, "unsigned byte integer is greater than maximum");
  Mapping* m = TRY(writableMapping(thread, self));
  if (m->position >= m->size) return raise(thread, exceptions.ValueError, "write byte out of range");
  m->data[m->position++] = static_cast<uint8_t>(byte);
  return Value::none();
}
Fallible<Value> mmapSeek(Thread& thread, Value self, Value distance, Value whence) {
  TRY(openMapping(thread, self));
  int64_t by = TRY(ssizeArgument(thread, distance));
  int how = TRY(intArgumentOr(thread, whence, 0));
  Mapping* m = TRY(openMapping(thread, self));
  int64_t from = how == 0 ? 0 : how == 1 ? static_cast<int64_t>(m->position) : static_cast<int64_t>(m->size);
  if (how < 0 || how > 2) return raise(thread, exceptions.ValueError, "unknown seek type");
  int64_t target;
  if (__builtin_add_overflow(from, by, &target) || target < 0 || target > static_cast<int64_t>(m->size)) {
    return raise(thread, exceptions.ValueError, "seek out of range");
  }
  m->position = static_cast<uint64_t>(target);
  return Value::none();
}
Fallible<Value> mmapTell(Thread& thread, Value self) {
  return makeIntUnsigned(thread, TRY(openMapping(thread, self))->position);
}
Fallible<Value> mmapSize(Thread& thread, Value self) {
  Mapping* m = TRY(openMapping(thread, self));
  struct stat info;
  if (fstat(m->descriptor, &info) != 0) return raiseErrno(thread, errno);
  return makeInt(thread, info.st_size);
}

// --- as bytes ---------------------------------------------------------------------------------------------------------

Fallible<Value> findIn(Thread& thread, Value self, const Arguments& arguments, const char* name, bool backwards) {
  TRY(arguments.noKeywords(thread, name));
  if (arguments.positional < 1 || arguments.positional > 3) {
    return raiseTypeError(thread, "{}() takes at {} {} argument{} ({} given)", name,
                          arguments.positional < 1 ? "least" : "most", arguments.positional < 1 ? 1 : 3,
                          arguments.positional < 1 ? "" : "s", arguments.positional);
  }
  Mapping* m = TRY(openMapping(thread, self));
  std::string_view wanted = TRY(requireBuffer(thread, arguments[0]));
  auto size = static_cast<int64_t>(m->size);
  int64_t start =
      arguments.positional > 1 ? TRY(ssizeArgument(thread, arguments[1])) : static_cast<int64_t>(m->position);
  int64_t end = arguments.positional > 2 ? TRY(ssizeArgument(thread, arguments[2])) : size;
  m = TRY(openMapping(thread, self));
  size = static_cast<int64_t>(m->size);
  auto clip = [&](int64_t i) { return std::clamp<int64_t>(i < 0 ? i + size : i, 0, size); };
  start = clip(start);
  end = clip(end);
  if (start > end) return Value::inlineInt(-1);
  std::string_view all(reinterpret_cast<const char*>(m->data) + start, static_cast<size_t>(end - start));
  size_t found = backwards ? all.rfind(wanted) : all.find(wanted);
  return Value::inlineInt(found == std::string_view::npos ? -1 : start + static_cast<int64_t>(found));
}
Fallible<Value> mmapFind(Thread& thread, Value self, const Arguments& arguments) {
  return findIn(thread, self, arguments, "find", false);
}
Fallible<Value> mmapRfind(Thread& thread, Value self, const Arguments& arguments) {
  return findIn(thread, self, arguments, "rfind", true);
}

Fallible<Value> mmapLength(Thread& thread, Value self) {
  return makeIntUnsigned(thread, TRY(openMapping(thread, self))->size);
}
// The index of one byte.
Fallible<uint64_t> byteIndex(Thread& thread, Value self, Value key) {
  int64_t i = TRY(indexAsInt64(thread, key, exceptions.IndexError));
  Mapping* m = TRY(openMapping(thread, self));
  if (i < 0) i += static_cast<int64_t>(m->size);
  if (i < 0 || static_cast<uint64_t>(i) >= m->size) {
    return raise(thread, exceptions.IndexError, "mmap index out of range");
  }
  return static_cast<uint64_t>(i);
}
bool isIndex(Value v) { return isInt(v) || !specialMethod(v, Special::k__index__).isUnbound(); }

Fallible<Value> mmapGetItem(Thread& thread, Value self, Value key) {
  TRY(openMapping(thread, self));
  if (isIndex(key)) {
    uint64_t i = TRY(byteIndex(thread, self, key));
    return Value::inlineInt(mappingOf(self)->data[i]);
  }
  if (!isKind(key, Kind::kSlice)) return raise(thread, exceptions.TypeError, "mmap indices must be integers");
  SliceBounds range = TRY(resolveSlice(thread, key.as<Slice>(), static_cast<int64_t>(mappingOf(self)->size)));
  Mapping* m = TRY(openMapping(thread, self));
  Bytes* result = TRY(makeBytesUninitialised(thread, static_cast<uint64_t>(range.length)));
  for (int64_t i = 0; i < range.length; i++) {
    auto from = static_cast<uint64_t>(range.start + i * range.step);
    result->data[i] = from < m->size ? m->data[from] : 0;
  }
  return Value::of(result);
}
Fallible<Value> mmapSetItem(Thread& thread, Value self, Value key, Value value) {
  TRY(writableMapping(thread, self));
  if (isIndex(key)) {
    uint64_t i = TRY(byteIndex(thread, self, key));
    if (!isIndex(value)) return raise(thread, exceptions.TypeError, "mmap item value must be an int");
    int64_t byte = TRY(indexAsInt64(thread, value, exceptions.TypeError));
    if (byte < 0 || byte > 255) {
      return raise(thread, exceptions.ValueError, "mmap item value must be in range(0, 256)");
    }
    Mapping* m = TRY(openMapping(thread, self));
    if (i < m->size) m->data[i] = static_cast<uint8_t>(byte);
    return Value::none();
  }
  if (!isKind(key, Kind::kSlice)) return raise(thread, exceptions.TypeError, "mmap indices must be integer");
  SliceBounds range = TRY(resolveSlice(thread, key.as<Slice>(), static_cast<int64_t>(mappingOf(self)->size)));
  std::string_view bytes = TRY(requireBuffer(thread, value));
  Mapping* m = TRY(openMapping(thread, self));
  if (static_cast<int64_t>(bytes.size()) != range.length) {
    return raise(thread, exceptions.IndexError, "mmap slice assignment is wrong size");
  }
  if (range.step == 1 && static_cast<uint64_t>(range.start + range.length) <= m->size) {
    std::memmove(m->data + range.start, bytes.data(), bytes.size());
    return Value::none();
  }
  for (int64_t i = 0; i < range.length; i++) {
    auto to = static_cast<uint64_t>(range.start + i * range.step);
    if (to < m->size) m->data[to] = static_cast<uint8_t>(bytes[static_cast<size_t>(i)]);
  }
  return Value::none();
}
// Iteration gives bytes of length one, where indexing gives ints.
struct MappingIterator : NativeObject {
  Field<Value> mapping;
  uint64_t next;
};
void traceIterator(Cell* cell, Marker& marker) { marker.mark(static_cast<MappingIterator*>(cell)->mapping); }
constexpr NativeTraits kIteratorTraits{"mmap iterator", traceIterator, nullptr};
Type* iteratorType = nullptr;
Fallible<Value> mmapIterate(Thread& thread, Value self) {
  auto* iterator = TRY(allocate<MappingIterator>(thread, Kind::kNative, iteratorType->instanceShape));
  iterator->traits = &kIteratorTraits;
  iterator->mapping = self;
  return Value::of(iterator);
}
Fallible<Value> iteratorNext(Thread& thread, Value self) {
  auto* iterator = self.as<MappingIterator>();
  Mapping* m = TRY(openMapping(thread, iterator->mapping));
  if (iterator->next >= m->size) return Value::unbound();
  return makeBytesValue(thread, {reinterpret_cast<const char*>(m->data) + iterator->next++, 1});
}
Fallible<Value> iteratorSelf(Thread&, Value self) { return self; }
Fallible<Value> refuseIterator(Thread& thread, Value, const Arguments&) {
  return raise(thread, exceptions.TypeError, "cannot create 'iterator' instances");
}
Fallible<Value> mmapDeleteItem(Thread& thread, Value self, Value key) {
  TRY(openMapping(thread, self));
  return raise(
      thread, exceptions.TypeError,
      isKind(key, Kind::kSlice) ? "mmap object doesn't support slice deletion" : "mmap doesn't support item deletion");
}

// --- the mapping itself -----------------------------------------------------------------------------------------------

Fallible<Value> mmapMove(Thread& thread, Value self, Value target, Value source, Value count) {
  TRY(openMapping(thread, self));
  int64_t to = TRY(ssizeArgument(thread, target)), from = TRY(ssizeArgument(thread, source));
  int64_t length = TRY(ssizeArgument(thread, count));
  Mapping* m = TRY(writableMapping(thread, self));
  auto size = static_cast<int64_t>(m->size);
  if (to < 0 || from < 0 || length < 0 || size - to < length || size - from < length) {
    return raise(thread, exceptions.ValueError, "source, destination, or count out of range");
  }
  std::memmove(m->data + to, m->data + from, static_cast<size_t>(length));
  return Value::none();
}
Fallible<Value> mmapResize(Thread& thread, Value self, Value given) {
  TRY(openMapping(thread, self));
  int64_t size = TRY(ssizeArgument(thread, given));
  Mapping* m = TRY(openMapping(thread, self));
  TRY(checkNoViews(thread, m, "mmap can't resize with extant buffers exported."));
  if (m->access == kRead || m->access == kCopy) {
    return raise(thread, exceptions.TypeError, "mmap can't resize a readonly or copy-on-write memory map.");
  }
  if (size < 0 || INT64_MAX - size < m->offset) return raise(thread, exceptions.ValueError, "new size out of range");
  if (m->descriptor != -1 && ftruncate(m->descriptor, m->offset + size) != 0) return raiseErrno(thread, errno);
  void* data = mremap(m->data, m->size, static_cast<size_t>(size), MREMAP_MAYMOVE);
  if (data == MAP_FAILED) return raiseErrno(thread, errno);
  m->data = static_cast<uint8_t*>(data);
  m->size = static_cast<uint64_t>(size);
  return Value::none();
}
Fallible<Value> mmapFlush(Thread& thread, Value self, Value offset, Value count) {
  Mapping* m = TRY(openMapping(thread, self));
  int64_t start = offset.isUnbound() ? 0 : TRY(ssizeArgument(thread, offset));
  int64_t length = count.isUnbound() ? static_cast<int64_t>(m->size) : TRY(ssizeArgument(thread, count));
  m = TRY(openMapping(thread, self));
  auto size = static_cast<int64_t>(m->size);
  if (start < 0 || length < 0 || size - start < length) {
    return raise(thread, exceptions.ValueError, "flush values out of range");
  }
  if (m->access == kRead || m->access == kCopy) return Value::none();
  uint8_t* data = m->data;
  return noneOrErrno(thread,
                     withoutLock(thread, [&] { return msync(data + start, static_cast<size_t>(length), MS_SYNC); }));
}
Fallible<Value> mmapMadvise(Thread& thread, Value self, Value option, Value from, Value count) {
  TRY(openMapping(thread, self));
  int advice = TRY(formatIntArgument(thread, option));
  int64_t start = from.isUnbound() ? 0 : TRY(ssizeArgument(thread, from));
  Mapping* m = TRY(openMapping(thread, self));
  int64_t length = count.isUnbound() ? static_cast<int64_t>(m->size) : TRY(ssizeArgument(thread, count));
  m = TRY(openMapping(thread, self));
  auto size = static_cast<int64_t>(m->size);
  if (start < 0 || start >= size) return raise(thread, exceptions.ValueError, "madvise start out of bounds");
  if (length < 0) return raise(thread, exceptions.ValueError, "madvise length invalid");
  if (INT64_MAX - start < length) return raise(thread, exceptions.OverflowError, "madvise length too large");
  length = std::min(length, size - start);
  return noneOrErrno(thread, madvise(m->data + start, static_cast<size_t>(length), advice));
}
Fallible<Value> mmapSizeof(Thread& thread, Value) { return makeInt(thread, sizeof(Mapping)); }

constexpr NamedNumber kNumbers[] = {
    {"ACCESS_DEFAULT", kDefault},
    {"ACCESS_READ", kRead},
    {"ACCESS_WRITE", kWrite},
    {"ACCESS_COPY", kCopy},
    {"MADV_DODUMP", MADV_DODUMP},
    {"MADV_DOFORK", MADV_DOFORK},
    {"MADV_DONTDUMP", MADV_DONTDUMP},
    {"MADV_DONTFORK", MADV_DONTFORK},
    {"MADV_DONTNEED", MADV_DONTNEED},
    {"MADV_FREE", MADV_FREE},
    {"MADV_HUGEPAGE", MADV_HUGEPAGE},
    {"MADV_HWPOISON", MADV_HWPOISON},
    {"MADV_MERGEABLE", MADV_MERGEABLE},
    {"MADV_NOHUGEPAGE", MADV_NOHUGEPAGE},
    {"MADV_NORMAL", MADV_NORMAL},
    {"MADV_RANDOM", MADV_RANDOM},
    {"MADV_REMOVE", MADV_REMOVE},
    {"MADV_SEQUENTIAL", MADV_SEQUENTIAL},
    {"MADV_UNMERGEABLE", MADV_UNMERGEABLE},
    {"MADV_WILLNEED", MADV_WILLNEED},
    {"MAP_ANON", MAP_ANON},
    {"MAP_ANONYMOUS", MAP_ANONYMOUS},
    {"MAP_DENYWRITE", MAP_DENYWRITE},
    {"MAP_EXECUTABLE", MAP_EXECUTABLE},
    {"MAP_POPULATE", MAP_POPULATE},
    {"MAP_PRIVATE", MAP_PRIVATE},
    {"MAP_SHARED", MAP_SHARED},
    {"MAP_STACK", MAP_STACK},
    {"PROT_EXEC", PROT_EXEC},
    {"PROT_READ", PROT_READ},
    {"PROT_WRITE", PROT_WRITE},
};

}  // namespace

Module* moduleMmap(Thread& thread) {
  registerBufferExporter(&kTraits, exportMapping);
  iteratorType = keepType(TypeBuilder(thread, "iterator", types.object, Kind::kNative)
                              .constructor(refuseIterator)
                              .special("__iter__", iteratorSelf)
                              .next(iteratorNext)
                              .build());
  Type* type = keepType(TypeBuilder(thread, "mmap", types.object, Kind::kNative)
                            .module("mmap")
                            .flags(Type::kBaseType | Type::kHasWeakref)
                            .constructor(mmapNew)
                            .special("__repr__", mmapRepr)
                            .special("__len__", mmapLength)
                            .special("__iter__", mmapIterate)
                            .special("__getitem__", mmapGetItem)
                            .special("__setitem__", mmapSetItem)
                            .special("__delitem__", mmapDeleteItem)
                            .method("__enter__", mmapEnter)
                            .variadic("__exit__", mmapExit)
                            .method("__sizeof__", mmapSizeof)
                            .method("close", mmapClose)
                            .getter("closed", mmapClosed)
                            .variadic("find", mmapFind)
                            .variadic("rfind", mmapRfind)
                            .method("flush", mmapFlush, 2)
                            .method("madvise", mmapMadvise, 2)
                            .method("move", mmapMove)
                            .method("read", mmapRead, 1)
                            .method("read_byte", mmapReadByte)
                            .method("readline", mmapReadline)
                            .method("resize", mmapResize)
                            .method("seek", mmapSeek, 1)
                            .method("size", mmapSize)
                            .method("tell", mmapTell)
                            .method("write", mmapWrite)
                            .method("write_byte", mmapWriteByte)
                            .build());
  ModuleBuilder builder(thread, "mmap");
  addNumbers(thread, builder, kNumbers);
  Value pageSize = Value::inlineInt(sysconf(_SC_PAGESIZE));
  return builder.constant("mmap", Value::of(type))
      .constant("error", Value::of(exceptions.OSError))
      .constant("PAGESIZE", pageSize)
      .constant("ALLOCATIONGRANULARITY", pageSize)
      .build();
}

}  // namespace krait
