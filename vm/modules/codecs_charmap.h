// The table-driven codecs of module _codecs.
#pragma once
#include "vm/operations.h"

namespace krait {
Fallible<Value> charmapEncode(Thread& thread, Value self, const Arguments& arguments);
Fallible<Value> charmapDecode(Thread& thread, Value self, const Arguments& arguments);
Fallible<Value> charmapBuild(Thread& thread, Value table);
// Bytes as in a bytes literal: \n, \x41, \101.
Fallible<Value> escapeEncode(Thread& thread, Value self, const Arguments& arguments);
Fallible<Value> escapeDecode(Thread& thread, Value self, const Arguments& arguments);
}  // namespace krait
