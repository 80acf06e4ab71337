// Fuzzes marshal and the verifier: bytes in, an object or an exception out. Code objects are verified, never run;
// whatever was read can be written and read again.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "compiler/materialise.h"
#include "dispatch/interpret.h"
#include "specialize/adapt.h"
#include "vm/builtins/bytes.h"
#include "vm/builtins/exception.h"
#include "vm/builtins/tuple.h"
#include "vm/code.h"
#include "vm/marshal.h"
#include "vm/runtime.h"
#include "vm/verify.h"

namespace krait {
namespace {

Thread& interpreter() {
  static Thread* const started = [] {
    Thread* thread = initialiseMainThread();
    if (thread == nullptr) std::exit(2);
    thread->hooks = {interpret, compileSource, prepareAdaptive, kraitDispatchName(), forgetDeadCaches, classChanged};
    if (initialiseRuntime(*thread).isRaised()) std::exit(2);
    return thread;
  }();
  return *started;
}

// What may be asked of a code object before it runs; add what else looks at foreign code.
Fallible<void> examine(Thread& thread, Value value) {
  if (!isKind(value, Kind::kCode)) return {};
  Code* code = value.as<Code>();
  Fallible<void> verified = verify(thread, code);
  if (verified.isRaised()) takeException(thread);
  Tuple* constants = code->constants;
  for (size_t i = 0; i < constants->length; i++) TRY(examine(thread, constants->items[i]));
  return {};
}

Fallible<void> fuzz(Thread& thread, std::string_view data) {
  Value value = TRY(unmarshal(thread, data));
  TRY(examine(thread, value));
  Bytes* written = TRY(marshal(thread, value));
  std::string copy(reinterpret_cast<const char*>(written->data), written->length);
  TRY(unmarshal(thread, copy));
  return {};
}

}  // namespace
}  // namespace krait

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  krait::Thread& thread = krait::interpreter();
  if (krait::fuzz(thread, {reinterpret_cast<const char*>(data), size}).isRaised()) krait::takeException(thread);
  return 0;
}
