// The side tables behind weak references and finalisers, and what the collector does about objects it found dead.
#include "vm/lifetimes.h"

#include "vm/builtins/descriptors.h"
#include "vm/builtins/generator.h"
#include "vm/builtins/generator_finaliser.h"
#include "vm/builtins/list.h"
#include "vm/builtins/type_internal.h"
#include "vm/builtins/weakref.h"
#include "vm/cell_table.h"
#include "vm/errors.h"
#include "vm/finalisation_order.h"
#include "vm/garbage_count.h"
#include "vm/loop_entry.h"
#include "vm/word_vector.h"

namespace krait {
namespace {

CellTable<Weakref> weakrefs;      // referent -> its weak references
CellTable<char> finalised;        // those that came back to life
WordVector<Cell*> justFinalised;  // since the last collection: it will tell which of them do
WordVector<Cell*> finalisable;
WordVector<Type*> classes;
struct ClassHolder {
  Cell* cell;
  void (*forget)(Cell*);
};
WordVector<ClassHolder> classHolders;

// What waits to be run, as pairs: a callback and its weak reference, or unbound and an object to finalise.
RootVector& queue() {
  static auto* queued = new RootVector;  // never taken apart: the collector knows it to the end
  return *queued;
}
size_t queueHead = 0;  // entries before it have been taken
bool isRunning = false;

// What collectEverything() wants to know of the collections it asks for.
bool countsGarbage = false;
uint64_t garbageCount = 0;
RootVector* savedGarbage = nullptr;

// Without memory for the queue what was to be run is lost: nothing else could be done about it either.
void enqueue(Value function, Value object) {
  if (queue().push(function) && !queue().push(object)) queue().pop();
}

// --- after marking ----------------------------------------------------------------------------------------------------
bool needsFinalising(Cell* cell) {
  if (finalised.find(cell) != nullptr) return false;
  if (cell->kind == Kind::kGenerator) return needsFinalising(static_cast<Generator*>(cell));
  if (cell->kind == Kind::kNative && (cell->flags & kNothingToFinalise)) return false;
  return !typeOf(Value::of(cell))->special(Special::k__del__).isUnbound();
}

// Moves those that nobody reaches out of the register, those that have something to be run into `dying`.
void takeDying(WordVector<Cell*>& dying) {
  size_t kept = 0;
  for (size_t i = 0; i < finalisable.size; i++) {
    Cell* cell = finalisable.items[i];
    bool isAlive = heap.isMarked(cell);
    if (cell->kind == Kind::kGenerator && static_cast<Generator*>(cell)->state == Generator::kFinished) continue;
    if (isAlive || (needsFinalising(cell) && !dying.push(cell))) finalisable.items[kept++] = cell;
  }
  finalisable.size = kept;
}

// Clears references to the dead and forgets references that are dead themselves. Callbacks are queued. Dead cycles
// lose their weak references before they are finalised; what reference counts would free does so first: both as in
// CPython.
void settleWeakrefs(const FinalisationOrder& order) {
  weakrefs.filter([&](const Cell* referent, Weakref*& first) {
    bool isAlive = heap.isMarked(referent) && (referent->kind == Kind::kType || !order.isInCycle(referent));
    Weakref** link = &first;
    for (Weakref* weakref = first; weakref != nullptr;) {
      Weakref* next = weakref->next;
      bool isReachable = heap.isMarked(weakref);
      if (isAlive && isReachable) {
        link = &weakref->next;
      } else {
        *link = next;
        weakref->next = nullptr;
        if (!isAlive) weakref->referent = nullptr;
        if (!isAlive && isReachable && !weakref->callback.get().isNone()) {
          enqueue(weakref->callback, Value::of(weakref));
          weakref->callback = Value::none();
        }
      }
      weakref = next;
    }
    return first != nullptr;
  });
}

void forgetDeadClasses() {
  size_t kept = 0;
  for (size_t i = 0; i < classes.size; i++)
    if (heap.isMarked(classes.items[i])) classes.items[kept++] = classes.items[i];
  if (kept == classes.size) return;
  classes.size = kept;
  for (size_t i = 0; i < kept; i++) {
    ValueArray* subclasses = classes.items[i]->subclasses;
    if (subclasses == nullptr) continue;
    uint64_t used = 0;
    for (uint64_t k = 0; k < subclasses->length; k++) {
      Value subclass = subclasses->slots[k];
      if (subclass.isCell() && heap.isMarked(subclass.asCell())) subclasses->slots[used++] = subclass;
    }
    for (; used < subclasses->length; used++) subclasses->slots[used] = Value::inlineInt(0);
  }
  kept = 0;
  for (size_t i = 0; i < classHolders.size; i++) {
    ClassHolder holder = classHolders.items[i];
    if (!heap.isMarked(holder.cell)) continue;  // its class is among the dead
    holder.forget(holder.cell);
    classHolders.items[kept++] = holder;
  }
  classHolders.size = kept;
}

}  // namespace

void settleLifetimes(Thread& thread, Marker& marker) {
  finalised.filter([](const Cell* cell, char*&) { return heap.isMarked(cell); });
  for (size_t i = 0; i < justFinalised.size; i++)
    if (heap.isMarked(justFinalised.items[i])) (void)finalised.set(justFinalised.items[i], reinterpret_cast<char*>(1));
  justFinalised.size = 0;
  WordVector<Cell*> dying;
  FinalisationOrder order;
  takeDying(dying);
  if (dying.size > 0) (void)order.arrange(marker, dying, false);
  settleWeakrefs(order);
  for (size_t i = 0; i < dying.size; i++) enqueue(Value::unbound(), Value::of(dying.items[i]));
  std::free(dying.items);
  forgetDeadClasses();
  if (countsGarbage) garbageCount += countCyclicGarbage(marker, savedGarbage);
  if (lifetimesPending()) thread.evalBreaker.fetch_or(Thread::kFinalisers, std::memory_order_relaxed);
}

// --- weak references --------------------------------------------------------------------------------------------------
Weakref* firstWeakref(const Cell* referent) { return weakrefs.find(referent); }

bool linkWeakref(Weakref* weakref, Weakref* after) {
  if (after != nullptr) {
    weakref->next = after->next;
    after->next = weakref;
    return true;
  }
  weakref->next = weakrefs.find(weakref->referent);
  return weakrefs.set(weakref->referent, weakref);
}

// --- finalisers -------------------------------------------------------------------------------------------------------
Fallible<void> registerFinalisable(Thread& thread, Cell* cell) {
  if (!finalisable.push(cell)) return raiseMemoryError(thread);
  return {};
}

Fallible<void> registerMade(Thread& thread, Value instance) {
  // Instances in the narrow sense are registered where they are allocated.
  if (!instance.isCell() || isKind(instance, Kind::kInstance)) return {};
  if (typeOf(instance)->special(Special::k__del__).isUnbound()) return {};
  return registerFinalisable(thread, instance.asCell());
}

static Fallible<void> registerBelow(Thread& thread, Type* type) {
  struct Search {
    const Type* type;
    bool isComplete;
  } search{type, true};
  heap.forEachCell(
      [](Cell* cell, void* context) {
        auto* wanted = static_cast<Search*>(context);
        if (cell->shape_ == 0 || cell->shape()->type.get() != wanted->type) return;
        if (!finalisable.push(cell)) wanted->isComplete = false;
      },
      &search);
  if (!search.isComplete) return raiseMemoryError(thread);
  // Inline caches that make instances without a look at the class know its shape: there is a new one now.
  type->instanceShape = TRY(makeRootShape(thread, type, type->instanceShape->inlineCapacity));
  List* subclasses = TRY(listSubclasses(thread, type));
  for (uint64_t i = 0; i < subclasses->length; i++)
    TRY(registerBelow(thread, subclasses->storage->slots[i].as<Type>()));
  return {};
}
Fallible<void> registerInstances(Thread& thread, Type* type) {
  heap.collect(thread);  // those that are dead already get nothing from it
  return registerBelow(thread, type);
}

bool isFinalised(const Cell* cell) {
  for (size_t i = 0; i < justFinalised.size; i++)
    if (justFinalised.items[i] == cell) return true;
  return finalised.find(cell) != nullptr;
}

bool registerClass(Type* type) { return classes.push(type); }
bool registerClassHolder(Cell* holder, void (*forget)(Cell*)) { return classHolders.push({holder, forget}); }

// --- the queue --------------------------------------------------------------------------------------------------------
namespace {

void finalise(Thread& thread, Value object) {
  if (!justFinalised.push(object.asCell())) return;
  if (isKind(object, Kind::kGenerator)) return finaliseGenerator(thread, object.as<Generator>());
  Value method = typeOf(object)->special(Special::k__del__);
  if (method.isUnbound()) return;  // the class has lost it meanwhile
  if (callSpecial(thread, method, object).isRaised()) writeUnraisable(thread, method);
}

}  // namespace

bool lifetimesPending() { return queueHead < queue().size(); }

static void runQueue(Thread& thread) {
  bool wasRunning = isRunning;
  isRunning = true;
  thread.evalBreaker.fetch_and(~Thread::kFinalisers, std::memory_order_relaxed);
  Value pending = thread.exception;
  thread.exception = Value::unbound();
  while (lifetimesPending()) {
    Value function = queue()[queueHead], object = queue()[queueHead + 1];
    queueHead += 2;
    if (!lifetimesPending()) {
      queue().clear();
      queueHead = 0;
    }
    if (function.isUnbound())
      finalise(thread, object);
    else if (call(thread, function, object).isRaised())
      writeUnraisable(thread, function);
  }
  thread.exception = pending;
  isRunning = wasRunning;
}

// Whoever runs the queue already finds what came in meanwhile: finalisers do not interrupt each other.
void runPendingLifetimes(Thread& thread) {
  if (!isRunning) runQueue(thread);
}

uint64_t collectEverything(Thread& thread, RootVector* saved, bool fromLoop) {
  constexpr int kMostRounds = 20;  // finalisers that make more to finalise must not keep us here for ever
  uint64_t before = garbageCount;
  for (int round = 0; round < kMostRounds; round++) {
    countsGarbage = true;
    savedGarbage = saved;
    if (fromLoop) {
      IgnoreLoopStack ignore;
      heap.collect(thread);
    } else {
      heap.collect(thread);
    }
    countsGarbage = false;
    savedGarbage = nullptr;
    if (!lifetimesPending()) break;
    runQueue(thread);
  }
  return garbageCount - before;
}

// Whether anything would be run if everything died.
static bool someoneWaits() {
  bool found = finalisable.size > 0 || lifetimesPending();
  weakrefs.filter([&](const Cell*, Weakref*& first) {
    for (const Weakref* weakref = first; weakref != nullptr && !found; weakref = weakref->next)
      found = !weakref->callback.get().isNone();
    return true;
  });
  return found;
}

void finaliseAtExit(Thread& thread) {
  constexpr int kMostRounds = 10;
  if (!someoneWaits()) return;  // the heap is the process's: no need to look for the dead
  heap.collect(thread);
  runQueue(thread);
  for (int round = 0; round < kMostRounds && finalisable.size > 0; round++) {
    WordVector<Cell*> dying;
    for (size_t i = 0; i < finalisable.size; i++)
      if (needsFinalising(finalisable.items[i]) && !dying.push(finalisable.items[i])) break;
    finalisable.size = 0;
    Marker marker;
    FinalisationOrder order;
    if (dying.size > 0) (void)order.arrange(marker, dying, true);
    for (size_t i = 0; i < dying.size; i++) enqueue(Value::unbound(), Value::of(dying.items[i]));
    std::free(dying.items);
    runQueue(thread);
  }
}

}  // namespace krait
