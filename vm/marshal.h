// Marshal: the byte format in which code objects and constants are kept in .pyc files (versions 0 to 4).
#pragma once
#include <string_view>

#include "vm/operations.h"

namespace krait {

struct Bytes;

inline constexpr int kMarshalVersion = 4;

// The object that `data` begins with; what follows it is ignored. `data` must not move: nothing here runs Python code.
// EOFError, ValueError or TypeError for data that is no object.
Fallible<Value> unmarshal(Thread& thread, std::string_view data);
// ... that the next bytes of an open file are, read with its readinto() and no further than needed.
Fallible<Value> unmarshalFrom(Thread& thread, Value file);
// ValueError: unmarshallable object, object too deeply nested to marshal.
Fallible<Bytes*> marshal(Thread& thread, Value value, int version = kMarshalVersion);

}  // namespace krait
