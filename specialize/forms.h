// Names and relations of all ops: `ops::X` for every base instruction, operand form, adaptive form, specialised form
// and superinstruction, and what each stands for, as types.
#pragma once
#include "vm/facts.h"

namespace krait {

namespace detail {
enum class AllOps : uint16_t {
#define OPERATION(name) name,
#include "specialize/operations.def"
#undef OPERATION
  kCount
};
}  // namespace detail
inline constexpr unsigned kAllOpCount = static_cast<unsigned>(detail::AllOps::kCount);

namespace ops {
#define OPERATION(name) inline constexpr Op name = static_cast<Op>(detail::AllOps::name);
#include "specialize/operations.def"
#undef OPERATION
}  // namespace ops
static_assert(ops::LOAD_FAST == Op::LOAD_FAST && ops::CALL_KW == Op::CALL_KW, "vm's numbers come first");

#define SPECIALIZES(form, generic)           \
  template <>                                \
  struct Specialises<ops::form> {            \
    static constexpr Op base = ops::generic; \
  };
#include "specialize/forms.def"
#undef SPECIALIZES

// X_ADAPTIVE: counts down, runs X.
template <Op op>
struct Adaptive {};
#define FAMILY(generic)                          \
  template <>                                    \
  struct Adaptive<ops::generic##_ADAPTIVE> {     \
    static constexpr Op generic_ = ops::generic; \
  };
#include "specialize/families.def"
#undef FAMILY
template <Op op>
concept IsAdaptive = requires {
  Adaptive<op>::generic_;
};

// X_WARM_UP: heats the code object, runs X.
template <Op op>
struct WarmUp {};
#define WARM_UP(generic)                         \
  template <>                                    \
  struct WarmUp<ops::generic##_WARM_UP> {        \
    static constexpr Op generic_ = ops::generic; \
  };
#include "specialize/warm_up.def"
#undef WARM_UP
template <Op op>
concept IsWarmUp = requires {
  WarmUp<op>::generic_;
};

// Superinstructions: two ops, no dispatch between.
template <Op op>
struct Fused {};
#define SUPERINSTRUCTION(first_, second_)      \
  template <>                                  \
  struct Fused<ops::first_##__##second_> {     \
    static constexpr Op first = ops::first_;   \
    static constexpr Op second = ops::second_; \
  };
#include "specialize/superinstructions.def"
#undef SUPERINSTRUCTION
template <Op op>
concept IsFused = requires {
  Fused<op>::first;
};

template <Op op>
concept IsForm = requires {
  Specialises<op>::base;
};

// Generic instructions with forms.
template <Op op>
inline constexpr bool kIsFamily = false;
#define FAMILY(generic) \
  template <>           \
  inline constexpr bool kIsFamily<ops::generic> = true;
#include "specialize/families.def"
#undef FAMILY

// What makes deoptimisation safe, as rules: each has a negative compile test.
template <class F>
struct GuardRules : std::false_type {};
template <class R, class... A>
struct GuardRules<R (*)(A...)> {
  static_assert(std::is_same_v<R, bool>, "a guard says yes or no");
  static_assert((!std::is_same_v<A, Thread&> && ...), "a guard takes no Thread&: nothing has happened when it says no");
  static_assert((!std::is_same_v<A, Registers&> && ...), "a guard takes no Registers&");
};
template <Op form, Op generic>
struct CheckSpecialised : CheckForm<form, generic> {
  static_assert(derive::hasGuard<form>(), "a specialised form has a guard");
  static_assert(sizeof(GuardRules<decltype(&Instr<form>::guard)>) > 0);
};
template <Op first>
struct CheckFused {
  static constexpr Facts facts = Check<first>::facts;
  static_assert(!facts.branches && !facts.takesRegisters,
                "a superinstruction's first half falls through to the second");
};

// What an op is, for tables: generated once (specialize/tables.cpp).
enum class OpClass : uint8_t { kBase, kAdaptive, kWarmUp, kForm, kFused };
struct OpRelation {
  OpClass kind;
  Op first;    // a superinstruction's first op; else the op itself
  Op generic;  // what runs when `first`'s guard does not hold, or its counter has not run out; else `first`
  Op second;   // a superinstruction's second op; else kCount
};
extern const OpRelation kRelations[kAllOpCount];
// X -> X_ADAPTIVE, or X itself when it has none.
Op adaptiveOf(Op generic);
// The op that runs both without a dispatch between, or kCount.
Op fusedOf(Op first, Op second);

}  // namespace krait
