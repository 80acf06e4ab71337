// Signals: the C handler only notes them; Python's handlers run in the main thread at the next bytecode boundary.
#pragma once
#include "vm/thread.h"

namespace krait {

inline constexpr int kSignalNumbers = 65;  // NSIG: valid ones are 1 … 64

// What a program starts with: SIGINT raises KeyboardInterrupt; SIGPIPE and SIGXFSZ are ignored.
Fallible<void> installSignalHandlers(Thread& thread);
// Notes a signal and wakes the main thread. All that a C handler may do.
void tripSignal(int number);
// The C handler that does so.
extern "C" void onSignal(int number);
// Runs Python's handlers of the signals that have arrived; does nothing in other threads than the main one.
Fallible<void> runSignalHandlers(Thread& thread);
// Whether a SIGINT has arrived whose handler has not run yet.
bool interruptPending();

// Python's handler of a signal: a callable, the int 0 (SIG_DFL) or 1 (SIG_IGN), or None where Python did not install
// what is there.
Value signalHandler(int number);
void setSignalHandler(int number, Value handler);
// signal.default_int_handler
Value defaultInterruptHandler();

// Where a byte is written for each signal; -1 for nowhere. The former one.
int setWakeupDescriptor(int descriptor, bool warnOnFullBuffer);

}  // namespace krait
