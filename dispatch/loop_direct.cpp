// Dispatch `direct`: the word's token is the handler's address.
#define KRAIT_JUMP goto* reinterpret_cast<const void*>(r.pc->token)
#include "dispatch/loop_threaded.h"

extern "C" {
uintptr_t kraitTokenOf(unsigned op) {
  if (krait::kraitDispatchTable[0] == nullptr) krait::loop(nullptr, nullptr);
  return reinterpret_cast<uintptr_t>(krait::kraitDispatchTable[op]);
}
const char* kraitDispatchName() { return "direct"; }
}
