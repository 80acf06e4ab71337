// Generators and coroutines: a frame that is copied out of the VM stack at yield and in again at resume.
#pragma once
#include "vm/code.h"
#include "vm/operations.h"
#include "vm/thread.h"

namespace krait {
struct Function;

struct Generator : Object {  // generator, coroutine, async generator by type
  enum State : uint8_t { kCreated, kSuspended, kRunning, kFinished };
  static constexpr uint8_t kOnStack = 1;  // Cell::flags, during a collection: `saved` holds what is no longer true
  Field<Function*> function;
  Field<Code*> code;
  Field<Str*> name, qualname;
  Field<ValueArray*> saved;  // locals, then the evaluation stack, while not running
  Field<FrameObject*> frameObject;
  Field<Value> origin;       // cr_origin: where a coroutine was made, a tuple or None; or an event loop's finaliser
  HandledException handled;  // traced
  Pc pc;                     // where it continues
  uint32_t savedDepth;       // evaluation-stack entries in `saved`
  State state;
  // Asynchronous generators only (async_generator.cpp).
  bool hooksCalled;  // sys.set_asyncgen_hooks's firstiter knows of it
  bool closed;       // aclose() began, or it ended with GeneratorExit or StopAsyncIteration
  bool awaited;      // one of its awaitables is under way: ag_running
};

// What throw() was given; value and traceback are unbound where they were left out.
struct Thrown {
  Value type;  // a class or an instance
  Value value = Value::unbound(), traceback = Value::unbound();
};
// throw(type[, value[, traceback]]): the arguments, or TypeError.
Fallible<Thrown> thrownArguments(Thread& thread, const char* function, const Arguments& arguments);

// RETURN_GENERATOR: makes the generator object of the running frame (its locals are copied out).
Fallible<Generator*> makeGenerator(Thread& thread, Frame* frame);
// From C++: send value (None to start); unbound = returned, with the value in `returned`.
Fallible<Value> resumeGenerator(Thread& thread, Generator* generator, Value sent, Value& returned);
// A GeneratorExit closes what the generator delegates to; with `closeDelegate` off it is thrown into it like the rest.
Fallible<Value> throwIntoGenerator(Thread& thread, Generator* generator, const Thrown& thrown, Value& returned,
                                   bool closeDelegate = true);
Fallible<void> closeGenerator(Thread& thread, Generator* generator);
// Python's view of what the functions above give: StopIteration(returned) in place of unbound.
Fallible<Value> yieldedOrStop(Thread& thread, Fallible<Value> result, Value returned);
// "generator", "coroutine" or "async generator", for messages.
const char* kindOfGenerator(const Generator* generator);
// What `generator` delegates to while it is suspended in `yield from` or `await`; unbound when it does not.
Value generatorDelegate(Generator* generator);

// Getters that generators, coroutines and asynchronous generators share, each under its own name.
Fallible<Value> generatorFrame(Thread& thread, Value v);
Fallible<Value> generatorCode(Thread& thread, Value v);
Fallible<Value> generatorAwaits(Thread& thread, Value v);
TypeBuilder& addGeneratorNames(TypeBuilder& builder);  // __name__, __qualname__ and __repr__
void initialiseGenerator(Thread&);
}  // namespace krait
