// Module _heapq: lists as binary heaps, smallest item first; the _max functions turn the order round.
#include "vm/builtins/list.h"
#include "vm/builtins/list_internal.h"
#include "vm/builtins/module.h"
#include "vm/builtins/str.h"
#include "vm/builtins/type_internal.h"
#include "vm/modules/registry.h"

namespace krait {
namespace {

enum class Order : bool { kMinimum, kMaximum };

// Whether `a` belongs above `b`. A comparison that changes the list's length is an error.
KRAIT_INLINE Fallible<bool> isAbove(Thread& thread, const List* heap, Value a, Value b, Order order) {
  if (order == Order::kMaximum) std::swap(a, b);
  if (Value::bothInlineInts(a, b)) return a.asInlineInt() < b.asInlineInt();
  uint64_t length = heap->length;
  bool result = TRY(compareTruth(thread, Comparison::kLess, a, b));
  if (heap->length != length) return raise(thread, exceptions.RuntimeError, "list changed size during iteration");
  return result;
}

Fallible<void> siftDown(Thread& thread, List* heap, uint64_t start, uint64_t position, Order order) {
  Value item = heap->storage->slots[position];
  while (position > start) {
    uint64_t parent = (position - 1) >> 1;
    Value above = heap->storage->slots[parent];
    if (!TRY(isAbove(thread, heap, item, above, order))) break;
    Value* slots = heap->storage->slots;
    std::swap(slots[parent], slots[position]);
    position = parent;
  }
  return {};
}

// Moves the hole to a leaf along the better children first, which takes fewer comparisons than stopping early.
Fallible<void> siftUp(Thread& thread, List* heap, uint64_t position, Order order) {
  uint64_t start = position, end = heap->length, limit = end >> 1;
  while (position < limit) {
    uint64_t child = 2 * position + 1;
    if (child + 1 < end) {
      Value left = heap->storage->slots[child], right = heap->storage->slots[child + 1];
      if (!TRY(isAbove(thread, heap, left, right, order))) child++;
    }
    Value* slots = heap->storage->slots;
    std::swap(slots[child], slots[position]);
    position = child;
  }
  return siftDown(thread, heap, start, position, order);
}

// `which` is " 1" for functions of two arguments.
Fallible<List*> heapArgument(Thread& thread, Value v, const char* function, const char* which) {
  if (List* list = toList(v)) return list;
  return raiseTypeError(thread, "{}() argument{} must be list, not {}", function, which, nameOf(v));
}

Fallible<Value> push(Thread& thread, Value v, Value item) {
  List* heap = TRY(heapArgument(thread, v, "heappush", " 1"));
  TRY(listAppend(thread, heap, item));
  TRY(siftDown(thread, heap, 0, heap->length - 1, Order::kMinimum));
  return Value::none();
}

Fallible<Value> popFrom(Thread& thread, List* heap, Order order) {
  if (heap->length == 0) return raise(thread, exceptions.IndexError, "index out of range");
  Value last = heap->storage->slots[--heap->length];
  heap->storage->slots[heap->length] = Value::inlineInt(0);
  if (heap->length == 0) return last;
  Value first = heap->storage->slots[0];
  heap->storage->slots[0] = last;
  TRY(siftUp(thread, heap, 0, order));
  return first;
}
Fallible<Value> pop(Thread& thread, Value v) {
  return popFrom(thread, TRY(heapArgument(thread, v, "heappop", "")), Order::kMinimum);
}
Fallible<Value> popMax(Thread& thread, Value v) {
  return popFrom(thread, TRY(heapArgument(thread, v, "_heappop_max", "")), Order::kMaximum);
}

Fallible<Value> replaceIn(Thread& thread, List* heap, Value item, Order order) {
  if (heap->length == 0) return raise(thread, exceptions.IndexError, "index out of range");
  Value first = heap->storage->slots[0];
  heap->storage->slots[0] = item;
  TRY(siftUp(thread, heap, 0, order));
  return first;
}
Fallible<Value> replace(Thread& thread, Value v, Value item) {
  return replaceIn(thread, TRY(heapArgument(thread, v, "heapreplace", " 1")), item, Order::kMinimum);
}
Fallible<Value> replaceMax(Thread& thread, Value v, Value item) {
  return replaceIn(thread, TRY(heapArgument(thread, v, "_heapreplace_max", " 1")), item, Order::kMaximum);
}

Fallible<Value> pushPop(Thread& thread, Value v, Value item) {
  List* heap = TRY(heapArgument(thread, v, "heappushpop", " 1"));
  if (heap->length == 0) return item;
  if (!TRY(compareTruth(thread, Comparison::kLess, heap->storage->slots[0], item))) return item;
  if (heap->length == 0) return raise(thread, exceptions.IndexError, "index out of range");
  return replaceIn(thread, heap, item, Order::kMinimum);
}

Fallible<Value> heapifyIn(Thread& thread, List* heap, Order order) {
  for (uint64_t i = heap->length / 2; i-- > 0;) {
    if (i >= heap->length) return raise(thread, exceptions.RuntimeError, "list changed size during iteration");
    TRY(siftUp(thread, heap, i, order));
    if ((i & 0xfff) == 0) TRY(pollEvalBreaker(thread));
  }
  return Value::none();
}
Fallible<Value> heapify(Thread& thread, Value v) {
  return heapifyIn(thread, TRY(heapArgument(thread, v, "heapify", "")), Order::kMinimum);
}
Fallible<Value> heapifyMax(Thread& thread, Value v) {
  return heapifyIn(thread, TRY(heapArgument(thread, v, "_heapify_max", "")), Order::kMaximum);
}

}  // namespace

Module* moduleHeapq(Thread& thread) {
  return ModuleBuilder(thread, "_heapq", "Binary heaps in lists: the smallest item comes first.")
      .function("heappush", push)
      .function("heappop", pop)
      .function("heapreplace", replace)
      .function("heappushpop", pushPop)
      .function("heapify", heapify)
      .function("_heappop_max", popMax)
      .function("_heapreplace_max", replaceMax)
      .function("_heapify_max", heapifyMax)
      .constant("__about__",
                Value::of(startUp(makeStr(thread, "Heap queues: a[k] <= a[2*k+1] and a[k] <= a[2*k+2].\n"))))
      .build();
}

}  // namespace krait
