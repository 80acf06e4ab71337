// memoryview: items, slices and casts of other objects' memory.
#include "vm/builtins/memoryview.h"

#include <algorithm>
#include <cstring>

#include "vm/builtins/buffer_export.h"
#include "vm/builtins/bytearray.h"
#include "vm/builtins/bytes.h"
#include "vm/builtins/bytes_methods.h"
#include "vm/builtins/float.h"
#include "vm/builtins/int.h"
#include "vm/builtins/iterators.h"
#include "vm/builtins/list.h"
#include "vm/builtins/memoryview_items.h"
#include "vm/builtins/slice.h"
#include "vm/builtins/str.h"
#include "vm/builtins/text.h"
#include "vm/builtins/tuple.h"

namespace krait {
namespace {

void traceMemoryview(Cell* cell, Marker& marker) {
  marker.mark(static_cast<Memoryview*>(cell)->object);
  marker.mark(static_cast<Memoryview*>(cell)->shape);
}
constexpr NativeTraits kTraits{"memoryview", traceMemoryview, nullptr};

Memoryview* viewCell(Value v) {
  return isKind(v, Kind::kNative) && v.as<NativeObject>()->traits == &kTraits ? v.as<Memoryview>() : nullptr;
}

// The exporter's memory as it is now; nullptr (and 0) once released or when the exporter has shrunk too far.
const uint8_t* memoryOf(const Memoryview* m, uint64_t* size = nullptr) {
  std::string_view bytes;
  if (m->object.get().isUnbound() || !bufferView(m->object, bytes)) return nullptr;
  if (size != nullptr) *size = bytes.size();
  static constexpr uint8_t kNothing = 0;  // what has no bytes may have no address, but is not given up
  return bytes.data() == nullptr ? &kNothing : reinterpret_cast<const uint8_t*>(bytes.data());
}

// --- dimensions -------------------------------------------------------------------------------------------------------
uint64_t dimensionsOf(const Memoryview* m) { return m->shape == nullptr ? 1 : m->shape->length; }
int64_t extent(const Memoryview* m, uint64_t dimension) {
  return m->shape == nullptr ? m->length : m->shape->items[dimension].get().asInlineInt();
}
// Items between two neighbours along a dimension, as the items are numbered.
int64_t step(const Memoryview* m, uint64_t dimension) {
  int64_t items = 1;
  for (uint64_t i = dimension + 1; i < dimensionsOf(m); i++) items *= extent(m, i);
  return items;
}
// Bytes between two neighbours along a dimension.
int64_t strideOf(const Memoryview* m, uint64_t dimension) {
  return dimension == 0 ? m->stride : step(m, dimension) * m->itemSize;
}
// Where item number `item` starts, from the start of the object's memory.
int64_t placeOf(const Memoryview* m, int64_t item) {
  if (m->shape == nullptr) return m->offset + item * m->stride;
  int64_t perEntry = step(m, 0);
  return m->offset + item / perEntry * m->stride + item % perEntry * m->itemSize;
}

// Whether the items lie side by side in C's order, the last index varying fastest, or in Fortran's, the first one. A
// view of one dimension is asked for its stride even when it has no items, one of several is not: CPython's rule.
bool isContiguous(const Memoryview* m, bool fortran = false) {
  uint64_t dimensions = dimensionsOf(m);
  if (dimensions != 1 && m->length == 0) return true;
  int64_t expected = m->itemSize;
  for (uint64_t i = 0; i < dimensions; i++) {
    uint64_t dimension = fortran ? i : dimensions - 1 - i;
    if (extent(m, dimension) != 1 && strideOf(m, dimension) != expected) return false;
    expected *= extent(m, dimension);
  }
  return true;
}

// All items lie inside the memory that is there now.
bool isInside(const Memoryview* m, uint64_t size) {
  if (m->length == 0) return true;
  int64_t entries = m->length, entrySize = m->itemSize;
  if (m->shape != nullptr && dimensionsOf(m) != 0) {
    entries = extent(m, 0);
    entrySize = m->length / entries * m->itemSize;
  }
  int64_t first = m->offset, last = m->offset + (entries - 1) * m->stride;
  return std::min(first, last) >= 0 && std::max(first, last) + entrySize <= static_cast<int64_t>(size);
}

Fallible<const uint8_t*> requireMemory(Thread& thread, const Memoryview* m) {
  if (m->object.get().isUnbound()) {
    return raise(thread, exceptions.ValueError, "operation forbidden on released memoryview object");
  }
  uint64_t size;
  const uint8_t* memory = memoryOf(m, &size);
  if (memory == nullptr || !isInside(m, size)) {
    return raise(thread, exceptions.BufferError, "the memory under the memoryview has been given up");
  }
  return memory;
}
// Only that it has not been released.
Fallible<Memoryview*> openView(Thread& thread, Value self) {
  Memoryview* m = viewCell(self);
  if (m->object.get().isUnbound()) {
    return raise(thread, exceptions.ValueError, "operation forbidden on released memoryview object");
  }
  return m;
}

Fallible<Memoryview*> allocateView(Thread& thread, const Memoryview* like) {
  auto* m = TRY(allocate<Memoryview>(thread, Kind::kNative, types.memoryview->instanceShape));
  m->traits = &kTraits;
  m->object = Value::unbound();
  if (like != nullptr) {
    m->object = like->object.get();
    m->shape = like->shape.get();
    m->offset = like->offset;
    m->length = like->length;
    m->stride = like->stride;
    m->itemSize = like->itemSize;
    m->format = like->format;
    m->readOnly = like->readOnly;
  }
  return m;
}

// --- items and slices -------------------------------------------------------------------------------------------------
Raised raiseInvalidKey(Thread& thread) { return raise(thread, exceptions.TypeError, "memoryview: invalid slice key"); }
bool isIndex(Value v) { return isInt(v) || !specialMethod(v, Special::k__index__).isUnbound(); }

Fallible<int64_t> indexIn(Thread& thread, const Memoryview* m, Value key, uint64_t dimension) {
  int64_t i = TRY(indexAsInt64(thread, key, exceptions.IndexError)), size = extent(m, dimension);
  if (i < 0) i += size;
  if (i < 0 || i >= size) {
    return raiseFormat(thread, exceptions.IndexError, "index out of bounds on dimension {}", dimension + 1);
  }
  return i;
}

// What is said of keys that name more than an item: one entry of several dimensions, slices of several dimensions.
// These are python3.11's own words for what it refuses, and what it refuses is all that is refused here.
struct PartErrors {
  const char *entry, *slices;
};
constexpr const char* kSliceAssignment = "memoryview slice assignments are currently restricted to ndim = 1";
constexpr PartErrors kReading{"multi-dimensional sub-views are not implemented",
                              "multi-dimensional slicing is not implemented"};
constexpr PartErrors kWriting{"sub-views are not implemented", kSliceAssignment};

// The number of the item that a key names.
Fallible<int64_t> itemIndex(Thread& thread, const Memoryview* m, Value key, const PartErrors& errors) {
  uint64_t dimensions = dimensionsOf(m);
  const Tuple* keys = toTuple(key);
  if (dimensions == 0 && (keys == nullptr || keys->length != 0))
    return raise(thread, exceptions.TypeError, "invalid indexing of 0-dim memory");
  if (keys != nullptr) {
    bool isItem = true, isSlice = keys->length > 0;
    for (Value k : keys->values()) {
      isItem = isItem && isIndex(k);
      isSlice = isSlice && isKind(k, Kind::kSlice);
    }
    if (isSlice) return raise(thread, exceptions.NotImplementedError, errors.slices);
    if (!isItem) return raiseInvalidKey(thread);
    if (keys->length < dimensions)
      return raise(thread, exceptions.NotImplementedError, "sub-views are not implemented");
    if (keys->length > dimensions) {
      return raiseTypeError(thread, "cannot index {}-dimension view with {}-element tuple", dimensions, keys->length);
    }
    int64_t item = 0;
    for (uint64_t i = 0; i < dimensions; i++) item += TRY(indexIn(thread, m, keys->items[i], i)) * step(m, i);
    return item;
  }
  if (!isIndex(key)) return raiseInvalidKey(thread);
  if (dimensions > 1) return raise(thread, exceptions.NotImplementedError, errors.entry);
  return indexIn(thread, m, key, 0);
}

Fallible<Memoryview*> sliced(Thread& thread, const Memoryview* m, const Slice* slice) {
  if (dimensionsOf(m) == 0) return raise(thread, exceptions.TypeError, "invalid indexing of 0-dim memory");
  SliceBounds bounds = TRY(resolveSlice(thread, slice, extent(m, 0)));
  int64_t size = std::max<int64_t>(0, bounds.length);
  Memoryview* part = TRY(allocateView(thread, m));
  part->offset += bounds.start * m->stride;
  part->stride *= bounds.step;
  part->length = size * step(m, 0);
  if (m->shape == nullptr) return part;
  part->shape = TRY(makeTuple(thread, m->shape->values()));
  part->shape->items[0] = Value::inlineInt(size);
  return part;
}

// Where an item of a view of one dimension is, when that takes no more than arithmetic; else null.
KRAIT_INLINE uint8_t* placeQuickly(const Memoryview* m, Value key) {
  if (!key.isInlineInt() || m->shape != nullptr || !m->object.get().isCell()) return nullptr;
  int64_t i = key.asInlineInt();
  if (i < 0) i += m->length;
  if (i < 0 || i >= m->length) return nullptr;
  std::string_view memory;
  Cell* exporter = m->object.get().asCell();
  if (exporter->kind == Kind::kByteBuffer)
    memory = viewOf(static_cast<const Bytearray*>(exporter));
  else if (exporter->kind == Kind::kBytes)
    memory = viewOf(static_cast<const Bytes*>(exporter));
  else if (!bufferView(m->object, memory))
    return nullptr;
  if (!isInside(m, memory.size())) return nullptr;
  return reinterpret_cast<uint8_t*>(const_cast<char*>(memory.data())) + m->offset + i * m->stride;
}

Fallible<Value> memoryviewGetItem(Thread& thread, Value self, Value key) {
  if (const uint8_t* item = placeQuickly(viewCell(self), key)) return itemAt(thread, viewCell(self)->format, item);
  Memoryview* m = TRY(openView(thread, self));
  if (isKind(key, Kind::kSlice)) return Value::of(TRY(sliced(thread, m, key.as<Slice>())));
  if (key.isEllipsis() && dimensionsOf(m) == 0) return self;
  int64_t i = TRY(itemIndex(thread, m, key, kReading));
  return itemAt(thread, m->format, TRY(requireMemory(thread, m)) + placeOf(m, i));
}

// The number of the item that comes `position`-th when the first index varies fastest.
int64_t fortranItem(const Memoryview* m, int64_t position) {
  int64_t item = 0;
  for (uint64_t i = 0; i < dimensionsOf(m); i++) {
    item += position % extent(m, i) * step(m, i);
    position /= extent(m, i);
  }
  return item;
}

// The items side by side, in C's order or in Fortran's.
Fallible<void> gather(Thread& thread, const Memoryview* m, ByteBuilder& out, bool fortran = false) {
  const uint8_t* memory = TRY(requireMemory(thread, m));
  for (int64_t i = 0; i < m->length; i++) {
    const uint8_t* item = memory + placeOf(m, fortran ? fortranItem(m, i) : i);
    out.append({reinterpret_cast<const char*>(item), static_cast<size_t>(m->itemSize)});
  }
  if (out.failed()) return raiseMemoryError(thread);
  return {};
}

Fallible<Value> memoryviewSetItem(Thread& thread, Value self, Value key, Value value) {
  Memoryview* m = TRY(openView(thread, self));
  if (m->readOnly) return raise(thread, exceptions.TypeError, "cannot modify read-only memory");
  if (m->format == 'B' && value.isInlineInt() && static_cast<uint64_t>(value.asInlineInt()) < 256) {
    if (uint8_t* item = placeQuickly(m, key)) {
      *item = static_cast<uint8_t>(value.asInlineInt());
      return Value::none();
    }
  }
  if (!isKind(key, Kind::kSlice)) {
    bool isWhole = key.isEllipsis() && dimensionsOf(m) == 0;
    int64_t i = isWhole ? 0 : TRY(itemIndex(thread, m, key, kWriting));
    uint8_t bytes[8];
    TRY(packItem(thread, m->format, value, bytes));
    auto* memory = const_cast<uint8_t*>(TRY(requireMemory(thread, m)));
    memcpy(memory + placeOf(m, i), bytes, static_cast<size_t>(m->itemSize));
    return Value::none();
  }
  if (dimensionsOf(m) > 1) return raise(thread, exceptions.NotImplementedError, kSliceAssignment);
  if (dimensionsOf(m) == 0) return raise(thread, exceptions.TypeError, "invalid indexing of 0-dim memory");
  ByteBuilder content;  // copied first: source and target may overlap
  char sourceFormat = 'B';
  uint64_t sourceDimensions = 1;
  if (Memoryview* source = viewCell(value)) {
    TRY(gather(thread, source, content));
    sourceFormat = source->format;
    sourceDimensions = dimensionsOf(source);
  } else {
    std::string_view bytes = TRY(requireBuffer(thread, value));
    content.append(bytes);
  }
  Memoryview* target = TRY(sliced(thread, m, key.as<Slice>()));
  if (sourceFormat != m->format || sourceDimensions != 1 ||
      content.view().size() != static_cast<uint64_t>(target->length * m->itemSize)) {
    return raise(thread, exceptions.ValueError, "memoryview assignment: lvalue and rvalue have different structures");
  }
  auto* memory = const_cast<uint8_t*>(TRY(requireMemory(thread, target)));
  auto size = static_cast<size_t>(m->itemSize);
  for (int64_t i = 0; i < target->length; i++) {
    memcpy(memory + target->offset + i * target->stride, content.view().data() + static_cast<size_t>(i) * size, size);
  }
  return Value::none();
}
Fallible<Value> memoryviewDeleteItem(Thread& thread, Value, Value) {
  return raise(thread, exceptions.TypeError, "cannot delete memory");
}

// --- methods ----------------------------------------------------------------------------------------------------------
Fallible<Value> memoryviewNew(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{"memoryview", {"object"}, 1};
  Value object;
  TRY(kParameters.bind(thread, arguments, &object));
  return makeMemoryview(thread, object);
}
Fallible<Value> memoryviewTobytes(Thread& thread, Value self, const Arguments& arguments) {
  static constexpr Parameters kParameters{"tobytes", {"order"}, 0};
  Value order;
  TRY(kParameters.bind(thread, arguments, &order));
  uint32_t name = 'C';
  if (!order.isUnbound() && !order.isNone()) {
    const Str* text = toStr(order);
    if (text == nullptr)
      return raiseTypeError(thread, "tobytes() argument 'order' must be str or None, not {}", nameOf(order));
    name = text->length == 1 ? text->at(0) : 0;
    if (name != 'C' && name != 'F' && name != 'A')
      return raise(thread, exceptions.ValueError, "order must be 'C', 'F' or 'A'");
  }
  Memoryview* m = TRY(openView(thread, self));
  ByteBuilder out;
  TRY(gather(thread, m, out, name == 'F' || (name == 'A' && isContiguous(m, true))));
  return Value::of(TRY(out.build(thread)));
}
// The items from number `item` on, as nested lists from `dimension` on.
Fallible<Value> nestedList(Thread& thread, const Memoryview* m, uint64_t dimension, int64_t item) {
  if (dimension == dimensionsOf(m)) {
    return itemAt(thread, m->format, TRY(requireMemory(thread, m)) + placeOf(m, item));
  }
  int64_t size = extent(m, dimension), items = step(m, dimension);
  List* list = TRY(makeListWithCapacity(thread, static_cast<uint64_t>(size)));
  for (int64_t i = 0; i < size; i++) {
    TRY(listAppend(thread, list, TRY(nestedList(thread, m, dimension + 1, item + i * items))));
  }
  return Value::of(list);
}
Fallible<Value> memoryviewTolist(Thread& thread, Value self) {
  return nestedList(thread, TRY(openView(thread, self)), 0, 0);
}
Fallible<Value> memoryviewHex(Thread& thread, Value self, const Arguments& arguments) {
  ByteBuilder out;
  TRY(gather(thread, TRY(openView(thread, self)), out));
  Value bytes = Value::of(TRY(out.build(thread)));
  return call(thread, TRY(getAttribute(thread, bytes, "hex")),
              {arguments.first, arguments.positional + arguments.keywordCount()}, arguments.keywordNames);
}
Fallible<void> setShape(Thread& thread, Memoryview* m, Value given) {
  Tuple* shape = TRY(tupleFromIterable(thread, given));
  int64_t items = 1;
  bool fits = true;
  for (Value v : shape->values()) {
    if (!isInt(v)) return raise(thread, exceptions.TypeError, "memoryview.cast(): elements of shape must be integers");
    auto size = toInt64(v);
    if (!size) return raise(thread, exceptions.OverflowError, "Python int too large to convert to C ssize_t");
    if (*size <= 0) {
      return raise(thread, exceptions.ValueError, "memoryview.cast(): elements of shape must be integers > 0");
    }
    fits = fits && !__builtin_mul_overflow(items, *size, &items);
  }
  if (!fits || items != m->length) {
    return raise(thread, exceptions.TypeError, "memoryview: product(shape) * itemsize != buffer size");
  }
  if (shape->length != 1) m->shape = shape;
  return {};
}

Fallible<Value> memoryviewCast(Thread& thread, Value self, const Arguments& arguments) {
  static constexpr Parameters kParameters{"cast", {"format", "shape"}, 1};
  Value bound[2];
  TRY(kParameters.bind(thread, arguments, bound));
  Memoryview* m = TRY(openView(thread, self));
  const Str* text = TRY(strArgument(thread, bound[0], "cast", 1));
  if (!isContiguous(m))
    return raise(thread, exceptions.TypeError, "memoryview: casts are restricted to C-contiguous views");
  if (m->length == 0 && (dimensionsOf(m) > 1 || !bound[1].isUnbound()))
    return raise(thread, exceptions.TypeError, "memoryview: cannot cast view with zeros in shape or strides");
  Value shape = bound[1];
  uint64_t wanted = 1;
  if (!shape.isUnbound()) {
    if (toList(shape) == nullptr && toTuple(shape) == nullptr)
      return raise(thread, exceptions.TypeError, "shape must be a list or a tuple");
    wanted = toTuple(shape) != nullptr ? toTuple(shape)->length : toList(shape)->length;
    if (wanted > 64) return raise(thread, exceptions.ValueError, "memoryview: number of dimensions must not exceed 64");
    if (dimensionsOf(m) != 1 && wanted != 1)
      return raise(thread, exceptions.TypeError, "memoryview: cast must be 1D -> ND or ND -> 1D");
  }
  char format = 0;
  if (text->length == 1) format = static_cast<char>(text->at(0));
  if (text->length == 2 && text->at(0) == '@') format = static_cast<char>(text->at(1));
  int32_t size = sizeOfFormat(format);
  if (size == 0) {
    return raise(
        thread, exceptions.ValueError,
        "memoryview: destination format must be a native single character format prefixed with an optional '@'");
  }
  auto isByteFormat = [](char f) { return f == 'B' || f == 'b' || f == 'c'; };
  if (!isByteFormat(m->format) && !isByteFormat(format)) {
    return raise(thread, exceptions.TypeError, "memoryview: cannot cast between two non-byte formats");
  }
  int64_t bytes = m->length * m->itemSize;
  if (bytes % size != 0) {
    return raise(thread, exceptions.TypeError, "memoryview: length is not a multiple of itemsize");
  }
  Memoryview* cast = TRY(allocateView(thread, m));
  cast->shape = nullptr;
  cast->format = format;
  cast->itemSize = size;
  cast->stride = size;
  cast->length = bytes / size;
  if (!shape.isUnbound()) TRY(setShape(thread, cast, shape));
  if (cast->shape != nullptr && dimensionsOf(cast) > 1) cast->stride = step(cast, 0) * size;
  return Value::of(cast);
}
Fallible<Value> memoryviewRelease(Thread&, Value self) {
  viewCell(self)->object = Value::unbound();
  return Value::none();
}
Fallible<Value> memoryviewToreadonly(Thread& thread, Value self) {
  Memoryview* m = TRY(allocateView(thread, TRY(openView(thread, self))));
  m->readOnly = true;
  return Value::of(m);
}
Fallible<Value> memoryviewEnter(Thread& thread, Value self) {
  TRY(openView(thread, self));
  return self;
}
Fallible<Value> memoryviewExit(Thread& thread, Value self, const Arguments&) { return memoryviewRelease(thread, self); }

Fallible<Value> memoryviewLength(Thread& thread, Value self) {
  Memoryview* m = TRY(openView(thread, self));
  return makeInt(thread, dimensionsOf(m) == 0 ? 1 : extent(m, 0));
}
Fallible<Value> memoryviewIter(Thread& thread, Value self) {
  Memoryview* m = TRY(openView(thread, self));
  if (dimensionsOf(m) == 0) return raise(thread, exceptions.TypeError, "invalid indexing of 0-dim memory");
  if (dimensionsOf(m) > 1) {
    return raise(thread, exceptions.NotImplementedError, kReading.entry);
  }
  return makeIterator(thread, types.sequenceIterator, self);
}
Fallible<Value> memoryviewRepr(Thread& thread, Value self) {
  fmt::memory_buffer out;
  bool released = viewCell(self)->object.get().isUnbound();
  fmt::format_to(std::back_inserter(out), "<{}memory at 0x{:x}>", released ? "released " : "",
                 reinterpret_cast<uintptr_t>(self.asCell()));
  return Value::of(TRY(makeStr(thread, {out.data(), out.size()})));
}
Fallible<Value> memoryviewHash(Thread& thread, Value self) {
  Memoryview* m = TRY(openView(thread, self));
  if (!m->readOnly) return raise(thread, exceptions.ValueError, "cannot hash writable memoryview object");
  if (m->format != 'B' && m->format != 'b' && m->format != 'c') {
    return raise(thread, exceptions.ValueError, "memoryview: hashing is restricted to formats 'B', 'b' or 'c'");
  }
  ByteBuilder out;
  TRY(gather(thread, m, out));
  return makeInt(thread, hashBytes(out.view().data(), out.view().size()));
}

Fallible<Value> memoryviewEquals(Thread& thread, Value self, Value other) {
  Memoryview* left = viewCell(self);
  Memoryview* right = viewCell(other);
  if (left == right) return Value::boolean(true);
  if (right == nullptr) {
    std::string_view bytes;
    if (!bufferView(other, bytes)) return Value::notImplemented();
    right = TRY(makeMemoryview(thread, other)).as<Memoryview>();
  }
  bool comparable = !left->object.get().isUnbound() && !right->object.get().isUnbound() &&
                    dimensionsOf(left) == dimensionsOf(right) && left->length == right->length;
  for (uint64_t i = 0; comparable && i < dimensionsOf(left); i++) comparable = extent(left, i) == extent(right, i);
  if (!comparable) return Value::boolean(false);
  for (int64_t i = 0; i < left->length; i++) {
    const uint8_t* a = TRY(requireMemory(thread, left)) + placeOf(left, i);
    Value x = TRY(itemAt(thread, left->format, a));
    const uint8_t* b = TRY(requireMemory(thread, right)) + placeOf(right, i);
    Value y = TRY(itemAt(thread, right->format, b));
    if (!TRY(compareTruth(thread, Comparison::kEqual, x, y))) return Value::boolean(false);
  }
  return Value::boolean(true);
}
Fallible<Value> memoryviewDiffers(Thread& thread, Value self, Value other) {
  Value equal = TRY(memoryviewEquals(thread, self, other));
  return equal.isNotImplemented() ? equal : Value::boolean(equal.isFalse());
}

// --- attributes -------------------------------------------------------------------------------------------------------
Fallible<Value> getObject(Thread& thread, Value self) { return TRY(openView(thread, self))->object.get(); }
Fallible<Value> getNbytes(Thread& thread, Value self) {
  Memoryview* m = TRY(openView(thread, self));
  return makeInt(thread, m->length * m->itemSize);
}
Fallible<Value> getItemsize(Thread& thread, Value self) {
  return Value::inlineInt(TRY(openView(thread, self))->itemSize);
}
Fallible<Value> getFormat(Thread& thread, Value self) {
  return Value::of(TRY(makeStrOfCharacter(thread, static_cast<uint8_t>(TRY(openView(thread, self))->format))));
}
Fallible<Value> getReadonly(Thread& thread, Value self) {
  return Value::boolean(TRY(openView(thread, self))->readOnly);
}
Fallible<Value> getNdim(Thread& thread, Value self) {
  return Value::inlineInt(static_cast<int64_t>(dimensionsOf(TRY(openView(thread, self)))));
}
template <class F>
Fallible<Value> perDimension(Thread& thread, const Memoryview* m, F number) {
  Tuple* numbers = TRY(makeTupleUninitialised(thread, dimensionsOf(m)));
  for (uint64_t i = 0; i < dimensionsOf(m); i++) numbers->items[i] = Value::inlineInt(number(i));
  return Value::of(numbers);
}
Fallible<Value> getShape(Thread& thread, Value self) {
  Memoryview* m = TRY(openView(thread, self));
  return perDimension(thread, m, [m](uint64_t i) { return extent(m, i); });
}
Fallible<Value> getStrides(Thread& thread, Value self) {
  Memoryview* m = TRY(openView(thread, self));
  return perDimension(thread, m, [m](uint64_t i) { return strideOf(m, i); });
}
Fallible<Value> getSuboffsets(Thread& thread, Value self) {
  TRY(openView(thread, self));
  return Value::of(emptyTuple());
}
Fallible<Value> getContiguous(Thread& thread, Value self) {
  return Value::boolean(isContiguous(TRY(openView(thread, self))));
}
Fallible<Value> getFContiguous(Thread& thread, Value self) {
  Memoryview* m = TRY(openView(thread, self));
  return Value::boolean(isContiguous(m, true));
}

}  // namespace

Fallible<Value> memoryviewIterated(Thread& thread, Value view, int64_t i) {
  Memoryview* m = TRY(openView(thread, view));
  if (dimensionsOf(m) == 1 && i >= extent(m, 0)) return Value::unbound();
  return memoryviewGetItem(thread, view, TRY(makeInt(thread, i)));
}

Fallible<Value> makeMemoryview(Thread& thread, Value object) {
  if (standsForView(object)) object = TRY(heldView(thread, object));
  if (Memoryview* m = viewCell(object)) {
    TRY(openView(thread, object));
    return Value::of(TRY(allocateView(thread, m)));
  }
  std::string_view bytes;
  if (!bufferView(object, bytes)) {
    return raiseTypeError(thread, "memoryview: a bytes-like object is required, not '{}'", nameOf(object));
  }
  Memoryview* m = TRY(allocateView(thread, nullptr));
  m->object = object;
  m->length = static_cast<int64_t>(bytes.size());
  m->stride = m->itemSize = 1;
  m->format = 'B';
  m->readOnly = toBytearray(object) == nullptr;
  if (Bytearray* b = toBytearray(object)) b->flags |= Bytearray::kExported;
  ExportedBuffer exported;
  if (exportedBuffer(object, exported)) {
    m->format = exported.format;
    m->itemSize = exported.itemSize;
    m->stride = exported.itemSize;
    m->length /= exported.itemSize;
    m->readOnly = exported.readOnly;
    object.asCell()->flags |= kExportedFlag;
  }
  return Value::of(m);
}

bool hasLiveViews(Value object) {
  struct Search {
    Value object;
    bool found = false;
  } search{object};
  heap.forEachCell(
      [](Cell* cell, void* context) {
        auto* s = static_cast<Search*>(context);
        bool isView = cell->kind == Kind::kNative && static_cast<NativeObject*>(cell)->traits == &kTraits;
        if (isView && static_cast<Memoryview*>(cell)->object.get().is(s->object)) s->found = true;
      },
      &search);
  return search.found;
}

bool memoryviewBytes(Value v, std::string_view& out) {
  const Memoryview* m = viewCell(v);
  uint64_t size;
  const uint8_t* memory = m == nullptr || !isContiguous(m) ? nullptr : memoryOf(m, &size);
  if (memory == nullptr || !isInside(m, size)) return false;
  out = {reinterpret_cast<const char*>(memory) + m->offset, static_cast<size_t>(m->length * m->itemSize)};
  return true;
}
Fallible<bool> appendMemoryview(Thread& thread, Value v, ByteBuilder& out) {
  if (standsForView(v)) v = TRY(heldView(thread, v));
  const Memoryview* m = viewCell(v);
  if (m == nullptr) return false;
  TRY(gather(thread, m, out));
  return true;
}
bool memoryviewMutableBytes(Value v, std::span<uint8_t>& out) {
  std::string_view bytes;
  if (!memoryviewBytes(v, bytes) || viewCell(v)->readOnly) return false;
  out = {reinterpret_cast<uint8_t*>(const_cast<char*>(bytes.data())), bytes.size()};
  return true;
}

void initialiseMemoryview(Thread& thread) {
  types.memoryview = TypeBuilder(thread, "memoryview", types.object, Kind::kNative)
                         .doc("memoryview(object): a view of the memory of another object, which is not copied.")
                         .constructor(memoryviewNew)
                         .special("__getitem__", memoryviewGetItem)
                         .special("__setitem__", memoryviewSetItem)
                         .special("__delitem__", memoryviewDeleteItem)
                         .special("__len__", memoryviewLength)
                         .special("__iter__", memoryviewIter)
                         .special("__repr__", memoryviewRepr)
                         .special("__hash__", memoryviewHash)
                         .special("__eq__", memoryviewEquals)
                         .special("__ne__", memoryviewDiffers)
                         .method("__enter__", memoryviewEnter)
                         .variadic("__exit__", memoryviewExit)
                         .variadic("tobytes", memoryviewTobytes)
                         .method("tolist", memoryviewTolist)
                         .variadic("hex", memoryviewHex)
                         .variadic("cast", memoryviewCast)
                         .method("release", memoryviewRelease)
                         .method("toreadonly", memoryviewToreadonly)
                         .getter("obj", getObject)
                         .getter("nbytes", getNbytes)
                         .getter("itemsize", getItemsize)
                         .getter("format", getFormat)
                         .getter("readonly", getReadonly)
                         .getter("ndim", getNdim)
                         .getter("shape", getShape)
                         .getter("strides", getStrides)
                         .getter("suboffsets", getSuboffsets)
                         .getter("contiguous", getContiguous)
                         .getter("c_contiguous", getContiguous)
                         .getter("f_contiguous", getFContiguous)
                         .build();
}

}  // namespace krait
