// Handlers that move values: locals, constants, the evaluation stack, cells.
#pragma once
#include "vm/semantics.h"

namespace krait {

template <>
struct Instr<Op::NOP> {
  KRAIT_INLINE static Nothing run() { return {}; }
};
// Folded away by prepare(); in the one-to-one form they have already done their work there.
template <>
struct Instr<Op::CACHE> {
  KRAIT_INLINE static Nothing run() { return {}; }
};
template <>
struct Instr<Op::EXTENDED_ARG> {
  KRAIT_INLINE static Nothing run() { return {}; }
};
template <>
struct Instr<Op::PRECALL> {
  KRAIT_INLINE static Nothing run() { return {}; }
};
template <>
struct Instr<Op::KW_NAMES> {
  KRAIT_INLINE static Nothing run() { return {}; }
};

template <>
struct Instr<Op::LOAD_CONST> {
  KRAIT_INLINE static Value run(Const constant) { return constant.value; }
};
template <>
struct Instr<Op::LOAD_FAST> {
  KRAIT_INLINE static Defined<Value> run(Local local) { return {*local.slot}; }
};
template <>
struct Instr<Op::STORE_FAST> {
  KRAIT_INLINE static Nothing run(Local local, Value value) {
    *local.slot = value;
    return {};
  }
};
template <>
struct Instr<Op::DELETE_FAST> {
  static Fallible<Nothing> run(Thread& thread, Frame* frame, Local local) {
    if (local.slot->isUnbound()) TRY(raiseUnboundSlot(thread, frame, local.slot));
    *local.slot = Value::unbound();
    return Nothing{};
  }
};
template <>
struct Instr<Op::POP_TOP> {
  KRAIT_INLINE static Nothing run(Value) { return {}; }
};
template <>
struct Instr<Op::PUSH_NULL> {
  KRAIT_INLINE static Value run() { return Value::unbound(); }
};
// COPY and SWAP reach below the inputs: they are the two instructions whose place on the stack is an argument.
template <>
struct Instr<Op::COPY> {
  KRAIT_INLINE static Transfer<0, 1> run(Registers& r) {
    Value v = r.sp[-static_cast<int32_t>(r.pc[1].operand)];
    *r.sp++ = v;
    r.pc += kHeadUnits;
    return {Next::kNext};
  }
};
template <>
struct Instr<Op::SWAP> {
  KRAIT_INLINE static Transfer<0, 0> run(Registers& r) {
    Value& below = r.sp[-static_cast<int32_t>(r.pc[1].operand)];
    Value top = r.sp[-1];
    r.sp[-1] = below;
    below = top;
    r.pc += kHeadUnits;
    return {Next::kNext};
  }
};

// --- cells
// ------------------------------------------------------------------------------------------------------------
template <>
struct Instr<Op::MAKE_CELL> {
  KRAIT_INLINE static Fallible<Nothing> run(Thread& thread, Local local) {
    Cellvar* cell = TRY(makeCellvar(thread, *local.slot));
    *local.slot = Value::of(cell);
    return Nothing{};
  }
};
template <>
struct Instr<Op::LOAD_CLOSURE> {
  KRAIT_INLINE static Value run(Local local) { return *local.slot; }
};
template <>
struct Instr<Op::LOAD_DEREF> {
  KRAIT_INLINE static Defined<Value> run(Local local) { return {local.slot->as<Cellvar>()->content.get()}; }
};
template <>
struct Instr<Op::LOAD_CLASSDEREF> {
  static Fallible<Value> run(Thread& thread, Frame* frame, Local local) {
    return loadClassDeref(thread, frame, local.slot);
  }
};
template <>
struct Instr<Op::STORE_DEREF> {
  KRAIT_INLINE static Nothing run(Local local, Value value) {
    local.slot->as<Cellvar>()->content = value;
    return {};
  }
};
template <>
struct Instr<Op::DELETE_DEREF> {
  static Fallible<Nothing> run(Thread& thread, Frame* frame, Local local) {
    Cellvar* cell = local.slot->as<Cellvar>();
    if (cell->content.get().isUnbound()) TRY(raiseUnboundSlot(thread, frame, local.slot));
    cell->content = Value::unbound();
    return Nothing{};
  }
};
template <>
struct Instr<Op::COPY_FREE_VARS> {
  KRAIT_INLINE static Nothing run(Frame* frame, Oparg count) {
    Tuple* closure = frame->function->closure.get().as<Tuple>();
    Value* slots = reinterpret_cast<Value*>(frame) - count.n;
    for (uint32_t i = 0; i < count.n; i++) slots[i] = closure->items[i].get();
    return {};
  }
};

}  // namespace krait
