// Functions written in C++, as Python sees them, and the arguments they are called with.
#pragma once
#include <span>

#include "vm/builtins/type.h"

namespace krait {

struct Tuple;

// A call's arguments as they lie on the VM stack: positional first, then one value per keyword name.
struct Arguments {
  const Value* first;
  uint32_t positional;
  Tuple* keywordNames;  // null when there are none; strs
  uint32_t keywordCount() const;
  Value operator[](uint32_t i) const { return first[i]; }
  std::span<const Value> positionals() const { return {first, positional}; }
  // The keyword argument called `name`, or unbound.
  Value keyword(const char* name) const;
  // "f() takes no keyword arguments"
  Fallible<void> noKeywords(Thread& thread, const char* function) const;
  // CPython's wording: "f expected at least 1 argument, got 0", "f expected 2 arguments, got 3" ...
  Fallible<void> count(Thread& thread, const char* function, uint32_t min, uint32_t max) const;
};

// Parameter list of a native function that takes keywords. `bind` fills one Value a parameter (unbound where missing).
//   static constexpr Parameters kSorted{"sorted", {"iterable", "/", "*", "key", "reverse"}, 1};
// "/" and "*" stand where they stand in Python; the first `required` parameters must be given.
struct Parameters {
  const char* function;  // null: messages say "function", as CPython's do where it was not told the name
  std::initializer_list<const char*> names;
  uint32_t required;
  // TypeErrors in CPython's wording ("sorted() missing required argument 'x' (pos 1)", "... got an unexpected keyword
  // argument 'y'", "'y' is an invalid keyword argument for sorted()").
  Fallible<void> bind(Thread& thread, const Arguments& arguments, Value* out) const;
};

struct Builtin : Object {
  enum Signature : uint8_t { kFixed, kVariadic, kNext };
  enum Face : uint8_t { kFunction, kMethodDescriptor, kSlotWrapper, kClassMethodDescriptor, kConstructor };
  Field<Str*> name;
  Field<Value> owner;  // the class of a method descriptor; the module's name (str) of a function; or unbound
  Field<Value> self;   // bound object of a function (module functions: the module); unbound for descriptors
  Field<Value> doc;    // str or None
  void* function;      // Native1 … Native5 or NativeVariadic, by signature and maxArguments
  Signature signature;
  Face face;
  uint8_t minArguments, maxArguments;  // fixed: self included for methods
  bool isSequenceOperator;
};

// A module-level function: `fixed` ones count their parameters by type.
Fallible<Builtin*> makeBuiltin(Thread& thread, const char* name, Native1 f, int optional = 0);
Fallible<Builtin*> makeBuiltin(Thread& thread, const char* name, Native2 f, int optional = 0);
Fallible<Builtin*> makeBuiltin(Thread& thread, const char* name, Native3 f, int optional = 0);
Fallible<Builtin*> makeBuiltin(Thread& thread, const char* name, Native4 f, int optional = 0);
Fallible<Builtin*> makeBuiltin(Thread& thread, const char* name, NativeVariadic f);
// Calls it: arity check in CPython's wording, then the C++ function. `arguments.first[0]` is self for descriptors.
Fallible<Value> callBuiltin(Thread& thread, Builtin* builtin, const Arguments& arguments);
// True when `self` may be handed to this method descriptor's C++ function.
bool acceptsSelf(const Builtin* builtin, Value self);
void initialiseBuiltinFunctions(Thread&);

}  // namespace krait
