// Asks the family's observer, within what the policy allows.
#include "specialize/observe.h"

#include "specialize/adapt.h"
#include "specialize/all_forms.h"

namespace krait {

const char* const kFailureTexts[] = {
#define FAILURE(name, text) text,
#include "specialize/failures.def"
#undef FAILURE
};
static_assert(static_cast<unsigned>(Failure::kCount) <= 16, "a failure fits the word's four bits");

namespace shapes {

OwnSlot ownSlot(const Cell* cell, const Str* name) {
  const Shape* shape = cell->shape();
  if (!hasAttributes(cell) || shape->isDictionary || cell->kind == Kind::kModule || cell->kind == Kind::kType)
    return {false, 0, PolymorphicEntry::kInline};
  int64_t slot = findSlot(shape, name);
  if (slot < 0 || slot > UINT16_MAX) return {false, 0, PolymorphicEntry::kInline};
  if (slot < shape->inlineCapacity) return {true, static_cast<uint16_t>(slot), PolymorphicEntry::kInline};
  return {true, static_cast<uint16_t>(slot - shape->inlineCapacity), PolymorphicEntry::kOverflow};
}

const Field<Value>* moduleLocation(Module* module, const Str* name, uint32_t& version) {
  Dict* dict = module->dict;
  if (!dict->allStrings) return nullptr;
  DictEntry* entry = dictFindStr(dict, name);
  if (entry == nullptr) return nullptr;
  version = dictKeysVersion(dict);
  return version == 0 ? nullptr : &entry->value;
}

}  // namespace shapes

namespace calls {

uint32_t codeVersion(Code* code) {
  static uint32_t last = 0;
  if (code->version == 0 && last != UINT32_MAX) code->version = ++last;
  return code->version;
}
Pc bodyOf(const PreparedCode* prepared) {
  return prepared->entry + (ownOpAt(prepared->entry) == Op::RESUME ? wordUnits(Op::RESUME) : 0);
}
bool hasDeoptimised(const Unit* word) { return failureAt(word) == 0 && backoffAt(word) != 0; }
bool isCold(const PreparedCode* prepared) { return ownOpAt(prepared->entry) == ops::RESUME_WARM_UP; }

}  // namespace calls

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
