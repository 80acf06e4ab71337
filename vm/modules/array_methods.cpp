// The named methods of array.array, and what pickles of arrays are read with.
#include <algorithm>
#include <cstring>

#include "vm/builtins/bytes.h"
#include "vm/builtins/dict.h"
#include "vm/builtins/int.h"
#include "vm/builtins/list.h"
#include "vm/builtins/module.h"
#include "vm/builtins/str.h"
#include "vm/builtins/text.h"
#include "vm/builtins/tuple.h"
#include "vm/modules/array_internal.h"
#include "vm/names.h"
#include "vm/runtime.h"

namespace krait {
namespace {

Fallible<Value> itemValue(Thread& thread, Value self, uint64_t i) {
  ArrayObject* a = arrayOf(self);
  return arrayItem(thread, a->item, a->bytes() + i * a->item->size);
}

Fallible<Value> arrayAppend(Thread& thread, Value self, Value v) {
  TRY(arrayAppendValue(thread, arrayOf(self), v));
  return Value::none();
}
Fallible<Value> arrayExtendMethod(Thread& thread, Value self, Value from) {
  TRY(arrayExtend(thread, arrayOf(self), from));
  return Value::none();
}

Fallible<Value> arrayInsert(Thread& thread, Value self, const Arguments& arguments) {
  TRY(arguments.noKeywords(thread, "array.insert"));
  TRY(arguments.count(thread, "insert", 2, 2));
  ArrayObject* a = arrayOf(self);
  int64_t at = TRY(indexAsInt64(thread, arguments[0], exceptions.OverflowError));
  uint8_t bytes[8];
  TRY(encodeArrayItem(thread, a->item, arguments[1], bytes));
  auto length = static_cast<int64_t>(a->length);
  if (at < 0) at = std::max<int64_t>(0, at + length);
  at = std::min(at, length);
  TRY(arrayResize(thread, a, a->length + 1));
  size_t size = a->item->size;
  uint8_t* place = a->bytes() + static_cast<size_t>(at) * size;
  memmove(place + size, place, static_cast<size_t>(length - at) * size);
  memcpy(place, bytes, size);
  return Value::none();
}

Fallible<void> removeAt(Thread& thread, ArrayObject* a, uint64_t i) {
  size_t size = a->item->size;
  uint64_t after = a->length - i - 1;
  TRY(arrayResize(thread, a, a->length - 1));
  memmove(a->bytes() + i * size, a->bytes() + (i + 1) * size, after * size);
  return {};
}

Fallible<Value> arrayPop(Thread& thread, Value self, Value indexValue) {
  int64_t i = indexValue.isUnbound() ? -1 : TRY(indexAsInt64(thread, indexValue, exceptions.IndexError));
  ArrayObject* a = arrayOf(self);
  auto length = static_cast<int64_t>(a->length);
  if (length == 0) return raise(thread, exceptions.IndexError, "pop from empty array");
  if (i < 0) i += length;
  if (i < 0 || i >= length) return raise(thread, exceptions.IndexError, "pop index out of range");
  Value item = TRY(itemValue(thread, self, static_cast<uint64_t>(i)));
  TRY(removeAt(thread, a, static_cast<uint64_t>(i)));
  return item;
}

// The place of the first equal item from `start` on, before `stop`; -1 when there is none.
Fallible<int64_t> findItem(Thread& thread, Value self, Value v, int64_t start, int64_t stop) {
  for (int64_t i = start; i < stop && i < static_cast<int64_t>(arrayOf(self)->length); i++) {
    Value item = TRY(itemValue(thread, self, static_cast<uint64_t>(i)));
    if (TRY(compareTruth(thread, Comparison::kEqual, item, v))) return i;
  }
  return int64_t{-1};
}
Fallible<Value> arrayIndex(Thread& thread, Value self, Value v, Value startValue, Value stopValue) {
  auto bound = [&](Value given, int64_t otherwise) -> Fallible<int64_t> {
    if (given.isUnbound()) return otherwise;
    if (!isInt(given) && specialMethod(given, Special::k__index__).isUnbound()) {
      return raiseTypeError(thread, "slice indices must be integers or have an __index__ method");
    }
    int64_t i = TRY(indexAsInt64(thread, given));
    return i < 0 ? std::max<int64_t>(0, i + static_cast<int64_t>(arrayOf(self)->length)) : i;
  };
  int64_t start = TRY(bound(startValue, 0)), stop = TRY(bound(stopValue, INT64_MAX));
  int64_t at = TRY(findItem(thread, self, v, start, stop));
  if (at < 0) return raise(thread, exceptions.ValueError, "array.index(x): x not in array");
  return makeInt(thread, at);
}
Fallible<Value> arrayRemove(Thread& thread, Value self, Value v) {
  int64_t at = TRY(findItem(thread, self, v, 0, INT64_MAX));
  if (at < 0) return raise(thread, exceptions.ValueError, "array.remove(x): x not in array");
  if (static_cast<uint64_t>(at) < arrayOf(self)->length)
    TRY(removeAt(thread, arrayOf(self), static_cast<uint64_t>(at)));
  return Value::none();
}
Fallible<Value> arrayCount(Thread& thread, Value self, Value v) {
  int64_t count = 0;
  for (uint64_t i = 0; i < arrayOf(self)->length; i++) {
    Value item = TRY(itemValue(thread, self, i));
    if (TRY(compareTruth(thread, Comparison::kEqual, item, v))) count++;
  }
  return makeInt(thread, count);
}

Fallible<Value> arrayReverse(Thread&, Value self) {
  ArrayObject* a = arrayOf(self);
  size_t size = a->item->size;
  uint8_t spare[8];
  for (uint64_t i = 0, k = a->length; i + 1 < k; i++) {
    k--;
    memcpy(spare, a->bytes() + i * size, size);
    memcpy(a->bytes() + i * size, a->bytes() + k * size, size);
    memcpy(a->bytes() + k * size, spare, size);
  }
  return Value::none();
}
void swapBytes(uint8_t* bytes, uint64_t items, size_t size) {
  for (uint64_t i = 0; i < items; i++) std::reverse(bytes + i * size, bytes + (i + 1) * size);
}
Fallible<Value> arrayByteswap(Thread&, Value self) {
  ArrayObject* a = arrayOf(self);
  swapBytes(a->bytes(), a->length, a->item->size);
  return Value::none();
}
Fallible<Value> arrayBufferInfo(Thread& thread, Value self) {
  ArrayObject* a = arrayOf(self);
  Value address = TRY(makeIntUnsigned(thread, reinterpret_cast<uintptr_t>(a->bytes())));
  return Value::of(TRY(makeTuple(thread, {address, TRY(makeInt(thread, static_cast<int64_t>(a->length)))})));
}

// --- lists, bytes, text -----------------------------------------------------------------------------------------------
Fallible<Value> arrayTolist(Thread& thread, Value self) {
  List* list = TRY(makeListWithCapacity(thread, arrayOf(self)->length));
  for (uint64_t i = 0; i < arrayOf(self)->length; i++) TRY(listAppend(thread, list, TRY(itemValue(thread, self, i))));
  return Value::of(list);
}
Fallible<Value> arrayFromlist(Thread& thread, Value self, Value given) {
  List* list = toList(given);
  if (list == nullptr) return raise(thread, exceptions.TypeError, "arg must be list");
  ArrayObject* a = arrayOf(self);
  uint64_t old = a->length, size = a->item->size, count = list->length;
  ByteBuilder content;
  for (uint64_t i = 0; i < list->length; i++) {
    uint8_t bytes[8];
    TRY(encodeArrayItem(thread, a->item, list->storage->slots[i], bytes));
    if (list->length != count) return raise(thread, exceptions.RuntimeError, "list changed size during iteration");
    content.append({reinterpret_cast<const char*>(bytes), size});
  }
  if (content.failed()) return raiseMemoryError(thread);
  if (a->length != old) return raise(thread, exceptions.RuntimeError, "array changed size during iteration");
  TRY(arrayAppendBytes(thread, a, content.view()));
  return Value::none();
}
Fallible<Value> arrayTobytes(Thread& thread, Value self) {
  return Value::of(TRY(makeBytes(thread, arrayOf(self)->view())));
}
Fallible<Value> arrayFrombytes(Thread& thread, Value self, Value given) {
  std::string_view bytes = TRY(requireBuffer(thread, given));
  if (isArray(given) && arrayOf(given)->item->size != 1) {
    return raise(thread, exceptions.TypeError, "a bytes-like object is required");
  }
  ByteBuilder content;  // apart: the array may be its own source
  content.append(bytes);
  if (content.failed()) return raiseMemoryError(thread);
  TRY(arrayAppendBytes(thread, arrayOf(self), content.view()));
  return Value::none();
}
Fallible<Value> arrayTounicode(Thread& thread, Value self) {
  ArrayObject* a = arrayOf(self);
  if (a->item->code != 'u') {
    return raise(thread, exceptions.ValueError, "tounicode() may only be called on unicode type arrays");
  }
  auto* text = reinterpret_cast<const uint32_t*>(a->bytes());
  for (uint64_t i = 0; i < a->length; i++) {
    if (text[i] > 0x10ffff) {
      return raiseValueError(thread, "character U+{:x} is not in range [U+0000; U+10ffff]", text[i]);
    }
  }
  return Value::of(TRY(makeStrUcs4(thread, text, a->length)));
}
Fallible<Value> arrayFromunicode(Thread& thread, Value self, Value given) {
  const Str* text = toStr(given);
  if (text == nullptr) {
    return raiseTypeError(thread, "fromunicode() argument must be str, not {}", argumentTypeName(given));
  }
  if (arrayOf(self)->item->code != 'u') {
    return raise(thread, exceptions.ValueError, "fromunicode() may only be called on unicode type arrays");
  }
  TRY(arrayAppendText(thread, arrayOf(self), text));
  return Value::none();
}

// --- files ------------------------------------------------------------------------------------------------------------
Fallible<Value> arrayTofile(Thread& thread, Value self, Value file) {
  constexpr size_t kBlock = 65536;
  for (size_t at = 0; at < arrayOf(self)->byteLength(); at += kBlock) {
    Value part = Value::of(TRY(makeBytes(thread, arrayOf(self)->view().substr(at, kBlock))));
    TRY(callMethod(thread, file, names.write, {&part, 1}));
  }
  return Value::none();
}
Fallible<Value> arrayFromfile(Thread& thread, Value self, Value file, Value countValue) {
  int64_t count = TRY(sizeArgument(thread, countValue)), bytes;
  if (count < 0) return raise(thread, exceptions.ValueError, "negative count");
  if (__builtin_mul_overflow(count, int64_t{arrayOf(self)->item->size}, &bytes)) return raiseMemoryError(thread);
  Value size = TRY(makeInt(thread, bytes));
  Value read = TRY(callMethod(thread, file, names.read, {&size, 1}));
  const Bytes* content = toBytes(read);
  if (content == nullptr) return raise(thread, exceptions.TypeError, "read() didn't return bytes");
  TRY(arrayAppendBytes(thread, arrayOf(self), viewOf(content)));
  if (content->length != static_cast<uint64_t>(bytes)) {
    return raise(thread, exceptions.EOFError, "read() didn't return enough bytes");
  }
  return Value::none();
}

// --- copies, pickles, text --------------------------------------------------------------------------------------------
Fallible<Value> arrayCopy(Thread& thread, Value self) {
  ArrayObject* copy = TRY(makeArray(thread, arrayType, arrayOf(self)->item, 0));
  TRY(arrayAppendBytes(thread, copy, arrayOf(self)->view()));
  return Value::of(copy);
}
Fallible<Value> arrayDeepcopy(Thread& thread, Value self, Value) { return arrayCopy(thread, self); }

Fallible<Value> arrayReduce(Thread& thread, Value self, Value protocolValue) {
  if (!isInt(protocolValue)) {
    return raise(thread, exceptions.TypeError, "__reduce_ex__ argument should be an integer");
  }
  int64_t protocol = TRY(sizeArgument(thread, protocolValue));
  ArrayObject* a = arrayOf(self);
  Value state = TRY(getAttributeOrUnbound(thread, self, names.dunder_dict));
  if (state.isUnbound()) state = Value::none();
  Value code = Value::of(TRY(makeStrOfCharacter(thread, static_cast<uint8_t>(a->item->code))));
  Value type = TRY(getAttribute(thread, self, names.dunder_class));
  if (protocol < 3) {
    Value items = TRY(arrayTolist(thread, self));
    Value arguments = Value::of(TRY(makeTuple(thread, {code, items})));
    return Value::of(TRY(makeTuple(thread, {type, arguments, state})));
  }
  Value module = dictGetStr(runtime.modules, TRY(intern(thread, "array")));
  if (module.isUnbound()) return raise(thread, exceptions.RuntimeError, "module array is not imported");
  Value function = TRY(getAttribute(thread, module, "_array_reconstructor"));
  Value arguments = Value::of(
      TRY(makeTuple(thread, {type, code, Value::inlineInt(a->item->machine), TRY(arrayTobytes(thread, self))})));
  return Value::of(TRY(makeTuple(thread, {function, arguments, state})));
}

Fallible<Value> arrayRepr(Thread& thread, Value self) {
  KRAIT_CHECK_NATIVE_STACK(thread, " while getting the repr of an object");
  ArrayObject* a = arrayOf(self);
  StrBuilder out;
  out.append(typeOf(self)->name).append("('").appendCharacter(static_cast<uint8_t>(a->item->code)).append("'");
  if (a->length != 0) {
    Value content = TRY(a->item->code == 'u' ? arrayTounicode(thread, self) : arrayTolist(thread, self));
    out.append(", ").append(TRY(repr(thread, content)));
  }
  return Value::of(TRY(out.append(")").build(thread)));
}
Fallible<Value> arraySizeof(Thread& thread, Value self) {
  const ArrayObject* a = arrayOf(self);
  return makeInt(thread, static_cast<int64_t>(64 + (a->storage == nullptr ? 0 : a->storage->capacity)));
}
Fallible<Value> arrayTypecode(Thread& thread, Value self) {
  return Value::of(TRY(makeStrOfCharacter(thread, static_cast<uint8_t>(arrayOf(self)->item->code))));
}
Fallible<Value> arrayItemsize(Thread&, Value self) { return Value::inlineInt(arrayOf(self)->item->size); }

// What a number in a pickle stands for.
struct MachineFormat {
  char code;  // the array's own code with this layout
  uint8_t size;
  bool bigEndian;
};
constexpr MachineFormat kMachineFormats[] = {
    {'B', 1, false}, {'b', 1, false}, {'H', 2, false}, {'H', 2, true}, {'h', 2, false}, {'h', 2, true},
    {'I', 4, false}, {'I', 4, true},  {'i', 4, false}, {'i', 4, true}, {'Q', 8, false}, {'Q', 8, true},
    {'q', 8, false}, {'q', 8, true},  {'f', 4, false}, {'f', 4, true}, {'d', 8, false}, {'d', 8, true},
    {'u', 2, false}, {'u', 2, true},  {'u', 4, false}, {'u', 4, true}};

}  // namespace

Fallible<Value> arrayReconstructor(Thread& thread, Value, const Arguments& arguments) {
  TRY(arguments.noKeywords(thread, "_array_reconstructor"));
  TRY(arguments.count(thread, "_array_reconstructor", 4, 4));
  if (!isKind(arguments[0], Kind::kType)) {
    return raiseTypeError(thread, "first argument must be a type object, not {}", nameOf(arguments[0]));
  }
  Type* type = arguments[0].as<Type>();
  const Str* code = toStr(arguments[1]);
  if (code == nullptr || code->length != 1) {
    return raiseTypeError(thread, "_array_reconstructor() argument 2 must be a unicode character, not {}",
                          argumentTypeName(arguments[1]));
  }
  int64_t machine = TRY(sizeArgument(thread, arguments[2]));
  if (!isSubtype(type, arrayType)) {
    return raiseTypeError(thread, "{} is not a subtype of array.array", nameOf(type));
  }
  const ArrayCode* item = findArrayCode(code->at(0));
  if (item == nullptr) return raise(thread, exceptions.ValueError, "second argument must be a valid type code");
  if (machine < 0 || machine >= static_cast<int64_t>(std::size(kMachineFormats))) {
    return raise(thread, exceptions.ValueError, "third argument must be a valid machine format code.");
  }
  const Bytes* content = toBytes(arguments[3]);
  if (content == nullptr) {
    return raiseTypeError(thread, "fourth argument should be bytes, not {}", nameOf(arguments[3]));
  }
  const MachineFormat& format = kMachineFormats[machine];
  if (item->machine == machine) {
    ArrayObject* a = TRY(makeArray(thread, type, item, 0));
    TRY(arrayAppendBytes(thread, a, viewOf(content)));
    return Value::of(a);
  }
  if (format.code == 'u') {
    const char* encoding = format.size == 2 ? (format.bigEndian ? "utf-16-be" : "utf-16-le")
                                            : (format.bigEndian ? "utf-32-be" : "utf-32-le");
    Value text = TRY(decodeBytes(thread, viewOf(content), encoding, "strict"));
    return call(thread, arguments[0], arguments[1], text);
  }
  if (content->length % format.size != 0) {
    return raise(thread, exceptions.ValueError, "string length not a multiple of item size");
  }
  if (format.code == 'f' || format.code == 'd') {  // the code that was asked for, the values converted
    ArrayObject* a = TRY(makeArray(thread, type, item, 0));
    for (std::string_view rest = viewOf(content); !rest.empty(); rest.remove_prefix(format.size)) {
      uint8_t bytes[8];
      memcpy(bytes, rest.data(), format.size);
      if (format.bigEndian) swapBytes(bytes, 1, format.size);
      Value number = TRY(arrayItem(thread, findArrayCode(static_cast<uint8_t>(format.code)), bytes));
      TRY(arrayAppendValue(thread, a, number));
    }
    return Value::of(a);
  }
  const ArrayCode* own = findArrayCode(static_cast<uint8_t>(format.code));
  // Keep the code that was asked for when it has this very layout.
  if (item->size == own->size && item->machine == own->machine) own = item;
  ArrayObject* a = TRY(makeArray(thread, type, own, 0));
  TRY(arrayAppendBytes(thread, a, viewOf(content)));
  if (format.bigEndian) swapBytes(a->bytes(), a->length, a->item->size);
  return Value::of(a);
}

void declareArrayMethods(TypeBuilder& type) {
  type.method("append", arrayAppend)
      .method("extend", arrayExtendMethod)
      .variadic("insert", arrayInsert)
      .method("pop", arrayPop, 1)
      .method("index", arrayIndex, 2)
      .method("remove", arrayRemove)
      .method("count", arrayCount)
      .method("reverse", arrayReverse)
      .method("byteswap", arrayByteswap)
      .method("buffer_info", arrayBufferInfo)
      .method("tolist", arrayTolist)
      .method("fromlist", arrayFromlist)
      .method("tobytes", arrayTobytes)
      .method("frombytes", arrayFrombytes)
      .method("tounicode", arrayTounicode)
      .method("fromunicode", arrayFromunicode)
      .method("tofile", arrayTofile)
      .method("fromfile", arrayFromfile)
      .method("__copy__", arrayCopy)
      .method("__deepcopy__", arrayDeepcopy)
      .method("__reduce_ex__", arrayReduce)
      .method("__sizeof__", arraySizeof)
      .special("__repr__", arrayRepr)
      .getter("typecode", arrayTypecode)
      .getter("itemsize", arrayItemsize);
}

}  // namespace krait
