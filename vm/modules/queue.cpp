// Module _queue: SimpleQueue, an unbounded queue between threads whose put() never waits.
#include "vm/builtins/dict.h"
#include "vm/builtins/generic_alias.h"
#include "vm/builtins/str.h"
#include "vm/builtins/tuple.h"
#include "vm/modules/registry.h"
#include "vm/modules/thread_internal.h"
#include "vm/modules/time_internal.h"
#include "vm/names.h"

namespace krait {
namespace {

// The semaphore counts the items that no get() has claimed yet.
struct SimpleQueue : NativeObject {
  Field<ValueArray*> ring;  // null until the first put()
  uint64_t first, count;
  sem_t unclaimed;
};
void traceQueue(Cell* cell, Marker& marker) { marker.mark(static_cast<SimpleQueue*>(cell)->ring); }
constexpr NativeTraits kQueueTraits{"SimpleQueue", traceQueue, nullptr};
SimpleQueue* queueOf(Value v) { return v.as<SimpleQueue>(); }
Type* emptyError;

Fallible<Value> queueNew(Thread& thread, Value self, const Arguments& arguments) {
  if (self.as<Type>()->special(Special::k__init__).is(types.object->special(Special::k__init__))) {
    TRY(arguments.noKeywords(thread, "SimpleQueue"));
    if (arguments.positional > 0) return raiseTypeError(thread, "SimpleQueue() takes no positional arguments");
  }
  auto* queue = TRY(allocate<SimpleQueue>(thread, Kind::kNative, self.as<Type>()->instanceShape));
  queue->traits = &kQueueTraits;
  sem_init(&queue->unclaimed, 0, 0);
  return Value::of(queue);
}

Fallible<Value> putItem(Thread& thread, SimpleQueue* queue, Value item) {
  ValueArray* ring = queue->ring;
  if (ring == nullptr || queue->count == ring->length) {
    uint64_t size = ring == nullptr ? 8 : ring->length * 2;
    ValueArray* larger = TRY(allocateArray(thread, size));
    ring = queue->ring;  // allocating may collect, but nothing else runs meanwhile
    for (uint64_t i = 0; i < queue->count; i++) larger->slots[i] = ring->slots[(queue->first + i) % ring->length];
    queue->ring = ring = larger;
    queue->first = 0;
  }
  ring->slots[(queue->first + queue->count++) % ring->length] = item;
  sem_post(&queue->unclaimed);
  return Value::none();
}
Fallible<Value> takeItem(Thread& thread, SimpleQueue* queue, int64_t nanoseconds) {
  if (!TRY(waitForSemaphore(thread, &queue->unclaimed, nanoseconds))) return raiseWithoutArguments(thread, emptyError);
  ValueArray* ring = queue->ring;
  Value item = ring->slots[queue->first];
  ring->slots[queue->first] = Value::none();
  queue->first = (queue->first + 1) % ring->length;
  queue->count--;
  return item;
}

Fallible<Value> queuePut(Thread& thread, Value self, const Arguments& arguments) {
  static constexpr Parameters kParameters{"put", {"item", "block", "timeout"}, 1};
  Value bound[3];
  TRY(kParameters.bind(thread, arguments, bound));
  if (!bound[1].isUnbound()) TRY(isTrue(thread, bound[1]));
  return putItem(thread, queueOf(self), bound[0]);
}
Fallible<Value> queuePutNoWait(Thread& thread, Value self, const Arguments& arguments) {
  static constexpr Parameters kParameters{"put_nowait", {"item"}, 1};
  Value item;
  TRY(kParameters.bind(thread, arguments, &item));
  return putItem(thread, queueOf(self), item);
}
Fallible<Value> queueGet(Thread& thread, Value self, const Arguments& arguments) {
  static constexpr Parameters kParameters{"get", {"block", "timeout"}, 0};
  Value bound[2];
  TRY(kParameters.bind(thread, arguments, bound));
  if (!bound[0].isUnbound() && !TRY(isTrue(thread, bound[0]))) return takeItem(thread, queueOf(self), 0);
  if (bound[1].isUnbound() || bound[1].isNone()) return takeItem(thread, queueOf(self), -1);
  int64_t timeout = TRY(nanosecondsArgument(thread, bound[1]));
  if (timeout < 0) return raise(thread, exceptions.ValueError, "'timeout' must be a non-negative number");
  return takeItem(thread, queueOf(self), timeout);
}
Fallible<Value> queueGetNoWait(Thread& thread, Value self) { return takeItem(thread, queueOf(self), 0); }
Fallible<Value> queueEmpty(Thread&, Value self) { return Value::boolean(queueOf(self)->count == 0); }
Fallible<Value> queueSize(Thread&, Value self) { return Value::inlineInt(static_cast<int64_t>(queueOf(self)->count)); }

Fallible<Type*> makeEmptyError(Thread& thread) {
  Dict* ns = TRY(makeDict(thread));
  TRY(dictSetStr(thread, ns, names.dunder_module, Value::of(TRY(makeStr(thread, "_queue")))));
  TRY(dictSetStr(thread, ns, names.dunder_doc, Value::of(TRY(makeStr(thread, "There is nothing to get.")))));
  Tuple* bases = TRY(makeTuple(thread, {Value::of(exceptions.Exception)}));
  Value type = TRY(makeClass(thread, types.type, TRY(intern(thread, "Empty")), bases, ns, nullptr, nullptr));
  return type.as<Type>();
}

}  // namespace

Module* moduleQueue(Thread& thread) {
  auto error = makeEmptyError(thread);
  if (error.isRaised()) return nullptr;
  emptyError = error.value();
  Type* queue = TypeBuilder(thread, "SimpleQueue", types.object, Kind::kNative)
                    .module("_queue")
                    .flags(Type::kBaseType | Type::kHasWeakref)
                    .constructor(queueNew)
                    .variadic("put", queuePut)
                    .variadic("put_nowait", queuePutNoWait)
                    .variadic("get", queueGet)
                    .method("get_nowait", queueGetNoWait)
                    .method("empty", queueEmpty)
                    .method("qsize", queueSize)
                    .classMethod("__class_getitem__", classGetItemAlias)
                    .doc("A queue without a limit that any thread, and any finaliser, may use.")
                    .build();
  return ModuleBuilder(thread, "_queue", "The queue behind queue.SimpleQueue.")
      .constant("SimpleQueue", Value::of(queue))
      .constant("Empty", Value::of(emptyError))
      .build();
}

}  // namespace krait
