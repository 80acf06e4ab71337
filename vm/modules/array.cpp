// Module array: the class itself, its items, making arrays, indexing and comparing them.
#include <algorithm>
#include <cmath>
#include <cstring>

#include "vm/builtins/buffer_export.h"
#include "vm/builtins/bytearray.h"
#include "vm/builtins/bytes.h"
#include "vm/builtins/float.h"
#include "vm/builtins/functions.h"
#include "vm/builtins/int.h"
#include "vm/builtins/list.h"
#include "vm/builtins/module.h"
#include "vm/builtins/sequence.h"
#include "vm/builtins/slice.h"
#include "vm/builtins/str.h"
#include "vm/builtins/text.h"
#include "vm/builtins/tuple.h"
#include "vm/modules/array_internal.h"
#include "vm/modules/registry.h"
#include "vm/names.h"

namespace krait {
namespace {

constexpr ArrayCode kCodes[] = {
    {'b', 'b', 1, 1, "signed char"},    {'B', 'B', 1, 0, "unsigned byte integer"},
    {'u', 'w', 4, 20, nullptr},         {'h', 'h', 2, 4, "signed short integer"},
    {'H', 'H', 2, 2, "unsigned short"}, {'i', 'i', 4, 8, "signed integer"},
    {'I', 'I', 4, 6, "unsigned int"},   {'l', 'l', 8, 12, nullptr},
    {'L', 'L', 8, 10, nullptr},         {'q', 'q', 8, 12, nullptr},
    {'Q', 'Q', 8, 10, nullptr},         {'f', 'f', 4, 14, nullptr},
    {'d', 'd', 8, 16, nullptr},
};

void traceArray(Cell* cell, Marker& marker) { marker.mark(static_cast<ArrayObject*>(cell)->storage); }
constexpr NativeTraits kArrayTraits{"array", traceArray, nullptr};

bool exportArray(Cell* cell, ExportedBuffer& out) {
  auto* a = static_cast<ArrayObject*>(cell);
  out = {a->bytes(), a->byteLength(), a->item->viewFormat, a->item->size, false};
  return true;
}

struct ArrayIterator : NativeObject {
  Field<Value> array;  // unbound when exhausted
  uint64_t index;
};
void traceIterator(Cell* cell, Marker& marker) { marker.mark(static_cast<ArrayIterator*>(cell)->array); }
constexpr NativeTraits kIteratorTraits{"arrayiterator", traceIterator, nullptr};
Type* iteratorType;

constexpr const char* kExporting = "cannot resize an array that is exporting buffers";

// The types, made once.
RootVector& roots() {
  static RootVector* const vector = new RootVector;
  return *vector;
}

bool isSignedCode(char code) { return code == 'b' || (code >= 'h' && code != 'u'); }

}  // namespace

const ArrayCode* findArrayCode(uint32_t code) {
  for (const ArrayCode& item : kCodes) {
    if (static_cast<uint32_t>(item.code) == code) return &item;
  }
  return nullptr;
}

// --- items ------------------------------------------------------------------------------------------------------------
Fallible<Value> arrayItem(Thread& thread, const ArrayCode* item, const uint8_t* at) {
  if (item->code == 'f') {
    float f;
    memcpy(&f, at, 4);
    return makeFloat(thread, f);
  }
  uint64_t bits = 0;
  switch (item->size) {
    case 1: bits = *at; break;
    case 2: memcpy(&bits, at, 2); break;
    case 4: memcpy(&bits, at, 4); break;
    default: memcpy(&bits, at, 8);
  }
  if (item->code == 'd') return makeFloat(thread, std::bit_cast<double>(bits));
  if (item->code == 'u') {
    if (bits > 0x10ffff) return raise(thread, exceptions.ValueError, "chr() arg not in range(0x110000)");
    return Value::of(TRY(makeStrOfCharacter(thread, static_cast<uint32_t>(bits))));
  }
  if (!isSignedCode(item->code)) return makeIntUnsigned(thread, bits);
  int unused = 64 - 8 * item->size;
  return makeInt(thread, static_cast<int64_t>(bits << unused) >> unused);
}

namespace {

Raised raiseRange(Thread& thread, const char* label, bool below) {
  return raiseFormat(thread, exceptions.OverflowError, "{} is {} than {}", label, below ? "less" : "greater",
                     below ? "minimum" : "maximum");
}
Raised raiseOverflow(Thread& thread, const char* message) { return raise(thread, exceptions.OverflowError, message); }

Fallible<uint64_t> integerItem(Thread& thread, const ArrayCode* item, Value v) {
  Value number = isInt(v) ? *toInt(v) : TRY(index(thread, v));
  number = *toInt(number);
  auto small = toInt64(number);
  bool isNegative = small ? *small < 0 : number.as<BigInt>()->isNegative();
  bool fitsUnsigned = small ? !isNegative : !isNegative && number.as<BigInt>()->size == 1;
  switch (item->code) {
    case 'q':
      if (!small) return raiseOverflow(thread, "int too big to convert");
      return static_cast<uint64_t>(*small);
    case 'l':
      if (!small) return raiseOverflow(thread, "Python int too large to convert to C long");
      return static_cast<uint64_t>(*small);
    case 'Q':
      if (isNegative) return raiseOverflow(thread, "can't convert negative int to unsigned");
      if (!fitsUnsigned) return raiseOverflow(thread, "int too big to convert");
      return small ? static_cast<uint64_t>(*small) : number.as<BigInt>()->limbs[0];
    case 'L':
    case 'I':
      if (isNegative) return raiseOverflow(thread, "can't convert negative value to unsigned int");
      if (!fitsUnsigned) return raiseOverflow(thread, "Python int too large to convert to C unsigned long");
      if (item->code == 'L') return small ? static_cast<uint64_t>(*small) : number.as<BigInt>()->limbs[0];
      if (!small || *small > UINT32_MAX) return raiseRange(thread, item->label, false);
      return static_cast<uint64_t>(*small);
    default: break;
  }
  if (!small) return raiseOverflow(thread, "Python int too large to convert to C long");
  int64_t i = *small;
  if (item->code == 'b' && (i > INT16_MAX || i < INT16_MIN)) {
    return raiseRange(thread, "signed short integer", i < 0);
  }
  if ((item->code == 'H') && (i > INT32_MAX || i < INT32_MIN)) return raiseRange(thread, "signed integer", i < 0);
  int bits = 8 * item->size;
  int64_t high = int64_t{1} << (isSignedCode(item->code) ? bits - 1 : bits);
  int64_t low = isSignedCode(item->code) ? -high : 0;
  if (i >= high || i < low) return raiseRange(thread, item->label, i < low);
  return static_cast<uint64_t>(i);
}

}  // namespace

Fallible<void> encodeArrayItem(Thread& thread, const ArrayCode* item, Value v, uint8_t out[8]) {
  if (item->code == 'd' || item->code == 'f') {
    double d = v.isInlineFloat() ? v.asInlineFloat() : TRY(asDouble(thread, v));
    auto narrow = static_cast<float>(d);
    memcpy(out, item->code == 'd' ? static_cast<const void*>(&d) : &narrow, item->size);
    return {};
  }
  if (item->code == 'u') {
    const Str* s = toStr(v);
    if (s == nullptr || s->length != 1) {
      return raise(thread, exceptions.TypeError, "array item must be unicode character");
    }
    uint32_t c = s->at(0);
    memcpy(out, &c, 4);
    return {};
  }
  uint64_t bits = TRY(integerItem(thread, item, v));
  memcpy(out, &bits, 8);
  return {};
}

// --- storage ----------------------------------------------------------------------------------------------------------
Fallible<void> arrayResize(Thread& thread, ArrayObject* a, uint64_t length) {
  if (length == a->length) return {};
  TRY(checkNoViews(thread, a, kExporting));
  uint64_t capacity = a->storage == nullptr ? 0 : a->storage->capacity / a->item->size;
  if (length > capacity) {
    if (length > kMaxStrLength) return raiseMemoryError(thread);
    uint64_t wanted = a->length == 0 ? length : std::max(length, length + (length >> 4) + (length < 8 ? 3 : 7));
    ByteArray* storage = TRY(allocateBytes(thread, wanted * a->item->size));
    if (a->length != 0) memcpy(storage->bytes, a->bytes(), a->byteLength());
    a->storage = storage;
  }
  a->length = length;
  return {};
}

Fallible<ArrayObject*> makeArray(Thread& thread, Type* type, const ArrayCode* item, uint64_t length) {
  auto* a = TRY(allocate<ArrayObject>(thread, Kind::kNative, type->instanceShape));
  a->traits = &kArrayTraits;
  a->item = item;
  TRY(arrayResize(thread, a, length));
  return a;
}

Fallible<void> arrayAppendValue(Thread& thread, ArrayObject* a, Value v) {
  uint8_t bytes[8];
  TRY(encodeArrayItem(thread, a->item, v, bytes));
  TRY(arrayResize(thread, a, a->length + 1));
  memcpy(a->bytes() + (a->length - 1) * a->item->size, bytes, a->item->size);
  return {};
}

Fallible<void> arrayAppendBytes(Thread& thread, ArrayObject* a, std::string_view bytes) {
  if (bytes.size() % a->item->size != 0) {
    return raise(thread, exceptions.ValueError, "bytes length not a multiple of item size");
  }
  if (bytes.empty()) return {};
  uint64_t old = a->byteLength();
  TRY(arrayResize(thread, a, a->length + bytes.size() / a->item->size));
  memmove(a->bytes() + old, bytes.data(), bytes.size());
  return {};
}

Fallible<void> arrayAppendText(Thread& thread, ArrayObject* a, const Str* text) {
  uint64_t old = a->length;
  TRY(arrayResize(thread, a, old + text->length));
  if (text->length != 0) copyCharacters(a->bytes() + old * 4, 4, text->data(), text->width, text->length);
  return {};
}

Fallible<void> arrayExtend(Thread& thread, ArrayObject* a, Value from) {
  if (isArray(from)) {
    ArrayObject* other = arrayOf(from);
    if (other->item != a->item) return raise(thread, exceptions.TypeError, "can only extend with array of same kind");
    uint64_t old = a->byteLength(), size = other->byteLength();
    if (size == 0) return {};
    TRY(arrayResize(thread, a, a->length + other->length));
    memmove(a->bytes() + old, other->bytes(), size);
    return {};
  }
  return forEach(thread, from, [&](Value v) -> Fallible<bool> {
    TRY(arrayAppendValue(thread, a, v));
    return true;
  });
}

namespace {

// --- making -----------------------------------------------------------------------------------------------------------
Fallible<Value> arrayNew(Thread& thread, Value self, const Arguments& arguments) {
  Type* type = self.as<Type>();
  if (type == arrayType || !overridesInit(type, arrayType)) TRY(arguments.noKeywords(thread, "array.array"));
  if (arguments.positional == 0) {
    return raise(thread, exceptions.TypeError, "array() takes at least 1 argument (0 given)");
  }
  if (arguments.positional > 2) {
    return raiseTypeError(thread, "array() takes at most 2 arguments ({} given)", arguments.positional);
  }
  const Str* code = toStr(arguments[0]);
  if (code == nullptr || code->length != 1) {
    return raiseTypeError(thread, "array() argument 1 must be a unicode character, not {}",
                          argumentTypeName(arguments[0]));
  }
  Value initial = arguments.positional == 2 ? arguments[1] : Value::unbound();
  bool isText = code->at(0) == 'u';
  if (!initial.isUnbound() && !isText) {
    if (toStr(initial) != nullptr) {
      return raiseTypeError(thread, "cannot use a str to initialize an array with typecode '{}'",
                            static_cast<char>(code->at(0)));
    }
    if (isArray(initial) && arrayOf(initial)->item->code == 'u') {
      return raiseTypeError(thread, "cannot use a unicode array to initialize an array with typecode '{}'",
                            static_cast<char>(code->at(0)));
    }
  }
  const ArrayCode* item = findArrayCode(code->at(0));
  if (item == nullptr) {
    return raise(thread, exceptions.ValueError, "bad typecode (must be b, B, u, h, H, i, I, l, L, q, Q, f or d)");
  }
  ArrayObject* a = TRY(makeArray(thread, type, item, 0));
  if (initial.isUnbound()) return Value::of(a);
  if (const Bytes* bytes = toBytes(initial)) {
    TRY(arrayAppendBytes(thread, a, viewOf(bytes)));
  } else if (Bytearray* content = toBytearray(initial)) {
    TRY(arrayAppendBytes(thread, a, viewOf(content)));
  } else if (const Str* text = toStr(initial)) {
    TRY(arrayAppendText(thread, a, text));
  } else if (isArray(initial) && arrayOf(initial)->item == item) {
    TRY(arrayAppendBytes(thread, a, arrayOf(initial)->view()));
  } else if (isArray(initial)) {
    for (uint64_t i = 0; i < arrayOf(initial)->length; i++) {
      ArrayObject* from = arrayOf(initial);
      TRY(arrayAppendValue(thread, a, TRY(arrayItem(thread, from->item, from->bytes() + i * from->item->size))));
    }
  } else {
    TRY(arrayExtend(thread, a, initial));
  }
  return Value::of(a);
}
// --- indexing ---------------------------------------------------------------------------------------------------------
bool isIndex(Value v) { return isInt(v) || !specialMethod(v, Special::k__index__).isUnbound(); }

Fallible<uint64_t> itemIndex(Thread& thread, ArrayObject* a, Value key, const char* message) {
  if (!isIndex(key)) return raise(thread, exceptions.TypeError, "array indices must be integers");
  int64_t i = key.isInlineInt() ? key.asInlineInt() : TRY(indexAsInt64(thread, key, exceptions.IndexError));
  auto length = static_cast<int64_t>(a->length);
  if (i < 0) i += length;
  if (i < 0 || i >= length) return raise(thread, exceptions.IndexError, message);
  return static_cast<uint64_t>(i);
}

Fallible<Value> arrayGetItem(Thread& thread, Value self, Value key) {
  ArrayObject* a = arrayOf(self);
  if (!isKind(key, Kind::kSlice)) {
    uint64_t i = TRY(itemIndex(thread, a, key, "array index out of range"));
    return arrayItem(thread, a->item, a->bytes() + i * a->item->size);
  }
  SliceBounds bounds = TRY(unpackSlice(thread, key.as<Slice>()));
  adjustSlice(bounds, static_cast<int64_t>(a->length));
  auto count = static_cast<uint64_t>(std::max<int64_t>(0, bounds.length));
  ArrayObject* part = TRY(makeArray(thread, arrayType, a->item, count));
  size_t size = a->item->size;
  if (bounds.step == 1) {
    if (count != 0) memcpy(part->bytes(), a->bytes() + static_cast<size_t>(bounds.start) * size, count * size);
  } else {
    int64_t at = bounds.start;
    for (uint64_t i = 0; i < count; i++, at += bounds.step) {
      memcpy(part->bytes() + i * size, a->bytes() + static_cast<size_t>(at) * size, size);
    }
  }
  return Value::of(part);
}

// Puts `count` items in the place of items [start, end).
Fallible<void> replaceItems(Thread& thread, ArrayObject* a, uint64_t start, uint64_t end, const ArrayObject* other) {
  size_t size = a->item->size;
  ByteBuilder content;  // apart: `other` may be `a`
  if (other != nullptr) content.append(other->view());
  if (content.failed()) return raiseMemoryError(thread);
  uint64_t count = content.view().size() / size, tail = a->length - end, oldLength = a->length;
  uint64_t length = start + count + tail;
  if (length > oldLength) TRY(arrayResize(thread, a, length));
  if (length < oldLength) TRY(checkNoViews(thread, a, kExporting));
  if (tail != 0) memmove(a->bytes() + (start + count) * size, a->bytes() + end * size, tail * size);
  if (count != 0) memcpy(a->bytes() + start * size, content.view().data(), count * size);
  a->length = length;
  return {};
}

// Removes every step-th item.
Fallible<void> deleteSteps(Thread& thread, ArrayObject* a, SliceBounds bounds) {
  if (bounds.length <= 0) return {};
  TRY(checkNoViews(thread, a, kExporting));
  if (bounds.step < 0) {
    bounds.start += bounds.step * (bounds.length - 1);
    bounds.step = -bounds.step;
  }
  size_t size = a->item->size;
  auto to = static_cast<uint64_t>(bounds.start);
  uint64_t from = to, left = static_cast<uint64_t>(bounds.length), nextGone = to;
  for (; from < a->length; from++) {
    if (left != 0 && from == nextGone) {
      left--;
      nextGone += static_cast<uint64_t>(bounds.step);
      continue;
    }
    memmove(a->bytes() + to++ * size, a->bytes() + from * size, size);
  }
  a->length = to;
  return {};
}

Fallible<Value> arraySetItem(Thread& thread, Value self, Value key, Value value) {
  ArrayObject* a = arrayOf(self);
  size_t size = a->item->size;
  if (!isKind(key, Kind::kSlice)) {
    TRY(itemIndex(thread, a, key, "array assignment index out of range"));
    uint8_t bytes[8];
    TRY(encodeArrayItem(thread, a->item, value, bytes));
    uint64_t i = TRY(itemIndex(thread, a, key, "array assignment index out of range"));
    memcpy(a->bytes() + i * size, bytes, size);
    return Value::none();
  }
  SliceBounds bounds = TRY(unpackSlice(thread, key.as<Slice>()));
  if (!isArray(value)) {
    return raiseTypeError(thread, "can only assign array (not \"{}\") to array slice", nameOf(value));
  }
  ArrayObject* other = arrayOf(value);
  if (other->item != a->item) return raise(thread, exceptions.TypeError, "bad argument type for built-in operation");
  adjustSlice(bounds, static_cast<int64_t>(a->length));
  int64_t count = std::max<int64_t>(0, bounds.length);
  if (bounds.step == 1) {
    auto start = static_cast<uint64_t>(bounds.start);
    TRY(replaceItems(thread, a, start, start + static_cast<uint64_t>(count), other));
    return Value::none();
  }
  if (static_cast<uint64_t>(count) != other->length) {
    return raiseValueError(thread, "attempt to assign array of size {} to extended slice of size {}", other->length,
                           count);
  }
  ByteBuilder content;
  content.append(other->view());
  if (content.failed()) return raiseMemoryError(thread);
  int64_t at = bounds.start;
  for (int64_t i = 0; i < count; i++, at += bounds.step) {
    memcpy(a->bytes() + static_cast<size_t>(at) * size, content.view().data() + static_cast<size_t>(i) * size, size);
  }
  return Value::none();
}

Fallible<Value> arrayDeleteItem(Thread& thread, Value self, Value key) {
  ArrayObject* a = arrayOf(self);
  if (!isKind(key, Kind::kSlice)) {
    uint64_t i = TRY(itemIndex(thread, a, key, "array assignment index out of range"));
    TRY(replaceItems(thread, a, i, i + 1, nullptr));
    return Value::none();
  }
  SliceBounds bounds = TRY(unpackSlice(thread, key.as<Slice>()));
  adjustSlice(bounds, static_cast<int64_t>(a->length));
  if (bounds.length > 0) TRY(deleteSteps(thread, a, bounds));
  return Value::none();
}

// --- operators --------------------------------------------------------------------------------------------------------
Fallible<Value> arrayLength(Thread& thread, Value self) {
  return makeInt(thread, static_cast<int64_t>(arrayOf(self)->length));
}
Fallible<Value> arrayAdd(Thread& thread, Value left, Value right) {
  if (!isArray(right)) {
    return raiseTypeError(thread, "can only append array (not \"{}\") to array", nameOf(right));
  }
  ArrayObject *a = arrayOf(left), *b = arrayOf(right);
  if (a->item != b->item) return raise(thread, exceptions.TypeError, "bad argument type for built-in operation");
  ArrayObject* sum = TRY(makeArray(thread, arrayType, a->item, a->length + b->length));
  if (a->length != 0) memcpy(sum->bytes(), a->bytes(), a->byteLength());
  if (b->length != 0) memcpy(sum->bytes() + a->byteLength(), b->bytes(), b->byteLength());
  return Value::of(sum);
}
void repeatInto(uint8_t* to, const uint8_t* from, size_t size, uint64_t times) {
  for (uint64_t i = 0; i < times && size != 0; i++) memcpy(to + i * size, from, size);
}
Fallible<Value> arrayMultiply(Thread& thread, Value left, Value right) {
  ArrayObject* a = arrayOf(left);
  uint64_t count = TRY(repetitionCount(thread, right, a->length));
  ArrayObject* product = TRY(makeArray(thread, arrayType, a->item, a->length * count));
  repeatInto(product->bytes(), a->bytes(), a->byteLength(), count);
  return Value::of(product);
}
Fallible<Value> arrayInplaceAdd(Thread& thread, Value self, Value other) {
  if (!isArray(other)) {
    return raiseTypeError(thread, "can only extend array with array (not \"{}\")", nameOf(other));
  }
  TRY(arrayExtend(thread, arrayOf(self), other));
  return self;
}
Fallible<Value> arrayInplaceMultiply(Thread& thread, Value self, Value factor) {
  ArrayObject* a = arrayOf(self);
  uint64_t old = a->length, size = a->byteLength(), count = TRY(repetitionCount(thread, factor, a->length));
  TRY(arrayResize(thread, a, old * count));
  if (count > 1) repeatInto(a->bytes() + size, a->bytes(), size, count - 1);
  return self;
}
Fallible<Value> arrayContains(Thread& thread, Value self, Value v) {
  for (uint64_t i = 0; i < arrayOf(self)->length; i++) {
    ArrayObject* a = arrayOf(self);
    Value item = TRY(arrayItem(thread, a->item, a->bytes() + i * a->item->size));
    if (TRY(compareTruth(thread, Comparison::kEqual, item, v))) return Value::boolean(true);
  }
  return Value::boolean(false);
}

template <Comparison comparison>
Fallible<Value> arrayCompare(Thread& thread, Value self, Value other) {
  if (!isArray(other)) return Value::notImplemented();
  ArrayObject *a = arrayOf(self), *b = arrayOf(other);
  constexpr bool isEquality = comparison == Comparison::kEqual || comparison == Comparison::kNotEqual;
  if (isEquality && a->length != b->length) return Value::boolean(comparison == Comparison::kNotEqual);
  if (isEquality && a->item == b->item && a->item->code != 'f' && a->item->code != 'd') {
    return Value::boolean((a->view() == b->view()) == (comparison == Comparison::kEqual));
  }
  for (uint64_t i = 0; i < std::min(a->length, b->length); i++) {
    Value x = TRY(arrayItem(thread, a->item, a->bytes() + i * a->item->size));
    Value y = TRY(arrayItem(thread, b->item, b->bytes() + i * b->item->size));
    if (TRY(compareTruth(thread, Comparison::kEqual, x, y))) continue;
    if (isEquality) return Value::boolean(comparison == Comparison::kNotEqual);
    return compare(thread, comparison, x, y);
  }
  return compare(thread, comparison, Value::inlineInt(static_cast<int64_t>(a->length)),
                 Value::inlineInt(static_cast<int64_t>(b->length)));
}

// --- iterator ---------------------------------------------------------------------------------------------------------
Fallible<Value> arrayIter(Thread& thread, Value self) {
  auto* iterator = TRY(allocate<ArrayIterator>(thread, Kind::kNative, iteratorType->instanceShape));
  iterator->traits = &kIteratorTraits;
  iterator->array = self;
  return Value::of(iterator);
}
Fallible<Value> iteratorSelf(Thread&, Value self) { return self; }
Fallible<Value> iteratorNext(Thread& thread, Value self) {
  auto* iterator = self.as<ArrayIterator>();
  if (iterator->array.get().isUnbound()) return Value::unbound();
  ArrayObject* a = arrayOf(iterator->array);
  if (iterator->index >= a->length) {
    iterator->array = Value::unbound();
    return Value::unbound();
  }
  return arrayItem(thread, a->item, a->bytes() + iterator->index++ * a->item->size);
}
Fallible<Value> iteratorReduce(Thread& thread, Value self) {
  auto* iterator = self.as<ArrayIterator>();
  Value source = iterator->array;
  bool isOver = source.isUnbound();
  if (isOver) source = Value::of(TRY(makeList(thread, {})));
  Value arguments = Value::of(TRY(makeTuple(thread, {source})));
  if (isOver) return Value::of(TRY(makeTuple(thread, {builtinIter(), arguments})));
  return Value::of(
      TRY(makeTuple(thread, {builtinIter(), arguments, Value::inlineInt(static_cast<int64_t>(iterator->index))})));
}
Fallible<Value> iteratorSetstate(Thread& thread, Value self, Value state) {
  auto* iterator = self.as<ArrayIterator>();
  if (!isInt(state)) return raise(thread, exceptions.TypeError, "an integer is required");
  int64_t index = TRY(sizeArgument(thread, state));
  if (!iterator->array.get().isUnbound()) {
    auto length = static_cast<int64_t>(arrayOf(iterator->array)->length);
    iterator->index = static_cast<uint64_t>(std::clamp<int64_t>(index, 0, length));
  }
  return Value::none();
}

Fallible<void> prepare(Thread& thread) {
  if (!roots().empty()) return {};
  registerBufferExporter(&kArrayTraits, exportArray);
  TypeBuilder type(thread, "array", types.object, Kind::kNative);
  type.module("array")
      .doc("array(typecode, initializer=()): numbers or characters of one C type, side by side in memory.")
      .flags(Type::kBaseType | Type::kInstantiable | Type::kSequencePattern | Type::kHasWeakref)
      .constructor(arrayNew)
      .special("__getitem__", arrayGetItem)
      .special("__setitem__", arraySetItem)
      .special("__delitem__", arrayDeleteItem)
      .special("__len__", arrayLength)
      .special("__add__", arrayAdd, 0, true)
      .special("__mul__", arrayMultiply, 0, true)
      .special("__rmul__", arrayMultiply, 0, true)
      .special("__iadd__", arrayInplaceAdd)
      .special("__imul__", arrayInplaceMultiply)
      .special("__contains__", arrayContains)
      .special("__eq__", arrayCompare<Comparison::kEqual>)
      .special("__ne__", arrayCompare<Comparison::kNotEqual>)
      .special("__lt__", arrayCompare<Comparison::kLess>)
      .special("__le__", arrayCompare<Comparison::kLessEqual>)
      .special("__gt__", arrayCompare<Comparison::kGreater>)
      .special("__ge__", arrayCompare<Comparison::kGreaterEqual>)
      .special("__iter__", arrayIter)
      .unhashable();
  declareArrayMethods(type);
  arrayType = type.build();
  if (!roots().push(Value::of(arrayType))) return raiseMemoryError(thread);
  iteratorType = TypeBuilder(thread, "arrayiterator", types.object, Kind::kNative)
                     .module("array")
                     .special("__iter__", iteratorSelf)
                     .next(iteratorNext)
                     .method("__reduce__", iteratorReduce)
                     .method("__setstate__", iteratorSetstate)
                     .build();
  return roots().push(Value::of(iteratorType)) ? Fallible<void>() : raiseMemoryError(thread);
}

}  // namespace

Module* moduleArray(Thread& thread) {
  if (prepare(thread).isRaised()) return nullptr;
  auto codes = makeStr(thread, "bBuhHiIlLqQfd");
  if (codes.isRaised()) return nullptr;
  return ModuleBuilder(thread, "array", "Sequences whose items are of one C type and lie side by side in memory.")
      .constant("array", Value::of(arrayType))
      .constant("ArrayType", Value::of(arrayType))
      .constant("typecodes", Value::of(codes.value()))
      .variadic("_array_reconstructor", arrayReconstructor)
      .build();
}

}  // namespace krait
