// What the sources of the module _thread, and the modules that block like its locks, share.
#pragma once
#include <semaphore.h>

#include "vm/builtins/module.h"
#include "vm/operations.h"

namespace krait {

// Waits for the semaphore without the interpreter lock; false when `nanoseconds` (negative: for ever) have passed.
// Signal handlers written in Python run in between and do not shorten the wait; what they raise ends it.
Fallible<bool> waitForSemaphore(Thread& thread, sem_t* semaphore, int64_t nanoseconds);
inline constexpr double kTimeoutMax = 9223372036.0;  // seconds: what nanoseconds in 64 bits can say

// thread_lock.cpp: the classes lock and RLock.
struct LockTypes {
  Type *lock, *recursiveLock;
};
LockTypes makeLockTypes(Thread& thread);
Fallible<Value> makeLock(Thread& thread);
// Releases a lock that is held, from wherever: what the end of a thread does to its sentinel.
void releaseLock(Value lock);

// thread_local.cpp: the class _local. A thread that ends drops its part of all such objects.
Type* makeLocalType(Thread& thread);
void forgetThreadLocals(Thread& thread);

}  // namespace krait
