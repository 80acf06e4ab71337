// What a collection that was asked for by name may leave out of its scan.
#include "vm/loop_entry.h"

#include "vm/builtins/builtin.h"
#include "vm/builtins/bytes.h"
#include "vm/opcode.h"
#include "vm/prepared.h"

namespace krait {

constinit thread_local LoopEntry* innermostLoop = nullptr;
static thread_local bool ignoresLoopStack = false;

IgnoreLoopStack::IgnoreLoopStack() { ignoresLoopStack = true; }
IgnoreLoopStack::~IgnoreLoopStack() { ignoresLoopStack = false; }
const void* IgnoreLoopStack::scanStart() { return ignoresLoopStack ? innermostLoop : nullptr; }

bool isCalledFromLoop(const Thread& thread, const void* function) {
  const Frame* frame = thread.frame;
  if (innermostLoop == nullptr || frame == nullptr || frame->code->prepared == nullptr) return false;
  const Bytes* code = frame->code->code;
  int offset = canonicalOffset(frame->code->prepared, frame->pc);
  if (offset < 0 || static_cast<uint64_t>(offset) + 1 >= code->length) return false;
  const auto* bytes = reinterpret_cast<const uint8_t*>(code->data) + offset;
  if (bytes[0] != static_cast<uint8_t>(Opcode::CALL)) return false;
  const Value* callable = thread.sp - bytes[1] - 1;
  if (callable < const_cast<Frame*>(frame)->stackBase()) return false;
  return isKind(*callable, Kind::kBuiltin) && callable->as<Builtin>()->function == function;
}

}  // namespace krait
