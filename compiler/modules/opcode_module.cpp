// Module _opcode: what the library's opcode and dis ask about instructions.
#include "compiler/modules/opcode_module.h"

#include "compiler/opcode_facts.h"
#include "vm/modules/native_arguments.h"
#include "vm/prepared.h"

namespace krait {
namespace {

// The numbers that opcodes.h gives instructions which exist only while compiling: -1, -2, ... in the order of
// opcode_facts.h.
constexpr int kPseudoCount = static_cast<int>(codegen::kOpCount) - 256;

bool knownOpcode(int opcode, codegen::Op& op) {
  if (opcode < 0) {
    if (opcode < -kPseudoCount) return false;
    op = static_cast<codegen::Op>(255 - opcode);
    return true;
  }
  if (opcode > 255 || opOfCanonical(static_cast<uint8_t>(opcode)) == Op::kCount) return false;
  op = static_cast<codegen::Op>(opcode);
  return true;
}

// stack_effect(opcode, oparg=None, /, *, jump=None): items pushed less items popped; where it depends on whether the
// instruction jumps, and nobody says, the larger number.
Fallible<Value> stackEffectOf(Thread& thread, Value, const Arguments& arguments) {
  static constexpr Parameters kParameters{"stack_effect", {"opcode", "oparg", "/", "*", "jump"}, 1};
  Value given[3];
  TRY(kParameters.bind(thread, arguments, given));
  int opcode = TRY(intArgument(thread, given[0]));
  bool hasArgument = !given[1].isUnbound() && !given[1].isNone();
  uint32_t argument = 0;
  if (opcode >= kHaveArgument) {
    if (!hasArgument) return raiseValueError(thread, "stack_effect: opcode requires oparg but oparg was not specified");
    argument = static_cast<uint32_t>(TRY(longArgument(thread, given[1])));
  } else if (hasArgument) {
    return raiseValueError(thread, "stack_effect: opcode does not permit oparg but oparg was specified");
  }
  bool anyway = given[2].isUnbound() || given[2].isNone();
  if (!anyway && !given[2].isTrue() && !given[2].isFalse())
    return raiseValueError(thread, "stack_effect: jump must be False, True or None");
  codegen::Op op;
  if (!knownOpcode(opcode, op)) return raiseValueError(thread, "invalid opcode or oparg");
  int oparg = static_cast<int>(argument);
  int straight = codegen::stackEffect(op, oparg, false), jumping = codegen::stackEffect(op, oparg, true);
  if (anyway) return Value::inlineInt(straight > jumping ? straight : jumping);
  return Value::inlineInt(given[2].isTrue() ? jumping : straight);
}

// As in every CPython that is not built with statistics of its own.
Fallible<Value> specializationStats(Thread&) { return Value::none(); }

}  // namespace

Module* moduleOpcode(Thread& thread) {
  return ModuleBuilder(thread, "_opcode", "Opcode support module.")
      .variadic("stack_effect", stackEffectOf)
      .variadic("get_specialization_stats", nullary<"_opcode.get_specialization_stats", specializationStats>)
      .build();
}

}  // namespace krait
