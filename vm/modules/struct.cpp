// Module _struct: Struct objects and the functions that keep one for every format they meet.
#include <cstring>

#include "vm/builtins/bytes.h"
#include "vm/builtins/dict.h"
#include "vm/builtins/int.h"
#include "vm/builtins/module.h"
#include "vm/builtins/str.h"
#include "vm/builtins/text.h"
#include "vm/builtins/tuple.h"
#include "vm/modules/registry.h"
#include "vm/modules/struct_layout.h"
#include "vm/names.h"

namespace krait {
namespace {

struct StructObject : NativeObject {
  Field<Value> format;   // str
  StructLayout* layout;  // null before __init__
};
void traceStruct(Cell* cell, Marker& marker) { marker.mark(static_cast<StructObject*>(cell)->format); }
void finaliseStruct(Cell* cell) {
  if (StructLayout* layout = static_cast<StructObject*>(cell)->layout) layout->release();
}
constexpr NativeTraits kStructTraits{"Struct", traceStruct, finaliseStruct};

struct UnpackIterator : NativeObject {
  Field<Value> structure, buffer;
  int64_t offset;
};
void traceUnpackIterator(Cell* cell, Marker& marker) {
  marker.mark(static_cast<UnpackIterator*>(cell)->structure);
  marker.mark(static_cast<UnpackIterator*>(cell)->buffer);
}
constexpr NativeTraits kIteratorTraits{"unpack_iterator", traceUnpackIterator, nullptr};

Type* structType;
Type* iteratorType;
constexpr uint64_t kMostCached = 100;

// [0] the Structs of the formats met so far, [1..] types.
RootVector& roots() {
  static RootVector* const vector = new RootVector;
  return *vector;
}

StructObject* self_(Value v) { return v.as<StructObject>(); }

// A layout in use, whatever becomes of its Struct.
class LayoutHold {
 public:
  explicit LayoutHold(StructLayout* layout) : layout_(layout) { layout_->references++; }
  ~LayoutHold() { layout_->release(); }
  LayoutHold(const LayoutHold&) = delete;
  LayoutHold& operator=(const LayoutHold&) = delete;

 private:
  StructLayout* layout_;
};

Fallible<StructObject*> allocateStruct(Thread& thread, Type* type) {
  auto* s = TRY(allocate<StructObject>(thread, Kind::kNative, type->instanceShape));
  s->traits = &kStructTraits;
  s->format = Value::of(emptyStr());
  if (!heap.registerFinaliser(thread, s)) return raiseMemoryError(thread);
  return s;
}

Fallible<void> setFormat(Thread& thread, StructObject* s, Value format) {
  std::string text;
  Value shown = format;
  if (Str* given = toStr(format)) {
    Value encoded = TRY(encodeStr(thread, given, "ascii", "strict"));
    text = std::string(viewOf(toBytes(encoded)));
  } else if (const Bytes* bytes = toBytes(format)) {
    text = std::string(viewOf(bytes));
    shown = TRY(decodeBytes(thread, text, "latin-1", "strict"));
  } else {
    return raiseTypeError(thread, "Struct() argument 1 must be a str or bytes object, not {}", nameOf(format));
  }
  if (text.find('\0') != std::string::npos) return raise(thread, structError, "embedded null character");
  StructLayout* layout = TRY(parseStructFormat(thread, text));
  if (s->layout != nullptr) s->layout->release();
  s->layout = layout;
  s->format = shown;
  return {};
}

Fallible<Value> structNew(Thread& thread, Value self, const Arguments&) {
  return Value::of(TRY(allocateStruct(thread, self.as<Type>())));
}
Fallible<Value> structInit(Thread& thread, Value self, const Arguments& arguments) {
  static constexpr Parameters kParameters{"Struct", {"format"}, 1};
  Value format;
  TRY(kParameters.bind(thread, arguments, &format));
  TRY(setFormat(thread, self_(self), format));
  return Value::none();
}

// The Struct of a format: the functions of the module keep a hundred.
Fallible<StructObject*> structOf(Thread& thread, Value format) {
  if (isKind(format, Kind::kNative) && isInstanceOf(format, structType)) return self_(format);
  Dict* cache = roots()[0].as<Dict>();
  Value cached = TRY(dictGet(thread, cache, format));
  if (!cached.isUnbound()) [[likely]]
    return self_(cached);
  StructObject* made = TRY(allocateStruct(thread, structType));
  TRY(setFormat(thread, made, format));
  if (cache->length >= kMostCached) dictClear(cache);
  TRY(dictSet(thread, cache, format, Value::of(made)));
  return made;
}

Fallible<StructLayout*> layoutOf(Thread& thread, StructObject* s) {
  if (s->layout == nullptr) return raise(thread, exceptions.RuntimeError, "Struct object is not initialized");
  return s->layout;
}

// --- packing ----------------------------------------------------------------------------------------------------------
Fallible<Value> packValues(Thread& thread, StructObject* s, std::span<const Value> values) {
  StructLayout* layout = s->layout;
  int64_t expected = layout == nullptr ? -1 : layout->values;
  if (static_cast<int64_t>(values.size()) != expected) {
    return raiseFormat(thread, structError, "pack expected {} items for packing (got {})", expected, values.size());
  }
  LayoutHold hold(layout);
  Bytes* out = TRY(makeBytesUninitialised(thread, static_cast<uint64_t>(layout->size)));
  TRY(packStruct(thread, layout, values.data(), out->data));
  return Value::of(out);
}

Fallible<Value> packInto(Thread& thread, StructObject* s, std::span<const Value> arguments) {
  StructLayout* layout = s->layout;
  int64_t expected = layout == nullptr ? -1 : layout->values;
  int64_t given = static_cast<int64_t>(arguments.size()) - 2;
  if (given != expected) {
    if (arguments.empty()) return raise(thread, structError, "pack_into expected buffer argument");
    if (arguments.size() == 1) return raise(thread, structError, "pack_into expected offset argument");
    return raiseFormat(thread, structError, "pack_into expected {} items for packing (got {})", expected, given);
  }
  LayoutHold hold(layout);
  std::span<uint8_t> room;
  if (!mutableBufferView(arguments[0], room)) {
    return raiseTypeError(thread, "argument must be read-write bytes-like object, not {}", nameOf(arguments[0]));
  }
  int64_t offset = TRY(indexAsInt64(thread, arguments[1], exceptions.IndexError)), size = layout->size;
  ByteBuilder packed;  // apart from the buffer, which the values' methods may move
  if (!packed.appendRepeated(0, static_cast<uint64_t>(size)).failed()) {
    if (!mutableBufferView(arguments[0], room)) return raise(thread, exceptions.BufferError, "the buffer is gone");
  } else {
    return raiseMemoryError(thread);
  }
  auto length = static_cast<int64_t>(room.size());
  if (offset < 0) {
    if (offset + size > 0)
      return raiseFormat(thread, structError, "no space to pack {} bytes at offset {}", size, offset);
    if (offset + length < 0) {
      return raiseFormat(thread, structError, "offset {} out of range for {}-byte buffer", offset, length);
    }
    offset += length;
  }
  if (length - offset < size) {
    return raiseFormat(thread, structError,
                       "pack_into requires a buffer of at least {} bytes for packing {} bytes at offset {} (actual "
                       "buffer size is {})",
                       static_cast<uint64_t>(size) + static_cast<uint64_t>(offset), size, offset, length);
  }
  TRY(packStruct(thread, layout, arguments.data() + 2,
                 reinterpret_cast<uint8_t*>(const_cast<char*>(packed.view().data()))));
  if (!mutableBufferView(arguments[0], room) || room.size() < static_cast<size_t>(offset + size)) {
    return raise(thread, exceptions.BufferError, "Existing exports of data: object cannot be re-sized");
  }
  if (size != 0) memcpy(room.data() + offset, packed.view().data(), static_cast<size_t>(size));
  return Value::none();
}

// --- unpacking --------------------------------------------------------------------------------------------------------
Fallible<Value> unpackAt(Thread& thread, StructLayout* layout, std::string_view bytes) {
  LayoutHold hold(layout);
  Tuple* out = TRY(makeTupleUninitialised(thread, static_cast<uint64_t>(layout->values)));
  TRY(unpackStruct(thread, layout, reinterpret_cast<const uint8_t*>(bytes.data()),
                   reinterpret_cast<Value*>(out->items)));
  return Value::of(out);
}
Fallible<Value> unpackWhole(Thread& thread, StructObject* s, Value buffer) {
  StructLayout* layout = TRY(layoutOf(thread, s));
  std::string_view bytes = TRY(requireBuffer(thread, buffer));
  if (bytes.size() != static_cast<uint64_t>(layout->size)) {
    return raiseFormat(thread, structError, "unpack requires a buffer of {} bytes", layout->size);
  }
  return unpackAt(thread, layout, bytes);
}
Fallible<Value> unpackFrom(Thread& thread, StructObject* s, Value buffer, Value offsetValue) {
  StructLayout* layout = TRY(layoutOf(thread, s));
  TRY(requireBuffer(thread, buffer));
  int64_t offset = offsetValue.isUnbound() ? 0 : TRY(sizeArgument(thread, offsetValue)), size = layout->size;
  std::string_view bytes = TRY(requireBuffer(thread, buffer));
  auto length = static_cast<int64_t>(bytes.size());
  if (offset < 0) {
    if (offset + size > 0) {
      return raiseFormat(thread, structError, "not enough data to unpack {} bytes at offset {}", size, offset);
    }
    if (offset + length < 0) {
      return raiseFormat(thread, structError, "offset {} out of range for {}-byte buffer", offset, length);
    }
    offset += length;
  }
  if (length - offset < size) {
    return raiseFormat(thread, structError,
                       "unpack_from requires a buffer of at least {} bytes for unpacking {} bytes at offset {} (actual "
                       "buffer size is {})",
                       static_cast<uint64_t>(size) + static_cast<uint64_t>(offset), size, offset, length);
  }
  return unpackAt(thread, layout, bytes.substr(static_cast<size_t>(offset), static_cast<size_t>(size)));
}
Fallible<Value> iterUnpack(Thread& thread, StructObject* s, Value buffer) {
  StructLayout* layout = TRY(layoutOf(thread, s));
  std::string_view bytes = TRY(requireBuffer(thread, buffer));
  if (layout->size == 0) return raise(thread, structError, "cannot iteratively unpack with a struct of length 0");
  if (bytes.size() % static_cast<uint64_t>(layout->size) != 0) {
    return raiseFormat(thread, structError, "iterative unpacking requires a buffer of a multiple of {} bytes",
                       layout->size);
  }
  auto* iterator = TRY(allocate<UnpackIterator>(thread, Kind::kNative, iteratorType->instanceShape));
  iterator->traits = &kIteratorTraits;
  iterator->structure = Value::of(s);
  iterator->buffer = buffer;
  return Value::of(iterator);
}

Fallible<Value> iteratorSelf(Thread&, Value self) { return self; }
Fallible<Value> iteratorNext(Thread& thread, Value self) {
  auto* iterator = self.as<UnpackIterator>();
  std::string_view bytes;
  StructLayout* layout = self_(iterator->structure)->layout;
  bool hasMore = !iterator->buffer.get().isUnbound() && bufferView(iterator->buffer, bytes) &&
                 static_cast<int64_t>(bytes.size()) - iterator->offset >= layout->size;
  if (!hasMore) {
    iterator->buffer = Value::unbound();
    return Value::unbound();
  }
  auto offset = static_cast<size_t>(iterator->offset);
  iterator->offset += layout->size;
  return unpackAt(thread, layout, bytes.substr(offset));
}
Fallible<Value> iteratorHint(Thread& thread, Value self) {
  auto* iterator = self.as<UnpackIterator>();
  std::string_view bytes;
  if (iterator->buffer.get().isUnbound() || !bufferView(iterator->buffer, bytes)) return Value::inlineInt(0);
  return makeInt(thread,
                 (static_cast<int64_t>(bytes.size()) - iterator->offset) / self_(iterator->structure)->layout->size);
}

// --- methods ----------------------------------------------------------------------------------------------------------
Fallible<Value> structPack(Thread& thread, Value self, const Arguments& arguments) {
  TRY(arguments.noKeywords(thread, "pack"));
  return packValues(thread, self_(self), arguments.positionals());
}
Fallible<Value> structPackInto(Thread& thread, Value self, const Arguments& arguments) {
  TRY(arguments.noKeywords(thread, "pack_into"));
  return packInto(thread, self_(self), arguments.positionals());
}
Fallible<Value> structUnpack(Thread& thread, Value self, Value buffer) {
  return unpackWhole(thread, self_(self), buffer);
}
Fallible<Value> structUnpackFrom(Thread& thread, Value self, const Arguments& arguments) {
  static constexpr Parameters kParameters{"unpack_from", {"buffer", "offset"}, 1};
  Value bound[2];
  TRY(kParameters.bind(thread, arguments, bound));
  return unpackFrom(thread, self_(self), bound[0], bound[1]);
}
Fallible<Value> structIterUnpack(Thread& thread, Value self, Value buffer) {
  return iterUnpack(thread, self_(self), buffer);
}
Fallible<Value> structFormat(Thread&, Value self) { return self_(self)->format.get(); }
Fallible<Value> structSize(Thread& thread, Value self) {
  return makeInt(thread, self_(self)->layout == nullptr ? -1 : self_(self)->layout->size);
}
Fallible<Value> structSizeof(Thread&, Value self) {
  const StructLayout* layout = self_(self)->layout;
  size_t items = layout == nullptr ? 0 : layout->items;
  return Value::inlineInt(static_cast<int64_t>(sizeof(StructObject) + items * sizeof(StructItem)));
}

// --- functions --------------------------------------------------------------------------------------------------------
Fallible<Value> modulePack(Thread& thread, Value, const Arguments& arguments) {
  TRY(arguments.noKeywords(thread, "pack"));
  if (arguments.positional == 0) return raise(thread, exceptions.TypeError, "missing format argument");
  return packValues(thread, TRY(structOf(thread, arguments[0])), arguments.positionals().subspan(1));
}
Fallible<Value> modulePackInto(Thread& thread, Value, const Arguments& arguments) {
  TRY(arguments.noKeywords(thread, "pack_into"));
  if (arguments.positional == 0) return raise(thread, exceptions.TypeError, "missing format argument");
  return packInto(thread, TRY(structOf(thread, arguments[0])), arguments.positionals().subspan(1));
}
Fallible<Value> moduleUnpack(Thread& thread, Value format, Value buffer) {
  return unpackWhole(thread, TRY(structOf(thread, format)), buffer);
}
Fallible<Value> moduleUnpackFrom(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{"unpack_from", {"format", "/", "buffer", "offset"}, 2};
  Value bound[3];
  TRY(kParameters.bind(thread, arguments, bound));
  return unpackFrom(thread, TRY(structOf(thread, bound[0])), bound[1], bound[2]);
}
Fallible<Value> moduleIterUnpack(Thread& thread, Value format, Value buffer) {
  return iterUnpack(thread, TRY(structOf(thread, format)), buffer);
}
Fallible<Value> moduleCalcsize(Thread& thread, Value format) {
  return structSize(thread, Value::of(TRY(structOf(thread, format))));
}
Fallible<Value> moduleClearcache(Thread&, Value, const Arguments&) {
  dictClear(roots()[0].as<Dict>());
  return Value::none();
}

Fallible<void> prepare(Thread& thread) {
  if (!roots().empty()) return {};
  if (!roots().push(Value::of(TRY(makeDict(thread))))) return raiseMemoryError(thread);
  Dict* ns = TRY(makeDict(thread));
  TRY(dictSetStr(thread, ns, names.dunder_module, Value::of(TRY(intern(thread, "struct")))));
  Tuple* bases = TRY(makeTuple(thread, {Value::of(exceptions.Exception)}));
  structError =
      TRY(makeClass(thread, types.type, TRY(intern(thread, "error")), bases, ns, nullptr, nullptr)).as<Type>();
  if (!roots().push(Value::of(structError))) return raiseMemoryError(thread);
  structType = TypeBuilder(thread, "Struct", types.object, Kind::kNative)
                   .module("_struct")
                   .doc("Struct(format): a layout of C values, compiled for repeated use.")
                   .flags(Type::kBaseType | Type::kInstantiable | Type::kHasWeakref)
                   .constructor(structNew)
                   .specialVariadic("__init__", structInit)
                   .variadic("pack", structPack)
                   .variadic("pack_into", structPackInto)
                   .method("unpack", structUnpack)
                   .variadic("unpack_from", structUnpackFrom)
                   .method("iter_unpack", structIterUnpack)
                   .method("__sizeof__", structSizeof)
                   .getter("format", structFormat)
                   .getter("size", structSize)
                   .build();
  if (!roots().push(Value::of(structType))) return raiseMemoryError(thread);
  iteratorType = TypeBuilder(thread, "unpack_iterator", types.object, Kind::kNative)
                     .module("_struct")
                     .special("__iter__", iteratorSelf)
                     .next(iteratorNext)
                     .method("__length_hint__", iteratorHint)
                     .build();
  return roots().push(Value::of(iteratorType)) ? Fallible<void>() : raiseMemoryError(thread);
}

}  // namespace

Module* moduleStruct(Thread& thread) {
  if (prepare(thread).isRaised()) return nullptr;
  return ModuleBuilder(thread, "_struct", "Python values packed as C values, and back.")
      .function("calcsize", moduleCalcsize)
      .variadic("pack", modulePack)
      .variadic("pack_into", modulePackInto)
      .function("unpack", moduleUnpack)
      .variadic("unpack_from", moduleUnpackFrom)
      .function("iter_unpack", moduleIterUnpack)
      .variadic("_clearcache", moduleClearcache)
      .constant("Struct", Value::of(structType))
      .constant("error", Value::of(structError))
      .build();
}

}  // namespace krait
