// list[int] and int | str: parametrised classes and unions of classes.
#pragma once
#include "vm/operations.h"

namespace krait {
Fallible<Value> makeGenericAlias(Thread& thread, Value origin, Value parameters);
// A __class_getitem__ for classes that only remember their parameters.
Fallible<Value> classGetItemAlias(Thread& thread, Value type, const Arguments& arguments);
// left | right for classes, aliases, None and unions; NotImplemented for anything else.
Fallible<Value> makeUnion(Thread& thread, Value left, Value right);
bool isUnion(Value v);
Tuple* unionMembers(Value v);  // requires isUnion(v)
void initialiseGenericAlias(Thread&);
}  // namespace krait
