// Asynchronous generators: the awaitables of their methods, and the built-in functions aiter and anext.
#pragma once
#include "vm/builtins/generator.h"

namespace krait {
class RootVector;
struct Tuple;

// What __anext__(), asend(), athrow() and aclose() return. Sending into it resumes the generator until that awaits, or
// until it yields a value, which ends the awaitable: `await g.asend(1)` gives what g yields next.
//
//     kInitial --send--> kIterating --(value, end, error)--> kClosed     close() and throw() lead to kClosed, too
struct AsyncStep : NativeObject {
  enum State : uint8_t { kInitial, kIterating, kClosed };
  Field<Generator*> generator;
  Field<Value> sent;     // asend's value; None for the others
  Field<Tuple*> thrown;  // athrow's arguments; null for the others
  State state;
  bool isThrow;  // athrow() or aclose()
};
// The awaitable of `generator.__anext__()`; calls the firstiter hook before the first one.
Fallible<Value> nextOfAsyncGenerator(Thread& thread, Generator* generator);
// The step that `v` is, or null.
AsyncStep* asyncStep(Value v);
// send(): as resumeGenerator, unbound at the end, with the value that the generator yielded in `returned`.
Fallible<Value> sendToStep(Thread& thread, AsyncStep* step, Value sent, Value& returned);

Fallible<Value> builtinAiter(Thread& thread, Value iterable);
Fallible<Value> builtinAnext(Thread& thread, Value, const Arguments& arguments);
void initialiseAsyncGenerator(Thread&);
}  // namespace krait
