// What the compiler derives from a handler's type: stack effect per edge, operand kind, cache size, may-raise,
// may-deopt. The assembler's depth, disassembler, verifier, statistics and docs use only these facts; nothing here
// names an opcode.
#pragma once
#include <type_traits>

#include "vm/instruction.h"

namespace krait {

enum class OperandKind : uint8_t { kNone, kOparg, kConst, kLocal, kName, kTarget };

struct Facts {
  int8_t pops = 0, pushes = 0;          // falling through, or not branching
  int8_t jumpPops = 0, jumpPushes = 0;  // taking the branch
  int8_t popsPerOparg = 0;              // more inputs: this many times oparg
  uint8_t popMask = 0;                  // more inputs: one per bit of oparg & popMask ...
  bool popsOncePerMask = false;         // ... or one in all, when any bit is set
  bool unpacksEx = false;               // UNPACK_EX: low byte + 1 + high byte outputs
  uint8_t nullMask = 0;                 // LOAD_GLOBAL: one more output (NULL) when oparg & nullMask
  uint8_t cacheUnits = 0;
  OperandKind operand = OperandKind::kNone;
  bool takesThread = false, takesRegisters = false;
  bool mayRaise = false, mayDeopt = false, hasGuard = false, branches = false, pollsBreaker = false;
  bool usesCache = false;      // a specialised form that needs more of the inline cache than its counter
  bool holdsShape = false;     // the inline cache relies on a shape
  bool jumpsBackward = false;  // the canonical argument counts backwards from the end of the instruction
};

// Stack effect of a canonical instruction with these facts.
constexpr int stackEffect(const Facts& f, uint32_t oparg, bool jump) {
  int effect = jump ? f.jumpPushes - f.jumpPops : f.pushes - f.pops;
  effect -= f.popsPerOparg * static_cast<int>(oparg);
  int bits = __builtin_popcount(oparg & f.popMask);
  effect -= f.popsOncePerMask ? (bits != 0) : bits;
  if (oparg & f.nullMask) effect++;
  if (f.unpacksEx) effect += static_cast<int>((oparg & 0xff) + 1 + (oparg >> 8));
  return effect;
}

namespace derive {

// --- parameters
// -------------------------------------------------------------------------------------------------------
template <class T>
struct Parameter {  // Frame*, and anything without a fact of its own
  static constexpr bool known = std::is_same_v<T, Frame*>;
  static constexpr int pops = 0, units = 0, perOparg = 0;
  static constexpr unsigned mask = 0;
  static constexpr bool once = false, keeps = false, holdsShape = false;
  static constexpr OperandKind operand = OperandKind::kNone;
};
struct Known : Parameter<void> {
  static constexpr bool known = true;
};
template <OperandKind kind>
struct KnownOperand : Known {
  static constexpr OperandKind operand = kind;
};
template <>
struct Parameter<Value> : Known {
  static constexpr int pops = 1;
};
template <int n>
struct Parameter<Peek<n>> : Known {
  static constexpr bool keeps = true;
};
template <int k>
struct Parameter<ValuesOf<k>> : KnownOperand<OperandKind::kOparg> {
  static constexpr int perOparg = k;
};
template <unsigned m>
struct Parameter<FlagValues<m>> : KnownOperand<OperandKind::kOparg> {
  static constexpr unsigned mask = m;
};
template <unsigned m>
struct Parameter<FlagValue<m>> : KnownOperand<OperandKind::kOparg> {
  static constexpr unsigned mask = m;
  static constexpr bool once = true;
};
template <>
struct Parameter<CallInputs> : KnownOperand<OperandKind::kOparg> {
  static constexpr int pops = 2, perOparg = 1;
};
template <class C>
requires C::kIsCache struct Parameter<const C&> : Known {
  static constexpr int units = kCacheUnits<C>;
  static constexpr bool holdsShape = C::kHoldsShape;
};
template <>
struct Parameter<Oparg> : KnownOperand<OperandKind::kOparg> {};
template <>
struct Parameter<Const> : KnownOperand<OperandKind::kConst> {};
template <>
struct Parameter<Name> : KnownOperand<OperandKind::kName> {};
template <>
struct Parameter<Local> : KnownOperand<OperandKind::kLocal> {};
template <>
struct Parameter<Target> : KnownOperand<OperandKind::kTarget> {};
template <>
struct Parameter<BackTarget> : KnownOperand<OperandKind::kTarget> {};
template <>
struct Parameter<KeywordNames> : Known {
  static constexpr int units = 1;
};
template <>
struct Parameter<Thread&> : Known {};
template <>
struct Parameter<Registers&> : Known {};

// --- results
// ----------------------------------------------------------------------------------------------------------
template <class R>
struct Result {
  using Payload = R;
  static constexpr bool fallible = false, guarded = false, defined = false;
};
template <class T>
struct Result<Fallible<T>> {
  using Payload = T;
  static constexpr bool fallible = true, guarded = false, defined = false;
};
template <class T>
struct Result<Defined<T>> {
  using Payload = T;
  static constexpr bool fallible = false, guarded = false, defined = true;
};
template <class T>
struct Result<Guarded<T>> {
  using Payload = T;
  static constexpr bool fallible = false, guarded = true, defined = false;
};
template <class P>
struct IsTransfer : std::false_type {};
template <int a, int b, int c, int d, int e>
struct IsTransfer<Transfer<a, b, c, d, e>> : std::true_type {
  static constexpr int pops = a, pushes = b, perOparg = c, jumpPops = d, jumpPushes = e;
};
template <class P>
constexpr int pushesOf() {
  if constexpr (std::is_same_v<P, Value>) return 1;
  if constexpr (std::is_same_v<P, Pair>) return 2;
  if constexpr (std::is_same_v<P, Triple>) return 3;
  return 0;
}

template <class F>
struct Signature;
template <class R, class... A>
struct Signature<R (*)(A...)> {
  using Payload = typename Result<R>::Payload;
  static constexpr bool isFallible = Result<R>::fallible, isGuarded = Result<R>::guarded;
  static constexpr bool isTransfer = IsTransfer<Payload>::value, isDefined = Result<R>::defined;
  template <class T>
  static constexpr int countOf = (0 + ... + int{std::is_same_v<A, T>});
  template <class T>
  static constexpr bool takes = countOf<T> != 0;
  static constexpr int pops = (0 + ... + Parameter<A>::pops);
  static constexpr int operands =
      (0 + ... +
       int{Parameter<A>::operand != OperandKind::kNone && !std::is_same_v<A, Oparg> && !std::is_same_v<A, CallInputs>});

  // The compile-time rules that need only the signature; each has a negative compile test.
  static_assert((Parameter<A>::known && ...), "a handler's parameters come from the vocabulary of vm/instruction.h");
  static_assert(!isFallible || takes<Thread&>, "a Fallible handler needs Thread&: the exception must go somewhere");
  // Control is the exception: a return must write the thread's frame, and checks before it does by its own discipline.
  static_assert(!isGuarded || !takes<Thread&> || (isTransfer && takes<Registers&>),
                "a Guarded handler must not take Thread&: no effects before the guard");
  static_assert(!takes<Registers&> || isTransfer, "only a Transfer handler takes Registers&");
  static_assert(!isTransfer || takes<Registers&>, "a Transfer handler takes Registers&");
  static_assert(!(std::is_same_v<Payload, Branch> || std::is_same_v<Payload, BranchOrPop> ||
                  std::is_same_v<Payload, Iteration>) ||
                    takes<Target> || takes<BackTarget>,
                "a handler that branches names its Target");
  static_assert(operands <= 1, "an instruction has one operand");
};

template <class R, class... A>
consteval Facts factsOf(R (*)(A...), bool hasGuard) {
  using S = Signature<R (*)(A...)>;
  using P = typename S::Payload;
  Facts f;
  f.pops = static_cast<int8_t>(S::pops);
  f.pushes = static_cast<int8_t>(pushesOf<P>());
  f.popsPerOparg = (0 + ... + Parameter<A>::perOparg);
  f.popMask = (0 | ... | Parameter<A>::mask);
  f.popsOncePerMask = (Parameter<A>::once || ...);
  f.cacheUnits = (0 + ... + Parameter<A>::units);
  f.holdsShape = (Parameter<A>::holdsShape || ...);
  ((Parameter<A>::operand != OperandKind::kNone ? void(f.operand = Parameter<A>::operand) : void()), ...);
  f.takesThread = S::template takes<Thread&>;
  f.takesRegisters = S::template takes<Registers&>;
  f.mayRaise = S::isFallible || (S::isTransfer && f.takesThread) || S::isDefined;
  f.mayDeopt = S::isGuarded || hasGuard;
  f.hasGuard = hasGuard;
  f.branches = std::is_same_v<P, Branch> || std::is_same_v<P, BranchOrPop> || std::is_same_v<P, Iteration>;
  f.pollsBreaker = f.jumpsBackward = S::template takes<BackTarget>;
  f.jumpPops = f.pops;
  f.jumpPushes = f.pushes;
  if constexpr (std::is_same_v<P, BranchOrPop>) f.jumpPops = 0;
  if constexpr (std::is_same_v<P, Iteration>) {
    f.pushes = 1;
    f.jumpPops = static_cast<int8_t>(f.pops + 1);
    f.jumpPushes = 0;
  }
  if constexpr (S::isTransfer) {
    f.pops = IsTransfer<P>::pops;
    f.pushes = IsTransfer<P>::pushes;
    f.popsPerOparg = IsTransfer<P>::perOparg;
    f.jumpPops = IsTransfer<P>::jumpPops;
    f.jumpPushes = IsTransfer<P>::jumpPushes;
    f.branches = f.branches || f.jumpPops != f.pops || f.jumpPushes != f.pushes;
  }
  return f;
}

template <Op op>
consteval bool hasGuard() {
  return requires { &Instr<op>::guard; };
}
template <Op op>
consteval bool hasHandler() {
  return requires { &Instr<op>::run; };
}
template <Op op>
consteval Facts factsOfOp() {
  Facts f = factsOf(&Instr<op>::run, hasGuard<op>());
  if constexpr (hasGuard<op>()) f.holdsShape |= factsOf(&Instr<op>::guard, true).holdsShape;
  if constexpr (requires { typename Instr<op>::Cache; }) f.cacheUnits += kCacheUnits<typename Instr<op>::Cache>;
  if constexpr (requires { Specialises<op>::base; }) {
    constexpr int family = factsOfOp<Specialises<op>::base>().cacheUnits;
    constexpr int own = factsOf(&Instr<op>::run, true).cacheUnits;
    static_assert(own <= family, "members of a family share their cache size: a form's cache fits its family's");
    if constexpr (hasGuard<op>())
      static_assert(factsOf(&Instr<op>::guard, true).cacheUnits <= family,
                    "members of a family share their cache size: a guard's cache fits its family's");
    f.cacheUnits = family;
    f.usesCache = own != 0;
    if constexpr (hasGuard<op>()) f.usesCache |= factsOf(&Instr<op>::guard, true).cacheUnits != 0;
  }
  if constexpr (requires { Instr<op>::kJumpsBackward; }) f.jumpsBackward = true;
  if constexpr (requires { Instr<op>::kUnpacksEx; }) f.unpacksEx = true;
  if constexpr (requires { Instr<op>::kNullMask; }) f.nullMask = Instr<op>::kNullMask;
  if constexpr (requires { Instr<op>::fast; }) {
    using Fast = derive::Signature<decltype(&Instr<op>::fast)>;
    static_assert(Fast::isGuarded, "a fast path is Guarded: it holds, or nothing has happened");
  }
  return f;
}

}  // namespace derive

// One check per instruction, so that a broken rule names the instruction in its message.
template <Op op>
struct Check {
  static_assert(derive::hasHandler<op>(), "every instruction in the list has a handler");
  static constexpr Facts facts = derive::factsOfOp<op>();
};
// A form must be indistinguishable from its base to everything but the dispatch loop.
template <Op form, Op base>
struct CheckForm {
  static constexpr Facts a = Check<form>::facts, b = Check<base>::facts;
  static constexpr int nulls = b.nullMask != 0 && a.nullMask == 0 ? 1 : 0;  // LOAD_GLOBAL_NULL: the bit, decided
  static_assert(a.pops - a.pushes + nulls == b.pops - b.pushes &&
                    a.jumpPops + nulls - a.jumpPushes == b.jumpPops - b.jumpPushes &&
                    a.popsPerOparg == b.popsPerOparg && a.popMask == b.popMask,
                "members of a family share their stack effect");
  static_assert(!derive::hasGuard<base>(), "only specialised forms have guards");
};

}  // namespace krait
