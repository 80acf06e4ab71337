// The tables over every op, derived from the handlers where all of them are known, and the checks that forms pass.
#include "specialize/all_forms.h"
#include "vm/handlers/all.h"
#include "vm/prepared.h"

namespace krait {
namespace {

// What stands behind an op that only adds to another: adaptive and warm-up forms, superinstructions.
template <Op op>
consteval Op handlerOp() {
  if constexpr (IsAdaptive<op>)
    return Adaptive<op>::generic_;
  else if constexpr (IsWarmUp<op>)
    return WarmUp<op>::generic_;
  else if constexpr (IsFused<op>)
    return Fused<op>::first;
  else if constexpr (op == ops::TRACE)
    return Op::NOP;
  else
    return op;
}

template <Op op>
consteval Op genericOp() {
  if constexpr (IsForm<handlerOp<op>()>)
    return Specialises<handlerOp<op>()>::base;
  else
    return handlerOp<op>();
}

template <Op op>
consteval Op operandBase() {
#define OPERAND_FORM(name, base) \
  if (op == Op::name) return Op::base;
#include "vm/operand_forms.def"
#undef OPERAND_FORM
  return op;
}

template <Op op>
consteval OpRelation relation() {
  OpRelation r{OpClass::kBase, handlerOp<op>(), genericOp<op>(), Op::kCount};
  if constexpr (IsAdaptive<op>) {
    r.kind = OpClass::kAdaptive;
    r.first = op;
  } else if constexpr (IsWarmUp<op>) {
    r.kind = OpClass::kWarmUp;
    r.first = op;
  } else if constexpr (IsForm<op>) {
    r.kind = OpClass::kForm;
  } else if constexpr (IsFused<op>) {
    r.kind = OpClass::kFused;
    r.second = Fused<op>::second;
  }
  return r;
}

}  // namespace

#define SPECIALIZES(form, generic) static_assert(sizeof(CheckSpecialised<ops::form, ops::generic>) > 0);
#include "specialize/forms.def"
#undef SPECIALIZES
#define SUPERINSTRUCTION(first, second) static_assert(sizeof(CheckFused<ops::first>) > 0);
#include "specialize/superinstructions.def"
#undef SUPERINSTRUCTION

constexpr Facts kFacts[kAllOpCount] = {
#define OPERATION(name) Check<handlerOp<ops::name>()>::facts,
#include "specialize/operations.def"
#undef OPERATION
};
const char* const kOpNames[kAllOpCount] = {
#define OPERATION(name) #name,
#include "specialize/operations.def"
#undef OPERATION
};
constexpr Op kBaseOp[kAllOpCount] = {
#define OPERATION(name) operandBase<genericOp<ops::name>()>(),
#include "specialize/operations.def"
#undef OPERATION
};
constexpr OpRelation kRelations[kAllOpCount] = {
#define OPERATION(name) relation<ops::name>(),
#include "specialize/operations.def"
#undef OPERATION
};

Op adaptiveOf(Op generic) {
  switch (generic) {
#define FAMILY(name) \
  case ops::name:    \
    return ops::name##_ADAPTIVE;
#include "specialize/families.def"
#undef FAMILY
    default: return generic;
  }
}

Op fusedOf(Op first, Op second) {
  switch (static_cast<uint32_t>(first) << 16 | static_cast<uint32_t>(second)) {
#define SUPERINSTRUCTION(a, b)                                              \
  case static_cast<uint32_t>(ops::a) << 16 | static_cast<uint32_t>(ops::b): \
    return ops::a##__##b;
#include "specialize/superinstructions.def"
#undef SUPERINSTRUCTION
    default: return Op::kCount;
  }
}

}  // namespace krait
