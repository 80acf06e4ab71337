// The figures that one command prints as small tables (`krait-micro-<dispatch> --figures`).
#pragma once

namespace krait::micro {

// The dispatch beside the loop written by hand, the collector with many dead objects, the growth of strings and lists.
// False with a message when a copy of this program cannot be run.
bool printFigures(int copies, int repetitions);

// What each copy of the program does: one line for every repetition of every loop, `loop's-index vm by-hand`, in ns.
void printDispatchSamples(int repetitions);

}  // namespace krait::micro
