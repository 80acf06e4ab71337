// Where a loop that is one function keeps the thread.
//
// pc, sp and fp are written by nearly every instruction, the thread is only read. g++ 12 holds all four in registers;
// clang 19, from some 400 entries on, puts the thread on the native stack and reloads it from there at each use, and
// needs a register more for it where it does not. Its own place in thread-local storage costs the same load and no
// register. (The tail loop's calling convention pins all four.)
#pragma once
#include "vm/running_thread.h"
#include "vm/thread.h"

#if defined(__clang__)
#define KRAIT_THREAD (*::krait::runningThread)
#else
#define KRAIT_THREAD t
#endif
