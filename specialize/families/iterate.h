// FOR_ITER: each built-in iterator by its own step, generators by their frame. UNPACK_SEQUENCE: tuples and lists.
#pragma once
#include "specialize/families/operator_frame.h"
#include "vm/builtins/iterators_internal.h"
#include "vm/builtins/list.h"
#include "vm/builtins/set.h"
#include "vm/builtins/single_characters.h"
#include "vm/builtins/tuple.h"
#include "vm/resume_generator.h"

namespace krait {
namespace iteration {

  using Result = Transfer<0, 1, 0, 1, 0>;

  KRAIT_INLINE Guarded<Result> produced(Registers& r, Value element) {
    *r.sp++ = element;
    r.pc += kForIterUnits;
    return {{Next::kNext}, true};
  }
  KRAIT_INLINE Guarded<Result> exhausted(Registers& r) {
    r.sp--;
    r.pc += r.pc[1].offset;
    return {{Next::kNext}, true};
  }
  KRAIT_INLINE Guarded<Result> finished(Registers& r, Iterator* iterator) {
    iterator->source.set(Value::unbound());
    return exhausted(r);
  }
  // An iterator whose step may allocate or raise.
  KRAIT_INLINE Result deliver(Registers& r, Fallible<Value> element) {
    if (element.isRaised()) [[unlikely]]
      return {Next::kRaise};
    if (element.value().isUnbound()) return exhausted(r).value;
    return produced(r, element.value()).value;
  }
  KRAIT_INLINE void publish(Thread& thread, Registers& r) {
    thread.sp = r.sp;
    r.fp->pc = publishedPc(r.pc);
  }

  // The next live entry of a dict that nobody has resized meanwhile. Null: the end, or `holds` is false.
  KRAIT_INLINE const DictEntry* nextEntry(Iterator* iterator, bool& holds) {
    holds = true;
    if (iterator->isExhausted()) return nullptr;
    const Dict* dict = iterator->source.get().as<Dict>();
    holds = iterator->stop == static_cast<int64_t>(dict->length);
    const DictKeys* keys = dict->keys;
    if (!holds || keys == nullptr) return nullptr;
    uint64_t i = static_cast<uint64_t>(iterator->index), count = keys->entryCount;
    while (i < count && keys->entries[i].key.get().isUnbound()) i++;
    if (i >= count) return nullptr;
    holds = iterator->step != 0;  // "dictionary keys changed during iteration": the general way says it
    if (!holds) return nullptr;
    iterator->index = static_cast<int64_t>(i) + 1;
    iterator->step--;
    return &keys->entries[i];
  }

  // The steps that may allocate or run Python code. Spare: the pair is unpacked at once.
  enum class Pairs : bool { kFresh, kSpare };
  KRAIT_INLINE Fallible<Value> pairOf(Thread& thread, Iterator* iterator, Value first, Value second, Pairs pairs) {
    return pairs == Pairs::kSpare ? reusedPair(thread, iterator, first, second) : makePair(thread, first, second);
  }
  [[gnu::noinline]] inline Fallible<Value> nextItem(Thread& thread, Iterator* iterator, Pairs pairs) {
    bool holds;
    const DictEntry* entry = nextEntry(iterator, holds);
    if (entry != nullptr) return pairOf(thread, iterator, entry->key, entry->value, pairs);
    return iteratorNext(thread, iterator);  // the end, or RuntimeError
  }
  [[gnu::noinline]] inline Fallible<Value> nextCounted(Thread& thread, Iterator* iterator, Pairs pairs) {
    KRAIT_CHECK_NATIVE_STACK(thread, " while calling a Python object");
    Value item = TRY(nextOf(thread, iterator->source));
    if (item.isUnbound()) return item;
    Value count = TRY(advanceCount(thread, iterator));
    return pairOf(thread, iterator, count, item, pairs);
  }
  [[gnu::noinline]] inline Fallible<Value> nextZipped(Thread& thread, Iterator* iterator, Pairs pairs) {
    Tuple* iterators = iterator->source.get().as<Tuple>();
    if (iterators->length != 2) return advanceZip(thread, iterator);
    KRAIT_CHECK_NATIVE_STACK(thread, " while calling a Python object");
    Value first = TRY(nextOf(thread, iterators->items[0]));
    if (first.isUnbound()) return finishZip(thread, iterator, 0);
    Value second = TRY(nextOf(thread, iterators->items[1]));
    if (second.isUnbound()) return finishZip(thread, iterator, 1);
    return pairOf(thread, iterator, first, second, pairs);
  }
  // Both into the iterator's own pair, which there is.
  KRAIT_INLINE Guarded<Result> producedPair(Registers& r, Value pair, Value first, Value second) {
    pair.as<Tuple>()->items[0].set(first);
    pair.as<Tuple>()->items[1].set(second);
    return produced(r, pair);
  }
  // What the iterator of a list, a tuple or one-byte text gives next, when its index grows by one; unbound: its end, or
  // another iterator.
  KRAIT_INLINE Value peek(Value iterator) {
    const Iterator* it = iterator.as<Iterator>();
    if (isIterator(iterator, IteratorCode::kList)) [[likely]] {
      if (it->isExhausted()) return Value::unbound();
      const List* list = it->source.get().as<List>();
      uint64_t index = static_cast<uint64_t>(it->index);
      return index < list->length ? list->storage->slots[index] : Value::unbound();
    }
    if (isIterator(iterator, IteratorCode::kTuple)) {
      if (it->isExhausted()) return Value::unbound();
      const Tuple* tuple = it->source.get().as<Tuple>();
      uint64_t index = static_cast<uint64_t>(it->index);
      return index < tuple->length ? tuple->items[index].get() : Value::unbound();
    }
    if (!isIterator(iterator, IteratorCode::kStr) || it->isExhausted()) return Value::unbound();
    const Str* text = it->source.get().as<Str>();
    uint64_t index = static_cast<uint64_t>(it->index);
    if (index >= text->length || text->width != 1) return Value::unbound();
    const Str* character = singleCharacters[text->data()[index]];
    return character == nullptr ? Value::unbound() : Value::of(character);
  }

}  // namespace iteration

#define KRAIT_ITERATOR_GUARD(CODE) \
  KRAIT_INLINE static bool guard(Peek<1> iterator) { return isIterator(iterator.value, IteratorCode::CODE); }

template <>
struct Instr<ops::FOR_ITER_RANGE> {
  KRAIT_ITERATOR_GUARD(kRange)
  KRAIT_INLINE static Guarded<iteration::Result> run(Registers& r, Target) {
    Iterator* iterator = r.sp[-1].as<Iterator>();
    if (iterator->stop <= 0) return iteration::exhausted(r);
    if (!Value::fitsInlineInt(iterator->index)) [[unlikely]]
      return {{}, false};
    Value element = Value::inlineInt(iterator->index);
    iterator->index += iterator->step;
    iterator->stop--;
    return iteration::produced(r, element);
  }
};
template <>
struct Instr<ops::FOR_ITER_LIST> {
  KRAIT_ITERATOR_GUARD(kList)
  KRAIT_INLINE static Guarded<iteration::Result> run(Registers& r, Target) {
    Iterator* iterator = r.sp[-1].as<Iterator>();
    if (iterator->isExhausted()) [[unlikely]]
      return iteration::exhausted(r);
    const List* list = iterator->source.get().as<List>();
    uint64_t index = static_cast<uint64_t>(iterator->index);
    if (index >= list->length) return iteration::finished(r, iterator);
    iterator->index++;
    return iteration::produced(r, list->storage->slots[index]);
  }
};
template <>
struct Instr<ops::FOR_ITER_TUPLE> {
  KRAIT_ITERATOR_GUARD(kTuple)
  KRAIT_INLINE static Guarded<iteration::Result> run(Registers& r, Target) {
    Iterator* iterator = r.sp[-1].as<Iterator>();
    if (iterator->isExhausted()) [[unlikely]]
      return iteration::exhausted(r);
    const Tuple* tuple = iterator->source.get().as<Tuple>();
    uint64_t index = static_cast<uint64_t>(iterator->index);
    if (index >= tuple->length) return iteration::finished(r, iterator);
    iterator->index++;
    return iteration::produced(r, tuple->items[index].get());
  }
};
template <>
struct Instr<ops::FOR_ITER_DICT_KEYS> {
  KRAIT_ITERATOR_GUARD(kDictKey)
  KRAIT_INLINE static Guarded<iteration::Result> run(Registers& r, Target) {
    Iterator* iterator = r.sp[-1].as<Iterator>();
    bool holds;
    const DictEntry* entry = iteration::nextEntry(iterator, holds);
    if (entry != nullptr) [[likely]]
      return iteration::produced(r, entry->key);
    if (!holds) return {{}, false};
    return iteration::finished(r, iterator);
  }
};
template <>
struct Instr<ops::FOR_ITER_DICT_VALUES> {
  KRAIT_ITERATOR_GUARD(kDictValue)
  KRAIT_INLINE static Guarded<iteration::Result> run(Registers& r, Target) {
    Iterator* iterator = r.sp[-1].as<Iterator>();
    bool holds;
    const DictEntry* entry = iteration::nextEntry(iterator, holds);
    if (entry != nullptr) [[likely]]
      return iteration::produced(r, entry->value);
    if (!holds) return {{}, false};
    return iteration::finished(r, iterator);
  }
};
// What may allocate or run Python code is out of line; `fast` is what nearly every step of a loop is.
#define KRAIT_STEP_RUN(STEP)                                                        \
  KRAIT_INLINE static iteration::Result run(Thread& thread, Registers& r, Target) { \
    iteration::publish(thread, r);                                                  \
    return iteration::deliver(r, STEP);                                             \
  }
#define KRAIT_STEP_FORM(NAME, CODE, STEP) \
  template <>                             \
  struct Instr<ops::NAME> {               \
    KRAIT_ITERATOR_GUARD(CODE)            \
    KRAIT_STEP_RUN(STEP)                  \
  };
KRAIT_STEP_FORM(FOR_ITER_DICT_ITEMS, kDictItem,
                iteration::nextItem(thread, r.sp[-1].as<Iterator>(), iteration::Pairs::kFresh))
KRAIT_STEP_FORM(FOR_ITER_ENUMERATE, kEnumerate,
                iteration::nextCounted(thread, r.sp[-1].as<Iterator>(), iteration::Pairs::kFresh))
KRAIT_STEP_FORM(FOR_ITER_ZIP, kZip, iteration::nextZipped(thread, r.sp[-1].as<Iterator>(), iteration::Pairs::kFresh))
#undef KRAIT_STEP_FORM

template <>
struct Instr<ops::FOR_ITER_STR> {
  KRAIT_ITERATOR_GUARD(kStr)
  KRAIT_INLINE static Guarded<iteration::Result> fast(Registers& r, Target) {
    Iterator* iterator = r.sp[-1].as<Iterator>();
    if (iterator->isExhausted()) [[unlikely]]
      return {{}, false};
    const Str* text = iterator->source.get().as<Str>();
    uint64_t index = static_cast<uint64_t>(iterator->index);
    if (index >= text->length || text->width != 1) [[unlikely]]
      return {{}, false};
    const Str* character = singleCharacters[text->data()[index]];
    if (character == nullptr) [[unlikely]]
      return {{}, false};
    iterator->index++;
    return iteration::produced(r, Value::of(character));
  }
  KRAIT_STEP_RUN(iteratorNext(thread, r.sp[-1].as<Iterator>()))
};

template <>
struct Instr<ops::FOR_ITER_SET> {
  KRAIT_ITERATOR_GUARD(kSet)
  KRAIT_INLINE static Guarded<iteration::Result> fast(Registers& r, Target) {
    Iterator* iterator = r.sp[-1].as<Iterator>();
    if (iterator->isExhausted()) [[unlikely]]
      return {{}, false};
    const Set* set = iterator->source.get().as<Set>();
    const SetTable* table = set->table;
    if (table == nullptr || iterator->stop != static_cast<int64_t>(set->used)) [[unlikely]]
      return {{}, false};
    for (uint64_t i = static_cast<uint64_t>(iterator->index); i < table->size; i++) {
      if (!table->entries[i].isLive()) continue;
      iterator->index = static_cast<int64_t>(i) + 1;
      iterator->step--;
      return iteration::produced(r, table->entries[i].key);
    }
    return {{}, false};
  }
  KRAIT_STEP_RUN(iteratorNext(thread, r.sp[-1].as<Iterator>()))
};

// _UNPACKED: the next word unpacks the pair at once.
template <>
struct Instr<ops::FOR_ITER_DICT_ITEMS_UNPACKED> {
  KRAIT_ITERATOR_GUARD(kDictItem)
  KRAIT_INLINE static Guarded<iteration::Result> fast(Registers& r, Target) {
    Iterator* iterator = r.sp[-1].as<Iterator>();
    Value pair = iterator->extra;
    if (pair.isUnbound()) [[unlikely]]
      return {{}, false};
    bool holds;
    const DictEntry* entry = iteration::nextEntry(iterator, holds);
    if (entry == nullptr) [[unlikely]]
      return {{}, false};
    return iteration::producedPair(r, pair, entry->key, entry->value);
  }
  KRAIT_STEP_RUN(iteration::nextItem(thread, r.sp[-1].as<Iterator>(), iteration::Pairs::kSpare))
};
template <>
struct Instr<ops::FOR_ITER_ENUMERATE_UNPACKED> {
  KRAIT_ITERATOR_GUARD(kEnumerate)
  KRAIT_INLINE static Guarded<iteration::Result> fast(Registers& r, Target) {
    Iterator* iterator = r.sp[-1].as<Iterator>();
    Value source = iterator->source, pair = iterator->extra;
    Value element = iteration::peek(source);
    if (element.isUnbound() || !isKind(pair, Kind::kTuple) || !Value::fitsInlineInt(iterator->index)) [[unlikely]]
      return {{}, false};
    source.as<Iterator>()->index++;
    return iteration::producedPair(r, pair, Value::inlineInt(iterator->index++), element);
  }
  KRAIT_STEP_RUN(iteration::nextCounted(thread, r.sp[-1].as<Iterator>(), iteration::Pairs::kSpare))
};
template <>
struct Instr<ops::FOR_ITER_ZIP_UNPACKED> {
  KRAIT_ITERATOR_GUARD(kZip)
  KRAIT_INLINE static Guarded<iteration::Result> fast(Registers& r, Target) {
    Iterator* iterator = r.sp[-1].as<Iterator>();
    const Tuple* sources = iterator->source.get().as<Tuple>();
    Value pair = iterator->extra;
    if (sources->length != 2 || pair.isUnbound()) [[unlikely]]
      return {{}, false};
    Value left = sources->items[0], right = sources->items[1];
    Value first = iteration::peek(left), second = iteration::peek(right);
    if (first.isUnbound() || second.isUnbound() || left.is(right)) [[unlikely]]
      return {{}, false};
    left.as<Iterator>()->index++;
    right.as<Iterator>()->index++;
    return iteration::producedPair(r, pair, first, second);
  }
  KRAIT_STEP_RUN(iteration::nextZipped(thread, r.sp[-1].as<Iterator>(), iteration::Pairs::kSpare))
};
template <>
struct Instr<ops::FOR_ITER_ITERATOR> {  // any built-in one
  KRAIT_INLINE static bool guard(Peek<1> iterator) { return isKind(iterator.value, Kind::kIterator); }
  KRAIT_STEP_RUN(iteratorNext(thread, r.sp[-1].as<Iterator>()))
};
// The generator's frame is pushed; it comes back through YIELD_VALUE, or leaves the loop through RETURN_VALUE.
template <>
struct Instr<ops::FOR_ITER_GEN> {
  KRAIT_INLINE static bool guard(Peek<1> iterator) { return isExact(iterator.value, exactShapes.generator); }
  KRAIT_INLINE static Guarded<iteration::Result> run(Thread& thread, Registers& r, Target) {
    Value iterator = r.sp[-1];
    if (iterator.as<Generator>()->state == Generator::kFinished) [[unlikely]]
      return iteration::exhausted(r);
    return {{Next::kNext},
            resumeInline(thread, r, iterator, Value::none(), r.sp, Frame::kForIter, r.pc + kForIterUnits)};
  }
};
#undef KRAIT_STEP_RUN
#undef KRAIT_ITERATOR_GUARD

inline Observation observeIteration(Site site) {
  Value iterator = site.top();
  if (isExact(iterator, exactShapes.generator)) return ops::FOR_ITER_GEN;
  if (!isKind(iterator, Kind::kIterator)) return Failure::kOperandTypes;
  if (iterator.as<Iterator>()->flags & Iterator::kSubclassed) return ops::FOR_ITER_ITERATOR;
  Pc body = site.word + kForIterUnits;
  bool unpacksPair = baseOpAt(body) == Op::UNPACK_SEQUENCE && body[1].operand == 2;
  switch (iterator.as<Iterator>()->code()) {
    case IteratorCode::kRange: return ops::FOR_ITER_RANGE;
    case IteratorCode::kList: return ops::FOR_ITER_LIST;
    case IteratorCode::kTuple: return ops::FOR_ITER_TUPLE;
    case IteratorCode::kStr: return ops::FOR_ITER_STR;
    case IteratorCode::kSet: return ops::FOR_ITER_SET;
    case IteratorCode::kDictKey: return ops::FOR_ITER_DICT_KEYS;
    case IteratorCode::kDictValue: return ops::FOR_ITER_DICT_VALUES;
    case IteratorCode::kDictItem: return unpacksPair ? ops::FOR_ITER_DICT_ITEMS_UNPACKED : ops::FOR_ITER_DICT_ITEMS;
    case IteratorCode::kEnumerate: return unpacksPair ? ops::FOR_ITER_ENUMERATE_UNPACKED : ops::FOR_ITER_ENUMERATE;
    case IteratorCode::kZip:
      return unpacksPair && iterator.as<Iterator>()->source.get().as<Tuple>()->length == 2 ? ops::FOR_ITER_ZIP_UNPACKED
                                                                                           : ops::FOR_ITER_ZIP;
    default: return ops::FOR_ITER_ITERATOR;
  }
}

// --- UNPACK_SEQUENCE: [sequence] -> [last ... first] ---------------------------------------------------------------------
namespace iteration {

  inline constexpr int kUnpackUnits = kHeadUnits + kCacheUnits<InlineCache>;
  using Unpacked = Transfer<1, 0, -1>;

  KRAIT_INLINE Unpacked unpack(Registers& r, const Value* items, uint32_t count) {
    Value* out = r.sp - 1;
    for (uint32_t i = count; i > 0;) *out++ = items[--i];
    r.sp = out;
    r.pc += kUnpackUnits;
    return {Next::kNext};
  }

}  // namespace iteration

template <>
struct Instr<ops::UNPACK_SEQUENCE_TWO_TUPLE> {
  KRAIT_INLINE static bool guard(Value sequence) {
    return isKind(sequence, Kind::kTuple) && sequence.as<Tuple>()->length == 2;
  }
  KRAIT_INLINE static iteration::Unpacked run(Registers& r, Oparg) {
    const Tuple* tuple = r.sp[-1].as<Tuple>();
    Value first = tuple->items[0], second = tuple->items[1];
    r.sp[-1] = second;
    r.sp[0] = first;
    r.sp++;
    r.pc += iteration::kUnpackUnits;
    return {Next::kNext};
  }
};
template <>
struct Instr<ops::UNPACK_SEQUENCE_TUPLE> {
  KRAIT_INLINE static bool guard(Value sequence, Oparg count) {
    return isKind(sequence, Kind::kTuple) && sequence.as<Tuple>()->length == count.n;
  }
  KRAIT_INLINE static iteration::Unpacked run(Registers& r, Oparg count) {
    return iteration::unpack(r, r.sp[-1].as<Tuple>()->values().data(), count.n);
  }
};
template <>
struct Instr<ops::UNPACK_SEQUENCE_LIST> {
  KRAIT_INLINE static bool guard(Value sequence, Oparg count) {
    return isExact(sequence, exactShapes.list) && sequence.as<List>()->length == count.n;
  }
  KRAIT_INLINE static iteration::Unpacked run(Registers& r, Oparg count) {
    return iteration::unpack(r, r.sp[-1].as<List>()->values().data(), count.n);
  }
};

inline Observation observeUnpack(Site site) {
  Value sequence = site.top();
  Oparg count{site.oparg()};
  if (count.n == 2 && Instr<ops::UNPACK_SEQUENCE_TWO_TUPLE>::guard(sequence)) return ops::UNPACK_SEQUENCE_TWO_TUPLE;
  if (Instr<ops::UNPACK_SEQUENCE_TUPLE>::guard(sequence, count)) return ops::UNPACK_SEQUENCE_TUPLE;
  if (Instr<ops::UNPACK_SEQUENCE_LIST>::guard(sequence, count)) return ops::UNPACK_SEQUENCE_LIST;
  return Failure::kOperandTypes;
}

}  // namespace krait
