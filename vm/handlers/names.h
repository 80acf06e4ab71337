// Handlers of names, attributes, subscripts and imports.
#pragma once
#include "vm/attribute_cache.h"
#include "vm/builtins/list.h"
#include "vm/builtins/tuple.h"
#include "vm/exact_shapes.h"
#include "vm/semantics.h"

namespace krait {

template <>
struct Instr<Op::LOAD_NAME> {
  static Fallible<Value> run(Thread& thread, Frame* frame, Name name) { return loadName(thread, frame, name.name); }
};
template <>
struct Instr<Op::STORE_NAME> {
  static Fallible<Nothing> run(Thread& thread, Frame* frame, Name name, Value value) {
    TRY(storeName(thread, frame, name.name, value));
    return Nothing{};
  }
};
template <>
struct Instr<Op::DELETE_NAME> {
  static Fallible<Nothing> run(Thread& thread, Frame* frame, Name name) {
    TRY(deleteName(thread, frame, name.name));
    return Nothing{};
  }
};
template <>
struct Instr<Op::LOAD_GLOBAL> {
  using Cache = GlobalCache;
  static constexpr uint8_t kNullMask = 1;
  static Fallible<Value> run(Thread& thread, Frame* frame, Name name) { return loadGlobal(thread, frame, name.name); }
};
template <>
struct Instr<Op::LOAD_GLOBAL_NULL> {
  using Cache = GlobalCache;
  KRAIT_INLINE static Fallible<Pair> run(Thread& thread, Frame* frame, Name name) {
    Value value = TRY(loadGlobal(thread, frame, name.name));
    return Pair{Value::unbound(), value};
  }
};
template <>
struct Instr<Op::STORE_GLOBAL> {
  static Fallible<Nothing> run(Thread& thread, Frame* frame, Name name, Value value) {
    TRY(storeGlobal(thread, frame, name.name, value));
    return Nothing{};
  }
};
template <>
struct Instr<Op::DELETE_GLOBAL> {
  static Fallible<Nothing> run(Thread& thread, Frame* frame, Name name) {
    TRY(deleteGlobal(thread, frame, name.name));
    return Nothing{};
  }
};

// A property's getter runs in a frame of its own, without native recursion.
template <>
struct Instr<Op::LOAD_ATTR> {
  using Cache = AttributeCache;
  static constexpr int kUnits = kHeadUnits + kCacheUnits<Cache>;
  KRAIT_INLINE static Guarded<Value> fast(Name name, Value owner) { return loadCachedAttribute(owner, name.name); }
  KRAIT_INLINE static Transfer<1, 1> run(Thread& thread, Registers& r, Name) {
    thread.sp = r.sp;
    r.fp->pc = r.pc + kUnits;
    Str* name = (r.pc + r.pc[1].offset)->value.as<Str>();
    Fallible<Value> result = enterLoadAttribute(thread, r.sp[-1], name);
    if (result.isRaised()) [[unlikely]]
      return {Next::kRaise};
    Value value = result.value();
    if (value.isUnbound()) [[unlikely]]
      return {Next::kReload};
    r.sp[-1] = value;
    r.pc += kUnits;
    return {Next::kNext};
  }
};
template <>
struct Instr<Op::STORE_ATTR> {
  using Cache = AttributeCache;
  KRAIT_INLINE static Guarded<Nothing> fast(Name name, Value value, Value owner) {
    return {{}, storeCachedAttribute(owner, name.name, value)};
  }
  static Fallible<Nothing> run(Thread& thread, Name name, Value value, Value owner) {
    rememberAttributeStore(owner, name.name);
    TRY(setAttribute(thread, owner, name.name, value));
    return Nothing{};
  }
};
template <>
struct Instr<Op::DELETE_ATTR> {
  static Fallible<Nothing> run(Thread& thread, Name name, Value owner) {
    TRY(deleteAttribute(thread, owner, name.name));
    return Nothing{};
  }
};
template <>
struct Instr<Op::LOAD_METHOD> {
  using Cache = AttributeCache;
  KRAIT_INLINE static Guarded<Pair> fast(Name name, Value owner) { return loadCachedMethod(owner, name.name); }
  KRAIT_INLINE static Fallible<Pair> run(Thread& thread, Name name, Value owner) {
    rememberAttributeLoad(owner, name.name);
    MethodLookup found = TRY(loadMethod(thread, owner, name.name));
    // [method, self] for an unbound method, [NULL, callable] else: CALL's two layouts.
    if (found.self.isUnbound()) return Pair{Value::unbound(), found.callable};
    return Pair{found.callable, found.self};
  }
};

template <>
struct Instr<Op::BINARY_SUBSCR> {
  using Cache = AttributeCache;
  KRAIT_INLINE static Guarded<Value> fast(Value container, Value key) {
    if (!container.isCell() || !key.isInlineInt()) return {Value::none(), false};
    uint64_t index = static_cast<uint64_t>(key.asInlineInt());
    if (container.asCell()->shape_ == exactShapes.list) [[likely]] {
      List* list = container.as<List>();
      if (index >= list->length) {
        index += list->length;  // negative indices wrap into range; others stay beyond it
        if (index >= list->length) return {Value::none(), false};
      }
      return {list->storage->slots[index], true};
    }
    if (container.asCell()->shape_ == exactShapes.tuple) {
      Tuple* tuple = container.as<Tuple>();
      if (index >= tuple->length) return {Value::none(), false};
      return {tuple->items[index].get(), true};
    }
    return {Value::none(), false};
  }
  static Fallible<Value> run(Thread& thread, Value container, Value key) { return getItem(thread, container, key); }
};
template <>
struct Instr<Op::STORE_SUBSCR> {
  using Cache = AttributeCache;
  KRAIT_INLINE static Guarded<Nothing> fast(Value value, Value container, Value key) {
    if (!isExact(container, exactShapes.list) || !key.isInlineInt()) return {{}, false};
    List* list = container.as<List>();
    uint64_t index = static_cast<uint64_t>(key.asInlineInt());
    if (index >= list->length) {
      index += list->length;
      if (index >= list->length) return {{}, false};
    }
    list->storage->slots[index] = value;
    return {{}, true};
  }
  static Fallible<Nothing> run(Thread& thread, Value value, Value container, Value key) {
    TRY(setItem(thread, container, key, value));
    return Nothing{};
  }
};
template <>
struct Instr<Op::DELETE_SUBSCR> {
  static Fallible<Nothing> run(Thread& thread, Value container, Value key) {
    TRY(deleteItem(thread, container, key));
    return Nothing{};
  }
};

template <>
struct Instr<Op::IMPORT_NAME> {
  static Fallible<Value> run(Thread& thread, Frame* frame, Name name, Value level, Value fromList) {
    return importName(thread, frame, name.name, fromList, level);
  }
};
template <>
struct Instr<Op::IMPORT_FROM> {
  static Fallible<Value> run(Thread& thread, Name name, Peek<1> module) {
    return importFrom(thread, module.value, name.name);
  }
};
template <>
struct Instr<Op::IMPORT_STAR> {
  static Fallible<Nothing> run(Thread& thread, Frame* frame, Value module) {
    TRY(importStar(thread, frame, module));
    return Nothing{};
  }
};
template <>
struct Instr<Op::SETUP_ANNOTATIONS> {
  static Fallible<Nothing> run(Thread& thread, Frame* frame) {
    TRY(setupAnnotations(thread, frame));
    return Nothing{};
  }
};
template <>
struct Instr<Op::LOAD_BUILD_CLASS> {
  static Fallible<Value> run(Thread& thread, Frame* frame) { return loadBuildClass(thread, frame); }
};
template <>
struct Instr<Op::LOAD_ASSERTION_ERROR> {
  KRAIT_INLINE static Value run() { return Value::of(exceptions.AssertionError); }
};

}  // namespace krait
