// FOR_ITER: each built-in iterator by its own step, generators by their frame. UNPACK_SEQUENCE: tuples and lists.
#pragma once
#include "specialize/families/operator_frame.h"
#include "vm/builtins/generator.h"
#include "vm/builtins/iterators_internal.h"
#include "vm/builtins/list.h"
#include "vm/builtins/single_characters.h"
#include "vm/builtins/tuple.h"

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

  // How a pair is made: a fresh tuple, or the iterator's own.
  inline constexpr auto freshPair =
      [](Thread & thread, Iterator*, Value first, Value second) __attribute__((always_inline)) {
    return makePair(thread, first, second);
  };
  inline constexpr auto sparePair =
      [](Thread & thread, Iterator* iterator, Value first, Value second) __attribute__((always_inline)) {
    return reusedPair(thread, iterator, first, second);
  };
  template <class Pair>
  KRAIT_INLINE Guarded<Result> nextItem(Thread& thread, Registers& r, Pair pair) {
    Iterator* iterator = r.sp[-1].as<Iterator>();
    bool holds;
    const DictEntry* entry = nextEntry(iterator, holds);
    if (entry == nullptr) {
      if (!holds) return {{}, false};
      iterator->extra.set(Value::unbound());
      return finished(r, iterator);
    }
    publish(thread, r);
    return {deliver(r, pair(thread, iterator, entry->key, entry->value)), true};
  }
  template <class Pair>
  KRAIT_INLINE Guarded<Result> nextCounted(Thread& thread, Registers& r, Pair pair) {
    Iterator* iterator = r.sp[-1].as<Iterator>();
    publish(thread, r);
    Fallible<Value> item = nextOf(thread, iterator->source);
    if (item.isRaised() || item.value().isUnbound()) return {deliver(r, item), true};
    Value count = Value::inlineInt(iterator->index);
    if (Value::fitsInlineInt(iterator->index) && !isKind(iterator->extra, Kind::kInt)) [[likely]] {
      iterator->index++;
    } else {
      Fallible<Value> large = advanceCount(thread, iterator);
      if (large.isRaised()) return {{Next::kRaise}, true};
      count = large.value();
    }
    return {deliver(r, pair(thread, iterator, count, item.value())), true};
  }
  template <class Pair>
  KRAIT_INLINE Guarded<Result> nextZipped(Thread& thread, Registers& r, Pair pair) {
    Iterator* iterator = r.sp[-1].as<Iterator>();
    Tuple* iterators = iterator->source.get().as<Tuple>();
    if (iterators->length != 2) [[unlikely]]
      return {{}, false};
    publish(thread, r);
    Fallible<Value> first = nextOf(thread, iterators->items[0]);
    if (first.isRaised()) return {{Next::kRaise}, true};
    if (first.value().isUnbound()) return {deliver(r, finishZip(thread, iterator, 0)), true};
    Fallible<Value> second = nextOf(thread, iterators->items[1]);
    if (second.isRaised()) return {{Next::kRaise}, true};
    if (second.value().isUnbound()) return {deliver(r, finishZip(thread, iterator, 1)), true};
    return {deliver(r, pair(thread, iterator, first.value(), second.value())), true};
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
struct Instr<ops::FOR_ITER_STR> {
  KRAIT_ITERATOR_GUARD(kStr)
  static iteration::Result run(Thread& thread, Registers& r, Target) {
    Iterator* iterator = r.sp[-1].as<Iterator>();
    if (iterator->isExhausted()) return iteration::exhausted(r).value;
    const Str* text = iterator->source.get().as<Str>();
    uint64_t index = static_cast<uint64_t>(iterator->index);
    if (index >= text->length) return iteration::finished(r, iterator).value;
    iteration::publish(thread, r);
    iterator->index++;
    return iteration::deliver(r, characterAt(thread, text, index));
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
// _UNPACKED: the next word unpacks the pair at once.
#define KRAIT_PAIR_FORM(NAME, CODE, STEP, PAIR)                                   \
  template <>                                                                     \
  struct Instr<ops::NAME> {                                                       \
    KRAIT_ITERATOR_GUARD(CODE)                                                    \
    static Guarded<iteration::Result> run(Thread& thread, Registers& r, Target) { \
      return iteration::STEP(thread, r, iteration::PAIR);                         \
    }                                                                             \
  };
KRAIT_PAIR_FORM(FOR_ITER_DICT_ITEMS, kDictItem, nextItem, freshPair)
KRAIT_PAIR_FORM(FOR_ITER_DICT_ITEMS_UNPACKED, kDictItem, nextItem, sparePair)
KRAIT_PAIR_FORM(FOR_ITER_ENUMERATE, kEnumerate, nextCounted, freshPair)
KRAIT_PAIR_FORM(FOR_ITER_ENUMERATE_UNPACKED, kEnumerate, nextCounted, sparePair)
KRAIT_PAIR_FORM(FOR_ITER_ZIP_UNPACKED, kZip, nextZipped, sparePair)
#undef KRAIT_PAIR_FORM
template <>
struct Instr<ops::FOR_ITER_ZIP> {
  KRAIT_ITERATOR_GUARD(kZip)
  static iteration::Result run(Thread& thread, Registers& r, Target) {
    iteration::publish(thread, r);
    return iteration::deliver(r, advanceZip(thread, r.sp[-1].as<Iterator>()));
  }
};
template <>
struct Instr<ops::FOR_ITER_ITERATOR> {  // any built-in one
  KRAIT_INLINE static bool guard(Peek<1> iterator) { return isKind(iterator.value, Kind::kIterator); }
  static iteration::Result run(Thread& thread, Registers& r, Target) {
    iteration::publish(thread, r);
    return iteration::deliver(r, iteratorNext(thread, r.sp[-1].as<Iterator>()));
  }
};
// The generator's frame is pushed; it comes back through YIELD_VALUE, or leaves the loop through RETURN_VALUE.
template <>
struct Instr<ops::FOR_ITER_GEN> {
  KRAIT_INLINE static bool guard(Peek<1> iterator) { return isExact(iterator.value, exactShapes.generator); }
  KRAIT_INLINE static Guarded<iteration::Result> run(Thread& thread, Registers& r, Target) {
    Value iterator = r.sp[-1];
    Generator* generator = iterator.as<Generator>();
    if (generator->state > Generator::kSuspended) [[unlikely]]
      return generator->state == Generator::kFinished ? iteration::exhausted(r) : Guarded<iteration::Result>{{}, false};
    Code* code = generator->code;
    const PreparedCode* prepared = code->prepared;
    Value* locals = r.sp;
    if (locals + prepared->frameWords + kFrameWords > thread.stackLimit || thread.recursionRemaining <= 0) [[unlikely]]
      return {{}, false};
    FrameObject* object = generator->frameObject;
    if (object != nullptr) [[unlikely]]
      return {{}, false};
    thread.recursionRemaining--;
    const Value* saved = generator->saved->slots;
    uint32_t localCount = prepared->localCount;
    for (const Value* end = saved + localCount; saved != end;) *locals++ = *saved++;
    Frame* frame = reinterpret_cast<Frame*>(locals);
    frame->previous = r.fp;
    frame->pc = generator->pc;
    frame->result = r.sp;
    frame->function = generator->function;
    frame->code = code;
    frame->locals = iterator;
    frame->object = nullptr;
    frame->localCount = localCount;
    frame->flags = Frame::kGenerator | Frame::kForIter;
    Value* sp = frame->stackBase();
    for (const Value* end = saved + generator->savedDepth; saved != end;) *sp++ = *saved++;
    *sp++ = Value::none();
    generator->state = Generator::kRunning;
    generator->handled.previous = thread.handled;
    thread.handled = &generator->handled;
    thread.frame = frame;
    r.fp->pc = r.pc + kForIterUnits;
    r.fp = frame;
    r.sp = sp;
    r.pc = generator->pc;
    return {{Next::kNext}, true};
  }
};
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
