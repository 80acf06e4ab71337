// What the files of the iterators share among themselves.
#pragma once
#include <cstring>

#include "vm/builtins/iterators.h"
#include "vm/builtins/list.h"
#include "vm/builtins/pair.h"

namespace krait {

// A built-in iterator of this kind, and no instance of a subclass: kind, flags and code are one half of the header.
KRAIT_INLINE bool isIterator(Value v, IteratorCode code) {
  static_assert(offsetof(Cell, kind) == 4 && offsetof(Cell, flags) == 5 && offsetof(Cell, aux) == 6);
  if (!v.isCell()) return false;
  uint32_t half;
  std::memcpy(&half, reinterpret_cast<const char*>(v.asCell()) + offsetof(Cell, kind), sizeof half);
  return half == (static_cast<uint32_t>(Kind::kIterator) | static_cast<uint32_t>(code) << 16);
}
// next(iterator), with the commonest ones inline: unbound at the end.
KRAIT_INLINE Fallible<Value> nextOf(Thread& thread, Value iterator) {
  if (isIterator(iterator, IteratorCode::kList)) [[likely]] {
    Iterator* it = iterator.as<Iterator>();
    if (!it->isExhausted()) {
      const List* list = it->source.get().as<List>();
      if (static_cast<uint64_t>(it->index) < list->length) return list->storage->slots[it->index++];
    }
  } else if (isIterator(iterator, IteratorCode::kTuple)) {
    Iterator* it = iterator.as<Iterator>();
    if (!it->isExhausted()) {
      const Tuple* tuple = it->source.get().as<Tuple>();
      if (static_cast<uint64_t>(it->index) < tuple->length) return tuple->items[it->index++].get();
    }
  } else if (isIterator(iterator, IteratorCode::kRange)) {
    Iterator* it = iterator.as<Iterator>();
    if (it->stop > 0 && Value::fitsInlineInt(it->index)) {
      Value element = Value::inlineInt(it->index);
      it->index = static_cast<int64_t>(static_cast<uint64_t>(it->index) + static_cast<uint64_t>(it->step));
      it->stop--;
      return element;
    }
  }
  return next(thread, iterator);
}

// A dict's item, enumerate's or zip's pair for a loop that unpacks it at once, before anything else can see it: the
// iterator's `extra` keeps one tuple for all of them. An enumerate with a huge count keeps that there instead.
KRAIT_INLINE Fallible<Value> reusedPair(Thread& thread, Iterator* iterator, Value first, Value second) {
  Value kept = iterator->extra;
  if (isKind(kept, Kind::kTuple)) [[likely]] {
    Tuple* pair = kept.as<Tuple>();
    pair->items[0].set(first);
    pair->items[1].set(second);
    return kept;
  }
  Value made = TRY(makePair(thread, first, second));
  if (kept.isUnbound()) iterator->extra.set(made);
  return made;
}

// A blank Iterator of a built-in type or of a class derived from it.
Fallible<Iterator*> allocateIterator(Thread& thread, Type* type, Type* builtin, IteratorCode code, Value source);
// The __next__ that the built-in type itself has, whatever a subclass defines.
Fallible<Value> advance(Thread& thread, Iterator* iterator);
Fallible<Value> advanceEnumerate(Thread& thread, Iterator* iterator);
// The count that goes with an enumerate's next item.
Fallible<Value> advanceCount(Thread& thread, Iterator* iterator);
Fallible<Value> advanceZip(Thread& thread, Iterator* iterator);
// zip has come to the end of its iterator number `ended`: strict ones must all be there.
Fallible<Value> finishZip(Thread& thread, Iterator* iterator, uint64_t ended);
Fallible<Value> advanceMap(Thread& thread, Iterator* iterator);
Fallible<Value> advanceFilter(Thread& thread, Iterator* iterator);
// Those of the modules itertools and _collections.
Fallible<Value> advanceItertool(Thread& thread, Iterator* iterator);
Fallible<Value> advanceDeque(Thread& thread, Iterator* iterator);
Fallible<Value> advanceOrderedDict(Thread& thread, Iterator* iterator);
// getItem(source, i) where IndexError and StopIteration mean the end (unbound).
Fallible<Value> itemOrEnd(Thread& thread, Value source, int64_t i);

// Methods that several of the types have.
Fallible<Value> iteratorSelf(Thread& thread, Value self);
Fallible<Value> iteratorNextMethod(Thread& thread, Value self);
Fallible<Value> iteratorLengthHint(Thread& thread, Value self);
Fallible<Value> iteratorReduce(Thread& thread, Value self);
Fallible<Value> iteratorSetState(Thread& thread, Value self, Value state);

void initialiseAdaptors(Thread& thread);

}  // namespace krait
