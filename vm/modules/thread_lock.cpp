// The locks of the module _thread: lock and RLock.
//
// A lock is a semaphore, not a mutex: any thread may release it, and waiting for it ends early when a signal arrives,
// so that Ctrl-C reaches a main thread that waits. The interpreter lock guards all the other members.
#include <cerrno>
#include <ctime>

#include "vm/builtins/int.h"
#include "vm/builtins/str.h"
#include "vm/builtins/tuple.h"
#include "vm/modules/thread_internal.h"
#include "vm/modules/time_internal.h"

namespace krait {

Fallible<bool> waitForSemaphore(Thread& thread, sem_t* semaphore, int64_t nanoseconds) {
  if (sem_trywait(semaphore) == 0) return true;
  if (nanoseconds == 0) return false;
  timespec deadline{};
  if (nanoseconds > 0) {
    clock_gettime(CLOCK_MONOTONIC, &deadline);
    int64_t sum;
    if (__builtin_add_overflow(deadline.tv_sec * kNanosecondsPerSecond + deadline.tv_nsec, nanoseconds, &sum))
      sum = INT64_MAX;
    deadline.tv_sec = sum / kNanosecondsPerSecond;
    deadline.tv_nsec = sum % kNanosecondsPerSecond;
  }
  for (;;) {
    int error = 0;
    {
      AllowThreads allow(thread);
      if ((nanoseconds < 0 ? sem_wait(semaphore) : sem_clockwait(semaphore, CLOCK_MONOTONIC, &deadline)) != 0)
        error = errno;
    }
    if (error == 0) return true;
    if (error != EINTR) return false;
    TRY(pollEvalBreaker(thread));
  }
}

namespace {

// acquire(blocking=True, timeout=-1): how long to wait, in nanoseconds; negative: for ever.
Fallible<int64_t> acquireTimeout(Thread& thread, const Arguments& arguments) {
  static constexpr Parameters kParameters{"acquire", {"blocking", "timeout"}, 0};
  Value bound[2];
  TRY(kParameters.bind(thread, arguments, bound));
  bool blocking = true;
  if (!bound[0].isUnbound()) blocking = TRY(indexAsInt64(thread, bound[0], exceptions.OverflowError)) != 0;
  if (bound[1].isUnbound()) return blocking ? -1 : 0;
  constexpr int64_t kForEver = -kNanosecondsPerSecond;
  int64_t timeout = TRY(nanosecondsArgument(thread, bound[1]));
  if (!blocking && timeout != kForEver)
    return raise(thread, exceptions.ValueError, "can't specify a timeout for a non-blocking call");
  if (timeout < 0 && timeout != kForEver) return raise(thread, exceptions.ValueError, "timeout value must be positive");
  if (!blocking) return 0;
  return timeout == kForEver ? -1 : timeout;
}

// "<locked _thread.lock object at 0x...>"
std::string describe(Value v, bool locked, const std::string& details) {
  return fmt::format("<{} {} object {}at {:#x}>", locked ? "locked" : "unlocked", nameOf(v), details, v.bits() - 1);
}

// --- lock -------------------------------------------------------------------------------------------------------------
struct Lock : NativeObject {
  sem_t free;
  bool locked;
};
constexpr NativeTraits kLockTraits{"lock", nullptr, nullptr};
LockTypes lockTypes;

Lock* lockOf(Value v) { return v.as<Lock>(); }

Fallible<Value> lockAcquire(Thread& thread, Value self, const Arguments& arguments) {
  int64_t timeout = TRY(acquireTimeout(thread, arguments));
  bool acquired = TRY(waitForSemaphore(thread, &lockOf(self)->free, timeout));
  if (acquired) lockOf(self)->locked = true;
  return Value::boolean(acquired);
}
Fallible<Value> lockRelease(Thread& thread, Value self) {
  if (!lockOf(self)->locked) return raise(thread, exceptions.RuntimeError, "release unlocked lock");
  releaseLock(self);
  return Value::none();
}
Fallible<Value> lockExit(Thread& thread, Value self, const Arguments&) { return lockRelease(thread, self); }
Fallible<Value> lockLocked(Thread&, Value self) { return Value::boolean(lockOf(self)->locked); }
// In the child of a fork: whoever held it may be gone.
Fallible<Value> lockReinitialise(Thread&, Value self) {
  sem_init(&lockOf(self)->free, 0, 1);
  lockOf(self)->locked = false;
  return Value::none();
}
Fallible<Value> lockRepr(Thread& thread, Value self) {
  return Value::of(TRY(makeStr(thread, describe(self, lockOf(self)->locked, ""))));
}

// --- RLock ------------------------------------------------------------------------------------------------------------
struct RecursiveLock : NativeObject {
  sem_t free;
  uint64_t owner;  // identity; 0: nobody
  uint64_t count;
};
constexpr NativeTraits kRecursiveTraits{"RLock", nullptr, nullptr};

RecursiveLock* recursiveOf(Value v) { return v.as<RecursiveLock>(); }

Fallible<Value> recursiveNew(Thread& thread, Value self, const Arguments&) {
  auto* lock = TRY(allocate<RecursiveLock>(thread, Kind::kNative, self.as<Type>()->instanceShape));
  lock->traits = &kRecursiveTraits;
  sem_init(&lock->free, 0, 1);
  return Value::of(lock);
}
Fallible<Value> recursiveAcquire(Thread& thread, Value self, const Arguments& arguments) {
  int64_t timeout = TRY(acquireTimeout(thread, arguments));
  RecursiveLock* lock = recursiveOf(self);
  uint64_t me = thread.identity;
  if (lock->count > 0 && lock->owner == me) {
    lock->count++;
    return Value::boolean(true);
  }
  bool acquired = TRY(waitForSemaphore(thread, &lock->free, timeout));
  if (acquired) {
    lock->owner = me;
    lock->count = 1;
  }
  return Value::boolean(acquired);
}
bool isOwned(const Thread& thread, const RecursiveLock* lock) {
  return lock->count > 0 && lock->owner == thread.identity;
}
Raised raiseNotOwned(Thread& thread) {
  return raise(thread, exceptions.RuntimeError, "cannot release un-acquired lock");
}
Fallible<Value> recursiveRelease(Thread& thread, Value self) {
  RecursiveLock* lock = recursiveOf(self);
  if (!isOwned(thread, lock)) return raiseNotOwned(thread);
  if (--lock->count == 0) {
    lock->owner = 0;
    sem_post(&lock->free);
  }
  return Value::none();
}
Fallible<Value> recursiveExit(Thread& thread, Value self, const Arguments&) { return recursiveRelease(thread, self); }
Fallible<Value> recursiveIsOwned(Thread& thread, Value self) {
  return Value::boolean(isOwned(thread, recursiveOf(self)));
}
// What threading.Condition does around a wait: gives the lock up however often it was taken, and takes it so again.
Fallible<Value> recursiveReleaseSave(Thread& thread, Value self) {
  RecursiveLock* lock = recursiveOf(self);
  if (lock->count == 0) return raiseNotOwned(thread);
  Value count = TRY(makeInt(thread, static_cast<int64_t>(lock->count)));
  Value owner = TRY(makeIntUnsigned(thread, lock->owner));
  Value state = Value::of(TRY(makeTuple(thread, {count, owner})));
  lock->count = 0;
  lock->owner = 0;
  sem_post(&lock->free);
  return state;
}
Fallible<Value> recursiveAcquireRestore(Thread& thread, Value self, Value state) {
  Tuple* pair = toTuple(state);
  if (pair == nullptr) {
    return raiseTypeError(thread, "_acquire_restore() argument 1 must be 2-item sequence, not {}", nameOf(state));
  }
  if (pair->length != 2) {
    return raiseTypeError(thread, "_acquire_restore() argument 1 must be sequence of length 2, not {}", pair->length);
  }
  uint64_t fields[2];
  for (unsigned i = 0; i < 2; i++) {
    Value item = pair->items[i].get();
    std::optional<Value> number = toInt(item);
    if (!number)
      return raiseTypeError(thread, "_acquire_restore() argument 1, item {} must be int, not {}", i, nameOf(item));
    fields[i] = static_cast<uint64_t>(TRY(indexAsInt64(thread, *number)));
  }
  RecursiveLock* lock = recursiveOf(self);
  while (!TRY(waitForSemaphore(thread, &lock->free, -1))) {}
  lock->count = fields[0];
  lock->owner = fields[1];
  return Value::none();
}
Fallible<Value> recursiveReinitialise(Thread&, Value self) {
  RecursiveLock* lock = recursiveOf(self);
  sem_init(&lock->free, 0, 1);
  lock->owner = lock->count = 0;
  return Value::none();
}
Fallible<Value> recursiveRepr(Thread& thread, Value self) {
  RecursiveLock* lock = recursiveOf(self);
  std::string details = fmt::format("owner={} count={} ", lock->owner, lock->count);
  return Value::of(TRY(makeStr(thread, describe(self, lock->count != 0, details))));
}

}  // namespace

Fallible<Value> makeLock(Thread& thread) {
  auto* lock = TRY(allocate<Lock>(thread, Kind::kNative, lockTypes.lock->instanceShape));
  lock->traits = &kLockTraits;
  sem_init(&lock->free, 0, 1);
  return Value::of(lock);
}

void releaseLock(Value lock) {
  if (!lockOf(lock)->locked) return;
  lockOf(lock)->locked = false;
  sem_post(&lockOf(lock)->free);
}

LockTypes makeLockTypes(Thread& thread) {
  lockTypes.lock =
      TypeBuilder(thread, "lock", types.object, Kind::kNative)
          .module("_thread")
          .flags(Type::kHasWeakref)
          .variadic("acquire", lockAcquire)
          .variadic("acquire_lock", lockAcquire)
          .method("release", lockRelease)
          .method("release_lock", lockRelease)
          .method("locked", lockLocked)
          .method("locked_lock", lockLocked)
          .variadic("__enter__", lockAcquire)
          .variadic("__exit__", lockExit)
          .method("_at_fork_reinit", lockReinitialise)
          .special("__repr__", lockRepr)
          .doc("Held by at most one thread at a time, whichever; acquire() waits for it, release() gives it up.")
          .build();
  lockTypes.recursiveLock = TypeBuilder(thread, "RLock", types.object, Kind::kNative)
                                .module("_thread")
                                .flags(Type::kBaseType | Type::kHasWeakref)
                                .constructor(recursiveNew)
                                .variadic("acquire", recursiveAcquire)
                                .method("release", recursiveRelease)
                                .method("_is_owned", recursiveIsOwned)
                                .method("_acquire_restore", recursiveAcquireRestore)
                                .method("_release_save", recursiveReleaseSave)
                                .variadic("__enter__", recursiveAcquire)
                                .variadic("__exit__", recursiveExit)
                                .method("_at_fork_reinit", recursiveReinitialise)
                                .special("__repr__", recursiveRepr)
                                .build();
  return lockTypes;
}

}  // namespace krait
