// The built-in functions that are not classes, by topic; each registers its own in the builtins dict.
#pragma once
#include "vm/operations.h"

namespace krait {
struct Dict;
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
// isinstance, issubclass, getattr, hasattr, setattr, delattr, callable, dir, vars
void registerObjectFunctions(Thread& thread, Dict* builtins);
// id(object): the address, or for values without a cell an odd number of their own.
Fallible<Value> identityOf(Thread& thread, Value object);
// The function `iter`, for what __reduce__ of the iterators gives.
Value builtinIter();
}  // namespace krait
