// How many dead objects reference counts alone would not have freed: what gc.collect() returns.
#pragma once
#include "vm/heap.h"

namespace krait {

// Between marking and sweeping. 0 when memory is too short to tell. With `saved` they are kept, and put there.
uint64_t countCyclicGarbage(Marker& marker, RootVector* saved);
// Whether it is a kind of cell that CPython's collector knows of: containers, not strings or numbers or their storage.
bool isContainer(const Cell* cell);
// Whether CPython's collector would keep an eye on this very object: gc.is_tracked().
bool isTracked(Value v);

}  // namespace krait
