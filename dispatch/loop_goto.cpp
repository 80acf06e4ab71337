// Dispatch `goto`: computed goto over the ops' numbers.
#define KRAIT_JUMP goto* kLabels[r.pc->token]
#include "dispatch/loop_threaded.h"

extern "C" {
uintptr_t kraitTokenOf(unsigned op) {
  if (krait::kraitDispatchTable[0] == nullptr) krait::loop(nullptr, nullptr);
  return op;
}
const char* kraitDispatchName() { return "goto"; }
}
