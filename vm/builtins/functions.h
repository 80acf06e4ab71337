// The built-in functions that are not classes, by topic; each registers its own in the builtins dict.
#pragma once
#include <string>

#include "vm/builtins/builtin.h"
#include "vm/operations.h"

namespace krait {
struct Dict;

// Puts functions into the builtins, each under its own name. A failure, which is lack of memory before the first line
// of Python, ends the start-up.
class BuiltinFunctions {
 public:
  BuiltinFunctions(Thread& thread, Dict* builtins) : thread_(thread), builtins_(builtins) {}
  // `optional`: how many trailing parameters may be missing.
  template <class Native, class... Optional>
  BuiltinFunctions& add(const char* name, Native function, Optional... optional) {
    return put(makeBuiltin(thread_, name, function, optional...));
  }
  BuiltinFunctions& put(Fallible<Builtin*> function);

 private:
  Thread& thread_;
  Dict* builtins_;
};

// len, iter, next, aiter, anext, sorted, sum, min, max, any, all
void registerIterationFunctions(Thread& thread, Dict* builtins);
// hash, id, divmod, pow, abs, round, bin, oct, hex
void registerNumberFunctions(Thread& thread, Dict* builtins);
// isinstance, issubclass, getattr, setattr, delattr, hasattr, callable, dir, vars
void registerObjectFunctions(Thread& thread, Dict* builtins);
// print, input, open, chr, ord, ascii, repr, format
void registerIoFunctions(Thread& thread, Dict* builtins);
// compile, eval, exec, globals, locals, __build_class__, __import__
void registerCodeFunctions(Thread& thread, Dict* builtins);
// id(object): the address, or for values without a cell an odd number of their own.
Fallible<Value> identityOf(Thread& thread, Value object);
// The program text that an argument holds, of function() whose first argument must be `what`. `isText`: UTF-8, which no
// cookie redefines; else the bytes of a file.
Fallible<void> sourceText(Thread& thread, Value source, const char* function, const char* what, std::string& text,
                          bool& isText);
// The name that an argument gives a program: str, bytes, a path, or, with a warning, other bytes.
Fallible<Str*> sourceFilename(Thread& thread, Value path);
// The function `iter`, for what __reduce__ of the iterators gives.
Value builtinIter();
}  // namespace krait
