// Module _thread: threads, locks and thread-local data, what threading is built on.
#include <unistd.h>

#include "vm/builtins/float.h"
#include "vm/builtins/int.h"
#include "vm/modules/registry.h"
#include "vm/modules/thread_internal.h"

namespace krait {
namespace {

Fallible<Value> allocateLock(Thread& thread, Value, const Arguments&) { return makeLock(thread); }

Fallible<void> noArguments(Thread& thread, const char* function, const Arguments& arguments) {
  TRY(arguments.noKeywords(thread, function));
  if (arguments.positional == 0) return {};
  return raiseTypeError(thread, "{}() takes no arguments ({} given)", function, arguments.positional);
}

Fallible<Value> getIdent(Thread& thread, Value, const Arguments& arguments) {
  TRY(noArguments(thread, "_thread.get_ident", arguments));
  return makeIntUnsigned(thread, threadIdentity());
}
Fallible<Value> getNativeId(Thread& thread, Value, const Arguments& arguments) {
  TRY(noArguments(thread, "_thread.get_native_id", arguments));
  return makeInt(thread, gettid());
}

}  // namespace

Module* moduleThread(Thread& thread) {
  auto longest = makeFloat(thread, kTimeoutMax);
  if (longest.isRaised()) return nullptr;
  LockTypes locks = makeLockTypes(thread);
  return ModuleBuilder(thread, "_thread", R"(This module provides primitive operations to write multi-threaded programs.
The 'threading' module provides a more convenient interface.)")
      .variadic("allocate_lock", allocateLock)
      .variadic("allocate", allocateLock)
      .variadic("get_ident", getIdent)
      .variadic("get_native_id", getNativeId)
      .constant("LockType", Value::of(locks.lock))
      .constant("RLock", Value::of(locks.recursiveLock))
      .constant("error", Value::of(exceptions.RuntimeError))
      .constant("TIMEOUT_MAX", longest.value())
      .build();
}

}  // namespace krait
