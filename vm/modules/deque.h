// collections.deque: a ring of Values that grows and shrinks at both ends.
#pragma once
#include "vm/operations.h"

namespace krait {

struct Deque : NativeObject {
  // Item i is slots[(head + i) & (capacity - 1)]; the capacity is 0 or a power of two; slots not in use are the int 0.
  Field<ValueArray*> storage;
  uint64_t head, length, capacity;
  int64_t maxLength;  // -1: unbounded
  uint64_t version;   // changes with every change of the items' number or order
  KRAIT_INLINE Value& at(uint64_t i) const { return storage->slots[(head + i) & (capacity - 1)]; }
};
extern const NativeTraits dequeTraits;
inline Type* dequeType;
KRAIT_INLINE Deque* toDeque(Value v) {
  bool is = isKind(v, Kind::kNative) && v.as<NativeObject>()->traits == &dequeTraits;
  return is ? v.as<Deque>() : nullptr;
}

Fallible<Deque*> makeDeque(Thread& thread, Type* type, int64_t maxLength);
// At the right and the left end; a bounded one that is full drops an item at the other.
Fallible<void> dequePush(Thread& thread, Deque* deque, Value item);
Fallible<void> dequePushLeft(Thread& thread, Deque* deque, Value item);
// Requires that there is an item.
Value dequePop(Deque* deque);
Value dequePopLeft(Deque* deque);
void dequeClear(Deque* deque);
void dequeRotate(Deque* deque, int64_t steps);
Fallible<void> dequeErase(Thread& thread, Deque* deque, uint64_t i);
Fallible<void> dequeExtend(Thread& thread, Deque* deque, Value iterable, bool left);
Raised raiseDequeMutated(Thread& thread);

void declareDequeMethods(TypeBuilder& builder);  // the named methods
void declareDeque(Thread& thread);               // the types, the iterators' included

}  // namespace krait
