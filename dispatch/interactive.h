// The interactive mode: the prompt, statements of several lines, and errors that do not end it.
#pragma once
#include "dispatch/options.h"
#include "vm/thread.h"

namespace krait {

// Whether standard input is to be read statement by statement: a terminal, or -i.
bool wantsInteractive(const CommandLine& line);
// Version and copyright hint on stderr, unless -q.
void showBanner(const CommandLine& line);
// Reads and runs statements until the end of the input or SystemExit; the exit code. `fresh`: it is the program, so
// PYTHONSTARTUP comes first; otherwise it follows a program (-i).
int runInteractive(Thread& thread, const CommandLine& line, bool fresh);

}  // namespace krait
