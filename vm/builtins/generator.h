// Generators and coroutines: a frame that is copied out of the VM stack at yield and in again at resume.
#pragma once
#include "vm/code.h"
#include "vm/operations.h"
#include "vm/thread.h"

namespace krait {
struct Function;

struct Generator : Object {  // generator, coroutine, async generator by type
  enum State : uint8_t { kCreated, kSuspended, kRunning, kFinished };
  Field<Function*> function;
  Field<Code*> code;
  Field<Str*> name, qualname;
  Field<ValueArray*> saved;  // locals, then the evaluation stack, while not running
  Field<FrameObject*> frameObject;
  Field<Value> yieldFrom;    // what it delegates to while suspended in SEND; computed on demand
  HandledException handled;  // traced
  Pc pc;                     // where it continues
  uint32_t savedDepth;       // evaluation-stack entries in `saved`
  State state;
};
// RETURN_GENERATOR: makes the generator object of the running frame (its locals are copied out).
Fallible<Generator*> makeGenerator(Thread& thread, Frame* frame);
// From C++: send value (None to start); unbound = returned, with the value in `returned`.
Fallible<Value> resumeGenerator(Thread& thread, Generator* generator, Value sent, Value& returned);
Fallible<Value> throwIntoGenerator(Thread& thread, Generator* generator, Value exception, Value& returned);
Fallible<void> closeGenerator(Thread& thread, Generator* generator);
// What `generator` delegates to while it is suspended in `yield from` or `await`; unbound when it does not.
Value generatorDelegate(Generator* generator);
void initialiseGenerator(Thread&);
}  // namespace krait
