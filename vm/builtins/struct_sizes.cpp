// The sizes of CPython's structures, and the rules by which a class statement lays out its instances.
#include "vm/builtins/struct_sizes.h"

#include "vm/builtins/bytes.h"
#include "vm/builtins/frame.h"
#include "vm/builtins/generator.h"
#include "vm/builtins/memoryview.h"
#include "vm/builtins/str.h"
#include "vm/builtins/tuple.h"
#include "vm/garbage_count.h"

namespace krait {
namespace {

struct Entry {
  const char* name;
  StructSize size;
};
// Classes not listed are as large as their base.
constexpr Entry kSizes[] = {
    {"object", {16, 0, 0, 0}},
    {"type", {904, 40, 264, 368}},
    {"int", {24, 4, 0, 0}},
    {"bool", {32, 4, 0, 0}},
    {"float", {24, 0, 0, 0}},
    {"complex", {32, 0, 0, 0}},
    {"str", {80, 0, 0, 0}},
    {"bytes", {33, 1, 0, 0}},
    {"bytearray", {56, 0, 0, 0}},
    {"tuple", {24, 8, 0, 0}},
    {"list", {40, 0, 0, 0}},
    {"dict", {48, 0, 0, 0}},
    {"dict_keys", {24, 0, 0, 0}},
    {"dict_values", {24, 0, 0, 0}},
    {"dict_items", {24, 0, 0, 0}},
    {"mappingproxy", {24, 0, 0, 0}},
    {"set", {200, 0, 0, 192}},
    {"frozenset", {200, 0, 0, 192}},
    {"range", {48, 0, 0, 0}},
    {"slice", {40, 0, 0, 0}},
    {"function", {136, 0, 88, 96}},
    {"builtin_function_or_method", {56, 0, 0, 40}},
    {"method_descriptor", {56, 0, 0, 0}},
    {"wrapper_descriptor", {56, 0, 0, 0}},
    {"classmethod_descriptor", {56, 0, 0, 0}},
    {"method", {48, 0, 0, 32}},
    {"method-wrapper", {32, 0, 0, 0}},
    {"member_descriptor", {48, 0, 0, 0}},
    {"getset_descriptor", {48, 0, 0, 0}},
    {"property", {64, 0, 0, 0}},
    {"staticmethod", {32, 0, 24, 0}},
    {"classmethod", {32, 0, 24, 0}},
    {"super", {40, 0, 0, 0}},
    {"module", {56, 0, 16, 40}},
    {"cell", {24, 0, 0, 0}},
    {"code", {184, 2, 0, 144}},
    {"frame", {120, 8, 0, 0}},
    {"traceback", {40, 0, 0, 0}},
    {"generator", {152, 8, 0, 24}},
    {"coroutine", {152, 8, 0, 24}},
    {"async_generator", {152, 8, 0, 24}},
    {"coroutine_wrapper", {24, 0, 0, 0}},
    {"async_generator_asend", {40, 0, 0, 0}},
    {"async_generator_athrow", {40, 0, 0, 0}},
    {"async_generator_wrapped_value", {24, 0, 0, 0}},
    {"anext_awaitable", {32, 0, 0, 0}},
    {"enumerate", {56, 0, 0, 0}},
    {"zip", {48, 0, 0, 0}},
    {"map", {32, 0, 0, 0}},
    {"filter", {32, 0, 0, 0}},
    {"reversed", {32, 0, 0, 0}},
    {"iterator", {32, 0, 0, 0}},
    {"callable_iterator", {32, 0, 0, 0}},
    {"list_iterator", {32, 0, 0, 0}},
    {"list_reverseiterator", {32, 0, 0, 0}},
    {"tuple_iterator", {32, 0, 0, 0}},
    {"range_iterator", {48, 0, 0, 0}},
    {"longrange_iterator", {48, 0, 0, 0}},
    {"str_iterator", {32, 0, 0, 0}},
    {"str_ascii_iterator", {32, 0, 0, 0}},
    {"bytes_iterator", {32, 0, 0, 0}},
    {"bytearray_iterator", {32, 0, 0, 0}},
    {"memory_iterator", {48, 0, 0, 0}},
    {"dict_keyiterator", {56, 0, 0, 0}},
    {"dict_valueiterator", {56, 0, 0, 0}},
    {"dict_itemiterator", {56, 0, 0, 0}},
    {"dict_reversekeyiterator", {56, 0, 0, 0}},
    {"dict_reversevalueiterator", {56, 0, 0, 0}},
    {"dict_reverseitemiterator", {56, 0, 0, 0}},
    {"set_iterator", {48, 0, 0, 0}},
    {"memoryview", {144, 8, 0, 136}},
    {"GenericAlias", {64, 0, 0, 40}},
    {"UnionType", {32, 0, 0, 0}},
    {"SimpleNamespace", {24, 0, 16, 0}},
    {"date", {32, 0, 0, 0}},
    {"datetime", {48, 0, 0, 0}},
    {"time", {40, 0, 0, 0}},
    {"timedelta", {40, 0, 0, 0}},
    {"timezone", {32, 0, 0, 0}},
    {"IsoCalendarDate", {32, 8, 0, 0}},
    {"ReferenceType", {64, 0, 0, 0}},
    {"ProxyType", {64, 0, 0, 0}},
    {"CallableProxyType", {64, 0, 0, 0}},
    {"BaseException", {72, 0, 16, 0}},
    {"BaseExceptionGroup", {88, 0, 16, 0}},
    {"AttributeError", {88, 0, 16, 0}},
    {"ImportError", {96, 0, 16, 0}},
    {"NameError", {80, 0, 16, 0}},
    {"OSError", {112, 0, 16, 0}},
    {"StopIteration", {80, 0, 16, 0}},
    {"SyntaxError", {136, 0, 16, 0}},
    {"SystemExit", {80, 0, 16, 0}},
    {"UnicodeDecodeError", {112, 0, 16, 0}},
    {"UnicodeEncodeError", {112, 0, 16, 0}},
    {"UnicodeTranslateError", {112, 0, 16, 0}},
};

StructSize sizeOfBuiltin(const Type* type) {
  for (const Type* t = type; t != nullptr; t = t->base)
    for (const Entry& entry : kSizes)
      if (strEqualsUtf8(t->name, entry.name)) return entry.size;
  return kSizes[0].size;
}

}  // namespace

StructSize structSizeOf(const Type* type) {
  if (!(type->typeFlags & Type::kHeapType) || type->base == nullptr) return sizeOfBuiltin(type);
  const Type* base = type->base;
  StructSize size = structSizeOf(base);
  constexpr int32_t kWord = 8;
  size.basic += kWord * (type->slotCount - base->slotCount);
  uint32_t gained = type->typeFlags & ~base->typeFlags;
  bool gainsDictionary = (gained & Type::kHasDict) && size.dictionary == 0;
  if (gainsDictionary && size.item != 0) {  // behind the items
    size.basic += kWord;
    size.dictionary = -kWord;
    gainsDictionary = false;
  }
  if ((gained & Type::kHasWeakref) && size.weakrefs == 0) {
    size.weakrefs = size.basic;
    size.basic += kWord;
  }
  if (gainsDictionary) size.dictionary = -(size.basic + 3 * kWord);  // managed: in front of the collector's header
  return size;
}

int64_t sizeOfObject(Value v) {
  const Type* type = typeOf(v);
  StructSize size = structSizeOf(type);
  if (size.item == 0) return size.basic;
  int64_t items = 0;
  if (const Bytes* b = toBytes(v)) {
    items = static_cast<int64_t>(b->length);
  } else if (const Tuple* t = toTuple(v)) {
    items = static_cast<int64_t>(t->length);
  } else if (isKind(v, Kind::kGenerator)) {
    const Code* code = v.as<Generator>()->code;
    items = int64_t{code->localCount} + code->stackSize;
  } else if (isKind(v, Kind::kFrame)) {
    const Code* code = v.as<FrameObject>()->code;
    items = int64_t{code->localCount} + code->stackSize;
  } else if (isKind(v, Kind::kCode)) {
    return size.basic + 4 + static_cast<int64_t>(v.as<Code>()->code->length);
  } else if (type == types.memoryview) {
    items = 3;  // shape, strides and suboffsets of one dimension
  }
  return size.basic + items * size.item;
}

int64_t headerSizeOf(Value v) {
  constexpr int64_t kCollector = 16, kManagedAttributes = 16;
  if (!v.isCell() || !isContainer(v.asCell())) return 0;
  const Type* type = typeOf(v);
  if (isKind(v, Kind::kType)) return v.as<Type>()->typeFlags & Type::kHeapType ? kCollector : 0;
  if (type == types.object || type == types.rangeIterator || type == types.longRangeIterator) return 0;
  int32_t dictionary = structSizeOf(type).dictionary;
  return kCollector + (dictionary < -8 ? kManagedAttributes : 0);
}

}  // namespace krait
