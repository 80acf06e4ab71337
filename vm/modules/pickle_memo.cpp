// The memos of picklers and unpicklers, and the objects through which programs look at them.
#include <algorithm>
#include <cstdlib>

#include "vm/builtins/dict.h"
#include "vm/builtins/functions.h"
#include "vm/builtins/int.h"
#include "vm/builtins/tuple.h"
#include "vm/modules/native_arguments.h"
#include "vm/modules/pickle_internal.h"
#include "vm/names.h"

namespace krait {

constexpr uint64_t kFirstMemo = 32;  // slots
constexpr uint64_t kMaxTable = uint64_t{1} << 36;
constexpr uint8_t kHasFinaliser = 2;  // Cell::flags of picklers and unpicklers

// --- tables -----------------------------------------------------------------------------------------------------------
void PickleTable::release() {
  if (inside == nullptr) free(slots);
  slots = nullptr;
  inside = nullptr;
  length = 0;
}
void PickleTable::take(PickleTable& other) {
  release();
  slots = other.slots;
  length = other.length;
  inside = other.inside.get();
  other.slots = nullptr;
  other.inside = nullptr;
  other.length = 0;
}

Fallible<void> makePickleTable(Thread& thread, Cell* owner, uint64_t length, PickleTable& out) {
  constexpr uint64_t kInside = 2048;
  out = {};
  if (length <= kInside) {
    out.inside = TRY(allocateArray(thread, length));
    out.slots = out.inside->slots;
  } else {
    if (length > kMaxTable) return raiseMemoryError(thread);
    auto* slots = static_cast<Value*>(calloc(length, sizeof(Value)));
    if (slots == nullptr) return raiseMemoryError(thread);
    if (!(owner->flags & kHasFinaliser) && !heap.registerFinaliser(thread, owner)) {
      free(slots);
      return raiseMemoryError(thread);
    }
    owner->flags |= kHasFinaliser;
    out.slots = slots;
  }
  out.length = length;
  return {};
}

// --- of a pickler -----------------------------------------------------------------------------------------------------
// Objects never move: their words are what they are known by.
static uint64_t placeOf(const PickleTable& table, Value key) {
  uint64_t mask = table.length / 2 - 1;
  uint64_t x = key.bits() >> 4;  // neighbours in memory stay near each other: a KiB of cells takes 64 places
  uint64_t i = ((x >> 6) * 0x9e3779b97f4a7c15ull >> 32 ^ x) & mask;
  while (!table.slots[2 * i].is(key) && table.slots[2 * i].bits() != 0) i = (i + 1) & mask;
  return 2 * i;
}

int64_t picklerMemoFind(PicklerObject* p, Value key) {
  if (p->memo.slots == nullptr) return -1;
  uint64_t place = placeOf(p->memo, key);
  if (p->memo.slots[place].bits() == 0) {
    p->missedKey = key;
    p->missedPlace = place;
    return -1;
  }
  return p->memo.slots[place + 1].asInlineInt();
}

KRAIT_COLD static Fallible<void> growMemo(Thread& thread, PicklerObject* p) {
  uint64_t before = p->memo.length;
  PickleTable table;
  TRY(makePickleTable(thread, p, before == 0 ? kFirstMemo : before * 4, table));
  for (uint64_t i = 0; i < before; i += 2) {
    if (p->memo.slots[i].bits() == 0) continue;
    uint64_t place = placeOf(table, p->memo.slots[i]);
    table.slots[place] = p->memo.slots[i];
    table.slots[place + 1] = p->memo.slots[i + 1];
  }
  p->memo.take(table);
  p->missedKey = Value::inlineInt(0);
  return {};
}

Fallible<void> picklerMemoSet(Thread& thread, PicklerObject* p, Value key, int64_t number) {
  // Half full at most, but the first one is small enough to be three quarters full: most pickles need no other.
  uint64_t room = p->memo.length == kFirstMemo ? kFirstMemo * 3 / 8 : p->memo.length / 4;
  if (p->memoKeys >= room) [[unlikely]]
    TRY(growMemo(thread, p));
  if (key.bits() == 0) return {};  // the int 0 is never written by reference
  // Nothing is ever taken out: a place that is still empty is still the right one.
  bool isKnown = p->missedKey.is(key) && p->memo.slots[p->missedPlace].bits() == 0;
  uint64_t place = isKnown ? p->missedPlace : placeOf(p->memo, key);
  if (p->memo.slots[place].bits() == 0) {
    p->memoKeys++;
    p->memoCount++;
  }
  p->memo.slots[place] = key;
  p->memo.slots[place + 1] = Value::inlineInt(number);
  return {};
}

void picklerMemoClear(PicklerObject* p) {
  p->memo.release();
  p->missedKey = Value::inlineInt(0);
  p->memoKeys = p->memoCount = 0;
}

// --- of an unpickler --------------------------------------------------------------------------------------------------
Value unpicklerMemoGet(const UnpicklerObject* u, uint64_t number) {
  if (number < u->memo.length) return u->memo.slots[number];
  if (u->farMemo == nullptr) return Value::unbound();
  uint64_t position = 0;
  Value key, value;
  while (dictNext(u->farMemo, position, key, value)) {  // nothing but a hand-made pickle has such numbers
    if (key.isInlineInt() && static_cast<uint64_t>(key.asInlineInt()) == number) return value;
  }
  return Value::unbound();
}

KRAIT_COLD static Fallible<void> growMemo(Thread& thread, UnpicklerObject* u, uint64_t number) {
  uint64_t before = u->memo.length;
  PickleTable table;
  TRY(makePickleTable(thread, u, std::max<uint64_t>(before * 2, number < 12 ? 12 : number * 2), table));
  for (uint64_t i = 0; i < table.length; i++) table.slots[i] = i < before ? u->memo.slots[i] : Value::unbound();
  u->memo.take(table);
  if (u->farMemo == nullptr) return {};
  for (uint64_t i = before; i < u->memo.length; i++) {  // what was far is no longer
    auto moved = TRY(dictPop(thread, u->farMemo, Value::inlineInt(static_cast<int64_t>(i))));
    if (!moved.isUnbound()) u->memo.slots[i] = moved;
  }
  return {};
}

Fallible<void> unpicklerMemoPut(Thread& thread, UnpicklerObject* u, uint64_t number, Value v) {
  if (number >= u->memo.length) [[unlikely]] {
    constexpr uint64_t kDense = 1 << 16;
    if (number >= u->memo.length * 8 + kDense) {
      if (number > static_cast<uint64_t>(Value::kMaxInlineInt)) return raiseMemoryError(thread);
      if (u->farMemo == nullptr) u->farMemo = TRY(makeDict(thread));
      Value key = Value::inlineInt(static_cast<int64_t>(number));
      if (!TRY(dictContains(thread, u->farMemo, key))) u->memoCount++;
      return dictSet(thread, u->farMemo, key, v);
    }
    TRY(growMemo(thread, u, number));
  }
  Value& slot = u->memo.slots[number];
  if (slot.isUnbound()) u->memoCount++;
  slot = v;
  return {};
}

void unpicklerMemoClear(UnpicklerObject* u) {
  u->memo.release();
  u->farMemo = nullptr;
  u->memoCount = 0;
}

namespace {

// --- the proxies ------------------------------------------------------------------------------------------------------
struct MemoProxy : NativeObject {
  Field<Value> owner;
};
void traceProxy(Cell* cell, Marker& marker) { marker.mark(static_cast<MemoProxy*>(cell)->owner); }
constexpr NativeTraits kProxyTraits{"PicklerMemoProxy", traceProxy, nullptr};

Fallible<Value> makeProxy(Thread& thread, Type* type, Value owner) {
  auto* proxy = TRY(allocate<MemoProxy>(thread, Kind::kNative, type->instanceShape));
  proxy->traits = &kProxyTraits;
  proxy->owner = owner;
  return Value::of(proxy);
}
PicklerObject* picklerOf(Value proxy) { return proxy.as<MemoProxy>()->owner.get().as<PicklerObject>(); }
UnpicklerObject* unpicklerOf(Value proxy) { return proxy.as<MemoProxy>()->owner.get().as<UnpicklerObject>(); }

// {id(object): (number, object)}
Fallible<Value> copyPicklerMemo(Thread& thread, Value self) {
  Dict* copy = TRY(makeDict(thread));
  const PickleTable& table = picklerOf(self)->memo;
  for (uint64_t i = 0; i < table.length; i += 2) {
    Value key = table.slots[i];
    if (key.bits() == 0) continue;
    Value entry = Value::of(TRY(makeTuple(thread, {table.slots[i + 1], key})));
    TRY(dictSet(thread, copy, TRY(identityOf(thread, key)), entry));
  }
  return Value::of(copy);
}
// {number: object}
Fallible<Value> copyUnpicklerMemo(Thread& thread, Value self) {
  const UnpicklerObject* u = unpicklerOf(self);
  Dict* copy = TRY(makeDict(thread));
  for (uint64_t i = 0; i < u->memo.length; i++) {
    if (u->memo.slots[i].isUnbound()) continue;
    TRY(dictSet(thread, copy, Value::inlineInt(static_cast<int64_t>(i)), u->memo.slots[i]));
  }
  if (u->farMemo != nullptr) TRY(dictUpdate(thread, copy, Value::of(u->farMemo)));
  return Value::of(copy);
}
Fallible<Value> clearPicklerMemo(Thread&, Value self) {
  picklerMemoClear(picklerOf(self));
  return Value::none();
}
Fallible<Value> clearUnpicklerMemo(Thread&, Value self) {
  unpicklerMemoClear(unpicklerOf(self));
  return Value::none();
}
template <Fallible<Value> (*copy)(Thread&, Value)>
Fallible<Value> reduceProxy(Thread& thread, Value self) {
  Value arguments = Value::of(TRY(makeTuple(thread, {TRY(copy(thread, self))})));
  return Value::of(TRY(makeTuple(thread, {Value::of(types.dict), arguments})));
}

}  // namespace

Fallible<Value> getPicklerMemo(Thread& thread, Value self) {
  self.as<PicklerObject>()->isShared = true;
  return makeProxy(thread, pickleTypes.picklerMemo, self);
}
Fallible<void> setPicklerMemo(Thread& thread, Value self, Value memo) {
  auto* p = self.as<PicklerObject>();
  if (memo.isUnbound()) return raise(thread, exceptions.TypeError, "attribute deletion is not supported");
  if (typeOf(memo) == pickleTypes.picklerMemo) {
    const PicklerObject* source = picklerOf(memo);
    PickleTable copy{};
    if (source->memo.length != 0) {
      TRY(makePickleTable(thread, p, source->memo.length, copy));
      for (uint64_t i = 0; i < copy.length; i++) copy.slots[i] = source->memo.slots[i];
    }
    p->memo.take(copy);
    p->missedKey = Value::inlineInt(0);
    p->memoKeys = source->memoKeys;
    p->memoCount = source->memoCount;
    return {};
  }
  Dict* dict = toDict(memo);
  if (dict == nullptr) {
    return raiseTypeError(thread, "'memo' attribute must be a PicklerMemoProxy object or dict, not {}", nameOf(memo));
  }
  PicklerObject* scratch = TRY(makePickler(thread, pickleTypes.pickler));
  uint64_t position = 0;
  Value key, value;
  while (dictNext(dict, position, key, value)) {
    const Tuple* entry = toTuple(value);
    if (entry == nullptr || entry->length != 2)
      return raise(thread, exceptions.TypeError, "'memo' values must be 2-item tuples");
    if (!isInt(entry->items[0])) return raise(thread, exceptions.TypeError, "an integer is required");
    int64_t number = TRY(ssizeArgument(thread, entry->items[0]));
    TRY(picklerMemoSet(thread, scratch, entry->items[1], number));
  }
  if (scratch->memo.slots != nullptr && scratch->memo.inside == nullptr) {  // the new owner will be told to free it
    PickleTable ownership;
    TRY(makePickleTable(thread, p, scratch->memo.length, ownership));
    ownership.release();
  }
  p->memo.take(scratch->memo);
  p->missedKey = Value::inlineInt(0);
  p->memoKeys = scratch->memoKeys;
  p->memoCount = scratch->memoCount;
  return {};
}

Fallible<Value> getUnpicklerMemo(Thread& thread, Value self) {
  return makeProxy(thread, pickleTypes.unpicklerMemo, self);
}
Fallible<void> setUnpicklerMemo(Thread& thread, Value self, Value memo) {
  auto* u = self.as<UnpicklerObject>();
  if (memo.isUnbound()) return raise(thread, exceptions.TypeError, "attribute deletion is not supported");
  bool isProxy = typeOf(memo) == pickleTypes.unpicklerMemo;
  if (!isProxy && toDict(memo) == nullptr) {
    return raiseTypeError(thread, "'memo' attribute must be an UnpicklerMemoProxy object or dict, not {}",
                          nameOf(memo));
  }
  Dict* dict = isProxy ? TRY(copyUnpicklerMemo(thread, memo)).as<Dict>() : toDict(memo);
  UnpicklerObject* scratch = TRY(makeUnpickler(thread, pickleTypes.unpickler));
  uint64_t position = 0;
  Value key, value;
  while (dictNext(dict, position, key, value)) {
    if (!isInt(key)) return raise(thread, exceptions.TypeError, "memo key must be integers");
    int64_t number = TRY(ssizeArgument(thread, key));
    if (number < 0) return raise(thread, exceptions.ValueError, "memo key must be positive integers.");
    TRY(unpicklerMemoPut(thread, scratch, static_cast<uint64_t>(number), value));
  }
  if (scratch->memo.slots != nullptr && scratch->memo.inside == nullptr) {  // the new owner will be told to free it
    PickleTable ownership;
    TRY(makePickleTable(thread, u, scratch->memo.length, ownership));
    ownership.release();
  }
  u->memo.take(scratch->memo);
  u->farMemo = scratch->farMemo.get();
  u->memoCount = scratch->memoCount;
  return {};
}

void declarePickleMemos(Thread& thread) {
  pickleTypes.picklerMemo = keepType(TypeBuilder(thread, "PicklerMemoProxy", types.object, Kind::kNative)
                                         .module("_pickle")
                                         .flags(Type::kBaseType)
                                         .unhashable()
                                         .method("clear", clearPicklerMemo)
                                         .method("copy", copyPicklerMemo)
                                         .method("__reduce__", reduceProxy<copyPicklerMemo>)
                                         .build());
  pickleTypes.unpicklerMemo = keepType(TypeBuilder(thread, "UnpicklerMemoProxy", types.object, Kind::kNative)
                                           .module("_pickle")
                                           .flags(Type::kBaseType)
                                           .unhashable()
                                           .method("clear", clearUnpicklerMemo)
                                           .method("copy", copyUnpicklerMemo)
                                           .method("__reduce__", reduceProxy<copyUnpicklerMemo>)
                                           .build());
}

}  // namespace krait
