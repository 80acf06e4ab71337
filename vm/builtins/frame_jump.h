// Jumps of a debugger: f_lineno = n.
#pragma once
#include "vm/operations.h"

namespace krait {

// Makes the frame, which is at a "line" event, go on at the first line from `line` on. ValueError where it cannot.
Fallible<void> setFrameLine(Thread& thread, Value frame, Value line);

}  // namespace krait
