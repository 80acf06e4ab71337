// The tables derived from all handlers, and the checks that every instruction passes.
#include "vm/handlers/all.h"
#include "vm/prepared.h"

namespace krait {

const Facts kFacts[kOpCount] = {
#define INSTRUCTION(name, number) Check<Op::name>::facts,
#include "vm/instructions.def"
#undef INSTRUCTION
#define OPERAND_FORM(name, base) Check<Op::name>::facts,
#include "vm/operand_forms.def"
#undef OPERAND_FORM
};

#define OPERAND_FORM(name, base) static_assert(sizeof(CheckForm<Op::name, Op::base>) > 0);
#include "vm/operand_forms.def"
#undef OPERAND_FORM

const char* const kOpNames[kOpCount] = {
#define INSTRUCTION(name, number) #name,
#include "vm/instructions.def"
#undef INSTRUCTION
#define OPERAND_FORM(name, base) #name,
#include "vm/operand_forms.def"
#undef OPERAND_FORM
};

const Op kBaseOp[kOpCount] = {
#define INSTRUCTION(name, number) Op::name,
#include "vm/instructions.def"
#undef INSTRUCTION
#define OPERAND_FORM(name, base) Op::base,
#include "vm/operand_forms.def"
#undef OPERAND_FORM
};

const uint8_t kCanonicalNumber[kOpCount] = {
#define INSTRUCTION(name, number) number,
#include "vm/instructions.def"
#undef INSTRUCTION
};

Op opOfCanonical(uint8_t number) {
  static const auto table = [] {
    struct {
      Op ops[256];
    } t;
    for (Op& op : t.ops) op = Op::kCount;
#define INSTRUCTION(name, canonical) t.ops[canonical] = Op::name;
#include "vm/instructions.def"
#undef INSTRUCTION
    return t;
  }();
  return table.ops[number];
}

}  // namespace krait
