// The classes of None, NotImplemented and Ellipsis.
#pragma once
#include "vm/operations.h"

namespace krait {
void initialiseSingletons(Thread& thread);
}  // namespace krait
