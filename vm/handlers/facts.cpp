// The tables derived from all handlers, and the checks that every instruction passes.
#include "vm/handlers/all.h"
#include "vm/prepared.h"

namespace krait {

#define OPERAND_FORM(name, base) static_assert(sizeof(CheckForm<Op::name, Op::base>) > 0);
#include "vm/operand_forms.def"
#undef OPERAND_FORM

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
