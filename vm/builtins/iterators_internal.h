// What the files of the iterators share among themselves.
#pragma once
#include "vm/builtins/iterators.h"

namespace krait {

// A blank Iterator of a built-in type or of a class derived from it.
Fallible<Iterator*> allocateIterator(Thread& thread, Type* type, Type* builtin, IteratorCode code, Value source);
// The __next__ that the built-in type itself has, whatever a subclass defines.
Fallible<Value> advance(Thread& thread, Iterator* iterator);
Fallible<Value> advanceEnumerate(Thread& thread, Iterator* iterator);
Fallible<Value> advanceZip(Thread& thread, Iterator* iterator);
Fallible<Value> advanceMap(Thread& thread, Iterator* iterator);
Fallible<Value> advanceFilter(Thread& thread, Iterator* iterator);
// getItem(source, i) where IndexError and StopIteration mean the end (unbound).
Fallible<Value> itemOrEnd(Thread& thread, Value source, int64_t i);

// Methods that several of the types have.
Fallible<Value> iteratorSelf(Thread& thread, Value self);
Fallible<Value> iteratorNextMethod(Thread& thread, Value self);
Fallible<Value> iteratorLengthHint(Thread& thread, Value self);
Fallible<Value> iteratorReduce(Thread& thread, Value self);
Fallible<Value> iteratorSetState(Thread& thread, Value self, Value state);

void initialiseAdaptors(Thread& thread);

}  // namespace krait
