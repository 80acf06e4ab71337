// What the sources of the module select share.
#pragma once
#include "vm/modules/native_arguments.h"

namespace krait {

// A time to wait in nanoseconds, rounded up; -1 for None (for ever). `unit` is nanoseconds per given unit.
Fallible<int64_t> waitArgument(Thread& thread, Value v, int64_t unit, const char* typeMessage);
// The point of the monotonic clock that lies so far ahead; -1 stays -1.
int64_t deadlineAfter(int64_t nanoseconds);
// What is left until then; 0 when it has passed, -1 for ever.
int64_t leftUntil(int64_t deadline);
// Milliseconds, rounded up, as poll() and epoll_wait() take them.
int millisecondsOf(int64_t nanoseconds);

void addEpoll(Thread& thread, ModuleBuilder& builder);

}  // namespace krait
