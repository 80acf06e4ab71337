// Module sys: what C++ code needs of it, and what main() tells it.
#pragma once
#include <string>
#include <vector>

#include "vm/operations.h"

namespace krait {

struct Dict;
struct Module;

// Results of reading the command line and the environment. Texts are bytes as the system gave them.
struct SysOptions {
  std::vector<std::string> argv{""}, originalArgv;
  std::vector<std::string> path;         // sys.path
  std::vector<std::string> warnOptions;  // -W
  std::vector<std::string> xOptions;     // -X, "name" or "name=value"
  std::string executable, baseExecutable, prefix = "/usr", stdlib, pycachePrefix;
  bool dontWriteBytecode = true;
  int inspect = 0, interactive = 0, optimise = 0, noUserSite = 0, noSite = 0, ignoreEnvironment = 0, verbose = 0;
  int bytesWarning = 0, quiet = 0, isolated = 0, debug = 0;
  bool devMode = false, safePath = false, unbuffered = false, warnDefaultEncoding = false;
  int utf8Mode = 0;
  int64_t intMaxStrDigits = -1;  // -1: not given
};
// sys.version: "3.11.2 (main, ...) [compiler]", as module platform wants it.
std::string pythonVersionText();
// Makes the module, sets runtime.sys and sys.modules["sys"], opens the standard streams.
Fallible<void> initialiseSys(Thread& thread, const SysOptions& options);

// sys.<name>, or unbound.
Value sysAttribute(const Str* name);
Fallible<void> setSysAttribute(Thread& thread, Str* name, Value value);
// Flushes sys.stdout and sys.stderr at exit; 120 instead of `code` when that fails.
int flushStandardStreams(Thread& thread, int code);
// What sys.excepthook does by default: traceback and message on sys.stderr.
Fallible<void> showException(Thread& thread, Value exception);

// sys.audit(event, *arguments) for C++ code. `auditing`: whether anybody listens.
bool auditing();
Fallible<void> audit(Thread& thread, const char* event, std::span<const Value> arguments);

Module* sysModule();

// sys_unraisable.cpp: the default hook, and the class of what it is called with.
Fallible<Builtin*> makeUnraisableHook(Thread& thread);
Type* unraisableHookArgs();
// As writeUnraisable (errors.h), but it says `message` in place of "Exception ignored in"; null: the usual one.
void writeUnraisable(Thread& thread, Value where, const char* message);
// sys_info.cpp: version_info, flags, float_info ...
Fallible<void> addSysInformation(Thread& thread, Dict* sys, const SysOptions& options);
// sys_names.cpp: stdlib_module_names.
Fallible<void> addLibraryNames(Thread& thread, Dict* sys);
// sys_hooks.cpp: excepthook, displayhook, unraisablehook, breakpointhook, audit hooks.
Fallible<void> addSysHooks(Thread& thread, Dict* sys);
// sys_trace.cpp: trace and profile functions, and the frames and exceptions of all threads.
Fallible<void> addSysTracing(Thread& thread, Dict* sys);
// A native function of module sys, put into it.
Fallible<void> addSysFunction(Thread& thread, Dict* sys, const char* name, Builtin* function);
Fallible<void> addSysValue(Thread& thread, Dict* sys, const char* name, Value value);

}  // namespace krait
