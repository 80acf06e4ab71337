// POP_JUMP_*_IF_* and JUMP_IF_*_OR_POP: the truth of what is no bool.
#pragma once
#include "specialize/families/operator_frame.h"
#include "vm/builtins/list.h"
#include "vm/builtins/str.h"

namespace krait {
namespace truth {

  KRAIT_INLINE bool isBool(Value v) { return v.isBool(); }
  KRAIT_INLINE bool ofBool(Value v) { return v.isTrue(); }
  KRAIT_INLINE bool isInt(Value v) { return v.isInlineInt(); }
  KRAIT_INLINE bool ofInt(Value v) { return v.bits() != 0; }
  KRAIT_INLINE bool isStr(Value v) { return isKind(v, Kind::kStr); }
  KRAIT_INLINE bool ofStr(Value v) { return v.as<Str>()->length != 0; }
  KRAIT_INLINE bool isList(Value v) { return isExact(v, exactShapes.list); }
  KRAIT_INLINE bool ofList(Value v) { return v.as<List>()->length != 0; }
  KRAIT_INLINE bool isNone(Value v) { return v.isNone(); }
  KRAIT_INLINE bool ofNone(Value) { return false; }

  using Popped = Transfer<1, 0>;
  using Kept = Transfer<1, 0, 0, 0, 0>;  // by the jump
  // Pushes the frame of the operand's __bool__ or __len__: the cache's slot says which.
  KRAIT_INLINE bool enterMethod(Thread& thread, Registers& r, unsigned jump) {
    Value condition = r.sp[-1];
    uint16_t special = cacheOf(const_cast<Unit*>(r.pc)).slot;
    Value method = operands::methodAt(condition, special);
    if (!isSimpleFunction(method, 1)) [[unlikely]]
      return false;
    if (special == static_cast<uint16_t>(Special::k__len__)) jump |= kAnswersLength;
    r.sp[0] = condition;
    return enterSimpleFunction<InlineCache>(thread, r, method, r.sp, 1, r.sp - 1,
                                            static_cast<uint16_t>(kAnswersJump | jump));
  }

}  // namespace truth

#define KRAIT_TRUTH_FORM(JUMP, KIND, Kind, RESULT, TARGET, WANTED)                                             \
  template <>                                                                                                  \
  struct Instr<ops::JUMP##_##KIND> {                                                                           \
    KRAIT_INLINE static bool guard(Value condition) { return truth::is##Kind(condition); }                     \
    KRAIT_INLINE static RESULT run(Value condition, TARGET) { return {truth::of##Kind(condition) == WANTED}; } \
  };
// Instances of a class that has neither __bool__ nor __len__ are true; of a built-in container, when they hold
// anything.
#define KRAIT_TRUTH_FORMS(JUMP, RESULT, ENTERED, TARGET, WANTED)                                                       \
  KRAIT_TRUTH_FORM(JUMP, BOOL, Bool, RESULT, TARGET, WANTED)                                                           \
  KRAIT_TRUTH_FORM(JUMP, INT, Int, RESULT, TARGET, WANTED)                                                             \
  KRAIT_TRUTH_FORM(JUMP, STR, Str, RESULT, TARGET, WANTED)                                                             \
  KRAIT_TRUTH_FORM(JUMP, LIST, List, RESULT, TARGET, WANTED)                                                           \
  KRAIT_TRUTH_FORM(JUMP, NONE, None, RESULT, TARGET, WANTED)                                                           \
  template <>                                                                                                          \
  struct Instr<ops::JUMP##_ALWAYS_TRUE> {                                                                              \
    KRAIT_INLINE static bool guard(Value condition, const ShapeCache& cache) { return shapes::has(condition, cache); } \
    KRAIT_INLINE static RESULT run(Value, TARGET) { return {WANTED}; }                                                 \
  };                                                                                                                   \
  template <>                                                                                                          \
  struct Instr<ops::JUMP##_SIZED> {                                                                                    \
    KRAIT_INLINE static bool guard(Value condition, const ShapeCache& cache) { return shapes::has(condition, cache); } \
    KRAIT_INLINE static RESULT run(Value condition, TARGET, const ShapeCache& cache) {                                 \
      return {(shapes::lengthAt(condition, cache.slot) != 0) == WANTED};                                               \
    }                                                                                                                  \
  };                                                                                                                   \
  template <>                                                                                                          \
  struct Instr<ops::JUMP##_PY> {                                                                                       \
    KRAIT_INLINE static bool guard(Value condition, const ShapeCache& cache) { return shapes::has(condition, cache); } \
    KRAIT_INLINE static Guarded<truth::ENTERED> run(Thread& thread, Registers& r, TARGET) {                            \
      constexpr bool kKeeps = std::is_same_v<truth::ENTERED, truth::Kept>;                                             \
      return {{Next::kNext},                                                                                           \
              truth::enterMethod(thread, r, (WANTED ? kJumpsIfTrue : 0) | (kKeeps ? kKeepsOperand : 0))};              \
    }                                                                                                                  \
  };
KRAIT_TRUTH_FORMS(POP_JUMP_FORWARD_IF_FALSE, Branch, Popped, Target, false)
KRAIT_TRUTH_FORMS(POP_JUMP_FORWARD_IF_TRUE, Branch, Popped, Target, true)
KRAIT_TRUTH_FORMS(POP_JUMP_BACKWARD_IF_FALSE, Branch, Popped, BackTarget, false)
KRAIT_TRUTH_FORMS(POP_JUMP_BACKWARD_IF_TRUE, Branch, Popped, BackTarget, true)
KRAIT_TRUTH_FORMS(JUMP_IF_FALSE_OR_POP, BranchOrPop, Kept, Target, false)
KRAIT_TRUTH_FORMS(JUMP_IF_TRUE_OR_POP, BranchOrPop, Kept, Target, true)
#undef KRAIT_TRUTH_FORMS
#undef KRAIT_TRUTH_FORM

namespace truth {

  struct Forms {
    Op boolean, integer, str, list, none, alwaysTrue, sized, python;
  };
#define KRAIT_FORMS(JUMP)                                                                                            \
  {                                                                                                                  \
    ops::JUMP##_BOOL, ops::JUMP##_INT, ops::JUMP##_STR, ops::JUMP##_LIST, ops::JUMP##_NONE, ops::JUMP##_ALWAYS_TRUE, \
        ops::JUMP##_SIZED, ops::JUMP##_PY                                                                            \
  }
  inline Forms formsOf(Op generic) {
    switch (generic) {
      case Op::POP_JUMP_FORWARD_IF_FALSE: return KRAIT_FORMS(POP_JUMP_FORWARD_IF_FALSE);
      case Op::POP_JUMP_FORWARD_IF_TRUE: return KRAIT_FORMS(POP_JUMP_FORWARD_IF_TRUE);
      case Op::POP_JUMP_BACKWARD_IF_FALSE: return KRAIT_FORMS(POP_JUMP_BACKWARD_IF_FALSE);
      case Op::POP_JUMP_BACKWARD_IF_TRUE: return KRAIT_FORMS(POP_JUMP_BACKWARD_IF_TRUE);
      case Op::JUMP_IF_FALSE_OR_POP: return KRAIT_FORMS(JUMP_IF_FALSE_OR_POP);
      default: return KRAIT_FORMS(JUMP_IF_TRUE_OR_POP);
    }
  }
#undef KRAIT_FORMS

}  // namespace truth

inline Observation observeTruth(Site site) {
  Value condition = site.top();
  truth::Forms forms = truth::formsOf(site.generic);
  if (truth::isBool(condition)) return forms.boolean;
  if (truth::isInt(condition)) return forms.integer;
  if (truth::isStr(condition)) return forms.str;
  if (truth::isList(condition)) return forms.list;
  if (truth::isNone(condition)) return forms.none;
  if (!condition.isCell()) return Failure::kOperandTypes;
  if (uint16_t offset = shapes::lengthOffset(condition); offset != 0) {
    auto& cache = site.cache<ShapeCache>();
    cache.shape = condition.asCell()->shape_;
    cache.slot = offset;
    return forms.sized;
  }
  Type* type = typeOf(condition);
  Special special = type->special(Special::k__bool__).isUnbound() ? Special::k__len__ : Special::k__bool__;
  Value method = type->special(special);
  bool isPython = isSimpleFunction(method, 1);
  if (!method.isUnbound() && !isPython) return Failure::kOverridden;
  if (!relyOn(type)) return Failure::kClassChanges;
  auto& cache = site.cache<ShapeCache>();
  cache.shape = condition.asCell()->shape_;
  cache.slot = static_cast<uint16_t>(special);
  return isPython ? forms.python : forms.alwaysTrue;
}

}  // namespace krait
