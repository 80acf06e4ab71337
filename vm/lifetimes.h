// What happens when objects die: weak references, finalisers, and the queue of what has still to be run for them.
//
// The collector calls settleLifetimes() between marking and sweeping. Nothing of Python runs there: weak references to
// the dead are cleared, callbacks and finalisers are queued, and what is queued lives on. The queue is worked off at
// the next bytecode boundary (Thread::kFinalisers), or at once by gc.collect(). As PEP 442 has it, a finaliser sees
// its object intact, runs once, and may bring it back to life. Where this differs from CPython: LIFETIMES.md.
#pragma once
#include "vm/thread.h"

namespace krait {

struct Weakref;

// --- for the collector ------------------------------------------------------------------------------------------------
void settleLifetimes(Thread& thread, Marker& marker);

// --- weak references --------------------------------------------------------------------------------------------------
// The weak references to `referent`, linked by Weakref::next; null when there are none.
Weakref* firstWeakref(const Cell* referent);
// Adds behind `after`, or in front of all others. False when memory is exhausted.
[[nodiscard]] bool linkWeakref(Weakref* weakref, Weakref* after);

// --- finalisers -------------------------------------------------------------------------------------------------------
// The object has something to be run when it dies: its class's __del__, or a generator's `finally`. May be told twice.
Fallible<void> registerFinalisable(Thread& thread, Cell* cell);
// Cell::flags of a NativeObject: its class has a __del__, but as things are it would do nothing. The collector looks at
// this when the object dies, so that futures and the like, of which most have nothing to say, just go.
inline constexpr uint8_t kNothingToFinalise = 1;
// What a constructor in C++ has made, if its class has a __del__.
Fallible<void> registerMade(Thread& thread, Value instance);
// The class, or one it inherits from, has got a __del__ after instances were made.
Fallible<void> registerInstances(Thread& thread, Type* type);
bool isFinalised(const Cell* cell);

// --- classes ----------------------------------------------------------------------------------------------------------
// A class forgets its Python subclasses when they die. False when memory is exhausted.
[[nodiscard]] bool registerClass(Type* type);
// forget(holder) is called after marking whenever classes have died: for cells with weak tables of classes, which see
// by Heap::isMarked() who is gone. False when memory is exhausted.
[[nodiscard]] bool registerClassHolder(Cell* holder, void (*forget)(Cell*));

// --- the queue --------------------------------------------------------------------------------------------------------
bool lifetimesPending();
// Finalisers and callbacks wait until they are asked for by name: where instructions are counted, since when they run
// depends on what the conservative scan sees.
inline bool deferLifetimes = false;
// Runs what is queued, in order; errors go to sys.unraisablehook. Keeps the pending exception, if there is one.
void runPendingLifetimes(Thread& thread);
// gc.collect(): collects and runs what dies until nothing more does. How many objects were dead that reference counts
// alone would not have found; with `saved` these are kept, and put there. `fromLoop`: the caller was called by a
// dispatch loop and holds nothing (loop_entry.h).
uint64_t collectEverything(Thread& thread, RootVector* saved = nullptr, bool fromLoop = false);
// The end of the program: finalises all that is left.
void finaliseAtExit(Thread& thread);

}  // namespace krait
