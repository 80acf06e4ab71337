// Asks the family's observer, within what the policy allows.
#include "specialize/observe.h"

#include "specialize/all_forms.h"

namespace krait {

const char* const kFailureTexts[] = {
#define FAILURE(name, text) text,
#include "specialize/failures.def"
#undef FAILURE
};
static_assert(static_cast<unsigned>(Failure::kCount) <= 16, "a failure fits the word's four bits");

bool relyOn(Type* type) {
  if (type->cacheClears >= specializeTuning.classBudget) return false;
  type->typeFlags |= Type::kInlineCached;
  return true;
}

namespace {

Observation observeFamily(const Site& site) {
  switch (kBaseOp[static_cast<unsigned>(site.generic)]) {
    case Op::LOAD_ATTR: return observeLoadAttribute(site);
    case Op::STORE_ATTR: return observeStoreAttribute(site);
    case Op::LOAD_METHOD: return observeLoadMethod(site);
    case Op::LOAD_GLOBAL: return observeLoadGlobal(site);
    case Op::CALL: return site.generic == ops::CALL_KW ? observeCallKeywords(site) : observeCall(site);
    case Op::BINARY_OP: return observeBinaryOperation(site);
    case Op::COMPARE_OP: return observeComparison(site);
    case Op::CONTAINS_OP: return observeContains(site);
    case Op::BINARY_SUBSCR: return observeLoadItem(site);
    case Op::STORE_SUBSCR: return observeStoreItem(site);
    case Op::FOR_ITER: return observeIteration(site);
    case Op::UNPACK_SEQUENCE: return observeUnpack(site);
    case Op::POP_JUMP_FORWARD_IF_FALSE:
    case Op::POP_JUMP_FORWARD_IF_TRUE:
    case Op::POP_JUMP_BACKWARD_IF_FALSE:
    case Op::POP_JUMP_BACKWARD_IF_TRUE:
    case Op::JUMP_IF_FALSE_OR_POP:
    case Op::JUMP_IF_TRUE_OR_POP: return observeTruth(site);
    default: return Failure::kOperandTypes;
  }
}

}  // namespace

Observation observe(Site site) {
  Observation seen = observeFamily(site);
  if (seen.form == Op::kCount) return seen;
  if (policy.kind == Policy::kQuicken && kFacts[static_cast<unsigned>(seen.form)].usesCache) return Failure::kPolicy;
  return seen;
}

}  // namespace krait
