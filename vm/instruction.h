// Instructions as types: the operand and result vocabulary in which every handler's signature specifies its
// instruction.
//
//   template <> struct Instr<Op::UNARY_NOT> { static Fallible<Value> run(Thread&, Value operand); };
//
// | parameter            | fetched from                                   | fact |
// |----------------------|------------------------------------------------|----------------------------------------------|
// | Value                | the next input, in source order                | pops 1 | | Peek<n>              | the n-th
// value from the top that stays         | pops 0                                       | | Values, ValuesOf<k>  | oparg
// (k * oparg) inputs, topmost              | pops oparg (k * oparg)                       | | FlagValues<mask>     |
// one input per bit set in oparg & mask          | pops popcount(oparg & mask)                  | | FlagValue<mask> |
// an input when oparg & mask, else unbound       | pops 1 or 0                                  | | Oparg Const Local
// Name Target | the word's operand, resolved          | operand kind                                 | | KeywordNames
// | the cache unit behind the word                 | 1 cache unit                                 | | Frame* | the
// running frame                              |                                              | | CallInputs | oparg
// arguments and the two words below them     | pops 2 + oparg                               | | const C& | the word's
// inline cache (vm/inline_cache.h)
// | cache size                                   | | Thread&              |
// the thread; pc and sp are published            | may allocate, raise or run Python: safepoint | | Registers& | pc,
// sp, fp                                     | calls, returns, yields, unwinding only       |
//
// A handler may have a `fast` path: the same inputs without Thread&, Guarded result. It is tried first, before anything
// is published; when it does not hold, nothing has happened and `run` follows.
//
// Results: Nothing, Value, Pair, Triple, Branch, BranchOrPop, Iteration; each bare, Fallible
// (needs Thread&) or Guarded (must not take Thread&); Transfer for control. A specialised form may have a pure
// `guard(inputs, cache)` and then any result.
#pragma once
#include "vm/frame.h"
#include "vm/inline_cache.h"
#include "vm/thread.h"

namespace krait {

struct Str;

// Base instructions (CPython 3.11's names), then operand forms (vm/operand_forms.def): the same instruction with its
// argument decided when the code is prepared. Specialised forms take the numbers from kOpCount on (specialize/forms.h).
enum class Op : uint16_t {
#define INSTRUCTION(name, number) name,
#include "vm/instructions.def"
#undef INSTRUCTION
#define OPERAND_FORM(name, base) name,
#include "vm/operand_forms.def"
#undef OPERAND_FORM
  kCount
};
inline constexpr unsigned kOpCount = static_cast<unsigned>(Op::kCount);

// --- parameters
// -------------------------------------------------------------------------------------------------------
struct Oparg {
  uint32_t n;
};
struct Const {
  Value value;
};
struct Name {
  Str* name;
};
struct Local {
  Value* slot;
};
struct Target {};      // taken when a Branch or Iteration says so
struct BackTarget {};  // ... and the eval-breaker is polled
template <int n>
struct Peek {  // Peek<1> is the top of what stays
  Value value;
};
template <int k>
struct ValuesOf {
  Value* first;
  uint32_t count;
};
using Values = ValuesOf<1>;
template <unsigned mask>
struct FlagValues {
  Value* first;
  uint32_t flags;
};
template <unsigned mask>
struct FlagValue {
  Value value;  // unbound when absent
};
struct KeywordNames {
  Value names;  // tuple of str
};
// A call where it lies: base[0] = method or NULL, base[1] = self or callable, then `count` arguments.
struct CallInputs {
  Value* base;
  uint32_t count;
  KRAIT_INLINE bool isMethod() const { return !base[0].isUnbound(); }
  KRAIT_INLINE Value callable() const { return base[!isMethod()]; }
  // The callee's arguments, self included.
  KRAIT_INLINE Value* first() const { return base + 2 - isMethod(); }
  KRAIT_INLINE uint32_t total() const { return count + isMethod(); }
};
// Passed by reference only into inlined code: one escaping reference would put the whole loop's state in memory.
struct Registers {
  Pc pc;
  Value* sp;
  Frame* fp;
};

// --- results
// ----------------------------------------------------------------------------------------------------------
struct Nothing {};
struct Pair {
  Value first, second;  // second is the new top
};
struct Triple {
  Value first, second, third;
};
struct Branch {
  bool taken;  // to the Target
};
struct BranchOrPop {
  bool taken;  // the one input stays when taken, else it is popped
};
struct Iteration {
  Value value;  // unbound: exhausted; the iterator is popped and the Target taken
};

// A value that may be unbound: then NameError's family is raised by the loop's cold path, so that the hot one need not
// publish (LOAD_FAST, LOAD_DEREF).
template <class T>
struct Defined {
  T value;
};

enum class Next : uint8_t {
  kNext,     // dispatch at pc
  kRaise,    // an exception is pending
  kUnbound,  // a local or free variable holds nothing: raise, then as kRaise
  kBreak,    // the eval-breaker asks
  kReload,   // frames changed behind our back: registers come from the thread
  kHalt,     // leave the loop with *thread.sp
  kDeopt,    // a guard failed
  kWarm,     // a counter ran out
  kTrace,    // the word is traced: its events come first
};
template <int pops, int pushes, int popsPerOparg = 0, int jumpPops = pops, int jumpPushes = pushes>
struct Transfer {
  Next next;
};

template <class T>
struct Guarded {
  T value;
  bool holds;
};

template <>
class [[nodiscard]] Fallible<Branch> {  // one byte: 0, 1, or 2 = raised
 public:
  KRAIT_INLINE Fallible(Branch b) : state_(b.taken) {}
  KRAIT_INLINE Fallible(Raised) : state_(2) {}
  KRAIT_INLINE bool isRaised() const { return state_ == 2; }
  KRAIT_INLINE Branch value() const { return {state_ != 0}; }

 private:
  uint8_t state_;
};
template <>
class [[nodiscard]] Fallible<BranchOrPop> {
 public:
  KRAIT_INLINE Fallible(BranchOrPop b) : state_(b.taken) {}
  KRAIT_INLINE Fallible(Raised) : state_(2) {}
  KRAIT_INLINE bool isRaised() const { return state_ == 2; }
  KRAIT_INLINE BranchOrPop value() const { return {state_ != 0}; }

 private:
  uint8_t state_;
};
template <>
class [[nodiscard]] Fallible<Iteration> {  // one word, as Fallible<Value>
 public:
  KRAIT_INLINE Fallible(Iteration i) : word_(i.value) {}
  KRAIT_INLINE Fallible(Raised) : word_(Value::error()) {}
  KRAIT_INLINE Fallible(Fallible<Value> v) : word_(v.orError()) {}
  KRAIT_INLINE bool isRaised() const { return word_.isError(); }
  KRAIT_INLINE Iteration value() const { return {word_}; }

 private:
  Value word_;
};

// The meaning of an instruction: specialised once per Op, in vm/handlers/ and specialize/families/.
template <Op op>
struct Instr;

// Of a specialised form: the generic instruction it stands for, as `base`.
template <Op op>
struct Specialises {};

}  // namespace krait
