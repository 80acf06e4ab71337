// Importing: what __import__ and the import statements do, and the start of importlib, which does the rest in Python.
#pragma once
#include <string>

#include "vm/builtins/module.h"

namespace krait {

// -v: imports are reported, and nothing is hidden from their tracebacks.
inline bool verboseImports = false;
// -X importtime: what every import costs is reported on stderr.
inline bool timeImports = false;

// import name (absolute, dotted): the module itself. Raises ModuleNotFoundError and whatever its code raises.
Fallible<Value> importModule(Thread& thread, Str* name);
// __import__(name, globals, locals, fromlist, level).
Fallible<Value> importBuiltin(Thread& thread, Str* name, Value globals, Value fromList, int64_t level);
// True while the module's own code has not run to its end: __spec__._initializing.
Fallible<bool> isInitialising(Thread& thread, Value module);

// --- importlib (import_boot.cpp) --------------------------------------------------------------------------------------
// Runs importlib/_bootstrap.py and _bootstrap_external.py of the standard library as _frozen_importlib and
// _frozen_importlib_external, and puts zipimport in front of sys.path_hooks. Without a standard library nothing
// happens: the finder below is the import system then.
Fallible<void> startImportlib(Thread& thread);
// The module _frozen_importlib; null without a standard library.
Module* importlibModule();
// The function __import__ as it was at start-up.
Value originalImport();
// The module called `name` that C++ code makes, registered in sys.modules; unbound when there is none.
Fallible<Value> loadNativeModule(Thread& thread, Str* name);

// --- without a standard library (import_native.cpp) -------------------------------------------------------------------
// Finds and runs native modules, and .py files along sys.path; `name` is not in sys.modules.
Fallible<Value> importWithoutLibrary(Thread& thread, Str* name);

// The bytes of a file. Raises OSError.
Fallible<void> readWholeFile(Thread& thread, const std::string& path, std::string& content);
// Runs a code object as the body of a module or of exec().
Fallible<Value> runCode(Thread& thread, Code* code, Dict* globals, Value locals, Value closure = Value::none());
// vars(builtins) as code with these globals sees it: globals["__builtins__"], added when missing.
Fallible<Dict*> builtinsOf(Thread& thread, Dict* globals);

}  // namespace krait
