// What the collector asks of the object model: the references of each kind of cell, the roots, and finalisation.
#pragma once
#include "vm/heap.h"

namespace krait {

// Whether cells of its kind refer to nothing but their class; of a str, but for the buffer that it may lie in.
bool isAtom(const Cell* cell);
// Whether what the cell refers to stays what it is for as long as it lives, once it has been filled in.
bool neverChanges(const Cell* cell);
// Marks every reference of `cell`.
void traceCell(Cell* cell, Marker& marker);
// The interpreter's static references: types, names, exceptions, modules.
void traceGlobals(Marker& marker);
// VM stacks, pending and handled exceptions of every thread; native stacks of waiting threads.
void traceThreads(Marker& marker);
// Where the native stack of the running thread begins (its highest address).
const void* nativeStackBottom(const Thread& thread);
// sizeof the struct of a kind whose cells begin as an Object and have one size; 0 for the others.
size_t fixedCellSize(Kind kind);
// Runs a dead cell's finaliser.
void finaliseCell(Cell* cell);
// After marking: caches that refer weakly forget what has died.
void beforeSweep();

}  // namespace krait
