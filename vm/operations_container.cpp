// Items, lengths, membership and iteration of values of any type.
#include "vm/builtins/dict.h"
#include "vm/builtins/generator.h"
#include "vm/builtins/generic_alias.h"
#include "vm/builtins/int.h"
#include "vm/builtins/iterators.h"
#include "vm/builtins/list.h"
#include "vm/builtins/range.h"
#include "vm/builtins/set.h"
#include "vm/builtins/single_characters.h"
#include "vm/builtins/slice.h"
#include "vm/builtins/str.h"
#include "vm/builtins/tuple.h"
#include "vm/exact_shapes.h"
#include "vm/names.h"
#include "vm/operations.h"
#include "vm/operator_frames.h"

namespace krait {
namespace {

// An inline int as a position in a sequence of `length`; -1 when it lies outside.
KRAIT_INLINE int64_t position(Value key, uint64_t length) {
  int64_t i = key.asInlineInt();
  if (i < 0) i += static_cast<int64_t>(length);
  return static_cast<uint64_t>(i) < length ? i : -1;
}

// cls[parameters]
Fallible<Value> getClassItem(Thread& thread, Value container, Value key) {
  if (container.is(Value::of(types.type))) return makeGenericAlias(thread, container, key);
  Value method = TRY(getAttributeOrUnbound(thread, container, specialName(Special::k__class_getitem__)));
  if (method.isUnbound() || method.isNone())
    return raiseTypeError(thread, "type '{}' is not subscriptable", nameOf(container.as<Type>()));
  return call(thread, method, key);
}

}  // namespace

Fallible<Value> getItem(Thread& thread, Value container, Value key) {
  if (container.isCell()) [[likely]] {
    const Type* type = typeOf(container);
    switch (container.asCell()->kind) {
      case Kind::kList:
        if (key.isInlineInt() && type == types.list) {
          auto* list = container.as<List>();
          int64_t i = position(key, list->length);
          if (i >= 0) return list->storage->slots[i];
        }
        break;
      case Kind::kTuple:
        if (key.isInlineInt()) {
          auto* tuple = container.as<Tuple>();
          int64_t i = position(key, tuple->length);
          if (i >= 0) return tuple->items[i].get();
        }
        break;
      case Kind::kDict:
        if (type == types.dict) {
          Value found = TRY(dictGet(thread, container.as<Dict>(), key));
          if (!found.isUnbound()) [[likely]]
            return found;
          return raiseWithArgument(thread, exceptions.KeyError, key);
        }
        // defaultdict, Counter and their like: dict's own __getitem__.
        if (type->special(Special::k__getitem__).is(types.dict->special(Special::k__getitem__))) {
          Value found = TRY(dictGet(thread, container.as<Dict>(), key));
          if (!found.isUnbound()) [[likely]]
            return found;
          Value missing = type->special(Special::k__missing__);
          if (!missing.isUnbound()) return callSpecial(thread, missing, container, key);
          return raiseWithArgument(thread, exceptions.KeyError, key);
        }
        break;
      case Kind::kStr:
        if (key.isInlineInt()) {
          auto* text = container.as<Str>();
          int64_t i = position(key, text->length);
          if (i >= 0) return characterAt(thread, text, static_cast<uint64_t>(i));
        }
        break;
      default: break;
    }
  }
  Value method = specialMethod(container, Special::k__getitem__);
  if (!method.isUnbound()) [[likely]]
    return callSpecial(thread, method, container, key);
  if (isKind(container, Kind::kType) && method.isUnbound()) return getClassItem(thread, container, key);
  return raiseTypeError(thread, "'{}' object is not subscriptable", nameOf(container));
}

Fallible<void> setItem(Thread& thread, Value container, Value key, Value value) {
  if (container.isCell()) [[likely]] {
    if (container.asCell()->kind == Kind::kList && key.isInlineInt() && typeOf(container) == types.list) {
      auto* list = container.as<List>();
      int64_t i = position(key, list->length);
      if (i >= 0) {
        list->storage->slots[i] = value;
        return {};
      }
    } else if (container.asCell()->kind == Kind::kDict &&
               typeOf(container)->special(Special::k__setitem__).is(types.dict->special(Special::k__setitem__))) {
      return dictSet(thread, container.as<Dict>(), key, value);
    }
  }
  Value method = specialMethod(container, Special::k__setitem__);
  if (method.isUnbound()) {
    // A sequence's index is converted before it turns out that there is nothing to assign to.
    bool isSequence = !specialMethod(container, Special::k__len__).isUnbound() && isInt(key);
    if (isSequence) TRY(indexAsInt64(thread, key, exceptions.IndexError));
    return raiseTypeError(thread, "'{}' object does not support item assignment", nameOf(container));
  }
  TRY(callSpecial(thread, method, container, key, value));
  return {};
}

Fallible<void> deleteItem(Thread& thread, Value container, Value key) {
  if (isKind(container, Kind::kDict) && typeOf(container) == types.dict) {
    if (TRY(dictDelete(thread, container.as<Dict>(), key))) return {};
    return raiseWithArgument(thread, exceptions.KeyError, key);
  }
  Value method = specialMethod(container, Special::k__delitem__);
  if (method.isUnbound()) {
    // CPython says it in one way for an index into a sequence and in another for everything else.
    bool hasIndex = isInt(key) || !specialMethod(key, Special::k__index__).isUnbound();
    bool isSequence = !specialMethod(container, Special::k__len__).isUnbound() ||
                      (typeOf(container)->typeFlags & Type::kHeapType) != 0;
    return raiseTypeError(thread, "'{}' object {} support item deletion", nameOf(container),
                          hasIndex && isSequence ? "doesn't" : "does not");
  }
  TRY(callSpecial(thread, method, container, key));
  return {};
}

Fallible<bool> contains(Thread& thread, Value container, Value element) {
  if (container.isCell()) {
    const Type* type = typeOf(container);
    if (type == types.dict) return dictContains(thread, container.as<Dict>(), element);
    if (type == types.set || type == types.frozenset) {
      if (!isKind(element, Kind::kSet)) return setContains(thread, container.as<Set>(), element);
    } else if (type == types.tuple) {
      auto* tuple = container.as<Tuple>();
      for (uint64_t i = 0; i < tuple->length; i++)
        if (TRY(equals(thread, tuple->items[i], element))) return true;
      return false;
    } else if (type == types.list) {
      auto* list = container.as<List>();
      for (uint64_t i = 0; i < list->length; i++)
        if (TRY(equals(thread, list->storage->slots[i], element))) return true;
      return false;
    }
  }
  Value method = specialMethod(container, Special::k__contains__);
  if (method.isNone()) return raiseTypeError(thread, "'{}' object is not a container", nameOf(container));
  if (!method.isUnbound()) return isTrue(thread, TRY(callSpecial(thread, method, container, element)));
  Fallible<Value> iterator = iterate(thread, container);
  if (iterator.isRaised()) {
    if (!pendingMatches(thread, exceptions.TypeError)) return Raised{};
    clearException(thread);
    return raiseTypeError(thread, "argument of type '{}' is not iterable", nameOf(container));
  }
  for (uint32_t steps = 1;; steps++) {
    Value v = TRY(next(thread, iterator.value()));
    if (v.isUnbound()) return false;
    if (TRY(equals(thread, v, element))) return true;
    if ((steps & 0xfff) == 0) TRY(pollEvalBreaker(thread));
  }
}

// --- length -----------------------------------------------------------------------------------------------------------
namespace {

Fallible<int64_t> checkLength(Thread& thread, Value result, const char* method) {
  if (result.isInlineInt() && result.asInlineInt() >= 0) [[likely]]
    return result.asInlineInt();
  Value number = TRY(index(thread, result));
  if (intCompare(number, Value::inlineInt(0)) < 0) return raiseValueError(thread, "{}() should return >= 0", method);
  std::optional<int64_t> small = toInt64(number);
  if (!small)
    return raiseFormat(thread, exceptions.OverflowError, "cannot fit '{}' into an index-sized integer", nameOf(result));
  return *small;
}

}  // namespace

Fallible<int64_t> length(Thread& thread, Value v) {
  if (v.isCell()) {
    const Type* type = typeOf(v);
    if (type == types.list) return static_cast<int64_t>(v.as<List>()->length);
    if (type == types.tuple) return static_cast<int64_t>(v.as<Tuple>()->length);
    if (type == types.str) return static_cast<int64_t>(v.as<Str>()->length);
    if (type == types.dict) return static_cast<int64_t>(v.as<Dict>()->length);
  }
  Value method = specialMethod(v, Special::k__len__);
  if (method.isUnbound()) return raiseTypeError(thread, "object of type '{}' has no len()", nameOf(v));
  return checkLength(thread, TRY(callSpecial(thread, method, v)), "__len__");
}

Fallible<bool> answerOf(Thread& thread, uint16_t flags, Value& value) {
  if (Answer plain = plainAnswer(flags, value); plain.holds) return plain.truth;
  if (flags & kAnswersLength) {
    int64_t known = TRY(checkLength(thread, value, "__len__"));
    value = TRY(makeInt(thread, known));
    return known != 0;
  }
  if (!(flags & kAnswersJump)) return isTrue(thread, value);
  return raiseTypeError(thread, "__bool__ should return bool, returned {}", nameOf(value));
}

Fallible<int64_t> lengthHint(Thread& thread, Value v, int64_t defaultValue) {
  if (!specialMethod(v, Special::k__len__).isUnbound()) {
    Fallible<int64_t> known = length(thread, v);
    if (!known.isRaised()) return known;
    if (!pendingMatches(thread, exceptions.TypeError)) return Raised{};
    clearException(thread);
  }
  Value method = specialMethod(v, Special::k__length_hint__);
  if (method.isUnbound()) return defaultValue;
  Fallible<Value> hint = callSpecial(thread, method, v);
  if (hint.isRaised()) {
    if (!pendingMatches(thread, exceptions.TypeError)) return Raised{};
    clearException(thread);
    return defaultValue;
  }
  if (hint.value().isNotImplemented()) return defaultValue;
  if (!isInt(hint.value()))
    return raiseTypeError(thread, "__length_hint__ must be an integer, not {}", nameOf(hint.value()));
  return checkLength(thread, hint.value(), "__length_hint__");
}

// --- iteration --------------------------------------------------------------------------------------------------------
bool isIterator(Value v) { return !specialMethod(v, Special::k__next__).isUnbound(); }

// What exact instances of the commonest built-in classes are iterated by: their __iter__ cannot have been replaced.
// Unbound: ask the class.
KRAIT_INLINE static Fallible<Value> iterateBuiltin(Thread& thread, Value iterable) {
  if (!iterable.isCell()) return Value::unbound();
  switch (iterable.asCell()->kind) {
    case Kind::kTuple: return makeIterator(thread, types.tupleIterator, iterable);
    case Kind::kRange: return makeIterator(thread, types.rangeIterator, iterable);
    case Kind::kStr: return makeIterator(thread, types.strIterator, iterable);
    case Kind::kList:
      if (!isExact(iterable, exactShapes.list)) return Value::unbound();
      return makeIterator(thread, types.listIterator, iterable);
    case Kind::kDict:
      if (!isExact(iterable, exactShapes.dict)) return Value::unbound();
      return makeIterator(thread, types.dictKeyIterator, iterable);
    case Kind::kSet:
      if (!isExact(iterable, exactShapes.set) && !isExact(iterable, exactShapes.frozenset)) return Value::unbound();
      return makeIterator(thread, types.setIterator, iterable);
    case Kind::kIterator: return iterable.as<Iterator>()->flags & Iterator::kSubclassed ? Value::unbound() : iterable;
    case Kind::kGenerator: return isExact(iterable, exactShapes.generator) ? iterable : Value::unbound();
    default: return Value::unbound();
  }
}

Fallible<Value> iterate(Thread& thread, Value iterable) {
  if (Value iterator = TRY(iterateBuiltin(thread, iterable)); !iterator.isUnbound()) return iterator;
  Value method = specialMethod(iterable, Special::k__iter__);
  if (!method.isUnbound() && !method.isNone()) [[likely]] {
    Value iterator = TRY(callSpecial(thread, method, iterable));
    if (isIterator(iterator)) [[likely]]
      return iterator;
    return raiseTypeError(thread, "iter() returned non-iterator of type '{}'", nameOf(iterator));
  }
  // The old protocol: indices from 0 until IndexError.
  if (method.isUnbound() && !isKind(iterable, Kind::kDict) &&
      !specialMethod(iterable, Special::k__getitem__).isUnbound())
    return makeIterator(thread, types.sequenceIterator, iterable);
  return raiseTypeError(thread, "'{}' object is not iterable", nameOf(iterable));
}

Fallible<Value> next(Thread& thread, Value iterator) {
  if (isKind(iterator, Kind::kIterator)) [[likely]]
    return iteratorNext(thread, iterator.as<Iterator>());
  if (isExact(iterator, exactShapes.generator)) {
    Value returned;  // nobody asks for it
    return resumeGenerator(thread, iterator.as<Generator>(), Value::none(), returned);
  }
  Value method = specialMethod(iterator, Special::k__next__);
  if (method.isUnbound()) return raiseTypeError(thread, "'{}' object is not an iterator", nameOf(iterator));
  Fallible<Value> value = Raised{};
  if (isKind(method, Kind::kBuiltin) && method.as<Builtin>()->signature == Builtin::kNext &&
      acceptsSelf(method.as<Builtin>(), iterator)) [[likely]]
    value = reinterpret_cast<Native1>(method.as<Builtin>()->function)(thread, iterator);
  else
    value = callSpecial(thread, method, iterator);
  if (!value.isRaised() || !pendingMatches(thread, exceptions.StopIteration)) return value;
  clearException(thread);
  return Value::unbound();
}

}  // namespace krait
