// What container, text and pattern instructions do out of line.
#include "vm/semantics.h"

#include "vm/attribute_cache.h"
#include "vm/builtins/int.h"
#include "vm/builtins/list.h"
#include "vm/builtins/set.h"
#include "vm/builtins/str.h"
#include "vm/builtins/tuple.h"
#include "vm/names.h"
#include "vm/runtime.h"

namespace krait {

Fallible<Value> buildMap(Thread& thread, const Value* pairs, uint32_t count) {
  Dict* dict = TRY(makeDict(thread, count));
  for (uint32_t i = 0; i < count; i++) TRY(dictSet(thread, dict, pairs[2 * i], pairs[2 * i + 1]));
  return Value::of(dict);
}

Fallible<Value> buildConstKeyMap(Thread& thread, const Value* values, uint32_t count, Value keys) {
  Tuple* names = keys.as<Tuple>();
  Dict* dict = TRY(makeDict(thread, count));
  for (uint32_t i = 0; i < count && i < names->length; i++)
    TRY(dictSet(thread, dict, names->items[i].get(), values[i]));
  return Value::of(dict);
}

Fallible<Value> buildSet(Thread& thread, const Value* items, uint32_t count) {
  Set* set = TRY(makeSet(thread, types.set, Value::unbound()));
  for (uint32_t i = 0; i < count; i++) TRY(setAdd(thread, set, items[i]));
  return Value::of(set);
}

Fallible<Value> buildString(Thread& thread, const Value* parts, uint32_t count) {
  for (uint32_t i = 0; i < count; i++)  // a tree made by hand may join anything
    if (!isKind(parts[i], Kind::kStr)) [[unlikely]]
      return raiseTypeError(thread, "sequence item {}: expected str instance, {} found", i, nameOf(parts[i]));
  return Value::of(TRY(joinStrs(thread, emptyStr(), std::span<const Value>(parts, count))));
}

Fallible<Value> formatValue(Thread& thread, Value value, Value specification, uint32_t conversion) {
  if (conversion == 1) value = Value::of(TRY(str(thread, value)));
  if (conversion == 2) value = Value::of(TRY(repr(thread, value)));
  if (conversion == 3) value = Value::of(TRY(ascii(thread, value)));
  if (specification.isUnbound()) {
    if (isKind(value, Kind::kStr)) return value;
    if (value.isInlineInt()) return Value::of(TRY(intToText(thread, value)));
  }
  return Value::of(TRY(format(thread, value, specification.isUnbound() ? Value::of(emptyStr()) : specification)));
}

// --- unpacking --------------------------------------------------------------------------------------------------------
namespace {

Fallible<Value> iterateForUnpacking(Thread& thread, Value sequence) {
  if (typeOf(sequence)->special(Special::k__iter__).isUnbound() &&
      typeOf(sequence)->special(Special::k__getitem__).isUnbound())
    return raiseTypeError(thread, "cannot unpack non-iterable {} object", nameOf(sequence));
  return iterate(thread, sequence);
}

}  // namespace

// The first element becomes the top: out[count - 1].
Fallible<void> unpackSequence(Thread& thread, Value sequence, uint32_t count, Value* out) {
  std::span<const Value> items;
  bool direct = false;
  if (typeOf(sequence) == types.tuple) {
    items = sequence.as<Tuple>()->values();
    direct = true;
  } else if (typeOf(sequence) == types.list) {
    items = sequence.as<List>()->values();
    direct = true;
  }
  if (direct) {
    if (items.size() > count) return raiseValueError(thread, "too many values to unpack (expected {})", count);
    if (items.size() < count)
      return raiseValueError(thread, "not enough values to unpack (expected {}, got {})", count, items.size());
    for (uint32_t i = 0; i < count; i++) out[count - 1 - i] = items[i];
    return {};
  }
  Value iterator = TRY(iterateForUnpacking(thread, sequence));
  // Collected above the stack in use, then put in place: the iterator may run Python code.
  Value* base = thread.sp;
  if (base + count > thread.stackLimit) return raiseRecursionError(thread);
  auto collect = [&]() -> Fallible<void> {
    for (uint32_t i = 0; i < count; i++) {
      Value element = TRY(next(thread, iterator));
      if (element.isUnbound())
        return raiseValueError(thread, "not enough values to unpack (expected {}, got {})", count, i);
      base[i] = element;
      thread.sp = base + i + 1;
    }
    Value surplus = TRY(next(thread, iterator));
    if (!surplus.isUnbound()) return raiseValueError(thread, "too many values to unpack (expected {})", count);
    return {};
  };
  Fallible<void> collected = collect();
  thread.sp = base;
  if (collected.isRaised()) return Raised{};
  RootVector order;
  for (uint32_t i = 0; i < count; i++)
    if (!order.push(base[i])) return raiseMemoryError(thread);
  for (uint32_t i = 0; i < count; i++) out[count - 1 - i] = order[i];
  return {};
}

Fallible<void> unpackEx(Thread& thread, Value sequence, uint32_t before, uint32_t after, Value* out) {
  Value iterator = TRY(iterateForUnpacking(thread, sequence));
  List* list = TRY(listFromIterable(thread, iterator));
  uint64_t count = list->length;
  if (count < before)
    return raiseValueError(thread, "not enough values to unpack (expected at least {}, got {})", before + after, count);
  if (count < uint64_t{before} + after)
    return raiseValueError(thread, "not enough values to unpack (expected at least {}, got {})", before + after, count);
  uint32_t total = before + 1 + after;
  List* middle = TRY(makeList(thread, list->values().subspan(before, count - before - after)));
  for (uint32_t i = 0; i < before; i++) out[total - 1 - i] = list->storage->slots[i];
  out[after] = Value::of(middle);
  for (uint32_t i = 0; i < after; i++) out[after - 1 - i] = list->storage->slots[count - after + i];
  return {};
}

Fallible<void> listExtendUnpack(Thread& thread, Value list, Value iterable) {
  if (typeOf(iterable)->special(Special::k__iter__).isUnbound() &&
      typeOf(iterable)->special(Special::k__getitem__).isUnbound())
    return raiseTypeError(thread, "Value after * must be an iterable, not {}", nameOf(iterable));
  return listExtend(thread, list.as<List>(), iterable);
}

Fallible<void> dictUpdateUnpack(Thread& thread, Value dict, Value mapping) {
  if (!isKind(mapping, Kind::kDict) && TRY(getAttributeOrUnbound(thread, mapping, names.keys)).isUnbound())
    return raiseTypeError(thread, "'{}' object is not a mapping", nameOf(mapping));
  return dictUpdate(thread, dict.as<Dict>(), mapping);
}

Fallible<void> dictMergeUnpack(Thread& thread, Value dict, Value mapping, Value callable) {
  if (!isKind(mapping, Kind::kDict) && TRY(getAttributeOrUnbound(thread, mapping, names.keys)).isUnbound())
    return raiseTypeError(thread, "{} argument after ** must be a mapping, not {}", callableText(callable),
                          nameOf(mapping));
  return dictMergeUnique(thread, dict.as<Dict>(), mapping, callable);
}

// --- patterns ---------------------------------------------------------------------------------------------------------
Fallible<Value> matchKeys(Thread& thread, Value subject, Value keys) {
  Tuple* wanted = keys.as<Tuple>();
  Tuple* values = TRY(makeTupleUninitialised(thread, wanted->length));
  Set* seen = TRY(makeSet(thread, types.set, Value::unbound()));
  Value get = wanted->length == 0 ? Value::none() : TRY(getAttribute(thread, subject, names.get));
  Value missing = Value::of(TRY(makeList(thread, {})));  // a fresh object stands for "absent"
  for (uint64_t i = 0; i < wanted->length; i++) {
    Value key = wanted->items[i].get();
    if (TRY(setContains(thread, seen, key)))
      return raiseValueError(thread, "mapping pattern checks duplicate key ({})", strToUtf8(TRY(repr(thread, key))));
    TRY(setAdd(thread, seen, key));
    Value value = TRY(call(thread, get, key, missing));
    if (value.is(missing)) return Value::none();
    values->items[i] = value;
  }
  return Value::of(values);
}

namespace {

// Classes whose one positional sub-pattern is the subject itself.
bool matchesItself(const Type* type) {
  for (const Type* each : {types.bool_, types.bytearray, types.bytes, types.dict, types.float_, types.frozenset,
                           types.int_, types.list, types.set, types.str, types.tuple})
    if (isSubtype(type, each)) return true;
  return false;
}

}  // namespace

namespace {

// The names that __match_args__ gives the positional sub-patterns; None when the only one is the subject itself.
// Raises TypeError when there are too many.
Fallible<Value> positionalNames(Thread& thread, Type* type, uint32_t positional) {
  Value matchArgs = TRY(getAttributeOrUnbound(thread, Value::of(type), names.dunder_match_args));
  Tuple* attributes = matchArgs.isUnbound() ? nullptr : toTuple(matchArgs);
  if (!matchArgs.isUnbound() && attributes == nullptr)
    return raiseTypeError(thread, "{}.__match_args__ must be a tuple (got {})", strToUtf8(type->name),
                          nameOf(matchArgs));
  uint64_t allowed = attributes != nullptr ? attributes->length : matchesItself(type) ? 1 : 0;
  if (positional > allowed)
    return raiseTypeError(thread, "{}() accepts {} positional sub-pattern{} ({} given)", strToUtf8(type->name), allowed,
                          allowed == 1 ? "" : "s", positional);
  return attributes != nullptr ? Value::of(attributes) : Value::none();
}

}  // namespace

Fallible<Value> matchClass(Thread& thread, Value subject, Value type, Value names_, uint32_t positional) {
  if (!isKind(type, Kind::kType)) return raiseTypeError(thread, "called match pattern must be a type");
  if (!TRY(isInstance(thread, subject, type))) return Value::none();
  Tuple* keywords = names_.as<Tuple>();
  Tuple* attributes = nullptr;
  if (positional > 0) attributes = toTuple(TRY(positionalNames(thread, type.as<Type>(), positional)));
  if (positional + keywords->length == 0) return Value::of(emptyTuple());
  Tuple* found = TRY(makeTupleUninitialised(thread, positional + keywords->length));
  if (positional == 1 && attributes == nullptr) found->items[0] = subject;
  auto nameAt = [&](uint64_t i) -> Value {
    return i < positional ? attributes->items[i] : keywords->items[i - positional];
  };
  uint64_t first = attributes == nullptr ? positional : 0;
  for (uint64_t i = first; i < found->length; i++) {
    Value name = nameAt(i);
    if (toStr(name) == nullptr)
      return raiseTypeError(thread, "__match_args__ elements must be strings (got {})", nameOf(name));
    Str* attribute = TRY(intern(thread, toStr(name)));
    for (uint64_t k = first; k < i; k++)
      if (strEquals(toStr(nameAt(k)), attribute))
        return raiseTypeError(thread, "{}() got multiple sub-patterns for attribute {}",
                              strToUtf8(type.as<Type>()->name), strToUtf8(TRY(repr(thread, name))));
    Guarded<Value> cached = loadCachedAttribute(subject, attribute);
    Value value = cached.value;
    if (!cached.holds) {
      value = TRY(getAttributeOrUnbound(thread, subject, attribute));
      if (value.isUnbound()) return Value::none();
      rememberAttributeLoad(subject, attribute);
    }
    found->items[i] = value;
  }
  return Value::of(found);
}

Fallible<Value> printExpression(Thread& thread, Value value) {
  Value hook = TRY(dictGet(thread, runtime.sys, Value::of(names.displayhook)));
  if (hook.isUnbound()) return raise(thread, exceptions.RuntimeError, "lost sys.displayhook");
  return call(thread, hook, value);
}

}  // namespace krait
