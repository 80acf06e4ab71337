// What the files that implement the exception hierarchy share.
#pragma once
#include "vm/builtins/exception.h"
#include "vm/builtins/type_internal.h"

namespace krait {

KRAIT_INLINE Exception* exceptionOf(Value self) { return self.as<Exception>(); }
// A field as Python sees it: None where it was never set.
KRAIT_INLINE Value fieldOrNone(const Exception* e, unsigned index) {
  Value v = e->fields[index];
  return v.isUnbound() ? Value::none() : v;
}
template <unsigned index>
Fallible<Value> getField(Thread&, Value self) {
  return fieldOrNone(exceptionOf(self), index);
}
template <unsigned index>
Fallible<void> setField(Thread&, Value self, Value value) {
  exceptionOf(self)->fields[index] = value;
  return {};
}

Fallible<Value> baseExceptionStr(Thread& thread, Value self);
Fallible<Value> baseExceptionReduce(Thread& thread, Value self);
// "X() takes no keyword arguments", named after the class of self.
Fallible<void> refuseKeywords(Thread& thread, Type* type, const Arguments& arguments);
// Keeps the positional arguments as args.
Fallible<void> keepArguments(Thread& thread, Exception* e, const Arguments& arguments);

// Each declares the classes with attributes of their own.
void declareValueExceptions(Thread& thread);
void declareOSErrors(Thread& thread);
void declareUnicodeErrors(Thread& thread);
void declareExceptionGroups(Thread& thread);

}  // namespace krait
