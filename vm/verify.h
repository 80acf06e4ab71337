// The bytecode verifier: looks at code objects that our compiler has not made (marshal, types.CodeType, code.replace)
// before they first run, so that no handler meets operands or a stack it does not expect.
#pragma once
#include "vm/code.h"

namespace krait {

// Proves by abstract interpretation (Kildall's dataflow analysis; as JVM class-file verification by type inference)
// that on every path through `code`
//   - the evaluation stack has one depth at each instruction, never below 0 nor above co_stacksize;
//   - jumps and exception handlers lead to starts of instructions, and control does not run off the end;
//   - constants, names and variables exist; cells are made before they are used, in the prologue;
//   - each instruction finds the kind of operand that its handler relies on: no NULL where an object is due, a list
//     below LIST_APPEND, an exception below RERAISE, and so on;
//   - exception table entries are in order and never keep more of the stack than is there.
// Sets code->isVerified. Otherwise raises ValueError, which names the instruction and the reason; MemoryError.
// Nested code objects are not looked at: they are verified before they run themselves.
Fallible<void> verify(Thread& thread, Code* code);

}  // namespace krait
