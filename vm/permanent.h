// Cells that start-up made and that never change: the collector keeps them without looking at them again.
//
// Strings, bytes, numbers, tuples, code objects and the descriptors of built-in classes are most of what there is when
// a program begins, and every collection used to trace them anew. The first collection of a program gives those that
// are still alive a mark that sweeping does not take away; what they refer to and is not among them becomes a root.
#pragma once
#include "vm/cell.h"

namespace krait {

// Start-up is over, and nobody is filling a cell in at this moment: what is alive now may become permanent.
void noteStartUp();
// `holder`, which may be permanent, has been made to refer to `referent`.
void keepForPermanent(const Cell* holder, Cell* referent);

}  // namespace krait
