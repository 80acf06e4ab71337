// The loops that are measured beside the one written by hand.
#include "bench/micro/loops.h"

#include <cstdlib>
#include <string>

#include "bench/micro/session.h"
#include "vm/builtins/bytes.h"
#include "vm/opcode.h"
#include "vm/prepared.h"

namespace krait::micro {

namespace {
constexpr int kPairs = 96;  // the jump back stays below 256 code units: no EXTENDED_ARG
}

Function* compileLoadsAndPops(Thread& thread) {
  std::string source = "def f(n):\n  a = 1\n  while 0 < n:\n    n = n - 1\n";
  for (int i = 0; i < kPairs; i++) source += "    a\n";
  return compileFunction(thread, source);
}

// No source compiles to NOPs, so they replace LOAD_FAST, POP_TOP.
Function* compileNopChain(Thread& thread) {
  Function* function = compileLoadsAndPops(thread);
  Bytes* code = function->code->code;
  for (uint64_t i = 0; i + 3 < code->length; i += 2) {
    if (static_cast<Opcode>(code->data[i]) != Opcode::LOAD_FAST ||
        static_cast<Opcode>(code->data[i + 2]) != Opcode::POP_TOP)
      continue;
    code->data[i] = code->data[i + 2] = static_cast<uint8_t>(Opcode::NOP);
    code->data[i + 1] = 0;
  }
  if (prepare(thread, function->code, PreparedForm::kOneToOne).isRaised()) std::exit(2);
  return function;
}

Function* compileIntegerLoop(Thread& thread) {
  return compileFunction(thread,
                         "def f(n):\n"
                         "  i = 0\n"
                         "  s = 0\n"
                         "  while i < n:\n"
                         "    s = s + i * 3 & 1023\n"
                         "    i += 1\n"
                         "  return s\n");
}

}  // namespace krait::micro
