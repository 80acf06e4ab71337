// The interpreter as a whole: its module table, builtins, standard streams' owner, and start-up.
#pragma once
#include "vm/thread.h"

namespace krait {

struct Dict;
struct Module;

// Static references, traced as roots.
struct Runtime {
  Dict* modules;   // sys.modules
  Dict* builtins;  // vars(builtins)
  Dict* sys;       // vars(sys)
  Module* builtinsModule;
  Value importing;    // dict of the modules whose code is running for the first time
  Value memoryError;  // preallocated instance
  Value recursionError;
};
inline Runtime runtime;

struct CommandLine;

// Types, names, exceptions, builtins and native modules, in the order they need each other. Fails only for lack of
// memory.
Fallible<void> initialiseRuntime(Thread& thread);

}  // namespace krait
