// The exception hierarchy.
#pragma once
#include "vm/errors.h"
#include "vm/operations.h"

namespace krait {
struct Tuple;

// One layout for all built-in exceptions; `fields` holds the extra attributes of OSError, SyntaxError, StopIteration
// ...
struct Exception : Object {
  Field<Tuple*> arguments;
  Field<Value> cause;      // __cause__: exception or unbound
  Field<Value> context;    // __context__
  Field<Value> traceback;  // Traceback or unbound
  Field<Value> fields[7];  // meaning per class: see exception.cpp
  bool suppressContext;
};
Fallible<Exception*> makeException(Thread& thread, Type* type, std::span<const Value> arguments);
KRAIT_INLINE bool isException(Value v) { return isKind(v, Kind::kException); }
// except-clause test: TypeError "catching classes that do not inherit from BaseException is not allowed".
Fallible<bool> exceptionMatches(Thread& thread, Value exception, Value classOrTuple);
void initialiseExceptions(Thread&);
}  // namespace krait
