// One step of the interpreter: fetch the inputs that a handler's signature names, call it, deliver its result.
//
// The loops (loop_*.cpp) differ only in how they get from one step to the next. Nothing here names an instruction, and
// nothing here knows the dispatch. `Registers` are local to the loop and enter only inlined code.
#pragma once
#include "dispatch/instrument.h"
#include "specialize/all_forms.h"
#include "vm/handlers/all.h"
#include "vm/prepared.h"

namespace krait {

namespace fetch {

// What has been taken from the stack so far, counted at compile time: `below` = inputs that lie above the next one.
template <class T>
struct From;
template <>
struct From<Thread&> {
  template <int, class S>
  KRAIT_INLINE static Thread& get(Thread& t, Registers&, uint32_t) {
    return t;
  }
};
template <>
struct From<Registers&> {
  template <int, class S>
  KRAIT_INLINE static Registers& get(Thread&, Registers& r, uint32_t) {
    return r;
  }
};
template <>
struct From<Frame*> {
  template <int, class S>
  KRAIT_INLINE static Frame* get(Thread&, Registers& r, uint32_t) {
    return r.fp;
  }
};
template <>
struct From<Value> {  // the last Value parameter is the top, unless variable inputs lie above
  template <int above, class S>
  KRAIT_INLINE static Value get(Thread&, Registers& r, uint32_t variable) {
    if constexpr (S::variableAbove) return r.sp[-above - 1 - static_cast<int>(variable)];
    return r.sp[-above - 1];
  }
};
template <int n>
struct From<Peek<n>> {
  template <int, class S>
  KRAIT_INLINE static Peek<n> get(Thread&, Registers& r, uint32_t) {
    return {r.sp[-S::pops - n]};
  }
};
template <int k>
struct From<ValuesOf<k>> {
  template <int above, class S>
  KRAIT_INLINE static ValuesOf<k> get(Thread&, Registers& r, uint32_t) {
    uint32_t count = r.pc[1].operand * k;
    return {r.sp - above - count, count};
  }
};
template <unsigned mask>
struct From<FlagValues<mask>> {
  template <int above, class S>
  KRAIT_INLINE static FlagValues<mask> get(Thread&, Registers& r, uint32_t) {
    uint32_t flags = r.pc[1].operand & mask;
    return {r.sp - above - __builtin_popcount(flags), flags};
  }
};
template <unsigned mask>
struct From<FlagValue<mask>> {
  template <int above, class S>
  KRAIT_INLINE static FlagValue<mask> get(Thread&, Registers& r, uint32_t) {
    return {(r.pc[1].operand & mask) != 0 ? r.sp[-above - 1] : Value::unbound()};
  }
};
template <>
struct From<Oparg> {
  template <int, class S>
  KRAIT_INLINE static Oparg get(Thread&, Registers& r, uint32_t) {
    return {r.pc[1].operand};
  }
};
template <>
struct From<Const> {
  template <int, class S>
  KRAIT_INLINE static Const get(Thread&, Registers& r, uint32_t) {
    return {(r.pc + r.pc[1].offset)->value};
  }
};
template <>
struct From<Name> {
  template <int, class S>
  KRAIT_INLINE static Name get(Thread&, Registers& r, uint32_t) {
    return {(r.pc + r.pc[1].offset)->value.template as<Str>()};
  }
};
template <>
struct From<Local> {
  template <int, class S>
  KRAIT_INLINE static Local get(Thread&, Registers& r, uint32_t) {
    return {reinterpret_cast<Value*>(r.fp) + r.pc[1].offset};
  }
};
template <>
struct From<Target> {
  template <int, class S>
  KRAIT_INLINE static Target get(Thread&, Registers&, uint32_t) {
    return {};
  }
};
template <>
struct From<BackTarget> {
  template <int, class S>
  KRAIT_INLINE static BackTarget get(Thread&, Registers&, uint32_t) {
    return {};
  }
};
template <>
struct From<CallInputs> {
  template <int, class S>
  KRAIT_INLINE static CallInputs get(Thread&, Registers& r, uint32_t) {
    uint32_t count = r.pc[1].operand;
    return {r.sp - count - 2, count};
  }
};
template <class C>
requires C::kIsCache struct From<const C&> {
  template <int, class S>
  KRAIT_INLINE static const C& get(Thread&, Registers& r, uint32_t) {
    return *reinterpret_cast<const C*>(r.pc + kHeadUnits);
  }
};
template <>
struct From<KeywordNames> {
  template <int, class S>
  KRAIT_INLINE static KeywordNames get(Thread&, Registers& r, uint32_t) {
    return {(r.pc + kKeywordNamesUnit)->value};
  }
};

}  // namespace fetch

// Calls a function of handler type with its inputs fetched.
template <auto function>
struct Invoke;
template <class R, class... A, R (*function)(A...)>
struct Invoke<function> {
  using Signature = derive::Signature<R (*)(A...)>;
  using Result = R;
  using Payload = typename Signature::Payload;
  static constexpr int pops = Signature::pops;
  static constexpr bool isVariable = ((derive::Parameter<A>::perOparg != 0 || derive::Parameter<A>::mask != 0) || ...);
  // Whether variable inputs lie above the single ones (FORMAT_VALUE) or below (BUILD_CONST_KEY_MAP): source order.
  static constexpr bool variableAbove = [] {
    bool seenValue = false, above = false;
    ((std::is_same_v<A, Value>                                                   ? void(seenValue = true)
      : (derive::Parameter<A>::mask != 0 || derive::Parameter<A>::perOparg != 0) ? void(above = seenValue)
                                                                                 : void()),
     ...);
    return above;
  }();
  // Inputs the variable part takes.
  KRAIT_INLINE static uint32_t variable(Registers& r) {
    if constexpr (!isVariable) return 0;
    uint32_t oparg = r.pc[1].operand;
    constexpr int perOparg = (0 + ... + derive::Parameter<A>::perOparg);
    constexpr unsigned mask = (0 | ... | derive::Parameter<A>::mask);
    constexpr bool once = (derive::Parameter<A>::once || ...);
    if constexpr (perOparg != 0) return oparg * perOparg;
    if constexpr (once) return (oparg & mask) != 0;
    return static_cast<uint32_t>(__builtin_popcount(oparg & mask));
  }
  template <size_t... i>
  static constexpr int valuesAfter(std::index_sequence<i...>, size_t k) {
    return (0 + ... + (i > k ? derive::Parameter<A>::pops : 0));
  }
  KRAIT_INLINE static R from(Thread& t, Registers& r) { return call(t, r, std::index_sequence_for<A...>{}); }

 private:
  template <size_t... i>
  KRAIT_INLINE static R call(Thread& t, Registers& r, std::index_sequence<i...> sequence) {
    [[maybe_unused]] uint32_t inputs = variable(r);
    return function(fetch::From<A>::template get<valuesAfter(decltype(sequence){}, i), Invoke>(t, r, inputs)...);
  }
};

// Puts a result where the inputs were and moves on; `drop` = inputs to remove beside the fixed ones.
template <class Call, int units, bool polls, class P>
KRAIT_INLINE Next deliver(Thread& t, Registers& r, P result, uint32_t drop) {
  constexpr int pops = Call::pops;
  if constexpr (std::is_same_v<P, Branch>) {
    r.sp -= pops;
    if (result.taken) {
      r.pc += r.pc[1].offset;
      if constexpr (polls)
        if (t.evalBreaker.load(std::memory_order_relaxed) != 0) [[unlikely]]
          return Next::kBreak;
    } else {
      r.pc += units;
    }
    return Next::kNext;
  } else if constexpr (std::is_same_v<P, BranchOrPop>) {
    if (result.taken) {
      r.pc += r.pc[1].offset;
    } else {
      r.sp--;
      r.pc += units;
    }
    return Next::kNext;
  } else if constexpr (std::is_same_v<P, Iteration>) {
    if (result.value.isUnbound()) {
      r.sp -= pops + 1;
      r.pc += r.pc[1].offset;
    } else {
      r.sp[-pops] = result.value;
      r.sp += 1 - pops;
      r.pc += units;
    }
    return Next::kNext;
  } else {
    if constexpr (Call::isVariable) r.sp -= drop;
    if constexpr (std::is_same_v<P, Value>) {
      r.sp[-pops] = result;
      r.sp += 1 - pops;
    } else if constexpr (std::is_same_v<P, Pair>) {
      r.sp[-pops] = result.first;
      r.sp[1 - pops] = result.second;
      r.sp += 2 - pops;
    } else if constexpr (std::is_same_v<P, Triple>) {
      r.sp[-pops] = result.first;
      r.sp[1 - pops] = result.second;
      r.sp[2 - pops] = result.third;
      r.sp += 3 - pops;
    } else {
      static_assert(std::is_same_v<P, Nothing>);
      r.sp -= pops;
    }
    r.pc += units;
    return Next::kNext;
  }
}

template <Op op>
concept HasFastPath = requires {
  &Instr<op>::fast;
};

// The fast path alone. True: it held, and `next` says how to go on. False: nothing has happened.
template <Op op>
KRAIT_INLINE bool stepFast(Thread& t, Registers& r, Next& next) {
  using Fast = Invoke<&Instr<op>::fast>;
  auto attempt = Fast::from(t, r);
  if (!attempt.holds) [[unlikely]]
    return false;
  if constexpr (Fast::Signature::isTransfer)
    next = attempt.value.next;
  else
    next =
        deliver<Fast, kHeadUnits + Check<op>::facts.cacheUnits, Check<op>::facts.pollsBreaker>(t, r, attempt.value, 0);
  return true;
}

// `run`, after guard and fast path.
template <Op op>
KRAIT_INLINE Next stepSlow(Thread& t, Registers& r) {
  using Call = Invoke<&Instr<op>::run>;
  using S = typename Call::Signature;
  using R = typename Call::Result;
  constexpr int units = kHeadUnits + Check<op>::facts.cacheUnits;
  constexpr bool polls = Check<op>::facts.pollsBreaker;
  if constexpr (S::isTransfer) {
    Next next;
    if constexpr (S::isGuarded) {
      auto attempt = Call::from(t, r);
      if (!attempt.holds) [[unlikely]]
        return Next::kDeopt;
      next = attempt.value.next;
    } else {
      next = Call::from(t, r).next;
    }
    if (next != Next::kReload) return next;
    r.fp = t.frame;
    r.sp = t.sp;
    r.pc = r.fp->pc;
    return Next::kNext;
  } else {
    if constexpr (S::template takes<Thread&>) {
      t.sp = r.sp;
      r.fp->pc = publishedPc(r.pc);
    }
    R result = Call::from(t, r);
    uint32_t drop = Call::variable(r);
    if constexpr (S::isFallible) {
      if (result.isRaised()) [[unlikely]]
        return Next::kRaise;
      return deliver<Call, units, polls>(t, r, result.value(), drop);
    } else if constexpr (S::isGuarded) {
      if (!result.holds) [[unlikely]]
        return Next::kDeopt;
      return deliver<Call, units, polls>(t, r, result.value, drop);
    } else if constexpr (S::isDefined) {
      if (result.value.isUnbound()) [[unlikely]]
        return Next::kUnbound;
      return deliver<Call, units, polls>(t, r, result.value, drop);
    } else {
      return deliver<Call, units, polls>(t, r, result, drop);
    }
  }
}

// An op of its own: a base instruction, an operand form or a specialised form.
template <Op op>
KRAIT_INLINE Next stepOwn(Thread& t, Registers& r) {
  instrument<op>(t, r);
  if constexpr (derive::hasGuard<op>()) {
    if (!Invoke<&Instr<op>::guard>::from(t, r)) [[unlikely]]
      return Next::kDeopt;
  }
  if constexpr (HasFastPath<op>) {
    Next next;
    if (stepFast<op>(t, r, next)) [[likely]]
      return next;
  }
  return stepSlow<op>(t, r);
}

// X_ADAPTIVE: one execution less until the next attempt.
KRAIT_INLINE bool countsDown(Pc pc) { return --cacheOf(const_cast<Unit*>(pc)).counter == 0; }
// X_WARM_UP: the code object becomes warmer.
KRAIT_INLINE bool heats(Frame* fp) { return --fp->code->prepared->heat == 0; }

// Executes the word at r.pc, which is `op`'s, and moves the registers to the next one. Outcomes other than kNext are
// handled by the loop's shared cold paths; on kRaise, kUnbound, kDeopt and kWarm nothing has been popped by the op that
// r.pc is at.
template <Op op>
KRAIT_INLINE Next step(Thread& t, Registers& r) {
  if constexpr (op == ops::TRACE) {
    return Next::kTrace;
  } else if constexpr (IsAdaptive<op>) {
    if (countsDown(r.pc)) [[unlikely]]
      return Next::kWarm;
    return stepOwn<Adaptive<op>::generic_>(t, r);
  } else if constexpr (IsWarmUp<op>) {
    if (heats(r.fp)) [[unlikely]]
      return Next::kWarm;
    return stepOwn<WarmUp<op>::generic_>(t, r);
  } else if constexpr (IsFused<op>) {
    Next next = stepOwn<Fused<op>::first>(t, r);
    if (next != Next::kNext) [[unlikely]]
      return next;
    instrumentFusion(t);
    return stepOwn<Fused<op>::second>(t, r);
  } else {
    return stepOwn<op>(t, r);
  }
}

}  // namespace krait
