// Python functions, bound methods and closure cells.
#pragma once
#include "vm/code.h"
#include "vm/operations.h"

namespace krait {
struct Dict;
struct Tuple;

struct Cellvar : Cell {
  Field<Value> content;  // unbound when empty
};
Fallible<Cellvar*> makeCellvar(Thread& thread, Value content);

struct Function : Object {
  Field<Code*> code;
  Field<Dict*> globals;
  Field<Dict*> builtins;
  Field<Value> closure;      // tuple of Cellvars, or None
  Field<Value> defaults;     // tuple or None
  Field<Value> kwdefaults;   // dict or None
  Field<Value> annotations;  // dict, or tuple of name/value pairs as MAKE_FUNCTION gets it, or unbound
  Field<Value> name, qualname, doc, module;
  uint32_t version;  // reserved for the inline caches; reset when code, defaults or kwdefaults change
};
Fallible<Function*> makeFunction(Thread& thread, Code* code, Dict* globals, Value qualname);

struct Method : Object {
  Field<Value> function;  // any callable
  Field<Value> self;
};
Fallible<Value> makeMethod(Thread& thread, Value function, Value self);
void initialiseFunction(Thread&);
}  // namespace krait
