// BINARY_SUBSCR and STORE_SUBSCR: items and slices of the built-in containers; __getitem__ and __setitem__ in Python.
#pragma once
#include "specialize/families/operator_frame.h"
#include "vm/builtins/bytearray.h"
#include "vm/builtins/bytes.h"
#include "vm/builtins/list_internal.h"
#include "vm/builtins/single_characters.h"
#include "vm/builtins/slice.h"
#include "vm/builtins/tuple.h"
#include "vm/lookup_cache.h"
#include "vm/names.h"

namespace krait {
namespace subscripts {

  // An inline int as a position: negative ones count from the end. What is not below `length` lies outside.
  KRAIT_INLINE uint64_t position(Value key, uint64_t length) {
    uint64_t index = static_cast<uint64_t>(key.asInlineInt());
    return index < length ? index : index + (static_cast<int64_t>(index) < 0 ? length : 0);
  }
  KRAIT_INLINE bool isIntIn(Value container, Value key, uint32_t shape) {
    return isExact(container, shape) && key.isInlineInt();
  }
  KRAIT_INLINE bool isIntOrNone(Value v) { return v.isInlineInt() || v.isNone(); }
  // A slice of inline ints and None: `s[1:]`, `s[:n]`, `s[a:b]`; quickSlice() has the answer then.
  KRAIT_INLINE bool isPlainSlice(Value key) {
    if (!isExact(key, exactShapes.slice)) return false;
    const Slice* slice = key.as<Slice>();
    return slice->step.get().isNone() && isIntOrNone(slice->start) && isIntOrNone(slice->stop);
  }
  // ... also with a step: `s[::-1]`.
  KRAIT_INLINE bool isQuickSlice(Value key) {
    if (!isExact(key, exactShapes.slice)) return false;
    const Slice* slice = key.as<Slice>();
    return isIntOrNone(slice->step) && slice->step.get().bits() != 0 && isIntOrNone(slice->start) &&
           isIntOrNone(slice->stop);
  }

}  // namespace subscripts

// --- BINARY_SUBSCR: [container, key] -> [item] ---------------------------------------------------------------------------
template <>
struct Instr<ops::BINARY_SUBSCR_LIST_INT> {
  KRAIT_INLINE static bool guard(Value container, Value key) {
    return subscripts::isIntIn(container, key, exactShapes.list);
  }
  KRAIT_INLINE static Guarded<Value> run(Value container, Value key) {
    const List* list = container.as<List>();
    uint64_t index = static_cast<uint64_t>(key.asInlineInt());
    if (index >= list->length) [[unlikely]] {
      index += list->length;  // negative ones wrap into range, others stay beyond it
      if (index >= list->length) return {Value::none(), false};
    }
    return {list->storage->slots[index], true};
  }
};
template <>
struct Instr<ops::BINARY_SUBSCR_TUPLE_INT> {
  KRAIT_INLINE static bool guard(Value container, Value key) {
    return subscripts::isIntIn(container, key, exactShapes.tuple);
  }
  KRAIT_INLINE static Guarded<Value> run(Value container, Value key) {
    const Tuple* tuple = container.as<Tuple>();
    uint64_t index = static_cast<uint64_t>(key.asInlineInt());
    if (index >= tuple->length) [[unlikely]] {
      index += tuple->length;
      if (index >= tuple->length) return {Value::none(), false};
    }
    return {tuple->items[index].get(), true};
  }
};
template <>
struct Instr<ops::BINARY_SUBSCR_STR_INT> {
  KRAIT_INLINE static bool guard(Value container, Value key) {
    return isKind(container, Kind::kStr) && key.isInlineInt();
  }
  KRAIT_INLINE static Guarded<Value> fast(Value container, Value key) {
    const Str* text = container.as<Str>();
    uint64_t index = static_cast<uint64_t>(key.asInlineInt());
    if (index >= text->length || text->width != 1) [[unlikely]]
      return {Value::none(), false};
    const Str* character = singleCharacters[text->data()[index]];
    return {Value::of(character), character != nullptr};
  }
  static Fallible<Value> run(Thread& thread, Value container, Value key) { return getItem(thread, container, key); }
};
template <>
struct Instr<ops::BINARY_SUBSCR_BYTES_INT> {
  KRAIT_INLINE static bool guard(Value container, Value key) {
    return isKind(container, Kind::kBytes) && key.isInlineInt();
  }
  KRAIT_INLINE static Guarded<Value> run(Value container, Value key) {
    const Bytes* bytes = container.as<Bytes>();
    uint64_t at = subscripts::position(key, bytes->length);
    if (at >= bytes->length) [[unlikely]]
      return {Value::none(), false};
    return {Value::inlineInt(bytes->data[at]), true};
  }
};
template <>
struct Instr<ops::BINARY_SUBSCR_BYTEARRAY_INT> {
  KRAIT_INLINE static bool guard(Value container, Value key) {
    return isKind(container, Kind::kByteBuffer) && typeOf(container) == types.bytearray && key.isInlineInt();
  }
  KRAIT_INLINE static Guarded<Value> run(Value container, Value key) {
    const Bytearray* bytes = container.as<Bytearray>();
    uint64_t at = subscripts::position(key, bytes->length);
    if (at >= bytes->length) [[unlikely]]
      return {Value::none(), false};
    return {Value::inlineInt(bytes->storage->bytes[at]), true};
  }
};
template <>
struct Instr<ops::BINARY_SUBSCR_DICT> {
  KRAIT_INLINE static bool guard(Value container, Value) { return isExact(container, exactShapes.dict); }
  KRAIT_INLINE static Fallible<Value> run(Thread& thread, Value container, Value key) {
    Value found = TRY(dictGet(thread, container.as<Dict>(), key));
    if (found.isUnbound()) [[unlikely]]
      return raiseWithArgument(thread, exceptions.KeyError, key);
    return found;
  }
};
template <>
struct Instr<ops::BINARY_SUBSCR_LIST_SLICE> {
  KRAIT_INLINE static bool guard(Value container, Value key) {
    return isExact(container, exactShapes.list) && subscripts::isQuickSlice(key);
  }
  static Fallible<Value> run(Thread& thread, Value container, Value key) {
    SliceBounds bounds{};  // filled: the guard has said so, but g++ cannot know
    List* list = container.as<List>();
    (void)quickSlice(key.as<Slice>(), list->length, bounds);
    return Value::of(TRY(listSlice(thread, list, bounds)));
  }
};
template <>
struct Instr<ops::BINARY_SUBSCR_TUPLE_SLICE> {
  KRAIT_INLINE static bool guard(Value container, Value key) {
    return isKind(container, Kind::kTuple) && subscripts::isPlainSlice(key);
  }
  static Fallible<Value> run(Thread& thread, Value container, Value key) {
    SliceBounds bounds{};  // filled: the guard has said so, but g++ cannot know
    Tuple* tuple = container.as<Tuple>();
    (void)quickSlice(key.as<Slice>(), tuple->length, bounds);
    auto length = static_cast<size_t>(bounds.length);
    if (length == tuple->length) return container;
    return Value::of(TRY(makeTuple(thread, tuple->values().subspan(static_cast<size_t>(bounds.start), length))));
  }
};
template <>
struct Instr<ops::BINARY_SUBSCR_STR_SLICE> {
  KRAIT_INLINE static bool guard(Value container, Value key) {
    return isKind(container, Kind::kStr) && subscripts::isQuickSlice(key);
  }
  static Fallible<Value> run(Thread& thread, Value container, Value key) {
    if (!key.as<Slice>()->step.get().isNone()) return getItem(thread, container, key);
    SliceBounds bounds{};  // filled: the guard has said so, but g++ cannot know
    Str* text = container.as<Str>();
    (void)quickSlice(key.as<Slice>(), text->length, bounds);
    auto start = static_cast<uint64_t>(bounds.start);
    return Value::of(TRY(substring(thread, text, start, start + static_cast<uint64_t>(bounds.length))));
  }
};
// The operands are __getitem__'s arguments where they lie.
template <>
struct Instr<ops::BINARY_SUBSCR_GETITEM> {
  KRAIT_INLINE static bool guard(Value container, Value, const AttributeCache& cache) {
    return shapes::has(container, cache);
  }
  KRAIT_INLINE static Guarded<Transfer<2, 1>> run(Thread& thread, Registers& r) {
    const AttributeCache& cache = *reinterpret_cast<const AttributeCache*>(r.pc + kHeadUnits);
    Value method = cache.location->get();
    if (!isSimpleFunction(method, 2)) [[unlikely]]
      return {{}, false};
    return {{Next::kNext}, enterSimpleFunction<AttributeCache>(thread, r, method, r.sp - 2, 2, r.sp - 2)};
  }
};

// --- STORE_SUBSCR: [value, container, key] -> [] -------------------------------------------------------------------------
template <>
struct Instr<ops::STORE_SUBSCR_LIST_INT> {
  KRAIT_INLINE static bool guard(Value, Value container, Value key) {
    return subscripts::isIntIn(container, key, exactShapes.list);
  }
  KRAIT_INLINE static Guarded<Nothing> run(Value value, Value container, Value key) {
    const List* list = container.as<List>();
    uint64_t index = static_cast<uint64_t>(key.asInlineInt());
    if (index >= list->length) [[unlikely]] {
      index += list->length;
      if (index >= list->length) return {{}, false};
    }
    list->storage->slots[index] = value;
    return {{}, true};
  }
};
template <>
struct Instr<ops::STORE_SUBSCR_LIST_SLICE> {
  KRAIT_INLINE static bool guard(Value, Value container, Value key) {
    return isExact(container, exactShapes.list) && isExact(key, exactShapes.slice);
  }
  KRAIT_INLINE static Fallible<Nothing> run(Thread& thread, Value value, Value container, Value key) {
    TRY(listAssignSlice(thread, container.as<List>(), key, value));
    return Nothing{};
  }
};
template <>
struct Instr<ops::STORE_SUBSCR_DICT> {
  KRAIT_INLINE static bool guard(Value, Value container, Value) { return isExact(container, exactShapes.dict); }
  KRAIT_INLINE static Fallible<Nothing> run(Thread& thread, Value value, Value container, Value key) {
    TRY(dictSet(thread, container.as<Dict>(), key, value));
    return Nothing{};
  }
};
template <>
struct Instr<ops::STORE_SUBSCR_BYTEARRAY_INT> {
  KRAIT_INLINE static bool guard(Value value, Value container, Value key) {
    return isKind(container, Kind::kByteBuffer) && typeOf(container) == types.bytearray && key.isInlineInt() &&
           value.isInlineInt() && static_cast<uint64_t>(value.asInlineInt()) < 256;
  }
  KRAIT_INLINE static Guarded<Nothing> run(Value value, Value container, Value key) {
    Bytearray* bytes = container.as<Bytearray>();
    uint64_t at = subscripts::position(key, bytes->length);
    if (at >= bytes->length) [[unlikely]]
      return {{}, false};
    bytes->storage->bytes[at] = static_cast<uint8_t>(value.asInlineInt());
    return {{}, true};
  }
};
// __setitem__(container, key, value), its arguments in its own order; what it returns is dropped.
template <>
struct Instr<ops::STORE_SUBSCR_SETITEM> {
  KRAIT_INLINE static bool guard(Value, Value container, Value, const AttributeCache& cache) {
    return shapes::has(container, cache);
  }
  KRAIT_INLINE static Guarded<Transfer<3, 0>> run(Thread& thread, Registers& r) {
    const AttributeCache& cache = *reinterpret_cast<const AttributeCache*>(r.pc + kHeadUnits);
    Value method = cache.location->get();
    if (!isSimpleFunction(method, 3)) [[unlikely]]
      return {{}, false};
    r.sp[0] = r.sp[-2];
    r.sp[1] = r.sp[-1];
    r.sp[2] = r.sp[-3];
    return {{Next::kNext}, enterSimpleFunction<AttributeCache>(thread, r, method, r.sp, 3, r.sp - 3, kResultUnused)};
  }
};

// --- observing -----------------------------------------------------------------------------------------------------------
namespace subscripts {

  inline Observation observeMethod(const Site& site, Value container, Special special, uint32_t arguments, Op form) {
    if (!container.isCell()) return Failure::kOperandTypes;
    Type* type = typeOf(container);
    if (!isSimpleFunction(type->special(special), arguments)) return Failure::kOperandTypes;
    if (!relyOn(type)) return Failure::kClassChanges;
    auto& cache = site.cache<AttributeCache>();
    cache.shape = container.asCell()->shape_;
    cache.location = lookupLocation(type, specialName(special));
    return form;
  }

}  // namespace subscripts

inline Observation observeLoadItem(Site site) {
  Value container = site.top(2), key = site.top();
#define KRAIT_TRY_FORM(FORM) \
  if (Instr<ops::FORM>::guard(container, key)) return ops::FORM
  KRAIT_TRY_FORM(BINARY_SUBSCR_LIST_INT);
  KRAIT_TRY_FORM(BINARY_SUBSCR_TUPLE_INT);
  KRAIT_TRY_FORM(BINARY_SUBSCR_DICT);
  KRAIT_TRY_FORM(BINARY_SUBSCR_STR_INT);
  KRAIT_TRY_FORM(BINARY_SUBSCR_LIST_SLICE);
  KRAIT_TRY_FORM(BINARY_SUBSCR_TUPLE_SLICE);
  KRAIT_TRY_FORM(BINARY_SUBSCR_STR_SLICE);
  KRAIT_TRY_FORM(BINARY_SUBSCR_BYTES_INT);
  KRAIT_TRY_FORM(BINARY_SUBSCR_BYTEARRAY_INT);
#undef KRAIT_TRY_FORM
  return subscripts::observeMethod(site, container, Special::k__getitem__, 2, ops::BINARY_SUBSCR_GETITEM);
}

inline Observation observeStoreItem(Site site) {
  Value value = site.top(3), container = site.top(2), key = site.top();
  if (Instr<ops::STORE_SUBSCR_LIST_INT>::guard(value, container, key)) return ops::STORE_SUBSCR_LIST_INT;
  if (Instr<ops::STORE_SUBSCR_LIST_SLICE>::guard(value, container, key)) return ops::STORE_SUBSCR_LIST_SLICE;
  if (Instr<ops::STORE_SUBSCR_DICT>::guard(value, container, key)) return ops::STORE_SUBSCR_DICT;
  if (Instr<ops::STORE_SUBSCR_BYTEARRAY_INT>::guard(value, container, key)) return ops::STORE_SUBSCR_BYTEARRAY_INT;
  return subscripts::observeMethod(site, container, Special::k__setitem__, 3, ops::STORE_SUBSCR_SETITEM);
}

}  // namespace krait
