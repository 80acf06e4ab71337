// Running what the command line names, and what happens at the end.
#pragma once
#include "dispatch/options.h"
#include "vm/thread.h"

namespace krait {

struct Outcome {
  int exitCode = 0;
  bool interrupted = false;  // dies of SIGINT, so that a shell sees it
};

// Completes sys.path and runs the command, module, script or standard input; then the interactive mode where asked for.
Outcome runProgram(Thread& thread, const CommandLine& line);
// The end of a program by the pending exception: SystemExit decides the exit code, anything else is shown.
// `inspecting`: SystemExit is shown, too.
Outcome handleUncaught(Thread& thread, bool inspecting = false);
// Keeps memory back for the traceback of a MemoryError. Raises MemoryError.
Fallible<void> keepMemoryReserve(Thread& thread);

}  // namespace krait
