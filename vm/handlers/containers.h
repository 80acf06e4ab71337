// Handlers that build, unpack and match containers and text.
#pragma once
#include "vm/builtins/dict.h"
#include "vm/builtins/list.h"
#include "vm/builtins/set.h"
#include "vm/builtins/slice.h"
#include "vm/builtins/tuple.h"
#include "vm/exact_shapes.h"
#include "vm/semantics.h"

namespace krait {

template <>
struct Instr<Op::BUILD_TUPLE> {
  static Fallible<Value> run(Thread& thread, Values items) {
    return Value::of(TRY(makeTuple(thread, std::span<const Value>(items.first, items.count))));
  }
};
template <>
struct Instr<Op::BUILD_LIST> {
  static Fallible<Value> run(Thread& thread, Values items) {
    return Value::of(TRY(makeList(thread, std::span<const Value>(items.first, items.count))));
  }
};
template <>
struct Instr<Op::BUILD_SET> {
  static Fallible<Value> run(Thread& thread, Values items) { return buildSet(thread, items.first, items.count); }
};
template <>
struct Instr<Op::BUILD_MAP> {
  static Fallible<Value> run(Thread& thread, ValuesOf<2> pairs) {
    return buildMap(thread, pairs.first, pairs.count / 2);
  }
};
template <>
struct Instr<Op::BUILD_CONST_KEY_MAP> {
  static Fallible<Value> run(Thread& thread, Values values, Value keys) {
    return buildConstKeyMap(thread, values.first, values.count, keys);
  }
};
template <>
struct Instr<Op::BUILD_STRING> {
  static Fallible<Value> run(Thread& thread, Values parts) { return buildString(thread, parts.first, parts.count); }
};
template <>
struct Instr<Op::BUILD_SLICE> {
  // oparg is 2 or 3
  KRAIT_INLINE static Fallible<Value> run(Thread& thread, Values parts) {
    Slice* slice = TRY(allocate<Slice>(thread, Kind::kSlice, types.slice->instanceShape));
    slice->start.set(parts.first[0]);
    slice->stop.set(parts.first[1]);
    slice->step.set(parts.count == 3 ? parts.first[2] : Value::none());
    return Value::of(slice);
  }
};
template <>
struct Instr<Op::FORMAT_VALUE> {
  static Fallible<Value> run(Thread& thread, Value value, FlagValue<4> specification, Oparg flags) {
    return formatValue(thread, value, specification.value, flags.n & 3);
  }
};
template <>
struct Instr<Op::LIST_TO_TUPLE> {
  static Fallible<Value> run(Thread& thread, Value list) {
    return Value::of(TRY(makeTuple(thread, list.as<List>()->values())));
  }
};
// The container lies oparg below what is popped: its place is an argument, so these read the stack through Registers.
#define KRAIT_ADD_BELOW(name, POPS, STATEMENT)                                \
  template <>                                                                 \
  struct Instr<Op::name> {                                                    \
    KRAIT_INLINE static Transfer<POPS, 0> run(Thread& thread, Registers& r) { \
      Value* sp = r.sp - POPS;                                                \
      Value container = sp[-static_cast<int32_t>(r.pc[1].operand)];           \
      thread.sp = r.sp;                                                       \
      r.fp->pc = publishedPc(r.pc);                                           \
      if ((STATEMENT).isRaised()) [[unlikely]]                                \
        return {Next::kRaise};                                                \
      r.sp = sp;                                                              \
      r.pc += kHeadUnits;                                                     \
      return {Next::kNext};                                                   \
    }                                                                         \
  };
KRAIT_ADD_BELOW(LIST_APPEND, 1, listAppend(thread, container.as<List>(), sp[0]))
KRAIT_ADD_BELOW(SET_ADD, 1, setAdd(thread, container.as<Set>(), sp[0]))
KRAIT_ADD_BELOW(MAP_ADD, 2, dictSet(thread, container.as<Dict>(), sp[0], sp[1]))
KRAIT_ADD_BELOW(LIST_EXTEND, 1, listExtendUnpack(thread, container, sp[0]))
KRAIT_ADD_BELOW(SET_UPDATE, 1, setUpdate(thread, container.as<Set>(), sp[0]))
KRAIT_ADD_BELOW(DICT_UPDATE, 1, dictUpdateUnpack(thread, container, sp[0]))
// The callee, for the message, lies two below the dict: [callee, positional, dict ... mapping].
KRAIT_ADD_BELOW(DICT_MERGE, 1,
                dictMergeUnpack(thread, container, sp[0], (&sp[-static_cast<int32_t>(r.pc[1].operand)])[-2]))
#undef KRAIT_ADD_BELOW

template <>
struct Instr<Op::UNPACK_SEQUENCE> {
  using Cache = InlineCache;
  static constexpr int kUnits = kHeadUnits + kCacheUnits<Cache>;
  KRAIT_INLINE static Transfer<1, 0, -1> run(Thread& thread, Registers& r, Oparg count) {
    Value sequence = r.sp[-1];
    if (count.n == 2 && isExact(sequence, exactShapes.tuple) && sequence.as<Tuple>()->length == 2) [[likely]] {
      Tuple* tuple = sequence.as<Tuple>();
      r.sp[-1] = tuple->items[1].get();
      r.sp[0] = tuple->items[0].get();
      r.sp++;
      r.pc += kUnits;
      return {Next::kNext};
    }
    thread.sp = r.sp;
    r.fp->pc = publishedPc(r.pc);
    if (unpackSequence(thread, sequence, count.n, r.sp - 1).isRaised()) [[unlikely]]
      return {Next::kRaise};
    r.sp += static_cast<int32_t>(count.n) - 1;
    r.pc += kUnits;
    return {Next::kNext};
  }
};
template <>
struct Instr<Op::UNPACK_EX> {
  static constexpr bool kUnpacksEx = true;
  KRAIT_INLINE static Transfer<1, 0> run(Thread& thread, Registers& r, Oparg counts) {
    thread.sp = r.sp;
    r.fp->pc = publishedPc(r.pc);
    uint32_t before = counts.n & 0xff, after = counts.n >> 8;
    if (unpackEx(thread, r.sp[-1], before, after, r.sp - 1).isRaised()) [[unlikely]]
      return {Next::kRaise};
    r.sp += before + after;
    r.pc += kHeadUnits;
    return {Next::kNext};
  }
};

// --- patterns
// ---------------------------------------------------------------------------------------------------------
template <>
struct Instr<Op::GET_LEN> {
  static Fallible<Value> run(Thread& thread, Peek<1> subject) {
    return Value::inlineInt(TRY(length(thread, subject.value)));
  }
};
template <>
struct Instr<Op::MATCH_MAPPING> {
  static Value run(Peek<1> subject) { return Value::boolean(typeOf(subject.value)->typeFlags & Type::kMappingPattern); }
};
template <>
struct Instr<Op::MATCH_SEQUENCE> {
  static Value run(Peek<1> subject) {
    return Value::boolean(typeOf(subject.value)->typeFlags & Type::kSequencePattern);
  }
};
template <>
struct Instr<Op::MATCH_KEYS> {
  static Fallible<Value> run(Thread& thread, Peek<2> subject, Peek<1> keys) {
    return matchKeys(thread, subject.value, keys.value);
  }
};
template <>
struct Instr<Op::MATCH_CLASS> {
  static Fallible<Value> run(Thread& thread, Value subject, Value type, Value names, Oparg positional) {
    return matchClass(thread, subject, type, names, positional.n);
  }
};

}  // namespace krait
