// Importing: finding .py files on sys.path and running them as modules.
#pragma once
#include <string>

#include "vm/builtins/module.h"

namespace krait {

// import name (absolute, dotted): the module itself. Raises ModuleNotFoundError and whatever its code raises.
Fallible<Value> importModule(Thread& thread, Str* name);
// __import__(name, globals, locals, fromlist, level).
Fallible<Value> importBuiltin(Thread& thread, Str* name, Value globals, Value fromList, int64_t level);
// The file that `python -m name` runs: the module's file, or the package's __main__.py. Imports the parents.
struct ModuleFile {
  std::string path, package;  // package: __package__ of what is run
};
Fallible<void> findMainModule(Thread& thread, const std::string& name, ModuleFile& found);

// The bytes of a file. Raises OSError.
Fallible<void> readWholeFile(Thread& thread, const std::string& path, std::string& content);
// Runs a code object as the body of a module or of exec().
Fallible<Value> runCode(Thread& thread, Code* code, Dict* globals, Value locals, Value closure = Value::none());
// vars(builtins) as code with these globals sees it: globals["__builtins__"], added when missing.
Fallible<Dict*> builtinsOf(Thread& thread, Dict* globals);

}  // namespace krait
